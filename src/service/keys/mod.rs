//! The keys of each tenant: made when there are none, unsealed into memory, and exchanged while replicas serve.
//!
//! | key | how it is exchanged |
//! |---|---|
//! | signing | [`signing`]: published, signs ten minutes later by itself; the old one is believed until its last token expired |
//! | shown to other providers | [`super::relying`]: the same, two hours later |
//! | sealing, index | [`exchange`]: one step a call, each after every replica has heard of the one before |
//! | master | [`master`]: wraps all others anew, one transaction a tenant |
//!
//! Replicas hear of a change by the number of the tenant's keys, which they read with the versions ([`refresh`]).

mod bring_over;
pub mod exchange;
pub mod list;
pub mod master;
pub mod signing;

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use super::{Core, StoreError, relying};
use crate::{
    base::{
        Clock, Random, Timestamp,
        id::{AuditId, TenantId},
    },
    domain::{audit::Event, client::SigningAlgorithm, tenant::Tenant},
    storage::{
        Store, Transaction,
        seal::{Kind, MasterKey, Purpose, SealError, Sealer, WrappedKey},
        sql::SealedSigningKey,
    },
    token::keys::{KeyError, KeyRing, SigningKey, Stage},
};

/// How long a retired signing key is still published and believed: longer than any token lives.
pub(super) const RETIRED: Duration = Duration::from_secs(24 * 3600);

/// A tenant's keys, in memory.
#[derive(Clone)]
pub struct TenantKeys {
    /// Seals and indexes.
    pub sealer: Arc<Sealer>,
    ring: Arc<KeyRing>,
}

impl TenantKeys {
    /// The keys that sign and verify.
    #[must_use]
    pub fn ring(&self) -> Arc<KeyRing> {
        self.ring.clone()
    }
}

/// The keys of every tenant, and the key that unwraps new ones.
pub struct Keys {
    master: MasterKey,
    held: HashMap<TenantId, RwLock<Held>>,
}

/// One tenant's, as they were when the database said `version`.
struct Held {
    version: i64,
    keys: TenantKeys,
    /// When a signing key begins or stops to sign, or to be published.
    turns_at: Option<Timestamp>,
    /// Since when the oldest key that is used for what is new was made, by what it is for.
    made: Vec<(&'static str, Timestamp)>,
}

/// Keys cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KeysError {
    /// The database does not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The master key is another one, or a key was tampered with.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// A signing key cannot be read or made.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// A signing key names an algorithm that is not known.
    #[error("a signing key of unknown algorithm: a newer Poort's?")]
    UnknownAlgorithm,
    /// A national number does not open to one.
    #[error("what is sealed as a national number of person {0} is none")]
    NoNumber(String),
    /// Another process changed the same keys at the same time.
    #[error("another process changes the keys of this tenant; try again")]
    Busy,
}

/// What changes keys: a command, or a gateway at its start.
pub struct Keeper {
    /// What is kept.
    pub store: Store,
    /// The time.
    pub clock: Clock,
    /// Chance.
    pub random: Random,
    /// The key that wraps all others.
    pub master: MasterKey,
}

impl Keeper {
    pub(super) fn event(&self, kind: &'static str) -> Event {
        Event::new(AuditId::new(&self.random), self.clock.now(), kind)
    }
}

