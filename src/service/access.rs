//! May this request pass to the register? What is kept in memory for it, and for how long it counts.
//!
//! A session on a register's host, the portrait of its profile and the people it asked about are kept together under the
//! tenant's version they were read at. They count while that version is current and known to be, and before the earliest
//! end among the facts; otherwise the database is asked. So an ended mandate, right, session or account stops at the next
//! request on the replica that ended it, and within a second on the others.
//!
//! What asks the database is a future on the heap (`Box::pin`): it is large, and would else be a part of every request's own
//! future, which is moved several times before anything is asked.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use zeroize::Zeroizing;

use super::{
    Core,
    authorizations::{self, Bearer, GrantError},
    identities::{self, Audience, Portrait},
    machines, sessions,
};
use crate::{
    base::{
        Timestamp,
        id::{PersonId, TenantId},
        token::TokenDigest,
    },
    domain::{
        consent::Recipient,
        identifier::NihdiNumber,
        path::CanonicalPath,
        person::Tie,
        possession::{Bound, Shown},
        profile::Profile,
        register::{Backend, NameSpace, Parameters, Register, Route, Subject},
        tenant::Tenant,
    },
    policy::{Denial, Fact, Known, Permit, Question, Target, action::Forward},
    storage::{StoreError, Transaction, sql::Session},
    token::backend::BackendToken,
};

/// Somebody who acts on a register's host.
#[derive(Debug)]
pub struct Acting {
    tenant: TenantId,
    /// Their session there.
    pub session: Session,
    /// The profile it has.
    pub profile: Profile,
    /// What is known of it.
    pub portrait: Portrait,
    /// The `aud` of the access token that it was found by.
    audience: Option<String>,
    /// What this token counts beside, when it is bound.
    bound: Option<Bound>,
    version: i64,
    read_at: Timestamp,
    /// The earliest end among everything it rests on.
    ends: Timestamp,
    seen: AtomicI64,
    /// People named in paths, with what ties the actor to them.
    subjects: Mutex<HashMap<Named, Option<Tied>>>,
    /// The backends' tokens, by backend, with the policies' version.
    tokens: Mutex<HashMap<String, (u64, BackendToken)>>,
}

/// How a path names somebody: the sector of a pseudonym, none for a number; and the value. Two parts, so that no value reads
/// as another (CVE-2026-33496).
type Named = (Option<String>, String);

/// Somebody, and what ties the actor to them.
type Tied = (PersonId, Vec<Fact>);

/// How many people a session's memory holds; a mandate holder looks at one file at a time.
const SUBJECTS: usize = 32;

impl Acting {
    /// What was read at `version`; `end` is that of the session or token.
    fn new(
        tenant: &Tenant,
        session: Session,
        profile: Profile,
        portrait: Portrait,
        version: i64,
        end: Timestamp,
        now: Timestamp,
    ) -> Self {
        let until = portrait.period.until.map(|day| Timestamp::end_of(day, &tenant.zone));
        // Roles, ties and grants may begin or end at midnight.
        let midnight = Timestamp::end_of(tenant.today(now), &tenant.zone);
        Self {
            tenant: tenant.id.clone(),
            seen: AtomicI64::new(session.seen_at.millis()),
            ends: until.into_iter().chain([midnight]).fold(end, Timestamp::min),
            session,
            profile,
            portrait,
            audience: None,
            bound: None,
            version,
            read_at: now,
            subjects: Mutex::default(),
            tokens: Mutex::default(),
        }
    }

    /// When the session ends unless it is used again.
    #[must_use]
    pub const fn ends(&self) -> Timestamp {
        self.ends
    }
}

/// By what somebody acts on a register's host.
#[derive(Clone)]
pub enum Credential {
    /// The session of that host, by the digest of its cookie.
    Session(TokenDigest),
    /// An access token for the backend that answers (RFC 6750 section 2.1).
    Bearer {
        /// The token.
        token: Zeroizing<String>,
        /// The `aud` that it must have.
        audience: String,
        /// What its bearer showed beside it.
        shown: Shown,
    },
}

