//! The signing keys of a tenant: made, exported for sealing, rotated, published.
//!
//! A key's life: [`Stage::Next`] (published, so that verifiers that keep the JWK set know it beforehand), then
//! [`Stage::Active`] (signs), then [`Stage::Retired`] (published until the last token it signed has expired, and
//! believed not a moment longer: CVE-2024-7318).

use std::fmt;

use aws_lc_rs::{
    encoding::{AsDer, Pkcs8V1Der},
    rand::SystemRandom,
    rsa::KeySize,
    signature::{
        ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair, RSA_PKCS1_SHA256, RsaKeyPair, RsaPublicKeyComponents,
    },
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use bytes::Bytes;
use jsonwebtoken::{
    Algorithm, DecodingKey,
    jwk::{
        AlgorithmParameters, CommonParameters, EllipticCurve, EllipticCurveKeyParameters, EllipticCurveKeyType, Jwk,
        JwkSet, KeyAlgorithm, PublicKeyUse, RSAKeyParameters, RSAKeyType, ThumbprintHash,
    },
};
use zeroize::Zeroizing;

use crate::{base::Timestamp, domain::client::SigningAlgorithm};

/// A private key that signs one algorithm, with its public half. Does not print.
///
/// The parsed key is kept: `jsonwebtoken` would parse it anew for each signature, which more than doubles an RS256
/// (550 µs instead of 210).
pub struct SigningKey {
    pair: Pair,
    public: Jwk,
    kid: String,
    decoding: DecodingKey,
}

enum Pair {
    Es256(EcdsaKeyPair),
    Rs256(RsaKeyPair),
}

/// A key cannot be made, read or used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// AWS-LC made no key.
    #[error("no key could be generated")]
    Generate,
    /// The bytes are no PKCS#8 private key for this algorithm, of at least 2048 bits for RSA.
    #[error("not a private key for this algorithm")]
    Unreadable,
    /// AWS-LC gave no signature.
    #[error("nothing could be signed")]
    Sign,
    /// The ring has no active key for an algorithm.
    #[error("no active signing key for {0}")]
    NoActive(&'static str),
}

impl SigningKey {
    /// A new key: P-256 for ES256, 2048 bits for RS256 (good through 2030 by NIST SP 800-57, signs three times as fast as
    /// 3072 bits, and is only for clients that know no ES256). Finding an RSA key takes 50 to 500 ms of processor time.
    ///
    /// # Errors
    /// When AWS-LC makes none.
    pub fn generate(algorithm: SigningAlgorithm) -> Result<Self, KeyError> {
        let pair = match algorithm {
            SigningAlgorithm::Es256 => {
                Pair::Es256(EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).map_err(|_| KeyError::Generate)?)
            }
            SigningAlgorithm::Rs256 => {
                Pair::Rs256(RsaKeyPair::generate(KeySize::Rsa2048).map_err(|_| KeyError::Generate)?)
            }
        };
        Self::with(pair)
    }

    /// The key of its PKCS#8 DER (RFC 5208), as [`SigningKey::pkcs8`] gave it.
    ///
    /// # Errors
    /// When the bytes are no such key.
    pub fn from_pkcs8(algorithm: SigningAlgorithm, der: &[u8]) -> Result<Self, KeyError> {
        let pair = match algorithm {
            SigningAlgorithm::Es256 => Pair::Es256(
                EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, der).map_err(|_| KeyError::Unreadable)?,
            ),
            // AWS-LC takes 2048 to 8192 bits.
            SigningAlgorithm::Rs256 => Pair::Rs256(RsaKeyPair::from_pkcs8(der).map_err(|_| KeyError::Unreadable)?),
        };
        Self::with(pair)
    }

    fn with(pair: Pair) -> Result<Self, KeyError> {
        let (algorithm, key_algorithm) = match &pair {
            Pair::Es256(pair) => {
                // An uncompressed point: 4, then both coordinates (SEC 1 section 2.3.3).
                let point = pair.public_key().as_ref();
                let (x, y) = point.get(1..).and_then(|xy| xy.split_at_checked(32)).ok_or(KeyError::Unreadable)?;
                let parameters = AlgorithmParameters::EllipticCurve(EllipticCurveKeyParameters {
                    key_type: EllipticCurveKeyType::EC,
                    curve: EllipticCurve::P256,
                    x: URL_SAFE_NO_PAD.encode(x),
                    y: URL_SAFE_NO_PAD.encode(y),
                });
                (parameters, KeyAlgorithm::ES256)
            }
            Pair::Rs256(pair) => {
                let public = RsaPublicKeyComponents::<Vec<u8>>::from(pair.public_key());
                let parameters = AlgorithmParameters::RSA(RSAKeyParameters {
                    key_type: RSAKeyType::RSA,
                    n: URL_SAFE_NO_PAD.encode(public.n),
                    e: URL_SAFE_NO_PAD.encode(public.e),
                });
                (parameters, KeyAlgorithm::RS256)
            }
        };
        let common = CommonParameters {
            public_key_use: Some(PublicKeyUse::Signature),
            key_algorithm: Some(key_algorithm),
            ..CommonParameters::default()
        };
        let mut public = Jwk { common, algorithm };
        let kid = public.thumbprint(ThumbprintHash::SHA256).map_err(|_| KeyError::Unreadable)?;
        public.common.key_id = Some(kid.clone());
        let decoding = DecodingKey::from_jwk(&public).map_err(|_| KeyError::Unreadable)?;
        Ok(Self { pair, public, kid, decoding })
    }

    /// The private key as PKCS#8 DER, to be sealed; nothing else may get it.
    ///
    /// # Errors
    /// When AWS-LC does not encode it.
    pub fn pkcs8(&self) -> Result<Zeroizing<Vec<u8>>, KeyError> {
        match &self.pair {
            Pair::Es256(pair) => pair.to_pkcs8v1().map(|der| Zeroizing::new(der.as_ref().to_vec())),
            Pair::Rs256(pair) => AsDer::<Pkcs8V1Der<'_>>::as_der(pair).map(|der| Zeroizing::new(der.as_ref().to_vec())),
        }
        .map_err(|_| KeyError::Unreadable)
    }

    /// What it signs.
    #[must_use]
    pub const fn algorithm(&self) -> SigningAlgorithm {
        match self.pair {
            Pair::Es256(_) => SigningAlgorithm::Es256,
            Pair::Rs256(_) => SigningAlgorithm::Rs256,
        }
    }

    /// Its name: the thumbprint of its public half (RFC 7638), so two keys never share one.
    #[must_use]
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// Its public half as a JWK (RFC 7517).
    #[must_use]
    pub const fn public(&self) -> &Jwk {
        &self.public
    }

    /// The signature of `message` as JWS wants it (RFC 7518 sections 3.3 and 3.4).
    pub(super) fn sign(&self, message: &[u8]) -> Result<Vec<u8>, KeyError> {
        let random = SystemRandom::new();
        match &self.pair {
            Pair::Es256(pair) => {
                pair.sign(&random, message).map(|signature| signature.as_ref().to_vec()).map_err(|_| KeyError::Sign)
            }
            Pair::Rs256(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &random, message, &mut signature).map_err(|_| KeyError::Sign)?;
                Ok(signature)
            }
        }
    }

    /// What verifies its signatures.
    pub(super) fn verifying(&self) -> (&DecodingKey, Algorithm) {
        let algorithm = match self.pair {
            Pair::Es256(_) => Algorithm::ES256,
            Pair::Rs256(_) => Algorithm::RS256,
        };
        (&self.decoding, algorithm)
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey({}, {}, [hidden])", self.algorithm().alg(), self.kid)
    }
}

