//! Keys of a tenant, as the database keeps them: wrapped or sealed, never in clear.
//!
//! Every change of a key raises the number of the tenant's keys with it; each replica reads that four times a second and
//! then reads the keys. That nobody keeps something under a retired key does not rest on this: the database is asked at each
//! write of something sealed.

use super::{StoreError, Transaction, execute, fetch_all, fetch_optional, statement::statements};
use crate::{
    base::Timestamp,
    storage::seal::{KeyStage, Purpose, WrappedKey, key_of},
};

statements! {
    INSERT_TENANT_KEY = "INSERT INTO tenant_key (tenant, purpose, id, wrapped, created_at, stage, since) \
        VALUES ($1, $2, $3, $4, $5, $6, $5)";
    TENANT_KEYS = "SELECT purpose, id, stage, wrapped, created_at, since FROM tenant_key \
        WHERE tenant = $1 ORDER BY purpose, id";
    MOVE_TENANT_KEY = "UPDATE tenant_key SET stage = $5, since = $6 \
        WHERE tenant = $1 AND purpose = $2 AND id = $3 AND stage = $4";
    REWRAP_TENANT_KEY = "UPDATE tenant_key SET wrapped = $5 \
        WHERE tenant = $1 AND purpose = $2 AND id = $3 AND wrapped = $4";
    DELETE_TENANT_KEY = "DELETE FROM tenant_key WHERE tenant = $1 AND purpose = $2 AND id = $3 AND stage = 'retired'";
    TAKES_NEW = "SELECT stage FROM tenant_key WHERE tenant = $1 AND purpose = $2 AND id = $3 AND stage <> 'retired'";
    INSERT_SIGNING_KEY = "INSERT INTO signing_key (tenant, kid, algorithm, sealed, created_at, active_at) \
        VALUES ($1, $2, $3, $4, $5, $6)";
    SIGNING_KEYS = "SELECT kid, algorithm, sealed, created_at, active_at, retired_at FROM signing_key \
        WHERE tenant = $1 ORDER BY created_at, kid";
    RETIRE_SIGNING_KEYS = "UPDATE signing_key SET retired_at = $3 \
        WHERE tenant = $1 AND algorithm = $2 AND retired_at IS NULL AND active_at <= $4";
    FORGET_SIGNING_KEYS = "DELETE FROM signing_key WHERE tenant = $1 AND retired_at <= $2";
    KEYS_VERSION = "SELECT keys FROM tenant_version WHERE tenant = $1";
    RAISE_KEYS_VERSION = "INSERT INTO tenant_version (tenant, version, keys) VALUES ($1, 0, 1) \
        ON CONFLICT (tenant) DO UPDATE SET keys = tenant_version.keys + 1 RETURNING keys";
}

/// A data key, with what the database knows of its life.
#[derive(Clone, Debug)]
pub struct KeptKey {
    /// The key.
    pub key: WrappedKey,
    /// When it was made.
    pub created_at: Timestamp,
    /// Since when it is in its stage.
    pub since: Timestamp,
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
    /// When it was made and first published.
    pub created_at: Timestamp,
    /// From when on it signs.
    pub active_at: Timestamp,
    /// From when on it signs nothing new.
    pub retired_at: Option<Timestamp>,
}

impl Transaction {
    /// Keeps a wrapped key.
    ///
    /// # Errors
    /// `Conflict` when another replica made this number first.
    pub async fn put_tenant_key(&mut self, key: &WrappedKey, now: Timestamp) -> Result<(), StoreError> {
        self.changes_keys();
        let (purpose, stage) = (key.purpose.word(), key.stage.word());
        execute!(self, INSERT_TENANT_KEY, purpose, i64::from(key.id), &key.wrapped, now, stage)?;
        Ok(())
    }