impl Keys {
    /// Loads every tenant's keys, and makes those that are missing.
    ///
    /// # Errors
    /// The tenant whose keys cannot be used, and why.
    pub async fn load<'a>(
        keeper: Keeper,
        tenants: impl IntoIterator<Item = &'a Tenant>,
    ) -> Result<Self, (TenantId, KeysError)> {
        let mut held = HashMap::new();
        for tenant in tenants {
            let loaded = load(&keeper, tenant).await.map_err(|error| (tenant.id.clone(), error))?;
            held.insert(tenant.id.clone(), RwLock::new(loaded));
        }
        Ok(Self { master: keeper.master, held })
    }

    /// A tenant's.
    #[must_use]
    pub fn of(&self, tenant: &TenantId) -> Option<TenantKeys> {
        Some(self.held.get(tenant)?.read().unwrap_or_else(PoisonError::into_inner).keys.clone())
    }

    /// What each tenant's keys for what is new are for, and when they were made.
    #[must_use]
    pub fn ages(&self) -> Vec<(TenantId, &'static str, Timestamp)> {
        let of = |(tenant, held): (&TenantId, &RwLock<Held>)| {
            let held = held.read().unwrap_or_else(PoisonError::into_inner);
            held.made.iter().map(|(what, made)| (tenant.clone(), *what, *made)).collect::<Vec<_>>()
        };
        self.held.iter().flat_map(of).collect()
    }
}

/// Reads the keys of those tenants again whose keys have changed, or whose signing keys take turns now.
///
/// # Errors
/// The tenants whose keys could not be read; theirs stay as they were.
pub async fn refresh(core: &Core) -> Result<(), Vec<(TenantId, KeysError)>> {
    let mut failed = Vec::new();
    for (tenant, held) in &core.keys.held {
        let (version, turns_at, sealer) = {
            let held = held.read().unwrap_or_else(PoisonError::into_inner);
            (held.version, held.turns_at, held.keys.sealer.clone())
        };
        let changed = core.store.keys_versions().current(tenant).is_some_and(|current| current != version);
        let now = core.now();
        if !changed && turns_at.is_none_or(|at| now < at) {
            continue;
        }
        let read = async {
            let read = again(core, tenant, &sealer, now).await?;
            relying::reload(core, tenant, &read.keys.sealer).await?;
            Ok(read)
        };
        match read.await {
            Ok(read) => *held.write().unwrap_or_else(PoisonError::into_inner) = read,
            Err(error) => failed.push((tenant.clone(), error)),
        }
    }
    if failed.is_empty() { Ok(()) } else { Err(failed) }
}

async fn again(core: &Core, tenant: &TenantId, known: &Sealer, now: Timestamp) -> Result<Held, KeysError> {
    let mut transaction = core.store.read(tenant).await?;
    read(&mut transaction, now, |keys| known.renewed(&core.keys.master, keys)).await
}

/// Loads a tenant's keys, and makes those that are missing. Of replicas that start together one makes them.
async fn load(keeper: &Keeper, tenant: &Tenant) -> Result<Held, KeysError> {
    match try_load(keeper, tenant).await {
        Err(KeysError::Store(StoreError::Conflict)) => try_load(keeper, tenant).await,
        done => done,
    }
}

async fn try_load(keeper: &Keeper, tenant: &Tenant) -> Result<Held, KeysError> {
    let now = keeper.clock.now();
    // RSA keys take a while to make: before the transaction, and only when they are needed.
    let missing = {
        let mut reading = keeper.store.read(&tenant.id).await?;
        let known = reading.signing_keys().await?;
        SigningAlgorithm::ALL.into_iter().filter(|a| !known.iter().any(|k| k.algorithm == a.alg())).collect::<Vec<_>>()
    };
    let made = missing.into_iter().map(SigningKey::generate).collect::<Result<Vec<_>, _>>()?;

    let mut transaction = keeper.store.begin(&tenant.id).await?;
    let kept = transaction.tenant_keys().await?;
    let missing = Purpose::ALL.into_iter().filter(|purpose| !kept.iter().any(|kept| kept.key.purpose == *purpose));
    let missing = missing.collect::<Vec<_>>();
    for purpose in &missing {
        let key = keeper.master.new_data_key(&tenant.id, *purpose, 1, &keeper.random)?;
        transaction.put_tenant_key(&key, now).await?;
    }
    if !made.is_empty() {
        let sealer = sealer(&mut transaction, &keeper.master, &tenant.id).await?;
        for key in &made {
            transaction.put_signing_key(&sealed(&sealer, key, now, now)?).await?;
        }
    }
    let mut held = read(&mut transaction, now, |keys| Sealer::new(&keeper.master, tenant.id.clone(), keys)).await?;
    transaction.commit().await?;
    if !missing.is_empty() || !made.is_empty() {
        held.version += 1;
    }
    Ok(held)
}

