//! LOGIN: proving who one is, and getting a new password.

use std::time::Duration;

use crate::harness::{
    browser::without_nonces,
    demo::{AN, JAN, MARIE, PASSWORD},
    gateway::{Gateway, PRO, RGS},
    people::NEXT_CODE,
};

const MINUTE: Duration = Duration::from_secs(60);

#[tokio::test]
async fn login_2_the_keys_are_grouped_as_the_seed_shows_them() {
    let gateway = Gateway::demo().await;
    let mut browser = gateway.browser();
    let page = browser.get(gateway.register(PRO)).await;
    assert!(page.is_at("/login/"), "{}", page.url);
    // Card reader, itsme and CSAM; a passkey; then by mail, by app and by recovery code, all three with user name and password. A means of
    // another country stands below them where the demo has its stand-in (`tests/browser`).
    assert_eq!(page.text.matches("class=\"poort-keys\"").count(), 3, "{}", page.text);
    let keys =
        ["/with/eid", ">itsme<", ">CSAM<", "/with/passkey", "second=email-code", "second=totp", "second=recovery-code"];
    let places = keys.map(|key| page.text.find(key).expect("it is offered"));
    assert!(places.is_sorted(), "{places:?}");
    let labels = page.text.matches("poort-key__label").count();
    assert_eq!(labels, 7, "{}", page.text);
    // What one logs in for is said.
    assert!(page.text.contains("Mijn dossier"));
}

#[tokio::test]
async fn login_5_with_password_and_authenticator_app() {
    for gateway in Gateway::demos().await {
        let mut browser = gateway.browser();
        let page = browser.open_as("/me", AN).await;
        assert_eq!(page.url.as_str(), format!("{}/me", gateway.register(PRO)), "{}", gateway.name());
        assert_eq!(page.text, "the register at /me");
    }
}

#[tokio::test]
async fn login_5_with_password_and_a_code_by_mail() {
    for gateway in Gateway::demos().await {
        let mut browser = gateway.browser();
        let page = browser.get(&format!("{}/me", gateway.register(PRO))).await;
        let page = browser.prove_by_mail(&page, PRO, AN).await;
        assert_eq!(page.text, "the register at /me", "{}", gateway.name());
    }
}

#[tokio::test]
async fn login_5_a_code_by_mail_expires() {
    for gateway in Gateway::demos().await {
        let mut browser = gateway.browser();
        let page = browser.get("/").await;
        let page = browser.follow(&page, "second=email-code").await;
        let page = browser.submit(&page, &[("user_name", AN), ("password", PASSWORD)]).await;
        let code = gateway.mailed_code(PRO, AN).await;
        gateway.advance(gateway.tenant().terms.email_code);
        let refused = browser.submit(&page, &[("code", &code)]).await;
        assert_eq!(refused.status, 422, "{}", refused.text);
        assert!(refused.text.contains("niet meer geldig"), "it says that it is too old: {}", refused.text);
        // Its twin a millisecond earlier.
        let page = browser.press(&refused, "/email-code/send", &[]).await;
        let code = gateway.mailed_code(PRO, AN).await;
        gateway.advance(gateway.tenant().terms.email_code - Duration::from_millis(1));
        let page = browser.submit(&page, &[("code", &code)]).await;
        assert_eq!((page.status.as_u16(), page.url.path()), (200, "/"), "{}", page.text);
    }
}

#[tokio::test]
async fn login_5_another_code_can_be_asked_for_after_a_delay_and_both_work() {
    for gateway in Gateway::demos().await {
        let mut browser = gateway.browser();
        let page = browser.get("/").await;
        let page = browser.follow(&page, "second=email-code").await;
        let page = browser.submit(&page, &[("user_name", AN), ("password", PASSWORD)]).await;
        let first = gateway.mailed_code(PRO, AN).await;
        let mails = async || gateway.mails(PRO, AN).await.len();
        assert_eq!(mails().await, 1);
        gateway.advance(gateway.tenant().terms.email_code_resend - Duration::from_millis(1));
        let early = browser.press(&page, "/email-code/send", &[]).await;
        assert_eq!((early.url.query(), mails().await), (Some("soon=1"), 1), "{}", gateway.name());
        gateway.advance(Duration::from_millis(1));
        let page = browser.press(&early, "/email-code/send", &[]).await;
        assert_eq!((page.url.query(), mails().await), (Some("sent=1"), 2));
        // The first one still works within its time.
        let page = browser.submit(&page, &[("code", &first)]).await;
        assert_eq!((page.status.as_u16(), page.url.path()), (200, "/"), "{}", page.text);
    }
}

