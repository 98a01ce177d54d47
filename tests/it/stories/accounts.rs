//! LOGIN-12, and what it needs of LOGIN-3: who has no account makes one, and goes on later where they were.

use std::time::Duration;

use http::Method;
use poort::storage::sql::Database;

use serde_json::json;

use super::{
    facts::Register,
    lookup::{FATIMA, LKLR},
};
use crate::harness::{
    application::encoded,
    browser::{Browser, Page},
    databases,
    gateway::Gateway,
};

const NOA: &str = "noa.smit@example.org";
const SECRET: &str = "vier kikkers in de sloot";

fn url(gateway: &Gateway, path: &str) -> String {
    format!("{}{path}", gateway.tenant_of(LKLR).origin)
}

/// Asks for an account by the form.
async fn ask(browser: &mut Browser<'_>, email: &str, password: &str) -> Page {
    let form = browser.get(&url(browser.gateway(), "/account/new")).await;
    assert_eq!(form.status, 200, "{}", form.text);
    browser.submit(&form, &[("email", email), ("new_password", password)]).await
}

/// Opens a link, and makes the account.
async fn confirm(browser: &mut Browser<'_>, link: &str, password: &str) -> Page {
    let form = browser.get(link).await;
    assert_eq!(form.status, 200, "{}", form.text);
    browser.submit(&form, &[("given_name", "Noa"), ("family_name", "Smit"), ("password", password)]).await
}

/// Asks for an account and makes it.
async fn settle<'g>(gateway: &'g Gateway, email: &str) -> (Browser<'g>, Page) {
    let mut browser = gateway.browser();
    assert_eq!(ask(&mut browser, email, SECRET).await.status, 200);
    let link = gateway.mailed_link(LKLR, email).await;
    let made = confirm(&mut browser, &link, SECRET).await;
    assert_eq!(made.status, 200, "{}", made.text);
    (browser, made)
}

/// Logs in with the password and a code by mail, from the page that asks for a means.
async fn log_in(browser: &mut Browser<'_>, page: &Page, email: &str) -> Page {
    let page = browser.follow(page, "second=email-code").await;
    browser.gateway().advance(Duration::from_secs(1));
    let page = browser.submit(&page, &[("user_name", email), ("password", SECRET)]).await;
    let code = browser.gateway().mailed_code(LKLR, email).await;
    browser.submit(&page, &[("code", &code)]).await
}

#[tokio::test]
async fn login_12_who_did_not_finish_an_application_logs_in_and_resumes_it() {
    for gateway in Gateway::demos().await {
        let application = format!("{}/application", gateway.register(LKLR));
        let mut browser = gateway.browser();
        let login = browser.get(&application).await;
        assert!(login.is_at("/login/"), "{}", login.url);
        let form = browser.follow(&login, "/account/new").await;
        let sent = browser.submit(&form, &[("email", NOA), ("new_password", SECRET)]).await;
        assert_eq!(sent.status, 200, "{}", sent.text);
        let link = gateway.mailed_link(LKLR, NOA).await;
        let made = confirm(&mut browser, &link, SECRET).await;
        assert!(made.text.contains(&format!("href=\"{application}\"")), "{}", made.text);
        let login = browser.follow(&made, "/application").await;
        assert!(login.is_at("/login/"), "the link logged nobody in: {}", login.url);
        let page = log_in(&mut browser, &login, NOA).await;
        assert_eq!((page.status.as_u16(), page.url.as_str()), (200, application.as_str()), "{}", page.text);
        assert!(page.text.contains("Noa Smit"));
        let kept = browser.press(&page, "/application", &[("employer", "Gemeente Voorbeeld"), ("hours", "")]).await;
        assert!(kept.status == 200 && kept.text.contains("id=\"state\""), "{}", kept.text);

        // Three days later, in another browser, from the front page of the register.
        gateway.advance(Duration::from_secs(3 * 24 * 3600));
        let mut later = gateway.browser();
        let login = later.get(&format!("{}/", gateway.register(LKLR))).await;
        let front = log_in(&mut later, &login, NOA).await;
        assert_eq!(front.url.path(), "/", "{}", front.text);
        let resumed = later.follow(&front, "/application").await;
        assert!(resumed.text.contains("value=\"Gemeente Voorbeeld\""), "{}: {}", gateway.name(), resumed.text);
        // Straight to it the gateway leads back too.
        let mut direct = gateway.browser();
        let login = direct.get(&application).await;
        let back = log_in(&mut direct, &login, NOA).await;
        assert_eq!(back.url.as_str(), application);
        assert!(back.text.contains("value=\"Gemeente Voorbeeld\""));
        let whole = [("employer", "Gemeente Voorbeeld"), ("hours", "24"), ("code", "yes")];
        let submission = format!("{application}/submission");
        let body = encoded(&whole);
        let submitted = direct.once(Method::POST, &submission, &[], Some(body)).await;
        assert_eq!(submitted.status, 303, "{}", submitted.text());
        let done = direct.get(&application).await;
        assert!(
            done.text.contains("in behandeling")
                && !done.text.contains("<form method=\"post\" action=\"/application\"")
        );
    }
}

