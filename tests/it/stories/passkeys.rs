//! LOGIN: logging in with a passkey, alone or after the password. The authenticator is other people's, see
//! `harness/authenticator.rs`.

use std::time::Duration;

use crate::harness::{
    authenticator::{Authenticator, Lie},
    browser::{Browser, Page},
    demo::{AN, JAN, PASSWORD, SANNE},
    gateway::{Gateway, PRO, RGS},
};

/// Somebody logs in with their app and adds a passkey.
pub async fn with_passkey<'g>(gateway: &'g Gateway, tenant: &str, email: &str) -> (Browser<'g>, Authenticator) {
    let mut browser = gateway.browser();
    let page = browser.get("/").await;
    browser.prove(&page, tenant, email).await;
    let mut authenticator = Authenticator::new();
    let page = browser.add_passkey(&mut authenticator, "Telefoon").await;
    assert!(page.text.contains("De passkey is toegevoegd"), "{} {}: {}", gateway.name(), page.url, page.text);
    // What comes next is later than its mail and its line in the audit log.
    gateway.later();
    (browser, authenticator)
}

/// The page that asks for a passkey alone, in a browser that comes to a path.
pub async fn asked_for_passkey(browser: &mut Browser<'_>, path: &str) -> Page {
    let page = browser.get(path).await;
    let page = browser.follow(&page, "/with/passkey").await;
    assert!(page.url.path().ends_with("/passkey"), "{} {}", page.url, page.text);
    page
}

#[tokio::test]
async fn login_1_a_passkey_that_one_added_logs_one_in_without_a_password() {
    for gateway in Gateway::demos().await {
        let (_, mut authenticator) = with_passkey(&gateway, PRO, AN).await;
        let mut browser = gateway.browser();
        let page = asked_for_passkey(&mut browser, &format!("{}/me", gateway.register(PRO))).await;
        let page = browser.show_passkey(&page, &mut authenticator, &Lie::default()).await;
        assert_eq!(page.text, "the register at /me", "{}: {}", gateway.name(), page.url);
        let login = &gateway.lines_of("login.succeeded").await[0];
        assert_eq!(
            (&login["details"]["means"], &login["details"]["assurance"]),
            (&"passkey".into(), &"substantial".into()),
            "what a passkey is worth stands in the tenant's file"
        );
        // It works again, and its use is shown.
        let mut again = gateway.browser();
        let page = asked_for_passkey(&mut again, "/").await;
        let page = again.show_passkey(&page, &mut authenticator, &Lie::default()).await;
        assert_eq!((page.status.as_u16(), page.url.path()), (200, "/"), "{}", page.text);
        let page = again.get("/factors").await;
        assert!(page.text.contains("Laatst gebruikt"), "{}", page.text);
    }
}

#[tokio::test]
async fn login_1_the_browser_offers_passkeys_in_the_field_for_the_user_name() {
    for gateway in Gateway::demos().await {
        let (_, mut authenticator) = with_passkey(&gateway, PRO, AN).await;
        let mut browser = gateway.browser();
        let page = browser.get("/").await;
        let page = browser.follow(&page, "second=totp").await;
        assert!(page.text.contains("autocomplete=\"username webauthn\""), "{}", page.text);
        let page = browser.show_passkey(&page, &mut authenticator, &Lie::default()).await;
        assert_eq!((page.status.as_u16(), page.url.path()), (200, "/"), "{}: {}", gateway.name(), page.text);
    }
}

#[tokio::test]
async fn login_5_a_passkey_is_the_second_step_after_the_password() {
    for gateway in Gateway::demos().await {
        let gateway = gateway.about(RGS);
        let (_, mut authenticator) = with_passkey(&gateway, RGS, SANNE).await;
        let mut browser = gateway.browser();
        let page = browser.get("/").await;
        let page = browser.follow(&page, "second=passkey").await;
        assert!(!page.text.contains("webauthn"), "here a passkey alone is not enough: {}", page.text);
        let page = browser.submit(&page, &[("user_name", SANNE), ("password", PASSWORD)]).await;
        assert!(page.url.path().ends_with("/passkey"), "{} {}", page.url, page.text);
        let page = browser.show_passkey(&page, &mut authenticator, &Lie::default()).await;
        assert!(browser.cookie("__Host-poort-session").is_some(), "{}: {}", gateway.name(), page.text);
    }
}

#[tokio::test]
async fn login_5_without_a_script_the_page_says_what_to_do() {
    let gateway = Gateway::demo().await;
    let mut browser = gateway.browser();
    let page = asked_for_passkey(&mut browser, "/").await;
    assert!(page.text.contains("heeft uw browser JavaScript nodig"), "{}", page.text);
    let page = browser.press(&page, "/passkey", &[]).await;
    assert_eq!(page.status, 422);
    assert!(page.text.contains("Er is geen passkey gebruikt"), "{}", page.text);
}

#[tokio::test]
async fn login_5_a_passkey_is_offered_where_the_register_takes_it() {
    let gateway = Gateway::demo_with(|tenant| {
        for register in &mut tenant.registers {
            register.means.retain(|means| means != "passkey");
        }
    })
    .await;
    let (_, mut authenticator) = with_passkey(&gateway, PRO, JAN).await;
    let mut browser = gateway.browser();
    let page = browser.get(&format!("{}/me", gateway.register(PRO))).await;
    assert!(!page.text.contains("/with/passkey"), "{}", page.text);
    // Nor by its address.
    let refused = browser.get(&format!("{}/with/passkey", page.url.path())).await;
    assert!(!refused.text.contains("use-passkey"), "{}", refused.text);
    let page = asked_for_passkey(&mut browser, "/").await;
    let page = browser.show_passkey(&page, &mut authenticator, &Lie::default()).await;
    assert!(page.is_at("/"), "the twin: {}", page.url);
}

#[tokio::test]
async fn login_5_what_was_asked_waits_as_long_as_the_attempt() {
    for gateway in Gateway::demos().await {
        let (_, mut authenticator) = with_passkey(&gateway, PRO, AN).await;
        let life = gateway.tenant().terms.login_attempt;
        for (waited, works) in [(life - Duration::from_millis(1), true), (life, false)] {
            let mut browser = gateway.browser();
            let page = asked_for_passkey(&mut browser, "/").await;
            let options = browser.passkey_options(&page, "/passkey").await;
            gateway.advance(waited);
            let answer = authenticator.show(&options, &gateway.tenant().origin, &Lie::default());
            browser.press(&page, "/passkey", &[("answer", &answer)]).await;
            assert_eq!(browser.cookie("__Host-poort-session").is_some(), works, "{} {waited:?}", gateway.name());
        }
    }
}
