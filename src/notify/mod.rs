//! Floor 3: telling people something, and programs.
//!
//! A [`Mail`](mail::Mail) says what happened; [`compose`](mail::compose) writes it in the person's language as a
//! [`Message`], which waits in the outbox, sealed; a [`Messenger`](smtp::Messenger) sends it after the transaction. A program
//! is told by a [`Caller`](call::Caller). What goes by telephone is in [`telephone`].
//!
//! Architecture invariant: a message never has a national number in it, and nothing of its text or address prints.

use std::{borrow::Cow, fmt};

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::base::Language;

pub mod call;
pub mod mail;
pub mod smtp;
pub mod telephone;

/// A mail as it will be sent. Does not print.
#[derive(Clone, PartialEq, Eq)]
pub struct Message {
    /// What it tells.
    pub kind: Kind,
    /// The language of its text.
    pub language: Language,
    /// The name that it comes from: the tenant's.
    pub sender: String,
    /// The address that it goes to.
    pub recipient: String,
    /// The subject.
    pub subject: String,
    /// The text. It may have a code or a link in it that lets somebody in.
    pub body: Zeroizing<String>,
}

/// What a message tells, for logs and metrics.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A code to log in with.
    EmailCode,
    /// A link to choose a new password.
    ResetLink,
    /// A link to make an account.
    AccountLink,
    /// An account was asked for, and is there already.
    AccountExists,
    /// A link to confirm another address.
    AddressConfirm,
    /// Somebody wants to log in with an address that is another's.
    AddressTaken,
    /// Another address was asked for, and may be objected to.
    AddressChanging,
    /// Another address counts.
    AddressChanged,
    /// The password was changed.
    PasswordChanged,
    /// The account waits after too many tries.
    TooManyTries,
    /// What they log in with was changed.
    FactorChanged,
    /// A right was granted.
    RightGranted,
    /// A right was taken back.
    RightRevoked,
    /// A phone was paired.
    AppPaired,
    /// A new account, with its user name and a link to choose the password.
    Welcome,
}

impl Kind {
    /// The word in logs and metrics.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Kind::EmailCode => "email_code",
            Kind::ResetLink => "reset_link",
            Kind::AccountLink => "account_link",
            Kind::AccountExists => "account_exists",
            Kind::AddressConfirm => "address_confirm",
            Kind::AddressTaken => "address_taken",
            Kind::AddressChanging => "address_changing",
            Kind::AddressChanged => "address_changed",
            Kind::PasswordChanged => "password_changed",
            Kind::TooManyTries => "too_many_tries",
            Kind::FactorChanged => "factor_changed",
            Kind::RightGranted => "right_granted",
            Kind::RightRevoked => "right_revoked",
            Kind::AppPaired => "app_paired",
            Kind::Welcome => "welcome",
        }
    }
}

/// A message's bytes in the outbox, before they are sealed.
#[derive(Serialize, Deserialize)]
struct Kept<'a> {
    kind: Kind,
    language: &'a str,
    sender: Cow<'a, str>,
    recipient: Cow<'a, str>,
    subject: Cow<'a, str>,
    body: Cow<'a, str>,
}

/// The bytes are no message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the outbox holds something that is no message")]
pub struct NotAMessage;

impl Message {
    /// Its bytes, to be sealed as they are.
    ///
    /// # Errors
    /// Never for a message that [`mail::compose`] wrote.
    pub fn to_bytes(&self) -> Result<Zeroizing<Vec<u8>>, NotAMessage> {
        let kept = Kept {
            kind: self.kind,
            language: self.language.code(),
            sender: Cow::Borrowed(&self.sender),
            recipient: Cow::Borrowed(&self.recipient),
            subject: Cow::Borrowed(&self.subject),
            body: Cow::Borrowed(&self.body),
        };
        serde_json::to_vec(&kept).map(Zeroizing::new).map_err(|_| NotAMessage)
    }

    /// The message of its bytes.
    ///
    /// # Errors
    /// When they are not what [`Message::to_bytes`] gave.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, NotAMessage> {
        let kept: Kept<'_> = serde_json::from_slice(bytes).map_err(|_| NotAMessage)?;
        Ok(Self {
            kind: kept.kind,
            language: Language::from_tag(kept.language).ok_or(NotAMessage)?,
            sender: kept.sender.into_owned(),
            recipient: kept.recipient.into_owned(),
            subject: kept.subject.into_owned(),
            body: Zeroizing::new(kept.body.into_owned()),
        })
    }
}

impl fmt::Debug for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Message({}, {}, [hidden])", self.kind.word(), self.language.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message() -> Message {
        Message {
            kind: Kind::EmailCode,
            language: Language::Fr,
            sender: "ProGezondheid".into(),
            recipient: "els@example.org".into(),
            subject: "Votre code".into(),
            body: Zeroizing::new("Votre code est : 918273 « é »".into()),
        }
    }

    #[test]
    fn a_message_comes_back_from_the_outbox_as_it_was() {
        let bytes = message().to_bytes().expect("bytes");
        assert_eq!(Message::from_bytes(&bytes), Ok(message()));
        assert_eq!(Message::from_bytes(&bytes[1..]), Err(NotAMessage));
        assert_eq!(Message::from_bytes(b"{}"), Err(NotAMessage));
    }

    #[test]
    fn neither_address_nor_code_prints() {
        assert_eq!(format!("{:?}", message()), "Message(email_code, fr, [hidden])");
    }
}
