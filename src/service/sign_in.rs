//! Signing in: an attempt, bound to the browser that began it, in which the factors of one means are proved in order.
//!
//! Where an attempt stands is in the database; the page only names it. Every try of an account counts before it is judged,
//! over all its factors, sessions and replicas; a right answer gives its own try back, a finished login all of them.

use std::{net::IpAddr, time::Duration};

use jiff::civil::Date;
use zeroize::Zeroizing;

use super::{
    Core,
    addresses::{self, Asked, NotHeard},
    factors, outbox, passkeys,
    pending::{Destination, Pending},
    phones::{self, Unsent},
    profiles,
    sessions::{self, NewLogin},
    user_names,
};
use crate::{
    base::{
        Timestamp,
        id::{AttemptId, PersonId, SessionId},
        token::{Token, TokenDigest},
    },
    domain::{
        assurance::Assurance,
        person::Person,
        tenant::{Factor, Means, Tenant},
    },
    login::{
        Effect, Known, Refused,
        code::{Code, Malformed},
        password::PasswordHash,
        recovery::RecoveryCode,
        sent_code::{KeptCode, TRIES},
        totp::TotpSecret,
        webauthn::Shown,
    },
    notify::{mail::Mail, telephone::Channel},
    storage::{
        StoreError, Transaction,
        seal::Kind,
        sql::{Attempt, NewCode, SentCode},
    },
};

/// Why a step of signing in did not succeed.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// The attempt is over, expired or of another browser: the person begins again.
    #[error("the attempt is no longer open")]
    Gone,
    /// It is not this factor's turn: the page that it is the turn of is shown.
    #[error("another step comes first")]
    OutOfTurn,
    /// Wrong; for a password that also stands for: unknown, closed, or too many tries.
    #[error("wrong")]
    Wrong,
    /// The code was right once.
    #[error("the code has expired")]
    Expired,
    /// It cannot be a code.
    #[error("not a code: {0}")]
    Malformed(Malformed),
    /// Too many tries of this account, or from this address: it waits.
    #[error("too many tries until {until}")]
    TooManyTries {
        /// Until when.
        until: Timestamp,
    },
    /// A code was sent a moment ago.
    #[error("a code was sent a moment ago")]
    TooSoon {
        /// How long to wait for another.
        wait: Duration,
    },
    /// Too many passwords wait to be judged (503).
    #[error("too many passwords wait to be judged")]
    Busy,
    /// The password was reset by a link in a mail: a code in another mail proves nothing more.
    #[error("the password was reset by mail, so a code by mail is no second factor")]
    NotAfterMailReset,
    /// The database does not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<NotHeard> for SignInError {
    fn from(why: NotHeard) -> Self {
        match why {
            NotHeard::TooOften { until } => SignInError::TooManyTries { until },
            NotHeard::Store(error) => SignInError::Store(error),
        }
    }
}

/// Where an attempt stands.
#[derive(Debug)]
pub struct Standing {
    /// The attempt.
    pub id: AttemptId,
    /// What it is for.
    pub pending: Pending,
    /// The means that was chosen, and which of its factors is next.
    pub turn: Option<(Means, Factor)>,
}

/// What came of a step.
#[derive(Debug)]
pub enum Step {
    /// This factor is next.
    Next(Factor),
    /// Signed in; the choice of a profile comes next.
    Done(Done),
    /// Signed in more surely, with the profile that was in use: back to where one was (LOGIN-14).
    Back(Box<profiles::Acted>),
}

/// A finished login.
#[derive(Debug)]
pub struct Done {
    /// The token of the new session, for the cookie.
    pub token: Token,
    /// The session.
    pub session: SessionId,
    /// The choice of profile that comes next.
    pub choice: AttemptId,
}

