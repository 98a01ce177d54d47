//! PAIR: a person pairs the register's app on their phone with their account, sees it, and unpairs it; for the professions that the tenant
//! names.

use std::time::Duration;

use http::Method;
use poort::domain::{
    client::{Client, ClientAuthentication, Pairing},
    tenant::Texts,
};
use serde_json::{Value, json};

use super::facts::Register;
use crate::harness::{
    application::{claims, text},
    browser::Browser,
    demo::SANNE,
    gateway::{Gateway, RGS},
    phone::{Phone, at_devices, code_of, show_code, type_number},
    provider::number_of,
    resolver::Digid,
};

const SKJ: &str = "skj";
const APP: &str = "skj-app";
const NOOR: &str = "noor.wiersma@example.org";
const TARIK: &str = "tarik.aksoy@example.org";
const EVA: &str = "eva.lindeman@example.org";
const YOUTH: &str = "professional:youth_and_family";

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

async fn lines(gateway: &Gateway, kind: &str) -> Vec<Value> {
    gateway.lines_in(SKJ, kind).await
}

#[tokio::test]
async fn pair_1_a_phone_is_paired_by_a_qr_code_and_the_number_that_it_shows() {
    for gateway in Gateway::demos().await {
        let mut browser = at_devices(&gateway, SKJ, NOOR, YOUTH).await;
        let phone = Phone::new(&gateway, SKJ, APP);
        let shown = show_code(&mut browser, SKJ, APP).await;
        let early = type_number(&mut browser, &shown, "123456").await;
        assert_eq!(early.status, 422, "no phone has read it yet");
        let waits = phone.scan(&code_of(&shown)).await;
        assert_eq!(waits.status, 200, "{}", waits.text());
        let waits = waits.json();
        let (device_code, number) = (text(&waits, "device_code"), text(&waits, "user_code"));
        assert_eq!(text(&waits, "verification_uri"), format!("{}/devices", gateway.tenant_of(SKJ).origin));
        assert!(!shown.text.contains(number), "only the phone shows the number");
        assert_eq!(phone.poll(device_code).await.error(), "authorization_pending", "{}", gateway.name());

        let done = type_number(&mut browser, &shown, &format!("{} {}", &number[..3], &number[3..])).await;
        assert!(done.status == 200 && done.text.contains("utrecht-alert--ok"), "{}", done.text);
        let tokens = phone.poll(device_code).await;
        assert_eq!(tokens.status, 200, "{}", tokens.text());
        let tokens = tokens.json();
        let access = text(&tokens, "access_token");
        assert_eq!(text(&tokens, "token_type"), "DPoP");
        assert_eq!(claims(access)["cnf"], json!({ "jkt": phone.thumbprint() }));
        assert_eq!(claims(access)["poort_profile"]["profession"], "youth_and_family");

        // It reads the file, and adds to it.
        let file = format!("/registrations/{}", gateway.number(SKJ, NOOR).await);
        let read = phone.ask(Method::GET, &file, access, "").await;
        assert!(read.status == 200 && read.text().contains("Noor Wiersma"), "{} {}", read.status, read.text());
        let added = phone.ask(Method::POST, &format!("{file}/activities"), access, "text=Intervisie").await;
        assert_eq!(added.status, 303, "{}", added.text());
        assert!(phone.ask(Method::GET, &file, access, "").await.text().contains("Intervisie"));

        // Its owner is told, and it is in the log.
        let mail = gateway.mails(SKJ, NOOR).await.pop().expect("a mail");
        assert_eq!(mail.kind.word(), "app_paired");
        assert!(mail.body.contains("Telefoon van Noor") && mail.body.contains("/devices"), "{}", *mail.body);
        let own = gateway.person(SKJ, NOOR).await.id.to_string();
        for kind in ["app.offered", "app.paired"] {
            let lines = lines(&gateway, kind).await;
            assert_eq!(
                (lines.len(), &lines[0]["actor"], &lines[0]["subject"]),
                (1, &json!(own), &json!(own)),
                "{kind}"
            );
            assert_eq!(lines[0]["details"]["client"], APP);
        }
    }
}

