//! `[backends.ID]`: the programs that answer for registers.

use std::{collections::BTreeSet, time::Duration};

use toml::de::DeValue;

use super::{
    address,
    kind::{boolean, duration, slug, word},
    table::Table,
    wrong::Wrong,
};
use crate::domain::register::{Backend, TokenForm};

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
                connect_timeout,
                response_timeout,
            });
        }
    }
    read
}
