//! Forms that came when their session had ended: kept sealed for a while, and taken once.

use super::{Session, StoreError, Transaction, execute, fetch_optional, statement::statements};
use crate::{
    base::{Timestamp, id::PersonId, token::TokenDigest},
    storage::seal::Purpose,
};

statements! {
    /// Of one session one comes after another: none is over when they are counted.
    HOLD_SESSION = "UPDATE session SET agent = agent WHERE tenant = $1 AND id = $2";
    COUNT_KEPT_FORMS = "SELECT COUNT(*) FROM kept_form \
        WHERE tenant = $1 AND person = $2 AND taken_at IS NULL AND expires_at > $3";
    INSERT_KEPT_FORM = "INSERT INTO kept_form (tenant, digest, register, person, profile, browser, sealed, created_at, expires_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    KEPT_FORM = "SELECT register, profile, sealed, taken_at FROM kept_form \
        WHERE tenant = $1 AND digest = $2 AND person = $3 AND browser = $4 AND expires_at > $5";
    TAKE_KEPT_FORM = "UPDATE kept_form SET taken_at = $5 \
        WHERE tenant = $1 AND digest = $2 AND person = $3 AND browser = $4 AND taken_at IS NULL AND expires_at > $5";
    FORGET_KEPT_FORMS = "DELETE FROM kept_form WHERE tenant = $1 AND expires_at < $2";
}

/// A form that was kept.
#[derive(Clone, Debug, sqlx_macros::FromRow)]
pub struct KeptForm {
    /// The register to whose host it came; none: the login host.
    pub register: Option<String>,
    /// The handle of the profile for which it was made.
    pub profile: String,
    /// Where it goes, its kind, and what was filled in, sealed.
    pub sealed: Vec<u8>,
    /// When it was sent on.
    pub taken_at: Option<Timestamp>,
}

impl Transaction {
    /// How many forms of the person of a session wait; of this session no other is kept until the transaction ends.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn waiting_forms(&mut self, session: &Session, now: Timestamp) -> Result<i64, StoreError> {
        execute!(self, HOLD_SESSION, session.id)?;
        let count = fetch_optional!(self, (i64,), COUNT_KEPT_FORMS, session.person, now)?;
        Ok(count.map_or(0, |(count,)| count))
    }

    /// Keeps a form of a person.
    ///
    /// # Errors
    /// When the database does not answer, or the key that sealed it is retired.
    pub async fn keep_form(
        &mut self,
        digest: TokenDigest,
        person: PersonId,
        browser: TokenDigest,
        form: &KeptForm,
        now: Timestamp,
        expires: Timestamp,
    ) -> Result<(), StoreError> {
        self.takes_new(Purpose::Sealing, &form.sealed).await?;
        let KeptForm { register, profile, sealed, .. } = form;
        execute!(self, INSERT_KEPT_FORM, digest.text(), register, person, profile, browser, sealed, now, expires)?;
        Ok(())
    }

    /// A form of this person that was kept in this browser.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn kept_form(
        &mut self,
        digest: TokenDigest,
        person: PersonId,
        browser: TokenDigest,
        now: Timestamp,
    ) -> Result<Option<KeptForm>, StoreError> {
        fetch_optional!(self, KeptForm, KEPT_FORM, digest.text(), person, browser, now)
    }

    /// Takes it, to be sent on. False when it was taken before.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn take_kept_form(
        &mut self,
        digest: TokenDigest,
        person: PersonId,
        browser: TokenDigest,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        Ok(execute!(self, TAKE_KEPT_FORM, digest.text(), person, browser, now)? == 1)
    }

    /// Forgets those that expired before `before`.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn forget_kept_forms(&mut self, before: Timestamp) -> Result<u64, StoreError> {
        execute!(self, FORGET_KEPT_FORMS, before)
    }
}
