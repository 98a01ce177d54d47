//! Floor 0: the words every other room may use and that use no other room.

pub mod language;

pub use language::Language;
