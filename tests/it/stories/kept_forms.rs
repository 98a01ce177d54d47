//! LOGIN-9: a form whose session has ended is kept until its owner logged in again, and sent on once.

use std::time::Duration;

use http::{Method, StatusCode};
use poort::{domain::mandate::Holder, http::cookies::SESSION, service::kept_forms};

use crate::harness::{
    application::encoded,
    browser::{Browser, Page},
    demo::{ELS, JAN, LOTTE, TOM},
    gateway::{Gateway, PRO, Reply},
};

const REMARK: &str = "Bel mij, a.u.b. & <snel>";
const MINUTE: Duration = Duration::from_secs(60);

/// Els acts for Jan, and fills in a remark; her session runs out before she sends it.
struct Scene<'g> {
    browser: Browser<'g>,
    /// Where the form goes.
    path: String,
    /// What she filled in.
    body: String,
}

impl<'g> Scene<'g> {
    async fn begin(gateway: &'g Gateway) -> Self {
        let mut browser = gateway.browser();
        browser.open_for("/me", ELS, "Claes").await;
        let handle = browser.banner().await["profile"].as_str().expect("a profile").to_owned();
        let path = format!("/dossiers/{}/remarks", gateway.number(PRO, JAN).await);
        let body = encoded(&[("poort_profile", &handle), ("remark", REMARK)]);
        gateway.advance(gateway.tenant().terms.session_idle + MINUTE);
        Self { browser, path, body }
    }

    async fn send(&self) -> Reply {
        self.browser.post(&self.path, &self.body).await
    }

    /// Sends it, and goes where that leads: to the page of keys.
    async fn send_and_go(&mut self) -> Page {
        let reply = self.send().await;
        // No redirect, which the policy of the register's own page may not allow after a form.
        assert_eq!(reply.status, StatusCode::OK, "{}", reply.text());
        let to = reply.header("refresh").strip_prefix("0;url=").expect("somewhere to go");
        let to = format!("{}{to}", self.browser.gateway().register(PRO));
        let page = self.browser.get(&to).await;
        assert!(page.is_at("/login/"), "{} {}", page.url, page.text);
        page
    }
}

#[tokio::test]
async fn login_9_what_was_filled_in_is_kept_shown_and_sent_once_after_logging_in_again() {
    for gateway in Gateway::demos().await {
        let mut scene = Scene::begin(&gateway).await;
        let before = gateway.registers.count();
        let page = scene.send_and_go().await;
        let other = gateway.again().await;
        let Scene { mut browser, path, body } = scene;
        let page = browser.prove(&page, PRO, ELS).await;
        let page = browser.choose_mandator(&page, "Claes").await;
        assert!(page.is_at("/.poort/kept"), "{} {}", page.url, page.text);
        assert!(page.text.contains("Bel mij, a.u.b. &#38; &#60;snel&#62;"), "what would be sent: {}", page.text);
        assert_eq!(gateway.registers.count(), before, "nothing was sent: {}", gateway.name());

        // Fifty at once, over two replicas: one passes.
        let form = encoded(&[(
            "form",
            &Browser::form(&page, "/.poort/kept").into_iter().find(|(n, _)| n == "form").expect("one").1,
        )]);
        let url = format!("{}/.poort/kept", gateway.register(PRO));
        let there = browser.at(&other);
        let clicks = (0..50).map(|click| {
            let browser = if click % 2 == 0 { &browser } else { &there };
            browser.once(Method::POST, &url, &[], Some(form.clone()))
        });
        let replies = futures_util::future::join_all(clicks).await;
        let passed = replies.iter().filter(|reply| reply.text().starts_with("the register at")).count();
        let told = replies.iter().filter(|reply| reply.text().contains("al verstuurd")).count();
        assert_eq!((passed, told), (1, 49), "{}", gateway.name());
        assert_eq!(gateway.registers.count(), before + 1);
        let got = gateway.registers.last();
        assert_eq!((&got.method, got.target.as_str()), (&Method::POST, path.as_str()));
        assert_eq!(got.body, body, "byte for byte");
        assert_eq!(got.header("content-type"), "application/x-www-form-urlencoded");
        // Loaded anew, it says so.
        assert!(browser.get(page.url.as_str()).await.text.contains("al verstuurd"));
        assert_eq!((gateway.lines_of("form.kept").await.len(), gateway.lines_of("form.sent").await.len()), (1, 1));
    }
}

