//! What is wrong, for a program: problem details (RFC 9457). The one place of this door's statuses.
//!
//! A problem's type is the place of `openapi.json` that says what it means and what to do about it.

use axum::response::{IntoResponse, Response};
use http::{
    HeaderName, HeaderValue, StatusCode,
    header::{ALLOW, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE},
};
use serde_json::{Map, Value, json};

use super::{batch::Report, members::Mistake};
use crate::{
    http::{body::UploadError, trace::RequestId},
    service::facts::Refused,
    storage::StoreError,
};

const ACCEPT: HeaderName = HeaderName::from_static("accept");

/// Why a request is not done, or not wholly.
#[derive(Clone, Debug)]
pub(super) enum Problem {
    /// No token came along.
    NoToken,
    /// The header is no bearer token.
    BadToken,
    /// The query is not understood.
    BadQuery(Mistake),
    /// The token is none of a program of this tenant for this interface, or has expired.
    InvalidToken,
    /// The token is not for this kind of fact.
    Scope,
    /// There is no such thing.
    NotThere,
    /// The path is not used like that.
    Method,
    /// It cannot be, as things are.
    Conflict(Mistake),
    /// More than is read. With the report of the rows that were kept.
    TooLarge(String, Option<Report>),
    /// The body came too slowly, or broke off. With the report of the rows that were kept.
    BrokenOff(StatusCode, Option<Report>),
    /// Another form of body is read here.
    MediaType(&'static str),
    /// What was sent is wrong.
    Refused(Vec<Mistake>),
    /// Some rows of a batch are refused; the others are kept.
    RowsRefused(Report),
    /// A snapshot would end more than its fuse lets through. Its rows are kept.
    FuseBlown(Report),
    /// A batch of this program is under way.
    Busy,
    /// More was looked up than one address, or all together, may: how many seconds until one more.
    TooOften(u64),
    /// The database does not answer.
    Unavailable,
    /// A defect of ours.
    Internal,
}

impl Problem {
    const fn status(&self) -> StatusCode {
        match self {
            Problem::BadToken | Problem::BadQuery(_) => StatusCode::BAD_REQUEST,
            Problem::NoToken | Problem::InvalidToken => StatusCode::UNAUTHORIZED,
            Problem::Scope => StatusCode::FORBIDDEN,
            Problem::NotThere => StatusCode::NOT_FOUND,
            Problem::Method => StatusCode::METHOD_NOT_ALLOWED,
            Problem::Conflict(_) | Problem::FuseBlown(_) => StatusCode::CONFLICT,
            Problem::TooLarge(..) => StatusCode::PAYLOAD_TOO_LARGE,
            Problem::BrokenOff(status, _) => *status,
            Problem::MediaType(_) => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Problem::Refused(_) | Problem::RowsRefused(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Problem::Busy | Problem::TooOften(_) => StatusCode::TOO_MANY_REQUESTS,
            Problem::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Problem::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// Its name among the responses of `openapi.json`, and a sentence.
    const fn said(&self) -> (&'static str, &'static str) {
        match self {
            Problem::NoToken => ("Unauthenticated", "Send an access token of your program."),
            Problem::BadToken => ("Malformed", "The Authorization header is no bearer token."),
            Problem::BadQuery(_) => ("Malformed", "The query is not understood."),
            Problem::InvalidToken => ("Unauthenticated", "This token opens nothing here, or has expired."),
            Problem::Scope => ("Forbidden", "The token has not the scope for this kind of fact."),
            Problem::NotThere => ("NotThere", "There is no such thing."),
            Problem::Method => ("Method", "This path is not used like that."),
            Problem::Conflict(_) => ("Conflict", "This cannot be, as things are."),
            Problem::TooLarge(..) => ("TooLarge", "This is more than is read at once."),
            Problem::BrokenOff(..) => ("Malformed", "The body broke off, or came too slowly."),
            Problem::MediaType(_) => ("MediaType", "Another form of body is read here."),
            Problem::Refused(_) => ("Refused", "What was sent is wrong; nothing was written."),
            Problem::RowsRefused(_) => ("RowsRefused", "Some rows are refused; the others are kept."),
            Problem::FuseBlown(_) => {
                ("FuseBlown", "More would end than the snapshot allows; its rows are kept, and nothing ended.")
            }
            Problem::Busy => ("Busy", "A batch of this program is under way."),
            Problem::TooOften(_) => ("TooOften", "More was asked than is answered; ask again later."),
            Problem::Unavailable => ("Unavailable", "Try again soon."),
            Problem::Internal => ("Internal", "Something failed on our side."),
        }
    }

    /// Its name, for the test of the description.
    #[cfg(test)]
    pub const fn name(&self) -> &'static str {
        self.said().0
    }

    /// Every name that [`Self::said`] has, for the test of the description.
    #[cfg(test)]
    pub const NAMES: [&'static str; 15] = [
        "Unauthenticated",
        "Malformed",
        "Forbidden",
        "NotThere",
        "Method",
        "Conflict",
        "TooLarge",
        "MediaType",
        "Refused",
        "RowsRefused",
        "FuseBlown",
        "Busy",
        "TooOften",
        "Unavailable",
        "Internal",
    ];

    fn body(&self, id: &RequestId) -> Value {
        let (name, title) = self.said();
        let mut body = Map::new();
        body.insert("type".into(), format!("{}/openapi.json#/components/responses/{name}", super::PATH).into());
        body.insert("title".into(), title.into());
        body.insert("status".into(), self.status().as_u16().into());
        body.insert("reference".into(), id.reference().into());
        match self {
            Problem::TooLarge(detail, _) => drop(body.insert("detail".into(), detail.as_str().into())),
            Problem::MediaType(right) => drop(body.insert("detail".into(), (*right).into())),
            Problem::BadQuery(mistake) | Problem::Conflict(mistake) => {
                drop(body.insert("errors".into(), json!([mistake])))
            }
            Problem::Refused(mistakes) => drop(body.insert("errors".into(), json!(mistakes))),
            _ => {}
        }
        if let Problem::RowsRefused(report)
        | Problem::FuseBlown(report)
        | Problem::TooLarge(_, Some(report))
        | Problem::BrokenOff(_, Some(report)) = self
            && let Ok(Value::Object(report)) = serde_json::to_value(report)
        {
            body.extend(report);
        }
        body.into()
    }

    fn header(&self) -> Option<(HeaderName, &'static str)> {
        Some(match self {
            // RFC 6750 section 3: who sent no token is told no error.
            Problem::NoToken => (WWW_AUTHENTICATE, "Bearer realm=\"facts\""),
            Problem::BadToken => (WWW_AUTHENTICATE, "Bearer realm=\"facts\", error=\"invalid_request\""),
            Problem::InvalidToken => (WWW_AUTHENTICATE, "Bearer realm=\"facts\", error=\"invalid_token\""),
            Problem::Scope => {
                (WWW_AUTHENTICATE, "Bearer realm=\"facts\", error=\"insufficient_scope\", scope=\"facts:write\"")
            }
            // RFC 9110 section 15.5.16.
            Problem::MediaType(right) => (ACCEPT, right),
            Problem::Busy | Problem::Unavailable => (RETRY_AFTER, "5"),
            _ => return None,
        })
    }
}

/// Becomes a body in [`with_reference`].
impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// Writes the problem of a response into it, with the reference of its request.
pub(super) fn with_reference(mut response: Response, id: &RequestId) -> Response {
    let Some(problem) = response.extensions_mut().remove::<Problem>() else { return response };
    tracing::info!(%id, status = problem.status().as_u16(), problem = problem.said().0, "a push is refused");
    let allowed = response.headers_mut().remove(ALLOW);
    let content_type = [(CONTENT_TYPE, "application/problem+json")];
    let mut response = (problem.status(), content_type, problem.body(id).to_string()).into_response();
    let headers = response.headers_mut();
    if let Some((name, value)) = problem.header() {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if let Problem::TooOften(seconds) = problem {
        headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
    if let Some(allowed) = allowed {
        headers.insert(ALLOW, allowed);
    }
    response
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Unavailable(_) => {
                tracing::warn!(%error, "the database does not answer");
                Problem::Unavailable
            }
            error => {
                tracing::error!(%error, "a push failed");
                Problem::Internal
            }
        }
    }
}

/// Why a body could not be read to its end.
impl From<axum::Error> for Problem {
    fn from(error: axum::Error) -> Self {
        match error.into_inner().downcast_ref::<UploadError>() {
            Some(error) => error.into(),
            None => Problem::BrokenOff(StatusCode::BAD_REQUEST, None),
        }
    }
}

impl From<&UploadError> for Problem {
    fn from(error: &UploadError) -> Self {
        match error {
            UploadError::TooLarge => Problem::TooLarge(format!("at most {} bytes", super::LARGEST), None),
            other => Problem::BrokenOff(other.status(), None),
        }
    }
}

/// A change that the register must mend, and whether it is only so as things are.
pub(super) fn mistake(refused: &Refused) -> Mistake {
    let (member, detail, right) = match refused {
        Refused::Unknown { member } => {
            (*member, "nobody and nothing of this identifier stands", "push it first".into())
        }
        Refused::UnknownCode { member, known } => {
            (*member, "the tenant's file has no such code", format!("one of: {}", known.join(", ")))
        }
        Refused::InvalidNumber { member } => {
            (*member, "this is no enterprise number", "ten digits with their check digits, as in 0123.456.749".into())
        }
        Refused::Taken { member } => {
            (*member, "somebody else has it", "push them first without it, or push this under their identifier".into())
        }
        Refused::WithOneself { member } => (*member, "this is the same person", "somebody else".into()),
        Refused::Fixed { member } => (
            *member,
            "it was said differently before, and does not change",
            "another mandate under another identifier".into(),
        ),
        Refused::Ended => (
            "mandate",
            "one of both has ended it",
            "another mandate under another identifier, when it was given anew".into(),
        ),
        Refused::InUse => ("organization", "it has members, rights or mandates", "take these away first".into()),
        Refused::Raced => ("", "somebody wrote the same at the same time", "push it again".into()),
    };
    let pointer = if member.is_empty() { String::new() } else { format!("/{member}") };
    Mistake { pointer: Some(pointer), parameter: None, detail: detail.into(), right: Some(right) }
}

/// The problem of one change that is refused; `in_path` says whether a member stands in the path.
pub(super) fn refused(refused: &Refused, in_path: impl Fn(&str) -> bool) -> Problem {
    match refused {
        Refused::Unknown { member } if in_path(member) => Problem::NotThere,
        Refused::Unknown { .. }
        | Refused::UnknownCode { .. }
        | Refused::InvalidNumber { .. }
        | Refused::WithOneself { .. } => Problem::Refused(vec![mistake(refused)]),
        Refused::Taken { .. } | Refused::Fixed { .. } | Refused::Ended | Refused::InUse | Refused::Raced => {
            Problem::Conflict(mistake(refused))
        }
    }
}
