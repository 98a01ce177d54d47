//! What must hold of how requests are read, whatever they say.

use std::net::{IpAddr, SocketAddr};

use http::{
    HeaderMap, HeaderName, HeaderValue, Request,
    header::{ACCEPT_LANGUAGE, COOKIE, FORWARDED, HOST},
};
use tokio::time::Instant;
use url::form_urlencoded;

use super::{
    client_ip::{Client, ForwardedBy, Scheme, TrustedProxies, X_FORWARDED_FOR, X_FORWARDED_PROTO},
    cookies,
    fields::{BadFields, Fields},
    frames::Frames,
    framing::Framing,
    request_head::Target,
    trace::{TRACEPARENT, Trace},
    visit::wanted_languages,
};
use crate::{
    base::{Language, Random},
    domain::path::canonical_host,
};

/// A head: a method, a blank and a target in the first line, then a field a line. What is read of it is canonical, is read again
/// as the same, and no field that decides something stands there twice.
pub fn head(data: &[u8]) {
    let mut lines = data.split(|b| *b == b'\n');
    let first = lines.next().unwrap_or_default();
    let Some((method, target)) = std::str::from_utf8(first).ok().and_then(|line| line.split_once(' ')) else { return };
    let request = lines
        .filter_map(field)
        .fold(Request::builder().method(method).uri(target), |request, (name, value)| request.header(name, value));
    let Ok(request) = request.body(()) else { return };
    let Ok(target) = Target::read(&request) else { return };
    assert_eq!(canonical_host(&target.host).as_ref(), Some(&target.host));
    assert_eq!(request.uri().query(), target.query.as_deref());
    assert_eq!(request.headers().get_all(HOST).iter().count(), 1);
    for name in ["authorization", "content-length", "content-type", "expect", "origin", "transfer-encoding"] {
        assert!(request.headers().get_all(name).iter().count() <= 1, "{name}");
    }
    assert!(request.headers().keys().all(|name| !name.as_str().contains(['_', '.'])));
    let again = Request::get(target.path_and_query()).header(HOST, &target.host).body(()).expect("a request");
    assert_eq!(Target::read(&again).as_ref(), Ok(&target));
}

/// What a client says of itself in `Forwarded` (an even first byte) or `X-Forwarded-For`, a line each: a stranger is not heard, and
/// behind a trusted proxy, which adds what it sees, the client is what the proxy saw, or the proxy itself.
pub fn forwarded(data: &[u8]) {
    let Some((kind, said)) = data.split_first() else { return };
    let (by, name) = match kind % 2 {
        0 => (ForwardedBy::Forwarded, FORWARDED),
        _ => (ForwardedBy::XForwarded, X_FORWARDED_FOR),
    };
    let networks = ["10.0.0.0/8", "fd00::/8"].map(|network| network.parse().expect("a network"));
    let proxies = TrustedProxies::new(networks.into(), by);
    let values: Vec<&[u8]> = said.split(|b| *b == b'\n').collect();
    let asked = |peer: &str, values: &[Vec<u8>]| -> Client {
        let value = |bytes: &Vec<u8>| Some((name.clone(), HeaderValue::from_bytes(bytes).ok()?));
        let mut headers: HeaderMap = values.iter().filter_map(value).collect();
        if by == ForwardedBy::XForwarded {
            headers.append(X_FORWARDED_PROTO, HeaderValue::from_static("https"));
        }
        proxies.client(SocketAddr::new(peer.parse().expect("an address"), 1234), Scheme::Http, &headers)
    };
    let address = |text: &str| text.parse::<IpAddr>().expect("an address");
    let as_said: Vec<Vec<u8>> = values.iter().map(|value| value.to_vec()).collect();
    let stranger = asked("198.51.100.1", &as_said);
    assert_eq!((stranger.address, stranger.scheme), (address("198.51.100.1"), Scheme::Http));
    assert!(!stranger.through_trusted);

    let seen = if by == ForwardedBy::Forwarded { "for=192.0.2.1;proto=https" } else { "192.0.2.1" };
    // The proxy adds to the last line, or a line of its own.
    let mut appended = as_said.clone();
    appended.last_mut().expect("a line").extend_from_slice(format!(", {seen}").as_bytes());
    let mut beside = as_said;
    beside.push(seen.as_bytes().to_vec());
    for values in [appended, beside] {
        // A line that is no value of a header never came: the proxy's own must be there.
        if values.last().is_none_or(|last| HeaderValue::from_bytes(last).is_err()) {
            continue;
        }
        let client = asked("10.0.0.9", &values);
        let right = (client.address, client.scheme) == (address("192.0.2.1"), Scheme::Https);
        let fallback = client.address == address("10.0.0.9");
        assert!((right || fallback) && client.through_trusted, "{client:?}");
    }
}

