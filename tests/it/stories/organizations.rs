//! ORG-1: who manages access grants rights to members, and takes them back.

use poort::base::id::PersonId;

use crate::harness::{
    application::encoded,
    browser::{Browser, Page},
    demo::{AN, KOEN, LOTTE, SOFIE, TOM},
    gateway::{Gateway, Reply},
};

/// An access manager at the page of the organization.
async fn manager<'g>(gateway: &'g Gateway, email: &str) -> (Browser<'g>, Page) {
    let mut browser = gateway.browser();
    browser.open_within("/me", email).await;
    let page = browser.get("/organization").await;
    assert_eq!(page.status, 200, "{}", page.text);
    (browser, page)
}

async fn grant(
    browser: &mut Browser<'_>,
    page: &Page,
    member: PersonId,
    right: &str,
    until: (&str, &str, &str),
) -> Page {
    let (day, month, year) = until;
    let member = member.to_string();
    let fields = [("member", member.as_str()), ("right", right), ("day", day), ("month", month), ("year", year)];
    browser.press(page, "/organization/grant", &fields).await
}

/// Posts to the page of the organization with the tokens of another of its forms.
async fn post(browser: &Browser<'_>, page: &Page, action: &str, fields: &[(&str, &str)]) -> Reply {
    let form = Browser::form(page, "/organization/grant");
    let token = |name: &str| form.iter().find(|(known, _)| known == name).expect("a token").1.clone();
    let (csrf, profile) = (token("csrf"), token("poort_profile"));
    let mut all = vec![("csrf", csrf.as_str()), ("poort_profile", profile.as_str())];
    all.extend_from_slice(fields);
    let url = format!("{}{action}", browser.gateway().tenant().origin);
    browser.once(http::Method::POST, &url, &[], Some(encoded(&all))).await
}

const NEXT_JUNE: (&str, &str, &str) = ("30", "6", "2027");

#[tokio::test]
async fn org_1_a_granted_right_is_there_at_the_members_next_request_and_gone_when_taken_back() {
    for gateway in Gateway::demos().await {
        let mut tom = gateway.browser();
        tom.open_within("/me", TOM).await;
        gateway.tick().await;
        assert_eq!(tom.ask("/organization/reports").await.status, 403);
        let (mut lotte, page) = manager(&gateway, LOTTE).await;
        let page = grant(&mut lotte, &page, gateway.id(TOM).await, "reporting", NEXT_JUNE).await;
        assert_eq!(page.status, 200, "{}", page.text);
        assert!(page.text.contains("utrecht-alert--ok"), "{}", page.text);
        assert_eq!(tom.ask("/organization/reports").await.status, 200, "{}", gateway.name());
        let claims =
            gateway.registers.last().claims(&gateway, &gateway.tenant().origin, "https://dossier.riziv.example").await;
        assert_eq!(claims["rights"], serde_json::json!(["reporting"]));
        assert_eq!(claims["organization"]["name"], "Ziekenhuis Sint-Anna", "{claims}");
        assert_eq!(claims["profile"]["capacity"], "organization_member");
        let grants = gateway.grants(TOM).await;
        let page = lotte.press(&page, "/organization/revoke", &[("right_grant", &grants[0].id.to_string())]).await;
        assert_eq!(page.status, 200, "{}", page.text);
        let before = gateway.registers.count();
        assert_eq!(tom.ask("/organization/reports").await.status, 403, "no longer: {}", gateway.name());
        assert_eq!(gateway.registers.count(), before);
    }
}

#[tokio::test]
async fn org_1_a_right_ends_with_its_last_day() {
    for gateway in Gateway::demos().await {
        let (mut lotte, page) = manager(&gateway, LOTTE).await;
        // Today is 22 November.
        let page = grant(&mut lotte, &page, gateway.id(TOM).await, "reporting", ("22", "11", "2026")).await;
        assert_eq!(page.status, 200, "{}", page.text);
        let mut tom = gateway.browser();
        tom.open_within("/me", TOM).await;
        assert_eq!(tom.ask("/organization/reports").await.status, 200, "that day included");
        gateway.advance(std::time::Duration::from_secs(24 * 3600));
        let mut tom = gateway.browser();
        tom.open_within("/me", TOM).await;
        assert_eq!(tom.ask("/organization/reports").await.status, 403, "{}", gateway.name());
    }
}

