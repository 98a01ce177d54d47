//! Many facts at once: each row by itself, the good ones kept, the bad ones told by their line. And all of a kind: what a
//! register has no longer ends, when it says so and within its fuse.

use std::{
    collections::HashSet,
    sync::{Arc, Mutex, PoisonError},
};

use axum::{
    Extension, Json,
    body::Body,
    extract::{Path, RawQuery, Request, State},
    response::{IntoResponse, Response},
};
use http::request::Parts;
use serde::Serialize;

use super::{
    Call,
    caller::{Caller, scope_of},
    json::{self, Json as Value},
    lines::{self, LARGEST_ROW, Line, Lines},
    members::{Members, Mistake},
    problem::{self, Problem},
    row::{self, Row},
};
use crate::{
    base::id::TenantId,
    domain::fact::{Change, Kind, Which},
    http::fields::Fields,
    service::facts::{
        self, AT_ONCE, Outcome,
        snapshot::{self, Percent},
    },
};

/// The largest batch, in bytes.
pub(super) const LARGEST: u64 = 64 * 1024 * 1024;
/// Rows of a batch at most.
pub(super) const ROWS: u64 = 250_000;
/// Mistakes that are told at most; all are counted.
const TOLD: usize = 100;

const NDJSON: &str = "application/x-ndjson";
const FUSE: &str = "end_missing_percent";

/// The programs whose batch is under way here: one at a time, so that none takes the database from people.
#[derive(Default)]
pub(super) struct Slots(Mutex<HashSet<(TenantId, String)>>);

struct Slot(Arc<Slots>, (TenantId, String));

impl Slots {
    fn take(self: Arc<Self>, tenant: &TenantId, client: &str) -> Result<Slot, Problem> {
        let mine = (tenant.clone(), client.to_owned());
        let free = self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(mine.clone());
        if free { Ok(Slot(self, mine)) } else { Err(Problem::Busy) }
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        self.0.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.1);
    }
}

/// What came of a batch.
#[derive(Clone, Debug, Default, Serialize)]
pub(super) struct Report {
    created: u64,
    changed: u64,
    unchanged: u64,
    withdrawn: u64,
    refused: u64,
    /// Of a snapshot: what the register pushed before and did not name.
    #[serde(skip_serializing_if = "Option::is_none")]
    missing: Option<u64>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<RowMistake>,
}

/// What is wrong with a row.
#[derive(Clone, Debug, Serialize)]
struct RowMistake {
    /// The number of its line; none for what a snapshot ends.
    #[serde(skip_serializing_if = "Option::is_none")]
    row: Option<u64>,
    /// The fact that it names, when that can be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    fact: Option<String>,
    #[serde(flatten)]
    mistake: Mistake,
}

impl Report {
    fn done(&mut self, outcome: Outcome) {
        *match outcome {
            Outcome::Created => &mut self.created,
            Outcome::Changed => &mut self.changed,
            Outcome::Unchanged | Outcome::NotThere => &mut self.unchanged,
            Outcome::Withdrawn => &mut self.withdrawn,
        } += 1;
    }

    fn refuse(&mut self, row: Option<u64>, which: Option<&Which>, mistakes: Vec<Mistake>) {
        self.refused += 1;
        let fact = which.map(ToString::to_string);
        let told = mistakes.into_iter().map(|mistake| RowMistake { row, fact: fact.clone(), mistake });
        self.errors.extend(told.take(TOLD.saturating_sub(self.errors.len())));
    }
}

/// Rows of every kind, each with its `kind`; one that is `gone` is withdrawn.
pub(super) async fn batch(
    State(slots): State<Arc<Slots>>,
    Extension(call): Extension<Call>,
    request: Request,
) -> Result<Response, Problem> {
    let (parts, body) = request.into_parts();
    let caller = admit(&call, &parts).await?;
    let _slot = slots.take(&call.tenant.id, &caller.client)?;
    let pushed = Pushed::all(&call, &caller, None, body).await?;
    finished(&call, &caller, pushed.report).await
}

