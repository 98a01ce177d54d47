//! What a policy may contain. Checked when it is loaded, everything wrong at once, each with its file and line.
//!
//! ```text
//! permit(CAPACITY, ACTION, RESOURCE, FIELDS, relations, assurance, RULE) if CONDITION;
//! CONDITION = "RELATION" in relations | assurance >= 1..3 | CONDITION and CONDITION | CONDITION or CONDITION
//! ```
//! The words in capitals are literals (Oso finds rules by literals, and only so is it fast), known to Poort or listed in
//! `operations.txt`; Polar itself would take a misspelled one for a rule that never applies. `_` stands for relations or
//! assurance that a rule does not look at. A rule calls no other; `gateway.polar` declares the form of all.
//!
//! From this form follows what is promised elsewhere: an evaluation is bounded ([`MOST_BRANCHES`] alternatives of
//! [`MOST_CONDITIONS`] conditions at most, no recursion); knowing or proving more never gives less; no rule prints, waits for a debugger or constructs a host object.

use std::collections::{BTreeMap, BTreeSet};

use polar_core::{
    error::{ErrorKind, ParseError, ParseErrorKind},
    parser::{Line, parse_lines},
    rules::{Parameter, Rule},
    sources::{Context, Source as PolarSource, SourceInfo},
    terms::{Operation as Expression, Operator, Term, Value},
};

use super::{
    action::{OWN, Operation},
    relation::{About, Relation},
    source::{Problem, Source, table},
};
use crate::{
    base::id::is_slug,
    domain::{assurance::Assurance, capacity::Capacity},
};

/// Alternatives that one decision can run into: those of all the rules of one capacity and operation.
pub(super) const MOST_BRANCHES: u64 = 64;
/// Conditions in one rule.
const MOST_CONDITIONS: usize = 64;
/// How deep they may be nested.
const DEEPEST: usize = 16;
/// Bytes of one file.
const LARGEST: usize = 64 * 1024;

const ENTRY_FILE: &str = "gateway.polar";
const RULE: &str = "permit";
const PARAMETERS: [&str; 7] = ["capacity", "action", "resource", "fields", "relations", "assurance", "rule"];

/// What the files say, once nothing is wrong with them.
#[derive(Debug, Default)]
pub(super) struct Admitted {
    /// What may be asked, and whom it is about, in the order of `operations.txt`.
    pub operations: Vec<(OwnedOperation, About)>,
    /// The rules' names, with the file and line of each.
    pub rules: BTreeMap<String, (String, usize)>,
    /// The relations that rules look at.
    pub relations: BTreeSet<Relation>,
}

/// An [`Operation`] that owns its words.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct OwnedOperation {
    action: String,
    resource: String,
    fields: String,
}

impl OwnedOperation {
    pub(super) fn as_operation(&self) -> Operation<'_> {
        Operation::new(&self.action, &self.resource, &self.fields)
    }
}

/// Reads and checks `sources`.
///
/// # Errors
/// Everything that is wrong.
pub(super) fn admit(sources: &[Source]) -> Result<Admitted, Vec<Problem>> {
    let mut reader = Reader::default();
    for source in sources {
        match source.name.rsplit_once('.') {
            _ if source.name == "operations.txt" => reader.operations(source),
            Some((_, "polar" | "test")) => {}
            // Generated from the others, and not read.
            _ if source.name == "matrix.txt" => {}
            _ => reader.problem(source, 0, "neither *.polar, *.test nor operations.txt"),
        }
    }
    for source in sources.iter().filter(|source| source.name.ends_with(".polar")) {
        reader.rules(source);
    }
    reader.finish()
}

#[derive(Default)]
struct Reader {
    admitted: Admitted,
    /// How often the entry is declared.
    entries: usize,
    /// Alternatives by capacity and operation.
    branches: BTreeMap<(Capacity, OwnedOperation), u64>,
    problems: Vec<Problem>,
}

impl Reader {
    fn problem(&mut self, source: &Source, line: usize, message: impl Into<String>) {
        self.problems.push(Problem::new(&source.name, line, message));
    }

    fn operations(&mut self, source: &Source) {
        for (line, words) in table(&source.text) {
            let row = match words[..] {
                [action, object, about] => Operation::parse(action, object).zip(about.parse::<About>().ok()),
                _ => None,
            };
            let Some((Operation { action, resource, fields }, about)) = row else {
                self.problem(source, line, "not `action resource/fields nobody|person|organization|holder`");
                continue;
            };
            let operation = OwnedOperation { action: action.into(), resource: resource.into(), fields: fields.into() };
            if ![action, resource, fields].into_iter().all(is_slug) {
                self.problem(source, line, "the words of an operation are lower-case slugs");
            } else if self.admitted.operations.iter().any(|(known, _)| *known == operation) {
                self.problem(source, line, format!("{} is listed twice", operation.as_operation()));
            } else {
                self.admitted.operations.push((operation, about));
            }
        }
    }

