//! A certificate and its key, from two files in PEM.

use std::{
    fs, io,
    path::{Path, PathBuf},
    time::Duration,
};

use rustls::pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject};
use zeroize::Zeroizing;

use super::certificate::Certificate;
use crate::base::Timestamp;

/// The largest file that is read, in bytes.
const BYTES: u64 = 512 * 1024;

/// Where a certificate and its key are, both in PEM.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyFiles {
    /// The certificate, followed by its chain.
    pub certificate: PathBuf,
    /// Its private key (PKCS #8, SEC 1 or PKCS #1).
    pub key: PathBuf,
}

/// Why a file cannot be used. It names the file, and nothing of a key is in it.
#[derive(Debug, thiserror::Error)]
pub enum BadFile {
    /// A file cannot be read.
    #[error("{}: {error}", file.display())]
    Unreadable {
        /// Which.
        file: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// The file is larger than any certificate.
    #[error("{}: more than {BYTES} bytes", .0.display())]
    TooLarge(PathBuf),
    /// There is no certificate in the file.
    #[error("{}: no certificate in PEM is in it", .0.display())]
    NoCertificate(PathBuf),
    /// There is no private key in the file.
    #[error("{}: no unencrypted private key in PEM is in it", .0.display())]
    NoKey(PathBuf),
    /// What is in the file is no certificate.
    #[error("{}: what is in it is no certificate", .0.display())]
    Malformed(PathBuf),
    /// What is in a file of authorities is none.
    #[error("{}: what is in it is no authority's certificate", .0.display())]
    Authority(PathBuf),
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
        files: KeyFiles,
        /// Why.
        error: rustls::Error,
    },
}

/// A chain and its key.
pub type Pair = (Vec<CertificateDer<'static>>, PrivateKeyDer<'static>);

/// The bytes of both files.
pub struct Read {
    certificate: Zeroizing<Vec<u8>>,
    key: Zeroizing<Vec<u8>>,
}

impl KeyFiles {
    /// Reads both.
    ///
    /// # Errors
    /// When one cannot be read.
    pub fn read(&self) -> Result<Read, BadFile> {
        Ok(Read { certificate: read(&self.certificate)?, key: read(&self.key)? })
    }

    /// The chain and the key in what was read.
    ///
    /// # Errors
    /// When one is not there.
    pub fn pair(&self, read: &Read) -> Result<Pair, BadFile> {
        let chain = certificates(&read.certificate, &self.certificate)?;
        let key = PrivateKeyDer::from_pem_slice(&read.key).map_err(|_| BadFile::NoKey(self.key.clone()))?;
        Ok((chain, key))
    }

    /// The first certificate in what was read: the one whose key it is.
    ///
    /// # Errors
    /// When there is none.
    pub fn first(&self, read: &Read) -> Result<Certificate, BadFile> {
        let chain = certificates(&read.certificate, &self.certificate)?;
        let first = chain.first().and_then(|first| Certificate::parse(first));
        first.ok_or_else(|| BadFile::Malformed(self.certificate.clone()))
    }

    /// The same, when it is not over.
    ///
    /// # Errors
    /// When there is none, or it is over.
    pub fn in_force(&self, read: &Read, now: Timestamp) -> Result<Certificate, BadFile> {
        let first = self.first(read)?;
        if first.until() <= now {
            return Err(BadFile::Ended { file: self.certificate.clone(), days: days(now.since(first.until())) });
        }
        Ok(first)
    }

    /// The whole days that the certificate has left.
    ///
    /// # Errors
    /// When a file cannot be used, or the certificate is over.
    pub fn days_left(&self, now: Timestamp) -> Result<u64, BadFile> {
        let read = self.read()?;
        self.pair(&read)?;
        Ok(self.in_force(&read, now)?.days_left(now).unwrap_or(0))
    }
}

impl Read {
    /// The key's file.
    #[must_use]
    pub fn key(&self) -> &[u8] {
        &self.key
    }

    /// A short name of what is in them, to see whether they changed.
    #[must_use]
    pub fn digest(&self) -> [u8; 32] {
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

/// The certificates in the bytes of `file`; at least one.
///
/// # Errors
/// When there is none.
pub fn certificates(pem: &[u8], file: &Path) -> Result<Vec<CertificateDer<'static>>, BadFile> {
    let all: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
    match all {
        Ok(all) if !all.is_empty() => Ok(all),
        _ => Err(BadFile::NoCertificate(file.to_owned())),
    }
}

/// What is in a file, when it is not too large.
///
/// # Errors
/// When it cannot be read.
pub fn read(file: &Path) -> Result<Zeroizing<Vec<u8>>, BadFile> {
    let unreadable = |error| BadFile::Unreadable { file: file.to_owned(), error };
    if fs::metadata(file).map_err(unreadable)?.len() > BYTES {
        return Err(BadFile::TooLarge(file.to_owned()));
    }
    fs::read(file).map(Zeroizing::new).map_err(unreadable)
}

pub(super) const fn days(time: Duration) -> u64 {
    time.as_secs() / (24 * 3600)
}
