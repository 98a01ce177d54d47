//! Attacks on the pairing of a phone: codes and keys that are stolen, used twice, guessed, or another's. Each has a twin that works.

use std::time::Duration;

use http::Method;

use crate::harness::{
    application::text,
    browser::Browser,
    gateway::Gateway,
    phone::{Phone, at_devices, code_of, show_code, type_number},
};

const SKJ: &str = "skj";
const APP: &str = "skj-app";
const NOOR: &str = "noor.wiersma@example.org";
const EVA: &str = "eva.lindeman@example.org";
const YOUTH: &str = "professional:youth_and_family";

const LIFE: Duration = Duration::from_secs(5 * 60);

#[tokio::test]
async fn pairing_a_photographed_qr_code_gives_nothing() {
    for gateway in Gateway::demos().await {
        let mut browser = at_devices(&gateway, SKJ, NOOR, YOUTH).await;
        // The stranger is faster: the owner's phone is told so and has no number to type.
        let (own, strangers) = (Phone::new(&gateway, SKJ, APP), Phone::new(&gateway, SKJ, APP));
        let shown = show_code(&mut browser, SKJ, APP).await;
        let first = strangers.scan(&code_of(&shown)).await.json();
        assert_eq!(own.scan(&code_of(&shown)).await.error(), "invalid_grant");
        // Of two that read it one is a stranger: nothing comes of it any more, whatever is typed.
        let typed = type_number(&mut browser, &shown, text(&first, "user_code")).await;
        assert!(typed.text.contains("utrecht-alert--error"), "{}", typed.text);
        assert_eq!(strangers.poll(text(&first, "device_code")).await.error(), "access_denied", "{}", gateway.name());
        // The stranger is slower: the pairing that was begun ends, also when it was confirmed already.
        let tokens = own.paired_by(&mut browser).await;
        let page = browser.get(&format!("{}/devices", gateway.tenant_of(SKJ).origin)).await;
        assert_eq!(Browser::offered(&page, "phone").len(), 1, "the twin");
        let shown = show_code(&mut browser, SKJ, APP).await;
        let waits = Phone::new(&gateway, SKJ, APP);
        let answer = waits.scan(&code_of(&shown)).await.json();
        type_number(&mut browser, &shown, text(&answer, "user_code")).await;
        let late = waits.poll(text(&answer, "device_code")).await.json();
        gateway.advance(Duration::from_secs(11));
        assert_eq!(strangers.scan(&code_of(&shown)).await.error(), "invalid_grant");
        assert_eq!(waits.refresh(text(&late, "refresh_token")).await.error(), "invalid_grant", "ended with it");
        assert_eq!(own.refresh(text(&tokens, "refresh_token")).await.status, 200, "another pairing goes on");
    }
}

#[tokio::test]
async fn pairing_an_answer_that_was_lost_ends_nothing() {
    let gateway = Gateway::demo().await;
    let mut browser = at_devices(&gateway, SKJ, NOOR, YOUTH).await;
    let phone = Phone::new(&gateway, SKJ, APP);
    let shown = show_code(&mut browser, SKJ, APP).await;
    let waits = phone.scan(&code_of(&shown)).await.json();
    assert_eq!(phone.scan(&code_of(&shown)).await.error(), "invalid_grant", "the same phone, at once");
    type_number(&mut browser, &shown, text(&waits, "user_code")).await;
    assert_eq!(phone.poll(text(&waits, "device_code")).await.status, 200);
    assert_eq!(phone.poll(text(&waits, "device_code")).await.error(), "invalid_grant", "and its tokens are given once");
}

#[tokio::test]
async fn pairing_a_code_is_one_tenants_one_apps_and_five_minutes_old_at_most() {
    for gateway in Gateway::demos().await {
        let mut browser = at_devices(&gateway, SKJ, NOOR, YOUTH).await;
        let code = code_of(&show_code(&mut browser, SKJ, APP).await);
        let elsewhere = Phone::new(&gateway, "registerplein", "pe-online-app");
        assert_eq!(elsewhere.scan(&code).await.error(), "invalid_grant", "{}", gateway.name());
        let unknown = Phone::new(&gateway, SKJ, "pe-online-app");
        assert_eq!(unknown.scan(&code).await.error(), "invalid_client");
        let other_kind = Phone::new(&gateway, SKJ, "sample-app");
        assert_eq!(other_kind.scan(&code).await.error(), "invalid_client");
        let phone = Phone::new(&gateway, SKJ, APP);
        for wrong in ["", "x", &code[..42], &format!("{code}A")] {
            assert!(phone.scan(wrong).await.status.is_client_error(), "{wrong}");
        }
        let waits = phone.scan(&code).await;
        assert_eq!(waits.status, 200, "the twin: none of that took it");
        gateway.advance(LIFE);
        assert_eq!(phone.poll(text(&waits.json(), "device_code")).await.error(), "expired_token");
        let code = code_of(&show_code(&mut browser, SKJ, APP).await);
        gateway.advance(LIFE);
        assert_eq!(phone.scan(&code).await.error(), "invalid_grant", "nobody read it in time");
        // A new code ends the one before it.
        let (before, after) = (show_code(&mut browser, SKJ, APP).await, show_code(&mut browser, SKJ, APP).await);
        assert_eq!(phone.scan(&code_of(&before)).await.error(), "invalid_grant");
        assert_eq!(phone.scan(&code_of(&after)).await.status, 200);
    }
}

