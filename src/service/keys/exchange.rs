//! Exchanging the key that seals, or the key of the index, beside running replicas. Each call of [`step`] does what may be done
//! now and says what comes next; killed at any point, the next call goes on from what the database says.
//!
//! | old key | new key | what may be done |
//! |---|---|---|
//! | active | | the new key is made, as `next` |
//! | active | next | once every replica knows it, it is used for what is new |
//! | active | active | once every replica uses it, what the old one sealed is sealed anew, a little at a time; then the old key takes nothing new |
//! | retired | active | once every transaction that was open then has ended: once more, and the old key is deleted |
//!
//! A national number is found under both keys until the old one is retired, and unique under each.

use std::time::Duration;

use super::{Keeper, KeysError, bring_over};
use crate::{
    base::Timestamp,
    domain::tenant::Tenant,
    storage::{
        Transaction,
        seal::{KeyStage, Purpose, WrappedKey},
        sql::KeptKey,
    },
};

/// How long every replica may take to hear of a change, and any transaction to end: forty readings of the versions.
pub const NOTICE: Duration = Duration::from_secs(10);

/// What a call came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// A new key is there; replicas get to know it.
    Made {
        /// Its number.
        id: u32,
    },
    /// The new key is used for what is new.
    Used {
        /// Its number.
        id: u32,
    },
    /// So many values were brought over to the new key, and the old one takes nothing new.
    BroughtOver {
        /// How many.
        values: u64,
        /// The old key's number.
        from: u32,
        /// The new key's number.
        to: u32,
    },
    /// The old key is deleted: the exchange is done.
    Deleted {
        /// The number of the key that is gone.
        id: u32,
        /// Values that had been written under it since.
        late: u64,
    },
    /// Nothing may be done before this moment.
    Waits {
        /// The moment.
        until: Timestamp,
    },
}

impl Step {
    /// Whether the exchange has come to its end.
    #[must_use]
    pub const fn is_last(&self) -> bool {
        matches!(self, Step::Deleted { .. })
    }
}

/// What the keys of one purpose say of an exchange.
struct Underway<'a> {
    old: &'a KeptKey,
    new: Option<&'a KeptKey>,
}

fn underway(kept: &[KeptKey], purpose: Purpose) -> Result<Underway<'_>, KeysError> {
    let mut keys = kept.iter().filter(|kept| kept.key.purpose == purpose);
    match (keys.next(), keys.next(), keys.next()) {
        (Some(old), new, None) => Ok(Underway { old, new }),
        _ => Err(KeysError::Busy),
    }
}

/// What the next call of [`step`] would do, in words, and how much it would bring over.
///
/// # Errors
/// When the database does not answer.
pub async fn plan(keeper: &Keeper, tenant: &Tenant, purpose: Purpose) -> Result<String, KeysError> {
    let kept = keeper.store.read(&tenant.id).await?.tenant_keys().await?;
    let Underway { old, new } = underway(&kept, purpose)?;
    let values = bring_over::waiting(keeper, tenant, &old.key).await?;
    let from = old.key.id;
    Ok(match (new, old.key.stage) {
        (None, _) => {
            format!("would make key {}, bring {values} values over from key {from}, and delete that", from + 1)
        }
        (Some(new), KeyStage::Retired) => {
            format!("key {} has taken over; would bring {values} late values over, and delete key {from}", new.key.id)
        }
        (Some(new), _) => {
            format!("key {} is there; would bring {values} values over from key {from}, and delete that", new.key.id)
        }
    })
}

