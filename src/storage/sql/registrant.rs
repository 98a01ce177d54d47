//! Who is looked up in public (LOOKUP-1): registrants, by the names under which they are found, and how much was asked.
//!
//! The names stand in a table of their own, folded, beside the registration: a look-up is one walk along its key, which names
//! the profession and the whole family name, and ends after as many rows as are wanted. No `LIKE` is anywhere: a pattern that
//! somebody types is a name that nobody has.

use std::time::Duration;

use jiff::civil::Date;

use super::{StoreError, Transaction, execute, fetch_all, fetch_optional, statement::statements, types::Day};
use crate::{
    base::{Timestamp, id::PersonId},
    domain::{
        lookup::{LookedUp, sought_names},
        person::fold_name,
    },
    policy::{Permit, action::LookUp},
};

statements! {
    REGISTRANT = "SELECT r.profession, p.given_name, p.family_name FROM registration r \
        JOIN person p ON p.tenant = $1 AND p.id = r.person WHERE r.tenant = $1 AND r.person = $2";
    FORGET_NAMES = "DELETE FROM registrant_name WHERE tenant = $1 AND person = $2";
    INSERT_NAME = "INSERT INTO registrant_name (tenant, profession, name, given, person) VALUES ($1, $2, $3, $4, $5)";
    NAMELESS = "SELECT r.person FROM registration r WHERE r.tenant = $1 AND NOT EXISTS \
        (SELECT 1 FROM registrant_name n WHERE n.tenant = $1 AND n.person = r.person AND n.profession = r.profession) \
        AND r.person > $2 ORDER BY r.person LIMIT $3";
    FIND_REGISTRANTS = "SELECT p.id, p.given_name, p.family_name, r.number, r.profession, r.certified_until \
        FROM registrant_name n \
        JOIN registration r ON r.tenant = $1 AND r.person = n.person AND r.profession = n.profession \
        JOIN person p ON p.tenant = $1 AND p.id = n.person \
        WHERE n.tenant = $1 AND n.profession = $2 AND n.name = $3 AND n.given >= $4 AND n.given < $5 \
        AND r.number IS NOT NULL AND r.complete AND (r.valid_from IS NULL OR r.valid_from <= $6) \
        AND (r.valid_until IS NULL OR r.valid_until >= $6) AND p.closed_at IS NULL \
        ORDER BY n.given, n.person LIMIT $7";
    FIND_REGISTRANT_BY_NUMBER = "SELECT p.id, p.given_name, p.family_name, r.number, r.profession, r.certified_until \
        FROM registration r JOIN person p ON p.tenant = $1 AND p.id = r.person \
        WHERE r.tenant = $1 AND r.profession = $2 AND r.number_base = $3 \
        AND r.number IS NOT NULL AND r.complete AND (r.valid_from IS NULL OR r.valid_from <= $4) \
        AND (r.valid_until IS NULL OR r.valid_until >= $4) AND p.closed_at IS NULL LIMIT $5";
    SPEND_LOOKUP = "INSERT INTO lookup_spent (tenant, paid) VALUES ($1, $3) ON CONFLICT (tenant) DO UPDATE SET \
        paid = CASE WHEN lookup_spent.paid > $2 THEN lookup_spent.paid + $4 ELSE $3 END WHERE lookup_spent.paid <= $5";
    LOOKUP_SPENT = "SELECT paid FROM lookup_spent WHERE tenant = $1";
}

/// A registrant as they are kept.
#[derive(Clone, Debug, sqlx_macros::FromRow)]
pub struct RegistrantRow {
    /// Who.
    pub id: PersonId,
    /// Given name.
    pub given_name: String,
    /// Family name.
    pub family_name: String,
    /// The registration number.
    pub number: String,
    /// The profession's code.
    pub profession: String,
    certified_until: Option<Day>,
}

impl RegistrantRow {
    /// The last day of their certificate.
    #[must_use]
    pub fn certified_until(&self) -> Option<Date> {
        self.certified_until.map(|day| day.0)
    }
}

impl Transaction {
    /// Writes anew under which names somebody is found, who or whose registration has changed. What was taken away took its
    /// names along.
    ///
    /// # Errors
    /// When the database does not answer.
    pub(super) async fn note_registrant(&mut self, person: PersonId) -> Result<(), StoreError> {
        let registered = fetch_all!(self, (String, String, String), REGISTRANT, person)?;
        let Some((_, given, family)) = registered.first() else { return Ok(()) };
        let (given, names) = (fold_name(given), sought_names(family));
        execute!(self, FORGET_NAMES, person)?;
        for (profession, ..) in &registered {
            for name in &names {
                execute!(self, INSERT_NAME, profession, name, &given, person)?;
            }
        }
        Ok(())
    }

    /// Writes the names of at most `limit` registrants after `after` who have none yet: they were registered by a version that
    /// kept none. The last of them, when there may be more.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn note_nameless(&mut self, after: &str, limit: u32) -> Result<Option<PersonId>, StoreError> {
        let nameless = fetch_all!(self, (PersonId,), NAMELESS, after, i64::from(limit))?;
        for (person,) in &nameless {
            self.note_registrant(*person).await?;
        }
        Ok(nameless.last().map(|(person,)| *person))
    }

    /// At most `most` registrants of a profession who are in force on `today`, by one walk along one index. None of a profession
    /// that the permit does not hold.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn look_up(
        &mut self,
        permit: &Permit<LookUp>,
        who: &LookedUp,
        today: Date,
        most: u32,
    ) -> Result<Vec<RegistrantRow>, StoreError> {
        let (today, most) = (Day(today), i64::from(most));
        let mut found = Vec::new();
        for profession in &permit.act().professions {
            found.extend(match who {
                LookedUp::Name { family, given } => {
                    let end = format!("{given}\u{10FFFF}");
                    fetch_all!(self, RegistrantRow, FIND_REGISTRANTS, profession, family, given, end, today, most)?
                }
                LookedUp::Number(base) => {
                    fetch_all!(self, RegistrantRow, FIND_REGISTRANT_BY_NUMBER, profession, base, today, most)?
                }
            });
        }
        Ok(found)
    }

    /// Counts one look-up of a tenant, unless that were more than `most` within `window` (the generic cell rate algorithm,
    /// ITU-T I.371): one statement, for any number of replicas. When it is too many, the moment at which one more is none.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn spend_lookup(
        &mut self,
        now: Timestamp,
        most: u32,
        window: Duration,
    ) -> Result<Result<(), Timestamp>, StoreError> {
        let interval = window / most.max(1);
        let cost = i64::try_from(interval.as_millis()).unwrap_or(i64::MAX);
        let (once, latest) = (now.plus(interval), now.plus(window).minus(interval));
        if execute!(self, SPEND_LOOKUP, now, once, cost, latest)? == 1 {
            return Ok(Ok(()));
        }
        let paid = fetch_optional!(self, (Timestamp,), LOOKUP_SPENT)?.map_or(now, |(paid,)| paid);
        Ok(Err(paid.plus(interval).minus(window)))
    }
}