#[tokio::test]
async fn pairing_three_wrong_numbers_end_it() {
    for gateway in Gateway::demos().await {
        let mut browser = at_devices(&gateway, SKJ, NOOR, YOUTH).await;
        let phone = Phone::new(&gateway, SKJ, APP);
        let shown = show_code(&mut browser, SKJ, APP).await;
        let waits = phone.scan(&code_of(&shown)).await.json();
        let right = text(&waits, "user_code");
        let wrong = if right == "000000" { "000001" } else { "000000" };
        for _ in 0..2 {
            assert_eq!(type_number(&mut browser, &shown, wrong).await.status, 422, "may be tried again");
        }
        let third = type_number(&mut browser, &shown, wrong).await;
        assert!(third.status == 200 && third.text.contains("utrecht-alert--error"), "{}", third.text);
        let late = type_number(&mut browser, &shown, right).await;
        assert!(late.text.contains("utrecht-alert--error"), "the right one comes too late: {}", late.text);
        assert_eq!(phone.poll(text(&waits, "device_code")).await.error(), "access_denied", "{}", gateway.name());
        // Two wrong ones and then the right one: paired.
        let shown = show_code(&mut browser, SKJ, APP).await;
        let waits = phone.scan(&code_of(&shown)).await.json();
        let right = text(&waits, "user_code");
        let wrong = if right == "000000" { "000001" } else { "000000" };
        for _ in 0..2 {
            type_number(&mut browser, &shown, wrong).await;
        }
        type_number(&mut browser, &shown, right).await;
        assert_eq!(phone.poll(text(&waits, "device_code")).await.status, 200, "the twin");
    }
}

#[tokio::test]
async fn pairing_guesses_at_codes_are_counted_by_address() {
    let gateway = Gateway::demo().await;
    let phone = Phone::new(&gateway, SKJ, APP);
    let guess = "A".repeat(43);
    let mut refused = 0;
    while phone.scan(&guess).await.status == 400 {
        refused += 1;
        assert!(refused < 1000, "who guesses on and on is not heard");
    }
    assert_eq!(phone.scan(&guess).await.status, 429);
}

#[tokio::test]
async fn pairing_what_was_stolen_from_a_phone_is_worth_nothing_without_its_key() {
    for gateway in Gateway::demos().await {
        let mut browser = at_devices(&gateway, SKJ, NOOR, YOUTH).await;
        let (own, thief) = (Phone::new(&gateway, SKJ, APP), Phone::new(&gateway, SKJ, APP));
        let shown = show_code(&mut browser, SKJ, APP).await;
        let waits = own.scan(&code_of(&shown)).await.json();
        let device_code = text(&waits, "device_code");
        type_number(&mut browser, &shown, text(&waits, "user_code")).await;
        assert_eq!(thief.poll(device_code).await.error(), "invalid_grant", "another key");
        let unproved = [("grant_type", "urn:ietf:params:oauth:grant-type:device_code"), ("device_code", device_code)];
        assert_eq!(own.token_with(None, &unproved).await.error(), "invalid_dpop_proof", "no key");
        let tokens = own.poll(device_code).await.json();
        let (access, refresh) = (text(&tokens, "access_token"), text(&tokens, "refresh_token"));
        let file = format!("/registrations/{}", gateway.number(SKJ, NOOR).await);

        // The access token: as a bearer's, with another key, with a proof for another request, token or time, and twice.
        let url = format!("{}{file}", gateway.register(SKJ));
        let bound = format!("DPoP {access}");
        let (get, token) = ("GET", Some(access));
        for (what, authorization, proof) in [
            ("as a bearer token", format!("Bearer {access}"), None),
            ("as a bearer token, with a proof", format!("Bearer {access}"), Some(own.proof(get, &url, token))),
            ("without a proof", bound.clone(), None),
            ("with another key", bound.clone(), Some(thief.proof(get, &url, token))),
            ("for another method", bound.clone(), Some(own.proof("POST", &url, token))),
            ("for another path", bound.clone(), Some(own.proof(get, &format!("{url}/progress"), token))),
            ("for another host", bound.clone(), Some(own.proof(get, &url.replace("kamer", "evil"), token))),
            ("for no token", bound.clone(), Some(own.proof(get, &url, None))),
            ("for another token", bound.clone(), Some(own.proof(get, &url, Some("another")))),
            ("with a token for a proof", bound.clone(), Some(access.to_owned())),
        ] {
            let refused = own.ask_with(Method::GET, &file, &authorization, proof.as_deref(), "").await;
            assert_eq!(refused.status, 401, "{what}: {}", refused.text());
        }
        let proof = own.proof(get, &url, token);
        assert_eq!(own.ask_with(Method::GET, &file, &bound, Some(&proof), "").await.status, 200, "the twin");
        assert_eq!(own.ask_with(Method::GET, &file, &bound, Some(&proof), "").await.status, 401, "a proof counts once");
        let old = own.proof(get, &url, token);
        gateway.advance(Duration::from_secs(61));
        assert_eq!(own.ask_with(Method::GET, &file, &bound, Some(&old), "").await.status, 401, "a minute later");

        // The refresh token: it neither gives anything nor is spent.
        assert_eq!(thief.refresh(refresh).await.error(), "invalid_grant");
        gateway.advance(Duration::from_secs(11));
        assert_eq!(thief.refresh(refresh).await.error(), "invalid_grant");
        let renew = [("grant_type", "refresh_token"), ("refresh_token", refresh)];
        assert_eq!(own.token_with(None, &renew).await.error(), "invalid_dpop_proof");
        assert_eq!(own.refresh(refresh).await.status, 200, "the twin: {}", gateway.name());
    }
}

