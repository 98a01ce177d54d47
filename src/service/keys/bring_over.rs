//! Bringing values over from an old key to a new one, a few hundred in a transaction: a kill loses nothing and repeats little.

use super::{Keeper, KeysError, sealer};
use crate::{
    domain::{identifier::NationalNumber, tenant::Tenant},
    service::identities::national_number,
    storage::{
        Transaction,
        seal::{Kind, Purpose, Sealer, WrappedKey},
        sql::sealed::{PLACES, Place},
    },
};

/// Values that one transaction takes.
const BATCH: u32 = 200;

/// Entries of the index that one transaction forgets.
const FORGOTTEN: u32 = 1000;

/// Brings everything over that is not yet; says how much that was.
pub(super) async fn all(
    keeper: &Keeper,
    tenant: &Tenant,
    old: &WrappedKey,
    new: &WrappedKey,
) -> Result<u64, KeysError> {
    let sealer = sealer(&mut keeper.store.read(&tenant.id).await?, &keeper.master, &tenant.id).await?;
    if old.purpose == Purpose::Index {
        return index(keeper, tenant, &sealer, new.id).await;
    }
    let mut done = 0;
    for place in PLACES.into_iter().filter(|place| place.kind.purpose() == old.purpose) {
        done += values(keeper, tenant, &sealer, place, old.id).await?;
    }
    Ok(done)
}

/// Seals anew what is in one column.
async fn values(keeper: &Keeper, tenant: &Tenant, sealer: &Sealer, place: Place, old: u32) -> Result<u64, KeysError> {
    let (mut done, mut after) = (0, String::new());
    loop {
        let rows = keeper.store.read(&tenant.id).await?.sealed_with(place, old, &after, BATCH).await?;
        let Some((last, _)) = rows.last() else { return Ok(done) };
        after.clone_from(last);
        let sealed = rows
            .into_iter()
            .map(|(owner, before)| {
                let text = sealer.open(place.kind, &owner, &before)?;
                let sealed = sealer.seal(place.kind, &owner, &text)?;
                Ok((owner, before, sealed))
            })
            .collect::<Result<Vec<_>, KeysError>>()?;
        let mut transaction = keeper.store.begin(&tenant.id).await?;
        for (owner, before, sealed) in sealed {
            done += u64::from(transaction.reseal(place, &owner, &before, &sealed).await?);
        }
        transaction.commit().await?;
    }
}

/// Adds the index under the new key to every number that lacks it.
async fn index(keeper: &Keeper, tenant: &Tenant, sealer: &Sealer, new: u32) -> Result<u64, KeysError> {
    let (mut done, mut after) = (0, String::new());
    loop {
        let rows = keeper.store.read(&tenant.id).await?.numbers_without_index(&after, new, BATCH).await?;
        let Some((last, _)) = rows.last() else { return Ok(done) };
        after = last.to_string();
        let mut entries = Vec::with_capacity(rows.len());
        for (person, sealed) in rows {
            let digits = sealer.open(Kind::NationalNumber, &person, &sealed)?;
            let wrong = || KeysError::NoNumber(person.to_string());
            let number: NationalNumber = national_number(tenant, &digits).ok_or_else(wrong)?;
            let index = sealer.lookup(number.kind(), number.reveal()).under(new).ok_or_else(wrong)?;
            entries.push((person, index));
        }
        let mut transaction = keeper.store.begin(&tenant.id).await?;
        for (person, index) in entries {
            transaction.add_number_index(person, new, &index).await?;
            done += 1;
        }
        transaction.commit().await?;
    }
}

/// Forgets the index under a retired key.
pub(super) async fn forget_index(keeper: &Keeper, tenant: &Tenant, old: &WrappedKey) -> Result<(), KeysError> {
    while old.purpose == Purpose::Index {
        let mut transaction = keeper.store.begin(&tenant.id).await?;
        let forgotten = transaction.drop_number_index(old.id, FORGOTTEN).await?;
        transaction.commit().await?;
        if forgotten == 0 {
            break;
        }
    }
    Ok(())
}

/// How much is left under a key.
pub(super) async fn left(transaction: &mut Transaction, key: &WrappedKey) -> Result<i64, KeysError> {
    if key.purpose == Purpose::Index {
        return Ok(transaction.count_number_index(key.id).await?);
    }
    let mut left = 0;
    for place in PLACES.into_iter().filter(|place| place.kind.purpose() == key.purpose) {
        left += transaction.count_sealed_with(place, key.id).await?;
    }
    Ok(left)
}

/// How many values are under a key now.
pub(super) async fn waiting(keeper: &Keeper, tenant: &Tenant, key: &WrappedKey) -> Result<i64, KeysError> {
    left(&mut keeper.store.read(&tenant.id).await?, key).await
}
