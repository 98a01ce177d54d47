//! A forgotten password: a single-use link by mail (LOGIN-6). Nothing tells whether an address is known.

use std::net::IpAddr;

use zeroize::Zeroizing;

use super::{
    Core,
    addresses::{self, Asked, NotHeard},
    outbox, user_names,
};
use crate::{
    base::token::{Token, TokenDigest},
    domain::tenant::Tenant,
    login::{
        new_password::{NewPassword, Weak},
        password::Busy,
    },
    notify::mail::Mail,
    storage::StoreError,
};

/// Links that one account may be sent within the tenant's window, by whichever of its user names, however that is spelled.
const LINKS: u32 = 3;

/// Why a password was not reset.
#[derive(Debug, thiserror::Error)]
pub enum ResetError {
    /// The link was used, is too old, or never was.
    #[error("the link no longer works")]
    Spent,
    /// The new password may not be set.
    #[error(transparent)]
    Weak(#[from] Weak),
    /// Too many passwords wait to be hashed (503).
    #[error(transparent)]
    Busy(#[from] Busy),
    /// The database does not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Sends a link to who has this address, if anybody. The same work is done either way.
///
/// # Errors
/// When the database does not answer, or this client asked for too many mails.
pub async fn forgotten(core: &Core, tenant: &Tenant, login_name: &str, client: IpAddr) -> Result<(), NotHeard> {
    addresses::take(core, tenant, Asked::Mail, client).await?;
    let now = core.now();
    let token = Token::new(&core.random);
    let mut transaction = core.store.begin(&tenant.id).await?;
    let person = user_names::person(tenant, &mut transaction, login_name).await?;
    // Whoever has an address and a number is one account; who has neither is one however the name is spelled.
    let account = match &person {
        Some(person) => format!("reset:person:{}", person.id),
        None => format!("reset:{}", user_names::spelled(tenant, login_name)),
    };
    let account = TokenDigest::of(account.as_bytes());
    let tries = transaction.take_try(account, now, tenant.terms.tries_window, LINKS).await?;
    let mut event = core.event("password.forgotten");
    match person.filter(|_| tries.tries <= i64::from(LINKS)) {
        Some(person) => {
            transaction.put_reset_link(token.digest(), person.id, now.plus(tenant.terms.reset_link)).await?;
            // From the configured origin, whatever host the request named (CVE-2025-64101).
            let url = Zeroizing::new(format!("{}/password/reset?token={}", tenant.origin, token.reveal()));
            let mail = Mail::ResetLink { link: &url, life: tenant.terms.reset_link };
            outbox::write(core, tenant, &mut transaction, &person, &mail).await?;
            event = event.about(person.id);
        }
        None => event = event.with("reason", if tries.tries > i64::from(LINKS) { "too many" } else { "unknown" }),
    }
    transaction.record(&event).await?;
    transaction.commit().await?;
    core.wake_outbox.notify_one();
    Ok(())
}

/// The user name of whose password a link resets, while it works; it is not taken by looking.
///
/// # Errors
/// When the database does not answer.
pub async fn link_owner(core: &Core, tenant: &Tenant, link: TokenDigest) -> Result<Option<String>, StoreError> {
    let mut transaction = core.store.read(&tenant.id).await?;
    let Some(owner) = transaction.reset_link(link, core.now()).await? else { return Ok(None) };
    let Some(person) = transaction.person(owner).await? else { return Ok(None) };
    let registrations = transaction.registrations(owner).await?;
    Ok(Some(user_names::of(tenant, &person, &registrations)))
}

/// Sets a new password by a link. Every session and every begun login of the person ends, and they are told by mail.
///
/// # Errors
/// `Spent` when the link does not work; `Weak` leaves it working.
pub async fn reset(
    core: &Core,
    tenant: &Tenant,
    link: TokenDigest,
    password: Zeroizing<String>,
) -> Result<(), ResetError> {
    let now = core.now();
    let mut transaction = core.store.read(&tenant.id).await?;
    let owner = transaction.reset_link(link, now).await?.ok_or(ResetError::Spent)?;
    let person = transaction.person(owner).await?.ok_or(ResetError::Spent)?;
    drop(transaction);
    let names: Vec<&str> = tenant.languages.iter().map(|language| tenant.name.get(*language)).collect();
    let about: Vec<&str> =
        [person.given_name.as_str(), &person.family_name, &person.email].into_iter().chain(names).collect();
    let hash = core.methods.passwords().hash(NewPassword::check(password, &about)?).await?;
    let mut transaction = core.store.begin(&tenant.id).await?;
    if transaction.take_reset_link(link, now).await? != Some(person.id) {
        return Err(ResetError::Spent);
    }
    let first = user_names::is_first(tenant, &mut transaction, person.id).await?;
    transaction.put_password(person.id, hash.as_str(), !first, now).await?;
    transaction.end_sessions_of(person.id, now).await?;
    // Who proved the old password and is half way in begins again.
    transaction.end_attempts_of(person.id, now).await?;
    transaction.record(&core.event("password.reset").by(person.id).about(person.id)).await?;
    outbox::write(core, tenant, &mut transaction, &person, &Mail::PasswordChanged { at: now }).await?;
    transaction.commit().await?;
    core.wake_outbox.notify_one();
    Ok(())
}
