//! S17: what is one tenant's is nothing at another: at every route there is, with everything that a person, an application or a
//! program of the one ever holds or sees; and a request has one host.

use std::collections::BTreeMap;

use http::Method;
use poort::{api, demo::marker::SAMPLE_SECRET, domain::mandate::Holder};
use serde_json::Value;

use crate::harness::{
    application::encoded,
    browser::Browser,
    cast::openings,
    demo::{ELS, JAN, LOTTE, SANNE, TOM, sample_tokens},
    doors,
    gateway::{Gateway, PRO, RGS},
    socket,
};

const SESSION: &str = "__Host-poort-session";
const BROWSER: &str = "__Host-poort-browser";

/// Everything that the one tenant's people hold, by the name of the field or parameter that takes it.
struct Loot {
    browser: String,
    session: String,
    csrf: String,
    fields: BTreeMap<&'static str, String>,
    tokens: Value,
    program: String,
}

async fn loot(gateway: &Gateway) -> Loot {
    let mut browser = gateway.browser();
    browser.open_within("/me", LOTTE).await;
    let page = browser.get("/organization").await;
    let csrf = Browser::form(&page, "/language").into_iter().find(|(name, _)| name == "csrf").expect("a token").1;
    let tom = gateway.id(TOM).await.to_string();
    let right = [("member", tom.as_str()), ("right", "reporting"), ("day", "30"), ("month", "6"), ("year", "2027")];
    browser.press(&page, "/organization/grant", &right).await;
    let started = browser.get(&format!("/start?register=dossier&return=/me&state={}&choose=1", "A".repeat(43))).await;
    let reset = gateway.mailed_link_for(JAN).await;
    let mandate = gateway.mandate(JAN, Holder::Person(gateway.id(ELS).await)).await.to_string();
    let grant = gateway.grants(TOM).await[0].id.to_string();
    let banner = browser.banner().await;
    let fields = BTreeMap::from([
        ("attempt", started.parameter("attempt").expect("a choice")),
        ("as", "citizen".to_owned()),
        ("organization", gateway.organization_of(LOTTE).await.to_string()),
        ("mandate", mandate),
        ("session", gateway.sessions(LOTTE).await[0].id.to_string()),
        ("right_grant", grant),
        ("member", tom.clone()),
        ("right", "reporting".to_owned()),
        ("day", "1".to_owned()),
        ("month", "6".to_owned()),
        ("year", "2027".to_owned()),
        ("token", reset.split_once("token=").expect("a token").1.to_owned()),
        ("new_password", "een heel ander wachtwoord 7".to_owned()),
        ("code", gateway.app_code(PRO, LOTTE).await),
        ("user_name", LOTTE.to_owned()),
        ("password", crate::harness::demo::PASSWORD.to_owned()),
        ("second", "totp".to_owned()),
        ("name", "De Vries".to_owned()),
        ("poort_profile", banner["profile"].as_str().expect("a handle").to_owned()),
    ]);
    let mut other = gateway.browser();
    let tokens = sample_tokens(&mut other, async |browser, page| {
        let page = browser.prove(&page, PRO, JAN).await;
        browser.submit(&page, &[("as", "citizen")]).await
    })
    .await;
    let held = |name: &str| browser.cookie(name).expect("a cookie").to_owned();
    let (session, known) = (held(SESSION), held(BROWSER));
    Loot { browser: known, session, csrf, fields, tokens, program: program(gateway, PRO).await }
}

/// The token of a tenant's register, in its own name.
async fn program(gateway: &Gateway, tenant: &str) -> String {
    let body = encoded(&[
        ("grant_type", "client_credentials"),
        ("client_id", "demo-register"),
        ("client_secret", SAMPLE_SECRET),
    ]);
    let url = format!("{}/token", gateway.tenant_of(tenant).origin);
    let reply = gateway.send(Method::POST, &url, &[("content-type", "application/x-www-form-urlencoded")], body).await;
    reply.json()["access_token"].as_str().unwrap_or_else(|| panic!("{}", reply.text())).to_owned()
}

/// What nobody of the one tenant may find changed: its version, its log, its sessions.
async fn state(gateway: &Gateway) -> (i64, usize, usize) {
    let version = gateway.read_in(PRO).await.version().await.expect("reads");
    let people = [LOTTE, JAN];
    let mut sessions = 0;
    for email in people {
        sessions += gateway.sessions(email).await.len();
    }
    (version, gateway.lines(PRO).await.len(), sessions)
}

/// Words that only the one tenant's people may read.
fn tells(text: &str) -> Option<&'static str> {
    ["Lotte", "Maes", "Claes", "Willems", "Sint-Anna"].into_iter().find(|word| text.contains(word))
}