#[tokio::test]
async fn org_1_nobody_grants_more_than_the_organization_has() {
    for gateway in Gateway::demos().await {
        let (mut lotte, page) = manager(&gateway, LOTTE).await;
        let tom = gateway.id(TOM).await;
        // Invoicing is the hospital's until the end of next year.
        let late = grant(&mut lotte, &page, tom, "invoicing", ("1", "1", "2028")).await;
        assert_eq!(late.status, 422, "{}", late.text);
        let text = tom.to_string();
        let unknown =
            [("member", text.as_str()), ("right", "prescribing"), ("day", "30"), ("month", "6"), ("year", "2027")];
        assert_eq!(post(&lotte, &page, "/organization/grant", &unknown).await.status, 422);
        let past = grant(&mut lotte, &page, tom, "invoicing", ("21", "11", "2026")).await;
        assert_eq!(past.status, 422);
        let last = grant(&mut lotte, &page, tom, "invoicing", ("31", "12", "2027")).await;
        assert_eq!(last.status, 200, "the twin: {}: {}", gateway.name(), last.text);
        assert_eq!(gateway.lines_of("right.grant_refused").await.len(), 3, "AUDIT-1");
    }
}

#[tokio::test]
async fn org_1_nobody_grants_more_than_was_entrusted_to_them() {
    for gateway in Gateway::demos().await {
        let (mut sofie, page) = manager(&gateway, SOFIE).await;
        let tom = gateway.id(TOM).await;
        assert_eq!(Browser::offered(&page, "right").len(), 0, "it is a list");
        assert!(
            page.text.contains("value=\"reporting\"") && !page.text.contains("value=\"invoicing\""),
            "{}",
            page.text
        );
        let text = tom.to_string();
        let other =
            [("member", text.as_str()), ("right", "invoicing"), ("day", "30"), ("month", "6"), ("year", "2027")];
        assert_eq!(post(&sofie, &page, "/organization/grant", &other).await.status, 422);
        let late = grant(&mut sofie, &page, tom, "reporting", ("1", "7", "2027")).await;
        assert_eq!(late.status, 422, "hers ends before: {}", late.text);
        let good = grant(&mut sofie, &page, tom, "reporting", NEXT_JUNE).await;
        assert_eq!(good.status, 200, "the twin: {}: {}", gateway.name(), good.text);
    }
}

#[tokio::test]
async fn org_1_nobody_takes_back_what_they_could_not_grant() {
    for gateway in Gateway::demos().await {
        let (mut lotte, page) = manager(&gateway, LOTTE).await;
        grant(&mut lotte, &page, gateway.id(TOM).await, "invoicing", NEXT_JUNE).await;
        let grants = gateway.grants(TOM).await;
        let (sofie, page) = manager(&gateway, SOFIE).await;
        assert!(!page.text.contains("/organization/revoke"), "it is not offered: {}", page.text);
        let handle = grants[0].id.to_string();
        let reply = post(&sofie, &page, "/organization/revoke", &[("right_grant", &handle)]).await;
        assert!(reply.status.is_client_error(), "{}: {}", gateway.name(), reply.status);
        let still = gateway.grants(TOM).await;
        assert_eq!(still.len(), 1);
    }
}

#[tokio::test]
async fn org_1_nobody_grants_to_themselves() {
    for gateway in Gateway::demos().await {
        for email in [LOTTE, SOFIE] {
            let (browser, page) = manager(&gateway, email).await;
            let own = gateway.id(email).await.to_string();
            let fields =
                [("member", own.as_str()), ("right", "reporting"), ("day", "30"), ("month", "6"), ("year", "2027")];
            let reply = post(&browser, &page, "/organization/grant", &fields).await;
            assert_eq!(reply.status, 422, "{email}: {}", gateway.name());
            assert_eq!(browser.ask("/organization/reports").await.status, 403);
        }
    }
}

#[tokio::test]
async fn org_1_who_is_no_member_gets_nothing() {
    for gateway in Gateway::demos().await {
        let (lotte, page) = manager(&gateway, LOTTE).await;
        let (an, nobody) = (gateway.id(AN).await.to_string(), PersonId::from_u128(1).to_string());
        let mut bodies = Vec::new();
        for person in [an.as_str(), nobody.as_str()] {
            let fields = [("member", person), ("right", "reporting"), ("day", "30"), ("month", "6"), ("year", "2027")];
            let reply = post(&lotte, &page, "/organization/grant", &fields).await;
            assert_eq!(reply.status, 422, "{}", gateway.name());
            bodies.push(reply.text().replace(person, ""));
        }
        assert_eq!(bodies[0], bodies[1], "and it does not tell who is known elsewhere");
    }
}