/// Begins an attempt.
///
/// # Errors
/// When the database does not answer.
pub async fn begin(
    core: &Core,
    tenant: &Tenant,
    browser: TokenDigest,
    pending: &Pending,
) -> Result<AttemptId, StoreError> {
    let now = core.now();
    let id = AttemptId::new(&core.random);
    let mut transaction = core.store.begin(&tenant.id).await?;
    transaction.put_attempt(id, browser, &pending.text(), now, now.plus(tenant.terms.login_attempt)).await?;
    transaction.commit().await?;
    Ok(id)
}

/// Where an attempt stands.
///
/// # Errors
/// `Gone` when it is not open for this browser.
pub async fn standing(
    core: &Core,
    tenant: &Tenant,
    id: AttemptId,
    browser: TokenDigest,
) -> Result<Standing, SignInError> {
    let mut transaction = core.store.read(&tenant.id).await?;
    let now = core.now();
    let attempt = transaction.attempt(id, browser, now).await?.ok_or(SignInError::Gone)?;
    stand(tenant, &attempt, tenant.today(now))
}

pub(super) fn stand(tenant: &Tenant, attempt: &Attempt, today: Date) -> Result<Standing, SignInError> {
    let pending = Pending::parse(&attempt.destination)?;
    // Means that the destination does not accept, or that the tenant took away meanwhile, are as good as not chosen.
    let chosen =
        attempt.means.as_deref().and_then(|id| pending.means(tenant, today).into_iter().find(|m| m.id == id).cloned());
    let turn = chosen.and_then(|means| {
        let factor = *means.factors.get(usize::try_from(attempt.proved).ok()?)?;
        Some((means, factor))
    });
    Ok(Standing { id: attempt.id, pending, turn })
}

/// Chooses the means. What was proved before is forgotten.
///
/// # Errors
/// `OutOfTurn` when the destination does not accept these means.
pub async fn choose_means(
    core: &Core,
    tenant: &Tenant,
    id: AttemptId,
    browser: TokenDigest,
    means: &str,
) -> Result<Factor, SignInError> {
    let standing = standing(core, tenant, id, browser).await?;
    let offered = standing.pending.means(tenant, tenant.today(core.now()));
    let chosen = offered.into_iter().find(|m| m.id == means).ok_or(SignInError::OutOfTurn)?;
    let first = *chosen.factors.first().ok_or(SignInError::OutOfTurn)?;
    let mut transaction = core.store.begin(&tenant.id).await?;
    if !transaction.choose_means(id, means).await? {
        return Err(SignInError::Gone);
    }
    transaction.commit().await?;
    Ok(first)
}

/// Cancels an attempt; says where it would have led.
///
/// # Errors
/// `Gone` when it is not open.
pub async fn cancel(
    core: &Core,
    tenant: &Tenant,
    id: AttemptId,
    browser: TokenDigest,
) -> Result<Destination, SignInError> {
    let standing = standing(core, tenant, id, browser).await?;
    let mut transaction = core.store.begin(&tenant.id).await?;
    transaction.take_attempt(id, core.now()).await?;
    transaction.record(&core.event("login.cancelled")).await?;
    transaction.commit().await?;
    Ok(standing.pending.destination)
}

/// What a person answered.
pub struct Answer<'a> {
    /// The factor that it is meant for.
    pub factor: Factor,
    /// Who they say they are, with the first factor.
    pub login_name: Option<&'a str>,
    /// The password or code, or what a passkey signed.
    pub secret: Zeroizing<String>,
    /// What the browser says it is.
    pub agent: &'a str,
    /// Where it asks from.
    pub address: IpAddr,
    /// The session that the browser has here; a finished login replaces it.
    pub before: Option<TokenDigest>,
}

/// One account for counting tries: the person, or the name of somebody who does not exist.
fn account(person: Option<PersonId>, login_name: &str) -> TokenDigest {
    match person {
        Some(person) => TokenDigest::of(format!("person:{person}").as_bytes()),
        None => TokenDigest::of(format!("name:{}", login_name.trim().to_lowercase()).as_bytes()),
    }
}

