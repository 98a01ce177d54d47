//! What every method by SAML does, once: it asks for a class of login that does, believes an answer or does not ([`ServiceProvider`]), and
//! says what the login is worth. How a provider speaks, and what it says of whom, is its [`Dialect`]: `digid`, `eherkenning`, `fas`, `eidas`.

use futures_util::future::BoxFuture;

use super::{
    method::{Asked, LoginMethod, Proved, Redirect, Refused, Returned, Within},
    wire::saml::{ServiceProvider, answer::Answer, profile::Profile},
};
use crate::{
    base::{Clock, Random, token::TokenDigest},
    domain::{
        identifier::NationalNumber,
        tenant::{Factor, Tenant},
        upstream::SamlProvider,
    },
};

/// What is a provider's own.
pub struct Dialect {
    /// How it speaks SAML.
    pub(super) profile: &'static Profile,
    /// Of whom an answer is, which is believed already.
    pub(super) who: fn(&SamlProvider, &Answer) -> Result<Who, Refused>,
}

/// Of whom an answer is.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Who {
    pub(super) number: NationalNumber,
    pub(super) within: Option<Within>,
    pub(super) given_name: String,
    pub(super) family_name: String,
}

impl Who {
    pub(super) fn named(number: NationalNumber, within: Option<Within>, given_name: &str, family_name: &str) -> Self {
        Self { number, within, given_name: given_name.to_owned(), family_name: family_name.to_owned() }
    }
}

/// A provider of a tenant that speaks SAML.
pub struct SamlMethod {
    provider: ServiceProvider,
    dialect: &'static Dialect,
}

impl SamlMethod {
    /// As the tenant's file describes it.
    #[must_use]
    pub fn new(
        tenant: &Tenant,
        settings: SamlProvider,
        dialect: &'static Dialect,
        clock: Clock,
        random: Random,
    ) -> Self {
        Self { provider: ServiceProvider::new(tenant, settings, dialect.profile, clock, random), dialect }
    }

    fn ask(&self, asked: &Asked<'_>) -> Result<Redirect, Refused> {
        let class = self.provider.settings().class_for(asked.least).ok_or(Refused::TooLow)?;
        self.provider.ask(asked, class)
    }

    async fn answer(&self, kept: &[u8], returned: &Returned<'_>) -> Result<Proved, Refused> {
        let answer = self.provider.identify(kept, returned).await?;
        let settings = self.provider.settings();
        // A level that the tenant's file does not name is worth nothing here.
        let assurance = settings.worth(&answer.class).ok_or(Refused::TooLow)?;
        let Who { number, within, given_name, family_name } = (self.dialect.who)(settings, &answer)?;
        Ok(Proved {
            factor: settings.factor,
            national_number: number,
            within,
            given_name,
            family_name,
            assurance,
            at: answer.at,
            statement: Some(TokenDigest::of(answer.id.as_bytes())),
            note: None,
        })
    }
}

impl LoginMethod for SamlMethod {
    fn factor(&self) -> Factor {
        self.provider.settings().factor
    }

    fn name(&self) -> &str {
        self.dialect.profile.name
    }

    fn is_out_of_order(&self) -> bool {
        self.provider.is_out_of_order()
    }

    fn start<'a>(&'a self, asked: &'a Asked<'a>) -> BoxFuture<'a, Result<Redirect, Refused>> {
        Box::pin(async move { self.ask(asked) })
    }

    fn resume<'a>(&'a self, kept: &'a [u8], returned: &'a Returned<'a>) -> BoxFuture<'a, Result<Proved, Refused>> {
        Box::pin(self.answer(kept, returned))
    }

    fn refresh(&self) -> BoxFuture<'_, ()> {
        Box::pin(async { self.provider.refresh() })
    }

    fn metadata(&self) -> Option<Result<String, Refused>> {
        Some(self.provider.metadata().map_err(Refused::from))
    }
}
