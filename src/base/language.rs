//! The languages in which Poort speaks with people.
//!
//! Architecture invariant: a language is a closed list, not a string. A tag that a browser, an application
//! (`ui_locales`) or a cookie sends either names one of these or is ignored; it never reaches a page.

use std::fmt;

/// A language of the pages and messages. The national languages of the Netherlands and Belgium, and English.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Language {
    /// Dutch
    Nl,
    /// French
    Fr,
    /// German
    De,
    /// English
    En,
}

impl Language {
    /// Every language, in the order in which a page offers them.
    pub const ALL: [Self; 4] = [Self::Nl, Self::Fr, Self::De, Self::En];

    /// The ISO 639-1 code, which is also the BCP 47 tag for `lang` and the OpenID claim `locale`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Nl => "nl",
            Self::Fr => "fr",
            Self::De => "de",
            Self::En => "en",
        }
    }

    /// The name of the language in that language, as the language switch shows it.
    pub const fn native_name(self) -> &'static str {
        match self {
            Self::Nl => "Nederlands",
            Self::Fr => "Français",
            Self::De => "Deutsch",
            Self::En => "English",
        }
    }

    /// The language that a BCP 47 tag (RFC 5646) asks for, by its primary subtag: `nl-BE` is Dutch.
    /// `None` for a language that Poort does not speak.
    pub fn from_tag(tag: &str) -> Option<Self> {
        let primary = tag.split(['-', '_']).next()?;
        Self::ALL.into_iter().find(|language| primary.eq_ignore_ascii_case(language.code()))
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

#[cfg(test)]
mod tests {
    use super::Language;

    #[test]
    fn a_tag_is_read_by_its_primary_subtag() {
        assert_eq!(Language::from_tag("nl-BE"), Some(Language::Nl));
        assert_eq!(Language::from_tag("FR"), Some(Language::Fr));
        assert_eq!(Language::from_tag("de_AT"), Some(Language::De));
        assert_eq!(Language::from_tag("tlh"), None);
        assert_eq!(Language::from_tag(""), None);
        assert_eq!(Language::from_tag("*"), None);
    }
}
