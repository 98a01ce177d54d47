//! Questions to a browser that are answered once: they are taken, never read, and only by the browser that was asked.

use super::{StoreError, Transaction, execute, fetch_optional, statement::statements};
use crate::{
    base::{Timestamp, token::TokenDigest},
    storage::seal::Purpose,
};

statements! {
    INSERT_CEREMONY = "INSERT INTO ceremony (tenant, digest, owner, browser, sealed, expires_at) \
        VALUES ($1, $2, $3, $4, $5, $6)";
    TAKE_CEREMONY = "UPDATE ceremony SET taken_at = $5 WHERE tenant = $1 AND digest = $2 AND owner = $3 AND browser = $4 \
        AND taken_at IS NULL AND expires_at > $5 RETURNING sealed";
    FORGET_CEREMONIES = "DELETE FROM ceremony WHERE tenant = $1 AND expires_at < $2";
}

impl Transaction {
    /// Remembers a question until it is answered, sealed. `owner` is the attempt or session in which it was asked.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn put_ceremony(
        &mut self,
        digest: TokenDigest,
        owner: &str,
        browser: TokenDigest,
        sealed: &[u8],
        expires: Timestamp,
    ) -> Result<(), StoreError> {
        self.takes_new(Purpose::Sealing, sealed).await?;
        execute!(self, INSERT_CEREMONY, digest.text(), owner, browser, sealed, expires)?;
        Ok(())
    }

    /// Takes a question: once, in time, and where it was asked.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn take_ceremony(
        &mut self,
        digest: TokenDigest,
        owner: &str,
        browser: TokenDigest,
        now: Timestamp,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        let taken = fetch_optional!(self, (Vec<u8>,), TAKE_CEREMONY, digest.text(), owner, browser, now)?;
        Ok(taken.map(|(sealed,)| sealed))
    }

    /// Forgets what nobody can answer since `before`.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn forget_ceremonies(&mut self, before: Timestamp) -> Result<u64, StoreError> {
        execute!(self, FORGET_CEREMONIES, before)
    }
}
