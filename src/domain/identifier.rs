//! The numbers of the registers. To parse is to check: a value of one of these types has the right digits.
//!
//! National numbers ([`Bsn`], [`NationalRegisterNumber`]), and names that stand in their place ([`ActingName`]), do not print: they stand in
//! no URL, log, trace, mail or error.

use std::fmt;

use zeroize::Zeroizing;

/// The text is not such a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a valid number of this kind")]
pub struct InvalidNumber;

/// Digits only, after removing what people write between them (space, dot, hyphen, slash).
fn digits(text: &str, length: usize) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(length);
    for c in text.trim().chars() {
        match c {
            '0'..='9' if out.len() < length => out.push(c as u8 - b'0'),
            ' ' | '.' | '-' | '/' => {}
            _ => return None,
        }
    }
    (out.len() == length).then_some(out)
}

fn number(digits: &[u8]) -> u64 {
    digits.iter().fold(0, |sum, d| sum * 10 + u64::from(*d))
}

fn text(digits: &[u8]) -> String {
    digits.iter().map(|d| char::from(b'0' + d)).collect()
}

/// A national number: which kind, and its canonical digits. Kept sealed, found through a keyed index.
#[derive(Clone, PartialEq, Eq)]
pub enum NationalNumber {
    /// A Dutch citizen service number.
    Bsn(Bsn),
    /// A Belgian national register or bis number.
    NationalRegister(NationalRegisterNumber),
    /// None that a state gave: the name by which a provider knows who acts for an organization.
    Acting(ActingName),
    /// None of this country: what eIDAS calls somebody of another one.
    European(EuropeanName),
}

impl NationalNumber {
    /// The word of its kind, part of what the index covers.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            NationalNumber::Bsn(_) => "bsn",
            NationalNumber::NationalRegister(_) => "nrn",
            NationalNumber::Acting(_) => "acting",
            NationalNumber::European(_) => "european",
        }
    }

    /// Its digits. For sealing, indexing and the backends that may have it; nothing else.
    #[must_use]
    pub fn reveal(&self) -> &str {
        match self {
            NationalNumber::Bsn(number) => &number.0,
            NationalNumber::NationalRegister(number) => &number.0,
            NationalNumber::Acting(name) => &name.0,
            NationalNumber::European(name) => &name.0,
        }
    }

    /// Whether it is a number that this state gave: anything else no backend is told.
    #[must_use]
    pub const fn is_of_a_state(&self) -> bool {
        matches!(self, NationalNumber::Bsn(_) | NationalNumber::NationalRegister(_))
    }
}

impl fmt::Debug for NationalNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "NationalNumber({}, [hidden])", self.kind())
    }
}

/// Who acts for an organization, where nobody tells who they are: a pseudonym, which is of this person at this organization, and for one
/// who acts for it in its turn. The same person at another organization is somebody else here. Does not print.
#[derive(Clone, PartialEq, Eq)]
pub struct ActingName(Zeroizing<String>);

impl ActingName {
    const MARK: &'static str = "acting:";

    /// The name of a pseudonym at an organization.
    ///
    /// # Errors
    /// When the pseudonym is empty, longer than 1024 bytes, or has anything in it but printable ASCII.
    pub fn new(
        organization: &CompanyNumber,
        intermediary: Option<&CompanyNumber>,
        pseudonym: &str,
    ) -> Result<Self, InvalidNumber> {
        let between = intermediary.map(|number| format!("{number}>")).unwrap_or_default();
        Self::parse(&format!("{}{between}{organization}:{pseudonym}", Self::MARK))
    }

    /// The name as it is kept. No text of digits alone is one.
    ///
    /// # Errors
    /// When it is none.
    pub fn parse(text: &str) -> Result<Self, InvalidNumber> {
        let (companies, pseudonym) =
            text.strip_prefix(Self::MARK).and_then(|rest| rest.split_once(':')).ok_or(InvalidNumber)?;
        let plain = (1..=1024).contains(&pseudonym.len()) && pseudonym.bytes().all(|b| b.is_ascii_graphic());
        let known = companies.split('>').all(|number| CompanyNumber::parse(number).is_ok());
        if plain && known { Ok(Self(Zeroizing::new(text.to_owned()))) } else { Err(InvalidNumber) }
    }
}

