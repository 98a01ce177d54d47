//! Floor 8: the OpenID provider of each tenant (OIDC-1), on its login host.
//!
//! | endpoint | | what it follows |
//! |---|---|---|
//! | `/.well-known/openid-configuration`, `/.well-known/oauth-authorization-server`, `/jwks` | `metadata` | OpenID Connect Discovery 1.0, RFC 8414, RFC 7517 |
//! | `/authorize` | `authorize` | OpenID Connect Core 1.0 section 3.1.2, RFC 7636, RFC 8707, RFC 9207, RFC 9700 |
//! | `/token` | `token`, `client` | RFC 6749 sections 2.3, 4.1.3, 4.4 and 6, RFC 7523, RFC 8705 |
//! | `/device_authorization` | `device` | RFC 8628, begun from the account: [`crate::service::pairings`]; RFC 9449 |
//! | `/introspect` | `introspect` | RFC 7662 |
//! | `/revoke` | `revoke` | RFC 7009 |
//! | `/userinfo` | `userinfo` | OpenID Connect Core 1.0 section 5.3, RFC 6750 |
//! | `/end_session` | `end_session` | OpenID Connect RP-Initiated Logout 1.0; applications hear of it by [`crate::service::logouts`] |
//!
//! Architecture invariant: what is deliberately not here: the implicit and hybrid flows, the password grant, plain PKCE or none,
//! `form_post` and fragments, request objects, patterns of redirect URIs, dynamic registration. A parameter that comes twice
//! is refused everywhere. Endpoints for programs set no cookie and read none.

mod authorize;
mod client;
mod cors;
mod device;
mod end_session;
mod introspect;
mod json;
mod metadata;
mod parameters;
#[doc(hidden)]
#[cfg(any(test, feature = "fuzzing"))]
pub mod properties;
mod request;
mod revoke;
mod token;
mod userinfo;

use axum::{
    Router,
    routing::{get, post},
};

use crate::http::{page, trouble::Trouble};

/// The endpoints of a tenant's OpenID provider. A [`crate::http::visit::Visit`] is in the extensions of every request.
pub fn router() -> Router {
    let pages = Router::new()
        .route("/authorize", get(authorize::get).post(authorize::post))
        .route("/end_session", get(end_session::get).post(end_session::post))
        .method_not_allowed_fallback(|| async { Trouble::MethodNotAllowed })
        .layer(axum::middleware::from_fn(page::finish));
    pages.merge(programs())
}

/// Those of them that are for programs: all that there is where a certificate is asked for.
pub fn programs() -> Router {
    Router::new()
        .route("/.well-known/openid-configuration", get(metadata::discovery).options(metadata::preflight))
        .route("/.well-known/oauth-authorization-server", get(metadata::discovery).options(metadata::preflight))
        .route("/jwks", get(metadata::jwks).options(metadata::preflight))
        .route("/token", post(token::post).options(cors::preflight))
        .route("/device_authorization", post(device::post))
        .route("/introspect", post(introspect::post))
        .route("/revoke", post(revoke::post).options(cors::preflight))
        .route("/userinfo", get(userinfo::get).post(userinfo::post).options(cors::preflight))
        .layer(axum::middleware::from_fn(json::finish))
}
