//! Leaves a provider alone that fails again and again, so that nobody waits for it, and people hear at once that it is out of order.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use super::Timestamp;

/// After so many failures in a row nobody asks the provider.
pub const FAILURES: u32 = 5;

/// After this time one tries whether it works again.
pub const REST: Duration = Duration::from_secs(20);

/// Counts the failures of one provider.
#[derive(Debug, Default)]
pub struct Breaker(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    failures: u32,
    /// When it failed last, or when somebody went to try it.
    at: Option<Timestamp>,
}

impl State {
    fn is_open(&self, now: Timestamp) -> bool {
        self.failures >= FAILURES && self.at.is_some_and(|at| at <= now && now.since(at) < REST)
    }
}

impl Breaker {
    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether the provider rests. Asking changes nothing.
    #[must_use]
    pub fn is_open(&self, now: Timestamp) -> bool {
        self.state().is_open(now)
    }

    /// Whether the provider may be asked. Of those who ask after a rest, one may.
    #[must_use]
    pub fn admits(&self, now: Timestamp) -> bool {
        let mut state = self.state();
        if state.is_open(now) {
            return false;
        }
        if state.failures >= FAILURES {
            state.at = Some(now);
        }
        true
    }

    /// It answered as it should.
    pub fn worked(&self) {
        *self.state() = State::default();
    }

    /// It did not.
    pub fn failed(&self, now: Timestamp) {
        let mut state = self.state();
        state.failures = state.failures.saturating_add(1);
        state.at = Some(now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_millis(1_795_348_800_000);

    #[test]
    fn reliability_f8_after_five_failures_it_rests_and_then_one_tries() {
        let breaker = Breaker::default();
        for _ in 0..4 {
            breaker.failed(NOW);
            assert!(breaker.admits(NOW));
        }
        breaker.failed(NOW);
        assert!(breaker.is_open(NOW) && !breaker.admits(NOW));
        let rested = NOW.plus(REST);
        assert!(!breaker.admits(rested.minus(Duration::from_millis(1))));
        assert!(!breaker.is_open(rested), "it is offered again");
        assert!(breaker.admits(rested), "one tries");
        assert!(!breaker.admits(rested), "the next waits for what came of it");
        breaker.failed(rested);
        assert!(!breaker.admits(rested.plus(Duration::from_secs(19))));
        assert!(breaker.admits(rested.plus(REST)));
        breaker.worked();
        assert!(breaker.admits(NOW) && breaker.admits(NOW), "all may");
    }

    #[test]
    fn failures_between_successes_do_not_add_up_and_a_clock_that_went_back_keeps_nothing_shut() {
        let breaker = Breaker::default();
        for _ in 0..20 {
            breaker.failed(NOW);
            breaker.worked();
        }
        assert!(breaker.admits(NOW));
        (0..5).for_each(|_| breaker.failed(NOW.plus(Duration::from_secs(7200))));
        assert!(breaker.admits(NOW));
    }
}
