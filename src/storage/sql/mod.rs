//! SQLite and PostgreSQL from one SQL text.
//!
//! [`Store::begin`] gives a [`Transaction`] bound to a tenant. Each file here is one port: the statements about one thing,
//! and the methods of `Transaction` that run them. `$1` of every statement is the tenant ([`statement`]).
//!
//! SQLite has one writer with `BEGIN IMMEDIATE` and a pool of readers; PostgreSQL has two roles, of which the one that
//! serves sees rows of the tenant set in its transaction only (row-level security).

mod account;
mod address;
mod attempt;
mod audit;
mod ceremony;
mod consent;
pub mod copy;
mod credential;
mod examine;
mod fact;
mod federated;
mod kept_form;
mod key;
mod logout;
mod mandate;
mod national_number;
mod oidc;
mod organization;
mod outbox;
mod pairing;
mod passkey;
mod person;
mod phone;
mod primary;
mod profile;
mod recovery;
mod registrant;
mod revocation;
pub mod sealed;
mod session;
mod setup;
pub mod statement;
mod tie;
mod types;

use std::{fs::File, sync::Arc, time::Instant};

use sqlx::{Postgres, Sqlite, SqlitePool};

use self::primary::Primary;
pub use self::{
    account::AccountRequest,
    address::{AddressChange, ChangeLinks},
    attempt::{Attempt, NewCode, SentCode},
    consent::{ConsentingRow, TiedRow},
    credential::{FailedTries, KeptPassword},
    examine::{Examination, Roles, examine},
    fact::Pushed,
    federated::{FederatedLogin, SealedRelyingKey},
    kept_form::KeptForm,
    key::{KeptKey, SealedSigningKey},
    logout::LogoutNotice,
    oidc::{Authorization, LiveGrant, TakenCode, TakenToken},
    organization::MemberRow,
    outbox::OutboxRow,
    pairing::{OfferedPairing, PairedRow, TakenPairing, Waiting, WaitingRow},
    passkey::KeptPasskey,
    phone::PhoneMessageRow,
    primary::Servers,
    registrant::RegistrantRow,
    session::{EntryCode, Session},
    setup::{Database, migrate, newest_schema},
};
use super::versions::Versions;
use crate::base::id::TenantId;

/// The databases' failure, as the doors see it.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database does not answer, or not in time. The request may be tried again later (503).
    #[error("the database does not answer: {0}")]
    Unavailable(String),
    /// A row that must be unique already is there.
    #[error("it is there already")]
    Conflict,
    /// The database answered what it should not: a defect of ours.
    #[error("unexpected answer of the database: {0}")]
    Unexpected(#[source] sqlx::Error),
    /// The database cannot be used as configured.
    #[error("{0}")]
    Unusable(String),
}

impl StoreError {
    /// The same failure, for another who waited for the same.
    #[must_use]
    pub fn again(&self) -> Self {
        match self {
            StoreError::Unavailable(why) => StoreError::Unavailable(why.clone()),
            StoreError::Conflict => StoreError::Conflict,
            StoreError::Unexpected(_) | StoreError::Unusable(_) => StoreError::Unusable(self.to_string()),
        }
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::Database(database) if database.is_unique_violation() => StoreError::Conflict,
            sqlx::Error::Io(_)
            | sqlx::Error::Tls(_)
            | sqlx::Error::PoolTimedOut
            | sqlx::Error::PoolClosed
            | sqlx::Error::WorkerCrashed => StoreError::Unavailable(error.to_string()),
            // PostgreSQL: class 08 connection, 57 operator intervention, 53 resources, 40 rollback, 55P03 a lock that somebody
            // holds, 25006 a server that only reads, 25P03 a session that was idle too long; SQLite: 5 busy, 10 I/O, 13 full.
            sqlx::Error::Database(database)
                if database.code().is_some_and(|code| {
                    ["08", "57", "53", "40"].iter().any(|class| code.len() == 5 && code.starts_with(class))
                        || matches!(code.as_ref(), "55P03" | "25006" | "25P03" | "5" | "10" | "13")
                }) =>
            {
                StoreError::Unavailable(error.to_string())
            }
            _ => StoreError::Unexpected(error),
        }
    }
}

/// Where everything is kept.
#[derive(Clone)]
pub struct Store(Arc<Inner>);

struct Inner {
    pools: Pools,
    versions: Versions,
    keys_versions: Versions,
}

enum Pools {
    Sqlite {
        writer: SqlitePool,
        readers: SqlitePool,
        /// One connection, for the versions alone.
        versions: SqlitePool,
        /// Held as long as the store lives: a second process on the same folder is refused.
        _lock: Option<File>,
    },
    Postgres(Primary),
}

