//! Every row of every tenant, as a backup takes it: read at one moment beside whatever is written, and put into an empty
//! database of either kind.
//!
//! Tables and columns come from the database's own catalogue, so that none can be forgotten. The texts of these statements
//! are therefore made when they are needed; each has its tenant predicate all the same.

use sqlx::{
    AssertSqlSafe, Connection as _, Executor, PgConnection, Postgres, QueryBuilder, Row, Sqlite, SqliteConnection,
};

use super::{
    StoreError,
    setup::{self, Database},
};
use crate::base::id::TenantId;

/// Rows that one statement puts in.
pub const ROWS: usize = 100;

/// What stands in a column of a row.
#[derive(Clone, PartialEq, Eq)]
pub enum Value {
    /// Nothing.
    Null,
    /// A number, a moment, or yes (1) and no (0).
    Integer(i64),
    /// A text.
    Text(String),
    /// Bytes.
    Bytes(Vec<u8>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Bool,
    Integer,
    Text,
    Bytes,
}

impl Kind {
    fn of(word: &str) -> Result<Self, StoreError> {
        Ok(match word.to_ascii_lowercase().as_str() {
            "bool" => Kind::Bool,
            "integer" | "int8" => Kind::Integer,
            "text" => Kind::Text,
            "blob" | "bytea" => Kind::Bytes,
            other => return Err(unusable(format!("a column of type {other}, which a backup does not know"))),
        })
    }

    fn takes(self, value: &Value) -> bool {
        match value {
            Value::Null => true,
            Value::Integer(_) => matches!(self, Kind::Integer | Kind::Bool),
            Value::Text(_) => self == Kind::Text,
            Value::Bytes(_) => self == Kind::Bytes,
        }
    }
}

/// A table and its columns, by name: the same on both kinds of database.
#[derive(Clone, Debug)]
pub struct Table {
    /// Its name.
    pub name: String,
    columns: Vec<(String, Kind)>,
    /// The tables that its rows point at.
    parents: Vec<String>,
    /// The column by which its rows point at rows of the same table: those that point at none come first.
    own: Option<String>,
}

impl Table {
    /// The names of its columns.
    pub fn columns(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().map(|(name, _)| name.as_str())
    }

    fn list(&self) -> String {
        self.columns().map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(", ")
    }

    fn rows(&self) -> String {
        let order = self.own.as_ref().map(|own| format!(" ORDER BY \"{own}\" IS NOT NULL")).unwrap_or_default();
        format!("SELECT {} FROM \"{}\" WHERE tenant = $1{order}", self.list(), self.name)
    }
}

enum Connection {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

/// The database as it is at one moment.
pub struct Snapshot {
    connection: Connection,
    schema: i64,
    tables: Vec<Table>,
}

impl Snapshot {
    /// Looks at the database from now on, beside whatever process serves it.
    ///
    /// # Errors
    /// When it does not answer, or is empty.
    pub async fn take(database: &Database) -> Result<Self, StoreError> {
        let mut connection = match database {
            Database::Sqlite { file } => {
                let mut connection = SqliteConnection::connect_with(&setup::reading(file)?).await?;
                connection.execute("BEGIN").await?;
                Connection::Sqlite(connection)
            }
            Database::Postgres { url, .. } => {
                let mut connection = url.connect().await?;
                connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?;
                Connection::Postgres(connection)
            }
        };
        let schema = connection.schema().await?;
        let tables = connection.tables().await?;
        Ok(Self { connection, schema, tables })
    }

    /// The number of its newest migration.
    #[must_use]
    pub const fn schema(&self) -> i64 {
        self.schema
    }

    /// Its tables; each comes after those that its rows point at.
    #[must_use]
    pub fn tables(&self) -> &[Table] {
        &self.tables
    }

