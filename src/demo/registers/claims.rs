//! What a token told a register, ready to be shown: who acts, for whom, as what, and every single claim with its meaning.

use serde_json::Value;

use super::words::Words;
use crate::{
    base::{Language, Timestamp},
    domain::tenant::Tenant,
};

/// The claims at the top, in the order in which people want to know them.
const ORDER: [&str; 18] = [
    "name",
    "sub",
    "locale",
    "registration",
    "act",
    "represents",
    "profile",
    "organization",
    "mandate",
    "rights",
    "acr",
    "amr",
    "auth_time",
    "iss",
    "aud",
    "iat",
    "nbf",
    "exp",
];

/// The claims of a believed token.
#[derive(Debug)]
pub(super) struct Claims(Value);

/// A claim for people.
pub(super) struct Told {
    /// Its name, with dots for what stands within another.
    pub name: String,
    pub value: String,
    /// What it means; empty for one that this register does not know.
    pub meaning: &'static str,
}

impl Claims {
    pub(super) const fn new(claims: Value) -> Self {
        Self(claims)
    }

    fn text(&self, pointer: &str) -> Option<&str> {
        self.0.pointer(pointer).and_then(Value::as_str)
    }

    /// The form says where the actor stands: at the top, or in `act` (RFC 8693 section 4.1).
    fn actor_in(&self) -> &'static str {
        if self.0.get("act").is_some() { "/act" } else { "" }
    }

    /// The pseudonym of who acts.
    pub(super) fn actor_sub(&self) -> &str {
        self.text(&format!("{}/sub", self.actor_in())).unwrap_or_default()
    }

    /// The name of who acts.
    pub(super) fn actor(&self) -> &str {
        self.text(&format!("{}/name", self.actor_in())).unwrap_or_default()
    }

    /// The name of whom they act for.
    pub(super) fn represented(&self) -> Option<&str> {
        if self.0.get("act").is_some() { self.text("/name") } else { self.text("/represents/name") }
    }

    /// The registration number of whom it is about: the represented, or else the actor.
    pub(super) fn registration(&self) -> Option<&str> {
        self.text("/represents/registration").or_else(|| self.text("/registration"))
    }

    /// The language of who acts, as far as the register speaks it.
    pub(super) fn language(&self) -> Language {
        self.text(&format!("{}/locale", self.actor_in())).and_then(Language::from_tag).unwrap_or(Language::En)
    }

    /// The handle of the profile, which a form sends back.
    pub(super) fn profile(&self) -> &str {
        self.text("/profile/id").unwrap_or_default()
    }

    /// The word of the capacity.
    pub(super) fn capacity(&self) -> &str {
        self.text("/profile/capacity").unwrap_or_default()
    }

    /// What the capacity is called, with the profession: in the tenant's words where it has its own.
    pub(super) fn capacity_label(&self, words: Words, tenant: &Tenant) -> String {
        if let Some(profession) = self.text("/profile/profession").and_then(|code| tenant.professions.get(code)) {
            return profession.get(words.language()).to_owned();
        }
        match tenant.capacity_labels.get(self.capacity()) {
            Some(label) => label.get(words.language()).to_owned(),
            None => words.capacity(self.capacity()).to_owned(),
        }
    }

    /// The organization's name.
    pub(super) fn organization(&self) -> Option<&str> {
        self.text("/organization/name")
    }

    /// The mandate's scope in the tenant's words.
    pub(super) fn mandate_scope<'a>(&'a self, words: Words, tenant: &'a Tenant) -> Option<&'a str> {
        let code = self.text("/mandate/scope")?;
        Some(tenant.mandate_scopes.get(code).map_or(code, |scope| scope.get(words.language())))
    }

    /// The mandate's last day.
    pub(super) fn mandate_until(&self) -> Option<jiff::civil::Date> {
        self.text("/mandate/until")?.parse().ok()
    }

    /// The codes of the rights in the organization.
    pub(super) fn rights(&self) -> impl Iterator<Item = &str> {
        self.0["rights"].as_array().into_iter().flatten().filter_map(Value::as_str)
    }

    /// The rights in the tenant's words.
    pub(super) fn right_labels(&self, words: Words, tenant: &Tenant) -> Vec<String> {
        let label = |code: &str| {
            tenant.rights.get(code).map_or_else(|| code.to_owned(), |right| right.get(words.language()).to_owned())
        };
        self.rights().map(label).collect()
    }

    /// Every claim, the ones within others with their path: first about people, then as what, then the token itself.
    pub(super) fn told(&self, words: Words, tenant: &Tenant) -> Vec<Told> {
        let mut told = Vec::new();
        if let Value::Object(claims) = &self.0 {
            for (name, value) in claims {
                tell(name.clone(), value, &mut |name, value| told.push(self.one(name, value, words, tenant)));
            }
        }
        let place = |told: &Told| ORDER.iter().position(|known| told.name.split('.').next() == Some(known));
        told.sort_by_key(|told| place(told).unwrap_or(ORDER.len()));
        told
    }

    fn one(&self, name: String, value: &Value, words: Words, tenant: &Tenant) -> Told {
        let shown = match (name.as_str(), value) {
            ("iat" | "nbf" | "exp" | "auth_time", Value::Number(seconds)) => {
                let at = Timestamp::from_millis(seconds.as_i64().unwrap_or(0).saturating_mul(1000));
                format!("{seconds} ({})", words.moment(at, &tenant.zone))
            }
            (_, Value::Array(items)) => items.iter().map(plain).collect::<Vec<_>>().join(", "),
            (_, other) => plain(other),
        };
        let meaning = words.meaning(&name, self.0.get("act").is_some());
        Told { name, value: shown, meaning }
    }
}

/// Hands over what is no object, with its path.
fn tell(name: String, value: &Value, told: &mut impl FnMut(String, &Value)) {
    match value {
        Value::Object(within) => {
            for (key, value) in within {
                tell(format!("{name}.{key}"), value, told);
            }
        }
        value => told(name, value),
    }
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
