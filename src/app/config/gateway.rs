//! `gateway.toml`: what one running gateway needs to know. Every key, its default and what it is for is in
//! `deploy/gateway.example.toml`; a test keeps the two together.
//!
//! Architecture invariant: no secret is in any of these structs. Secrets are in files that [`SecretFile`] names.

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
    time::Duration,
};

use ipnet::IpNet;

use super::{
    address,
    kind::{boolean, duration, number, path, size, text, word},
    placement::{Placement, Scheme},
    secret_file::SecretFile,
    table::Table,
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
    /// The keys that everything kept secret hangs on.
    pub keys: Keys,
    /// How it sends mail.
    pub mail: Mail,
    /// What it writes to its log.
    pub log: Log,
    /// The folder with one file a tenant, and with the policies.
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
    /// The networks whose forwarded headers count.
    pub trusted_proxies: Vec<IpNet>,
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
    /// Between two pieces of a body, either way.
    pub body_timeout: Duration,
    /// A connection on which nothing is asked.
    pub idle_timeout: Duration,
    /// Connections at the same time.
    pub connections: u32,
    /// Connections at the same time from one address that is no trusted proxy.
    pub connections_per_address: u32,
    /// Passwords that are checked at the same time; each takes about 20 MiB and a processor.
    pub password_checks: u32,
    /// How long requests may go on after a stop was asked.
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
}

/// Which database, and no password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DatabaseUrl {
    /// A file of SQLite.
    Sqlite(PathBuf),
    /// A PostgreSQL URL, as libpq reads it.
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

/// Folders of further files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folders {
    /// One `.toml` a tenant.
    pub tenants: PathBuf,
    /// The `.polar` files.
    pub policies: PathBuf,
}

