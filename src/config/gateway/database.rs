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
        table.optional("connect_timeout", "\"2s\"", duration(Duration::from_millis(100), TEN_MINUTES));
    let answer_timeout = table.optional("answer_timeout", "\"2s\"", duration(Duration::from_millis(100), TEN_MINUTES));

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
        answer_timeout: answer_timeout.unwrap_or(default.answer_timeout),
    }
}

/// A PostgreSQL URL may name several servers, with commas between, as libpq has it: `postgres://role@a,b:5433/poort`. The same
/// URL for each of them.
#[must_use]
pub fn one_server_each(url: &str) -> Vec<String> {
    let start = url.find("://").map_or(0, |at| at + 3);
    let end = url[start..].find(['/', '?', '#']).map_or(url.len(), |at| start + at);
    let hosts = url[start..end].rfind('@').map_or(start, |at| start + at + 1);
    url[hosts..end].split(',').map(|host| format!("{}{host}{}", &url[..hosts], &url[end..])).collect()
}

fn is_postgres(url: &str) -> bool {
    !url.starts_with("sqlite:")
}

fn user_of(url: &str) -> Option<String> {
    let url = url::Url::parse(one_server_each(url).first()?).ok()?;
    if !url.username().is_empty() {
        return Some(url.username().to_owned());
    }
    url.query_pairs().find(|(name, _)| name == "user").map(|(_, user)| user.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_servers_stand_in_one_url() {
        assert_eq!(one_server_each("postgres://a@db/poort"), ["postgres://a@db/poort"]);
        assert_eq!(one_server_each("postgresql:///poort?host=/run/a,b"), ["postgresql:///poort?host=/run/a,b"]);
        assert_eq!(
            one_server_each("postgres://a%40b@db1,[::1]:5433/poort?sslmode=require"),
            ["postgres://a%40b@db1/poort?sslmode=require", "postgres://a%40b@[::1]:5433/poort?sslmode=require"]
        );
        assert_eq!(user_of("postgres://owner@db1:1,db2:2/poort").as_deref(), Some("owner"));
    }
}
