//! JSON (RFC 8259) as a stranger sends it: bounded while it is read, and each member of an object once. Two programs read a
//! member that comes twice differently.

use std::{cell::Cell, fmt};

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

/// How deep values may lie in each other.
const DEEPEST: usize = 4;
/// Values that one text may have, in all.
const VALUES: usize = 256;

/// A value. Numbers and null mean nothing here: what is absent is left out.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Json {
    Null,
    Flag(bool),
    Number,
    Text(String),
    List(Vec<Json>),
    Object(Vec<(String, Json)>),
}

/// The object that a text has.
///
/// # Errors
/// What is wrong, without a word of the text.
pub(super) fn object(text: &[u8]) -> Result<Vec<(String, Json)>, String> {
    let left = Cell::new(VALUES);
    let mut reader = serde_json::Deserializer::from_slice(text);
    let read = Bounded { depth: DEEPEST, left: &left }.deserialize(&mut reader);
    let value = read.and_then(|value| reader.end().map(|()| value)).map_err(|error| match error.is_data() {
        true => error.to_string(),
        false => format!("it is not JSON: {error}"),
    })?;
    match value {
        Json::Object(members) => Ok(members),
        _ => Err("it is no JSON object".into()),
    }
}

#[derive(Clone, Copy)]
struct Bounded<'a> {
    depth: usize,
    left: &'a Cell<usize>,
}

impl Bounded<'_> {
    /// One level deeper.
    fn within<E: Error>(self) -> Result<Self, E> {
        let depth = self.depth.checked_sub(1).ok_or_else(|| E::custom(format!("it is more than {DEEPEST} deep")))?;
        Ok(Self { depth, ..self })
    }
}

impl<'de> DeserializeSeed<'de> for Bounded<'_> {
    type Value = Json;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Json, D::Error> {
        let left =
            self.left.get().checked_sub(1).ok_or_else(|| Error::custom(format!("it has more than {VALUES} values")))?;
        self.left.set(left);
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Bounded<'_> {
    type Value = Json;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Json, E> {
        Ok(Json::Flag(flag))
    }

    fn visit_i64<E>(self, _: i64) -> Result<Json, E> {
        Ok(Json::Number)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Json, E> {
        Ok(Json::Number)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Json, E> {
        Ok(Json::Number)
    }

    fn visit_str<E>(self, text: &str) -> Result<Json, E> {
        Ok(Json::Text(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Json, A::Error> {
        let within = self.within()?;
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(within)? {
            list.push(item);
        }
        Ok(Json::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Json, A::Error> {
        let within = self.within()?;
        let mut object: Vec<(String, Json)> = Vec::new();
        while let Some(name) = members.next_key::<String>()? {
            if object.iter().any(|(known, _)| *known == name) {
                return Err(Error::custom("a member comes twice"));
            }
            object.push((name, members.next_value_seed(within)?));
        }
        Ok(Json::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_is_read() {
        let read = object(br#" {"a": "x", "b": [true, null, 1.5], "c": {"d": -1}} "#).expect("JSON");
        assert_eq!(read[0], ("a".into(), Json::Text("x".into())));
        assert_eq!(read[1].1, Json::List(vec![Json::Flag(true), Json::Null, Json::Number]));
        assert_eq!(read[2].1, Json::Object(vec![("d".into(), Json::Number)]));
    }

    #[test]
    fn s23_what_is_too_deep_too_wide_or_said_twice_is_refused_without_being_repeated() {
        let number = "85073003328";
        let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        let deep_object = format!("{{\"a\":{deep}}}");
        let members: Vec<String> = (0..1_000_000).map(|i| format!("\"k{i}\":1")).collect();
        let wide = format!("{{{}}}", members.join(","));
        for (text, said) in [
            (deep_object.as_str(), "more than 4 deep"),
            (&wide, "more than 256 values"),
            (&format!("{{\"a\":\"{number}\",\"a\":\"{number}\"}}"), "a member comes twice"),
            (&format!("{{\"{number}\":1,\"\\u0038{}\":2}}", &number[1..]), "a member comes twice"),
            (&format!("\"{number}\""), "no JSON object"),
            (&format!("{{\"a\":{number}"), "not JSON"),
            (&format!("{{\"a\":1}} {number}"), "not JSON"),
            (&format!("{{a:{number}}}"), "not JSON"),
            ("", "not JSON"),
        ] {
            let refused = object(text.as_bytes()).expect_err("refused");
            assert!(refused.contains(said) && !refused.contains(number), "{said}: {refused}");
        }
        assert!(object(b"{\"a\":\"\xff\"}").is_err());
    }
}
