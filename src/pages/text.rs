//! What the pages say: Fluent texts in every language, compiled in and parsed once.
//!
//! A page holds a [`Text`], which is only a language, and asks it for sentences by key. Keys are written out as
//! literals, in templates and in Rust, so that a test can compare them with the locale files: the four files have
//! the same keys with the same placeables, every key that is asked for exists, and none is left over.
//!
//! Key convention: `page-part`, for example `email-code-title`. A key of a view enum's variant ends in the
//! variant's name.
//!
//! Architecture invariant: no text holds markup, and nothing here escapes. Templates escape what they print, so a
//! person's name in a sentence can never become an element.

use std::borrow::{Borrow, Cow};
use std::fmt;
use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use jiff::civil::{Date, DateTime};
use unic_langid::LanguageIdentifier;

use crate::base::Language;

type Bundle = FluentBundle<FluentResource>;

static NL: LazyLock<Bundle> = LazyLock::new(|| bundle(Language::Nl));
static FR: LazyLock<Bundle> = LazyLock::new(|| bundle(Language::Fr));
static DE: LazyLock<Bundle> = LazyLock::new(|| bundle(Language::De));
static EN: LazyLock<Bundle> = LazyLock::new(|| bundle(Language::En));

/// The locale file of a language, as it was compiled in.
const fn source(language: Language) -> &'static str {
    match language {
        Language::Nl => include_str!("locales/nl.ftl"),
        Language::Fr => include_str!("locales/fr.ftl"),
        Language::De => include_str!("locales/de.ftl"),
        Language::En => include_str!("locales/en.ftl"),
    }
}

/// Parses a locale file. What cannot be parsed is left out; the tests below refuse such a file.
fn bundle(language: Language) -> Bundle {
    let locale: LanguageIdentifier = language.code().parse().unwrap_or_default();
    let resource = match FluentResource::try_new(source(language).to_owned()) {
        Ok(resource) | Err((resource, _)) => resource,
    };
    let mut bundle = Bundle::new_concurrent(vec![locale]);
    // Isolation marks around names are invisible characters that end up in copied text and in page titles.
    bundle.set_use_isolating(false);
    bundle.add_resource_overriding(resource);
    bundle
}

/// The texts in one language. A cheap handle that every page holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Text {
    language: Language,
}

impl Text {
    /// The texts in `language`.
    pub const fn new(language: Language) -> Self {
        Self { language }
    }

    /// The language of these texts.
    pub const fn language(self) -> Language {
        self.language
    }

    /// The sentence with this key, which has no placeables.
    pub fn say(self, key: &'static str) -> Cow<'static, str> {
        self.format(key, None)
    }

    /// The sentence with this key, to be completed with [`Phrase::arg`] and then printed.
    pub fn say_with<'a>(self, key: &'static str) -> Phrase<'a> {
        Phrase { text: self, key, args: FluentArgs::new() }
    }

    /// A date as people write it: `30 juni 2027`, `1er juillet 2027`, `30. Juni 2027`, `30 June 2027`.
    pub fn date(self, date: impl Borrow<Date>) -> String {
        let date = *date.borrow();
        self.say_with("date")
            .arg("day", i64::from(date.day()))
            .arg("month", self.say(month(date)).into_owned())
            .arg("year", date.year().to_string())
            .to_string()
    }

    /// A date and the time of day, to the minute, in whatever time zone the caller converted to.
    pub fn date_time(self, moment: impl Borrow<DateTime>) -> String {
        let moment = *moment.borrow();
        self.say_with("date-time").arg("date", self.date(moment.date())).arg("time", self.time(moment)).to_string()
    }

    /// The time of day, to the minute: `14:05`.
    pub fn time(self, moment: impl Borrow<DateTime>) -> String {
        let moment = moment.borrow();
        format!("{:02}:{:02}", moment.hour(), moment.minute())
    }

    fn format(self, key: &'static str, args: Option<&FluentArgs<'_>>) -> Cow<'static, str> {
        let bundle: &'static Bundle = match self.language {
            Language::Nl => &NL,
            Language::Fr => &FR,
            Language::De => &DE,
            Language::En => &EN,
        };
        let mut errors = Vec::new();
        let said = bundle
            .get_message(key)
            .and_then(|message| message.value())
            .map(|pattern| bundle.format_pattern(pattern, args, &mut errors).into_owned());
        let whole = said.is_some() && errors.is_empty();
        debug_assert!(whole, "text {key} in {}: {errors:?}", self.language);
        if !whole {
            tracing::error!(key, language = self.language.code(), ?errors, "a text is missing or incomplete");
        }
        said.map_or(Cow::Borrowed(key), Cow::Owned)
    }
}

fn month(date: Date) -> &'static str {
    match date.month() {
        1 => "month-1",
        2 => "month-2",
        3 => "month-3",
        4 => "month-4",
        5 => "month-5",
        6 => "month-6",
        7 => "month-7",
        8 => "month-8",
        9 => "month-9",
        10 => "month-10",
        11 => "month-11",
        _ => "month-12",
    }
}

