//! What every test needs.

pub mod databases;
