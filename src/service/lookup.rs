//! Anyone looks up, without a login, whether somebody is registered or certified (LOOKUP-1). What they are told is a name, a
//! number, and what that person is in which register; nothing is opened for it that is sealed.
//!
//! It is bounded against being emptied: how often one address asks, how often all ask together, and how many one question finds.
//! Whoever finds nobody had the same questions asked of the database as who finds somebody.

use std::net::IpAddr;

use super::{
    Core,
    addresses::{self, Asked, NotHeard},
    facts::number_base,
};
use crate::{
    domain::{
        lookup::{LookedUp, LookupTerms, Registrant, RegistrantStatus},
        tenant::Tenant,
    },
    policy::{Denial, Permit, Question, action::LookUp},
    storage::{Store, StoreError, sql::RegistrantRow},
};

/// Registrants whose names one transaction writes that had none.
const NAMELESS: u32 = 500;

/// Why nothing is looked up.
#[derive(Debug, thiserror::Error)]
pub enum LookupError {
    /// No register of this tenant is open to anyone.
    #[error("nothing here is open to anyone")]
    Closed,
    /// Policy does not allow it.
    #[error("denied: {0}")]
    Denied(Denial),
    /// Too often, or the refusal could not be written down.
    #[error(transparent)]
    NotHeard(#[from] NotHeard),
    /// The database does not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What anybody is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// Those who are registered; often none.
    These(Vec<Registrant>),
    /// More than are told at once: none of them is.
    TooMany,
}

/// Looks somebody up. A line of the audit log is kept before the answer: how it was looked up, how many were found, and about
/// whom it was when that is one person. What somebody typed stands in no line: it could be about anybody.
///
/// # Errors
/// `Closed` when no register is open, `NotHeard` when it was asked too often.
pub async fn look_up(core: &Core, tenant: &Tenant, who: &LookedUp, client: IpAddr) -> Result<Found, LookupError> {
    let professions = tenant.open_professions();
    if professions.is_empty() {
        return Err(LookupError::Closed);
    }
    addresses::take(core, tenant, Asked::LookUp, client).await?;
    let permit = match core.policies.authorize(Question::of_anyone(&tenant.id, LookUp { professions })) {
        Ok(permit) => permit,
        Err(denial) => {
            core.record(tenant, core.event("lookup.refused").with("reason", denial.to_string())).await?;
            return Err(LookupError::Denied(denial));
        }
    };
    spend(core, tenant).await?;
    let found = find(core, tenant, &permit, who).await?;
    let mut event = core.event("lookup.answered").with("by", who.by()).with("rule", permit.rule());
    event = event.with("found", found.len().to_string());
    if let [only] = found.as_slice() {
        event = event.about(only.id);
    }
    core.record(tenant, event).await?;
    Ok(told(tenant, core, found))
}

/// Counts it for the whole tenant, on all replicas together: a harvester has many addresses.
async fn spend(core: &Core, tenant: &Tenant) -> Result<(), LookupError> {
    let now = core.now();
    let mut transaction = core.store.begin(&tenant.id).await?;
    let spent = transaction.spend_lookup(now, tenant.lookup.per_tenant, LookupTerms::WINDOW).await?;
    transaction.commit().await?;
    match spent {
        Ok(()) => Ok(()),
        Err(until) => {
            metrics::counter!("poort_lookups_refused_total", "tenant" => tenant.id.to_string()).increment(1);
            if core.ephemeral.is_first(&format!("lookup {}", tenant.id), LookupTerms::WINDOW, now) {
                core.record(tenant, core.event("lookup.refused").with("reason", "too many from everywhere")).await?;
            }
            Err(NotHeard::TooOften { until }.into())
        }
    }
}

async fn find(
    core: &Core,
    tenant: &Tenant,
    permit: &Permit<LookUp>,
    who: &LookedUp,
) -> Result<Vec<RegistrantRow>, StoreError> {
    let who = match who {
        LookedUp::Number(number) => &LookedUp::Number(number_base(tenant, number)),
        name @ LookedUp::Name { .. } => name,
    };
    let (today, most) = (tenant.today(core.now()), tenant.lookup.most_found.saturating_add(1));
    core.store.read(&tenant.id).await?.look_up(permit, who, today, most).await
}

fn told(tenant: &Tenant, core: &Core, found: Vec<RegistrantRow>) -> Found {
    if found.len() > tenant.lookup.most_found as usize {
        return Found::TooMany;
    }
    let today = tenant.today(core.now());
    let told = |row: RegistrantRow| Registrant {
        name: format!("{} {}", row.given_name, row.family_name),
        status: RegistrantStatus::on(today, row.certified_until()),
        number: row.number,
        profession: row.profession,
    };
    Found::These(found.into_iter().map(told).collect())
}

/// Writes the names by which registrants are found, of those who were registered by a version that kept none.
///
/// # Errors
/// When the database does not answer.
pub async fn name_all(store: &Store, tenant: &Tenant) -> Result<(), StoreError> {
    let mut after = String::new();
    loop {
        let mut transaction = store.begin(&tenant.id).await?;
        let last = transaction.note_nameless(&after, NAMELESS).await?;
        transaction.commit().await?;
        match last {
            Some(last) => after = last.to_string(),
            None => return Ok(()),
        }
    }
}
