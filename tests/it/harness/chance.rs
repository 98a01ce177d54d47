//! Chance that can be had again: a generator says its seed, and `POORT_TEST_SEED` gives it the same.

use poort::base::Random;

/// How many times as many cases as in an ordinary run: `POORT_TEST_ATTACKS`.
pub fn times() -> usize {
    std::env::var("POORT_TEST_ATTACKS").ok().and_then(|text| text.parse().ok()).unwrap_or(1)
}

/// `splitmix64`: small, and the same on every machine.
pub struct Chance(u64);

impl Chance {
    /// For a suite, whose name and seed are said.
    #[expect(clippy::print_stdout, reason = "without its seed a failure could not be had again")]
    pub fn of(suite: &str) -> Self {
        let fresh = || u64::from_be_bytes(Random::system().bytes());
        let seed = std::env::var("POORT_TEST_SEED").map_or_else(|_| fresh(), |text| text.parse().expect("a number"));
        println!("{suite}: POORT_TEST_SEED={seed}");
        Self(seed)
    }

    /// A number below `end`.
    pub fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^= mixed >> 31;
        usize::try_from(mixed % u64::try_from(end.max(1)).expect("a small number")).expect("a small number")
    }

    /// One of these.
    pub fn pick<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }
}
