//! A response's header fields on their way to a client.
//!
//! Removed: fields of the connection; cookies with Poort's names, without a name, or for another host than the register's
//! (`Domain`); `Clear-Site-Data`, which ends sessions of the sibling hosts too; `Alt-Svc` and `Strict-Transport-Security`, which
//! speak for the host's transport, and that is ours; `Public-Key-Pins`; what names the software behind; and a challenge that is
//! not `Bearer`, since a browser would ask for a password that never reaches the backend. `Service-Worker-Allowed` passes: each
//! register has an origin of its own, and the login pages are on another.

use http::{
    HeaderMap, HeaderName, HeaderValue, StatusCode,
    header::{CONNECTION, CONTENT_LENGTH, LOCATION, SET_COOKIE, TRANSFER_ENCODING, UPGRADE, WWW_AUTHENTICATE},
};

use super::{
    headers::{OWN_COOKIES, is_hop_by_hop, remove, remove_listed},
    site::Site,
};

/// In alphabetical order.
const REMOVED: [&str; 12] = [
    "alt-svc",
    "alternate-protocol",
    "clear-site-data",
    "poort-profile",
    "public-key-pins",
    "public-key-pins-report-only",
    "server",
    "strict-transport-security",
    "x-aspnet-version",
    "x-aspnetmvc-version",
    "x-powered-by",
    "x-runtime",
];

/// Makes a backend's `headers` the gateway's. `backend` is the backend's `scheme://host[:port]`.
pub(super) fn outbound(headers: &mut HeaderMap, status: StatusCode, site: &Site, backend: &str) {
    if headers.contains_key(TRANSFER_ENCODING) {
        // The length beside it is a lie (RFC 9112 section 6.3); hyper has read by the other.
        headers.remove(CONTENT_LENGTH);
    }
    remove_listed(headers);
    remove(headers, |name| is_hop_by_hop(name.as_str()) || REMOVED.binary_search(&name.as_str()).is_ok());
    keep_values(headers, &SET_COOKIE, |cookie| may_set(cookie, &site.host));
    keep_values(headers, &WWW_AUTHENTICATE, |challenge| {
        challenge.as_bytes().get(..6).is_some_and(|scheme| scheme.eq_ignore_ascii_case(b"bearer"))
    });
    stay_on_site(headers, site, backend);
    if status == StatusCode::SWITCHING_PROTOCOLS {
        headers.insert(CONNECTION, HeaderValue::from_static("upgrade"));
        headers.insert(UPGRADE, HeaderValue::from_static("websocket"));
    }
}

fn keep_values(headers: &mut HeaderMap, name: &HeaderName, stays: impl Fn(&HeaderValue) -> bool) {
    if headers.get_all(name).iter().all(&stays) {
        return;
    }
    let kept: Vec<HeaderValue> = headers.get_all(name).iter().filter(|value| stays(value)).cloned().collect();
    headers.remove(name);
    for value in kept {
        headers.append(name, value);
    }
}

/// Whether a backend on `host` may set this cookie.
fn may_set(cookie: &HeaderValue, host: &str) -> bool {
    let mut parts = cookie.as_bytes().split(|b| *b == b';');
    let pair = parts.next().unwrap_or_default();
    // Without a name, browsers store `=a=b` and send `a=b`: a name of ours by the back door.
    let Some(equals) = pair.iter().position(|b| *b == b'=') else {
        return false;
    };
    let name = pair[..equals].trim_ascii();
    if name.is_empty()
        || name.get(..OWN_COOKIES.len()).is_some_and(|start| start.eq_ignore_ascii_case(OWN_COOKIES.as_bytes()))
    {
        return false;
    }
    parts.all(|attribute| {
        let Some(equals) = attribute.iter().position(|b| *b == b'=') else {
            return true;
        };
        let (key, value) = (attribute[..equals].trim_ascii(), attribute[equals + 1..].trim_ascii());
        let value = value.strip_prefix(b".").unwrap_or(value);
        !key.eq_ignore_ascii_case(b"domain") || value.is_empty() || value.eq_ignore_ascii_case(host.as_bytes())
    })
}

