//! Section 4.5 of the advisories: the steps of a login, the second factor, lockout, recovery, enumeration.

use std::time::Duration;

use http::Method;
use poort::base::id::AttemptId;

use crate::harness::{
    application::encoded,
    browser::{Browser, Page, without_nonces},
    demo::{AN, JAN, MARIE, PASSWORD, SANNE},
    gateway::{Gateway, PRO, RGS, Reply},
    people::NEXT_CODE,
};

const SESSION: &str = "__Host-poort-session";

/// The token of the forms of a page.
fn csrf(page: &Page) -> String {
    Browser::form(page, "/language").into_iter().find(|(name, _)| name == "csrf").expect("a token").1
}

/// The path of the attempt that a page belongs to.
fn attempt(page: &Page) -> String {
    page.url.path().split('/').take(3).collect::<Vec<_>>().join("/")
}

/// A browser at the page that asks for a means, the path of its attempt, and the token of its forms.
async fn begun(gateway: &Gateway) -> (Browser<'_>, Page, String, String) {
    let mut browser = gateway.browser();
    let page = browser.get("/").await;
    let (attempt, csrf) = (attempt(&page), csrf(&page));
    (browser, page, attempt, csrf)
}

/// Posts to a step, whatever page is shown.
async fn post(browser: &Browser<'_>, path: &str, fields: &[(&str, &str)]) -> Reply {
    let url = format!("{}{path}", browser.gateway().tenant().origin);
    browser.once(Method::POST, &url, &[], Some(encoded(fields))).await
}

/// Nobody was let in, and no step was skipped.
fn leads_nowhere(reply: &Reply, what: &str) {
    assert!(!reply.header("set-cookie").contains(SESSION), "{what}: {}", reply.status);
    assert!(!reply.header("location").contains("/profile"), "{what}: {}", reply.header("location"));
}

#[tokio::test]
async fn cve_2026_18963_cve_2024_28197_no_step_is_skipped_repeated_or_reordered() {
    for gateway in Gateway::demos().await {
        let (mut browser, page, attempt, csrf) = begun(&gateway).await;
        let mails = async || gateway.mails(PRO, AN).await.len();
        let steps = async |browser: &Browser<'_>, others: &[&str], what: &str| {
            let app = gateway.app_code(PRO, AN).await;
            for step in others {
                let reply = post(browser, &format!("{attempt}/{step}"), &[("csrf", &csrf), ("code", &app)]).await;
                leads_nowhere(&reply, &format!("{what}, then {step}"));
                assert_eq!(reply.header("location"), "", "{what}, then {step}");
            }
        };
        // Before the password, the second steps.
        steps(&browser, &["totp", "email-code", "email-code/send"], "nothing").await;
        for step in ["totp", "email-code"] {
            let seen = browser.get(&format!("{attempt}/{step}")).await;
            assert!(!seen.text.contains("name=\"code\""), "its page is not shown either");
        }
        assert_eq!(mails().await, 0);
        // After the password for one means, the second step of the other.
        let password = browser.follow(&page, "second=totp").await;
        browser.submit(&password, &[("user_name", AN), ("password", PASSWORD)]).await;
        steps(&browser, &["email-code", "email-code/send"], "the password for the app").await;
        assert_eq!(mails().await, 0, "no code is sent to who did not choose it");
        let password = browser.follow(&page, "second=email-code").await;
        browser.submit(&password, &[("user_name", AN), ("password", PASSWORD)]).await;
        steps(&browser, &["totp"], "the password for the mail").await;
        let code = gateway.mailed_code(PRO, AN).await;
        // Choosing the means anew forgets what was proved, and the code is of the other.
        let password = browser.follow(&page, "second=totp").await;
        let second = browser.submit(&password, &[("user_name", AN), ("password", PASSWORD)]).await;
        let reply = post(&browser, &format!("{attempt}/email-code"), &[("csrf", &csrf), ("code", &code)]).await;
        leads_nowhere(&reply, "the code of the means before");
        // The twin: every step in its turn.
        gateway.advance(NEXT_CODE);
        let app = gateway.app_code(PRO, AN).await;
        let done = browser.submit(&second, &[("code", &app)]).await;
        assert_eq!((done.status.as_u16(), done.url.path()), (200, "/"), "{}", gateway.name());
        // And once more: it is over.
        gateway.advance(NEXT_CODE);
        let app = gateway.app_code(PRO, AN).await;
        let now = self::csrf(&done);
        for step in ["totp", "email-code", "password"] {
            let fields =
                [("csrf", now.as_str()), ("code", &app), ("second", "totp"), ("user_name", AN), ("password", PASSWORD)];
            let reply = post(&browser, &format!("{attempt}/{step}"), &fields).await;
            leads_nowhere(&reply, &format!("{step} after the end"));
            assert_eq!(reply.header("location"), "");
        }
    }
}

