//! When an ID token is believed (OpenID Connect Core 1.0 section 3.1.3.7).

use std::time::Duration;

use chrono::{DateTime, Utc};
use openidconnect::{
    AccessToken, AccessTokenHash, AuthorizationCode, AuthorizationCodeHash, IdTokenClaims, Nonce,
    core::{CoreGenderClaim, CoreJwsSigningAlgorithm},
};

use super::{Client, Kept, MoreClaims, SignedIdToken, Upstream, not_believed};
use crate::{base::Timestamp, domain::upstream::SignedBy, login::method::Refused};

/// How far the provider's clock may be from ours.
const CLOCK_ALLOWANCE: Duration = Duration::from_secs(10);
/// How old an ID token may be: it comes straight from the provider.
const ID_TOKEN_AGE: Duration = Duration::from_secs(300);

impl Upstream {
    /// The claims of an ID token, when every check of them is passed.
    pub(super) fn verified<'t>(
        &self,
        client: &Client,
        id_token: &'t SignedIdToken,
        kept: &Kept,
        access_token: &AccessToken,
        code: &str,
    ) -> Result<&'t IdTokenClaims<MoreClaims, CoreGenderClaim>, Refused> {
        let now = self.clock.now();
        let moment = moment(now);
        let oldest = now.minus(ID_TOKEN_AGE).seconds();
        let newest = now.plus(CLOCK_ALLOWANCE).seconds();
        let verifier = client
            .id_token_verifier()
            .set_allowed_algs(self.settings.signing.iter().map(|alg| algorithm(*alg)))
            .set_time_fn(move || moment)
            .set_issue_time_verifier_fn(move |issued| match (oldest..=newest).contains(&issued.timestamp()) {
                true => Ok(()),
                false => Err("issued too long ago, or in the future".to_owned()),
            });
        let claims = id_token
            .claims(&verifier, &Nonce::new(kept.nonce.clone()))
            .map_err(|error| Refused::NotBelieved(error.to_string()))?;
        if claims.authorized_party().is_some_and(|party| party.as_str() != self.settings.client_id) {
            return Err(not_believed("made for another client (azp)"));
        }
        let hashes = || {
            let alg = id_token.signing_alg().ok()?;
            let key = id_token.signing_key(&verifier).ok()?;
            let token = match claims.access_token_hash() {
                None => true,
                Some(hash) => *hash == AccessTokenHash::from_token(access_token, alg, key).ok()?,
            };
            let code = match claims.code_hash() {
                None => true,
                Some(hash) => {
                    let code = AuthorizationCode::new(code.to_owned());
                    *hash == AuthorizationCodeHash::from_code(&code, alg, key).ok()?
                }
            };
            Some(token && code)
        };
        match hashes() {
            Some(true) => Ok(claims),
            _ => Err(not_believed("its hash of the access token or of the code is another's")),
        }
    }

    /// When the person proved who they are. Without `auth_time` it is when the token was made: whoever must know asks with
    /// `max_age`, and then it is there.
    pub(super) fn authenticated_at(
        &self,
        auth_time: Option<DateTime<Utc>>,
        issued: DateTime<Utc>,
        since: Option<Timestamp>,
    ) -> Result<Timestamp, Refused> {
        let now = self.clock.now();
        let said = match (auth_time, since) {
            (Some(at), _) => at,
            (None, None) => issued,
            (None, Some(_)) => return Err(Refused::TooOld),
        };
        let second = Timestamp::from_millis(said.timestamp().saturating_mul(1000));
        if second > now.plus(CLOCK_ALLOWANCE) {
            return Err(not_believed("auth_time lies in the future"));
        }
        // Whole seconds: what was proved within one counts from its end.
        let at = second.plus(Duration::from_millis(999)).min(now);
        match since {
            Some(since) if at.plus(CLOCK_ALLOWANCE) < since => Err(Refused::TooOld),
            // Within the allowance the clocks differ, not the logins.
            Some(since) => Ok(at.max(since.min(now))),
            None => Ok(at),
        }
    }
}

fn moment(now: Timestamp) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(now.millis()).unwrap_or(DateTime::<Utc>::MAX_UTC)
}

const fn algorithm(signing: SignedBy) -> CoreJwsSigningAlgorithm {
    match signing {
        SignedBy::Rs256 => CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
        SignedBy::Ps256 => CoreJwsSigningAlgorithm::RsaSsaPssSha256,
        SignedBy::Es256 => CoreJwsSigningAlgorithm::EcdsaP256Sha256,
    }
}
