//! A telephone number: typed, verified with a code that goes there, and from then on its owner's.
//!
//! Until it is verified its owner may correct it as often as they like (LOGIN-8). A code verifies the number to which it went and no other: who
//! typed another meanwhile asks for a code anew. Where the tenant asks everybody for a verified number the helpdesk alone changes it.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::{Change, FactorError};
use crate::{
    base::{
        Timestamp,
        token::{Token, TokenDigest},
    },
    domain::{
        phone::{NoPhone, PhoneNumber},
        tenant::{Factor, Tenant},
    },
    login::{code::Code, sent_code::TRIES},
    notify::{mail::FactorChange, telephone::Channel},
    service::{
        Core,
        addresses::{self, Asked, NotHeard},
        ceremonies::{self, Place},
        phones::{self, Unsent},
        sessions::SignedIn,
        sign_in::SignInError,
    },
    storage::{StoreError, seal::Kind},
};

const WHAT: &str = "phone";

/// A number that somebody wants verified.
pub struct NewPhone<'a> {
    /// As it was typed.
    pub typed: &'a str,
    /// How its code shall go.
    pub channel: Channel,
    /// Where it is asked from.
    pub address: IpAddr,
}

/// A number that waits for its code.
pub struct AskedPhone {
    /// Names it when the code comes.
    pub token: Token,
    /// How the code went.
    pub channel: Channel,
    /// Its last two digits.
    pub end: String,
}

/// What came of a code.
pub enum Verified {
    /// The number is its owner's.
    Done,
    /// The code was not right, or none: it may be tried again.
    Again(Box<AskedPhone>, FactorError),
}

/// What is remembered until the code comes.
#[derive(Serialize, Deserialize)]
struct Waiting {
    number: String,
    code: String,
    channel: Channel,
    expires: i64,
    tries: u32,
}

impl From<NoPhone> for FactorError {
    fn from(why: NoPhone) -> Self {
        FactorError::NoPhone(why)
    }
}

impl From<NotHeard> for FactorError {
    fn from(why: NotHeard) -> Self {
        FactorError::SignIn(why.into())
    }
}

/// Keeps a number that is not verified yet, and sends a code there.
///
/// # Errors
/// `NoPhone` for what cannot be called; `NotFresh`; `NotHere` where the tenant sends nothing by telephone, or a number is verified
/// already; `SignIn(TooManyTries)` when too much was sent.
pub async fn ask_for_phone_code(
    core: &Core,
    tenant: &Tenant,
    signed_in: &SignedIn,
    browser: TokenDigest,
    new: &NewPhone<'_>,
) -> Result<AskedPhone, FactorError> {
    let terms = tenant.phone.as_ref().ok_or(FactorError::NotHere)?;
    let number = PhoneNumber::parse(new.typed, &terms.countries)?;
    addresses::take(core, tenant, Asked::Phone, new.address).await?;
    let mut change = Change::begin(core, tenant, signed_in).await?;
    let (person, now) = (&signed_in.person, core.now());
    let sealed = core.keys_of(tenant)?.sealer.seal(Kind::Phone, &person.id, number.e164().as_bytes());
    let sealed = sealed.map_err(|error| StoreError::Unusable(error.to_string()))?;
    if !change.transaction.put_phone(person.id, &sealed).await? {
        return Err(FactorError::NotHere);
    }
    let (code, expires) = (Code::new(&core.random), now.plus(tenant.terms.email_code));
    let channel = new.channel.to(&number);
    let message = (&code, expires);
    let written = match phones::count_new(core, tenant, &mut change.transaction, &number).await {
        Ok(()) => phones::write(core, tenant, &mut change.transaction, person, &number, channel, message).await,
        Err(why) => Err(why),
    };
    match written {
        Ok(()) => {}
        Err(Unsent::Store(error)) => return Err(error.into()),
        Err(Unsent::TooMany { bound, until }) => {
            drop(change);
            phones::note_refusal(core, tenant, person.id, bound).await?;
            return Err(SignInError::TooManyTries { until }.into());
        }
    }
    let waiting = Waiting {
        number: number.e164().to_owned(),
        code: code.digits().to_owned(),
        channel,
        expires: expires.millis(),
        tries: 0,
    };
    let asked = keep(&mut change, signed_in, browser, &waiting).await?;
    let event = core.event("phone.asked").by(person.id).about(person.id).in_session(signed_in.session.id);
    change.transaction.record(&event.with("channel", channel.word())).await?;
    change.transaction.commit().await?;
    core.wake_telephone.notify_one();
    Ok(asked)
}

