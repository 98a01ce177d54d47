//! The examples beside the rules: rows that are asked whenever policies are loaded.
//!
//! They are tables and not Polar's inline queries, since a row shows what a person gets (hidden, forbidden, a stronger
//! login), where an inline query can only say that a rule applies; and they read like the matrix.

use std::{collections::BTreeSet, sync::Arc};

use super::{
    action::Operation,
    decision::{Case, decide},
    policies::PolicySet,
    relation::Relation,
    source::{Problem, Source, table},
};
use crate::domain::{assurance::Assurance, capacity::Capacity};

/// Tries out all examples in `sources`; returns those that fail, and the rules that no example shows.
pub(super) fn try_out(set: &Arc<PolicySet>, sources: &[Source]) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut shown = BTreeSet::new();
    for source in sources.iter().filter(|source| source.name.ends_with(".test")) {
        for (line, words) in table(&source.text) {
            match Example::read(&words).and_then(|example| example.holds(set)) {
                Ok(Some(rule)) => drop(shown.insert(rule)),
                Ok(None) => {}
                Err(message) => problems.push(Problem::new(&source.name, line, message)),
            }
        }
    }
    for (rule, (file, line)) in set.admitted().rules.iter().filter(|(rule, _)| !shown.contains(rule.as_str())) {
        problems.push(Problem::new(file, *line, format!("no example shows what \"{rule}\" allows")));
    }
    problems.sort();
    problems
}

struct Example<'a> {
    capacity: Capacity,
    operation: Operation<'a>,
    relations: Vec<Relation>,
    assurance: Assurance,
    gets: &'a str,
}

impl<'a> Example<'a> {
    fn read(words: &[&'a str]) -> Result<Self, String> {
        let [capacity, action, object, relations, assurance, gets] = *words else {
            return Err("not `capacity action resource/fields relations assurance answer`".into());
        };
        Ok(Self {
            capacity: capacity.parse().map_err(|_| format!("unknown capacity {capacity}"))?,
            operation: Operation::parse(action, object).ok_or_else(|| format!("{object} is not resource/fields"))?,
            relations: read_relations(relations)?,
            assurance: assurance.parse().map_err(|_| format!("unknown assurance {assurance}"))?,
            gets,
        })
    }

    /// Asks; the rule that allowed it, when one was to.
    fn holds(&self, set: &Arc<PolicySet>) -> Result<Option<String>, String> {
        let Self { capacity, operation, ref relations, assurance, gets } = *self;
        let about = set
            .admitted()
            .operations
            .iter()
            .find_map(|(known, about)| (known.as_operation() == operation).then_some(*about))
            .ok_or_else(|| format!("`{operation}` is not in operations.txt"))?;
        match decide(set, &Case { capacity, operation, about, relations, assurance }) {
            Ok(rule) if *rule == *gets => Ok(Some(rule.to_string())),
            Err(denial) if denial.to_string() == gets => Ok(None),
            Ok(rule) => Err(format!("expected {gets}, got {rule}")),
            Err(denial) => Err(format!("expected {gets}, got {denial}")),
        }
    }
}

/// Relations parted by commas; `-` for none.
pub(super) fn read_relations(text: &str) -> Result<Vec<Relation>, String> {
    if text == "-" {
        return Ok(Vec::new());
    }
    let mut relations = text
        .split(',')
        .map(|word| word.parse().map_err(|_| format!("unknown relation {word}")))
        .collect::<Result<Vec<Relation>, String>>()?;
    relations.sort_unstable();
    relations.dedup();
    Ok(relations)
}
