//! Asks responders whether a card's certificate was revoked, and remembers for a while what they said.
//!
//! What is remembered is of this process and may vanish: then it is asked again. While nobody answers, the rule of the tenant's file
//! counts ([`Outage`]). An answer that cannot be believed is no outage: whoever forges it must not get more than by silence.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use http::{Method, Request, header::CONTENT_TYPE};

use super::{
    certificate::CardCertificate,
    chain::Issuer,
    ocsp::{BadAnswer, Question, Said},
};
use crate::{
    base::{Clock, Random, Timestamp, breaker::Breaker, token::TokenDigest},
    domain::eid::{Eid, Outage},
    login::wire::http::Client,
};

/// How long an answer is kept at most, whatever it says itself: a card that is reported lost is refused this soon.
const KEPT: Duration = Duration::from_secs(5 * 60);
/// Of how many cards is remembered what was said.
const REMEMBERED: usize = 20_000;

/// What asks for a tenant.
pub struct Revocation {
    outage: Outage,
    client: Client,
    breaker: Breaker,
    good: Mutex<HashMap<TokenDigest, Good>>,
    clock: Clock,
    random: Random,
}

/// That a certificate was good.
#[derive(Clone, Copy)]
struct Good {
    at: Timestamp,
    until: Timestamp,
}

/// How it is known that a certificate is good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known {
    /// Its responder says so.
    Said,
    /// Its responder said so before, and does not answer now.
    SaidBefore,
}

/// Why a certificate is not good.
#[derive(Debug, thiserror::Error)]
pub enum NotGood {
    /// It was revoked, or is suspended.
    #[error("the certificate was revoked")]
    Revoked,
    /// Its issuer's responder does not know it.
    #[error("the responder does not know the certificate")]
    Unknown,
    /// It names no responder, or one that the tenant's file does not.
    #[error("the certificate names no responder of the tenant's file")]
    NoResponder,
    /// What is said cannot be believed.
    #[error("{0}")]
    Answer(BadAnswer),
    /// Nobody answers, and the tenant's file does not go on without.
    #[error("nobody says whether the certificate was revoked: {0}")]
    Outage(String),
}

impl Revocation {
    /// As the tenant's file says.
    #[must_use]
    pub fn new(believed: &Eid, clock: Clock, random: Random) -> Self {
        Self {
            outage: believed.outage,
            client: Client::at(&believed.responders),
            breaker: Breaker::default(),
            good: Mutex::default(),
            clock,
            random,
        }
    }

    /// Whether responders failed so often that nobody is asked for the moment, and nobody gets on without.
    #[must_use]
    pub fn is_out_of_order(&self) -> bool {
        self.outage == Outage::Refuse && self.breaker.is_open(self.clock.now())
    }

    /// Whether a certificate of this issuer is good.
    ///
    /// # Errors
    /// When it is not, or nobody says.
    pub async fn check(&self, certificate: &CardCertificate, issuer: &Issuer) -> Result<Known, NotGood> {
        let name = TokenDigest::of(certificate.der());
        let before = self.remembered(name);
        if before.is_some_and(|good| self.clock.now() < good.until) {
            return Ok(Known::Said);
        }
        match self.ask(certificate, issuer).await {
            Ok(Said::Good { at, until }) => {
                self.remember(name, at, until);
                Ok(Known::Said)
            }
            Ok(said) => {
                self.lock().remove(&name);
                Err(if said == Said::Revoked { NotGood::Revoked } else { NotGood::Unknown })
            }
            Err(NotGood::Outage(why)) => match (self.outage, before) {
                (Outage::AcceptFor(most), Some(good)) if self.clock.now() < good.at.plus(most) => Ok(Known::SaidBefore),
                _ => Err(NotGood::Outage(why)),
            },
            Err(other) => Err(other),
        }
    }

    async fn ask(&self, certificate: &CardCertificate, issuer: &Issuer) -> Result<Said, NotGood> {
        let url = certificate.responder.as_ref().filter(|url| self.client.allows(url)).ok_or(NotGood::NoResponder)?;
        let question = Question::about(certificate, issuer, &self.random);
        let question = question.ok_or(NotGood::Answer(BadAnswer::Malformed))?;
        if !self.breaker.admits(self.clock.now()) {
            return Err(NotGood::Outage("it failed again and again, and rests".into()));
        }
        let outage = |why: String| {
            self.breaker.failed(self.clock.now());
            NotGood::Outage(why)
        };
        // By POST (RFC 6960 appendix A.1): a nonce makes every question another.
        let request = Request::builder()
            .method(Method::POST)
            .uri(url.as_str())
            .header(CONTENT_TYPE, "application/ocsp-request")
            .body(question.body.clone())
            .map_err(|error| NotGood::Outage(error.to_string()))?;
        let answer = self.client.send(request).await.map_err(|error| outage(error.to_string()))?;
        if !answer.status().is_success() {
            return Err(outage(format!("status {}", answer.status().as_u16())));
        }
        let said = question.answered(answer.body(), issuer, self.clock.now());
        match said {
            Err(BadAnswer::NotNow) => Err(outage(BadAnswer::NotNow.to_string())),
            said => {
                self.breaker.worked();
                said.map_err(NotGood::Answer)
            }
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<TokenDigest, Good>> {
        self.good.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn remembered(&self, name: TokenDigest) -> Option<Good> {
        self.lock().get(&name).copied()
    }

    fn remember(&self, name: TokenDigest, at: Timestamp, until: Timestamp) {
        let now = self.clock.now();
        let of_use = match self.outage {
            Outage::Refuse => KEPT,
            Outage::AcceptFor(most) => most.max(KEPT),
        };
        let mut good = self.lock();
        if good.len() >= REMEMBERED {
            good.retain(|_, known| now < known.at.plus(of_use));
        }
        if good.len() < REMEMBERED {
            good.insert(name, Good { at: at.min(now), until: until.min(now.plus(KEPT)) });
        }
    }
}