impl Inner {
    /// Waits for an answer: PostgreSQL's not for ever. SQLite's comes from this machine.
    async fn answer<T>(&self, asked: impl Future<Output = Result<T, sqlx::Error>>) -> Result<T, StoreError> {
        match &self.pools {
            Pools::Sqlite { .. } => Ok(asked.await?),
            Pools::Postgres(primary) => primary.answer(asked).await,
        }
    }
}

/// A transaction that sees one tenant. Dropped without [`Transaction::commit`], it leaves nothing.
pub struct Transaction {
    tenant: TenantId,
    connection: Connection,
    store: Store,
    narrows: bool,
    changes_keys: bool,
}

enum Connection {
    Sqlite(sqlx::Transaction<'static, Sqlite>),
    Postgres(sqlx::Transaction<'static, Postgres>),
}

/// Asks whichever connection the transaction has, and waits for the answer.
macro_rules! both {
    ($transaction:expr, $connection:ident => $asked:expr) => {
        match &mut $transaction.connection {
            $crate::storage::sql::Connection::Sqlite(transaction) => {
                let $connection = &mut **transaction;
                $transaction.store.0.answer($asked).await
            }
            $crate::storage::sql::Connection::Postgres(transaction) => {
                let $connection = &mut **transaction;
                $transaction.store.0.answer($asked).await
            }
        }
    };
}

/// Runs a statement; gives the number of rows it changed.
macro_rules! execute {
    ($transaction:expr, $statement:expr $(, $argument:expr)* $(,)?) => {{
        let tenant = $transaction.tenant.clone();
        $crate::storage::sql::both!($transaction, connection => futures_util::TryFutureExt::map_ok(
            sqlx::query($statement.sql()).bind(tenant)$(.bind($argument))*.execute(connection),
            |done| done.rows_affected(),
        ))
    }};
}

/// Fetches at most one row.
macro_rules! fetch_optional {
    ($transaction:expr, $row:ty, $statement:expr $(, $argument:expr)* $(,)?) => {{
        let tenant = $transaction.tenant.clone();
        $crate::storage::sql::both!($transaction, connection => sqlx::query_as::<_, $row>($statement.sql())
            .bind(tenant)
            $(.bind($argument))*
            .fetch_optional(connection))
    }};
}

/// Fetches every row.
macro_rules! fetch_all {
    ($transaction:expr, $row:ty, $statement:expr $(, $argument:expr)* $(,)?) => {{
        let tenant = $transaction.tenant.clone();
        $crate::storage::sql::both!($transaction, connection => sqlx::query_as::<_, $row>($statement.sql())
            .bind(tenant)
            $(.bind($argument))*
            .fetch_all(connection))
    }};
}
use {both, execute, fetch_all, fetch_optional};

impl Store {
    /// Begins a transaction that may write, bound to `tenant`.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn begin(&self, tenant: &TenantId) -> Result<Transaction, StoreError> {
        let connection = match &self.0.pools {
            Pools::Sqlite { writer, .. } => Connection::Sqlite(writer.begin_with("BEGIN IMMEDIATE").await?),
            Pools::Postgres(primary) => Connection::Postgres(primary.begin().await?),
        };
        self.bind(tenant, connection).await
    }

    /// Begins a transaction that only reads, bound to `tenant`.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn read(&self, tenant: &TenantId) -> Result<Transaction, StoreError> {
        let connection = match &self.0.pools {
            Pools::Sqlite { readers, .. } => Connection::Sqlite(readers.begin().await?),
            Pools::Postgres(primary) => Connection::Postgres(primary.begin().await?),
        };
        self.bind(tenant, connection).await
    }

    async fn bind(&self, tenant: &TenantId, mut connection: Connection) -> Result<Transaction, StoreError> {
        if let Connection::Postgres(transaction) = &mut connection {
            let bound = sqlx::query("SELECT set_config('poort.tenant', $1, true)").bind(tenant.as_str());
            self.0.answer(bound.execute(&mut **transaction)).await?;
        }
        Ok(Transaction { tenant: tenant.clone(), connection, store: self.clone(), narrows: false, changes_keys: false })
    }

    /// What this replica knows of the tenants' versions.
    #[must_use]
    pub fn versions(&self) -> &Versions {
        &self.0.versions
    }

    /// What this replica knows of the numbers of the tenants' keys: another number, and the keys are read again.
    #[must_use]
    pub fn keys_versions(&self) -> &Versions {
        &self.0.keys_versions
    }

