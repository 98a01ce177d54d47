//! When what a provider says of somebody is believed (saml-core-2.0 sections 2 and 3.2, saml-profiles-2.0 section 4.1.4).
//!
//! The message around it answers our question to the resolver, what is in it answers the request with which the person left: two
//! `InResponseTo`, both checked. What is read is read below what a configured key signed. An answer that a browser brought
//! ([`Expected::posted`]) is signed as a whole; what is encrypted in one is opened after that, and believed no more than the rest.

use std::time::Duration;

use base64::{Engine, engine::general_purpose::STANDARD};

use super::{
    encryption::{NotOpened, Opener, open},
    metadata::Peer,
    names::{ASSERTION, BEARER, NO_AUTHN_CONTEXT, PROTOCOL, RESPONDER, SOAP, SUCCESS},
    profile::{Encrypts, Profile},
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
    /// What opens that which was encrypted for us.
    pub openers: &'a [Opener],
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
    /// What is said besides.
    pub attributes: Vec<Attribute>,
}

/// One value of an attribute (saml-core-2.0 section 2.7.3.1). Not printed either.
pub struct Attribute {
    /// `Name`.
    pub name: String,
    /// `NameQualifier`, of an identifier that was encrypted.
    pub qualifier: Option<String>,
    /// The value.
    pub text: String,
    /// Whether it is written in Latin letters; what is not has a second value that is (`LatinScript`, eIDAS SAML attribute profile 1.2
    /// section 2.3.1).
    pub latin: bool,
}

impl Answer {
    /// The values of an attribute that are identifiers, or that are none.
    fn values(&self, name: &str, identifiers: bool) -> Vec<&Attribute> {
        let wanted = |known: &&Attribute| known.name == name && known.qualifier.is_some() == identifiers;
        self.attributes.iter().filter(wanted).collect()
    }

    /// The identifiers of an attribute that was encrypted: `NameQualifier` and value.
    pub fn identifiers<'a>(&'a self, name: &str) -> impl Iterator<Item = (&'a str, &'a str)> + use<'a> {
        self.values(name, true).into_iter().filter_map(Attribute::identifier)
    }

    /// What an attribute says in Latin letters; in its own, when it says it in no others.
    ///
    /// # Errors
    /// When it says two things in the same letters.
    pub fn latin(&self, name: &str) -> Result<Option<&str>, Refused> {
        let said = |latin: bool| {
            let values = self.values(name, false).into_iter().filter(|value| value.latin == latin);
            at_most_one(values.map(|value| value.text.as_str()))
        };
        let (latin, own) = (said(true)?, said(false)?);
        Ok(latin.or(own))
    }

    /// What an attribute that was not encrypted says, when it says something.
    ///
    /// # Errors
    /// When it says two things.
    pub fn text(&self, name: &str) -> Result<Option<&str>, Refused> {
        at_most_one(self.values(name, false).into_iter().map(|value| value.text.as_str()))
    }

    /// The identifier of an attribute that was encrypted, when there is one.
    ///
    /// # Errors
    /// When there are two.
    pub fn identifier(&self, name: &str) -> Result<Option<(&str, &str)>, Refused> {
        at_most_one(self.values(name, true).into_iter().filter_map(Attribute::identifier))
    }
}

impl Attribute {
    /// `NameQualifier` and value, of an identifier that was encrypted.
    fn identifier(&self) -> Option<(&str, &str)> {
        Some((self.qualifier.as_deref()?, self.text.as_str()))
    }
}

/// What is said once, when it is said.
///
/// # Errors
/// When it is said twice.
pub fn at_most_one<T>(mut said: impl Iterator<Item = T>) -> Result<Option<T>, Refused> {
    match (said.next(), said.next()) {
        (one, None) => Ok(one),
        _ => Err(Refused::NotBelieved("two values where one is meant".into())),
    }
}