#[tokio::test]
async fn s17_cve_2025_64431_cve_2025_27507_cve_2026_33132_at_every_route_what_is_anothers_is_nothing() {
    for gateway in Gateway::demos().await {
        let loot = loot(&gateway).await;
        let there = gateway.tenant_of(RGS).clone();
        let mut cases = 0;
        let before = state(&gateway).await;
        let lines = gateway.lines(RGS).await.len();
        let fill = |pattern: &str| {
            doors::filled(pattern, |name| match name {
                "means" => "password-totp".into(),
                "factor" => "itsme".into(),
                "person" => "jan.claes".into(),
                "organization" => "ziekenhuis-sint-anna".into(),
                name => loot.fields.get(name).cloned().unwrap_or_else(|| "x".into()),
            })
        };
        let fields: Vec<(&str, &str)> = loot.fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let cookies = [
            format!("{SESSION}={}; {BROWSER}={}", loot.session, loot.browser),
            format!("{SESSION}={}", loot.session),
            format!("{BROWSER}={}", loot.browser),
        ];
        for (method, pattern) in doors::pages().into_iter().chain(doors::provider()) {
            for cookie in &cookies {
                cases += 1;
                gateway.later();
                let mut all = fields.clone();
                all.extend([("csrf", loot.csrf.as_str()), ("language", "nl"), ("return", "/")]);
                let path = fill(&pattern);
                let query = if method == Method::GET { format!("?{}", encoded(&all)) } else { String::new() };
                let body = if method == Method::POST { encoded(&all) } else { String::new() };
                let headers = [
                    ("cookie", cookie.as_str()),
                    ("accept", "text/html"),
                    ("content-type", "application/x-www-form-urlencoded"),
                    ("origin", there.origin.as_str()),
                ];
                let url = format!("{}{path}{query}", there.origin);
                let reply = gateway.send(method.clone(), &url, &headers, body).await;
                let place = format!("{method} {pattern} with {cookie:.12} on {}: {}", gateway.name(), reply.status);
                assert!(reply.status.as_u16() < 500, "{place}");
                // What the request says itself may be said back.
                let shown = reply.text().replace(LOTTE, "").replace(&LOTTE.replace('@', "%40"), "");
                assert_eq!(tells(&shown), None, "{place}: {shown}");
                assert!(
                    !reply.header("set-cookie").contains(&format!("{SESSION}="))
                        || reply.header("set-cookie").contains("Max-Age=0"),
                    "{place}"
                );
                assert!(!shown.contains("action=\"/logout\""), "{place}: somebody is signed in");
                let to = reply.header("location");
                assert!(
                    (to.starts_with('/') || !to.contains("code=")) && !to.contains(".poort/enter"),
                    "{place}: to {to}"
                );
            }
        }
        // A program's doors, with the token of the other tenant's program; and with that of its own, for what is not its own.
        let own = program(&gateway, RGS).await;
        // One is for anyone, and asks for no token.
        let asks = |(method, pattern): &(Method, String)| *method != Method::GET && !pattern.ends_with("/lookup/v1");
        for (method, pattern) in doors::api().into_iter().filter(asks) {
            for (token, whose) in [(&loot.program, "the other's"), (&own, "its own")] {
                cases += 1;
                let bearer = format!("Bearer {token}");
                let media = if method == Method::POST { "application/x-ndjson" } else { "application/json" };
                let url = format!("{}{}", there.origin, fill(&pattern));
                let headers = [("authorization", &*bearer), ("content-type", media)];
                let reply =
                    gateway.send(method.clone(), &url, &headers, if method == Method::POST { "" } else { "{}" }).await;
                let place = format!("{method} {pattern} with {whose} token on {}: {}", gateway.name(), reply.text());
                assert_eq!(tells(&reply.text()), None, "{place}");
                match whose {
                    "the other's" => assert_eq!(reply.status, 401, "{place}"),
                    _ => assert!(matches!(reply.status.as_u16(), 200 | 404 | 422), "{place}"),
                }
            }
        }
        assert_eq!(state(&gateway).await, before, "{}: nothing of the one tenant changed", gateway.name());
        let harmless = ["login.failed", "password.forgotten", "fact.refused", "address.refused", "machine.authorized"];
        let more: Vec<Value> = gateway
            .lines(RGS)
            .await
            .into_iter()
            .filter(|line| !harmless.contains(&line["kind"].as_str().expect("a kind")))
            .collect();
        assert!(more.len() <= lines, "{}: {more:?}", gateway.name());
        println!("S17: {cases} cases at doors on {}", gateway.name());
    }
}

