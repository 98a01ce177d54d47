//! A fresh PostgreSQL database beside SQLite. `tests/run bench` names the server's two roles in the environment.

use poort::storage::sql::Database;
use secrecy::SecretString;
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};

/// A new database, gone when [`Postgres::drop_database`] is called; `None` when there is no server to measure.
pub struct Postgres {
    pub settings: Database,
    /// As the role that owns it.
    pub owner_url: String,
    name: String,
}

impl Postgres {
    pub async fn fresh() -> Option<Self> {
        let owner = std::env::var("POORT_TEST_POSTGRES_OWNER_URL").ok()?;
        let serving = std::env::var("POORT_TEST_POSTGRES_APP_URL").ok()?;
        let name = format!("poort_bench_{}", poort::base::Random::system().uuid().simple());
        execute(&owner, format!("CREATE DATABASE {name}")).await;
        let settings = Database::Postgres {
            url: SecretString::from(within(&serving, &name)).into(),
            owner_url: Some(SecretString::from(within(&owner, &name)).into()),
            migrate: true,
            connections: 16,
            acquire: std::time::Duration::from_secs(3),
            patience: std::time::Duration::from_secs(3),
        };
        Some(Self { settings, owner_url: within(&owner, &name), name })
    }

    /// Removes it. Whoever was stopped just before has five seconds to be gone: the owner may not cut off another role.
    pub async fn drop_database(self) {
        let owner = std::env::var("POORT_TEST_POSTGRES_OWNER_URL").expect("it was there");
        execute(&owner, format!("DROP DATABASE {}", self.name)).await;
    }
}

async fn execute(url: &str, sql: String) {
    let mut connection = PgConnection::connect(url).await.expect("the owner connects");
    connection.execute(AssertSqlSafe(sql)).await.expect("the owner makes and drops databases");
}

/// The same server and role, another database.
fn within(url: &str, name: &str) -> String {
    let mut url = url::Url::parse(url).expect("a URL");
    url.set_path(name);
    url.to_string()
}
