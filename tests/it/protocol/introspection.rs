//! RFC 7662: what a resource server may learn of a token (OIDC-1).

use http::Method;
use poort::{
    base::token::{Token, TokenDigest},
    demo::SAMPLE_APP,
    domain::client::{Client, ClientAuthentication},
    service::introspection,
};
use serde_json::{Value, json};

use crate::harness::{
    application::{Application, claims, encoded, text},
    databases,
    demo::{LOTTE, TOM},
    gateway::{Gateway, PRO, Reply},
    people::{ANDER, ELS, JAN, MANDATE, SECRET},
};

const INACTIVE: &str = r#"{"active":false}"#;

/// Asks with the secret of the application's client what a token is worth.
async fn ask(app: &Application<'_>, token: &str) -> Reply {
    let reply = app.post_to("/introspect", &app.basic(SECRET), &[("token", token)]).await;
    assert_eq!((reply.status.as_u16(), reply.header("cache-control")), (200, "no-store"), "{}", reply.text());
    reply
}

async fn is_active(app: &Application<'_>, token: &str) -> bool {
    let reply = ask(app, token).await;
    let active = reply.json()["active"].as_bool().expect("active");
    assert!(active || reply.text() == INACTIVE, "nothing else is said: {}", reply.text());
    active
}

#[tokio::test]
async fn rfc_7662_a_resource_server_learns_what_a_token_for_it_says() {
    for gateway in Gateway::each().await {
        let (app, api) = (Application::new(&gateway, "app"), Application::new(&gateway, "api"));
        let mut browser = gateway.browser();
        let page = app.ask(&mut browser, &[("scope", "openid profile poort offline_access")]).await;
        let code = browser.log_in(&page, JAN).await.code();
        let tokens = app.redeem(&code, &[]).await.json();
        let token = text(&tokens, "access_token");
        let mut said = ask(&api, token).await.json();
        assert_eq!(said["active"], true, "{}", gateway.name());
        let said = said.as_object_mut().expect("an object");
        assert_eq!(said.remove("token_type"), Some(json!("Bearer")));
        said.remove("active");
        assert_eq!(Value::Object(said.clone()), claims(token), "what it says itself, and nothing more");
        // A program's in its own name.
        let machine = Application::new(&gateway, "machine");
        let answer = machine.post(&[("grant_type", "client_credentials")]).await.json();
        let said = ask(&api, text(&answer, "access_token")).await.json();
        assert_eq!((text(&said, "sub"), text(&said, "scope")), ("machine", "facts:read facts:write"));
        assert!(said.get("acr").is_none() && said.get("poort_profile").is_none(), "{said}");
        // A client's own refresh token; a spent one is worth nothing.
        let refresh = text(&tokens, "refresh_token");
        let said = ask(&app, refresh).await.json();
        let now = gateway.core().now().seconds();
        assert_eq!(
            said,
            json!({
                "active": true, "iss": gateway.tenant().origin, "client_id": "app", "iat": now, "exp": now + 8 * 3600,
                "scope": "openid profile poort offline_access",
            })
        );
        let next = app.refresh(refresh).await.json();
        assert!(!is_active(&app, refresh).await);
        assert!(is_active(&app, text(&next, "refresh_token")).await && is_active(&api, token).await);
        // It lives until it expires, and not a moment longer.
        gateway.advance(gateway.tenant().terms.access_token);
        assert!(!is_active(&api, token).await);
    }
}

