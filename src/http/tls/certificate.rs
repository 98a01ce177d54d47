//! A certificate and its key, from two files in PEM.

use std::{
    fs, io,
    path::{Path, PathBuf},
    time::Duration,
};

use rustls::{
    client::verify_server_name,
    pki_types::{CertificateDer, PrivateKeyDer, ServerName, pem::PemObject},
    server::ParsedCertificate,
};
use zeroize::Zeroizing;

use crate::base::Timestamp;

/// Where a certificate and its key are, both in PEM.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertificateFiles {
    /// The certificate, followed by its chain.
    pub certificate: PathBuf,
    /// Its private key (PKCS #8, SEC 1 or PKCS #1).
    pub key: PathBuf,
}

/// Why a certificate cannot be used. Nothing of a key is in it.
#[derive(Debug, thiserror::Error)]
pub enum BadCertificate {
    /// A file cannot be read.
    #[error("{}: {error}", file.display())]
    Unreadable {
        /// Which.
        file: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// There is no certificate in the file.
    #[error("{}: no certificate in PEM is in it", .0.display())]
    NoCertificate(PathBuf),
    /// There is no private key in the file.
    #[error("{}: no unencrypted private key in PEM is in it", .0.display())]
    NoKey(PathBuf),
    /// What is in the file is no certificate.
    #[error("{}: what is in it is no certificate", .0.display())]
    Malformed(PathBuf),
    /// The certificate is over.
    #[error("{}: the certificate ended {days} days ago", file.display())]
    Ended {
        /// Which.
        file: PathBuf,
        /// Whole days since then.
        days: u64,
    },
    /// The certificate and the key are not of each other, or no TLS can be made of them.
    #[error("{} and {}: {error}", files.certificate.display(), files.key.display())]
    Unfit {
        /// Which.
        files: CertificateFiles,
        /// Why.
        error: rustls::Error,
    },
}

/// A chain and its key.
pub(super) type Pair = (Vec<CertificateDer<'static>>, PrivateKeyDer<'static>);

/// What was in the two files.
pub(super) struct Certificate {
    pub(super) chain: Vec<CertificateDer<'static>>,
    pub(super) key: PrivateKeyDer<'static>,
    /// When it ends.
    pub(super) until: Timestamp,
}

/// The bytes of both files, to see whether they changed.
pub(super) struct Files {
    certificate: Vec<u8>,
    key: Zeroizing<Vec<u8>>,
}

impl CertificateFiles {
    /// Reads both.
    ///
    /// # Errors
    /// When one cannot be read.
    pub(super) fn read(&self) -> Result<Files, BadCertificate> {
        Ok(Files { certificate: read(&self.certificate)?, key: Zeroizing::new(read(&self.key)?) })
    }

    /// The chain and the key in `files`.
    ///
    /// # Errors
    /// When one is not there.
    pub(super) fn pair(&self, files: &Files) -> Result<Pair, BadCertificate> {
        let chain = certificates(&files.certificate, &self.certificate)?;
        let key = PrivateKeyDer::from_pem_slice(&files.key).map_err(|_| BadCertificate::NoKey(self.key.clone()))?;
        Ok((chain, key))
    }

    /// What is in `files`, as far as it can be told at `now`.
    ///
    /// # Errors
    /// When something is missing, or over.
    pub(super) fn parse(&self, files: &Files, now: Timestamp) -> Result<Certificate, BadCertificate> {
        let (chain, key) = self.pair(files)?;
        let until = chain.first().and_then(|first| until(first));
        let until = until.ok_or_else(|| BadCertificate::Malformed(self.certificate.clone()))?;
        if until <= now {
            return Err(BadCertificate::Ended { file: self.certificate.clone(), days: days(now.since(until)) });
        }
        Ok(Certificate { chain, key, until })
    }
}

impl CertificateFiles {
    /// The whole days that the certificate has left.
    ///
    /// # Errors
    /// When a file cannot be used, or the certificate is over.
    pub fn days_left(&self, now: Timestamp) -> Result<u64, BadCertificate> {
        Ok(self.parse(&self.read()?, now)?.days_left(now))
    }
}

impl Files {
    /// A short name of what is in them.
    pub(super) fn digest(&self) -> [u8; 32] {
        use aws_lc_rs::digest::{Context, SHA256};
        let mut context = Context::new(&SHA256);
        context.update(&(self.certificate.len() as u64).to_be_bytes());
        context.update(&self.certificate);
        context.update(&self.key);
        let mut digest = [0; 32];
        digest.copy_from_slice(context.finish().as_ref());
        digest
    }
}

impl Certificate {
    /// Those of `hosts` that the certificate does not name.
    pub(super) fn unnamed<'a>(&self, hosts: &'a [String]) -> Vec<&'a str> {
        let Some(Ok(parsed)) = self.chain.first().map(ParsedCertificate::try_from) else { return vec![] };
        let named =
            |host: &str| ServerName::try_from(host).is_ok_and(|name| verify_server_name(&parsed, &name).is_ok());
        hosts.iter().map(String::as_str).filter(|host| !named(host)).collect()
    }

    /// Whole days until it ends.
    pub(super) fn days_left(&self, now: Timestamp) -> u64 {
        days(self.until.since(now))
    }
}

/// The certificates in the bytes of `file`; at least one.
pub(super) fn certificates(pem: &[u8], file: &Path) -> Result<Vec<CertificateDer<'static>>, BadCertificate> {
    let all: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
    match all {
        Ok(all) if !all.is_empty() => Ok(all),
        _ => Err(BadCertificate::NoCertificate(file.to_owned())),
    }
}

pub(super) fn read(file: &Path) -> Result<Vec<u8>, BadCertificate> {
    fs::read(file).map_err(|error| BadCertificate::Unreadable { file: file.to_owned(), error })
}

/// When a certificate ends (RFC 5280 section 4.1.2.5).
fn until(certificate: &CertificateDer<'_>) -> Option<Timestamp> {
    let (_, parsed) = x509_parser::parse_x509_certificate(certificate).ok()?;
    Some(Timestamp::from_millis(parsed.validity().not_after.timestamp().checked_mul(1000)?))
}

const fn days(time: Duration) -> u64 {
    time.as_secs() / (24 * 3600)
}
