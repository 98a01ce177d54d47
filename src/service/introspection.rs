//! What a resource server may learn of a token that somebody showed it (RFC 7662).
//!
//! It learns of access tokens for itself (CVE-2026-37979), and a client of its own refresh tokens; of every other token it
//! hears the same as of none. What the token rests on is asked anew each time, in the database: an ended login, account,
//! mandate, membership or registration, and a right that the token names, make it inactive at once (CVE-2026-8922).

use serde_json::{Map, Value, json};

use super::{
    Core,
    authorizations::{self, AccessClaims, GrantError},
    machines,
};
use crate::{
    base::token::{Token, TokenDigest},
    domain::{client::Client, possession::Bound, tenant::Tenant},
    storage::StoreError,
    token::{claims, jwt},
};

/// A token that is active.
#[derive(Debug)]
pub struct Active {
    /// What it says.
    pub claims: Map<String, Value>,
    /// The scopes that it still has.
    pub scopes: Vec<String>,
    /// Its type (RFC 6749 section 7.1); a refresh token has none.
    pub token_type: Option<&'static str>,
}

/// What `asking`, which has authenticated, may learn of a token; `None` when it is not active, or none of its business. Which
/// of both is told by nothing: a token for others is not looked up.
///
/// # Errors
/// When the database does not answer: that is never "inactive".
pub async fn introspect(
    core: &Core,
    tenant: &Tenant,
    asking: &Client,
    token: &str,
) -> Result<Option<Active>, StoreError> {
    let known = match Token::parse(token) {
        Some(opaque) => refresh_token(core, tenant, asking, opaque.digest()).await,
        None => access_token(core, tenant, asking, token).await,
    };
    match known {
        Ok(active) => Ok(Some(active)),
        Err(GrantError::Store(error)) => Err(error),
        Err(_) => Ok(None),
    }
}

async fn access_token(core: &Core, tenant: &Tenant, asking: &Client, token: &str) -> Result<Active, GrantError> {
    let ring = core.keys_of(tenant)?.ring();
    let claims: Map<String, Value> =
        jwt::own_access_token(token, &ring, &tenant.origin, core.now()).map_err(|_| GrantError::InvalidGrant)?;
    let said: AccessClaims =
        serde_json::from_value(Value::Object(claims.clone())).map_err(|_| GrantError::InvalidGrant)?;
    if asking.introspects.iter().all(|audience| *audience != said.aud) {
        return Err(GrantError::InvalidGrant);
    }
    // RFC 9449 section 6.2.
    let token_type = if matches!(said.bound_to(), Some(Bound::Key(_))) { "DPoP" } else { "Bearer" };
    let mut transaction = core.store.read(&tenant.id).await?;
    let scopes = match said.grant() {
        Some(_) => {
            let opened = authorizations::open(core, tenant, &mut transaction, &said).await?;
            if claims::names_a_right_besides(&claims, &opened.live.portrait.rights) {
                return Err(GrantError::InvalidGrant);
            }
            opened.scopes
        }
        None => machines::open(tenant, &mut transaction, &said).await?.scopes,
    };
    Ok(Active { claims, scopes, token_type: Some(token_type) })
}

async fn refresh_token(
    core: &Core,
    tenant: &Tenant,
    asking: &Client,
    digest: TokenDigest,
) -> Result<Active, GrantError> {
    let mut transaction = core.store.read(&tenant.id).await?;
    let kept = transaction.refresh_token(digest, &asking.id, core.now()).await?.ok_or(GrantError::InvalidGrant)?;
    let live = authorizations::live(core, tenant, asking, &mut transaction, kept.authorization_grant).await?;
    let live = live.ok_or(GrantError::InvalidGrant)?;
    let claims = json!({
        "iss": tenant.origin,
        "client_id": asking.id,
        "iat": kept.created_at.seconds(),
        "exp": kept.expires_at.seconds(),
    });
    let claims = claims.as_object().cloned().unwrap_or_default();
    Ok(Active { claims, scopes: live.scopes, token_type: None })
}
