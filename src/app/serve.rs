//! `poort serve`: a gateway for the tenants of a configuration, until it is told to stop.

use std::{
    fs, io,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use anyhow::Context;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use zeroize::Zeroizing;

use super::{
    gateway::{Gateway, UnknownHost},
    management::Management,
    reload,
    start::{self, Parts},
    tasks, telemetry, telephone, traces,
};
use crate::{
    base::{Clock, Random, tls::KeyFiles},
    config::{
        self, Config, Scheme as PublicScheme,
        gateway::{
            Gateway as Settings, Limits as LimitSettings, Mail, MailTls, RedisTls as RedisTlsSettings,
            Tls as TlsSettings,
        },
    },
    domain::{
        certificate::CertificateProof,
        client::ClientAuthentication,
        tenant::{Factor, Tenant},
    },
    http::{
        client_ip::{ForwardedBy, Scheme, TrustedProxies},
        limits::{Limits, Pace},
        server,
        tls::{Outward, Tls},
    },
    login::password::Passwords,
    notify::{
        call::Caller,
        smtp::{Messenger, Security, SmtpSettings},
    },
    proxy::gate::Gate,
    service::{Shared, addresses::Allowances},
    storage::{
        Store, StoreError,
        ephemeral::{Ephemeral, RedisSettings, RedisTls},
        sql::Database,
    },
};

/// Passwords that may wait to be judged.
const PASSWORD_QUEUE: usize = 200;

/// Serves until `SIGTERM` or `SIGINT`, then answers what is under way.
///
/// # Errors
/// When it cannot begin: the message names the setting.
pub async fn run(config: Config) -> anyhow::Result<()> {
    let Config { gateway: settings, tenants, policies } = config;
    telemetry::log(settings.log)?;
    let metrics = telemetry::metrics()?;
    let random = Random::system();
    let master = start::master_key(&settings)?;
    let store = opened(&start::database(&settings)?).await?;
    refuse_invented_people(&store, &tenants).await?;
    let checks = usize::try_from(settings.limits.password_checks).unwrap_or(1).max(1);
    let passwords = Passwords::with_limits(&random, checks, PASSWORD_QUEUE);
    let clock = Clock::system();
    let tls = tls(&settings, &tenants, &clock)?;
    let asking = mutual_tls(&settings, &tenants, &clock)?;
    let asking_people = cards(&settings, &tenants, &clock)?;
    let allowances = Allowances {
        logins: settings.limits.logins_per_address,
        mails: settings.limits.mails_per_address,
        phones: settings.limits.phones_per_address,
        clients: settings.limits.token_failures_per_address,
    };
    let ephemeral = ephemeral(&settings)?;
    let parts = Parts {
        clock: clock.clone(),
        random: random.clone(),
        store,
        master,
        policies,
        passwords,
        tenants,
        ephemeral,
        allowances,
    };
    let telephone = telephone::telephone(settings.telephone.as_ref(), &parts.tenants, &clock)?;
    let shared = start::assemble(parts).await?;
    let messenger = Messenger::new(&smtp(&settings.mail)?).context("mail")?;
    let caller = Caller::new().context("TLS towards clients")?;

    let stopping = CancellationToken::new();
    let not_ready = Arc::new(AtomicBool::new(false));
    let trusted = TrustedProxies::new(settings.server.trusted_proxies.clone(), ForwardedBy::XForwarded);
    let limits = Limits { trusted: trusted.clone(), ..limits(&settings.limits) };
    let (spans, sent) = traces::start(&settings.traces, &random)?;
    let gateway = Arc::new(gateway(&settings, &shared, trusted, limits.pace, &stopping)?.with_spans(spans));
    tokio::spawn(telemetry::tidy(metrics.clone()));
    let management = Management { shared: shared.clone(), metrics, stopping: not_ready.clone() };
    let public = TcpListener::bind(settings.server.listen)
        .await
        .with_context(|| format!("server.listen = \"{}\"", settings.server.listen))?;
    let private = TcpListener::bind(settings.server.management_listen)
        .await
        .with_context(|| format!("server.management_listen = \"{}\"", settings.server.management_listen))?;
    let mut asking_listeners = Vec::new();
    for (section, asked, tls) in [
        ("server.mutual_tls", &settings.server.mutual_tls, asking),
        ("server.cards", &settings.server.cards, asking_people),
    ] {
        if let (Some(asked), Some(tls)) = (asked, tls) {
            let listener = TcpListener::bind(asked.listen).await;
            let listener = listener.with_context(|| format!("{section}.listen = \"{}\"", asked.listen))?;
            asking_listeners.push((listener, tls));
        }
    }
    let tasks = tasks::start(&shared, Some(messenger), telephone, caller, &stopping);
    tokio::spawn(reload::policies(shared.clone(), settings.folders.policies.clone(), stopping.clone()));
    for tls in tls.iter().chain(asking_listeners.iter().map(|(_, tls)| tls)) {
        tokio::spawn(reload::certificate(Arc::clone(tls), clock.clone(), stopping.clone()));
    }
    tokio::spawn(stop_when_told(not_ready, settings.limits.drain_notice, stopping.clone()));
    tracing::info!(
        listen = %settings.server.listen,
        management = %settings.server.management_listen,
        tenants = shared.tenants.all().len(),
        "ready"
    );
    // Health is answered while the last requests are: its listener stops after the public one.
    let health = CancellationToken::new();
    let private =
        tokio::spawn(server::serve(private, None, management, limits.clone(), random.clone(), health.clone()));
    let asking = asking_listeners.into_iter().map(|(listener, tls)| {
        let (gateway, limits, random, stopping) = (gateway.clone(), limits.clone(), random.clone(), stopping.clone());
        server::serve(listener, Some(tls), gateway, limits, random, stopping)
    });
    let asking = futures_util::future::join_all(asking);
    let public = server::serve(public, tls, gateway.clone(), limits.clone(), random.clone(), stopping.clone());
    let (drained, of_asking) = tokio::join!(public, asking);
    let cut = drained.cut + of_asking.iter().map(|drained| drained.cut).sum::<usize>();
    health.cancel();
    let _stopped = private.await;
    tasks.join_all().await;
    // The last spans; a collector that does not answer holds up no stop.
    let _sent = tokio::time::timeout(traces::TIMEOUT, sent).await;
    shared.core.store.close().await;
    tracing::info!(cut, "stopped");
    Ok(())
}

fn gateway(
    settings: &Settings,
    shared: &Shared,
    trusted: TrustedProxies,
    pace: Pace,
    stopping: &CancellationToken,
) -> anyhow::Result<Gateway> {
    let gate = Gate::new(shared.clone(), pace, stopping.clone())?;
    let https = settings.server.tls.is_some() || !settings.server.trusted_proxies.is_empty();
    let scheme = match settings.server.public_scheme {
        PublicScheme::Https if https => Scheme::Https,
        _ => Scheme::Http,
    };
    Ok(Gateway::new(shared.clone(), gate, trusted, scheme, pace, UnknownHost::Refuse))
}

/// TLS of the public listener, when Poort ends it itself.
fn tls(settings: &Settings, tenants: &[Tenant], clock: &Clock) -> anyhow::Result<Option<Arc<Tls>>> {
    let Some(tls) = &settings.server.tls else { return Ok(None) };
    Tls::load(files(tls), hosts(tenants), clock.now()).map(Some).context("server.tls")
}

/// TLS of the listener for programs that show a certificate, and the authorities that their clients name.
fn mutual_tls(settings: &Settings, tenants: &[Tenant], clock: &Clock) -> anyhow::Result<Option<Arc<Tls>>> {
    let clients = || tenants.iter().flat_map(|tenant| tenant.clients.iter().map(move |client| (tenant, client)));
    let Some(asked) = &settings.server.mutual_tls else {
        return match clients().find(|(_, client)| client.needs_a_certificate()) {
            None => Ok(None),
            Some((tenant, client)) => anyhow::bail!(
                "server.mutual_tls: client {} of tenant {} needs a certificate, and nobody asks it for one; for example \
                 listen = \"0.0.0.0:8444\", certificate_file = \"tls/fullchain.pem\" and key_file = \"tls/private.pem\"",
                client.id,
                tenant.id
            ),
        };
    };
    let authorities = clients().filter_map(|(_, client)| match &client.authentication {
        ClientAuthentication::Certificate(CertificateProof::Vouched { authorities, .. }) => Some(authorities.clone()),
        _ => None,
    });
    Tls::mutual(files(&asked.tls), hosts(tenants), authorities, clock.now()).map(Some).context("server.mutual_tls")
}

/// TLS of the listener for people who show the certificate of their identity card.
fn cards(settings: &Settings, tenants: &[Tenant], clock: &Clock) -> anyhow::Result<Option<Arc<Tls>>> {
    let Some(asked) = &settings.server.cards else {
        return match tenants.iter().find(|tenant| tenant.offers(Factor::EidCertificate)) {
            None => Ok(None),
            Some(tenant) => anyhow::bail!(
                "server.cards: tenant {} has means with `eid_certificate`, and nobody asks people for a certificate. A proxy that \
                 ends TLS cannot pass on what a card proves, so Poort ends it itself on a port of its own; for example \
                 listen = \"0.0.0.0:8445\", certificate_file = \"tls/fullchain.pem\" and key_file = \"tls/private.pem\"",
                tenant.id
            ),
        };
    };
    let authorities = tenants.iter().filter_map(|tenant| tenant.eid.as_ref()).map(|eid| eid.authorities.clone());
    Tls::cards(files(&asked.tls), hosts(tenants), authorities, clock.now()).map(Some).context("server.cards")
}

fn files(tls: &TlsSettings) -> KeyFiles {
    KeyFiles { certificate: tls.certificate_file.clone(), key: tls.key_file.path().to_owned() }
}

fn hosts(tenants: &[Tenant]) -> Vec<String> {
    tenants.iter().flat_map(Tenant::hosts).map(str::to_owned).collect()
}

/// The listener's bounds, as the configuration has them.
#[must_use]
pub fn limits(settings: &LimitSettings) -> Limits {
    let default = Limits::default();
    Limits {
        connections: usize::try_from(settings.connections).unwrap_or(default.connections),
        connections_per_address: usize::try_from(settings.connections_per_address)
            .unwrap_or(default.connections_per_address),
        head_bytes: usize::try_from(settings.header_bytes).unwrap_or(default.head_bytes),
        head_fields: usize::try_from(settings.headers).unwrap_or(default.head_fields),
        head_time: settings.header_read_timeout,
        handshake_time: settings.header_read_timeout,
        idle_time: settings.idle_timeout,
        pace: Pace { gap: settings.body_timeout, ..Pace::default() },
        unacknowledged: settings.body_timeout,
        write_stall: default.write_stall.max(settings.body_timeout),
        drain: settings.drain,
        ..default
    }
}

/// Opens the database. A server that is not there yet is waited for, as after a power cut, when everything starts at once.
async fn opened(database: &Database) -> anyhow::Result<Store> {
    loop {
        match Store::open(database).await {
            Err(StoreError::Unavailable(why)) if matches!(database, Database::Postgres { .. }) => {
                tracing::warn!(why, "database.url: the database does not answer; it is asked again in a second");
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
            opened => return opened.context("database.url"),
        }
    }
}

/// Where what may vanish is kept, as the configuration has it.
fn ephemeral(settings: &Settings) -> anyhow::Result<Ephemeral> {
    let Some(redis) = &settings.redis else { return Ok(Ephemeral::default()) };
    let password = redis.password_file.as_ref().map(config::SecretFile::read).transpose();
    let password = password.context("redis.password_file")?;
    let tls = redis.tls.as_ref().map(|tls| redis_tls(&redis.url, tls)).transpose()?.unwrap_or_default();
    Ephemeral::shared(&RedisSettings { url: redis.url.clone(), password, tls }).context("redis.url")
}

/// The files of TLS to Redis. They are judged here, so that a wrong one is told at the start and not by a Redis that never answers.
fn redis_tls(url: &str, tls: &RedisTlsSettings) -> anyhow::Result<RedisTls> {
    let host = url::Url::parse(url).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default();
    let own = tls.own.as_ref().map(files);
    Outward::new(host.trim_matches(['[', ']']), tls.ca_file.as_ref(), own.as_ref())
        .context("redis.ca_file, redis.certificate_file, redis.key_file")?;
    let authorities = tls.ca_file.as_ref().map(fs::read).transpose().context("redis.ca_file")?;
    let own = own.map(|own| Ok::<_, io::Error>((fs::read(own.certificate)?, Zeroizing::new(fs::read(own.key)?))));
    Ok(RedisTls { authorities, own: own.transpose().context("redis.certificate_file, redis.key_file")? })
}

/// How mails are handed in, as the configuration has it.
pub(super) fn smtp(mail: &Mail) -> anyhow::Result<SmtpSettings> {
    let password =
        mail.password_file.as_ref().map(config::SecretFile::read).transpose().context("mail.password_file")?;
    Ok(SmtpSettings {
        host: mail.host.clone(),
        port: mail.port,
        security: match mail.tls {
            MailTls::None => Security::None,
            MailTls::StartTls => Security::StartTls,
            MailTls::Tls => Security::Tls,
        },
        authority: None,
        credentials: mail.user.clone().zip(password),
        sender: mail.from.clone(),
        timeout: mail.timeout,
    })
}

/// The demo's people have passwords that everybody knows.
#[cfg(feature = "demo")]
async fn refuse_invented_people(store: &Store, tenants: &[Tenant]) -> anyhow::Result<()> {
    use crate::demo::marker;
    if let Some(mark) = marker::in_tenants(tenants) {
        anyhow::bail!("{mark}");
    }
    if let Some(mark) = marker::in_data(store, tenants.iter().map(|tenant| &tenant.id)).await? {
        anyhow::bail!("{mark}");
    }
    Ok(())
}

#[cfg(not(feature = "demo"))]
async fn refuse_invented_people(_: &Store, _: &[Tenant]) -> anyhow::Result<()> {
    Ok(())
}

/// Waits for `SIGTERM` or `SIGINT`; then the gateway is not ready any more, and begins to stop. After `SIGTERM` it goes on as
/// before for `notice`, so that who asks for readiness sends nothing more before nothing more is taken.
pub async fn stop_when_told(not_ready: Arc<AtomicBool>, notice: Duration, stopping: CancellationToken) {
    use tokio::signal::unix::{SignalKind, signal};
    let (Ok(mut terminate), Ok(mut interrupt)) = (signal(SignalKind::terminate()), signal(SignalKind::interrupt()))
    else {
        tracing::error!("signals cannot be waited for");
        return;
    };
    let notice = tokio::select! {
        _ = terminate.recv() => notice,
        _ = interrupt.recv() => Duration::ZERO,
    };
    tracing::info!("stopping");
    not_ready.store(true, Ordering::Relaxed);
    tokio::time::sleep(notice).await;
    stopping.cancel();
}
