//! OpenID Connect Core 1.0, Discovery 1.0, RFC 6749, 6750, 7636, 8414, 8707, 9068, 9207: what a provider must do (OIDC-1).
//!
//! Named after the modules of the OpenID Foundation's suite, where one tries the same.

use std::{collections::BTreeMap, time::Duration};

use http::Method;
use poort::{domain::client::SigningAlgorithm, token::jwt};
use serde_json::json;

use crate::harness::{
    application::{Application, VERIFIER, claims, encoded, text},
    gateway::{Gateway, NOW},
    people::{CALLBACK, ELS, JAN, MARIE, SECRET},
};

#[tokio::test]
async fn oidcc_discovery_endpoint_verification_both_documents_say_the_same() {
    let gateway = Gateway::sqlite().await;
    let origin = &gateway.tenant().origin;
    let mut documents = Vec::new();
    for name in ["openid-configuration", "oauth-authorization-server"] {
        let reply = gateway.send(Method::GET, &format!("{origin}/.well-known/{name}"), &[], "").await;
        assert_eq!((reply.status.as_u16(), reply.header("content-type")), (200, "application/json"));
        assert_eq!(reply.header("access-control-allow-origin"), "*");
        assert!(!reply.headers.contains_key("set-cookie"));
        documents.push(reply.json());
    }
    assert_eq!(documents[0], documents[1]);
    let document = &documents[0];
    assert_eq!(document["issuer"], json!(origin));
    for name in [
        "authorization_endpoint",
        "token_endpoint",
        "userinfo_endpoint",
        "introspection_endpoint",
        "revocation_endpoint",
        "jwks_uri",
        "end_session_endpoint",
    ] {
        assert!(text(document, name).starts_with(&format!("{origin}/")), "{name}");
    }
    for (name, value) in [
        ("response_types_supported", json!(["code"])),
        ("grant_types_supported", json!(["authorization_code", "refresh_token", "client_credentials"])),
        ("response_modes_supported", json!(["query"])),
        ("code_challenge_methods_supported", json!(["S256"])),
        ("subject_types_supported", json!(["pairwise"])),
        ("authorization_response_iss_parameter_supported", json!(true)),
        (
            "introspection_endpoint_auth_methods_supported",
            json!(["private_key_jwt", "client_secret_basic", "client_secret_post"]),
        ),
        ("revocation_endpoint_auth_methods_supported", document["token_endpoint_auth_methods_supported"].clone()),
        ("request_uri_parameter_supported", json!(false)),
        ("request_parameter_supported", json!(false)),
        ("claims_parameter_supported", json!(false)),
        ("id_token_signing_alg_values_supported", json!(["ES256", "RS256"])),
        ("ui_locales_supported", json!(["nl", "en"])),
    ] {
        assert_eq!(document[name], value, "{name}");
    }
    let jwks = gateway.send(Method::GET, text(document, "jwks_uri"), &[], "").await.json();
    let algorithms: Vec<&str> = jwks["keys"].as_array().expect("keys").iter().map(|key| text(key, "alg")).collect();
    assert_eq!(algorithms.len(), 2, "{algorithms:?}");
    assert!(algorithms.contains(&"ES256") && algorithms.contains(&"RS256"));
}

