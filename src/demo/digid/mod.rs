//! A stand-in for DigiD on a host of its own: its protocol, and a page that says that it is not DigiD.
//!
//! | path | |
//! |---|---|
//! | `/sso` | the page in the person's place: who one is, how surely, or going back; and what is to go wrong |
//! | a port of its own, by TLS with both certificates | where artifacts are resolved, once |
//!
//! Architecture invariant: nothing of `login` is used. What the gateway reads is written here by other code, and what the gateway
//! writes (its signatures, its requests) is checked here by other code; the XML signatures alone are the same library's, which
//! other people's software checks elsewhere.

mod answer;
mod request;
mod resolver;

use std::{
    collections::HashMap,
    io,
    path::Path,
    sync::{Arc, Mutex, PoisonError},
};

use axum::{
    Form, Router,
    extract::{RawQuery, State},
    middleware,
    response::{IntoResponse, Response},
    routing::get,
};
use http::{HeaderMap, StatusCode};
use serde::Deserialize;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use url::Url;

use self::request::Request;
use super::{
    people::World,
    saml::{Author, PKCS1},
    saml_keys::Keys,
    stand_in::{self, Choice, Failure, Page, Texts, Words, say_in},
    style,
};
use crate::{
    base::{Clock, Random},
    domain::{
        tenant::{Factor, Tenant},
        upstream::DIGID_CLASSES,
    },
};

/// A BSN that nobody of the demo has.
const STRANGER: &str = "999990019";
/// The words of the form for DigiD's levels, the weakest first.
const LEVELS: [&str; 4] = ["basis", "midden", "substantieel", "hoog"];

const TITLE: Texts = ["Laat zien wie u bent", "Montrez qui vous êtes", "Zeigen Sie, wer Sie sind", "Show who you are"];
const SAMPLE: Texts = [
    "Alleen in de demo: in het echt logt u in op de website van DigiD, bijvoorbeeld met de DigiD-app.",
    "Uniquement dans la démo : en réalité, vous vous connectez sur le site de DigiD, par exemple avec l'application DigiD.",
    "Nur in der Demo: In Wirklichkeit melden Sie sich auf der Website von DigiD an, zum Beispiel mit der DigiD-App.",
    "Only in the demo: in earnest you log in on the website of DigiD, for example with the DigiD app.",
];
const ABROAD: Texts = ["zonder BSN", "sans BSN", "ohne BSN", "without a BSN"];

/// Somebody whom one can be.
struct Somebody {
    key: String,
    name: String,
    /// DigiD's name for them: sector and number.
    id: String,
}

/// A tenant whose people come here.
struct Client {
    entity: String,
    callback: String,
    people: Vec<Somebody>,
}

/// What was decided on the page.
#[derive(Clone)]
struct Grant {
    client: usize,
    request: String,
    /// Who, and by which class; none: they went back.
    proved: Option<(usize, &'static str)>,
    failure: Option<Failure>,
}

struct Digid {
    author: Author,
    clients: Vec<Client>,
    grants: Mutex<HashMap<String, Grant>>,
}

type Here = State<Arc<Digid>>;

/// Puts the DigiD of every tenant that has one here: writes the files that it needs into `folder`, listens for its resolver, and answers
/// the pages.
///
/// # Errors
/// When a file cannot be written, or there is no free port.
pub(super) async fn start(
    origin: &str,
    folder: &Path,
    tenants: &mut [Tenant],
    worlds: &[World],
    with: (&Arc<Keys>, &Clock, &Random),
    stopping: CancellationToken,
) -> io::Result<Router> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let resolver = format!("https://localhost:{}/resolve", listener.local_addr()?.port());
    let author = Author::new(format!("{origin}/saml/idp/metadata"), with, PKCS1);
    let folder = folder.join("digid");
    author.publish(&folder, Some(&resolver), "HTTP-Redirect", &format!("{origin}/sso"))?;
    let mut clients = Vec::new();
    for tenant in tenants {
        let world = worlds.iter().find(|world| world.tenant == tenant.id.as_str());
        let (own, callback) = (tenant.provider_metadata(Factor::Digid), tenant.provider_callback(Factor::Digid));
        for provider in tenant.saml_providers.iter_mut().filter(|provider| provider.factor == Factor::Digid) {
            author.introduce(provider, &folder);
            let own = provider.entity.clone().unwrap_or_else(|| own.clone());
            clients.push(Client { entity: own, callback: callback.clone(), people: people(world) });
        }
    }
    let digid = Arc::new(Digid { author, clients, grants: Mutex::default() });
    let acceptor = digid.author.keys.acceptor().ok_or_else(|| io::Error::other("TLS cannot be set up"))?;
    tokio::spawn(resolver::serve(listener, acceptor, digid.clone(), stopping));
    Ok(Router::new()
        .route("/sso", get(ask).post(decide))
        .route("/style.css", get(style::stylesheet))
        .layer(middleware::map_response(stand_in::finish))
        .with_state(digid))
}