#[tokio::test]
async fn cve_2026_49443_cve_2026_54730_empty_and_foreign_bodies_pass_no_step() {
    for gateway in Gateway::demos().await {
        let (mut browser, page, attempt, csrf) = begun(&gateway).await;
        let token = ("csrf", csrf.as_str());
        // What a form of another step, or somebody who guesses the server's own words, would send.
        let bodies: [&[(&str, &str)]; 8] = [
            &[token],
            &[token, ("code", "")],
            &[token, ("second", "totp")],
            &[token, ("user_name", AN)],
            &[token, ("password", PASSWORD)],
            &[token, ("user_name", ""), ("password", ""), ("code", ""), ("second", "totp")],
            &[
                token,
                ("proved", "2"),
                ("person", "1"),
                ("means", "password-totp"),
                ("assurance", "high"),
                ("step", "done"),
            ],
            &[token, ("as", "citizen"), ("attempt", "1"), ("token", "x"), ("new_password", PASSWORD)],
        ];
        let steps = ["password", "totp", "email-code"];
        for what in ["at the beginning", "after the password"] {
            for step in steps {
                for body in bodies {
                    let reply = post(&browser, &format!("{attempt}/{step}"), body).await;
                    leads_nowhere(&reply, &format!("{what}: {step} {body:?}"));
                    assert!(
                        reply.header("location").is_empty(),
                        "{what}: {step} {body:?}: {}",
                        reply.header("location")
                    );
                    assert!(!reply.status.is_server_error(), "{what}: {step} {body:?}");
                }
            }
            if what == "at the beginning" {
                let password = browser.follow(&page, "second=totp").await;
                let good = [("user_name", AN), ("password", PASSWORD), ("proved", "2"), ("person", "1"), ("x", "")];
                let fields: Vec<_> = [("csrf", csrf.as_str()), ("second", "totp")].into_iter().chain(good).collect();
                let reply = post(&browser, password.url.path(), &fields).await;
                assert!(reply.header("location").ends_with("/totp"), "further fields change nothing");
            }
        }
        // A field that comes twice is one too many, at every step.
        for step in steps {
            let twice =
                [token, token, ("second", "totp"), ("user_name", AN), ("password", PASSWORD), ("code", "123456")];
            let reply = post(&browser, &format!("{attempt}/{step}"), &twice).await;
            assert_eq!(reply.status, 400, "{step}");
        }
        // The twin: the step is still open, and its own body passes it.
        gateway.advance(NEXT_CODE);
        let app = gateway.app_code(PRO, AN).await;
        let reply = post(&browser, &format!("{attempt}/totp"), &[token, ("code", &app)]).await;
        assert!(reply.header("location").contains("/profile"), "{}: {}", gateway.name(), reply.text());
    }
}

#[tokio::test]
async fn cve_2026_7507_a_session_from_before_the_login_is_not_the_one_after() {
    for gateway in Gateway::demos().await {
        // The attacker signs in as themselves and puts that cookie into the victim's browser.
        let mut attacker = gateway.browser();
        attacker.open_as_a("/me", MARIE, "citizen").await;
        let planted = attacker.cookie(SESSION).expect("a session").to_owned();
        let mut victim = gateway.browser();
        victim.set_cookie(SESSION, &planted);
        let page = victim
            .get(&format!(
                "{}/start?register=dossier&return=/me&state={}&least=high",
                gateway.tenant().origin,
                "A".repeat(43)
            ))
            .await;
        assert_eq!(page.status, 200, "{}", page.text);
        victim.drop_cookie_of(&gateway.tenant().host, SESSION);
        let page = victim.get("/").await;
        victim.set_cookie(SESSION, &planted);
        let page = victim.get(page.url.as_str()).await;
        victim.prove(&page, PRO, AN).await;
        let own = victim.cookie(SESSION).expect("a session").to_owned();
        assert_ne!(own, planted, "{}", gateway.name());
        // The attacker's cookie is nobody's any more, and so are the sessions that it opened.
        assert!(attacker.get("/").await.is_at("/login/"));
        assert_eq!(attacker.ask("/me").await.status, 303);
        let account = victim.get("/").await;
        assert!(account.text.contains("An Verbeke"), "the twin: {}", account.text);
    }
}

