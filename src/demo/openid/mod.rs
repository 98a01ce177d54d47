//! Stand-ins for itsme and FAS, each on a host of its own: its protocol, and a page that says that it is not it.
//!
//! | path | |
//! |---|---|
//! | `/.well-known/openid-configuration`, `/jwks` | what an OpenID provider publishes |
//! | `/authorization` | the page in the person's place: who one is, how surely, or going back; and what is to go wrong |
//! | `/token`, `/userinfo` | as itsme's: the client proves who it is by its key, answers are signed and then encrypted; as FAS's: by a secret, and signed |
//!
//! Architecture invariant: nothing of `login` is used. What the gateway reads is written here by other code, and what the gateway
//! writes (its assertion, its challenge) is checked here by other code; the encryption alone is `token::jwe`'s, which other people's
//! software checks elsewhere.

mod client;
pub(super) mod face;
mod tokens;
mod words;

use std::{
    collections::HashMap,
    fs, io,
    net::SocketAddr,
    path::Path,
    sync::{Arc, Mutex, PoisonError},
};

use axum::{
    Form, Json, Router,
    extract::{Query, State},
    middleware,
    response::{IntoResponse, Response},
    routing::get,
};
use base64::{Engine, engine::general_purpose::STANDARD};
use http::{
    HeaderMap, StatusCode,
    header::{AUTHORIZATION, CONTENT_TYPE},
};
use serde::Deserialize;
use serde_json::json;
use url::Url;

use self::{client::Relying, face::Face, tokens::Signer, words::Words};
use super::{
    marker::SAMPLE_SECRET,
    people::World,
    stand_in::{self, Choice, Failure, Page, SLOW},
    style,
};
use crate::{
    base::{Clock, Language, Random, token::Token},
    domain::{tenant::Tenant, upstream::ClientAuthentication},
};

/// Somebody whom no tenant knows.
const STRANGER: &str = "85073003328";

/// Somebody whom one can be.
struct Somebody {
    key: String,
    given: String,
    family: String,
    number: Option<String>,
}

/// A tenant whose people come here.
struct Client {
    id: String,
    callback: String,
    people: Vec<Somebody>,
    relying: Relying,
}

/// What was decided on the page.
#[derive(Clone)]
struct Grant {
    client: usize,
    person: usize,
    acr: &'static str,
    nonce: String,
    challenge: String,
    failure: Option<Failure>,
}

struct StandIn {
    face: Face,
    issuer: String,
    clock: Clock,
    random: Random,
    signer: Signer,
    clients: Vec<Client>,
    codes: Mutex<HashMap<String, Grant>>,
    tokens: Mutex<HashMap<String, Grant>>,
}

type Here = State<Arc<StandIn>>;

/// The pages and endpoints, for the tenants that have this provider. `gateway` is where their login hosts listen.
pub(super) fn router(
    face: Face,
    issuer: &str,
    gateway: SocketAddr,
    tenants: &[Tenant],
    worlds: &[World],
    clock: &Clock,
    random: &Random,
) -> Router {
    let clients = tenants.iter().filter_map(|tenant| {
        let provider = tenant.provider(face.factor())?;
        let world = worlds.iter().find(|world| world.tenant == tenant.id.as_str())?;
        let known = world.who_log_in().map(|(person, login)| Somebody {
            key: login.user.to_owned(),
            given: person.given.to_owned(),
            family: person.family.to_owned(),
            number: Some(person.national_number.clone()),
        });
        let other = |key: &str, given: &str, number: Option<&str>| Somebody {
            key: key.to_owned(),
            given: given.to_owned(),
            family: "Vandeputte".to_owned(),
            number: number.map(str::to_owned),
        };
        Some(Client {
            id: provider.client_id.clone(),
            callback: tenant.provider_callback(face.factor()),
            people: known
                .chain([other("stranger", "Onbekende", Some(STRANGER)), other("abroad", "Buitenlandse", None)])
                .collect(),
            relying: Relying::new(&tenant.origin, gateway),
        })
    });
    let stand_in = StandIn {
        face,
        issuer: issuer.to_owned(),
        clock: clock.clone(),
        random: random.clone(),
        signer: Signer::default(),
        clients: clients.collect(),
        codes: Mutex::default(),
        tokens: Mutex::default(),
    };
    Router::new()
        .route("/.well-known/openid-configuration", get(discovery))
        .route("/jwks", get(keys))
        .route("/authorization", get(ask).post(decide))
        .route("/token", axum::routing::post(token))
        .route("/userinfo", get(userinfo))
        .route("/style.css", get(style::stylesheet))
        .layer(middleware::map_response(stand_in::finish))
        .with_state(Arc::new(stand_in))
}

