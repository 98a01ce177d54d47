//! What registers have pushed, by their own identifiers, and how it is taken away again.
//!
//! What a fact says stands where it is used (people, registrations, mandates, ..); here stands that it was said, by whom,
//! and which row it is.

use jiff::civil::Date;

use super::{
    StoreError, Transaction, execute, fetch_all, fetch_optional,
    person::{PersonRow, login_name},
    statement::statements,
    types::Day,
};
use crate::{
    base::{
        Timestamp,
        id::{MandateId, OrganizationId, PersonId},
    },
    domain::{
        fact::{Kind, Which},
        mandate::Mandate,
        period::Period,
        person::{Person, Role, Tie, fold_name},
    },
};

statements! {
    FACT = "SELECT id, source, pushed_at, withdrawn_at FROM fact WHERE tenant = $1 AND kind = $2 AND key = $3";
    UPSERT_FACT = "INSERT INTO fact (tenant, kind, key, id, source, pushed_at) VALUES ($1, $2, $3, $4, $5, $6) \
        ON CONFLICT (tenant, kind, key) DO UPDATE SET source = excluded.source, pushed_at = excluded.pushed_at, \
        withdrawn_at = NULL WHERE fact.id IS NOT DISTINCT FROM excluded.id";
    WITHDRAW_FACT = "UPDATE fact SET source = $4, withdrawn_at = $5 \
        WHERE tenant = $1 AND kind = $2 AND key = $3 AND withdrawn_at IS NULL";
    KEY_OF_ID = "SELECT key FROM fact WHERE tenant = $1 AND kind = $2 AND id = $3";
    COUNT_OF_SOURCE = "SELECT COUNT(*) FROM fact WHERE tenant = $1 AND source = $2 AND kind = $3 AND withdrawn_at IS NULL";
    KEYS_OF_SOURCE = "SELECT key FROM fact WHERE tenant = $1 AND source = $2 AND kind = $3 AND withdrawn_at IS NULL \
        AND key > $4 ORDER BY key LIMIT $5";
    PERSON_EVEN_CLOSED = "SELECT id, given_name, family_name, email, language, citizen_file FROM person \
        WHERE tenant = $1 AND id = $2";
    LOGIN_NAME_OWNER = "SELECT id FROM person WHERE tenant = $1 AND login_name = $2";
    REOPEN_PERSON = "UPDATE person SET closed_at = NULL WHERE tenant = $1 AND id = $2 AND closed_at = $3";
    NUMBER_OWNER = "SELECT person FROM registration WHERE tenant = $1 AND number_base = $2 AND person <> $3 LIMIT 1";
    UNREGISTER = "DELETE FROM registration WHERE tenant = $1 AND person = $2 AND profession = $3";
    END_ROLE = "DELETE FROM role WHERE tenant = $1 AND person = $2 AND role = $3";
    UNTIE = "DELETE FROM tie WHERE tenant = $1 AND person = $2 AND kind = $3 AND other = $4";
    END_ORGANIZATION_RIGHT = "DELETE FROM organization_right WHERE tenant = $1 AND organization = $2 AND right_code = $3";
    END_ENTRUSTED_RIGHTS = "DELETE FROM entrusted_right WHERE tenant = $1 AND organization = $2 AND person = $3";
    END_MEMBERSHIP = "UPDATE membership SET representative = FALSE, management = 0, valid_until = $4 \
        WHERE tenant = $1 AND organization = $2 AND person = $3";
    END_GRANTS_OF = "UPDATE right_grant SET ended_at = $4 \
        WHERE tenant = $1 AND organization = $2 AND person = $3 AND ended_at IS NULL";
    RESTS_ON = "SELECT organization FROM membership WHERE tenant = $1 AND organization = $2 \
        AND (valid_until IS NULL OR valid_until >= $3) \
        UNION ALL SELECT organization FROM organization_right WHERE tenant = $1 AND organization = $2 \
        UNION ALL SELECT holder FROM mandate WHERE tenant = $1 AND holder = $2 AND ended_at IS NULL AND valid_until >= $3";
    RENEW_MANDATE = "UPDATE mandate SET valid_from = $3, valid_until = $4, accepted_at = COALESCE(accepted_at, $5) \
        WHERE tenant = $1 AND id = $2 AND ended_at IS NULL";
    REVIVE_MANDATE = "UPDATE mandate SET ended_at = NULL WHERE tenant = $1 AND id = $2 AND ended_at = $3";
    KNOW_MANDATOR_BY = "UPDATE mandate SET family_folded = $3, given_folded = $4, number_base = $5 \
        WHERE tenant = $1 AND mandator = $2";
}

