//! What a login gives an application: codes, access tokens and refresh tokens (OpenID Connect Core 1.0, RFC 6749).
//!
//! A grant is the family of everything that one authorization gave. A code or refresh token that is used a second time ends
//! its family; so does the end of the login, of the account, or of the profile that it rests on.
//!
//! Every redemption is one short transaction: what is redeemed is taken first, so that of many at once one wins and the
//! others wait for it and then see what it did. Nothing is signed before that transaction is committed.

use std::time::Duration;

use serde::Deserialize;

use super::{
    Core,
    identities::{self, Audience, Portrait},
    login_rules,
    pending::{ClientRequest, Destination, Pending},
    possession::{self, ProofError},
    sessions::{self, SignedIn},
};
use crate::{
    base::{
        Timestamp,
        id::{AuthorizationId, SessionId},
        token::{Token, TokenDigest},
    },
    domain::{
        callback::{self, Answer, AuthorizationError},
        certificate::Thumbprint,
        client::{Client, SigningAlgorithm},
        possession::{Bound, KeyThumbprint, Shown},
        profile::Profile,
        tenant::Tenant,
    },
    storage::{
        StoreError, Transaction,
        sql::{Authorization, LiveGrant, Session, TakenCode, TakenToken},
    },
    token::{
        claims::{self, Binding, Granted, Identity, Issue, scope},
        dpop::Proof,
        jwt::{self, Expected},
    },
};

/// A refresh token that comes again within this time was lost on the way: refused, but its family lives.
pub(super) const LOST_ANSWER: Duration = Duration::from_secs(10);

/// Why a code or token gives nothing (RFC 6749 section 5.2).
#[derive(Debug, thiserror::Error)]
pub enum GrantError {
    /// The code or refresh token is unknown, expired, used, another client's, or its login has ended: `invalid_grant`.
    #[error("the code or token gives nothing")]
    InvalidGrant,
    /// More was asked than was granted: `invalid_scope`.
    #[error("a scope that was not granted")]
    InvalidScope,
    /// Another resource server was asked for than was granted: `invalid_target` (RFC 8707 section 2.2).
    #[error("a resource that was not granted")]
    InvalidTarget,
    /// It does not prove the key that it must: `invalid_dpop_proof` (RFC 9449 section 5).
    #[error("no proof of the key")]
    NoProof,
    /// The client's tokens are bound to a certificate, and it shows none (RFC 8705 section 3).
    #[error("no certificate to bind the token to")]
    NoCertificate,
    /// The database does not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<ProofError> for GrantError {
    fn from(error: ProofError) -> Self {
        match error {
            ProofError::Invalid => Self::NoProof,
            ProofError::Store(error) => error.into(),
        }
    }
}