/// Does what may be done now.
///
/// # Errors
/// When the database does not answer, the master key is another one, or a value does not open: then nothing is deleted.
pub async fn step(keeper: &Keeper, tenant: &Tenant, purpose: Purpose) -> Result<Step, KeysError> {
    let kept = keeper.store.read(&tenant.id).await?.tenant_keys().await?;
    let Underway { old, new } = underway(&kept, purpose)?;
    let Some(new) = new else { return make(keeper, tenant, &old.key).await };
    let last = if old.key.stage == KeyStage::Retired { old.since } else { new.since };
    let until = last.plus(notice(keeper, tenant, purpose, old.key.stage));
    if keeper.clock.now() < until {
        return Ok(Step::Waits { until });
    }
    match (old.key.stage, new.key.stage) {
        (KeyStage::Active, KeyStage::Next) => {
            change(keeper, tenant, &new.key, KeyStage::Active, "key.used").await?;
            Ok(Step::Used { id: new.key.id })
        }
        (KeyStage::Active, KeyStage::Active) => {
            let values = bring_over::all(keeper, tenant, &old.key, &new.key).await?;
            change(keeper, tenant, &old.key, KeyStage::Retired, "key.retired").await?;
            Ok(Step::BroughtOver { values, from: old.key.id, to: new.key.id })
        }
        (KeyStage::Retired, KeyStage::Active) => {
            let late = bring_over::all(keeper, tenant, &old.key, &new.key).await?;
            delete(keeper, tenant, &old.key).await?;
            Ok(Step::Deleted { id: old.key.id, late })
        }
        _ => Err(KeysError::Busy),
    }
}

/// How long the step before must have been done. Nobody else is at work on SQLite's folder, so nobody is waited for there.
fn notice(keeper: &Keeper, tenant: &Tenant, purpose: Purpose, old: KeyStage) -> Duration {
    match (keeper.store.is_shared(), purpose, old) {
        (false, ..) => Duration::ZERO,
        // Codes in mails are checked with the index's key: the last under the old one has expired.
        (true, Purpose::Index, KeyStage::Retired) => NOTICE.max(tenant.terms.email_code),
        _ => NOTICE,
    }
}

async fn make(keeper: &Keeper, tenant: &Tenant, old: &WrappedKey) -> Result<Step, KeysError> {
    let id = old.id.checked_add(1).ok_or(KeysError::Busy)?;
    // The old one opens: otherwise the new one would be wrapped by another master key than the rest.
    super::list::open_all(keeper, &tenant.id).await?;
    let made = keeper.master.new_data_key(&tenant.id, old.purpose, id, &keeper.random)?;
    let key = WrappedKey { stage: KeyStage::Next, ..made };
    let mut transaction = keeper.store.begin(&tenant.id).await?;
    transaction.put_tenant_key(&key, keeper.clock.now()).await?;
    note(keeper, &mut transaction, "key.made", &key).await?;
    transaction.commit().await?;
    Ok(Step::Made { id })
}

async fn change(
    keeper: &Keeper,
    tenant: &Tenant,
    key: &WrappedKey,
    stage: KeyStage,
    kind: &'static str,
) -> Result<(), KeysError> {
    let mut transaction = keeper.store.begin(&tenant.id).await?;
    if !transaction.move_tenant_key(key, stage, keeper.clock.now()).await? {
        return Err(KeysError::Busy);
    }
    note(keeper, &mut transaction, kind, key).await?;
    Ok(transaction.commit().await?)
}

/// Deletes a retired key, once nothing is left under it: asked in the same transaction.
async fn delete(keeper: &Keeper, tenant: &Tenant, key: &WrappedKey) -> Result<(), KeysError> {
    bring_over::forget_index(keeper, tenant, key).await?;
    let mut transaction = keeper.store.begin(&tenant.id).await?;
    if bring_over::left(&mut transaction, key).await? > 0 || !transaction.delete_tenant_key(key).await? {
        return Err(KeysError::Busy);
    }
    note(keeper, &mut transaction, "key.deleted", key).await?;
    Ok(transaction.commit().await?)
}

async fn note(
    keeper: &Keeper,
    transaction: &mut Transaction,
    kind: &'static str,
    key: &WrappedKey,
) -> Result<(), KeysError> {
    let event = keeper.event(kind).with("purpose", key.purpose.word()).with("key", key.id.to_string());
    Ok(transaction.record(&event).await?)
}
