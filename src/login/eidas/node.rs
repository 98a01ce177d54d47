//! The eIDAS node (eIDAS SAML message format 1.2, attribute profile 1.2).
//!
//! Of a person there are an identifier and names, of a company too. Who acts for one has the same attributes below `representative`.
//! Asked are those that a node must tell of a person, and of a company if it is one; what is not needed is not read. A node signs by RSA-PSS or ECDSA, and
//! takes nothing else from us; it signs assertions since our metadata says that they must be (`WantAssertionsSigned`).
//!
//! Only means that their country has notified are taken: the classes of others (`NotNotified`) are not known here.

use std::time::Duration;

use super::super::{
    method::{Refused, Within},
    saml::{Dialect, Who},
    wire::saml::{
        answer::Answer,
        names::REQUEST_DENIED,
        profile::{Asks, Encrypts, Profile},
    },
};
use crate::domain::{
    identifier::{ActingName, CompanyNumber, EuropeanName, NationalNumber},
    upstream::{EIDAS_CLASSES, SamlProvider},
};

/// How a node speaks SAML.
pub static PROFILE: Profile = Profile {
    name: "eIDAS",
    classes: &EIDAS_CLASSES,
    asks: Asks::Request,
    anew: true,
    requests: &[
        ("http://eidas.europa.eu/attributes/naturalperson/PersonIdentifier", true),
        ("http://eidas.europa.eu/attributes/naturalperson/CurrentFamilyName", true),
        ("http://eidas.europa.eu/attributes/naturalperson/CurrentGivenName", true),
        ("http://eidas.europa.eu/attributes/naturalperson/DateOfBirth", true),
        ("http://eidas.europa.eu/attributes/legalperson/LegalPersonIdentifier", false),
        ("http://eidas.europa.eu/attributes/legalperson/LegalName", false),
    ],
    signed_assertions: true,
    advice: false,
    encrypts: Encrypts::Assertions,
    cancelled: &[REQUEST_DENIED],
    clock_allowance: Duration::from_secs(30),
};

/// A node, as a method.
pub(in crate::login) static DIALECT: Dialect = Dialect { profile: &PROFILE, who };

/// A person of an answer.
struct Natural<'a> {
    identifier: &'a str,
    given_name: &'a str,
    family_name: &'a str,
}

/// A company of an answer.
struct Legal<'a> {
    identifier: &'a str,
    name: &'a str,
}

fn who(settings: &SamlProvider, answer: &Answer) -> Result<Who, Refused> {
    let odd = |what: &str| Refused::NotBelieved(what.to_owned());
    let country = settings.european.as_ref().map_or("", |own| own.country);
    let (person, company) = (natural(answer, "")?, legal(answer, "")?);
    let (acting, agency) = (natural(answer, "representative/")?, legal(answer, "representative/")?);
    match (person, company, acting, agency) {
        (Some(person), None, None, None) => {
            let name = european(person.identifier, country)?;
            Ok(Who::named(NationalNumber::European(name), None, person.given_name, person.family_name))
        }
        (Some(_), None, _, _) => Err(Refused::ForAnother),
        (None, Some(company), Some(acting), None) => {
            european(acting.identifier, country)?;
            within(country, &company, None, acting.identifier, [acting.given_name, acting.family_name])
        }
        // Nobody says who it is that acts: the company itself does, or the one that acts for it.
        (None, Some(company), None, Some(agency)) => {
            within(country, &company, Some(&agency), ITSELF, ["", agency.name])
        }
        (None, Some(company), None, None) => within(country, &company, None, ITSELF, ["", company.name]),
        (None, None, _, _) => Err(odd("nobody is named")),
        _ => Err(odd("two where one is meant")),
    }
}

/// Who acts where no person is named: the company, which has no identifier of a person's kind.
const ITSELF: &str = "itself";

fn european(identifier: &str, country: &str) -> Result<EuropeanName, Refused> {
    let odd = |_| Refused::NotBelieved("an identifier that is none, or said to another country".into());
    EuropeanName::new(identifier, country).map_err(odd)
}