/// What is known of who answers.
struct Answering {
    person: Option<Person>,
    account: TokenDigest,
    locked_until: Option<Timestamp>,
    /// Whether the password was set by a link in a mail, and nothing but mail vouches for it.
    by_mail: bool,
}

/// What storage has of the factor.
enum Loaded {
    Password(Option<PasswordHash>),
    Totp(Option<TotpSecret>),
    Codes(Factor, Vec<SentCode>),
    Passkey(Option<Box<Shown>>),
    RecoveryCode(Option<PersonId>),
}

/// Proves a factor.
///
/// # Errors
/// When it is not proved; the attempt stays open.
pub async fn prove(
    core: &Core,
    tenant: &Tenant,
    id: AttemptId,
    browser: TokenDigest,
    answer: Answer<'_>,
) -> Result<Step, SignInError> {
    let address = answer.address;
    // Counted before it is judged, so that of many at once none is over; only what is wrong stays counted.
    addresses::take(core, tenant, Asked::Login, address).await?;
    let step = prove_factor(core, tenant, id, browser, answer).await;
    if !matches!(step, Err(SignInError::Wrong | SignInError::Expired | SignInError::TooManyTries { .. })) {
        addresses::give_back(core, tenant, Asked::Login, address).await;
    }
    step
}

async fn prove_factor(
    core: &Core,
    tenant: &Tenant,
    id: AttemptId,
    browser: TokenDigest,
    answer: Answer<'_>,
) -> Result<Step, SignInError> {
    let now = core.now();
    let (means, answering, known) = load(core, tenant, id, browser, &answer, now).await?;
    let owner = answering.person.as_ref().map(|person| person.id);
    let judged = judge(core, tenant, (id, owner), known, answer.secret.clone(), now).await;
    // A locked account got the same work as any other; now its answer is that of a wrong one.
    let locked = answering.locked_until;
    let (proof, code) = match (judged, &answering.person, locked) {
        (Ok(proved), Some(_), None) => proved,
        (Err(Refused::Malformed(malformed)), _, _) => return Err(SignInError::Malformed(malformed)),
        (Err(Refused::Busy), _, _) => {
            give_back(core, tenant, answering.account).await?;
            return Err(SignInError::Busy);
        }
        (refused, _, _) => {
            let reason = match (locked, refused) {
                (Some(_), _) => "too many tries",
                (None, Err(Refused::Expired)) => "expired",
                (None, Err(Refused::Copied)) => "count did not go on",
                (None, _) if answering.person.is_none() => "unknown",
                (None, _) => "wrong",
            };
            return Err(refuse(core, tenant, &means, answer.factor, &answering, reason).await?);
        }
    };
    let Some(person) = &answering.person else { return Err(SignInError::Wrong) };
    if answering.by_mail && means.factors.contains(&Factor::EmailCode) {
        give_back(core, tenant, answering.account).await?;
        return Err(SignInError::NotAfterMailReset);
    }
    let number = means.factors.iter().position(|factor| *factor == proof.factor()).map_or(0, |place| place + 1);
    let next = means.factors.get(number);
    if let Some(asked) = next.and_then(|next| sent_as(*next))
        && let Err(why) = addresses::take(core, tenant, asked, answer.address).await
    {
        give_back(core, tenant, answering.account).await?;
        return Err(why.into());
    }
    let mut transaction = core.store.begin(&tenant.id).await?;
    if !take(&mut transaction, person.id, proof.effect(), code.as_deref(), now).await? {
        drop(transaction);
        return Err(refuse(core, tenant, &means, answer.factor, &answering, "used before").await?);
    }
    if let Effect::TakeRecoveryCode(_) = proof.effect() {
        factors::tell_of_used_code(core, tenant, &mut transaction, person).await?;
    }
    if !transaction.prove(id, &means.id, person.id, i64::try_from(number).unwrap_or_default()).await? {
        return Err(SignInError::OutOfTurn);
    }
    let step = match next {
        Some(next) => {
            transaction.return_try(answering.account).await?;
            if let Err(why) = send_code(core, tenant, &mut transaction, id, person, *next, Channel::Sms).await {
                drop(transaction);
                give_back(core, tenant, answering.account).await?;
                return Err(not_sent(core, tenant, person.id, why).await?);
            }
            Step::Next(*next)
        }
        None => {
            let proven = Proven {
                person,
                means: &means,
                assurance: means.assurance,
                at: now,
                agent: answer.agent,
                before: answer.before,
            };
            finish(core, tenant, &mut transaction, id, browser, &proven).await?
        }
    };
    transaction.commit().await?;
    core.wake_outbox.notify_one();
    core.wake_telephone.notify_one();
    Ok(step)
}

