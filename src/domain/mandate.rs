//! Mandates: a mandator lets a holder act for them, within a scope, for a time.

use jiff::civil::Date;

use super::period::Period;
use crate::base::id::{MandateId, OrganizationId, PersonId};

/// Who holds a mandate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub enum Holder {
    /// A natural person.
    Person(PersonId),
    /// An enterprise, through whoever represents it.
    Organization(OrganizationId),
}

/// A mandate as the register knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mandate {
    /// Which.
    pub id: MandateId,
    /// Who gave it, and is acted for.
    pub mandator: PersonId,
    /// Who holds it.
    pub holder: Holder,
    /// The scope's code in the tenant's file.
    pub scope: String,
    /// From when until when.
    pub period: Period,
    /// Whether the holder accepted it; before, it gives nothing.
    pub accepted: bool,
    /// Whether one of both ended it.
    pub ended: bool,
}

impl Mandate {
    /// Whether it lets its holder act on `today`.
    #[must_use]
    pub fn in_force(&self, today: Date) -> bool {
        self.accepted && !self.ended && self.period.includes(today)
    }
}

/// What a holder searches their mandators by; every given part must match (PROFILE-3).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MandatorSearch {
    /// The first eight digits of a RIZIV number.
    pub nihdi: Option<String>,
    /// The keyed index of a national number; the number itself is not kept with the search.
    pub national_number_index: Option<[Vec<u8>; 2]>,
    /// The beginning of a folded family name.
    pub family_name: Option<String>,
    /// The beginning of a folded given name.
    pub given_name: Option<String>,
}

/// A mandator found by a holder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundMandator {
    /// The mandate under which they can be acted for.
    pub mandate: MandateId,
    /// Who.
    pub mandator: PersonId,
    /// Given name.
    pub given_name: String,
    /// Family name.
    pub family_name: String,
    /// Their registration number, when they have one.
    pub number: Option<String>,
    /// The mandate's scope.
    pub scope: String,
    /// Its last day.
    pub until: Option<Date>,
}

/// Results on one page of a search, as the seed's screen shows it.
pub const PAGE_SIZE: u32 = 25;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mandate_is_in_force_only_when_accepted_not_ended_and_in_its_days() {
        let day = |text: &str| text.parse::<Date>().expect("a date");
        let mandate = Mandate {
            id: MandateId::from_u128(1),
            mandator: PersonId::from_u128(1),
            holder: Holder::Person(PersonId::from_u128(2)),
            scope: "administrative".into(),
            period: Period::new(Some(day("2026-01-01")), Some(day("2026-12-31"))),
            accepted: true,
            ended: false,
        };
        assert!(mandate.in_force(day("2026-12-31")));
        assert!(!mandate.in_force(day("2027-01-01")));
        assert!(!Mandate { accepted: false, ..mandate.clone() }.in_force(day("2026-06-01")));
        assert!(!Mandate { ended: true, ..mandate }.in_force(day("2026-06-01")));
    }
}
