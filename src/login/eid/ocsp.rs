//! Whether a certificate was revoked: what a responder is asked, and what is believed of its answer (RFC 6960). The one door of
//! `x509-ocsp`, which reads and writes; who signed an answer, and whether it is fresh and about what was asked, is judged here.

use std::time::Duration;

use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use der::{
    Decode, Encode, Reader, SliceReader,
    asn1::{Any, Null, ObjectIdentifier, OctetString},
};
use x509_cert::{
    ext::{Extension, Extensions},
    serial_number::SerialNumber,
    spki::AlgorithmIdentifierOwned,
};
use x509_ocsp::{
    BasicOcspResponse, CertId, CertStatus, OcspGeneralizedTime, OcspRequest, OcspResponse, OcspResponseStatus, Request,
    SingleResponse, TbsRequest, ext::Nonce,
};

use super::{certificate::CardCertificate, chain::Issuer};
use crate::base::{Random, Timestamp, tls::Certificate};

/// What the name and the key of an issuer are found by (section 4.1.1). It names them; nothing is believed for it.
const SHA_1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.14.3.2.26");
const NONCE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.48.1.2");
/// The largest answer that is read, in bytes.
pub const BYTES: usize = 32 * 1024;
/// How far the responder's clock may be from ours.
const SKEW: Duration = Duration::from_secs(5 * 60);
/// How old an answer may be that does not say when the next one comes, and so could be newer (section 4.2.2.1).
const UNDATED: Duration = Duration::from_secs(15 * 60);
/// How old any answer may be, whatever it says itself.
const OLDEST: Duration = Duration::from_secs(24 * 3600);
/// Of how many certificates in an answer it is looked whether they are the responder's.
const SIGNERS: usize = 4;

/// A question about one certificate.
pub struct Question {
    id: CertId,
    nonce: [u8; 32],
    /// The request, in DER.
    pub body: Vec<u8>,
}

/// What was said of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said {
    /// It is good.
    Good {
        /// When the responder knew that; by its own clock.
        at: Timestamp,
        /// Nothing newer is said before then.
        until: Timestamp,
    },
    /// It was revoked, or is suspended.
    Revoked,
    /// The responder does not know it.
    Unknown,
}

/// Why an answer says nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadAnswer {
    /// It cannot be read, or is too large.
    #[error("an answer that cannot be read")]
    Malformed,
    /// The responder says that it cannot answer now.
    #[error("the responder cannot answer now")]
    NotNow,
    /// The responder will not answer.
    #[error("the responder does not answer what it was asked")]
    Refused,
    /// It is about something else, or more than once about this.
    #[error("an answer about another certificate")]
    NotAbout,
    /// It answers another question.
    #[error("an answer to another question")]
    Nonce,
    /// Nobody signed it who may.
    #[error("an answer that is not signed by the issuer, or by whom it lets answer")]
    Signature,
    /// It is old, or of tomorrow.
    #[error("an answer that is not of now")]
    Stale,
    /// Something in it must be understood, and is not.
    #[error("an answer with a condition that is not known here")]
    Critical,
}

impl From<der::Error> for BadAnswer {
    fn from(_: der::Error) -> Self {
        BadAnswer::Malformed
    }
}

impl Question {
    /// About a certificate of this issuer. `None` when one of both cannot be named: then they could not be read before.
    #[must_use]
    pub fn about(certificate: &CardCertificate, issuer: &Issuer, random: &Random) -> Option<Self> {
        let hash = |bytes: &[u8]| OctetString::new(digest(&SHA1_FOR_LEGACY_USE_ONLY, bytes).as_ref()).ok();
        let id = CertId {
            hash_algorithm: AlgorithmIdentifierOwned { oid: SHA_1, parameters: Some(Any::from(Null)) },
            issuer_name_hash: hash(&certificate.issuer)?,
            issuer_key_hash: hash(Certificate::parse(issuer.der())?.key())?,
            serial_number: SerialNumber::new(&certificate.serial).ok()?,
        };
        let nonce = random.bytes::<32>();
        let value = Nonce::new(nonce).ok()?.to_der().ok()?;
        let extension = Extension { extn_id: NONCE, critical: false, extn_value: OctetString::new(value).ok()? };
        let request = OcspRequest {
            tbs_request: TbsRequest {
                request_list: vec![Request { req_cert: id.clone(), single_request_extensions: None }],
                request_extensions: Some(vec![extension]),
                ..TbsRequest::default()
            },
            optional_signature: None,
        };
        Some(Self { id, nonce, body: request.to_der().ok()? })
    }

