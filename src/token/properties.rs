//! What must hold of tokens, whatever stands in them. What is given is signed or encrypted here, by the right key: a stranger's
//! bytes would never come past the signature.

use std::sync::LazyLock;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::Value;

use super::{
    assertion::{self, ClientKeys},
    jwe::{self, DecryptingKey},
    jwt::{self, Expected, Type},
    keys::{KeyRing, SigningKey, Stage},
};
use crate::{
    base::{Random, Timestamp},
    domain::{
        client::SigningAlgorithm,
        upstream::{ContentEncryption, Encryption, KeyManagement},
    },
};

const NOW: Timestamp = Timestamp::from_millis(1_795_348_800_000);
const ISSUER: &str = "https://login.example";
const AUDIENCE: &str = "https://api.example";
const CLIENT: &str = "client-a";
/// Where this stands, the name of the right key is put.
const KEY_NAME: &str = "KID";

static RING: LazyLock<KeyRing> = LazyLock::new(|| {
    let key = |algorithm| (SigningKey::generate(algorithm).expect("a key"), Stage::Active);
    KeyRing::new(SigningAlgorithm::ALL.map(key).into(), NOW).expect("a ring")
});
static DECRYPTING: LazyLock<[DecryptingKey; 1]> = LazyLock::new(|| [DecryptingKey::generate().expect("a key").0]);

/// A header in the first line, claims in the rest. An access token is believed only when header and claims say so to another
/// reader too; with another byte anywhere it is not; unsigned it is never.
pub fn jwt(data: &[u8]) {
    let key = RING.active(SigningAlgorithm::Es256);
    let expected = Expected { typ: Type::AccessToken, issuer: ISSUER, audience: AUDIENCE, now: NOW };
    let believed = |token: &str| jwt::verify::<Value>(token, &RING, &expected);
    if let Ok(text) = std::str::from_utf8(data) {
        assert!(believed(text).is_err(), "nobody signed it");
    }
    let (token, header, claims) = signed(data, key);
    if let Ok(read) = believed(&token) {
        let header: Value = serde_json::from_slice(&header).expect("JSON");
        let named = |name: &str| header[name].as_str().unwrap_or_default().to_owned();
        assert_eq!(header.as_object().map(serde_json::Map::len), Some(3));
        assert_eq!((named("alg"), named("typ"), named("kid")), ("ES256".into(), "at+jwt".into(), key.kid().into()));
        let said: Value = serde_json::from_slice(claims).expect("JSON");
        assert_eq!(read, said);
        assert_eq!(said["iss"], ISSUER);
        assert!(names(&said["aud"]).contains(&AUDIENCE));
        assert!(said["exp"].as_i64().is_some_and(|exp| exp > NOW.seconds()));
        assert!(said["nbf"].is_null() || said["nbf"].as_i64().is_some_and(|nbf| nbf <= NOW.seconds()));
        assert!(believed(&changed(&token, data)).is_err());
        let other = Expected { typ: Type::IdToken, ..expected };
        assert!(jwt::verify::<Value>(&token, &RING, &other).is_err());
    }
}

/// The same of a client's assertion.
pub fn client_assertion(data: &[u8]) {
    let key = RING.active(SigningAlgorithm::Es256);
    let keys = ClientKeys::parse(&[serde_json::to_value(key.public()).expect("JSON")]).expect("a key");
    let believed = |token: &str| assertion::verify(token, CLIENT, &keys, &[ISSUER, AUDIENCE], NOW);
    if let Ok(text) = std::str::from_utf8(data) {
        assert!(believed(text).is_err(), "nobody signed it");
    }
    let (token, header, claims) = signed(data, key);
    if let Ok(taken) = believed(&token) {
        let header: Value = serde_json::from_slice(&header).expect("JSON");
        assert_eq!(header["alg"], "ES256");
        for member in ["jku", "jwk", "x5u", "x5c", "crit", "b64", "zip", "enc"] {
            assert!(header.get(member).is_none_or(Value::is_null), "{member}");
        }
        let said: Value = serde_json::from_slice(claims).expect("JSON");
        assert_eq!((&said["iss"], &said["sub"]), (&CLIENT.into(), &CLIENT.into()));
        assert_eq!(assertion::claimed_client(&token).as_deref(), Some(CLIENT));
        let audiences = names(&said["aud"]);
        assert!(!audiences.is_empty() && audiences.iter().all(|aud| [ISSUER, AUDIENCE].contains(aud)));
        assert_eq!(said["jti"], taken.jti);
        let most = NOW.plus(assertion::MAX_LIFE).plus(assertion::CLOCK_ALLOWANCE);
        assert!(taken.expires > NOW && taken.expires <= most);
        assert!(believed(&changed(&token, data)).is_err());
    }
}

