//! XML encryption: what stands encrypted below something that was verified.
//!
//! Architecture invariant: nothing is decrypted that was not signed. [`open`] takes an element below a [`super::signature::Signed`], so that
//! nobody but the provider can have us try a ciphertext: there is nobody for whom our answers could be an oracle (of padding in CBC mode,
//! CVE-2011-1096, or of PKCS#1 v1.5). Every failure is one and the same beside.
//!
//! Of the element the algorithms, which must be of the list, and the bytes are taken; the library gets a document of our own with these
//! alone. Keys that are for somebody else (`Recipient`) are left out.

use bergshamra::{EncContext, Key, KeysManager, decrypt_to_bytes, keys::loader::load_pem_auto};

use super::{
    names::{
        AES128_GCM, AES256_CBC, AES256_GCM, DSIG, MGF1_SHA256, OAEP, OAEP_MGF1P, SHA1, SHA256, XENC, XENC_ELEMENT,
        XENC_KEY, XENC11,
    },
    xml::{Element, Malformed},
};
use crate::{
    base::tls::{Certificate, KeyFiles},
    login::wire::unusable::Unusable,
};

/// How many keys may stand beside one ciphertext.
const KEYS: usize = 8;

/// What is encrypted cannot be opened, or not by what is allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("what is encrypted cannot be opened")]
pub struct NotOpened;

impl From<Malformed> for NotOpened {
    fn from(_: Malformed) -> Self {
        NotOpened
    }
}

/// What Poort opens with that was encrypted for it.
pub struct Opener {
    key: Key,
    certificate: Certificate,
}

impl Opener {
    /// With the certificate and the key in two files.
    ///
    /// # Errors
    /// When one cannot be used, or is not RSA of 2048 bits or more.
    pub fn new(files: &KeyFiles) -> Result<Self, Unusable> {
        let read = files.read()?;
        let certificate = files.first(&read)?;
        files.pair(&read)?;
        if certificate.rsa_bits() < 2048 {
            return Err(Unusable::new("a key for encryption that is not RSA of 2048 bits or more").of(&files.key));
        }
        let key = load_pem_auto(read.key(), None);
        let key = key.map_err(|_| Unusable::new("a key that is not RSA, in PKCS#8 or PKCS#1").of(&files.key))?;
        Ok(Self { key, certificate })
    }

    /// The certificate for which others encrypt.
    #[must_use]
    pub const fn certificate(&self) -> &Certificate {
        &self.certificate
    }

    fn decrypts(&self, document: &str) -> Option<Vec<u8>> {
        let mut keys = KeysManager::new();
        keys.add_key(self.key.clone());
        decrypt_to_bytes(&EncContext::new(keys), document).ok()
    }
}

/// Opens what is in an `EncryptedID` or `EncryptedAssertion` (saml-core-2.0 sections 2.2.4 and 2.3.4) that was encrypted for `recipient`;
/// in CBC mode only with `cbc`. What comes out stands in an element that declares the prefixes of the place where it stood.
///
/// # Errors
/// When it cannot be opened; why is nobody's business.
pub fn open(element: Element<'_>, openers: &[Opener], recipient: &str, cbc: bool) -> Result<String, NotOpened> {
    let data = element.one(XENC, "EncryptedData")?;
    if data.attribute("Type").is_some_and(|kind| kind != XENC_ELEMENT) {
        return Err(NotOpened);
    }
    let method = data.one(XENC, "EncryptionMethod")?.required("Algorithm")?;
    if !([AES128_GCM, AES256_GCM].contains(&method) || cbc && method == AES256_CBC) {
        return Err(NotOpened);
    }
    let content = cipher(data)?;
    let keys = keys(element, data)?;
    if keys.len() > KEYS {
        return Err(NotOpened);
    }
    let for_us = keys.into_iter().filter(|key| key.attribute("Recipient").is_none_or(|named| named == recipient));
    for key in for_us {
        let document = format!(
            r#"<xenc:EncryptedData xmlns:xenc="{XENC}" xmlns:xenc11="{XENC11}" xmlns:ds="{DSIG}" Type="urn:poort:bytes"><xenc:EncryptionMethod Algorithm="{method}"/><ds:KeyInfo><xenc:EncryptedKey>{}<xenc:CipherData><xenc:CipherValue>{}</xenc:CipherValue></xenc:CipherData></xenc:EncryptedKey></ds:KeyInfo><xenc:CipherData><xenc:CipherValue>{content}</xenc:CipherValue></xenc:CipherData></xenc:EncryptedData>"#,
            transport(key)?,
            cipher(key)?,
        );
        if let Some(text) = openers.iter().find_map(|opener| opener.decrypts(&document)) {
            let text = String::from_utf8(text).map_err(|_| NotOpened)?;
            let prefixes: String = element.prefixes();
            return Ok(format!("<opened{prefixes}>{text}</opened>"));
        }
    }
    Err(NotOpened)
}

/// The keys of a ciphertext: where it needs them, or beside it and pointed at (`RetrievalMethod`).
fn keys<'t>(element: Element<'t>, data: Element<'t>) -> Result<Vec<Element<'t>>, NotOpened> {
    let info = data.at_most_one(DSIG, "KeyInfo")?;
    let within: Vec<_> = info.into_iter().flat_map(|info| info.all(XENC, "EncryptedKey")).collect();
    let beside: Vec<_> = element.all(XENC, "EncryptedKey").collect();
    if within.is_empty() == beside.is_empty() {
        return Err(NotOpened);
    }
    for pointer in info.into_iter().flat_map(|info| info.all(DSIG, "RetrievalMethod")) {
        let to = pointer.required("URI")?.strip_prefix('#');
        let known = beside.iter().any(|key| key.attribute("Id") == to && to.is_some());
        if pointer.required("Type")? != XENC_KEY || !known {
            return Err(NotOpened);
        }
    }
    Ok(if within.is_empty() { beside } else { within })
}

/// How the key is encrypted, written anew.
fn transport(key: Element<'_>) -> Result<String, NotOpened> {
    let method = key.one(XENC, "EncryptionMethod")?;
    let digest = method.at_most_one(DSIG, "DigestMethod")?.map(|digest| digest.required("Algorithm")).transpose()?;
    let mask = method.at_most_one(XENC11, "MGF")?.map(|mask| mask.required("Algorithm")).transpose()?;
    if method.children().count() != usize::from(digest.is_some()) + usize::from(mask.is_some()) {
        return Err(NotOpened);
    }
    match (method.required("Algorithm")?, digest, mask) {
        (OAEP_MGF1P, None | Some(SHA1), None) => Ok(format!(r#"<xenc:EncryptionMethod Algorithm="{OAEP_MGF1P}"/>"#)),
        (OAEP, Some(SHA256), Some(MGF1_SHA256)) => Ok(format!(
            r#"<xenc:EncryptionMethod Algorithm="{OAEP}"><ds:DigestMethod Algorithm="{SHA256}"/><xenc11:MGF Algorithm="{MGF1_SHA256}"/></xenc:EncryptionMethod>"#
        )),
        _ => Err(NotOpened),
    }
}

/// The bytes, in base64: nothing else can be in it.
fn cipher(element: Element<'_>) -> Result<String, NotOpened> {
    let text = element.one(XENC, "CipherData")?.one(XENC, "CipherValue")?.text()?;
    let text: String = text.chars().filter(|c| !c.is_ascii_whitespace()).collect();
    let plain = text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'='));
    if plain && !text.is_empty() { Ok(text) } else { Err(NotOpened) }
}
