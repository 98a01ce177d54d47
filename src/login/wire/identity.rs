//! What Poort shows to another provider: a certificate and its key, in files that the tenant's own names; and who may answer.

use std::{
    fmt, fs, io,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use aws_lc_rs::digest::{SHA256, digest};
use tokio_rustls::rustls::{
    ClientConfig, Error as Unfit, RootCertStore,
    crypto::aws_lc_rs as provider,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
};
use x509_parser::{parse_x509_certificate, public_key::PublicKey};
use zeroize::Zeroizing;

use crate::base::Timestamp;

/// The largest file that is read, in bytes.
const BYTES: u64 = 512 * 1024;

/// Why a file cannot be used. Names the file, and nothing that is in it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Unusable(String);

impl Unusable {
    /// Because of this.
    #[must_use]
    pub fn new(why: impl Into<String>) -> Self {
        Self(why.into())
    }

    /// The same, about a file.
    #[must_use]
    pub fn of(self, file: &Path) -> Self {
        Self(format!("{}: {}", file.display(), self.0))
    }
}

/// What is in a file, when it is not too large.
///
/// # Errors
/// When it cannot be read.
pub fn read(file: &Path) -> Result<Zeroizing<Vec<u8>>, Unusable> {
    let named = |error: io::Error| Unusable::new(error.to_string()).of(file);
    if fs::metadata(file).map_err(named)?.len() > BYTES {
        return Err(Unusable::new(format!("more than {BYTES} bytes")).of(file));
    }
    fs::read(file).map(Zeroizing::new).map_err(named)
}

/// An X.509 certificate, as far as it matters here.
#[derive(Clone, PartialEq, Eq)]
pub struct Certificate {
    der: Vec<u8>,
    from: Timestamp,
    until: Timestamp,
    /// The bits of an RSA key's modulus; none for another key.
    rsa_bits: usize,
    /// The key as the certificate has it.
    key: Vec<u8>,
}

impl Certificate {
    /// Reads one in DER.
    ///
    /// # Errors
    /// When it is none.
    pub fn parse(der: &[u8]) -> Result<Self, Unusable> {
        let none = || Unusable::new("no certificate");
        let (rest, parsed) = parse_x509_certificate(der).map_err(|_| none())?;
        if !rest.is_empty() {
            return Err(none());
        }
        let rsa_bits = match parsed.public_key().parsed() {
            Ok(PublicKey::RSA(key)) => key.key_size(),
            _ => 0,
        };
        let validity = parsed.validity();
        let moment = |seconds: i64| Timestamp::from_millis(seconds.saturating_mul(1000));
        Ok(Self {
            der: der.to_vec(),
            from: moment(validity.not_before.timestamp()),
            until: moment(validity.not_after.timestamp()),
            rsa_bits,
            key: parsed.public_key().subject_public_key.data.to_vec(),
        })
    }

    /// The certificates of a file in PEM, of which there is at least one.
    ///
    /// # Errors
    /// When one cannot be read.
    pub fn in_file(file: &Path) -> Result<Vec<Self>, Unusable> {
        let pem = read(file)?;
        let none = || Unusable::new("no certificate in PEM is in it").of(file);
        let certificates = CertificateDer::pem_slice_iter(&pem).map(|der| Self::parse(&der.map_err(|_| none())?));
        let certificates = certificates.collect::<Result<Vec<_>, _>>().map_err(|error| error.of(file))?;
        if certificates.is_empty() { Err(none()) } else { Ok(certificates) }
    }

    /// It, in DER.
    #[must_use]
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// Whether it is good at a moment.
    #[must_use]
    pub fn is_good(&self, now: Timestamp) -> bool {
        self.from <= now && now < self.until
    }

    /// Whole days until it ends; none once it has.
    #[must_use]
    pub fn days_left(&self, now: Timestamp) -> Option<u64> {
        const DAY: Duration = Duration::from_secs(24 * 3600);
        (now < self.until).then(|| self.until.since(now).as_secs() / DAY.as_secs())
    }

    /// The size of its RSA key; 0 for another one.
    #[must_use]
    pub const fn rsa_bits(&self) -> usize {
        self.rsa_bits
    }

    /// Whether its key is this one (RFC 8017 appendix A.1.1).
    #[must_use]
    pub fn has_key(&self, public: &[u8]) -> bool {
        self.key == public
    }

    /// Its SHA-256, by which people recognise it: the first eight bytes.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        digest(&SHA256, &self.der).as_ref().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
    }
}

impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Certificate({}, until {})", self.fingerprint(), self.until)
    }
}

/// A certificate, its chain and its key.
pub struct Identity {
    certificate: Certificate,
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
    pem: Zeroizing<Vec<u8>>,
}

impl Identity {
    /// From two files in PEM.
    ///
    /// # Errors
    /// When one cannot be used.
    pub fn load(certificate: &Path, key: &Path) -> Result<Self, Unusable> {
        let certificates = Certificate::in_file(certificate)?;
        let pem = read(key)?;
        let parsed = PrivateKeyDer::from_pem_slice(&pem);
        let parsed = parsed.map_err(|_| Unusable::new("no unencrypted private key in PEM is in it").of(key))?;
        let chain = certificates.iter().map(|one| CertificateDer::from(one.der().to_vec())).collect();
        let first = certificates.into_iter().next().ok_or_else(|| Unusable::new("empty").of(certificate))?;
        Ok(Self { certificate: first, chain, key: parsed, pem })
    }

    /// The certificate.
    #[must_use]
    pub const fn certificate(&self) -> &Certificate {
        &self.certificate
    }

    /// The key in DER, for who signs with it.
    pub(super) fn key_der(&self) -> &[u8] {
        self.key.secret_der()
    }

    /// The key in PEM, for who signs with it.
    pub(super) fn key_pem(&self) -> &[u8] {
        &self.pem
    }
}

/// TLS towards a provider, which must prove by a certificate of these authorities who it is (those of the web, when none are named), and
/// to which Poort shows `own`.
///
/// # Errors
/// When the authorities, or the certificate and the key, cannot be used.
pub fn mutual_tls(authorities: Option<&PathBuf>, own: &Identity) -> Result<Arc<ClientConfig>, Unusable> {
    let mut roots = RootCertStore::empty();
    match authorities {
        None => roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned()),
        Some(file) => {
            for authority in Certificate::in_file(file)? {
                let authority = CertificateDer::from(authority.der().to_vec());
                roots.add(authority).map_err(|_| Unusable::new("no authority's certificate").of(file))?;
            }
        }
    }
    let unfit = |error: Unfit| Unusable::new(error.to_string());
    let builder = ClientConfig::builder_with_provider(Arc::new(provider::default_provider()));
    let builder = builder.with_safe_default_protocol_versions().map_err(unfit)?.with_root_certificates(roots);
    let config = builder.with_client_auth_cert(own.chain.clone(), own.key.clone_key()).map_err(unfit)?;
    Ok(Arc::new(config))
}
