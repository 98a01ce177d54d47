//! Stands in for identity cards, for the Web eID extension that has them sign, and for the authority that gave them out.
//!
//! | path | |
//! |---|---|
//! | `/card.js` | what plays the extension: the login page runs it, and it asks who one is and what is to go wrong |
//! | `/people` | whose cards there are, for that script, with its words |
//! | `/sign` | what such a card makes of a challenge |
//! | `/ocsp` | whether it was revoked (RFC 6960) |
//!
//! A card is made when it is used: its number says whether it is revoked, so that nothing has to be remembered.
//!
//! Architecture invariant: nothing of `login` is used. The token, the certificates and the answers are written here by other code
//! than that which reads them.

mod authority;
mod words;

use std::{io, path::Path, sync::Arc};

use axum::{
    Form, Json, Router,
    body::Bytes,
    extract::{Query, State},
    middleware,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use http::{
    HeaderMap, HeaderName, HeaderValue, StatusCode,
    header::{ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_TYPE, ORIGIN, VARY},
};
use serde::Deserialize;
use serde_json::{Value, json};
use url::Url;

use self::authority::{Authority, Holder, Standing};
use super::people::World;
use crate::{
    base::{Clock, Language, Random},
    domain::tenant::Tenant,
};

/// Somebody whom no tenant knows: as at the other stand-ins.
const STRANGER: (&str, &str, &str) = ("Onbekende", "Vandeputte", "85073003328");

struct Place {
    /// The origin of the login host.
    origin: String,
    people: Vec<Holder>,
}

struct StandIn {
    authority: Authority,
    places: Vec<Place>,
    clock: Clock,
    random: Random,
}

type Here = State<Arc<StandIn>>;

/// What stands at `own`, for the tenants that believe in cards: they believe in these from now on.
///
/// # Errors
/// When no keys can be made, or a file not written.
pub(super) fn start(
    own: &str,
    folder: &Path,
    tenants: &mut [Tenant],
    worlds: &[World],
    (clock, random): (&Clock, &Random),
) -> io::Result<Router> {
    let authority = Authority::make(own).ok_or_else(|| io::Error::other("no authority for cards can be made"))?;
    let file = folder.join("cards.pem");
    std::fs::write(&file, authority.pem())?;
    let url = |text: String| Url::parse(&text).map_err(io::Error::other);
    let mut places = Vec::new();
    for tenant in tenants {
        let Some(eid) = &mut tenant.eid else { continue };
        eid.authorities.clone_from(&file);
        eid.responders = vec![url(own.to_owned())?];
        eid.stand_in = Some(url(format!("{own}/card.js"))?);
        let Some(world) = worlds.iter().find(|world| world.tenant == tenant.id.as_str()) else { continue };
        let known = world.who_log_in().map(|(person, login)| Holder {
            key: login.user.to_owned(),
            given: person.given.to_owned(),
            family: person.family.to_owned(),
            number: person.national_number.clone(),
        });
        let (given, family, number) = STRANGER;
        let (given, family, number) = (given.to_owned(), family.to_owned(), number.to_owned());
        let stranger = Holder { key: "stranger".to_owned(), given, family, number };
        places.push(Place { origin: tenant.origin.clone(), people: known.chain([stranger]).collect() });
    }
    let here = Arc::new(StandIn { authority, places, clock: clock.clone(), random: random.clone() });
    Ok(Router::new()
        .route("/card.js", get(script))
        .route("/people", get(people))
        .route("/sign", post(sign))
        .route("/ocsp", post(answer))
        .layer(middleware::map_response(finish))
        .with_state(here))
}

/// The login page, on another host, may run the script and read what it asks for.
async fn finish(mut response: Response) -> Response {
    let headers = response.headers_mut();
    let policy = HeaderName::from_static("cross-origin-resource-policy");
    headers.insert(policy, HeaderValue::from_static("cross-origin"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

async fn script() -> impl IntoResponse {
    ([(CONTENT_TYPE, "text/javascript; charset=utf-8")], include_str!("../templates/card.js"))
}

impl StandIn {
    /// The place whose page asks.
    fn place(&self, headers: &HeaderMap) -> Option<&Place> {
        let origin = headers.get(ORIGIN)?.to_str().ok()?;
        self.places.iter().find(|place| place.origin == origin)
    }
}

/// For the pages of one place.
fn for_place(place: &Place, value: Value) -> Response {
    let mut response = Json(value).into_response();
    if let Ok(origin) = HeaderValue::try_from(&place.origin) {
        response.headers_mut().insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        response.headers_mut().insert(VARY, HeaderValue::from_static("Origin"));
    }
    response
}

#[derive(Deserialize)]
struct InWords {
    #[serde(default)]
    lang: String,
}

async fn people(State(here): Here, Query(asked): Query<InWords>, headers: HeaderMap) -> Response {
    let Some(place) = here.place(&headers) else { return StatusCode::FORBIDDEN.into_response() };
    let language = Language::ALL.into_iter().find(|language| language.code() == asked.lang).unwrap_or(Language::Nl);
    let people =
        place.people.iter().map(|one| json!({"key": one.key, "name": format!("{} {}", one.given, one.family)}));
    for_place(place, json!({"people": people.collect::<Vec<_>>(), "words": words::of(language)}))
}

/// Who is to sign what.
#[derive(Deserialize)]
struct Asked {
    person: String,
    challenge: String,
    #[serde(default)]
    card: Standing,
}

async fn sign(State(here): Here, headers: HeaderMap, Form(asked): Form<Asked>) -> Response {
    let Some(place) = here.place(&headers) else { return StatusCode::FORBIDDEN.into_response() };
    let Some(holder) = place.people.iter().find(|one| one.key == asked.person) else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let card = here.authority.card(holder, asked.card, here.clock.now(), &here.random);
    match card.and_then(|card| card.token(&place.origin, &asked.challenge)) {
        Some(token) => for_place(place, token),
        None => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

async fn answer(State(here): Here, asked: Bytes) -> Response {
    match here.authority.answer(&asked, here.clock.now()) {
        Some(answer) => ([(CONTENT_TYPE, "application/ocsp-response")], answer).into_response(),
        None => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}
