//! Writes the invented people into the database.
//!
//! What is there already stays as it is: on a second start with the same data, a changed password, an ended mandate and a
//! right that was taken back are as somebody left them. What a newer demo has invented is added. One transaction a tenant:
//! all of it, or nothing.

use std::collections::HashMap;

use zeroize::Zeroizing;

use super::{
    DemoError,
    clients::REGISTER,
    marker,
    people::{HeldBy, Invented, Mandated, Organized, PASSWORD, World, organization_key, phone, worlds},
};
use crate::{
    base::{Timestamp, id::TenantId},
    domain::{
        fact::{RegisterKey, Which},
        identifier::{Bsn, NationalNumber, NationalRegisterNumber},
        mandate::{Holder, Mandate},
        organization::Organization,
        period::Period,
        person::{HeldRole, Person},
        tenant::{NationalNumberKind, Tenant},
    },
    login::new_password::NewPassword,
    service::{Core, facts::number_base},
    storage::{Store, StoreError, Transaction, seal::Kind},
};

/// What a sample register knows of people besides what a token says: which training plans are theirs, by the pseudonym that
/// the register knows them by. A register in earnest learns it when it first meets somebody.
pub(super) type Acquaintances = HashMap<String, Vec<String>>;

/// Refuses a database that somebody has used for something else: nobody wants people with a known password there. To be
/// asked before the tenants' keys are made.
///
/// # Errors
/// When a tenant has keys and none of the invented people.
pub(super) async fn admit(store: &Store, tenants: impl IntoIterator<Item = &TenantId>) -> Result<(), DemoError> {
    for tenant in tenants {
        let used = !store.read(tenant).await?.tenant_keys().await?.is_empty();
        if used && marker::in_data(store, [tenant]).await?.is_none() {
            return Err(DemoError::NotADemos(tenant.clone()));
        }
    }
    Ok(())
}

/// Writes everybody who is not there yet, in the tenants that are.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn seed<'t>(
    core: &Core,
    tenants: impl IntoIterator<Item = &'t Tenant>,
) -> Result<Acquaintances, DemoError> {
    // One hash for all: it costs as much as everything else together. Only `PASSWORD` is behind it, which is public.
    let password = NewPassword::check(Zeroizing::new(PASSWORD.to_owned()), &[]).map_err(|_| DemoError::Password)?;
    let hash = core.methods.passwords().hash(password).await.map_err(|_| DemoError::Password)?;
    let now = core.now();
    let mut acquaintances = Acquaintances::new();
    for tenant in tenants {
        let worlds = worlds(tenant.today(now));
        let Some(world) = worlds.iter().find(|world| world.tenant == tenant.id.as_str()) else { continue };
        let mut writing =
            Writing { core, tenant, world, hash: hash.as_str(), now, transaction: core.store.begin(&tenant.id).await? };
        for person in &world.people {
            writing.person(person).await?;
        }
        for organization in &world.organizations {
            writing.organization(organization).await?;
        }
        for mandate in &world.mandates {
            writing.mandate(mandate).await?;
        }
        for (person, tie, other) in &world.ties {
            let (id, other_id) = (marker::person(world.tenant, person), marker::person(world.tenant, other));
            if writing.transaction.ties(id, *tie, other_id).await?.is_empty() {
                writing.transaction.put_tie(id, *tie, other_id, Period::default()).await?;
                let (person, other) = (key(&world.register_key(person))?, key(&world.register_key(other))?);
                writing.note(&Which::Tie(person, *tie, other), None).await?;
            }
        }
        writing.introduce(&mut acquaintances).await?;
        writing.transaction.commit().await?;
    }
    Ok(acquaintances)
}

/// The register's own identifier.
fn key(text: &str) -> Result<RegisterKey, DemoError> {
    text.parse().map_err(|_| DemoError::Key(text.to_owned()))
}

struct Writing<'a> {
    core: &'a Core,
    tenant: &'a Tenant,
    world: &'a World,
    hash: &'a str,
    now: Timestamp,
    transaction: Transaction,
}

