//! Who acts and for whom, as one audience knows them: what tokens are made from.

use super::{Core, login_rules, profiles};
use crate::{
    base::Timestamp,
    domain::{
        identifier::{ActingName, Bsn, EuropeanName, NationalNumber, NationalRegisterNumber},
        login_rule::Known as LoginKnown,
        mandate::Mandate,
        organization::{Management, Organization},
        period::Period,
        person::{Person, Registration},
        profile::Profile,
        tenant::{NationalNumberKind, Tenant},
    },
    policy::{Fact, Known},
    storage::{StoreError, Transaction, seal::Kind, sql::Session},
    token::claims::{ActingUnder, ActingWithin, Identity, Login, Named},
};

/// What is known of a profile in use.
#[derive(Debug)]
pub struct Portrait {
    /// Who acts.
    pub actor: Person,
    /// For whom, under which mandate.
    pub represented: Option<(Person, Mandate)>,
    /// Within, or for, which organization.
    pub organization: Option<Organization>,
    /// What the actor manages there.
    pub management: Management,
    /// The registration number that the profile is about.
    pub registration: Option<String>,
    /// The rights in force in the organization.
    pub rights: Vec<String>,
    /// What policy may know, apart from whom a request is about.
    pub facts: Vec<Fact>,
    /// What the registers' tables look at to say how the actor logs in.
    pub known: LoginKnown,
    /// While all of it is in force.
    pub period: Period,
}

/// Draws the portrait of a profile, when it still holds.
///
/// # Errors
/// When the database does not answer.
pub async fn portrait(
    tenant: &Tenant,
    transaction: &mut Transaction,
    profile: &Profile,
    now: Timestamp,
) -> Result<Option<Portrait>, StoreError> {
    let today = tenant.today(now);
    let Some(mut period) = profiles::holds(transaction, profile, today).await? else { return Ok(None) };
    let Some(actor) = transaction.person(profile.actor).await? else { return Ok(None) };
    let known = Known::of(tenant.id.clone(), profile.actor, today);
    let mut facts = Vec::new();
    let mut rights = Vec::new();
    let mut membership = None;
    let mut shorten = |until: Option<jiff::civil::Date>| {
        if let Some(until) = until {
            period.until = Some(period.until.map_or(until, |known| known.min(until)));
        }
    };
    if let Some(organization) = profile.organization {
        membership = transaction.membership(organization, profile.actor).await?;
        let held = transaction.organization_rights(organization).await?;
        if let Some(membership) = &membership {
            facts.extend(known.membership(membership));
            for grant in transaction.grants_of(organization, profile.actor).await? {
                // A right outlives neither its grant nor the organization's own right.
                let own = held.iter().find(|(right, period)| *right == grant.right && period.includes(today));
                if let (Some((_, own)), Some(fact)) = (own, known.grant(&grant, membership)) {
                    shorten(grant.period.until);
                    shorten(own.until);
                    rights.push(grant.right);
                    facts.push(fact);
                }
            }
        }
    }
    for held in transaction.roles(profile.actor).await? {
        if let Some(fact) = known.role(&held) {
            shorten(held.period.until);
            facts.push(fact);
        }
    }
    let mut represented = None;
    if let Some(chosen) = &profile.mandate {
        let mandate = transaction.mandate(chosen.mandate).await?;
        let person = transaction.person(chosen.person).await?;
        let (Some(mandate), Some(person)) = (mandate, person) else { return Ok(None) };
        let Some(fact) = known.mandate(&mandate, membership.as_ref()) else { return Ok(None) };
        facts.push(fact);
        represented = Some((person, mandate));
    } else {
        facts.push(known.oneself());
    }
    let login_known = login_rules::known(tenant, transaction, profile.actor, today).await?;
    let registrations = transaction.registrations(profile.principal()).await?;
    let registration = number_for(profile, &registrations, today);
    Ok(Some(Portrait {
        actor,
        represented,
        management: membership.as_ref().map_or(Management::None, |membership| membership.management),
        organization: membership.map(|membership| membership.organization),
        registration,
        rights,
        facts,
        known: login_known,
        period,
    }))
}

/// The registration number that a profile is about: that of its profession, or the mandator's only one.
fn number_for(profile: &Profile, registrations: &[Registration], today: jiff::civil::Date) -> Option<String> {
    let mut in_force = registrations.iter().filter(|r| r.period.includes(today));
    match (&profile.profession, &profile.mandate) {
        (Some(profession), _) => in_force.find(|r| r.profession == *profession)?.number.clone(),
        (None, Some(_)) => in_force.find_map(|r| r.number.clone()),
        (None, None) => in_force.find_map(|r| r.number.clone()),
    }
}

/// What an audience may know of people.
#[derive(Clone, Copy, Debug)]
pub struct Audience<'a> {
    /// The sector of its pseudonyms.
    pub sector: &'a str,
    /// Whether it may have the national number of whom a token is about.
    pub national_number: bool,
}

