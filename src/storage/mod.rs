//! Floor 3: what is kept.

pub mod seal;
