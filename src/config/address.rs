//! The kinds of addresses: hosts, URLs, redirect URIs, sockets, networks, mail addresses, telephone numbers.
//!
//! A URL with a user in it may hold a password: it is never repeated in a message.

use std::net::{IpAddr, SocketAddr};

use ipnet::IpNet;
use toml::de::DeValue;
use url::Url;

use super::{
    gateway::one_server_each,
    kind::{any_text, shown},
    wrong::Wrong,
};
use crate::{base::reach::leads_to_this_machine, domain::path::canonical_host};

/// A host name in its canonical form, without port: DNS letters, lower case.
pub(super) fn host(value: &DeValue<'_>) -> Result<String, Wrong> {
    let text = any_text(value)?;
    if text.contains("://") || text.contains('/') || text.contains('@') {
        let meant =
            Url::parse(text).ok().filter(|url| !has_user(url)).and_then(|url| url.host_str().map(str::to_owned));
        return Err(Wrong::meant("a host name alone is expected here, without scheme, user or path", meant));
    }
    if text.parse::<IpAddr>().is_ok() {
        return Err(Wrong::new(format!(
            "{} is an address, and cookies and certificates need a host name",
            shown(text)
        )));
    }
    match canonical_host(text) {
        Some(canonical) if canonical == text => Ok(canonical),
        Some(canonical) => {
            let name = canonical.split(':').next().unwrap_or_default();
            Err(Wrong::meant(
                format!("{} is not written in the canonical form: lower case, without a port", shown(text)),
                Some(name.to_owned()),
            ))
        }
        None => Err(Wrong::new(format!(
            "{} is no host name: letters, digits, `-` and `.`; other letters as in xn--…",
            shown(text)
        ))),
    }
}

/// `http(s)://host[:port]` and nothing more.
pub(super) fn backend_url(value: &DeValue<'_>) -> Result<Url, Wrong> {
    let text = any_text(value)?;
    let url = Url::parse(text).map_err(|error| Wrong::new(format!("this is no URL ({error})")))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(Wrong::new(format!("a backend is reached by http or https, not by {}", shown(url.scheme()))));
    }
    if has_user(&url) {
        return Err(Wrong::new("a backend's URL has no user and no password; the backend trusts its token alone"));
    }
    if url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
        return Err(Wrong::meant(
            "a backend's URL ends after the port: requests keep the path that the route matched",
            Some(url.origin().ascii_serialization()),
        ));
    }
    Ok(url)
}

/// A collector of spans: `http://host[:port]`, since one stands beside the gateway.
pub(super) fn collector_url(value: &DeValue<'_>) -> Result<Url, Wrong> {
    let text = any_text(value)?;
    let url = Url::parse(text).map_err(|error| Wrong::new(format!("this is no URL ({error})")))?;
    if url.scheme() != "http" || has_user(&url) {
        return Err(Wrong::but(
            "spans go by plain http, without a user, to a collector beside the gateway",
            "collector = \"http://127.0.0.1:4318\"; that one sends them on by TLS",
        ));
    }
    if url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
        return Err(Wrong::meant(
            "a collector's URL ends after the port: /v1/traces is added",
            Some(url.origin().ascii_serialization()),
        ));
    }
    Ok(url)
}

/// An absolute URI that names an audience (RFC 8707 section 2): no fragment.
pub(super) fn audience(value: &DeValue<'_>) -> Result<String, Wrong> {
    let text = any_text(value)?;
    match Url::parse(text) {
        Ok(url) if has_user(&url) => Err(Wrong::new("an audience has no user and no password in it")),
        Ok(url) if url.fragment().is_none() && text.bytes().all(|b| b.is_ascii_graphic()) => Ok(text.to_owned()),
        _ => Err(Wrong::new("an audience is an absolute URI without a fragment")),
    }
}

