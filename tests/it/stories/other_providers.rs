//! Logging in at another provider (LOGIN-1, LOGIN-3, LOGIN-14), and what happens when it is out of order. The provider is the
//! tests' own; `tests/peers` does the same with npm `oidc-provider`.

use std::{sync::Arc, time::Duration};

use http::StatusCode;
use poort::{
    demo::SAMPLE_APP,
    domain::{tenant::Factor, upstream::UnknownPeople},
    http::cookies,
};
use serde_json::json;

use crate::harness::{
    application::encoded,
    browser::Browser,
    demo::{JAN, MARIE, PASSWORD},
    gateway::{Gateway, PRO},
    provider::{ADVANCED, BASIC, Manner, NUMBER, Provider, number_of},
};

const STRANGER: &str = "85073003328";

async fn rig() -> (Gateway, Arc<Provider>) {
    let provider = Provider::start().await;
    let gateway = provider.gateway().await;
    provider.as_person(&number_of(JAN));
    (gateway, provider)
}

fn is_in(browser: &Browser<'_>) -> bool {
    browser.cookie(cookies::SESSION).is_some()
}

#[tokio::test]
async fn login_1_with_itsme_one_is_the_same_person_as_with_a_password() {
    let (gateway, provider) = rig().await;
    let mut browser = gateway.browser();
    browser.through(&gateway, &provider).await;
    assert!(is_in(&browser));
    let line = gateway.lines_of("login.succeeded").await.remove(0);
    assert_eq!(line["actor"], gateway.id(JAN).await.to_string());
    assert_eq!((&line["details"]["means"], &line["details"]["assurance"]), (&json!("itsme"), &json!("substantial")));
}

#[tokio::test]
async fn login_2_the_keys_stand_in_their_groups() {
    let (gateway, _) = rig().await;
    let page = gateway.browser().get("/").await;
    let at = |text: &str| page.text.find(text).unwrap_or_else(|| panic!("no {text}\n{}", page.text));
    assert!(at("erkende partners") < at("/with/itsme"));
    assert!(at("/with/itsme") < at("beveiligingscode en gebruikersnaam"));
    assert!(at("beveiligingscode en gebruikersnaam") < at("second=email-code"));
    assert!(at("second=email-code") < at("second=totp"));
}

#[tokio::test]
async fn login_14_the_least_that_does_is_asked_and_a_stronger_login_is_worth_more() {
    let (gateway, provider) = rig().await;
    let register = gateway.tenant().registers[0].origin.clone();
    let mut browser = gateway.browser();
    let page = browser.get(&format!("{register}/")).await;
    assert_eq!(browser.leave(&page, &gateway, &provider).await.acr, BASIC);
    let page = browser.get(&format!("{register}/.poort/begin?return=/&least=high")).await;
    assert!(!page.text.contains("second=totp"), "a code of an app is not enough");
    let left = browser.leave(&page, &gateway, &provider).await;
    assert_eq!(left.acr, ADVANCED);
    let jan = number_of(JAN);
    provider.answers(move |answers| {
        answers.id_token.claims[NUMBER] = json!(jan);
        answers.id_token.claims["acr"] = json!(ADVANCED);
    });
    browser.come_back(&[("code", "c"), ("state", &left.state), ("iss", &provider.issuer)]).await;
    assert!(is_in(&browser));
    let line = gateway.lines_of("login.succeeded").await.remove(0);
    assert_eq!(line["details"]["assurance"], "high");
}

