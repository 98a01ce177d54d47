//! What this DigiD writes: its metadata, its artifacts, and what it says of somebody.

use std::time::Duration;

use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use base64::{Engine, engine::general_purpose::STANDARD};

use super::{Digid, Failure, Grant};
use crate::base::{Timestamp, token::Token};
use crate::demo::saml_keys::Keys;

const DSIG: &str = "http://www.w3.org/2000/09/xmldsig#";
const STATUS: &str = "urn:oasis:names:tc:SAML:2.0:status";

/// Where it is asked and by which key it signs.
pub(super) fn metadata(entity: &str, resolver: &str, sign_on: &str, keys: &Keys) -> String {
    let certificate = STANDARD.encode(&keys.own.der);
    format!(
        r#"<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" xmlns:ds="{DSIG}" entityID="{entity}"><md:IDPSSODescriptor WantAuthnRequestsSigned="true" protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"><md:KeyDescriptor use="signing"><ds:KeyInfo><ds:X509Data><ds:X509Certificate>{certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor><md:ArtifactResolutionService Binding="urn:oasis:names:tc:SAML:2.0:bindings:SOAP" Location="{resolver}" index="0"/><md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="{sign_on}"/></md:IDPSSODescriptor></md:EntityDescriptor>"#
    )
}

/// An artifact: type 4, whose it is, and twenty bytes by chance.
pub(super) fn artifact(entity: &str, chance: &Token) -> String {
    let mut bytes = vec![0, 4, 0, 0];
    bytes.extend_from_slice(digest(&SHA1_FOR_LEGACY_USE_ONLY, entity.as_bytes()).as_ref());
    bytes.extend_from_slice(&chance.digest().bytes()[..20]);
    STANDARD.encode(bytes)
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

impl Digid {
    fn id(&self) -> String {
        let bytes: [u8; 16] = self.random.bytes();
        bytes.iter().fold("_".to_owned(), |id, byte| id + &format!("{byte:02x}"))
    }

    /// What an artifact stood for; nothing when it stands for nothing, or not any more.
    pub(super) fn answer(&self, resolve: &str, grant: Option<&Grant>) -> Option<String> {
        let key = match grant.and_then(|grant| grant.failure) {
            Some(Failure::WrongKey) => &self.keys.other,
            _ => &self.keys.own,
        };
        let (entity, now, id) = (&self.entity, self.clock.now(), self.id());
        let (status, response) = match grant {
            None => (format!("{STATUS}:Requester"), String::new()),
            Some(grant) => (format!("{STATUS}:Success"), self.response(grant, now)?),
        };
        let (at, signature) = (moment(now), signature(&id));
        let text = format!(
            r#"<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"><soapenv:Body><samlp:ArtifactResponse xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="{id}" Version="2.0" IssueInstant="{at}" InResponseTo="{resolve}"><saml:Issuer>{entity}</saml:Issuer>{signature}<samlp:Status><samlp:StatusCode Value="{status}"/></samlp:Status>{response}</samlp:ArtifactResponse></soapenv:Body></soapenv:Envelope>"#
        );
        bergshamra::sign(&key.signing()?, &text).ok()
    }

    fn response(&self, grant: &Grant, now: Timestamp) -> Option<String> {
        let client = &self.clients[grant.client];
        let (entity, id, at) = (&self.entity, self.id(), moment(now));
        let (request, callback) = (&grant.request, &client.callback);
        let (status, assertion) = match grant.proved {
            None => {
                let within = format!(r#"<samlp:StatusCode Value="{STATUS}:AuthnFailed"/>"#);
                (format!(r#"<samlp:StatusCode Value="{STATUS}:Responder">{within}</samlp:StatusCode>"#), String::new())
            }
            Some((person, class)) => {
                let assertion = self.assertion(grant, &client.people[person].id, class, now)?;
                (format!(r#"<samlp:StatusCode Value="{STATUS}:Success"/>"#), assertion)
            }
        };
        Some(format!(
            r#"<samlp:Response ID="{id}" Version="2.0" IssueInstant="{at}" InResponseTo="{request}" Destination="{callback}"><saml:Issuer>{entity}</saml:Issuer><samlp:Status>{status}</samlp:Status>{assertion}</samlp:Response>"#
        ))
    }

    fn assertion(&self, grant: &Grant, name: &str, class: &str, now: Timestamp) -> Option<String> {
        const AROUND: Duration = Duration::from_secs(120);
        let said = if grant.failure == Some(Failure::Expired) { now.minus(30 * AROUND) } else { now };
        let client = &self.clients[grant.client];
        let (entity, id) = (&self.entity, self.id());
        let (audience, callback, request) = (&client.entity, &client.callback, &grant.request);
        let (at, from, until) = (moment(said), moment(said.minus(AROUND)), moment(said.plus(AROUND)));
        let signature = signature(&id);
        let text = format!(
            r#"<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="{id}" Version="2.0" IssueInstant="{at}"><saml:Issuer>{entity}</saml:Issuer>{signature}<saml:Subject><saml:NameID>{name}</saml:NameID><saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><saml:SubjectConfirmationData InResponseTo="{request}" Recipient="{callback}" NotOnOrAfter="{until}"/></saml:SubjectConfirmation></saml:Subject><saml:Conditions NotBefore="{from}" NotOnOrAfter="{until}"><saml:AudienceRestriction><saml:Audience>{audience}</saml:Audience></saml:AudienceRestriction></saml:Conditions><saml:AuthnStatement AuthnInstant="{at}" SessionIndex="{id}"><saml:AuthnContext><saml:AuthnContextClassRef>{class}</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement></saml:Assertion>"#
        );
        bergshamra::sign(&self.keys.own.signing()?, &text).ok()
    }
}