/// `Cookie` fields, a line each: a session's cookie is read when it is there once, and given again it is not read.
pub fn cookie(data: &[u8]) {
    let value = |line: &[u8]| Some((COOKIE, HeaderValue::from_bytes(line).ok()?));
    let mut headers: HeaderMap = data.split(|b| *b == b'\n').filter_map(value).collect();
    let all: Vec<String> =
        headers.get_all(COOKIE).iter().map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned()).collect();
    let joined = all.join(";");
    let named = || joined.split(';').filter_map(|pair| pair.trim().strip_prefix(cookies::SESSION)?.strip_prefix('='));
    let Some(read) = cookies::read(&headers, cookies::SESSION) else { return };
    assert_eq!(named().collect::<Vec<_>>(), [read]);
    if let Some(token) = cookies::token(&headers, cookies::SESSION) {
        assert_eq!(token.reveal(), read);
    }
    let again = HeaderValue::from_static("a=b; __Host-poort-session=x");
    headers.append(COOKIE, again);
    assert_eq!(cookies::read(&headers, cookies::SESSION), None);
}

/// Fields of a form or query: each once and without a NUL, and written again they are read as the same.
pub fn fields(data: &[u8]) {
    let pairs: Vec<(String, String)> = form_urlencoded::parse(data).into_owned().collect();
    let repeated = |name: &str| pairs.iter().filter(|(known, _)| known == name).count() > 1;
    let nul = |(name, value): &(String, String)| name.contains('\0') || value.contains('\0');
    match Fields::parse(data) {
        Ok(fields) => {
            assert!(pairs.iter().all(|(name, value)| !repeated(name) && fields.get(name) == Some(value)));
            assert!(!pairs.iter().any(nul));
            assert!(fields.names().eq(pairs.iter().map(|(name, _)| name.as_str())));
            let written = form_urlencoded::Serializer::new(String::new()).extend_pairs(&pairs).finish();
            let again = Fields::parse(written.as_bytes()).expect("fields");
            assert!(pairs.iter().all(|(name, value)| again.get(name) == Some(value)));
        }
        Err(BadFields::Repeated(name)) => assert!(repeated(&name)),
        Err(BadFields::Nul(named)) => assert!(pairs.iter().any(|pair| pair.0 == named && nul(pair))),
    }
}