#[tokio::test]
async fn pairing_one_persons_phones_and_codes_are_not_anothers() {
    for gateway in Gateway::demos().await {
        let mut noor = at_devices(&gateway, SKJ, NOOR, YOUTH).await;
        let phone = Phone::new(&gateway, SKJ, APP);
        let tokens = phone.paired_by(&mut noor).await;
        let mine = noor.get(&format!("{}/devices", gateway.tenant_of(SKJ).origin)).await;
        let handle = Browser::offered(&mine, "phone").remove(0);
        gateway.later();
        let mut eva = at_devices(&gateway, SKJ, EVA, YOUTH).await;
        Phone::new(&gateway, SKJ, APP).paired_by(&mut eva).await;
        let page = eva.get(&format!("{}/devices", gateway.tenant_of(SKJ).origin)).await;
        assert_eq!(eva.press(&page, "/devices/unpair", &[("phone", &handle)]).await.status, 404, "{}", gateway.name());
        assert_eq!(phone.refresh(text(&tokens, "refresh_token")).await.status, 200, "it is still paired");
        // Eva confirms what Noor shows: the code belongs to Noor's login.
        let shown = show_code(&mut noor, SKJ, APP).await;
        let other = Phone::new(&gateway, SKJ, APP);
        let waits = other.scan(&code_of(&shown)).await.json();
        let evas = show_code(&mut eva, SKJ, APP).await;
        let fields = [("code", &*code_of(&shown)), ("number", text(&waits, "user_code"))];
        let confirmed = eva.press(&evas, "/devices/confirm", &fields).await;
        assert!(confirmed.text.contains("utrecht-alert--error"), "{}", confirmed.text);
        assert_eq!(other.poll(text(&waits, "device_code")).await.error(), "authorization_pending");
        type_number(&mut noor, &shown, text(&waits, "user_code")).await;
        assert_eq!(other.poll(text(&waits, "device_code")).await.status, 200, "the twin");
    }
}

#[tokio::test]
async fn cve_2026_4282_no_secret_of_pairing_stands_for_another() {
    let gateway = Gateway::demo().await;
    let mut browser = at_devices(&gateway, SKJ, NOOR, YOUTH).await;
    let phone = Phone::new(&gateway, SKJ, APP);
    let shown = show_code(&mut browser, SKJ, APP).await;
    let code = code_of(&shown);
    assert_eq!(phone.poll(&code).await.error(), "invalid_grant", "what the QR code carries is no device code");
    assert_eq!(phone.refresh(&code).await.error(), "invalid_grant");
    let waits = phone.scan(&code).await.json();
    let device_code = text(&waits, "device_code");
    assert_eq!(phone.scan(device_code).await.error(), "invalid_grant");
    assert_eq!(phone.refresh(device_code).await.error(), "invalid_grant");
    type_number(&mut browser, &shown, text(&waits, "user_code")).await;
    let tokens = phone.poll(device_code).await;
    assert_eq!(tokens.status, 200, "the twin");
    assert_eq!(phone.poll(text(&tokens.json(), "refresh_token")).await.error(), "invalid_grant");
}
