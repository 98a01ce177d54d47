//! `/revoke`: a client takes back a token (RFC 7009).

use axum::{
    extract::Request,
    response::{IntoResponse, Response},
};
use http::StatusCode;

use super::{client::authenticate, cors, json::Refused, parameters::Parameters};
use crate::{http::visit::Visit, service::revocation};

/// Takes back a token of the client that asks. The answer has no body (section 2.2).
pub(super) async fn post(visit: Visit, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let answer = async {
        let parameters = Parameters::of_form(&parts.headers, body).await?;
        let client = authenticate(&visit, &parts.headers, &parameters).await?;
        // The hint is not needed: the form of a token says what it is (section 2.1).
        let token = parameters.get("token").ok_or(Refused::InvalidRequest("token is missing"))?;
        revocation::revoke(visit.core(), visit.tenant(), client, token).await?;
        Ok::<_, Refused>(StatusCode::OK.into_response())
    };
    let answer = answer.await.unwrap_or_else(IntoResponse::into_response);
    cors::allow(visit.tenant(), &parts.headers, answer)
}
