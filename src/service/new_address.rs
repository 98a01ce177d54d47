//! Another address to log in with (LOGIN-7): it counts once a link that was sent there is opened and confirmed, once.
//!
//! Who asks proved a moment ago who they are, as surely as they can. The old address is told at once, with a link to object, which works
//! for three days, also after the change and whatever came after it: then the old address is back, and every login ends. Who objects first
//! in the order of the changes counts, so that a second change hides no first one. Whether the new address is somebody's
//! already is told to nobody but its owner: the old address is told either way, and a mail goes to the new one either way.

use std::{net::IpAddr, time::Duration};

use zeroize::Zeroizing;

use super::{
    Core,
    addresses::{self, Asked, NotHeard},
    factors, outbox,
    sessions::SignedIn,
};
use crate::{
    base::{
        id::PersonId,
        token::{Token, TokenDigest},
    },
    domain::{
        assurance::Assurance,
        person::Person,
        tenant::{Factor, Tenant},
    },
    notify::mail::Mail,
    storage::{StoreError, Transaction, sql::ChangeLinks},
};

/// Changes that one person asks for, and mails that one address is sent because of them, within the tenant's window.
const CHANGES: u32 = 3;

/// How long the old address may object.
const OBJECTION: Duration = Duration::from_secs(3 * 24 * 3600);