fn within(
    country: &str,
    company: &Legal<'_>,
    agency: Option<&Legal<'_>>,
    acting: &str,
    [given, family]: [&str; 2],
) -> Result<Who, Refused> {
    let odd = || Refused::NotBelieved("an identifier that is none".into());
    let known = |legal: &Legal<'_>| {
        european(legal.identifier, country)?;
        CompanyNumber::european(legal.identifier).map_err(|_| odd())
    };
    let (number, intermediary) = (known(company)?, agency.map(known).transpose()?);
    let name = ActingName::new(&number, intermediary.as_ref(), acting).map_err(|_| odd())?;
    Ok(Who::named(NationalNumber::Acting(name), Some(Within { number, intermediary }), given, family))
}

/// The person of an answer, or the one who acts, when there is one.
fn natural<'a>(answer: &'a Answer, place: &str) -> Result<Option<Natural<'a>>, Refused> {
    let said = |name: &str| answer.latin(&format!("http://eidas.europa.eu/attributes/naturalperson/{place}{name}"));
    let found = (said("PersonIdentifier")?, said("CurrentGivenName")?, said("CurrentFamilyName")?);
    match found {
        (Some(identifier), Some(given_name), Some(family_name)) => {
            Ok(Some(Natural { identifier, given_name, family_name }))
        }
        (None, None, None) => Ok(None),
        _ => Err(Refused::NotBelieved("a person without identifier or name".into())),
    }
}

