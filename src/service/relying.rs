//! The keys that a tenant shows to other providers: made when there are none, unsealed into memory, and exchanged while replicas
//! serve ([`rotate`]).
//!
//! The new ones are there at once and take their place after [`OVERLAP`]: by then every provider that keeps our JWK set as long as it
//! may has read the one that signs. What is encrypted for the old one opens for a day after that.

use std::{sync::Arc, time::Duration};

use zeroize::Zeroizing;

use super::{
    Core,
    keys::{self, Keeper, KeysError},
};
use crate::{
    base::{Timestamp, id::TenantId},
    domain::{client::SigningAlgorithm, tenant::Tenant},
    storage::{
        Store, StoreError, Transaction,
        seal::{Kind, Sealer},
        sql::SealedRelyingKey,
    },
    token::{
        jwe::DecryptingKey,
        keys::{SigningKey, Stage},
        relying::{RelyingKeys, RelyingSet},
    },
};

/// How the names of keys begin that sign what Poort says to other providers, and of those that open what they encrypted for it.
const SIGNING: &str = "sig-";
const OPENING: &str = "enc-";

/// How long new keys are there before they take their place: twice as long as a provider may keep our set.
pub const OVERLAP: Duration = Duration::from_secs(2 * 3600);

/// Loads a tenant's, and makes those that are missing. Of replicas that start together one makes them.
///
/// # Errors
/// When the database does not answer, or a key was sealed by another tenant's key.
pub async fn load(
    store: &Store,
    now: Timestamp,
    tenant: &Tenant,
    sealer: &Sealer,
) -> Result<Arc<RelyingKeys>, KeysError> {
    let keys = match try_load(store, now, tenant, sealer).await {
        Err(KeysError::Store(StoreError::Conflict)) => try_load(store, now, tenant, sealer).await,
        done => done,
    }?;
    Ok(Arc::new(RelyingKeys::new(keys)))
}

async fn try_load(store: &Store, now: Timestamp, tenant: &Tenant, sealer: &Sealer) -> Result<RelyingSet, KeysError> {
    // RSA keys take a while to make: before the transaction, and only when they are needed.
    let known = store.read(&tenant.id).await?.relying_keys().await?;
    let missing = [SIGNING, OPENING].into_iter().filter(|kind| !known.iter().any(|key| key.name.starts_with(kind)));
    let made = missing.map(|kind| Ok((format!("{kind}1"), make(kind)?))).collect::<Result<Vec<_>, KeysError>>()?;
    let mut transaction = store.begin(&tenant.id).await?;
    for (name, pkcs8) in made {
        transaction.put_relying_key(&sealed(sealer, name, &pkcs8, now, now)?).await?;
    }
    let keys = read(&mut transaction, sealer, now).await?;
    transaction.commit().await?;
    Ok(keys)
}

fn make(kind: &str) -> Result<Zeroizing<Vec<u8>>, KeysError> {
    Ok(match kind {
        SIGNING => SigningKey::generate(SigningAlgorithm::Rs256)?.pkcs8()?,
        _ => DecryptingKey::generate()?.1,
    })
}

fn sealed(
    sealer: &Sealer,
    name: String,
    pkcs8: &[u8],
    created_at: Timestamp,
    active_at: Timestamp,
) -> Result<SealedRelyingKey, KeysError> {
    let sealed = sealer.seal(Kind::RelyingKey, &name, pkcs8)?;
    Ok(SealedRelyingKey { name, sealed, created_at, active_at, retired_at: None })
}

/// Those that are of any use at `now`.
async fn read(transaction: &mut Transaction, sealer: &Sealer, now: Timestamp) -> Result<RelyingSet, KeysError> {
    let (mut signing, mut opening) = (Vec::new(), Vec::new());
    for key in transaction.relying_keys().await? {
        let stage = keys::stage(key.active_at, key.retired_at, now);
        if matches!(stage, Stage::Retired { until } if until <= now) {
            continue;
        }
        let pkcs8 = sealer.open(Kind::RelyingKey, &key.name, &key.sealed)?;
        match key.name.starts_with(SIGNING) {
            true => signing.push((SigningKey::from_pkcs8(SigningAlgorithm::Rs256, &pkcs8)?, stage)),
            false => opening.push((DecryptingKey::from_pkcs8(&pkcs8)?, stage)),
        }
    }
    Ok(RelyingSet::new(signing, opening)?)
}

/// Reads a tenant's again, where it shows any.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn reload(core: &Core, tenant: &TenantId, sealer: &Sealer) -> Result<(), KeysError> {
    let Some(keys) = core.methods.elsewhere().keys(tenant) else { return Ok(()) };
    keys.replace(read(&mut core.store.read(tenant).await?, sealer, core.now()).await?);
    Ok(())
}

/// What came of an exchange.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exchanged {
    /// The names of the new keys.
    pub keys: Vec<String>,
    /// From when on they are used.
    pub used_from: Timestamp,
    /// Until when what is encrypted for the old one opens.
    pub old_until: Timestamp,
    /// Whether this call made them; otherwise they were on their way already.
    pub made: bool,
}

/// Makes new keys for a tenant that has some, and sets the moment at which they take their place. When some are on their way already,
/// it only says so; `None` for a tenant that shows none.
///
/// # Errors
/// When the database does not answer, or the master key is another one.
pub async fn rotate(keeper: &Keeper, tenant: &TenantId) -> Result<Option<Exchanged>, KeysError> {
    // RSA keys take a while to make: before the transaction.
    let made = [(SIGNING, make(SIGNING)?), (OPENING, make(OPENING)?)];
    let now = keeper.clock.now();
    let mut transaction = keeper.store.begin(tenant).await?;
    let known = transaction.relying_keys().await?;
    if known.is_empty() {
        return Ok(None);
    }
    let coming: Vec<_> = known.iter().filter(|key| now < key.active_at).collect();
    if let Some(used_from) = coming.iter().map(|key| key.active_at).max() {
        let keys = coming.into_iter().map(|key| key.name.clone()).collect();
        return Ok(Some(Exchanged { keys, used_from, old_until: used_from.plus(keys::RETIRED), made: false }));
    }
    let sealer = keys::sealer(&mut transaction, &keeper.master, tenant).await?;
    let used_from = now.plus(OVERLAP);
    transaction.retire_relying_keys(used_from, now).await?;
    let mut names = Vec::new();
    for (kind, pkcs8) in &made {
        let number = |key: &SealedRelyingKey| key.name.strip_prefix(kind)?.parse::<u32>().ok();
        let name = format!("{kind}{}", known.iter().filter_map(number).max().unwrap_or_default() + 1);
        transaction.put_relying_key(&sealed(&sealer, name.clone(), pkcs8, now, used_from)?).await?;
        let event = keeper.event("key.published").with("purpose", "relying").with("kid", name.clone());
        transaction.record(&event.with("signs_from", used_from.to_string())).await?;
        names.push(name);
    }
    transaction.commit().await?;
    Ok(Some(Exchanged { keys: names, used_from, old_until: used_from.plus(keys::RETIRED), made: true }))
}
