//! What must hold of what passes a register's host, either way, whatever is sent.

use http::{
    HeaderMap, HeaderName, HeaderValue, StatusCode,
    header::{AUTHORIZATION, COOKIE, HOST, LOCATION, SET_COOKIE, TRANSFER_ENCODING},
};

use super::{
    headers::{Added, OWN_COOKIES, X_FORWARDED_HOST, X_REQUEST_ID, inbound},
    response_headers::outbound,
    site::Site,
};
use crate::{
    base::Random,
    http::{
        client_ip::{Client, Scheme},
        trace::{RequestId, Trace},
    },
};

const BACKEND: &str = "http://127.0.0.1:9000";

/// A request's fields, a line each: the backend hears from us alone who asks, for whom and of which host; our cookies stay here.
pub fn to_a_backend(data: &[u8]) {
    let (random, site) = (Random::system(), site());
    let (token, host) = (HeaderValue::from_static("Bearer ours"), HeaderValue::from_static("127.0.0.1:9000"));
    let (id, address) = (RequestId::new(&random), "192.0.2.1".parse().expect("an address"));
    let (trace, client) =
        (Trace::begin(&id, &random), Client { address, scheme: Scheme::Https, through_trusted: false });
    let added =
        Added { token: &token, id: &id, trace: &trace, client: &client, site: &site, host: &host, websocket: false };
    let mut headers = fields(data);
    inbound(&mut headers, &added);
    let only = |name: HeaderName| {
        let values: Vec<_> = headers.get_all(&name).iter().map(|value| value.to_str().expect("ASCII")).collect();
        assert_eq!(values.len(), 1, "{name}");
        values[0]
    };
    assert_eq!((only(AUTHORIZATION), only(HOST)), ("Bearer ours", "127.0.0.1:9000"));
    assert_eq!((only(X_FORWARDED_HOST), only(X_REQUEST_ID)), ("dossier.example", &*id.to_string()));
    assert_eq!(only(HeaderName::from_static("x-forwarded-for")), "192.0.2.1");
    for name in headers.keys().map(HeaderName::as_str) {
        assert!(name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-'), "{name}");
        for claim in ["x-user", "remote-", "x-auth-", "x-real-ip", "poort-", "oidc-", "x-http-method"] {
            assert!(!name.starts_with(claim), "{name}");
        }
    }
    assert!(!headers.contains_key(TRANSFER_ENCODING) && headers.get_all(COOKIE).iter().count() <= 1);
    for value in headers.get_all(COOKIE) {
        let text = value.as_bytes().to_ascii_lowercase();
        assert!(text.split(|b| *b == b';').all(|cookie| !cookie.trim_ascii().starts_with(OWN_COOKIES.as_bytes())));
    }
    let mut again = headers.clone();
    inbound(&mut again, &added);
    assert_eq!(again, headers, "what passed passes");
}

/// A response's fields, a line each: no backend sets our cookies, or one for another host, or speaks for the transport; a
/// redirect to its own address leads to the register's.
pub fn to_a_client(data: &[u8]) {
    let (mut headers, site) = (fields(data), site());
    outbound(&mut headers, StatusCode::OK, &site, BACKEND);
    for cookie in headers.get_all(SET_COOKIE) {
        let text = String::from_utf8_lossy(cookie.as_bytes()).to_ascii_lowercase();
        let mut parts = text.split(';');
        let (name, _) = parts.next().and_then(|pair| pair.split_once('=')).expect("a cookie with a name");
        let name = name.trim_matches(|c: char| c.is_ascii_whitespace());
        assert!(!name.is_empty() && !name.starts_with(OWN_COOKIES), "{text}");
        for (key, value) in parts.filter_map(|attribute| attribute.split_once('=')) {
            let value = value.trim_matches(|c: char| c.is_ascii_whitespace());
            let own = ["", ".", "dossier.example", ".dossier.example"].contains(&value);
            assert!(key.trim_matches(|c: char| c.is_ascii_whitespace()) != "domain" || own, "{text}");
        }
    }
    for gone in ["connection", "transfer-encoding", "strict-transport-security", "alt-svc", "clear-site-data", "server"]
    {
        assert!(!headers.contains_key(gone), "{gone}");
    }
    if let Some(location) = headers.get(LOCATION).and_then(|value| value.to_str().ok()) {
        assert!(location != BACKEND && !location.starts_with(&format!("{BACKEND}/")), "{location}");
    }
    let mut again = headers.clone();
    outbound(&mut again, StatusCode::OK, &site, BACKEND);
    assert_eq!(again, headers, "what passed passes");
}

fn site() -> Site {
    Site::new("dossier.example", "https://dossier.example").expect("a site")
}

fn fields(data: &[u8]) -> HeaderMap {
    let field = |line: &[u8]| {
        let colon = line.iter().position(|b| *b == b':')?;
        let name = HeaderName::from_bytes(&line[..colon]).ok()?;
        Some((name, HeaderValue::from_bytes(line[colon + 1..].trim_ascii()).ok()?))
    };
    data.split(|b| *b == b'\n').filter_map(field).collect()
}
