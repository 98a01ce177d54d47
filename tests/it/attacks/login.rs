//! Section 4.5 of the advisories: steps left out, sessions planted, tries not counted, accounts guessed; and the parts of 4.2 and
//! 4.6 that are tried on the login pages.

use std::time::Duration;

use http::Method;
use poort::{base::token::Token, http::cookies, notify::Message, storage::seal::Kind};
use url::form_urlencoded;

use crate::harness::{
    application::Application,
    browser::{Browser, Page},
    gateway::{Gateway, Reply},
    people::{JAN, MARIE, NEXT_CODE, PASSWORD, Someone},
};

/// Whether somebody is signed in: the account page is theirs.
async fn is_signed_in(browser: &mut Browser<'_>, someone: Someone) -> bool {
    let page = browser.get("/").await;
    page.url.path() == "/" && page.text.contains(someone.family_name)
}

/// The page for the password, of a login with an authenticator app or with a code by mail.
async fn password_page(browser: &mut Browser<'_>, second: &str) -> Page {
    let page = browser.get("/").await;
    browser.follow(&page, &format!("second={second}")).await
}

async fn give_password(browser: &mut Browser<'_>, page: &Page, name: &str, password: &str) -> Page {
    browser.submit(page, &[("user_name", name), ("password", password)]).await
}

fn code_now(gateway: &Gateway, someone: Someone) -> String {
    someone.totp().code_at(gateway.core().now()).digits().to_owned()
}

/// The mails that wait, oldest first, as they will be sent.
async fn mails(gateway: &Gateway) -> Vec<Message> {
    let rows = gateway.begin().await.due_messages(gateway.core().now(), 50).await.expect("reads");
    let sealer = &gateway.core().keys_of(gateway.tenant()).expect("keys").sealer;
    let open = |id: &str, sealed: &[u8]| Message::from_bytes(&sealer.open(Kind::Mail, &id, sealed).expect("opens"));
    rows.iter().map(|row| open(&row.id, &row.sealed).expect("a message")).collect()
}

/// The link of the last mail with one.
async fn last_link(gateway: &Gateway) -> String {
    let mails = mails(gateway).await;
    let words = mails.iter().rev().flat_map(|mail| mail.body.split_whitespace());
    words.filter(|word| word.contains("/password/reset?token=")).map(str::to_owned).next().expect("a link")
}

