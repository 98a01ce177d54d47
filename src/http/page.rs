//! Answers of a login host: pages, redirects, and what every answer bears.

use axum::{
    extract::Request,
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{
    HeaderValue, StatusCode,
    header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE, LOCATION, REFRESH, RETRY_AFTER, SET_COOKIE},
};

use url::form_urlencoded::Serializer;

use super::{client_ip::Scheme, cookies, frame, labels, security_headers, trouble::Trouble, visit::Visit};
use crate::{
    base::token::Token,
    pages::views::{
        Frame, Page,
        continue_to::ContinueTo,
        failure::Failure,
        profile_conflict::{ProfileConflict, ProfileName},
    },
    service::{federated::Why, profiles, sessions::SignedIn},
    storage::StoreError,
};

/// A page with a status.
pub fn page(status: StatusCode, page: &impl Page) -> Response {
    match page.render() {
        Ok(html) => (status, [(CONTENT_TYPE, "text/html; charset=utf-8")], html).into_response(),
        Err(error) => {
            tracing::error!(%error, "a page cannot be rendered");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// A page that is as it should be.
pub fn ok(view: &impl Page) -> Response {
    page(StatusCode::OK, view)
}

/// A form that has to be mended (RFC 9110 section 15.5.21).
pub fn mend(view: &impl Page) -> Response {
    page(StatusCode::UNPROCESSABLE_ENTITY, view)
}

/// To another page of this host, or elsewhere from a page without a form, by GET.
#[must_use]
pub fn see_other(location: &str) -> Response {
    match HeaderValue::try_from(location) {
        Ok(location) => (StatusCode::SEE_OTHER, [(LOCATION, location)]).into_response(),
        Err(_) => Trouble::Internal.into_response(),
    }
}

/// From a form of this host to another origin. Not a redirect: Chromium applies `form-action` to redirects after a form.
pub fn onwards(visit: &Visit, application: &str, href: &str) -> Response {
    let view = ContinueTo { frame: frame::plain(visit), application: application.to_owned(), href: href.to_owned() };
    let mut response = ok(&view);
    match HeaderValue::try_from(format!("0;url={href}")) {
        Ok(refresh) => {
            response.headers_mut().insert(REFRESH, refresh);
            response
        }
        Err(_) => Trouble::Internal.into_response(),
    }
}

/// Lets the forms of a page lead to another origin of ours, by redirect.
#[must_use]
pub fn forms_lead_to(mut response: Response, origin: &str) -> Response {
    if let Ok(policy) = HeaderValue::try_from(security_headers::policy(origin)) {
        response.headers_mut().insert(CONTENT_SECURITY_POLICY, policy);
    }
    response
}

/// Lets the script of another origin run on a page, and ask that origin: in the demo, where it plays what browsers lack.
#[must_use]
pub fn played_by(mut response: Response, origin: &str) -> Response {
    let policy = response.headers().get(CONTENT_SECURITY_POLICY).and_then(|policy| policy.to_str().ok());
    let policy = security_headers::with_script_of(policy, origin);
    if let Ok(policy) = HeaderValue::try_from(policy) {
        response.headers_mut().insert(CONTENT_SECURITY_POLICY, policy);
    }
    response
}

/// Sets this host's session.
pub fn with_session(mut response: Response, token: &Token) -> Response {
    response.headers_mut().append(SET_COOKIE, cookies::set(cookies::SESSION, &token.reveal(), None));
    response
}

/// Takes this host's session away.
pub fn without_session(mut response: Response) -> Response {
    response.headers_mut().append(SET_COOKIE, cookies::clear(cookies::SESSION));
    response
}

/// What every answer of a login host bears: trouble becomes a page, the browser its cookie, the page its headers.
pub async fn finish(visit: Visit, request: Request, next: Next) -> Response {
    let safe = request.method().is_safe();
    let mut response = next.run(request).await;
    if let Some(trouble) = response.extensions_mut().remove::<Trouble>() {
        response = match other_profile(&visit, &trouble).await {
            Some(conflict) => conflict,
            None => trouble_page(&visit, &trouble, safe),
        };
    }
    let headers = response.headers_mut();
    // A form on another site comes without our cookies (`SameSite=Lax`): a new one would replace the browser's own, and end
    // whatever it had begun.
    if let Some(cookie) = visit.new_browser_cookie().filter(|_| safe) {
        headers.append(SET_COOKIE, cookie);
    }
    security_headers::add(headers, visit.client().scheme == Scheme::Https);
    response
}

/// The page that names the profile for which a form was made and the one in use. Nothing was changed.
///
/// # Errors
/// When the database does not answer.
pub async fn conflict(visit: &Visit, signed_in: &SignedIn, made_for: &str) -> Result<Response, StoreError> {
    let (core, tenant, language) = (visit.core(), visit.tenant(), visit.language());
    let in_use = match &signed_in.profile {
        None => visit.text().say("account-no-profile").into_owned(),
        Some(profile) => {
            labels::profile(tenant, language, profile, profiles::describe(core, tenant, profile).await?.as_ref())
        }
    };
    let made_for = profiles::named(core, tenant, signed_in.person.id, made_for).await?;
    let made_for = made_for.map(|(profile, portrait)| labels::profile(tenant, language, &profile, portrait.as_ref()));
    let view = ProfileConflict {
        frame: Frame { here: "/".into(), ..frame::signed_in(visit, signed_in).await? },
        made_for: made_for.map(|name| ProfileName { name }),
        in_use: ProfileName { name: in_use },
        go_on: "/".into(),
        choose: "/profile".into(),
        reference: visit.id().reference(),
    };
    Ok(page(StatusCode::CONFLICT, &view))
}

/// The conflict of a form that was made for another profile of who is signed in. Its token went with that profile, so it only
/// tells the person about themselves.
async fn other_profile(visit: &Visit, trouble: &Trouble) -> Option<Response> {
    let Trouble::OtherProfile(handle) = trouble else { return None };
    let signed_in = visit.signed_in().await.ok().flatten()?;
    let other = signed_in.profile.as_ref().is_none_or(|profile| profile.handle != *handle);
    let named = profiles::named(visit.core(), visit.tenant(), signed_in.person.id, handle).await.ok().flatten();
    if !other || named.is_none() {
        return None;
    }
    conflict(visit, &signed_in, handle).await.ok()
}

/// The account page, which leads on to `path` of this host after logging in.
fn after_login(path: &str) -> String {
    format!("/?{}", Serializer::new(String::new()).append_pair("return", path).finish())
}

fn trouble_page(visit: &Visit, trouble: &Trouble, safe: bool) -> Response {
    tracing::info!(reference = %visit.id().reference(), status = trouble.status().as_u16(), ?trouble, "a failure page");
    // A form is not sent again: one goes back to the page on which it stood.
    let place = if safe { visit.here() } else { visit.came_from().unwrap_or("/").to_owned() };
    let next = match trouble {
        Trouble::Unavailable | Trouble::PolicyUnavailable | Trouble::Internal => place,
        Trouble::FormExpired | Trouble::OtherProfile(_) | Trouble::TooLarge => place,
        // An attempt that began without a cookie cannot go on.
        Trouble::CookiesRefused if !safe => place,
        Trouble::SessionEnded => after_login(&place),
        Trouble::Cancelled(again) => again.clone(),
        Trouble::Provider(_, Why::Unknown | Why::Closed, _) => "/".to_owned(),
        Trouble::Provider(_, _, again) => again.clone(),
        _ => "/".to_owned(),
    };
    let view = Failure {
        frame: frame::plain(visit),
        kind: trouble.kind(visit.tenant()),
        next: Some(next),
        reference: visit.id().reference(),
    };
    let mut response = page(trouble.status(), &view);
    if let Some(seconds) = trouble.retry_after(visit.core().now()) {
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}
