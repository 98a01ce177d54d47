//! Poort: a multi-tenant identity and authorization gateway.
pub mod base;
pub mod domain;
pub mod login;
pub mod notify;
pub mod storage;
pub mod token;
