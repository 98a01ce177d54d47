//! A person pairs a phone with their account: the register's app acts with the profile they had (PAIR-1, PAIR-2).
//!
//! It is the device authorization grant (RFC 8628), begun from the other side. There the device shows a code, and whoever types it
//! anywhere lets that device in; so people are talked into typing a stranger's code (section 5.4). Here the account begins:
//!
//! 1. [`offer`]: the page shows a QR code. It carries 256 random bits, works for one app, once, for [`LIFE`], and belongs to this login and
//!    its profile.
//! 2. [`take`]: the app that read it names its key (`dpop_jkt`, RFC 9449 section 10) and hears what every device of RFC 8628 hears: what
//!    to wait with, and a number to show.
//! 3. [`confirm`]: the person types the number that their phone shows, on the page that showed the code. Nothing of it stands on that page. So
//!    a photograph of the QR code gives nothing: the stranger's phone took the code and has the number, the person's own phone
//!    has none to type. A wrong number three times ends it.
//! 4. [`redeem`]: the app gets tokens that count beside its key alone (RFC 9449), and refresh tokens that only that key renews.
//!
//! Why not a code that is redeemed at once: then the photograph would be enough. Why DPoP and no assertion of each device (RFC 7523):
//! with it access tokens too are worth nothing without the key, and applications have libraries for it.
//!
//! A paired phone has a session of its own, which no cookie opens. Everything that ends sessions ends it: unpairing, a new password, a
//! closed account; and losing the profession with which it was paired. It outlives the login that it was paired in, except where that
//! may not be prolonged (DigiD): then it ends with it, and no later than that would have ended unused.

use std::time::Duration;

use subtle::ConstantTimeEq;

use super::{
    Core,
    authorizations::{self, GrantError, LOST_ANSWER, Tokens},
    factors::FRESH,
    identities, outbox, possession,
    sessions::{self, SignedIn},
};
use crate::{
    base::{
        Timestamp,
        id::{AuthorizationId, PersonId, SessionId},
        token::{Token, TokenDigest},
    },
    domain::{client::Client, possession::KeyThumbprint, tenant::Tenant},
    login::code::Code,
    notify::mail::Mail,
    policy::{Denial, Permit, Question, Target, action::PairApp},
    storage::{
        StoreError, Transaction,
        sql::{Authorization, PairedRow, Session, Waiting},
    },
    token::{claims::scope, dpop::Proof},
};

/// How long a code is shown, and how long its app may wait after that.
pub const LIFE: Duration = Duration::from_secs(5 * 60);

/// How often the app may ask (RFC 8628 section 3.2).
pub const INTERVAL: Duration = Duration::from_secs(2);

/// Numbers that may be typed.
const TRIES: i64 = 3;

/// The longest name of a phone, in characters.
const LONGEST_NAME: usize = 60;

/// Why a phone is not paired.
#[derive(Debug, thiserror::Error)]
pub enum PairingError {
    /// No profile was chosen, or it holds no longer.
    #[error("no profile is in use")]
    NoProfile,
    /// There is no such app, or it is not for this profession.
    #[error("the app is not offered to this profession")]
    NotOffered,
    /// Policy does not allow it.
    #[error("denied: {0}")]
    Denied(Denial),
    /// The login is too old: a phone is a key, and a session that somebody left open gives none.
    #[error("the login is too old for this")]
    NotFresh,
    /// The code is over: used, expired, withdrawn, or guessed at too often.
    #[error("the code is over")]
    Over,
    /// No app has taken the code yet.
    #[error("no app has taken the code")]
    NotTaken,
    /// The phone shows another number.
    #[error("the phone shows another number")]
    WrongNumber,
    /// The database does not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What somebody has paired, and can.
#[derive(Debug)]
pub struct Overview<'t> {
    /// The phones, in the order in which they were paired.
    pub phones: Vec<PairedRow>,
    /// The apps that are for their profession.
    pub apps: Vec<&'t Client>,
}

/// The apps that are for who acts with the profile in use.
pub fn offered<'t>(tenant: &'t Tenant, signed_in: &SignedIn) -> impl Iterator<Item = &'t Client> {
    let profile = signed_in.profile.clone();
    tenant.clients.iter().filter(move |client| {
        let pairing = client.pairing.as_ref().zip(profile.as_ref());
        pairing.is_some_and(|(pairing, profile)| pairing.is_for(profile))
    })
}

/// The phones of who is signed in, and the apps they may pair.
///
/// # Errors
/// When the database does not answer.
pub async fn overview<'t>(core: &Core, tenant: &'t Tenant, signed_in: &SignedIn) -> Result<Overview<'t>, StoreError> {
    let phones = core.store.read(&tenant.id).await?.paired_phones(signed_in.person.id, core.now()).await?;
    Ok(Overview { phones, apps: offered(tenant, signed_in).collect() })
}

