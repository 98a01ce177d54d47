//! The messages that Poort writes. What is signed has a place for the signature, after `Issuer` where there is one.

use super::{
    bindings::Artifact,
    names::{ARTIFACT, ASSERTION, METADATA, PROTOCOL, SOAP},
    profile::Profile,
    signature::Signer,
    xml::escaped,
};
use crate::{
    base::{Random, Timestamp, tls::Certificate},
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
    /// The least class of login that does.
    pub class: &'a str,
    /// Whether an earlier login does not do.
    pub anew: bool,
}

impl AuthnRequest<'_> {
    /// The message, with what stands where its signature would.
    #[must_use]
    pub fn write(&self, signature: &str) -> String {
        format!(
            r#"<samlp:AuthnRequest xmlns:samlp="{PROTOCOL}" xmlns:saml="{ASSERTION}" ID="{}" Version="2.0" IssueInstant="{}" Destination="{}" ForceAuthn="{}" AssertionConsumerServiceIndex="0"><saml:Issuer>{}</saml:Issuer>{signature}<samlp:RequestedAuthnContext Comparison="minimum"><saml:AuthnContextClassRef>{}</saml:AuthnContextClassRef></samlp:RequestedAuthnContext></samlp:AuthnRequest>"#,
            self.id,
            moment(self.at),
            escaped(self.destination),
            self.anew,
            escaped(self.issuer),
            escaped(self.class),
        )
    }
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

/// Who Poort is to a provider (saml-metadata-2.0), signed. `certificates` are those that may have signed what comes from us.
///
/// # Errors
/// When it cannot be signed.
pub fn metadata(
    entity: &str,
    callback: &str,
    certificates: &[&Certificate],
    profile: &Profile,
    signer: &Signer,
) -> Result<String, Unusable> {
    // The same text has the same ID, and another one another.
    let keys: Vec<String> = certificates.iter().map(|certificate| certificate.fingerprint()).collect();
    let id =
        format!("_{}", crate::base::token::TokenDigest::of(format!("{entity} {callback} {keys:?}").as_bytes()).text());
    let descriptors: String = certificates
        .iter()
        .map(|certificate| {
            let der = STANDARD.encode(certificate.der());
            format!(
                r#"<md:KeyDescriptor use="signing"><ds:KeyInfo xmlns:ds="{}"><ds:X509Data><ds:X509Certificate>{der}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>"#,
                super::names::DSIG
            )
        })
        .collect();
    let document = format!(
        r#"<md:EntityDescriptor xmlns:md="{METADATA}" ID="{id}" entityID="{}">{}<md:SPSSODescriptor AuthnRequestsSigned="true" WantAssertionsSigned="{}" protocolSupportEnumeration="{PROTOCOL}">{descriptors}<md:AssertionConsumerService Binding="{ARTIFACT}" Location="{}" index="0" isDefault="true"/></md:SPSSODescriptor></md:EntityDescriptor>"#,
        escaped(entity),
        signer.place(&id),
        profile.signed_assertions,
        escaped(callback),
    );
    signer.sign(&document)
}
