//! TLS begun towards a backend: with the system's authorities or a named one, and with a certificate of Poort's own where the
//! backend asks for it.

use std::{io, path::PathBuf, sync::Arc};

use rustls::{ClientConfig, RootCertStore, pki_types::ServerName};
use tokio::net::TcpStream;
use tokio_rustls::{TlsConnector, client::TlsStream};

use super::{
    VERSIONS,
    certificate::{self, BadCertificate, CertificateFiles},
    provider,
};

/// Why a backend cannot be reached by TLS.
#[derive(Debug, thiserror::Error)]
pub enum UnusableTls {
    /// A file.
    #[error(transparent)]
    File(#[from] BadCertificate),
    /// What is in a file of authorities.
    #[error("{}: what is in it is no authority's certificate", .0.display())]
    Authority(PathBuf),
    /// The system has none.
    #[error("this system has no certificates of authorities; name one: ca_file")]
    NoAuthorities,
    /// Poort's own certificate.
    #[error("Poort's own certificate: {0}")]
    Own(rustls::Error),
    /// The name that the backend's certificate must have.
    #[error("{0} is no name that a certificate has")]
    Name(String),
}

/// A connection to who proved to be the one that was meant.
pub type Encrypted = TlsStream<TcpStream>;

/// Connects to one name.
#[derive(Clone)]
pub struct Outward {
    connector: TlsConnector,
    name: ServerName<'static>,
}

impl Outward {
    /// To who proves to be `name`, a host name or an address: by a certificate of an authority in the PEM file `authorities`, and
    /// of no other; without the file, of one that the system trusts. `own` is what Poort shows when it is asked.
    ///
    /// # Errors
    /// When a file or the name cannot be used.
    pub fn new(name: &str, authorities: Option<&PathBuf>, own: Option<&CertificateFiles>) -> Result<Self, UnusableTls> {
        let mut roots = RootCertStore::empty();
        match authorities {
            Some(file) => {
                for authority in certificate::certificates(&certificate::read(file)?, file)? {
                    roots.add(authority).map_err(|_| UnusableTls::Authority(file.clone()))?;
                }
            }
            None => {
                roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
                if roots.is_empty() {
                    return Err(UnusableTls::NoAuthorities);
                }
            }
        }
        let builder = ClientConfig::builder_with_provider(provider())
            .with_protocol_versions(&VERSIONS)
            .map_err(UnusableTls::Own)?
            .with_root_certificates(roots);
        let mut config = match own {
            None => builder.with_no_client_auth(),
            Some(files) => {
                let (chain, key) = files.pair(&files.read()?)?;
                builder.with_client_auth_cert(chain, key).map_err(UnusableTls::Own)?
            }
        };
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        let name = ServerName::try_from(name.to_owned()).map_err(|_| UnusableTls::Name(name.to_owned()))?;
        Ok(Self { connector: TlsConnector::from(Arc::new(config)), name })
    }

    /// The handshake, over `stream`. Unbounded in time: who calls it bounds it.
    ///
    /// # Errors
    /// When the other end does not prove to be who it should be.
    pub async fn connect(&self, stream: TcpStream) -> io::Result<Encrypted> {
        self.connector.connect(self.name.clone(), stream).await
    }
}
