//! Codes that are sent, by e-mail, in an SMS or in a call: a million possibilities, so what is kept of one tells nothing without the tenant's index key,
//! it lives for minutes, and the caller allows few tries.
//!
//! The caller takes a try with one `UPDATE` before it asks here, and the code itself with another when it was right;
//! parallel guesses then count like others (CVE-2026-33640).

use std::fmt;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use zeroize::Zeroizing;

use super::{Refused, code::Code};
use crate::{
    base::{Random, Timestamp},
    storage::seal::{SealError, Sealer},
};

/// How many tries one code allows.
pub const TRIES: u32 = 5;

const SALT: usize = 16;
const KIND: &str = "email_code";

/// What is kept of a code: a salt, and the keyed hash of salt, owner and code.
#[derive(Clone, PartialEq, Eq)]
pub struct KeptCode {
    /// Whose code it is, where and for what: the attempt, the person and the factor. One that was sent to somebody else in the same attempt,
    /// or by another way, is wrong.
    pub owner: String,
    /// When it is too old.
    pub expires: Timestamp,
    /// The salt and the hash, as the database keeps them.
    pub digest: Vec<u8>,
}

impl KeptCode {
    /// A new code for `owner`, good until `expires`, and what to keep of it.
    ///
    /// # Errors
    /// When the tenant has no index key.
    pub fn new(
        random: &Random,
        sealer: &Sealer,
        owner: &impl fmt::Display,
        expires: Timestamp,
    ) -> Result<(Code, Self), SealError> {
        let code = Code::new(random);
        let owner = owner.to_string();
        let mut digest = random.bytes::<SALT>().to_vec();
        let index = sealer.index(KIND, &hashed(&digest, &owner, &code))?;
        digest.extend_from_slice(&index);
        Ok((code, Self { owner, expires, digest }))
    }

    /// Whether `code` is this one, compared in constant time, and not too old.
    pub(super) fn check(&self, code: &Code, sealer: &Sealer, now: Timestamp) -> Result<(), Refused> {
        let (salt, index) = self.digest.split_at_checked(SALT).ok_or(Refused::Wrong)?;
        if !sealer.indexes(index, KIND, &hashed(salt, &self.owner, code)) {
            Err(Refused::Wrong)
        } else if self.expires <= now {
            Err(Refused::Expired)
        } else {
            Ok(())
        }
    }
}

/// The code comes first: it has a fixed length, as has the salt, so that no two lists are alike.
fn hashed(salt: &[u8], owner: &str, code: &Code) -> Zeroizing<String> {
    Zeroizing::new(format!("{}{}{owner}", code.digits(), URL_SAFE_NO_PAD.encode(salt)))
}

impl fmt::Debug for KeptCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeptCode({}, until {}, [hidden])", self.owner, self.expires)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::{base::id::AttemptId, storage::seal::tests::sealer};

    const NOW: Timestamp = Timestamp::from_millis(1_795_348_800_000);
    const ATTEMPT: AttemptId = AttemptId::from_u128(1);

    fn other_than(code: &Code) -> Code {
        let mut digits = code.digits().to_owned().into_bytes();
        digits[5] = if digits[5] == b'9' { b'0' } else { digits[5] + 1 };
        Code::parse(&String::from_utf8(digits).expect("digits")).expect("a code")
    }

    #[test]
    fn a_code_is_right_for_its_own_attempt_in_its_own_time_only() {
        let sealer = sealer("progezondheid");
        let end = NOW.plus(Duration::from_secs(600));
        let (code, kept) = KeptCode::new(&Random::system(), &sealer, &ATTEMPT, end).expect("a code");
        assert_eq!(kept.check(&code, &sealer, NOW), Ok(()));
        assert_eq!(kept.check(&code, &sealer, end.minus(Duration::from_millis(1))), Ok(()));
        assert_eq!(kept.check(&code, &sealer, end), Err(Refused::Expired));
        assert_eq!(kept.check(&other_than(&code), &sealer, NOW), Err(Refused::Wrong));
        assert_eq!(
            kept.check(&other_than(&code), &sealer, end),
            Err(Refused::Wrong),
            "age is told to who has the code"
        );
        let moved = KeptCode { owner: AttemptId::from_u128(2).to_string(), ..kept.clone() };
        assert_eq!(moved.check(&code, &sealer, NOW), Err(Refused::Wrong));
        assert_eq!(kept.check(&code, &self::sealer("progezondheid"), NOW), Err(Refused::Wrong), "another key");
        let cut = KeptCode { digest: kept.digest[..10].to_vec(), ..kept };
        assert_eq!(cut.check(&code, &sealer, NOW), Err(Refused::Wrong));
    }

    #[test]
    fn what_is_kept_is_salted_and_has_not_the_code_in_it() {
        let sealer = sealer("progezondheid");
        let made: Vec<_> =
            (0..2000).map(|_| KeptCode::new(&Random::system(), &sealer, &ATTEMPT, NOW).expect("a code")).collect();
        for (code, kept) in &made {
            assert_eq!(kept.digest.len(), SALT + 36);
            assert!(!format!("{kept:?}").contains(code.digits()));
        }
        let mut digests: Vec<_> = made.iter().map(|(_, kept)| &kept.digest[SALT..]).collect();
        digests.sort_unstable();
        digests.dedup();
        assert_eq!(digests.len(), made.len(), "equal codes have other hashes");
    }
}
