//! What goes into the audit log: who did what, for whom, on what ground. Rows have canonical bytes from the first day.
//!
//! NEN 7513 asks of each event: what, when, who, on whose responsibility, about whom, on what ground.

use std::collections::BTreeMap;

use crate::base::{
    Timestamp,
    id::{AuditId, MandateId, OrganizationId, PersonId, SessionId},
};

/// One line of the audit log. Holds no national number, secret or address.
#[derive(Clone, Debug)]
pub struct Event {
    /// Which line.
    pub id: AuditId,
    /// When.
    pub at: Timestamp,
    /// What, as a word with a dot: `login.succeeded`.
    pub kind: &'static str,
    /// Who did it, when known.
    pub actor: Option<PersonId>,
    /// Whom it is about: the represented, the member, the owner of the file.
    pub subject: Option<PersonId>,
    /// Within or for which organization.
    pub organization: Option<OrganizationId>,
    /// Under which mandate.
    pub mandate: Option<MandateId>,
    /// In which session.
    pub session: Option<SessionId>,
    /// The reference that the person saw.
    pub reference: Option<String>,
    /// Further facts of this kind of event: the policy's rule, the reason of a refusal, the route.
    pub details: BTreeMap<&'static str, String>,
}

impl Event {
    /// An event of `kind` at `at`, with nothing known about it yet.
    #[must_use]
    pub fn new(id: AuditId, at: Timestamp, kind: &'static str) -> Self {
        Self {
            id,
            at,
            kind,
            actor: None,
            subject: None,
            organization: None,
            mandate: None,
            session: None,
            reference: None,
            details: BTreeMap::new(),
        }
    }

    /// Who did it.
    #[must_use]
    pub fn by(mut self, actor: PersonId) -> Self {
        self.actor = Some(actor);
        self
    }

    /// Whom it is about.
    #[must_use]
    pub fn about(mut self, subject: PersonId) -> Self {
        self.subject = Some(subject);
        self
    }

    /// In which session.
    #[must_use]
    pub fn in_session(mut self, session: SessionId) -> Self {
        self.session = Some(session);
        self
    }

    /// One further fact.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.details.insert(name, value.into());
        self
    }

    /// The bytes that are kept and later chained: JSON with sorted names, no blanks, absent facts absent.
    #[must_use]
    pub fn canonical(&self) -> String {
        let mut facts: BTreeMap<&str, serde_json::Value> = BTreeMap::new();
        facts.insert("at", self.at.to_string().into());
        facts.insert("id", self.id.to_string().into());
        facts.insert("kind", self.kind.into());
        let optional = [
            ("actor", self.actor.map(|id| id.to_string())),
            ("subject", self.subject.map(|id| id.to_string())),
            ("organization", self.organization.map(|id| id.to_string())),
            ("mandate", self.mandate.map(|id| id.to_string())),
            ("session", self.session.map(|id| id.to_string())),
            ("reference", self.reference.clone()),
        ];
        for (name, value) in optional {
            if let Some(value) = value {
                facts.insert(name, value.into());
            }
        }
        if !self.details.is_empty() {
            facts.insert(
                "details",
                self.details.iter().map(|(k, v)| ((*k).to_owned(), serde_json::Value::from(v.clone()))).collect(),
            );
        }
        serde_json::Value::from_iter(facts.into_iter().map(|(name, value)| (name.to_owned(), value))).to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn audit_1_a_line_has_one_form() {
        let event = Event::new(AuditId::from_u128(1), Timestamp::from_millis(0), "login.failed")
            .by(PersonId::from_u128(2))
            .with("reason", "wrong password")
            .with("means", "password-totp");
        assert_eq!(
            event.canonical(),
            r#"{"actor":"00000000-0000-0000-0000-000000000002","at":"1970-01-01T00:00:00.000Z","details":{"means":"password-totp","reason":"wrong password"},"id":"00000000-0000-0000-0000-000000000001","kind":"login.failed"}"#
        );
    }
}
