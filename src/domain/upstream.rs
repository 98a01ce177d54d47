//! Other providers that a tenant's people log in with, as its file describes them.

use std::path::{Path, PathBuf};

use url::Url;

use super::{assurance::Assurance, tenant::Factor};
use crate::base::tls::KeyFiles;

/// An OpenID provider that vouches for people (OpenID Connect Core 1.0). Poort is its client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenIdProvider {
    /// The factor that its login proves.
    pub factor: Factor,
    /// What people call it, in every language.
    pub name: String,
    /// Its issuer identifier, below which its discovery document is found.
    pub issuer: Url,
    /// Hosts besides the issuer's own that its endpoints may stand on.
    pub hosts: Vec<String>,
    /// Our `client_id` there.
    pub client_id: String,
    /// How we prove to it who we are.
    pub authentication: ClientAuthentication,
    /// Whether what is asked for is signed (RFC 9101), so that nobody on the way can ask for something else.
    pub signed_requests: bool,
    /// What is asked for in `scope`, besides `openid`.
    pub scopes: Vec<String>,
    /// Its `acr` values with what they are worth here, the least first.
    pub levels: Vec<Level>,
    /// The claims that say who somebody is.
    pub claims: ClaimNames,
    /// Whether the national number is asked for by name in `claims` (OpenID Connect Core 1.0 section 5.5).
    pub claims_parameter: bool,
    /// How it answers at its userinfo endpoint.
    pub user_info: UserInfo,
    /// What its tokens may be signed with (`alg`).
    pub signing: Vec<SignedBy>,
    /// What they must be encrypted with; without it they are signed and nothing more.
    pub encryption: Option<Encryption>,
    /// What happens to somebody whom this tenant does not know.
    pub unknown_people: UnknownPeople,
}

impl OpenIdProvider {
    /// What a login with this `acr` is worth.
    #[must_use]
    pub fn worth(&self, acr: &str) -> Option<Assurance> {
        worth(&self.levels, acr)
    }

    /// The least `acr` that is worth `least`.
    #[must_use]
    pub fn acr_for(&self, least: Assurance) -> Option<&str> {
        least_of(&self.levels, least)
    }
}

/// What a level is worth.
fn worth(levels: &[Level], acr: &str) -> Option<Assurance> {
    levels.iter().find(|level| level.acr == acr).map(|level| level.assurance)
}

/// The least of the levels that are worth `least`.
fn least_of(levels: &[Level], least: Assurance) -> Option<&str> {
    levels.iter().filter(|level| level.assurance >= least).min_by_key(|level| level.assurance).map(|level| &*level.acr)
}

/// How a client proves to its provider who it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClientAuthentication {
    /// By an assertion that it signs (`private_key_jwt`).
    PrivateKey,
    /// By the secret in this file (`client_secret_basic`, RFC 6749 section 2.3.1).
    Secret(PathBuf),
}

/// The names of the claims that say who somebody is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimNames {
    /// Their national number.
    pub national_number: String,
    /// Their given name.
    pub given_name: String,
    /// Their family name.
    pub family_name: String,
}

/// How a provider answers at its userinfo endpoint (OpenID Connect Core 1.0 section 5.3.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum UserInfo {
    /// With a token that is signed, and encrypted where its tokens are.
    Token,
    /// With JSON, which is believed since it comes from the endpoint itself, over TLS.
    Json,
    /// It is not asked: everything stands in the ID token.
    NotAsked,
}

/// A SAML identity provider that vouches for people (SAML 2.0). Poort is its service provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SamlProvider {
    /// The factor that its login proves.
    pub factor: Factor,
    /// Its entity id.
    pub provider: String,
    /// Its metadata.
    pub metadata: PathBuf,
    /// Whose signature its metadata must have, in PEM. Without it a signature is checked by the keys in the metadata.
    pub metadata_signer: Option<PathBuf>,
    /// Our entity id there; without it the address of our metadata.
    pub entity: Option<String>,
    /// How requests travel.
    pub binding: RequestBinding,
    /// How answers travel.
    pub returns: ReturnBinding,
    /// Which of our services people log in for, where the provider has a catalogue of them.
    pub service: Option<CatalogueService>,
    /// What our messages are signed with.
    pub signing: KeyFiles,
    /// The certificate that will sign after that one: published already.
    pub next_certificate: Option<PathBuf>,
    /// What opens that which is encrypted for us, where the provider encrypts: the one in use, and the one after it.
    pub decryption: Vec<KeyFiles>,
    /// What Poort shows when it resolves an artifact.
    pub tls: KeyFiles,
    /// The authorities by whose certificates the resolver proves who it is; without them those of the web.
    pub authorities: Option<PathBuf>,
    /// What our messages are signed by.
    pub signature: SamlSignature,
    /// The attributes that say who somebody is, where the tenant's file names them.
    pub attributes: Option<ClaimNames>,
    /// What eIDAS must know of us.
    pub european: Option<European>,
    /// Its classes of login (`AuthnContextClassRef`) with what they are worth here, the least first.
    pub levels: Vec<Level>,
    /// What happens to somebody whom this tenant does not know.
    pub unknown_people: UnknownPeople,
}

