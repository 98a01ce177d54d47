//! `/userinfo`: what an access token tells of a person (OpenID Connect Core 1.0 section 5.3, RFC 6750).

use axum::{
    extract::Request,
    response::{IntoResponse, Response},
};
use http::{
    HeaderMap, HeaderValue, StatusCode,
    header::{AUTHORIZATION, WWW_AUTHENTICATE},
    request::Parts,
};

use super::{
    cors, device,
    json::{self, Refused},
    parameters::{Parameters, is_form},
};
use crate::{
    domain::possession::Shown,
    http::{tls::ClientCertificate, visit::Visit},
    service::{
        authorizations::{self, GrantError},
        possession,
    },
    token::claims,
};

/// With the token in its header.
pub(super) async fn get(visit: Visit, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    let answer = match bearer(&parts.headers) {
        Ok(token) => answer(&visit, &parts, token).await,
        Err(denied) => Err(denied),
    };
    finish(&visit, &parts.headers, answer)
}

/// With the token in its header, or in a form (RFC 6750 section 2.2); a query is never looked at (RFC 9700 section 4.3.2).
pub(super) async fn post(visit: Visit, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let answer = async {
        let parameters = if is_form(&parts.headers) {
            Some(Parameters::of_form(&parts.headers, body).await.map_err(|_| Denied::InvalidRequest)?)
        } else {
            None
        };
        match (parameters.as_ref().and_then(|parameters| parameters.get("access_token")), bearer(&parts.headers)) {
            (Some(token), Err(Denied::NoToken)) => answer(&visit, &parts, (token, false)).await,
            // RFC 6750 section 2: one way to send a token.
            (Some(_), _) => Err(Denied::InvalidRequest),
            (None, token) => answer(&visit, &parts, token?).await,
        }
    };
    let answer = answer.await;
    finish(&visit, &parts.headers, answer)
}

/// Why nothing is told (RFC 6750 section 3.1).
enum Denied {
    /// No token was sent.
    NoToken,
    /// The header is malformed, or tokens come in two ways.
    InvalidRequest,
    /// The token is not one of ours, has expired, or what it rests on has ended.
    InvalidToken,
    /// The token is not for this.
    InsufficientScope,
    /// Something of ours failed.
    Failed(Refused),
}

impl From<GrantError> for Denied {
    fn from(error: GrantError) -> Self {
        match error {
            GrantError::InvalidGrant | GrantError::InvalidTarget | GrantError::NoProof | GrantError::NoCertificate => {
                Self::InvalidToken
            }
            GrantError::InvalidScope => Self::InsufficientScope,
            GrantError::Store(error) => Self::Failed(error.into()),
        }
    }
}

impl From<Refused> for Denied {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::InvalidDpopProof => Self::InvalidToken,
            other => Self::Failed(other),
        }
    }
}

impl IntoResponse for Denied {
    fn into_response(self) -> Response {
        let (status, challenge) = match self {
            // RFC 6750 section 3.1: who sent no token is told no error.
            Self::NoToken => (StatusCode::UNAUTHORIZED, "Bearer realm=\"userinfo\""),
            Self::InvalidRequest => (StatusCode::BAD_REQUEST, "Bearer realm=\"userinfo\", error=\"invalid_request\""),
            Self::InvalidToken => (StatusCode::UNAUTHORIZED, "Bearer realm=\"userinfo\", error=\"invalid_token\""),
            Self::InsufficientScope => {
                (StatusCode::FORBIDDEN, "Bearer realm=\"userinfo\", error=\"insufficient_scope\", scope=\"openid\"")
            }
            Self::Failed(refused) => return refused.into_response(),
        };
        (status, [(WWW_AUTHENTICATE, HeaderValue::from_static(challenge))]).into_response()
    }
}

/// The token of the header (RFC 6750 section 2.1), and whether a proof comes with it (RFC 9449 section 7.1).
fn bearer(headers: &HeaderMap) -> Result<(&str, bool), Denied> {
    let Some(value) = headers.get(AUTHORIZATION) else { return Err(Denied::NoToken) };
    let (scheme, token) = value.to_str().ok().and_then(|text| text.split_once(' ')).ok_or(Denied::InvalidRequest)?;
    let proved = scheme.eq_ignore_ascii_case("dpop");
    if proved || scheme.eq_ignore_ascii_case("bearer") { Ok((token.trim(), proved)) } else { Err(Denied::NoToken) }
}

async fn answer(visit: &Visit, request: &Parts, (token, proved): (&str, bool)) -> Result<Response, Denied> {
    let certificate = visit.certificate().map(ClientCertificate::thumbprint);
    let proof = if proved { Some(device::proof(visit, request, Some(token))?) } else { None };
    let shown = Shown { certificate, key: proof.as_ref().map(|proof| proof.key) };
    let known = authorizations::user_info(visit.core(), visit.tenant(), token, shown).await?;
    if let Some(proof) = &proof {
        possession::take(visit.core(), visit.tenant(), proof).await.map_err(Refused::from)?;
    }
    Ok(json::fresh(&claims::userinfo(&known.identity, known.client.form, &known.scopes)))
}

fn finish(visit: &Visit, headers: &HeaderMap, answer: Result<Response, Denied>) -> Response {
    cors::allow(visit.tenant(), headers, answer.unwrap_or_else(IntoResponse::into_response))
}
