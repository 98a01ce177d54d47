//! What this DigiD answers: artifacts, and what they stand for.

use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use base64::{Engine, engine::general_purpose::STANDARD};

use super::{Digid, Grant};
use crate::{
    base::token::Token,
    demo::{
        saml::{Outcome, Said, moment},
        stand_in::Failure,
    },
};

const STATUS: &str = "urn:oasis:names:tc:SAML:2.0:status";

/// An artifact: type 4, whose it is, and twenty bytes by chance.
pub(super) fn artifact(entity: &str, chance: &Token) -> String {
    let mut bytes = vec![0, 4, 0, 0];
    bytes.extend_from_slice(digest(&SHA1_FOR_LEGACY_USE_ONLY, entity.as_bytes()).as_ref());
    bytes.extend_from_slice(&chance.digest().bytes()[..20]);
    STANDARD.encode(bytes)
}

impl Digid {
    /// What an artifact stood for; nothing when it stands for nothing, or not any more.
    pub(super) fn answer(&self, resolve: &str, grant: Option<&Grant>) -> Option<String> {
        let author = &self.author;
        let key = match grant.and_then(|grant| grant.failure) {
            Some(Failure::WrongKey) => &author.keys.other,
            _ => &author.keys.own,
        };
        let (entity, id, at) = (&author.entity, author.id(), moment(author.clock.now()));
        let (status, response) = match grant {
            None => (format!("{STATUS}:Requester"), String::new()),
            Some(grant) => (format!("{STATUS}:Success"), self.response(grant)?),
        };
        let signature = author.signature(&id);
        let text = format!(
            r#"<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"><soapenv:Body><samlp:ArtifactResponse xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="{id}" Version="2.0" IssueInstant="{at}" InResponseTo="{resolve}"><saml:Issuer>{entity}</saml:Issuer>{signature}<samlp:Status><samlp:StatusCode Value="{status}"/></samlp:Status>{response}</samlp:ArtifactResponse></soapenv:Body></soapenv:Envelope>"#
        );
        bergshamra::sign(&key.signing()?, &text).ok()
    }

    fn response(&self, grant: &Grant) -> Option<String> {
        let client = &self.clients[grant.client];
        let outcome = match grant.proved {
            None => Outcome::Cancelled("AuthnFailed"),
            Some((person, class)) => Outcome::Proved(self.author.assertion(&Said {
                audience: &client.entity,
                callback: &client.callback,
                request: &grant.request,
                name: Some(&client.people[person].id),
                class,
                attributes: "",
                expired: grant.failure == Some(Failure::Expired),
            })?),
        };
        Some(self.author.response(&grant.request, &client.callback, &outcome, false))
    }
}
