//! What goes by telephone: a code in an SMS, or spoken in a call.
//!
//! A [`PhoneMessage`] is written in the person's language and waits, sealed; [`Telephone`] hands it to a provider, by the interface that
//! `interface` knows. The provider's machines say it, so that nothing of a call comes back here.
//!
//! Architecture invariant: a message is handed over once. One that a provider may have taken is handed to no other, whatever became
//! of it: whoever waits for it asks for another.

mod interface;
mod messenger;

use std::{fmt, time::Duration};

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

pub use self::{
    interface::{Interface, ProviderSettings},
    messenger::{NotTaken, Telephone},
};
use super::{NotAMessage, mail::say_code};
use crate::{
    base::Language,
    domain::{
        phone::{Line, PhoneNumber},
        tenant::Tenant,
    },
};

/// How a code travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// In an SMS.
    Sms,
    /// Spoken in a call.
    Voice,
}

impl Channel {
    /// The word of the database, of forms and of metrics.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Channel::Sms => "sms",
            Channel::Voice => "voice",
        }
    }

    /// The channel of a word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        [Channel::Sms, Channel::Voice].into_iter().find(|channel| channel.word() == word)
    }

    /// The channel that a number takes, when this one is wished: a landline is called.
    #[must_use]
    pub const fn to(self, number: &PhoneNumber) -> Self {
        match number.line() {
            Line::Mobile => self,
            Line::Landline => Channel::Voice,
        }
    }
}

/// A message as it will be sent or said. Does not print.
#[derive(Clone, PartialEq, Eq)]
pub struct PhoneMessage {
    /// How it goes.
    pub channel: Channel,
    /// The language of its words.
    pub language: Language,
    /// The number that it goes to (E.164).
    pub recipient: Zeroizing<String>,
    /// Lines of an SMS; or what is said, with a pause after each. A code is among them.
    pub words: Vec<Zeroizing<String>>,
}

impl PhoneMessage {
    /// The message with a code of `tenant`, in the person's language if the tenant speaks it.
    #[must_use]
    pub fn code(
        channel: Channel,
        number: &PhoneNumber,
        code: &str,
        life: Duration,
        tenant: &Tenant,
        language: Language,
    ) -> Self {
        let (channel, language) = (channel.to(number), tenant.language([language]));
        let words = match channel {
            Channel::Sms => {
                let text = say_code(language, "sms-code", None, tenant, code, life);
                // By this line a browser fills in the code on that host alone (WICG, Origin-bound one-time codes delivered via SMS).
                vec![text, String::new(), format!("@{} #{code}", tenant.host)]
            }
            Channel::Voice => {
                let digits: Vec<String> = code.chars().map(String::from).collect();
                let digits = Zeroizing::new(digits.join(", "));
                let say = |attribute| say_code(language, "voice-code", attribute, tenant, &digits, life);
                vec![say(None), say(Some("again")), say(Some("end"))]
            }
        };
        let recipient = Zeroizing::new(number.e164().to_owned());
        Self { channel, language, recipient, words: words.into_iter().map(Zeroizing::new).collect() }
    }

    /// The lines of an SMS as one text.
    #[must_use]
    pub fn text(&self) -> Zeroizing<String> {
        let lines: Vec<&str> = self.words.iter().map(|line| line.as_str()).collect();
        Zeroizing::new(lines.join("\n"))
    }

    /// Its bytes, to be sealed as they are.
    ///
    /// # Errors
    /// Never for a message of [`PhoneMessage::code`].
    pub fn to_bytes(&self) -> Result<Zeroizing<Vec<u8>>, NotAMessage> {
        let words = self.words.iter().map(|line| line.as_str()).collect();
        let kept = Kept { channel: self.channel, language: self.language.code(), recipient: &self.recipient, words };
        serde_json::to_vec(&kept).map(Zeroizing::new).map_err(|_| NotAMessage)
    }

    /// The message of its bytes.
    ///
    /// # Errors
    /// When they are not what [`PhoneMessage::to_bytes`] gave.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, NotAMessage> {
        let kept: KeptOwned = serde_json::from_slice(bytes).map_err(|_| NotAMessage)?;
        Ok(Self {
            channel: kept.channel,
            language: Language::from_tag(&kept.language).ok_or(NotAMessage)?,
            recipient: Zeroizing::new(kept.recipient),
            words: kept.words.into_iter().map(Zeroizing::new).collect(),
        })
    }
}

impl fmt::Debug for PhoneMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PhoneMessage({}, {}, [hidden])", self.channel.word(), self.language.code())
    }
}

#[derive(Serialize)]
struct Kept<'a> {
    channel: Channel,
    language: &'a str,
    recipient: &'a str,
    words: Vec<&'a str>,
}

#[derive(Deserialize)]
struct KeptOwned {
    channel: Channel,
    language: String,
    recipient: String,
    words: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{domain::phone::Country, notify::mail::tests::tenant};

    const LIFE: Duration = Duration::from_secs(600);

    fn number(typed: &str) -> PhoneNumber {
        PhoneNumber::parse(typed, &[Country::parse("NL").expect("a country")]).expect("a number")
    }

    fn message(channel: Channel, typed: &str, language: Language) -> PhoneMessage {
        PhoneMessage::code(channel, &number(typed), "012345", LIFE, &tenant(), language)
    }

    #[test]
    fn an_sms_ends_with_the_line_that_binds_its_code_to_the_host() {
        for language in Language::ALL {
            let sms = message(Channel::Sms, "0612345678", language);
            let text = sms.text();
            assert!(text.starts_with("ProGezondheid") && text.contains("012345") && text.contains("10"), "{}", *text);
            assert!(text.ends_with("\n@progezondheid.localhost #012345"), "{}", *text);
            assert!(text.chars().count() <= 160, "one part: {}", *text);
        }
    }

    #[test]
    fn a_call_says_the_digits_one_by_one_and_twice() {
        for language in Language::ALL {
            let call = message(Channel::Voice, "0612345678", language);
            assert_eq!(call.words.iter().filter(|words| words.contains("0, 1, 2, 3, 4, 5")).count(), 2, "{language:?}");
            assert!(call.words.iter().all(|words| !words.is_empty() && !words.contains("012345")));
            assert_eq!(call.language, language);
        }
    }

    #[test]
    fn login_5_a_landline_is_called_whatever_was_asked() {
        assert_eq!(message(Channel::Sms, "020 624 11 11", Language::Nl).channel, Channel::Voice);
        assert_eq!(message(Channel::Sms, "0612345678", Language::Nl).channel, Channel::Sms, "the twin");
    }

    #[test]
    fn it_comes_back_as_it_was_and_does_not_print() {
        let sms = message(Channel::Sms, "0612345678", Language::Fr);
        let bytes = sms.to_bytes().expect("bytes");
        assert_eq!(PhoneMessage::from_bytes(&bytes), Ok(sms.clone()));
        assert_eq!(PhoneMessage::from_bytes(&bytes[1..]), Err(NotAMessage));
        assert_eq!(format!("{sms:?}"), "PhoneMessage(sms, fr, [hidden])");
    }
}
