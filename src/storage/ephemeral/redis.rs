//! Counts and news in Redis, 6 or later, in clear or over TLS.
//!
//! A supervisor holds the one connection, writes to it every [`BEAT`], and takes it away from everybody as soon as an answer
//! is late, wrong, or a refusal to write (a replica after a failover). It then connects anew until Redis is back. So a Redis
//! that hangs costs those requests that ask it at that moment [`PATIENCE`], and every other nothing.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use redis::{
    AsyncConnectionConfig, Client, ClientTlsConfig, IntoConnectionInfo, ProtocolVersion, PushInfo, PushKind,
    RedisResult, Script, TlsCertificates,
    aio::{MultiplexedConnection, SendError},
};
use secrecy::{ExposeSecret, SecretString};
use tokio::{
    sync::{Notify, watch},
    task::AbortHandle,
    time::timeout,
};
use zeroize::Zeroizing;

use super::{Rate, TooOften};
use crate::storage::StoreError;

/// How long a request waits for an answer.
const PATIENCE: Duration = Duration::from_millis(75);

/// How long connecting may take, and the answer to a beat.
const CONNECT: Duration = Duration::from_millis(500);

/// How often the supervisor asks whether Redis is there and takes writes.
const BEAT: Duration = Duration::from_millis(500);

/// What every key begins with.
const PREFIX: &str = "poort:";

/// The generic cell rate algorithm on Redis's own clock. Of each key the moment is kept at which everything is paid for, in
/// milliseconds; it goes when that moment has passed. Answers how long to wait, or 0.
const COUNT: &str = r"
local now = redis.call('TIME')
now = now[1] * 1000 + math.floor(now[2] / 1000)
local interval, window, times = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local paid = math.min(math.max(tonumber(redis.call('GET', KEYS[1]) or now), now), now + window)
paid = paid + interval * times
if times > 0 and paid > now + window then
  return math.ceil(paid - now - window)
end
if paid > now then
  redis.call('SET', KEYS[1], paid, 'PX', math.ceil(paid - now))
else
  redis.call('DEL', KEYS[1])
end
return 0
";

/// Where Redis is.
#[derive(Clone, Debug)]
pub struct RedisSettings {
    /// `redis://HOST:PORT/DATABASE`, or `rediss:` with TLS: then it must prove to be that host.
    pub url: String,
    /// The password there.
    pub password: Option<SecretString>,
    /// For `rediss:`, who is believed and what is shown.
    pub tls: RedisTls,
}

/// The files of TLS, in PEM.
#[derive(Clone, Default)]
pub struct RedisTls {
    /// The authorities that may vouch for it; without them those that the system trusts.
    pub authorities: Option<Vec<u8>>,
    /// The certificate and key that Poort shows when it is asked.
    pub own: Option<(Vec<u8>, Zeroizing<Vec<u8>>)>,
}

/// Nothing of a key.
impl fmt::Debug for RedisTls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RedisTls(authorities: {}, own: {})", self.authorities.is_some(), self.own.is_some())
    }
}

/// Redis, there or not.
pub(super) struct Redis {
    place: Arc<Place>,
    supervisor: AbortHandle,
}

/// Where it is, while it answers.
struct Place {
    connection: watch::Sender<Option<MultiplexedConnection>>,
    /// Whether it is in the log that it is away.
    away: AtomicBool,
    count: Script,
    channel: String,
}

impl Redis {
    /// Begins to look for it. `news` is notified of what other replicas tell.
    pub(super) fn start(settings: &RedisSettings, news: Arc<Notify>) -> Result<Self, StoreError> {
        let unusable = |_| StoreError::Unusable("the URL of Redis is not one: redis://HOST:PORT/DATABASE".into());
        let info = settings.url.as_str().into_connection_info().map_err(unusable)?;
        let mut login = info.redis_settings().clone().set_protocol(ProtocolVersion::RESP3);
        if let Some(password) = &settings.password {
            login = login.set_password(password.expose_secret());
        }
        // A message is heard in every database: its number keeps gateways apart that share a server.
        let channel = format!("{PREFIX}news:{}", login.db());
        let info = info.set_redis_settings(login);
        let client = match settings.url.starts_with("rediss:") {
            false => Client::open(info).map_err(unusable)?,
            true => {
                let RedisTls { authorities, own } = settings.tls.clone();
                let client_tls = own
                    .map(|(certificate, key)| ClientTlsConfig { client_cert: certificate, client_key: key.to_vec() });
                Client::build_with_tls(info, TlsCertificates { client_tls, root_cert: authorities })
                    .map_err(|error| StoreError::Unusable(format!("TLS to Redis: {error}")))?
            }
        };
        let place = Arc::new(Place {
            connection: watch::Sender::new(None),
            away: AtomicBool::new(false),
            count: Script::new(COUNT),
            channel,
        });
        metrics::gauge!("poort_redis_up").set(0.0);
        let supervisor = tokio::spawn(supervise(place.clone(), client, news)).abort_handle();
        Ok(Self { place, supervisor })
    }

