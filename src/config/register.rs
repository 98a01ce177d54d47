//! `[registers.ID]`: a register's host, law, means and routes.

use std::collections::BTreeSet;

use toml::de::DeValue;

use super::{
    address,
    asked::Asked,
    document::Placed,
    kind::{shown, slug, word},
    login_rule,
    means::{assurance_words, offered},
    near::{any_of, listed, nearest},
    purpose::Leads,
    route,
    table::Table,
    tenant::{Around, host_label},
    texts,
    wrong::Wrong,
};
use crate::domain::register::{Regime, Register};

const REGIMES: [(&str, Regime); 2] = [("public", Regime::Public), ("private", Regime::Private)];

#[derive(Default)]
pub(super) struct ReadRegisters {
    pub all: Vec<Register>,
    /// The hosts of all, also of those with a mistake.
    pub hosts: Vec<Placed<String>>,
    /// What their routes ask of the policies.
    pub asked: Vec<Asked>,
    /// Whether every one of them could be read.
    pub whole: bool,
}

pub(super) fn read(table: &mut Table<'_>, around: &Around) -> ReadRegisters {
    let mut opened = BTreeSet::new();
    let mut read = ReadRegisters { whole: true, ..ReadRegisters::default() };
    for (id, section) in table.named("registers") {
        if let Err(Wrong { what, right }) = host_label(&DeValue::String(id.value.as_str().into())) {
            section.wrong_at(&id.place, what, right.entry("[registers.dossier]"));
        }
        let (host, register, asked) = one(id.value, section, around, &mut opened);
        read.whole &= register.is_some();
        read.hosts.extend(host);
        read.all.extend(register);
        read.asked.extend(asked);
    }
    read
}

/// The slug of a register, as another section of the file names it.
pub(super) fn named(leads: &Leads<'_>) -> impl Fn(&DeValue<'_>) -> Result<String, Wrong> {
    let (whole, ids) = (leads.whole, leads.registers.iter().map(|register| register.id.clone()).collect::<Vec<_>>());
    move |value| {
        let id = slug(value)?;
        let known = || ids.iter().map(String::as_str);
        if !whole || known().any(|known| known == id) {
            return Ok(id);
        }
        let right = match nearest(&id, known()) {
            Some(meant) => format!("register = \"{meant}\", if that was meant"),
            None => format!("one of the tenant's registers: {}", any_of(known())),
        };
        Err(Wrong::but(format!("there is no [registers.…] with the id {}", shown(&id)), right))
    }
}

/// The professions that the register opens to anyone, each in one register. `None` when one of them is none.
fn open_professions(section: &mut Table<'_>, around: &Around, opened: &mut BTreeSet<String>) -> Option<Vec<String>> {
    if !section.has("lookup") {
        return Some(Vec::new());
    }
    let list = section.list("lookup", "[\"physician\"]", slug)?;
    let mut right = true;
    for Placed { value, place } in &list {
        if !around.professions.contains(value) {
            let known = || around.professions.iter().map(String::as_str);
            let advice = match nearest(value, known()) {
                Some(meant) => format!("\"{meant}\", if that was meant"),
                None => format!("one of the tenant's professions: {}", listed(known())),
            };
            section.wrong_at(place, format!("there is no [professions.{value}]"), advice);
            right = false;
        } else if !opened.insert(value.clone()) {
            section.wrong_at(place, format!("`{value}` is looked up already"), "each profession once, in one register");
            right = false;
        }
    }
    right.then(|| list.into_iter().map(|code| code.value).collect())
}

fn one(
    id: String,
    mut section: Table<'_>,
    around: &Around,
    opened: &mut BTreeSet<String>,
) -> (Option<Placed<String>>, Option<Register>, Vec<Asked>) {
    let host = section.required("host", "\"dossier.example.org\"", address::host);
    let host = host.map(|value| Placed { value, place: section.place_of("host") });
    let name = texts::required(&mut section, "name", around.languages.as_deref());
    let regime = section.required("regime", "\"public\"", word(&REGIMES));
    let least_assurance = section.required("least_assurance", "\"substantial\"", word(&assurance_words()));
    let (means, reachable) = offered(&mut section, around.means.as_ref(), least_assurance);
    let (logins, by_a_line) = login_rule::read(&mut section, around);
    let reachable = reachable.map(|most| by_a_line.map_or(most, |further| further.max(most)));
    let lookup = open_professions(&mut section, around, opened);
    let backend = route::backend(&mut section, around);
    let routes = section.sections("routes");
    if routes.as_ref().is_some_and(Vec::is_empty) {
        section.lacks(
            "routes",
            "a register without routes answers nothing but 404",
            format!("[[{}]]\nmethods = [\"GET\"]\npath = \"/\"\nsubject = \"none\"\nresource = \"register\"\naction = \"open\"\nfields = \"front\"", section.path_of("routes")),
        );
    }
    let (routes, asked) =
        route::read(routes.unwrap_or_default(), &route::Within { backend: &backend, reachable, around });
    section.finish();

    let origin = String::new(); // Until the tenant is placed.
    let assemble = || {
        Some(Register {
            id,
            name: name?,
            host: host.as_ref()?.value.clone(),
            origin,
            regime: regime?,
            least_assurance: least_assurance?,
            means: means?,
            logins: logins?,
            lookup: lookup?,
            routes,
        })
    };
    (host.clone(), assemble(), asked)
}