/// Loads what the factor is judged by, and takes a try.
async fn load(
    core: &Core,
    tenant: &Tenant,
    id: AttemptId,
    browser: TokenDigest,
    answer: &Answer<'_>,
    now: Timestamp,
) -> Result<(Means, Answering, Loaded), SignInError> {
    let mut transaction = core.store.begin(&tenant.id).await?;
    let attempt = transaction.attempt(id, browser, now).await?.ok_or(SignInError::Gone)?;
    let (means, factor) = stand(tenant, &attempt, tenant.today(now))?.turn.ok_or(SignInError::OutOfTurn)?;
    // What another provider proves is not answered on a page of ours.
    if factor != answer.factor || factor.is_federated() {
        return Err(SignInError::OutOfTurn);
    }
    // What cannot be a code is no try, neither of the account nor of the code that was sent.
    match factor {
        Factor::Totp | Factor::EmailCode | Factor::PhoneCode => {
            Code::parse(&answer.secret).map_err(SignInError::Malformed)?;
        }
        Factor::RecoveryCode => {
            RecoveryCode::parse(&answer.secret).map_err(SignInError::Malformed)?;
        }
        _ => {}
    }
    let shown = match factor {
        Factor::Passkey => passkeys::shown(core, tenant, &mut transaction, id, browser, &answer.secret).await?,
        _ => None,
    };
    let login_name = answer.login_name.unwrap_or_default();
    let person = match (attempt.person, &shown) {
        (Some(person), _) => transaction.person(person).await?,
        (None, Some((owner, _))) => transaction.person(*owner).await?,
        (None, None) if factor == Factor::Passkey => None,
        (None, None) => user_names::person(tenant, &mut transaction, login_name).await?,
    };
    let account = account(person.as_ref().map(|person| person.id), login_name);
    let tries = transaction.take_try(account, now, tenant.terms.tries_window, tenant.terms.tries).await?;
    let limit = i64::from(tenant.terms.tries);
    if tries.tries == limit + 1
        && let Some(person) = &person
    {
        outbox::write(core, tenant, &mut transaction, person, &Mail::TooManyTries { at: now, until: tries.until })
            .await?;
    }
    let mut by_mail = false;
    let known = match (factor, &person) {
        (Factor::Password, None) => Loaded::Password(None),
        (Factor::Password, Some(person)) => {
            let kept = transaction.password(person.id).await?;
            by_mail = kept.as_ref().is_some_and(|password| password.by_mail);
            Loaded::Password(kept.map(|password| PasswordHash::from_text(password.hash)))
        }
        (Factor::Totp, None) => Loaded::Totp(None),
        (Factor::Totp, Some(person)) => Loaded::Totp(match transaction.authenticator(person.id).await? {
            None => None,
            Some((sealed, _)) => {
                let secret = core.keys_of(tenant)?.sealer.open(Kind::TotpSecret, &person.id, &sealed);
                let secret =
                    secret.map_err(|error| StoreError::Unusable(format!("an authenticator's secret: {error}")))?;
                TotpSecret::from_bytes(&secret)
            }
        }),
        (Factor::EmailCode | Factor::PhoneCode, _) => {
            transaction.count_code_try(id, factor.word()).await?;
            Loaded::Codes(factor, transaction.sent_codes(id, factor.word()).await?)
        }
        // Another's passkey is as good as none.
        (Factor::Passkey, person) => {
            let own = shown.filter(|(owner, _)| person.as_ref().is_some_and(|person| person.id == *owner));
            Loaded::Passkey(own.map(|(_, shown)| Box::new(shown)))
        }
        (Factor::RecoveryCode, person) => Loaded::RecoveryCode(person.as_ref().map(|person| person.id)),
        (_, _) => return Err(SignInError::OutOfTurn),
    };
    transaction.commit().await?;
    // Passkeys that nobody has are one account of nobody's, and keep nobody waiting.
    let counts = factor != Factor::Passkey || person.is_some();
    let locked_until = (counts && tries.tries > limit).then_some(tries.until);
    Ok((means, Answering { person, account, locked_until, by_mail }, known))
}

