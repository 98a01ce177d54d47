//! The one reading of a request's head, before anything else is done with it.
//!
//! What is decided on, logged and forwarded is the [`Target`] that comes out; nobody reads `Uri` or `Host` again. What is left
//! of ambiguity after `framing` and hyper is refused here, so that no later program can read the request differently.

use http::{
    HeaderMap, Method, Request, Uri, Version,
    header::{
        AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, EXPECT, HOST, HeaderName, ORIGIN, PROXY_AUTHORIZATION,
        TRANSFER_ENCODING,
    },
};

use crate::domain::path::{CanonicalPath, canonical_host};

/// What a request is addressed to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// The canonical host name, without a port.
    pub host: String,
    /// The canonical path.
    pub path: CanonicalPath,
    /// The query, byte for byte, without its `?`. It takes no part in a decision.
    pub query: Option<String>,
}

/// Why a head is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadHead {
    /// There is no `Host`, more than one, or one that is not a host name (RFC 9112 section 3.2).
    #[error("exactly one Host with a host name is needed")]
    Host,
    /// An absolute target or `:authority` names another host than `Host`.
    #[error("the target and Host disagree")]
    HostDisagrees,
    /// The path could mean two things.
    #[error("the path is ambiguous")]
    Path,
    /// `TRACE` echoes what the gateway adds; `CONNECT` makes it an open proxy.
    #[error("the method is not supported")]
    Method,
    /// A field's name has characters other than letters, digits and hyphens: many programs read `_` and `.` as `-`.
    #[error("a header's name has characters other than letters, digits and hyphens")]
    FieldName,
    /// A field that may stand once stands twice.
    #[error("a header that may stand once stands twice")]
    Duplicate,
    /// More fields than a head may have.
    #[error("the head has too many fields")]
    TooManyFields,
    /// A `GET` or `HEAD` with a body, which programs read or skip as they like (RFC 9110 section 9.3.1).
    #[error("a body where none belongs")]
    UnexpectedBody,
    /// `Content-Length` beside `Transfer-Encoding` (RFC 9112 section 6.1).
    #[error("Content-Length and Transfer-Encoding together")]
    TwoFramings,
    /// An expectation other than `100-continue` (RFC 9110 section 10.1.1).
    #[error("the expectation cannot be met")]
    Expectation,
}

/// The fields that are one value by definition and on which something is decided.
const SINGLE: [HeaderName; 7] =
    [AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, EXPECT, ORIGIN, PROXY_AUTHORIZATION, TRANSFER_ENCODING];

impl Target {
    /// Reads `request`'s head.
    ///
    /// # Errors
    /// When any part of it could be read in two ways.
    pub fn read<B>(request: &Request<B>) -> Result<Self, BadHead> {
        let (method, headers) = (request.method(), request.headers());
        if matches!(*method, Method::TRACE | Method::CONNECT) || method.as_str().eq_ignore_ascii_case("TRACK") {
            return Err(BadHead::Method);
        }
        check_fields(method, headers)?;
        let host = host(request.version(), request.uri(), headers)?;
        let path = CanonicalPath::parse(request.uri().path()).map_err(|_| BadHead::Path)?;
        Ok(Self { host, path, query: request.uri().query().map(ToOwned::to_owned) })
    }

    /// `path?query`, as it is forwarded.
    #[must_use]
    pub fn path_and_query(&self) -> String {
        match &self.query {
            None => self.path.as_str().to_owned(),
            Some(query) => [self.path.as_str(), "?", query].concat(),
        }
    }
}

fn check_fields(method: &Method, headers: &HeaderMap) -> Result<(), BadHead> {
    // hyper gives names in lower case.
    let plain =
        |name: &HeaderName| name.as_str().bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    if !headers.keys().all(plain) {
        return Err(BadHead::FieldName);
    }
    // Most heads name nothing twice, and are done with this comparison.
    if headers.keys_len() != headers.len() && SINGLE.iter().any(|name| headers.get_all(name).iter().nth(1).is_some()) {
        return Err(BadHead::Duplicate);
    }
    let length = headers.get(CONTENT_LENGTH);
    let encoded = headers.contains_key(TRANSFER_ENCODING);
    if encoded && length.is_some() {
        return Err(BadHead::TwoFramings);
    }
    if matches!(*method, Method::GET | Method::HEAD) && (encoded || length.is_some_and(|length| length != "0")) {
        return Err(BadHead::UnexpectedBody);
    }
    match headers.get(EXPECT) {
        Some(value) if !value.as_bytes().eq_ignore_ascii_case(b"100-continue") => Err(BadHead::Expectation),
        _ => Ok(()),
    }
}