    /// Every tenant that has anything in it.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn tenants(&mut self) -> Result<Vec<TenantId>, StoreError> {
        const TENANTS: &str = "SELECT tenant FROM tenant_version ORDER BY tenant";
        let rows: Vec<(TenantId,)> = match &mut self.connection {
            Connection::Sqlite(connection) => sqlx::query_as(TENANTS).fetch_all(connection).await?,
            Connection::Postgres(connection) => sqlx::query_as(TENANTS).fetch_all(connection).await?,
        };
        Ok(rows.into_iter().map(|(tenant,)| tenant).collect())
    }

    /// Gives every row that a tenant has in a table.
    ///
    /// # Errors
    /// When the database does not answer, or `each` fails.
    pub async fn rows(
        &mut self,
        table: &Table,
        tenant: &TenantId,
        mut each: impl FnMut(Vec<Value>) -> std::io::Result<()>,
    ) -> Result<(), StoreError> {
        use futures_util::TryStreamExt;
        macro_rules! stream {
            ($connection:expr) => {{
                let query = sqlx::query(AssertSqlSafe(table.rows())).bind(tenant);
                let mut rows = query.fetch($connection);
                while let Some(row) = rows.try_next().await? {
                    let value = |(at, (_, kind)): (usize, &(String, Kind))| -> Result<Value, sqlx::Error> {
                        Ok(match kind {
                            Kind::Bool => integer(row.try_get::<Option<bool>, _>(at)?.map(i64::from)),
                            Kind::Integer => integer(row.try_get(at)?),
                            Kind::Text => row.try_get::<Option<String>, _>(at)?.map_or(Value::Null, Value::Text),
                            Kind::Bytes => row.try_get::<Option<Vec<u8>>, _>(at)?.map_or(Value::Null, Value::Bytes),
                        })
                    };
                    let values = table.columns.iter().enumerate().map(value).collect::<Result<Vec<_>, _>>()?;
                    each(values).map_err(|error| unusable(error.to_string()))?;
                }
            }};
        }
        self.connection.see(tenant).await?;
        match &mut self.connection {
            Connection::Sqlite(connection) => stream!(connection),
            Connection::Postgres(connection) => stream!(connection),
        }
        Ok(())
    }
}

fn integer(value: Option<i64>) -> Value {
    value.map_or(Value::Null, Value::Integer)
}

/// An empty database that is being filled: all of it, or nothing when this is dropped.
pub struct Filling {
    connection: Connection,
    tables: Vec<Table>,
    /// SQLite's folder is this process's alone.
    _lock: Option<std::fs::File>,
}

impl Filling {
    /// Makes the tables of `schema` in an empty database, and begins to fill them.
    ///
    /// # Errors
    /// When the database is not empty, of another schema without an owner who could change that, or in use.
    pub async fn begin(database: &Database, schema: i64) -> Result<Self, StoreError> {
        let (mut connection, lock) = match database {
            Database::Sqlite { file } => {
                let (connection, lock) = setup::sqlite_to_fill(file).await?;
                (Connection::Sqlite(connection), Some(lock))
            }
            Database::Postgres { url, .. } => {
                let connection = url.connect().await?;
                (Connection::Postgres(connection), None)
            }
        };
        if !connection.is_empty().await? {
            return Err(unusable("the database is not empty; nothing was changed. Restore into a new one".into()));
        }
        match (&mut connection, database) {
            (Connection::Sqlite(connection), _) => {
                setup::sqlite_migrate_to(connection, schema).await?;
                connection.execute("BEGIN IMMEDIATE").await?;
            }
            (Connection::Postgres(connection), Database::Postgres { owner_url, .. }) => {
                if owner_url.is_some() {
                    setup::migrate_to(database, Some(schema)).await?;
                }
                connection.execute("BEGIN").await?;
            }
            (Connection::Postgres(_), Database::Sqlite { .. }) => {}
        }
        let found = connection.schema().await?;
        if found != schema {
            return Err(unusable(format!(
                "the file was made with schema {schema}, this database has schema {found}; restore into a database \
                 without tables (PostgreSQL: with database.migrate_url set), which is then brought up to date"
            )));
        }
        let tables = connection.tables().await?;
        Ok(Self { connection, tables, _lock: lock })
    }

