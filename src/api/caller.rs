//! Which program asks: by an access token that it has in its own name (RFC 6750 section 2.1), for this interface of this tenant.

use http::{HeaderMap, header::AUTHORIZATION};

use super::{Call, PATH, problem::Problem};
use crate::{
    domain::{fact::Kind, tenant::Tenant},
    service::machines,
};

/// The `aud` of the tokens that open this interface, which is its address (RFC 8707 section 2).
#[must_use]
pub fn audience(tenant: &Tenant) -> String {
    format!("{}{PATH}", tenant.origin)
}

/// The scope for every kind of fact.
const EVERY_KIND: &str = "facts:write";

/// A program that may ask.
pub(super) struct Caller {
    /// Its `client_id`.
    pub client: String,
    scopes: Vec<String>,
}

impl Caller {
    /// The program whose token came along. A person's token is none.
    pub async fn of(call: &Call, headers: &HeaderMap) -> Result<Self, Problem> {
        let token = bearer(headers)?;
        let audience = audience(&call.tenant);
        let found = machines::find(call.core(), &call.tenant, &audience, token, call.certificate).await?;
        let bearer = found.ok_or(Problem::InvalidToken)?;
        Ok(Self { client: bearer.client.id.clone(), scopes: bearer.scopes })
    }

    /// Whether it may write facts of this kind.
    pub fn may_write(&self, kind: Kind) -> Result<(), Problem> {
        let good = self.scopes.iter().any(|scope| scope == EVERY_KIND || *scope == scope_of(kind));
        if good { Ok(()) } else { Err(Problem::Scope) }
    }
}

/// The scope for one kind of fact.
pub(super) fn scope_of(kind: Kind) -> String {
    format!("{EVERY_KIND}:{kind}")
}

/// The one token of the header. A second header would be read differently by others.
fn bearer(headers: &HeaderMap) -> Result<&str, Problem> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let value = values.next().ok_or(Problem::NoToken)?;
    if values.next().is_some() {
        return Err(Problem::BadToken);
    }
    let (scheme, token) = value.to_str().ok().and_then(|text| text.split_once(' ')).ok_or(Problem::BadToken)?;
    if scheme.eq_ignore_ascii_case("bearer") { Ok(token.trim()) } else { Err(Problem::NoToken) }
}
