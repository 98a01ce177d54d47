//! S8: whatever a parameter says, it leads to a page of ours or to an address that was registered, and nowhere else.
//!
//! Every text of the generator is tried at every parameter that can lead somewhere. Where an answer leads is asked of a browser's own
//! reading of URLs (WHATWG, the crate `url`), for `Location`, `Refresh`, and every link and form of the page.

use std::{collections::BTreeSet, path::Path};

use http::Method;
use url::Url;

use crate::harness::{
    application::{Application, text},
    browser::Browser,
    chance::{Chance, times},
    demo::AN,
    gateway::{Gateway, PRO, Reply},
    people::{CALLBACK, GOODBYE, JAN},
};

/// How many texts an ordinary run has.
const TEXTS: usize = 640;

/// Beginnings that some parser takes for no scheme and host, or for ours.
const BEGINNINGS: [&str; 28] = [
    "//",
    "///",
    "////",
    "/\\",
    "\\\\",
    "\\/",
    "/\t/",
    "/\n/",
    "/\r/",
    "\t//",
    " //",
    "/ /",
    "/.//",
    "/..//",
    "/%09/",
    "/%5c",
    "/%2f",
    "%2f%2f",
    "http://",
    "https://",
    "HTTPS:",
    "https:/",
    "https:\\\\",
    "http:\t//",
    "//;@",
    "/;//",
    "\u{2028}//",
    "\u{feff}//",
];

/// Places of the attacker's, and how they hide behind ours.
const PLACES: [&str; 22] = [
    "evil.example",
    "evil.example/",
    "evil.example:80",
    "evil%2eexample",
    "evil\u{3002}example",
    "\u{ff45}vil.example",
    "xn--80ak6aa92e.example",
    "HOST@evil.example",
    "HOST:80@evil.example",
    "HOST%40evil.example",
    "evil.example#@HOST",
    "evil.example?@HOST",
    "evil.example\\@HOST",
    "evil.example/@HOST",
    "HOST.evil.example",
    "evilHOST",
    "HOST%00.evil.example",
    "HOST%0d%0aLocation:%20https:%2f%2fevil.example",
    "[::1]",
    "2130706433",
    "0x7f.1",
    "169.254.169.254/latest",
];

/// Ends that change nothing for a browser, and much for a pattern.
const ENDS: [&str; 10] = ["", "/", "/callback", "/%2e%2e", "?", "#", "/..;/", "%00", " ", "?next=https://evil.example"];

/// Texts that are no place at all to a browser, or run.
const SCHEMES: [&str; 16] = [
    "javascript:alert(1)",
    "jAvAsCrIpT:alert(1)",
    "java\tscript:alert(1)",
    "\u{1}javascript:alert(1)",
    "javascript://HOST/%0aalert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:msgbox(1)",
    "file:///etc/passwd",
    "blob:https://evil.example/1",
    "about:blank",
    "view-source:https://evil.example",
    "ws://evil.example",
    "mailto:evil@evil.example",
    "tel:0900",
    "intent://evil.example#Intent;end",
    "com.evil.app:/callback",
];

/// The texts, with our own host in place of `HOST`.
fn texts(chance: &mut Chance, host: &str) -> Vec<String> {
    let mut all: BTreeSet<String> = SCHEMES.iter().map(|text| (*text).to_owned()).collect();
    for beginning in BEGINNINGS {
        for place in PLACES {
            all.insert(format!("{beginning}{place}"));
        }
    }
    let wanted = TEXTS * times();
    while all.len() < wanted {
        let text = format!("{}{}{}", chance.pick(&BEGINNINGS), chance.pick(&PLACES), chance.pick(&ENDS));
        all.insert(match chance.below(5) {
            0 => format!("/{text}"),
            1 => text.replace('/', "%2f"),
            2 => text.replacen('/', "\\", 1 + chance.below(3)),
            _ => text,
        });
    }
    all.into_iter().map(|text| text.replace("HOST", host)).collect()
}

/// A parameter that is read as a way back, and the address with it.
type WayBack<'a> = (&'static str, Box<dyn Fn(&str) -> String + 'a>);

