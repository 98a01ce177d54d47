//! Opening a database, bringing its schema up to date, and refusing one that cannot be trusted.

use std::{
    fs::{File, OpenOptions},
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use sqlx::{
    AssertSqlSafe, Connection as _, Executor, SqliteConnection,
    migrate::Migrator,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

use super::{
    Inner, Pools, SqlitePool, Store, StoreError,
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
        url: Servers,
        /// The servers, as the role that owns the schema; without it the schema must be up to date.
        owner_url: Option<Servers>,
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
            Database::Postgres { url, owner_url, migrate: on_start, connections, acquire, patience } => {
                if *on_start && owner_url.is_some() {
                    migrate(database).await?;
                }
                postgres(Primary::open(url, *connections, *acquire, *patience).await?).await?
            }
        };
        Self::with(pools).await
    }

    /// Opens the database for a command that changes rows and not the schema, beside running replicas on PostgreSQL.
    ///
    /// # Errors
    /// As of [`Store::open`]; and when the schema is not that of this Poort.
    pub async fn open_as_is(database: &Database) -> Result<Self, StoreError> {
        let pools = match database {
            Database::Sqlite { file } => {
                read_only(file).await?.close().await;
                sqlite(file).await?
            }
            Database::Postgres { url, connections, acquire, patience, .. } => {
                postgres(Primary::open(url, *connections, *acquire, *patience).await?).await?
            }
        };
        Self::with(pools).await
    }

    /// Opens the database to read it, beside whatever process serves it; on SQLite, too.
    ///
    /// # Errors
    /// As of [`Store::open_as_is`].
    pub async fn open_to_read(database: &Database) -> Result<Self, StoreError> {
        let pools = match database {
            Database::Sqlite { file } => {
                let readers = read_only(file).await?;
                Pools::Sqlite { writer: readers.clone(), versions: readers.clone(), readers, _lock: None }
            }
            Database::Postgres { url, connections, acquire, patience, .. } => {
                postgres(Primary::open(url, *connections, *acquire, *patience).await?).await?
            }
        };
        Self::with(pools).await
    }

    async fn with(pools: Pools) -> Result<Self, StoreError> {
        let store = Store(Arc::new(Inner { pools, versions: Versions::default(), keys_versions: Versions::default() }));
        store.read_versions().await?;
        Ok(store)
    }
}

/// Readers of a file whose schema is this Poort's. They change nothing, and need no lock.
async fn read_only(file: &Path) -> Result<SqlitePool, StoreError> {
    let options = reading(file)?;
    let readers = SqlitePoolOptions::new()
        .max_connections(4)
        .test_before_acquire(false)
        .acquire_timeout(ACQUIRE)
        .connect_with(options)
        .await?;
    let applied: Result<(i64,), sqlx::Error> = sqlx::query_as(APPLIED).fetch_one(&readers).await;
    match applied.map_or(0, |(version,)| version) == newest(&SQLITE) {
        true => Ok(readers),
        false => Err(StoreError::Unusable(format!(
            "the schema in {} is another version's; `poort migrate` brings it up to date",
            file.display()
        ))),
    }
}

/// How a file is read that another process may serve.
pub(super) fn reading(file: &Path) -> Result<SqliteConnectOptions, StoreError> {
    if !file.exists() {
        return Err(StoreError::Unusable(format!("{} does not exist; `poort serve` makes it", file.display())));
    }
    Ok(SqliteConnectOptions::new().filename(file).read_only(true).busy_timeout(Duration::from_secs(5)))
}

/// A connection to a file to be filled, and the lock that keeps others off.
pub(super) async fn sqlite_to_fill(file: &Path) -> Result<(SqliteConnection, File), StoreError> {
    make_folder(file)?;
    let lock = lock(file)?;
    Ok((SqliteConnection::connect_with(&writing(file)).await?, lock))
}

/// Makes the tables of `schema`.
pub(super) async fn sqlite_migrate_to(connection: &mut SqliteConnection, schema: i64) -> Result<(), StoreError> {
    SQLITE.run_to(schema, connection).await.map_err(|error| StoreError::Unusable(format!("migration: {error}")))
}

/// The number of the newest migration that was applied.
pub(super) const APPLIED: &str = "SELECT COALESCE(max(version), 0) FROM _sqlx_migrations WHERE success";

fn newest(migrations: &Migrator) -> i64 {
    migrations.iter().map(|migration| migration.version).max().unwrap_or_default()
}

fn make_folder(file: &Path) -> Result<(), StoreError> {
    let Some(folder) = file.parent().filter(|folder| !folder.as_os_str().is_empty()) else { return Ok(()) };
    std::fs::create_dir_all(folder)
        .map_err(|error| StoreError::Unusable(format!("data folder {}: {error}", folder.display())))
}

fn writing(file: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(file)
        .create_if_missing(true)
        .foreign_keys(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(Duration::from_secs(5))
        .optimize_on_close(true, None)
        .pragma("cache_size", "-16384")
        .pragma("mmap_size", "268435456")
}

async fn sqlite(file: &Path) -> Result<Pools, StoreError> {
    make_folder(file)?;
    let lock = lock(file)?;
    let options = writing(file);
    let writer = SqlitePoolOptions::new()
        .max_connections(1)
        .test_before_acquire(false)
        .acquire_timeout(ACQUIRE)
        .connect_with(options.clone())
        .await?;
    SQLITE.run(&writer).await.map_err(|error| StoreError::Unusable(format!("migration: {error}")))?;
    let options = options.pragma("query_only", "on");
    let reading =
        |most| SqlitePoolOptions::new().max_connections(most).test_before_acquire(false).acquire_timeout(ACQUIRE);
    let readers = reading(8).connect_with(options.clone()).await?;
    let versions = reading(1).connect_with(options).await?;
    Ok(Pools::Sqlite { writer, readers, versions, _lock: Some(lock) })
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
    let applied: Result<(i64,), sqlx::Error> = sqlx::query_as(APPLIED).fetch_one(pool).await;
    if applied.map_or(0, |(version,)| version) < newest(&POSTGRES) {
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
    migrate_to(database, None).await
}

/// The number of the newest migration that this Poort has.
#[must_use]
pub fn newest_schema() -> i64 {
    newest(&SQLITE)
}

/// Brings the schema to that of one migration, or up to date.
pub(super) async fn migrate_to(database: &Database, target: Option<i64>) -> Result<(), StoreError> {
    let Database::Postgres { url, owner_url, .. } = database else {
        let Database::Sqlite { file } = database else { return Ok(()) };
        sqlite(file).await?;
        return Ok(());
    };
    let owner = owner_url.as_ref().ok_or_else(|| StoreError::Unusable("database.migrate_url is not set".into()))?;
    let mut owner = owner.connect().await?;
    // Replicas that start together wait for each other: neither migrations nor grants may meet. Closing lets go.
    owner.execute("SELECT pg_advisory_lock(hashtext('poort.migrate'))").await?;
    let done = match target {
        Some(target) => POSTGRES.run_to(target, &mut owner).await,
        None => POSTGRES.run(&mut owner).await,
    };
    done.map_err(|error| StoreError::Unusable(format!("migration: {error}")))?;
    let role = url.options()?.first().map_or_else(String::new, |options| options.get_username().replace('"', "\"\""));
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
