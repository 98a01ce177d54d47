//! Rights in an organization: who has them, granting and taking back (ORG-1).

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::{Core, outbox, sessions::SignedIn};
use crate::{
    base::id::{GrantId, OrganizationId, PersonId},
    domain::{
        organization::{Grant, GrantRefused, GrantRequest, Management, Membership, Organization},
        period::Period,
        person::Person,
        tenant::Tenant,
    },
    notify::mail::Mail,
    policy::{
        Act, Denial, Fact, Known, Permit, Question, Target,
        action::{GrantRight, ReadMembers, RevokeRight},
    },
    storage::{StoreError, Transaction, sql::MemberRow},
};

/// Why it cannot be done.
#[derive(Debug, thiserror::Error)]
pub enum RightsError {
    /// The profile is not within an organization, or the membership has ended.
    #[error("not within an organization")]
    NotWithin,
    /// Policy does not allow it.
    #[error("denied: {0}")]
    Denied(Denial),
    /// The grant goes too far.
    #[error(transparent)]
    Refused(#[from] GrantRefused),
    /// The member has this right already.
    #[error("the member has this right already")]
    HasIt,
    /// There is no such grant any more.
    #[error("there is no such grant")]
    Gone,
    /// The database does not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The page of an organization, as its access manager sees it.
#[derive(Debug)]
pub struct Overview {
    /// Which.
    pub organization: Organization,
    /// Its members with their rights.
    pub members: Vec<(MemberRow, Vec<Grant>)>,
    /// The rights that this manager may grant today, and until when at most.
    pub grantable: Vec<(String, Option<Date>)>,
}

/// Where the person acts: the organization of their profile.
struct Within {
    membership: Membership,
    facts: Vec<Fact>,
    today: Date,
}

async fn within(
    core: &Core,
    tenant: &Tenant,
    transaction: &mut Transaction,
    signed_in: &SignedIn,
) -> Result<Within, RightsError> {
    let today = tenant.today(core.now());
    let organization = signed_in.profile.as_ref().and_then(|p| p.organization).ok_or(RightsError::NotWithin)?;
    let membership = transaction
        .membership(organization, signed_in.person.id)
        .await?
        .filter(|m| m.period.includes(today))
        .ok_or(RightsError::NotWithin)?;
    let known = Known::of(tenant.id.clone(), signed_in.person.id, today);
    let facts = known.membership(&membership).collect();
    Ok(Within { membership, facts, today })
}

fn ask<A: Act>(
    core: &Core,
    tenant: &Tenant,
    signed_in: &SignedIn,
    within: &Within,
    act: A,
) -> Result<Permit<A>, RightsError> {
    let profile = signed_in.profile.as_ref().ok_or(RightsError::NotWithin)?;
    let target = Target::Organization(within.membership.organization.id);
    let question =
        Question::new(&tenant.id, profile, signed_in.session.assurance, act, target, within.facts.iter().cloned());
    core.policies.authorize(question).map_err(RightsError::Denied)
}

/// The organization's members and rights, for who manages them.
///
/// # Errors
/// `Denied` for who does not.
pub async fn overview(core: &Core, tenant: &Tenant, signed_in: &SignedIn) -> Result<Overview, RightsError> {
    let outcome = look(core, tenant, signed_in).await;
    noted(core, tenant, signed_in, "members.read", outcome).await
}

/// Writes down what policy denied (AUDIT-1), once no transaction is open.
async fn noted<T>(
    core: &Core,
    tenant: &Tenant,
    signed_in: &SignedIn,
    action: &'static str,
    outcome: Result<T, RightsError>,
) -> Result<T, RightsError> {
    if let Err(RightsError::Denied(denial)) = &outcome {
        let mut event = core
            .event("access.refused")
            .by(signed_in.person.id)
            .in_session(signed_in.session.id)
            .with("action", action)
            .with("reason", denial.to_string());
        event.organization = signed_in.profile.as_ref().and_then(|profile| profile.organization);
        core.record(tenant, event).await?;
    }
    outcome
}

async fn look(core: &Core, tenant: &Tenant, signed_in: &SignedIn) -> Result<Overview, RightsError> {
    let mut transaction = core.store.read(&tenant.id).await?;
    let within = within(core, tenant, &mut transaction, signed_in).await?;
    let permit = ask(core, tenant, signed_in, &within, ReadMembers)?;
    let organization = within.membership.organization.clone();
    let mut grants: BTreeMap<PersonId, Vec<Grant>> = BTreeMap::new();
    for grant in transaction.grants_in(organization.id).await? {
        if !grant.period.is_over(within.today) {
            grants.entry(grant.person).or_default().push(grant);
        }
    }
    let members = transaction.members(&permit, organization.id).await?;
    let members = members
        .into_iter()
        .filter(|member| !member.period.is_over(within.today))
        .map(|member| {
            let own = grants.remove(&member.person).unwrap_or_default();
            (member, own)
        })
        .collect();
    let has = transaction.organization_rights(organization.id).await?;
    let entrusted = transaction.entrusted_rights(organization.id, signed_in.person.id).await?;
    let chief = within.membership.management == Management::ChiefAccessManager;
    let grantable = has
        .into_iter()
        .filter(|(_, period)| period.includes(within.today))
        .filter_map(|(right, period)| {
            let own = entrusted.iter().find(|(r, p)| *r == right && p.includes(within.today)).map(|(_, p)| p.until);
            match (chief, own) {
                (true, _) => Some((right, period.until)),
                (false, Some(until)) => Some((right, earlier(period.until, until))),
                (false, None) => None,
            }
        })
        .collect();
    Ok(Overview { organization, members, grantable })
}

fn earlier(a: Option<Date>, b: Option<Date>) -> Option<Date> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (one, other) => one.or(other),
    }
}

