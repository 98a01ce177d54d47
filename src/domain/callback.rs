//! The way back to an application: what an authorization or a logout adds to a URI that was registered.
//!
//! Architecture invariant: a parameter of an answer stands in it once. What a registered URI has by the same name in its own
//! query gives way (CVE-2026-9689: a client that reads the first `code` while we wrote the second).

use url::form_urlencoded::{byte_serialize, parse};

/// The parameters that only an answer may set (RFC 6749 sections 4.1.2 and 4.1.2.1, RFC 9207, OpenID Connect Session
/// Management). They are taken out of a registered URI's query also when this answer has none of that name.
const OF_ANSWERS: [&str; 8] =
    ["code", "state", "iss", "error", "error_description", "error_uri", "session_state", "response"];

/// What an authorization request is answered with at its redirect URI.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer<'a> {
    /// A code.
    Code(&'a str),
    /// An error, with a sentence for the application's developers.
    Error(AuthorizationError, &'a str),
}

/// Why an authorization request gives no code, as its application is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuthorizationError {
    /// RFC 6749 section 4.1.2.1: a parameter is missing, malformed or there twice.
    InvalidRequest,
    /// RFC 6749 section 4.1.2.1: another response type than `code`.
    UnsupportedResponseType,
    /// RFC 6749 section 4.1.2.1: no OpenID request.
    InvalidScope,
    /// RFC 6749 section 4.1.2.1: the person went back.
    AccessDenied,
    /// RFC 8707 section 2: a resource server that the client has nothing to do with.
    InvalidTarget,
    /// OpenID Connect Core 1.0 section 3.1.2.6: `prompt=none`, and nobody is logged in well enough.
    LoginRequired,
    /// OpenID Connect Core 1.0 section 3.1.2.6: `prompt=none`, and the person has not chosen as what they act.
    InteractionRequired,
    /// OpenID Connect Core 1.0 section 3.1.2.6.
    RequestNotSupported,
    /// OpenID Connect Core 1.0 section 3.1.2.6.
    RequestUriNotSupported,
    /// OpenID Connect Core 1.0 section 3.1.2.6.
    RegistrationNotSupported,
    /// OpenID Connect Core Error Code unmet_authentication_requirements 1.0: no means of this client reaches the `acr`.
    UnmetAuthenticationRequirements,
    /// RFC 6749 section 4.1.2.1: the database does not answer.
    TemporarilyUnavailable,
}

impl AuthorizationError {
    /// The value of `error`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::InvalidRequest => "invalid_request",
            Self::UnsupportedResponseType => "unsupported_response_type",
            Self::InvalidScope => "invalid_scope",
            Self::AccessDenied => "access_denied",
            Self::InvalidTarget => "invalid_target",
            Self::LoginRequired => "login_required",
            Self::InteractionRequired => "interaction_required",
            Self::RequestNotSupported => "request_not_supported",
            Self::RequestUriNotSupported => "request_uri_not_supported",
            Self::RegistrationNotSupported => "registration_not_supported",
            Self::UnmetAuthenticationRequirements => "unmet_authentication_requirements",
            Self::TemporarilyUnavailable => "temporarily_unavailable",
        }
    }
}

/// Where the browser goes with the answer to an authorization request: the registered `redirect_uri`, the answer, the
/// request's `state` as it came, and `iss` (RFC 9207).
#[must_use]
pub fn authorization(redirect_uri: &str, issuer: &str, state: Option<&str>, answer: Answer<'_>) -> String {
    let state = ("state", state);
    let iss = ("iss", Some(issuer));
    match answer {
        Answer::Code(code) => with(redirect_uri, &[("code", Some(code)), state, iss]),
        Answer::Error(error, description) => {
            with(redirect_uri, &[("error", Some(error.code())), ("error_description", Some(description)), state, iss])
        }
    }
}

/// Where the browser goes after signing out (OpenID Connect RP-Initiated Logout 1.0 section 3).
#[must_use]
pub fn logout(post_logout_redirect_uri: &str, state: Option<&str>) -> String {
    with(post_logout_redirect_uri, &[("state", state)])
}

/// `uri`, which is registered and so has no fragment, with these parameters after its own.
fn with(uri: &str, parameters: &[(&str, Option<&str>)]) -> String {
    let (base, query) = uri.split_once('?').unwrap_or((uri, ""));
    let own = query.split('&').filter(|pair| !pair.is_empty() && !is_of_answers(pair)).map(ToOwned::to_owned);
    let added = parameters.iter().filter_map(|(name, value)| {
        value.map(|value| format!("{name}={}", byte_serialize(value.as_bytes()).collect::<String>()))
    });
    let pairs: Vec<String> = own.chain(added).collect();
    if pairs.is_empty() { uri.to_owned() } else { format!("{base}?{}", pairs.join("&")) }
}

/// Whether a pair of a query, however it is written, has the name of a parameter of answers.
fn is_of_answers(pair: &str) -> bool {
    parse(pair.as_bytes()).next().is_some_and(|(name, _)| OF_ANSWERS.contains(&name.as_ref()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ISSUER: &str = "https://login.example";

    #[test]
    fn rfc_9207_an_answer_names_its_issuer_and_gives_the_state_back_as_it_came() {
        assert_eq!(
            authorization("https://app.example/cb", ISSUER, Some("a b&c=%20é"), Answer::Code("xyz")),
            "https://app.example/cb?code=xyz&state=a+b%26c%3D%2520%C3%A9&iss=https%3A%2F%2Flogin.example"
        );
        assert_eq!(
            authorization(
                "https://app.example/cb?tenant=a%2Fb",
                ISSUER,
                None,
                Answer::Error(AuthorizationError::LoginRequired, "no")
            ),
            "https://app.example/cb?tenant=a%2Fb&error=login_required&error_description=no&iss=https%3A%2F%2Flogin.example"
        );
    }

    #[test]
    fn cve_2026_9689_a_parameter_of_an_answer_stands_in_it_once() {
        for query in ["code=evil", "state=evil&iss=evil", "%63ode=evil", "error=evil&x=1", "x=1&&co%64e=evil&"] {
            let url =
                authorization(&format!("https://app.example/cb?{query}"), ISSUER, Some("s"), Answer::Code("good"));
            let url = url::Url::parse(&url).expect("a URL");
            let names: Vec<String> = url.query_pairs().map(|(name, _)| name.into_owned()).collect();
            for name in ["code", "state", "iss"] {
                assert_eq!(names.iter().filter(|known| *known == name).count(), 1, "{url}");
            }
            assert!(!url.as_str().contains("evil"), "{url}");
        }
    }

    #[test]
    fn after_signing_out_the_uri_is_as_it_was_registered() {
        assert_eq!(logout("https://app.example/bye", None), "https://app.example/bye");
        assert_eq!(logout("https://app.example/bye?x=1", Some("s")), "https://app.example/bye?x=1&state=s");
        assert_eq!(logout("https://app.example/bye?", None), "https://app.example/bye?");
    }
}
