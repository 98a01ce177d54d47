//! The two tokens of Belgian test cards that the library of Web eID publishes (`testdata/README.md`): made by its application from real cards.

use super::{
    certificate::{BadCertificate, CardCertificate},
    chain::Authorities,
    testdata::{CITIZEN_CA, ECC, ORIGIN, RSA, believed},
    token::{BadToken, Token},
};
use crate::base::Timestamp;

/// The day that the library's own test is on: 24 December 2024.
const THEN: Timestamp = Timestamp::from_millis(1_735_041_600_000);
const CHALLENGES: [(&str, &str); 2] =
    [(ECC, "iMeEwP2cgUINY2XoO/lqEpOUn7z/ysHRqGXkGKC4VXE="), (RSA, "YPVgYc7Qds0qmK/RilPLffnsIg7IIovM4BAWqGZWwiY=")];

fn authorities() -> Authorities {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("citizen-ca.pem");
    std::fs::write(&file, CITIZEN_CA).expect("written");
    Authorities::load(&file).expect("an authority")
}

#[test]
fn login_1_the_published_tokens_of_belgian_test_cards_verify() {
    for (text, challenge) in CHALLENGES {
        let token = Token::parse(text).expect("a token");
        let card = CardCertificate::read(&token.certificate, &believed(), THEN).expect("a card's certificate");
        token.verify(card.key(), ORIGIN, challenge).expect("its signature");
        authorities().vouch(card.der(), &[], THEN).expect("its authority");
        let subject = card.subject();
        assert_eq!((&*subject.given_names, &*subject.family_name), ("Nora Angèle", "Specimen"));
        assert_eq!(card.responder.as_ref().map(url::Url::as_str), Some("http://eiddevcards.zetescards.be:8888/"));
        assert!(!format!("{card:?} {subject:?}").contains("01050399864"));
    }
}

#[test]
fn the_published_tokens_are_for_their_own_site_and_challenge_only() {
    let mut refused = 0;
    for (i, (text, challenge)) in CHALLENGES.into_iter().enumerate() {
        let token = Token::parse(text).expect("a token");
        let card = CardCertificate::read(&token.certificate, &believed(), THEN).expect("a card's certificate");
        let other = CHALLENGES[1 - i];
        let trimmed = challenge.trim_end_matches('=');
        let slash = format!("{ORIGIN}/");
        for (origin, challenge) in [
            (&*slash, challenge),
            ("https://47f0-46-131-86-189.ngrok-free.app:443", challenge),
            ("http://47f0-46-131-86-189.ngrok-free.app", challenge),
            ("", challenge),
            (ORIGIN, other.1),
            (ORIGIN, trimmed),
            (ORIGIN, ""),
        ] {
            assert_eq!(token.verify(card.key(), origin, challenge), Err(BadToken::Signature), "{origin} {challenge}");
            refused += 1;
        }
        let others = Token::parse(other.0).expect("a token");
        assert_eq!(others.verify(card.key(), ORIGIN, challenge), Err(BadToken::OtherKey));
        refused += 1;
    }
    assert_eq!(refused, 16);
}

#[test]
fn a_card_counts_within_its_dates_and_by_the_policies_of_the_tenants_file() {
    let token = Token::parse(ECC).expect("a token");
    let read = |believed, now| CardCertificate::read(&token.certificate, &believed, now).err();
    let at = Timestamp::from_millis;
    // From 22 October 2020 to 22 October 2030, at 22:00 UTC.
    for (now, error) in [
        (1_603_403_999_000, Some(BadCertificate::NotYet)),
        (1_603_404_000_000, None),
        (1_918_936_799_000, None),
        (1_918_936_800_000, Some(BadCertificate::Ended)),
    ] {
        assert_eq!(read(believed(), at(now)), error, "{now}");
    }
    let mut others = believed();
    others.policies = vec!["2.16.56.12.1.1.2.1".into(), "2.16.56.12.1.1.2".into(), "2.16.56.12.1.1.2.2.1".into()];
    assert_eq!(read(others, THEN), Some(BadCertificate::Policy));
    let mut refusing = believed();
    refusing.refused_policies.push("2.16.56.12.1.1.2.2".into());
    assert_eq!(read(refusing, THEN), Some(BadCertificate::Policy));
}

#[test]
fn only_an_authority_may_stand_in_the_file_of_authorities() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("authorities.pem");
    let token = Token::parse(ECC).expect("a token");
    let encoded = {
        use base64::{Engine, engine::general_purpose::STANDARD};
        STANDARD.encode(&token.certificate)
    };
    let card = format!("-----BEGIN CERTIFICATE-----\n{encoded}\n-----END CERTIFICATE-----\n");
    for (text, good) in [(CITIZEN_CA.to_owned(), true), (format!("{CITIZEN_CA}{card}"), false), (String::new(), false)]
    {
        std::fs::write(&file, text).expect("written");
        assert_eq!(Authorities::load(&file).is_ok(), good);
    }
}