#[tokio::test]
async fn oidcc_server_a_person_logs_in_and_the_application_knows_them() {
    for gateway in Gateway::each().await {
        let app = Application::new(&gateway, "app");
        let mut browser = gateway.browser();
        let page = app.ask(&mut browser, &[("scope", "openid profile email poort offline_access")]).await;
        assert!(page.is_at("/login/"), "{}: {}", gateway.name(), page.url);
        let page = browser.log_in(&page, JAN).await;
        assert_eq!(page.url.as_str().split('?').next(), Some(CALLBACK));
        assert_eq!(page.parameter("state").as_deref(), Some("the state"));
        assert_eq!(page.parameter("iss").as_deref(), Some(gateway.tenant().origin.as_str()), "RFC 9207");
        let reply = app.redeem(&page.code(), &[]).await;
        assert_eq!((reply.status.as_u16(), reply.header("cache-control")), (200, "no-store"), "{}", reply.text());
        assert!(!reply.headers.contains_key("set-cookie"));
        let tokens = reply.json();
        assert_eq!((text(&tokens, "token_type"), tokens["expires_in"].as_u64()), ("Bearer", Some(300)));
        assert_eq!(text(&tokens, "scope"), "openid profile email poort offline_access");
        let id = claims(text(&tokens, "id_token"));
        assert_eq!((text(&id, "aud"), text(&id, "nonce"), text(&id, "name")), ("app", "the nonce", "Jan Claes"));
        assert_eq!(text(&id, "acr"), "http://eidas.europa.eu/LoA/substantial");
        assert_eq!(id["amr"], json!(["pwd", "otp"]));
        assert_eq!(id["auth_time"].as_i64(), Some(gateway.core().now().seconds()));
        assert_eq!(id["poort_profile"]["capacity"], "citizen");
        let access = claims(text(&tokens, "access_token"));
        assert_eq!((text(&access, "aud"), text(&access, "client_id")), ("https://api.example", "app"), "RFC 9068");
        assert!(access.get("name").is_none() && access.get("email").is_none());
        let userinfo = app.userinfo(text(&tokens, "access_token")).await;
        assert_eq!((userinfo.status.as_u16(), userinfo.header("cache-control")), (200, "no-store"));
        let userinfo = userinfo.json();
        assert_eq!((userinfo["sub"].as_str(), text(&userinfo, "email")), (id["sub"].as_str(), "jan.claes@example.org"));
        // Signed with the published keys, for this issuer.
        let ring = gateway.core().keys_of(gateway.tenant()).expect("keys").ring();
        let hint = jwt::id_token_hint(text(&tokens, "id_token"), &ring, &gateway.tenant().origin, gateway.core().now());
        assert_eq!(hint.expect("believed").sub, text(&id, "sub"));
    }
}

#[tokio::test]
async fn oidcc_idtoken_rs256_and_a_client_without_resource_servers_and_refresh() {
    let gateway = Gateway::sqlite().await;
    let app = Application::new(&gateway, "modest");
    let tokens = app.tokens(&mut gateway.browser(), JAN).await;
    let header = text(&tokens, "id_token").split('.').next().expect("a header");
    let header = claims(&format!(".{header}"));
    assert_eq!(text(&header, "alg"), SigningAlgorithm::Rs256.alg());
    assert!(tokens.get("refresh_token").is_none(), "offline_access is ignored where it was not registered");
    assert_eq!(text(&tokens, "scope"), "openid profile");
    assert_eq!(text(&claims(text(&tokens, "access_token")), "aud"), gateway.tenant().origin);
    assert_eq!(app.userinfo(text(&tokens, "access_token")).await.status, 200);
    let refused = app.refresh(&"A".repeat(43)).await;
    assert_eq!((refused.status.as_u16(), refused.error().as_str()), (400, "unauthorized_client"), "CVE-2026-9792");
}

#[tokio::test]
async fn profile_3_who_acts_for_somebody_is_told_in_the_clients_form() {
    for gateway in Gateway::each().await {
        let mut subs = BTreeMap::new();
        for id in ["app", "rfc8693"] {
            let app = Application::new(&gateway, id);
            let mut browser = gateway.browser();
            let page = app.ask(&mut browser, &[("scope", "openid profile poort offline_access")]).await;
            let page = browser.log_in(&page, ELS).await;
            assert!(page.is_at("/mandators"), "{}", page.url);
            let page = browser.press(&page, "/mandators", &[("name", "Claes")]).await;
            let page = browser.press(&page, "/mandators/choose", &[]).await;
            let tokens = app.redeem(&page.code(), &[]).await.json();
            let id_token = claims(text(&tokens, "id_token"));
            let access = claims(text(&tokens, "access_token"));
            for token in [&id_token, &access] {
                let (top, within, other) = match id {
                    "app" => (token, &token["represents"], "act"),
                    _ => (token, &token["act"], "represents"),
                };
                assert!(token.get(other).is_none(), "never both");
                let (els, jan) = if id == "app" { (top, within) } else { (within, top) };
                assert_ne!(els["sub"], jan["sub"]);
                subs.insert(id, (text(els, "sub").to_owned(), text(jan, "sub").to_owned()));
            }
            assert_eq!(id_token["mandate"]["scope"], "administrative");
            // Somebody who represents is asked anew, and never carried along silently.
            let again = app.ask(&mut browser, &[]).await;
            assert!(again.is_at("/mandators") || again.is_at("/profile"), "{}", again.url);
            assert_eq!(app.ask(&mut browser, &[("prompt", "none")]).await.error(), "interaction_required");
        }
        assert_ne!(subs["app"], subs["rfc8693"], "pairwise: two clients know nobody by the same name");
    }
}

