//! Answers for programs: JSON, errors of RFC 6749 section 5.2, and the headers that each of them bears.

use axum::{
    Json,
    extract::Request,
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{
    HeaderValue, StatusCode,
    header::{CACHE_CONTROL, PRAGMA, RETRY_AFTER, WWW_AUTHENTICATE},
};
use serde::Serialize;
use serde_json::json;

use super::parameters::BadBody;
use crate::{
    http::{client_ip::Scheme, security_headers, visit::Visit},
    service::{authorizations::GrantError, pairings::WaitError, possession::ProofError, revocation::RevocationError},
    storage::StoreError,
};

/// An answer that nobody keeps (RFC 6749 section 5.1).
pub(super) fn fresh(value: &impl Serialize) -> Response {
    let headers = [(CACHE_CONTROL, "no-store"), (PRAGMA, "no-cache")];
    (headers, Json(serde_json::to_value(value).unwrap_or_default())).into_response()
}

/// What every answer for programs bears; no cookie is among it.
pub(super) async fn finish(visit: Visit, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    security_headers::add(response.headers_mut(), visit.client().scheme == Scheme::Https);
    response
}

/// Why an endpoint for clients gives nothing (RFC 6749 section 5.2), with a sentence for the client's developers.
#[derive(Debug)]
pub(super) enum Refused {
    /// The request is not one: a parameter is missing, malformed or there twice.
    InvalidRequest(&'static str),
    /// More was sent than is read.
    TooLarge,
    /// The client did not prove who it is.
    InvalidClient,
    /// The code or token gives nothing. Why is not told: it is what an attacker would ask.
    InvalidGrant,
    /// The client is not registered for this grant.
    UnauthorizedClient,
    /// The person has not typed the number yet (RFC 8628 section 3.5).
    AuthorizationPending,
    /// The person does not want it (the same section).
    AccessDenied,
    /// Nobody typed the number in time (the same section).
    ExpiredToken,
    /// It does not prove the key that it must (RFC 9449 section 5).
    InvalidDpopProof,
    /// No such grant here.
    UnsupportedGrantType,
    /// More scope than was granted.
    InvalidScope,
    /// Another resource server than was granted (RFC 8707 section 2.2).
    InvalidTarget,
    /// Too many failures from one address (RFC 6585 section 4): not before so many seconds.
    TooManyFailures(u64),
    /// A token that cannot be taken back (RFC 7009 section 2.2.1).
    UnsupportedTokenType,
    /// The database does not answer.
    Unavailable,
    /// A defect of ours.
    Internal,
}

impl Refused {
    const fn parts(&self) -> (StatusCode, &'static str, &'static str) {
        match self {
            Self::InvalidRequest(why) => (StatusCode::BAD_REQUEST, "invalid_request", why),
            Self::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "invalid_request", "the request is too large"),
            Self::InvalidClient => {
                (StatusCode::UNAUTHORIZED, "invalid_client", "the client did not prove who it is in the registered way")
            }
            Self::InvalidGrant => (
                StatusCode::BAD_REQUEST,
                "invalid_grant",
                "unknown, expired, used, made for another client, or what it rests on has ended",
            ),
            Self::UnauthorizedClient => {
                (StatusCode::BAD_REQUEST, "unauthorized_client", "the client is not registered for this grant")
            }
            Self::UnsupportedGrantType => (
                StatusCode::BAD_REQUEST,
                "unsupported_grant_type",
                "only authorization_code, refresh_token, client_credentials, and device_code where people pair an app",
            ),
            Self::AuthorizationPending => {
                (StatusCode::BAD_REQUEST, "authorization_pending", "the person has not typed the number yet")
            }
            Self::AccessDenied => (StatusCode::BAD_REQUEST, "access_denied", "the person does not want it"),
            Self::ExpiredToken => (StatusCode::BAD_REQUEST, "expired_token", "nobody typed the number in time"),
            Self::InvalidDpopProof => (
                StatusCode::BAD_REQUEST,
                "invalid_dpop_proof",
                "one header DPoP, made for this request a moment ago, and used once",
            ),
            Self::InvalidScope => (StatusCode::BAD_REQUEST, "invalid_scope", "a scope that was not granted"),
            Self::InvalidTarget => (StatusCode::BAD_REQUEST, "invalid_target", "a resource that was not granted"),
            Self::TooManyFailures(_) => (
                StatusCode::TOO_MANY_REQUESTS,
                "temporarily_unavailable",
                "too many requests from this address did not prove which client they come from",
            ),
            Self::UnsupportedTokenType => {
                (StatusCode::BAD_REQUEST, "unsupported_token_type", "only access tokens and refresh tokens")
            }
            Self::Unavailable => (StatusCode::SERVICE_UNAVAILABLE, "temporarily_unavailable", "try again soon"),
            Self::Internal => (StatusCode::INTERNAL_SERVER_ERROR, "server_error", "something failed on our side"),
        }
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let (status, error, description) = self.parts();
        let mut response = fresh(&json!({ "error": error, "error_description": description }));
        *response.status_mut() = status;
        let headers = response.headers_mut();
        match self {
            // RFC 6749 section 5.2, RFC 9110 section 11.6.1: a 401 names a way to authenticate.
            Self::InvalidClient => {
                headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Basic realm=\"token\", charset=\"UTF-8\""));
            }
            Self::TooManyFailures(seconds) => {
                headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
            }
            Self::Unavailable => {
                headers.insert(RETRY_AFTER, HeaderValue::from_static("5"));
            }
            _ => {}
        }
        response
    }
}

impl From<BadBody> for Refused {
    fn from(bad: BadBody) -> Self {
        match bad {
            BadBody::MediaType => Self::InvalidRequest("the body must be application/x-www-form-urlencoded"),
            BadBody::Parameters => Self::InvalidRequest("a parameter comes twice, or has a NUL in it"),
            BadBody::TooLarge => Self::TooLarge,
        }
    }
}

impl From<StoreError> for Refused {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Unavailable(_) => {
                tracing::warn!(%error, "the database does not answer");
                Self::Unavailable
            }
            error => {
                tracing::error!(%error, "a request failed");
                Self::Internal
            }
        }
    }
}

impl From<RevocationError> for Refused {
    fn from(error: RevocationError) -> Self {
        match error {
            RevocationError::UnsupportedType => Self::UnsupportedTokenType,
            RevocationError::Store(error) => error.into(),
        }
    }
}

impl From<ProofError> for Refused {
    fn from(error: ProofError) -> Self {
        match error {
            ProofError::Invalid => Self::InvalidDpopProof,
            ProofError::Store(error) => error.into(),
        }
    }
}

impl From<WaitError> for Refused {
    fn from(error: WaitError) -> Self {
        match error {
            WaitError::Pending => Self::AuthorizationPending,
            WaitError::Declined => Self::AccessDenied,
            WaitError::Expired => Self::ExpiredToken,
            WaitError::Grant(error) => error.into(),
        }
    }
}

impl From<GrantError> for Refused {
    fn from(error: GrantError) -> Self {
        match error {
            GrantError::InvalidGrant => Self::InvalidGrant,
            GrantError::InvalidScope => Self::InvalidScope,
            GrantError::InvalidTarget => Self::InvalidTarget,
            GrantError::NoProof => Self::InvalidDpopProof,
            GrantError::NoCertificate => Self::InvalidRequest(
                "this client's tokens are bound to its certificate: ask where one is shown (mtls_endpoint_aliases)",
            ),
            GrantError::Store(error) => error.into(),
        }
    }
}
