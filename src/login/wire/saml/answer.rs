//! When what a provider says of somebody is believed (saml-core-2.0 sections 2 and 3.2, saml-profiles-2.0 section 4.1.4).
//!
//! The message around it answers our question to the resolver, what is in it answers the request with which the person left: two
//! `InResponseTo`, both checked. What is read is read below what a configured key signed.

use std::time::Duration;

use super::{
    metadata::Peer,
    names::{ASSERTION, BEARER, NO_AUTHN_CONTEXT, PROTOCOL, RESPONDER, SOAP, SUCCESS},
    profile::Profile,
    signature::{NotSigned, Signed, verify},
    xml::{Comments, Element, Malformed, Tree},
};
use crate::{base::Timestamp, login::method::Refused};

/// How old a message may be: it comes straight from the provider.
const MESSAGE_AGE: Duration = Duration::from_secs(300);

/// What an answer must be an answer to.
pub struct Expected<'a> {
    /// The provider that was asked.
    pub peer: &'a Peer,
    /// How it speaks SAML.
    pub profile: &'a Profile,
    /// Us.
    pub audience: &'a str,
    /// Where the person comes back to.
    pub callback: &'a str,
    /// The `ID` of our question to the resolver.
    pub resolve: &'a str,
    /// The `ID` of the request with which the person left.
    pub request: &'a str,
    /// The class of login that was asked.
    pub class: &'a str,
    /// Since when the person must have proved who they are.
    pub since: Option<Timestamp>,
    /// The time.
    pub now: Timestamp,
}

/// What a provider says of somebody. Not printed: the name may be a national number.
pub struct Answer {
    /// The assertion's `ID`.
    pub id: String,
    /// `NameID`.
    pub name: String,
    /// `AuthnContextClassRef`.
    pub class: String,
    /// When they proved who they are.
    pub at: Timestamp,
}

impl From<Malformed> for Refused {
    fn from(malformed: Malformed) -> Self {
        Refused::NotBelieved(malformed.to_string())
    }
}

impl From<NotSigned> for Refused {
    fn from(error: NotSigned) -> Self {
        Refused::NotBelieved(error.to_string())
    }
}

fn not_believed<T>(why: &str) -> Result<T, Refused> {
    Err(Refused::NotBelieved(why.to_owned()))
}

/// A moment of SAML: in UTC (saml-core-2.0 section 1.3.3).
#[must_use]
pub fn instant(text: &str) -> Option<Timestamp> {
    if text.len() > 40 || !text.ends_with('Z') || text.get(10..11) != Some("T") {
        return None;
    }
    text.parse::<jiff::Timestamp>().ok().map(|moment| Timestamp::from_millis(moment.as_millisecond()))
}

