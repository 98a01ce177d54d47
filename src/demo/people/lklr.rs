//! LKLR: school attendance officers and RMC officers, whom anyone may look up, or not any more (LOOKUP-1).

use super::{Around, Half, Invented, LogIn, World, registration};
use crate::{
    base::Language,
    demo::numbers::{bsn, registered},
    domain::{period::Period, person::Registration},
};

pub(super) fn world(around: &Around) -> World {
    World { tenant: "lklr", people: people(around), organizations: Vec::new(), mandates: Vec::new(), ties: Vec::new() }
}

fn person(
    (given, family): (&'static str, &'static str),
    serial: u32,
    registration: Registration,
    user: &'static str,
    tries: &'static str,
) -> Invented {
    Invented {
        given,
        family,
        language: Language::Nl,
        national_number: bsn(400 + 10 * serial),
        citizen_file: false,
        registrations: vec![registration],
        roles: Vec::new(),
        login: Some(LogIn { user, tries }),
    }
}

fn people(around: &Around) -> Vec<Invented> {
    let attendance_officer = |serial| registration("attendance_officer", Some(registered(serial)), true);
    let rmc_officer = |serial| registration("rmc_officer", Some(registered(serial)), true);
    let certified = |years| Some(around.end_of_half(years, Half::December));
    vec![
        person(
            ("Fatima", "van den Berg"),
            1,
            Registration { certified_until: certified(3), ..attendance_officer(31) },
            "fatima.vandenberg@example.org",
            "be looked up by anyone: you are certified; what is in your registration is yours alone",
        ),
        person(
            ("Joris", "Jansen-de Vries"),
            2,
            Registration { certified_until: certified(-1), ..rmc_officer(32) },
            "joris.jansen@example.org",
            "be looked up by either of your names: you are registered, and your certificate has ended",
        ),
        person(
            ("Noor", "Jansen"),
            3,
            attendance_officer(33),
            "noor.jansen@example.org",
            "be looked up: you are registered, and one of two of that name",
        ),
        person(
            ("Bas", "de Wit"),
            4,
            Registration { period: Period::new(None, certified(-1)), ..attendance_officer(34) },
            "bas.dewit@example.org",
            "be looked up and not found: your registration has ended",
        ),
        person(
            ("Lisa", "Meijer"),
            5,
            registration("attendance_officer", Some(registered(35)), false),
            "lisa.meijer@example.org",
            "be looked up and not found: your application is still being assessed",
        ),
    ]
}
