//! `[itsme]`: the tenant's service at itsme.

use toml::de::DeValue;
use url::Url;

use super::{
    address,
    document::Placed,
    kind::{any_text, shown, text, word},
    means::assurance_words,
    table::Table,
    wrong::Wrong,
};
use crate::domain::{
    assurance::Assurance,
    tenant::{Factor, NationalNumberKind},
    upstream::{ContentEncryption, Encryption, KeyManagement, Level, OpenIdProvider, SignedBy, UnknownPeople},
};

/// What itsme's claims and levels begin with.
const NAMES: &str = "http://itsme.services/v2/claim/";
const LEVELS: [(&str, &str); 2] = [("basic", "acr_basic"), ("advanced", "acr_advanced")];
pub(super) const UNKNOWN_PEOPLE: [(&str, UnknownPeople); 2] =
    [("refused", UnknownPeople::Refused), ("admitted", UnknownPeople::Admitted)];

/// Reads the section, when it is there. `None` also when it has a mistake.
pub(super) fn read(table: &mut Table<'_>, number: Option<NationalNumberKind>) -> Option<OpenIdProvider> {
    if !table.has("itsme") {
        table.section("itsme");
        return None;
    }
    let mut section = table.section("itsme");
    if number == Some(NationalNumberKind::Bsn) {
        section.wrong_at(
            &section.place(),
            "itsme knows no BSN, so nobody of this tenant could be found",
            "remove the section, or national_number = \"national_register\"",
        );
    }
    let issuer = section.required("issuer", "\"https://idp.prd.itsme.services/v2\"", issuer);
    let hosts = section.list("hosts", "[\"keys.itsme.services\"]", address::host);
    let client_id = section.required("client_id", "\"your-client-id\"", text);
    let service_code = section.required("service_code", "\"YOUR_SERVICE\"", service_code);
    let claim = section.optional("national_number_claim", "\"http://itsme.services/v2/claim/BENationalNumber\"", text);
    let signing = section.list("signing_algorithms", "[\"RS256\"]", word(&SignedBy::ALL.map(|alg| (alg.alg(), alg))));
    let keys = KeyManagement::ALL.map(|alg| (alg.alg(), alg));
    let key_encryption = section.list("key_encryption", "[\"RSA-OAEP-256\"]", word(&keys));
    let contents = ContentEncryption::ALL.map(|enc| (enc.enc(), enc));
    let content_encryption = section.list("content_encryption", "[\"A128CBC-HS256\"]", word(&contents));
    let unknown_people = section.optional("unknown_people", "\"refused\"", word(&UNKNOWN_PEOPLE));
    let levels = levels(&mut section);
    section.finish();
    Some(OpenIdProvider {
        factor: Factor::Itsme,
        issuer: issuer?,
        hosts: values(hosts).unwrap_or_default(),
        client_id: client_id?,
        scopes: vec![format!("service:{}", service_code?), "profile".to_owned()],
        levels: levels?,
        national_number_claim: claim.unwrap_or_else(|| format!("{NAMES}BENationalNumber")),
        signing: values(signing).unwrap_or_else(|| vec![SignedBy::Rs256]),
        encryption: Encryption {
            key_management: values(key_encryption).unwrap_or_else(|| vec![KeyManagement::RsaOaep256]),
            content: values(content_encryption).unwrap_or_else(|| vec![ContentEncryption::A128CbcHs256]),
        },
        unknown_people: unknown_people.unwrap_or(UnknownPeople::Refused),
    })
}

fn levels(section: &mut Table<'_>) -> Option<Vec<Level>> {
    let example = "[itsme.levels]\nbasic = \"substantial\"\nadvanced = \"high\"";
    let mut table = section.required_section("levels", example)?;
    let words = assurance_words();
    let mut levels: Vec<Level> = Vec::new();
    let mut right = true;
    for (key, name) in LEVELS {
        let worth: Option<Assurance> = table.optional(key, "\"substantial\"", word(&words));
        right &= worth.is_some() || !table.has(key);
        levels.extend(worth.map(|assurance| Level { acr: format!("{NAMES}{name}"), assurance }));
    }
    if right && levels.is_empty() {
        table.wrong_at(&table.place(), "no level is named, so no login would be worth anything", example);
        right = false;
    }
    if right && levels.windows(2).any(|pair| pair[0].assurance > pair[1].assurance) {
        table.wrong("basic", "`basic` is worth more than `advanced` here, and itsme asks less for it", example);
        right = false;
    }
    table.finish();
    right.then_some(levels)
}

fn values<T>(list: Option<Vec<Placed<T>>>) -> Option<Vec<T>> {
    list.map(|list| list.into_iter().map(|placed| placed.value).collect())
}

/// An issuer identifier (OpenID Connect Discovery 1.0 section 2): https, or http on one's own machine, without a query.
fn issuer(value: &DeValue<'_>) -> Result<Url, Wrong> {
    let text = address::redirect_uri(value)?;
    let url = Url::parse(&text).map_err(|error| Wrong::new(format!("this is no URL ({error})")))?;
    if url.query().is_some() || (text.ends_with('/') && url.path() != "/") {
        return Err(Wrong::meant(
            "an issuer has no query and no `/` at its end",
            Some(text.split('?').next().unwrap_or_default().trim_end_matches('/').to_owned()),
        ));
    }
    Ok(url)
}

/// The code that itsme gave the service; it becomes part of a scope (RFC 6749 section 3.3).
fn service_code(value: &DeValue<'_>) -> Result<String, Wrong> {
    let code = any_text(value)?;
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-');
    if code.is_empty() || code.len() > 100 || !code.bytes().all(plain) {
        return Err(Wrong::new(format!("{} is no service code: letters, digits, `_` and `-`", shown(code))));
    }
    Ok(code.to_owned())
}
