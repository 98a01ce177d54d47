//! What `poort demo` says when it is ready, and the list of people for programs.

use std::{fmt::Write as _, path::Path};

use jiff::civil::Date;
use serde::Serialize;

use super::{
    clients::REGISTER,
    marker::SAMPLE_SECRET,
    people::{PASSWORD, World, worlds},
};
use crate::{api::PATH, base::Language, domain::tenant::Tenant};

/// The text for a terminal: what to open, how one logs in, whom one can be. `kept` says where the data stay.
pub(super) fn text(tenants: &[Tenant], [inbox, telephone]: [&str; 2], today: Date, kept: Option<&Path>) -> String {
    let worlds = worlds(today);
    let mut text =
        String::from("Poort is ready. Everybody and everything in this demo is invented.\n\nOpen a register\n");
    // Writing into a text cannot fail.
    for tenant in tenants {
        for register in &tenant.registers {
            let (tenant, register, at) = (&tenant.name, &register.name, &register.origin);
            let name = format!("{}: {}", tenant.get(Language::En), register.get(Language::En));
            let _ = writeln!(text, "  {name:<32} {at}");
        }
    }
    let _ = writeln!(text, "\nand log in as one of those below, with the password  {PASSWORD}");
    let _ = writeln!(text, "  {:<32} {inbox}/authenticator", "codes of everybody's app");
    let _ = writeln!(text, "  {:<32} {inbox}", "codes by e-mail, other mails");
    let _ = writeln!(text, "  {:<32} {telephone}", "codes by SMS or in a call");
    for tenant in tenants {
        let _ = writeln!(text, "\n{} ({})", tenant.name.get(Language::En), tenant.origin);
        let people = worlds.iter().filter(|world| world.tenant == tenant.id.as_str()).flat_map(World::who_log_in);
        for (_, login) in people {
            let _ = writeln!(text, "  {:<32} {}", login.user, login.tries);
        }
    }
    if let Some(tenant) = tenants.iter().find(|tenant| tenant.id.as_str() == "progezondheid") {
        let origin = &tenant.origin;
        let _ = writeln!(
            text,
            "\nOr be the register, and take Jan Claes's mandate away from Els Peeters while she acts for him\n  \
             TOKEN=$(curl -s -u {REGISTER}:{SAMPLE_SECRET} -d grant_type=client_credentials {origin}/token | cut -d'\"' -f4)\n  \
             curl -X DELETE -H \"Authorization: Bearer $TOKEN\" {origin}{PATH}/mandates/jan.claes~els.peeters~administrative\n  \
             what else it can push: {origin}{PATH}/openapi.json"
        );
    }
    if let Some(tenant) = tenants.iter().find(|tenant| tenant.id.as_str() == "ifms") {
        let origin = &tenant.origin;
        let _ = writeln!(
            text,
            "\nOr be the register of IFMS, and end the cycle of Thijs van Dam: what he let Wouter Blom see ends with it\n  \
             TOKEN=$(curl -s -u {REGISTER}:{SAMPLE_SECRET} -d grant_type=client_credentials {origin}/token | cut -d'\"' -f4)\n  \
             curl -X DELETE -H \"Authorization: Bearer $TOKEN\" {origin}{PATH}/people/wouter.blom/ties/appraises/thijs.vandam"
        );
    }
    let _ = match kept {
        Some(folder) => writeln!(text, "\nCtrl-C ends the demo. Its data stay in {}.", folder.display()),
        None => writeln!(text, "\nCtrl-C ends the demo and forgets everything."),
    };
    text
}

/// A person for programs.
#[derive(Serialize)]
struct PersonJson<'a> {
    tenant: &'a str,
    name: String,
    given_name: &'a str,
    family_name: &'a str,
    user: &'a str,
    password: &'a str,
    /// Base32, as authenticator apps take it.
    totp_secret: String,
    language: &'a str,
    national_number: &'a str,
    /// The RIZIV number: eleven digits.
    #[serde(skip_serializing_if = "Option::is_none")]
    nihdi: Option<&'a str>,
    /// The registration number, whatever its kind.
    #[serde(skip_serializing_if = "Option::is_none")]
    registration: Option<&'a str>,
    tries: &'a str,
}

/// Everybody who can log in, as a JSON array: what `poort demo --people-json` prints. `today` moves no number or secret.
#[must_use]
pub fn people_json(today: Date) -> String {
    let worlds = worlds(today);
    let people: Vec<PersonJson<'_>> = worlds
        .iter()
        .flat_map(|world| world.who_log_in().map(move |who| (world.tenant, who)))
        .map(|(tenant, (person, login))| PersonJson {
            tenant,
            name: person.name(),
            given_name: person.given,
            family_name: person.family,
            user: login.user,
            password: PASSWORD,
            totp_secret: person.authenticator(tenant).base32(),
            language: person.language.code(),
            national_number: &person.national_number,
            nihdi: person.number().filter(|_| tenant == "progezondheid"),
            registration: person.number(),
            tries: login.tries,
        })
        .collect();
    serde_json::to_string_pretty(&people).unwrap_or_default()
}
