//! The Belgian identity card in a reader (LOGIN-1, LOGIN-2): by a token of Web eID, which the browser's extension makes, or by the
//! certificate that the browser shows in a TLS handshake. Both ways the card proves with its PIN that it has the key of a certificate;
//! the rest is the same:
//!
//! | | |
//! |---|---|
//! | [`token`] | what the card signed: our challenge, for our origin |
//! | [`certificate`] | what its certificate is for, by usage and policy, and [`subject`] whose it is |
//! | [`chain`] | who vouches for it: the authorities of the tenant's file |
//! | [`ocsp`] | what is asked of a responder, and what is believed of its answer |
//! | [`revocation`] | when it is asked, and what happens while it does not answer |
//!
//! Nobody is away at a provider: the page that asks is ours. It is a [`LoginMethod`] all the same, since what counts is the same: what the
//! browser was asked is kept, sealed, with the attempt, and taken once, in the browser that was asked.

pub mod certificate;
pub mod chain;
pub mod ocsp;
pub mod revocation;
pub mod subject;
#[cfg(any(test, feature = "fuzzing"))]
pub(in crate::login) mod testdata;
#[cfg(test)]
mod tests;
pub mod token;

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, SystemTime},
};

use base64::{Engine, engine::general_purpose::STANDARD};
use futures_util::future::BoxFuture;
use serde::{Deserialize, Serialize};
use url::Url;
use zeroize::Zeroizing;

use self::{
    certificate::{BadCertificate, CardCertificate},
    chain::Authorities,
    revocation::{Known, NotGood, Revocation},
    subject::BadSubject,
    token::Token,
};
use super::{
    method::{Asked, LoginMethod, Proved, Redirect, Refused, Returned},
    wire::unusable::Unusable,
};
use crate::{
    base::{Clock, Random, Timestamp},
    domain::{
        assurance::Assurance,
        eid::Eid,
        identifier::NationalNumber,
        tenant::{Factor, Tenant},
    },
};

/// How long somebody may take to put in their card and type their PIN.
const ANSWERED_WITHIN: Duration = Duration::from_secs(5 * 60);

/// What a tenant believes of cards, and whom it asks. Both ways of showing one share it.
pub struct Cards {
    believed: Eid,
    /// `https://host[:port]` of the tenant's login host, for which cards sign.
    origin: String,
    authorities: Mutex<Read>,
    revocation: Revocation,
    clock: Clock,
    random: Random,
}

/// The file of the authorities, as it was read last.
struct Read {
    authorities: Result<Arc<Authorities>, Unusable>,
    changed: Option<SystemTime>,
}

/// A card, by the extension of Web eID.
pub struct WebEid(pub Arc<Cards>);

/// A card, by the handshake of a listener that asks people for a certificate; with its origin.
pub struct TlsCard(pub Arc<Cards>, pub String);

/// What is kept while somebody puts in their card.
#[derive(Serialize, Deserialize)]
struct Kept {
    challenge: String,
    made: i64,
}

impl Cards {
    /// As the tenant's file says.
    #[must_use]
    pub fn new(tenant: &Tenant, believed: Eid, clock: Clock, random: Random) -> Self {
        let cards = Self {
            origin: tenant.origin.clone(),
            authorities: Mutex::new(read(&believed)),
            revocation: Revocation::new(&believed, clock.clone(), random.clone()),
            believed,
            clock,
            random,
        };
        cards.tell();
        cards
    }

    /// Whose card it is, by its certificate in DER and what came beside it.
    async fn identify(&self, factor: Factor, der: &[u8], beside: &[Vec<u8>]) -> Result<Proved, Refused> {
        let now = self.clock.now();
        let certificate = CardCertificate::read(der, &self.believed, now).map_err(unfit)?;
        self.believe(factor, &certificate, beside).await
    }

