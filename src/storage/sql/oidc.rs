//! What logins gave clients: grants, and the codes and refresh tokens of each.
//!
//! A code or refresh token is taken, never read and then marked; the taken row stays until it expires, so that a second use
//! is recognised.

use super::{
    StoreError, Transaction, execute, fetch_optional, profile::ProfileRow, session::Session, statement::statements,
};
use crate::{
    base::{
        Timestamp,
        id::{AuthorizationId, SessionId},
        token::TokenDigest,
    },
    domain::{possession::KeyThumbprint, profile::Profile},
};

statements! {
    INSERT_GRANT = "INSERT INTO authorization_grant (tenant, id, client, login, profile, scope, audience, nonce, created_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    LIVE_GRANT = "SELECT g.id AS grant_id, g.client, g.scope, g.audience, g.nonce, g.created_at AS granted_at, \
        s.id, s.person, s.login, s.register, s.profile, s.means, s.assurance, s.authenticated_at, s.created_at, \
        s.seen_at, s.expires_at, s.agent, \
        p.handle, p.actor, p.capacity, p.profession, p.organization, p.mandate, p.represented \
        FROM authorization_grant g \
        JOIN session s ON s.tenant = $1 AND s.id = g.login AND s.ended_at IS NULL AND s.expires_at > $3 \
        JOIN profile p ON p.tenant = $1 AND p.handle = g.profile \
        WHERE g.tenant = $1 AND g.id = $2 AND g.ended_at IS NULL";
    END_GRANT = "UPDATE authorization_grant SET ended_at = $3 WHERE tenant = $1 AND id = $2 AND ended_at IS NULL";
    INSERT_CODE = "INSERT INTO authorization_code (tenant, digest, authorization_grant, client, redirect_uri, challenge, \
        expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7)";
    TAKE_CODE = "UPDATE authorization_code SET taken_at = $4 WHERE tenant = $1 AND digest = $2 AND client = $3 \
        AND taken_at IS NULL AND expires_at > $4 RETURNING authorization_grant, redirect_uri, challenge";
    TAKEN_CODE = "SELECT authorization_grant, client, taken_at FROM authorization_code \
        WHERE tenant = $1 AND digest = $2 AND taken_at IS NOT NULL";
    INSERT_REFRESH = "INSERT INTO refresh_token (tenant, digest, authorization_grant, client, created_at, expires_at) \
        VALUES ($1, $2, $3, $4, $5, $6)";
    TAKE_REFRESH = "UPDATE refresh_token SET taken_at = $4 WHERE tenant = $1 AND digest = $2 AND client = $3 \
        AND taken_at IS NULL AND expires_at > $4 RETURNING authorization_grant";
    TAKEN_REFRESH = "SELECT authorization_grant, client, taken_at FROM refresh_token \
        WHERE tenant = $1 AND digest = $2 AND taken_at IS NOT NULL";
    REFRESH = "SELECT authorization_grant, created_at, expires_at FROM refresh_token \
        WHERE tenant = $1 AND digest = $2 AND client = $3 AND taken_at IS NULL AND expires_at > $4";
    GRANT_OF_REFRESH = "SELECT authorization_grant FROM refresh_token WHERE tenant = $1 AND digest = $2 AND client = $3";
    INSERT_ASSERTION = "INSERT INTO client_assertion (tenant, client, jti, expires_at) VALUES ($1, $2, $3, $4) \
        ON CONFLICT (tenant, client, jti) DO NOTHING";
    FORGET_ASSERTIONS = "DELETE FROM client_assertion WHERE tenant = $1 AND expires_at < $2";
}

/// What a login gave a client.
#[derive(Clone, Debug)]
pub struct Authorization {
    /// Which.
    pub id: AuthorizationId,
    /// The client's `client_id`.
    pub client: String,
    /// The login that it rests on.
    pub login: SessionId,
    /// The handle of the profile that was chosen.
    pub profile: String,
    /// The granted scope, space-separated.
    pub scope: String,
    /// The `aud` of its access tokens.
    pub audience: String,
    /// The `nonce` of the request.
    pub nonce: Option<String>,
    /// When it was given.
    pub created_at: Timestamp,
}

/// A grant that was not ended, with what it rests on: a login that was not ended either, and a profile. Whether the profile
/// still holds is the service's question.
#[derive(Clone, Debug)]
pub struct LiveGrant {
    /// The grant.
    pub authorization: Authorization,
    /// The login.
    pub session: Session,
    /// The profile.
    pub profile: Profile,
}

#[derive(sqlx_macros::FromRow)]
struct LiveRow {
    grant_id: AuthorizationId,
    client: String,
    scope: String,
    audience: String,
    nonce: Option<String>,
    granted_at: Timestamp,
    #[sqlx(flatten)]
    session: Session,
    #[sqlx(flatten)]
    profile: ProfileRow,
}

impl From<LiveRow> for LiveGrant {
    fn from(row: LiveRow) -> Self {
        let profile = Profile::from(row.profile);
        Self {
            authorization: Authorization {
                id: row.grant_id,
                client: row.client,
                login: row.session.id,
                profile: profile.handle.clone(),
                scope: row.scope,
                audience: row.audience,
                nonce: row.nonce,
                created_at: row.granted_at,
            },
            session: row.session,
            profile,
        }
    }
}

