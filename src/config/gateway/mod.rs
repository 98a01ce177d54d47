//! `gateway.toml`: what one running gateway needs to know. Every key, its default and what it is for is in
//! `deploy/gateway.example.toml`; a test keeps the two together.
//!
//! Architecture invariant: no secret is in any of these structs. Secrets are in files that [`SecretFile`] names.

mod database;
mod ephemeral;
mod mail;
mod reading;
mod server;
mod telephone;

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    num::NonZeroU32,
    path::PathBuf,
    time::Duration,
};

use ipnet::IpNet;
use url::Url;

pub use database::one_server_each;
pub(super) use reading::read;
pub use telephone::{Telephone, TelephoneInterface, TelephoneProvider};

use super::{
    placement::{Placement, Scheme},
    secret_file::SecretFile,
};

/// A gateway as its file describes it. [`Gateway::default`] is what an empty file means.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Gateway {
    /// Where it listens and for whom it stands.
    pub server: Server,
    /// What it lets pass at most.
    pub limits: Limits,
    /// Where it keeps its data.
    pub database: Database,
    /// Where replicas count together, when they do.
    pub redis: Option<Redis>,
    /// The keys that everything kept secret hangs on.
    pub keys: Keys,
    /// How it sends mail.
    pub mail: Mail,
    /// How it sends SMS and makes calls, when it does.
    pub telephone: Option<Telephone>,
    /// What it writes to its log.
    pub log: Log,
    /// Where spans of its requests go.
    pub traces: Traces,
    /// The folders with one file a tenant, and with policies.
    pub folders: Folders,
}

/// Where the gateway listens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Server {
    /// For people and applications.
    pub listen: SocketAddr,
    /// For health, readiness and metrics.
    pub management_listen: SocketAddr,
    /// The scheme that browsers see.
    pub public_scheme: Scheme,
    /// The port that browsers see.
    pub public_port: u16,
    /// The certificate and key with which Poort itself ends TLS.
    pub tls: Option<Tls>,
    /// Where programs show a certificate.
    pub mutual_tls: Option<MutualTls>,
    /// Where people show the certificate of their identity card.
    pub cards: Option<MutualTls>,
    /// The networks whose forwarded headers count.
    pub trusted_proxies: Vec<IpNet>,
}

/// A listener that asks for a certificate in the TLS handshake: programs (RFC 8705), or people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MutualTls {
    /// Where it listens.
    pub listen: SocketAddr,
    /// The port that is seen from outside.
    pub public_port: u16,
    /// What it shows itself.
    pub tls: Tls,
}

/// The files of a TLS certificate, both PEM; read again when they change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tls {
    /// The certificate, followed by its chain.
    pub certificate_file: PathBuf,
    /// Its private key.
    pub key_file: SecretFile,
}

/// What passes at most, and how long things may take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The head of a request, in bytes.
    pub header_bytes: u64,
    /// The headers of a request.
    pub headers: u32,
    /// Until the head of a request has come.
    pub header_read_timeout: Duration,
    /// Between two pieces of a body, either way; and all of the pauses that nothing was sent for.
    pub body_timeout: Duration,
    /// A connection on which nothing is asked.
    pub idle_timeout: Duration,
    /// Connections at the same time.
    pub connections: u32,
    /// Connections at the same time from one address that is no trusted proxy.
    pub connections_per_address: u32,
    /// Passwords that are checked at the same time; each takes about 20 MiB and a processor.
    pub password_checks: u32,
    /// Wrong passwords and codes that one address may send in ten minutes.
    pub logins_per_address: u32,
    /// Mails with a code or a link that one address may ask for in ten minutes.
    pub mails_per_address: u32,
    /// SMS and calls that one address may ask for in ten minutes.
    pub phones_per_address: u32,
    /// How often one address may fail to prove which client it is in ten minutes.
    pub token_failures_per_address: u32,
    /// After a stop was asked: how long readiness says so before anything else changes.
    pub drain_notice: Duration,
    /// How long requests may go on after that.
    pub drain: Duration,
}

/// Where the data are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Database {
    /// Which database.
    pub url: DatabaseUrl,
    /// The password of the application's role (PostgreSQL).
    pub password_file: Option<SecretFile>,
    /// The same database, as the role that owns the tables (PostgreSQL).
    pub migrate_url: Option<DatabaseUrl>,
    /// The password of the owner (PostgreSQL).
    pub migrate_password_file: Option<SecretFile>,
    /// Whether a start brings the tables up to date; else `poort migrate` does.
    pub migrate_on_start: bool,
    /// Connections to the database.
    pub connections: u32,
    /// How long a request may wait for a connection.
    pub connect_timeout: Duration,
    /// How long a request may wait for one answer (PostgreSQL).
    pub answer_timeout: Duration,
}

/// Where Redis is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Redis {
    /// The URL, without a password.
    pub url: String,
    /// The password there.
    pub password_file: Option<SecretFile>,
    /// How it is spoken to with TLS; without it in clear.
    pub tls: Option<RedisTls>,
}

