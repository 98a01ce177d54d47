//! A proof that who asks holds a key: DPoP (RFC 9449).
//!
//! The proof brings its public key: who holds it is nobody in particular yet. What counts is that it is the key to which a pairing or
//! a token is bound, and that is its thumbprint's to say. A proof is for one method and one URL, for a minute, and once: the caller
//! takes its `jti`.

use std::time::Duration;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, jwk::ThumbprintHash};
use serde::Deserialize;
use serde_json::Value;

use super::{
    assertion::{CLOCK_ALLOWANCE, ClientKey, numeric_date},
    json::object,
    jwt::{parts, signature_verifies},
};
use crate::{
    base::{Timestamp, token::TokenDigest},
    domain::possession::KeyThumbprint,
};

/// The algorithms of proofs, for the discovery document.
pub const ALGORITHMS: [&str; 1] = ["ES256"];

/// How old a proof may be.
const LIFE: Duration = Duration::from_secs(60);

/// A longer `jti` is not kept.
const MAX_JTI: usize = 256;

/// Why a proof proves nothing. For logs: who asks hears `invalid_dpop_proof` (section 7).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// It is no JWS in compact form, or its header or claims cannot be read.
    #[error("not a proof")]
    Malformed,
    /// It is another type of token.
    #[error("a token of another type")]
    Type,
    /// Its key is no public P-256 key, or its algorithm not ES256.
    #[error("not by a P-256 key with ES256")]
    Key,
    /// It asks for an extension.
    #[error("the header asks for an extension")]
    Extension,
    /// The signature does not verify.
    #[error("the signature does not verify")]
    Signature,
    /// It was made for another method or URL.
    #[error("made for another request")]
    Request,
    /// It was made too long ago, or is yet to be made.
    #[error("not made just now")]
    Time,
    /// It was made for another access token, or for none.
    #[error("made for another token")]
    Token,
    /// It has no `jti`, or an overlong one.
    #[error("without an identifier to take once")]
    NoIdentifier,
}

/// The request that a proof must be for.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// Its method.
    pub method: &'a str,
    /// Its URL, without query and fragment.
    pub url: &'a str,
    /// The access token that it shows.
    pub token: Option<&'a str>,
}

/// What a good proof says. The caller takes `(key, jti)` once, and keeps it until `expires`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// The key.
    pub key: KeyThumbprint,
    /// Its identifier.
    pub jti: String,
    /// From when on it cannot be used anyway.
    pub expires: Timestamp,
}

#[derive(Deserialize)]
struct Header {
    typ: String,
    alg: String,
    jwk: Value,
    crit: Option<Value>,
    b64: Option<Value>,
}

#[derive(Deserialize)]
struct Claims {
    jti: String,
    htm: String,
    htu: String,
    #[serde(deserialize_with = "numeric_date")]
    iat: Timestamp,
    ath: Option<String>,
}

