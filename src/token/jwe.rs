//! JSON Web Encryption (RFC 7516) in its compact form: what another provider encrypted for us.
//!
//! The one place where Poort composes primitives itself, all of them of AWS-LC: no crate had these algorithms without OpenSSL or
//! without the `rsa` crate (RUSTSEC-2023-0071). What is taken is a closed list, narrowed further by the caller: RSA-OAEP and
//! RSA-OAEP-256 for the key, A128CBC-HS256, A128GCM and A256GCM for the content (RFC 7518 sections 4.3, 5.2.3 and 5.3).
//!
//! Architecture invariant: nothing is unpacked (`zip`), nothing is decrypted before its tag was compared, and a wrong key fails
//! where a wrong tag fails: whoever sends tokens learns nothing from which of both it was (RFC 7516 section 11.5).

use std::fmt;

use aws_lc_rs::{
    aead::{AES_128_GCM, AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey},
    cipher::{
        AES_128, DecryptionContext, EncryptionContext, PaddedBlockDecryptingKey, PaddedBlockEncryptingKey,
        UnboundCipherKey,
    },
    encoding::{AsDer, Pkcs8V1Der},
    hmac,
    iv::FixedLength,
    rsa::{
        KeySize, OAEP_SHA1_MGF1SHA1, OAEP_SHA256_MGF1SHA256, OaepAlgorithm, OaepPrivateDecryptingKey,
        OaepPublicEncryptingKey, PrivateDecryptingKey, PublicEncryptingKey,
    },
    signature::{KeyPair, RsaKeyPair, RsaPublicKeyComponents},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::jwk::{
    AlgorithmParameters, CommonParameters, Jwk, KeyAlgorithm, PublicKeyUse, RSAKeyParameters, RSAKeyType,
    ThumbprintHash,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use zeroize::Zeroizing;

use super::{json::object, keys::KeyError};
use crate::{
    base::Random,
    domain::upstream::{ContentEncryption, Encryption, KeyManagement},
};

/// Longer tokens are not looked at, in bytes.
pub const MAX_LENGTH: usize = 64 * 1024;

impl KeyManagement {
    fn oaep(self) -> &'static OaepAlgorithm {
        match self {
            KeyManagement::RsaOaep => &OAEP_SHA1_MGF1SHA1,
            KeyManagement::RsaOaep256 => &OAEP_SHA256_MGF1SHA256,
        }
    }
}

impl ContentEncryption {
    /// The length of the content's key, in bytes.
    const fn key_length(self) -> usize {
        match self {
            ContentEncryption::A128Gcm => 16,
            ContentEncryption::A128CbcHs256 | ContentEncryption::A256Gcm => 32,
        }
    }
}

/// Why nothing was decrypted. For logs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// It has not five parts of base64url with a header that can be read, or is too long.
    #[error("not a JWE in compact form")]
    Malformed,
    /// Its header brings a key, compresses, or asks for an extension.
    #[error("the header brings a key, compression or an extension")]
    Header,
    /// Its algorithms are not among those that are taken.
    #[error("encrypted with an algorithm that is not accepted")]
    Algorithm,
    /// It is for a key that we do not have.
    #[error("encrypted for a key that is not ours")]
    Key,
    /// It was changed, or encrypted for another key.
    #[error("does not decrypt")]
    Tag,
}

/// What was in it.
pub struct Opened {
    /// What its header says that it is: `JWT` for a token in a token (RFC 7519 section 5.2).
    pub content_type: Option<String>,
    /// The content.
    pub content: Zeroizing<Vec<u8>>,
}

#[derive(Deserialize)]
struct Header {
    alg: String,
    enc: String,
    kid: Option<String>,
    cty: Option<String>,
    zip: Option<Value>,
    crit: Option<Value>,
    jku: Option<Value>,
    jwk: Option<Value>,
    x5u: Option<Value>,
    x5c: Option<Value>,
}

impl Header {
    const fn brings_something(&self) -> bool {
        self.zip.is_some()
            || self.crit.is_some()
            || self.jku.is_some()
            || self.jwk.is_some()
            || self.x5u.is_some()
            || self.x5c.is_some()
    }
}

/// A private key that others encrypt for. Does not print.
pub struct DecryptingKey {
    private: OaepPrivateDecryptingKey,
    public: Jwk,
    kid: String,
}

impl DecryptingKey {
    /// A new key of 2048 bits. Finding it takes 50 to 500 ms of processor time.
    ///
    /// # Errors
    /// When AWS-LC makes none.
    pub fn generate() -> Result<(Self, Zeroizing<Vec<u8>>), KeyError> {
        let key = PrivateDecryptingKey::generate(KeySize::Rsa2048).map_err(|_| KeyError::Generate)?;
        let der = AsDer::<Pkcs8V1Der<'_>>::as_der(&key).map_err(|_| KeyError::Generate)?;
        let der = Zeroizing::new(der.as_ref().to_vec());
        Ok((Self::from_pkcs8(&der)?, der))
    }