/// Asks for a link that resets the password of an address, as a browser that was there before, with more headers.
async fn ask_for_link(gateway: &Gateway, address: &str, more: &[(&str, &str)]) -> Reply {
    let mut browser = gateway.browser();
    let page = browser.get("/password/forgotten").await;
    let csrf = page.text.split("name=\"csrf\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("csrf");
    let cookie = format!("{}={}", cookies::BROWSER, browser.cookie(cookies::BROWSER).expect("a cookie"));
    let origin = gateway.tenant().origin.clone();
    let mut headers = vec![
        ("content-type", "application/x-www-form-urlencoded"),
        ("origin", origin.as_str()),
        ("cookie", cookie.as_str()),
    ];
    headers.extend_from_slice(more);
    let fields = [("csrf", csrf), ("user_name", address)];
    let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    gateway.send(Method::POST, &format!("{origin}/password/forgotten"), &headers, body).await
}

#[tokio::test]
async fn cve_2026_18963_cve_2026_49443_cve_2026_49448_cve_2026_54730_no_step_is_left_out_repeated_or_reordered() {
    let gateway = Gateway::sqlite().await;
    let mut browser = gateway.browser();
    let mut page = password_page(&mut browser, "totp").await;
    let attempt = page.url.path().split('/').nth(2).expect("an attempt").to_owned();
    let second = format!("/login/{attempt}/totp");

    // Before the password there is no second step to see, and none to send.
    assert!(!browser.get(&second).await.text.contains("name=\"code\""));
    let good = page.text.clone();
    page.text = good.replace("/password\"", "/totp\"");
    browser.press(&page, "/totp", &[("code", &code_now(&gateway, JAN))]).await;
    page.text = good.replace("/password\"", "/email-code\"");
    browser.press(&page, "/email-code", &[("code", "000000")]).await;
    browser.press(&page, "/email-code", &[]).await;
    assert!(!is_signed_in(&mut browser, JAN).await);
    page.text = good;

    // An empty form, and the form of another step, prove nothing.
    assert_eq!(give_password(&mut browser, &page, "", "").await.status, 422);
    assert_eq!(give_password(&mut browser, &page, &JAN.email(), "").await.status, 422);
    let other = browser.press(&page, "/password", &[("code", &code_now(&gateway, JAN)), ("proved", "1")]).await;
    assert_eq!(other.status, 422);

    // After the password there is the code, and nothing but the code.
    let mut page = give_password(&mut browser, &page, &JAN.email(), PASSWORD).await;
    assert!(page.is_at(&second), "{}", page.url);
    assert_eq!(browser.get(&format!("/profile?attempt={attempt}")).await.status, 401);
    assert_eq!(browser.submit(&page, &[("code", "")]).await.status, 422);
    let with_password = [("user_name", JAN.email()), ("password", PASSWORD.to_owned()), ("second", "totp".to_owned())];
    let with_password: Vec<(&str, &str)> = with_password.iter().map(|(name, value)| (*name, value.as_str())).collect();
    assert_eq!(browser.press(&page, "/totp", &with_password).await.status, 422);
    let good = page.text.clone();
    page.text = good.replace("/totp\"", "/email-code\"");
    browser.press(&page, "/email-code", &[("code", &code_now(&gateway, JAN))]).await;
    page.text = good;
    assert!(browser.cookie(cookies::SESSION).is_none());

    // The twin: the right code signs in. The same code, and the same form, do it once.
    let code = code_now(&gateway, JAN);
    browser.submit(&page, &[("code", &code)]).await;
    assert!(is_signed_in(&mut browser, JAN).await);
    let mut again = gateway.browser();
    let page = password_page(&mut again, "totp").await;
    let page = give_password(&mut again, &page, &JAN.email(), PASSWORD).await;
    assert_eq!(again.submit(&page, &[("code", &code)]).await.status, 422);
    assert!(!is_signed_in(&mut again, JAN).await);
    gateway.advance(NEXT_CODE);
    again.submit(&page, &[("code", &code_now(&gateway, JAN))]).await;
    assert!(is_signed_in(&mut again, JAN).await);
}

#[tokio::test]
async fn cve_2025_3910_cve_2024_45042_cve_2025_64103_cve_2026_9091_ghsa_hp74_gm6m_2qm5_the_asked_means_or_none() {
    let gateway = Gateway::sqlite().await;
    let strict = Application::new(&gateway, "strict");
    let mut browser = gateway.browser();
    // A login with less, elsewhere, is no login here.
    let page = password_page(&mut browser, "email-code").await;
    give_password(&mut browser, &page, &JAN.email(), PASSWORD).await;
    let page = strict.ask(&mut browser, &[]).await;
    assert!(page.is_at("/login/") && !page.text.contains("second=email-code"), "{}", page.text);
    // The means that is not offered cannot be taken by hand.
    let form = browser.get(&format!("{}/password?second=email-code", page.url.path())).await;
    let after = give_password(&mut browser, &form, &JAN.email(), PASSWORD).await;
    assert!(!after.is_at("/login/") || !after.text.contains("name=\"code\""), "{}", after.url);
    // The twin.
    let page = browser.get(page.url.path()).await;
    let page = browser.log_in(&page, JAN).await;
    assert!(!page.code().is_empty());
}

#[tokio::test]
async fn cve_2026_7507_cve_2024_28197_ghsa_c9h6_v78w_52wj_cve_2023_6787_cve_2026_34454_a_login_is_a_new_session() {
    let gateway = Gateway::sqlite().await;
    let app = Application::new(&gateway, "app");
    // The attacker's session, planted in the victim's browser.
    let mut attacker = gateway.browser();
    app.code(&mut attacker, JAN).await;
    let planted = attacker.cookie(cookies::SESSION).expect("a session").to_owned();
    let mut victim = gateway.browser();
    victim.set_cookie(cookies::SESSION, &planted);
    let page = app.ask(&mut victim, &[("prompt", "login")]).await;
    let page = victim.log_in(&page, MARIE).await;
    let own = victim.cookie(cookies::SESSION).expect("a session").to_owned();
    assert_ne!(own, planted);
    // Choosing a profile changes it again.
    let page = victim.submit(&page, &[("as", "citizen")]).await;
    assert!(!page.code().is_empty());
    assert_ne!(victim.cookie(cookies::SESSION), Some(own.as_str()));
    assert!(is_signed_in(&mut victim, MARIE).await);
    // What the browser had before, and what it had between, is nobody's.
    for old in [planted, own] {
        let mut thief = gateway.browser();
        thief.set_cookie(cookies::SESSION, &old);
        assert!(!is_signed_in(&mut thief, MARIE).await && !is_signed_in(&mut thief, JAN).await);
    }
}

#[tokio::test]
async fn ghsa_9g98_5mj6_f9mv_cve_2023_0264_what_is_seen_of_one_opens_nothing_for_another() {
    let gateway = Gateway::sqlite().await;
    let app = Application::new(&gateway, "app");
    let (mut marie, mut jan) = (gateway.browser(), gateway.browser());
    // Marie is at the choice of her profile; its address is no secret.
    let page = app.ask(&mut marie, &[]).await;
    let choice = marie.log_in(&page, MARIE).await;
    assert!(choice.is_at("/profile"), "{}", choice.url);
    app.code(&mut jan, JAN).await;
    let stolen = jan.get(choice.url.as_str()).await;
    assert!(!stolen.text.contains("name=\"as\""), "{}", stolen.text);
    // Nor is what her sessions are called: it is not what her cookie holds, and it ends nothing for another.
    let sessions = gateway.begin().await.sessions_of(MARIE.id(), gateway.core().now()).await.expect("reads");
    let id = sessions.first().expect("a session").id.to_string();
    let mut guess = gateway.browser();
    guess.set_cookie(cookies::SESSION, &id);
    assert!(!is_signed_in(&mut guess, MARIE).await);
    let mut own = jan.get("/").await;
    own.text = own.text.replace("action=\"/logout\"", "action=\"/sessions/end\"");
    jan.press(&own, "/sessions/end", &[("session", &id)]).await;
    // The twin: hers is alive, and goes on to the application.
    let page = marie.submit(&choice, &[("as", "citizen")]).await;
    assert!(!page.code().is_empty());
}

#[tokio::test]
async fn cve_2026_25748_a_cookie_that_is_not_whole_is_nobodys() {
    let gateway = Gateway::sqlite().await;
    let mut browser = gateway.browser();
    Application::new(&gateway, "app").code(&mut browser, JAN).await;
    let good = browser.cookie(cookies::SESSION).expect("a session").to_owned();
    let swapped: String = good
        .chars()
        .map(|c| if c.is_ascii_lowercase() { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() })
        .collect();
    let other = Token::new(&gateway.core().random).reveal();
    for bad in [
        String::new(),
        "x".into(),
        "null".into(),
        "%00".into(),
        good[..good.len() - 1].to_owned(),
        format!("{good}="),
        format!("{good}A"),
        format!("\"{good}\""),
        swapped,
        other.clone(),
        "A".repeat(8000),
    ] {
        let mut thief = gateway.browser();
        thief.set_cookie(cookies::SESSION, &bad);
        assert!(!is_signed_in(&mut thief, JAN).await, "{bad}");
    }
    let name = cookies::SESSION;
    let lower = name.to_lowercase();
    let url = format!("{}/", gateway.tenant().origin);
    for twice in
        [format!("{name}={good}; {name}={other}"), format!("{name}={good}; {name}={good}"), format!("{lower}={good}")]
    {
        let reply = gateway.send(Method::GET, &url, &[("cookie", &twice)], "").await;
        assert!(!reply.text().contains(JAN.family_name), "{twice}");
    }
    // The twin.
    let reply = gateway.send(Method::GET, &url, &[("cookie", &format!("a=b; {name}={good}; c=d"))], "").await;
    assert!(reply.text().contains(JAN.family_name), "{}", reply.text());
}

#[tokio::test]
async fn cve_2024_32868_cve_2025_64102_cve_2025_24806_cve_2026_33640_tries_are_the_accounts() {
    for gateway in Gateway::each().await {
        let replica = gateway.again().await;
        let tries = gateway.tenant().terms.tries;
        // Wrong passwords from new browsers, on two replicas, under every spelling of the name.
        let spellings = [JAN.email(), JAN.email().to_uppercase(), format!(" {} ", JAN.email())];
        for number in 0..=tries as usize {
            let at = if number % 2 == 0 { &gateway } else { &replica };
            let mut browser = at.browser();
            let page = password_page(&mut browser, "totp").await;
            let page = give_password(&mut browser, &page, &spellings[number % 3], "not the password at all").await;
            assert_eq!(page.status, 422);
        }
        // Now the right one is refused, everywhere, in the words of a wrong one.
        for at in [&gateway, &replica] {
            let mut browser = at.browser();
            let page = password_page(&mut browser, "totp").await;
            let page = give_password(&mut browser, &page, &JAN.email(), PASSWORD).await;
            assert_eq!(page.status, 422, "{}", gateway.name());
        }
        // The twins: another account, and this one after the wait.
        let mut browser = gateway.browser();
        let page = browser.get("/").await;
        browser.log_in(&page, MARIE).await;
        assert!(is_signed_in(&mut browser, MARIE).await);
        gateway.advance(gateway.tenant().terms.tries_window + Duration::from_secs(1));
        let mut browser = gateway.browser();
        let page = browser.get("/").await;
        browser.log_in(&page, JAN).await;
        assert!(is_signed_in(&mut browser, JAN).await);
    }
}

#[tokio::test]
async fn cve_2025_64102_cve_2026_33640_codes_are_guessed_as_seldom_as_passwords() {
    let gateway = Gateway::sqlite().await;
    let mut wrong = 0;
    // A new login gives no new guesses.
    'guessing: loop {
        let mut browser = gateway.browser();
        let page = password_page(&mut browser, "totp").await;
        let page = give_password(&mut browser, &page, &JAN.email(), PASSWORD).await;
        if !page.is_at("/login/") || !page.text.contains("name=\"code\"") {
            break;
        }
        for _ in 0..2 {
            let guess = if code_now(&gateway, JAN) == "000000" { "000001" } else { "000000" };
            if browser.submit(&page, &[("code", guess)]).await.status == 429 {
                break 'guessing;
            }
            wrong += 1;
            assert!(wrong <= gateway.tenant().terms.tries, "more guesses than an account has");
        }
    }
    // The right code comes too late.
    let mut browser = gateway.browser();
    let page = password_page(&mut browser, "totp").await;
    let page = give_password(&mut browser, &page, &JAN.email(), PASSWORD).await;
    assert!(!page.text.contains("name=\"code\""), "{}", page.url);
}

