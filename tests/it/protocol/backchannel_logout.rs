//! OpenID Connect Back-Channel Logout 1.0: applications hear that a login has ended (OIDC-1).

use std::{sync::Arc, time::Duration};

use http::Method;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header, jwk::JwkSet};
use poort::{
    domain::{
        client::{BackchannelLogout, SigningAlgorithm},
        tenant::Tenant,
    },
    notify::call::Caller,
    service::logouts,
};
use serde_json::{Value, json};

use crate::harness::{
    application::{Application, claims, encoded, text},
    browser::Browser,
    databases, demo,
    gateway::{Gateway, PRO},
    people::{ELS, GOODBYE, JAN, MARIE, SECRET},
    receiver::Receiver,
};

/// Lets what is due be said, as the background task does; says how many clients heard it.
async fn tell(gateway: &Gateway) -> usize {
    logouts::end_expired(&gateway.shared).await.expect("the database answers");
    logouts::tell_due(&gateway.shared, &Caller::new().expect("TLS")).await.expect("the database answers")
}

/// Each of these clients hears at a path of its own.
fn hearing(receiver: &Arc<Receiver>, ids: &'static [&'static str]) -> impl Fn(&mut Tenant) + use<> {
    let receiver = receiver.clone();
    move |tenant: &mut Tenant| {
        for client in tenant.clients.iter_mut().filter(|client| ids.contains(&client.id.as_str())) {
            let uri = receiver.url(&format!("/{}/{}", tenant.id, client.id));
            client.backchannel_logout = Some(BackchannelLogout { uri, session_required: client.id == "app-2" });
        }
    }
}

/// The claims of a logout token, believed as an application must (section 2.6).
async fn believed(gateway: &Gateway, token: &str, client: &str, algorithm: Algorithm) -> Value {
    let head = decode_header(token).expect("a head");
    assert_eq!((head.alg, head.typ.as_deref()), (algorithm, Some("logout+jwt")));
    let issuer = &gateway.tenant().origin;
    let jwks = gateway.send(Method::GET, &format!("{issuer}/jwks"), &[], "").await;
    let jwks: JwkSet = serde_json::from_slice(&jwks.body).expect("keys");
    let key = jwks.find(&head.kid.expect("a kid")).expect("the key is published");
    let mut validation = Validation::new(algorithm);
    // Time is the test's.
    validation.validate_exp = false;
    validation.set_audience(&[client]);
    validation.set_issuer(&[issuer]);
    let claims = decode::<Value>(token, &DecodingKey::from_jwk(key).expect("a key"), &validation);
    let claims = claims.expect("believed").claims;
    let now = gateway.core().now().seconds();
    assert_eq!((claims["iat"].as_i64(), claims["exp"].as_i64()), (Some(now), Some(now + 120)));
    assert_eq!(claims["events"], json!({"http://schemas.openid.net/event/backchannel-logout": {}}));
    assert!(claims.get("nonce").is_none() && text(&claims, "jti").len() == 43, "{claims}");
    claims
}

/// Signs out by the application's request.
async fn sign_out(browser: &mut Browser<'_>, tokens: &Value) {
    let parameters = [("id_token_hint", text(tokens, "id_token")), ("post_logout_redirect_uri", GOODBYE)];
    let page = browser.get(&format!("/end_session?{}", encoded(&parameters))).await;
    assert_eq!(page.url.as_str(), GOODBYE);
}

#[tokio::test]
async fn oidcc_backchannel_logout_discovery_endpoint_verification() {
    let gateway = Gateway::sqlite().await;
    let url = format!("{}/.well-known/openid-configuration", gateway.tenant().origin);
    let document = gateway.send(Method::GET, &url, &[], "").await.json();
    for name in ["backchannel_logout_supported", "backchannel_logout_session_supported"] {
        assert_eq!(document[name], true, "{name}");
    }
    assert!(document.get("frontchannel_logout_supported").is_none(), "what is not there is not promised");
}

