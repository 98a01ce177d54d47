//! The certificate of a card (RFC 5280), as far as it says itself what it is for and whose it is. Who vouches for it, and whether it was
//! revoked, are questions for [`super::chain`] and [`super::revocation`].

use std::fmt;

use url::Url;
use x509_parser::{
    certificate::X509Certificate,
    extensions::{GeneralName, ParsedExtension},
    oid_registry::{OID_PKIX_ACCESS_DESCRIPTOR_OCSP, OID_X509_EXT_CERTIFICATE_POLICIES, Oid},
    parse_x509_certificate,
    public_key::PublicKey,
};

use super::subject::{BadSubject, Subject};
use crate::{base::Timestamp, domain::eid::Eid};

/// The largest certificate that is read, in bytes. Those of cards have a thousand.
pub const BYTES: usize = 8 * 1024;

/// A certificate that is meant to say who somebody is, of a card as the tenant believes in.
pub struct CardCertificate {
    der: Vec<u8>,
    key: CardKey,
    subject: Subject,
    from: Timestamp,
    until: Timestamp,
    /// Where its issuer says whether it was revoked (section 4.2.2.1).
    pub(super) responder: Option<Url>,
    /// Its number, with a sign as DER has it.
    pub(super) serial: Vec<u8>,
    /// The name of its issuer, in DER.
    pub(super) issuer: Vec<u8>,
}

/// A public key.
#[derive(Clone, PartialEq, Eq)]
pub enum CardKey {
    /// An RSA key in DER (RFC 8017 appendix A.1.1).
    Rsa(Vec<u8>),
    /// An uncompressed point on a curve.
    Ec(Curve, Vec<u8>),
}

/// A curve that cards have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Curve {
    /// NIST P-256.
    P256,
    /// NIST P-384.
    P384,
    /// NIST P-521.
    P521,
}

impl CardKey {
    pub(super) fn bytes(&self) -> &[u8] {
        match self {
            CardKey::Rsa(bytes) | CardKey::Ec(_, bytes) => bytes,
        }
    }
}

/// Why a certificate is not one with which somebody of this tenant logs in. For logs and the audit: nothing of a person is in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadCertificate {
    /// It cannot be read.
    #[error("what came is no certificate")]
    Malformed,
    /// It is an authority's.
    #[error("the certificate of an authority")]
    Authority,
    /// It is not meant for signing a challenge: for signing documents, for example (section 4.2.1.3).
    #[error("a certificate whose key is not for logging in")]
    KeyUsage,
    /// It is not meant for clients (section 4.2.1.12).
    #[error("a certificate that is not for clients")]
    ExtendedKeyUsage,
    /// It was given out by rules that the tenant's file does not name, or that it refuses.
    #[error("a certificate given out under another policy")]
    Policy,
    /// Its key is of a kind that no card has.
    #[error("a certificate with a key that no card has")]
    Key,
    /// It does not count yet.
    #[error("a certificate that does not count yet")]
    NotYet,
    /// It is over.
    #[error("a certificate that has ended")]
    Ended,
    /// It does not say who it is.
    #[error("{0}")]
    Subject(#[from] BadSubject),
}

impl CardCertificate {
    /// Reads one in DER, and looks whether it is meant for this, by what the tenant believes in, at `now`.
    ///
    /// # Errors
    /// When it is not.
    pub fn read(der: &[u8], believed: &Eid, now: Timestamp) -> Result<Self, BadCertificate> {
        let malformed = BadCertificate::Malformed;
        if der.len() > BYTES {
            return Err(malformed);
        }
        let (rest, parsed) = parse_x509_certificate(der).map_err(|_| malformed)?;
        if !rest.is_empty() {
            return Err(malformed);
        }
        if parsed.is_ca() {
            return Err(BadCertificate::Authority);
        }
        is_for_clients(&parsed)?;
        has_policy(&parsed, believed)?;
        let moment = |seconds: i64| Some(Timestamp::from_millis(seconds.checked_mul(1000)?));
        let certificate = Self {
            der: der.to_vec(),
            key: key(&parsed).ok_or(BadCertificate::Key)?,
            subject: Subject::read(parsed.subject())?,
            from: moment(parsed.validity().not_before.timestamp()).ok_or(malformed)?,
            until: moment(parsed.validity().not_after.timestamp()).ok_or(malformed)?,
            responder: responder(&parsed),
            serial: parsed.raw_serial().to_vec(),
            issuer: parsed.issuer().as_raw().to_vec(),
        };
        match () {
            () if now < certificate.from => Err(BadCertificate::NotYet),
            () if certificate.until <= now => Err(BadCertificate::Ended),
            () => Ok(certificate),
        }
    }