/// Where a key is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Published and believed, but does not sign yet.
    Next,
    /// Signs.
    Active,
    /// Signs no more.
    Retired {
        /// When the last token it signed has expired; from then on it is neither published nor believed.
        until: Timestamp,
    },
}

impl Stage {
    fn is_believed(self, now: Timestamp) -> bool {
        match self {
            Stage::Next | Stage::Active => true,
            Stage::Retired { until } => now < until,
        }
    }
}

/// The keys of one tenant's issuer.
#[derive(Debug)]
pub struct KeyRing {
    keys: Vec<(SigningKey, Stage)>,
    es256: usize,
    rs256: usize,
    jwks: Bytes,
}

impl KeyRing {
    /// A ring of these keys; of several active ones for one algorithm the last signs. The JWK set is that of `now`: the
    /// ring is built again whenever a key changes its stage.
    ///
    /// # Errors
    /// When an algorithm has no active key.
    pub fn new(mut keys: Vec<(SigningKey, Stage)>, now: Timestamp) -> Result<Self, KeyError> {
        keys.retain(|(_, stage)| stage.is_believed(now));
        let active = |algorithm: SigningAlgorithm| {
            keys.iter()
                .rposition(|(key, stage)| *stage == Stage::Active && key.algorithm() == algorithm)
                .ok_or(KeyError::NoActive(algorithm.alg()))
        };
        let (es256, rs256) = (active(SigningAlgorithm::Es256)?, active(SigningAlgorithm::Rs256)?);
        let set = JwkSet { keys: keys.iter().map(|(key, _)| key.public.clone()).collect() };
        let jwks = serde_json::to_vec(&set).map_err(|_| KeyError::Unreadable)?.into();
        Ok(Self { keys, es256, rs256, jwks })
    }

