//! Validity: local dates of the tenant's time zone, the end inclusive.

use jiff::civil::Date;

/// From a day until a day, both included; open when a day is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Period {
    /// The first day, or none when it always was.
    pub from: Option<Date>,
    /// The last day, or none when no end is known.
    pub until: Option<Date>,
}

impl Period {
    /// From `from` on, until `until` included.
    #[must_use]
    pub const fn new(from: Option<Date>, until: Option<Date>) -> Self {
        Self { from, until }
    }

    /// Whether `day` lies in it.
    #[must_use]
    pub fn includes(&self, day: Date) -> bool {
        self.from.is_none_or(|from| from <= day) && self.until.is_none_or(|until| day <= until)
    }

    /// Whether it is over on `day`.
    #[must_use]
    pub fn is_over(&self, day: Date) -> bool {
        self.until.is_some_and(|until| until < day)
    }

    /// Whether this period does not reach past `other`'s end.
    #[must_use]
    pub fn ends_within(&self, other: &Period) -> bool {
        match (self.until, other.until) {
            (_, None) => true,
            (None, Some(_)) => false,
            (Some(mine), Some(theirs)) => mine <= theirs,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().expect("a date")
    }

    #[test]
    fn the_last_day_counts_also_when_it_is_29_february() {
        let period = Period::new(Some(day("2027-03-01")), Some(day("2028-02-29")));
        assert!(!period.includes(day("2027-02-28")));
        assert!(period.includes(day("2027-03-01")));
        assert!(period.includes(day("2028-02-29")));
        assert!(!period.includes(day("2028-03-01")));
        assert!(period.is_over(day("2028-03-01")));
    }

    #[test]
    fn no_end_reaches_past_every_end() {
        let open = Period::default();
        let closed = Period::new(None, Some(day("2027-01-01")));
        assert!(closed.ends_within(&open));
        assert!(!open.ends_within(&closed));
        assert!(closed.ends_within(&closed));
    }
}
