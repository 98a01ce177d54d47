//! What the demo shows on `http://inbox.localhost:PORT`: the mails that arrived, and the codes of the invented people's
//! authenticator apps.
//!
//! | path | |
//! |---|---|
//! | `/` | mails, newest first; the page asks for itself again every few seconds |
//! | `/api/latest?to=ADDRESS` | the newest mail to an address as JSON: `id`, `to`, `subject`, `text`, `at`; 404 when there is none |
//! | `/authenticator` | who one can be, with the code that their app shows now |
//!
//! Architecture invariant: it knows the invented people from `people` alone; it sees no database, key or session.

use std::sync::Arc;

use askama::Template;
use axum::{
    Json, Router,
    extract::{Query, State},
    middleware,
    response::{IntoResponse, Response},
    routing::get,
};
use http::{
    HeaderValue, StatusCode,
    header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, REFRESH, X_CONTENT_TYPE_OPTIONS},
};
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use super::{
    authenticator::Shown,
    mailbox::{Mail, Mailbox},
    people::{Invented, LogIn, PASSWORD, World},
    style,
};
use crate::base::{Clock, Timestamp};

/// Seconds between two looks at the mails.
const LOOK_AGAIN: u32 = 5;

/// A tenant, as the page of the authenticators shows it.
pub(super) struct Place {
    /// Its name for people.
    pub name: String,
    /// Its login host.
    pub origin: String,
    pub world: World,
}

struct Inbox {
    mailbox: Mailbox,
    clock: Clock,
    /// Where its times are local.
    zone: TimeZone,
    places: Vec<Place>,
}

/// The pages.
pub(super) fn router(mailbox: Mailbox, clock: Clock, zone: TimeZone, places: Vec<Place>) -> Router {
    Router::new()
        .route("/", get(mails))
        .route("/api/latest", get(latest))
        .route("/authenticator", get(authenticator))
        .route("/style.css", get(style::stylesheet))
        .layer(middleware::map_response(finish))
        .with_state(Arc::new(Inbox { mailbox, clock, zone, places }))
}

type Here = State<Arc<Inbox>>;

#[derive(Template)]
#[template(path = "inbox.html", config = "src/demo/askama.toml")]
struct Mails {
    mails: Vec<ShownMail>,
}

struct ShownMail {
    mail: Arc<Mail>,
    at: String,
    /// The text, cut where an address of a page begins and ends.
    text: Vec<Piece>,
}

/// A piece of a mail's text.
#[derive(Debug, PartialEq, Eq)]
enum Piece {
    Text(String),
    /// To be followed.
    Link(String),
}

#[derive(Template)]
#[template(path = "authenticator.html", config = "src/demo/askama.toml")]
struct Authenticators<'a> {
    password: &'static str,
    places: Vec<(&'a Place, Vec<Someone>)>,
}

struct Someone {
    person: Invented,
    login: LogIn,
    shown: Shown,
    secret: String,
}

async fn mails(State(here): Here) -> Response {
    let shown = |mail: Arc<Mail>| ShownMail { at: here.time(mail.at), text: pieces(&mail.text), mail };
    let mut response = page(&Mails { mails: here.mailbox.all().into_iter().map(shown).collect() });
    again(&mut response, LOOK_AGAIN);
    response
}

async fn authenticator(State(here): Here) -> Response {
    let now = here.clock.now();
    let mut seconds_left = 30;
    let someone = |world: &World, (person, login): (&Invented, LogIn)| {
        let app = person.authenticator(world.tenant);
        Someone { shown: app.shown(now), secret: app.base32(), person: person.clone(), login }
    };
    let mut places = Vec::new();
    for place in &here.places {
        let people: Vec<Someone> = place.world.who_log_in().map(|who| someone(&place.world, who)).collect();
        seconds_left = people.first().map_or(seconds_left, |someone| someone.shown.seconds_left);
        places.push((place, people));
    }
    let mut response = page(&Authenticators { password: PASSWORD, places });
    again(&mut response, u32::try_from(seconds_left).unwrap_or(30));
    response
}

#[derive(Deserialize)]
struct Latest {
    to: String,
}

/// The form that tests read; see the module's head.
#[derive(Serialize)]
struct MailJson<'a> {
    id: u64,
    to: &'a str,
    subject: &'a str,
    text: &'a str,
    at: String,
}

async fn latest(State(here): Here, Query(asked): Query<Latest>) -> Response {
    match here.mailbox.latest(&asked.to) {
        None => StatusCode::NOT_FOUND.into_response(),
        Some(mail) => Json(MailJson {
            id: mail.id,
            to: &mail.to,
            subject: &mail.subject,
            text: &mail.text,
            at: mail.at.to_string(),
        })
        .into_response(),
    }
}

impl Inbox {
    fn time(&self, at: Timestamp) -> String {
        let time = at.date_time_in(&self.zone).time();
        format!("{:02}:{:02}:{:02}", time.hour(), time.minute(), time.second())
    }
}