#[tokio::test]
async fn cve_2026_23511_cve_2024_41952_cve_2026_4633_nobody_learns_who_has_an_account() {
    let gateway = Gateway::sqlite().await;
    let passwords = gateway.core().methods.passwords();
    let mut answers = Vec::new();
    let unknown = "nobody.at.all@example.org".to_owned();
    for name in [JAN.email(), unknown.clone(), "x".into(), String::from("jan.claes@example.orgx")] {
        let mut browser = gateway.browser();
        let page = password_page(&mut browser, "totp").await;
        let attempt = page.url.path().split('/').nth(2).expect("an attempt").to_owned();
        let before = passwords.hashes();
        let page = give_password(&mut browser, &page, &name, "not the password at all").await;
        let said = said(&page.text, &[&name, &attempt]);
        answers.push((page.status, said, passwords.hashes() - before));
    }
    assert!(answers.windows(2).all(|two| two[0] == two[1]), "{answers:#?}");
    assert_eq!(answers[0].2, 1, "one hash is judged for everybody");

    let known = ask_for_link(&gateway, &JAN.email(), &[]).await;
    let nobody = ask_for_link(&gateway, &unknown, &[]).await;
    assert_eq!(known.status, nobody.status);
    assert_eq!(said(&known.text(), &[]), said(&nobody.text(), &[]));
    // The twin: only one of them got a mail.
    assert_eq!(mails(&gateway).await.iter().filter(|mail| mail.body.contains("/password/reset?token=")).count(), 1);
}

