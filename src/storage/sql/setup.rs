//! Opening a database, bringing its schema up to date, and refusing one that cannot be trusted.

use std::{
    fs::{File, OpenOptions},
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use sqlx::{
    AssertSqlSafe, Connection as _, Executor,
    migrate::Migrator,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

use super::{
    Inner, Pools, Store, StoreError,
    primary::{Primary, Servers},
};
use crate::storage::versions::Versions;

static SQLITE: Migrator = sqlx_macros::migrate!("./migrations/sqlite");
static POSTGRES: Migrator = sqlx_macros::migrate!("./migrations/postgres");

/// How long a transaction waits for a connection.
const ACQUIRE: Duration = Duration::from_secs(2);

/// Which database.
#[derive(Clone, Debug)]
pub enum Database {
    /// One file, and what SQLite keeps beside it.
    Sqlite {
        /// The file.
        file: PathBuf,
    },
    /// A PostgreSQL server.
    Postgres {
        /// The servers, as the role that serves: no superuser, no owner, no BYPASSRLS.
        servers: Servers,
        /// The servers, as the role that owns the schema; without it the schema must be up to date.
        owner: Option<Servers>,
        /// Whether opening it brings the schema up to date, when there is an owner's URL.
        migrate: bool,
        /// Connections at most.
        connections: u32,
        /// How long a transaction waits for a connection.
        acquire: Duration,
        /// How long anybody waits for one answer.
        patience: Duration,
    },
}

impl Store {
    /// Opens the database and brings its schema up to date, under a lock.
    ///
    /// # Errors
    /// When it does not answer, is in use by another process (SQLite), or may not be trusted (PostgreSQL).
    pub async fn open(database: &Database) -> Result<Self, StoreError> {
        let pools = match database {
            Database::Sqlite { file } => sqlite(file).await?,
            Database::Postgres { servers, owner, migrate: on_start, connections, acquire, patience } => {
                if *on_start && owner.is_some() {
                    migrate(database).await?;
                }
                postgres(Primary::open(servers, *connections, *acquire, *patience).await?).await?
            }
        };
        let store = Store(Arc::new(Inner { pools, versions: Versions::default() }));
        store.read_versions().await?;
        Ok(store)
    }
}

async fn sqlite(file: &Path) -> Result<Pools, StoreError> {
    if let Some(folder) = file.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder)
            .map_err(|error| StoreError::Unusable(format!("data folder {}: {error}", folder.display())))?;
    }
    let lock = lock(file)?;
    let options = SqliteConnectOptions::new()
        .filename(file)
        .create_if_missing(true)
        .foreign_keys(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(Duration::from_secs(5))
        .optimize_on_close(true, None)
        .pragma("cache_size", "-16384")
        .pragma("mmap_size", "268435456");
    let writer = SqlitePoolOptions::new()
        .max_connections(1)
        .test_before_acquire(false)
        .acquire_timeout(ACQUIRE)
        .connect_with(options.clone())
        .await?;
    SQLITE.run(&writer).await.map_err(|error| StoreError::Unusable(format!("migration: {error}")))?;
    let readers = SqlitePoolOptions::new()
        .max_connections(8)
        .test_before_acquire(false)
        .acquire_timeout(ACQUIRE)
        .connect_with(options.pragma("query_only", "on"))
        .await?;
    Ok(Pools::Sqlite { writer, readers, _lock: Some(lock) })
}

/// The lock that keeps a second process off the database.
fn lock(database: &Path) -> Result<File, StoreError> {
    let path = database.with_extension("lock");
    let file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&path)
        .map_err(|error| StoreError::Unusable(format!("{}: {error}", path.display())))?;
    file.try_lock().map_err(|_| {
        StoreError::Unusable(format!(
            "{} is in use by another Poort; stop it, or name another file. More than one replica needs PostgreSQL",
            database.display()
        ))
    })?;
    Ok(file)
}

async fn postgres(primary: Primary) -> Result<Pools, StoreError> {
    let pool = primary.pool();
    let (superuser, bypasses): (bool, bool) =
        sqlx::query_as("SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
            .fetch_one(pool)
            .await?;
    if superuser || bypasses {
        return Err(StoreError::Unusable(
            "database.url names a role that passes by row-level security (SUPERUSER or BYPASSRLS); \
             make one with CREATE ROLE poort_app LOGIN NOSUPERUSER NOBYPASSRLS"
                .into(),
        ));
    }
    let (owned,): (i64,) = sqlx::query_as(
        "SELECT count(*) FROM pg_tables WHERE schemaname = current_schema() AND pg_has_role(current_user, tableowner, 'MEMBER')",
    )
    .fetch_one(pool)
    .await?;
    if owned > 0 {
        return Err(StoreError::Unusable(
            "database.url names the role that owns the tables; it may change row-level security. \
             Give that role in database.migrate_url, and another one here"
                .into(),
        ));
    }
    let applied: Result<(i64,), sqlx::Error> =
        sqlx::query_as("SELECT COALESCE(max(version), 0) FROM _sqlx_migrations WHERE success").fetch_one(pool).await;
    let newest = POSTGRES.iter().map(|migration| migration.version).max().unwrap_or_default();
    if applied.map_or(0, |(version,)| version) < newest {
        return Err(StoreError::Unusable(
            "the schema is not up to date; run `poort migrate` with database.migrate_url set".into(),
        ));
    }
    Ok(Pools::Postgres(primary))
}

/// Brings the schema up to date. PostgreSQL: as its owner, under an advisory lock, and lets the serving role in.
///
/// # Errors
/// When the database does not answer or a migration fails.
pub async fn migrate(database: &Database) -> Result<(), StoreError> {
    let Database::Postgres { servers, owner, .. } = database else {
        let Database::Sqlite { file } = database else { return Ok(()) };
        sqlite(file).await?;
        return Ok(());
    };
    let owner = owner.as_ref().ok_or_else(|| StoreError::Unusable("database.migrate_url is not set".into()))?;
    let mut owner = owner.connect().await?;
    // Replicas that start together wait for each other: neither migrations nor grants may meet. Closing lets go.
    owner.execute("SELECT pg_advisory_lock(hashtext('poort.migrate'))").await?;
    POSTGRES.run(&mut owner).await.map_err(|error| StoreError::Unusable(format!("migration: {error}")))?;
    let role =
        servers.options()?.first().map_or_else(String::new, |options| options.get_username().replace('"', "\"\""));
    let grants = format!(
        "GRANT USAGE ON SCHEMA public TO \"{role}\"; \
         GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO \"{role}\"; \
         REVOKE UPDATE, DELETE ON audit FROM \"{role}\"; \
         REVOKE INSERT, UPDATE, DELETE ON _sqlx_migrations FROM \"{role}\""
    );
    // The role's name comes from the configuration and is quoted: names cannot be bound.
    owner.execute(AssertSqlSafe(grants)).await?;
    owner.close().await?;
    Ok(())
}
