//! eIDAS by a broker of the Dutch scheme (eToegang), which asks the node for us: the messages and identifiers of eHerkenning, for a service of
//! its own in the catalogue.
//!
//! It tells a pseudonym or, to who may have it, the BSN; and of a company the number of its own country. How a person who acts for another
//! one is told apart from who acts for themselves was found in no specification: two different identifiers of people are taken for two
//! people, and refused.

use std::time::Duration;

use super::super::{
    eherkenning::{
        ACTING_SUBJECT, FAMILY_NAME, GIVEN_NAME, INTERMEDIATE_SUBJECT, LEGAL_SUBJECT, RESTRICTION, for_our_service,
        kind_of,
    },
    method::{Refused, Within},
    saml::{Dialect, Who},
    wire::saml::{
        answer::Answer,
        names::AUTHN_FAILED,
        profile::{Asks, Encrypts, Profile},
    },
};
use crate::domain::{
    identifier::{ActingName, Bsn, CompanyNumber, EuropeanName, NationalNumber},
    upstream::{EHERKENNING_CLASSES, SamlProvider},
};

/// How a broker speaks SAML.
pub static PROFILE: Profile = Profile {
    name: "eIDAS",
    classes: &EHERKENNING_CLASSES,
    asks: Asks::Catalogue,
    anew: true,
    requests: &[],
    signed_assertions: true,
    advice: true,
    encrypts: Encrypts::Identifiers,
    cancelled: &[AUTHN_FAILED],
    clock_allowance: Duration::from_secs(30),
};

/// A broker, as a method.
pub(in crate::login) static DIALECT: Dialect = Dialect { profile: &PROFILE, who };

/// What an identifier is of.
enum Subject {
    Citizen(Bsn),
    Pseudonym(EuropeanName),
    Company(CompanyNumber),
}

fn who(settings: &SamlProvider, answer: &Answer) -> Result<Who, Refused> {
    for_our_service(settings, answer)?;
    let odd = |what: &str| Refused::NotBelieved(format!("{what} that is none"));
    // What narrows for whom somebody acts is not left out: they would get more than they may.
    let narrowed = answer.attributes.iter().any(|said| said.name.contains(RESTRICTION));
    if narrowed || answer.identifier(INTERMEDIATE_SUBJECT)?.is_some() {
        return Err(Refused::NotBelieved("a restriction or an intermediary, which eIDAS has not".into()));
    }
    let acting = answer.identifier(ACTING_SUBJECT)?.ok_or_else(|| odd("an acting subject"))?;
    let legal = answer.identifier(LEGAL_SUBJECT)?.filter(|legal| *legal != acting);
    let said = |name| Ok::<_, Refused>(answer.text(name)?.unwrap_or_default());
    let (given, family) = (said(GIVEN_NAME)?, said(FAMILY_NAME)?);
    let number = match legal.map(subject).transpose()? {
        None => match subject(acting)? {
            Subject::Citizen(bsn) => NationalNumber::Bsn(bsn),
            Subject::Pseudonym(name) => NationalNumber::European(name),
            Subject::Company(_) => return Err(odd("an acting subject")),
        },
        Some(Subject::Company(number)) => {
            let name = ActingName::new(&number, None, acting.1).map_err(|_| odd("an acting subject"))?;
            let within = Within { number, intermediary: None };
            return Ok(Who::named(NationalNumber::Acting(name), Some(within), given, family));
        }
        Some(Subject::Citizen(_) | Subject::Pseudonym(_)) => return Err(Refused::ForAnother),
    };
    Ok(Who::named(number, None, given, family))
}