/// Verifies that a proof was made for this request, just before `now` (section 4.3).
///
/// # Errors
/// The first reason to refuse it.
pub fn verify(proof: &str, asked: &Asked<'_>, now: Timestamp) -> Result<Proof, Refused> {
    let [header, payload, _] = parts(proof).ok_or(Refused::Malformed)?;
    let decoded = |part: &str| URL_SAFE_NO_PAD.decode(part).map_err(|_| Refused::Malformed);
    let header: Header = object(&decoded(header)?).ok_or(Refused::Malformed)?;
    if header.typ != "dpop+jwt" {
        return Err(Refused::Type);
    }
    if header.crit.is_some() || header.b64.is_some() {
        return Err(Refused::Extension);
    }
    let key = ClientKey::parse(&header.jwk).map_err(|_| Refused::Key)?;
    if header.alg != "ES256" || !key.algorithms.contains(&Algorithm::ES256) {
        return Err(Refused::Key);
    }
    if !signature_verifies(proof, &key.decoding, Algorithm::ES256) {
        return Err(Refused::Signature);
    }
    let claims: Claims = object(&decoded(payload)?).ok_or(Refused::Malformed)?;
    // Section 4.3: query and fragment of `htu` are not looked at.
    let url = claims.htu.split(['?', '#']).next().unwrap_or_default();
    if claims.htm != asked.method || url != asked.url {
        return Err(Refused::Request);
    }
    if claims.iat > now.plus(CLOCK_ALLOWANCE) || claims.iat.plus(LIFE) <= now {
        return Err(Refused::Time);
    }
    let shown = asked.token.map(|token| TokenDigest::of(token.as_bytes()).text());
    if shown.is_some() && claims.ath != shown {
        return Err(Refused::Token);
    }
    if claims.jti.is_empty() || claims.jti.len() > MAX_JTI {
        return Err(Refused::NoIdentifier);
    }
    let thumbprint = key.jwk.thumbprint(ThumbprintHash::SHA256).map_err(|_| Refused::Key)?;
    let key = KeyThumbprint::parse(&thumbprint).ok_or(Refused::Key)?;
    Ok(Proof { key, jti: claims.jti, expires: claims.iat.plus(LIFE) })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::token::keys::{
        SigningKey,
        tests::{NOW, es256, rs256},
    };

    const URL: &str = "https://login.example/token";

    fn jwk(key: &SigningKey) -> Value {
        let public = serde_json::to_value(key.public()).expect("a JWK");
        json!({"kty": public["kty"], "crv": public["crv"], "x": public["x"], "y": public["y"]})
    }

    fn header(key: &SigningKey) -> Value {
        json!({"typ": "dpop+jwt", "alg": "ES256", "jwk": jwk(key)})
    }

    fn claims() -> Value {
        json!({"jti": "one", "htm": "POST", "htu": URL, "iat": NOW.seconds()})
    }

    fn made(by: &SigningKey, header: &Value, claims: &Value) -> String {
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let message = format!("{}.{}", part(header), part(claims));
        let signature = URL_SAFE_NO_PAD.encode(by.sign(message.as_bytes()).expect("a signature"));
        format!("{message}.{signature}")
    }

    fn outcome(proof: &str) -> Result<Proof, Refused> {
        verify(proof, &Asked { method: "POST", url: URL, token: None }, NOW)
    }

    fn changed(member: &str, value: Value) -> Result<Proof, Refused> {
        let (key, mut claims) = (es256(), claims());
        claims[member] = value;
        outcome(&made(&key, &header(&key), &claims))
    }

    /// The example of section 4.1, with the thumbprint of section 6.1.
    #[test]
    fn rfc_9449_4_1_and_6_1() {
        let proof = "eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6IkVDIiwieCI6Imw4dEZyaHgtMzR0VjNoUklDUkRZOXpDa0RscEJoRjQyVVFVZldWQVdCRnMiLCJ5IjoiOVZFNGpmX09rX282NHpiVFRsY3VOSmFqSG10NnY5VERWclUwQ2R2R1JEQSIsImNydiI6IlAtMjU2In19.eyJqdGkiOiItQndDM0VTYzZhY2MybFRjIiwiaHRtIjoiUE9TVCIsImh0dSI6Imh0dHBzOi8vc2VydmVyLmV4YW1wbGUuY29tL3Rva2VuIiwiaWF0IjoxNTYyMjYyNjE2fQ.2-GxA6T8lP4vfrg8v-FdWP0A0zdrj8igiMLvqRMUvwnQg4PtFLbdLXiOSsX0x7NVY-FNyJK70nfbV37xRZT3Lg";
        let asked = Asked { method: "POST", url: "https://server.example.com/token", token: None };
        let verified = verify(proof, &asked, Timestamp::from_millis(1_562_262_616_000)).expect("the RFC's own");
        assert_eq!(verified.key.text(), "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I");
        assert_eq!(verified.jti, "-BwC3ESc6acc2lTc");
    }

    #[test]
    fn it_is_for_one_request_just_now() {
        let now = NOW.seconds();
        assert!(changed("htu", json!(format!("{URL}?a=b#c"))).is_ok(), "query and fragment are not looked at");
        for (member, value, refused) in [
            ("htm", json!("GET"), Refused::Request),
            ("htm", json!("post"), Refused::Request),
            ("htu", json!("https://login.example/token/"), Refused::Request),
            ("htu", json!("https://attacker.example/token"), Refused::Request),
            ("iat", json!(now + 11), Refused::Time),
            ("iat", json!(now - 60), Refused::Time),
            ("jti", json!(""), Refused::NoIdentifier),
            ("jti", json!("j".repeat(257)), Refused::NoIdentifier),
            ("jti", json!(7), Refused::Malformed),
        ] {
            let shown = format!("{member} {value}");
            assert_eq!(changed(member, value), Err(refused), "{shown}");
        }
        for (member, value) in [("iat", json!(now + 10)), ("iat", json!(now - 59))] {
            assert!(changed(member, value.clone()).is_ok(), "{value}");
        }
    }

    #[test]
    fn beside_a_token_it_is_for_that_token() {
        let key = es256();
        let asked = Asked { method: "POST", url: URL, token: Some("a-token") };
        let mut claims = claims();
        assert_eq!(verify(&made(&key, &header(&key), &claims), &asked, NOW), Err(Refused::Token), "for none");
        claims["ath"] = json!(TokenDigest::of(b"another").text());
        assert_eq!(verify(&made(&key, &header(&key), &claims), &asked, NOW), Err(Refused::Token));
        claims["ath"] = json!(TokenDigest::of(b"a-token").text());
        assert!(verify(&made(&key, &header(&key), &claims), &asked, NOW).is_ok(), "the twin");
    }

    #[test]
    fn ghsa_7fpj_9hr8_28vh_and_cve_2018_0114_its_own_key_signs_it_and_nothing_else_is_one() {
        let (key, attacker) = (es256(), es256());
        assert!(outcome(&made(&key, &header(&key), &claims())).is_ok(), "the twin");
        assert_eq!(outcome(&made(&attacker, &header(&key), &claims())), Err(Refused::Signature));
        let with = |member: &str, value: Value| {
            let mut header = header(&key);
            header[member] = value;
            outcome(&made(&key, &header, &claims()))
        };
        for typ in ["JWT", "at+jwt", "client-authentication+jwt", "DPOP+JWT", ""] {
            assert_eq!(with("typ", json!(typ)), Err(Refused::Type), "{typ}");
        }
        for alg in ["none", "HS256", "RS256", "ES384", "es256"] {
            assert_eq!(with("alg", json!(alg)), Err(Refused::Key), "{alg}");
        }
        let mut private = jwk(&key);
        private["d"] = json!("AAAA");
        let rsa = serde_json::to_value(rs256().public()).expect("a JWK");
        for other in [json!({"kty": "oct", "k": "c2VjcmV0"}), private, rsa, json!("text"), json!({})] {
            assert_eq!(with("jwk", other.clone()), Err(Refused::Key), "{other}");
        }
        assert_eq!(with("crit", json!(["b64"])), Err(Refused::Extension));
        assert_eq!(with("b64", json!(false)), Err(Refused::Extension));
    }

    proptest! {
        #[test]
        fn nothing_makes_the_verifier_panic(header in ".{0,80}", payload in ".{0,80}") {
            let made = format!("{}.{}.AA", URL_SAFE_NO_PAD.encode(&header), URL_SAFE_NO_PAD.encode(&payload));
            prop_assert!(outcome(&made).is_err());
            prop_assert!(outcome(&header).is_err());
        }
    }
}
