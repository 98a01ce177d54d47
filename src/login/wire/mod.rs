//! How other providers are spoken to: a bounded HTTP client, and OpenID Connect and SAML above it.
//!
//! | | |
//! |---|---|
//! | [`http`] | one request at a time to configured hosts only, bounded in time and size, redirects not followed |
//! | [`incoming`] | opens what a provider encrypted, before anybody reads it |
//! | [`oidc`] | the authorization code flow; the one door of `openidconnect` |
//! | [`saml`] | SAML 2.0; the one door of `bergshamra` |
//! | [`unusable`] | why nobody can be sent there as things are |

pub mod http;
pub mod incoming;
pub mod oidc;
pub mod saml;
pub mod unusable;