impl Credential {
    /// What it is known by.
    #[must_use]
    pub fn digest(&self) -> TokenDigest {
        match self {
            Credential::Session(digest) => *digest,
            Credential::Bearer { token, .. } => TokenDigest::of(token.as_bytes()),
        }
    }

    /// Whether what is kept under its digest is for it.
    fn fits(&self, register: &Register, acting: &Acting) -> bool {
        match self {
            Credential::Session(_) => acting.session.register.as_deref() == Some(&register.id),
            Credential::Bearer { audience, shown, .. } => {
                acting.audience.as_ref() == Some(audience) && acting.bound.is_none_or(|bound| shown.has(bound))
            }
        }
    }
}

/// What a session's token stands for.
#[derive(Debug)]
pub enum Found {
    /// Somebody who may act.
    Acting(Arc<Acting>),
    /// Nobody: no such session here, or it is over.
    Nobody,
    /// Nobody: a program in its own name, by its `client_id`. It has no profile, so no rule of people is about it.
    Machine(String),
    /// Somebody whose profile holds no longer: the mandate, membership, registration or role has ended.
    ProfileEnded(Profile),
    /// Somebody who chose another profile in another tab: what this one shows was made for the former.
    ProfileChanged {
        /// The handle of the former profile.
        before: String,
        /// The profile in use.
        now: Profile,
        /// What is known of it.
        portrait: Box<Portrait>,
    },
}

/// What is kept in memory, in parts so that requests do not wait for one another.
pub struct Kept {
    parts: Vec<Mutex<HashMap<TokenDigest, Arc<Acting>>>>,
}

/// Sessions that one part holds at most; past that it begins anew.
const PART: usize = 8192;

impl Default for Kept {
    fn default() -> Self {
        Self { parts: (0..32).map(|_| Mutex::default()).collect() }
    }
}

impl Kept {
    fn part(&self, token: &TokenDigest) -> std::sync::MutexGuard<'_, HashMap<TokenDigest, Arc<Acting>>> {
        let place = usize::from(token.bytes()[0]) % self.parts.len();
        self.parts[place].lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn get(&self, token: &TokenDigest) -> Option<Arc<Acting>> {
        self.part(token).get(token).cloned()
    }

    fn put(&self, token: TokenDigest, acting: Arc<Acting>) {
        let mut part = self.part(&token);
        if part.len() >= PART {
            part.clear();
        }
        part.insert(token, acting);
    }

    fn forget(&self, token: &TokenDigest) {
        self.part(token).remove(token);
    }

    /// How many sessions are kept, for the metrics.
    #[must_use]
    pub fn len(&self) -> usize {
        self.parts.iter().map(|part| part.lock().unwrap_or_else(PoisonError::into_inner).len()).sum()
    }

