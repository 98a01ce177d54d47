//! Signing and encrypting, as the stand-ins do it.

use std::sync::OnceLock;

use aws_lc_rs::{
    digest::{SHA256, digest},
    rand::SystemRandom,
    rsa::KeySize,
    signature::{KeyPair, RSA_PKCS1_SHA256, RsaKeyPair, RsaPublicKeyComponents},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use crate::{
    base::Random,
    domain::upstream::{ContentEncryption, KeyManagement},
    token::jwe,
};

const KID: &str = "demo";

/// The keys that sign: made when they are first needed, since that takes a moment.
#[derive(Default)]
pub(super) struct Signer {
    own: OnceLock<Option<RsaKeyPair>>,
    strange: OnceLock<Option<RsaKeyPair>>,
}

impl Signer {
    /// The public half (RFC 7517 section 5).
    pub(super) fn jwks(&self) -> Option<Value> {
        let parts = RsaPublicKeyComponents::<Vec<u8>>::from(made(&self.own)?.public_key());
        let part = |bytes: Vec<u8>| URL_SAFE_NO_PAD.encode(bytes);
        let key = json!({
            "kty": "RSA", "use": "sig", "alg": "RS256", "kid": KID, "n": part(parts.n), "e": part(parts.e),
        });
        Some(json!({ "keys": [key] }))
    }

    /// Claims, signed by its key, or by one that it does not publish.
    pub(super) fn sign(&self, claims: &Value, by_a_stranger: bool) -> Option<String> {
        let key = made(if by_a_stranger { &self.strange } else { &self.own })?;
        let header = json!({ "alg": "RS256", "typ": "JWT", "kid": KID });
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let message = format!("{}.{}", part(&header), part(claims));
        let mut signature = vec![0; key.public_modulus_len()];
        key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message.as_bytes(), &mut signature).ok()?;
        Some(format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature)))
    }
}

fn made(key: &OnceLock<Option<RsaKeyPair>>) -> Option<&RsaKeyPair> {
    key.get_or_init(|| RsaKeyPair::generate(KeySize::Rsa2048).ok()).as_ref()
}

/// A signed token, encrypted for the holder of a key.
pub(super) fn sealed(signed: &str, key: &Value, random: &Random) -> Option<String> {
    let key = serde_json::from_value(key.clone()).ok()?;
    let (alg, enc) = (KeyManagement::RsaOaep256, ContentEncryption::A128CbcHs256);
    jwe::seal(signed.as_bytes(), "JWT", &key, alg, enc, random).ok()
}

/// S256 of RFC 7636 section 4.2.
pub(super) fn challenge(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(digest(&SHA256, verifier.as_bytes()))
}

/// `at_hash` of OpenID Connect Core 1.0 section 3.1.3.6.
pub(super) fn half_hash(token: &str) -> String {
    URL_SAFE_NO_PAD.encode(&digest(&SHA256, token.as_bytes()).as_ref()[..16])
}