#[tokio::test]
async fn oidcc_prompt_none_and_login_and_select_account() {
    let gateway = Gateway::sqlite().await;
    let app = Application::new(&gateway, "app");
    let mut browser = gateway.browser();
    let none = app.ask(&mut browser, &[("prompt", "none")]).await;
    assert_eq!((none.error().as_str(), none.parameter("state").as_deref()), ("login_required", Some("the state")));
    // Logged in, but not yet anybody: the choice is an interaction.
    let page = app.ask(&mut browser, &[]).await;
    let page = browser.log_in(&page, MARIE).await;
    assert!(page.is_at("/profile"), "{}", page.url);
    assert_eq!(app.ask(&mut browser, &[("prompt", "none")]).await.error(), "interaction_required");
    let first = browser.submit(&page, &[("as", "professional:physician")]).await.code();
    let first = claims(text(&app.redeem(&first, &[]).await.json(), "id_token"));
    // From now on nobody is asked.
    let silent = app.ask(&mut browser, &[("prompt", "none")]).await;
    let silent = claims(text(&app.redeem(&silent.code(), &[]).await.json(), "id_token"));
    assert_eq!(
        (&silent["sub"], &silent["auth_time"], &silent["sid"]),
        (&first["sub"], &first["auth_time"], &first["sid"])
    );
    for asks in ["select_account", "consent", "consent select_account", "unheard-of consent"] {
        assert!(app.ask(&mut browser, &[("prompt", asks)]).await.is_at("/profile"), "{asks}");
    }
    assert_eq!(app.ask(&mut browser, &[("prompt", "none login")]).await.error(), "invalid_request");
    assert!(app.ask(&mut browser, &[("prompt", "unheard-of")]).await.parameter("code").is_some());
    // Who is logged in logs in again, and the client sees when.
    gateway.advance(Duration::from_secs(60));
    let page = app.ask(&mut browser, &[("prompt", "login")]).await;
    assert!(page.is_at("/login/"), "{}", page.url);
    let page = browser.log_in(&page, MARIE).await;
    let page = browser.submit(&page, &[("as", "citizen")]).await;
    let anew = claims(text(&app.redeem(&page.code(), &[]).await.json(), "id_token"));
    assert!(anew["auth_time"].as_i64() >= first["auth_time"].as_i64().map(|at| at + 60));
    assert_eq!(anew["sid"], first["sid"], "the same person goes on in their session");
    assert_eq!(anew["sub"], first["sub"]);
}

#[tokio::test]
async fn oidcc_max_age() {
    let gateway = Gateway::sqlite().await;
    let app = Application::new(&gateway, "app");
    let mut browser = gateway.browser();
    app.code(&mut browser, JAN).await;
    gateway.advance(Duration::from_secs(100));
    for (max_age, again) in
        [("10000", false), ("100", false), ("99", true), ("1", true), ("0", true), ("99999999999", false)]
    {
        let page = app.ask(&mut browser, &[("max_age", max_age)]).await;
        assert_eq!(page.is_at("/login/"), again, "{max_age}: {}", page.url);
        let none = app.ask(&mut browser, &[("max_age", max_age), ("prompt", "none")]).await;
        assert_eq!(none.error() == "login_required", again, "{max_age}: {}", none.url);
    }
    for malformed in ["-1", "x", "1.5", "+1", "0x1"] {
        assert_eq!(app.ask(&mut browser, &[("max_age", malformed)]).await.error(), "invalid_request", "{malformed}");
    }
    let page = app.ask(&mut browser, &[("max_age", "1")]).await;
    let code = browser.log_in(&page, JAN).await.code();
    let id = claims(text(&app.redeem(&code, &[]).await.json(), "id_token"));
    assert_eq!(id["auth_time"].as_i64(), Some(gateway.core().now().seconds()));
    assert!(gateway.core().now() > NOW);
}

