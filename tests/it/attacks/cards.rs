//! Identity cards that prove nothing: tokens for another site, another question or another browser, changed ones, certificates that are
//! not a card's, and answers about them that nobody gave. The certificates, signatures and answers are OpenSSL's.

use http::{Method, StatusCode};
use poort::http::cookies;
use serde_json::{Value, json};

use crate::harness::{
    browser::{Browser, Page},
    cards::{AskedOfCard, By, Card, Cards, FORGOTTEN, Manner, Wanted},
    demo::JAN,
    gateway::Gateway,
    provider::number_of,
};

fn is_in(browser: &Browser<'_>) -> bool {
    browser.cookie(cookies::SESSION).is_some()
}

async fn asked(browser: &mut Browser<'_>) -> AskedOfCard {
    let page = browser.get("/").await;
    browser.choose_card(&page).await
}

/// Refused, with a line in the audit log.
async fn refused(gateway: &Gateway, browser: &Browser<'_>, page: &Page, what: &str, failures: &mut usize) {
    assert!(!is_in(browser), "{what}: {}", page.url);
    assert!(page.status.is_client_error() || page.status.is_server_error(), "{what}: {}\n{}", page.status, page.text);
    *failures += 1;
    assert_eq!(gateway.lines_of("login.failed").await.len(), *failures, "{what}");
    assert!(!page.text.contains(&number_of(JAN)), "{what}");
}

