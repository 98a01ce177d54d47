//! OpenID Connect RP-Initiated Logout 1.0: the cases of the OpenID Foundation's suite (OIDC-1).

use http::Method;
use serde_json::Value;

use crate::harness::{
    application::{Application, encoded, text},
    browser::{Browser, Page},
    gateway::Gateway,
    people::{GOODBYE, JAN, MARIE},
};

async fn end(browser: &mut Browser<'_>, parameters: &[(&str, &str)]) -> Page {
    browser.get(&format!("/end_session?{}", encoded(parameters))).await
}

/// Whether the access token still opens something.
async fn lives(app: &Application<'_>, tokens: &Value) -> bool {
    app.userinfo(text(tokens, "access_token")).await.status == 200
}

#[tokio::test]
async fn oidcc_rp_initiated_logout_with_the_proof_of_the_session_nobody_is_asked() {
    for gateway in Gateway::each().await {
        let app = Application::new(&gateway, "app");
        for state in [Some("st&te"), None] {
            let mut browser = gateway.browser();
            let tokens = app.tokens(&mut browser, JAN).await;
            assert!(lives(&app, &tokens).await);
            let mut parameters = vec![
                ("id_token_hint", text(&tokens, "id_token")),
                ("post_logout_redirect_uri", GOODBYE),
                ("client_id", "app"),
            ];
            parameters.extend(state.map(|state| ("state", state)));
            let page = end(&mut browser, &parameters).await;
            assert_eq!(page.url.as_str().split('?').next(), Some(GOODBYE), "{}", page.url);
            assert_eq!(page.parameter("state").as_deref(), state, "oidcc-rp-initiated-logout-no-state");
            assert!(!lives(&app, &tokens).await, "{}: what the login gave has ended", gateway.name());
            assert_eq!(app.refresh(text(&tokens, "refresh_token")).await.error(), "invalid_grant");
            assert_eq!(app.ask(&mut browser, &[("prompt", "none")]).await.error(), "login_required");
            assert!(browser.cookie("__Host-poort-session").is_none());
        }
    }
}

#[tokio::test]
async fn oidcc_rp_initiated_logout_without_proof_the_person_is_asked() {
    let gateway = Gateway::sqlite().await;
    let app = Application::new(&gateway, "app");
    for parameters in [
        vec![],                                                      // no-params
        vec![("state", "s")],                                        // only-state
        vec![("post_logout_redirect_uri", GOODBYE), ("state", "s")], // no-id-token-hint
        vec![("post_logout_redirect_uri", GOODBYE), ("state", "s"), ("client_id", "app")],
        vec![("post_logout_redirect_uri", "https://evil.example"), ("client_id", "app")],
    ] {
        let mut browser = gateway.browser();
        let tokens = app.tokens(&mut browser, JAN).await;
        let page = end(&mut browser, &parameters).await;
        assert!(page.status == 200 && page.is_at("/end_session"), "{parameters:?}: {}", page.url);
        assert_eq!(page.text.contains("Toepassing app"), parameters.contains(&("client_id", "app")));
        assert!(lives(&app, &tokens).await, "nothing has happened yet");
        // Whoever does not bring an ID token gets nobody sent to them.
        let page = browser.press(&page, "/end_session", &[]).await;
        assert!(page.status == 200 && page.is_at("/signed-out"), "{parameters:?}: {}", page.url);
        assert!(!lives(&app, &tokens).await);
    }
}

#[tokio::test]
async fn oidcc_rp_initiated_logout_no_post_logout_redirect_uri() {
    let gateway = Gateway::sqlite().await;
    let app = Application::new(&gateway, "app");
    let mut browser = gateway.browser();
    let tokens = app.tokens(&mut browser, JAN).await;
    let page = end(&mut browser, &[("id_token_hint", text(&tokens, "id_token")), ("state", "s")]).await;
    assert!(page.is_at("/signed-out"), "{}", page.url);
    assert!(!lives(&app, &tokens).await);
}

