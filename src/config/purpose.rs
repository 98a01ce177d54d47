//! `[purposes.CODE]`: what people can consent to, to whom, and where a recipient sees it or what is passed on.

use std::collections::BTreeMap;

use toml::de::DeValue;

use super::{
    kind::{any_text, shown, slug, word},
    near::{any_of, nearest},
    table::Table,
    texts,
    wrong::Wrong,
};
use crate::{
    base::Language,
    domain::{
        consent::{Givers, Purpose, Recipients, Seen},
        person::Tie,
        register::{Register, Subject},
        tenant::Texts,
    },
};

const RECIPIENTS: [(&str, Option<Tie>); 2] = [("organizations", None), ("appraises", Some(Tie::Appraises))];

const GIVERS: [(&str, Givers); 2] = [("everybody", Givers::Everybody), ("outsiders", Givers::Outsiders)];

const PASSED_ON: [(&str, ()); 1] = [("contact", ())];

/// What reading leans on: the rights and registers of the same file; `whole` when none of the registers has a mistake of its own.
pub(super) struct Leads<'r> {
    pub rights: &'r BTreeMap<String, Texts>,
    pub registers: &'r [Register],
    pub whole: bool,
}

pub(super) fn read(table: &mut Table<'_>, languages: Option<&[Language]>, leads: &Leads<'_>) -> Vec<Purpose> {
    let mut purposes = Vec::new();
    for (code, section) in table.named("purposes") {
        if let Err(Wrong { what, right }) = slug(&DeValue::String(code.value.as_str().into())) {
            section.wrong_at(&code.place, what, right.entry("[purposes.employer_insight]"));
            continue;
        }
        purposes.extend(one(code.value, section, languages, leads));
    }
    purposes
}

fn one(code: String, mut section: Table<'_>, languages: Option<&[Language]>, leads: &Leads<'_>) -> Option<Purpose> {
    let name = texts::required(&mut section, "name", languages);
    let shows = texts::required(&mut section, "shows", languages);
    let recipients = section.required("recipients", "\"organizations\"", |value| recipients(value, leads.rights));
    let givers = section.optional("givers", "\"everybody\"", word(&GIVERS)).unwrap_or_default();
    let seen = match section.has("passes_on") {
        true => passed_on(&mut section),
        false => page(&mut section, leads),
    };
    section.finish();
    Some(Purpose { code, name: name?, shows: shows?, recipients: recipients?, givers, seen: seen? })
}

/// What Poort itself passes on: then there is no page of a register.
fn passed_on(section: &mut Table<'_>) -> Option<Seen> {
    for key in ["register", "path"] {
        if section.optional(key, "", |_| Ok(())).is_some() {
            section.wrong(
                key,
                "what is passed on stands on the page /insight, and nothing else is seen",
                "remove it; or remove passes_on, and a recipient is led to a page of this register",
            );
        }
    }
    section.required("passes_on", "\"contact\"", word(&PASSED_ON)).map(|()| Seen::Contact)
}

/// A page of a register.
fn page(section: &mut Table<'_>, leads: &Leads<'_>) -> Option<Seen> {
    let register = section.required("register", "\"dossier\"", |value| register(value, leads));
    let path = section.required("path", "\"/dossiers/{registration}\"", |value| Ok(any_text(value)?.to_owned()));
    let known = register.as_ref().and_then(|id| leads.registers.iter().find(|register| register.id == *id));
    if let (Some(known), Some(path)) = (known, &path)
        && !names_somebody(known, path)
    {
        section.wrong(
            "path",
            "the register has no route with this path that is read (GET) and names a person",
            "the path of such a route, as it stands there: path = \"/dossiers/{registration}\"",
        );
    }
    Some(Seen::Page { register: register?, path: path? })
}

/// `"organizations"`, `"appraises"`, or `"right:CODE"`: organizations with that right.
fn recipients(value: &DeValue<'_>, rights: &BTreeMap<String, Texts>) -> Result<Recipients, Wrong> {
    let Some(code) = any_text(value)?.strip_prefix("right:") else {
        return word(&RECIPIENTS)(value).map(|tie| tie.map_or(Recipients::Organizations, Recipients::Tied));
    };
    if rights.contains_key(code) {
        return Ok(Recipients::Entitled(code.to_owned()));
    }
    let known = || rights.keys().map(String::as_str);
    let right = match nearest(code, known()) {
        Some(meant) => format!("recipients = \"right:{meant}\", if that was meant"),
        None if rights.is_empty() => "a section [rights.CODE] with what it is called".to_owned(),
        None => format!("one of the tenant's rights: {}", any_of(known())),
    };
    Err(Wrong::but(format!("there is no [rights.…] with the code {}", shown(code)), right))
}

fn register(value: &DeValue<'_>, leads: &Leads<'_>) -> Result<String, Wrong> {
    let id = any_text(value)?;
    let known = || leads.registers.iter().map(|register| register.id.as_str());
    if !leads.whole || known().any(|known| known == id) {
        return Ok(id.to_owned());
    }
    let right = match nearest(id, known()) {
        Some(meant) => format!("register = \"{meant}\", if that was meant"),
        None => format!("one of the tenant's registers: {}", any_of(known())),
    };
    Err(Wrong::but(format!("there is no [registers.…] with the id {}", shown(id)), right))
}

/// Whether a route of this path shows something of the one person whose number is its one parameter.
fn names_somebody(register: &Register, path: &str) -> bool {
    register.routes.iter().any(|route| {
        let named = matches!(route.subject, Subject::Parameter { .. }) && route.path.parameters().count() == 1;
        named && route.path.as_str() == path && route.methods.iter().any(|method| method == "GET")
    })
}
