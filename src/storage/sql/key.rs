//! Keys of a tenant, as the database keeps them: wrapped or sealed, never in clear.

use super::{StoreError, Transaction, execute, fetch_all, statement::statements};
use crate::base::Timestamp;

statements! {
    INSERT_TENANT_KEY = "INSERT INTO tenant_key (tenant, id, purpose, wrapped, created_at) VALUES ($1, $2, $3, $4, $5)";
    TENANT_KEYS = "SELECT id, purpose, wrapped, retired_at FROM tenant_key WHERE tenant = $1 ORDER BY created_at, id";
    INSERT_SIGNING_KEY = "INSERT INTO signing_key (tenant, kid, algorithm, sealed, created_at) VALUES ($1, $2, $3, $4, $5)";
    SIGNING_KEYS = "SELECT kid, algorithm, sealed, retired_at FROM signing_key WHERE tenant = $1 ORDER BY created_at, kid";
}

/// A key for sealing or for an index, wrapped by the master key.
#[derive(Clone, Debug, sqlx_macros::FromRow)]
pub struct WrappedKey {
    /// Which.
    pub id: String,
    /// What it is for.
    pub purpose: String,
    /// The key, wrapped.
    pub wrapped: Vec<u8>,
    /// Since when it makes nothing new.
    pub retired_at: Option<Timestamp>,
}

/// A key that signs tokens, sealed.
#[derive(Clone, Debug, sqlx_macros::FromRow)]
pub struct SealedSigningKey {
    /// Its `kid`.
    pub kid: String,
    /// Its `alg`.
    pub algorithm: String,
    /// The private key (PKCS#8), sealed.
    pub sealed: Vec<u8>,
    /// Since when it signs nothing new.
    pub retired_at: Option<Timestamp>,
}

impl Transaction {
    /// Keeps a wrapped key.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn put_tenant_key(&mut self, key: &WrappedKey, now: Timestamp) -> Result<(), StoreError> {
        execute!(self, INSERT_TENANT_KEY, &key.id, &key.purpose, &key.wrapped, now)?;
        Ok(())
    }

    /// The tenant's wrapped keys, oldest first.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn tenant_keys(&mut self) -> Result<Vec<WrappedKey>, StoreError> {
        fetch_all!(self, WrappedKey, TENANT_KEYS)
    }

    /// Keeps a sealed signing key.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn put_signing_key(&mut self, key: &SealedSigningKey, now: Timestamp) -> Result<(), StoreError> {
        execute!(self, INSERT_SIGNING_KEY, &key.kid, &key.algorithm, &key.sealed, now)?;
        Ok(())
    }

    /// The tenant's sealed signing keys, oldest first.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn signing_keys(&mut self) -> Result<Vec<SealedSigningKey>, StoreError> {
        fetch_all!(self, SealedSigningKey, SIGNING_KEYS)
    }
}
