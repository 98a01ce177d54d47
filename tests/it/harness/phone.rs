//! The app of a register on a phone, written from RFC 8628 and RFC 9449 and without the gateway's code, except for SHA-256.

use std::sync::atomic::{AtomicU64, Ordering};

use aws_lc_rs::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use http::Method;
use poort::base::token::TokenDigest;
use serde_json::{Value, json};

use super::{
    application::encoded,
    browser::{Browser, Page},
    gateway::{Gateway, Reply},
};

const GRANT: &str = "urn:ietf:params:oauth:grant-type:device_code";

/// A phone with an app on it, and a key that never leaves it.
pub struct Phone<'g> {
    pub gateway: &'g Gateway,
    tenant: &'static str,
    client: &'static str,
    key: EcdsaKeyPair,
    proofs: AtomicU64,
}

impl<'g> Phone<'g> {
    pub fn new(gateway: &'g Gateway, tenant: &'static str, client: &'static str) -> Self {
        let key = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).expect("a key");
        Self { gateway, tenant, client, key, proofs: AtomicU64::new(0) }
    }

    fn issuer(&self) -> &str {
        &self.gateway.tenant_of(self.tenant).origin
    }

    /// The members of its public key in the order of RFC 7638.
    fn jwk(&self) -> String {
        let (x, y) = self.key.public_key().as_ref()[1..].split_at(32);
        let (x, y) = (URL_SAFE_NO_PAD.encode(x), URL_SAFE_NO_PAD.encode(y));
        format!(r#"{{"crv":"P-256","kty":"EC","x":"{x}","y":"{y}"}}"#)
    }

    pub fn thumbprint(&self) -> String {
        TokenDigest::of(self.jwk().as_bytes()).text()
    }

    /// A proof for one request (RFC 9449 section 4.2).
    pub fn proof(&self, method: &str, url: &str, token: Option<&str>) -> String {
        let count = self.proofs.fetch_add(1, Ordering::Relaxed);
        let jwk: Value = serde_json::from_str(&self.jwk()).expect("JSON");
        let header = json!({"typ": "dpop+jwt", "alg": "ES256", "jwk": jwk});
        let mut claims = json!({
            "jti": format!("{}-{count}", self.thumbprint()), "htm": method, "htu": url,
            "iat": self.gateway.core().now().seconds(),
        });
        if let Some(token) = token {
            claims["ath"] = json!(TokenDigest::of(token.as_bytes()).text());
        }
        let part = |value: Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let message = format!("{}.{}", part(header), part(claims));
        let signature = self.key.sign(&SystemRandom::new(), message.as_bytes()).expect("a signature");
        format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature))
    }

    async fn post(&self, path: &str, proof: Option<&str>, parameters: &[(&str, &str)]) -> Reply {
        let url = format!("{}{path}", self.issuer());
        let mut headers = vec![("content-type", "application/x-www-form-urlencoded")];
        headers.extend(proof.map(|proof| ("dpop", proof)));
        let mut all = vec![("client_id", self.client)];
        all.extend_from_slice(parameters);
        self.gateway.send(Method::POST, &url, &headers, encoded(&all)).await
    }

    /// Reads a code.
    pub async fn scan(&self, code: &str) -> Reply {
        let parameters =
            [("pairing_code", code), ("dpop_jkt", &self.thumbprint()), ("device_name", "Telefoon van Noor")];
        self.post("/device_authorization", None, &parameters).await
    }

    /// Asks at the token endpoint, with a proof of this phone.
    pub async fn token(&self, parameters: &[(&str, &str)]) -> Reply {
        let proof = self.proof("POST", &format!("{}/token", self.issuer()), None);
        self.post("/token", Some(&proof), parameters).await
    }

    /// The same, with another proof or none.
    pub async fn token_with(&self, proof: Option<&str>, parameters: &[(&str, &str)]) -> Reply {
        self.post("/token", proof, parameters).await
    }

    /// Asks whether the number was typed.
    pub async fn poll(&self, device_code: &str) -> Reply {
        self.token(&[("grant_type", GRANT), ("device_code", device_code)]).await
    }

    pub async fn refresh(&self, token: &str) -> Reply {
        self.token(&[("grant_type", "refresh_token"), ("refresh_token", token)]).await
    }

    /// Asks the register.
    pub async fn ask(&self, method: Method, path: &str, token: &str, body: &str) -> Reply {
        let url = format!("{}{path}", self.gateway.register(self.tenant));
        let proof = self.proof(method.as_str(), &url, Some(token));
        self.ask_with(method, path, &format!("DPoP {token}"), Some(&proof), body).await
    }

    /// The same, with whatever stands in the headers.
    pub async fn ask_with(
        &self,
        method: Method,
        path: &str,
        authorization: &str,
        proof: Option<&str>,
        body: &str,
    ) -> Reply {
        let url = format!("{}{path}", self.gateway.register(self.tenant));
        let mut headers = vec![("authorization", authorization)];
        headers.extend(proof.map(|proof| ("dpop", proof)));
        if !body.is_empty() {
            headers.push(("content-type", "application/x-www-form-urlencoded"));
        }
        self.gateway.send(method, &url, &headers, body.to_owned()).await
    }

    /// Is paired by somebody who is at the page with the phones: what the token endpoint gives it.
    pub async fn paired_by(&self, browser: &mut Browser<'_>) -> Value {
        let shown = show_code(browser, self.tenant, self.client).await;
        let waits = self.scan(&code_of(&shown)).await;
        assert_eq!(waits.status, 200, "{}", waits.text());
        let waits = waits.json();
        let done = type_number(browser, &shown, waits["user_code"].as_str().expect("a number")).await;
        assert!(done.status == 200 && done.text.contains("Telefoon van Noor"), "{}", done.text);
        let tokens = self.poll(waits["device_code"].as_str().expect("a code")).await;
        assert_eq!(tokens.status, 200, "{}", tokens.text());
        tokens.json()
    }
}

/// Somebody on the page with the phones, logged in, with a choice of profile where there is one.
pub async fn at_devices<'g>(gateway: &'g Gateway, tenant: &str, email: &str, choice: &str) -> Browser<'g> {
    let mut browser = gateway.browser();
    let page = browser.get(&format!("{}/devices", gateway.tenant_of(tenant).origin)).await;
    let page = browser.prove(&page, tenant, email).await;
    let page = if page.is_at("/profile") { browser.submit(&page, &[("as", choice)]).await } else { page };
    assert_eq!((page.status.as_u16(), page.url.path()), (200, "/devices"), "{email}: {}", page.text);
    browser
}

/// Shows a QR code.
pub async fn show_code(browser: &mut Browser<'_>, tenant: &str, app: &str) -> Page {
    let page = browser.get(&format!("{}/devices", browser.gateway().tenant_of(tenant).origin)).await;
    let shown = browser.press(&page, "/devices/pair", &[("app", app)]).await;
    assert!(shown.status == 200 && shown.text.contains("class=\"poort-qr\""), "{} {}", shown.status, shown.text);
    shown
}

/// What the QR code carries.
pub fn code_of(page: &Page) -> String {
    Browser::form(page, "/devices/confirm").into_iter().find(|(name, _)| name == "code").expect("a code").1
}

/// Types the number that a phone shows.
pub async fn type_number(browser: &mut Browser<'_>, shown: &Page, number: &str) -> Page {
    browser.press(shown, "/devices/confirm", &[("number", number)]).await
}
