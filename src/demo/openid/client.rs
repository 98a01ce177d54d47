//! What a stand-in knows of a client: the keys that it publishes, and nothing else.

use std::net::SocketAddr;

use aws_lc_rs::signature::{RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use bytes::Bytes;
use http::{Request, StatusCode, header::HOST};
use http_body_util::{BodyExt, Empty, Limited};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::net::TcpStream;

/// Bytes of a key set at most.
const KEY_SET: usize = 64 * 1024;

/// A client, by its origin.
pub(super) struct Relying {
    origin: String,
    gateway: SocketAddr,
}

impl Relying {
    /// A client at `origin`, which listens on `gateway` of this machine.
    pub(super) fn new(origin: &str, gateway: SocketAddr) -> Self {
        Self { origin: origin.to_owned(), gateway }
    }

    /// Its key for a use. Asked for each time: this is a demo, and a changed key counts at once.
    pub(super) async fn key(&self, purpose: &str) -> Option<Value> {
        let stream = TcpStream::connect(self.gateway).await.ok()?;
        let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.ok()?;
        let connection = tokio::spawn(connection);
        let (_, host) = self.origin.split_once("://")?;
        let request = Request::get("/federated/jwks").header(HOST, host).body(Empty::<Bytes>::new()).ok()?;
        let response = sender.send_request(request).await.ok()?;
        let found = response.status() == StatusCode::OK;
        let body = Limited::new(response.into_body(), KEY_SET).collect().await.ok()?.to_bytes();
        connection.abort();
        let set: Value = serde_json::from_slice(&body).ok().filter(|_| found)?;
        set["keys"].as_array()?.iter().find(|key| key["use"] == purpose).cloned()
    }

    /// Whether the client made this assertion, for this endpoint, now (RFC 7523 section 3).
    pub(super) async fn proves(&self, assertion: &str, client: &str, endpoint: &str, now: i64) -> Option<()> {
        let key = self.key("sig").await?;
        let (message, signature) = assertion.rsplit_once('.')?;
        let (_, claims) = message.split_once('.')?;
        let part = |name: &str| URL_SAFE_NO_PAD.decode(key[name].as_str()?).ok();
        let public = RsaPublicKeyComponents { n: part("n")?, e: part("e")? };
        let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
        public.verify(&RSA_PKCS1_2048_8192_SHA256, message.as_bytes(), &signature).ok()?;
        let claims: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).ok()?).ok()?;
        let named = claims["iss"] == client && claims["sub"] == client && claims["aud"] == endpoint;
        (named && claims["exp"].as_i64()? > now && claims["jti"].is_string()).then_some(())
    }
}
