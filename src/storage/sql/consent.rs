//! Consents: who lets whom see something, and for what.
//!
//! Only what stands is read here: a consent that was taken back stays as a row and gives nothing. Nor does one of or to
//! somebody whose account was closed.

use jiff::civil::Date;

use super::{StoreError, Transaction, execute, fetch_all, person::period, statement::statements, types::Day};
use crate::{
    base::{
        Timestamp,
        id::{ConsentId, OrganizationId, PersonId},
    },
    domain::{
        consent::{Consent, Recipient},
        organization::Organization,
        period::Period,
        person::Tie,
    },
    policy::{
        Permit,
        action::{GiveConsent, ListInsight, WithdrawConsent},
    },
};

statements! {
    END_EXPIRED_CONSENT = "UPDATE consent SET ended_at = $6 WHERE tenant = $1 AND person = $2 AND purpose = $3 \
        AND recipient = $4 AND ended_at IS NULL AND valid_until < $5";
    INSERT_CONSENT = "INSERT INTO consent (tenant, id, person, purpose, to_person, to_organization, recipient, valid_from, \
        valid_until, given_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    CONSENTS_OF = "SELECT id, person, purpose, to_person, to_organization, valid_from, valid_until \
        FROM consent WHERE tenant = $1 AND person = $2 AND ended_at IS NULL ORDER BY given_at, id";
    CONSENTS_BETWEEN = "SELECT id, person, purpose, to_person, to_organization, valid_from, valid_until \
        FROM consent WHERE tenant = $1 AND person = $2 AND recipient = $3 AND ended_at IS NULL \
        AND person IN (SELECT id FROM person WHERE tenant = $1 AND id = $2 AND closed_at IS NULL)";
    CONSENTS_TO = "SELECT c.purpose, c.valid_from, c.valid_until, p.id, p.given_name, p.family_name, p.email, \
        (SELECT MIN(r.number) FROM registration r WHERE r.tenant = $1 AND r.person = c.person) FROM consent c JOIN person p \
        ON p.tenant = $1 AND p.id = c.person AND p.closed_at IS NULL WHERE c.tenant = $1 AND c.recipient = $2 AND c.ended_at IS NULL \
        ORDER BY p.family_name, p.given_name, c.id";
    END_CONSENT = "UPDATE consent SET ended_at = $4 WHERE tenant = $1 AND person = $2 AND id = $3 AND ended_at IS NULL";
    END_CONSENTS_BETWEEN = "UPDATE consent SET ended_at = $5 WHERE tenant = $1 AND person = $2 AND recipient = $3 \
        AND purpose = $4 AND ended_at IS NULL";
    END_CONSENTS_TO = "UPDATE consent SET ended_at = $3 WHERE tenant = $1 AND recipient = $2 AND ended_at IS NULL \
        RETURNING person, purpose";
    ORGANIZATIONS = "SELECT o.id, o.name, o.number FROM organization o WHERE o.tenant = $1 AND NOT EXISTS \
        (SELECT 1 FROM fact f WHERE f.tenant = $1 AND f.kind = 'organization' AND f.id = o.id AND f.withdrawn_at IS NOT NULL) \
        ORDER BY o.name, o.id";
    ENTITLED = "SELECT o.id, o.name, o.number FROM organization o \
        JOIN organization_right w ON w.tenant = $1 AND w.organization = o.id AND w.right_code = $2 \
        AND (w.valid_from IS NULL OR w.valid_from <= $3) AND (w.valid_until IS NULL OR w.valid_until >= $3) \
        WHERE o.tenant = $1 AND NOT EXISTS \
        (SELECT 1 FROM fact f WHERE f.tenant = $1 AND f.kind = 'organization' AND f.id = o.id AND f.withdrawn_at IS NOT NULL) \
        ORDER BY o.name, o.id";
    TIED_TO = "SELECT p.id, p.given_name, p.family_name, t.valid_from, t.valid_until FROM tie t \
        JOIN person p ON p.tenant = $1 AND p.id = t.person AND p.closed_at IS NULL \
        WHERE t.tenant = $1 AND t.other = $2 AND t.kind = $3 ORDER BY p.family_name, p.given_name, p.id";
}

#[derive(sqlx_macros::FromRow)]
struct ConsentRow {
    id: ConsentId,
    person: PersonId,
    purpose: String,
    to_person: Option<PersonId>,
    to_organization: Option<OrganizationId>,
    valid_from: Day,
    valid_until: Option<Day>,
}

impl ConsentRow {
    fn into_consent(self) -> Option<Consent> {
        let recipient = self.to_person.map(Recipient::Person).or(self.to_organization.map(Recipient::Organization))?;
        Some(Consent {
            id: self.id,
            person: self.person,
            purpose: self.purpose,
            recipient,
            period: period(Some(self.valid_from), self.valid_until),
        })
    }
}

/// Somebody who lets a recipient see something of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsentingRow {
    /// Who.
    pub person: PersonId,
    /// Given and family name.
    pub name: String,
    /// Their e-mail address; empty when they have none.
    pub email: String,
    /// Their registration number, when they have one.
    pub number: Option<String>,
    /// The purpose's code.
    pub purpose: String,
    /// From when until when.
    pub period: Period,
}

/// Somebody who has a tie to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TiedRow {
    /// Who.
    pub person: PersonId,
    /// Given and family name.
    pub name: String,
    /// While it lasts.
    pub period: Period,
}

