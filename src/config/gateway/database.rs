//! `[database]`: which database, and with which roles: one that serves and owns nothing, one that owns and migrates.

use std::{path::Path, time::Duration};

use super::{
    super::{
        address,
        kind::{boolean, duration, number, path},
        secret_file::SecretFile,
        table::Table,
    },
    Database, DatabaseUrl,
    reading::TEN_MINUTES,
};

pub(super) fn read(mut table: Table<'_>, directory: &Path) -> Database {
    let default = Database::default();
    let url = table.optional("url", "\"sqlite:poort.db\"", address::database_url);
    let migrate_url =
        table.optional("migrate_url", "\"postgres://poort_owner@db.internal/poort\"", address::database_url);
    let file = |table: &mut Table<'_>, key, example| table.optional(key, example, path(directory)).map(SecretFile::new);
    let password_file = file(&mut table, "password_file", "\"/run/secrets/database\"");
    let migrate_password_file = file(&mut table, "migrate_password_file", "\"/run/secrets/database-owner\"");
    let migrate_on_start = table.optional("migrate_on_start", "true", boolean);
    let connections = table.optional("connections", "16", number(1, 1000));
    let connect_timeout =
        table.optional("connect_timeout", "\"3s\"", duration(Duration::from_millis(100), TEN_MINUTES));

    let on_postgres = url.as_deref().map(is_postgres).or((!table.has("url")).then_some(false));
    match on_postgres {
        Some(true) => {
            if !table.has("migrate_url") && migrate_on_start != Some(false) {
                table.wrong(
                    "url",
                    "on PostgreSQL the role of this URL may not change tables, and no owner is named who does",
                    "migrate_url = \"postgres://poort_owner@db.internal/poort\", the owner of the tables\n\
                     or migrate_on_start = false, and `poort migrate` as the owner before each upgrade",
                );
            }
            if let Some(owner) = &migrate_url {
                if !is_postgres(owner) {
                    table.wrong(
                        "migrate_url",
                        "this is another kind of database than that of `url`",
                        "the same database, as the role that owns its tables",
                    );
                } else if user_of(owner).is_some() && url.as_deref().and_then(user_of) == user_of(owner) {
                    table.wrong(
                        "migrate_url",
                        "this is the role of `url`: Poort would run as the owner of its tables, whom row-level security does not bind",
                        "two roles: the owner here, and in `url` one that may only read and write rows",
                    );
                }
            }
        }
        Some(false) => {
            for key in ["password_file", "migrate_url", "migrate_password_file"] {
                if table.has(key) {
                    table.wrong(
                        key,
                        "SQLite has no roles and no passwords",
                        "remove it, or set `url` to a PostgreSQL database",
                    );
                }
            }
        }
        None => {}
    }
    table.finish();
    let located = |text: String| match text.strip_prefix("sqlite:") {
        Some(file) => DatabaseUrl::Sqlite(directory.join(file)),
        None => DatabaseUrl::Postgres(text),
    };
    Database {
        url: located(url.unwrap_or_else(|| "sqlite:poort.db".into())),
        password_file,
        migrate_url: migrate_url.map(located),
        migrate_password_file,
        migrate_on_start: migrate_on_start.unwrap_or(default.migrate_on_start),
        connections: connections.unwrap_or(default.connections),
        connect_timeout: connect_timeout.unwrap_or(default.connect_timeout),
    }
}

fn is_postgres(url: &str) -> bool {
    !url.starts_with("sqlite:")
}

fn user_of(url: &str) -> Option<String> {
    let url = url::Url::parse(url).ok()?;
    if !url.username().is_empty() {
        return Some(url.username().to_owned());
    }
    url.query_pairs().find(|(name, _)| name == "user").map(|(_, user)| user.into_owned())
}
