//! `portfolio` of IFMS: what a psychiatrist keeps for their appraisal. It is theirs; who else reads it is the gateway's to say
//! (INSIGHT-2, INSIGHT-3). A contact person sees who has completed the cycle.

use std::{collections::BTreeMap, sync::Arc};

use askama::Template;
use axum::{
    Extension, Router,
    extract::{Path, State},
    response::Response,
    routing::get,
};
use http::StatusCode;

use super::{Believed, Common, Sample, Shell, html, me, not_found};
use crate::demo::people::World;

struct Portfolios {
    common: Arc<Common>,
    /// By registration number: the owner, and whether they have completed the cycle.
    owners: BTreeMap<String, (String, bool)>,
}

pub(super) fn router(common: Arc<Common>, world: &World) -> Router {
    let mut owners = BTreeMap::new();
    for person in &world.people {
        if let Some(number) = person.number() {
            // Who has no appraiser any more has completed the cycle.
            let completed = !world.ties.iter().any(|(_, _, other)| *other == person.key());
            owners.insert(number.to_owned(), (person.name(), completed));
        }
    }
    Router::new()
        .route("/", get(front))
        .route("/me", get(own_details))
        .route("/portfolios/{registration}", get(portfolio))
        .route("/completed", get(completed))
        .fallback(missing)
        .with_state(Arc::new(Portfolios { common, owners }))
}

type Here = State<Arc<Portfolios>>;

#[derive(Template)]
#[template(path = "portfolio_front.html", config = "src/demo/askama.toml")]
struct Front {
    shell: Shell,
    title: String,
}

impl Front {
    fn is(&self, capacity: &str) -> bool {
        self.shell.claims.capacity() == capacity
    }
}

/// A portfolio, whose texts are invented in its template.
#[derive(Template)]
#[template(path = "portfolio_file.html", config = "src/demo/askama.toml")]
struct File {
    shell: Shell,
    title: String,
    number: String,
}

#[derive(Template)]
#[template(path = "portfolio_completed.html", config = "src/demo/askama.toml")]
struct Completed {
    shell: Shell,
    title: String,
    names: Vec<String>,
}

async fn front(State(here): Here, Extension(claims): Believed) -> Response {
    let shell = Shell::new(&here.common, Sample::Portfolio, claims);
    html(StatusCode::OK, &Front { title: shell.register.clone(), shell })
}

async fn own_details(State(here): Here, Extension(claims): Believed) -> Response {
    me(&here.common, Sample::Portfolio, claims)
}

async fn portfolio(State(here): Here, Extension(claims): Believed, Path(number): Path<String>) -> Response {
    let Some((owner, _)) = here.owners.get(&number) else {
        return not_found(&here.common, Sample::Portfolio, claims);
    };
    let shell = Shell::new(&here.common, Sample::Portfolio, claims);
    html(StatusCode::OK, &File { title: format!("{} {owner}", shell.words.portfolio_of()), shell, number })
}

async fn completed(State(here): Here, Extension(claims): Believed) -> Response {
    let shell = Shell::new(&here.common, Sample::Portfolio, claims);
    let names = here.owners.values().filter(|(_, completed)| *completed).map(|(name, _)| name.clone()).collect();
    html(StatusCode::OK, &Completed { title: shell.words.completed().to_owned(), shell, names })
}

async fn missing(State(here): Here, Extension(claims): Believed) -> Response {
    not_found(&here.common, Sample::Portfolio, claims)
}
