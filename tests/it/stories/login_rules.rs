//! LOGIN-4: the register decides how one logs in, and the person stays who they are. The provider is the tests' own.

use http::Method;
use poort::{
    domain::{
        assurance::Assurance,
        login_rule::{Audience, LoginRule},
        period::Period,
        person::Registration,
        tenant::Tenant,
        upstream::DIGID_CLASSES,
    },
    http::cookies::SESSION,
};

use crate::harness::{
    application::encoded,
    browser::{Browser, Page},
    demo::{BRAM, SANNE, sample_code, sample_tokens},
    gateway::{Gateway, RGS},
    provider::number_of,
    resolver::Digid,
};

const NOOR: &str = "noor.vandam@example.org";

/// From now on somebody logs in at DigiD at level Substantieel.
fn as_surely(digid: &Digid, email: &str) {
    let name = format!("s00000000:{}", number_of(email));
    digid.answers(move |recipe| {
        recipe.name.clone_from(&name);
        recipe.class = DIGID_CLASSES[2].to_owned();
    });
}

/// On from a page of keys.
async fn through_digid(browser: &mut Browser<'_>, digid: &Digid, page: &Page) -> Page {
    let left = browser.leave_for(page, digid).await;
    browser.come_back_to(digid, &left.state).await
}

/// The address of a register's page.
fn at(gateway: &Gateway, register: &str, path: &str) -> String {
    format!("{}{path}", gateway.tenant().register(register).expect("a register").origin)
}

fn specialist() -> Registration {
    let (profession, period) = ("specialist".to_owned(), Period::default());
    Registration { profession, number: None, complete: true, period, certified_until: None }
}

/// The training register asks DigiD of specialists.
fn one_portal(tenant: &mut Tenant) {
    let audience = Audience::Registered("specialist".into());
    let rule = LoginRule { audience, means: vec!["digid".into()], least_assurance: Assurance::Low, from: None };
    let opleiding = tenant.registers.iter_mut().find(|register| register.id == "opleiding").expect("a register");
    opleiding.logins.insert(0, rule);
}

#[tokio::test]
async fn login_4_a_register_under_public_law_explains_why_it_asks_digid_and_leads_back() {
    let digid = Digid::start().await;
    let gateway = digid.gateway().await;
    let mut browser = gateway.browser();
    let page = browser.get(&at(&gateway, "opleiding", "/me")).await;
    assert!(!page.text.contains("/with/digid"), "under private law no national number is used: {}", page.text);
    assert!(!page.text.contains("id=\"other-key\""), "nobody is logged in: {}", page.text);
    let page = browser.prove(&page, RGS, NOOR).await;
    let page = browser.submit(&page, &[("as", "role:trainee")]).await;
    assert_eq!(page.text, "the register at /me");
    let count = gateway.registers.count();

    let page = browser.get(&at(&gateway, "specialisten", "/me?x=1")).await;
    assert!(page.is_at("/login/"), "{} {}", page.url, page.text);
    for said in ["id=\"other-key\"", "publiek recht", "DigiD", "Beveiligingscode via mobiele app", "mandaten"] {
        assert!(page.text.contains(said), "{said}: {}", page.text);
    }
    assert!(page.text.contains("/with/digid") && !page.text.contains("second="), "only what does: {}", page.text);
    as_surely(&digid, NOOR);
    let page = through_digid(&mut browser, &digid, &page).await;
    let page = browser.submit(&page, &[("as", "professional:specialist")]).await;
    assert_eq!(page.text, "the register at /me?x=1", "{}", page.url);
    assert_eq!(gateway.registers.count(), count + 1, "nothing was passed on before");
    let person = gateway.person(RGS, NOOR).await.id.to_string();
    let logins = gateway.lines_in(RGS, "login.succeeded").await;
    assert!(logins.len() == 2 && logins.iter().all(|line| line["actor"] == *person), "the same person: {logins:?}");
    let noor = gateway.person(RGS, NOOR).await.id;
    let sessions = gateway.read_in(RGS).await.sessions_of(noor, gateway.core().now()).await.expect("reads");
    let logged_in = sessions.into_iter().filter(|session| session.register.is_none()).count();
    assert_eq!(logged_in, 1, "and the same session");

    // And back under private law, since when is told.
    let page = browser.get(&at(&gateway, "opleiding", "/me")).await;
    for said in ["id=\"other-key\"", "privaat recht", "8 maart 2022"] {
        assert!(page.text.contains(said), "{said}: {}", page.text);
    }
}

