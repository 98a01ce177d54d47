//! What the gateway asks, in the query of an address: signed there (saml-bindings-2.0 section 3.4.4.1).

use std::io::Read;

use aws_lc_rs::signature::{RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};
use base64::{Engine, engine::general_purpose::STANDARD};
use flate2::read::DeflateDecoder;

use crate::demo::saml_keys::Keys;
use crate::domain::upstream::DIGID_CLASSES;

/// Bytes of a request at most, unpacked.
const REQUEST: u64 = 64 * 1024;

/// A request, as far as it matters here.
pub(super) struct Request {
    pub(super) id: String,
    pub(super) issuer: String,
    pub(super) state: String,
    /// Which of DigiD's levels is the least that does.
    pub(super) level: usize,
}

impl Request {
    /// The request in a query, when it is signed by the gateway.
    pub(super) fn read(query: &str, keys: &Keys) -> Option<Self> {
        let (signed, signature) = query.split_once("&Signature=")?;
        let value = |name: &str| {
            let mut pairs = url::form_urlencoded::parse(query.as_bytes());
            pairs.find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
        };
        let signature_bytes = STANDARD.decode(value("Signature").filter(|_| !signature.contains('&'))?).ok()?;
        if value("SigAlg")? != "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256" {
            return None;
        }
        let key = UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, &keys.gateway.public);
        key.verify(signed.as_bytes(), &signature_bytes).ok()?;
        let mut text = String::new();
        let packed = STANDARD.decode(value("SAMLRequest")?).ok()?;
        DeflateDecoder::new(&packed[..]).take(REQUEST).read_to_string(&mut text).ok()?;
        let document = uppsala::parse(&text).ok()?;
        let root = document.document_element()?;
        let within = |name: &str| {
            let nodes = document.get_elements_by_tag_name(name);
            nodes.first().map(|node| document.text_content_deep(*node))
        };
        let class = within("AuthnContextClassRef")?;
        Some(Self {
            id: document.get_attribute(root, "ID")?.to_owned(),
            issuer: within("Issuer")?,
            state: value("RelayState")?,
            level: DIGID_CLASSES.iter().position(|known| *known == class)?,
        })
    }
}