#[tokio::test]
async fn s17_ghsa_cxgj_hwwh_855g_no_token_of_one_tenant_counts_at_another() {
    for gateway in Gateway::demos().await {
        let loot = loot(&gateway).await;
        let token = |name: &str| loot.tokens[name].as_str().expect("a token").to_owned();
        let (here, there) = (gateway.tenant_of(PRO).clone(), gateway.tenant_of(RGS).clone());
        let held = [
            token("access_token"),
            token("id_token"),
            loot.program.clone(),
            loot.session.clone(),
            loot.fields["token"].clone(),
        ];
        let openings = openings(&gateway).await;
        let before = gateway.registers.count();
        let mut cases = 0;
        for token in &held {
            let bearer = format!("Bearer {token}");
            for opening in openings.iter().filter(|opening| opening.tenant == RGS) {
                cases += 1;
                let headers =
                    [("authorization", bearer.as_str()), ("content-type", "application/x-www-form-urlencoded")];
                let url = format!("{}{}", opening.origin, opening.path);
                let reply = gateway.send(opening.method.clone(), &url, &headers, opening.body.clone()).await;
                assert_eq!(reply.status, 401, "{} on {}", opening.pattern, gateway.name());
            }
            let reply = gateway
                .send(Method::GET, &format!("{}/userinfo", there.origin), &[("authorization", &bearer)], "")
                .await;
            assert!(matches!(reply.status.as_u16(), 400 | 401), "userinfo: {}", reply.status);
            for (path, field) in
                [("/introspect", "token"), ("/revoke", "token"), ("/token", "refresh_token"), ("/token", "code")]
            {
                cases += 1;
                let grant = if field == "code" { "authorization_code" } else { field };
                let body = encoded(&[
                    ("grant_type", grant),
                    (field, token),
                    ("redirect_uri", "http://app.localhost:8090/callback/basic"),
                    ("code_verifier", crate::harness::application::VERIFIER),
                    ("client_id", "sample-app"),
                    ("client_secret", SAMPLE_SECRET),
                ]);
                let form = [("content-type", "application/x-www-form-urlencoded")];
                let reply = gateway.send(Method::POST, &format!("{}{path}", there.origin), &form, body).await;
                let text = reply.text();
                assert!(!text.contains("access_token\"") && !text.contains("\"active\":true"), "{path}: {text}");
                assert!(reply.status.as_u16() < 500 && tells(&text).is_none(), "{path}: {text}");
            }
            let hint = encoded(&[("id_token_hint", token.as_str())]);
            let reply = gateway.send(Method::GET, &format!("{}/end_session?{hint}", there.origin), &[], "").await;
            assert_eq!(reply.status, 400, "end_session on {}", gateway.name());
        }
        assert_eq!(gateway.registers.count(), before, "{}", gateway.name());
        // No key of the one is published by the other.
        let keys = async |origin: &str| gateway.send(Method::GET, &format!("{origin}/jwks"), &[], "").await.json();
        let (ours, theirs) = (keys(&here.origin).await, keys(&there.origin).await);
        for key in ours["keys"].as_array().expect("keys") {
            assert!(theirs["keys"].as_array().expect("keys").iter().all(|other| other["kid"] != key["kid"]), "{key}");
        }
        let bearer = format!("Bearer {}", token("access_token"));
        let reply =
            gateway.send(Method::GET, &format!("{}/userinfo", here.origin), &[("authorization", &bearer)], "").await;
        assert_eq!(reply.status, 200, "the twin: nobody revoked it");
        println!("S17: {cases} cases of tokens on {}", gateway.name());
    }
}

#[tokio::test]
async fn s17_a_person_of_another_tenant_is_in_no_path() {
    for gateway in Gateway::demos().await {
        let number = [gateway.number(PRO, JAN).await, gateway.number(RGS, SANNE).await];
        let openings = openings(&gateway).await;
        let before = gateway.registers.count();
        let mut cases = 0;
        for opening in openings.iter().filter(|opening| opening.pattern.contains('{')) {
            let (own, other) = if opening.tenant == PRO { (&number[0], &number[1]) } else { (&number[1], &number[0]) };
            for value in [
                other.clone(),
                format!("{own}{other}"),
                format!("{other},{own}"),
                format!("{RGS}:{other}"),
                format!("{PRO}:{other}"),
            ] {
                cases += 1;
                let target = opening.path.replace(own, &value);
                let answer = socket::one(gateway.address, &opening.bytes(&target, "")).await;
                let hidden = answer.status == 404 || answer.status == 401 && !opening.may;
                assert!(hidden, "{} {target} on {}", answer.status, gateway.name());
            }
            // The same path and session at the other tenant's register.
            let elsewhere = openings.iter().find(|other| other.tenant != opening.tenant).expect("another tenant");
            let bytes = String::from_utf8(opening.bytes(&opening.path, "")).expect("text");
            let bytes = bytes.replacen(opening.authority(), elsewhere.authority(), 2).into_bytes();
            cases += 1;
            let answer = socket::one(gateway.address, &bytes).await;
            assert!(matches!(answer.status, 303 | 401 | 404), "{}: {}", opening.pattern, answer.head);
        }
        assert_eq!(gateway.registers.count(), before, "nothing was forwarded: {}", gateway.name());
        println!("S17: {cases} cases of paths on {}", gateway.name());
    }
}