#[tokio::test]
async fn oidcc_backchannel_rp_initiated_logout_the_application_hears_once_of_the_end_of_a_login() {
    let receiver = Receiver::start().await;
    for gateway in Gateway::each_with(hearing(&receiver, &["app", "app-2", "modest"])).await {
        let [app, app_2, modest, silent] =
            ["app", "app-2", "modest", "rfc8693"].map(|id| Application::new(&gateway, id));
        let mut browser = gateway.browser();
        let tokens = app.tokens(&mut browser, JAN).await;
        let theirs = app_2.tokens(&mut browser, JAN).await;
        let older = modest.tokens(&mut browser, JAN).await;
        silent.tokens(&mut browser, JAN).await;
        // The twin: somebody else, and the same person elsewhere, stay.
        let mut elsewhere = gateway.browser();
        let stays = app.tokens(&mut elsewhere, JAN).await;
        assert_eq!(tell(&gateway).await, 0, "nothing has ended");
        sign_out(&mut browser, &tokens).await;
        assert!(receiver.take().is_empty(), "it is said after the transaction");
        assert_eq!(tell(&gateway).await, 3, "{}", gateway.name());
        let mut heard = receiver.tokens();
        heard.sort();
        let paths: Vec<&str> = heard.iter().map(|(path, _)| path.as_str()).collect();
        assert_eq!(paths, ["POST /zorg/app", "POST /zorg/app-2", "POST /zorg/modest"]);
        let said = believed(&gateway, &heard[0].1, "app", Algorithm::ES256).await;
        let id = claims(text(&tokens, "id_token"));
        assert_eq!((&said["sid"], &said["sub"]), (&id["sid"], &id["sub"]));
        assert_ne!(said["sid"], claims(text(&stays, "id_token"))["sid"]);
        let names: Vec<&String> = said.as_object().expect("an object").keys().collect();
        assert_eq!(names, ["aud", "events", "exp", "iat", "iss", "jti", "sid", "sub"]);
        // Who goes by the session is not told whose it was.
        let said = believed(&gateway, &heard[1].1, "app-2", Algorithm::ES256).await;
        assert_eq!((&said["sid"], said.get("sub")), (&claims(text(&theirs, "id_token"))["sid"], None));
        // OpenID-Connect-1476: with the algorithm of its ID tokens; and each knows the person by a name of its own.
        assert_eq!(SigningAlgorithm::Rs256.alg(), "RS256");
        let said = believed(&gateway, &heard[2].1, "modest", Algorithm::RS256).await;
        assert_eq!(said["sub"], claims(text(&older, "id_token"))["sub"]);
        assert_ne!(said["sub"], id["sub"]);
        // Nobody is told twice, whatever happens afterwards.
        gateway.advance(Duration::from_secs(86_400));
        logouts::tell_due(&gateway.shared, &Caller::new().expect("TLS")).await.expect("the database answers");
        assert!(receiver.take().is_empty(), "{}", gateway.name());
    }
}

#[tokio::test]
async fn oidc_1_the_application_hears_as_whom_it_knew_the_person() {
    let receiver = Receiver::start().await;
    for gateway in Gateway::each_with(hearing(&receiver, &["app", "rfc8693"])).await {
        let mut browser = gateway.browser();
        let mut tokens = Vec::new();
        for id in ["app", "rfc8693"] {
            let app = Application::new(&gateway, id);
            let mut page = app.ask(&mut browser, &[]).await;
            if page.is_at("/login/") {
                page = browser.log_in(&page, ELS).await;
            }
            let page = match page.is_at("/mandators") {
                true => page,
                false => browser.get("/mandators").await,
            };
            let page = browser.press(&page, "/mandators", &[("name", "Claes")]).await;
            let page = browser.press(&page, "/mandators/choose", &[]).await;
            tokens.push(app.redeem(&page.code(), &[]).await.json());
        }
        sign_out(&mut browser, &tokens[0]).await;
        assert_eq!(tell(&gateway).await, 2, "{}", gateway.name());
        let mut heard = receiver.tokens();
        heard.sort();
        for ((_, token), given) in heard.iter().zip(&tokens) {
            assert_eq!(claims(token)["sub"], claims(text(given, "id_token"))["sub"]);
        }
        assert_ne!(claims(&heard[0].1)["sub"], claims(&heard[1].1)["sub"], "the actor; whom they acted for");
    }
}

