//! Both registers of the demo in one small server, which writes down everything it gets and believes nothing.

use std::{
    convert::Infallible,
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use bytes::Bytes;
use futures_util::stream;
use http::{
    HeaderMap, Method, Request, Response, StatusCode,
    header::{AUTHORIZATION, CONTENT_TYPE, UPGRADE},
};
use http_body_util::{BodyExt, Full, StreamBody, combinators::BoxBody};
use hyper::{
    body::{Frame, Incoming},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header, jwk::JwkSet};
use serde_json::Value;
use tokio::{io::AsyncWriteExt, net::TcpListener};

use super::gateway::Gateway;

/// What a register got.
#[derive(Clone, Debug)]
pub struct Got {
    pub method: Method,
    /// Path and query, as they came.
    pub target: String,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Got {
    /// A header; empty when it was not sent, and a failure when it came twice.
    pub fn header(&self, name: &str) -> &str {
        let mut values = self.headers.get_all(name).iter().map(|value| value.to_str().expect("ASCII"));
        let value = values.next().unwrap_or_default();
        assert!(values.next().is_none(), "{name} comes twice");
        value
    }

    /// The claims of the token, believed as a register must: by the issuer's published keys, for this audience alone.
    pub async fn claims(&self, gateway: &Gateway, issuer: &str, audience: &str) -> Value {
        let token = self.header(AUTHORIZATION.as_str()).strip_prefix("Bearer ").expect("a token");
        let head = decode_header(token).expect("a head");
        assert_eq!((head.alg, head.typ.as_deref()), (Algorithm::ES256, Some("poort-backend+jwt")));
        let jwks = gateway.send(Method::GET, &format!("{issuer}/jwks"), &[], "").await;
        let jwks: JwkSet = serde_json::from_slice(&jwks.body).expect("keys");
        let key = jwks.find(&head.kid.expect("a kid")).expect("the key is published");
        let mut validation = Validation::new(Algorithm::ES256);
        // Time is the test's: the test looks at it.
        validation.validate_exp = false;
        validation.set_audience(&[audience]);
        validation.set_issuer(&[issuer]);
        validation.set_required_spec_claims(&["exp", "aud", "iss", "sub"]);
        let claims = decode::<Value>(token, &DecodingKey::from_jwk(key).expect("a key"), &validation);
        let claims = claims.expect("believed").claims;
        let now = gateway.core().now().seconds();
        let time = |name: &str| claims[name].as_i64().unwrap_or_else(|| panic!("no {name} in {claims}"));
        assert!(time("nbf") <= now && time("iat") <= now && now < time("exp"), "{claims}");
        assert!(time("exp") - time("iat") <= 120, "{claims}");
        claims
    }
}

/// The registers.
pub struct Registers {
    pub address: SocketAddr,
    got: Mutex<Vec<Got>>,
}

impl Registers {
    /// Starts them on a free port; they end with the test.
    pub async fn start() -> Arc<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let this = Arc::new(Self { address, got: Mutex::default() });
        let registers = this.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let registers = registers.clone();
                let service = service_fn(move |request| answer(registers.clone(), request));
                tokio::spawn(async move {
                    http1::Builder::new().serve_connection(TokioIo::new(stream), service).with_upgrades().await
                });
            }
        });
        this
    }

    /// Everything they got so far.
    pub fn all(&self) -> Vec<Got> {
        self.got.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// `METHOD TARGET` of what they got, which they forget.
    pub fn take_log(&self) -> Vec<String> {
        let got = std::mem::take(&mut *self.got.lock().unwrap_or_else(PoisonError::into_inner));
        got.iter().map(|got| format!("{} {}", got.method, got.target)).collect()
    }

    /// How many requests they got so far.
    pub fn count(&self) -> usize {
        self.all().len()
    }

    /// The last request they got.
    pub fn last(&self) -> Got {
        self.all().pop().expect("a register got nothing")
    }
}

type Answer = BoxBody<Bytes, Infallible>;

/// With `?stream` an event stream without an end, to a WebSocket handshake frames without an end, else a page.
async fn answer(registers: Arc<Registers>, request: Request<Incoming>) -> Result<Response<Answer>, Infallible> {
    let (mut head, body) = request.into_parts();
    let body = body.collect().await.map(http_body_util::Collected::to_bytes).unwrap_or_default();
    let target = head.uri.path_and_query().map_or_else(String::new, ToString::to_string);
    let got = Got { method: head.method.clone(), target: target.clone(), headers: head.headers.clone(), body };
    registers.got.lock().unwrap_or_else(PoisonError::into_inner).push(got);
    if head.headers.get(UPGRADE).is_some_and(|value| value == "websocket") {
        let upgrade = head.extensions.remove::<hyper::upgrade::OnUpgrade>().expect("it can be upgraded");
        tokio::spawn(async move {
            let mut tunnel = TokioIo::new(upgrade.await.expect("upgraded"));
            // An unmasked text frame of a server (RFC 6455 section 5.7).
            while tunnel.write_all(b"\x81\x05Hello").await.is_ok() {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        });
        let response = Response::builder()
            .status(StatusCode::SWITCHING_PROTOCOLS)
            .header("upgrade", "websocket")
            .header("connection", "upgrade")
            .header("sec-websocket-accept", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
            .body(Full::default().boxed());
        return Ok(response.expect("a response"));
    }
    let response = Response::builder().header("x-register", "yes");
    let response = if target.ends_with("?stream") {
        let events = stream::unfold((), |()| async {
            tokio::time::sleep(Duration::from_millis(10)).await;
            Some((Ok(Frame::data(Bytes::from_static(b"data: x\n\n"))), ()))
        });
        response.header(CONTENT_TYPE, "text/event-stream").body(StreamBody::new(events).boxed())
    } else {
        // What a register could try: a cookie of Poort's name, and one for every host below the domain.
        let cookies = ["__Host-poort-session=stolen; Path=/; Secure", "wide=1; Domain=localhost", "own=1; Path=/"];
        let response = cookies.iter().fold(response, |response, cookie| response.header("set-cookie", *cookie));
        response.header(CONTENT_TYPE, "text/html").body(Full::from(format!("the register at {target}")).boxed())
    };
    Ok(response.expect("a response"))
}