#[tokio::test]
async fn pair_1_refresh_tokens_rotate_and_the_page_shows_when_the_phone_was_used() {
    for gateway in Gateway::demos().await {
        let mut browser = at_devices(&gateway, SKJ, NOOR, YOUTH).await;
        let phone = Phone::new(&gateway, SKJ, APP);
        let tokens = phone.paired_by(&mut browser).await;
        let person = gateway.person(SKJ, NOOR).await.id;
        let seen = async || {
            let now = gateway.core().now();
            gateway.read_in(SKJ).await.paired_phones(person, now).await.expect("reads").remove(0)
        };
        let before = seen().await;
        assert_eq!((before.agent.as_str(), before.client.as_str()), ("Telefoon van Noor", APP));
        gateway.advance(DAY);
        let next = phone.refresh(text(&tokens, "refresh_token")).await;
        assert_eq!(next.status, 200, "{}", next.text());
        let next = next.json();
        assert_ne!(text(&next, "refresh_token"), text(&tokens, "refresh_token"));
        let after = seen().await;
        assert_eq!(
            (after.created_at, after.seen_at),
            (before.created_at, gateway.core().now()),
            "paired then, used now"
        );
        // A day later the login at the PC is over; the phone is not.
        let page = browser.get(&format!("{}/devices", gateway.tenant_of(SKJ).origin)).await;
        assert!(page.is_at("/login/"), "{}", page.url);
        let browser = at_devices(&gateway, SKJ, NOOR, YOUTH).await;
        drop(browser);
        // What was used before ends the family.
        let reused = phone.refresh(text(&tokens, "refresh_token")).await;
        assert_eq!(reused.error(), "invalid_grant");
        assert_eq!(phone.refresh(text(&next, "refresh_token")).await.error(), "invalid_grant", "{}", gateway.name());
    }
}

#[tokio::test]
async fn pair_1_unpairing_ends_everything_at_the_next_request() {
    for gateway in Gateway::demos().await {
        let mut browser = at_devices(&gateway, SKJ, NOOR, YOUTH).await;
        let (phone, other) = (Phone::new(&gateway, SKJ, APP), Phone::new(&gateway, SKJ, APP));
        let tokens = phone.paired_by(&mut browser).await;
        // They are listed in the order in which they were paired.
        gateway.advance(Duration::from_secs(1));
        let others = other.paired_by(&mut browser).await;
        let file = format!("/registrations/{}", gateway.number(SKJ, NOOR).await);
        assert_eq!(phone.ask(Method::GET, &file, text(&tokens, "access_token"), "").await.status, 200);

        let page = browser.get(&format!("{}/devices", gateway.tenant_of(SKJ).origin)).await;
        let handles = Browser::offered(&page, "phone");
        assert_eq!(handles.len(), 2, "both are listed: {}", page.text);
        let done = browser.press(&page, "/devices/unpair", &[("phone", &handles[0])]).await;
        assert!(done.status == 200 && Browser::offered(&done, "phone").len() == 1, "{}", done.text);

        let refused = phone.ask(Method::GET, &file, text(&tokens, "access_token"), "").await;
        assert_eq!(refused.status, 401, "{}: {}", gateway.name(), refused.text());
        assert_eq!(phone.refresh(text(&tokens, "refresh_token")).await.error(), "invalid_grant");
        assert_eq!(
            other.ask(Method::GET, &file, text(&others, "access_token"), "").await.status,
            200,
            "the other stays"
        );
        assert_eq!(lines(&gateway, "app.unpaired").await.len(), 1);
        let again = browser.press(&page, "/devices/unpair", &[("phone", &handles[0])]).await;
        assert_eq!(again.status, 404, "it is gone");
    }
}

#[tokio::test]
async fn freshness_an_unpaired_phone_is_out_on_another_replica_after_its_next_look() {
    for gateway in Gateway::demos().await {
        let other = gateway.again().await;
        let mut browser = at_devices(&gateway, SKJ, NOOR, YOUTH).await;
        let mut phone = Phone::new(&gateway, SKJ, APP);
        let tokens = phone.paired_by(&mut browser).await;
        let file = format!("/registrations/{}", gateway.number(SKJ, NOOR).await);
        phone.gateway = &other;
        other.tick().await;
        let access = text(&tokens, "access_token");
        assert_eq!(phone.ask(Method::GET, &file, access, "").await.status, 200, "the other has it in memory");
        let page = browser.get(&format!("{}/devices", gateway.tenant_of(SKJ).origin)).await;
        browser.press(&page, "/devices/unpair", &[]).await;
        other.tick().await;
        assert_eq!(phone.ask(Method::GET, &file, access, "").await.status, 401, "{}", gateway.name());
    }
}