    fn rules(&mut self, source: &Source) {
        // Polar counts characters where it means bytes, and panics when they differ.
        if !source.text.is_ascii() {
            return self.problem(source, 0, "a policy is written in ASCII");
        }
        if source.text.len() > LARGEST {
            return self.problem(source, 0, format!("longer than {LARGEST} bytes"));
        }
        let lines = match parse_lines(PolarSource::new_with_name(&source.name, &source.text)) {
            Ok(lines) => lines,
            Err(error) => {
                let line = error.get_context().map_or(0, |context| line_of(&context));
                return self.problem(source, line, said(&error.0));
            }
        };
        for line in lines {
            match line {
                Line::Rule(rule) => {
                    let at = rule_line(&rule);
                    if let Err(message) = self.permit(source, at, &rule) {
                        self.problem(source, at, message);
                    }
                }
                Line::RuleType(declared) if source.name == ENTRY_FILE && is_entry(&declared) => self.entries += 1,
                Line::RuleType(declared) => {
                    self.problem(source, rule_line(&declared), "only the entry's type is declared, in gateway.polar");
                }
                Line::Query(_) => self.problem(source, 0, "an inline query (?=): examples stand in *.test"),
                Line::ResourceBlock { .. } => self.problem(source, 0, "a resource block: rules are `permit` rules"),
            }
        }
    }

    fn permit(&mut self, source: &Source, line: usize, rule: &Rule) -> Result<(), String> {
        if rule.name.0 != RULE {
            return Err(format!("a rule is called `{RULE}`, not `{}`", rule.name.0));
        }
        let [capacity, action, resource, fields, relations, assurance, name] = &rule.params[..] else {
            return Err(format!("not permit({})", PARAMETERS.join(", ")));
        };
        let capacity = literal(capacity)?;
        let capacity: Capacity = capacity.parse().map_err(|_| format!("unknown capacity \"{capacity}\""))?;
        let operation = OwnedOperation {
            action: literal(action)?.into(),
            resource: literal(resource)?.into(),
            fields: literal(fields)?.into(),
        };
        let name = literal(name)?;
        if !self.admitted.operations.iter().any(|(known, _)| *known == operation) {
            return Err(format!("`{}` is not in operations.txt", operation.as_operation()));
        }
        let mut body = Condition {
            relations: looks_at(relations, "relations")?,
            assurance: looks_at(assurance, "assurance")?,
            conditions: 0,
            words: BTreeSet::new(),
        };
        let branches = body.branches(&rule.body, 0)?;
        if !is_slug(name) {
            return Err(format!("the rule's name \"{name}\" is no slug of at most 40 characters"));
        }
        if let Some((file, first)) = self.admitted.rules.get(name) {
            return Err(format!("a second rule \"{name}\"; the first is {file}:{first}"));
        }
        let of_all = self.branches.entry((capacity, operation)).or_default();
        *of_all = of_all.saturating_add(branches);
        if *of_all > MOST_BRANCHES {
            return Err(format!("{of_all} alternatives for one capacity and operation; at most {MOST_BRANCHES}"));
        }
        self.admitted.rules.insert(name.into(), (source.name.clone(), line));
        self.admitted.relations.extend(body.words);
        Ok(())
    }

    fn finish(mut self) -> Result<Admitted, Vec<Problem>> {
        if self.entries != 1 {
            self.problems.push(Problem::new(
                ENTRY_FILE,
                0,
                format!("declares the entry {} times, not once", self.entries),
            ));
        }
        for own in OWN {
            if !self.admitted.operations.iter().any(|(known, _)| known.as_operation() == *own) {
                let message = format!("`{own}`, which Poort itself asks, is missing");
                self.problems.push(Problem::new("operations.txt", 0, message));
            }
        }
        if self.problems.is_empty() {
            Ok(self.admitted)
        } else {
            self.problems.sort();
            Err(self.problems)
        }
    }
}

/// Whether it declares the form of all rules: `type permit(capacity, .., rule)`.
fn is_entry(declared: &Rule) -> bool {
    let names = declared.params.iter().map(|parameter| variable(&parameter.parameter));
    declared.name.0 == RULE && names.eq(PARAMETERS.into_iter().map(Some))
}

