//! The certificate that a program shows, and the authorities that may vouch for it (RFC 8705).
//!
//! The handshake lets a program prove that it has the key of a certificate, and no more: whose certificate it is depends on who the
//! program says that it is, which is known with the request alone. So the listener believes no certificate, and each
//! request asks [`ClientCertificate::proves`], at its own moment and by the one file of authorities that its client names.
//!
//! Architecture invariant: a [`ClientCertificate`] comes from a handshake and from nowhere else. No header is read as one: who ends
//! TLS before Poort passes the bytes through to this listener.

use std::{
    collections::BTreeMap,
    fmt,
    path::PathBuf,
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use rustls::{
    DigitallySignedStruct, DistinguishedName as Hint, RootCertStore, SignatureScheme,
    client::danger::HandshakeSignatureValid,
    crypto::{WebPkiSupportedAlgorithms, verify_tls12_signature, verify_tls13_signature},
    pki_types::{CertificateDer, UnixTime},
    server::{
        WebPkiClientVerifier,
        danger::{ClientCertVerified, ClientCertVerifier},
    },
};
use x509_parser::{
    certificate::X509Certificate,
    extensions::GeneralName,
    x509::{AttributeTypeAndValue, X509Name},
};

use crate::{
    base::{
        Timestamp,
        tls::{
            files::{BadFile, certificates, read},
            provider,
        },
    },
    domain::certificate::{CertificateName, CertificateProof, DistinguishedName, Thumbprint},
};

/// What a program showed in its handshake. It has the key of it.
#[derive(Clone)]
pub struct ClientCertificate(Arc<Shown>);

struct Shown {
    /// Its certificate, then what it sent beside it.
    chain: Vec<CertificateDer<'static>>,
    thumbprint: Thumbprint,
    authorities: Arc<Authorities>,
}

/// Why a certificate proves nothing. For logs: the client hears `invalid_client`.
#[derive(Debug, thiserror::Error)]
pub enum NotProved {
    /// What was shown cannot be read.
    #[error("what was shown is no certificate")]
    Malformed,
    /// It is none of those that the client registered.
    #[error("not a certificate that the client registered")]
    Unknown,
    /// It is over, or does not count yet.
    #[error("not in force now")]
    NotInForce,
    /// It bears another name.
    #[error("a certificate with another name")]
    Name,
    /// The authorities of this client do not vouch for it.
    #[error("no authority of this client vouches for it: {0}")]
    Authority(rustls::Error),
    /// The file of its authorities was not there when the gateway began.
    #[error("the authorities of this client are not known")]
    NoAuthorities,
}

impl ClientCertificate {
    /// From a handshake that was verified by [`Asking`]; `None` when nothing was shown.
    pub(super) fn of(chain: Option<&[CertificateDer<'_>]>, authorities: &Arc<Authorities>) -> Option<Self> {
        let chain: Vec<_> = chain?.iter().map(|shown| shown.clone().into_owned()).collect();
        let thumbprint = Thumbprint::of(chain.first()?);
        Some(Self(Arc::new(Shown { chain, thumbprint, authorities: Arc::clone(authorities) })))
    }

    /// What a token is bound to that this program gets (RFC 8705 section 3.1).
    #[must_use]
    pub fn thumbprint(&self) -> Thumbprint {
        self.0.thumbprint
    }

    /// Whether this certificate is what `proof` asks for, at `now`.
    ///
    /// # Errors
    /// Why it is not.
    pub fn proves(&self, proof: &CertificateProof, now: Timestamp) -> Result<(), NotProved> {
        let (first, beside) = self.0.chain.split_first().ok_or(NotProved::Malformed)?;
        let (_, parsed) = x509_parser::parse_x509_certificate(first).map_err(|_| NotProved::Malformed)?;
        match proof {
            CertificateProof::Known(known) => {
                if !known.contains(&self.0.thumbprint) {
                    return Err(NotProved::Unknown);
                }
                let moment = x509_parser::time::ASN1Time::from_timestamp(now.seconds());
                let in_force = moment.is_ok_and(|moment| parsed.validity().is_valid_at(moment));
                if in_force { Ok(()) } else { Err(NotProved::NotInForce) }
            }
            CertificateProof::Vouched { name, authorities } => {
                let verifier = self.0.authorities.of(authorities).ok_or(NotProved::NoAuthorities)?;
                let since_1970 = Duration::from_millis(u64::try_from(now.millis()).unwrap_or_default());
                verifier
                    .verify_client_cert(first, beside, UnixTime::since_unix_epoch(since_1970))
                    .map_err(NotProved::Authority)?;
                if is_named(&parsed, name) { Ok(()) } else { Err(NotProved::Name) }
            }
        }
    }
}

/// What a person showed in a handshake: the certificate of their card, whose key they have, and what their browser sent beside it, in DER.
/// Nothing, where they showed none. It says nothing of who may vouch for it: `login::eid` asks that.
#[derive(Clone)]
pub struct ShownCard(Arc<[Vec<u8>]>);

impl ShownCard {
    /// From a handshake of a listener for people.
    pub(super) fn of(chain: Option<&[CertificateDer<'_>]>) -> Self {
        Self(chain.unwrap_or_default().iter().map(|shown| shown.to_vec()).collect())
    }

    /// The card's first; none, when none was shown.
    #[must_use]
    pub fn chain(&self) -> &[Vec<u8>] {
        &self.0
    }
}

/// How many: what a certificate says of a person is nobody's business.
impl fmt::Debug for ShownCard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ShownCard({})", self.0.len())
    }
}

/// Its thumbprint: what a certificate says of a person is nobody's business.
impl fmt::Debug for ClientCertificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ClientCertificate({})", self.0.thumbprint.text())
    }
}