#[tokio::test]
async fn login_5_codes_are_limited_in_tries_and_the_owner_is_told() {
    for gateway in Gateway::demos().await {
        let mut browser = gateway.browser();
        let page = browser.get("/").await;
        let page = browser.follow(&page, "second=email-code").await;
        let mut page = browser.submit(&page, &[("user_name", AN), ("password", PASSWORD)]).await;
        let right = gateway.mailed_code(PRO, AN).await;
        let wrong = if right == "000000" { "000001" } else { "000000" };
        for _ in 0..gateway.tenant().terms.tries {
            gateway.later();
            page = browser.submit(&page, &[("code", wrong)]).await;
            assert_eq!(page.status, 422);
        }
        gateway.later();
        let refused = browser.submit(&page, &[("code", &right)]).await;
        assert_eq!(refused.status, 429, "the right one comes too late: {}", refused.text);
        let told = gateway.mails(PRO, AN).await;
        assert_eq!(told.last().expect("a mail").kind.word(), "too_many_tries");
        assert_eq!(told.len(), 2, "told once");
        // After the wait everything works again.
        gateway.advance(gateway.tenant().terms.tries_window);
        let mut browser = gateway.browser();
        let page = browser.open_as("/me", AN).await;
        assert_eq!(page.status, 200);
    }
}

#[tokio::test]
async fn login_5_what_cannot_be_a_code_costs_no_try_and_is_called_so() {
    let gateway = Gateway::demo().await;
    let mut browser = gateway.browser();
    let page = browser.get("/").await;
    let page = browser.follow(&page, "second=email-code").await;
    let mut page = browser.submit(&page, &[("user_name", AN), ("password", PASSWORD)]).await;
    let mut said = std::collections::BTreeSet::new();
    for text in ["", "12345", "1234567", "12a456", "geen idee", "1", "12", "123"] {
        page = browser.submit(&page, &[("code", text)]).await;
        assert_eq!(page.status, 422, "{text}");
        let summary = page.text.split("poort-summary__list").nth(1).and_then(|rest| rest.split("</ul>").next());
        said.insert(summary.expect("a summary").to_owned());
    }
    assert_eq!(said.len(), 4, "missing, too short, too long, not digits: {said:#?}");
    let code = gateway.mailed_code(PRO, AN).await;
    let page = browser.submit(&page, &[("code", &format!(" {}-{} ", &code[..3], &code[3..]))]).await;
    assert_eq!((page.status.as_u16(), page.url.path()), (200, "/"), "{}", page.text);
}

#[tokio::test]
async fn login_5_a_step_of_the_authenticator_app_works_once() {
    for gateway in Gateway::demos().await {
        let mut first = gateway.browser();
        first.open_as("/me", AN).await;
        // The same code, in another browser, within its thirty seconds: somebody looked over a shoulder.
        let mut second = gateway.browser();
        let page = second.get("/").await;
        let page = second.follow(&page, "second=totp").await;
        let page = second.submit(&page, &[("user_name", AN), ("password", PASSWORD)]).await;
        let code = gateway.app_code(PRO, AN).await;
        let refused = second.submit(&page, &[("code", &code)]).await;
        assert_eq!(refused.status, 422, "{}", gateway.name());
        let line = &gateway.lines_of("login.failed").await[0];
        assert_eq!(line["details"]["reason"], "used before");
        gateway.advance(NEXT_CODE);
        let code = gateway.app_code(PRO, AN).await;
        let page = second.submit(&refused, &[("code", &code)]).await;
        assert_eq!((page.status.as_u16(), page.url.path()), (200, "/"), "the twin: the next one");
    }
}

/// Asks for a link and opens it.
async fn link(gateway: &Gateway, email: &str) -> String {
    let mut browser = gateway.browser();
    let page = browser.get("/password/forgotten").await;
    let page = browser.submit(&page, &[("user_name", email)]).await;
    assert_eq!(page.status, 200, "{}", page.text);
    gateway.mailed_link(PRO, email).await
}

