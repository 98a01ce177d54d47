//! How a client proves who it is with a key: `private_key_jwt` (RFC 7523 section 3, OpenID Connect Core 1.0 section 9).
//!
//! The key comes from what was registered for the client and from nowhere else: a header that brings or points to a key
//! is refused, not ignored (RFC 8725 section 3.10). Which algorithm verifies is said by the registered key, never by
//! the assertion (section 3.1), so a public key is never the secret of an HMAC.

use std::time::Duration;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{
    Algorithm, DecodingKey,
    jwk::{AlgorithmParameters, EllipticCurve, Jwk, KeyAlgorithm, KeyOperations, PublicKeyUse},
};
use serde::{Deserialize, Deserializer, de::Error as _};
use serde_json::Value;

use super::{
    json::object,
    jwt::{OneOrMany, parts, signature_verifies},
};
use crate::base::Timestamp;

/// `grant`'s parameter `client_assertion_type` (RFC 7523 section 2.2).
pub const TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// The algorithms of assertions, for the discovery document.
pub const ALGORITHMS: [&str; 3] = ["ES256", "RS256", "PS256"];

/// How far ahead an assertion may expire: as long as its `jti` is remembered.
pub const MAX_LIFE: Duration = Duration::from_secs(300);

/// How far the client's clock may be ahead of ours (FAPI 2.0 Security Profile section 5.3.2.1).
pub const CLOCK_ALLOWANCE: Duration = Duration::from_secs(10);

/// A longer `jti` is not kept.
const MAX_JTI: usize = 256;

/// The public keys of one client.
#[derive(Debug)]
pub struct ClientKeys(Vec<ClientKey>);

/// A public key that somebody signs with.
#[derive(Debug)]
pub(super) struct ClientKey {
    pub(super) jwk: Jwk,
    pub(super) algorithms: &'static [Algorithm],
    pub(super) decoding: DecodingKey,
}

/// Why a registered key cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidKey {
    /// It is no JWK (RFC 7517).
    #[error("not a JWK")]
    NotAJwk,
    /// It is a shared secret.
    #[error("a shared secret (kty \"oct\") proves nothing: give a public key")]
    Symmetric,
    /// It has a private part, which only the client may have.
    #[error("the key has its private part: the client must replace it, and give the public part only")]
    Private,
    /// Its kind verifies none of the algorithms that are taken.
    #[error("only P-256 keys (ES256) and RSA keys of 2048 to 8192 bits (RS256, PS256) are taken")]
    Unsupported,
    /// It is not for signatures.
    #[error("the key's use, key_ops or alg says that it is not for ES256, RS256 or PS256 signatures")]
    OtherUse,
    /// Two keys have one `kid`, or several have none.
    #[error("of several keys each needs a kid of its own")]
    Ambiguous,
}

impl ClientKeys {
    /// The keys of a client's JWK set.
    ///
    /// # Errors
    /// With the position of the first key that cannot be used.
    pub fn parse(keys: &[Value]) -> Result<Self, (usize, InvalidKey)> {
        let mut parsed: Vec<ClientKey> = Vec::with_capacity(keys.len());
        for (position, value) in keys.iter().enumerate() {
            let key = ClientKey::parse(value).map_err(|error| (position, error))?;
            if keys.len() > 1 && (key.kid().is_none() || parsed.iter().any(|other| other.kid() == key.kid())) {
                return Err((position, InvalidKey::Ambiguous));
            }
            parsed.push(key);
        }
        Ok(Self(parsed))
    }

    /// The key that an assertion names; one that names none can mean the only one.
    fn find(&self, kid: Option<&str>) -> Option<&ClientKey> {
        match (kid, self.0.as_slice()) {
            (None, [only]) => Some(only),
            (None, _) => None,
            // A single key that was registered without a name answers to any.
            (Some(_), [only]) if only.kid().is_none() => Some(only),
            (Some(kid), keys) => keys.iter().find(|key| key.kid() == Some(kid)),
        }
    }
}

impl ClientKey {
    fn kid(&self) -> Option<&str> {
        self.jwk.common.key_id.as_deref()
    }

