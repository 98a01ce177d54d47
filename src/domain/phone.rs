//! Telephone numbers to which codes are sent: in the form of E.164, of countries that the tenant names, and of a line that costs the
//! caller no more than a call.
//!
//! The numbering plans are those of libphonenumber, which the crate `phonenumber` follows. Whoever runs a premium line earns by every
//! message that is sent there, so what kind of line a number has and in which country is looked at before anything is sent.

use std::fmt;

use phonenumber::{Mode, Type, country, metadata::DATABASE};
use zeroize::Zeroizing;

/// The longest text that is looked at: no number is written longer.
const LONGEST: usize = 40;

/// A country with a numbering plan, by its code of ISO 3166-1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Country(country::Id);

impl Country {
    /// From its two letters, as in `NL`.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        code.parse().ok().map(Self).filter(|country| country.code() == code)
    }

    /// The two letters.
    #[must_use]
    pub fn code(&self) -> &str {
        self.0.as_ref()
    }
}

/// What can be done on the line of a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line {
    /// It takes an SMS and a call.
    Mobile,
    /// It takes a call, perhaps a central one that many share (LOGIN-10).
    Landline,
}

/// A telephone number (ITU-T E.164). Does not print.
#[derive(Clone, PartialEq, Eq)]
pub struct PhoneNumber {
    e164: Zeroizing<String>,
    line: Line,
}

/// Why nothing can be sent to a text that somebody typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoPhone {
    /// It is no number of any plan.
    #[error("no telephone number")]
    NotANumber,
    /// It is one of a country that the tenant does not name.
    #[error("a number of a country that is not allowed")]
    Elsewhere,
    /// Calling it costs more than a call, or nobody has it at home.
    #[error("a line of a kind that is not called")]
    OtherLine,
}

impl PhoneNumber {
    /// The number that somebody typed. One without a country is of the first of `allowed`.
    ///
    /// # Errors
    /// Why it cannot be called.
    pub fn parse(typed: &str, allowed: &[Country]) -> Result<Self, NoPhone> {
        let typed = typed.trim();
        // What is no digit is there to be read more easily; no letters, extensions or addresses (`tel:`).
        let plain = typed.chars().all(|c| c.is_ascii_digit() || "+-()/. \u{a0}".contains(c));
        if typed.len() > LONGEST || !plain {
            return Err(NoPhone::NotANumber);
        }
        let home = allowed.first().map(|country| country.0);
        let number = phonenumber::parse(home, typed).map_err(|_| NoPhone::NotANumber)?;
        if !number.is_valid() || number.extension().is_some() {
            return Err(NoPhone::NotANumber);
        }
        if !number.country().id().is_some_and(|id| allowed.contains(&Country(id))) {
            return Err(NoPhone::Elsewhere);
        }
        let line = match number.number_type(&DATABASE) {
            Type::Mobile | Type::FixedLineOrMobile => Line::Mobile,
            // Numbers of companies and of internet telephony are central numbers of institutions.
            Type::FixedLine | Type::Voip | Type::Uan => Line::Landline,
            _ => return Err(NoPhone::OtherLine),
        };
        Ok(Self { e164: Zeroizing::new(number.format().mode(Mode::E164).to_string()), line })
    }

    /// `+`, the country and the number, without anything between.
    #[must_use]
    pub fn e164(&self) -> &str {
        &self.e164
    }

    /// What can be done on its line.
    #[must_use]
    pub const fn line(&self) -> Line {
        self.line
    }

    /// Its last two digits, by which its owner recognises it.
    #[must_use]
    pub fn end(&self) -> &str {
        &self.e164[self.e164.len().saturating_sub(2)..]
    }
}

impl fmt::Debug for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PhoneNumber({:?}, [hidden])", self.line)
    }
}