fn page(page: &impl Template) -> Response {
    match page.render() {
        Ok(html) => ([(CONTENT_TYPE, "text/html; charset=utf-8")], html).into_response(),
        Err(error) => {
            tracing::error!(%error, "a page of the demo cannot be rendered");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

fn again(response: &mut Response, seconds: u32) {
    response.headers_mut().insert(REFRESH, HeaderValue::from(seconds));
}

async fn finish(mut response: Response) -> Response {
    const POLICY: &str =
        "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    let headers = response.headers_mut();
    for (name, value) in [
        (CONTENT_SECURITY_POLICY, POLICY),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        // A link in a mail has a token in it.
        (REFERRER_POLICY, "no-referrer"),
        (CACHE_CONTROL, "no-store"),
    ] {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    response
}

/// Finds the addresses of pages in a text. Only what begins with `http://` or `https://` is one.
fn pieces(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(start) = [rest.find("http://"), rest.find("https://")].into_iter().flatten().min() {
        let (before, link) = rest.split_at(start);
        let end = link.find(|c: char| c.is_whitespace() || c == '<' || c == '>' || c == '"').unwrap_or(link.len());
        let (link, after) = link.split_at(end);
        if !before.is_empty() {
            pieces.push(Piece::Text(before.to_owned()));
        }
        pieces.push(Piece::Link(link.to_owned()));
        rest = after;
    }
    if !rest.is_empty() {
        pieces.push(Piece::Text(rest.to_owned()));
    }
    pieces
}

#[cfg(test)]
mod tests {
    use axum::body::{Body, to_bytes};
    use http::Request;
    use tower::ServiceExt;

    use super::*;
    use crate::{base::Language, demo::people::worlds};

    const NOW: Timestamp = Timestamp::from_millis(1_795_348_805_000);

    fn inbox() -> (Mailbox, Router) {
        let mailbox = Mailbox::default();
        let zone = TimeZone::get("Europe/Brussels").expect("compiled in");
        let clock = Clock::frozen(NOW);
        let places = worlds(NOW.date_in(&zone)).into_iter().map(|world| Place {
            name: world.tenant.to_owned(),
            origin: format!("http://{}.localhost:8080", world.tenant),
            world,
        });
        let router = router(mailbox.clone(), clock, zone, places.collect());
        (mailbox, router)
    }

    async fn get(router: &Router, path: &str) -> (Response<()>, String) {
        let request = Request::get(path).body(Body::empty()).expect("a request");
        let (parts, body) = router.clone().oneshot(request).await.expect("an answer").into_parts();
        let body = to_bytes(body, 1 << 20).await.expect("a body");
        (Response::from_parts(parts, ()), String::from_utf8(body.to_vec()).expect("UTF-8"))
    }

    use http::Response;

    fn mail(to: &str, text: &str) -> Mail {
        Mail {
            id: 0,
            to: to.into(),
            from: "no-reply@example.org".into(),
            subject: "Uw <code>".into(),
            text: text.into(),
            at: NOW,
        }
    }

    #[tokio::test]
    async fn mails_are_shown_and_told_as_json() {
        let (mailbox, router) = inbox();
        let (response, body) = get(&router, "/").await;
        assert_eq!((response.status(), response.headers()[REFRESH].to_str().ok()), (StatusCode::OK, Some("5")));
        assert!(body.contains("No mail"));
        assert_eq!(get(&router, "/api/latest?to=a@example.org").await.0.status(), StatusCode::NOT_FOUND);
        assert_eq!(get(&router, "/api/latest").await.0.status(), StatusCode::BAD_REQUEST);

        mailbox.deliver(mail("a@example.org", "one"));
        mailbox.deliver(mail("a@example.org", "Code 123456, or http://x.localhost/reset?token=a&b <script>"));
        let (_, body) = get(&router, "/").await;
        assert!(body.contains("href=\"http://x.localhost/reset?token=a&#38;b\""), "{body}");
        assert!(!body.contains("<script>") && !body.contains("<code>"));
        assert!(body.find("123456") < body.find("one</"), "newest first");
        let (_, body) = get(&router, "/api/latest?to=A%40example.org").await;
        let json: serde_json::Value = serde_json::from_str(&body).expect("JSON");
        assert_eq!(
            (&json["id"], &json["to"], &json["subject"]),
            (&2.into(), &"a@example.org".into(), &"Uw <code>".into())
        );
        assert_eq!(json["at"], "2026-11-22T12:00:05.000Z");
        assert!(json["text"].as_str().is_some_and(|text| text.contains("123456")));
    }

    #[tokio::test]
    async fn everybodys_code_is_shown_until_it_changes() {
        let (_, router) = inbox();
        let (response, body) = get(&router, "/authenticator").await;
        assert_eq!(response.headers()[REFRESH], "25");
        let [world, ..] = worlds(NOW.date_in(&TimeZone::UTC));
        for (person, login) in world.who_log_in() {
            assert!(body.contains(login.user), "{}", person.name());
            assert!(body.contains(&person.authenticator(world.tenant).shown(NOW).now), "{}", person.name());
            assert_ne!(person.language, Language::En);
        }
        assert!(body.contains(PASSWORD) && body.to_lowercase().contains("demo only"));
    }

    #[test]
    fn addresses_of_pages_are_found_and_nothing_else_is_a_link() {
        let link = |text: &str| Piece::Link(text.into());
        let text = |text: &str| Piece::Text(text.into());
        assert_eq!(pieces("a http://x/y\nhttps://z"), [text("a "), link("http://x/y"), text("\n"), link("https://z")]);
        assert_eq!(pieces("javascript:alert(1) //x"), [text("javascript:alert(1) //x")]);
        assert_eq!(pieces(""), []);
    }
}
