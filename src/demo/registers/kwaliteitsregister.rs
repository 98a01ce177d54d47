//! `kwaliteitsregister` of LKLR: a registration, with what is in it, for whose it is, and the application for one. Who else is in the register anyone looks up at
//! the gateway, which asks no register for it (LOOKUP-1).

mod application;

use std::{collections::BTreeMap, sync::Arc};

use askama::Template;
use axum::{
    Extension, Router,
    extract::{Path, State},
    response::Response,
    routing::{get, post},
};
use http::StatusCode;
use jiff::civil::Date;

use self::application::Applications;
use super::{Believed, Common, Sample, Shell, html, me, not_found};
use crate::demo::people::World;

struct Register {
    common: Arc<Common>,
    /// By registration number.
    registrations: BTreeMap<String, Registration>,
    applications: Applications,
}

#[derive(Clone)]
struct Registration {
    name: String,
    /// The profession's code in the tenant's file.
    profession: String,
    complete: bool,
    until: Option<Date>,
    certified_until: Option<Date>,
    /// Points for further training, of a hundred.
    points: usize,
}

pub(super) fn router(common: Arc<Common>, world: &World) -> Router {
    let mut registrations = BTreeMap::new();
    for (place, person) in world.people.iter().enumerate() {
        for registration in &person.registrations {
            let Some(number) = &registration.number else { continue };
            let kept = Registration {
                name: person.name(),
                profession: registration.profession.clone(),
                complete: registration.complete,
                until: registration.period.until,
                certified_until: registration.certified_until,
                points: 20 + 15 * (place % 4),
            };
            registrations.insert(number.clone(), kept);
        }
    }
    Router::new()
        .route("/", get(front))
        .route("/me", get(own_details))
        .route("/registrations/{registration}", get(registration))
        .route(application::PATH, get(application::show).post(application::keep))
        .route(application::SUBMISSION, post(application::submit))
        .fallback(missing)
        .with_state(Arc::new(Register { common, registrations, applications: Applications::default() }))
}

type Here = State<Arc<Register>>;

#[derive(Template)]
#[template(path = "kwaliteitsregister_front.html", config = "src/demo/askama.toml")]
struct Front {
    shell: Shell,
    title: String,
    /// An application was begun and waits.
    resume: bool,
}

#[derive(Template)]
#[template(path = "kwaliteitsregister_registration.html", config = "src/demo/askama.toml")]
struct Page {
    shell: Shell,
    title: String,
    number: String,
    registration: Registration,
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
    let resume = here.applications.is_begun(&claims);
    let shell = Shell::new(&here.common, Sample::Kwaliteitsregister, claims);
    html(StatusCode::OK, &Front { title: shell.register.clone(), shell, resume })
}

async fn own_details(State(here): Here, Extension(claims): Believed) -> Response {
    me(&here.common, Sample::Kwaliteitsregister, claims)
}

async fn registration(State(here): Here, Extension(claims): Believed, Path(number): Path<String>) -> Response {
    let Some(registration) = here.registrations.get(&number).cloned() else {
        return not_found(&here.common, Sample::Kwaliteitsregister, claims);
    };
    let shell = Shell::new(&here.common, Sample::Kwaliteitsregister, claims);
    let title = format!("{} {}", shell.words.registration_of(), registration.name);
    html(StatusCode::OK, &Page { title, shell, number, registration })
}

async fn missing(State(here): Here, Extension(claims): Believed) -> Response {
    not_found(&here.common, Sample::Kwaliteitsregister, claims)
}
