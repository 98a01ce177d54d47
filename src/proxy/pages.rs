//! What a register's host answers itself: refusals, failures, conflicts, as a page for a person and as JSON for a program.

use axum::response::{IntoResponse, Response};
use http::{
    HeaderMap, HeaderName, HeaderValue, Method, StatusCode,
    header::{ACCEPT, CONTENT_TYPE, LOCATION, RETRY_AFTER, WWW_AUTHENTICATE},
};

use crate::{
    base::Language,
    domain::{register::Register, tenant::Tenant},
    http::{
        Body, frame, page, security_headers,
        server::Exchange,
        trace::RequestId,
        visit::{page_before, wanted_languages},
    },
    pages::views::{
        Page,
        failure::{Failure, FailureKind},
    },
};

const SEC_FETCH_MODE: HeaderName = HeaderName::from_static("sec-fetch-mode");

/// Whether a request can be one for a page that a person goes to. Browsers of before `Sec-Fetch-Mode` do not say.
fn mode_is_page(mode: Option<&[u8]>) -> bool {
    matches!(mode, None | Some(b"navigate"))
}

/// Who is answered, and how.
pub struct Audience<'a> {
    /// The tenant.
    pub tenant: &'a Tenant,
    /// The language.
    pub language: Language,
    /// Whether a person looks at it.
    pub html: bool,
    /// Whether it is a page that a person goes to, not a part of one.
    pub navigates: bool,
    /// Whether the browser goes somewhere with it, and shows what is answered.
    pub is_page: bool,
    /// The request's number.
    pub id: RequestId,
    /// Whether the browser came by TLS.
    pub https: bool,
    /// Where a link leads to come here again: this page, or for a form the page on which it stood. A form is not sent again.
    pub place: String,
}

impl<'a> Audience<'a> {
    /// Reads who asks from the head of a request.
    #[must_use]
    pub fn of(
        tenant: &'a Tenant,
        register: &Register,
        method: &Method,
        headers: &HeaderMap,
        exchange: &Exchange,
        https: bool,
    ) -> Self {
        let html = headers
            .get(ACCEPT)
            .and_then(|accept| accept.to_str().ok())
            .is_some_and(|accept| accept.split(',').any(|part| part.trim().starts_with("text/html")));
        let mode = headers.get(SEC_FETCH_MODE).map(HeaderValue::as_bytes);
        let navigates = html && matches!(*method, Method::GET | Method::HEAD) && mode_is_page(mode);
        let language = tenant.language(wanted_languages(headers));
        let place = match *method {
            Method::GET | Method::HEAD if mode_is_page(mode) => exchange.target.path_and_query(),
            _ => page_before(headers, &register.origin).unwrap_or_else(|| "/".into()),
        };
        Self { tenant, language, html, navigates, is_page: mode_is_page(mode), id: exchange.id, https, place }
    }

    /// The reference that the person reads out.
    #[must_use]
    pub fn reference(&self) -> String {
        self.id.reference()
    }

    /// A page of Poort's own.
    pub fn page(&self, status: StatusCode, view: &impl Page) -> Response<Body> {
        self.finish(page::page(status, view))
    }

    /// To another place, by GET.
    #[must_use]
    pub fn see_other(&self, location: &str) -> Response<Body> {
        let response = match HeaderValue::try_from(location) {
            Ok(location) => (StatusCode::SEE_OTHER, [(LOCATION, location)]).into_response(),
            Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        };
        self.finish(response)
    }

    /// A failure: its page, or problem details (RFC 9457) that say no more than the status and the reference.
    #[must_use]
    pub fn failure(&self, status: StatusCode, kind: FailureKind, next: Option<&str>) -> Response<Body> {
        if !self.html {
            return self.problem(status, None);
        }
        let view = Failure {
            frame: frame::on_register(self.tenant, self.language),
            kind,
            next: next.map(str::to_owned),
            reference: self.reference(),
        };
        self.page(status, &view)
    }

    /// Problem details for a program.
    #[must_use]
    pub fn problem(&self, status: StatusCode, detail: Option<&str>) -> Response<Body> {
        let mut body = serde_json::json!({
            "type": "about:blank",
            "title": status.canonical_reason().unwrap_or("Error"),
            "status": status.as_u16(),
            "reference": self.reference(),
        });
        if let Some(detail) = detail {
            body["detail"] = detail.into();
        }
        let mut response = (status, [(CONTENT_TYPE, "application/problem+json")], body.to_string()).into_response();
        if status == StatusCode::UNAUTHORIZED {
            response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        self.finish(response)
    }

    /// Something to try again soon.
    #[must_use]
    pub fn unavailable(&self, kind: FailureKind, next: Option<&str>) -> Response<Body> {
        let mut response = self.failure(StatusCode::SERVICE_UNAVAILABLE, kind, next);
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("5"));
        response
    }

    fn finish(&self, mut response: Response<Body>) -> Response<Body> {
        security_headers::add(response.headers_mut(), self.https);
        response
    }
}
