//! What is wrong with a value, as the readers of its kind say it; the table that reads it adds the place and the key.

use toml::de::DeValue;

/// What is wrong with a value, and what would be right in its place.
#[derive(Debug)]
pub(super) struct Wrong {
    pub what: String,
    pub right: Right,
}

/// What would be right.
#[derive(Debug)]
pub(super) enum Right {
    /// The example that the key's reader gave.
    Example,
    /// This value, as it would be written.
    Value(String),
    /// This, said in words or whole lines.
    Advice(String),
}

impl Right {
    /// The line for `key`, whose example is `example`.
    pub fn line(self, key: &str, example: &str) -> String {
        match self {
            Right::Example => format!("{key} = {example}"),
            Right::Value(value) => format!("{key} = {value}"),
            Right::Advice(advice) => advice,
        }
    }

    /// The entry of a list whose example is `example`, or the name of a section.
    pub fn entry(self, example: &str) -> String {
        match self {
            Right::Example => example.to_owned(),
            Right::Value(text) | Right::Advice(text) => text,
        }
    }
}

impl Wrong {
    /// Wrong, and the key's example shows what would be right.
    pub fn new(what: impl Into<String>) -> Self {
        Self { what: what.into(), right: Right::Example }
    }

    /// Wrong, and this would be right, said in words or whole lines.
    pub fn but(what: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { what: what.into(), right: Right::Advice(advice.into()) }
    }

    /// Wrong, and this text is probably meant; without one the example is shown.
    pub fn meant(what: impl Into<String>, text: Option<String>) -> Self {
        Self { what: what.into(), right: text.map_or(Right::Example, |text| Right::Value(format!("{text:?}"))) }
    }
}

/// What a value is, for "…, not a number".
pub(super) fn kind_of(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) | DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a section",
    }
}