/// Answers an authorization request by a login with its profile: where the browser goes next, at the client.
///
/// The login is looked at once more, since a person can have several in one browser: with one that is older or worth less
/// than the request asks, the client hears `login_required` and gets no code.
///
/// # Errors
/// When the database does not answer. `None` when the client or its redirect URI are not registered any more.
pub async fn answer(
    core: &Core,
    tenant: &Tenant,
    login: SessionId,
    profile: &Profile,
    request: &ClientRequest,
) -> Result<Option<String>, StoreError> {
    if !is_registered(tenant, request) {
        return Ok(None);
    }
    let back =
        |answer| callback::authorization(&request.redirect_uri, &tenant.origin, request.state.as_deref(), answer);
    let now = core.now();
    let mut transaction = core.store.begin(&tenant.id).await?;
    let pending = Pending::to(Destination::Client(request.clone()));
    let today = tenant.today(now);
    let known = login_rules::known(tenant, &mut transaction, profile.actor, today).await?;
    let session = transaction.session(login).await?.filter(|session| {
        session.person == profile.actor
            && sessions::gives_until(tenant, session) > now
            && pending.is_fresh(session.authenticated_at)
            && pending.is_met_by(tenant, &known, (&session.means, session.assurance), today)
    });
    let Some(session) = session else {
        let said = "the login is older, or worth less, than the request asks";
        return Ok(Some(back(Answer::Error(AuthorizationError::LoginRequired, said))));
    };
    let code = Token::new(&core.random);
    let authorization = Authorization {
        id: AuthorizationId::new(&core.random),
        client: request.client.clone(),
        login: session.id,
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
    transaction.put_authorization(&authorization).await?;
    transaction.put_code(code.digest(), &request.client, &kept, now.plus(tenant.terms.authorization_code)).await?;
    let mut event = core
        .event("client.authorized")
        .by(profile.actor)
        .about(profile.principal())
        .in_session(session.id)
        .with("client", request.client.clone())
        .with("scope", request.scope.clone());
    event.organization = profile.organization;
    event.mandate = profile.mandate.as_ref().map(|represented| represented.mandate);
    transaction.record(&event).await?;
    transaction.commit().await?;
    Ok(Some(back(Answer::Code(&code.reveal()))))
}

/// Where the browser goes when the person went back: the client hears `access_denied`. `None` when the client or its
/// redirect URI are not registered any more.
#[must_use]
pub fn decline(tenant: &Tenant, request: &ClientRequest) -> Option<String> {
    let answer = Answer::Error(AuthorizationError::AccessDenied, "the person cancelled");
    is_registered(tenant, request)
        .then(|| callback::authorization(&request.redirect_uri, &tenant.origin, request.state.as_deref(), answer))
}

/// Whether a request that was kept is still one of a registered client: its registration may have changed meanwhile.
fn is_registered(tenant: &Tenant, request: &ClientRequest) -> bool {
    tenant.client(&request.client).is_some_and(|client| client.redirect_uris.contains(&request.redirect_uri))
}

/// Whether the `sub` that a client knows names who is signed in, or whom they act for.
///
/// # Errors
/// When the database does not answer.
pub async fn names(
    core: &Core,
    tenant: &Tenant,
    client: &Client,
    sub: &str,
    signed_in: &SignedIn,
) -> Result<bool, StoreError> {
    let mut transaction = core.store.read(&tenant.id).await?;
    let principal = signed_in.profile.as_ref().map(Profile::principal);
    for person in [Some(signed_in.person.id), principal].into_iter().flatten() {
        if transaction.known_pseudonym(&client.id, person).await?.as_deref() == Some(sub) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// What the token endpoint answers with.
#[derive(Debug)]
pub struct Tokens {
    /// The access token (RFC 9068).
    pub access_token: String,
    /// `Bearer`, or `DPoP` when it counts beside a key (RFC 9449 section 5).
    pub token_type: &'static str,
    /// How long it is valid.
    pub expires_in: Duration,
    /// The ID token.
    pub id_token: String,
    /// The refresh token, when the client gets one.
    pub refresh_token: Option<Token>,
    /// The granted scope.
    pub scope: String,
}

/// A code, and what a client shows with it.
#[derive(Debug)]
pub struct Redemption<'a> {
    /// The code.
    pub code: TokenDigest,
    /// The redirect URI of the authorization request (RFC 6749 section 4.1.3).
    pub redirect_uri: &'a str,
    /// The PKCE verifier (RFC 7636 section 4.5).
    pub verifier: &'a str,
    /// The resource server that a token is asked for, when that is said.
    pub resource: Option<&'a str>,
    /// The certificate that the client shows.
    pub certificate: Option<Thumbprint>,
}

/// Redeems a code (RFC 6749 section 4.1.3, RFC 7636 section 4.6).
///
/// # Errors
/// `InvalidGrant`; a code that was used before ends what it gave. `InvalidTarget` and `NoCertificate` leave the code as it was.
pub async fn redeem_code(
    core: &Core,
    tenant: &Tenant,
    client: &Client,
    redemption: &Redemption<'_>,
) -> Result<Tokens, GrantError> {
    let now = core.now();
    let bound = bound(client, redemption.certificate)?;
    let mut transaction = core.store.begin(&tenant.id).await?;
    let Some(taken) = transaction.take_code(redemption.code, &client.id, now).await? else {
        if let Some(reused) = transaction.taken_code(redemption.code).await?.filter(|taken| taken.client == client.id) {
            end_family(core, tenant, transaction, &reused, "code.reused").await?;
        }
        return Err(GrantError::InvalidGrant);
    };
    let good = taken.redirect_uri == redemption.redirect_uri
        && challenge_of(redemption.verifier).as_deref() == Some(taken.challenge.as_str());
    let live = if good { live(core, tenant, client, &mut transaction, taken.authorization_grant).await? } else { None };
    let Some(live) = live else {
        // The code is spent all the same: whoever guesses gets one guess.
        transaction.commit().await?;
        return Err(GrantError::InvalidGrant);
    };
    live.is_for(redemption.resource)?;
    let refreshes = client.refresh && live.scopes.iter().any(|granted| granted == scope::OFFLINE_ACCESS);
    let refresh =
        if refreshes { Some(next_refresh_token(core, tenant, client, &mut transaction, &live).await?) } else { None };
    let identity = live.identity(core, tenant, client, &mut transaction).await?;
    transaction.commit().await?;
    let nonce = live.grant.authorization.nonce.as_deref();
    let bound = bound.map(Bound::Certificate);
    let given = Given { scopes: &live.scopes, refresh_token: refresh, nonce, bound };
    make(core, tenant, client, &live, &identity, given)
}

/// A refresh token, and what a client asks with it.
#[derive(Debug)]
pub struct Renewal<'a> {
    /// The refresh token.
    pub token: TokenDigest,
    /// The scopes that are asked for, when not all that were granted.
    pub scope: Option<&'a str>,
    /// The resource server that a token is asked for, when that is said.
    pub resource: Option<&'a str>,
    /// The certificate that the client shows.
    pub certificate: Option<Thumbprint>,
    /// The proof of its key, which a paired app must bring.
    pub proof: Option<&'a Proof>,
}

/// Redeems a refresh token for new tokens (RFC 6749 section 6); the old one is spent (RFC 9700 section 4.14.2).
///
/// That of a paired app is not even looked at for who does not prove the app's own key: a stolen one gives nothing and ends nothing
/// (RFC 9449 section 5).
///
/// # Errors
/// `InvalidGrant`; a token that was used more than a moment ago ends its family. `InvalidScope` and `InvalidTarget` when
/// more is asked than was granted, and `NoCertificate`; they leave the token as it was.
pub async fn refresh(
    core: &Core,
    tenant: &Tenant,
    client: &Client,
    renewal: &Renewal<'_>,
) -> Result<Tokens, GrantError> {
    let now = core.now();
    let mut bound = bound(client, renewal.certificate)?.map(Bound::Certificate);
    let mut transaction = core.store.begin(&tenant.id).await?;
    if client.pairing.is_some() {
        let proof = renewal.proof.ok_or(ProofError::Invalid)?;
        let grant = transaction.grant_of_refresh_token(renewal.token, &client.id).await?;
        let key = transaction.paired_key(grant.ok_or(GrantError::InvalidGrant)?).await?;
        if key != Some(proof.key) {
            return Err(GrantError::InvalidGrant);
        }
        possession::take_in(&mut transaction, proof).await?;
        bound = Some(Bound::Key(proof.key));
    }
    let Some(id) = transaction.take_refresh_token(renewal.token, &client.id, now).await? else {
        let reused = transaction.taken_refresh_token(renewal.token).await?;
        let reused = reused.filter(|taken| taken.client == client.id && now.since(taken.taken_at) >= LOST_ANSWER);
        if let Some(reused) = reused {
            end_family(core, tenant, transaction, &reused, "refresh_token.reused").await?;
        }
        return Err(GrantError::InvalidGrant);
    };
    let Some(live) = live(core, tenant, client, &mut transaction, id).await? else {
        transaction.commit().await?;
        return Err(GrantError::InvalidGrant);
    };
    live.is_for(renewal.resource)?;
    let scopes = match renewal.scope {
        None => live.scopes.clone(),
        Some(wanted) => live.narrowed(wanted)?,
    };
    let next = next_refresh_token(core, tenant, client, &mut transaction, &live).await?;
    if client.pairing.is_some() {
        transaction.session_seen(live.grant.session.id, now).await?;
    }
    let identity = live.identity(core, tenant, client, &mut transaction).await?;
    transaction.commit().await?;
    let given = Given { scopes: &scopes, refresh_token: Some(next), nonce: None, bound };
    make(core, tenant, client, &live, &identity, given)
}

/// The first tokens of an app that was paired, bound to its key. `None` when what the grant rests on has ended.
pub(super) async fn of_pairing(
    core: &Core,
    tenant: &Tenant,
    client: &Client,
    mut transaction: Transaction,
    grant: AuthorizationId,
    key: KeyThumbprint,
) -> Result<Option<Tokens>, GrantError> {
    let Some(live) = live(core, tenant, client, &mut transaction, grant).await? else {
        transaction.commit().await?;
        return Ok(None);
    };
    let refresh_token = Some(next_refresh_token(core, tenant, client, &mut transaction, &live).await?);
    let identity = live.identity(core, tenant, client, &mut transaction).await?;
    transaction.commit().await?;
    let given = Given { scopes: &live.scopes, refresh_token, nonce: None, bound: Some(Bound::Key(key)) };
    make(core, tenant, client, &live, &identity, given).map(Some)
}

/// What the access tokens of `client` are bound to, which shows `certificate`: to that, when they are bound.
///
/// # Errors
/// `NoCertificate` when they are, and it shows none.
pub(super) fn bound(client: &Client, certificate: Option<Thumbprint>) -> Result<Option<Thumbprint>, GrantError> {
    match client.certificate_bound_tokens {
        true => certificate.map(Some).ok_or(GrantError::NoCertificate),
        false => Ok(None),
    }
}

/// What an access token opens at this issuer: the userinfo answer (OpenID Connect Core 1.0 section 5.3).
#[derive(Debug)]
pub struct UserInfo<'a> {
    /// Who, as the client knows them.
    pub identity: Identity,
    /// The scopes of the token.
    pub scopes: Vec<String>,
    /// The client.
    pub client: &'a Client,
}