#[tokio::test]
async fn oidcc_ensure_request_with_acr_values_succeeds_and_what_nobody_reaches_is_refused() {
    let gateway = Gateway::sqlite().await;
    let app = Application::new(&gateway, "app");
    let level = |level: &str| format!("http://eidas.europa.eu/LoA/{level}");
    for values in [level("low"), level("substantial"), format!("{} {}", level("high"), level("low")), "1 2".into()] {
        let mut browser = gateway.browser();
        let page = app.ask(&mut browser, &[("acr_values", &values)]).await;
        assert!(page.is_at("/login/"), "{values}: {}", page.url);
        assert!(!browser.log_in(&page, JAN).await.code().is_empty());
    }
    let page = app.ask(&mut gateway.browser(), &[("acr_values", &level("high"))]).await;
    assert_eq!(page.error(), "unmet_authentication_requirements");
}

#[tokio::test]
async fn oidcc_id_token_hint() {
    let gateway = Gateway::sqlite().await;
    let app = Application::new(&gateway, "app");
    let mut jan = gateway.browser();
    let tokens = app.tokens(&mut jan, JAN).await;
    let hint = text(&tokens, "id_token");
    let same = app.ask(&mut jan, &[("prompt", "none"), ("id_token_hint", hint)]).await;
    assert!(same.parameter("code").is_some(), "{}", same.url);
    let mut marie = gateway.browser();
    app.code(&mut marie, MARIE).await;
    let other = app.ask(&mut marie, &[("prompt", "none"), ("id_token_hint", hint)]).await;
    assert_eq!(other.error(), "login_required");
    assert!(app.ask(&mut marie, &[("id_token_hint", hint)]).await.is_at("/login/"));
    for bad in [text(&tokens, "access_token"), "junk", &hint[..hint.len() - 1]] {
        assert_eq!(app.ask(&mut jan, &[("id_token_hint", bad)]).await.error(), "invalid_request");
    }
    let app_2 = Application::new(&gateway, "app-2");
    assert_eq!(app_2.ask(&mut jan, &[("id_token_hint", hint)]).await.error(), "invalid_request", "another client's");
}

#[tokio::test]
async fn oidcc_what_is_not_offered_is_refused_by_its_name() {
    let gateway = Gateway::sqlite().await;
    let app = Application::new(&gateway, "app");
    let mut browser = gateway.browser();
    for (changes, error) in [
        (vec![("request", "e30.e30.")], "request_not_supported"),
        (vec![("request_uri", "https://app.example/request.jwt")], "request_uri_not_supported"),
        (vec![("registration", "{}")], "registration_not_supported"),
        (vec![("response_type", "")], "invalid_request"),
        (vec![("response_type", "token")], "unsupported_response_type"),
        (vec![("response_type", "code id_token")], "unsupported_response_type"),
        (vec![("response_type", "none")], "unsupported_response_type"),
        (vec![("response_mode", "fragment")], "invalid_request"),
        (vec![("response_mode", "form_post")], "invalid_request"),
        (vec![("response_mode", "query.jwt")], "invalid_request"),
        (vec![("scope", "profile")], "invalid_scope"),
        (vec![("scope", "")], "invalid_scope"),
        (vec![("resource", "https://evil.example")], "invalid_target"),
        (vec![("nonce", &"n".repeat(513))], "invalid_request"),
        (vec![("state", &"s".repeat(4097))], "invalid_request"),
    ] {
        let page = app.ask(&mut browser, &changes).await;
        assert_eq!(page.error(), error, "{changes:?}: {}", page.url);
        assert_eq!(page.parameter("iss").as_deref(), Some(gateway.tenant().origin.as_str()));
        assert!(!page.url.as_str().contains('#'), "errors come in the query too");
    }
    for fine in [
        vec![("unheard_of", "x")],
        vec![("display", "popup"), ("login_hint", "jan.claes@example.org"), ("claims", "{}"), ("claims_locales", "nl")],
        vec![("response_mode", "query")],
        vec![("nonce", "")],
        vec![("state", "")],
        vec![("scope", "openid unheard-of address phone")],
        vec![("resource", "https://other-api.example")],
        vec![("nonce", &"n".repeat(512)), ("state", &"s".repeat(4096))],
    ] {
        assert!(app.ask(&mut browser, &fine).await.is_at("/login/"), "{fine:?}");
    }
}

