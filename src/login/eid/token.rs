//! The authentication token of Web eID (web-eid-system-architecture, "Web eID authentication token"): what the card signed, and the
//! certificate that says whose card it is, which nobody has verified yet.
//!
//! What is signed is the hash of the origin that the browser was at, and of the challenge that we made; so a token that was made for
//! another site, or for another question, fits nowhere else.

use aws_lc_rs::{
    digest,
    signature::{
        ECDSA_P256_SHA256_FIXED, ECDSA_P384_SHA384_FIXED, ECDSA_P521_SHA512_FIXED, RSA_PKCS1_2048_8192_SHA256,
        RSA_PKCS1_2048_8192_SHA384, RSA_PKCS1_2048_8192_SHA512, RSA_PSS_2048_8192_SHA256, RSA_PSS_2048_8192_SHA384,
        RSA_PSS_2048_8192_SHA512, UnparsedPublicKey, VerificationAlgorithm,
    },
};
use base64::{Engine, engine::general_purpose::STANDARD};
use serde::Deserialize;

use super::certificate::{CardKey, Curve};
use crate::token::json::object;

/// How long a token is, in bytes.
pub const LENGTHS: std::ops::RangeInclusive<usize> = 100..=10_000;

/// A token, read and not believed.
#[derive(Debug)]
pub struct Token {
    /// The certificate, in DER.
    pub certificate: Vec<u8>,
    algorithm: Algorithm,
    signature: Vec<u8>,
}

/// Why a token proves nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadToken {
    /// Shorter or longer than any token.
    #[error("a token of a length that no token has")]
    Length,
    /// No object with the members of a token.
    #[error("what came is no token")]
    Malformed,
    /// Not one of the formats that are read here.
    #[error("a token of another format")]
    Format,
    /// Not one of the algorithms of Web eID.
    #[error("a token with an algorithm that no card has")]
    Algorithm,
    /// The certificate has a key for another algorithm.
    #[error("a token whose algorithm is not that of its certificate's key")]
    OtherKey,
    /// The signature is not that of the certificate's key over this origin and this challenge.
    #[error("a signature that is not over this origin and this challenge")]
    Signature,
}

/// A signature algorithm (RFC 7518 sections 3.3 to 3.5): the family, and the hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Algorithm(Family, Hash);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Family {
    Ecdsa,
    Pkcs1,
    Pss,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Hash {
    Sha256,
    Sha384,
    Sha512,
}

impl Algorithm {
    fn parse(name: &str) -> Option<Self> {
        let (family, size) = name.split_at_checked(2)?;
        let family = match family {
            "ES" => Family::Ecdsa,
            "RS" => Family::Pkcs1,
            "PS" => Family::Pss,
            _ => return None,
        };
        let hash = match size {
            "256" => Hash::Sha256,
            "384" => Hash::Sha384,
            "512" => Hash::Sha512,
            _ => return None,
        };
        Some(Self(family, hash))
    }

    /// How it is verified with a key; nothing when it is not that key's. A curve has one hash (RFC 7518 section 3.4).
    fn with(self, key: &CardKey) -> Option<&'static dyn VerificationAlgorithm> {
        Some(match (self.0, self.1, key) {
            (Family::Ecdsa, Hash::Sha256, CardKey::Ec(Curve::P256, _)) => &ECDSA_P256_SHA256_FIXED,
            (Family::Ecdsa, Hash::Sha384, CardKey::Ec(Curve::P384, _)) => &ECDSA_P384_SHA384_FIXED,
            (Family::Ecdsa, Hash::Sha512, CardKey::Ec(Curve::P521, _)) => &ECDSA_P521_SHA512_FIXED,
            (Family::Pkcs1, Hash::Sha256, CardKey::Rsa(_)) => &RSA_PKCS1_2048_8192_SHA256,
            (Family::Pkcs1, Hash::Sha384, CardKey::Rsa(_)) => &RSA_PKCS1_2048_8192_SHA384,
            (Family::Pkcs1, Hash::Sha512, CardKey::Rsa(_)) => &RSA_PKCS1_2048_8192_SHA512,
            (Family::Pss, Hash::Sha256, CardKey::Rsa(_)) => &RSA_PSS_2048_8192_SHA256,
            (Family::Pss, Hash::Sha384, CardKey::Rsa(_)) => &RSA_PSS_2048_8192_SHA384,
            (Family::Pss, Hash::Sha512, CardKey::Rsa(_)) => &RSA_PSS_2048_8192_SHA512,
            _ => return None,
        })
    }
}

impl Hash {
    fn of(self, text: &str) -> digest::Digest {
        let algorithm = match self {
            Hash::Sha256 => &digest::SHA256,
            Hash::Sha384 => &digest::SHA384,
            Hash::Sha512 => &digest::SHA512,
        };
        digest::digest(algorithm, text.as_bytes())
    }
}

/// The members that count. Others, as the version of the application, say nothing that could be believed.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Members<'a> {
    #[serde(borrow)]
    format: std::borrow::Cow<'a, str>,
    #[serde(borrow)]
    algorithm: std::borrow::Cow<'a, str>,
    #[serde(borrow)]
    signature: std::borrow::Cow<'a, str>,
    #[serde(borrow)]
    unverified_certificate: std::borrow::Cow<'a, str>,
}

impl Token {
    /// Reads one.
    ///
    /// # Errors
    /// When it is none.
    pub fn parse(text: &str) -> Result<Self, BadToken> {
        if !LENGTHS.contains(&text.len()) {
            return Err(BadToken::Length);
        }
        let members: Members<'_> = object(text.as_bytes()).ok_or(BadToken::Malformed)?;
        // 1.1 has more members than 1.0, and the same ones with the same meaning.
        let minor = members.format.strip_prefix("web-eid:1.").ok_or(BadToken::Format)?;
        if minor.is_empty() || minor.len() > 3 || !minor.bytes().all(|b| b.is_ascii_digit()) {
            return Err(BadToken::Format);
        }
        let decode =
            |text: &str| STANDARD.decode(text).ok().filter(|bytes| !bytes.is_empty()).ok_or(BadToken::Malformed);
        Ok(Self {
            algorithm: Algorithm::parse(&members.algorithm).ok_or(BadToken::Algorithm)?,
            certificate: decode(&members.unverified_certificate)?,
            signature: decode(&members.signature)?,
        })
    }

    /// Whether `key` signed `origin` (`https://host[:port]`) and `challenge`, as it was sent to the browser.
    ///
    /// # Errors
    /// When it did not.
    pub fn verify(&self, key: &CardKey, origin: &str, challenge: &str) -> Result<(), BadToken> {
        let algorithm = self.algorithm.with(key).ok_or(BadToken::OtherKey)?;
        let signed = [self.algorithm.1.of(origin), self.algorithm.1.of(challenge)];
        let signed = [signed[0].as_ref(), signed[1].as_ref()].concat();
        let public = UnparsedPublicKey::new(algorithm, key.bytes());
        public.verify(&signed, &self.signature).map_err(|_| BadToken::Signature)
    }
}
