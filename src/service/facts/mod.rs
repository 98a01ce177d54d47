//! What registers push, and take away again (FACTS-1).
//!
//! | module | |
//! |---|---|
//! | `put` | a fact is so |
//! | `withdraw` | a fact is so no longer |
//! | [`snapshot`] | a register says all that it has of a kind: what is missing ends |
//!
//! A change that changes nothing writes nothing. What is refused has written nothing either, so that the rows beside it are
//! kept. Every other change has its line in the audit log in its own transaction.

mod put;
pub mod snapshot;
mod withdraw;

use std::str::FromStr;

use jiff::civil::Date;

use super::Core;
use crate::{
    base::{
        Timestamp,
        id::{MandateId, OrganizationId, PersonId},
    },
    domain::{
        audit::Event,
        fact::{Change, Fact, Kind, RegisterKey, Which},
        identifier::NihdiNumber,
        person::Person,
        tenant::{NationalNumberKind, Tenant},
    },
    storage::{StoreError, Transaction, seal::SealError, sql::Pushed},
};

/// Changes that one transaction makes at most: whoever else wants to write waits no longer than that.
pub const AT_ONCE: usize = 100;

/// What came of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The fact is new, or is so again.
    Created,
    /// It says something else than before.
    Changed,
    /// It was so already; nothing was written.
    Unchanged,
    /// It is so no longer.
    Withdrawn,
    /// There was nothing to take away.
    NotThere,
}

/// Why a change is refused. Nothing of it was written. `member` is what is wrong in what the register said, by its name in the
/// interface; no value stands here that could be a national number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// What a fact is about is not known, or was taken away.
    Unknown {
        /// Which member names it.
        member: &'static str,
    },
    /// The tenant has no such code.
    UnknownCode {
        /// Which member has it.
        member: &'static str,
        /// Those that there are.
        known: Vec<String>,
    },
    /// The number is not one of the kind that the tenant's organizations have.
    InvalidNumber {
        /// Which member has it.
        member: &'static str,
    },
    /// Somebody else has it.
    Taken {
        /// What they have.
        member: &'static str,
    },
    /// Both are the same person.
    WithOneself {
        /// Which member names the second.
        member: &'static str,
    },
    /// It cannot change: another mandate is another identifier.
    Fixed {
        /// What is said differently.
        member: &'static str,
    },
    /// One of both ended the mandate: it does not come back.
    Ended,
    /// People belong to the organization, or it has rights or mandates.
    InUse,
    /// Somebody wrote the same at the same time.
    Raced,
}

/// Why a change stops.
enum Stopped {
    Refused(Refused),
    Store(StoreError),
}

impl From<Refused> for Stopped {
    fn from(refused: Refused) -> Self {
        Stopped::Refused(refused)
    }
}

impl From<StoreError> for Stopped {
    fn from(error: StoreError) -> Self {
        Stopped::Store(error)
    }
}

impl From<SealError> for Stopped {
    fn from(error: SealError) -> Self {
        Stopped::Store(StoreError::Unusable(format!("a national number: {error}")))
    }
}

/// Makes the changes that the register behind `client` pushes, in their order; what came of each, in the same order. One that
/// is refused leaves the others as they are.
///
/// # Errors
/// When the database does not answer. Changes before may have been made: pushed again they change nothing.
pub async fn push(
    core: &Core,
    tenant: &Tenant,
    client: &str,
    changes: &[Change],
) -> Result<Vec<Result<Outcome, Refused>>, StoreError> {
    let mut outcomes = Vec::with_capacity(changes.len());
    for part in changes.chunks(AT_ONCE) {
        match together(core, tenant, client, part).await {
            Ok(done) => outcomes.extend(done),
            // Somebody wrote the same at once. Each by itself, so that only what is in conflict is refused.
            Err(StoreError::Conflict) => {
                for change in part {
                    match together(core, tenant, client, std::slice::from_ref(change)).await {
                        Ok(done) => outcomes.extend(done),
                        Err(StoreError::Conflict) => outcomes.push(Err(Refused::Raced)),
                        Err(error) => return Err(error),
                    }
                }
            }
            Err(error) => return Err(error),
        }
    }
    Ok(outcomes)
}

/// Writes down that something was refused to a register.
///
/// # Errors
/// When the database does not answer.
pub async fn refused(core: &Core, tenant: &Tenant, client: &str, what: &str) -> Result<(), StoreError> {
    core.record(tenant, core.event("fact.refused").with("client", client).with("what", what)).await
}

/// Makes changes in one transaction.
async fn together(
    core: &Core,
    tenant: &Tenant,
    client: &str,
    changes: &[Change],
) -> Result<Vec<Result<Outcome, Refused>>, StoreError> {
    let now = core.now();
    let transaction = core.store.begin(&tenant.id).await?;
    let mut pushing = Pushing { core, tenant, client, now, today: tenant.today(now), transaction };
    let mut outcomes = Vec::with_capacity(changes.len());
    for change in changes {
        let done = match change {
            Change::Put(fact) => pushing.put(fact).await,
            Change::Withdraw(which) => pushing.withdraw(which).await,
        };
        outcomes.push(match done {
            Ok(outcome) => Ok(outcome),
            Err(Stopped::Refused(refused)) => Err(refused),
            Err(Stopped::Store(error)) => return Err(error),
        });
    }
    pushing.transaction.commit().await?;
    Ok(outcomes)
}