/// A rule's condition as it is walked.
struct Condition {
    /// Whether the head names the relations, and the assurance.
    relations: bool,
    assurance: bool,
    /// Those seen so far.
    conditions: usize,
    /// The relations that it looks at.
    words: BTreeSet<Relation>,
}

impl Condition {
    /// In how many ways it can come true.
    fn branches(&mut self, term: &Term, depth: usize) -> Result<u64, String> {
        if depth > DEEPEST {
            return Err(format!("conditions nested more than {DEEPEST} deep"));
        }
        self.conditions += 1;
        if self.conditions > MOST_CONDITIONS {
            return Err(format!("more than {MOST_CONDITIONS} conditions in one rule"));
        }
        match term.value() {
            Value::Expression(Expression { operator, args }) => match (operator, &args[..]) {
                (Operator::And, parts) => {
                    parts.iter().try_fold(1, |all: u64, part| Ok(all.saturating_mul(self.branches(part, depth + 1)?)))
                }
                (Operator::Or, parts) => {
                    parts.iter().try_fold(0, |all: u64, part| Ok(all.saturating_add(self.branches(part, depth + 1)?)))
                }
                (Operator::In, [word, list]) => self.relation(word, list),
                (Operator::Geq, [level, least]) => self.level(level, least),
                _ => Err(format!("{OTHER}, not {}", written(term))),
            },
            Value::Call(_) => Err("a rule calls no other rule".into()),
            _ => Err(format!("{OTHER}, not {}", written(term))),
        }
    }

    fn relation(&mut self, word: &Term, list: &Term) -> Result<u64, String> {
        let Value::String(word) = word.value() else {
            return Err(format!("{OTHER}, not {} before `in`", written(word)));
        };
        if !self.relations || variable(list) != Some("relations") {
            return Err("`in` looks at the rule's `relations`".into());
        }
        self.words.insert(word.parse().map_err(|_| format!("unknown relation \"{word}\""))?);
        Ok(1)
    }

    fn level(&self, level: &Term, least: &Term) -> Result<u64, String> {
        if !self.assurance || variable(level) != Some("assurance") {
            return Err("`>=` looks at the rule's `assurance`".into());
        }
        if Assurance::ALL.iter().any(|level| *least.value() == Value::from(level.rank())) {
            Ok(1)
        } else {
            Err(format!("assurance is 1, 2 or 3, not {least}"))
        }
    }
}

const OTHER: &str = "a condition is `\"..\" in relations` or `assurance >= ..`, joined by `and` and `or`";

fn literal(parameter: &Parameter) -> Result<&str, String> {
    match (parameter.parameter.value(), &parameter.specializer) {
        (Value::String(word), None) => Ok(word),
        _ => Err(format!("not permit({}), the words in quotes", PARAMETERS.join(", "))),
    }
}

/// Whether the head names this variable; `_` means that it does not look at it.
fn looks_at(parameter: &Parameter, name: &str) -> Result<bool, String> {
    match (variable(&parameter.parameter), &parameter.specializer) {
        (Some(given), None) if given == name => Ok(true),
        // The parser gives each `_` a name of its own.
        (Some(given), None) if given.starts_with('_') => Ok(false),
        _ => Err(format!("here stands `{name}` or `_`")),
    }
}

fn variable(term: &Term) -> Option<&str> {
    match term.value() {
        Value::Variable(name) => Some(&name.0),
        _ => None,
    }
}

fn rule_line(rule: &Rule) -> usize {
    match &rule.source_info {
        SourceInfo::Parser(context) => line_of(context),
        SourceInfo::TemporaryVariable | SourceInfo::Ffi | SourceInfo::Test => 0,
    }
}

/// What Polar's reader says, without the expression that it says it of.
fn said(error: &ErrorKind) -> String {
    match error {
        ErrorKind::Parse(ParseError { kind: ParseErrorKind::WrongValueType { expected, .. }, .. }) => {
            format!("expected a {expected}")
        }
        other => other.to_string(),
    }
}

/// What stands there. Polar panics when it writes an operator that has too few arguments, so only what has none is written.
fn written(term: &Term) -> String {
    match term.value() {
        Value::String(_) | Value::Number(_) | Value::Boolean(_) | Value::Variable(_) => format!("`{term}`"),
        _ => "this".into(),
    }
}

fn line_of(context: &Context) -> usize {
    1 + context.source.src.bytes().take(context.left).filter(|byte| *byte == b'\n').count()
}
