//! Clients to tell that a login has ended. A row is written with the end itself, whatever ends it; whom it leads to, and what is
//! said there, is known when it is sent. One row for a login and a client, so nobody is told twice.

use std::time::Duration;

use super::{StoreError, Transaction, execute, fetch_all, statement::statements};
use crate::base::{
    Timestamp,
    id::{PersonId, SessionId},
};

statements! {
    INSERT_NOTICES = "INSERT INTO logout_notice (tenant, login, client, created_at, due_at, tries) \
        SELECT DISTINCT g.tenant, g.login, g.client, CAST($3 AS BIGINT), CAST($3 AS BIGINT), 0 \
        FROM authorization_grant g \
        WHERE g.tenant = $1 AND g.login = $2 ON CONFLICT (tenant, login, client) DO NOTHING";
    INSERT_NOTICES_OF = "INSERT INTO logout_notice (tenant, login, client, created_at, due_at, tries) \
        SELECT DISTINCT g.tenant, g.login, g.client, CAST($3 AS BIGINT), CAST($3 AS BIGINT), 0 \
        FROM authorization_grant g \
        JOIN session s ON s.tenant = $1 AND s.id = g.login AND s.person = $2 AND s.ended_at IS NULL \
        WHERE g.tenant = $1 ON CONFLICT (tenant, login, client) DO NOTHING";
    EXPIRED_LOGINS = "SELECT id FROM session WHERE tenant = $1 AND register IS NULL AND ended_at IS NULL \
        AND expires_at <= $2 ORDER BY expires_at LIMIT $3";
    END_EXPIRED_LOGIN = "UPDATE session SET ended_at = $3 WHERE tenant = $1 AND id = $2 AND ended_at IS NULL \
        AND expires_at <= $3";
    UNUSED_LOGINS = "SELECT s.id FROM session s WHERE s.tenant = $1 AND s.means = $2 AND s.seen_at <= $3 \
        AND s.register IS NULL AND s.ended_at IS NULL AND EXISTS (SELECT 1 FROM authorization_grant g \
        WHERE g.tenant = $1 AND g.login = s.id AND g.ended_at IS NULL) LIMIT $4";
    END_UNUSED_GRANTS = "UPDATE authorization_grant SET ended_at = $4 WHERE tenant = $1 AND login = $2 AND ended_at IS NULL \
        AND login IN (SELECT id FROM session WHERE tenant = $1 AND id = $2 AND seen_at <= $3)";
    DUE = "SELECT login, client, created_at, tries FROM logout_notice \
        WHERE tenant = $1 AND sent_at IS NULL AND due_at <= $2 ORDER BY due_at, login, client LIMIT $3";
    CLAIM = "UPDATE logout_notice SET due_at = $5, tries = tries + 1 \
        WHERE tenant = $1 AND login = $2 AND client = $3 AND sent_at IS NULL AND due_at <= $4";
    SENT = "UPDATE logout_notice SET sent_at = $4 WHERE tenant = $1 AND login = $2 AND client = $3 AND sent_at IS NULL";
    PEOPLE = "SELECT DISTINCT p.actor, p.represented FROM authorization_grant g \
        JOIN profile p ON p.tenant = $1 AND p.handle = g.profile WHERE g.tenant = $1 AND g.login = $2 AND g.client = $3";
    FORGET = "DELETE FROM logout_notice WHERE tenant = $1 AND sent_at < $2";
}

/// A client that is to be told of a login's end.
#[derive(Clone, Debug, sqlx_macros::FromRow)]
pub struct LogoutNotice {
    /// The login.
    pub login: SessionId,
    /// The client's `client_id`.
    pub client: String,
    /// When the login ended.
    pub created_at: Timestamp,
    /// How often telling it was tried.
    pub tries: i64,
}

impl Transaction {
    /// Writes down whom to tell that a login ends.
    pub(super) async fn note_logout(&mut self, login: SessionId, now: Timestamp) -> Result<(), StoreError> {
        execute!(self, INSERT_NOTICES, login, now)?;
        Ok(())
    }

    /// Writes down whom to tell that every login of a person ends.
    pub(super) async fn note_logouts_of(&mut self, person: PersonId, now: Timestamp) -> Result<(), StoreError> {
        execute!(self, INSERT_NOTICES_OF, person, now)?;
        Ok(())
    }

    /// Logins that have run out and were not ended yet, at most `limit`.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn expired_logins(&mut self, now: Timestamp, limit: u32) -> Result<Vec<SessionId>, StoreError> {
        let expired = fetch_all!(self, (SessionId,), EXPIRED_LOGINS, now, i64::from(limit))?;
        Ok(expired.into_iter().map(|(login,)| login).collect())
    }

    /// Ends a login that has run out, and writes down whom to tell. It opened nothing any more, so nothing narrows. False when
    /// somebody else ended it.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn end_expired_login(&mut self, login: SessionId, now: Timestamp) -> Result<bool, StoreError> {
        let ended = execute!(self, END_EXPIRED_LOGIN, login, now)? == 1;
        if ended {
            self.note_logout(login, now).await?;
        }
        Ok(ended)
    }

    /// Logins with these means that were not used after `before` and whose applications may still go on, at most `limit`.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn unused_logins(
        &mut self,
        means: &str,
        before: Timestamp,
        limit: u32,
    ) -> Result<Vec<SessionId>, StoreError> {
        let unused = fetch_all!(self, (SessionId,), UNUSED_LOGINS, means, before, i64::from(limit))?;
        Ok(unused.into_iter().map(|(login,)| login).collect())
    }

    /// Ends what a login gave that was not used after `before`, and writes down whom to tell. It opened nothing any more, so nothing
    /// narrows. False when it was used meanwhile, or somebody else ended it.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn end_unused_grants(
        &mut self,
        login: SessionId,
        before: Timestamp,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let ended = execute!(self, END_UNUSED_GRANTS, login, before, now)? > 0;
        if ended {
            self.note_logout(login, now).await?;
        }
        Ok(ended)
    }

    /// Notices that are due, at most `limit`.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn due_logouts(&mut self, now: Timestamp, limit: u32) -> Result<Vec<LogoutNotice>, StoreError> {
        fetch_all!(self, LogoutNotice, DUE, now, i64::from(limit))
    }

    /// Claims a notice before it is sent: no other replica sends it until `retry` has passed.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn claim_logout(
        &mut self,
        notice: &LogoutNotice,
        now: Timestamp,
        retry: Duration,
    ) -> Result<bool, StoreError> {
        Ok(execute!(self, CLAIM, notice.login, &notice.client, now, now.plus(retry))? == 1)
    }

    /// Remembers that a client was told, or that it is told no more.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn logout_sent(&mut self, notice: &LogoutNotice, now: Timestamp) -> Result<(), StoreError> {
        execute!(self, SENT, notice.login, &notice.client, now)?;
        Ok(())
    }

    /// As whom somebody acted at a client in a login: the actor, and whom they acted for.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn people_at_client(
        &mut self,
        login: SessionId,
        client: &str,
    ) -> Result<Vec<(PersonId, Option<PersonId>)>, StoreError> {
        fetch_all!(self, (PersonId, Option<PersonId>), PEOPLE, login, client)
    }

    /// Forgets notices that were sent before `before`.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn forget_logouts(&mut self, before: Timestamp) -> Result<u64, StoreError> {
        execute!(self, FORGET, before)
    }
}