/// A redirect URI: compared character by character, so no pattern; https, or http to the own machine (RFC 8252 section 7.3,
/// RFC 9700 section 2.1).
pub(super) fn redirect_uri(value: &DeValue<'_>) -> Result<String, Wrong> {
    let text = any_text(value)?;
    if text.contains('*') {
        return Err(Wrong::new(
            "redirect URIs are compared character by character; a `*` would match nothing but itself",
        ));
    }
    if let Some((before, _)) = text.split_once('#') {
        let meant = (!text.contains('@')).then(|| before.to_owned());
        return Err(Wrong::meant("a redirect URI has no fragment (RFC 6749 section 3.1.2)", meant));
    }
    if text.contains('\\') || !text.bytes().all(|b| b.is_ascii_graphic()) {
        return Err(Wrong::new(
            "a redirect URI has no spaces, backslashes or letters outside ASCII; write them percent-encoded",
        ));
    }
    let url = Url::parse(text).map_err(|error| Wrong::new(format!("this is no absolute URI ({error})")))?;
    if has_user(&url) {
        return Err(Wrong::new("a redirect URI has no user and no password in it"));
    }
    match url.scheme() {
        "https" => {}
        "http" if leads_to_this_machine(&url) => {}
        "http" => {
            return Err(Wrong::meant(
                "codes would travel unencrypted: http is for localhost, 127.0.0.1 and [::1] only",
                text.strip_prefix("http://").map(|rest| format!("https://{rest}")),
            ));
        }
        scheme => {
            return Err(Wrong::new(format!(
                "people cannot be sent to {} safely; applications on a phone claim an https address",
                shown(&format!("{scheme}:"))
            )));
        }
    }
    let after_scheme = text.strip_prefix(url.scheme()).and_then(|rest| rest.strip_prefix("://"));
    if after_scheme.is_none_or(|rest| rest.starts_with('/')) {
        let meant = Some(url.as_str().to_owned()).filter(|url| url != text);
        return Err(Wrong::meant("a redirect URI begins with `https://` and a host, written exactly so", meant));
    }
    Ok(text.to_owned())
}

/// A URI that Poort itself posts to: https, or http to the own machine (OpenID Connect Back-Channel Logout 1.0 section 2.2).
pub(super) fn called_uri(value: &DeValue<'_>) -> Result<String, Wrong> {
    let text = any_text(value)?;
    let url = Url::parse(text).map_err(|error| Wrong::new(format!("this is no absolute URI ({error})")))?;
    if has_user(&url) {
        return Err(Wrong::new("a URI that is called has no user and no password in it: what is posted is signed"));
    }
    if url.fragment().is_some() || !text.bytes().all(|b| b.is_ascii_graphic()) {
        return Err(Wrong::new("a URI that is called has no fragment, no spaces and no letters outside ASCII"));
    }
    match url.scheme() {
        "https" => Ok(text.to_owned()),
        "http" if leads_to_this_machine(&url) => Ok(text.to_owned()),
        _ => Err(Wrong::meant(
            "what is posted would travel unencrypted: https, or http for localhost, 127.0.0.1 and [::1] only",
            text.strip_prefix("http://").map(|rest| format!("https://{rest}")),
        )),
    }
}

/// A URL of a database without anything secret in it.
pub(super) fn database_url(value: &DeValue<'_>) -> Result<String, Wrong> {
    let text = any_text(value)?;
    if let Some(file) = text.strip_prefix("sqlite:") {
        if file.trim_start_matches('/').is_empty() || file.contains('?') || file.starts_with("//") {
            return Err(Wrong::new("after `sqlite:` the path of a file is expected, and nothing else"));
        }
        return Ok(text.to_owned());
    }
    for server in one_server_each(text) {
        postgres_url(&server)?;
    }
    Ok(text.to_owned())
}

/// The URL of one server of PostgreSQL.
fn postgres_url(text: &str) -> Result<(), Wrong> {
    let url = Url::parse(text).map_err(|error| {
        let example =
            text.starts_with("postgres").then(|| "postgres://poort@db1.internal,db2.internal:5433/poort".into());
        Wrong::meant(format!("this is no URL ({error})"), example)
    })?;
    if !matches!(url.scheme(), "postgres" | "postgresql") {
        return Err(Wrong::new(format!(
            "Poort keeps its data in SQLite or PostgreSQL, not in {}",
            shown(url.scheme())
        )));
    }
    if url.password().is_some() || url.query_pairs().any(|(name, _)| name == "password") {
        return Err(Wrong::but(
            "a password stands here in clear",
            "take it out of the URL and out of this file's history, change it, and name a file with the new one:\npassword_file = \"/run/secrets/database\" (or migrate_password_file, for migrate_url)",
        ));
    }
    if url.path().trim_matches('/').is_empty() {
        return Err(Wrong::new("the URL names no database"));
    }
    Ok(())
}