/// Fails when an answer to a request for `base` leads anywhere but to hosts of the gateway or to a `registered` address.
fn stays(gateway: &Gateway, base: &str, reply: &Reply, registered: &[&str], what: &str) {
    assert!(reply.status.as_u16() < 500, "{what}: {} {}", reply.status, reply.text());
    let base = Url::parse(base).expect("a URL");
    let allowed = |to: &str| {
        let read = base.join(to);
        let own = read.as_ref().is_ok_and(|url| {
            matches!(url.scheme(), "http" | "https") && url.host_str().is_some_and(|host| gateway.knows(host))
        });
        own || registered.iter().any(|address| to.split(['?', '&']).next() == address.split('?').next())
    };
    for header in reply.headers.get_all("location") {
        let to = header.to_str().unwrap_or_else(|_| panic!("{what}: {header:?}"));
        assert!(allowed(to), "{what} leads to {to}");
        // Also for who reads it less kindly than a browser.
        assert!(
            to.starts_with("http") || (to.starts_with('/') && !to.starts_with("//") && !to.starts_with("/\\")),
            "{to}"
        );
    }
    let refresh = reply.header("refresh");
    assert!(refresh.is_empty() || allowed(refresh.trim_start_matches("0;url=")), "{what} leads to {refresh}");
    let page = reply.text();
    for attribute in ["href=\"", "action=\"", "src=\""] {
        for to in page.split(attribute).skip(1).filter_map(|rest| rest.split('"').next()) {
            let to = to.replace("&#38;", "&").replace("&amp;", "&");
            let help = to.starts_with("tel:0") || to.starts_with("tel:+") || to.starts_with("mailto:h");
            assert!(to.starts_with('#') || (help && !to.contains("evil")) || allowed(&to), "{what}: {attribute}{to}");
        }
    }
    assert!(!page.contains("<script>alert"), "{what}: {page}");
}

fn query(name: &str, value: &str) -> String {
    url::form_urlencoded::Serializer::new(String::new()).append_pair(name, value).finish()
}

/// The token of the forms of a browser.
async fn csrf(browser: &mut Browser<'_>) -> String {
    let page = browser.get("/").await;
    Browser::form(&page, "/language").into_iter().find(|(name, _)| name == "csrf").expect("a token").1
}

#[tokio::test]
async fn s8_cve_2026_83589_ghsa_qqxw_m5fj_f7gv_no_way_back_leads_away() {
    let gateway = Gateway::demo().await;
    let login = gateway.tenant().origin.clone();
    let register = gateway.register(PRO).to_owned();
    let mut signed_in = gateway.browser();
    signed_in.open_as("/me", AN).await;
    let stranger = gateway.browser();
    let token = csrf(&mut signed_in).await;
    let state = "A".repeat(43);
    let started = |to: &str| format!("{login}/start?register=dossier&state={state}&{}", query("return", to));
    // Every parameter, header and field that is read as a way back: `every_way_back_is_tried` counts them.
    let gets: [WayBack<'_>; 5] = [
        ("/?return", Box::new(|to| format!("{login}/?{}", query("return", to)))),
        ("/sessions?return", Box::new(|to| format!("{login}/sessions?{}", query("return", to)))),
        ("/start?return", Box::new(started)),
        ("/.poort/begin?return", Box::new(|to| format!("{register}/.poort/begin?{}", query("return", to)))),
        ("the address itself", Box::new(|to| format!("{login}/{}", to.trim_start_matches(['/', '\\'])))),
    ];
    let mut chance = Chance::of("redirects");
    let (mut cases, texts) = (0, texts(&mut chance, &gateway.tenant().host));
    for to in &texts {
        for (name, url) in &gets {
            let url = url(to);
            if *name == "the address itself" && url.parse::<http::Uri>().is_err() {
                continue;
            }
            for browser in [&signed_in, &stranger] {
                cases += 1;
                let reply = browser.once(Method::GET, &url, &[], None).await;
                stays(&gateway, &url, &reply, &[], &format!("{name}={to:?}"));
            }
        }
        for (path, more) in [("/language", "language=en"), ("/sessions/extend", "x=1")] {
            cases += 1;
            let url = format!("{login}{path}");
            let body = format!("csrf={token}&{more}&{}&{}", query("return", to), query("here", to));
            let reply = signed_in.once(Method::POST, &url, &[], Some(body)).await;
            assert_eq!(reply.status, 303, "{path} return={to:?}");
            stays(&gateway, &url, &reply, &[], &format!("{path} return={to:?}"));
        }
        // A failure's page leads back to where one came from.
        if http::HeaderValue::from_str(to).is_ok() && !to.is_empty() {
            for came_from in [to.clone(), format!("{login}{to}")] {
                let Ok(_) = http::HeaderValue::from_str(&came_from) else { continue };
                cases += 1;
                let url = format!("{login}/logout");
                let reply = stranger.once(Method::POST, &url, &[("referer", &came_from)], Some("csrf=x".into())).await;
                stays(&gateway, &url, &reply, &[], &format!("Referer: {came_from:?}"));
            }
        }
    }
    // The twins.
    let twin = async |url: String| signed_in.once(Method::GET, &url, &[], None).await.header("location").to_owned();
    assert_eq!(twin(format!("{login}/?{}", query("return", "/organization?x=%2F"))).await, "/organization?x=%2F");
    assert!(twin(started("/me?x=1")).await.starts_with(&format!("{register}/.poort/enter?code=")));
    let body = format!("csrf={token}&language=en&{}", query("return", "/sessions"));
    let reply = signed_in.once(Method::POST, &format!("{login}/language"), &[], Some(body)).await;
    assert_eq!(reply.header("location"), "/sessions");
    println!("S8: {cases} cases of {} texts at ways back", texts.len());
    assert!(texts.len() >= 600);
}