#[tokio::test]
async fn login_9_another_person_or_browser_never_sees_or_sends_it() {
    let gateway = Gateway::demo().await;
    let mut scene = Scene::begin(&gateway).await;
    let before = gateway.registers.count();
    let page = scene.send_and_go().await;
    let page = scene.browser.prove(&page, PRO, TOM).await;
    let page = if page.is_at("/profile") { scene.browser.submit(&page, &[("as", "citizen")]).await } else { page };
    assert_eq!((page.url.path(), page.status), ("/.poort/kept", StatusCode::NOT_FOUND), "{}", page.text);
    assert!(!page.text.contains("Bel mij"), "{}", page.text);
    let token = page.parameter("form").expect("a token");
    let url = format!("{}/.poort/kept", gateway.register(PRO));
    let form = encoded(&[("form", &token)]);
    let sent = scene.browser.once(Method::POST, &url, &[], Some(form.clone())).await;
    assert_eq!(sent.status, StatusCode::NOT_FOUND);
    // Its owner in another browser, who has the address.
    let mut elsewhere = gateway.browser();
    elsewhere.open_for("/me", ELS, "Claes").await;
    let count = gateway.registers.count();
    assert_eq!(elsewhere.get(page.url.as_str()).await.status, StatusCode::NOT_FOUND);
    assert_eq!(elsewhere.once(Method::POST, &url, &[], Some(form)).await.status, StatusCode::NOT_FOUND);
    assert_eq!((gateway.registers.count(), count), (count, before + 1), "nothing was sent");
}

#[tokio::test]
async fn login_9_with_another_profile_it_waits_and_both_are_named() {
    let gateway = Gateway::demo().await;
    let mut scene = Scene::begin(&gateway).await;
    let before = gateway.registers.count();
    let page = scene.send_and_go().await;
    let page = scene.browser.prove(&page, PRO, ELS).await;
    let page = scene.browser.choose_mandator(&page, "D'Hondt").await;
    assert_eq!(page.status, StatusCode::CONFLICT, "{} {}", page.url, page.text);
    assert!(page.text.contains("Jan Claes") && page.text.contains("Hondt"), "{}", page.text);
    assert!(!page.text.contains("Bel mij"), "{}", page.text);
    let url = format!("{}/.poort/kept", gateway.register(PRO));
    let form = encoded(&[("form", &page.parameter("form").expect("a token"))]);
    assert_eq!(scene.browser.once(Method::POST, &url, &[], Some(form)).await.status, StatusCode::CONFLICT);
    assert_eq!(gateway.registers.count(), before);
    // With the one for which it was made, it waits.
    let page = scene.browser.follow(&page, "choose=1").await;
    let page = scene.browser.choose_mandator(&page, "Claes").await;
    assert!(page.is_at("/.poort/kept") && page.text.contains("Bel mij"), "{} {}", page.url, page.text);
}

/// Who would be refused has not lost what they filled in.
#[tokio::test]
async fn login_9_one_logs_in_as_surely_as_before_and_what_is_refused_is_not_taken() {
    let gateway = Gateway::demo().await;
    let mut scene = Scene::begin(&gateway).await;
    let page = scene.send_and_go().await;
    assert!(!page.text.contains("second=email-code"), "a weaker login would be refused there: {}", page.text);
    let page = scene.browser.prove(&page, PRO, ELS).await;
    let page = scene.browser.choose_mandator(&page, "Claes").await;
    let before = gateway.registers.count();
    let mandate = gateway.mandate(JAN, Holder::Person(gateway.id(ELS).await)).await;
    gateway.end_mandate(mandate).await;
    gateway.tick().await;
    let refused = scene.browser.press(&page, "/.poort/kept", &[]).await;
    assert!(!refused.text.starts_with("the register at"), "{}", refused.text);
    assert_eq!((gateway.registers.count(), gateway.lines_of("form.sent").await.len()), (before, 0));
}

