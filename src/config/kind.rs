//! The kinds of plain values: texts, words of a list, numbers, durations, sizes, files. And how a default is written.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use jiff::civil::Date;
use toml::de::DeValue;

use super::{
    near::{listed, nearest},
    wrong::{Right, Wrong, kind_of},
};
use crate::base::id::is_slug;

/// A value as a message may repeat it: one line, and not long. Never for a key that may hold a secret.
pub(super) fn shown(text: &str) -> String {
    let mut out: String = text.chars().take(60).map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect();
    if text.chars().count() > 60 {
        out.push('…');
    }
    format!("`{out}`")
}

pub(super) fn any_text<'v>(value: &'v DeValue<'_>) -> Result<&'v str, Wrong> {
    value
        .as_str()
        .ok_or_else(|| Wrong::new(format!("a text in double quotes is expected here, not {}", kind_of(value))))
}

/// A text for people: on one line, not empty.
pub(super) fn text(value: &DeValue<'_>) -> Result<String, Wrong> {
    let text = any_text(value)?;
    if text.trim().is_empty() {
        return Err(Wrong::new("the text is empty"));
    }
    if text.chars().any(char::is_control) {
        return Err(Wrong::new("the text has a line break or another control character"));
    }
    Ok(text.to_owned())
}

/// A slug, as in [`is_slug`]: a code, a word of the policies.
pub(super) fn slug(value: &DeValue<'_>) -> Result<String, Wrong> {
    let text = any_text(value)?;
    if is_slug(text) {
        Ok(text.to_owned())
    } else {
        Err(Wrong::meant(
            format!("{} is no code: lower-case letters, digits and single `_` or `-`, at most 40", shown(text)),
            Some(text.to_lowercase().replace([' ', '.'], "_")).filter(|slug| is_slug(slug)),
        ))
    }
}

