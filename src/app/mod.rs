//! Floor 10: what makes one running gateway of all the rooms.
//!
//! - [`serve`]: `poort serve`. `demo`: `poort demo`, behind the feature of that name.
//! - [`start`]: from a configuration to a gateway that is ready.
//! - [`gateway`]: which door a request goes to.
//! - [`tasks`]: what goes on behind: versions, mails, forgetting.
//! - [`management`]: health, readiness and metrics, on a listener of their own.
//! - [`telemetry`]: logs and metrics. [`traces`]: spans of requests. [`cli`]: the command line.

pub mod cli;
#[cfg(feature = "demo")]
pub mod demo;
pub mod gateway;
pub mod management;
pub mod serve;
pub mod start;
pub mod tasks;
pub mod telemetry;
pub mod traces;