impl fmt::Debug for ActingName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ActingName([hidden])")
    }
}

/// What eIDAS calls somebody of another country towards this one: the whole of `ES/BE/02635542Y`, the country that says it, the one to which
/// it is said, and what only the first one understands (eIDAS SAML attribute profile 1.2 section 2.2.3); or the pseudonym by which a broker
/// knows them. Another receiving country is told another one, so it is no national number. Does not print.
#[derive(Clone, PartialEq, Eq)]
pub struct EuropeanName(Zeroizing<String>);

impl EuropeanName {
    const MARK: &'static str = "european:";

    /// The identifier of a person (`PersonIdentifier`), said to `country`.
    ///
    /// # Errors
    /// When it is none, or said to another country.
    pub fn new(identifier: &str, country: &str) -> Result<Self, InvalidNumber> {
        match european(identifier) {
            Some((_, to, _)) if to == country => Self::parse(&format!("{}{identifier}", Self::MARK)),
            _ => Err(InvalidNumber),
        }
    }

    /// The pseudonym by which a broker knows somebody.
    ///
    /// # Errors
    /// When it is empty, longer than 1024 bytes, or has anything in it but printable ASCII.
    pub fn by_broker(pseudonym: &str) -> Result<Self, InvalidNumber> {
        Self::parse(&format!("{}:{pseudonym}", Self::MARK))
    }

    /// The name as it is kept. No text of digits alone is one.
    ///
    /// # Errors
    /// When it is none.
    pub fn parse(text: &str) -> Result<Self, InvalidNumber> {
        let rest = text.strip_prefix(Self::MARK).ok_or(InvalidNumber)?;
        let right = match rest.strip_prefix(':') {
            Some(pseudonym) => (1..=1024).contains(&pseudonym.len()) && pseudonym.bytes().all(|b| b.is_ascii_graphic()),
            None => european(rest).is_some(),
        };
        if right { Ok(Self(Zeroizing::new(text.to_owned()))) } else { Err(InvalidNumber) }
    }
}

impl fmt::Debug for EuropeanName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EuropeanName([hidden])")
    }
}

/// The parts of an identifier of eIDAS: the country that says it, the one to which it is said, and the rest. One that could be read in
/// two ways is none: there is no space in it, nothing that does not print, and nothing but ASCII.
fn european(text: &str) -> Option<(&str, &str, &str)> {
    let (from, rest) = text.split_once('/')?;
    let (to, rest) = rest.split_once('/')?;
    let country = |code: &str| code.len() == 2 && code.bytes().all(|b| b.is_ascii_uppercase());
    let plain = (1..=256).contains(&rest.len()) && rest.bytes().all(|b| b.is_ascii_graphic());
    (country(from) && country(to) && plain).then_some((from, to, rest))
}

/// A BSN: nine digits that pass the eleven test. Does not print.
#[derive(Clone, PartialEq, Eq)]
pub struct Bsn(Zeroizing<String>);

impl Bsn {
    /// Nine digits, 9·a + 8·b + … + 2·h − i divisible by 11, not all zero.
    ///
    /// # Errors
    /// When the digits are not a BSN.
    pub fn parse(input: &str) -> Result<Self, InvalidNumber> {
        let d = digits(input, 9).ok_or(InvalidNumber)?;
        let sum: i64 = (0..8).map(|i| (9 - i as i64) * i64::from(d[i])).sum::<i64>() - i64::from(d[8]);
        if sum % 11 == 0 && number(&d) > 0 { Ok(Self(Zeroizing::new(text(&d)))) } else { Err(InvalidNumber) }
    }
}

impl fmt::Debug for Bsn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Bsn([hidden])")
    }
}

/// A Belgian national register number or bis number: eleven digits, the last two 97 − (the first nine modulo 97), with
/// a 2 before the nine for who was born from 2000 on. Does not print.
#[derive(Clone, PartialEq, Eq)]
pub struct NationalRegisterNumber(Zeroizing<String>);