/// A `Location` on the backend's own address, which no client can reach, becomes the register's.
fn stay_on_site(headers: &mut HeaderMap, site: &Site, backend: &str) {
    let moved = headers.get(LOCATION).and_then(|location| {
        let rest = location.to_str().ok()?.strip_prefix(backend)?;
        if !rest.is_empty() && !rest.starts_with(['/', '?', '#']) {
            return None;
        }
        HeaderValue::try_from([site.origin.as_str(), rest].concat()).ok()
    });
    if let Some(location) = moved {
        headers.insert(LOCATION, location);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BACKEND: &str = "http://127.0.0.1:9000";

    fn through(fields: &[(&str, &str)]) -> Vec<(String, String)> {
        let mut headers = HeaderMap::new();
        for (name, value) in fields {
            headers
                .append(HeaderName::try_from(*name).expect("a name"), HeaderValue::try_from(*value).expect("a value"));
        }
        let site = Site::new("dossier.example", "https://dossier.example").expect("a site");
        outbound(&mut headers, StatusCode::OK, &site, BACKEND);
        headers.iter().map(|(name, value)| (name.to_string(), value.to_str().unwrap_or("?").to_owned())).collect()
    }

    fn passes(name: &str, value: &str) -> bool {
        match through(&[(name, value)]).as_slice() {
            [] => false,
            [(n, v)] => n == name && v == value,
            _ => unreachable!("one field went in"),
        }
    }

    #[test]
    fn the_tables_are_in_order() {
        assert!(REMOVED.is_sorted());
    }

    #[test]
    fn a_backend_cannot_set_our_cookies_nor_others_hosts() {
        for good in [
            "a=b",
            "a=b; Path=/; HttpOnly",
            "a=b; Domain=dossier.example",
            "a=b; domain=.DOSSIER.example",
            "a=b; Domain=",
            "__Host-own=b; Secure; Path=/",
            "poort-session=x",
        ] {
            assert!(passes("set-cookie", good), "{good}");
        }
        for bad in [
            "__Host-poort-session=x",
            "__host-POORT-browser=x; Path=/",
            "  __Host-poort-session =x",
            "=__Host-poort-session=x",
            "__Host-poort-session",
            "nameless",
            "a=b; Domain=example",
            "a=b; domain = .example",
            "a=b; Domain=dossier.example; Domain=example",
            "a=b; Domain=login.dossier.example",
            "a=b; Domain=xdossier.example",
        ] {
            assert!(!passes("set-cookie", bad), "{bad}");
        }
        let both = through(&[("set-cookie", "a=1"), ("set-cookie", "__Host-poort-session=x"), ("set-cookie", "b=2")]);
        assert_eq!(both, [("set-cookie".into(), "a=1".into()), ("set-cookie".into(), "b=2".into())]);
    }

    #[test]
    fn what_is_of_the_connection_or_of_the_transport_stays_behind() {
        for name in
            ["keep-alive", "upgrade", "server", "x-powered-by", "alt-svc", "clear-site-data", "proxy-authenticate"]
        {
            assert!(!passes(name, "x"), "{name}");
        }
        for name in ["content-type", "etag", "content-security-policy", "service-worker-allowed", "x-frame-options"] {
            assert!(passes(name, "x"), "{name}");
        }
        assert!(through(&[("connection", "close, x-secret"), ("x-secret", "1")]).is_empty());
        assert!(!passes("www-authenticate", "Basic realm=x"));
        assert!(passes("www-authenticate", "Bearer error=\"invalid_token\""));
        assert_eq!(through(&[("transfer-encoding", "chunked"), ("content-length", "3")]), []);
    }

    #[test]
    fn a_redirect_to_the_backends_address_is_one_to_the_register() {
        for (location, seen) in [
            ("http://127.0.0.1:9000/a?b", "https://dossier.example/a?b"),
            ("http://127.0.0.1:9000", "https://dossier.example"),
            ("http://127.0.0.1:90001/a", "http://127.0.0.1:90001/a"),
            ("http://127.0.0.1:9000.evil/a", "http://127.0.0.1:9000.evil/a"),
            ("/a", "/a"),
            ("https://elsewhere.example/", "https://elsewhere.example/"),
        ] {
            assert_eq!(through(&[("location", location)]), [("location".into(), seen.into())]);
        }
    }
}