/// Where Redis is, without a password.
pub(super) fn redis_url(value: &DeValue<'_>) -> Result<String, Wrong> {
    let text = any_text(value)?;
    let url = Url::parse(text).map_err(|error| Wrong::new(format!("this is no URL ({error})")))?;
    if !["redis", "rediss"].contains(&url.scheme()) {
        return Err(Wrong::new(format!("Redis is spoken to by `redis:` or `rediss:`, not by {}", shown(url.scheme()))));
    }
    if url.password().is_some() || url.query().is_some() {
        return Err(Wrong::but(
            "a password, or a query in which one could stand, stands here in clear",
            "take it out of the URL and out of this file's history, change it, and name a file with the new one:\npassword_file = \"/run/secrets/redis\"",
        ));
    }
    if url.host_str().is_none_or(str::is_empty) {
        return Err(Wrong::new("the URL names no host"));
    }
    if url.fragment().is_some() {
        return Err(Wrong::new("what stands behind `#` would weaken TLS, which is never done here"));
    }
    let database = url.path().trim_start_matches('/');
    if !database.is_empty() && database.parse::<u16>().is_err() {
        return Err(Wrong::new("after the host stands the number of a database, or nothing"));
    }
    Ok(text.to_owned())
}

/// An address and port to listen on.
pub(super) fn socket(value: &DeValue<'_>) -> Result<SocketAddr, Wrong> {
    let text = any_text(value)?;
    text.parse().map_err(|_| {
        Wrong::new(format!("{} is no address with a port; the address in digits, not a name", shown(text)))
    })
}

/// A network of proxies.
pub(super) fn network(value: &DeValue<'_>) -> Result<IpNet, Wrong> {
    let text = any_text(value)?;
    let network: IpNet = text
        .parse()
        .or_else(|_| text.parse::<IpAddr>().map(IpNet::from))
        .map_err(|_| Wrong::new(format!("{} is no network (address/bits)", shown(text))))?;
    if network.prefix_len() == 0 {
        return Err(Wrong::new("this trusts everybody: anyone could write any client address into a forwarded header"));
    }
    if network.trunc() != network {
        return Err(Wrong::meant(
            format!("{} has bits after its prefix", shown(text)),
            Some(network.trunc().to_string()),
        ));
    }
    Ok(network)
}

/// A mail address.
pub(super) fn email(value: &DeValue<'_>) -> Result<String, Wrong> {
    let text = any_text(value)?;
    if is_email(text) { Ok(text.to_owned()) } else { Err(Wrong::new(format!("{} is no mail address", shown(text)))) }
}

/// A mail address, with a name before it or not.
pub(super) fn mailbox(value: &DeValue<'_>) -> Result<String, Wrong> {
    let text = any_text(value)?;
    let address = match text.split_once('<') {
        Some((name, rest)) if !name.contains(['"', ',', ';', ':', '@']) => rest.strip_suffix('>').unwrap_or_default(),
        Some(_) => "",
        None => text,
    };
    if is_email(address) && !text.chars().any(char::is_control) {
        Ok(text.to_owned())
    } else {
        Err(Wrong::new(format!("{} is no sender", shown(text))))
    }
}

fn is_email(text: &str) -> bool {
    text.split_once('@').is_some_and(|(local, domain)| {
        !local.is_empty()
            && local.len() <= 64
            && local.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~.".contains(&b))
            && !domain.contains(':')
            && canonical_host(domain).is_some()
    })
}

/// A telephone number as people write it.
pub(super) fn phone(value: &DeValue<'_>) -> Result<String, Wrong> {
    let text = any_text(value)?;
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let plain = text.bytes().all(|b| b.is_ascii_digit() || b"+-()/. ".contains(&b));
    if plain && (3..=15).contains(&digits) {
        Ok(text.to_owned())
    } else {
        Err(Wrong::new(format!("{} is no telephone number", shown(text))))
    }
}

