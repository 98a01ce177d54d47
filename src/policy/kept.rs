//! Answers that are kept: a table of fixed size in which each case has one place.
//!
//! An answer is a function of the policies and the case alone, so it never goes stale; a new set of policies has a new
//! table. A newer case takes the place of an older one, so the table cannot grow, whatever is asked. Failures are not kept.

use std::{
    hash::{BuildHasher, RandomState},
    sync::Arc,
};

use super::{action::Operation, decision::Case, engine::Answer, relation::Relation};
use crate::domain::{assurance::Assurance, capacity::Capacity};

/// Places; a power of two. A tenant's pages and people make a few hundred cases.
const PLACES: usize = 4096;

pub(super) struct Kept {
    places: Vec<Option<Box<Entry>>>,
    /// With a key of its own, so that nobody can aim at one place.
    hasher: RandomState,
}

struct Entry {
    hash: u64,
    capacity: Capacity,
    assurance: Assurance,
    action: Box<str>,
    resource: Box<str>,
    fields: Box<str>,
    relations: Box<[Relation]>,
    answer: Option<Arc<str>>,
}

impl Default for Kept {
    fn default() -> Self {
        Self { places: std::iter::repeat_with(|| None).take(PLACES).collect(), hasher: RandomState::new() }
    }
}

impl Kept {
    /// The kept answer to `case`, or else what `ask` says.
    pub(super) fn or_ask(&mut self, case: &Case<'_>, ask: impl FnOnce() -> Answer) -> Answer {
        let hash = self.hash(case);
        // The lower bits choose the place; they fit any usize.
        #[expect(clippy::cast_possible_truncation, reason = "only the lower bits are wanted")]
        let place = &mut self.places[hash as usize & (PLACES - 1)];
        if let Some(entry) = place
            && entry.hash == hash
            && entry.is_for(case)
        {
            return Ok(entry.answer.clone());
        }
        let answer = ask()?;
        *place = Some(Box::new(Entry::new(hash, case, answer.clone())));
        Ok(answer)
    }

    fn hash(&self, case: &Case<'_>) -> u64 {
        self.hasher.hash_one((case.capacity, case.operation, case.relations, case.assurance))
    }
}

impl Entry {
    fn new(hash: u64, case: &Case<'_>, answer: Option<Arc<str>>) -> Self {
        let Operation { action, resource, fields } = case.operation;
        Self {
            hash,
            capacity: case.capacity,
            assurance: case.assurance,
            action: action.into(),
            resource: resource.into(),
            fields: fields.into(),
            relations: case.relations.into(),
            answer,
        }
    }

    fn is_for(&self, case: &Case<'_>) -> bool {
        self.capacity == case.capacity
            && self.assurance == case.assurance
            && Operation::new(&self.action, &self.resource, &self.fields) == case.operation
            && *self.relations == *case.relations
    }
}
