//! `[mail]`: the server that takes Poort's mail.

use std::path::Path;

use super::{
    super::{
        address,
        kind::{duration, number, path, text, word},
        secret_file::SecretFile,
        table::Table,
    },
    Mail, MailTls,
    reading::{SECOND, TEN_MINUTES},
};

pub(super) fn read(mut table: Table<'_>, directory: &Path) -> Mail {
    let default = Mail::default();
    let words = [("none", MailTls::None), ("starttls", MailTls::StartTls), ("tls", MailTls::Tls)];
    let host = table.optional("host", "\"mail.internal\"", address::host);
    let tls = table.optional("tls", "\"starttls\"", word(&words)).unwrap_or(default.tls);
    let port = table.optional("port", "587", number(1, 65_535)).and_then(|port| u16::try_from(port).ok());
    let user = table.optional("user", "\"poort\"", text);
    let password_file = table.optional("password_file", "\"/run/secrets/mail\"", path(directory)).map(SecretFile::new);
    let from = table.optional("from", "\"Poort <no-reply@poort.example>\"", address::mailbox);
    let timeout = table.optional("timeout", "\"10s\"", duration(SECOND, TEN_MINUTES));
    for (key, other, example) in [
        ("user", "password_file", "password_file = \"/run/secrets/mail\""),
        ("password_file", "user", "user = \"poort\""),
    ] {
        if table.has(key) && !table.has(other) {
            table.wrong(key, format!("a `{key}` without a `{other}`"), format!("{example} beside it, or neither"));
        }
    }
    if tls == MailTls::None && user.is_some() && password_file.is_some() {
        table.wrong(
            "user",
            "the password would travel to the mail server in clear",
            "tls = \"starttls\" beside it, or neither user nor password_file",
        );
    }
    table.finish();
    Mail {
        host: host.unwrap_or(default.host),
        port: port.unwrap_or(match tls {
            MailTls::None => 25,
            MailTls::StartTls => 587,
            MailTls::Tls => 465,
        }),
        tls,
        user,
        password_file,
        from: from.unwrap_or(default.from),
        timeout: timeout.unwrap_or(default.timeout),
    }
}
