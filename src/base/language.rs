//! The languages Poort speaks.

/// A language of the pages, mails and refusals.
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
    /// Every language, in the order in which the pages list them.
    pub const ALL: [Language; 4] = [Language::Nl, Language::Fr, Language::De, Language::En];

    /// The two-letter code (ISO 639-1), as in `lang` attributes and `ui_locales`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Language::Nl => "nl",
            Language::Fr => "fr",
            Language::De => "de",
            Language::En => "en",
        }
    }

    /// The language of a BCP 47 tag by its primary subtag: `nl-BE` is Dutch. Unknown tags are `None`.
    #[must_use]
    pub fn from_tag(tag: &str) -> Option<Language> {
        let primary = tag.split(['-', '_']).next().unwrap_or_default();
        Language::ALL.into_iter().find(|language| language.code().eq_ignore_ascii_case(primary))
    }
}
