//! Floor 10: what makes one running gateway of all the rooms.
//!
//! - [`serve`]: `poort serve`. `demo`: `poort demo`, behind the feature of that name.
//! - [`start`]: from a configuration to a gateway that is ready.
//! - [`gateway`]: which door a request goes to.
//! - [`tasks`]: what goes on behind: versions, mails, forgetting.
//! - [`reload`]: what is read again while it runs: policies, the TLS certificate.
//! - [`management`]: health, readiness and metrics, on a listener of their own.
//! - `backup`: a copy of everything, and bringing it back.
//! - [`doctor`]: whether everything that a gateway needs is there.
//! - `keys`: listing and exchanging keys.
//! - `telephone`: who sends SMS and makes calls, as the settings say.
//! - [`telemetry`]: logs and metrics. [`traces`]: spans of requests. [`cli`]: the command line.

mod backup;
pub mod cli;
#[cfg(feature = "demo")]
pub mod demo;
pub mod doctor;
pub mod gateway;
mod keys;
pub mod management;
pub mod reload;
pub mod serve;
pub mod start;
pub mod tasks;
pub mod telemetry;
mod telephone;
pub mod traces;
