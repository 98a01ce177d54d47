//! XML signatures: with [`super::encryption`] the one door of `bergshamra`.
//!
//! A library that says "valid" says it of the element that a signature's reference led to, which need not be the one that somebody reads
//! (signature wrapping). So [`verify`] is asked about one element, and answers with that element or not at all: it must be what the reference
//! of the signature that is its own child resolved to. What is read of a message is read below a [`Signed`], and nowhere else.
//!
//! Before anything is computed the signature must have the one shape that SAML has (saml-core-2.0 section 5.4): one reference, to its
//! parent's `ID`; no transform but the enveloped signature and exclusive canonical XML; algorithms of the list; no object, nothing beside.
//! Keys are those that are configured: what a message brings along orders them at most.

use aws_lc_rs::{
    rand::SystemRandom,
    signature::{KeyPair, RSA_PKCS1_SHA256, RSA_PSS_SHA256, RsaKeyPair},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use bergshamra::{
    DsigContext, Key, KeysManager, VerifyResult,
    dsig::verify::verify_all_document_with_source,
    keys::loader::{load_pem_auto, load_x509_cert_der},
};

use super::{
    names::{
        DSIG, ECDSA_SHA256, ECDSA_SHA384, ECDSA_SHA512, ENVELOPED, EXCLUSIVE, PSS_SHA256, PSS_SHA384, PSS_SHA512,
        RSA_SHA256, RSA_SHA384, RSA_SHA512, SHA256, SHA384, SHA512,
    },
    xml::{Element, Malformed},
};
use crate::{
    base::{
        Timestamp,
        tls::{Certificate, KeyFiles},
    },
    domain::upstream::SamlSignature,
    login::wire::unusable::Unusable,
};

/// What others may sign with. No SHA-1, no MD5, no HMAC.
const SIGNATURES: [&str; 9] =
    [RSA_SHA256, RSA_SHA384, RSA_SHA512, PSS_SHA256, PSS_SHA384, PSS_SHA512, ECDSA_SHA256, ECDSA_SHA384, ECDSA_SHA512];
const DIGESTS: [&str; 3] = [SHA256, SHA384, SHA512];
/// How many signatures a document may have.
const AT_MOST: usize = 6;

/// Why an element is not believed to be somebody's.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotSigned {
    /// It has no signature of its own.
    #[error("{0} is not signed")]
    Unsigned(String),
    /// The signature has another shape than SAML's.
    #[error("a signature of another shape: {0}")]
    Shape(String),
    /// The signature is not of one of the configured keys, or the element is not what was signed.
    #[error("the signature of {0} is not good")]
    Bad(String),
}

impl From<Malformed> for NotSigned {
    fn from(malformed: Malformed) -> Self {
        NotSigned::Shape(malformed.to_string())
    }
}

/// An element that is exactly what a configured key signed.
#[derive(Clone, Copy)]
pub struct Signed<'t>(Element<'t>);

impl<'t> Signed<'t> {
    /// The element.
    #[must_use]
    pub const fn element(self) -> Element<'t> {
        self.0
    }
}

/// The keys of somebody who signs, with their certificates.
#[derive(Clone, Default)]
pub struct Trusted(Vec<(Certificate, Key)>);

impl Trusted {
    /// Those of these certificates.
    ///
    /// # Errors
    /// When one of them has no key that may sign here: RSA of 2048 bits or more, or a curve of NIST.
    pub fn new<'a>(certificates: impl IntoIterator<Item = &'a Certificate>) -> Result<Self, Unusable> {
        let key = |certificate: &Certificate| {
            if !certificate.may_sign() {
                return Err(Unusable::new(
                    "a certificate whose key is neither RSA of at least 2048 bits nor P-256, P-384 or P-521",
                ));
            }
            let unreadable = |_| Unusable::new("a certificate whose key cannot be read");
            Ok((certificate.clone(), load_x509_cert_der(certificate.der()).map_err(unreadable)?))
        };
        certificates.into_iter().map(key).collect::<Result<_, _>>().map(Self)
    }

    /// Those whose certificates are good at a moment.
    #[must_use]
    pub fn at(&self, now: Timestamp) -> Self {
        Self(self.0.iter().filter(|(certificate, _)| certificate.is_good(now)).cloned().collect())
    }
}

