//! `[clients.ID.certificate]`: how a program's certificate proves that it is the program's (RFC 8705 section 2).

use std::{fs, net::IpAddr, path::Path};

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::Value;
use toml::de::DeValue;

use super::{
    document::Placed,
    kind::{any_text, path, shown, text},
    near::listed,
    table::Table,
    wrong::Wrong,
};
use crate::domain::certificate::{CertificateName, CertificateProof, DistinguishedName, Thumbprint};

/// One of these says which certificate it is; those before `sha256` a name, that an authority vouches for.
const KINDS: [&str; 7] = ["subject", "dns", "uri", "ip", "email", "sha256", "jwks_file"];

const THUMBPRINT_ADVICE: &str =
    "openssl x509 -in certificate.pem -outform DER | openssl dgst -sha256 -binary | base64 | tr '+/' '-_' | tr -d '='";

pub(super) fn read(mut section: Table<'_>) -> Option<CertificateProof> {
    let directory = section.document().directory().to_owned();
    let subject = section.optional("subject", "\"CN=feed,O=Lab,C=BE\"", subject).map(CertificateName::Subject);
    let dns = section.optional("dns", "\"feed.lab.example\"", text).map(CertificateName::Dns);
    let uri = section.optional("uri", "\"urn:example:feed\"", text).map(CertificateName::Uri);
    let ip = section.optional("ip", "\"192.0.2.7\"", address).map(CertificateName::Ip);
    let email = section.optional("email", "\"feed@lab.example\"", text).map(CertificateName::Email);
    let known = section.list("sha256", "[\"…\"]", thumbprint).map(|list| values(list, &section));
    let in_jwks = section.optional("jwks_file", "\"feed.jwks.json\"", |value| from_jwks(&path(&directory)(value)?));
    let authorities = section.optional("authorities_file", "\"lab-ca.pem\"", path(&directory));

    let said: Vec<&str> = KINDS.into_iter().filter(|kind| section.has(kind)).collect();
    let by_name = said.iter().any(|kind| !["sha256", "jwks_file"].contains(kind));
    match said.as_slice() {
        [] => section.wrong_at(
            &section.place(),
            "nothing says which certificate is the client's",
            "one name in it, as dns = \"feed.lab.example\", and authorities_file = \"lab-ca.pem\", who may vouch for it\n\
             or sha256 = [\"…\"], for one that the client signed itself",
        ),
        [_] if by_name && !section.has("authorities_file") => section.wrong(
            said[0],
            "whoever gets a certificate with this name, from anybody, would be this client",
            "authorities_file = \"lab-ca.pem\" beside it: those that may vouch for this client, and no others",
        ),
        [_] if !by_name && section.has("authorities_file") => section.wrong(
            "authorities_file",
            "these certificates are known one by one, so nobody needs to vouch for them",
            "remove it; or one name in the certificate instead, as dns = \"feed.lab.example\"",
        ),
        [_] => {}
        [.., last] => section.wrong(
            last,
            format!("a certificate is recognised in one way, not by {}", listed(said.iter().copied())),
            "keep one of them",
        ),
    }
    section.finish();
    let name = subject.or(dns).or(uri).or(ip).or(email);
    match (said.len(), name, known.or(in_jwks)) {
        (1, Some(name), None) => Some(CertificateProof::Vouched { name, authorities: authorities? }),
        (1, None, Some(known)) if !known.is_empty() => Some(CertificateProof::Known(known)),
        _ => None,
    }
}

fn values(list: Vec<Placed<Thumbprint>>, section: &Table<'_>) -> Vec<Thumbprint> {
    if list.is_empty() {
        section.wrong(
            "sha256",
            "the list is empty, so nobody is this client",
            format!("sha256 = [\"…\"]\n{THUMBPRINT_ADVICE}"),
        );
    }
    list.into_iter().map(|item| item.value).collect()
}

fn subject(value: &DeValue<'_>) -> Result<DistinguishedName, Wrong> {
    let text = any_text(value)?;
    DistinguishedName::parse(text).ok_or_else(|| {
        Wrong::but(
            format!("{} is no distinguished name (RFC 4514)", shown(text)),
            "subject = \"CN=feed,O=Lab,C=BE\", as this says it: openssl x509 -in certificate.pem -noout -subject -nameopt RFC2253",
        )
    })
}

fn address(value: &DeValue<'_>) -> Result<IpAddr, Wrong> {
    let text = any_text(value)?;
    text.parse().map_err(|_| Wrong::new(format!("{} is no address", shown(text))))
}

fn thumbprint(value: &DeValue<'_>) -> Result<Thumbprint, Wrong> {
    Thumbprint::parse(any_text(value)?)
        .ok_or_else(|| Wrong::but("the SHA-256 of a certificate is 43 characters of base64url", THUMBPRINT_ADVICE))
}

/// The certificates in the JWK set at `path`: the first of each key's `x5c` (RFC 7517 section 4.7), or its `x5t#S256`.
fn from_jwks(path: &Path) -> Result<Vec<Thumbprint>, Wrong> {
    let unread = |error: &dyn std::fmt::Display| {
        Wrong::but(
            format!("{} cannot be read: {error}", path.display()),
            "a file with the client's JWK set, relative to this one",
        )
    };
    let set: Value = fs::read(path)
        .map_err(|error| unread(&error))
        .and_then(|text| serde_json::from_slice(&text).map_err(|error| unread(&error)))?;
    let keys = set.get("keys").and_then(Value::as_array).filter(|keys| !keys.is_empty());
    let keys =
        keys.ok_or_else(|| Wrong::new(format!("{} is no JWK set: `keys` with at least one key", path.display())))?;
    let certificate = |key: &Value| {
        let encoded = key.get("x5c").and_then(|chain| chain.get(0)).and_then(Value::as_str);
        let whole = encoded.and_then(|text| STANDARD.decode(text).ok()).map(|der| Thumbprint::of(&der));
        whole.or_else(|| Thumbprint::parse(key.get("x5t#S256")?.as_str()?))
    };
    keys.iter().map(certificate).collect::<Option<_>>().ok_or_else(|| {
        Wrong::but(
            format!("{}: a key has no certificate", path.display()),
            "`x5c` in every key, its certificate in base64; or `x5t#S256`",
        )
    })
}
