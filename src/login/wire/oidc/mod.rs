//! OpenID Connect as another provider's client: the authorization code flow with PKCE, `state`, `nonce` and `private_key_jwt`
//! (OpenID Connect Core 1.0 section 3.1, RFC 7636, RFC 9207, RFC 9700), or by a secret where a provider knows nothing better; with signed
//! requests where it takes them (RFC 9101).
//!
//! The one door of `openidconnect`, which reads the documents and verifies the tokens. It knows neither encryption nor
//! `private_key_jwt`: both are brought to it here, by what it uses as its HTTP client and as extra parameters. What it leaves open
//! (`azp`, `iat`, `at_hash`, `c_hash`, `auth_time`) is checked in `checks`. What a provider publishes is kept in `documents`; its endpoints
//! are asked in `exchange`.

mod checks;
mod documents;
mod exchange;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, atomic::AtomicU64},
    time::Duration,
};

use openidconnect::{
    AdditionalClaims, AdditionalProviderMetadata, Client as OidcClient, EmptyExtraTokenFields, EndpointMaybeSet,
    EndpointNotSet, EndpointSet, IdToken, IdTokenFields, LocalizedClaim, OAuth2TokenResponse, PkceCodeChallenge,
    PkceCodeVerifier, ProviderMetadata, StandardErrorResponse, StandardTokenResponse, TokenResponse, UserInfoClaims,
    core::{
        CoreAuthDisplay, CoreAuthPrompt, CoreClaimName, CoreClaimType, CoreClientAuthMethod, CoreErrorResponseType,
        CoreGenderClaim, CoreGrantType, CoreJsonWebKey, CoreJweContentEncryptionAlgorithm,
        CoreJweKeyManagementAlgorithm, CoreJwsSigningAlgorithm, CoreResponseMode, CoreResponseType, CoreRevocableToken,
        CoreRevocationErrorResponse, CoreSubjectIdentifierType, CoreTokenIntrospectionResponse, CoreTokenType,
    },
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use url::Url;
use zeroize::Zeroizing;

use self::documents::Documents;
use super::http::Client as Http;
use crate::{
    base::{Clock, Language, Random, Timestamp, breaker::Breaker, token::Token},
    domain::upstream::{OpenIdProvider, UserInfo},
    login::method::{Redirect, Refused, Returned},
    token::relying::RelyingKeys,
};

/// How long everything may take that a person waits for.
const PATIENCE: Duration = Duration::from_secs(8);

/// Every claim that has no place of its own. Never printed: a national number may be among them.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct MoreClaims(HashMap<String, Value>);
impl AdditionalClaims for MoreClaims {}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct MoreMetadata {
    /// RFC 9207 section 3.
    #[serde(default)]
    authorization_response_iss_parameter_supported: bool,
}
impl AdditionalProviderMetadata for MoreMetadata {}

type Metadata = ProviderMetadata<
    MoreMetadata,
    CoreAuthDisplay,
    CoreClientAuthMethod,
    CoreClaimName,
    CoreClaimType,
    CoreGrantType,
    CoreJweContentEncryptionAlgorithm,
    CoreJweKeyManagementAlgorithm,
    CoreJsonWebKey,
    CoreResponseMode,
    CoreResponseType,
    CoreSubjectIdentifierType,
>;
type SignedIdToken = IdToken<MoreClaims, CoreGenderClaim, CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm>;
type TokenAnswer = StandardTokenResponse<
    IdTokenFields<
        MoreClaims,
        EmptyExtraTokenFields,
        CoreGenderClaim,
        CoreJweContentEncryptionAlgorithm,
        CoreJwsSigningAlgorithm,
    >,
    CoreTokenType,
>;
type ErrorAnswer = StandardErrorResponse<CoreErrorResponseType>;
type Client = OidcClient<
    MoreClaims,
    CoreAuthDisplay,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJsonWebKey,
    CoreAuthPrompt,
    ErrorAnswer,
    TokenAnswer,
    CoreTokenIntrospectionResponse,
    CoreRevocableToken,
    CoreRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// A provider, as its client knows it.
pub struct Upstream {
    settings: OpenIdProvider,
    http: Http,
    keys: Arc<RelyingKeys>,
    clock: Clock,
    random: Random,
    breaker: Breaker,
    documents: Mutex<Option<Arc<Documents>>>,
    /// Held by the one who reads the documents.
    reading: tokio::sync::Mutex<()>,
    /// How often they were read, or not.
    readings: AtomicU64,
    rolled_over: Mutex<Option<Timestamp>>,
}

/// What is asked of a provider.
pub struct Question<'a> {
    /// The `acr` that is asked for.
    pub acr: &'a str,
    /// The claims that are asked for by name (OpenID Connect Core 1.0 section 5.5).
    pub claims: Option<Value>,
    /// Since when the person must have proved who they are.
    pub since: Option<Timestamp>,
    /// The language of the person.
    pub language: Language,
    /// What must come back with them.
    pub state: &'a Token,
    /// Where they come back to.
    pub redirect_uri: &'a str,
}

