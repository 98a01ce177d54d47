//! The public look-up: who is registered, and what anybody may know of it (LOOKUP-1). No login comes before it, so it is made
//! to answer about one person whom somebody has in mind, and to be of no use for listing a register.
//!
//! A name is found whole or not at all: as people write it, without its prefixes, or by either half of a double name, since
//! somebody may be known by the name of their partner. No part of a family name finds anybody, and nothing stands for another letter.

use jiff::civil::Date;

use super::person::fold_name;

/// How much a tenant's look-up gives away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LookupTerms {
    /// Letters that a family name must have. Default 3.
    pub least_name: u32,
    /// People that one question may find; when there are more, none is told. Default 10.
    pub most_found: u32,
    /// Questions of one address within [`LookupTerms::WINDOW`]. Default 20.
    pub per_address: u32,
    /// Questions of everybody together, on all replicas, within the same. Default 200.
    pub per_tenant: u32,
}

impl LookupTerms {
    /// After how long everything may be asked again.
    pub const WINDOW: std::time::Duration = std::time::Duration::from_secs(600);
}

impl Default for LookupTerms {
    fn default() -> Self {
        Self { least_name: 3, most_found: 10, per_address: 20, per_tenant: 200 }
    }
}

/// Whom somebody looks up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LookedUp {
    /// By a family name, and the beginning of a given name, which may be empty; both folded.
    Name {
        /// The family name, whole.
        family: String,
        /// How the given name begins.
        given: String,
    },
    /// By a registration number, as it is written.
    Number(String),
}

/// Why that is nobody's description.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LookupRefused {
    /// Neither a name nor a number.
    #[error("there is neither a name nor a number")]
    Nothing,
    /// A name and a number: one of both is enough.
    #[error("there is a name and a number")]
    Both,
    /// The family name has too few letters.
    #[error("the name is too short")]
    TooShort,
    /// The name or the number is longer than any.
    #[error("the name or the number is too long")]
    TooLong,
}

/// Characters that a name or a number has at most.
const LONGEST: usize = 100;

impl LookedUp {
    /// Reads a form: `family` and `given`, or `number`.
    ///
    /// # Errors
    /// When it describes nobody.
    pub fn read(terms: &LookupTerms, family: &str, given: &str, number: &str) -> Result<Self, LookupRefused> {
        let (family, given, number) = (family.trim(), given.trim(), number.trim());
        if [family, given, number].iter().any(|text| text.chars().count() > LONGEST) {
            return Err(LookupRefused::TooLong);
        }
        match (family.is_empty() && given.is_empty(), number.is_empty()) {
            (true, true) => Err(LookupRefused::Nothing),
            (true, false) => Ok(Self::Number(number.to_owned())),
            (false, false) => Err(LookupRefused::Both),
            (false, true) => {
                let family = fold_family_name(family);
                if family.chars().count() < terms.least_name as usize {
                    return Err(LookupRefused::TooShort);
                }
                Ok(Self::Name { family, given: fold_name(given) })
            }
        }
    }

    /// `name` or `number`: what the audit log says of it. Whose it was stands there by who was found.
    #[must_use]
    pub const fn by(&self) -> &'static str {
        match self {
            LookedUp::Name { .. } => "name",
            LookedUp::Number(_) => "number",
        }
    }
}

/// Somebody who is registered, and all that anybody is told of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registrant {
    /// Their name.
    pub name: String,
    /// Their registration number.
    pub number: String,
    /// The code of the profession.
    pub profession: String,
    /// What they are in the register.
    pub status: RegistrantStatus,
}

/// What a registrant is in the register.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RegistrantStatus {
    /// Registered.
    Registered,
    /// Registered and certified.
    Certified,
}

impl RegistrantStatus {
    /// Certified until that day inclusive, when there is one.
    #[must_use]
    pub fn on(today: Date, certified_until: Option<Date>) -> Self {
        if certified_until.is_some_and(|until| today <= until) { Self::Certified } else { Self::Registered }
    }

    /// The word for programs.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            RegistrantStatus::Registered => "registered",
            RegistrantStatus::Certified => "certified",
        }
    }
}

/// Words that come before a family name and are not looked for: people leave them out, shorten them, or put them behind. As
/// [`fold_name`] writes them.
const PREFIXES: [&str; 46] = [
    "aan", "al", "auf", "bij", "d", "da", "das", "de", "del", "della", "dem", "den", "der", "des", "di", "do", "dos",
    "du", "el", "het", "im", "in", "l", "la", "las", "le", "les", "lo", "los", "onder", "op", "over", "s", "t", "te",
    "ten", "ter", "tot", "uit", "v", "van", "vd", "vom", "von", "zu", "zum",
];

