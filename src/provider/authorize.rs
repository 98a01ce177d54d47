//! `/authorize`: an application asks who somebody is (OpenID Connect Core 1.0 section 3.1.2).

use axum::{extract::Request, response::Response};
use http::{HeaderMap, StatusCode, header::SET_COOKIE};

use super::{
    parameters::{as_query, form},
    request::{self, Checked, Prompt, Refused, Told},
};
use crate::{
    domain::{
        callback::{self, Answer, AuthorizationError},
        client::Client,
    },
    http::{cookies, frame, page, trouble::Trouble, visit::Visit},
    pages::views::application_refused::{ApplicationRefused, ApplicationRefusedKind},
    service::{
        authorizations, entry,
        pending::{ClientRequest, Destination, Pending},
        profiles,
        sessions::SignedIn,
        sign_in,
    },
    storage::StoreError,
    token::jwt,
};

/// The request as a form (OpenID Connect Core 1.0 section 3.1.2.1), led to the same request as a query.
pub(super) async fn post(headers: HeaderMap, request: Request) -> Result<Response, Trouble> {
    let sent = form(&headers, request.into_body()).await?;
    let query = as_query(&sent).ok_or(Trouble::BadRequest)?;
    Ok(page::see_other(&format!("/authorize?{query}")))
}

/// The request as a query.
pub(super) async fn get(visit: Visit, headers: HeaderMap) -> Result<Response, Trouble> {
    let checked = match request::check(visit.tenant(), visit.language(), visit.query(), visit.core().now()) {
        Ok(checked) => checked,
        Err(Refused::Shown(kind, application)) => return Ok(shown(&visit, kind, application)),
        Err(Refused::Told(told)) => return Ok(tell(&visit, &told)),
    };
    let mut response = go_on(&visit, &checked).await?;
    if let Some(language) = checked.language
        && cookies::read(&headers, cookies::LANGUAGE).is_none()
    {
        // What a person chose themselves counts more; this is forgotten with the browser's session.
        response.headers_mut().append(SET_COOKIE, cookies::set(cookies::LANGUAGE, language.code(), None));
    }
    Ok(response)
}

/// To the client, when everything is there that it asks for; otherwise to the page that asks the person for it.
async fn go_on(visit: &Visit, checked: &Checked<'_>) -> Result<Response, Trouble> {
    let (core, tenant) = (visit.core(), visit.tenant());
    let Checked { client, request, prompt, hint, .. } = checked;
    let told = |error, description| tell(visit, &of(request, error, description));
    let signed_in = visit.signed_in().await?;
    let expected = match (hint, &signed_in) {
        (None, _) | (_, None) => true,
        (Some(hint), Some(signed_in)) => match hinted(visit, client, hint, signed_in).await? {
            Some(same) => same,
            None => {
                let why = "the id_token_hint is no ID token of this client";
                return Ok(told(AuthorizationError::InvalidRequest, why));
            }
        },
    };
    let pending = Pending::to(Destination::Client(request.clone()));
    let enough = signed_in.filter(|signed_in| {
        *prompt != Prompt::LogIn
            && expected
            && pending.is_fresh(signed_in.session.authenticated_at)
            && signed_in.does_for(tenant, &pending, tenant.today(core.now()))
    });
    let Some(signed_in) = enough else {
        if *prompt == Prompt::Never {
            return Ok(told(AuthorizationError::LoginRequired, "nobody is logged in, or not as the request asks"));
        }
        let attempt = sign_in::begin(core, tenant, visit.browser(), &pending).await?;
        return Ok(page::see_other(&format!("/login/{attempt}")));
    };
    if let Some(profile) = entry::ready_profile(&signed_in).filter(|_| *prompt != Prompt::Choose) {
        let url = authorizations::answer(core, tenant, signed_in.session.id, profile, request).await?;
        return Ok(page::see_other(&url.ok_or(Trouble::Internal)?));
    }
    if *prompt == Prompt::Never {
        return Ok(told(AuthorizationError::InteractionRequired, "the person has yet to choose as what they act"));
    }
    let attempt = profiles::open(core, tenant, &signed_in, visit.browser(), &pending).await?;
    Ok(page::see_other(&format!("/profile?attempt={attempt}")))
}

/// Whether an `id_token_hint` names who is signed in; `None` when it is no ID token of this client.
async fn hinted(visit: &Visit, client: &Client, hint: &str, signed_in: &SignedIn) -> Result<Option<bool>, StoreError> {
    let (core, tenant) = (visit.core(), visit.tenant());
    let ring = core.keys_of(tenant)?.ring();
    match jwt::id_token_hint(hint, &ring, &tenant.origin, core.now()) {
        Ok(hint) if hint.audience.contains(&client.id) => {
            authorizations::names(core, tenant, client, &hint.sub, signed_in).await.map(Some)
        }
        _ => Ok(None),
    }
}

fn of(request: &ClientRequest, error: AuthorizationError, description: &'static str) -> Told {
    Told { redirect_uri: request.redirect_uri.clone(), state: request.state.clone(), error, description }
}

/// Tells the client.
fn tell(visit: &Visit, told: &Told) -> Response {
    let answer = Answer::Error(told.error, told.description);
    tracing::info!(error = told.error.code(), why = told.description, "an authorization request is refused");
    page::see_other(&callback::authorization(&told.redirect_uri, &visit.tenant().origin, told.state.as_deref(), answer))
}

/// Shows the person that their application is not set up well.
pub(super) fn shown(visit: &Visit, kind: ApplicationRefusedKind, application: Option<String>) -> Response {
    let reference = visit.id().reference();
    tracing::info!(%reference, ?kind, "an application's request is shown, not sent back");
    page::page(
        StatusCode::BAD_REQUEST,
        &ApplicationRefused { frame: frame::plain(visit), kind, application, reference },
    )
}
