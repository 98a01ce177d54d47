//! Who is registered, for a program (LOOKUP-1): what the page `/lookup` answers, within the same bounds. No token opens more of it.
//!
//! It is a POST of JSON, which a page of another site cannot send in its visitors' names.

use axum::{
    Extension, Json,
    extract::Request,
    response::{IntoResponse, Response},
};
use serde::Serialize;

use super::{
    Call, json, lines,
    members::{Members, Mistake},
    problem::Problem,
};
use crate::{
    base::Timestamp,
    domain::{
        lookup::{LookedUp, LookupRefused, LookupTerms, Registrant},
        tenant::Tenant,
    },
    service::{
        addresses::NotHeard,
        lookup::{self, Found, LookupError},
    },
};

/// Where it stands.
pub(super) const PATH: &str = "/api/lookup/v1";

const NAME: &str = "a whole family name";
const GIVEN: &str = "how a given name begins";
const NUMBER: &str = "a registration number, instead of a name";

/// What a program is told.
#[derive(Serialize)]
struct Answer<'t> {
    /// Those who were found; none when there are more than are told at once.
    registrants: Vec<Told<'t>>,
    too_many: bool,
}

/// A registrant.
#[derive(Serialize)]
struct Told<'t> {
    name: String,
    number: String,
    register: &'t str,
    profession: String,
    status: &'static str,
}

/// Looks somebody up.
pub(super) async fn look_up(Extension(call): Extension<Call>, request: Request) -> Result<Response, Problem> {
    let (parts, body) = request.into_parts();
    lines::is_plain(&parts.headers, "application/json")?;
    let document = lines::document(body).await?;
    let object = json::object(&document).map_err(|why| Problem::Refused(vec![Mistake::whole(why)]))?;
    let who = read(&call.tenant.lookup, Members::new(object, "")).map_err(Problem::Refused)?;
    let found = lookup::look_up(call.core(), &call.tenant, &who, call.client).await;
    let found = found.map_err(|error| problem(error, call.core().now()))?;
    let (registrants, too_many) = match found {
        Found::These(found) => (found.into_iter().map(|registrant| told(&call.tenant, registrant)).collect(), false),
        Found::TooMany => (Vec::new(), true),
    };
    Ok(Json(Answer { registrants, too_many }).into_response())
}

fn told(tenant: &Tenant, Registrant { name, number, profession, status }: Registrant) -> Told<'_> {
    let register = tenant.open_register(&profession).map_or("", |register| register.id.as_str());
    Told { name, number, register, profession, status: status.word() }
}

pub(super) fn read(terms: &LookupTerms, mut members: Members) -> Result<LookedUp, Vec<Mistake>> {
    let mut text = |name, right| members.optional(name, right, |text| Some(text.to_owned())).unwrap_or_default();
    let (name, given, number) = (text("name", NAME), text("given_name", GIVEN), text("number", NUMBER));
    let who = LookedUp::read(terms, &name, &given, &number);
    if let Err(why) = who {
        match why {
            LookupRefused::Nothing => members.wrong_itself("nobody is named", "name or number"),
            LookupRefused::Both => members.wrong("number", "there is a name too", "a name or a number"),
            LookupRefused::TooLong => members.wrong_itself("this is longer than any name", "at most 100 characters"),
            LookupRefused::TooShort => {
                members.wrong("name", "this is too short", format!("at least {} letters", terms.least_name));
            }
        }
    }
    let mistakes = members.finish();
    who.ok().filter(|_| mistakes.is_empty()).ok_or(mistakes)
}

fn problem(error: LookupError, now: Timestamp) -> Problem {
    match error {
        // What is not open is not there.
        LookupError::Closed | LookupError::Denied(_) => Problem::NotThere,
        LookupError::NotHeard(NotHeard::TooOften { until }) => Problem::TooOften(until.since(now).as_secs() + 1),
        LookupError::NotHeard(NotHeard::Store(error)) | LookupError::Store(error) => error.into(),
    }
}
