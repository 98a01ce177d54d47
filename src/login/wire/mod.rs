//! How other providers are spoken to: a bounded HTTP client, and OpenID Connect above it.
//!
//! | | |
//! |---|---|
//! | [`http`] | one request at a time to configured hosts only, bounded in time and size, redirects not followed |
//! | [`breaker`] | leaves a provider alone that fails again and again |
//! | [`incoming`] | opens what a provider encrypted, before anybody reads it |
//! | [`oidc`] | the authorization code flow; the one door of `openidconnect` |

pub mod breaker;
pub mod http;
pub mod incoming;
pub mod oidc;
