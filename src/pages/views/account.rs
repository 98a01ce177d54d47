//! `/` and `/sessions` of who is signed in: who am I, as what, where can I go, and on which devices am I signed in.

use askama::Template;
use jiff::civil::DateTime;

use super::login::KeyKind;
use super::{Frame, Page};

/// The page about one's own account.
#[derive(Template)]
#[template(path = "account.html")]
pub struct Account {
    pub frame: Frame,
    /// Given and family name.
    pub name: String,
    /// Whether there is an address that one can change.
    pub changes_address: bool,
    /// The user name, an e-mail address.
    pub user_name: String,
    /// With which key this session was begun.
    pub key: KeyKind,
    /// How sure the tenant is of the person.
    pub assurance: AssuranceName,
    /// The chosen profile in words: `Burger`, `Arts`; `None` before a choice.
    pub profile: Option<String>,
    /// Whether there is another profile to choose.
    pub other_profiles: bool,
    /// The registers to which one can go.
    pub registers: Vec<RegisterLink>,
    /// Whether the person may manage an organization's rights now.
    pub manages_organization: bool,
    /// Whether the person may search mandators now.
    pub holds_mandates: bool,
    /// Where one lets others see something: address and name, in the tenant's words.
    pub consents: Vec<(String, String)>,
    /// Whether the profile is one that others may let see something.
    pub insight: bool,
    /// Whether there is an app that the person may pair.
    pub devices: bool,
    /// Whether there is a password, which somebody who sees a strange session changes.
    pub password: bool,
    /// Own sessions, this one first.
    pub sessions: Vec<SessionRow>,
    /// Set after a session was ended.
    pub session_ended: bool,
}

/// A register behind the gateway.
pub struct RegisterLink {
    pub name: String,
    /// What one does there, in the page's language.
    pub description: Option<String>,
    pub href: String,
}

/// How sure the tenant is of the person (eIDAS levels).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AssuranceName {
    Low,
    Substantial,
    High,
}

impl Account {
    fn assurance_name(&self) -> String {
        let key = match self.assurance {
            AssuranceName::Low => "assurance-low",
            AssuranceName::Substantial => "assurance-substantial",
            AssuranceName::High => "assurance-high",
        };
        self.frame.text.say(key).into_owned()
    }

    fn other_sessions(&self) -> bool {
        self.sessions.iter().any(|session| !session.this_one)
    }
}

/// A session of this person.
pub struct SessionRow {
    /// The opaque handle, form field `session` of `/sessions/end`.
    pub handle: String,
    /// The browser and system, as far as known: `Firefox op Windows`.
    pub device: String,
    /// Local times of the tenant.
    pub began: DateTime,
    pub last_seen: DateTime,
    pub this_one: bool,
}

impl Page for Account {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn title(&self) -> String {
        self.frame.text.say("account-title").into_owned()
    }
}