/// The sealer of a tenant's keys as a transaction sees them.
pub(super) async fn sealer(
    transaction: &mut Transaction,
    master: &MasterKey,
    tenant: &TenantId,
) -> Result<Sealer, KeysError> {
    let keys: Vec<WrappedKey> = transaction.tenant_keys().await?.into_iter().map(|kept| kept.key).collect();
    Ok(Sealer::new(master, tenant.clone(), &keys)?)
}

/// A signing key as it is kept.
fn sealed(
    sealer: &Sealer,
    key: &SigningKey,
    now: Timestamp,
    active_at: Timestamp,
) -> Result<SealedSigningKey, KeysError> {
    Ok(SealedSigningKey {
        kid: key.kid().to_owned(),
        algorithm: key.algorithm().alg().to_owned(),
        sealed: sealer.seal(Kind::SigningKey, &key.kid(), &key.pkcs8()?)?,
        created_at: now,
        active_at,
        retired_at: None,
    })
}

/// Reads a tenant's keys. The number is read first: whatever changes after it makes them be read again.
async fn read(
    transaction: &mut Transaction,
    now: Timestamp,
    unwrap: impl FnOnce(&[WrappedKey]) -> Result<Sealer, SealError>,
) -> Result<Held, KeysError> {
    let version = transaction.keys_version().await?;
    let kept = transaction.tenant_keys().await?;
    let mut made: Vec<(&'static str, Timestamp)> =
        list::current(&kept).map(|kept| (kept.key.purpose.word(), kept.created_at)).collect();
    let sealer = unwrap(&kept.into_iter().map(|kept| kept.key).collect::<Vec<_>>())?;
    let (mut keys, mut turns_at) = (Vec::new(), None::<Timestamp>);
    for sealed in transaction.signing_keys().await? {
        let algorithm = SigningAlgorithm::ALL
            .into_iter()
            .find(|algorithm| algorithm.alg() == sealed.algorithm)
            .ok_or(KeysError::UnknownAlgorithm)?;
        turns_at = turns(sealed.active_at, sealed.retired_at, now).chain(turns_at).min();
        let stage = stage(sealed.active_at, sealed.retired_at, now);
        if stage == Stage::Active {
            made.push((algorithm.alg(), sealed.created_at));
        }
        let pkcs8 = sealer.open(Kind::SigningKey, &sealed.kid, &sealed.sealed)?;
        keys.push((SigningKey::from_pkcs8(algorithm, &pkcs8)?, stage));
    }
    for key in transaction.relying_keys().await? {
        turns_at = turns(key.active_at, key.retired_at, now).chain(turns_at).min();
    }
    let keys = TenantKeys { sealer: Arc::new(sealer), ring: Arc::new(KeyRing::new(keys, now)?) };
    Ok(Held { version, keys, turns_at, made })
}

/// The moments to come at which a key begins or stops to be used, or to be believed.
fn turns(active_at: Timestamp, retired_at: Option<Timestamp>, now: Timestamp) -> impl Iterator<Item = Timestamp> {
    let moments = [Some(active_at), retired_at, retired_at.map(|at| at.plus(RETIRED))];
    moments.into_iter().flatten().filter(move |at| now < *at)
}

/// Where a key that signs, or that is shown to other providers, is in its life.
pub(super) fn stage(active_at: Timestamp, retired_at: Option<Timestamp>, now: Timestamp) -> Stage {
    match retired_at {
        _ if now < active_at => Stage::Next,
        Some(at) if at <= now => Stage::Retired { until: at.plus(RETIRED) },
        _ => Stage::Active,
    }
}
