//! A request's header fields on their way to a backend: everything that could say who somebody is goes, ours comes.
//!
//! A field passes only when its name is letters, digits and hyphens, so that no spelling with `_` or `.` reaches a program
//! that reads those as hyphens (CVE-2025-64484); it is then compared in lower case with the names below. First the client's
//! fields go, also those that its `Connection` lists, then ours are added: nothing a client lists can remove ours
//! (GHSA-w9mr-28mw-j8hg).

use http::{
    HeaderMap, HeaderName, HeaderValue,
    header::{
        ACCEPT, ACCEPT_ENCODING, ACCEPT_LANGUAGE, AUTHORIZATION, CACHE_CONTROL, CONNECTION, CONTENT_LENGTH,
        CONTENT_TYPE, COOKIE, EXPECT, FORWARDED, HOST, IF_MODIFIED_SINCE, IF_NONE_MATCH, ORIGIN, PROXY_AUTHENTICATE,
        PROXY_AUTHORIZATION, REFERER, TE, TRAILER, TRANSFER_ENCODING, UPGRADE, UPGRADE_INSECURE_REQUESTS, USER_AGENT,
    },
};

use super::site::Site;
use crate::http::{
    client_ip::{Client, X_FORWARDED_FOR, X_FORWARDED_PROTO},
    trace::{RequestId, TRACEPARENT, TRACESTATE, Trace},
};

/// `X-Forwarded-Host`.
pub const X_FORWARDED_HOST: HeaderName = HeaderName::from_static("x-forwarded-host");
/// `X-Request-Id`.
pub const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// How the names of Poort's own cookies begin, in any case.
pub(super) const OWN_COOKIES: &str = "__host-poort-";

/// Names that some program takes for the caller's identity, address, target or method; each goes when it is sent.
const CLAIMS: [&str; 39] = [
    "authorization",
    "baggage",
    "client-cert",
    "client-cert-chain",
    "client-ip",
    "dpop",
    "expect",
    "fastly-client-ip",
    "forwarded",
    "from",
    "host",
    "proxy",
    "saml-assertion",
    "ssl-client-cert",
    "surrogate-capability",
    "traceparent",
    "tracestate",
    "true-client-ip",
    "user",
    "username",
    "via",
    "x-access-token",
    "x-act-as",
    "x-arr-clientcert",
    "x-azure-clientip",
    "x-cluster-client-ip",
    "x-email",
    "x-group",
    "x-groups",
    "x-id-token",
    "x-jwt-assertion",
    "x-login",
    "x-method-override",
    "x-name",
    "x-on-behalf-of",
    "x-preferred-username",
    "x-request-id",
    "x-role",
    "x-roles",
];

/// Beginnings of such names. `x-user` takes `x-user`, `x-username` and `x-user-id`, and an honest `x-user-timezone` with them.
const CLAIM_FAMILIES: [&str; 39] = [
    "cf-access-",
    "cf-connecting-",
    "impersonate-",
    "oidc-",
    "poort-",
    "remote-",
    "shib-",
    "ssl-",
    "tailscale-",
    "teleport-",
    "x-accel-",
    "x-amzn-oidc-",
    "x-auth-",
    "x-authenticated",
    "x-authentik-",
    "x-client-",
    "x-consumer-",
    "x-credential-",
    "x-endpoint-api-userinfo",
    "x-envoy-",
    "x-forwarded",
    "x-goog-authenticated-",
    "x-goog-iap-",
    "x-http-method",
    "x-impersonat",
    "x-ms-client-principal",
    "x-ms-token-",
    "x-original-",
    "x-pomerium-",
    "x-poort-",
    "x-real-ip",
    "x-remote-",
    "x-rewrite-",
    "x-shib-",
    "x-ssl-",
    "x-tenant",
    "x-user",
    "x-vouch-",
    "x-webauth-",
];

/// Fields of one connection, not of the message (RFC 9110 section 7.6.1, and their unregistered companions).
const HOP_BY_HOP: [&str; 10] = [
    "connection",
    "http2-settings",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// What is added.
pub(super) struct Added<'a> {
    /// `Bearer …`.
    pub(super) token: &'a HeaderValue,
    pub(super) id: &'a RequestId,
    pub(super) trace: &'a Trace,
    pub(super) client: &'a Client,
    pub(super) site: &'a Site,
    /// The backend's own `host[:port]`.
    pub(super) host: &'a HeaderValue,
    /// Whether to ask the backend for a WebSocket.
    pub(super) websocket: bool,
}

/// Makes the client's `headers` the gateway's.
pub(super) fn inbound(headers: &mut HeaderMap, added: &Added<'_>) {
    let tracestate = if added.trace.is_continued() { headers.remove(TRACESTATE) } else { None };
    remove_listed(headers);
    remove(headers, |name| !passes(name));
    // Framing is hyper's: it counts the body that is really sent.
    headers.remove(CONTENT_LENGTH);
    strip_cookies(headers);

    headers.insert(HOST, added.host.clone());
    headers.insert(AUTHORIZATION, added.token.clone());
    headers.insert(X_REQUEST_ID, added.id.header());
    headers.insert(TRACEPARENT, added.trace.header());
    if let Some(tracestate) = tracestate {
        headers.insert(TRACESTATE, tracestate);
    }
    let address = added.client.address;
    for (name, value) in
        [(FORWARDED, added.site.forwarded(address, added.client.scheme)), (X_FORWARDED_FOR, address.to_string())]
    {
        // An address and a checked authority are visible ASCII.
        if let Ok(value) = HeaderValue::try_from(value) {
            headers.insert(name, value);
        }
    }
    headers.insert(X_FORWARDED_HOST, added.site.authority.clone());
    headers.insert(X_FORWARDED_PROTO, HeaderValue::from_static(added.client.scheme.as_str()));
    if added.websocket {
        headers.insert(CONNECTION, HeaderValue::from_static("upgrade"));
        headers.insert(UPGRADE, HeaderValue::from_static("websocket"));
    }
}

