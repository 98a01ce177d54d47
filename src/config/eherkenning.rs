//! `[eherkenning]`: the tenant's connection to eHerkenning, for organizations that its register knows by their number.

use super::{
    kind::number,
    saml::{self, Kind, decryption, entity},
    table::Table,
};
use crate::domain::{
    assurance::Assurance,
    tenant::{Factor, NationalNumberKind},
    upstream::{
        CatalogueService, EHERKENNING_CLASSES as CLASSES, RequestBinding, ReturnBinding, SamlProvider, SamlSignature,
    },
};

const EHERKENNING: Kind = Kind {
    factor: Factor::Eherkenning,
    name: "eHerkenning",
    provider: "urn:etoegang:HM:00000003999999990000:entities:9001",
    binding: RequestBinding::Post,
    returns: ReturnBinding::Post,
    signature: SamlSignature::Pkcs1,
    levels: &[("eh2", CLASSES[0]), ("eh2plus", CLASSES[1]), ("eh3", CLASSES[2]), ("eh4", CLASSES[3])],
    most: &[("eh2", Assurance::Low, "eH2 is a password alone, and worth no more than `low`")],
    example: "[eherkenning.levels]\neh2plus = \"low\"\neh3 = \"substantial\"\neh4 = \"high\"",
};

/// Reads the section, when it is there. `None` also when it has a mistake.
pub(super) fn read(table: &mut Table<'_>, known_by: Option<NationalNumberKind>) -> Option<SamlProvider> {
    if !table.has("eherkenning") {
        table.section("eherkenning");
        return None;
    }
    let mut section = table.section("eherkenning");
    if known_by == Some(NationalNumberKind::NationalRegister) {
        section.wrong_at(
            &section.place(),
            "eHerkenning knows organizations of the Netherlands alone, and this tenant's have numbers of Belgium",
            "remove the section, or national_number = \"bsn\"",
        );
    }
    let provider = saml::read(&mut section, &EHERKENNING);
    let index = section.required("service_index", "1", number(0, u16::MAX.into()));
    let id = section.required("service", "\"urn:etoegang:DV:00000003999999990000:services:1\"", entity);
    let decryption = decryption(&mut section, provider.as_ref());
    section.finish();
    Some(SamlProvider {
        service: Some(CatalogueService { index: u16::try_from(index?).ok()?, id: id? }),
        decryption,
        ..provider?
    })
}