/// The company of an answer, or the one that acts, when there is one.
fn legal<'a>(answer: &'a Answer, place: &str) -> Result<Option<Legal<'a>>, Refused> {
    let said = |name: &str| answer.latin(&format!("http://eidas.europa.eu/attributes/legalperson/{place}{name}"));
    match (said("LegalPersonIdentifier")?, said("LegalName")?) {
        (Some(identifier), Some(name)) => Ok(Some(Legal { identifier, name })),
        (None, None) => Ok(None),
        _ => Err(Refused::NotBelieved("a company without identifier or name".into())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::upstream::{European, Sector},
        login::wire::saml::answer::testing::{answer, in_other_letters, settings},
    };

    const NATURAL: &str = "http://eidas.europa.eu/attributes/naturalperson/";
    const LEGAL: &str = "http://eidas.europa.eu/attributes/legalperson/";

    fn node() -> SamlProvider {
        SamlProvider { european: Some(European { sector: Sector::Public, country: "BE" }), ..settings() }
    }

    fn person(place: &str, identifier: &str) -> Vec<(String, String)> {
        let said = |name: &str, value: &str| (format!("{NATURAL}{place}{name}"), value.to_owned());
        vec![
            said("PersonIdentifier", identifier),
            said("CurrentGivenName", "Inés"),
            said("CurrentFamilyName", "García"),
            said("DateOfBirth", "1985-07-30"),
        ]
    }

    fn company(place: &str, identifier: &str) -> Vec<(String, String)> {
        let said = |name: &str, value: &str| (format!("{LEGAL}{place}{name}"), value.to_owned());
        vec![said("LegalPersonIdentifier", identifier), said("LegalName", "Hafen GmbH")]
    }

    fn judged(said: &[Vec<(String, String)>]) -> Result<Who, Refused> {
        let said = said.concat();
        let said: Vec<(&str, &str)> = said.iter().map(|(name, value)| (&**name, &**value)).collect();
        who(&node(), &answer(&said))
    }

    #[test]
    fn login_1_a_person_a_company_and_who_acts_for_it() {
        let ines = judged(&[person("", "ES/BE/02635542Y")]).expect("a person");
        assert_eq!((ines.number.reveal(), &ines.within), ("european:ES/BE/02635542Y", &None));
        assert_eq!((&*ines.given_name, &*ines.family_name), ("Inés", "García"));
        let hafen = judged(&[company("", "DE/BE/HRB86891")]).expect("a company");
        assert_eq!(hafen.number.reveal(), "acting:DE/BE/HRB86891:itself");
        assert_eq!((&*hafen.given_name, &*hafen.family_name), ("", "Hafen GmbH"));
        let acting = judged(&[company("", "DE/BE/HRB86891"), person("representative/", "ES/BE/02635542Y")]);
        let acting = acting.expect("somebody for a company");
        assert_eq!(acting.number.reveal(), "acting:DE/BE/HRB86891:ES/BE/02635542Y");
        assert_eq!(acting.within.expect("an organization").number.as_str(), "DE/BE/HRB86891");
        assert_ne!(ines.number, acting.number, "none of them is who logs in for themselves");
        let agency = judged(&[company("", "DE/BE/HRB86891"), company("representative/", "FR/BE/552100554")]);
        let within = agency.expect("a company for a company").within.expect("an organization");
        assert_eq!(within.intermediary.expect("an agency").as_str(), "FR/BE/552100554");
    }

    #[test]
    fn nobody_acts_for_another_person_or_as_nobody_or_as_two() {
        let (ines, hafen) = (person("", "ES/BE/02635542Y"), company("", "DE/BE/HRB86891"));
        let acting = person("representative/", "PT/BE/1");
        assert_eq!(judged(&[ines.clone(), acting.clone()]), Err(Refused::ForAnother));
        assert_eq!(judged(&[ines.clone(), company("representative/", "DE/BE/1")]), Err(Refused::ForAnother));
        let odd: Vec<Vec<Vec<(String, String)>>> = vec![
            vec![],
            vec![acting.clone()],
            vec![ines.clone(), hafen.clone()],
            vec![ines.clone(), ines.clone()],
            vec![hafen.clone(), acting.clone(), company("representative/", "DE/BE/1")],
            vec![person("", "ES/NL/02635542Y")],
            vec![person("", "02635542Y")],
            vec![person("", "85073003328")],
            vec![company("", "HRB86891")],
            vec![ines[..1].to_vec()],
            vec![ines[1..].to_vec()],
            vec![hafen[..1].to_vec()],
        ];
        for said in odd {
            assert!(matches!(judged(&said), Err(Refused::NotBelieved(_))), "{said:?}");
        }
    }

    #[test]
    fn login_1_a_name_in_other_letters_is_kept_in_latin_ones() {
        let said = |name: &str| format!("{NATURAL}{name}");
        let (identifier, given, family) =
            (said("PersonIdentifier"), said("CurrentGivenName"), said("CurrentFamilyName"));
        let mut greek = answer(&[(&identifier, "GR/BE/ABC123"), (&given, "Eleni"), (&family, "Papadopoulou")]);
        in_other_letters(&mut greek, &given, "Ελένη");
        in_other_letters(&mut greek, &family, "Παπαδοπούλου");
        let eleni = who(&node(), &greek).expect("a person");
        assert_eq!((&*eleni.given_name, &*eleni.family_name), ("Eleni", "Papadopoulou"));
        // Of whom there is none in Latin letters the other one is kept, and two of a kind are one too many.
        let mut cyrillic = answer(&[(&identifier, "BG/BE/1")]);
        in_other_letters(&mut cyrillic, &given, "Мария");
        in_other_letters(&mut cyrillic, &family, "Иванова");
        assert_eq!(who(&node(), &cyrillic).expect("a person").family_name, "Иванова");
        in_other_letters(&mut cyrillic, &family, "Петрова");
        assert!(matches!(who(&node(), &cyrillic), Err(Refused::NotBelieved(_))));
    }

    #[test]
    fn what_is_said_to_another_country_is_believed_of_nobody() {
        let acting = |company_to: &str, person_to: &str| {
            judged(&[
                company("", &format!("DE/{company_to}/HRB86891")),
                person("representative/", &format!("ES/{person_to}/02635542Y")),
            ])
        };
        assert!(acting("BE", "BE").is_ok(), "the twin");
        for (company_to, person_to) in [("NL", "BE"), ("BE", "NL")] {
            let refused = acting(company_to, person_to);
            assert!(matches!(refused, Err(Refused::NotBelieved(_))), "{company_to} {person_to}");
        }
        assert!(judged(&[company("", "DE/NL/HRB86891")]).is_err());
    }
}
