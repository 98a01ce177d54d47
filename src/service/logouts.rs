//! Applications hear that a login has ended (OpenID Connect Back-Channel Logout 1.0), so that they end what they began with it.
//!
//! Whom to tell is written by the transaction that ends the login, whichever that is; a login that runs out is ended here. What
//! is said is made when it is sent: the client may have changed its address meanwhile. A client that does not answer is told
//! again later, under the same `jti`; one that was told is not told again.

use std::{collections::BTreeSet, time::Duration};

use futures_util::{StreamExt, stream};

use super::{Core, Shared};
use crate::{
    base::{id::PersonId, token::TokenDigest},
    domain::{
        client::{BackchannelLogout, Client},
        register::TokenForm,
        tenant::Tenant,
    },
    notify::call::Caller,
    storage::{StoreError, sql::LogoutNotice},
    token::{
        claims::{self, Ended, Issue},
        jwt,
    },
};

/// How many notices and logins of a tenant one round takes.
const ROUND: u32 = 50;

/// How many clients are called at a time: one that is slow does not hold up the others.
const AT_ONCE: usize = 16;

/// Seconds until a client is told again; after the last of these it is told no more.
const RETRIES: [u64; 8] = [10, 30, 60, 300, 900, 3600, 4 * 3600, 12 * 3600];

/// How long telling may take before another replica may try.
const CLAIM: Duration = Duration::from_secs(60);

/// How long a logout token is valid (section 2.4 recommends two minutes at most).
const LIFE: Duration = Duration::from_secs(120);

/// Ends logins that have run out, of every tenant; says how many.
///
/// # Errors
/// When the database does not answer.
pub async fn end_expired(shared: &Shared) -> Result<usize, StoreError> {
    let core = &shared.core;
    let mut ended = 0;
    for tenant in shared.tenants.all() {
        let expired = core.store.read(&tenant.id).await?.expired_logins(core.now(), ROUND).await?;
        for login in expired {
            let mut transaction = core.store.begin(&tenant.id).await?;
            if transaction.end_expired_login(login, core.now()).await? {
                transaction.record(&core.event("session.expired").in_session(login)).await?;
                transaction.commit().await?;
                ended += 1;
            }
        }
        ended += end_unused(core, tenant).await?;
    }
    Ok(ended)
}

/// Ends what logins gave that end with their session, and were not used for as long as that may be: their applications hear of it.
async fn end_unused(core: &Core, tenant: &Tenant) -> Result<usize, StoreError> {
    let mut ended = 0;
    for means in tenant.means.iter().filter(|means| tenant.ends_with_session(&means.id)) {
        let before = core.now().minus(tenant.session_idle(&means.id));
        let unused = core.store.read(&tenant.id).await?.unused_logins(&means.id, before, ROUND).await?;
        for login in unused {
            let mut transaction = core.store.begin(&tenant.id).await?;
            if transaction.end_unused_grants(login, before, core.now()).await? {
                transaction.record(&core.event("session.expired").in_session(login)).await?;
                transaction.commit().await?;
                ended += 1;
            }
        }
    }
    Ok(ended)
}

/// Tells every client that is to be told; says how many were.
///
/// # Errors
/// When the database does not answer. A client that does not answer is told later.
pub async fn tell_due(shared: &Shared, caller: &Caller) -> Result<usize, StoreError> {
    let core = &shared.core;
    let mut due = Vec::new();
    for tenant in shared.tenants.all() {
        let notices = core.store.read(&tenant.id).await?.due_logouts(core.now(), ROUND).await?;
        due.extend(notices.into_iter().map(|notice| (tenant.clone(), notice)));
    }
    let mut told = 0;
    let mut telling = stream::iter(due)
        .map(|(tenant, notice)| async move { tell(core, &tenant, caller, &notice).await })
        .buffer_unordered(AT_ONCE);
    while let Some(done) = telling.next().await {
        told += usize::from(done?);
    }
    Ok(told)
}