#[tokio::test]
async fn cve_2026_7507_an_invented_session_is_not_taken_over() {
    let gateway = Gateway::demo().await;
    let mut victim = gateway.browser();
    let invented = poort::base::token::Token::new(&gateway.core().random).reveal().to_string();
    victim.set_cookie(SESSION, &invented);
    let page = victim.get("/").await;
    victim.prove(&page, PRO, AN).await;
    assert_ne!(victim.cookie(SESSION), Some(invented.as_str()));
    let mut attacker = gateway.browser();
    attacker.set_cookie(SESSION, &invented);
    assert!(attacker.get("/").await.is_at("/login/"));
}

#[tokio::test]
async fn ghsa_c9h6_v78w_52wj_a_login_that_another_browser_began_is_not_continued() {
    for gateway in Gateway::demos().await {
        let (mut attacker, page, attempt, _) = begun(&gateway).await;
        let password = attacker.follow(&page, "second=totp").await;
        // The victim is sent the link, and has a browser cookie of their own.
        let mut victim = gateway.browser();
        let own = victim.get("/").await;
        let shown = victim.get(&attempt).await;
        assert!(!shown.text.contains("second=totp"), "{}", shown.text);
        let token = csrf(&own);
        let fields = [("csrf", token.as_str()), ("second", "totp"), ("user_name", AN), ("password", PASSWORD)];
        for step in ["password", "totp", "email-code", "email-code/send", "cancel"] {
            let reply = post(&victim, &format!("{attempt}/{step}"), &fields).await;
            leads_nowhere(&reply, step);
            assert_eq!(reply.header("location"), "", "{step}");
        }
        // The twin: it is still open for who began it.
        let second = attacker.submit(&password, &[("user_name", MARIE), ("password", PASSWORD)]).await;
        assert!(second.url.path().ends_with("/totp"), "{}: {}", gateway.name(), second.url);
        // An attempt's name that cannot be one.
        for name in ["x", "00000000-0000-0000-0000-000000000000", &AttemptId::from_u128(3).to_string()] {
            let shown = attacker.get(&format!("/login/{name}")).await;
            assert!(!shown.text.contains("second=totp") && !shown.status.is_server_error(), "{name}");
        }
    }
}

#[tokio::test]
async fn ghsa_c9h6_v78w_52wj_who_changes_the_person_half_way_proves_everything_anew() {
    for gateway in Gateway::demos().await {
        let (mut browser, page, _, _) = begun(&gateway).await;
        let password = browser.follow(&page, "second=totp").await;
        browser.submit(&password, &[("user_name", AN), ("password", PASSWORD)]).await;
        let second = browser.submit(&password, &[("user_name", MARIE), ("password", PASSWORD)]).await;
        gateway.advance(NEXT_CODE);
        let ans = gateway.app_code(PRO, AN).await;
        let refused = browser.submit(&second, &[("code", &ans)]).await;
        assert_eq!(refused.status, 422, "the code of the former person: {}", gateway.name());
        // A wrong password after a right one: what was proved is gone.
        browser.submit(&password, &[("user_name", AN), ("password", PASSWORD)]).await;
        browser.submit(&password, &[("user_name", AN), ("password", "geen idee wat het is")]).await;
        let refused = browser.submit(&second, &[("code", &ans)]).await;
        assert!(browser.cookie(SESSION).is_none() && !refused.is_at("/profile"), "{}", refused.url);
        // The twin.
        let second = browser.submit(&password, &[("user_name", MARIE), ("password", PASSWORD)]).await;
        let maries = gateway.app_code(PRO, MARIE).await;
        let page = browser.submit(&second, &[("code", &maries)]).await;
        let page = browser.submit(&page, &[("as", "citizen")]).await;
        assert!(page.text.contains("Marie Dubois"), "{}", page.text);
    }
}