/// Offers an app: the code for the page. What this login offered before ends.
///
/// # Errors
/// `NotOffered`, `Denied`, or `NoProfile`.
pub async fn offer(core: &Core, tenant: &Tenant, signed_in: &SignedIn, client: &str) -> Result<Token, PairingError> {
    let outcome = offer_code(core, tenant, signed_in, client).await;
    noted(core, tenant, signed_in, "app.offer", outcome).await
}

async fn offer_code(core: &Core, tenant: &Tenant, signed_in: &SignedIn, client: &str) -> Result<Token, PairingError> {
    let now = core.now();
    let code = Token::new(&core.random);
    let mut transaction = core.store.begin(&tenant.id).await?;
    let permit = ask(core, tenant, &mut transaction, signed_in, client).await?;
    if now >= signed_in.session.authenticated_at.plus(FRESH) {
        return Err(PairingError::NotFresh);
    }
    let by = (signed_in.person.id, signed_in.session.id, permit.profile().ok_or(PairingError::NoProfile)?);
    transaction.offer_pairing(&permit, code.digest(), by, now, now.plus(LIFE)).await?;
    transaction.record(&about(core, signed_in, "app.offered", client).with("rule", permit.rule())).await?;
    transaction.commit().await?;
    Ok(code)
}

/// An app that waits (RFC 8628 section 3.2).
#[derive(Debug)]
pub struct Waits {
    /// With what it asks: `device_code`.
    pub with: Token,
    /// What it shows: `user_code`.
    pub number: Code,
}

/// An app that read a code.
#[derive(Debug)]
pub struct Reader<'a> {
    /// The code.
    pub code: TokenDigest,
    /// What the phone is called.
    pub device: &'a str,
    /// Its key.
    pub key: KeyThumbprint,
    /// The scopes it asks, when not all that it may have.
    pub scope: Option<&'a str>,
}

/// Takes a code for the app that read it.
///
/// # Errors
/// `InvalidGrant`: there is no such code for this app. One that another phone took before ends what that one was given: of two that
/// read it one is a stranger. `InvalidScope` leaves the code as it was.
pub async fn take(core: &Core, tenant: &Tenant, client: &Client, reader: &Reader<'_>) -> Result<Waits, GrantError> {
    let now = core.now();
    let scope = scopes(client, reader.scope)?;
    let waits = Waits { with: Token::new(&core.random), number: Code::new(&core.random) };
    let device: String = reader.device.chars().filter(|c| !c.is_control()).take(LONGEST_NAME).collect();
    let waiting = Waiting {
        device: device.trim(),
        key: reader.key,
        scope: &scope,
        waits_with: waits.with.digest(),
        number: waits.number.digits(),
    };
    let mut transaction = core.store.begin(&tenant.id).await?;
    if transaction.take_pairing_code(reader.code, &client.id, now, &waiting).await? {
        transaction.commit().await?;
        return Ok(waits);
    }
    let taken = transaction.taken_pairing_code(reader.code, &client.id, now).await?;
    let lost = |taken_at: Timestamp, key: &str| key == reader.key.text() && now.since(taken_at) < LOST_ANSWER;
    if let Some(taken) = taken.filter(|taken| !lost(taken.taken_at, &taken.device_key)) {
        end(core, transaction, client, reader.code, taken.session).await?;
    }
    Err(GrantError::InvalidGrant)
}

/// Ends a pairing whose code came a second time.
async fn end(
    core: &Core,
    mut transaction: Transaction,
    client: &Client,
    code: TokenDigest,
    session: Option<SessionId>,
) -> Result<(), StoreError> {
    let now = core.now();
    if transaction.end_pairing(code, now).await? {
        if let Some(session) = session {
            transaction.end_session(session, now).await?;
        }
        transaction.record(&core.event("app.code.reused").with("client", client.id.clone())).await?;
        transaction.commit().await?;
    }
    Ok(())
}

/// What an app gets: what it asks of what it may have.
fn scopes(client: &Client, asked: Option<&str>) -> Result<String, GrantError> {
    let Some(asked) = asked else { return Ok(client.scopes.join(" ")) };
    let asked: Vec<&str> = asked.split(' ').collect();
    let known = |scope: &&str| client.scopes.iter().any(|known| known == scope);
    if !asked.iter().all(known) || !asked.contains(&scope::OPENID) {
        return Err(GrantError::InvalidScope);
    }
    Ok(client.scopes.iter().filter(|scope| asked.contains(&scope.as_str())).cloned().collect::<Vec<_>>().join(" "))
}

