//! What a program gets in its own name, without a person: access tokens for `client_credentials` (RFC 6749 section 4.4).
//!
//! Its tenant's file names the scopes and the resource servers, and there is nothing besides. Such a token rests on no login and
//! has no profile, so it acts as nobody: what is meant for people refuses it, and what is meant for machines asks [`find`].

use std::time::Duration;

use super::{
    Core,
    authorizations::{self, AccessClaims, GrantError},
};
use crate::{
    base::{Timestamp, token::Token},
    domain::{
        certificate::Thumbprint,
        client::{Client, Machine, SigningAlgorithm},
        possession::{Bound, Shown},
        tenant::Tenant,
    },
    storage::{StoreError, Transaction},
    token::{
        claims::{self, Granted, Issue},
        jwt::{self, Expected},
    },
};

/// What a client asks in its own name.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// The scopes, space-separated; without it all that it may have.
    pub scope: Option<&'a str>,
    /// The resource server (RFC 8707); without it the first that it may ask for.
    pub resource: Option<&'a str>,
    /// The certificate that it shows.
    pub certificate: Option<Thumbprint>,
}

/// What it gets. There is no refresh token: it can ask again (RFC 6749 section 4.4.3).
#[derive(Debug)]
pub struct MachineToken {
    /// The access token (RFC 9068).
    pub access_token: String,
    /// How long it is valid.
    pub expires_in: Duration,
    /// The granted scope.
    pub scope: String,
}

/// Gives an access token to an authenticated client that may have one in its own name.
///
/// # Errors
/// `InvalidScope` and `InvalidTarget` when it asks for what its tenant's file does not name; `NoCertificate`.
pub async fn token(
    core: &Core,
    tenant: &Tenant,
    client: &Client,
    machine: &Machine,
    asked: Asked<'_>,
) -> Result<MachineToken, GrantError> {
    let granted = || {
        let bound = authorizations::bound(client, asked.certificate)?;
        Ok::<_, GrantError>((scopes(machine, asked.scope)?, audience(machine, asked.resource)?, bound))
    };
    let (scopes, audience, bound) = match granted() {
        Ok(granted) => granted,
        Err(error) => {
            let event = core.event("machine.refused").with("client", client.id.clone());
            core.record(tenant, event.with("reason", error.to_string())).await?;
            return Err(error);
        }
    };
    let scope = scopes.join(" ");
    let event = core.event("machine.authorized").with("client", client.id.clone());
    core.record(tenant, event.with("scope", scope.clone()).with("audience", audience)).await?;
    let (now, expires_in) = (core.now(), tenant.terms.access_token);
    let issue = Issue { issuer: &tenant.origin, audience, now, expires: now.plus(expires_in) };
    let jti = Token::new(&core.random).reveal();
    let claims = claims::machine(
        &issue,
        &Granted { client_id: &client.id, jti: &jti, scopes: &scopes, bound: bound.map(Bound::Certificate) },
    );
    let ring = core.keys_of(tenant)?.ring();
    let access_token = jwt::sign(ring.active(SigningAlgorithm::Es256), jwt::Type::AccessToken, &claims)
        .map_err(|error| StoreError::Unusable(format!("signing a token: {error}")))?;
    Ok(MachineToken { access_token, expires_in, scope })
}

/// What is asked for, when the client may have all of it, in the order of its registration.
fn scopes(machine: &Machine, asked: Option<&str>) -> Result<Vec<String>, GrantError> {
    let Some(asked) = asked else { return Ok(machine.scopes.clone()) };
    let asked: Vec<&str> = asked.split(' ').collect();
    if asked.iter().any(|asked| machine.scopes.iter().all(|scope| scope != asked)) {
        return Err(GrantError::InvalidScope);
    }
    Ok(machine.scopes.iter().filter(|scope| asked.contains(&scope.as_str())).cloned().collect())
}

fn audience<'m>(machine: &'m Machine, asked: Option<&str>) -> Result<&'m str, GrantError> {
    let mut audiences = machine.audiences.iter();
    match asked {
        None => audiences.next(),
        Some(asked) => audiences.find(|audience| *audience == asked),
    }
    .map(String::as_str)
    .ok_or(GrantError::InvalidTarget)
}

/// A program that asks something in its own name.
#[derive(Debug)]
pub struct Bearer<'t> {
    /// Which.
    pub client: &'t Client,
    /// The scopes of its token that it still may have.
    pub scopes: Vec<String>,
    /// When its token ends.
    pub expires: Timestamp,
}

impl Bearer<'_> {
    /// Whether it may do what this scope is for.
    #[must_use]
    pub fn may(&self, scope: &str) -> bool {
        self.scopes.iter().any(|known| known == scope)
    }
}

/// The program whose access token this is, when it is one for `audience` that was not taken back, shown with the `certificate` that it
/// is bound to, and the tenant's file still gives it that. A token that a person's login gave is none.
///
/// # Errors
/// When the database does not answer: that is never "not a program".
pub async fn find<'t>(
    core: &Core,
    tenant: &'t Tenant,
    audience: &str,
    token: &str,
    certificate: Option<Thumbprint>,
) -> Result<Option<Bearer<'t>>, StoreError> {
    let ring = core.keys_of(tenant)?.ring();
    let expected = Expected { typ: jwt::Type::AccessToken, issuer: &tenant.origin, audience, now: core.now() };
    let Ok(claims) = jwt::verify::<AccessClaims>(token, &ring, &expected) else { return Ok(None) };
    if claims.grant().is_some() || !claims.counts_beside(Shown::certificate(certificate)) {
        return Ok(None);
    }
    match open(tenant, &mut core.store.read(&tenant.id).await?, &claims).await {
        Ok(bearer) => Ok(Some(bearer)),
        Err(GrantError::Store(error)) => Err(error),
        Err(_) => Ok(None),
    }
}

/// What a verified access token of a program opens.
///
/// # Errors
/// `InvalidGrant` when it gives nothing any more, or is no program's.
pub(super) async fn open<'t>(
    tenant: &'t Tenant,
    transaction: &mut Transaction,
    claims: &AccessClaims,
) -> Result<Bearer<'t>, GrantError> {
    let client = tenant.client(&claims.client_id).filter(|client| client.id == claims.sub);
    let client = client.filter(|_| claims.grant().is_none()).ok_or(GrantError::InvalidGrant)?;
    let machine = client.in_its_own_name().filter(|machine| machine.audiences.contains(&claims.aud));
    let machine = machine.ok_or(GrantError::InvalidGrant)?;
    if transaction.is_revoked(claims.name()).await? {
        return Err(GrantError::InvalidGrant);
    }
    let given = claims.scope.split(' ').filter(|scope| machine.scopes.iter().any(|known| known == scope));
    Ok(Bearer { client, scopes: given.map(str::to_owned).collect(), expires: claims.expires() })
}
