//! Accounts that were asked for and are not there yet: each waits for a link in a mail, which is taken once.

use super::{StoreError, Transaction, execute, fetch_optional, statement::statements, types::Tongue};
use crate::base::{Language, Timestamp, token::TokenDigest};

statements! {
    INSERT_ACCOUNT_REQUEST = "INSERT INTO account_request (tenant, digest, email, language, password, expires_at) \
        VALUES ($1, $2, $3, $4, $5, $6)";
    ACCOUNT_REQUEST = "SELECT email, language, password FROM account_request \
        WHERE tenant = $1 AND digest = $2 AND taken_at IS NULL AND expires_at > $3";
    TAKE_ACCOUNT_REQUEST = "UPDATE account_request SET taken_at = $3 \
        WHERE tenant = $1 AND digest = $2 AND taken_at IS NULL AND expires_at > $3";
    FORGET_ACCOUNT_REQUESTS = "DELETE FROM account_request WHERE tenant = $1 AND expires_at < $2";
}

/// An account that somebody asked for.
#[derive(Clone, Debug)]
pub struct AccountRequest {
    /// The address that is to be confirmed.
    pub email: String,
    /// The language in which it was asked for.
    pub language: Language,
    /// The hash of the password that was chosen (PHC string).
    pub password: String,
}

impl Transaction {
    /// Keeps what was asked for, until the link no longer works.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn put_account_request(
        &mut self,
        link: TokenDigest,
        request: &AccountRequest,
        until: Timestamp,
    ) -> Result<(), StoreError> {
        let AccountRequest { email, language, password } = request;
        execute!(self, INSERT_ACCOUNT_REQUEST, link, email, Tongue(*language), password, until)?;
        Ok(())
    }

    /// What a link confirms, while it works.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn account_request(
        &mut self,
        link: TokenDigest,
        now: Timestamp,
    ) -> Result<Option<AccountRequest>, StoreError> {
        let row = fetch_optional!(self, (String, Tongue, String), ACCOUNT_REQUEST, link, now)?;
        Ok(row.map(|(email, language, password)| AccountRequest { email, language: language.0, password }))
    }

    /// Takes a link. False when it does not work any more.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn take_account_request(&mut self, link: TokenDigest, now: Timestamp) -> Result<bool, StoreError> {
        Ok(execute!(self, TAKE_ACCOUNT_REQUEST, link, now)? == 1)
    }

    /// Forgets what was asked for before `before` and can be confirmed no longer.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn forget_account_requests(&mut self, before: Timestamp) -> Result<u64, StoreError> {
        execute!(self, FORGET_ACCOUNT_REQUESTS, before)
    }
}
