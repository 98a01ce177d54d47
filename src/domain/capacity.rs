//! What a person may act as (hoedanigheid).

use std::{fmt, str::FromStr};

use super::assurance::UnknownWord;

/// The capacity of a profile. The words are those of policies, tokens and the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Capacity {
    /// Oneself, as anyone (burger).
    Citizen,
    /// A professional with a registration (zorgverlener).
    Professional,
    /// For a mandator, under a mandate (mandaathouder).
    MandateHolder,
    /// Within an organization, with the rights granted there; also its access managers.
    OrganizationMember,
    /// Trains the trainees of their own (opleider).
    Trainer,
    /// Is being trained (aios).
    Trainee,
    /// Prepares for a trainer (ondersteuner).
    Supporter,
    /// Leads the talk of an appraisal cycle (gespreksleider).
    Appraiser,
    /// Helps the people of the register.
    Helpdesk,
    /// Nobody who is known: no login comes before. No profile has it.
    Anyone,
}

impl Capacity {
    /// Every capacity; the policy matrix has a row for each.
    pub const ALL: [Capacity; 10] = [
        Capacity::Citizen,
        Capacity::Professional,
        Capacity::MandateHolder,
        Capacity::OrganizationMember,
        Capacity::Trainer,
        Capacity::Trainee,
        Capacity::Supporter,
        Capacity::Appraiser,
        Capacity::Helpdesk,
        Capacity::Anyone,
    ];

    /// The word in policies, tokens and the database.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Capacity::Citizen => "citizen",
            Capacity::Professional => "professional",
            Capacity::MandateHolder => "mandate_holder",
            Capacity::OrganizationMember => "organization_member",
            Capacity::Trainer => "trainer",
            Capacity::Trainee => "trainee",
            Capacity::Supporter => "supporter",
            Capacity::Appraiser => "appraiser",
            Capacity::Helpdesk => "helpdesk",
            Capacity::Anyone => "anyone",
        }
    }
}

impl fmt::Display for Capacity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl FromStr for Capacity {
    type Err = UnknownWord;

    fn from_str(word: &str) -> Result<Self, UnknownWord> {
        Self::ALL.into_iter().find(|capacity| capacity.word() == word).ok_or(UnknownWord)
    }
}