#[tokio::test]
async fn s8_cve_2023_6291_cve_2026_28512_no_application_is_sent_where_it_is_not_registered() {
    let gateway = Gateway::sqlite().await;
    let app = Application::new(&gateway, "app");
    let mut signed_in = gateway.browser();
    let tokens = app.tokens(&mut signed_in, JAN).await;
    let hint = query("id_token_hint", text(&tokens, "id_token"));
    let origin = gateway.tenant().origin.clone();
    let mut chance = Chance::of("redirect URIs");
    let mut texts = texts(&mut chance, "app.example");
    // The registered texts with something before, behind or within them.
    for registered in [CALLBACK, GOODBYE] {
        for at in 0..=registered.len() {
            let piece =
                chance.pick(&["/", "\\", "@", ".", "%2e", "#", "?", ";", "\t", "%00", "x", ":80", "%2f..", " "]);
            texts.push(format!("{}{piece}{}", &registered[..at], &registered[at..]));
        }
    }
    let (mut cases, stranger) = (0, gateway.browser());
    for to in &texts {
        for browser in [&signed_in, &stranger] {
            let authorize = app.authorize_url(&[("redirect_uri", to)]);
            let end = format!("{origin}/end_session?{hint}&{}", query("post_logout_redirect_uri", to));
            for (url, what) in [(authorize, "redirect_uri"), (end, "post_logout_redirect_uri")] {
                cases += 1;
                let reply = browser.once(Method::GET, &url, &[], None).await;
                let what = format!("{what}={to:?}");
                assert_eq!(reply.status, 400, "{what}: {:?}", reply.headers);
                stays(&gateway, &url, &reply, &[], &what);
            }
        }
    }
    let reply = signed_in.once(Method::GET, &app.authorize_url(&[]), &[], None).await;
    assert!(reply.header("location").starts_with(CALLBACK), "the twin");
    assert_eq!(app.userinfo(text(&tokens, "access_token")).await.status, 200, "nobody was signed out");
    let end = format!("{origin}/end_session?{hint}&{}", query("post_logout_redirect_uri", GOODBYE));
    assert_eq!(signed_in.once(Method::GET, &end, &[], None).await.header("location"), GOODBYE, "the twin");
    println!("S8: {cases} cases of {} texts as redirect_uri and post_logout_redirect_uri", texts.len());
    assert!(texts.len() >= 600);
}

/// Where the source reads a way back: a further one is to be tried above.
#[test]
fn s8_every_way_back_is_tried() {
    let mut places = BTreeSet::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let Ok(source) = std::fs::read_to_string(&path) else { continue };
            let code = source.split("#[cfg(test)]").next().unwrap_or_default();
            if code.contains("ReturnPath::parse(") || code.contains("fields.get(\"return\")") {
                places.insert(path.strip_prefix(env!("CARGO_MANIFEST_DIR")).expect("inside").display().to_string());
            }
        }
    }
    let known =
        ["src/http/visit.rs", "src/proxy/entry.rs", "src/service/entry.rs", "src/web/account.rs", "src/web/login.rs"];
    assert_eq!(places.iter().map(String::as_str).collect::<Vec<_>>(), known);
}
