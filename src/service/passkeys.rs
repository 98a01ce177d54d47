//! Showing a passkey in a login: alone, or after the password.

use super::{
    Core,
    ceremonies::{self, Place},
    sign_in::{self, SignInError},
};
use crate::{
    base::{
        id::{AttemptId, PersonId},
        token::TokenDigest,
    },
    domain::tenant::{Factor, Tenant},
    login::webauthn::{Answer, Key, RelyingParty, Shown, Unusable},
    storage::{StoreError, Transaction},
};

impl From<Unusable> for StoreError {
    fn from(why: Unusable) -> Self {
        StoreError::Unusable(why.to_string())
    }
}

/// What the page's script asks the browser: any passkey of this tenant, once, in this attempt.
///
/// # Errors
/// `OutOfTurn` when no means that does has a passkey in it.
pub async fn ask(core: &Core, tenant: &Tenant, id: AttemptId, browser: TokenDigest) -> Result<String, SignInError> {
    let standing = sign_in::standing(core, tenant, id, browser).await?;
    let offered = standing.pending.means(tenant, tenant.today(core.now()));
    if !offered.iter().any(|means| means.factors.contains(&Factor::Passkey)) {
        return Err(SignInError::OutOfTurn);
    }
    let ceremony = RelyingParty::of(tenant).and_then(|party| party.ask()).map_err(StoreError::from)?;
    let expires = core.now().plus(tenant.terms.login_attempt);
    let place = Place::attempt(id, browser);
    let mut transaction = core.store.begin(&tenant.id).await?;
    ceremonies::keep(core, tenant, &mut transaction, &place, ceremony.challenge, &ceremony.kept, expires).await?;
    transaction.commit().await?;
    Ok(ceremony.options)
}

/// Takes the question that `answer` names, and finds the passkey and its owner. Nothing when it was not asked here, was answered
/// before, or nobody has such a passkey: then the answer proves nothing.
pub(super) async fn shown(
    core: &Core,
    tenant: &Tenant,
    transaction: &mut Transaction,
    id: AttemptId,
    browser: TokenDigest,
    answer: &str,
) -> Result<Option<(PersonId, Shown)>, StoreError> {
    let Some(answer) = Answer::parse(answer) else { return Ok(None) };
    let Some(challenge) = answer.challenge() else { return Ok(None) };
    let taken = ceremonies::take(core, tenant, transaction, &Place::attempt(id, browser), challenge).await?;
    let (Some(kept), Some(handle)) = (taken, answer.handle()) else { return Ok(None) };
    let Some(row) = transaction.passkey(&answer.key(), &tenant.host, &handle.to_string()).await? else {
        return Ok(None);
    };
    let key = Key::parse(&row.credential)
        .ok_or_else(|| StoreError::Unusable(format!("the passkey {} cannot be read", row.id)))?;
    Ok(Some((row.person, Shown { party: RelyingParty::of(tenant)?, kept: kept.to_vec(), key })))
}
