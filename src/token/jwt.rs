//! Poort's own JSON Web Tokens (RFC 7519): each is signed as one type, and believed only as that type (RFC 8725
//! sections 3.1, 3.11 and 3.12), so that none can stand where another is expected (GHSA-7fpj-9hr8-28vh).
//!
//! The header of our own tokens has `alg`, `typ` and `kid` and nothing else; a token with any other member was not made
//! here. Of jsonwebtoken only the signatures are used: its checks of claims ask the system's clock, and ours take `now`.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, DecodingKey};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use super::{
    json::object,
    keys::{KeyError, KeyRing, SigningKey},
};
use crate::base::Timestamp;

/// Longer tokens are not looked at.
const MAX_LENGTH: usize = 8 * 1024;

/// The type of a token: the `typ` of its header (RFC 8725 section 3.11).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    /// An access token (RFC 9068 section 2.1).
    AccessToken,
    /// An ID token (OpenID Connect Core 1.0 section 2).
    IdToken,
    /// The token for a register's backend.
    Backend,
    /// What proves to another provider who its client is (RFC 7523 section 3).
    ClientAssertion,
    /// What is asked of another provider (RFC 9101 section 10.8).
    Request,
    /// A logout token (OpenID Connect Back-Channel Logout 1.0 section 2.4).
    LogoutToken,
}

impl Type {
    /// The value of `typ`.
    #[must_use]
    pub const fn typ(self) -> &'static str {
        match self {
            Type::AccessToken => "at+jwt",
            // An assertion has no type of its own that every provider knows; its key signs nothing else.
            Type::IdToken | Type::ClientAssertion => "JWT",
            Type::Backend => "poort-backend+jwt",
            Type::Request => "oauth-authz-req+jwt",
            Type::LogoutToken => "logout+jwt",
        }
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Header<'a> {
    alg: &'a str,
    typ: &'a str,
    kid: &'a str,
}

/// Why a token is not believed. For logs: to the bearer all of them are one `invalid_token`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// It is not three parts of base64url, its header is not one of ours, or its claims cannot be read.
    #[error("not a token of this issuer's form")]
    Malformed,
    /// It is another type of token.
    #[error("a token of another type")]
    Type,
    /// Its key is unknown, or retired for so long that nothing it signed can be valid.
    #[error("signed with an unknown key")]
    Key,
    /// Its algorithm is not its key's.
    #[error("signed with another algorithm than its key's")]
    Algorithm,
    /// Its signature does not verify.
    #[error("the signature does not verify")]
    Signature,
    /// Another issuer made it.
    #[error("made by another issuer")]
    Issuer,
    /// It is for another audience.
    #[error("made for another audience")]
    Audience,
    /// It is not valid yet.
    #[error("not valid yet")]
    NotYet,
    /// It is not valid any more.
    #[error("expired")]
    Expired,
}

/// Signs `claims` as a token of type `typ`.
///
/// # Errors
/// When AWS-LC gives no signature.
pub fn sign(key: &SigningKey, typ: Type, claims: &impl Serialize) -> Result<String, KeyError> {
    let header = Header { alg: key.algorithm().alg(), typ: typ.typ(), kid: key.kid() };
    let header = serde_json::to_vec(&header).map_err(|_| KeyError::Sign)?;
    let claims = serde_json::to_vec(claims).map_err(|_| KeyError::Sign)?;
    let mut token = String::with_capacity((header.len() + claims.len()) * 4 / 3 + 350);
    URL_SAFE_NO_PAD.encode_string(header, &mut token);
    token.push('.');
    URL_SAFE_NO_PAD.encode_string(claims, &mut token);
    let signature = key.sign(token.as_bytes())?;
    token.push('.');
    URL_SAFE_NO_PAD.encode_string(signature, &mut token);
    Ok(token)
}

/// What a token must be to be believed.
#[derive(Clone, Copy, Debug)]
pub struct Expected<'a> {
    /// Its type.
    pub typ: Type,
    /// Its `iss`.
    pub issuer: &'a str,
    /// What `aud` must contain.
    pub audience: &'a str,
    /// The moment it must be valid at.
    pub now: Timestamp,
}

#[derive(Deserialize)]
struct Registered {
    iss: String,
    aud: OneOrMany,
    exp: i64,
    nbf: Option<i64>,
}

/// `aud`, which is one text or a list of them (RFC 7519 section 4.1.3).
#[derive(Deserialize, Debug, Clone)]
#[serde(untagged)]
pub(super) enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

