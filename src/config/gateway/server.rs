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
    let mutual_tls = asking(table.section("mutual_tls"), directory, &PROGRAMS);
    let cards = asking(table.section("cards"), directory, &PEOPLE);

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
    let mut taken = vec![listen.port(), management_listen.port()];
    for (listener, of) in [(&mutual_tls, &PROGRAMS), (&cards, &PEOPLE)] {
        let Some(port) = listener.as_ref().map(|asking| asking.listen.port()).filter(|port| *port != 0) else {
            continue;
        };
        if taken.contains(&port) {
            let (section, example) = (of.section, of.listen);
            table.wrong(
                section,
                format!("port {port} of {section}.listen is that of another listener"),
                format!("a port of its own: [server.{section}] with listen = {example}"),
            );
        }
        taken.push(port);
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
        cards,
        trusted_proxies: trusted_proxies.unwrap_or_default().into_iter().map(|network| network.value).collect(),
    }
}

/// A listener that asks for a certificate, and whom.
struct AskingOf {
    section: &'static str,
    listen: &'static str,
    port: &'static str,
    bare: &'static str,
}

const PROGRAMS: AskingOf = AskingOf {
    section: "mutual_tls",
    listen: "\"0.0.0.0:8444\"",
    port: "8444",
    bare: "programs would not know whom they show their certificate: Poort ends TLS here itself, whoever ends it elsewhere",
};

const PEOPLE: AskingOf = AskingOf {
    section: "cards",
    listen: "\"0.0.0.0:8445\"",
    port: "8445",
    bare: "a card proves nothing to Poort where a proxy ends TLS: Poort ends it here itself, and a proxy in front passes it through",
};

/// Reads one; none without `listen`.
fn asking(mut table: Table<'_>, directory: &Path, of: &AskingOf) -> Option<MutualTls> {
    let listen = table.optional("listen", of.listen, address::socket);
    let public_port =
        table.optional("public_port", of.port, number(1, 65_535)).and_then(|port| u16::try_from(port).ok());
    let tls = tls(&mut table, directory);
    if table.has("listen") && tls.is_absent() {
        table.wrong(
            "listen",
            of.bare,
            "certificate_file = \"tls/fullchain.pem\" and key_file = \"tls/private.pem\" beside it; they may be those of [server.tls]",
        );
    }
    if !table.has("listen") && !tls.is_absent() {
        let key = if table.has("certificate_file") { "certificate_file" } else { "key_file" };
        table.wrong(key, "a certificate, and nowhere to show it", format!("listen = {} beside it", of.listen));
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
