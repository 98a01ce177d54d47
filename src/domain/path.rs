//! The one canonical form of a request's path and host. What is decided on, logged and forwarded is this text.
//!
//! Hexadecimal case is normalised; everything else that two programs might read differently is refused.
//! Sources: RFC 3986 section 6.2.2.1; CVE-2026-33494, CVE-2025-54576, CVE-2026-41059 and the like.

use std::fmt;

/// Why a path is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the path is ambiguous")]
pub struct AmbiguousPath;

/// A path that every program reads alike: begins with `/`; no empty, `.` or `..` segment, plain or encoded; no encoded
/// `/`, `\`, `%`, NUL or control character; no `\`, `;`, `#`; percent-encodings are valid UTF-8 in upper-case hexadecimal.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct CanonicalPath(String);

impl CanonicalPath {
    /// The canonical form of `path` (no query).
    ///
    /// # Errors
    /// When the path could mean two things.
    pub fn parse(path: &str) -> Result<Self, AmbiguousPath> {
        let bytes = path.as_bytes();
        if bytes.first() != Some(&b'/') {
            return Err(AmbiguousPath);
        }
        let mut out = String::with_capacity(bytes.len());
        let mut decoded = Vec::with_capacity(bytes.len());
        let mut i = 0;
        while i < bytes.len() {
            match bytes[i] {
                b'%' => {
                    let (high, low) = match (bytes.get(i + 1), bytes.get(i + 2)) {
                        (Some(h), Some(l)) => (hex(*h).ok_or(AmbiguousPath)?, hex(*l).ok_or(AmbiguousPath)?),
                        _ => return Err(AmbiguousPath),
                    };
                    let byte = high << 4 | low;
                    if byte < 0x20 || byte == 0x7f || matches!(byte, b'/' | b'\\' | b'%' | b'.' | b';' | b'#' | b'?') {
                        return Err(AmbiguousPath);
                    }
                    decoded.push(byte);
                    out.push('%');
                    out.push(char::from(bytes[i + 1].to_ascii_uppercase()));
                    out.push(char::from(bytes[i + 2].to_ascii_uppercase()));
                    i += 3;
                }
                b'/' => {
                    if decoded.last() == Some(&b'/') {
                        return Err(AmbiguousPath);
                    }
                    decoded.push(b'/');
                    out.push('/');
                    i += 1;
                }
                byte @ (b'a'..=b'z'
                | b'A'..=b'Z'
                | b'0'..=b'9'
                | b'-'
                | b'.'
                | b'_'
                | b'~'
                | b'!'
                | b'$'
                | b'&'
                | b'\''
                | b'('
                | b')'
                | b'*'
                | b'+'
                | b','
                | b'='
                | b':'
                | b'@') => {
                    decoded.push(byte);
                    out.push(char::from(byte));
                    i += 1;
                }
                _ => return Err(AmbiguousPath),
            }
        }
        let decoded = std::str::from_utf8(&decoded).map_err(|_| AmbiguousPath)?;
        if decoded.split('/').any(|segment| segment == "." || segment == "..") {
            return Err(AmbiguousPath);
        }
        Ok(Self(out))
    }

    /// The text that is matched, logged and forwarded.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for CanonicalPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

const fn hex(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        b'A'..=b'F' => Some(byte - b'A' + 10),
        _ => None,
    }
}

/// Where to go back to on the same host after logging in: a canonical path, with its query. Never a host.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ReturnPath(String);

impl ReturnPath {
    /// The root of the host.
    #[must_use]
    pub fn root() -> Self {
        Self("/".into())
    }

    /// `path?query` of this host. At most 2,000 characters.
    ///
    /// # Errors
    /// When it could lead elsewhere, or is too long.
    pub fn parse(text: &str) -> Result<Self, AmbiguousPath> {
        if text.len() > 2000 {
            return Err(AmbiguousPath);
        }
        let (path, query) = match text.split_once('?') {
            Some((path, query)) => (path, Some(query)),
            None => (text, None),
        };
        let path = CanonicalPath::parse(path)?;
        match query {
            None => Ok(Self(path.0)),
            Some(query) if query.bytes().all(|b| b.is_ascii_graphic() && b != b'#') => {
                Ok(Self(format!("{path}?{query}")))
            }
            Some(_) => Err(AmbiguousPath),
        }
    }

