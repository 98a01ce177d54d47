//! S12: a session is the one cookie of one browser on one host, written in one way; every other way is nobody's.

use http::Method;

use crate::harness::{
    application::encoded,
    browser::Browser,
    demo::{AN, JAN, KOEN, SANNE},
    gateway::{Gateway, PRO, RGS},
};

const SESSION: &str = "__Host-poort-session";
const BROWSER: &str = "__Host-poort-browser";

/// Ways to send the cookie `NAME` with the value `GOOD`, by which nobody is meant.
const NOBODYS: [(&str, &str); 44] = [
    ("no value", "NAME="),
    ("no cookie", "NAME"),
    ("only its value", "GOOD"),
    ("without a name", "=GOOD"),
    ("cut", "NAME=CUT"),
    ("longer", "NAME=GOODA"),
    ("padded", "NAME=GOOD="),
    ("another last letter", "NAME=OTHER"),
    ("in other letters", "NAME=FLIPPED"),
    ("in quotes", "NAME=\"GOOD\""),
    ("in apostrophes", "NAME='GOOD'"),
    ("half a quote", "NAME=\"GOOD"),
    ("a comma behind it", "NAME=GOOD, a=1"),
    ("a comma before it", "a=1, NAME=GOOD"),
    ("a blank inside", "NAME=GO OD"),
    ("encoded", "NAME=ENCODED"),
    ("its name encoded", "__Host%2dpoort%2dsession=GOOD"),
    ("two signs", "NAME==GOOD"),
    ("a sign of another kind", "NAME:GOOD"),
    ("a blank before the sign", "NAME =GOOD"),
    ("twice, the same", "NAME=GOOD; NAME=GOOD"),
    ("twice, the good one first", "NAME=GOOD; NAME=OTHER"),
    ("twice, the good one last", "NAME=OTHER; NAME=GOOD"),
    ("twice, one without a value", "NAME=; NAME=GOOD"),
    ("twice, far from each other", "NAME=GOOD; a=1; b=2; c=3; NAME=OTHER"),
    ("tossed from a sibling: no prefix", "poort-session=GOOD"),
    ("tossed from a sibling: the other prefix", "__Secure-poort-session=GOOD"),
    ("tossed from a sibling: prefix in small letters", "__host-poort-session=GOOD"),
    ("tossed from a sibling: prefix in capitals", "__HOST-POORT-SESSION=GOOD"),
    ("tossed from a path: a longer name", "NAME2=GOOD"),
    ("tossed from a path: a shorter name", "__Host-poort-sessio=GOOD"),
    ("a part of another name", "xNAME=GOOD"),
    ("a part of another value", "a=NAME=GOOD"),
    ("inside quotes", "a=\"; NAME=\"; b=GOOD"),
    ("a sandwich", "a=\"NAME=GOOD\""),
    ("as RFC 2109 wrote it", "$Version=1; $NAME=GOOD"),
    ("in brackets", "NAME[]=GOOD"),
    ("a list", "NAME[0]=GOOD"),
    ("JSON", "{\"NAME\":\"GOOD\"}"),
    ("a dot behind the name", "NAME.=GOOD"),
    ("a dash that looks alike", "__Host\u{2010}poort\u{2010}session=GOOD"),
    ("a letter that looks alike", "__Host-p\u{43e}\u{43e}rt-session=GOOD"),
    ("its digest", "NAME=DIGEST"),
    ("null", "NAME=null"),
];

/// Ways to send it that are one way, so that it counts: the twins.
const ITS_OWNERS: [(&str, &str); 7] = [
    ("alone", "NAME=GOOD"),
    ("among others", "a=1; NAME=GOOD; b=2"),
    ("without blanks", "a=1;NAME=GOOD;b=2"),
    ("with empty ones", "; ;NAME=GOOD;;"),
    ("blanks around it", "a=1;   NAME=GOOD  "),
    ("behind a hundred", "HUNDRED; NAME=GOOD"),
    ("before a hundred", "NAME=GOOD; HUNDRED"),
];