    /// The key that signs `algorithm`.
    #[must_use]
    pub fn active(&self, algorithm: SigningAlgorithm) -> &SigningKey {
        let position = match algorithm {
            SigningAlgorithm::Es256 => self.es256,
            SigningAlgorithm::Rs256 => self.rs256,
        };
        &self.keys[position].0
    }

    /// The key named `kid`, while what it signed is believed.
    #[must_use]
    pub fn find(&self, kid: &str, now: Timestamp) -> Option<&SigningKey> {
        self.keys.iter().find(|(key, stage)| key.kid == kid && stage.is_believed(now)).map(|(key, _)| key)
    }

    /// The JWK set (RFC 7517 section 5) as the body of `/jwks`.
    #[must_use]
    pub fn jwks(&self) -> Bytes {
        self.jwks.clone()
    }
}

#[cfg(test)]
pub(super) mod tests {
    use std::{sync::LazyLock, time::Duration};

    use super::*;

    pub const NOW: Timestamp = Timestamp::from_millis(1_795_348_800_000);

    /// RSA keys take long to find; the tests share one.
    static RSA: LazyLock<Zeroizing<Vec<u8>>> = LazyLock::new(|| {
        let pair = RsaKeyPair::generate(KeySize::Rsa2048).expect("a key");
        let der: Pkcs8V1Der<'_> = pair.as_der().expect("DER");
        Zeroizing::new(der.as_ref().to_vec())
    });

    pub fn es256() -> SigningKey {
        SigningKey::generate(SigningAlgorithm::Es256).expect("a key")
    }

    pub fn rs256() -> SigningKey {
        SigningKey::from_pkcs8(SigningAlgorithm::Rs256, &RSA).expect("a key")
    }

    pub fn ring() -> KeyRing {
        KeyRing::new(vec![(es256(), Stage::Active), (rs256(), Stage::Active)], NOW).expect("a ring")
    }

    fn published(ring: &KeyRing) -> Vec<String> {
        let set: JwkSet = serde_json::from_slice(&ring.jwks()).expect("a JWK set");
        set.keys.into_iter().map(|key| key.common.key_id.expect("a kid")).collect()
    }

