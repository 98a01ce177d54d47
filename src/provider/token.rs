//! `/token`: codes, refresh tokens, what a program may have in its own name and what a person gave their phone become tokens
//! (RFC 6749 sections 4.1.3, 4.4, 5 and 6, RFC 8628 section 3.4).

use axum::{
    extract::Request,
    response::{IntoResponse, Response},
};
use serde::Serialize;

use super::{
    client::authenticate,
    cors, device,
    json::{self, Refused},
    parameters::Parameters,
};
use crate::{
    base::token::Token,
    http::{tls::ClientCertificate, visit::Visit},
    service::{
        authorizations::{self, Redemption, Renewal, Tokens},
        machines::{self, Asked, MachineToken},
        pairings,
    },
};

/// The answer of RFC 6749 section 5.1 and OpenID Connect Core 1.0 section 3.1.3.3.
#[derive(Serialize)]
struct Answer {
    access_token: String,
    token_type: &'static str,
    expires_in: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    id_token: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<String>,
    scope: String,
}

impl From<Tokens> for Answer {
    fn from(tokens: Tokens) -> Self {
        Self {
            access_token: tokens.access_token,
            token_type: tokens.token_type,
            expires_in: tokens.expires_in.as_secs(),
            id_token: Some(tokens.id_token),
            refresh_token: tokens.refresh_token.map(|token| token.reveal()),
            scope: tokens.scope,
        }
    }
}

impl From<MachineToken> for Answer {
    fn from(token: MachineToken) -> Self {
        Self {
            access_token: token.access_token,
            token_type: "Bearer",
            expires_in: token.expires_in.as_secs(),
            id_token: None,
            refresh_token: None,
            scope: token.scope,
        }
    }
}

/// Redeems a code or a refresh token, or gives a program what it may have in its own name.
pub(super) async fn post(visit: Visit, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let answer = async {
        let parameters = Parameters::of_form(&parts.headers, body).await?;
        let client = authenticate(&visit, &parts.headers, &parameters).await?;
        let (core, tenant) = (visit.core(), visit.tenant());
        let missing = |name, why| parameters.get(name).ok_or(Refused::InvalidRequest(why));
        // A token that is not of the one form that ours have is not looked up (CVE-2026-27840).
        let opaque = |text: &str| Token::parse(text).map(|token| token.digest()).ok_or(Refused::InvalidGrant);
        let resource = parameters.get("resource");
        let certificate = visit.certificate().map(ClientCertificate::thumbprint);
        let answer: Answer = match missing("grant_type", "grant_type is missing")? {
            "authorization_code" => {
                let redemption = Redemption {
                    code: opaque(missing("code", "code is missing")?)?,
                    redirect_uri: missing("redirect_uri", "redirect_uri is missing")?,
                    verifier: missing("code_verifier", "code_verifier is missing")?,
                    resource,
                    certificate,
                };
                authorizations::redeem_code(core, tenant, client, &redemption).await?.into()
            }
            "refresh_token" => {
                if !client.refresh {
                    return Err(Refused::UnauthorizedClient);
                }
                let token = opaque(missing("refresh_token", "refresh_token is missing")?)?;
                // A proof is asked of the apps that hold keys, and else not looked at (RFC 9449 section 5.1).
                let proof = client.pairing.as_ref().map(|_| device::proof(&visit, &parts, None)).transpose()?;
                let proof = proof.as_ref();
                let renewal = Renewal { token, scope: parameters.get("scope"), resource, certificate, proof };
                authorizations::refresh(core, tenant, client, &renewal).await?.into()
            }
            device::GRANT if client.pairing.is_some() => {
                let waits_with = opaque(missing("device_code", "device_code is missing")?)?;
                let proof = device::proof(&visit, &parts, None)?;
                pairings::redeem(core, tenant, client, waits_with, &proof).await?.into()
            }
            device::GRANT => return Err(Refused::UnauthorizedClient),
            "client_credentials" => {
                let machine = client.in_its_own_name().ok_or(Refused::UnauthorizedClient)?;
                let asked = Asked { scope: parameters.get("scope"), resource, certificate };
                machines::token(core, tenant, client, machine, asked).await?.into()
            }
            _ => return Err(Refused::UnsupportedGrantType),
        };
        Ok::<_, Refused>(json::fresh(&answer))
    };
    let answer = answer.await.unwrap_or_else(IntoResponse::into_response);
    cors::allow(visit.tenant(), &parts.headers, answer)
}
