//! Section 4.7 of the advisories: what another site's page could send in somebody's name (CVE-2026-123545, Keycloak #45957).

use std::collections::{BTreeMap, BTreeSet};

use http::Method;
use poort::domain::mandate::Holder;
use serde_json::Value;

use crate::harness::{
    application::encoded,
    browser::{Browser, Page},
    demo::{ELS, HILDE, JAN, LOTTE, PASSWORD, TOM},
    doors::{self, Door},
    gateway::{Gateway, PRO, Reply},
};

/// The paths of a router's routes that take a POST.
fn posts(doors: Vec<Door>) -> BTreeSet<String> {
    doors.into_iter().filter(|(method, _)| *method == Method::POST).map(|(_, path)| path).collect()
}

/// The path to post to, and the fields of its form without the token.
type Form = (String, Vec<(String, String)>);

/// Somebody with everything open that could be changed: a login under way, a choice, an organization, mandates.
struct Open<'g> {
    browser: Browser<'g>,
    page: Page,
    bodies: BTreeMap<&'static str, Form>,
}

fn token(page: &Page) -> String {
    Browser::form(page, "/language").into_iter().find(|(name, _)| name == "csrf").expect("a token").1
}

async fn open(gateway: &Gateway) -> Open<'_> {
    let mut browser = gateway.browser();
    browser.open_within("/me", LOTTE).await;
    let page = browser.get("/organization").await;
    let tom = gateway.id(TOM).await.to_string();
    let fields = [("member", tom.as_str()), ("right", "reporting"), ("day", "30"), ("month", "6"), ("year", "2027")];
    let page = match gateway.grants(TOM).await.is_empty() {
        true => browser.press(&page, "/organization/grant", &fields).await,
        false => page,
    };
    let grant = gateway.grants(TOM).await[0].id.to_string();
    let profile = browser.banner().await["profile"].as_str().expect("a handle").to_owned();
    // A login under way in the same browser: an action that asks more than anybody has yet.
    let state = "A".repeat(43);
    let started = browser.get(&format!("/start?register=dossier&return=/me&state={state}&choose=1")).await;
    let choice = started.parameter("attempt").expect("a choice");
    let mut other = browser.clone();
    other.drop_cookie_of(&gateway.tenant().host, "__Host-poort-session");
    let login = other.get("/").await;
    let login = login.url.path().rsplit('/').next().expect("an attempt").to_owned();
    let link = gateway.mailed_link_for(JAN).await;
    let reset = link.split_once("token=").expect("a token").1.to_owned();
    let mandate = gateway.mandate(JAN, Holder::Person(gateway.id(ELS).await)).await.to_string();
    let owned =
        |pairs: &[(&str, &str)]| pairs.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect::<Vec<_>>();
    let at = |path: &'static str, fields: Vec<(String, String)>| {
        (path, (path.replace("{attempt}", &login).replace("{purpose}", "insight"), fields))
    };
    let mut bodies = BTreeMap::from([
        at("/login/{attempt}/password", owned(&[("second", "totp"), ("user_name", LOTTE), ("password", PASSWORD)])),
        at("/login/{attempt}/totp", owned(&[("code", "123456")])),
        at("/login/{attempt}/email-code", owned(&[("code", "123456")])),
        at("/login/{attempt}/email-code/send", vec![]),
        at("/login/{attempt}/phone-code", owned(&[("code", "123456")])),
        at("/login/{attempt}/phone-code/send", owned(&[("way", "sms")])),
        at("/login/{attempt}/passkey", owned(&[("means", "passkey"), ("answer", "{}")])),
        at("/login/{attempt}/passkey/options", vec![]),
        at("/federated/eid/callback", owned(&[("state", &state), ("token", "{}")])),
        at("/login/{attempt}/recovery-code", owned(&[("code", "0000-0000-0000-0000")])),
        at("/login/{attempt}/app", owned(&[("app", &state), ("code", "123456")])),
        at("/factors/app", owned(&[("app", &state), ("code", "123456")])),
        at("/factors/app/remove", vec![]),
        at("/factors/phone", owned(&[("number", "0470 12 34 56"), ("way", "sms")])),
        at("/factors/phone/verify", owned(&[("phone", &state), ("code", "123456")])),
        at("/factors/phone/remove", vec![]),
        at("/factors/passkeys", owned(&[("name", "x"), ("answer", "{}")])),
        at("/factors/passkeys/options", vec![]),
        at("/factors/passkeys/rename", owned(&[("passkey", "x"), ("name", "")])),
        at("/factors/passkeys/remove", owned(&[("passkey", "x")])),
        at("/factors/recovery", vec![]),
        at("/login/{attempt}/cancel", vec![]),
        at("/password/forgotten", owned(&[("user_name", HILDE)])),
        at("/password/reset", owned(&[("token", &reset), ("new_password", "een heel ander wachtwoord 7")])),
        at("/profile", owned(&[("attempt", &choice), ("as", "citizen")])),
        at("/profile/continue", owned(&[("attempt", &choice), ("as", "citizen")])),
        at("/profile/self", vec![]),
        at("/mandators", owned(&[("attempt", &choice), ("name", "Claes")])),
        at("/mandators/choose", owned(&[("attempt", &choice), ("mandate", &mandate)])),
        at("/organization/grant", {
            let mut all = owned(&fields);
            all.push(("poort_profile".into(), profile.clone()));
            all
        }),
        at("/organization/revoke", owned(&[("right_grant", &grant), ("poort_profile", &profile)])),
        at("/consents/{purpose}", owned(&[("recipient", &tom), ("poort_profile", &profile)])),
        at("/consents/{purpose}/withdraw", owned(&[("consent", &grant), ("poort_profile", &profile)])),
        at("/devices/pair", owned(&[("app", "app"), ("poort_profile", &profile)])),
        at("/devices/confirm", owned(&[("number", "123456"), ("poort_profile", &profile)])),
        at("/devices/stop", vec![]),
        at("/devices/unpair", owned(&[("phone", &grant)])),
        at("/account/new", owned(&[("email", "new@example.org"), ("password", "een heel ander wachtwoord 7")])),
        at("/account/address", owned(&[("email", "new@example.org")])),
        at("/account/address/confirm", owned(&[("token", &state)])),
        at("/account/address/object", owned(&[("token", &state)])),
        at("/account/confirm", owned(&[("token", &state), ("password", "een heel ander wachtwoord 7")])),
        at("/kept", owned(&[("form", &state)])),
        at("/lookup", owned(&[("name", "Claes")])),
        at("/sessions/end", owned(&[("session", "others")])),
        at("/sessions/extend", vec![]),
        at("/logout", vec![]),
        at("/language", owned(&[("language", "en"), ("return", "/")])),
    ]);
    for (_, fields) in bodies.values_mut() {
        fields.retain(|(name, _)| name != "csrf");
    }
    Open { browser, page, bodies }
}

