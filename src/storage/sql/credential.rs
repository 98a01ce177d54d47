//! What people prove who they are with, and how often it failed.

use std::time::Duration;

use super::{StoreError, Transaction, execute, fetch_optional, statement::statements};
use crate::{
    base::{Timestamp, id::PersonId, token::TokenDigest},
    storage::seal::Purpose,
};

statements! {
    UPSERT_PASSWORD = "INSERT INTO password (tenant, person, hash, set_at, by_mail, is_first) VALUES ($1, $2, $3, $4, $5, $5) \
        ON CONFLICT (tenant, person) DO UPDATE SET hash = excluded.hash, set_at = excluded.set_at, \
        by_mail = excluded.by_mail, is_first = FALSE";
    REHASH_PASSWORD = "UPDATE password SET hash = $3 WHERE tenant = $1 AND person = $2";
    VOUCH_FOR_PASSWORD = "UPDATE password SET by_mail = $3 WHERE tenant = $1 AND person = $2 AND by_mail <> $3";
    PASSWORD = "SELECT hash, by_mail, is_first FROM password WHERE tenant = $1 AND person = $2";
    UPSERT_AUTHENTICATOR = "INSERT INTO authenticator (tenant, person, sealed, last_step) VALUES ($1, $2, $3, 0) \
        ON CONFLICT (tenant, person) DO UPDATE SET sealed = excluded.sealed, last_step = 0";
    AUTHENTICATOR = "SELECT sealed, last_step FROM authenticator WHERE tenant = $1 AND person = $2";
    REMOVE_AUTHENTICATOR = "DELETE FROM authenticator WHERE tenant = $1 AND person = $2";
    TAKE_STEP = "UPDATE authenticator SET last_step = $3 WHERE tenant = $1 AND person = $2 AND last_step < $3";
    TAKE_TRY = "INSERT INTO failed_tries (tenant, account, tries, until) VALUES ($1, $2, 1, $4) \
        ON CONFLICT (tenant, account) DO UPDATE SET \
        tries = CASE WHEN failed_tries.until <= $3 THEN 1 ELSE failed_tries.tries + 1 END, \
        until = CASE WHEN failed_tries.until <= $3 OR failed_tries.tries < $5 THEN $4 ELSE failed_tries.until END \
        RETURNING tries, until";
    RETURN_TRY = "UPDATE failed_tries SET tries = tries - 1 WHERE tenant = $1 AND account = $2 AND tries > 0";
    GIVE_BACK_TRIES = "DELETE FROM failed_tries WHERE tenant = $1 AND account = $2";
    INSERT_RESET_LINK = "INSERT INTO reset_link (tenant, digest, person, expires_at) VALUES ($1, $2, $3, $4)";
    RESET_LINK = "SELECT person FROM reset_link WHERE tenant = $1 AND digest = $2 AND taken_at IS NULL AND expires_at > $3";
    TAKE_RESET_LINK = "UPDATE reset_link SET taken_at = $3 \
        WHERE tenant = $1 AND digest = $2 AND taken_at IS NULL AND expires_at > $3 RETURNING person";
    END_RESET_LINKS = "UPDATE reset_link SET taken_at = $3 WHERE tenant = $1 AND person = $2 AND taken_at IS NULL";
}

/// A password, as it is kept.
#[derive(Clone, sqlx_macros::FromRow)]
pub struct KeptPassword {
    /// The PHC string.
    pub hash: String,
    /// Whether a link in a mail was all that vouched for it.
    pub by_mail: bool,
    /// Whether a mail vouched for it and no password was there before it.
    pub is_first: bool,
}

/// Tries of an account within the running window, this one counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FailedTries {
    /// How many.
    pub tries: i64,
    /// When they are forgotten.
    pub until: Timestamp,
}