async fn tell(core: &Core, tenant: &Tenant, caller: &Caller, notice: &LogoutNotice) -> Result<bool, StoreError> {
    let client = tenant.client(&notice.client).and_then(|client| Some((client, client.backchannel_logout.as_ref()?)));
    let Some((client, address)) = client else {
        // A client that wants to hear of nothing, or is registered no more.
        done(core, tenant, notice).await?;
        return Ok(false);
    };
    if !claim(core, tenant, notice).await? {
        return Ok(false);
    }
    let token = logout_token(core, tenant, client, address, notice).await?;
    let called = caller.post(&address.uri, "logout_token", &token).await;
    let tries = notice.tries + 1;
    if let Err(error) = called {
        metrics::counter!("poort_logout_calls_failed_total").increment(1);
        let last = usize::try_from(tries).is_ok_and(|tries| tries >= RETRIES.len());
        if !last {
            tracing::warn!(tenant = %tenant.id, client = %client.id, tries, %error, "a client is told later that a login has ended");
            return Ok(false);
        }
        tracing::error!(tenant = %tenant.id, client = %client.id, tries, %error, "a client was not told that a login has ended");
        done(core, tenant, notice).await?;
        return Ok(false);
    }
    metrics::counter!("poort_logout_calls_total").increment(1);
    done(core, tenant, notice).await?;
    Ok(true)
}

/// Takes a notice for this replica, until a retry is due.
async fn claim(core: &Core, tenant: &Tenant, notice: &LogoutNotice) -> Result<bool, StoreError> {
    let place = usize::try_from(notice.tries).unwrap_or(0).min(RETRIES.len() - 1);
    let retry = Duration::from_secs(RETRIES[place]).max(CLAIM);
    let mut transaction = core.store.begin(&tenant.id).await?;
    let claimed = transaction.claim_logout(notice, core.now(), retry).await?;
    transaction.commit().await?;
    Ok(claimed)
}

async fn done(core: &Core, tenant: &Tenant, notice: &LogoutNotice) -> Result<(), StoreError> {
    let mut transaction = core.store.begin(&tenant.id).await?;
    transaction.logout_sent(notice, core.now()).await?;
    transaction.commit().await
}

/// The logout token (section 2.4), signed as the client's ID tokens are.
async fn logout_token(
    core: &Core,
    tenant: &Tenant,
    client: &Client,
    address: &BackchannelLogout,
    notice: &LogoutNotice,
) -> Result<String, StoreError> {
    let sub = if address.session_required { None } else { subject(core, tenant, client, notice).await? };
    let sid = notice.login.to_string();
    // The same at every try, so that a repetition is recognised.
    let jti = TokenDigest::of(format!("{}\n{sid}\n{}", tenant.id, client.id).as_bytes()).text();
    let now = core.now();
    let issue = Issue { issuer: &tenant.origin, audience: &client.id, now, expires: now.plus(LIFE) };
    let claims = claims::logout_token(&issue, &Ended { jti: &jti, sid: &sid, sub: sub.as_deref() });
    let ring = core.keys_of(tenant)?.ring();
    jwt::sign(ring.active(client.id_token_algorithm), jwt::Type::LogoutToken, &claims)
        .map_err(|error| StoreError::Unusable(format!("signing a logout token: {error}")))
}

/// Whom the client's ID tokens of this login named, as it knows them; nobody when they named several: then the session says it.
async fn subject(
    core: &Core,
    tenant: &Tenant,
    client: &Client,
    notice: &LogoutNotice,
) -> Result<Option<String>, StoreError> {
    let mut transaction = core.store.read(&tenant.id).await?;
    let people = transaction.people_at_client(notice.login, &client.id).await?;
    let named = people.into_iter().map(|(actor, represented)| match client.form {
        TokenForm::NlGov => actor,
        TokenForm::Rfc8693 => represented.unwrap_or(actor),
    });
    let named: BTreeSet<PersonId> = named.collect();
    match (named.first(), named.len()) {
        (Some(only), 1) => transaction.known_pseudonym(&client.id, *only).await,
        _ => Ok(None),
    }
}