#[tokio::test]
async fn login_12_who_applied_is_the_same_person_once_the_register_knows_them() {
    for gateway in Gateway::demos().await {
        let (mut browser, _) = settle(&gateway, NOA).await;
        let made = gateway.person(LKLR, NOA).await.id;
        let register = Register::at(&gateway, LKLR, "demo-register").await;
        // The same address under another name is another person's.
        let ans = json!({"given_name": "Ans", "family_name": "Ander", "email": NOA, "language": "nl"});
        assert_eq!(register.put("/people/p-76", ans).await.status, 409, "{}", gateway.name());
        let noa = json!({"given_name": "Noa", "family_name": "Smit-Bos", "email": NOA, "language": "nl"});
        register.say("/people/p-77", noa.clone()).await;
        register.say("/people/p-77/registrations/rmc_officer", json!({"number": "99900077"})).await;
        assert_eq!(gateway.person(LKLR, NOA).await.id, made, "{}", gateway.name());
        let login = browser.get(&format!("{}/me", gateway.register(LKLR))).await;
        let choice = log_in(&mut browser, &login, NOA).await;
        let me = browser.submit(&choice, &[("as", "professional:rmc_officer")]).await;
        assert!(me.status == 200 && me.text.contains("99900077"), "with the same password: {}", me.text);
        // Who is known to a register already, or has a number, is nobody else's to take over.
        for taken in [NOA, FATIMA] {
            let other = json!({"given_name": "Ans", "family_name": "Ander", "email": taken, "language": "nl"});
            assert_eq!(register.put("/people/p-78", other).await.status, 409, "{taken}");
        }
    }
}

#[tokio::test]
async fn login_12_a_draft_is_its_makers_alone() {
    for gateway in Gateway::demos().await {
        let application = format!("{}/application", gateway.register(LKLR));
        for (email, employer) in [(NOA, "Gemeente Noa"), ("sam@example.org", "Gemeente Sam")] {
            let (mut browser, made) = settle(&gateway, email).await;
            let login = browser.follow(&made, "/application").await;
            let page = log_in(&mut browser, &login, email).await;
            assert!(!page.text.contains("Gemeente "), "{email}: {}", page.text);
            let kept = browser.press(&page, "/application", &[("employer", employer)]).await;
            assert!(kept.text.contains(employer));
        }
        let nobody = gateway.browser().once(Method::GET, &application, &[], None).await;
        assert_eq!(nobody.status, 303, "who is not logged in logs in");
    }
}

