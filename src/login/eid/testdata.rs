//! What the tests of this room, and the bytes that are tried on its parsers, need of a real card.

use url::Url;
use x509_parser::{prelude::FromDer, x509::X509Name};

use super::{certificate::CardCertificate, chain::Issuer, ocsp::Question, subject::Subject, token::Token};
use crate::{
    base::{Random, Timestamp},
    domain::{
        eid::{Eid, Outage},
        upstream::UnknownPeople,
    },
};

pub(in crate::login) const ECC: &str = include_str!("testdata/ecc.json");
#[cfg(test)]
pub(super) const RSA: &str = include_str!("testdata/rsa.json");
pub(super) const CITIZEN_CA: &str = include_str!("testdata/citizen-ca.pem");
/// For which the tokens were made.
#[cfg(test)]
pub(super) const ORIGIN: &str = "https://47f0-46-131-86-189.ngrok-free.app";

/// What a tenant believes that says nothing else.
pub(super) fn believed() -> Eid {
    let all = |all: &[&str]| all.iter().map(|&policy| policy.to_owned()).collect();
    Eid {
        authorities: "authorities.pem".into(),
        policies: all(&Eid::POLICIES),
        refused_policies: all(&Eid::REFUSED_POLICIES),
        responders: Url::parse(Eid::RESPONDER).into_iter().collect(),
        outage: Outage::Refuse,
        unknown_people: UnknownPeople::Refused,
        stand_in: None,
    }
}

/// Whom a name in DER names, as that of a certificate's subject.
pub(in crate::login) fn subject(der: &[u8]) -> Option<Subject> {
    let (_, name) = X509Name::from_der(der).ok()?;
    Subject::read(&name).ok()
}

/// A question about a card, and who gave it out: nobody here has that key.
pub(in crate::login) fn question(now: Timestamp) -> Option<(Question, Issuer)> {
    use base64::{Engine, engine::general_purpose::STANDARD};
    let token = Token::parse(ECC).ok()?;
    let card = CardCertificate::read(&token.certificate, &believed(), now).ok()?;
    let pem: String = CITIZEN_CA.lines().filter(|line| !line.starts_with('-')).collect();
    let issuer = Issuer::trusted(STANDARD.decode(pem).ok()?);
    Some((Question::about(&card, &issuer, &Random::system())?, issuer))
}
