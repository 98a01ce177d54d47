//! `[[registers.ID.logins]]`: who logs in otherwise than everybody else of a register (LOGIN-4).

use toml::de::DeValue;

use super::{
    kind::{any_text, day, shown, word},
    means::{assurance_words, offered},
    near::{listed, nearest},
    table::Table,
    tenant::Around,
    wrong::Wrong,
};
use crate::domain::{
    assurance::Assurance,
    login_rule::{Audience, LoginRule},
    person::Role,
};

const EXAMPLE: &str = "\"registered:specialist\"";

/// Reads the lines of a register; also the most assurance that one of them reaches. `None` when one has a mistake.
pub(super) fn read(section: &mut Table<'_>, around: &Around) -> (Option<Vec<LoginRule>>, Option<Assurance>) {
    let Some(tables) = section.sections("logins") else { return (None, None) };
    let count = tables.len();
    let mut rules: Vec<LoginRule> = Vec::new();
    let mut reachable = None;
    for mut table in tables {
        let audience = table.required("audience", EXAMPLE, |value| audience(value, around));
        let least_assurance = table.required("least_assurance", "\"substantial\"", word(&assurance_words()));
        let (means, most) = offered(&mut table, around.means.as_ref(), least_assurance);
        let from = table.optional("from", "\"2027-01-01\"", day);
        let dated = !table.has("from") || from.is_some();
        reachable = reachable.max(most);
        let taken = |rule: &LoginRule| {
            rule.from.is_none() && (rule.audience == Audience::Everyone || Some(&rule.audience) == audience.as_ref())
        };
        if rules.iter().any(taken) {
            table.wrong(
                "audience",
                "an earlier line is for them, always: this one never counts",
                "remove it, or put it before that line",
            );
        } else if let (Some(audience), Some(means), Some(least_assurance), true) =
            (audience, means, least_assurance, dated)
        {
            rules.push(LoginRule { audience, means, least_assurance, from });
        }
        table.finish();
    }
    ((rules.len() == count).then_some(rules), reachable)
}

fn audience(value: &DeValue<'_>, around: &Around) -> Result<Audience, Wrong> {
    let text = any_text(value)?;
    match text.split_once(':') {
        None if text == "everyone" => Ok(Audience::Everyone),
        None if text == "without_national_number" => Ok(Audience::WithoutNationalNumber),
        Some(("registered", code)) if around.professions.contains(code) => Ok(Audience::Registered(code.to_owned())),
        Some(("registered", code)) => {
            let known = || around.professions.iter().map(String::as_str);
            let right = match nearest(code, known()) {
                Some(meant) => format!("audience = \"registered:{meant}\", if that was meant"),
                None => format!("one of the tenant's professions: {}", listed(known())),
            };
            Err(Wrong::but(format!("there is no [professions.{code}]"), right))
        }
        Some(("role", role)) => role.parse().map(Audience::Role).map_err(|_| {
            let roles = || Role::ALL.into_iter().map(Role::word);
            match nearest(role, roles()) {
                Some(meant) => Wrong::meant(format!("{} is no role", shown(role)), Some(format!("role:{meant}"))),
                None => Wrong::but(format!("{} is no role", shown(role)), format!("one of {}", listed(roles()))),
            }
        }),
        _ => Err(Wrong::but(
            format!("{} says not whom the line is for", shown(text)),
            format!("audience = {EXAMPLE}, \"role:trainee\", \"without_national_number\" or \"everyone\""),
        )),
    }
}