fn has_user(url: &Url) -> bool {
    !url.username().is_empty() || url.password().is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read<T>(text: &str, read: impl Fn(&DeValue<'_>) -> Result<T, Wrong>) -> Option<T> {
        read(&DeValue::String(text.to_owned().into())).ok()
    }

    #[test]
    fn redirect_uris_lead_to_one_place_and_encrypted() {
        for good in [
            "https://app.example/cb",
            "https://app.example:8443/cb?a=b",
            "http://localhost:8090/cb",
            "http://app.localhost/cb",
            "http://127.0.0.1/cb",
            "http://[::1]:1/cb",
        ] {
            assert!(read(good, redirect_uri).is_some(), "{good}");
        }
        for bad in [
            "",
            "/cb",
            "http://app.example/cb",
            "http://localhost.evil.example/",
            "https://*.example/",
            "https://app.example/#",
            "https://u:p@app.example/",
            "javascript:alert(1)",
            "data:text/html,x",
            "com.example.app:/cb",
            "https:\\\\app.example",
            "https://app.example/\tcb",
            "https://é.example/",
            "https://",
            "http://127.0.0.1@evil.example/",
            "https:app.example",
            "https:///app.example",
            "HTTPS://app.example",
        ] {
            assert!(read(bad, redirect_uri).is_none(), "{bad}");
        }
    }

    #[test]
    fn what_is_called_is_called_encrypted() {
        for good in ["https://app.example/logout?a=b", "http://app.localhost:8090/logout", "http://127.0.0.1/"] {
            assert!(read(good, called_uri).is_some(), "{good}");
        }
        for bad in [
            "http://app.example/logout",
            "http://169.254.169.254/latest/meta-data",
            "http://localhost.evil.example/",
            "https://u:p@app.example/",
            "https://app.example/#",
            "https://app.example/a b",
            "file:///etc/passwd",
            "gopher://app.example/",
            "/logout",
        ] {
            assert!(read(bad, called_uri).is_none(), "{bad}");
        }
    }

    #[test]
    fn a_database_url_has_no_password_in_it() {
        for good in [
            "sqlite:poort.db",
            "sqlite:/var/lib/poort/poort.db",
            "postgres://poort@db/poort",
            "postgresql:///poort?host=/run/postgresql",
            "postgres://poort@db1.internal,db2.internal:5433/poort",
        ] {
            assert!(read(good, database_url).is_some(), "{good}");
        }
        for bad in [
            "postgres://poort:geheim@db/poort",
            "postgres://poort@db/poort?password=geheim",
            "mysql://db/x",
            "poort.db",
            "sqlite:",
            "sqlite://x",
            "postgres://db",
            "postgres://poort@db1:x,db2/poort",
            "postgres://poort:geheim@db1,db2/poort",
        ] {
            let wrong = database_url(&DeValue::String(bad.into())).expect_err(bad);
            assert!(!format!("{wrong:?}").contains("geheim"));
        }
    }

    #[test]
    fn a_redis_url_names_a_host_and_no_password() {
        for good in ["redis://cache", "redis://poort@cache:6380/3", "redis://[::1]:6379/", "rediss://cache:6380/0"] {
            assert!(read(good, redis_url).is_some(), "{good}");
        }
        for bad in [
            "cache:6379",
            "https://cache",
            "rediss://cache/0#insecure",
            "redis://:geheim@cache",
            "redis:///1",
            "redis://cache/a",
            "redis://c?password=geheim",
        ] {
            let wrong = redis_url(&DeValue::String(bad.into())).expect_err(bad);
            assert!(!format!("{wrong:?}").contains("geheim"));
        }
    }

    #[test]
    fn networks_have_no_bits_after_their_prefix() {
        assert!(read("10.0.0.0/8", network).is_some() && read("::1", network).is_some());
        assert!(
            read("10.0.0.1/8", network).is_none()
                && read("0.0.0.0/0", network).is_none()
                && read("proxy", network).is_none()
        );
    }

    #[test]
    fn addresses_of_people() {
        for good in ["a@b.example", "Poort <no-reply@poort.example>"] {
            assert!(read(good, mailbox).is_some(), "{good}");
        }
        for bad in ["a", "a@", "@b", "a b@c", "A, B <a@b>", "a@b\r\nBcc: c@d", "Poort <a@b> x"] {
            assert!(read(bad, mailbox).is_none(), "{bad}");
        }
        assert!(read("088 - 440 43 90", phone).is_some() && read("bel ons", phone).is_none());
    }
}