impl NationalRegisterNumber {
    /// Eleven digits with their check digits.
    ///
    /// # Errors
    /// When the digits are no such number.
    pub fn parse(input: &str) -> Result<Self, InvalidNumber> {
        let d = digits(input, 11).ok_or(InvalidNumber)?;
        let base = number(&d[..9]);
        let check = number(&d[9..]);
        let born_before = 97 - base % 97 == check;
        let born_after = 97 - (2_000_000_000 + base) % 97 == check;
        if (born_before || born_after) && base > 0 { Ok(Self(Zeroizing::new(text(&d)))) } else { Err(InvalidNumber) }
    }
}

impl fmt::Debug for NationalRegisterNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NationalRegisterNumber([hidden])")
    }
}

/// A NIHDI (RIZIV/INAMI) number: eight digits that say who it is, of which the last two are 97 − (the first six modulo
/// 97), and for a care provider three of their qualification. A person is found by the first eight.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct NihdiNumber(String);

impl NihdiNumber {
    /// Eight or eleven digits.
    ///
    /// # Errors
    /// When the digits are no such number.
    pub fn parse(input: &str) -> Result<Self, InvalidNumber> {
        let d = digits(input, 11).or_else(|| digits(input, 8)).ok_or(InvalidNumber)?;
        if number(&d[..6]) > 0 && 97 - number(&d[..6]) % 97 == number(&d[6..8]) {
            Ok(Self(text(&d)))
        } else {
            Err(InvalidNumber)
        }
    }

    /// All its digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The eight digits that say who it is.
    #[must_use]
    pub fn base(&self) -> &str {
        &self.0[..8]
    }
}

/// `1-23456-78-901`, as people know it.
impl fmt::Display for NihdiNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let n = &self.0;
        write!(f, "{}-{}-{}", &n[..1], &n[1..6], &n[6..8])?;
        if n.len() == 11 {
            write!(f, "-{}", &n[8..])?;
        }
        Ok(())
    }
}

/// A Belgian enterprise number (KBO/BCE): ten digits beginning with 0 or 1, the last two 97 − (the first eight modulo 97).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct EnterpriseNumber(String);

impl EnterpriseNumber {
    /// Ten digits, or the nine of an old number without its leading zero.
    ///
    /// # Errors
    /// When the digits are no such number.
    pub fn parse(input: &str) -> Result<Self, InvalidNumber> {
        let d = digits(input, 10)
            .or_else(|| {
                digits(input, 9).map(|mut nine| {
                    nine.insert(0, 0);
                    nine
                })
            })
            .ok_or(InvalidNumber)?;
        if d[0] <= 1 && number(&d[..8]) > 0 && 97 - number(&d[..8]) % 97 == number(&d[8..]) {
            Ok(Self(text(&d)))
        } else {
            Err(InvalidNumber)
        }
    }

    /// Its ten digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// `0123.456.789`, as people know it.
impl fmt::Display for EnterpriseNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let n = &self.0;
        write!(f, "{}.{}.{}", &n[..4], &n[4..7], &n[7..])
    }
}

/// The number by which a register knows an organization: that of the Dutch Chamber of Commerce (KvK, eight digits), of one of its branches
/// (vestigingsnummer, twelve digits after it), of its legal person (RSIN, nine digits that pass the eleven test); or, of another country's,
/// the one that eIDAS tells (`LegalPersonIdentifier`: `DE/NL/HRB86891`).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CompanyNumber(String);

impl CompanyNumber {
    /// Eight or nine digits, or eight, a hyphen and twelve; or two countries and what the first one says.
    ///
    /// # Errors
    /// When the text is no such number.
    pub fn parse(input: &str) -> Result<Self, InvalidNumber> {
        let input = input.trim();
        if input.contains('/') {
            return Self::european(input);
        }
        if let Some((company, branch)) = input.split_once('-') {
            return Self::kvk(company)?.branch(branch);
        }
        Self::kvk(input).or_else(|_| Self::rsin(input))
    }

