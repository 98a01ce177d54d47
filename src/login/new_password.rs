//! What may become a password (NIST SP 800-63B-4 section 3.1.1.2): long enough, not what everybody takes, not what
//! everybody knows of its owner. No rules about kinds of characters, and no change without a reason.
//!
//! A password is worth a point for each character. A common word, or a word about its owner, is worth one as a whole,
//! and a character that only continues a run (`aaaa`, `4567`, `tyui`) is worth none. So `Welkom2026!!` and
//! `qwertyuiop123` are weak although they are long, and `een paard eet zeven appels` is not.

use std::fmt;

use zeroize::Zeroizing;

use super::password::normalized;

/// The shortest password, in characters; every means of logging in with one has a second factor beside it.
pub const MIN_LENGTH: usize = 12;

/// The longest password, in characters.
pub const MAX_LENGTH: usize = 128;

/// The fewest points.
const MIN_POINTS: usize = 8;

/// The fewest different characters.
const MIN_DIFFERENT: usize = 5;

/// Words and names that leaked passwords are made of, and their favourite runs of keys; lower case, one a line.
static COMMON: &str = include_str!("common_words.txt");

/// The rows of QWERTY, AZERTY and QWERTZ keyboards.
const ROWS: [&str; 8] =
    ["1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "azertyuiop", "qsdfghjklm", "wxcvbn", "qwertzuiopü"];

/// A password that may be set, in normalization form C. Does not print.
pub struct NewPassword(Zeroizing<String>);

/// Why a password may not be set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Weak {
    /// Fewer than [`MIN_LENGTH`] characters.
    #[error("shorter than {MIN_LENGTH} characters")]
    TooShort,
    /// More than [`MAX_LENGTH`] characters.
    #[error("longer than {MAX_LENGTH} characters")]
    TooLong,
    /// Made of common words and runs.
    #[error("made of common words, runs or repetitions")]
    TooCommon,
    /// Made of its owner's name or address, or the tenant's name.
    #[error("made of a name or an address that belongs to it")]
    AboutOwner,
}

impl NewPassword {
    /// Judges a password; `about` has the owner's names and e-mail address, and the tenant's name.
    ///
    /// # Errors
    /// The first reason why it may not be set.
    pub fn check(typed: Zeroizing<String>, about: &[&str]) -> Result<Self, Weak> {
        if typed.len() > MAX_LENGTH * 4 {
            return Err(Weak::TooLong);
        }
        let password = normalized(&typed);
        match password.chars().count() {
            0..MIN_LENGTH => return Err(Weak::TooShort),
            MIN_LENGTH..=MAX_LENGTH => {}
            _ => return Err(Weak::TooLong),
        }
        let letters = Letters::of(&password);
        let common = || COMMON.lines();
        if letters.different() < MIN_DIFFERENT || letters.points(common()) < MIN_POINTS {
            return Err(Weak::TooCommon);
        }
        let about: Vec<String> = about.iter().flat_map(|text| words(text)).collect();
        if letters.points(common().chain(about.iter().map(String::as_str))) < MIN_POINTS {
            return Err(Weak::AboutOwner);
        }
        Ok(Self(password))
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for NewPassword {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NewPassword([hidden])")
    }
}

/// The words of a name or address that are long enough to mean something, and all of it as one.
fn words(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric())
        .chain([text.trim()])
        .filter(|word| word.chars().count() >= 3)
        .map(|word| word.chars().map(lower).collect())
        .collect()
}

fn lower(c: char) -> char {
    c.to_lowercase().next().unwrap_or(c)
}

/// A digit or sign read as the letter that it often stands for.
const fn unmasked(c: char) -> char {
    match c {
        '0' => 'o',
        '1' | '!' => 'i',
        '3' | '€' => 'e',
        '4' | '@' => 'a',
        '5' | '$' => 's',
        '7' => 't',
        c => c,
    }
}

/// A password in lower case, as it is and unmasked.
struct Letters {
    plain: Zeroizing<Vec<char>>,
    unmasked: Zeroizing<Vec<char>>,
}

impl Letters {
    fn of(password: &str) -> Self {
        let plain: Vec<char> = password.chars().map(lower).collect();
        let unmasked = plain.iter().copied().map(unmasked).collect();
        Self { plain: Zeroizing::new(plain), unmasked: Zeroizing::new(unmasked) }
    }

    fn different(&self) -> usize {
        self.plain.iter().enumerate().filter(|(position, c)| !self.plain[..*position].contains(c)).count()
    }

