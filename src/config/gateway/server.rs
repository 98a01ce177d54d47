//! `[server]`: where the gateway listens, and who ends TLS: without an answer to that, on loopback only.

use std::path::Path;

use super::{
    super::{
        address,
        kind::{number, path, word},
        placement::Scheme,
        secret_file::SecretFile,
        table::Table,
    },
    MutualTls, Server, Tls,
};

pub(super) fn read(mut table: Table<'_>, directory: &Path) -> Server {
    let default = Server::default();
    let listen = table.optional("listen", "\"127.0.0.1:8080\"", address::socket);
    let management_listen = table.optional("management_listen", "\"127.0.0.1:9090\"", address::socket);
    let scheme = table
        .optional("public_scheme", "\"https\"", word(&[("https", Scheme::Https), ("http", Scheme::Http)]))
        .unwrap_or(default.public_scheme);
    let public_port =
        table.optional("public_port", "8443", number(1, 65_535)).and_then(|port| u16::try_from(port).ok());
    let trusted_proxies = table.list("trusted_proxies", "[\"10.0.0.0/8\"]", address::network);
    let mut section = table.section("tls");
    let tls = tls(&mut section, directory);
    section.finish();
    let mutual_tls = mutual_tls(table.section("mutual_tls"), directory);

    let proxies_named = table.has("trusted_proxies") && trusted_proxies.as_ref().is_none_or(|list| !list.is_empty());
    if let Some(listen) = listen
        && !listen.ip().is_loopback()
        && tls.is_absent()
        && !proxies_named
    {
        table.wrong(
            "listen",
            format!("anyone who reaches {listen} would speak to Poort unencrypted: nobody ends TLS"),
            "one of these three:\n\
             listen = \"127.0.0.1:8080\", for a proxy on this machine\n\
             trusted_proxies = [\"10.0.0.0/8\"], the networks of the proxies that end TLS\n\
             [server.tls] with certificate_file and key_file, for Poort to end TLS",
        );
    }
    if scheme == Scheme::Http && tls.is_there() {
        table.wrong("public_scheme", "Poort ends TLS, so browsers do not come by http", "public_scheme = \"https\"");
    }
    let listen = listen.unwrap_or(default.listen);
    let management_listen = management_listen.unwrap_or(default.management_listen);
    if listen.port() == management_listen.port() && listen.port() != 0 {
        table.wrong(
            "management_listen",
            format!("port {} is that of `listen` too: health and metrics are not for the public", listen.port()),
            "management_listen = \"127.0.0.1:9090\"",
        );
    }
    if let Some(taken) = mutual_tls.as_ref().map(|asking| asking.listen.port()).filter(|port| *port != 0)
        && [listen.port(), management_listen.port()].contains(&taken)
    {
        table.wrong(
            "mutual_tls",
            format!("port {taken} of mutual_tls.listen is that of another listener"),
            "a port of its own: [server.mutual_tls] with listen = \"0.0.0.0:8444\"",
        );
    }
    table.finish();
    Server {
        listen,
        management_listen,
        public_scheme: scheme,
        public_port: public_port.unwrap_or(match scheme {
            Scheme::Https => 443,
            Scheme::Http => listen.port(),
        }),
        tls: tls.value,
        mutual_tls,
        trusted_proxies: trusted_proxies.unwrap_or_default().into_iter().map(|network| network.value).collect(),
    }
}

/// The listener for programs with a certificate; none without `listen`.
fn mutual_tls(mut table: Table<'_>, directory: &Path) -> Option<MutualTls> {
    let listen = table.optional("listen", "\"0.0.0.0:8444\"", address::socket);
    let public_port =
        table.optional("public_port", "8444", number(1, 65_535)).and_then(|port| u16::try_from(port).ok());
    let tls = tls(&mut table, directory);
    if table.has("listen") && tls.is_absent() {
        table.wrong(
            "listen",
            "programs would not know whom they show their certificate: Poort ends TLS here itself, whoever ends it elsewhere",
            "certificate_file = \"tls/fullchain.pem\" and key_file = \"tls/private.pem\" beside it; they may be those of [server.tls]",
        );
    }
    if !table.has("listen") && !tls.is_absent() {
        let key = if table.has("certificate_file") { "certificate_file" } else { "key_file" };
        table.wrong(key, "a certificate, and nowhere to show it", "listen = \"0.0.0.0:8444\" beside it");
    }
    table.finish();
    let (listen, tls) = (listen?, tls.value?);
    Some(MutualTls { listen, public_port: public_port.unwrap_or(listen.port()), tls })
}

/// TLS as asked for, rightly or not.
struct AskedTls {
    value: Option<Tls>,
    asked: bool,
}

impl AskedTls {
    const fn is_there(&self) -> bool {
        self.value.is_some()
    }

    const fn is_absent(&self) -> bool {
        !self.asked
    }
}

fn tls(table: &mut Table<'_>, directory: &Path) -> AskedTls {
    let certificate_file = table.optional("certificate_file", "\"tls/fullchain.pem\"", path(directory));
    let key_file = table.optional("key_file", "\"tls/private.pem\"", path(directory)).map(SecretFile::new);
    let asked = table.has("certificate_file") || table.has("key_file");
    if table.has("certificate_file") && !table.has("key_file") {
        table.wrong("certificate_file", "a certificate without its key", "key_file = \"tls/private.pem\" beside it");
    }
    if table.has("key_file") && !table.has("certificate_file") {
        table.wrong("key_file", "a key without its certificate", "certificate_file = \"tls/fullchain.pem\" beside it");
    }
    let value = certificate_file.zip(key_file).map(|(certificate_file, key_file)| Tls { certificate_file, key_file });
    AskedTls { value, asked }
}