impl Transaction {
    /// Sets a password's hash (PHC string); `by_mail` when a link in a mail was all that vouched for it.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn put_password(
        &mut self,
        person: PersonId,
        hash: &str,
        by_mail: bool,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        execute!(self, UPSERT_PASSWORD, person, hash, now, by_mail)?;
        Ok(())
    }

    /// Keeps another hash of the same password.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn rehash_password(&mut self, person: PersonId, hash: &str) -> Result<(), StoreError> {
        execute!(self, REHASH_PASSWORD, person, hash)?;
        Ok(())
    }

    /// Notes that something other than mail vouched for the password too.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn vouch_for_password(&mut self, person: PersonId) -> Result<(), StoreError> {
        execute!(self, VOUCH_FOR_PASSWORD, person, false)?;
        Ok(())
    }

    /// A person's password.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn password(&mut self, person: PersonId) -> Result<Option<KeptPassword>, StoreError> {
        fetch_optional!(self, KeptPassword, PASSWORD, person)
    }

    /// Sets the sealed secret of an authenticator app.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn put_authenticator(&mut self, person: PersonId, sealed: &[u8]) -> Result<(), StoreError> {
        self.takes_new(Purpose::Sealing, sealed).await?;
        execute!(self, UPSERT_AUTHENTICATOR, person, sealed)?;
        Ok(())
    }

    /// The sealed secret of a person's authenticator app, and the last time step that was taken.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn authenticator(&mut self, person: PersonId) -> Result<Option<(Vec<u8>, i64)>, StoreError> {
        fetch_optional!(self, (Vec<u8>, i64), AUTHENTICATOR, person)
    }

    /// Removes a person's authenticator app. False when there was none.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn remove_authenticator(&mut self, person: PersonId) -> Result<bool, StoreError> {
        Ok(execute!(self, REMOVE_AUTHENTICATOR, person)? == 1)
    }

    /// Takes a time step: no code of it or of an earlier one counts again (RFC 6238 section 5.2).
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn take_totp_step(&mut self, person: PersonId, step: i64) -> Result<bool, StoreError> {
        Ok(execute!(self, TAKE_STEP, person, step)? == 1)
    }

    /// Takes one try of an account before anything is verified, so that guesses made at the same time count each.
    /// A try past `limit` does not make the waiting longer.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn take_try(
        &mut self,
        account: TokenDigest,
        now: Timestamp,
        window: Duration,
        limit: u32,
    ) -> Result<FailedTries, StoreError> {
        let row = fetch_optional!(self, (i64, Timestamp), TAKE_TRY, account, now, now.plus(window), i64::from(limit))?;
        row.map(|(tries, until)| FailedTries { tries, until }).ok_or(StoreError::Conflict)
    }

    /// Gives one try back: it was right, or nothing was tried.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn return_try(&mut self, account: TokenDigest) -> Result<(), StoreError> {
        execute!(self, RETURN_TRY, account)?;
        Ok(())
    }

    /// Forgets an account's tries, after a success.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn give_back_tries(&mut self, account: TokenDigest) -> Result<(), StoreError> {
        execute!(self, GIVE_BACK_TRIES, account)?;
        Ok(())
    }

    /// Keeps a single-use link to reset a password.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn put_reset_link(
        &mut self,
        link: TokenDigest,
        person: PersonId,
        expires: Timestamp,
    ) -> Result<(), StoreError> {
        execute!(self, INSERT_RESET_LINK, link, person, expires)?;
        Ok(())
    }

    /// Whose password a link can reset, without taking it.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn reset_link(&mut self, link: TokenDigest, now: Timestamp) -> Result<Option<PersonId>, StoreError> {
        Ok(fetch_optional!(self, (PersonId,), RESET_LINK, link, now)?.map(|(person,)| person))
    }

    /// Takes a link: works once, until it expires. Every other open link of that person ends with it.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn take_reset_link(&mut self, link: TokenDigest, now: Timestamp) -> Result<Option<PersonId>, StoreError> {
        let taken = fetch_optional!(self, (PersonId,), TAKE_RESET_LINK, link, now)?;
        let Some((person,)) = taken else { return Ok(None) };
        self.end_reset_links_of(person, now).await?;
        Ok(Some(person))
    }

    /// Ends every open link of a person: who got one by mail gets in with it no more.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn end_reset_links_of(&mut self, person: PersonId, now: Timestamp) -> Result<(), StoreError> {
        execute!(self, END_RESET_LINKS, person, now)?;
        Ok(())
    }
}
