//! TLS begun towards a backend: with the system's authorities or a named one, and with a certificate of Poort's own where the
//! backend asks for it.

use std::{io, path::PathBuf, sync::Arc};

use rustls::{RootCertStore, pki_types::ServerName};
use tokio::net::TcpStream;
use tokio_rustls::{TlsConnector, client::TlsStream};

use crate::base::tls::{BadFile, KeyFiles, authorities_in, towards};

/// Why a backend cannot be reached by TLS.
#[derive(Debug, thiserror::Error)]
pub enum UnusableTls {
    /// A file.
    #[error(transparent)]
    File(#[from] BadFile),
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
    pub fn new(name: &str, authorities: Option<&PathBuf>, own: Option<&KeyFiles>) -> Result<Self, UnusableTls> {
        let roots = match authorities {
            Some(file) => authorities_in(file)?,
            None => {
                let mut roots = RootCertStore::empty();
                roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
                if roots.is_empty() {
                    return Err(UnusableTls::NoAuthorities);
                }
                roots
            }
        };
        let own = own.map(|files| files.pair(&files.read()?)).transpose()?;
        let mut config = towards(roots, own).map_err(UnusableTls::Own)?;
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
