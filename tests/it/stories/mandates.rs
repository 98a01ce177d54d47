//! MANDATE: acting for somebody, and that it stops when the mandate does.

use std::time::Duration;

use crate::harness::{
    application::claims,
    browser::Browser,
    demo::{ELS, JAN},
    gateway::{Gateway, PRO},
    open_streams::{SOON, begins, closes, open},
};
use http::Method;
use poort::{
    domain::{mandate::Holder, register::TokenForm},
    storage::versions,
};
use serde_json::{Value, json};

const AUDIENCE: &str = "https://dossier.riziv.example";

/// Els, who acts for Jan; and Jan's file.
pub(super) async fn for_jan(gateway: &Gateway) -> (Browser<'_>, String) {
    let path = format!("/dossiers/{}", gateway.number(PRO, JAN).await);
    let mut browser = gateway.browser();
    let page = browser.open_for(&path, ELS, "Claes").await;
    assert_eq!(page.text, format!("the register at {path}"));
    (browser, path)
}

pub(super) async fn jans_mandate(gateway: &Gateway) -> poort::base::id::MandateId {
    gateway.mandate(JAN, Holder::Person(gateway.id(ELS).await)).await
}

async fn register_claims(gateway: &Gateway) -> Value {
    gateway.registers.last().claims(gateway, &gateway.tenant().origin, AUDIENCE).await
}

#[tokio::test]
async fn mandate_2_the_register_hears_who_acts_for_whom_as_what_under_which_mandate() {
    for gateway in Gateway::demos().await {
        let (_browser, _) = for_jan(&gateway).await;
        let claims = register_claims(&gateway).await;
        assert_eq!(claims["name"], "Els Peeters", "{claims}");
        assert_eq!(claims["represents"]["name"], "Jan Claes");
        assert_eq!(claims["represents"]["registration"], json!(gateway.number(PRO, JAN).await));
        assert_ne!(claims["represents"]["sub"], claims["sub"]);
        assert_eq!(claims["profile"]["capacity"], "mandate_holder");
        assert_eq!(claims["mandate"]["id"], json!(jans_mandate(&gateway).await.to_string()));
        assert_eq!(
            (&claims["mandate"]["scope"], &claims["mandate"]["until"]),
            (&json!("administrative"), &json!("2027-06-30"))
        );
        assert_eq!(claims["amr"], json!(["pwd", "otp"]));
        assert!(claims.get("act").is_none(), "one form in one token: {}", gateway.name());
    }
}

#[tokio::test]
async fn mandate_2_in_the_other_form_the_represented_is_the_subject_and_the_actor_acts() {
    for gateway in Gateway::demos_with(|tenant| tenant.backends[0].form = TokenForm::Rfc8693).await {
        let (_browser, _) = for_jan(&gateway).await;
        let claims = register_claims(&gateway).await;
        assert_eq!(claims["act"]["name"], "Els Peeters", "{claims}");
        assert_ne!(claims["act"]["sub"], claims["sub"]);
        assert!(claims.get("represents").is_none(), "one form in one token");
        assert_eq!(claims["profile"]["capacity"], "mandate_holder");
        assert_eq!(claims["mandate"]["scope"], "administrative");
        // The represented is called as they are when they come themselves.
        let sub = claims["sub"].clone();
        let mut browser = gateway.browser();
        browser.open_as_a("/me", JAN, "professional:physician").await;
        let own = register_claims(&gateway).await;
        assert_eq!((&own["sub"], own.get("act")), (&sub, None), "{}", gateway.name());
    }
}

#[tokio::test]
async fn mandate_2_the_register_can_show_for_whom_one_acts_and_one_click_leads_back() {
    for gateway in Gateway::demos().await {
        let (mut browser, path) = for_jan(&gateway).await;
        let banner = browser.banner().await;
        assert_eq!((&banner["name"], &banner["represented"]["name"]), (&json!("Els Peeters"), &json!("Jan Claes")));
        assert_eq!(banner["represented"]["until"], "2027-06-30");
        let back = banner["self_url"].as_str().expect("a link").to_owned();
        let page = browser.get(&format!("{}{back}", gateway.register(PRO))).await;
        assert!(page.is_at("/mandators"), "Els is nothing but a holder: {}", page.url);
        assert_eq!(browser.ask(&path).await.status, 303, "for Jan she acts no more: {}", gateway.name());
    }
}

#[tokio::test]
async fn mandate_1_an_ended_mandate_is_refused_at_the_next_request() {
    for gateway in Gateway::demos().await {
        let (browser, path) = for_jan(&gateway).await;
        gateway.tick().await;
        assert_eq!(browser.ask(&path).await.status, 200, "the twin");
        gateway.end_mandate(jans_mandate(&gateway).await).await;
        let before = gateway.registers.count();
        let refused = browser.ask(&path).await;
        assert_eq!((refused.status.as_u16(), gateway.registers.count()), (403, before), "{}", gateway.name());
        assert!(refused.text().contains("/.poort/begin?return="), "and how to go on: {}", refused.text());
        let line = &gateway.lines_of("access.refused").await[0];
        assert_eq!(line["details"]["reason"], "profile ended");
        let program = [("accept", "application/json")];
        let url = format!("{}{path}", gateway.register(PRO));
        assert_eq!(browser.once(Method::GET, &url, &program, None).await.status, 403);
    }
}

