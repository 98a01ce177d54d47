//! Sections 4.6 and 4.7 of the advisories: cookies, and what is one tenant's, register's, browser's or person's alone.

use std::time::Duration;

use http::Method;

use crate::harness::{
    browser::Browser,
    demo::{AN, BRAM, ELS, HILDE, JAN, PASSWORD, SANNE},
    gateway::{Gateway, PRO, RGS},
};

const SESSION: &str = "__Host-poort-session";
const BROWSER: &str = "__Host-poort-browser";

#[tokio::test]
async fn cve_2026_25748_a_cookie_that_is_not_one_is_nobodys() {
    for gateway in Gateway::demos().await {
        let mut browser = gateway.browser();
        browser.open_as("/me", AN).await;
        let host = gateway.tenant().registers[0].host.clone();
        let good = browser.cookie_of(&host, SESSION).expect("a session").to_owned();
        let url = format!("{}/me", gateway.register(PRO));
        let ask = async |cookie: &str| {
            gateway.tick().await;
            gateway.browser().once(Method::GET, &url, &[("cookie", cookie)], None).await
        };
        let named = |value: &str| format!("{SESSION}={value}");
        assert_eq!(ask(&named(&good)).await.status, 200, "the twin");
        let before = gateway.registers.count();
        let last = good.chars().last().expect("a character");
        let other = if last == 'A' { 'E' } else { 'A' };
        for cookie in [
            named(""),
            named("null"),
            named("\"\""),
            named(&good[..42]),
            named(&format!("{good}A")),
            named(&format!("{good}=")),
            named(&format!("{}{other}", &good[..42])),
            named(&good.to_lowercase()),
            named(&format!("\"{good}\"")),
            named(&format!("{good},")),
            named(&format!("%{good}")),
            named(&good.replace(|c: char| c.is_ascii_lowercase(), "%61")),
            // Twice, whichever is first.
            format!("{}; {}", named(&good), named(&good)),
            format!("{}; {}", named(&good), named("x")),
            format!("{}; {}", named("x"), named(&good)),
            // By another name.
            format!("poort-session={good}"),
            format!("__host-poort-session={good}"),
            format!("__Secure-poort-session={good}"),
            format!("{SESSION} ={good}"),
            format!("$Version=1; {SESSION}2={good}"),
            format!("{BROWSER}={good}"),
            format!("x=\"; {SESSION}=\"; y={good}"),
        ] {
            let reply = ask(&cookie).await;
            assert_eq!(reply.status, 303, "{cookie}: {}", gateway.name());
        }
        let reply = ask(&named(&"A".repeat(40 * 1024))).await;
        assert_eq!(reply.status, 431, "oversized");
        let many = format!("{}{}", "a=1; ".repeat(2000), named(&good[..42]));
        assert_eq!(ask(&many).await.status, 303);
        assert_eq!(gateway.registers.count(), before, "nothing was forwarded");
        assert_eq!(ask(&format!("a=1; {}; b=2", named(&good))).await.status, 200, "the twin among others");
    }
}

#[tokio::test]
async fn cve_2026_25748_two_cookie_headers_are_read_as_one() {
    let gateway = Gateway::demo().await;
    let mut browser = gateway.browser();
    browser.open_as("/me", AN).await;
    let host = &gateway.tenant().registers[0].host;
    let good = format!("{SESSION}={}", browser.cookie_of(host, SESSION).expect("a session"));
    let url = format!("{}/me", gateway.register(PRO));
    for (cookies, status) in [
        ([("cookie", good.as_str()), ("cookie", "a=1")], 200),
        ([("cookie", "a=1"), ("cookie", good.as_str())], 200),
        ([("cookie", good.as_str()), ("cookie", good.as_str())], 303),
    ] {
        let headers: Vec<_> = [("accept", "text/html")].into_iter().chain(cookies).collect();
        assert_eq!(gateway.send(Method::GET, &url, &headers, "").await.status, status, "{cookies:?}");
    }
}

