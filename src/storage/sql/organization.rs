//! Organizations, their members, and the rights that are granted there.

use jiff::civil::Date;

use super::{
    StoreError, Transaction, execute, fetch_all, fetch_optional, person::period, statement::statements, types::Day,
};
use crate::{
    base::{
        Timestamp,
        id::{GrantId, OrganizationId, PersonId},
    },
    domain::{
        organization::{Grant, Management, Membership, Organization},
        period::Period,
    },
    policy::{
        Act, Permit,
        action::{GrantRight, ReadMembers, RevokeRight},
    },
};

statements! {
    UPSERT_ORGANIZATION = "INSERT INTO organization (tenant, id, name, number) VALUES ($1, $2, $3, $4) \
        ON CONFLICT (tenant, id) DO UPDATE SET name = excluded.name, number = excluded.number";
    ORGANIZATION = "SELECT id, name, number FROM organization WHERE tenant = $1 AND id = $2";
    BY_NUMBER = "SELECT o.id, o.name, o.number FROM organization o WHERE o.tenant = $1 AND o.number = $2 \
        AND NOT EXISTS (SELECT 1 FROM fact f WHERE f.tenant = $1 AND f.kind = 'organization' AND f.id = o.id \
        AND f.withdrawn_at IS NOT NULL)";
    VOUCH_MEMBERSHIP = "INSERT INTO membership (tenant, organization, person, representative, management, valid_from, \
        valid_until, vouched) VALUES ($1, $2, $3, FALSE, 0, $4, $5, TRUE) ON CONFLICT (tenant, organization, person) \
        DO UPDATE SET valid_until = excluded.valid_until WHERE membership.vouched";
    END_VOUCHED = "UPDATE membership SET valid_until = $3 WHERE tenant = $1 AND organization = $2 AND vouched \
        AND valid_until > $3";
    UPSERT_MEMBERSHIP = "INSERT INTO membership (tenant, organization, person, representative, management, valid_from, \
        valid_until) VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (tenant, organization, person) DO UPDATE SET \
        representative = excluded.representative, management = excluded.management, \
        valid_from = excluded.valid_from, valid_until = excluded.valid_until";
    MEMBERSHIPS = "SELECT o.id, o.name, o.number, m.representative, m.management, m.valid_from, m.valid_until, m.vouched \
        FROM membership m JOIN organization o ON o.tenant = $1 AND o.id = m.organization \
        WHERE m.tenant = $1 AND m.person = $2 ORDER BY o.name, o.id";
    MEMBERSHIP = "SELECT o.id, o.name, o.number, m.representative, m.management, m.valid_from, m.valid_until, m.vouched \
        FROM membership m JOIN organization o ON o.tenant = $1 AND o.id = m.organization \
        WHERE m.tenant = $1 AND m.person = $2 AND m.organization = $3";
    MEMBERS = "SELECT p.id, p.given_name, p.family_name, m.management, m.valid_from, m.valid_until \
        FROM membership m JOIN person p ON p.tenant = $1 AND p.id = m.person AND p.closed_at IS NULL \
        WHERE m.tenant = $1 AND m.organization = $2 ORDER BY p.family_name, p.given_name, p.id";
    MANAGERS = "SELECT p.id, p.given_name, p.family_name, m.management, m.valid_from, m.valid_until \
        FROM membership m JOIN person p ON p.tenant = $1 AND p.id = m.person AND p.closed_at IS NULL \
        WHERE m.tenant = $1 AND m.organization = $2 AND m.management > 0 \
        ORDER BY m.management DESC, p.family_name, p.given_name, p.id";
    UPSERT_ORGANIZATION_RIGHT = "INSERT INTO organization_right (tenant, organization, right_code, valid_from, valid_until) \
        VALUES ($1, $2, $3, $4, $5) ON CONFLICT (tenant, organization, right_code) DO UPDATE SET \
        valid_from = excluded.valid_from, valid_until = excluded.valid_until";
    ORGANIZATION_RIGHTS = "SELECT right_code, valid_from, valid_until FROM organization_right \
        WHERE tenant = $1 AND organization = $2 ORDER BY right_code";
    UPSERT_ENTRUSTED_RIGHT = "INSERT INTO entrusted_right (tenant, organization, person, right_code, valid_from, valid_until) \
        VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (tenant, organization, person, right_code) DO UPDATE SET \
        valid_from = excluded.valid_from, valid_until = excluded.valid_until";
    ENTRUSTED_RIGHTS = "SELECT right_code, valid_from, valid_until FROM entrusted_right \
        WHERE tenant = $1 AND organization = $2 AND person = $3 ORDER BY right_code";
    INSERT_GRANT = "INSERT INTO right_grant (tenant, id, organization, person, right_code, valid_from, valid_until, \
        granted_by, granted_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    END_EXPIRED_GRANT = "UPDATE right_grant SET ended_at = $6, ended_by = granted_by WHERE tenant = $1 AND organization = $2 \
        AND person = $3 AND right_code = $4 AND ended_at IS NULL AND valid_until < $5";
    GRANTS_IN = "SELECT id, person, right_code, valid_from, valid_until, granted_by FROM right_grant \
        WHERE tenant = $1 AND organization = $2 AND ended_at IS NULL ORDER BY right_code, id";
    GRANTS_OF = "SELECT id, person, right_code, valid_from, valid_until, granted_by FROM right_grant \
        WHERE tenant = $1 AND organization = $2 AND person = $3 AND ended_at IS NULL ORDER BY right_code, id";
    GRANT = "SELECT id, person, right_code, valid_from, valid_until, granted_by FROM right_grant \
        WHERE tenant = $1 AND organization = $2 AND id = $3 AND ended_at IS NULL";
    END_GRANT = "UPDATE right_grant SET ended_at = $4, ended_by = $5 \
        WHERE tenant = $1 AND organization = $2 AND id = $3 AND ended_at IS NULL";
}

