//! One fact: put by its name, or withdrawn.

use axum::{
    Extension,
    extract::{Path, Request},
    response::{IntoResponse, Response},
};
use http::{HeaderMap, StatusCode};

use super::{
    Call,
    caller::Caller,
    json, lines,
    members::{Members, Mistake},
    problem::{self, Problem},
    row,
};
use crate::{
    domain::fact::{Change, Kind},
    service::facts::{self, Outcome},
};

/// What a path names.
pub(super) type Named = Path<Vec<(String, String)>>;

const JSON: &str = "application/json";

/// Says that a fact is so. The same twice changes nothing.
pub(super) async fn put(
    kind: Kind,
    Extension(call): Extension<Call>,
    Path(named): Named,
    request: Request,
) -> Result<Response, Problem> {
    let (parts, body) = request.into_parts();
    let caller = Caller::of(&call, &parts.headers).await?;
    may_write(&call, &caller, kind).await?;
    lines::is_plain(&parts.headers, JSON)?;
    let document = lines::document(body).await?;
    let object = json::object(&document).map_err(|why| Problem::Refused(vec![Mistake::whole(why)]))?;
    let change = read(kind, false, Members::new(object, ""), named.clone(), &call)?;
    let outcome = push(&call, &caller, change, &named).await?;
    Ok(match outcome {
        Outcome::Created => StatusCode::CREATED,
        _ => StatusCode::NO_CONTENT,
    }
    .into_response())
}

/// Says that a fact is so no longer.
pub(super) async fn withdraw(
    kind: Kind,
    Extension(call): Extension<Call>,
    Path(named): Named,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let caller = Caller::of(&call, &headers).await?;
    may_write(&call, &caller, kind).await?;
    let change = read(kind, true, Members::new(Vec::new(), ""), named.clone(), &call)?;
    match push(&call, &caller, change, &named).await? {
        Outcome::NotThere => Err(Problem::NotThere),
        _ => Ok(StatusCode::NO_CONTENT.into_response()),
    }
}

async fn may_write(call: &Call, caller: &Caller, kind: Kind) -> Result<(), Problem> {
    let Err(problem) = caller.may_write(kind) else { return Ok(()) };
    facts::refused(call.core(), &call.tenant, &caller.client, &format!("no scope for a {kind}")).await?;
    Err(problem)
}

fn read(
    kind: Kind,
    gone: bool,
    members: Members,
    named: Vec<(String, String)>,
    call: &Call,
) -> Result<Change, Problem> {
    row::read(kind, gone, members.with_path(named), &call.tenant).change.map_err(Problem::Refused)
}

async fn push(call: &Call, caller: &Caller, change: Change, named: &[(String, String)]) -> Result<Outcome, Problem> {
    let which = change.which();
    let done = facts::push(call.core(), &call.tenant, &caller.client, &[change]).await?;
    match done.into_iter().next() {
        Some(Ok(outcome)) => Ok(outcome),
        Some(Err(refused)) => {
            facts::refused(call.core(), &call.tenant, &caller.client, &which.to_string()).await?;
            Err(problem::refused(&refused, |member| named.iter().any(|(name, _)| name == member)))
        }
        None => Err(Problem::Internal),
    }
}