impl Expected<'_> {
    /// Reads the resolver's answer.
    ///
    /// # Errors
    /// When it proves nothing.
    pub fn read(&self, body: &str) -> Result<Answer, Refused> {
        let unreadable = |error: Malformed| Refused::OutOfOrder(format!("the resolver's answer is {error}"));
        let tree = Tree::parse(body, Comments::Refused).map_err(unreadable)?;
        let envelope = tree.root();
        if !envelope.is(SOAP, "Envelope") {
            return Err(unreadable("no envelope of SOAP 1.1".into()));
        }
        let content = envelope.one(SOAP, "Body")?;
        if content.all(SOAP, "Fault").next().is_some() {
            return Err(unreadable("a fault of SOAP".into()));
        }
        let message = content.one(PROTOCOL, "ArtifactResponse")?;
        if content.children().count() != 1 {
            return not_believed("something beside the resolver's answer");
        }
        let message = verify(message, &self.peer.keys.at(self.now))?.element();
        self.header(message, self.resolve, None)?;
        if message.one(ASSERTION, "Issuer")?.text()? != self.peer.entity {
            return not_believed("a resolver's answer of another issuer");
        }
        if status(message)? != (SUCCESS, None) {
            return not_believed("the resolver does not know the artifact, or any more");
        }
        self.response(message.one(PROTOCOL, "Response")?)
    }

    /// What every message has (saml-core-2.0 section 3.2.2).
    fn header(&self, message: Element<'_>, answers: &str, to: Option<&str>) -> Result<(), Refused> {
        message.required("ID")?;
        if message.attribute("Version") != Some("2.0") {
            return not_believed("another version of SAML");
        }
        if message.attribute("InResponseTo") != Some(answers) {
            return not_believed("an answer to something else (InResponseTo)");
        }
        if let Some(destination) = message.attribute("Destination")
            && to.is_none_or(|to| to != destination)
        {
            return not_believed("an answer to somebody else (Destination)");
        }
        self.recent(message)
    }

    fn recent(&self, message: Element<'_>) -> Result<(), Refused> {
        let allowance = self.profile.clock_allowance;
        match instant(message.required("IssueInstant")?) {
            Some(at) if at > self.now.plus(allowance) => not_believed("issued in the future"),
            Some(at) if at.plus(MESSAGE_AGE) < self.now => not_believed("issued too long ago"),
            Some(_) => Ok(()),
            None => not_believed("an IssueInstant that is no moment"),
        }
    }

    /// The answer to the request with which the person left; below what the resolver signed.
    fn response(&self, response: Element<'_>) -> Result<Answer, Refused> {
        self.header(response, self.request, Some(self.callback))?;
        if let Some(issuer) = response.at_most_one(ASSERTION, "Issuer")?
            && issuer.text()? != self.peer.entity
        {
            return not_believed("an answer of another issuer");
        }
        let assertions = response.all(ASSERTION, "Assertion").count();
        // Not in an advice, nor in an extension: there is one, and it is this one.
        if response.everywhere().filter(|element| element.is(ASSERTION, "Assertion")).count() != assertions {
            return not_believed("an assertion in another place");
        }
        let status = status(response)?;
        if status != (SUCCESS, None) && assertions > 0 {
            return not_believed("a failure that says who somebody is");
        }
        match status {
            (SUCCESS, None) => {}
            (RESPONDER, Some(why)) if why == self.profile.cancelled => return Err(Refused::Cancelled),
            (RESPONDER, Some(NO_AUTHN_CONTEXT)) => return Err(Refused::TooLow),
            _ => return not_believed("the provider says that it failed"),
        }
        if assertions != 1 || response.all(ASSERTION, "EncryptedAssertion").next().is_some() {
            return not_believed("not one assertion");
        }
        let assertion = response.one(ASSERTION, "Assertion")?;
        self.assertion(match self.profile.signed_assertions {
            true => verify(assertion, &self.peer.keys.at(self.now))?,
            false => return not_believed("an assertion without a signature of its own"),
        })
    }

    /// What is said of somebody.
    fn assertion(&self, assertion: Signed<'_>) -> Result<Answer, Refused> {
        let assertion = assertion.element();
        if assertion.attribute("Version") != Some("2.0") {
            return not_believed("an assertion of another version of SAML");
        }
        self.recent(assertion)?;
        if assertion.one(ASSERTION, "Issuer")?.text()? != self.peer.entity {
            return not_believed("an assertion of another issuer");
        }
        let subject = assertion.one(ASSERTION, "Subject")?;
        let name = subject.one(ASSERTION, "NameID")?.text()?;
        self.confirmed(subject)?;
        self.conditions(assertion.one(ASSERTION, "Conditions")?)?;
        let statement = assertion.one(ASSERTION, "AuthnStatement")?;
        let class = statement.one(ASSERTION, "AuthnContext")?.one(ASSERTION, "AuthnContextClassRef")?.text()?;
        match (self.profile.rank(class), self.profile.rank(self.class)) {
            (Some(is), Some(asked)) if is >= asked => {}
            (Some(_), Some(_)) => return Err(Refused::TooLow),
            _ => return not_believed("a class of login that is not known"),
        }
        Ok(Answer {
            id: assertion.required("ID")?.to_owned(),
            name: name.to_owned(),
            class: class.to_owned(),
            at: self.authenticated_at(statement)?,
        })
    }

    /// Who brings it may: it answers our request, at our address, now (saml-profiles-2.0 section 4.1.4.2).
    fn confirmed(&self, subject: Element<'_>) -> Result<(), Refused> {
        let confirmation = subject.one(ASSERTION, "SubjectConfirmation")?;
        if confirmation.required("Method")? != BEARER {
            return not_believed("a subject that is confirmed in another way");
        }
        let data = confirmation.one(ASSERTION, "SubjectConfirmationData")?;
        if data.attribute("InResponseTo") != Some(self.request) {
            return not_believed("a subject for another request (InResponseTo)");
        }
        if data.attribute("Recipient") != Some(self.callback) {
            return not_believed("a subject for another address (Recipient)");
        }
        if data.attribute("NotBefore").is_some() {
            return not_believed("a confirmation that begins later");
        }
        self.not_over(data.required("NotOnOrAfter")?)
    }

    /// When and for whom it is said (saml-core-2.0 section 2.5). A condition that is not known is one that is not met.
    fn conditions(&self, conditions: Element<'_>) -> Result<(), Refused> {
        match instant(conditions.required("NotBefore")?) {
            Some(from) if from <= self.now.plus(self.profile.clock_allowance) => {}
            _ => return not_believed("not yet (NotBefore)"),
        }
        self.not_over(conditions.required("NotOnOrAfter")?)?;
        let mut for_us = false;
        for condition in conditions.children() {
            if condition.is(ASSERTION, "AudienceRestriction") {
                let audiences = condition.children().map(|audience| match audience.is(ASSERTION, "Audience") {
                    true => audience.text().map_err(Refused::from),
                    false => not_believed("an audience that is none"),
                });
                let audiences: Vec<&str> = audiences.collect::<Result<_, _>>()?;
                // Of several restrictions each must be met (section 2.5.1.4).
                if !audiences.contains(&self.audience) {
                    return not_believed("said to somebody else (Audience)");
                }
                for_us = true;
            } else if !(condition.is(ASSERTION, "OneTimeUse") || condition.is(ASSERTION, "ProxyRestriction")) {
                return not_believed("a condition that is not known");
            }
        }
        if for_us { Ok(()) } else { not_believed("said to nobody (Audience)") }
    }

    fn not_over(&self, until: &str) -> Result<(), Refused> {
        match instant(until) {
            Some(until) if self.now < until.plus(self.profile.clock_allowance) => Ok(()),
            _ => not_believed("over (NotOnOrAfter)"),
        }
    }

    fn authenticated_at(&self, statement: Element<'_>) -> Result<Timestamp, Refused> {
        let allowance = self.profile.clock_allowance;
        if let Some(until) = statement.attribute("SessionNotOnOrAfter") {
            self.not_over(until)?;
        }
        match (instant(statement.required("AuthnInstant")?), self.since) {
            (None, _) => not_believed("an AuthnInstant that is no moment"),
            (Some(at), _) if at > self.now.plus(allowance) => not_believed("proved in the future"),
            (Some(at), Some(since)) if at.plus(allowance) < since => Err(Refused::TooOld),
            // Within the allowance the clocks differ, not the logins.
            (Some(at), Some(since)) => Ok(at.min(self.now).max(since.min(self.now))),
            (Some(at), None) => Ok(at.min(self.now)),
        }
    }
}

/// The status of a message, and the one within it.
fn status<'t>(message: Element<'t>) -> Result<(&'t str, Option<&'t str>), Malformed> {
    let code = message.one(PROTOCOL, "Status")?.one(PROTOCOL, "StatusCode")?;
    let within = code.at_most_one(PROTOCOL, "StatusCode")?;
    Ok((code.required("Value")?, within.map(|within| within.required("Value")).transpose()?))
}
