//! Floor 7: what the doors share about HTTP.
//!
//! One request comes in like this: [`server`] accepts a connection, ends its TLS with [`tls`], and reads it through `wire`, which
//! refuses what could be framed in two ways, or floods, before hyper sees it; [`request_head`] turns the head into the one
//! [`request_head::Target`] that everybody uses afterwards; [`client_ip`] says who asks; [`body::Upload`] is the request's body
//! within its bounds.
//!
//! On a login host a request becomes a [`visit::Visit`]; [`posted`] lets in forms of our own pages only, [`trouble`] says what
//! went wrong, and [`page`] makes the answer.
//!
//! Architecture invariant: nothing here knows a route or a backend. The statuses of what is refused are in [`error`], before
//! anybody is thought of, and in [`trouble`], on the pages.

pub mod body;
pub mod client_ip;
pub mod cookies;
pub mod deadline;
pub mod error;
pub mod fields;
pub mod frame;
mod frames;
mod framing;
pub mod kept;
pub mod labels;
pub mod limits;
pub mod page;
mod places;
pub mod posted;
#[doc(hidden)]
#[cfg(any(test, feature = "fuzzing"))]
pub mod properties;
pub mod request_head;
pub mod security_headers;
pub mod server;
pub mod spans;
mod streams;
#[cfg(test)]
pub(crate) mod testing;
pub mod tls;
pub mod trace;
pub mod trouble;
pub mod visit;
mod wire;

/// The body of every response: streamed, boxed once.
pub type Body = axum::body::Body;
