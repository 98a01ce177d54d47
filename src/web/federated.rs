//! `/login/{attempt}/with/{means}` and `/federated/…`: to another provider and back (LOGIN-1, LOGIN-3).

use axum::{
    body::to_bytes,
    extract::Path,
    response::{IntoResponse, Response},
};
use http::{
    Request,
    header::{CACHE_CONTROL, CONTENT_TYPE},
};

use super::{card, login};
use crate::{
    domain::{tenant::Factor, upstream::ReturnBinding},
    http::{Body, fields::Fields, frame, page, trouble::Trouble, visit::Visit},
    login::method::Returned,
    pages::views::send_on::SendOn,
    service::federated::{self, Arrival, Departure, FederatedError},
};

/// How long a provider may keep our keys before it asks for them again.
const KEYS_FRESH: &str = "public, max-age=3600";

/// Sends the person to the provider of the means that they chose.
pub async fn leave(visit: Visit, Path((attempt, means)): Path<(String, String)>) -> Result<Response, Trouble> {
    let id = login::attempt_id(&attempt)?;
    let (core, tenant, browser) = (visit.core(), visit.tenant(), visit.browser());
    match federated::start(core, tenant, id, browser, &means, visit.language()).await {
        Ok(Departure { to, form: None, .. }) => Ok(page::see_other(to.as_str())),
        Ok(Departure { factor: Factor::Eid, to, form: Some(fields), .. }) => {
            card::ask(&visit, &attempt, &to, fields).await
        }
        Ok(Departure { provider, to, form: Some(fields), .. }) => {
            let frame = frame::plain(&visit);
            let response = page::ok(&SendOn { frame, provider, to: to.to_string(), fields });
            Ok(page::forms_lead_to(response, &to.origin().ascii_serialization()))
        }
        Err(error) => trouble(&visit, error).await,
    }
}

/// Takes in whoever comes back.
pub async fn come_back(visit: Visit, Path(factor): Path<String>) -> Result<Response, Trouble> {
    let factor = Factor::from_word(&factor).filter(|factor| visit.tenant().unknown_people(*factor).is_some());
    let factor = factor.ok_or(Trouble::NotFound)?;
    let fields = Fields::parse(visit.query().as_bytes()).map_err(|_| Trouble::BadRequest)?;
    // OpenID Connect and SAML have names of their own for the same; each provider has an address of its own.
    let returned = Returned {
        code: fields.get("code"),
        error: fields.get("error"),
        issuer: fields.get("iss"),
        artifact: fields.get("SAMLart"),
        // One that was posted waits already.
        response: None,
    };
    let arrival = Arrival {
        factor,
        state: fields.get("state").or(fields.get("RelayState")).unwrap_or_default(),
        ticket: fields.text("ticket"),
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

/// Takes an answer that came by the form of a provider's site, and has its browser come for it: a form of another site brings no cookie of
/// ours along, a redirect does. Nobody is logged in by this.
pub async fn take_in(visit: Visit, Path(factor): Path<String>, request: Request<Body>) -> Result<Response, Trouble> {
    let (core, tenant) = (visit.core(), visit.tenant());
    let factor = Factor::from_word(&factor).filter(|factor| tenant.unknown_people(*factor).is_some());
    let factor = factor.ok_or(Trouble::NotFound)?;
    let posts = tenant.saml_provider(factor).is_some_and(|provider| provider.returns == ReturnBinding::Post);
    if !posts {
        return Err(Trouble::MethodNotAllowed);
    }
    let media_type = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let media_type = media_type.split(';').next().unwrap_or_default().trim();
    if !media_type.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
        return Err(Trouble::BadRequest);
    }
    let bytes = to_bytes(request.into_body(), Fields::LARGEST).await.map_err(|_| Trouble::TooLarge)?;
    let fields = Fields::parse(&bytes).map_err(|_| Trouble::BadRequest)?;
    let (state, answer) = (fields.get("RelayState"), fields.get("SAMLResponse"));
    let (state, answer) = state.zip(answer).ok_or(Trouble::BadRequest)?;
    match federated::deposit(core, tenant, factor, state, answer).await {
        // What was looked for in the database is a token's text: nothing in it needs an escape.
        Ok(ticket) => {
            let (word, ticket) = (factor.word(), ticket.reveal());
            Ok(page::see_other(&format!("/federated/{word}/callback?RelayState={state}&ticket={ticket}")))
        }
        Err(error) => trouble(&visit, error).await,
    }
}

/// The public keys that Poort shows to the providers (RFC 7517 section 5).
pub async fn keys(visit: Visit) -> Result<Response, Trouble> {
    let keys = visit.core().methods.elsewhere().keys(&visit.tenant().id).ok_or(Trouble::NotFound)?;
    Ok(([(CONTENT_TYPE, "application/jwk-set+json"), (CACHE_CONTROL, KEYS_FRESH)], keys.jwks()).into_response())
}

/// Who Poort is, for a provider that speaks SAML (saml-metadata-2.0 section 4.1).
pub async fn metadata(visit: Visit, Path(factor): Path<String>) -> Result<Response, Trouble> {
    let factor = Factor::from_word(&factor).ok_or(Trouble::NotFound)?;
    let method = visit.core().methods.elsewhere().find(&visit.tenant().id, factor).ok_or(Trouble::NotFound)?;
    match method.metadata().ok_or(Trouble::NotFound)? {
        Ok(document) => Ok(([(CONTENT_TYPE, "application/samlmetadata+xml")], document).into_response()),
        Err(error) => {
            tracing::error!(tenant = %visit.tenant().id, %error, "our metadata cannot be made");
            Err(Trouble::Unavailable)
        }
    }
}

pub(super) async fn trouble(visit: &Visit, error: FederatedError) -> Result<Response, Trouble> {
    match error {
        FederatedError::NotFromHere => Err(Trouble::ReturnedElsewhere),
        FederatedError::Cancelled(destination) => login::cancelled(visit, &destination).await,
        FederatedError::Refused { provider, why, attempt } => {
            Err(Trouble::Provider(provider, why, format!("/login/{attempt}")))
        }
        FederatedError::SignIn(error) => Err(error.into()),
    }
}
