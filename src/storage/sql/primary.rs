//! The PostgreSQL server that writes. A URL may name several; the others are its standbys, and one of them may take over.
//!
//! A server can hang, die, be cut off from us, or lose the lead. So an answer is waited for only so long; a connection that was
//! opened before the last failure is not used again; and a server that only reads is not believed to be the one. What a
//! replica that was cut off had locked is let go by the server after the same time.

use std::{
    str::FromStr,
    sync::{
        Arc, RwLock,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use secrecy::{ExposeSecret, SecretString};
use sqlx::{
    Connection as _, PgConnection, PgPool, Postgres,
    postgres::{PgConnectOptions, PgPoolOptions, PgRow},
};

use super::StoreError;

/// How long one of several servers may take to say whether it writes.
const SEEK: Duration = Duration::from_millis(500);

/// The servers of one database, each as a URL of its own with the same role: any of them may be the one that writes.
#[derive(Clone, Debug)]
pub struct Servers(Vec<SecretString>);

impl Servers {
    /// These servers, in the order in which they are asked.
    #[must_use]
    pub const fn new(urls: Vec<SecretString>) -> Self {
        Self(urls)
    }

    /// The URL of each.
    #[must_use]
    pub fn urls(&self) -> &[SecretString] {
        &self.0
    }

    /// How to connect to each.
    ///
    /// # Errors
    /// When a URL is none, or there is none.
    pub(super) fn options(&self) -> Result<Vec<PgConnectOptions>, StoreError> {
        // The error could quote the URL, and with it the password.
        let unusable =
            || StoreError::Unusable("the database URL is not one: postgres://USER:PASSWORD@HOST/DATABASE".into());
        let all: Result<Vec<_>, _> = self.0.iter().map(|url| PgConnectOptions::from_str(url.expose_secret())).collect();
        let all = all.map_err(|_| unusable())?;
        if all.is_empty() {
            return Err(unusable());
        }
        Ok(all.into_iter().map(|options| options.application_name("poort")).collect())
    }

    /// Connects to the one that writes, outside any pool.
    ///
    /// # Errors
    /// When none of them does.
    pub(super) async fn connect(&self) -> Result<PgConnection, StoreError> {
        let mut why = None;
        for options in self.options()? {
            let mut connection = match PgConnection::connect_with(&options).await {
                Ok(connection) => connection,
                Err(error) => {
                    why = Some(error.into());
                    continue;
                }
            };
            if writes(&mut connection).await? {
                return Ok(connection);
            }
            why = Some(StoreError::Unavailable("the server is a standby: it only reads".into()));
        }
        Err(why.unwrap_or_else(|| StoreError::Unavailable("no server".into())))
    }
}

impl From<SecretString> for Servers {
    fn from(url: SecretString) -> Self {
        Self(vec![url])
    }
}

/// Connections to the server that writes.
pub(super) struct Primary {
    pool: PgPool,
    /// One connection, apart from the pool's.
    aside: PgPool,
    servers: Vec<PgConnectOptions>,
    /// Which of them new connections go to.
    chosen: RwLock<usize>,
    patience: Duration,
    failures: Failures,
}

impl Primary {
    /// Connects. `acquire` is how long a transaction may wait for a connection, `patience` how long for one answer.
    pub(super) async fn open(
        servers: &Servers,
        connections: u32,
        acquire: Duration,
        patience: Duration,
    ) -> Result<Self, StoreError> {
        let servers = servers.options()?;
        let failures = Failures::default();
        let pool = |most: u32| {
            let failures = failures.clone();
            PgPoolOptions::new()
                .max_connections(most)
                .test_before_acquire(false)
                .acquire_timeout(acquire)
                .after_connect(move |connection, _| Box::pin(settle(connection, patience)))
                .before_acquire(move |_, connection| {
                    let usable = failures.none_within(connection.age);
                    Box::pin(async move { Ok(usable) })
                })
                // What was left in the middle of something comes to rest in time, or is thrown away.
                .after_release(move |connection, _| {
                    Box::pin(async move {
                        match tokio::time::timeout(patience, connection.ping()).await {
                            Ok(answer) => answer.map(|()| true),
                            Err(_) => Ok(false),
                        }
                    })
                })
                .connect_lazy_with(servers.first().cloned().unwrap_or_default())
        };
        let (pool, aside) = (pool(connections), pool(1));
        let this = Self { pool, aside, servers, chosen: RwLock::new(0), patience, failures };
        this.seek().await;
        Ok(this)
    }

    pub(super) const fn pool(&self) -> &PgPool {
        &self.pool
    }

    /// A connection that no transaction takes.
    pub(super) const fn aside(&self) -> &PgPool {
        &self.aside
    }

    pub(super) async fn close(&self) {
        self.aside.close().await;
        self.pool.close().await;
    }

    /// Waits for an answer, but not for ever.
    pub(super) async fn answer<T>(&self, asked: impl Future<Output = Result<T, sqlx::Error>>) -> Result<T, StoreError> {
        match tokio::time::timeout(self.patience, asked).await {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(error)) => {
                if breaks(&error) {
                    self.failures.note();
                }
                Err(error.into())
            }
            Err(_) => {
                self.failures.note();
                Err(StoreError::Unavailable(format!("no answer within {:?}", self.patience)))
            }
        }
    }

    /// Begins a transaction. How long the pool may take is the pool's own bound.
    pub(super) async fn begin(&self) -> Result<sqlx::Transaction<'static, Postgres>, StoreError> {
        let connection = self.pool.acquire().await?;
        let before = self.failures.count();
        match self.answer(sqlx::Transaction::begin(connection, None)).await {
            // A connection that broke while it lay idle shows it now, before anything was asked: another is tried, once.
            Err(StoreError::Unavailable(_)) if self.failures.count() > before => {
                let connection = self.pool.acquire().await?;
                self.answer(sqlx::Transaction::begin(connection, None)).await
            }
            begun => begun,
        }
    }

    /// Runs something that needs no transaction, on a connection of `pool`.
    pub(super) async fn read_all<T>(&self, pool: &PgPool, sql: &'static str) -> Result<Vec<T>, StoreError>
    where
        T: for<'r> sqlx::FromRow<'r, PgRow> + Send + Unpin,
    {
        let mut connection = pool.acquire().await?;
        self.answer(sqlx::query_as(sql).fetch_all(&mut *connection)).await
    }

    /// Finds the server that writes, when there are several: new connections go to the first that says so.
    pub(super) async fn seek(&self) {
        if self.servers.len() < 2 {
            return;
        }
        for (place, options) in self.servers.iter().enumerate() {
            let asked = async {
                let mut connection = PgConnection::connect_with(options).await?;
                let writes = writes(&mut connection).await?;
                connection.close().await?;
                Ok::<_, sqlx::Error>(writes)
            };
            if !matches!(tokio::time::timeout(SEEK, asked).await, Ok(Ok(true))) {
                continue;
            }
            let mut chosen = self.chosen.write().unwrap_or_else(std::sync::PoisonError::into_inner);
            if std::mem::replace(&mut *chosen, place) != place {
                self.pool.set_connect_options(options.clone());
                self.aside.set_connect_options(options.clone());
                self.failures.note();
                tracing::warn!(host = options.get_host(), port = options.get_port(), "another server writes now");
            }
            return;
        }
    }
}

/// Makes a new connection ours: only to a server that writes, and with bounds that hold when we cannot be heard any more.
async fn settle(connection: &mut PgConnection, patience: Duration) -> Result<(), sqlx::Error> {
    const SETTLE: &str = "SELECT pg_is_in_recovery(), set_config('statement_timeout', $1, false), \
        set_config('lock_timeout', $1, false), set_config('idle_in_transaction_session_timeout', $1, false)";
    let bound = format!("{}ms", patience.as_millis());
    let (standby, ..): (bool, String, String, String) =
        sqlx::query_as(SETTLE).bind(bound).fetch_one(&mut *connection).await?;
    if standby { Err(sqlx::Error::Protocol("the server is a standby: it only reads".into())) } else { Ok(()) }
}

async fn writes(connection: &mut PgConnection) -> Result<bool, sqlx::Error> {
    let (standby,): (bool,) = sqlx::query_as("SELECT pg_is_in_recovery()").fetch_one(connection).await?;
    Ok(!standby)
}

/// Whether an error says that connections to that server are of no use: it went away, or lost the lead.
fn breaks(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_) | sqlx::Error::Tls(_) | sqlx::Error::Protocol(_) => true,
        // Connection exceptions; a shutdown; a server that only reads; a session that the server ended.
        sqlx::Error::Database(error) => error.code().is_some_and(|code| {
            code.starts_with("08") || matches!(code.as_ref(), "57P01" | "57P02" | "57P03" | "25006" | "25P03")
        }),
        _ => false,
    }
}

