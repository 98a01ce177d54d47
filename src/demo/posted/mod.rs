//! Stand-ins for SAML providers that are asked by a form and answer by one, each on a host of its own: its protocol, and a page that says
//! that it is not it. What is different about each is its [`Face`].
//!
//! | path | |
//! |---|---|
//! | `/sso` | takes a request, and shows the page in the person's place: who one is, how surely, or going back; and what is to go wrong |
//! | `/sso/decide` | a page whose form posts the answer to the gateway |
//!
//! Architecture invariant: nothing of `login` is used, as in [`super::digid`]: what the gateway reads is written here by other code.

mod eherkenning;
mod eidas;
mod fas;

use std::{io, path::Path, sync::Arc};

use axum::{
    Form, Router,
    extract::State,
    middleware,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use bergshamra::VerifyResult;
use http::{HeaderMap, StatusCode};
use serde::Deserialize;
use url::Url;

pub(super) use self::{
    eherkenning::EHERKENNING,
    eidas::EIDAS,
    fas::{FAS, instead},
};
use super::{
    people::World,
    saml::{Author, CBC, GCM, Outcome, Said, encrypted},
    saml_keys::{Keys, Pair},
    stand_in::{self, Choice, Failure, Page, SLOW, Texts, Words, say_in},
    style,
};
use crate::{
    base::{Clock, Random},
    domain::tenant::{Factor, Tenant},
};

/// A provider that the demo stands in for.
pub(super) struct Face {
    /// What its login proves.
    pub factor: Factor,
    /// Its host, without the port.
    pub host: &'static str,
    /// What people call it.
    pub name: &'static str,
    pub title: Texts,
    /// Where this would happen in earnest.
    pub sample: Texts,
    /// Who one is asked to be, where it is not only oneself.
    pub who: Option<Texts>,
    /// Its levels: the word of the form and the class, the weakest first.
    pub levels: &'static [(&'static str, &'static str)],
    /// The place of the level of the demo's service among them, where a catalogue has it; else the request says it.
    pub asked: Option<usize>,
    /// What is said of that level, where it is not asked by the request.
    pub is_asked: Option<Texts>,
    pub seals: Seals,
    /// The algorithm of its signatures.
    pub signs: &'static str,
    /// The second-level status by which somebody goes back.
    pub cancelled: &'static str,
    /// Whom one can be.
    pub people: fn(Option<&World>) -> Vec<Somebody>,
}

/// What a provider encrypts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Seals {
    /// Identifiers, one by one ([`Attribute::Sealed`]).
    Identifiers,
    /// An assertion as a whole.
    Assertion,
    Nothing,
}

/// Somebody whom one can be.
pub(super) struct Somebody {
    pub key: String,
    pub name: String,
    /// For whom they act.
    pub within: Option<String>,
    /// What is special.
    pub note: Option<Texts>,
    pub attributes: Vec<Attribute>,
}

