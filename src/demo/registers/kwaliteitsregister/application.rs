//! An application for a first registration in `kwaliteitsregister`: a draft that is kept until it is submitted, of whoever the gateway
//! says acts (LOGIN-12). It is found by their pseudonym, so that it is there again at every login.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use askama::Template;
use axum::{Extension, Form, extract::State, response::Response};
use http::StatusCode;
use serde::Deserialize;

use super::{
    super::{Believed, Claims, Sample, Shell, html, see_other, written},
    Register,
};
use crate::base::Timestamp;

/// The path of the page.
pub(super) const PATH: &str = "/application";
/// Where it is submitted.
pub(super) const SUBMISSION: &str = "/application/submission";

/// Hours a week that the register asks for.
const LEAST_HOURS: u32 = 16;

/// The applications, by the pseudonyms of who made them.
#[derive(Default)]
pub(super) struct Applications(Mutex<HashMap<String, Application>>);

#[derive(Clone, Default)]
struct Application {
    filled: Filled,
    kept_at: Option<Timestamp>,
    submitted: bool,
}

/// The fields of the form; what else it carries (`poort_profile`) is the gateway's.
#[derive(Clone, Default, Deserialize)]
pub(super) struct Filled {
    #[serde(default)]
    employer: String,
    #[serde(default)]
    hours: String,
    #[serde(default)]
    code: String,
}

impl Filled {
    fn is_whole(&self) -> bool {
        let enough = self.hours.trim().parse::<u32>().is_ok_and(|hours| (LEAST_HOURS..=60).contains(&hours));
        written(&self.employer).is_some() && enough && self.code == "yes"
    }

    /// No more of it than a form can need.
    fn bounded(mut self) -> Self {
        for field in [&mut self.employer, &mut self.hours, &mut self.code] {
            *field = field.chars().take(500).collect();
        }
        self
    }
}

#[derive(Template)]
#[template(path = "kwaliteitsregister_application.html", config = "src/demo/askama.toml")]
struct Page {
    shell: Shell,
    title: String,
    application: Application,
    /// It was submitted, and is not whole.
    refused: bool,
}

impl Page {
    fn kept_at(&self) -> Option<String> {
        self.application.kept_at.map(|at| self.shell.words.moment(at, &self.shell.tenant.zone))
    }
}

impl Applications {
    /// Whether somebody has begun one and not submitted it.
    pub fn is_begun(&self, claims: &Claims) -> bool {
        self.of(claims).is_some_and(|application| !application.submitted)
    }

    fn of(&self, claims: &Claims) -> Option<Application> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(claims.actor_sub()).cloned()
    }

    /// Keeps what was filled in, unless it was submitted before.
    fn keep(&self, claims: &Claims, filled: Filled, submitted: bool, now: Timestamp) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let application = all.entry(claims.actor_sub().to_owned()).or_default();
        if !application.submitted {
            *application = Application { filled, kept_at: Some(now), submitted };
        }
    }
}

type Here = State<Arc<Register>>;

pub(super) async fn show(State(here): Here, Extension(claims): Believed) -> Response {
    let application = here.applications.of(&claims).unwrap_or_default();
    page(&here, claims, application, StatusCode::OK)
}

pub(super) async fn keep(State(here): Here, Extension(claims): Believed, Form(filled): Form<Filled>) -> Response {
    here.applications.keep(&claims, filled.bounded(), false, here.common.clock.now());
    see_other(PATH)
}

pub(super) async fn submit(State(here): Here, Extension(claims): Believed, Form(filled): Form<Filled>) -> Response {
    let (filled, now) = (filled.bounded(), here.common.clock.now());
    let whole = filled.is_whole();
    here.applications.keep(&claims, filled, whole, now);
    if whole {
        return see_other(PATH);
    }
    let application = here.applications.of(&claims).unwrap_or_default();
    page(&here, claims, application, StatusCode::UNPROCESSABLE_ENTITY)
}

fn page(here: &Register, claims: Arc<Claims>, application: Application, status: StatusCode) -> Response {
    let shell = Shell::new(&here.common, Sample::Kwaliteitsregister, claims);
    let refused = status != StatusCode::OK && !application.submitted;
    html(status, &Page { title: shell.words.application().to_owned(), shell, application, refused })
}