#[tokio::test]
async fn pair_1_a_phone_that_is_not_used_and_one_that_is_old_must_be_paired_anew() {
    for gateway in Gateway::demos().await {
        let mut browser = at_devices(&gateway, SKJ, NOOR, YOUTH).await;
        let (unused, used) = (Phone::new(&gateway, SKJ, APP), Phone::new(&gateway, SKJ, APP));
        let (first, mut second) = (unused.paired_by(&mut browser).await, used.paired_by(&mut browser).await);
        for _ in 0..6 {
            gateway.advance(29 * DAY);
            second = used.refresh(text(&second, "refresh_token")).await.json();
            assert!(second["refresh_token"].is_string(), "{second}");
        }
        assert_eq!(unused.refresh(text(&first, "refresh_token")).await.error(), "invalid_grant", "unused for 30 days");
        gateway.advance(7 * DAY);
        assert_eq!(used.refresh(text(&second, "refresh_token")).await.error(), "invalid_grant", "after 180 days");
    }
}

#[tokio::test]
async fn pair_1_pairing_asks_a_login_that_is_good_enough_and_a_new_password_ends_it() {
    for gateway in Gateway::demos().await {
        let origin = gateway.tenant_of(SKJ).origin.clone();
        let mut browser = gateway.browser();
        let page = browser.get(&format!("{origin}/devices")).await;
        let page = browser.prove_by_mail(&page, SKJ, NOOR).await;
        let page = if page.is_at("/profile") { browser.submit(&page, &[("as", YOUTH)]).await } else { page };
        let page = browser.press(&page, "/devices/pair", &[("app", APP)]).await;
        assert!(page.is_at("/login/"), "a code by mail is too little: {} {}", page.url, page.text);
        gateway.later();
        let page = browser.prove(&page, SKJ, NOOR).await;
        let page = if page.is_at("/profile") { browser.submit(&page, &[("as", YOUTH)]).await } else { page };
        assert_eq!(page.url.path(), "/devices", "and back");
        gateway.advance(Duration::from_secs(15 * 60));
        let page = browser.press(&page, "/devices/pair", &[("app", APP)]).await;
        assert!(page.is_at("/login/"), "a login of a while ago is too old: {} {}", page.url, page.text);
        let page = browser.prove(&page, SKJ, NOOR).await;
        let page = if page.is_at("/profile") { browser.submit(&page, &[("as", YOUTH)]).await } else { page };
        assert_eq!(page.url.path(), "/devices", "and back");
        let phone = Phone::new(&gateway, SKJ, APP);
        let tokens = phone.paired_by(&mut browser).await;
        let mut transaction = gateway.begin_in(SKJ).await;
        let (person, now) = (gateway.person(SKJ, NOOR).await.id, gateway.core().now());
        transaction.end_sessions_of(person, now).await.expect("ends");
        transaction.commit().await.expect("commits");
        assert_eq!(phone.refresh(text(&tokens, "refresh_token")).await.error(), "invalid_grant", "{}", gateway.name());
    }
}