#[tokio::test]
async fn login_4_who_is_entered_in_the_specialists_register_is_refused_the_old_way_at_the_next_request() {
    let digid = Digid::start().await;
    let gateway = digid.gateway_where(one_portal).await;
    let origin = at(&gateway, "opleiding", "");
    let mut browser = gateway.browser();
    let page = browser.get(&format!("{origin}/me")).await;
    assert!(page.text.contains("second=totp") && page.text.contains("/with/digid"), "who comes is not known yet");
    let page = browser.prove(&page, RGS, SANNE).await;
    let page = browser.submit(&page, &[("as", "role:trainee")]).await;
    assert_eq!(page.text, "the register at /me");

    let sanne = gateway.person(RGS, SANNE).await.id;
    let mut transaction = gateway.begin_in(RGS).await;
    transaction.put_registration(sanne, &specialist(), None).await.expect("writes");
    transaction.commit().await.expect("commits");
    gateway.tick().await;
    let count = gateway.registers.count();
    let page = browser.get(&format!("{origin}/me?x=1")).await;
    assert_eq!(page.status, 403, "{}", page.text);
    let scheme = format!("/schemes/{}/change", gateway.number(RGS, SANNE).await);
    let posted = browser.once(Method::POST, &format!("{origin}{scheme}"), &[], Some("text=x".into())).await;
    let asked = [("accept", "application/json"), ("sec-fetch-mode", "cors")];
    let asked = browser.once(Method::GET, &format!("{origin}/me"), &asked, None).await;
    assert_eq!(asked.status, 403);
    assert!(posted.status == 403 || posted.status == 404, "{}", posted.text());
    assert_eq!(gateway.registers.count(), count, "nothing is passed on");
    let refused = gateway.lines_in(RGS, "access.refused").await;
    assert_eq!(refused[0]["details"]["reason"], "another way of logging in is asked here");

    let page = browser.follow(&page, "/.poort/begin").await;
    for said in ["id=\"other-key\"", "Specialist", "privaat recht"] {
        assert!(page.text.contains(said), "{said}: {}", page.text);
    }
    as_surely(&digid, SANNE);
    let page = through_digid(&mut browser, &digid, &page).await;
    let page = browser.submit(&page, &[("as", "role:trainee")]).await;
    assert_eq!(page.text, "the register at /me?x=1", "back where she was, as who she was: {}", page.url);

    // Who logs in the old way now hears it before anything is chosen.
    let mut other = gateway.browser();
    let page = other.get(&format!("{origin}/me")).await;
    let page = other.prove(&page, RGS, SANNE).await;
    assert!(page.is_at("/login/") && page.text.contains("id=\"other-key\""), "{} {}", page.url, page.text);
    assert!(
        other.cookie_of(origin.trim_start_matches("http://").split(':').next().expect("a host"), SESSION).is_none()
    );
}

#[tokio::test]
async fn login_4_a_line_of_the_table_counts_from_its_day_on_also_for_who_is_in() {
    let digid = Digid::start().await;
    let gateway = digid
        .gateway_where(|tenant| {
            one_portal(tenant);
            let rule = &mut tenant.registers[0].logins[0];
            (rule.audience, rule.from) = (Audience::Everyone, Some("2026-11-23".parse().expect("a day")));
        })
        .await;
    let url = at(&gateway, "opleiding", "/me");
    // Ten minutes before midnight in Amsterdam.
    let midnight = poort::base::Timestamp::end_of("2026-11-22".parse().expect("a day"), &gateway.tenant().zone);
    gateway.advance(midnight.since(gateway.core().now()) - std::time::Duration::from_secs(600));
    let mut browser = gateway.browser();
    let page = browser.get(&url).await;
    assert!(!page.text.contains("/with/digid"), "{}", page.text);
    let page = browser.prove(&page, RGS, SANNE).await;
    assert_eq!(browser.submit(&page, &[("as", "role:trainee")]).await.text, "the register at /me");
    gateway.advance(std::time::Duration::from_secs(601));
    let page = browser.get(&url).await;
    assert_eq!(page.status, 403, "{}", page.text);
    let page = browser.follow(&page, "/.poort/begin").await;
    assert!(page.text.contains("23 november 2026") && page.text.contains("/with/digid"), "{}", page.text);
}

#[tokio::test]
async fn login_14_what_a_better_login_proved_is_not_worth_less_by_a_weaker_one_after_it() {
    let digid = Digid::start().await;
    let gateway = digid.gateway().await;
    as_surely(&digid, NOOR);
    let mut browser = gateway.browser();
    let page = browser.get(&at(&gateway, "specialisten", "/me")).await;
    let page = through_digid(&mut browser, &digid, &page).await;
    assert_eq!(browser.submit(&page, &[("as", "professional:specialist")]).await.text, "the register at /me");
    let noor = gateway.person(RGS, NOOR).await.id;
    let live = async || gateway.read_in(RGS).await.sessions_of(noor, gateway.core().now()).await.expect("reads");
    let before = live().await;
    assert!(before.iter().all(|session| session.assurance == Assurance::Substantial && session.means == "digid"));
    // A weaker login of hers, for another register: a session of its own, and the better one ends as it was.
    let page = browser.get(&at(&gateway, "opleiding", "/me")).await;
    let page = browser.prove_by_mail(&page, RGS, NOOR).await;
    assert_eq!(browser.submit(&page, &[("as", "role:trainee")]).await.text, "the register at /me");
    let after = live().await;
    assert!(after.iter().all(|session| before.iter().all(|known| known.id != session.id)), "{after:?}");
    assert!(after.iter().all(|session| session.assurance == Assurance::Low), "{after:?}");
    let page = browser.get(&at(&gateway, "specialisten", "/me")).await;
    assert!(page.is_at("/login/") && page.text.contains("/with/digid"), "{} {}", page.url, page.text);
}