    async fn believe(
        &self,
        factor: Factor,
        certificate: &CardCertificate,
        beside: &[Vec<u8>],
    ) -> Result<Proved, Refused> {
        let now = self.clock.now();
        let authorities = self.authorities().map_err(|error| Refused::OutOfOrder(error.to_string()))?;
        let issuer = authorities.vouch(certificate.der(), beside, now);
        let issuer = issuer.map_err(|error| Refused::NotBelieved(error.to_string()))?;
        let known = self.revocation.check(certificate, &issuer).await.map_err(|error| match error {
            NotGood::Revoked => Refused::NotInForce(error.to_string()),
            NotGood::Outage(_) => Refused::OutOfOrder(error.to_string()),
            NotGood::Unknown | NotGood::NoResponder | NotGood::Answer(_) => Refused::NotBelieved(error.to_string()),
        })?;
        let subject = certificate.subject();
        Ok(Proved {
            factor,
            national_number: NationalNumber::NationalRegister(subject.number.clone()),
            within: None,
            given_name: subject.given_names.clone(),
            family_name: subject.family_name.clone(),
            // The card and its PIN (eIDAS implementing regulation 2015/1502; the card is notified as high).
            assurance: Assurance::High,
            at: now,
            // Its challenge is of one login.
            statement: None,
            note: (known == Known::SaidBefore).then_some("revocation not asked: the responder is out of order"),
        })
    }

    fn authorities(&self) -> Result<Arc<Authorities>, Unusable> {
        self.authorities.lock().unwrap_or_else(PoisonError::into_inner).authorities.clone()
    }

    fn is_out_of_order(&self) -> bool {
        self.authorities().is_err() || self.revocation.is_out_of_order()
    }

    /// Reads the file anew when it changed. One that cannot be used leaves the authorities that there were.
    fn refresh(&self) {
        let changed = changed(&self.believed);
        let stale = {
            let known = self.authorities.lock().unwrap_or_else(PoisonError::into_inner);
            known.changed != changed || known.authorities.is_err()
        };
        if !stale {
            return;
        }
        let new = read(&self.believed);
        {
            let mut known = self.authorities.lock().unwrap_or_else(PoisonError::into_inner);
            known.changed = new.changed;
            if new.authorities.is_ok() || known.authorities.is_err() {
                known.authorities = new.authorities;
            } else if let Err(error) = new.authorities {
                tracing::error!(%error, "the authorities of cards cannot be used; the old ones stay in force");
            }
        }
        self.tell();
    }

    fn tell(&self) {
        if let Err(error) = self.authorities() {
            tracing::error!(%error, "the authorities of cards cannot be used: nobody logs in with a card");
        }
    }

    /// What is kept, when somebody answers in time.
    fn kept(&self, kept: &[u8]) -> Result<Kept, Refused> {
        let odd = || Refused::NotBelieved("what was kept cannot be read".into());
        let kept: Kept = serde_json::from_slice(kept).map_err(|_| odd())?;
        match self.clock.now() < Timestamp::from_millis(kept.made).plus(ANSWERED_WITHIN) {
            true => Ok(kept),
            false => Err(Refused::TooOld),
        }
    }

    fn keep(&self, challenge: String) -> Result<Zeroizing<Vec<u8>>, Refused> {
        let kept = Kept { challenge, made: self.clock.now().millis() };
        let odd = |error: serde_json::Error| Refused::OutOfOrder(error.to_string());
        serde_json::to_vec(&kept).map(Zeroizing::new).map_err(odd)
    }
}

fn changed(believed: &Eid) -> Option<SystemTime> {
    std::fs::metadata(&believed.authorities).and_then(|file| file.modified()).ok()
}

fn read(believed: &Eid) -> Read {
    let changed = changed(believed);
    Read { authorities: Authorities::load(&believed.authorities).map(Arc::new).map_err(Unusable::from), changed }
}

fn unfit(error: BadCertificate) -> Refused {
    match error {
        BadCertificate::Ended => Refused::NotInForce(error.to_string()),
        BadCertificate::Subject(BadSubject::NoNumber) => Refused::NoNumber,
        _ => Refused::NotBelieved(error.to_string()),
    }
}

fn not_believed(error: impl std::fmt::Display) -> Refused {
    Refused::NotBelieved(error.to_string())
}

