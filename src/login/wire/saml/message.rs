//! The messages that Poort writes. What is signed has a place for the signature, after `Issuer` where there is one.

use super::{
    bindings::Artifact,
    names::{AES256_GCM, ARTIFACT, ASSERTION, EIDAS, METADATA, OAEP_MGF1P, POST, PROTOCOL, SOAP, URI},
    signature::Signer,
    xml::escaped,
};
use crate::{
    base::{Random, Timestamp, tls::Certificate, token::TokenDigest},
    domain::upstream::{CatalogueService, ReturnBinding, Sector},
    login::wire::unusable::Unusable,
};
use base64::{Engine, engine::general_purpose::STANDARD};

/// A message's `ID`: 160 random bits, and a letter first (saml-core-2.0 section 1.3.4).
#[must_use]
pub fn id(random: &Random) -> String {
    let bytes: [u8; 20] = random.bytes();
    bytes.iter().fold("_".to_owned(), |id, byte| id + &format!("{byte:02x}"))
}

/// A moment as SAML writes it: in UTC, here in whole seconds.
#[must_use]
pub fn moment(at: Timestamp) -> String {
    let text = at.to_string();
    format!("{}Z", text.split(['.', 'Z']).next().unwrap_or_default())
}

/// A request that somebody prove who they are (saml-core-2.0 section 3.4.1).
pub struct AuthnRequest<'a> {
    /// Its `ID`.
    pub id: &'a str,
    /// When it is made.
    pub at: Timestamp,
    /// Where it goes.
    pub destination: &'a str,
    /// Who asks.
    pub issuer: &'a str,
    /// The least class of login that does, where the request says it.
    pub class: Option<&'a str>,
    /// For which of our services, where the provider has a catalogue of them.
    pub service: Option<u16>,
    /// Whether an earlier login does not do.
    pub anew: bool,
    /// What eIDAS must know beside: for whom our service works, and which attributes it asks for, and must be told.
    pub european: Option<(Sector, &'a [(&'a str, bool)])>,
}