/// Where codes may be sent by telephone, and how much of it there may be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PhoneTerms {
    /// The countries whose numbers are taken; one that is written without its country is of the first.
    pub countries: Vec<Country>,
    /// Whether everybody who logs in with a password here must have a verified number. Then only the helpdesk changes it (LOGIN-8).
    pub required: bool,
    /// How many messages all people of the tenant together are sent in a day, at most.
    pub per_day: u32,
}

impl PhoneTerms {
    /// Messages a day when the tenant's file does not say.
    pub const PER_DAY: u32 = 2000;
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn allowed() -> Vec<Country> {
        ["NL", "BE"].map(|code| Country::parse(code).expect("a country")).to_vec()
    }

    #[test]
    fn a_number_is_read_however_it_is_written() {
        for typed in [
            "0612345678",
            "06 - 12 34 56 78",
            "+31612345678",
            "0031 6 12345678",
            "(+31) 6.1234.5678",
            "+31 (0)6 12345678",
        ] {
            let number = PhoneNumber::parse(typed, &allowed()).expect(typed);
            assert_eq!((number.e164(), number.line(), number.end()), ("+31612345678", Line::Mobile, "78"), "{typed}");
        }
        let belgian = PhoneNumber::parse("+32 470 12 34 56", &allowed()).expect("a number");
        assert_eq!((belgian.e164(), belgian.line()), ("+32470123456", Line::Mobile));
    }

    #[test]
    fn a_landline_is_known_by_its_plan() {
        for typed in ["020 - 624 11 11", "+32 2 555 12 12", "088 440 43 90"] {
            assert_eq!(
                PhoneNumber::parse(typed, &allowed()).map(|number| number.line()),
                Ok(Line::Landline),
                "{typed}"
            );
        }
    }

    #[test]
    fn toll_fraud_what_earns_whoever_is_called_is_not_called() {
        for (typed, why) in [
            ("0900 1234567", NoPhone::OtherLine),
            ("0906 1234567", NoPhone::OtherLine),
            ("0800 1234567", NoPhone::OtherLine),
            ("+32 902 12 345", NoPhone::OtherLine),
            ("+44 7400 123456", NoPhone::Elsewhere),
            ("+44 7797 712345", NoPhone::Elsewhere),
            ("+1 212 555 0123", NoPhone::Elsewhere),
            ("+371 21 234 567", NoPhone::Elsewhere),
            ("+883 5100 12345678", NoPhone::NotANumber),
        ] {
            let refused = PhoneNumber::parse(typed, &allowed()).err();
            assert!(refused == Some(why) || (why == NoPhone::NotANumber && refused.is_some()), "{typed}: {refused:?}");
        }
    }

    #[test]
    fn what_is_no_number_is_called_so() {
        let long = "1".repeat(10_000);
        for typed in [
            "",
            "112",
            "12345",
            "06123456789012",
            "tel:+31612345678",
            "+31612345678;ext=1",
            "+31612345678x9",
            "0612345678,1",
            "٠٦١٢",
            &long,
        ] {
            assert_eq!(PhoneNumber::parse(typed, &allowed()).err(), Some(NoPhone::NotANumber), "{typed:.40}");
        }
        assert!(PhoneNumber::parse("0612345678", &[]).is_err(), "no country, no number");
    }

    #[test]
    fn countries_have_two_capital_letters() {
        assert_eq!(Country::parse("NL").map(|country| country.code().to_owned()), Some("NL".into()));
        for code in ["nl", "NLD", "31", "XX", ""] {
            assert_eq!(Country::parse(code), None, "{code}");
        }
    }

    #[test]
    fn a_number_does_not_print() {
        let number = PhoneNumber::parse("0612345678", &allowed()).expect("a number");
        assert_eq!(format!("{number:?}"), "PhoneNumber(Mobile, [hidden])");
    }

    proptest! {
        #[test]
        fn what_is_read_is_read_as_the_same_again(typed in "[+0-9 ()./-]{0,24}") {
            if let Ok(number) = PhoneNumber::parse(&typed, &allowed()) {
                prop_assert_eq!(PhoneNumber::parse(number.e164(), &allowed()), Ok(number));
            }
        }
    }
}
