//! What a provider encrypted is opened on its way in, so that what verifies and reads it sees a signed token and nothing else.
//!
//! A token that is not signed by an algorithm that the tenant's file names goes no further; nor does one that is not encrypted where the
//! file asks for it, or is where it does not.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use http::{Response, header::CONTENT_TYPE};
use serde::Deserialize;
use serde_json::Value;

use crate::{
    domain::upstream::{Encryption, SignedBy},
    token::{json::object, jwe, relying::RelyingKeys},
};

/// Why a token is not looked at.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotForUs {
    /// It does not open.
    #[error("a token that does not open: {0}")]
    Closed(#[from] jwe::Refused),
    /// What was in it is no signed token.
    #[error("what was encrypted is no signed token")]
    NotSigned,
    /// It is signed by an algorithm that the tenant's file does not name.
    #[error("a token signed by an algorithm that is not accepted")]
    Algorithm,
    /// It brings or points to a key, or asks for an extension.
    #[error("a token whose header brings a key or an extension")]
    Header,
}

/// What is taken from one provider.
pub struct Incoming<'a> {
    /// Our keys.
    pub keys: &'a RelyingKeys,
    /// How it must be encrypted; without it, not at all.
    pub encryption: Option<&'a Encryption>,
    /// How it may be signed.
    pub signing: &'a [SignedBy],
}

#[derive(Deserialize)]
struct Header {
    alg: String,
    kid: Option<String>,
    jku: Option<Value>,
    jwk: Option<Value>,
    x5u: Option<Value>,
    x5c: Option<Value>,
    crit: Option<Value>,
    b64: Option<Value>,
    zip: Option<Value>,
    enc: Option<Value>,
}

impl Incoming<'_> {
    /// Opens a token; answers the signed token in it, and the name of the key that it says it is signed with.
    ///
    /// # Errors
    /// When it goes no further.
    pub fn open(&self, token: &str) -> Result<(String, Option<String>), NotForUs> {
        let signed = match self.encryption {
            None => token.to_owned(),
            Some(accepted) => {
                let opened = self.keys.open(token, accepted)?;
                // RFC 7519 section 5.2, compared without regard to case (RFC 7515 section 4.1.10).
                let is_token = |is: String| is.to_ascii_lowercase().trim_start_matches("application/") == "jwt";
                match opened.content_type.is_some_and(is_token) {
                    true => String::from_utf8(opened.content.to_vec()).map_err(|_| NotForUs::NotSigned)?,
                    false => return Err(NotForUs::NotSigned),
                }
            }
        };
        let parts: Vec<&str> = signed.split('.').collect();
        let [header, _, _] = parts.as_slice() else { return Err(NotForUs::NotSigned) };
        let header = URL_SAFE_NO_PAD.decode(header).map_err(|_| NotForUs::NotSigned)?;
        let header: Header = object(&header).ok_or(NotForUs::NotSigned)?;
        let Header { jku, jwk, x5u, x5c, crit, b64, zip, enc, .. } = &header;
        if [jku, jwk, x5u, x5c, crit, b64, zip, enc].into_iter().any(Option::is_some) {
            return Err(NotForUs::Header);
        }
        if !self.signing.iter().any(|known| known.alg() == header.alg) {
            return Err(NotForUs::Algorithm);
        }
        let kid = header.kid.clone();
        Ok((signed, kid))
    }

    /// Opens the `id_token` of a token answer. An answer without one, or that is no JSON, goes on as it is.
    ///
    /// # Errors
    /// When the token in it goes no further.
    pub fn token_answer(&self, answer: Response<Vec<u8>>) -> Result<(Response<Vec<u8>>, Option<String>), NotForUs> {
        let (head, body) = answer.into_parts();
        let Ok(mut json) = serde_json::from_slice::<Value>(&body) else {
            return Ok((Response::from_parts(head, body), None));
        };
        let Some(Value::String(token)) = json.get("id_token") else {
            return Ok((Response::from_parts(head, body), None));
        };
        let (signed, kid) = self.open(token)?;
        json["id_token"] = Value::String(signed);
        Ok((Response::from_parts(head, json.to_string().into_bytes()), kid))
    }

    /// Opens an answer that is a token as a whole.
    ///
    /// # Errors
    /// When it goes no further.
    pub fn whole_answer(&self, answer: Response<Vec<u8>>) -> Result<(Response<Vec<u8>>, Option<String>), NotForUs> {
        let (head, body) = answer.into_parts();
        let is_token = head.status.is_success()
            && head.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).is_some_and(|value| {
                value.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("application/jwt")
            });
        if !is_token {
            return Ok((Response::from_parts(head, body), None));
        }
        let token = std::str::from_utf8(&body).map_err(|_| NotForUs::NotSigned)?;
        let (signed, kid) = self.open(token.trim())?;
        Ok((Response::from_parts(head, signed.into_bytes()), kid))
    }
}