impl Writing<'_> {
    async fn person(&mut self, invented: &Invented) -> Result<(), DemoError> {
        let id = invented.id(self.world.tenant);
        // Also of who was closed: then everything is there.
        if self.transaction.national_number(id).await?.is_some() {
            return Ok(());
        }
        let person = Person {
            id,
            given_name: invented.given.into(),
            family_name: invented.family.into(),
            email: invented.email(),
            language: invented.language,
            citizen_file: invented.citizen_file,
        };
        let register_key = key(&invented.register_key())?;
        self.transaction.put_person(&person).await?;
        self.note(&Which::Person(register_key.clone()), Some(id.to_string())).await?;
        let sealer = &self.core.keys_of(self.tenant)?.sealer;
        let number = self.national_number(invented)?;
        let sealed = sealer.seal(Kind::NationalNumber, &id, number.reveal().as_bytes())?;
        let lookup = sealer.lookup(number.kind(), number.reveal());
        self.transaction.put_national_number(id, &sealed, &lookup).await?;
        for registration in &invented.registrations {
            let base = registration.number.as_deref().map(|number| number_base(self.tenant, number));
            self.transaction.put_registration(id, registration, base.as_deref()).await?;
            let which = Which::Registration(register_key.clone(), registration.profession.clone());
            self.note(&which, None).await?;
        }
        for role in &invented.roles {
            self.transaction.put_role(id, &HeldRole { role: *role, period: Period::default() }).await?;
            self.note(&Which::Role(register_key.clone(), *role), None).await?;
        }
        if invented.login.is_some() {
            let secret = sealer.seal(Kind::TotpSecret, &id, invented.authenticator(self.world.tenant).secret())?;
            self.transaction.put_password(id, self.hash, false, self.now).await?;
            self.transaction.put_authenticator(id, &secret).await?;
            if let Some(number) = phone(self.world.tenant, &invented.key()) {
                let sealed = sealer.seal(Kind::Phone, &id, number.as_bytes())?;
                self.transaction.put_phone(id, &sealed).await?;
                self.transaction.verify_phone(id, &sealed, self.now).await?;
            }
        }
        Ok(())
    }

    fn national_number(&self, invented: &Invented) -> Result<NationalNumber, DemoError> {
        let digits = &invented.national_number;
        let number = match self.tenant.national_number {
            NationalNumberKind::Bsn => Bsn::parse(digits).map(NationalNumber::Bsn),
            NationalNumberKind::NationalRegister => {
                NationalRegisterNumber::parse(digits).map(NationalNumber::NationalRegister)
            }
        };
        number.map_err(|_| DemoError::Number(invented.name()))
    }

    async fn organization(&mut self, organized: &Organized) -> Result<(), DemoError> {
        let id = self.world.organization_id(organized.name);
        let register_key = key(&organization_key(organized.name))?;
        if self.transaction.organization(id).await?.is_none() {
            let organization = Organization { id, name: organized.name.into(), number: organized.number.clone() };
            self.transaction.put_organization(&organization).await?;
            self.note(&Which::Organization(register_key.clone()), Some(id.to_string())).await?;
            for (right, period) in &organized.rights {
                self.transaction.put_organization_right(id, right, *period).await?;
                self.note(&Which::Right(register_key.clone(), (*right).to_owned()), None).await?;
            }
        }
        for member in &organized.members {
            let person = marker::person(self.world.tenant, member.person);
            if self.transaction.membership(id, person).await?.is_none() {
                self.transaction
                    .put_membership(id, person, member.representative, member.management, Period::default())
                    .await?;
                for (right, period) in &member.entrusted {
                    self.transaction.put_entrusted_right(id, person, right, *period).await?;
                }
                let member = key(&self.world.register_key(member.person))?;
                self.note(&Which::Member(register_key.clone(), member), None).await?;
            }
        }
        Ok(())
    }

    async fn mandate(&mut self, mandated: &Mandated) -> Result<(), DemoError> {
        let id = mandated.id(self.world.tenant);
        let mandator = marker::person(self.world.tenant, &mandated.mandator);
        if self.transaction.mandate(id).await?.is_some() {
            return Ok(());
        }
        // Who closed their account gives no mandate.
        let Some(person) = self.transaction.person(mandator).await? else { return Ok(()) };
        let mandate = Mandate {
            id,
            mandator,
            holder: match mandated.holder {
                HeldBy::Person(key) => Holder::Person(marker::person(self.world.tenant, key)),
                HeldBy::Organization(name) => Holder::Organization(self.world.organization_id(name)),
            },
            scope: mandated.scope.into(),
            period: mandated.period,
            accepted: mandated.accepted,
            ended: mandated.ended,
        };
        let number = self.world.person(&mandated.mandator).and_then(Invented::number);
        let number = number.map(|number| number_base(self.tenant, number));
        self.transaction.put_mandate(&mandate, &person, number.as_deref(), self.now).await?;
        self.note(&Which::Mandate(key(&mandated.register_key(self.world))?), Some(id.to_string())).await
    }

    /// Notes that it comes from the register, which can take it away by its own identifiers.
    async fn note(&mut self, which: &Which, id: Option<String>) -> Result<(), DemoError> {
        Ok(self.transaction.note_pushed(which, id.as_deref(), REGISTER, self.now).await?)
    }

    /// Tells the registers by which pseudonyms they know the people of their training plans.
    async fn introduce(&mut self, acquaintances: &mut Acquaintances) -> Result<(), StoreError> {
        let Some(backend) = self.tenant.backends.first() else { return Ok(()) };
        for (key, plan) in super::registers::plans(self.world) {
            let person = marker::person(self.world.tenant, key);
            let sub = self.transaction.pseudonym(&backend.audience, person, &self.core.random).await?;
            acquaintances.entry(sub).or_default().push(plan);
        }
        Ok(())
    }
}
