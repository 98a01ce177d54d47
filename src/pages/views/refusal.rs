//! A refused request (PROXY-2): what is missing and how to get it, and nothing about what must stay hidden.

use askama::Template;

use super::words::AccessManagerContact;
use super::{Frame, Page};

/// The page that says what is missing.
#[derive(Template)]
#[template(path = "refusal.html")]
pub struct Refusal {
    pub frame: Frame,
    /// The register that was asked.
    pub register: String,
    /// The profile with which it was asked, in words: `Burger`; `None` without one.
    pub profile: Option<String>,
    /// What would help, the easiest first. Empty: nothing the person can do but ask.
    pub lacking: Vec<Lacking>,
    /// Where one came from in the register.
    pub back: Option<String>,
    /// The number by which the help desk finds this in the log.
    pub reference: String,
}

/// Something that would make the request possible.
pub enum Lacking {
    /// A login with a stronger key (LOGIN-14).
    Assurance {
        /// Where to log in with it.
        href: String,
    },
    /// Another way to log in that this register asks for (LOGIN-4).
    OtherKey {
        /// Where to log in.
        href: String,
    },
    /// Another profile that the person has.
    Profile {
        /// Its names.
        profiles: Vec<String>,
        /// Where to choose it.
        href: String,
    },
    /// A role, for example director, in which the register does not know the person (PROFILE-6).
    Role,
    /// A right within an organization.
    Right {
        right: String,
        organization: String,
        /// Who can give it, as far as the person may know.
        managers: Vec<AccessManagerContact>,
    },
    /// The profile that the session had: its mandate, membership, registration or role has ended.
    ProfileEnded {
        /// Where to choose another.
        href: String,
    },
    /// The mandate does not reach this far.
    MandateScope {
        /// What the mandate is for.
        scope: String,
    },
}

impl Page for Refusal {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn title(&self) -> String {
        self.frame.text.say("refusal-title").into_owned()
    }
}
