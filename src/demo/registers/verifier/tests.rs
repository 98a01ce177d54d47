//! What the registers believe, and every token that they refuse.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use axum::{Router, routing::get};
use http::HeaderValue;
use serde_json::json;
use tokio::net::TcpListener;

use super::*;
use crate::{
    domain::client::SigningAlgorithm,
    token::{
        jwt::{Type, sign},
        keys::{KeyRing, SigningKey, Stage},
    },
};

pub const NOW: Timestamp = Timestamp::from_millis(1_795_348_800_000);
pub const AUDIENCE: &str = "https://dossier.riziv.example";

fn in_clear(origin: &str, gateway: SocketAddr) -> super::Issuer {
    super::Issuer::new(origin, gateway, None).expect("nothing that could be wrong")
}

/// An issuer on this machine that publishes its keys on its own host only, and counts how often it is asked.
pub struct Issuer {
    pub key: SigningKey,
    pub issuer: String,
    pub address: SocketAddr,
    asked: Arc<AtomicUsize>,
}

impl Issuer {
    pub async fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let host = format!("progezondheid.localhost:{}", address.port());
        let key = SigningKey::generate(SigningAlgorithm::Es256).expect("a key");
        let pkcs8 = key.pkcs8().expect("its bytes");
        let again = SigningKey::from_pkcs8(SigningAlgorithm::Es256, &pkcs8).expect("the same key");
        let other = SigningKey::generate(SigningAlgorithm::Rs256).expect("a key");
        let ring = KeyRing::new(vec![(again, Stage::Active), (other, Stage::Active)], NOW).expect("a ring");
        let asked = Arc::new(AtomicUsize::new(0));
        let (expected, jwks, counter) = (host.clone(), ring.jwks(), Arc::clone(&asked));
        let keys = async move |headers: HeaderMap| {
            counter.fetch_add(1, Ordering::SeqCst);
            if headers[HOST] == expected.as_str() { Ok(jwks) } else { Err(StatusCode::MISDIRECTED_REQUEST) }
        };
        let router = Router::new().route("/jwks", get(keys));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { key, issuer: format!("http://{host}"), address, asked }
    }

    pub fn verifier(&self) -> (Verifier, Clock) {
        let clock = Clock::frozen(NOW);
        (Verifier::new(in_clear(&self.issuer, self.address), AUDIENCE, clock.clone()), clock)
    }

    /// The claims of Els Peeters for Jan Claes.
    pub fn claims(&self) -> Value {
        json!({
            "iss": self.issuer, "aud": AUDIENCE, "iat": NOW.seconds(), "nbf": NOW.seconds() - 5, "exp": NOW.seconds() + 120,
            "sub": "pw-els", "name": "Els Peeters", "locale": "nl", "acr": "http://eidas.europa.eu/LoA/substantial",
            "amr": ["pwd", "otp"], "auth_time": NOW.seconds() - 60,
            "profile": {"id": "pf-1", "capacity": "mandate_holder", "profession": null},
            "represents": {"sub": "pw-jan", "name": "Jan Claes", "registration": "19900104004"},
            "mandate": {"id": "m-1", "scope": "administrative", "until": "2027-06-30"},
        })
    }

    pub fn token(&self, claims: &Value) -> String {
        sign(&self.key, Type::Backend, claims).expect("a token")
    }
}

fn bearer(token: &str) -> HeaderMap {
    HeaderMap::from_iter([(AUTHORIZATION, HeaderValue::try_from(format!("Bearer {token}")).expect("a field"))])
}

#[tokio::test]
async fn a_token_of_the_gateway_is_believed_and_the_keys_are_asked_for_once() {
    let issuer = Issuer::new().await;
    let (verifier, clock) = issuer.verifier();
    let token = issuer.token(&issuer.claims());
    for _ in 0..3 {
        assert_eq!(verifier.verify(&bearer(&token)).await, Ok(issuer.claims()));
    }
    assert_eq!(issuer.asked.load(Ordering::SeqCst), 1);
    clock.advance(KEYS_LIFE + Duration::from_secs(1));
    assert_eq!(verifier.verify(&bearer(&token)).await, Err(Refused::Expired));
    assert_eq!(issuer.asked.load(Ordering::SeqCst), 2, "kept keys grow old");
}

