//! `/introspect`: a resource server asks what a token is worth (RFC 7662).

use axum::{
    extract::Request,
    response::{IntoResponse, Response},
};
use serde_json::json;

use super::{
    client::authenticate,
    json::{self, Refused},
    parameters::Parameters,
};
use crate::{domain::client::ClientAuthentication, http::visit::Visit, service::introspection};

/// Answers with the token's claims, or that it is not active.
pub(super) async fn post(visit: Visit, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let answer = async {
        let parameters = Parameters::of_form(&parts.headers, body).await?;
        let client = authenticate(&visit, &parts.headers, &parameters).await?;
        if matches!(client.authentication, ClientAuthentication::None) {
            // RFC 7662 section 2.1: who asks has proved who it is.
            return Err(Refused::InvalidClient);
        }
        // The hint is not needed: the form of a token says what it is (section 2.1).
        let token = parameters.get("token").ok_or(Refused::InvalidRequest("token is missing"))?;
        let active = introspection::introspect(visit.core(), visit.tenant(), client, token).await?;
        let Some(active) = active else { return Ok(json::fresh(&json!({ "active": false }))) };
        let mut answer = active.claims;
        answer.insert("active".to_owned(), true.into());
        answer.insert("scope".to_owned(), active.scopes.join(" ").into());
        if let Some(token_type) = active.token_type {
            answer.insert("token_type".to_owned(), token_type.into());
        }
        Ok::<_, Refused>(json::fresh(&answer))
    };
    answer.await.unwrap_or_else(IntoResponse::into_response)
}
