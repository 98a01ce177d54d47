//! Recovery codes: a set that is shown once.

use super::{Change, FactorError};
use crate::{
    domain::{
        person::Person,
        tenant::{Factor, Tenant},
    },
    login::recovery::{RecoveryCode, SET},
    notify::mail::{FactorChange, Mail},
    service::{Core, outbox, sessions::SignedIn},
    storage::{StoreError, Transaction},
};

/// Makes a new set, which takes the place of the one before. Only their digests are kept.
///
/// # Errors
/// `NotFresh`, or `NotHere` where the tenant has no recovery code in any means.
pub async fn new_recovery_codes(
    core: &Core,
    tenant: &Tenant,
    signed_in: &SignedIn,
) -> Result<Vec<RecoveryCode>, FactorError> {
    let mut change = Change::begin(core, tenant, signed_in).await?;
    if !tenant.offers(Factor::RecoveryCode) || !change.held.password {
        return Err(FactorError::NotHere);
    }
    let person = signed_in.person.id;
    let codes: Vec<RecoveryCode> = (0..SET).map(|_| RecoveryCode::new(&core.random)).collect();
    change.transaction.remove_recovery_codes(person).await?;
    for code in &codes {
        change.transaction.put_recovery_code(person, code.digest(&tenant.id, person), core.now()).await?;
    }
    change.end("factor.added", Factor::RecoveryCode, FactorChange::RecoveryCodesMade).await?;
    Ok(codes)
}

/// Tells somebody that one of their codes was used, and how many are left.
pub(in crate::service) async fn tell_of_used_code(
    core: &Core,
    tenant: &Tenant,
    transaction: &mut Transaction,
    person: &Person,
) -> Result<(), StoreError> {
    let left = transaction.recovery_codes_left(person.id).await?;
    let mail = Mail::FactorChanged { change: FactorChange::RecoveryCodeUsed { left }, at: core.now() };
    outbox::write(core, tenant, transaction, person, &mail).await
}
