//! Floor 8: the way through to a register.
//!
//! [`gate`] has a request's phases, in order; before it, `http::request_head::Target::read` said once what is asked of which host:
//! 1. the route, and the session of this host. What is below `/.poort/` is answered by [`entry`].
//! 2. [`guard`]: a request with effect comes from this host's own pages; which profile it was made for.
//! 3. the permit, its audit row, the backend's token: `service::access`.
//! 4. [`forward`]: [`headers`] in, [`upstream`], [`response_headers`] out; [`download`] or [`upgrade`] while it lasts, and while
//!    its permit would still be given ([`standing`], `recheck`).
//!
//! A form whose session has ended waits in [`kept_form`], and comes this way once more when its owner sends it on.
//!
//! What goes wrong is an [`error::Failure`], which says who is to blame; who is refused gets a [`refusal`].
//!
//! Architecture invariants: the path forwarded is the [`crate::domain::path::CanonicalPath`] that was decided on, there is no
//! other; a header from the client that could say who somebody is never passes; no body is held in memory but a form that is kept; no failure looks
//! like a complete response. Status codes are in [`error`] alone.

pub mod download;
pub mod entry;
pub mod error;
pub mod forward;
pub mod gate;
pub mod guard;
pub mod headers;
mod kept_form;
mod open_streams;
pub mod pages;
#[doc(hidden)]
#[cfg(any(test, feature = "fuzzing"))]
pub mod properties;
mod recheck;
pub mod refusal;
pub mod response_headers;
pub mod site;
pub mod standing;
pub mod upgrade;
pub mod upstream;

#[cfg(test)]
mod tests;
