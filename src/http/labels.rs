//! Codes and capacities in a tenant's words.

use std::collections::BTreeMap;

use crate::{
    base::Language,
    domain::{
        capacity::Capacity,
        identifier::{EnterpriseNumber, NihdiNumber},
        organization::Management,
        person::Person,
        profile::Profile,
        tenant::{NationalNumberKind, Tenant, Texts},
    },
    pages::{text::Text, views::words::CapacityName},
    service::identities::Portrait,
};

/// What a code is called, or the code itself.
#[must_use]
pub fn of<'a>(texts: &'a BTreeMap<String, Texts>, code: &'a str, language: Language) -> &'a str {
    texts.get(code).map_or(code, |texts| texts.get(language))
}

/// Somebody's name, or that it is not known yet.
#[must_use]
pub fn person(text: Text, person: &Person) -> String {
    name(text, person.name())
}

/// A name, or that it is not known yet: who logged in by DigiD has none until a register tells one.
#[must_use]
pub fn name(text: Text, name: String) -> String {
    if name.is_empty() { text.say("person-unnamed").into_owned() } else { name }
}

/// What a capacity is called here.
#[must_use]
pub fn capacity(tenant: &Tenant, language: Language, capacity: Capacity) -> String {
    if let Some(own) = tenant.capacity_labels.get(capacity.word()) {
        return own.get(language).to_owned();
    }
    let name = match capacity {
        Capacity::Citizen => CapacityName::Citizen,
        Capacity::Professional => CapacityName::Professional,
        Capacity::MandateHolder => CapacityName::MandateHolder,
        Capacity::OrganizationMember => CapacityName::OrganizationMember,
        Capacity::Trainer => CapacityName::Trainer,
        Capacity::Trainee => CapacityName::Trainee,
        Capacity::Supporter => CapacityName::Supporter,
        Capacity::Appraiser => CapacityName::Appraiser,
        Capacity::Helpdesk => CapacityName::Helpdesk,
        Capacity::Anyone => CapacityName::Anyone,
    };
    name.say(Text::new(language))
}

/// What somebody is in their organization.
#[must_use]
pub fn member(tenant: &Tenant, language: Language, management: Management) -> String {
    let text = Text::new(language);
    match management {
        Management::None => capacity(tenant, language, Capacity::OrganizationMember),
        Management::AccessManager => CapacityName::AccessManager.say(text),
        Management::ChiefAccessManager => CapacityName::ChiefAccessManager.say(text),
    }
}

/// A profile in words: `Arts`, `Mandaathouder: Jan Claes`, `Lid van Ziekenhuis Sint-Anna`.
#[must_use]
pub fn profile(tenant: &Tenant, language: Language, profile: &Profile, portrait: Option<&Portrait>) -> String {
    let what = match &profile.profession {
        Some(code) => of(&tenant.professions, code, language).to_owned(),
        None => capacity(tenant, language, profile.capacity),
    };
    let represented =
        portrait.and_then(|p| p.represented.as_ref()).map(|(other, _)| person(Text::new(language), other));
    let organization = portrait.and_then(|p| p.organization.as_ref()).map(|organization| organization.name.clone());
    match represented.or(organization) {
        Some(whom) => format!("{what}: {whom}"),
        None => what,
    }
}

/// A registration number with its label, as people of this tenant know it.
#[must_use]
pub fn registration(tenant: &Tenant, language: Language, number: &str) -> String {
    let label = match tenant.national_number {
        NationalNumberKind::NationalRegister => Text::new(language).say("registration-nihdi"),
        NationalNumberKind::Bsn => Text::new(language).say("registration-number"),
    };
    format!("{label} {}", self::number(tenant, number))
}

/// A registration number as people of this tenant write it.
#[must_use]
pub fn number(tenant: &Tenant, number: &str) -> String {
    match tenant.national_number {
        NationalNumberKind::NationalRegister => {
            NihdiNumber::parse(number).map_or_else(|_| number.to_owned(), |number| number.to_string())
        }
        NationalNumberKind::Bsn => number.to_owned(),
    }
}

/// An enterprise number, as people know it.
#[must_use]
pub fn enterprise(number: &str) -> String {
    let number = EnterpriseNumber::parse(number).map_or_else(|_| number.to_owned(), |number| number.to_string());
    format!("KBO {number}")
}
