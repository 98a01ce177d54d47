//! `[clients.ID]`: the applications that use a tenant as their OpenID provider.

use toml::de::DeValue;

use super::{
    address,
    backend::FORMS,
    certificate,
    document::Placed,
    jwks,
    kind::{any_text, boolean, path, word},
    means::{assurance_words, offered},
    near::listed,
    pairing,
    purpose::Leads,
    register,
    table::Table,
    tenant::Around,
    texts,
    wrong::Wrong,
};
use crate::{
    base::token::TokenDigest,
    domain::client::{BackchannelLogout, Client, ClientAuthentication, Machine, SigningAlgorithm},
};

/// The scopes that Poort knows; another is the name of a resource server's own.
const OFFLINE_ACCESS: &str = "offline_access";
const SECRET_ADVICE: &str = "only the digest: secret = \"sha256:…\", of a secret of 32 random bytes\n\
                             openssl rand -base64 32 | tr '+/' '-_' | tr -d '=\\n' > secret   # for the application\n\
                             openssl dgst -sha256 -binary secret | base64 | tr '+/' '-_' | tr -d '=\\n'   # after sha256:";

pub(super) fn read(table: &mut Table<'_>, around: &Around, leads: &Leads<'_>) -> Vec<Client> {
    table.named("clients").into_iter().filter_map(|(id, section)| one(id, section, around, leads)).collect()
}

fn one(id: Placed<String>, mut section: Table<'_>, around: &Around, leads: &Leads<'_>) -> Option<Client> {
    // RFC 6749 appendix A.1, without the colon that ends a name in HTTP Basic and the space.
    let plain = |b: u8| b.is_ascii_graphic() && b != b':' && b != b'"';
    if id.value.is_empty() || id.value.len() > 100 || !id.value.bytes().all(plain) {
        section.wrong_at(
            &id.place,
            "a client's id is 1 to 100 ASCII characters without spaces, colons and quotes",
            "[clients.sample-app]",
        );
    }
    let name = texts::required(&mut section, "name", around.languages.as_deref());
    let authentication = authentication(&mut section);
    let bare = name.zip(authentication).map(|(name, authentication)| Client::new(id.value, name, authentication));
    let machine = machine(&mut section);
    let introspects = section.list("introspects", "[\"https://api.example.org\"]", address::audience);
    let pairing = section.optional_section("pairing").map(|section| pairing::read(section, &around.professions));
    let for_itself = section.has("machine") || section.has("introspects");
    if for_itself && section.has("public") {
        section.wrong(
            "public",
            "everybody can be this client, so it has nothing in its own name and learns nothing of tokens",
            "jwks_file = \"sample-app.jwks.json\", its public keys; or secret = \"sha256:…\"",
        );
    }
    let bound = section.optional("certificate_bound_tokens", "true", boolean).unwrap_or(false);
    if bound && section.has("public") {
        section.wrong(
            "certificate_bound_tokens",
            "everybody can be this client, so nothing binds the refresh tokens that its access tokens come from",
            "another proof than `public`: [clients.NAME.certificate], jwks_file or secret",
        );
    }
    let client = if pairing.is_some() {
        if !section.has("public") {
            section.wrong(
                "pairing",
                "an app on somebody's phone keeps no secret, and proves itself by a key that each phone makes",
                "public = true, and no other proof",
            );
        }
        paired(&mut section, bare)
    } else if section.has("machine") || for_itself && !section.has("redirect_uris") {
        nobody(&mut section, bare)
    } else {
        people(&mut section, around, leads, bare)
    };
    section.finish();
    let introspects = values(introspects.unwrap_or_default());
    let pairing = match pairing {
        None => None,
        Some(read) => Some(read?),
    };
    Some(Client { machine, introspects, certificate_bound_tokens: bound, pairing, ..client? })
}

