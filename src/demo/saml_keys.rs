//! The keys of those who stand in for DigiD and eHerkenning, and of the gateway that knows them, made when the demo begins.

use std::{fs, io, path::Path, sync::Arc};

use bergshamra::{DsigContext, EncContext, KeysManager, keys::loader};
use rcgen::{CertificateParams, DnType, KeyPair, PKCS_RSA_SHA256, RsaKeySize};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        RootCertStore, ServerConfig,
        pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
        server::WebPkiClientVerifier,
    },
};

use crate::base::tls;

/// A certificate that is its own authority, and its key.
pub(super) struct Pair {
    pub(super) der: Vec<u8>,
    certificate: String,
    key: String,
    /// The key alone, as in PKCS#1.
    pub(super) public: Vec<u8>,
}

pub(super) struct Keys {
    /// What they sign with.
    pub(super) own: Pair,
    /// What nobody knows.
    pub(super) other: Pair,
    /// What the gateway signs with, and shows.
    pub(super) gateway: Pair,
    tls: Pair,
}

fn pair(name: &str, key: &KeyPair) -> Option<Pair> {
    let mut params = CertificateParams::new(vec!["localhost".to_owned()]).ok()?;
    params.distinguished_name.push(DnType::CommonName, name);
    let certificate = params.self_signed(key).ok()?;
    Some(Pair {
        der: certificate.der().to_vec(),
        certificate: certificate.pem(),
        key: key.serialize_pem(),
        public: key.public_key_raw().to_vec(),
    })
}

impl Keys {
    /// New ones. Takes a while.
    pub(super) fn make() -> Option<Self> {
        let rsa = |name: &'static str| {
            std::thread::spawn(move || {
                pair(name, &KeyPair::generate_rsa_for(&PKCS_RSA_SHA256, RsaKeySize::_2048).ok()?)
            })
        };
        let made =
            ["Not DigiD, nor eHerkenning", "Not even that", "Poort's demo"].map(rsa).map(std::thread::JoinHandle::join);
        let [Ok(Some(own)), Ok(Some(other)), Ok(Some(gateway))] = made else { return None };
        let tls = pair("Not DigiD's resolver", &KeyPair::generate().ok()?)?;
        Some(Self { own, other, gateway, tls })
    }

    /// Writes what the gateway reads.
    pub(super) fn write(&self, folder: &Path, metadata: &str) -> io::Result<()> {
        fs::write(folder.join("metadata.xml"), metadata)?;
        fs::write(folder.join("authority.pem"), &self.tls.certificate)?;
        fs::write(folder.join("poort.pem"), &self.gateway.certificate)?;
        fs::write(folder.join("poort.key"), &self.gateway.key)
    }

    /// TLS that asks for the gateway's certificate.
    pub(super) fn acceptor(&self) -> Option<TlsAcceptor> {
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from(self.gateway.der.clone())).ok()?;
        let provider = tls::provider();
        let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider.clone()).build().ok()?;
        let chain = vec![CertificateDer::from(self.tls.der.clone())];
        let key = PrivateKeyDer::from_pem_slice(self.tls.key.as_bytes()).ok()?;
        let builder = ServerConfig::builder_with_provider(provider).with_protocol_versions(&tls::VERSIONS).ok()?;
        let config = builder.with_client_cert_verifier(verifier).with_single_cert(chain, key).ok()?;
        Some(TlsAcceptor::from(Arc::new(config)))
    }

    /// What verifies the gateway's signatures.
    pub(super) fn verifying(&self) -> Option<DsigContext> {
        let mut keys = KeysManager::new();
        keys.add_key(loader::load_x509_cert_der(&self.gateway.der).ok()?);
        Some(DsigContext::new(keys))
    }
}

impl Pair {
    /// What encrypts for who has its key.
    pub(super) fn encrypting(&self) -> Option<EncContext> {
        let mut keys = KeysManager::new();
        keys.add_key(loader::load_x509_cert_der(&self.der).ok()?);
        Some(EncContext::new(keys))
    }

    /// What signs with it.
    pub(super) fn signing(&self) -> Option<DsigContext> {
        let mut keys = KeysManager::new();
        keys.add_key(loader::load_pem_auto(self.key.as_bytes(), None).ok()?);
        Some(DsigContext::new(keys))
    }
}