/// What a provider says of somebody, verified.
pub struct Answer {
    /// How they proved who they are.
    pub acr: String,
    /// When.
    pub at: Timestamp,
    /// Given name; empty when it is not said.
    pub given_name: String,
    /// Family name; empty when it is not said.
    pub family_name: String,
    id_token: HashMap<String, Value>,
    user_info: HashMap<String, Value>,
}

impl Answer {
    /// A claim of the ID token or of the userinfo answer; nothing when the two contradict each other.
    #[must_use]
    pub fn text(&self, claim: &str) -> Option<&str> {
        let in_token = self.id_token.get(claim).and_then(Value::as_str);
        let in_user_info = self.user_info.get(claim).and_then(Value::as_str);
        match (in_token, in_user_info) {
            (Some(a), Some(b)) if a != b => None,
            (a, b) => a.or(b),
        }
    }
}

/// What lasts between going and coming back.
#[derive(Serialize, Deserialize)]
struct Kept {
    /// Whom the person was sent to: an answer of another provider is none (RFC 9700 section 4.4).
    issuer: String,
    nonce: String,
    verifier: String,
    redirect_uri: String,
    since: Option<Timestamp>,
}

impl Upstream {
    /// A provider that nothing is known of yet.
    #[must_use]
    pub fn new(settings: OpenIdProvider, keys: Arc<RelyingKeys>, clock: Clock, random: Random) -> Self {
        Self {
            http: Http::new(&settings.issuer, &settings.hosts),
            settings,
            keys,
            clock,
            random,
            breaker: Breaker::default(),
            documents: Mutex::default(),
            reading: tokio::sync::Mutex::default(),
            readings: AtomicU64::new(0),
            rolled_over: Mutex::default(),
        }
    }

    /// How it is described in the tenant's file.
    #[must_use]
    pub const fn settings(&self) -> &OpenIdProvider {
        &self.settings
    }

    /// Whether nobody is sent there for the moment.
    #[must_use]
    pub fn is_out_of_order(&self) -> bool {
        self.breaker.is_open(self.clock.now())
    }

    /// Where the person goes.
    ///
    /// # Errors
    /// `OutOfOrder`.
    pub async fn authorize(&self, question: &Question<'_>) -> Result<Redirect, Refused> {
        // Whether it works again is tried by who comes back; nobody is sent there before.
        if self.is_out_of_order() {
            return Err(Refused::OutOfOrder("it failed too often".into()));
        }
        let documents = in_time(self.documents()).await?;
        let verifier = PkceCodeVerifier::new(Token::new(&self.random).reveal());
        let challenge = PkceCodeChallenge::from_code_verifier_sha256(&verifier);
        let nonce = Token::new(&self.random).reveal();
        let mut scope = "openid".to_owned();
        self.settings.scopes.iter().for_each(|asked| scope = format!("{scope} {asked}"));
        let mut to: Url = documents.metadata.authorization_endpoint().url().clone();
        let state = question.state.reveal();
        let mut parameters = vec![
            ("response_type", "code"),
            ("client_id", &*self.settings.client_id),
            ("scope", &scope),
            ("redirect_uri", question.redirect_uri),
            ("state", &*state),
            ("nonce", &*nonce),
            ("code_challenge", challenge.as_str()),
            ("code_challenge_method", "S256"),
            ("acr_values", question.acr),
            ("ui_locales", question.language.code()),
        ];
        let claims = question.claims.as_ref().map(Value::to_string);
        parameters.extend(claims.as_deref().map(|claims| ("claims", claims)));
        if question.since.is_some() {
            // With `max_age` an answer says when the person proved who they are (OpenID Connect Core 1.0 section 3.1.2.1).
            parameters.extend([("prompt", "login"), ("max_age", "0")]);
        }
        if self.settings.signed_requests {
            let request = self.keys.request(&parameters, self.issuer(), self.clock.now(), &self.random);
            let request = request.map_err(|error| Refused::NotBelieved(error.to_string()))?;
            // Beside it stands only what OAuth asks for in any case (OpenID Connect Core 1.0 section 6.1).
            parameters.truncate(3);
            to.query_pairs_mut().extend_pairs(&parameters).append_pair("request", &request);
        } else {
            to.query_pairs_mut().extend_pairs(&parameters);
        }
        let kept = Kept {
            issuer: self.issuer().to_owned(),
            nonce,
            verifier: verifier.into_secret(),
            redirect_uri: question.redirect_uri.to_owned(),
            since: question.since,
        };
        let kept = serde_json::to_vec(&kept).map(Zeroizing::new).map_err(|_| not_believed("nothing can be kept"))?;
        Ok(Redirect { to, form: None, kept })
    }

