//! The audit log: lines are added, in the transaction of the change that they tell of.

use super::{StoreError, Transaction, both, execute, fetch_all, statement::statements};
use crate::{
    base::{Timestamp, id::PersonId},
    domain::audit::Event,
};

statements! {
    INSERT_EVENT = "INSERT INTO audit (tenant, id, at, kind, actor, subject, body) VALUES ($1, $2, $3, $4, $5, $6, $7)";
    INSERT_EIGHT = "INSERT INTO audit (tenant, id, at, kind, actor, subject, body) VALUES \
        ($1, $2, $3, $4, $5, $6, $7), ($1, $8, $9, $10, $11, $12, $13), ($1, $14, $15, $16, $17, $18, $19), \
        ($1, $20, $21, $22, $23, $24, $25), ($1, $26, $27, $28, $29, $30, $31), ($1, $32, $33, $34, $35, $36, $37), \
        ($1, $38, $39, $40, $41, $42, $43), ($1, $44, $45, $46, $47, $48, $49)";
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

    /// Adds many lines, eight by one statement: going to the database and back costs more than writing a line.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn record_all(&mut self, events: &[&Event]) -> Result<(), StoreError> {
        let (eights, rest) = events.as_chunks::<8>();
        for eight in eights {
            let tenant = self.tenant.clone();
            both!(self, connection => {
                let mut query = sqlx::query(INSERT_EIGHT.sql()).bind(tenant);
                for event in eight {
                    query = query.bind(event.id).bind(event.at).bind(event.kind);
                    query = query.bind(event.actor).bind(event.subject).bind(event.canonical());
                }
                futures_util::TryFutureExt::map_ok(query.execute(connection), |_| ())
            })?;
        }
        for event in rest {
            self.record(event).await?;
        }
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
