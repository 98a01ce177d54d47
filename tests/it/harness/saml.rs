//! A SAML identity provider whose every byte a test can change, and its resolver, which speaks TLS to who shows the certificate that it
//! knows. Its answers are signed by `bergshamra`, from texts that stand here; `tests/peers` does the same with Lasso and xmlsec1.

use std::{
    path::{Path, PathBuf},
    sync::LazyLock,
};

use aws_lc_rs::{
    digest::{SHA1_FOR_LEGACY_USE_ONLY, digest},
    rand::SystemRandom,
    signature::{RSA_PKCS1_SHA256, RsaKeyPair},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use bergshamra::{
    DsigContext, KeysManager,
    c14n::{C14nMode, canonicalize},
    keys::loader::load_pem_auto,
};
use poort::{
    base::{Timestamp, tls::KeyFiles},
    domain::upstream::DIGID_CLASSES,
    login::{
        digid, eherkenning,
        eidas::node,
        fas,
        method::Refused,
        wire::saml::{
            answer::{Answer, Expected},
            encryption::Opener,
            message::moment,
            metadata::Peer,
            names::{
                ASSERTION, BEARER, DSIG, ENVELOPED, EXCLUSIVE, METADATA, PROTOCOL, REDIRECT, RSA_SHA256, SHA256, SOAP,
                SOAP_BINDING,
            },
            profile::Profile,
        },
    },
};
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, PKCS_RSA_SHA256, RsaKeySize};
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, pem::PemObject};

use super::encrypted::{Content, Sealing};

/// The name of the provider.
pub const ENTITY: &str = "https://idp.example/saml/idp/metadata";
/// DigiD's Midden.
pub const MIDDEN: &str = DIGID_CLASSES[1];

/// A certificate and its key, in PEM.
pub struct Pair {
    pub certificate: String,
    pub der: Vec<u8>,
    pub key: String,
}

/// Who everybody is. Made once: keys take long.
pub struct Everybody {
    pub authority: Pair,
    /// The resolver's TLS.
    pub resolver: Pair,
    /// What the provider signs with.
    pub provider: Pair,
    /// What it will sign with.
    pub second: Pair,
    /// Another that it signs with, on a curve.
    pub curve: Pair,
    /// What the gateway signs with, and shows.
    pub gateway: Pair,
    /// Somebody with keys and certificates as good as theirs.
    pub stranger: Pair,
}

pub static EVERYBODY: LazyLock<Everybody> = LazyLock::new(|| {
    let rsa = || KeyPair::generate_rsa_for(&PKCS_RSA_SHA256, RsaKeySize::_2048).expect("a key");
    let mut params = CertificateParams::new(Vec::new()).expect("parameters");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.distinguished_name.push(DnType::CommonName, "An invented authority");
    let key = KeyPair::generate().expect("a key");
    let certificate = params.self_signed(&key).expect("a certificate");
    let authority = Pair { certificate: certificate.pem(), der: certificate.der().to_vec(), key: key.serialize_pem() };
    let issuer = Issuer::new(params, key);
    let of = |name: &str, key: KeyPair| {
        let names = vec!["localhost".to_owned(), "127.0.0.1".to_owned()];
        let mut params = CertificateParams::new(names).expect("parameters");
        params.distinguished_name.push(DnType::CommonName, name);
        let certificate = params.signed_by(&key, &issuer).expect("a certificate");
        Pair { certificate: certificate.pem(), der: certificate.der().to_vec(), key: key.serialize_pem() }
    };
    Everybody {
        resolver: of("The resolver", KeyPair::generate().expect("a key")),
        provider: of("The provider", rsa()),
        second: of("The provider, later", rsa()),
        curve: of("The provider, on a curve", KeyPair::generate().expect("a key")),
        gateway: of("The gateway", rsa()),
        stranger: of("Somebody else", rsa()),
        authority,
    }
});

/// A text with one piece exchanged; it must be there.
pub fn swap(text: &str, old: &str, new: &str) -> String {
    assert!(text.contains(old), "no {old} in {text}");
    text.replacen(old, new, 1)
}

