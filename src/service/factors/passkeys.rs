//! Passkeys: made by an authenticator, named, renamed and removed.

use uuid::Uuid;

use super::{ASKED, Change, FactorError};
use crate::{
    base::token::TokenDigest,
    domain::tenant::{Factor, Tenant},
    login::webauthn::{Key, Made, RelyingParty},
    notify::mail::FactorChange,
    service::{
        Core,
        ceremonies::{self, Place},
        sessions::SignedIn,
    },
    storage::{StoreError, sql::KeptPasskey},
};

/// How many passkeys one person may have: devices and keys, with room to spare.
const MOST: usize = 20;

/// The longest name of a passkey, in characters.
pub const LONGEST_NAME: usize = 40;

const WHAT: &str = "passkey";

/// What the page's script asks the browser: to make a passkey for who is signed in.
///
/// # Errors
/// `NotFresh`, or `NotHere` where the tenant has no passkey in any means, or they have too many.
pub async fn ask_for_passkey(
    core: &Core,
    tenant: &Tenant,
    signed_in: &SignedIn,
    browser: TokenDigest,
) -> Result<String, FactorError> {
    let mut change = Change::begin(core, tenant, signed_in).await?;
    if !tenant.offers(Factor::Passkey) || change.held.passkeys.len() >= MOST {
        return Err(FactorError::NotHere);
    }
    let handle = Uuid::parse_str(&change.handle).map_err(|_| StoreError::Unusable("a handle is no UUID".into()))?;
    let known: Vec<Key> = change.held.passkeys.iter().filter_map(|key| Key::parse(&key.credential)).collect();
    // An authenticator lists its passkeys by these names.
    let display_name = signed_in.person.name();
    let name = signed_in.person.address().unwrap_or(&display_name);
    let party = RelyingParty::of(tenant).map_err(StoreError::from)?;
    let ceremony = party.enrol(handle, name, &display_name, &known).map_err(StoreError::from)?;
    let place = Place::session(signed_in.session.id, WHAT, browser);
    let expires = core.now().plus(ASKED);
    ceremonies::keep(core, tenant, &mut change.transaction, &place, ceremony.challenge, &ceremony.kept, expires)
        .await?;
    change.transaction.commit().await?;
    Ok(ceremony.options)
}

/// Adds the passkey that an authenticator made, under a name.
///
/// # Errors
/// `NotFresh`, `NotAsked`, `NotHere` when it belongs to somebody already, or `Wrong`.
pub async fn add_passkey(
    core: &Core,
    tenant: &Tenant,
    signed_in: &SignedIn,
    browser: TokenDigest,
    answer: &str,
    name: &str,
) -> Result<(), FactorError> {
    let mut change = Change::begin(core, tenant, signed_in).await?;
    let made = Made::parse(answer).ok_or(FactorError::Wrong)?;
    let challenge = made.challenge().ok_or(FactorError::Wrong)?;
    let place = Place::session(signed_in.session.id, WHAT, browser);
    let kept = ceremonies::take(core, tenant, &mut change.transaction, &place, challenge).await?;
    let kept = kept.ok_or(FactorError::NotAsked)?;
    let party = RelyingParty::of(tenant).map_err(StoreError::from)?;
    let Ok(key) = party.enrolled(&kept, &made) else {
        // It stays taken: what was answered wrongly is asked anew.
        change.transaction.commit().await?;
        return Err(FactorError::Wrong);
    };
    let row = KeptPasskey {
        id: key.id(),
        person: signed_in.person.id,
        name: name.to_owned(),
        credential: key.text(),
        created_at: core.now(),
        used_at: None,
    };
    match change.transaction.put_passkey(&row, &tenant.host).await {
        // A credential has one owner (WebAuthn Level 3 section 7.1 step 26).
        Err(StoreError::Conflict) => return Err(FactorError::NotHere),
        put => put?,
    }
    change.end("factor.added", Factor::Passkey, FactorChange::PasskeyAdded { name }).await
}

/// Calls a passkey otherwise.
///
/// # Errors
/// `NotFresh`, or `NotHere` when it is not theirs.
pub async fn rename_passkey(
    core: &Core,
    tenant: &Tenant,
    signed_in: &SignedIn,
    id: &str,
    name: &str,
) -> Result<(), FactorError> {
    let mut change = Change::begin(core, tenant, signed_in).await?;
    if !change.transaction.rename_passkey(id, signed_in.person.id, name).await? {
        return Err(FactorError::NotHere);
    }
    change.end("factor.renamed", Factor::Passkey, FactorChange::PasskeyRenamed { name }).await
}

/// Removes a passkey.
///
/// # Errors
/// `NotFresh`, `NotHere` when it is not theirs, or `LastOne`.
pub async fn remove_passkey(core: &Core, tenant: &Tenant, signed_in: &SignedIn, id: &str) -> Result<(), FactorError> {
    let mut change = Change::begin(core, tenant, signed_in).await?;
    let name = change.held.passkeys.iter().find(|key| key.id == id).map(|key| key.name.clone());
    let name = name.ok_or(FactorError::NotHere)?;
    change.transaction.remove_passkey(id, signed_in.person.id).await?;
    change.end_removal(Factor::Passkey, FactorChange::PasskeyRemoved { name: &name }).await
}
