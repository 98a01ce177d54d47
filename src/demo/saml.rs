//! What those who stand in for SAML providers write: who they are, and what they say of somebody, signed and where it must be encrypted.
//! Written from the specifications, a second time: nothing of `login` is used; the XML signatures and encryption alone are the same
//! library's, which other people's software checks elsewhere.

use std::{fmt::Write, io, path::Path, sync::Arc, time::Duration};

use base64::{Engine, engine::general_purpose::STANDARD};

use super::saml_keys::{Keys, Pair};
use crate::{
    base::{Clock, Random, Timestamp, tls::KeyFiles, token::Token},
    domain::upstream::SamlProvider,
};

const DSIG: &str = "http://www.w3.org/2000/09/xmldsig#";
const XENC: &str = "http://www.w3.org/2001/04/xmlenc#";
const STATUS: &str = "urn:oasis:names:tc:SAML:2.0:status";
const BINDINGS: &str = "urn:oasis:names:tc:SAML:2.0:bindings";

/// RSASSA-PKCS1-v1_5 with SHA-256.
pub(super) const PKCS1: &str = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";
/// RSASSA-PSS with SHA-256.
pub(super) const PSS: &str = "http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1";
/// AES-256 in Galois/Counter mode.
pub(super) const GCM: &str = "http://www.w3.org/2009/xmlenc11#aes256-gcm";
/// AES-256 in CBC mode.
pub(super) const CBC: &str = "http://www.w3.org/2001/04/xmlenc#aes256-cbc";

/// Who stands in.
pub(super) struct Author {
    pub entity: String,
    pub clock: Clock,
    random: Random,
    pub keys: Arc<Keys>,
    /// The algorithm of its signatures.
    signs: &'static str,
}

/// An assertion that is to be written.
pub(super) struct Said<'a> {
    pub audience: &'a str,
    pub callback: &'a str,
    /// The `ID` of the request.
    pub request: &'a str,
    /// The name for somebody, or none: then it is by chance.
    pub name: Option<&'a str>,
    pub class: &'a str,
    /// Attributes, written.
    pub attributes: &'a str,
    /// It was over an hour ago.
    pub expired: bool,
}

/// What became of a login.
pub(super) enum Outcome {
    /// An assertion, written.
    Proved(String),
    /// The second-level status by which somebody went back.
    Cancelled(&'static str),
}

impl Author {
    pub(super) fn new(
        entity: String,
        (keys, clock, random): (&Arc<Keys>, &Clock, &Random),
        signs: &'static str,
    ) -> Self {
        Self { entity, clock: clock.clone(), random: random.clone(), keys: keys.clone(), signs }
    }