/// Verifies that `element` is what its own signature covers, made with one of the keys.
///
/// # Errors
/// When it is not.
pub fn verify<'t>(element: Element<'t>, keys: &Trusted) -> Result<Signed<'t>, NotSigned> {
    let unsigned = || NotSigned::Unsigned(element.name());
    let bad = || NotSigned::Bad(element.name());
    let id = element.attribute("ID").filter(|id| !id.is_empty()).ok_or_else(unsigned)?;
    let signature = element.at_most_one(DSIG, "Signature")?.ok_or_else(unsigned)?;
    shape(signature, id)?;
    if element.everywhere().filter(|other| other.is_called(id)).count() != 1 {
        return Err(NotSigned::Shape("an ID that is not the only one of its value".into()));
    }
    if element.everywhere().filter(|other| other.is(DSIG, "Signature")).count() > AT_MOST {
        return Err(NotSigned::Shape(format!("more than {AT_MOST} signatures")));
    }
    let mut manager = KeysManager::new();
    manager.add_keys(keys.0.iter().map(|(_, key)| key.clone()));
    let (document, source) = (&element.tree.document, element.tree.source);
    let results = verify_all_document_with_source(&DsigContext::new(manager), document, Some(source));
    let covers = |result: &VerifyResult| match result {
        VerifyResult::Valid { signature_node, references, .. } => match references.as_slice() {
            [one] => {
                *signature_node == signature.node && one.resolved_node == Some(element.node) && one.digest_verified
            }
            _ => false,
        },
        VerifyResult::Invalid { .. } => false,
    };
    match results.map_err(|_| bad())?.iter().any(covers) {
        true => Ok(Signed(element)),
        false => Err(bad()),
    }
}

/// Whether a signature has the shape that SAML's have.
fn shape(signature: Element<'_>, id: &str) -> Result<(), NotSigned> {
    let wrong = |what: &str| Err(NotSigned::Shape(what.to_owned()));
    let parts: Vec<String> = signature.children().map(Element::name).collect();
    if !matches!(
        parts.iter().map(String::as_str).collect::<Vec<_>>()[..],
        ["SignedInfo", "SignatureValue"] | ["SignedInfo", "SignatureValue", "KeyInfo"]
    ) {
        return wrong("something beside what is signed, the value and the key");
    }
    let info = signature.one(DSIG, "SignedInfo")?;
    signature.one(DSIG, "SignatureValue")?.text()?;
    if info.children().count() != 3 {
        return wrong("not one reference");
    }
    if info.one(DSIG, "CanonicalizationMethod")?.required("Algorithm")? != EXCLUSIVE {
        return wrong("a canonical form that is not exclusive, or has comments");
    }
    let method = info.one(DSIG, "SignatureMethod")?;
    if !SIGNATURES.contains(&method.required("Algorithm")?) || method.children().count() > 0 {
        return wrong("an algorithm that is not accepted");
    }
    let reference = info.one(DSIG, "Reference")?;
    if reference.attribute("URI").and_then(|uri| uri.strip_prefix('#')) != Some(id) || reference.children().count() != 3
    {
        return wrong("a reference to something else");
    }
    let transforms = reference.one(DSIG, "Transforms")?;
    let transforms: Vec<_> = transforms.children().map(|transform| transform.attribute("Algorithm")).collect();
    if transforms != [Some(ENVELOPED), Some(EXCLUSIVE)] {
        return wrong("other transforms");
    }
    if !DIGESTS.contains(&reference.one(DSIG, "DigestMethod")?.required("Algorithm")?) {
        return wrong("a digest that is not accepted");
    }
    reference.one(DSIG, "DigestValue")?.text()?;
    Ok(())
}

