//! What a register says of its people and organizations, by its own identifiers (FACTS-1).
//!
//! A fact has a name ([`Which`]) and says something ([`Fact`]). Names are made of the register's own identifiers, so that a
//! program that pushes needs to know none of Poort's.

use std::{fmt, str::FromStr};

use super::{
    assurance::UnknownWord,
    identifier::NationalNumber,
    organization::Management,
    period::Period,
    person::{HeldRole, Registration, Role, Tie},
};
use crate::base::Language;

/// How a register identifies a person, an organization or a mandate: for good, and never by a national number. 1 to 100 of the
/// characters that a URL takes as they are (RFC 3986 section 2.3), beginning with a letter or digit: no path climbs by it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RegisterKey(String);

/// The text is no identifier of a register.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not 1 to 100 of the characters A-Z a-z 0-9 - . _ ~, beginning with a letter or digit")]
pub struct InvalidKey;

impl RegisterKey {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for RegisterKey {
    type Err = InvalidKey;

    fn from_str(text: &str) -> Result<Self, InvalidKey> {
        let unreserved = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_' | b'~');
        let good = text.len() <= 100
            && text.bytes().next().is_some_and(|b| b.is_ascii_alphanumeric())
            && text.bytes().all(unreserved);
        if good { Ok(Self(text.to_owned())) } else { Err(InvalidKey) }
    }
}

impl fmt::Display for RegisterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A kind of fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// A human being.
    Person,
    /// A role that the register knows somebody in.
    Role,
    /// An entry in the register of a profession.
    Registration,
    /// What ties one person to another.
    Tie,
    /// An enterprise or institution.
    Organization,
    /// What an organization may let its members do.
    Right,
    /// That somebody belongs to an organization.
    Member,
    /// That somebody lets another act for them.
    Mandate,
}

impl Kind {
    /// Every kind, in an order in which each comes after what it is about.
    pub const ALL: [Kind; 8] = [
        Kind::Person,
        Kind::Role,
        Kind::Registration,
        Kind::Tie,
        Kind::Organization,
        Kind::Right,
        Kind::Member,
        Kind::Mandate,
    ];

    /// The word of the interface, the database and the audit log.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Kind::Person => "person",
            Kind::Role => "role",
            Kind::Registration => "registration",
            Kind::Tie => "tie",
            Kind::Organization => "organization",
            Kind::Right => "right",
            Kind::Member => "member",
            Kind::Mandate => "mandate",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl FromStr for Kind {
    type Err = UnknownWord;

    fn from_str(word: &str) -> Result<Self, UnknownWord> {
        Self::ALL.into_iter().find(|kind| kind.word() == word).ok_or(UnknownWord)
    }
}

/// Which fact.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Which {
    /// A person.
    Person(RegisterKey),
    /// A person's role.
    Role(RegisterKey, Role),
    /// A person's registration, by the profession's code.
    Registration(RegisterKey, String),
    /// What ties the first to the second.
    Tie(RegisterKey, Tie, RegisterKey),
    /// An organization.
    Organization(RegisterKey),
    /// An organization's right, by its code.
    Right(RegisterKey, String),
    /// An organization and who belongs to it.
    Member(RegisterKey, RegisterKey),
    /// A mandate.
    Mandate(RegisterKey),
}

impl Which {
    /// Its kind.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        match self {
            Which::Person(_) => Kind::Person,
            Which::Role(..) => Kind::Role,
            Which::Registration(..) => Kind::Registration,
            Which::Tie(..) => Kind::Tie,
            Which::Organization(_) => Kind::Organization,
            Which::Right(..) => Kind::Right,
            Which::Member(..) => Kind::Member,
            Which::Mandate(_) => Kind::Mandate,
        }
    }

    /// Its name within its kind. No part of it has a `/`, so that no two facts have one name.
    #[must_use]
    pub fn key(&self) -> String {
        match self {
            Which::Person(key) | Which::Organization(key) | Which::Mandate(key) => key.to_string(),
            Which::Role(person, role) => format!("{person}/{role}"),
            Which::Registration(person, code) | Which::Right(person, code) => format!("{person}/{code}"),
            Which::Tie(person, tie, other) => format!("{person}/{}/{other}", tie.word()),
            Which::Member(organization, person) => format!("{organization}/{person}"),
        }
    }

    /// The fact of its name.
    #[must_use]
    pub fn parse(kind: Kind, key: &str) -> Option<Self> {
        let parts: Vec<&str> = key.split('/').collect();
        let key = |text: &str| text.parse::<RegisterKey>().ok();
        match (kind, parts.as_slice()) {
            (Kind::Person, [person]) => Some(Which::Person(key(person)?)),
            (Kind::Role, [person, role]) => Some(Which::Role(key(person)?, role.parse().ok()?)),
            (Kind::Registration, [person, code]) => Some(Which::Registration(key(person)?, (*code).to_owned())),
            (Kind::Tie, [person, tie, other]) => Some(Which::Tie(key(person)?, tie.parse().ok()?, key(other)?)),
            (Kind::Organization, [organization]) => Some(Which::Organization(key(organization)?)),
            (Kind::Right, [organization, code]) => Some(Which::Right(key(organization)?, (*code).to_owned())),
            (Kind::Member, [organization, person]) => Some(Which::Member(key(organization)?, key(person)?)),
            (Kind::Mandate, [mandate]) => Some(Which::Mandate(key(mandate)?)),
            _ => None,
        }
    }
}

/// `registration p-104/physician`.
impl fmt::Display for Which {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.kind(), self.key())
    }
}