/// What an access token of ours says of itself.
#[derive(Deserialize)]
pub(super) struct AccessClaims {
    pub(super) sub: String,
    jti: String,
    pub(super) client_id: String,
    pub(super) scope: String,
    pub(super) aud: String,
    exp: i64,
    cnf: Option<Confirmation>,
}

/// What the bearer of a token must prove besides (RFC 7800). A token of ours has one of both, and no other member there.
#[derive(Deserialize)]
enum Confirmation {
    #[serde(rename = "x5t#S256")]
    Certificate(String),
    #[serde(rename = "jkt")]
    Key(String),
}

impl Confirmation {
    fn bound(&self) -> Option<Bound> {
        match self {
            Confirmation::Certificate(text) => Thumbprint::parse(text).map(Bound::Certificate),
            Confirmation::Key(text) => KeyThumbprint::parse(text).map(Bound::Key),
        }
    }
}

impl AccessClaims {
    /// The grant that it belongs to; none for a program's in its own name.
    pub(super) fn grant(&self) -> Option<AuthorizationId> {
        grant_of(&self.jti)
    }

    /// What it is bound to.
    pub(super) fn bound_to(&self) -> Option<Bound> {
        self.cnf.as_ref().and_then(Confirmation::bound)
    }

    /// Whether it counts for who shows this beside it (RFC 8705 section 3, RFC 9449 section 7).
    pub(super) fn counts_beside(&self, shown: Shown) -> bool {
        self.cnf.is_none() || self.bound_to().is_some_and(|bound| shown.has(bound))
    }

