//! SKJ: a youth and family professional, behavioural scientists, one who still applies, and an employer (PAIR-1, PAIR-2).

use super::{Invented, LogIn, Member, Organized, World, registration};
use crate::{
    base::Language,
    demo::numbers::{bsn, registered},
    domain::{organization::Management, person::Registration},
};

const FEMKE: &str = "femke.rademaker@example.org";

pub(super) fn world() -> World {
    World {
        tenant: "skj",
        people: people(),
        organizations: vec![Organized {
            name: "Jeugdhulp De Horizon",
            number: None,
            rights: Vec::new(),
            members: vec![Member::new(FEMKE, Management::None)],
        }],
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
        national_number: bsn(500 + 10 * serial),
        citizen_file: false,
        registrations: registrations.into_iter().collect(),
        roles: Vec::new(),
        login: Some(LogIn { user, tries }),
    }
}

fn people() -> Vec<Invented> {
    let room = |profession, serial| registration(profession, Some(registered(serial)), true);
    vec![
        person(
            ("Noor", "Wiersma"),
            1,
            [room("youth_and_family", 51)],
            "noor.wiersma@example.org",
            "pair a phone (‘apparaat koppelen’), see when it was used, and unpair it",
        ),
        person(
            ("Tarik", "Aksoy"),
            2,
            [room("pedagogue", 52)],
            "tarik.aksoy@example.org",
            "be a behavioural scientist: the app is not there for you",
        ),
        Invented {
            language: Language::En,
            ..person(
                ("Eva", "Lindeman"),
                3,
                [room("youth_and_family", 53), room("psychologist", 54)],
                "eva.lindeman@example.org",
                "be in two rooms: the app is there as youth and family professional alone",
            )
        },
        person(
            ("Luuk", "Vermeer"),
            4,
            [registration("youth_and_family", Some(registered(55)), false)],
            "luuk.vermeer@example.org",
            "be an applicant: log in with your registration number; the app comes with the registration",
        ),
        person(("Femke", "Rademaker"), 5, [], FEMKE, "choose De Horizon and see who gave it insight; nobody did yet"),
    ]
}
