//! Mandates, and the search of a holder among their own mandators.
//!
//! A search walks one index of that holder's mandates: nobody else's can be found, and page 80 costs what page 1 costs.

use jiff::civil::Date;

use super::{
    StoreError, Transaction, execute, fetch_all, fetch_optional, person::period, statement::statements, types::Day,
};
use crate::{
    base::{
        Timestamp,
        id::{MandateId, OrganizationId, PersonId},
    },
    domain::{
        mandate::{FoundMandator, Holder, Mandate, MandatorSearch, PAGE_SIZE},
        period::Period,
        person::{Person, fold_name},
    },
};

/// Stands for "no end is known" in the index.
const NO_END: Date = Date::MAX;

statements! {
    UPSERT_MANDATE = "INSERT INTO mandate (tenant, id, mandator, holder_person, holder_organization, holder, scope, \
        valid_from, valid_until, accepted_at, ended_at, family_folded, given_folded, number_base) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) ON CONFLICT (tenant, id) DO UPDATE SET \
        valid_from = excluded.valid_from, valid_until = excluded.valid_until, accepted_at = excluded.accepted_at, \
        ended_at = excluded.ended_at, family_folded = excluded.family_folded, given_folded = excluded.given_folded, \
        number_base = excluded.number_base";
    MANDATE = "SELECT id, mandator, holder_person, holder_organization, scope, valid_from, valid_until, \
        accepted_at IS NOT NULL AS accepted, ended_at IS NOT NULL AS ended FROM mandate WHERE tenant = $1 AND id = $2";
    HOLDS_ANY = "SELECT id FROM mandate WHERE tenant = $1 AND holder = $2 AND accepted_at IS NOT NULL \
        AND ended_at IS NULL AND valid_from <= $3 AND valid_until >= $3 LIMIT 1";
    END_MANDATE = "UPDATE mandate SET ended_at = $3 WHERE tenant = $1 AND id = $2 AND ended_at IS NULL";
    COUNT_BY_NAME = "SELECT COUNT(*) FROM mandate m WHERE m.tenant = $1 AND m.holder = $2 \
        AND m.accepted_at IS NOT NULL AND m.ended_at IS NULL AND m.valid_from <= $3 AND m.valid_until >= $3 \
        AND m.family_folded >= $4 AND m.family_folded < $5 AND m.given_folded >= $6 AND m.given_folded < $7";
    FIND_BY_NAME = "SELECT m.id, p.id, p.given_name, p.family_name, m.number_base, m.scope, m.valid_until \
        FROM (SELECT id, mandator, number_base, scope, valid_until, family_folded, given_folded FROM mandate \
        WHERE tenant = $1 AND holder = $2 AND accepted_at IS NOT NULL AND ended_at IS NULL \
        AND valid_from <= $3 AND valid_until >= $3 AND family_folded >= $4 AND family_folded < $5 \
        AND given_folded >= $6 AND given_folded < $7 ORDER BY family_folded, given_folded, id LIMIT $8 OFFSET $9) m \
        JOIN person p ON p.tenant = $1 AND p.id = m.mandator ORDER BY m.family_folded, m.given_folded, m.id";
    FIND_BY_NUMBER = "SELECT m.id, p.id, p.given_name, p.family_name, m.number_base, m.scope, m.valid_until \
        FROM mandate m JOIN person p ON p.tenant = $1 AND p.id = m.mandator \
        WHERE m.tenant = $1 AND m.holder = $2 AND m.accepted_at IS NOT NULL AND m.ended_at IS NULL \
        AND m.valid_from <= $3 AND m.valid_until >= $3 AND m.number_base = $8 \
        AND m.family_folded >= $4 AND m.family_folded < $5 AND m.given_folded >= $6 AND m.given_folded < $7 \
        ORDER BY m.family_folded, m.given_folded, m.id";
    FIND_BY_NATIONAL_NUMBER = "SELECT m.id, p.id, p.given_name, p.family_name, m.number_base, m.scope, m.valid_until \
        FROM mandate m JOIN person p ON p.tenant = $1 AND p.id = m.mandator \
        WHERE m.tenant = $1 AND m.holder = $2 AND m.mandator IN \
        (SELECT person FROM national_number_index WHERE tenant = $1 AND lookup IN ($8, $9)) AND m.accepted_at IS NOT NULL AND m.ended_at IS NULL \
        AND m.valid_from <= $3 AND m.valid_until >= $3 \
        AND m.family_folded >= $4 AND m.family_folded < $5 AND m.given_folded >= $6 AND m.given_folded < $7 \
        ORDER BY m.family_folded, m.given_folded, m.id";
}

#[derive(sqlx_macros::FromRow)]
struct MandateRow {
    id: MandateId,
    mandator: PersonId,
    holder_person: Option<PersonId>,
    holder_organization: Option<OrganizationId>,
    scope: String,
    valid_from: Day,
    valid_until: Day,
    accepted: bool,
    ended: bool,
}