/// Rows of one kind: all that the register has.
pub(super) async fn snapshot(
    State(slots): State<Arc<Slots>>,
    Extension(call): Extension<Call>,
    Path(kind): Path<String>,
    RawQuery(query): RawQuery,
    request: Request,
) -> Result<Response, Problem> {
    let (parts, body) = request.into_parts();
    let caller = admit(&call, &parts).await?;
    let kind: Kind = kind.parse().map_err(|_| Problem::NotThere)?;
    caller.may_write(kind)?;
    let fuse = fuse(query.as_deref().unwrap_or_default())?;
    let _slot = slots.take(&call.tenant.id, &caller.client)?;
    let (core, tenant, client) = (call.core(), &*call.tenant, caller.client.as_str());
    let before = snapshot::standing(core, tenant, client, kind).await?;
    let Pushed { mut report, named, unnamed } = Pushed::all(&call, &caller, Some(kind), body).await?;
    // A row whose fact cannot be read could be any that is missing.
    let fuse = fuse.filter(|_| !unnamed);
    let missing = snapshot::end_missing(core, tenant, client, kind, &named, before, fuse).await?;
    report.missing = Some(missing.count);
    for (which, ended) in &missing.ended {
        match ended {
            Ok(outcome) => report.done(*outcome),
            Err(refused) => report.refuse(None, Some(which), vec![problem::mistake(refused)]),
        }
    }
    if missing.blown {
        facts::refused(core, tenant, client, "a snapshot that would end more than its fuse lets through").await?;
        return Err(Problem::FuseBlown(report));
    }
    finished(&call, &caller, report).await
}

async fn admit(call: &Call, parts: &Parts) -> Result<Caller, Problem> {
    let caller = Caller::of(call, &parts.headers).await?;
    lines::is_plain(&parts.headers, NDJSON)?;
    Ok(caller)
}

/// At most so many of a hundred may end; without it nothing does.
fn fuse(query: &str) -> Result<Option<Percent>, Problem> {
    let wrong = |name: &str, detail| {
        Problem::BadQuery(Mistake::parameter(name, detail, "end_missing_percent=2: at most 2 of 100 may end"))
    };
    let fields = Fields::parse(query.as_bytes()).map_err(|_| wrong(FUSE, "a parameter comes twice"))?;
    if fields.names().any(|name| name != FUSE) {
        return Err(wrong(FUSE, "there is no other parameter"));
    }
    let Some(text) = fields.get(FUSE) else { return Ok(None) };
    let percent = text.parse().ok().filter(|_| text.bytes().all(|b| b.is_ascii_digit())).and_then(Percent::new);
    percent.map(Some).ok_or_else(|| wrong(FUSE, "this is no whole number from 0 to 100"))
}

async fn finished(call: &Call, caller: &Caller, report: Report) -> Result<Response, Problem> {
    if report.refused == 0 {
        return Ok(Json(report).into_response());
    }
    let what = format!("{} rows of a batch", report.refused);
    facts::refused(call.core(), &call.tenant, &caller.client, &what).await?;
    Err(Problem::RowsRefused(report))
}

/// What came of the rows of a body.
#[derive(Default)]
struct Pushed {
    report: Report,
    /// The facts that a snapshot names.
    named: HashSet<String>,
    /// Whether a row has no name that can be read.
    unnamed: bool,
}