/// What stands between two marks, with them.
pub fn cut<'t>(text: &'t str, from: &str, to: &str) -> &'t str {
    let start = text.find(from).unwrap_or_else(|| panic!("no {from} in {text}"));
    let end = text[start..].find(to).unwrap_or_else(|| panic!("no {to} in {text}")) + start + to.len();
    &text[start..end]
}

/// A signature that is not made yet.
pub fn template(id: &str, prefix: &str) -> String {
    let text = format!(
        r##"<ds:Signature xmlns:ds="{DSIG}"><ds:SignedInfo><ds:CanonicalizationMethod Algorithm="{EXCLUSIVE}"/><ds:SignatureMethod Algorithm="{RSA_SHA256}"/><ds:Reference URI="#{id}"><ds:Transforms><ds:Transform Algorithm="{ENVELOPED}"/><ds:Transform Algorithm="{EXCLUSIVE}"/></ds:Transforms><ds:DigestMethod Algorithm="{SHA256}"/><ds:DigestValue></ds:DigestValue></ds:Reference></ds:SignedInfo><ds:SignatureValue></ds:SignatureValue></ds:Signature>"##
    );
    text.replace("ds:", &format!("{prefix}:")).replace("xmlns:ds=", &format!("xmlns:{prefix}="))
}

/// Makes the first signature in a text that is not made yet.
pub fn sign(text: &str, by: &Pair) -> String {
    let mut manager = KeysManager::new();
    manager.add_key(load_pem_auto(by.key.as_bytes(), None).expect("a key"));
    bergshamra::sign(&DsigContext::new(manager), text).expect("signed")
}

/// Signs the message of a body that has no signature, whatever is in it: by other steps than [`sign`], which refuses what no peer would send.
pub fn sign_whatever(body: &str, by: &Pair) -> String {
    let door = if body.contains("<samlp:ArtifactResponse ") { Door::Artifact } else { Door::Post };
    let canonical = |text: &str| canonicalize::<&str>(text, C14nMode::Exclusive, None, &[]).expect("canonical");
    let message = cut(body, &door.begins(), &door.ends());
    let sum = STANDARD.encode(digest(&aws_lc_rs::digest::SHA256, &canonical(message)));
    let place = template("_answer1", "ds");
    let info = cut(&place, "<ds:SignedInfo>", "</ds:SignedInfo>");
    let info = swap(info, "<ds:DigestValue></ds:DigestValue>", &format!("<ds:DigestValue>{sum}</ds:DigestValue>"));
    let alone = swap(&info, "<ds:SignedInfo>", &format!("<ds:SignedInfo xmlns:ds=\"{DSIG}\">"));
    let key = PrivateKeyDer::from_pem_slice(by.key.as_bytes()).expect("a key");
    let key = RsaKeyPair::from_pkcs8(key.secret_der()).expect("an RSA key");
    let mut value = vec![0; key.public_modulus_len()];
    key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), &canonical(&alone), &mut value).expect("signed");
    let value = STANDARD.encode(value);
    let signature = format!(
        "<ds:Signature xmlns:ds=\"{DSIG}\">{info}<ds:SignatureValue>{value}</ds:SignatureValue></ds:Signature>"
    );
    swap(body, "</saml:Issuer>", &format!("</saml:Issuer>{signature}"))
}

/// By which way an answer comes, and how much of it is encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Door {
    /// The resolver's answer to an artifact, as DigiD's.
    Artifact,
    /// A form that the browser posts, as eHerkenning's: identifiers are encrypted.
    Post,
    /// The same as of FAS: nothing is.
    Fas,
    /// The same as of a node of eIDAS: the assertion is, as a whole.
    Eidas,
}

impl Door {
    pub const ALL: [Door; 4] = [Door::Artifact, Door::Post, Door::Fas, Door::Eidas];
    /// Those by which a browser brings an answer.
    pub const POSTED: [Door; 3] = [Door::Post, Door::Fas, Door::Eidas];

    /// Whether an assertion is encrypted as a whole.
    pub fn seals(self) -> bool {
        self == Door::Eidas
    }