/// Withdraws what this login offers and nobody confirmed: its app hears that the person does not want it.
///
/// # Errors
/// When the database does not answer.
pub async fn withdraw(core: &Core, tenant: &Tenant, signed_in: &SignedIn) -> Result<(), StoreError> {
    let mut transaction = core.store.begin(&tenant.id).await?;
    transaction.end_offered_pairings(signed_in.session.id, core.now()).await?;
    transaction.commit().await
}

/// Pairs the phone that shows this number. Says what it is called; the person is told by mail.
///
/// # Errors
/// `NotTaken` and `WrongNumber` leave the offer standing; three wrong numbers end it.
pub async fn confirm(
    core: &Core,
    tenant: &Tenant,
    signed_in: &SignedIn,
    code: TokenDigest,
    number: &Code,
) -> Result<String, PairingError> {
    let outcome = confirm_number(core, tenant, signed_in, code, number).await;
    let outcome = noted(core, tenant, signed_in, "app.pair", outcome).await?;
    core.wake_outbox.notify_one();
    Ok(outcome)
}

async fn confirm_number(
    core: &Core,
    tenant: &Tenant,
    signed_in: &SignedIn,
    code: TokenDigest,
    number: &Code,
) -> Result<String, PairingError> {
    let (now, login) = (core.now(), &signed_in.session);
    let mut transaction = core.store.begin(&tenant.id).await?;
    let offer = transaction.offered_pairing(code, login.id, now).await?.ok_or(PairingError::Over)?;
    let (Some(device), Some(scope), Some(shown)) = (offer.device, offer.scope, offer.number) else {
        return Err(PairingError::NotTaken);
    };
    let permit = ask(core, tenant, &mut transaction, signed_in, &offer.client).await?;
    // Another tab may have taken on another profile since the code was shown.
    if permit.profile() != Some(offer.profile.as_str()) {
        return Err(PairingError::Over);
    }
    let tries = transaction.count_pairing_try(code, login.id, now).await?.ok_or(PairingError::Over)?;
    if !bool::from(number.digits().as_bytes().ct_eq(shown.as_bytes())) {
        if tries >= TRIES {
            transaction.end_pairing(code, now).await?;
        }
        // The try counts, whatever becomes of it.
        transaction.commit().await?;
        return Err(if tries >= TRIES { PairingError::Over } else { PairingError::WrongNumber });
    }
    let client = tenant.client(&offer.client).ok_or(PairingError::NotOffered)?;
    let session = phone(core, tenant, client, login, &offer.profile, &device);
    let grant = Authorization {
        id: AuthorizationId::new(&core.random),
        client: client.id.clone(),
        login: session.id,
        profile: offer.profile,
        scope,
        audience: client.default_audience(tenant).to_owned(),
        nonce: None,
        created_at: now,
    };
    // Its token is nobody's: no cookie opens this session.
    transaction.put_session(Token::new(&core.random).digest(), &session).await?;
    transaction.put_authorization(&grant).await?;
    if !transaction.confirm_pairing(&permit, code, now, (session.id, grant.id), now.plus(LIFE)).await? {
        return Err(PairingError::Over);
    }
    let event = about(core, signed_in, "app.paired", &client.id).with("rule", permit.rule());
    transaction.record(&event.with("phone", session.id.to_string())).await?;
    let app = client.name.get(tenant.language([signed_in.person.language]));
    let mail = Mail::AppPaired { app, device: &device, at: now };
    outbox::write(core, tenant, &mut transaction, &signed_in.person, &mail).await?;
    transaction.commit().await?;
    Ok(device)
}

/// The session of a phone that was paired in a login.
fn phone(core: &Core, tenant: &Tenant, client: &Client, login: &Session, profile: &str, device: &str) -> Session {
    let now = core.now();
    let life = client.pairing.as_ref().map_or(Duration::ZERO, |pairing| pairing.life);
    // What may not be prolonged ends with the login, and when that would end unused (DigiD's checklist, criterion D2).
    let (parent, expires_at) = match tenant.ends_with_session(&login.means) {
        true => (Some(login.id), now.plus(life).min(sessions::end_of(tenant, login))),
        false => (None, now.plus(life)),
    };
    Session {
        id: SessionId::new(&core.random),
        login: parent,
        register: None,
        profile: Some(profile.to_owned()),
        created_at: now,
        seen_at: now,
        expires_at,
        agent: device.to_owned(),
        ..login.clone()
    }
}