    /// The key of its PKCS#8 DER (RFC 5208): RSA, 2048 to 8192 bits.
    ///
    /// # Errors
    /// When the bytes are no such key.
    pub fn from_pkcs8(der: &[u8]) -> Result<Self, KeyError> {
        let pair = RsaKeyPair::from_pkcs8(der).map_err(|_| KeyError::Unreadable)?;
        let parts = RsaPublicKeyComponents::<Vec<u8>>::from(pair.public_key());
        let private = PrivateDecryptingKey::from_pkcs8(der).map_err(|_| KeyError::Unreadable)?;
        let private = OaepPrivateDecryptingKey::new(private).map_err(|_| KeyError::Unreadable)?;
        let algorithm = AlgorithmParameters::RSA(RSAKeyParameters {
            key_type: RSAKeyType::RSA,
            n: URL_SAFE_NO_PAD.encode(parts.n),
            e: URL_SAFE_NO_PAD.encode(parts.e),
        });
        let common = CommonParameters {
            public_key_use: Some(PublicKeyUse::Encryption),
            key_algorithm: Some(KeyAlgorithm::RSA_OAEP_256),
            ..CommonParameters::default()
        };
        let mut public = Jwk { common, algorithm };
        let kid = public.thumbprint(ThumbprintHash::SHA256).map_err(|_| KeyError::Unreadable)?;
        public.common.key_id = Some(kid.clone());
        Ok(Self { private, public, kid })
    }

    /// Its name: the thumbprint of its public half (RFC 7638).
    #[must_use]
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// Its public half as a JWK (RFC 7517), for encrypting.
    #[must_use]
    pub const fn public(&self) -> &Jwk {
        &self.public
    }

    /// The key of the content. Whatever does not decrypt to one of the right length gives a random one, with which no tag
    /// is right.
    fn content_key(
        &self,
        key_management: KeyManagement,
        content: ContentEncryption,
        encrypted: &[u8],
    ) -> Zeroizing<Vec<u8>> {
        let length = content.key_length();
        let mut room = Zeroizing::new(vec![0; self.private.min_output_size()]);
        let instead = Zeroizing::new(Random::system().bytes::<32>()[..length].to_vec());
        match self.private.decrypt(key_management.oaep(), encrypted, &mut room, None) {
            Ok(key) if key.len() == length => Zeroizing::new(key.to_vec()),
            _ => instead,
        }
    }
}

impl fmt::Debug for DecryptingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DecryptingKey({}, [hidden])", self.kid)
    }
}

/// Opens a token that was encrypted for one of `keys`, by algorithms that are `accepted`.
///
/// # Errors
/// The first reason not to.
pub fn open(token: &str, keys: &[DecryptingKey], accepted: &Encryption) -> Result<Opened, Refused> {
    if token.len() > MAX_LENGTH {
        return Err(Refused::Malformed);
    }
    let parts: Vec<&str> = token.split('.').collect();
    let [protected, encrypted_key, iv, text, tag] = parts[..] else { return Err(Refused::Malformed) };
    let decode = |part: &str| URL_SAFE_NO_PAD.decode(part).map_err(|_| Refused::Malformed);
    let header: Header = object(&decode(protected)?).ok_or(Refused::Malformed)?;
    if header.brings_something() {
        return Err(Refused::Header);
    }
    let alg = accepted.key_management.iter().find(|known| known.alg() == header.alg).ok_or(Refused::Algorithm)?;
    let enc = accepted.content.iter().find(|known| known.enc() == header.enc).ok_or(Refused::Algorithm)?;
    // Who read a set with one key need not say which (OpenID Connect Core 1.0 section 10.2), and may have read it before the last
    // exchange: then it is the one whose tag is right.
    let mut keys = keys.iter().filter(|key| header.kid.as_ref().is_none_or(|kid| *kid == key.kid)).peekable();
    keys.peek().ok_or(Refused::Key)?;
    let (encrypted_key, iv, text, tag) = (decode(encrypted_key)?, decode(iv)?, decode(text)?, decode(tag)?);
    let content = keys.find_map(|key| {
        let content_key = key.content_key(*alg, *enc, &encrypted_key);
        enc.decrypt(&content_key, protected.as_bytes(), &iv, text.clone(), &tag)
    });
    Ok(Opened { content_type: header.cty, content: content.ok_or(Refused::Tag)? })
}