#[tokio::test]
async fn oidcc_ensure_post_request_succeeds_and_takes_no_cookie_from_the_browser() {
    let gateway = Gateway::sqlite().await;
    let app = Application::new(&gateway, "app");
    let url = app.authorize_url(&[]);
    let (endpoint, query) = url.split_once('?').expect("a query");
    // From the application's own page: another site, so without our cookies.
    let headers = [("content-type", "application/x-www-form-urlencoded"), ("origin", "https://app.example")];
    let reply = gateway.send(Method::POST, endpoint, &headers, query.to_owned()).await;
    assert_eq!((reply.status.as_u16(), reply.header("location")), (303, format!("/authorize?{query}").as_str()));
    assert!(!reply.headers.contains_key("set-cookie"));
    for junk in ["a=\r\nx", "a=b#c", "é"] {
        assert_eq!(gateway.send(Method::POST, endpoint, &headers, junk.to_owned()).await.status, 400, "{junk}");
    }
    assert_eq!(gateway.send(Method::POST, endpoint, &headers[1..], query.to_owned()).await.status, 400);
    assert_eq!(gateway.send(Method::PUT, endpoint, &[], "").await.status, 405);
}

#[tokio::test]
async fn oidcc_ui_locales_speaks_the_language_that_was_not_chosen_otherwise() {
    let gateway = Gateway::sqlite().await;
    let app = Application::new(&gateway, "app");
    let mut browser = gateway.browser();
    let page = app.ask(&mut browser, &[("ui_locales", "se fr-BE en-GB nl")]).await;
    assert!(page.text.contains("lang=\"en\""), "{}", page.url);
    let page = app.ask(&mut browser, &[("ui_locales", "nl")]).await;
    assert!(page.text.contains("<html lang=\"en\""), "what was chosen before counts more");
}

#[tokio::test]
async fn rfc_8707_a_token_is_for_one_resource_server_of_the_client() {
    let gateway = Gateway::sqlite().await;
    let app = Application::new(&gateway, "app");
    let mut browser = gateway.browser();
    app.code(&mut browser, JAN).await;
    let other = ("resource", "https://other-api.example");
    let code = app.ask(&mut browser, &[other]).await.code();
    let tokens = app.redeem(&code, &[other]).await.json();
    assert_eq!(text(&claims(text(&tokens, "access_token")), "aud"), other.1);
    assert_eq!(app.userinfo(text(&tokens, "access_token")).await.status, 200);
}