    /// Reads the versions of all tenants, on a connection that nobody else takes: when everybody waits for one, what is kept
    /// must not stop counting too, or all would ask at once.
    ///
    /// # Errors
    /// When the database does not answer; then what is kept in memory stops counting soon.
    pub async fn read_versions(&self) -> Result<(), StoreError> {
        const VERSIONS: &str = "SELECT tenant, version, keys FROM tenant_version";
        let asked = Instant::now();
        let rows: Vec<(TenantId, i64, i64)> = match &self.0.pools {
            Pools::Sqlite { versions, .. } => sqlx::query_as(VERSIONS).fetch_all(versions).await?,
            Pools::Postgres(primary) => primary.read_all(primary.aside(), VERSIONS).await?,
        };
        self.0.versions.read(asked, rows.iter().map(|(tenant, version, _)| (tenant.clone(), *version)));
        self.0.keys_versions.read(asked, rows.into_iter().map(|(tenant, _, keys)| (tenant, keys)));
        Ok(())
    }

    /// Finds the server that writes now, when PostgreSQL has several: for who sees that it does not answer.
    pub async fn seek_primary(&self) {
        if let Pools::Postgres(primary) = &self.0.pools {
            primary.seek().await;
        }
    }

    /// Every tenant that has anything in the database.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn tenants(&self) -> Result<Vec<TenantId>, StoreError> {
        const TENANTS: &str = "SELECT tenant FROM tenant_version ORDER BY tenant";
        let rows: Vec<(TenantId,)> = match &self.0.pools {
            Pools::Sqlite { readers, .. } => sqlx::query_as(TENANTS).fetch_all(readers).await?,
            Pools::Postgres(primary) => primary.read_all(primary.pool(), TENANTS).await?,
        };
        Ok(rows.into_iter().map(|(tenant,)| tenant).collect())
    }

    /// Whether other processes may be at work on the same database. SQLite's folder is one process's.
    #[must_use]
    pub fn is_shared(&self) -> bool {
        matches!(self.0.pools, Pools::Postgres(_))
    }

    /// Closes every connection.
    pub async fn close(&self) {
        match &self.0.pools {
            Pools::Sqlite { writer, readers, versions, .. } => {
                versions.close().await;
                readers.close().await;
                writer.close().await;
            }
            Pools::Postgres(primary) => primary.close().await,
        }
    }
}

impl Transaction {
    /// The tenant that it is bound to.
    #[must_use]
    pub const fn tenant(&self) -> &TenantId {
        &self.tenant
    }

    /// Says that this transaction can narrow somebody's access: the tenant's version is raised with it.
    pub(super) const fn narrows(&mut self) {
        self.narrows = true;
    }

    /// Says that this transaction changes the tenant's keys: every replica reads them again.
    pub(super) const fn changes_keys(&mut self) {
        self.changes_keys = true;
    }

    /// The tenant's version as this transaction sees it. What is kept in memory remembers it.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn version(&mut self) -> Result<i64, StoreError> {
        let row = fetch_optional!(self, (i64,), VERSION)?;
        Ok(row.map_or(0, |(version,)| version))
    }

    /// Makes everything done in it lasting.
    ///
    /// # Errors
    /// When the database does not answer. On PostgreSQL the outcome is then unknown.
    pub async fn commit(mut self) -> Result<(), StoreError> {
        let raised = if self.narrows { fetch_optional!(self, (i64,), RAISE_VERSION)? } else { None };
        let keys = if self.changes_keys { self.raise_keys_version().await? } else { None };
        match self.connection {
            Connection::Sqlite(transaction) => transaction.commit().await?,
            Connection::Postgres(transaction) => self.store.0.answer(transaction.commit()).await?,
        }
        if let Some((version,)) = raised {
            self.store.0.versions.raise(&self.tenant, version);
        }
        if let Some(version) = keys {
            self.store.0.keys_versions.raise(&self.tenant, version);
        }
        Ok(())
    }
}

statement::statements! {
    VERSION = "SELECT version FROM tenant_version WHERE tenant = $1";
    RAISE_VERSION = "INSERT INTO tenant_version (tenant, version) VALUES ($1, 1) \
        ON CONFLICT (tenant) DO UPDATE SET version = tenant_version.version + 1 RETURNING version";
}

/// Every statement of every port.
#[must_use]
pub fn statements() -> Vec<(&'static str, statement::Statement)> {
    [
        ALL,
        account::ALL,
        address::ALL,
        attempt::ALL,
        audit::ALL,
        ceremony::ALL,
        consent::ALL,
        credential::ALL,
        fact::ALL,
        federated::ALL,
        tie::ALL,
        kept_form::ALL,
        key::ALL,
        logout::ALL,
        mandate::ALL,
        oidc::ALL,
        organization::ALL,
        outbox::ALL,
        pairing::ALL,
        passkey::ALL,
        national_number::ALL,
        person::ALL,
        phone::ALL,
        profile::ALL,
        recovery::ALL,
        registrant::ALL,
        revocation::ALL,
        sealed::ALL,
        session::ALL,
    ]
    .concat()
}