    /// What an answer says of it.
    ///
    /// # Errors
    /// When it says nothing that can be believed.
    pub fn answered(&self, answer: &[u8], issuer: &Issuer, now: Timestamp) -> Result<Said, BadAnswer> {
        if answer.len() > BYTES {
            return Err(BadAnswer::Malformed);
        }
        let outer = OcspResponse::from_der(answer)?;
        match outer.response_status {
            OcspResponseStatus::Successful => {}
            OcspResponseStatus::TryLater | OcspResponseStatus::InternalError => return Err(BadAnswer::NotNow),
            _ => return Err(BadAnswer::Refused),
        }
        let inner = outer.response_bytes.ok_or(BadAnswer::Malformed)?;
        if inner.response_type != <BasicOcspResponse as der::oid::AssociatedOid>::OID {
            return Err(BadAnswer::Malformed);
        }
        let bytes = inner.response.as_bytes();
        let basic = BasicOcspResponse::from_der(bytes)?;
        // First who says it, then what.
        is_signed(&basic, signed_part(bytes)?, issuer, now)?;
        self.has_nonce(basic.tbs_response_data.response_extensions.as_ref())?;
        let mut about = basic.tbs_response_data.responses.iter().filter(|one| self.is_about(&one.cert_id));
        let said = about.next().ok_or(BadAnswer::NotAbout)?;
        if about.next().is_some() {
            return Err(BadAnswer::NotAbout);
        }
        if said.single_extensions.iter().flatten().any(|extension| extension.critical) {
            return Err(BadAnswer::Critical);
        }
        let (at, until) = fresh(said, now)?;
        Ok(match said.cert_status {
            CertStatus::Good(_) => Said::Good { at, until },
            CertStatus::Revoked(_) => Said::Revoked,
            CertStatus::Unknown(_) => Said::Unknown,
        })
    }

    /// Parameters of a hash may be absent or NULL: they say nothing.
    fn is_about(&self, other: &CertId) -> bool {
        self.id.hash_algorithm.oid == other.hash_algorithm.oid
            && self.id.issuer_name_hash == other.issuer_name_hash
            && self.id.issuer_key_hash == other.issuer_key_hash
            && self.id.serial_number == other.serial_number
    }

    /// A responder that makes its answers beforehand leaves the nonce out; one that has a nonce has ours (RFC 9654 section 2.1).
    fn has_nonce(&self, extensions: Option<&Extensions>) -> Result<(), BadAnswer> {
        for extension in extensions.into_iter().flatten() {
            if extension.extn_id != NONCE {
                if extension.critical {
                    return Err(BadAnswer::Critical);
                }
                continue;
            }
            let theirs = OctetString::from_der(extension.extn_value.as_bytes())?;
            if theirs.as_bytes() != self.nonce {
                return Err(BadAnswer::Nonce);
            }
        }
        Ok(())
    }
}

/// The bytes that are signed, as they came.
fn signed_part(basic: &[u8]) -> Result<&[u8], BadAnswer> {
    let mut reader = SliceReader::new(basic)?;
    let header = der::Header::decode(&mut reader)?;
    header.tag.assert_eq(der::Tag::Sequence)?;
    Ok(reader.tlv_bytes()?)
}

/// By the issuer itself, or by somebody to whom the issuer gave a certificate for it (section 4.2.2.2).
fn is_signed(basic: &BasicOcspResponse, signed: &[u8], issuer: &Issuer, now: Timestamp) -> Result<(), BadAnswer> {
    let signature = basic.signature.as_bytes().ok_or(BadAnswer::Malformed)?;
    let named = basic.signature_algorithm.to_der()?;
    let mut reader = SliceReader::new(&named)?;
    der::Header::decode(&mut reader)?;
    let algorithm = reader.read_slice(reader.remaining_len())?;
    if issuer.signed(algorithm, signed, signature) {
        return Ok(());
    }
    for certificate in basic.certs.iter().flatten().take(SIGNERS) {
        if issuer.delegate_signed(&certificate.to_der()?, algorithm, signed, signature, now) {
            return Ok(());
        }
    }
    Err(BadAnswer::Signature)
}

/// Since when it is so, and until when it is the newest that can be known.
fn fresh(said: &SingleResponse, now: Timestamp) -> Result<(Timestamp, Timestamp), BadAnswer> {
    let moment = |time: &OcspGeneralizedTime| {
        let seconds = i64::try_from(time.0.to_unix_duration().as_secs()).map_err(|_| BadAnswer::Malformed)?;
        seconds.checked_mul(1000).map(Timestamp::from_millis).ok_or(BadAnswer::Malformed)
    };
    let this = moment(&said.this_update)?;
    let until = match &said.next_update {
        Some(next) => moment(next)?.min(this.plus(OLDEST)),
        None => this.plus(UNDATED),
    };
    if this > now.plus(SKEW) || until < this || until.plus(SKEW) <= now {
        return Err(BadAnswer::Stale);
    }
    Ok((this, until))
}
