//! Reading a TOML table key by key, so that every mistake is found in one go, with its place.
//!
//! A section that is absent is read like an empty one, so that the defaults of its keys stand in one place: where the key is
//! read. Reading never stops at a mistake: it notes it and answers `None`.

use std::ops::Range;

use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::{
    document::{Document, Placed, Value},
    mistake::Place,
    near::{listed, nearest},
    wrong::{Wrong, kind_of},
};

/// A table that is being read.
pub(super) struct Table<'a> {
    document: &'a Document<'a>,
    path: String,
    span: Range<usize>,
    entries: Option<&'a DeTable<'a>>,
    known: Vec<&'static str>,
    missing: Vec<(&'static str, String)>,
}

impl<'a> Table<'a> {
    /// The table that a whole file is.
    pub fn root(document: &'a Document<'a>, entries: &'a DeTable<'a>) -> Self {
        Self::new(document, String::new(), 0..0, Some(entries))
    }

    fn new(document: &'a Document<'a>, path: String, span: Range<usize>, entries: Option<&'a DeTable<'a>>) -> Self {
        Self { document, path, span, entries, known: Vec::new(), missing: Vec::new() }
    }

    /// The document it stands in.
    pub fn document(&self) -> &'a Document<'a> {
        self.document
    }

    /// The path of a key in it.
    pub fn path_of(&self, key: &str) -> String {
        let plain = !key.is_empty() && key.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
        let key = if plain { key.to_owned() } else { format!("{key:?}") };
        if self.path.is_empty() { key } else { format!("{}.{key}", self.path) }
    }

    /// Where the key's value stands; the table's own place when the key is absent.
    pub fn place_of(&self, key: &str) -> Place {
        let span = self.peek(key).map_or_else(|| self.span.clone(), Spanned::span);
        self.document.place(span, self.path_of(key))
    }

    /// Where the table itself stands.
    pub fn place(&self) -> Place {
        self.document.place(self.span.clone(), self.path.clone())
    }

    /// Notes that `key` is not there.
    pub fn lacks(&self, key: &str, what: impl Into<String>, right: impl Into<String>) {
        let place = Place { key: self.path_of(key), ..self.place() };
        self.document.report(place, what, right);
    }

    /// Whether the key is there, right or wrong.
    pub fn has(&self, key: &str) -> bool {
        self.peek(key).is_some()
    }