    pub(super) fn parse(value: &Value) -> Result<Self, InvalidKey> {
        if value.get("kty").is_some_and(|kty| kty == "oct") {
            return Err(InvalidKey::Symmetric);
        }
        if ["d", "p", "q", "dp", "dq", "qi", "oth"].iter().any(|member| value.get(member).is_some()) {
            return Err(InvalidKey::Private);
        }
        let jwk: Jwk = serde_json::from_value(value.clone()).map_err(|_| InvalidKey::NotAJwk)?;
        let algorithms = algorithms(&jwk)?;
        let decoding = DecodingKey::from_jwk(&jwk).map_err(|_| InvalidKey::NotAJwk)?;
        Ok(Self { jwk, algorithms, decoding })
    }
}

/// What a key verifies: by its kind, narrowed by what it says of itself.
fn algorithms(jwk: &Jwk) -> Result<&'static [Algorithm], InvalidKey> {
    let signs = jwk.common.public_key_use.as_ref().is_none_or(|use_| *use_ == PublicKeyUse::Signature);
    let operations = jwk.common.key_operations.as_ref();
    if !signs || operations.is_some_and(|operations| !operations.contains(&KeyOperations::Verify)) {
        return Err(InvalidKey::OtherUse);
    }
    let bytes = |part: &str| URL_SAFE_NO_PAD.decode(part).map_err(|_| InvalidKey::NotAJwk);
    match &jwk.algorithm {
        AlgorithmParameters::EllipticCurve(key) if key.curve == EllipticCurve::P256 => {
            if bytes(&key.x)?.len() != 32 || bytes(&key.y)?.len() != 32 {
                return Err(InvalidKey::NotAJwk);
            }
            match jwk.common.key_algorithm {
                None | Some(KeyAlgorithm::ES256) => Ok(&[Algorithm::ES256]),
                Some(_) => Err(InvalidKey::OtherUse),
            }
        }
        AlgorithmParameters::RSA(key) => {
            let modulus = bytes(&key.n)?;
            let significant = modulus.iter().skip_while(|byte| **byte == 0).count();
            // AWS-LC verifies with 2048 to 8192 bits; an exponent of 1 would make every text its own signature.
            if !(256..=1024).contains(&significant) || bytes(&key.e)? != [1, 0, 1] {
                return Err(InvalidKey::Unsupported);
            }
            match jwk.common.key_algorithm {
                None => Ok(&[Algorithm::RS256, Algorithm::PS256]),
                Some(KeyAlgorithm::RS256) => Ok(&[Algorithm::RS256]),
                Some(KeyAlgorithm::PS256) => Ok(&[Algorithm::PS256]),
                Some(_) => Err(InvalidKey::OtherUse),
            }
        }
        _ => Err(InvalidKey::Unsupported),
    }
}

/// Why an assertion is refused. For logs: the client hears `invalid_client` (RFC 6749 section 5.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// It is no JWS in compact form, or its header or claims cannot be read.
    #[error("not a client assertion")]
    Malformed,
    /// It says that it is another type of token.
    #[error("a token of another type")]
    Type,
    /// Its header brings a key, points to one, or asks for an extension.
    #[error("the header brings a key or an extension")]
    Header,
    /// The client has no key of that name.
    #[error("signed with a key that the client did not register")]
    Key,
    /// The key does not verify that algorithm.
    #[error("signed with an algorithm that the key is not for")]
    Algorithm,
    /// The signature does not verify.
    #[error("the signature does not verify")]
    Signature,
    /// `iss` and `sub` are not both the client.
    #[error("not issued by and for this client")]
    Client,
    /// `aud` names somebody else than this server.
    #[error("made for another audience")]
    Audience,
    /// `iat` or `nbf` lies ahead.
    #[error("not valid yet")]
    NotYet,
    /// It has expired.
    #[error("expired")]
    Expired,
    /// It expires too far ahead to remember its `jti` until then.
    #[error("expires more than five minutes ahead")]
    TooLong,
    /// It has no `jti`, or an overlong one.
    #[error("without an identifier to take once")]
    NoIdentifier,
}

/// A verified assertion. The caller takes `(client, jti)` once, and keeps it until `expires`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assertion {
    /// Its identifier.
    pub jti: String,
    /// From when on it cannot be used anyway.
    pub expires: Timestamp,
}

