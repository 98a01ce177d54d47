//! `opleiding`: training plans. A supporter prepares a change, the trainer approves or rejects it (PROFILE-7).

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use askama::Template;
use axum::{
    Extension, Form, Router,
    extract::{Path, State},
    response::Response,
    routing::{get, post},
};
use http::StatusCode;
use jiff::{Span, civil::Date};
use serde::Deserialize;

use super::{Believed, Claims, Common, Sample, Shell, html, me, not_found, see_other, words::Words, written};
use crate::{base::Timestamp, demo::people::World, domain::person::Tie};

/// Events that are kept of one plan; the oldest go first.
const EVENTS: usize = 50;

struct Plans {
    common: Arc<Common>,
    /// By the trainee's registration number.
    plans: Mutex<BTreeMap<String, Plan>>,
}

#[derive(Clone)]
struct Plan {
    trainee: String,
    trainer: String,
    parts: Vec<Part>,
    proposal: Option<Proposal>,
    events: Vec<Event>,
}

#[derive(Clone)]
struct Part {
    discipline: &'static str,
    institution: &'static str,
    from: Date,
    until: Date,
}

#[derive(Clone)]
struct Proposal {
    by: String,
    months: u8,
    /// The last day of the last part, when it is approved.
    until: Date,
    why: String,
}

#[derive(Clone)]
struct Event {
    what: What,
    by: String,
    at: Timestamp,
}

#[derive(Clone, Copy)]
enum What {
    Changed,
    Approved,
    Rejected,
}

impl Event {
    fn what(&self, words: &Words) -> &'static str {
        match self.what {
            What::Changed => words.happened_changed(),
            What::Approved => words.happened_approved(),
            What::Rejected => words.happened_rejected(),
        }
    }
}

/// By the keys of people: the trainee, the trainer, and who supports that trainer.
pub(super) fn whose_plans(world: &World) -> Vec<(&str, String)> {
    let mut whose = Vec::new();
    for (trainer, _, trainee) in world.ties.iter().filter(|(_, tie, _)| *tie == Tie::Trains) {
        let Some(number) = world.person(trainee).and_then(|person| person.number()) else { continue };
        let supporters = world.ties.iter().filter(|(_, tie, whom)| *tie == Tie::Supports && whom == trainer);
        for key in [trainee, trainer].into_iter().chain(supporters.map(|(supporter, ..)| supporter)) {
            whose.push((*key, number.to_owned()));
        }
    }
    whose
}

pub(super) fn router(common: Arc<Common>, world: &World) -> Router {
    let today = common.tenant.today(common.clock.now());
    let mut plans = BTreeMap::new();
    for (trainer, _, trainee) in world.ties.iter().filter(|(_, tie, _)| *tie == Tie::Trains) {
        let (Some(trainer), Some(trainee)) = (world.person(trainer), world.person(trainee)) else { continue };
        if let Some(number) = trainee.number() {
            let parts = parts(today);
            let (trainee, trainer) = (trainee.name(), trainer.name());
            plans.insert(number.to_owned(), Plan { trainee, trainer, parts, proposal: None, events: Vec::new() });
        }
    }
    Router::new()
        .route("/", get(front))
        .route("/me", get(own_details))
        .route("/schemes/{registration}", get(plan))
        .route("/schemes/{registration}/change", post(change))
        .route("/schemes/{registration}/approve", post(approve))
        .route("/schemes/{registration}/reject", post(reject))
        .fallback(missing)
        .with_state(Arc::new(Plans { common, plans: Mutex::new(plans) }))
}

/// Two parts that lie around today.
fn parts(today: Date) -> Vec<Part> {
    let first = Date::new(today.year().saturating_sub(1), 9, 1).unwrap_or(today);
    let part = |years: i64, length: i64, discipline, institution| {
        let from = later(first, years * 12);
        let until = later(from, length * 12).yesterday().unwrap_or(from);
        Part { discipline, institution, from, until }
    };
    vec![part(0, 2, "Huisartsgeneeskunde", "UMC Voorbeeld"), part(2, 1, "Ouderengeneeskunde", "Zorggroep De Linde")]
}

fn later(date: Date, months: i64) -> Date {
    date.saturating_add(Span::new().try_months(months).unwrap_or_default())
}

type Here = State<Arc<Plans>>;

#[derive(Template)]
#[template(path = "opleiding_front.html", config = "src/demo/askama.toml")]
struct Front {
    shell: Shell,
    title: String,
    /// Number and trainee of the plans that belong to the profile.
    plans: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "opleiding_plan.html", config = "src/demo/askama.toml")]
struct Page {
    shell: Shell,
    title: String,
    number: String,
    plan: Plan,
    refused: Option<Refused>,
}

/// A form that has to be mended, as it was filled in.
#[derive(Default)]
struct Refused {
    months: String,
    why: String,
    months_missing: bool,
    why_missing: bool,
}

