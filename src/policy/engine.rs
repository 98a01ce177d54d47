//! Asking Polar. The only file that knows Oso.
//!
//! Each thread has its own compiled policies: threads that share one wait for each other's lock (measured: two
//! threads decide 1.25 times as fast as one when they share, 2 times when they do not). They are compiled, in about a
//! millisecond, when a thread first asks after a reload.

use std::{
    cell::RefCell,
    sync::{Arc, Weak},
};

use oso::{Oso, PolarValue, ToPolar};

use super::{
    decision::Case,
    kept::Kept,
    policies::PolicySet,
    source::{Problem, Source},
};

/// The name of the rule that allows, or nothing; or why Polar could not answer.
pub(super) type Answer = Result<Option<Arc<str>>, Arc<str>>;

/// Without a rule of this name Oso prints a warning at every load. Nothing asks it: a rule between the question and the
/// `permit` rules would double the time of a decision (benches/decision.rs).
const QUIET: &str = "allow(_, _, _) if false;\n";

thread_local! {
    /// What this thread has compiled; usually one set.
    static COMPILED: RefCell<Vec<Compiled>> = const { RefCell::new(Vec::new()) };
}

struct Compiled {
    /// Of which set. While this stands, no other set has its address.
    set: Weak<PolicySet>,
    oso: Oso,
    kept: Kept,
}

/// Asks `set` about `case`. The answer depends on both alone, and is kept.
pub(super) fn ask(set: &Arc<PolicySet>, case: &Case<'_>) -> Answer {
    COMPILED.with_borrow_mut(|compiled| {
        let at = match compiled.iter().position(|one| std::ptr::eq(one.set.as_ptr(), Arc::as_ptr(set))) {
            Some(at) => at,
            None => {
                compiled.retain(|one| one.set.strong_count() > 0);
                let oso = compile(set.polar()).map_err(|problem| Arc::from(problem.to_string()))?;
                compiled.push(Compiled { set: Arc::downgrade(set), oso, kept: Kept::default() });
                compiled.len() - 1
            }
        };
        let Compiled { oso, kept, .. } = &mut compiled[at];
        kept.or_ask(case, || evaluate(oso, case))
    })
}

/// Compiles rules.
///
/// # Errors
/// What Oso has against them.
pub(super) fn compile(sources: &[Source]) -> Result<Oso, Problem> {
    let mut oso = Oso::new();
    // Oso loads once, and from one text.
    let mut text: String = sources.iter().flat_map(|source| [source.text.as_str(), "\n"]).collect();
    text.push_str(QUIET);
    match oso.load_str(&text) {
        Ok(()) => Ok(oso),
        Err(oso::OsoError::Polar(error)) => {
            let line = error.get_context().map_or(0, |c| 1 + text.bytes().take(c.left).filter(|b| *b == b'\n').count());
            let (file, line) = locate(sources, line);
            Err(Problem::new(file, line, error.0.to_string()))
        }
        Err(error) => Err(Problem::new("gateway.polar", 0, error.to_string())),
    }
}

/// Where a line of the joined text stands.
fn locate(sources: &[Source], mut line: usize) -> (&str, usize) {
    for source in sources {
        let lines = source.text.bytes().filter(|byte| *byte == b'\n').count() + 1;
        if line <= lines {
            return (&source.name, line);
        }
        line -= lines;
    }
    ("gateway.polar", 0)
}

fn evaluate(oso: &Oso, case: &Case<'_>) -> Answer {
    let relations: Vec<PolarValue> = case.relations.iter().map(|relation| relation.to_string().to_polar()).collect();
    let arguments = (
        case.capacity.word(),
        case.operation.action,
        case.operation.resource,
        case.operation.fields,
        relations,
        case.assurance.rank(),
        PolarValue::Variable("rule".to_owned()),
    );
    let failed = |error: oso::OsoError| Arc::from(error.to_string());
    match oso.query_rule("permit", arguments).map_err(failed)?.next() {
        None => Ok(None),
        Some(Err(error)) => Err(failed(error)),
        Some(Ok(bindings)) => match bindings.get("rule") {
            Some(PolarValue::String(rule)) => Ok(Some(rule.into())),
            other => Err(Arc::from(format!("allowed without a rule's name: {other:?}"))),
        },
    }
}
