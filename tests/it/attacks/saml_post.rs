//! S4 through the door by which a browser brings an answer (HTTP-POST): that comes a second time, from elsewhere, into another browser, or that
//! nobody asked for.

use futures_util::future::join_all;
use http::{Method, StatusCode};
use poort::http::cookies;

use crate::harness::{
    broker::{Broker, EMPLOYERS, LINDE, Said, Scheme},
    browser::Browser,
    saml::{EVERYBODY, Recipe},
};

const HR: &str = "9F2C5A00B7@eh";

fn is_in(browser: &Browser<'_>) -> bool {
    browser.cookie(cookies::SESSION).is_some()
}

#[tokio::test]
async fn s4_an_answer_is_taken_in_the_browser_that_left_and_in_no_other() {
    for scheme in Scheme::ALL {
        taken_where_it_left(scheme).await;
    }
}

async fn taken_where_it_left(scheme: Scheme) {
    let broker = Broker::of(scheme);
    let gateway = broker.gateway().await;
    let mut victim = gateway.browser();
    let page = victim.get("/").await;
    let sent = victim.leave_for_work(&page, &broker).await;
    let answer = sent.answer(&*scheme.somebody(), |_| {});
    // Login CSRF: somebody's own answer, led into another browser, with and without an attempt of its own.
    let mut other = gateway.browser();
    let reply = other.posted(sent.scheme, &answer, &sent.state).await;
    assert_eq!((reply.status, reply.header("set-cookie")), (StatusCode::SEE_OTHER, ""), "no cookie, no login");
    let next = reply.header("location").to_owned();
    for _ in 0..2 {
        let page = other.get(&next).await;
        assert!(!is_in(&other) && page.status == StatusCode::OK, "{}", page.text);
        assert!(page.text.contains("poort-reference__number"), "{}", page.text);
        other.get("/").await;
    }
    victim.get(&next).await;
    assert!(is_in(&victim), "{scheme:?}: it was not used up: the valid twin");
    // A second time nobody gets in by it, nor leads anybody else.
    let mut again = victim.at(&gateway);
    again.drop_cookie_of(again.gateway().tenant().host.clone().as_str(), cookies::SESSION);
    again.get(&next).await;
    assert!(!is_in(&again));
    assert_eq!(again.posted(sent.scheme, &answer, &sent.state).await.status, StatusCode::OK, "a page that explains");
}

/// Whoever leaves may have somebody else log in with their request: the answer comes by that person's browser, and is not theirs to fetch.
#[tokio::test]
async fn s4_who_left_does_not_get_the_answer_that_another_browser_brought() {
    for scheme in Scheme::ALL {
        let broker = Broker::of(scheme);
        let gateway = broker.gateway().await;
        for ticket in ["", "&ticket=", "&ticket=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"] {
            let (mut attacker, victim) = (gateway.browser(), gateway.browser());
            let page = attacker.get("/").await;
            let sent = attacker.leave_for_work(&page, &broker).await;
            let answer = sent.answer(&*scheme.somebody(), |_| {});
            let reply = victim.posted(sent.scheme, &answer, &sent.state).await;
            assert!(reply.header("location").contains("&ticket="), "{scheme:?}: {}", reply.header("location"));
            let word = scheme.factor().word();
            let page = attacker.get(&format!("/federated/{word}/callback?RelayState={}{ticket}", sent.state)).await;
            assert!(!is_in(&attacker) && page.text.contains("poort-reference__number"), "{scheme:?}: {}", page.text);
            attacker.get(reply.header("location")).await;
            assert!(!is_in(&attacker), "{scheme:?}: nor afterwards");
        }
        let refused = gateway.lines_in(gateway.tenant().id.as_str(), "login.failed").await;
        let by_another = refused.iter().filter(|line| line.to_string().contains("brought by another browser")).count();
        assert_eq!(by_another, 3, "{refused:?}");
        let mut twin = gateway.browser();
        twin.by_form(&broker, &*scheme.somebody()).await;
        assert!(is_in(&twin), "{scheme:?}: its valid twin");
    }
}