impl From<NotOpened> for Refused {
    fn from(error: NotOpened) -> Self {
        Refused::NotBelieved(error.to_string())
    }
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
    /// Reads what the resolver answers to the question with the `ID` `resolve`.
    ///
    /// # Errors
    /// When it proves nothing.
    pub fn read(&self, body: &str, resolve: &str) -> Result<Answer, Refused> {
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
        self.header(message, resolve, None)?;
        if message.one(ASSERTION, "Issuer")?.text()? != self.peer.entity {
            return not_believed("a resolver's answer of another issuer");
        }
        if status(message)? != (SUCCESS, None) {
            return not_believed("the resolver does not know the artifact, or any more");
        }
        self.response(message.one(PROTOCOL, "Response")?)
    }

    /// Reads an answer that the browser brought in a form, in base64 (saml-bindings-2.0 section 3.5): signed as a whole, and meant for
    /// this address.
    ///
    /// # Errors
    /// When it proves nothing.
    pub fn posted(&self, response: &str) -> Result<Answer, Refused> {
        let plain: String = response.chars().filter(|c| !c.is_ascii_whitespace()).collect();
        let text = STANDARD.decode(plain).ok().and_then(|bytes| String::from_utf8(bytes).ok());
        let text = text.ok_or_else(|| Refused::NotBelieved("an answer that is no text in base64".into()))?;
        let tree = Tree::parse(&text, Comments::Refused)?;
        if !tree.root().is(PROTOCOL, "Response") {
            return not_believed("an answer that is no Response");
        }
        let response = verify(tree.root(), &self.peer.keys.at(self.now))?.element();
        response.required("Destination")?;
        response.one(ASSERTION, "Issuer")?;
        self.response(response)
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

    /// The answer to the request with which the person left; below what the provider signed.
    fn response(&self, response: Element<'_>) -> Result<Answer, Refused> {
        self.header(response, self.request, Some(self.callback))?;
        if let Some(issuer) = response.at_most_one(ASSERTION, "Issuer")?
            && issuer.text()? != self.peer.entity
        {
            return not_believed("an answer of another issuer");
        }
        let assertions = response.all(ASSERTION, "Assertion").count();
        // Not in an extension, nor in an advice where there is none: there is one, and it is this one.
        let advised = |element: &Element<'_>| self.profile.advice && element.stands_in(ASSERTION, "Advice");
        let all = response.everywhere().filter(|element| element.is(ASSERTION, "Assertion") && !advised(element));
        if all.count() != assertions {
            return not_believed("an assertion in another place");
        }
        let mut sealed = response.all(ASSERTION, "EncryptedAssertion");
        let (sealed, further) = (sealed.next(), sealed.count());
        let status = status(response)?;
        if status != (SUCCESS, None) && (assertions > 0 || sealed.is_some()) {
            return not_believed("a failure that says who somebody is");
        }
        match status {
            (SUCCESS, None) => {}
            (RESPONDER, Some(why)) if self.profile.cancelled.contains(&why) => return Err(Refused::Cancelled),
            (RESPONDER, Some(NO_AUTHN_CONTEXT)) => return Err(Refused::TooLow),
            _ => return not_believed("the provider says that it failed"),
        }
        match (assertions, sealed, further) {
            (1, None, 0) if self.profile.encrypts != Encrypts::Assertions => {
                self.signed_assertion(response.one(ASSERTION, "Assertion")?)
            }
            (0, Some(sealed), 0) if self.profile.encrypts != Encrypts::Nothing => {
                let opened = open(sealed, self.openers, self.audience, false)?;
                let tree = Tree::parse(&opened, Comments::Refused).map_err(|_| NotOpened)?;
                let assertion = tree.root().one(ASSERTION, "Assertion").map_err(|_| NotOpened)?;
                let elsewhere = |one: &Element<'_>| one.is(ASSERTION, "Assertion") && !advised(one);
                if tree.root().children().count() != 1 || assertion.everywhere().filter(elsewhere).count() != 1 {
                    return Err(NotOpened.into());
                }
                self.signed_assertion(assertion)
            }
            _ => not_believed("not one assertion"),
        }
    }

    fn signed_assertion(&self, assertion: Element<'_>) -> Result<Answer, Refused> {
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
            attributes: match self.profile.encrypts {
                Encrypts::Nothing => Vec::new(),
                Encrypts::Identifiers | Encrypts::Assertions | Encrypts::Perhaps => self.attributes(assertion)?,
            },
        })
    }

    /// What is said besides: texts, and identifiers, which are encrypted.
    fn attributes(&self, assertion: Element<'_>) -> Result<Vec<Attribute>, Refused> {
        let mut found = Vec::new();
        for attribute in assertion.all(ASSERTION, "AttributeStatement").flat_map(|one| one.all(ASSERTION, "Attribute"))
        {
            let name = attribute.required("Name")?.to_owned();
            for value in attribute.all(ASSERTION, "AttributeValue") {
                // An attribute that has no value for somebody says nothing of them.
                if value.is_empty() {
                    continue;
                }
                let sealed = value.at_most_one(ASSERTION, "EncryptedID")?;
                let latin = value.in_any_space("LatinScript").is_none_or(|word| !matches!(word, "false" | "0"));
                let (qualifier, text) = match sealed {
                    None => (None, value.text()?.to_owned()),
                    Some(_) if value.children().count() != 1 => {
                        return not_believed("an identifier and something beside");
                    }
                    Some(sealed) => self.identifier(sealed)?,
                };
                found.push(Attribute { name: name.clone(), qualifier, text, latin });
            }
        }
        Ok(found)
    }

    /// An identifier that was encrypted for us, with its `NameQualifier`.
    fn identifier(&self, sealed: Element<'_>) -> Result<(Option<String>, String), NotOpened> {
        let opened = open(sealed, self.openers, self.audience, true)?;
        let tree = Tree::parse(&opened, Comments::Refused).map_err(|_| NotOpened)?;
        let name = tree.root().one(ASSERTION, "NameID")?;
        if tree.root().children().count() != 1 {
            return Err(NotOpened);
        }
        Ok((Some(name.required("NameQualifier")?.to_owned()), name.text()?.to_owned()))
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

/// Answers as the methods' own tests need them: believed already.
#[cfg(test)]
pub(crate) mod testing {
    use super::{Answer, Attribute};
    use crate::{
        base::{Timestamp, tls::KeyFiles},
        domain::{
            tenant::Factor,
            upstream::{RequestBinding, ReturnBinding, SamlProvider, SamlSignature, UnknownPeople},
        },
    };

    /// One that says this.
    pub(crate) fn answer(said: &[(&str, &str)]) -> Answer {
        let mut answer = Answer {
            id: "_a".into(),
            name: "_transient".into(),
            class: "class".into(),
            at: Timestamp::from_millis(0),
            attributes: Vec::new(),
        };
        said.iter().for_each(|(name, text)| add(&mut answer, name, None, text, true));
        answer
    }

    /// Adds an identifier that was encrypted.
    pub(crate) fn opened(answer: &mut Answer, name: &str, qualifier: &str, text: &str) {
        add(answer, name, Some(qualifier), text, true);
    }

    /// Adds what is said in other letters than Latin ones.
    pub(crate) fn in_other_letters(answer: &mut Answer, name: &str, text: &str) {
        add(answer, name, None, text, false);
    }

    fn add(answer: &mut Answer, name: &str, qualifier: Option<&str>, text: &str, latin: bool) {
        answer.attributes.push(Attribute {
            name: name.to_owned(),
            qualifier: qualifier.map(str::to_owned),
            text: text.to_owned(),
            latin,
        });
    }

    /// A provider of which nothing matters here.
    pub(crate) fn settings() -> SamlProvider {
        let files = KeyFiles { certificate: "none.pem".into(), key: "none.key".into() };
        SamlProvider {
            factor: Factor::Eidas,
            provider: "urn:provider".into(),
            metadata: "none.xml".into(),
            metadata_signer: None,
            entity: None,
            binding: RequestBinding::Post,
            returns: ReturnBinding::Post,
            service: None,
            signing: files.clone(),
            next_certificate: None,
            decryption: Vec::new(),
            tls: files,
            authorities: None,
            signature: SamlSignature::Pkcs1,
            attributes: None,
            european: None,
            levels: Vec::new(),
            unknown_people: UnknownPeople::Refused,
        }
    }
}