#[tokio::test]
async fn every_other_token_is_refused() {
    let issuer = Issuer::new().await;
    let (verifier, _) = issuer.verifier();
    let with = |name: &str, value: Value| {
        let mut claims = issuer.claims();
        claims[name] = value;
        issuer.token(&claims)
    };
    let good = issuer.token(&issuer.claims());
    let typed = |typ| sign(&issuer.key, typ, &issuer.claims()).expect("a token");
    let (message, signature) = good.rsplit_once('.').expect("three parts");
    let (header, claims) = message.split_once('.').expect("three parts");
    let encoded = |value: Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let kid = issuer.key.kid();
    let unsigned = encoded(json!({"alg": "none", "typ": "poort-backend+jwt", "kid": kid}));
    let hmac = encoded(json!({"alg": "HS256", "typ": "poort-backend+jwt", "kid": kid}));
    let richer = encoded(json!({"iss": issuer.issuer, "sub": "pw-director"}));
    let stranger = SigningKey::generate(SigningAlgorithm::Es256).expect("a key");
    let strangers = sign(&stranger, Type::Backend, &issuer.claims()).expect("a token");
    let now = NOW.seconds();
    for (token, why) in [
        (typed(Type::AccessToken), Refused::WrongType),
        (typed(Type::IdToken), Refused::WrongType),
        (format!("{unsigned}.{claims}."), Refused::WrongAlgorithm),
        (format!("{hmac}.{claims}.{signature}"), Refused::WrongAlgorithm),
        (format!("{header}.{richer}.{signature}"), Refused::BadSignature),
        (format!("{header}.{claims}.{}", &signature[..80]), Refused::BadSignature),
        (strangers, Refused::UnknownKey),
        (with("iss", json!("http://mijnrgs.localhost:8080")), Refused::WrongIssuer),
        (with("aud", json!("https://opleiding.rgs.example")), Refused::WrongAudience),
        (with("aud", json!([AUDIENCE, "https://other.example"])), Refused::WrongAudience),
        (with("exp", json!(now - TOLERANCE_SECONDS)), Refused::Expired),
        (with("exp", json!("never")), Refused::MissingClaim),
        (with("nbf", json!(now + TOLERANCE_SECONDS + 1)), Refused::NotYetValid),
        (with("sub", json!("")), Refused::MissingClaim),
        (with("profile", json!(null)), Refused::MissingClaim),
        (message.to_owned(), Refused::Malformed),
        (format!("{good}.x"), Refused::Malformed),
        ("x".to_owned(), Refused::Malformed),
        ("x.y.z".to_owned(), Refused::Malformed),
    ] {
        assert_eq!(verifier.verify(&bearer(&token)).await, Err(why), "{token}");
    }
    // The twins at the edges.
    for token in
        [good.clone(), with("exp", json!(now - TOLERANCE_SECONDS + 1)), with("nbf", json!(now + TOLERANCE_SECONDS))]
    {
        assert!(verifier.verify(&bearer(&token)).await.is_ok());
    }
    let mut two = bearer(&good);
    two.append(AUTHORIZATION, HeaderValue::from_static("Bearer x"));
    assert_eq!(verifier.verify(&two).await, Err(Refused::SeveralTokens));
    assert_eq!(verifier.verify(&HeaderMap::new()).await, Err(Refused::NoToken));
    for field in ["Basic YTpi", "Bearer", "Bearer ", "bearer", &format!("Bearer {good} x")] {
        let headers = HeaderMap::from_iter([(AUTHORIZATION, HeaderValue::try_from(field).expect("a field"))]);
        assert_eq!(verifier.verify(&headers).await, Err(Refused::NotABearerToken), "{field}");
    }
}

#[tokio::test]
async fn an_unknown_key_makes_it_ask_again_but_not_all_the_time() {
    let issuer = Issuer::new().await;
    let (verifier, clock) = issuer.verifier();
    let stranger = SigningKey::generate(SigningAlgorithm::Es256).expect("a key");
    let strangers = sign(&stranger, Type::Backend, &issuer.claims()).expect("a token");
    for _ in 0..5 {
        assert_eq!(verifier.verify(&bearer(&strangers)).await, Err(Refused::UnknownKey));
    }
    assert_eq!(issuer.asked.load(Ordering::SeqCst), 1);
    clock.advance(COOLDOWN + Duration::from_secs(1));
    assert_eq!(verifier.verify(&bearer(&strangers)).await, Err(Refused::UnknownKey));
    assert_eq!(issuer.asked.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn without_the_keys_nobody_is_believed() {
    let issuer = Issuer::new().await;
    let token = issuer.token(&issuer.claims());
    // The right machine under another name.
    let wrong = issuer.issuer.replace("progezondheid", "mijnrgs");
    let verifier = Verifier::new(in_clear(&wrong, issuer.address), AUDIENCE, Clock::frozen(NOW));
    assert_eq!(verifier.verify(&bearer(&token)).await, Err(Refused::KeysUnavailable));
    let nobody = TcpListener::bind("127.0.0.1:0").await.expect("a port").local_addr().expect("an address");
    let verifier = Verifier::new(in_clear(&issuer.issuer, nobody), AUDIENCE, Clock::frozen(NOW));
    assert_eq!(verifier.verify(&bearer(&token)).await, Err(Refused::KeysUnavailable));
}
