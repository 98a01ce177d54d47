//! `/login/{attempt}/with/{means}` and `/federated/…`: to another provider and back (LOGIN-1, LOGIN-3).

use axum::{
    extract::Path,
    response::{IntoResponse, Response},
};
use http::header::{CACHE_CONTROL, CONTENT_TYPE};

use super::login;
use crate::{
    domain::tenant::Factor,
    http::{fields::Fields, page, trouble::Trouble, visit::Visit},
    login::method::Returned,
    service::federated::{self, Arrival, FederatedError},
};

/// How long a provider may keep our keys before it asks for them again.
const KEYS_FRESH: &str = "public, max-age=3600";

/// Sends the person to the provider of the means that they chose.
pub async fn leave(visit: Visit, Path((attempt, means)): Path<(String, String)>) -> Result<Response, Trouble> {
    let id = login::attempt_id(&attempt)?;
    let (core, tenant, browser) = (visit.core(), visit.tenant(), visit.browser());
    match federated::start(core, tenant, id, browser, &means, visit.language()).await {
        Ok(to) => Ok(page::see_other(to.as_str())),
        Err(error) => trouble(&visit, error).await,
    }
}

/// Takes in whoever comes back.
pub async fn come_back(visit: Visit, Path(factor): Path<String>) -> Result<Response, Trouble> {
    let factor = Factor::from_word(&factor).filter(|factor| visit.tenant().provider(*factor).is_some());
    let factor = factor.ok_or(Trouble::NotFound)?;
    let fields = Fields::parse(visit.query().as_bytes()).map_err(|_| Trouble::BadRequest)?;
    let returned = Returned { code: fields.get("code"), error: fields.get("error"), issuer: fields.get("iss") };
    let arrival = Arrival {
        factor,
        state: fields.get("state").unwrap_or_default(),
        returned,
        browser: visit.browser(),
        language: visit.language(),
        agent: visit.agent(),
        before: visit.session(),
    };
    match federated::resume(visit.core(), visit.tenant(), &arrival).await {
        Ok((id, step)) => login::next(&visit, id, step).await,
        Err(error) => trouble(&visit, error).await,
    }
}

/// The public keys that Poort shows to the providers (RFC 7517 section 5).
pub async fn keys(visit: Visit) -> Result<Response, Trouble> {
    let keys = visit.core().methods.elsewhere().keys(&visit.tenant().id).ok_or(Trouble::NotFound)?;
    Ok(([(CONTENT_TYPE, "application/jwk-set+json"), (CACHE_CONTROL, KEYS_FRESH)], keys.jwks()).into_response())
}

async fn trouble(visit: &Visit, error: FederatedError) -> Result<Response, Trouble> {
    match error {
        FederatedError::NotFromHere => Err(Trouble::ReturnedElsewhere),
        FederatedError::Cancelled(destination) => login::cancelled(visit, &destination).await,
        FederatedError::Refused { provider, why, attempt } => {
            Err(Trouble::Provider(provider, why, format!("/login/{attempt}")))
        }
        FederatedError::SignIn(error) => Err(error.into()),
    }
}
