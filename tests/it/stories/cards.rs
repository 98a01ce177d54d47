//! Logging in with the Belgian identity card in a reader (LOGIN-1, LOGIN-2). Cards, their signatures and the responder's answers are
//! OpenSSL's; `login::eid` also verifies the two tokens of real test cards that the library of Web eID publishes.

use std::time::Duration;

use http::StatusCode;
use poort::{
    domain::{eid::Outage, upstream::UnknownPeople},
    http::cookies,
};
use serde_json::json;

use crate::harness::{
    browser::Browser,
    cards::{Cards, FORGOTTEN, Manner, Wanted},
    demo::JAN,
    provider::number_of,
};

fn is_in(browser: &Browser<'_>) -> bool {
    browser.cookie(cookies::SESSION).is_some()
}

#[tokio::test]
async fn login_1_with_a_card_one_is_the_same_person_as_with_a_password_and_as_sure_as_can_be() {
    let cards = Cards::start().await;
    let gateway = cards.gateway().await;
    for (round, key) in ["P-384", "RSA", "P-256"].into_iter().enumerate() {
        let card = cards.card(&Wanted { key, ..Wanted::of(&number_of(JAN)) });
        let mut browser = gateway.browser();
        let page = browser.by_card(&gateway, &card).await;
        assert!(is_in(&browser), "{key}: {} {}\n{}", page.url, page.status, page.text);
        let line = gateway.lines_of("login.succeeded").await.remove(0);
        assert_eq!(line["actor"], gateway.id(JAN).await.to_string());
        assert_eq!((&line["details"]["means"], &line["details"]["assurance"]), (&json!("eid"), &json!("high")));
        assert_eq!(cards.asked(), round + 1, "each card is asked about");
    }
    assert!(gateway.lines_of("login.noted").await.is_empty());
}

#[tokio::test]
async fn login_2_the_card_reader_is_the_first_key_and_its_page_says_how_to_go_on_without() {
    let cards = Cards::start().await;
    let gateway = cards.gateway().await;
    let mut browser = gateway.browser();
    let page = browser.get("/").await;
    let at = |text: &str| page.text.find(text).unwrap_or_else(|| panic!("no {text}\n{}", page.text));
    assert!(at("erkende partners") < at("/with/eid") && at("/with/eid") < at("/with/itsme"));
    assert!(page.text.contains("eID-kaartlezer"));
    let asked = browser.choose_card(&page).await;
    let text = &asked.page.text;
    // Without JavaScript there is no button, and the text is there; what is for the script alone is hidden.
    assert!(text.contains("data-card-without>Voor uw kaart heeft uw browser JavaScript"), "{text}");
    assert!(text.contains("data-card-go hidden>") && text.contains("id=\"other-key\""), "{text}");
    for why in ["no-extension", "no-program", "old", "cancelled", "late", "pending", "insecure", "failed"] {
        assert!(text.contains(&format!("data-card-says=\"{why}\" hidden>")), "{why}\n{text}");
    }
    // Another look is another question.
    let again = browser.choose_card(&page).await;
    assert_ne!(again.challenge, asked.challenge);
    assert_eq!((asked.challenge.len(), asked.page.status), (44, StatusCode::OK));
}

#[tokio::test]
async fn login_1_a_card_that_ended_was_revoked_or_is_nobodys_here_gets_a_page_that_says_so() {
    let cards = Cards::start().await;
    let gateway = cards.gateway().await;
    let jan = Wanted::of(&number_of(JAN));
    let revoked = cards.card(&jan);
    cards.revoke(&revoked);
    let ended = cards.card(&Wanted { years: (2020, 2025), ..jan.clone() });
    let stranger = cards.card(&Wanted::of("85073003328"));
    let numberless = cards.card(&Wanted { subject: "/C=BE/CN=Jan/SN=Claes/GN=Jan".into(), ..jan.clone() });
    let mut reasons = Vec::new();
    for (card, said, reason) in [
        (&revoked, "Uw kaart is niet meer geldig", "not in force"),
        (&ended, "Uw kaart is niet meer geldig", "not in force"),
        (&stranger, "U hebt hier nog geen account", "unknown"),
        (&numberless, "eID kent uw rijksregisternummer niet", "no national number"),
    ] {
        let mut browser = gateway.browser();
        let page = browser.by_card(&gateway, card).await;
        assert!(!is_in(&browser) && page.status == StatusCode::FORBIDDEN, "{said}: {} {}", page.status, page.text);
        assert!(page.text.contains(said), "{said}\n{}", page.text);
        reasons.push(json!(reason));
        let lines = gateway.lines_of("login.failed").await;
        assert!(lines.iter().all(|line| line["details"]["factor"] == "eid"), "{lines:?}");
        let told: Vec<_> =
            lines.iter().map(|line| &line["details"]["reason"]).filter(|told| **told == reason).collect();
        assert_eq!(told.len(), reasons.iter().filter(|told| **told == reason).count(), "{said}");
    }
    let mut browser = gateway.browser();
    browser.by_card(&gateway, &cards.card(&jan)).await;
    assert!(is_in(&browser), "the valid twin");
}

#[tokio::test]
async fn login_3_a_first_login_with_a_card_makes_an_account_where_the_tenant_says_so() {
    let cards = Cards::start().await;
    let gateway = cards.gateway_with(|eid| eid.unknown_people = UnknownPeople::Admitted).await;
    let card = cards.card(&Wanted::of("85073003328"));
    for _ in 0..2 {
        let mut browser = gateway.browser();
        browser.by_card(&gateway, &card).await;
        assert!(is_in(&browser));
        assert!(browser.get("/").await.text.contains("Jan Angèle Claes"), "the card's names");
    }
    assert_eq!(gateway.lines_of("account.opened").await.len(), 1);
}