#[tokio::test]
async fn cve_2026_37979_of_a_token_for_another_it_learns_nothing_at_all() {
    for gateway in Gateway::each().await {
        let app = Application::new(&gateway, "app");
        let [api, other, app_2, key] = ["api", "other-api", "app-2", "modest"].map(|id| Application::new(&gateway, id));
        let mut browser = gateway.browser();
        let tokens = app.tokens(&mut browser, JAN).await;
        let code = app.code(&mut browser, JAN).await;
        let (access, refresh) = (text(&tokens, "access_token"), text(&tokens, "refresh_token"));
        for stranger in [&other, &app, &app_2, &key, &Application::new(&gateway, "machine")] {
            assert_eq!(ask(stranger, access).await.text(), INACTIVE, "{}: {}", gateway.name(), stranger.id);
        }
        for stranger in [&api, &other, &app_2, &Application::new(&gateway, "machine")] {
            assert_eq!(ask(stranger, refresh).await.text(), INACTIVE, "{}: {}", gateway.name(), stranger.id);
        }
        // GHSA-7fpj-9hr8-28vh: what is no access or refresh token, and what is none at all.
        let session = browser.cookie("__Host-poort-session").expect("signed in").to_owned();
        let unknown = Token::new(&gateway.core().random).reveal();
        let (head, signature) = access.rsplit_once('.').expect("a JWS");
        for token in [
            text(&tokens, "id_token"),
            &code,
            &session,
            &unknown,
            SECRET,
            "x",
            "a.b.c",
            "eyJhbGciOiJub25lIn0.e30.",
            head,
            &format!("{head}."),
            &format!("{access}="),
            &access[1..],
            &format!("{head}.{}", signature.to_uppercase()),
            &refresh[..42],
            &format!("{refresh}="),
            text(&claims(access), "jti"),
        ] {
            for asking in [&api, &app] {
                assert_eq!(ask(asking, token).await.text(), INACTIVE, "{token}");
            }
        }
        // CVE-2025-64431: nor at another tenant's, whose clients have the same names.
        let (theirs, basic) = (&gateway.tenant_of(ANDER).origin, api.basic(SECRET));
        let headers = [("content-type", "application/x-www-form-urlencoded"), ("authorization", basic.as_str())];
        for token in [access, refresh] {
            let url = format!("{theirs}/introspect");
            let reply = gateway.send(Method::POST, &url, &headers, encoded(&[("token", token)])).await;
            assert_eq!((reply.status.as_u16(), reply.text().as_str()), (200, INACTIVE), "{}", gateway.name());
        }
        // The twins.
        assert!(is_active(&api, access).await && is_active(&app, refresh).await);
        let elsewhere = app.ask(&mut browser, &[("resource", "https://other-api.example")]).await.code();
        let elsewhere = app.redeem(&elsewhere, &[]).await.json();
        assert!(is_active(&other, text(&elsewhere, "access_token")).await);
        assert!(!is_active(&api, text(&elsewhere, "access_token")).await);
    }
}

/// What ends before a token does.
#[derive(Clone, Copy, Debug)]
enum Ends {
    Nothing,
    Account,
    Login,
    EverybodysLogins,
    Mandate,
    MandateByItsDate,
    Represented,
}

#[tokio::test]
async fn cve_2026_8922_what_a_token_rests_on_is_asked_each_time() {
    for gateway in Gateway::each().await {
        let other = gateway.again().await;
        for ends in [
            Ends::Nothing,
            Ends::Account,
            Ends::Login,
            Ends::EverybodysLogins,
            Ends::Mandate,
            Ends::MandateByItsDate,
            Ends::Represented,
        ] {
            let app = Application::new(&gateway, "app");
            let mut browser = gateway.browser();
            let page = app.ask(&mut browser, &[]).await;
            let page = browser.log_in(&page, ELS).await;
            let page = browser.press(&page, "/mandators", &[("name", "Claes")]).await;
            let tokens = app.redeem(&browser.press(&page, "/mandators/choose", &[]).await.code(), &[]).await.json();
            let (access, refresh) = (text(&tokens, "access_token"), text(&tokens, "refresh_token"));
            let (api, there) = (Application::new(&gateway, "api"), Application::new(&other, "api"));
            assert!(is_active(&api, access).await && is_active(&there, access).await && is_active(&app, refresh).await);
            let now = gateway.core().now();
            let settings = &gateway.database.settings;
            let sid = claims(text(&tokens, "id_token"))["sid"].as_str().expect("a sid").parse().expect("an id");
            let mut transaction = gateway.begin().await;
            match ends {
                Ends::Account => assert!(transaction.close_person(ELS.id(), now).await.expect("ends")),
                Ends::Login => assert_eq!(transaction.end_session(sid, now).await.expect("ends"), 1),
                Ends::Mandate => assert!(transaction.end_mandate(MANDATE, now).await.expect("ends")),
                Ends::Represented => assert!(transaction.close_person(JAN.id(), now).await.expect("ends")),
                Ends::EverybodysLogins => {
                    for person in [JAN, ELS] {
                        transaction.end_sessions_of(person.id(), now).await.expect("ends");
                    }
                }
                Ends::Nothing | Ends::MandateByItsDate => {}
            }
            transaction.commit().await.expect("commits");
            if matches!(ends, Ends::MandateByItsDate) {
                databases::execute(settings, "zorg", "UPDATE mandate SET valid_until = '2026-11-21'").await;
            }
            // At once, here and at another process, without a tick of anything.
            let lives = matches!(ends, Ends::Nothing);
            let name = gateway.name();
            assert_eq!(is_active(&api, access).await, lives, "{name} {ends:?}");
            assert_eq!(is_active(&there, access).await, lives, "{name} {ends:?}: at the other process");
            assert_eq!(is_active(&app, refresh).await, lives, "{name} {ends:?}: its refresh token");
            // As it was, for the next.
            databases::execute(settings, "zorg", "UPDATE person SET closed_at = NULL").await;
            let mended = "UPDATE mandate SET ended_at = NULL, valid_until = '2027-06-30'";
            databases::execute(settings, "zorg", mended).await;
        }
    }
}

