//! Opens and makes encrypted tokens (RFC 7516) as the gateway does, for other people's software to compare with: `tests/peers/jwe`.
//!
//! Each line of standard input is a request in JSON, each line of standard output its answer:
//! `{"open": TOKEN, "pkcs8": KEY}` and `{"seal": TEXT, "jwk": KEY, "alg": ALG, "enc": ENC}`.

use std::io::{BufRead, Write};

use anyhow::Context;
use base64::{Engine, engine::general_purpose::STANDARD};
use poort::{
    base::Random,
    domain::upstream::{ContentEncryption, Encryption, KeyManagement},
    token::jwe::{self, DecryptingKey},
};
use serde_json::{Value, json};

fn main() -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    for line in std::io::stdin().lock().lines() {
        let asked: Value = serde_json::from_str(&line?)?;
        let answer = answer(&asked).unwrap_or_else(|error| json!({ "error": error.to_string() }));
        writeln!(out, "{answer}")?;
        out.flush()?;
    }
    Ok(())
}

fn answer(asked: &Value) -> anyhow::Result<Value> {
    let text = |name: &str| asked[name].as_str().with_context(|| format!("no {name}"));
    if asked.get("open").is_some() {
        let key = DecryptingKey::from_pkcs8(&STANDARD.decode(text("pkcs8")?)?)?;
        let all = Encryption { key_management: KeyManagement::ALL.to_vec(), content: ContentEncryption::ALL.to_vec() };
        let opened = jwe::open(text("open")?, &[key], &all)?;
        return Ok(json!({ "content": String::from_utf8(opened.content.to_vec())?, "cty": opened.content_type }));
    }
    let alg = KeyManagement::ALL.into_iter().find(|known| known.alg() == asked["alg"]).context("no such alg")?;
    let enc = ContentEncryption::ALL.into_iter().find(|known| known.enc() == asked["enc"]).context("no such enc")?;
    let key = serde_json::from_value(asked["jwk"].clone())?;
    let token = jwe::seal(text("seal")?.as_bytes(), "JWT", &key, alg, enc, &Random::system())?;
    Ok(json!({ "token": token }))
}
