//! What Poort shows to other providers as their client: keys of its own, apart from those of our issuer, and the assertion by
//! which it proves who it is (`private_key_jwt`: RFC 7523 section 3, OpenID Connect Core 1.0 section 9).
//!
//! Each has a life as the keys of our issuer have. A key that signs is published before it signs, and stays published for what it
//! signed last. A key that opens does so before it is published, and long after: a provider encrypts for the one that it read,
//! and may have read it a while ago. Of those only one is published, so that there is nothing to choose.
//!
//! A provider that could make us sign what it likes, or that learned one of these keys, could not make a token of ours with it.

use std::{
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use bytes::Bytes;
use jsonwebtoken::jwk::JwkSet;
use serde::Serialize;
use serde_json::{Map, Value};

use super::{
    jwe::{self, DecryptingKey, Opened},
    jwt::{self, Type},
    keys::{KeyError, SigningKey, Stage},
};
use crate::{
    base::{Random, Timestamp, token::Token},
    domain::upstream::Encryption,
};

/// How long an assertion is good: time enough for one request.
const LIFE: Duration = Duration::from_secs(60);

/// How far the provider's clock may be behind ours.
const CLOCK_ALLOWANCE: Duration = Duration::from_secs(10);

/// A tenant's keys as a client of other providers; they are exchanged while they are in use.
#[derive(Debug)]
pub struct RelyingKeys(RwLock<Arc<RelyingSet>>);

/// The keys of one moment.
#[derive(Debug)]
pub struct RelyingSet {
    signing: SigningKey,
    decrypting: Vec<DecryptingKey>,
    jwks: Bytes,
}

impl RelyingSet {
    /// Of the keys that sign the newest active one does; each that opens does.
    ///
    /// # Errors
    /// When none is active, or their public halves cannot be written.
    pub fn new(signing: Vec<(SigningKey, Stage)>, decrypting: Vec<(DecryptingKey, Stage)>) -> Result<Self, KeyError> {
        let to_encrypt_for = decrypting.iter().rev().find(|(_, stage)| *stage == Stage::Active).map(|(key, _)| key);
        let published = signing.iter().map(|(key, _)| key.public());
        let keys = published.chain(to_encrypt_for.map(DecryptingKey::public)).cloned().collect();
        let jwks = serde_json::to_vec(&JwkSet { keys }).map_err(|_| KeyError::Unreadable)?.into();
        let signs = signing.into_iter().rev().find(|(_, stage)| *stage == Stage::Active);
        let (signing, _) = signs.ok_or(KeyError::NoActive("RS256"))?;
        Ok(Self { signing, decrypting: decrypting.into_iter().map(|(key, _)| key).collect(), jwks })
    }
}

impl RelyingKeys {
    /// These, until others take their place.
    #[must_use]
    pub fn new(keys: RelyingSet) -> Self {
        Self(RwLock::new(Arc::new(keys)))
    }

    /// From now on these.
    pub fn replace(&self, keys: RelyingSet) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(keys);
    }

    fn now(&self) -> Arc<RelyingSet> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Their public halves as a JWK set (RFC 7517 section 5), for the providers.
    #[must_use]
    pub fn jwks(&self) -> Bytes {
        self.now().jwks.clone()
    }

    /// An assertion that `client` makes for `audience`, once.
    ///
    /// # Errors
    /// When AWS-LC gives no signature.
    pub fn assertion(&self, client: &str, audience: &str, now: Timestamp, random: &Random) -> Result<String, KeyError> {
        #[derive(Serialize)]
        struct Claims<'a> {
            iss: &'a str,
            sub: &'a str,
            aud: &'a str,
            jti: &'a str,
            iat: i64,
            nbf: i64,
            exp: i64,
        }
        let jti = Token::new(random).reveal();
        let before = now.minus(CLOCK_ALLOWANCE).seconds();
        let claims = Claims {
            iss: client,
            sub: client,
            aud: audience,
            jti: &jti,
            iat: before,
            nbf: before,
            exp: now.plus(LIFE).seconds(),
        };
        jwt::sign(&self.now().signing, Type::ClientAssertion, &claims)
    }

    /// What is asked of a provider, signed (a request object, RFC 9101 section 4): these parameters, of which `client_id` is one.
    ///
    /// # Errors
    /// When AWS-LC gives no signature.
    pub fn request(
        &self,
        parameters: &[(&str, &str)],
        audience: &str,
        now: Timestamp,
        random: &Random,
    ) -> Result<String, KeyError> {
        let mut claims: Map<String, Value> = parameters
            .iter()
            .map(|&(name, text)| {
                // Objects and numbers stand as such (RFC 9101 section 4).
                let value = match name {
                    "claims" | "max_age" => serde_json::from_str(text).unwrap_or_else(|_| text.into()),
                    _ => Value::from(text),
                };
                (name.to_owned(), value)
            })
            .collect();
        let before = now.minus(CLOCK_ALLOWANCE).seconds();
        let client = claims.get("client_id").cloned().unwrap_or_default();
        let own = [
            ("iss", client),
            ("aud", audience.into()),
            ("jti", Token::new(random).reveal().into()),
            ("iat", before.into()),
            ("nbf", before.into()),
            ("exp", now.plus(LIFE).seconds().into()),
        ];
        claims.extend(own.map(|(name, value)| (name.to_owned(), value)));
        jwt::sign(&self.now().signing, Type::Request, &claims)
    }

    /// Opens what a provider encrypted for us.
    ///
    /// # Errors
    /// As [`jwe::open`].
    pub fn open(&self, token: &str, accepted: &Encryption) -> Result<Opened, jwe::Refused> {
        jwe::open(token, &self.now().decrypting, accepted)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::token::{
        assertion::{self, ClientKeys},
        keys::tests::{NOW, rs256},
    };

    fn keys() -> RelyingKeys {
        let opens = DecryptingKey::generate().expect("a key").0;
        let set = RelyingSet::new(vec![(rs256(), Stage::Active)], vec![(opens, Stage::Active)]);
        RelyingKeys::new(set.expect("keys"))
    }

    fn set(keys: &RelyingKeys) -> Vec<Value> {
        let set: Value = serde_json::from_slice(&keys.jwks()).expect("JSON");
        set["keys"].as_array().expect("keys").clone()
    }

    #[test]
    fn the_set_has_a_key_for_each_use_and_nothing_private() {
        let set = set(&keys());
        let uses: Vec<_> = set.iter().map(|key| (key["use"].as_str(), key["alg"].as_str())).collect();
        assert_eq!(uses, [(Some("sig"), Some("RS256")), (Some("enc"), Some("RSA-OAEP-256"))]);
        for key in &set {
            for member in ["d", "p", "q", "dp", "dq", "qi"] {
                assert!(key.get(member).is_none(), "{member}");
            }
        }
    }

    #[test]
    fn an_assertion_is_what_our_own_provider_would_take_and_never_twice_the_same() {
        let keys = keys();
        let clients = ClientKeys::parse(&set(&keys)[..1]).expect("a set");
        let (client, endpoint) = ("poort-at-itsme", "https://idp.example/v2/token");
        let mut seen = HashSet::new();
        for _ in 0..5 {
            let made = keys.assertion(client, endpoint, NOW, &Random::system()).expect("made");
            let taken = assertion::verify(&made, client, &clients, &[endpoint], NOW).expect("taken");
            assert!(seen.insert(taken.jti) && taken.expires.since(NOW) <= LIFE);
            assert!(assertion::verify(&made, client, &clients, &["https://other.example"], NOW).is_err());
        }
    }
}
