//! Logging in for an employer with eHerkenning (LOGIN-13). What the provider encrypts is encrypted by AWS-LC; `tests/peers` does the same with
//! Lasso.

use std::time::Duration;

use http::{Method, StatusCode};
use poort::{
    base::tls::Certificate,
    http::cookies,
    login::wire::saml::{
        names::{METADATA, POST},
        signature::{Trusted, verify},
        xml::{Comments, Tree},
    },
};

use crate::harness::{
    broker::{Broker, EMPLOYERS, KVK, LINDE, SERVICE, Said},
    browser::Browser,
    saml::EVERYBODY,
};

const HR: &str = "9F2C5A00B7@eh";

fn is_in(browser: &Browser<'_>) -> bool {
    browser.cookie(cookies::SESSION).is_some()
}

#[tokio::test]
async fn login_13_somebody_of_hr_logs_in_with_eherkenning_and_acts_within_the_employer() {
    let broker = Broker::start();
    let gateway = broker.gateway().await;
    let mut browser = gateway.browser();
    let page = browser.get("/").await;
    let sent = browser.leave_for_work(&page, &broker).await;
    assert!(sent.request.contains("AttributeConsumingServiceIndex=\"7\""), "{}", sent.request);
    assert!(sent.request.contains("ForceAuthn=\"true\"") && !sent.request.contains("RequestedAuthnContext"));
    let page = browser.bring_answer(&sent, &sent.answer(&Said::of(LINDE, HR), |_| {})).await;
    assert!(is_in(&browser), "{} {}\n{}", page.url, page.status, page.text);
    assert!(page.text.contains("Maatwerk De Linde"), "the profile is chosen silently\n{}", page.text);
    let login = gateway.lines_in(EMPLOYERS, "login.succeeded").await.remove(0);
    assert_eq!(
        (&login["details"]["means"], &login["details"]["assurance"]),
        (&"eherkenning".into(), &"substantial".into())
    );
    let entered = gateway.lines_in(EMPLOYERS, "organization.entered").await.remove(0);
    assert_eq!((&entered["actor"], &entered["details"]["number"]), (&login["actor"], &LINDE.into()));
    // The pseudonym stands in no audit line, and in no address.
    let chosen = gateway.lines_in(EMPLOYERS, "profile.chosen").await.remove(0);
    assert!([&login, &entered, &chosen].iter().all(|line| !line.to_string().contains(HR)));
    assert!(page.trail.iter().all(|place| !place.contains("9F2C5A00B7")), "{:?}", page.trail);
    // As themselves they are nobody: there is no way out of the organization.
    let page = browser.get("/profile").await;
    assert!(!page.text.contains("value=\"citizen\"") || page.text.contains("Maatwerk De Linde"), "{}", page.text);
}

#[tokio::test]
async fn login_13_the_second_login_is_the_same_person_and_another_company_another_one() {
    let broker = Broker::start();
    let gateway = broker.gateway().await;
    for (company, person) in [(LINDE, HR), (LINDE, HR), ("90000022", HR), (LINDE, "somebody-else@eh")] {
        let mut browser = gateway.browser();
        browser.by_form(&broker, &Said::of(company, person)).await;
        assert!(is_in(&browser));
    }
    assert_eq!(gateway.lines_in(EMPLOYERS, "account.opened").await.len(), 3);
    // Who acts for one through another is told apart from who works there.
    let mut chain = Said::of(LINDE, HR);
    chain.between = Some(("urn:etoegang:1.9:IntermediateEntityID:KvK", "90000099".to_owned()));
    let mut browser = gateway.browser();
    browser.by_form(&broker, &chain).await;
    assert!(is_in(&browser));
    assert_eq!(gateway.lines_in(EMPLOYERS, "account.opened").await.len(), 4);
    let entered = gateway.lines_in(EMPLOYERS, "organization.entered").await;
    assert!(entered.iter().any(|line| line["details"]["intermediary"] == "90000099"));
}

#[tokio::test]
async fn login_13_an_organization_that_is_not_known_gets_a_page_that_says_what_to_do() {
    let broker = Broker::start();
    let gateway = broker.gateway().await;
    let mut branch = Said::of(LINDE, HR);
    branch.branch = Some("000012345678".to_owned());
    let mut person = Said::of(LINDE, HR);
    person.legal = ("urn:etoegang:1.12:EntityConcernedID:BSN", "999990019".to_owned());
    for said in [Said::of("90000033", HR), branch, person] {
        let mut browser = gateway.browser();
        let page = browser.by_form(&broker, &said).await;
        assert!(!is_in(&browser) && page.status == StatusCode::FORBIDDEN, "{} {}", page.status, page.text);
        assert!(
            page.text.contains("Uw organisatie is hier niet bekend") && page.text.contains("KvK-nummer"),
            "{}",
            page.text
        );
    }
    assert_eq!(gateway.lines_in(EMPLOYERS, "account.opened").await.len(), 0);
    assert_eq!(gateway.lines_in(EMPLOYERS, "login.failed").await[0]["details"]["reason"], "no organization");
}

