//! What a provider encrypts, by AWS-LC's own functions: another way than the library by which the gateway opens it.

use aws_lc_rs::{
    aead::{self, Aad, LessSafeKey, Nonce, UnboundKey},
    cipher::{AES_256, PaddedBlockEncryptingKey, UnboundCipherKey},
    rsa::{
        OAEP_SHA1_MGF1SHA1, OAEP_SHA256_MGF1SHA256, OaepPublicEncryptingKey, Pkcs1PublicEncryptingKey,
        PrivateDecryptingKey, PublicEncryptingKey,
    },
};
use base64::{Engine, engine::general_purpose::STANDARD};
use poort::login::wire::saml::names::{
    AES128_GCM, AES256_CBC, AES256_GCM, DSIG, MGF1_SHA256, OAEP, OAEP_MGF1P, SHA256, XENC, XENC_ELEMENT, XENC_KEY,
    XENC11,
};
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, pem::PemObject};

use super::saml::{EVERYBODY, Pair};

/// How the content is encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content {
    Gcm128,
    Gcm256,
    Cbc256,
}

/// How the key of the content is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transport {
    Mgf1p,
    Oaep,
    Pkcs1,
}

/// How something is encrypted, and for whom.
#[derive(Clone)]
pub struct Sealing {
    pub content: Content,
    pub transport: Transport,
    pub to: &'static Pair,
    /// `Recipient`.
    pub recipient: Option<String>,
    /// The key stands beside what it opens, and not in it.
    pub beside: bool,
    /// Changes the bytes of the ciphertext.
    pub bytes: fn(Vec<u8>) -> Vec<u8>,
}

impl Default for Sealing {
    /// As eHerkenning's specification has it.
    fn default() -> Self {
        Self {
            content: Content::Cbc256,
            transport: Transport::Mgf1p,
            to: &EVERYBODY.gateway,
            recipient: None,
            beside: true,
            bytes: |bytes| bytes,
        }
    }
}

impl Sealing {
    fn public(&self) -> PublicEncryptingKey {
        let key = PrivateKeyDer::from_pem_slice(self.to.key.as_bytes()).expect("a key");
        PrivateDecryptingKey::from_pkcs8(key.secret_der()).expect("an RSA key").public_key()
    }

    fn encrypted_key(&self, key: &[u8]) -> String {
        let mut room = vec![0; 256];
        let (method, bytes) = match self.transport {
            Transport::Pkcs1 => {
                let public = Pkcs1PublicEncryptingKey::new(self.public()).expect("a key");
                let bytes = public.encrypt(key, &mut room).expect("encrypted").to_vec();
                (format!("<xenc:EncryptionMethod Algorithm=\"{XENC}rsa-1_5\"/>"), bytes)
            }
            Transport::Mgf1p => {
                let public = OaepPublicEncryptingKey::new(self.public()).expect("a key");
                let bytes = public.encrypt(&OAEP_SHA1_MGF1SHA1, key, &mut room, None).expect("encrypted").to_vec();
                let digest = format!("<ds:DigestMethod xmlns:ds=\"{DSIG}\" Algorithm=\"{DSIG}sha1\"/>");
                (format!("<xenc:EncryptionMethod Algorithm=\"{OAEP_MGF1P}\">{digest}</xenc:EncryptionMethod>"), bytes)
            }
            Transport::Oaep => {
                let public = OaepPublicEncryptingKey::new(self.public()).expect("a key");
                let bytes = public.encrypt(&OAEP_SHA256_MGF1SHA256, key, &mut room, None).expect("encrypted").to_vec();
                let functions = format!(
                    "<ds:DigestMethod xmlns:ds=\"{DSIG}\" Algorithm=\"{SHA256}\"/><x:MGF xmlns:x=\"{XENC11}\" Algorithm=\"{MGF1_SHA256}\"/>"
                );
                (format!("<xenc:EncryptionMethod Algorithm=\"{OAEP}\">{functions}</xenc:EncryptionMethod>"), bytes)
            }
        };
        let bytes = STANDARD.encode(bytes);
        let recipient = self.recipient.as_ref().map(|name| format!(" Recipient=\"{name}\"")).unwrap_or_default();
        format!(
            "<xenc:EncryptedKey xmlns:xenc=\"{XENC}\" Id=\"{}\"{recipient}>{method}<xenc:CipherData><xenc:CipherValue>{bytes}</xenc:CipherValue></xenc:CipherData></xenc:EncryptedKey>",
            id(&bytes)
        )
    }

