//! Changing what somebody logs in with (CVE-2026-3429, CVE-2026-37982, S14): by who left a session open, by who has less than its
//! owner, from another site, until nothing is left, or by trying codes.

use std::time::Duration;

use futures_util::future::join;
use http::Method;

use crate::{
    harness::{
        application::encoded,
        authenticator::{Authenticator, Lie},
        browser::{Browser, Page},
        demo::{AN, JAN, MARIE, PASSWORD},
        gateway::{Gateway, PRO},
    },
    stories::{codes, with_passkey},
};

const SESSION: &str = "__Host-poort-session";
const CHANGES: [&str; 7] = [
    "/factors/app",
    "/factors/app/remove",
    "/factors/passkeys",
    "/factors/passkeys/options",
    "/factors/passkeys/rename",
    "/factors/passkeys/remove",
    "/factors/recovery",
];

/// What there is: whether an app, how many passkeys, how many recovery codes.
async fn held(gateway: &Gateway, email: &str) -> (bool, usize, u32) {
    let id = gateway.id(email).await;
    let mut transaction = gateway.read_in(PRO).await;
    let app = transaction.authenticator(id).await.expect("reads").is_some();
    let passkeys = transaction.passkeys_of(id, &gateway.tenant().host).await.expect("reads").len();
    (app, passkeys, transaction.recovery_codes_left(id).await.expect("reads"))
}

/// Posts every change with what a page of this session has.
async fn try_all(browser: &Browser<'_>, page: &Page, passkey: &str) {
    let csrf = Browser::form(page, "/language").into_iter().find(|(name, _)| name == "csrf").expect("a token").1;
    for path in CHANGES {
        let url = format!("{}{path}", browser.gateway().tenant().origin);
        let fields =
            [("csrf", csrf.as_str()), ("passkey", passkey), ("name", "x"), ("answer", "{}"), ("code", "123456")];
        let reply = browser.once(Method::POST, &url, &[], Some(encoded(&fields))).await;
        assert_eq!((reply.status.as_u16(), reply.header("location")), (303, "/factors"), "{path}: {}", reply.text());
    }
    // Nor is a secret shown.
    let url = format!("{}/factors/app", browser.gateway().tenant().origin);
    let reply = browser.once(Method::GET, &url, &[], None).await;
    assert_eq!((reply.status.as_u16(), reply.header("location")), (303, "/factors"));
}

#[tokio::test]
async fn cve_2026_3429_cve_2026_37982_an_old_session_changes_nothing() {
    for gateway in Gateway::demos().await {
        let (mut browser, _) = with_passkey(&gateway, PRO, AN).await;
        let page = browser.get("/factors").await;
        let passkey = Browser::offered(&page, "passkey").first().cloned().expect("a passkey");
        gateway.advance(Duration::from_secs(15 * 60));
        let page = browser.get("/factors").await;
        try_all(&browser, &page, &passkey).await;
        assert_eq!(held(&gateway, AN).await, (true, 1, 0), "{}", gateway.name());
    }
}

#[tokio::test]
async fn cve_2026_3429_a_session_of_less_than_its_owner_has_changes_nothing() {
    for gateway in Gateway::demos().await {
        let (_, mut authenticator) = with_passkey(&gateway, PRO, AN).await;
        let mut browser = gateway.browser();
        let page = browser.get("/").await;
        gateway.later();
        browser.prove_by_mail(&page, PRO, AN).await;
        let page = browser.get("/factors").await;
        assert!(page.text.contains("/factors/confirm"), "{}", page.text);
        let id = gateway.id(AN).await;
        let kept = gateway.read_in(PRO).await.passkeys_of(id, &gateway.tenant().host).await.expect("reads");
        try_all(&browser, &page, &kept[0].id).await;
        assert_eq!(held(&gateway, AN).await, (true, 1, 0), "{}", gateway.name());
        // What the page asks for is a login that is worth as much: with it, one may.
        let page = browser.follow(&page, "/factors/confirm").await;
        assert!(!page.text.contains("second=email-code"), "{}", page.text);
        let page = browser.follow(&page, "/with/passkey").await;
        let page = browser.show_passkey(&page, &mut authenticator, &Lie::default()).await;
        assert_eq!(page.url.path(), "/factors", "{}", page.text);
        let page = browser.press(&page, "/factors/app/remove", &[]).await;
        assert_eq!((page.status.as_u16(), held(&gateway, AN).await), (200, (false, 1, 0)), "the twin");
    }
}