    /// By what it is remembered when it was taken back.
    pub(super) fn name(&self) -> TokenDigest {
        TokenDigest::of(self.jti.as_bytes())
    }

    /// When it ends.
    pub(super) fn expires(&self) -> Timestamp {
        Timestamp::from_millis(self.exp.saturating_mul(1000))
    }
}

/// An access token whose grant lives, and that was not taken back.
pub(super) struct Opened<'t> {
    client: &'t Client,
    pub(super) live: Live,
    /// Its scopes, without those that the client may have no longer.
    pub(super) scopes: Vec<String>,
}

/// What a verified access token of a login opens.
///
/// # Errors
/// `InvalidGrant` when it gives nothing any more.
pub(super) async fn open<'t>(
    core: &Core,
    tenant: &'t Tenant,
    transaction: &mut Transaction,
    claims: &AccessClaims,
) -> Result<Opened<'t>, GrantError> {
    let client = tenant.client(&claims.client_id).ok_or(GrantError::InvalidGrant)?;
    let id = claims.grant().ok_or(GrantError::InvalidGrant)?;
    let live = live(core, tenant, client, transaction, id).await?.ok_or(GrantError::InvalidGrant)?;
    if claims.aud != live.grant.authorization.audience || transaction.is_revoked(claims.name()).await? {
        return Err(GrantError::InvalidGrant);
    }
    let scopes = claims.scope.split(' ').filter(|asked| live.scopes.iter().any(|scope| scope == asked));
    let scopes = scopes.map(str::to_owned).collect();
    Ok(Opened { client, live, scopes })
}

