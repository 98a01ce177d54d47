//! How providers are spoken to: what is posted where, for each interface.
//!
//! `messagebird` is what developers.messagebird.com documents as "SMS API" and "Voice Messaging API"; `twilio` what twilio.com/docs
//! documents as "Message resource" and "Call resource", with TwiML. Other providers offer the one or the other.

use base64::{Engine, engine::general_purpose::STANDARD};
use http::HeaderValue;
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use std::time::Duration;
use url::{Url, form_urlencoded};
use zeroize::Zeroizing;

use super::{Channel, PhoneMessage};
use crate::{
    base::Language,
    notify::call::{FORM, Said},
};

/// The interface of a provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Interface {
    /// JSON, with the key in a header.
    MessageBird,
    /// Forms, with basic authentication.
    Twilio {
        /// The account's SID.
        account: String,
    },
}

/// A provider.
pub struct ProviderSettings {
    /// How it is spoken to.
    pub interface: Interface,
    /// Where.
    pub url: Url,
    /// Its key.
    pub key: SecretString,
    /// Who an SMS comes from.
    pub sender: String,
    /// The number that a call comes from.
    pub caller: String,
    /// How long connecting may take, and then the answer.
    pub timeout: Duration,
}

/// An SMS of MessageBird.
#[derive(Serialize)]
struct Sms<'a> {
    originator: &'a str,
    recipients: &'a str,
    body: &'a str,
    datacoding: &'static str,
}

/// A voice message of MessageBird.
#[derive(Serialize)]
struct VoiceMessage<'a> {
    originator: &'a str,
    recipients: &'a str,
    body: &'a str,
    language: &'static str,
}

impl ProviderSettings {
    /// What is posted, and where; nothing when the settings cannot make a request of it.
    pub(super) fn request(&self, message: &PhoneMessage) -> Option<(Url, Said)> {
        match &self.interface {
            Interface::MessageBird => self.messagebird(message),
            Interface::Twilio { account } => self.twilio(message, account),
        }
    }

    fn messagebird(&self, message: &PhoneMessage) -> Option<(Url, Said)> {
        // MSISDN: without `+`. MessageBird's own clients write a list of them as one text.
        let recipients = message.recipient.trim_start_matches('+');
        let (path, body) = match message.channel {
            Channel::Sms => {
                let body = &*message.text();
                let sms = Sms { originator: &self.sender, recipients, body, datacoding: "auto" };
                ("/messages", serde_json::to_vec(&sms))
            }
            Channel::Voice => {
                // A voice rests at the end of a sentence, and longer between paragraphs.
                let said: Vec<&str> = message.words.iter().map(|words| words.as_str()).collect();
                let body = &*Zeroizing::new(said.join("\n\n"));
                let originator = self.caller.trim_start_matches('+');
                let language = spoken(message.language).1;
                ("/voicemessages", serde_json::to_vec(&VoiceMessage { originator, recipients, body, language }))
            }
        };
        let key = Zeroizing::new(format!("AccessKey {}", self.key.expose_secret()));
        let said =
            Said { content_type: "application/json", authorization: Some(secret(&key)?), body: body.ok()?.into() };
        Some((self.url.join(path).ok()?, said))
    }

    fn twilio(&self, message: &PhoneMessage, account: &str) -> Option<(Url, Said)> {
        let (resource, from, field, value) = match message.channel {
            Channel::Sms => ("Messages", &self.sender, "Body", message.text()),
            Channel::Voice => ("Calls", &self.caller, "Twiml", twiml(message)),
        };
        let body = form_urlencoded::Serializer::new(String::new())
            .append_pair("To", &message.recipient)
            .append_pair("From", from)
            .append_pair(field, &value)
            .finish();
        let pair = Zeroizing::new(format!("{account}:{}", self.key.expose_secret()));
        let basic = Zeroizing::new(format!("Basic {}", STANDARD.encode(pair.as_bytes())));
        let said = Said { content_type: FORM, authorization: Some(secret(&basic)?), body: body.into() };
        let path = format!("/2010-04-01/Accounts/{account}/{resource}.json");
        Some((self.url.join(&path).ok()?, said))
    }
}

fn secret(value: &str) -> Option<HeaderValue> {
    let mut value = HeaderValue::from_str(value).ok()?;
    value.set_sensitive(true);
    Some(value)
}