#[tokio::test]
async fn pair_2_the_app_is_there_for_the_professions_that_the_tenant_names() {
    for gateway in Gateway::demos().await {
        for (email, choice) in [(TARIK, "professional:pedagogue"), (EVA, "professional:psychologist"), (EVA, "citizen")]
        {
            let mut browser = at_devices(&gateway, SKJ, email, choice).await;
            let page = browser.get(&format!("{}/devices", gateway.tenant_of(SKJ).origin)).await;
            assert!(!page.text.contains("/devices/pair"), "{email} as {choice}: {}", page.text);
            // And not by a form of one's own making.
            let mut form = Browser::form(&page, "/language");
            form.retain(|(name, _)| name == "csrf");
            let profile =
                page.text.split("name=\"poort_profile\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
            let body = crate::harness::application::encoded(&[
                ("csrf", &form[0].1),
                ("poort_profile", profile.unwrap_or_default()),
                ("app", APP),
            ]);
            let url = format!("{}/devices/pair", gateway.tenant_of(SKJ).origin);
            let forged = browser.once(Method::POST, &url, &[], Some(body)).await;
            assert!(matches!(forged.status.as_u16(), 403 | 409), "{email}: {} {}", forged.status, forged.text());
            gateway.later();
        }
        // The twins: the other of two rooms, and every profession of Registerplein.
        let mut eva = at_devices(&gateway, SKJ, EVA, YOUTH).await;
        Phone::new(&gateway, SKJ, APP).paired_by(&mut eva).await;
        for (email, choice) in [
            ("mila.hendriks@example.org", "professional:social_worker"),
            ("jonas.brandt@example.org", "professional:client_supporter"),
        ] {
            let mut browser = at_devices(&gateway, "registerplein", email, choice).await;
            Phone::new(&gateway, "registerplein", "pe-online-app").paired_by(&mut browser).await;
        }
    }
}

#[tokio::test]
async fn pair_2_a_profession_that_is_lost_ends_it_also_when_it_comes_back() {
    for gateway in Gateway::demos().await {
        let mut browser = at_devices(&gateway, SKJ, NOOR, YOUTH).await;
        let phone = Phone::new(&gateway, SKJ, APP);
        let tokens = phone.paired_by(&mut browser).await;
        let number = gateway.number(SKJ, NOOR).await;
        let file = format!("/registrations/{number}");
        assert_eq!(phone.ask(Method::GET, &file, text(&tokens, "access_token"), "").await.status, 200, "the twin");
        let register = Register::at(&gateway, SKJ, "demo-register").await;
        register.take_away("/people/noor.wiersma/registrations/youth_and_family").await;
        let ended = phone.ask(Method::GET, &file, text(&tokens, "access_token"), "").await;
        assert_eq!(ended.status, 401, "{}: {}", gateway.name(), ended.text());
        register.say("/people/noor.wiersma/registrations/youth_and_family", json!({ "number": number })).await;
        assert_eq!(phone.refresh(text(&tokens, "refresh_token")).await.error(), "invalid_grant", "it stays ended");
        assert_eq!(phone.ask(Method::GET, &file, text(&tokens, "access_token"), "").await.status, 401);
        assert_eq!(lines(&gateway, "app.ended").await.len(), 1);
    }
}

#[tokio::test]
async fn pair_1_a_phone_that_was_paired_in_a_login_with_digid_is_paired_no_longer_than_that_login() {
    let digid = Digid::start().await;
    let gateway = digid
        .gateway_where(|tenant| {
            let name = Texts::new(tenant.languages.iter().map(|language| (*language, "App".to_owned())));
            let professions = tenant.professions.keys().cloned().collect();
            let pairing = Pairing { professions, life: 180 * DAY, unused: 30 * DAY };
            tenant.clients.push(Client {
                scopes: vec!["openid".into()],
                refresh: true,
                pairing: Some(pairing),
                ..Client::new("app".into(), name, ClientAuthentication::None)
            });
        })
        .await;
    let number = number_of(SANNE);
    digid.answers(move |recipe| {
        recipe.name = format!("s00000000:{number}");
        recipe.class = poort::domain::upstream::DIGID_CLASSES[3].to_owned();
    });
    for logs_out in [true, false] {
        let mut browser = gateway.browser();
        browser.by_digid(&digid).await;
        let page = browser.get("/devices").await;
        let choices = Browser::offered(&page, "as");
        let choice = choices.iter().find(|choice| choice.starts_with("professional:"));
        if page.is_at("/profile") {
            browser.submit(&page, &[("as", choice.expect("a profession"))]).await;
        }
        let phone = Phone::new(&gateway, RGS, "app");
        let tokens = phone.paired_by(&mut browser).await;
        let next = phone.refresh(text(&tokens, "refresh_token")).await;
        assert_eq!(next.status, 200, "while the login lasts: {}", next.text());
        if logs_out {
            let page = browser.get("/").await;
            browser.press(&page, "/logout", &[]).await;
        } else {
            gateway.advance(Duration::from_secs(15 * 60));
        }
        let refused = phone.refresh(text(&next.json(), "refresh_token")).await;
        assert_eq!(refused.error(), "invalid_grant", "logged out: {logs_out}");
    }
}
