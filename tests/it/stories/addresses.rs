//! LOGIN-7: another address to log in with.

use std::time::Duration;

use poort::domain::tenant::UserName;

use crate::harness::{
    browser::{Browser, Page, without_nonces},
    demo::{AN, JAN, MARIE, PASSWORD},
    gateway::{Gateway, PRO},
};

const NEW: &str = "an.nieuw@example.org";

async fn signed_in<'g>(gateway: &'g Gateway, email: &str) -> Browser<'g> {
    let mut browser = gateway.browser();
    let page = browser.get("/").await;
    browser.prove(&page, PRO, email).await;
    browser
}

async fn ask(browser: &mut Browser<'_>, email: &str) -> Page {
    let page = browser.get("/account/address").await;
    browser.gateway().later();
    let page = browser.submit(&page, &[("email", email)]).await;
    assert_eq!(page.status, 200, "{} {}", page.url, page.text);
    page
}

async fn kinds(gateway: &Gateway, email: &str) -> Vec<&'static str> {
    gateway.mails(PRO, email).await.iter().map(|mail| mail.kind.word()).collect()
}

/// The page after the password, with this address.
async fn password(gateway: &Gateway, email: &str) -> Page {
    gateway.later();
    let mut browser = gateway.browser();
    let page = browser.get("/").await;
    let page = browser.follow(&page, "second=totp").await;
    browser.submit(&page, &[("user_name", email), ("password", PASSWORD)]).await
}

#[tokio::test]
async fn login_7_a_new_address_counts_once_it_is_confirmed_and_the_old_one_is_told() {
    for gateway in Gateway::demos().await {
        let mut browser = signed_in(&gateway, AN).await;
        let old_link = gateway.mailed_link_for(AN).await;
        let page = ask(&mut browser, NEW).await;
        assert!(!page.text.contains(NEW), "the answer is the same for every address: {}", page.text);
        assert_eq!(kinds(&gateway, NEW).await, ["address_confirm"], "{}", gateway.name());
        assert_eq!(kinds(&gateway, AN).await, ["reset_link", "address_changing"]);
        // Until then the old one counts, and no other.
        assert_eq!(password(&gateway, NEW).await.status, 422);
        assert!(password(&gateway, AN).await.url.path().ends_with("/totp"));

        // Opening the link takes nothing; the button does, once, in any browser.
        let link = gateway.mailed_link(PRO, NEW).await;
        let mut other = gateway.browser();
        other.get(&link).await;
        let page = other.get(&link).await;
        assert_eq!(page.headers["referrer-policy"], "same-origin");
        let done = other.press(&page, "/account/address/confirm", &[]).await;
        assert_eq!(done.status, 200, "{}", done.text);
        assert_eq!(other.press(&page, "/account/address/confirm", &[]).await.status, 410, "it works once");
        assert_eq!(kinds(&gateway, AN).await, ["reset_link", "address_changing", "address_changed"]);
        assert_eq!(gateway.lines_of("address.changed").await.len(), 1);
        // What was given on the old address ends: sessions, and links that reset the password.
        assert!(browser.get("/factors").await.is_at("/login/"));
        assert_eq!(gateway.browser().get(&old_link).await.status, 410);
        assert_eq!(password(&gateway, AN).await.status, 422);
        assert!(password(&gateway, NEW).await.url.path().ends_with("/totp"));
    }
}

#[tokio::test]
async fn login_7_the_link_expires_and_a_change_of_mind_ends_it() {
    for gateway in Gateway::demos().await {
        let mut browser = signed_in(&gateway, AN).await;
        ask(&mut browser, NEW).await;
        let first = gateway.mailed_link(PRO, NEW).await;
        ask(&mut browser, "an.anders@example.org").await;
        let second = gateway.mailed_link(PRO, "an.anders@example.org").await;
        let mut other = gateway.browser();
        let stale = other.get(&first).await;
        let page = other.get(&second).await;
        assert_eq!(other.press(&page, "/account/address/confirm", &[]).await.status, 200);
        assert_eq!(other.press(&stale, "/account/address/confirm", &[]).await.status, 410, "only one of both");
        let mut browser = gateway.browser();
        let page = browser.get("/").await;
        let page = browser.follow(&page, "second=totp").await;
        let page = browser.submit(&page, &[("user_name", "an.anders@example.org"), ("password", PASSWORD)]).await;
        gateway.advance(Duration::from_secs(30));
        let code = gateway.app_code(PRO, "an.anders@example.org").await;
        browser.submit(&page, &[("code", &code)]).await;
        ask(&mut browser, NEW).await;
        let link = gateway.mailed_link(PRO, NEW).await;
        gateway.advance(gateway.tenant().terms.reset_link);
        assert_eq!(browser.get(&link).await.status, 410, "{}", gateway.name());
    }
}

#[tokio::test]
async fn login_7_the_old_address_objects_before_and_after() {
    for gateway in Gateway::demos().await {
        for confirmed in [false, true] {
            let mut browser = signed_in(&gateway, AN).await;
            ask(&mut browser, NEW).await;
            let objection = gateway.mailed_link(PRO, AN).await;
            let link = gateway.mailed_link(PRO, NEW).await;
            let mut other = gateway.browser();
            let page = other.get(&link).await;
            if confirmed {
                assert_eq!(other.press(&page, "/account/address/confirm", &[]).await.status, 200);
                assert_eq!(password(&gateway, AN).await.status, 422);
            }
            let objecting = other.get(&objection).await;
            let done = other.press(&objecting, "/account/address/object", &[]).await;
            assert_eq!(done.status, 200, "{}", done.text);
            assert_eq!(other.press(&objecting, "/account/address/object", &[]).await.status, 410);
            assert_eq!(other.press(&page, "/account/address/confirm", &[]).await.status, 410, "it does not happen");
            assert!(browser.get("/factors").await.is_at("/login/"), "whoever asked is out");
            assert!(password(&gateway, AN).await.url.path().ends_with("/totp"), "{}", gateway.name());
            assert_eq!(password(&gateway, NEW).await.status, 422);
        }
        let undone: Vec<_> = gateway.lines_of("address.objected").await;
        assert_eq!(undone.len(), 2);
    }
}

