//! FAS by SAML: the Belgian federal authentication service behind CSAM, for those whose connection is older than its OpenID Connect
//! ([`super::openid`] is that one).
//!
//! FAS tells the national register number and a name, in attributes whose names the tenant's file may change. Whether it encrypts, and
//! by which codes somebody goes back, was found in no specification: an assertion is taken in the clear and encrypted for us alike, since
//! both are below two signatures; and whoever goes back by a code that is not known sees a page instead of the keys.
//!
//! Source: the attributes and levels that public integrations use (BOSA's own specification was not read).

use std::time::Duration;

use super::{
    method::Refused,
    saml::{Dialect, Who},
    wire::saml::{
        answer::Answer,
        names::{AUTHN_FAILED, REQUEST_DENIED},
        profile::{Asks, Encrypts, Profile},
    },
};
use crate::domain::{
    identifier::{NationalNumber, NationalRegisterNumber},
    upstream::{FAS_CLASSES, SamlProvider},
};

/// How FAS speaks SAML.
pub static PROFILE: Profile = Profile {
    name: "CSAM",
    classes: &FAS_CLASSES,
    asks: Asks::Request,
    anew: false,
    requests: &[],
    signed_assertions: true,
    advice: false,
    encrypts: Encrypts::Perhaps,
    cancelled: &[AUTHN_FAILED, REQUEST_DENIED],
    clock_allowance: Duration::from_secs(30),
};

/// FAS, as a method.
pub(super) static DIALECT: Dialect = Dialect { profile: &PROFILE, who };

fn who(settings: &SamlProvider, answer: &Answer) -> Result<Who, Refused> {
    let unnamed = || Refused::OutOfOrder("no attribute is named that says who somebody is".into());
    let names = settings.attributes.as_ref().ok_or_else(unnamed)?;
    let number = answer.text(&names.national_number)?.ok_or(Refused::NoNumber)?;
    // What people write between digits no program does.
    let number = Some(number).filter(|text| text.bytes().all(|b| b.is_ascii_digit()));
    let number = number.and_then(|text| NationalRegisterNumber::parse(text).ok());
    let number = number.ok_or_else(|| Refused::NotBelieved("a national number that is none".into()))?;
    let said = |name: &str| Ok::<_, Refused>(answer.text(name)?.unwrap_or_default().to_owned());
    Ok(Who {
        number: NationalNumber::NationalRegister(number),
        within: None,
        given_name: said(&names.given_name)?,
        family_name: said(&names.family_name)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::upstream::ClaimNames,
        login::wire::saml::answer::testing::{answer, settings},
    };

    #[test]
    fn login_1_a_number_of_the_register_says_who_it_is_and_nothing_else_does() {
        let names = ClaimNames {
            national_number: "egovNRN".into(),
            given_name: "givenName".into(),
            family_name: "surname".into(),
        };
        let fas = SamlProvider { attributes: Some(names), ..settings() };
        let said = |said: &[(&str, &str)]| who(&fas, &answer(said));
        let good =
            said(&[("egovNRN", "85073003328"), ("surname", "Peeters"), ("givenName", "Els"), ("mail", "a@b.be")]);
        let good = good.expect("somebody");
        assert_eq!((good.number.kind(), good.number.reveal()), ("nrn", "85073003328"));
        assert_eq!((&*good.given_name, &*good.family_name), ("Els", "Peeters"));
        assert_eq!(said(&[("uid", "85073003328"), ("surname", "Peeters")]), Err(Refused::NoNumber));
        for odd in ["85073003327", "85.07.30-033.28", "ES/BE/85073003328", "0"] {
            assert!(matches!(said(&[("egovNRN", odd)]), Err(Refused::NotBelieved(_))), "{odd}");
        }
        let twice = said(&[("egovNRN", "85073003328"), ("egovNRN", "17073003384")]);
        assert!(matches!(twice, Err(Refused::NotBelieved(_))));
    }
}
