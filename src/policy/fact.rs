//! Facts: what is known today of one person of one tenant. Only what is in force becomes a fact.
//!
//! [`Known`] turns the domain's objects into facts; it looks at dates, acceptance and endings, and names no action.

use jiff::civil::Date;

use super::relation::Relation;
use crate::{
    base::id::{MandateId, OrganizationId, PersonId, TenantId},
    domain::{
        consent::{Consent, Recipient},
        mandate::{Holder, Mandate},
        organization::{Grant, Management, Membership},
        period::Period,
        person::HeldRole,
    },
};

/// One thing that is known: a relation, whose it is, and with whom. Made only by [`Known`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    pub(super) tenant: TenantId,
    pub(super) actor: PersonId,
    pub(super) about: Whom,
    pub(super) relation: Relation,
    /// Which mandate gives it.
    pub(super) mandate: Option<MandateId>,
    /// To which organization it was given: it counts within that one alone.
    pub(super) within: Option<OrganizationId>,
}

/// With whom or what a fact ties its actor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Whom {
    /// Nobody else: it is about the actor alone.
    Actor,
    Person(PersonId),
    Organization(OrganizationId),
}

/// Says what is known of one actor of one tenant on one day.
#[derive(Clone, Debug)]
pub struct Known {
    tenant: TenantId,
    actor: PersonId,
    today: Date,
}

impl Known {
    /// Of `actor`, a person of `tenant`; `today` is the tenant's local date.
    #[must_use]
    pub const fn of(tenant: TenantId, actor: PersonId, today: Date) -> Self {
        Self { tenant, actor, today }
    }

    /// That the actor is themselves.
    #[must_use]
    pub fn oneself(&self) -> Fact {
        self.fact(Whom::Person(self.actor), Relation::Oneself)
    }

    /// That the actor may act under `mandate`: it is in force and is theirs, or belongs to the organization that they may
    /// represent according to `representing`.
    #[must_use]
    pub fn mandate(&self, mandate: &Mandate, representing: Option<&Membership>) -> Option<Fact> {
        let holds = match mandate.holder {
            Holder::Person(person) => person == self.actor,
            Holder::Organization(id) => representing
                .is_some_and(|m| m.organization.id == id && m.representative && m.period.includes(self.today)),
        };
        (holds && mandate.in_force(self.today)).then(|| Fact {
            mandate: Some(mandate.id),
            ..self.fact(Whom::Person(mandate.mandator), Relation::Mandate(mandate.scope.clone()))
        })
    }

    /// That the actor treats `person`.
    #[must_use]
    pub fn treats(&self, person: PersonId, period: &Period) -> Option<Fact> {
        self.while_in(&[period], Whom::Person(person), Relation::Treating)
    }

    /// That the actor trains `person`.
    #[must_use]
    pub fn trains(&self, person: PersonId, period: &Period) -> Option<Fact> {
        self.while_in(&[period], Whom::Person(person), Relation::Trains)
    }

    /// That the actor supports a trainer of `person`: while they support the trainer and the trainer trains the person.
    #[must_use]
    pub fn supports_trainer_of(&self, person: PersonId, supports: &Period, trains: &Period) -> Option<Fact> {
        self.while_in(&[supports, trains], Whom::Person(person), Relation::SupportsTrainer)
    }

    /// That the actor is the appraiser of `person`'s cycle.
    #[must_use]
    pub fn appraises(&self, person: PersonId, period: &Period) -> Option<Fact> {
        self.while_in(&[period], Whom::Person(person), Relation::Appraises)
    }

    /// That a person consented to the actor, or to the organization to which they belong according to `belonging`: in force, and
    /// never beyond the belonging.
    #[must_use]
    pub fn consent(&self, consent: &Consent, belonging: Option<&Membership>) -> Option<Fact> {
        let (theirs, within) = match consent.recipient {
            Recipient::Person(person) => (person == self.actor, None),
            Recipient::Organization(id) => {
                let belongs = belonging.is_some_and(|m| m.organization.id == id && m.period.includes(self.today));
                (belongs, Some(id))
            }
        };
        (theirs && consent.in_force(self.today)).then(|| Fact {
            within,
            ..self.fact(Whom::Person(consent.person), Relation::Consent(consent.purpose.clone()))
        })
    }

    /// What the actor is in an organization: member, representative, access manager.
    pub fn membership(&self, membership: &Membership) -> impl Iterator<Item = Fact> + use<> {
        let managing = match membership.management {
            Management::None => None,
            Management::AccessManager => Some(Relation::AccessManager),
            Management::ChiefAccessManager => Some(Relation::ChiefAccessManager),
        };
        let relations =
            [Some(Relation::Member), membership.representative.then_some(Relation::Representative), managing];
        let in_force = membership.period.includes(self.today);
        let (known, whom) = (self.clone(), Whom::Organization(membership.organization.id));
        relations.into_iter().flatten().filter(move |_| in_force).map(move |relation| known.fact(whom, relation))
    }

    /// That the actor has a right in the organization of `membership`. It ends with the membership at the latest.
    #[must_use]
    pub fn grant(&self, grant: &Grant, membership: &Membership) -> Option<Fact> {
        if grant.person != self.actor {
            return None;
        }
        let whom = Whom::Organization(membership.organization.id);
        self.while_in(&[&grant.period, &membership.period], whom, Relation::Right(grant.right.clone()))
    }

    /// That the register knows the actor in a role.
    #[must_use]
    pub fn role(&self, held: &HeldRole) -> Option<Fact> {
        self.while_in(&[&held.period], Whom::Actor, Relation::KnownAs(held.role))
    }

    fn while_in(&self, periods: &[&Period], about: Whom, relation: Relation) -> Option<Fact> {
        periods.iter().all(|period| period.includes(self.today)).then(|| self.fact(about, relation))
    }

    fn fact(&self, about: Whom, relation: Relation) -> Fact {
        Fact { tenant: self.tenant.clone(), actor: self.actor, about, relation, mandate: None, within: None }
    }
}