/// The words of a page, without what differs from one to the next.
fn said(html: &str, names: &[&str]) -> String {
    let html = names.iter().filter(|name| name.len() > 3).fold(html.to_owned(), |html, name| html.replace(name, ""));
    let mut text = String::new();
    let mut within = false;
    for c in html.chars() {
        match c {
            '<' => within = true,
            '>' => within = false,
            c if !within => text.push(c),
            _ => {}
        }
    }
    text.split_whitespace().filter(|word| word.len() < 20).collect::<Vec<_>>().join(" ")
}

#[tokio::test]
async fn cve_2023_26481_cve_2025_64708_a_reset_link_is_for_its_owner_once_and_in_time() {
    const NEW: &str = "zes groene molens draaien door";
    let gateway = Gateway::sqlite().await;
    ask_for_link(&gateway, &JAN.email(), &[]).await;
    let link = last_link(&gateway).await;
    let mut browser = gateway.browser();
    let page = browser.get(&link).await;
    // Whoever else is named in the form: it is the link that says whose password it is.
    let done = browser
        .press(
            &page,
            "/password/reset",
            &[("user_name", &MARIE.email()), ("person", &MARIE.id().to_string()), ("new_password", NEW)],
        )
        .await;
    assert_eq!(done.status, 200);
    for (someone, password, is_right) in
        [(MARIE, NEW, false), (MARIE, PASSWORD, true), (JAN, PASSWORD, false), (JAN, NEW, true)]
    {
        let mut browser = gateway.browser();
        let page = password_page(&mut browser, "totp").await;
        let page = give_password(&mut browser, &page, &someone.email(), password).await;
        assert_eq!(page.text.contains("name=\"code\""), is_right, "{} {password}", someone.given_name);
    }
    // Again, cut, or from another time it is spent.
    assert_eq!(browser.get(&link).await.status, 410);
    assert_eq!(browser.press(&page, "/password/reset", &[("new_password", PASSWORD)]).await.status, 410);
    gateway.advance(Duration::from_secs(1));
    ask_for_link(&gateway, &JAN.email(), &[]).await;
    let link = last_link(&gateway).await;
    assert_eq!(browser.get(&link[..link.len() - 1]).await.status, 410);
    gateway.advance(gateway.tenant().terms.reset_link - Duration::from_secs(1));
    let in_time = browser.get(&link).await;
    assert_eq!(in_time.status, 200);
    gateway.advance(Duration::from_secs(1));
    assert_eq!(browser.get(&link).await.status, 410);
    assert_eq!(browser.press(&in_time, "/password/reset", &[("new_password", NEW)]).await.status, 410);
}

