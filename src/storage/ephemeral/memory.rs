//! Counts in this process, by the generic cell rate algorithm (ITU-T I.371): of each key only one moment is kept, the one at
//! which everything it did would be paid for.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use super::{Rate, TooOften};
use crate::base::Timestamp;

/// Keys that are kept. Who has more addresses than this is not bounded by counting addresses.
const MOST: usize = 100_000;

/// Counts that end with the process.
#[derive(Default)]
pub(super) struct Memory(Mutex<HashMap<String, Count>>);

#[derive(Clone, Copy)]
struct Count {
    /// When everything that happened is paid for.
    paid: Timestamp,
    /// Until when others refuse it.
    shut: Timestamp,
}

impl Memory {
    /// Counts once, unless that were too often.
    pub(super) fn take(&self, key: &str, rate: Rate, now: Timestamp) -> Result<(), TooOften> {
        let mut counts = self.counts();
        let paid = allowed(counts.get(key), rate, now)?;
        if counts.len() >= MOST && !counts.contains_key(key) {
            counts.retain(|_, count| count.paid > now || count.shut > now);
            if counts.len() >= MOST {
                tracing::warn!(keys = counts.len(), "more addresses than are counted: the counts begin anew");
                counts.clear();
            }
        }
        counts.entry(key.to_owned()).or_insert(Count { paid, shut: now }).paid = paid;
        Ok(())
    }

    /// Whether once more would not be too often.
    pub(super) fn look(&self, key: &str, rate: Rate, now: Timestamp) -> Result<(), TooOften> {
        allowed(self.counts().get(key), rate, now).map(drop)
    }

    /// Gives one time back.
    pub(super) fn give_back(&self, key: &str, rate: Rate) {
        if let Some(count) = self.counts().get_mut(key) {
            count.paid = count.paid.minus(rate.interval());
        }
    }

    /// Refuses a key until a moment that others know.
    pub(super) fn shut(&self, key: &str, until: Timestamp) {
        if let Some(count) = self.counts().get_mut(key) {
            count.shut = until;
        }
    }

    fn counts(&self) -> MutexGuard<'_, HashMap<String, Count>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// When it would be paid for, if it happened once more now.
fn allowed(count: Option<&Count>, rate: Rate, now: Timestamp) -> Result<Timestamp, TooOften> {
    let Some(count) = count else { return Ok(now.plus(rate.interval())) };
    let most = now.plus(rate.window);
    // A clock that was set back must not shut anybody out for longer than the window.
    let wait = count.shut.min(most).since(now);
    if wait > Duration::ZERO {
        return Err(TooOften { wait });
    }
    let paid = count.paid.clamp(now, most).plus(rate.interval());
    match paid.since(most) {
        Duration::ZERO => Ok(paid),
        wait => Err(TooOften { wait }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: Rate = Rate { burst: 3, window: Duration::from_secs(30) };
    const NOW: Timestamp = Timestamp::from_millis(1_000_000);

    fn seconds(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn a_burst_passes_and_then_one_at_a_time() {
        let memory = Memory::default();
        for _ in 0..3 {
            assert_eq!(memory.take("a", RATE, NOW), Ok(()));
        }
        assert_eq!(memory.take("a", RATE, NOW), Err(TooOften { wait: seconds(10) }));
        assert_eq!(memory.look("a", RATE, NOW.plus(seconds(4))), Err(TooOften { wait: seconds(6) }));
        assert_eq!(memory.take("b", RATE, NOW), Ok(()), "another address");
        assert_eq!(memory.take("a", RATE, NOW.plus(seconds(10))), Ok(()));
        assert_eq!(memory.take("a", RATE, NOW.plus(seconds(10))), Err(TooOften { wait: seconds(10) }));
        memory.give_back("a", RATE);
        assert_eq!(memory.take("a", RATE, NOW.plus(seconds(10))), Ok(()));
    }

    #[test]
    fn what_others_refuse_is_refused_and_a_clock_that_goes_back_shuts_nobody_out() {
        let memory = Memory::default();
        assert_eq!(memory.take("a", RATE, NOW), Ok(()));
        memory.shut("a", NOW.plus(seconds(5)));
        assert_eq!(memory.look("a", RATE, NOW), Err(TooOften { wait: seconds(5) }));
        assert_eq!(memory.look("a", RATE, NOW.plus(seconds(5))), Ok(()));
        let back = NOW.minus(seconds(7200));
        assert_eq!(memory.look("a", RATE, back), Err(TooOften { wait: seconds(30) }));
    }
}