    fn content(&self, text: &str) -> (&'static str, Vec<u8>, Vec<u8>) {
        let gcm = |algorithm, key: &[u8]| {
            let sealing = LessSafeKey::new(UnboundKey::new(algorithm, key).expect("a key"));
            let mut bytes = text.as_bytes().to_vec();
            let nonce = Nonce::assume_unique_for_key([9; 12]);
            sealing.seal_in_place_append_tag(nonce, Aad::empty(), &mut bytes).expect("sealed");
            [&[9; 12], &bytes[..]].concat()
        };
        match self.content {
            Content::Gcm128 => (AES128_GCM, vec![7; 16], gcm(&aead::AES_128_GCM, &[7; 16])),
            Content::Gcm256 => (AES256_GCM, vec![7; 32], gcm(&aead::AES_256_GCM, &[7; 32])),
            Content::Cbc256 => {
                let key = UnboundCipherKey::new(&AES_256, &[7; 32]).expect("a key");
                let key = PaddedBlockEncryptingKey::cbc_pkcs7(key).expect("a key");
                let mut bytes = text.as_bytes().to_vec();
                let context = key.encrypt(&mut bytes).expect("encrypted");
                let iv: &[u8] = (&context).try_into().expect("an initialization vector");
                (AES256_CBC, vec![7; 32], [iv, &bytes[..]].concat())
            }
        }
    }

    /// An element of this name (`EncryptedID`, `EncryptedAssertion`) with a text in it.
    pub fn seal(&self, name: &str, text: &str) -> String {
        let (method, key, bytes) = self.content(text);
        let (key, bytes) = (self.encrypted_key(&key), STANDARD.encode((self.bytes)(bytes)));
        let (info, beside) = match self.beside {
            true => {
                let id = key.split_once("Id=\"").and_then(|(_, rest)| rest.split('"').next()).expect("an Id");
                (format!("<ds:RetrievalMethod Type=\"{XENC_KEY}\" URI=\"#{id}\"/>"), key)
            }
            false => (key, String::new()),
        };
        format!(
            "<saml:{name}><xenc:EncryptedData xmlns:xenc=\"{XENC}\" Type=\"{XENC_ELEMENT}\"><xenc:EncryptionMethod Algorithm=\"{method}\"/><ds:KeyInfo xmlns:ds=\"{DSIG}\">{info}</ds:KeyInfo><xenc:CipherData><xenc:CipherValue>{bytes}</xenc:CipherValue></xenc:CipherData></xenc:EncryptedData>{beside}</saml:{name}>"
        )
    }

    /// An identifier in an attribute.
    pub fn identifier(&self, attribute: &str, qualifier: &str, value: &str) -> String {
        let name = format!("<saml:NameID NameQualifier=\"{qualifier}\">{value}</saml:NameID>");
        said(attribute, &self.seal("EncryptedID", &name))
    }
}

/// A name of its own for a key: no other in the document has it.
fn id(bytes: &str) -> String {
    format!("_{}", bytes.chars().filter(char::is_ascii_alphanumeric).take(20).collect::<String>())
}

/// An attribute with a value as it stands.
pub fn said(attribute: &str, value: &str) -> String {
    format!("<saml:Attribute Name=\"{attribute}\"><saml:AttributeValue>{value}</saml:AttributeValue></saml:Attribute>")
}

/// All of them.
pub fn statement(attributes: &[String]) -> String {
    format!("<saml:AttributeStatement>{}</saml:AttributeStatement>", attributes.concat())
}
