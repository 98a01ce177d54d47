//! `poort demo`: a gateway around invented people and sample registers, on this machine.

use std::{
    net::SocketAddr,
    path::PathBuf,
    sync::{Arc, atomic::AtomicBool},
    time::Duration,
};

use anyhow::Context;
use clap::Args;
use secrecy::SecretString;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use url::Url;

use super::{
    cli::say,
    gateway::{Gateway, UnknownHost},
    serve,
    start::{self, Parts},
    tasks, telemetry,
};
use crate::{
    base::{Clock, Random, tls::KeyFiles},
    config::gateway::{Log, LogFormat, LogLevel},
    demo::{self, BackendAt, Demo, INBOX_HOST, SAMPLE_APP, TELEPHONE_HOST},
    domain::tenant::Tenant,
    http::{
        client_ip::{Scheme, TrustedProxies},
        limits::Limits,
        server,
        tls::Tls,
    },
    login::password::Passwords,
    notify::{
        call::Caller,
        smtp::{Messenger, Security, SmtpSettings},
    },
    policy::{Policies, source},
    proxy::gate::Gate,
    service::addresses::Allowances,
    storage::{Store, ephemeral::Ephemeral, sql::Database},
};

/// What `poort demo` can be asked.
#[derive(Args, Clone, Debug)]
pub struct Options {
    /// The address to listen on.
    #[arg(long, default_value = "127.0.0.1:8080", value_name = "ADDRESS:PORT")]
    listen: SocketAddr,
    /// A folder that keeps the data; without it everything is forgotten at the end.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// An empty PostgreSQL database instead of SQLite: the URL of the role that serves.
    #[arg(long, value_name = "URL", requires = "migrate_url")]
    database: Option<String>,
    /// The same database, as the role that owns it.
    #[arg(long, value_name = "URL", requires = "database")]
    migrate_url: Option<String>,
    /// A register of your own instead of a sample: dossier, opleiding, registratie, portfolio, kwaliteitsregister, kamer or
    /// specialisten. May be repeated.
    #[arg(long = "backend", value_name = "REGISTER=URL")]
    backends: Vec<BackendAt>,
    /// The origin of an application that uses the demo's OpenID provider.
    #[arg(long, default_value = SAMPLE_APP, value_name = "ORIGIN")]
    app: String,
    /// The public keys of that application.
    #[arg(long, value_name = "FILE")]
    app_jwks: Option<PathBuf>,
    /// An OpenID provider in the place of the demo's own itsme: its issuer.
    #[arg(long, value_name = "URL")]
    itsme: Option<Url>,
    /// An OpenID provider in the place of the demo's own FAS: its issuer.
    #[arg(long, value_name = "URL")]
    fas: Option<Url>,
    /// The demo's own FAS speaks SAML, and not OpenID Connect.
    #[arg(long, conflicts_with_all = ["fas", "tls_certificate"])]
    fas_saml: bool,
    /// Where both providers of SMS and calls are, instead of the demo's own: one as Twilio, and one as MessageBird.
    #[arg(long, value_name = "URL")]
    telephone: Option<Url>,
    /// Prints the invented people as JSON, and ends.
    #[arg(long)]
    people_json: bool,
    /// Ends TLS, with this certificate in PEM: every origin is https then.
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    tls_certificate: Option<PathBuf>,
    /// The certificate's private key, in PEM.
    #[arg(long, value_name = "FILE", requires = "tls_certificate")]
    tls_key: Option<PathBuf>,
    /// Also logs every request, as JSON on standard error.
    #[arg(long)]
    log: bool,
}

/// Runs the demo until `SIGTERM` or `SIGINT`.
///
/// # Errors
/// When it cannot begin.
pub async fn run(options: Options) -> anyhow::Result<()> {
    let (clock, random) = (Clock::system(), Random::system());
    if options.people_json {
        say(&demo::people_json(clock.now().date_in(&jiff::tz::TimeZone::UTC)));
        return Ok(());
    }
    telemetry::log(match options.log {
        true => Log { level: LogLevel::Info, format: LogFormat::Json },
        false => Log { level: LogLevel::Warn, format: LogFormat::Text },
    })?;
    let listener = TcpListener::bind(options.listen).await.with_context(|| {
        format!("--listen {}: name another port, for example --listen 127.0.0.1:8081", options.listen)
    })?;
    let asked = demo::Options {
        listen: listener.local_addr()?,
        data: options.data,
        backends: options.backends,
        app: options.app,
        app_jwks: options.app_jwks,
        itsme: options.itsme,
        fas: options.fas,
        telephone: options.telephone,
        saml: true,
        fas_saml: options.fas_saml,
        certificate: options.tls_certificate.clone(),
    };
    let demo = Demo::prepare(&asked, &clock, &random).await?;
    let database = match options.database {
        None => demo.database(),
        Some(url) => Database::Postgres {
            url: SecretString::from(url).into(),
            owner_url: options.migrate_url.map(|url| SecretString::from(url).into()),
            migrate: true,
            connections: 16,
            acquire: Duration::from_secs(2),
            patience: Duration::from_secs(2),
        },
    };
    let store = Store::open(&database).await?;
    demo.admit(&store).await?;
    let parts = Parts {
        clock,
        random: random.clone(),
        store,
        master: demo.master_key()?,
        policies: Policies::load(&source::shipped())?,
        passwords: Passwords::new(&random),
        tenants: demo.tenants().to_vec(),
        ephemeral: Ephemeral::default(),
        allowances: Allowances::default(),
    };
    let shared = start::assemble(parts).await?;
    demo.seed(&shared.core).await?;

    let files = options.tls_certificate.zip(options.tls_key);
    let files = files.map(|(certificate, key)| KeyFiles { certificate, key });
    let hosts = || demo.tenants().iter().flat_map(Tenant::hosts).map(str::to_owned).collect();
    let tls =
        files.map(|files| Tls::load(files, hosts(), shared.core.now())).transpose().context("--tls-certificate")?;
    let limits = Limits { drain: Duration::from_secs(5), ..Limits::default() };
    let stopping = CancellationToken::new();
    let gate = Gate::new(shared.clone(), limits.pace, stopping.clone())?;
    let mut gateway = Gateway::new(
        shared.clone(),
        gate,
        TrustedProxies::default(),
        if tls.is_some() { Scheme::Https } else { Scheme::Http },
        limits.pace,
        UnknownHost::ListTenants,
    )
    .with_host(INBOX_HOST, demo.inbox())
    .with_host(TELEPHONE_HOST, demo.telephones());
    for (host, stand_in) in demo.stand_ins() {
        gateway = gateway.with_host(host, stand_in);
    }
    let messenger = Messenger::new(&SmtpSettings {
        host: demo.smtp().ip().to_string(),
        port: demo.smtp().port(),
        security: Security::None,
        authority: None,
        credentials: None,
        sender: "poort@demo.example".into(),
        timeout: Duration::from_secs(10),
    })?;
    let caller = Caller::new().context("TLS towards clients")?;
    let tasks = tasks::start(&shared, Some(messenger), Some(demo.telephone()?), caller, &stopping);
    tokio::spawn(serve::stop_when_told(Arc::new(AtomicBool::new(false)), Duration::ZERO, stopping.clone()));
    say(&demo.welcome());
    server::serve(listener, tls, gateway, limits, random, stopping).await;
    tasks.join_all().await;
    shared.core.store.close().await;
    drop(demo);
    Ok(())
}