/// Encrypts `content` for the holder of a public RSA key, under these algorithms. `content_type` says what it is.
///
/// # Errors
/// When the key is no RSA key that can be used.
pub fn seal(
    content: &[u8],
    content_type: &str,
    key: &Jwk,
    alg: KeyManagement,
    enc: ContentEncryption,
    random: &Random,
) -> Result<String, KeyError> {
    #[derive(Serialize)]
    struct Protected<'a> {
        alg: &'a str,
        enc: &'a str,
        cty: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        kid: Option<&'a str>,
    }
    let AlgorithmParameters::RSA(parts) = &key.algorithm else { return Err(KeyError::Unreadable) };
    let part = |text: &str| URL_SAFE_NO_PAD.decode(text).map_err(|_| KeyError::Unreadable);
    let public = RsaPublicKeyComponents { n: part(&parts.n)?, e: part(&parts.e)? };
    let public: PublicEncryptingKey = public.try_into().map_err(|_| KeyError::Unreadable)?;
    let public = OaepPublicEncryptingKey::new(public).map_err(|_| KeyError::Unreadable)?;
    let content_key = Zeroizing::new(random.bytes::<32>()[..enc.key_length()].to_vec());
    let mut room = vec![0; public.ciphertext_size()];
    let encrypted = public.encrypt(alg.oaep(), &content_key, &mut room, None).map_err(|_| KeyError::Unreadable)?;

    let kid = key.common.key_id.as_deref();
    let header = Protected { alg: alg.alg(), enc: enc.enc(), cty: content_type, kid };
    let protected = URL_SAFE_NO_PAD.encode(serde_json::to_vec(&header).map_err(|_| KeyError::Unreadable)?);
    let (iv, text, tag) =
        enc.encrypt(&content_key, protected.as_bytes(), content, random).ok_or(KeyError::Unreadable)?;
    let parts = [&*encrypted, &iv, &text, &tag].map(|part| URL_SAFE_NO_PAD.encode(part));
    Ok(format!("{protected}.{}", parts.join(".")))
}

impl ContentEncryption {
    /// The content, once its tag was found right. `aad` is the header as it was sent.
    fn decrypt(self, key: &[u8], aad: &[u8], iv: &[u8], mut text: Vec<u8>, tag: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        match self {
            ContentEncryption::A128CbcHs256 => {
                let (mac_key, aes_key) = key.split_at_checked(16)?;
                let right = cbc_tag(mac_key, aad, iv, &text);
                aws_lc_rs::constant_time::verify_slices_are_equal(&right, tag).ok()?;
                let iv = FixedLength::<16>::try_from(iv).ok()?;
                let key = UnboundCipherKey::new(&AES_128, aes_key).ok()?;
                let key = PaddedBlockDecryptingKey::cbc_pkcs7(key).ok()?;
                let mut text = Zeroizing::new(text);
                let length = key.decrypt(&mut text, DecryptionContext::Iv128(iv)).ok()?.len();
                text.truncate(length);
                Some(text)
            }
            ContentEncryption::A128Gcm | ContentEncryption::A256Gcm => {
                // `open_in_place` takes text and tag in one piece: a tag of another length would move their border.
                (tag.len() == 16).then_some(())?;
                let nonce = Nonce::try_assume_unique_for_key(iv).ok()?;
                text.extend_from_slice(tag);
                let mut text = Zeroizing::new(text);
                let length = self.gcm(key)?.open_in_place(nonce, Aad::from(aad), &mut text).ok()?.len();
                text.truncate(length);
                Some(text)
            }
        }
    }

    /// The initialization vector, the text and the tag.
    fn encrypt(self, key: &[u8], aad: &[u8], content: &[u8], random: &Random) -> Option<(Vec<u8>, Vec<u8>, Vec<u8>)> {
        match self {
            ContentEncryption::A128CbcHs256 => {
                let (mac_key, aes_key) = key.split_at_checked(16)?;
                let iv = random.bytes::<16>();
                let cipher = UnboundCipherKey::new(&AES_128, aes_key).ok()?;
                let cipher = PaddedBlockEncryptingKey::cbc_pkcs7(cipher).ok()?;
                let mut text = content.to_vec();
                cipher.less_safe_encrypt(&mut text, EncryptionContext::Iv128(FixedLength::from(iv))).ok()?;
                let tag = cbc_tag(mac_key, aad, &iv, &text);
                Some((iv.to_vec(), text, tag))
            }
            ContentEncryption::A128Gcm | ContentEncryption::A256Gcm => {
                let iv = random.bytes::<12>();
                let mut text = content.to_vec();
                let nonce = Nonce::assume_unique_for_key(iv);
                let tag = self.gcm(key)?.seal_in_place_separate_tag(nonce, Aad::from(aad), &mut text).ok()?;
                Some((iv.to_vec(), text, tag.as_ref().to_vec()))
            }
        }
    }

    fn gcm(self, key: &[u8]) -> Option<LessSafeKey> {
        let algorithm = if self == ContentEncryption::A128Gcm { &AES_128_GCM } else { &AES_256_GCM };
        UnboundKey::new(algorithm, key).ok().map(LessSafeKey::new)
    }
}

/// The tag of A128CBC-HS256 (RFC 7518 section 5.2.2.1): half of the HMAC over header, vector, text and the header's length in bits.
fn cbc_tag(key: &[u8], aad: &[u8], iv: &[u8], text: &[u8]) -> Vec<u8> {
    let mut mac = hmac::Context::with_key(&hmac::Key::new(hmac::HMAC_SHA256, key));
    let bits = (aad.len() as u64) * 8;
    for part in [aad, iv, text, &bits.to_be_bytes()] {
        mac.update(part);
    }
    mac.sign().as_ref()[..16].to_vec()
}

#[cfg(test)]
mod tests;