/// One of the words of a closed list.
pub(super) fn word<T: Copy>(words: &[(&'static str, T)]) -> impl Fn(&DeValue<'_>) -> Result<T, Wrong> {
    move |value| {
        let text = any_text(value)?;
        let known = || words.iter().map(|(word, _)| *word);
        words.iter().find(|(word, _)| *word == text).map(|(_, meaning)| *meaning).ok_or_else(|| {
            let right = match nearest(text, known()) {
                Some(meant) => format!("\"{meant}\", if that was meant; known are {}", listed(known())),
                None => format!("one of {}", listed(known())),
            };
            Wrong::but(format!("{} is not known here", shown(text)), right)
        })
    }
}

pub(super) fn boolean(value: &DeValue<'_>) -> Result<bool, Wrong> {
    value
        .as_bool()
        .ok_or_else(|| Wrong::new(format!("true or false is expected here, without quotes, not {}", kind_of(value))))
}

/// A whole number between two, both included.
pub(super) fn number(least: u32, most: u32) -> impl Fn(&DeValue<'_>) -> Result<u32, Wrong> {
    move |value| {
        let number = value.as_integer().ok_or_else(|| {
            Wrong::new(format!("a whole number is expected here, without quotes, not {}", kind_of(value)))
        })?;
        match i64::from_str_radix(number.as_str(), number.radix()).ok().and_then(|n| u32::try_from(n).ok()) {
            Some(n) if (least..=most).contains(&n) => Ok(n),
            _ => Err(Wrong::but(format!("{number} is out of bounds"), format!("a number from {least} to {most}"))),
        }
    }
}

const SECOND: u64 = 1000;
const MINUTE: u64 = 60 * SECOND;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;
const DURATION_UNITS: [(&str, u64); 5] = [("ms", 1), ("s", SECOND), ("m", MINUTE), ("h", HOUR), ("d", DAY)];
const SIZE_UNITS: [(&str, u64); 4] = [("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10), ("B", 1)];

/// A duration between two, both included: a whole number and a unit (`ms`, `s`, `m`, `h`, `d`), as in `"30m"`.
pub(super) fn duration(least: Duration, most: Duration) -> impl Fn(&DeValue<'_>) -> Result<Duration, Wrong> {
    move |value| {
        let text = with_number(value, "a duration is a text with a unit: ms, s, m, h or d")?;
        let millis = with_unit(&text, &DURATION_UNITS).ok_or_else(|| {
            let what = format!("{} is no duration: a whole number and one unit of ms, s, m, h or d", shown(&text));
            Wrong { what, right: guessed(&text, &["s", "m", "h", "d"], &["s", "m"]) }
        })?;
        let duration = Duration::from_millis(millis);
        if (least..=most).contains(&duration) {
            Ok(duration)
        } else {
            Err(Wrong::but(
                format!("{} is out of bounds", shown(&text)),
                format!("a duration from \"{}\" to \"{}\"", written(least), written(most)),
            ))
        }
    }
}

/// A size in bytes between two, both included: a whole number and a unit (`B`, `KiB`, `MiB`, `GiB`), as in `"64KiB"`.
pub(super) fn size(least: u64, most: u64) -> impl Fn(&DeValue<'_>) -> Result<u64, Wrong> {
    move |value| {
        let text = with_number(value, "a size is a text with a unit: B, KiB, MiB or GiB")?;
        let bytes = with_unit(&text, &SIZE_UNITS).ok_or_else(|| {
            let what = format!("{} is no size: a whole number and one unit of B, KiB, MiB or GiB", shown(&text));
            Wrong { what, right: guessed(&text, &["B", "KiB", "MiB", "GiB"], &["B"]) }
        })?;
        if (least..=most).contains(&bytes) {
            Ok(bytes)
        } else {
            Err(Wrong::but(
                format!("{} is out of bounds", shown(&text)),
                format!("a size from \"{}\" to \"{}\"", written_size(least), written_size(most)),
            ))
        }
    }
}

/// The text of a value; of a bare number too, which then lacks its unit.
fn with_number(value: &DeValue<'_>, otherwise: &str) -> Result<String, Wrong> {
    match value {
        DeValue::String(text) => Ok(text.to_string()),
        DeValue::Integer(number) => Ok(number.to_string()),
        _ => Err(Wrong::new(otherwise)),
    }
}

/// What was probably meant: the number with the unit that begins alike, or with the usual ones when there is none.
fn guessed(text: &str, units: &[&str], usual: &[&str]) -> Right {
    let (number, unit) = text.split_at(text.bytes().take_while(u8::is_ascii_digit).count());
    let initial = |unit: &str| unit.trim_start().chars().next().map(|c| c.to_ascii_lowercase());
    let units: Vec<&str> = match initial(unit) {
        None => usual.to_vec(),
        wanted => units.iter().copied().filter(|unit| initial(unit) == wanted).collect(),
    };
    if number.is_empty() || number.len() > 12 || units.is_empty() {
        return Right::Example;
    }
    let guesses: Vec<String> = units.iter().map(|unit| format!("\"{number}{unit}\"")).collect();
    Right::Value(guesses.join(" or "))
}

fn with_unit(text: &str, units: &[(&str, u64)]) -> Option<u64> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at(digits);
    let (_, factor) = units.iter().find(|(name, _)| *name == unit)?;
    number.parse::<u64>().ok()?.checked_mul(*factor)
}

/// A duration as a file writes it.
pub(super) fn written(duration: Duration) -> String {
    let millis = u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
    let unit = DURATION_UNITS.iter().rev().find(|(_, factor)| millis >= *factor && millis.is_multiple_of(*factor));
    unit.map_or_else(|| "0s".into(), |(unit, factor)| format!("{}{unit}", millis / factor))
}

fn written_size(bytes: u64) -> String {
    let unit = SIZE_UNITS.iter().find(|(_, factor)| bytes >= *factor && bytes.is_multiple_of(*factor));
    unit.map_or_else(|| "0B".into(), |(unit, factor)| format!("{}{unit}", bytes / factor))
}

/// A day, as in `"2027-01-01"`.
pub(super) fn day(value: &DeValue<'_>) -> Result<Date, Wrong> {
    let text = any_text(value)?;
    // One form: the library reads others too.
    let day = text.parse::<Date>().ok().filter(|day| day.to_string() == text);
    day.ok_or_else(|| Wrong::new(format!("{} is no day of the calendar: year, month and day", shown(text))))
}

/// A file or folder; relative to `directory`, where the configuration stands.
pub(super) fn path(directory: &Path) -> impl Fn(&DeValue<'_>) -> Result<PathBuf, Wrong> {
    move |value| {
        let text = any_text(value)?;
        if text.is_empty() || text.contains('\0') {
            return Err(Wrong::new("the path is empty or has a NUL in it"));
        }
        Ok(directory.join(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read<T>(text: &str, read: impl Fn(&DeValue<'_>) -> Result<T, Wrong>) -> Option<T> {
        read(DeValue::parse(text).expect("a value").get_ref()).ok()
    }

    #[test]
    fn durations_have_one_unit() {
        let any = duration(Duration::ZERO, Duration::from_secs(40 * 24 * 3600));
        for (text, millis) in [
            ("\"250ms\"", 250),
            ("\"5s\"", 5000),
            ("\"30m\"", 1_800_000),
            ("\"12h\"", 43_200_000),
            ("\"1d\"", 86_400_000),
        ] {
            let duration = read(text, &any);
            assert_eq!(duration, Some(Duration::from_millis(millis)), "{text}");
            assert_eq!(format!("\"{}\"", written(Duration::from_millis(millis))), text);
        }
        for text in [
            "\"5\"",
            "5",
            "\"5 s\"",
            "\"-5s\"",
            "\"1h30m\"",
            "\"5sec\"",
            "\"\"",
            "\"1.5h\"",
            "\"99999999999999999999s\"",
            "\"900000000000000000d\"",
        ] {
            assert_eq!(read(text, &any), None, "{text}");
        }
    }

    #[test]
    fn sizes_have_one_unit() {
        let any = size(0, u64::MAX);
        assert_eq!(read("\"64KiB\"", &any), Some(65_536));
        assert_eq!(read("\"1MiB\"", &any), Some(1 << 20));
        assert_eq!(read("\"64KB\"", &any), None);
        assert_eq!(written_size(1 << 20), "1MiB");
        assert_eq!(written_size(1500), "1500B");
    }

    #[test]
    fn numbers_are_written_in_any_radix_and_bounded() {
        assert_eq!(read("0x10", number(1, 20)), Some(16));
        for text in ["0", "21", "-1", "1.0", "\"1\"", "9999999999999999999"] {
            assert_eq!(read(text, number(1, 20)), None, "{text}");
        }
    }
}