/// A sentence with values to fill in. Printing it says it.
pub struct Phrase<'a> {
    text: Text,
    key: &'static str,
    args: FluentArgs<'a>,
}

impl<'a> Phrase<'a> {
    /// Fills in one value. A number also chooses the plural.
    #[must_use]
    pub fn arg(mut self, name: &'static str, value: impl Into<FluentValue<'a>>) -> Self {
        self.args.set(name, value);
        self
    }
}

impl fmt::Display for Phrase<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text.format(self.key, Some(&self.args)))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};
    use std::path::Path;

    use fluent_bundle::FluentResource;
    use jiff::civil::date;

    use super::{Text, source};
    use crate::base::Language;

    /// Every key of a language with the names of its placeables.
    fn keys(language: Language) -> BTreeMap<String, BTreeSet<String>> {
        let text = source(language);
        FluentResource::try_new(text.to_owned()).unwrap_or_else(|(_, errors)| panic!("{language}.ftl: {errors:?}"));
        let mut keys: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        let mut current = String::new();
        for line in text.lines() {
            if line.starts_with('#') {
                continue;
            }
            if let Some((key, _)) = line.split_once(" =").filter(|_| line.starts_with(|c: char| c.is_ascii_lowercase()))
            {
                current = key.to_owned();
                assert!(keys.insert(current.clone(), BTreeSet::new()).is_none(), "{language}.ftl has {key} twice");
            }
            for (at, _) in line.match_indices('$') {
                let name = line[at + 1..].chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
                keys.get_mut(&current).expect("a placeable stands in a message").insert(name);
            }
        }
        keys
    }

    /// The text of every template and Rust file of this room.
    fn sources() -> Vec<(String, String)> {
        fn walk(folder: &Path, found: &mut Vec<(String, String)>) {
            for entry in std::fs::read_dir(folder).expect("the room's folder") {
                let path = entry.expect("an entry").path();
                if path.ends_with("tests") {
                    // Raw requests and responses, no sentences.
                } else if path.is_dir() {
                    walk(&path, found);
                } else if !path.ends_with("tests.rs")
                    && path.extension().is_some_and(|end| end == "rs" || end == "html")
                {
                    found.push((path.display().to_string(), std::fs::read_to_string(&path).expect("a text file")));
                }
            }
        }
        let mut found = Vec::new();
        // The pages, and the doors that fill them in.
        for room in ["pages", "http", "proxy", "web"] {
            walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(room), &mut found);
        }
        found
    }

    #[test]
    fn every_language_has_the_same_keys_and_placeables() {
        let dutch = keys(Language::Nl);
        for language in Language::ALL {
            let other = keys(language);
            for (key, placeables) in &dutch {
                assert_eq!(other.get(key), Some(placeables), "{key} in {language}.ftl");
            }
            for key in other.keys() {
                assert!(dutch.contains_key(key), "{key} stands in {language}.ftl and not in nl.ftl");
            }
        }
    }

    #[test]
    fn every_key_that_is_asked_for_exists() {
        let keys = keys(Language::Nl);
        for (file, source) in sources() {
            for call in [".say(\"", ".say_with(\""] {
                for (at, _) in source.match_indices(call) {
                    let key = source[at + call.len()..].split('"').next().expect("a literal ends");
                    assert!(keys.contains_key(key), "{file} asks for {key}, which no locale file has");
                }
            }
        }
    }

    #[test]
    fn no_key_is_left_over() {
        let sources = sources();
        let unused: Vec<_> = keys(Language::Nl)
            .into_keys()
            .filter(|key| !sources.iter().any(|(_, source)| source.contains(&format!("\"{key}\""))))
            .collect();
        assert!(unused.is_empty(), "never said: {unused:?}");
    }

    #[test]
    fn dates_are_written_as_people_write_them() {
        let written = |language, day| Text::new(language).date(day);
        assert_eq!(written(Language::Nl, date(2027, 6, 30)), "30 juni 2027");
        assert_eq!(written(Language::Fr, date(2027, 6, 30)), "30 juin 2027");
        assert_eq!(written(Language::Fr, date(2027, 7, 1)), "1er juillet 2027");
        assert_eq!(written(Language::De, date(2027, 6, 30)), "30. Juni 2027");
        assert_eq!(written(Language::En, date(2027, 6, 30)), "30 June 2027");
        assert_eq!(Text::new(Language::Nl).date_time(date(2026, 11, 22).at(9, 5, 59, 0)), "22 november 2026 om 09:05");
    }

    #[test]
    fn a_number_chooses_the_plural() {
        let found = |n: u32| Text::new(Language::Nl).say_with("mandators-found").arg("count", n).to_string();
        assert_ne!(found(0), found(1));
        assert_eq!(found(2), found(3).replace('3', "2"));
    }
}