    /// Whether it answers, as far as is known.
    pub(super) fn answers(&self) -> bool {
        self.place.connection.borrow().is_some()
    }

    /// Counts `times` times; a negative number gives back. `None` when it does not answer.
    pub(super) async fn take(&self, key: &str, rate: Rate, times: i64) -> Option<Result<(), TooOften>> {
        let mut connection = self.place.connection.borrow().clone()?;
        let mut call = self.place.count.key(format!("{PREFIX}{key}"));
        call.arg(rate.interval().as_secs_f64() * 1000.0).arg(rate.window.as_secs_f64() * 1000.0).arg(times);
        let wait: u64 = self.place.answer(call.invoke_async(&mut connection)).await?;
        Some(match wait {
            0 => Ok(()),
            wait => Err(TooOften { wait: Duration::from_millis(wait) }),
        })
    }

    /// Tells the other replicas that there is something new.
    pub(super) async fn tell(&self) {
        let Some(mut connection) = self.place.connection.borrow().clone() else { return };
        let publish = redis::cmd("PUBLISH").arg(&self.place.channel).arg("new").to_owned();
        self.place.answer::<i64>(publish.query_async(&mut connection)).await;
    }
}

impl Place {
    async fn answer<T>(&self, asked: impl Future<Output = RedisResult<T>>) -> Option<T> {
        match timeout(PATIENCE, asked).await {
            Ok(Ok(answer)) => Some(answer),
            Ok(Err(error)) => {
                self.lose(&error.to_string());
                None
            }
            Err(_) => {
                self.lose("no answer in time");
                None
            }
        }
    }

    /// Nobody asks it any more until it is found again.
    fn lose(&self, why: &str) {
        self.connection.send_replace(None);
        metrics::gauge!("poort_redis_up").set(0.0);
        metrics::counter!("poort_redis_failures_total").increment(1);
        if !self.away.swap(true, Ordering::AcqRel) {
            tracing::warn!(why, "Redis does not answer: this replica counts addresses by itself, and allows half");
        }
    }

    fn find(&self, connection: MultiplexedConnection) {
        self.connection.send_replace(Some(connection));
        metrics::gauge!("poort_redis_up").set(1.0);
        if self.away.swap(false, Ordering::AcqRel) {
            tracing::info!("Redis answers again");
        }
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        self.supervisor.abort();
    }
}

/// Connects, watches, and connects again.
async fn supervise(place: Arc<Place>, client: Client, news: Arc<Notify>) {
    loop {
        match timeout(CONNECT, connect(&client, &place.channel, news.clone())).await {
            Ok(Ok(connection)) => {
                place.find(connection.clone());
                // What was told meanwhile was not heard.
                news.notify_one();
                watch(&place, connection).await;
            }
            Ok(Err(error)) => place.lose(&error.to_string()),
            Err(_) => place.lose("no connection in time"),
        }
        tokio::time::sleep(BEAT / 2).await;
    }
}

/// Returns when it does not answer any more.
async fn watch(place: &Place, mut connection: MultiplexedConnection) {
    let mut asked = place.connection.subscribe();
    loop {
        tokio::select! {
            _ = asked.wait_for(Option::is_none) => return,
            () = tokio::time::sleep(BEAT) => {}
        }
        match timeout(CONNECT, beat(&mut connection)).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => return place.lose(&error.to_string()),
            Err(_) => return place.lose("no answer in time"),
        }
    }
}

/// A new connection that takes writes and hears the news.
async fn connect(client: &Client, channel: &str, news: Arc<Notify>) -> RedisResult<MultiplexedConnection> {
    let heard = move |push: PushInfo| -> Result<(), SendError> {
        if push.kind == PushKind::Message {
            news.notify_one();
        }
        Ok(())
    };
    let config = AsyncConnectionConfig::new()
        .set_connection_timeout(Some(CONNECT))
        .set_response_timeout(Some(CONNECT))
        .set_push_sender(heard);
    let mut connection = client.get_multiplexed_async_connection_with_config(&config).await?;
    beat(&mut connection).await?;
    connection.subscribe(channel).await?;
    Ok(connection)
}

/// A write, so that a server that only reads is noticed.
async fn beat(connection: &mut MultiplexedConnection) -> RedisResult<()> {
    redis::cmd("SET").arg(format!("{PREFIX}beat")).arg(1).arg("PX").arg(1000).query_async(connection).await
}