/// Members that bring a key, point to one, or change how the rest is to be read.
#[derive(Deserialize)]
struct Header {
    alg: String,
    typ: Option<String>,
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

impl Header {
    const fn brings_something(&self) -> bool {
        self.jku.is_some()
            || self.jwk.is_some()
            || self.x5u.is_some()
            || self.x5c.is_some()
            || self.crit.is_some()
            || self.b64.is_some()
            || self.zip.is_some()
            || self.enc.is_some()
    }
}

#[derive(Deserialize)]
struct Claims {
    iss: String,
    sub: String,
    aud: OneOrMany,
    #[serde(deserialize_with = "numeric_date")]
    exp: Timestamp,
    #[serde(default, deserialize_with = "optional_numeric_date")]
    nbf: Option<Timestamp>,
    #[serde(default, deserialize_with = "optional_numeric_date")]
    iat: Option<Timestamp>,
    jti: Option<String>,
}

/// Seconds since the epoch, with or without a fraction (RFC 7519 section 2).
pub(super) fn numeric_date<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Timestamp, D::Error> {
    let seconds = f64::deserialize(deserializer)?;
    if (0.0..1e11).contains(&seconds) {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "the range was checked; a fraction of a millisecond is nothing"
        )]
        Ok(Timestamp::from_millis((seconds * 1000.0) as i64))
    } else {
        Err(D::Error::custom("not a NumericDate"))
    }
}

fn optional_numeric_date<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Timestamp>, D::Error> {
    numeric_date(deserializer).map(Some)
}

/// The client that an assertion claims to be from, read without believing it: to find the keys that tell. A request
/// that names its client too must name the same.
#[must_use]
pub fn claimed_client(assertion: &str) -> Option<String> {
    #[derive(Deserialize)]
    struct Subject {
        sub: String,
    }
    let [_, payload, _] = parts(assertion)?;
    let payload = URL_SAFE_NO_PAD.decode(payload).ok()?;
    object::<Subject>(&payload).map(|claims| claims.sub)
}

/// Verifies that `client_id` made this assertion for this server, to be used at `now`.
///
/// `audiences` are this server's names: the issuer (what RFC 7523bis asks), and the token endpoint's URL where older
/// clients are let in (OpenID Connect Core 1.0 section 9). An assertion that names anybody else besides is refused,
/// since it could be used there too.
///
/// # Errors
/// The first reason to refuse it.
pub fn verify(
    assertion: &str,
    client_id: &str,
    keys: &ClientKeys,
    audiences: &[&str],
    now: Timestamp,
) -> Result<Assertion, Refused> {
    let [header, payload, _] = parts(assertion).ok_or(Refused::Malformed)?;
    let header: Header = read(header)?;
    if header.brings_something() {
        return Err(Refused::Header);
    }
    // RFC 7523bis names a type of its own; before it there was `JWT`, or none.
    if header.typ.is_some_and(|typ| !["jwt", "client-authentication+jwt"].contains(&&*typ.to_ascii_lowercase())) {
        return Err(Refused::Type);
    }
    let key = keys.find(header.kid.as_deref()).ok_or(Refused::Key)?;
    let algorithm =
        key.algorithms.iter().find(|algorithm| name(**algorithm) == header.alg).ok_or(Refused::Algorithm)?;
    if !signature_verifies(assertion, &key.decoding, *algorithm) {
        return Err(Refused::Signature);
    }
    let claims: Claims = read(payload)?;
    check(claims, client_id, audiences, now)
}

fn check(claims: Claims, client_id: &str, audiences: &[&str], now: Timestamp) -> Result<Assertion, Refused> {
    if claims.iss != client_id || claims.sub != client_id {
        return Err(Refused::Client);
    }
    let named = claims.aud.as_slice();
    if named.is_empty() || !named.iter().all(|aud| audiences.contains(&aud.as_str())) {
        return Err(Refused::Audience);
    }
    let soon = now.plus(CLOCK_ALLOWANCE);
    if claims.nbf.is_some_and(|nbf| nbf > soon) || claims.iat.is_some_and(|iat| iat > soon) {
        return Err(Refused::NotYet);
    }
    if claims.exp <= now {
        return Err(Refused::Expired);
    }
    if claims.exp > soon.plus(MAX_LIFE) {
        return Err(Refused::TooLong);
    }
    match claims.jti {
        Some(jti) if !jti.is_empty() && jti.len() <= MAX_JTI => Ok(Assertion { jti, expires: claims.exp }),
        _ => Err(Refused::NoIdentifier),
    }
}

