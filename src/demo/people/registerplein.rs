//! Registerplein: social workers, one who still applies, and two employers (INSIGHT-1).

use super::{Invented, LogIn, Member, Organized, World, registration};
use crate::{
    base::Language,
    demo::numbers::{bsn, registered},
    domain::{organization::Management, person::Registration},
};

const KARIN: &str = "karin.prins@example.org";
const PAUL: &str = "paul.evers@example.org";

pub(super) fn world() -> World {
    let employer = |name, number: &str, member| Organized {
        name,
        number: Some(number.to_owned()),
        rights: Vec::new(),
        members: vec![Member::new(member, Management::None)],
    };
    World {
        tenant: "registerplein",
        people: people(),
        organizations: vec![
            employer("Maatwerk De Linde", "90000011", KARIN),
            employer("Sociaal Werk Noord", "90000022", PAUL),
        ],
        mandates: Vec::new(),
        ties: Vec::new(),
    }
}

fn person(
    (given, family): (&'static str, &'static str),
    serial: u32,
    registrations: impl IntoIterator<Item = Registration>,
    user: &'static str,
    tries: &'static str,
) -> Invented {
    Invented {
        given,
        family,
        language: Language::Nl,
        national_number: bsn(200 + 10 * serial),
        citizen_file: false,
        registrations: registrations.into_iter().collect(),
        roles: Vec::new(),
        login: Some(LogIn { user, tries }),
    }
}

fn people() -> Vec<Invented> {
    let social_worker = |serial, complete| registration("social_worker", Some(registered(serial)), complete);
    let client_supporter = |serial| registration("client_supporter", Some(registered(serial)), true);
    vec![
        person(
            ("Mila", "Hendriks"),
            1,
            [social_worker(11, true)],
            "mila.hendriks@example.org",
            "give De Linde insight, see what Karin Prins sees of it, and take it back",
        ),
        Invented {
            language: Language::De,
            ..person(
                ("Jonas", "Brandt"),
                2,
                [client_supporter(12)],
                "jonas.brandt@example.org",
                "change employer: the account stays yours, and who had insight has it until you take it back",
            )
        },
        person(
            ("Sem", "Terpstra"),
            3,
            [social_worker(13, false)],
            "sem.terpstra@example.org",
            "be an applicant: give insight before you are registered",
        ),
        person(("Karin", "Prins"), 4, [], KARIN, "choose De Linde and see who gave it insight; nobody did yet"),
        person(
            ("Paul", "Evers"),
            5,
            [],
            PAUL,
            "choose Sociaal Werk Noord: what De Linde may see does not exist for you",
        ),
    ]
}
