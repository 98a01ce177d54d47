//! `[backends.ID]`: the programs that answer for registers.

use std::{
    collections::BTreeSet,
    fs::File,
    path::{Path, PathBuf},
    time::Duration,
};

use toml::de::DeValue;
use url::Url;

use super::{
    address,
    kind::{boolean, duration, path, slug, word},
    table::Table,
    wrong::Wrong,
};
use crate::domain::register::{Backend, BackendTls, TokenForm};

pub(super) const FORMS: [(&str, TokenForm); 2] = [("nl-gov", TokenForm::NlGov), ("rfc8693", TokenForm::Rfc8693)];

pub(super) struct ReadBackends {
    pub all: Vec<Backend>,
    /// Every id that the file uses, also of those with a mistake.
    pub known: BTreeSet<String>,
}

pub(super) fn read(table: &mut Table<'_>) -> ReadBackends {
    let mut read = ReadBackends { all: Vec::new(), known: BTreeSet::new() };
    for (id, mut section) in table.named("backends") {
        if let Err(Wrong { what, .. }) = slug(&DeValue::String(id.value.as_str().into())) {
            section.wrong_at(&id.place, what, "[backends.dossier]");
        }
        read.known.insert(id.value.clone());
        let url = section.required("url", "\"http://dossier.internal:9000\"", address::backend_url);
        let tls = tls(&mut section, url.as_ref());
        let audience = section.required("audience", "\"https://dossier.example.org\"", address::audience);
        let form = section.optional("form", "\"nl-gov\"", word(&FORMS)).unwrap_or_default();
        let national_number = section.optional("national_number", "false", boolean).unwrap_or(false);
        let most = Duration::from_secs(300);
        let mut timeout = |key, default: u64| {
            section
                .optional(key, &format!("\"{default}s\""), duration(Duration::from_millis(100), most))
                .unwrap_or(Duration::from_secs(default))
        };
        let (connect_timeout, response_timeout) = (timeout("connect_timeout", 2), timeout("response_timeout", 30));
        section.finish();
        if let (Some(url), Some(audience)) = (url, audience) {
            read.all.push(Backend {
                id: id.value,
                url,
                audience,
                form,
                national_number,
                tls,
                connect_timeout,
                response_timeout,
            });
        }
    }
    read
}

/// The files of TLS, which only an https backend has.
fn tls(section: &mut Table<'_>, url: Option<&Url>) -> BackendTls {
    let directory = section.document().directory().to_owned();
    let authorities = section.optional("ca_file", "\"ca.pem\"", readable(&directory));
    let certificate = section.optional("certificate_file", "\"poort.pem\"", readable(&directory));
    let key = section.optional("key_file", "\"poort.key\"", readable(&directory));
    if section.has("certificate_file") && !section.has("key_file") {
        section.wrong("certificate_file", "a certificate without its key", "key_file = \"poort.key\" beside it");
    }
    if section.has("key_file") && !section.has("certificate_file") {
        section.wrong("key_file", "a key without its certificate", "certificate_file = \"poort.pem\" beside it");
    }
    if url.is_some_and(|url| url.scheme() == "http") {
        for key in ["ca_file", "certificate_file", "key_file"].into_iter().filter(|key| section.has(key)) {
            section.wrong(key, "`url` is http: nobody proves anything there", "https in `url`, or without this key");
        }
    }
    BackendTls { authorities, own: certificate.zip(key) }
}

/// A file that is there.
fn readable(directory: &Path) -> impl Fn(&DeValue<'_>) -> Result<PathBuf, Wrong> {
    let path = path(directory);
    move |value| {
        let path = path(value)?;
        match File::open(&path) {
            Ok(_) => Ok(path),
            Err(error) => Err(Wrong::but(
                format!("{} cannot be read: {error}", path.display()),
                "a file in PEM, relative to this one",
            )),
        }
    }
}