/// That a fact was pushed.
#[derive(Clone, Debug, PartialEq, Eq, sqlx_macros::FromRow)]
pub struct Pushed {
    /// The row of a person, an organization or a mandate.
    pub id: Option<String>,
    /// The client that said it last.
    pub source: String,
    /// When it last changed.
    pub pushed_at: Timestamp,
    /// Since when the register has it no longer.
    pub withdrawn_at: Option<Timestamp>,
}

impl Transaction {
    /// Whether a fact was pushed, and whether it was taken away since.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn pushed(&mut self, kind: Kind, key: &str) -> Result<Option<Pushed>, StoreError> {
        fetch_optional!(self, Pushed, FACT, kind.word(), key)
    }

    /// Notes that a fact was pushed; `id` is the row of a person, an organization or a mandate.
    ///
    /// # Errors
    /// `Conflict` when that row has another identifier already, or that identifier another row: somebody was faster.
    pub async fn note_pushed(
        &mut self,
        which: &Which,
        id: Option<&str>,
        source: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let noted = execute!(self, UPSERT_FACT, which.kind().word(), which.key(), id, source, now)?;
        if noted == 1 { Ok(()) } else { Err(StoreError::Conflict) }
    }

    /// Notes that a fact was taken away. False when it was before, or never was.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn note_withdrawn(&mut self, which: &Which, source: &str, now: Timestamp) -> Result<bool, StoreError> {
        Ok(execute!(self, WITHDRAW_FACT, which.kind().word(), which.key(), source, now)? == 1)
    }

    /// The identifier by which a register knows a row.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn register_key_of(&mut self, kind: Kind, id: &str) -> Result<Option<String>, StoreError> {
        Ok(fetch_optional!(self, (String,), KEY_OF_ID, kind.word(), id)?.map(|(key,)| key))
    }

    /// How many facts of a kind stand, of those that `source` pushed last.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn count_pushed(&mut self, source: &str, kind: Kind) -> Result<u64, StoreError> {
        let count = fetch_optional!(self, (i64,), COUNT_OF_SOURCE, source, kind.word())?;
        Ok(count.map_or(0, |(count,)| u64::try_from(count).unwrap_or(0)))
    }

    /// At most `limit` of their names, those after `after`.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn pushed_after(
        &mut self,
        source: &str,
        kind: Kind,
        after: &str,
        limit: u32,
    ) -> Result<Vec<String>, StoreError> {
        let rows = fetch_all!(self, (String,), KEYS_OF_SOURCE, source, kind.word(), after, i64::from(limit))?;
        Ok(rows.into_iter().map(|(key,)| key).collect())
    }

    /// A person, also one whose account is closed.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn person_even_closed(&mut self, id: PersonId) -> Result<Option<Person>, StoreError> {
        Ok(fetch_optional!(self, PersonRow, PERSON_EVEN_CLOSED, id)?.map(Person::from))
    }

    /// Whose login name an address is, also of a closed account.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn login_name_owner(&mut self, address: &str) -> Result<Option<PersonId>, StoreError> {
        Ok(fetch_optional!(self, (PersonId,), LOGIN_NAME_OWNER, login_name(address))?.map(|(id,)| id))
    }

    /// Opens an account again that was closed at that moment, and at no other.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn reopen_person(&mut self, id: PersonId, closed_at: Timestamp) -> Result<bool, StoreError> {
        self.narrows();
        Ok(execute!(self, REOPEN_PERSON, id, closed_at)? == 1)
    }

    /// Whether somebody else has this registration number.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn number_is_anothers(&mut self, number_base: &str, person: PersonId) -> Result<bool, StoreError> {
        Ok(fetch_optional!(self, (PersonId,), NUMBER_OWNER, number_base, person)?.is_some())
    }

    /// Takes a registration away.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn remove_registration(&mut self, person: PersonId, profession: &str) -> Result<(), StoreError> {
        self.narrows();
        execute!(self, UNREGISTER, person, profession)?;
        Ok(())
    }

    /// Takes a role away.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn remove_role(&mut self, person: PersonId, role: Role) -> Result<(), StoreError> {
        self.narrows();
        execute!(self, END_ROLE, person, role)?;
        Ok(())
    }

    /// Takes a tie between two people away.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn remove_tie(&mut self, person: PersonId, tie: Tie, other: PersonId) -> Result<(), StoreError> {
        self.narrows();
        execute!(self, UNTIE, person, tie.word(), other)?;
        Ok(())
    }

    /// Takes a right of an organization away: nothing that was granted of it counts any more.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn remove_organization_right(
        &mut self,
        organization: OrganizationId,
        right: &str,
    ) -> Result<(), StoreError> {
        self.narrows();
        execute!(self, END_ORGANIZATION_RIGHT, organization, right)?;
        Ok(())
    }

    /// Replaces what an access manager may grant.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn replace_entrusted_rights(
        &mut self,
        organization: OrganizationId,
        manager: PersonId,
        rights: &[(String, Period)],
    ) -> Result<(), StoreError> {
        self.narrows();
        execute!(self, END_ENTRUSTED_RIGHTS, organization, manager)?;
        for (right, period) in rights {
            self.put_entrusted_right(organization, manager, right, *period).await?;
        }
        Ok(())
    }

    /// Ends that somebody belongs to an organization: `last` is the last day that counts. What they managed and were granted
    /// there ends with it, so that it does not come back when they do.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn end_membership(
        &mut self,
        organization: OrganizationId,
        person: PersonId,
        last: Date,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.narrows();
        execute!(self, END_ENTRUSTED_RIGHTS, organization, person)?;
        execute!(self, END_GRANTS_OF, organization, person, now)?;
        execute!(self, END_MEMBERSHIP, organization, person, Day(last))?;
        Ok(())
    }

    /// Whether anybody belongs to an organization, or it has a right or a mandate, on `today` or later.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn something_rests_on(&mut self, organization: OrganizationId, today: Date) -> Result<bool, StoreError> {
        Ok(!fetch_all!(self, (String,), RESTS_ON, organization, Day(today))?.is_empty())
    }

    /// Writes a mandate's period; `accepted_at` counts when it was not accepted before. False when it has ended.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn renew_mandate(
        &mut self,
        mandate: &Mandate,
        accepted_at: Option<Timestamp>,
    ) -> Result<bool, StoreError> {
        self.narrows();
        let (from, until) = super::mandate::days(mandate.period);
        Ok(execute!(self, RENEW_MANDATE, mandate.id, from, until, accepted_at)? == 1)
    }

    /// Lets a mandate be again that ended at that moment, and at no other.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn revive_mandate(&mut self, id: MandateId, ended_at: Timestamp) -> Result<bool, StoreError> {
        self.narrows();
        Ok(execute!(self, REVIVE_MANDATE, id, ended_at)? == 1)
    }

    /// Writes by what holders find a mandator: after their name or number has changed.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn know_mandator_by(&mut self, mandator: &Person, number_base: Option<&str>) -> Result<(), StoreError> {
        let (family, given) = (fold_name(&mandator.family_name), fold_name(&mandator.given_name));
        execute!(self, KNOW_MANDATOR_BY, mandator.id, family, given, number_base)?;
        Ok(())
    }
}