/// What somebody could have changed.
async fn state(gateway: &Gateway) -> (usize, Vec<Value>, usize, usize) {
    let mut lines = gateway.lines(PRO).await;
    lines.sort_by_key(ToString::to_string);
    let mails = gateway.mails(PRO, TOM).await.len()
        + gateway.mails(PRO, HILDE).await.len()
        + gateway.mails(PRO, JAN).await.len();
    (gateway.sessions(LOTTE).await.len(), lines, mails, gateway.grants(TOM).await.len())
}

#[tokio::test]
async fn cve_2026_123545_no_form_is_taken_from_another_site_or_without_its_token() {
    let gateway = Gateway::demo().await;
    let open = open(&gateway).await;
    let mut routes = posts(doors::pages());
    // What another site is meant to post: nobody is logged in by it, and it has tests of its own (`attacks::saml_post`).
    assert!(routes.remove("/federated/{factor}/callback"));
    assert_eq!(routes, open.bodies.keys().map(|path| (*path).to_owned()).collect(), "every route is tried here");
    // Those of the provider take no cookie (/token, /device_authorization, /introspect, /revoke, /userinfo), change nothing (/authorize), or have tests of their own
    // (`protocol::oidc_logout`).
    let of_provider = posts(doors::provider());
    let known =
        ["/authorize", "/device_authorization", "/end_session", "/introspect", "/revoke", "/token", "/userinfo"];
    assert_eq!(of_provider, known.map(String::from).into());

    let own = token(&open.page);
    let mut stranger = gateway.browser();
    let strangers = token(&stranger.get("/password/forgotten").await);
    let mut signed_out = open.browser.clone();
    signed_out.drop_cookie_of(&gateway.tenant().host, "__Host-poort-session");
    let before_login = token(&signed_out.get("/password/forgotten").await);
    let origin = gateway.tenant().origin.clone();
    let register = gateway.register(PRO).to_owned();
    let https = origin.replace("http://", "https://");
    let upper = origin.to_uppercase();
    let longer = format!("{origin}.evil.example");
    let before = state(&gateway).await;
    for (path, fields) in open.bodies.values() {
        let url = format!("{origin}{path}");
        let send = async |method: Method, changes: &[(&str, &str)], csrf: Option<&str>| -> Reply {
            let mut pairs: Vec<(&str, &str)> = fields.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
            pairs.extend(csrf.map(|csrf| ("csrf", csrf)));
            let query = method == Method::GET;
            let url = if query { format!("{url}?{}", encoded(&pairs)) } else { url.clone() };
            open.browser.once(method, &url, changes, (!query).then(|| encoded(&pairs))).await
        };
        for csrf in [None, Some(""), Some("x"), Some(strangers.as_str()), Some(before_login.as_str()), Some(&own[..42])]
        {
            let reply = send(Method::POST, &[], csrf).await;
            assert_eq!(reply.status, 400, "{path} with {csrf:?}");
        }
        for headers in [
            [("origin", "http://evil.example"), ("sec-fetch-site", "cross-site")],
            [("origin", "http://evil.example"), ("sec-fetch-site", "same-origin")],
            [("origin", "null"), ("sec-fetch-site", "same-origin")],
            [("origin", &register), ("sec-fetch-site", "same-site")],
            [("origin", &https), ("sec-fetch-site", "same-origin")],
            [("origin", &upper), ("sec-fetch-site", "same-origin")],
            [("origin", &longer), ("sec-fetch-site", "same-origin")],
            [("origin", ""), ("sec-fetch-site", "cross-site")],
            [("origin", ""), ("sec-fetch-site", "same-site")],
            [("origin", ""), ("sec-fetch-site", "none")],
            [("origin", ""), ("sec-fetch-site", "")],
        ] {
            let reply = send(Method::POST, &headers, Some(&own)).await;
            assert_eq!(reply.status, 403, "{path} with {headers:?}");
        }
        for media in ["text/plain", "multipart/form-data; boundary=x", "application/json", ""] {
            let reply = send(Method::POST, &[("content-type", media)], Some(&own)).await;
            assert_eq!(reply.status, 400, "{path} as {media}");
        }
        // By a link, and by methods that nobody meant.
        let reply = send(Method::GET, &[], Some(&own)).await;
        assert!(!reply.status.is_server_error() && !reply.header("set-cookie").contains("session"), "GET {path}");
        for method in [Method::PUT, Method::PATCH, Method::DELETE] {
            assert_eq!(send(method, &[], Some(&own)).await.status, 405, "{path}");
        }
    }
    assert_eq!(state(&gateway).await, before, "nothing changed, and nothing was even looked at");
}