#[tokio::test]
async fn cve_2026_3429_anothers_passkey_is_not_renamed_or_removed() {
    for gateway in Gateway::demos().await {
        let (mut browser, _) = with_passkey(&gateway, PRO, AN).await;
        with_passkey(&gateway, PRO, JAN).await;
        let id = gateway.id(JAN).await;
        let kept = gateway.read_in(PRO).await.passkeys_of(id, &gateway.tenant().host).await.expect("reads");
        let page = browser.get("/factors").await;
        for path in ["/factors/passkeys/rename", "/factors/passkeys/remove"] {
            let refused = browser.press(&page, path, &[("passkey", &kept[0].id), ("name", "mine")]).await;
            assert_eq!(refused.status, 404, "{}: {path}", gateway.name());
        }
        let now = gateway.read_in(PRO).await.passkeys_of(id, &gateway.tenant().host).await.expect("reads");
        assert_eq!(now.iter().map(|key| key.name.as_str()).collect::<Vec<_>>(), ["Telefoon"]);
    }
}

#[tokio::test]
async fn csrf_what_one_logs_in_with_is_changed_from_its_own_page_alone() {
    let gateway = Gateway::demo().await;
    let (mut browser, _) = with_passkey(&gateway, PRO, AN).await;
    let page = browser.get("/factors").await;
    let csrf = Browser::form(&page, "/language").into_iter().find(|(name, _)| name == "csrf").expect("a token").1;
    for path in CHANGES {
        let url = format!("{}{path}", gateway.tenant().origin);
        let register = gateway.register(PRO);
        for (changes, token) in [
            (vec![("origin", "https://evil.example"), ("sec-fetch-site", "cross-site")], csrf.as_str()),
            (vec![("origin", register), ("sec-fetch-site", "same-site")], csrf.as_str()),
            (vec![], ""),
            (vec![], "x"),
        ] {
            let reply = browser.once(Method::POST, &url, &changes, Some(encoded(&[("csrf", token)]))).await;
            assert!(matches!(reply.status.as_u16(), 400 | 403), "{path} {changes:?}: {}", reply.status);
        }
    }
    assert_eq!(held(&gateway, AN).await, (true, 1, 0));
    let page = browser.press(&page, "/factors/recovery", &[]).await;
    assert_eq!(codes(&page).len(), 10, "the twin");
}

#[tokio::test]
async fn login_5_something_to_log_in_with_is_left_also_of_two_removals_at_once() {
    for gateway in Gateway::demos_with(|tenant| {
        tenant.means.retain(|means| matches!(means.id.as_str(), "passkey" | "password-totp" | "password-passkey"));
    })
    .await
    {
        let mut browser = gateway.browser();
        let page = browser.get("/").await;
        browser.prove(&page, PRO, AN).await;
        let page = browser.get("/factors").await;
        let refused = browser.press(&page, "/factors/app/remove", &[]).await;
        assert_eq!(refused.status, 422, "{}: {}", gateway.name(), refused.text);
        assert!(refused.text.contains("Dit is het laatste waarmee u kunt inloggen"), "{}", refused.text);
        browser.add_passkey(&mut Authenticator::new(), "x").await;
        let page = browser.get("/factors").await;
        let passkey = Browser::offered(&page, "passkey").first().cloned().expect("a passkey");
        let body = |action: &str| {
            let mut fields = Browser::form(&page, action);
            fields.retain(|(name, _)| name != "passkey");
            fields.push(("passkey".into(), passkey.clone()));
            let fields: Vec<(&str, &str)> =
                fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            (format!("{}{action}", gateway.tenant().origin), encoded(&fields))
        };
        let (app, key) = (body("/factors/app/remove"), body("/factors/passkeys/remove"));
        let both = join(
            browser.once(Method::POST, &app.0, &[], Some(app.1)),
            browser.once(Method::POST, &key.0, &[], Some(key.1)),
        );
        let (one, other) = both.await;
        let mut statuses = [one.status.as_u16(), other.status.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses, [303, 422], "{}", gateway.name());
        let (app, passkeys, _) = held(&gateway, AN).await;
        assert!(app != (passkeys == 1), "one of both is left");
    }
}

