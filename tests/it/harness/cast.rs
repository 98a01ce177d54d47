//! For every route of every register of the demo a request that passes, made by somebody who may: the twin of whatever is
//! tried at that route. The routes come from the tenants' files; who may is found out by asking.

use http::Method;
use poort::domain::register::Subject;

use super::{
    application::encoded,
    browser::Browser,
    demo::{BRAM, ELS, JAN, LOTTE, PIETER, SANNE, TOM},
    doors::filled,
    gateway::{Gateway, PRO, RGS},
};

/// Prepares and approves training plans.
const IRIS: &str = "iris.visser@example.org";

/// How somebody goes on behind the login.
#[derive(Clone, Copy)]
enum As {
    Citizen,
    Choice(&'static str),
    Member,
    /// For whoever of this family name gave them a mandate.
    For(&'static str),
}

/// Who plays: together they may open every route.
const CAST: [(&str, &str, As); 6] = [
    (PRO, PIETER, As::Citizen),
    (PRO, ELS, As::For("Claes")),
    (PRO, TOM, As::Member),
    (RGS, BRAM, As::Choice("role:trainer")),
    (RGS, IRIS, As::Choice("role:supporter")),
    (RGS, SANNE, As::Choice("role:trainee")),
];

/// Somebody who is signed in at a register.
struct Player<'g> {
    browser: Browser<'g>,
    tenant: String,
    handle: String,
}

/// A request that passes.
#[derive(Clone, Debug)]
pub struct Opening {
    pub tenant: String,
    pub origin: String,
    pub method: Method,
    /// The route's path as its file has it.
    pub pattern: String,
    pub path: String,
    /// The header that signs in, its value.
    pub cookie: String,
    /// The form of an unsafe method.
    pub body: String,
}

impl Opening {
    /// `host:port`.
    pub fn authority(&self) -> &str {
        self.origin.split_once("://").expect("an origin").1
    }

    /// Whether it changes something.
    pub fn is_unsafe(&self) -> bool {
        self.method != Method::GET
    }

    /// The fields that it needs besides `Host`, each with its line end.
    pub fn fields(&self) -> String {
        let form = format!("Origin: {}\r\nContent-Type: application/x-www-form-urlencoded\r\n", self.origin);
        format!("Cookie: {}\r\n{}", self.cookie, if self.is_unsafe() { form.as_str() } else { "" })
    }

    /// The request for another target and with further fields, as bytes; the connection ends with it.
    pub fn bytes(&self, target: &str, further: &str) -> Vec<u8> {
        let length = if self.is_unsafe() { format!("Content-Length: {}\r\n", self.body.len()) } else { String::new() };
        format!(
            "{} {target} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n{}{length}{further}\r\n{}",
            self.method,
            self.authority(),
            self.fields(),
            self.body
        )
        .into_bytes()
    }
}

/// Everybody signs in, and every route is opened once. Fails when a route stays shut.
pub async fn openings(gateway: &Gateway) -> Vec<Opening> {
    let players = players(gateway).await;
    let numbers = [gateway.number(PRO, JAN).await, gateway.number(RGS, SANNE).await];
    let mut openings = Vec::new();
    for tenant in gateway.shared.tenants.all() {
        for register in &tenant.registers {
            for route in &register.routes {
                let mut found = None;
                for player in players.iter().filter(|player| player.tenant == tenant.id.as_str()) {
                    for number in numbers.iter().take(if route.subject.is_named() { 2 } else { 1 }) {
                        let opening = Opening {
                            tenant: player.tenant.clone(),
                            origin: register.origin.clone(),
                            method: route.methods[0].parse().expect("a method"),
                            pattern: route.path.as_str().to_owned(),
                            path: filled(route.path.as_str(), |_| number.clone()),
                            cookie: format!(
                                "{SESSION}={}",
                                player.browser.cookie_of(&register.host, SESSION).unwrap_or_default()
                            ),
                            body: if route.methods[0] == "GET" {
                                String::new()
                            } else {
                                encoded(&[("poort_profile", &player.handle), ("remark", "x")])
                            },
                        };
                        if found.is_none() && passes(gateway, &opening).await {
                            found = Some(opening);
                        }
                    }
                }
                let place = format!("{} {:?} {}", tenant.id, route.methods, route.path.as_str());
                openings.push(found.unwrap_or_else(|| panic!("nobody of the cast may open {place}")));
            }
        }
    }
    openings
}

const SESSION: &str = "__Host-poort-session";

trait Named {
    fn is_named(&self) -> bool;
}

impl Named for Subject {
    fn is_named(&self) -> bool {
        matches!(self, Subject::Parameter { .. })
    }
}

async fn passes(gateway: &Gateway, opening: &Opening) -> bool {
    super::socket::one(gateway.address, &opening.bytes(&opening.path, "")).await.status == 200
}

async fn players(gateway: &Gateway) -> Vec<Player<'_>> {
    let mut lotte = gateway.browser();
    lotte.open_within("/me", LOTTE).await;
    let page = lotte.get("/organization").await;
    let tom = gateway.id(TOM).await.to_string();
    let right = [("member", tom.as_str()), ("right", "reporting"), ("day", "30"), ("month", "6"), ("year", "2027")];
    lotte.press(&page, "/organization/grant", &right).await;

    let mut players = Vec::new();
    for (tenant, email, choice) in CAST {
        let origin = gateway.register(tenant).to_owned();
        let mut browser = gateway.browser();
        let page = browser.get(&format!("{origin}/me")).await;
        let page = browser.prove(&page, tenant, email).await;
        match choice {
            As::Citizen => {}
            As::For(family_name) => drop(browser.choose_mandator(&page, family_name).await),
            As::Choice(choice) => drop(browser.submit(&page, &[("as", choice)]).await),
            As::Member => {
                let organization = gateway.organization_of(email).await.to_string();
                browser.submit(&page, &[("as", "citizen"), ("organization", &organization)]).await;
            }
        }
        let banner = browser.once(Method::GET, &format!("{origin}/.poort/session"), &[], None).await;
        let handle = banner.json()["profile"].as_str().unwrap_or_else(|| panic!("{email} is not in")).to_owned();
        players.push(Player { browser, tenant: tenant.to_owned(), handle });
    }
    players
}