    /// The table of this name, whose columns are exactly these.
    ///
    /// # Errors
    /// When there is none such.
    pub fn table(&self, name: &str, columns: &[String]) -> Result<Table, StoreError> {
        let same = |table: &&Table| table.name == name && table.columns().eq(columns.iter().map(String::as_str));
        let found = self.tables.iter().find(same).cloned();
        found.ok_or_else(|| unusable(format!("the database has no table {name} with the columns of the file")))
    }

    /// Puts rows of a tenant into a table; at most [`ROWS`].
    ///
    /// # Errors
    /// When they do not fit the table, or the database does not answer.
    pub async fn put(&mut self, table: &Table, tenant: &TenantId, rows: Vec<Vec<Value>>) -> Result<(), StoreError> {
        let fits = |row: &Vec<Value>| {
            row.len() == table.columns.len()
                && table.columns.iter().zip(row).all(|((_, kind), value)| kind.takes(value))
        };
        if !rows.iter().all(fits) {
            return Err(unusable(format!("a row of the file does not fit table {}", table.name)));
        }
        macro_rules! insert {
            ($database:ty, $connection:expr) => {{
                let begin = format!("INSERT INTO \"{}\" ({}) ", table.name, table.list());
                let mut query = QueryBuilder::<$database>::new(begin);
                query.push_values(rows, |mut tuple, row| {
                    for ((_, kind), value) in table.columns.iter().zip(row) {
                        match (kind, value) {
                            (Kind::Bool, Value::Integer(value)) => tuple.push_bind(value != 0),
                            (Kind::Bool, _) => tuple.push_bind(None::<bool>),
                            (Kind::Integer, Value::Integer(value)) => tuple.push_bind(value),
                            (Kind::Integer, _) => tuple.push_bind(None::<i64>),
                            (Kind::Text, Value::Text(value)) => tuple.push_bind(value),
                            (Kind::Text, _) => tuple.push_bind(None::<String>),
                            (Kind::Bytes, Value::Bytes(value)) => tuple.push_bind(value),
                            (Kind::Bytes, _) => tuple.push_bind(None::<Vec<u8>>),
                        };
                    }
                });
                query.build().execute($connection).await?;
            }};
        }
        self.connection.see(tenant).await?;
        match &mut self.connection {
            Connection::Sqlite(connection) => insert!(Sqlite, connection),
            Connection::Postgres(connection) => insert!(Postgres, connection),
        }
        Ok(())
    }

    /// Makes it lasting.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn commit(mut self) -> Result<(), StoreError> {
        match &mut self.connection {
            Connection::Sqlite(connection) => connection.execute("COMMIT").await.map(drop)?,
            Connection::Postgres(connection) => connection.execute("COMMIT").await.map(drop)?,
        }
        match self.connection {
            Connection::Sqlite(connection) => connection.close().await?,
            Connection::Postgres(connection) => connection.close().await?,
        }
        Ok(())
    }
}

impl Connection {
    /// Lets row-level security show one tenant, within this transaction.
    async fn see(&mut self, tenant: &TenantId) -> Result<(), StoreError> {
        if let Connection::Postgres(connection) = self {
            let set = sqlx::query("SELECT set_config('poort.tenant', $1, true)").bind(tenant);
            set.execute(connection).await?;
        }
        Ok(())
    }

    async fn schema(&mut self) -> Result<i64, StoreError> {
        let (version,): (i64,) = match self {
            Connection::Sqlite(connection) => sqlx::query_as(setup::APPLIED).fetch_one(connection).await?,
            Connection::Postgres(connection) => sqlx::query_as(setup::APPLIED).fetch_one(connection).await?,
        };
        Ok(version)
    }

