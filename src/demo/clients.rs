//! The clients of the sample application, `tests/peers/client/app.mjs`: one with a secret, one with a key of its own; the API
//! that both ask access tokens for; a program that asks for them in its own name; and the register, which pushes what it knows.

use serde_json::Value;

use super::marker::SAMPLE_SECRET;
use crate::{
    api,
    base::token::TokenDigest,
    domain::{
        assurance::Assurance,
        client::{BackchannelLogout, Client, ClientAuthentication, Machine, SigningAlgorithm},
        register::TokenForm,
        tenant::{Tenant, Texts},
    },
};

/// `client_id` of the client with the secret.
const WITH_SECRET: &str = "sample-app";
/// `client_id` of the client with a key.
const WITH_KEY: &str = "sample-app-key";
/// `client_id` of the register that pushes what it knows, with the same secret.
pub(super) const REGISTER: &str = "demo-register";
/// `client_id` of the resource server.
const API: &str = "sample-api";
/// `client_id` of the program.
const FEED: &str = "sample-feed";

/// The tenant, with the clients of the sample application on `app_origin`. Without its public keys (`jwks`, RFC 7517) the one
/// that authenticates with a key is left out.
#[must_use]
pub fn with_sample_clients(mut tenant: Tenant, app_origin: &str, jwks: Option<&Value>) -> Tenant {
    let secret = ClientAuthentication::Secret(TokenDigest::of(SAMPLE_SECRET.as_bytes()));
    let keys = jwks.and_then(|jwks| jwks["keys"].as_array()).filter(|keys| !keys.is_empty());
    let with_key = keys
        .map(|keys| client(&tenant, WITH_KEY, "key", app_origin, ClientAuthentication::PrivateKeyJwt(keys.clone())));
    let with_secret = client(&tenant, WITH_SECRET, "basic", app_origin, secret.clone());
    let audience = audience(app_origin);
    let machine = Machine { scopes: vec!["api:read".to_owned()], audiences: vec![audience.clone()] };
    let named = |id: &str, name| Client::new(id.to_owned(), in_each_language(&tenant, name), secret.clone());
    let sample_api = Client { introspects: vec![audience], ..named(API, "Sample API") };
    let register = Machine { scopes: vec!["facts:write".to_owned()], audiences: vec![api::audience(&tenant)] };
    let register = Client { machine: Some(register), ..named(REGISTER, "The register") };
    let feed = Client { machine: Some(machine), ..named(FEED, "Sample feed") };
    tenant.clients.retain(|client| ![WITH_SECRET, WITH_KEY, API, FEED, REGISTER].contains(&client.id.as_str()));
    tenant.clients.extend([with_secret, sample_api, feed, register]);
    tenant.clients.extend(with_key);
    tenant
}

fn client(tenant: &Tenant, id: &str, kind: &str, app_origin: &str, authentication: ClientAuthentication) -> Client {
    let audience = audience(app_origin);
    let app_origin = app_origin.trim_end_matches('/');
    let name = in_each_language(tenant, "Sample application");
    Client {
        redirect_uris: vec![format!("{app_origin}/callback/{kind}")],
        post_logout_redirect_uris: vec![format!("{app_origin}/goodbye")],
        backchannel_logout: Some(BackchannelLogout {
            uri: format!("{app_origin}/backchannel-logout/{kind}"),
            session_required: false,
        }),
        scopes: ["openid", "profile", "email", "poort", "offline_access"].map(str::to_owned).to_vec(),
        refresh: true,
        audiences: vec![audience],
        form: TokenForm::NlGov,
        id_token_algorithm: SigningAlgorithm::Es256,
        means: tenant.means.iter().map(|means| means.id.clone()).collect(),
        least_assurance: Assurance::Low,
        ..Client::new(id.to_owned(), name, authentication)
    }
}

/// The `aud` of the sample API.
fn audience(app_origin: &str) -> String {
    format!("{}/api", app_origin.trim_end_matches('/'))
}

fn in_each_language(tenant: &Tenant, name: &str) -> Texts {
    Texts::new(tenant.languages.iter().map(|language| (*language, name.to_owned())))
}