/// The bytes of an HTTP/1.1 connection, cut where the first two bytes say: they are seen alike however they come, and a head
/// that passes has its lines ended by CRLF and its body framed once.
pub fn framing(data: &[u8]) {
    let [first, second, bytes @ ..] = data else { return };
    let mut whole = Framing::new();
    let all = whole.pass(bytes);
    let mut cuts = [first, second].map(|cut| usize::from(*cut).min(bytes.len()));
    cuts.sort_unstable();
    let mut pieces = Framing::new();
    let [cut, next] = cuts;
    let passed =
        [&bytes[..cut], &bytes[cut..next], &bytes[next..]].into_iter().try_for_each(|piece| pieces.pass(piece));
    assert_eq!(passed.map_err(|(_, why)| why), all.map_err(|(_, why)| why));
    if let Err((good, _)) = all {
        assert!(good < bytes.len());
        assert_eq!(Framing::new().pass(&bytes[..good]).map_err(|(_, why)| why), Ok(()));
        return;
    }
    assert_eq!(pieces.inside_head(), whole.inside_head());
    let begin = bytes.iter().position(|b| !matches!(b, b'\r' | b'\n')).unwrap_or(bytes.len());
    let head = bytes.windows(4).enumerate().skip(begin).find(|(_, end)| *end == b"\r\n\r\n");
    let head = head.map_or(&bytes[begin..begin], |(end, _)| &bytes[begin..end]);
    let lines: Vec<&[u8]> = head.split(|b| *b == b'\n').collect();
    let framed = |line: &&&[u8]| {
        let name = line.split(|b| *b == b':').next().unwrap_or_default();
        name.eq_ignore_ascii_case(b"content-length") || name.eq_ignore_ascii_case(b"transfer-encoding")
    };
    assert!(lines.iter().skip(1).filter(framed).count() <= 1);
    let (last, before) = lines.split_last().expect("a line");
    assert!(
        !last.contains(&b'\r')
            && before.iter().all(|line| line.iter().position(|b| *b == b'\r') == Some(line.len() - 1))
    );
    assert!(!lines[0].contains(&b'#'));
}

/// The bytes of an HTTP/2 connection, cut where the first two bytes say: they are counted alike however they come.
pub fn frames(data: &[u8]) {
    let [first, second, bytes @ ..] = data else { return };
    let now = Instant::now();
    let (mut whole, mut pieces) = (Frames::new(now), Frames::new(now));
    let mut cuts = [first, second].map(|cut| usize::from(*cut).min(bytes.len()));
    cuts.sort_unstable();
    let [cut, next] = cuts;
    let passed =
        [&bytes[..cut], &bytes[cut..next], &bytes[next..]].into_iter().try_for_each(|piece| pieces.pass(piece, now));
    let all = whole.pass(bytes, now);
    assert_eq!(passed, all);
    if all.is_ok() {
        assert_eq!(format!("{pieces:?}"), format!("{whole:?}"));
    }
}

/// A `traceparent` is continued under its own id, with a span of ours; what is not of its form is not.
pub fn traceparent(data: &[u8]) {
    let Ok(value) = HeaderValue::from_bytes(data) else { return };
    let headers = HeaderMap::from_iter([(TRACEPARENT, value.clone())]);
    let Some(trace) = Trace::continued(&headers, &Random::system()) else { return };
    let (said, next) = (value.to_str().expect("ASCII"), trace.header());
    let next = next.to_str().expect("ASCII");
    assert_eq!((said.len(), &said[..36]), (55, &next[..36]));
    assert_ne!(said[36..52], next[36..52]);
    assert!(next.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'a'..=b'f' | b'-')));
    let headers = HeaderMap::from_iter([(TRACEPARENT, trace.header())]);
    assert_eq!(Trace::continued(&headers, &Random::system()).map(|again| again.id()), Some(trace.id()));
}

/// `Accept-Language`: nobody is shown a language that they did not name, and the first is one of those they prefer most.
pub fn languages(data: &[u8]) {
    let Ok(value) = HeaderValue::from_bytes(data) else { return };
    let Ok(text) = value.to_str().map(str::to_ascii_lowercase) else { return };
    let wanted = wanted_languages(&HeaderMap::from_iter([(ACCEPT_LANGUAGE, value)]));
    let tags = || text.split(',').take(20).map(str::trim);
    let names = |tag: &str, language: &Language| tag.starts_with(language.code());
    for language in &wanted {
        assert!(tags().any(|tag| names(tag, language)), "{language}");
    }
    // Who names each without a weight gets them in the order of the header.
    if !text.contains(';') {
        let named: Vec<Language> = tags().filter_map(Language::from_tag).collect();
        assert_eq!(wanted, named);
    }
}

fn field(line: &[u8]) -> Option<(HeaderName, HeaderValue)> {
    let colon = line.iter().position(|b| *b == b':')?;
    let name = HeaderName::from_bytes(&line[..colon]).ok()?;
    Some((name, HeaderValue::from_bytes(line[colon + 1..].trim_ascii()).ok()?))
}
