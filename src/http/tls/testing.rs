//! Certificates made for a test, and clients that say what they want of the handshake.

use std::{path::PathBuf, sync::Arc};

use http::Request;
use http_body_util::Full;
use hyper::client::conn::http2;
use hyper_util::rt::{TokioExecutor, TokioIo};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use rustls::{
    ClientConfig, RootCertStore, ServerConfig, SupportedProtocolVersion,
    pki_types::{CertificateDer, PrivateKeyDer, ServerName, pem::PemObject},
    server::WebPkiClientVerifier,
};
use tempfile::TempDir;
use tokio::net::TcpStream;
use tokio_rustls::{TlsAcceptor, TlsConnector, client::TlsStream};

use super::Tls;
use crate::{
    base::{
        Clock,
        tls::{KeyFiles, VERSIONS, provider},
    },
    http::testing::Listening,
};

/// The host of the certificates, when nothing else is asked for.
pub(crate) const NAME: &str = "a.test";

/// An authority and a folder for what it vouches for.
pub(crate) struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
    pub(crate) folder: TempDir,
}

impl Authority {
    pub(crate) fn new() -> Self {
        let mut params = CertificateParams::new(vec![]).expect("no names");
        params.distinguished_name.push(DnType::CommonName, "An authority for one test");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate().expect("a key")).expect("an authority");
        Self { issuer, folder: tempfile::tempdir().expect("a folder") }
    }

    /// The file with its own certificate.
    pub(crate) fn file(&self) -> PathBuf {
        let path = self.folder.path().join("authority.pem");
        std::fs::write(&path, self.issuer.pem()).expect("written");
        path
    }

    /// A certificate for `names` and its key, as PEM, that ends with the first day of `year`.
    pub(crate) fn pair(&self, names: &[&str], year: i32) -> (String, String) {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let mut params = CertificateParams::new(names).expect("names");
        params.not_after = rcgen::date_time_ymd(year, 1, 1);
        let key = KeyPair::generate().expect("a key");
        let certificate = params.signed_by(&key, &self.issuer).expect("a certificate");
        (certificate.pem(), key.serialize_pem())
    }

    /// Puts such a pair into files called `stem`.
    pub(crate) fn write(&self, stem: &str, (certificate, key): &(String, String)) -> KeyFiles {
        let file = |end: &str, text: &str| {
            let path = self.folder.path().join(format!("{stem}.{end}"));
            std::fs::write(&path, text).expect("written");
            path
        };
        KeyFiles { certificate: file("pem", certificate), key: file("key", key) }
    }

    /// What a listener needs to be `names`.
    pub(crate) fn tls(&self, names: &[&str]) -> Arc<Tls> {
        let files = self.write("listener", &self.pair(names, 4000));
        Tls::load(files, vec![], Clock::system().now()).expect("a good pair")
    }

    /// What a listener needs to be `names`, for programs that show a certificate.
    pub(crate) fn mutual(&self, names: &[&str]) -> Arc<Tls> {
        let files = self.write("mutual", &self.pair(names, 4000));
        Tls::mutual(files, vec![], [self.file()], Clock::system().now()).expect("good files")
    }

    /// What another program's listener needs to be `names`; with `clients`, for who shows a certificate of this authority alone.
    pub(crate) fn acceptor(&self, names: &[&str], clients: bool) -> TlsAcceptor {
        let files = self.write("acceptor", &self.pair(names, 4000));
        let (chain, key) = files.pair(&files.read().expect("files")).expect("a pair");
        let builder =
            ServerConfig::builder_with_provider(provider()).with_protocol_versions(&VERSIONS).expect("versions");
        let builder = if clients {
            let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(self.roots()), provider()).build();
            builder.with_client_cert_verifier(verifier.expect("a verifier"))
        } else {
            builder.with_no_client_auth()
        };
        TlsAcceptor::from(Arc::new(builder.with_single_cert(chain, key).expect("a pair")))
    }

    fn roots(&self) -> RootCertStore {
        let mut roots = RootCertStore::empty();
        let own = CertificateDer::from_pem_slice(self.issuer.pem().as_bytes()).expect("PEM");
        roots.add(own).expect("a root");
        roots
    }

    /// A client that trusts this authority, offers `protocols`, and speaks the `versions`.
    pub(crate) fn client(&self, protocols: &[&str], versions: &[&'static SupportedProtocolVersion]) -> TlsConnector {
        self.client_showing(protocols, versions, None)
    }

    /// The same, with a certificate of its own.
    pub(crate) fn client_showing(
        &self,
        protocols: &[&str],
        versions: &[&'static SupportedProtocolVersion],
        own: Option<&(String, String)>,
    ) -> TlsConnector {
        let builder = ClientConfig::builder_with_provider(provider())
            .with_protocol_versions(versions)
            .expect("versions")
            .with_root_certificates(self.roots());
        let mut config = match own {
            None => builder.with_no_client_auth(),
            Some((certificate, key)) => {
                let chain = vec![CertificateDer::from_pem_slice(certificate.as_bytes()).expect("PEM")];
                let key = PrivateKeyDer::from_pem_slice(key.as_bytes()).expect("PEM");
                builder.with_client_auth_cert(chain, key).expect("a pair")
            }
        };
        config.alpn_protocols = protocols.iter().map(|protocol| protocol.as_bytes().to_vec()).collect();
        TlsConnector::from(Arc::new(config))
    }

    /// A connection to `server` as [`NAME`].
    ///
    /// # Errors
    /// When the handshake fails.
    pub(crate) async fn connect(
        &self,
        server: &Listening,
        protocols: &[&str],
    ) -> std::io::Result<TlsStream<TcpStream>> {
        let stream = TcpStream::connect(server.address).await.expect("a listener");
        let name = ServerName::try_from(NAME).expect("a name");
        self.client(protocols, &VERSIONS).connect(name, stream).await
    }

    /// A connection to `server` that speaks HTTP/2, and the task that drives it.
    pub(crate) async fn http2(&self, server: &Listening) -> (Http2, tokio::task::JoinHandle<hyper::Result<()>>) {
        let stream = self.connect(server, &["h2"]).await.expect("a handshake");
        assert_eq!(stream.get_ref().1.alpn_protocol(), Some(&b"h2"[..]));
        let (sender, connection) = http2::handshake(TokioExecutor::new(), TokioIo::new(stream)).await.expect("HTTP/2");
        (sender, tokio::spawn(connection))
    }
}

/// The sending end of an HTTP/2 connection.
pub(crate) type Http2 = http2::SendRequest<Full<bytes::Bytes>>;

/// `GET url` with these fields.
pub(crate) fn get(url: &str, fields: &[(&str, &str)]) -> Request<Full<bytes::Bytes>> {
    let mut request = Request::builder().uri(url);
    for (name, value) in fields {
        request = request.header(*name, *value);
    }
    request.body(Full::default()).expect("a request")
}
