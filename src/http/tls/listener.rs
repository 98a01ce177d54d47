//! TLS ended here, with a certificate that is read again when its files change; also for programs that must show one of their own.
//!
//! A new pair of files is judged as a whole before it counts. One that is wrong, half written or over leaves the old one in
//! force and is told once; connections that are open keep what they began with.

use std::{
    io,
    path::PathBuf,
    sync::{Arc, PoisonError, RwLock},
};

use rustls::{
    DistinguishedName, ServerConfig,
    client::verify_server_name,
    pki_types::{CertificateDer, ServerName},
    server::{NoServerSessionStorage, ParsedCertificate},
};
use tokio::net::TcpStream;
use tokio_rustls::{TlsAcceptor, server::TlsStream};

use super::client::{Asking, Authorities, ClientCertificate, ShownCard};
use crate::base::{
    Timestamp,
    tls::{BadFile, Certificate, KeyFiles, Pair, VERSIONS, authorities_in, provider},
};

/// The protocols that are offered (RFC 7301), the better first. A client that offers none speaks HTTP/1.1.
const H2: &[u8] = b"h2";
const HTTP_1_1: &[u8] = b"http/1.1";

/// The days before a certificate's end on which the log says so.
const WARNED_FROM: u64 = 30;

/// What the handshake settled.
pub(in super::super) struct Shaken {
    pub(in super::super) stream: TlsStream<TcpStream>,
    pub(in super::super) protocol: Protocol,
    /// What the client showed, where it was asked.
    pub(in super::super) shown: Shown,
}

/// What a client showed.
#[derive(Clone)]
pub(in super::super) enum Shown {
    /// It was not asked.
    NotAsked,
    /// A program's certificate.
    Program(ClientCertificate),
    /// A person's card, or nothing.
    Person(ShownCard),
}

/// What is spoken over a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protocol {
    /// HTTP/1.1.
    Http1,
    /// HTTP/2.
    Http2,
}

/// The certificate in force, and what is needed to take on the next.
pub struct Tls {
    files: KeyFiles,
    /// The names that browsers come by.
    hosts: Vec<String>,
    asks: Asks,
    in_force: RwLock<InForce>,
}

/// Whom a listener asks for a certificate.
enum Asks {
    Nobody,
    /// Programs, each of which must show one; with who may vouch for them.
    Programs(Arc<Authorities>),
    /// People, who may; with the authorities that are named to them.
    People(Vec<DistinguishedName>),
}

impl Asks {
    fn asking(&self) -> Option<Asking> {
        match self {
            Asks::Nobody => None,
            Asks::Programs(_) => Some(Asking::programs()),
            Asks::People(named) => Some(Asking::people(named.clone())),
        }
    }
}

struct InForce {
    config: Arc<ServerConfig>,
    certificate: Certificate,
    /// Of the files that were judged last, rightly or not.
    digest: [u8; 32],
    /// The days left that the log spoke of last.
    warned: Option<u64>,
}

/// What came of looking at the files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reloaded {
    /// They are as they were.
    Same,
    /// The new certificate is in force.
    Taken,
    /// What is in them cannot be used; the old certificate stays in force.
    Refused,
}

impl Tls {
    /// With the certificate in `files`, for listeners that are reached as `hosts`. Says in the log which of them it does not name.
    ///
    /// # Errors
    /// When the files hold no certificate that is in force and its key.
    pub fn load(files: KeyFiles, hosts: Vec<String>, now: Timestamp) -> Result<Arc<Self>, BadFile> {
        Self::with(files, hosts, Asks::Nobody, now)
    }

    /// The same for programs, each of which must show a certificate of its own. `authorities` are the files of those that may
    /// vouch for them.
    ///
    /// # Errors
    /// As of [`Self::load`]; and when a file of authorities cannot be used.
    pub fn mutual(
        files: KeyFiles,
        hosts: Vec<String>,
        authorities: impl IntoIterator<Item = PathBuf>,
        now: Timestamp,
    ) -> Result<Arc<Self>, BadFile> {
        Self::with(files, hosts, Asks::Programs(Arc::new(Authorities::load(authorities)?)), now)
    }

    /// The same for people, who may show the certificate of their identity card. `authorities` are the files of those that give out cards:
    /// browsers offer no other certificate.
    ///
    /// # Errors
    /// As of [`Self::mutual`].
    pub fn cards(
        files: KeyFiles,
        hosts: Vec<String>,
        authorities: impl IntoIterator<Item = PathBuf>,
        now: Timestamp,
    ) -> Result<Arc<Self>, BadFile> {
        let mut named = Vec::new();
        for file in authorities {
            named.extend(authorities_in(&file)?.subjects());
        }
        Self::with(files, hosts, Asks::People(named), now)
    }

    fn with(files: KeyFiles, hosts: Vec<String>, asks: Asks, now: Timestamp) -> Result<Arc<Self>, BadFile> {
        let read = files.read()?;
        let certificate = files.in_force(&read, now)?;
        let config = config(&files, files.pair(&read)?, &asks)?;
        let in_force = InForce { config, certificate, digest: read.digest(), warned: None };
        let tls = Self { files, hosts, asks, in_force: RwLock::new(in_force) };
        tls.tell(now);
        Ok(Arc::new(tls))
    }