/// What Poort signs its own messages with.
pub struct Signer {
    rsa: RsaKeyPair,
    key: Key,
    certificate: Certificate,
    by: SamlSignature,
}

impl Signer {
    /// With the certificate and the key in two files, by this kind of signature.
    ///
    /// # Errors
    /// When one cannot be used, or the key is not RSA of 2048 bits or more, or not the certificate's.
    pub fn new(files: &KeyFiles, by: SamlSignature) -> Result<Self, Unusable> {
        let read = files.read()?;
        let (certificate, (_, key)) = (files.first(&read)?, files.pair(&read)?);
        Self::of(certificate, key.secret_der(), read.key(), by).map_err(|error| error.of(&files.key))
    }

    fn of(certificate: Certificate, der: &[u8], pem: &[u8], by: SamlSignature) -> Result<Self, Unusable> {
        let no_rsa = || Unusable::new("a key that is not RSA, in PKCS#8 or PKCS#1");
        let rsa = RsaKeyPair::from_pkcs8(der).or_else(|_| RsaKeyPair::from_der(der)).map_err(|_| no_rsa())?;
        if certificate.rsa_bits() < 2048 {
            return Err(Unusable::new("a key of fewer than 2048 bits"));
        }
        if !certificate.has_key(rsa.public_key().as_ref()) {
            return Err(Unusable::new("a key that is not the certificate's"));
        }
        let key = load_pem_auto(pem, None).map_err(|_| no_rsa())?;
        Ok(Self { rsa, key, certificate, by })
    }

    /// The algorithm of its signatures.
    #[must_use]
    pub const fn method(&self) -> &'static str {
        match self.by {
            SamlSignature::Pkcs1 => RSA_SHA256,
            SamlSignature::Pss => PSS_SHA256,
        }
    }

    /// The certificate that others verify by.
    #[must_use]
    pub const fn certificate(&self) -> &Certificate {
        &self.certificate
    }

    /// A signature that is not made yet, for the element with this `ID`. It stands after `Issuer`, or first.
    #[must_use]
    pub fn place(&self, id: &str) -> String {
        let (certificate, method) = (STANDARD.encode(self.certificate.der()), self.method());
        format!(
            r##"<ds:Signature xmlns:ds="{DSIG}"><ds:SignedInfo><ds:CanonicalizationMethod Algorithm="{EXCLUSIVE}"/><ds:SignatureMethod Algorithm="{method}"/><ds:Reference URI="#{id}"><ds:Transforms><ds:Transform Algorithm="{ENVELOPED}"/><ds:Transform Algorithm="{EXCLUSIVE}"/></ds:Transforms><ds:DigestMethod Algorithm="{SHA256}"/><ds:DigestValue></ds:DigestValue></ds:Reference></ds:SignedInfo><ds:SignatureValue></ds:SignatureValue><ds:KeyInfo><ds:X509Data><ds:X509Certificate>{certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></ds:Signature>"##
        )
    }

    /// Makes the signature for which there is a place in a document.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn sign(&self, document: &str) -> Result<String, Unusable> {
        let mut manager = KeysManager::new();
        manager.add_key(self.key.clone());
        bergshamra::sign(&DsigContext::new(manager), document).map_err(|_| Unusable::new("no signature can be made"))
    }

    /// A signature over bytes, by [`Signer::method`]: that of the HTTP-Redirect binding.
    ///
    /// # Errors
    /// When AWS-LC gives none.
    pub fn sign_bytes(&self, bytes: &[u8]) -> Result<Vec<u8>, Unusable> {
        let mut signature = vec![0; self.rsa.public_modulus_len()];
        let chance = SystemRandom::new();
        let made = match self.by {
            SamlSignature::Pkcs1 => self.rsa.sign(&RSA_PKCS1_SHA256, &chance, bytes, &mut signature),
            SamlSignature::Pss => self.rsa.sign(&RSA_PSS_SHA256, &chance, bytes, &mut signature),
        };
        made.map(|()| signature).map_err(|_| Unusable::new("no signature can be made"))
    }
}
