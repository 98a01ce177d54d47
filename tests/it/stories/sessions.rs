//! Staying signed in, and not: the sessions' rules, on one replica and on two.

use std::time::Duration;

use http::Method;
use poort::{domain::tenant::Tenant, storage::versions};

use crate::harness::{
    application::text,
    browser::Browser,
    demo::{AN, JAN, sample_tokens},
    gateway::{Gateway, PRO},
};

const SESSION: &str = "__Host-poort-session";
const MINUTE: Duration = Duration::from_secs(60);

fn host(gateway: &Gateway) -> &str {
    &gateway.tenant().registers[0].host
}

#[tokio::test]
async fn sessions_end_when_they_are_idle() {
    for gateway in Gateway::demos().await {
        let idle = gateway.tenant().terms.session_idle;
        let mut browser = gateway.browser();
        browser.open_as("/me", AN).await;
        for _ in 0..3 {
            gateway.advance(idle - MINUTE);
            assert_eq!(browser.ask("/me").await.status, 200, "use keeps it: {}", gateway.name());
        }
        gateway.advance(idle);
        assert_eq!(browser.ask("/me").await.status, 303);
        assert!(browser.get("/").await.is_at("/login/"), "on the login host too");
    }
}

/// On a shared computer: the person has left, and an application still asks the register in their name.
#[tokio::test]
async fn sessions_are_not_kept_alive_by_a_program_with_a_token() {
    let for_the_register = |tenant: &mut Tenant| {
        for client in &mut tenant.clients {
            client.audiences = vec![tenant.backends[0].audience.clone()];
        }
    };
    for gateway in Gateway::demos_with(for_the_register).await {
        let idle = gateway.tenant().terms.session_idle;
        let mut browser = gateway.browser();
        let tokens = sample_tokens(&mut browser, async |browser, page| {
            let page = browser.prove(&page, PRO, JAN).await;
            browser.submit(&page, &[("as", "professional:physician")]).await
        })
        .await;
        gateway.advance(4 * MINUTE);
        gateway.tick().await;
        let bearer = format!("Bearer {}", text(&tokens, "access_token"));
        let url = format!("{}/dossiers/{}", gateway.register(PRO), gateway.number(PRO, JAN).await);
        let reply = gateway.send(Method::GET, &url, &[("authorization", &bearer)], "").await;
        assert_eq!(reply.status, 200, "the twin: {}", gateway.name());
        gateway.advance(idle - 3 * MINUTE);
        assert!(browser.get("/").await.is_at("/login/"), "{}", gateway.name());
    }
}

#[tokio::test]
async fn sessions_end_however_much_they_are_used() {
    for gateway in Gateway::demos().await {
        let terms = &gateway.tenant().terms;
        let mut browser = gateway.browser();
        browser.open_as("/me", AN).await;
        let step = terms.session_idle - MINUTE;
        let steps = u32::try_from(terms.session_absolute.as_secs() / step.as_secs()).expect("a few");
        for _ in 0..steps {
            gateway.advance(step);
            assert_eq!(browser.ask("/me").await.status, 200, "{}", gateway.name());
        }
        gateway.advance(step);
        assert_eq!(browser.ask("/me").await.status, 303, "{}", gateway.name());
    }
}

#[tokio::test]
async fn sessions_last_use_is_written_at_most_once_a_minute() {
    for gateway in Gateway::demos().await {
        let mut browser = gateway.browser();
        browser.open_as("/me", AN).await;
        let seen = async || {
            let sessions = gateway.sessions(AN).await;
            sessions.into_iter().find(|session| session.register.is_some()).expect("a session").seen_at
        };
        let began = seen().await;
        gateway.tick().await;
        gateway.advance(MINUTE - Duration::from_millis(1));
        browser.ask("/me").await;
        assert_eq!(seen().await, began, "{}", gateway.name());
        gateway.advance(Duration::from_millis(1));
        browser.ask("/me").await;
        assert_eq!(seen().await, gateway.core().now());
    }
}