#[tokio::test]
async fn cve_2025_64101_ghsa_93m4_mfpg_c3xf_a_link_leads_to_the_configured_origin() {
    let gateway = Gateway::sqlite().await;
    for header in [
        ("x-forwarded-host", "evil.example"),
        ("forwarded", "host=evil.example;proto=https"),
        ("x-forwarded-proto", "https"),
        ("x-original-host", "evil.example"),
    ] {
        let reply = ask_for_link(&gateway, &JAN.email(), &[header]).await;
        assert_eq!(reply.status, 200, "{header:?}");
        assert!(!reply.text().contains("evil.example"));
        gateway.advance(gateway.tenant().terms.tries_window + Duration::from_secs(1));
    }
    let mails = mails(&gateway).await;
    assert_eq!(mails.len(), 4);
    for mail in mails {
        assert!(mail.body.contains(&format!("{}/password/reset?token=", gateway.tenant().origin)));
        assert!(!mail.body.contains("evil.example"));
    }
}

#[tokio::test]
async fn cve_2026_83589_ghsa_qqxw_m5fj_f7gv_cve_2021_21291_after_a_login_or_a_choice_one_stays_here() {
    let gateway = Gateway::sqlite().await;
    let mut browser = gateway.browser();
    let page = browser.get("/password/forgotten").await;
    for evil in [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "/\t/evil.example",
        "\\\\evil.example",
        "/%5cevil",
        "javascript:alert(1)",
    ] {
        let page = browser.press(&page, "/language", &[("language", "en"), ("return", evil), ("here", evil)]).await;
        let own = gateway.tenant().host.as_str();
        assert_eq!(page.url.host_str(), Some(own), "{evil}: {:?}", page.trail);
        assert!(page.trail.iter().all(|at| url::Url::parse(at).is_ok_and(|at| at.host_str() == Some(own))), "{evil}");
    }
    // The twin: it leads back to the page that one was at, in the new language.
    let page = browser.press(&page, "/language", &[("language", "en")]).await;
    assert!(page.is_at("/password/forgotten") && page.text.contains("lang=\"en\""), "{}", page.url);
}
