//! What a login gives an application: codes, access tokens and refresh tokens (OpenID Connect Core 1.0, RFC 6749).
//!
//! A grant is the family of everything that one authorization gave. A code or refresh token that is used a second time ends
//! its family; so does the end of the login, of the account, or of the profile that it rests on.

use std::time::Duration;

use serde::Deserialize;

use super::{
    Core,
    identities::{self, Audience},
    pending::ClientRequest,
};
use crate::{
    base::{
        Timestamp,
        id::{AuthorizationId, SessionId},
        token::{Token, TokenDigest},
    },
    domain::{
        client::{Client, SigningAlgorithm},
        profile::Profile,
        tenant::Tenant,
    },
    storage::{
        StoreError,
        sql::{Authorization, Session, TakenCode, TakenToken},
    },
    token::{
        claims::{self, Binding, Granted, Identity, Issue, scope},
        jwt::{self, Expected, Type},
    },
};

/// A refresh token that comes again within this time was lost on the way: refused, but its family lives.
const LOST_ANSWER: Duration = Duration::from_secs(10);

/// Why a code or token gives nothing (RFC 6749 section 5.2).
#[derive(Debug, thiserror::Error)]
pub enum GrantError {
    /// The code or refresh token is unknown, expired, used, another client's, or its login has ended: `invalid_grant`.
    #[error("the code or token gives nothing")]
    InvalidGrant,
    /// More was asked than was granted: `invalid_scope`.
    #[error("a scope that was not granted")]
    InvalidScope,
    /// The database does not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Gives a client a code for what the person agreed to by logging in.
///
/// # Errors
/// When the database does not answer.
pub async fn authorize(
    core: &Core,
    tenant: &Tenant,
    login: SessionId,
    profile: &Profile,
    request: &ClientRequest,
) -> Result<Token, StoreError> {
    let now = core.now();
    let code = Token::new(&core.random);
    let authorization = Authorization {
        id: AuthorizationId::new(&core.random),
        client: request.client.clone(),
        login,
        profile: profile.handle.clone(),
        scope: request.scope.clone(),
        audience: request.audience.clone(),
        nonce: request.nonce.clone(),
        created_at: now,
    };
    let kept = TakenCode {
        authorization_grant: authorization.id,
        redirect_uri: request.redirect_uri.clone(),
        challenge: request.challenge.clone(),
    };
    let mut transaction = core.store.begin(&tenant.id).await?;
    transaction.put_authorization(&authorization).await?;
    transaction.put_code(code.digest(), &request.client, &kept, now.plus(tenant.terms.authorization_code)).await?;
    let mut event = core
        .event("client.authorized")
        .by(profile.actor)
        .about(profile.principal())
        .in_session(login)
        .with("client", request.client.clone())
        .with("scope", request.scope.clone());
    event.organization = profile.organization;
    event.mandate = profile.mandate.as_ref().map(|represented| represented.mandate);
    transaction.record(&event).await?;
    transaction.commit().await?;
    Ok(code)
}

/// What the token endpoint answers with.
#[derive(Debug)]
pub struct Tokens {
    /// The access token (RFC 9068).
    pub access_token: String,
    /// How long it is valid.
    pub expires_in: Duration,
    /// The ID token.
    pub id_token: String,
    /// The refresh token, when the client gets one.
    pub refresh_token: Option<Token>,
    /// The granted scope.
    pub scope: String,
}

/// Redeems a code (RFC 6749 section 4.1.3, RFC 7636 section 4.6).
///
/// # Errors
/// `InvalidGrant`; a code that was used before ends what it gave.
pub async fn redeem_code(
    core: &Core,
    tenant: &Tenant,
    client: &Client,
    code: TokenDigest,
    redirect_uri: &str,
    verifier: &str,
) -> Result<Tokens, GrantError> {
    let now = core.now();
    let mut transaction = core.store.begin(&tenant.id).await?;
    let Some(taken) = transaction.take_code(code, &client.id, now).await? else {
        let reused = transaction.taken_code(code).await?.filter(|taken| taken.client == client.id);
        if let Some(reused) = reused {
            end_family(core, tenant, &mut transaction, &reused, "code.reused").await?;
            transaction.commit().await?;
        }
        return Err(GrantError::InvalidGrant);
    };
    let good =
        taken.redirect_uri == redirect_uri && challenge_of(verifier).as_deref() == Some(taken.challenge.as_str());
    let live = if good { live_grant(core, tenant, &mut transaction, taken.authorization_grant).await? } else { None };
    let Some(live) = live else {
        // The code is spent all the same: whoever guesses gets one guess.
        transaction.commit().await?;
        return Err(GrantError::InvalidGrant);
    };
    let refresh = wants_refresh(client, &live.authorization.scope).then(|| Token::new(&core.random));
    if let Some(token) = &refresh {
        let expires = now.plus(tenant.terms.refresh_token).min(live.session.expires_at);
        transaction.put_refresh_token(token.digest(), &client.id, live.authorization.id, now, expires).await?;
    }
    transaction.commit().await?;
    let scope = live.authorization.scope.clone();
    make(core, tenant, client, &live, scope, refresh, true).await
}

/// Redeems a refresh token for new tokens (RFC 6749 section 6); the old one is spent (RFC 9700 section 4.14.2).
///
/// # Errors
/// `InvalidGrant`; a token that was used more than a moment ago ends its family. `InvalidScope` when more is asked.
pub async fn refresh(
    core: &Core,
    tenant: &Tenant,
    client: &Client,
    token: TokenDigest,
    wanted: Option<&str>,
) -> Result<Tokens, GrantError> {
    let now = core.now();
    let mut transaction = core.store.begin(&tenant.id).await?;
    let Some(id) = transaction.take_refresh_token(token, &client.id, now).await? else {
        let reused = transaction.taken_refresh_token(token).await?.filter(|taken| taken.client == client.id);
        if let Some(reused) = reused
            && now.since(reused.taken_at) >= LOST_ANSWER
        {
            end_family(core, tenant, &mut transaction, &reused, "refresh_token.reused").await?;
            transaction.commit().await?;
        }
        return Err(GrantError::InvalidGrant);
    };
    let Some(live) = live_grant(core, tenant, &mut transaction, id).await? else {
        transaction.commit().await?;
        return Err(GrantError::InvalidGrant);
    };
    let scope = match wanted {
        None => live.authorization.scope.clone(),
        Some(wanted) => {
            let granted: Vec<&str> = live.authorization.scope.split(' ').collect();
            if !wanted.split(' ').all(|scope| granted.contains(&scope)) {
                return Err(GrantError::InvalidScope);
            }
            wanted.to_owned()
        }
    };
    let next = Token::new(&core.random);
    let expires = now.plus(tenant.terms.refresh_token).min(live.session.expires_at);
    transaction.put_refresh_token(next.digest(), &client.id, id, now, expires).await?;
    transaction.commit().await?;
    make(core, tenant, client, &live, scope, Some(next), false).await
}

/// What an access token opens at this issuer: the userinfo answer (OpenID Connect Core 1.0 section 5.3).
#[derive(Debug)]
pub struct UserInfo {
    /// Who, as the client knows them.
    pub identity: Identity,
    /// The scopes of the token.
    pub scopes: Vec<String>,
    /// The client.
    pub client: String,
}

#[derive(Deserialize)]
struct AccessClaims {
    jti: String,
    client_id: String,
    scope: String,
    aud: String,
}

/// Who an access token is about, while its grant lives.
///
/// # Errors
/// `InvalidGrant` when the token is not one of ours, or gives nothing any more.
pub async fn user_info(core: &Core, tenant: &Tenant, token: &str) -> Result<UserInfo, GrantError> {
    let (claims, live) = live_token(core, tenant, token).await?;
    let client = tenant.client(&claims.client_id).ok_or(GrantError::InvalidGrant)?;
    let scopes: Vec<String> = claims.scope.split(' ').map(str::to_owned).collect();
    if !scopes.iter().any(|s| s == scope::OPENID) {
        return Err(GrantError::InvalidScope);
    }
    let identity = identity_for(core, tenant, client, &live).await?;
    Ok(UserInfo { identity, scopes, client: claims.client_id })
}

/// The grant of an access token that is good now.
async fn live_token(core: &Core, tenant: &Tenant, token: &str) -> Result<(AccessClaims, Live), GrantError> {
    let ring = core.keys_of(tenant)?.ring();
    // Which audience it is for is read from it below; that it is one of this issuer's is what counts here.
    let mut found = None;
    for client in &tenant.clients {
        for audience in &client.audiences {
            let expected = Expected { typ: Type::AccessToken, issuer: &tenant.origin, audience, now: core.now() };
            if let Ok(claims) = jwt::verify::<AccessClaims>(token, &ring, &expected)
                && claims.client_id == client.id
                && claims.aud == *audience
            {
                found = Some(claims);
            }
        }
    }
    let claims = found.ok_or(GrantError::InvalidGrant)?;
    let id: AuthorizationId =
        claims.jti.split_once('.').and_then(|(id, _)| id.parse().ok()).ok_or(GrantError::InvalidGrant)?;
    let mut transaction = core.store.read(&tenant.id).await?;
    let live = live_grant(core, tenant, &mut transaction, id).await?.ok_or(GrantError::InvalidGrant)?;
    Ok((claims, live))
}

/// Ends everything that came from a login for a client: it revoked a token, or signs the person out.
///
/// # Errors
/// When the database does not answer.
pub async fn end(core: &Core, tenant: &Tenant, id: AuthorizationId) -> Result<(), StoreError> {
    let mut transaction = core.store.begin(&tenant.id).await?;
    transaction.end_authorization(id, core.now()).await?;
    transaction.commit().await
}

/// A grant whose login and profile still hold.
struct Live {
    authorization: Authorization,
    session: Session,
    profile: Profile,
    portrait: identities::Portrait,
}

async fn live_grant(
    core: &Core,
    tenant: &Tenant,
    transaction: &mut crate::storage::Transaction,
    id: AuthorizationId,
) -> Result<Option<Live>, StoreError> {
    let now = core.now();
    let Some(authorization) = transaction.authorization(id).await? else { return Ok(None) };
    let Some(session) = transaction.session(authorization.login).await? else { return Ok(None) };
    // A client that is being used keeps no idle login alive, and needs none: the absolute end counts.
    if session.expires_at <= now {
        return Ok(None);
    }
    let Some(profile) = transaction.profile(&authorization.profile).await? else { return Ok(None) };
    let Some(portrait) = identities::portrait(tenant, transaction, &profile, now).await? else { return Ok(None) };
    Ok(Some(Live { authorization, session, profile, portrait }))
}

async fn identity_for(core: &Core, tenant: &Tenant, client: &Client, live: &Live) -> Result<Identity, StoreError> {
    let audience = Audience { sector: &client.id, national_number: false };
    identities::identity(core, tenant, &live.session, &live.profile, &live.portrait, audience).await
}

async fn make(
    core: &Core,
    tenant: &Tenant,
    client: &Client,
    live: &Live,
    scope: String,
    refresh_token: Option<Token>,
    with_nonce: bool,
) -> Result<Tokens, GrantError> {
    let now = core.now();
    let ring = core.keys_of(tenant)?.ring();
    let unsigned = |error| StoreError::Unusable(format!("signing a token: {error}"));
    let scopes: Vec<String> = scope.split(' ').map(str::to_owned).collect();
    let identity = identity_for(core, tenant, client, live).await?;
    let jti = format!("{}.{}", live.authorization.id, Token::new(&core.random).reveal());
    let expires = now.plus(tenant.terms.access_token).min(live.session.expires_at);
    let issue = Issue { issuer: &tenant.origin, audience: &live.authorization.audience, now, expires };
    let granted = Granted { client_id: &client.id, jti: &jti, scopes: &scopes };
    let access = claims::access_token(&issue, &granted, &identity, client.form);
    let access_token = jwt::sign(ring.active(SigningAlgorithm::Es256), Type::AccessToken, &access).map_err(unsigned)?;
    let issue = Issue { audience: &client.id, ..issue };
    let sid = live.session.id.to_string();
    let nonce = live.authorization.nonce.as_deref().filter(|_| with_nonce);
    let id_token = {
        let binding = Binding { nonce, sid: &sid, access_token: Some(&access_token) };
        let id = claims::id_token(&issue, &binding, &identity, client.form, &scopes);
        jwt::sign(ring.active(client.id_token_algorithm), Type::IdToken, &id).map_err(unsigned)?
    };
    Ok(Tokens { access_token, expires_in: expires.since(now), id_token, refresh_token, scope })
}

fn wants_refresh(client: &Client, granted: &str) -> bool {
    client.refresh && granted.split(' ').any(|s| s == scope::OFFLINE_ACCESS)
}

/// The S256 challenge of a verifier of 43 to 128 unreserved characters (RFC 7636 section 4.1).
#[must_use]
pub fn challenge_of(verifier: &str) -> Option<String> {
    let unreserved = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_' | b'~');
    let good = (43..=128).contains(&verifier.len()) && verifier.bytes().all(unreserved);
    good.then(|| TokenDigest::of(verifier.as_bytes()).text())
}

async fn end_family(
    core: &Core,
    tenant: &Tenant,
    transaction: &mut crate::storage::Transaction,
    reused: &TakenToken,
    kind: &'static str,
) -> Result<(), StoreError> {
    let now: Timestamp = core.now();
    transaction.end_authorization(reused.authorization_grant, now).await?;
    let event = core.event(kind).with("client", reused.client.clone());
    transaction.record(&event).await?;
    tracing::warn!(tenant = %tenant.id, client = %reused.client, kind, "what was used twice has ended its family");
    Ok(())
}
