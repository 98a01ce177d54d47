//! Logging in at FAS by SAML (LOGIN-1).

use http::StatusCode;
use poort::{domain::upstream::FAS_CLASSES, http::cookies};

use crate::harness::{
    broker::{Broker, Clear, Scheme},
    browser::Browser,
    encrypted::{Content, Sealing},
    provider::number_of,
    saml::{EVERYBODY, cut, sign_whatever, swap},
};

const TENANT: &str = "progezondheid";

fn is_in(browser: &Browser<'_>) -> bool {
    browser.cookie(cookies::SESSION).is_some()
}

#[tokio::test]
async fn login_1_fas_by_saml_tells_a_number_and_what_the_login_is_worth() {
    let broker = Broker::of(Scheme::Fas);
    let gateway = broker.gateway().await;
    for (class, worth) in [(FAS_CLASSES[3], "substantial"), (FAS_CLASSES[5], "high")] {
        let mut browser = gateway.browser();
        let page = browser.get("/").await;
        let sent = browser.leave_for_work(&page, &broker).await;
        assert!(sent.request.contains(FAS_CLASSES[1]) && !sent.request.contains("Extensions"), "{}", sent.request);
        let answer = sent.answer(&*Scheme::Fas.somebody(), |recipe| recipe.class = class.to_owned());
        let page = browser.bring_answer(&sent, &answer).await;
        assert!(is_in(&browser), "{} {}\n{}", page.url, page.status, page.text);
        let logins = gateway.lines_in(TENANT, "login.succeeded").await;
        let this = logins.iter().filter(|line| line["details"]["assurance"] == worth);
        assert!(this.map(|line| &line["details"]["means"]).eq(["fas"]), "{worth}: {logins:?}");
    }
    assert_eq!(gateway.lines_in(TENANT, "account.opened").await.len(), 0, "the register knows them");
    // What it encrypts is opened as well.
    let mut browser = gateway.browser();
    let page = browser.get("/").await;
    let sent = browser.leave_for_work(&page, &broker).await;
    let clear = sent.answer(&*Scheme::Fas.somebody(), |_| {});
    let assertion = cut(&clear, "<saml:Assertion ", "</saml:Assertion>");
    let gcm = Sealing { content: Content::Gcm256, ..Sealing::default() };
    let sealed = swap(&clear, assertion, &gcm.seal("EncryptedAssertion", assertion));
    let bare = swap(&sealed, cut(&sealed, "<ds:Signature ", "</ds:Signature>"), "");
    browser.bring_answer(&sent, &sign_whatever(&bare, &EVERYBODY.provider)).await;
    assert!(is_in(&browser));
}

#[tokio::test]
async fn login_1_who_has_no_number_at_fas_or_is_unknown_gets_a_page_that_says_so() {
    let broker = Broker::of(Scheme::Fas);
    let gateway = broker.gateway().await;
    for (said, status, words) in [
        (Clear::of(&[("surname", "Vandeputte")]), StatusCode::FORBIDDEN, "CSAM kent uw rijksregisternummer niet"),
        (Clear::of(&[("egovNRN", "85073003328")]), StatusCode::FORBIDDEN, "U hebt hier nog geen account"),
        (Clear::of(&[("egovNRN", "85073003327")]), StatusCode::BAD_GATEWAY, "Inloggen met CSAM is niet gelukt"),
        (
            Clear::of(&[("egovNRN", &number_of("jan.claes@example.org")), ("egovNRN", "85073003328")]),
            StatusCode::BAD_GATEWAY,
            "Inloggen met CSAM is niet gelukt",
        ),
    ] {
        let mut browser = gateway.browser();
        let page = browser.by_form(&broker, &said).await;
        assert!(
            !is_in(&browser) && page.status == status && page.text.contains(words),
            "{} {}",
            page.status,
            page.text
        );
        assert!(!page.text.contains("85073003328"), "{}", page.text);
    }
    let mut browser = gateway.browser();
    browser.by_form(&broker, &*Scheme::Fas.somebody()).await;
    assert!(is_in(&browser), "the valid twin");
}
