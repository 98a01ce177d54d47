//! Profiles that people chose.

use super::{StoreError, Transaction, execute, fetch_optional, statement::statements};
use crate::{
    base::{
        Timestamp,
        id::{MandateId, OrganizationId, PersonId},
    },
    domain::{
        capacity::Capacity,
        profile::{Profile, Represented},
    },
};

statements! {
    INSERT_PROFILE = "INSERT INTO profile (tenant, handle, actor, capacity, profession, organization, mandate, represented, \
        created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    PROFILE = "SELECT handle, actor, capacity, profession, organization, mandate, represented FROM profile \
        WHERE tenant = $1 AND handle = $2";
}

#[derive(sqlx_macros::FromRow)]
pub(super) struct ProfileRow {
    handle: String,
    actor: PersonId,
    capacity: Capacity,
    profession: Option<String>,
    organization: Option<OrganizationId>,
    mandate: Option<MandateId>,
    represented: Option<PersonId>,
}

impl From<ProfileRow> for Profile {
    fn from(row: ProfileRow) -> Self {
        Profile {
            handle: row.handle,
            actor: row.actor,
            capacity: row.capacity,
            profession: row.profession,
            organization: row.organization,
            mandate: row.mandate.zip(row.represented).map(|(mandate, person)| Represented { mandate, person }),
        }
    }
}

impl Transaction {
    /// Keeps a profile that was chosen.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn put_profile(&mut self, profile: &Profile, now: Timestamp) -> Result<(), StoreError> {
        execute!(
            self,
            INSERT_PROFILE,
            &profile.handle,
            profile.actor,
            profile.capacity,
            &profile.profession,
            profile.organization,
            profile.mandate.as_ref().map(|mandate| mandate.mandate),
            profile.mandate.as_ref().map(|mandate| mandate.person),
            now,
        )?;
        Ok(())
    }

    /// A profile by its handle. Whether it still holds is the service's question.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn profile(&mut self, handle: &str) -> Result<Option<Profile>, StoreError> {
        Ok(fetch_optional!(self, ProfileRow, PROFILE, handle)?.map(Profile::from))
    }
}
