//! The status codes of what every door refuses before it knows who asks.

use http::StatusCode;

use super::{body::UploadError, request_head::BadHead};

impl BadHead {
    /// The response's status.
    #[must_use]
    pub fn status(self) -> StatusCode {
        match self {
            BadHead::Method => StatusCode::METHOD_NOT_ALLOWED,
            BadHead::Expectation => StatusCode::EXPECTATION_FAILED,
            BadHead::TooManyFields => StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
            BadHead::Host
            | BadHead::HostDisagrees
            | BadHead::Path
            | BadHead::FieldName
            | BadHead::Duplicate
            | BadHead::UnexpectedBody
            | BadHead::TwoFramings => StatusCode::BAD_REQUEST,
        }
    }
}

impl UploadError {
    /// The response's status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        match self {
            UploadError::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            UploadError::TooSlow => StatusCode::REQUEST_TIMEOUT,
            UploadError::Broken(_) => StatusCode::BAD_REQUEST,
        }
    }
}