    /// Whether nothing is kept.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// Who acts with this credential on this register's host.
///
/// # Errors
/// When the database had to be asked and does not answer: that is never "not signed in".
pub async fn find(
    core: &Core,
    tenant: &Tenant,
    register: &Register,
    credential: &Credential,
) -> Result<Found, StoreError> {
    let found = again(core, tenant, register, credential).await?;
    if let Found::Acting(acting) = &found {
        note_use(core, tenant, acting, core.now()).await?;
    }
    Ok(found)
}

/// The same for what is under way already: no sign that somebody is still there.
///
/// # Errors
/// As of [`find`].
pub async fn again(
    core: &Core,
    tenant: &Tenant,
    register: &Register,
    credential: &Credential,
) -> Result<Found, StoreError> {
    let now = core.now();
    let digest = credential.digest();
    if let Some(acting) = core.kept.get(&digest)
        && still_counts(core, tenant, &acting, now)
        && credential.fits(register, &acting)
    {
        return Ok(Found::Acting(acting));
    }
    let found = match credential {
        Credential::Session(digest) => Box::pin(load(core, tenant, register, *digest, now)).await?,
        Credential::Bearer { token, audience, shown } => {
            Box::pin(load_bearer(core, tenant, audience, token, *shown, now)).await?
        }
    };
    match &found {
        Found::Acting(acting) => core.kept.put(digest, acting.clone()),
        _ => core.kept.forget(&digest),
    }
    Ok(found)
}

/// Who acted with this credential at most `within` ago, as far as that is remembered: for a route that says so, while the
/// database does not answer, and for reading one's own.
#[must_use]
pub fn remembered(
    core: &Core,
    tenant: &Tenant,
    register: &Register,
    credential: &Credential,
    within: Duration,
) -> Option<Arc<Acting>> {
    let now = core.now();
    let acting = core.kept.get(&credential.digest())?;
    let fits = acting.tenant == tenant.id && credential.fits(register, &acting);
    (fits && now < acting.ends && now.since(acting.read_at) < within).then_some(acting)
}

/// Whether what is known of `acting` still counts, without asking the database. Open streams ask this.
#[must_use]
pub fn still_counts(core: &Core, tenant: &Tenant, acting: &Acting, now: Timestamp) -> bool {
    acting.tenant == tenant.id && now < acting.ends && core.store.versions().current(&tenant.id) == Some(acting.version)
}

async fn load(
    core: &Core,
    tenant: &Tenant,
    register: &Register,
    token: TokenDigest,
    now: Timestamp,
) -> Result<Found, StoreError> {
    let mut transaction = core.store.read(&tenant.id).await?;
    // First the version: what changes while the rest is read makes this reading not count.
    let version = transaction.version().await?;
    let Some(session) = transaction.session_by_digest(token).await? else {
        return changed(tenant, register, &mut transaction, token, now).await;
    };
    let idle_end = sessions::end_of(tenant, &session);
    if session.register.as_deref() != Some(&register.id) || idle_end <= now {
        return Ok(Found::Nobody);
    }
    let Some(handle) = &session.profile else { return Ok(Found::Nobody) };
    let Some(profile) = transaction.profile(handle).await? else { return Ok(Found::Nobody) };
    if transaction.person(profile.actor).await?.is_none() {
        return Ok(Found::Nobody);
    }
    let Some(portrait) = identities::portrait(tenant, &mut transaction, &profile, now).await? else {
        return Ok(Found::ProfileEnded(profile));
    };
    Ok(Found::Acting(Arc::new(Acting::new(tenant, session, profile, portrait, version, idle_end, now))))
}

/// Whether a session ended because its login took on another profile.
async fn changed(
    tenant: &Tenant,
    register: &Register,
    transaction: &mut Transaction,
    token: TokenDigest,
    now: Timestamp,
) -> Result<Found, StoreError> {
    let ended = transaction.ended_session_by_digest(token).await?;
    let Some(ended) = ended.filter(|ended| ended.register.as_deref() == Some(&register.id)) else {
        return Ok(Found::Nobody);
    };
    let login = match ended.login {
        Some(login) => transaction.session(login).await?.filter(|login| sessions::end_of(tenant, login) > now),
        None => None,
    };
    let (Some(before), Some(handle)) = (ended.profile, login.and_then(|login| login.profile)) else {
        return Ok(Found::Nobody);
    };
    let Some(profile) = transaction.profile(&handle).await? else { return Ok(Found::Nobody) };
    match identities::portrait(tenant, transaction, &profile, now).await? {
        Some(portrait) if before != handle => {
            Ok(Found::ProfileChanged { before, now: profile, portrait: Box::new(portrait) })
        }
        _ => Ok(Found::Nobody),
    }
}

async fn load_bearer(
    core: &Core,
    tenant: &Tenant,
    audience: &str,
    token: &str,
    shown: Shown,
    now: Timestamp,
) -> Result<Found, StoreError> {
    let mut transaction = core.store.read(&tenant.id).await?;
    let version = transaction.version().await?;
    let bearer = match authorizations::bearer(core, tenant, &mut transaction, audience, token, shown).await {
        Ok(bearer) => bearer,
        Err(GrantError::Store(error)) => return Err(error),
        Err(_) => {
            drop(transaction);
            let machine = machines::find(core, tenant, audience, token, shown.certificate).await?;
            return Ok(machine.map_or(Found::Nobody, |machine| Found::Machine(machine.client.id.clone())));
        }
    };
    let Bearer { session, profile, portrait, expires, bound } = bearer;
    let acting = Acting::new(tenant, session, profile, portrait, version, expires, now);
    Ok(Found::Acting(Arc::new(Acting { audience: Some(audience.to_owned()), bound, ..acting })))
}

/// Writes down that a session was used, at most once a minute; then its idle end moves. What a program does with a token is no
/// sign that the person is still there.
async fn note_use(core: &Core, tenant: &Tenant, acting: &Acting, now: Timestamp) -> Result<(), StoreError> {
    if acting.audience.is_some() {
        return Ok(());
    }
    let seen = acting.seen.load(Ordering::Relaxed);
    if now.since(Timestamp::from_millis(seen)) < sessions::SEEN_EVERY
        || acting.seen.compare_exchange(seen, now.millis(), Ordering::AcqRel, Ordering::Relaxed).is_err()
    {
        return Ok(());
    }
    Box::pin(async {
        let mut transaction = core.store.begin(&tenant.id).await?;
        transaction.session_seen(acting.session.id, now).await?;
        transaction.commit().await
    })
    .await
}

/// A route asked of policy.
#[derive(Debug)]
pub struct Asked<'r> {
    /// The route.
    pub route: &'r Route,
    /// Its parameters in this path.
    pub parameters: Parameters,
    /// The canonical path.
    pub path: CanonicalPath,
}

