//! The token that a register's backend gets with each request: short-lived, and made once for many requests.
//!
//! It says nothing of the request itself, so that it can be kept: for one session, profile, audience and policy version,
//! until half its life is gone. Then a request gets a new one, and every token that a backend sees is valid for at
//! least another minute.

use std::{fmt, time::Duration};

use zeroize::Zeroizing;

use super::{
    claims::{self, Identity, Issue},
    jwt::{self, Type},
    keys::{KeyError, KeyRing},
};
use crate::{
    base::Timestamp,
    domain::{client::SigningAlgorithm, register::Backend},
};

/// How long a backend's token is valid.
pub const LIFE: Duration = Duration::from_secs(120);

/// How long it is given out.
const KEPT: Duration = Duration::from_secs(60);

/// A backend's token, as the value of `Authorization`. Does not print.
#[derive(Clone)]
pub struct BackendToken {
    authorization: Zeroizing<String>,
    made: Timestamp,
}

impl BackendToken {
    /// Makes the token that tells `backend` who acts and for whom; `identity` has the pseudonyms of that backend.
    ///
    /// # Errors
    /// When nothing can be signed.
    pub fn make(
        ring: &KeyRing,
        issuer: &str,
        backend: &Backend,
        identity: &Identity,
        now: Timestamp,
    ) -> Result<Self, KeyError> {
        let issue = Issue { issuer, audience: &backend.audience, now, expires: now.plus(LIFE) };
        let claims = claims::backend(&issue, identity, backend.form, backend.national_number);
        let token = Zeroizing::new(jwt::sign(ring.active(SigningAlgorithm::Es256), Type::Backend, &claims)?);
        Ok(Self { authorization: Zeroizing::new(format!("Bearer {}", *token)), made: now })
    }

    /// Whether it may still be given out: half its life is left, and it was not made in what is now the future.
    #[must_use]
    pub fn is_fresh(&self, now: Timestamp) -> bool {
        self.made <= now && now < self.made.plus(KEPT)
    }

    /// The value of `Authorization` (RFC 6750 section 2.1).
    #[must_use]
    pub fn authorization(&self) -> &str {
        &self.authorization
    }
}

impl fmt::Debug for BackendToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BackendToken({}, [hidden])", self.made)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::{
        domain::register::TokenForm,
        token::{
            claims::tests::els_for_jan,
            jwt::{Expected, Refused},
            keys::tests::{NOW, ring},
        },
    };

    const ISSUER: &str = "http://progezondheid.localhost:8080";

    fn dossier(national_number: bool) -> Backend {
        Backend {
            tls: crate::domain::register::BackendTls::default(),
            id: "dossier".into(),
            url: "http://127.0.0.1:9000".parse().expect("a URL"),
            audience: "https://dossier.riziv.example".into(),
            form: TokenForm::NlGov,
            national_number,
            connect_timeout: Duration::from_secs(1),
            response_timeout: Duration::from_secs(1),
        }
    }

    #[test]
    fn a_backend_verifies_it_for_its_own_audience_within_its_life() {
        let ring = ring();
        let token = BackendToken::make(&ring, ISSUER, &dossier(false), &els_for_jan(), NOW).expect("a token");
        let text = token.authorization().strip_prefix("Bearer ").expect("a bearer token");
        let expected =
            Expected { typ: Type::Backend, issuer: ISSUER, audience: "https://dossier.riziv.example", now: NOW };
        let at = |expected: Expected<'_>| jwt::verify::<Value>(text, &ring, &expected);
        assert_eq!(at(expected).expect("valid")["represents"]["sub"], "pw-jan");
        assert_eq!(at(Expected { now: NOW.plus(LIFE), ..expected }), Err(Refused::Expired));
        assert_eq!(at(Expected { audience: "https://opleiding.example", ..expected }), Err(Refused::Audience));
        assert_eq!(at(Expected { issuer: "http://mijnrgs.localhost:8080", ..expected }), Err(Refused::Issuer));
        assert_eq!(at(Expected { typ: Type::AccessToken, ..expected }), Err(Refused::Type));
    }

    #[test]
    fn the_national_number_goes_only_to_a_backend_that_may_have_it() {
        let ring = ring();
        let number = |may| {
            let token = BackendToken::make(&ring, ISSUER, &dossier(may), &els_for_jan(), NOW).expect("a token");
            let expected =
                Expected { typ: Type::Backend, issuer: ISSUER, audience: "https://dossier.riziv.example", now: NOW };
            let claims: Value = jwt::verify(&token.authorization()[7..], &ring, &expected).expect("valid");
            claims["represents"].get("national_number").cloned()
        };
        assert_eq!(number(false), None);
        assert_eq!(number(true), Some("111222333".into()));
    }

    #[test]
    fn it_is_kept_until_half_its_life_is_gone() {
        let token = BackendToken::make(&ring(), ISSUER, &dossier(false), &els_for_jan(), NOW).expect("a token");
        assert!(token.is_fresh(NOW));
        assert!(token.is_fresh(NOW.plus(Duration::from_millis(59_999))));
        assert!(!token.is_fresh(NOW.plus(Duration::from_secs(60))));
        assert!(!token.is_fresh(NOW.minus(Duration::from_millis(1))));
    }

    #[test]
    fn it_does_not_print() {
        let token = BackendToken::make(&ring(), ISSUER, &dossier(false), &els_for_jan(), NOW).expect("a token");
        assert!(!format!("{token:?}").contains(&token.authorization()[7..20]));
    }
}