    #[test]
    fn a_key_comes_back_from_its_export_with_the_same_name() {
        for key in [es256(), rs256()] {
            let again = SigningKey::from_pkcs8(key.algorithm(), &key.pkcs8().expect("DER")).expect("a key");
            assert_eq!(again.kid(), key.kid());
            assert_eq!(again.public(), key.public());
            assert_eq!(key.kid().len(), 43);
        }
    }

    #[test]
    fn a_key_of_another_kind_or_too_short_is_refused() {
        let es = es256().pkcs8().expect("DER");
        assert_eq!(SigningKey::from_pkcs8(SigningAlgorithm::Rs256, &es).err(), Some(KeyError::Unreadable));
        assert_eq!(SigningKey::from_pkcs8(SigningAlgorithm::Es256, &RSA).err(), Some(KeyError::Unreadable));
        assert_eq!(
            SigningKey::from_pkcs8(SigningAlgorithm::Es256, &es[..es.len() - 1]).err(),
            Some(KeyError::Unreadable)
        );
    }

    #[test]
    fn the_thumbprint_is_that_of_rfc_7638() {
        let example: Jwk = serde_json::from_value(serde_json::json!({
            "kty": "RSA", "e": "AQAB", "alg": "RS256", "kid": "2011-04-29",
            "n": "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw"
        })).expect("a JWK");
        assert_eq!(
            example.thumbprint(ThumbprintHash::SHA256).expect("a thumbprint"),
            "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"
        );
    }

    #[test]
    fn the_published_set_has_no_private_part() {
        let text = String::from_utf8(ring().jwks().to_vec()).expect("UTF-8");
        let set: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        for key in set["keys"].as_array().expect("keys") {
            for member in ["d", "p", "q", "dp", "dq", "qi", "k"] {
                assert!(key.get(member).is_none(), "{member}");
            }
            assert_eq!(key["use"], "sig");
        }
        assert_eq!(set["keys"][0]["alg"], "ES256");
        assert_eq!(set["keys"][1]["alg"], "RS256");
    }

    #[test]
    fn rotation_publishes_the_next_signs_with_the_active_and_keeps_the_retired_until_its_tokens_expired() {
        let (next, old) = (es256(), es256());
        let (next_kid, old_kid) = (next.kid().to_owned(), old.kid().to_owned());
        let until = NOW.plus(Duration::from_secs(300));
        let keys = vec![
            (old, Stage::Retired { until }),
            (es256(), Stage::Active),
            (rs256(), Stage::Active),
            (next, Stage::Next),
        ];
        let ring = KeyRing::new(keys, NOW).expect("a ring");
        assert_eq!(published(&ring).len(), 4);
        assert!(published(&ring).contains(&next_kid));
        assert!(![&next_kid, &old_kid].contains(&&ring.active(SigningAlgorithm::Es256).kid().to_owned()));
        assert!(ring.find(&old_kid, until.minus(Duration::from_millis(1))).is_some());
        assert!(ring.find(&old_kid, until).is_none());
        let later = KeyRing::new(ring.keys, until).expect("a ring");
        assert!(!published(&later).contains(&old_kid));
    }

    #[test]
    fn a_ring_without_an_active_key_for_each_algorithm_is_refused() {
        let one = KeyRing::new(vec![(es256(), Stage::Active)], NOW);
        assert_eq!(one.err(), Some(KeyError::NoActive("RS256")));
        let none = KeyRing::new(vec![(es256(), Stage::Next), (rs256(), Stage::Active)], NOW);
        assert_eq!(none.err(), Some(KeyError::NoActive("ES256")));
    }

    #[test]
    fn a_key_does_not_print() {
        let key = es256();
        let der = key.pkcs8().expect("DER");
        let shown = format!("{key:?}");
        assert!(shown.contains("[hidden]") && shown.len() < 80);
        assert!(!shown.contains(&URL_SAFE_NO_PAD.encode(&der[40..60])));
    }
}
