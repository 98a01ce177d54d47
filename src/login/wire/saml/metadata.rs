//! What a provider says of itself (saml-metadata-2.0): where it is asked, where artifacts are resolved, and by which keys it signs. It comes
//! from a file of the tenant's, never from the network, and never from a message.

use base64::{Engine, engine::general_purpose::STANDARD};
use url::Url;

use super::{
    answer::instant,
    names::{DSIG, METADATA, POST, PROTOCOL, REDIRECT, SOAP_BINDING},
    signature::{Trusted, verify},
    xml::{Comments, Element, Malformed, Tree},
};
use crate::{
    base::{Timestamp, reach::leads_to_this_machine, tls::Certificate},
    login::wire::unusable::Unusable,
};

/// A provider.
pub struct Peer {
    /// Its name.
    pub entity: String,
    /// Where requests go by HTTP-Redirect.
    pub redirect: Option<Url>,
    /// Where requests go by HTTP-POST.
    pub post: Option<Url>,
    /// Where artifacts of index 0 are resolved, when it has any.
    pub resolver: Option<Url>,
    /// The certificates whose keys sign, while one follows another.
    pub certificates: Vec<Certificate>,
    /// Their keys.
    pub keys: Trusted,
    /// When all of this is over.
    pub until: Option<Timestamp>,
}

impl From<Malformed> for Unusable {
    fn from(malformed: Malformed) -> Self {
        Unusable::new(malformed.to_string())
    }
}

impl Peer {
    /// Reads what `entity` says of itself. Signed by one of `signers` when there are any; otherwise a signature that is there must be by one
    /// of the keys in it, so that a file that was changed after it was signed is noticed.
    ///
    /// # Errors
    /// When it is somebody else's, over, not signed as it should be, or lacks what is needed.
    pub fn read(text: &str, entity: &str, signers: &[Certificate], now: Timestamp) -> Result<Self, Unusable> {
        let tree = Tree::parse(text.trim_start_matches('\u{feff}'), Comments::Allowed)?;
        let root = tree.root();
        if !root.is(METADATA, "EntityDescriptor") {
            return Err(Unusable::new("no EntityDescriptor of SAML 2.0"));
        }
        let says = root.required("entityID")?;
        if says != entity {
            // A name, and public; cut, since others wrote it.
            let says: String = says.chars().filter(|c| !c.is_control()).take(200).collect();
            return Err(Unusable::new(format!("the metadata of {says:?}, and not of {entity:?}")));
        }
        let role = root.one(METADATA, "IDPSSODescriptor")?;
        if !role.required("protocolSupportEnumeration")?.split_ascii_whitespace().any(|known| known == PROTOCOL) {
            return Err(Unusable::new("a provider that does not speak SAML 2.0"));
        }
        let certificates = certificates(role)?;
        let keys = Trusted::new(&certificates)?;
        let believed = if signers.is_empty() { keys.clone() } else { Trusted::new(signers)? };
        if !signers.is_empty() || root.at_most_one(DSIG, "Signature")?.is_some() {
            verify(root, &believed.at(now)).map_err(|error| Unusable::new(error.to_string()))?;
        }
        let until = [root, role].into_iter().filter_map(|part| part.attribute("validUntil"));
        let until = until.map(|text| instant(text).ok_or(Unusable::new("a validUntil that is no moment")));
        let until = until.collect::<Result<Vec<_>, _>>()?.into_iter().min();
        if until.is_some_and(|until| until <= now) {
            return Err(Unusable::new("over: its validUntil is past"));
        }
        let resolver =
            role.all(METADATA, "ArtifactResolutionService").find(|service| service.attribute("index") == Some("0"));
        if let Some(resolver) = resolver
            && resolver.required("Binding")? != SOAP_BINDING
        {
            return Err(Unusable::new("an ArtifactResolutionService that does not speak SOAP"));
        }
        Ok(Self {
            entity: entity.to_owned(),
            redirect: sign_on(role, REDIRECT)?,
            post: sign_on(role, POST)?,
            resolver: resolver.map(location).transpose()?,
            certificates,
            keys,
            until,
        })
    }
}

/// The certificates that may sign: those for signing, and those for anything (section 2.4.1.1).
fn certificates(role: Element<'_>) -> Result<Vec<Certificate>, Unusable> {
    let mut found = Vec::new();
    for descriptor in role.all(METADATA, "KeyDescriptor") {
        if descriptor.attribute("use").is_some_and(|purpose| purpose != "signing") {
            continue;
        }
        for data in descriptor.one(DSIG, "KeyInfo")?.all(DSIG, "X509Data") {
            for certificate in data.all(DSIG, "X509Certificate") {
                let text: String = certificate.text()?.split_ascii_whitespace().collect();
                let der = STANDARD.decode(text).map_err(|_| Unusable::new("a certificate that is no base64"))?;
                found.push(Certificate::parse(&der).ok_or(Unusable::new("no certificate"))?);
            }
        }
    }
    if found.is_empty() || found.len() > 8 {
        return Err(Unusable::new("not between one and eight certificates for signing"));
    }
    Ok(found)
}

fn sign_on(role: Element<'_>, binding: &str) -> Result<Option<Url>, Unusable> {
    let mut services = role.all(METADATA, "SingleSignOnService");
    services.find(|service| service.attribute("Binding") == Some(binding)).map(location).transpose()
}

/// An address: by https, or on this machine.
fn location(service: Element<'_>) -> Result<Url, Unusable> {
    let wrong = || Unusable::new(format!("the address of {} is none by https", service.name()));
    let url = Url::parse(service.required("Location")?).map_err(|_| wrong())?;
    let safe = url.scheme() == "https" || url.scheme() == "http" && leads_to_this_machine(&url);
    let plain = url.username().is_empty() && url.password().is_none() && url.fragment().is_none() && url.has_host();
    if safe && plain { Ok(url) } else { Err(wrong()) }
}