type Change = (&'static str, fn(&Card, &Card, &str, &str) -> Value);

/// What is wrong with a token: of the card, another's card, for this origin and challenge.
const TOKENS: &[Change] = &[
    ("another origin", |card, _, _, challenge| card.token("https://login.evil.example", challenge)),
    ("the origin with a slash", |card, _, origin, challenge| card.token(&format!("{origin}/"), challenge)),
    ("the origin without its port", |card, _, origin, challenge| {
        card.token(origin.rsplit_once(':').expect("a port").0, challenge)
    }),
    ("another challenge", |card, _, origin, _| card.token(origin, "YPVgYc7Qds0qmK/RilPLffnsIg7IIovM4BAWqGZWwiY=")),
    ("no challenge", |card, _, origin, _| card.token(origin, "")),
    ("another's certificate", |card, other, origin, challenge| {
        let mut token = card.token(origin, challenge);
        token["unverifiedCertificate"] = other.token(origin, challenge)["unverifiedCertificate"].clone();
        token
    }),
    ("another's signature", |card, other, origin, challenge| {
        let mut token = card.token(origin, challenge);
        token["signature"] = other.token(origin, challenge)["signature"].clone();
        token
    }),
    ("no signature", |card, _, origin, challenge| with(card, origin, challenge, "signature", json!(""))),
    ("a signature of zeros", |card, _, origin, challenge| {
        with(card, origin, challenge, "signature", json!("A".repeat(128)))
    }),
    ("a signature with a bit flipped", |card, _, origin, challenge| {
        let mut token = card.token(origin, challenge);
        let signature = token["signature"].as_str().expect("text").to_owned();
        let first = if signature.starts_with('A') { "B" } else { "A" };
        token["signature"] = json!(format!("{first}{}", &signature[1..]));
        token
    }),
    ("no certificate", |card, _, origin, challenge| with(card, origin, challenge, "unverifiedCertificate", json!(""))),
    ("half a certificate", |card, _, origin, challenge| {
        let whole = card.token(origin, challenge)["unverifiedCertificate"].as_str().expect("text").to_owned();
        with(card, origin, challenge, "unverifiedCertificate", json!(whole[..whole.len() / 8 * 4]))
    }),
    ("no format", |card, _, origin, challenge| with(card, origin, challenge, "format", json!(""))),
    ("another format", |card, _, origin, challenge| with(card, origin, challenge, "format", json!("web-eid:2.0"))),
    ("a format that begins like it", |card, _, origin, challenge| {
        with(card, origin, challenge, "format", json!("web-eid:10"))
    }),
    ("a list", |card, _, origin, challenge| json!([card.token(origin, challenge)])),
    ("a text", |card, _, origin, challenge| json!(card.token(origin, challenge).to_string())),
    ("a long one", |card, _, origin, challenge| with(card, origin, challenge, "more", json!("x".repeat(10_000)))),
    ("a short one", |_, _, _, _| json!({})),
];

/// The algorithms that a token may say, whatever its key is.
const ALGORITHMS: [&str; 16] = [
    "none", "None", "", "HS256", "HS384", "ES256", "ES512", "ES384 ", "es384", "ES256K", "EdDSA", "RS256", "RS384",
    "RS512", "PS256", "PS384",
];

fn with(card: &Card, origin: &str, challenge: &str, member: &str, value: Value) -> Value {
    let mut token = card.token(origin, challenge);
    token[member] = value;
    token
}

#[tokio::test]
async fn login_1_no_token_but_the_cards_own_for_this_site_and_this_question() {
    let cards = Cards::start().await;
    let gateway = cards.gateway().await;
    let origin = gateway.tenant().origin.clone();
    let jan = Wanted::of(&number_of(JAN));
    let (card, other) = (cards.card(&jan), cards.card(&jan));
    let mut failures = 0;
    for (what, change) in TOKENS {
        let mut browser = gateway.browser();
        let asked = asked(&mut browser).await;
        let token = change(&card, &other, &origin, &asked.challenge);
        let page = browser.give(&asked, &token.to_string()).await;
        refused(&gateway, &browser, &page, what, &mut failures).await;
    }
    for algorithm in ALGORITHMS {
        let mut browser = gateway.browser();
        let asked = asked(&mut browser).await;
        let token = with(&card, &origin, &asked.challenge, "algorithm", json!(algorithm));
        let page = browser.give(&asked, &token.to_string()).await;
        refused(&gateway, &browser, &page, algorithm, &mut failures).await;
    }
    // A member that stands in it twice is read in two ways.
    let mut browser = gateway.browser();
    let twice = asked(&mut browser).await;
    let token = card.token(&origin, &twice.challenge).to_string();
    let page = browser.give(&twice, &token.replacen('{', "{\"algorithm\":\"none\",", 1)).await;
    refused(&gateway, &browser, &page, "a member twice", &mut failures).await;
    assert_eq!(cards.asked(), 0, "who has not the card makes us ask nobody");
    let mut browser = gateway.browser();
    browser.by_card(&gateway, &card).await;
    assert!(is_in(&browser), "the valid twin");
    println!("Cards: {failures} tokens");
}

#[tokio::test]
async fn login_1_a_challenge_is_answered_once_in_time_and_in_the_browser_that_was_asked() {
    let cards = Cards::start().await;
    let gateway = cards.gateway().await;
    let origin = gateway.tenant().origin.clone();
    let card = cards.card(&Wanted::of(&number_of(JAN)));
    let token = |asked: &AskedOfCard| card.token(&origin, &asked.challenge).to_string();

    // Another browser brings what was asked of the first: its own form, with the first's state and token.
    let (mut mine, mut theirs) = (gateway.browser(), gateway.browser());
    let (of_me, of_them) = (asked(&mut mine).await, asked(&mut theirs).await);
    let state = |asked: &AskedOfCard| {
        let form = Browser::form(&asked.page, "/federated/eid/callback");
        form.into_iter().find(|(name, _)| name == "state").expect("a state").1
    };
    let fields = [("state", state(&of_me)), ("token", token(&of_me))];
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let page = theirs.press(&of_them.page, "/federated/eid/callback", &fields).await;
    assert!(!is_in(&theirs) && page.text.contains("niet in deze browser"), "{}", page.text);
    // Nor does its own state take the first's token: the challenge is another.
    let page = theirs.press(&of_them.page, "/federated/eid/callback", &[("token", &token(&of_me))]).await;
    assert!(!is_in(&theirs) && page.status == StatusCode::BAD_GATEWAY);
    // Nothing of that hurt the first.
    let sent = token(&of_me);
    mine.give(&of_me, &sent).await;
    assert!(is_in(&mine), "the valid twin");
    // And once is once: after a wrong answer too.
    let mut again = gateway.browser();
    let once = asked(&mut again).await;
    let page = again.give(&once, "{}").await;
    assert_eq!(page.status, StatusCode::BAD_GATEWAY);
    let page = again.give(&once, &token(&once)).await;
    assert!(!is_in(&again), "{}", page.text);
    // Fifty at once, of which one is in.
    let mut many = gateway.browser();
    let once = asked(&mut many).await;
    let form = Browser::form(&once.page, "/federated/eid/callback");
    let fields: Vec<(String, String)> = form
        .into_iter()
        .map(|(name, value)| if name == "token" { (name, token(&once)) } else { (name, value) })
        .collect();
    let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(&fields).finish();
    let address = format!("{origin}/federated/eid/callback");
    let from = [("origin", origin.as_str())];
    let all = (0..50).map(|_| many.once(Method::POST, &address, &from, Some(body.clone())));
    let all = futures_util::future::join_all(all).await;
    let signed_in = all.iter().filter(|reply| reply.status == StatusCode::SEE_OTHER).count();
    assert_eq!(signed_in, 1);
    // Five minutes, and not one more.
    let mut late = gateway.browser();
    let asked = asked(&mut late).await;
    gateway.advance(std::time::Duration::from_secs(5 * 60));
    let page = late.give(&asked, &token(&asked)).await;
    assert!(!is_in(&late) && page.status == StatusCode::FORBIDDEN, "{} {}", page.status, page.text);
    println!("Cards: 55 answers to challenges, 2 of them good");
}

/// What is wrong with a certificate.
fn certificates() -> Vec<(&'static str, Wanted)> {
    let jan = || Wanted::of(&number_of(JAN));
    let subject = |subject: String| Wanted { subject, ..jan() };
    let number = number_of(JAN);
    vec![
        ("not yet valid", Wanted { years: (2030, 2033), ..jan() }),
        ("expired", Wanted { years: (2020, 2025), ..jan() }),
        ("of another authority with the same name", Wanted { by: By::Namesake, ..jan() }),
        ("that another card signed", Wanted { by: By::Card, ..jan() }),
        ("for nobody in particular", Wanted { purposes: None, ..jan() }),
        ("for servers", Wanted { purposes: Some("serverAuth"), ..jan() }),
        ("for anything", Wanted { purposes: Some("anyExtendedKeyUsage"), ..jan() }),
        ("for signing documents", Wanted { usage: "nonRepudiation", ..jan() }),
        ("for both", Wanted { usage: "digitalSignature, nonRepudiation", ..jan() }),
        ("for key agreement", Wanted { usage: "keyAgreement", ..jan() }),
        ("with the policy of the signing certificate", Wanted { policies: Some("2.16.56.12.1.1.2.1"), ..jan() }),
        ("with both policies", Wanted { policies: Some("2.16.56.12.1.1.2.2, 2.16.56.12.1.1.2.1"), ..jan() }),
        ("with the policy of a foreign card", Wanted { policies: Some("1.3.6.1.4.1.51361.1.2.1"), ..jan() }),
        (
            "with that of a mobile identity too",
            Wanted { policies: Some("2.16.56.12.1.1.2.2, 1.3.6.1.4.1.10015.1.3.1"), ..jan() },
        ),
        ("with any policy", Wanted { policies: Some("2.5.29.32.0"), ..jan() }),
        ("without a policy", Wanted { policies: None, ..jan() }),
        ("of an authority", Wanted { authority: true, ..jan() }),
        ("with a key of another curve", Wanted { key: "secp256k1", ..jan() }),
        ("of another country", subject(format!("/C=EE/CN=x/SN=Claes/GN=Jan/serialNumber={number}"))),
        ("of no country", subject(format!("/CN=x/SN=Claes/GN=Jan/serialNumber={number}"))),
        (
            "with two numbers",
            subject(format!("/C=BE/CN=x/SN=Claes/GN=Jan/serialNumber=85073003328/serialNumber={number}")),
        ),
        ("with a number that passes no check", subject("/C=BE/CN=x/SN=Claes/GN=Jan/serialNumber=85073003329".into())),
        ("with dots in the number", subject("/C=BE/CN=x/SN=Claes/GN=Jan/serialNumber=85.07.30-033.28".into())),
        ("with the number in its name", subject(format!("/C=BE/CN={number}/SN=Claes/GN=Jan"))),
        ("without a name", subject(format!("/C=BE/CN=x/GN=Jan/serialNumber={number}"))),
        ("with a responder that nobody named", Wanted { responder: Some("http://127.0.0.1:1/ocsp".into()), ..jan() }),
        ("with a responder elsewhere", Wanted { responder: Some("http://169.254.169.254/latest".into()), ..jan() }),
    ]
}

#[tokio::test]
async fn ghsa_3qh5_qqj2_c78f_no_certificate_but_a_cards_own_of_a_known_authority() {
    let cards = Cards::start().await;
    let gateway = cards.gateway().await;
    let good = cards.card(&Wanted::of(&number_of(JAN)));
    let mut failures = 0;
    for (what, wanted) in certificates() {
        let card = cards.card(&wanted);
        let mut browser = gateway.browser();
        let page = browser.by_card(&gateway, &card).await;
        refused(&gateway, &browser, &page, what, &mut failures).await;
    }
    assert_eq!(cards.asked(), 0, "nobody is asked about what no authority vouches for");
    for policies in ["2.16.56.12.1.1.7.2", "1.2.3.4, 2.16.56.1.1.1.2.2"] {
        let card = cards.card(&Wanted { policies: Some(policies), ..Wanted::of(&number_of(JAN)) });
        let mut browser = gateway.browser();
        browser.by_card(&gateway, &card).await;
        assert!(is_in(&browser), "{policies}: a valid twin");
    }
    let mut browser = gateway.browser();
    browser.by_card(&gateway, &good).await;
    assert!(is_in(&browser), "the valid twin");
    // The root vouches for the one below it, and that one is not sent by a card: it has to be named.
    let by_root = cards.gateway_with(|eid| eid.authorities = cards.root()).await;
    let mut browser = by_root.browser();
    browser.by_card(&by_root, &good).await;
    assert!(!is_in(&browser));
    println!("Cards: {failures} certificates");
}

#[tokio::test]
async fn login_1_no_answer_about_a_card_but_its_issuers_of_now() {
    let cards = Cards::start().await;
    let gateway = cards.gateway().await;
    let card = cards.card(&Wanted::of(&number_of(JAN)));
    let mut browser = gateway.browser();
    browser.by_card(&gateway, &card).await;
    assert!(is_in(&browser), "the valid twin, which is said before all others");
    gateway.advance(FORGOTTEN);
    let mut failures = 0;
    for manner in Manner::WRONG {
        cards.answers(manner);
        let mut browser = gateway.browser();
        let page = browser.by_card(&gateway, &card).await;
        refused(&gateway, &browser, &page, &format!("{manner:?}"), &mut failures).await;
        assert_eq!(page.status, StatusCode::BAD_GATEWAY, "{manner:?}");
    }
    for manner in Manner::OUTAGES {
        cards.answers(manner);
        let mut browser = gateway.browser();
        let page = browser.by_card(&gateway, &card).await;
        refused(&gateway, &browser, &page, &format!("{manner:?}"), &mut failures).await;
        assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE, "{manner:?}");
    }
    // The responder does not know it.
    cards.answers(Manner::Well);
    cards.forget_all();
    let mut browser = gateway.browser();
    let page = browser.by_card(&gateway, &card).await;
    refused(&gateway, &browser, &page, "unknown", &mut failures).await;
    // What it says counts for five minutes by its own word: a clock that is an hour further takes it for old.
    let other = cards.card(&Wanted::of(&number_of(JAN)));
    gateway.advance(std::time::Duration::from_secs(3600));
    let mut browser = gateway.browser();
    let page = browser.by_card(&gateway, &other).await;
    refused(&gateway, &browser, &page, "stale", &mut failures).await;
    println!("Cards: {failures} answers of responders");
}
