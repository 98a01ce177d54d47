//! Changing the master key: every data key is wrapped anew, one transaction a tenant. Interrupted between two tenants it is
//! half done; the same call again skips what the new key wraps already and finishes the rest.
//!
//! Running replicas have their keys unwrapped and go on. What starts after this needs the new file.

use super::{Keeper, KeysError};
use crate::{
    base::id::TenantId,
    storage::seal::{MasterKey, SealError},
};

/// What a call came to for one tenant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rewrapped {
    /// Keys that the new master key wraps since this call.
    pub now: u32,
    /// Keys that it wrapped before.
    pub before: u32,
}

/// Wraps a tenant's keys anew with `new`.
///
/// # Errors
/// When the database does not answer, or a key was wrapped by neither.
pub async fn rewrap(keeper: &Keeper, tenant: &TenantId, new: &MasterKey) -> Result<Rewrapped, KeysError> {
    let mut done = Rewrapped { now: 0, before: 0 };
    let mut transaction = keeper.store.begin(tenant).await?;
    for kept in transaction.tenant_keys().await? {
        if new.wrapped(&kept.key) {
            done.before += 1;
            continue;
        }
        let rewrapped = keeper.master.rewrap(new, tenant, &kept.key)?;
        if !transaction.rewrap_tenant_key(&kept.key, &rewrapped).await? {
            return Err(KeysError::Busy);
        }
        done.now += 1;
    }
    if done.now > 0 {
        let event = keeper.event("key.rewrapped").with("purpose", "master").with("count", done.now.to_string());
        transaction.record(&event).await?;
    }
    transaction.commit().await?;
    Ok(done)
}

/// How many of a tenant's keys each of both master keys wraps: the old one's, then the new one's.
///
/// # Errors
/// When the database does not answer, or a key was wrapped by neither.
pub async fn wrapped_by(keeper: &Keeper, tenant: &TenantId, new: &MasterKey) -> Result<(u32, u32), KeysError> {
    let (mut old, mut by_new) = (0, 0);
    for kept in keeper.store.read(tenant).await?.tenant_keys().await? {
        match (new.wrapped(&kept.key), keeper.master.wrapped(&kept.key)) {
            (true, _) => by_new += 1,
            (false, true) => old += 1,
            (false, false) => return Err(SealError::OtherMasterKey.into()),
        }
    }
    Ok((old, by_new))
}
