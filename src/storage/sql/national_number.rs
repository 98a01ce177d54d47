//! National numbers: sealed, and found through an index under every key that counts. None is found twice or not at all while
//! the key of the index is exchanged.

use super::{StoreError, Transaction, execute, fetch_all, fetch_optional, statement::statements};
use crate::{
    base::id::PersonId,
    storage::seal::{Lookup, Purpose},
};

statements! {
    UPSERT_NATIONAL_NUMBER = "INSERT INTO national_number (tenant, person, sealed) VALUES ($1, $2, $3) \
        ON CONFLICT (tenant, person) DO UPDATE SET sealed = excluded.sealed";
    UPSERT_INDEX = "INSERT INTO national_number_index (tenant, person, key_id, lookup) VALUES ($1, $2, $3, $4) \
        ON CONFLICT (tenant, person, key_id) DO UPDATE SET lookup = excluded.lookup";
    ADD_INDEX = "INSERT INTO national_number_index (tenant, person, key_id, lookup) VALUES ($1, $2, $3, $4) \
        ON CONFLICT (tenant, person, key_id) DO NOTHING";
    KEYS_WITHOUT_INDEX = "SELECT COUNT(*) FROM tenant_key k WHERE k.tenant = $1 AND k.purpose = 'index' \
        AND k.stage = 'active' AND NOT EXISTS (SELECT 1 FROM national_number_index i \
        WHERE i.tenant = $1 AND i.person = $2 AND i.key_id = k.id)";
    NATIONAL_NUMBER = "SELECT sealed FROM national_number WHERE tenant = $1 AND person = $2";
    PERSON_BY_NATIONAL_NUMBER = "SELECT DISTINCT person FROM national_number_index WHERE tenant = $1 AND lookup IN ($2, $3)";
    WITHOUT_INDEX = "SELECT n.person, n.sealed FROM national_number n WHERE n.tenant = $1 AND n.person > $2 \
        AND NOT EXISTS (SELECT 1 FROM national_number_index i \
        WHERE i.tenant = $1 AND i.person = n.person AND i.key_id = $3) ORDER BY n.person LIMIT $4";
    DROP_INDEX = "DELETE FROM national_number_index WHERE tenant = $1 AND key_id = $2 AND person IN \
        (SELECT person FROM national_number_index WHERE tenant = $1 AND key_id = $2 ORDER BY person LIMIT $3)";
    COUNT_INDEX = "SELECT COUNT(*) FROM national_number_index WHERE tenant = $1 AND key_id = $2";
}

impl Transaction {
    /// Keeps a sealed national number and how it is found.
    ///
    /// # Errors
    /// `Conflict` when somebody else has this number.
    pub async fn put_national_number(
        &mut self,
        person: PersonId,
        sealed: &[u8],
        lookup: &Lookup,
    ) -> Result<(), StoreError> {
        self.takes_new(Purpose::Sealing, sealed).await?;
        self.narrows();
        execute!(self, UPSERT_NATIONAL_NUMBER, person, sealed)?;
        for (key, index) in lookup.entries() {
            execute!(self, UPSERT_INDEX, person, i64::from(key), index)?;
        }
        let missing = fetch_optional!(self, (i64,), KEYS_WITHOUT_INDEX, person)?;
        match missing {
            Some((0,)) => Ok(()),
            _ => Err(StoreError::Unusable("the index has got a new key in the meantime".into())),
        }
    }

    /// A person's sealed national number.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn national_number(&mut self, person: PersonId) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(fetch_optional!(self, (Vec<u8>,), NATIONAL_NUMBER, person)?.map(|(sealed,)| sealed))
    }

    /// Who has this national number.
    ///
    /// # Errors
    /// `Conflict` when several have it: a defect of ours, and nobody is the answer.
    pub async fn person_by_national_number(&mut self, lookup: &Lookup) -> Result<Option<PersonId>, StoreError> {
        let (old, new) = lookup.either();
        match fetch_all!(self, (PersonId,), PERSON_BY_NATIONAL_NUMBER, old, new)?.as_slice() {
            [] => Ok(None),
            [(person,)] => Ok(Some(*person)),
            _ => Err(StoreError::Conflict),
        }
    }

    /// People after `after` whose number has no index under `key`, with the sealed number; at most `limit`.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn numbers_without_index(
        &mut self,
        after: &str,
        key: u32,
        limit: u32,
    ) -> Result<Vec<(PersonId, Vec<u8>)>, StoreError> {
        fetch_all!(self, (PersonId, Vec<u8>), WITHOUT_INDEX, after, i64::from(key), i64::from(limit))
    }

    /// Adds the index of somebody's number under `key`, unless it is there.
    ///
    /// # Errors
    /// `Conflict` when somebody else has this number.
    pub async fn add_number_index(&mut self, person: PersonId, key: u32, index: &[u8]) -> Result<(), StoreError> {
        execute!(self, ADD_INDEX, person, i64::from(key), index)?;
        Ok(())
    }

    /// Forgets at most `limit` entries of the index under `key`; says how many.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn drop_number_index(&mut self, key: u32, limit: u32) -> Result<u64, StoreError> {
        execute!(self, DROP_INDEX, i64::from(key), i64::from(limit))
    }

    /// How many entries the index has under `key`.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn count_number_index(&mut self, key: u32) -> Result<i64, StoreError> {
        Ok(fetch_optional!(self, (i64,), COUNT_INDEX, i64::from(key))?.map_or(0, |(count,)| count))
    }
}