/// Judges the answer, outside any transaction. The second part is the id of the code that was right.
async fn judge(
    core: &Core,
    tenant: &Tenant,
    (attempt, owner): (AttemptId, Option<PersonId>),
    known: Loaded,
    secret: Zeroizing<String>,
    now: Timestamp,
) -> Result<(crate::login::Proof, Option<String>), Refused> {
    let known = match known {
        Loaded::Password(hash) => Known::Password(hash),
        Loaded::Totp(totp) => Known::Totp(totp),
        Loaded::Passkey(shown) => Known::Passkey(shown),
        Loaded::RecoveryCode(owner) => Known::RecoveryCode(owner.map(|owner| (&tenant.id, owner))),
        Loaded::Codes(factor, codes) => {
            let owner = owner.map_or_else(String::new, |person| owner_of(attempt, person, factor));
            let Ok(keys) = core.keys_of(tenant) else { return Err(Refused::Wrong) };
            let mut outcome = Refused::Wrong;
            let kept = codes.iter().map(|code| {
                let digest = code.digest.clone();
                (Some(code.id.clone()), Some(KeptCode { owner: owner.clone(), expires: code.expires_at, digest }))
            });
            // Without any code the answer is still read, so that what is malformed is called so.
            for (id, kept) in kept.chain((codes.is_empty()).then_some((None, None))) {
                match core.methods.prove(Known::SentCode(factor, kept, &keys.sealer), secret.clone(), now).await {
                    Ok(proof) => return Ok((proof, id)),
                    Err(Refused::Wrong) => {}
                    Err(other) => outcome = other,
                }
            }
            return Err(outcome);
        }
    };
    core.methods.prove(known, secret, now).await.map(|proof| (proof, None))
}

/// Takes what works once. False when it was taken already.
async fn take(
    transaction: &mut Transaction,
    person: PersonId,
    effect: &Effect,
    code: Option<&str>,
    now: Timestamp,
) -> Result<bool, StoreError> {
    match effect {
        Effect::None => Ok(true),
        Effect::Rehash(hash) => transaction.rehash_password(person, hash.as_str()).await.map(|()| true),
        Effect::TakeStep(step) => transaction.take_totp_step(person, i64::try_from(*step).unwrap_or(i64::MAX)).await,
        Effect::TakeCode => transaction.take_sent_code(code.unwrap_or_default(), now, TRIES).await,
        Effect::UseKey(used) => transaction.use_passkey(&used.id, person, &used.text, used.counter, now).await,
        Effect::TakeRecoveryCode(digest) => transaction.take_recovery_code(person, *digest, now).await,
    }
}

