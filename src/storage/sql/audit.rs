//! The audit log: lines are added, in the transaction of the change that they tell of.

use super::{StoreError, Transaction, execute, fetch_all, statement::statements};
use crate::{
    base::{Timestamp, id::PersonId},
    domain::audit::Event,
};

statements! {
    INSERT_EVENT = "INSERT INTO audit (tenant, id, at, kind, actor, subject, body) VALUES ($1, $2, $3, $4, $5, $6, $7)";
    ABOUT_PERSON = "SELECT at, body FROM audit WHERE tenant = $1 AND subject = $2 ORDER BY at DESC, id LIMIT $3";
    NEWEST = "SELECT at, body FROM audit WHERE tenant = $1 ORDER BY at DESC, id LIMIT $2";
}

impl Transaction {
    /// Adds a line.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn record(&mut self, event: &Event) -> Result<(), StoreError> {
        execute!(self, INSERT_EVENT, event.id, event.at, event.kind, event.actor, event.subject, event.canonical(),)?;
        Ok(())
    }

    /// The newest `limit` lines about a person: who looked into their file or acted for them (AUDIT-1).
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn events_about(&mut self, person: PersonId, limit: u32) -> Result<Vec<(Timestamp, String)>, StoreError> {
        fetch_all!(self, (Timestamp, String), ABOUT_PERSON, person, i64::from(limit))
    }

    /// The newest `limit` lines, as their canonical bytes.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn newest_events(&mut self, limit: u32) -> Result<Vec<(Timestamp, String)>, StoreError> {
        fetch_all!(self, (Timestamp, String), NEWEST, i64::from(limit))
    }
}
