//! `[digid]`: the tenant's connection to DigiD.

use std::path::PathBuf;

use toml::de::DeValue;

use super::{
    kind::{any_text, path, shown, word},
    means::assurance_words,
    openid::UNKNOWN_PEOPLE,
    table::Table,
    wrong::Wrong,
};
use crate::domain::{
    assurance::Assurance,
    tenant::{Factor, NationalNumberKind},
    upstream::{DIGID_CLASSES, KeyFiles, Level, RequestBinding, SamlProvider, UnknownPeople},
};

const LEVELS: [&str; 4] = ["basis", "midden", "substantieel", "hoog"];
const BINDINGS: [(&str, RequestBinding); 2] = [("redirect", RequestBinding::Redirect), ("post", RequestBinding::Post)];

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
    let directory = section.document().directory().to_owned();
    let provider = section.required("provider", "\"https://was.digid.nl/saml/idp/metadata\"", entity);
    let metadata = section.required("metadata_file", "\"digid/metadata.xml\"", path(&directory));
    let metadata_signer = section.optional("metadata_certificate_file", "\"digid/signer.pem\"", path(&directory));
    let own = section.optional("entity_id", "\"https://login.example.org/saml\"", entity);
    let binding = section.optional("binding", "\"redirect\"", word(&BINDINGS));
    let certificate = section.required("certificate_file", "\"digid/signing.pem\"", path(&directory));
    let key = section.required("key_file", "\"digid/signing.key\"", path(&directory));
    let next_certificate = section.optional("next_certificate_file", "\"digid/next.pem\"", path(&directory));
    let tls = tls(&mut section);
    let authorities = section.optional("ca_file", "\"digid/authorities.pem\"", path(&directory));
    let unknown_people = section.optional("unknown_people", "\"refused\"", word(&UNKNOWN_PEOPLE));
    let levels = levels(&mut section);
    section.finish();
    let signing = KeyFiles { certificate: certificate?, key: key? };
    Some(SamlProvider {
        factor: Factor::Digid,
        provider: provider?,
        metadata: metadata?,
        metadata_signer,
        entity: own,
        binding: binding.unwrap_or(RequestBinding::Redirect),
        tls: tls.unwrap_or_else(|| signing.clone()),
        signing,
        next_certificate,
        authorities,
        levels: levels?,
        unknown_people: unknown_people.unwrap_or(UnknownPeople::Refused),
    })
}

/// What is shown to the resolver, when it is not what messages are signed with.
fn tls(section: &mut Table<'_>) -> Option<KeyFiles> {
    let directory = section.document().directory().to_owned();
    let certificate: Option<PathBuf> = section.optional("tls_certificate_file", "\"digid/tls.pem\"", path(&directory));
    let key: Option<PathBuf> = section.optional("tls_key_file", "\"digid/tls.key\"", path(&directory));
    for (one, other) in [("tls_certificate_file", "tls_key_file"), ("tls_key_file", "tls_certificate_file")] {
        if section.has(one) && !section.has(other) {
            section.wrong(
                one,
                format!("without `{other}` beside it"),
                "both, or neither: then those of the signature are shown",
            );
        }
    }
    Some(KeyFiles { certificate: certificate?, key: key? })
}

fn levels(section: &mut Table<'_>) -> Option<Vec<Level>> {
    let example = "[digid.levels]\nmidden = \"low\"\nsubstantieel = \"substantial\"\nhoog = \"high\"";
    let mut table = section.required_section("levels", example)?;
    let words = assurance_words();
    let mut levels: Vec<Level> = Vec::new();
    let mut right = true;
    for (key, class) in LEVELS.into_iter().zip(DIGID_CLASSES) {
        let worth: Option<Assurance> = table.optional(key, "\"substantial\"", word(&words));
        right &= worth.is_some() || !table.has(key);
        if let Some(assurance) = worth {
            if levels.last().is_some_and(|weaker| weaker.assurance > assurance) {
                table.wrong(key, format!("`{key}` is worth less than a weaker level of DigiD here"), example);
                right = false;
            }
            if key == "basis" && assurance > Assurance::Low {
                table.wrong(key, "DigiD Basis is a password alone, and worth no more than `low`", "basis = \"low\"");
                right = false;
            }
            levels.push(Level { acr: class.to_owned(), assurance });
        }
    }
    if right && levels.is_empty() {
        table.wrong_at(&table.place(), "no level is named, so no login would be worth anything", example);
        right = false;
    }
    table.finish();
    right.then_some(levels)
}

/// An entity id (saml-core-2.0 section 8.3.6): a URI of at most 1024 characters.
fn entity(value: &DeValue<'_>) -> Result<String, Wrong> {
    let text = any_text(value)?;
    let plain = text.bytes().all(|b| b.is_ascii_graphic() && !matches!(b, b'<' | b'>' | b'"' | b'&'));
    if text.len() > 1024 || !plain || url::Url::parse(text).is_err() {
        return Err(Wrong::new(format!("{} is no entity id: a URI, as an address or a urn", shown(text))));
    }
    Ok(text.to_owned())
}
