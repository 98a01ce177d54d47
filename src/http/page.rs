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

use super::{client_ip::Scheme, cookies, frame, security_headers, trouble::Trouble, visit::Visit};
use crate::{
    base::token::Token,
    pages::views::{Page, continue_to::ContinueTo, failure::Failure},
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
        response = trouble_page(&visit, &trouble);
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

fn trouble_page(visit: &Visit, trouble: &Trouble) -> Response {
    tracing::info!(reference = %visit.id().reference(), status = trouble.status().as_u16(), ?trouble, "a failure page");
    let next = match trouble {
        Trouble::NotFound | Trouble::MethodNotAllowed | Trouble::NotAllowed => Some("/".to_owned()),
        Trouble::Unavailable | Trouble::PolicyUnavailable | Trouble::Internal => Some(visit.here()),
        _ => Some("/".to_owned()),
    };
    let view = Failure {
        frame: frame::plain(visit),
        kind: trouble.kind(visit.tenant()),
        next,
        reference: visit.id().reference(),
    };
    let mut response = page(trouble.status(), &view);
    if let Some(seconds) = trouble.retry_after() {
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}
