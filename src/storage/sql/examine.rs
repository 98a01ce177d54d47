//! What a database says of itself, for an operator who asks whether it can be served from.

use sqlx::{Connection as _, SqliteConnection};

use super::{
    StoreError,
    setup::{self, Database},
};
use crate::base::Timestamp;

/// What a database says of itself.
#[derive(Clone, Debug)]
pub struct Examination {
    /// Its name and version.
    pub product: String,
    /// What the role that serves may do; SQLite has none.
    pub roles: Option<Roles>,
    /// The newest migration that was applied; 0 when none was.
    pub schema: i64,
    /// The newest migration that this Poort has.
    pub newest: i64,
    /// The time of its machine; SQLite's is ours.
    pub clock: Option<Timestamp>,
}

/// What a role may do, and should not.
#[derive(Clone, Copy, Debug)]
pub struct Roles {
    /// Everything.
    pub superuser: bool,
    /// Pass by row-level security.
    pub bypasses: bool,
    /// Change tables, since it owns some.
    pub owns: bool,
}

/// Asks a database, and changes nothing.
///
/// # Errors
/// When it does not answer.
pub async fn examine(database: &Database) -> Result<Examination, StoreError> {
    let newest = setup::newest_schema();
    match database {
        Database::Sqlite { file } => {
            let mut connection = SqliteConnection::connect_with(&setup::reading(file)?).await?;
            let (version,): (String,) = sqlx::query_as("SELECT sqlite_version()").fetch_one(&mut connection).await?;
            let schema: Result<(i64,), _> = sqlx::query_as(setup::APPLIED).fetch_one(&mut connection).await;
            let (product, schema) = (format!("SQLite {version}"), schema.map_or(0, |(version,)| version));
            Ok(Examination { product, roles: None, schema, newest, clock: None })
        }
        Database::Postgres { url, .. } => {
            let mut connection = url.connect().await?;
            let (version, millis, superuser, bypasses, owned): (String, i64, bool, bool, i64) =
                sqlx::query_as(POSTGRES).fetch_one(&mut connection).await?;
            let schema: Result<(i64,), _> = sqlx::query_as(setup::APPLIED).fetch_one(&mut connection).await;
            Ok(Examination {
                product: format!("PostgreSQL {version}"),
                roles: Some(Roles { superuser, bypasses, owns: owned > 0 }),
                schema: schema.map_or(0, |(version,)| version),
                newest,
                clock: Some(Timestamp::from_millis(millis)),
            })
        }
    }
}

const POSTGRES: &str = "SELECT current_setting('server_version'), \
    (extract(epoch FROM clock_timestamp()) * 1000)::bigint, rolsuper, rolbypassrls, \
    (SELECT count(*) FROM pg_tables WHERE schemaname = current_schema() AND pg_has_role(current_user, tableowner, 'MEMBER')) \
    FROM pg_roles WHERE rolname = current_user";
