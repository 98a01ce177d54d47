//! Another OpenID provider, shaped like itsme or like FAS, that says whatever a test wants: in order, forged, late, or nothing at all.
//!
//! Signatures are made with AWS-LC; the encryption is Poort's own, which other people's software checks in `tests/peers`.

use std::{
    sync::{Arc, LazyLock, Mutex, PoisonError},
    time::Duration,
};

use aws_lc_rs::{
    digest::{SHA256, digest},
    hmac,
    rand::SystemRandom,
    rsa::KeySize,
    signature::{KeyPair, RSA_PKCS1_SHA256, RsaKeyPair, RsaPublicKeyComponents},
};
use axum::{
    Router,
    body::Body,
    extract::State,
    http::{
        HeaderMap, Response, StatusCode,
        header::{AUTHORIZATION, CONTENT_TYPE},
    },
    response::IntoResponse,
    routing::{get, post},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use bytes::Bytes;
use futures_util::stream;
use http::Method;
use poort::{
    base::{Clock, Random},
    domain::{
        tenant::{Factor, Tenant},
        upstream::{ContentEncryption, KeyManagement},
    },
    token::jwe,
};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use url::Url;

use super::{
    browser::{Browser, Page},
    gateway::{Gateway, NOW},
};

/// The claim with the national number.
pub const NUMBER: &str = "http://itsme.services/v2/claim/BENationalNumber";
pub const BASIC: &str = "http://itsme.services/v2/claim/acr_basic";
pub const ADVANCED: &str = "http://itsme.services/v2/claim/acr_advanced";
pub const LEVEL_400: &str = "urn:be:fedict:iam:fas:Level400";
pub const CLIENT: &str = "progezondheid";

/// Whose protocol it speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Tokens are encrypted, and the number stands in the ID token.
    Itsme,
    /// Tokens are signed alone, and userinfo says who somebody is, under names of its own.
    Fas,
    /// Userinfo is JSON.
    Json,
}

impl Shape {
    pub const fn factor(self) -> Factor {
        match self {
            Shape::Itsme => Factor::Itsme,
            Shape::Fas => Factor::Fas,
            Shape::Json => Factor::OpenId,
        }
    }

    const fn acr(self) -> &'static str {
        match self {
            Shape::Itsme => BASIC,
            Shape::Fas | Shape::Json => LEVEL_400,
        }
    }

    /// Puts a national number where it says one.
    pub fn put_number(self, answers: &mut Answers, number: &str) {
        match self {
            Shape::Itsme => answers.id_token.claims[NUMBER] = json!(number),
            Shape::Fas => answers.user_info.claims["egovNRN"] = json!(number),
            Shape::Json => answers.user_info.claims["number"] = json!(number),
        }
    }
}

static KEYS: LazyLock<[RsaKeyPair; 2]> =
    LazyLock::new(|| std::array::from_fn(|_| RsaKeyPair::generate(KeySize::Rsa2048).expect("a key")));

/// Who signs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// The provider, by the key that it publishes.
    Itself,
    /// Somebody else.
    Stranger,
    /// Nobody.
    Nobody,
    /// HMAC, with the modulus of the public key, its JWK, or the client's name as secret.
    Modulus,
    Jwk,
    ClientId,
}

/// How a token is encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sealed {
    /// For the gateway, as agreed.
    Well,
    /// Not at all.
    Not,
    /// For somebody else.
    ForAnother,
    /// Twice.
    Twice,
    /// By other algorithms.
    By(KeyManagement, ContentEncryption),
    /// As something else than a token.
    As(&'static str),
    /// The claims, as JSON.
    Bare,
}

/// A token that is about to be sent.
#[derive(Clone)]
pub struct Made {
    pub header: Value,
    pub claims: Value,
    pub by: By,
    pub sealed: Sealed,
    /// Changes the signed token.
    pub after: fn(String) -> String,
}

/// What a provider answers.
#[derive(Clone)]
pub struct Answers {
    pub id_token: Made,
    pub user_info: Made,
    /// Changes the answer of the token endpoint.
    pub token: fn(Value) -> Value,
}

/// How an endpoint answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    Well,
    /// Nothing, for longer than anybody waits.
    Silent,
    /// A byte a second.
    Dripping,
    /// 100 MB.
    Endless,
    /// No JSON.
    Garbage,
    /// HTML.
    Html,
    /// Status 500.
    Failing,
    /// To another host.
    Elsewhere,
    /// 10,000 headers.
    ManyHeaders,
    /// Fewer bytes than it says.
    Short,
}

type Change = Arc<dyn Fn(&mut Answers) + Send + Sync>;

struct Mind {
    clock: Clock,
    nonce: String,
    change: Change,
    discovery: Manner,
    change_discovery: fn(Value) -> Value,
    jwks: Manner,
    token: Manner,
    user_info: Manner,
    kid: String,
    client_keys: Value,
    asked: Vec<String>,
    proofs: Vec<String>,
}