/// The header, with its words filled in.
fn written(pattern: &str, name: &str, good: &str) -> String {
    let last = if good.ends_with('A') { "E" } else { "A" };
    let flip = |c: char| if c.is_ascii_lowercase() { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() };
    let hundred: Vec<String> = (0..100).map(|number| format!("c{number}={number}")).collect();
    pattern
        .replace("HUNDRED", &hundred.join("; "))
        .replace("NAME", name)
        .replace("-session=", if name == SESSION { "-session=" } else { "-browser=" })
        .replace("GO OD", &format!("{} {}", &good[..20], &good[20..]))
        .replace("GOOD", good)
        .replace("CUT", &good[..42])
        .replace("OTHER", &format!("{}{last}", &good[..42]))
        .replace("FLIPPED", &good.chars().map(flip).collect::<String>())
        .replace("ENCODED", &good.bytes().map(|byte| format!("%{byte:02x}")).collect::<String>())
        .replace("DIGEST", &poort::base::token::TokenDigest::of(good.as_bytes()).text())
}

#[tokio::test]
async fn s12_cve_2026_25748_a_cookie_that_is_written_otherwise_is_nobodys() {
    let gateway = Gateway::demo().await;
    let mut browser = gateway.browser();
    browser.open_as("/me", AN).await;
    let (login, register) = (gateway.tenant().origin.clone(), gateway.register(PRO).to_owned());
    let of_register = browser.cookie_of(&gateway.tenant().registers[0].host, SESSION).expect("a session").to_owned();
    let (of_login, known) =
        (browser.cookie(SESSION).expect("signed in").to_owned(), browser.cookie(BROWSER).expect("known").to_owned());
    let page = browser.get("/").await;
    let form = Browser::form(&page, "/language");
    let csrf = &form.iter().find(|(name, _)| name == "csrf").expect("a token").1;
    let body = encoded(&[("csrf", csrf), ("language", "nl")]);
    // A page behind a session, on each host; and a form, which needs the browser's own cookie beside the session.
    let asks = async |place: &str, pattern: &str| {
        gateway.tick().await;
        let (method, url, cookie, body) = match place {
            "register" => (Method::GET, format!("{register}/me"), written(pattern, SESSION, &of_register), None),
            "login" => (Method::GET, format!("{login}/"), written(pattern, SESSION, &of_login), None),
            _ => {
                let cookie = format!("{SESSION}={of_login}; {}", written(pattern, BROWSER, &known));
                (Method::POST, format!("{login}/language"), cookie, Some(body.clone()))
            }
        };
        let cookie = http::HeaderValue::from_bytes(cookie.as_bytes()).expect("a header");
        let cookie = String::from_utf8_lossy(cookie.as_bytes()).into_owned();
        let reply = gateway.browser().once(method, &url, &[("cookie", &cookie)], body).await;
        (reply.status.as_u16(), reply)
    };
    let (mut cases, before) = (0, gateway.registers.count());
    for place in ["register", "login", "form"] {
        for (what, pattern) in NOBODYS {
            cases += 1;
            let (status, reply) = asks(place, pattern).await;
            let to = reply.header("location");
            let refused = match place {
                "form" => status == 400,
                "register" => status == 303 && to.starts_with("/.poort/begin"),
                _ => status == 303 && to.starts_with("/login/"),
            };
            assert!(refused, "{place}, {what}: {status} {to}");
        }
        assert_eq!(gateway.registers.count(), before, "{place}: nothing was forwarded");
    }
    for (what, pattern) in ITS_OWNERS {
        for (place, status) in [("register", 200), ("login", 200), ("form", 303)] {
            assert_eq!(asks(place, pattern).await.0, status, "the twin: {place}, {what}");
        }
    }
    println!("S12: {cases} cases of spelling");
    assert!(cases >= 60);
}