impl Gateway {
    /// How tenants appear to browsers through this gateway.
    #[must_use]
    pub fn placement(&self) -> Placement {
        Placement::public(self.server.public_scheme, self.server.public_port)
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
            body_timeout: Duration::from_secs(30),
            idle_timeout: Duration::from_secs(75),
            connections: 10_000,
            connections_per_address: 500,
            password_checks: 4,
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
            connect_timeout: Duration::from_secs(3),
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

impl Default for Folders {
    fn default() -> Self {
        Self { tenants: "tenants".into(), policies: "policies".into() }
    }
}

impl Gateway {
    pub(super) fn read(mut table: Table<'_>) -> Self {
        let directory = table.document().directory();
        let gateway = Self {
            server: server(table.section("server"), directory),
            limits: limits(table.section("limits")),
            database: database(table.section("database"), directory),
            keys: keys(table.section("keys"), directory),
            mail: mail(table.section("mail"), directory),
            log: log(table.section("log")),
            folders: folders(table.section("folders"), directory),
        };
        table.finish();
        gateway
    }
}

const MILLISECOND: Duration = Duration::from_millis(1);
const SECOND: Duration = Duration::from_secs(1);
const TEN_MINUTES: Duration = Duration::from_secs(600);

fn server(mut table: Table<'_>, directory: &Path) -> Server {
    let default = Server::default();
    let listen = table.optional("listen", "\"127.0.0.1:8080\"", address::socket);
    let management_listen = table.optional("management_listen", "\"127.0.0.1:9090\"", address::socket);
    let scheme = table
        .optional("public_scheme", "\"https\"", word(&[("https", Scheme::Https), ("http", Scheme::Http)]))
        .unwrap_or(default.public_scheme);
    let public_port =
        table.optional("public_port", "8443", number(1, 65_535)).and_then(|port| u16::try_from(port).ok());
    let trusted_proxies = table.list("trusted_proxies", "[\"10.0.0.0/8\"]", address::network);
    let tls = tls(table.section("tls"), directory);

    let proxies_named = table.has("trusted_proxies") && trusted_proxies.as_ref().is_none_or(|list| !list.is_empty());
    if let Some(listen) = listen
        && !listen.ip().is_loopback()
        && tls.is_absent()
        && !proxies_named
    {
        table.wrong(
            "listen",
            format!("anyone who reaches {listen} would speak to Poort unencrypted: nobody ends TLS"),
            "one of these three:\n\
             listen = \"127.0.0.1:8080\", for a proxy on this machine\n\
             trusted_proxies = [\"10.0.0.0/8\"], the networks of the proxies that end TLS\n\
             [server.tls] with certificate_file and key_file, for Poort to end TLS",
        );
    }
    if scheme == Scheme::Http && tls.is_there() {
        table.wrong("public_scheme", "Poort ends TLS, so browsers do not come by http", "public_scheme = \"https\"");
    }
    let listen = listen.unwrap_or(default.listen);
    let management_listen = management_listen.unwrap_or(default.management_listen);
    if listen.port() == management_listen.port() && listen.port() != 0 {
        table.wrong(
            "management_listen",
            format!("port {} is that of `listen` too: health and metrics are not for the public", listen.port()),
            "management_listen = \"127.0.0.1:9090\"",
        );
    }
    table.finish();
    Server {
        listen,
        management_listen,
        public_scheme: scheme,
        public_port: public_port.unwrap_or(match scheme {
            Scheme::Https => 443,
            Scheme::Http => listen.port(),
        }),
        tls: tls.value,
        trusted_proxies: trusted_proxies.unwrap_or_default().into_iter().map(|network| network.value).collect(),
    }
}

/// TLS as asked for, rightly or not.
struct AskedTls {
    value: Option<Tls>,
    asked: bool,
}

impl AskedTls {
    const fn is_there(&self) -> bool {
        self.value.is_some()
    }

    const fn is_absent(&self) -> bool {
        !self.asked
    }
}

fn tls(mut table: Table<'_>, directory: &Path) -> AskedTls {
    let certificate_file = table.optional("certificate_file", "\"tls/fullchain.pem\"", path(directory));
    let key_file = table.optional("key_file", "\"tls/private.pem\"", path(directory)).map(SecretFile::new);
    let asked = table.has("certificate_file") || table.has("key_file");
    if table.has("certificate_file") && !table.has("key_file") {
        table.wrong("certificate_file", "a certificate without its key", "key_file = \"tls/private.pem\" beside it");
    }
    if table.has("key_file") && !table.has("certificate_file") {
        table.wrong("key_file", "a key without its certificate", "certificate_file = \"tls/fullchain.pem\" beside it");
    }
    table.finish();
    let value = certificate_file.zip(key_file).map(|(certificate_file, key_file)| Tls { certificate_file, key_file });
    AskedTls { value, asked }
}

fn limits(mut table: Table<'_>) -> Limits {
    let default = Limits::default();
    let limits = Limits {
        header_bytes: table
            .optional("header_bytes", "\"32KiB\"", size(8 << 10, 1 << 20))
            .unwrap_or(default.header_bytes),
        headers: table.optional("headers", "100", number(20, 1000)).unwrap_or(default.headers),
        header_read_timeout: table
            .optional("header_read_timeout", "\"10s\"", duration(SECOND, TEN_MINUTES))
            .unwrap_or(default.header_read_timeout),
        body_timeout: table
            .optional("body_timeout", "\"30s\"", duration(SECOND, TEN_MINUTES))
            .unwrap_or(default.body_timeout),
        idle_timeout: table
            .optional("idle_timeout", "\"75s\"", duration(SECOND, TEN_MINUTES))
            .unwrap_or(default.idle_timeout),
        connections: table.optional("connections", "10000", number(10, 1_000_000)).unwrap_or(default.connections),
        connections_per_address: table
            .optional("connections_per_address", "500", number(1, 1_000_000))
            .unwrap_or(default.connections_per_address),
        password_checks: table.optional("password_checks", "4", number(1, 256)).unwrap_or(default.password_checks),
        drain: table.optional("drain", "\"25s\"", duration(Duration::ZERO, TEN_MINUTES)).unwrap_or(default.drain),
    };
    table.finish();
    limits
}

fn database(mut table: Table<'_>, directory: &Path) -> Database {
    let default = Database::default();
    let url = table.optional("url", "\"sqlite:poort.db\"", address::database_url);
    let migrate_url =
        table.optional("migrate_url", "\"postgres://poort_owner@db.internal/poort\"", address::database_url);
    let file = |table: &mut Table<'_>, key, example| table.optional(key, example, path(directory)).map(SecretFile::new);
    let password_file = file(&mut table, "password_file", "\"/run/secrets/database\"");
    let migrate_password_file = file(&mut table, "migrate_password_file", "\"/run/secrets/database-owner\"");
    let migrate_on_start = table.optional("migrate_on_start", "true", boolean);
    let connections = table.optional("connections", "16", number(1, 1000));
    let connect_timeout = table.optional("connect_timeout", "\"3s\"", duration(100 * MILLISECOND, TEN_MINUTES));

    let on_postgres = url.as_deref().map(is_postgres).or((!table.has("url")).then_some(false));
    match on_postgres {
        Some(true) => {
            if !table.has("migrate_url") && migrate_on_start != Some(false) {
                table.wrong(
                    "url",
                    "on PostgreSQL the role of this URL may not change tables, and no owner is named who does",
                    "migrate_url = \"postgres://poort_owner@db.internal/poort\", the owner of the tables\n\
                     or migrate_on_start = false, and `poort migrate` with a migrate_url of its own before each upgrade",
                );
            }
            if let Some(owner) = &migrate_url {
                if !is_postgres(owner) {
                    table.wrong(
                        "migrate_url",
                        "this is another kind of database than that of `url`",
                        "the same database, as the role that owns its tables",
                    );
                } else if user_of(owner).is_some() && url.as_deref().and_then(user_of) == user_of(owner) {
                    table.wrong(
                        "migrate_url",
                        "this is the role of `url`: Poort would run as the owner of its tables, whom row-level security does not bind",
                        "two roles: the owner here, and in `url` one that may only read and write rows",
                    );
                }
            }
        }
        Some(false) => {
            for key in ["password_file", "migrate_url", "migrate_password_file"] {
                if table.has(key) {
                    table.wrong(
                        key,
                        "SQLite has no roles and no passwords",
                        "remove it, or set `url` to a PostgreSQL database",
                    );
                }
            }
        }
        None => {}
    }
    table.finish();
    let located = |text: String| match text.strip_prefix("sqlite:") {
        Some(file) => DatabaseUrl::Sqlite(directory.join(file)),
        None => DatabaseUrl::Postgres(text),
    };
    Database {
        url: located(url.unwrap_or_else(|| "sqlite:poort.db".into())),
        password_file,
        migrate_url: migrate_url.map(located),
        migrate_password_file,
        migrate_on_start: migrate_on_start.unwrap_or(default.migrate_on_start),
        connections: connections.unwrap_or(default.connections),
        connect_timeout: connect_timeout.unwrap_or(default.connect_timeout),
    }
}

fn is_postgres(url: &str) -> bool {
    !url.starts_with("sqlite:")
}

fn user_of(url: &str) -> Option<String> {
    let url = url::Url::parse(url).ok()?;
    if !url.username().is_empty() {
        return Some(url.username().to_owned());
    }
    url.query_pairs().find(|(name, _)| name == "user").map(|(_, user)| user.into_owned())
}

fn keys(mut table: Table<'_>, directory: &Path) -> Keys {
    let file = table.optional("master_key_file", "\"master.key\"", path(directory));
    table.finish();
    Keys { master_key_file: SecretFile::new(file.unwrap_or_else(|| directory.join("master.key"))) }
}

fn mail(mut table: Table<'_>, directory: &Path) -> Mail {
    let default = Mail::default();
    let words = [("none", MailTls::None), ("starttls", MailTls::StartTls), ("tls", MailTls::Tls)];
    let host = table.optional("host", "\"mail.internal\"", address::host);
    let tls = table.optional("tls", "\"starttls\"", word(&words)).unwrap_or(default.tls);
    let port = table.optional("port", "587", number(1, 65_535)).and_then(|port| u16::try_from(port).ok());
    let user = table.optional("user", "\"poort\"", text);
    let password_file = table.optional("password_file", "\"/run/secrets/mail\"", path(directory)).map(SecretFile::new);
    let from = table.optional("from", "\"Poort <no-reply@poort.example>\"", address::mailbox);
    let timeout = table.optional("timeout", "\"10s\"", duration(SECOND, TEN_MINUTES));
    for (key, other, example) in [
        ("user", "password_file", "password_file = \"/run/secrets/mail\""),
        ("password_file", "user", "user = \"poort\""),
    ] {
        if table.has(key) && !table.has(other) {
            table.wrong(key, format!("a `{key}` without a `{other}`"), format!("{example} beside it, or neither"));
        }
    }
    if tls == MailTls::None && user.is_some() && password_file.is_some() {
        table.wrong(
            "user",
            "the password would travel to the mail server in clear",
            "tls = \"starttls\" beside it, or neither user nor password_file",
        );
    }
    table.finish();
    Mail {
        host: host.unwrap_or(default.host),
        port: port.unwrap_or(match tls {
            MailTls::None => 25,
            MailTls::StartTls => 587,
            MailTls::Tls => 465,
        }),
        tls,
        user,
        password_file,
        from: from.unwrap_or(default.from),
        timeout: timeout.unwrap_or(default.timeout),
    }
}

fn log(mut table: Table<'_>) -> Log {
    let default = Log::default();
    let levels = [LogLevel::Error, LogLevel::Warn, LogLevel::Info, LogLevel::Debug].map(|level| (level.word(), level));
    let level = table.optional("level", "\"info\"", word(&levels)).unwrap_or(default.level);
    let format = table
        .optional("format", "\"json\"", word(&[("json", LogFormat::Json), ("text", LogFormat::Text)]))
        .unwrap_or(default.format);
    table.finish();
    Log { level, format }
}

fn folders(mut table: Table<'_>, directory: &Path) -> Folders {
    let mut folder = |key, example| {
        table.optional(key, &format!("{example:?}"), path(directory)).unwrap_or_else(|| directory.join(example))
    };
    let folders = Folders { tenants: folder("tenants", "tenants"), policies: folder("policies", "policies") };
    table.finish();
    folders
}
