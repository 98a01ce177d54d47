//! What ties a person to whom or what a request is about, and its one text form, the word of the policies.
//!
//! A code stands behind its kind and a colon, and a rule compares whole words: a right whose code reads
//! `mandate:administrative` is `right:mandate:administrative` and no mandate.

use std::{fmt, str::FromStr};

use crate::{
    base::id::is_slug,
    domain::{assurance::UnknownWord, person::Role},
};

/// A relation that is in force.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Relation {
    /// It is the person themselves: `self`.
    Oneself,
    /// They gave the person a mandate of this scope: `mandate:SCOPE`.
    Mandate(String),
    /// The person treats them: `treating`.
    Treating,
    /// The person trains them: `trains`.
    Trains,
    /// The person supports a trainer of theirs: `supports_trainer`.
    SupportsTrainer,
    /// The person is the appraiser of their cycle: `appraises`.
    Appraises,
    /// They consented to what this purpose shows: `consent:PURPOSE`.
    Consent(String),
    /// The person belongs to the organization: `member`.
    Member,
    /// The person was granted this right in the organization: `right:CODE`.
    Right(String),
    /// The person manages rights that were entrusted to them: `access_manager`.
    AccessManager,
    /// The person manages every right of the organization: `chief_access_manager`.
    ChiefAccessManager,
    /// The person may legally represent the organization: `representative`.
    Representative,
    /// The register knows the person in this role: `known_as:ROLE`. It ties them to nobody.
    KnownAs(Role),
}

/// With what a relation ties, or what an operation is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum About {
    /// Nobody in particular.
    Nobody,
    /// One person.
    Person,
    /// One organization.
    Organization,
    /// A holder of mandates: a person, or an organization.
    Holder,
}

impl About {
    /// The word of `operations.txt`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            About::Nobody => "nobody",
            About::Person => "person",
            About::Organization => "organization",
            About::Holder => "holder",
        }
    }
}

impl FromStr for About {
    type Err = UnknownWord;

    fn from_str(word: &str) -> Result<Self, UnknownWord> {
        [About::Nobody, About::Person, About::Organization, About::Holder]
            .into_iter()
            .find(|about| about.word() == word)
            .ok_or(UnknownWord)
    }
}

impl Relation {
    /// With what it ties the person.
    #[must_use]
    pub const fn with(&self) -> About {
        match self {
            Relation::Oneself
            | Relation::Mandate(_)
            | Relation::Treating
            | Relation::Trains
            | Relation::SupportsTrainer
            | Relation::Appraises
            | Relation::Consent(_) => About::Person,
            Relation::Member
            | Relation::Right(_)
            | Relation::AccessManager
            | Relation::ChiefAccessManager
            | Relation::Representative => About::Organization,
            Relation::KnownAs(_) => About::Nobody,
        }
    }

    /// Whether it ties the person to something that is `about` this.
    #[must_use]
    pub fn ties_to(&self, about: About) -> bool {
        match about {
            About::Nobody => false,
            About::Holder => self.with() != About::Nobody,
            about => self.with() == about,
        }
    }
}

impl fmt::Display for Relation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Relation::Oneself => f.write_str("self"),
            Relation::Mandate(scope) => write!(f, "mandate:{scope}"),
            Relation::Treating => f.write_str("treating"),
            Relation::Trains => f.write_str("trains"),
            Relation::SupportsTrainer => f.write_str("supports_trainer"),
            Relation::Appraises => f.write_str("appraises"),
            Relation::Consent(purpose) => write!(f, "consent:{purpose}"),
            Relation::Member => f.write_str("member"),
            Relation::Right(code) => write!(f, "right:{code}"),
            Relation::AccessManager => f.write_str("access_manager"),
            Relation::ChiefAccessManager => f.write_str("chief_access_manager"),
            Relation::Representative => f.write_str("representative"),
            Relation::KnownAs(role) => write!(f, "known_as:{role}"),
        }
    }
}

/// As rules and examples write it: codes are slugs, roles are known.
impl FromStr for Relation {
    type Err = UnknownWord;

    fn from_str(word: &str) -> Result<Self, UnknownWord> {
        Ok(match word.split_once(':') {
            Some(("mandate", scope)) if is_slug(scope) => Relation::Mandate(scope.into()),
            Some(("consent", purpose)) if is_slug(purpose) => Relation::Consent(purpose.into()),
            Some(("right", code)) if is_slug(code) => Relation::Right(code.into()),
            Some(("known_as", role)) => Relation::KnownAs(role.parse()?),
            Some(_) => return Err(UnknownWord),
            None => match word {
                "self" => Relation::Oneself,
                "treating" => Relation::Treating,
                "trains" => Relation::Trains,
                "supports_trainer" => Relation::SupportsTrainer,
                "appraises" => Relation::Appraises,
                "member" => Relation::Member,
                "access_manager" => Relation::AccessManager,
                "chief_access_manager" => Relation::ChiefAccessManager,
                "representative" => Relation::Representative,
                _ => return Err(UnknownWord),
            },
        })
    }
}
