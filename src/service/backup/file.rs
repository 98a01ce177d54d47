//! The file of a copy, line by line.

use std::{
    fs::{File, OpenOptions},
    io::{self, BufRead, BufReader, BufWriter, Write},
    path::{Path, PathBuf},
};

use base64::{Engine, engine::general_purpose::STANDARD};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::{BackupError, Summary, Sums, known};
use crate::{
    base::{Timestamp, id::TenantId, token::TokenDigest},
    storage::sql::copy::{Table, Value},
};

/// The form that this file describes.
const FORM: u32 = 1;

#[derive(Serialize, Deserialize)]
struct Head {
    poort_backup: u32,
    schema: i64,
    made_at: String,
    made_by: String,
}

#[derive(Serialize, Deserialize)]
struct Section {
    tenant: String,
    table: String,
    columns: Vec<String>,
}

#[derive(Serialize, Deserialize)]
struct End {
    end: Sums,
    /// The SHA-256 of the head's line.
    head: String,
}

/// A row's line. Bytes are a list of one text in base64.
pub(super) fn line(row: &[Value]) -> String {
    let json = |value: &Value| match value {
        Value::Null => Json::Null,
        Value::Integer(number) => (*number).into(),
        Value::Text(text) => text.as_str().into(),
        Value::Bytes(bytes) => Json::Array(vec![STANDARD.encode(bytes).into()]),
    };
    Json::Array(row.iter().map(json).collect()).to_string()
}

fn row(line: &str) -> Option<Vec<Value>> {
    let values: Vec<Json> = serde_json::from_str(line).ok()?;
    let value = |json: Json| match json {
        Json::Null => Some(Value::Null),
        Json::Number(number) => number.as_i64().map(Value::Integer),
        Json::String(text) => Some(Value::Text(text)),
        Json::Array(bytes) => match bytes.as_slice() {
            [Json::String(text)] => STANDARD.decode(text).ok().map(Value::Bytes),
            _ => None,
        },
        Json::Bool(_) | Json::Object(_) => None,
    };
    values.into_iter().map(value).collect()
}

/// Writes a file.
pub(super) struct Writer {
    file: BufWriter<File>,
    head: String,
    section: Option<Section>,
    columns: Vec<String>,
    table: String,
    sums: Sums,
}

impl Writer {
    /// A new file that only its owner may read; one that was begun and not finished is written over.
    pub(super) fn create(path: &Path, schema: i64, now: Timestamp) -> io::Result<Self> {
        match std::fs::remove_file(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        {
            use std::os::unix::fs::OpenOptionsExt;
            options.mode(0o600);
        }
        let mut file = BufWriter::new(options.open(path)?);
        let made_by = concat!("poort ", env!("CARGO_PKG_VERSION")).to_owned();
        let head = Head { poort_backup: FORM, schema, made_at: now.to_string(), made_by };
        let head = serde_json::to_string(&head)?;
        writeln!(file, "{head}")?;
        let (columns, table) = (Vec::new(), String::new());
        Ok(Self { file, head, section: None, columns, table, sums: Sums::default() })
    }

    /// The rows that follow are a tenant's, of this table. Without any, nothing is written.
    pub(super) fn section(&mut self, tenant: &TenantId, table: &Table) {
        self.columns = table.columns().map(str::to_owned).collect();
        self.table.clone_from(&table.name);
        let (tenant, table) = (tenant.to_string(), table.name.clone());
        self.section = Some(Section { tenant, table, columns: self.columns.clone() });
    }

    pub(super) fn row(&mut self, row: &[Value]) -> io::Result<()> {
        if let Some(section) = self.section.take() {
            writeln!(self.file, "{}", serde_json::to_string(&section)?)?;
        }
        let line = line(row);
        writeln!(self.file, "{line}")?;
        self.sums.add(&self.table, &self.columns, &line);
        Ok(())
    }

    /// Writes the end, and everything to the disk.
    pub(super) fn finish(mut self) -> io::Result<Sums> {
        let end = End { end: self.sums, head: TokenDigest::of(self.head.as_bytes()).text() };
        writeln!(self.file, "{}", serde_json::to_string(&end)?)?;
        self.file.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()?;
        Ok(end.end)
    }
}

/// What a line says.
pub(super) enum Content {
    /// What the rows that follow are.
    Section { tenant: TenantId, table: String, columns: Vec<String> },
    /// A row.
    Row { tenant: TenantId, table: String, row: Vec<Value> },
}

/// Reads a file, and compares its end with what came before.
pub(super) struct Reader {
    path: PathBuf,
    lines: io::Lines<BufReader<File>>,
    at: u64,
    head: Head,
    head_line: String,
    within: Option<(TenantId, String, Vec<String>)>,
    sums: Sums,
}

impl Reader {
    pub(super) fn open(path: &Path) -> Result<Self, BackupError> {
        let failed = |error| BackupError::File(path.to_owned(), error);
        let mut lines = BufReader::new(File::open(path).map_err(failed)?).lines();
        let head_line = lines.next().transpose().map_err(failed)?.unwrap_or_default();
        let no_backup = || BackupError::Damaged(path.to_owned(), 1, "this is no backup of Poort");
        let head: Head = serde_json::from_str(&head_line).map_err(|_| no_backup())?;
        known(head.schema)?;
        if head.poort_backup != FORM {
            return Err(BackupError::Damaged(path.to_owned(), 1, "a backup of another form: a newer Poort's?"));
        }
        Ok(Self { path: path.to_owned(), lines, at: 1, head, head_line, within: None, sums: Sums::default() })
    }

    /// What the next line says; none after a good end.
    pub(super) fn next(&mut self) -> Result<Option<Content>, BackupError> {
        let line = self.lines.next().transpose().map_err(|error| BackupError::File(self.path.clone(), error))?;
        self.at += 1;
        let Some(line) = line else { return Err(self.damaged("the end is missing: the file is cut off")) };
        if line.starts_with('[') {
            let row = row(&line).ok_or_else(|| self.damaged("this is no row"))?;
            let Some((tenant, table, columns)) = &self.within else {
                return Err(self.damaged("a row before its table is named"));
            };
            self.sums.add(table, columns, &line);
            return Ok(Some(Content::Row { tenant: tenant.clone(), table: table.clone(), row }));
        }
        if let Ok(Section { tenant, table, columns }) = serde_json::from_str(&line) {
            let tenant: TenantId = tenant.parse().map_err(|_| self.damaged("this names no tenant"))?;
            self.within = Some((tenant.clone(), table.clone(), columns.clone()));
            return Ok(Some(Content::Section { tenant, table, columns }));
        }
        let end: End = serde_json::from_str(&line).map_err(|_| self.damaged("this line cannot be read"))?;
        if end.head != TokenDigest::of(self.head_line.as_bytes()).text() {
            return Err(self.damaged("the first line was changed"));
        }
        if end.end != self.sums {
            return Err(self.damaged("the rows are not those that were written: the file was changed"));
        }
        Ok(None)
    }

    pub(super) fn damaged(&self, what: &'static str) -> BackupError {
        BackupError::Damaged(self.path.clone(), self.at, what)
    }

    pub(super) fn into_summary(self) -> Summary {
        Summary { schema: self.head.schema, made_at: self.head.made_at, sums: self.sums }
    }
}