impl OneOrMany {
    pub(super) fn as_slice(&self) -> &[String] {
        match self {
            OneOrMany::One(one) => std::slice::from_ref(one),
            OneOrMany::Many(many) => many,
        }
    }
}

/// The claims of a token that this issuer signed, and that is what is expected.
///
/// # Errors
/// The first reason not to believe it.
pub fn verify<C: DeserializeOwned>(token: &str, ring: &KeyRing, expected: &Expected<'_>) -> Result<C, Refused> {
    let Both { registered, claims } = signed(token, ring, expected.typ, expected.now)?;
    if registered.iss != expected.issuer {
        return Err(Refused::Issuer);
    }
    if !registered.aud.as_slice().iter().any(|aud| aud == expected.audience) {
        return Err(Refused::Audience);
    }
    in_time(&registered, expected.now)?;
    Ok(claims)
}

/// An ID token that a client hands back when it signs somebody out: proof of who was signed in, however long ago.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hint {
    /// Whom it names, as its clients know them.
    pub sub: String,
    /// The clients it was made for.
    pub audience: Vec<String>,
    /// The session it was made in.
    pub sid: Option<String>,
}

/// Reads an `id_token_hint`. An expired one is good (OpenID Connect RP-Initiated Logout 1.0 section 4), one that
/// another issuer made, or of another type, is not.
///
/// # Errors
/// The first reason not to believe it.
pub fn id_token_hint(token: &str, ring: &KeyRing, issuer: &str, now: Timestamp) -> Result<Hint, Refused> {
    #[derive(Deserialize)]
    struct Claims {
        sub: String,
        sid: Option<String>,
    }
    let Both { registered, claims } = signed::<Claims>(token, ring, Type::IdToken, now)?;
    if registered.iss != issuer {
        return Err(Refused::Issuer);
    }
    Ok(Hint { sub: claims.sub, audience: registered.aud.as_slice().to_vec(), sid: claims.sid })
}

/// Reads an access token that is brought to this issuer itself (OpenID Connect Core 1.0 section 5.3): whichever resource
/// server it is for. Whether that is the one of its grant is the caller's question, since only the grant says so.
///
/// # Errors
/// The first reason not to believe it.
pub fn own_access_token<C: DeserializeOwned>(
    token: &str,
    ring: &KeyRing,
    issuer: &str,
    now: Timestamp,
) -> Result<C, Refused> {
    let Both { registered, claims } = signed(token, ring, Type::AccessToken, now)?;
    if registered.iss != issuer {
        return Err(Refused::Issuer);
    }
    in_time(&registered, now)?;
    Ok(claims)
}

fn in_time(registered: &Registered, now: Timestamp) -> Result<(), Refused> {
    let now = now.seconds();
    if registered.nbf.is_some_and(|nbf| now < nbf) {
        return Err(Refused::NotYet);
    }
    if registered.exp <= now {
        return Err(Refused::Expired);
    }
    Ok(())
}

struct Both<C> {
    registered: Registered,
    claims: C,
}

/// Checks form, type, key, algorithm and signature, in this order; nothing of the claims is read before.
fn signed<C: DeserializeOwned>(token: &str, ring: &KeyRing, typ: Type, now: Timestamp) -> Result<Both<C>, Refused> {
    let [header, payload, _] = parts(token).ok_or(Refused::Malformed)?;
    let header = decode(header)?;
    let header: Header<'_> = object(&header).ok_or(Refused::Malformed)?;
    if header.typ != typ.typ() {
        return Err(Refused::Type);
    }
    let key = ring.find(header.kid, now).ok_or(Refused::Key)?;
    if header.alg != key.algorithm().alg() {
        return Err(Refused::Algorithm);
    }
    let (decoding, algorithm) = key.verifying();
    if !signature_verifies(token, decoding, algorithm) {
        return Err(Refused::Signature);
    }
    let payload = decode(payload)?;
    let registered = object(&payload).ok_or(Refused::Malformed)?;
    let claims = object(&payload).ok_or(Refused::Malformed)?;
    Ok(Both { registered, claims })
}

fn decode(part: &str) -> Result<Vec<u8>, Refused> {
    URL_SAFE_NO_PAD.decode(part).map_err(|_| Refused::Malformed)
}

