//! ProGezondheid: care providers, who hold their mandates, a hospital, and an administrator of a group practice.

use super::{
    Around, EUROPEAN, Half, HeldBy, Invented, LogIn, Mandated, Member, Organized, World, mandators, registration,
};
use crate::{
    base::Language,
    demo::numbers::{enterprise, national_register, nihdi},
    domain::{
        organization::Management,
        period::Period,
        person::{Registration, Role},
    },
};

const HOSPITAL: &str = "Ziekenhuis Sint-Anna";
const INSURER: &str = "Verzekeringen De Brug NV";

const JAN: &str = "jan.claes@example.org";
const MARIE: &str = "marie.dubois@example.org";
const ELS: &str = "els.peeters@example.org";
const HILDE: &str = "hilde.goossens@example.org";
const KAREL: &str = "karel.janssens@example.org";
const LOTTE: &str = "lotte.maes@example.org";
const SOFIE: &str = "sofie.lambert@example.org";
const TOM: &str = "tom.willems@example.org";

pub(super) fn world(around: &Around) -> World {
    let mut people = who_log_in();
    people.extend(mandators::all());
    World {
        tenant: "progezondheid",
        people,
        organizations: organizations(around),
        mandates: mandates(around),
        ties: Vec::new(),
    }
}

/// Somebody born on a day (year, month, day), who logs in.
fn person(
    (given, family): (&'static str, &'static str),
    language: Language,
    (year, month, day): (u32, u32, u32),
    user: &'static str,
    tries: &'static str,
) -> Invented {
    Invented {
        given,
        family,
        language,
        national_number: national_register(year, month, day, 900 + day),
        citizen_file: false,
        registrations: Vec::new(),
        roles: Vec::new(),
        login: Some(LogIn { user, tries }),
    }
}

fn registered(person: Invented, registrations: impl IntoIterator<Item = Registration>) -> Invented {
    Invented { registrations: registrations.into_iter().collect(), ..person }
}

fn who_log_in() -> Vec<Invented> {
    use Language::{De, Fr, Nl};
    vec![
        registered(
            person(
                ("Jan", "Claes"),
                Nl,
                (1974, 3, 12),
                JAN,
                "choose ‘physician’ and read your own file, which your mandate holders can read too",
            ),
            [registration("physician", Some(nihdi(1, 1, 4)), true)],
        ),
        registered(
            person(
                ("Marie", "Dubois"),
                Fr,
                (1982, 7, 30),
                MARIE,
                "log in with a code by e-mail and see what your file still asks of you",
            ),
            [registration("physiotherapist", Some(nihdi(5, 2, 526)), true)],
        ),
        registered(
            person(("Koen", "Devos"), Nl, (1969, 11, 5), "koen.devos@example.org", "choose between two professions"),
            [
                registration("pharmacist", Some(nihdi(2, 3, 1)), true),
                registration("pharmacist_biologist", Some(nihdi(2, 3, 68)), true),
            ],
        ),
        registered(
            person(
                ("Greta", "Schmitz"),
                De,
                (1990, 1, 23),
                "greta.schmitz@example.org",
                "see every page, and your register, in German",
            ),
            [registration("pharmacist", Some(nihdi(2, 4, 1)), true)],
        ),
        registered(
            person(
                ("Anke", "Willaert"),
                Nl,
                (1995, 5, 17),
                "anke.willaert@example.org",
                "be a care provider without a RIZIV number",
            ),
            [registration("audiologist", None, true)],
        ),
        person(
            ("Els", "Peeters"),
            Nl,
            (1979, 9, 8),
            ELS,
            "look for Jan Claes, and act for him; then try the file of Marie Dubois",
        ),
        Invented {
            citizen_file: true,
            ..person(
                ("Hilde", "Goossens"),
                Nl,
                (1966, 2, 19),
                HILDE,
                "be asked whether to go on as mandate holder or as citizen",
            )
        },
        person(
            ("Karel", "Janssens"),
            Nl,
            (1971, 6, 2),
            KAREL,
            "choose ‘citizen’ within De Brug and look among the mandators of an enterprise, 25 a page",
        ),
        person(
            ("Lotte", "Maes"),
            Nl,
            (1984, 4, 14),
            LOTTE,
            "choose the hospital, give Tom Willems the right to reports, and take it back",
        ),
        person(
            ("Sofie", "Lambert"),
            Fr,
            (1988, 10, 27),
            SOFIE,
            "choose the hospital and grant the one right that was entrusted to you, until its end",
        ),
        person(
            ("Tom", "Willems"),
            Nl,
            (1993, 8, 21),
            TOM,
            "choose the hospital, open its reports, and read which right is missing and who can give it",
        ),
        registered(
            person(
                ("Nora", "Haddad"),
                Nl,
                (1998, 12, 3),
                "nora.haddad@example.org",
                "read why you can only be a citizen as long as your registration is not complete",
            ),
            [registration("physician", None, false)],
        ),
        Invented {
            roles: vec![Role::Director],
            ..person(
                ("Pieter", "Wouters"),
                Nl,
                (1963, 3, 29),
                "pieter.wouters@example.org",
                "go on as citizen with the rights of a director: open the administration",
            )
        },
        person(
            ("An", "Verbeke"),
            Nl,
            (1991, 9, 11),
            "an.verbeke@example.org",
            "be a citizen and nothing else; on the account page, add a passkey and log in with it",
        ),
    ]
}