#[tokio::test]
async fn s14_recovery_codes_are_counted_per_account_over_all_sessions_and_methods() {
    for gateway in Gateway::demos().await {
        let mut browser = gateway.browser();
        let page = browser.get("/").await;
        browser.prove(&page, PRO, AN).await;
        let page = browser.get("/factors").await;
        let kept = codes(&browser.press(&page, "/factors/recovery", &[]).await);
        let tries = gateway.tenant().terms.tries;
        // Each in a browser of its own; some try the app instead.
        for n in 0..=tries {
            let mut thief = gateway.browser();
            let page = thief.get("/").await;
            let (second, guess) =
                if n % 2 == 0 { ("recovery-code", "0000-0000-0000-0000") } else { ("totp", "000000") };
            let page = thief.follow(&page, &format!("second={second}")).await;
            let page = thief.submit(&page, &[("user_name", AN), ("password", PASSWORD)]).await;
            if page.url.path().ends_with(second) {
                thief.submit(&page, &[("code", guess)]).await;
            }
            assert!(thief.cookie(SESSION).is_none());
        }
        // Now even the right one has to wait, and is not lost by that.
        let right = async || {
            let mut owner = gateway.browser();
            let page = owner.get("/").await;
            let page = owner.follow(&page, "second=recovery-code").await;
            let page = owner.submit(&page, &[("user_name", AN), ("password", PASSWORD)]).await;
            if page.url.path().ends_with("recovery-code") {
                owner.submit(&page, &[("code", &kept[0])]).await;
            }
            owner.cookie(SESSION).is_some()
        };
        assert!(!right().await, "{}", gateway.name());
        assert_eq!(held(&gateway, AN).await.2, 10, "it was not judged");
        gateway.advance(gateway.tenant().terms.tries_window);
        assert!(right().await, "the twin");
    }
}

#[tokio::test]
async fn s14_of_four_with_one_recovery_code_one_gets_in() {
    for gateway in Gateway::demos().await {
        let mut browser = gateway.browser();
        let page = browser.get("/").await;
        browser.prove(&page, PRO, AN).await;
        let page = browser.get("/factors").await;
        let kept = codes(&browser.press(&page, "/factors/recovery", &[]).await);
        let mut waiting = Vec::new();
        for _ in 0..4 {
            let mut other = gateway.browser();
            let page = other.get("/").await;
            let page = other.follow(&page, "second=recovery-code").await;
            let page = other.submit(&page, &[("user_name", AN), ("password", PASSWORD)]).await;
            waiting.push((other, page));
        }
        let fields = [("code", kept[0].as_str())];
        let at_once = waiting.iter_mut().map(|(other, page)| other.submit(page, &fields));
        futures_util::future::join_all(at_once).await;
        let let_in = waiting.iter().filter(|(other, _)| other.cookie(SESSION).is_some()).count();
        assert_eq!(let_in, 1, "{}", gateway.name());
    }
}

/// Somebody who has a password and codes by mail, and nothing else here.
async fn without_app(gateway: &Gateway) {
    let id = gateway.id(MARIE).await;
    let mut transaction = gateway.begin_in(PRO).await;
    assert!(transaction.remove_authenticator(id).await.expect("removes"));
    transaction.commit().await.expect("commits");
}

/// Somebody with a password and codes by mail, and nothing else here: whoever reads their mail sets a new password, and is nobody new.
#[tokio::test]
async fn cve_2026_37982_a_password_that_was_forgotten_lets_nobody_set_up_an_app() {
    for gateway in Gateway::demos().await {
        without_app(&gateway).await;
        let mut thief = gateway.browser();
        let page = thief.get("/password/forgotten").await;
        thief.submit(&page, &[("user_name", MARIE)]).await;
        let page = thief.get(&gateway.mailed_link(PRO, MARIE).await).await;
        thief.submit(&page, &[("new_password", "klaproos langs het spoor")]).await;
        let page = thief.get("/").await;
        let page = thief.follow(&page, "second=totp").await;
        let page = thief.submit(&page, &[("user_name", MARIE), ("password", "klaproos langs het spoor")]).await;
        assert!(page.url.path().ends_with("/totp"), "{}: {} {}", gateway.name(), page.url, page.text);
        let seen = thief.get(&page.url.as_str().replace("/totp", "/app")).await;
        assert!(!seen.text.contains("id=\"secret\""), "{}", seen.text);
        assert!(thief.cookie(SESSION).is_none());
    }
}

