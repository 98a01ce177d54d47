//! A fact is so: each kind looks at what is known, refuses what cannot be, and writes what is different.

use std::{
    collections::BTreeMap,
    ops::ControlFlow::{self, Break, Continue},
};

use super::{
    super::{pairings, user_names},
    Outcome, Pushing, Refused, Stopped, about_mandate, about_organization, about_person, nihdi, number_base,
};
use crate::{
    base::id::{MandateId, OrganizationId, PersonId},
    domain::{
        fact::{AboutPerson, Belonging, GivenMandate, HolderKey, Kind, RegisterKey, Which},
        identifier::{CompanyNumber, EnterpriseNumber},
        lookup::sought_names,
        mandate::{Holder, Mandate},
        organization::Organization,
        period::Period,
        person::{HeldRole, Person, Registration, Tie},
        tenant::{NationalNumberKind, Texts},
    },
    storage::{StoreError, seal, sql::Pushed},
};

/// Whether two family names are, or have as a part, the same one.
fn share_a_name(one: &str, other: &str) -> bool {
    let names = sought_names(other);
    sought_names(one).iter().any(|name| names.contains(name))
}

impl Pushing<'_> {
    pub(super) async fn person(&mut self, key: &RegisterKey, about: &AboutPerson) -> Result<Outcome, Stopped> {
        let keys = self.core.keys_of(self.tenant)?;
        let sealer = &keys.sealer;
        let number = about.national_number.as_ref();
        let index = number.map(|number| sealer.lookup(number.kind(), number.reveal()));
        let same_number = match &index {
            Some(index) => self.transaction.person_by_national_number(index).await?,
            None => None,
        };
        let noted = self.row::<PersonId>(Kind::Person, key).await?;
        let id = match (&noted, same_number) {
            (Some((id, _)), _) => *id,
            // Somebody who came by themselves, and whom the register says now who they are.
            (None, Some(id)) if self.transaction.register_key_of(Kind::Person, &id.to_string()).await?.is_none() => id,
            (None, None) => match self.self_made(&about.email).await? {
                // Another name is another person: then the address is taken.
                Some(made) if !share_a_name(&made.family_name, &about.family_name) => {
                    return Err(Refused::Taken { member: "email" }.into());
                }
                Some(made) => {
                    // What they are now, they prove anew.
                    self.transaction.end_sessions_of(made.id, self.now).await?;
                    self.transaction.end_attempts_of(made.id, self.now).await?;
                    made.id
                }
                None => PersonId::new(&self.core.random),
            },
            (None, Some(_)) => PersonId::new(&self.core.random),
        };
        if same_number.is_some_and(|other| other != id) {
            return Err(Refused::Taken { member: "national_number" }.into());
        }
        if self.transaction.login_name_owner(&about.email).await?.is_some_and(|other| other != id) {
            return Err(Refused::Taken { member: "email" }.into());
        }
        let person = Person {
            id,
            given_name: about.given_name.clone(),
            family_name: about.family_name.clone(),
            email: about.email.clone(),
            language: about.language,
            citizen_file: about.citizen_file,
        };
        let before = self.transaction.person_even_closed(id).await?;
        let new_number = number.filter(|_| same_number != Some(id));
        let (which, row) = (Which::Person(key.clone()), id.to_string());
        let noted = noted.map(|(_, pushed)| pushed);
        if let Some(pushed) = noted.as_ref().filter(|pushed| pushed.withdrawn_at.is_none())
            && before.as_ref() == Some(&person)
            && new_number.is_none()
        {
            return self.unchanged(&which, Some(&row), pushed).await;
        }
        if before.as_ref() != Some(&person) {
            self.transaction.put_person(&person).await?;
        }
        if before.as_ref().is_some_and(|before| before.email != person.email) {
            // What was mailed to the former address opens nothing any more.
            self.transaction.end_reset_links_of(id, self.now).await?;
            self.transaction.end_attempts_of(id, self.now).await?;
        }
        if let (Some(number), Some(index)) = (new_number, &index) {
            let sealed = sealer.seal(seal::Kind::NationalNumber, &id, number.reveal().as_bytes())?;
            self.transaction.put_national_number(id, &sealed, index).await?;
        }
        if let Some(at) = noted.as_ref().and_then(|pushed| pushed.withdrawn_at) {
            self.transaction.reopen_person(id, at).await?;
        }
        if before.is_some() {
            self.known_by(&person).await?;
        }
        self.written(&which, Some(&row), noted.as_ref(), about_person(id)).await
    }

    /// Who made an account themselves, and has confirmed this address by it: no register knows them yet.
    async fn self_made(&mut self, email: &str) -> Result<Option<Person>, StoreError> {
        if self.tenant.self_registration.is_none() {
            return Ok(None);
        }
        let Some(person) = self.transaction.person_by_login_name(email).await? else { return Ok(None) };
        let known = self.transaction.register_key_of(Kind::Person, &person.id.to_string()).await?.is_some()
            || self.transaction.national_number(person.id).await?.is_some();
        Ok((!known).then_some(person))
    }

    pub(super) async fn role(&mut self, key: &RegisterKey, held: &HeldRole) -> Result<Outcome, Stopped> {
        let person = self.standing_person(key, "person").await?;
        let which = Which::Role(key.clone(), held.role);
        let same = self.transaction.roles(person).await?.contains(held);
        let Continue(noted) = self.unless(&which, same).await? else { return Ok(Outcome::Unchanged) };
        if !same {
            self.transaction.put_role(person, held).await?;
        }
        self.written(&which, None, noted.as_ref(), about_person(person)).await
    }

    pub(super) async fn registration(
        &mut self,
        key: &RegisterKey,
        registration: &Registration,
    ) -> Result<Outcome, Stopped> {
        let id = self.standing_person(key, "person").await?;
        known_code("profession", &registration.profession, &self.tenant.professions)?;
        let canonical = |number: &String| {
            nihdi(self.tenant, number).map_or_else(|| number.clone(), |nihdi| nihdi.as_str().to_owned())
        };
        let registration = Registration { number: registration.number.as_ref().map(canonical), ..registration.clone() };
        let base = registration.number.as_ref().map(|number| number_base(self.tenant, number));
        if let Some(base) = &base
            && self.transaction.number_is_anothers(base, id).await?
        {
            return Err(Refused::Taken { member: "number" }.into());
        }
        let before = self.transaction.registrations(id).await?;
        let same = before.contains(&registration);
        let which = Which::Registration(key.clone(), registration.profession.clone());
        let Continue(noted) = self.unless(&which, same).await? else { return Ok(Outcome::Unchanged) };
        if !same {
            self.transaction.put_registration(id, &registration, base.as_deref()).await?;
            self.number_has_changed(id).await?;
            if !registration.complete || !registration.period.includes(self.today) {
                pairings::end_with_profession(self.core, &mut self.transaction, id, &registration.profession).await?;
            }
            if let Some(number) = registration.number.as_ref().filter(|_| before.iter().all(|r| r.number.is_none())) {
                user_names::welcome(self.core, self.tenant, &mut self.transaction, id, number).await?;
            }
        }
        self.written(&which, None, noted.as_ref(), about_person(id)).await
    }

    /// A registration was written or taken away: mandates are found by the number that is left.
    pub(super) async fn number_has_changed(&mut self, id: PersonId) -> Result<(), StoreError> {
        match self.transaction.person_even_closed(id).await? {
            Some(person) => self.known_by(&person).await,
            None => Ok(()),
        }
    }

    pub(super) async fn tie(
        &mut self,
        key: &RegisterKey,
        tie: Tie,
        other_key: &RegisterKey,
        period: Period,
    ) -> Result<Outcome, Stopped> {
        let person = self.standing_person(key, "person").await?;
        let other = self.standing_person(other_key, "other").await?;
        if person == other {
            return Err(Refused::WithOneself { member: "other" }.into());
        }
        let before = self.transaction.ties(person, tie, other).await?;
        let same = before.contains(&period);
        let which = Which::Tie(key.clone(), tie, other_key.clone());
        let Continue(noted) = self.unless(&which, same).await? else { return Ok(Outcome::Unchanged) };
        if !same {
            self.transaction.put_tie(person, tie, other, period).await?;
            // It is over, or an earlier one was: then this is a new one under the same name.
            let today = self.today;
            if !period.includes(today) || before.iter().any(|earlier| !earlier.includes(today)) {
                self.end_what_rested_on(person, tie, other).await?;
            }
        }
        self.written(&which, None, noted.as_ref(), about_person(person)).await
    }

    pub(super) async fn organization(
        &mut self,
        key: &RegisterKey,
        name: &str,
        number: Option<&str>,
    ) -> Result<Outcome, Stopped> {
        let number = number.map(|number| self.enterprise_number(number)).transpose()?;
        let noted = self.row::<OrganizationId>(Kind::Organization, key).await?;
        let id = noted.as_ref().map_or_else(|| OrganizationId::new(&self.core.random), |(id, _)| *id);
        let organization = Organization { id, name: name.to_owned(), number };
        let before = self.transaction.organization(id).await?;
        let same = before.as_ref() == Some(&organization);
        let (which, row) = (Which::Organization(key.clone()), id.to_string());
        let noted = noted.map(|(_, pushed)| pushed);
        if let Some(pushed) = noted.as_ref().filter(|pushed| same && pushed.withdrawn_at.is_none()) {
            return self.unchanged(&which, Some(&row), pushed).await;
        }
        if !same {
            self.transaction.put_organization(&organization).await?;
            if before.is_some_and(|before| before.number != organization.number) {
                // Who acts for a number acts for no other.
                let last = self.today.yesterday().unwrap_or(self.today);
                self.transaction.end_vouched_memberships(id, last).await?;
            }
        }
        self.written(&which, Some(&row), noted.as_ref(), about_organization(id)).await
    }

    /// Canonical digits where enterprise numbers are known, else as the register writes it; of another country's what eIDAS calls it.
    fn enterprise_number(&self, number: &str) -> Result<String, Refused> {
        if let Ok(european) = CompanyNumber::european(number.trim()) {
            return Ok(european.to_string());
        }
        match self.tenant.national_number {
            NationalNumberKind::NationalRegister => EnterpriseNumber::parse(number)
                .map(|number| number.as_str().to_owned())
                .map_err(|_| Refused::InvalidNumber { member: "number" }),
            NationalNumberKind::Bsn => {
                Ok(CompanyNumber::parse(number).map_or_else(|_| number.to_owned(), |number| number.to_string()))
            }
        }
    }

    pub(super) async fn right(&mut self, key: &RegisterKey, right: &str, period: Period) -> Result<Outcome, Stopped> {
        let organization = self.standing_organization(key, "organization").await?;
        known_code("right", right, &self.tenant.rights)?;
        let held = self.transaction.organization_rights(organization).await?;
        let same = held.iter().any(|(known, during)| known == right && *during == period);
        let which = Which::Right(key.clone(), right.to_owned());
        let Continue(noted) = self.unless(&which, same).await? else { return Ok(Outcome::Unchanged) };
        if !same {
            self.transaction.put_organization_right(organization, right, period).await?;
        }
        self.written(&which, None, noted.as_ref(), about_organization(organization)).await
    }

    pub(super) async fn member(
        &mut self,
        key: &RegisterKey,
        person_key: &RegisterKey,
        belonging: &Belonging,
    ) -> Result<Outcome, Stopped> {
        let organization = self.standing_organization(key, "organization").await?;
        let person = self.standing_person(person_key, "person").await?;
        for (right, _) in belonging.entrusted.iter().flatten() {
            known_code("entrusted", right, &self.tenant.rights)?;
        }
        let Belonging { representative, management, period, entrusted } = belonging;
        let before = self.transaction.membership(organization, person).await?;
        let same_membership = before.is_some_and(|before| {
            before.representative == *representative && before.management == *management && before.period == *period
        });
        let new_entrusted = match entrusted {
            None => None,
            Some(entrusted) => {
                let mut entrusted = entrusted.clone();
                entrusted.sort_by(|(a, _), (b, _)| a.cmp(b));
                (self.transaction.entrusted_rights(organization, person).await? != entrusted).then_some(entrusted)
            }
        };
        let which = Which::Member(key.clone(), person_key.clone());
        let same = same_membership && new_entrusted.is_none();
        let Continue(noted) = self.unless(&which, same).await? else { return Ok(Outcome::Unchanged) };
        if !same_membership {
            let (representative, management) = (*representative, *management);
            self.transaction.put_membership(organization, person, representative, management, *period).await?;
        }
        if let Some(rights) = &new_entrusted {
            self.transaction.replace_entrusted_rights(organization, person, rights).await?;
        }
        let about = move |event| about_organization(organization)(about_person(person)(event));
        self.written(&which, None, noted.as_ref(), about).await
    }

    pub(super) async fn mandate(&mut self, key: &RegisterKey, given: &GivenMandate) -> Result<Outcome, Stopped> {
        let mandator = self.standing_person(&given.mandator, "mandator").await?;
        let holder = match &given.holder {
            HolderKey::Person(key) => Holder::Person(self.standing_person(key, "holder").await?),
            HolderKey::Organization(key) => Holder::Organization(self.standing_organization(key, "holder").await?),
        };
        if holder == Holder::Person(mandator) {
            return Err(Refused::WithOneself { member: "holder" }.into());
        }
        known_code("scope", &given.scope, &self.tenant.mandate_scopes)?;
        let (which, period) = (Which::Mandate(key.clone()), given.period);
        let Some((id, pushed)) = self.row::<MandateId>(Kind::Mandate, key).await? else {
            let (id, accepted, scope) = (MandateId::new(&self.core.random), given.accepted, given.scope.clone());
            let mandate = Mandate { id, mandator, holder, scope, period, accepted, ended: false };
            let unreadable = || StoreError::Unusable("a person that stands has no row".into());
            let person = self.transaction.person_even_closed(mandator).await?.ok_or_else(unreadable)?;
            let base = self.number_of(mandator).await?;
            self.transaction.put_mandate(&mandate, &person, base.as_deref(), self.now).await?;
            return self.written(&which, Some(&id.to_string()), None, about_mandate(id, mandator)).await;
        };
        let unreadable = || StoreError::Unusable("a mandate that was pushed has no row".into());
        let before = self.transaction.mandate(id).await?.ok_or_else(unreadable)?;
        let fixed = [
            ("mandator", before.mandator == mandator),
            ("holder", before.holder == holder),
            ("scope", before.scope == given.scope),
        ];
        if let Some((member, _)) = fixed.into_iter().find(|(_, same)| !same) {
            return Err(Refused::Fixed { member }.into());
        }
        if before.ended {
            let revived = match pushed.withdrawn_at {
                Some(at) => self.transaction.revive_mandate(id, at).await?,
                None => false,
            };
            if !revived {
                return Err(Refused::Ended.into());
            }
        } else if before.period == period && (before.accepted || !given.accepted) {
            return self.unchanged(&which, Some(&id.to_string()), &pushed).await;
        }
        let renewed = Mandate { period, ..before };
        self.transaction.renew_mandate(&renewed, given.accepted.then_some(self.now)).await?;
        self.written(&which, Some(&id.to_string()), Some(&pushed), about_mandate(id, mandator)).await
    }

    /// What was noted of a fact that has no row of its own. `Break` when it stands already as it was said: nothing is to do.
    async fn unless(&mut self, which: &Which, same: bool) -> Result<ControlFlow<(), Option<Pushed>>, Stopped> {
        let noted = self.transaction.pushed(which.kind(), &which.key()).await?;
        if let Some(pushed) = noted.as_ref().filter(|pushed| same && pushed.withdrawn_at.is_none()) {
            self.unchanged(which, None, pushed).await?;
            return Ok(Break(()));
        }
        Ok(Continue(noted))
    }
}

/// Whether the tenant's file has this code.
fn known_code(member: &'static str, code: &str, codes: &BTreeMap<String, Texts>) -> Result<(), Refused> {
    match codes.contains_key(code) {
        true => Ok(()),
        false => Err(Refused::UnknownCode { member, known: codes.keys().cloned().collect() }),
    }
}
