//! `[redis]`: where replicas count together and wake each other. Without the section each does so by itself.

use std::path::Path;

use super::{
    super::{address, kind::path, secret_file::SecretFile, table::Table},
    Redis,
};

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
    table.finish();
    url.map(|url| Redis { url, password_file })
}