    /// The text, beginning with a single `/`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The canonical form of a `Host`: lower-case name without its port.
///
/// # Errors
/// `None` when it is not a plain host name with an optional port: userinfo, a trailing dot, other characters.
#[must_use]
pub fn canonical_host(host: &str) -> Option<String> {
    let (name, port) = match host.rsplit_once(':') {
        Some((name, port)) => (name, Some(port)),
        None => (host, None),
    };
    if port.is_some_and(|p| p.is_empty() || p.len() > 5 || !p.bytes().all(|b| b.is_ascii_digit())) {
        return None;
    }
    let labels_ok = name.split('.').all(|label| {
        !label.is_empty()
            && label.len() <= 63
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    });
    (labels_ok && name.len() <= 253).then(|| name.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_plain_and_the_encoded_but_unambiguous_pass() {
        for (path, canonical) in [
            ("/", "/"),
            ("/dossiers/12345678901", "/dossiers/12345678901"),
            ("/a/", "/a/"),
            ("/na%c3%afve", "/na%C3%AFve"),
            ("/a%20b", "/a%20b"),
            ("/v1.2/file.tar.gz", "/v1.2/file.tar.gz"),
            ("/~me/a+b,c=d:e@f", "/~me/a+b,c=d:e@f"),
        ] {
            assert_eq!(CanonicalPath::parse(path).as_ref().map(CanonicalPath::as_str), Ok(canonical));
        }
    }

    #[test]
    fn whatever_two_programs_could_read_differently_is_refused() {
        for path in [
            "",
            "a",
            "*",
            "//",
            "//evil",
            "/a//b",
            "/.",
            "/..",
            "/./a",
            "/a/../b",
            "/a/..",
            "/%2e%2e/a",
            "/.%2e/a",
            "/%2E./a",
            "/a%2fb",
            "/a%2Fb",
            "/a%5cb",
            "/a\\b",
            "/a;v=1",
            "/..;/a",
            "/a%3bb",
            "/a%00",
            "/a%0d%0a",
            "/a\t",
            "/a b",
            "/a#b",
            "/a%23b",
            "/a?b",
            "/a%3fb",
            "/%252e%252e/",
            "/%",
            "/%2",
            "/%zz",
            "/%c0%ae",
            "/%c0%af",
            "/%ff",
            "/é",
            "/a%7f",
            "/a|b",
            "/a\"b",
            "/<a>",
            "/a%25",
            "/a^b",
            "/[a]",
            "/{a}",
            "/`a`",
        ] {
            assert_eq!(CanonicalPath::parse(path), Err(AmbiguousPath), "{path}");
        }
    }

    #[test]
    fn a_return_path_stays_on_its_host() {
        assert_eq!(ReturnPath::parse("/a?b=c&d=%2F").map(|p| p.0), Ok("/a?b=c&d=%2F".into()));
        for text in
            ["", "https://evil", "//evil", "/\\evil", "/\t/evil", "/a#b", "/a?b\r\nc", "javascript:alert(1)", "/a?é"]
        {
            assert!(ReturnPath::parse(text).is_err(), "{text}");
        }
        assert!(ReturnPath::parse(&format!("/{}", "a".repeat(2000))).is_err());
    }

    #[test]
    fn a_host_has_one_form() {
        assert_eq!(canonical_host("MijnRGS.localhost:8080").as_deref(), Some("mijnrgs.localhost"));
        for host in ["", "a@b", "a..b", "a.", ".a", "a:b", "a:", "[::1]", "a/b", "a b", "a_b", "-a", "a:123456"] {
            assert_eq!(canonical_host(host), None, "{host}");
        }
    }

    proptest! {
        #[test]
        fn canonical_is_a_fixed_point(path in "/[a-zA-Z0-9%./;\\\\-]{0,30}") {
            if let Ok(canonical) = CanonicalPath::parse(&path) {
                prop_assert_eq!(CanonicalPath::parse(canonical.as_str()), Ok(canonical.clone()));
                prop_assert!(canonical.as_str().eq_ignore_ascii_case(&path));
            }
        }
    }
}
