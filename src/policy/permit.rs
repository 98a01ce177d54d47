//! A permit: the proof that policy allowed one act. Its fields are private, and only [`super::Policies::authorize`] makes one.

use std::sync::Arc;

use super::{
    action::{Act, Forward},
    question::{Question, Target},
};
use crate::{
    base::id::{MandateId, OrganizationId, PersonId, TenantId},
    domain::{assurance::Assurance, capacity::Capacity, path::CanonicalPath},
};

/// Policy allowed this act, by this person or by anyone, in this capacity, about this target. Good for that act alone.
///
/// It says nothing about later: who keeps one asks again as soon as what it was based on may have changed, within a second.
#[must_use = "a permit that is not handed over opens nothing"]
#[derive(Debug)]
pub struct Permit<A> {
    tenant: TenantId,
    actor: Option<PersonId>,
    capacity: Capacity,
    assurance: Assurance,
    profile: Option<String>,
    organization: Option<OrganizationId>,
    mandate: Option<MandateId>,
    target: Target,
    act: A,
    rule: Arc<str>,
    version: u64,
}

impl<A: Act> Permit<A> {
    pub(super) fn new(question: Question<'_, A>, rule: Arc<str>, version: u64) -> Self {
        let capacity = question.case().capacity;
        let Question { tenant, profile, assurance, act, target, .. } = question;
        Self {
            tenant: tenant.clone(),
            actor: profile.map(|profile| profile.actor),
            capacity,
            assurance,
            profile: profile.map(|profile| profile.handle.clone()),
            organization: profile.and_then(|profile| profile.organization),
            mandate: profile.and_then(|profile| profile.mandate.as_ref()).map(|represented| represented.mandate),
            target,
            act,
            rule,
            version,
        }
    }

    /// The tenant within which it counts.
    #[must_use]
    pub const fn tenant(&self) -> &TenantId {
        &self.tenant
    }

    /// Who acts; nobody who is known, when it is allowed to anyone.
    #[must_use]
    pub const fn actor(&self) -> Option<PersonId> {
        self.actor
    }

    /// As what.
    #[must_use]
    pub const fn capacity(&self) -> Capacity {
        self.capacity
    }

    /// How surely they logged in.
    #[must_use]
    pub const fn assurance(&self) -> Assurance {
        self.assurance
    }

    /// The handle of the profile, when somebody acts.
    #[must_use]
    pub fn profile(&self) -> Option<&str> {
        self.profile.as_deref()
    }

    /// Whose resource it is about, when it is a person's.
    #[must_use]
    pub const fn subject(&self) -> Option<PersonId> {
        match self.target {
            Target::Person(person) => Some(person),
            Target::Nobody | Target::Organization(_) => None,
        }
    }

    /// The organization that it is about, or else within which the person acts.
    #[must_use]
    pub fn organization(&self) -> Option<OrganizationId> {
        match self.target {
            Target::Organization(id) => Some(id),
            Target::Nobody | Target::Person(_) => self.organization,
        }
    }

    /// The mandate under which the person acts.
    #[must_use]
    pub const fn mandate(&self) -> Option<MandateId> {
        self.mandate
    }

    /// What is allowed.
    #[must_use]
    pub const fn act(&self) -> &A {
        &self.act
    }

    /// The rule that allowed it, for the audit log.
    #[must_use]
    pub fn rule(&self) -> &str {
        &self.rule
    }

    /// The version of the policies that allowed it.
    #[must_use]
    pub const fn version(&self) -> u64 {
        self.version
    }
}

impl Permit<Forward<'_>> {
    /// The one path that may be forwarded to.
    #[must_use]
    pub const fn target(&self) -> &CanonicalPath {
        self.act.target()
    }
}