#[tokio::test]
async fn oidcc_refresh_token_rotates_and_keeps_what_was_granted() {
    for gateway in Gateway::each().await {
        let app = Application::new(&gateway, "app");
        let first = app.tokens(&mut gateway.browser(), JAN).await;
        gateway.advance(Duration::from_secs(400));
        assert_eq!(app.userinfo(text(&first, "access_token")).await.status, 401, "expired");
        let second = app.refresh(text(&first, "refresh_token")).await.json();
        assert_ne!(first["refresh_token"], second["refresh_token"]);
        let (before, after) = (claims(text(&first, "id_token")), claims(text(&second, "id_token")));
        for same in ["iss", "sub", "aud", "auth_time", "sid", "acr"] {
            assert_eq!(before[same], after[same], "{same} (OpenID Connect Core 12.2)");
        }
        assert!(after.get("nonce").is_none());
        assert_eq!(app.userinfo(text(&second, "access_token")).await.status, 200);
        // Less for once, and everything again the next time.
        let narrow =
            [("grant_type", "refresh_token"), ("refresh_token", text(&second, "refresh_token")), ("scope", "openid")];
        let third = app.post(&narrow).await.json();
        assert_eq!(text(&third, "scope"), "openid");
        assert!(app.userinfo(text(&third, "access_token")).await.json().get("name").is_none());
        let fourth = app.refresh(text(&third, "refresh_token")).await.json();
        assert_eq!(text(&fourth, "scope"), "openid profile offline_access");
    }
}

#[tokio::test]
async fn oidcc_userinfo_get_and_post_header_and_post_body() {
    let gateway = Gateway::sqlite().await;
    let app = Application::new(&gateway, "app");
    let tokens = app.tokens(&mut gateway.browser(), JAN).await;
    let token = text(&tokens, "access_token");
    let url = format!("{}/userinfo", gateway.tenant().origin);
    let bearer = format!("Bearer {token}");
    let form = ("content-type", "application/x-www-form-urlencoded");
    let body = encoded(&[("access_token", token)]);
    let mut told = Vec::new();
    for (method, headers, body) in [
        (Method::GET, vec![("authorization", bearer.as_str())], ""),
        (Method::POST, vec![("authorization", bearer.as_str())], ""),
        (Method::POST, vec![("authorization", bearer.as_str()), form], ""),
        (Method::POST, vec![form], body.as_str()),
    ] {
        let reply = gateway.send(method, &url, &headers, body.to_owned()).await;
        assert_eq!((reply.status.as_u16(), reply.header("content-type")), (200, "application/json"), "{headers:?}");
        told.push(reply.json());
    }
    assert!(told.windows(2).all(|pair| pair[0] == pair[1]));
    let both = gateway.send(Method::POST, &url, &[("authorization", &bearer), form], body).await;
    assert_eq!(both.status, 400, "{}", both.header("www-authenticate"));
    let query = gateway.send(Method::GET, &format!("{url}?access_token={token}"), &[], "").await;
    assert_eq!((query.status.as_u16(), query.header("www-authenticate")), (401, "Bearer realm=\"userinfo\""));
    let wrong = app.userinfo("junk").await;
    assert_eq!(wrong.status, 401);
    assert!(wrong.header("www-authenticate").contains("error=\"invalid_token\""));
}

