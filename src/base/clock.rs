//! Time as a value: the domain takes `now`, and only the edge asks a [`Clock`].
//!
//! Architecture invariant: the binary has no setting for its clock. [`Clock::frozen`] exists for tests, which pass it in.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use jiff::{
    civil::{Date, DateTime},
    tz::TimeZone,
};

/// A moment, in whole milliseconds since 1970-01-01T00:00:00Z. The databases keep it as an integer in that unit.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct Timestamp(i64);

impl Timestamp {
    /// From milliseconds since the epoch.
    #[must_use]
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// Milliseconds since the epoch.
    #[must_use]
    pub const fn millis(self) -> i64 {
        self.0
    }

    /// Whole seconds since the epoch, as JWT's NumericDate wants them (RFC 7519 section 2).
    #[must_use]
    pub const fn seconds(self) -> i64 {
        self.0.div_euclid(1000)
    }

    /// This moment plus `duration`, saturating.
    #[must_use]
    pub fn plus(self, duration: Duration) -> Self {
        Self(self.0.saturating_add(millis(duration)))
    }

    /// This moment minus `duration`, saturating.
    #[must_use]
    pub fn minus(self, duration: Duration) -> Self {
        Self(self.0.saturating_sub(millis(duration)))
    }

    /// How long after `earlier` this is; zero when it is not later.
    #[must_use]
    pub fn since(self, earlier: Timestamp) -> Duration {
        Duration::from_millis(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }

    /// The calendar date at this moment in `zone`.
    #[must_use]
    pub fn date_in(self, zone: &TimeZone) -> Date {
        self.to_jiff().to_zoned(zone.clone()).date()
    }

    /// The wall-clock time at this moment in `zone`.
    #[must_use]
    pub fn date_time_in(self, zone: &TimeZone) -> DateTime {
        self.to_jiff().to_zoned(zone.clone()).datetime()
    }

    /// The first moment of the day after `date` in `zone`: the exclusive end of a validity that includes `date`.
    #[must_use]
    pub fn end_of(date: Date, zone: &TimeZone) -> Timestamp {
        date.tomorrow()
            .and_then(|next| next.to_zoned(zone.clone()))
            .map_or(Timestamp(i64::MAX), |midnight| Timestamp(midnight.timestamp().as_millisecond()))
    }

    fn to_jiff(self) -> jiff::Timestamp {
        jiff::Timestamp::from_millisecond(self.0).unwrap_or(jiff::Timestamp::MAX)
    }
}

fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

/// RFC 3339 in UTC, for logs and the audit log.
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.3}", self.to_jiff())
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Where the time comes from: the system, or a frozen moment that a test moves.
#[derive(Clone)]
pub struct Clock(Source);

#[derive(Clone)]
enum Source {
    System,
    Frozen(Arc<AtomicI64>),
}

impl Clock {
    /// The system's clock.
    #[must_use]
    pub const fn system() -> Self {
        Self(Source::System)
    }

    /// A clock that stands at `moment` until [`Clock::advance`].
    #[must_use]
    pub fn frozen(moment: Timestamp) -> Self {
        Self(Source::Frozen(Arc::new(AtomicI64::new(moment.0))))
    }

    /// Moves a frozen clock, and every clone of it, forward. The system's clock does not move.
    pub fn advance(&self, duration: Duration) {
        if let Source::Frozen(at) = &self.0 {
            at.fetch_add(millis(duration), Ordering::SeqCst);
        }
    }

    /// The moment it is.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "this is the edge where time enters")]
    pub fn now(&self) -> Timestamp {
        match &self.0 {
            Source::System => Timestamp(jiff::Timestamp::now().as_millisecond()),
            Source::Frozen(at) => Timestamp(at.load(Ordering::SeqCst)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn brussels() -> TimeZone {
        TimeZone::get("Europe/Brussels").expect("the time-zone database is compiled in")
    }

    #[test]
    fn a_day_ends_at_local_midnight_also_when_summer_time_begins() {
        let before: Date = "2026-03-28".parse().expect("a date");
        let day: Date = "2026-03-29".parse().expect("a date");
        let start = Timestamp::end_of(before, &brussels());
        let end = Timestamp::end_of(day, &brussels());
        assert_eq!(end.since(start), Duration::from_secs(23 * 3600));
        assert_eq!(end.minus(Duration::from_millis(1)).date_in(&brussels()), day);
    }

    #[test]
    fn the_date_is_that_of_the_place() {
        // 23:30 UTC on 28 February of a leap year is already the 29th in Brussels.
        let late = Timestamp::from_millis(1_835_393_400_000);
        assert_eq!(late.to_string(), "2028-02-28T23:30:00.000Z");
        assert_eq!(late.date_in(&brussels()).to_string(), "2028-02-29");
    }
}
