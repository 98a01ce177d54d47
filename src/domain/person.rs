//! A human being known to a tenant, and what the register says of them.

use std::{fmt, str::FromStr};

use jiff::civil::Date;

use super::{assurance::UnknownWord, period::Period};
use crate::base::{Language, id::PersonId};

/// Who somebody is. The national number is kept elsewhere, sealed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Who.
    pub id: PersonId,
    /// Given name, as in the register.
    pub given_name: String,
    /// Family name, as in the register.
    pub family_name: String,
    /// The address that they log in with and are written to. Empty for who has none: a first login at another provider made the
    /// account, and no provider's word makes an address somebody's.
    pub email: String,
    /// The language they are written to in.
    pub language: Language,
    /// Known to the register as a citizen with a file of their own (PROFILE-2).
    pub citizen_file: bool,
}

impl Person {
    /// The address that they are written to, when they have one.
    #[must_use]
    pub fn address(&self) -> Option<&str> {
        Some(self.email.as_str()).filter(|address| !address.is_empty())
    }

    /// Given and family name; empty for who has none yet: the provider that vouched for them told a number alone.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{} {}", self.given_name, self.family_name).trim().to_owned()
    }
}

/// What somebody is besides a citizen, in force during a period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldRole {
    /// Which.
    pub role: Role,
    /// When.
    pub period: Period,
}

/// A role that a register knows somebody in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    /// Trains trainees (opleider).
    Trainer,
    /// Is being trained (aios).
    Trainee,
    /// Prepares for a trainer (opleidingsondersteuner).
    Supporter,
    /// Leads the talk of an appraisal cycle (gespreksleider).
    Appraiser,
    /// Works at the helpdesk of the register.
    Helpdesk,
    /// Non-care provider: director (PROFILE-6).
    Director,
    /// Non-care provider: person responsible (PROFILE-6).
    PersonResponsible,
    /// Non-care provider: manager of the eHealth certificate (PROFILE-6).
    CertificateManager,
}

impl Role {
    /// Every role.
    pub const ALL: [Role; 8] = [
        Role::Trainer,
        Role::Trainee,
        Role::Supporter,
        Role::Appraiser,
        Role::Helpdesk,
        Role::Director,
        Role::PersonResponsible,
        Role::CertificateManager,
    ];

    /// The word in the database and as a relation in policies.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Role::Trainer => "trainer",
            Role::Trainee => "trainee",
            Role::Supporter => "supporter",
            Role::Appraiser => "appraiser",
            Role::Helpdesk => "helpdesk",
            Role::Director => "director",
            Role::PersonResponsible => "person_responsible",
            Role::CertificateManager => "certificate_manager",
        }
    }

    /// Whether it is an administrative role of a non-care provider, used as a citizen (PROFILE-6).
    #[must_use]
    pub const fn is_administrative(self) -> bool {
        matches!(self, Role::Director | Role::PersonResponsible | Role::CertificateManager)
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl FromStr for Role {
    type Err = UnknownWord;

    fn from_str(word: &str) -> Result<Self, UnknownWord> {
        Self::ALL.into_iter().find(|role| role.word() == word).ok_or(UnknownWord)
    }
}

/// An entry in a register of a profession.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registration {
    /// The profession's code in the tenant's file.
    pub profession: String,
    /// The registration number (RIZIV, BIG, ..), canonical digits; a care provider may not have one yet (PROFILE-4).
    pub number: Option<String>,
    /// Whether the file is set up: until then its owner can only be a citizen (PROFILE-4).
    pub complete: bool,
    /// When it is in force.
    pub period: Period,
    /// The last day of its certificate; `None` when it is registered and not certified.
    pub certified_until: Option<Date>,
}

/// What ties one person to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Tie {
    /// The first trains the second.
    Trains,
    /// The first supports the second, a trainer.
    Supports,
    /// The first is the appraiser of the second's cycle.
    Appraises,
}

impl Tie {
    /// Every tie.
    pub const ALL: [Tie; 3] = [Tie::Trains, Tie::Supports, Tie::Appraises];

    /// The word in the database.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Tie::Trains => "trains",
            Tie::Supports => "supports",
            Tie::Appraises => "appraises",
        }
    }
}

impl FromStr for Tie {
    type Err = UnknownWord;

    fn from_str(word: &str) -> Result<Self, UnknownWord> {
        Self::ALL.into_iter().find(|tie| tie.word() == word).ok_or(UnknownWord)
    }
}

/// Whether a text is an e-mail address that Poort writes to: of ASCII characters, and without anything that a header or a list of
/// addresses reads otherwise.
#[must_use]
pub fn is_address(text: &str) -> bool {
    let plain =
        |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_graphic() && !br#"<>()[]\,;:"@"#.contains(&b));
    let parts = text.split_once('@');
    text.len() <= 254 && parts.is_some_and(|(local, domain)| plain(local) && plain(domain))
}

/// Folds a name for searching: lower case, accents removed, everything that is no letter or digit removed, so that
/// `Élodie D'Hondt` and `elodie dhondt` are alike on every database.
#[must_use]
pub fn fold_name(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for c in name.chars().flat_map(char::to_lowercase) {
        match c {
            'à'..='å' | 'ā' | 'ă' | 'ą' => out.push('a'),
            'æ' => out.push_str("ae"),
            'ç' | 'ć' | 'č' => out.push('c'),
            'ď' | 'đ' | 'ð' => out.push('d'),
            'è'..='ë' | 'ē' | 'ę' | 'ě' => out.push('e'),
            'ğ' => out.push('g'),
            'ĳ' => out.push_str("ij"),
            'ì'..='ï' | 'ī' | 'ı' => out.push('i'),
            'ł' | 'ľ' => out.push('l'),
            'ñ' | 'ń' | 'ň' => out.push('n'),
            'ò'..='ö' | 'ø' | 'ō' | 'ő' => out.push('o'),
            'œ' => out.push_str("oe"),
            'ř' => out.push('r'),
            'ś' | 'š' | 'ş' | 'ș' => out.push('s'),
            'ß' => out.push_str("ss"),
            'ť' | 'ţ' | 'ț' => out.push('t'),
            'ù'..='ü' | 'ū' | 'ů' | 'ű' => out.push('u'),
            'ý' | 'ÿ' => out.push('y'),
            'ź' | 'ż' | 'ž' => out.push('z'),
            c if c.is_alphanumeric() => out.push(c),
            // Combining marks, apostrophes, hyphens and spaces: people write them differently.
            _ => {}
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_however_they_are_written() {
        for (written, folded) in [
            ("Élodie D'Hondt", "elodiedhondt"),
            ("van den Bergh", "vandenbergh"),
            ("Müller-Weiß", "mullerweiss"),
            ("Søren Łuczak", "sorenluczak"),
            ("e\u{301}lodie", "elodie"),
            ("Ĳsbrand", "ijsbrand"),
            ("Αθηνά", "αθηνά"),
        ] {
            assert_eq!(fold_name(written), folded, "{written}");
        }
    }
}
