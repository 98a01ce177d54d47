//! `[self_registration]`: that people make an account themselves, and where they go on with it.

use super::{kind::any_text, purpose::Leads, register, table::Table};
use crate::domain::{
    register::{Register, Subject},
    tenant::{Factor, Means, SelfRegistration},
};

/// What a new account is logged in with.
const FACTORS: [Factor; 2] = [Factor::Password, Factor::EmailCode];

pub(super) fn read(table: &mut Table<'_>, leads: &Leads<'_>, means: &[Means]) -> Option<SelfRegistration> {
    let mut section = table.optional_section("self_registration")?;
    let register = section.required("register", "\"dossier\"", register::named(leads));
    let path = section.required("path", "\"/application\"", |value| Ok(any_text(value)?.to_owned()));
    let known = register.as_ref().and_then(|id| leads.registers.iter().find(|register| register.id == *id));
    if let (Some(known), Some(path)) = (known, &path) {
        if !is_ones_own(known, path) {
            section.wrong(
                "path",
                "the register has no route with this path that is read (GET) and is about oneself",
                "the path of such a route, as it stands there: path = \"/application\"",
            );
        }
        if !lets_in(known, means) {
            section.wrong(
                "register",
                "nobody could log in there with a new account, which has a password and gets codes by mail",
                "a register whose `means` have one with factors = [\"password\", \"email_code\"]",
            );
        }
    }
    section.finish();
    Some(SelfRegistration { register: register?, path: path? })
}

/// Whether a route of this path shows what is of who acts, whoever that is.
fn is_ones_own(register: &Register, path: &str) -> bool {
    register.routes.iter().any(|route| {
        let own = matches!(route.subject, Subject::Own) && route.path.parameters().next().is_none();
        own && route.path.as_str() == path && route.methods.iter().any(|method| method == "GET")
    })
}

fn lets_in(register: &Register, means: &[Means]) -> bool {
    let mut offered = register.means.iter().filter_map(|id| means.iter().find(|means| means.id == *id));
    offered.any(|means| means.factors == FACTORS && means.assurance >= register.least_assurance)
}
