//! Logging in with a means of another European country (LOGIN-1, LOGIN-2), at the node of Belgium. What it encrypts is encrypted by AWS-LC;
//! `tests/peers` does the same with xmlsec1.

use http::{Method, StatusCode};
use poort::{
    base::tls::Certificate,
    http::cookies,
    login::wire::saml::{
        names::{METADATA, POST, PSS_SHA256},
        signature::{Trusted, verify},
        xml::{Comments, Tree},
    },
};

use crate::harness::{
    broker::{Broker, Clear, Scheme, european},
    browser::Browser,
    saml::EVERYBODY,
};

const TENANT: &str = "progezondheid";
const NATURAL: &str = "http://eidas.europa.eu/attributes/naturalperson";
const LEGAL: &str = "http://eidas.europa.eu/attributes/legalperson";
/// A company of the demo, as its register knows it.
const HAFEN: (&str, &str) = ("Hafen Apotheken GmbH", "DE/BE/HRB86891");

fn is_in(browser: &Browser<'_>) -> bool {
    browser.cookie(cookies::SESSION).is_some()
}

fn company(place: &str, identifier: &str) -> Clear {
    Clear::of(&[
        (&format!("{LEGAL}/{place}LegalPersonIdentifier"), identifier),
        (&format!("{LEGAL}/{place}LegalName"), HAFEN.0),
    ])
}

fn acting(identifier: &str) -> Clear {
    Clear::of(&[
        (&format!("{NATURAL}/representative/PersonIdentifier"), identifier),
        (&format!("{NATURAL}/representative/CurrentGivenName"), "Klaus"),
        (&format!("{NATURAL}/representative/CurrentFamilyName"), "Brandt"),
    ])
}

#[tokio::test]
async fn login_1_somebody_of_another_country_logs_in_by_the_whole_of_their_identifier() {
    let broker = Broker::of(Scheme::Eidas);
    let gateway = broker.gateway().await;
    let mut browser = gateway.browser();
    let page = browser.get("/").await;
    assert!(page.text.contains("Europese authenticatie"), "LOGIN-2: the group of the page\n{}", page.text);
    let sent = browser.leave_for_work(&page, &broker).await;
    for part in [
        PSS_SHA256,
        "ForceAuthn=\"true\"",
        "<eidas:SPType>public</eidas:SPType>",
        "Name=\"http://eidas.europa.eu/attributes/naturalperson/PersonIdentifier\"",
        "Comparison=\"minimum\"><saml:AuthnContextClassRef>http://eidas.europa.eu/LoA/low<",
    ] {
        assert!(sent.request.contains(part), "{part}\n{}", sent.request);
    }
    let ours = [Certificate::parse(&EVERYBODY.gateway.der).expect("a certificate")];
    let keys = Trusted::new(&ours).expect("keys");
    assert!(verify(Tree::parse(&sent.request, Comments::Refused).expect("XML").root(), &keys).is_ok());
    let page = browser.bring_answer(&sent, &sent.answer(&european("ES/BE/00000023T"), |_| {})).await;
    assert!(is_in(&browser), "{} {}\n{}", page.url, page.status, page.text);
    let login = gateway.lines_in(TENANT, "login.succeeded").await.remove(0);
    assert_eq!((&login["details"]["means"], &login["details"]["assurance"]), (&"eidas".into(), &"substantial".into()));
    assert!(page.trail.iter().all(|place| !place.contains("00000023T")), "{:?}", page.trail);
    // The same person again is the same one; another identifier, of whatever country, another one.
    for identifier in ["ES/BE/00000023T", "PT/BE/00000023T", "ES/BE/00000023t"] {
        let mut browser = gateway.browser();
        browser.by_form(&broker, &european(identifier)).await;
        assert!(is_in(&browser), "{identifier}");
    }
    let opened = gateway.lines_in(TENANT, "account.opened").await;
    assert_eq!(opened.len(), 3);
    assert!(opened.iter().chain([&login]).all(|line| !line.to_string().contains("00000023")), "{opened:?}");
    // Said to another country it is nobody's.
    let mut browser = gateway.browser();
    let page = browser.by_form(&broker, &european("ES/NL/00000023T")).await;
    assert!(!is_in(&browser) && page.status == StatusCode::BAD_GATEWAY, "{}", page.text);
}

#[tokio::test]
async fn login_1_names_in_other_letters_are_written_in_latin_ones() {
    let broker = Broker::of(Scheme::Eidas);
    let gateway = broker.gateway().await;
    let value = |name: &str, own: &str, latin: &str| {
        format!(
            "<saml:Attribute Name=\"{NATURAL}/{name}\"><saml:AttributeValue xmlns:n=\"{NATURAL}\" n:LatinScript=\"false\">{own}</saml:AttributeValue><saml:AttributeValue>{latin}</saml:AttributeValue></saml:Attribute>"
        )
    };
    let mut eleni = Clear::of(&[(&format!("{NATURAL}/PersonIdentifier"), "GR/BE/ABC000123")]);
    eleni.0.push(value("CurrentGivenName", "Ελένη", "Eleni"));
    eleni.0.push(value("CurrentFamilyName", "Παπαδοπούλου", "Papadopoulou"));
    let mut browser = gateway.browser();
    browser.by_form(&broker, &eleni).await;
    assert!(is_in(&browser));
    let page = browser.get("/").await;
    assert!(page.text.contains("Eleni Papadopoulou") && !page.text.contains("Ελένη"), "{}", page.text);
}