/// Changes under way.
struct Pushing<'a> {
    core: &'a Core,
    tenant: &'a Tenant,
    client: &'a str,
    now: Timestamp,
    today: Date,
    transaction: Transaction,
}

impl Pushing<'_> {
    async fn put(&mut self, fact: &Fact) -> Result<Outcome, Stopped> {
        match fact {
            Fact::Person { person, about } => self.person(person, about).await,
            Fact::Role { person, held } => self.role(person, held).await,
            Fact::Registration { person, registration } => self.registration(person, registration).await,
            Fact::Tie { person, tie, other, period } => self.tie(person, *tie, other, *period).await,
            Fact::Organization { organization, name, number } => {
                self.organization(organization, name, number.as_deref()).await
            }
            Fact::Right { organization, right, period } => self.right(organization, right, *period).await,
            Fact::Member { organization, person, belonging } => self.member(organization, person, belonging).await,
            Fact::Mandate { mandate, given } => self.mandate(mandate, given).await,
        }
    }

    /// The row that a register's identifier stands for, also when it was taken away.
    async fn row<I: FromStr>(&mut self, kind: Kind, key: &RegisterKey) -> Result<Option<(I, Pushed)>, StoreError> {
        let Some(pushed) = self.transaction.pushed(kind, key.as_str()).await? else { return Ok(None) };
        match pushed.id.as_deref().map(str::parse) {
            Some(Ok(id)) => Ok(Some((id, pushed))),
            _ => Err(StoreError::Unusable(format!("the {kind} {key} has no row"))),
        }
    }

    /// The row of something that stands.
    async fn standing<I: FromStr>(
        &mut self,
        kind: Kind,
        key: &RegisterKey,
        member: &'static str,
    ) -> Result<I, Stopped> {
        let row = self.row(kind, key).await?.filter(|(_, pushed)| pushed.withdrawn_at.is_none());
        Ok(row.ok_or(Refused::Unknown { member })?.0)
    }

    async fn standing_person(&mut self, key: &RegisterKey, member: &'static str) -> Result<PersonId, Stopped> {
        self.standing(Kind::Person, key, member).await
    }

    async fn standing_organization(
        &mut self,
        key: &RegisterKey,
        member: &'static str,
    ) -> Result<OrganizationId, Stopped> {
        self.standing(Kind::Organization, key, member).await
    }

    /// The end of a change that changes nothing: who said it last is noted, and nothing else.
    async fn unchanged(&mut self, which: &Which, id: Option<&str>, pushed: &Pushed) -> Result<Outcome, Stopped> {
        if pushed.source != self.client {
            self.transaction.note_pushed(which, id, self.client, pushed.pushed_at).await?;
        }
        Ok(Outcome::Unchanged)
    }

    /// The end of every other one: it is noted, and has its line in the audit log.
    async fn written(
        &mut self,
        which: &Which,
        id: Option<&str>,
        before: Option<&Pushed>,
        about: impl FnOnce(Event) -> Event,
    ) -> Result<Outcome, Stopped> {
        self.transaction.note_pushed(which, id, self.client, self.now).await?;
        let stood = before.is_some_and(|pushed| pushed.withdrawn_at.is_none());
        let event = self.event(if stood { "fact.changed" } else { "fact.pushed" }, which);
        self.transaction.record(&about(event)).await?;
        Ok(if stood { Outcome::Changed } else { Outcome::Created })
    }

    fn event(&self, kind: &'static str, which: &Which) -> Event {
        self.core.event(kind).with("client", self.client).with("kind", which.kind().word()).with("fact", which.key())
    }

    /// Lets a mandator's holders find them by their name and number of today.
    async fn known_by(&mut self, person: &Person) -> Result<(), StoreError> {
        let base = self.number_of(person.id).await?;
        self.transaction.know_mandator_by(person, base.as_deref()).await
    }

    /// The part that says who it is of a person's registration number.
    async fn number_of(&mut self, person: PersonId) -> Result<Option<String>, StoreError> {
        let registrations = self.transaction.registrations(person).await?;
        Ok(registrations.into_iter().find_map(|registration| registration.number).map(|n| number_base(self.tenant, &n)))
    }
}

/// The part of a registration number that says who it is: the first eight digits of a RIZIV number, else all of it.
#[must_use]
pub fn number_base(tenant: &Tenant, number: &str) -> String {
    nihdi(tenant, number).map_or_else(|| number.to_owned(), |nihdi| nihdi.base().to_owned())
}

/// A RIZIV number, where people have those.
fn nihdi(tenant: &Tenant, number: &str) -> Option<NihdiNumber> {
    (tenant.national_number == NationalNumberKind::NationalRegister).then(|| NihdiNumber::parse(number).ok()).flatten()
}

/// Says of a line whom it is about.
fn about_person(person: PersonId) -> impl FnOnce(Event) -> Event {
    move |event| event.about(person)
}

fn about_organization(organization: OrganizationId) -> impl FnOnce(Event) -> Event {
    move |mut event| {
        event.organization = Some(organization);
        event
    }
}

fn about_mandate(mandate: MandateId, mandator: PersonId) -> impl FnOnce(Event) -> Event {
    move |event| {
        let mut event = event.about(mandator);
        event.mandate = Some(mandate);
        event
    }
}
