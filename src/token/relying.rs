//! What Poort shows to other providers as their client: keys of its own, apart from those of our issuer, and the assertion by
//! which it proves who it is (`private_key_jwt`: RFC 7523 section 3, OpenID Connect Core 1.0 section 9).
//!
//! A provider that could make us sign what it likes, or that learned one of these keys, could not make a token of ours with it.

use std::time::Duration;

use bytes::Bytes;
use jsonwebtoken::jwk::JwkSet;
use serde::Serialize;

use super::{
    jwe::{self, DecryptingKey, Opened},
    jwt::{self, Type},
    keys::{KeyError, SigningKey},
};
use crate::{
    base::{Random, Timestamp, token::Token},
    domain::upstream::Encryption,
};

/// How long an assertion is good: time enough for one request.
const LIFE: Duration = Duration::from_secs(60);

/// How far the provider's clock may be behind ours.
const CLOCK_ALLOWANCE: Duration = Duration::from_secs(10);

/// A tenant's keys as a client of other providers.
#[derive(Debug)]
pub struct RelyingKeys {
    signing: SigningKey,
    decrypting: Vec<DecryptingKey>,
    jwks: Bytes,
}

impl RelyingKeys {
    /// The key that signs, and those that others may have encrypted for.
    ///
    /// # Errors
    /// When their public halves cannot be written.
    pub fn new(signing: SigningKey, decrypting: Vec<DecryptingKey>) -> Result<Self, KeyError> {
        let keys = std::iter::once(signing.public()).chain(decrypting.iter().map(DecryptingKey::public)).cloned();
        let jwks = serde_json::to_vec(&JwkSet { keys: keys.collect() }).map_err(|_| KeyError::Unreadable)?.into();
        Ok(Self { signing, decrypting, jwks })
    }

    /// Their public halves as a JWK set (RFC 7517 section 5), for the providers.
    #[must_use]
    pub fn jwks(&self) -> Bytes {
        self.jwks.clone()
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
        jwt::sign(&self.signing, Type::ClientAssertion, &claims)
    }

    /// Opens what a provider encrypted for us.
    ///
    /// # Errors
    /// As [`jwe::open`].
    pub fn open(&self, token: &str, accepted: &Encryption) -> Result<Opened, jwe::Refused> {
        jwe::open(token, &self.decrypting, accepted)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use serde_json::Value;

    use super::*;
    use crate::token::{
        assertion::{self, ClientKeys},
        keys::tests::{NOW, rs256},
    };

    fn keys() -> RelyingKeys {
        RelyingKeys::new(rs256(), vec![DecryptingKey::generate().expect("a key").0]).expect("keys")
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
