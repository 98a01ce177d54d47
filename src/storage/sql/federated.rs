//! People who went to other providers to log in, and the keys that are shown there.

use super::{StoreError, Transaction, execute, fetch_all, fetch_optional, statement::statements};
use crate::{
    base::{Timestamp, id::AttemptId, token::TokenDigest},
    storage::seal::Purpose,
};

statements! {
    INSERT_RELYING_KEY = "INSERT INTO relying_key (tenant, name, sealed, created_at, active_at) \
        VALUES ($1, $2, $3, $4, $5)";
    RELYING_KEYS = "SELECT name, sealed, created_at, active_at, retired_at FROM relying_key \
        WHERE tenant = $1 ORDER BY created_at, name";
    RETIRE_RELYING_KEYS = "UPDATE relying_key SET retired_at = $2 \
        WHERE tenant = $1 AND retired_at IS NULL AND active_at <= $3";
    FORGET_RELYING_KEYS = "DELETE FROM relying_key WHERE tenant = $1 AND retired_at <= $2";
    INSERT_FEDERATED_LOGIN = "INSERT INTO federated_login (tenant, state, attempt, factor, sealed, created_at, expires_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7)";
    TAKE_FEDERATED_LOGIN = "UPDATE federated_login SET taken_at = $5 WHERE tenant = $1 AND state = $2 AND factor = $3 \
        AND taken_at IS NULL AND expires_at > $5 AND attempt IN (SELECT id FROM attempt \
        WHERE tenant = $1 AND browser = $4 AND taken_at IS NULL AND expires_at > $5) RETURNING attempt, sealed, sealed_answer";
    PUT_FEDERATED_ANSWER = "UPDATE federated_login SET sealed_answer = $4 WHERE tenant = $1 AND state = $2 AND factor = $3 \
        AND taken_at IS NULL AND sealed_answer IS NULL AND expires_at > $5";
    INSERT_FEDERATED_MESSAGE = "INSERT INTO federated_message (tenant, factor, digest, taken_at, expires_at) \
        VALUES ($1, $2, $3, $4, $5) ON CONFLICT (tenant, factor, digest) DO NOTHING";
    FORGET_FEDERATED_MESSAGES = "DELETE FROM federated_message WHERE tenant = $1 AND expires_at < $2";
}

/// A key that is shown to other providers, sealed.
#[derive(Clone, Debug, sqlx_macros::FromRow)]
pub struct SealedRelyingKey {
    /// `sig` or `enc` (RFC 7517 section 4.2), a hyphen, and its number.
    pub name: String,
    /// The private key (PKCS#8), sealed.
    pub sealed: Vec<u8>,
    /// When it was made.
    pub created_at: Timestamp,
    /// From when on it signs, or is the one to encrypt for.
    pub active_at: Timestamp,
    /// From when on another is.
    pub retired_at: Option<Timestamp>,
}

/// A person who came back from another provider.
#[derive(Clone, Debug, sqlx_macros::FromRow)]
pub struct FederatedLogin {
    /// The attempt in which they left.
    pub attempt: AttemptId,
    /// What the method kept, sealed.
    pub sealed: Vec<u8>,
    /// The answer that came before they did, sealed.
    pub sealed_answer: Option<Vec<u8>>,
}

impl Transaction {
    /// Keeps a sealed key.
    ///
    /// # Errors
    /// `Conflict` when another replica made it first.
    pub async fn put_relying_key(&mut self, key: &SealedRelyingKey) -> Result<(), StoreError> {
        self.changes_keys();
        execute!(self, INSERT_RELYING_KEY, &key.name, &key.sealed, key.created_at, key.active_at)?;
        Ok(())
    }

    /// From `at` on, others take the place of the keys that are in use now.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn retire_relying_keys(&mut self, at: Timestamp, now: Timestamp) -> Result<u64, StoreError> {
        self.changes_keys();
        execute!(self, RETIRE_RELYING_KEYS, at, now)
    }

    /// Forgets the keys that are out of use since `before`; says how many.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn forget_relying_keys(&mut self, before: Timestamp) -> Result<u64, StoreError> {
        let forgotten = execute!(self, FORGET_RELYING_KEYS, before)?;
        if forgotten > 0 {
            self.changes_keys();
        }
        Ok(forgotten)
    }

    /// The tenant's sealed keys, oldest first.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn relying_keys(&mut self) -> Result<Vec<SealedRelyingKey>, StoreError> {
        fetch_all!(self, SealedRelyingKey, RELYING_KEYS)
    }

    /// Remembers that somebody goes to the provider of `factor`, with this `state`.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn put_federated_login(
        &mut self,
        state: TokenDigest,
        factor: &str,
        login: &FederatedLogin,
        now: Timestamp,
        expires: Timestamp,
    ) -> Result<(), StoreError> {
        execute!(self, INSERT_FEDERATED_LOGIN, state.text(), login.attempt, factor, &login.sealed, now, expires)?;
        Ok(())
    }

    /// Keeps the answer of a provider until the browser that left comes for it. False when nobody is away with this `state`, or an
    /// answer came before.
    ///
    /// # Errors
    /// When the database does not answer, or the key that sealed it is retired.
    pub async fn put_federated_answer(
        &mut self,
        state: TokenDigest,
        factor: &str,
        sealed: &[u8],
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        self.takes_new(Purpose::Sealing, sealed).await?;
        Ok(execute!(self, PUT_FEDERATED_ANSWER, state.text(), factor, sealed, now)? == 1)
    }

    /// Takes what comes back with this `state` from the provider of `factor`: once, and only in the browser that left, while its
    /// attempt is open.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn take_federated_login(
        &mut self,
        state: TokenDigest,
        factor: &str,
        browser: TokenDigest,
        now: Timestamp,
    ) -> Result<Option<FederatedLogin>, StoreError> {
        fetch_optional!(self, FederatedLogin, TAKE_FEDERATED_LOGIN, state.text(), factor, browser, now)
    }

    /// Takes what the provider of `factor` may say once: an artifact, an assertion. False when it was taken before, by any replica.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn take_federated_message(
        &mut self,
        factor: &str,
        digest: TokenDigest,
        now: Timestamp,
        expires: Timestamp,
    ) -> Result<bool, StoreError> {
        Ok(execute!(self, INSERT_FEDERATED_MESSAGE, factor, digest.text(), now, expires)? == 1)
    }

    /// Forgets what was taken and could not be said again anyway since `before`.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn forget_federated_messages(&mut self, before: Timestamp) -> Result<u64, StoreError> {
        execute!(self, FORGET_FEDERATED_MESSAGES, before)
    }
}
