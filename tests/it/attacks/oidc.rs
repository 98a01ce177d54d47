//! Sections 4.2 and 4.3 of the advisories: codes, tokens and refresh tokens, and what stands where another is expected.

use std::time::Duration;

use http::Method;
use jsonwebtoken::{Algorithm, Header};
use poort::base::token::{Token, TokenDigest};
use proptest::prelude::*;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::harness::{
    application::{Application, VERIFIER, changed, claims, encoded, text},
    databases,
    gateway::{Gateway, Reply},
    people::{ANDER, CALLBACK, CLIENT_KEY, ELS, JAN, MANDATE, MARIE, SECRET},
};

/// The same request to the token endpoint fifty times at the same time, at each of the gateways in turn.
async fn at_once(gateways: &[&Gateway], basic: &str, parameters: &[(&str, &str)]) -> Vec<Reply> {
    let body = encoded(parameters);
    let headers = [("content-type", "application/x-www-form-urlencoded"), ("authorization", basic)];
    let url = format!("{}/token", gateways[0].tenant().origin);
    let requests = (0..50).map(|i| gateways[i % gateways.len()].send(Method::POST, &url, &headers, body.clone()));
    futures_util::future::join_all(requests).await
}

fn won(replies: &[Reply]) -> Vec<&Reply> {
    for reply in replies.iter().filter(|reply| reply.status != 200) {
        assert_eq!((reply.status.as_u16(), reply.error().as_str()), (400, "invalid_grant"), "{}", reply.text());
    }
    replies.iter().filter(|reply| reply.status == 200).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn oidcc_codereuse_fifty_redemptions_at_the_same_time_one_wins_and_the_others_end_what_it_got() {
    for gateway in Gateway::each().await {
        let app = Application::new(&gateway, "app");
        let mut browser = gateway.browser();
        let twin = app.tokens(&mut browser, JAN).await;
        // Two processes take turns.
        let other = gateway.again().await;
        for processes in [vec![&gateway], vec![&gateway, &other]] {
            let code = app.code(&mut browser, JAN).await;
            let good = [
                ("grant_type", "authorization_code"),
                ("code", &code),
                ("redirect_uri", CALLBACK),
                ("code_verifier", VERIFIER),
            ];
            let replies = at_once(&processes, &app.basic(SECRET), &good).await;
            let won = won(&replies);
            assert_eq!(won.len(), 1, "{}", gateway.name());
            let tokens = won[0].json();
            assert_eq!(app.userinfo(text(&tokens, "access_token")).await.status, 401, "{}", gateway.name());
            assert_eq!(app.refresh(text(&tokens, "refresh_token")).await.error(), "invalid_grant");
        }
        // Another family of the same login lives on.
        assert_eq!(app.userinfo(text(&twin, "access_token")).await.status, 200, "the twin");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn cve_2026_1035_fifty_refreshes_at_the_same_time_one_wins_and_the_family_ends_when_it_comes_again_later() {
    for gateway in Gateway::each().await {
        let app = Application::new(&gateway, "app");
        let first = app.tokens(&mut gateway.browser(), JAN).await;
        let other = gateway.again().await;
        let parameters = [("grant_type", "refresh_token"), ("refresh_token", text(&first, "refresh_token"))];
        let replies = at_once(&[&gateway, &other], &app.basic(SECRET), &parameters).await;
        let won = won(&replies);
        assert_eq!(won.len(), 1, "{}", gateway.name());
        let tokens = won[0].json();
        // Within ten seconds an answer was lost on the way: refused, and the family lives.
        gateway.advance(Duration::from_millis(9_999));
        assert_eq!(app.refresh(text(&first, "refresh_token")).await.error(), "invalid_grant");
        assert_eq!(app.userinfo(text(&tokens, "access_token")).await.status, 200, "the twin: it lives");
        // CVE-2026-9802: what was used is remembered by the database, not by the process.
        gateway.advance(Duration::from_millis(1));
        let restarted = gateway.again().await;
        let app = Application::new(&restarted, "app");
        assert_eq!(app.refresh(text(&first, "refresh_token")).await.error(), "invalid_grant");
        assert_eq!(app.userinfo(text(&tokens, "access_token")).await.status, 401, "{}", gateway.name());
        assert_eq!(app.refresh(text(&tokens, "refresh_token")).await.error(), "invalid_grant");
    }
}

#[tokio::test]
async fn cve_2026_9802_a_code_that_comes_again_after_a_restart_ends_what_it_gave() {
    for gateway in Gateway::each().await {
        let app = Application::new(&gateway, "app");
        let code = app.code(&mut gateway.browser(), JAN).await;
        let tokens = app.redeem(&code, &[]).await.json();
        assert_eq!(app.userinfo(text(&tokens, "access_token")).await.status, 200, "the twin");
        // oidcc-codereuse-30seconds, and also long after it expired.
        gateway.advance(Duration::from_secs(100));
        let restarted = gateway.again().await;
        let app = Application::new(&restarted, "app");
        assert_eq!(app.redeem(&code, &[]).await.error(), "invalid_grant");
        assert_eq!(app.userinfo(text(&tokens, "access_token")).await.status, 401);
    }
}

#[tokio::test]
async fn cve_2026_55672_cve_2026_28513_codes_and_refresh_tokens_are_their_clients() {
    for gateway in Gateway::each().await {
        let app = Application::new(&gateway, "app");
        let mut browser = gateway.browser();
        let code = app.code(&mut browser, JAN).await;
        let form = |client: &'static str| Application::new(&gateway, client);
        // Right code, wrong client: confidential, public, and one that pretends.
        assert_eq!(form("app-2").redeem(&code, &[]).await.error(), "invalid_grant");
        let as_public = [
            ("grant_type", "authorization_code"),
            ("code", &code),
            ("redirect_uri", CALLBACK),
            ("code_verifier", VERIFIER),
            ("client_id", "public"),
        ];
        assert_eq!(app.post_as("", &as_public).await.error(), "invalid_grant");
        assert_eq!(app.post_as("", &changed(&as_public, &[("client_id", "app")])).await.error(), "invalid_client");
        assert_eq!(form("app-2").redeem(&code, &[("client_id", "app")]).await.error(), "invalid_client");
        // Wrong code, right client.
        let wrong = Token::new(&gateway.core().random).reveal();
        assert_eq!(app.redeem(&wrong, &[]).await.error(), "invalid_grant");
        // None of it cost the owner anything.
        let tokens = app.redeem(&code, &[]).await.json();
        let refresh = text(&tokens, "refresh_token");
        assert_eq!(form("app-2").refresh(refresh).await.error(), "invalid_grant");
        let as_public = [("grant_type", "refresh_token"), ("refresh_token", refresh), ("client_id", "public")];
        assert_eq!(app.post_as("", &as_public).await.error(), "invalid_grant");
        let next = app.refresh(refresh).await.json();
        assert_eq!(app.userinfo(text(&next, "access_token")).await.status, 200, "the twin");
        // A used one in the wrong hands ends nothing: only its own client can say that it was stolen.
        gateway.advance(Duration::from_secs(60));
        assert_eq!(form("app-2").refresh(refresh).await.error(), "invalid_grant");
        assert_eq!(form("app-2").redeem(&code, &[]).await.error(), "invalid_grant");
        assert_eq!(app.userinfo(text(&next, "access_token")).await.status, 200);
        // A public client's code with its own id and no secret: the twin.
        let public = form("public");
        let code = public.code(&mut browser, JAN).await;
        let good = changed(
            &[],
            &[
                ("grant_type", "authorization_code"),
                ("code", &code),
                ("redirect_uri", CALLBACK),
                ("code_verifier", VERIFIER),
                ("client_id", "public"),
            ],
        );
        assert_eq!(public.post(&good).await.error(), "invalid_client", "a secret that it does not have");
        assert_eq!(public.post_as("", &good).await.status, 200);
    }
}

#[tokio::test]
async fn cve_2026_27840_cve_2026_4282_only_the_whole_token_of_the_right_kind() {
    for gateway in Gateway::each().await {
        let app = Application::new(&gateway, "app");
        let mut browser = gateway.browser();
        let code = app.code(&mut browser, JAN).await;
        let tokens = app.tokens(&mut browser, JAN).await;
        let refresh = text(&tokens, "refresh_token").to_owned();
        let mangled = |token: &str| {
            let mut all: Vec<String> = (1..43).step_by(6).map(|n| token[..43 - n].to_owned()).collect();
            let flipped: String = token
                .chars()
                .map(|c| if c.is_ascii_lowercase() { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() })
                .collect();
            all.extend([
                format!("{token}="),
                format!("{token}A"),
                format!(" {token}"),
                format!("{token} "),
                flipped,
                format!("{token}%"),
                token.replace(['-', '_'], "+"),
                format!("A{}", &token[1..]),
            ]);
            all.retain(|other| other != token);
            all
        };
        for other in mangled(&code) {
            assert_eq!(app.redeem(&other, &[]).await.error(), "invalid_grant", "{other}");
        }
        for other in mangled(&refresh) {
            assert_eq!(app.refresh(&other).await.error(), "invalid_grant", "{other}");
        }
        // Everything opaque or signed that a person's browser or a client ever sees, where another is expected.
        let page = app.ask(&mut browser, &[("prompt", "login")]).await;
        let attempt = page.url.path().rsplit('/').next().expect("an attempt").to_owned();
        let (session, known) = (browser.cookie("__Host-poort-session"), browser.cookie("__Host-poort-browser"));
        let sid = claims(text(&tokens, "id_token"))["sid"].as_str().expect("a sid").to_owned();
        let jti = claims(text(&tokens, "access_token"))["jti"].as_str().expect("a jti").to_owned();
        let others = [
            session.expect("signed in").to_owned(),
            known.expect("known").to_owned(),
            attempt,
            sid,
            jti.clone(),
            jti.split('.').next_back().expect("a part").to_owned(),
            text(&tokens, "id_token").to_owned(),
            text(&tokens, "access_token").to_owned(),
            TokenDigest::of(code.as_bytes()).text(),
            VERIFIER.to_owned(),
            TokenDigest::of(VERIFIER.as_bytes()).text(),
            MANDATE.to_string(),
            SECRET.to_owned(),
        ];
        for other in others.iter().chain([&refresh]) {
            assert_eq!(app.redeem(other, &[]).await.error(), "invalid_grant", "{other} as a code");
        }
        for other in others.iter().chain([&code]) {
            assert_eq!(app.refresh(other).await.error(), "invalid_grant", "{other} as a refresh token");
        }
        for other in others.iter().filter(|other| *other != text(&tokens, "access_token")).chain([&code, &refresh]) {
            // GHSA-7fpj-9hr8-28vh: no other token opens what an access token opens.
            assert!([400, 401].contains(&app.userinfo(other).await.status.as_u16()), "{other} as an access token");
        }
        // GHSA-9g98-5mj6-f9mv: and as a session.
        for other in others.iter().skip(1).chain([&code, &refresh]) {
            let mut thief = gateway.browser();
            thief.set_cookie("__Host-poort-session", other);
            assert_eq!(
                app.ask(&mut thief, &[("prompt", "none")]).await.error(),
                "login_required",
                "{other} as a session"
            );
        }
        // The twins.
        assert_eq!(app.redeem(&code, &[]).await.status, 200);
        assert_eq!(app.refresh(&refresh).await.status, 200);
        assert_eq!(app.userinfo(text(&tokens, "access_token")).await.status, 200);
    }
}

#[tokio::test]
async fn cve_2023_48228_cve_2024_23647_cve_2024_22258_cve_2025_4144_pkce_is_for_everybody_and_s256() {
    let gateway = Gateway::sqlite().await;
    let good = TokenDigest::of(VERIFIER.as_bytes()).text();
    for id in ["app", "public", "key", "modest", "rfc8693"] {
        let app = Application::new(&gateway, id);
        let mut browser = gateway.browser();
        for changes in [
            vec![("code_challenge", "")],
            vec![("code_challenge_method", "")],
            vec![("code_challenge", ""), ("code_challenge_method", "")],
            vec![("code_challenge_method", "plain"), ("code_challenge", VERIFIER)],
            vec![("code_challenge_method", "s256")],
            vec![("code_challenge_method", "S256 plain")],
            vec![("code_challenge_method", "S512")],
            vec![("code_challenge", &good[..42])],
            vec![("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw+cM")],
            vec![("code_challenge", " ")],
        ] {
            assert_eq!(app.ask(&mut browser, &changes).await.error(), "invalid_request", "{id} {changes:?}");
        }
        assert!(app.ask(&mut browser, &[]).await.is_at("/login/"), "the twin");
    }
    let app = Application::new(&gateway, "app");
    let mut browser = gateway.browser();
    for verifier in [
        "",
        &good,
        "wrong-wrong-wrong-wrong-wrong-wrong-wrong-wrong",
        &VERIFIER[..42],
        &format!("{VERIFIER}x"),
        &VERIFIER.to_uppercase(),
        &format!("{VERIFIER} "),
        &format!("{VERIFIER}="),
        &"é".repeat(43),
        &"a".repeat(129),
    ] {
        let code = app.code(&mut browser, JAN).await;
        let reply = app.redeem(&code, &[("code_verifier", verifier)]).await;
        assert_eq!(reply.status, 400, "{verifier:?}");
        // Whoever guesses gets one guess. A verifier that was not sent is none.
        let after = app.redeem(&code, &[]).await;
        assert_eq!(after.status == 200, verifier.is_empty(), "{verifier:?}");
    }
    let code = app.code(&mut browser, JAN).await;
    assert_eq!(app.redeem(&code, &[]).await.status, 200, "the twin");
}

#[tokio::test]
async fn cve_2026_28512_the_redirect_uri_of_the_code_is_compared_as_a_text() {
    let gateway = Gateway::sqlite().await;
    let app = Application::new(&gateway, "app");
    let mut browser = gateway.browser();
    for uri in [
        "https://app.example/callback/",
        "https://app.example/callback?",
        "https://APP.example/callback",
        "https://evil.example",
        "https://app.example:443/callback",
        "https://app.example/callback?tenant=a%2Fb&code=mine",
        "https://app.example/%63allback",
        " ",
    ] {
        let code = app.code(&mut browser, JAN).await;
        assert_eq!(app.redeem(&code, &[("redirect_uri", uri)]).await.error(), "invalid_grant", "{uri}");
        assert_eq!(app.redeem(&code, &[]).await.error(), "invalid_grant", "it was spent");
    }
    let code = app.code(&mut browser, JAN).await;
    assert_eq!(app.redeem(&code, &[]).await.status, 200, "the twin");
}

#[tokio::test]
async fn cve_2024_7318_a_code_lasts_a_minute() {
    for gateway in Gateway::each().await {
        let app = Application::new(&gateway, "app");
        let mut browser = gateway.browser();
        for (after, status) in [(59_999, 200), (60_000, 400), (3_600_000, 400)] {
            let code = app.code(&mut browser, JAN).await;
            gateway.advance(Duration::from_millis(after));
            assert_eq!(app.redeem(&code, &[]).await.status.as_u16(), status, "{}: {after} ms", gateway.name());
        }
    }
}

/// What ends a grant before its time.
#[derive(Clone, Copy, Debug)]
enum Ends {
    Nothing,
    Account,
    Session,
    Mandate,
    AllSessions,
}

#[tokio::test]
async fn cve_2026_43983_cve_2026_1609_cve_2025_53942_what_ended_gives_nothing_any_more() {
    for gateway in Gateway::each().await {
        for ends in [Ends::Nothing, Ends::Account, Ends::Session, Ends::Mandate, Ends::AllSessions] {
            let app = Application::new(&gateway, "app");
            let mut browser = gateway.browser();
            let page = app.ask(&mut browser, &[]).await;
            let page = browser.log_in(&page, ELS).await;
            let page = browser.press(&page, "/mandators", &[("name", "Claes")]).await;
            let tokens = app.redeem(&browser.press(&page, "/mandators/choose", &[]).await.code(), &[]).await.json();
            // A second code of the same login and profile is still unused when it happens.
            let page = app.ask(&mut browser, &[]).await;
            let page = browser.press(&page, "/mandators", &[("name", "Claes")]).await;
            let unused = browser.press(&page, "/mandators/choose", &[]).await.code();
            let now = gateway.core().now();
            let mut transaction = gateway.begin().await;
            let sid = claims(text(&tokens, "id_token"))["sid"].as_str().expect("a sid").parse().expect("an id");
            match ends {
                Ends::Nothing => {}
                Ends::Account => assert!(transaction.close_person(ELS.id(), now).await.expect("ends")),
                Ends::Session => assert_eq!(transaction.end_session(sid, now).await.expect("ends"), 1),
                Ends::Mandate => assert!(transaction.end_mandate(MANDATE, now).await.expect("ends")),
                Ends::AllSessions => assert!(transaction.end_sessions_of(ELS.id(), now).await.expect("ends") > 0),
            }
            transaction.commit().await.expect("commits");
            let lives = matches!(ends, Ends::Nothing);
            let name = gateway.name();
            let userinfo = app.userinfo(text(&tokens, "access_token")).await;
            assert_eq!(userinfo.status == 200, lives, "{name} {ends:?}: userinfo");
            let redeemed = app.redeem(&unused, &[]).await;
            assert_eq!(
                (redeemed.status == 200, redeemed.error() == "invalid_grant"),
                (lives, !lives),
                "{name} {ends:?}"
            );
            let refreshed = app.refresh(text(&tokens, "refresh_token")).await;
            assert_eq!(
                (refreshed.status == 200, refreshed.error() == "invalid_grant"),
                (lives, !lives),
                "{name} {ends:?}"
            );
            // As it was, for the next.
            databases::execute(&gateway.database.settings, "zorg", "UPDATE person SET closed_at = NULL").await;
            databases::execute(&gateway.database.settings, "zorg", "UPDATE mandate SET ended_at = NULL").await;
        }
    }
}

#[tokio::test]
async fn profile_5_a_mandate_that_ends_by_its_date_ends_its_tokens_that_midnight() {
    let gateway = Gateway::sqlite().await;
    let app = Application::new(&gateway, "app");
    databases::execute(&gateway.database.settings, "zorg", "UPDATE mandate SET valid_until = '2026-11-22'").await;
    gateway.advance(Duration::from_secs(10 * 3600 + 30 * 60));
    let mut browser = gateway.browser();
    let page = app.ask(&mut browser, &[]).await;
    let page = browser.log_in(&page, ELS).await;
    let page = browser.press(&page, "/mandators", &[("name", "Claes")]).await;
    let tokens = app.redeem(&browser.press(&page, "/mandators/choose", &[]).await.code(), &[]).await.json();
    let midnight = 3600 * 23 - gateway.core().now().seconds().rem_euclid(86_400);
    let midnight = Duration::from_secs(u64::try_from(midnight).expect("before midnight in Brussels"));
    gateway.advance(midnight.saturating_sub(Duration::from_secs(1)));
    let tokens = app.refresh(text(&tokens, "refresh_token")).await.json();
    assert_eq!(app.userinfo(text(&tokens, "access_token")).await.status, 200, "the twin: the day is included");
    gateway.advance(Duration::from_secs(1));
    assert_eq!(app.userinfo(text(&tokens, "access_token")).await.status, 401);
    assert_eq!(app.refresh(text(&tokens, "refresh_token")).await.error(), "invalid_grant");
}

#[tokio::test]
async fn cve_2026_9795_ghsa_p2fr_6hmx_4528_no_more_than_was_granted() {
    for gateway in Gateway::each().await {
        let app = Application::new(&gateway, "app");
        let mut browser = gateway.browser();
        app.code(&mut browser, JAN).await;
        let code = app.ask(&mut browser, &[("scope", "openid offline_access")]).await.code();
        for resource in ["https://other-api.example", "https://evil.example", "zorg"] {
            assert_eq!(app.redeem(&code, &[("resource", resource)]).await.error(), "invalid_target", "{resource}");
        }
        // `audience` and `scope` mean nothing here; asking did not cost the code.
        let wider = [("audience", "https://evil.example"), ("scope", "openid profile email poort")];
        let tokens = app.redeem(&code, &wider).await.json();
        let access = claims(text(&tokens, "access_token"));
        assert_eq!((text(&access, "aud"), text(&access, "scope")), ("https://api.example", "openid offline_access"));
        let refresh = text(&tokens, "refresh_token");
        let parameters = [("grant_type", "refresh_token"), ("refresh_token", refresh)];
        for scope in ["openid profile", "profile", "*", "openid  profile", "OPENID", "openid,profile", "openid\u{a0}"] {
            let reply = app.post(&changed(&parameters, &[("scope", scope)])).await;
            assert_eq!(reply.error(), "invalid_scope", "{scope}");
        }
        let reply = app.post(&changed(&parameters, &[("resource", "https://other-api.example")])).await;
        assert_eq!(reply.error(), "invalid_target");
        let many = vec!["openid"; 5_000].join(" ");
        let reply = app.post(&changed(&parameters, &[("scope", many.as_str())])).await;
        assert!(reply.status == 413 || reply.json()["scope"] == "openid", "CVE-2026-4634: {}", reply.text());
    }
}

#[tokio::test]
async fn rfc_6749_2_3_a_client_proves_who_it_is_in_its_own_one_way() {
    let gateway = Gateway::sqlite().await;
    let app = Application::new(&gateway, "app");
    let code = app.code(&mut gateway.browser(), JAN).await;
    let good = [
        ("grant_type", "authorization_code"),
        ("code", &code),
        ("redirect_uri", CALLBACK),
        ("code_verifier", VERIFIER),
    ];
    let plain = |text: &str| {
        use base64::{Engine, engine::general_purpose::STANDARD};
        format!("Basic {}", STANDARD.encode(text))
    };
    let refused = [
        (String::new(), vec![]),
        (String::new(), vec![("client_id", "app")]),
        (String::new(), vec![("client_id", "app"), ("client_secret", "wrong")]),
        (String::new(), vec![("client_id", "nobody"), ("client_secret", SECRET)]),
        (String::new(), vec![("client_secret", SECRET)]),
        (app.basic("wrong"), vec![]),
        (app.basic(""), vec![]),
        (app.basic(&SECRET.to_uppercase()), vec![]),
        (app.basic(&SECRET[..SECRET.len() - 1]), vec![]),
        (app.basic(&format!("{SECRET}\0")), vec![]),
        (app.basic(&TokenDigest::of(SECRET.as_bytes()).text()), vec![]),
        (plain(&format!("nobody:{SECRET}")), vec![]),
        (plain("app"), vec![]),
        (plain(""), vec![]),
        (plain(":"), vec![]),
        (plain("public:"), vec![]),
        (plain(&format!("key:{SECRET}")), vec![]),
        ("Basic".into(), vec![]),
        ("Basic ????".into(), vec![]),
        ("Bearer x".into(), vec![]),
        ("Digest username=\"app\"".into(), vec![]),
        (app.basic(SECRET), vec![("client_id", "app-2")]),
    ];
    for (authorization, more) in &refused {
        let reply = app.post_as(authorization, &changed(&good, more)).await;
        assert_eq!(
            (reply.status.as_u16(), reply.error().as_str()),
            (401, "invalid_client"),
            "{authorization} {more:?}"
        );
        assert!(reply.header("www-authenticate").starts_with("Basic realm="), "RFC 6749 section 5.2");
        assert!(!reply.text().contains(SECRET));
    }
    for more in [
        vec![("client_id", "app"), ("client_secret", SECRET)],
        vec![("client_assertion", "a.b.c"), ("client_assertion_type", "x")],
        vec![("client_assertion_type", "x")],
    ] {
        let reply = app.post_as(&app.basic(SECRET), &changed(&good, &more)).await;
        assert_eq!((reply.status.as_u16(), reply.error().as_str()), (400, "invalid_request"), "two ways: {more:?}");
    }
    // The twins, and the code is still good: nobody who is unknown can spend it.
    let by_post = changed(&good, &[("client_id", "app"), ("client_secret", SECRET)]);
    assert_eq!(app.post_as("", &by_post).await.status, 200, "oidcc-server-client-secret-post");
    let tokens = app.tokens(&mut gateway.browser(), JAN).await;
    assert_eq!(app.refresh(text(&tokens, "refresh_token")).await.status, 200);
}

/// An assertion of the client `key` with changes.
pub(super) fn assertion(gateway: &Gateway, header: &Header, changes: &Value) -> String {
    let now = gateway.core().now().seconds();
    let mut claims = json!({
        "iss": "key", "sub": "key", "aud": gateway.tenant().origin, "jti": Token::new(&gateway.core().random).reveal(),
        "iat": now, "exp": now + 60,
    });
    for (name, value) in changes.as_object().expect("changes") {
        match value {
            Value::Null => drop(claims.as_object_mut().expect("claims").remove(name)),
            value => claims[name] = value.clone(),
        }
    }
    jsonwebtoken::encode(header, &claims, &CLIENT_KEY.signing).expect("signed")
}

#[tokio::test]
async fn oidcc_ensure_client_assertion_with_iss_aud_succeeds_and_works_once() {
    for gateway in Gateway::each().await {
        let app = Application::new(&gateway, "key");
        let mut browser = gateway.browser();
        let header = Header { kid: Some("k1".into()), ..Header::new(Algorithm::ES256) };
        let code = app.code(&mut browser, JAN).await;
        let post = async |assertion: &str, code: &str, more: &[(&str, &str)]| {
            let good = [
                ("grant_type", "authorization_code"),
                ("code", code),
                ("redirect_uri", CALLBACK),
                ("code_verifier", VERIFIER),
                ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
                ("client_assertion", assertion),
            ];
            app.post_as("", &changed(&good, more)).await
        };
        let now = gateway.core().now().seconds();
        let origin = &gateway.tenant().origin;
        for changes in [
            json!({"sub": "app"}),
            json!({"iss": "app"}),
            json!({"sub": null}),
            json!({"iss": null}),
            json!({"aud": "https://evil.example"}),
            json!({"aud": null}),
            json!({"aud": [origin, "https://evil.example"]}),
            json!({"aud": gateway.tenant_of(ANDER).origin}),
            json!({"exp": now - 300}),
            json!({"exp": now}),
            json!({"exp": null}),
            json!({"exp": now + 3600}),
            json!({"nbf": now + 60}),
            json!({"iat": now + 60}),
            json!({"jti": null}),
            json!({"jti": ""}),
            json!({"exp": "tomorrow"}),
        ] {
            let reply = post(&assertion(&gateway, &header, &changes), &code, &[]).await;
            assert_eq!((reply.status.as_u16(), reply.error().as_str()), (401, "invalid_client"), "{changes}");
        }
        let good = assertion(&gateway, &header, &json!({}));
        for more in [
            vec![("client_id", "app")],
            vec![("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:saml2-bearer")],
            vec![("client_assertion_type", "")],
            vec![("client_assertion", "")],
        ] {
            assert_eq!(post(&good, &code, &more).await.error(), "invalid_client", "{more:?}");
        }
        // CVE-2026-11800: HS256 with the public key, and with nothing.
        let secret = jsonwebtoken::EncodingKey::from_secret(CLIENT_KEY.jwk.to_string().as_bytes());
        let body = claims(&good);
        let forged =
            jsonwebtoken::encode(&Header { alg: Algorithm::HS256, ..header.clone() }, &body, &secret).expect("signed");
        assert_eq!(post(&forged, &code, &[]).await.error(), "invalid_client");
        // Two good ones: one names the token endpoint and the client besides. Neither is good twice, nor after a restart.
        let named = assertion(&gateway, &header, &json!({"aud": format!("{origin}/token")}));
        let reply = post(&named, &code, &[("client_id", "key")]).await;
        assert_eq!(reply.status, 200, "{}: {}", gateway.name(), reply.text());
        let again = app.code(&mut browser, JAN).await;
        assert_eq!(post(&named, &again, &[]).await.error(), "invalid_client", "{}: jti", gateway.name());
        assert_eq!(post(&good, &again, &[]).await.status, 200, "the twin");
        let restarted = gateway.again().await;
        let reply = Application::new(&restarted, "key")
            .post_as(
                "",
                &[
                    ("grant_type", "refresh_token"),
                    ("refresh_token", "x"),
                    ("client_assertion", &good),
                    ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
                ],
            )
            .await;
        assert_eq!(reply.error(), "invalid_client", "{}: after a restart", gateway.name());
    }
}

#[tokio::test]
async fn cve_2025_64431_what_one_tenant_gave_is_nothing_at_another() {
    for gateway in Gateway::each().await {
        let app = Application::new(&gateway, "app");
        let mut browser = gateway.browser();
        let tokens = app.tokens(&mut browser, JAN).await;
        let code = app.code(&mut browser, JAN).await;
        let other = &gateway.tenant_of(ANDER).origin;
        let basic = app.basic(SECRET);
        let headers = [("content-type", "application/x-www-form-urlencoded"), ("authorization", basic.as_str())];
        for parameters in [
            vec![
                ("grant_type", "authorization_code"),
                ("code", &code),
                ("redirect_uri", CALLBACK),
                ("code_verifier", VERIFIER),
            ],
            vec![("grant_type", "refresh_token"), ("refresh_token", text(&tokens, "refresh_token"))],
        ] {
            let reply = gateway.send(Method::POST, &format!("{other}/token"), &headers, encoded(&parameters)).await;
            assert_eq!(reply.error(), "invalid_grant", "{}", gateway.name());
        }
        let bearer = format!("Bearer {}", text(&tokens, "access_token"));
        let reply = gateway.send(Method::GET, &format!("{other}/userinfo"), &[("authorization", &bearer)], "").await;
        assert_eq!(reply.status, 401);
        let hint = encoded(&[("id_token_hint", text(&tokens, "id_token"))]);
        let reply = gateway.send(Method::GET, &format!("{other}/end_session?{hint}"), &[], "").await;
        assert_eq!(reply.status, 400);
        assert_eq!(app.redeem(&code, &[]).await.status, 200, "the twin");
        assert_eq!(app.refresh(text(&tokens, "refresh_token")).await.status, 200, "the twin");
    }
}

#[tokio::test]
async fn cve_2026_97176_a_lower_login_meets_neither_acr_values_nor_the_clients_least() {
    for gateway in Gateway::each().await {
        let (app, strict) = (Application::new(&gateway, "app"), Application::new(&gateway, "strict"));
        let substantial = ("acr_values", "http://eidas.europa.eu/LoA/substantial");
        let mut browser = gateway.browser();
        let first = app.tokens(&mut browser, JAN).await;
        assert!(strict.ask(&mut browser, &[("prompt", "none")]).await.parameter("code").is_some(), "the twin");
        let lower = "UPDATE session SET assurance = 'low', means = 'mail'";
        databases::execute(&gateway.database.settings, "zorg", lower).await;
        assert!(app.ask(&mut browser, &[("prompt", "none")]).await.parameter("code").is_some());
        for (client, changes) in [(&strict, vec![]), (&app, vec![substantial])] {
            let mut none = changes.clone();
            none.push(("prompt", "none"));
            assert_eq!(client.ask(&mut browser, &none).await.error(), "login_required", "{}", gateway.name());
            let page = client.ask(&mut browser, &changes).await;
            assert!(page.is_at("/login/") && !page.text.contains("second=email-code"), "{}", page.url);
        }
        // A choice of profile that was opened for a better login cannot be finished by a worse one in the same browser.
        let page = strict.ask(&mut browser, &[]).await;
        let old = browser.cookie("__Host-poort-session").expect("signed in").to_owned();
        let page = browser.follow(&page, "second=totp").await;
        let page = browser
            .submit(&page, &[("user_name", &MARIE.email()), ("password", crate::harness::people::PASSWORD)])
            .await;
        gateway.advance(Duration::from_secs(30));
        let code = MARIE.totp().code_at(gateway.core().now());
        let page = browser.submit(&page, &[("code", code.digits())]).await;
        assert!(page.is_at("/profile"), "{}", page.url);
        let choice = page.url.to_string();
        let good = browser.cookie("__Host-poort-session").expect("signed in").to_owned();
        browser.set_cookie("__Host-poort-session", &old);
        let page = browser.get(&choice).await;
        assert!(
            page.parameter("code").is_none() && !page.text.contains("name=\"as\""),
            "Jan's old login, Marie's choice"
        );
        browser.set_cookie("__Host-poort-session", &good);
        let page = browser.get(&choice).await;
        databases::execute(&gateway.database.settings, "zorg", lower).await;
        assert!(browser.get(&choice).await.is_at("/login/"), "another login is asked for before a choice");
        let page = browser.submit(&page, &[("as", "citizen")]).await;
        assert_eq!(page.error(), "login_required", "{}", page.url);
        // The login before has ended with the new one in this browser, and what it gave with it (GHSA-c9h6-v78w-52wj).
        assert_eq!(app.refresh(text(&first, "refresh_token")).await.error(), "invalid_grant");
    }
}

#[tokio::test]
async fn cve_2026_54072_many_at_once_get_each_their_own_code() {
    let gateway = Gateway::sqlite().await;
    let app = Application::new(&gateway, "app");
    let mut browser = gateway.browser();
    let mut codes = std::collections::BTreeSet::new();
    for _ in 0..20 {
        codes.insert(app.code(&mut browser, JAN).await);
    }
    assert_eq!(codes.len(), 20);
    let mut tasks = JoinSet::new();
    for code in &codes {
        // Spawned tasks share the rooms, not the borrow.
        let (shared, code) = (gateway.shared.clone(), code.clone());
        tasks.spawn(async move {
            let tenant = shared.tenants.all()[0].clone();
            let client = tenant.client("app").expect("a client");
            let redemption = poort::service::authorizations::Redemption {
                code: Token::parse(&code).expect("a code").digest(),
                redirect_uri: CALLBACK,
                verifier: VERIFIER,
                resource: None,
                certificate: None,
            };
            poort::service::authorizations::redeem_code(&shared.core, &tenant, client, &redemption).await.is_ok()
        });
    }
    assert!(tasks.join_all().await.into_iter().all(|good| good));
}

/// Whatever comes, no endpoint for programs fails on its own account, and none of it opens anything.
#[test]
fn rauthy_0_36_2_nothing_that_is_sent_makes_an_endpoint_fail() {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
    let gateway = runtime.block_on(Gateway::sqlite());
    let app = Application::new(&gateway, "app");
    let origin = gateway.tenant().origin.clone();
    let name = prop::sample::select(vec![
        "grant_type",
        "code",
        "redirect_uri",
        "code_verifier",
        "refresh_token",
        "scope",
        "resource",
        "client_id",
        "client_secret",
        "client_assertion",
        "client_assertion_type",
        "response_type",
        "state",
        "nonce",
        "prompt",
        "max_age",
        "acr_values",
        "id_token_hint",
        "code_challenge",
        "code_challenge_method",
        "ui_locales",
        "request",
        "post_logout_redirect_uri",
        "access_token",
        "token",
        "token_type_hint",
        "logout_token",
        "csrf",
    ]);
    let likely = prop::sample::select(vec![
        "authorization_code",
        "refresh_token",
        "client_credentials",
        "app",
        "public",
        "key",
        "machine",
        "machine-public",
        CALLBACK,
        VERIFIER,
        "openid",
        "none",
        "code",
        "S256",
        "eyJhbGciOiJub25lIn0.e30.",
        "a.b.c",
        "..",
        "e30.e30.e30",
        "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    ]);
    let value = prop_oneof![likely.prop_map(String::from), ".{0,60}", "[A-Za-z0-9_-]{43}", "[0-9]{1,25}"];
    let pairs = prop::collection::vec((name, value), 0..12);
    let header = prop_oneof![
        Just(String::new()),
        Just(app.basic(SECRET)),
        "Basic [A-Za-z0-9+/=]{0,40}",
        "Bearer [!-~]{0,80}",
        "[ -~]{0,60}",
    ];
    let raw = prop::collection::vec(any::<u8>(), 0..200);
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig { cases: 400, ..ProptestConfig::default() });
    runner
        .run(&(pairs, header, raw, 0..6_usize), |(pairs, header, raw, shape)| {
            let pairs: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (*name, value.as_str())).collect();
            let form = encoded(&pairs);
            let body = if shape == 0 { raw } else { form.clone().into_bytes() };
            let mut headers = vec![("content-type", "application/x-www-form-urlencoded")];
            if !header.trim().is_empty() {
                headers.push(("authorization", header.as_str()));
            }
            for (method, path) in [
                (Method::POST, "/token".to_owned()),
                (Method::POST, "/introspect".to_owned()),
                (Method::POST, "/revoke".to_owned()),
                (Method::POST, "/userinfo".to_owned()),
                (Method::POST, "/authorize".to_owned()),
                (Method::POST, "/end_session".to_owned()),
                (Method::GET, format!("/authorize?{form}")),
                (Method::GET, format!("/end_session?{form}")),
                (Method::GET, "/userinfo".to_owned()),
            ] {
                let body = if method == Method::POST { body.clone() } else { Vec::new() };
                let reply = runtime.block_on(gateway.send(method, &format!("{origin}{path}"), &headers, body));
                prop_assert!(reply.status.as_u16() < 500, "{} {}: {}", path, reply.status, reply.text());
                prop_assert!(!reply.text().contains("access_token\""), "{}", reply.text());
                prop_assert!(!reply.text().contains("\"active\":true"), "{}", reply.text());
            }
            Ok(())
        })
        .expect("every case");
    // The twin.
    runtime.block_on(async {
        let code = app.code(&mut gateway.browser(), JAN).await;
        assert_eq!(app.redeem(&code, &[]).await.status, 200);
    });
}
