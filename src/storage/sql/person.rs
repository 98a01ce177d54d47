//! People, their registrations and roles, and the names by which audiences know them.

use super::{
    StoreError, Transaction, execute, fetch_all, fetch_optional,
    statement::statements,
    types::{Day, Tongue},
};
use crate::{
    base::{Random, Timestamp, id::PersonId, token::Token},
    domain::{
        period::Period,
        person::{HeldRole, Person, Registration, Role},
    },
};

statements! {
    UPSERT_PERSON = "INSERT INTO person (tenant, id, given_name, family_name, email, login_name, language, citizen_file) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (tenant, id) DO UPDATE SET given_name = excluded.given_name, \
        family_name = excluded.family_name, email = excluded.email, login_name = excluded.login_name, \
        language = excluded.language, citizen_file = excluded.citizen_file";
    PERSON = "SELECT id, given_name, family_name, email, language, citizen_file FROM person \
        WHERE tenant = $1 AND id = $2 AND closed_at IS NULL";
    PERSON_BY_LOGIN_NAME = "SELECT id, given_name, family_name, email, language, citizen_file FROM person \
        WHERE tenant = $1 AND login_name = $2 AND closed_at IS NULL";
    PERSON_REGISTERED_AS = "SELECT id, given_name, family_name, email, language, citizen_file FROM person \
        WHERE tenant = $1 AND closed_at IS NULL AND id = (SELECT CASE WHEN COUNT(DISTINCT r.person) = 1 THEN MIN(r.person) END \
        FROM registration r WHERE r.tenant = $1 AND r.number_base = $2)";
    CLOSE_PERSON = "UPDATE person SET closed_at = $3 WHERE tenant = $1 AND id = $2 AND closed_at IS NULL";
    UPSERT_REGISTRATION = "INSERT INTO registration (tenant, person, profession, number, number_base, complete, valid_from, \
        valid_until, certified_until) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) \
        ON CONFLICT (tenant, person, profession) DO UPDATE SET \
        number = excluded.number, number_base = excluded.number_base, complete = excluded.complete, \
        valid_from = excluded.valid_from, valid_until = excluded.valid_until, certified_until = excluded.certified_until";
    REGISTRATIONS = "SELECT profession, number, complete, valid_from, valid_until, certified_until FROM registration \
        WHERE tenant = $1 AND person = $2 ORDER BY profession";
    PERSON_BY_NUMBER = "SELECT DISTINCT person FROM registration WHERE tenant = $1 AND number_base = $2";
    UPSERT_ROLE = "INSERT INTO role (tenant, person, role, valid_from, valid_until) VALUES ($1, $2, $3, $4, $5) \
        ON CONFLICT (tenant, person, role) DO UPDATE SET valid_from = excluded.valid_from, valid_until = excluded.valid_until";
    ROLES = "SELECT role, valid_from, valid_until FROM role WHERE tenant = $1 AND person = $2 ORDER BY role";
    INSERT_PSEUDONYM = "INSERT INTO pseudonym (tenant, sector, person, value) VALUES ($1, $2, $3, $4) \
        ON CONFLICT (tenant, sector, person) DO NOTHING";
    PSEUDONYM = "SELECT value FROM pseudonym WHERE tenant = $1 AND sector = $2 AND person = $3";
    PERSON_BY_PSEUDONYM = "SELECT person FROM pseudonym WHERE tenant = $1 AND sector = $2 AND value = $3";
}

#[derive(sqlx_macros::FromRow)]
pub(super) struct PersonRow {
    id: PersonId,
    given_name: String,
    family_name: String,
    email: String,
    language: Tongue,
    citizen_file: bool,
}

impl From<PersonRow> for Person {
    fn from(row: PersonRow) -> Self {
        Person {
            id: row.id,
            given_name: row.given_name,
            family_name: row.family_name,
            email: row.email,
            language: row.language.0,
            citizen_file: row.citizen_file,
        }
    }
}

#[derive(sqlx_macros::FromRow)]
struct RegistrationRow {
    profession: String,
    number: Option<String>,
    complete: bool,
    valid_from: Option<Day>,
    valid_until: Option<Day>,
    certified_until: Option<Day>,
}

pub(super) fn period(from: Option<Day>, until: Option<Day>) -> Period {
    Period::new(from.map(|day| day.0), until.map(|day| day.0))
}

/// What a person logs in with: their address folded, or for who has none a name that is nobody's address.
fn own_login_name(person: &Person) -> String {
    match person.email.as_str() {
        "" => person.id.to_string(),
        address => login_name(address),
    }
}

/// An address folded for logging in: without blanks around it, in lower case.
pub(super) fn login_name(address: &str) -> String {
    address.trim().to_lowercase()
}

