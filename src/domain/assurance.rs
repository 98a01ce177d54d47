//! How sure one is of who logged in: the three levels of eIDAS (Regulation 910/2014 article 8).

use std::{fmt, str::FromStr};

/// The level of assurance of a login. Ordered: `Low < Substantial < High`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Assurance {
    /// eIDAS low: a password with a code by e-mail.
    Low,
    /// eIDAS substantial: a password with an authenticator app; DigiD Midden and Substantieel.
    Substantial,
    /// eIDAS high: an identity card with its chip.
    High,
}

impl Assurance {
    /// Every level, lowest first.
    pub const ALL: [Assurance; 3] = [Assurance::Low, Assurance::Substantial, Assurance::High];

    /// The word of the configuration, the policies' log and the database.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Assurance::Low => "low",
            Assurance::Substantial => "substantial",
            Assurance::High => "high",
        }
    }

    /// The number that policies compare: 1, 2, 3.
    #[must_use]
    pub const fn rank(self) -> i64 {
        match self {
            Assurance::Low => 1,
            Assurance::Substantial => 2,
            Assurance::High => 3,
        }
    }

    /// The value of `acr` (OpenID Connect Core 1.0 section 2), as eIDAS names the levels.
    #[must_use]
    pub const fn acr(self) -> &'static str {
        match self {
            Assurance::Low => "http://eidas.europa.eu/LoA/low",
            Assurance::Substantial => "http://eidas.europa.eu/LoA/substantial",
            Assurance::High => "http://eidas.europa.eu/LoA/high",
        }
    }

    /// The level that an `acr` value names.
    #[must_use]
    pub fn from_acr(acr: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.acr() == acr)
    }
}

impl fmt::Display for Assurance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl FromStr for Assurance {
    type Err = UnknownWord;

    fn from_str(word: &str) -> Result<Self, UnknownWord> {
        Self::ALL.into_iter().find(|level| level.word() == word).ok_or(UnknownWord)
    }
}

/// The word names nothing of its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("unknown word")]
pub struct UnknownWord;