    /// What the provider says of who came back.
    ///
    /// # Errors
    /// When nothing is proved.
    pub async fn identify(&self, kept: &[u8], returned: &Returned<'_>) -> Result<Answer, Refused> {
        let kept: Kept = serde_json::from_slice(kept).map_err(|_| not_believed("what was kept cannot be read"))?;
        in_time(async {
            let documents = self.documents().await?;
            let says_who = documents.metadata.additional_metadata().authorization_response_iss_parameter_supported;
            if kept.issuer != self.issuer() || returned.issuer.map_or(says_who, |issuer| issuer != kept.issuer) {
                return Err(not_believed("an answer of another provider (iss)"));
            }
            let code = match (returned.code, returned.error) {
                (Some(code), None) if !code.is_empty() => code,
                (None, Some("access_denied")) => return Err(Refused::Cancelled),
                (None, Some(error)) => return Err(Refused::NotBelieved(format!("the provider says {}", word(error)))),
                _ => return Err(not_believed("neither a code nor an error")),
            };
            self.admitted()?;
            let (answer, documents) = self.token(&documents, &kept, code).await?;
            let client = self.client(&documents, &kept)?;
            let id_token = answer.id_token().ok_or_else(|| not_believed("no ID token"))?;
            let claims = self.verified(&client, id_token, &kept, answer.access_token(), code)?;
            let user_info = match self.settings.user_info {
                UserInfo::NotAsked => None,
                _ => Some(self.user_info(&documents, &kept, answer.access_token(), claims.subject()).await?),
            };
            let acr = claims.auth_context_ref().ok_or_else(|| not_believed("no acr"))?.to_string();
            let at = self.authenticated_at(claims.auth_time(), claims.issue_time(), kept.since)?;
            let told = user_info.as_ref();
            let given = claims.given_name().or(told.and_then(UserInfoClaims::given_name));
            let family = claims.family_name().or(told.and_then(UserInfoClaims::family_name));
            let mut answer = Answer {
                acr,
                at,
                given_name: first(given, |name| name.as_str()),
                family_name: first(family, |name| name.as_str()),
                id_token: claims.additional_claims().0.clone(),
                user_info: told.map(|told| told.additional_claims().0.clone()).unwrap_or_default(),
            };
            // A provider may have names of its own for them.
            let names = &self.settings.claims;
            if let Some(given) = answer.text(&names.given_name) {
                answer.given_name = shown(given);
            }
            if let Some(family) = answer.text(&names.family_name) {
                answer.family_name = shown(family);
            }
            Ok(answer)
        })
        .await
    }

    /// The issuer as it writes itself: without the `/` that a URL without a path has.
    fn issuer(&self) -> &str {
        match self.settings.issuer.path() {
            "/" => self.settings.issuer.as_str().trim_end_matches('/'),
            _ => self.settings.issuer.as_str(),
        }
    }

    fn admitted(&self) -> Result<(), Refused> {
        match self.breaker.admits(self.clock.now()) {
            true => Ok(()),
            false => Err(Refused::OutOfOrder("it failed too often".into())),
        }
    }
}

/// The name that is said first. Empty when none is said.
fn first<T>(names: Option<&LocalizedClaim<T>>, text: fn(&T) -> &str) -> String {
    shown(names.and_then(|names| names.iter().next()).map_or("", |(_, name)| text(name)))
}

/// A name as it may be shown: on one line, and not without end.
fn shown(name: &str) -> String {
    name.chars().filter(|c| !c.is_control()).take(100).collect()
}

fn not_believed(why: &str) -> Refused {
    Refused::NotBelieved(why.to_owned())
}

/// An error code as it may stand in a log: what others write is cut to what a code is made of (RFC 6749 section 4.1.2.1).
fn word(error: &str) -> String {
    error.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_').take(40).collect()
}

async fn in_time<T>(asking: impl Future<Output = Result<T, Refused>>) -> Result<T, Refused> {
    let late = || Err(Refused::OutOfOrder("it takes too long".into()));
    tokio::time::timeout(PATIENCE, asking).await.unwrap_or_else(|_| late())
}