fn people(world: Option<&World>) -> Vec<Somebody> {
    let known = world.into_iter().flat_map(World::who_log_in).map(|(person, login)| Somebody {
        key: login.user.to_owned(),
        name: format!("{} {}", person.given, person.family),
        id: format!("s00000000:{}", person.national_number),
    });
    let other = |key: &str, name: &str, id: String| Somebody { key: key.to_owned(), name: name.to_owned(), id };
    known
        .chain([
            other("stranger", "Onbekende Persoon", format!("s00000000:{STRANGER}")),
            other("abroad", "Buitenlandse Persoon", format!("s00000001:{STRANGER}")),
        ])
        .collect()
}

impl Digid {
    /// The request in a query, and whose it is, when its signature is the gateway's.
    fn understand(&self, query: &str) -> Option<(usize, Request)> {
        let request = Request::read(query, &self.author.keys)?;
        let client = self.clients.iter().position(|known| known.entity == request.issuer)?;
        Some((client, request))
    }
}

/// DigiD answers 404 to what it cannot read, and to whom it does not know.
async fn ask(State(here): Here, headers: HeaderMap, RawQuery(query): RawQuery) -> Response {
    let query = query.unwrap_or_default();
    let Some((client, request)) = here.understand(&query) else { return StatusCode::NOT_FOUND.into_response() };
    let words = Words::of(&headers, "DigiD");
    let choice = |known: &Somebody| {
        let note = match known.key.as_str() {
            "stranger" => format!(" ({})", words.unknown()),
            "abroad" => format!(" ({})", say_in(ABROAD, words.language)),
            _ => String::new(),
        };
        Choice { value: known.key.clone(), label: format!("{}{note}", known.name) }
    };
    stand_in::page(&Page {
        words,
        title: say_in(TITLE, words.language).to_owned(),
        sample: say_in(SAMPLE, words.language).to_owned(),
        action: "/sso",
        carried: vec![("query", &query)],
        who: words.who(),
        people: here.clients[client].people.iter().map(choice).collect(),
        how: words.how(),
        asked: format!("{} {}", LEVELS[request.level], words.asked()),
        levels: LEVELS.map(|word| Choice { value: word.to_owned(), label: word.to_owned() }).into(),
        least: LEVELS[request.level],
        failures: Failure::PLAIN,
        confirm: words.confirm(),
        cancel: words.cancel(),
    })
}

#[derive(Deserialize)]
struct Decided {
    query: String,
    person: String,
    level: String,
    failure: String,
    cancel: Option<String>,
}

async fn decide(State(here): Here, headers: HeaderMap, Form(decided): Form<Decided>) -> Response {
    let Some((client, request)) = here.understand(&decided.query) else { return StatusCode::NOT_FOUND.into_response() };
    let bad = || StatusCode::BAD_REQUEST.into_response();
    let person = here.clients[client].people.iter().position(|known| known.key == decided.person);
    let level = LEVELS.iter().position(|known| *known == decided.level);
    let proved = match (person, level, &decided.cancel) {
        (_, _, Some(_)) => None,
        (Some(person), Some(level), None) => Some((person, DIGID_CLASSES[level])),
        _ => return bad(),
    };
    let Ok(mut back) = Url::parse(&here.clients[client].callback) else { return bad() };
    let artifact = answer::artifact(&here.author.entity, &here.author.token());
    let grant = Grant { client, request: request.id, proved, failure: Failure::of(&decided.failure) };
    here.grants.lock().unwrap_or_else(PoisonError::into_inner).insert(artifact.clone(), grant);
    back.query_pairs_mut().append_pair("SAMLart", &artifact).append_pair("RelayState", &request.state);
    let words = Words::of(&headers, "DigiD");
    stand_in::lead_back(words, say_in(SAMPLE, words.language), &back)
}
