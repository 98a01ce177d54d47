//! Access tokens that their client took back before they expired (RFC 7009).

use super::{StoreError, Transaction, execute, fetch_optional, statement::statements};
use crate::base::{Timestamp, token::TokenDigest};

statements! {
    INSERT_REVOKED = "INSERT INTO revoked_token (tenant, jti, expires_at) VALUES ($1, $2, $3) \
        ON CONFLICT (tenant, jti) DO NOTHING";
    REVOKED = "SELECT expires_at FROM revoked_token WHERE tenant = $1 AND jti = $2";
    FORGET_REVOKED = "DELETE FROM revoked_token WHERE tenant = $1 AND expires_at < $2";
}

impl Transaction {
    /// Takes back an access token, by the digest of its `jti`; it is remembered until it expires. False when that was done
    /// before.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn revoke_token(&mut self, jti: TokenDigest, expires: Timestamp) -> Result<bool, StoreError> {
        let new = execute!(self, INSERT_REVOKED, jti, expires)? == 1;
        if new {
            self.narrows();
        }
        Ok(new)
    }

    /// Whether an access token was taken back.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn is_revoked(&mut self, jti: TokenDigest) -> Result<bool, StoreError> {
        Ok(fetch_optional!(self, (Timestamp,), REVOKED, jti)?.is_some())
    }

    /// Forgets tokens that expired before `before`.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn forget_revoked_tokens(&mut self, before: Timestamp) -> Result<u64, StoreError> {
        execute!(self, FORGET_REVOKED, before)
    }
}
