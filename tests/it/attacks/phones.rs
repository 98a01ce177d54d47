//! Codes that are sent: of somebody else, of another way, guessed over many doors; and whoever earns by what is sent (toll fraud).

use std::{net::IpAddr, time::Duration};

use poort::{
    base::id::AttemptId,
    domain::tenant::Factor,
    service::sign_in::{self, Answer, SignInError},
};
use zeroize::Zeroizing;

use crate::{
    harness::{
        browser::{Browser, Page},
        demo::{BRAM, JOOST, PASSWORD, SANNE, SANNES_PHONE},
        gateway::{Gateway, RGS},
    },
    stories::phones::code_page,
};

async fn gateways() -> Vec<Gateway> {
    Gateway::demos().await.into_iter().map(|gateway| gateway.about(RGS)).collect()
}

/// The password of somebody, in the attempt that a browser has open.
async fn password_in(browser: &mut Browser<'_>, page: &Page, second: &str, email: &str) -> Page {
    let attempt = page.url.path().split('/').nth(2).expect("an attempt");
    let page = browser.get(&format!("/login/{attempt}/password?second={second}")).await;
    browser.submit(&page, &[("user_name", email), ("password", PASSWORD)]).await
}

#[tokio::test]
async fn cve_2026_49443_a_code_is_its_persons_in_its_attempt_and_by_its_way() {
    for gateway in gateways().await {
        // Bram's own codes, in an attempt in which he then gives Sanne's password.
        let mut browser = gateway.browser();
        let page = browser.get("/").await;
        let page = password_in(&mut browser, &page, "email-code", BRAM).await;
        let brams_mail = gateway.mailed_code(RGS, BRAM).await;
        gateway.later();
        let page = password_in(&mut browser, &page, "phone-code", BRAM).await;
        let brams_sms = gateway.phoned_code(RGS, "+31610000003").await;
        gateway.later();
        let page = password_in(&mut browser, &page, "phone-code", SANNE).await;
        let sannes = gateway.phoned_code(RGS, SANNES_PHONE).await;
        if brams_sms != sannes {
            let refused = browser.submit(&page, &[("code", &brams_sms)]).await;
            assert_eq!(refused.status, 422, "{}: {}", gateway.name(), refused.text);
        }
        gateway.later();
        let page = password_in(&mut browser, &page, "email-code", SANNE).await;
        for stolen in [&brams_mail, &sannes] {
            if *stolen != gateway.mailed_code(RGS, SANNE).await {
                let refused = browser.submit(&page, &[("code", stolen)]).await;
                assert_eq!(refused.status, 422, "{}: {}", gateway.name(), refused.text);
            }
        }
        // Another attempt of the same person does not take it either; the twin does.
        let mut other = gateway.browser();
        let page = code_page(&mut other, SANNE).await;
        let own = gateway.phoned_code(RGS, SANNES_PHONE).await;
        if own != sannes {
            assert_eq!(other.submit(&page, &[("code", &sannes)]).await.status, 422);
        }
        assert_eq!(other.submit(&page, &[("code", &own)]).await.status, 200);
    }
}

#[tokio::test]
async fn cve_2026_33640_guesses_of_a_phoned_code_count_over_sessions_ways_and_replicas() {
    for gateway in gateways().await {
        let other = gateway.again().await;
        let (mut here, mut there) = (gateway.browser(), other.browser());
        let (page_here, page_there) = (code_page(&mut here, SANNE).await, code_page(&mut there, SANNE).await);
        let right = gateway.rung(RGS, SANNES_PHONE).await;
        let codes: Vec<String> =
            right.iter().map(|sms| sms.text().rsplit_once('#').expect("a code").1.to_owned()).collect();
        let wrong = ["000000", "000001", "000002"]
            .into_iter()
            .find(|guess| codes.iter().all(|code| code != guess))
            .expect("one");
        let mut statuses = Vec::new();
        for round in 0..=gateway.tenant().terms.tries {
            let page = match round % 2 {
                0 => here.submit(&page_here, &[("code", wrong)]).await,
                _ => there.submit(&page_there, &[("code", wrong)]).await,
            };
            statuses.push(page.status.as_u16());
        }
        assert_eq!(statuses, [422, 422, 422, 422, 422, 429], "{}", gateway.name());
        // The right one is as good as a wrong one now, here, there, and by another way.
        for code in &codes {
            assert_eq!(here.submit(&page_here, &[("code", code)]).await.status, 429);
            assert_eq!(there.submit(&page_there, &[("code", code)]).await.status, 429);
        }
        let page = browser_by_app(&gateway).await;
        assert_eq!(page.status, 422, "the app's page of a locked account takes no password: {}", page.text);
    }
}

async fn browser_by_app(gateway: &Gateway) -> Page {
    let mut browser = gateway.browser();
    let page = browser.get("/").await;
    let page = browser.follow(&page, "second=totp").await;
    browser.submit(&page, &[("user_name", SANNE), ("password", PASSWORD)]).await
}

