//! A form that comes when its session has ended is kept until its owner has logged in again (LOGIN-9).
//!
//! It is sealed, lives half an hour, and is shown to the person in whose session it was made, in the browser that sent it, with the same
//! profile. They see what would be sent and where, and send it on themselves: it is taken once, by one statement, so that a second
//! click, a page loaded anew or another tab never sends it twice. What comes from another site is never kept: the doors ask for the
//! `Origin` before.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::{Core, sessions};
use crate::{
    base::{
        id::PersonId,
        token::{Token, TokenDigest},
    },
    domain::{assurance::Assurance, profile::Profile, tenant::Tenant},
    storage::{
        StoreError, Transaction,
        seal::Kind,
        sql::{KeptForm, Session},
    },
};

/// The largest form that is kept, in bytes.
pub const LARGEST: usize = 256 * 1024;

/// How many of one person wait at a time.
const MOST: i64 = 5;

/// How long one waits.
const LIFE: Duration = Duration::from_secs(30 * 60);

/// How long ago a session may have been used whose form is kept.
const AGE: Duration = Duration::from_secs(24 * 3600);

/// What was to be sent (POST).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Form {
    /// Where on its host: path and query.
    pub to: String,
    /// Its media type, as it came.
    pub content_type: String,
    /// What was filled in.
    pub body: Zeroizing<Vec<u8>>,
}

#[derive(Serialize, Deserialize)]
struct Head {
    to: String,
    content_type: String,
}

impl Form {
    /// One line that says what it is, and then the body byte for byte.
    fn bytes(&self) -> Result<Zeroizing<Vec<u8>>, StoreError> {
        let head = Head { to: self.to.clone(), content_type: self.content_type.clone() };
        let mut bytes = serde_json::to_vec(&head).map(Zeroizing::new).map_err(|_| unreadable())?;
        bytes.push(b'\n');
        bytes.extend_from_slice(&self.body);
        Ok(bytes)
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        let end = bytes.iter().position(|byte| *byte == b'\n')?;
        let Head { to, content_type } = serde_json::from_slice(&bytes[..end]).ok()?;
        Some(Self { to, content_type, body: bytes[end + 1..].to_vec().into() })
    }
}

fn unreadable() -> StoreError {
    StoreError::Unusable("a kept form cannot be read".into())
}

/// Whose browser asks, and on which host.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// The register of the host; none: the login host.
    pub register: Option<&'a str>,
    /// The browser.
    pub browser: TokenDigest,
}

/// Keeps a form that came with this session, when that was one of the host and has ended. The token by which it is found, and how surely
/// its owner was logged in; none when there was no such session, or too many forms of its person wait.
///
/// # Errors
/// When the database does not answer.
pub async fn keep(
    core: &Core,
    tenant: &Tenant,
    place: Place<'_>,
    session: TokenDigest,
    form: &Form,
) -> Result<Option<(Token, Assurance)>, StoreError> {
    let now = core.now();
    let mut transaction = core.store.begin(&tenant.id).await?;
    let Some(session) = ended(tenant, &mut transaction, session, core).await? else { return Ok(None) };
    let Some(profile) = session.profile.clone() else { return Ok(None) };
    if session.register.as_deref() != place.register || now.since(session.seen_at) >= AGE {
        return Ok(None);
    }
    if transaction.waiting_forms(&session, now).await? >= MOST {
        return Ok(None);
    }
    let token = Token::new(&core.random);
    let owner = token.digest().text();
    let sealed = core.keys_of(tenant)?.sealer.seal(Kind::KeptForm, &owner, &form.bytes()?);
    let sealed = sealed.map_err(|error| StoreError::Unusable(error.to_string()))?;
    let kept = KeptForm { register: session.register.clone(), profile, sealed, taken_at: None };
    let digest = token.digest();
    transaction.keep_form(digest, session.person, place.browser, &kept, now, now.plus(LIFE)).await?;
    let mut event = core.event("form.kept").about(session.person).in_session(session.id);
    if let Some(register) = place.register {
        event = event.with("register", register.to_owned());
    }
    transaction.record(&event).await?;
    transaction.commit().await?;
    Ok(Some((token, session.assurance)))
}

