//! Poort: a multi-tenant identity and authorization gateway.
pub mod app;
pub mod base;
pub mod domain;