/// Both sessions of a browser: of the login host, and of a tenant's register.
fn sessions(browser: &Browser<'_>, gateway: &Gateway, tenant: &str) -> [(String, String, String); 2] {
    let tenant = gateway.tenant_of(tenant);
    let of = |host: &str| browser.cookie_of(host, SESSION).unwrap_or_default().to_owned();
    let register = &tenant.registers[0];
    [
        (format!("{}/", tenant.origin), of(&tenant.host), "/login/".into()),
        (format!("{}/me", register.origin), of(&register.host), "/.poort/begin".into()),
    ]
}

/// Whether a cookie opens the page.
async fn opens(gateway: &Gateway, url: &str, cookie: &str) -> bool {
    let headers = [("cookie", &*format!("{SESSION}={cookie}")), ("accept", "text/html")];
    gateway.send(Method::GET, url, &headers, "").await.status == 200
}

#[tokio::test]
async fn s12_cve_2026_7507_a_cookie_that_was_replaced_or_given_back_opens_nothing() {
    for gateway in Gateway::demos().await {
        for what in ["signed out", "left the register", "another profile", "another login", "somebody else", "closed"] {
            let mut browser = gateway.browser();
            browser.open_as_a("/me", KOEN, "citizen").await;
            let old = sessions(&browser, &gateway, PRO);
            for (url, cookie, _) in &old {
                assert!(opens(&gateway, url, cookie).await, "the twin: {what} {url}");
            }
            match what {
                "signed out" => {
                    let page = browser.get("/").await;
                    browser.press(&page, "/logout", &[]).await;
                }
                "left the register" => {
                    browser.post("/.poort/leave", "x=1").await;
                }
                "another profile" => {
                    let page = browser.get("/profile").await;
                    browser.submit(&page, &[("as", "professional:pharmacist")]).await;
                    browser.get(&format!("{}/.poort/begin?return=/me&as=current", gateway.register(PRO))).await;
                }
                "closed" => {
                    let (id, now) = (gateway.id(KOEN).await, gateway.core().now());
                    let mut transaction = gateway.begin().await;
                    assert!(transaction.close_person(id, now).await.expect("closes"));
                    transaction.commit().await.expect("commits");
                }
                who => {
                    // From a page that asks who one is, in the browser that has the session.
                    let mut fresh = browser.clone();
                    fresh.drop_cookie_of(&gateway.tenant().host, SESSION);
                    let page = fresh.get("/").await;
                    fresh.set_cookie(SESSION, browser.cookie(SESSION).expect("signed in"));
                    fresh.prove(&page, PRO, if who == "another login" { KOEN } else { JAN }).await;
                }
            }
            gateway.tick().await;
            for (url, cookie, _) in &old {
                // The same person who proves it again goes on where they were, with another cookie on the login host.
                let goes_on = what == "another login" && url.ends_with("/me");
                assert_eq!(opens(&gateway, url, cookie).await, goes_on, "{what}: {url} on {}", gateway.name());
            }
        }
    }
}

#[tokio::test]
async fn s12_cve_2025_64431_a_cookie_is_one_hosts() {
    for gateway in Gateway::demos().await {
        let mut here = gateway.browser();
        here.open_as("/me", AN).await;
        let mut there = gateway.browser();
        let page = there.get(&format!("{}/me", gateway.register(RGS))).await;
        let page = there.prove(&page, RGS, SANNE).await;
        there.submit(&page, &[("as", "role:trainee")]).await;
        let all: Vec<_> = [(PRO, &here), (RGS, &there)]
            .iter()
            .flat_map(|(tenant, browser)| sessions(browser, &gateway, tenant))
            .collect();
        for (place, (url, own, login)) in all.iter().enumerate() {
            for (other, (_, cookie, _)) in all.iter().enumerate() {
                let opened = opens(&gateway, url, cookie).await;
                assert_eq!(opened, place == other, "{url} with the cookie of place {other} on {}", gateway.name());
            }
            assert!(!own.is_empty() && !login.is_empty());
        }
    }
}