const NEW: &str = "een heel ander wachtwoord 7";

#[tokio::test]
async fn login_6_a_link_resets_the_password_once() {
    for gateway in Gateway::demos().await {
        let url = link(&gateway, AN).await;
        let mut browser = gateway.browser();
        // Opening it takes nothing: mail programs open links too.
        browser.get(&url).await;
        let page = browser.get(&url).await;
        assert_eq!(
            (page.status.as_u16(), &page.headers["referrer-policy"]),
            (200, &http::HeaderValue::from_static("same-origin"))
        );
        gateway.later();
        let done = browser.submit(&page, &[("new_password", NEW)]).await;
        assert_eq!(done.status, 200, "{}", done.text);
        assert_eq!(browser.get(&url).await.status, 410, "{}", gateway.name());
        let again = browser.submit(&page, &[("new_password", "nog weer een ander 8")]).await;
        assert_eq!(again.status, 410, "also who had the page open already");
        // The new one counts, the old one does not, and the owner was told.
        let mut browser = gateway.browser();
        let page = browser.get("/").await;
        let page = browser.follow(&page, "second=totp").await;
        let page = browser.submit(&page, &[("user_name", AN), ("password", PASSWORD)]).await;
        assert_eq!(page.status, 422);
        let page = browser.submit(&page, &[("user_name", AN), ("password", NEW)]).await;
        assert!(page.url.path().ends_with("/totp"), "{}", page.url);
        assert_eq!(gateway.mails(PRO, AN).await.last().expect("a mail").kind.word(), "password_changed");
    }
}

#[tokio::test]
async fn login_6_a_link_expires() {
    for gateway in Gateway::demos().await {
        let life = gateway.tenant().terms.reset_link;
        let url = link(&gateway, AN).await;
        let mut browser = gateway.browser();
        gateway.advance(life - Duration::from_millis(1));
        let page = browser.get(&url).await;
        assert_eq!(page.status, 200, "the twin");
        gateway.advance(Duration::from_millis(1));
        assert_eq!(browser.get(&url).await.status, 410);
        let late = browser.submit(&page, &[("new_password", NEW)]).await;
        assert_eq!(late.status, 410, "expiry is checked when it is used: {}", gateway.name());
    }
}

#[tokio::test]
async fn login_6_a_new_link_ends_none_but_its_use_ends_all() {
    let gateway = Gateway::demo().await;
    let first = link(&gateway, AN).await;
    gateway.later();
    let second = link(&gateway, AN).await;
    assert_ne!(first, second);
    let mut browser = gateway.browser();
    let page = browser.get(&first).await;
    browser.submit(&page, &[("new_password", NEW)]).await;
    assert_eq!(browser.get(&second).await.status, 410);
}

#[tokio::test]
async fn login_6_nothing_tells_whether_an_address_is_known() {
    for gateway in Gateway::demos().await {
        let mut known = Vec::new();
        for address in [AN, "nobody@example.org"] {
            gateway.later();
            let hashes = gateway.core().methods.passwords().hashes();
            let mut browser = gateway.browser();
            let page = browser.get("/password/forgotten").await;
            let page = browser.submit(&page, &[("user_name", address)]).await;
            let cost = gateway.core().methods.passwords().hashes() - hashes;
            let names: Vec<String> = page.headers.keys().map(ToString::to_string).collect();
            known.push((page.status, page.url.path().to_owned(), names, without_nonces(&page.text), cost));
        }
        assert_eq!(known[0], known[1], "{}", gateway.name());
        // The twin: one mail was written, to who is known; the log has the reason, and no address.
        assert_eq!(gateway.mails(PRO, AN).await.len(), 1);
        assert_eq!(gateway.mails(PRO, "nobody@example.org").await.len(), 0);
        let lines = gateway.lines_of("password.forgotten").await;
        assert_eq!((lines.len(), &lines[0]["details"]["reason"]), (2, &"unknown".into()));
        assert!(!lines[0].to_string().contains("nobody"));
    }
}