/// What our messages to a SAML provider are signed by, with an RSA key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum SamlSignature {
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    #[default]
    Pkcs1,
    /// RSASSA-PSS with SHA-256: what nodes of eIDAS take.
    Pss,
}

/// What eIDAS must know of us (eIDAS SAML message format 1.2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct European {
    /// Who asks (`SPType`).
    pub sector: Sector,
    /// Our country, by the code of its identifiers.
    pub country: &'static str,
}

/// For whom a service works.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Sector {
    /// A public body.
    Public,
    /// Anybody else.
    Private,
}

impl Sector {
    /// The value of `SPType`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Sector::Public => "public",
            Sector::Private => "private",
        }
    }
}

impl SamlProvider {
    /// The section of the tenant's file that describes it.
    #[must_use]
    pub const fn section(&self) -> &'static str {
        match self.factor {
            // `[fas]` is the same by OpenID Connect.
            Factor::Fas => "fas_saml",
            factor => factor.word(),
        }
    }

    /// What a login of this class is worth.
    #[must_use]
    pub fn worth(&self, class: &str) -> Option<Assurance> {
        worth(&self.levels, class)
    }

    /// The least class that is worth `least`.
    #[must_use]
    pub fn class_for(&self, least: Assurance) -> Option<&str> {
        least_of(&self.levels, least)
    }

    /// Every file that it needs.
    pub fn files(&self) -> impl Iterator<Item = &Path> {
        let needed =
            [&self.metadata, &self.signing.certificate, &self.signing.key, &self.tls.certificate, &self.tls.key];
        let further = [&self.metadata_signer, &self.next_certificate, &self.authorities];
        let opening = self.decryption.iter().flat_map(|files| [&files.certificate, &files.key]);
        needed.into_iter().chain(further.into_iter().flatten()).chain(opening).map(PathBuf::as_path)
    }
}

/// DigiD's levels as classes of SAML, the weakest first: Basis, Midden, Substantieel, Hoog.
pub const DIGID_CLASSES: [&str; 4] = [
    "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport",
    "urn:oasis:names:tc:SAML:2.0:ac:classes:MobileTwoFactorContract",
    "urn:oasis:names:tc:SAML:2.0:ac:classes:Smartcard",
    "urn:oasis:names:tc:SAML:2.0:ac:classes:SmartcardPKI",
];

/// How a request travels to a SAML provider (saml-bindings-2.0).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RequestBinding {
    /// In the query of an address.
    Redirect,
    /// In a form.
    Post,
}

/// How an answer of a SAML provider travels (saml-bindings-2.0).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ReturnBinding {
    /// As a reference that Poort resolves.
    Artifact,
    /// In a form that the browser posts.
    Post,
}

/// A service of ours in a provider's catalogue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CatalogueService {
    /// Its number (`AttributeConsumingServiceIndex`).
    pub index: u16,
    /// Its name there: an answer for another service is not ours.
    pub id: String,
}

/// eHerkenning's levels as classes of SAML, the weakest first: eH2, eH2+, eH3, eH4. Of the first nobody says that it is worth anything.
pub const EHERKENNING_CLASSES: [&str; 4] = [
    "urn:etoegang:core:assurance-class:loa2",
    "urn:etoegang:core:assurance-class:loa2plus",
    "urn:etoegang:core:assurance-class:loa3",
    "urn:etoegang:core:assurance-class:loa4",
];

/// The levels of FAS as classes of SAML, the weakest first. 100 is an account that somebody made for themselves, 200 a password, 300 a token
/// of paper, 400 a code of an app or by SMS, 450 itsme, 500 the eID card.
pub const FAS_CLASSES: [&str; 6] = [
    "urn:be:fedict:iam:fas:Level100",
    "urn:be:fedict:iam:fas:Level200",
    "urn:be:fedict:iam:fas:Level300",
    "urn:be:fedict:iam:fas:Level400",
    "urn:be:fedict:iam:fas:Level450",
    "urn:be:fedict:iam:fas:Level500",
];

/// The levels of eIDAS as classes of SAML, the weakest first: low, substantial, high; of means that were notified.
pub const EIDAS_CLASSES: [&str; 3] =
    ["http://eidas.europa.eu/LoA/low", "http://eidas.europa.eu/LoA/substantial", "http://eidas.europa.eu/LoA/high"];