    /// What eIDAS calls a legal person of another country (`LegalPersonIdentifier`), as [`EuropeanName`] has it of people.
    ///
    /// # Errors
    /// When it is none, or has anything in it but letters, digits, `-`, `.`, `_` and `/`.
    pub fn european(input: &str) -> Result<Self, InvalidNumber> {
        let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_' | b'/');
        let right = european(input).is_some_and(|(_, _, rest)| rest.bytes().all(plain));
        if right { Ok(Self(input.to_owned())) } else { Err(InvalidNumber) }
    }

    /// A number of the Chamber of Commerce. It has no check digit.
    ///
    /// # Errors
    /// When there are not eight digits.
    pub fn kvk(input: &str) -> Result<Self, InvalidNumber> {
        digits(input, 8).filter(|d| number(d) > 0).map(|d| Self(text(&d))).ok_or(InvalidNumber)
    }

    /// A number of a legal person.
    ///
    /// # Errors
    /// When the nine digits do not pass the eleven test.
    pub fn rsin(input: &str) -> Result<Self, InvalidNumber> {
        Bsn::parse(input).map(|number| Self(number.0.to_string()))
    }

    /// One branch of this company.
    ///
    /// # Errors
    /// When there are not twelve digits, or this is no company's number itself.
    pub fn branch(self, input: &str) -> Result<Self, InvalidNumber> {
        let branch = digits(input, 12).filter(|_| self.0.len() == 8).ok_or(InvalidNumber)?;
        Ok(Self(format!("{}-{}", self.0, text(&branch))))
    }

