//! Telephone numbers, sealed, and the messages that go there: each taken before it is handed over, so that it goes once.

use super::{StoreError, Transaction, execute, fetch_all, fetch_optional, statement::statements};
use crate::{
    base::{Timestamp, id::PersonId},
    storage::seal::Purpose,
};

statements! {
    UPSERT_PHONE = "INSERT INTO phone (tenant, person, sealed) VALUES ($1, $2, $3) \
        ON CONFLICT (tenant, person) DO UPDATE SET sealed = excluded.sealed WHERE phone.verified_at IS NULL";
    PHONE = "SELECT sealed, verified_at FROM phone WHERE tenant = $1 AND person = $2";
    VERIFY_PHONE = "UPDATE phone SET verified_at = $4 \
        WHERE tenant = $1 AND person = $2 AND sealed = $3 AND verified_at IS NULL";
    REMOVE_PHONE = "DELETE FROM phone WHERE tenant = $1 AND person = $2";
    INSERT_PHONE_MESSAGE = "INSERT INTO phone_message (tenant, id, sealed, created_at, due_at, expires_at) \
        VALUES ($1, $2, $3, $4, $4, $5)";
    DUE_PHONE_MESSAGES = "SELECT id, sealed FROM phone_message \
        WHERE tenant = $1 AND taken_at IS NULL AND due_at <= $2 AND expires_at > $2 ORDER BY due_at, id LIMIT $3";
    TAKE_PHONE_MESSAGE = "UPDATE phone_message SET taken_at = $3 \
        WHERE tenant = $1 AND id = $2 AND taken_at IS NULL AND due_at <= $3 AND expires_at > $3";
    RELEASE_PHONE_MESSAGE = "UPDATE phone_message SET taken_at = NULL, due_at = $3 WHERE tenant = $1 AND id = $2";
    EMPTY_PHONE_MESSAGE = "UPDATE phone_message SET sealed = $3 WHERE tenant = $1 AND id = $2";
    FORGET_PHONE_MESSAGES = "DELETE FROM phone_message WHERE tenant = $1 AND expires_at < $2";
}

/// A message that waits.
#[derive(Clone, Debug, sqlx_macros::FromRow)]
pub struct PhoneMessageRow {
    /// Which.
    pub id: String,
    /// The message, sealed: it has a code in it.
    pub sealed: Vec<u8>,
}

impl Transaction {
    /// Keeps a number that is not verified, instead of another that is not. False when one is verified.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn put_phone(&mut self, person: PersonId, sealed: &[u8]) -> Result<bool, StoreError> {
        self.takes_new(Purpose::Sealing, sealed).await?;
        Ok(execute!(self, UPSERT_PHONE, person, sealed)? == 1)
    }

    /// A person's number, sealed, and when it was verified.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn phone(&mut self, person: PersonId) -> Result<Option<(Vec<u8>, Option<Timestamp>)>, StoreError> {
        fetch_optional!(self, (Vec<u8>, Option<Timestamp>), PHONE, person)
    }

    /// Notes that a number, as it was read, is its owner's. False when it is another by now, or was verified before.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn verify_phone(&mut self, person: PersonId, sealed: &[u8], now: Timestamp) -> Result<bool, StoreError> {
        Ok(execute!(self, VERIFY_PHONE, person, sealed, now)? == 1)
    }

    /// Removes a person's number. False when there was none.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn remove_phone(&mut self, person: PersonId) -> Result<bool, StoreError> {
        Ok(execute!(self, REMOVE_PHONE, person)? == 1)
    }

    /// Writes a message to be handed over after this transaction.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn put_phone_message(
        &mut self,
        id: &str,
        sealed: &[u8],
        now: Timestamp,
        expires: Timestamp,
    ) -> Result<(), StoreError> {
        self.takes_new(Purpose::Sealing, sealed).await?;
        execute!(self, INSERT_PHONE_MESSAGE, id, sealed, now, expires)?;
        Ok(())
    }

    /// Messages that are due and still of use, at most `limit`.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn due_phone_messages(&mut self, now: Timestamp, limit: u32) -> Result<Vec<PhoneMessageRow>, StoreError> {
        fetch_all!(self, PhoneMessageRow, DUE_PHONE_MESSAGES, now, i64::from(limit))
    }

    /// Takes a message before it is handed over. False when another replica did.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn take_phone_message(&mut self, id: &str, now: Timestamp) -> Result<bool, StoreError> {
        Ok(execute!(self, TAKE_PHONE_MESSAGE, id, now)? == 1)
    }

    /// Gives a message back that no provider took: it is due again then.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn release_phone_message(&mut self, id: &str, due: Timestamp) -> Result<(), StoreError> {
        execute!(self, RELEASE_PHONE_MESSAGE, id, due)?;
        Ok(())
    }

    /// Forgets what was in a message.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn empty_phone_message(&mut self, id: &str) -> Result<(), StoreError> {
        execute!(self, EMPTY_PHONE_MESSAGE, id, Vec::<u8>::new())?;
        Ok(())
    }

    /// Forgets messages that were of use until before `before`.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn forget_phone_messages(&mut self, before: Timestamp) -> Result<u64, StoreError> {
        execute!(self, FORGET_PHONE_MESSAGES, before)
    }
}