    /// The message that is signed as a whole.
    pub fn message(self) -> &'static str {
        match self {
            Door::Artifact => "ArtifactResponse",
            Door::Post | Door::Fas | Door::Eidas => "Response",
        }
    }

    pub fn begins(self) -> String {
        format!("<samlp:{} ", self.message())
    }

    pub fn ends(self) -> String {
        format!("</samlp:{}>", self.message())
    }
}

/// What a provider answers, step by step; a test changes one of them.
#[derive(Clone)]
pub struct Recipe {
    pub door: Door,
    pub now: Timestamp,
    pub audience: String,
    pub callback: String,
    /// The `ID` of the question to the resolver.
    pub resolve: String,
    /// The `ID` of the request with which the person left.
    pub request: String,
    /// The `ID` of the assertion.
    pub id: String,
    pub name: String,
    /// What is said besides: an `AttributeStatement`, or nothing.
    pub attributes: String,
    pub class: String,
    /// The status of the response, with what is within it.
    pub status: String,
    /// Changes the assertion before it is signed.
    pub assertion: fn(String) -> String,
    /// Changes the place of a signature, before it is made.
    pub signature: fn(String) -> String,
    /// Changes the assertion after it is signed.
    pub signed: fn(String) -> String,
    /// Changes the message before it is signed.
    pub message: fn(String) -> String,
    /// Changes everything, after it is signed.
    pub body: fn(String) -> String,
    pub assertion_by: &'static str,
    pub message_by: &'static str,
}

/// The status of what went well.
pub fn success() -> String {
    r#"<samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/>"#.to_owned()
}

impl Recipe {
    pub fn pair(by: &str) -> &'static Pair {
        match by {
            "provider" => &EVERYBODY.provider,
            "second" => &EVERYBODY.second,
            "curve" => &EVERYBODY.curve,
            "stranger" => &EVERYBODY.stranger,
            other => panic!("nobody is called {other}"),
        }
    }

    /// The assertion as the provider would write it.
    pub fn written(&self) -> String {
        let minutes = |minutes: i64| moment(Timestamp::from_millis(self.now.millis() + minutes * 60_000));
        format!(
            r#"<saml:Assertion xmlns:saml="{ASSERTION}" ID="{id}" Version="2.0" IssueInstant="{now}"><saml:Issuer>{ENTITY}</saml:Issuer>{signature}<saml:Subject><saml:NameID>{name}</saml:NameID><saml:SubjectConfirmation Method="{BEARER}"><saml:SubjectConfirmationData InResponseTo="{request}" Recipient="{callback}" NotOnOrAfter="{later}"/></saml:SubjectConfirmation></saml:Subject><saml:Conditions NotBefore="{earlier}" NotOnOrAfter="{later}"><saml:AudienceRestriction><saml:Audience>{audience}</saml:Audience></saml:AudienceRestriction></saml:Conditions><saml:AuthnStatement AuthnInstant="{now}" SessionIndex="1"><saml:AuthnContext><saml:AuthnContextClassRef>{class}</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>{attributes}</saml:Assertion>"#,
            attributes = self.attributes,
            now = minutes(0),
            later = minutes(2),
            earlier = minutes(-2),
            id = self.id,
            signature = (self.signature)(template(&self.id, "ds")),
            name = self.name,
            request = self.request,
            callback = self.callback,
            audience = self.audience,
            class = self.class,
        )
    }

    /// The assertion, signed.
    pub fn signed_assertion(&self) -> String {
        let written = (self.assertion)(self.written());
        let made = written.contains("<ds:SignatureValue></ds:SignatureValue>");
        (self.signed)(if made { sign(&written, Self::pair(self.assertion_by)) } else { written })
    }

    /// A text as it travels in the place of an assertion: encrypted, where the provider does so.
    pub fn carry(&self, text: &str) -> String {
        let gcm = Sealing { content: Content::Gcm256, beside: false, ..Sealing::default() };
        if self.door.seals() { gcm.seal("EncryptedAssertion", text) } else { text.to_owned() }
    }

    /// What stands in the place of the assertion.
    pub fn carried<'t>(&self, body: &'t str) -> &'t str {
        match self.door.seals() {
            true => cut(body, "<saml:EncryptedAssertion>", "</saml:EncryptedAssertion>"),
            false => cut(body, "<saml:Assertion ", "</saml:Assertion>"),
        }
    }

    /// The whole answer.
    pub fn build(&self) -> String {
        let assertion = if self.status == success() { self.carry(&self.signed_assertion()) } else { String::new() };
        let message = (self.message)(match self.door {
            Door::Artifact => self.resolved(&assertion),
            Door::Post | Door::Fas | Door::Eidas => self.posted(&assertion),
        });
        let made = message.contains("<ds:SignatureValue></ds:SignatureValue>");
        (self.body)(if made { sign(&message, Self::pair(self.message_by)) } else { message })
    }

    fn posted(&self, assertion: &str) -> String {
        format!(
            r#"<samlp:Response xmlns:samlp="{PROTOCOL}" xmlns:saml="{ASSERTION}" ID="_answer1" Version="2.0" IssueInstant="{now}" InResponseTo="{request}" Destination="{callback}"><saml:Issuer>{ENTITY}</saml:Issuer>{signature}<samlp:Status>{status}</samlp:Status>{assertion}</samlp:Response>"#,
            now = moment(self.now),
            request = self.request,
            callback = self.callback,
            signature = (self.signature)(template("_answer1", "ds")),
            status = self.status,
        )
    }

    fn resolved(&self, assertion: &str) -> String {
        let now = moment(self.now);
        format!(
            r#"<soap:Envelope xmlns:soap="{SOAP}"><soap:Body><samlp:ArtifactResponse xmlns:samlp="{PROTOCOL}" xmlns:saml="{ASSERTION}" ID="_answer1" Version="2.0" IssueInstant="{now}" InResponseTo="{resolve}"><saml:Issuer>{ENTITY}</saml:Issuer>{signature}<samlp:Status>{fine}</samlp:Status><samlp:Response ID="_response1" Version="2.0" IssueInstant="{now}" InResponseTo="{request}" Destination="{callback}"><saml:Issuer>{ENTITY}</saml:Issuer><samlp:Status>{status}</samlp:Status>{assertion}</samlp:Response></samlp:ArtifactResponse></soap:Body></soap:Envelope>"#,
            resolve = self.resolve,
            signature = (self.signature)(template("_answer1", "ds")),
            fine = success(),
            request = self.request,
            callback = self.callback,
            status = self.status,
        )
    }
}

