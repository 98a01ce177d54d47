//! S4 through the doors: artifacts and assertions that come a second time, from elsewhere, or that nobody asked for. The resolver is the
//! tests' own, over TLS with both certificates.

use futures_util::future::join_all;
use http::{Method, StatusCode};
use poort::http::cookies;

use crate::harness::{
    browser::{Browser, Page},
    demo::SANNE,
    gateway::RGS,
    provider::number_of,
    resolver::Digid,
    saml::artifact,
};

fn is_in(browser: &Browser<'_>) -> bool {
    browser.cookie(cookies::SESSION).is_some()
}

/// A page that explains, and begins again: no login.
fn explains(page: &Page) {
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    assert!(page.text.contains("poort-reference__number"), "{}", page.text);
}

#[tokio::test]
async fn s4_nobody_comes_back_who_did_not_leave_from_this_browser() {
    let digid = Digid::start().await;
    let gateway = digid.gateway().await;
    digid.as_person(&number_of(SANNE));
    let mut victim = gateway.browser();
    let page = victim.get("/").await;
    let left = victim.leave_for(&page, &digid).await;
    // Login CSRF: somebody's own artifact, in another browser, with and without an attempt of its own.
    let mut other = gateway.browser();
    explains(&other.bring(&artifact(900), &left.state).await);
    assert!(!is_in(&other));
    other.get("/").await;
    explains(&other.bring(&artifact(900), &left.state).await);
    assert!(!is_in(&other));
    // Nobody asked: no state, another's words, none at all.
    for state in ["", "x", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"] {
        explains(&other.bring(&artifact(901), state).await);
        assert!(!is_in(&other));
    }
    assert_eq!(digid.asked().len(), 0, "no artifact was resolved");
    victim.come_back_to(&digid, &left.state).await;
    assert!(is_in(&victim), "the valid twin");
}

#[tokio::test]
async fn s4_a_response_that_the_browser_brings_has_no_way_in() {
    let digid = Digid::start().await;
    let gateway = digid.gateway().await;
    digid.as_person(&number_of(SANNE));
    let mut browser = gateway.browser();
    let page = browser.get("/").await;
    let left = browser.leave_for(&page, &digid).await;
    let address = format!("{}/federated/digid/callback", gateway.tenant().origin);
    let body = format!("SAMLResponse=PHNhbWxwOlJlc3BvbnNlLz4%3D&RelayState={}", left.state);
    let reply = browser.once(Method::POST, &address, &[], Some(body.clone())).await;
    assert_eq!(reply.status, StatusCode::METHOD_NOT_ALLOWED);
    let page = browser.get(&format!("{address}?{body}")).await;
    assert!(!is_in(&browser) && page.status == StatusCode::BAD_GATEWAY, "{}", page.text);
    assert_eq!(digid.asked().len(), 0);
}

#[tokio::test]
async fn s4_an_artifact_is_resolved_once_on_any_number_of_replicas() {
    let digid = Digid::start().await;
    let gateway = digid.gateway().await;
    digid.as_person(&number_of(SANNE));
    let mut browser = gateway.browser();
    let page = browser.get("/").await;
    let left = browser.leave_for(&page, &digid).await;
    // Fifty at once, on two replicas.
    let replica = gateway.again().await.about(RGS);
    let tries = (0..50).map(|place| {
        let mut copy = if place % 2 == 0 { browser.at(&gateway) } else { browser.at(&replica) };
        let state = left.state.clone();
        async move {
            copy.bring(&artifact(7), &state).await;
            is_in(&copy)
        }
    });
    let logged_in = join_all(tries).await.into_iter().filter(|done| *done).count();
    assert_eq!((logged_in, digid.asked().len()), (1, 1));
    // The same artifact in a later login, after a restart: it is not asked about again.
    let restarted = gateway.again().await.about(RGS);
    let mut browser = restarted.browser();
    let page = browser.get("/").await;
    let left = browser.leave_for(&page, &digid).await;
    let page = browser.bring(&artifact(7), &left.state).await;
    assert!(!is_in(&browser) && page.status == StatusCode::BAD_GATEWAY, "{}", page.text);
    assert_eq!(digid.asked().len(), 1);
    browser.by_digid(&digid).await;
    assert!(is_in(&browser), "the valid twin");
}

