//! What people type beside their password: their address, or the number of their registration where the tenant says so (LOGIN-11).
//!
//! Who gets their first registration number there gets it by mail, with a link that sets their first password, in the transaction in which
//! the register pushes it. The register vouches for the address: a first password by such a link replaces nothing, so it is not one
//! that a mail alone vouched for; and a code by mail may follow it, as the tenant's file allows.

use zeroize::Zeroizing;

use super::{Core, factors, facts::number_base, outbox};
use crate::{
    base::{id::PersonId, token::Token},
    domain::{
        person::{Person, Registration},
        tenant::{Tenant, UserName},
    },
    notify::mail::Mail,
    storage::{StoreError, Transaction},
};

/// The person who logs in with this name. One statement either way: nothing tells whether there is one.
pub(super) async fn person(
    tenant: &Tenant,
    transaction: &mut Transaction,
    typed: &str,
) -> Result<Option<Person>, StoreError> {
    let typed = typed.trim();
    match tenant.user_name {
        UserName::RegistrationNumber if !typed.contains('@') => {
            transaction.person_registered_as(&number_base(tenant, typed)).await
        }
        _ => transaction.person_by_login_name(typed).await,
    }
}

/// One spelling of a user name: what a number is spelled with besides does not make it another.
pub(super) fn spelled(tenant: &Tenant, typed: &str) -> String {
    let typed = typed.trim();
    match tenant.user_name {
        UserName::RegistrationNumber if !typed.contains('@') => number_base(tenant, typed),
        _ => typed.to_lowercase(),
    }
}

/// What this person logs in with.
#[must_use]
pub fn of(tenant: &Tenant, person: &Person, registrations: &[Registration]) -> String {
    let number = registrations.iter().find_map(|registration| registration.number.clone());
    match (tenant.user_name, number) {
        (UserName::RegistrationNumber, Some(number)) => number,
        _ => person.email.clone(),
    }
}

/// Whether the password that somebody sets by a link is the first thing that they log in with: then nothing was forgotten.
pub(super) async fn is_first(
    tenant: &Tenant,
    transaction: &mut Transaction,
    person: PersonId,
) -> Result<bool, StoreError> {
    if tenant.user_name != UserName::RegistrationNumber || transaction.password(person).await?.is_some() {
        return Ok(false);
    }
    let Some(person) = transaction.person(person).await? else { return Ok(false) };
    Ok(!factors::look(transaction, tenant, &person).await?.is_enough(tenant))
}

/// Tells somebody who just got their first number what they log in with, and how to set their password.
pub(super) async fn welcome(
    core: &Core,
    tenant: &Tenant,
    transaction: &mut Transaction,
    id: PersonId,
    number: &str,
) -> Result<(), StoreError> {
    let Some(person) = transaction.person(id).await? else { return Ok(()) };
    // Where a text may be a national number it stands in no mail.
    let nowhere = person.address().is_none() || tenant.national_number.could_be(number);
    if nowhere || !is_first(tenant, transaction, id).await? {
        return Ok(());
    }
    let (token, life) = (Token::new(&core.random), tenant.terms.welcome_link);
    transaction.put_reset_link(token.digest(), id, core.now().plus(life)).await?;
    let link = Zeroizing::new(format!("{}/password/reset?token={}", tenant.origin, token.reveal()));
    outbox::write(core, tenant, transaction, &person, &Mail::Welcome { user_name: number, link: &link, life }).await?;
    transaction.record(&core.event("account.welcomed").about(id)).await
}