/// Whether a certificate bears exactly this name, among others perhaps.
fn is_named(certificate: &X509Certificate<'_>, name: &CertificateName) -> bool {
    if let CertificateName::Subject(subject) = name {
        return subject_of(certificate.subject()).as_ref() == Some(subject);
    }
    let Ok(Some(alternatives)) = certificate.subject_alternative_name() else { return false };
    alternatives.value.general_names.iter().any(|other| match (name, other) {
        (CertificateName::Dns(name), GeneralName::DNSName(other)) => name.eq_ignore_ascii_case(other),
        (CertificateName::Uri(name), GeneralName::URI(other)) => name == other,
        (CertificateName::Email(name), GeneralName::RFC822Name(other)) => name == other,
        (CertificateName::Ip(name), GeneralName::IPAddress(other)) => match name {
            std::net::IpAddr::V4(name) => name.octets() == *other,
            std::net::IpAddr::V6(name) => name.octets() == *other,
        },
        _ => false,
    })
}

/// The subject; `None` when a part of it is no text.
fn subject_of(name: &X509Name<'_>) -> Option<DistinguishedName> {
    let attribute =
        |one: &AttributeTypeAndValue<'_>| Some((one.attr_type().to_id_string(), one.as_str().ok()?.to_owned()));
    let relative = name.iter_rdn().map(|set| set.iter().map(attribute).collect::<Option<Vec<_>>>());
    relative.collect::<Option<Vec<_>>>().map(DistinguishedName::new)
}

/// The authorities that clients name, by their file; read again when a file changes.
pub(super) struct Authorities(RwLock<BTreeMap<PathBuf, File>>);

struct File {
    /// What was judged last, rightly or not.
    text: Vec<u8>,
    verifier: Arc<dyn ClientCertVerifier>,
}

impl Authorities {
    /// Those in `files`.
    ///
    /// # Errors
    /// When one cannot be read, or has no authority in it.
    pub(super) fn load(files: impl IntoIterator<Item = PathBuf>) -> Result<Self, BadFile> {
        let all = files.into_iter().map(|path| {
            let text = read(&path)?.to_vec();
            let verifier = verifier(&text, &path)?;
            Ok((path, File { text, verifier }))
        });
        Ok(Self(RwLock::new(all.collect::<Result<_, _>>()?)))
    }

    /// Looks at every file again. One that cannot be used leaves the authorities that it had before.
    pub(super) fn reload(&self) {
        let paths: Vec<PathBuf> = self.0.read().unwrap_or_else(PoisonError::into_inner).keys().cloned().collect();
        for path in paths {
            match self.look(&path) {
                Ok(false) => {}
                Ok(true) => tracing::info!(file = %path.display(), "the authorities of clients were reloaded"),
                Err(error) => {
                    metrics::counter!("poort_tls_reloads_refused_total").increment(1);
                    tracing::error!(%error, "authorities of clients cannot be used; the old ones stay in force");
                }
            }
        }
    }

    /// Whether something new was taken on. What was judged before is not judged again.
    fn look(&self, path: &PathBuf) -> Result<bool, BadFile> {
        let text = read(path)?.to_vec();
        if self.0.read().unwrap_or_else(PoisonError::into_inner).get(path).is_none_or(|file| file.text == text) {
            return Ok(false);
        }
        let judged = verifier(&text, path);
        let mut files = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let Some(file) = files.get_mut(path) else { return Ok(false) };
        file.text = text;
        file.verifier = judged?;
        Ok(true)
    }

    fn of(&self, file: &PathBuf) -> Option<Arc<dyn ClientCertVerifier>> {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        known.get(file).map(|file| Arc::clone(&file.verifier))
    }
}

/// Who believes what the authorities in a file vouch for: the signatures, the dates, and that it is for clients where it says for whom.
fn verifier(pem: &[u8], path: &std::path::Path) -> Result<Arc<dyn ClientCertVerifier>, BadFile> {
    let none = || BadFile::Authority(path.to_owned());
    let mut roots = RootCertStore::empty();
    for authority in certificates(pem, path)? {
        roots.add(authority).map_err(|_| none())?;
    }
    let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider()).build();
    verifier.map_err(|_| none())
}

/// Asks everybody for a certificate, and lets them prove that they have the key.
#[derive(Debug)]
pub(super) struct Asking {
    algorithms: WebPkiSupportedAlgorithms,
    /// The authorities that are named, so that a browser offers what may do and nothing else.
    named: Vec<Hint>,
    /// Whether who shows none is turned away.
    of_programs: bool,
}

impl Asking {
    /// Programs, which must have one. Which authorities a tenant's programs have is not everybody's business.
    pub(super) fn programs() -> Self {
        let algorithms = provider().signature_verification_algorithms;
        Self { algorithms, named: Vec::new(), of_programs: true }
    }

    /// People, who may have none.
    pub(super) fn people(named: Vec<Hint>) -> Self {
        Self { named, of_programs: false, ..Self::programs() }
    }
}

impl ClientCertVerifier for Asking {
    fn root_hint_subjects(&self) -> &[Hint] {
        &self.named
    }

    fn client_auth_mandatory(&self) -> bool {
        self.of_programs
    }

    /// Whose it is, each request asks.
    fn verify_client_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: UnixTime,
    ) -> Result<ClientCertVerified, rustls::Error> {
        Ok(ClientCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, certificate, signed, &self.algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, certificate, signed, &self.algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.algorithms.supported_schemes()
    }
}
