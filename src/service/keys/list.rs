//! What keys a tenant has, for the operator: their names, stages and ages, and nothing of what they are.

use super::{Keeper, KeysError, StoreError, stage};
use crate::{
    base::{Timestamp, id::TenantId},
    storage::{seal::KeyStage, sql::KeptKey},
    token::keys::Stage,
};

/// A key, as it is told to an operator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// What it is for.
    pub purpose: String,
    /// Its number, the `kid` of a signing key, or the name of one that is shown to other providers.
    pub name: String,
    /// Where it is in its life.
    pub stage: &'static str,
    /// When it was made.
    pub created_at: Timestamp,
    /// What happens to it by itself, and when.
    pub next: Option<(&'static str, Timestamp)>,
    /// Whether it is used for what is new.
    pub current: bool,
    /// Whether the master key at hand wrapped it; signing keys are sealed, not wrapped.
    pub opens: bool,
}

/// The keys that are used for what is new: of each purpose the highest active one.
pub(super) fn current(kept: &[KeptKey]) -> impl Iterator<Item = &KeptKey> {
    kept.iter().filter(move |candidate| {
        let higher = |other: &&KeptKey| other.key.purpose == candidate.key.purpose && other.key.id > candidate.key.id;
        candidate.key.stage == KeyStage::Active
            && !kept.iter().filter(higher).any(|other| other.key.stage == KeyStage::Active)
    })
}

/// Every key of a tenant.
///
/// # Errors
/// When the database does not answer.
pub async fn list(keeper: &Keeper, tenant: &TenantId) -> Result<Vec<Listed>, KeysError> {
    let now = keeper.clock.now();
    let mut reading = keeper.store.read(tenant).await?;
    let (kept, signing) = (reading.tenant_keys().await?, reading.signing_keys().await?);
    let newest: Vec<_> = current(&kept).map(|kept| (kept.key.purpose, kept.key.id)).collect();
    let data = kept.iter().map(|kept| Listed {
        purpose: kept.key.purpose.word().to_owned(),
        name: kept.key.id.to_string(),
        stage: kept.key.stage.word(),
        created_at: kept.created_at,
        next: None,
        current: newest.contains(&(kept.key.purpose, kept.key.id)),
        opens: keeper.master.wrapped(&kept.key),
    });
    let signing = signing.iter().map(|key| {
        turning(format!("signing {}", key.algorithm), &key.kid, (key.created_at, key.active_at, key.retired_at), now)
    });
    let relying = reading.relying_keys().await?;
    let relying = relying
        .iter()
        .map(|key| turning("relying".into(), &key.name, (key.created_at, key.active_at, key.retired_at), now));
    Ok(data.chain(signing).chain(relying).collect())
}

/// A key that takes its turn by itself.
fn turning(
    purpose: String,
    name: &str,
    (created_at, active_at, retired_at): (Timestamp, Timestamp, Option<Timestamp>),
    now: Timestamp,
) -> Listed {
    let (stage, next) = match stage(active_at, retired_at, now) {
        Stage::Next => ("next", Some(("in use from", active_at))),
        Stage::Active => ("active", retired_at.map(|at| ("in use until", at))),
        Stage::Retired { until } => ("retired", Some(("believed until", until))),
    };
    Listed { purpose, name: name.to_owned(), stage, created_at, next, current: stage == "active", opens: true }
}

/// Opens every key of a tenant with the master key at hand, and changes nothing.
///
/// # Errors
/// When one does not open; or the tenant has none yet, as [`StoreError::Unusable`].
pub async fn open_all(keeper: &Keeper, tenant: &TenantId) -> Result<(), KeysError> {
    let mut reading = keeper.store.read(tenant).await?;
    if reading.tenant_keys().await?.is_empty() {
        return Err(StoreError::Unusable("the tenant has no keys yet: `poort serve` makes them".into()).into());
    }
    let sealer = super::sealer(&mut reading, &keeper.master, tenant).await?;
    for key in reading.signing_keys().await? {
        sealer.open(crate::storage::seal::Kind::SigningKey, &key.kid, &key.sealed)?;
    }
    for key in reading.relying_keys().await? {
        sealer.open(crate::storage::seal::Kind::RelyingKey, &key.name, &key.sealed)?;
    }
    Ok(())
}