#[tokio::test]
async fn cve_2026_33640_of_fifty_guesses_at_once_no_more_than_the_tries_are_judged() {
    for gateway in gateways().await {
        let mut browser = gateway.browser();
        let page = code_page(&mut browser, SANNE).await;
        let right = gateway.phoned_code(RGS, SANNES_PHONE).await;
        let id: AttemptId = page.url.path().split('/').nth(2).expect("an attempt").parse().expect("an id");
        let cookie = browser.cookie(poort::http::cookies::BROWSER).expect("a cookie");
        let digest = poort::base::token::Token::parse(cookie).expect("a token").digest();
        let guesses = (0..50).map(|n| format!("{n:06}")).filter(|guess| *guess != right);
        let tries = guesses.map(|guess| {
            let answer = Answer {
                factor: Factor::PhoneCode,
                login_name: None,
                secret: Zeroizing::new(guess),
                agent: "",
                address: IpAddr::from([192, 0, 2, 1]),
                before: None,
            };
            sign_in::prove(gateway.core(), gateway.tenant(), id, digest, answer)
        });
        let answers = futures_util::future::join_all(tries).await;
        let judged = answers.iter().filter(|answer| matches!(answer, Err(SignInError::Wrong))).count();
        assert_eq!(judged, gateway.tenant().terms.tries as usize, "{}", gateway.name());
    }
}

#[tokio::test]
async fn toll_fraud_one_account_gets_no_more_than_its_messages_whatever_is_asked_where() {
    for gateway in gateways().await {
        let other = gateway.again().await;
        let mut refused = None;
        for round in 0..11 {
            let gateway = if round % 2 == 0 { &gateway } else { &other };
            let mut browser = gateway.browser();
            let page = browser.get("/").await;
            let page = browser.follow(&page, "second=phone-code").await;
            let page = browser.submit(&page, &[("user_name", SANNE), ("password", PASSWORD)]).await;
            if page.status == 429 {
                refused = Some(round);
                assert!(page.text.contains("opnieuw"), "it says when: {}", page.text);
            }
        }
        assert_eq!(refused, Some(10), "{}", gateway.name());
        assert_eq!(gateway.rung(RGS, SANNES_PHONE).await.len(), 10);
        assert_eq!(gateway.lines_in(RGS, "phone.refused").await[0]["details"]["bound"], "person");
        // Everything else still logs her in, and an hour later this does.
        let mut browser = gateway.browser();
        let page = browser.get("/").await;
        assert_eq!(browser.prove_by_mail(&page, RGS, SANNE).await.status, 200);
        gateway.advance(Duration::from_secs(3600));
        code_page(&mut gateway.browser(), SANNE).await;
    }
}

#[tokio::test]
async fn toll_fraud_a_tenant_and_an_address_have_bounds_of_their_own() {
    let less = |tenant: &mut poort::domain::tenant::Tenant| tenant.phone.iter_mut().for_each(|terms| terms.per_day = 3);
    for gateway in Gateway::demos_with(less).await {
        let gateway = gateway.about(RGS);
        for _ in 0..3 {
            code_page(&mut gateway.browser(), BRAM).await;
        }
        let mut browser = gateway.browser();
        let page = browser.get("/").await;
        let page = browser.follow(&page, "second=phone-code").await;
        let page = browser.submit(&page, &[("user_name", SANNE), ("password", PASSWORD)]).await;
        assert_eq!(page.status, 429, "somebody else of the tenant: {}", page.text);
        assert_eq!(gateway.lines_in(RGS, "phone.refused").await[0]["details"]["bound"], "tenant");
        gateway.advance(Duration::from_secs(24 * 3600));
        code_page(&mut gateway.browser(), SANNE).await;
    }
}

#[tokio::test]
async fn cve_2026_54693_cve_2026_27946_nobody_verifies_a_number_that_is_not_theirs() {
    for gateway in gateways().await {
        let mut browser = gateway.browser();
        let page = browser.get("/").await;
        let page = browser.prove(&page, RGS, JOOST).await;
        // Their own number, and its code; then another's number meanwhile.
        let own = browser.submit(&page, &[("number", "06 10000099"), ("way", "sms")]).await;
        let code = gateway.phoned_code(RGS, "+31610000099").await;
        gateway.later();
        let others = browser.submit(&page, &[("number", "06 10000001"), ("way", "sms")]).await;
        let refused = browser.submit(&own, &[("code", &code)]).await;
        assert!(refused.is_at("/factors/phone"), "{} {}", refused.url, refused.text);
        // The code of the one does not verify the other; guesses end after five.
        let mut page = others;
        let right = gateway.phoned_code(RGS, "+31610000001").await;
        let wrong = if right == "000000" { "000001" } else { "000000" };
        for _ in 0..5 {
            page = browser.submit(&page, &[("code", if code == right { wrong } else { &code })]).await;
        }
        assert!(page.is_at("/factors/phone") && !page.text.contains("name=\"code\""), "{} {}", page.url, page.text);
        let person = gateway.person(RGS, JOOST).await.id;
        let verified = async || gateway.read_in(RGS).await.phone(person).await.expect("reads").expect("a number").1;
        assert_eq!(verified().await, None, "{}", gateway.name());

        // A question that was asked in another browser is not answered here; the twin in its own is.
        let page = browser.get("/factors/phone").await;
        let asked = browser.submit(&page, &[("number", "06 10000099"), ("way", "sms")]).await;
        let code = gateway.phoned_code(RGS, "+31610000099").await;
        let mut thief = gateway.browser();
        let start = thief.get("/").await;
        thief.prove(&start, RGS, JOOST).await;
        let own_form = thief.get("/factors/phone").await;
        let own_form = thief.submit(&own_form, &[("number", "06 10000099"), ("way", "sms")]).await;
        let token = Browser::offered(&asked, "phone").pop().expect("a token");
        let refused = thief.submit(&own_form, &[("phone", &token), ("code", &code)]).await;
        assert!(refused.is_at("/factors/phone"), "{} {}", refused.url, refused.text);
        assert_eq!(verified().await, None);
        let done = browser.submit(&asked, &[("code", &code)]).await;
        assert!(verified().await.is_some(), "{} {}", done.url, done.text);
    }
}