/// Why a waiting app gets no tokens (RFC 8628 section 3.5).
#[derive(Debug, thiserror::Error)]
pub enum WaitError {
    /// The number was not typed yet.
    #[error("the number was not typed yet")]
    Pending,
    /// The person withdrew the code, or typed too many wrong numbers.
    #[error("the person does not want it")]
    Declined,
    /// Nobody typed it in time.
    #[error("nobody typed the number in time")]
    Expired,
    /// It is not this app's, not this key's, or was given before.
    #[error(transparent)]
    Grant(#[from] GrantError),
}

impl From<StoreError> for WaitError {
    fn from(error: StoreError) -> Self {
        Self::Grant(error.into())
    }
}

/// The first tokens of the app that waits with this and holds this key.
///
/// # Errors
/// Why it goes on waiting, or does not.
pub async fn redeem(
    core: &Core,
    tenant: &Tenant,
    client: &Client,
    waits_with: TokenDigest,
    proof: &Proof,
) -> Result<Tokens, WaitError> {
    let (now, key) = (core.now(), proof.key);
    let mut transaction = core.store.begin(&tenant.id).await?;
    if let Some(grant) = transaction.redeem_pairing(waits_with, &client.id, now, key).await? {
        possession::take_in(&mut transaction, proof).await.map_err(GrantError::from)?;
        let tokens = authorizations::of_pairing(core, tenant, client, transaction, grant, key).await?;
        return tokens.ok_or(WaitError::Grant(GrantError::InvalidGrant));
    }
    let waiting = transaction.waiting_pairing(waits_with, &client.id).await?;
    let waiting = waiting.filter(|row| row.device_key == key.text()).ok_or(GrantError::InvalidGrant)?;
    Err(match waiting {
        row if row.redeemed_at.is_some() => GrantError::InvalidGrant.into(),
        row if row.ended_at.is_some() => WaitError::Declined,
        row if row.expires_at <= now => WaitError::Expired,
        _ => WaitError::Pending,
    })
}

/// Unpairs one of one's own phones: its tokens open nothing any more. Says what it was called; `None` when it is not theirs, or over.
///
/// # Errors
/// When the database does not answer.
pub async fn unpair(
    core: &Core,
    tenant: &Tenant,
    signed_in: &SignedIn,
    phone: SessionId,
) -> Result<Option<String>, StoreError> {
    let now = core.now();
    let mut transaction = core.store.begin(&tenant.id).await?;
    let phones = transaction.paired_phones(signed_in.person.id, now).await?;
    let Some(row) = phones.into_iter().find(|row| row.id == phone) else { return Ok(None) };
    transaction.end_session(phone, now).await?;
    let event = about(core, signed_in, "app.unpaired", &row.client);
    transaction.record(&event.with("phone", phone.to_string())).await?;
    transaction.commit().await?;
    Ok(Some(row.agent))
}

/// A profession was lost: the phones that were paired with it are no longer, also when it is won again.
pub(super) async fn end_with_profession(
    core: &Core,
    transaction: &mut Transaction,
    person: PersonId,
    profession: &str,
) -> Result<(), StoreError> {
    for phone in transaction.phones_paired_as(person, profession).await? {
        transaction.end_session(phone, core.now()).await?;
        let event = core.event("app.ended").about(person).with("phone", phone.to_string());
        transaction.record(&event.with("reason", "the profession was lost")).await?;
    }
    Ok(())
}

/// Asks policy, about an app that is for this profession.
async fn ask(
    core: &Core,
    tenant: &Tenant,
    transaction: &mut Transaction,
    signed_in: &SignedIn,
    client: &str,
) -> Result<Permit<PairApp>, PairingError> {
    let profile = signed_in.profile.as_ref().ok_or(PairingError::NoProfile)?;
    let app = offered(tenant, signed_in).find(|app| app.id == client).ok_or(PairingError::NotOffered)?;
    let portrait = identities::portrait(tenant, transaction, profile, core.now()).await?;
    let portrait = portrait.ok_or(PairingError::NoProfile)?;
    let (act, target) = (PairApp { client: app.id.clone() }, Target::Person(signed_in.person.id));
    let question = Question::new(&tenant.id, profile, signed_in.session.assurance, act, target, portrait.facts);
    core.policies.authorize(question).map_err(PairingError::Denied)
}

/// Writes down what was refused (AUDIT-1), once no transaction is open.
async fn noted<T>(
    core: &Core,
    tenant: &Tenant,
    signed_in: &SignedIn,
    action: &'static str,
    outcome: Result<T, PairingError>,
) -> Result<T, PairingError> {
    let reason = match &outcome {
        Ok(_) | Err(PairingError::Store(_) | PairingError::NotTaken) => return outcome,
        Err(refused) => refused.to_string(),
    };
    let event = core.event("access.refused").by(signed_in.person.id).in_session(signed_in.session.id);
    core.record(tenant, event.with("action", action).with("reason", reason)).await?;
    outcome
}

fn about(core: &Core, signed_in: &SignedIn, kind: &'static str, client: &str) -> crate::domain::audit::Event {
    let person = signed_in.person.id;
    core.event(kind).by(person).about(person).in_session(signed_in.session.id).with("client", client.to_owned())
}