#[tokio::test]
async fn cve_2024_32868_cve_2025_64102_guesses_at_the_same_time_count_each_on_two_replicas() {
    for gateway in Gateway::demos().await {
        let other = gateway.again().await;
        let mut places = Vec::new();
        for _ in 0..6 {
            places.push(begun(&gateway).await);
        }
        let guess = async |place: &(Browser<'_>, Page, String, String), replica: &Gateway, password: String| {
            let (browser, _, attempt, csrf) = place;
            let fields = [("csrf", csrf.as_str()), ("second", "totp"), ("user_name", AN), ("password", &password)];
            post(&browser.at(replica), &format!("{attempt}/password"), &fields).await
        };
        let hashes = || gateway.core().methods.passwords().hashes() + other.core().methods.passwords().hashes();
        let before = hashes();
        let guesses = (0..30).map(|i| {
            let replica = if i % 2 == 0 { &gateway } else { &other };
            guess(&places[i % 6], replica, format!("geen idee wat het is {i}"))
        });
        let replies = futures_util::future::join_all(guesses).await;
        assert!(replies.iter().all(|reply| matches!(reply.status.as_u16(), 422 | 200)), "{replies:#?}");
        let judged = hashes() - before;
        // Now the right one is as wrong as they were, with as much work, on either replica, also after a restart.
        let restarted = gateway.again().await;
        for replica in [&gateway, &other, &restarted] {
            let reply = guess(&places[0], replica, PASSWORD.into()).await;
            assert_eq!(reply.status, 422, "{}", gateway.name());
        }
        assert!(judged <= 30 && hashes() - before == judged + 2, "locked costs what wrong costs");
        gateway.advance(gateway.tenant().terms.tries_window);
        let place = begun(&gateway).await;
        let reply = guess(&place, &other, PASSWORD.into()).await;
        assert!(reply.header("location").ends_with("/totp"), "the twin: {}", gateway.name());
    }
}

#[tokio::test]
async fn cve_2025_24806_an_account_has_one_count_over_spellings_means_and_factors() {
    for gateway in Gateway::demos().await {
        let upper = AN.to_uppercase();
        // Three wrong passwords by three spellings and two means, and two wrong codes: five tries.
        for (name, second) in [(AN, "totp"), (upper.as_str(), "email-code"), (" an.Verbeke@example.org ", "totp")] {
            let (mut browser, page, ..) = begun(&gateway).await;
            let page = browser.follow(&page, &format!("second={second}")).await;
            browser.submit(&page, &[("user_name", name), ("password", "geen idee wat het is")]).await;
        }
        let (mut browser, page, ..) = begun(&gateway).await;
        let password = browser.follow(&page, "second=totp").await;
        let mut second = browser.submit(&password, &[("user_name", AN), ("password", PASSWORD)]).await;
        gateway.advance(NEXT_CODE);
        let right = gateway.app_code(PRO, AN).await;
        let wrong = if right == "000000" { "000001" } else { "000000" };
        for _ in 0..2 {
            second = browser.submit(&second, &[("code", wrong)]).await;
            assert_eq!(second.status, 422);
        }
        let refused = browser.submit(&second, &[("code", &right)]).await;
        assert_eq!(refused.status, 429, "the sixth: {}", gateway.name());
        // Another attempt has no fresh count, whatever it proves.
        let (mut browser, page, ..) = begun(&gateway).await;
        let page = browser.follow(&page, "second=email-code").await;
        let page = browser.submit(&page, &[("user_name", AN), ("password", PASSWORD)]).await;
        assert_eq!(page.status, 422);
        // Somebody else's count is their own.
        let mut other = gateway.browser();
        let page = other.open_as("/me", MARIE).await;
        assert!(page.is_at("/profile"), "the twin: {}", page.url);
    }
}

#[tokio::test]
async fn cve_2026_33640_a_right_password_in_between_gives_no_more_tries_at_codes() {
    for gateway in Gateway::demos().await {
        let mut refused = None;
        for tried in 0..10 {
            let (mut browser, page, ..) = begun(&gateway).await;
            let password = browser.follow(&page, "second=totp").await;
            let second = browser.submit(&password, &[("user_name", AN), ("password", PASSWORD)]).await;
            if second.status == 422 {
                refused = Some(tried);
                break;
            }
            let right = gateway.app_code(PRO, AN).await;
            let wrong = if right == "000000" { "000001" } else { "000000" };
            browser.submit(&second, &[("code", wrong)]).await;
        }
        assert_eq!(refused, Some(gateway.tenant().terms.tries), "{}", gateway.name());
    }
}

