//! Changes of an address: each waits for the link that was sent there, which is taken once; and for the objection of the old one.

use super::{StoreError, Transaction, execute, fetch_optional, statement::statements};
use crate::base::{Timestamp, id::PersonId, token::TokenDigest};

statements! {
    INSERT_CHANGE = "INSERT INTO address_change (tenant, digest, objection, person, old_email, email, expires_at, objection_until) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    CHANGE = "SELECT person, old_email, email, taken_at, objection_until FROM address_change \
        WHERE tenant = $1 AND digest = $2 AND taken_at IS NULL AND objected_at IS NULL AND expires_at > $3";
    TAKE_CHANGE = "UPDATE address_change SET taken_at = $3 \
        WHERE tenant = $1 AND digest = $2 AND taken_at IS NULL AND objected_at IS NULL AND expires_at > $3 \
        RETURNING person, old_email, email, taken_at, objection_until";
    END_CHANGES = "UPDATE address_change SET expires_at = $3 \
        WHERE tenant = $1 AND person = $2 AND taken_at IS NULL AND expires_at > $3";
    OBJECTION = "SELECT person, old_email, email, taken_at, objection_until FROM address_change \
        WHERE tenant = $1 AND objection = $2 AND objected_at IS NULL AND objection_until > $3";
    TAKE_OBJECTION = "UPDATE address_change SET objected_at = $3 \
        WHERE tenant = $1 AND objection = $2 AND objected_at IS NULL AND objection_until > $3 \
        RETURNING person, old_email, email, taken_at, objection_until";
    /// Each may be objected to for as long: what was asked later, ends later.
    OBJECT_TO_LATER = "UPDATE address_change SET objected_at = $4 \
        WHERE tenant = $1 AND person = $2 AND objection_until >= $3 AND objected_at IS NULL";
    FORGET_CHANGES = "DELETE FROM address_change WHERE tenant = $1 AND objection_until < $2";
}

/// A change that somebody asked for.
#[derive(Clone, Debug, sqlx_macros::FromRow)]
pub struct AddressChange {
    /// Whose.
    pub person: PersonId,
    /// The address that they had.
    pub old_email: String,
    /// The one that they want.
    pub email: String,
    /// When it was confirmed.
    pub taken_at: Option<Timestamp>,
    /// Until when the old address may object.
    pub objection_until: Timestamp,
}

/// Both links of a change, and how long they work.
#[derive(Clone, Copy)]
pub struct ChangeLinks {
    /// Confirms it.
    pub link: TokenDigest,
    /// Until then.
    pub expires: Timestamp,
    /// Objects to it.
    pub objection: TokenDigest,
    /// Until then.
    pub objection_until: Timestamp,
}

impl Transaction {
    /// Keeps a change until it is confirmed, and then until nobody can object any more.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn put_address_change(
        &mut self,
        person: PersonId,
        [old, new]: [&str; 2],
        links: ChangeLinks,
    ) -> Result<(), StoreError> {
        let ChangeLinks { link, expires, objection, objection_until } = links;
        execute!(self, INSERT_CHANGE, link, objection, person, old, new, expires, objection_until)?;
        Ok(())
    }

    /// What a link confirms, while it works.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn address_change(
        &mut self,
        link: TokenDigest,
        now: Timestamp,
    ) -> Result<Option<AddressChange>, StoreError> {
        fetch_optional!(self, AddressChange, CHANGE, link, now)
    }

    /// Takes a link, and gives what it confirms; nothing when it does not work any more.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn take_address_change(
        &mut self,
        link: TokenDigest,
        now: Timestamp,
    ) -> Result<Option<AddressChange>, StoreError> {
        fetch_optional!(self, AddressChange, TAKE_CHANGE, link, now)
    }

    /// Ends every change of a person that was not confirmed yet.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn end_address_changes_of(&mut self, person: PersonId, now: Timestamp) -> Result<(), StoreError> {
        execute!(self, END_CHANGES, person, now)?;
        Ok(())
    }

    /// What a link objects to, while it works.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn address_objection(
        &mut self,
        objection: TokenDigest,
        now: Timestamp,
    ) -> Result<Option<AddressChange>, StoreError> {
        fetch_optional!(self, AddressChange, OBJECTION, objection, now)
    }

    /// Takes an objection, and gives the change as it is then: whether it was confirmed is not what somebody read before. Nothing when the
    /// objection does not work any more.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn take_address_objection(
        &mut self,
        objection: TokenDigest,
        now: Timestamp,
    ) -> Result<Option<AddressChange>, StoreError> {
        fetch_optional!(self, AddressChange, TAKE_OBJECTION, objection, now)
    }

    /// Takes the objections to every later change of the same person: none of them is theirs who objected first.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn object_to_later(&mut self, change: &AddressChange, now: Timestamp) -> Result<(), StoreError> {
        execute!(self, OBJECT_TO_LATER, change.person, change.objection_until, now)?;
        Ok(())
    }

    /// Forgets changes to which nobody can object since `before`.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn forget_address_changes(&mut self, before: Timestamp) -> Result<u64, StoreError> {
        execute!(self, FORGET_CHANGES, before)
    }
}
