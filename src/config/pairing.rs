//! `[clients.ID.pairing]`: an app on phones, that people pair with their account (PAIR-1, PAIR-2).

use std::{collections::BTreeSet, time::Duration};

use toml::de::DeValue;

use super::{
    document::Placed,
    kind::{any_text, duration, shown},
    near::{any_of, nearest},
    table::Table,
    wrong::Wrong,
};
use crate::domain::client::Pairing;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);
const LIFE: Duration = DAY.saturating_mul(180);
const UNUSED: Duration = DAY.saturating_mul(30);

/// Of an app that is for some of these professions.
pub(super) fn read(mut section: Table<'_>, known: &BTreeSet<String>) -> Option<Pairing> {
    let professions = section.required_list("professions", "[\"social_worker\"]", |value| profession(value, known));
    let life = section.optional("life", "\"180d\"", duration(DAY, DAY.saturating_mul(400))).unwrap_or(LIFE);
    let unused = section.optional("unused", "\"30d\"", duration(DAY, DAY.saturating_mul(400))).unwrap_or(UNUSED);
    section.finish();
    let professions = professions?.into_iter().map(|profession: Placed<String>| profession.value).collect();
    Some(Pairing { professions, life, unused })
}

fn profession(value: &DeValue<'_>, known: &BTreeSet<String>) -> Result<String, Wrong> {
    let code = any_text(value)?;
    if known.contains(code) {
        return Ok(code.to_owned());
    }
    let right = match nearest(code, known.iter().map(String::as_str)) {
        Some(meant) => format!("\"{meant}\", if that was meant"),
        None => format!("one of the tenant's professions: {}", any_of(known.iter().map(String::as_str))),
    };
    Err(Wrong::but(format!("there is no [professions.…] with the code {}", shown(code)), right))
}
