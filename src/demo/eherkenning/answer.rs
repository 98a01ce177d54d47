//! What this eHerkenning writes: its metadata, and what it says of somebody, with identifiers that are encrypted for the gateway.

use std::time::Duration;

use base64::{Engine, engine::general_purpose::STANDARD};

use super::{Acting, Client, Eherkenning, Failure};
use crate::{
    base::Timestamp,
    demo::saml_keys::{Keys, Pair},
};

const DSIG: &str = "http://www.w3.org/2000/09/xmldsig#";
const XENC: &str = "http://www.w3.org/2001/04/xmlenc#";
const STATUS: &str = "urn:oasis:names:tc:SAML:2.0:status";

/// What was decided on the page.
pub(super) struct Answer<'a> {
    pub(super) client: &'a Client,
    /// The `ID` of the request.
    pub(super) request: &'a str,
    /// Who, and by which class; none: they went back.
    pub(super) proved: Option<(&'a Acting, &'static str)>,
    pub(super) failure: Option<Failure>,
}

/// Where it is asked and by which key it signs.
pub(super) fn metadata(entity: &str, sign_on: &str, keys: &Keys) -> String {
    let certificate = STANDARD.encode(&keys.own.der);
    format!(
        r#"<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" xmlns:ds="{DSIG}" entityID="{entity}"><md:IDPSSODescriptor WantAuthnRequestsSigned="true" protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"><md:KeyDescriptor use="signing"><ds:KeyInfo><ds:X509Data><ds:X509Certificate>{certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor><md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="{sign_on}"/></md:IDPSSODescriptor></md:EntityDescriptor>"#
    )
}

/// A moment, in whole seconds.
fn moment(at: Timestamp) -> String {
    format!("{}Z", at.to_string().split(['.', 'Z']).next().unwrap_or_default())
}

fn signature(id: &str) -> String {
    format!(
        r##"<ds:Signature xmlns:ds="{DSIG}"><ds:SignedInfo><ds:CanonicalizationMethod Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/><ds:SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"/><ds:Reference URI="#{id}"><ds:Transforms><ds:Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"/><ds:Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/></ds:Transforms><ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/><ds:DigestValue></ds:DigestValue></ds:Reference></ds:SignedInfo><ds:SignatureValue></ds:SignatureValue></ds:Signature>"##
    )
}

/// An identifier that only who has the key of `pair` can read.
fn encrypted(pair: &Pair, recipient: &str, qualifier: &str, value: &str) -> Option<String> {
    let plain = format!(
        r#"<saml:NameID xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" NameQualifier="{qualifier}">{value}</saml:NameID>"#
    );
    let place = format!(
        r#"<xenc:EncryptedData xmlns:xenc="{XENC}" Type="{XENC}Element"><xenc:EncryptionMethod Algorithm="{XENC}aes256-cbc"/><ds:KeyInfo xmlns:ds="{DSIG}"><xenc:EncryptedKey Recipient="{recipient}"><xenc:EncryptionMethod Algorithm="{XENC}rsa-oaep-mgf1p"><ds:DigestMethod Algorithm="{DSIG}sha1"/></xenc:EncryptionMethod><xenc:CipherData><xenc:CipherValue></xenc:CipherValue></xenc:CipherData></xenc:EncryptedKey></ds:KeyInfo><xenc:CipherData><xenc:CipherValue></xenc:CipherValue></xenc:CipherData></xenc:EncryptedData>"#
    );
    bergshamra::encrypt(&pair.encrypting()?, &place, plain.as_bytes()).ok()
}

impl Eherkenning {
    fn id(&self) -> String {
        let bytes: [u8; 16] = self.random.bytes();
        bytes.iter().fold("_".to_owned(), |id, byte| id + &format!("{byte:02x}"))
    }

