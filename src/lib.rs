//! Poort: a multi-tenant identity and authorization gateway.
pub mod base;
pub mod domain;
pub mod http;
pub mod proxy;
