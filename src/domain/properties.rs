//! What must hold of this room's parsers, whatever they read.

use std::borrow::Cow;

use url::{Host, Url, form_urlencoded};

use super::{
    callback::{Answer, authorization},
    fact::{Kind, Which},
    identifier::{Bsn, EnterpriseNumber, NationalNumber, NationalRegisterNumber, NihdiNumber},
    path::{CanonicalPath, ReturnPath, canonical_host},
    register::PathPattern,
};

/// A canonical path is its own canonical form; browsers read it as it stands; decoded, it has the same segments, none of them
/// dots, and nothing is left to decode.
pub fn path(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let Ok(path) = CanonicalPath::parse(text) else { return };
    assert!(path.as_str().eq_ignore_ascii_case(text));
    assert_eq!(CanonicalPath::parse(path.as_str()).as_ref(), Ok(&path));
    let url = Url::parse(&format!("http://host.example{path}")).expect("a URL");
    assert_eq!((url.path(), url.query(), url.fragment()), (path.as_str(), None, None));
    let decoded = percent_decoded(path.as_str());
    let segments: Vec<&str> = decoded.split('/').collect();
    assert_eq!(segments.len(), path.as_str().split('/').count());
    assert!(segments.iter().all(|segment| !matches!(*segment, "." | "..")));
    assert!(segments[1..segments.len() - 1].iter().all(|segment| !segment.is_empty()));
    assert_eq!(percent_decoded(&decoded), decoded);
    assert!(!decoded.contains(|c: char| c.is_ascii_control() || matches!(c, '\\' | ';' | '#' | '?')));
}

/// A return path leads a browser to the same host, and to a canonical path there.
pub fn return_path(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let Ok(path) = ReturnPath::parse(text) else { return };
    assert_eq!(ReturnPath::parse(path.as_str()).as_ref(), Ok(&path));
    let base = Url::parse("https://login.example/somewhere/else").expect("a URL");
    let led = base.join(path.as_str()).expect("a URL");
    assert_eq!(led.origin(), base.origin());
    assert!(led.username().is_empty() && led.password().is_none() && led.fragment().is_none());
    assert_eq!(Some(led.path()), path.as_str().split('?').next());
}

/// A host has one form, with a port or without; a browser that takes it for a name takes it for that name.
pub fn host(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let Some(host) = canonical_host(text) else { return };
    assert_eq!(canonical_host(&host).as_ref(), Some(&host));
    assert_eq!(canonical_host(&format!("{host}:443")).as_ref(), Some(&host));
    assert_eq!(host, text.split(':').next().unwrap_or_default().to_ascii_lowercase());
    if let Ok(url) = Url::parse(&format!("http://{text}/")) {
        assert!(url.username().is_empty() && url.password().is_none() && url.path() == "/");
        if let Some(Host::Domain(name)) = url.host() {
            assert_eq!(name, host);
        }
    }
}

/// A pattern in the first line, a path in the second: what was matched, put into the pattern, is the path.
pub fn route(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let Some((pattern, path)) = text.split_once('\n') else { return };
    let (Ok(pattern), Ok(path)) = (PathPattern::parse(pattern), CanonicalPath::parse(path)) else { return };
    let mut names: Vec<&str> = pattern.parameters().collect();
    let Some(found) = pattern.matches(&path) else { return };
    assert!(found.iter().map(|(name, _)| name.as_str()).eq(names.iter().copied()));
    let segments = pattern.as_str()[1..].split('/').map(|segment| {
        let name = segment.trim_matches(['{', '}', '*']);
        match found.iter().find(|(known, _)| segment.starts_with('{') && known == name) {
            Some((_, value)) => {
                assert!(segment.starts_with("{*") || !value.is_empty() && !value.contains('/'));
                Cow::Borrowed(value.as_str())
            }
            None => {
                let literal = CanonicalPath::parse(&format!("/{segment}")).expect("a literal is canonical");
                Cow::Owned(literal.as_str()[1..].to_owned())
            }
        }
    });
    assert_eq!(format!("/{}", segments.collect::<Vec<_>>().join("/")), path.as_str());
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), found.len(), "a name stands for one value");
}

