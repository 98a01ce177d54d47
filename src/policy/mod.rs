//! Floor 2: who may do what. Facts of the domain go in; a [`Permit`] or a [`Denial`] comes out. Pure.
//!
//! # A decision's way
//! 1. The use case loads what is known and says it as [`Fact`]s through [`Known`], which lets in only what is in force today.
//! 2. [`Question::new`] keeps the facts of this tenant, this actor and this target, and drops all others.
//! 3. [`Policies::authorize`] hides what the actor has no relation with, asks Polar (`policies/*.polar`), and makes the
//!    [`Permit`]. Only on the denied path it asks again: what would do?
//!
//! | file | |
//! |---|---|
//! | [`action`] | what may be asked: the doors' operations, and Poort's own |
//! | [`relation`], [`fact`], [`question`] | facts, and which of them count |
//! | [`permit`], [`denial`], [`decision`] | the answer |
//! | [`policies`], [`source`], `admission`, `examples` | loading and reloading: parsed, checked, tried out, or refused with file and line |
//! | `engine`, `kept` | asking Polar, and keeping the answers |
//! | [`explain`], [`matrix`] | the same for people |
//!
//! # Time and cost
//! A decision is a few microseconds of computing and never waits. It cannot hang either: what a rule may contain is
//! checked when it is loaded (`admission`), so that an evaluation is bounded by its form, not by a clock. Oso's own limit
//! (30 s unless `POLAR_TIMEOUT_MS` is in the environment) is therefore never reached, and Poort does not depend on it.
//!
//! Architecture invariants: Rust names no action in a condition: which capacity, relation and assurance allow what stands in
//! Polar alone. No async, no I/O, no clock. `oso` is used in `engine.rs` only, its parser in `admission.rs` only.

pub mod action;
mod admission;
pub mod decision;
pub mod denial;
mod engine;
mod examples;
pub mod explain;
pub mod fact;
mod kept;
pub mod matrix;
pub mod permit;
pub mod policies;
#[doc(hidden)]
#[cfg(any(test, feature = "fuzzing"))]
pub mod properties;
pub mod question;
pub mod relation;
pub mod source;

#[cfg(test)]
mod tests;

pub use action::{Act, Operation};
pub use decision::Case;
pub use denial::{Denial, WouldDo};
pub use explain::Explanation;
pub use fact::{Fact, Known};
pub use permit::Permit;
pub use policies::Policies;
pub use question::{Question, Target};
pub use relation::Relation;
pub use source::{PolicyError, Problem, Source};