#[tokio::test]
async fn s4_an_answer_that_nobody_asked_for_is_not_kept() {
    let broker = Broker::start();
    let gateway = broker.gateway().await;
    let browser = gateway.browser();
    for state in ["", "x", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"] {
        let reply = browser.posted(Scheme::Eherkenning, "<samlp:Response/>", state).await;
        assert_eq!((reply.status, reply.header("location")), (StatusCode::OK, ""), "{state}: {}", reply.text());
    }
    let address = format!("{}/federated/eherkenning/callback", gateway.tenant().origin);
    let form = [("content-type", "application/x-www-form-urlencoded")];
    let twice = "SAMLResponse=a&SAMLResponse=b&RelayState=c";
    for (headers, body) in
        [(&form[..], "SAMLResponse=a"), (&form, "RelayState=a"), (&form, twice), (&[], "SAMLResponse=a&RelayState=b")]
    {
        assert_eq!(gateway.send(Method::POST, &address, headers, body).await.status, StatusCode::BAD_REQUEST, "{body}");
    }
    let large = format!("RelayState=x&SAMLResponse={}", "A".repeat(70_000));
    assert_eq!(gateway.send(Method::POST, &address, &form, large).await.status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn s4_the_first_answer_counts_and_one_artifact_is_none() {
    let broker = Broker::start();
    let gateway = broker.gateway().await;
    let mut browser = gateway.browser();
    let page = browser.get("/").await;
    let sent = browser.leave_for_work(&page, &broker).await;
    let answer = sent.answer(&Said::of(LINDE, HR), |_| {});
    let reply = browser.posted(sent.scheme, &answer, &sent.state).await;
    assert_eq!(reply.status, StatusCode::SEE_OTHER);
    assert_eq!(
        browser.posted(sent.scheme, "<other/>", &sent.state).await.status,
        StatusCode::OK,
        "the second one is not kept"
    );
    let page = browser.get(reply.header("location")).await;
    assert!(is_in(&browser), "{}", page.text);
    // Nothing but a form: an artifact, an answer in an address.
    let mut browser = gateway.browser();
    let page = browser.get("/").await;
    let sent = browser.leave_for_work(&page, &broker).await;
    let query = format!("RelayState={}&SAMLResponse=PHg%2BPC94Pg%3D%3D&SAMLart=AAQAAA", sent.state);
    let page = browser.get(&format!("/federated/eherkenning/callback?{query}")).await;
    assert!(!is_in(&browser) && page.status == StatusCode::BAD_GATEWAY, "{}", page.text);
}

#[tokio::test]
async fn s4_an_answer_is_believed_once_on_any_number_of_replicas() {
    let broker = Broker::start();
    let gateway = broker.gateway().await;
    let replica = gateway.again().await.about(EMPLOYERS);
    let mut browser = gateway.browser();
    let page = browser.get("/").await;
    let sent = browser.leave_for_work(&page, &broker).await;
    let answer = sent.answer(&Said::of(LINDE, HR), |recipe| recipe.id = "_always-the-same".to_owned());
    let reply = browser.posted(sent.scheme, &answer, &sent.state).await;
    let next = reply.header("location").to_owned();
    let tries = (0..50).map(|place| {
        let mut copy = if place % 2 == 0 { browser.at(&gateway) } else { browser.at(&replica) };
        let next = next.clone();
        async move {
            copy.get(&next).await;
            is_in(&copy)
        }
    });
    assert_eq!(join_all(tries).await.into_iter().filter(|done| *done).count(), 1);
    // The same assertion in an answer to a later request, on the other replica.
    let mut second = replica.browser();
    let page = second.get("/").await;
    let sent = second.leave_for_work(&page, &broker).await;
    let answer = sent.answer(&Said::of(LINDE, HR), |recipe| recipe.id = "_always-the-same".to_owned());
    let page = second.bring_answer(&sent, &answer).await;
    assert!(!is_in(&second) && page.status == StatusCode::BAD_GATEWAY, "{}", page.text);
}

#[tokio::test]
async fn s1_s2_s4_through_the_door_nothing_forged_logs_in() {
    for scheme in Scheme::ALL {
        nothing_forged(scheme).await;
    }
}

async fn nothing_forged(scheme: Scheme) {
    let broker = Broker::of(scheme);
    let gateway = broker.gateway().await;
    type Change = fn(&mut Recipe);
    let cases: [(&str, Change); 8] = [
        ("by a stranger", |r| (r.assertion_by, r.message_by) = ("stranger", "stranger")),
        ("the message by a stranger", |r| r.message_by = "stranger"),
        ("the assertion by a stranger", |r| r.assertion_by = "stranger"),
        ("another audience", |r| r.audience = "https://other.example".into()),
        ("another recipient", |r| r.callback = "https://other.example/".into()),
        ("another request", |r| r.request = "_other".into()),
        ("an hour old", |r| r.now = poort::base::Timestamp::from_millis(r.now.millis() - 3_600_000)),
        ("changed after", |r| r.body = |text| text.replace("IssueInstant=\"2", "IssueInstant=\"3")),
    ];
    let somebody = scheme.somebody();
    let tried = cases.len() + 1;
    for (name, change) in cases {
        let mut browser = gateway.browser();
        let page = browser.get("/").await;
        let sent = browser.leave_for_work(&page, &broker).await;
        let page = browser.bring_answer(&sent, &sent.answer(&*somebody, change)).await;
        assert!(!is_in(&browser) && [403, 502].contains(&page.status.as_u16()), "{scheme:?}, {name}: {}", page.text);
    }
    // A class of which the tenant's file says nothing.
    let mut browser = gateway.browser();
    let page = browser.get("/").await;
    let sent = browser.leave_for_work(&page, &broker).await;
    let unnamed = match scheme {
        Scheme::Eherkenning => "urn:etoegang:core:assurance-class:loa2",
        Scheme::Eidas => "http://eidas.europa.eu/NotNotified/LoA/high",
        Scheme::Fas => "urn:be:fedict:iam:fas:Level100",
    };
    let page = browser.bring_answer(&sent, &sent.answer(&*somebody, |r| r.class = unnamed.to_owned())).await;
    assert!(!is_in(&browser) && [403, 502].contains(&page.status.as_u16()), "{scheme:?}: {}", page.text);
    let lines = gateway.lines_in(scheme.tenant(), "login.failed").await;
    assert_eq!(lines.len(), tried, "{scheme:?}: each has a line in the audit log");
    let mut browser = gateway.browser();
    browser.by_form(&broker, &*somebody).await;
    assert!(is_in(&browser), "{scheme:?}: the valid twin");
}

#[tokio::test]
async fn s2_what_eherkenning_says_well_and_does_not_do() {
    let broker = Broker::start();
    let gateway = broker.gateway().await;
    let said = Said::of(LINDE, HR);
    let mut tried = 0;
    // What is said well, and does not do.
    let mut clear = said.clone();
    clear.legal.0 = "urn:etoegang:1.9:EntityConcernedID:RSIN";
    let mut service = said.clone();
    service.service = "urn:etoegang:DV:00000003999999990000:services:2".to_owned();
    let mut stranger = said.clone();
    stranger.sealing.to = &EVERYBODY.stranger;
    for (name, said) in
        [("a number of another kind", clear), ("another service", service), ("for a stranger", stranger)]
    {
        let mut browser = gateway.browser();
        let page = browser.by_form(&broker, &said).await;
        assert!(!is_in(&browser) && page.status == StatusCode::BAD_GATEWAY, "{name}: {} {}", page.status, page.text);
        tried += 1;
    }
    // Identifiers in the clear.
    let mut browser = gateway.browser();
    let page = browser.get("/").await;
    let sent = browser.leave_for_work(&page, &broker).await;
    let page = browser.bring_answer(&sent, &sent.answer(&said, |recipe| recipe.attributes = in_the_clear())).await;
    assert!(!is_in(&browser) && page.status == StatusCode::BAD_GATEWAY, "{}", page.text);
    assert_eq!(gateway.lines_in(EMPLOYERS, "login.failed").await.len(), tried + 1, "each has a line in the audit log");
    let mut browser = gateway.browser();
    browser.by_form(&broker, &said).await;
    assert!(is_in(&browser), "the valid twin");
}

fn in_the_clear() -> String {
    use crate::harness::{broker::SERVICE, encrypted};
    encrypted::statement(&[
        encrypted::said("urn:etoegang:core:ServiceID", SERVICE),
        encrypted::said("urn:etoegang:core:LegalSubjectID", LINDE),
        encrypted::said("urn:etoegang:core:ActingSubjectID", HR),
    ])
}