/// Grants a right to a member until a day, that day included. The member is told by mail.
///
/// # Errors
/// `Refused` when it goes beyond what the organization or the manager has, or is to oneself.
pub async fn grant(
    core: &Core,
    tenant: &Tenant,
    signed_in: &SignedIn,
    to: PersonId,
    right: &str,
    until: Date,
) -> Result<(), RightsError> {
    let outcome = give(core, tenant, signed_in, to, right, until).await;
    noted(core, tenant, signed_in, "right.grant", outcome).await
}

async fn give(
    core: &Core,
    tenant: &Tenant,
    signed_in: &SignedIn,
    to: PersonId,
    right: &str,
    until: Date,
) -> Result<(), RightsError> {
    let now = core.now();
    let by = signed_in.person.id;
    let mut transaction = core.store.begin(&tenant.id).await?;
    let within = within(core, tenant, &mut transaction, signed_in).await?;
    let permit = ask(core, tenant, signed_in, &within, GrantRight { to, right: right.to_owned() })?;
    let organization = within.membership.organization.id;
    let period_of = |rights: Vec<(String, Period)>| rights.into_iter().find(|(r, _)| r == right).map(|(_, p)| p);
    let organization_has = period_of(transaction.organization_rights(organization).await?);
    let entrusted = period_of(transaction.entrusted_rights(organization, by).await?);
    let membership = transaction.membership(organization, to).await?;
    let request = GrantRequest {
        by,
        management: within.membership.management,
        managing: &within.membership.period,
        entrusted: entrusted.as_ref(),
        organization_has: organization_has.as_ref(),
        to,
        membership: membership.as_ref().map(|m| &m.period),
        until,
        today: within.today,
    };
    let period = match request.check() {
        Ok(period) => period,
        Err(refused) => {
            let event = about(core, signed_in, "right.grant_refused", organization, to)
                .with("right", right)
                .with("reason", refused.to_string());
            transaction.record(&event).await?;
            transaction.commit().await?;
            return Err(refused.into());
        }
    };
    let grant = Grant { id: GrantId::new(&core.random), person: to, right: right.to_owned(), period, granted_by: by };
    match transaction.put_grant(&permit, organization, &grant, now).await {
        Err(StoreError::Conflict) => return Err(RightsError::HasIt),
        other => other?,
    }
    let event = about(core, signed_in, "right.granted", organization, to)
        .with("right", right)
        .with("until", until.to_string())
        .with("rule", permit.rule());
    transaction.record(&event).await?;
    if let Some(person) = transaction.person(to).await? {
        let mail = Mail::RightGranted {
            organization: &within.membership.organization.name,
            right: label(tenant, right, &person),
            manager: &signed_in.person.name(),
            until,
        };
        outbox::write(core, tenant, &mut transaction, &person, &mail).await?;
    }
    transaction.commit().await?;
    core.wake_outbox.notify_one();
    Ok(())
}

/// Takes a right back. The member's next request no longer has it; they are told by mail.
///
/// # Errors
/// `Gone` when it was taken back already, or is another organization's; `Refused` when this manager could not grant it either.
pub async fn revoke(core: &Core, tenant: &Tenant, signed_in: &SignedIn, id: GrantId) -> Result<(), RightsError> {
    let outcome = take_back(core, tenant, signed_in, id).await;
    noted(core, tenant, signed_in, "right.revoke", outcome).await
}