impl AuthnRequest<'_> {
    /// The message, with what stands where its signature would.
    #[must_use]
    pub fn write(&self, signature: &str) -> String {
        let class = self.class.map(escaped).map(|class| {
            format!(
                r#"<samlp:RequestedAuthnContext Comparison="minimum"><saml:AuthnContextClassRef>{class}</saml:AuthnContextClassRef></samlp:RequestedAuthnContext>"#
            )
        });
        let service = self.service.map(|index| format!(r#" AttributeConsumingServiceIndex="{index}""#));
        let extensions = self.european.map(|(sector, attributes)| extensions(sector, attributes)).unwrap_or_default();
        format!(
            r#"<samlp:AuthnRequest xmlns:samlp="{PROTOCOL}" xmlns:saml="{ASSERTION}" ID="{}" Version="2.0" IssueInstant="{}" Destination="{}" ForceAuthn="{}" AssertionConsumerServiceIndex="0"{}><saml:Issuer>{}</saml:Issuer>{signature}{extensions}{}</samlp:AuthnRequest>"#,
            self.id,
            moment(self.at),
            escaped(self.destination),
            self.anew,
            service.unwrap_or_default(),
            escaped(self.issuer),
            class.unwrap_or_default(),
        )
    }
}

/// What eIDAS adds to a request (eIDAS SAML message format 1.2 section 2.3.2).
fn extensions(sector: Sector, attributes: &[(&str, bool)]) -> String {
    let attributes: String = attributes
        .iter()
        .map(|(name, required)| {
            let name = escaped(name);
            format!(r#"<eidas:RequestedAttribute Name="{name}" NameFormat="{URI}" isRequired="{required}"/>"#)
        })
        .collect();
    let sector = sector.word();
    format!(
        r#"<samlp:Extensions xmlns:eidas="{EIDAS}"><eidas:SPType>{sector}</eidas:SPType><eidas:RequestedAttributes>{attributes}</eidas:RequestedAttributes></samlp:Extensions>"#
    )
}

/// Asks for what an artifact stands for (saml-core-2.0 section 3.5.1), signed, in an envelope of SOAP.
///
/// # Errors
/// When it cannot be signed.
pub fn artifact_resolve(
    id: &str,
    at: Timestamp,
    issuer: &str,
    artifact: &Artifact,
    signer: &Signer,
) -> Result<String, Unusable> {
    let document = format!(
        r#"<soap:Envelope xmlns:soap="{SOAP}"><soap:Body><samlp:ArtifactResolve xmlns:samlp="{PROTOCOL}" xmlns:saml="{ASSERTION}" ID="{id}" Version="2.0" IssueInstant="{}"><saml:Issuer>{}</saml:Issuer>{}<samlp:Artifact>{}</samlp:Artifact></samlp:ArtifactResolve></soap:Body></soap:Envelope>"#,
        moment(at),
        escaped(issuer),
        signer.place(id),
        artifact.as_str(),
    );
    signer.sign(&document)
}

/// What a provider must know of us.
pub struct Ourselves<'a> {
    /// Our name.
    pub entity: &'a str,
    /// Where people come back to.
    pub callback: &'a str,
    /// How they bring the answer.
    pub returns: ReturnBinding,
    /// The certificates that may have signed what comes from us.
    pub signing: Vec<&'a Certificate>,
    /// Those for which is encrypted what is for us.
    pub encryption: Vec<&'a Certificate>,
    /// Whether what is encrypted is so by AES in Galois/Counter mode, and nothing else.
    pub gcm: bool,
    /// Whether an assertion must have a signature of its own.
    pub signed_assertions: bool,
    /// Our service, where the provider has a catalogue.
    pub service: Option<&'a CatalogueService>,
}

/// Who Poort is to a provider (saml-metadata-2.0), signed.
///
/// # Errors
/// When it cannot be signed.
pub fn metadata(ourselves: &Ourselves<'_>, signer: &Signer) -> Result<String, Unusable> {
    let Ourselves { entity, callback, returns, signing, encryption, gcm, signed_assertions, service } = ourselves;
    let methods = [AES256_GCM, OAEP_MGF1P].map(|method| format!(r#"<md:EncryptionMethod Algorithm="{method}"/>"#));
    let descriptor = |purpose: &str, certificate: &Certificate| {
        let der = STANDARD.encode(certificate.der());
        let methods = if *gcm && purpose == "encryption" { methods.concat() } else { String::new() };
        format!(
            r#"<md:KeyDescriptor use="{purpose}"><ds:KeyInfo xmlns:ds="{}"><ds:X509Data><ds:X509Certificate>{der}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>{methods}</md:KeyDescriptor>"#,
            super::names::DSIG
        )
    };
    let descriptors: String = signing.iter().map(|one| descriptor("signing", one)).collect();
    let descriptors =
        encryption.iter().map(|one| descriptor("encryption", one)).fold(descriptors, |all, one| all + &one);
    let binding = match returns {
        ReturnBinding::Artifact => ARTIFACT,
        ReturnBinding::Post => POST,
    };
    let service = service.map(|service| {
        let (index, id) = (service.index, escaped(&service.id));
        format!(
            r#"<md:AttributeConsumingService index="{index}" isDefault="true"><md:ServiceName xml:lang="en">{id}</md:ServiceName><md:RequestedAttribute Name="{id}"/></md:AttributeConsumingService>"#
        )
    });
    let role = format!(
        r#"<md:SPSSODescriptor AuthnRequestsSigned="true" WantAssertionsSigned="{signed_assertions}" protocolSupportEnumeration="{PROTOCOL}">{descriptors}<md:AssertionConsumerService Binding="{binding}" Location="{}" index="0" isDefault="true"/>{}</md:SPSSODescriptor>"#,
        escaped(callback),
        service.unwrap_or_default(),
    );
    // The same text has the same ID, and another one another.
    let id = format!("_{}", TokenDigest::of(format!("{entity} {role}").as_bytes()).text());
    let document = format!(
        r#"<md:EntityDescriptor xmlns:md="{METADATA}" ID="{id}" entityID="{}">{}{role}</md:EntityDescriptor>"#,
        escaped(entity),
        signer.place(&id),
    );
    signer.sign(&document)
}
