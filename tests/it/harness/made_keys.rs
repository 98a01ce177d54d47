//! The keys of a tenant, made once for all gateways of a run: an RSA key takes longer to make than most tests take, and whose keys they
//! are is nothing that a test asks. What is about making, exchanging or losing keys begins without (`care`).

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

use poort::{
    base::id::TenantId,
    domain::tenant::Tenant,
    storage::{
        Store,
        sql::{KeptKey, SealedRelyingKey, SealedSigningKey},
    },
};

static MADE: Mutex<BTreeMap<TenantId, Keys>> = Mutex::new(BTreeMap::new());

#[derive(Clone)]
struct Keys {
    sealing: Vec<KeptKey>,
    signing: Vec<SealedSigningKey>,
    relying: Vec<SealedRelyingKey>,
}

/// Writes what another gateway made to a database in which nothing was made yet.
pub async fn put(store: &Store, tenants: &[Tenant]) {
    for tenant in tenants {
        let known = MADE.lock().unwrap_or_else(PoisonError::into_inner).get(&tenant.id).cloned();
        let Some(keys) = known else { continue };
        let mut transaction = store.begin(&tenant.id).await.expect("begins");
        if !transaction.tenant_keys().await.expect("reads").is_empty() {
            continue;
        }
        for kept in &keys.sealing {
            transaction.put_tenant_key(&kept.key, kept.created_at).await.expect("writes");
        }
        for key in &keys.signing {
            transaction.put_signing_key(key).await.expect("writes");
        }
        for key in &keys.relying {
            transaction.put_relying_key(key).await.expect("writes");
        }
        transaction.commit().await.expect("commits");
    }
}

/// Remembers what a gateway has, for the next one.
pub async fn keep(store: &Store, tenants: &[Tenant]) {
    for tenant in tenants {
        let mut reading = store.read(&tenant.id).await.expect("reads");
        let keys = Keys {
            sealing: reading.tenant_keys().await.expect("reads"),
            signing: reading.signing_keys().await.expect("reads"),
            relying: reading.relying_keys().await.expect("reads"),
        };
        MADE.lock().unwrap_or_else(PoisonError::into_inner).insert(tenant.id.clone(), keys);
    }
}