/// What is said of somebody.
#[derive(Clone)]
pub(super) enum Attribute {
    /// As it is: a name and a value.
    Plain(&'static str, String),
    /// In other letters than Latin ones.
    InOtherLetters(&'static str, &'static str),
    /// Encrypted for the gateway: a name, `NameQualifier` and a value.
    Sealed(&'static str, &'static str, String),
}

/// A tenant whose people come here.
struct Client {
    entity: String,
    callback: String,
    /// Its service in the catalogue.
    service: Option<String>,
    people: Vec<Somebody>,
}

struct StandIn {
    face: &'static Face,
    author: Author,
    clients: Vec<Client>,
}

type Here = State<Arc<StandIn>>;

/// Puts the provider of every tenant that has it here: writes the files that it needs into `folder`, and answers the pages.
///
/// # Errors
/// When a file cannot be written.
pub(super) fn start(
    face: &'static Face,
    origin: &str,
    folder: &Path,
    tenants: &mut [Tenant],
    worlds: &[World],
    with: (&Arc<Keys>, &Clock, &Random),
) -> io::Result<Router> {
    let author = Author::new(format!("{origin}/metadata"), with, face.signs);
    let folder = folder.join(face.factor.word());
    author.publish(&folder, None, "HTTP-POST", &format!("{origin}/sso"))?;
    let mut clients = Vec::new();
    for tenant in tenants {
        let world = worlds.iter().find(|world| world.tenant == tenant.id.as_str());
        let (own, callback) = (tenant.provider_metadata(face.factor), tenant.provider_callback(face.factor));
        for provider in tenant.saml_providers.iter_mut().filter(|known| known.factor == face.factor) {
            author.introduce(provider, &folder);
            clients.push(Client {
                entity: provider.entity.clone().unwrap_or_else(|| own.clone()),
                callback: callback.clone(),
                service: provider.service.as_ref().map(|service| service.id.clone()),
                people: (face.people)(world),
            });
        }
    }
    Ok(Router::new()
        .route("/sso", post(ask))
        .route("/sso/decide", post(decide))
        .route("/style.css", get(style::stylesheet))
        .layer(middleware::map_response(stand_in::finish))
        .with_state(Arc::new(StandIn { face, author, clients })))
}

/// A request, as far as it matters here.
struct Request {
    id: String,
    client: usize,
    /// The place of the level that is asked.
    least: usize,
}

impl StandIn {
    /// A request that is signed by the gateway.
    fn understand(&self, request: &str) -> Option<Request> {
        let text = String::from_utf8(STANDARD.decode(request).ok()?).ok()?;
        let checked = bergshamra::verify(&self.author.keys.verifying()?, &text).ok()?;
        if !matches!(checked, VerifyResult::Valid { .. }) {
            return None;
        }
        let document = uppsala::parse(&text).ok()?;
        let root = document.document_element()?;
        let within =
            |name: &str| document.get_elements_by_tag_name(name).first().map(|node| document.text_content_deep(*node));
        let least = match self.face.asked {
            Some(least) => {
                document.get_attribute(root, "AttributeConsumingServiceIndex")?;
                least
            }
            None => {
                let class = within("AuthnContextClassRef")?;
                self.face.levels.iter().position(|(_, known)| *known == class)?
            }
        };
        let issuer = within("Issuer")?;
        let client = self.clients.iter().position(|known| known.entity == issuer)?;
        Some(Request { id: document.get_attribute(root, "ID")?.to_owned(), client, least })
    }

    /// The answer to a request.
    fn answer(&self, request: &Request, proved: Option<(&Somebody, &str)>, failure: Option<Failure>) -> Option<String> {
        if failure == Some(Failure::Malformed) {
            return Some("<samlp:Response".to_owned());
        }
        let (author, client) = (&self.author, &self.clients[request.client]);
        let outcome = match proved {
            None => Outcome::Cancelled(self.face.cancelled),
            Some((somebody, class)) => {
                let assertion = author.assertion(&Said {
                    audience: &client.entity,
                    callback: &client.callback,
                    request: &request.id,
                    name: None,
                    class,
                    attributes: &self.attributes(client, somebody, failure)?,
                    expired: failure == Some(Failure::Expired),
                })?;
                Outcome::Proved(match self.face.seals {
                    Seals::Assertion => {
                        let sealed = encrypted(self.reader(failure), &client.entity, GCM, &assertion)?;
                        format!("<saml:EncryptedAssertion>{sealed}</saml:EncryptedAssertion>")
                    }
                    Seals::Identifiers | Seals::Nothing => assertion,
                })
            }
        };
        let key = if failure == Some(Failure::WrongKey) { &author.keys.other } else { &author.keys.own };
        bergshamra::sign(&key.signing()?, &author.response(&request.id, &client.callback, &outcome, true)).ok()
    }

    /// For whom it is encrypted.
    fn reader(&self, failure: Option<Failure>) -> &Pair {
        let keys = &self.author.keys;
        if failure == Some(Failure::WrongRecipient) { &keys.other } else { &keys.gateway }
    }

