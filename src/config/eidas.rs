//! `[eidas]`: the tenant's connection to eIDAS, at the node of its country, or through a broker of the Dutch scheme.

use super::{
    kind::{number, word},
    openid::UNKNOWN_PEOPLE,
    saml::{self, Kind, decryption, entity},
    table::Table,
};
use crate::domain::{
    assurance::Assurance,
    tenant::{Factor, NationalNumberKind},
    upstream::{
        CatalogueService, EHERKENNING_CLASSES as LOA, EIDAS_CLASSES as CLASSES, European, RequestBinding,
        ReturnBinding, SamlProvider, SamlSignature, Sector, UnknownPeople,
    },
};

const NODE: Kind = Kind {
    factor: Factor::Eidas,
    name: "eIDAS",
    provider: "https://eidas.example.be/EidasNode/ConnectorMetadata",
    binding: RequestBinding::Post,
    returns: ReturnBinding::Post,
    signature: SamlSignature::Pss,
    levels: &[("low", CLASSES[0]), ("substantial", CLASSES[1]), ("high", CLASSES[2])],
    most: &[
        ("low", Assurance::Low, "eIDAS says that it is low, and more it is not here"),
        ("substantial", Assurance::Substantial, "eIDAS says that it is substantial, and more it is not here"),
    ],
    example: "[eidas.levels]\nlow = \"low\"\nsubstantial = \"substantial\"\nhigh = \"high\"",
};

/// The same by a broker, whose levels stand in the catalogue.
const BROKER: Kind = Kind {
    provider: "urn:etoegang:HM:00000003999999990000:entities:9001",
    signature: SamlSignature::Pkcs1,
    levels: &[("low", LOA[0]), ("substantial", LOA[2]), ("high", LOA[3])],
    ..NODE
};

const SECTORS: [(&str, Sector); 2] = [("public", Sector::Public), ("private", Sector::Private)];

/// Reads the section, when it is there. `None` also when it has a mistake.
pub(super) fn read(table: &mut Table<'_>, number_of: Option<NationalNumberKind>) -> Option<SamlProvider> {
    if !table.has("eidas") {
        table.section("eidas");
        return None;
    }
    let mut section = table.section("eidas");
    let by_broker = section.has("service") || section.has("service_index");
    if by_broker && number_of == Some(NationalNumberKind::NationalRegister) {
        section.wrong_at(
            &section.place(),
            "`service` is of a broker of the Netherlands, and this tenant's people have numbers of Belgium",
            "remove `service` and `service_index`: then the node is asked",
        );
    }
    let provider = saml::read(&mut section, if by_broker { &BROKER } else { &NODE });
    let (service, sector) = match by_broker {
        true => {
            let index = section.required("service_index", "2", number(0, u16::MAX.into()));
            let id = section.required("service", "\"urn:etoegang:DV:00000003999999990000:services:2\"", entity);
            let service = index.zip(id).and_then(|(index, id)| Some((u16::try_from(index).ok()?, id)));
            (service.map(|(index, id)| CatalogueService { index, id }), None)
        }
        false => (None, section.optional("sector", "\"public\"", word(&SECTORS))),
    };
    let decryption = decryption(&mut section, provider.as_ref());
    let unknown_people = section.optional("unknown_people", "\"refused\"", word(&UNKNOWN_PEOPLE));
    section.finish();
    let country = match number_of? {
        NationalNumberKind::Bsn => "NL",
        NationalNumberKind::NationalRegister => "BE",
    };
    let european = European { sector: sector.unwrap_or(Sector::Public), country };
    if by_broker && service.is_none() {
        return None;
    }
    Some(SamlProvider {
        european: (!by_broker).then_some(european),
        service,
        decryption,
        unknown_people: unknown_people.unwrap_or(UnknownPeople::Refused),
        ..provider?
    })
}
