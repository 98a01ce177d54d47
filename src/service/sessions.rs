//! Staying signed in, seeing where, and signing out.

use std::time::Duration;

use jiff::civil::Date;

use super::{Core, login_rules, pending::Pending};
use crate::{
    base::{
        Timestamp,
        id::{PersonId, SessionId},
        token::{Token, TokenDigest},
    },
    domain::{assurance::Assurance, login_rule::Known, person::Person, profile::Profile, tenant::Tenant},
    storage::{StoreError, Transaction, sql::Session},
};

/// How often the use of a session is written down.
pub const SEEN_EVERY: Duration = Duration::from_secs(60);

/// A session on the login host, in use.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// The session.
    pub session: Session,
    /// Who.
    pub person: Person,
    /// The profile they chose last, while they still may use it.
    pub profile: Option<Profile>,
    /// What the registers' tables look at to say how they log in.
    pub known: Known,
}

impl SignedIn {
    /// Whether this login does for where somebody wants to go.
    #[must_use]
    pub fn does_for(&self, tenant: &Tenant, pending: &Pending, today: Date) -> bool {
        pending.is_met_by(tenant, &self.known, (&self.session.means, self.session.assurance), today)
    }
}

/// A login that just succeeded.
#[derive(Clone, Debug)]
pub struct NewLogin {
    /// Who.
    pub person: PersonId,
    /// With which means.
    pub means: String,
    /// How sure that is.
    pub assurance: Assurance,
    /// When they proved who they are.
    pub at: Timestamp,
    /// What the browser says it is.
    pub agent: String,
}

/// When a session ends unless it is used: its idle time after its last use, and its absolute end.
#[must_use]
pub fn end_of(tenant: &Tenant, session: &Session) -> Timestamp {
    session.seen_at.plus(tenant.session_idle(&session.means)).min(session.expires_at)
}

/// Until when what a login gave may be used: as long as the login lasts at most, or no longer than its session goes on unused.
#[must_use]
pub fn gives_until(tenant: &Tenant, session: &Session) -> Timestamp {
    if tenant.ends_with_session(&session.means) { end_of(tenant, session) } else { session.expires_at }
}

/// The session of a token, when it is a session on the login host that is still in use.
///
/// # Errors
/// When the database does not answer: that is never "not signed in".
pub async fn find(core: &Core, tenant: &Tenant, token: TokenDigest) -> Result<Option<SignedIn>, StoreError> {
    let now = core.now();
    let mut transaction = core.store.read(&tenant.id).await?;
    let Some(session) = transaction.session_by_digest(token).await? else { return Ok(None) };
    if session.register.is_some() || end_of(tenant, &session) <= now {
        return Ok(None);
    }
    let Some(person) = transaction.person(session.person).await? else { return Ok(None) };
    let profile = super::profiles::in_use(tenant, &mut transaction, &session, now).await?;
    let known = login_rules::known(tenant, &mut transaction, person.id, tenant.today(now)).await?;
    drop(transaction);
    if now.since(session.seen_at) >= SEEN_EVERY {
        let mut transaction = core.store.begin(&tenant.id).await?;
        transaction.session_seen(session.id, now).await?;
        transaction.commit().await?;
    }
    Ok(Some(SignedIn { session, person, profile, known }))
}

/// Begins a session on the login host, in the caller's transaction. It replaces the one that the browser had: of somebody
/// else, or of a better login, that one ends; of the same person and no better, it goes on with the new login and a new
/// token, so that a step-up ends nothing that other applications were given.
pub(super) async fn take_over(
    core: &Core,
    tenant: &Tenant,
    transaction: &mut Transaction,
    before: Option<TokenDigest>,
    login: &NewLogin,
) -> Result<(Token, SessionId), StoreError> {
    let now = core.now();
    let old = match before {
        None => None,
        Some(before) => transaction.session_by_digest(before).await?,
    };
    if let Some(old) = old {
        let goes_on = old.person == login.person
            && old.assurance <= login.assurance
            && old.register.is_none()
            && end_of(tenant, &old) > now
            // What such a login gave is not carried on by another one.
            && (old.means == login.means || !tenant.ends_with_session(&old.means));
        if goes_on {
            let token = Token::new(&core.random);
            let session = Session {
                means: login.means.clone(),
                assurance: login.assurance,
                authenticated_at: login.at,
                expires_at: now.plus(tenant.session_absolute(&login.means)),
                ..old
            };
            transaction.step_up(token.digest(), &session).await?;
            return Ok((token, session.id));
        }
        transaction.end_session(old.id, now).await?;
    }
    begin(core, tenant, transaction, login).await
}

async fn begin(
    core: &Core,
    tenant: &Tenant,
    transaction: &mut Transaction,
    login: &NewLogin,
) -> Result<(Token, SessionId), StoreError> {
    let now = core.now();
    let token = Token::new(&core.random);
    let session = Session {
        id: SessionId::new(&core.random),
        person: login.person,
        login: None,
        register: None,
        profile: None,
        means: login.means.clone(),
        assurance: login.assurance,
        authenticated_at: login.at,
        created_at: now,
        seen_at: now,
        expires_at: now.plus(tenant.session_absolute(&login.means)),
        agent: login.agent.chars().take(200).collect(),
    };
    transaction.put_session(token.digest(), &session).await?;
    Ok((token, session.id))
}

/// Counts as use of the session: its idle time begins anew. Says how long it lasts now.
///
/// # Errors
/// When the database does not answer.
pub async fn extend(core: &Core, tenant: &Tenant, signed_in: &SignedIn) -> Result<Duration, StoreError> {
    let now = core.now();
    let mut transaction = core.store.begin(&tenant.id).await?;
    transaction.session_seen(signed_in.session.id, now).await?;
    transaction.commit().await?;
    let used = Session { seen_at: now, ..signed_in.session.clone() };
    Ok(end_of(tenant, &used).since(now))
}

/// The sessions of a person that are still in use, on whichever host.
///
/// # Errors
/// When the database does not answer.
pub async fn list(core: &Core, tenant: &Tenant, person: PersonId) -> Result<Vec<Session>, StoreError> {
    let now = core.now();
    let mut transaction = core.store.read(&tenant.id).await?;
    let mut sessions = transaction.sessions_of(person, now).await?;
    sessions.retain(|session| end_of(tenant, session) > now);
    Ok(sessions)
}

/// Ends a session of this person, and what came from it. False when it is not theirs, or over.
///
/// # Errors
/// When the database does not answer.
pub async fn end(core: &Core, tenant: &Tenant, person: PersonId, id: SessionId) -> Result<bool, StoreError> {
    let mut transaction = core.store.begin(&tenant.id).await?;
    match transaction.session(id).await? {
        Some(session) if session.person == person => {}
        _ => return Ok(false),
    }
    transaction.end_session(id, core.now()).await?;
    transaction.record(&core.event("session.ended").by(person).about(person).in_session(id)).await?;
    transaction.commit().await?;
    Ok(true)
}