impl WebEid {
    fn ask(&self, asked: &Asked<'_>) -> Result<Redirect, Refused> {
        let cards = &self.0;
        let challenge = STANDARD.encode(cards.random.bytes::<32>());
        let kept = cards.keep(challenge.clone())?;
        // The page is ours: where its form leads, and what the card is to sign.
        let to = Url::parse(asked.redirect_uri).map_err(|error| Refused::OutOfOrder(error.to_string()))?;
        Ok(Redirect { to, form: Some(vec![("state", asked.state.reveal()), ("challenge", challenge)]), kept })
    }

    async fn answer(&self, kept: &[u8], returned: &Returned<'_>) -> Result<Proved, Refused> {
        let cards = &self.0;
        let kept = cards.kept(kept)?;
        let token = Token::parse(returned.response.unwrap_or_default()).map_err(not_believed)?;
        let certificate = CardCertificate::read(&token.certificate, &cards.believed, cards.clock.now());
        let certificate = certificate.map_err(unfit)?;
        // Before anybody is asked anything: only who has the card makes us ask.
        token.verify(certificate.key(), &cards.origin, &kept.challenge).map_err(not_believed)?;
        cards.believe(Factor::Eid, &certificate, &[]).await
    }
}

impl LoginMethod for WebEid {
    fn factor(&self) -> Factor {
        Factor::Eid
    }

    fn name(&self) -> &str {
        Eid::NAME
    }

    fn is_out_of_order(&self) -> bool {
        self.0.is_out_of_order()
    }

    fn start<'a>(&'a self, asked: &'a Asked<'a>) -> BoxFuture<'a, Result<Redirect, Refused>> {
        Box::pin(async { self.ask(asked) })
    }

    fn resume<'a>(&'a self, kept: &'a [u8], returned: &'a Returned<'a>) -> BoxFuture<'a, Result<Proved, Refused>> {
        Box::pin(self.answer(kept, returned))
    }

    fn refresh(&self) -> BoxFuture<'_, ()> {
        Box::pin(async { self.0.refresh() })
    }
}

impl TlsCard {
    fn ask(&self, asked: &Asked<'_>) -> Result<Redirect, Refused> {
        let word = Factor::EidCertificate.word();
        let to = format!("{}/federated/{word}/show?state={}", self.1, asked.state.reveal());
        let to = Url::parse(&to).map_err(|error| Refused::OutOfOrder(error.to_string()))?;
        Ok(Redirect { to, form: None, kept: self.0.keep(String::new())? })
    }

    async fn answer(&self, kept: &[u8], returned: &Returned<'_>) -> Result<Proved, Refused> {
        self.0.kept(kept)?;
        let shown = returned.response.and_then(shown).ok_or_else(|| not_believed("no certificate was shown"))?;
        let (first, beside) = shown.split_first().ok_or_else(|| not_believed("no certificate was shown"))?;
        self.0.identify(Factor::EidCertificate, first, beside).await
    }
}

/// The certificates of a handshake as text, the card's first.
#[must_use]
pub fn as_text(chain: &[Vec<u8>]) -> String {
    chain.iter().map(|der| STANDARD.encode(der)).collect::<Vec<_>>().join(".")
}

fn shown(text: &str) -> Option<Vec<Vec<u8>>> {
    text.split('.').map(|one| STANDARD.decode(one).ok().filter(|der| !der.is_empty())).collect()
}

impl LoginMethod for TlsCard {
    fn factor(&self) -> Factor {
        Factor::EidCertificate
    }

    fn name(&self) -> &str {
        Eid::NAME
    }

    fn is_out_of_order(&self) -> bool {
        self.0.is_out_of_order()
    }

    fn start<'a>(&'a self, asked: &'a Asked<'a>) -> BoxFuture<'a, Result<Redirect, Refused>> {
        Box::pin(async { self.ask(asked) })
    }

    fn resume<'a>(&'a self, kept: &'a [u8], returned: &'a Returned<'a>) -> BoxFuture<'a, Result<Proved, Refused>> {
        Box::pin(self.answer(kept, returned))
    }

    fn refresh(&self) -> BoxFuture<'_, ()> {
        Box::pin(async { self.0.refresh() })
    }
}
