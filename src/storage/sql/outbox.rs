//! Messages to send, written with the change that causes them.

use std::time::Duration;

use super::{StoreError, Transaction, execute, fetch_all, statement::statements};
use crate::{base::Timestamp, storage::seal::Purpose};

statements! {
    INSERT_MESSAGE = "INSERT INTO outbox (tenant, id, kind, sealed, created_at, due_at, tries) VALUES ($1, $2, $3, $4, $5, $5, 0)";
    DUE = "SELECT id, kind, sealed, created_at, tries FROM outbox \
        WHERE tenant = $1 AND sent_at IS NULL AND due_at <= $2 ORDER BY due_at, id LIMIT $3";
    CLAIM = "UPDATE outbox SET due_at = $4, tries = tries + 1 WHERE tenant = $1 AND id = $2 AND sent_at IS NULL AND due_at <= $3";
    SENT = "UPDATE outbox SET sent_at = $3, sealed = $4 WHERE tenant = $1 AND id = $2";
    WAITING = "SELECT COUNT(*) FROM outbox WHERE tenant = $1 AND sent_at IS NULL";
}

/// A message that waits.
#[derive(Clone, Debug, sqlx_macros::FromRow)]
pub struct OutboxRow {
    /// Which; also its Message-ID, so that a repetition can be recognised.
    pub id: String,
    /// The kind of message.
    pub kind: String,
    /// The message, sealed: it may hold a code.
    pub sealed: Vec<u8>,
    /// When it was written.
    pub created_at: Timestamp,
    /// How often sending was tried.
    pub tries: i64,
}

impl Transaction {
    /// Writes a message to be sent after this transaction.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn put_message(&mut self, id: &str, kind: &str, sealed: &[u8], now: Timestamp) -> Result<(), StoreError> {
        self.takes_new(Purpose::Sealing, sealed).await?;
        execute!(self, INSERT_MESSAGE, id, kind, sealed, now)?;
        Ok(())
    }

    /// Messages that are due, at most `limit`.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn due_messages(&mut self, now: Timestamp, limit: u32) -> Result<Vec<OutboxRow>, StoreError> {
        fetch_all!(self, OutboxRow, DUE, now, i64::from(limit))
    }

    /// Claims a message before sending it: no other replica sends it until `retry` has passed.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn claim_message(&mut self, id: &str, now: Timestamp, retry: Duration) -> Result<bool, StoreError> {
        Ok(execute!(self, CLAIM, id, now, now.plus(retry))? == 1)
    }

    /// Remembers that a message was sent, and forgets what was in it.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn message_sent(&mut self, id: &str, now: Timestamp) -> Result<(), StoreError> {
        execute!(self, SENT, id, now, Vec::<u8>::new())?;
        Ok(())
    }

    /// How many messages wait.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn waiting_messages(&mut self) -> Result<i64, StoreError> {
        Ok(super::fetch_optional!(self, (i64,), WAITING)?.map_or(0, |(count,)| count))
    }
}
