//! `registratie` of Registerplein, `kamer` of SKJ and `specialisten` of MijnRGS: a professional's registration, to which they add what they did, also with an
//! app on their phone; and what an employer who was given insight sees of it: how far it is, and its days (INSIGHT-1).

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
use jiff::civil::Date;
use serde::Deserialize;

use super::{Believed, Claims, Common, Sample, Shell, html, me, not_found, see_other, written};
use crate::demo::people::World;

/// Activities that are kept of one registration: enough to see.
const ACTIVITIES: usize = 20;

struct Registrations {
    sample: Sample,
    common: Arc<Common>,
    /// By registration number.
    all: BTreeMap<String, Registration>,
    /// What their owners added, by number; the newest first.
    activities: Mutex<BTreeMap<String, Vec<String>>>,
}

#[derive(Clone)]
struct Registration {
    name: String,
    /// The profession's code in the tenant's file.
    profession: String,
    complete: bool,
    from: Date,
    until: Date,
    /// Points for further training, of a hundred.
    points: usize,
}

pub(super) fn router(sample: Sample, common: Arc<Common>, world: &World) -> Router {
    let today = common.tenant.today(common.clock.now());
    let year = |years: i16| Date::new(today.year().saturating_add(years), 1, 1).unwrap_or(today);
    let mut all = BTreeMap::new();
    for (place, person) in world.people.iter().enumerate() {
        for registration in &person.registrations {
            let Some(number) = &registration.number else { continue };
            let kept = Registration {
                name: person.name(),
                profession: registration.profession.clone(),
                complete: registration.complete,
                from: year(-1),
                until: year(4).yesterday().unwrap_or(today),
                points: 20 + 15 * (place % 4),
            };
            all.insert(number.clone(), kept);
        }
    }
    Router::new()
        .route("/", get(front))
        .route("/me", get(own_details))
        .route("/registrations/{registration}", get(content))
        .route("/registrations/{registration}/progress", get(progress))
        .route("/registrations/{registration}/activities", post(add))
        .fallback(missing)
        .with_state(Arc::new(Registrations { sample, common, all, activities: Mutex::default() }))
}

type Here = State<Arc<Registrations>>;

#[derive(Template)]
#[template(path = "registratie_front.html", config = "src/demo/askama.toml")]
struct Front {
    shell: Shell,
    title: String,
}

impl Front {
    fn is(&self, capacity: &str) -> bool {
        self.shell.claims.capacity() == capacity
    }
}

#[derive(Template)]
#[template(path = "registratie_registration.html", config = "src/demo/askama.toml")]
struct Page {
    shell: Shell,
    title: String,
    registration: Registration,
    /// With its content; else no more than its progress and days.
    whole: Option<String>,
    activities: Vec<String>,
}

impl Page {
    fn date(&self, date: &Date) -> String {
        self.shell.words.date(*date)
    }

    fn profession(&self) -> &str {
        let code = &self.registration.profession;
        self.shell.tenant.professions.get(code).map_or(code, |profession| profession.get(self.shell.words.language()))
    }
}

async fn front(State(here): Here, Extension(claims): Believed) -> Response {
    let shell = Shell::new(&here.common, here.sample, claims);
    html(StatusCode::OK, &Front { title: shell.register.clone(), shell })
}

async fn own_details(State(here): Here, Extension(claims): Believed) -> Response {
    me(&here.common, here.sample, claims)
}

async fn content(State(here): Here, Extension(claims): Believed, Path(number): Path<String>) -> Response {
    here.page(claims, &number, true)
}

async fn progress(State(here): Here, Extension(claims): Believed, Path(number): Path<String>) -> Response {
    here.page(claims, &number, false)
}

/// What somebody did for their registration.
#[derive(Deserialize)]
struct Activity {
    #[serde(default)]
    text: String,
}

async fn add(
    State(here): Here,
    Extension(claims): Believed,
    Path(number): Path<String>,
    Form(activity): Form<Activity>,
) -> Response {
    if !here.all.contains_key(&number) {
        return not_found(&here.common, here.sample, claims);
    }
    if let Some(text) = written(&activity.text) {
        let mut kept = here.activities.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = kept.entry(number.clone()).or_default();
        kept.insert(0, text.to_owned());
        kept.truncate(ACTIVITIES);
    }
    see_other(&format!("/registrations/{number}#activities"))
}

async fn missing(State(here): Here, Extension(claims): Believed) -> Response {
    not_found(&here.common, here.sample, claims)
}

impl Registrations {
    fn page(&self, claims: Arc<Claims>, number: &str, whole: bool) -> Response {
        let Some(registration) = self.all.get(number).cloned() else {
            return not_found(&self.common, self.sample, claims);
        };
        let shell = Shell::new(&self.common, self.sample, claims);
        let what = if whole { shell.words.registration_of() } else { shell.words.progress_of() };
        let title = format!("{what} {}", registration.name);
        let kept = self.activities.lock().unwrap_or_else(PoisonError::into_inner);
        let activities = kept.get(number).filter(|_| whole).cloned().unwrap_or_default();
        let whole = whole.then(|| number.to_owned());
        html(StatusCode::OK, &Page { title, shell, registration, whole, activities })
    }
}
