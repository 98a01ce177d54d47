//! An authenticator app for people who have none at hand: time-based codes, from RFC 4226 and RFC 6238.
//!
//! Architecture invariant: nothing of `login::totp` is used. What the gateway checks is made here a second time, so that a
//! fault in one of both shows as a code that does not work.

use aws_lc_rs::hmac;

use crate::base::Timestamp;

const STEP_SECONDS: i64 = 30;
const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// The secret of an invented person's app. It is printed on purpose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Authenticator([u8; 20]);

/// What an app shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Shown {
    /// The code of this step.
    pub now: String,
    /// The code of the next step, which counts already (RFC 6238 section 5.2).
    pub next: String,
    /// Seconds until `now` is over, 1 to 30.
    pub seconds_left: i64,
}

impl Authenticator {
    pub(super) const fn new(secret: [u8; 20]) -> Self {
        Self(secret)
    }

    /// The bytes that the gateway seals.
    pub(super) const fn secret(&self) -> &[u8] {
        &self.0
    }

    /// RFC 4648 section 6, as apps take it: 32 characters without padding.
    pub(super) fn base32(&self) -> String {
        let mut text = String::with_capacity(32);
        for five in self.0.chunks(5) {
            let bits = five.iter().fold(0_u64, |bits, byte| bits << 8 | u64::from(*byte));
            text.extend((0..8).rev().map(|place| char::from(ALPHABET[usize::from((bits >> (5 * place)) as u8 & 31)])));
        }
        text
    }

    /// What the app shows at `now`.
    pub(super) fn shown(&self, now: Timestamp) -> Shown {
        let step = now.seconds().div_euclid(STEP_SECONDS);
        Shown {
            now: self.code(step),
            next: self.code(step + 1),
            seconds_left: STEP_SECONDS - now.seconds().rem_euclid(STEP_SECONDS),
        }
    }

    /// RFC 4226 section 5.3.
    fn code(&self, step: i64) -> String {
        // SHA-1 is what every app knows; within HMAC its collisions do not matter.
        let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &self.0);
        let tag = hmac::sign(&key, &step.to_be_bytes());
        let bytes = tag.as_ref();
        let offset = usize::from(bytes[bytes.len() - 1] & 0xf);
        let taken = bytes[offset..offset + 4].iter().fold(0_u32, |number, byte| number << 8 | u32::from(*byte));
        format!("{:06}", (taken & 0x7fff_ffff) % 1_000_000)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::login::totp::TotpSecret;

    #[test]
    fn the_codes_are_those_of_rfc_6238() {
        let app = Authenticator::new(*b"12345678901234567890");
        for (seconds, code) in [(59, "287082"), (1_111_111_109, "081804"), (2_000_000_000, "279037")] {
            assert_eq!(app.shown(Timestamp::from_millis(seconds * 1000)).now, code);
        }
        let shown = app.shown(Timestamp::from_millis(1_111_111_109_000));
        assert_eq!((shown.next.as_str(), shown.seconds_left), ("050471", 1));
        assert_eq!(app.base32(), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
    }

    #[test]
    fn two_implementations_show_the_same() {
        let now = Timestamp::from_millis(1_795_348_800_000);
        for seed in 0..50_u8 {
            let secret = std::array::from_fn(|place| seed.wrapping_mul(31).wrapping_add(place as u8 * 7));
            let gateway = TotpSecret::from_bytes(&secret).expect("20 bytes");
            let app = Authenticator::new(secret);
            assert_eq!(app.shown(now).now, gateway.code_at(now).digits());
            assert_eq!(app.base32(), gateway.base32().replace(' ', ""));
        }
    }
}