    /// Writes what the gateway reads of this provider into a folder.
    pub(super) fn publish(&self, folder: &Path, resolver: Option<&str>, binding: &str, to: &str) -> io::Result<()> {
        std::fs::create_dir_all(folder)?;
        let certificate = STANDARD.encode(&self.keys.own.der);
        let resolver = resolver.map(|url| {
            format!(r#"<md:ArtifactResolutionService Binding="{BINDINGS}:SOAP" Location="{url}" index="0"/>"#)
        });
        let metadata = format!(
            r#"<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" xmlns:ds="{DSIG}" entityID="{}"><md:IDPSSODescriptor WantAuthnRequestsSigned="true" protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"><md:KeyDescriptor use="signing"><ds:KeyInfo><ds:X509Data><ds:X509Certificate>{certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>{}<md:SingleSignOnService Binding="{BINDINGS}:{binding}" Location="{to}"/></md:IDPSSODescriptor></md:EntityDescriptor>"#,
            self.entity,
            resolver.unwrap_or_default(),
        );
        self.keys.write(folder, &metadata)
    }

    /// Has a tenant's gateway know this provider by the files in a folder.
    pub(super) fn introduce(&self, provider: &mut SamlProvider, folder: &Path) {
        let files = KeyFiles { certificate: folder.join("poort.pem"), key: folder.join("poort.key") };
        provider.provider.clone_from(&self.entity);
        provider.metadata = folder.join("metadata.xml");
        provider.authorities = Some(folder.join("authority.pem"));
        if !provider.decryption.is_empty() {
            provider.decryption = vec![files.clone()];
        }
        (provider.tls, provider.signing) = (files.clone(), files);
        (provider.metadata_signer, provider.next_certificate) = (None, None);
    }

    /// A token by chance.
    pub(super) fn token(&self) -> Token {
        Token::new(&self.random)
    }

    /// An `ID` by chance.
    pub(super) fn id(&self) -> String {
        let bytes: [u8; 16] = self.random.bytes();
        bytes.iter().fold("_".to_owned(), |mut id, byte| {
            // To a text nothing fails.
            let _written = write!(id, "{byte:02x}");
            id
        })
    }

    /// A signature that is not made yet.
    pub(super) fn signature(&self, id: &str) -> String {
        let method = self.signs;
        format!(
            r##"<ds:Signature xmlns:ds="{DSIG}"><ds:SignedInfo><ds:CanonicalizationMethod Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/><ds:SignatureMethod Algorithm="{method}"/><ds:Reference URI="#{id}"><ds:Transforms><ds:Transform Algorithm="{DSIG}enveloped-signature"/><ds:Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/></ds:Transforms><ds:DigestMethod Algorithm="{XENC}sha256"/><ds:DigestValue></ds:DigestValue></ds:Reference></ds:SignedInfo><ds:SignatureValue></ds:SignatureValue></ds:Signature>"##
        )
    }

    /// What is said of somebody, signed.
    pub(super) fn assertion(&self, said: &Said<'_>) -> Option<String> {
        const AROUND: Duration = Duration::from_secs(120);
        let now = self.clock.now();
        let now = if said.expired { now.minus(30 * AROUND) } else { now };
        let (entity, id) = (&self.entity, self.id());
        let Said { audience, callback, request, class, attributes, .. } = said;
        let (at, from, until) = (moment(now), moment(now.minus(AROUND)), moment(now.plus(AROUND)));
        let (signature, name) = (self.signature(&id), said.name.unwrap_or(&id));
        let attributes = match *attributes {
            "" => String::new(),
            all => format!("<saml:AttributeStatement>{all}</saml:AttributeStatement>"),
        };
        let text = format!(
            r#"<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="{id}" Version="2.0" IssueInstant="{at}"><saml:Issuer>{entity}</saml:Issuer>{signature}<saml:Subject><saml:NameID>{name}</saml:NameID><saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><saml:SubjectConfirmationData InResponseTo="{request}" Recipient="{callback}" NotOnOrAfter="{until}"/></saml:SubjectConfirmation></saml:Subject><saml:Conditions NotBefore="{from}" NotOnOrAfter="{until}"><saml:AudienceRestriction><saml:Audience>{audience}</saml:Audience></saml:AudienceRestriction></saml:Conditions><saml:AuthnStatement AuthnInstant="{at}" SessionIndex="{id}"><saml:AuthnContext><saml:AuthnContextClassRef>{class}</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>{attributes}</saml:Assertion>"#
        );
        bergshamra::sign(&self.keys.own.signing()?, &text).ok()
    }

    /// The answer to a request, with the place for a signature where it is to have one.
    pub(super) fn response(&self, request: &str, callback: &str, outcome: &Outcome, signed: bool) -> String {
        let (entity, id, at) = (&self.entity, self.id(), moment(self.clock.now()));
        let (status, assertion) = match outcome {
            Outcome::Proved(assertion) => (format!(r#"<samlp:StatusCode Value="{STATUS}:Success"/>"#), &**assertion),
            Outcome::Cancelled(why) => {
                let within = format!(r#"<samlp:StatusCode Value="{STATUS}:{why}"/>"#);
                (format!(r#"<samlp:StatusCode Value="{STATUS}:Responder">{within}</samlp:StatusCode>"#), "")
            }
        };
        let signature = if signed { self.signature(&id) } else { String::new() };
        format!(
            r#"<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="{id}" Version="2.0" IssueInstant="{at}" InResponseTo="{request}" Destination="{callback}"><saml:Issuer>{entity}</saml:Issuer>{signature}<samlp:Status>{status}</samlp:Status>{assertion}</samlp:Response>"#
        )
    }
}

/// A moment, in whole seconds.
pub(super) fn moment(at: Timestamp) -> String {
    format!("{}Z", at.to_string().split(['.', 'Z']).next().unwrap_or_default())
}

/// What only who has the key of `pair` can read, by this algorithm.
pub(super) fn encrypted(pair: &Pair, recipient: &str, method: &str, plain: &str) -> Option<String> {
    let place = format!(
        r#"<xenc:EncryptedData xmlns:xenc="{XENC}" Type="{XENC}Element"><xenc:EncryptionMethod Algorithm="{method}"/><ds:KeyInfo xmlns:ds="{DSIG}"><xenc:EncryptedKey Recipient="{recipient}"><xenc:EncryptionMethod Algorithm="{XENC}rsa-oaep-mgf1p"><ds:DigestMethod Algorithm="{DSIG}sha1"/></xenc:EncryptionMethod><xenc:CipherData><xenc:CipherValue></xenc:CipherValue></xenc:CipherData></xenc:EncryptedKey></ds:KeyInfo><xenc:CipherData><xenc:CipherValue></xenc:CipherValue></xenc:CipherData></xenc:EncryptedData>"#
    );
    bergshamra::encrypt(&pair.encrypting()?, &place, plain.as_bytes()).ok()
}
