//! When something does not work: what happened, what to do next, a reference number and the help line.

use askama::Template;
use jiff::civil::DateTime;

use super::{Frame, Page};

/// The page of a failure.
#[derive(Template)]
#[template(path = "failure.html")]
pub struct Failure {
    pub frame: Frame,
    pub kind: FailureKind,
    /// Where the button of the page leads: to the start of the login, back to the register, or to the same page
    /// again, as the kind says. `None` when there is nowhere to go, as for a page of an unknown address.
    pub next: Option<String>,
    /// The number by which the help desk finds this in the log.
    pub reference: String,
}

/// What happened. The HTTP status is the handler's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FailureKind {
    /// The login attempt is unknown, used or expired, or began in another browser.
    AttemptGone,
    /// Too many tries.
    TooManyTries {
        /// When one may try again, in the tenant's time zone.
        again_at: DateTime,
    },
    /// The person cancelled the login.
    Cancelled,
    /// The session ended; after logging in the person is back where they were.
    SessionEnded,
    /// The form is older than its token.
    FormExpired,
    NotFound,
    /// The register did not answer in time.
    RegisterSlow {
        register: String,
    },
    /// The register cannot be reached.
    RegisterDown {
        register: String,
    },
    /// The request cannot be understood.
    BadRequest,
    /// More was sent than is accepted.
    TooLarge,
    /// Something failed on our side.
    Internal,
    /// The browser keeps no cookies.
    CookiesRefused,
    /// It cannot be decided now who may do what, so nothing is allowed.
    PolicyUnavailable,
    /// Somebody comes back from another provider, and did not leave from this browser, or comes a second time.
    ReturnedElsewhere,
    /// The provider with which the person wants to log in is out of order.
    ProviderDown {
        provider: String,
    },
    /// What the provider said cannot be believed.
    ProviderAnswer {
        provider: String,
    },
    /// The login at the provider is worth less than what was asked.
    ProviderTooLow {
        provider: String,
    },
    /// The card that the person shows is over, or was revoked.
    CardNotInForce,
    /// The provider knows no national number of the person.
    NoNationalNumber {
        provider: String,
    },
    /// The register does not know the organization for which the person logs in.
    NoOrganization {
        provider: String,
    },
    /// The person logged in for another one.
    ForAnother {
        provider: String,
    },
    /// The person is proved to be who they are, and has no account.
    NoAccount {
        provider: String,
    },
    /// The account of the person is closed.
    AccountClosed,
}

impl Failure {
    fn is_too_many_tries(&self) -> bool {
        matches!(self.kind, FailureKind::TooManyTries { .. })
    }

    fn explanation(&self) -> String {
        let text = self.frame.text;
        match &self.kind {
            FailureKind::AttemptGone => text.say("failure-attempt-gone-text").into_owned(),
            FailureKind::TooManyTries { again_at } => {
                text.say_with("failure-too-many-tries-text").arg("time", text.time(*again_at)).to_string()
            }
            FailureKind::Cancelled => text.say("failure-cancelled-text").into_owned(),
            FailureKind::SessionEnded => text.say("failure-session-ended-text").into_owned(),
            FailureKind::FormExpired => text.say("failure-form-expired-text").into_owned(),
            FailureKind::NotFound => text.say("failure-not-found-text").into_owned(),
            FailureKind::RegisterSlow { register } => {
                text.say_with("failure-register-slow-text").arg("register", register.as_str()).to_string()
            }
            FailureKind::RegisterDown { register } => {
                text.say_with("failure-register-down-text").arg("register", register.as_str()).to_string()
            }
            FailureKind::BadRequest => text.say("failure-bad-request-text").into_owned(),
            FailureKind::TooLarge => text.say("failure-too-large-text").into_owned(),
            FailureKind::Internal => text.say("failure-internal-text").into_owned(),
            FailureKind::CookiesRefused => text.say("failure-cookies-refused-text").into_owned(),
            FailureKind::PolicyUnavailable => text.say("failure-policy-unavailable-text").into_owned(),
            FailureKind::ReturnedElsewhere => text.say("failure-returned-elsewhere-text").into_owned(),
            FailureKind::ProviderDown { provider } => {
                text.say_with("failure-provider-down-text").arg("provider", provider.as_str()).to_string()
            }
            FailureKind::ProviderAnswer { provider } => {
                text.say_with("failure-provider-answer-text").arg("provider", provider.as_str()).to_string()
            }
            FailureKind::ProviderTooLow { provider } => {
                text.say_with("failure-provider-too-low-text").arg("provider", provider.as_str()).to_string()
            }
            FailureKind::CardNotInForce => text.say("failure-card-not-in-force-text").into_owned(),
            FailureKind::NoNationalNumber { provider } => {
                text.say_with("failure-no-national-number-text").arg("provider", provider.as_str()).to_string()
            }
            FailureKind::NoOrganization { provider } => {
                text.say_with("failure-no-organization-text").arg("provider", provider.as_str()).to_string()
            }
            FailureKind::ForAnother { provider } => {
                text.say_with("failure-for-another-text").arg("provider", provider.as_str()).to_string()
            }
            FailureKind::NoAccount { provider } => {
                text.say_with("failure-no-account-text").arg("provider", provider.as_str()).to_string()
            }
            FailureKind::AccountClosed => text.say("failure-account-closed-text").into_owned(),
        }
    }