impl Transaction {
    /// Writes a person as the register knows them.
    ///
    /// # Errors
    /// `Conflict` when somebody else has this e-mail address (LOGIN-10).
    pub async fn put_person(&mut self, person: &Person) -> Result<(), StoreError> {
        self.narrows();
        execute!(
            self,
            UPSERT_PERSON,
            person.id,
            &person.given_name,
            &person.family_name,
            &person.email,
            own_login_name(person),
            Tongue(person.language),
            person.citizen_file,
        )?;
        self.note_registrant(person.id).await
    }

    /// A person whose account is open.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn person(&mut self, id: PersonId) -> Result<Option<Person>, StoreError> {
        Ok(fetch_optional!(self, PersonRow, PERSON, id)?.map(Person::from))
    }

    /// The person who logs in with this address.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn person_by_login_name(&mut self, address: &str) -> Result<Option<Person>, StoreError> {
        Ok(fetch_optional!(self, PersonRow, PERSON_BY_LOGIN_NAME, login_name(address))?.map(Person::from))
    }

    /// The one person with this registration number whose account is open; nobody when several have it.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn person_registered_as(&mut self, number_base: &str) -> Result<Option<Person>, StoreError> {
        Ok(fetch_optional!(self, PersonRow, PERSON_REGISTERED_AS, number_base)?.map(Person::from))
    }

    /// Closes an account; whoever is logged in with it is out at the next request, and their clients are to be told.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn close_person(&mut self, id: PersonId, now: Timestamp) -> Result<bool, StoreError> {
        self.narrows();
        self.note_logouts_of(id, now).await?;
        Ok(execute!(self, CLOSE_PERSON, id, now)? == 1)
    }

    /// Writes a registration. `number_base` is the part of its number that says who it is.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn put_registration(
        &mut self,
        person: PersonId,
        registration: &Registration,
        number_base: Option<&str>,
    ) -> Result<(), StoreError> {
        self.narrows();
        execute!(
            self,
            UPSERT_REGISTRATION,
            person,
            &registration.profession,
            &registration.number,
            number_base,
            registration.complete,
            registration.period.from.map(Day),
            registration.period.until.map(Day),
            registration.certified_until.map(Day),
        )?;
        self.note_registrant(person).await
    }

    /// A person's registrations.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn registrations(&mut self, person: PersonId) -> Result<Vec<Registration>, StoreError> {
        let rows = fetch_all!(self, RegistrationRow, REGISTRATIONS, person)?;
        Ok(rows
            .into_iter()
            .map(|row| Registration {
                profession: row.profession,
                number: row.number,
                complete: row.complete,
                period: period(row.valid_from, row.valid_until),
                certified_until: row.certified_until.map(|day| day.0),
            })
            .collect())
    }

    /// The one person with this registration number; nobody when several have it.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn person_by_number(&mut self, number_base: &str) -> Result<Option<PersonId>, StoreError> {
        let rows = fetch_all!(self, (PersonId,), PERSON_BY_NUMBER, number_base)?;
        Ok(match rows.as_slice() {
            [(person,)] => Some(*person),
            _ => None,
        })
    }

    /// Writes a role.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn put_role(&mut self, person: PersonId, held: &HeldRole) -> Result<(), StoreError> {
        self.narrows();
        execute!(self, UPSERT_ROLE, person, held.role, held.period.from.map(Day), held.period.until.map(Day))?;
        Ok(())
    }

    /// A person's roles.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn roles(&mut self, person: PersonId) -> Result<Vec<HeldRole>, StoreError> {
        let rows = fetch_all!(self, (Role, Option<Day>, Option<Day>), ROLES, person)?;
        Ok(rows.into_iter().map(|(role, from, until)| HeldRole { role, period: period(from, until) }).collect())
    }

    /// The pseudonym of a person in a sector, made when there is none yet (random and stored).
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn pseudonym(&mut self, sector: &str, person: PersonId, random: &Random) -> Result<String, StoreError> {
        if let Some(value) = self.known_pseudonym(sector, person).await? {
            return Ok(value);
        }
        execute!(self, INSERT_PSEUDONYM, sector, person, Token::new(random).reveal())?;
        self.known_pseudonym(sector, person).await?.ok_or(StoreError::Conflict)
    }

    /// The pseudonym of a person in a sector, when there is one.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn known_pseudonym(&mut self, sector: &str, person: PersonId) -> Result<Option<String>, StoreError> {
        Ok(fetch_optional!(self, (String,), PSEUDONYM, sector, person)?.map(|(value,)| value))
    }

    /// Who is known by this pseudonym in a sector.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn person_by_pseudonym(&mut self, sector: &str, value: &str) -> Result<Option<PersonId>, StoreError> {
        Ok(fetch_optional!(self, (PersonId,), PERSON_BY_PSEUDONYM, sector, value)?.map(|(id,)| id))
    }
}
