//! `[fas]` and `[openid]`: providers that vouch for people by OpenID Connect. Both have the same keys; what FAS publishes about itself
//! are the defaults of the first, and the second has none where nothing can be known.
//!
//! Source for FAS: the claims, scopes and levels that public integrations use (BOSA's own specification was not read).

use toml::de::DeValue;
use url::Url;

use super::{
    address,
    document::Placed,
    kind::{any_text, boolean, path, shown, text, word},
    means::assurance_words,
    table::Table,
    wrong::Wrong,
};
use crate::domain::{
    tenant::{Factor, NationalNumberKind},
    upstream::{
        ClaimNames, ClientAuthentication, ContentEncryption, Encryption, KeyManagement, Level, OpenIdProvider,
        SignedBy, UnknownPeople, UserInfo,
    },
};

pub(super) const UNKNOWN_PEOPLE: [(&str, UnknownPeople); 2] =
    [("refused", UnknownPeople::Refused), ("admitted", UnknownPeople::Admitted)];
const USER_INFO: [(&str, UserInfo); 3] =
    [("token", UserInfo::Token), ("json", UserInfo::Json), ("none", UserInfo::NotAsked)];

/// What is known of a provider before the file says anything.
struct Known {
    factor: Factor,
    name: Option<&'static str>,
    issuer: &'static str,
    scopes: &'static [&'static str],
    national_number: Option<&'static str>,
    given_name: &'static str,
    family_name: &'static str,
    user_info: UserInfo,
    levels: &'static str,
}

const FAS: Known = Known {
    factor: Factor::Fas,
    name: Some("CSAM"),
    issuer: "\"https://idp.iamfas.belgium.be/fas/oauth2\"",
    scopes: &["profile", "egovnrn"],
    national_number: Some("egovNRN"),
    given_name: "givenName",
    // Of FAS the surname is the family name.
    family_name: "surname",
    user_info: UserInfo::Token,
    levels: "[[fas.levels]]\nacr = \"urn:be:fedict:iam:fas:Level400\"\nassurance = \"substantial\"",
};

const OTHER: Known = Known {
    factor: Factor::OpenId,
    name: None,
    issuer: "\"https://login.example.org\"",
    scopes: &["profile"],
    national_number: None,
    given_name: "given_name",
    family_name: "family_name",
    user_info: UserInfo::Json,
    levels: "[[openid.levels]]\nacr = \"https://refeds.org/profile/mfa\"\nassurance = \"substantial\"",
};

/// Reads `[fas]`, when it is there. `None` also when it has a mistake.
pub(super) fn fas(table: &mut Table<'_>, number: Option<NationalNumberKind>) -> Option<OpenIdProvider> {
    if table.has("fas") && number == Some(NationalNumberKind::Bsn) {
        table.wrong(
            "fas",
            "FAS knows no BSN, so nobody of this tenant could be found",
            "remove the section, or national_number = \"national_register\"",
        );
    }
    read(table, "fas", &FAS)
}

/// Reads `[openid]`, when it is there. `None` also when it has a mistake.
pub(super) fn other(table: &mut Table<'_>) -> Option<OpenIdProvider> {
    read(table, "openid", &OTHER)
}

fn read(table: &mut Table<'_>, key: &'static str, known: &Known) -> Option<OpenIdProvider> {
    if !table.has(key) {
        table.section(key);
        return None;
    }
    let mut section = table.section(key);
    let directory = section.document().directory().to_owned();
    let name = match known.name {
        Some(name) => section.optional("name", &format!("{name:?}"), text).or_else(|| Some(name.to_owned())),
        None => section.required("name", "\"SURFconext\"", text),
    };
    let issuer = section.required("issuer", known.issuer, issuer);
    let hosts = section.list("hosts", "[\"keys.example.org\"]", address::host);
    let client_id = section.required("client_id", "\"your-client-id\"", text);
    let secret = section.optional("client_secret_file", "\"secrets/provider\"", path(&directory));
    let signed_requests = section.optional("signed_requests", "false", boolean);
    let scopes = section.list("scopes", &format!("{:?}", known.scopes), scope);
    let claims = ClaimNames {
        national_number: match known.national_number {
            Some(claim) => claim_of(&mut section, "national_number_claim", claim)?,
            None => section.required("national_number_claim", "\"national_number\"", text).unwrap_or_default(),
        },
        given_name: claim_of(&mut section, "given_name_claim", known.given_name)?,
        family_name: claim_of(&mut section, "family_name_claim", known.family_name)?,
    };
    let claims_parameter = section.optional("claims_parameter", "false", boolean);
    let user_info = section.optional("user_info", "\"token\"", word(&USER_INFO));
    let signing = signing(&mut section);
    let encryption = encryption(&mut section);
    let unknown_people = section.optional("unknown_people", "\"refused\"", word(&UNKNOWN_PEOPLE));
    let levels = levels(&mut section, known.levels);
    section.finish();
    if claims.national_number.is_empty() {
        return None;
    }
    Some(OpenIdProvider {
        factor: known.factor,
        name: name?,
        issuer: issuer?,
        hosts: values(hosts).unwrap_or_default(),
        client_id: client_id?,
        authentication: secret.map_or(ClientAuthentication::PrivateKey, ClientAuthentication::Secret),
        signed_requests: signed_requests.unwrap_or(false),
        scopes: values(scopes).unwrap_or_else(|| known.scopes.iter().map(|&scope| scope.to_owned()).collect()),
        levels: levels?,
        claims,
        claims_parameter: claims_parameter.unwrap_or(false),
        user_info: user_info.unwrap_or(known.user_info),
        signing: signing.unwrap_or_else(|| vec![SignedBy::Rs256]),
        encryption: encryption?,
        unknown_people: unknown_people.unwrap_or(UnknownPeople::Refused),
    })
}

