//! `[digid]`: the tenant's connection to DigiD.

use super::{
    kind::word,
    openid::UNKNOWN_PEOPLE,
    saml::{self, Kind},
    table::Table,
};
use crate::domain::{
    assurance::Assurance,
    tenant::{Factor, NationalNumberKind},
    upstream::{DIGID_CLASSES as CLASSES, RequestBinding, ReturnBinding, SamlProvider, SamlSignature, UnknownPeople},
};

const DIGID: Kind = Kind {
    factor: Factor::Digid,
    name: "DigiD",
    provider: "https://was.digid.nl/saml/idp/metadata",
    binding: RequestBinding::Redirect,
    returns: ReturnBinding::Artifact,
    signature: SamlSignature::Pkcs1,
    levels: &[("basis", CLASSES[0]), ("midden", CLASSES[1]), ("substantieel", CLASSES[2]), ("hoog", CLASSES[3])],
    most: &[("basis", Assurance::Low, "DigiD Basis is a password alone, and worth no more than `low`")],
    example: "[digid.levels]\nmidden = \"low\"\nsubstantieel = \"substantial\"\nhoog = \"high\"",
};

/// Reads the section, when it is there. `None` also when it has a mistake.
pub(super) fn read(table: &mut Table<'_>, number: Option<NationalNumberKind>) -> Option<SamlProvider> {
    if !table.has("digid") {
        table.section("digid");
        return None;
    }
    let mut section = table.section("digid");
    if number == Some(NationalNumberKind::NationalRegister) {
        section.wrong_at(
            &section.place(),
            "DigiD knows the BSN alone, so nobody of this tenant could be found",
            "remove the section, or national_number = \"bsn\"",
        );
    }
    let provider = saml::read(&mut section, &DIGID);
    let unknown_people = section.optional("unknown_people", "\"refused\"", word(&UNKNOWN_PEOPLE));
    section.finish();
    Some(SamlProvider { unknown_people: unknown_people.unwrap_or(UnknownPeople::Refused), ..provider? })
}
