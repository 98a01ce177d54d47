//! What browsers are told about every page of Poort's own.

use http::{
    HeaderMap, HeaderName, HeaderValue,
    header::{
        CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS,
        X_FRAME_OPTIONS,
    },
};

const CROSS_ORIGIN_OPENER_POLICY: HeaderName = HeaderName::from_static("cross-origin-opener-policy");
const CROSS_ORIGIN_RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");
const PERMISSIONS_POLICY: HeaderName = HeaderName::from_static("permissions-policy");

/// Nothing but the page's own stylesheet, script and pictures; no frames; forms go to this host only. A step to another
/// host is a page with a link and `Refresh`, since Chromium applies `form-action` to redirects after a form too.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; form-action 'self'; connect-src 'self'; \
                      base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'";

/// The same, for a page whose forms may lead to `origin` too.
#[must_use]
pub fn policy(origin: &str) -> String {
    POLICY.replace("form-action 'self'", &format!("form-action 'self' {origin}"))
}

/// A policy, or that of every page, for a page on which the script of `origin` runs too, and asks it something.
#[must_use]
pub fn with_script_of(policy: Option<&str>, origin: &str) -> String {
    let allowed = |policy: &str, what: &str| policy.replace(what, &format!("{what} {origin}"));
    allowed(&allowed(policy.unwrap_or(POLICY), "script-src 'self'"), "connect-src 'self'")
}

/// Adds the headers to a response, where it does not have them already; `https` says whether the browser came by TLS.
pub fn add(headers: &mut HeaderMap, https: bool) {
    let fixed = [
        (CONTENT_SECURITY_POLICY, POLICY),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (X_FRAME_OPTIONS, "DENY"),
        // Not `no-referrer`: with it browsers send `Origin: null` from our own forms.
        (REFERRER_POLICY, "same-origin"),
        (CROSS_ORIGIN_OPENER_POLICY, "same-origin"),
        (CROSS_ORIGIN_RESOURCE_POLICY, "same-origin"),
        (PERMISSIONS_POLICY, "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
        (CACHE_CONTROL, "no-store"),
    ];
    for (name, value) in fixed {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    if https {
        strict_transport(headers);
    }
}

/// Tells a browser to come back encrypted (RFC 6797), on answers of registers too: two years, as the Dutch and Belgian
/// guidelines ask at least one.
pub fn strict_transport(headers: &mut HeaderMap) {
    let strict = HeaderValue::from_static("max-age=63072000; includeSubDomains");
    headers.entry(STRICT_TRANSPORT_SECURITY).or_insert(strict);
}
