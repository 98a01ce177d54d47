//! The public keys of a client (RFC 7517), inline or in a file of their own.
//!
//! Architecture invariant: nothing of a key is repeated in a message: it might be the private one.

use std::{fs, path::Path};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Map, Value};
use toml::de::DeValue;

use super::wrong::Wrong;

/// The members of a JWK that only the client may know (RFC 7518 section 6).
const PRIVATE: [&str; 8] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

/// A TOML value as JSON; dates become texts, and what is no number of JSON null.
pub(super) fn json(value: &DeValue<'_>) -> Value {
    match value {
        DeValue::String(text) => Value::String(text.to_string()),
        DeValue::Boolean(value) => Value::Bool(*value),
        DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix())
            .map_or(Value::Null, |number| Value::Number(number.into())),
        DeValue::Float(number) => number.as_str().parse::<f64>().map_or(Value::Null, Value::from),
        DeValue::Datetime(date) => Value::String(date.to_string()),
        DeValue::Array(items) => Value::Array(items.iter().map(|item| json(item.get_ref())).collect()),
        DeValue::Table(table) => {
            Value::Object(table.iter().map(|(key, value)| (key.get_ref().to_string(), json(value.get_ref()))).collect())
        }
    }
}

/// The keys in the JSON file at `path`.
pub(super) fn read_file(path: &Path) -> Result<Vec<Value>, Wrong> {
    let text = fs::read_to_string(path).map_err(|error| {
        Wrong::but(
            format!("{} cannot be read: {error}", path.display()),
            "a file with the client's public keys, relative to this one",
        )
    })?;
    let set: Value = serde_json::from_str(&text).map_err(|error| {
        Wrong::new(format!("{} is no JSON: line {}, column {}", path.display(), error.line(), error.column()))
    })?;
    keys(&set)
}

/// The keys of a JWK set, each checked.
pub(super) fn keys(set: &Value) -> Result<Vec<Value>, Wrong> {
    let keys = set.get("keys").and_then(Value::as_array).filter(|keys| !keys.is_empty());
    let keys = keys.ok_or_else(|| Wrong::new("this is no JWK set: `keys` with at least one key"))?;
    for key in keys {
        check(key.as_object().ok_or_else(|| Wrong::new("a key of the set is no JWK"))?)?;
    }
    let ids: Vec<&Value> = keys.iter().filter_map(|key| key.get("kid")).collect();
    if keys.len() > 1 && (ids.len() < keys.len() || (1..ids.len()).any(|i| ids[..i].contains(&ids[i]))) {
        return Err(Wrong::but(
            "several keys, and their assertions cannot be told apart",
            "a `kid` of its own for each key",
        ));
    }
    Ok(keys.clone())
}

fn check(key: &Map<String, Value>) -> Result<(), Wrong> {
    if PRIVATE.iter().any(|member| key.contains_key(*member)) {
        return Err(Wrong::but(
            "a private or symmetric key stands here in clear; whoever read this file knows it",
            "make a new pair of keys, and write the public half only: kty, crv, x, y, or kty, n, e",
        ));
    }
    let text = |member: &str| key.get(member).and_then(Value::as_str).unwrap_or_default();
    let length = |member: &str| URL_SAFE_NO_PAD.decode(text(member)).map_or(0, |bytes| bytes.len());
    match (text("kty"), text("crv")) {
        ("EC", "P-256") if length("x") == 32 && length("y") == 32 => Ok(()),
        ("EC", "P-256") => Err(Wrong::new("the coordinates of a key on P-256 are 32 bytes each, in base64url")),
        ("RSA", _) if length("n") >= 256 && length("e") >= 1 => Ok(()),
        ("RSA", _) => Err(Wrong::but(
            "an RSA key has a modulus of at least 2048 bits, in base64url",
            "a larger key, or one on P-256",
        )),
        _ => Err(Wrong::but(
            "a client's key is on P-256 (ES256) or RSA (RS256)",
            "kty = \"EC\" with crv = \"P-256\", or kty = \"RSA\"",
        )),
    }
}