/// A family name as it is looked for: folded, without its prefixes. `van den Bergh`, `Bergh, van den` and `v.d. Bergh` are alike.
/// What remains is never empty while the name has a letter: somebody called `De` is found by it.
#[must_use]
pub fn fold_family_name(name: &str) -> String {
    let turned = name.split_once(',').map(|(name, before)| format!("{before} {name}"));
    let words: Vec<String> = turned.as_deref().unwrap_or(name).split_whitespace().map(fold_name).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).filter(|word| !word.is_empty()).collect();
    let prefixes = words.iter().take_while(|word| PREFIXES.contains(word)).count();
    words[prefixes.min(words.len().saturating_sub(1))..].concat()
}

/// The names by which somebody is found: the family name, and each part of one that is joined by hyphens.
#[must_use]
pub fn sought_names(family_name: &str) -> Vec<String> {
    let parts = family_name.split(['-', '\u{2010}', '\u{2013}']);
    let mut names: Vec<String> = std::iter::once(family_name).chain(parts).map(fold_family_name).collect();
    names.retain(|name| !name.is_empty());
    names.sort_unstable();
    names.dedup();
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(family: &str, given: &str, number: &str) -> Result<LookedUp, LookupRefused> {
        LookedUp::read(&LookupTerms::default(), family, given, number)
    }

    #[test]
    fn lookup_1_a_name_is_found_however_its_prefixes_are_written() {
        for written in ["van den Bergh", "Van Den Bergh", "Bergh", "Bergh, van den", "v.d. Bergh", "BÉRGH", "v/d Bergh"]
        {
            assert_eq!(fold_family_name(written), "bergh", "{written}");
        }
        for (written, folded) in [
            ("'t Hart", "hart"),
            ("’s Gravesande", "gravesande"),
            ("in 't Veld", "veld"),
            ("Op den Camp", "camp"),
            ("El Amrani", "amrani"),
            ("De", "de"),
            ("van de", "de"),
            ("Vandenbergh", "vandenbergh"),
            ("", ""),
            (" , ", ""),
        ] {
            assert_eq!(fold_family_name(written), folded, "{written}");
        }
    }

    #[test]
    fn lookup_1_a_double_name_is_found_by_either_half() {
        assert_eq!(sought_names("Jansen-de Vries"), ["jansen", "jansendevries", "vries"]);
        assert_eq!(sought_names("de Vries"), ["vries"]);
        assert_eq!(sought_names("-"), [""; 0]);
    }

    #[test]
    fn lookup_1_nobody_is_described_by_too_little_or_by_signs() {
        let name = |family: &str, given: &str| LookedUp::Name { family: family.into(), given: given.into() };
        assert_eq!(read("van den Bergh", "Fatíma", ""), Ok(name("bergh", "fatima")));
        assert_eq!(read(" ", "", " 99900031 "), Ok(LookedUp::Number("99900031".into())));
        for (family, given, number, why) in [
            ("", "", "", LookupRefused::Nothing),
            ("Bergh", "", "99900031", LookupRefused::Both),
            ("Be", "", "", LookupRefused::TooShort),
            ("%%%", "", "", LookupRefused::TooShort),
            ("B__", "", "", LookupRefused::TooShort),
            ("", "Fatima", "", LookupRefused::TooShort),
        ] {
            assert_eq!(read(family, given, number), Err(why), "{family}");
        }
        assert_eq!(read(&"b".repeat(101), "", ""), Err(LookupRefused::TooLong));
        assert_eq!(read("", "", &"9".repeat(101)), Err(LookupRefused::TooLong));
    }

    #[test]
    fn lookup_1_a_certificate_counts_until_its_last_day() {
        let day = |text: &str| text.parse::<Date>().expect("a date");
        let until = Some(day("2026-11-22"));
        assert_eq!(RegistrantStatus::on(day("2026-11-22"), until), RegistrantStatus::Certified);
        assert_eq!(RegistrantStatus::on(day("2026-11-23"), until), RegistrantStatus::Registered);
        assert_eq!(RegistrantStatus::on(day("2026-11-23"), None), RegistrantStatus::Registered);
    }
}
