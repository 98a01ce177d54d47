//! LOGIN-5: what one logs in with, on one's own page: an app, passkeys, recovery codes.

use std::time::Duration;

use poort::{
    base::{Language, id::PersonId},
    domain::person::Person,
    login::{recovery::SET, totp::TotpSecret},
    notify::Message,
};

use super::passkeys::{asked_for_passkey, with_passkey};
use crate::harness::{
    authenticator::{Authenticator, Lie},
    browser::{Browser, Page},
    demo::{AN, PASSWORD},
    gateway::{Gateway, PRO},
    people::NEXT_CODE,
    resolver::Digid,
};

const QUARTER: Duration = Duration::from_secs(15 * 60);

/// The secret that a page shows for who types it.
fn secret(page: &Page) -> TotpSecret {
    let shown = page.text.split("id=\"secret\">").nth(1).and_then(|rest| rest.split('<').next()).expect("a secret");
    let letters: Vec<u8> = shown.bytes().filter(u8::is_ascii_alphanumeric).collect();
    let bits: String = letters
        .iter()
        .map(|c| if c.is_ascii_uppercase() { c - b'A' } else { c - b'2' + 26 })
        .map(|value| format!("{value:05b}"))
        .collect();
    let bytes: Vec<u8> = bits
        .as_bytes()
        .chunks_exact(8)
        .map(|byte| byte.iter().fold(0, |value, bit| value * 2 + (bit - b'0')))
        .collect();
    TotpSecret::from_bytes(&bytes).expect("160 bits")
}

fn code(gateway: &Gateway, secret: &TotpSecret) -> String {
    secret.code_at(gateway.core().now()).digits().to_owned()
}

/// Somebody who is signed in with password and app.
async fn signed_in<'g>(gateway: &'g Gateway, email: &str) -> Browser<'g> {
    let mut browser = gateway.browser();
    let page = browser.get("/").await;
    browser.prove(&page, PRO, email).await;
    browser
}

async fn told(gateway: &Gateway, email: &str) -> Vec<Message> {
    let mails = gateway.mails(PRO, email).await;
    mails.into_iter().filter(|mail| mail.kind.word() == "factor_changed").collect()
}

/// The recovery codes that a page shows.
pub fn codes(page: &Page) -> Vec<String> {
    let codes = page.text.split("<li class=\"poort-secret\">").skip(1);
    codes.filter_map(|rest| rest.split('<').next()).map(str::to_owned).collect()
}

#[tokio::test]
async fn login_5_an_app_is_set_up_with_its_first_code_and_takes_the_place_of_the_old_one() {
    for gateway in Gateway::demos().await {
        let mut browser = signed_in(&gateway, AN).await;
        let page = browser.get("/factors/app").await;
        assert!(page.text.contains("<svg class=\"poort-qr\""), "a picture to scan: {}", page.text);
        let new = secret(&page);
        // A wrong code leaves the secret as it is; what is no code is called so.
        let wrong = browser.submit(&page, &[("code", "12345")]).await;
        assert_eq!(wrong.status, 422, "{}", wrong.text);
        assert!(wrong.text.contains("te kort"), "{}", wrong.text);
        assert_eq!(secret(&wrong).bytes(), new.bytes());
        let page = browser.submit(&wrong, &[("code", &code(&gateway, &new))]).await;
        assert!(page.text.contains("Uw authenticator-app is ingesteld"), "{} {}", page.url, page.text);
        assert_eq!(told(&gateway, AN).await.len(), 1, "the person hears of it");
        assert_eq!(gateway.lines_of("factor.added").await[0]["details"]["factor"], "totp");
        // The code that set it up logs nobody in; the next one does, and the old app's does not.
        let mut other = gateway.browser();
        let page = other.get("/").await;
        let page = other.follow(&page, "second=totp").await;
        let page = other.submit(&page, &[("user_name", AN), ("password", PASSWORD)]).await;
        let used = other.submit(&page, &[("code", &code(&gateway, &new))]).await;
        assert_eq!(used.status, 422, "{}", used.text);
        gateway.advance(NEXT_CODE);
        let page = other.submit(&used, &[("code", &code(&gateway, &new))]).await;
        assert_eq!((page.status.as_u16(), page.url.path()), (200, "/"), "{}", page.text);
    }
}

