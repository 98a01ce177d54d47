//! A client takes back a token that it needs no longer, or that it fears somebody else has (RFC 7009).
//!
//! A refresh token ends its family: no token of it opens anything any more, at userinfo, at introspection or at a register's host.
//! An access token ends alone. Of a token that it does not know, and of another client's, a client hears the same as of its
//! own: that it opens nothing for it.

use super::{Core, authorizations::AccessClaims};
use crate::{
    base::token::{Token, TokenDigest},
    domain::{client::Client, tenant::Tenant},
    storage::StoreError,
    token::jwt,
};

/// Why a token is not taken back.
#[derive(Debug, thiserror::Error)]
pub enum RevocationError {
    /// It is a token of a type that cannot be: `unsupported_token_type` (RFC 7009 section 2.2.1).
    #[error("a token of a type that cannot be revoked")]
    UnsupportedType,
    /// The database does not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Takes back a token of this client, which has authenticated.
///
/// # Errors
/// `UnsupportedType` for an ID token or another token that lives until it expires.
pub async fn revoke(core: &Core, tenant: &Tenant, client: &Client, token: &str) -> Result<(), RevocationError> {
    match Token::parse(token) {
        Some(opaque) => Ok(refresh_token(core, tenant, client, opaque.digest()).await?),
        None => access_token(core, tenant, client, token).await,
    }
}

/// Also a spent one: whoever has it may have what followed.
async fn refresh_token(core: &Core, tenant: &Tenant, client: &Client, digest: TokenDigest) -> Result<(), StoreError> {
    let known = core.store.read(&tenant.id).await?.grant_of_refresh_token(digest, &client.id).await?;
    let Some(grant) = known else { return Ok(()) };
    let mut transaction = core.store.begin(&tenant.id).await?;
    if !transaction.end_authorization(grant, core.now()).await? {
        return Ok(());
    }
    let event = core.event("refresh_token.revoked").with("client", client.id.clone());
    transaction.record(&event.with("grant", grant.to_string())).await?;
    transaction.commit().await
}

async fn access_token(core: &Core, tenant: &Tenant, client: &Client, token: &str) -> Result<(), RevocationError> {
    let ring = core.keys_of(tenant)?.ring();
    let claims: AccessClaims = match jwt::own_access_token(token, &ring, &tenant.origin, core.now()) {
        Ok(claims) => claims,
        Err(jwt::Refused::Type) => return Err(RevocationError::UnsupportedType),
        // Expired or never one: it opens nothing.
        Err(_) => return Ok(()),
    };
    if claims.client_id != client.id {
        return Ok(());
    }
    let mut transaction = core.store.begin(&tenant.id).await?;
    if !transaction.revoke_token(claims.name(), claims.expires()).await? {
        return Ok(());
    }
    let event = core.event("access_token.revoked").with("client", client.id.clone());
    let grant = claims.grant().map(|grant| grant.to_string());
    let event = grant.into_iter().fold(event, |event, grant| event.with("grant", grant));
    transaction.record(&event).await?;
    Ok(transaction.commit().await?)
}
