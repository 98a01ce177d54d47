//! From the login host to a register's host: a single-use code, bound to the browser that asked there.
//!
//! A register's host begins by setting a cookie and sending the browser to the login host with the cookie's digest. The code
//! that comes back works only with that cookie, so nobody can be signed in by somebody else's link (login CSRF).

use std::time::Duration;

use super::{
    Core,
    sessions::{self, SignedIn},
};
use crate::{
    base::{
        id::SessionId,
        token::{Token, TokenDigest},
    },
    domain::{path::ReturnPath, profile::Profile, register::Register, tenant::Tenant},
    storage::{
        StoreError,
        sql::{EntryCode, Session},
    },
};

/// How long an entry code works: one redirect.
const LIFE: Duration = Duration::from_secs(60);

/// Makes the code that leads a login, with its profile, to a register's host.
///
/// # Errors
/// When the database does not answer.
pub async fn code(
    core: &Core,
    tenant: &Tenant,
    login: SessionId,
    profile: &Profile,
    register: &str,
    return_path: &str,
    state: TokenDigest,
) -> Result<Token, StoreError> {
    let token = Token::new(&core.random);
    let code = EntryCode { login, profile: profile.handle.clone(), return_path: return_path.to_owned() };
    let mut transaction = core.store.begin(&tenant.id).await?;
    transaction.put_entry_code(token.digest(), register, state, &code, core.now().plus(LIFE)).await?;
    transaction.commit().await?;
    Ok(token)
}

/// The profile that may be taken along without asking: one that was chosen before and represents nobody.
#[must_use]
pub fn ready_profile(signed_in: &SignedIn) -> Option<&Profile> {
    signed_in.profile.as_ref().filter(|profile| profile.mandate.is_none())
}

/// A session that began on a register's host.
#[derive(Debug)]
pub struct Entered {
    /// Its token, for the cookie.
    pub token: Token,
    /// Where to go.
    pub return_path: ReturnPath,
}

/// Redeems an entry code; `before` is the session that the browser had there, which ends.
///
/// # Errors
/// When the database does not answer. `None` when the code does not work here: unknown, used, expired, another browser,
/// another profile chosen meanwhile.
pub async fn redeem(
    core: &Core,
    tenant: &Tenant,
    register: &Register,
    code: TokenDigest,
    state: TokenDigest,
    before: Option<TokenDigest>,
) -> Result<Option<Entered>, StoreError> {
    let now = core.now();
    let mut transaction = core.store.begin(&tenant.id).await?;
    let Some(code) = transaction.take_entry_code(code, &register.id, state, now).await? else { return Ok(None) };
    let Some(login) = transaction.session(code.login).await? else { return Ok(None) };
    // A login has one profile: a code for the one before leads nowhere any more.
    if sessions::end_of(tenant, &login) <= now || login.profile.as_ref() != Some(&code.profile) {
        return Ok(None);
    }
    if let Some(before) = before
        && let Some(old) = transaction.session_by_digest(before).await?
        && old.register.as_deref() == Some(register.id.as_str())
    {
        transaction.end_session(old.id, now).await?;
    }
    let token = Token::new(&core.random);
    let session = Session {
        id: SessionId::new(&core.random),
        login: Some(login.id),
        register: Some(register.id.clone()),
        profile: Some(code.profile),
        created_at: now,
        seen_at: now,
        ..login
    };
    transaction.put_session(token.digest(), &session).await?;
    let event =
        core.event("register.entered").by(session.person).in_session(session.id).with("register", register.id.clone());
    transaction.record(&event).await?;
    transaction.commit().await?;
    let return_path = ReturnPath::parse(&code.return_path).unwrap_or_else(|_| ReturnPath::root());
    Ok(Some(Entered { token, return_path }))
}

/// Ends a register host's session, by its own cookie.
///
/// # Errors
/// When the database does not answer.
pub async fn leave(core: &Core, tenant: &Tenant, register: &Register, token: TokenDigest) -> Result<(), StoreError> {
    let mut transaction = core.store.begin(&tenant.id).await?;
    let Some(session) = transaction.session_by_digest(token).await? else { return Ok(()) };
    if session.register.as_deref() != Some(register.id.as_str()) {
        return Ok(());
    }
    transaction.end_session(session.id, core.now()).await?;
    let event =
        core.event("register.left").by(session.person).in_session(session.id).with("register", register.id.clone());
    transaction.record(&event).await?;
    transaction.commit().await
}
