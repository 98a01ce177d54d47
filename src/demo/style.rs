//! The one stylesheet of the demo's own pages: the sample registers and the inbox.

use axum::response::IntoResponse;
use http::header::{CACHE_CONTROL, CONTENT_TYPE};

/// Answers with the stylesheet.
pub(super) async fn stylesheet() -> impl IntoResponse {
    let headers = [(CONTENT_TYPE, "text/css; charset=utf-8"), (CACHE_CONTROL, "no-cache")];
    (headers, include_str!("templates/style.css"))
}
