//! A copy of everything: taken while Poort serves, and brought back into an empty database of either kind.
//!
//! The file is text, a line each: a head with the schema's number; for each tenant and table a line that names them and the
//! columns, and the rows as JSON; and at the end how many rows each table has and their sum. What is sealed stays sealed: a
//! backup is of no use without the master key, and holds names and addresses in clear all the same.
//!
//! A table's sum adds up the SHA-256 of its rows (as four numbers of 64 bits), so that no order of rows changes it: the file, the
//! database that it came from and the one that it goes to have the same.

mod file;
mod sums;

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

use self::file::{Content, Reader, Writer};
pub use self::sums::{Sum, Sums};
use crate::{
    base::{Timestamp, id::TenantId},
    storage::{
        StoreError,
        seal::{KeyStage, MasterKey, Purpose, SealError, Sealer, WrappedKey},
        sql::{
            Database,
            copy::{Filling, ROWS, Snapshot, Table, Value},
            newest_schema,
        },
    },
};

/// A copy cannot be made, read or brought back. Says nothing of what is in it.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// The file cannot be read or written.
    #[error("{0}: {1}")]
    File(PathBuf, #[source] io::Error),
    /// The database does not answer, or does not take it.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The file is not whole, or was changed.
    #[error("{0}: line {1}: {2}")]
    Damaged(PathBuf, u64, &'static str),
    /// A newer Poort made it.
    #[error("the file has schema {0}, this Poort knows schema {1}: use the version that made it, or a newer one")]
    Newer(i64, i64),
    /// The master key at hand does not open the keys in it.
    #[error("tenant {0}: {1}. The master key of the backup's time opens it: keys.master_key_file names its file")]
    MasterKey(TenantId, #[source] SealError),
    /// After all was put in, the database has something else.
    #[error("table {0} has other rows than the file; drop this database, and restore into a new one")]
    Differs(String),
}

/// What a copy has in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    /// The number of the schema's newest migration.
    pub schema: i64,
    /// When it was made.
    pub made_at: String,
    /// Each table's rows.
    pub sums: Sums,
}

impl Summary {
    /// How many rows there are in all.
    #[must_use]
    pub fn rows(&self) -> u64 {
        self.sums.0.values().map(|sum| sum.rows).sum()
    }
}

/// Writes everything of the tenants into a new file that only its owner may read. `tenants` are those of the configuration; those
/// that only the database knows come with them.
///
/// # Errors
/// When the file exists, or the database does not answer.
pub async fn write(
    database: &Database,
    tenants: &[TenantId],
    path: &Path,
    now: Timestamp,
) -> Result<Summary, BackupError> {
    if path.exists() {
        let exists = io::Error::new(io::ErrorKind::AlreadyExists, "it is there already; name a new file");
        return Err(BackupError::File(path.to_owned(), exists));
    }
    let mut snapshot = Snapshot::take(database).await?;
    let mut all = snapshot.tenants().await?;
    all.extend(tenants.iter().cloned());
    all.sort_by(|a, b| a.as_str().cmp(b.as_str()));
    all.dedup();
    // Under another name until it is whole.
    let partial = path.with_added_extension("partial");
    let failed = |error| BackupError::File(partial.clone(), error);
    let mut writer = Writer::create(&partial, snapshot.schema(), now).map_err(failed)?;
    let tables = snapshot.tables().to_vec();
    for tenant in &all {
        for table in &tables {
            writer.section(tenant, table);
            snapshot.rows(table, tenant, |row| writer.row(&row)).await?;
        }
    }
    let schema = snapshot.schema();
    let sums = writer.finish().map_err(failed)?;
    fs::rename(&partial, path).map_err(|error| BackupError::File(path.to_owned(), error))?;
    Ok(Summary { schema, made_at: now.to_string(), sums })
}

/// Reads a file to its end, and checks that it is whole, unchanged, of a schema that this Poort knows, and that the master
/// key, when there is one at hand, opens its keys.
///
/// # Errors
/// What is wrong with it.
pub fn verify(path: &Path, master: Option<&MasterKey>) -> Result<Summary, BackupError> {
    let mut reader = Reader::open(path)?;
    let mut keys: BTreeMap<String, (TenantId, Vec<WrappedKey>)> = BTreeMap::new();
    let mut columns = Vec::new();
    while let Some(content) = reader.next()? {
        match content {
            Content::Section { columns: named, .. } => columns = named,
            Content::Row { tenant, table, row } if table == "tenant_key" => {
                let key = wrapped_key(&columns, &row).ok_or_else(|| reader.damaged("a key of no known kind"))?;
                keys.entry(tenant.to_string()).or_insert_with(|| (tenant, Vec::new())).1.push(key);
            }
            Content::Row { .. } => {}
        }
    }
    if let Some(master) = master {
        for (tenant, keys) in keys.into_values() {
            Sealer::new(master, tenant.clone(), &keys).map_err(|error| BackupError::MasterKey(tenant, error))?;
        }
    }
    Ok(reader.into_summary())
}

fn wrapped_key(columns: &[String], row: &[Value]) -> Option<WrappedKey> {
    let value = |name: &str| columns.iter().position(|column| column == name).and_then(|at| row.get(at));
    let (Some(Value::Text(purpose)), Some(Value::Integer(id)), Some(Value::Bytes(wrapped))) =
        (value("purpose"), value("id"), value("wrapped"))
    else {
        return None;
    };
    let stage = match value("stage") {
        Some(Value::Text(stage)) => KeyStage::from_word(stage)?,
        _ => KeyStage::Active,
    };
    Some(WrappedKey {
        purpose: Purpose::from_word(purpose)?,
        id: u32::try_from(*id).ok()?,
        stage,
        wrapped: wrapped.clone(),
    })
}

/// Brings a file back into an empty database, and compares what is then there with what the file says. The schema is that
/// of the file; whoever opens the database next brings it up to date.
///
/// # Errors
/// When the file is not good, the master key is another one, or the database is not empty: then nothing was changed.
pub async fn restore(database: &Database, path: &Path, master: &MasterKey) -> Result<Summary, BackupError> {
    let summary = verify(path, Some(master))?;
    let mut filling = Filling::begin(database, summary.schema).await?;
    let mut reader = Reader::open(path)?;
    let mut tenants: Vec<TenantId> = Vec::new();
    let mut waiting: Option<(Table, TenantId, Vec<Vec<Value>>)> = None;
    while let Some(content) = reader.next()? {
        match content {
            Content::Section { tenant, table, columns } => {
                flush(&mut filling, &mut waiting).await?;
                if !tenants.contains(&tenant) {
                    tenants.push(tenant.clone());
                }
                waiting = Some((filling.table(&table, &columns)?, tenant, Vec::with_capacity(ROWS)));
            }
            Content::Row { row, .. } => {
                let Some((table, tenant, rows)) = &mut waiting else { continue };
                rows.push(row);
                if rows.len() == ROWS {
                    filling.put(table, tenant, std::mem::take(rows)).await?;
                }
            }
        }
    }
    flush(&mut filling, &mut waiting).await?;
    filling.commit().await?;
    let found = sums(database, &tenants).await?;
    match summary.sums.differs(&found) {
        None => Ok(summary),
        Some(table) => Err(BackupError::Differs(table)),
    }
}

async fn flush(
    filling: &mut Filling,
    waiting: &mut Option<(Table, TenantId, Vec<Vec<Value>>)>,
) -> Result<(), BackupError> {
    match waiting.take() {
        Some((table, tenant, rows)) if !rows.is_empty() => Ok(filling.put(&table, &tenant, rows).await?),
        _ => Ok(()),
    }
}

/// The sums of what a database holds of these tenants.
///
/// # Errors
/// When it does not answer.
pub async fn sums(database: &Database, tenants: &[TenantId]) -> Result<Sums, BackupError> {
    let mut snapshot = Snapshot::take(database).await?;
    let (tables, mut sums) = (snapshot.tables().to_vec(), Sums::default());
    for table in &tables {
        let columns: Vec<String> = table.columns().map(str::to_owned).collect();
        for tenant in tenants {
            snapshot
                .rows(table, tenant, |row| {
                    sums.add(&table.name, &columns, &file::line(&row));
                    Ok(())
                })
                .await?;
        }
    }
    Ok(sums)
}

/// Whether the file's schema is one that this Poort knows.
fn known(schema: i64) -> Result<(), BackupError> {
    let newest = newest_schema();
    if schema > newest { Err(BackupError::Newer(schema, newest)) } else { Ok(()) }
}
