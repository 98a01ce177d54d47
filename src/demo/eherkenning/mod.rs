//! A stand-in for eHerkenning on a host of its own: its protocol, and a page that says that it is not eHerkenning.
//!
//! | path | |
//! |---|---|
//! | `/sso` | takes a request, and shows the page in the person's place: for whom one acts, how surely, or going back; and what is to go wrong |
//! | `/sso/decide` | a page whose form posts the answer to the gateway |
//!
//! Architecture invariant: nothing of `login` is used, as in [`super::digid`]: what the gateway reads is written here by other code.

mod answer;
mod words;

use std::{io, path::Path, sync::Arc};

use askama::Template;
use axum::{
    Form, Router,
    extract::State,
    middleware,
    response::{Html, IntoResponse, Response},
    routing::{get, post},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use bergshamra::VerifyResult;
use http::{
    HeaderMap, HeaderValue, StatusCode,
    header::{ACCEPT_LANGUAGE, CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY},
};
use serde::Deserialize;
use url::Url;

use self::{answer::Answer, words::Words};
use super::{people::World, saml_keys::Keys, style};
use crate::{
    base::{Clock, Language, Random, tls::KeyFiles},
    domain::{
        tenant::{Factor, Tenant},
        upstream::EHERKENNING_CLASSES,
    },
};

/// The words of the form for eHerkenning's levels, the weakest first.
const LEVELS: [&str; 4] = ["eH2", "eH2+", "eH3", "eH4"];
/// The level of the demo's service in the catalogue.
const ASKED: usize = 2;
/// A company that no register of the demo knows.
const STRANGER: &str = "90000077";
/// Who acts for others.
const INTERMEDIARY: &str = "90000099";

/// Somebody whom one can be: who, and for whom.
struct Acting {
    key: String,
    /// Who acts.
    name: &'static str,
    /// For whom, in words.
    company: String,
    number: String,
    pseudonym: &'static str,
    branch: Option<&'static str>,
    intermediary: Option<&'static str>,
    /// What is special.
    note: Note,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Note {
    None,
    Unknown,
    Branch,
    Chain,
}

/// A tenant whose organizations' people come here.
struct Client {
    entity: String,
    callback: String,
    service: String,
    people: Vec<Acting>,
}

/// What can be made to go wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Failure {
    Malformed,
    WrongKey,
    WrongRecipient,
    Expired,
}

struct Eherkenning {
    entity: String,
    clock: Clock,
    random: Random,
    keys: Arc<Keys>,
    clients: Vec<Client>,
}

type Here = State<Arc<Eherkenning>>;

/// Puts the eHerkenning of every tenant that has one here: writes the files that it needs into `folder`, and answers the pages.
///
/// # Errors
/// When a file cannot be written.
pub(super) fn start(
    origin: &str,
    folder: &Path,
    tenants: &mut [Tenant],
    worlds: &[World],
    (keys, clock, random): (&Arc<Keys>, &Clock, &Random),
) -> io::Result<Router> {
    let entity = format!("{origin}/broker");
    let folder = folder.join("eherkenning");
    std::fs::create_dir_all(&folder)?;
    keys.write(&folder, &answer::metadata(&entity, &format!("{origin}/sso"), keys))?;
    let mut clients = Vec::new();
    for tenant in tenants {
        let world = worlds.iter().find(|world| world.tenant == tenant.id.as_str());
        let own = tenant.provider_metadata(Factor::Eherkenning);
        let callback = tenant.provider_callback(Factor::Eherkenning);
        for provider in tenant.saml_providers.iter_mut().filter(|known| known.factor == Factor::Eherkenning) {
            let files = KeyFiles { certificate: folder.join("poort.pem"), key: folder.join("poort.key") };
            provider.provider.clone_from(&entity);
            provider.metadata = folder.join("metadata.xml");
            provider.decryption = vec![files.clone()];
            (provider.tls, provider.signing) = (files.clone(), files);
            (provider.metadata_signer, provider.next_certificate) = (None, None);
            clients.push(Client {
                entity: provider.entity.clone().unwrap_or_else(|| own.clone()),
                callback: callback.clone(),
                service: provider.service.as_ref().map(|service| service.id.clone()).unwrap_or_default(),
                people: people(world),
            });
        }
    }
    let here = Eherkenning { entity, clock: clock.clone(), random: random.clone(), keys: keys.clone(), clients };
    Ok(Router::new()
        .route("/sso", post(ask))
        .route("/sso/decide", post(decide))
        .route("/style.css", get(style::stylesheet))
        .layer(middleware::map_response(finish))
        .with_state(Arc::new(here)))
}

fn people(world: Option<&World>) -> Vec<Acting> {
    let companies = world.into_iter().flat_map(|world| &world.organizations);
    let companies: Vec<(&str, &str)> = companies.filter_map(|one| Some((one.name, one.number.as_deref()?))).collect();
    let hr = |place: usize, name: &str, number: &str| Acting {
        key: format!("hr-{place}"),
        name: "Noor de Wit",
        company: name.to_owned(),
        number: number.to_owned(),
        pseudonym: "5C1D0E7A93F84B26@demo",
        branch: None,
        intermediary: None,
        note: Note::None,
    };
    let mut all: Vec<Acting> =
        companies.iter().enumerate().map(|(place, (name, number))| hr(place, name, number)).collect();
    if let Some((name, number)) = companies.first() {
        let somebody = |key: &str| Acting {
            key: key.to_owned(),
            name: "Joris Bakker",
            pseudonym: "A07B3344E1D95C02@demo",
            ..hr(0, name, number)
        };
        all.push(Acting { intermediary: Some(INTERMEDIARY), note: Note::Chain, ..somebody("chain") });
        all.push(Acting { branch: Some("000012345678"), note: Note::Branch, ..somebody("branch") });
    }
    all.push(Acting { key: "stranger".to_owned(), note: Note::Unknown, ..hr(0, "Onbekend BV", STRANGER) });
    all
}

#[derive(Template)]
#[template(path = "eherkenning.html", config = "src/demo/askama.toml")]
struct Page<'a> {
    words: Words,
    people: &'a [Acting],
    /// The request as it came, which the form carries on.
    request: &'a str,
    state: &'a str,
    levels: [Level; 4],
}