#[tokio::test]
async fn login_3_a_first_login_makes_an_account_where_the_tenant_says_so() {
    let provider = Provider::start().await;
    let gateway = Gateway::demo_with(|tenant| {
        provider.adopt(tenant);
        tenant.openid_providers.iter_mut().for_each(|known| known.unknown_people = UnknownPeople::Admitted);
    })
    .await;
    provider.as_person(STRANGER);
    let mut browser = gateway.browser();
    let page = browser.through(&gateway, &provider).await;
    assert!(is_in(&browser), "{}", page.text);
    let opened = gateway.lines_of("account.opened").await;
    assert_eq!(opened.len(), 1);
    let page = browser.get("/").await;
    assert!(page.text.contains("Jan Claes"), "their name is what itsme says: {}", page.text);
    assert_ne!(opened[0]["actor"], gateway.id(JAN).await.to_string(), "a name makes nobody somebody else");
    // The second time it is theirs; nobody can log in with a password to it, nor have mail sent.
    gateway.browser().through(&gateway, &provider).await;
    assert_eq!(gateway.lines_of("account.opened").await.len(), 1);
    assert_eq!(gateway.lines_of("login.succeeded").await[0]["actor"], opened[0]["actor"]);
    let person = opened[0]["actor"].as_str().expect("an id");
    let mut other = gateway.browser();
    for name in [person, ""] {
        let page = other.get("/").await;
        let page = other.follow(&page, "second=totp").await;
        let page = other.submit(&page, &[("user_name", name), ("password", PASSWORD)]).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let page = other.get("/password/forgotten").await;
    other.submit(&page, &[("user_name", person)]).await;
    assert!(gateway.mails(PRO, "").await.is_empty());
}

#[tokio::test]
async fn oidc_1_an_application_that_asks_a_fresh_login_gets_one_or_none() {
    let (gateway, provider) = rig().await;
    let origin = gateway.tenant().origin.clone();
    let ask = |max_age: &str| {
        let query = encoded(&[
            ("response_type", "code"),
            ("client_id", "sample-app"),
            ("redirect_uri", &format!("{SAMPLE_APP}/callback/basic")),
            ("scope", "openid"),
            ("state", "s"),
            ("nonce", "n"),
            ("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"),
            ("code_challenge_method", "S256"),
            ("max_age", max_age),
        ]);
        format!("{origin}/authorize?{query}")
    };
    let mut browser = gateway.browser();
    let page = browser.get(&ask("60")).await;
    let left = browser.leave(&page, &gateway, &provider).await;
    let asked = |name: &str| left.to.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned());
    assert_eq!((asked("prompt").as_deref(), asked("max_age").as_deref()), (Some("login"), Some("0")));
    let back = [("code", "c"), ("state", left.state.as_str()), ("iss", provider.issuer.as_str())];
    // The person proved who they are ten minutes ago.
    let jan = number_of(JAN);
    provider.answers(move |answers| {
        answers.id_token.claims[NUMBER] = json!(jan);
        answers.id_token.claims["auth_time"] = json!(answers.id_token.claims["iat"].as_i64().expect("iat") - 600);
    });
    let page = browser.come_back(&back).await;
    assert!(page.status == StatusCode::FORBIDDEN && !is_in(&browser), "{}", page.status);
    // Nobody says when.
    let page = browser.follow(&page, "/login/").await;
    let left = browser.leave(&page, &gateway, &provider).await;
    let jan = number_of(JAN);
    provider.answers(move |answers| {
        answers.id_token.claims[NUMBER] = json!(jan);
        answers.id_token.claims.as_object_mut().expect("an object").remove("auth_time");
    });
    let page = browser.come_back(&[("code", "c"), ("state", &left.state), ("iss", &provider.issuer)]).await;
    assert!(page.status == StatusCode::FORBIDDEN && !is_in(&browser));
    // Now.
    let page = browser.follow(&page, "/login/").await;
    let left = browser.leave(&page, &gateway, &provider).await;
    provider.as_person(&number_of(JAN));
    browser.come_back(&[("code", "c"), ("state", &left.state), ("iss", &provider.issuer)]).await;
    assert!(is_in(&browser));

    // Without `max_age` an older login at itsme does, and the session is as old as that login is.
    let mut browser = gateway.browser();
    let page = browser.get("/").await;
    let left = browser.leave(&page, &gateway, &provider).await;
    assert!(left.to.query_pairs().all(|(key, _)| key != "max_age" && key != "prompt"));
    let jan = number_of(JAN);
    provider.answers(move |answers| {
        answers.id_token.claims[NUMBER] = json!(jan);
        answers.id_token.claims["auth_time"] = json!(answers.id_token.claims["iat"].as_i64().expect("iat") - 600);
    });
    browser.come_back(&[("code", "c"), ("state", &left.state), ("iss", &provider.issuer)]).await;
    assert!(is_in(&browser));
    let page = browser.get(&ask("300")).await;
    assert!(page.is_at("/login/"), "the login of ten minutes ago is too old: {}", page.url);
    let page = browser.get(&ask("900")).await;
    assert!(!page.is_at("/login/"), "the valid twin: {}", page.url);
}

