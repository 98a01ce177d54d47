//! eHerkenning: how people in the Netherlands log in for the organization in which they work (SAML; answers are posted, identifiers
//! encrypted; LOGIN-13).
//!
//! eHerkenning tells for whom somebody acts (`LegalSubjectID`: the number of the Chamber of Commerce, or the RSIN), by a pseudonym who acts
//! (`ActingSubjectID`), and to which branch that is restricted, if to any. Who works for an intermediary that acts for the organization
//! (`IntermediateSubjectID`) is told too. It does not tell who a person is elsewhere: nobody is matched to a BSN by it, and the
//! same person at two organizations is two people here.
//!
//! The level is that of the service in eHerkenning's catalogue. What it must be at least says the tenant's file, and it is compared
//! here.

use std::time::Duration;

use super::{
    method::{Refused, Within},
    saml::{Dialect, Who},
    wire::saml::{
        answer::{Answer, at_most_one},
        names::AUTHN_FAILED,
        profile::{Asks, Encrypts, Profile},
    },
};
use crate::domain::{
    identifier::{ActingName, CompanyNumber, NationalNumber},
    upstream::{EHERKENNING_CLASSES, SamlProvider},
};

/// How eHerkenning speaks SAML.
pub static PROFILE: Profile = Profile {
    name: "eHerkenning",
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

/// The service for which somebody logged in.
pub(super) const SERVICE: &str = "urn:etoegang:core:ServiceID";
/// For whom they act.
pub(super) const LEGAL_SUBJECT: &str = "urn:etoegang:core:LegalSubjectID";
/// Who acts.
pub(super) const ACTING_SUBJECT: &str = "urn:etoegang:core:ActingSubjectID";
/// Whose mandate they use, when that is another organization's.
pub(super) const INTERMEDIATE_SUBJECT: &str = "urn:etoegang:core:IntermediateSubjectID";
/// What they may is restricted; the version before it (`urn:etoegang:1.9`) grows with the specification.
pub(super) const RESTRICTION: &str = ":ServiceRestriction:";
/// The restriction to one branch.
const BRANCH: &str = "Vestigingsnr";
/// What people call themselves, where the service asks for it.
pub(super) const GIVEN_NAME: &str = "urn:etoegang:1.9:attribute:FirstName";
pub(super) const FAMILY_NAME: &str = "urn:etoegang:1.9:attribute:FamilyName";

/// eHerkenning, as a method.
pub(super) static DIALECT: Dialect = Dialect { profile: &PROFILE, who };

fn who(settings: &SamlProvider, answer: &Answer) -> Result<Who, Refused> {
    for_our_service(settings, answer)?;
    let (within, name) = acting(answer)?;
    let said = |name| Ok::<_, Refused>(answer.text(name)?.unwrap_or_default());
    Ok(Who::named(NationalNumber::Acting(name), Some(within), said(GIVEN_NAME)?, said(FAMILY_NAME)?))
}

/// That somebody logged in for our service of the catalogue.
pub(super) fn for_our_service(settings: &SamlProvider, answer: &Answer) -> Result<(), Refused> {
    let service = settings.service.as_ref().map(|service| service.id.as_str());
    match answer.text(SERVICE)? == service {
        true => Ok(()),
        false => Err(Refused::NotBelieved("a login for another service".into())),
    }
}

/// For whom somebody acts, and who that is.
fn acting(answer: &Answer) -> Result<(Within, ActingName), Refused> {
    let odd = |what: &str| Refused::NotBelieved(format!("{what} that is none"));
    let legal = answer.identifier(LEGAL_SUBJECT)?.ok_or_else(|| odd("a legal subject"))?;
    let company = company(legal)?.ok_or(Refused::NoOrganization)?;
    let restricted = answer.attributes.iter().filter_map(|said| Some((said.name.split_once(RESTRICTION)?.1, said)));
    let number = match at_most_one(restricted)? {
        None => company,
        Some((BRANCH, said)) if said.qualifier.is_none() => company.branch(&said.text).map_err(|_| odd("a branch"))?,
        // One that is not known is not left out: somebody would get more than they may.
        Some(_) => return Err(Refused::NotBelieved("a restriction that is not known".into())),
    };
    let intermediary = answer.identifier(INTERMEDIATE_SUBJECT)?.map(|between| {
        let known = self::company(between)?;
        known.ok_or_else(|| odd("an intermediary"))
    });
    let intermediary = intermediary.transpose()?;
    let (_, pseudonym) = answer.identifier(ACTING_SUBJECT)?.ok_or_else(|| odd("an acting subject"))?;
    let name = ActingName::new(&number, intermediary.as_ref(), pseudonym).map_err(|_| odd("an acting subject"))?;
    Ok((Within { number, intermediary }, name))
}

/// The kind of an identifier: `urn:etoegang:1.9:EntityConcernedID:KvKnr` without the version, which grows with the specification.
pub(super) fn kind_of(qualifier: &str) -> Option<&str> {
    Some(qualifier.strip_prefix("urn:etoegang:")?.split_once(':')?.1)
}

/// An organization's number. None, when it is somebody who is no organization: a person, or one of another country.
fn company((qualifier, number): (&str, &str)) -> Result<Option<CompanyNumber>, Refused> {
    let parsed = match kind_of(qualifier) {
        Some("EntityConcernedID:KvKnr" | "IntermediateEntityID:KvK" | "IntermediateEntityID:KvKnr") => {
            CompanyNumber::kvk(number)
        }
        Some("EntityConcernedID:RSIN") => CompanyNumber::rsin(number),
        _ => return Ok(None),
    };
    // What people write between digits no program does.
    let parsed = parsed.ok().filter(|parsed| parsed.as_str() == number);
    parsed.map(Some).ok_or_else(|| Refused::NotBelieved("a number of an organization that is none".into()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::login::wire::saml::answer::testing;

    const KVK: &str = "urn:etoegang:1.9:EntityConcernedID:KvKnr";
    const PSEUDONYM: &str = "urn:etoegang:1.12:EntityConcernedID:PseudoID";

    fn answer(said: &[(&str, Option<&str>, &str)]) -> Answer {
        let mut answer = testing::answer(&[]);
        for (name, qualifier, text) in said {
            match qualifier {
                Some(qualifier) => testing::opened(&mut answer, name, qualifier, text),
                None => answer.attributes.extend(testing::answer(&[(name, text)]).attributes),
            }
        }
        answer
    }

    const LEGAL: (&str, Option<&str>, &str) = (LEGAL_SUBJECT, Some(KVK), "12345678");
    const BRANCH: &str = "urn:etoegang:1.9:ServiceRestriction:Vestigingsnr";
    const ACTING: (&str, Option<&str>, &str) = (ACTING_SUBJECT, Some(PSEUDONYM), "9A1B@eh");

    #[test]
    fn login_13_somebody_acts_for_an_organization_a_branch_of_it_or_through_another() {
        let within = |said: &[_]| acting(&answer(said)).map(|(within, _)| within);
        let (number, none) = (CompanyNumber::kvk("12345678").expect("a number"), None);
        assert_eq!(within(&[LEGAL, ACTING]), Ok(Within { number: number.clone(), intermediary: none }));
        let branch = within(&[LEGAL, ACTING, (BRANCH, None, "000012345678")]).expect("a branch");
        assert_eq!(branch.number.as_str(), "12345678-000012345678", "never the whole of it");
        let between = (INTERMEDIATE_SUBJECT, Some("urn:etoegang:1.9:IntermediateEntityID:KvK"), "87654321");
        let chain = within(&[LEGAL, ACTING, between]).expect("a chain");
        assert_eq!((chain.number, chain.intermediary), (number, CompanyNumber::kvk("87654321").ok()));
        let rsin = (LEGAL_SUBJECT, Some("urn:etoegang:1.9:EntityConcernedID:RSIN"), "123456782");
        assert_eq!(within(&[rsin, ACTING]).expect("a legal person").number.as_str(), "123456782");
    }

    #[test]
    fn nobody_acts_for_a_person_or_for_two_or_as_nobody() {
        let refused = |said: &[_]| acting(&answer(said)).expect_err("refused");
        for person in
            ["urn:etoegang:1.12:EntityConcernedID:BSN", "urn:etoegang:1.11:EntityConcernedID:eIDASLegalIdentifier", "x"]
        {
            assert_eq!(
                refused(&[(LEGAL_SUBJECT, Some(person), "999990019"), ACTING]),
                Refused::NoOrganization,
                "{person}"
            );
        }
        for odd in [
            &[ACTING][..],
            &[LEGAL],
            &[LEGAL, LEGAL, ACTING],
            &[LEGAL, ACTING, ACTING],
            &[(LEGAL_SUBJECT, None, "12345678"), ACTING],
            &[LEGAL, (ACTING_SUBJECT, None, "9A1B@eh")],
            &[(LEGAL_SUBJECT, Some(KVK), "1234567"), ACTING],
            &[LEGAL, ACTING, (BRANCH, None, "1")],
            &[LEGAL, ACTING, (BRANCH, Some(KVK), "000012345678")],
            &[LEGAL, ACTING, ("urn:etoegang:1.13:ServiceRestriction:Afdeling", None, "1")],
            &[LEGAL, ACTING, (BRANCH, None, "000012345678"), (BRANCH, None, "000012345679")],
            &[LEGAL, ACTING, (INTERMEDIATE_SUBJECT, Some("x"), "87654321")],
            &[LEGAL, (ACTING_SUBJECT, Some(PSEUDONYM), "a b")],
        ] {
            assert!(matches!(refused(odd), Refused::NotBelieved(_)), "{} values", odd.len());
        }
    }
}