/// Gives the tenants whose provider knows them by a secret the demo's, in a file.
///
/// # Errors
/// When it cannot be written.
pub(super) fn share_secret(folder: &Path, tenants: &mut [Tenant]) -> io::Result<()> {
    let file = folder.join("provider.secret");
    let providers = tenants.iter_mut().flat_map(|tenant| &mut tenant.openid_providers);
    let by_secret = providers.filter(|known| matches!(known.authentication, ClientAuthentication::Secret(_)));
    for provider in by_secret {
        fs::write(&file, SAMPLE_SECRET)?;
        provider.authentication = ClientAuthentication::Secret(file.clone());
    }
    Ok(())
}

async fn discovery(State(here): Here) -> Response {
    let at = |path: &str| format!("{}{path}", here.issuer);
    Json(json!({
        "issuer": here.issuer,
        "authorization_endpoint": at("/authorization"),
        "token_endpoint": at("/token"),
        "userinfo_endpoint": at("/userinfo"),
        "jwks_uri": at("/jwks"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "token_endpoint_auth_methods_supported": [if here.face.is_by_keys() { "private_key_jwt" } else { "client_secret_basic" }],
        "acr_values_supported": here.face.levels().iter().map(|level| level.acr).collect::<Vec<_>>(),
        "ui_locales_supported": ["nl", "fr", "de", "en"],
        "claims_parameter_supported": here.face.number_in_token(),
    }))
    .into_response()
}

async fn keys(State(here): Here) -> Response {
    match here.signer.jwks() {
        Some(keys) => Json(keys).into_response(),
        None => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// An authorization request, as far as it matters here.
#[derive(Clone, Deserialize)]
struct Asked {
    client_id: String,
    redirect_uri: String,
    state: String,
    nonce: String,
    code_challenge: String,
    #[serde(default)]
    acr_values: String,
    #[serde(default)]
    ui_locales: String,
}

impl Asked {
    /// What the form carries on.
    fn fields(&self) -> [(&'static str, &str); 7] {
        [
            ("client_id", &self.client_id),
            ("redirect_uri", &self.redirect_uri),
            ("state", &self.state),
            ("nonce", &self.nonce),
            ("code_challenge", &self.code_challenge),
            ("acr_values", &self.acr_values),
            ("ui_locales", &self.ui_locales),
        ]
    }
}

impl StandIn {
    fn client(&self, asked: &Asked) -> Option<usize> {
        self.clients.iter().position(|known| known.id == asked.client_id && known.callback == asked.redirect_uri)
    }
}

impl StandIn {
    fn words(&self, asked: &Asked) -> Words {
        let language = asked.ui_locales.split(' ').find_map(Language::from_tag).unwrap_or(Language::En);
        Words { language, name: self.face.name(), face: self.face }
    }
}

async fn ask(State(here): Here, Query(asked): Query<Asked>) -> Response {
    let Some(client) = here.client(&asked) else { return StatusCode::BAD_REQUEST.into_response() };
    let levels = here.face.levels();
    let least = levels.iter().find(|level| level.acr == asked.acr_values).unwrap_or(&levels[0]);
    let words = here.words(&asked);
    let shared = words.shared();
    let choice = |known: &Somebody| {
        let note = match (known.key.as_str(), &known.number) {
            ("stranger", _) => format!(" ({})", shared.unknown()),
            (_, None) => format!(" ({})", words.abroad()),
            _ => String::new(),
        };
        Choice { value: known.key.clone(), label: format!("{} {}{note}", known.given, known.family) }
    };
    stand_in::page(&Page {
        words: shared,
        title: words.title(),
        sample: words.sample(),
        action: "/authorization",
        carried: asked.fields().into(),
        who: shared.who(),
        people: here.clients[client].people.iter().map(choice).collect(),
        how: words.how(),
        asked: format!("{} {}", words.level(least.key), words.asked()),
        levels: levels
            .iter()
            .map(|level| Choice { value: level.key.to_owned(), label: words.level(level.key) })
            .collect(),
        least: least.key,
        failures: Failure::PLAIN,
        confirm: words.confirm(),
        cancel: words.cancel(),
    })
}

#[derive(Deserialize)]
struct Decided {
    #[serde(flatten)]
    asked: Asked,
    person: String,
    level: String,
    failure: String,
    cancel: Option<String>,
}

async fn decide(State(here): Here, Form(decided): Form<Decided>) -> Response {
    let asked = &decided.asked;
    let bad = || StatusCode::BAD_REQUEST.into_response();
    let (Some(client), Ok(mut back)) = (here.client(asked), Url::parse(&asked.redirect_uri)) else { return bad() };
    if decided.cancel.is_some() {
        back.query_pairs_mut().append_pair("error", "access_denied");
    } else {
        let person = here.clients[client].people.iter().position(|known| known.key == decided.person);
        let level = here.face.levels().iter().find(|level| level.key == decided.level);
        let (Some(person), Some(level)) = (person, level) else { return bad() };
        let code = Token::new(&here.random).reveal();
        let grant = Grant {
            client,
            person,
            acr: level.acr,
            nonce: asked.nonce.clone(),
            challenge: asked.code_challenge.clone(),
            failure: Failure::of(&decided.failure),
        };
        here.codes.lock().unwrap_or_else(PoisonError::into_inner).insert(code.clone(), grant);
        back.query_pairs_mut().append_pair("code", &code);
    }
    back.query_pairs_mut().append_pair("state", &asked.state);
    let words = here.words(asked);
    stand_in::lead_back(words.shared(), &words.sample(), &back)
}

#[derive(Deserialize)]
struct Redeemed {
    code: String,
    redirect_uri: String,
    code_verifier: String,
    #[serde(default)]
    client_assertion: String,
}

async fn token(State(here): Here, headers: HeaderMap, Form(redeemed): Form<Redeemed>) -> Response {
    let wrong = |error: &str| (StatusCode::BAD_REQUEST, Json(json!({ "error": error }))).into_response();
    let grant = here.codes.lock().unwrap_or_else(PoisonError::into_inner).remove(&redeemed.code);
    let Some(grant) = grant else { return wrong("invalid_grant") };
    let client = &here.clients[grant.client];
    if redeemed.redirect_uri != client.callback || tokens::challenge(&redeemed.code_verifier) != grant.challenge {
        return wrong("invalid_grant");
    }
    let now = here.clock.now().seconds();
    let proved = match here.face.is_by_keys() {
        true => {
            let endpoint = format!("{}/token", here.issuer);
            client.relying.proves(&redeemed.client_assertion, &client.id, &endpoint, now).await.is_some()
        }
        // RFC 6749 section 2.3.1; neither half has anything to escape here.
        false => headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()).is_some_and(|value| {
            value == format!("Basic {}", STANDARD.encode(format!("{}:{SAMPLE_SECRET}", client.id)))
        }),
    };
    if !proved {
        return wrong("invalid_client");
    }
    match grant.failure {
        Some(Failure::Slow) => tokio::time::sleep(SLOW).await,
        Some(Failure::Malformed) => {
            return ([(CONTENT_TYPE, "application/json")], "<html>Service unavailable</html>").into_response();
        }
        _ => {}
    }
    let access = Token::new(&here.random).reveal();
    let person = &client.people[grant.person];
    let expires = if grant.failure == Some(Failure::Expired) { now - 3600 } else { now + 300 };
    let mut claims = json!({
        "iss": here.issuer, "aud": client.id, "sub": tokens::challenge(&person.key), "nonce": grant.nonce,
        "iat": now, "auth_time": now, "exp": expires, "acr": grant.acr, "at_hash": tokens::half_hash(&access),
    });
    if let Some(number) = person.number.as_ref().filter(|_| here.face.number_in_token()) {
        claims[here.face.names().number] = json!(number);
    }
    let Some(id_token) = here.token(client, &claims, grant.failure == Some(Failure::WrongKey)).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    here.tokens.lock().unwrap_or_else(PoisonError::into_inner).insert(access.clone(), grant);
    Json(json!({ "access_token": access, "token_type": "Bearer", "expires_in": 300, "id_token": id_token }))
        .into_response()
}

async fn userinfo(State(here): Here, headers: HeaderMap) -> Response {
    let bearer = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
    let known = bearer.and_then(|token| here.tokens.lock().unwrap_or_else(PoisonError::into_inner).remove(token));
    let Some(grant) = known else { return StatusCode::UNAUTHORIZED.into_response() };
    let client = &here.clients[grant.client];
    let person = &client.people[grant.person];
    let names = here.face.names();
    let mut claims = json!({
        "iss": here.issuer, "aud": client.id, "sub": tokens::challenge(&person.key),
        names.given: person.given, names.family: person.family,
    });
    if let Some(number) = person.number.as_ref().filter(|_| !here.face.number_in_token()) {
        claims[names.number] = json!(number);
    }
    match here.token(client, &claims, false).await {
        Some(token) => ([(CONTENT_TYPE, "application/jwt")], token).into_response(),
        None => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

impl StandIn {
    /// Claims, signed and, where the provider does so, then encrypted for a client.
    async fn token(&self, client: &Client, claims: &serde_json::Value, by_a_stranger: bool) -> Option<String> {
        let signed = self.signer.sign(claims, by_a_stranger)?;
        match self.face.is_by_keys() {
            true => tokens::sealed(&signed, &client.relying.key("enc").await?, &self.random),
            false => Some(signed),
        }
    }
}