#[tokio::test]
async fn login_5_a_passkey_is_added_renamed_and_removed_and_each_is_told() {
    for gateway in Gateway::demos().await {
        let (mut browser, mut authenticator) = with_passkey(&gateway, PRO, AN).await;
        let page = browser.get("/factors").await;
        let id = Browser::offered(&page, "passkey").first().cloned().expect("a passkey");
        gateway.later();
        let named = browser.press(&page, "/factors/passkeys/rename", &[("passkey", &id), ("name", "Sleutelbos")]).await;
        assert!(named.text.contains("Sleutelbos") && !named.text.contains("Telefoon"), "{}", named.text);
        gateway.later();
        let page = browser.press(&named, "/factors/passkeys/remove", &[("passkey", &id)]).await;
        assert!(page.text.contains("De passkey is verwijderd"), "{}", page.text);
        let mut other = gateway.browser();
        let page = asked_for_passkey(&mut other, "/").await;
        let page = other.show_passkey(&page, &mut authenticator, &Lie::default()).await;
        assert_eq!(page.status, 422, "it logs nobody in any more: {}", page.text);
        let told: Vec<String> = told(&gateway, AN).await.iter().map(|mail| mail.body.to_string()).collect();
        assert_eq!(told.len(), 3, "{told:?}");
        assert!(told[0].contains("toegevoegd: Telefoon") && told[2].contains("verwijderd: Sleutelbos"), "{told:?}");
        for kind in ["factor.added", "factor.renamed", "factor.removed"] {
            assert_eq!(gateway.lines_of(kind).await.len(), 1, "{kind}");
        }
    }
}

#[tokio::test]
async fn login_5_a_passkey_has_a_name_that_fits() {
    let gateway = Gateway::demo().await;
    let mut browser = signed_in(&gateway, AN).await;
    for (name, fits) in [("", false), ("   ", false), (&*"x".repeat(41), false), (&*"é".repeat(40), true)] {
        let page = browser.add_passkey(&mut Authenticator::new(), name).await;
        assert_eq!(page.status.as_u16(), if fits { 200 } else { 422 }, "{name}: {}", page.text);
    }
}

#[tokio::test]
async fn login_5_recovery_codes_are_shown_once_and_each_works_once() {
    for gateway in Gateway::demos().await {
        let mut browser = signed_in(&gateway, AN).await;
        let page = browser.get("/factors").await;
        assert!(page.text.contains("U hebt geen herstelcodes"), "{}", page.text);
        let first = codes(&browser.press(&page, "/factors/recovery", &[]).await);
        assert_eq!(first.len(), SET);
        let page = browser.get("/factors").await;
        assert!(page.text.contains("U hebt nog 10 herstelcodes"), "{}", page.text);
        assert!(first.iter().all(|code| !page.text.contains(code)), "they are shown once");
        let second = codes(&browser.press(&page, "/factors/recovery", &[]).await);
        gateway.later();
        // The new set has taken the place of the old one; a code works in lower case, once.
        for (code, works) in [(first[0].clone(), false), (second[0].to_lowercase(), true), (second[0].clone(), false)] {
            let mut other = gateway.browser();
            let page = other.get("/").await;
            let page = other.follow(&page, "second=recovery-code").await;
            let page = other.submit(&page, &[("user_name", AN), ("password", PASSWORD)]).await;
            let page = other.submit(&page, &[("code", &code)]).await;
            assert_eq!(other.cookie("__Host-poort-session").is_some(), works, "{}: {code}", page.text);
        }
        let page = browser.get("/factors").await;
        assert!(page.text.contains("U hebt nog 9 herstelcodes"), "{}", page.text);
        let told = told(&gateway, AN).await;
        assert!(told.last().expect("a mail").body.contains("U hebt er nog 9"), "its owner hears that it was used");
        assert_eq!(told.len(), 3);
    }
}

#[tokio::test]
async fn login_5_who_lost_their_phone_replaces_the_app_with_a_recovery_code() {
    let gateway = Gateway::demo().await;
    let mut browser = signed_in(&gateway, AN).await;
    let page = browser.get("/factors").await;
    let kept = codes(&browser.press(&page, "/factors/recovery", &[]).await);
    let mut other = gateway.browser();
    let page = other.get("/").await;
    let page = other.follow(&page, "second=recovery-code").await;
    let page = other.submit(&page, &[("user_name", AN), ("password", PASSWORD)]).await;
    other.submit(&page, &[("code", &kept[3])]).await;
    let page = other.get("/factors").await;
    let page = other.press(&page, "/factors/app/remove", &[]).await;
    assert!(page.text.contains("De authenticator-app is verwijderd"), "{}", page.text);
}