#[tokio::test]
async fn sessions_change_their_id_at_login_step_up_and_profile_change() {
    for gateway in Gateway::demos().await {
        let mut browser = gateway.browser();
        let page = browser.get("/").await;
        let page = browser.prove_by_mail(&page, PRO, JAN).await;
        let mut tokens = vec![browser.cookie(SESSION).expect("a session").to_owned()];
        browser.submit(&page, &[("as", "citizen")]).await;
        tokens.push(browser.cookie(SESSION).expect("a session").to_owned());
        let page = browser.get("/profile").await;
        browser.submit(&page, &[("as", "professional:physician")]).await;
        tokens.push(browser.cookie(SESSION).expect("a session").to_owned());
        let path = format!("/dossiers/{}", gateway.number(PRO, JAN).await);
        let page = browser.get(&format!("{}{path}", gateway.register(PRO))).await;
        let page = browser.follow(&page, "least=substantial").await;
        browser.prove(&page, PRO, JAN).await;
        tokens.push(browser.cookie(SESSION).expect("a session").to_owned());
        // Each but the last is dead.
        let now = tokens.pop().expect("one");
        for token in &tokens {
            assert_ne!(token, &now);
            let mut old = gateway.browser();
            old.set_cookie(SESSION, token);
            assert!(old.get("/").await.is_at("/login/"), "{}", gateway.name());
        }
        tokens.dedup();
        assert_eq!(tokens.len(), 3);
        assert!(!browser.get("/").await.is_at("/login/"), "the twin");
    }
}

#[tokio::test]
async fn sessions_are_listed_and_ended_by_their_owner_alone() {
    for gateway in Gateway::demos().await {
        let (mut here, mut there, mut other) = (gateway.browser(), gateway.browser(), gateway.browser());
        here.open_as("/me", AN).await;
        there.open_as("/me", AN).await;
        other.open_as_a("/me", JAN, "citizen").await;
        let page = here.get("/sessions").await;
        let handles = Browser::offered(&page, "session");
        assert!(handles.contains(&"others".to_owned()) && page.text.contains("Firefox – Linux"), "{}", page.text);
        // Another person's cannot be ended, and is not told from one that never was.
        let foreign = gateway.sessions(JAN).await;
        for handle in [foreign[0].id.to_string(), poort::base::id::SessionId::from_u128(5).to_string()] {
            assert_eq!(here.submit(&page, &[("session", &handle)]).await.status, 404, "{}", gateway.name());
        }
        assert_eq!(other.ask("/me").await.status, 200);
        let page = here.get("/sessions").await;
        here.submit(&page, &[("session", "others")]).await;
        assert_eq!(there.ask("/me").await.status, 303, "at its next request");
        assert!(there.get("/").await.is_at("/login/"));
        assert_eq!(here.ask("/me").await.status, 200, "the twin");
    }
}

#[tokio::test]
async fn sessions_cve_2026_34454_end_everywhere_when_one_signs_out() {
    for gateway in Gateway::demos().await {
        let mut browser = gateway.browser();
        browser.open_as("/me", AN).await;
        let page = browser.get("/").await;
        let stolen = browser.clone();
        let page = browser.press(&page, "/logout", &[]).await;
        assert!(page.is_at("/signed-out"), "{}", page.url);
        assert!(browser.cookie(SESSION).is_none(), "CVE-2026-34454: the cookie is cleared");
        assert_eq!(stolen.ask("/me").await.status, 303, "and what it was is dead: {}", gateway.name());
        let mut stolen = stolen;
        assert!(stolen.get("/").await.is_at("/login/"));
    }
}

#[tokio::test]
async fn sessions_end_everywhere_when_one_leaves_a_register() {
    for gateway in Gateway::demos().await {
        let mut browser = gateway.browser();
        browser.open_as("/me", AN).await;
        let url = format!("{}/.poort/leave", gateway.register(PRO));
        let foreign = browser.once(Method::POST, &url, &[("origin", "http://evil.example")], Some(String::new())).await;
        assert_eq!(foreign.status, 403);
        assert_eq!(browser.ask("/me").await.status, 200, "the twin: it lives");
        let reply = browser.once(Method::POST, &url, &[], Some(String::new())).await;
        assert_eq!(reply.status, 303);
        assert!(reply.header("set-cookie").contains("Max-Age=0"), "CVE-2026-34454");
        assert_eq!(browser.ask("/me").await.status, 303);
        assert!(browser.get("/").await.is_at("/login/"), "{}", gateway.name());
    }
}

#[tokio::test]
async fn sessions_can_be_extended_before_they_end() {
    for gateway in Gateway::demos().await {
        let idle = gateway.tenant().terms.session_idle;
        let mut browser = gateway.browser();
        browser.open_as("/me", AN).await;
        let page = browser.get("/").await;
        for _ in 0..2 {
            gateway.advance(idle - MINUTE);
            let page = browser.press(&page, "/sessions/extend", &[]).await;
            assert_eq!((page.status.as_u16(), page.url.path()), (200, "/"), "{}: {}", gateway.name(), page.text);
        }
        gateway.advance(idle);
        let page = browser.press(&page, "/sessions/extend", &[]).await;
        assert_eq!(page.status, 401, "what is over is not extended");
    }
}