    fn peek(&self, key: &str) -> Option<Value<'a>> {
        self.entries.and_then(|entries| entries.get(key))
    }

    fn take(&mut self, key: &'static str) -> Option<Value<'a>> {
        if !self.known.contains(&key) {
            self.known.push(key);
        }
        self.peek(key)
    }

    /// Notes that the value of `key` is wrong.
    pub fn wrong(&self, key: &str, what: impl Into<String>, right: impl Into<String>) {
        self.document.report(self.place_of(key), what, right);
    }

    /// Notes a mistake at a place found before.
    pub fn wrong_at(&self, place: &Place, what: impl Into<String>, right: impl Into<String>) {
        self.document.report(place.clone(), what, right);
    }

    /// A key that may be absent. `example` is a value, as it would be written.
    pub fn optional<T>(
        &mut self,
        key: &'static str,
        example: &str,
        read: impl FnOnce(&DeValue<'_>) -> Result<T, Wrong>,
    ) -> Option<T> {
        let value = self.take(key)?;
        match read(value.get_ref()) {
            Ok(value) => Some(value),
            Err(Wrong { what, right }) => {
                self.wrong(key, what, right.line(key, example));
                None
            }
        }
    }

    /// A key that must be there.
    pub fn required<T>(
        &mut self,
        key: &'static str,
        example: &str,
        read: impl FnOnce(&DeValue<'_>) -> Result<T, Wrong>,
    ) -> Option<T> {
        if self.take(key).is_none() {
            self.missing.push((key, format!("{key} = {example}")));
            return None;
        }
        self.optional(key, example, read)
    }

    /// A list of values, each with its place; a wrong one does not hide the others. `None` when the key is absent or no list.
    pub fn list<T>(
        &mut self,
        key: &'static str,
        example: &str,
        mut read: impl FnMut(&DeValue<'_>) -> Result<T, Wrong>,
    ) -> Option<Vec<Placed<T>>> {
        let value = self.take(key)?;
        let Some(items) = value.get_ref().as_array() else {
            self.wrong(
                key,
                format!("a list is expected here, not {}", kind_of(value.get_ref())),
                format!("{key} = {example}"),
            );
            return None;
        };
        let mut out = Vec::new();
        let mut all_right = true;
        for (i, item) in items.iter().enumerate() {
            let place = self.document.place(item.span(), format!("{}[{}]", self.path_of(key), i + 1));
            match read(item.get_ref()) {
                Ok(value) => out.push(Placed { value, place }),
                Err(Wrong { what, right }) => {
                    all_right = false;
                    self.document.report(place, what, right.entry(&format!("{key} = {example}")));
                }
            }
        }
        all_right.then_some(out)
    }

    /// A list that must be there and have an entry.
    pub fn required_list<T>(
        &mut self,
        key: &'static str,
        example: &str,
        read: impl FnMut(&DeValue<'_>) -> Result<T, Wrong>,
    ) -> Option<Vec<Placed<T>>> {
        if self.take(key).is_none() {
            self.missing.push((key, format!("{key} = {example}")));
            return None;
        }
        let list = self.list(key, example, read)?;
        if list.is_empty() {
            self.wrong(key, "the list is empty", format!("{key} = {example}"));
            return None;
        }
        Some(list)
    }

    /// A section; read as an empty one when it is absent or no section.
    pub fn section(&mut self, key: &'static str) -> Table<'a> {
        let value = self.take(key);
        let table = value.and_then(|value| self.as_table(value, &self.path_of(key)));
        let span = value.map_or_else(|| self.span.clone(), Spanned::span);
        Table::new(self.document, self.path_of(key), span, table)
    }

    /// A section that must be there.
    pub fn required_section(&mut self, key: &'static str, example: &str) -> Option<Table<'a>> {
        if self.take(key).is_none() {
            self.missing.push((key, example.to_owned()));
        }
        self.optional_section(key)
    }

    /// A section that may be absent.
    pub fn optional_section(&mut self, key: &'static str) -> Option<Table<'a>> {
        let value = self.take(key)?;
        let table = self.as_table(value, &self.path_of(key))?;
        Some(Table::new(self.document, self.path_of(key), value.span(), Some(table)))
    }

    /// Sections under names that the operator chose: `[registers.NAME]`, in the file's order.
    pub fn named(&mut self, key: &'static str) -> Vec<(Placed<String>, Table<'a>)> {
        let section = self.section(key);
        section
            .in_order()
            .filter_map(|(name, place, value)| {
                let table = section.as_table(value, &place.key)?;
                let child = Table::new(section.document, place.key.clone(), value.span(), Some(table));
                Some((Placed { value: name, place }, child))
            })
            .collect()
    }

    /// A list of sections: `[[means]]`; empty when it is absent, `None` when it is something else.
    pub fn sections(&mut self, key: &'static str) -> Option<Vec<Table<'a>>> {
        let Some(value) = self.take(key) else { return Some(Vec::new()) };
        let Some(items) = value.get_ref().as_array() else {
            let path = self.path_of(key);
            self.wrong(
                key,
                format!("a list of sections is expected here, not {}", kind_of(value.get_ref())),
                format!("[[{path}]]"),
            );
            return None;
        };
        let items = items.iter().enumerate().filter_map(|(i, item)| {
            let path = format!("{}[{}]", self.path_of(key), i + 1);
            let table = self.as_table(item, &path)?;
            Some(Table::new(self.document, path, item.span(), Some(table)))
        });
        Some(items.collect())
    }

    /// Every entry, in the file's order, with the place of its key.
    pub fn in_order(&self) -> impl Iterator<Item = (String, Place, Value<'a>)> + use<'a> {
        let mut entries: Vec<_> = self.entries.into_iter().flat_map(|entries| entries.iter()).collect();
        entries.sort_by_key(|(key, _)| key.span().start);
        let places: Vec<_> = entries
            .into_iter()
            .map(|(key, value)| {
                let name = key.get_ref().to_string();
                let place = self.document.place(key.span(), self.path_of(&name));
                (name, place, value)
            })
            .collect();
        places.into_iter()
    }

    fn as_table(&self, value: Value<'a>, path: &str) -> Option<&'a DeTable<'a>> {
        let table = value.get_ref().as_table();
        if table.is_none() {
            let place = self.document.place(value.span(), path.to_owned());
            self.document.report(
                place,
                format!("a section is expected here, not {}", kind_of(value.get_ref())),
                format!("[{path}], with its keys below it"),
            );
        }
        table
    }

    /// For a key that is called like a secret: the key here that names a file with one.
    fn secret_file_for(&self, name: &str) -> Option<&'static str> {
        let name = name.to_lowercase();
        let secret = ["password", "passwd", "secret", "token"].iter().any(|word| name.contains(word));
        let mut files = self.known.iter().copied().filter(|key| key.ends_with("_file"));
        let file = files.find(|key| key.contains("password") || key.contains("key"))?;
        (secret && !name.ends_with("file")).then_some(file)
    }

    /// Every key was read: what is left is unknown, and what must be there and is not is missing. A missing key that somebody
    /// mistyped is one mistake, not two.
    pub fn finish(self) {
        let mut missing = self.missing.clone();
        for (name, place, _) in self.in_order() {
            if self.known.contains(&name.as_str()) {
                continue;
            }
            if let Some(file) = self.secret_file_for(&name) {
                self.document.report(
                    place,
                    "no such key, and a secret may stand here in clear",
                    format!(
                        "remove it, change the secret, and put the new one into a file: {file} = \"/run/secrets/…\""
                    ),
                );
                continue;
            }
            let meant = nearest(&name, missing.iter().map(|(key, _)| *key))
                .or_else(|| nearest(&name, self.known.iter().copied().filter(|known| !self.has(known))))
                .or_else(|| nearest(&name, self.known.iter().copied()));
            match meant {
                Some(meant) => {
                    missing.retain(|(key, _)| *key != meant);
                    self.document.report(place, "no such key", format!("`{meant}`, if that was meant"));
                }
                None if self.known.is_empty() => self.document.report(place, "no key belongs here", "remove it"),
                None => {
                    let known = listed(self.known.iter().copied());
                    self.document.report(place, "no such key", format!("remove it; the keys here are {known}"));
                }
            }
        }
        for (key, example) in missing {
            self.lacks(key, "this is missing", example);
        }
    }
}
