//! IFMS: psychiatrists with a portfolio, their appraiser, the contact person of their institution, and the bureau that runs the cycle
//! (INSIGHT-2 to INSIGHT-4).

use super::{Around, Half, Invented, LogIn, Member, Organized, World, registration};
use crate::{
    base::Language,
    demo::numbers::{bsn, registered},
    domain::{
        organization::Management,
        period::Period,
        person::{Registration, Role, Tie},
    },
};

const ANOUK: &str = "anouk.verhoeven@example.org";
const THIJS: &str = "thijs.vandam@example.org";
const WOUTER: &str = "wouter.blom@example.org";
const SASKIA: &str = "saskia.peters@example.org";
const ERIK: &str = "erik.mol@example.org";
const HUGO: &str = "hugo.sanders@example.org";
const MARIJE: &str = "marije.bos@example.org";

pub(super) fn world(around: &Around) -> World {
    World {
        tenant: "ifms",
        people: people(),
        organizations: vec![
            Organized {
                name: "GGZ De Duinen",
                number: None,
                rights: vec![("completion", Period::new(None, Some(around.end_of_half(1, Half::December))))],
                members: vec![
                    Member::new(SASKIA, Management::ChiefAccessManager),
                    Member::new(ERIK, Management::None),
                    Member::new(ANOUK, Management::None),
                ],
            },
            Organized {
                name: "Bureau Samenspraak",
                number: None,
                rights: vec![("cycle", Period::new(None, Some(around.end_of_half(1, Half::December))))],
                members: vec![Member::new(HUGO, Management::None)],
            },
        ],
        mandates: Vec::new(),
        ties: [ANOUK, THIJS, MARIJE].map(|psychiatrist| (WOUTER, Tie::Appraises, psychiatrist)).to_vec(),
    }
}

fn person(
    (given, family): (&'static str, &'static str),
    serial: u32,
    roles: impl IntoIterator<Item = Role>,
    registrations: impl IntoIterator<Item = Registration>,
    user: &'static str,
    tries: &'static str,
) -> Invented {
    Invented {
        given,
        family,
        language: Language::Nl,
        national_number: bsn(300 + 10 * serial),
        citizen_file: false,
        registrations: registrations.into_iter().collect(),
        roles: roles.into_iter().collect(),
        login: Some(LogIn { user, tries }),
    }
}

fn people() -> Vec<Invented> {
    let psychiatrist = |serial| registration("psychiatrist", Some(registered(serial)), true);
    vec![
        person(
            ("Anouk", "Verhoeven"),
            1,
            [],
            [psychiatrist(21)],
            ANOUK,
            "let Wouter Blom see your portfolio, and take that back",
        ),
        person(
            ("Thijs", "van Dam"),
            2,
            [],
            [psychiatrist(22)],
            THIJS,
            "let Wouter Blom see your portfolio; then end the cycle as the register (below)",
        ),
        person(
            ("Lena", "Kok"),
            3,
            [],
            [psychiatrist(23)],
            "lena.kok@example.org",
            "have completed the cycle: nobody is left to whom you can give insight",
        ),
        person(
            ("Wouter", "Blom"),
            4,
            [Role::Appraiser],
            [],
            WOUTER,
            "choose ‘appraiser’: you see the portfolios of those who consent, while their cycle lasts",
        ),
        person(
            ("Saskia", "Peters"),
            5,
            [],
            [],
            SASKIA,
            "choose De Duinen and make Erik Mol its contact person: give him the right to see who has completed",
        ),
        person(
            ("Erik", "Mol"),
            6,
            [],
            [],
            ERIK,
            "choose De Duinen: as contact person you see who has completed, and no more",
        ),
        person(
            ("Marije", "Bos"),
            7,
            [],
            [psychiatrist(24)],
            MARIJE,
            "take part from outside: let the bureau have your name and e-mail address, and take that back",
        ),
        person(
            ("Hugo", "Sanders"),
            8,
            [],
            [],
            HUGO,
            "choose Bureau Samenspraak: you see the names and addresses of who let you have them",
        ),
    ]
}