#[tokio::test]
async fn cve_2026_33640_codes_guessed_at_the_same_time_count_each() {
    for gateway in Gateway::demos().await {
        let (mut browser, page, attempt, csrf) = begun(&gateway).await;
        let password = browser.follow(&page, "second=email-code").await;
        browser.submit(&password, &[("user_name", AN), ("password", PASSWORD)]).await;
        let right = gateway.mailed_code(PRO, AN).await;
        let first: u32 = right.parse().expect("digits");
        let guesses = (1..=30).map(|i| format!("{:06}", (first + i) % 1_000_000));
        let path = format!("{attempt}/email-code");
        let post = async |code: String| post(&browser, &path, &[("csrf", &csrf), ("code", &code)]).await;
        let replies = futures_util::future::join_all(guesses.map(post)).await;
        let judged = replies.iter().filter(|reply| reply.status == 422).count();
        assert!(judged <= gateway.tenant().terms.tries as usize, "{judged}: {}", gateway.name());
        leads_nowhere(&post(right).await, "the right one is too late");
    }
    // The twin: five times the right code at once signs in once.
    for gateway in Gateway::demos().await {
        let (mut browser, page, attempt, csrf) = begun(&gateway).await;
        let password = browser.follow(&page, "second=email-code").await;
        browser.submit(&password, &[("user_name", AN), ("password", PASSWORD)]).await;
        let right = gateway.mailed_code(PRO, AN).await;
        let path = format!("{attempt}/email-code");
        let fields = [("csrf", csrf.as_str()), ("code", &right)];
        let again = (0..5).map(|_| post(&browser, &path, &fields));
        let replies = futures_util::future::join_all(again).await;
        let won = replies.iter().filter(|reply| reply.header("set-cookie").contains(SESSION)).count();
        assert_eq!((won, gateway.sessions(AN).await.len()), (1, 1), "{}", gateway.name());
    }
}

#[tokio::test]
async fn cve_2024_41952_cve_2026_23511_cve_2026_4633_unknown_wrong_locked_and_closed_are_one_answer() {
    for gateway in Gateway::demos().await {
        // Jan is locked; Marie's account is closed; somebody is known and has no password.
        for _ in 0..=gateway.tenant().terms.tries {
            let (mut browser, page, ..) = begun(&gateway).await;
            let page = browser.follow(&page, "second=totp").await;
            browser.submit(&page, &[("user_name", JAN), ("password", "geen idee wat het is")]).await;
        }
        let marie = gateway.id(MARIE).await;
        let mut transaction = gateway.begin().await;
        transaction.close_person(marie, gateway.core().now()).await.expect("closes");
        transaction.commit().await.expect("commits");
        let mut answers = Vec::new();
        for (name, password) in [
            (AN, "geen idee wat het is"),
            ("nobody@example.org", "geen idee wat het is"),
            (JAN, PASSWORD),
            (MARIE, PASSWORD),
            ("luc mertens@example.org", PASSWORD),
            // Of another tenant.
            (SANNE, PASSWORD),
        ] {
            let (mut browser, page, ..) = begun(&gateway).await;
            let page = browser.follow(&page, "second=totp").await;
            let before = gateway.core().methods.passwords().hashes();
            let page = browser.submit(&page, &[("user_name", name), ("password", password)]).await;
            let hashes = gateway.core().methods.passwords().hashes() - before;
            let names: Vec<String> = page.headers.keys().map(ToString::to_string).collect();
            answers.push((page.status, names, hashes, without_nonces(&page.text).replace(name, "NAME")));
        }
        let first = answers[0].clone();
        assert_eq!((first.0.as_u16(), first.2), (422, 1));
        for answer in answers {
            assert_eq!(answer, first, "{}", gateway.name());
        }
        // The twin.
        assert_eq!(gateway.browser().open_as("/me", AN).await.status, 200);
    }
}

