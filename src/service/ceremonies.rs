//! What is asked of a browser and remembered until it answers: sealed, taken once, and only where it was asked.

use zeroize::Zeroizing;

use super::Core;
use crate::{
    base::{
        Timestamp,
        id::{AttemptId, SessionId},
        token::TokenDigest,
    },
    domain::tenant::Tenant,
    storage::{StoreError, Transaction, seal::Kind},
};

/// Where something was asked: it is answered there, in the same browser.
#[derive(Clone, Debug)]
pub(super) struct Place {
    owner: String,
    browser: TokenDigest,
}

impl Place {
    /// In an attempt to log in.
    pub(super) fn attempt(id: AttemptId, browser: TokenDigest) -> Self {
        Self { owner: format!("attempt {id}"), browser }
    }

    /// By somebody who is signed in, for one thing.
    pub(super) fn session(id: SessionId, what: &str, browser: TokenDigest) -> Self {
        Self { owner: format!("session {id} {what}"), browser }
    }
}

/// Remembers `what` until `expires`, to be found by `digest`.
pub(super) async fn keep(
    core: &Core,
    tenant: &Tenant,
    transaction: &mut Transaction,
    place: &Place,
    digest: TokenDigest,
    what: &[u8],
    expires: Timestamp,
) -> Result<(), StoreError> {
    let sealed = core.keys_of(tenant)?.sealer.seal(Kind::Ceremony, &digest.text(), what);
    let sealed = sealed.map_err(|error| StoreError::Unusable(error.to_string()))?;
    transaction.put_ceremony(digest, &place.owner, place.browser, &sealed, expires).await
}

/// Takes what was remembered; nothing when it was taken, is too old, or was asked elsewhere.
pub(super) async fn take(
    core: &Core,
    tenant: &Tenant,
    transaction: &mut Transaction,
    place: &Place,
    digest: TokenDigest,
) -> Result<Option<Zeroizing<Vec<u8>>>, StoreError> {
    let taken = transaction.take_ceremony(digest, &place.owner, place.browser, core.now()).await?;
    let Some(sealed) = taken else { return Ok(None) };
    let opened = core.keys_of(tenant)?.sealer.open(Kind::Ceremony, &digest.text(), &sealed);
    opened.map(Some).map_err(|error| StoreError::Unusable(error.to_string()))
}