/// The identity as one audience knows it.
///
/// # Errors
/// When the database does not answer.
pub async fn identity(
    core: &Core,
    tenant: &Tenant,
    session: &Session,
    profile: &Profile,
    portrait: &Portrait,
    audience: Audience<'_>,
) -> Result<Identity, StoreError> {
    let mut transaction = core.store.read(&tenant.id).await?;
    if let Some(subs) = Subs::known(&mut transaction, portrait, audience).await? {
        return identity_of(core, tenant, &mut transaction, session, profile, portrait, audience, subs).await;
    }
    drop(transaction);
    let mut transaction = core.store.begin(&tenant.id).await?;
    let identity = identity_in(core, tenant, &mut transaction, session, profile, portrait, audience).await?;
    transaction.commit().await?;
    Ok(identity)
}

/// The same in a transaction that may write: the first time an audience hears of somebody, their pseudonym is made.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn identity_in(
    core: &Core,
    tenant: &Tenant,
    transaction: &mut Transaction,
    session: &Session,
    profile: &Profile,
    portrait: &Portrait,
    audience: Audience<'_>,
) -> Result<Identity, StoreError> {
    let actor = transaction.pseudonym(audience.sector, portrait.actor.id, &core.random).await?;
    let represented = match &portrait.represented {
        Some((person, _)) => Some(transaction.pseudonym(audience.sector, person.id, &core.random).await?),
        None => None,
    };
    let subs = Subs { actor, represented };
    identity_of(core, tenant, transaction, session, profile, portrait, audience, subs).await
}

/// The pseudonyms of who acts and of whom they act for.
struct Subs {
    actor: String,
    represented: Option<String>,
}

impl Subs {
    /// `None` when one of them was not made yet.
    async fn known(
        transaction: &mut Transaction,
        portrait: &Portrait,
        audience: Audience<'_>,
    ) -> Result<Option<Self>, StoreError> {
        let Some(actor) = transaction.known_pseudonym(audience.sector, portrait.actor.id).await? else {
            return Ok(None);
        };
        let Some((person, _)) = &portrait.represented else { return Ok(Some(Self { actor, represented: None })) };
        let represented = transaction.known_pseudonym(audience.sector, person.id).await?;
        Ok(represented.map(|sub| Self { actor, represented: Some(sub) }))
    }
}

#[expect(clippy::too_many_arguments, reason = "everything that an identity is made of comes together here")]
async fn identity_of(
    core: &Core,
    tenant: &Tenant,
    transaction: &mut Transaction,
    session: &Session,
    profile: &Profile,
    portrait: &Portrait,
    audience: Audience<'_>,
    subs: Subs,
) -> Result<Identity, StoreError> {
    let represented = portrait.represented.as_ref();
    let principal = represented.map_or(&portrait.actor, |(person, _)| person);
    let national_number = if audience.national_number {
        match transaction.national_number(principal.id).await? {
            Some(sealed) => open_number(core, tenant, principal, &sealed)?,
            None => None,
        }
    } else {
        None
    };
    let named = |person: &Person, sub: String, is_principal: bool| Named {
        sub,
        given_name: person.given_name.clone(),
        family_name: person.family_name.clone(),
        language: (person.id == portrait.actor.id).then_some(person.language),
        email: person.address().map(str::to_owned),
        registration: if is_principal { portrait.registration.clone() } else { None },
        national_number: if is_principal { national_number.clone() } else { None },
    };
    Ok(Identity {
        actor: named(&portrait.actor, subs.actor, represented.is_none()),
        represented: represented.zip(subs.represented).map(|((person, _), sub)| named(person, sub, true)),
        profile: profile.handle.clone(),
        capacity: profile.capacity,
        profession: profile.profession.clone(),
        organization: portrait.organization.as_ref().map(|organization| ActingWithin {
            id: organization.id.to_string(),
            name: organization.name.clone(),
            number: organization.number.clone(),
        }),
        mandate: represented.map(|(_, mandate)| ActingUnder {
            id: mandate.id.to_string(),
            scope: mandate.scope.clone(),
            until: mandate.period.until,
        }),
        rights: portrait.rights.clone(),
        login: Login {
            assurance: session.assurance,
            amr: tenant.amr(&session.means, session.assurance),
            at: session.authenticated_at,
        },
    })
}

fn open_number(
    core: &Core,
    tenant: &Tenant,
    person: &Person,
    sealed: &[u8],
) -> Result<Option<NationalNumber>, StoreError> {
    let digits = core
        .keys_of(tenant)?
        .sealer
        .open(Kind::NationalNumber, &person.id, sealed)
        .map_err(|error| StoreError::Unusable(format!("a sealed national number: {error}")))?;
    Ok(national_number(tenant, &digits))
}

/// The number of a tenant's kind that these digits are, or the name that stands in its place.
pub(super) fn national_number(tenant: &Tenant, digits: &[u8]) -> Option<NationalNumber> {
    let text = std::str::from_utf8(digits).unwrap_or_default();
    if let Ok(name) = ActingName::parse(text) {
        return Some(NationalNumber::Acting(name));
    }
    if let Ok(name) = EuropeanName::parse(text) {
        return Some(NationalNumber::European(name));
    }
    match tenant.national_number {
        NationalNumberKind::Bsn => Bsn::parse(text).ok().map(NationalNumber::Bsn),
        NationalNumberKind::NationalRegister => {
            NationalRegisterNumber::parse(text).ok().map(NationalNumber::NationalRegister)
        }
    }
}
