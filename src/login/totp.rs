//! Codes of an authenticator app (RFC 6238): SHA-1, six digits, thirty seconds, which every app knows; others are silently
//! ignored by some.
//!
//! A code of the step before or after is taken too, for clocks that are not quite right (RFC 6238 section 5.2). Which
//! step it was is returned, so that the caller takes that step once: a code that was seen over somebody's shoulder does
//! not work again.

use std::fmt;

use totp_rs::{Algorithm, Builder, Secret, Totp};
use zeroize::Zeroizing;

use super::code::Code;
use crate::base::{Random, Timestamp};

const LENGTH: usize = 20;
const STEP_SECONDS: u64 = 30;

/// The secret that a person's app and Poort share: 160 bits (RFC 4226 section 4). Does not print.
#[derive(Clone)]
pub struct TotpSecret(Zeroizing<[u8; LENGTH]>);

impl TotpSecret {
    /// A new random secret.
    #[must_use]
    pub fn new(random: &Random) -> Self {
        Self(Zeroizing::new(random.bytes()))
    }

    /// The secret of its bytes, as they were sealed.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(|bytes| Self(Zeroizing::new(bytes)))
    }

    /// Its bytes, to be sealed.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        self.0.as_slice()
    }

    /// The time step in which `code` is right, when that is the present one or one beside it.
    #[must_use]
    pub fn step_of(&self, code: &Code, now: Timestamp) -> Option<u64> {
        self.totp("", "")?.check(code.digits(), seconds(now))
    }

    /// The code at `now`, as the app shows it.
    #[must_use]
    pub fn code_at(&self, now: Timestamp) -> Code {
        let shown = self.totp("", "").map(|totp| totp.generate(seconds(now)).to_string());
        shown
            .and_then(|digits| Code::parse(&Zeroizing::new(digits)).ok())
            .expect("a secret of 160 bits gives six digits")
    }

    /// Base32 in groups of four, for who types it in.
    #[must_use]
    pub fn base32(&self) -> Zeroizing<String> {
        let text = Zeroizing::new(Secret::new_stack(*self.0).to_base32());
        let mut grouped = Zeroizing::new(String::with_capacity(text.len() * 5 / 4));
        for (position, c) in text.chars().enumerate() {
            if position > 0 && position % 4 == 0 {
                grouped.push(' ');
            }
            grouped.push(c);
        }
        grouped
    }

    /// The `otpauth://` URL that an app reads from a QR code, with the tenant's and the account's name in it; colons,
    /// which that form has no place for, are left out of them.
    #[must_use]
    pub fn url(&self, tenant: &str, account: &str) -> Option<Zeroizing<String>> {
        self.totp(&tenant.replace(':', ""), &account.replace(':', ""))?.to_url().ok().map(Zeroizing::new)
    }

    fn totp(&self, tenant: &str, account: &str) -> Option<Totp> {
        Builder::new()
            .with_algorithm(Algorithm::SHA1)
            .with_digits(6)
            .with_skew(1)
            .with_step_duration(STEP_SECONDS)
            .with_secret(Secret::new_stack(*self.0))
            .with_issuer(Some(tenant))
            .with_account_name(account)
            .build()
            .ok()
    }
}

fn seconds(now: Timestamp) -> u64 {
    u64::try_from(now.seconds()).unwrap_or(0)
}

impl fmt::Debug for TotpSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TotpSecret([hidden])")
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    /// The secret of RFC 6238 appendix B.
    fn example() -> TotpSecret {
        TotpSecret::from_bytes(b"12345678901234567890").expect("20 bytes")
    }

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_millis(seconds * 1000)
    }

    #[test]
    fn the_codes_are_those_of_rfc_6238() {
        for (seconds, digits) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(example().code_at(at(seconds)).digits(), digits);
            let code = Code::parse(digits).expect("a code");
            assert_eq!(example().step_of(&code, at(seconds)), Some(seconds.unsigned_abs() / 30));
        }
    }

    #[test]
    fn one_step_before_and_after_is_taken_and_no_more() {
        let (secret, now) = (example(), at(1_795_348_800));
        let step = 1_795_348_800 / 30;
        for (offset, expected) in
            [(-60, None), (-30, Some(step - 1)), (0, Some(step)), (30, Some(step + 1)), (60, None)]
        {
            let code = secret.code_at(at(1_795_348_800 + offset));
            assert_eq!(secret.step_of(&code, now), expected, "{offset}");
        }
    }

    #[test]
    fn the_same_code_names_the_same_step_so_that_it_can_be_taken_once() {
        let (secret, now) = (example(), at(1_795_348_800));
        let code = secret.code_at(now);
        let first = secret.step_of(&code, now);
        assert_eq!(first, secret.step_of(&code, now.plus(Duration::from_secs(29))));
        assert_eq!(first, secret.step_of(&code, now.plus(Duration::from_secs(59))));
    }

    #[test]
    fn anothers_code_is_wrong() {
        let now = at(1_795_348_800);
        let code = example().code_at(now);
        assert_eq!(TotpSecret::new(&Random::system()).step_of(&code, now), None);
    }

    #[test]
    fn a_moment_before_the_epoch_is_no_panic() {
        let code = Code::parse("000000").expect("a code");
        let _ = example().step_of(&code, Timestamp::from_millis(i64::MIN));
    }

    #[test]
    fn the_app_gets_it_as_a_url_or_by_hand() {
        assert_eq!(example().base32().as_str(), "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ");
        assert_eq!(
            example().url("ProGezondheid: test", "els+1@example.org").expect("a URL").as_str(),
            "otpauth://totp/ProGezondheid%20test:els%2B1%40example.org?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ\
             &issuer=ProGezondheid%20test"
        );
    }

    #[test]
    fn a_secret_has_160_bits_and_does_not_print() {
        assert!(TotpSecret::from_bytes(&[0; 19]).is_none());
        assert!(TotpSecret::from_bytes(&[0; 21]).is_none());
        assert_eq!(format!("{:?}", example()), "TotpSecret([hidden])");
    }
}