fn organizations(around: &Around) -> Vec<Organized> {
    let open = Period::default();
    let half = Period::new(None, Some(around.end_of_half(1, Half::June)));
    vec![
        Organized {
            name: HOSPITAL,
            number: Some(enterprise(101)),
            rights: vec![
                ("reporting", open),
                ("invoicing", Period::new(None, Some(around.end_of_half(1, Half::December)))),
            ],
            members: vec![
                Member::new(LOTTE, Management::ChiefAccessManager),
                Member { entrusted: vec![("reporting", half)], ..Member::new(SOFIE, Management::AccessManager) },
                Member::new(TOM, Management::None),
                Member::new("koen.devos@example.org", Management::None),
            ],
        },
        Organized {
            name: INSURER,
            number: Some(enterprise(202)),
            rights: Vec::new(),
            members: vec![Member { representative: true, ..Member::new(KAREL, Management::None) }],
        },
        Organized {
            name: EUROPEAN.0,
            number: Some(EUROPEAN.1.to_owned()),
            rights: vec![("reporting", open)],
            members: Vec::new(),
        },
    ]
}

fn mandates(around: &Around) -> Vec<Mandated> {
    let june = Some(around.end_of_half(1, Half::June));
    let december = Some(around.end_of_half(0, Half::December));
    let over = Some(around.end_of_half(-1, Half::December));
    let els = HeldBy::Person(ELS);
    let mut mandates = vec![
        Mandated::new(JAN, els, june, around),
        Mandated::new("Élodie D'Hondt", els, december, around),
        Mandated::new("Thomas Van den Bergh", els, None, around),
        // For another scope: it is found and chosen, and opens no file.
        Mandated { scope: "social_statute", ..Mandated::new("Zoé Lefèvre", els, june, around) },
        Mandated { ended: true, ..Mandated::new("Luc Mertens", els, june, around) },
        Mandated { accepted: false, ..Mandated::new("Inès Aerts", els, june, around) },
        Mandated::new("Ward Smets", els, over, around),
        Mandated::new(MARIE, HeldBy::Person(HILDE), None, around),
    ];
    let insurer = HeldBy::Organization(INSURER);
    mandates.push(Mandated::new(JAN, insurer, june, around));
    mandates.extend(mandators::of_the_insurer().enumerate().map(|(place, mandator)| {
        let until = [june, december, None][place % 3];
        Mandated::new(mandator, insurer, until, around)
    }));
    mandates.extend([
        Mandated { ended: true, ..Mandated::new("Luc Mertens", insurer, june, around) },
        Mandated { accepted: false, ..Mandated::new("Inès Aerts", insurer, june, around) },
        Mandated::new("Ward Smets", insurer, over, around),
    ]);
    mandates
}
