//! Authorities and what they vouch for, made anew for each test; and the listener at which programs show it.

use std::{net::SocketAddr, path::PathBuf, sync::Arc};

use bytes::Bytes;
use http::Method;
use poort::{
    app::gateway::{Gateway as Doors, UnknownHost},
    base::{Random, tls::KeyFiles},
    domain::certificate::{CertificateProof, Thumbprint},
    http::{
        client_ip::{ForwardedBy, Scheme, TrustedProxies},
        limits::Limits,
        server,
        tls::Tls,
    },
    proxy::gate::Gate,
};
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa,
    KeyPair, SanType,
};
use rustls::{
    ClientConfig, RootCertStore,
    crypto::aws_lc_rs,
    pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer, ServerName},
};
use tempfile::TempDir;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsConnector;
use tokio_util::sync::{CancellationToken, DropGuard};

use super::gateway::{Gateway, NOW, Reply, converse};

/// The name of the listener's own certificate. The host of a request is another matter.
const NAME: &str = "gateway.test";

/// An authority that vouches for programs, and its file.
pub struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
    folder: TempDir,
}

/// A certificate with its key, and what is sent beside it.
pub struct Certificate {
    chain: Vec<CertificateDer<'static>>,
    pub pem: String,
    key: KeyPair,
    params: CertificateParams,
}

/// What a test changes of a certificate that is good.
pub type Change<'a> = &'a dyn Fn(&mut CertificateParams);

impl Authority {
    pub fn new(name: &str) -> Self {
        let mut params = CertificateParams::new(vec![]).expect("no names");
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate().expect("a key")).expect("an authority");
        Self { issuer, folder: tempfile::tempdir().expect("a folder") }
    }

    /// The file with its certificate, as an operator names it.
    pub fn file(&self) -> PathBuf {
        let path = self.folder.path().join("authority.pem");
        if !path.exists() {
            self.write(&path);
        }
        path
    }

    /// Puts it into the place of another.
    pub fn write(&self, path: &PathBuf) {
        std::fs::write(path, self.issuer.pem()).expect("written");
    }

    /// A certificate for a program called so, with changes.
    pub fn vouch(&self, dns: &str, change: Change<'_>) -> Certificate {
        let (params, key) = (asked(dns, change), KeyPair::generate().expect("a key"));
        let certificate = params.signed_by(&key, &self.issuer).expect("a certificate");
        Certificate { chain: vec![certificate.der().clone()], pem: certificate.pem(), key, params }
    }
}

impl Certificate {
    /// One that nobody vouches for but itself.
    pub fn self_signed(dns: &str, change: Change<'_>) -> Self {
        let (params, key) = (asked(dns, change), KeyPair::generate().expect("a key"));
        let certificate = params.self_signed(&key).expect("a certificate");
        Self { chain: vec![certificate.der().clone()], pem: certificate.pem(), key, params }
    }

    /// One that this one signed, as if it were an authority.
    pub fn vouch(&self, dns: &str) -> Self {
        let (params, key) = (asked(dns, &|_| {}), KeyPair::generate().expect("a key"));
        let issuer = rcgen::Issuer::from_params(&self.params, &self.key);
        let certificate = params.signed_by(&key, &issuer).expect("a certificate");
        let chain = std::iter::once(certificate.der().clone()).chain(self.chain.iter().cloned()).collect();
        Self { chain, pem: certificate.pem(), key, params }
    }

    /// Its key, as PEM.
    pub fn key_pem(&self) -> String {
        self.key.serialize_pem()
    }

    pub fn thumbprint(&self) -> Thumbprint {
        Thumbprint::of(&self.chain[0])
    }

    /// How a client is registered that proves itself by exactly this one.
    pub fn known(&self) -> CertificateProof {
        CertificateProof::Known(vec![self.thumbprint()])
    }
}

fn asked(dns: &str, change: Change<'_>) -> CertificateParams {
    let mut params = CertificateParams::new(vec![dns.to_owned()]).expect("names");
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CountryName, "BE");
    params.distinguished_name.push(DnType::OrganizationName, "Lab");
    params.distinguished_name.push(DnType::CommonName, dns.split('.').next().unwrap_or_default());
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
    change(&mut params);
    params
}

/// The name, and no other, among the alternatives of a certificate.
pub fn only(name: SanType) -> impl Fn(&mut CertificateParams) {
    move |params| params.subject_alt_names = vec![name.clone()]
}

/// The listener of a gateway that asks for a certificate.
pub struct Asking<'g> {
    pub gateway: &'g Gateway,
    pub tls: Arc<Tls>,
    address: SocketAddr,
    _files: TempDir,
    _stopping: DropGuard,
}