#[tokio::test]
async fn oidc_1_whatever_ends_a_login_the_application_hears_of_it() {
    let receiver = Receiver::start().await;
    let at = receiver.url("/sample");
    let hearing = move |tenant: &mut Tenant| {
        for client in tenant.clients.iter_mut().filter(|client| client.id == "sample-app") {
            client.backchannel_logout = Some(BackchannelLogout { uri: at.clone(), session_required: false });
        }
    };
    for gateway in Gateway::demos_with(hearing).await {
        for ends in ["signing out", "the page of sessions", "a new password", "time", "nothing"] {
            let mut browser = gateway.browser();
            let tokens = demo::sample_tokens(&mut browser, async |browser, page| {
                let page = browser.prove(&page, PRO, demo::MARIE).await;
                if page.is_at("/profile") { browser.submit(&page, &[("as", "citizen")]).await } else { page }
            })
            .await;
            let sid = claims(text(&tokens, "id_token"))["sid"].clone();
            assert_eq!(tell(&gateway).await, 0, "{ends}");
            match ends {
                "signing out" => {
                    let page = browser.get("/").await;
                    browser.press(&page, "/logout", &[]).await;
                }
                "the page of sessions" => {
                    // From another browser of hers.
                    let mut other = gateway.browser();
                    let page = other.get("/").await;
                    let page = match page.is_at("/login/") {
                        true => other.prove(&page, PRO, demo::MARIE).await,
                        false => page,
                    };
                    let page = match page.is_at("/sessions") {
                        true => page,
                        false => other.get("/sessions").await,
                    };
                    other.press(&page, "/sessions/end", &[("session", sid.as_str().expect("a text"))]).await;
                }
                "a new password" => {
                    let link = gateway.mailed_link_for(demo::MARIE).await;
                    let page = browser.get(&link).await;
                    browser.submit(&page, &[("new_password", demo::PASSWORD)]).await;
                }
                "time" => gateway.advance(gateway.tenant().terms.session_absolute),
                _ => {}
            }
            let heard = usize::from(ends != "nothing");
            assert_eq!(tell(&gateway).await, heard, "{ends}: {}", gateway.name());
            let said: Vec<Value> = receiver.tokens().iter().map(|(_, token)| claims(token)["sid"].clone()).collect();
            assert_eq!(said, vec![sid; heard], "{ends}: {}", gateway.name());
            assert_eq!(tell(&gateway).await, 0, "{ends}: once");
        }
    }
}

#[tokio::test]
async fn ghsa_c9h6_v78w_52wj_anothers_login_in_the_same_browser_ends_the_former_and_its_applications_hear_it() {
    let receiver = Receiver::start().await;
    for gateway in Gateway::each_with(hearing(&receiver, &["app"])).await {
        let app = Application::new(&gateway, "app");
        let mut browser = gateway.browser();
        let tokens = app.tokens(&mut browser, JAN).await;
        // The same person once more goes on in the login there is.
        let page = app.ask(&mut browser, &[("prompt", "login")]).await;
        browser.log_in(&page, JAN).await;
        assert_eq!(tell(&gateway).await, 0, "{}", gateway.name());
        let page = app.ask(&mut browser, &[("prompt", "login")]).await;
        browser.log_in(&page, MARIE).await;
        assert_eq!(tell(&gateway).await, 1, "{}", gateway.name());
        let (_, token) = receiver.tokens().pop().expect("told");
        assert_eq!(claims(&token)["sid"], claims(text(&tokens, "id_token"))["sid"]);
    }
}