/// The three parts of a JWS in compact form (RFC 7515 section 7.1), when it is not overlong.
pub(super) fn parts(token: &str) -> Option<[&str; 3]> {
    let mut parts = token.split('.');
    match (parts.next(), parts.next(), parts.next(), parts.next()) {
        (Some(header), Some(payload), Some(signature), None) if token.len() <= MAX_LENGTH => {
            Some([header, payload, signature])
        }
        _ => None,
    }
}

/// Whether the last part signs the others with this algorithm and key.
pub(super) fn signature_verifies(token: &str, key: &DecodingKey, algorithm: Algorithm) -> bool {
    token.rsplit_once('.').is_some_and(|(message, signature)| {
        jsonwebtoken::crypto::verify(signature, message.as_bytes(), key, algorithm).is_ok_and(|verifies| verifies)
    })
}

#[cfg(test)]
mod tests {
    use std::{sync::LazyLock, time::Duration};

    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;
    use crate::{
        domain::client::SigningAlgorithm,
        token::keys::{
            Stage,
            tests::{NOW, es256, ring, rs256},
        },
    };

    const ISSUER: &str = "https://login.example";
    const AUDIENCE: &str = "https://api.example";

    fn claims() -> Value {
        let now = NOW.seconds();
        json!({"iss": ISSUER, "aud": AUDIENCE, "sub": "p1", "iat": now, "nbf": now, "exp": now + 60})
    }