#[tokio::test]
async fn ghsa_9g98_5mj6_f9mv_no_name_that_is_seen_somewhere_is_a_session() {
    for gateway in Gateway::demos().await {
        let mut browser = gateway.browser();
        browser.open_as("/me", AN).await;
        let profile = browser.banner().await["profile"].as_str().expect("a handle").to_owned();
        let known = browser.cookie(BROWSER).expect("a browser").to_owned();
        let sessions = gateway.sessions(AN).await;
        let csrf = {
            let page = browser.get("/").await;
            Browser::form(&page, "/language").into_iter().find(|(name, _)| name == "csrf").expect("one").1
        };
        let digest = poort::base::token::TokenDigest::of(browser.cookie(SESSION).expect("a session").as_bytes()).text();
        let mut names = vec![profile, known, csrf, digest, gateway.id(AN).await.to_string()];
        names.extend(sessions.iter().map(|session| session.id.to_string()));
        for name in names {
            let mut thief = gateway.browser();
            thief.set_cookie(SESSION, &name);
            thief.set_cookie_of(&gateway.tenant().registers[0].host, SESSION, &name);
            assert_eq!(thief.ask("/me").await.status, 303, "{name}: {}", gateway.name());
            assert!(thief.get("/").await.is_at("/login/"), "{name}");
        }
        assert_eq!(browser.ask("/me").await.status, 200, "the twin");
    }
}

#[tokio::test]
async fn cve_2026_33496_a_session_is_one_hosts_also_when_it_is_kept_in_memory() {
    for gateway in Gateway::demos().await {
        let mut browser = gateway.browser();
        browser.open_as("/me", AN).await;
        let (pro, rgs) = (gateway.tenant_of(PRO).clone(), gateway.tenant_of(RGS).clone());
        let of_register = browser.cookie_of(&pro.registers[0].host, SESSION).expect("a session").to_owned();
        let of_login = browser.cookie(SESSION).expect("a session").to_owned();
        let ask = async |origin: &str, path: &str, value: &str| {
            let cookie = format!("{SESSION}={value}; {BROWSER}={}", "A".repeat(43));
            let headers = [("cookie", cookie.as_str()), ("accept", "text/html")];
            gateway.send(Method::GET, &format!("{origin}{path}"), &headers, "").await
        };
        let own = &pro.registers[0].origin;
        for _ in 0..2 {
            gateway.tick().await;
            assert_eq!(ask(own, "/me", &of_register).await.status, 200, "the twin");
            assert_eq!(ask(&pro.origin, "/", &of_login).await.status, 200, "the twin");
            let before = gateway.registers.count();
            for (origin, path, value) in [
                (own, "/me", &of_login),
                (&rgs.registers[0].origin, "/me", &of_register),
                (&rgs.registers[0].origin, "/me", &of_login),
                (&pro.origin, "/", &of_register),
                (&rgs.origin, "/", &of_register),
                (&rgs.origin, "/", &of_login),
            ] {
                let reply = ask(origin, path, value).await;
                assert_eq!(reply.status, 303, "{origin}{path}: {}", gateway.name());
                assert!(!reply.header("location").contains("/profile"), "{}", reply.header("location"));
            }
            assert_eq!(gateway.registers.count(), before);
        }
        assert_eq!(ask(own, "/me", &of_register).await.status, 200, "and it was not forgotten over it");
    }
}

#[tokio::test]
async fn cve_2026_33496_two_people_who_ask_the_same_get_their_own() {
    for gateway in Gateway::demos().await {
        let path = format!("/dossiers/{}", gateway.number(PRO, JAN).await);
        let (mut els, mut hilde) = (gateway.browser(), gateway.browser());
        els.open_for(&path, ELS, "Claes").await;
        let mut page = hilde.open_as("/me", HILDE).await;
        if !page.is_at("/profile/continue") {
            page = hilde.submit(&page, &[("as", "citizen")]).await;
        }
        let page = hilde.submit(&page, &[("as", "mandate_holder")]).await;
        hilde.choose_mandator(&page, "Dubois").await;
        for _ in 0..3 {
            gateway.tick().await;
            assert_eq!(els.ask(&path).await.status, 200);
            let got = gateway
                .registers
                .last()
                .claims(&gateway, &gateway.tenant().origin, "https://dossier.riziv.example")
                .await;
            assert_eq!(got["name"], "Els Peeters");
            assert_eq!(hilde.ask(&path).await.status, 404, "{}", gateway.name());
            hilde.ask("/me").await;
            let got = gateway
                .registers
                .last()
                .claims(&gateway, &gateway.tenant().origin, "https://dossier.riziv.example")
                .await;
            assert_eq!(got["name"], "Hilde Goossens");
        }
    }
}

