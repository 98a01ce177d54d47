//! Reads `gateway.toml` section by section.

use std::{num::NonZeroU32, path::Path, time::Duration};

use super::{
    super::{
        address::collector_url,
        kind::{duration, number, path, size, word},
        mistake::Place,
        secret_file::SecretFile,
        table::Table,
    },
    Folders, Gateway, Keys, Limits, Log, LogFormat, LogLevel, Traces, database, ephemeral, mail, server, telephone,
};

pub(super) const SECOND: Duration = Duration::from_secs(1);
pub(super) const TEN_MINUTES: Duration = Duration::from_secs(600);

/// Where the file names folders, for what is wrong with them.
pub(in super::super) struct FolderPlaces {
    pub tenants: Place,
    pub policies: Place,
}

/// The gateway, and where its file names folders.
pub(in super::super) fn read(mut table: Table<'_>) -> (Gateway, FolderPlaces) {
    let directory = table.document().directory();
    let (folders, places) = folders(table.section("folders"), directory);
    let gateway = Gateway {
        server: server::read(table.section("server"), directory),
        limits: limits(table.section("limits")),
        database: database::read(table.section("database"), directory),
        redis: ephemeral::read(table.section("redis"), directory),
        keys: keys(table.section("keys"), directory),
        mail: mail::read(table.section("mail"), directory),
        telephone: telephone::read(table.section("telephone"), directory),
        log: log(table.section("log")),
        traces: traces(table.section("traces")),
        folders,
    };
    table.finish();
    (gateway, places)
}

fn limits(mut table: Table<'_>) -> Limits {
    let default = Limits::default();
    let limits = Limits {
        header_bytes: table
            .optional("header_bytes", "\"32KiB\"", size(8 << 10, 1 << 20))
            .unwrap_or(default.header_bytes),
        headers: table.optional("headers", "100", number(20, 1000)).unwrap_or(default.headers),
        header_read_timeout: table
            .optional("header_read_timeout", "\"10s\"", duration(SECOND, TEN_MINUTES))
            .unwrap_or(default.header_read_timeout),
        body_timeout: table
            .optional("body_timeout", "\"10s\"", duration(SECOND, TEN_MINUTES))
            .unwrap_or(default.body_timeout),
        idle_timeout: table
            .optional("idle_timeout", "\"75s\"", duration(SECOND, TEN_MINUTES))
            .unwrap_or(default.idle_timeout),
        connections: table.optional("connections", "10000", number(10, 1_000_000)).unwrap_or(default.connections),
        connections_per_address: table
            .optional("connections_per_address", "500", number(1, 1_000_000))
            .unwrap_or(default.connections_per_address),
        password_checks: table.optional("password_checks", "4", number(1, 256)).unwrap_or(default.password_checks),
        logins_per_address: table
            .optional("logins_per_address", "300", number(1, 1_000_000))
            .unwrap_or(default.logins_per_address),
        mails_per_address: table
            .optional("mails_per_address", "60", number(1, 1_000_000))
            .unwrap_or(default.mails_per_address),
        phones_per_address: table
            .optional("phones_per_address", "20", number(1, 1_000_000))
            .unwrap_or(default.phones_per_address),
        token_failures_per_address: table
            .optional("token_failures_per_address", "100", number(1, 1_000_000))
            .unwrap_or(default.token_failures_per_address),
        drain_notice: table
            .optional("drain_notice", "\"3s\"", duration(Duration::ZERO, TEN_MINUTES))
            .unwrap_or(default.drain_notice),
        drain: table.optional("drain", "\"25s\"", duration(Duration::ZERO, TEN_MINUTES)).unwrap_or(default.drain),
    };
    table.finish();
    limits
}

fn keys(mut table: Table<'_>, directory: &Path) -> Keys {
    let file = table.optional("master_key_file", "\"master.key\"", path(directory));
    table.finish();
    Keys { master_key_file: SecretFile::new(file.unwrap_or_else(|| directory.join("master.key"))) }
}

fn log(mut table: Table<'_>) -> Log {
    let default = Log::default();
    let levels = [LogLevel::Error, LogLevel::Warn, LogLevel::Info, LogLevel::Debug].map(|level| (level.word(), level));
    let level = table.optional("level", "\"info\"", word(&levels)).unwrap_or(default.level);
    let format = table
        .optional("format", "\"json\"", word(&[("json", LogFormat::Json), ("text", LogFormat::Text)]))
        .unwrap_or(default.format);
    table.finish();
    Log { level, format }
}

fn traces(mut table: Table<'_>) -> Traces {
    let collector = table.optional("collector", "\"http://127.0.0.1:4318\"", collector_url);
    let one_in = table.optional("one_in", "10", number(1, 1_000_000));
    table.finish();
    Traces { collector, one_in: one_in.and_then(NonZeroU32::new).unwrap_or(NonZeroU32::MIN) }
}

fn folders(mut table: Table<'_>, directory: &Path) -> (Folders, FolderPlaces) {
    let default = Folders::default();
    let folders = Folders {
        tenants: table
            .optional("tenants", "\"tenants\"", path(directory))
            .unwrap_or_else(|| directory.join(default.tenants)),
        policies: table.optional("policies", "\"policies\"", path(directory)),
    };
    let places = FolderPlaces { tenants: table.place_of("tenants"), policies: table.place_of("policies") };
    table.finish();
    (folders, places)
}
