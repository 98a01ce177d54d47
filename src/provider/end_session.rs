//! `/end_session`: an application asks to sign the person out (OpenID Connect RP-Initiated Logout 1.0).
//!
//! An ID token of the session at hand proves that its client may end it; anybody else only makes us ask the person. Back to
//! the client goes only who brings an ID token of that client, and only to a URI that it registered.

use axum::{
    extract::{FromRequest, Request},
    response::Response,
};

use super::{
    authorize::shown,
    parameters::{Parameters, as_query, form},
};
use crate::{
    base::id::SessionId,
    domain::{callback, client::Client, tenant::Tenant},
    http::{Body, fields::Fields, frame, page, posted::Posted, trouble::Trouble, visit::Visit},
    pages::views::{application_refused::ApplicationRefusedKind, end_session::EndSession},
    service::sessions,
    token::jwt,
};

/// A request that was checked.
struct Leaving<'a> {
    /// Who asks, as far as it says.
    client: Option<&'a Client>,
    /// The session that an ID token of the client was made in.
    session: Option<SessionId>,
    /// Where to go afterwards, with the client's `state`.
    back: Option<String>,
}

type Wrong = (ApplicationRefusedKind, Option<String>);

/// Checks a request (section 2). The ID token may have expired, and its session may be over.
fn check<'a>(visit: &'a Visit, query: &str) -> Result<Leaving<'a>, Wrong> {
    let invalid = || (ApplicationRefusedKind::InvalidRequest, None);
    let tenant: &Tenant = visit.tenant();
    let parameters = Parameters::of_query(query).map_err(|_| invalid())?;
    let named = match parameters.get("client_id") {
        None => None,
        Some(id) => Some(tenant.client(id).ok_or((ApplicationRefusedKind::UnknownApplication, None))?),
    };
    let Some(hint) = parameters.get("id_token_hint") else {
        return Ok(Leaving { client: named, session: None, back: None });
    };
    let keys = visit.core().keys_of(tenant).map_err(|_| invalid())?;
    let hint = jwt::id_token_hint(hint, &keys.ring(), &tenant.origin, visit.core().now()).map_err(|_| invalid())?;
    let client = match hint.audience.as_slice() {
        [audience] => tenant.client(audience).ok_or_else(invalid)?,
        _ => return Err(invalid()),
    };
    if named.is_some_and(|named| named.id != client.id) {
        return Err(invalid());
    }
    let back = match parameters.get("post_logout_redirect_uri") {
        None => None,
        Some(uri) if client.post_logout_redirect_uris.iter().any(|registered| registered == uri) => {
            Some(callback::logout(uri, parameters.get("state")))
        }
        Some(_) => {
            let name = client.name.get(visit.language()).to_owned();
            return Err((ApplicationRefusedKind::RedirectNotRegistered, Some(name)));
        }
    };
    Ok(Leaving { client: Some(client), session: hint.sid.and_then(|sid| sid.parse().ok()), back })
}

/// An application's request, as a query.
pub(super) async fn get(visit: Visit) -> Result<Response, Trouble> {
    let leaving = match check(&visit, visit.query()) {
        Ok(leaving) => leaving,
        Err((kind, application)) => return Ok(shown(&visit, kind, application)),
    };
    let after = leaving.back.as_deref().unwrap_or("/signed-out");
    let Some(signed_in) = visit.signed_in().await? else {
        return Ok(page::without_session(page::see_other(after)));
    };
    if leaving.session == Some(signed_in.session.id) {
        sessions::end(visit.core(), visit.tenant(), signed_in.person.id, signed_in.session.id).await?;
        return Ok(page::without_session(page::see_other(after)));
    }
    // The request is checked anew when the form comes back: nothing in the form is trusted.
    Ok(page::ok(&EndSession {
        frame: frame::signed_in(&visit, &signed_in).await?,
        application: leaving.client.map(|client| client.name.get(visit.language()).to_owned()),
        request: visit.query().to_owned(),
        stay: "/".to_owned(),
    }))
}

/// The person's yes, from our own page; or an application's request as a form, which comes without our cookies and is led to
/// the same request as a query.
pub(super) async fn post(visit: Visit, request: Request) -> Result<Response, Trouble> {
    let (parts, body) = request.into_parts();
    let sent = form(&parts.headers, body).await?;
    let own = Fields::parse(&sent).map_err(|_| Trouble::BadRequest)?.get("csrf").is_some();
    if !own {
        let query = as_query(&sent).ok_or(Trouble::BadRequest)?;
        return Ok(page::see_other(&format!("/end_session?{query}")));
    }
    let request = Request::from_parts(parts, Body::from(sent));
    let Posted(fields) = Posted::from_request(request, &()).await?;
    let leaving = match check(&visit, fields.get("request").unwrap_or_default()) {
        Ok(leaving) => leaving,
        Err((kind, application)) => return Ok(shown(&visit, kind, application)),
    };
    if let Some(signed_in) = visit.signed_in().await? {
        sessions::end(visit.core(), visit.tenant(), signed_in.person.id, signed_in.session.id).await?;
    }
    let response = match (leaving.back, leaving.client) {
        (Some(url), Some(client)) => page::onwards(&visit, client.name.get(visit.language()), &url),
        _ => page::see_other("/signed-out"),
    };
    Ok(page::without_session(response))
}