    /// A text that may name the provider.
    fn said(&self, key: &'static str) -> String {
        let text = self.frame.text;
        match &self.kind {
            FailureKind::ProviderDown { provider }
            | FailureKind::ProviderAnswer { provider }
            | FailureKind::ProviderTooLow { provider }
            | FailureKind::NoNationalNumber { provider }
            | FailureKind::NoOrganization { provider }
            | FailureKind::ForAnother { provider }
            | FailureKind::NoAccount { provider } => text.say_with(key).arg("provider", provider.as_str()).to_string(),
            _ => text.say(key).into_owned(),
        }
    }

    fn advice(&self) -> String {
        let key = match &self.kind {
            FailureKind::AttemptGone => "failure-attempt-gone-next",
            FailureKind::TooManyTries { .. } => "failure-too-many-tries-next",
            FailureKind::Cancelled => "failure-cancelled-next",
            FailureKind::SessionEnded => "failure-session-ended-next",
            FailureKind::FormExpired => "failure-form-expired-next",
            FailureKind::NotFound => "failure-not-found-next",
            FailureKind::RegisterSlow { .. } => "failure-register-slow-next",
            FailureKind::RegisterDown { .. } => "failure-register-down-next",
            FailureKind::BadRequest => "failure-bad-request-next",
            FailureKind::TooLarge => "failure-too-large-next",
            FailureKind::Internal => "failure-internal-next",
            FailureKind::CookiesRefused => "failure-cookies-refused-next",
            FailureKind::PolicyUnavailable => "failure-policy-unavailable-next",
            FailureKind::ReturnedElsewhere => "failure-returned-elsewhere-next",
            FailureKind::ProviderDown { .. } => "failure-provider-down-next",
            FailureKind::ProviderAnswer { .. } => "failure-provider-answer-next",
            FailureKind::ProviderTooLow { .. } => "failure-provider-too-low-next",
            FailureKind::CardNotInForce => "failure-card-not-in-force-next",
            FailureKind::NoNationalNumber { .. } => "failure-no-national-number-next",
            FailureKind::NoOrganization { .. } => "failure-no-organization-next",
            FailureKind::ForAnother { .. } => "failure-for-another-next",
            FailureKind::NoAccount { .. } => "failure-no-account-next",
            FailureKind::AccountClosed => "failure-account-closed-next",
        };
        self.said(key)
    }

    fn button(&self) -> String {
        let key = match &self.kind {
            FailureKind::AttemptGone
            | FailureKind::TooManyTries { .. }
            | FailureKind::Cancelled
            | FailureKind::ReturnedElsewhere => "failure-log-in-again",
            FailureKind::ProviderDown { .. }
            | FailureKind::ProviderAnswer { .. }
            | FailureKind::ProviderTooLow { .. }
            | FailureKind::CardNotInForce
            | FailureKind::NoNationalNumber { .. }
            | FailureKind::NoOrganization { .. }
            | FailureKind::ForAnother { .. } => "failure-other-key",
            FailureKind::NoAccount { .. } | FailureKind::AccountClosed => "failure-to-start",
            FailureKind::SessionEnded => "failure-log-in-and-return",
            FailureKind::FormExpired => "failure-open-form-again",
            FailureKind::NotFound | FailureKind::BadRequest => "failure-to-start",
            FailureKind::TooLarge => "failure-back",
            FailureKind::RegisterSlow { .. }
            | FailureKind::RegisterDown { .. }
            | FailureKind::Internal
            | FailureKind::CookiesRefused
            | FailureKind::PolicyUnavailable => "failure-try-again",
        };
        self.frame.text.say(key).into_owned()
    }
}

impl Page for Failure {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn title(&self) -> String {
        let key = match &self.kind {
            FailureKind::AttemptGone => "failure-attempt-gone-title",
            FailureKind::TooManyTries { .. } => "failure-too-many-tries-title",
            FailureKind::Cancelled => "failure-cancelled-title",
            FailureKind::SessionEnded => "failure-session-ended-title",
            FailureKind::FormExpired => "failure-form-expired-title",
            FailureKind::NotFound => "failure-not-found-title",
            FailureKind::RegisterSlow { .. } => "failure-register-slow-title",
            FailureKind::RegisterDown { .. } => "failure-register-down-title",
            FailureKind::BadRequest => "failure-bad-request-title",
            FailureKind::TooLarge => "failure-too-large-title",
            FailureKind::Internal => "failure-internal-title",
            FailureKind::CookiesRefused => "failure-cookies-refused-title",
            FailureKind::PolicyUnavailable => "failure-policy-unavailable-title",
            FailureKind::ReturnedElsewhere => "failure-returned-elsewhere-title",
            FailureKind::ProviderDown { .. } => "failure-provider-down-title",
            FailureKind::ProviderAnswer { .. } => "failure-provider-answer-title",
            FailureKind::ProviderTooLow { .. } => "failure-provider-too-low-title",
            FailureKind::CardNotInForce => "failure-card-not-in-force-title",
            FailureKind::NoNationalNumber { .. } => "failure-no-national-number-title",
            FailureKind::NoOrganization { .. } => "failure-no-organization-title",
            FailureKind::ForAnother { .. } => "failure-for-another-title",
            FailureKind::NoAccount { .. } => "failure-no-account-title",
            FailureKind::AccountClosed => "failure-account-closed-title",
        };
        self.said(key)
    }
}
