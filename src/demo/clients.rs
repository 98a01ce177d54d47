//! The clients of the sample application, `tests/peers/client/app.mjs`: one with a secret, one with a key of its own.

use serde_json::Value;

use super::marker::SAMPLE_SECRET;
use crate::{
    base::token::TokenDigest,
    domain::{
        assurance::Assurance,
        client::{Client, ClientAuthentication, SigningAlgorithm},
        register::TokenForm,
        tenant::{Tenant, Texts},
    },
};

/// `client_id` of the client with the secret.
const WITH_SECRET: &str = "sample-app";
/// `client_id` of the client with a key.
const WITH_KEY: &str = "sample-app-key";

/// The tenant, with the clients of the sample application on `app_origin`. Without its public keys (`jwks`, RFC 7517) the one
/// that authenticates with a key is left out.
#[must_use]
pub fn with_sample_clients(mut tenant: Tenant, app_origin: &str, jwks: Option<&Value>) -> Tenant {
    let secret = ClientAuthentication::Secret(TokenDigest::of(SAMPLE_SECRET.as_bytes()));
    let keys = jwks.and_then(|jwks| jwks["keys"].as_array()).filter(|keys| !keys.is_empty());
    let with_key = keys
        .map(|keys| client(&tenant, WITH_KEY, "key", app_origin, ClientAuthentication::PrivateKeyJwt(keys.clone())));
    let with_secret = client(&tenant, WITH_SECRET, "basic", app_origin, secret);
    tenant.clients.retain(|client| client.id != WITH_SECRET && client.id != WITH_KEY);
    tenant.clients.push(with_secret);
    tenant.clients.extend(with_key);
    tenant
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