/// The session of a token, when it has ended or run out.
async fn ended(
    tenant: &Tenant,
    transaction: &mut Transaction,
    token: TokenDigest,
    core: &Core,
) -> Result<Option<Session>, StoreError> {
    if let Some(session) = transaction.session_by_digest(token).await? {
        return Ok((sessions::end_of(tenant, &session) <= core.now()).then_some(session));
    }
    transaction.ended_session_by_digest(token).await
}

/// What became of a form.
#[derive(Debug)]
pub enum Kept {
    /// It waits; made for the profile with this handle, which was the same as the one in use.
    Waits {
        /// What would be sent.
        form: Form,
        /// The handle of the profile for which it was made.
        made_for: String,
    },
    /// It was sent on before.
    Sent,
    /// It was made for this profile, and another is in use.
    OtherProfile(Profile),
    /// There is none for this person in this browser, or no longer.
    Gone,
}

/// Shows who acts as `profile` what was kept of theirs.
///
/// # Errors
/// When the database does not answer.
pub async fn look(
    core: &Core,
    tenant: &Tenant,
    place: Place<'_>,
    token: TokenDigest,
    profile: &Profile,
) -> Result<Kept, StoreError> {
    let mut transaction = core.store.read(&tenant.id).await?;
    find(core, tenant, &mut transaction, place, token, profile).await
}

/// Takes what was kept, to be sent on now: it was, for everybody who comes later.
///
/// # Errors
/// When the database does not answer.
pub async fn take(
    core: &Core,
    tenant: &Tenant,
    place: Place<'_>,
    token: TokenDigest,
    profile: &Profile,
) -> Result<Kept, StoreError> {
    let mut transaction = core.store.begin(&tenant.id).await?;
    let kept = find(core, tenant, &mut transaction, place, token, profile).await?;
    if !matches!(kept, Kept::Waits { .. }) {
        return Ok(kept);
    }
    if !transaction.take_kept_form(token, profile.actor, place.browser, core.now()).await? {
        return Ok(Kept::Sent);
    }
    let mut event = core.event("form.sent").by(profile.actor).about(profile.principal());
    if let Some(register) = place.register {
        event = event.with("register", register.to_owned());
    }
    transaction.record(&event).await?;
    transaction.commit().await?;
    Ok(kept)
}

async fn find(
    core: &Core,
    tenant: &Tenant,
    transaction: &mut Transaction,
    place: Place<'_>,
    token: TokenDigest,
    profile: &Profile,
) -> Result<Kept, StoreError> {
    let person: PersonId = profile.actor;
    let kept = transaction.kept_form(token, person, place.browser, core.now()).await?;
    let Some(kept) = kept.filter(|kept| kept.register.as_deref() == place.register) else { return Ok(Kept::Gone) };
    if kept.taken_at.is_some() {
        return Ok(Kept::Sent);
    }
    let Some(before) = transaction.profile(&kept.profile).await? else { return Ok(Kept::Gone) };
    // Each login chooses its profile anew: it is the same when all of it but its handle is.
    let same = Profile { handle: profile.handle.clone(), ..before.clone() };
    if same != *profile {
        return Ok(Kept::OtherProfile(before));
    }
    let opened = core.keys_of(tenant)?.sealer.open(Kind::KeptForm, &token.text(), &kept.sealed);
    let opened = opened.map_err(|error| StoreError::Unusable(error.to_string()))?;
    let form = Form::read(&opened).ok_or_else(unreadable)?;
    Ok(Kept::Waits { form, made_for: kept.profile })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_kept_byte_for_byte() {
        let body = b"a=1\n\0\xff{\"to\":1}\n".to_vec();
        let form =
            Form { to: "/x?y=\"".into(), content_type: "multipart/form-data; boundary=z".into(), body: body.into() };
        assert_eq!(Form::read(&form.bytes().expect("bytes")), Some(form));
        assert_eq!(Form::read(b"no head"), None);
    }
}