/// Changes nothing.
pub fn same(text: String) -> String {
    text
}

/// What the provider says of itself, by these certificates.
pub fn metadata(resolver: &str, sign_on: &str, certificates: &[&Pair]) -> String {
    let keys: String = certificates
        .iter()
        .map(|pair| {
            let der = STANDARD.encode(&pair.der);
            format!(
                r#"<md:KeyDescriptor use="signing"><ds:KeyInfo xmlns:ds="{DSIG}"><ds:X509Data><ds:X509Certificate>{der}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>"#
            )
        })
        .collect();
    format!(
        r#"<?xml version="1.0" encoding="UTF-8"?><md:EntityDescriptor xmlns:md="{METADATA}" ID="_metadata" entityID="{ENTITY}"><md:IDPSSODescriptor WantAuthnRequestsSigned="true" protocolSupportEnumeration="{PROTOCOL}">{keys}<md:ArtifactResolutionService index="0" Binding="{SOAP_BINDING}" Location="{resolver}"/><md:SingleSignOnService Binding="{REDIRECT}" Location="{sign_on}"/><md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="{sign_on}/post"/></md:IDPSSODescriptor></md:EntityDescriptor>"#
    )
}

/// An artifact of the provider, with this number in it.
pub fn artifact(number: u64) -> String {
    let mut bytes = vec![0, 4, 0, 0];
    bytes.extend_from_slice(digest(&SHA1_FOR_LEGACY_USE_ONLY, ENTITY.as_bytes()).as_ref());
    bytes.extend_from_slice(&[0; 12]);
    bytes.extend_from_slice(&number.to_be_bytes());
    STANDARD.encode(bytes)
}