/// A fact, with what it says.
#[derive(Clone, Debug)]
pub enum Fact {
    /// Who somebody is.
    Person {
        /// Whom.
        person: RegisterKey,
        /// Who they are.
        about: AboutPerson,
    },
    /// A role of somebody.
    Role {
        /// Whose.
        person: RegisterKey,
        /// Which, and when.
        held: HeldRole,
    },
    /// A registration of somebody.
    Registration {
        /// Whose.
        person: RegisterKey,
        /// Which, and when.
        registration: Registration,
    },
    /// What ties somebody to another.
    Tie {
        /// Who.
        person: RegisterKey,
        /// How.
        tie: Tie,
        /// To whom.
        other: RegisterKey,
        /// When.
        period: Period,
    },
    /// An organization.
    Organization {
        /// Which.
        organization: RegisterKey,
        /// Its name.
        name: String,
        /// Its enterprise number, when it has one.
        number: Option<String>,
    },
    /// A right of an organization.
    Right {
        /// Whose.
        organization: RegisterKey,
        /// The right's code.
        right: String,
        /// When.
        period: Period,
    },
    /// Somebody who belongs to an organization.
    Member {
        /// To which.
        organization: RegisterKey,
        /// Who.
        person: RegisterKey,
        /// As what, and when.
        belonging: Belonging,
    },
    /// A mandate.
    Mandate {
        /// Which.
        mandate: RegisterKey,
        /// From whom to whom, for what, and when.
        given: GivenMandate,
    },
}

impl Fact {
    /// Which it is.
    #[must_use]
    pub fn which(&self) -> Which {
        match self {
            Fact::Person { person, .. } => Which::Person(person.clone()),
            Fact::Role { person, held } => Which::Role(person.clone(), held.role),
            Fact::Registration { person, registration } => {
                Which::Registration(person.clone(), registration.profession.clone())
            }
            Fact::Tie { person, tie, other, .. } => Which::Tie(person.clone(), *tie, other.clone()),
            Fact::Organization { organization, .. } => Which::Organization(organization.clone()),
            Fact::Right { organization, right, .. } => Which::Right(organization.clone(), right.clone()),
            Fact::Member { organization, person, .. } => Which::Member(organization.clone(), person.clone()),
            Fact::Mandate { mandate, .. } => Which::Mandate(mandate.clone()),
        }
    }
}

/// Who somebody is, as the register knows them.
#[derive(Clone, Debug)]
pub struct AboutPerson {
    /// Given name.
    pub given_name: String,
    /// Family name.
    pub family_name: String,
    /// The address that they log in with and are written to.
    pub email: String,
    /// The language they are written to in.
    pub language: Language,
    /// Known to the register as a citizen with a file of their own (PROFILE-2).
    pub citizen_file: bool,
    /// Their national number; absent, what Poort knows of it stays.
    pub national_number: Option<NationalNumber>,
}

/// As what somebody belongs to an organization.
#[derive(Clone, Debug)]
pub struct Belonging {
    /// Whether they may legally represent it.
    pub representative: bool,
    /// What they manage.
    pub management: Management,
    /// When.
    pub period: Period,
    /// What they may grant when they are no chief; absent, what Poort knows of it stays.
    pub entrusted: Option<Vec<(String, Period)>>,
}

/// Who holds a mandate, by the register's identifiers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HolderKey {
    /// A person.
    Person(RegisterKey),
    /// An organization, through whoever represents it.
    Organization(RegisterKey),
}

/// A mandate as a register hands it over.
#[derive(Clone, Debug)]
pub struct GivenMandate {
    /// Who gave it.
    pub mandator: RegisterKey,
    /// Who holds it.
    pub holder: HolderKey,
    /// The scope's code.
    pub scope: String,
    /// From when until when.
    pub period: Period,
    /// Whether the holder accepted it. What was accepted stays so.
    pub accepted: bool,
}

/// What a register pushes.
#[derive(Clone, Debug)]
pub enum Change {
    /// It is so.
    Put(Fact),
    /// It is so no longer.
    Withdraw(Which),
}

impl Change {
    /// Which fact it is about.
    #[must_use]
    pub fn which(&self) -> Which {
        match self {
            Change::Put(fact) => fact.which(),
            Change::Withdraw(which) => which.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identifier_needs_no_encoding_and_climbs_nowhere() {
        for good in ["1", "p-104", "A.b_c~d", &"x".repeat(100)] {
            assert!(good.parse::<RegisterKey>().is_ok(), "{good}");
        }
        for bad in ["", ".", "..", "-a", "~a", "a/b", "a b", "a%2fb", "é", "a@b", "a:b", &"x".repeat(101)] {
            assert_eq!(bad.parse::<RegisterKey>(), Err(InvalidKey), "{bad}");
        }
    }

    #[test]
    fn a_name_is_read_as_it_is_written() {
        let key = |text: &str| text.parse::<RegisterKey>().expect("an identifier");
        let all = [
            Which::Person(key("p1")),
            Which::Role(key("p1"), Role::Trainer),
            Which::Registration(key("p1"), "physician".into()),
            Which::Tie(key("p1"), Tie::Trains, key("p2")),
            Which::Organization(key("o1")),
            Which::Right(key("o1"), "reporting".into()),
            Which::Member(key("o1"), key("p1")),
            Which::Mandate(key("m1")),
        ];
        assert_eq!(all.len(), Kind::ALL.len());
        for which in all {
            assert_eq!(Which::parse(which.kind(), &which.key()), Some(which.clone()), "{which}");
            assert_eq!(Which::parse(which.kind(), "a/b/c/d"), None);
        }
    }

    #[test]
    fn a_kind_has_one_word_and_comes_after_what_it_is_about() {
        for kind in Kind::ALL {
            assert_eq!(kind.word().parse(), Ok(kind));
        }
        assert!(Kind::Person < Kind::Registration && Kind::Organization < Kind::Member && Kind::Member < Kind::Mandate);
    }
}