/// The lesser of somebody's keys makes itself no better one, also where the better is another provider's.
#[tokio::test]
async fn cve_2026_3429_a_low_login_adds_nothing_where_another_provider_knows_its_owner() {
    for gateway in Gateway::demos().await {
        without_app(&gateway).await;
        let mut browser = gateway.browser();
        let page = browser.get("/").await;
        browser.prove_by_mail(&page, PRO, MARIE).await;
        let page = browser.get("/factors").await;
        assert!(page.text.contains("/factors/confirm"), "{}", page.text);
        try_all(&browser, &page, "x").await;
        assert_eq!(held(&gateway, MARIE).await, (false, 0, 0), "{}", gateway.name());
        let page = browser.follow(&page, "/factors/confirm").await;
        assert!(page.text.contains("/with/itsme") && !page.text.contains("second=email-code"), "{}", page.text);
    }
    // The twin: where there is nobody better to ask, she may.
    let gateway = Gateway::demo_with(|tenant| {
        tenant.means.retain(|means| !means.factors.iter().any(|factor| factor.is_federated()));
        tenant.openid_providers.clear();
    })
    .await;
    without_app(&gateway).await;
    let mut browser = gateway.browser();
    let page = browser.get("/").await;
    browser.prove_by_mail(&page, PRO, MARIE).await;
    assert!(browser.get("/factors/app").await.text.contains("id=\"secret\""));
}

/// What a thief logged in with it ends with it.
#[tokio::test]
async fn cve_2026_3429_what_is_removed_ends_every_other_login() {
    for gateway in Gateway::demos().await {
        let (mut thief, _) = with_passkey(&gateway, PRO, AN).await;
        gateway.later();
        let mut owner = gateway.browser();
        let page = owner.get("/").await;
        owner.prove(&page, PRO, AN).await;
        let page = owner.get("/factors").await;
        let passkey = Browser::offered(&page, "passkey").first().cloned().expect("a passkey");
        assert!(!thief.get("/factors").await.is_at("/login/"), "the twin: both are in");
        let page = owner.press(&page, "/factors/passkeys/remove", &[("passkey", &passkey)]).await;
        assert_eq!(page.status, 200, "{}", page.text);
        assert!(thief.get("/factors").await.is_at("/login/"), "{}", gateway.name());
        assert!(!owner.get("/factors").await.is_at("/login/"), "who removed it is in");
    }
}

#[tokio::test]
async fn cve_2026_37982_who_only_reads_somebodys_mail_sets_up_no_app_where_there_is_one() {
    for gateway in Gateway::demos().await {
        let mut thief = gateway.browser();
        let page = thief.get("/password/forgotten").await;
        thief.submit(&page, &[("user_name", AN)]).await;
        let page = thief.get(&gateway.mailed_link(PRO, AN).await).await;
        thief.submit(&page, &[("new_password", "klaproos langs het spoor")]).await;
        let page = thief.get("/").await;
        let page = thief.follow(&page, "second=totp").await;
        let page = thief.submit(&page, &[("user_name", AN), ("password", "klaproos langs het spoor")]).await;
        assert!(page.url.path().ends_with("/totp"), "{}: {} {}", gateway.name(), page.url, page.text);
        let app = page.url.as_str().replace("/totp", "/app");
        let seen = thief.get(&app).await;
        assert!(!seen.text.contains("id=\"secret\""), "{}", seen.text);
        let csrf = Browser::form(&page, "/language").into_iter().find(|(name, _)| name == "csrf").expect("a token").1;
        let before = gateway.app_code(PRO, AN).await;
        let token = "A".repeat(43);
        let body = encoded(&[("csrf", &csrf), ("app", &token), ("code", &before)]);
        let reply = thief.once(Method::POST, &app, &[], Some(body)).await;
        assert_eq!(reply.status, 404, "{}", reply.text());
        assert_eq!(gateway.app_code(PRO, AN).await, before, "the app is the owner's");
        assert!(thief.cookie(SESSION).is_none());
    }
}
