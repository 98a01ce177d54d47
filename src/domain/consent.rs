//! Consent: a person lets a recipient see something of them, for one purpose, for a time, until they take it back
//! (toestemming; GDPR article 4(11)). Who gave it is the data subject; what it is for is a [`Purpose`] of the tenant's file.

use std::fmt;

use jiff::civil::Date;

use super::{period::Period, person::Tie, tenant::Texts};
use crate::base::id::{ConsentId, OrganizationId, PersonId};

/// Who may see something by a consent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Recipient {
    /// An organization: whoever acts within it.
    Organization(OrganizationId),
    /// One person, as themselves.
    Person(PersonId),
}

/// Its id.
impl fmt::Display for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Recipient::Organization(id) => id.fmt(f),
            Recipient::Person(id) => id.fmt(f),
        }
    }
}

/// A consent as it was given, and not taken back: one that is has no effect, and is read by nobody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Consent {
    /// Which.
    pub id: ConsentId,
    /// The data subject, who gave it.
    pub person: PersonId,
    /// The purpose's code in the tenant's file.
    pub purpose: String,
    /// To whom.
    pub recipient: Recipient,
    /// From when until when.
    pub period: Period,
}

impl Consent {
    /// Whether its recipient may see anything by it on `today`.
    #[must_use]
    pub fn in_force(&self, today: Date) -> bool {
        self.period.includes(today)
    }
}

/// What people can consent to, as the tenant's file says it. What its recipients then see is one route of a register.
#[derive(Clone, Debug)]
pub struct Purpose {
    /// Its code, a word of the policies: `consent:CODE`.
    pub code: String,
    /// What it is called.
    pub name: Texts,
    /// What a recipient will see, and what not: what one consents to.
    pub shows: Texts,
    /// Who can be chosen as a recipient.
    pub recipients: Recipients,
    /// Who can consent to it.
    pub givers: Givers,
    /// What a recipient gets.
    pub seen: Seen,
}

/// What a recipient gets by a consent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Seen {
    /// One page of a register.
    Page {
        /// The register's slug.
        register: String,
        /// The path there, with one parameter: the data subject's registration number.
        path: String,
    },
    /// Their name and e-mail address, from Poort itself, and nothing else (INSIGHT-4).
    Contact,
}

/// Who can consent to something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Givers {
    /// Everybody.
    #[default]
    Everybody,
    /// Who belongs to no organization of the tenant: those who do are known there already.
    Outsiders,
}

/// Who can be chosen as a recipient.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Recipients {
    /// One of the tenant's organizations.
    Organizations,
    /// One of those organizations that have this right. The consent counts while they have it.
    Entitled(String),
    /// Somebody who has this tie to the data subject. The consent ends with the tie.
    Tied(Tie),
}

/// Why a consent cannot be given until that day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ConsentRefused {
    /// The recipient is none of those who can be chosen.
    #[error("the recipient cannot be chosen for this purpose")]
    NoRecipient,
    /// The end lies before today.
    #[error("the end date is in the past")]
    EndInPast,
}

/// The days of a consent that is given `today`, until `until` when the person names a day; it reaches past the end of no tie
/// that it rests on.
///
/// # Errors
/// `EndInPast` when nothing would be left of it.
pub fn days(today: Date, until: Option<Date>, rests_on: Option<&Period>) -> Result<Period, ConsentRefused> {
    if until.is_some_and(|until| until < today) {
        return Err(ConsentRefused::EndInPast);
    }
    let latest = rests_on.and_then(|tie| tie.until);
    let until = match (until, latest) {
        (Some(asked), Some(latest)) => Some(asked.min(latest)),
        (one, other) => one.or(other),
    };
    Ok(Period::new(Some(today), until))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().expect("a date")
    }

    #[test]
    fn insight_2_a_consent_is_in_force_in_its_days() {
        let consent = Consent {
            id: ConsentId::from_u128(1),
            person: PersonId::from_u128(2),
            purpose: "appraisal".into(),
            recipient: Recipient::Person(PersonId::from_u128(3)),
            period: Period::new(Some(day("2026-11-22")), Some(day("2028-02-29"))),
        };
        assert!(!consent.in_force(day("2026-11-21")));
        assert!(consent.in_force(day("2028-02-29")));
        assert!(!consent.in_force(day("2028-03-01")));
    }

    #[test]
    fn insight_3_a_consent_reaches_past_the_end_of_no_tie() {
        let (today, cycle) = (day("2026-11-22"), Period::new(None, Some(day("2027-06-30"))));
        let until = |until, tie| days(today, until, tie).map(|period| period.until);
        assert_eq!(until(None, None), Ok(None));
        assert_eq!(until(None, Some(&cycle)), Ok(cycle.until));
        assert_eq!(until(Some(day("2027-12-31")), Some(&cycle)), Ok(cycle.until));
        assert_eq!(until(Some(today), Some(&cycle)), Ok(Some(today)), "that day included");
        assert_eq!(until(Some(day("2026-11-21")), None), Err(ConsentRefused::EndInPast));
    }
}
