//! Which pages of other origins may read the answers of `/token`, `/revoke` and `/userinfo` (the Fetch standard's CORS protocol): those
//! of public clients, by the origins of their registered redirect URIs.
//!
//! An origin comes from the tenant's file and from nothing in the request (CVE-2026-37977), a client with a secret or a key
//! has no business in a browser, and cookies play no part: `Access-Control-Allow-Credentials` is never sent.

use axum::response::{IntoResponse, Response};
use http::{
    HeaderMap, HeaderValue, StatusCode,
    header::{
        ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
        ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, ORIGIN, VARY,
    },
};

use crate::{
    domain::{client::ClientAuthentication, tenant::Tenant},
    http::visit::Visit,
};

/// The answer to a preflight.
pub(super) async fn preflight(visit: Visit, headers: HeaderMap) -> Response {
    let mut response = allow(visit.tenant(), &headers, StatusCode::NO_CONTENT.into_response());
    if response.headers().contains_key(ACCESS_CONTROL_ALLOW_ORIGIN) {
        let headers = response.headers_mut();
        headers.insert(ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("GET, POST"));
        headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static("authorization, content-type"));
        headers.insert(ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("600"));
    }
    response
}

/// Lets the page that asked read the answer, when it is a public client's.
pub(super) fn allow(tenant: &Tenant, asked: &HeaderMap, mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.append(VARY, HeaderValue::from_static("Origin"));
    let origin = asked.get(ORIGIN).filter(|origin| origin.to_str().is_ok_and(|origin| is_public(tenant, origin)));
    if let Some(origin) = origin {
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
        headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static("www-authenticate"));
    }
    response
}

fn is_public(tenant: &Tenant, origin: &str) -> bool {
    tenant
        .clients
        .iter()
        .filter(|client| matches!(client.authentication, ClientAuthentication::None))
        .flat_map(|client| &client.redirect_uris)
        .filter_map(|uri| url::Url::parse(uri).ok())
        // An origin without a host (`null`, of a private-use scheme) is everybody's.
        .any(|uri| uri.origin().is_tuple() && uri.origin().ascii_serialization() == origin)
}
