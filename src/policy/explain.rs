//! A decision for people: `poort policy explain`.

use std::{fmt, sync::Arc};

use super::{
    action::Operation, decision::Case, denial::Denial, examples::read_relations, relation::About, relation::Relation,
};
use crate::domain::{assurance::Assurance, capacity::Capacity};

/// What was asked, what the answer is, and why. Its text is what the command prints.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// The version of the policies.
    pub version: u64,
    /// The case in words.
    pub case: String,
    /// The rule that allows it, or the denial with what would do.
    pub answer: Result<Arc<str>, Denial>,
    /// Where the rule stands: file and line.
    pub place: Option<(String, usize)>,
}

/// A case as it is written on a command line. [`CaseWords::read`] keeps it while the [`Case`] borrows from it.
#[derive(Clone, Debug)]
pub struct CaseWords {
    capacity: Capacity,
    action: String,
    object: String,
    relations: Vec<Relation>,
    assurance: Assurance,
}

impl CaseWords {
    /// Reads `mandate_holder`, `read`, `dossier/administrative`, `self,mandate:administrative` (`-` for none), `substantial`.
    ///
    /// # Errors
    /// Which word is unknown.
    pub fn read(capacity: &str, action: &str, object: &str, relations: &str, assurance: &str) -> Result<Self, String> {
        if !object.contains('/') {
            return Err(format!("{object} is not resource/fields"));
        }
        Ok(Self {
            capacity: capacity.parse().map_err(|_| format!("unknown capacity {capacity}"))?,
            action: action.into(),
            object: object.into(),
            relations: read_relations(relations)?,
            assurance: assurance.parse().map_err(|_| format!("unknown assurance {assurance}"))?,
        })
    }

    /// What is wanted.
    #[must_use]
    pub fn operation(&self) -> Operation<'_> {
        let (resource, fields) = self.object.split_once('/').unwrap_or((&self.object, ""));
        Operation::new(&self.action, resource, fields)
    }

    /// The case, about whom [`super::Policies::about`] says the operation is.
    #[must_use]
    pub fn case(&self, about: About) -> Case<'_> {
        Case {
            capacity: self.capacity,
            operation: self.operation(),
            about,
            relations: &self.relations,
            assurance: self.assurance,
        }
    }
}

impl Explanation {
    pub(super) fn new(
        version: u64,
        case: &Case<'_>,
        answer: Result<Arc<str>, Denial>,
        place: Option<(String, usize)>,
    ) -> Self {
        let relations = if case.relations.is_empty() { "no relation".into() } else { list(case.relations) };
        let case =
            format!("{} wants to {} with {relations}, at assurance {}", case.capacity, case.operation, case.assurance);
        Self { version, case, answer, place }
    }
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} (policies version {})", self.case, self.version)?;
        match &self.answer {
            Ok(rule) => {
                write!(f, "allowed by {rule}")?;
                self.place.as_ref().map_or(Ok(()), |(file, line)| write!(f, ", {file}:{line}"))
            }
            Err(Denial::Hidden) => f.write_str("hidden (404): no relation with whom it is about"),
            Err(Denial::StepUp { needed }) => write!(f, "denied: a login with assurance {needed} would do"),
            Err(Denial::Unavailable(why)) => write!(f, "denied: the policies could not be asked: {why}"),
            Err(Denial::Forbidden(would_do)) => {
                f.write_str("forbidden (403): no rule allows it")?;
                if would_do.is_empty() {
                    f.write_str(", and no other capacity, right or role by itself would do")?;
                }
                let ways = [
                    ("acting as", list(&would_do.capacities)),
                    ("the right", list(&would_do.rights)),
                    ("being known as", list(&would_do.roles)),
                ];
                ways.iter()
                    .filter(|(_, words)| !words.is_empty())
                    .try_for_each(|(way, words)| write!(f, "\nwould do: {way} {words}"))
            }
        }
    }
}

fn list(words: &[impl ToString]) -> String {
    words.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}