/// The address that a browser is sent to with its entry code, not gone to.
async fn entry_of(browser: &mut Browser<'_>) -> String {
    let origin = browser.gateway().register(PRO).to_owned();
    let begun = browser.once(Method::GET, &format!("{origin}/.poort/begin?return=/me"), &[], None).await;
    let started = browser.once(Method::GET, begun.header("location"), &[], None).await;
    let enter = started.header("location").to_owned();
    assert!(enter.contains("/.poort/enter?code="), "{enter}");
    enter
}

#[tokio::test]
async fn xc49_mgwh_9pjv_an_entry_code_works_once_in_its_browser_on_its_host_for_a_minute() {
    for gateway in Gateway::demos().await {
        let mut browser = gateway.browser();
        browser.open_as("/me", AN).await;
        let enters = async |browser: &Browser<'_>, url: &str| {
            let reply = browser.once(Method::GET, url, &[], None).await;
            reply.header("set-cookie").contains(SESSION)
        };
        // Another browser, also one that is signed in: login CSRF.
        let url = entry_of(&mut browser).await;
        let mut victim = gateway.browser();
        victim.open_as_a("/me", JAN, "citizen").await;
        assert!(!enters(&victim, &url).await, "another browser: {}", gateway.name());
        assert!(!enters(&gateway.browser(), &url).await, "a browser without a cookie");
        // Another register's host, with the same browser cookie there.
        let foreign = url.replace(gateway.register(PRO), gateway.register(RGS));
        let mut there = browser.clone();
        let state = browser.cookie_of(&gateway.tenant().registers[0].host, BROWSER).expect("a browser").to_owned();
        there.set_cookie_of(&gateway.tenant_of(RGS).registers[0].host, BROWSER, &state);
        assert!(!enters(&there, &foreign).await, "another register");
        assert!(enters(&browser, &url).await, "the twin");
        assert!(!enters(&browser, &url).await, "once");
        // Expiry.
        let url = entry_of(&mut browser).await;
        gateway.advance(Duration::from_secs(60));
        assert!(!enters(&browser, &url).await, "too late");
        let url = entry_of(&mut browser).await;
        gateway.advance(Duration::from_millis(59_999));
        assert!(enters(&browser, &url).await, "the twin");
        // At the same time: one.
        let url = entry_of(&mut browser).await;
        let replies = futures_util::future::join_all((0..20).map(|_| enters(&browser, &url))).await;
        assert_eq!(replies.into_iter().filter(|won| *won).count(), 1, "{}", gateway.name());
        // After signing out.
        let url = entry_of(&mut browser).await;
        let page = browser.get("/").await;
        browser.press(&page, "/logout", &[]).await;
        assert!(!enters(&browser, &url).await, "the login is over");
    }
}