/// What an identifier is of, by its kind.
fn subject((qualifier, value): (&str, &str)) -> Result<Subject, Refused> {
    let odd = |_| Refused::NotBelieved("an identifier that is none".into());
    match kind_of(qualifier) {
        Some("EntityConcernedID:BSN") if value.len() == 9 => Bsn::parse(value).map(Subject::Citizen).map_err(odd),
        Some("EntityConcernedID:PseudoID") => EuropeanName::by_broker(value).map(Subject::Pseudonym).map_err(odd),
        Some("EntityConcernedID:eIDASLegalIdentifier") => {
            CompanyNumber::european(value).map(Subject::Company).map_err(odd)
        }
        _ => Err(Refused::NotBelieved("an identifier of a kind that is not known".into())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::upstream::CatalogueService,
        login::{
            eherkenning::SERVICE,
            wire::saml::answer::testing::{answer, opened, settings},
        },
    };

    const OURS: &str = "urn:etoegang:DV:00000003999999990000:services:2";
    const BSN: &str = "urn:etoegang:1.12:EntityConcernedID:BSN";
    const PSEUDONYM: &str = "urn:etoegang:1.12:EntityConcernedID:PseudoID";
    const LEGAL: &str = "urn:etoegang:1.11:EntityConcernedID:eIDASLegalIdentifier";

    fn judged(service: &str, identifiers: &[(&str, &str, &str)]) -> Result<Who, Refused> {
        let broker = SamlProvider { service: Some(CatalogueService { index: 2, id: OURS.into() }), ..settings() };
        let mut answer = answer(&[(SERVICE, service), (GIVEN_NAME, "Inés"), (FAMILY_NAME, "García")]);
        for (name, qualifier, value) in identifiers {
            opened(&mut answer, name, qualifier, value);
        }
        who(&broker, &answer)
    }

    #[test]
    fn login_1_a_bsn_says_who_it_is_and_a_pseudonym_where_there_is_none() {
        let number = |identifiers: &[_]| judged(OURS, identifiers).map(|who| who.number.reveal().to_owned());
        assert_eq!(number(&[(ACTING_SUBJECT, BSN, "999990019")]), Ok("999990019".into()));
        assert_eq!(number(&[(ACTING_SUBJECT, PSEUDONYM, "9A1B@x")]), Ok("european::9A1B@x".into()));
        let twice = [(ACTING_SUBJECT, BSN, "999990019"), (LEGAL_SUBJECT, BSN, "999990019")];
        assert_eq!(number(&twice), Ok("999990019".into()), "for themselves");
        let company = [(ACTING_SUBJECT, PSEUDONYM, "9A1B@x"), (LEGAL_SUBJECT, LEGAL, "DE/NL/HRB86891")];
        let acting = judged(OURS, &company).expect("somebody for a company");
        assert_eq!(acting.number.reveal(), "acting:DE/NL/HRB86891:9A1B@x");
        assert_eq!(acting.within.expect("an organization").number.as_str(), "DE/NL/HRB86891");
    }

    #[test]
    fn nobody_acts_for_another_person_or_at_another_service() {
        let refused = |identifiers: &[_]| judged(OURS, identifiers).expect_err("refused");
        let other = [(ACTING_SUBJECT, PSEUDONYM, "9A1B@x"), (LEGAL_SUBJECT, BSN, "999990019")];
        assert_eq!(refused(&other), Refused::ForAnother);
        for odd in [
            &[][..],
            &[(ACTING_SUBJECT, BSN, "999990018")],
            &[(ACTING_SUBJECT, BSN, "99999 0019")],
            &[(ACTING_SUBJECT, LEGAL, "DE/NL/HRB86891")],
            &[(ACTING_SUBJECT, "urn:etoegang:1.9:EntityConcernedID:KvKnr", "12345678")],
            &[(ACTING_SUBJECT, "x", "1")],
            &[(LEGAL_SUBJECT, BSN, "999990019")],
        ] {
            assert!(matches!(refused(odd), Refused::NotBelieved(_)), "{odd:?}");
        }
        let service = judged("urn:etoegang:DV:1:services:1", &[(ACTING_SUBJECT, BSN, "999990019")]);
        assert!(matches!(service, Err(Refused::NotBelieved(_))));
    }

    #[test]
    fn a_restriction_or_an_intermediary_is_refused_rather_than_left_out() {
        let company = [(ACTING_SUBJECT, PSEUDONYM, "9A1B@x"), (LEGAL_SUBJECT, LEGAL, "DE/NL/HRB86891")];
        assert!(judged(OURS, &company).is_ok(), "the twin");
        let branch = "urn:etoegang:1.9:ServiceRestriction:Vestigingsnr";
        let between = "urn:etoegang:1.9:IntermediateEntityID:KvK";
        for narrower in [(branch, "", "000012345678"), (INTERMEDIATE_SUBJECT, between, "12345678")] {
            let refused = judged(OURS, &[&company[..], &[narrower]].concat());
            assert!(matches!(refused, Err(Refused::NotBelieved(_))), "{narrower:?}");
        }
    }
}
