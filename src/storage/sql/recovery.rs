//! Recovery codes, as digests.

use super::{StoreError, Transaction, execute, fetch_optional, statement::statements};
use crate::base::{Timestamp, id::PersonId, token::TokenDigest};

statements! {
    INSERT_CODE = "INSERT INTO recovery_code (tenant, person, digest, created_at) VALUES ($1, $2, $3, $4)";
    TAKE_CODE = "UPDATE recovery_code SET taken_at = $4 \
        WHERE tenant = $1 AND person = $2 AND digest = $3 AND taken_at IS NULL";
    COUNT_CODES = "SELECT COUNT(*) FROM recovery_code WHERE tenant = $1 AND person = $2 AND taken_at IS NULL";
    REMOVE_CODES = "DELETE FROM recovery_code WHERE tenant = $1 AND person = $2";
}

impl Transaction {
    /// Keeps a code.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn put_recovery_code(
        &mut self,
        person: PersonId,
        digest: TokenDigest,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        execute!(self, INSERT_CODE, person, digest, now)?;
        Ok(())
    }

    /// Takes a code once. False when it was taken, or never was.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn take_recovery_code(
        &mut self,
        person: PersonId,
        digest: TokenDigest,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        Ok(execute!(self, TAKE_CODE, person, digest, now)? == 1)
    }

    /// How many codes are left.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn recovery_codes_left(&mut self, person: PersonId) -> Result<u32, StoreError> {
        let row = fetch_optional!(self, (i64,), COUNT_CODES, person)?;
        Ok(row.and_then(|(count,)| u32::try_from(count).ok()).unwrap_or_default())
    }

    /// Removes every code of a person: a new set takes their place, or none.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn remove_recovery_codes(&mut self, person: PersonId) -> Result<u64, StoreError> {
        execute!(self, REMOVE_CODES, person)
    }
}