#[tokio::test]
async fn login_1_a_new_key_of_the_provider_is_asked_for_once() {
    let (gateway, provider) = rig().await;
    gateway.browser().through(&gateway, &provider).await;
    assert_eq!(provider.asked("/jwks"), 1);
    provider.signs_as("second");
    let mut browser = gateway.browser();
    browser.through(&gateway, &provider).await;
    assert!(is_in(&browser));
    assert_eq!(provider.asked("/jwks"), 2);
    // Names that nobody has make no more questions than one in half a minute.
    provider.signs_as("second");
    for number in 0..5 {
        let jan = number_of(JAN);
        provider.answers(move |answers| {
            answers.id_token.claims[NUMBER] = json!(jan);
            answers.id_token.header["kid"] = json!(format!("made up {number}"));
        });
        let mut browser = gateway.browser();
        browser.through(&gateway, &provider).await;
        assert!(!is_in(&browser));
    }
    assert_eq!(provider.asked("/jwks"), 2);
    assert_eq!(provider.asked("/.well-known/openid-configuration"), 1, "and what it publishes is kept");
}

#[tokio::test]
async fn reliability_f8_a_provider_that_fails_ends_in_a_page() {
    let fast = [
        Manner::Garbage,
        Manner::Html,
        Manner::Failing,
        Manner::Elsewhere,
        Manner::Endless,
        Manner::ManyHeaders,
        Manner::Short,
    ];
    for manner in fast {
        let (gateway, provider) = rig().await;
        for endpoint in ["discovery", "jwks", "token", "userinfo"] {
            let pick = |name: &str| if name == endpoint { manner } else { Manner::Well };
            provider.manner(pick("discovery"), pick("jwks"), pick("token"), pick("userinfo"));
            // What is known of the provider is forgotten with the gateway.
            let replica = gateway.again().await;
            let mut browser = replica.browser();
            let page = browser.get("/").await;
            let page = match endpoint {
                "discovery" | "jwks" => browser.follow(&page, "/with/itsme").await,
                _ => {
                    let left = browser.leave(&page, &replica, &provider).await;
                    browser.come_back(&[("code", "c"), ("state", &left.state), ("iss", &provider.issuer)]).await
                }
            };
            assert!(!is_in(&browser), "{manner:?} {endpoint}");
            assert!([502, 503].contains(&page.status.as_u16()), "{manner:?} {endpoint}: {} {}", page.url, page.status);
            assert!(page.text.contains("poort-reference__number"), "{manner:?} {endpoint}");
            // The valid twin, in the same attempt.
            provider.manner(Manner::Well, Manner::Well, Manner::Well, Manner::Well);
            let page = browser.follow(&page, "/login/").await;
            let left = browser.leave(&page, &replica, &provider).await;
            browser.come_back(&[("code", "c"), ("state", &left.state), ("iss", &provider.issuer)]).await;
            assert!(is_in(&browser), "{manner:?} {endpoint}");
        }
    }
}

#[tokio::test]
async fn reliability_f8_a_provider_that_is_silent_or_drips_ends_in_a_page_and_slows_nobody_else() {
    for manner in [Manner::Silent, Manner::Dripping] {
        let (gateway, provider) = rig().await;
        let mut waiting = gateway.browser();
        let page = waiting.get("/").await;
        let left = waiting.leave(&page, &gateway, &provider).await;
        provider.manner(Manner::Well, Manner::Well, manner, Manner::Well);
        let mut others = gateway.browser();
        let back = [("code", "c"), ("state", left.state.as_str()), ("iss", provider.issuer.as_str())];
        let slow = waiting.come_back(&back);
        let quick = async {
            let page = others.get("/").await;
            others.follow(&page, "second=totp").await
        };
        futures_util::pin_mut!(slow, quick);
        let futures_util::future::Either::Right((page, slow)) = futures_util::future::select(slow, quick).await else {
            panic!("{manner:?}: others waited for the provider");
        };
        assert_eq!(page.status, StatusCode::OK);
        let page = slow.await;
        assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE, "{manner:?}");
        assert!(page.headers.contains_key("retry-after"), "{manner:?}");
        assert_eq!(gateway.lines_of("login.failed").await.len(), 1, "{manner:?}: nobody is in");
    }
}