#[tokio::test]
async fn login_12_known_and_unknown_addresses_are_answered_alike_and_their_owners_are_told() {
    for gateway in Gateway::demos().await {
        let closed = "lisa.meijer@example.org";
        let mut transaction = gateway.begin_in(LKLR).await;
        let lisa = transaction.person_by_login_name(closed).await.expect("reads").expect("somebody").id;
        transaction.close_person(lisa, gateway.core().now()).await.expect("closes");
        transaction.commit().await.expect("commits");
        let mut answers = Vec::new();
        for email in [NOA, FATIMA, &FATIMA.to_uppercase(), closed] {
            let mut browser = gateway.browser();
            let before = gateway.core().methods.passwords().hashes();
            let page = ask(&mut browser, email, SECRET).await;
            let hashes = gateway.core().methods.passwords().hashes() - before;
            let fields: Vec<String> = page.headers.keys().map(ToString::to_string).collect();
            // The token of the page's own forms is another each time, of one length.
            let text: String = page
                .text
                .split("name=\"csrf\" value=\"")
                .map(|part| part.split_once('"').map_or(part, |(_, rest)| rest))
                .collect();
            answers.push((page.status.as_u16(), hashes, fields, text.len(), text.replace(email, "")));
        }
        assert!(answers.windows(2).all(|two| two[0] == two[1]), "{}: {answers:#?}", gateway.name());
        assert_eq!((answers[0].0, answers[0].1), (200, 1), "one password is hashed, whoever it is");
        let mails = async |email: &str| gateway.mails(LKLR, email).await;
        let (noa, fatima) = (mails(NOA).await, mails(FATIMA).await);
        assert!(noa.len() == 1 && noa[0].body.contains("/account/confirm?token="), "{}", *noa[0].body);
        assert!(fatima.len() == 2 && fatima.iter().all(|mail| !mail.body.contains("token=")), "in any case of letters");
        assert!(mails(closed).await.is_empty());
        let mut reasons: Vec<_> = gateway.lines_in(LKLR, "account.asked").await;
        reasons.sort_by_key(|line| line["details"]["reason"].to_string());
        let reasons: Vec<&str> =
            reasons.iter().map(|line| line["details"]["reason"].as_str().unwrap_or("new")).collect();
        assert_eq!(reasons, ["closed", "known", "known", "new"]);
        // A weak password is refused to anybody, and tells no more.
        for email in [NOA, FATIMA] {
            let weak = ask(&mut gateway.browser(), email, "welkom2026").await;
            assert_eq!(weak.status, 422);
        }
    }
}

#[tokio::test]
async fn login_12_a_link_makes_one_account_once_and_with_the_password_that_was_chosen() {
    for gateway in Gateway::demos().await {
        let mut browser = gateway.browser();
        ask(&mut browser, NOA, SECRET).await;
        let link = gateway.mailed_link(LKLR, NOA).await;
        // Whose address it is, and who did not ask, has no password to go with the link.
        let refused = confirm(&mut browser, &link, "vijf kikkers in de sloot").await;
        assert_eq!(refused.status, 422, "{}", refused.text);
        assert!(gateway.read_in(LKLR).await.person_by_login_name(NOA).await.expect("reads").is_none());
        // Opening takes nothing; a form that lacks a name is mended.
        let form = browser.get(&link).await;
        let lacks = browser.submit(&form, &[("given_name", "Noa"), ("family_name", ""), ("password", SECRET)]).await;
        assert_eq!(lacks.status, 422);
        assert_eq!(form.headers["referrer-policy"], "same-origin");
        let mut fields = Browser::form(&form, "/account/confirm");
        for (name, value) in [("given_name", "Noa"), ("family_name", "Smit"), ("password", SECRET)] {
            fields.retain(|(known, _)| known != name);
            fields.push((name.to_owned(), value.to_owned()));
        }
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(&fields).finish();
        let to = url(&gateway, "/account/confirm");
        let at_once = (0..8).map(|_| browser.once(Method::POST, &to, &[], Some(body.clone())));
        let replies = futures_util::future::join_all(at_once).await;
        let made = replies.iter().filter(|reply| reply.status == 200).count();
        assert_eq!(made, 1, "{:?}", replies.iter().map(|reply| reply.status).collect::<Vec<_>>());
        assert_eq!(browser.get(&link).await.status, 410, "{}", gateway.name());
        assert_eq!(gateway.lines_in(LKLR, "account.made").await.len(), 1);
    }
}

