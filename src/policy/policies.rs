//! The policies in force: loaded, asked, and replaced as a whole while the gateway runs.

use std::sync::{Arc, PoisonError, RwLock};

use super::{
    action::{Act, Operation},
    admission::{Admitted, admit},
    decision::{self, Case},
    denial::Denial,
    engine, examples,
    explain::Explanation,
    permit::Permit,
    question::Question,
    relation::{About, Relation},
    source::{PolicyError, Source},
};

/// The policies in force.
#[derive(Debug)]
pub struct Policies {
    current: RwLock<Arc<PolicySet>>,
}

/// One version of the policies. Nothing in it changes.
#[derive(Debug)]
pub(super) struct PolicySet {
    version: u64,
    polar: Vec<Source>,
    admitted: Admitted,
    /// The relations that rules look at, in order.
    relations: Vec<Relation>,
}

impl Policies {
    /// Loads policies: reads and checks all rules (see [`super`]), and tries out all examples.
    ///
    /// An example is a row of a `*.test` file: `capacity action resource/fields relations assurance answer`, where relations are
    /// parted by commas (`-` for none) and the answer is a rule's name, `hidden`, `forbidden` or `step-up:LEVEL`. Each
    /// rule needs an example that shows what it allows.
    ///
    /// # Errors
    /// Everything that is wrong, by file and line.
    pub fn load(sources: &[Source]) -> Result<Self, PolicyError> {
        Ok(Self { current: RwLock::new(Arc::new(PolicySet::new(sources, 1)?)) })
    }

    /// Loads policies whose examples no longer hold, to see what they give.
    #[cfg(test)]
    pub(super) fn load_untried(sources: &[Source]) -> Result<Self, PolicyError> {
        Ok(Self { current: RwLock::new(Arc::new(PolicySet::compile(sources, 1)?)) })
    }

    /// Replaces the policies by `sources` and returns the new version. The decisions that are being made end under the old
    /// version; every later one is made under the new one.
    ///
    /// # Errors
    /// Everything that is wrong; then the old policies stay in force, with their version.
    pub fn reload(&self, sources: &[Source]) -> Result<u64, PolicyError> {
        // Checked under no lock; the version is taken under it, so that two reloads do not get the same one.
        let mut set = PolicySet::new(sources, 0)?;
        let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
        set.version = current.version + 1;
        *current = Arc::new(set);
        Ok(current.version)
    }

    /// The version in force; it counts from 1 and is part of what keys a kept backend token.
    #[must_use]
    pub fn version(&self) -> u64 {
        self.current().version
    }

    /// Answers a question.
    ///
    /// # Errors
    /// The denial. [`Denial::Unavailable`] is for the caller to log and to count.
    pub fn authorize<A: Act>(&self, question: Question<'_, A>) -> Result<Permit<A>, Denial> {
        let set = self.current();
        let rule = decision::decide(&set, &question.case())?;
        Ok(Permit::new(question, rule, set.version))
    }

    /// Why a case is allowed or denied, for `poort policy explain`. Makes no permit.
    #[must_use]
    pub fn explain(&self, case: &Case<'_>) -> Explanation {
        let set = self.current();
        let answer = decision::decide(&set, case);
        let place = answer.as_ref().ok().and_then(|rule| set.admitted.rules.get(&**rule)).cloned();
        Explanation::new(set.version, case, answer, place)
    }

    /// Whom an operation is about; `None` when the policies do not know it. `poort check` asks it of every route.
    #[must_use]
    pub fn about(&self, operation: &Operation<'_>) -> Option<About> {
        let set = self.current();
        set.admitted.operations.iter().find(|(known, _)| known.as_operation() == *operation).map(|(_, about)| *about)
    }

    /// The relations that rules look at: their rights and scopes are codes that some tenant should have.
    #[must_use]
    pub fn relations(&self) -> Vec<Relation> {
        self.current().relations.clone()
    }

    /// The names of all rules, in order.
    #[must_use]
    pub fn rules(&self) -> Vec<String> {
        self.current().admitted.rules.keys().cloned().collect()
    }

    pub(super) fn current(&self) -> Arc<PolicySet> {
        Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner))
    }
}

impl PolicySet {
    fn new(sources: &[Source], version: u64) -> Result<Self, PolicyError> {
        let set = Arc::new(Self::compile(sources, version)?);
        let problems = examples::try_out(&set, sources);
        match Arc::into_inner(set) {
            Some(set) if problems.is_empty() => Ok(set),
            _ => Err(PolicyError { problems }),
        }
    }

    fn compile(sources: &[Source], version: u64) -> Result<Self, PolicyError> {
        let admitted = admit(sources).map_err(|problems| PolicyError { problems })?;
        let mut polar: Vec<Source> = sources.iter().filter(|source| source.name.ends_with(".polar")).cloned().collect();
        // One order on every replica, so that of two rules that allow the same one is named.
        polar.sort_by(|a, b| a.name.cmp(&b.name));
        engine::compile(&polar).map_err(|problem| PolicyError { problems: vec![problem] })?;
        let relations = admitted.relations.iter().cloned().collect();
        Ok(Self { version, polar, admitted, relations })
    }

    pub(super) fn polar(&self) -> &[Source] {
        &self.polar
    }

    pub(super) fn relations(&self) -> &[Relation] {
        &self.relations
    }

    pub(super) const fn admitted(&self) -> &Admitted {
        &self.admitted
    }
}
