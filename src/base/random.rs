//! Chance as a value: keys, tokens, codes and identifiers come from here.

use aws_lc_rs::rand::{SecureRandom, SystemRandom};
use uuid::Uuid;

/// The cryptographically secure source of randomness.
#[derive(Clone, Default)]
pub struct Random(SystemRandom);

impl Random {
    /// The operating system's generator.
    #[must_use]
    pub fn system() -> Self {
        Self(SystemRandom::new())
    }

    /// `N` random bytes.
    ///
    /// # Panics
    /// When the operating system gives no randomness: nothing may go on without it.
    #[must_use]
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.0.fill(&mut bytes).expect("the operating system gives randomness");
        bytes
    }

    /// A random identifier (UUID version 4).
    #[must_use]
    pub fn uuid(&self) -> Uuid {
        uuid::Builder::from_random_bytes(self.bytes()).into_uuid()
    }

    /// A decimal code of six digits, each code equally likely.
    #[must_use]
    pub fn six_digits(&self) -> String {
        // 2^32 is not a multiple of 10^6: numbers past the last whole multiple are drawn again.
        const LIMIT: u32 = u32::MAX - u32::MAX % 1_000_000;
        loop {
            let number = u32::from_be_bytes(self.bytes());
            if number < LIMIT {
                return format!("{:06}", number % 1_000_000);
            }
        }
    }
}
