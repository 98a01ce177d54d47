//! A code of six digits, as people type it: with spaces, hyphens or dots between, pasted with more around it.

use std::fmt;

use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::base::Random;

const LENGTH: usize = 6;

/// Six digits. Does not print.
#[derive(Clone)]
pub struct Code(Zeroizing<String>);

/// Why a text cannot be a code. To be said to the person, who then counts the digits instead of asking for a new code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    /// There is something else than digits in it.
    #[error("something else than digits")]
    NotDigits,
    /// Fewer than six digits.
    #[error("fewer than six digits")]
    TooFew,
    /// More than six digits.
    #[error("more than six digits")]
    TooMany,
}

impl Code {
    /// A new random code.
    #[must_use]
    pub fn new(random: &Random) -> Self {
        Self(Zeroizing::new(random.six_digits()))
    }

    /// The code that somebody typed.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(typed: &str) -> Result<Self, Malformed> {
        let mut digits = Zeroizing::new(String::with_capacity(LENGTH));
        let mut count = 0_usize;
        for c in typed.chars() {
            match c {
                '0'..='9' => {
                    count += 1;
                    if count <= LENGTH {
                        digits.push(c);
                    }
                }
                // U+2010 to U+2013 are hyphens and dashes that keyboards and mail programs make of a hyphen.
                '-' | '.' | '\u{2010}'..='\u{2013}' => {}
                c if c.is_whitespace() => {}
                _ => return Err(Malformed::NotDigits),
            }
        }
        match count {
            LENGTH => Ok(Self(digits)),
            0..LENGTH => Err(Malformed::TooFew),
            _ => Err(Malformed::TooMany),
        }
    }

    /// Whether it has these digits, compared in constant time.
    #[must_use]
    pub fn is(&self, digits: &str) -> bool {
        self.0.as_bytes().ct_eq(digits.as_bytes()).into()
    }

    /// The digits.
    #[must_use]
    pub fn digits(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Code([hidden])")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_code_is_read_however_it_is_typed() {
        for typed in ["012345", "012 345", " 012-345\n", "0 1 2 3 4 5", "012\u{a0}345", "012\u{2011}345", "012.345"] {
            assert_eq!(Code::parse(typed).expect(typed).digits(), "012345", "{typed}");
        }
    }

    #[test]
    fn what_is_wrong_is_said() {
        for (typed, wrong) in [
            ("", Malformed::TooFew),
            ("   ", Malformed::TooFew),
            ("12345", Malformed::TooFew),
            ("1234567", Malformed::TooMany),
            ("12345a", Malformed::NotDigits),
            ("+12345", Malformed::NotDigits),
            ("１２３４５６", Malformed::NotDigits),
            ("123456'--", Malformed::NotDigits),
        ] {
            assert_eq!(Code::parse(typed).err(), Some(wrong), "{typed}");
        }
        assert_eq!(Code::parse(&"1".repeat(1_000_000)).err(), Some(Malformed::TooMany));
    }

    #[test]
    fn a_code_does_not_print() {
        let code = Code::parse("918273").expect("a code");
        assert_eq!(format!("{code:?}"), "Code([hidden])");
    }

    proptest! {
        #[test]
        fn nothing_makes_the_parser_panic(typed in ".{0,40}") {
            let _ = Code::parse(&typed);
        }
    }
}
