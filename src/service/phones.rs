//! Codes by telephone: to whose number, how many at most, and handed over once (LOGIN-5, LOGIN-10).
//!
//! Each message costs money, and whoever has a line at the other end may earn it. So each is counted before it is written: per person, per
//! number and per tenant, in the database and so over all replicas; and per client address by [`super::addresses`]. A number that the
//! tenant's file does not allow any more gets nothing, also when it was verified before.

use std::time::Duration;

use futures_util::future::join_all;

use super::{Core, Shared};
use crate::{
    base::{Timestamp, id::PersonId, token::TokenDigest},
    domain::{
        person::Person,
        phone::PhoneNumber,
        tenant::{Factor, Tenant},
    },
    login::code::Code,
    notify::telephone::{Channel, NotTaken, PhoneMessage, Telephone},
    storage::{StoreError, Transaction, seal::Kind, sql::PhoneMessageRow},
};

/// Messages that one person is sent in an hour, at most.
const PER_PERSON: u32 = 10;

/// Messages that go to one number in an hour, at most. A hospital's landline is many people's.
const PER_NUMBER: u32 = 30;

/// Messages to one number that nobody has verified yet, an hour.
const PER_NEW_NUMBER: u32 = 5;

const HOUR: Duration = Duration::from_secs(3600);
const DAY: Duration = Duration::from_secs(24 * 3600);

/// How many messages of a tenant are handed over at a time.
const ROUND: u32 = 50;

/// When a message is tried again that no provider took.
const RETRY: Duration = Duration::from_secs(10);

/// A person's number, as it is kept.
pub(super) struct Phone {
    /// The number; nothing when the tenant does not allow it (any more).
    pub number: Option<PhoneNumber>,
    /// Whether it was verified.
    pub verified: bool,
    /// As it is kept.
    pub sealed: Vec<u8>,
}

/// What is known of somebody's number, for them and nobody else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// Its last two digits; none when the tenant does not allow it any more.
    pub end: Option<String>,
    /// Whether it was verified.
    pub verified: bool,
}

