//! The members of an object, taken one by one by who knows what they mean. What is wrong is collected with its place, so that a
//! register hears everything at once; what nobody takes is wrong too.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::json::Json;

/// What is wrong in a row, where, and what would be right. No value that was sent stands in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Mistake {
    /// In the row: a JSON pointer (RFC 6901).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pointer: Option<String>,
    /// In the path or the query: the parameter.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parameter: Option<String>,
    pub detail: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub right: Option<String>,
}

impl Mistake {
    /// About a row as a whole.
    pub fn whole(detail: impl Into<String>) -> Self {
        Self { pointer: Some(String::new()), parameter: None, detail: detail.into(), right: None }
    }

    /// About a parameter of the path or the query.
    pub fn parameter(name: &str, detail: &str, right: &str) -> Self {
        let (detail, right) = (detail.to_owned(), Some(right.to_owned()));
        Self { pointer: None, parameter: Some(name.to_owned()), detail, right }
    }
}

/// The members of one object.
pub(super) struct Members {
    of: BTreeMap<String, Json>,
    /// Those that the path names.
    in_path: BTreeSet<String>,
    /// The pointer of the object.
    place: String,
    mistakes: Vec<Mistake>,
}

impl Members {
    /// Those of an object that stands at `place` in its row.
    pub fn new(object: Vec<(String, Json)>, place: impl Into<String>) -> Self {
        Self { of: object.into_iter().collect(), in_path: BTreeSet::new(), place: place.into(), mistakes: Vec::new() }
    }

    /// Adds what the path names.
    pub fn with_path(mut self, named: Vec<(String, String)>) -> Self {
        for (name, value) in named {
            if self.of.insert(name.clone(), Json::Text(value)).is_some() {
                self.wrong(&name, "the path says it", "leave it out of the body");
            }
            self.in_path.insert(name);
        }
        self
    }

    /// Says that a member is wrong.
    pub fn wrong(&mut self, name: &str, detail: &str, right: impl Into<String>) {
        let (detail, right) = (detail.to_owned(), Some(right.into()));
        let mistake = match self.in_path.contains(name) {
            true => Mistake { pointer: None, parameter: Some(name.to_owned()), detail, right },
            false => Mistake { pointer: Some(format!("{}/{name}", self.place)), parameter: None, detail, right },
        };
        self.mistakes.push(mistake);
    }

    /// Says that the object itself is wrong.
    pub fn wrong_itself(&mut self, detail: &str, right: &str) {
        let (detail, right) = (detail.to_owned(), Some(right.to_owned()));
        self.mistakes.push(Mistake { pointer: Some(self.place.clone()), parameter: None, detail, right });
    }

    /// A text that may be absent. `right` says what would be right.
    pub fn optional<T>(&mut self, name: &str, right: &str, read: impl FnOnce(&str) -> Option<T>) -> Option<T> {
        match self.of.remove(name) {
            None => None,
            Some(Json::Text(text)) => {
                let value = read(&text);
                if value.is_none() {
                    self.wrong(name, "this cannot be understood", right);
                }
                value
            }
            Some(_) => {
                self.wrong(name, "this is no text", right);
                None
            }
        }
    }

    /// A text that must be there.
    pub fn required<T>(&mut self, name: &str, right: &str, read: impl FnOnce(&str) -> Option<T>) -> Option<T> {
        if !self.of.contains_key(name) {
            self.wrong(name, "this is missing", right);
            return None;
        }
        self.optional(name, right, read)
    }

    /// True or false.
    pub fn flag(&mut self, name: &str, default: bool) -> bool {
        match self.of.remove(name) {
            None => default,
            Some(Json::Flag(flag)) => flag,
            Some(_) => {
                self.wrong(name, "this is neither true nor false", "true or false, without quotes");
                default
            }
        }
    }

    /// An object within, read by itself.
    pub fn within<T>(&mut self, name: &str, right: &str, read: impl FnOnce(&mut Members) -> Option<T>) -> Option<T> {
        match self.of.remove(name) {
            Some(Json::Object(object)) => self.one(object, name, read),
            None => {
                self.wrong(name, "this is missing", right);
                None
            }
            Some(_) => {
                self.wrong(name, "this is no object", right);
                None
            }
        }
    }

    /// A list of objects, each read by itself. The outer option: whether it is there.
    pub fn list<T>(&mut self, name: &str, right: &str, read: impl Fn(&mut Members) -> Option<T>) -> Option<Vec<T>> {
        let items = match self.of.remove(name) {
            None => return None,
            Some(Json::List(items)) => items,
            Some(_) => {
                self.wrong(name, "this is no list", right);
                return None;
            }
        };
        let mut list = Vec::with_capacity(items.len());
        for (place, item) in items.into_iter().enumerate() {
            let place = format!("{name}/{place}");
            match item {
                Json::Object(object) => list.extend(self.one(object, &place, &read)),
                _ => self.wrong(&place, "this is no object", right),
            }
        }
        Some(list)
    }

    fn one<T>(
        &mut self,
        object: Vec<(String, Json)>,
        name: &str,
        read: impl FnOnce(&mut Members) -> Option<T>,
    ) -> Option<T> {
        let mut members = Members::new(object, format!("{}/{name}", self.place));
        let value = read(&mut members);
        self.mistakes.extend(members.finish());
        value
    }

    /// Everything that is wrong, and every member that nobody took.
    pub fn finish(mut self) -> Vec<Mistake> {
        for name in std::mem::take(&mut self.of).into_keys() {
            // A name that could be anything is not repeated.
            let plain = name.len() <= 40 && name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
            let pointer = if plain { format!("{}/{name}", self.place) } else { self.place.clone() };
            let detail = "a member that is not known here".to_owned();
            self.mistakes.push(Mistake {
                pointer: Some(pointer),
                parameter: None,
                detail,
                right: Some("leave it out".into()),
            });
        }
        self.mistakes
    }
}
