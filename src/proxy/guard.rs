//! Requests with effect: they come from this host's own pages, and say which profile they were made for.
//!
//! Sibling hosts are same-site with each other, so `SameSite` cookies do not tell them apart: `Origin` does. A request that
//! proves itself with a bearer token instead of a cookie needs no guard, since no browser adds one by itself.

use bytes::Bytes;
use http::{
    HeaderMap, HeaderName, HeaderValue, Method,
    header::{CONTENT_ENCODING, CONTENT_TYPE, ORIGIN},
    request::Parts,
};

use super::{error::Failure, site::Site, upgrade::is_websocket};
use crate::{domain::register::ProfileIn, http::body::Upload};

/// The header that names the profile a request was made for.
pub const POORT_PROFILE: HeaderName = HeaderName::from_static("poort-profile");
/// The field of a URL-encoded form that does.
pub const POORT_PROFILE_FIELD: &str = "poort_profile";
/// The largest form that is read for it, in bytes. A larger one, and a multipart one, uses the header.
pub const LARGEST_FORM: usize = 64 * 1024;

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// The request does not come from this host's own pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the request does not come from this host's own pages")]
pub struct Foreign;

/// The profile is named twice, and nobody knows which is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the profile is named more than once")]
pub struct ProfileName;

/// Whether `method` has no effect (RFC 9110 section 9.2.1; `TRACE` never comes this far).
#[must_use]
pub fn is_safe(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

/// Checks a request that a cookie speaks for. Safe methods pass. Unsafe ones need `Origin` to be the site's, or, from a browser
/// that sends none, `Sec-Fetch-Site: same-origin`. A WebSocket needs the `Origin`; other upgrades are never offered to a backend.
///
/// # Errors
/// [`Foreign`] when it may come from elsewhere.
pub fn from_own_pages(request: &Parts, site: &Site) -> Result<(), Foreign> {
    let upgrade = is_websocket(request);
    if is_safe(&request.method) && !upgrade {
        return Ok(());
    }
    let own = match (only(&request.headers, &ORIGIN)?, only(&request.headers, &SEC_FETCH_SITE)?) {
        (Some(origin), _) => origin == site.origin.as_str(),
        (None, Some(fetch_site)) => !upgrade && fetch_site == "same-origin",
        (None, None) => false,
    };
    if own { Ok(()) } else { Err(Foreign) }
}

fn only<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Result<Option<&'a HeaderValue>, Foreign> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (value, None) => Ok(value),
        _ => Err(Foreign),
    }
}

/// The profile that a request says it was made for, where its route looks: the header, and for [`ProfileIn::Field`] also a
/// URL-encoded form of at most [`LARGEST_FORM`] bytes, which is read and then sent on byte for byte. `None` when it names none.
///
/// # Errors
/// [`ProfileName`] when it names more than one, also when they are equal; or what happened to the body.
pub async fn named_profile(
    place: ProfileIn,
    headers: &HeaderMap,
    body: &mut Upload,
) -> Result<Option<String>, Failure> {
    let mut named: Option<String> = None;
    for value in headers.get_all(POORT_PROFILE) {
        let value = value.to_str().map_err(|_| ProfileName)?;
        if named.replace(value.to_owned()).is_some() {
            return Err(ProfileName.into());
        }
    }
    if place == ProfileIn::Field
        && is_form(headers)
        && let Some(form) = body.hold(LARGEST_FORM).await?
    {
        for profile in fields(&form) {
            if named.replace(profile).is_some() {
                return Err(ProfileName.into());
            }
        }
    }
    Ok(named)
}

fn is_form(headers: &HeaderMap) -> bool {
    let media_type = headers.get(CONTENT_TYPE).and_then(|value| value.as_bytes().split(|b| *b == b';').next());
    media_type.is_some_and(|text| text.trim_ascii().eq_ignore_ascii_case(b"application/x-www-form-urlencoded"))
        && !headers.contains_key(CONTENT_ENCODING)
}

/// The values of all fields of that name, in whichever way it is encoded.
fn fields(form: &Bytes) -> impl Iterator<Item = String> {
    url::form_urlencoded::parse(form)
        .filter(|(name, _)| name == POORT_PROFILE_FIELD)
        .map(|(_, value)| value.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(method: &str, fields: &[(&str, &str)]) -> Result<(), Foreign> {
        let mut request = http::Request::builder().method(method).uri("/");
        for (name, value) in fields {
            request = request.header(*name, *value);
        }
        let (parts, ()) = request.body(()).expect("a request").into_parts();
        let site = Site::new("dossier.example", "http://dossier.example:8080").expect("a site");
        from_own_pages(&parts, &site)
    }

    #[test]
    fn safe_requests_pass_from_anywhere() {
        for method in ["GET", "HEAD", "OPTIONS"] {
            assert!(check(method, &[]).is_ok());
            assert!(check(method, &[("origin", "https://evil.example")]).is_ok());
        }
    }

    #[test]
    fn a_request_with_effect_comes_from_the_same_origin() {
        for method in ["POST", "PUT", "PATCH", "DELETE", "PURGE", "get"] {
            assert!(check(method, &[("origin", "http://dossier.example:8080")]).is_ok(), "{method}");
            assert!(check(method, &[("sec-fetch-site", "same-origin")]).is_ok(), "{method}");
            for origin in [
                "null",
                "",
                "http://dossier.example",
                "https://dossier.example:8080",
                "http://dossier.example:8080.evil",
                "http://opleiding.example:8080",
                "http://dossier.example:8080, http://evil",
                "HTTP://dossier.example:8080",
            ] {
                assert!(check(method, &[("origin", origin)]).is_err(), "{method} {origin}");
                assert!(check(method, &[("origin", origin), ("sec-fetch-site", "same-origin")]).is_err(), "{origin}");
            }
            for site in ["same-site", "cross-site", "none", "", "Same-Origin"] {
                assert!(check(method, &[("sec-fetch-site", site)]).is_err(), "{method} {site}");
            }
            assert!(check(method, &[]).is_err(), "{method}");
            let own = ("origin", "http://dossier.example:8080");
            assert!(check(method, &[own, own]).is_err(), "twice");
        }
    }

    #[test]
    fn an_upgrade_needs_the_origin_itself() {
        let with = |fields: &[(&str, &str)]| {
            let handshake = [("connection", "Upgrade"), ("upgrade", "websocket"), ("sec-websocket-key", "x")];
            check("GET", &[&handshake[..], fields].concat())
        };
        assert!(with(&[("origin", "http://dossier.example:8080")]).is_ok());
        assert!(with(&[("origin", "http://evil.example")]).is_err());
        assert!(with(&[("sec-fetch-site", "same-origin")]).is_err());
        assert!(with(&[]).is_err());
        assert!(check("GET", &[("connection", "upgrade"), ("upgrade", "h2c")]).is_ok(), "never offered to a backend");
    }
}