/// Why a message is not written.
#[derive(Debug, thiserror::Error)]
pub(super) enum Unsent {
    /// There were too many.
    #[error("too many messages by telephone until {until}")]
    TooMany {
        /// Of what.
        bound: &'static str,
        /// Until when.
        until: Timestamp,
    },
    /// The database does not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Somebody's number, where the tenant sends codes by telephone.
pub(super) async fn of(
    core: &Core,
    tenant: &Tenant,
    transaction: &mut Transaction,
    person: PersonId,
) -> Result<Option<Phone>, StoreError> {
    let Some(terms) = &tenant.phone else { return Ok(None) };
    let Some((sealed, verified_at)) = transaction.phone(person).await? else { return Ok(None) };
    let opened = core.keys_of(tenant)?.sealer.open(Kind::Phone, &person, &sealed);
    let opened = opened.map_err(|error| StoreError::Unusable(format!("a telephone number: {error}")))?;
    let number = std::str::from_utf8(&opened).ok().and_then(|text| PhoneNumber::parse(text, &terms.countries).ok());
    Ok(Some(Phone { number, verified: verified_at.is_some(), sealed }))
}

/// What its owner sees of their number.
///
/// # Errors
/// When the database does not answer.
pub async fn known(core: &Core, tenant: &Tenant, person: PersonId) -> Result<Option<Known>, StoreError> {
    let phone = of(core, tenant, &mut core.store.read(&tenant.id).await?, person).await?;
    let known =
        |phone: Phone| Known { end: phone.number.map(|number| number.end().to_owned()), verified: phone.verified };
    Ok(phone.map(known))
}

/// Whether somebody who logged in with these means must verify a number before they go on. Who came by another provider did not use a
/// password here, and what is asked after one is not asked of them.
pub(super) async fn is_missing(
    tenant: &Tenant,
    transaction: &mut Transaction,
    person: PersonId,
    means: &str,
) -> Result<bool, StoreError> {
    let required = tenant.phone.as_ref().is_some_and(|terms| terms.required);
    let ours = tenant.means(means).is_some_and(|means| means.factors.contains(&Factor::Password));
    if !required || !ours {
        return Ok(false);
    }
    Ok(transaction.phone(person).await?.is_none_or(|(_, verified_at)| verified_at.is_none()))
}

/// Writes a message with a code, to be handed over after this transaction. When there were too many the transaction is not to be committed.
pub(super) async fn write(
    core: &Core,
    tenant: &Tenant,
    transaction: &mut Transaction,
    person: &Person,
    number: &PhoneNumber,
    channel: Channel,
    (code, expires): (&Code, Timestamp),
) -> Result<(), Unsent> {
    count(core, tenant, transaction, person.id, number).await?;
    let life = tenant.terms.email_code;
    let message = PhoneMessage::code(channel, number, code.digits(), life, tenant, person.language);
    let unusable = |error: &dyn std::fmt::Display| StoreError::Unusable(error.to_string());
    let bytes = message.to_bytes().map_err(|error| unusable(&error))?;
    let id = core.random.uuid().to_string();
    let sealed =
        core.keys_of(tenant)?.sealer.seal(Kind::PhoneMessage, &id, &bytes).map_err(|error| unusable(&error))?;
    transaction.put_phone_message(&id, &sealed, core.now(), expires).await?;
    Ok(())
}

/// Counts a message before it is written.
async fn count(
    core: &Core,
    tenant: &Tenant,
    transaction: &mut Transaction,
    person: PersonId,
    number: &PhoneNumber,
) -> Result<(), Unsent> {
    let per_day = tenant.phone.as_ref().map_or(0, |terms| terms.per_day);
    let bounds = [
        ("person", TokenDigest::of(format!("phone-person:{person}").as_bytes()), PER_PERSON, HOUR),
        ("number", digest_of(core, tenant, b"phone-number:", number)?, PER_NUMBER, HOUR),
        ("tenant", TokenDigest::of(b"phone-tenant"), per_day, DAY),
    ];
    take_all(core, transaction, bounds).await
}

/// Counts a message to a number that nobody has verified yet: whoever makes accounts may neither have a stranger called again and again,
/// nor use up what those need who log in.
pub(super) async fn count_new(
    core: &Core,
    tenant: &Tenant,
    transaction: &mut Transaction,
    number: &PhoneNumber,
) -> Result<(), Unsent> {
    let per_day = tenant.phone.as_ref().map_or(0, |terms| terms.per_day.div_ceil(4));
    let bounds = [
        ("new number", digest_of(core, tenant, b"phone-new-number:", number)?, PER_NEW_NUMBER, HOUR),
        ("new numbers", TokenDigest::of(b"phone-new-tenant"), per_day, DAY),
    ];
    take_all(core, transaction, bounds).await
}

/// A number is one of few: its digest alone would tell it.
fn digest_of(core: &Core, tenant: &Tenant, what: &[u8], number: &PhoneNumber) -> Result<TokenDigest, StoreError> {
    let index = core.keys_of(tenant)?.sealer.index("phone", number.e164());
    let index = index.map_err(|error| StoreError::Unusable(error.to_string()))?;
    Ok(TokenDigest::of(&[what, index.as_slice()].concat()))
}

async fn take_all<const N: usize>(
    core: &Core,
    transaction: &mut Transaction,
    bounds: [(&'static str, TokenDigest, u32, Duration); N],
) -> Result<(), Unsent> {
    for (bound, key, limit, window) in bounds {
        let taken = transaction.take_try(key, core.now(), window, limit).await?;
        if taken.tries > i64::from(limit) {
            return Err(Unsent::TooMany { bound, until: taken.until });
        }
    }
    Ok(())
}

/// Notes that somebody got no message, the first time of each hour.
pub(super) async fn note_refusal(
    core: &Core,
    tenant: &Tenant,
    person: PersonId,
    bound: &'static str,
) -> Result<(), StoreError> {
    metrics::counter!("poort_telephone_refused_total", "bound" => bound).increment(1);
    if bound == "tenant" {
        tracing::error!(tenant = %tenant.id, "[phone] per_day of this tenant is reached: nobody there gets a code by telephone");
    }
    let key = format!("phone:{}:{bound}:{person}", tenant.id);
    match core.ephemeral.is_first(&key, HOUR, core.now()) {
        true => core.record(tenant, core.event("phone.refused").about(person).with("bound", bound)).await,
        false => Ok(()),
    }
}

/// Hands over what is due, of every tenant; says how many messages providers took.
///
/// # Errors
/// When the database does not answer.
pub async fn send_due(shared: &Shared, telephone: &Telephone) -> Result<usize, StoreError> {
    let mut sent = 0;
    for tenant in shared.tenants.all().iter().filter(|tenant| tenant.phone.is_some()) {
        let core = &shared.core;
        let due = core.store.read(&tenant.id).await?.due_phone_messages(core.now(), ROUND).await?;
        // A provider that is slow with one keeps nobody else waiting: their codes expire.
        for handed in join_all(due.iter().map(|row| hand_over(core, tenant, telephone, row))).await {
            sent += usize::from(handed?);
        }
    }
    Ok(sent)
}

/// Takes a message, and hands it over. Whoever is killed in between has taken it: it goes to nobody, rather than twice.
async fn hand_over(
    core: &Core,
    tenant: &Tenant,
    telephone: &Telephone,
    row: &PhoneMessageRow,
) -> Result<bool, StoreError> {
    let mut transaction = core.store.begin(&tenant.id).await?;
    let taken = transaction.take_phone_message(&row.id, core.now()).await?;
    transaction.commit().await?;
    if !taken {
        return Ok(false);
    }
    let opened = core.keys_of(tenant)?.sealer.open(Kind::PhoneMessage, &row.id, &row.sealed);
    let message = opened.ok().and_then(|bytes| PhoneMessage::from_bytes(&bytes).ok());
    let Some(message) = message else {
        tracing::error!(tenant = %tenant.id, message = %row.id, "a message by telephone cannot be read");
        return Ok(false);
    };
    let channel = message.channel.word();
    let sent = telephone.send(&message).await;
    let mut transaction = core.store.begin(&tenant.id).await?;
    match sent {
        Ok(()) => {
            metrics::counter!("poort_telephone_sent_total", "channel" => channel).increment(1);
            transaction.empty_phone_message(&row.id).await?;
        }
        Err(error @ NotTaken::Perhaps) => {
            tracing::warn!(tenant = %tenant.id, message = %row.id, channel, %error, "it is not sent again");
            transaction.empty_phone_message(&row.id).await?;
        }
        Err(error @ NotTaken::ByNobody) => {
            tracing::warn!(tenant = %tenant.id, message = %row.id, channel, %error, "a message by telephone waits");
            transaction.release_phone_message(&row.id, core.now().plus(RETRY)).await?;
        }
    }
    transaction.commit().await?;
    Ok(sent.is_ok())
}