#[tokio::test]
async fn login_12_a_link_waits_after_wrong_passwords_and_dies_of_age() {
    for gateway in Gateway::demos().await {
        let mut browser = gateway.browser();
        ask(&mut browser, NOA, SECRET).await;
        let link = gateway.mailed_link(LKLR, NOA).await;
        let tries = gateway.tenant_of(LKLR).terms.tries;
        for _ in 0..tries {
            assert_eq!(confirm(&mut browser, &link, "vijf kikkers in de sloot").await.status, 422);
        }
        assert_eq!(confirm(&mut browser, &link, SECRET).await.status, 429, "{}", gateway.name());
        gateway.advance(gateway.tenant_of(LKLR).terms.tries_window);
        assert_eq!(confirm(&mut browser, &link, SECRET).await.status, 200, "the twin: later");
        let other = "sam@example.org";
        ask(&mut browser, other, SECRET).await;
        let link = gateway.mailed_link(LKLR, other).await;
        gateway.advance(gateway.tenant_of(LKLR).terms.reset_link);
        assert_eq!(browser.get(&link).await.status, 410);
        for nonsense in ["", "?token=", "?token=abc"] {
            assert_eq!(
                browser.get(&url(&gateway, &format!("/account/confirm{nonsense}"))).await.status,
                410,
                "{nonsense}"
            );
        }
    }
}

#[tokio::test]
async fn login_10_of_two_who_ask_with_one_address_the_first_to_confirm_has_it() {
    for gateway in Gateway::demos().await {
        let (mut first, mut second) = (gateway.browser(), gateway.browser());
        ask(&mut first, NOA, SECRET).await;
        let link = gateway.mailed_link(LKLR, NOA).await;
        gateway.advance(Duration::from_secs(1));
        ask(&mut second, "NOA.Smit@example.org", SECRET).await;
        let other = gateway.mailed_link(LKLR, "NOA.Smit@example.org").await;
        let form = second.get(&other).await;
        assert_eq!(confirm(&mut first, &link, SECRET).await.status, 200);
        let late = [("given_name", "Noa"), ("family_name", "Smit"), ("password", SECRET)];
        assert_eq!(second.submit(&form, &late).await.status, 410, "{}", gateway.name());
        assert_eq!(gateway.lines_in(LKLR, "account.made").await.len(), 1);
    }
}

#[tokio::test]
async fn login_12_an_address_is_mailed_a_few_times_and_no_more() {
    for gateway in Gateway::demos().await {
        for _ in 0..5 {
            assert_eq!(ask(&mut gateway.browser(), NOA, SECRET).await.status, 200, "the answer stays the same");
        }
        assert_eq!(gateway.mails(LKLR, NOA).await.len(), 3, "{}", gateway.name());
        for bad in ["", "noa", "noa@", "noa@example.org\r\nBcc: x@example.org", "a@b@c", "noa@exa mple.org"] {
            assert_eq!(ask(&mut gateway.browser(), bad, SECRET).await.status, 422, "{bad:?}");
        }
    }
}

#[tokio::test]
async fn login_12_nobody_makes_an_account_where_the_tenants_file_does_not_say_so() {
    let gateway = Gateway::demo().await;
    let origin = gateway.tenant_of("registerplein").origin.clone();
    let mut browser = gateway.browser();
    for path in ["/account/new", "/account/confirm"] {
        assert_eq!(browser.get(&format!("{origin}{path}")).await.status, 404, "{path}");
    }
    let login = browser.get(&format!("{origin}/")).await;
    assert!(!login.text.contains("/account/new"));
    let fields = Browser::form(&login, "/language");
    let csrf = &fields.iter().find(|(name, _)| name == "csrf").expect("a token").1;
    let body = encoded(&[("csrf", csrf), ("email", NOA), ("new_password", SECRET)]);
    let posted = browser.once(Method::POST, &format!("{origin}/account/new"), &[], Some(body)).await;
    assert_eq!(posted.status, 404, "{}", posted.text());
    assert!(gateway.mails("registerplein", NOA).await.is_empty());
}

#[tokio::test]
async fn login_12_no_password_and_no_link_stands_in_the_database_or_the_log() {
    for gateway in Gateway::demos().await {
        settle(&gateway, NOA).await;
        let link = gateway.mailed_link(LKLR, NOA).await;
        let token = link.split("token=").nth(1).expect("a token");
        let dump = databases::dump(&gateway.database.settings, LKLR).await;
        let holds = |text: &str| dump.windows(text.len()).any(|window| window == text.as_bytes());
        assert!(!holds(SECRET) && !holds(token), "{}", gateway.name());
        assert!(holds(NOA) || matches!(gateway.database.settings, Database::Sqlite { .. }), "the twin");
        for line in gateway.lines(LKLR).await {
            assert!(!line.to_string().contains("noa.smit"), "{line}");
        }
    }
}