#[tokio::test]
async fn org_1_a_member_manages_nothing_and_the_attempt_is_written_down() {
    for gateway in Gateway::demos().await {
        let mut tom = gateway.browser();
        tom.open_within("/me", TOM).await;
        assert_eq!(tom.get("/organization").await.status, 403);
        // With the tokens of a form of his own.
        let account = tom.get("/").await;
        let csrf = Browser::form(&account, "/language").into_iter().find(|(name, _)| name == "csrf").expect("one").1;
        let profile = tom.banner().await["profile"].as_str().expect("a handle").to_owned();
        let koen = gateway.id(KOEN).await.to_string();
        let fields = [
            ("csrf", csrf.as_str()),
            ("poort_profile", &profile),
            ("member", &koen),
            ("right", "reporting"),
            ("day", "30"),
            ("month", "6"),
            ("year", "2027"),
        ];
        let url = format!("{}/organization/grant", gateway.tenant().origin);
        let reply = tom.once(http::Method::POST, &url, &[], Some(encoded(&fields))).await;
        assert_eq!(reply.status, 403, "{}", gateway.name());
        let refused = gateway.lines(crate::harness::gateway::PRO).await;
        let refused = refused.iter().filter(|line| line["kind"].as_str().is_some_and(|kind| kind.ends_with("refused")));
        assert_eq!(refused.count(), 2, "AUDIT-1: the look and the attempt");
    }
}

#[tokio::test]
async fn org_1_a_code_by_mail_is_too_low_to_manage_access() {
    let gateway = Gateway::demo().await;
    let mut browser = gateway.browser();
    let page = browser.get("/").await;
    let page = browser.prove_by_mail(&page, crate::harness::gateway::PRO, LOTTE).await;
    let hospital = gateway.organization_of(LOTTE).await.to_string();
    browser.submit(&page, &[("as", "citizen"), ("organization", &hospital)]).await;
    let page = browser.get("/organization").await;
    assert!(page.is_at("/login/"), "they are led to a better login: {}", page.url);
    assert!(!page.text.contains("second=email-code"), "what does not reach it is not offered");
    let (_, page) = manager(&gateway, LOTTE).await;
    assert_eq!(page.status, 200, "the twin");
}

#[tokio::test]
async fn org_1_a_grant_is_in_the_log_and_the_member_is_told_by_mail() {
    for gateway in Gateway::demos().await {
        let (mut lotte, page) = manager(&gateway, LOTTE).await;
        let page = grant(&mut lotte, &page, gateway.id(TOM).await, "reporting", NEXT_JUNE).await;
        let line = &gateway.lines_of("right.granted").await[0];
        let (by, to) = (gateway.id(LOTTE).await.to_string(), gateway.id(TOM).await.to_string());
        assert_eq!((line["actor"].as_str(), line["subject"].as_str()), (Some(by.as_str()), Some(to.as_str())));
        assert_eq!((&line["details"]["right"], &line["details"]["until"]), (&"reporting".into(), &"2027-06-30".into()));
        assert_eq!(line["details"]["rule"], "chief-access-manager-grants-right");
        let organization = gateway.organization_of(TOM).await;
        assert_eq!(line["organization"], organization.to_string());
        let mail = gateway.mails("progezondheid", TOM).await.pop().expect("a mail");
        for told in ["Lotte Maes", "Rapporten raadplegen", "Ziekenhuis Sint-Anna", "30 juni 2027"] {
            assert!(mail.body.contains(told), "{told}: {}", *mail.body);
        }
        let grants = gateway.grants(TOM).await;
        lotte.press(&page, "/organization/revoke", &[("right_grant", &grants[0].id.to_string())]).await;
        assert_eq!(gateway.lines_of("right.revoked").await[0]["subject"], to);
        assert_eq!(gateway.mails("progezondheid", TOM).await.len(), 2, "{}", gateway.name());
    }
}

#[tokio::test]
async fn org_1_a_form_of_another_profile_changes_nothing() {
    for gateway in Gateway::demos().await {
        let (mut lotte, page) = manager(&gateway, LOTTE).await;
        // Another tab leaves the hospital.
        let choice = lotte.get("/profile").await;
        lotte.submit(&choice, &[("as", "citizen"), ("organization", "")]).await;
        let refreshed = lotte.get("/").await;
        let csrf = Browser::form(&refreshed, "/language").into_iter().find(|(name, _)| name == "csrf").expect("one").1;
        let tom = gateway.id(TOM).await.to_string();
        let fields = [
            ("member", tom.as_str()),
            ("right", "reporting"),
            ("day", "30"),
            ("month", "6"),
            ("year", "2027"),
            ("csrf", &csrf),
        ];
        let conflict = lotte.press(&page, "/organization/grant", &fields).await;
        assert_eq!(conflict.status, 409, "{}: {}", gateway.name(), conflict.text);
        assert!(
            conflict.text.contains("Ziekenhuis Sint-Anna"),
            "it names what the form was made for: {}",
            conflict.text
        );
        assert_eq!(gateway.lines_of("right.granted").await.len(), 0);
        assert_eq!(gateway.lines_of("access.refused").await.len(), 1, "AUDIT-1");
    }
}
