//! A file's text: parsed, with the place of whatever stands in it, and the mistakes found.

use std::{cell::RefCell, ops::Range, path::Path};

use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::{
    Source,
    mistake::{Mistake, Place},
    table::Table,
};

/// A TOML value with its place in the text.
pub(super) type Value<'a> = &'a Spanned<DeValue<'a>>;

/// A value read, and where it stands.
#[derive(Clone, Debug)]
pub(super) struct Placed<T> {
    pub value: T,
    pub place: Place,
}

/// A file's text and the mistakes found in it.
pub(super) struct Document<'a> {
    source: &'a Source,
    mistakes: RefCell<Vec<Mistake>>,
}

impl<'a> Document<'a> {
    /// Parses `source` and lets `read` read its root. A file that is no TOML is not read any further: what is left of it would
    /// only give mistakes that nobody made.
    pub fn read<T>(source: &'a Source, mistakes: &mut Vec<Mistake>, read: impl FnOnce(Table<'_>) -> T) -> Option<T> {
        let document = Document { source, mistakes: RefCell::default() };
        let (root, errors) = DeTable::parse_recoverable(&source.text);
        for error in &errors {
            let place = document.place(error.span().unwrap_or(0..0), String::new());
            // Only the first of a line: what follows it is mostly its echo.
            if mistakes.last().is_none_or(|last| (&last.place.file, last.place.line) != (&place.file, place.line)) {
                // `error.message()` and not its `Display`, which repeats the line: a password might stand there.
                let (what, right) = explain_syntax(error.message());
                mistakes.push(Mistake { place, what, right });
            }
        }
        if !errors.is_empty() {
            return None;
        }
        let value = read(Table::root(&document, root.get_ref()));
        mistakes.append(&mut document.mistakes.borrow_mut());
        Some(value)
    }

    /// The file's directory: paths in it are relative to that.
    pub fn directory(&self) -> &'a Path {
        self.source.path.parent().unwrap_or(Path::new(""))
    }

    /// The file's name without its ending.
    pub fn stem(&self) -> &'a str {
        self.source.path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default()
    }

    /// The place of `span`, which `key` is the path to.
    pub fn place(&self, span: Range<usize>, key: String) -> Place {
        let before = self.source.text.get(..span.start).unwrap_or(&self.source.text);
        let line_start = before.rfind('\n').map_or(0, |i| i + 1);
        Place {
            file: self.source.path.clone(),
            line: before.matches('\n').count() + 1,
            column: before.get(line_start..).map_or(1, |text| text.chars().count() + 1),
            key,
        }
    }

    /// Notes a mistake.
    pub fn report(&self, place: Place, what: impl Into<String>, right: impl Into<String>) {
        self.mistakes.borrow_mut().push(Mistake { place, what: what.into(), right: right.into() });
    }
}

fn explain_syntax(message: &str) -> (String, String) {
    if message.contains("duplicate key") {
        return ("this key or section stands here for the second time".into(), "keep one of the two".into());
    }
    if message.contains("string") {
        return (
            format!("this is no TOML: {message}"),
            "a text begins and ends with a double quote, on one line: host = \"login.example\"".into(),
        );
    }
    (
        format!("this is no TOML: {message}"),
        "a line `key = value`, texts in double quotes, as in host = \"login.example\"".into(),
    )
}