    /// Whether no tenant has anything, or there are no tables yet. Every key and every person raises their tenant's version.
    async fn is_empty(&mut self) -> Result<bool, StoreError> {
        const COUNT: &str = "SELECT count(*) FROM tenant_version";
        let count: Result<(i64,), sqlx::Error> = match self {
            Connection::Sqlite(connection) => sqlx::query_as(COUNT).fetch_one(connection).await,
            Connection::Postgres(connection) => sqlx::query_as(COUNT).fetch_one(connection).await,
        };
        match count {
            Ok((count,)) => Ok(count == 0),
            Err(sqlx::Error::Database(_)) => Ok(true),
            Err(error) => Err(error.into()),
        }
    }

    /// Two texts for each row of a catalogue.
    async fn pairs(
        &mut self,
        sqlite: &'static str,
        postgres: &'static str,
        of: &str,
    ) -> Result<Vec<(String, String)>, StoreError> {
        Ok(match self {
            Connection::Sqlite(connection) => sqlx::query_as(sqlite).bind(of).fetch_all(connection).await?,
            Connection::Postgres(connection) => sqlx::query_as(postgres).bind(of).fetch_all(connection).await?,
        })
    }

    async fn tables(&mut self) -> Result<Vec<Table>, StoreError> {
        let names = self
            .pairs(
                "SELECT name, name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> $1",
                "SELECT relname::text, relname::text FROM pg_class WHERE relkind = 'r' \
                 AND relnamespace = current_schema()::regnamespace AND relname <> $1",
                "_sqlx_migrations",
            )
            .await?;
        let mut tables = Vec::new();
        for (name, _) in names {
            let columns = self
                .pairs(
                    "SELECT name, type FROM pragma_table_info($1)",
                    "SELECT a.attname::text, t.typname::text FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid \
                     JOIN pg_type t ON t.oid = a.atttypid WHERE c.relname = $1 AND a.attnum > 0 AND NOT a.attisdropped \
                     AND c.relnamespace = current_schema()::regnamespace",
                    &name,
                )
                .await?;
            let mut columns = columns
                .into_iter()
                .map(|(name, kind)| Ok((name, Kind::of(&kind)?)))
                .collect::<Result<Vec<_>, StoreError>>()?;
            columns.sort_by(|a, b| a.0.cmp(&b.0));
            let points = self
                .pairs(
                    "SELECT \"table\", \"from\" FROM pragma_foreign_key_list($1)",
                    "SELECT p.relname::text, a.attname::text FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid \
                     JOIN pg_class p ON p.oid = k.confrelid \
                     JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = ANY (k.conkey) \
                     WHERE k.contype = 'f' AND c.relname = $1 AND c.relnamespace = current_schema()::regnamespace",
                    &name,
                )
                .await?;
            let own = points.iter().find(|(parent, column)| *parent == name && column != "tenant");
            let own = own.map(|(_, column)| column.clone());
            let parents = points.into_iter().map(|(parent, _)| parent).filter(|parent| *parent != name).collect();
            tables.push(Table { name, columns, parents, own });
        }
        Ok(parents_first(tables))
    }
}

/// The tables by name, each after those that it points at.
fn parents_first(mut left: Vec<Table>) -> Vec<Table> {
    left.sort_by(|a, b| a.name.cmp(&b.name));
    let mut placed: Vec<Table> = Vec::with_capacity(left.len());
    while !left.is_empty() {
        let free = |table: &Table| table.parents.iter().all(|parent| placed.iter().any(|table| table.name == *parent));
        // In a circle nobody is free; there is none, and the database would say so.
        let next = left.iter().position(free).unwrap_or(0);
        placed.push(left.remove(next));
    }
    placed
}

fn unusable(text: String) -> StoreError {
    StoreError::Unusable(text)
}