    /// Looks at the files again; blocks while they are read. What is said is of the listener's own pair.
    pub fn reload(&self, now: Timestamp) -> Reloaded {
        if let Asks::Programs(clients) = &self.asks {
            clients.reload();
        }
        let reloaded = self.look(now);
        match &reloaded {
            Ok(false) => {}
            Ok(true) => tracing::info!(file = %self.files.certificate.display(), "the TLS certificate was reloaded"),
            Err(error) => {
                metrics::counter!("poort_tls_reloads_refused_total").increment(1);
                tracing::error!(%error, "the TLS certificate cannot be used; the old one stays in force");
            }
        }
        self.tell(now);
        match reloaded {
            Ok(false) => Reloaded::Same,
            Ok(true) => Reloaded::Taken,
            Err(_) => Reloaded::Refused,
        }
    }

    /// Whether something new was taken on. What was judged before is not judged again.
    fn look(&self, now: Timestamp) -> Result<bool, BadFile> {
        let read = self.files.read()?;
        let digest = read.digest();
        if self.read().digest == digest {
            return Ok(false);
        }
        let judged = self.files.in_force(&read, now).and_then(|certificate| {
            let config = config(&self.files, self.files.pair(&read)?, &self.asks)?;
            Ok((certificate, config))
        });
        let mut in_force = self.in_force.write().unwrap_or_else(PoisonError::into_inner);
        in_force.digest = digest;
        let (certificate, config) = judged?;
        *in_force = InForce { config, certificate, digest, warned: None };
        Ok(true)
    }

    /// Says how long the certificate lasts: always as a metric, in the log once a day when it is not long.
    fn tell(&self, now: Timestamp) {
        let mut in_force = self.in_force.write().unwrap_or_else(PoisonError::into_inner);
        let days = in_force.certificate.days_left(now).unwrap_or(0);
        #[expect(clippy::cast_precision_loss, reason = "days")]
        match self.asks {
            Asks::Nobody => metrics::gauge!("poort_tls_certificate_days_left").set(days as f64),
            Asks::Programs(_) => {
                metrics::gauge!("poort_tls_certificate_days_left", "listener" => "mutual_tls").set(days as f64)
            }
            Asks::People(_) => {
                metrics::gauge!("poort_tls_certificate_days_left", "listener" => "cards").set(days as f64)
            }
        }
        let first = in_force.warned.is_none();
        if in_force.warned.replace(days) == Some(days) {
            return;
        }
        if days < WARNED_FROM {
            tracing::warn!(days, file = %self.files.certificate.display(), "the TLS certificate ends soon");
        }
        let unnamed = unnamed(&in_force.certificate, &self.hosts);
        if first && !unnamed.is_empty() {
            let hosts = unnamed.join(", ");
            tracing::warn!(hosts, "the TLS certificate does not name these hosts: clients will refuse to go there");
        }
    }

    fn read(&self) -> std::sync::RwLockReadGuard<'_, InForce> {
        self.in_force.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// The handshake (RFC 8446 section 2). Unbounded in time: who calls it bounds it.
    ///
    /// # Errors
    /// When the client does not speak TLS, or not one that is offered.
    pub(in super::super) async fn accept(&self, stream: TcpStream) -> io::Result<Shaken> {
        let config = Arc::clone(&self.read().config);
        let stream = TlsAcceptor::from(config).accept(stream).await?;
        let settled = stream.get_ref().1;
        let protocol = match settled.alpn_protocol() {
            Some(H2) => Protocol::Http2,
            _ => Protocol::Http1,
        };
        let shown = match &self.asks {
            Asks::Nobody => Shown::NotAsked,
            Asks::Programs(known) => {
                ClientCertificate::of(settled.peer_certificates(), known).map_or(Shown::NotAsked, Shown::Program)
            }
            Asks::People(_) => Shown::Person(ShownCard::of(settled.peer_certificates())),
        };
        Ok(Shaken { protocol, shown, stream })
    }
}

/// Those of `hosts` that a certificate does not name.
pub(super) fn unnamed<'a>(certificate: &Certificate, hosts: &'a [String]) -> Vec<&'a str> {
    let der = CertificateDer::from(certificate.der());
    let Ok(parsed) = ParsedCertificate::try_from(&der) else { return vec![] };
    let named = |host: &str| ServerName::try_from(host).is_ok_and(|name| verify_server_name(&parsed, &name).is_ok());
    hosts.iter().map(String::as_str).filter(|host| !named(host)).collect()
}

/// How a listener shakes hands; with `asking` it asks for a certificate.
fn config(files: &KeyFiles, (chain, key): Pair, asks: &Asks) -> Result<Arc<ServerConfig>, BadFile> {
    let unfit = |error| BadFile::Unfit { files: files.clone(), error };
    let builder = ServerConfig::builder_with_provider(provider()).with_protocol_versions(&VERSIONS).map_err(unfit)?;
    let builder = match asks.asking() {
        None => builder.with_no_client_auth(),
        Some(asking) => builder.with_client_cert_verifier(Arc::new(asking)),
    };
    let mut config = builder.with_single_cert(chain, key).map_err(unfit)?;
    if !matches!(asks, Asks::Nobody) {
        // Each connection proves anew that it has the key: nothing of an earlier one is resumed, on this listener or another.
        config.session_storage = Arc::new(NoServerSessionStorage {});
        config.send_tls13_tickets = 0;
    }
    config.alpn_protocols = match asks {
        // A handshake for each request: a card that was taken out of the reader is shown no more (`web::card` ends the connection).
        Asks::People(_) => vec![HTTP_1_1.to_vec()],
        Asks::Nobody | Asks::Programs(_) => vec![H2.to_vec(), HTTP_1_1.to_vec()],
    };
    config.ignore_client_order = true;
    // Without it a session of TLS 1.2 can be bound to another handshake than its own (RFC 7627). Who does not offer it (OpenSSL
    // before 1.1, and some scanners, which then report that there is no TLS 1.2) is refused.
    config.require_ems = true;
    Ok(Arc::new(config))
}
