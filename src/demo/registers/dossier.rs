//! `dossier`: the administrative files of care providers, with remarks, reports of organizations, and the administration of
//! who is known in a role.

use std::{
    collections::HashMap,
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
use serde::Deserialize;

use super::{Believed, Claims, Common, Sample, Shell, html, me, not_found, see_other, written};
use crate::{base::Timestamp, demo::people::World, domain::identifier::NihdiNumber};

/// Remarks that are kept of one file; the oldest go first.
const REMARKS: usize = 50;

struct Dossiers {
    common: Arc<Common>,
    /// By RIZIV number.
    owners: HashMap<String, Owner>,
    remarks: Mutex<HashMap<String, Vec<Remark>>>,
}

#[derive(Clone)]
struct Owner {
    name: String,
    /// The profession's code in the tenant's file.
    profession: String,
    /// The house number of their invented practice.
    house: usize,
}

#[derive(Clone)]
struct Remark {
    by: String,
    on_behalf_of: Option<String>,
    text: String,
    at: Timestamp,
}

pub(super) fn router(common: Arc<Common>, world: &World) -> Router {
    let mut owners = HashMap::new();
    for (house, person) in world.people.iter().enumerate() {
        for registration in &person.registrations {
            if let Some(number) = &registration.number {
                let owner =
                    Owner { name: person.name(), profession: registration.profession.clone(), house: house + 1 };
                owners.insert(number.clone(), owner);
            }
        }
    }
    Router::new()
        .route("/", get(front))
        .route("/me", get(own_details))
        .route("/dossiers/{riziv}", get(file))
        .route("/dossiers/{riziv}/remarks", post(remark))
        .route("/organization/reports", get(reports))
        .route("/administration", get(administration))
        .fallback(missing)
        .with_state(Arc::new(Dossiers { common, owners, remarks: Mutex::default() }))
}

type Here = State<Arc<Dossiers>>;

#[derive(Template)]
#[template(path = "dossier_front.html", config = "src/demo/askama.toml")]
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
#[template(path = "dossier_file.html", config = "src/demo/askama.toml")]
struct File {
    shell: Shell,
    title: String,
    number: String,
    owner: Owner,
    remarks: Vec<Remark>,
    /// What was written and could not be kept.
    refused: Option<String>,
}

impl File {
    fn profession(&self) -> &str {
        let code = &self.owner.profession;
        self.shell.tenant.professions.get(code).map_or(code, |profession| profession.get(self.shell.words.language()))
    }

    fn nihdi(&self) -> String {
        NihdiNumber::parse(&self.number).map_or_else(|_| self.number.clone(), |number| number.to_string())
    }

    fn moment(&self, at: &Timestamp) -> String {
        self.shell.words.moment(*at, &self.shell.tenant.zone)
    }
}

/// A page with a table that is invented in its template.
#[derive(Template)]
#[template(path = "dossier_reports.html", config = "src/demo/askama.toml")]
struct Reports {
    shell: Shell,
    title: String,
}

#[derive(Template)]
#[template(path = "dossier_administration.html", config = "src/demo/askama.toml")]
struct Administration {
    shell: Shell,
    title: String,
}

async fn front(State(here): Here, Extension(claims): Believed) -> Response {
    let shell = Shell::new(&here.common, Sample::Dossier, claims);
    html(StatusCode::OK, &Front { title: shell.register.clone(), shell })
}

async fn own_details(State(here): Here, Extension(claims): Believed) -> Response {
    me(&here.common, Sample::Dossier, claims)
}

async fn file(State(here): Here, Extension(claims): Believed, Path(number): Path<String>) -> Response {
    here.file(claims, number, None)
}

/// The fields of the form; what else it carries (`poort_profile`) is the gateway's.
#[derive(Deserialize)]
struct RemarkForm {
    #[serde(default)]
    remark: String,
}

async fn remark(
    State(here): Here,
    Extension(claims): Believed,
    Path(number): Path<String>,
    Form(form): Form<RemarkForm>,
) -> Response {
    if !here.owners.contains_key(&number) {
        return not_found(&here.common, Sample::Dossier, claims);
    }
    let Some(text) = written(&form.remark) else { return here.file(claims, number, Some(form.remark)) };
    let remark = Remark {
        by: claims.actor().to_owned(),
        on_behalf_of: claims.represented().map(str::to_owned),
        text: text.to_owned(),
        at: here.common.clock.now(),
    };
    let to = format!("/dossiers/{number}#remarks");
    let mut remarks = here.remarks.lock().unwrap_or_else(PoisonError::into_inner);
    let remarks = remarks.entry(number).or_default();
    remarks.insert(0, remark);
    remarks.truncate(REMARKS);
    see_other(&to)
}

async fn reports(State(here): Here, Extension(claims): Believed) -> Response {
    let shell = Shell::new(&here.common, Sample::Dossier, claims);
    html(StatusCode::OK, &Reports { title: shell.words.reports().to_owned(), shell })
}

async fn administration(State(here): Here, Extension(claims): Believed) -> Response {
    let shell = Shell::new(&here.common, Sample::Dossier, claims);
    html(StatusCode::OK, &Administration { title: shell.words.administration().to_owned(), shell })
}

async fn missing(State(here): Here, Extension(claims): Believed) -> Response {
    not_found(&here.common, Sample::Dossier, claims)
}

impl Dossiers {
    fn file(&self, claims: Arc<Claims>, number: String, refused: Option<String>) -> Response {
        let Some(owner) = self.owners.get(&number).cloned() else {
            return not_found(&self.common, Sample::Dossier, claims);
        };
        let shell = Shell::new(&self.common, Sample::Dossier, claims);
        let remarks =
            self.remarks.lock().unwrap_or_else(PoisonError::into_inner).get(&number).cloned().unwrap_or_default();
        let status = if refused.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
        let title = format!("{} {}", shell.words.file_of(), owner.name);
        html(status, &File { title, shell, number, owner, remarks, refused })
    }
}
