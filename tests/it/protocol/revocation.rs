//! RFC 7009: a client takes back a token (OIDC-1).

use futures_util::future::join_all;
use http::Method;
use poort::{base::token::Token, demo::marker::SAMPLE_SECRET, domain::tenant::Tenant};

use crate::harness::{
    application::{Application, VERIFIER, encoded, text},
    demo::{self, sample_tokens},
    gateway::{Gateway, PRO, Reply},
    people::{ANDER, CALLBACK, JAN, SECRET},
};

/// Takes back a token with the secret of the application's client.
async fn revoke(app: &Application<'_>, token: &str) -> Reply {
    app.post_to("/revoke", &app.basic(SECRET), &[("token", token)]).await
}

/// Whether the token endpoint gives something for a refresh token. It is spent by asking.
async fn refreshes(app: &Application<'_>, token: &str) -> bool {
    app.refresh(token).await.status == 200
}

async fn opens(app: &Application<'_>, token: &str) -> bool {
    app.userinfo(token).await.status == 200
}

#[tokio::test]
async fn rfc_7009_an_access_token_ends_alone_and_a_refresh_token_with_its_family() {
    for gateway in Gateway::each().await {
        let (app, api) = (Application::new(&gateway, "app"), Application::new(&gateway, "api"));
        let mut browser = gateway.browser();
        let twin = app.tokens(&mut browser, JAN).await;
        let first = app.tokens(&mut browser, JAN).await;
        let second = app.refresh(text(&first, "refresh_token")).await.json();
        let reply = revoke(&app, text(&first, "access_token")).await;
        assert_eq!((reply.status.as_u16(), reply.text().as_str()), (200, ""), "{}", gateway.name());
        assert!(!opens(&app, text(&first, "access_token")).await);
        assert!(opens(&app, text(&second, "access_token")).await, "its sister lives");
        // Not a spent one either: whoever has it may have what followed.
        assert_eq!(revoke(&app, text(&first, "refresh_token")).await.status, 200);
        assert!(!opens(&app, text(&second, "access_token")).await, "{}", gateway.name());
        assert!(!refreshes(&app, text(&second, "refresh_token")).await);
        let asked = api.post_to("/introspect", &api.basic(SECRET), &[("token", text(&second, "access_token"))]).await;
        assert_eq!(asked.text(), r#"{"active":false}"#);
        // Another family of the same login lives on, and the login itself.
        assert!(opens(&app, text(&twin, "access_token")).await && refreshes(&app, text(&twin, "refresh_token")).await);
        assert!(app.ask(&mut browser, &[("prompt", "none")]).await.parameter("code").is_some());
        let lines = gateway.lines("zorg").await;
        for kind in ["access_token.revoked", "refresh_token.revoked"] {
            let count = lines.iter().filter(|line| line["kind"] == kind && line["details"]["client"] == "app").count();
            assert_eq!(count, 1, "{kind}");
        }
    }
}

#[tokio::test]
async fn rfc_7009_a_program_takes_back_what_it_has_in_its_own_name() {
    for gateway in Gateway::each().await {
        let (machine, api) = (Application::new(&gateway, "machine"), Application::new(&gateway, "api"));
        let token = async || {
            let answer = machine.post(&[("grant_type", "client_credentials")]).await.json();
            text(&answer, "access_token").to_owned()
        };
        let (first, twin) = (token().await, token().await);
        let active = async |token: &str| {
            let reply = api.post_to("/introspect", &api.basic(SECRET), &[("token", token)]).await;
            reply.json()["active"] == true
        };
        assert!(active(&first).await && active(&twin).await);
        assert_eq!(revoke(&machine, &first).await.status, 200);
        assert!(!active(&first).await && active(&twin).await, "{}", gateway.name());
    }
}

#[tokio::test]
async fn rfc_7009_2_2_an_unknown_token_is_no_error_and_anothers_is_not_touched() {
    for gateway in Gateway::each().await {
        let (app, app_2) = (Application::new(&gateway, "app"), Application::new(&gateway, "app-2"));
        let mut browser = gateway.browser();
        let tokens = app.tokens(&mut browser, JAN).await;
        let (access, refresh) = (text(&tokens, "access_token"), text(&tokens, "refresh_token"));
        let unknown = Token::new(&gateway.core().random).reveal();
        let code = app.code(&mut browser, JAN).await;
        for token in [&unknown, "x", "a.b.c", "..", &code, SECRET, &access[1..], &format!("{access}="), &refresh[..42]]
        {
            let reply = revoke(&app, token).await;
            assert_eq!((reply.status.as_u16(), reply.text().as_str()), (200, ""), "{token}");
        }
        // Another client's, confidential or public, and another tenant's client of the same name: the same answer.
        for token in [access, refresh] {
            assert_eq!(revoke(&app_2, token).await.text(), "");
            let public = [("token", token), ("client_id", "public")];
            assert_eq!(app.post_to("/revoke", "", &public).await.status, 200);
            let (url, basic) = (format!("{}/revoke", gateway.tenant_of(ANDER).origin), app.basic(SECRET));
            let headers = [("content-type", "application/x-www-form-urlencoded"), ("authorization", basic.as_str())];
            let reply = gateway.send(Method::POST, &url, &headers, encoded(&[("token", token)])).await;
            assert_eq!(reply.status, 200);
        }
        // What lives until it expires (section 2.2.1).
        let reply = revoke(&app, text(&tokens, "id_token")).await;
        assert_eq!((reply.status.as_u16(), reply.error().as_str()), (400, "unsupported_token_type"));
        // None of it ended anything.
        assert_eq!(app.redeem(&code, &[]).await.status, 200, "the twin");
        assert!(opens(&app, access).await && refreshes(&app, refresh).await, "the twin");
        assert!(gateway.lines("zorg").await.iter().all(|line| line["kind"] != "access_token.revoked"));
        // A public client has no secret, and takes back what is its own.
        let public = Application::new(&gateway, "public");
        let code = public.code(&mut browser, JAN).await;
        let good = [
            ("grant_type", "authorization_code"),
            ("code", &code),
            ("redirect_uri", CALLBACK),
            ("code_verifier", VERIFIER),
            ("client_id", "public"),
        ];
        let tokens = public.post_as("", &good).await.json();
        let own = [("token", text(&tokens, "refresh_token")), ("client_id", "public")];
        assert_eq!(public.post_to("/revoke", "", &own).await.status, 200);
        assert!(!opens(&public, text(&tokens, "access_token")).await, "{}", gateway.name());
    }
}

#[tokio::test]
async fn rfc_7009_2_1_what_is_no_request_has_its_status_and_name() {
    let gateway = Gateway::sqlite().await;
    let app = Application::new(&gateway, "app");
    let tokens = app.tokens(&mut gateway.browser(), JAN).await;
    let token = ("token", text(&tokens, "access_token"));
    let basic = app.basic(SECRET);
    for (authorization, parameters, status, error) in [
        ("", vec![token], 401, "invalid_client"),
        ("", vec![token, ("client_id", "app")], 401, "invalid_client"),
        (app.basic("wrong").as_str(), vec![token], 401, "invalid_client"),
        ("Basic ????", vec![token], 401, "invalid_client"),
        (basic.as_str(), vec![token, ("client_id", "app-2")], 401, "invalid_client"),
        (basic.as_str(), vec![], 400, "invalid_request"),
        (basic.as_str(), vec![token, token], 400, "invalid_request"),
        (basic.as_str(), vec![token, ("x", &"x".repeat(40_000))], 413, "invalid_request"),
    ] {
        let reply = app.post_to("/revoke", authorization, &parameters).await;
        assert_eq!((reply.status.as_u16(), reply.error().as_str()), (status, error), "{authorization} {parameters:?}");
    }
    let url = format!("{}/revoke", gateway.tenant().origin);
    for method in [Method::GET, Method::PUT, Method::DELETE] {
        let target = format!("{url}?{}", encoded(&[token]));
        assert_eq!(
            gateway.send(method.clone(), &target, &[("authorization", &basic)], "").await.status,
            405,
            "{method}"
        );
    }
    let headers = [("authorization", basic.as_str()), ("content-type", "application/json")];
    assert_eq!(gateway.send(Method::POST, &url, &headers, encoded(&[token])).await.error(), "invalid_request");
    assert!(opens(&app, token.1).await, "none of them took it back");
    // A hint, right or wrong, changes nothing (section 2.1).
    let hinted = [token, ("token_type_hint", "refresh_token")];
    assert_eq!(app.post_to("/revoke", &basic, &hinted).await.status, 200);
    assert!(!opens(&app, token.1).await, "the twin");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn rfc_7009_fifty_at_the_same_time_end_it_once_and_no_refresh_gets_away() {
    for gateway in Gateway::each().await {
        let app = Application::new(&gateway, "app");
        let tokens = app.tokens(&mut gateway.browser(), JAN).await;
        let other = gateway.again().await;
        let there = Application::new(&other, "app");
        let refresh = text(&tokens, "refresh_token");
        let (revoked, refreshed) = tokio::join!(
            join_all((0..50).map(|i| revoke(if i % 2 == 0 { &app } else { &there }, refresh))),
            app.refresh(refresh),
        );
        assert!(revoked.iter().all(|reply| reply.status == 200), "{}", gateway.name());
        // Whoever came first: what the refresh gave is dead.
        if refreshed.status == 200 {
            let next = refreshed.json();
            assert!(!opens(&app, text(&next, "access_token")).await, "{}", gateway.name());
            assert!(!refreshes(&app, text(&next, "refresh_token")).await);
        }
        assert!(!opens(&app, text(&tokens, "access_token")).await);
        let lines = gateway.lines("zorg").await;
        let count = lines.iter().filter(|line| line["kind"] == "refresh_token.revoked").count();
        assert_eq!(count, 1, "{}", gateway.name());
    }
}

#[tokio::test]
async fn freshness_a_revoked_token_opens_no_register_from_its_next_request_on() {
    let for_the_register = |tenant: &mut Tenant| {
        let audience = tenant.backends[0].audience.clone();
        for client in tenant.clients.iter_mut().filter(|client| client.id == "sample-app") {
            client.audiences = vec![audience.clone()];
        }
    };
    for gateway in Gateway::demos_with(for_the_register).await {
        let other = gateway.again().await;
        let mut browser = gateway.browser();
        let tokens = sample_tokens(&mut browser, async |browser, page| {
            let page = browser.prove(&page, PRO, demo::JAN).await;
            browser.submit(&page, &[("as", "professional:physician")]).await
        })
        .await;
        let token = text(&tokens, "access_token");
        let url = format!("{}/dossiers/{}", gateway.register(PRO), gateway.number(PRO, demo::JAN).await);
        let bearer = format!("Bearer {token}");
        let ask = async |gateway: &Gateway| {
            gateway.send(Method::GET, &url, &[("authorization", &bearer)], "").await.status.as_u16()
        };
        gateway.tick().await;
        other.tick().await;
        assert_eq!((ask(&gateway).await, ask(&other).await), (200, 200), "the twin, kept by both: {}", gateway.name());
        let app = Application::new(&gateway, "sample-app");
        let reply = app.post_to("/revoke", &app.basic(SAMPLE_SECRET), &[("token", token)]).await;
        assert_eq!(reply.status, 200);
        assert_eq!(ask(&gateway).await, 401, "{}: where it was taken back, at once", gateway.name());
        other.tick().await;
        assert_eq!(ask(&other).await, 401, "{}: elsewhere after one reading of the versions", gateway.name());
    }
}
