//! Keys of a tenant, as the database keeps them: wrapped or sealed, never in clear.

use super::{StoreError, Transaction, execute, fetch_all, statement::statements};
use crate::{
    base::Timestamp,
    storage::seal::{Purpose, WrappedKey},
};

statements! {
    INSERT_TENANT_KEY = "INSERT INTO tenant_key (tenant, purpose, id, wrapped, created_at) VALUES ($1, $2, $3, $4, $5)";
    TENANT_KEYS = "SELECT purpose, id, wrapped FROM tenant_key WHERE tenant = $1 ORDER BY purpose, id";
    INSERT_SIGNING_KEY = "INSERT INTO signing_key (tenant, kid, algorithm, sealed, created_at) VALUES ($1, $2, $3, $4, $5)";
    SIGNING_KEYS = "SELECT kid, algorithm, sealed, retired_at FROM signing_key WHERE tenant = $1 ORDER BY created_at, kid";
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
    /// `Conflict` when another replica made this number first.
    pub async fn put_tenant_key(&mut self, key: &WrappedKey, now: Timestamp) -> Result<(), StoreError> {
        execute!(self, INSERT_TENANT_KEY, key.purpose.word(), i64::from(key.id), &key.wrapped, now)?;
        Ok(())
    }

    /// The tenant's wrapped keys.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn tenant_keys(&mut self) -> Result<Vec<WrappedKey>, StoreError> {
        let rows = fetch_all!(self, (String, i64, Vec<u8>), TENANT_KEYS)?;
        rows.into_iter()
            .map(|(purpose, id, wrapped)| {
                let purpose = Purpose::from_word(&purpose);
                let known = purpose.zip(u32::try_from(id).ok());
                let (purpose, id) = known
                    .ok_or_else(|| StoreError::Unusable("a key of an unknown purpose: a newer Poort's?".into()))?;
                Ok(WrappedKey { purpose, id, wrapped })
            })
            .collect()
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