#[tokio::test]
async fn cve_2026_123545_the_twin_every_form_is_taken_from_its_own_page() {
    let gateway = Gateway::demo().await;
    let paths: Vec<&str> = open(&gateway).await.bodies.into_keys().collect();
    // This tenant has nothing to consent to or to look up, no app and no accounts that people make, no form waits, and who removes their
    // app does not log in again: the twins of those forms are the stories of INSIGHT-1, LOOKUP-1, PAIR-1, LOGIN-12, LOGIN-9 and LOGIN-5.
    let elsewhere = |path: &&str| {
        let begins =
            ["/consents/", "/devices/", "/account/", "/kept", "/lookup"].iter().any(|begin| path.starts_with(begin));
        begins || path.ends_with("/remove")
    };
    for path in paths.into_iter().filter(|path| !elsewhere(path)) {
        gateway.later();
        let open = open(&gateway).await;
        let (at, fields) = &open.bodies[path];
        let signed_out = at.starts_with("/login/");
        let mut browser = open.browser.clone();
        let mut csrf = token(&open.page);
        if signed_out {
            browser.drop_cookie_of(&gateway.tenant().host, "__Host-poort-session");
            csrf = token(&browser.get("/password/forgotten").await);
        }
        let mut pairs: Vec<(&str, &str)> = fields.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
        pairs.push(("csrf", &csrf));
        let url = format!("{}{at}", gateway.tenant().origin);
        // With the origin, and from a browser that sends none.
        let reply = browser.once(Method::POST, &url, &[("origin", "")], Some(encoded(&pairs))).await;
        assert!(matches!(reply.status.as_u16(), 200 | 303 | 422), "{path}: {} {}", reply.status, reply.text());
        gateway.advance(gateway.tenant().terms.tries_window);
    }
}

