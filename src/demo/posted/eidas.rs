//! The eIDAS node: people of other countries, whose names may be in other letters, and companies, in assertions that are encrypted as a whole.

use super::{Attribute, Face, Seals, Somebody};
use crate::{
    demo::{
        people::{EUROPEAN, World},
        saml::PSS,
        stand_in::Texts,
    },
    domain::{tenant::Factor, upstream::EIDAS_CLASSES},
};

pub(in crate::demo) const EIDAS: Face = Face {
    factor: Factor::Eidas,
    host: "eidas.localhost",
    name: "eIDAS",
    title: [
        "Log in met de sleutel van uw land",
        "Connectez-vous avec la clé de votre pays",
        "Melden Sie sich mit dem Schlüssel Ihres Landes an",
        "Log in with the key of your country",
    ],
    sample: [
        "Alleen in de demo: in het echt kiest u hier uw land, en logt u in op de website van dat land.",
        "Uniquement dans la démo : en réalité, vous choisissez ici votre pays et vous vous connectez sur le site de ce pays.",
        "Nur in der Demo: In Wirklichkeit wählen Sie hier Ihr Land und melden sich auf dessen Website an.",
        "Only in the demo: in earnest you choose your country here, and log in on the website of that country.",
    ],
    who: None,
    levels: &[("low", EIDAS_CLASSES[0]), ("substantial", EIDAS_CLASSES[1]), ("high", EIDAS_CLASSES[2])],
    asked: None,
    is_asked: None,
    seals: Seals::Assertion,
    signs: PSS,
    cancelled: "RequestDenied",
    people,
};

const OF_A_COMPANY: Texts = [
    "het register kent deze onderneming",
    "le registre connaît cette entreprise",
    "das Register kennt dieses Unternehmen",
    "the register knows this company",
];
const UNKNOWN: Texts = [
    "het register kent deze onderneming niet",
    "le registre ne connaît pas cette entreprise",
    "das Register kennt dieses Unternehmen nicht",
    "the register does not know this company",
];
const FOR_ANOTHER: Texts = [
    "voor iemand anders, met een volmacht",
    "pour une autre personne, avec une procuration",
    "für jemand anderen, mit einer Vollmacht",
    "for another person, with a power of attorney",
];

/// A name in its own letters, and in Latin ones where these are others.
type Name = (&'static str, Option<&'static str>);

macro_rules! natural {
    ($name:literal) => {
        concat!("http://eidas.europa.eu/attributes/naturalperson/", $name)
    };
}

macro_rules! legal {
    ($name:literal) => {
        concat!("http://eidas.europa.eu/attributes/legalperson/", $name)
    };
}

fn named(attribute: &'static str, (own, latin): Name) -> Vec<Attribute> {
    match latin {
        None => vec![Attribute::Plain(attribute, own.to_owned())],
        Some(latin) => {
            vec![Attribute::InOtherLetters(attribute, own), Attribute::Plain(attribute, latin.to_owned())]
        }
    }
}

fn person(identifier: &str, given: Name, family: Name, born: &str) -> Vec<Attribute> {
    let mut all = vec![
        Attribute::Plain(natural!("PersonIdentifier"), identifier.to_owned()),
        Attribute::Plain(natural!("DateOfBirth"), born.to_owned()),
    ];
    all.extend(named(natural!("CurrentGivenName"), given));
    all.extend(named(natural!("CurrentFamilyName"), family));
    all
}

fn acting(identifier: &str, given: &str, family: &str) -> Vec<Attribute> {
    vec![
        Attribute::Plain(natural!("representative/PersonIdentifier"), identifier.to_owned()),
        Attribute::Plain(natural!("representative/CurrentGivenName"), given.to_owned()),
        Attribute::Plain(natural!("representative/CurrentFamilyName"), family.to_owned()),
    ]
}

fn company(identifier: &str, name: &str) -> Vec<Attribute> {
    vec![
        Attribute::Plain(legal!("LegalPersonIdentifier"), identifier.to_owned()),
        Attribute::Plain(legal!("LegalName"), name.to_owned()),
    ]
}

fn people(_: Option<&World>) -> Vec<Somebody> {
    let somebody = |key: &str, name: &str, note, attributes| Somebody {
        key: key.to_owned(),
        name: name.to_owned(),
        within: None,
        note,
        attributes,
    };
    let (hafen, number) = EUROPEAN;
    let within = |name: &str, somebody: Somebody| Somebody { within: Some(name.to_owned()), ..somebody };
    let (given, family) = (("Ελένη", Some("Eleni")), ("Παπαδοπούλου", Some("Papadopoulou")));
    let (maria, ivanova) = (("Мария", Some("Mariya")), ("Иванова", Some("Ivanova")));
    let (ines, garcia) = (("Inés", None), ("García Blanco", None));
    let klaus =
        |number: &str, name: &str| [company(number, name), acting("DE/BE/T22000129", "Klaus", "Brandt")].concat();
    vec![
        somebody("ines", "Inés García Blanco (ES)", None, person("ES/BE/00000023T", ines, garcia, "1985-07-30")),
        somebody("eleni", "Ελένη Παπαδοπούλου (GR)", None, person("GR/BE/ABC000123", given, family, "1979-02-11")),
        somebody("maria", "Мария Иванова (BG)", None, person("BG/BE/BG-0000042", maria, ivanova, "1991-11-05")),
        within(hafen, somebody("company", "Klaus Brandt (DE)", Some(OF_A_COMPANY), klaus(number, hafen))),
        somebody("alone", hafen, Some(OF_A_COMPANY), company(number, hafen)),
        within(
            "Unbekannt GmbH",
            somebody("stranger", "Klaus Brandt (DE)", Some(UNKNOWN), klaus("DE/BE/HRB99999", "Unbekannt GmbH")),
        ),
        somebody(
            "another",
            "Rui Costa (PT)",
            Some(FOR_ANOTHER),
            [person("ES/BE/00000023T", ines, garcia, "1985-07-30"), acting("PT/BE/PT0000007", "Rui", "Costa")].concat(),
        ),
    ]
}