/// One of eHerkenning's levels.
struct Level {
    word: &'static str,
    /// It is the one of the service.
    asked: bool,
}

#[derive(Template)]
#[template(path = "eherkenning_back.html", config = "src/demo/askama.toml")]
struct Back {
    words: Words,
    to: String,
    answer: String,
    state: String,
}

/// The language of a browser; this stand-in is asked for none.
fn words(headers: &HeaderMap) -> Words {
    let wanted = headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    Words(wanted.split([',', ';']).find_map(|tag| Language::from_tag(tag.trim())).unwrap_or(Language::Nl))
}

impl Eherkenning {
    /// Whose a request is, and its `ID`, when it is signed by the gateway and for a service of the catalogue.
    fn understand(&self, request: &str) -> Option<(usize, String)> {
        let text = String::from_utf8(STANDARD.decode(request).ok()?).ok()?;
        let checked = bergshamra::verify(&self.keys.verifying()?, &text).ok()?;
        if !matches!(checked, VerifyResult::Valid { .. }) {
            return None;
        }
        let document = uppsala::parse(&text).ok()?;
        let root = document.document_element()?;
        document.get_attribute(root, "AttributeConsumingServiceIndex")?;
        let issuer =
            document.get_elements_by_tag_name("Issuer").first().map(|node| document.text_content_deep(*node))?;
        let client = self.clients.iter().position(|known| known.entity == issuer)?;
        Some((client, document.get_attribute(root, "ID")?.to_owned()))
    }
}

#[derive(Deserialize)]
struct Asked {
    #[serde(rename = "SAMLRequest")]
    request: String,
    #[serde(rename = "RelayState")]
    state: String,
}

async fn ask(State(here): Here, headers: HeaderMap, Form(asked): Form<Asked>) -> Response {
    let Some((client, _)) = here.understand(&asked.request) else { return StatusCode::NOT_FOUND.into_response() };
    let people = &here.clients[client].people;
    let levels = [0, 1, 2, 3].map(|level| Level { word: LEVELS[level], asked: level == ASKED });
    page(&Page { words: words(&headers), people, request: &asked.request, state: &asked.state, levels })
}

#[derive(Deserialize)]
struct Decided {
    request: String,
    state: String,
    person: String,
    level: String,
    failure: String,
    cancel: Option<String>,
}

async fn decide(State(here): Here, headers: HeaderMap, Form(decided): Form<Decided>) -> Response {
    let Some((client, id)) = here.understand(&decided.request) else { return StatusCode::NOT_FOUND.into_response() };
    let bad = || StatusCode::BAD_REQUEST.into_response();
    let client = &here.clients[client];
    let person = client.people.iter().find(|known| known.key == decided.person);
    let level = LEVELS.iter().position(|known| *known == decided.level);
    let proved = match (person, level, &decided.cancel) {
        (_, _, Some(_)) => None,
        (Some(person), Some(level), None) => Some((person, EHERKENNING_CLASSES[level])),
        _ => return bad(),
    };
    let failure = serde_json::from_value(serde_json::Value::String(decided.failure)).ok();
    let Some(answer) = here.answer(&Answer { client, request: &id, proved, failure }) else { return bad() };
    let Ok(to) = Url::parse(&client.callback) else { return bad() };
    let back =
        Back { words: words(&headers), to: to.to_string(), answer: STANDARD.encode(answer), state: decided.state };
    let mut response = page(&back);
    if let Ok(policy) = HeaderValue::try_from(policy(&to.origin().ascii_serialization())) {
        response.headers_mut().insert(CONTENT_SECURITY_POLICY, policy);
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

fn policy(form: &str) -> String {
    format!("default-src 'none'; style-src 'self'; base-uri 'none'; form-action {form}; frame-ancestors 'none'")
}

async fn finish(mut response: Response) -> Response {
    let headers = response.headers_mut();
    if let Ok(policy) = HeaderValue::try_from(policy("'self'")) {
        headers.entry(CONTENT_SECURITY_POLICY).or_insert(policy);
    }
    for (name, value) in [(REFERRER_POLICY, "no-referrer"), (CACHE_CONTROL, "no-store")] {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    response
}