/// `Host` lines and targets: what is asked of whom can be read in two ways, or is nobody's. `A` is the one login host, `B` the other.
const HOSTS: [(&str, &str); 26] = [
    ("/", ""),
    ("/", "Host: A\r\nHost: B\r\n"),
    ("/", "Host: A\r\nHost: A\r\n"),
    ("/", "Host: A, B\r\n"),
    ("/", "Host: A B\r\n"),
    ("/", "Host:\r\n"),
    ("/", "Host: A.\r\n"),
    ("/", "Host: A:\r\n"),
    ("/", "Host: A:80:80\r\n"),
    ("/", "Host: A:B\r\n"),
    ("/", "Host: B@A\r\n"),
    ("/", "Host: A@B\r\n"),
    ("/", "Host: A/\r\n"),
    ("/", "Host: A#B\r\n"),
    ("/", "Host: A\\B\r\n"),
    ("/", "Host: A%00B\r\n"),
    ("/", "Host: A.B\r\n"),
    ("/", "Host: xA\r\n"),
    ("/", "Host: xn--progezondheid-.localhost\r\n"),
    ("/", "Host: pro\u{261}ezondheid.localhost\r\n"),
    ("/", "Host: [::1]\r\n"),
    ("/", "Host: 127.0.0.1\r\n"),
    ("/", "Host : A\r\n"),
    ("http://B/", "Host: A\r\n"),
    ("http://A@B/", "Host: A\r\n"),
    ("ftp://A/", "Host: A\r\n"),
];

#[tokio::test]
async fn s17_a_request_has_one_host_and_no_header_changes_it() {
    let gateway = Gateway::demo().await;
    let (here, there) = (gateway.tenant_of(PRO).clone(), gateway.tenant_of(RGS).clone());
    let name = |origin: &str| origin.split_once("://").expect("an origin").1.to_owned();
    let (a, b) = (name(&here.origin), name(&there.origin));
    let write =
        |text: &str| text.replace('A', "<one>").replace('B', "<other>").replace("<one>", &a).replace("<other>", &b);
    let routes: Vec<String> = doors::pages()
        .into_iter()
        .chain(doors::provider())
        .filter(|(method, _)| *method == Method::GET)
        .map(|(_, pattern)| doors::filled(&pattern, |_| "x".into()))
        .collect();
    let ask = async |target: &str, lines: &str| {
        let request = format!("GET {target} HTTP/1.1\r\n{lines}Accept: text/html\r\nConnection: close\r\n\r\n");
        socket::one(gateway.address, request.as_bytes()).await
    };
    let mut cases = 0;
    for route in &routes {
        for (target, lines) in HOSTS {
            cases += 1;
            let target = format!("{}{}", write(target).trim_end_matches('/'), route);
            let answer = ask(&target, &write(lines)).await;
            assert!(matches!(answer.status, 400 | 421), "{target} {lines:?}: {}", answer.head);
        }
        // The twins: each at its own host, in any letters; and whatever else names the other, it is the one's.
        let plain = ask(route, &format!("Host: {a}\r\n")).await;
        assert!(plain.status < 500 && plain.status != 421, "{route}: {}", plain.head);
        for lines in [
            format!("Host: {}\r\n", a.to_uppercase()),
            format!("Host: {a}\r\nX-Forwarded-Host: {b}\r\n"),
            format!("Host: {a}\r\nForwarded: host={b}\r\n"),
            format!("Host: {a}\r\nX-Host: {b}\r\nX-Original-Host: {b}\r\nX-Forwarded-Server: {b}\r\n"),
            format!("Host: {a}\r\nOrigin: {}\r\nReferer: {}/\r\n", there.origin, there.origin),
        ] {
            cases += 1;
            let answer = ask(route, &lines).await;
            assert_eq!(answer.status, plain.status, "{route} {lines:?}");
            assert!(
                !answer.body.contains(&there.host) && !answer.values("location").concat().contains(&there.host),
                "{route} {lines:?}"
            );
        }
    }
    println!("S17: {cases} cases of hosts at {} routes", routes.len());
    assert!(api::PATH.starts_with("/api/"), "what programs push to is at the same host, and has its own cases above");
}