#[tokio::test]
async fn login_14_who_changes_what_they_log_in_with_has_just_logged_in() {
    for gateway in Gateway::demos().await {
        let mut browser = signed_in(&gateway, AN).await;
        gateway.advance(QUARTER);
        let page = browser.get("/factors").await;
        assert!(page.text.contains("href=\"/factors/confirm\"") && !page.text.contains("add-passkey"), "{}", page.text);
        let page = browser.follow(&page, "/factors/confirm").await;
        assert!(page.is_at("/login/"), "{}", page.url);
        let page = browser.prove(&page, PRO, AN).await;
        assert_eq!(page.url.path(), "/factors", "they come back: {}", page.text);
        assert!(page.text.contains("add-passkey"), "{}", page.text);
    }
}

#[tokio::test]
async fn login_5_the_account_page_advises_no_new_password_to_who_has_none() {
    let gateway = Gateway::demo().await;
    let mut browser = signed_in(&gateway, AN).await;
    assert!(browser.get("/").await.text.contains("wijzig uw wachtwoord"), "the twin");
    // Somebody whose account DigiD made has neither a password nor an address.
    let digid = Digid::start().await;
    let gateway = digid.gateway().await;
    digid.as_person("999990019");
    let mut browser = gateway.browser();
    browser.by_digid(&digid).await;
    let page = browser.get("/").await;
    assert!(page.text.contains("neem contact op met de helpdesk"), "{}", page.text);
    assert!(!page.text.contains("wijzig uw wachtwoord"), "{}", page.text);
    let page = browser.get("/factors").await;
    assert!(!page.text.contains("wachtwoord kiezen") && !page.text.contains("/factors/app"), "{}", page.text);
}

/// Somebody whom a register has pushed, and who has chosen a password by the link in a mail.
async fn pushed(gateway: &Gateway) -> &'static str {
    const EMAIL: &str = "nieuw.gekomen@example.org";
    let person = Person {
        id: PersonId::new(&gateway.core().random),
        given_name: "Nieuw".into(),
        family_name: "Gekomen".into(),
        email: EMAIL.into(),
        language: Language::Nl,
        citizen_file: true,
    };
    let mut transaction = gateway.begin_in(PRO).await;
    transaction.put_person(&person).await.expect("put");
    transaction.commit().await.expect("commits");
    let mut browser = gateway.browser();
    let page = browser.get("/password/forgotten").await;
    browser.submit(&page, &[("user_name", EMAIL)]).await;
    let mails = gateway.mails(PRO, EMAIL).await;
    let body = mails.last().expect("a mail").body.clone();
    let link = body.split_whitespace().find(|word| word.contains("/password/reset?")).expect("a link").to_owned();
    let page = browser.get(&link).await;
    browser.submit(&page, &[("new_password", PASSWORD)]).await;
    EMAIL
}

#[tokio::test]
async fn login_11_who_got_their_password_by_mail_sets_up_an_app_at_the_first_login() {
    for gateway in Gateway::demos().await {
        let email = pushed(&gateway).await;
        let mut browser = gateway.browser();
        let page = browser.get("/").await;
        let page = browser.follow(&page, "second=totp").await;
        let page = browser.submit(&page, &[("user_name", email), ("password", PASSWORD)]).await;
        assert!(page.url.path().ends_with("/app"), "{} {}", page.url, page.text);
        let new = secret(&page);
        let page = browser.submit(&page, &[("code", &code(&gateway, &new))]).await;
        assert!(page.text.contains("Log nu in met uw wachtwoord"), "{} {}", page.url, page.text);
        assert!(browser.cookie("__Host-poort-session").is_none(), "that was no login");
        assert_eq!(told(&gateway, email).await.len(), 1);
        gateway.advance(NEXT_CODE);
        let page = browser.follow(&page, "second=totp").await;
        let page = browser.submit(&page, &[("user_name", email), ("password", PASSWORD)]).await;
        assert!(page.url.path().ends_with("/totp"), "{} {}", page.url, page.text);
        browser.submit(&page, &[("code", &code(&gateway, &new))]).await;
        assert!(browser.cookie("__Host-poort-session").is_some());
        let page = browser.get("/factors").await;
        assert!(page.text.contains("Er is een authenticator-app ingesteld"), "{}", page.text);
    }
}