#[tokio::test]
async fn login_9_what_comes_from_elsewhere_is_no_form_or_too_much_is_not_kept() {
    let gateway = Gateway::demo().await;
    let scene = Scene::begin(&gateway).await;
    let url = format!("{}{}", gateway.register(PRO), scene.path);
    let large = format!("{}&x={}", scene.body, "x".repeat(kept_forms::LARGEST));
    for (name, changes, body) in [
        ("another site", &[("origin", "https://evil.example"), ("sec-fetch-site", "cross-site")][..], &scene.body),
        ("a sibling", &[("origin", gateway.tenant().origin.as_str()), ("sec-fetch-site", "same-site")], &scene.body),
        ("nobody says from where", &[("origin", ""), ("sec-fetch-site", "")], &scene.body),
        ("JSON", &[("content-type", "application/json")], &scene.body),
        ("a script", &[("sec-fetch-mode", "cors")], &scene.body),
        ("a program", &[("accept", "application/json")], &scene.body),
        ("packed", &[("content-encoding", "gzip")], &scene.body),
        ("too large", &[], &large),
    ] {
        let reply = scene.browser.once(Method::POST, &url, changes, Some(body.clone())).await;
        assert!(matches!(reply.status.as_u16(), 401 | 403 | 413), "{name}: {} {}", reply.status, reply.text());
    }
    let mut nobody = scene.browser.clone();
    nobody.drop_cookie_of(
        gateway.register(PRO).trim_start_matches("http://").split(':').next().expect("a host"),
        SESSION,
    );
    assert_eq!(nobody.once(Method::POST, &url, &[], Some(scene.body.clone())).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(gateway.lines_of("form.kept").await.len(), 0);
    // The twin, and not more than five.
    for count in 1..=6 {
        let reply = scene.send().await;
        let expected = if count <= 5 { StatusCode::OK } else { StatusCode::UNAUTHORIZED };
        assert_eq!(reply.status, expected, "{count}");
    }
    // They are forgotten in time.
    gateway.advance(31 * MINUTE);
    assert_eq!(scene.send().await.status, StatusCode::OK);
    gateway.advance(24 * 60 * MINUTE);
    assert_eq!(scene.send().await.status, StatusCode::UNAUTHORIZED, "the session is too long ago");
}

#[tokio::test]
async fn login_9_a_form_of_our_own_pages_is_kept_and_sent_once_too() {
    for gateway in Gateway::demos().await {
        let mut browser = gateway.browser();
        browser.open_within("/me", LOTTE).await;
        let page = browser.get("/organization").await;
        gateway.advance(gateway.tenant().terms.session_idle + MINUTE);
        let tom = gateway.id(TOM).await.to_string();
        let fields =
            [("member", tom.as_str()), ("right", "reporting"), ("day", "30"), ("month", "6"), ("year", "2027")];
        // With a token of another session it is no form of ours.
        let foreign =
            browser.clone().press(&page, "/organization/grant", &[&fields[..], &[("csrf", "x")]].concat()).await;
        assert_eq!(foreign.status, StatusCode::BAD_REQUEST, "{}", foreign.text);
        let login = browser.press(&page, "/organization/grant", &fields).await;
        assert!(login.is_at("/login/"), "{} {}", login.url, login.text);
        let page = browser.prove(&login, PRO, LOTTE).await;
        let organization = gateway.organization_of(LOTTE).await.to_string();
        let page = browser.submit(&page, &[("as", "citizen"), ("organization", &organization)]).await;
        assert!(page.is_at("/kept") && page.text.contains("reporting"), "{} {}", page.url, page.text);
        assert_eq!(gateway.grants(TOM).await.len(), 0, "nothing happened yet");
        let done = browser.press(&page, "/kept", &[]).await;
        assert_eq!(done.status, StatusCode::OK, "{}", done.text);
        assert_eq!(gateway.grants(TOM).await.len(), 1, "{}", gateway.name());
        let again = browser.press(&page, "/kept", &[]).await;
        assert!(again.text.contains("al verstuurd"), "{}", again.text);
        assert_eq!(gateway.grants(TOM).await.len(), 1);
    }
}