/// The provider.
pub struct Provider {
    pub issuer: String,
    pub shape: Shape,
    mind: Mutex<Mind>,
}

impl Provider {
    /// One like itsme, on a free port of this machine.
    pub async fn start() -> Arc<Self> {
        Self::start_as(Shape::Itsme).await
    }

    /// Listens on a free port of this machine.
    pub async fn start_as(shape: Shape) -> Arc<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let issuer = format!("http://{}", listener.local_addr().expect("an address"));
        let mind = Mind {
            clock: Clock::frozen(NOW),
            nonce: String::new(),
            change: Arc::new(|_| {}),
            discovery: Manner::Well,
            change_discovery: |document| document,
            jwks: Manner::Well,
            token: Manner::Well,
            user_info: Manner::Well,
            kid: "first".into(),
            client_keys: Value::Null,
            asked: Vec::new(),
            proofs: Vec::new(),
        };
        let this = Arc::new(Self { issuer, shape, mind: Mutex::new(mind) });
        let router = Router::new()
            .route("/.well-known/openid-configuration", get(discovery))
            .route("/jwks", get(jwks))
            .route("/token", post(token))
            .route("/userinfo", get(user_info))
            .with_state(this.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        this
    }

    fn mind(&self) -> std::sync::MutexGuard<'_, Mind> {
        self.mind.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A gateway with the tenants and people of the demo, whose itsme is this one.
    pub async fn gateway(self: &Arc<Self>) -> Gateway {
        let gateway = Gateway::demo_with(|tenant| self.adopt(tenant)).await;
        self.mind().clock = gateway.clock.clone();
        gateway
    }

    /// Puts a tenant's provider here.
    pub fn adopt(&self, tenant: &mut Tenant) {
        for provider in tenant.openid_providers.iter_mut().filter(|known| known.factor == self.shape.factor()) {
            provider.issuer = Url::parse(&self.issuer).expect("a URL");
        }
    }

    /// From now on it answers like this.
    pub fn answers(&self, change: impl Fn(&mut Answers) + Send + Sync + 'static) {
        self.mind().change = Arc::new(change);
    }

    /// Somebody with this number logs in here.
    pub fn as_person(&self, number: &str) {
        let (number, shape) = (number.to_owned(), self.shape);
        self.answers(move |answers| shape.put_number(answers, &number));
    }

    pub fn manner(&self, discovery: Manner, jwks: Manner, token: Manner, user_info: Manner) {
        let mut mind = self.mind();
        (mind.discovery, mind.jwks, mind.token, mind.user_info) = (discovery, jwks, token, user_info);
    }

    pub fn publishes(&self, change: fn(Value) -> Value) {
        self.mind().change_discovery = change;
    }

    /// From now on it encrypts for the key of this set, whatever the gateway publishes.
    pub fn encrypts_for(&self, client_keys: Value) {
        self.mind().client_keys = client_keys;
    }

    /// Signs with a key of this name.
    pub fn signs_as(&self, kid: &str) {
        self.mind().kid = kid.to_owned();
    }

    /// How often a path was asked for.
    pub fn asked(&self, path: &str) -> usize {
        self.mind().asked.iter().filter(|asked| *asked == path).count()
    }

    /// What it learns from somebody who comes: the nonce, and then the gateway's keys.
    pub async fn learns(&self, gateway: &Gateway, nonce: &str) {
        let keys = gateway.send(Method::GET, &format!("{}/federated/jwks", gateway.tenant().origin), &[], "").await;
        let mut mind = self.mind();
        (mind.nonce, mind.client_keys) = (nonce.to_owned(), keys.json());
    }

    /// How its client proved who it is, each time: the header `Authorization`, and the body.
    pub fn proofs(&self) -> Vec<String> {
        self.mind().proofs.clone()
    }

    fn manner_of(&self, path: &str, pick: fn(&Mind) -> Manner) -> Manner {
        let mut mind = self.mind();
        mind.asked.push(path.to_owned());
        pick(&mind)
    }

