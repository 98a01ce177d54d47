//! FAS by SAML: the people of the register, in assertions that are signed and not encrypted. `poort demo --fas-saml` has it in the place of
//! FAS by OpenID Connect, so that the same tenant's file does.

use std::path::PathBuf;

use super::{Attribute, Face, Seals, Somebody};
use crate::{
    base::tls::KeyFiles,
    demo::{people::World, saml::PKCS1},
    domain::{
        tenant::{Factor, Tenant},
        upstream::{FAS_CLASSES, RequestBinding, ReturnBinding, SamlProvider, SamlSignature},
    },
};

/// Somebody whom no tenant knows.
const STRANGER: &str = "85073003328";

pub(in crate::demo) const FAS: Face = Face {
    factor: Factor::Fas,
    host: "fas.localhost",
    name: "CSAM",
    title: ["Bevestig wie u bent", "Confirmez qui vous êtes", "Bestätigen Sie, wer Sie sind", "Confirm who you are"],
    sample: [
        "Alleen in de demo: in het echt kiest u hier een sleutel van de federale overheid.",
        "Uniquement dans la démo : en réalité, vous choisissez ici une clé de l'administration fédérale.",
        "Nur in der Demo: In Wirklichkeit wählen Sie hier einen Schlüssel der föderalen Behörden.",
        "Only in the demo: in earnest you choose a key of the federal government here.",
    ],
    who: None,
    levels: &[
        ("Level200", FAS_CLASSES[1]),
        ("Level400", FAS_CLASSES[3]),
        ("Level450", FAS_CLASSES[4]),
        ("Level500", FAS_CLASSES[5]),
    ],
    asked: None,
    is_asked: None,
    seals: Seals::Nothing,
    signs: PKCS1,
    cancelled: "AuthnFailed",
    people,
};

/// The tenant whose FAS speaks SAML, and not OpenID Connect.
pub(in crate::demo) fn instead(mut tenant: Tenant) -> Tenant {
    let of_fas = tenant.openid_providers.extract_if(.., |known| known.factor == Factor::Fas);
    // Until it is introduced.
    let files = KeyFiles { certificate: PathBuf::new(), key: PathBuf::new() };
    let by_saml = of_fas.map(|known| SamlProvider {
        factor: Factor::Fas,
        provider: String::new(),
        metadata: PathBuf::new(),
        metadata_signer: None,
        entity: None,
        binding: RequestBinding::Post,
        returns: ReturnBinding::Post,
        service: None,
        signing: files.clone(),
        next_certificate: None,
        decryption: vec![files.clone()],
        tls: files.clone(),
        authorities: None,
        signature: SamlSignature::Pkcs1,
        attributes: Some(known.claims),
        european: None,
        levels: known.levels,
        unknown_people: known.unknown_people,
    });
    let by_saml: Vec<SamlProvider> = by_saml.collect();
    tenant.saml_providers.extend(by_saml);
    tenant
}

fn people(world: Option<&World>) -> Vec<Somebody> {
    let somebody = |key: &str, given: &str, family: &str, number: Option<&str>| {
        let mut attributes = vec![
            Attribute::Plain("givenName", given.to_owned()),
            Attribute::Plain("surname", family.to_owned()),
            Attribute::Plain("PrefLanguage", "nl".to_owned()),
        ];
        attributes.extend(number.map(|number| Attribute::Plain("egovNRN", number.to_owned())));
        Somebody { key: key.to_owned(), name: format!("{given} {family}"), within: None, note: None, attributes }
    };
    let known = world.into_iter().flat_map(World::who_log_in);
    let known =
        known.map(|(person, login)| somebody(login.user, person.given, person.family, Some(&person.national_number)));
    let unknown = [
        "niemand kent deze persoon",
        "personne ne connaît cette personne",
        "niemand kennt diese Person",
        "nobody knows this person",
    ];
    let abroad = [
        "zonder rijksregisternummer",
        "sans numéro de registre national",
        "ohne Nationalregisternummer",
        "without a national register number",
    ];
    let stranger = Somebody { note: Some(unknown), ..somebody("stranger", "Onbekende", "Vandeputte", Some(STRANGER)) };
    let without = Somebody { note: Some(abroad), ..somebody("abroad", "Buitenlandse", "Vandeputte", None) };
    known.chain([stranger, without]).collect()
}