/// Whether a client's field of this name may reach a backend.
fn passes(name: &HeaderName) -> bool {
    // The frequent standard names are compared by number, not by text.
    if matches!(
        *name,
        AUTHORIZATION
            | CONNECTION
            | EXPECT
            | FORWARDED
            | HOST
            | PROXY_AUTHENTICATE
            | PROXY_AUTHORIZATION
            | TE
            | TRAILER
            | TRANSFER_ENCODING
            | UPGRADE
    ) {
        return false;
    }
    is_harmless(name) || is_no_claim(name.as_str())
}

/// What nearly every request has. Each of them is also no claim; most fields are done with this comparison of numbers.
fn is_harmless(name: &HeaderName) -> bool {
    matches!(
        *name,
        ACCEPT
            | ACCEPT_ENCODING
            | ACCEPT_LANGUAGE
            | CACHE_CONTROL
            | CONTENT_LENGTH
            | CONTENT_TYPE
            | COOKIE
            | IF_MODIFIED_SINCE
            | IF_NONE_MATCH
            | ORIGIN
            | REFERER
            | UPGRADE_INSECURE_REQUESTS
            | USER_AGENT
    )
}

fn is_no_claim(name: &str) -> bool {
    name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
        && CLAIMS.binary_search(&name).is_err()
        && !is_hop_by_hop(name)
        && !in_family(name)
}

fn in_family(name: &str) -> bool {
    // The last family that is not behind `name` in the alphabet is the only one that can begin it, since none begins another.
    let at = CLAIM_FAMILIES.partition_point(|family| *family <= name);
    at > 0 && name.starts_with(CLAIM_FAMILIES[at - 1])
}

pub(super) fn is_hop_by_hop(name: &str) -> bool {
    HOP_BY_HOP.binary_search(&name).is_ok()
}

/// Removes the fields for which `goes` says so.
pub(super) fn remove(headers: &mut HeaderMap, goes: impl Fn(&HeaderName) -> bool) {
    let going: Vec<HeaderName> = headers.keys().filter(|name| goes(name)).cloned().collect();
    for name in going {
        headers.remove(name);
    }
}

/// Removes the fields that `Connection` lists (RFC 9110 section 7.6.1), and with them the proof that it listed any.
pub(super) fn remove_listed(headers: &mut HeaderMap) {
    let plain = |value: &HeaderValue| {
        let text = value.as_bytes();
        text.eq_ignore_ascii_case(b"keep-alive")
            || text.eq_ignore_ascii_case(b"close")
            || text.eq_ignore_ascii_case(b"upgrade")
    };
    if headers.get_all(CONNECTION).iter().all(plain) {
        return;
    }
    let listed: Vec<HeaderName> = headers
        .get_all(CONNECTION)
        .iter()
        .flat_map(|value| value.as_bytes().split(|b| *b == b','))
        .filter_map(|name| HeaderName::from_bytes(name.trim_ascii()).ok())
        .collect();
    for name in listed {
        headers.remove(name);
    }
}

/// Removes Poort's own cookies from `Cookie` and keeps the others byte for byte, in one field: HTTP/2 sends each cookie in a field
/// of its own, and HTTP/1.1 knows one only (RFC 9113 section 8.2.3). Quotes do not protect a `;`: browsers know
/// none, and a program that does must not get our cookie as part of another's value.
fn strip_cookies(headers: &mut HeaderMap) {
    let ours = |cookie: &[u8]| {
        let cookie = cookie.trim_ascii_start();
        cookie.get(..OWN_COOKIES.len()).is_some_and(|start| start.eq_ignore_ascii_case(OWN_COOKIES.as_bytes()))
    };
    let has_ours = |value: &HeaderValue| value.as_bytes().split(|b| *b == b';').any(ours);
    let values = headers.get_all(COOKIE);
    if !values.iter().any(has_ours) && values.iter().nth(1).is_none() {
        return;
    }
    let without_ours = |value: &HeaderValue| {
        let kept: Vec<&[u8]> = value.as_bytes().split(|b| *b == b';').filter(|cookie| !ours(cookie)).collect();
        kept.join(&b';').trim_ascii().to_vec()
    };
    let kept: Vec<Vec<u8>> =
        headers.get_all(COOKIE).iter().map(without_ours).filter(|cookies| !cookies.is_empty()).collect();
    headers.remove(COOKIE);
    // Pieces of a header's value, at the same separators, are one too.
    if let Ok(kept) = HeaderValue::from_bytes(&kept.join(&b"; "[..]))
        && !kept.is_empty()
    {
        headers.insert(COOKIE, kept);
    }
}

#[cfg(test)]
mod tests;