#[tokio::test]
async fn cve_2025_64431_nothing_of_one_tenant_counts_at_another() {
    for gateway in Gateway::demos().await {
        let (pro, rgs) = (gateway.tenant_of(PRO).clone(), gateway.tenant_of(RGS).clone());
        // The same browser cookie on both hosts, as if one could plant it.
        let mut browser = gateway.browser();
        let here = browser.get(&format!("{}/", pro.origin)).await;
        let shared = browser.cookie_of(&pro.host, BROWSER).expect("a browser").to_owned();
        browser.set_cookie_of(&rgs.host, BROWSER, &shared);
        // An attempt.
        let path = here.url.path().to_owned();
        let there = browser.get(&format!("{}{path}", rgs.origin)).await;
        assert!(!there.text.contains("second=totp"), "{}: {}", gateway.name(), there.text);
        // People: who is known here is nobody there.
        let page = browser.get(&format!("{}/", rgs.origin)).await;
        let page = browser.follow(&page, "second=totp").await;
        let refused = browser.submit(&page, &[("user_name", AN), ("password", PASSWORD)]).await;
        assert_eq!(refused.status, 422);
        let second = browser.submit(&page, &[("user_name", SANNE), ("password", PASSWORD)]).await;
        assert!(second.url.path().ends_with("/totp"), "the twin: {}", second.url);
        // The mailed code of an attempt of here, at an attempt of there.
        let page = browser.follow(&here, "second=email-code").await;
        browser.submit(&page, &[("user_name", AN), ("password", PASSWORD)]).await;
        let code = gateway.mailed_code(PRO, AN).await;
        let page = browser.get(&format!("{}/", rgs.origin)).await;
        let page = browser.follow(&page, "second=email-code").await;
        let page = browser.submit(&page, &[("user_name", SANNE), ("password", PASSWORD)]).await;
        let own = gateway.mailed_code(RGS, SANNE).await;
        if code != own {
            assert_eq!(browser.submit(&page, &[("code", &code)]).await.status, 422);
        }
        let done = browser.submit(&page, &[("code", &own)]).await;
        assert!(done.is_at("/profile"), "the twin: {} {}", done.url, done.text);
        // A choice of profile, a profile's handle, a person and a session of there, here.
        let choice = done.url.query().expect("an attempt").to_owned();
        let mut signed_in = gateway.browser();
        signed_in.open_as("/me", AN).await;
        gateway.browser().open_as("/me", AN).await;
        let shown = signed_in.get(&format!("{}/profile?{choice}", pro.origin)).await;
        assert!(!shown.text.contains("name=\"as\""), "{}", shown.text);
        let sanne = gateway.person(RGS, SANNE).await.id;
        let foreign = gateway.read_in(RGS).await.sessions_of(sanne, gateway.core().now()).await.expect("reads");
        let page = signed_in.get("/sessions").await;
        let refused = signed_in.submit(&page, &[("session", &foreign[0].id.to_string())]).await;
        assert_eq!(refused.status, 404);
        assert_eq!(gateway.read_in(RGS).await.sessions_of(sanne, gateway.core().now()).await.expect("reads").len(), 1);
    }
}

#[tokio::test]
async fn cve_2025_64431_a_profile_handle_of_another_person_names_nobody() {
    for gateway in Gateway::demos().await {
        let mut trainer = gateway.browser();
        let page = trainer.get(&format!("{}/me", gateway.register(RGS))).await;
        let page = trainer.prove(&page, RGS, BRAM).await;
        trainer.submit(&page, &[("as", "role:trainer")]).await;
        let banner = async |browser: &Browser<'_>, tenant: &str| {
            let url = format!("{}/.poort/session", gateway.register(tenant));
            let banner = browser.once(Method::GET, &url, &[], None).await.json();
            banner["profile"].as_str().expect("a handle").to_owned()
        };
        let of_other_tenant = banner(&trainer, RGS).await;
        let mut jan = gateway.browser();
        jan.open_as_a("/me", JAN, "citizen").await;
        let of_jan = banner(&jan, PRO).await;
        let number = gateway.number(PRO, JAN).await;
        let mut els = gateway.browser();
        els.open_for(&format!("/dossiers/{number}"), ELS, "Claes").await;
        let own = banner(&els, PRO).await;
        let before = gateway.registers.count();
        for handle in [&of_jan, &of_other_tenant] {
            let reply = els.post(&format!("/dossiers/{number}/remarks"), &format!("poort_profile={handle}")).await;
            assert_eq!(reply.status, 409, "{}", gateway.name());
            assert!(!reply.text().contains("Burger") && !reply.text().contains("Bram"), "{}", reply.text());
        }
        assert_eq!(gateway.registers.count(), before);
        let reply = els.post(&format!("/dossiers/{number}/remarks"), &format!("poort_profile={own}")).await;
        assert_eq!(reply.status, 200, "the twin");
    }
}
