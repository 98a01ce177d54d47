//! Providers that vouch by OpenID Connect: itsme, FAS, and any other that the tenant's file names. What is different about them stands in
//! [`OpenIdProvider`]; nothing here knows which it is.
//!
//! - **itsme**, the app by which people in Belgium log in, signs and then encrypts, and is asked for the national number by name. Its own
//!   name for somebody (`sub`) changes when they make their account anew. People with Dutch papers have no number in it, and hear so.
//! - **FAS**, the authentication service behind CSAM, signs only, gives names under claims of its own, and answers at its userinfo
//!   endpoint with a token.
//!
//! The national number identifies somebody here, and no `sub` or e-mail address (CVE-2026-15611).

use std::sync::Arc;

use futures_util::future::BoxFuture;
use serde_json::json;

use super::{
    method::{Asked, LoginMethod, Proved, Redirect, Refused, Returned},
    wire::oidc::{Question, Upstream},
};
use crate::{
    base::{Clock, Random},
    domain::{
        identifier::{Bsn, InvalidNumber, NationalNumber, NationalRegisterNumber},
        tenant::{Factor, NationalNumberKind},
        upstream::OpenIdProvider,
    },
    token::relying::RelyingKeys,
};

/// A provider of a tenant whose people have this kind of number.
pub struct OpenId {
    upstream: Upstream,
    number: NationalNumberKind,
}

impl OpenId {
    /// As the tenant's file describes it.
    #[must_use]
    pub fn new(
        settings: OpenIdProvider,
        number: NationalNumberKind,
        keys: Arc<RelyingKeys>,
        clock: Clock,
        random: Random,
    ) -> Self {
        Self { upstream: Upstream::new(settings, keys, clock, random), number }
    }

    async fn ask(&self, asked: &Asked<'_>) -> Result<Redirect, Refused> {
        let settings = self.upstream.settings();
        let by_name = || json!({ "id_token": { &*settings.claims.national_number: { "essential": true } } });
        let question = Question {
            acr: settings.acr_for(asked.least).ok_or(Refused::TooLow)?,
            claims: settings.claims_parameter.then(by_name),
            since: asked.since,
            language: asked.language,
            state: asked.state,
            redirect_uri: asked.redirect_uri,
        };
        self.upstream.authorize(&question).await
    }

    async fn answer(&self, kept: &[u8], returned: &Returned<'_>) -> Result<Proved, Refused> {
        let answer = self.upstream.identify(kept, returned).await?;
        let settings = self.upstream.settings();
        let number = answer.text(&settings.claims.national_number).ok_or(Refused::NoNumber)?;
        let national_number = self.parse(number).map_err(|_| Refused::NoNumber)?;
        let unknown = || Refused::NotBelieved("an acr that the tenant's file does not name".into());
        let assurance = settings.worth(&answer.acr).ok_or_else(unknown)?;
        Ok(Proved {
            factor: settings.factor,
            national_number,
            within: None,
            given_name: answer.given_name,
            family_name: answer.family_name,
            assurance,
            at: answer.at,
            // Its nonce is of one login.
            statement: None,
            note: None,
        })
    }

    fn parse(&self, number: &str) -> Result<NationalNumber, InvalidNumber> {
        match self.number {
            NationalNumberKind::Bsn => Bsn::parse(number).map(NationalNumber::Bsn),
            NationalNumberKind::NationalRegister => {
                NationalRegisterNumber::parse(number).map(NationalNumber::NationalRegister)
            }
        }
    }
}

impl LoginMethod for OpenId {
    fn factor(&self) -> Factor {
        self.upstream.settings().factor
    }

    fn name(&self) -> &str {
        &self.upstream.settings().name
    }

    fn is_out_of_order(&self) -> bool {
        self.upstream.is_out_of_order()
    }

    fn start<'a>(&'a self, asked: &'a Asked<'a>) -> BoxFuture<'a, Result<Redirect, Refused>> {
        Box::pin(self.ask(asked))
    }

    fn resume<'a>(&'a self, kept: &'a [u8], returned: &'a Returned<'a>) -> BoxFuture<'a, Result<Proved, Refused>> {
        Box::pin(self.answer(kept, returned))
    }

    fn refresh(&self) -> BoxFuture<'_, ()> {
        Box::pin(self.upstream.refresh())
    }
}