#[tokio::test]
async fn freshness_what_ended_on_one_replica_is_gone_on_the_other_after_one_tick() {
    for gateway in Gateway::demos().await {
        let mut browser = gateway.browser();
        browser.open_as("/me", AN).await;
        let other = gateway.again().await;
        other.tick().await;
        let there = browser.at(&other);
        assert_eq!(there.ask("/me").await.status, 200, "the twin");
        assert_eq!(other.core().kept.len(), 1, "and it is kept in memory");
        let person = gateway.id(AN).await;
        let sessions = gateway.sessions(AN).await;
        let login = sessions.iter().find(|session| session.register.is_none()).expect("a login").id;
        assert!(poort::service::sessions::end(gateway.core(), gateway.tenant(), person, login).await.expect("ends"));
        assert_eq!(browser.ask("/me").await.status, 303, "at once where it ended");
        other.tick().await;
        let before = gateway.registers.count();
        assert_eq!(
            (there.ask("/me").await.status.as_u16(), gateway.registers.count()),
            (303, before),
            "{}",
            gateway.name()
        );
    }
}

#[tokio::test]
async fn freshness_each_request_may_come_to_another_replica() {
    for gateway in Gateway::demos().await {
        let other = gateway.again().await;
        // A login whose every step is answered by the replica that did not answer the last.
        let mut here = gateway.browser();
        let page = here.get(&format!("{}/me", gateway.register(PRO))).await;
        let mut there = here.at(&other);
        let page = there.follow(&page, "second=totp").await;
        let mut here = there.at(&gateway);
        let password = crate::harness::demo::PASSWORD;
        let page = here.submit(&page, &[("user_name", AN), ("password", password)]).await;
        let mut there = here.at(&other);
        gateway.advance(crate::harness::people::NEXT_CODE);
        let code = gateway.app_code(PRO, AN).await;
        let page = there.submit(&page, &[("code", &code)]).await;
        assert_eq!(page.text, "the register at /me", "{}", gateway.name());
        for replica in [&gateway, &other, &gateway, &other] {
            assert_eq!(there.at(replica).ask("/me").await.status, 200);
        }
    }
}

#[tokio::test]
async fn freshness_when_the_database_does_not_answer_it_is_503_and_nobody_is_logged_out() {
    for gateway in Gateway::demos().await {
        let mut browser = gateway.browser();
        browser.open_as("/me", AN).await;
        gateway.tick().await;
        assert_eq!(browser.ask("/me").await.status, 200, "the twin");
        gateway.core().store.close().await;
        // What was read counts for a second at most.
        tokio::time::sleep(versions::LEASE).await;
        let before = gateway.registers.count();
        for url in [format!("{}/", gateway.register(PRO)), format!("{}/", gateway.tenant().origin)] {
            let reply = browser.once(Method::GET, &url, &[], None).await;
            assert_eq!(reply.status, 503, "{}: {url}", gateway.name());
            assert_eq!((reply.header("retry-after"), reply.header("set-cookie")), ("5", ""));
        }
        assert_eq!(gateway.registers.count(), before);
        assert!(browser.cookie_of(host(&gateway), SESSION).is_some());
    }
}

#[tokio::test]
async fn freshness_ones_own_may_be_read_for_a_minute_where_the_route_says_so() {
    for gateway in Gateway::demos().await {
        let mut browser = gateway.browser();
        browser.open_as("/me", AN).await;
        gateway.core().store.close().await;
        tokio::time::sleep(versions::LEASE).await;
        gateway.advance(Duration::from_secs(59));
        assert_eq!(browser.ask("/me").await.status, 200, "{}", gateway.name());
        gateway.advance(Duration::from_secs(1));
        assert_eq!(browser.ask("/me").await.status, 503, "{}", gateway.name());
    }
}

#[tokio::test]
async fn freshness_a_closed_account_stops_at_the_next_request() {
    for gateway in Gateway::demos().await {
        let mut browser = gateway.browser();
        browser.open_as("/me", AN).await;
        gateway.tick().await;
        assert_eq!(browser.ask("/me").await.status, 200, "the twin");
        let person = gateway.id(AN).await;
        let mut transaction = gateway.begin().await;
        transaction.close_person(person, gateway.core().now()).await.expect("closes");
        transaction.commit().await.expect("commits");
        assert_eq!(browser.ask("/me").await.status, 303, "{}", gateway.name());
        assert!(browser.get("/").await.is_at("/login/"));
    }
}
