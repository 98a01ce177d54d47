//! LOGIN-11: a new registrant gets a mail with a user name that is the registration number and a link to set the password, and logs in.

use std::time::Duration;

use serde_json::json;

use super::facts::Register;
use crate::harness::{
    browser::{Browser, Page},
    demo::PASSWORD,
    gateway::{Gateway, PRO},
};

/// The tenants whose people log in with their registration number, with a profession of each.
const TENANTS: [(&str, &str); 2] = [("registerplein", "social_worker"), ("skj", "youth_and_family")];
const ROOS: &str = "roos.dekker@example.org";
const NUMBER: &str = "20000777";
const NEW: &str = "vier zwanen achter de molen";

/// The register pushes somebody new, and their registration.
async fn registers(gateway: &Gateway, tenant: &'static str, profession: &str) {
    let register = Register::at(gateway, tenant, "demo-register").await;
    let person = json!({ "given_name": "Roos", "family_name": "Dekker", "email": ROOS, "language": "nl" });
    register.say("/people/roos.dekker", person).await;
    assert!(gateway.mails(tenant, ROOS).await.is_empty(), "who has no number yet hears nothing");
    let registration = json!({ "number": NUMBER, "complete": false });
    register.say(&format!("/people/roos.dekker/registrations/{profession}"), registration).await;
}

/// Tries a user name and a password; the page after them.
async fn tries(browser: &mut Browser<'_>, tenant: &str, user_name: &str, password: &str) -> Page {
    let page = browser.get(&format!("{}/", browser.gateway().tenant_of(tenant).origin)).await;
    let page = browser.follow(&page, "second=email-code").await;
    browser.submit(&page, &[("user_name", user_name), ("password", password)]).await
}

/// Sets a password by a link.
async fn sets(browser: &mut Browser<'_>, link: &str) -> Page {
    let page = browser.get(link).await;
    assert!(page.status == 200 && page.text.contains(NUMBER), "it names the user: {}", page.text);
    browser.submit(&page, &[("new_password", NEW)]).await
}

#[tokio::test]
async fn login_11_a_new_registrant_gets_the_number_and_a_link_and_logs_in() {
    for gateway in Gateway::demos().await {
        for (tenant, profession) in TENANTS {
            registers(&gateway, tenant, profession).await;
            let mails = gateway.mails(tenant, ROOS).await;
            assert_eq!(mails.iter().map(|mail| mail.kind.word()).collect::<Vec<_>>(), ["welcome"]);
            assert!(mails[0].body.contains(NUMBER), "{}", *mails[0].body);
            let link = gateway.mailed_link(tenant, ROOS).await;
            assert!(link.starts_with(&gateway.tenant_of(tenant).origin), "{link}");
            let mut browser = gateway.browser();
            assert_eq!(sets(&mut browser, &link).await.status, 200);
            assert_eq!(browser.get(&link).await.status, 410, "it works once: {}", gateway.name());

            // With the number, and with the address.
            for user_name in [NUMBER, ROOS] {
                gateway.later();
                let mut browser = gateway.browser();
                let page = tries(&mut browser, tenant, user_name, NEW).await;
                assert!(page.url.path().ends_with("/email-code"), "{user_name}: {} {}", page.url, page.text);
                let code = gateway.mailed_code(tenant, ROOS).await;
                let page = browser.submit(&page, &[("code", &code)]).await;
                if page.is_at("/profile") {
                    browser.submit(&page, &[("as", "citizen")]).await;
                }
                let page = browser.get(&format!("{}/", gateway.tenant_of(tenant).origin)).await;
                assert!(
                    page.url.path() == "/" && page.text.contains(NUMBER),
                    "the account page names it: {}",
                    page.text
                );
            }
            let line = gateway.lines_in(tenant, "account.welcomed").await.remove(0);
            assert_eq!(line["subject"], gateway.person(tenant, ROOS).await.id.to_string());
        }
    }
}

#[tokio::test]
async fn login_11_the_mail_is_sent_once_and_an_old_link_is_asked_anew_with_the_number() {
    for gateway in Gateway::demos().await {
        let (tenant, profession) = TENANTS[1];
        registers(&gateway, tenant, profession).await;
        let register = Register::at(&gateway, tenant, "demo-register").await;
        // Pushed again, completed, and in another room too: nothing is new about who it is.
        let path = format!("/people/roos.dekker/registrations/{profession}");
        register.say(&path, json!({ "number": NUMBER, "complete": false })).await;
        register.say(&path, json!({ "number": NUMBER })).await;
        register.say("/people/roos.dekker/registrations/pedagogue", json!({ "number": NUMBER })).await;
        assert_eq!(gateway.mails(tenant, ROOS).await.len(), 1, "{}", gateway.name());
        let old = gateway.mailed_link(tenant, ROOS).await;
        gateway.advance(Duration::from_secs(72 * 60 * 60));
        let mut browser = gateway.browser();
        assert_eq!(browser.get(&old).await.status, 410, "after three days");
        let page = browser.get(&format!("{}/password/forgotten", gateway.tenant_of(tenant).origin)).await;
        let sent = browser.submit(&page, &[("user_name", NUMBER)]).await;
        assert_eq!(sent.status, 200, "{}", sent.text);
        let link = gateway.mailed_link(tenant, ROOS).await;
        assert_ne!(link, old);
        // It is still the first password: a code by mail may follow it.
        sets(&mut browser, &link).await;
        let page = tries(&mut gateway.browser(), tenant, NUMBER, NEW).await;
        assert!(page.url.path().ends_with("/email-code"), "{} {}", page.url, page.text);
    }
}

#[tokio::test]
async fn login_11_nothing_tells_whether_a_number_is_known() {
    for gateway in Gateway::demos().await {
        let tenant = TENANTS[0].0;
        let known = gateway.number(tenant, "mila.hendriks@example.org").await;
        let mut pages = Vec::new();
        for user_name in [known.as_str(), "99999999"] {
            let mut browser = gateway.browser();
            let page = tries(&mut browser, tenant, user_name, "niet het wachtwoord").await;
            pages.push((page.status, crate::harness::browser::without_nonces(&page.text).replace(user_name, "N")));
            let page = browser.get(&format!("{}/password/forgotten", gateway.tenant_of(tenant).origin)).await;
            let page = browser.submit(&page, &[("user_name", user_name)]).await;
            pages.push((page.status, crate::harness::browser::without_nonces(&page.text).replace(user_name, "N")));
        }
        assert_eq!((&pages[0], &pages[1]), (&pages[2], &pages[3]), "{}", gateway.name());
        // The twin: the right password.
        let page = tries(&mut gateway.browser(), tenant, &known, PASSWORD).await;
        assert!(page.url.path().ends_with("/email-code"), "{} {}", page.url, page.text);
    }
}

#[tokio::test]
async fn login_11_where_the_tenant_does_not_say_so_a_number_is_no_user_name() {
    let gateway = Gateway::demo().await;
    let number = gateway.number(PRO, "jan.claes@example.org").await;
    let page = tries(&mut gateway.browser(), PRO, &number, PASSWORD).await;
    assert_eq!(page.status, 422, "{}", page.url);
    let register = Register::at(&gateway, PRO, "demo-register").await;
    let person = json!({ "given_name": "Roos", "family_name": "Dekker", "email": ROOS, "language": "nl" });
    register.say("/people/roos.dekker", person).await;
    register.say("/people/roos.dekker/registrations/physician", json!({ "number": "1-23456-25-001" })).await;
    assert!(gateway.mails(PRO, ROOS).await.is_empty(), "and nobody is welcomed");
}
