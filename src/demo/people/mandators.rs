//! Care providers of ProGezondheid who are only acted for: nobody logs in as one of them.

use super::{Invented, registration};
use crate::{
    base::Language,
    demo::numbers::{national_register, nihdi},
};

/// Those who gave a mandate to the insurer: more than one page, eight of one family name, and names that people type
/// without their accents.
const OF_THE_INSURER: [(&str, &str); 33] = [
    ("Aïcha", "Benali"),
    ("Anneleen", "Jacobs"),
    ("Arnaud", "Jacobs"),
    ("Bert", "Jacobs"),
    ("Björn", "Ståhl"),
    ("Céline", "Deschênes"),
    ("Dirk", "Jacobs"),
    ("Élodie", "D'Hondt"),
    ("Emma", "Jacobs"),
    ("François", "Noël"),
    ("Frédéric", "Thévenin"),
    ("Gülay", "Yıldız"),
    ("Hannes", "Müller"),
    ("Ingrid", "Van der Auwera"),
    ("Joris", "Jacobs"),
    ("Jürgen", "Weiß"),
    ("Katrien", "Jacobs"),
    ("Liesbeth", "Coppens"),
    ("Łukasz", "Nowak"),
    ("Mathilde", "Lefèvre"),
    ("Mia", "Jacobs"),
    ("Nathalie", "Hermans"),
    ("Noémie", "Gérard"),
    ("Olivier", "Wéry"),
    ("Patrick", "Lemmens"),
    ("Rik", "Stevens"),
    ("Saskia", "De Smedt"),
    ("Şebnem", "Öztürk"),
    ("Stijn", "Vermeiren"),
    ("Thomas", "Van den Bergh"),
    ("Veerle", "Baert"),
    ("Yves", "Michiels"),
    ("Zoé", "Lefèvre"),
];

/// Those whose mandates are not in force.
const OTHERS: [(&str, &str); 3] = [("Luc", "Mertens"), ("Inès", "Aerts"), ("Ward", "Smets")];

/// The names of those who gave a mandate to the insurer.
pub(super) fn of_the_insurer() -> impl Iterator<Item = String> {
    OF_THE_INSURER.iter().map(|(given, family)| format!("{given} {family}"))
}

pub(super) fn all() -> impl Iterator<Item = Invented> {
    // First digit of the RIZIV number and qualification of each profession.
    const PROFESSIONS: [(&str, u32, u32); 3] = [("physician", 1, 4), ("physiotherapist", 5, 526), ("pharmacist", 2, 1)];
    (100..).zip(OF_THE_INSURER.into_iter().chain(OTHERS)).map(|(serial, (given, family))| {
        let (profession, digit, qualification) = PROFESSIONS[serial as usize % PROFESSIONS.len()];
        let number = nihdi(digit, serial, qualification);
        Invented {
            given,
            family,
            language: if serial % 4 == 0 { Language::Fr } else { Language::Nl },
            national_number: national_register(1955 + serial % 40, 1 + serial % 12, 1 + serial % 28, serial),
            citizen_file: false,
            registrations: vec![registration(profession, Some(number), true)],
            roles: Vec::new(),
            login: None,
        }
    })
}