/// A thief who changes the address twice does not hide the first change behind the second.
#[tokio::test]
async fn login_7_an_objection_counts_whatever_came_after_the_change() {
    const NEXT: &str = "an.anders@example.org";
    for gateway in Gateway::demos().await {
        let confirm = async |email: &str| {
            let link = gateway.mailed_link(PRO, email).await;
            let mut browser = gateway.browser();
            let page = browser.get(&link).await;
            assert_eq!(browser.press(&page, "/account/address/confirm", &[]).await.status, 200, "{email}");
        };
        let mut thief = signed_in(&gateway, AN).await;
        ask(&mut thief, NEW).await;
        let objection = gateway.mailed_link(PRO, AN).await;
        confirm(NEW).await;
        let mut thief = gateway.browser();
        let page = thief.get("/").await;
        let page = thief.follow(&page, "second=totp").await;
        let page = thief.submit(&page, &[("user_name", NEW), ("password", PASSWORD)]).await;
        gateway.advance(Duration::from_secs(30));
        let code = gateway.app_code(PRO, NEW).await;
        thief.submit(&page, &[("code", &code)]).await;
        ask(&mut thief, NEXT).await;
        let theirs = gateway.mailed_link(PRO, NEW).await;
        confirm(NEXT).await;

        let mut owner = gateway.browser();
        let page = owner.get(&objection).await;
        let done = owner.press(&page, "/account/address/object", &[]).await;
        assert_eq!(done.status, 200, "{}", done.text);
        assert!(password(&gateway, AN).await.url.path().ends_with("/totp"), "{}", gateway.name());
        for email in [NEW, NEXT] {
            assert_eq!(password(&gateway, email).await.status, 422, "{email}");
        }
        assert_eq!(gateway.browser().get(&theirs).await.status, 410, "the thief objects to nothing");
    }
}

#[tokio::test]
async fn login_7_nothing_tells_whether_an_address_is_somebodys_but_its_own_mailbox() {
    for gateway in Gateway::demos().await {
        let mut browser = signed_in(&gateway, AN).await;
        let free = ask(&mut browser, NEW).await;
        let known = ask(&mut browser, JAN).await;
        assert_eq!(without_nonces(&free.text), without_nonces(&known.text));
        assert_eq!((free.status, free.headers.len()), (known.status, known.headers.len()));
        assert_eq!(kinds(&gateway, JAN).await, ["address_taken"], "{}", gateway.name());
        assert_eq!(kinds(&gateway, AN).await, ["address_changing"; 2], "the old address hears the same");
        // A third, then no more: of this person.
        ask(&mut browser, MARIE).await;
        ask(&mut browser, "an.vierde@example.org").await;
        assert!(kinds(&gateway, "an.vierde@example.org").await.is_empty());
        assert_eq!(gateway.lines_of("address.asked").await.len(), 4);
        // What cannot be an address is called so, before anything is looked up.
        let page = browser.get("/account/address").await;
        for typed in ["", "an", "an@", "an@b@c"] {
            assert_eq!(browser.submit(&page, &[("email", typed)]).await.status, 422, "{typed}");
        }
    }
}

#[tokio::test]
async fn login_7_it_asks_for_a_fresh_login_that_is_worth_as_much_as_one_has() {
    let gateway = Gateway::demo().await;
    let mut browser = gateway.browser();
    let page = browser.get("/").await;
    browser.prove_by_mail(&page, PRO, AN).await;
    let page = browser.get("/account/address").await;
    assert!(page.is_at("/login/") && !page.text.contains("second=email-code"), "a code by mail is less: {}", page.text);
    let page = browser.prove(&page, PRO, AN).await;
    assert_eq!(page.url.path(), "/account/address", "{}", page.text);
    let form = page;
    gateway.advance(Duration::from_secs(15 * 60));
    let page = browser.submit(&form, &[("email", NEW)]).await;
    assert!(page.is_at("/login/"), "{} {}", page.url, page.text);
    assert!(kinds(&gateway, NEW).await.is_empty());
}

#[tokio::test]
async fn login_6_many_spellings_of_one_registration_number_are_one_account() {
    let numbered = |tenant: &mut poort::domain::tenant::Tenant| {
        if tenant.id.as_str() == PRO {
            tenant.user_name = UserName::RegistrationNumber;
        }
    };
    for gateway in Gateway::demos_with(numbered).await {
        let number = gateway.number(PRO, JAN).await;
        let apart = |sign: &str| [&number[..1], &number[1..6], &number[6..8], &number[8..]].join(sign);
        for typed in [
            &number,
            &apart("-"),
            &apart("."),
            &apart(" "),
            &format!(" {number} "),
            &format!("{}001", &number[..8]),
            JAN,
            "JAN.claes@example.org",
        ] {
            let mut browser = gateway.browser();
            let page = browser.get("/password/forgotten").await;
            gateway.later();
            assert_eq!(browser.submit(&page, &[("user_name", typed)]).await.status, 200, "{typed}");
        }
        assert_eq!(kinds(&gateway, JAN).await, ["reset_link"; 3], "{}", gateway.name());
    }
}
