//! `[fas_saml]`: the tenant's connection to FAS by SAML, where it is older than the one by OpenID Connect (`[fas]`).
//!
//! Source: the attributes and levels that public integrations use (BOSA's own specification was not read).

use toml::de::DeValue;

use super::{
    kind::{any_text, shown, word},
    openid::UNKNOWN_PEOPLE,
    saml::{self, Kind, decryption},
    table::Table,
    wrong::Wrong,
};
use crate::domain::{
    assurance::Assurance,
    tenant::{Factor, NationalNumberKind},
    upstream::{
        ClaimNames, FAS_CLASSES as CLASSES, RequestBinding, ReturnBinding, SamlProvider, SamlSignature, UnknownPeople,
    },
};

const FAS: Kind = Kind {
    factor: Factor::Fas,
    name: "FAS",
    provider: "https://iamapps-public.belgium.be/saml/fas-metadata.xml",
    binding: RequestBinding::Post,
    returns: ReturnBinding::Post,
    signature: SamlSignature::Pkcs1,
    levels: &[
        ("level100", CLASSES[0]),
        ("level200", CLASSES[1]),
        ("level300", CLASSES[2]),
        ("level400", CLASSES[3]),
        ("level450", CLASSES[4]),
        ("level500", CLASSES[5]),
    ],
    most: &[
        ("level100", Assurance::Low, "Level100 is an account that nobody checked, and worth no more than `low`"),
        ("level200", Assurance::Low, "Level200 is a password alone, and worth no more than `low`"),
        (
            "level400",
            Assurance::Substantial,
            "Level400 is a code of an app or by SMS, and worth no more than `substantial`",
        ),
    ],
    example: "[fas_saml.levels]\nlevel400 = \"substantial\"\nlevel450 = \"high\"\nlevel500 = \"high\"",
};

/// Reads the section, when it is there. `None` also when it has a mistake.
pub(super) fn read(table: &mut Table<'_>, number: Option<NationalNumberKind>) -> Option<SamlProvider> {
    if !table.has("fas_saml") {
        table.section("fas_saml");
        return None;
    }
    let both = table.has("fas");
    let mut section = table.section("fas_saml");
    if both {
        section.wrong_at(
            &section.place(),
            "[fas] is the same by OpenID Connect, and one of both does",
            "remove one of them",
        );
    }
    if number == Some(NationalNumberKind::Bsn) {
        section.wrong_at(
            &section.place(),
            "FAS knows no BSN, so nobody of this tenant could be found",
            "remove the section, or national_number = \"national_register\"",
        );
    }
    let provider = saml::read(&mut section, &FAS);
    let mut named = |key, usual: &str| {
        let given = section.optional(key, &format!("{usual:?}"), attribute);
        given.or_else(|| Some(usual.to_owned()))
    };
    let attributes = ClaimNames {
        national_number: named("national_number_attribute", "egovNRN")?,
        given_name: named("given_name_attribute", "givenName")?,
        // Of FAS the surname is the family name.
        family_name: named("family_name_attribute", "surname")?,
    };
    let decryption = decryption(&mut section, provider.as_ref());
    let unknown_people = section.optional("unknown_people", "\"refused\"", word(&UNKNOWN_PEOPLE));
    section.finish();
    Some(SamlProvider {
        attributes: Some(attributes),
        decryption,
        unknown_people: unknown_people.unwrap_or(UnknownPeople::Refused),
        ..provider?
    })
}

/// The name of an attribute (saml-core-2.0 section 2.7.3.1).
fn attribute(value: &DeValue<'_>) -> Result<String, Wrong> {
    let text = any_text(value)?;
    let plain = text.bytes().all(|b| b.is_ascii_graphic());
    if text.is_empty() || text.len() > 256 || !plain {
        return Err(Wrong::new(format!("{} is no name of an attribute: letters and digits, or a URI", shown(text))));
    }
    Ok(text.to_owned())
}