/// What is said, with a pause before and after each part.
fn twiml(message: &PhoneMessage) -> Zeroizing<String> {
    let language = spoken(message.language).0;
    let mut xml = Zeroizing::new(String::with_capacity(1024));
    xml.push_str("<Response><Pause length=\"1\"/>");
    for words in &message.words {
        xml.push_str(&format!("<Say language=\"{language}\">"));
        for c in words.chars() {
            match c {
                '&' => xml.push_str("&amp;"),
                '<' => xml.push_str("&lt;"),
                '>' => xml.push_str("&gt;"),
                c => xml.push(c),
            }
        }
        xml.push_str("</Say><Pause length=\"1\"/>");
    }
    xml.push_str("</Response>");
    xml
}

/// The voice of a language, as Twilio and as MessageBird call it.
const fn spoken(language: Language) -> (&'static str, &'static str) {
    match language {
        Language::Nl => ("nl-NL", "nl-nl"),
        Language::Fr => ("fr-FR", "fr-fr"),
        Language::De => ("de-DE", "de-de"),
        Language::En => ("en-GB", "en-gb"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    pub fn settings(interface: Interface) -> ProviderSettings {
        ProviderSettings {
            interface,
            url: Url::parse("https://sms.example").expect("a URL"),
            key: SecretString::from("k3y"),
            sender: "Poort".into(),
            caller: "+31880000000".into(),
            timeout: Duration::from_secs(5),
        }
    }

    fn message(channel: Channel) -> PhoneMessage {
        let words = ["Zorg & <Co>: 1, 2", "@zorg.example #12"];
        PhoneMessage {
            channel,
            language: Language::Fr,
            recipient: Zeroizing::new("+31612345678".into()),
            words: words.map(|line| Zeroizing::new(line.to_owned())).to_vec(),
        }
    }

    fn posted(interface: Interface, channel: Channel) -> (String, String, String) {
        let (url, said) = settings(interface).request(&message(channel)).expect("a request");
        let authorization = said.authorization.expect("a key");
        assert!(authorization.is_sensitive());
        let key = authorization.to_str().expect("ASCII").to_owned();
        (url.to_string(), key, String::from_utf8(said.body.to_vec()).expect("UTF-8"))
    }

    #[test]
    fn messagebird_gets_json_and_its_key_in_a_header() {
        let (url, key, body) = posted(Interface::MessageBird, Channel::Sms);
        assert_eq!((&*url, &*key), ("https://sms.example/messages", "AccessKey k3y"));
        let body: serde_json::Value = serde_json::from_str(&body).expect("JSON");
        assert_eq!(
            body,
            serde_json::json!({
                "originator": "Poort", "recipients": "31612345678", "datacoding": "auto",
                "body": "Zorg & <Co>: 1, 2\n@zorg.example #12",
            })
        );
        let (url, _, body) = posted(Interface::MessageBird, Channel::Voice);
        let body: serde_json::Value = serde_json::from_str(&body).expect("JSON");
        assert_eq!(url, "https://sms.example/voicemessages");
        assert_eq!((&body["originator"], &body["language"]), (&"31880000000".into(), &"fr-fr".into()));
    }

    #[test]
    fn twilio_gets_a_form_and_basic_authentication() {
        let twilio = || Interface::Twilio { account: "AC1".into() };
        let (url, key, body) = posted(twilio(), Channel::Sms);
        assert_eq!(url, "https://sms.example/2010-04-01/Accounts/AC1/Messages.json");
        assert_eq!(key, format!("Basic {}", STANDARD.encode("AC1:k3y")));
        let fields: Vec<_> = form_urlencoded::parse(body.as_bytes()).collect();
        assert_eq!(fields[0], ("To".into(), "+31612345678".into()));
        assert_eq!(fields[1], ("From".into(), "Poort".into()));
        assert_eq!(fields[2], ("Body".into(), "Zorg & <Co>: 1, 2\n@zorg.example #12".into()));
        let (url, _, body) = posted(twilio(), Channel::Voice);
        assert_eq!(url, "https://sms.example/2010-04-01/Accounts/AC1/Calls.json");
        let fields: Vec<_> = form_urlencoded::parse(body.as_bytes()).collect();
        assert_eq!(fields[1].1, "+31880000000");
        assert_eq!(
            fields[2].1,
            "<Response><Pause length=\"1\"/><Say language=\"fr-FR\">Zorg &amp; &lt;Co&gt;: 1, 2</Say><Pause length=\"1\"/>\
             <Say language=\"fr-FR\">@zorg.example #12</Say><Pause length=\"1\"/></Response>"
        );
    }
}
