//! `[phone]`: to which numbers codes are sent by telephone, and how many at most.

use toml::de::DeValue;

use super::{
    kind::{any_text, boolean, number, shown},
    table::Table,
    wrong::Wrong,
};
use crate::domain::{
    phone::{Country, PhoneTerms},
    tenant::{Factor, Means},
};

pub(super) fn read(table: &mut Table<'_>, means: &[Means]) -> Option<PhoneTerms> {
    let offered: Vec<&Means> = means.iter().filter(|means| means.factors.contains(&Factor::PhoneCode)).collect();
    let Some(mut section) = table.optional_section("phone") else {
        if let Some(means) = offered.first() {
            table.lacks(
                "phone",
                format!("the means `{}` sends codes by telephone, and nothing says to which numbers", means.id),
                "[phone]\ncountries = [\"NL\", \"BE\"]",
            );
        }
        return None;
    };
    let countries = section.required_list("countries", "[\"NL\", \"BE\"]", country);
    let required = section.optional("required", "true", boolean).unwrap_or(false);
    let per_day = section.optional("per_day", "2000", number(1, 1_000_000)).unwrap_or(PhoneTerms::PER_DAY);
    // ASVS 5.0.0, 6.6.1: whoever may use an SMS may use something better.
    let better = means.iter().any(|means| {
        let strong = |factor: &Factor| matches!(factor, Factor::Totp | Factor::Passkey) || factor.is_federated();
        means.factors.iter().any(strong)
    });
    if !offered.is_empty() && !better {
        section.wrong_at(
            &section.place(),
            "a code by telephone is the best that people can have here, and others can read it",
            "a [[means]] with an authenticator app or a passkey beside it: factors = [\"password\", \"totp\"]",
        );
    }
    section.finish();
    let countries = countries?.into_iter().map(|country| country.value).collect();
    Some(PhoneTerms { countries, required, per_day })
}

/// A country by its two letters.
fn country(value: &DeValue<'_>) -> Result<Country, Wrong> {
    let text = any_text(value)?;
    Country::parse(text).ok_or_else(|| {
        let what = format!("{} is no country with a numbering plan", shown(text));
        Wrong::but(what, "its two letters of ISO 3166-1, as in countries = [\"NL\", \"BE\"]")
    })
}