/// Why a request does not pass.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// Policy says no.
    #[error("denied: {0}")]
    Denied(Denial),
    /// The register asks another login of this person (LOGIN-4).
    #[error("another way of logging in is asked here")]
    OtherLogin,
    /// The database does not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Asks policy whether `acting` may do this (rules of whom: `Subject`), with a login that the register accepts of them.
///
/// # Errors
/// `Denied` with what would do; `OtherLogin`; or when the database does not answer.
pub async fn permit<'r>(
    core: &Core,
    tenant: &Tenant,
    register: &Register,
    acting: &Acting,
    asked: Asked<'r>,
) -> Result<Permit<Forward<'r>>, Refused> {
    let Asked { route, parameters, path } = asked;
    let (target, mut facts) = match &route.subject {
        Subject::Nobody => (Target::Nobody, Vec::new()),
        Subject::Own => (Target::Person(acting.profile.principal()), Vec::new()),
        Subject::Parameter { name, space } => {
            let value = parameters.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str());
            match subject(core, tenant, acting, route, *space, value.unwrap_or_default()).await? {
                Some((person, facts)) => (Target::Person(person), facts),
                None => return Err(Refused::Denied(Denial::Hidden)),
            }
        }
    };
    let assurance = acting.session.assurance;
    facts.extend(acting.portrait.facts.iter().cloned());
    let question = Question::new(&tenant.id, &acting.profile, assurance, Forward::along(route, path), target, facts);
    // First whether it is theirs at all: a better login is not asked for what must stay hidden.
    let decided = core.policies.authorize(question);
    let demand = register.demand_of(&acting.portrait.known, tenant.today(core.now()));
    if !matches!(decided, Err(Denial::Hidden)) && !demand.is_met_by(&acting.session.means, assurance) {
        return Err(Refused::OtherLogin);
    }
    let permit = decided.map_err(Refused::Denied)?;
    match route.assurance.filter(|needed| *needed > assurance) {
        Some(needed) => Err(Refused::Denied(Denial::StepUp { needed })),
        None => Ok(permit),
    }
}

