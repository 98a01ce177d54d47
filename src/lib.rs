//! Poort: a multi-tenant identity and authorization gateway.
pub mod app;
pub mod base;
pub mod demo;
pub mod domain;
pub mod http;
pub mod login;
pub mod notify;
pub mod pages;
pub mod policy;
pub mod provider;
pub mod proxy;
pub mod service;
pub mod storage;
pub mod token;
pub mod web;

// The tests of a room may use what the tests of the whole use.
#[cfg(test)]
extern crate self as poort;
