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
mod words;

use std::{
    collections::HashMap,
    io,
    path::Path,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use askama::Template;
use axum::{
    Form, Router,
    extract::{RawQuery, State},
    middleware,
    response::{Html, IntoResponse, Response},
    routing::get,
};
use http::{
    HeaderMap, HeaderValue, StatusCode,
    header::{ACCEPT_LANGUAGE, CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY, REFRESH},
};
use serde::Deserialize;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use url::Url;

use self::{request::Request, words::Words};
use super::{people::World, saml_keys::Keys, style};
use crate::{
    base::{Clock, Language, Random, tls::KeyFiles, token::Token},
    domain::{
        tenant::{Factor, Tenant},
        upstream::DIGID_CLASSES,
    },
};

/// How long an answer takes that is to be slow: longer than anybody waits.
const SLOW: Duration = Duration::from_secs(60);
/// A BSN that nobody of the demo has.
const STRANGER: &str = "999990019";
/// The words of the form for DigiD's levels, the weakest first.
const LEVELS: [&str; 4] = ["basis", "midden", "substantieel", "hoog"];

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

/// What can be made to go wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Failure {
    Slow,
    Malformed,
    WrongKey,
    Expired,
}

struct Digid {
    entity: String,
    clock: Clock,
    random: Random,
    keys: Arc<Keys>,
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
    (keys, clock, random): (&Arc<Keys>, &Clock, &Random),
    stopping: CancellationToken,
) -> io::Result<Router> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let resolver = format!("https://localhost:{}/resolve", listener.local_addr()?.port());
    let entity = format!("{origin}/saml/idp/metadata");
    let folder = folder.join("digid");
    std::fs::create_dir_all(&folder)?;
    keys.write(&folder, &answer::metadata(&entity, &resolver, &format!("{origin}/sso"), keys))?;
    let mut clients = Vec::new();
    for tenant in tenants {
        let world = worlds.iter().find(|world| world.tenant == tenant.id.as_str());
        let (own, callback) = (tenant.provider_metadata(Factor::Digid), tenant.provider_callback(Factor::Digid));
        for provider in tenant.saml_providers.iter_mut().filter(|provider| provider.factor == Factor::Digid) {
            let files = KeyFiles { certificate: folder.join("poort.pem"), key: folder.join("poort.key") };
            provider.provider.clone_from(&entity);
            provider.metadata = folder.join("metadata.xml");
            provider.authorities = Some(folder.join("authority.pem"));
            (provider.tls, provider.signing) = (files.clone(), files);
            (provider.metadata_signer, provider.next_certificate) = (None, None);
            let own = provider.entity.clone().unwrap_or_else(|| own.clone());
            clients.push(Client { entity: own, callback: callback.clone(), people: people(world) });
        }
    }
    let digid = Arc::new(Digid {
        entity,
        clock: clock.clone(),
        random: random.clone(),
        keys: keys.clone(),
        clients,
        grants: Mutex::default(),
    });
    let acceptor = digid.keys.acceptor().ok_or_else(|| io::Error::other("TLS cannot be set up"))?;
    tokio::spawn(resolver::serve(listener, acceptor, digid.clone(), stopping));
    Ok(Router::new()
        .route("/sso", get(ask).post(decide))
        .route("/style.css", get(style::stylesheet))
        .layer(middleware::map_response(finish))
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

#[derive(Template)]
#[template(path = "digid.html", config = "src/demo/askama.toml")]
struct Page<'a> {
    words: Words,
    people: &'a [Somebody],
    /// The request as it came, which the form carries on.
    query: &'a str,
    levels: [Level; 4],
}

/// One of DigiD's levels.
struct Level {
    word: &'static str,
    /// It is the least that does.
    asked: bool,
}

#[derive(Template)]
#[template(path = "digid_back.html", config = "src/demo/askama.toml")]
struct Back {
    words: Words,
    href: String,
}

/// The language of a browser; this stand-in is asked for none.
fn words(headers: &HeaderMap) -> Words {
    let wanted = headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    Words(wanted.split([',', ';']).find_map(|tag| Language::from_tag(tag.trim())).unwrap_or(Language::Nl))
}

impl Digid {
    /// The request in a query, and whose it is, when its signature is the gateway's.
    fn understand(&self, query: &str) -> Option<(usize, Request)> {
        let request = Request::read(query, &self.keys)?;
        let client = self.clients.iter().position(|known| known.entity == request.issuer)?;
        Some((client, request))
    }
}

/// DigiD answers 404 to what it cannot read, and to whom it does not know.
async fn ask(State(here): Here, headers: HeaderMap, RawQuery(query): RawQuery) -> Response {
    let query = query.unwrap_or_default();
    let Some((client, request)) = here.understand(&query) else { return StatusCode::NOT_FOUND.into_response() };
    let people = &here.clients[client].people;
    let levels = [0, 1, 2, 3].map(|level| Level { word: LEVELS[level], asked: level == request.level });
    page(&Page { words: words(&headers), people, query: &query, levels })
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
    let artifact = answer::artifact(&here.entity, &Token::new(&here.random));
    let failure = serde_json::from_value(serde_json::Value::String(decided.failure)).ok();
    let grant = Grant { client, request: request.id, proved, failure };
    here.grants.lock().unwrap_or_else(PoisonError::into_inner).insert(artifact.clone(), grant);
    back.query_pairs_mut().append_pair("SAMLart", &artifact).append_pair("RelayState", &request.state);
    // Not a redirect: Chromium applies `form-action` to redirects after a form.
    let mut response = page(&Back { words: words(&headers), href: back.to_string() });
    if let Ok(refresh) = HeaderValue::try_from(format!("0;url={back}")) {
        response.headers_mut().insert(REFRESH, refresh);
    }
    response
}

fn page(page: &impl Template) -> Response {
    match page.render() {
        Ok(html) => Html(html).into_response(),
        Err(error) => {
            tracing::error!(%error, "a page of the demo cannot be rendered");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

async fn finish(mut response: Response) -> Response {
    const POLICY: &str =
        "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
    let headers = response.headers_mut();
    for (name, value) in
        [(CONTENT_SECURITY_POLICY, POLICY), (REFERRER_POLICY, "no-referrer"), (CACHE_CONTROL, "no-store")]
    {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    response
}