/// Whether a login that is worth this, at a provider with these levels, can be one with a password alone: DigiD Basis, FAS 100 and 200,
/// eHerkenning of the lowest level, a notified means of level low.
#[must_use]
pub fn may_be_one_factor(levels: &[Level], assurance: Assurance) -> bool {
    let weak = [DIGID_CLASSES[0], FAS_CLASSES[0], FAS_CLASSES[1], EHERKENNING_CLASSES[0], EIDAS_CLASSES[0]];
    levels.iter().any(|level| level.assurance == assurance && weak.contains(&level.acr.as_str()))
}

/// What an `acr` of a provider is worth.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Level {
    /// The value of `acr`, or of `AuthnContextClassRef`.
    pub acr: String,
    /// Its worth.
    pub assurance: Assurance,
}

/// An algorithm that tokens of others may be signed with (RFC 7518 section 3.1). There is no symmetric one and no `none`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SignedBy {
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    Rs256,
    /// RSASSA-PSS with SHA-256.
    Ps256,
    /// ECDSA on P-256 with SHA-256.
    Es256,
}

impl SignedBy {
    /// Every one that is known.
    pub const ALL: [SignedBy; 3] = [SignedBy::Rs256, SignedBy::Ps256, SignedBy::Es256];

    /// The value of `alg`.
    #[must_use]
    pub const fn alg(self) -> &'static str {
        match self {
            SignedBy::Rs256 => "RS256",
            SignedBy::Ps256 => "PS256",
            SignedBy::Es256 => "ES256",
        }
    }
}

/// How the key of an encrypted token's content is encrypted: its `alg` (RFC 7518 section 4.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KeyManagement {
    /// RSAES OAEP with SHA-1, whose collisions do not matter here.
    RsaOaep,
    /// RSAES OAEP with SHA-256.
    RsaOaep256,
}

impl KeyManagement {
    /// Every one that is known.
    pub const ALL: [KeyManagement; 2] = [KeyManagement::RsaOaep, KeyManagement::RsaOaep256];

    /// The value of `alg`.
    #[must_use]
    pub const fn alg(self) -> &'static str {
        match self {
            KeyManagement::RsaOaep => "RSA-OAEP",
            KeyManagement::RsaOaep256 => "RSA-OAEP-256",
        }
    }
}

/// How the content of an encrypted token is encrypted: its `enc` (RFC 7518 sections 5.2.3 and 5.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ContentEncryption {
    /// AES-128 in CBC mode, with HMAC SHA-256.
    A128CbcHs256,
    /// AES-128 in Galois/Counter mode.
    A128Gcm,
    /// AES-256 in Galois/Counter mode.
    A256Gcm,
}

impl ContentEncryption {
    /// Every one that is known.
    pub const ALL: [ContentEncryption; 3] =
        [ContentEncryption::A128CbcHs256, ContentEncryption::A128Gcm, ContentEncryption::A256Gcm];

    /// The value of `enc`.
    #[must_use]
    pub const fn enc(self) -> &'static str {
        match self {
            ContentEncryption::A128CbcHs256 => "A128CBC-HS256",
            ContentEncryption::A128Gcm => "A128GCM",
            ContentEncryption::A256Gcm => "A256GCM",
        }
    }
}

/// What a provider's tokens may be encrypted with. What is not encrypted is not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Encryption {
    /// For the key of the content.
    pub key_management: Vec<KeyManagement>,
    /// For the content.
    pub content: Vec<ContentEncryption>,
}

/// What happens to somebody who is proved to be who they are, and whom the tenant does not know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum UnknownPeople {
    /// They see a page that says what to do.
    Refused,
    /// They get an account (LOGIN-3).
    Admitted,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_password_alone_may_have_proved_is_not_two_factors() {
        let levels = |acr: &str, assurance| vec![Level { acr: acr.into(), assurance }];
        for weak in [DIGID_CLASSES[0], FAS_CLASSES[0], FAS_CLASSES[1], EHERKENNING_CLASSES[0], EIDAS_CLASSES[0]] {
            assert!(may_be_one_factor(&levels(weak, Assurance::Low), Assurance::Low), "{weak}");
            let more = [levels(weak, Assurance::Low), levels("more", Assurance::Substantial)].concat();
            assert!(!may_be_one_factor(&more, Assurance::Substantial), "{weak}: the other level is worth that");
        }
        for strong in [DIGID_CLASSES[1], FAS_CLASSES[3], EHERKENNING_CLASSES[1], EIDAS_CLASSES[1]] {
            assert!(!may_be_one_factor(&levels(strong, Assurance::Low), Assurance::Low), "{strong}");
        }
    }
}
