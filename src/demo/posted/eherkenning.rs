//! eHerkenning: who acts, and for which organization of the register, with identifiers that are encrypted one by one.

use super::{Attribute, Face, Seals, Somebody};
use crate::{
    demo::{people::World, saml::PKCS1},
    domain::{tenant::Factor, upstream::EHERKENNING_CLASSES},
};

/// A company that no register of the demo knows.
const STRANGER: &str = "90000077";
/// Who acts for others.
const INTERMEDIARY: &str = "90000099";

pub(in crate::demo) const EHERKENNING: Face = Face {
    factor: Factor::Eherkenning,
    host: "eherkenning.localhost",
    name: "eHerkenning",
    title: [
        "Voor wie logt u in?",
        "Pour qui vous connectez-vous ?",
        "Für wen melden Sie sich an?",
        "For whom do you log in?",
    ],
    sample: [
        "Alleen in de demo: in het echt logt u in bij de aanbieder van de eHerkenning van uw werk.",
        "Uniquement dans la démo : en réalité, vous vous connectez auprès du fournisseur de l'eHerkenning de votre travail.",
        "Nur in der Demo: In Wirklichkeit melden Sie sich beim Anbieter der eHerkenning Ihrer Arbeit an.",
        "Only in the demo: in earnest you log in at the provider of the eHerkenning of your work.",
    ],
    who: Some([
        "Wie bent u, en voor welke organisatie?",
        "Qui êtes-vous, et pour quelle organisation ?",
        "Wer sind Sie, und für welche Organisation?",
        "Who are you, and for which organization?",
    ]),
    levels: &[
        ("eH2", EHERKENNING_CLASSES[0]),
        ("eH2+", EHERKENNING_CLASSES[1]),
        ("eH3", EHERKENNING_CLASSES[2]),
        ("eH4", EHERKENNING_CLASSES[3]),
    ],
    asked: Some(2),
    is_asked: Some([
        "is het niveau van deze dienst",
        "est le niveau de ce service",
        "ist das Niveau dieses Dienstes",
        "is the level of this service",
    ]),
    seals: Seals::Identifiers,
    signs: PKCS1,
    cancelled: "AuthnFailed",
    people,
};

fn people(world: Option<&World>) -> Vec<Somebody> {
    let companies = world.into_iter().flat_map(|world| &world.organizations);
    let companies: Vec<(&str, &str)> = companies.filter_map(|one| Some((one.name, one.number.as_deref()?))).collect();
    let identifier =
        |name: &'static str, kind: &'static str, value: &str| Attribute::Sealed(name, kind, value.to_owned());
    let acting = |key: String, name: &str, pseudonym: &str, (company, number): (&str, &str)| Somebody {
        key,
        name: name.to_owned(),
        within: Some(company.to_owned()),
        note: None,
        attributes: vec![
            identifier("urn:etoegang:core:LegalSubjectID", "urn:etoegang:1.9:EntityConcernedID:KvKnr", number),
            identifier("urn:etoegang:core:ActingSubjectID", "urn:etoegang:1.12:EntityConcernedID:PseudoID", pseudonym),
        ],
    };
    let noor = |key: String, company| acting(key, "Noor de Wit", "5C1D0E7A93F84B26@demo", company);
    let mut all: Vec<Somebody> =
        companies.iter().enumerate().map(|(place, company)| noor(format!("hr-{place}"), *company)).collect();
    if let Some(first) = companies.first() {
        let joris = |key: &str, note, further| {
            let mut joris = acting(key.to_owned(), "Joris Bakker", "A07B3344E1D95C02@demo", *first);
            joris.note = Some(note);
            joris.attributes.push(further);
            joris
        };
        let between = identifier(
            "urn:etoegang:core:IntermediateSubjectID",
            "urn:etoegang:1.9:IntermediateEntityID:KvK",
            INTERMEDIARY,
        );
        let through = [
            "via een administratiekantoor",
            "par un bureau intermédiaire",
            "über ein Büro als Vermittler",
            "through an intermediary",
        ];
        all.push(joris("chain", through, between));
        let branch = Attribute::Plain("urn:etoegang:1.9:ServiceRestriction:Vestigingsnr", "000012345678".to_owned());
        let one = [
            "alleen voor één vestiging",
            "pour un seul établissement",
            "nur für eine Niederlassung",
            "for one branch only",
        ];
        all.push(joris("branch", one, branch));
    }
    let unknown = [
        "het register kent deze organisatie niet",
        "le registre ne connaît pas cette organisation",
        "das Register kennt diese Organisation nicht",
        "the register does not know this organization",
    ];
    all.push(Somebody { note: Some(unknown), ..noor("stranger".to_owned(), ("Onbekend BV", STRANGER)) });
    all
}