    fn points<'a>(&self, words: impl Iterator<Item = &'a str> + Clone) -> usize {
        let (mut position, mut points) = (0, 0);
        while position < self.plain.len() {
            let longest = words.clone().filter_map(|word| self.has(word, position)).max();
            points += usize::from(longest.is_some() || !self.continues_a_run(position));
            position += longest.unwrap_or(1);
        }
        points
    }

    /// The length of `word` when it stands at `position`.
    fn has(&self, word: &str, position: usize) -> Option<usize> {
        let length = word.chars().count();
        let stands = |letters: &[char]| {
            letters.get(position..position + length).is_some_and(|here| here.iter().copied().eq(word.chars()))
        };
        (length > 0 && (stands(&self.plain) || stands(&self.unmasked))).then_some(length)
    }

    fn continues_a_run(&self, position: usize) -> bool {
        let Some(before) = position.checked_sub(1).map(|previous| self.plain[previous]) else {
            return false;
        };
        let here = self.plain[position];
        u32::from(before).abs_diff(u32::from(here)) <= 1
            || ROWS.iter().any(|row| {
                row.chars().zip(row.chars().skip(1)).any(|(a, b)| (a, b) == (before, here) || (b, a) == (before, here))
            })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ABOUT: [&str; 4] = ["Els", "Peeters-Vandenberghe", "els.peeters@hallerbos.example", "Kwadrantium"];

    fn judged(password: &str) -> Result<(), Weak> {
        NewPassword::check(Zeroizing::new(password.into()), &ABOUT).map(drop)
    }

    #[test]
    fn good_passwords() {
        for good in [
            "een paard eet zeven appels",
            "klaproos 17 fiets",
            "xK9#mQ2$vL7p",
            "Öl und Käse im Zug",
            "correct horse battery staple",
            "welkom bij de wilde ganzen",
            "Ανοιχτή θάλασσα",
            "🐎🔋📎🌂 vier plaatjes",
        ] {
            assert_eq!(judged(good), Ok(()), "{good}");
        }
    }

    #[test]
    fn length_counts_in_characters() {
        assert_eq!(judged("xK9#mQ2$vL7"), Err(Weak::TooShort));
        assert_eq!(judged(""), Err(Weak::TooShort));
        let many: String = "xK9#mQ2$vL7p".chars().cycle().take(128).collect();
        assert_eq!(judged(&many), Ok(()));
        assert_eq!(judged(&format!("{many}x")), Err(Weak::TooLong));
        assert_eq!(judged(&"é".repeat(1_000_000)), Err(Weak::TooLong));
        let wide: String = "éàüößñçøåæœð".chars().cycle().take(128).collect();
        assert_eq!(judged(&wide), Ok(()), "128 characters of two bytes");
    }

    #[test]
    fn what_everybody_takes() {
        for common in [
            "aaaaaaaaaaaa",
            "123456789012",
            "abcdefghijkl",
            "qwertyuiop123",
            "azertyuiop12",
            "Welkom2026!!",
            "W3lk0m2026!!",
            "Wachtwoord123",
            "P@ssw0rd2026",
            "passwordpassword",
            "Motdepasse2026",
            "Passwort1234",
            "zomer2026zomer",
            "abcabcabcabcabc",
            "121212121212",
            "Amsterdam2026",
        ] {
            assert_eq!(judged(common), Err(Weak::TooCommon), "{common}");
        }
    }

    #[test]
    fn what_everybody_knows_of_its_owner() {
        for about in ["Kwadrantium26", "Peeters-els-26", "vandenberghe2x9", "Hallerbos9421x", "P33t3rs.Z13kx"] {
            assert_eq!(judged(about), Err(Weak::AboutOwner), "{about}");
        }
        let nobody = |password: &str| NewPassword::check(Zeroizing::new(password.into()), &[]).map(drop);
        assert_eq!(nobody("vandenberghe2x9"), Ok(()), "the valid twin: somebody else's name");
        assert_eq!(judged("peeters eet zeven appels"), Ok(()), "a name in something longer");
    }

    #[test]
    fn the_list_of_common_words_is_clean() {
        let words: Vec<_> = COMMON.lines().collect();
        assert!(words.len() > 150);
        for word in &words {
            assert!(word.len() >= 3 && word.chars().all(|c| c.is_alphanumeric() && lower(c) == c), "{word:?}");
        }
        let mut sorted = words.clone();
        sorted.sort_unstable();
        sorted.dedup();
        assert_eq!(sorted, words, "in order, each once");
    }

    #[test]
    fn a_password_does_not_print() {
        let password = NewPassword::check(Zeroizing::new("klaproos 17 fiets".into()), &[]).expect("good");
        assert_eq!(format!("{password:?}"), "NewPassword([hidden])");
    }

    proptest! {
        #[test]
        fn nothing_makes_the_rules_panic(password in ".{0,160}", about in ".{0,30}") {
            let _ = NewPassword::check(Zeroizing::new(password), &[&about]);
        }
    }
}
