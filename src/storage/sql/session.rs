//! Sessions on the login host and on the registers' hosts, and the single-use codes that lead from one to the other.

use super::{StoreError, Transaction, execute, fetch_all, fetch_optional, statement::statements};
use crate::{
    base::{
        Timestamp,
        id::{PersonId, SessionId},
        token::TokenDigest,
    },
    domain::assurance::Assurance,
};

statements! {
    INSERT_SESSION = "INSERT INTO session (tenant, id, digest, person, login, register, profile, means, assurance, \
        authenticated_at, created_at, seen_at, expires_at, agent) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)";
    SESSION_BY_DIGEST = "SELECT id, person, login, register, profile, means, assurance, authenticated_at, created_at, \
        seen_at, expires_at, agent FROM session WHERE tenant = $1 AND digest = $2 AND ended_at IS NULL";
    ENDED_SESSION_BY_DIGEST = "SELECT id, person, login, register, profile, means, assurance, authenticated_at, created_at, \
        seen_at, expires_at, agent FROM session WHERE tenant = $1 AND digest = $2 AND ended_at IS NOT NULL";
    SESSION = "SELECT id, person, login, register, profile, means, assurance, authenticated_at, created_at, \
        seen_at, expires_at, agent FROM session WHERE tenant = $1 AND id = $2 AND ended_at IS NULL";
    SESSIONS_OF = "SELECT id, person, login, register, profile, means, assurance, authenticated_at, created_at, \
        seen_at, expires_at, agent FROM session s \
        WHERE tenant = $1 AND person = $2 AND ended_at IS NULL AND expires_at > $3 \
        AND NOT EXISTS (SELECT 1 FROM pairing p WHERE p.tenant = $1 AND p.session = s.id) ORDER BY seen_at DESC";
    SEEN = "UPDATE session SET seen_at = $3 WHERE tenant = $1 AND id = $2 AND seen_at < $3";
    RENEW_DIGEST = "UPDATE session SET digest = $3, profile = $4 WHERE tenant = $1 AND id = $2 AND ended_at IS NULL";
    END_SESSION = "UPDATE session SET ended_at = $3 WHERE tenant = $1 AND (id = $2 OR login = $2) AND ended_at IS NULL";
    STEP_UP = "UPDATE session SET digest = $3, means = $4, assurance = $5, authenticated_at = $6, seen_at = $6, \
        expires_at = $7 WHERE tenant = $1 AND id = $2 AND ended_at IS NULL";
    END_ENTRIES = "UPDATE session SET ended_at = $3 WHERE tenant = $1 AND login = $2 AND ended_at IS NULL";
    END_GRANTS_OF_LOGIN = "UPDATE authorization_grant SET ended_at = $3 \
        WHERE tenant = $1 AND login = $2 AND ended_at IS NULL";
    OTHER_LOGINS = "SELECT id FROM session WHERE tenant = $1 AND person = $2 AND register IS NULL AND ended_at IS NULL AND id <> $3";
    END_SESSIONS_OF = "UPDATE session SET ended_at = $3 WHERE tenant = $1 AND person = $2 AND ended_at IS NULL";
    END_GRANTS_OF = "UPDATE authorization_grant SET ended_at = $3 WHERE tenant = $1 AND ended_at IS NULL \
        AND login IN (SELECT id FROM session WHERE tenant = $1 AND person = $2)";
    INSERT_ENTRY_CODE = "INSERT INTO entry_code (tenant, digest, login, register, profile, state, return_path, expires_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    TAKE_ENTRY_CODE = "UPDATE entry_code SET taken_at = $4 WHERE tenant = $1 AND digest = $2 AND register = $3 \
        AND state = $5 AND taken_at IS NULL AND expires_at > $4 RETURNING login, profile, return_path";
}

/// A session that was not ended. Whether it is still within its idle and absolute time is the service's question.
#[derive(Clone, Debug, sqlx_macros::FromRow)]
pub struct Session {
    /// Which.
    pub id: SessionId,
    /// Whose.
    pub person: PersonId,
    /// The login that began it, for a session on a register's host.
    pub login: Option<SessionId>,
    /// The register, for a session on its host.
    pub register: Option<String>,
    /// The handle of its profile.
    pub profile: Option<String>,
    /// The means of the login.
    pub means: String,
    /// The assurance of the login.
    pub assurance: Assurance,
    /// When the person proved who they are.
    pub authenticated_at: Timestamp,
    /// When it began.
    pub created_at: Timestamp,
    /// When it was last used, to the minute.
    pub seen_at: Timestamp,
    /// When it ends however much it is used.
    pub expires_at: Timestamp,
    /// What the browser says it is, shortened; shown to its owner.
    pub agent: String,
}

