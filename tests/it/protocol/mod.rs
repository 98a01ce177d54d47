//! What the specifications say, at the wire. The application's bytes are ours; `tests/peers` says the same with foreign ones.

mod backchannel_logout;
mod introspection;
mod machines;
mod oidc;
mod oidc_logout;
mod revocation;
