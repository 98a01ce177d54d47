//! Everybody's telephone in the demo: the SMS that arrived and the words of the calls, on `http://telephone.localhost:PORT`. And the two
//! providers that Poort hands them to, on a port of this machine: the first understands forms as Twilio's, the fallback JSON as
//! MessageBird's. No telephone rings.
//!
//! | path of the page | |
//! |---|---|
//! | `/` | messages, newest first; what the first provider does can be chosen |
//! | `/api/latest?to=NUMBER` | the newest message to a number as JSON: `id`, `to`, `kind`, `text`, `provider`; 404 when there is none |
//! | `/provider` | POST `does`: `works`, `refuses`, `slow`, `down` |

use std::{
    collections::VecDeque,
    io,
    net::{Ipv4Addr, SocketAddr},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use askama::Template;
use axum::{
    Form, Json, Router,
    extract::{Path, Query, State},
    middleware,
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use http::{
    HeaderMap, HeaderValue, StatusCode,
    header::{AUTHORIZATION, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFRESH, X_CONTENT_TYPE_OPTIONS},
};
use jiff::tz::TimeZone;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use url::Url;

use super::style;
use crate::{
    base::{Clock, Timestamp},
    notify::telephone::{Interface, ProviderSettings},
};

/// Messages that are kept.
const MOST: usize = 200;

/// The account at the first provider, and the key of both.
const ACCOUNT: &str = "ACdemo";
const KEY: &str = "demo-only-key-of-the-telephone";

/// How long handing over may take.
const TIMEOUT: Duration = Duration::from_secs(3);

/// How long the first provider takes when it is slow: too long.
const SLOW: Duration = Duration::from_secs(10);

/// What the first provider does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Does {
    #[default]
    Works,
    Refuses,
    Slow,
    Down,
}

impl Does {
    const ALL: [(Does, &'static str, &'static str); 4] = [
        (Does::Works, "works", "works"),
        (Does::Refuses, "refuses", "refuses every message: the fallback takes it"),
        (Does::Down, "down", "is down: the fallback takes it"),
        (Does::Slow, "slow", "is too slow: nobody knows whether it took it, so nobody else is asked"),
    ];
}

/// A message as somebody gets it.
#[derive(Clone, Debug)]
struct Received {
    id: u64,
    to: String,
    called: bool,
    text: String,
    provider: &'static str,
    at: Timestamp,
}

/// The telephones, shared by the providers and the page.
#[derive(Clone)]
pub(super) struct Telephones(Arc<Inner>);

struct Inner {
    clock: Clock,
    zone: TimeZone,
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    messages: VecDeque<Received>,
    last: u64,
    first_does: Does,
}

impl Telephones {
    pub(super) fn new(clock: Clock, zone: TimeZone) -> Self {
        Self(Arc::new(Inner { clock, zone, kept: Mutex::default() }))
    }

    fn kept(&self) -> std::sync::MutexGuard<'_, Kept> {
        self.0.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn ring(&self, to: &str, called: bool, text: String, provider: &'static str) {
        let at = self.0.clock.now();
        let mut kept = self.kept();
        kept.last += 1;
        let (id, to) = (kept.last, format!("+{}", to.trim_start_matches('+')));
        kept.messages.push_front(Received { id, to, called, text, provider, at });
        kept.messages.truncate(MOST);
    }

    /// The page.
    pub(super) fn page(&self) -> Router {
        Router::new()
            .route("/", get(show))
            .route("/api/latest", get(latest))
            .route("/provider", post(choose))
            .route("/style.css", get(style::stylesheet))
            .layer(middleware::map_response(finish))
            .with_state(self.clone())
    }

    /// Starts the providers on a free port of this machine, until `stopping`.
    ///
    /// # Errors
    /// When there is no free port.
    pub(super) async fn start(&self, stopping: CancellationToken) -> io::Result<SocketAddr> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let providers = Router::new()
            .route("/2010-04-01/Accounts/{account}/Messages.json", post(twilio_sms))
            .route("/2010-04-01/Accounts/{account}/Calls.json", post(twilio_call))
            .route("/messages", post(messagebird_sms))
            .route("/voicemessages", post(messagebird_call))
            .with_state(self.clone());
        tokio::spawn(async move {
            // It ends with the demo.
            let _ended = axum::serve(listener, providers).with_graceful_shutdown(stopping.cancelled_owned()).await;
        });
        Ok(address)
    }
}

/// How Poort hands messages to the providers at an address.
pub(super) fn settings(at: &Url) -> Vec<ProviderSettings> {
    let one = |interface| ProviderSettings {
        interface,
        url: at.clone(),
        key: SecretString::from(KEY),
        sender: "Poort demo".into(),
        caller: "+31880000000".into(),
        timeout: TIMEOUT,
    };
    vec![one(Interface::Twilio { account: ACCOUNT.into() }), one(Interface::MessageBird)]
}

type Here = State<Telephones>;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct TwilioForm {
    to: String,
    body: Option<String>,
    twiml: Option<String>,
}