impl MandateRow {
    fn into_mandate(self) -> Option<Mandate> {
        let holder = self.holder_person.map(Holder::Person).or(self.holder_organization.map(Holder::Organization))?;
        Some(Mandate {
            id: self.id,
            mandator: self.mandator,
            holder,
            scope: self.scope,
            period: period(Some(self.valid_from), known(self.valid_until)),
            accepted: self.accepted,
            ended: self.ended,
        })
    }
}

fn known(until: Day) -> Option<Day> {
    (until.0 != NO_END).then_some(until)
}

/// A period as the index has it.
pub(super) fn days(period: Period) -> (Day, Day) {
    (Day(period.from.unwrap_or(Date::ZERO)), Day(period.until.unwrap_or(NO_END)))
}

fn holder_id(holder: Holder) -> String {
    match holder {
        Holder::Person(id) => id.to_string(),
        Holder::Organization(id) => id.to_string(),
    }
}

/// The half-open range of folded names that begin with `prefix`.
fn beginning_with(prefix: Option<&str>) -> (String, String) {
    let prefix = fold_name(prefix.unwrap_or_default());
    let end = format!("{prefix}\u{10FFFF}");
    (prefix, end)
}

type FoundRow = (MandateId, PersonId, String, String, Option<String>, String, Day);

impl Transaction {
    /// Writes a mandate. `mandator` and `number_base` are what holders find it by.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn put_mandate(
        &mut self,
        mandate: &Mandate,
        mandator: &Person,
        number_base: Option<&str>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.narrows();
        let (holder_person, holder_organization) = match mandate.holder {
            Holder::Person(id) => (Some(id), None),
            Holder::Organization(id) => (None, Some(id)),
        };
        let (from, until) = days(mandate.period);
        execute!(
            self,
            UPSERT_MANDATE,
            mandate.id,
            mandate.mandator,
            holder_person,
            holder_organization,
            holder_id(mandate.holder),
            &mandate.scope,
            from,
            until,
            mandate.accepted.then_some(now),
            mandate.ended.then_some(now),
            fold_name(&mandator.family_name),
            fold_name(&mandator.given_name),
            number_base,
        )?;
        Ok(())
    }

    /// A mandate, in force or not.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn mandate(&mut self, id: MandateId) -> Result<Option<Mandate>, StoreError> {
        Ok(fetch_optional!(self, MandateRow, MANDATE, id)?.and_then(MandateRow::into_mandate))
    }

    /// Whether a holder has any mandate in force on `today`.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn holds_any_mandate(&mut self, holder: Holder, today: Date) -> Result<bool, StoreError> {
        Ok(fetch_optional!(self, (MandateId,), HOLDS_ANY, holder_id(holder), Day(today))?.is_some())
    }

    /// Ends a mandate. False when it had ended already.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn end_mandate(&mut self, id: MandateId, now: Timestamp) -> Result<bool, StoreError> {
        self.narrows();
        Ok(execute!(self, END_MANDATE, id, now)? == 1)
    }

    /// The mandators of `holder` that match, with how many there are; `page` counts from 0.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn search_mandators(
        &mut self,
        holder: Holder,
        search: &MandatorSearch,
        today: Date,
        page: u32,
    ) -> Result<(u64, Vec<FoundMandator>), StoreError> {
        let (family, family_end) = beginning_with(search.family_name.as_deref());
        let (given, given_end) = beginning_with(search.given_name.as_deref());
        let holder = holder_id(holder);
        let today = Day(today);
        let by_number = match (&search.nihdi, &search.national_number_index) {
            (None, None) => None,
            (Some(number), None) => Some(fetch_all!(
                self,
                FoundRow,
                FIND_BY_NUMBER,
                &holder,
                today,
                &family,
                &family_end,
                &given,
                &given_end,
                number,
            )?),
            (number, Some([old, new])) => {
                let rows = fetch_all!(
                    self,
                    FoundRow,
                    FIND_BY_NATIONAL_NUMBER,
                    &holder,
                    today,
                    &family,
                    &family_end,
                    &given,
                    &given_end,
                    old,
                    new,
                )?;
                Some(rows.into_iter().filter(|row| number.is_none() || row.4 == *number).collect())
            }
        };
        if let Some(rows) = by_number {
            let page = rows.iter().skip(page as usize * PAGE_SIZE as usize).take(PAGE_SIZE as usize);
            return Ok((rows.len() as u64, page.cloned().map(found).collect()));
        }
        let count =
            fetch_optional!(self, (i64,), COUNT_BY_NAME, &holder, today, &family, &family_end, &given, &given_end)?;
        let rows = fetch_all!(
            self,
            FoundRow,
            FIND_BY_NAME,
            &holder,
            today,
            &family,
            &family_end,
            &given,
            &given_end,
            i64::from(PAGE_SIZE),
            i64::from(page) * i64::from(PAGE_SIZE),
        )?;
        let count = count.map_or(0, |(count,)| u64::try_from(count).unwrap_or(0));
        Ok((count, rows.into_iter().map(found).collect()))
    }
}

fn found((mandate, mandator, given_name, family_name, number, scope, until): FoundRow) -> FoundMandator {
    FoundMandator { mandate, mandator, given_name, family_name, number, scope, until: known(until).map(|day| day.0) }
}