    /// Its digits; those of a branch after a hyphen.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for CompanyNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_bsn_passes_the_eleven_test() {
        assert!(Bsn::parse("111222333").is_ok());
        assert!(Bsn::parse(" 1112.22.333 ").is_ok());
        for bad in ["111222334", "000000000", "11122233", "1112223330", "11122233a", "", "１１１２２２３３３"]
        {
            assert_eq!(Bsn::parse(bad), Err(InvalidNumber), "{bad}");
        }
    }

    #[test]
    fn a_national_register_number_has_check_digits_of_its_century() {
        // Born 1985-07-30, number 033: 97 - 850730033 % 97 = 28.
        assert!(NationalRegisterNumber::parse("85.07.30-033.28").is_ok());
        // Born in 2000 or later: the same digits with a 2 before them.
        let base = 100_203_005_u64;
        let check = 97 - (2_000_000_000 + base) % 97;
        assert!(NationalRegisterNumber::parse(&format!("{base:09}{check:02}")).is_ok());
        for bad in ["85073003327", "8507300332", "000000000097", "abc"] {
            assert!(NationalRegisterNumber::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_nihdi_number_is_found_by_its_first_eight_digits() {
        let check = 97 - 123_456 % 97;
        let number = NihdiNumber::parse(&format!("1-23456-{check:02}-004")).expect("valid");
        assert_eq!(number.base(), format!("123456{check:02}"));
        assert_eq!(number.to_string(), format!("1-23456-{check:02}-004"));
        assert!(NihdiNumber::parse(number.base()).is_ok());
        assert!(NihdiNumber::parse("12345600004").is_err());
    }

    #[test]
    fn an_enterprise_number() {
        assert_eq!(
            EnterpriseNumber::parse("BE0403.170.701".trim_start_matches("BE")).map(|n| n.to_string()),
            Ok("0403.170.701".into())
        );
        assert_eq!(EnterpriseNumber::parse("403170701"), EnterpriseNumber::parse("0403170701"));
        assert!(EnterpriseNumber::parse("0403170702").is_err());
        assert!(EnterpriseNumber::parse("2403170701").is_err());
    }

    #[test]
    fn a_company_has_a_number_of_its_own_of_a_branch_or_of_its_legal_person() {
        for (text, canonical) in [
            ("12345678", "12345678"),
            ("12 34 56 78", "12345678"),
            ("12345678-000012345678", "12345678-000012345678"),
            ("123456782", "123456782"),
        ] {
            assert_eq!(CompanyNumber::parse(text).expect(text).as_str(), canonical);
        }
        for odd in
            ["", "1234567", "00000000", "123456783", "123456782-000012345678", "12345678-1", "12345678-", "x2345678"]
        {
            assert_eq!(CompanyNumber::parse(odd), Err(InvalidNumber), "{odd}");
        }
    }

    #[test]
    fn who_acts_for_an_organization_is_known_by_it_and_by_no_digits() {
        let (company, other) = (CompanyNumber::kvk("12345678"), CompanyNumber::kvk("87654321"));
        let (company, other) = (company.expect("a number"), other.expect("a number"));
        let name = |intermediary, pseudonym| ActingName::new(&company, intermediary, pseudonym);
        let number = NationalNumber::Acting(name(None, "A1b2@x").expect("a name"));
        assert_eq!((number.kind(), number.reveal()), ("acting", "acting:12345678:A1b2@x"));
        assert!(!number.is_of_a_state());
        let chained = NationalNumber::Acting(name(Some(&other), "A1b2@x").expect("a name"));
        assert_eq!(chained.reveal(), "acting:87654321>12345678:A1b2@x");
        for odd in ["", " x", "é", &"x".repeat(1025)] {
            assert_eq!(name(None, odd), Err(InvalidNumber), "{odd}");
        }
        for odd in ["123456782", "85073003328", "acting:", "acting:1:x", "12345678:x"] {
            assert_eq!(ActingName::parse(odd), Err(InvalidNumber), "{odd}");
        }
    }

    #[test]
    fn somebody_of_another_country_is_known_by_the_whole_of_what_it_says_to_this_one() {
        let name = EuropeanName::new("ES/NL/02635542Y", "NL").expect("an identifier");
        let number = NationalNumber::European(name);
        assert_eq!((number.kind(), number.reveal()), ("european", "european:ES/NL/02635542Y"));
        assert!(!number.is_of_a_state());
        assert!(EuropeanName::parse(number.reveal()).is_ok(), "as it is kept");
        assert!(EuropeanName::new("GR/NL/a/b", "NL").is_ok(), "what only the other country understands");
        for odd in [
            "ES/BE/02635542Y",
            "es/NL/1",
            "ES/NL/",
            "ES/NL",
            "ESP/NL/1",
            "ES/NL/1 ",
            "ES/NL/\u{410}1",
            "",
            "999990019",
            "/NL/1",
        ] {
            assert!(EuropeanName::new(odd, "NL").is_err(), "{odd}");
        }
        assert!(EuropeanName::by_broker("A1b2@x").is_ok_and(|name| EuropeanName::parse(&name.0).is_ok()));
        for odd in ["", " x", "é"] {
            assert!(EuropeanName::by_broker(odd).is_err(), "{odd}");
        }
        assert!(EuropeanName::parse("123456782").is_err() && EuropeanName::parse("acting:12345678:x").is_err());
        // No pseudonym is an identifier, nor the other way round.
        assert!(EuropeanName::new(":ES/NL/1", "NL").is_err());
        let company = CompanyNumber::parse("DE/NL/HRB86891").expect("a legal person");
        assert_eq!(company.as_str(), "DE/NL/HRB86891");
        let acting = ActingName::new(&company, None, "DE/NL/123").expect("who acts for it");
        assert!(ActingName::parse(&acting.0).is_ok());
        for odd in ["DE/NL/a:b", "DE/NL/a>b", "DE/NL", "12345678/1"] {
            assert!(CompanyNumber::parse(odd).is_err(), "{odd}");
        }
    }

    #[test]
    fn a_national_number_does_not_print() {
        let bsn = Bsn::parse("111222333").expect("valid");
        assert!(!format!("{bsn:?} {:?}", NationalNumber::Bsn(bsn.clone())).contains("111222333"));
    }

    proptest! {
        #[test]
        fn nothing_makes_a_parser_panic(input in ".{0,40}") {
            let _ = Bsn::parse(&input);
            let _ = NationalRegisterNumber::parse(&input);
            let _ = NihdiNumber::parse(&input);
            let _ = EnterpriseNumber::parse(&input);
        }

        #[test]
        fn one_wrong_digit_is_noticed(position in 0_usize..9, digit in 0_u8..10) {
            let mut text = *b"111222333";
            prop_assume!(text[position] != b'0' + digit);
            text[position] = b'0' + digit;
            prop_assert!(Bsn::parse(std::str::from_utf8(&text).expect("ascii")).is_err());
        }
    }
}