#[tokio::test]
async fn cve_2024_47000_of_a_client_that_is_gone_or_may_less_no_token_is_worth_more() {
    let gateway = Gateway::sqlite().await;
    let app = Application::new(&gateway, "app");
    let tokens = app.tokens(&mut gateway.browser(), JAN).await;
    let scopes = async |change: &dyn Fn(&mut Client)| {
        let mut tenant = (**gateway.tenant()).clone();
        let api = tenant.client("api").expect("the resource server").clone();
        tenant.clients.iter_mut().filter(|client| client.id == "app").for_each(change);
        let token = text(&tokens, "access_token");
        let active = introspection::introspect(gateway.core(), &tenant, &api, token).await.expect("reads");
        active.map(|active| active.scopes.join(" "))
    };
    assert_eq!(scopes(&|_| {}).await.as_deref(), Some("openid profile offline_access"), "the twin");
    assert_eq!(scopes(&|app| app.id = "gone".into()).await, None);
    assert_eq!(scopes(&|app| app.audiences.retain(|audience| audience != "https://api.example")).await, None);
    let less = scopes(&|app| app.scopes.retain(|scope| scope == "openid")).await;
    assert_eq!(less.as_deref(), Some("openid"));
}

#[tokio::test]
async fn org_1_a_token_that_names_a_right_is_worth_nothing_when_the_right_is_taken_back() {
    let callback = format!("{SAMPLE_APP}/callback");
    let audience = format!("{SAMPLE_APP}/api");
    for gateway in Gateway::demos_with(|tenant| {
        let secret = ClientAuthentication::Secret(TokenDigest::of(SECRET.as_bytes()));
        let sample = tenant.client("sample-app").expect("the sample").clone();
        tenant.clients.push(Client {
            id: "app".into(),
            authentication: secret.clone(),
            redirect_uris: vec![callback.clone()],
            ..sample.clone()
        });
        tenant.clients.push(Client {
            introspects: vec![audience.clone()],
            ..Client::new("api".into(), sample.name.clone(), secret)
        });
    })
    .await
    {
        let (app, api) = (Application::new(&gateway, "app"), Application::new(&gateway, "api"));
        let organization = gateway.organization_of(TOM).await.to_string();
        let mut lotte = gateway.browser();
        lotte.open_within("/me", LOTTE).await;
        let page = lotte.get("/organization").await;
        let tom = gateway.id(TOM).await.to_string();
        let until = [("day", "30"), ("month", "6"), ("year", "2027")];
        let fields = [&[("member", tom.as_str()), ("right", "reporting")], until.as_slice()].concat();
        let granted = lotte.press(&page, "/organization/grant", &fields).await;
        let mut browser = gateway.browser();
        let asked = [("redirect_uri", callback.as_str()), ("scope", "openid poort")];
        let page = app.ask(&mut browser, &asked).await;
        let page = browser.prove(&page, PRO, TOM).await;
        let page = browser.submit(&page, &[("as", "citizen"), ("organization", &organization)]).await;
        let with_rights = app.redeem(&page.code(), &[("redirect_uri", &callback)]).await.json();
        let with_rights = text(&with_rights, "access_token");
        assert_eq!(claims(with_rights)["rights"], json!(["reporting"]));
        let without = app.ask(&mut browser, &[asked[0], ("scope", "openid"), ("prompt", "none")]).await;
        let without = app.redeem(&without.code(), &[("redirect_uri", &callback)]).await.json();
        let without = text(&without, "access_token");
        assert!(is_active(&api, with_rights).await && is_active(&api, without).await, "the twin: {}", gateway.name());
        let right = gateway.grants(TOM).await[0].id.to_string();
        lotte.press(&granted, "/organization/revoke", &[("right_grant", &right)]).await;
        assert!(!is_active(&api, with_rights).await, "it says what is so no longer: {}", gateway.name());
        assert!(is_active(&api, without).await, "it says nothing of rights");
    }
}

