//! What a tenant's provider says of itself, and its public keys.

use axum::{
    Json,
    response::{IntoResponse, Response},
};
use http::{
    HeaderName, HeaderValue, StatusCode,
    header::{
        ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_MAX_AGE, CACHE_CONTROL, CONTENT_TYPE,
    },
};
use serde_json::{Value, json};

use super::{device, json::Refused};
use crate::{
    base::Language,
    domain::{assurance::Assurance, client::SigningAlgorithm, tenant::Tenant},
    http::visit::Visit,
    token::{assertion, claims::scope, dpop},
};

/// Short enough that a new key is known before it signs, long enough that nobody asks at each login.
const KEPT: HeaderValue = HeaderValue::from_static("public, max-age=300");
const CROSS_ORIGIN_RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

/// The provider's metadata: one document for OpenID Connect Discovery 1.0 section 4 and RFC 8414 section 3.
pub(super) async fn discovery(visit: Visit) -> Response {
    public(Json(document(visit.tenant())).into_response())
}

/// The JWK set (RFC 7517 section 5).
pub(super) async fn jwks(visit: Visit) -> Result<Response, Refused> {
    let keys = visit.core().keys_of(visit.tenant())?.ring().jwks();
    Ok(public(([(CONTENT_TYPE, "application/jwk-set+json")], keys).into_response()))
}

/// The answer to a preflight: anybody may read what is public.
pub(super) async fn preflight() -> Response {
    let mut response = public(StatusCode::NO_CONTENT.into_response());
    response.headers_mut().insert(ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("GET"));
    response.headers_mut().insert(ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("86400"));
    response
}

fn public(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(CROSS_ORIGIN_RESOURCE_POLICY, HeaderValue::from_static("cross-origin"));
    headers.insert(CACHE_CONTROL, KEPT);
    response
}

fn document(tenant: &Tenant) -> Value {
    let issuer = &tenant.origin;
    let reached = reachable(tenant);
    let by_certificate =
        tenant.mutual_tls_origin.iter().flat_map(|_| ["tls_client_auth", "self_signed_tls_client_auth"]);
    let confidential =
        ["private_key_jwt", "client_secret_basic", "client_secret_post"].into_iter().chain(by_certificate);
    let confidential: Vec<&str> = confidential.collect();
    let everybody = [confidential.as_slice(), &["none"]].concat();
    let mut document = json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"),
        "userinfo_endpoint": format!("{issuer}/userinfo"),
        "introspection_endpoint": format!("{issuer}/introspect"),
        "introspection_endpoint_auth_methods_supported": confidential,
        "introspection_endpoint_auth_signing_alg_values_supported": assertion::ALGORITHMS,
        "revocation_endpoint": format!("{issuer}/revoke"),
        "revocation_endpoint_auth_methods_supported": everybody,
        "revocation_endpoint_auth_signing_alg_values_supported": assertion::ALGORITHMS,
        "jwks_uri": format!("{issuer}/jwks"),
        "end_session_endpoint": format!("{issuer}/end_session"),
        "backchannel_logout_supported": true,
        "backchannel_logout_session_supported": true,
        "scopes_supported": scope::ALL,
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code", "refresh_token", "client_credentials"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": SigningAlgorithm::ALL.map(SigningAlgorithm::alg),
        "token_endpoint_auth_methods_supported": everybody,
        "token_endpoint_auth_signing_alg_values_supported": assertion::ALGORITHMS,
        "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": true,
        "prompt_values_supported": ["none", "login", "consent", "select_account"],
        "acr_values_supported": reached.iter().map(|level| level.acr()).collect::<Vec<_>>(),
        "ui_locales_supported": tenant.languages.iter().map(|language| Language::code(*language)).collect::<Vec<_>>(),
        "claim_types_supported": ["normal"],
        "claims_supported": [
            "sub", "iss", "aud", "exp", "iat", "nonce", "sid", "at_hash", "acr", "amr", "auth_time", "name", "given_name",
            "family_name", "locale", "email", "email_verified", "registration", "represents", "act", "poort_profile",
            "organization", "mandate", "rights",
        ],
        "claims_parameter_supported": false,
        "request_parameter_supported": false,
        // Left out it would mean true (OpenID Connect Discovery 1.0 section 3).
        "request_uri_parameter_supported": false,
    });
    if tenant.clients.iter().any(|client| client.pairing.is_some())
        && let Some(members) = document.as_object_mut()
    {
        // RFC 8628 section 4, RFC 9449 section 5.1.
        members.insert("device_authorization_endpoint".into(), format!("{issuer}/device_authorization").into());
        members.insert("dpop_signing_alg_values_supported".into(), dpop::ALGORITHMS.as_slice().into());
        if let Some(grants) = members.get_mut("grant_types_supported").and_then(Value::as_array_mut) {
            grants.push(device::GRANT.into());
        }
    }
    if let (Some(origin), Some(members)) = (&tenant.mutual_tls_origin, document.as_object_mut()) {
        // RFC 8705 sections 3.3 and 5.
        members.insert("tls_client_certificate_bound_access_tokens".into(), true.into());
        let aliases = json!({
            "token_endpoint": format!("{origin}/token"),
            "userinfo_endpoint": format!("{origin}/userinfo"),
            "introspection_endpoint": format!("{origin}/introspect"),
            "revocation_endpoint": format!("{origin}/revoke"),
        });
        members.insert("mtls_endpoint_aliases".into(), aliases);
    }
    document
}

/// The levels of assurance that some login here has.
fn reachable(tenant: &Tenant) -> Vec<Assurance> {
    Assurance::ALL.into_iter().filter(|level| tenant.means.iter().any(|means| means.assurance == *level)).collect()
}
