//! itsme: the app by which people in Belgium log in (OpenID Connect, with signed and encrypted answers).
//!
//! itsme's own name for somebody (`sub`) changes when they make their account anew, so it identifies nobody here: the national number
//! does. People with Dutch papers have none in itsme, and hear so.

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
        assurance::Assurance,
        identifier::{NationalNumber, NationalRegisterNumber},
        tenant::Factor,
        upstream::OpenIdProvider,
    },
    token::relying::RelyingKeys,
};

/// A tenant's itsme.
pub struct Itsme(Upstream);

impl Itsme {
    /// As the tenant's file describes it.
    #[must_use]
    pub fn new(settings: OpenIdProvider, keys: Arc<RelyingKeys>, clock: Clock, random: Random) -> Self {
        Self(Upstream::new(settings, keys, clock, random))
    }

    async fn ask(&self, asked: &Asked<'_>) -> Result<Redirect, Refused> {
        let settings = self.0.settings();
        let number = json!({ &*settings.national_number_claim: { "essential": true } });
        let question = Question {
            acr: settings.acr_for(asked.least).ok_or(Refused::TooLow)?,
            claims: json!({ "id_token": number }),
            since: asked.since,
            language: asked.language,
            state: asked.state,
            redirect_uri: asked.redirect_uri,
        };
        self.0.authorize(&question).await
    }

    async fn answer(&self, kept: &[u8], returned: &Returned<'_>) -> Result<Proved, Refused> {
        let answer = self.0.identify(kept, returned).await?;
        let settings = self.0.settings();
        let number = answer.text(&settings.national_number_claim).ok_or(Refused::NoNumber)?;
        let number = NationalRegisterNumber::parse(number).map_err(|_| Refused::NoNumber)?;
        let unknown = || Refused::NotBelieved("an acr that the tenant's file does not name".into());
        let assurance: Assurance = settings.worth(&answer.acr).ok_or_else(unknown)?;
        Ok(Proved {
            factor: Factor::Itsme,
            national_number: NationalNumber::NationalRegister(number),
            within: None,
            given_name: answer.given_name,
            family_name: answer.family_name,
            assurance,
            at: answer.at,
            // Its nonce is of one login.
            statement: None,
        })
    }
}

impl LoginMethod for Itsme {
    fn factor(&self) -> Factor {
        Factor::Itsme
    }

    fn name(&self) -> &'static str {
        "itsme"
    }

    fn is_out_of_order(&self) -> bool {
        self.0.is_out_of_order()
    }

    fn start<'a>(&'a self, asked: &'a Asked<'a>) -> BoxFuture<'a, Result<Redirect, Refused>> {
        Box::pin(self.ask(asked))
    }

    fn resume<'a>(&'a self, kept: &'a [u8], returned: &'a Returned<'a>) -> BoxFuture<'a, Result<Proved, Refused>> {
        Box::pin(self.answer(kept, returned))
    }

    fn refresh(&self) -> BoxFuture<'_, ()> {
        Box::pin(self.0.refresh())
    }
}