/// Who an access token lets act at a resource server: the login, the profile and what is known of it.
pub(super) struct Bearer {
    pub(super) session: Session,
    pub(super) profile: Profile,
    pub(super) portrait: Portrait,
    /// When the token ends.
    pub(super) expires: Timestamp,
    /// What it counts beside, and beside nothing else.
    pub(super) bound: Option<Bound>,
}

/// Who acts with an access token that is meant for `audience`, beside what is `shown`, while its grant lives.
///
/// # Errors
/// `InvalidGrant` when the token is not one of ours, is for another resource server or bound to something else, or gives
/// nothing any more.
pub(super) async fn bearer(
    core: &Core,
    tenant: &Tenant,
    transaction: &mut Transaction,
    audience: &str,
    token: &str,
    shown: Shown,
) -> Result<Bearer, GrantError> {
    let ring = core.keys_of(tenant)?.ring();
    let expected = Expected { typ: jwt::Type::AccessToken, issuer: &tenant.origin, audience, now: core.now() };
    let claims: AccessClaims = jwt::verify(token, &ring, &expected).map_err(|_| GrantError::InvalidGrant)?;
    if !claims.counts_beside(shown) {
        return Err(GrantError::InvalidGrant);
    }
    let live = open(core, tenant, transaction, &claims).await?.live;
    let LiveGrant { session, profile, .. } = live.grant;
    let (expires, bound) = (claims.expires(), claims.bound_to());
    Ok(Bearer { session, profile, portrait: live.portrait, expires, bound })
}

/// Who an access token is about, beside what is `shown`, while its grant lives.
///
/// # Errors
/// `InvalidGrant` when the token is not one of ours, is bound to something else, or gives nothing any more; `InvalidScope` when it is not for this.
pub async fn user_info<'a>(
    core: &Core,
    tenant: &'a Tenant,
    token: &str,
    shown: Shown,
) -> Result<UserInfo<'a>, GrantError> {
    let ring = core.keys_of(tenant)?.ring();
    let claims: AccessClaims =
        jwt::own_access_token(token, &ring, &tenant.origin, core.now()).map_err(|_| GrantError::InvalidGrant)?;
    if !claims.counts_beside(shown) {
        return Err(GrantError::InvalidGrant);
    }
    let mut transaction = core.store.read(&tenant.id).await?;
    // What the client may have no longer is not told, also with a token that was made before.
    let Opened { client, live, scopes } = open(core, tenant, &mut transaction, &claims).await?;
    if !scopes.iter().any(|granted| granted == scope::OPENID) {
        return Err(GrantError::InvalidScope);
    }
    // Their pseudonyms were made with the token: this transaction only reads.
    let identity = live.identity(core, tenant, client, &mut transaction).await?;
    Ok(UserInfo { identity, scopes, client })
}

