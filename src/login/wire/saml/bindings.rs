//! How messages travel by the browser (saml-bindings-2.0): HTTP-Redirect, HTTP-POST and HTTP-Artifact.

use std::io::Write;

use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use base64::{Engine, engine::general_purpose::STANDARD};
use flate2::{Compression, write::DeflateEncoder};
use url::{Url, form_urlencoded::byte_serialize};

use super::signature::Signer;
use crate::login::{method::Form, wire::unusable::Unusable};

/// A request in the query of an address, signed there (section 3.4.4.1): the message has no signature of its own.
///
/// # Errors
/// When it cannot be signed.
pub fn redirect(to: &Url, request: &str, state: &str, signer: &Signer) -> Result<Url, Unusable> {
    let mut packed = DeflateEncoder::new(Vec::new(), Compression::default());
    let packed = packed.write_all(request.as_bytes()).and_then(|()| packed.finish());
    let packed = packed.map_err(|_| Unusable::new("a request cannot be packed"))?;
    // What is signed is these very bytes, so they are written once.
    let encoded = |bytes: &[u8]| byte_serialize(bytes).collect::<String>();
    let query = format!(
        "SAMLRequest={}&RelayState={}&SigAlg={}",
        encoded(STANDARD.encode(packed).as_bytes()),
        encoded(state.as_bytes()),
        encoded(signer.method().as_bytes()),
    );
    let signature = STANDARD.encode(signer.sign_bytes(query.as_bytes())?);
    let mut to = to.clone();
    let before = to.query().filter(|query| !query.is_empty()).map(|query| format!("{query}&")).unwrap_or_default();
    to.set_query(Some(&format!("{before}{query}&Signature={}", encoded(signature.as_bytes()))));
    Ok(to)
}

/// A signed request in a form (section 3.5.4).
#[must_use]
pub fn post(request: &str, state: &str) -> Form {
    vec![("SAMLRequest", STANDARD.encode(request)), ("RelayState", state.to_owned())]
}

/// A reference to an answer (section 3.6.4): type 4, whose it is, and what only they understand.
#[derive(Clone, PartialEq, Eq)]
pub struct Artifact(String);

impl Artifact {
    /// The artifact in a text, when it is one of `issuer`, for its first resolver. Of the forms that stand for the same bytes one is taken.
    #[must_use]
    pub fn parse(text: &str, issuer: &str) -> Option<Self> {
        let bytes = STANDARD.decode(text).ok().filter(|bytes| bytes.len() == 44)?;
        let of_issuer = bytes[4..24] == *digest(&SHA1_FOR_LEGACY_USE_ONLY, issuer.as_bytes()).as_ref();
        (bytes[..4] == [0, 4, 0, 0] && of_issuer).then(|| Self(text.to_owned()))
    }

    /// Its text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
