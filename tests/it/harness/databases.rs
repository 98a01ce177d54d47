//! A fresh SQLite folder, and a fresh PostgreSQL database, for each test.
//!
//! PostgreSQL comes from `tests/run`, which names its two roles in the environment. Where it is missing the tests run on
//! SQLite alone; in CI its absence is a failure.

use poort::storage::{
    Store,
    sql::{Database, migrate},
};
use secrecy::{ExposeSecret, SecretString};
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};

/// A database that lives as long as its test.
pub struct TestDatabase {
    pub name: &'static str,
    pub store: Store,
    pub settings: Database,
    _folder: Option<tempfile::TempDir>,
}

impl TestDatabase {
    /// One that somebody else made.
    pub const fn of(settings: Database, store: Store) -> Self {
        Self { name: "another database", store, settings, _folder: None }
    }
}

/// One of each kind.
pub async fn each() -> Vec<TestDatabase> {
    let mut databases = vec![sqlite().await];
    databases.extend(postgres().await);
    databases
}

pub async fn sqlite() -> TestDatabase {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let settings = Database::Sqlite { file: folder.path().join("poort.db") };
    let store = Store::open(&settings).await.expect("SQLite opens");
    TestDatabase { name: "SQLite", store, settings, _folder: Some(folder) }
}

/// `None` when there is no PostgreSQL to test with.
pub async fn postgres() -> Option<TestDatabase> {
    let settings = fresh_postgres().await?;
    let store = Store::open(&settings).await.expect("PostgreSQL opens");
    Some(TestDatabase { name: "PostgreSQL", store, settings, _folder: None })
}

async fn fresh_postgres() -> Option<Database> {
    let settings = empty_postgres().await?;
    migrate(&settings).await.expect("the schema is made");
    Some(settings)
}

/// A database without tables; `None` when there is no PostgreSQL to test with.
pub async fn empty_postgres() -> Option<Database> {
    let (Ok(owner), Ok(app)) =
        (std::env::var("POORT_TEST_POSTGRES_OWNER_URL"), std::env::var("POORT_TEST_POSTGRES_APP_URL"))
    else {
        assert!(std::env::var_os("CI").is_none(), "CI has no PostgreSQL: run the tests with tests/run");
        return None;
    };
    let name = format!("poort_test_{}", uuid::Uuid::from_u128(rand_u128()).simple());
    let mut connection = PgConnection::connect(&owner).await.expect("the owner connects");
    connection.execute(AssertSqlSafe(format!("CREATE DATABASE {name}"))).await.expect("the owner creates databases");
    connection.close().await.expect("the connection closes");
    Some(Database::Postgres {
        url: in_database(&app, &name).into(),
        owner_url: Some(in_database(&owner, &name).into()),
        migrate: true,
        connections: 8,
        acquire: std::time::Duration::from_secs(10),
        patience: std::time::Duration::from_secs(10),
    })
}

/// The same server and role, another database.
pub fn in_database(url: &str, name: &str) -> SecretString {
    let mut url = url::Url::parse(url).expect("a URL");
    url.set_path(name);
    SecretString::from(url.to_string())
}

/// Runs SQL as the role that serves, outside any transaction of the store, on the server that writes.
pub async fn as_serving_role(settings: &Database) -> Option<PgConnection> {
    let Database::Postgres { url: servers, .. } = settings else { return None };
    for url in servers.urls() {
        let Ok(mut connection) = PgConnection::connect(url.expose_secret()).await else { continue };
        let standby: bool =
            sqlx::query_scalar("SELECT pg_is_in_recovery()").fetch_one(&mut connection).await.expect("answers");
        if !standby {
            return Some(connection);
        }
    }
    panic!("the serving role connects nowhere");
}

fn rand_u128() -> u128 {
    u128::from_be_bytes(poort::base::Random::system().bytes())
}

/// Changes rows of a tenant behind the gateway's back: for what its own doors never write.
pub async fn execute(settings: &Database, tenant: &str, sql: &'static str) {
    match settings {
        Database::Sqlite { file } => {
            let options = sqlx::sqlite::SqliteConnectOptions::new().filename(file);
            let mut connection = sqlx::SqliteConnection::connect_with(&options).await.expect("connects");
            sqlx::query(sql).execute(&mut connection).await.expect("changes");
        }
        Database::Postgres { .. } => {
            let mut connection = as_serving_role(settings).await.expect("it is PostgreSQL");
            let mut transaction = connection.begin().await.expect("begins");
            let set = "SELECT set_config('poort.tenant', $1, true)";
            sqlx::query(set).bind(tenant).execute(&mut *transaction).await.expect("sets");
            sqlx::query(sql).execute(&mut *transaction).await.expect("changes");
            transaction.commit().await.expect("commits");
        }
    }
}

/// Everything that a tenant's rows hold, as who copies the database sees it.
pub async fn dump(settings: &Database, tenant: &str) -> Vec<u8> {
    match settings {
        Database::Sqlite { file } => {
            let mut all = std::fs::read(file).expect("the file");
            let log = file.with_extension("db-wal");
            all.extend(std::fs::read(log).unwrap_or_default());
            all
        }
        Database::Postgres { .. } => {
            let mut connection = as_serving_role(settings).await.expect("it is PostgreSQL");
            let mut transaction = connection.begin().await.expect("begins");
            let set = "SELECT set_config('poort.tenant', $1, true)";
            sqlx::query(set).bind(tenant).execute(&mut *transaction).await.expect("sets");
            let tables = "SELECT c.relname::text FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace \
                AND c.relkind = 'r' AND has_table_privilege(c.oid, 'SELECT')";
            let tables: Vec<(String,)> = sqlx::query_as(tables).fetch_all(&mut *transaction).await.expect("tables");
            let mut all = Vec::new();
            for (table,) in tables {
                let rows = format!("SELECT to_jsonb(t)::text FROM \"{table}\" t");
                let rows: Vec<(String,)> =
                    sqlx::query_as(AssertSqlSafe(rows)).fetch_all(&mut *transaction).await.expect("rows");
                rows.into_iter().for_each(|(row,)| all.extend(row.into_bytes()));
            }
            all
        }
    }
}