/// A registered redirect URI in the first line, a `state` in the rest: the answer goes where was registered, each of its
/// parameters stands in it once, and the state comes back as it was sent.
pub fn callback(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let (uri, state) = text.split_once('\n').unwrap_or((text, ""));
    let Ok(registered) = Url::parse(uri) else { return };
    let plain = uri.starts_with("https://") && uri.bytes().all(|b| b.is_ascii_graphic() && !matches!(b, b'#' | b'\\'));
    if !plain {
        return;
    }
    let answer = authorization(uri, "https://login.example", Some(state), Answer::Code("the-code"));
    assert!(answer.starts_with(uri.split('?').next().unwrap_or_default()));
    let answer = Url::parse(&answer).expect("a URL");
    assert_eq!((answer.origin(), answer.path()), (registered.origin(), registered.path()));
    assert_eq!((answer.username(), answer.password()), (registered.username(), registered.password()));
    assert_eq!(answer.fragment(), None);
    for (name, value) in [("code", "the-code"), ("state", state), ("iss", "https://login.example")] {
        let values: Vec<_> = answer.query_pairs().filter(|(known, _)| known == name).map(|(_, value)| value).collect();
        assert_eq!(values, [value], "{name}");
    }
    assert!(answer.query_pairs().all(|(name, _)| name != "error"));
    let others = |url: &Url| -> Vec<(String, String)> {
        let pairs = form_urlencoded::parse(url.query().unwrap_or_default().as_bytes()).into_owned();
        let answers = ["code", "state", "iss", "error", "error_description", "error_uri", "session_state", "response"];
        pairs.filter(|(name, _)| !answers.contains(&name.as_str())).collect()
    };
    assert_eq!(others(&answer), others(&registered));
}

/// What is read as a number is its digits and passes its check; written, it is read as the same; it does not print.
pub fn numbers(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let value = |part: &str| part.parse::<u64>().expect("digits");
    if let Ok(bsn) = Bsn::parse(text) {
        let weighed: i64 = digits.bytes().zip([9, 8, 7, 6, 5, 4, 3, 2, -1]).map(|(d, w)| i64::from(d - b'0') * w).sum();
        assert!(weighed % 11 == 0 && digits.len() == 9 && value(&digits) > 0);
        hidden(&NationalNumber::Bsn(bsn), &digits);
    }
    if let Ok(number) = NationalRegisterNumber::parse(text) {
        let (base, check) = (value(&digits[..9]), value(&digits[9..]));
        assert!(digits.len() == 11 && [base, 2_000_000_000 + base].iter().any(|base| (base + check) % 97 == 0));
        hidden(&NationalNumber::NationalRegister(number), &digits);
    }
    if let Ok(number) = NihdiNumber::parse(text) {
        assert!((value(&digits[..6]) + value(&digits[6..8])).is_multiple_of(97) && number.as_str() == digits);
        assert_eq!(NihdiNumber::parse(&number.to_string()), Ok(number));
    }
    if let Ok(number) = EnterpriseNumber::parse(text) {
        let (base, check) = number.as_str().split_at(8);
        assert!((value(base) + value(check)).is_multiple_of(97) && number.as_str().ends_with(&digits));
        assert_eq!(EnterpriseNumber::parse(&number.to_string()), Ok(number));
    }
}

fn hidden(number: &NationalNumber, digits: &str) {
    assert_eq!(number.reveal(), digits);
    assert!(!format!("{number:?}").contains(digits));
}

/// The name of a fact of the kind that the first byte says is written as it was read.
pub fn fact_name(data: &[u8]) {
    let Some((kind, key)) = data.split_first() else { return };
    let (kind, Ok(key)) = (Kind::ALL[usize::from(*kind) % Kind::ALL.len()], std::str::from_utf8(key)) else { return };
    let Some(which) = Which::parse(kind, key) else { return };
    assert_eq!((which.kind(), which.key().as_str()), (kind, key));
    for other in Kind::ALL {
        assert!(other == kind || Which::parse(other, key).is_none_or(|other| other != which));
    }
}

fn percent_decoded(text: &str) -> String {
    let mut rest = text.bytes();
    let mut bytes = Vec::new();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => {
                let mut digit = || rest.next().and_then(|b| char::from(b).to_digit(16)).expect("two digits");
                u8::try_from(digit() * 16 + digit()).expect("a byte")
            }
            other => other,
        });
    }
    String::from_utf8(bytes).expect("UTF-8")
}
