//! The clients of the sample application, `tests/peers/client/app.mjs`: one with a secret, one with a key of its own. And that
//! of the register, which pushes what it knows in its own name.

use serde_json::Value;

use super::marker::SAMPLE_SECRET;
use crate::{
    api,
    base::token::TokenDigest,
    domain::{
        assurance::Assurance,
        client::{Client, ClientAuthentication, Machine, SigningAlgorithm},
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

/// The tenant, with the register's client and those of the sample application on `app_origin`. Without its public keys (`jwks`, RFC 7517) the one
/// that authenticates with a key is left out.
#[must_use]
pub fn with_sample_clients(mut tenant: Tenant, app_origin: &str, jwks: Option<&Value>) -> Tenant {
    let secret = ClientAuthentication::Secret(TokenDigest::of(SAMPLE_SECRET.as_bytes()));
    let keys = jwks.and_then(|jwks| jwks["keys"].as_array()).filter(|keys| !keys.is_empty());
    let with_key = keys
        .map(|keys| client(&tenant, WITH_KEY, "key", app_origin, ClientAuthentication::PrivateKeyJwt(keys.clone())));
    let with_secret = client(&tenant, WITH_SECRET, "basic", app_origin, secret);
    let register = register(&tenant);
    tenant.clients.retain(|client| ![WITH_SECRET, WITH_KEY, REGISTER].contains(&client.id.as_str()));
    tenant.clients.extend([with_secret, register]);
    tenant.clients.extend(with_key);
    tenant
}

/// The program of the register.
fn register(tenant: &Tenant) -> Client {
    let name = Texts::new(tenant.languages.iter().map(|language| (*language, "The register".to_owned())));
    let secret = ClientAuthentication::Secret(TokenDigest::of(SAMPLE_SECRET.as_bytes()));
    let machine = Machine { scopes: vec!["facts:write".to_owned()], audiences: vec![api::audience(tenant)] };
    Client { machine: Some(machine), ..Client::new(REGISTER.to_owned(), name, secret) }
}

fn client(tenant: &Tenant, id: &str, kind: &str, app_origin: &str, authentication: ClientAuthentication) -> Client {
    let app_origin = app_origin.trim_end_matches('/');
    let name = Texts::new(tenant.languages.iter().map(|language| (*language, "Sample application".to_owned())));
    Client {
        redirect_uris: vec![format!("{app_origin}/callback/{kind}")],
        post_logout_redirect_uris: vec![format!("{app_origin}/goodbye")],
        scopes: ["openid", "profile", "email", "poort", "offline_access"].map(str::to_owned).to_vec(),
        refresh: true,
        audiences: vec![format!("{app_origin}/api")],
        form: TokenForm::NlGov,
        id_token_algorithm: SigningAlgorithm::Es256,
        means: tenant.means.iter().map(|means| means.id.clone()).collect(),
        least_assurance: Assurance::Low,
        ..Client::new(id.to_owned(), name, authentication)
    }
}