async fn keep(
    change: &mut Change<'_>,
    signed_in: &SignedIn,
    browser: TokenDigest,
    waiting: &Waiting,
) -> Result<AskedPhone, StoreError> {
    let (core, tenant) = (change.core, change.tenant);
    let place = Place::session(signed_in.session.id, WHAT, browser);
    let token = Token::new(&core.random);
    let bytes = serde_json::to_vec(waiting).map(Zeroizing::new);
    let bytes = bytes.map_err(|error| StoreError::Unusable(error.to_string()))?;
    // Longer than the code works, so that it can be said that it is too old.
    let until = Timestamp::from_millis(waiting.expires).plus(tenant.terms.email_code);
    ceremonies::keep(core, tenant, &mut change.transaction, &place, token.digest(), &bytes, until).await?;
    let end = waiting.number[waiting.number.len().saturating_sub(2)..].to_owned();
    Ok(AskedPhone { token, channel: waiting.channel, end })
}

/// Verifies the number to which a code went.
///
/// # Errors
/// `NotFresh`; `NotAsked` for a code that was sent elsewhere, to another number, or tried too often.
pub async fn verify_phone(
    core: &Core,
    tenant: &Tenant,
    signed_in: &SignedIn,
    browser: TokenDigest,
    token: &str,
    typed: &str,
) -> Result<Verified, FactorError> {
    let mut change = Change::begin(core, tenant, signed_in).await?;
    let place = Place::session(signed_in.session.id, WHAT, browser);
    let token = Token::parse(token).ok_or(FactorError::NotAsked)?;
    // Taken before it is judged: guesses that come at the same time are one.
    let taken = ceremonies::take(core, tenant, &mut change.transaction, &place, token.digest()).await?;
    let waiting =
        taken.and_then(|bytes| serde_json::from_slice::<Waiting>(&bytes).ok()).ok_or(FactorError::NotAsked)?;
    let now = core.now();
    let judged = match Code::parse(typed) {
        Err(malformed) => Err(FactorError::Malformed(malformed)),
        Ok(code) if !code.is(&waiting.code) => Err(FactorError::Wrong),
        Ok(_) if Timestamp::from_millis(waiting.expires) <= now => Err(FactorError::Expired),
        Ok(_) => Ok(()),
    };
    if let Err(why) = judged {
        let tries = waiting.tries + u32::from(!matches!(why, FactorError::Malformed(_)));
        if tries >= TRIES {
            let person = signed_in.person.id;
            let event = core.event("phone.not_verified").by(person).about(person).in_session(signed_in.session.id);
            change.transaction.record(&event.with("reason", "too many tries")).await?;
            change.transaction.commit().await?;
            return Err(FactorError::NotAsked);
        }
        let again = keep(&mut change, signed_in, browser, &Waiting { tries, ..waiting }).await?;
        change.transaction.commit().await?;
        return Ok(Verified::Again(Box::new(again), why));
    }
    let person = signed_in.person.id;
    let phone = phones::of(core, tenant, &mut change.transaction, person).await?.ok_or(FactorError::NotAsked)?;
    let same = phone.number.is_some_and(|number| number.e164() == waiting.number);
    if !same || !change.transaction.verify_phone(person, &phone.sealed, now).await? {
        change.transaction.commit().await?;
        return Err(FactorError::NotAsked);
    }
    let end = &waiting.number[waiting.number.len().saturating_sub(2)..];
    change.end("factor.added", Factor::PhoneCode, FactorChange::PhoneVerified { end }).await?;
    Ok(Verified::Done)
}

/// Removes the number: one that is not verified, or where the tenant asks nobody for one.
///
/// # Errors
/// `NotFresh`, `LastOne`, or `NotHere` where only the helpdesk may.
pub async fn remove_phone(core: &Core, tenant: &Tenant, signed_in: &SignedIn) -> Result<(), FactorError> {
    let mut change = Change::begin(core, tenant, signed_in).await?;
    let required = tenant.phone.as_ref().is_none_or(|terms| terms.required);
    if (required && change.held.phone) || !change.transaction.remove_phone(signed_in.person.id).await? {
        return Err(FactorError::NotHere);
    }
    change.end_removal(Factor::PhoneCode, FactorChange::PhoneRemoved).await
}