/// What a redeemed entry code says.
#[derive(Clone, Debug, sqlx_macros::FromRow)]
pub struct EntryCode {
    /// The login that it comes from.
    pub login: SessionId,
    /// The handle of the profile that was chosen.
    pub profile: String,
    /// Where to go on the register's host.
    pub return_path: String,
}

impl Transaction {
    /// Begins a session.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn put_session(&mut self, digest: TokenDigest, session: &Session) -> Result<(), StoreError> {
        execute!(
            self,
            INSERT_SESSION,
            session.id,
            digest,
            session.person,
            session.login,
            &session.register,
            &session.profile,
            &session.means,
            session.assurance,
            session.authenticated_at,
            session.created_at,
            session.seen_at,
            session.expires_at,
            &session.agent,
        )?;
        Ok(())
    }

    /// The session of a token.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn session_by_digest(&mut self, digest: TokenDigest) -> Result<Option<Session>, StoreError> {
        fetch_optional!(self, Session, SESSION_BY_DIGEST, digest)
    }

    /// The session of a token that was ended: what the browser still shows was made in it.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn ended_session_by_digest(&mut self, digest: TokenDigest) -> Result<Option<Session>, StoreError> {
        fetch_optional!(self, Session, ENDED_SESSION_BY_DIGEST, digest)
    }

    /// A session by its id.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn session(&mut self, id: SessionId) -> Result<Option<Session>, StoreError> {
        fetch_optional!(self, Session, SESSION, id)
    }

    /// The sessions of a person that were not ended, without those of paired phones.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn sessions_of(&mut self, person: PersonId, now: Timestamp) -> Result<Vec<Session>, StoreError> {
        fetch_all!(self, Session, SESSIONS_OF, person, now)
    }

    /// Remembers that a session was used.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn session_seen(&mut self, id: SessionId, now: Timestamp) -> Result<(), StoreError> {
        execute!(self, SEEN, id, now)?;
        Ok(())
    }

    /// Gives a session a new token and profile; its old token is dead.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn renew_session(
        &mut self,
        id: SessionId,
        digest: TokenDigest,
        profile: Option<&str>,
    ) -> Result<bool, StoreError> {
        self.narrows();
        Ok(execute!(self, RENEW_DIGEST, id, digest, profile)? == 1)
    }

    /// Takes over a newer login of the same person into their session, with a new token; what came from it goes on.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn step_up(&mut self, digest: TokenDigest, session: &Session) -> Result<bool, StoreError> {
        self.narrows();
        let changed = execute!(
            self,
            STEP_UP,
            session.id,
            digest,
            &session.means,
            session.assurance,
            session.authenticated_at,
            session.expires_at,
        )?;
        Ok(changed == 1)
    }

    /// Ends the sessions on registers' hosts that a login began: they had its former profile.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn end_entries(&mut self, login: SessionId, now: Timestamp) -> Result<u64, StoreError> {
        self.narrows();
        execute!(self, END_ENTRIES, login, now)
    }

    /// Ends a session; a login's end also ends the sessions and grants that came from it, and its clients are to be told. Says
    /// how many sessions ended.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn end_session(&mut self, id: SessionId, now: Timestamp) -> Result<u64, StoreError> {
        self.narrows();
        self.note_logout(id, now).await?;
        execute!(self, END_GRANTS_OF_LOGIN, id, now)?;
        execute!(self, END_SESSION, id, now)
    }

    /// Ends every login of a person but this one, with the phones that they paired, and what came from them; clients are to be told.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn end_other_logins(
        &mut self,
        person: PersonId,
        this: SessionId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        for (id,) in fetch_all!(self, (SessionId,), OTHER_LOGINS, person, this)? {
            self.end_session(id, now).await?;
        }
        Ok(())
    }

    /// Ends every session of a person, and what came from them; clients are to be told.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn end_sessions_of(&mut self, person: PersonId, now: Timestamp) -> Result<u64, StoreError> {
        self.narrows();
        self.note_logouts_of(person, now).await?;
        execute!(self, END_GRANTS_OF, person, now)?;
        execute!(self, END_SESSIONS_OF, person, now)
    }

    /// Keeps a code that leads to a register's host. It works once, there, in the browser with that state.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn put_entry_code(
        &mut self,
        digest: TokenDigest,
        register: &str,
        state: TokenDigest,
        code: &EntryCode,
        expires: Timestamp,
    ) -> Result<(), StoreError> {
        execute!(
            self,
            INSERT_ENTRY_CODE,
            digest,
            code.login,
            register,
            &code.profile,
            state,
            &code.return_path,
            expires,
        )?;
        Ok(())
    }

    /// Takes an entry code.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn take_entry_code(
        &mut self,
        digest: TokenDigest,
        register: &str,
        state: TokenDigest,
        now: Timestamp,
    ) -> Result<Option<EntryCode>, StoreError> {
        fetch_optional!(self, EntryCode, TAKE_ENTRY_CODE, digest, register, now, state)
    }
}