/// The name of an access token: the grant that it belongs to, and something to tell it from its sisters.
fn token_name(core: &Core, grant: AuthorizationId) -> String {
    format!("{grant}.{}", Token::new(&core.random).reveal())
}

fn grant_of(token_name: &str) -> Option<AuthorizationId> {
    token_name.split_once('.').and_then(|(grant, _)| grant.parse().ok())
}

/// A grant of a client whose login and profile still hold.
pub(super) struct Live {
    grant: LiveGrant,
    pub(super) portrait: Portrait,
    /// What was granted and the client may still have.
    pub(super) scopes: Vec<String>,
}

impl Live {
    /// Whether its tokens are for that resource server: none is ever for another than the granted one.
    fn is_for(&self, resource: Option<&str>) -> Result<(), GrantError> {
        match resource {
            Some(asked) if asked != self.grant.authorization.audience => Err(GrantError::InvalidTarget),
            _ => Ok(()),
        }
    }

    /// Fewer scopes than were granted.
    fn narrowed(&self, wanted: &str) -> Result<Vec<String>, GrantError> {
        let mut scopes: Vec<String> = Vec::new();
        for asked in wanted.split(' ') {
            let granted = self.scopes.iter().find(|granted| *granted == asked).ok_or(GrantError::InvalidScope)?;
            if !scopes.contains(granted) {
                scopes.push(granted.clone());
            }
        }
        Ok(scopes)
    }

    async fn identity(
        &self,
        core: &Core,
        tenant: &Tenant,
        client: &Client,
        transaction: &mut Transaction,
    ) -> Result<Identity, StoreError> {
        let audience = Audience { sector: &client.id, national_number: false };
        let LiveGrant { session, profile, .. } = &self.grant;
        identities::identity_in(core, tenant, transaction, session, profile, &self.portrait, audience).await
    }
}

/// A grant, when it is this client's and everything that it rests on still holds: the login (its absolute end counts, since a
/// client keeps no idle login alive and needs none; but of DigiD's and the like the idle one), the account, the profile, what the client is
/// registered for, and how its register has this person log in today.
pub(super) async fn live(
    core: &Core,
    tenant: &Tenant,
    client: &Client,
    transaction: &mut Transaction,
    id: AuthorizationId,
) -> Result<Option<Live>, StoreError> {
    let now = core.now();
    let grant = transaction.live_grant(id, now).await?;
    let Some(grant) = grant.filter(|grant| sessions::gives_until(tenant, &grant.session) > now) else {
        return Ok(None);
    };
    let Authorization { client: owner, audience, scope, .. } = &grant.authorization;
    if *owner != client.id || !client.may_ask_for(audience, tenant) {
        return Ok(None);
    }
    if client.pairing.as_ref().is_some_and(|pairing| !pairing.is_for(&grant.profile)) {
        return Ok(None);
    }
    let Some(portrait) = identities::portrait(tenant, transaction, &grant.profile, now).await? else { return Ok(None) };
    let register = client.register.as_ref().and_then(|id| tenant.register(id));
    let demand = register.map(|register| register.demand_of(&portrait.known, tenant.today(now)));
    if demand.is_some_and(|demand| !demand.is_met_by(&grant.session.means, grant.session.assurance)) {
        return Ok(None);
    }
    let scopes =
        scope.split(' ').filter(|granted| client.scopes.iter().any(|s| s == granted)).map(str::to_owned).collect();
    Ok(Some(Live { grant, portrait, scopes }))
}

/// Makes the refresh token that follows; it never outlives what the login gives.
async fn next_refresh_token(
    core: &Core,
    tenant: &Tenant,
    client: &Client,
    transaction: &mut Transaction,
    live: &Live,
) -> Result<Token, StoreError> {
    let (now, grant) = (core.now(), &live.grant);
    let token = Token::new(&core.random);
    let unused = client.pairing.as_ref().map_or(tenant.terms.refresh_token, |pairing| pairing.unused);
    let expires = now.plus(unused).min(sessions::gives_until(tenant, &grant.session));
    let id = grant.authorization.id;
    transaction.put_refresh_token(token.digest(), &client.id, id, now, expires).await?;
    Ok(token)
}

