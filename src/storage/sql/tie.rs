//! What ties one person to another: who trains whom, who supports whom.

use super::{StoreError, Transaction, execute, fetch_all, person::period, statement::statements, types::Day};
use crate::{
    base::id::PersonId,
    domain::{period::Period, person::Tie},
};

statements! {
    UPSERT_TIE = "INSERT INTO tie (tenant, person, kind, other, valid_from, valid_until) VALUES ($1, $2, $3, $4, $5, $6) \
        ON CONFLICT (tenant, person, kind, other) DO UPDATE SET valid_from = excluded.valid_from, \
        valid_until = excluded.valid_until";
    TIES = "SELECT valid_from, valid_until FROM tie WHERE tenant = $1 AND person = $2 AND kind = $3 AND other = $4";
    THROUGH = "SELECT a.valid_from, a.valid_until, b.valid_from, b.valid_until FROM tie a \
        JOIN tie b ON b.tenant = $1 AND b.person = a.other AND b.kind = 'trains' AND b.other = $3 \
        WHERE a.tenant = $1 AND a.person = $2 AND a.kind = 'supports'";
}

impl Transaction {
    /// Writes a tie between two people.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn put_tie(
        &mut self,
        person: PersonId,
        tie: Tie,
        other: PersonId,
        period: Period,
    ) -> Result<(), StoreError> {
        self.narrows();
        execute!(self, UPSERT_TIE, person, tie.word(), other, period.from.map(Day), period.until.map(Day))?;
        Ok(())
    }

    /// When `person` is tied to `other` in this way.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn ties(&mut self, person: PersonId, tie: Tie, other: PersonId) -> Result<Vec<Period>, StoreError> {
        let rows = fetch_all!(self, (Option<Day>, Option<Day>), TIES, person, tie.word(), other)?;
        Ok(rows.into_iter().map(|(from, until)| period(from, until)).collect())
    }

    /// When `supporter` supports a trainer who trains `trainee`: both periods of each such pair.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn supports_trainer_of(
        &mut self,
        supporter: PersonId,
        trainee: PersonId,
    ) -> Result<Vec<(Period, Period)>, StoreError> {
        let rows = fetch_all!(self, (Option<Day>, Option<Day>, Option<Day>, Option<Day>), THROUGH, supporter, trainee)?;
        Ok(rows
            .into_iter()
            .map(|(from, until, trains_from, trains_until)| (period(from, until), period(trains_from, trains_until)))
            .collect())
    }
}