/// Notes a refusal; says what the person hears.
async fn refuse(
    core: &Core,
    tenant: &Tenant,
    means: &Means,
    factor: Factor,
    answering: &Answering,
    reason: &str,
) -> Result<SignInError, StoreError> {
    let mut event = core
        .event("login.failed")
        .with("means", means.id.clone())
        .with("factor", factor.word())
        .with("reason", reason.to_owned());
    if let Some(person) = &answering.person {
        event = event.about(person.id);
    }
    core.record(tenant, event).await?;
    core.wake_outbox.notify_one();
    Ok(match (factor, answering.locked_until) {
        // One answer for wrong, unknown, closed and locked: nobody learns who has an account.
        (Factor::Password, _) => SignInError::Wrong,
        (_, Some(until)) => SignInError::TooManyTries { until },
        _ if reason == "expired" => SignInError::Expired,
        _ => SignInError::Wrong,
    })
}

/// Gives a try back that was not one: nothing was judged.
async fn give_back(core: &Core, tenant: &Tenant, account: TokenDigest) -> Result<(), StoreError> {
    let mut transaction = core.store.begin(&tenant.id).await?;
    transaction.return_try(account).await?;
    transaction.commit().await
}

/// A person whose every factor is proved.
pub(super) struct Proven<'a> {
    pub person: &'a Person,
    pub means: &'a Means,
    /// What this login is worth.
    pub assurance: Assurance,
    /// When they proved it.
    pub at: Timestamp,
    /// What the browser says it is.
    pub agent: &'a str,
    /// The session that the browser has here; this login replaces it.
    pub before: Option<TokenDigest>,
}

/// Ends the attempt with a session. The choice of profile comes next, except for who stepped up in the profile they had.
pub(super) async fn finish(
    core: &Core,
    tenant: &Tenant,
    transaction: &mut Transaction,
    id: AttemptId,
    browser: TokenDigest,
    proven: &Proven<'_>,
) -> Result<Step, SignInError> {
    let now = core.now();
    let Proven { person, means, .. } = proven;
    let attempt = transaction.attempt(id, browser, now).await?.ok_or(SignInError::Gone)?;
    if !transaction.take_attempt(id, now).await? {
        return Err(SignInError::Gone);
    }
    transaction.give_back_tries(account(Some(person.id), "")).await?;
    // Who knows the password also proved something that no mail gives.
    if means.factors.contains(&Factor::Password) && !means.factors.contains(&Factor::EmailCode) {
        transaction.vouch_for_password(person.id).await?;
    }
    let pending = Pending::parse(&attempt.destination)?;
    let login = NewLogin {
        person: person.id,
        means: means.id.clone(),
        assurance: proven.assurance,
        at: proven.at,
        agent: proven.agent.to_owned(),
    };
    let (token, session) = sessions::take_over(core, tenant, transaction, proven.before, &login).await?;
    let event = core
        .event("login.succeeded")
        .by(person.id)
        .about(person.id)
        .in_session(session)
        .with("means", means.id.clone())
        .with("assurance", proven.assurance.word());
    transaction.record(&event).await?;
    // Whoever chose to look for a mandator was on the way to another profile.
    let kept = match pending.least.is_some() && pending.holder.is_none() {
        true => profiles::of_session(tenant, transaction, session, now).await?,
        false => None,
    };
    if let Some(profile) = kept {
        let destination = pending.destination;
        let acted = profiles::Acted { profile, session, session_token: token, destination };
        return Ok(Step::Back(Box::new(acted)));
    }
    let choice = profiles::open_in(core, tenant, transaction, person.id, browser, &pending).await?;
    Ok(Step::Done(Done { token, session, choice }))
}

/// What is asked of an address when a code is sent to prove this factor.
const fn sent_as(factor: Factor) -> Option<Asked> {
    match factor {
        Factor::EmailCode => Some(Asked::Mail),
        Factor::PhoneCode => Some(Asked::Phone),
        _ => None,
    }
}

/// Whose code it is, in which attempt, and what it proves: nobody else's, in no other, and nothing else.
fn owner_of(attempt: AttemptId, person: PersonId, factor: Factor) -> String {
    format!("{attempt} {person} {}", factor.word())
}