/// A client with what it needs to log people in.
fn people(section: &mut Table<'_>, around: &Around, leads: &Leads<'_>, bare: Option<Client>) -> Option<Client> {
    let redirect_uris =
        section.required_list("redirect_uris", "[\"https://app.example.org/callback\"]", address::redirect_uri);
    let post_logout =
        section.list("post_logout_redirect_uris", "[\"https://app.example.org/goodbye\"]", address::redirect_uri);
    let backchannel_logout = backchannel_logout(section);
    let scopes = section.required_list("scopes", "[\"openid\", \"profile\"]", scope);
    let refresh = section.optional("refresh", "false", boolean);
    scopes_fit(section, scopes.as_deref(), refresh);
    let audiences = section.list("audiences", "[\"https://api.example.org\"]", address::audience);
    let form = section.optional("form", "\"nl-gov\"", word(&FORMS)).unwrap_or_default();
    let algorithms = SigningAlgorithm::ALL.map(|algorithm| (algorithm.alg(), algorithm));
    let id_token_algorithm = section.optional("id_token_algorithm", "\"ES256\"", word(&algorithms)).unwrap_or_default();
    let least_assurance = section.required("least_assurance", "\"substantial\"", word(&assurance_words()));
    let (means, _) = offered(section, around.means.as_ref(), least_assurance);
    let named = section.has("register");
    let register = section.optional("register", "\"dossier\"", register::named(leads));
    if named && register.is_none() {
        return None;
    }
    Some(Client {
        redirect_uris: values(redirect_uris?),
        post_logout_redirect_uris: values(post_logout.unwrap_or_default()),
        backchannel_logout,
        scopes: values(scopes?),
        refresh: refresh.unwrap_or(false),
        audiences: values(audiences.unwrap_or_default()),
        form,
        id_token_algorithm,
        register,
        means: means?,
        least_assurance: least_assurance?,
        ..bare?
    })
}

/// An app that people pair with their account: nobody is sent to it, and it always gets refresh tokens.
fn paired(section: &mut Table<'_>, bare: Option<Client>) -> Option<Client> {
    for key in [
        "redirect_uris",
        "post_logout_redirect_uris",
        "backchannel_logout_uri",
        "least_assurance",
        "means",
        "register",
        "refresh",
    ] {
        if section.optional(key, "", |_| Ok(())).is_some() {
            section.wrong(
                key,
                "nobody is sent to an app that is paired, so this means nothing here",
                "remove it; a person pairs the app on the page /devices, and who may is the policies' to say",
            );
        }
    }
    let scopes = section.required_list("scopes", "[\"openid\", \"profile\"]", scope);
    if let Some(scopes) = &scopes {
        needs_openid(section, scopes);
    }
    let audiences = section.list("audiences", "[\"https://api.example.org\"]", address::audience);
    let form = section.optional("form", "\"nl-gov\"", word(&FORMS)).unwrap_or_default();
    let audiences = values(audiences.unwrap_or_default());
    Some(Client { scopes: values(scopes?), refresh: true, audiences, form, ..bare? })
}

/// Where an application hears that a login has ended.
fn backchannel_logout(section: &mut Table<'_>) -> Option<BackchannelLogout> {
    let example = "\"https://app.example.org/backchannel-logout\"";
    let uri = section.optional("backchannel_logout_uri", example, address::called_uri);
    let session_required = section.optional("backchannel_logout_session_required", "false", boolean);
    if session_required.is_some() && !section.has("backchannel_logout_uri") {
        section.wrong(
            "backchannel_logout_session_required",
            "this client hears of no logout, so this means nothing",
            format!("backchannel_logout_uri = {example} beside it; or remove it"),
        );
    }
    Some(BackchannelLogout { uri: uri?, session_required: session_required.unwrap_or(false) })
}

/// The keys of [`people`].
const OF_PEOPLE: [&str; 12] = [
    "redirect_uris",
    "post_logout_redirect_uris",
    "backchannel_logout_uri",
    "backchannel_logout_session_required",
    "scopes",
    "refresh",
    "audiences",
    "form",
    "id_token_algorithm",
    "least_assurance",
    "means",
    "register",
];

/// A client that acts in its own name or asks about tokens, and says nothing of people.
fn nobody(section: &mut Table<'_>, bare: Option<Client>) -> Option<Client> {
    for key in OF_PEOPLE {
        if section.optional(key, "", |_| Ok(())).is_some() {
            section.wrong(
                key,
                "this client logs nobody in, so this means nothing here",
                "remove it; what it may have in its own name stands under `machine`. An application of people is another client",
            );
        }
    }
    bare
}

/// What a program may have in its own name.
fn machine(section: &mut Table<'_>) -> Option<Machine> {
    let mut section = section.optional_section("machine")?;
    let scopes = section.required_list("scopes", "[\"facts:write\"]", machine_scope);
    let audiences = section.required_list("audiences", "[\"https://api.example.org\"]", address::audience);
    section.finish();
    Some(Machine { scopes: values(scopes?), audiences: values(audiences?) })
}

fn values(list: Vec<Placed<String>>) -> Vec<String> {
    list.into_iter().map(|item| item.value).collect()
}

