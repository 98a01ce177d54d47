//! The keys that a tenant shows to other providers: made when there are none, unsealed into memory at the start.

use std::sync::Arc;

use zeroize::Zeroizing;

use super::keys::KeysError;
use crate::{
    base::Timestamp,
    domain::{client::SigningAlgorithm, tenant::Tenant},
    storage::{
        Store, StoreError, Transaction,
        seal::{Kind, Sealer},
        sql::SealedRelyingKey,
    },
    token::{
        jwe::DecryptingKey,
        keys::{KeyError, SigningKey},
        relying::RelyingKeys,
    },
};

/// The first key that signs what Poort says to other providers, and the first that opens what they encrypted for it.
const SIGNING: &str = "sig-1";
const OPENING: &str = "enc-1";

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
    match try_load(store, now, tenant, sealer).await {
        Err(KeysError::Store(StoreError::Conflict)) => try_load(store, now, tenant, sealer).await,
        done => done,
    }
}

async fn try_load(
    store: &Store,
    now: Timestamp,
    tenant: &Tenant,
    sealer: &Sealer,
) -> Result<Arc<RelyingKeys>, KeysError> {
    // RSA keys take a while to make: before the transaction, and only when they are needed.
    let known = store.read(&tenant.id).await?.relying_keys().await?;
    let mut made: Vec<(&str, Zeroizing<Vec<u8>>)> = Vec::new();
    for name in [SIGNING, OPENING] {
        if !known.iter().any(|key| key.name == name) {
            let pkcs8 = match name {
                SIGNING => SigningKey::generate(SigningAlgorithm::Rs256)?.pkcs8()?,
                _ => DecryptingKey::generate()?.1,
            };
            made.push((name, pkcs8));
        }
    }
    let mut transaction = store.begin(&tenant.id).await?;
    for (name, pkcs8) in made {
        let sealed = sealer.seal(Kind::RelyingKey, &name, &pkcs8)?;
        transaction.put_relying_key(&SealedRelyingKey { name: name.to_owned(), sealed }, now).await?;
    }
    let keys = read(&mut transaction, sealer).await?;
    transaction.commit().await?;
    Ok(Arc::new(keys))
}

/// All of them: the newest signs, each opens.
async fn read(transaction: &mut Transaction, sealer: &Sealer) -> Result<RelyingKeys, KeysError> {
    let (mut signing, mut opening) = (None, Vec::new());
    for key in transaction.relying_keys().await? {
        let pkcs8 = sealer.open(Kind::RelyingKey, &key.name, &key.sealed)?;
        match key.name.starts_with("sig-") {
            true => signing = Some(SigningKey::from_pkcs8(SigningAlgorithm::Rs256, &pkcs8)?),
            false => opening.push(DecryptingKey::from_pkcs8(&pkcs8)?),
        }
    }
    Ok(RelyingKeys::new(signing.ok_or(KeyError::NoActive("RS256"))?, opening)?)
}