#[tokio::test]
async fn reliability_f8_after_five_failures_the_key_is_out_of_order_and_then_works_again() {
    let (gateway, provider) = rig().await;
    gateway.browser().through(&gateway, &provider).await;
    provider.manner(Manner::Well, Manner::Well, Manner::Failing, Manner::Well);
    let mut browser = gateway.browser();
    for _ in 0..5 {
        assert!(browser.get("/").await.text.contains("/with/itsme"));
        assert_eq!(browser.through(&gateway, &provider).await.status, StatusCode::SERVICE_UNAVAILABLE);
    }
    let page = browser.get("/").await;
    assert!(!page.text.contains("/with/itsme") && page.text.contains("poort-key--out"), "{}", page.text);
    assert!(page.text.contains("second=totp"), "other keys work");
    // Who had the page open is told at once: the provider is not asked.
    let asked = provider.asked("/token");
    let attempt = page.url.path().split('/').nth(2).expect("an attempt").to_owned();
    let page = browser.get(&format!("/login/{attempt}/with/itsme")).await;
    assert_eq!((page.status, provider.asked("/token")), (StatusCode::SERVICE_UNAVAILABLE, asked));
    // Within half a minute it is tried again; one success, and all may.
    provider.manner(Manner::Well, Manner::Well, Manner::Well, Manner::Well);
    gateway.advance(Duration::from_secs(20));
    assert!(browser.get("/").await.text.contains("/with/itsme"));
    provider.as_person(&number_of(MARIE));
    browser.through(&gateway, &provider).await;
    assert!(is_in(&browser));
}

#[tokio::test]
async fn reliability_f8_made_up_codes_put_nobody_out_of_order() {
    let (gateway, provider) = rig().await;
    gateway.browser().through(&gateway, &provider).await;
    provider.answers(|answers| answers.id_token.claims["nonce"] = json!("another"));
    for _ in 0..8 {
        assert_eq!(gateway.browser().through(&gateway, &provider).await.status, StatusCode::BAD_GATEWAY);
    }
    provider.as_person(&number_of(JAN));
    let mut browser = gateway.browser();
    browser.through(&gateway, &provider).await;
    assert!(is_in(&browser));
}

#[tokio::test]
async fn login_1_what_the_provider_publishes_is_used_when_it_does_not_answer() {
    let (gateway, provider) = rig().await;
    gateway.browser().through(&gateway, &provider).await;
    let elsewhere = gateway.core().methods.elsewhere();
    let method = elsewhere.find(&gateway.tenant().id, Factor::Itsme).expect("itsme").clone();
    provider.manner(Manner::Failing, Manner::Failing, Manner::Well, Manner::Well);
    // In the background it is read anew once it is no longer fresh; a failure leaves what is known in use.
    method.refresh().await;
    assert_eq!(provider.asked("/.well-known/openid-configuration"), 1, "it is fresh");
    gateway.advance(Duration::from_secs(3601));
    method.refresh().await;
    assert_eq!(provider.asked("/.well-known/openid-configuration"), 2);
    let mut browser = gateway.browser();
    browser.through(&gateway, &provider).await;
    assert!(is_in(&browser));
    assert_eq!(provider.asked("/.well-known/openid-configuration"), 2, "nobody waits for it");
    // After a day it is not believed any more.
    gateway.advance(Duration::from_secs(24 * 3600));
    let mut browser = gateway.browser();
    let page = browser.get("/").await;
    assert_eq!(browser.follow(&page, "/with/itsme").await.status, StatusCode::SERVICE_UNAVAILABLE);
}
