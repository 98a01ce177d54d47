//! Consents: a person lets an employer or an appraiser see something of them, or lets their name and address be passed on, and takes
//! that back (INSIGHT-1 to INSIGHT-4).
//!
//! What a recipient sees by it is a route of a register like any other, and [`super::access`] lets it through or not; a name and
//! address that are passed on stand in the list of [`insight`], and nothing else of the person does. The account, and the consents in it, are the person's: no organization gives or ends them.

use jiff::civil::Date;

use super::{Core, identities, sessions::SignedIn};
use crate::{
    base::id::{ConsentId, PersonId},
    domain::{
        audit::Event,
        consent::{Consent, ConsentRefused, Givers, Purpose, Recipient, Recipients, Seen, days},
        organization::Organization,
        period::Period,
        tenant::Tenant,
    },
    policy::{
        Act, Denial, Permit, Question, Target,
        action::{GiveConsent, ListInsight, ReadConsents, WithdrawConsent},
    },
    storage::{StoreError, Transaction, sql::ConsentingRow},
};

/// Why it cannot be done.
#[derive(Debug, thiserror::Error)]
pub enum ConsentError {
    /// No profile was chosen, or it holds no longer.
    #[error("no profile is in use")]
    NoProfile,
    /// Policy does not allow it.
    #[error("denied: {0}")]
    Denied(Denial),
    /// It cannot be given like this.
    #[error(transparent)]
    Refused(#[from] ConsentRefused),
    /// This recipient has it already.
    #[error("this recipient has it already")]
    HasIt,
    /// There is no such consent any more.
    #[error("there is no such consent")]
    Gone,
    /// The database does not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Somebody, or an organization, to whom a consent can be given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Who.
    pub recipient: Recipient,
    /// Their name.
    pub name: String,
    /// The tie that a consent to them rests on.
    rests_on: Option<Period>,
}

/// What somebody consented to for one purpose, and to whom they still can.
#[derive(Debug)]
pub struct Overview {
    /// The consents that stand, with the name of the recipient; the oldest first.
    pub given: Vec<(Consent, String)>,
    /// Whom they can choose, by name.
    pub candidates: Vec<Candidate>,
}

/// What somebody consented to for this purpose.
///
/// # Errors
/// `Denied` for who acts as somebody else than themselves.
pub async fn overview(
    core: &Core,
    tenant: &Tenant,
    signed_in: &SignedIn,
    purpose: &Purpose,
) -> Result<Overview, ConsentError> {
    let outcome = look(core, tenant, signed_in, purpose).await;
    noted(core, tenant, signed_in, "consent.read", outcome).await
}

async fn look(core: &Core, tenant: &Tenant, signed_in: &SignedIn, purpose: &Purpose) -> Result<Overview, ConsentError> {
    let (person, today) = (signed_in.person.id, tenant.today(core.now()));
    let mut transaction = core.store.read(&tenant.id).await?;
    let _may_look = ask(core, tenant, &mut transaction, signed_in, ReadConsents, Target::Person(person)).await?;
    let candidates = candidates(&mut transaction, person, purpose, today).await?;
    let mut given = Vec::new();
    for consent in transaction.consents_of(person).await? {
        if consent.purpose == purpose.code && !consent.period.is_over(today) {
            let name = name_of(&mut transaction, consent.recipient).await?;
            given.push((consent, name));
        }
    }
    Ok(Overview { given, candidates })
}

/// Whom a person can choose for this purpose today.
async fn candidates(
    transaction: &mut Transaction,
    person: PersonId,
    purpose: &Purpose,
    today: Date,
) -> Result<Vec<Candidate>, StoreError> {
    if purpose.givers == Givers::Outsiders {
        let belongs = transaction.memberships(person).await?.iter().any(|m| m.period.includes(today));
        if belongs {
            return Ok(Vec::new());
        }
    }
    let organization = |organization: Organization| Candidate {
        recipient: Recipient::Organization(organization.id),
        name: organization.name,
        rests_on: None,
    };
    Ok(match &purpose.recipients {
        Recipients::Organizations => transaction.organizations().await?.into_iter().map(organization).collect(),
        Recipients::Entitled(right) => {
            transaction.entitled_organizations(right, today).await?.into_iter().map(organization).collect()
        }
        Recipients::Tied(tie) => transaction
            .tied_to(person, *tie)
            .await?
            .into_iter()
            .filter(|tied| tied.period.includes(today))
            .map(|tied| Candidate {
                recipient: Recipient::Person(tied.person),
                name: tied.name,
                rests_on: Some(tied.period),
            })
            .collect(),
    })
}

async fn name_of(transaction: &mut Transaction, recipient: Recipient) -> Result<String, StoreError> {
    Ok(match recipient {
        Recipient::Organization(id) => transaction.organization(id).await?.map(|organization| organization.name),
        Recipient::Person(id) => transaction.person_even_closed(id).await?.map(|person| person.name()),
    }
    .unwrap_or_default())
}

/// Lets a recipient see what the purpose says, from today on, until a day when one is named. Says who it is.
///
/// # Errors
/// `Refused` when the recipient cannot be chosen or the day is over, `HasIt` when it stands already.
pub async fn give(
    core: &Core,
    tenant: &Tenant,
    signed_in: &SignedIn,
    purpose: &Purpose,
    recipient: &str,
    until: Option<Date>,
) -> Result<String, ConsentError> {
    let outcome = consent_to(core, tenant, signed_in, purpose, recipient, until).await;
    noted(core, tenant, signed_in, "consent.give", outcome).await
}

async fn consent_to(
    core: &Core,
    tenant: &Tenant,
    signed_in: &SignedIn,
    purpose: &Purpose,
    recipient: &str,
    until: Option<Date>,
) -> Result<String, ConsentError> {
    let now = core.now();
    let (person, today) = (signed_in.person.id, tenant.today(now));
    let mut transaction = core.store.begin(&tenant.id).await?;
    let act = GiveConsent { purpose: purpose.code.clone() };
    let permit = ask(core, tenant, &mut transaction, signed_in, act, Target::Person(person)).await?;
    let candidates = candidates(&mut transaction, person, purpose, today).await?;
    let chosen = candidates.into_iter().find(|candidate| candidate.recipient.to_string() == recipient);
    let chosen = chosen.ok_or(ConsentRefused::NoRecipient)?;
    let period = days(today, until, chosen.rests_on.as_ref())?;
    let id = ConsentId::new(&core.random);
    let consent = Consent { id, person, purpose: purpose.code.clone(), recipient: chosen.recipient, period };
    match transaction.put_consent(&permit, &consent, now).await {
        Err(StoreError::Conflict) => return Err(ConsentError::HasIt),
        other => other?,
    }
    let mut event = about(core, signed_in, "consent.given", &consent).with("rule", permit.rule());
    if let Some(until) = period.until {
        event = event.with("until", until.to_string());
    }
    transaction.record(&event).await?;
    transaction.commit().await?;
    Ok(chosen.name)
}

/// Takes a consent back: at the recipient's next request there is nothing to see. Says whose it was.
///
/// # Errors
/// `Gone` when it was taken back already, or is another person's.
pub async fn withdraw(
    core: &Core,
    tenant: &Tenant,
    signed_in: &SignedIn,
    id: ConsentId,
) -> Result<String, ConsentError> {
    let outcome = take_back(core, tenant, signed_in, id).await;
    noted(core, tenant, signed_in, "consent.withdraw", outcome).await
}

async fn take_back(core: &Core, tenant: &Tenant, signed_in: &SignedIn, id: ConsentId) -> Result<String, ConsentError> {
    let (person, now) = (signed_in.person.id, core.now());
    let mut transaction = core.store.begin(&tenant.id).await?;
    let permit = ask(core, tenant, &mut transaction, signed_in, WithdrawConsent, Target::Person(person)).await?;
    let consent = transaction.consents_of(person).await?.into_iter().find(|consent| consent.id == id);
    let consent = consent.ok_or(ConsentError::Gone)?;
    if !transaction.end_consent(&permit, &consent, now).await? {
        return Err(ConsentError::Gone);
    }
    let name = name_of(&mut transaction, consent.recipient).await?;
    let event = about(core, signed_in, "consent.withdrawn", &consent).with("rule", permit.rule());
    transaction.record(&event).await?;
    transaction.commit().await?;
    Ok(name)
}

/// Who lets this person, or the organization within which they act, see something; by name. A look at the list is in the audit
/// log before it is shown.
///
/// # Errors
/// `Denied` for who is no recipient of anything.
pub async fn insight(core: &Core, tenant: &Tenant, signed_in: &SignedIn) -> Result<Vec<ConsentingRow>, ConsentError> {
    let outcome = list(core, tenant, signed_in).await;
    let rows = noted(core, tenant, signed_in, "insight.read", outcome).await?;
    let mut event = core.event("insight.read").by(signed_in.person.id).in_session(signed_in.session.id);
    event.organization = signed_in.profile.as_ref().and_then(|profile| profile.organization);
    core.record(tenant, event.with("found", rows.len().to_string())).await?;
    // Whose address was passed on can ask to whom (AUDIT-1).
    for row in rows.iter().filter(|row| tenant.purpose(&row.purpose).is_some_and(|p| p.seen == Seen::Contact)) {
        let mut event = core.event("contact.passed_on").by(signed_in.person.id).about(row.person);
        event = event.in_session(signed_in.session.id).with("purpose", row.purpose.clone());
        event.organization = signed_in.profile.as_ref().and_then(|profile| profile.organization);
        core.record(tenant, event).await?;
    }
    Ok(rows)
}

async fn list(core: &Core, tenant: &Tenant, signed_in: &SignedIn) -> Result<Vec<ConsentingRow>, ConsentError> {
    let (person, today) = (signed_in.person.id, tenant.today(core.now()));
    let mut transaction = core.store.read(&tenant.id).await?;
    let organization = signed_in.profile.as_ref().and_then(|profile| profile.organization);
    let (recipient, target) = match organization {
        Some(id) => (Recipient::Organization(id), Target::Organization(id)),
        None => (Recipient::Person(person), Target::Person(person)),
    };
    let permit = ask(core, tenant, &mut transaction, signed_in, ListInsight, target).await?;
    let mut rows = Vec::new();
    for row in transaction.consents_to(&permit, recipient).await? {
        let Some(purpose) = tenant.purpose(&row.purpose).filter(|_| row.period.includes(today)) else { continue };
        // A consent shows nothing once the tie is over that it rests on.
        let rests = match &purpose.recipients {
            Recipients::Organizations => true,
            Recipients::Entitled(right) => {
                let held = match organization {
                    Some(id) => transaction.organization_rights(id).await?,
                    None => Vec::new(),
                };
                held.iter().any(|(held, period)| held == right && period.includes(today))
            }
            Recipients::Tied(tie) => {
                let ties = transaction.ties(person, *tie, row.person).await?;
                ties.iter().any(|period| period.includes(today))
            }
        };
        if rests {
            rows.push(row);
        }
    }
    Ok(rows)
}

/// Asks policy, with what is known of the profile in use.
async fn ask<A: Act>(
    core: &Core,
    tenant: &Tenant,
    transaction: &mut Transaction,
    signed_in: &SignedIn,
    act: A,
    target: Target,
) -> Result<Permit<A>, ConsentError> {
    let profile = signed_in.profile.as_ref().ok_or(ConsentError::NoProfile)?;
    let portrait = identities::portrait(tenant, transaction, profile, core.now()).await?;
    let portrait = portrait.ok_or(ConsentError::NoProfile)?;
    let question = Question::new(&tenant.id, profile, signed_in.session.assurance, act, target, portrait.facts);
    core.policies.authorize(question).map_err(ConsentError::Denied)
}

/// Writes down what was refused (AUDIT-1), once no transaction is open.
async fn noted<T>(
    core: &Core,
    tenant: &Tenant,
    signed_in: &SignedIn,
    action: &'static str,
    outcome: Result<T, ConsentError>,
) -> Result<T, ConsentError> {
    let reason = match &outcome {
        Err(ConsentError::Denied(denial)) => denial.to_string(),
        Err(ConsentError::Refused(refused)) => refused.to_string(),
        Err(gone @ ConsentError::Gone) => gone.to_string(),
        _ => return outcome,
    };
    let mut event = core
        .event("access.refused")
        .by(signed_in.person.id)
        .in_session(signed_in.session.id)
        .with("action", action)
        .with("reason", reason);
    event.organization = signed_in.profile.as_ref().and_then(|profile| profile.organization);
    core.record(tenant, event).await?;
    outcome
}

fn about(core: &Core, signed_in: &SignedIn, kind: &'static str, consent: &Consent) -> Event {
    let event = core
        .event(kind)
        .by(signed_in.person.id)
        .about(consent.person)
        .in_session(signed_in.session.id)
        .with("purpose", consent.purpose.clone());
    match consent.recipient {
        Recipient::Organization(id) => Event { organization: Some(id), ..event },
        Recipient::Person(id) => event.with("recipient", id.to_string()),
    }
}