    /// The tenant's wrapped keys, each purpose from the oldest to the newest.
    ///
    /// # Errors
    /// When the database does not answer, or a newer Poort wrote there.
    pub async fn tenant_keys(&mut self) -> Result<Vec<KeptKey>, StoreError> {
        let rows = fetch_all!(self, (String, i64, String, Vec<u8>, Timestamp, Timestamp), TENANT_KEYS)?;
        rows.into_iter()
            .map(|(purpose, id, stage, wrapped, created_at, since)| {
                let known = Purpose::from_word(&purpose).zip(u32::try_from(id).ok()).zip(KeyStage::from_word(&stage));
                let ((purpose, id), stage) =
                    known.ok_or_else(|| StoreError::Unusable("a key of an unknown kind: a newer Poort's?".into()))?;
                Ok(KeptKey { key: WrappedKey { purpose, id, stage, wrapped }, created_at, since })
            })
            .collect()
    }

    /// Moves a key on from its stage. False when another process did so first.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn move_tenant_key(
        &mut self,
        key: &WrappedKey,
        stage: KeyStage,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        self.changes_keys();
        let (purpose, id) = (key.purpose.word(), i64::from(key.id));
        Ok(execute!(self, MOVE_TENANT_KEY, purpose, id, key.stage.word(), stage.word(), now)? == 1)
    }

    /// Keeps a key as another master key wraps it. False when it has changed since it was read.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn rewrap_tenant_key(&mut self, before: &WrappedKey, after: &WrappedKey) -> Result<bool, StoreError> {
        let (purpose, id) = (before.purpose.word(), i64::from(before.id));
        Ok(execute!(self, REWRAP_TENANT_KEY, purpose, id, &before.wrapped, &after.wrapped)? == 1)
    }

    /// Deletes a retired key: whatever it sealed opens no more. False when it is not retired, or not there.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn delete_tenant_key(&mut self, key: &WrappedKey) -> Result<bool, StoreError> {
        self.changes_keys();
        Ok(execute!(self, DELETE_TENANT_KEY, key.purpose.word(), i64::from(key.id))? == 1)
    }

    /// Refuses an envelope whose key takes nothing new: this replica has not heard that its key was retired.
    pub(super) async fn takes_new(&mut self, purpose: Purpose, envelope: &[u8]) -> Result<(), StoreError> {
        let id = key_of(envelope).ok_or_else(|| StoreError::Unusable("what is to be kept is not sealed".into()))?;
        match fetch_optional!(self, (String,), TAKES_NEW, purpose.word(), i64::from(id))? {
            Some(_) => Ok(()),
            None => Err(StoreError::Unusable("the key that sealed this was retired in the meantime".into())),
        }
    }

    /// Keeps a sealed signing key.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn put_signing_key(&mut self, key: &SealedSigningKey) -> Result<(), StoreError> {
        self.changes_keys();
        self.takes_new(Purpose::SigningKeys, &key.sealed).await?;
        let SealedSigningKey { kid, algorithm, sealed, created_at, active_at, .. } = key;
        execute!(self, INSERT_SIGNING_KEY, kid, algorithm, sealed, *created_at, *active_at)?;
        Ok(())
    }

    /// The tenant's sealed signing keys, oldest first.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn signing_keys(&mut self) -> Result<Vec<SealedSigningKey>, StoreError> {
        fetch_all!(self, SealedSigningKey, SIGNING_KEYS)
    }

    /// From `at` on, the keys that sign `algorithm` now sign nothing new.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn retire_signing_keys(
        &mut self,
        algorithm: &str,
        at: Timestamp,
        now: Timestamp,
    ) -> Result<u64, StoreError> {
        self.changes_keys();
        execute!(self, RETIRE_SIGNING_KEYS, algorithm, at, now)
    }

    /// Forgets the keys that signed nothing since `before`; says how many.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn forget_signing_keys(&mut self, before: Timestamp) -> Result<u64, StoreError> {
        let forgotten = execute!(self, FORGET_SIGNING_KEYS, before)?;
        if forgotten > 0 {
            self.changes_keys();
        }
        Ok(forgotten)
    }

    /// The number of the tenant's keys, as this transaction sees it.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn keys_version(&mut self) -> Result<i64, StoreError> {
        Ok(fetch_optional!(self, (i64,), KEYS_VERSION)?.map_or(0, |(version,)| version))
    }

    pub(super) async fn raise_keys_version(&mut self) -> Result<Option<i64>, StoreError> {
        Ok(fetch_optional!(self, (i64,), RAISE_KEYS_VERSION)?.map(|(version,)| version))
    }
}
