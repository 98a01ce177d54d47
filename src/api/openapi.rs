//! The description of this interface (OpenAPI 3.1). It is written by hand, for people, and tests keep it true: each path, member,
//! status and bound in it is compared with what is served.

use axum::response::{IntoResponse, Response};
use http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_TYPE};

/// The document.
pub const DOCUMENT: &str = include_str!("openapi.json");

/// Public: it says nothing of a tenant.
pub(super) async fn show() -> Response {
    let headers = [
        (CONTENT_TYPE, "application/vnd.oai.openapi+json;version=3.1"),
        (CACHE_CONTROL, "public, max-age=300"),
        (ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
    ];
    (headers, DOCUMENT).into_response()
}