/// A code that was taken just now.
#[derive(Clone, Debug, sqlx_macros::FromRow)]
pub struct TakenCode {
    /// What it stands for.
    pub authorization_grant: AuthorizationId,
    /// The redirect URI of the request.
    pub redirect_uri: String,
    /// The PKCE challenge (S256) of the request.
    pub challenge: String,
}

/// A code or refresh token that was taken before.
#[derive(Clone, Debug, sqlx_macros::FromRow)]
pub struct TakenToken {
    /// What it stood for.
    pub authorization_grant: AuthorizationId,
    /// Whose it was.
    pub client: String,
    /// When it was taken.
    pub taken_at: Timestamp,
}

/// A refresh token that was not used yet.
#[derive(Clone, Debug, sqlx_macros::FromRow)]
pub struct RefreshToken {
    /// What it belongs to.
    pub authorization_grant: AuthorizationId,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
}

impl Transaction {
    /// Keeps what a login gives a client.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn put_authorization(&mut self, authorization: &Authorization) -> Result<(), StoreError> {
        execute!(
            self,
            INSERT_GRANT,
            authorization.id,
            &authorization.client,
            authorization.login,
            &authorization.profile,
            &authorization.scope,
            &authorization.audience,
            &authorization.nonce,
            authorization.created_at,
        )?;
        Ok(())
    }

    /// A grant that was not ended, when its login was not either.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn live_grant(&mut self, id: AuthorizationId, now: Timestamp) -> Result<Option<LiveGrant>, StoreError> {
        Ok(fetch_optional!(self, LiveRow, LIVE_GRANT, id, now)?.map(LiveGrant::from))
    }

    /// Ends a grant: its tokens give nothing any more.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn end_authorization(&mut self, id: AuthorizationId, now: Timestamp) -> Result<bool, StoreError> {
        self.narrows();
        Ok(execute!(self, END_GRANT, id, now)? == 1)
    }

    /// Keeps a code.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn put_code(
        &mut self,
        digest: TokenDigest,
        client: &str,
        code: &TakenCode,
        expires: Timestamp,
    ) -> Result<(), StoreError> {
        execute!(
            self,
            INSERT_CODE,
            digest,
            code.authorization_grant,
            client,
            &code.redirect_uri,
            &code.challenge,
            expires,
        )?;
        Ok(())
    }

    /// Takes a code of this client.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn take_code(
        &mut self,
        digest: TokenDigest,
        client: &str,
        now: Timestamp,
    ) -> Result<Option<TakenCode>, StoreError> {
        fetch_optional!(self, TakenCode, TAKE_CODE, digest, client, now)
    }

    /// A code that was taken before.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn taken_code(&mut self, digest: TokenDigest) -> Result<Option<TakenToken>, StoreError> {
        fetch_optional!(self, TakenToken, TAKEN_CODE, digest)
    }

    /// Keeps a refresh token.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn put_refresh_token(
        &mut self,
        digest: TokenDigest,
        client: &str,
        authorization: AuthorizationId,
        now: Timestamp,
        expires: Timestamp,
    ) -> Result<(), StoreError> {
        execute!(self, INSERT_REFRESH, digest, authorization, client, now, expires)?;
        Ok(())
    }

    /// Takes a refresh token of this client.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn take_refresh_token(
        &mut self,
        digest: TokenDigest,
        client: &str,
        now: Timestamp,
    ) -> Result<Option<AuthorizationId>, StoreError> {
        Ok(fetch_optional!(self, (AuthorizationId,), TAKE_REFRESH, digest, client, now)?.map(|(id,)| id))
    }

    /// A refresh token that was taken before.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn taken_refresh_token(&mut self, digest: TokenDigest) -> Result<Option<TakenToken>, StoreError> {
        fetch_optional!(self, TakenToken, TAKEN_REFRESH, digest)
    }

    /// A refresh token of this client that can be used.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn refresh_token(
        &mut self,
        digest: TokenDigest,
        client: &str,
        now: Timestamp,
    ) -> Result<Option<RefreshToken>, StoreError> {
        fetch_optional!(self, RefreshToken, REFRESH, digest, client, now)
    }

    /// What a refresh token of this client belongs to, used and expired ones too.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn grant_of_refresh_token(
        &mut self,
        digest: TokenDigest,
        client: &str,
    ) -> Result<Option<AuthorizationId>, StoreError> {
        Ok(fetch_optional!(self, (AuthorizationId,), GRANT_OF_REFRESH, digest, client)?.map(|(id,)| id))
    }

    /// Takes a client assertion's `jti`. False when it was used before (RFC 7523 section 3).
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn take_client_assertion(
        &mut self,
        client: &str,
        jti: TokenDigest,
        expires: Timestamp,
    ) -> Result<bool, StoreError> {
        Ok(execute!(self, INSERT_ASSERTION, client, jti, expires)? == 1)
    }

    /// Takes the `jti` of a proof of possession. False when it was used before (RFC 9449 section 11.1). It stands beside the assertions
    /// of clients, none of which has a colon in its name.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn take_proof(
        &mut self,
        key: KeyThumbprint,
        jti: TokenDigest,
        expires: Timestamp,
    ) -> Result<bool, StoreError> {
        self.take_client_assertion(&format!("dpop:{}", key.text()), jti, expires).await
    }

    /// Forgets assertions that expired before `before`.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn forget_client_assertions(&mut self, before: Timestamp) -> Result<u64, StoreError> {
        execute!(self, FORGET_ASSERTIONS, before)
    }
}