/// A scope that says nothing of a person.
fn machine_scope(value: &DeValue<'_>) -> Result<String, Wrong> {
    let scope = scope(value)?;
    if ["openid", "profile", "email", "poort", OFFLINE_ACCESS].contains(&scope.as_str()) {
        Err(Wrong::new("this scope is about a person, and here is none; what the resource server calls its own fits"))
    } else {
        Ok(scope)
    }
}

/// A scope (RFC 6749 appendix A.4).
fn scope(value: &DeValue<'_>) -> Result<String, Wrong> {
    let text = any_text(value)?;
    if !text.is_empty() && text.bytes().all(|b| b.is_ascii_graphic() && b != b'"' && b != b'\\') {
        Ok(text.to_owned())
    } else {
        Err(Wrong::new("a scope has no spaces, quotes or backslashes; one entry for each"))
    }
}

fn scopes_fit(section: &Table<'_>, scopes: Option<&[Placed<String>]>, refresh: Option<bool>) {
    let Some(scopes) = scopes else { return };
    let has = |scope: &str| scopes.iter().any(|known| known.value == scope);
    needs_openid(section, scopes);
    if has(OFFLINE_ACCESS) && refresh != Some(true) && !(section.has("refresh") && refresh.is_none()) {
        section.wrong(
            "scopes",
            "`offline_access` asks for refresh tokens, and this client gets none",
            "refresh = true beside it, or no \"offline_access\"",
        );
    }
    if !has(OFFLINE_ACCESS) && refresh == Some(true) {
        section.wrong(
            "refresh",
            "refresh tokens are asked for with the scope `offline_access`, which this client may not ask",
            "\"offline_access\" among its scopes, or refresh = false",
        );
    }
}

fn needs_openid(section: &Table<'_>, scopes: &[Placed<String>]) {
    if scopes.iter().all(|known| known.value != "openid") {
        section.wrong(
            "scopes",
            "without `openid` this is no OpenID Connect",
            format!("\"openid\" before {}", listed(scopes.iter().map(|scope| scope.value.as_str()))),
        );
    }
}

const WAYS: [&str; 5] = ["secret", "jwks", "jwks_file", "certificate", "public"];

/// Exactly one way to prove who the client is.
fn authentication(section: &mut Table<'_>) -> Option<ClientAuthentication> {
    let directory = section.document().directory();
    let secret = section.optional("secret", "", secret_digest).map(ClientAuthentication::Secret);
    let inline = section.optional(
        "jwks",
        "{ keys = [{ kty = \"EC\", crv = \"P-256\", kid = \"…\", x = \"…\", y = \"…\" }] }",
        |value| jwks::keys(&jwks::json(value)),
    );
    let file =
        section.optional("jwks_file", "\"sample-app.jwks.json\"", |value| jwks::read_file(&path(directory)(value)?));
    let certificate = section.optional_section("certificate").and_then(certificate::read);
    let public = section.optional("public", "true", boolean);
    let ways: Vec<&str> =
        WAYS.into_iter().filter(|way| section.has(way) && !(*way == "public" && public == Some(false))).collect();
    match ways.as_slice() {
        [] => {
            section.wrong_at(
                &section.place(),
                "nothing says how this client proves who it is",
                "jwks_file = \"sample-app.jwks.json\", its public keys (private_key_jwt)\n\
                 or secret = \"sha256:…\", the digest of a secret\n\
                 or a section `certificate` below it, for a program that shows one in its TLS handshake\n\
                 or public = true, for an application that can keep no secret",
            );
            None
        }
        [_] => secret
            .or(inline.or(file).map(ClientAuthentication::PrivateKeyJwt))
            .or(certificate.map(ClientAuthentication::Certificate))
            .or((public == Some(true)).then_some(ClientAuthentication::None)),
        [.., last] => {
            let what = format!("a client proves who it is in one way, not by {}", listed(ways.iter().copied()));
            section.wrong(last, what, "keep one of them");
            None
        }
    }
}

/// The digest of a secret. The secret itself is refused, and never repeated.
fn secret_digest(value: &DeValue<'_>) -> Result<TokenDigest, Wrong> {
    let Some(digest) = value.as_str().and_then(|text| text.strip_prefix("sha256:")) else {
        return Err(Wrong::but(
            "a secret stands here in clear; whoever read this file knows it",
            format!("make a new one, and write {SECRET_ADVICE}"),
        ));
    };
    TokenDigest::parse(digest)
        .ok_or_else(|| Wrong::but("after `sha256:` 43 characters of base64url are expected", SECRET_ADVICE))
}