    /// It, in DER.
    #[must_use]
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// Its key.
    #[must_use]
    pub const fn key(&self) -> &CardKey {
        &self.key
    }

    /// Whose it is.
    #[must_use]
    pub const fn subject(&self) -> &Subject {
        &self.subject
    }
}

/// What a certificate says of a person is nobody's business.
impl fmt::Debug for CardCertificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CardCertificate([hidden], until {})", self.until)
    }
}

/// Its key signs challenges, and does nothing that binds somebody to a document (`nonRepudiation`); and it says that it is for clients:
/// one that does not say so is for anything.
fn is_for_clients(certificate: &X509Certificate<'_>) -> Result<(), BadCertificate> {
    let usage = certificate.key_usage().map_err(|_| BadCertificate::Malformed)?;
    let signs = usage.is_some_and(|usage| usage.value.digital_signature() && !usage.value.non_repudiation());
    if !signs {
        return Err(BadCertificate::KeyUsage);
    }
    let purposes = certificate.extended_key_usage().map_err(|_| BadCertificate::Malformed)?;
    if purposes.is_some_and(|purposes| purposes.value.client_auth) {
        Ok(())
    } else {
        Err(BadCertificate::ExtendedKeyUsage)
    }
}

fn has_policy(certificate: &X509Certificate<'_>, believed: &Eid) -> Result<(), BadCertificate> {
    let extension = certificate.get_extension_unique(&OID_X509_EXT_CERTIFICATE_POLICIES);
    let extension = extension.map_err(|_| BadCertificate::Malformed)?.ok_or(BadCertificate::Policy)?;
    let ParsedExtension::CertificatePolicies(policies) = extension.parsed_extension() else {
        return Err(BadCertificate::Malformed);
    };
    let has = |named: &[String]| policies.iter().any(|policy| named.contains(&policy.policy_id.to_id_string()));
    if has(&believed.policies) && !has(&believed.refused_policies) { Ok(()) } else { Err(BadCertificate::Policy) }
}

fn key(certificate: &X509Certificate<'_>) -> Option<CardKey> {
    let info = certificate.public_key();
    let bits = info.subject_public_key.data.to_vec();
    match info.parsed().ok()? {
        PublicKey::RSA(_) => Some(CardKey::Rsa(bits)),
        PublicKey::EC(_) => {
            let named: Oid<'_> = info.algorithm.parameters.as_ref()?.as_oid().ok()?;
            let curve = match named.to_id_string().as_str() {
                "1.2.840.10045.3.1.7" => Curve::P256,
                "1.3.132.0.34" => Curve::P384,
                "1.3.132.0.35" => Curve::P521,
                _ => return None,
            };
            Some(CardKey::Ec(curve, bits))
        }
        _ => None,
    }
}

/// The first responder that it names.
fn responder(certificate: &X509Certificate<'_>) -> Option<Url> {
    let access = certificate.extensions().iter().find_map(|extension| match extension.parsed_extension() {
        ParsedExtension::AuthorityInfoAccess(access) => Some(access),
        _ => None,
    })?;
    let named = access.iter().find(|one| one.access_method == OID_PKIX_ACCESS_DESCRIPTOR_OCSP)?;
    match &named.access_location {
        GeneralName::URI(uri) => Url::parse(uri).ok(),
        _ => None,
    }
}
