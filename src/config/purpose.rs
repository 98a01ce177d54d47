//! `[purposes.CODE]`: what people can consent to, to whom, and where a recipient sees it.

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
        consent::{Purpose, Recipients},
        person::Tie,
        register::{Register, Subject},
    },
};

const RECIPIENTS: [(&str, Recipients); 2] =
    [("organizations", Recipients::Organizations), ("appraises", Recipients::Tied(Tie::Appraises))];

/// What reading leans on: the registers of the same file; `whole` when none of them has a mistake of its own.
pub(super) struct Leads<'r> {
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
    let recipients = section.required("recipients", "\"organizations\"", word(&RECIPIENTS));
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
    section.finish();
    Some(Purpose { code, name: name?, shows: shows?, recipients: recipients?, register: register?, path: path? })
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