#[tokio::test]
async fn rfc_7662_2_1_only_who_proves_who_they_are_asks() {
    let gateway = Gateway::sqlite().await;
    let (app, api) = (Application::new(&gateway, "app"), Application::new(&gateway, "api"));
    let tokens = app.tokens(&mut gateway.browser(), JAN).await;
    let token = ("token", text(&tokens, "access_token"));
    let bearer = format!("Bearer {}", token.1);
    let basic = api.basic(SECRET);
    for (authorization, parameters, status, error) in [
        ("", vec![token], 401, "invalid_client"),
        ("", vec![token, ("client_id", "api")], 401, "invalid_client"),
        ("", vec![token, ("client_id", "public")], 401, "invalid_client"),
        ("", vec![token, ("client_id", "machine-public")], 401, "invalid_client"),
        ("", vec![token, ("client_id", "nobody"), ("client_secret", SECRET)], 401, "invalid_client"),
        (api.basic("wrong").as_str(), vec![token], 401, "invalid_client"),
        (bearer.as_str(), vec![token], 401, "invalid_client"),
        ("Basic ????", vec![token], 401, "invalid_client"),
        ("Basic YXBp", vec![token], 401, "invalid_client"),
        (basic.as_str(), vec![token, ("client_id", "app")], 401, "invalid_client"),
        (basic.as_str(), vec![token, ("client_id", "api"), ("client_secret", SECRET)], 400, "invalid_request"),
        (basic.as_str(), vec![], 400, "invalid_request"),
        (basic.as_str(), vec![("token", "")], 400, "invalid_request"),
        (basic.as_str(), vec![token, token], 400, "invalid_request"),
        (basic.as_str(), vec![token, ("x", &"x".repeat(40_000))], 413, "invalid_request"),
    ] {
        let reply = api.post_to("/introspect", authorization, &parameters).await;
        assert_eq!((reply.status.as_u16(), reply.error().as_str()), (status, error), "{authorization} {parameters:?}");
        assert!(!reply.text().contains("active"), "{}", reply.text());
    }
    let url = format!("{}/introspect", gateway.tenant().origin);
    for method in [Method::GET, Method::PUT, Method::DELETE, Method::OPTIONS] {
        let target = format!("{url}?{}", encoded(&[token]));
        let reply = gateway.send(method.clone(), &target, &[("authorization", &basic)], "").await;
        assert_eq!(reply.status, 405, "{method}");
    }
    for content_type in ["", "application/json", "text/plain", "multipart/form-data; boundary=x"] {
        let headers = [("authorization", basic.as_str()), ("content-type", content_type)];
        let reply = gateway.send(Method::POST, &url, &headers, encoded(&[token])).await;
        assert_eq!((reply.status.as_u16(), reply.error().as_str()), (400, "invalid_request"), "{content_type}");
    }
    // No page of another origin reads the answer.
    let headers = [
        ("authorization", basic.as_str()),
        ("content-type", "application/x-www-form-urlencoded"),
        ("origin", "https://app.example"),
    ];
    let reply = gateway.send(Method::POST, &url, &headers, encoded(&[token])).await;
    assert!(reply.status == 200 && !reply.headers.contains_key("access-control-allow-origin"));
    // The twins; a hint, right or wrong, changes nothing (section 2.1).
    for hint in ["access_token", "refresh_token", "unheard-of"] {
        let reply = api.post_to("/introspect", &basic, &[token, ("token_type_hint", hint)]).await;
        assert_eq!(reply.json()["active"], true, "{hint}");
    }
    let by_post = [token, ("client_id", "api"), ("client_secret", SECRET)];
    assert_eq!(api.post_to("/introspect", "", &by_post).await.json()["active"], true);
}
