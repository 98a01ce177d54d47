//! `[itsme]`: the tenant's service at itsme.

use toml::de::DeValue;

use super::{
    address,
    kind::{any_text, shown, text, word},
    means::assurance_words,
    openid::{UNKNOWN_PEOPLE, encrypting, issuer, signing, values},
    table::Table,
    wrong::Wrong,
};
use crate::domain::{
    assurance::Assurance,
    tenant::{Factor, NationalNumberKind},
    upstream::{
        ClaimNames, ClientAuthentication, ContentEncryption, Encryption, KeyManagement, Level, OpenIdProvider,
        SignedBy, UnknownPeople, UserInfo,
    },
};

/// What itsme's claims and levels begin with.
const NAMES: &str = "http://itsme.services/v2/claim/";
const LEVELS: [(&str, &str); 2] = [("basic", "acr_basic"), ("advanced", "acr_advanced")];

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
    let signing = signing(&mut section);
    let (key_management, content) = encrypting(&mut section);
    let unknown_people = section.optional("unknown_people", "\"refused\"", word(&UNKNOWN_PEOPLE));
    let levels = levels(&mut section);
    section.finish();
    Some(OpenIdProvider {
        factor: Factor::Itsme,
        name: "itsme".to_owned(),
        issuer: issuer?,
        hosts: values(hosts).unwrap_or_default(),
        client_id: client_id?,
        authentication: ClientAuthentication::PrivateKey,
        signed_requests: false,
        scopes: vec![format!("service:{}", service_code?), "profile".to_owned()],
        levels: levels?,
        claims: ClaimNames {
            national_number: claim.unwrap_or_else(|| format!("{NAMES}BENationalNumber")),
            given_name: "given_name".to_owned(),
            family_name: "family_name".to_owned(),
        },
        claims_parameter: true,
        user_info: UserInfo::Token,
        signing: signing.unwrap_or_else(|| vec![SignedBy::Rs256]),
        encryption: Some(Encryption {
            key_management: key_management.unwrap_or_else(|| vec![KeyManagement::RsaOaep256]),
            content: content.unwrap_or_else(|| vec![ContentEncryption::A128CbcHs256]),
        }),
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

/// The code that itsme gave the service; it becomes part of a scope (RFC 6749 section 3.3).
fn service_code(value: &DeValue<'_>) -> Result<String, Wrong> {
    let code = any_text(value)?;
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-');
    if code.is_empty() || code.len() > 100 || !code.bytes().all(plain) {
        return Err(Wrong::new(format!("{} is no service code: letters, digits, `_` and `-`", shown(code))));
    }
    Ok(code.to_owned())
}
