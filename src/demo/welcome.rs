//! What `poort demo` says when it is ready, and the list of people for programs.

use std::fmt::Write as _;

use jiff::civil::Date;
use serde::Serialize;

use super::people::{PASSWORD, worlds};
use crate::{base::Language, domain::tenant::Tenant};

/// The text for a terminal: what to open, whom one can be, where mails and codes are. `kept` says where the data stay.
pub(super) fn text(tenants: &[Tenant], inbox: &str, today: Date, kept: Option<&std::path::Path>) -> String {
    let mut text = String::from("Poort is ready. Everybody and everything in this demo is invented.\n");
    let worlds = worlds(today);
    for tenant in tenants {
        let _ = writeln!(text, "\n{}", tenant.name.get(Language::En));
        for register in &tenant.registers {
            line(
                &mut text,
                &register.origin,
                &format!("the register ‘{}’: start here", register.name.get(Language::En)),
            );
        }
        line(&mut text, &tenant.origin, "its login pages");
        let _ = writeln!(text);
        let people =
            worlds.iter().filter(|world| world.tenant == tenant.id.as_str()).flat_map(|world| world.who_log_in());
        for (person, login) in people {
            let _ = writeln!(text, "  {:<30} {}: {}", login.user, person.name(), login.tries);
        }
    }
    let _ = writeln!(text, "\nLogging in");
    line(&mut text, PASSWORD, "everybody's password");
    line(&mut text, inbox, "the mails with codes, as Poort sent them");
    line(&mut text, &format!("{inbox}/authenticator"), "the codes of everybody's authenticator app");
    let _ = match kept {
        Some(folder) => writeln!(text, "\nThe data stay in {}. Ctrl-C ends the demo.", folder.display()),
        None => writeln!(text, "\nCtrl-C ends the demo and forgets everything."),
    };
    text
}

fn line(text: &mut String, what: &str, about: &str) {
    let _ = writeln!(text, "  {what:<48} {about}");
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
