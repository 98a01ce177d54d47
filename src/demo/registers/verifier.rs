//! How a sample register knows who asks: the signed token of its gateway, and nothing else.
//!
//! Architecture invariant: nothing of `token` is used. This is what the people behind a register write themselves, from
//! the issuer's published keys and the documentation alone; a register in another language has the same few checks.

use std::{collections::HashMap, net::SocketAddr, path::PathBuf, time::Duration};

use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use bytes::Bytes;
use http::{
    HeaderMap, Request, StatusCode,
    header::{ACCEPT, AUTHORIZATION, HOST},
};
use http_body_util::{BodyExt, Empty, Limited};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::{net::TcpStream, sync::Mutex, time::timeout};
use tokio_util::either::Either;

use crate::{
    base::{Clock, Timestamp},
    http::tls::{Outward, UnusableTls},
};

/// How far this register's clock may be from the gateway's.
const TOLERANCE_SECONDS: i64 = 5;
/// How soon the keys are asked for again when a token names one that is not known.
const COOLDOWN: Duration = Duration::from_secs(5);
/// After this the keys are asked for again in any case: a key that was withdrawn stops counting.
const KEYS_LIFE: Duration = Duration::from_secs(600);
/// How long the gateway may take to answer.
const PATIENCE: Duration = Duration::from_secs(3);
/// Bytes of a key set at most.
const KEY_SET: usize = 64 * 1024;

/// Why a request is answered 401.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refused {
    NoToken,
    SeveralTokens,
    NotABearerToken,
    Malformed,
    WrongType,
    WrongAlgorithm,
    UnknownKey,
    BadSignature,
    WrongIssuer,
    WrongAudience,
    NotYetValid,
    Expired,
    MissingClaim,
    KeysUnavailable,
}

impl Refused {
    /// The word in the answer, for who reads its log.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Refused::NoToken => "no_token",
            Refused::SeveralTokens => "several_tokens",
            Refused::NotABearerToken => "not_a_bearer_token",
            Refused::Malformed => "malformed",
            Refused::WrongType => "wrong_typ",
            Refused::WrongAlgorithm => "wrong_alg",
            Refused::UnknownKey => "unknown_key",
            Refused::BadSignature => "bad_signature",
            Refused::WrongIssuer => "wrong_iss",
            Refused::WrongAudience => "wrong_aud",
            Refused::NotYetValid => "not_yet_valid",
            Refused::Expired => "expired",
            Refused::MissingClaim => "missing_claim",
            Refused::KeysUnavailable => "keys_unavailable",
        }
    }
}

/// What a register believes: tokens of one issuer, made for it.
pub(super) struct Verifier {
    issuer: Issuer,
    audience: String,
    clock: Clock,
    keys: Mutex<Keys>,
}

#[derive(Default)]
struct Keys {
    /// Uncompressed points of P-256, by `kid`.
    known: HashMap<String, Vec<u8>>,
    asked: Option<Timestamp>,
}

impl Verifier {
    /// `audience` is this register's own name in tokens.
    pub(super) fn new(issuer: Issuer, audience: &str, clock: Clock) -> Self {
        Self { issuer, audience: audience.into(), clock, keys: Mutex::default() }
    }

    /// The claims of the request's token.
    ///
    /// # Errors
    /// Why it is not believed.
    pub(super) async fn verify(&self, headers: &HeaderMap) -> Result<Value, Refused> {
        let mut fields = headers.get_all(AUTHORIZATION).iter();
        let field = fields.next().ok_or(Refused::NoToken)?;
        if fields.next().is_some() {
            return Err(Refused::SeveralTokens);
        }
        let token = field
            .to_str()
            .ok()
            .and_then(|field| field.strip_prefix("Bearer "))
            .filter(|token| !token.is_empty() && !token.contains(' '))
            .ok_or(Refused::NotABearerToken)?;
        self.believe(token).await
    }