async fn twilio_sms(here: Here, account: Path<String>, headers: HeaderMap, form: Form<TwilioForm>) -> Response {
    let text = form.body.clone();
    first(here, account, &headers, &form.to, text.map(|text| (false, text))).await
}

async fn twilio_call(here: Here, account: Path<String>, headers: HeaderMap, form: Form<TwilioForm>) -> Response {
    let words = form.twiml.as_deref().map(spoken);
    first(here, account, &headers, &form.to, words.map(|words| (true, words))).await
}

/// The words of TwiML, a line each.
fn spoken(twiml: &str) -> String {
    let said = twiml.split("<Say").skip(1).filter_map(|rest| rest.split_once('>')?.1.split_once("</Say>"));
    let lines: Vec<&str> = said.map(|(words, _)| words).collect();
    lines.join("\n").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

async fn first(
    State(here): Here,
    Path(account): Path<String>,
    headers: &HeaderMap,
    to: &str,
    message: Option<(bool, String)>,
) -> Response {
    let does = here.kept().first_does;
    match does {
        Does::Works => {}
        Does::Refuses => return StatusCode::BAD_REQUEST.into_response(),
        Does::Down => return StatusCode::SERVICE_UNAVAILABLE.into_response(),
        Does::Slow => tokio::time::sleep(SLOW).await,
    }
    let basic = format!("Basic {}", STANDARD.encode(format!("{ACCOUNT}:{KEY}")));
    if account != ACCOUNT || !is_authorized(headers, &basic) {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    let Some((called, text)) = message else { return StatusCode::BAD_REQUEST.into_response() };
    here.ring(to, called, text, "the first provider");
    (StatusCode::CREATED, Json(serde_json::json!({ "status": "queued" }))).into_response()
}

fn is_authorized(headers: &HeaderMap, wanted: &str) -> bool {
    headers.get(AUTHORIZATION).is_some_and(|value| value == wanted)
}

#[derive(Deserialize)]
struct MessageBirdJson {
    recipients: String,
    body: String,
}

async fn messagebird_sms(here: Here, headers: HeaderMap, body: Json<MessageBirdJson>) -> Response {
    fallback(&here, &headers, &body, false)
}

async fn messagebird_call(here: Here, headers: HeaderMap, body: Json<MessageBirdJson>) -> Response {
    fallback(&here, &headers, &body, true)
}

fn fallback(here: &Telephones, headers: &HeaderMap, asked: &MessageBirdJson, called: bool) -> Response {
    if !is_authorized(headers, &format!("AccessKey {KEY}")) {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    here.ring(&asked.recipients, called, asked.body.clone(), "the fallback");
    (StatusCode::CREATED, Json(serde_json::json!({ "recipients": { "totalCount": 1 } }))).into_response()
}

#[derive(Template)]
#[template(path = "telephone.html", config = "src/demo/askama.toml")]
struct Page {
    messages: Vec<(Received, String)>,
    does: Vec<(&'static str, &'static str, bool)>,
}

async fn show(State(here): Here) -> Response {
    let kept = here.kept();
    let time = |at: Timestamp| at.date_time_in(&here.0.zone).time().strftime("%H:%M:%S").to_string();
    let messages = kept.messages.iter().map(|message| (message.clone(), time(message.at))).collect();
    let does = Does::ALL.map(|(does, word, label)| (word, label, does == kept.first_does)).to_vec();
    drop(kept);
    match (Page { messages, does }).render() {
        Ok(html) => {
            let headers = [(CONTENT_TYPE, "text/html; charset=utf-8"), (REFRESH, "5")];
            (headers, html).into_response()
        }
        Err(error) => {
            tracing::error!(%error, "a page of the demo cannot be rendered");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

#[derive(Deserialize)]
struct Latest {
    to: String,
}

/// The form that tests read; see the module's head.
#[derive(Serialize)]
struct MessageJson<'a> {
    id: u64,
    to: &'a str,
    kind: &'static str,
    text: &'a str,
    provider: &'a str,
}

async fn latest(State(here): Here, Query(asked): Query<Latest>) -> Response {
    let kept = here.kept();
    match kept.messages.iter().find(|message| message.to == asked.to) {
        None => StatusCode::NOT_FOUND.into_response(),
        Some(message) => Json(MessageJson {
            id: message.id,
            to: &message.to,
            kind: if message.called { "call" } else { "sms" },
            text: &message.text,
            provider: message.provider,
        })
        .into_response(),
    }
}

#[derive(Deserialize)]
struct Choice {
    does: Does,
}

async fn choose(State(here): Here, Form(choice): Form<Choice>) -> Redirect {
    here.kept().first_does = choice.does;
    Redirect::to("/")
}

async fn finish(mut response: Response) -> Response {
    const POLICY: &str =
        "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
    let headers = response.headers_mut();
    for (name, value) in
        [(CONTENT_SECURITY_POLICY, POLICY), (X_CONTENT_TYPE_OPTIONS, "nosniff"), (CACHE_CONTROL, "no-store")]
    {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    response
}