#[tokio::test]
async fn oidc_1_a_client_that_does_not_answer_well_is_told_later_and_nobody_follows_where_it_points() {
    let receiver = Receiver::start().await;
    for gateway in Gateway::each_with(hearing(&receiver, &["app"])).await {
        let app = Application::new(&gateway, "app");
        let mut browser = gateway.browser();
        let tokens = app.tokens(&mut browser, JAN).await;
        sign_out(&mut browser, &tokens).await;
        let statuses = [503, 302, 400, 404];
        receiver.answers(&statuses);
        let mut jtis = Vec::new();
        for status in statuses {
            assert_eq!(tell(&gateway).await, 0, "{status}");
            let heard = receiver.tokens();
            assert_eq!(heard.len(), 1, "{status}: nobody went elsewhere");
            jtis.push(believed(&gateway, &heard[0].1, "app", Algorithm::ES256).await["jti"].clone());
            assert_eq!(tell(&gateway).await, 0, "not before it is due");
            assert!(receiver.take().is_empty());
            gateway.advance(Duration::from_secs(300));
        }
        assert_eq!(tell(&gateway).await, 1, "{}", gateway.name());
        let heard = receiver.tokens();
        jtis.push(claims(&heard[0].1)["jti"].clone());
        assert!(jtis.windows(2).all(|pair| pair[0] == pair[1]), "a repetition is recognised: {jtis:?}");
        // One that never answers is told no more after a day.
        let tokens = app.tokens(&mut browser, JAN).await;
        sign_out(&mut browser, &tokens).await;
        receiver.answers(&[500; 20]);
        let mut tries = 0;
        for _ in 0..20 {
            tell(&gateway).await;
            tries += receiver.tokens().len();
            gateway.advance(Duration::from_secs(12 * 3600));
        }
        assert_eq!(tries, 8, "{}", gateway.name());
        receiver.answers.lock().expect("no panic").clear();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn oidc_1_of_many_that_would_tell_at_the_same_time_one_does() {
    let receiver = Receiver::start().await;
    for gateway in Gateway::each_with(hearing(&receiver, &["app"])).await {
        let app = Application::new(&gateway, "app");
        let (mut jan, mut marie) = (gateway.browser(), gateway.browser());
        let tokens = app.tokens(&mut jan, JAN).await;
        app.tokens(&mut marie, MARIE).await;
        sign_out(&mut jan, &tokens).await;
        let other = gateway.again().await;
        let told = futures_util::future::join_all((0..50).map(|i| tell(if i % 2 == 0 { &gateway } else { &other })));
        assert_eq!(told.await.iter().sum::<usize>(), 1, "{}", gateway.name());
        assert_eq!(receiver.tokens().len(), 1);
        // The same for a login that runs out.
        gateway.advance(gateway.tenant().terms.session_absolute);
        let told = futures_util::future::join_all((0..50).map(|i| tell(if i % 2 == 0 { &gateway } else { &other })));
        let told: usize = told.await.iter().sum();
        assert_eq!((told, receiver.tokens().len()), (1, 1), "{}: Marie's, and Jan's not again", gateway.name());
    }
}

#[tokio::test]
async fn cve_2025_64521_a_client_that_is_gone_or_moved_is_told_where_it_is_now_or_not_at_all() {
    let receiver = Receiver::start().await;
    for gateway in Gateway::each_with(hearing(&receiver, &["app"])).await {
        let app = Application::new(&gateway, "app");
        let mut browser = gateway.browser();
        let tokens = app.tokens(&mut browser, JAN).await;
        sign_out(&mut browser, &tokens).await;
        databases::execute(&gateway.database.settings, "zorg", "UPDATE logout_notice SET client = 'gone'").await;
        assert_eq!(tell(&gateway).await, 0);
        databases::execute(&gateway.database.settings, "zorg", "UPDATE logout_notice SET client = 'app'").await;
        assert_eq!((tell(&gateway).await, receiver.take().len()), (0, 0), "{}: it was let go", gateway.name());
        let tokens = app.tokens(&mut browser, JAN).await;
        sign_out(&mut browser, &tokens).await;
        assert_eq!((tell(&gateway).await, receiver.take().len()), (1, 1), "the twin");
        // The end of an account is the end of its logins too.
        app.tokens(&mut gateway.browser(), MARIE).await;
        let mut transaction = gateway.begin().await;
        assert!(transaction.close_person(MARIE.id(), gateway.core().now()).await.expect("closes"));
        transaction.commit().await.expect("commits");
        assert_eq!((tell(&gateway).await, receiver.take().len()), (1, 1), "{}", gateway.name());
    }
}

#[tokio::test]
async fn ghsa_7fpj_9hr8_28vh_a_logout_token_opens_nothing() {
    let receiver = Receiver::start().await;
    for gateway in Gateway::each_with(hearing(&receiver, &["app"])).await {
        let (app, api) = (Application::new(&gateway, "app"), Application::new(&gateway, "api"));
        let mut browser = gateway.browser();
        let tokens = app.tokens(&mut browser, JAN).await;
        sign_out(&mut browser, &tokens).await;
        assert_eq!(tell(&gateway).await, 1);
        let (_, token) = receiver.tokens().pop().expect("told");
        assert_eq!(app.userinfo(&token).await.status, 401);
        assert_eq!(app.refresh(&token).await.error(), "invalid_grant");
        assert_eq!(app.redeem(&token, &[]).await.error(), "invalid_grant");
        for asking in [&app, &api] {
            let reply = asking.post_to("/introspect", &asking.basic(SECRET), &[("token", &token)]).await;
            assert_eq!(reply.text(), r#"{"active":false}"#);
        }
        let reply = app.post_to("/revoke", &app.basic(SECRET), &[("token", &token)]).await;
        assert_eq!(reply.error(), "unsupported_token_type");
        let assertion = [
            ("grant_type", "client_credentials"),
            ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
            ("client_assertion", token.as_str()),
        ];
        assert_eq!(app.post_as("", &assertion).await.error(), "invalid_client");
        // Not as proof of who logs in or out, either: an ID token of the same login is.
        let hint = |token: &str| encoded(&[("id_token_hint", token)]);
        let origin = &gateway.tenant().origin;
        let status = async |token: &str| {
            gateway.send(Method::GET, &format!("{origin}/end_session?{}", hint(token)), &[], "").await.status.as_u16()
        };
        assert_eq!((status(&token).await, status(text(&tokens, "id_token")).await), (400, 303), "and the twin");
        let hinted = [("prompt", "none"), ("id_token_hint", token.as_str())];
        app.code(&mut browser, JAN).await;
        assert_eq!(app.ask(&mut browser, &hinted).await.error(), "invalid_request");
    }
}