#[tokio::test]
async fn cve_2026_123545_a_registers_own_forms_are_guarded_too() {
    for gateway in Gateway::demos().await {
        let number = gateway.number(PRO, JAN).await;
        let mut browser = gateway.browser();
        browser.open_for(&format!("/dossiers/{number}"), ELS, "Claes").await;
        let handle = browser.banner().await["profile"].as_str().expect("a handle").to_owned();
        let url = format!("{}/dossiers/{number}/remarks", gateway.register(PRO));
        let body = format!("text=x&poort_profile={handle}");
        let send =
            async |changes: &[(&str, &str)]| browser.once(Method::POST, &url, changes, Some(body.clone())).await.status;
        let before = gateway.registers.count();
        for headers in [
            [("origin", "http://evil.example"), ("sec-fetch-site", "same-origin")],
            [("origin", "null"), ("sec-fetch-site", "same-origin")],
            [("origin", gateway.tenant().origin.as_str()), ("sec-fetch-site", "same-site")],
            [("origin", ""), ("sec-fetch-site", "cross-site")],
            [("origin", ""), ("sec-fetch-site", "")],
        ] {
            assert_eq!(send(&headers).await, 403, "{headers:?}: {}", gateway.name());
        }
        assert_eq!(gateway.registers.count(), before);
        assert_eq!(send(&[]).await, 200, "the twin");
        assert_eq!(gateway.registers.last().body, body, "byte for byte");
    }
}

#[tokio::test]
async fn cve_2026_123545_another_sites_link_changes_nobodys_profile() {
    for gateway in Gateway::demos().await {
        let number = gateway.number(PRO, JAN).await;
        let path = format!("/dossiers/{number}");
        let mut browser = gateway.browser();
        browser.open_for(&path, ELS, "Claes").await;
        let state = "A".repeat(43);
        let url = format!("{}/start?register=dossier&return=/&state={state}&as=self", gateway.tenant().origin);
        let reply = browser.once(Method::GET, &url, &[("sec-fetch-site", "cross-site")], None).await;
        assert!(!reply.header("set-cookie").contains("session"), "{}", gateway.name());
        assert_eq!(browser.ask(&path).await.status, 200, "she still acts for Jan");
        let reply = browser.once(Method::GET, &url, &[("sec-fetch-site", "same-site")], None).await;
        assert!(reply.header("set-cookie").contains("session"), "the twin: the banner's own link");
        assert_eq!(browser.ask(&path).await.status, 303);
    }
}
