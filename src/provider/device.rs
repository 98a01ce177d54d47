//! `/device_authorization`: an app that read the QR code of an account waits for its person (RFC 8628 section 3.1, with the code as an
//! extension parameter); and the proofs of its key (RFC 9449).

use axum::{
    extract::Request,
    response::{IntoResponse, Response},
};
use http::request::Parts;
use serde::Serialize;

use super::{
    client::authenticate,
    json::{self, Refused},
    parameters::Parameters,
};
use crate::{
    base::token::Token,
    domain::{possession::KeyThumbprint, tenant::Tenant},
    http::visit::Visit,
    service::{
        addresses::{self, NotHeard},
        authorizations::GrantError,
        pairings::{self, INTERVAL, LIFE, Reader},
        possession,
    },
    token::dpop::{Asked, Proof},
};

/// An app says what the person calls the phone: they see it in their list.
const NO_NAME: Refused = Refused::InvalidRequest("device_name is missing: what the person calls this phone");

/// `grant_type` of an app that waits (RFC 8628 section 3.4).
pub(super) const GRANT: &str = "urn:ietf:params:oauth:grant-type:device_code";

/// The answer of RFC 8628 section 3.2. Whose code it was stands in the code itself, so there is no `verification_uri_complete`.
#[derive(Serialize)]
struct Answer {
    device_code: String,
    user_code: String,
    verification_uri: String,
    expires_in: u64,
    interval: u64,
}

/// Takes the code of a QR code for the app that read it.
pub(super) async fn post(visit: Visit, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let answer = async {
        let parameters = Parameters::of_form(&parts.headers, body).await?;
        let client = authenticate(&visit, &parts.headers, &parameters).await?;
        if client.pairing.is_none() {
            return Err(Refused::UnauthorizedClient);
        }
        let missing = |name, why| parameters.get(name).ok_or(Refused::InvalidRequest(why));
        let code = Token::parse(missing("pairing_code", "pairing_code is missing: what the QR code carries")?);
        let key = KeyThumbprint::parse(missing("dpop_jkt", "dpop_jkt is missing: the thumbprint of the app's key")?);
        let reader = Reader {
            code: code.ok_or(Refused::InvalidGrant)?.digest(),
            key: key.ok_or(Refused::InvalidRequest("dpop_jkt is no SHA-256 thumbprint (RFC 7638)"))?,
            device: parameters.get("device_name").map(str::trim).filter(|name| !name.is_empty()).ok_or(NO_NAME)?,
            scope: parameters.get("scope"),
        };
        let waits = match pairings::take(visit.core(), visit.tenant(), client, &reader).await {
            Err(GrantError::InvalidGrant) => {
                count(&visit).await?;
                return Err(Refused::InvalidGrant);
            }
            other => other?,
        };
        Ok(json::fresh(&Answer {
            device_code: waits.with.reveal(),
            user_code: waits.number.digits().to_owned(),
            verification_uri: page(visit.tenant()),
            expires_in: LIFE.as_secs(),
            interval: INTERVAL.as_secs(),
        }))
    };
    answer.await.unwrap_or_else(IntoResponse::into_response)
}

/// Where the person types the number.
fn page(tenant: &Tenant) -> String {
    format!("{}/devices", tenant.origin)
}

/// Counts a code that was none: an address that brings too many is not heard for a while, when it next says which client it is. One
/// that many share is not counted.
async fn count(visit: &Visit) -> Result<(), Refused> {
    if visit.client().shared {
        return Ok(());
    }
    let (core, tenant, address) = (visit.core(), visit.tenant(), visit.client().address);
    match addresses::take(core, tenant, addresses::Asked::Client, address).await {
        Ok(()) => Ok(()),
        Err(NotHeard::TooOften { until }) => Err(Refused::TooManyFailures(until.since(core.now()).as_secs() + 1)),
        Err(NotHeard::Store(error)) => Err(error.into()),
    }
}

/// What a request proves of the key that it was made with, beside the access token that it shows.
pub(super) fn proof(visit: &Visit, request: &Parts, token: Option<&str>) -> Result<Proof, Refused> {
    // Section 4.3: exactly one.
    let mut proofs = request.headers.get_all("dpop").iter();
    let (Some(proof), None) = (proofs.next(), proofs.next()) else { return Err(Refused::InvalidDpopProof) };
    let proof = proof.to_str().map_err(|_| Refused::InvalidDpopProof)?;
    let url = format!("{}{}", visit.tenant().origin, request.uri.path());
    let asked = Asked { method: request.method.as_str(), url: &url, token };
    Ok(possession::read(visit.core(), visit.tenant(), proof, &asked)?)
}