#[tokio::test]
async fn cve_2023_26481_a_recovery_link_is_for_whom_it_was_sent_to() {
    for gateway in Gateway::demos().await {
        const NEW: &str = "een heel ander wachtwoord 7";
        let forgotten = async |tenant: &str, email: &str| {
            let origin = &gateway.tenant_of(tenant).origin;
            let mut browser = gateway.browser();
            let page = browser.get(&format!("{origin}/password/forgotten")).await;
            browser.submit(&page, &[("user_name", email)]).await;
            gateway.mailed_link(tenant, email).await
        };
        let token = |link: &str| link.split_once("token=").expect("a token").1.to_owned();
        let link = forgotten(PRO, AN).await;
        let mut browser = gateway.browser();
        let page = browser.get(&link).await;
        // Another tenant's, a session, an attempt, an entry, and nothing: none of them is a link.
        let foreign = token(&forgotten(RGS, SANNE).await);
        let mut other = gateway.browser();
        other.open_as_a("/me", JAN, "citizen").await;
        let session = other.cookie(SESSION).expect("a session").to_owned();
        let cut = &token(&link)[..42];
        for wrong in [foreign.as_str(), &session, cut, &format!("{cut}="), &format!("{}A", token(&link)), "", "x"] {
            let refused = browser.submit(&page, &[("token", wrong), ("new_password", NEW)]).await;
            assert_eq!(refused.status, 410, "{wrong}: {}", gateway.name());
        }
        // The name in the form is for the browser's own memory: it changes nobody else's.
        let done = browser.submit(&page, &[("user_name", MARIE), ("new_password", NEW)]).await;
        assert_eq!(done.status, 200, "the twin: {}", done.text);
        for (email, password, second) in
            [(MARIE, NEW, false), (MARIE, PASSWORD, true), (AN, NEW, true), (AN, PASSWORD, false)]
        {
            let (mut browser, page, ..) = begun(&gateway).await;
            let page = browser.follow(&page, "second=totp").await;
            let page = browser.submit(&page, &[("user_name", email), ("password", password)]).await;
            assert_eq!(page.url.path().ends_with("/totp"), second, "{email} {password}");
        }
    }
}

#[tokio::test]
async fn cve_2025_64708_an_attempt_expires_when_it_is_used_not_when_it_is_swept() {
    for gateway in Gateway::demos().await {
        let life = gateway.tenant().terms.login_attempt;
        for (after, lives) in [(life - Duration::from_millis(1), true), (life, false)] {
            let (mut browser, page, ..) = begun(&gateway).await;
            let password = browser.follow(&page, "second=totp").await;
            gateway.advance(after);
            let page = browser.submit(&password, &[("user_name", AN), ("password", PASSWORD)]).await;
            assert_eq!(page.url.path().ends_with("/totp"), lives, "{}: {}", gateway.name(), page.text);
        }
    }
}

#[tokio::test]
async fn cve_2024_45042_cve_2025_3910_cve_2025_64103_cve_2026_9091_a_lesser_means_reaches_nothing_that_asks_more() {
    for gateway in Gateway::demos().await {
        let state = "A".repeat(43);
        let start = format!("/start?register=dossier&return=/me&state={state}&least=substantial");
        let mut browser = gateway.browser();
        let page = browser.get(&start).await;
        assert!(page.is_at("/login/") && !page.text.contains("second=email-code"), "{}", page.text);
        let (attempt, token) = (attempt(&page), csrf(&page));
        // The page does not offer it; the form is sent all the same.
        let fields = [("csrf", token.as_str()), ("second", "email-code"), ("user_name", AN), ("password", PASSWORD)];
        let reply = post(&browser, &format!("{attempt}/password"), &fields).await;
        leads_nowhere(&reply, "a means that is not accepted");
        assert_eq!((reply.header("location"), gateway.mails(PRO, AN).await.len()), ("", 0));
        // A session that is too low is not enough either, however it was made.
        let mut low = gateway.browser();
        let page = low.get("/").await;
        low.prove_by_mail(&page, PRO, AN).await;
        let page = low.get(&start).await;
        assert!(page.is_at("/login/"), "{}", page.url);
        // The twin: without asking more it passes.
        let page = low.get(&start.replace("&least=substantial", "")).await;
        assert!(page.url.as_str().contains("/.poort/"), "{}: {}", gateway.name(), page.url);
        // Nobody lowers what the register asks.
        let dossier = format!("{}/dossiers/1", gateway.register(PRO));
        for least in ["low", "none", "", "0", "LOW"] {
            let page = low.get(&start.replace("substantial", least)).await;
            assert!(!page.status.is_server_error(), "{least}: {dossier}");
        }
    }
}
