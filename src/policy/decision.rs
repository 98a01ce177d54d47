//! Deciding a case: hide, ask, and only when denied ask what would do.

use std::sync::Arc;

use super::{
    action::Operation,
    denial::{Denial, WouldDo},
    engine,
    policies::PolicySet,
    relation::{About, Relation},
};
use crate::domain::{assurance::Assurance, capacity::Capacity};

/// All that a decision depends on. It names no person: a question has become words.
#[derive(Clone, Copy, Debug)]
pub struct Case<'a> {
    /// As what the person acts.
    pub capacity: Capacity,
    /// What they want.
    pub operation: Operation<'a>,
    /// Whom or what it is about.
    pub about: About,
    /// What ties them to it. The order makes no difference to the answer.
    pub relations: &'a [Relation],
    /// How surely they logged in.
    pub assurance: Assurance,
}

impl Case<'_> {
    /// Whether it is about somebody or something that the person has no relation with at all.
    fn is_hidden(&self) -> bool {
        self.about != About::Nobody && !self.relations.iter().any(|relation| relation.ties_to(self.about))
    }
}

/// Decides `case`: the name of the rule that allows it.
pub(super) fn decide(set: &Arc<PolicySet>, case: &Case<'_>) -> Result<Arc<str>, Denial> {
    if case.is_hidden() {
        return Err(Denial::Hidden);
    }
    if let Some(rule) = engine::ask(set, case).map_err(Denial::Unavailable)? {
        return Ok(rule);
    }
    // Higher levels, lowest first: the first that does is the least.
    for needed in Assurance::ALL.into_iter().filter(|level| *level > case.assurance) {
        if allows(set, &Case { assurance: needed, ..*case })? {
            return Err(Denial::StepUp { needed });
        }
    }
    Err(Denial::Forbidden(would_do(set, case)?))
}

fn would_do(set: &Arc<PolicySet>, case: &Case<'_>) -> Result<WouldDo, Denial> {
    let sure = Case { assurance: Assurance::High, ..*case };
    let mut found = WouldDo::default();
    for capacity in Capacity::ALL.into_iter().filter(|capacity| *capacity != case.capacity) {
        if allows(set, &Case { capacity, ..sure })? {
            found.capacities.push(capacity);
        }
    }
    for relation in set.relations().iter().filter(|relation| !case.relations.contains(relation)) {
        if !matches!(relation, Relation::Right(_) | Relation::KnownAs(_) | Relation::Mandate(_)) {
            continue;
        }
        let mut with = case.relations.to_vec();
        with.push(relation.clone());
        with.sort_unstable();
        if allows(set, &Case { relations: &with, ..sure })? {
            match relation {
                Relation::Right(code) => found.rights.push(code.clone()),
                Relation::KnownAs(role) => found.roles.push(*role),
                Relation::Mandate(scope) => found.mandates.push(scope.clone()),
                _ => {}
            }
        }
    }
    Ok(found)
}

fn allows(set: &Arc<PolicySet>, case: &Case<'_>) -> Result<bool, Denial> {
    Ok(engine::ask(set, case).map_err(Denial::Unavailable)?.is_some())
}
