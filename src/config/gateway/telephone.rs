//! `[telephone]`: who sends SMS and makes calls for Poort, and who does when the first does not. Without it nobody gets a code by
//! telephone.

use std::{path::Path, time::Duration};

use toml::de::DeValue;
use url::Url;

use super::{
    super::{
        kind::{any_text, duration, path, shown, word},
        secret_file::SecretFile,
        table::Table,
        wrong::Wrong,
    },
    reading::SECOND,
};
use crate::base::reach::leads_to_this_machine;

/// Who sends SMS and makes calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Telephone {
    /// Who is asked first.
    pub first: TelephoneProvider,
    /// Who is asked when the first did not take a message.
    pub fallback: Option<TelephoneProvider>,
}

/// A provider of telephony, spoken to over HTTP.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TelephoneProvider {
    /// How it is spoken to.
    pub interface: TelephoneInterface,
    /// Where: the address before the paths of the interface.
    pub url: Url,
    /// Its secret.
    pub key_file: SecretFile,
    /// Who an SMS comes from: up to eleven letters and digits, or a number.
    pub sender: String,
    /// The number that a call comes from, in E.164.
    pub caller: String,
    /// How long handing over one message may take.
    pub timeout: Duration,
}

/// The interface of a provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TelephoneInterface {
    /// MessageBird's, which others offer too: JSON, with the key in a header.
    MessageBird,
    /// Twilio's: forms, with basic authentication by account and token.
    Twilio {
        /// The account's SID.
        account: String,
    },
}

#[derive(Clone, Copy)]
enum Kind {
    MessageBird,
    Twilio,
}

const TIMEOUT: Duration = Duration::from_secs(5);

pub(super) fn read(mut table: Table<'_>, directory: &Path) -> Option<Telephone> {
    let fallback = table.optional_section("fallback");
    let first = provider(&mut table, directory);
    let second = fallback.and_then(|mut fallback| {
        let read = provider(&mut fallback, directory);
        if fallback.has("interface") && !table.has("interface") {
            fallback.wrong_at(
                &fallback.place(),
                "a fallback, and nobody to fall back from",
                "interface and the other keys in [telephone]",
            );
        }
        fallback.finish();
        read
    });
    table.finish();
    first.map(|first| Telephone { first, fallback: second })
}

/// Nothing where no interface is named.
fn provider(table: &mut Table<'_>, directory: &Path) -> Option<TelephoneProvider> {
    let kinds = [("messagebird", Kind::MessageBird), ("twilio", Kind::Twilio)];
    let kind = table.optional("interface", "\"messagebird\"", word(&kinds));
    let timeout = table.optional("timeout", "\"5s\"", duration(SECOND, 4 * TIMEOUT)).unwrap_or(TIMEOUT);
    if !table.has("interface") {
        // Known, so that one of them alone is called no unknown key.
        let _known = (
            table.optional("url", "\"https://rest.messagebird.com\"", place),
            table.optional("key_file", "\"/run/secrets/telephone\"", path(directory)),
            table.optional("sender", "\"Poort\"", sender),
            table.optional("caller", "\"+31880000000\"", e164),
        );
        return None;
    }
    let url = table.required("url", "\"https://rest.messagebird.com\"", place);
    let key_file = table.required("key_file", "\"/run/secrets/telephone\"", path(directory)).map(SecretFile::new);
    let sender = table.required("sender", "\"Poort\"", sender);
    let caller = table.required("caller", "\"+31880000000\"", e164);
    let interface = match kind? {
        Kind::MessageBird => TelephoneInterface::MessageBird,
        Kind::Twilio => {
            let account = table.required("account", "\"AC0123456789abcdef0123456789abcdef\"", account);
            TelephoneInterface::Twilio { account: account? }
        }
    };
    Some(TelephoneProvider { interface, url: url?, key_file: key_file?, sender: sender?, caller: caller?, timeout })
}

/// `https://host[:port]`, or `http` on this machine: a key goes there, and every code.
fn place(value: &DeValue<'_>) -> Result<Url, Wrong> {
    let text = any_text(value)?;
    let url = Url::parse(text).map_err(|error| Wrong::new(format!("this is no URL ({error})")))?;
    if url.scheme() != "https" && !(url.scheme() == "http" && leads_to_this_machine(&url)) {
        return Err(Wrong::new("the key and every code would travel in clear"));
    }
    let bare =
        url.username().is_empty() && url.password().is_none() && url.query().is_none() && url.fragment().is_none();
    if !bare || url.path() != "/" {
        return Err(Wrong::new("more than a host and a port: the interface has paths of its own, and the key a file"));
    }
    Ok(url)
}

/// It becomes part of a path.
fn account(value: &DeValue<'_>) -> Result<String, Wrong> {
    let text = any_text(value)?;
    let plain = (1..=64).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric());
    if plain { Ok(text.to_owned()) } else { Err(Wrong::new(format!("{} is no account's SID", shown(text)))) }
}

/// What phones show as the sender of an SMS (3GPP TS 23.040 section 9.1.2.5).
fn sender(value: &DeValue<'_>) -> Result<String, Wrong> {
    let text = any_text(value)?;
    let name = (1..=11).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b' ');
    match name || e164(value).is_ok() {
        true => Ok(text.to_owned()),
        false => Err(Wrong::new(format!("{} is no sender: up to eleven letters and digits, or a number", shown(text)))),
    }
}

fn e164(value: &DeValue<'_>) -> Result<String, Wrong> {
    let text = any_text(value)?;
    let digits = text.strip_prefix('+').unwrap_or_default();
    match (7..=15).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit()) {
        true => Ok(text.to_owned()),
        false => Err(Wrong::new(format!("{} is no number with its country", shown(text)))),
    }
}