#[tokio::test]
async fn login_6_an_address_gets_three_links_and_no_more_within_the_window() {
    let gateway = Gateway::demo().await;
    let mut bodies = Vec::new();
    for _ in 0..5 {
        let mut browser = gateway.browser();
        let page = browser.get("/password/forgotten").await;
        let page = browser.submit(&page, &[("user_name", AN)]).await;
        bodies.push((page.status, without_nonces(&page.text)));
    }
    bodies.dedup();
    assert_eq!(bodies.len(), 1, "the answer does not tell");
    assert_eq!(gateway.mails(PRO, AN).await.len(), 3);
    gateway.advance(gateway.tenant().terms.tries_window);
    link(&gateway, AN).await;
    assert_eq!(gateway.mails(PRO, AN).await.len(), 4);
}

#[tokio::test]
async fn login_6_a_reset_ends_every_session() {
    for gateway in Gateway::demos().await {
        let mut signed_in = gateway.browser();
        signed_in.open_as("/me", AN).await;
        assert_eq!(signed_in.ask("/me").await.status, 200, "the twin");
        let url = link(&gateway, AN).await;
        let mut browser = gateway.browser();
        let page = browser.get(&url).await;
        browser.submit(&page, &[("new_password", NEW)]).await;
        assert_eq!(signed_in.ask("/me").await.status, 303, "at the next request: {}", gateway.name());
        assert!(signed_in.get("/").await.is_at("/login/"));
        assert!(gateway.sessions(AN).await.is_empty());
    }
}

#[tokio::test]
async fn login_6_a_password_that_was_proved_before_the_reset_counts_no_more() {
    for gateway in Gateway::demos().await {
        // Somebody who knows the old password is half way in.
        let mut thief = gateway.browser();
        let page = thief.get("/").await;
        let page = thief.follow(&page, "second=totp").await;
        let half_way = thief.submit(&page, &[("user_name", AN), ("password", PASSWORD)]).await;
        let url = link(&gateway, AN).await;
        let mut browser = gateway.browser();
        let page = browser.get(&url).await;
        browser.submit(&page, &[("new_password", NEW)]).await;
        gateway.advance(NEXT_CODE);
        let code = gateway.app_code(PRO, AN).await;
        let page = thief.submit(&half_way, &[("code", &code)]).await;
        assert!(thief.cookie("__Host-poort-session").is_none(), "{}: {}", gateway.name(), page.url);
    }
}

#[tokio::test]
async fn login_6_after_a_reset_by_mail_a_code_by_mail_is_no_second_step() {
    for gateway in Gateway::demos().await {
        let url = link(&gateway, AN).await;
        let mut browser = gateway.browser();
        let page = browser.get(&url).await;
        browser.submit(&page, &[("new_password", NEW)]).await;
        let by_mail = async || {
            let mut browser = gateway.browser();
            let page = browser.get("/").await;
            let page = browser.follow(&page, "second=email-code").await;
            browser.submit(&page, &[("user_name", AN), ("password", NEW)]).await
        };
        let codes =
            async || gateway.mails(PRO, AN).await.iter().filter(|mail| mail.kind.word() == "email_code").count();
        let page = by_mail().await;
        assert_eq!((page.status.as_u16(), codes().await), (422, 0), "{}: {}", gateway.name(), page.text);
        // With something that no mail gave, the password is vouched for again.
        let mut browser = gateway.browser();
        let page = browser.get("/").await;
        let page = browser.follow(&page, "second=totp").await;
        let page = browser.submit(&page, &[("user_name", AN), ("password", NEW)]).await;
        gateway.advance(NEXT_CODE);
        let code = gateway.app_code(PRO, AN).await;
        let page = browser.submit(&page, &[("code", &code)]).await;
        assert_eq!((page.status.as_u16(), page.url.path()), (200, "/"), "{}", page.text);
        let page = by_mail().await;
        assert!(page.url.path().ends_with("/email-code"), "{}", page.url);
        assert_eq!(codes().await, 1);
    }
}

#[tokio::test]
async fn login_6_a_new_password_has_to_be_one() {
    let gateway = Gateway::demo().await;
    let url = link(&gateway, AN).await;
    let mut browser = gateway.browser();
    let mut page = browser.get(&url).await;
    for weak in ["", "kort", "wachtwoord123", "an.verbeke@example.org", &"a".repeat(5000)] {
        page = browser.submit(&page, &[("new_password", weak)]).await;
        assert_eq!(page.status, 422, "{weak}");
    }
    let done = browser.submit(&page, &[("new_password", NEW)]).await;
    assert_eq!(done.status, 200, "none of them took the link");
}