#[tokio::test]
async fn s4_an_assertion_is_believed_once() {
    let digid = Digid::start().await;
    let gateway = digid.gateway().await;
    let number = number_of(SANNE);
    digid.answers(move |recipe| {
        recipe.name = format!("s00000000:{number}");
        recipe.id = "_always-the-same".to_owned();
    });
    let mut browser = gateway.browser();
    browser.by_digid(&digid).await;
    assert!(is_in(&browser));
    let replica = gateway.again().await.about(RGS);
    let mut second = replica.browser();
    let page = second.by_digid(&digid).await;
    assert!(!is_in(&second) && page.status == StatusCode::BAD_GATEWAY, "{}", page.text);
}

#[tokio::test]
async fn s4_artifacts_that_are_none_of_this_provider_are_not_asked_about() {
    let digid = Digid::start().await;
    let gateway = digid.gateway().await;
    digid.as_person(&number_of(SANNE));
    let good = artifact(1);
    let mut odd: Vec<String> = ["", "x", "AAQAAA==", "%00"].map(str::to_owned).to_vec();
    odd.extend([good[..59].to_owned(), format!("{good}="), format!(" {good}"), good.replacen("AAQ", "AAR", 1)]);
    odd.push(good.replacen("AAQAA", "AAQAB", 1));
    odd.push(format!("{}{}", &good[..8], "A".repeat(52)));
    odd.push("<samlp:Artifact/>".to_owned());
    odd.push("A".repeat(6000));
    for artifact in odd {
        let mut browser = gateway.browser();
        let page = browser.get("/").await;
        let left = browser.leave_for(&page, &digid).await;
        let page = browser.bring(&artifact, &left.state).await;
        assert!(
            !is_in(&browser) && page.status == StatusCode::BAD_GATEWAY,
            "{artifact:?}: {} {}",
            page.status,
            page.text
        );
    }
    assert_eq!(digid.asked().len(), 0);
    let mut browser = gateway.browser();
    browser.by_digid(&digid).await;
    assert!(is_in(&browser), "the valid twin");
}

#[tokio::test]
async fn s1_s2_s4_through_the_doors_nothing_forged_logs_in() {
    let digid = Digid::start().await;
    let gateway = digid.gateway().await;
    let number = number_of(SANNE);
    type Change = fn(&mut crate::harness::saml::Recipe);
    let cases: [(&str, Change); 8] = [
        ("by a stranger", |r| (r.assertion_by, r.message_by) = ("stranger", "stranger")),
        ("another audience", |r| r.audience = "https://other.example".into()),
        ("another recipient", |r| r.callback = "https://other.example/".into()),
        ("another request", |r| r.request = "_other".into()),
        ("another question", |r| r.resolve = "_other".into()),
        ("an hour old", |r| r.now = poort::base::Timestamp::from_millis(r.now.millis() - 3_600_000)),
        ("a lower class", |r| r.class = poort::domain::upstream::DIGID_CLASSES[0].into()),
        ("changed after", |r| r.body = |text| text.replace("IssueInstant=\"2", "IssueInstant=\"3")),
    ];
    for (name, change) in cases {
        let person = format!("s00000000:{number}");
        digid.answers(move |recipe| {
            recipe.name.clone_from(&person);
            change(recipe);
        });
        let mut browser = gateway.browser();
        let page = browser.by_digid(&digid).await;
        assert!(!is_in(&browser), "{name}");
        assert!(
            [403, 502].contains(&page.status.as_u16()) && page.text.contains("poort-reference__number"),
            "{name}: {}",
            page.text
        );
    }
    assert_eq!(gateway.lines_in(RGS, "login.failed").await.len(), 8, "each has a line in the audit log");
    digid.as_person(&number);
    let mut browser = gateway.browser();
    browser.by_digid(&digid).await;
    assert!(is_in(&browser), "the valid twin");
}