    fn usual(&self) -> Answers {
        let mind = self.mind();
        let now = mind.clock.now().seconds();
        let header = json!({"alg": "RS256", "typ": "JWT", "kid": mind.kid});
        let made = |claims: Value| Made {
            header: header.clone(),
            claims,
            by: By::Itself,
            sealed: if self.shape == Shape::Itsme { Sealed::Well } else { Sealed::Not },
            after: |token| token,
        };
        let mut answers = Answers {
            id_token: made(json!({
                "iss": self.issuer, "aud": CLIENT, "sub": "sub-1", "nonce": mind.nonce, "iat": now, "exp": now + 300,
                "auth_time": now, "acr": self.shape.acr(), "at_hash": half_hash("access"),
            })),
            user_info: made(json!({"iss": self.issuer, "aud": CLIENT, "sub": "sub-1"})),
            token: |answer| answer,
        };
        let (given, family) = match self.shape {
            Shape::Fas => ("givenName", "surname"),
            Shape::Itsme | Shape::Json => ("given_name", "family_name"),
        };
        (answers.user_info.claims[given], answers.user_info.claims[family]) = (json!("Jan"), json!("Claes"));
        if self.shape == Shape::Json {
            answers.user_info.sealed = Sealed::Bare;
        }
        self.shape.put_number(&mut answers, "85073003328");
        let change = mind.change.clone();
        drop(mind);
        change(&mut answers);
        answers
    }

    fn sealed(&self, made: &Made) -> String {
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let message = format!("{}.{}", part(&made.header), part(&made.claims));
        let public = jwk(&KEYS[0]);
        let signature = match made.by {
            By::Itself => signature(&KEYS[0], &message),
            By::Stranger => signature(&KEYS[1], &message),
            By::Nobody => Vec::new(),
            By::Modulus => mac(&URL_SAFE_NO_PAD.decode(public["n"].as_str().expect("n")).expect("base64"), &message),
            By::Jwk => mac(public.to_string().as_bytes(), &message),
            By::ClientId => mac(CLIENT.as_bytes(), &message),
        };
        let signed = (made.after)(format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature)));
        let keys = self.mind().client_keys.clone();
        let for_gateway = keys["keys"].as_array().and_then(|keys| keys.iter().find(|key| key["use"] == "enc").cloned());
        let key = for_gateway.expect("the gateway publishes a key");
        let seal = |content: &str, key: &Value, alg, enc, content_type: &str| {
            let key = serde_json::from_value(key.clone()).expect("a JWK");
            jwe::seal(content.as_bytes(), content_type, &key, alg, enc, &Random::system()).expect("sealed")
        };
        let (alg, enc) = (KeyManagement::RsaOaep256, ContentEncryption::A128CbcHs256);
        match made.sealed {
            Sealed::Well => seal(&signed, &key, alg, enc, "JWT"),
            Sealed::Not => signed,
            Sealed::Bare => made.claims.to_string(),
            Sealed::ForAnother => {
                let mut other = jwk(&KEYS[1]);
                other["kid"] = key["kid"].clone();
                seal(&signed, &other, alg, enc, "JWT")
            }
            Sealed::Twice => seal(&seal(&signed, &key, alg, enc, "JWT"), &key, alg, enc, "JWT"),
            Sealed::By(alg, enc) => seal(&signed, &key, alg, enc, "JWT"),
            Sealed::As(content_type) => seal(&signed, &key, alg, enc, content_type),
        }
    }
}

/// A person who left for the provider, with what their browser took along.
pub struct Left {
    pub state: String,
    pub nonce: String,
    pub acr: String,
    pub to: Url,
}

impl Left {
    fn of(page: &Page) -> Self {
        let field = |name: &str| {
            page.url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned()).unwrap_or_default()
        };
        Self { state: field("state"), nonce: field("nonce"), acr: field("acr_values"), to: page.url.clone() }
    }
}

impl Browser<'_> {
    /// From a page with keys to the provider, which learns what it was asked.
    pub async fn leave(&mut self, page: &Page, gateway: &Gateway, provider: &Provider) -> Left {
        let page = self.follow(page, &format!("/with/{}", provider.shape.factor().word())).await;
        assert!(page.url.as_str().starts_with(&provider.issuer), "{} {}\n{}", page.url, page.status, page.text);
        let left = Left::of(&page);
        provider.learns(gateway, &left.nonce).await;
        left
    }

    /// Back from itsme, with these parameters.
    pub async fn come_back(&mut self, query: &[(&str, &str)]) -> Page {
        self.come_back_by(Factor::Itsme, query).await
    }

    /// Back to the callback of a factor, with these parameters.
    pub async fn come_back_by(&mut self, factor: Factor, query: &[(&str, &str)]) -> Page {
        let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(query).finish();
        self.get(&format!("/federated/{}/callback?{query}", factor.word())).await
    }

    /// The whole way, from the login page of the account.
    pub async fn through(&mut self, gateway: &Gateway, provider: &Provider) -> Page {
        let page = self.get("/").await;
        let left = self.leave(&page, gateway, provider).await;
        let query = [("code", "c"), ("state", &*left.state), ("iss", &*provider.issuer)];
        self.come_back_by(provider.shape.factor(), &query).await
    }
}

fn signature(key: &RsaKeyPair, message: &str) -> Vec<u8> {
    let mut signature = vec![0; key.public_modulus_len()];
    key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message.as_bytes(), &mut signature).expect("a signature");
    signature
}