/// Whom Redis must prove to be, and what Poort shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RedisTls {
    /// The authorities that may vouch for it; without a file those that this system trusts.
    pub ca_file: Option<PathBuf>,
    /// What Poort shows when Redis asks who comes.
    pub own: Option<Tls>,
}

/// Which database, and no password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DatabaseUrl {
    /// A file of SQLite.
    Sqlite(PathBuf),
    /// A PostgreSQL URL, as libpq reads it; with several hosts those of one cluster.
    Postgres(String),
}

/// The keys outside the database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keys {
    /// The key that wraps every other key.
    pub master_key_file: SecretFile,
}

/// How mail is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mail {
    /// The SMTP server.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is protected.
    pub tls: MailTls,
    /// With which name one logs in there.
    pub user: Option<String>,
    /// With which password.
    pub password_file: Option<SecretFile>,
    /// The sender: `Name <address>` or an address.
    pub from: String,
    /// How long handing over one mail may take.
    pub timeout: Duration,
}

/// How the connection to the mail server is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MailTls {
    /// Not at all: a server on the same machine.
    None,
    /// Begun in clear, then TLS or nothing (RFC 3207).
    StartTls,
    /// TLS from the first byte (RFC 8314).
    Tls,
}

/// What is logged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Log {
    /// The least level.
    pub level: LogLevel,
    /// How a line looks.
    pub format: LogFormat,
}

/// The least level of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the words say it")]
pub enum LogLevel {
    Error,
    Warn,
    Info,
    Debug,
}

impl LogLevel {
    /// The word of the file, which log filters know too.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            LogLevel::Error => "error",
            LogLevel::Warn => "warn",
            LogLevel::Info => "info",
            LogLevel::Debug => "debug",
        }
    }
}

/// How a line looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// One JSON object a line.
    Json,
    /// For a person at a terminal.
    Text,
}

/// Where spans of requests go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Traces {
    /// The OpenTelemetry collector, `http://host[:port]`; without one no spans are made.
    pub collector: Option<Url>,
    /// Of the traces that begin here one in so many is kept.
    pub one_in: NonZeroU32,
}

/// Folders of further files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folders {
    /// One `.toml` a tenant.
    pub tenants: PathBuf,
    /// The policies; without one those that Poort is shipped with.
    pub policies: Option<PathBuf>,
}

impl Gateway {
    /// How tenants appear to browsers through this gateway.
    #[must_use]
    pub fn placement(&self) -> Placement {
        let mutual_tls = self.server.mutual_tls.as_ref().map(|listener| listener.public_port);
        let cards = self.server.cards.as_ref().map(|listener| listener.public_port);
        Placement::public(self.server.public_scheme, self.server.public_port).mutual_tls(mutual_tls).cards(cards)
    }
}

impl Default for Server {
    fn default() -> Self {
        Self {
            listen: loopback(8080),
            management_listen: loopback(9090),
            public_scheme: Scheme::Https,
            public_port: 443,
            tls: None,
            mutual_tls: None,
            cards: None,
            trusted_proxies: Vec::new(),
        }
    }
}

const fn loopback(port: u16) -> SocketAddr {
    SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), port)
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            header_bytes: 32 << 10,
            headers: 100,
            header_read_timeout: Duration::from_secs(10),
            body_timeout: Duration::from_secs(10),
            idle_timeout: Duration::from_secs(75),
            connections: 10_000,
            connections_per_address: 500,
            password_checks: 4,
            logins_per_address: 300,
            mails_per_address: 60,
            phones_per_address: 20,
            token_failures_per_address: 100,
            drain_notice: Duration::from_secs(3),
            drain: Duration::from_secs(25),
        }
    }
}

impl Default for Database {
    fn default() -> Self {
        Self {
            url: DatabaseUrl::Sqlite("poort.db".into()),
            password_file: None,
            migrate_url: None,
            migrate_password_file: None,
            migrate_on_start: true,
            connections: 16,
            connect_timeout: Duration::from_secs(2),
            answer_timeout: Duration::from_secs(2),
        }
    }
}

impl Default for Keys {
    fn default() -> Self {
        Self { master_key_file: SecretFile::new("master.key".into()) }
    }
}

impl Default for Mail {
    fn default() -> Self {
        Self {
            host: "localhost".into(),
            port: 25,
            tls: MailTls::None,
            user: None,
            password_file: None,
            from: "Poort <no-reply@localhost>".into(),
            timeout: Duration::from_secs(10),
        }
    }
}

impl Default for Log {
    fn default() -> Self {
        Self { level: LogLevel::Info, format: LogFormat::Json }
    }
}

impl Default for Traces {
    fn default() -> Self {
        Self { collector: None, one_in: NonZeroU32::MIN }
    }
}

impl Default for Folders {
    fn default() -> Self {
        Self { tenants: "tenants".into(), policies: None }
    }
}

#[cfg(test)]
mod tests;