#[tokio::test]
async fn rfc_6749_5_2_every_error_of_the_token_endpoint_has_its_status_and_name() {
    let gateway = Gateway::sqlite().await;
    let app = Application::new(&gateway, "app");
    let code = app.code(&mut gateway.browser(), JAN).await;
    let good = [
        ("grant_type", "authorization_code"),
        ("code", &code),
        ("redirect_uri", CALLBACK),
        ("code_verifier", VERIFIER),
    ];
    let without = |name: &str| good.into_iter().filter(|(known, _)| *known != name).collect::<Vec<_>>();
    for (parameters, status, error) in [
        (without("grant_type"), 400, "invalid_request"),
        (without("code"), 400, "invalid_request"),
        (without("redirect_uri"), 400, "invalid_request"),
        (without("code_verifier"), 400, "invalid_request"),
        (vec![("grant_type", "password"), ("username", "a"), ("password", "b")], 400, "unsupported_grant_type"),
        (vec![("grant_type", "client_credentials")], 400, "unauthorized_client"),
        (vec![("grant_type", "implicit")], 400, "unsupported_grant_type"),
        (vec![("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange")], 400, "unsupported_grant_type"),
        (vec![("grant_type", "urn:ietf:params:oauth:grant-type:device_code")], 400, "unauthorized_client"),
        (vec![("grant_type", "refresh_token")], 400, "invalid_request"),
    ] {
        let reply = app.post(&parameters).await;
        assert_eq!((reply.status.as_u16(), reply.error().as_str()), (status, error), "{parameters:?}");
        assert_eq!((reply.header("cache-control"), reply.header("pragma")), ("no-store", "no-cache"));
    }
    let machine = Application::new(&gateway, "machine");
    for (parameters, status, error) in [
        (vec![("grant_type", "client_credentials"), ("scope", "openid")], 400, "invalid_scope"),
        (vec![("grant_type", "client_credentials"), ("resource", "https://evil.example")], 400, "invalid_target"),
        (vec![("grant_type", "refresh_token"), ("refresh_token", "x")], 400, "unauthorized_client"),
        (vec![("grant_type", "client_credentials")], 200, ""),
    ] {
        let reply = machine.post(&parameters).await;
        assert_eq!((reply.status.as_u16(), reply.error().as_str()), (status, error), "{parameters:?}");
        assert_eq!((reply.header("cache-control"), reply.header("pragma")), ("no-store", "no-cache"));
    }
    let url = format!("{}/token", gateway.tenant().origin);
    let basic = app.basic(SECRET);
    let send = async |content_type: &str, body: String| {
        let headers = [("authorization", basic.as_str()), ("content-type", content_type)];
        gateway.send(Method::POST, &url, &headers, body).await
    };
    let body = encoded(&good);
    assert_eq!(send("application/json", body.clone()).await.error(), "invalid_request");
    assert_eq!(send("", body.clone()).await.error(), "invalid_request");
    let form = "application/x-www-form-urlencoded; charset=UTF-8";
    for repeated in ["grant_type=authorization_code", "code=x", "client_id=app&client_id=app", "co%64e=x"] {
        assert_eq!(send(form, format!("{body}&{repeated}")).await.error(), "invalid_request", "{repeated}");
    }
    assert_eq!(send(form, format!("{body}&x={}", "x".repeat(40_000))).await.status, 413);
    assert_eq!(gateway.send(Method::GET, &format!("{url}?{body}"), &[], "").await.status, 405);
    // None of them cost the code.
    assert_eq!(send(form, body).await.status, 200);
}

#[tokio::test]
async fn oidc_1_pages_of_public_clients_may_read_and_no_others() {
    let gateway = Gateway::sqlite().await;
    let origin = &gateway.tenant().origin;
    for path in ["/token", "/revoke", "/userinfo"] {
        for (from, allowed) in [
            ("https://app.example", "https://app.example"),
            ("https://app.example:444", ""),
            ("http://app.example", ""),
            ("https://evil.example", ""),
            ("https://app.example.evil.example", ""),
            ("null", ""),
        ] {
            let headers = [("origin", from), ("access-control-request-method", "POST")];
            let reply = gateway.send(Method::OPTIONS, &format!("{origin}{path}"), &headers, "").await;
            assert_eq!(reply.header("access-control-allow-origin"), allowed, "{path} {from}");
            assert!(!reply.headers.contains_key("access-control-allow-credentials"));
            assert_eq!(reply.header("vary"), "Origin");
        }
    }
    // Where a client's pages are is in the tenant's file; nothing in a request adds to it (CVE-2026-37977).
    let url = format!("{origin}/authorize");
    let reply = gateway.send(Method::GET, &url, &[("origin", "https://app.example")], "").await;
    assert!(!reply.headers.contains_key("access-control-allow-origin"));
}

#[tokio::test]
async fn oidcc_user_rejects_authentication_and_the_client_hears_of_it() {
    let gateway = Gateway::sqlite().await;
    let app = Application::new(&gateway, "app");
    let mut browser = gateway.browser();
    let page = app.ask(&mut browser, &[]).await;
    let page = browser.press(&page, "/cancel", &[]).await;
    assert_eq!((page.error().as_str(), page.parameter("state").as_deref()), ("access_denied", Some("the state")));
    assert_eq!(page.parameter("iss").as_deref(), Some(gateway.tenant().origin.as_str()));
}
