//! A question: who, as what, wants what, about whom. It keeps those facts that count for it and no others.
//!
//! Architecture invariant: relations get into a question in [`Question::new`] only, past the check of tenant, actor and
//! target. So facts of another tenant or another person cannot take part, whatever a caller hands over.

use super::{
    action::Act,
    decision::Case,
    fact::{Fact, Whom},
    relation::{About, Relation},
};
use crate::{
    base::id::{OrganizationId, PersonId, TenantId},
    domain::{assurance::Assurance, capacity::Capacity, profile::Profile},
};

/// Whom or what a request is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// Nobody's data.
    Nobody,
    /// This person's.
    Person(PersonId),
    /// This organization's.
    Organization(OrganizationId),
}

impl Target {
    pub(super) const fn about(self) -> About {
        match self {
            Target::Nobody => About::Nobody,
            Target::Person(_) => About::Person,
            Target::Organization(_) => About::Organization,
        }
    }
}

/// May the person of this profile, or anyone, do this?
#[derive(Clone, Debug)]
pub struct Question<'a, A> {
    pub(super) tenant: &'a TenantId,
    /// Who asks; nobody who is known, without one.
    pub(super) profile: Option<&'a Profile>,
    pub(super) assurance: Assurance,
    pub(super) act: A,
    pub(super) target: Target,
    pub(super) relations: Vec<Relation>,
}

impl<'a, A: Act> Question<'a, A> {
    /// Asks for `profile`, logged in with `assurance`, whether `act` about `target` may be done, given `facts`.
    ///
    /// Of the facts those count that are this tenant's, this actor's, and about the target or about the actor alone; those of
    /// an organization also when the profile is within it. Under a mandate no other mandate counts: who acts for X does not
    /// reach Y, though Y gave them a mandate too. A consent to an organization counts within that organization alone, and one
    /// to the actor counts within none.
    pub fn new(
        tenant: &'a TenantId,
        profile: &'a Profile,
        assurance: Assurance,
        act: A,
        target: Target,
        facts: impl IntoIterator<Item = Fact>,
    ) -> Self {
        let counts = |fact: &Fact| {
            let about_this = match fact.about {
                Whom::Actor => true,
                Whom::Person(person) => target == Target::Person(person),
                Whom::Organization(id) => match target {
                    Target::Organization(other) => {
                        id == other && profile.organization.is_none_or(|within| within == id)
                    }
                    Target::Nobody | Target::Person(_) => profile.organization == Some(id),
                },
            };
            let under_this = match (&profile.mandate, fact.mandate) {
                (Some(chosen), Some(other)) => chosen.mandate == other,
                _ => true,
            };
            let is_consent = matches!(fact.relation, Relation::Consent(_));
            let to_this = !is_consent || fact.within == profile.organization;
            fact.tenant == *tenant && fact.actor == profile.actor && about_this && under_this && to_this
        };
        let mut relations: Vec<Relation> = facts.into_iter().filter(counts).map(|fact| fact.relation).collect();
        relations.sort_unstable();
        relations.dedup();
        Self { tenant, profile: Some(profile), assurance, act, target, relations }
    }

    /// Asks whether anyone may do `act`, without a login. Nobody has facts, and what it is about is nobody's.
    pub const fn of_anyone(tenant: &'a TenantId, act: A) -> Self {
        let assurance = Assurance::Low;
        Self { tenant, profile: None, assurance, act, target: Target::Nobody, relations: Vec::new() }
    }

    pub(super) fn case(&self) -> Case<'_> {
        Case {
            capacity: self.profile.map_or(Capacity::Anyone, |profile| profile.capacity),
            operation: self.act.operation(),
            about: self.target.about(),
            relations: &self.relations,
            assurance: self.assurance,
        }
    }
}
