//! DigiD: how people in the Netherlands log in at public services (SAML, the interface of version 3: one answer by artifact, the BSN as
//! its name for somebody).
//!
//! DigiD tells a number and no name. The number stands behind the code of its sector (`s00000000` for a BSN, `s00000001` for the fiscal
//! number of who has none); only a BSN is somebody here. `amr` says `mfa`, which is so from Midden on: Basis is a password alone, and
//! may be worth no more than `low`.

use std::time::Duration;

use futures_util::future::BoxFuture;

use super::{
    method::{Asked, LoginMethod, Proved, Redirect, Refused, Returned},
    wire::saml::{
        ServiceProvider,
        names::AUTHN_FAILED,
        profile::{Asks, Encrypts, Profile},
    },
};
use crate::{
    base::{Clock, Random, token::TokenDigest},
    domain::{
        identifier::{Bsn, NationalNumber},
        tenant::{Factor, Tenant},
        upstream::{DIGID_CLASSES, SamlProvider},
    },
};

/// How DigiD speaks SAML.
pub static PROFILE: Profile = Profile {
    name: "DigiD",
    classes: &DIGID_CLASSES,
    asks: Asks::Request,
    signed_assertions: true,
    advice: false,
    encrypts: Encrypts::Nothing,
    cancelled: AUTHN_FAILED,
    clock_allowance: Duration::from_secs(30),
};

/// The sector of the BSN.
const BSN: &str = "s00000000";

/// A tenant's DigiD.
pub struct Digid(ServiceProvider);

impl Digid {
    /// As the tenant's file describes it.
    #[must_use]
    pub fn new(tenant: &Tenant, settings: SamlProvider, clock: Clock, random: Random) -> Self {
        Self(ServiceProvider::new(tenant, settings, &PROFILE, clock, random))
    }

    fn ask(&self, asked: &Asked<'_>) -> Result<Redirect, Refused> {
        let class = self.0.settings().class_for(asked.least).ok_or(Refused::TooLow)?;
        self.0.ask(asked, class)
    }

    async fn answer(&self, kept: &[u8], returned: &Returned<'_>) -> Result<Proved, Refused> {
        let answer = self.0.identify(kept, returned).await?;
        // A level that the tenant's file does not name is weaker than the one that was asked.
        let assurance = self.0.settings().worth(&answer.class).ok_or(Refused::TooLow)?;
        Ok(Proved {
            factor: Factor::Digid,
            national_number: NationalNumber::Bsn(bsn(&answer.name)?),
            within: None,
            given_name: String::new(),
            family_name: String::new(),
            assurance,
            at: answer.at,
            statement: Some(TokenDigest::of(answer.id.as_bytes())),
            note: None,
        })
    }
}

/// The BSN in DigiD's name for somebody: the code of the sector, a colon, nine digits.
fn bsn(name: &str) -> Result<Bsn, Refused> {
    let odd = || Refused::NotBelieved("a name that is no sector and number".into());
    let (sector, number) = name.split_once(':').ok_or_else(odd)?;
    let digits = |text: &str, length| text.len() == length && text.bytes().all(|b| b.is_ascii_digit());
    match sector.to_ascii_lowercase() {
        sector if sector == BSN => {}
        sector if sector.strip_prefix('s').is_some_and(|code| digits(code, 8)) => return Err(Refused::NoNumber),
        _ => return Err(odd()),
    }
    if !digits(number, 9) {
        return Err(odd());
    }
    Bsn::parse(number).map_err(|_| odd())
}

impl LoginMethod for Digid {
    fn factor(&self) -> Factor {
        Factor::Digid
    }

    fn name(&self) -> &str {
        PROFILE.name
    }

    fn is_out_of_order(&self) -> bool {
        self.0.is_out_of_order()
    }

    fn start<'a>(&'a self, asked: &'a Asked<'a>) -> BoxFuture<'a, Result<Redirect, Refused>> {
        Box::pin(async move { self.ask(asked) })
    }

    fn resume<'a>(&'a self, kept: &'a [u8], returned: &'a Returned<'a>) -> BoxFuture<'a, Result<Proved, Refused>> {
        Box::pin(self.answer(kept, returned))
    }

    fn refresh(&self) -> BoxFuture<'_, ()> {
        Box::pin(async { self.0.refresh() })
    }

    fn metadata(&self) -> Option<Result<String, Refused>> {
        Some(self.0.metadata().map_err(Refused::from))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_a_sector_and_a_number() {
        for good in ["s00000000:999990019", "S00000000:900029365"] {
            assert!(bsn(good).is_ok(), "{good}");
        }
        assert_eq!(bsn("s00000001:999990019"), Err(Refused::NoNumber), "a fiscal number is no BSN");
        for odd in [
            "999990019",
            "s00000000",
            "s00000000:",
            "s00000000:99999001",
            "s00000000:9999900190",
            "s00000000:999990018",
            "s00000000:000000000",
            "s00000000: 99990019",
            "s00000000:999990019 ",
            "s00000000:９９９９９００１９",
            "x00000000:999990019",
            "s0000000:999990019",
            "s000000000:999990019",
            "",
        ] {
            assert!(matches!(bsn(odd), Err(Refused::NotBelieved(_))), "{odd}");
        }
    }
}
