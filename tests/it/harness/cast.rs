//! For every route of every register of the demo a request that passes, made by somebody who may: the twin of whatever is
//! tried at that route. The routes come from the tenants' files; who may is found out by asking.

use http::Method;
use poort::domain::register::{Register, Route, Subject};

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
    /// Of whom the paths with a number are.
    number: String,
}

impl Player<'_> {
    /// What they ask of a route, as the person whose number is in its path.
    fn asks(&self, register: &Register, route: &Route) -> Opening {
        let subject = match &route.subject {
            Subject::Parameter { name, .. } => name.as_str(),
            Subject::Own | Subject::Nobody => "",
        };
        let fill = |name: &str| if name == subject { self.number.clone() } else { "x".to_owned() };
        let session = self.browser.cookie_of(&register.host, SESSION).unwrap_or_default();
        let method: Method = route.methods[0].parse().expect("a method");
        Opening {
            tenant: self.tenant.clone(),
            origin: register.origin.clone(),
            pattern: route.path.as_str().to_owned(),
            path: filled(route.path.as_str(), fill),
            cookie: format!("{SESSION}={session}"),
            body: match method {
                Method::GET => String::new(),
                _ => encoded(&[("poort_profile", &self.handle), ("remark", "x")]),
            },
            method,
            may: false,
        }
    }
}

/// A request to a route, by somebody who may if there is one.
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
    /// Whether it passes; nobody of the cast may on a route where it does not.
    pub may: bool,
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

/// Everybody signs in, and every route is asked once by each, until somebody may.
pub async fn openings(gateway: &Gateway) -> Vec<Opening> {
    let players = players(gateway).await;
    let mut openings = Vec::new();
    for tenant in gateway.shared.tenants.all() {
        let players: Vec<_> = players.iter().filter(|player| player.tenant == tenant.id.as_str()).collect();
        for register in &tenant.registers {
            for route in &register.routes {
                let mut asked: Vec<Opening> = players.iter().map(|player| player.asks(register, route)).collect();
                for opening in &mut asked {
                    opening.may = passes(gateway, opening).await;
                }
                asked.sort_by_key(|opening| !opening.may);
                openings.extend(asked.into_iter().next());
            }
        }
    }
    assert!(openings.iter().filter(|opening| opening.may).count() >= 14, "the cast opens nearly all: {openings:#?}");
    openings
}

const SESSION: &str = "__Host-poort-session";

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
        let number = gateway.number(tenant, if tenant == PRO { JAN } else { SANNE }).await;
        players.push(Player { browser, tenant: tenant.to_owned(), handle, number });
    }
    players
}