#[tokio::test]
async fn login_14_by_route_by_acr_values_and_by_age_a_login_is_asked_that_does() {
    let gateway = Gateway::demo().await.about(RGS);
    let mut browser = gateway.browser();
    let origin = at(&gateway, "opleiding", "");
    let page = browser.get(&format!("{origin}/me")).await;
    let page = browser.prove_by_mail(&page, RGS, BRAM).await;
    browser.submit(&page, &[("as", "role:trainer")]).await;
    // By the route; what policy asks of an action is told in `logging_in`.
    let path = format!("/schemes/{}/approve", gateway.number(RGS, SANNE).await);
    let refused = browser.once(Method::POST, &format!("{origin}{path}"), &[], Some("x=1".into())).await;
    assert_eq!(refused.status, 403);
    assert!(refused.text().contains("least=substantial"), "{}", refused.text());
    // By `acr_values` (OpenID Connect Core 1.0 section 3.1.2.1).
    sample_code(&mut browser, async |browser, page| {
        let asked = |further: &str| format!("{}&{further}", page.trail[0]);
        let substantial = encoded(&[("acr_values", "http://eidas.europa.eu/LoA/substantial")]);
        let better = browser.get(&asked(&substantial)).await;
        assert!(better.is_at("/login/") && !better.text.contains("second=email-code"), "{}", better.text);
        let back = browser.prove(&better, RGS, BRAM).await;
        let back = browser.submit(&back, &[("as", "role:trainer")]).await;
        assert!(!back.code().is_empty(), "{}", back.url);
        // By age.
        gateway.advance(std::time::Duration::from_secs(100));
        assert!(browser.clone().get(&asked("max_age=99")).await.is_at("/login/"));
        browser.get(&asked("max_age=1000")).await
    })
    .await;
}

#[tokio::test]
async fn login_4_an_application_of_a_register_asks_what_the_register_asks() {
    let digid = Digid::start().await;
    let gateway = digid
        .gateway_where(|tenant| {
            for client in tenant.clients.iter_mut().filter(|client| client.id == "sample-app") {
                client.register = Some("specialisten".into());
                client.means.push("digid".into());
            }
        })
        .await;
    let mut browser = gateway.browser();
    let page = browser.get(&at(&gateway, "opleiding", "/me")).await;
    let page = browser.prove(&page, RGS, NOOR).await;
    browser.submit(&page, &[("as", "role:trainee")]).await;
    as_surely(&digid, NOOR);
    sample_code(&mut browser, async |browser, page| {
        assert!(page.is_at("/login/") && page.text.contains("id=\"other-key\""), "{} {}", page.url, page.text);
        assert!(!page.text.contains("second="), "{}", page.text);
        let silent = page.trail[0].clone() + "&prompt=none";
        assert_eq!(browser.clone().get(&silent).await.error(), "login_required", "nobody is asked in silence");
        let page = through_digid(browser, &digid, &page).await;
        browser.submit(&page, &[("as", "professional:specialist")]).await
    })
    .await;
}

#[tokio::test]
async fn login_4_a_token_of_a_login_that_the_register_does_not_take_opens_nothing_there() {
    let digid = Digid::start().await;
    let gateway = digid
        .gateway_where(|tenant| {
            let audience = tenant.backend("opleiding").expect("a backend").audience.clone();
            for client in tenant.clients.iter_mut().filter(|client| client.id == "sample-app") {
                client.audiences = vec![audience.clone()];
                client.means.push("digid".into());
            }
        })
        .await;
    as_surely(&digid, NOOR);
    let url = at(&gateway, "opleiding", "/me");
    for by_digid in [false, true] {
        let mut browser = gateway.browser();
        let tokens = sample_tokens(&mut browser, async |browser, page| {
            let page = match by_digid {
                true => through_digid(browser, &digid, &page).await,
                false => browser.prove(&page, RGS, NOOR).await,
            };
            browser.submit(&page, &[("as", "role:trainee")]).await
        })
        .await;
        let bearer = format!("Bearer {}", tokens["access_token"].as_str().expect("a token"));
        let reply = gateway.send(Method::GET, &url, &[("authorization", &bearer)], "").await;
        assert_eq!(reply.status, if by_digid { 403 } else { 200 }, "{}", reply.text());
    }
}