#[tokio::test]
async fn login_13_what_eherkenning_vouched_for_lasts_until_the_day_after() {
    let broker = Broker::start();
    let gateway = broker.gateway().await;
    let mut browser = gateway.browser();
    browser.by_form(&broker, &Said::of(LINDE, HR)).await;
    let entered = gateway.lines_in(EMPLOYERS, "organization.entered").await.remove(0);
    let person = entered["actor"].as_str().expect("a person").parse().expect("an id");
    let mut transaction = gateway.core().store.read(&gateway.tenant().id).await.expect("a database");
    let memberships = transaction.memberships(person).await.expect("memberships");
    let today = gateway.tenant().today(gateway.clock.now());
    let [one] = memberships.as_slice() else { panic!("one membership") };
    assert!(one.vouched && !one.representative && one.period.until == today.tomorrow().ok());
    drop(transaction);
    gateway.advance(Duration::from_secs(15 * 60 + 10));
    assert!(browser.get("/").await.is_at("/login/"), "fifteen minutes without use");
}

#[tokio::test]
async fn login_13_what_was_vouched_for_ends_with_the_organization() {
    let broker = Broker::start();
    let gateway = broker.gateway().await;
    let mut browser = gateway.browser();
    browser.by_form(&broker, &Said::of(LINDE, HR)).await;
    assert!(browser.get("/").await.text.contains("Maatwerk De Linde"), "the valid twin");
    let entered = gateway.lines_in(EMPLOYERS, "organization.entered").await.remove(0);
    let organization = entered["details"]["organization"].as_str().expect("one").parse().expect("an id");
    let yesterday = gateway.tenant().today(gateway.clock.now()).yesterday().expect("a day");
    let mut transaction = gateway.begin().await;
    assert_eq!(transaction.end_vouched_memberships(organization, yesterday).await.expect("ended"), 1);
    transaction.commit().await.expect("committed");
    gateway.tick().await;
    let page = browser.get("/").await;
    assert!(!page.text.contains("Maatwerk De Linde"), "{}", page.text);
}

#[tokio::test]
async fn login_13_our_metadata_names_the_service_and_the_key_for_what_is_encrypted() {
    let broker = Broker::start();
    let gateway = broker.gateway().await;
    let address = format!("{}/federated/eherkenning/metadata", gateway.tenant().origin);
    let reply = gateway.send(Method::GET, &address, &[], "").await;
    let text = reply.text();
    let tree = Tree::parse(&text, Comments::Refused).expect("XML");
    let keys = Trusted::new(&[Certificate::parse(&EVERYBODY.gateway.der).expect("a certificate")]).expect("keys");
    let signed = verify(tree.root(), &keys).expect("signed by the gateway").element();
    let role = signed.one(METADATA, "SPSSODescriptor").expect("a role");
    let uses: Vec<_> = role.all(METADATA, "KeyDescriptor").map(|key| key.attribute("use")).collect();
    assert_eq!(uses, [Some("signing"), Some("encryption")]);
    let consumer = role.one(METADATA, "AssertionConsumerService").expect("a consumer");
    assert_eq!(consumer.attribute("Binding"), Some(POST));
    let service = role.one(METADATA, "AttributeConsumingService").expect("a service");
    assert_eq!(service.attribute("index"), Some("7"));
    assert_eq!(service.one(METADATA, "RequestedAttribute").expect("one").attribute("Name"), Some(SERVICE));
}

#[tokio::test]
async fn login_13_who_goes_back_stands_before_the_keys_again_and_a_weaker_login_does_not_do() {
    let broker = Broker::start();
    let gateway = broker.gateway().await;
    let mut browser = gateway.browser();
    let page = browser.get("/").await;
    let sent = browser.leave_for_work(&page, &broker).await;
    let failed = |code: &str| {
        format!(
            "<samlp:StatusCode Value=\"urn:oasis:names:tc:SAML:2.0:status:Responder\"><samlp:StatusCode Value=\"urn:oasis:names:tc:SAML:2.0:status:{code}\"/></samlp:StatusCode>"
        )
    };
    let said = Said::of(LINDE, HR);
    let page = browser.bring_answer(&sent, &sent.answer(&said, |recipe| recipe.status = failed("AuthnFailed"))).await;
    assert!(!is_in(&browser) && page.status == StatusCode::OK, "{} {}", page.url, page.status);
    assert_eq!(gateway.lines_in(EMPLOYERS, "login.failed").await.len(), 0, "going back is no failure");
    // eH2 is worth nothing here, whatever the catalogue says of the service.
    let page = browser.get("/").await;
    let sent = browser.leave_for_work(&page, &broker).await;
    let low = sent.answer(&said, |recipe| recipe.class = "urn:etoegang:core:assurance-class:loa2".to_owned());
    let page = browser.bring_answer(&sent, &low).await;
    assert!(!is_in(&browser) && page.status == StatusCode::FORBIDDEN, "{} {}", page.status, page.text);
    browser.by_form(&broker, &said).await;
    assert!(is_in(&browser), "the valid twin");
    assert_eq!(KVK, said.legal.0);
}
