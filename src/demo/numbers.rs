//! Numbers for invented people: they pass every check that real ones pass, and are nobody's.
//!
//! | number | nobody's because |
//! |---|---|
//! | national register number | its month is 81 to 92; the register adds 20 or 40 to a month at most (bis numbers) |
//! | BSN | it begins with 99999, which is kept for tests |
//! | RIZIV | its five digits begin with 99, far beyond those that were given out |
//! | enterprise | it begins with 1999, far beyond those that were given out |
//! | registration of a physician (Dutch) | it begins with 999; a real one begins with two digits of the profession |
//! | registration of another Dutch register | it begins with 999 |
//!
//! Written from the definitions of the numbers, not from `domain::identifier`, which the tests check it against.

/// A Belgian national register number for a day of birth and a serial number of that day; the month is raised by 80.
#[must_use]
pub(super) fn national_register(year: u32, month: u32, day: u32, serial: u32) -> String {
    let base = u64::from(((year % 100 * 100 + month + 80) * 100 + day) * 1000 + serial);
    let counted = if year >= 2000 { 2_000_000_000 + base } else { base };
    format!("{base:09}{:02}", 97 - counted % 97)
}

/// The first BSN of the test range from `serial` on.
#[must_use]
pub(super) fn bsn(serial: u32) -> String {
    // Of eleven eight-digit beginnings one has no check digit: 10 is none.
    (99_999_000 + serial..)
        .find_map(|base| {
            let sum: u32 = (0..8).map(|place| base / 10_u32.pow(place) % 10 * (place + 2)).sum();
            (sum % 11 < 10).then(|| format!("{base}{}", sum % 11))
        })
        .unwrap_or_default()
}

/// A RIZIV number: profession (1 digit), serial (below 1000), check digits, qualification (3 digits).
#[must_use]
pub(super) fn nihdi(profession: u32, serial: u32, qualification: u32) -> String {
    let base = profession * 100_000 + 99_000 + serial;
    format!("{base}{:02}{qualification:03}", 97 - base % 97)
}

/// An enterprise number.
#[must_use]
pub(super) fn enterprise(serial: u32) -> String {
    let base = 19_990_000 + serial;
    format!("{base}{:02}", 97 - base % 97)
}

/// A registration number of a Dutch physician: eleven digits that check nothing.
#[must_use]
pub(super) fn physician(serial: u32) -> String {
    format!("999{:06}01", serial)
}

/// A registration number of another Dutch register: eight digits that check nothing.
#[must_use]
pub(super) fn registered(serial: u32) -> String {
    format!("999{serial:05}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::identifier::{Bsn, EnterpriseNumber, NationalRegisterNumber, NihdiNumber};

    #[test]
    fn the_numbers_pass_the_checks_and_are_nobodys() {
        for serial in 1..200 {
            let number = national_register(1950 + serial % 60, 1 + serial % 12, 1 + serial % 28, serial);
            assert!(NationalRegisterNumber::parse(&number).is_ok(), "{number}");
            assert!(("81"..="92").contains(&&number[2..4]), "{number}");
            let number = bsn(serial);
            assert!(Bsn::parse(&number).is_ok() && number.starts_with("99999"), "{number}");
            let number = nihdi(1 + serial % 9, serial, 4);
            assert!(NihdiNumber::parse(&number).is_ok_and(|parsed| parsed.as_str() == number), "{number}");
            let number = enterprise(serial);
            assert!(EnterpriseNumber::parse(&number).is_ok(), "{number}");
            assert_eq!(physician(serial).len(), 11);
        }
    }
}