impl Pushed {
    /// Pushes the rows of a body, as they come.
    async fn all(call: &Call, caller: &Caller, only: Option<Kind>, body: Body) -> Result<Self, Problem> {
        let mut pushed = Self::default();
        let mut lines = Lines::of(body);
        let mut rows = 0;
        loop {
            let mut part = Vec::with_capacity(AT_ONCE);
            let mut last = None;
            while part.len() < AT_ONCE && last.is_none() {
                match lines.next().await {
                    Ok(Some(_)) if rows == ROWS => {
                        last = Some(Err(Problem::TooLarge(format!("at most {ROWS} rows"), None)));
                    }
                    Ok(Some(line)) => {
                        rows += 1;
                        part.extend(pushed.read(call, caller, only, line));
                    }
                    Ok(None) => last = Some(Ok(())),
                    Err(problem) => last = Some(Err(problem)),
                }
            }
            pushed.push(call, caller, part).await?;
            match last {
                None => {}
                Some(Ok(())) => return Ok(pushed),
                // What came before is kept, and told.
                Some(Err(Problem::TooLarge(detail, _))) => {
                    return Err(Problem::TooLarge(detail, Some(pushed.report)));
                }
                Some(Err(Problem::BrokenOff(status, _))) => {
                    return Err(Problem::BrokenOff(status, Some(pushed.report)));
                }
                Some(Err(problem)) => return Err(problem),
            }
        }
    }

    /// The change of a line, or a line in the report.
    fn read(&mut self, call: &Call, caller: &Caller, only: Option<Kind>, line: Line) -> Option<(u64, Change)> {
        let row = self.row(call, caller, only, &line);
        match (&row.which, only) {
            (Some(which), Some(_)) => drop(self.named.insert(which.key())),
            (None, _) => self.unnamed = true,
            _ => {}
        }
        match row.change {
            Ok(change) => Some((line.number, change)),
            Err(mistakes) => {
                self.report.refuse(Some(line.number), row.which.as_ref(), mistakes);
                None
            }
        }
    }

    fn row(&self, call: &Call, caller: &Caller, only: Option<Kind>, line: &Line) -> Row {
        let refused = |mistake| Row { which: None, change: Err(vec![mistake]) };
        let Some(text) = &line.text else {
            return refused(Mistake::whole(format!("the row is larger than {LARGEST_ROW} bytes")));
        };
        let mut object = match json::object(text) {
            Ok(object) => object,
            Err(why) => return refused(Mistake::whole(why)),
        };
        let mut take = |name: &str| {
            let place = object.iter().position(|(known, _)| known == name)?;
            Some(object.remove(place).1)
        };
        let kind = match (take("kind"), only) {
            (None, Some(kind)) => Some(kind),
            (Some(Value::Text(word)), only) => word.parse().ok().filter(|kind| only.is_none_or(|only| only == *kind)),
            _ => None,
        };
        let gone = match take("gone") {
            None | Some(Value::Flag(false)) => Some(false),
            // All that there is cannot be gone.
            Some(Value::Flag(true)) if only.is_none() => Some(true),
            Some(_) => None,
        };
        let mistake = |name: &str, detail: &str, right: String| Mistake {
            pointer: Some(format!("/{name}")),
            parameter: None,
            detail: detail.into(),
            right: Some(right),
        };
        let Some(kind) = kind else {
            let kinds = only.map_or_else(|| Kind::ALL.map(Kind::word).join(", "), |kind| kind.word().to_owned());
            return refused(mistake("kind", "this is no kind of fact that can stand here", kinds));
        };
        let Some(gone) = gone else {
            let right = if only.is_some() { "leave the row out" } else { "true, or leave it out" };
            return refused(mistake("gone", "this cannot stand here", right.into()));
        };
        if caller.may_write(kind).is_err() {
            return refused(mistake(
                "kind",
                "the token has not the scope for it",
                format!("the scope {}", scope_of(kind)),
            ));
        }
        row::read(kind, gone, Members::new(object, ""), &call.tenant)
    }

    /// Writes a part, in one transaction.
    async fn push(&mut self, call: &Call, caller: &Caller, part: Vec<(u64, Change)>) -> Result<(), Problem> {
        let (numbers, changes): (Vec<u64>, Vec<Change>) = part.into_iter().unzip();
        let done = facts::push(call.core(), &call.tenant, &caller.client, &changes).await?;
        for ((number, change), done) in numbers.into_iter().zip(&changes).zip(done) {
            match done {
                Ok(outcome) => self.report.done(outcome),
                Err(refused) => {
                    self.report.refuse(Some(number), Some(&change.which()), vec![problem::mistake(&refused)]);
                }
            }
        }
        Ok(())
    }
}