#[tokio::test]
async fn login_1_what_a_responder_said_is_kept_for_minutes_and_no_longer() {
    let cards = Cards::start().await;
    let gateway = cards.gateway().await;
    let card = cards.card(&Wanted::of(&number_of(JAN)));
    for (manner, asked) in [(Manner::Delegated, 1), (Manner::Well, 1)] {
        cards.answers(manner);
        let mut browser = gateway.browser();
        browser.by_card(&gateway, &card).await;
        assert!(is_in(&browser), "{manner:?}");
        assert_eq!(cards.asked(), asked, "the second time nobody is asked");
    }
    cards.revoke(&card);
    gateway.advance(FORGOTTEN);
    let mut browser = gateway.browser();
    let page = browser.by_card(&gateway, &card).await;
    assert!(!is_in(&browser) && page.text.contains("niet meer geldig"), "{}", page.text);
    assert_eq!(cards.asked(), 2);
}

#[tokio::test]
async fn login_1_while_the_responder_is_out_of_order_the_tenants_rule_counts_and_is_noted() {
    let cards = Cards::start().await;
    let strict = cards.gateway().await;
    let lenient = cards.gateway_with(|eid| eid.outage = Outage::AcceptFor(Duration::from_secs(3600))).await;
    let (jan, new) = (cards.card(&Wanted::of(&number_of(JAN))), cards.card(&Wanted::of(&number_of(JAN))));
    for gateway in [&strict, &lenient] {
        let mut browser = gateway.browser();
        browser.by_card(gateway, &jan).await;
        assert!(is_in(&browser), "it answers");
        gateway.advance(FORGOTTEN);
    }
    cards.answers(Manner::Failing);
    let mut browser = strict.browser();
    let page = browser.by_card(&strict, &jan).await;
    assert!(!is_in(&browser) && page.status == StatusCode::SERVICE_UNAVAILABLE, "{} {}", page.status, page.text);
    assert!(page.text.contains("eID werkt nu niet"), "{}", page.text);
    let mut browser = lenient.browser();
    browser.by_card(&lenient, &jan).await;
    assert!(is_in(&browser), "it was good minutes ago");
    let noted = lenient.lines_of("login.noted").await;
    assert_eq!(noted[0]["actor"], lenient.id(JAN).await.to_string());
    assert!(noted[0]["details"]["note"].to_string().contains("revocation not asked"), "{noted:?}");
    let mut browser = lenient.browser();
    browser.by_card(&lenient, &new).await;
    assert!(!is_in(&browser), "of this card nobody ever said that it is good");
    lenient.advance(Duration::from_secs(3600));
    let mut browser = lenient.browser();
    browser.by_card(&lenient, &jan).await;
    assert!(!is_in(&browser), "an hour is over");
    assert_eq!(lenient.lines_of("login.noted").await.len(), 1);
    assert_eq!(lenient.lines_of("login.failed").await[0]["details"]["reason"], "provider out of order");
}

#[tokio::test]
async fn reliability_f8_a_responder_that_fails_again_and_again_is_left_alone_and_the_key_says_so() {
    let cards = Cards::start().await;
    let gateway = cards.gateway().await;
    let card = cards.card(&Wanted::of(&number_of(JAN)));
    cards.answers(Manner::Later);
    for _ in 0..5 {
        gateway.browser().by_card(&gateway, &card).await;
    }
    assert_eq!(cards.asked(), 5);
    let page = gateway.browser().get("/").await;
    assert!(!page.text.contains("/with/eid") && page.text.contains("Werkt nu even niet"), "{}", page.text);
    cards.answers(Manner::Well);
    gateway.advance(Duration::from_secs(20));
    let mut browser = gateway.browser();
    browser.by_card(&gateway, &card).await;
    assert!(is_in(&browser));
}

#[tokio::test]
async fn login_1_new_authorities_count_without_a_restart_and_a_broken_file_leaves_the_old_ones() {
    let (cards, others) = (Cards::start().await, Cards::start().await);
    let gateway = cards.gateway().await;
    let jan = Wanted::of(&number_of(JAN));
    let (known, other) =
        (cards.card(&jan), others.card(&Wanted { responder: Some(format!("{}ocsp", cards.responder)), ..jan }));
    let refresh = async || {
        for method in gateway.core().methods.elsewhere().all() {
            if method.factor().is_card() {
                method.refresh().await;
            }
        }
    };
    let tries = async |card| {
        let mut browser = gateway.browser();
        let page = browser.by_card(&gateway, card).await;
        (is_in(&browser), page.status)
    };
    assert_eq!((tries(&known).await.0, tries(&other).await.0), (true, false));
    std::fs::write(cards.authorities(), "-----BEGIN CERTIFICATE-----\nnone\n-----END CERTIFICATE-----\n")
        .expect("written");
    refresh().await;
    assert!(tries(&known).await.0, "the old ones stay");
    std::fs::copy(others.authorities(), cards.authorities()).expect("copied");
    refresh().await;
    assert_eq!(tries(&known).await, (false, StatusCode::BAD_GATEWAY));
    // It is believed now; that responder does not know it.
    assert!(!tries(&other).await.0);
    assert!(cards.asked() >= 2);
}
