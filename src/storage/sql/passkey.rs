//! Passkeys, and the names by which authenticators know their owners. A passkey counts for the login host that it was made for.

use super::{StoreError, Transaction, execute, fetch_all, fetch_optional, statement::statements};
use crate::base::{Timestamp, id::PersonId};

statements! {
    HOLD_USER = "INSERT INTO passkey_user (tenant, person, handle) VALUES ($1, $2, $3) \
        ON CONFLICT (tenant, person) DO UPDATE SET handle = passkey_user.handle RETURNING handle";
    INSERT_PASSKEY = "INSERT INTO passkey (tenant, id, person, rp_id, name, credential, counter, created_at) \
        VALUES ($1, $2, $3, $4, $5, $6, 0, $7)";
    PASSKEYS_OF = "SELECT id, person, name, credential, created_at, used_at FROM passkey \
        WHERE tenant = $1 AND person = $2 AND rp_id = $3 ORDER BY created_at, id";
    PASSKEY_OF_HANDLE = "SELECT id, person, name, credential, created_at, used_at FROM passkey \
        WHERE tenant = $1 AND id = $2 AND rp_id = $3 \
        AND person IN (SELECT person FROM passkey_user WHERE tenant = $1 AND handle = $4)";
    USE_PASSKEY = "UPDATE passkey SET credential = $4, counter = $5, used_at = $6 \
        WHERE tenant = $1 AND id = $2 AND person = $3 AND (counter < $5 OR (counter = 0 AND $5 = 0))";
    RENAME_PASSKEY = "UPDATE passkey SET name = $4 WHERE tenant = $1 AND id = $2 AND person = $3";
    REMOVE_PASSKEY = "DELETE FROM passkey WHERE tenant = $1 AND id = $2 AND person = $3";
    PASSKEYS_ELSEWHERE = "SELECT rp_id, COUNT(*) FROM passkey WHERE tenant = $1 AND rp_id <> $2 \
        GROUP BY rp_id ORDER BY rp_id";
}

/// A passkey, as it is kept.
#[derive(Clone, Debug, sqlx_macros::FromRow)]
pub struct KeptPasskey {
    /// The credential's id, as base64url.
    pub id: String,
    /// Whose.
    pub person: PersonId,
    /// What its owner calls it.
    pub name: String,
    /// The public key (JSON).
    pub credential: String,
    /// When it was added.
    pub created_at: Timestamp,
    /// When somebody last logged in with it.
    pub used_at: Option<Timestamp>,
}

impl Transaction {
    /// Holds what a person logs in with until this transaction ends: of two changes at once one waits for the other. Gives the
    /// handle by which authenticators know them, `new` for who has none yet.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn hold_factors(&mut self, person: PersonId, new: &str) -> Result<String, StoreError> {
        let row = fetch_optional!(self, (String,), HOLD_USER, person, new)?;
        row.map(|(handle,)| handle).ok_or(StoreError::Conflict)
    }

    /// Keeps a new passkey.
    ///
    /// # Errors
    /// `Conflict` when somebody of this tenant has it already.
    pub async fn put_passkey(&mut self, key: &KeptPasskey, rp_id: &str) -> Result<(), StoreError> {
        execute!(self, INSERT_PASSKEY, &key.id, key.person, rp_id, &key.name, &key.credential, key.created_at)?;
        Ok(())
    }

    /// A person's passkeys for this login host, oldest first.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn passkeys_of(&mut self, person: PersonId, rp_id: &str) -> Result<Vec<KeptPasskey>, StoreError> {
        fetch_all!(self, KeptPasskey, PASSKEYS_OF, person, rp_id)
    }

    /// The passkey with this id, of whom authenticators know by this handle (WebAuthn Level 3 section 7.2 step 6).
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn passkey(&mut self, id: &str, rp_id: &str, handle: &str) -> Result<Option<KeptPasskey>, StoreError> {
        fetch_optional!(self, KeptPasskey, PASSKEY_OF_HANDLE, id, rp_id, handle)
    }

    /// Keeps a passkey as it is after use. False when its count does not go on, or it was removed: then it proves nothing.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn use_passkey(
        &mut self,
        id: &str,
        person: PersonId,
        credential: &str,
        counter: u32,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        Ok(execute!(self, USE_PASSKEY, id, person, credential, i64::from(counter), now)? == 1)
    }

    /// Calls a passkey otherwise. False when it is not theirs.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn rename_passkey(&mut self, id: &str, person: PersonId, name: &str) -> Result<bool, StoreError> {
        Ok(execute!(self, RENAME_PASSKEY, id, person, name)? == 1)
    }

    /// Removes a passkey. False when it is not theirs.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn remove_passkey(&mut self, id: &str, person: PersonId) -> Result<bool, StoreError> {
        Ok(execute!(self, REMOVE_PASSKEY, id, person)? == 1)
    }

    /// The other login hosts for which passkeys were made, and how many: none of these opens anything at this one.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn passkeys_elsewhere(&mut self, rp_id: &str) -> Result<Vec<(String, i64)>, StoreError> {
        fetch_all!(self, (String, i64), PASSKEYS_ELSEWHERE, rp_id)
    }
}