/// What a client gets of a grant this time.
struct Given<'a> {
    scopes: &'a [String],
    refresh_token: Option<Token>,
    nonce: Option<&'a str>,
    /// What its access token is bound to.
    bound: Option<Bound>,
}

/// Signs the tokens of a grant.
fn make(
    core: &Core,
    tenant: &Tenant,
    client: &Client,
    live: &Live,
    identity: &Identity,
    given: Given<'_>,
) -> Result<Tokens, GrantError> {
    let Given { scopes, refresh_token, nonce, bound } = given;
    let now = core.now();
    let ring = core.keys_of(tenant)?.ring();
    let unsigned = |error| StoreError::Unusable(format!("signing a token: {error}"));
    let LiveGrant { authorization, session, .. } = &live.grant;
    let expires = now.plus(tenant.terms.access_token).min(sessions::gives_until(tenant, session));
    let jti = token_name(core, authorization.id);
    let issue = Issue { issuer: &tenant.origin, audience: &authorization.audience, now, expires };
    let granted = Granted { client_id: &client.id, jti: &jti, scopes, bound };
    let access = claims::access_token(&issue, &granted, identity, client.form);
    let access_token =
        jwt::sign(ring.active(SigningAlgorithm::Es256), jwt::Type::AccessToken, &access).map_err(unsigned)?;
    let sid = session.id.to_string();
    let id_token = {
        let binding = Binding { nonce, sid: &sid, access_token: Some(&access_token) };
        let issue = Issue { audience: &client.id, ..issue };
        let claims = claims::id_token(&issue, &binding, identity, client.form, scopes);
        jwt::sign(ring.active(client.id_token_algorithm), jwt::Type::IdToken, &claims).map_err(unsigned)?
    };
    let token_type = if matches!(bound, Some(Bound::Key(_))) { "DPoP" } else { "Bearer" };
    let (expires_in, scope) = (expires.since(now), scopes.join(" "));
    Ok(Tokens { access_token, token_type, expires_in, id_token, refresh_token, scope })
}

/// The S256 challenge of a verifier of 43 to 128 unreserved characters (RFC 7636 section 4.1).
#[must_use]
pub fn challenge_of(verifier: &str) -> Option<String> {
    let unreserved = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_' | b'~');
    let good = (43..=128).contains(&verifier.len()) && verifier.bytes().all(unreserved);
    good.then(|| TokenDigest::of(verifier.as_bytes()).text())
}

/// Ends everything that a grant gave, since a part of it was used twice.
async fn end_family(
    core: &Core,
    tenant: &Tenant,
    mut transaction: Transaction,
    reused: &TakenToken,
    kind: &'static str,
) -> Result<(), StoreError> {
    // Of fifty that come too late the first ends it, and the log says it once.
    if !transaction.end_authorization(reused.authorization_grant, core.now()).await? {
        return Ok(());
    }
    transaction.record(&core.event(kind).with("client", reused.client.clone())).await?;
    transaction.commit().await?;
    tracing::warn!(tenant = %tenant.id, client = %reused.client, kind, "what was used twice has ended its family");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rfc_7636_appendix_b() {
        let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
        assert_eq!(challenge_of(verifier).as_deref(), Some("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"));
    }

    #[test]
    fn a_verifier_has_43_to_128_unreserved_characters() {
        for bad in ["", &"a".repeat(42), &"a".repeat(129), &format!("{}+", "a".repeat(43)), &"é".repeat(30)] {
            assert_eq!(challenge_of(bad), None, "{bad}");
        }
        for good in ["a".repeat(43), "~".repeat(128)] {
            assert!(challenge_of(&good).is_some(), "{good}");
        }
    }

    #[test]
    fn an_access_token_names_its_grant() {
        let id = AuthorizationId::from_u128(7);
        assert_eq!(grant_of(&format!("{id}.abc")), Some(id));
        for other in [id.to_string(), format!("{id}x.abc"), ".".into(), String::new()] {
            assert_eq!(grant_of(&other), None, "{other}");
        }
    }
}