fn mac(secret: &[u8], message: &str) -> Vec<u8> {
    hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret), message.as_bytes()).as_ref().to_vec()
}

/// `at_hash` of a token.
pub fn half_hash(token: &str) -> String {
    URL_SAFE_NO_PAD.encode(&digest(&SHA256, token.as_bytes()).as_ref()[..16])
}

fn jwk(key: &RsaKeyPair) -> Value {
    let parts = RsaPublicKeyComponents::<Vec<u8>>::from(key.public_key());
    json!({"kty": "RSA", "n": URL_SAFE_NO_PAD.encode(parts.n), "e": URL_SAFE_NO_PAD.encode(parts.e)})
}

type Here = State<Arc<Provider>>;

async fn discovery(State(here): Here) -> Response<Body> {
    let at = |path: &str| format!("{}{path}", here.issuer);
    let document = json!({
        "issuer": here.issuer, "authorization_endpoint": at("/authorization"), "token_endpoint": at("/token"),
        "userinfo_endpoint": at("/userinfo"), "jwks_uri": at("/jwks"), "response_types_supported": ["code"],
        "subject_types_supported": ["pairwise"], "id_token_signing_alg_values_supported": ["RS256"],
        "authorization_response_iss_parameter_supported": true,
    });
    let manner = here.manner_of("/.well-known/openid-configuration", |mind| mind.discovery);
    let change = here.mind().change_discovery;
    answer(manner, "application/json", change(document).to_string()).await
}

async fn jwks(State(here): Here) -> Response<Body> {
    let manner = here.manner_of("/jwks", |mind| mind.jwks);
    let mut key = jwk(&KEYS[0]);
    key["use"] = json!("sig");
    key["kid"] = json!(here.mind().kid);
    answer(manner, "application/json", json!({"keys": [key]}).to_string()).await
}

async fn token(State(here): Here, headers: HeaderMap, body: String) -> Response<Body> {
    let manner = here.manner_of("/token", |mind| mind.token);
    let header = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    here.mind().proofs.push(format!("{header} {body}"));
    let answers = here.usual();
    let id_token = here.sealed(&answers.id_token);
    let body = (answers.token)(json!({
        "access_token": "access", "token_type": "Bearer", "expires_in": 300, "id_token": id_token,
    }));
    answer(manner, "application/json", body.to_string()).await
}

async fn user_info(State(here): Here) -> Response<Body> {
    let manner = here.manner_of("/userinfo", |mind| mind.user_info);
    let answers = here.usual();
    let form = if answers.user_info.sealed == Sealed::Bare { "application/json" } else { "application/jwt" };
    answer(manner, form, here.sealed(&answers.user_info)).await
}

async fn answer(manner: Manner, content_type: &str, body: String) -> Response<Body> {
    let well = |content_type: &str, body: Body| ([(CONTENT_TYPE, content_type.to_owned())], body).into_response();
    match manner {
        Manner::Well => well(content_type, body.into()),
        Manner::Silent => std::future::pending().await,
        Manner::Dripping => {
            let drops = stream::unfold(body.into_bytes().into_iter(), async |mut rest| {
                tokio::time::sleep(Duration::from_secs(1)).await;
                let drop = rest.next()?;
                Some((Ok::<_, std::io::Error>(Bytes::from(vec![drop])), rest))
            });
            well(content_type, Body::from_stream(drops))
        }
        Manner::Endless => {
            let piece = Bytes::from(vec![b' '; 64 * 1024]);
            let pieces = stream::iter((0..1600).map(move |_| Ok::<_, std::io::Error>(piece.clone())));
            well(content_type, Body::from_stream(pieces))
        }
        Manner::Garbage => well(content_type, "{\"keys\": <html>".into()),
        Manner::Html => well("text/html", "<h1>Sorry</h1>".into()),
        Manner::Failing => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        Manner::Elsewhere => (StatusCode::FOUND, [("location", "http://127.0.0.1:1/")]).into_response(),
        Manner::ManyHeaders => {
            let mut response = well(content_type, body.into());
            for number in 0..10_000 {
                let name = format!("x-{number}").parse::<http::HeaderName>().expect("a name");
                response.headers_mut().insert(name, "x".parse().expect("a value"));
            }
            response
        }
        Manner::Short => {
            let mut response = well(content_type, body.into());
            response.headers_mut().insert("content-length", "100000".parse().expect("a value"));
            response
        }
    }
}

/// The national number of somebody in the demo.
pub fn number_of(email: &str) -> String {
    let people: Value = serde_json::from_str(&poort::demo::people_json(jiff::civil::date(2026, 11, 22))).expect("JSON");
    let people = people.as_array().expect("people");
    let person = people.iter().find(|person| person["user"] == email).unwrap_or_else(|| panic!("nobody has {email}"));
    person["national_number"].as_str().expect("a number").to_owned()
}
