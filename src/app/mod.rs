//! Floor 8: what makes one running gateway of all the rooms. Here: what an operator writes, read and checked.

pub mod config;
