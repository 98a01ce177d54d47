//! `[redis]`: where replicas count together and wake each other. Without the section each does so by itself.

use std::path::Path;

use super::{
    super::{address, kind::path, secret_file::SecretFile, table::Table},
    Redis, RedisTls, Tls,
};

/// What belongs to TLS.
const OF_TLS: [&str; 3] = ["ca_file", "certificate_file", "key_file"];

pub(super) fn read(mut table: Table<'_>, directory: &Path) -> Option<Redis> {
    let url = table.optional("url", "\"redis://cache.internal:6379/0\"", address::redis_url);
    let password_file = table.optional("password_file", "\"/run/secrets/redis\"", path(directory)).map(SecretFile::new);
    if table.has("password_file") && !table.has("url") {
        table.wrong(
            "password_file",
            "a password, and nobody to say it to",
            "url = \"redis://cache.internal:6379/0\" beside it",
        );
    }
    let ca_file = table.optional("ca_file", "\"redis-ca.pem\"", path(directory));
    let certificate_file = table.optional("certificate_file", "\"redis-client.pem\"", path(directory));
    let key_file = table.optional("key_file", "\"redis-client.key\"", path(directory)).map(SecretFile::new);
    if table.has("certificate_file") != table.has("key_file") {
        let (there, other) = match table.has("key_file") {
            true => ("key_file", "certificate_file = \"redis-client.pem\""),
            false => ("certificate_file", "key_file = \"redis-client.key\""),
        };
        table.wrong(there, "a certificate and its key go together", format!("{other} beside it"));
    }
    let encrypted = url.as_ref().is_some_and(|url| url.starts_with("rediss:"));
    if let Some(key) = OF_TLS.into_iter().find(|key| table.has(key)).filter(|_| url.is_some() && !encrypted) {
        table.wrong(
            key,
            "`url` says redis, so nothing is encrypted and nobody proves anything",
            "rediss in `url`, as in url = \"rediss://cache.internal:6380/0\"; or without this key",
        );
    }
    table.finish();
    let own = certificate_file.zip(key_file).map(|(certificate_file, key_file)| Tls { certificate_file, key_file });
    url.map(|url| Redis { url, password_file, tls: encrypted.then_some(RedisTls { ca_file, own }) })
}
