//! MijnRGS: trainees, their trainers and supporters, specialists, one of whom was a trainee until now, a training institution and a helpdesk.

use super::{Around, Half, Invented, LogIn, Member, Organized, World, registration};
use crate::{
    base::Language,
    demo::numbers::{bsn, physician},
    domain::{
        organization::Management,
        period::Period,
        person::{Registration, Role, Tie},
    },
};

const SANNE: &str = "sanne.devries@example.org";
const DAAN: &str = "daan.visser@example.org";
const BRAM: &str = "bram.bakker@example.org";
const FATIMA: &str = "fatima.elamrani@example.org";
const IRIS: &str = "iris.visser@example.org";
const NOOR: &str = "noor.vandam@example.org";
const RUBEN: &str = "ruben.mulder@example.org";
const FEMKE: &str = "femke.dekker@example.org";

pub(super) fn world(around: &Around) -> World {
    World {
        tenant: "mijnrgs",
        people: people(),
        organizations: vec![Organized {
            name: "UMC Voorbeeld",
            number: None,
            rights: vec![("reporting", Period::new(None, Some(around.end_of_half(1, Half::December))))],
            members: vec![Member::new(RUBEN, Management::ChiefAccessManager), Member::new(FEMKE, Management::None)],
        }],
        mandates: Vec::new(),
        ties: vec![(BRAM, Tie::Trains, SANNE), (FATIMA, Tie::Trains, DAAN), (IRIS, Tie::Supports, BRAM)],
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
        // Numbers without a check digit are skipped: steps keep people's numbers apart.
        national_number: bsn(10 * serial),
        citizen_file: false,
        registrations: registrations.into_iter().collect(),
        roles: roles.into_iter().collect(),
        login: Some(LogIn { user, tries }),
    }
}

fn people() -> Vec<Invented> {
    // Both trainees are profile physicians already, in the second part of their training.
    let profile_physician = |serial| registration("profile_physician", Some(physician(serial)), true);
    let specialist = |serial| registration("specialist", Some(physician(serial)), true);
    vec![
        person(
            ("Sanne", "de Vries"),
            1,
            [Role::Trainee],
            [profile_physician(1)],
            SANNE,
            "choose ‘trainee’ and read your training plan, which others prepare and approve",
        ),
        person(
            ("Daan", "Visser"),
            2,
            [Role::Trainee],
            [profile_physician(2)],
            DAAN,
            "choose ‘trainee’; then as dr. Bakker find that this plan does not exist for him",
        ),
        person(
            ("Bram", "Bakker"),
            3,
            [Role::Trainer],
            [specialist(3)],
            BRAM,
            "choose ‘trainer’ and approve or reject the plan that Iris Visser changed",
        ),
        Invented {
            language: Language::En,
            ..person(
                ("Fatima", "El Amrani"),
                4,
                [Role::Trainer],
                [specialist(4)],
                FATIMA,
                "choose ‘trainer’: you see the plan of your own trainee only",
            )
        },
        person(
            ("Iris", "Visser"),
            5,
            [Role::Supporter],
            [],
            IRIS,
            "choose ‘supporter’, change Sanne's plan, and find that you cannot approve it",
        ),
        person(
            ("Emma", "Jansen"),
            6,
            [],
            [specialist(6)],
            "emma.jansen@example.org",
            "be a specialist, and change to citizen without logging in again",
        ),
        person(
            ("Noor", "van Dam"),
            11,
            [Role::Trainee],
            [specialist(11)],
            NOOR,
            "a trainee who became a specialist: log in with a password for your training, and open the specialists' register",
        ),
        person(
            ("Ruben", "Mulder"),
            7,
            [],
            [],
            RUBEN,
            "choose the institution and give Femke Dekker the right to reports",
        ),
        person(("Femke", "Dekker"), 8, [], [], FEMKE, "choose the institution and read which right is missing"),
        person(
            ("Joost", "Smit"),
            9,
            [Role::Helpdesk],
            [],
            "joost.smit@example.org",
            "choose ‘helpdesk’ and find that it opens nobody's plan",
        ),
    ]
}