/// Whom a path names, and what ties the actor to them.
async fn subject(
    core: &Core,
    tenant: &Tenant,
    acting: &Acting,
    route: &Route,
    space: NameSpace,
    value: &str,
) -> Result<Option<Tied>, StoreError> {
    let named: Named = match space {
        NameSpace::Nihdi => match NihdiNumber::parse(value) {
            // The path must have the number's digits and nothing else: one form for the backend too.
            Ok(number) if number.as_str() == value => (None, number.base().to_owned()),
            _ => return Ok(None),
        },
        NameSpace::Registration => (None, value.to_owned()),
        NameSpace::Pseudonym => match tenant.backend(&route.backend) {
            Some(backend) => (Some(backend.audience.clone()), value.to_owned()),
            None => return Ok(None),
        },
    };
    if let Some(known) = acting.subjects.lock().unwrap_or_else(PoisonError::into_inner).get(&named) {
        return Ok(known.clone());
    }
    let found = Box::pin(look_up(core, tenant, &acting.profile, &named)).await?;
    let mut subjects = acting.subjects.lock().unwrap_or_else(PoisonError::into_inner);
    if subjects.len() >= SUBJECTS {
        subjects.clear();
    }
    subjects.insert(named, found.clone());
    Ok(found)
}

/// Asks the database whom a path names, and what ties the actor of `profile` to them.
async fn look_up(core: &Core, tenant: &Tenant, profile: &Profile, named: &Named) -> Result<Option<Tied>, StoreError> {
    let actor = profile.actor;
    let mut transaction = core.store.read(&tenant.id).await?;
    let person = match named {
        (Some(sector), value) => transaction.person_by_pseudonym(sector, value).await?,
        (None, number) => transaction.person_by_number(number).await?,
    };
    let Some(person) = person else { return Ok(None) };
    let known = Known::of(tenant.id.clone(), actor, tenant.today(core.now()));
    let mut facts = Vec::new();
    for period in transaction.ties(actor, Tie::Trains, person).await? {
        facts.extend(known.trains(person, &period));
    }
    for (supports, trains) in transaction.supports_trainer_of(actor, person).await? {
        facts.extend(known.supports_trainer_of(person, &supports, &trains));
    }
    if !tenant.purposes.is_empty() {
        for period in transaction.ties(actor, Tie::Appraises, person).await? {
            facts.extend(known.appraises(person, &period));
        }
        let (recipient, belonging) = match profile.organization {
            Some(id) => (Recipient::Organization(id), transaction.membership(id, actor).await?),
            None => (Recipient::Person(actor), None),
        };
        for consent in transaction.consents_between(person, recipient).await? {
            facts.extend(known.consent(&consent, belonging.as_ref()));
        }
    }
    Ok(Some((person, facts)))
}

/// The token that tells `backend` who acts; kept until half its life is gone.
///
/// # Errors
/// When the database had to be asked and does not answer, or nothing can be signed.
pub async fn backend_token(
    core: &Core,
    tenant: &Tenant,
    acting: &Acting,
    backend: &Backend,
) -> Result<BackendToken, StoreError> {
    let now = core.now();
    let policies = core.policies.version();
    if let Some((version, token)) = acting.tokens.lock().unwrap_or_else(PoisonError::into_inner).get(&backend.id)
        && *version == policies
        && token.is_fresh(now)
    {
        return Ok(token.clone());
    }
    let audience = Audience { sector: &backend.audience, national_number: backend.national_number };
    let identity =
        Box::pin(identities::identity(core, tenant, &acting.session, &acting.profile, &acting.portrait, audience))
            .await?;
    let ring = core.keys_of(tenant)?.ring();
    let token = BackendToken::make(&ring, &tenant.origin, backend, &identity, now)
        .map_err(|error| StoreError::Unusable(format!("signing a backend's token: {error}")))?;
    let mut tokens = acting.tokens.lock().unwrap_or_else(PoisonError::into_inner);
    tokens.insert(backend.id.clone(), (policies, token.clone()));
    Ok(token)
}