    /// The answer to a request.
    pub(super) fn answer(&self, answer: &Answer<'_>) -> Option<String> {
        if answer.failure == Some(Failure::Malformed) {
            return Some("<samlp:Response".to_owned());
        }
        let key = if answer.failure == Some(Failure::WrongKey) { &self.keys.other } else { &self.keys.own };
        let (entity, now, id) = (&self.entity, self.clock.now(), self.id());
        let (request, callback) = (answer.request, &answer.client.callback);
        let (status, assertion) = match answer.proved {
            None => {
                let within = format!(r#"<samlp:StatusCode Value="{STATUS}:AuthnFailed"/>"#);
                (format!(r#"<samlp:StatusCode Value="{STATUS}:Responder">{within}</samlp:StatusCode>"#), String::new())
            }
            Some((acting, class)) => (
                format!(r#"<samlp:StatusCode Value="{STATUS}:Success"/>"#),
                self.assertion(answer, acting, class, now)?,
            ),
        };
        let (at, signature) = (moment(now), signature(&id));
        let text = format!(
            r#"<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="{id}" Version="2.0" IssueInstant="{at}" InResponseTo="{request}" Destination="{callback}"><saml:Issuer>{entity}</saml:Issuer>{signature}<samlp:Status>{status}</samlp:Status>{assertion}</samlp:Response>"#
        );
        bergshamra::sign(&key.signing()?, &text).ok()
    }

    fn assertion(&self, answer: &Answer<'_>, acting: &Acting, class: &str, now: Timestamp) -> Option<String> {
        const AROUND: Duration = Duration::from_secs(120);
        let said = if answer.failure == Some(Failure::Expired) { now.minus(30 * AROUND) } else { now };
        let (entity, id, client) = (&self.entity, self.id(), answer.client);
        let (audience, callback, request) = (&client.entity, &client.callback, answer.request);
        let (at, from, until) = (moment(said), moment(said.minus(AROUND)), moment(said.plus(AROUND)));
        let (signature, attributes) = (signature(&id), self.attributes(answer, acting)?);
        let text = format!(
            r#"<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="{id}" Version="2.0" IssueInstant="{at}"><saml:Issuer>{entity}</saml:Issuer>{signature}<saml:Subject><saml:NameID Format="urn:oasis:names:tc:SAML:2.0:nameid-format:transient">{id}</saml:NameID><saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><saml:SubjectConfirmationData InResponseTo="{request}" Recipient="{callback}" NotOnOrAfter="{until}"/></saml:SubjectConfirmation></saml:Subject><saml:Conditions NotBefore="{from}" NotOnOrAfter="{until}"><saml:AudienceRestriction><saml:Audience>{audience}</saml:Audience></saml:AudienceRestriction></saml:Conditions><saml:AuthnStatement AuthnInstant="{at}" SessionIndex="{id}"><saml:AuthnContext><saml:AuthnContextClassRef>{class}</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement><saml:AttributeStatement>{attributes}</saml:AttributeStatement></saml:Assertion>"#
        );
        bergshamra::sign(&self.keys.own.signing()?, &text).ok()
    }

    fn attributes(&self, answer: &Answer<'_>, acting: &Acting) -> Option<String> {
        let said = |name: &str, value: &str| {
            format!(
                r#"<saml:Attribute Name="{name}"><saml:AttributeValue>{value}</saml:AttributeValue></saml:Attribute>"#
            )
        };
        let reader = match answer.failure {
            Some(Failure::WrongRecipient) => &self.keys.other,
            _ => &self.keys.gateway,
        };
        let identifier = |name: &str, qualifier: &str, value: &str| {
            let sealed = encrypted(reader, &answer.client.entity, &format!("urn:etoegang:{qualifier}"), value)?;
            Some(said(&format!("urn:etoegang:core:{name}"), &format!("<saml:EncryptedID>{sealed}</saml:EncryptedID>")))
        };
        let mut all = vec![
            said("urn:etoegang:core:ServiceID", &answer.client.service),
            identifier("LegalSubjectID", "1.9:EntityConcernedID:KvKnr", &acting.number)?,
            identifier("ActingSubjectID", "1.12:EntityConcernedID:PseudoID", acting.pseudonym)?,
        ];
        if let Some(between) = acting.intermediary {
            all.push(identifier("IntermediateSubjectID", "1.9:IntermediateEntityID:KvK", between)?);
        }
        if let Some(branch) = acting.branch {
            all.push(said("urn:etoegang:1.9:ServiceRestriction:Vestigingsnr", branch));
        }
        Some(all.concat())
    }
}
