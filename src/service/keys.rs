//! The keys of each tenant: made when there are none, unsealed into memory at the start.

use std::{sync::Arc, time::Duration};

use zeroize::Zeroizing;

use super::StoreError;
use crate::{
    base::{Clock, Random, Timestamp},
    domain::{client::SigningAlgorithm, tenant::Tenant},
    storage::{
        Store, Transaction,
        seal::{Kind, MasterKey, Purpose, SealError, Sealer},
        sql::{SealedRelyingKey, SealedSigningKey},
    },
    token::{
        jwe::DecryptingKey,
        keys::{KeyError, KeyRing, SigningKey, Stage},
        relying::RelyingKeys,
    },
};

/// How long a retired key is still published: longer than any token lives.
const RETIRED: Duration = Duration::from_secs(24 * 3600);

/// A tenant's keys, in memory.
pub struct TenantKeys {
    /// Seals and indexes.
    pub sealer: Sealer,
    ring: Arc<KeyRing>,
    relying: Option<Arc<RelyingKeys>>,
}

impl TenantKeys {
    /// The keys that sign and verify.
    #[must_use]
    pub fn ring(&self) -> Arc<KeyRing> {
        self.ring.clone()
    }

    /// The keys that other providers see, for a tenant whose people log in there.
    #[must_use]
    pub fn relying(&self) -> Option<Arc<RelyingKeys>> {
        self.relying.clone()
    }
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
}

/// Loads a tenant's keys, and makes those that are missing. Of replicas that start together one makes them.
///
/// # Errors
/// When the database does not answer, or the master key is not the one that wrapped them.
pub async fn load(
    store: &Store,
    clock: &Clock,
    random: &Random,
    master: &MasterKey,
    tenant: &Tenant,
) -> Result<TenantKeys, KeysError> {
    match try_load(store, clock, random, master, tenant).await {
        Err(KeysError::Store(StoreError::Conflict)) => try_load(store, clock, random, master, tenant).await,
        done => done,
    }
}

async fn try_load(
    store: &Store,
    clock: &Clock,
    random: &Random,
    master: &MasterKey,
    tenant: &Tenant,
) -> Result<TenantKeys, KeysError> {
    let now = clock.now();
    // RSA keys take a while to make: before the transaction, and only when they are needed.
    let missing = {
        let mut reading = store.read(&tenant.id).await?;
        let known = reading.signing_keys().await?;
        SigningAlgorithm::ALL.into_iter().filter(|a| !known.iter().any(|k| k.algorithm == a.alg())).collect::<Vec<_>>()
    };
    let made = missing.into_iter().map(SigningKey::generate).collect::<Result<Vec<_>, _>>()?;
    let relying_made = new_relying_keys(store, tenant).await?;

    let mut transaction = store.begin(&tenant.id).await?;
    let sealer = data_keys(&mut transaction, random, master, tenant, now).await?;
    for key in &made {
        let sealed = SealedSigningKey {
            kid: key.kid().to_owned(),
            algorithm: key.algorithm().alg().to_owned(),
            sealed: sealer.seal(Kind::SigningKey, &key.kid(), &key.pkcs8()?)?,
            retired_at: None,
        };
        transaction.put_signing_key(&sealed, now).await?;
    }
    let mut keys = Vec::new();
    for sealed in transaction.signing_keys().await? {
        let algorithm = SigningAlgorithm::ALL
            .into_iter()
            .find(|algorithm| algorithm.alg() == sealed.algorithm)
            .ok_or(KeysError::UnknownAlgorithm)?;
        let pkcs8 = sealer.open(Kind::SigningKey, &sealed.kid, &sealed.sealed)?;
        let stage = sealed.retired_at.map_or(Stage::Active, |at| Stage::Retired { until: at.plus(RETIRED) });
        keys.push((SigningKey::from_pkcs8(algorithm, &pkcs8)?, stage));
    }
    let relying = match tenant.providers.is_empty() {
        true => None,
        false => Some(Arc::new(relying_keys(&mut transaction, &sealer, relying_made, now).await?)),
    };
    transaction.commit().await?;
    Ok(TenantKeys { sealer, ring: Arc::new(KeyRing::new(keys, now)?), relying })
}

/// What signs, and what opens, as the database calls it (RFC 7517 section 4.2).
const SIGNING: &str = "sig";
const OPENING: &str = "enc";

/// The PKCS#8 of the keys for other providers that a tenant needs and does not have yet, by purpose.
async fn new_relying_keys(
    store: &Store,
    tenant: &Tenant,
) -> Result<Vec<(&'static str, Zeroizing<Vec<u8>>)>, KeysError> {
    if tenant.providers.is_empty() {
        return Ok(Vec::new());
    }
    let known = store.read(&tenant.id).await?.relying_keys().await?;
    let mut made = Vec::new();
    for purpose in [SIGNING, OPENING] {
        if !known.iter().any(|key| key.purpose == purpose) {
            let pkcs8 = match purpose {
                SIGNING => SigningKey::generate(SigningAlgorithm::Rs256)?.pkcs8()?,
                _ => DecryptingKey::generate()?.1,
            };
            made.push((purpose, pkcs8));
        }
    }
    Ok(made)
}

/// Keeps what was made, and reads all of them: the newest signs, each opens.
async fn relying_keys(
    transaction: &mut Transaction,
    sealer: &Sealer,
    made: Vec<(&'static str, Zeroizing<Vec<u8>>)>,
    now: Timestamp,
) -> Result<RelyingKeys, KeysError> {
    for (purpose, pkcs8) in made {
        let sealed = sealer.seal(Kind::RelyingKey, &format!("{purpose} 1"), &pkcs8)?;
        transaction.put_relying_key(&SealedRelyingKey { purpose: purpose.to_owned(), id: 1, sealed }, now).await?;
    }
    let (mut signing, mut opening) = (None, Vec::new());
    for key in transaction.relying_keys().await? {
        let pkcs8 = sealer.open(Kind::RelyingKey, &format!("{} {}", key.purpose, key.id), &key.sealed)?;
        match key.purpose.as_str() {
            SIGNING => signing = Some(SigningKey::from_pkcs8(SigningAlgorithm::Rs256, &pkcs8)?),
            _ => opening.push(DecryptingKey::from_pkcs8(&pkcs8)?),
        }
    }
    Ok(RelyingKeys::new(signing.ok_or(KeyError::NoActive("RS256"))?, opening)?)
}

async fn data_keys(
    transaction: &mut Transaction,
    random: &Random,
    master: &MasterKey,
    tenant: &Tenant,
    now: Timestamp,
) -> Result<Sealer, KeysError> {
    let mut keys = transaction.tenant_keys().await?;
    for purpose in Purpose::ALL {
        if !keys.iter().any(|key| key.purpose == purpose) {
            let key = master.new_data_key(&tenant.id, purpose, 1, random)?;
            transaction.put_tenant_key(&key, now).await?;
            keys.push(key);
        }
    }
    Ok(Sealer::new(master, tenant.id.clone(), &keys)?)
}