fn claim_of(section: &mut Table<'_>, key: &'static str, usual: &str) -> Option<String> {
    let there = section.has(key);
    let said = section.optional(key, &format!("{usual:?}"), text);
    if there { said } else { Some(usual.to_owned()) }
}

/// What tokens may be signed with.
pub(super) fn signing(section: &mut Table<'_>) -> Option<Vec<SignedBy>> {
    let words = SignedBy::ALL.map(|alg| (alg.alg(), alg));
    values(section.list("signing_algorithms", "[\"RS256\"]", word(&words)))
}

/// What the key of a token's content, and the content itself, may be encrypted with.
pub(super) fn encrypting(section: &mut Table<'_>) -> (Option<Vec<KeyManagement>>, Option<Vec<ContentEncryption>>) {
    let keys = KeyManagement::ALL.map(|alg| (alg.alg(), alg));
    let contents = ContentEncryption::ALL.map(|enc| (enc.enc(), enc));
    let keys = section.list("key_encryption", "[\"RSA-OAEP-256\"]", word(&keys));
    let contents = section.list("content_encryption", "[\"A128CBC-HS256\"]", word(&contents));
    (values(keys), values(contents))
}

/// Both of the two keys, or neither: then nothing is encrypted. `None` when there is a mistake.
fn encryption(section: &mut Table<'_>) -> Option<Option<Encryption>> {
    let keys = ["key_encryption", "content_encryption"];
    let [key, content] = keys.map(|key| section.has(key));
    if key != content {
        let [there, missing] = if key { keys } else { [keys[1], keys[0]] };
        section.wrong(there, format!("without `{missing}` beside it"), "both, or neither: then nothing is encrypted");
    }
    match encrypting(section) {
        (Some(key_management), Some(content)) => Some(Some(Encryption { key_management, content })),
        _ if key || content => None,
        _ => Some(None),
    }
}

/// `[[….levels]]`: its `acr` values, the least first.
fn levels(section: &mut Table<'_>, example: &str) -> Option<Vec<Level>> {
    let there = section.has("levels");
    let tables = section.sections("levels")?;
    if tables.is_empty() {
        let what = if there { "the list is empty" } else { "no level is named" };
        section.lacks("levels", format!("{what}, so no login would be worth anything"), example);
        return None;
    }
    let count = tables.len();
    let mut levels: Vec<Level> = Vec::new();
    for mut table in tables {
        let acr = table.required("acr", "\"urn:be:fedict:iam:fas:Level400\"", acr);
        let worth = table.required("assurance", "\"substantial\"", word(&assurance_words()));
        if let (Some(acr), Some(assurance)) = (acr, worth) {
            if levels.iter().any(|level| level.acr == acr) {
                table.wrong("acr", "this level stands here for the second time", "each level once");
            } else if levels.last().is_some_and(|weaker| weaker.assurance > assurance) {
                table.wrong("assurance", "this level is worth less than the one before it", "the least first");
            } else {
                levels.push(Level { acr, assurance });
            }
        }
        table.finish();
    }
    (levels.len() == count).then_some(levels)
}

pub(super) fn values<T>(list: Option<Vec<Placed<T>>>) -> Option<Vec<T>> {
    list.map(|list| list.into_iter().map(|placed| placed.value).collect())
}

/// An issuer identifier (OpenID Connect Discovery 1.0 section 2): https, or http on one's own machine, without a query.
pub(super) fn issuer(value: &DeValue<'_>) -> Result<Url, Wrong> {
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

/// One scope (RFC 6749 section 3.3).
fn scope(value: &DeValue<'_>) -> Result<String, Wrong> {
    token(value, "is no scope: visible characters, without a space, `\"` or `\\`")
}

/// One value of `acr_values`, which stand side by side there (OpenID Connect Core 1.0 section 3.1.2.1).
fn acr(value: &DeValue<'_>) -> Result<String, Wrong> {
    token(value, "is no acr: visible characters, without a space, `\"` or `\\`")
}

fn token(value: &DeValue<'_>, what: &str) -> Result<String, Wrong> {
    let text = any_text(value)?;
    let plain = text.bytes().all(|b| b.is_ascii_graphic() && !matches!(b, b'"' | b'\\'));
    if text.is_empty() || text.len() > 200 || !plain {
        return Err(Wrong::new(format!("{} {what}", shown(text))));
    }
    Ok(text.to_owned())
}