impl<'g> Asking<'g> {
    /// Beside the listener that a gateway has, with these files of authorities.
    pub async fn start(gateway: &'g Gateway, authorities: &[&Authority]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let (certificate, key) = (folder.path().join("own.pem"), folder.path().join("own.key"));
        let own = Certificate::self_signed(NAME, &|params| params.extended_key_usages.clear());
        std::fs::write(&certificate, &own.pem).expect("written");
        std::fs::write(&key, own.key.serialize_pem()).expect("written");
        let files = authorities.iter().map(|authority| authority.file());
        let tls = Tls::mutual(KeyFiles { certificate, key }, vec![], files, NOW).expect("good files");
        let (limits, stopping) = (Limits::default(), CancellationToken::new());
        let gate = Gate::new(gateway.shared.clone(), limits.pace, stopping.clone()).expect("a gate");
        // A proxy on this machine is believed where it ends TLS itself; here it can only pass it on.
        let trusted = TrustedProxies::new(vec!["127.0.0.0/8".parse().expect("a network")], ForwardedBy::XForwarded);
        let unknown = UnknownHost::Refuse;
        let doors = Doors::new(gateway.shared.clone(), gate, trusted, Scheme::Http, limits.pace, unknown);
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let asking = Some(Arc::clone(&tls));
        tokio::spawn(server::serve(listener, asking, doors, limits, Random::system(), stopping.clone()));
        Self { gateway, tls, address, _files: folder, _stopping: stopping.drop_guard() }
    }

    /// Sends one request over a connection of its own, in whose handshake `shown` is shown.
    ///
    /// # Errors
    /// When there is no answer.
    pub async fn try_send(
        &self,
        shown: Option<&Certificate>,
        method: Method,
        url: &str,
        headers: &[(&str, &str)],
        body: impl Into<Bytes>,
    ) -> Result<Reply, Box<dyn std::error::Error + Send + Sync>> {
        let stream = TcpStream::connect(self.address).await?;
        let name = ServerName::try_from(NAME)?;
        let stream = TlsConnector::from(Arc::new(client(shown))).connect(name, stream).await?;
        converse(stream, method, url, headers, body.into()).await
    }

    /// The same, of which there is an answer.
    pub async fn send(
        &self,
        shown: &Certificate,
        method: Method,
        url: &str,
        headers: &[(&str, &str)],
        body: impl Into<Bytes>,
    ) -> Reply {
        self.try_send(Some(shown), method, url, headers, body).await.expect("an answer")
    }
}

/// A program that shows this, and takes the listener for who it says it is: that is not what these tests are about.
fn client(shown: Option<&Certificate>) -> ClientConfig {
    let provider = Arc::new(aws_lc_rs::default_provider());
    let builder = ClientConfig::builder_with_provider(Arc::clone(&provider)).with_safe_default_protocol_versions();
    let builder = builder.expect("versions").with_root_certificates(RootCertStore::empty());
    let mut config = match shown {
        None => builder.with_no_client_auth(),
        Some(shown) => {
            let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(shown.key.serialize_der()));
            builder.with_client_auth_cert(shown.chain.clone(), key).expect("a pair")
        }
    };
    config.dangerous().set_certificate_verifier(Arc::new(believing::Everybody(provider)));
    config
}

/// Believes every server.
mod believing {
    use std::sync::Arc;

    use rustls::{
        DigitallySignedStruct, Error, SignatureScheme,
        client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
        crypto::CryptoProvider,
        pki_types::{CertificateDer, ServerName, UnixTime},
    };

    #[derive(Debug)]
    pub(super) struct Everybody(pub(super) Arc<CryptoProvider>);

    impl ServerCertVerifier for Everybody {
        fn verify_server_cert(
            &self,
            _: &CertificateDer<'_>,
            _: &[CertificateDer<'_>],
            _: &ServerName<'_>,
            _: &[u8],
            _: UnixTime,
        ) -> Result<ServerCertVerified, Error> {
            Ok(ServerCertVerified::assertion())
        }

        fn verify_tls12_signature(
            &self,
            _: &[u8],
            _: &CertificateDer<'_>,
            _: &DigitallySignedStruct,
        ) -> Result<HandshakeSignatureValid, Error> {
            Ok(HandshakeSignatureValid::assertion())
        }

        fn verify_tls13_signature(
            &self,
            _: &[u8],
            _: &CertificateDer<'_>,
            _: &DigitallySignedStruct,
        ) -> Result<HandshakeSignatureValid, Error> {
            Ok(HandshakeSignatureValid::assertion())
        }

        fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
            self.0.signature_verification_algorithms.supported_schemes()
        }
    }
}
