//! Attempts to log in, and the codes sent in them, by e-mail or telephone. Where an attempt stands is kept here, never in the page.

use super::{StoreError, Transaction, execute, fetch_all, fetch_optional, statement::statements};
use crate::base::{
    Timestamp,
    id::{AttemptId, PersonId},
    token::TokenDigest,
};

statements! {
    INSERT_ATTEMPT = "INSERT INTO attempt (tenant, id, browser, destination, proved, created_at, expires_at) \
        VALUES ($1, $2, $3, $4, 0, $5, $6)";
    ATTEMPT = "SELECT id, destination, means, person, proved, created_at FROM attempt \
        WHERE tenant = $1 AND id = $2 AND browser = $3 AND taken_at IS NULL AND expires_at > $4";
    SET_PERSON = "UPDATE attempt SET person = $3 WHERE tenant = $1 AND id = $2 AND taken_at IS NULL";
    SET_DESTINATION = "UPDATE attempt SET destination = $3 WHERE tenant = $1 AND id = $2 AND taken_at IS NULL";
    CHOOSE_MEANS = "UPDATE attempt SET means = $3, person = NULL, proved = 0 \
        WHERE tenant = $1 AND id = $2 AND taken_at IS NULL";
    SWITCH_MEANS = "UPDATE attempt SET means = $4 \
        WHERE tenant = $1 AND id = $2 AND means = $3 AND proved = $5 AND taken_at IS NULL";
    PROVE = "UPDATE attempt SET proved = $5, person = $4 WHERE tenant = $1 AND id = $2 AND means = $3 \
        AND proved = $5 - 1 AND (person IS NULL OR person = $4) AND taken_at IS NULL";
    TAKE_ATTEMPT = "UPDATE attempt SET taken_at = $3 WHERE tenant = $1 AND id = $2 AND taken_at IS NULL AND expires_at > $3";
    END_ATTEMPTS_OF = "UPDATE attempt SET taken_at = $3 WHERE tenant = $1 AND person = $2 AND taken_at IS NULL";
    FORGET_ATTEMPTS = "DELETE FROM attempt WHERE tenant = $1 AND expires_at < $2";
    INSERT_CODE = "INSERT INTO email_code (tenant, id, attempt, factor, channel, digest, sent_at, expires_at, tries) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0)";
    CODES = "SELECT id, channel, digest, sent_at, expires_at, tries FROM email_code \
        WHERE tenant = $1 AND attempt = $2 AND factor = $3 AND taken_at IS NULL ORDER BY sent_at DESC";
    COUNT_CODE_TRY = "UPDATE email_code SET tries = tries + 1 \
        WHERE tenant = $1 AND attempt = $2 AND factor = $3 AND taken_at IS NULL";
    TAKE_CODE = "UPDATE email_code SET taken_at = $3 \
        WHERE tenant = $1 AND id = $2 AND taken_at IS NULL AND expires_at > $3 AND tries <= $4";
}

/// An attempt to log in that is neither over nor expired.
#[derive(Clone, Debug, sqlx_macros::FromRow)]
pub struct Attempt {
    /// Which.
    pub id: AttemptId,
    /// Where it leads (JSON of the service that made it).
    pub destination: String,
    /// The means that was chosen.
    pub means: Option<String>,
    /// Who showed up, once a factor says so.
    pub person: Option<PersonId>,
    /// How many of the means' factors are proved.
    pub proved: i64,
    /// When it began.
    pub created_at: Timestamp,
}

/// A code that was sent and not used.
#[derive(Clone, Debug, sqlx_macros::FromRow)]
pub struct SentCode {
    /// Which.
    pub id: String,
    /// By telephone: how.
    pub channel: Option<String>,
    /// What the right answer hashes to.
    pub digest: Vec<u8>,
    /// When it was sent.
    pub sent_at: Timestamp,
    /// When it no longer counts.
    pub expires_at: Timestamp,
    /// Wrong answers so far.
    pub tries: i64,
}

/// A code that is being sent.
#[derive(Clone, Copy)]
pub struct NewCode<'a> {
    /// Which.
    pub id: &'a str,
    /// The attempt in which it is asked for.
    pub attempt: AttemptId,
    /// The factor that it proves.
    pub factor: &'a str,
    /// By telephone: how.
    pub channel: Option<&'a str>,
    /// What the right answer hashes to.
    pub digest: &'a [u8],
    /// When it no longer counts.
    pub expires: Timestamp,
}

