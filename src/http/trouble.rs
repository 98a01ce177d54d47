//! What goes wrong on a login host, as a page with a reference number. The one place of those pages' statuses.

use axum::response::{IntoResponse, Response};
use http::StatusCode;

use crate::{
    base::Timestamp,
    domain::tenant::Tenant,
    pages::views::failure::FailureKind,
    service::{addresses::NotHeard, federated::Why},
    storage::StoreError,
};

/// Why there is no ordinary page. Becomes one in [`super::page::finish`].
#[derive(Clone, Debug)]
pub enum Trouble {
    /// The attempt is over, expired or of another browser.
    AttemptGone,
    /// Too many tries; the person may try again then.
    TooManyTries(Timestamp),
    /// The person cancelled; where to begin again.
    Cancelled(String),
    /// Somebody comes back from another provider, and did not leave from this browser, or comes a second time.
    ReturnedElsewhere,
    /// A login at another provider does not do: what people call it, why, and where another key can be chosen.
    Provider(String, Why, String),
    /// Nobody is signed in any more; after logging in one is back here.
    SessionEnded,
    /// The form's token is not that of this browser and session.
    FormExpired,
    /// The same, and the form was made for the profile with this handle.
    OtherProfile(String),
    /// The form does not come from our pages.
    ForeignForm,
    /// The browser keeps no cookies.
    CookiesRefused,
    /// There is no such page.
    NotFound,
    /// The page is not used like that.
    MethodNotAllowed,
    /// The request cannot be understood.
    BadRequest,
    /// More was sent than is accepted.
    TooLarge,
    /// Policy does not allow it.
    NotAllowed,
    /// Policy cannot be asked.
    PolicyUnavailable,
    /// The database does not answer, or too many wait: try again soon.
    Unavailable,
    /// A defect of ours.
    Internal,
}

impl From<StoreError> for Trouble {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Unavailable(_) => {
                tracing::warn!(%error, "the database does not answer");
                Trouble::Unavailable
            }
            error => {
                tracing::error!(%error, "a request failed");
                Trouble::Internal
            }
        }
    }
}

impl From<NotHeard> for Trouble {
    fn from(why: NotHeard) -> Self {
        match why {
            NotHeard::TooOften { until } => Trouble::TooManyTries(until),
            NotHeard::Store(error) => error.into(),
        }
    }
}

impl Trouble {
    /// Its status.
    #[must_use]
    pub const fn status(&self) -> StatusCode {
        match self {
            // The page says how to go on; nothing is wrong with the request.
            Trouble::AttemptGone | Trouble::Cancelled(_) | Trouble::ReturnedElsewhere => StatusCode::OK,
            Trouble::Provider(_, Why::OutOfOrder, _) => StatusCode::SERVICE_UNAVAILABLE,
            Trouble::Provider(_, Why::NotBelieved, _) => StatusCode::BAD_GATEWAY,
            Trouble::Provider(..) => StatusCode::FORBIDDEN,
            Trouble::TooManyTries(_) => StatusCode::TOO_MANY_REQUESTS,
            Trouble::SessionEnded => StatusCode::UNAUTHORIZED,
            Trouble::FormExpired | Trouble::OtherProfile(_) | Trouble::CookiesRefused | Trouble::BadRequest => {
                StatusCode::BAD_REQUEST
            }
            Trouble::ForeignForm | Trouble::NotAllowed => StatusCode::FORBIDDEN,
            Trouble::NotFound => StatusCode::NOT_FOUND,
            Trouble::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Trouble::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Trouble::PolicyUnavailable | Trouble::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Trouble::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// What the page says.
    pub(super) fn kind(&self, tenant: &Tenant) -> FailureKind {
        match self {
            Trouble::AttemptGone => FailureKind::AttemptGone,
            Trouble::TooManyTries(until) => FailureKind::TooManyTries { again_at: until.date_time_in(&tenant.zone) },
            Trouble::Cancelled(_) => FailureKind::Cancelled,
            Trouble::ReturnedElsewhere => FailureKind::ReturnedElsewhere,
            Trouble::Provider(provider, why, _) => {
                let provider = provider.clone();
                match why {
                    Why::OutOfOrder => FailureKind::ProviderDown { provider },
                    Why::NotBelieved => FailureKind::ProviderAnswer { provider },
                    Why::TooLow => FailureKind::ProviderTooLow { provider },
                    Why::NotInForce => FailureKind::CardNotInForce,
                    Why::NoNumber => FailureKind::NoNationalNumber { provider },
                    Why::NoOrganization => FailureKind::NoOrganization { provider },
                    Why::ForAnother => FailureKind::ForAnother { provider },
                    Why::Unknown => FailureKind::NoAccount { provider },
                    Why::Closed => FailureKind::AccountClosed,
                }
            }
            Trouble::SessionEnded => FailureKind::SessionEnded,
            Trouble::FormExpired | Trouble::OtherProfile(_) => FailureKind::FormExpired,
            Trouble::CookiesRefused => FailureKind::CookiesRefused,
            Trouble::NotFound | Trouble::MethodNotAllowed | Trouble::NotAllowed => FailureKind::NotFound,
            Trouble::BadRequest | Trouble::ForeignForm => FailureKind::BadRequest,
            Trouble::TooLarge => FailureKind::TooLarge,
            Trouble::PolicyUnavailable => FailureKind::PolicyUnavailable,
            Trouble::Unavailable | Trouble::Internal => FailureKind::Internal,
        }
    }

    /// Seconds after which trying again makes sense.
    #[must_use]
    pub fn retry_after(&self, now: Timestamp) -> Option<u64> {
        match self {
            Trouble::TooManyTries(until) => Some(until.since(now).as_secs() + 1),
            Trouble::PolicyUnavailable | Trouble::Unavailable => Some(5),
            Trouble::Provider(_, Why::OutOfOrder, _) => Some(60),
            _ => None,
        }
    }
}

impl IntoResponse for Trouble {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}