#[tokio::test]
async fn oidcc_rp_initiated_logout_bad_requests_are_shown_and_end_nothing() {
    let gateway = Gateway::sqlite().await;
    let app = Application::new(&gateway, "app");
    let mut browser = gateway.browser();
    let tokens = app.tokens(&mut browser, JAN).await;
    let hint = text(&tokens, "id_token");
    let (head, signature) = hint.rsplit_once('.').expect("a JWS");
    let (header, payload) = head.split_once('.').expect("a JWS");
    let modified = format!("{header}.{payload}AA.{signature}");
    let goodbye = |uri: &str| format!("{GOODBYE}{uri}");
    for (hint, uri, client) in [
        ("junk", goodbye(""), ""),                        // bad-id-token-hint
        (modified.as_str(), goodbye(""), ""),             // modified-id-token-hint
        (text(&tokens, "access_token"), goodbye(""), ""), // another type of token
        (hint, "https://evil.example/".into(), ""),       // bad-post-logout-redirect-uri
        (hint, goodbye("?foo=bar"), ""),                  // query-added-to-post-logout-redirect-uri
        (hint, goodbye("/"), ""),
        (hint, goodbye("%2f.."), ""),
        (hint, "javascript:alert(1)".into(), ""),
        (hint, "//app.example/goodbye".into(), ""),
        (hint, goodbye(""), "app-2"), // a client that did not get this token
        (hint, goodbye(""), "nobody"),
    ] {
        let parameters = [("id_token_hint", hint), ("post_logout_redirect_uri", &uri), ("client_id", client)];
        let page = end(&mut browser, &parameters).await;
        assert!(page.status == 400 && page.is_at("/end_session"), "{parameters:?}: {}", page.url);
        assert!(lives(&app, &tokens).await, "{parameters:?}");
    }
    let repeated = format!("/end_session?id_token_hint={hint}&id_token_hint={hint}");
    assert_eq!(browser.get(&repeated).await.status, 400);
    // The twin.
    let page = end(&mut browser, &[("id_token_hint", hint), ("post_logout_redirect_uri", GOODBYE)]).await;
    assert_eq!(page.url.as_str(), GOODBYE);
}

#[tokio::test]
async fn oidc_1_an_id_token_of_another_session_makes_us_ask() {
    let gateway = Gateway::sqlite().await;
    let app = Application::new(&gateway, "app");
    let jans = app.tokens(&mut gateway.browser(), JAN).await;
    let mut browser = gateway.browser();
    let maries = app.tokens(&mut browser, MARIE).await;
    let parameters = [("id_token_hint", text(&jans, "id_token")), ("post_logout_redirect_uri", GOODBYE)];
    let page = end(&mut browser, &parameters).await;
    assert!(page.is_at("/end_session") && page.status == 200, "{}", page.url);
    assert!(lives(&app, &maries).await && lives(&app, &jans).await, "nobody signs others out (GHSA-9g98-5mj6-f9mv)");
    let page = browser.press(&page, "/end_session", &[]).await;
    assert_eq!(page.url.as_str(), GOODBYE);
    assert!(!lives(&app, &maries).await && lives(&app, &jans).await);
    // Without any session there is nothing to ask.
    let page = end(&mut gateway.browser(), &parameters).await;
    assert_eq!(page.url.as_str(), GOODBYE);
}

#[tokio::test]
async fn oidc_1_signing_out_by_a_form_of_another_site_needs_the_persons_yes() {
    let gateway = Gateway::sqlite().await;
    let app = Application::new(&gateway, "app");
    let mut browser = gateway.browser();
    let tokens = app.tokens(&mut browser, JAN).await;
    let url = format!("{}/end_session", gateway.tenant().origin);
    let form = ("content-type", "application/x-www-form-urlencoded");
    // An application's form comes without cookies, and is led to the same request as a query.
    let body = encoded(&[("id_token_hint", text(&tokens, "id_token"))]);
    let reply = gateway.send(Method::POST, &url, &[form, ("origin", "https://app.example")], body.clone()).await;
    assert_eq!((reply.status.as_u16(), reply.header("location")), (303, format!("/end_session?{body}").as_str()));
    assert!(!reply.headers.contains_key("set-cookie"));
    // An attacker's form that pretends to be ours.
    let session = format!("__Host-poort-session={}", browser.cookie("__Host-poort-session").expect("signed in"));
    let browsers =
        format!("{session}; __Host-poort-browser={}", browser.cookie("__Host-poort-browser").expect("known"));
    for (origin, csrf, status) in [
        ("https://evil.example", "x", 403),
        ("null", "x", 403),
        (gateway.tenant().origin.as_str(), "x", 400),
        (gateway.tenant().origin.as_str(), "", 400),
    ] {
        let headers = [form, ("origin", origin), ("cookie", &browsers)];
        let reply = gateway.send(Method::POST, &url, &headers, encoded(&[("csrf", csrf), ("request", "")])).await;
        assert_eq!(reply.status.as_u16(), status, "{origin} {csrf}");
        assert!(lives(&app, &tokens).await);
    }
}
