//! An application that uses the gateway as its OpenID provider, written from the specifications and without the gateway's
//! code, except for what is named here: SHA-256 of the verifier.

use base64::{Engine, engine::general_purpose::STANDARD};
use http::Method;
use poort::base::token::TokenDigest;
use serde_json::Value;
use url::form_urlencoded::{self, byte_serialize};

use super::{
    browser::{Browser, Page},
    gateway::{Gateway, Reply},
    people::{CALLBACK, SECRET, Someone},
};

/// A verifier of 43 characters.
pub const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

/// A client at the gateway.
#[derive(Clone, Copy)]
pub struct Application<'g> {
    pub gateway: &'g Gateway,
    pub id: &'static str,
}

/// Parameters with some of them replaced; an empty value takes one away.
pub fn changed<'a>(base: &[(&'a str, &'a str)], changes: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut all: Vec<_> =
        base.iter().filter(|(name, _)| changes.iter().all(|(other, _)| other != name)).copied().collect();
    all.extend(changes.iter().filter(|(_, value)| !value.is_empty()));
    all
}

pub fn encoded(pairs: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}

impl<'g> Application<'g> {
    pub const fn new(gateway: &'g Gateway, id: &'static str) -> Self {
        Self { gateway, id }
    }

    fn issuer(&self) -> &str {
        &self.gateway.tenant().origin
    }

    /// The address of an authorization request that is good, with changes.
    pub fn authorize_url(&self, changes: &[(&str, &str)]) -> String {
        let challenge = TokenDigest::of(VERIFIER.as_bytes()).text();
        let good = [
            ("client_id", self.id),
            ("redirect_uri", CALLBACK),
            ("response_type", "code"),
            ("scope", "openid profile offline_access"),
            ("state", "the state"),
            ("nonce", "the nonce"),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
        ];
        format!("{}/authorize?{}", self.issuer(), encoded(&changed(&good, changes)))
    }

    /// Sends a browser to log in.
    pub async fn ask(&self, browser: &mut Browser<'_>, changes: &[(&str, &str)]) -> Page {
        browser.get(&self.authorize_url(changes)).await
    }

    /// A code for somebody, who logs in when they are not yet.
    pub async fn code(&self, browser: &mut Browser<'_>, someone: Someone) -> String {
        let mut page = self.ask(browser, &[]).await;
        if page.is_at("/login/") {
            page = browser.log_in(&page, someone).await;
        }
        if page.is_at("/profile") {
            page = browser.submit(&page, &[("as", "citizen")]).await;
        }
        page.code()
    }

    /// HTTP Basic as RFC 6749 section 2.3.1 wants it.
    pub fn basic(&self, secret: &str) -> String {
        let encode = |text: &str| byte_serialize(text.as_bytes()).collect::<String>();
        format!("Basic {}", STANDARD.encode(format!("{}:{}", encode(self.id), encode(secret))))
    }

    /// Asks the token endpoint with the client's secret.
    pub async fn post(&self, parameters: &[(&str, &str)]) -> Reply {
        self.post_as(&self.basic(SECRET), parameters).await
    }

    /// Asks the token endpoint with this `Authorization`; empty is none.
    pub async fn post_as(&self, authorization: &str, parameters: &[(&str, &str)]) -> Reply {
        self.post_to("/token", authorization, parameters).await
    }

    /// Asks another endpoint for clients.
    pub async fn post_to(&self, path: &str, authorization: &str, parameters: &[(&str, &str)]) -> Reply {
        let mut headers = vec![("content-type", "application/x-www-form-urlencoded")];
        if !authorization.is_empty() {
            headers.push(("authorization", authorization));
        }
        let url = format!("{}{path}", self.issuer());
        self.gateway.send(Method::POST, &url, &headers, encoded(parameters)).await
    }

    /// Redeems a code, with changes to what is sent.
    pub async fn redeem(&self, code: &str, changes: &[(&str, &str)]) -> Reply {
        let good = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", CALLBACK),
            ("code_verifier", VERIFIER),
        ];
        self.post(&changed(&good, changes)).await
    }

    /// Redeems a refresh token.
    pub async fn refresh(&self, token: &str) -> Reply {
        self.post(&[("grant_type", "refresh_token"), ("refresh_token", token)]).await
    }

    /// The tokens of somebody who logs in.
    pub async fn tokens(&self, browser: &mut Browser<'_>, someone: Someone) -> Value {
        let code = self.code(browser, someone).await;
        let reply = self.redeem(&code, &[]).await;
        assert_eq!(reply.status, 200, "{}", reply.text());
        reply.json()
    }

    /// What userinfo answers to a token.
    pub async fn userinfo(&self, token: &str) -> Reply {
        let authorization = format!("Bearer {token}");
        let url = format!("{}/userinfo", self.issuer());
        self.gateway.send(Method::GET, &url, &[("authorization", &authorization)], "").await
    }
}

/// A text of an answer.
pub fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap_or_else(|| panic!("no {name} in {value}"))
}

/// The claims of a token, unverified.
pub fn claims(token: &str) -> Value {
    let payload = token.split('.').nth(1).expect("a payload");
    let bytes = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(payload).expect("base64url");
    serde_json::from_slice(&bytes).expect("JSON")
}
