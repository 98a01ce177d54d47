//! Organizations, who belongs to them, and the rights that access managers grant there (ORG-1).

use jiff::civil::Date;

use super::period::Period;
use crate::base::id::{GrantId, OrganizationId, PersonId};

/// An enterprise, care institution or training institution.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Organization {
    /// Which.
    pub id: OrganizationId,
    /// Its name in the register.
    pub name: String,
    /// Its enterprise number (canonical digits), when it has one.
    pub number: Option<String>,
}

/// What somebody is in an organization, beyond being a member. Ordered: each has what the former has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Management {
    /// A member who manages nobody's rights.
    None,
    /// Grants the rights that were entrusted to them (toegangsbeheerder).
    AccessManager,
    /// Grants every right of the organization (hoofdtoegangsbeheerder).
    ChiefAccessManager,
}

/// A person's belonging to an organization.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Membership {
    /// To which.
    pub organization: Organization,
    /// Whether they may legally represent it (PROFILE-3).
    pub representative: bool,
    /// Whether they manage rights.
    pub management: Management,
    /// When.
    pub period: Period,
    /// Whether it rests on what a provider says at each login (eHerkenning), and not on the register: who has such a one acts within that
    /// organization only.
    pub vouched: bool,
}

/// A right that somebody holds in an organization, until its end or until it is taken back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// Which grant.
    pub id: GrantId,
    /// Whose.
    pub person: PersonId,
    /// The right's code in the tenant's file.
    pub right: String,
    /// When it is in force.
    pub period: Period,
    /// Who gave it.
    pub granted_by: PersonId,
}

/// Why a right cannot be granted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GrantRefused {
    /// Nobody grants a right to themselves.
    #[error("a right cannot be granted to oneself")]
    ToOneself,
    /// The organization does not have this right, or not until then.
    #[error("the organization does not have this right until then")]
    BeyondOrganization,
    /// The manager may not grant this right, or not until then.
    #[error("the manager may not grant this right until then")]
    BeyondManager,
    /// The person does not belong to the organization, or not until then.
    #[error("the person does not belong to the organization until then")]
    BeyondMembership,
    /// The end lies before today.
    #[error("the end date is in the past")]
    EndInPast,
}

/// What is known when a right is to be granted. `None` for a period means: not at all.
#[derive(Debug)]
pub struct GrantRequest<'a> {
    /// The access manager.
    pub by: PersonId,
    /// Their management of this organization.
    pub management: Management,
    /// Until when that management lasts.
    pub managing: &'a Period,
    /// The period of this right that was entrusted to the manager; a chief needs none.
    pub entrusted: Option<&'a Period>,
    /// The period during which the organization has the right.
    pub organization_has: Option<&'a Period>,
    /// Who gets it.
    pub to: PersonId,
    /// Their membership.
    pub membership: Option<&'a Period>,
    /// The last day of the grant.
    pub until: Date,
    /// Today where the tenant is.
    pub today: Date,
}

impl GrantRequest<'_> {
    /// Whether the right may be granted: never more than the organization and the manager have, never to oneself.
    ///
    /// # Errors
    /// The first reason why not.
    pub fn check(&self) -> Result<Period, GrantRefused> {
        let wanted = Period::new(Some(self.today), Some(self.until));
        let covers = |period: Option<&Period>| period.is_some_and(|p| p.includes(self.today) && wanted.ends_within(p));
        if self.until < self.today {
            return Err(GrantRefused::EndInPast);
        }
        if self.by == self.to {
            return Err(GrantRefused::ToOneself);
        }
        if !covers(self.organization_has) {
            return Err(GrantRefused::BeyondOrganization);
        }
        let manager_may = match self.management {
            Management::None => false,
            // A right outlives no management that it rests on.
            Management::AccessManager => self.managing.includes(self.today) && covers(self.entrusted),
            Management::ChiefAccessManager => self.managing.includes(self.today),
        };
        if !manager_may {
            return Err(GrantRefused::BeyondManager);
        }
        if !covers(self.membership) {
            return Err(GrantRefused::BeyondMembership);
        }
        Ok(wanted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().expect("a date")
    }

    fn until(text: &str) -> Period {
        Period::new(None, Some(day(text)))
    }

    #[test]
    fn org_1_nobody_grants_more_than_the_organization_or_they_have_or_to_themselves() {
        let year = until("2027-12-31");
        let half = until("2027-06-30");
        let open = Period::default();
        let request = || GrantRequest {
            by: PersonId::from_u128(1),
            management: Management::AccessManager,
            managing: &open,
            entrusted: Some(&year),
            organization_has: Some(&year),
            to: PersonId::from_u128(2),
            membership: Some(&open),
            until: day("2027-12-31"),
            today: day("2026-11-22"),
        };
        assert_eq!(request().check(), Ok(Period::new(Some(day("2026-11-22")), Some(day("2027-12-31")))));
        let refused = |request: GrantRequest<'_>| request.check().expect_err("refused");
        assert_eq!(refused(GrantRequest { to: PersonId::from_u128(1), ..request() }), GrantRefused::ToOneself);
        assert_eq!(refused(GrantRequest { organization_has: None, ..request() }), GrantRefused::BeyondOrganization);
        assert_eq!(
            refused(GrantRequest { organization_has: Some(&half), ..request() }),
            GrantRefused::BeyondOrganization
        );
        assert_eq!(refused(GrantRequest { entrusted: None, ..request() }), GrantRefused::BeyondManager);
        assert_eq!(refused(GrantRequest { entrusted: Some(&half), ..request() }), GrantRefused::BeyondManager);
        assert_eq!(refused(GrantRequest { management: Management::None, ..request() }), GrantRefused::BeyondManager);
        assert_eq!(refused(GrantRequest { membership: Some(&half), ..request() }), GrantRefused::BeyondMembership);
        assert_eq!(refused(GrantRequest { until: day("2026-11-21"), ..request() }), GrantRefused::EndInPast);
        let chief = GrantRequest { management: Management::ChiefAccessManager, entrusted: None, ..request() };
        assert!(chief.check().is_ok());
        let former = until("2026-11-21");
        let ended = GrantRequest { management: Management::ChiefAccessManager, managing: &former, ..request() };
        assert_eq!(refused(ended), GrantRefused::BeyondManager);
    }
}