#[tokio::test]
async fn login_10_an_address_is_one_persons_also_in_other_letters() {
    for gateway in Gateway::demos().await {
        let mut twin = gateway.person(PRO, AN).await;
        twin.id = poort::base::id::PersonId::from_u128(77);
        twin.email = AN.to_uppercase();
        let error = gateway.begin().await.put_person(&twin).await.expect_err("refused");
        assert!(matches!(error, poort::storage::StoreError::Conflict), "{error}");
        // In another tenant they are somebody else.
        let mut other = gateway.begin_in(RGS).await;
        other.put_person(&twin).await.expect("writes");
    }
}

#[tokio::test]
async fn login_10_one_logs_in_with_the_address_in_any_letters() {
    let gateway = Gateway::demo().await;
    let mut browser = gateway.browser();
    let page = browser.get("/").await;
    let page = browser.follow(&page, "second=totp").await;
    let page = browser.submit(&page, &[("user_name", " An.Verbeke@Example.ORG "), ("password", PASSWORD)]).await;
    assert!(page.url.path().ends_with("/totp"), "{} {}", page.url, page.text);
}

#[tokio::test]
async fn login_14_a_request_that_asks_more_leads_through_a_better_login_and_back() {
    for gateway in Gateway::demos().await {
        let path = format!("/dossiers/{}", gateway.number(PRO, JAN).await);
        let mut browser = gateway.browser();
        let page = browser.get(&format!("{}/me", gateway.register(PRO))).await;
        let page = browser.prove_by_mail(&page, PRO, JAN).await;
        let page = browser.submit(&page, &[("as", "professional:physician")]).await;
        assert_eq!(page.text, "the register at /me");
        let before = gateway.registers.count();
        let refused = browser.get(&format!("{}{path}", gateway.register(PRO))).await;
        assert_eq!((refused.status.as_u16(), gateway.registers.count()), (403, before), "{}", refused.text);
        let page = browser.follow(&refused, "least=substantial").await;
        assert!(page.is_at("/login/"), "{}", page.url);
        assert!(!page.text.contains("second=email-code"), "what does not reach it is not offered");
        // Back in the profile that was in use: nothing is asked again.
        let page = browser.prove(&page, PRO, JAN).await;
        assert_eq!(page.text, format!("the register at {path}"), "{}", gateway.name());
        // Who logs in again as low as before does not come by.
        let claims =
            gateway.registers.last().claims(&gateway, &gateway.tenant().origin, "https://dossier.riziv.example").await;
        assert_eq!(claims["acr"], "http://eidas.europa.eu/LoA/substantial");
    }
}

#[tokio::test]
async fn login_9_a_session_that_ends_meanwhile_leads_back_to_where_one_was() {
    let gateway = Gateway::demo().await;
    let mut browser = gateway.browser();
    browser.open_as("/me", AN).await;
    gateway.advance(gateway.tenant().terms.session_idle + MINUTE);
    let page = browser.get(&format!("{}/me?step=2&x=%2F", gateway.register(PRO))).await;
    assert!(page.is_at("/login/"), "{}", page.url);
    let page = browser.prove(&page, PRO, AN).await;
    assert_eq!(page.text, "the register at /me?step=2&x=%2F");
}

#[tokio::test]
async fn login_2_who_cancels_is_told_so_and_nothing_is_left_open() {
    let gateway = Gateway::demo().await;
    let mut browser = gateway.browser();
    let page = browser.get(gateway.register(PRO)).await;
    let login = page.url.clone();
    let password = browser.follow(&page, "second=totp").await;
    let page = browser.press(&page, "/cancel", &[]).await;
    assert_eq!(page.status, 200, "{}", page.text);
    let again = browser.get(login.as_str()).await;
    assert!(!again.text.contains("second=totp"), "{}", again.text);
    let late = browser.submit(&password, &[("user_name", MARIE), ("password", PASSWORD)]).await;
    assert!(browser.cookie("__Host-poort-session").is_none());
    assert!(!late.url.path().ends_with("/totp"), "{}", late.url);
}
