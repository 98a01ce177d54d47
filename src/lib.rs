//! Poort.

pub mod base;
pub mod web;