    fn attributes(&self, client: &Client, somebody: &Somebody, failure: Option<Failure>) -> Option<String> {
        let said = |name: &str, value: &str| {
            format!(
                r#"<saml:Attribute Name="{name}"><saml:AttributeValue>{value}</saml:AttributeValue></saml:Attribute>"#
            )
        };
        let service = client.service.iter().map(|id| Some(said("urn:etoegang:core:ServiceID", id)));
        let all = somebody.attributes.iter().map(|attribute| match attribute {
            Attribute::Plain(name, value) => Some(said(name, value)),
            Attribute::InOtherLetters(name, value) => Some(format!(
                r#"<saml:Attribute Name="{name}"><saml:AttributeValue xmlns:eidas="http://eidas.europa.eu/attributes/naturalperson" eidas:LatinScript="false">{value}</saml:AttributeValue></saml:Attribute>"#
            )),
            Attribute::Sealed(name, qualifier, value) => {
                let plain = format!(
                    r#"<saml:NameID xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" NameQualifier="{qualifier}">{value}</saml:NameID>"#
                );
                let sealed = encrypted(self.reader(failure), &client.entity, CBC, &plain)?;
                Some(said(name, &format!("<saml:EncryptedID>{sealed}</saml:EncryptedID>")))
            }
        });
        service.chain(all).collect()
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
    let Some(request) = here.understand(&asked.request) else { return StatusCode::NOT_FOUND.into_response() };
    let (face, words) = (here.face, Words::of(&headers, here.face.name));
    let say = |texts: Texts| say_in(texts, words.language).to_owned();
    let choice = |known: &Somebody| {
        let within = known.within.as_ref().map(|name| format!(" {} {name}", words.acting_for())).unwrap_or_default();
        let note = known.note.map(|note| format!(" ({})", say(note))).unwrap_or_default();
        Choice { value: known.key.clone(), label: format!("{}{within}{note}", known.name) }
    };
    let (least, _) = face.levels[request.least];
    stand_in::page(&Page {
        words,
        title: say(face.title),
        sample: say(face.sample),
        action: "/sso/decide",
        carried: vec![("request", &asked.request), ("state", &asked.state)],
        who: face.who.map_or_else(|| words.who(), say),
        people: here.clients[request.client].people.iter().map(choice).collect(),
        how: words.how(),
        asked: format!("{least} {}", face.is_asked.map_or_else(|| words.asked(), say)),
        levels: face
            .levels
            .iter()
            .map(|(word, _)| Choice { value: (*word).to_owned(), label: (*word).to_owned() })
            .collect(),
        least,
        failures: if face.seals == Seals::Nothing { Failure::PLAIN } else { Failure::SEALED },
        confirm: words.confirm(),
        cancel: words.cancel(),
    })
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
    let Some(request) = here.understand(&decided.request) else { return StatusCode::NOT_FOUND.into_response() };
    let bad = || StatusCode::BAD_REQUEST.into_response();
    let client = &here.clients[request.client];
    let person = client.people.iter().find(|known| known.key == decided.person);
    let level = here.face.levels.iter().find(|(word, _)| *word == decided.level);
    let proved = match (person, level, &decided.cancel) {
        (_, _, Some(_)) => None,
        (Some(person), Some((_, class)), None) => Some((person, *class)),
        _ => return bad(),
    };
    let failure = Failure::of(&decided.failure);
    if failure == Some(Failure::Slow) {
        tokio::time::sleep(SLOW).await;
    }
    let (Some(answer), Ok(to)) = (here.answer(&request, proved, failure), Url::parse(&client.callback)) else {
        return bad();
    };
    let words = Words::of(&headers, here.face.name);
    let fields = [("SAMLResponse", STANDARD.encode(answer)), ("RelayState", decided.state)];
    stand_in::post_back(words, say_in(here.face.sample, words.language), &to, &fields)
}
