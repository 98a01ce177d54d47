//! Floor 0: what has no meaning of its own. Time, chance, identifiers, secrets, languages; how others are reached, and TLS.
//!
//! Architecture invariant: nothing here knows a person, a tenant's rules, a database or HTTP.

pub mod breaker;
pub mod clock;
pub mod id;
pub mod language;
#[doc(hidden)]
#[cfg(any(test, feature = "fuzzing"))]
pub mod properties;
pub mod random;
pub mod reach;
pub mod tls;
pub mod token;

pub use clock::{Clock, Timestamp};
pub use language::Language;
pub use random::Random;
