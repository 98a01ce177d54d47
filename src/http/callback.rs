//! The URL that brings a person back to a client: its registered redirect URI with our parameters, each once.

use url::Url;

use crate::{base::token::Token, domain::tenant::Tenant, service::pending::ClientRequest};

/// With a code (RFC 6749 section 4.1.2) and the issuer (RFC 9207).
#[must_use]
pub fn code(tenant: &Tenant, request: &ClientRequest, code: &Token) -> String {
    with(tenant, &request.redirect_uri, request.state.as_deref(), &[("code", &code.reveal())])
}

/// With an error (RFC 6749 section 4.1.2.1) and the issuer.
#[must_use]
pub fn error(tenant: &Tenant, request: &ClientRequest, error: &str) -> String {
    with(tenant, &request.redirect_uri, request.state.as_deref(), &[("error", error)])
}

/// With these parameters, `state` as it came, and the issuer. A parameter of ours that the registered URI already has is
/// overwritten: a client reads one of each (CVE-2026-9689).
#[must_use]
pub fn with(tenant: &Tenant, redirect_uri: &str, state: Option<&str>, parameters: &[(&str, &str)]) -> String {
    let Ok(mut url) = Url::parse(redirect_uri) else { return tenant.origin.clone() };
    const OURS: [&str; 6] = ["code", "error", "error_description", "error_uri", "state", "iss"];
    let kept: Vec<(String, String)> = url
        .query_pairs()
        .filter(|(name, _)| !OURS.contains(&name.as_ref()))
        .map(|(n, v)| (n.into(), v.into()))
        .collect();
    {
        let mut query = url.query_pairs_mut();
        query.clear().extend_pairs(kept).extend_pairs(parameters);
        if let Some(state) = state {
            query.append_pair("state", state);
        }
        query.append_pair("iss", &tenant.origin);
    }
    url.into()
}