/// When a connection failed last, and how often one did.
#[derive(Clone)]
struct Failures {
    start: Instant,
    /// Microseconds after `start`.
    last: Arc<AtomicU64>,
    count: Arc<AtomicU64>,
}

impl Default for Failures {
    fn default() -> Self {
        Self { start: Instant::now(), last: Arc::default(), count: Arc::default() }
    }
}

impl Failures {
    fn note(&self) {
        self.last.fetch_max(self.micros(), Ordering::AcqRel);
        self.count.fetch_add(1, Ordering::AcqRel);
    }

    fn count(&self) -> u64 {
        self.count.load(Ordering::Acquire)
    }

    /// Whether there was none since something that is this old began.
    fn none_within(&self, age: Duration) -> bool {
        let last = self.last.load(Ordering::Acquire);
        let age = u64::try_from(age.as_micros()).unwrap_or(u64::MAX);
        last == 0 || self.micros().saturating_sub(age) > last
    }

    fn micros(&self) -> u64 {
        u64::try_from(self.start.elapsed().as_micros()).unwrap_or(u64::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_there_before_a_failure_is_not_used_after_it() {
        let failures = Failures { start: Instant::now() - Duration::from_secs(10), ..Failures::default() };
        let (old, new) = (Duration::from_secs(5), Duration::ZERO);
        assert!(failures.none_within(old));
        failures.note();
        std::thread::sleep(Duration::from_millis(1));
        assert!(!failures.none_within(old) && failures.none_within(new));
    }
}
