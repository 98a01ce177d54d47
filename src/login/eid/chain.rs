//! Who vouches for a card: the authorities in the tenant's own file, and no other (RFC 5280 section 6). The one door of `webpki`.
//!
//! A certificate of the file counts while it is in force, whether it is a root or one below it, so that a tenant may name the
//! authorities that give out cards and nobody else's.

use std::{path::Path, time::Duration};

use rustls::pki_types::{CertificateDer, TrustAnchor, UnixTime};
use webpki::{ALL_VERIFICATION_ALGS, EndEntityCert, Error, KeyUsage, anchor_from_trusted_cert};

use crate::base::{
    Timestamp,
    tls::{
        Certificate,
        files::{BadFile, certificates, read},
    },
};

/// `id-kp-clientAuth` (RFC 5280 section 4.2.1.12).
const CLIENT_AUTH: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 3, 2];
/// `id-kp-OCSPSigning`.
const OCSP_SIGNING: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 3, 9];

/// The authorities that a tenant believes in.
#[derive(Debug)]
pub struct Authorities(Vec<Certificate>);

/// Who gave somebody their certificate: an authority that we believe.
#[derive(Debug)]
pub struct Issuer(Vec<u8>);

/// Why nobody vouches for a certificate.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no authority of the tenant's file vouches for the certificate: {0}")]
pub struct NotVouched(String);

impl From<Error> for NotVouched {
    fn from(error: Error) -> Self {
        Self(error.to_string())
    }
}

impl Authorities {
    /// Those in a file.
    ///
    /// # Errors
    /// When there is none in it, or one is no authority.
    pub fn load(file: &Path) -> Result<Self, BadFile> {
        let authority = || BadFile::Authority(file.to_owned());
        let all = certificates(&read(file)?, file)?.into_iter().map(|der| {
            anchor_from_trusted_cert(&der).map_err(|_| authority())?;
            Certificate::parse(&der).filter(Certificate::is_authority).ok_or_else(authority)
        });
        all.collect::<Result<_, _>>().map(Self)
    }

    /// The whole days until the first of them ends; none once one has.
    #[must_use]
    pub fn days_left(&self, now: Timestamp) -> u64 {
        self.0.iter().map(|one| one.days_left(now).unwrap_or(0)).min().unwrap_or(0)
    }

    /// Who gave out this certificate of a client, in DER, with what was sent beside it; by authorities that are in force.
    ///
    /// # Errors
    /// When nobody here did.
    pub fn vouch(&self, certificate: &[u8], beside: &[Vec<u8>], now: Timestamp) -> Result<Issuer, NotVouched> {
        let good: Vec<CertificateDer<'_>> =
            self.0.iter().filter(|one| one.is_good(now)).map(|one| CertificateDer::from(one.der())).collect();
        let anchors: Vec<TrustAnchor<'_>> = good.iter().filter_map(|der| anchor_from_trusted_cert(der).ok()).collect();
        let beside: Vec<CertificateDer<'_>> = beside.iter().map(|der| CertificateDer::from(der.as_slice())).collect();
        let certificate = CertificateDer::from(certificate);
        let certificate = EndEntityCert::try_from(&certificate)?;
        let usage = KeyUsage::required(CLIENT_AUTH);
        let path =
            certificate.verify_for_usage(ALL_VERIFICATION_ALGS, &anchors, &beside, moment(now), usage, None, None)?;
        if let Some(between) = path.intermediate_certificates().next() {
            return Ok(Issuer(between.der().to_vec()));
        }
        let anchor = path.anchor();
        let own = good.iter().find(|der| anchor_from_trusted_cert(der).is_ok_and(|known| known == *anchor));
        own.map(|der| Issuer(der.to_vec())).ok_or_else(|| Error::UnknownIssuer.into())
    }
}

impl Issuer {
    /// One that is believed already.
    #[cfg(any(test, feature = "fuzzing"))]
    pub(super) const fn trusted(der: Vec<u8>) -> Self {
        Self(der)
    }

    /// Its certificate, in DER.
    #[must_use]
    pub fn der(&self) -> &[u8] {
        &self.0
    }

    /// Whether it signed something itself. `algorithm` is in DER, as the signature names it, without its outer header.
    #[must_use]
    pub fn signed(&self, algorithm: &[u8], message: &[u8], signature: &[u8]) -> bool {
        signed_by(&self.0, algorithm, message, signature)
    }

    /// Whether somebody signed something to whom it gave a certificate for answering whether others are revoked (RFC 6960 section 4.2.2.2).
    #[must_use]
    pub fn delegate_signed(
        &self,
        delegate: &[u8],
        algorithm: &[u8],
        message: &[u8],
        signature: &[u8],
        now: Timestamp,
    ) -> bool {
        let issuer = CertificateDer::from(self.0.as_slice());
        let Ok(anchor) = anchor_from_trusted_cert(&issuer) else { return false };
        let (anchors, der) = ([anchor], CertificateDer::from(delegate));
        let Ok(certificate) = EndEntityCert::try_from(&der) else { return false };
        let usage = KeyUsage::required(OCSP_SIGNING);
        let algorithms = ALL_VERIFICATION_ALGS;
        let vouched = certificate.verify_for_usage(algorithms, &anchors, &[], moment(now), usage, None, None).is_ok();
        vouched && signed_by(delegate, algorithm, message, signature)
    }
}

fn signed_by(certificate: &[u8], algorithm: &[u8], message: &[u8], signature: &[u8]) -> bool {
    let der = CertificateDer::from(certificate);
    let Ok(certificate) = EndEntityCert::try_from(&der) else { return false };
    // An algorithm of signatures goes with several of keys: the one of this key does.
    let mut named = ALL_VERIFICATION_ALGS.iter().filter(|known| known.signature_alg_id().as_ref() == algorithm);
    named.any(|known| certificate.verify_signature(*known, message, signature).is_ok())
}

fn moment(now: Timestamp) -> UnixTime {
    UnixTime::since_unix_epoch(Duration::from_millis(u64::try_from(now.millis()).unwrap_or_default()))
}