    async fn believe(&self, token: &str) -> Result<Value, Refused> {
        let (message, signature) = token.rsplit_once('.').ok_or(Refused::Malformed)?;
        let (header, claims) = message.split_once('.').filter(|(_, c)| !c.contains('.')).ok_or(Refused::Malformed)?;
        let header = json(header)?;
        // An access token and an ID token are signed with the same keys: only `typ` tells them apart (RFC 8725 section 3.11).
        if header["typ"] != "poort-backend+jwt" {
            return Err(Refused::WrongType);
        }
        if header["alg"] != "ES256" {
            return Err(Refused::WrongAlgorithm);
        }
        let key = self.key(header["kid"].as_str().ok_or(Refused::UnknownKey)?).await?;
        let signature = decode(signature)?;
        UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, key)
            .verify(message.as_bytes(), &signature)
            .map_err(|_| Refused::BadSignature)?;
        let claims = json(claims)?;
        self.check(&claims)?;
        Ok(claims)
    }

    fn check(&self, claims: &Value) -> Result<(), Refused> {
        if claims["iss"] != self.issuer.origin.as_str() {
            return Err(Refused::WrongIssuer);
        }
        // One audience, as text: what is good at two registers could be used by one at the other.
        if claims["aud"] != self.audience.as_str() {
            return Err(Refused::WrongAudience);
        }
        let moment = |name: &str| claims[name].as_i64().ok_or(Refused::MissingClaim);
        let now = self.clock.now().seconds();
        let (_, begins, ends) = (moment("iat")?, moment("nbf")?, moment("exp")?);
        if now + TOLERANCE_SECONDS < begins {
            return Err(Refused::NotYetValid);
        }
        if now - TOLERANCE_SECONDS >= ends {
            return Err(Refused::Expired);
        }
        let named = |value: &Value| value.as_str().is_some_and(|text| !text.is_empty());
        if named(&claims["sub"]) && named(&claims["profile"]["capacity"]) { Ok(()) } else { Err(Refused::MissingClaim) }
    }

    async fn key(&self, kid: &str) -> Result<Vec<u8>, Refused> {
        let mut keys = self.keys.lock().await;
        let now = self.clock.now();
        let age = keys.asked.map(|asked| now.since(asked));
        let stale = age.is_none_or(|age| age > KEYS_LIFE);
        let unknown = !keys.known.contains_key(kid) && age.is_none_or(|age| age > COOLDOWN);
        if stale || unknown {
            keys.known = timeout(PATIENCE, self.issuer.ask()).await.ok().flatten().ok_or(Refused::KeysUnavailable)?;
            keys.asked = Some(now);
        }
        keys.known.get(kid).cloned().ok_or(Refused::UnknownKey)
    }
}

/// Whose tokens are believed, and where their keys are.
pub(in super::super) struct Issuer {
    origin: String,
    gateway: SocketAddr,
    tls: Option<Outward>,
}

impl Issuer {
    /// `origin` is the tenant's login host, `gateway` where it listens on this machine; `certificate` the file of the one
    /// certificate that it may show, when it ends TLS.
    ///
    /// # Errors
    /// When there is no certificate in the file.
    pub(in super::super) fn new(
        origin: &str,
        gateway: SocketAddr,
        certificate: Option<&PathBuf>,
    ) -> Result<Self, UnusableTls> {
        let host = origin.split_once("://").map_or(origin, |(_, host)| host);
        let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
        let tls = certificate.map(|file| Outward::new(name, Some(file), None)).transpose()?;
        Ok(Self { origin: origin.to_owned(), gateway, tls })
    }

    /// Asks for the keys. The host's name means this machine (RFC 6761 section 6.3), so the connection goes there.
    async fn ask(&self) -> Option<HashMap<String, Vec<u8>>> {
        let stream = TcpStream::connect(self.gateway).await.ok()?;
        let stream = match &self.tls {
            None => Either::Left(stream),
            Some(tls) => Either::Right(tls.connect(stream).await.ok()?),
        };
        let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.ok()?;
        let connection = tokio::spawn(connection);
        let (_, host) = self.origin.split_once("://")?;
        let request =
            Request::get("/jwks").header(HOST, host).header(ACCEPT, "application/json").body(Empty::<Bytes>::new());
        let response = sender.send_request(request.ok()?).await.ok()?;
        let found = response.status() == StatusCode::OK;
        let body = Limited::new(response.into_body(), KEY_SET).collect().await.ok()?.to_bytes();
        connection.abort();
        let set: Value = serde_json::from_slice(&body).ok().filter(|_| found)?;
        let keys = set["keys"].as_array()?;
        Some(keys.iter().filter_map(|key| Some((key["kid"].as_str()?.to_owned(), point(key)?))).collect())
    }
}

/// The uncompressed point of a key on P-256 (RFC 7518 section 6.2.1); other keys are for other tokens.
fn point(key: &Value) -> Option<Vec<u8>> {
    let coordinate = |name: &str| decode(key[name].as_str()?).ok().filter(|bytes| bytes.len() == 32);
    if key["kty"] != "EC" || key["crv"] != "P-256" {
        return None;
    }
    Some([vec![4], coordinate("x")?, coordinate("y")?].concat())
}

fn decode(text: &str) -> Result<Vec<u8>, Refused> {
    URL_SAFE_NO_PAD.decode(text).map_err(|_| Refused::Malformed)
}

fn json(text: &str) -> Result<Value, Refused> {
    serde_json::from_slice(&decode(text)?).map_err(|_| Refused::Malformed)
}

#[cfg(test)]
pub(super) mod tests;
