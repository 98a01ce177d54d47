//! What the sections of providers that speak SAML share: `[digid]`, `[eherkenning]`, `[eidas]`, `[fas_saml]`.

use std::path::PathBuf;

use toml::de::DeValue;

use super::{
    kind::{any_text, path, shown, word},
    means::assurance_words,
    table::Table,
    wrong::Wrong,
};
use crate::{
    base::tls::KeyFiles,
    domain::{
        assurance::Assurance,
        tenant::Factor,
        upstream::{Level, RequestBinding, ReturnBinding, SamlProvider, SamlSignature, UnknownPeople},
    },
};

const BINDINGS: [(&str, RequestBinding); 2] = [("redirect", RequestBinding::Redirect), ("post", RequestBinding::Post)];

const DECRYPTION: [&str; 2] = ["decryption_certificate_file", "decryption_key_file"];
const NEXT_DECRYPTION: [&str; 2] = ["next_decryption_certificate_file", "next_decryption_key_file"];

const TLS: [&str; 2] = ["tls_certificate_file", "tls_key_file"];

/// How a kind of provider is described.
pub(super) struct Kind {
    /// What its login proves. Its word is the folder of the files in examples.
    pub factor: Factor,
    /// An entity id, as an example.
    pub provider: &'static str,
    /// How requests travel, when the file does not say.
    pub binding: RequestBinding,
    /// How answers travel.
    pub returns: ReturnBinding,
    /// What our messages are signed by.
    pub signature: SamlSignature,
    /// The words for its levels with their classes, the weakest first.
    pub levels: &'static [(&'static str, &'static str)],
    /// The levels that are worth no more than this, with why.
    pub most: &'static [(&'static str, Assurance, &'static str)],
    /// What people call it.
    pub name: &'static str,
    /// A table of levels, as an example.
    pub example: &'static str,
}

/// Reads what all of them have. `None` when it has a mistake.
pub(super) fn read(section: &mut Table<'_>, kind: &Kind) -> Option<SamlProvider> {
    let (word_of, directory) = (kind.factor.word(), section.document().directory().to_owned());
    let file = |name: &str| format!("\"{word_of}/{name}\"");
    let provider = section.required("provider", &format!("{:?}", kind.provider), entity);
    let metadata = section.required("metadata_file", &file("metadata.xml"), path(&directory));
    let metadata_signer = section.optional("metadata_certificate_file", &file("signer.pem"), path(&directory));
    let own = section.optional("entity_id", "\"https://login.example.org/saml\"", entity);
    let binding = section.optional("binding", "\"redirect\"", word(&BINDINGS));
    let certificate = section.required("certificate_file", &file("signing.pem"), path(&directory));
    let key = section.required("key_file", &file("signing.key"), path(&directory));
    let next_certificate = section.optional("next_certificate_file", &file("next.pem"), path(&directory));
    let artifact = kind.returns == ReturnBinding::Artifact;
    // Who resolves nothing shows nothing.
    let tls = if artifact { pair(section, TLS, "then those of the signature are shown") } else { None };
    let authorities = match artifact {
        true => section.optional("ca_file", &file("authorities.pem"), path(&directory)),
        false => None,
    };
    let levels = levels(section, kind);
    let signing = KeyFiles { certificate: certificate?, key: key? };
    Some(SamlProvider {
        factor: kind.factor,
        provider: provider?,
        metadata: metadata?,
        metadata_signer,
        entity: own,
        binding: binding.unwrap_or(kind.binding),
        returns: kind.returns,
        service: None,
        decryption: Vec::new(),
        tls: tls.unwrap_or_else(|| signing.clone()),
        signing,
        next_certificate,
        authorities,
        signature: kind.signature,
        attributes: None,
        european: None,
        levels: levels?,
        unknown_people: UnknownPeople::Refused,
    })
}

/// A certificate and its key, when they are named; `otherwise` says what is so when they are not.
pub(super) fn pair(
    section: &mut Table<'_>,
    [certificate, key]: [&'static str; 2],
    otherwise: &str,
) -> Option<KeyFiles> {
    let directory = section.document().directory().to_owned();
    for (one, other) in [(certificate, key), (key, certificate)] {
        if section.has(one) && !section.has(other) {
            section.wrong(one, format!("without `{other}` beside it"), format!("both, or neither: {otherwise}"));
        }
    }
    let certificate: Option<PathBuf> = section.optional(certificate, "\"saml/own.pem\"", path(&directory));
    let key: Option<PathBuf> = section.optional(key, "\"saml/own.key\"", path(&directory));
    Some(KeyFiles { certificate: certificate?, key: key? })
}

/// What opens that which is encrypted for us: what the section names, or else what signs; and what will after that.
pub(super) fn decryption(section: &mut Table<'_>, provider: Option<&SamlProvider>) -> Vec<KeyFiles> {
    let own = pair(section, DECRYPTION, "then what is for us is encrypted for the certificate of the signature");
    let next = pair(section, NEXT_DECRYPTION, "then no other key follows");
    let own = own.or_else(|| provider.map(|provider| provider.signing.clone()));
    own.into_iter().chain(next).collect()
}

fn levels(section: &mut Table<'_>, kind: &Kind) -> Option<Vec<Level>> {
    let Kind { name, example, most, .. } = kind;
    let mut table = section.required_section("levels", example)?;
    let words = assurance_words();
    let mut levels: Vec<Level> = Vec::new();
    let mut right = true;
    for (key, class) in kind.levels {
        let worth: Option<Assurance> = table.optional(key, "\"substantial\"", word(&words));
        right &= worth.is_some() || !table.has(key);
        if let Some(assurance) = worth {
            if levels.last().is_some_and(|weaker| weaker.assurance > assurance) {
                table.wrong(key, format!("`{key}` is worth less than a weaker level of {name} here"), *example);
                right = false;
            }
            if let Some((_, most, why)) = most.iter().find(|(level, most, _)| level == key && assurance > *most) {
                table.wrong(key, *why, format!("{key} = \"{most}\""));
                right = false;
            }
            levels.push(Level { acr: (*class).to_owned(), assurance });
        }
    }
    if right && levels.is_empty() {
        table.wrong_at(&table.place(), "no level is named, so no login would be worth anything", *example);
        right = false;
    }
    table.finish();
    right.then_some(levels)
}

/// An entity id (saml-core-2.0 section 8.3.6): a URI of at most 1024 characters.
pub(super) fn entity(value: &DeValue<'_>) -> Result<String, Wrong> {
    let text = any_text(value)?;
    let plain = text.bytes().all(|b| b.is_ascii_graphic() && !matches!(b, b'<' | b'>' | b'"' | b'&'));
    if text.len() > 1024 || !plain || url::Url::parse(text).is_err() {
        return Err(Wrong::new(format!("{} is no entity id: a URI, as an address or a urn", shown(text))));
    }
    Ok(text.to_owned())
}