/// What somebody hears who got no code.
async fn not_sent(core: &Core, tenant: &Tenant, person: PersonId, why: Unsent) -> Result<SignInError, StoreError> {
    match why {
        Unsent::TooMany { bound, until } => {
            phones::note_refusal(core, tenant, person, bound).await?;
            Ok(SignInError::TooManyTries { until })
        }
        Unsent::Store(error) => Err(error),
    }
}

/// Makes a code, and writes the message with it: a mail, or one by telephone. Nothing is sent where the factor has no code, or the
/// person no number that was verified.
async fn send_code(
    core: &Core,
    tenant: &Tenant,
    transaction: &mut Transaction,
    attempt: AttemptId,
    person: &Person,
    factor: Factor,
    channel: Channel,
) -> Result<(), Unsent> {
    let now = core.now();
    let expires = now.plus(tenant.terms.email_code);
    let number = match factor {
        Factor::EmailCode => None,
        Factor::PhoneCode => {
            let phone = phones::of(core, tenant, transaction, person.id).await?.filter(|phone| phone.verified);
            let Some(number) = phone.and_then(|phone| phone.number) else { return Ok(()) };
            Some(number)
        }
        _ => return Ok(()),
    };
    let sealer = &core.keys_of(tenant)?.sealer;
    let (code, kept) = KeptCode::new(&core.random, sealer, &owner_of(attempt, person.id, factor), expires)
        .map_err(|error| StoreError::Unusable(format!("a code: {error}")))?;
    let id = core.random.uuid().to_string();
    let channel = number.as_ref().map(|number| channel.to(number));
    let new = NewCode {
        id: &id,
        attempt,
        factor: factor.word(),
        channel: channel.map(Channel::word),
        digest: &kept.digest,
        expires,
    };
    transaction.put_sent_code(&new, now).await?;
    match number.zip(channel) {
        Some((number, channel)) => {
            phones::write(core, tenant, transaction, person, &number, channel, (&code, expires)).await
        }
        None => {
            let mail = Mail::EmailCode { code: code.digits(), life: tenant.terms.email_code };
            Ok(outbox::write(core, tenant, transaction, person, &mail).await?)
        }
    }
}

/// What is known of the code that somebody waits for.
#[derive(Clone, Copy, Debug)]
pub struct Waiting {
    /// How long until another can be asked for; none when it can be now.
    pub wait: Option<Duration>,
    /// How the last one went, by telephone.
    pub channel: Option<Channel>,
    /// Whether one can go on with a code by mail instead.
    pub mail_instead: bool,
}

/// What is known of the code that comes next in an attempt.
///
/// # Errors
/// `Gone` when the attempt is not open; `OutOfTurn` when no code comes next.
pub async fn waiting(
    core: &Core,
    tenant: &Tenant,
    id: AttemptId,
    browser: TokenDigest,
) -> Result<Waiting, SignInError> {
    let now = core.now();
    let mut transaction = core.store.read(&tenant.id).await?;
    let attempt = transaction.attempt(id, browser, now).await?.ok_or(SignInError::Gone)?;
    let standing = stand(tenant, &attempt, tenant.today(now))?;
    let (means, factor) = standing.turn.as_ref().ok_or(SignInError::OutOfTurn)?;
    let codes = transaction.sent_codes(id, factor.word()).await?;
    let next = codes.first().map(|last| last.sent_at.plus(tenant.terms.email_code_resend));
    Ok(Waiting {
        wait: next.filter(|next| now < *next).map(|next| next.since(now)),
        channel: codes.first().and_then(|last| Channel::from_word(last.channel.as_deref()?)),
        mail_instead: by_mail_instead(tenant, &standing.pending, means, tenant.today(now)).is_some(),
    })
}

