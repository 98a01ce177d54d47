//! An application that uses the gateway as its OpenID provider (OIDC-1).

use std::time::Duration;

use super::{
    assurance::Assurance,
    certificate::CertificateProof,
    profile::Profile,
    register::TokenForm,
    tenant::{Tenant, Texts},
};

/// A registered client.
#[derive(Clone, Debug)]
pub struct Client {
    /// Its `client_id`, unique in the tenant.
    pub id: String,
    /// Its name for people.
    pub name: Texts,
    /// How it proves who it is at the token endpoint.
    pub authentication: ClientAuthentication,
    /// Where codes may be sent: compared character by character, never as patterns (CVE-2024-52289).
    pub redirect_uris: Vec<String>,
    /// Where people may go after signing out.
    pub post_logout_redirect_uris: Vec<String>,
    /// Where it hears that a login has ended.
    pub backchannel_logout: Option<BackchannelLogout>,
    /// The scopes it may ask.
    pub scopes: Vec<String>,
    /// Whether it gets refresh tokens for `offline_access`.
    pub refresh: bool,
    /// The resource servers it may ask access tokens for, by their `aud`; the first is the default.
    pub audiences: Vec<String>,
    /// The form of its tokens.
    pub form: TokenForm,
    /// The algorithm of its ID tokens.
    pub id_token_algorithm: SigningAlgorithm,
    /// The register that it is an application of, by its slug: then who logs in for it logs in as for the register (LOGIN-4).
    pub register: Option<String>,
    /// The ids of the means one may log in with for it.
    pub means: Vec<String>,
    /// The least assurance of a login for it.
    pub least_assurance: Assurance,
    /// What it may have in its own name. Then it logs nobody in: one client, one kind of grant.
    pub machine: Option<Machine>,
    /// The resource servers that it is, by their `aud`: it may ask what tokens for them are worth (RFC 7662).
    pub introspects: Vec<String>,
    /// Whether its access tokens are worth something only beside the certificate that it shows (RFC 8705 section 3.4).
    pub certificate_bound_tokens: bool,
    /// Set for an app on phones, that people pair with their account. Then nobody is sent to it.
    pub pairing: Option<Pairing>,
}

/// For whom an app is that people pair with their account, and for how long (PAIR-1, PAIR-2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pairing {
    /// The professions that it is offered to, by code.
    pub professions: Vec<String>,
    /// How long a phone stays paired.
    pub life: Duration,
    /// How long it stays so without being used.
    pub unused: Duration,
}

impl Pairing {
    /// Whether the app is for who acts with this profile.
    #[must_use]
    pub fn is_for(&self, profile: &Profile) -> bool {
        profile.profession.as_ref().is_some_and(|profession| self.professions.contains(profession))
    }
}

/// Where and how a client hears that a login has ended (OpenID Connect Back-Channel Logout 1.0 section 2.2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackchannelLogout {
    /// Where the logout token is posted: https, or http on the own machine.
    pub uri: String,
    /// Whether the client goes by the session (`sid`), and needs not be told whose it was (`sub`).
    pub session_required: bool,
}

/// What a program may have in its own name, without a person (RFC 6749 section 4.4).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Machine {
    /// The scopes it may ask, and gets when it asks for none in particular.
    pub scopes: Vec<String>,
    /// The resource servers it may ask access tokens for, by their `aud`; the first is the default.
    pub audiences: Vec<String>,
}

impl Client {
    /// A client that may do nothing yet: nobody is sent to it, and no login is good enough for it.
    #[must_use]
    pub fn new(id: String, name: Texts, authentication: ClientAuthentication) -> Self {
        Self {
            id,
            name,
            authentication,
            redirect_uris: Vec::new(),
            post_logout_redirect_uris: Vec::new(),
            backchannel_logout: None,
            scopes: Vec::new(),
            refresh: false,
            audiences: Vec::new(),
            form: TokenForm::default(),
            id_token_algorithm: SigningAlgorithm::default(),
            register: None,
            means: Vec::new(),
            least_assurance: Assurance::High,
            machine: None,
            introspects: Vec::new(),
            certificate_bound_tokens: false,
            pairing: None,
        }
    }

    /// What it may have in its own name; nothing for a public client, since everybody could be that one.
    #[must_use]
    pub fn in_its_own_name(&self) -> Option<&Machine> {
        self.machine.as_ref().filter(|_| !matches!(self.authentication, ClientAuthentication::None))
    }

    /// The `aud` of its access tokens when it names no resource: its first resource server, or the issuer itself.
    #[must_use]
    pub fn default_audience<'a>(&'a self, tenant: &'a Tenant) -> &'a str {
        self.audiences.first().map_or(tenant.origin.as_str(), String::as_str)
    }

    /// Whether it can do nothing where no certificate is asked for.
    #[must_use]
    pub fn needs_a_certificate(&self) -> bool {
        self.certificate_bound_tokens || matches!(self.authentication, ClientAuthentication::Certificate(_))
    }

    /// Whether it may have access tokens for this resource server.
    #[must_use]
    pub fn may_ask_for(&self, audience: &str, tenant: &Tenant) -> bool {
        self.audiences.iter().any(|known| known == audience) || audience == self.default_audience(tenant)
    }
}

/// How a client authenticates (OpenID Connect Core 1.0 section 9, RFC 8705 section 2).
#[derive(Clone, Debug)]
pub enum ClientAuthentication {
    /// `client_secret_basic` or `client_secret_post`; the SHA-256 of a secret of at least 256 bits is kept.
    Secret(crate::base::token::TokenDigest),
    /// `private_key_jwt` with one of these public keys (RFC 7523); each a JWK (RFC 7517).
    PrivateKeyJwt(Vec<serde_json::Value>),
    /// `tls_client_auth` or `self_signed_tls_client_auth` (RFC 8705 section 2).
    Certificate(CertificateProof),
    /// A public client; PKCE alone protects its code.
    None,
}

/// An algorithm that Poort signs with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum SigningAlgorithm {
    /// ECDSA with P-256 and SHA-256.
    #[default]
    Es256,
    /// RSASSA-PKCS1-v1_5 with SHA-256, for clients that know nothing else.
    Rs256,
}

impl SigningAlgorithm {
    /// Both.
    pub const ALL: [SigningAlgorithm; 2] = [SigningAlgorithm::Es256, SigningAlgorithm::Rs256];

    /// The `alg` of RFC 7518.
    #[must_use]
    pub const fn alg(self) -> &'static str {
        match self {
            SigningAlgorithm::Es256 => "ES256",
            SigningAlgorithm::Rs256 => "RS256",
        }
    }
}