#[tokio::test]
async fn mandate_1_a_mandate_ends_with_its_last_day_where_the_tenant_is() {
    for gateway in Gateway::demos().await {
        // Élodie D'Hondt's ends on 31 December; midnight in Brussels is 23:00 UTC.
        let last = "2026-12-31T22:59:59Z".parse::<jiff::Timestamp>().expect("a moment").as_millisecond();
        let now = gateway.core().now();
        let to_last = Duration::from_millis(u64::try_from(last - now.millis()).expect("later"));
        gateway.advance(to_last - Duration::from_secs(120));
        let mut browser = gateway.browser();
        browser.open_for("/me", ELS, "D'Hondt").await;
        gateway.tick().await;
        gateway.advance(Duration::from_secs(60));
        assert_eq!(browser.ask("/me").await.status, 200, "the last day is included: {}", gateway.core().now());
        gateway.advance(Duration::from_secs(60));
        gateway.tick().await;
        assert_eq!(browser.ask("/me").await.status, 403, "{}: {}", gateway.name(), gateway.core().now());
    }
}

#[tokio::test]
async fn mandate_1_a_mandate_of_another_scope_opens_no_file() {
    for gateway in Gateway::demos().await {
        let mut browser = gateway.browser();
        let page = browser.open_for("/me", ELS, "Lefèvre").await;
        assert_eq!(page.status, 403, "{}", page.text);
        assert!(page.text.contains("Sociaal statuut"), "it says what the mandate is for: {}", page.text);
        assert_eq!(gateway.registers.count(), 0, "{}", gateway.name());
    }
}

#[tokio::test]
async fn mandate_1_an_open_event_stream_ends_with_the_mandate() {
    for gateway in Gateway::demos().await {
        let (browser, path) = for_jan(&gateway).await;
        let mut stream = open(&gateway, &browser, &format!("{path}?stream"), "").await;
        begins(&mut stream, "200", "data: x").await;
        assert!(!closes(&mut stream, versions::INTERVAL * 3).await, "the twin: it goes on over several ticks");
        gateway.end_mandate(jans_mandate(&gateway).await).await;
        assert!(closes(&mut stream, SOON).await, "{}", gateway.name());
    }
}

#[tokio::test]
async fn mandate_1_an_open_websocket_ends_with_the_mandate() {
    for gateway in Gateway::demos().await {
        let (browser, path) = for_jan(&gateway).await;
        let handshake = |origin: &str| {
            format!(
                "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
                 Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nOrigin: {origin}\r\n"
            )
        };
        let mut foreign = open(&gateway, &browser, &path, &handshake("http://evil.example")).await;
        begins(&mut foreign, "403", "\r\n\r\n").await;
        let mut stream = open(&gateway, &browser, &path, &handshake(gateway.register(PRO))).await;
        begins(&mut stream, "101", "Hello").await;
        assert!(!closes(&mut stream, versions::INTERVAL * 3).await, "the twin: it goes on over several ticks");
        gateway.end_mandate(jans_mandate(&gateway).await).await;
        assert!(closes(&mut stream, SOON).await, "{}", gateway.name());
    }
}

#[tokio::test]
async fn mandate_1_a_bearer_access_token_ends_with_the_mandate() {
    let for_the_register = |tenant: &mut poort::domain::tenant::Tenant| {
        for client in &mut tenant.clients {
            client.audiences = vec![AUDIENCE.into()];
        }
    };
    for gateway in Gateway::demos_with(for_the_register).await {
        let mut browser = gateway.browser();
        let tokens = crate::harness::demo::sample_tokens(&mut browser, async |browser, page| {
            let page = browser.prove(&page, PRO, ELS).await;
            browser.choose_mandator(&page, "Claes").await
        })
        .await;
        let token = tokens["access_token"].as_str().expect("a token");
        assert_eq!(claims(token)["aud"], AUDIENCE);
        let path = format!("/dossiers/{}", gateway.number(PRO, JAN).await);
        let ask = async || {
            let authorization = format!("Bearer {token}");
            let url = format!("{}{path}", gateway.register(PRO));
            gateway.send(Method::GET, &url, &[("authorization", &authorization)], "").await.status
        };
        gateway.tick().await;
        assert_eq!(ask().await, 200, "the twin: {}", gateway.name());
        let claims = register_claims(&gateway).await;
        assert_eq!((&claims["name"], &claims["represents"]["name"]), (&json!("Els Peeters"), &json!("Jan Claes")));
        gateway.end_mandate(jans_mandate(&gateway).await).await;
        let before = gateway.registers.count();
        assert_eq!((ask().await.as_u16(), gateway.registers.count()), (401, before), "{}", gateway.name());
    }
}