impl Transaction {
    /// Gives a consent. One whose end has passed makes room for it.
    ///
    /// # Errors
    /// `Conflict` when this recipient has it already, for this purpose.
    pub async fn put_consent(
        &mut self,
        permit: &Permit<GiveConsent>,
        consent: &Consent,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        if permit.subject() != Some(consent.person) || permit.act().purpose != consent.purpose {
            return Err(StoreError::Unusable("a permit for another consent".into()));
        }
        let (to_person, to_organization) = match consent.recipient {
            Recipient::Person(id) => (Some(id), None),
            Recipient::Organization(id) => (None, Some(id)),
        };
        let (recipient, from) = (consent.recipient.to_string(), consent.period.from.map(Day));
        execute!(self, END_EXPIRED_CONSENT, consent.person, &consent.purpose, &recipient, from, now)?;
        execute!(
            self,
            INSERT_CONSENT,
            consent.id,
            consent.person,
            &consent.purpose,
            to_person,
            to_organization,
            &recipient,
            from,
            consent.period.until.map(Day),
            now,
        )?;
        // A refusal for want of this consent may be kept too.
        self.narrows();
        Ok(())
    }

    /// What somebody has consented to and not taken back, whatever the days; the oldest first.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn consents_of(&mut self, person: PersonId) -> Result<Vec<Consent>, StoreError> {
        let rows = fetch_all!(self, ConsentRow, CONSENTS_OF, person)?;
        Ok(rows.into_iter().filter_map(ConsentRow::into_consent).collect())
    }

    /// What `person` lets `recipient` see, whatever the days.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn consents_between(
        &mut self,
        person: PersonId,
        recipient: Recipient,
    ) -> Result<Vec<Consent>, StoreError> {
        let rows = fetch_all!(self, ConsentRow, CONSENTS_BETWEEN, person, recipient.to_string())?;
        Ok(rows.into_iter().filter_map(ConsentRow::into_consent).collect())
    }

    /// Who lets a recipient see something of them, whatever the days; by name.
    ///
    /// # Errors
    /// When the database does not answer, or the permit is for another recipient.
    pub async fn consents_to(
        &mut self,
        permit: &Permit<ListInsight>,
        recipient: Recipient,
    ) -> Result<Vec<ConsentingRow>, StoreError> {
        let theirs = match recipient {
            Recipient::Organization(id) => permit.organization() == Some(id),
            Recipient::Person(id) => permit.subject() == Some(id),
        };
        if !theirs {
            return Err(StoreError::Unusable("a permit for another recipient".into()));
        }
        type Row = (String, Day, Option<Day>, PersonId, String, String, String, Option<String>);
        let rows = fetch_all!(self, Row, CONSENTS_TO, recipient.to_string())?;
        let consenting = |(purpose, from, until, person, given, family, email, number): Row| ConsentingRow {
            person,
            name: format!("{given} {family}").trim().to_owned(),
            email,
            number,
            purpose,
            period: period(Some(from), until),
        };
        Ok(rows.into_iter().map(consenting).collect())
    }

    /// Takes back a consent. False when it was taken back already.
    ///
    /// # Errors
    /// When the database does not answer, or the permit is for another person's.
    pub async fn end_consent(
        &mut self,
        permit: &Permit<WithdrawConsent>,
        consent: &Consent,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        if permit.subject() != Some(consent.person) {
            return Err(StoreError::Unusable("a permit for another's consent".into()));
        }
        self.narrows();
        Ok(execute!(self, END_CONSENT, consent.person, consent.id, now)? == 1)
    }

    /// Ends what `person` lets `recipient` see for a purpose: what it rested on is gone. How many there were.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn end_consents_between(
        &mut self,
        person: PersonId,
        recipient: Recipient,
        purpose: &str,
        now: Timestamp,
    ) -> Result<u64, StoreError> {
        self.narrows();
        Ok(execute!(self, END_CONSENTS_BETWEEN, person, recipient.to_string(), purpose, now)?)
    }

    /// Ends what anybody lets `recipient` see: it is gone. Who did, and for which purpose.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn end_consents_to(
        &mut self,
        recipient: Recipient,
        now: Timestamp,
    ) -> Result<Vec<(PersonId, String)>, StoreError> {
        self.narrows();
        fetch_all!(self, (PersonId, String), END_CONSENTS_TO, recipient.to_string(), now)
    }

    /// Every organization that the register has, by name.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn organizations(&mut self) -> Result<Vec<Organization>, StoreError> {
        let rows = fetch_all!(self, (OrganizationId, String, Option<String>), ORGANIZATIONS)?;
        Ok(rows.into_iter().map(|(id, name, number)| Organization { id, name, number }).collect())
    }

    /// Every organization of the register that has this right on `today`, by name.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn entitled_organizations(&mut self, right: &str, today: Date) -> Result<Vec<Organization>, StoreError> {
        type Row = (OrganizationId, String, Option<String>);
        let rows = fetch_all!(self, Row, ENTITLED, right, Day(today))?;
        Ok(rows.into_iter().map(|(id, name, number)| Organization { id, name, number }).collect())
    }

    /// Who has this tie to somebody, whatever the days; by name.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn tied_to(&mut self, person: PersonId, tie: Tie) -> Result<Vec<TiedRow>, StoreError> {
        type Row = (PersonId, String, String, Option<Day>, Option<Day>);
        let rows = fetch_all!(self, Row, TIED_TO, person, tie.word())?;
        let tied = |(person, given, family, from, until): Row| TiedRow {
            person,
            name: format!("{given} {family}").trim().to_owned(),
            period: period(from, until),
        };
        Ok(rows.into_iter().map(tied).collect())
    }
}
