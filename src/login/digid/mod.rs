//! DigiD: how people in the Netherlands log in at public services (SAML, the interface of version 3: one answer by artifact, the BSN as
//! its name for somebody).
//!
//! DigiD tells a number and no name. The number stands behind the code of its sector (`s00000000` for a BSN, `s00000001` for the fiscal
//! number of who has none); only a BSN is somebody here. Basis is a password alone: it may be worth no more than `low`, and
//! `amr` says `mfa` of no login that can be one with Basis.

use std::time::Duration;

use super::{
    method::Refused,
    saml::{Dialect, Who},
    wire::saml::{
        answer::Answer,
        names::AUTHN_FAILED,
        profile::{Asks, Encrypts, Profile},
    },
};
use crate::domain::{
    identifier::{Bsn, NationalNumber},
    upstream::{DIGID_CLASSES, SamlProvider},
};

/// How DigiD speaks SAML.
pub static PROFILE: Profile = Profile {
    name: "DigiD",
    classes: &DIGID_CLASSES,
    asks: Asks::Request,
    anew: false,
    requests: &[],
    signed_assertions: true,
    advice: false,
    encrypts: Encrypts::Nothing,
    cancelled: &[AUTHN_FAILED],
    clock_allowance: Duration::from_secs(30),
};

/// The sector of the BSN.
const BSN: &str = "s00000000";

/// DigiD, as a method.
pub(super) static DIALECT: Dialect = Dialect { profile: &PROFILE, who };

fn who(_: &SamlProvider, answer: &Answer) -> Result<Who, Refused> {
    Ok(Who::named(NationalNumber::Bsn(bsn(&answer.name)?), None, "", ""))
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