#[derive(sqlx_macros::FromRow)]
struct MembershipRow {
    id: OrganizationId,
    name: String,
    number: Option<String>,
    representative: bool,
    management: i64,
    valid_from: Option<Day>,
    valid_until: Option<Day>,
    vouched: bool,
}

impl From<MembershipRow> for Membership {
    fn from(row: MembershipRow) -> Self {
        Membership {
            organization: Organization { id: row.id, name: row.name, number: row.number },
            representative: row.representative,
            management: management(row.management),
            period: period(row.valid_from, row.valid_until),
            vouched: row.vouched,
        }
    }
}

const fn management(level: i64) -> Management {
    match level {
        2 => Management::ChiefAccessManager,
        1 => Management::AccessManager,
        _ => Management::None,
    }
}

const fn level(management: Management) -> i64 {
    match management {
        Management::None => 0,
        Management::AccessManager => 1,
        Management::ChiefAccessManager => 2,
    }
}

/// A member as the access manager sees them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberRow {
    /// Who.
    pub person: PersonId,
    /// Given and family name.
    pub name: String,
    /// What they manage.
    pub management: Management,
    /// Since when and until when.
    pub period: Period,
}

#[derive(sqlx_macros::FromRow)]
struct GrantRow {
    id: GrantId,
    person: PersonId,
    right_code: String,
    valid_from: Option<Day>,
    valid_until: Option<Day>,
    granted_by: PersonId,
}

impl From<GrantRow> for Grant {
    fn from(row: GrantRow) -> Self {
        Grant {
            id: row.id,
            person: row.person,
            right: row.right_code,
            period: period(row.valid_from, row.valid_until),
            granted_by: row.granted_by,
        }
    }
}

type MemberFields = (PersonId, String, String, i64, Option<Day>, Option<Day>);

fn member((person, given, family, level, from, until): MemberFields) -> MemberRow {
    MemberRow {
        person,
        name: format!("{given} {family}").trim().to_owned(),
        management: management(level),
        period: period(from, until),
    }
}