/// Content that is encrypted comes back, by each pair of algorithms; with another byte anywhere it does not, nor with a header
/// of somebody's own, nor where the algorithm is not accepted.
pub fn jwe(data: &[u8]) {
    let (alg, enc) = match data.first().map_or(0, |first| first % 6) {
        choice @ 0..3 => (KeyManagement::RsaOaep256, ContentEncryption::ALL[usize::from(choice)]),
        choice => (KeyManagement::RsaOaep, ContentEncryption::ALL[usize::from(choice - 3)]),
    };
    let [key] = &*DECRYPTING;
    let accepted = Encryption { key_management: vec![alg], content: vec![enc] };
    let open = |token: &str| jwe::open(token, &*DECRYPTING, &accepted);
    if let Ok(text) = std::str::from_utf8(data) {
        assert!(open(text).is_err(), "nobody encrypted it");
    }
    let token = jwe::seal(data, "JWT", key.public(), alg, enc, &Random::system()).expect("encrypted");
    if token.len() > jwe::MAX_LENGTH {
        return;
    }
    let opened = open(&token).expect("decrypted");
    assert_eq!((opened.content.as_slice(), opened.content_type.as_deref()), (data, Some("JWT")));
    assert!(open(&changed(&token, data)).is_err());
    let (protected, rest) = token.split_once('.').expect("five parts");
    let own = URL_SAFE_NO_PAD.encode(data);
    assert!(own == protected || open(&format!("{own}.{rest}")).is_err());
    for (key_management, content) in [(vec![], vec![enc]), (vec![alg], vec![])] {
        assert!(jwe::open(&token, &*DECRYPTING, &Encryption { key_management, content }).is_err());
    }
}

/// A token of the header in the first line and the claims in the rest, signed by `key`; with what was signed.
fn signed<'a>(data: &'a [u8], key: &SigningKey) -> (String, Vec<u8>, &'a [u8]) {
    let end = data.iter().position(|b| *b == b'\n').unwrap_or(data.len());
    let (header, claims) = (&data[..end], data.get(end + 1..).unwrap_or_default());
    let header = match std::str::from_utf8(header) {
        Ok(text) => text.replace(KEY_NAME, key.kid()).into_bytes(),
        Err(_) => header.to_owned(),
    };
    let message = format!("{}.{}", URL_SAFE_NO_PAD.encode(&header), URL_SAFE_NO_PAD.encode(claims));
    let signature = URL_SAFE_NO_PAD.encode(key.sign(message.as_bytes()).expect("a signature"));
    (format!("{message}.{signature}"), header, claims)
}

/// The token with another character at a place that `data` chooses.
fn changed(token: &str, data: &[u8]) -> String {
    let place =
        data.iter().fold(0_usize, |sum, byte| sum.wrapping_mul(31).wrapping_add(usize::from(*byte))) % token.len();
    let other = if token.as_bytes()[place] == b'A' { "B" } else { "A" };
    format!("{}{other}{}", &token[..place], &token[place + 1..])
}

fn names(audience: &Value) -> Vec<&str> {
    match audience {
        Value::Array(many) => many.iter().filter_map(Value::as_str).collect(),
        one => one.as_str().into_iter().collect(),
    }
}