#[tokio::test]
async fn login_13_for_a_company_of_another_country_one_acts_within_it() {
    let broker = Broker::of(Scheme::Eidas);
    let gateway = broker.gateway().await;
    let klaus = company("", HAFEN.1).and(acting("DE/BE/T22000129"));
    for (said, times) in [(&klaus, 1), (&klaus, 1), (&company("", HAFEN.1), 2)] {
        let mut browser = gateway.browser();
        let page = browser.by_form(&broker, said).await;
        assert!(is_in(&browser), "{} {}\n{}", page.url, page.status, page.text);
        assert!(browser.get("/").await.text.contains(HAFEN.0));
        assert_eq!(gateway.lines_in(TENANT, "account.opened").await.len(), times);
        // Who is known by the word of their employer alone adds nothing of their own.
        assert!(browser.get("/profile").await.text.contains(HAFEN.0), "and acts as nobody else");
    }
    let entered = gateway.lines_in(TENANT, "organization.entered").await.remove(0);
    assert_eq!(entered["details"]["number"], HAFEN.1);
    assert!(!entered.to_string().contains("T22000129"));
    let mut browser = gateway.browser();
    let page = browser.by_form(&broker, &company("", "DE/BE/HRB99999").and(acting("DE/BE/T22000129"))).await;
    assert!(!is_in(&browser) && page.status == StatusCode::FORBIDDEN, "{}", page.text);
    assert!(page.text.contains("Uw organisatie is hier niet bekend"), "{}", page.text);
}

#[tokio::test]
async fn login_1_who_logs_in_for_another_person_learns_how_it_is_done_here() {
    let broker = Broker::of(Scheme::Eidas);
    let gateway = broker.gateway().await;
    let mut browser = gateway.browser();
    let page = browser.by_form(&broker, &european("ES/BE/00000023T").and(acting("PT/BE/PT0000007"))).await;
    assert!(!is_in(&browser) && page.status == StatusCode::FORBIDDEN, "{} {}", page.status, page.text);
    assert!(page.text.contains("U logt in voor iemand anders"), "{}", page.text);
    assert_eq!(gateway.lines_in(TENANT, "login.failed").await[0]["details"]["reason"], "for another person");
    assert_eq!(gateway.lines_in(TENANT, "account.opened").await.len(), 0);
}

#[tokio::test]
async fn login_1_who_goes_back_stands_before_the_keys_again_and_who_failed_is_told() {
    let failed = |code: &str| {
        format!(
            "<samlp:StatusCode Value=\"urn:oasis:names:tc:SAML:2.0:status:Responder\"><samlp:StatusCode Value=\"urn:oasis:names:tc:SAML:2.0:status:{code}\"/></samlp:StatusCode>"
        )
    };
    let broker = Broker::of(Scheme::Eidas);
    let gateway = broker.gateway().await;
    for (code, status) in [
        ("RequestDenied", StatusCode::OK),
        ("AuthnFailed", StatusCode::BAD_GATEWAY),
        ("NoAuthnContext", StatusCode::FORBIDDEN),
    ] {
        let mut browser = gateway.browser();
        let page = browser.get("/").await;
        let sent = browser.leave_for_work(&page, &broker).await;
        let answer = sent.answer(&european("ES/BE/1"), |recipe| recipe.status = failed(code));
        let page = browser.bring_answer(&sent, &answer).await;
        assert!(!is_in(&browser) && page.status == status, "{code}: {} {}", page.url, page.status);
    }
    assert_eq!(gateway.lines_in(TENANT, "login.failed").await.len(), 2, "going back is no failure");
}

#[tokio::test]
async fn login_1_our_metadata_names_the_keys_and_how_to_encrypt_for_them() {
    let broker = Broker::of(Scheme::Eidas);
    let gateway = broker.gateway().await;
    let address = format!("{}/federated/eidas/metadata", gateway.tenant().origin);
    let text = gateway.send(Method::GET, &address, &[], "").await.text();
    assert!(text.contains(PSS_SHA256), "{text}");
    let tree = Tree::parse(&text, Comments::Refused).expect("XML");
    let keys = Trusted::new(&[Certificate::parse(&EVERYBODY.gateway.der).expect("a certificate")]).expect("keys");
    let signed = verify(tree.root(), &keys).expect("signed by the gateway").element();
    let role = signed.one(METADATA, "SPSSODescriptor").expect("a role");
    assert_eq!(role.attribute("WantAssertionsSigned"), Some("true"));
    let opens = role.all(METADATA, "KeyDescriptor").find(|key| key.attribute("use") == Some("encryption"));
    let methods = opens.expect("a key").all(METADATA, "EncryptionMethod").map(|method| method.attribute("Algorithm"));
    assert_eq!(
        methods.collect::<Vec<_>>(),
        [Some("http://www.w3.org/2009/xmlenc11#aes256-gcm"), Some("http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p")]
    );
    let consumer = role.one(METADATA, "AssertionConsumerService").expect("a consumer");
    assert_eq!(consumer.attribute("Binding"), Some(POST));
}