/// Why nothing comes of it.
#[derive(Debug, thiserror::Error)]
pub enum AddressError {
    /// Nobody here logs in with an address of theirs, or not this person.
    #[error("there is no address to change here")]
    NotHere,
    /// The login is too old, or worth less than what the person has: they log in again first.
    #[error("the login is too old or too low for this")]
    NotFresh(Assurance),
    /// The link was used, is too old, or never was; or the address became somebody's meanwhile.
    #[error("the link no longer works")]
    Spent,
    /// This client asked for too many mails.
    #[error(transparent)]
    NotHeard(#[from] NotHeard),
    /// The database does not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Whether who is signed in may change their address now.
///
/// # Errors
/// `NotHere`, or `NotFresh`.
pub async fn may_change(core: &Core, tenant: &Tenant, signed_in: &SignedIn) -> Result<(), AddressError> {
    let vouched = factors::is_vouched(&mut core.store.read(&tenant.id).await?, tenant, signed_in).await?;
    if vouched || signed_in.person.address().is_none() || !tenant.offers(Factor::Password) {
        return Err(AddressError::NotHere);
    }
    let held = factors::held(core, tenant, &signed_in.person).await?;
    factors::may_change(core, tenant, signed_in, &held).map_err(AddressError::NotFresh)
}

/// Asks for a change. The answer is the same whether the address is somebody's or not.
///
/// # Errors
/// `NotHere`, `NotFresh`, or when this client asked for too many mails.
pub async fn ask(
    core: &Core,
    tenant: &Tenant,
    signed_in: &SignedIn,
    email: &str,
    client: IpAddr,
) -> Result<(), AddressError> {
    may_change(core, tenant, signed_in).await?;
    addresses::take(core, tenant, Asked::Mail, client).await?;
    let (now, person) = (core.now(), &signed_in.person);
    let (token, objection) = (Token::new(&core.random), Token::new(&core.random));
    let bounds = [format!("address-of:{}", person.id), format!("address:{}", email.trim().to_lowercase())];
    let mut transaction = core.store.begin(&tenant.id).await?;
    let mut too_many = false;
    for bound in bounds {
        let key = TokenDigest::of(bound.as_bytes());
        let taken = transaction.take_try(key, now, tenant.terms.tries_window, CHANGES).await?;
        too_many |= taken.tries > i64::from(CHANGES);
    }
    let owner = transaction.login_name_owner(email).await?;
    let known = transaction.person_by_login_name(email).await?;
    let mut event = core.event("address.asked").by(person.id).about(person.id).in_session(signed_in.session.id);
    if too_many {
        event = event.with("reason", "too many");
    } else {
        let links = ChangeLinks {
            link: token.digest(),
            expires: now.plus(tenant.terms.reset_link),
            objection: objection.digest(),
            objection_until: now.plus(OBJECTION),
        };
        transaction.put_address_change(person.id, [&person.email, email], links).await?;
        tell_old(core, tenant, &mut transaction, person, &objection).await?;
        match (owner, known) {
            // Its owner is told; the link is sent to nobody.
            (Some(_), Some(owner)) => {
                outbox::write(core, tenant, &mut transaction, &owner, &Mail::AddressTaken).await?;
                event = event.with("reason", "known");
            }
            (Some(_), None) => event = event.with("reason", "closed"),
            (None, _) => {
                // From the configured origin, whatever host the request named (CVE-2025-64101).
                let link = format!("{}/account/address/confirm?token={}", tenant.origin, token.reveal());
                let link = Zeroizing::new(link);
                let mail = Mail::AddressConfirm { link: &link, life: tenant.terms.reset_link };
                let at_new = Person { email: email.to_owned(), ..person.clone() };
                outbox::write(core, tenant, &mut transaction, &at_new, &mail).await?;
            }
        }
    }
    transaction.record(&event).await?;
    transaction.commit().await?;
    core.wake_outbox.notify_one();
    Ok(())
}

/// Tells the old address, with a link to object.
async fn tell_old(
    core: &Core,
    tenant: &Tenant,
    transaction: &mut Transaction,
    person: &Person,
    objection: &Token,
) -> Result<(), StoreError> {
    let link = Zeroizing::new(format!("{}/account/address/object?token={}", tenant.origin, objection.reveal()));
    let mail = Mail::AddressChanging { link: &link, at: core.now() };
    outbox::write(core, tenant, transaction, person, &mail).await
}

/// The address that a link confirms, while it works; it is not taken by looking.
///
/// # Errors
/// When the database does not answer.
pub async fn link_address(core: &Core, tenant: &Tenant, link: TokenDigest) -> Result<Option<String>, StoreError> {
    let mut transaction = core.store.read(&tenant.id).await?;
    Ok(transaction.address_change(link, core.now()).await?.map(|change| change.email))
}

/// Whether a link objects to something, while it works.
///
/// # Errors
/// When the database does not answer.
pub async fn may_object(core: &Core, tenant: &Tenant, objection: TokenDigest) -> Result<bool, StoreError> {
    let mut transaction = core.store.read(&tenant.id).await?;
    Ok(transaction.address_objection(objection, core.now()).await?.is_some())
}

/// Confirms a change by its link. Every session ends, and every link and code that was sent to the old address.
///
/// # Errors
/// `Spent` when the link does not work.
pub async fn confirm(core: &Core, tenant: &Tenant, link: TokenDigest) -> Result<(), AddressError> {
    let now = core.now();
    let mut transaction = core.store.begin(&tenant.id).await?;
    let change = transaction.take_address_change(link, now).await?.ok_or(AddressError::Spent)?;
    let person = transaction.person(change.person).await?.filter(|person| person.email == change.old_email);
    let person = move_to(&mut transaction, person.ok_or(AddressError::Spent)?, &change.email).await?;
    end_all(core, &mut transaction, person.id).await?;
    transaction.record(&core.event("address.changed").by(person.id).about(person.id)).await?;
    // The link to object that the old address has still works: it is told that there is no more time to lose.
    let old = Person { email: change.old_email, ..person };
    outbox::write(core, tenant, &mut transaction, &old, &Mail::AddressChanged { at: now }).await?;
    transaction.commit().await?;
    core.wake_outbox.notify_one();
    Ok(())
}

/// Objects to a change: it does not happen, or is undone, whatever the address became after it. Every session ends.
///
/// # Errors
/// `Spent` when the link does not work, or the old address became somebody else's: then every session ends too.
pub async fn object(core: &Core, tenant: &Tenant, objection: TokenDigest) -> Result<(), AddressError> {
    let now = core.now();
    let mut transaction = core.store.begin(&tenant.id).await?;
    let change = transaction.take_address_objection(objection, now).await?.ok_or(AddressError::Spent)?;
    let person = transaction.person(change.person).await?.ok_or(AddressError::Spent)?;
    let id = person.id;
    transaction.object_to_later(&change, now).await?;
    end_all(core, &mut transaction, id).await?;
    let undone = match (change.taken_at, transaction.login_name_owner(&change.old_email).await?) {
        (None, _) => "stopped",
        (Some(_), Some(owner)) if owner != id => "not undone",
        (Some(_), _) => {
            move_to(&mut transaction, person, &change.old_email).await?;
            "undone"
        }
    };
    transaction.record(&core.event("address.objected").by(id).about(id).with("change", undone)).await?;
    transaction.commit().await?;
    if undone == "not undone" { Err(AddressError::Spent) } else { Ok(()) }
}

/// Gives somebody another address.
async fn move_to(transaction: &mut Transaction, person: Person, to: &str) -> Result<Person, AddressError> {
    let person = Person { email: to.to_owned(), ..person };
    // Everybody has an address of their own (LOGIN-10): whoever came first has it.
    match transaction.put_person(&person).await {
        Err(StoreError::Conflict) => Err(AddressError::Spent),
        Err(error) => Err(error.into()),
        Ok(()) => Ok(person),
    }
}

/// Ends what was given to whoever reads the address that counts no more, or took somebody's login.
async fn end_all(core: &Core, transaction: &mut Transaction, person: PersonId) -> Result<(), StoreError> {
    let now = core.now();
    transaction.end_sessions_of(person, now).await?;
    transaction.end_attempts_of(person, now).await?;
    transaction.end_reset_links_of(person, now).await?;
    transaction.end_address_changes_of(person, now).await
}