impl Page {
    fn moment(&self, at: &Timestamp) -> String {
        self.shell.words.moment(*at, &self.shell.tenant.zone)
    }

    fn date(&self, date: &Date) -> String {
        self.shell.words.date(*date)
    }

    fn is(&self, capacity: &str) -> bool {
        self.shell.claims.capacity() == capacity
    }

    fn months(&self) -> &str {
        self.refused.as_ref().map_or("", |refused| &refused.months)
    }

    fn why(&self) -> &str {
        self.refused.as_ref().map_or("", |refused| &refused.why)
    }

    fn months_missing(&self) -> bool {
        self.refused.as_ref().is_some_and(|refused| refused.months_missing)
    }

    fn why_missing(&self) -> bool {
        self.refused.as_ref().is_some_and(|refused| refused.why_missing)
    }
}

async fn front(State(here): Here, Extension(claims): Believed) -> Response {
    let plans = here.plans.lock().unwrap_or_else(PoisonError::into_inner).clone();
    // A register knows its people by its own pseudonyms; which of their capacities reach a plan is the gateway's to say.
    let acquainted = ["trainer", "trainee", "supporter"].contains(&claims.capacity());
    let known = here.common.acquaintances.get().and_then(|whose| whose.get(claims.actor_sub()));
    let plans = known
        .filter(|_| acquainted)
        .into_iter()
        .flatten()
        .filter_map(|number| Some((number.clone(), plans.get(number)?.trainee.clone())))
        .collect();
    let shell = Shell::new(&here.common, Sample::Opleiding, claims);
    html(StatusCode::OK, &Front { title: shell.register.clone(), shell, plans })
}

async fn own_details(State(here): Here, Extension(claims): Believed) -> Response {
    me(&here.common, Sample::Opleiding, claims)
}

async fn plan(State(here): Here, Extension(claims): Believed, Path(number): Path<String>) -> Response {
    here.page(claims, number, None)
}

/// The fields of the form; what else it carries (`poort_profile`) is the gateway's.
#[derive(Deserialize)]
struct ChangeForm {
    #[serde(default)]
    months: String,
    #[serde(default)]
    why: String,
}

async fn change(
    State(here): Here,
    Extension(claims): Believed,
    Path(number): Path<String>,
    Form(form): Form<ChangeForm>,
) -> Response {
    let months = form.months.trim().parse::<u8>().ok().filter(|months| (1..=12).contains(months));
    let (Some(months), Some(why)) = (months, written(&form.why)) else {
        let (months_missing, why_missing) = (months.is_none(), written(&form.why).is_none());
        let refused = Refused { months: form.months, why: form.why, months_missing, why_missing };
        return here.page(claims, number, Some(refused));
    };
    let (by, why) = (claims.actor().to_owned(), why.to_owned());
    here.act(claims, number, What::Changed, |plan| {
        let last = plan.parts.last().map(|part| part.until)?;
        // Parts end with a month.
        let until = later(last.first_of_month(), i64::from(months)).last_of_month();
        plan.proposal = Some(Proposal { by, months, until, why });
        Some(())
    })
}

async fn approve(State(here): Here, Extension(claims): Believed, Path(number): Path<String>) -> Response {
    here.act(claims, number, What::Approved, |plan| {
        let proposal = plan.proposal.take()?;
        plan.parts.last_mut()?.until = proposal.until;
        Some(())
    })
}

async fn reject(State(here): Here, Extension(claims): Believed, Path(number): Path<String>) -> Response {
    here.act(claims, number, What::Rejected, |plan| plan.proposal.take().map(drop))
}

async fn missing(State(here): Here, Extension(claims): Believed) -> Response {
    not_found(&here.common, Sample::Opleiding, claims)
}

impl Plans {
    /// Changes a plan and writes it down; when there is nothing to change, nothing happens.
    fn act(
        &self,
        claims: Arc<Claims>,
        number: String,
        what: What,
        change: impl FnOnce(&mut Plan) -> Option<()>,
    ) -> Response {
        let mut plans = self.plans.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(plan) = plans.get_mut(&number) else {
            drop(plans);
            return not_found(&self.common, Sample::Opleiding, claims);
        };
        if change(plan).is_some() {
            plan.events.insert(0, Event { what, by: claims.actor().to_owned(), at: self.common.clock.now() });
            plan.events.truncate(EVENTS);
        }
        see_other(&format!("/schemes/{number}"))
    }

    fn page(&self, claims: Arc<Claims>, number: String, refused: Option<Refused>) -> Response {
        let plan = self.plans.lock().unwrap_or_else(PoisonError::into_inner).get(&number).cloned();
        let Some(plan) = plan else { return not_found(&self.common, Sample::Opleiding, claims) };
        let shell = Shell::new(&self.common, Sample::Opleiding, claims);
        let status = if refused.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
        let title = format!("{} {}", shell.words.plan_of(), plan.trainee);
        html(status, &Page { title, shell, number, plan, refused })
    }
}