async fn take_back(core: &Core, tenant: &Tenant, signed_in: &SignedIn, id: GrantId) -> Result<(), RightsError> {
    let now = core.now();
    let mut transaction = core.store.begin(&tenant.id).await?;
    let within = within(core, tenant, &mut transaction, signed_in).await?;
    let organization = within.membership.organization.id;
    let grant = transaction.grant(organization, id).await?;
    let Some(grant) = grant else {
        // Whether there is such a grant is told to nobody who may not take it back.
        let _may_look = ask(core, tenant, signed_in, &within, ReadMembers)?;
        return Err(RightsError::Gone);
    };
    let act = RevokeRight { from: grant.person, right: grant.right.clone() };
    let permit = ask(core, tenant, signed_in, &within, act)?;
    // As with granting: a chief may take back everything, others what was entrusted to them.
    let entrusted = transaction.entrusted_rights(organization, signed_in.person.id).await?;
    let theirs = entrusted.iter().any(|(right, period)| *right == grant.right && period.includes(within.today));
    if within.membership.management != Management::ChiefAccessManager && !theirs {
        let refused = GrantRefused::BeyondManager;
        let event = about(core, signed_in, "right.revoke_refused", organization, grant.person)
            .with("right", grant.right)
            .with("reason", refused.to_string());
        transaction.record(&event).await?;
        transaction.commit().await?;
        return Err(refused.into());
    }
    if !transaction.end_grant(&permit, organization, id, now).await? {
        return Err(RightsError::Gone);
    }
    let event = about(core, signed_in, "right.revoked", organization, grant.person)
        .with("right", grant.right.clone())
        .with("rule", permit.rule());
    transaction.record(&event).await?;
    if let Some(person) = transaction.person(grant.person).await? {
        let mail = Mail::RightRevoked {
            organization: &within.membership.organization.name,
            right: label(tenant, &grant.right, &person),
            manager: &signed_in.person.name(),
        };
        outbox::write(core, tenant, &mut transaction, &person, &mail).await?;
    }
    transaction.commit().await?;
    core.wake_outbox.notify_one();
    Ok(())
}

/// A right that a member does not have, though their organization could give it.
#[derive(Debug)]
pub struct MissingRight {
    /// Where.
    pub organization: Organization,
    /// The right's code.
    pub right: String,
    /// Who can give it.
    pub managers: Vec<String>,
}

/// The rights that a person's organizations have and they have not (PROFILE-5).
///
/// # Errors
/// When the database does not answer.
pub async fn missing(
    core: &Core,
    tenant: &Tenant,
    person: PersonId,
    memberships: &[Membership],
) -> Result<Vec<MissingRight>, StoreError> {
    let today = tenant.today(core.now());
    let mut missing = Vec::new();
    for membership in memberships {
        let organization = &membership.organization;
        let mut transaction = core.store.read(&tenant.id).await?;
        let held = transaction.grants_of(organization.id, person).await?;
        let lacking: Vec<String> = transaction
            .organization_rights(organization.id)
            .await?
            .into_iter()
            .filter(|(right, period)| {
                let has = held.iter().any(|grant| grant.right == *right && grant.period.includes(today));
                period.includes(today) && !has
            })
            .map(|(right, _)| right)
            .collect();
        drop(transaction);
        if lacking.is_empty() {
            continue;
        }
        let managers = access_managers(core, tenant, organization.id).await?;
        missing.extend(lacking.into_iter().map(|right| MissingRight {
            organization: organization.clone(),
            right,
            managers: managers.clone(),
        }));
    }
    Ok(missing)
}

/// Who can give rights in an organization: the names that its own members may know (PROFILE-5).
///
/// # Errors
/// When the database does not answer.
pub async fn access_managers(
    core: &Core,
    tenant: &Tenant,
    organization: OrganizationId,
) -> Result<Vec<String>, StoreError> {
    let today = tenant.today(core.now());
    let mut transaction = core.store.read(&tenant.id).await?;
    let managers = transaction.managers(organization).await?;
    Ok(managers.into_iter().filter(|m| m.period.includes(today)).map(|m| m.name).collect())
}

fn label<'a>(tenant: &'a Tenant, right: &'a str, person: &Person) -> &'a str {
    tenant.rights.get(right).map_or(right, |texts| texts.get(tenant.language([person.language])))
}

fn about(
    core: &Core,
    signed_in: &SignedIn,
    kind: &'static str,
    organization: OrganizationId,
    member: PersonId,
) -> crate::domain::audit::Event {
    let mut event = core.event(kind).by(signed_in.person.id).about(member).in_session(signed_in.session.id);
    event.organization = Some(organization);
    event
}