fn read<T: for<'de> Deserialize<'de>>(part: &str) -> Result<T, Refused> {
    let bytes = URL_SAFE_NO_PAD.decode(part).map_err(|_| Refused::Malformed)?;
    object(&bytes).ok_or(Refused::Malformed)
}

const fn name(algorithm: Algorithm) -> &'static str {
    match algorithm {
        Algorithm::ES256 => "ES256",
        Algorithm::RS256 => "RS256",
        Algorithm::PS256 => "PS256",
        // No key here has another (`algorithms`).
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use aws_lc_rs::{
        rand::SystemRandom,
        signature::{RSA_PKCS1_SHA512, RSA_PSS_SHA256, RsaEncoding, RsaKeyPair},
    };
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::token::keys::{
        SigningKey,
        tests::{NOW, es256, rs256},
    };

    const ISSUER: &str = "https://login.example";
    const ENDPOINT: &str = "https://login.example/token";
    const CLIENT: &str = "client-a";

    fn public(key: &SigningKey) -> Value {
        serde_json::to_value(key.public()).expect("JSON")
    }

    fn without(mut key: Value, members: &[&str]) -> Value {
        for member in members {
            key.as_object_mut().expect("an object").remove(*member);
        }
        key
    }

    fn claims() -> Value {
        let now = NOW.seconds();
        json!({"iss": CLIENT, "sub": CLIENT, "aud": ISSUER, "jti": "j1", "iat": now, "exp": now + 60})
    }

    fn part(value: &Value) -> String {
        URL_SAFE_NO_PAD.encode(value.to_string())
    }

    fn assertion(key: &SigningKey, header: &Value, claims: &Value) -> String {
        let message = format!("{}.{}", part(header), part(claims));
        let signature = URL_SAFE_NO_PAD.encode(key.sign(message.as_bytes()).expect("a signature"));
        format!("{message}.{signature}")
    }

    fn header(key: &SigningKey) -> Value {
        json!({"alg": key.algorithm().alg(), "kid": key.kid()})
    }

    fn outcome(assertion: &str, keys: &[Value]) -> Result<Assertion, Refused> {
        verify(assertion, CLIENT, &ClientKeys::parse(keys).expect("keys"), &[ISSUER, ENDPOINT], NOW)
    }

    fn good() -> Assertion {
        Assertion { jti: "j1".into(), expires: Timestamp::from_millis((NOW.seconds() + 60) * 1000) }
    }

    /// An RSA key pair as the client has it, to sign what Poort itself does not.
    fn rsa_signed(key: &SigningKey, encoding: &'static dyn RsaEncoding, header: &Value) -> String {
        let pair = RsaKeyPair::from_pkcs8(&key.pkcs8().expect("DER")).expect("a key");
        let message = format!("{}.{}", part(header), part(&claims()));
        let mut signature = vec![0; pair.public_modulus_len()];
        pair.sign(encoding, &SystemRandom::new(), message.as_bytes(), &mut signature).expect("a signature");
        format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature))
    }

    #[test]
    fn an_assertion_by_es256_rs256_or_ps256_is_good() {
        for key in [es256(), rs256()] {
            assert_eq!(outcome(&assertion(&key, &header(&key), &claims()), &[public(&key)]), Ok(good()));
            let typed = json!({"alg": key.algorithm().alg(), "typ": "client-authentication+jwt"});
            assert_eq!(outcome(&assertion(&key, &typed, &claims()), &[public(&key)]), Ok(good()));
        }
        let rsa = rs256();
        let pss = rsa_signed(&rsa, &RSA_PSS_SHA256, &json!({"alg": "PS256", "kid": rsa.kid()}));
        assert_eq!(outcome(&pss, &[without(public(&rsa), &["alg"])]), Ok(good()));
        assert_eq!(outcome(&pss, &[public(&rsa)]), Err(Refused::Algorithm), "the key says RS256");
        assert_eq!(claimed_client(&pss).as_deref(), Some(CLIENT));
    }

    #[test]
    fn cve_2026_11800_no_algorithm_that_the_key_is_not_for() {
        let rsa = rs256();
        let keys = [without(public(&rsa), &["alg"])];
        let with = |alg: Value| assertion(&rsa, &json!({"alg": alg, "kid": rsa.kid()}), &claims());
        assert_eq!(outcome(&with(json!("RS256")), &keys), Ok(good()), "the valid twin");
        for alg in ["none", "None", "nOnE", "", "HS256", "RS384", "RS512", "rs256", "ES256", "EdDSA"] {
            assert_eq!(outcome(&with(json!(alg)), &keys), Err(Refused::Algorithm), "{alg}");
        }
        assert_eq!(outcome(&with(Value::Null), &keys), Err(Refused::Malformed));
        let missing = assertion(&rsa, &json!({"kid": rsa.kid()}), &claims());
        assert_eq!(outcome(&missing, &keys), Err(Refused::Malformed));
        let stronger = rsa_signed(&rsa, &RSA_PKCS1_SHA512, &json!({"alg": "RS512", "kid": rsa.kid()}));
        assert_eq!(outcome(&stronger, &keys), Err(Refused::Algorithm), "well signed, but not in the list");
        let unsigned = format!("{}.{}.", part(&json!({"alg": "none"})), part(&claims()));
        assert_eq!(outcome(&unsigned, &keys), Err(Refused::Algorithm));
    }

    #[test]
    fn cve_2026_11800_hs256_with_the_public_key_as_its_secret() {
        let rsa = rs256();
        let jwk = public(&rsa);
        let modulus = URL_SAFE_NO_PAD.decode(jwk["n"].as_str().expect("n")).expect("base64");
        for secret in [modulus, jwk.to_string().into_bytes()] {
            let mut head = jsonwebtoken::Header::new(Algorithm::HS256);
            head.kid = Some(rsa.kid().into());
            let forged = jsonwebtoken::encode(&head, &claims(), &jsonwebtoken::EncodingKey::from_secret(&secret));
            assert_eq!(outcome(&forged.expect("a token"), std::slice::from_ref(&jwk)), Err(Refused::Algorithm));
        }
    }

    #[test]
    fn cve_2026_11800_a_key_that_the_header_brings_or_names_is_not_used() {
        let (key, attacker) = (es256(), es256());
        let keys = [public(&key)];
        assert_eq!(outcome(&assertion(&key, &header(&key), &claims()), &keys), Ok(good()), "the valid twin");
        assert_eq!(outcome(&assertion(&attacker, &header(&key), &claims()), &keys), Err(Refused::Signature));
        assert_eq!(outcome(&assertion(&attacker, &header(&attacker), &claims()), &keys), Err(Refused::Key));
        for kid in ["../../../dev/null", "x' UNION SELECT 'k", "https://attacker.example/k", ""] {
            let named = json!({"alg": "ES256", "kid": kid});
            assert_eq!(outcome(&assertion(&attacker, &named, &claims()), &keys), Err(Refused::Key), "{kid}");
        }
        for (member, value) in [
            ("jwk", public(&attacker)),
            ("jku", json!("https://attacker.example/jwks")),
            ("x5u", json!("https://attacker.example/cert")),
            ("x5c", json!(["MIIB"])),
            ("crit", json!(["b64"])),
            ("b64", json!(false)),
            ("zip", json!("DEF")),
            ("enc", json!("A128GCM")),
        ] {
            for signer in [&key, &attacker] {
                let mut head = header(&key);
                head[member] = value.clone();
                assert_eq!(outcome(&assertion(signer, &head, &claims()), &keys), Err(Refused::Header), "{member}");
            }
        }
    }

    #[test]
    fn ghsa_7fpj_9hr8_28vh_another_type_of_token_is_no_assertion() {
        let key = es256();
        let typed = |typ: &str| {
            let head = json!({"alg": "ES256", "kid": key.kid(), "typ": typ});
            outcome(&assertion(&key, &head, &claims()), &[public(&key)])
        };
        assert_eq!(typed("JWT"), Ok(good()), "the valid twin");
        for typ in ["at+jwt", "poort-backend+jwt", "dpop+jwt", "logout+jwt", "secevent+jwt", ""] {
            assert_eq!(typed(typ), Err(Refused::Type), "{typ}");
        }
    }

    #[test]
    fn each_claim_must_be_there_and_right() {
        let key = es256();
        let keys = [public(&key)];
        let now = NOW.seconds();
        let changed = |member: &str, value: Option<Value>| {
            let mut claims = claims();
            match value {
                Some(value) => claims[member] = value,
                None => drop(claims.as_object_mut().expect("an object").remove(member)),
            }
            outcome(&assertion(&key, &header(&key), &claims), &keys).err()
        };
        for (member, value, refused) in [
            ("iss", Some(json!("client-b")), Some(Refused::Client)),
            ("iss", Some(json!([CLIENT])), Some(Refused::Malformed)),
            ("iss", None, Some(Refused::Malformed)),
            ("sub", Some(json!("client-b")), Some(Refused::Client)),
            ("sub", None, Some(Refused::Malformed)),
            ("aud", Some(json!(ENDPOINT)), None),
            ("aud", Some(json!([ISSUER, ENDPOINT])), None),
            ("aud", Some(json!([ISSUER, "https://other.example"])), Some(Refused::Audience)),
            ("aud", Some(json!("https://login.example.attacker")), Some(Refused::Audience)),
            ("aud", Some(json!([])), Some(Refused::Audience)),
            ("aud", None, Some(Refused::Malformed)),
            ("exp", None, Some(Refused::Malformed)),
            ("exp", Some(json!("soon")), Some(Refused::Malformed)),
            ("exp", Some(json!(1e300)), Some(Refused::Malformed)),
            ("exp", Some(json!(-1)), Some(Refused::Malformed)),
            ("exp", Some(json!(now)), Some(Refused::Expired)),
            ("exp", Some(json!(now + 310)), None),
            ("exp", Some(json!(now + 311)), Some(Refused::TooLong)),
            ("nbf", Some(json!(now + 10)), None),
            ("nbf", Some(json!(now + 11)), Some(Refused::NotYet)),
            ("iat", Some(json!(now + 11)), Some(Refused::NotYet)),
            ("iat", None, None),
            ("jti", None, Some(Refused::NoIdentifier)),
            ("jti", Some(json!("")), Some(Refused::NoIdentifier)),
            ("jti", Some(json!("j".repeat(257))), Some(Refused::NoIdentifier)),
            ("jti", Some(json!(7)), Some(Refused::Malformed)),
        ] {
            let shown = format!("{member} {value:?}");
            assert_eq!(changed(member, value), refused, "{shown}");
        }
        let strict = ClientKeys::parse(&keys).expect("keys");
        let mut legacy = claims();
        legacy["aud"] = json!(ENDPOINT);
        let legacy = assertion(&key, &header(&key), &legacy);
        assert_eq!(verify(&legacy, CLIENT, &strict, &[ISSUER], NOW), Err(Refused::Audience), "RFC 7523bis");
    }

    #[test]
    fn a_date_may_have_a_fraction() {
        let key = es256();
        let mut claims = claims();
        claims["exp"] = json!(NOW.seconds() as f64 + 60.25);
        let verified = outcome(&assertion(&key, &header(&key), &claims), &[public(&key)]).expect("good");
        assert_eq!(verified.expires, Timestamp::from_millis(NOW.seconds() * 1000 + 60_250));
    }

    #[test]
    fn a_claim_given_twice_is_refused() {
        let key = es256();
        let twice = claims().to_string().replacen('{', r#"{"sub":"client-b","#, 1);
        let message = format!("{}.{}", part(&header(&key)), URL_SAFE_NO_PAD.encode(twice));
        let signature = URL_SAFE_NO_PAD.encode(key.sign(message.as_bytes()).expect("a signature"));
        assert_eq!(outcome(&format!("{message}.{signature}"), &[public(&key)]), Err(Refused::Malformed));
    }

    #[test]
    fn a_list_in_the_place_of_an_object_is_refused() {
        let key = es256();
        let list = json!([CLIENT, CLIENT, ISSUER, NOW.seconds() + 60, null, NOW.seconds(), "j1"]);
        assert_eq!(outcome(&assertion(&key, &header(&key), &claims()), &[public(&key)]), Ok(good()), "the valid twin");
        assert_eq!(outcome(&assertion(&key, &header(&key), &list), &[public(&key)]), Err(Refused::Malformed));
        let list = json!(["ES256", null, key.kid(), null, null, null, null, null, null, null, null]);
        assert_eq!(outcome(&assertion(&key, &list, &claims()), &[public(&key)]), Err(Refused::Malformed));
    }

    #[test]
    fn of_several_keys_the_named_one_verifies() {
        let (first, second) = (es256(), es256());
        let keys = [public(&first), public(&second)];
        assert_eq!(outcome(&assertion(&second, &header(&second), &claims()), &keys), Ok(good()));
        assert_eq!(outcome(&assertion(&second, &header(&first), &claims()), &keys), Err(Refused::Signature));
        let nameless = json!({"alg": "ES256"});
        assert_eq!(outcome(&assertion(&second, &nameless, &claims()), &keys), Err(Refused::Key));
        let lone = [without(public(&second), &["kid"])];
        assert_eq!(outcome(&assertion(&second, &nameless, &claims()), &lone), Ok(good()));
        assert_eq!(outcome(&assertion(&second, &header(&second), &claims()), &lone), Ok(good()));
    }

    #[test]
    fn a_set_with_a_key_that_cannot_be_used_says_which_and_why() {
        let (ec, rsa) = (es256(), rs256());
        let with = |mut key: Value, member: &str, value: Value| {
            key[member] = value;
            key
        };
        for (key, why) in [
            (json!({"kty": "oct", "k": "c2VjcmV0"}), InvalidKey::Symmetric),
            (with(public(&ec), "d", json!("AAAA")), InvalidKey::Private),
            (with(public(&rsa), "d", json!("AAAA")), InvalidKey::Private),
            (json!("text"), InvalidKey::NotAJwk),
            (json!({}), InvalidKey::Unsupported),
            (with(public(&ec), "x", json!("AAAA")), InvalidKey::NotAJwk),
            (with(public(&ec), "crv", json!("P-384")), InvalidKey::Unsupported),
            (
                json!({"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}),
                InvalidKey::Unsupported,
            ),
            (with(public(&rsa), "n", json!(URL_SAFE_NO_PAD.encode([0xff; 128]))), InvalidKey::Unsupported),
            (with(public(&rsa), "e", json!("AQ")), InvalidKey::Unsupported),
            (with(public(&rsa), "use", json!("enc")), InvalidKey::OtherUse),
            (with(public(&rsa), "alg", json!("RSA-OAEP")), InvalidKey::OtherUse),
            (with(public(&rsa), "alg", json!("RS512")), InvalidKey::OtherUse),
            (with(public(&ec), "key_ops", json!(["sign"])), InvalidKey::OtherUse),
            (public(&ec), InvalidKey::Ambiguous),
            (without(public(&rsa), &["kid"]), InvalidKey::Ambiguous),
        ] {
            let shown = key.to_string();
            assert_eq!(ClientKeys::parse(&[public(&ec), key]).err(), Some((1, why)), "{shown}");
        }
        assert!(ClientKeys::parse(&[public(&ec), public(&rsa)]).is_ok(), "the valid twin");
    }

    proptest! {
        #[test]
        fn nothing_makes_the_verifier_panic(text in ".{0,120}", header in ".{0,60}") {
            let keys = ClientKeys(Vec::new());
            prop_assert!(verify(&text, CLIENT, &keys, &[ISSUER], NOW).is_err());
            let made = format!("{}.{}.AA", URL_SAFE_NO_PAD.encode(&header), URL_SAFE_NO_PAD.encode(&text));
            prop_assert!(verify(&made, CLIENT, &keys, &[ISSUER], NOW).is_err());
            let _ = claimed_client(&made);
        }
    }
}