/// Sends another code, after a delay. The old one still works within its time.
///
/// # Errors
/// `TooSoon`, `TooManyTries` from this address, or `OutOfTurn` when no code is asked for.
pub async fn send_again(
    core: &Core,
    tenant: &Tenant,
    id: AttemptId,
    browser: TokenDigest,
    address: IpAddr,
    channel: Channel,
) -> Result<(), SignInError> {
    let standing = standing(core, tenant, id, browser).await?;
    let factor = standing.turn.map(|(_, factor)| factor).ok_or(SignInError::OutOfTurn)?;
    addresses::take(core, tenant, sent_as(factor).ok_or(SignInError::OutOfTurn)?, address).await?;
    let now = core.now();
    let mut transaction = core.store.begin(&tenant.id).await?;
    let attempt = transaction.attempt(id, browser, now).await?.ok_or(SignInError::Gone)?;
    let turn = stand(tenant, &attempt, tenant.today(now))?.turn.filter(|(_, turn)| *turn == factor);
    let (Some(_), Some(person)) = (turn, attempt.person) else { return Err(SignInError::OutOfTurn) };
    let person = transaction.person(person).await?.ok_or(SignInError::Gone)?;
    if let Some(last) = transaction.sent_codes(id, factor.word()).await?.first() {
        let next = last.sent_at.plus(tenant.terms.email_code_resend);
        if now < next {
            return Err(SignInError::TooSoon { wait: next.since(now) });
        }
    }
    if let Err(why) = send_code(core, tenant, &mut transaction, id, &person, factor, channel).await {
        drop(transaction);
        return Err(not_sent(core, tenant, person.id, why).await?);
    }
    transaction.commit().await?;
    core.wake_outbox.notify_one();
    core.wake_telephone.notify_one();
    Ok(())
}

/// The means that go on with a code by mail where these go on with one by telephone.
fn by_mail_instead<'t>(tenant: &'t Tenant, pending: &Pending, means: &Means, today: Date) -> Option<&'t Means> {
    let (_, before) = means.factors.split_last().filter(|(last, _)| **last == Factor::PhoneCode)?;
    let by_mail = |other: &&Means| match other.factors.split_last() {
        Some((last, first)) => *last == Factor::EmailCode && first == before,
        None => false,
    };
    pending.means(tenant, today).into_iter().find(by_mail)
}

/// Goes on with a code by mail where one by telephone comes next: the password was proved already.
///
/// # Errors
/// `OutOfTurn` where there is no such means; `NotAfterMailReset` for who got their password by mail.
pub async fn mail_instead(
    core: &Core,
    tenant: &Tenant,
    id: AttemptId,
    browser: TokenDigest,
    address: IpAddr,
) -> Result<(), SignInError> {
    addresses::take(core, tenant, Asked::Mail, address).await?;
    let now = core.now();
    let mut transaction = core.store.begin(&tenant.id).await?;
    let attempt = transaction.attempt(id, browser, now).await?.ok_or(SignInError::Gone)?;
    let standing = stand(tenant, &attempt, tenant.today(now))?;
    let (Some((means, Factor::PhoneCode)), Some(person)) = (&standing.turn, attempt.person) else {
        return Err(SignInError::OutOfTurn);
    };
    let other = by_mail_instead(tenant, &standing.pending, means, tenant.today(now)).ok_or(SignInError::OutOfTurn)?;
    let person = transaction.person(person).await?.ok_or(SignInError::Gone)?;
    if transaction.password(person.id).await?.is_none_or(|password| password.by_mail) {
        return Err(SignInError::NotAfterMailReset);
    }
    if !transaction.switch_means(id, &means.id, &other.id, attempt.proved).await? {
        return Err(SignInError::OutOfTurn);
    }
    let sent = transaction.sent_codes(id, Factor::EmailCode.word()).await?;
    if sent.first().is_none_or(|last| last.sent_at.plus(tenant.terms.email_code_resend) <= now)
        && let Err(why) = send_code(core, tenant, &mut transaction, id, &person, Factor::EmailCode, Channel::Sms).await
    {
        drop(transaction);
        return Err(not_sent(core, tenant, person.id, why).await?);
    }
    transaction.commit().await?;
    core.wake_outbox.notify_one();
    Ok(())
}