    fn expected() -> Expected<'static> {
        Expected { typ: Type::AccessToken, issuer: ISSUER, audience: AUDIENCE, now: NOW }
    }

    fn outcome(token: &str, ring: &KeyRing) -> Result<Value, Refused> {
        verify(token, ring, &expected())
    }

    fn part(value: &Value) -> String {
        URL_SAFE_NO_PAD.encode(value.to_string())
    }

    /// A token with a header of the attacker's, signed by the right key all the same.
    fn with_header(key: &SigningKey, header: &Value) -> String {
        let message = format!("{}.{}", part(header), part(&claims()));
        let signature = key.sign(message.as_bytes()).expect("a signature");
        format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature))
    }

    #[test]
    fn what_is_signed_verifies_with_both_algorithms() {
        let ring = ring();
        for algorithm in SigningAlgorithm::ALL {
            let token = sign(ring.active(algorithm), Type::AccessToken, &claims()).expect("a token");
            assert_eq!(outcome(&token, &ring), Ok(claims()));
            let header = jsonwebtoken::decode_header(&token).expect("a header");
            assert_eq!(header.typ.as_deref(), Some("at+jwt"));
            assert_eq!(header.kid.as_deref(), Some(ring.active(algorithm).kid()));
        }
    }

    #[test]
    fn ghsa_7fpj_9hr8_28vh_no_type_of_token_stands_for_another() {
        let ring = ring();
        let types = [Type::AccessToken, Type::IdToken, Type::Backend, Type::LogoutToken];
        for made in types {
            let token = sign(ring.active(SigningAlgorithm::Es256), made, &claims()).expect("a token");
            for asked in types {
                let result = verify::<Value>(&token, &ring, &Expected { typ: asked, ..expected() });
                if made == asked {
                    assert_eq!(result, Ok(claims()), "{made:?}");
                } else {
                    assert_eq!(result, Err(Refused::Type), "{made:?} as {asked:?}");
                }
            }
        }
    }

    #[test]
    fn cve_2026_11800_no_other_algorithm_than_the_keys() {
        let ring = ring();
        let key = ring.active(SigningAlgorithm::Rs256);
        let header = |alg: Value| json!({"alg": alg, "typ": "at+jwt", "kid": key.kid()});
        assert_eq!(outcome(&with_header(key, &header("RS256".into())), &ring), Ok(claims()), "the valid twin");
        for alg in ["none", "None", "NONE", "", "rs256", "RS512", "PS256", "ES256", "HS256", "EdDSA"] {
            assert_eq!(outcome(&with_header(key, &header(alg.into())), &ring), Err(Refused::Algorithm), "{alg}");
        }
        for alg in [Value::Null, json!(["RS256"]), json!(1)] {
            assert_eq!(outcome(&with_header(key, &header(alg)), &ring), Err(Refused::Malformed));
        }
        let missing = json!({"typ": "at+jwt", "kid": key.kid()});
        assert_eq!(outcome(&with_header(key, &missing), &ring), Err(Refused::Malformed));
    }

    #[test]
    fn cve_2026_11800_hs256_with_the_public_key_as_its_secret() {
        let ring = ring();
        let key = ring.active(SigningAlgorithm::Rs256);
        let jsonwebtoken::jwk::AlgorithmParameters::RSA(public) = &key.public().algorithm else { unreachable!() };
        let public_bytes = URL_SAFE_NO_PAD.decode(&public.n).expect("base64");
        for secret in [public_bytes, serde_json::to_vec(key.public()).expect("JSON"), ring.jwks().to_vec()] {
            let mut header = jsonwebtoken::Header::new(Algorithm::HS256);
            header.typ = Some("at+jwt".into());
            header.kid = Some(key.kid().into());
            let forged = jsonwebtoken::encode(&header, &claims(), &jsonwebtoken::EncodingKey::from_secret(&secret))
                .expect("a token");
            assert_eq!(outcome(&forged, &ring), Err(Refused::Algorithm));
        }
    }

    #[test]
    fn cve_2026_11800_a_key_named_or_brought_by_the_header_is_not_used() {
        let ring = ring();
        let (key, attacker) = (ring.active(SigningAlgorithm::Es256), es256());
        let base = |kid: &str| json!({"alg": "ES256", "typ": "at+jwt", "kid": kid});
        let and = |member: &str, value: Value| {
            let mut header = base(attacker.kid());
            header[member] = value;
            header
        };
        assert_eq!(outcome(&with_header(key, &base(key.kid())), &ring), Ok(claims()), "the valid twin");
        assert_eq!(outcome(&with_header(&attacker, &base(key.kid())), &ring), Err(Refused::Signature));
        assert_eq!(outcome(&with_header(&attacker, &base(attacker.kid())), &ring), Err(Refused::Key));
        for kid in ["", "../../dev/null", "' OR 1=1 --", "/etc/passwd", "*"] {
            assert_eq!(outcome(&with_header(&attacker, &base(kid)), &ring), Err(Refused::Key), "{kid}");
        }
        for header in [
            and("jwk", serde_json::to_value(attacker.public()).expect("JSON")),
            and("jku", json!("https://attacker.example/jwks")),
            and("x5u", json!("https://attacker.example/cert")),
            and("x5c", json!(["MIIB"])),
            and("crit", json!(["exp"])),
            and("b64", json!(false)),
            and("zip", json!("DEF")),
        ] {
            assert_eq!(outcome(&with_header(&attacker, &header), &ring), Err(Refused::Malformed), "{header}");
        }
    }

    #[test]
    fn a_header_member_given_twice_is_refused() {
        let ring = ring();
        let key = ring.active(SigningAlgorithm::Es256);
        let header = format!(r#"{{"alg":"ES256","typ":"JWT","typ":"at+jwt","kid":"{}"}}"#, key.kid());
        let message = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), part(&claims()));
        let signature = URL_SAFE_NO_PAD.encode(key.sign(message.as_bytes()).expect("a signature"));
        assert_eq!(outcome(&format!("{message}.{signature}"), &ring), Err(Refused::Malformed));
    }

    #[test]
    fn every_claim_that_is_asked_must_be_there_and_right() {
        let ring = ring();
        let now = NOW.seconds();
        let signed = |member: &str, value: Option<Value>| {
            let mut changed = claims();
            match value {
                Some(value) => changed[member] = value,
                None => drop(changed.as_object_mut().expect("an object").remove(member)),
            }
            let token = sign(ring.active(SigningAlgorithm::Es256), Type::AccessToken, &changed).expect("a token");
            outcome(&token, &ring).err()
        };
        assert_eq!(signed("aud", Some(json!([AUDIENCE, "https://other.example"]))), None, "the valid twin");
        assert_eq!(signed("nbf", None), None, "nbf may be absent");
        assert_eq!(signed("iss", Some(json!("https://login.example/"))), Some(Refused::Issuer));
        assert_eq!(signed("iss", None), Some(Refused::Malformed));
        assert_eq!(signed("aud", Some(json!("https://api.example.attacker"))), Some(Refused::Audience));
        assert_eq!(signed("aud", Some(json!([]))), Some(Refused::Audience));
        assert_eq!(signed("aud", None), Some(Refused::Malformed));
        assert_eq!(signed("exp", None), Some(Refused::Malformed));
        assert_eq!(signed("exp", Some(json!("9999999999"))), Some(Refused::Malformed));
        assert_eq!(signed("exp", Some(json!(now))), Some(Refused::Expired));
        assert_eq!(signed("exp", Some(json!(now + 1))), None, "the valid twin");
        assert_eq!(signed("nbf", Some(json!(now + 1))), Some(Refused::NotYet));
    }

    #[test]
    fn the_given_moment_counts_and_not_the_systems_clock() {
        let ring = ring();
        let token = sign(ring.active(SigningAlgorithm::Es256), Type::AccessToken, &claims()).expect("a token");
        let at = |now| verify::<Value>(&token, &ring, &Expected { now, ..expected() }).err();
        assert_eq!(at(NOW.plus(Duration::from_millis(59_999))), None);
        assert_eq!(at(NOW.plus(Duration::from_secs(60))), Some(Refused::Expired));
        assert_eq!(at(NOW.minus(Duration::from_secs(1))), Some(Refused::NotYet));
    }

    #[test]
    fn another_tenants_token_is_not_ours() {
        let (ours, theirs) = (ring(), ring());
        let token = sign(theirs.active(SigningAlgorithm::Es256), Type::AccessToken, &claims()).expect("a token");
        assert_eq!(outcome(&token, &theirs), Ok(claims()), "the valid twin");
        assert_eq!(outcome(&token, &ours), Err(Refused::Key));
    }

    #[test]
    fn cve_2024_7318_a_retired_key_is_believed_until_its_last_token_expired() {
        let old = es256();
        let token = sign(&old, Type::AccessToken, &claims()).expect("a token");
        let until = NOW.plus(Duration::from_secs(10));
        let keys = vec![(old, Stage::Retired { until }), (es256(), Stage::Active), (rs256(), Stage::Active)];
        let ring = KeyRing::new(keys, NOW).expect("a ring");
        assert_eq!(outcome(&token, &ring), Ok(claims()));
        let after = verify::<Value>(&token, &ring, &Expected { now: until, ..expected() });
        assert_eq!(after, Err(Refused::Key));
    }

    #[test]
    fn a_hint_may_have_expired_but_must_be_an_id_token_of_this_issuer() {
        let ring = ring();
        let key = ring.active(SigningAlgorithm::Rs256);
        let mut old = claims();
        old["exp"] = json!(NOW.seconds() - 3600);
        old["sid"] = json!("s1");
        let hint = |typ, issuer| id_token_hint(&sign(key, typ, &old).expect("a token"), &ring, issuer, NOW);
        let expected = Hint { sub: "p1".into(), audience: vec![AUDIENCE.into()], sid: Some("s1".into()) };
        assert_eq!(hint(Type::IdToken, ISSUER), Ok(expected));
        assert_eq!(hint(Type::AccessToken, ISSUER), Err(Refused::Type));
        assert_eq!(hint(Type::IdToken, "https://other.example"), Err(Refused::Issuer));
    }

    #[test]
    fn what_was_changed_cut_or_lengthened_is_refused() {
        let ring = ring();
        let token = sign(ring.active(SigningAlgorithm::Es256), Type::AccessToken, &claims()).expect("a token");
        let parts: Vec<&str> = token.split('.').collect();
        let mut other = claims();
        other["sub"] = json!("p2");
        let swapped = format!("{}.{}.{}", parts[0], part(&other), parts[2]);
        assert_eq!(outcome(&swapped, &ring), Err(Refused::Signature));
        for bad in [
            String::new(),
            "..".into(),
            format!("{}.{}.", parts[0], parts[1]),
            format!("{}.{}", parts[0], parts[1]),
            format!("{token}="),
            format!("{token}."),
            format!("{token}.{}", parts[2]),
            format!(" {token}"),
            format!("{token}\n"),
            token[..token.len() - 2].to_owned(),
            format!("{token}{}", "A".repeat(MAX_LENGTH)),
        ] {
            assert!(outcome(&bad, &ring).is_err(), "{bad}");
        }
    }

    static RING: LazyLock<KeyRing> = LazyLock::new(ring);

    proptest! {
        #[test]
        fn nothing_makes_the_verifier_panic(token in "[A-Za-z0-9_.-]{0,200}", header in ".{0,80}") {
            prop_assert!(outcome(&token, &RING).is_err());
            let header = URL_SAFE_NO_PAD.encode(header);
            let token = format!("{header}.{}.AAAA", part(&claims()));
            prop_assert!(outcome(&token, &RING).is_err());
        }
    }
}
