//! `/factors`: what one logs in with. Adding to it and taking away from it.

use askama::Template;
use jiff::civil::DateTime;

use super::{Frame, Page, Problems};
use crate::pages::text::Text;

/// The page about what one logs in with.
#[derive(Template)]
#[template(path = "factors.html")]
pub struct Factors {
    pub frame: Frame,
    /// Whether one proved a moment ago who one is; otherwise nothing can be changed yet.
    pub may_change: bool,
    /// What was done just now.
    pub done: Option<FactorDone>,
    /// Whether there is a password, and an address to which a link for one can be sent.
    pub password: bool,
    pub email: bool,
    /// Whether codes by e-mail are offered, and whether they count now.
    pub email_codes: bool,
    pub email_codes_work: bool,
    /// The telephone number; `None` where nothing goes by telephone.
    pub phone: Option<PhoneRow>,
    /// Whether there is an authenticator app, and whether one can be set up.
    pub app: bool,
    pub offers_app: bool,
    pub passkeys: Vec<PasskeyRow>,
    pub offers_passkeys: bool,
    /// How many recovery codes are left; `None` where they are not offered.
    pub recovery_codes: Option<u32>,
    /// The name for a new passkey, as it was typed.
    pub new_name: String,
    pub problem: Option<FactorProblem>,
}

/// What is known of the telephone number.
pub struct PhoneRow {
    /// Its last two digits.
    pub end: String,
    /// Whether there is one, and whether it was verified.
    pub there: bool,
    pub verified: bool,
    /// Whether only the helpdesk changes one that was verified.
    pub helpdesk: bool,
}

/// A passkey of this person.
pub struct PasskeyRow {
    /// The credential's id, form field `passkey`.
    pub id: String,
    pub name: String,
    /// Local times of the tenant.
    pub added: DateTime,
    pub used: Option<DateTime>,
}

/// What was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FactorDone {
    AppAdded,
    AppRemoved,
    PhoneVerified,
    PhoneRemoved,
    PasskeyAdded,
    PasskeyRenamed,
    PasskeyRemoved,
}

impl FactorDone {
    /// Every one.
    pub const ALL: [Self; 7] = [
        Self::AppAdded,
        Self::AppRemoved,
        Self::PhoneVerified,
        Self::PhoneRemoved,
        Self::PasskeyAdded,
        Self::PasskeyRenamed,
        Self::PasskeyRemoved,
    ];

    /// The word in the page's address.
    pub const fn word(self) -> &'static str {
        match self {
            Self::AppAdded => "app-added",
            Self::AppRemoved => "app-removed",
            Self::PhoneVerified => "phone-verified",
            Self::PhoneRemoved => "phone-removed",
            Self::PasskeyAdded => "passkey-added",
            Self::PasskeyRenamed => "passkey-renamed",
            Self::PasskeyRemoved => "passkey-removed",
        }
    }

    fn say(self, text: Text) -> String {
        let key = match self {
            Self::AppAdded => "factors-done-app-added",
            Self::AppRemoved => "factors-done-app-removed",
            Self::PhoneVerified => "factors-done-phone-verified",
            Self::PhoneRemoved => "factors-done-phone-removed",
            Self::PasskeyAdded => "factors-done-passkey-added",
            Self::PasskeyRenamed => "factors-done-passkey-renamed",
            Self::PasskeyRemoved => "factors-done-passkey-removed",
        };
        text.say(key).into_owned()
    }
}

/// What can be wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FactorProblem {
    /// A passkey has no name, or one that is too long: a new one, one that is there.
    Name,
    RenamedName,
    /// No passkey came: the page's script did not run.
    Missing,
    /// What the authenticator made cannot be used here.
    NotUsable,
    /// It is the last thing that one can log in with.
    LastApp,
    LastPhone,
    LastPasskey,
}

impl Factors {
    fn adds_passkeys(&self) -> bool {
        self.offers_passkeys && self.may_change
    }
}

impl Page for Factors {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn title(&self) -> String {
        self.frame.text.say("factors-title").into_owned()
    }

    fn problems(&self) -> Problems {
        let text = self.frame.text;
        self.problem
            .iter()
            .map(|problem| match problem {
                FactorProblem::Name => ("new-name", text.say("factors-passkey-name-problem").into_owned()),
                FactorProblem::RenamedName => ("passkeys", text.say("factors-passkey-name-problem").into_owned()),
                FactorProblem::Missing => ("new-name", text.say("passkey-missing").into_owned()),
                FactorProblem::NotUsable => ("new-name", text.say("factors-passkey-not-usable").into_owned()),
                FactorProblem::LastPhone => ("phone", text.say("factors-last").into_owned()),
                FactorProblem::LastApp => ("app", text.say("factors-last").into_owned()),
                FactorProblem::LastPasskey => ("passkeys", text.say("factors-last").into_owned()),
            })
            .collect()
    }
}
