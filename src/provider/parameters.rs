//! The parameters of a request, each once. One without a value counts as one that was not sent (RFC 6749 section 3.1).

use axum::body::to_bytes;
use http::{HeaderMap, header::CONTENT_TYPE};

use crate::http::{
    Body,
    fields::{BadFields, Fields},
    trouble::Trouble,
};

/// The largest body that is read: room for an assertion and a state of kilobytes.
const LARGEST: usize = 32 * 1024;

/// The longest query that a form is led to.
const LONGEST_QUERY: usize = 8 * 1024;

/// Parameters by name.
pub(super) struct Parameters(Fields);

/// Why a body has no parameters.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum BadBody {
    /// It is not `application/x-www-form-urlencoded`.
    MediaType,
    /// It is larger than is accepted, or it broke off.
    TooLarge,
    /// A parameter comes twice (RFC 6749 section 3.2), or has a NUL in it.
    Parameters,
}

impl From<BadBody> for Trouble {
    fn from(bad: BadBody) -> Self {
        match bad {
            BadBody::MediaType | BadBody::Parameters => Trouble::BadRequest,
            BadBody::TooLarge => Trouble::TooLarge,
        }
    }
}

impl Parameters {
    /// Those of a query.
    pub(super) fn of_query(query: &str) -> Result<Self, BadFields> {
        Fields::parse(query.as_bytes()).map(Self)
    }

    /// Those of a form.
    pub(super) async fn of_form(headers: &HeaderMap, body: Body) -> Result<Self, BadBody> {
        let text = form(headers, body).await?;
        Fields::parse(&text).map(Self).map_err(|_| BadBody::Parameters)
    }

    /// A parameter that has a value.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).filter(|value| !value.is_empty())
    }

    /// The values of a list with spaces between (RFC 6749 section 3.3).
    pub(super) fn list(&self, name: &str) -> Vec<&str> {
        self.get(name).unwrap_or_default().split(' ').filter(|value| !value.is_empty()).collect()
    }
}

/// The body of a URL-encoded form, as it came.
pub(super) async fn form(headers: &HeaderMap, body: Body) -> Result<bytes::Bytes, BadBody> {
    if !is_form(headers) {
        return Err(BadBody::MediaType);
    }
    to_bytes(body, LARGEST).await.map_err(|_| BadBody::TooLarge)
}

/// A form's bytes as a query, when they can stand in a URL as they are (RFC 3986 section 3.4) and in a head of usual size.
///
/// A form on an application's page comes without our cookies (`SameSite=Lax`), so nobody would ever be logged in. It is led
/// to the same request as a GET, with which they come.
pub(super) fn as_query(form: &[u8]) -> Option<&str> {
    let allowed = |b: &u8| b.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@/?%".contains(b);
    let query = std::str::from_utf8(form).ok()?;
    (query.len() <= LONGEST_QUERY && form.iter().all(allowed)).then_some(query)
}

/// Whether a request says that its body is a URL-encoded form.
pub(super) fn is_form(headers: &HeaderMap) -> bool {
    let media_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = media_type.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/x-www-form-urlencoded")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rfc_6749_3_1_without_a_value_is_not_sent() {
        let parameters = Parameters::of_query("a=&b&c=%20x&scope=+openid++email+").map_err(drop).expect("parameters");
        assert_eq!((parameters.get("a"), parameters.get("b"), parameters.get("c")), (None, None, Some(" x")));
        assert_eq!(parameters.list("scope"), ["openid", "email"]);
        assert!(parameters.list("prompt").is_empty());
        assert!(Parameters::of_query("a=1&%61=1").is_err());
    }

    #[test]
    fn a_form_becomes_a_query_as_it_is_or_not_at_all() {
        assert_eq!(as_query(b"client_id=a&state=%0D%0A+x"), Some("client_id=a&state=%0D%0A+x"));
        for bad in [&b"a=\r\nSet-Cookie: x"[..], b"a=b#c", b"a=\xff", b"a= b", &[b'a'; LONGEST_QUERY + 1]] {
            assert_eq!(as_query(bad), None);
        }
    }
}