impl Transaction {
    /// Begins an attempt, bound to a browser.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn put_attempt(
        &mut self,
        id: AttemptId,
        browser: TokenDigest,
        destination: &str,
        now: Timestamp,
        expires: Timestamp,
    ) -> Result<(), StoreError> {
        execute!(self, INSERT_ATTEMPT, id, browser, destination, now, expires)?;
        Ok(())
    }

    /// The attempt, when this browser began it and it is still open.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn attempt(
        &mut self,
        id: AttemptId,
        browser: TokenDigest,
        now: Timestamp,
    ) -> Result<Option<Attempt>, StoreError> {
        fetch_optional!(self, Attempt, ATTEMPT, id, browser, now)
    }

    /// Says whose attempt it is: somebody who is signed in chooses a profile in it.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn set_attempt_person(&mut self, id: AttemptId, person: PersonId) -> Result<(), StoreError> {
        execute!(self, SET_PERSON, id, person)?;
        Ok(())
    }

    /// Changes where an attempt leads. False when it is over.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn set_attempt_destination(&mut self, id: AttemptId, destination: &str) -> Result<bool, StoreError> {
        Ok(execute!(self, SET_DESTINATION, id, destination)? == 1)
    }

    /// Chooses the means; what was proved before is forgotten.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn choose_means(&mut self, id: AttemptId, means: &str) -> Result<bool, StoreError> {
        Ok(execute!(self, CHOOSE_MEANS, id, means)? == 1)
    }

    /// Goes on with other means that begin with the same `proved` factors: what was proved counts for them too. False when it is not
    /// its turn.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn switch_means(&mut self, id: AttemptId, from: &str, to: &str, proved: i64) -> Result<bool, StoreError> {
        Ok(execute!(self, SWITCH_MEANS, id, from, to, proved)? == 1)
    }

    /// Adds the proof of the means' factor number `factor` (counted from 1), by `person`. False when it is not its turn.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn prove(
        &mut self,
        id: AttemptId,
        means: &str,
        person: PersonId,
        factor: i64,
    ) -> Result<bool, StoreError> {
        Ok(execute!(self, PROVE, id, means, person, factor)? == 1)
    }

    /// Ends the attempt: it succeeded, or was cancelled. False when it was over already.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn take_attempt(&mut self, id: AttemptId, now: Timestamp) -> Result<bool, StoreError> {
        Ok(execute!(self, TAKE_ATTEMPT, id, now)? == 1)
    }

    /// Ends every open attempt of a person: what was proved in it counts no more.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn end_attempts_of(&mut self, person: PersonId, now: Timestamp) -> Result<u64, StoreError> {
        execute!(self, END_ATTEMPTS_OF, person, now)
    }

    /// Forgets attempts that expired before `before`.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn forget_attempts(&mut self, before: Timestamp) -> Result<u64, StoreError> {
        execute!(self, FORGET_ATTEMPTS, before)
    }

    /// Keeps a code that is being sent.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn put_sent_code(&mut self, code: &NewCode<'_>, now: Timestamp) -> Result<(), StoreError> {
        let NewCode { id, attempt, factor, channel, digest, expires } = *code;
        execute!(self, INSERT_CODE, id, attempt, factor, channel, digest, now, expires)?;
        Ok(())
    }

    /// The codes of an attempt by one factor that were not used, newest first. A new code does not end the old ones.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn sent_codes(&mut self, attempt: AttemptId, factor: &str) -> Result<Vec<SentCode>, StoreError> {
        fetch_all!(self, SentCode, CODES, attempt, factor)
    }

    /// Counts an answer against every open code of the attempt by this factor, before it is compared.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn count_code_try(&mut self, attempt: AttemptId, factor: &str) -> Result<(), StoreError> {
        execute!(self, COUNT_CODE_TRY, attempt, factor)?;
        Ok(())
    }

    /// Takes a code that was answered rightly, within its time and `limit` tries.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn take_sent_code(&mut self, id: &str, now: Timestamp, limit: u32) -> Result<bool, StoreError> {
        Ok(execute!(self, TAKE_CODE, id, now, i64::from(limit))? == 1)
    }
}