/// A permit opens the organization that it was given for, and no other.
fn for_organization<A: Act>(permit: &Permit<A>, organization: OrganizationId) -> Result<(), StoreError> {
    if permit.organization() == Some(organization) {
        Ok(())
    } else {
        Err(StoreError::Unusable("a permit for another organization".into()))
    }
}

type RightRow = (String, Option<Day>, Option<Day>);

fn rights(rows: Vec<RightRow>) -> Vec<(String, Period)> {
    rows.into_iter().map(|(right, from, until)| (right, period(from, until))).collect()
}

impl Transaction {
    /// Writes an organization.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn put_organization(&mut self, organization: &Organization) -> Result<(), StoreError> {
        // What is kept of a profile has its name.
        self.narrows();
        execute!(self, UPSERT_ORGANIZATION, organization.id, &organization.name, &organization.number)?;
        Ok(())
    }

    /// An organization.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn organization(&mut self, id: OrganizationId) -> Result<Option<Organization>, StoreError> {
        let row = fetch_optional!(self, (OrganizationId, String, Option<String>), ORGANIZATION, id)?;
        Ok(row.map(|(id, name, number)| Organization { id, name, number }))
    }

    /// The organization that the register knows by this number. None when it knows several: nobody can tell which one is meant.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn organization_by_number(&mut self, number: &str) -> Result<Option<Organization>, StoreError> {
        let mut rows = fetch_all!(self, (OrganizationId, String, Option<String>), BY_NUMBER, number)?.into_iter();
        Ok(match (rows.next(), rows.next()) {
            (Some((id, name, number)), None) => Some(Organization { id, name, number }),
            _ => None,
        })
    }

    /// Writes that a provider vouches for somebody's belonging to an organization from `from` to `until`. What the register says of them
    /// stays as it is.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn vouch_for_membership(
        &mut self,
        organization: OrganizationId,
        person: PersonId,
        from: Date,
        until: Date,
    ) -> Result<(), StoreError> {
        execute!(self, VOUCH_MEMBERSHIP, organization, person, Day(from), Day(until))?;
        Ok(())
    }

    /// Ends what providers vouched for in an organization, with `last` as the last day: it is another one now, or none.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn end_vouched_memberships(
        &mut self,
        organization: OrganizationId,
        last: Date,
    ) -> Result<u64, StoreError> {
        self.narrows();
        execute!(self, END_VOUCHED, organization, Day(last))
    }

    /// Writes that somebody belongs to an organization.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn put_membership(
        &mut self,
        organization: OrganizationId,
        person: PersonId,
        representative: bool,
        management: Management,
        period: Period,
    ) -> Result<(), StoreError> {
        self.narrows();
        execute!(
            self,
            UPSERT_MEMBERSHIP,
            organization,
            person,
            representative,
            level(management),
            period.from.map(Day),
            period.until.map(Day),
        )?;
        Ok(())
    }

    /// The organizations that somebody belongs to, now or at another time.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn memberships(&mut self, person: PersonId) -> Result<Vec<Membership>, StoreError> {
        Ok(fetch_all!(self, MembershipRow, MEMBERSHIPS, person)?.into_iter().map(Membership::from).collect())
    }

    /// Somebody's membership of one organization.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn membership(
        &mut self,
        organization: OrganizationId,
        person: PersonId,
    ) -> Result<Option<Membership>, StoreError> {
        Ok(fetch_optional!(self, MembershipRow, MEMBERSHIP, person, organization)?.map(Membership::from))
    }

    /// The members of an organization, for who manages them.
    ///
    /// # Errors
    /// When the database does not answer, or the permit is for another organization.
    pub async fn members(
        &mut self,
        permit: &Permit<ReadMembers>,
        organization: OrganizationId,
    ) -> Result<Vec<MemberRow>, StoreError> {
        for_organization(permit, organization)?;
        let rows = fetch_all!(self, MemberFields, MEMBERS, organization)?;
        Ok(rows.into_iter().map(member).collect())
    }

    /// The access managers of an organization, chiefs first.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn managers(&mut self, organization: OrganizationId) -> Result<Vec<MemberRow>, StoreError> {
        let rows = fetch_all!(self, MemberFields, MANAGERS, organization)?;
        Ok(rows.into_iter().map(member).collect())
    }

    /// Writes that an organization has a right.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn put_organization_right(
        &mut self,
        organization: OrganizationId,
        right: &str,
        period: Period,
    ) -> Result<(), StoreError> {
        self.narrows();
        execute!(self, UPSERT_ORGANIZATION_RIGHT, organization, right, period.from.map(Day), period.until.map(Day))?;
        Ok(())
    }

    /// The rights that an organization has.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn organization_rights(
        &mut self,
        organization: OrganizationId,
    ) -> Result<Vec<(String, Period)>, StoreError> {
        Ok(rights(fetch_all!(self, RightRow, ORGANIZATION_RIGHTS, organization)?))
    }

    /// Writes that an access manager may grant a right.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn put_entrusted_right(
        &mut self,
        organization: OrganizationId,
        manager: PersonId,
        right: &str,
        period: Period,
    ) -> Result<(), StoreError> {
        self.narrows();
        execute!(
            self,
            UPSERT_ENTRUSTED_RIGHT,
            organization,
            manager,
            right,
            period.from.map(Day),
            period.until.map(Day),
        )?;
        Ok(())
    }

    /// The rights that an access manager may grant.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn entrusted_rights(
        &mut self,
        organization: OrganizationId,
        manager: PersonId,
    ) -> Result<Vec<(String, Period)>, StoreError> {
        Ok(rights(fetch_all!(self, RightRow, ENTRUSTED_RIGHTS, organization, manager)?))
    }

    /// Grants a right. A grant whose end has passed makes room for the new one.
    ///
    /// # Errors
    /// `Conflict` when the person has this right already.
    pub async fn put_grant(
        &mut self,
        permit: &Permit<GrantRight>,
        organization: OrganizationId,
        grant: &Grant,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        for_organization(permit, organization)?;
        if permit.act().to != grant.person || permit.act().right != grant.right {
            return Err(StoreError::Unusable("a permit for another grant".into()));
        }
        execute!(self, END_EXPIRED_GRANT, organization, grant.person, &grant.right, grant.period.from.map(Day), now,)?;
        execute!(
            self,
            INSERT_GRANT,
            grant.id,
            organization,
            grant.person,
            &grant.right,
            grant.period.from.map(Day),
            grant.period.until.map(Day),
            permit.actor(),
            now,
        )?;
        // A permit that was refused for want of this right may be kept too.
        self.narrows();
        Ok(())
    }

    /// The grants in an organization that were not taken back, whatever their days.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn grants_in(&mut self, organization: OrganizationId) -> Result<Vec<Grant>, StoreError> {
        Ok(fetch_all!(self, GrantRow, GRANTS_IN, organization)?.into_iter().map(Grant::from).collect())
    }

    /// The grants of one member that were not taken back, whatever their days.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn grants_of(
        &mut self,
        organization: OrganizationId,
        person: PersonId,
    ) -> Result<Vec<Grant>, StoreError> {
        Ok(fetch_all!(self, GrantRow, GRANTS_OF, organization, person)?.into_iter().map(Grant::from).collect())
    }

    /// One grant of an organization.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn grant(&mut self, organization: OrganizationId, id: GrantId) -> Result<Option<Grant>, StoreError> {
        Ok(fetch_optional!(self, GrantRow, GRANT, organization, id)?.map(Grant::from))
    }

    /// Takes a right back. False when it was gone already.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn end_grant(
        &mut self,
        permit: &Permit<RevokeRight>,
        organization: OrganizationId,
        id: GrantId,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        for_organization(permit, organization)?;
        self.narrows();
        Ok(execute!(self, END_GRANT, organization, id, now, permit.actor())? == 1)
    }
}
