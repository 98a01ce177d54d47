//! A day that somebody filled in, in three fields.

use jiff::civil::Date;

/// The day, when there is such a day in a year that somebody can mean.
pub(super) fn read(day: &str, month: &str, year: &str) -> Option<Date> {
    let year = year.parse::<i16>().ok().filter(|year| (2000..=2999).contains(year))?;
    Date::new(year, month.parse().ok()?, day.parse().ok()?).ok()
}