/// The host of `Host`, which must be there once and agree with the authority of an absolute target. Over HTTP/2 `:authority`
/// alone is enough, and is what clients send (RFC 9113 section 8.3.1); a `Host` beside it must agree.
fn host(version: Version, uri: &Uri, headers: &HeaderMap) -> Result<String, BadHead> {
    let mut hosts = headers.get_all(HOST).iter();
    let host = match (hosts.next(), hosts.next(), uri.authority()) {
        (Some(host), None, _) => host.to_str().map_err(|_| BadHead::Host)?,
        (None, None, Some(authority)) if version == Version::HTTP_2 => authority.as_str(),
        _ => return Err(BadHead::Host),
    };
    if let Some(authority) = uri.authority()
        && !(authority.as_str().eq_ignore_ascii_case(host) && matches!(uri.scheme_str(), Some("http" | "https")))
    {
        return Err(BadHead::HostDisagrees);
    }
    canonical_host(host).ok_or(BadHead::Host)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(method: &str, uri: &str, fields: &[(&str, &str)]) -> Result<Target, BadHead> {
        let mut request = Request::builder().method(method).uri(uri);
        for (name, value) in fields {
            request = request.header(*name, *value);
        }
        Target::read(&request.body(()).expect("a request"))
    }

    #[test]
    fn a_head_becomes_one_target() {
        let target = read("GET", "/na%c3%afve?a=%2f&b=//", &[("host", "Dossier.Example:8080")]).expect("a target");
        assert_eq!(target.host, "dossier.example");
        assert_eq!(target.path.as_str(), "/na%C3%AFve");
        assert_eq!(target.query.as_deref(), Some("a=%2f&b=//"));
        assert_eq!(target.path_and_query(), "/na%C3%AFve?a=%2f&b=//");
        assert_eq!(read("GET", "/", &[("host", "a")]).map(|t| t.path_and_query()), Ok("/".into()));
        assert_eq!(read("GET", "/?", &[("host", "a")]).map(|t| t.path_and_query()), Ok("/?".into()));
    }

    #[test]
    fn authority_and_host_agree() {
        assert!(read("GET", "http://a.example/x", &[("host", "A.example")]).is_ok());
        for host in ["b.example", "a.example:80", "x@a.example"] {
            assert_eq!(read("GET", "http://a.example/x", &[("host", host)]), Err(BadHead::HostDisagrees), "{host}");
        }
        assert_eq!(read("GET", "ftp://a.example/x", &[("host", "a.example")]), Err(BadHead::HostDisagrees));
        assert_eq!(read("GET", "http://a.example/x", &[]), Err(BadHead::Host));
    }

    #[test]
    fn over_http2_the_authority_is_enough() {
        let read = |fields: &[(&str, &str)]| {
            let mut request = Request::builder().version(Version::HTTP_2).uri("https://a.example:8443/x");
            for (name, value) in fields {
                request = request.header(*name, *value);
            }
            Target::read(&request.body(()).expect("a request")).map(|target| target.host)
        };
        assert_eq!(read(&[]).as_deref(), Ok("a.example"));
        assert_eq!(read(&[("host", "A.example:8443")]).as_deref(), Ok("a.example"));
        for host in ["b.example:8443", "a.example", "a.example:443", "a.example:8443@b", ""] {
            assert_eq!(read(&[("host", host)]), Err(BadHead::HostDisagrees), "{host}");
        }
        assert_eq!(read(&[("host", "a.example:8443"), ("host", "a.example:8443")]), Err(BadHead::Host));
        let user = Request::builder().version(Version::HTTP_2).uri("https://a.example@b.example/");
        assert_eq!(Target::read(&user.body(()).expect("a request")), Err(BadHead::Host));
    }

    #[test]
    fn what_stands_once() {
        for name in ["content-type", "authorization", "origin", "expect"] {
            let twice = [("host", "a"), (name, "100-continue"), (name, "100-continue")];
            assert_eq!(read("POST", "/", &twice), Err(BadHead::Duplicate), "{name}");
            assert!(read("POST", "/", &twice[..2]).is_ok(), "{name}");
        }
        assert!(read("GET", "/", &[("host", "a"), ("accept", "x"), ("accept", "y")]).is_ok());
    }
}
