//! Recovery codes: for who has a password and lost whatever comes after it. Each works once.
//!
//! A code has 80 random bits in sixteen letters and digits that cannot be mistaken for each other. What is kept is the digest
//! over tenant, person and code: of so many bits nobody finds one by trying, whatever they try it on.

use std::fmt;

use zeroize::Zeroizing;

use super::code::Malformed;
use crate::base::{
    Random,
    id::{PersonId, TenantId},
    token::TokenDigest,
};

/// How many codes a set has.
pub const SET: usize = 10;

const LENGTH: usize = 16;
/// Without I, L, O and U.
const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// A recovery code. Does not print.
pub struct RecoveryCode(Zeroizing<String>);

impl RecoveryCode {
    /// A new random code.
    #[must_use]
    pub fn new(random: &Random) -> Self {
        let drawn = Zeroizing::new(random.bytes::<LENGTH>());
        Self(Zeroizing::new(drawn.iter().map(|byte| char::from(LETTERS[usize::from(byte % 32)])).collect()))
    }

    /// The code that somebody typed: in any case, with whatever stands between, with O for 0 and I or L for 1.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(typed: &str) -> Result<Self, Malformed> {
        let mut code = Zeroizing::new(String::with_capacity(LENGTH));
        let mut count = 0_usize;
        for c in typed.chars() {
            let letter = match c.to_ascii_uppercase() {
                'O' => '0',
                'I' | 'L' => '1',
                c if c.is_whitespace() || matches!(c, '-' | '.' | '\u{2010}'..='\u{2013}') => continue,
                c => c,
            };
            if !u8::try_from(letter).is_ok_and(|letter| LETTERS.contains(&letter)) {
                return Err(Malformed::NotDigits);
            }
            count += 1;
            if count <= LENGTH {
                code.push(letter);
            }
        }
        match count {
            LENGTH => Ok(Self(code)),
            0..LENGTH => Err(Malformed::TooFew),
            _ => Err(Malformed::TooMany),
        }
    }

    /// In groups of four, for who writes it down.
    #[must_use]
    pub fn reveal(&self) -> Zeroizing<String> {
        let mut grouped = Zeroizing::new(String::with_capacity(LENGTH + 3));
        for (place, letter) in self.0.chars().enumerate() {
            if place > 0 && place % 4 == 0 {
                grouped.push('-');
            }
            grouped.push(letter);
        }
        grouped
    }

    /// What is kept of it.
    #[must_use]
    pub fn digest(&self, tenant: &TenantId, person: PersonId) -> TokenDigest {
        let text = Zeroizing::new(format!("recovery code\0{tenant}\0{person}\0{}", self.0.as_str()));
        TokenDigest::of(text.as_bytes())
    }
}

impl fmt::Debug for RecoveryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RecoveryCode([hidden])")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHO: PersonId = PersonId::from_u128(1);

    fn tenant(id: &str) -> TenantId {
        id.parse().expect("a tenant")
    }

    #[test]
    fn a_code_is_read_however_it_is_typed() {
        let code = RecoveryCode::parse("0123-4567-89AB-CDEF").expect("a code");
        let digest = code.digest(&tenant("skj"), WHO);
        assert_eq!(code.reveal().as_str(), "0123-4567-89AB-CDEF");
        for typed in ["0123456789abcdef", " oi23 4567 89ab cdef ", "0l23.4567\u{2011}89AB\u{a0}CDEF"] {
            assert_eq!(RecoveryCode::parse(typed).expect(typed).digest(&tenant("skj"), WHO), digest, "{typed}");
        }
    }

    #[test]
    fn what_is_wrong_is_said() {
        for (typed, wrong) in [
            ("", Malformed::TooFew),
            ("0123-4567-89AB-CDE", Malformed::TooFew),
            ("0123-4567-89AB-CDEF-0", Malformed::TooMany),
            ("0123-4567-89AB-CDEU", Malformed::NotDigits),
            ("0123-4567-89AB-CDE\u{ff26}", Malformed::NotDigits),
        ] {
            assert_eq!(RecoveryCode::parse(typed).err(), Some(wrong), "{typed}");
        }
    }

    #[test]
    fn what_is_kept_is_one_persons_in_one_tenant() {
        let random = Random::system();
        let code = RecoveryCode::new(&random);
        let digests = [
            code.digest(&tenant("skj"), WHO),
            code.digest(&tenant("ifms"), WHO),
            code.digest(&tenant("skj"), PersonId::from_u128(2)),
            RecoveryCode::new(&random).digest(&tenant("skj"), WHO),
        ];
        for (place, digest) in digests.iter().enumerate() {
            assert!(!digests[..place].contains(digest), "{place}");
        }
        assert_eq!(RecoveryCode::parse(&code.reveal()).expect("a code").digest(&tenant("skj"), WHO), digests[0]);
        assert_eq!(format!("{code:?}"), "RecoveryCode([hidden])");
    }
}