/// A folder with the files that a tenant's own names.
pub struct Folder(tempfile::TempDir);

impl Folder {
    pub fn new(metadata: &str) -> Self {
        let this = Self(tempfile::tempdir().expect("a folder"));
        let all = &*EVERYBODY;
        this.write("metadata.xml", metadata);
        this.write("authority.pem", &all.authority.certificate);
        this.write("gateway.pem", &all.gateway.certificate);
        this.write("gateway.key", &all.gateway.key);
        this
    }

    pub fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path(name), text).expect("written");
    }

    pub fn path(&self, name: &str) -> PathBuf {
        Path::new(self.0.path()).join(name)
    }
}

/// The gateway's own code that reads a resolver's answer, without a network.
pub struct Reader {
    peer: Peer,
    profile: Profile,
    openers: Vec<Opener>,
    _files: Folder,
    pub door: Door,
    pub now: Timestamp,
}

/// What the gateway expects in every case.
pub const AUDIENCE: &str = "https://login.example/federated/digid/metadata";
/// Where people come back to.
pub const CALLBACK: &str = "https://login.example/federated/digid/callback";

impl Reader {
    pub fn new(now: Timestamp) -> Self {
        Self::at(Door::Artifact, now)
    }

    /// One who reads what comes by a door: as DigiD speaks, or as another one, with DigiD's classes, so that the same cases are tried.
    pub fn at(door: Door, now: Timestamp) -> Self {
        let text = metadata(
            "https://idp.example/resolve",
            "https://idp.example/sso",
            &[&EVERYBODY.provider, &EVERYBODY.curve],
        );
        let files = Folder::new(&text);
        let own = KeyFiles { certificate: files.path("gateway.pem"), key: files.path("gateway.key") };
        let profile = match door {
            Door::Artifact => digid::PROFILE.clone(),
            Door::Post => Profile { classes: &DIGID_CLASSES, ..eherkenning::PROFILE.clone() },
            Door::Fas => Profile { classes: &DIGID_CLASSES, ..fas::PROFILE.clone() },
            Door::Eidas => Profile { classes: &DIGID_CLASSES, ..node::PROFILE.clone() },
        };
        let openers = vec![Opener::new(&own).expect("a key")];
        Self {
            peer: Peer::read(&text, ENTITY, &[], now).expect("metadata"),
            profile,
            openers,
            _files: files,
            door,
            now,
        }
    }

    /// The answer of a login that succeeds.
    pub fn recipe(&self) -> Recipe {
        Recipe {
            door: self.door,
            now: self.now,
            audience: AUDIENCE.to_owned(),
            callback: CALLBACK.to_owned(),
            resolve: "_resolve1".to_owned(),
            request: "_request1".to_owned(),
            id: "_assertion1".to_owned(),
            name: "s00000000:999990019".to_owned(),
            attributes: String::new(),
            class: MIDDEN.to_owned(),
            status: success(),
            assertion: same,
            signature: same,
            signed: same,
            message: same,
            body: same,
            assertion_by: "provider",
            message_by: "provider",
        }
    }

    /// What is believed of an answer.
    pub fn read(&self, body: &str) -> Result<Answer, Refused> {
        self.read_at(body, self.now)
    }

    /// The same, at another time.
    pub fn read_at(&self, body: &str, now: Timestamp) -> Result<Answer, Refused> {
        let expected = Expected {
            peer: &self.peer,
            profile: &self.profile,
            audience: AUDIENCE,
            callback: CALLBACK,
            openers: &self.openers,
            request: "_request1",
            class: MIDDEN,
            since: None,
            now,
        };
        match self.door {
            Door::Artifact => expected.read(body, "_resolve1"),
            Door::Post | Door::Fas | Door::Eidas => expected.posted(&STANDARD.encode(body)),
        }
    }

    /// The valid twin.
    pub fn still_works(&self, after: &str) {
        let answer = self.read(&self.recipe().build());
        assert_eq!(
            answer.map(|answer| answer.name),
            Ok("s00000000:999990019".to_owned()),
            "the valid twin after {after}"
        );
    }
}
