//! OpenID Connect as another provider's client: the authorization code flow with PKCE, `state`, `nonce` and `private_key_jwt`
//! (OpenID Connect Core 1.0 section 3.1, RFC 7636, RFC 9207, RFC 9700).
//!
//! The one door of `openidconnect`, which reads the documents and verifies the tokens. It knows neither encryption nor
//! `private_key_jwt`: both are brought to it here, by what it uses as its HTTP client and as extra parameters. What it leaves open
//! (`azp`, `iat`, `at_hash`, `c_hash`, `auth_time`) is checked below.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use futures_util::future::BoxFuture;
use openidconnect::{
    AccessToken, AccessTokenHash, AdditionalClaims, AdditionalProviderMetadata, AsyncHttpClient, AuthType,
    AuthorizationCode, AuthorizationCodeHash, Client as OidcClient, ClientId, DiscoveryError, EmptyExtraTokenFields,
    EndpointMaybeSet, EndpointNotSet, EndpointSet, IdToken, IdTokenFields, IssuerUrl, JsonWebKey, LocalizedClaim,
    Nonce, OAuth2TokenResponse, PkceCodeChallenge, PkceCodeVerifier, ProviderMetadata, RedirectUrl, RequestTokenError,
    StandardErrorResponse, StandardTokenResponse, SubjectIdentifier, TokenResponse, UserInfoClaims, UserInfoError,
    UserInfoResponseType,
    core::{
        CoreAuthDisplay, CoreAuthPrompt, CoreClaimName, CoreClaimType, CoreClientAuthMethod, CoreErrorResponseType,
        CoreGenderClaim, CoreGrantType, CoreJsonWebKey, CoreJsonWebKeySet, CoreJweContentEncryptionAlgorithm,
        CoreJweKeyManagementAlgorithm, CoreJwsSigningAlgorithm, CoreResponseMode, CoreResponseType, CoreRevocableToken,
        CoreRevocationErrorResponse, CoreSubjectIdentifierType, CoreTokenIntrospectionResponse, CoreTokenType,
    },
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use url::Url;
use zeroize::Zeroizing;

use super::{
    breaker::Breaker,
    http::{Client as Http, Failed},
    incoming::Incoming,
};
use crate::{
    base::{Clock, Language, Random, Timestamp, token::Token},
    domain::upstream::{OpenIdProvider, SignedBy},
    login::method::{Redirect, Refused, Returned},
    token::{assertion, relying::RelyingKeys},
};

/// How long a provider's documents are fresh; older ones are used until new ones are there.
const FRESH: Duration = Duration::from_secs(3600);
/// How long they are used when the provider does not answer.
const STALE: Duration = Duration::from_secs(24 * 3600);
/// An unknown key makes us ask for the keys anew, so often at most.
const ROLLOVER: Duration = Duration::from_secs(30);
/// How far the provider's clock may be from ours.
const CLOCK_ALLOWANCE: Duration = Duration::from_secs(10);
/// How old an ID token may be: it comes straight from the provider.
const ID_TOKEN_AGE: Duration = Duration::from_secs(300);
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

/// What a provider publishes about itself, with its keys.
struct Documents {
    metadata: Metadata,
    read_at: Timestamp,
}

impl Documents {
    fn age(&self, now: Timestamp) -> Duration {
        now.since(self.read_at)
    }

    fn has_key(&self, kid: Option<&str>) -> bool {
        let keys = self.metadata.jwks().keys();
        kid.is_none_or(|kid| keys.iter().any(|key| key.key_id().is_some_and(|id| id.as_str() == kid)))
    }
}

/// A provider, as its client knows it.
pub struct Upstream {
    settings: OpenIdProvider,
    http: Http,
    keys: Arc<RelyingKeys>,
    clock: Clock,
    random: Random,
    breaker: Breaker,
    documents: Mutex<Option<Arc<Documents>>>,
    /// Held by the one who reads the documents; counts the readings.
    reading: tokio::sync::Mutex<u64>,
    rolled_over: Mutex<Option<Timestamp>>,
}

/// What `openidconnect` sends its requests through: what the provider encrypted is opened on the way in.
struct Through<'u> {
    upstream: &'u Upstream,
    opening: Opening,
    /// The key that the opened token says it is signed with.
    signed_with: Mutex<Option<String>>,
}

/// Which part of an answer is encrypted.
#[derive(Clone, Copy)]
enum Opening {
    Nothing,
    TokenAnswer,
    WholeAnswer,
}

impl<'c> AsyncHttpClient<'c> for Through<'_> {
    type Error = Failed;
    type Future = BoxFuture<'c, Result<http::Response<Vec<u8>>, Failed>>;

    fn call(&'c self, request: http::Request<Vec<u8>>) -> Self::Future {
        Box::pin(async move {
            let answer = self.upstream.http.send(request).await?;
            let settings = &self.upstream.settings;
            let incoming =
                Incoming { keys: &self.upstream.keys, encryption: &settings.encryption, signing: &settings.signing };
            let (opened, signed_with) = match self.opening {
                Opening::Nothing => (answer, None),
                Opening::TokenAnswer => incoming.token_answer(answer)?,
                Opening::WholeAnswer => incoming.whole_answer(answer)?,
            };
            *self.signed_with.lock().unwrap_or_else(PoisonError::into_inner) = signed_with;
            Ok(opened)
        })
    }
}

/// What is asked of a provider.
pub struct Question<'a> {
    /// The `acr` that is asked for.
    pub acr: &'a str,
    /// The claims that are asked for by name (OpenID Connect Core 1.0 section 5.5).
    pub claims: Value,
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

    /// Reads the documents anew when they are no longer fresh.
    pub async fn refresh(&self) {
        let now = self.clock.now();
        if self.known().is_some_and(|known| known.age(now) < FRESH) || !self.breaker.admits(now) {
            return;
        }
        if let Err(error) = self.read().await {
            tracing::warn!(provider = self.settings.factor.word(), %error, "a provider's documents cannot be read");
        }
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
        let claims = question.claims.to_string();
        to.query_pairs_mut().extend_pairs([
            ("response_type", "code"),
            ("client_id", &*self.settings.client_id),
            ("scope", &scope),
            ("redirect_uri", question.redirect_uri),
            ("state", &question.state.reveal()),
            ("nonce", &nonce),
            ("code_challenge", challenge.as_str()),
            ("code_challenge_method", "S256"),
            ("acr_values", question.acr),
            ("claims", &claims),
            ("ui_locales", question.language.code()),
        ]);
        if question.since.is_some() {
            // With `max_age` an answer says when the person proved who they are (OpenID Connect Core 1.0 section 3.1.2.1).
            to.query_pairs_mut().extend_pairs([("prompt", "login"), ("max_age", "0")]);
        }
        let kept = Kept {
            issuer: self.issuer().to_owned(),
            nonce,
            verifier: verifier.into_secret(),
            redirect_uri: question.redirect_uri.to_owned(),
            since: question.since,
        };
        let kept = serde_json::to_vec(&kept).map(Zeroizing::new).map_err(|_| not_believed("nothing can be kept"))?;
        Ok(Redirect { to, kept })
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
            let user_info = self.user_info(&documents, &kept, answer.access_token(), claims.subject()).await?;
            let acr = claims.auth_context_ref().ok_or_else(|| not_believed("no acr"))?.to_string();
            let at = self.authenticated_at(claims.auth_time(), claims.issue_time(), kept.since)?;
            Ok(Answer {
                acr,
                at,
                given_name: name(claims.given_name().or(user_info.given_name()), |name| name.as_str()),
                family_name: name(claims.family_name().or(user_info.family_name()), |name| name.as_str()),
                id_token: claims.additional_claims().0.clone(),
                user_info: user_info.additional_claims().0.clone(),
            })
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

    fn known(&self) -> Option<Arc<Documents>> {
        self.documents.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The documents: those that are known, when they are not too old; else the first who asks reads them.
    async fn documents(&self) -> Result<Arc<Documents>, Refused> {
        let usable = || self.known().filter(|known| known.age(self.clock.now()) < STALE);
        if let Some(known) = usable() {
            return Ok(known);
        }
        let readings = *self.reading.lock().await;
        match usable() {
            Some(known) => Ok(known),
            None => self.read_once(readings).await,
        }
    }

    /// Reads the documents unless somebody else did so since; then what came of that counts.
    async fn read_once(&self, readings: u64) -> Result<Arc<Documents>, Refused> {
        let mut reading = self.reading.lock().await;
        if *reading != readings {
            return self.known().ok_or_else(|| Refused::OutOfOrder("its documents could not be read".into()));
        }
        *reading += 1;
        self.admitted()?;
        self.read().await
    }

    async fn read(&self) -> Result<Arc<Documents>, Refused> {
        let issuer = IssuerUrl::new(self.issuer().to_owned()).map_err(|_| not_believed("the issuer is no URL"))?;
        let metadata = Metadata::discover_async(issuer, &self.through(Opening::Nothing))
            .await
            .map_err(|error| self.unread(&error))?;
        let endpoints = [
            Some(metadata.authorization_endpoint().url()),
            metadata.token_endpoint().map(|url| url.url()),
            metadata.userinfo_endpoint().map(|url| url.url()),
            Some(metadata.jwks_uri().url()),
        ];
        if !endpoints.into_iter().all(|url| url.is_some_and(|url| self.http.allows(url))) {
            self.breaker.failed(self.clock.now());
            return Err(Refused::OutOfOrder("an endpoint is missing, or on a host that is not configured".into()));
        }
        self.breaker.worked();
        Ok(self.keep(metadata))
    }

    fn keep(&self, metadata: Metadata) -> Arc<Documents> {
        let documents = Arc::new(Documents { metadata, read_at: self.clock.now() });
        *self.documents.lock().unwrap_or_else(PoisonError::into_inner) = Some(documents.clone());
        documents
    }

    /// The documents with a key that is not among those that are known, when the provider has it by now.
    async fn with_key(&self, documents: &Arc<Documents>, kid: Option<&str>) -> Result<Arc<Documents>, Refused> {
        if documents.has_key(kid) {
            return Ok(documents.clone());
        }
        let now = self.clock.now();
        {
            let mut last = self.rolled_over.lock().unwrap_or_else(PoisonError::into_inner);
            if last.is_some_and(|last| now.since(last) < ROLLOVER) {
                return Ok(documents.clone());
            }
            *last = Some(now);
        }
        let through = self.through(Opening::Nothing);
        let keys = CoreJsonWebKeySet::fetch_async(documents.metadata.jwks_uri(), &through).await;
        let keys = keys.map_err(|error| self.unread(&error))?;
        Ok(self.keep(documents.metadata.clone().set_jwks(keys)))
    }

    fn client(&self, documents: &Documents, kept: &Kept) -> Result<Client, Refused> {
        let redirect = RedirectUrl::new(kept.redirect_uri.clone()).map_err(|_| not_believed("no redirect URI"))?;
        let id = ClientId::new(self.settings.client_id.clone());
        // The client's id goes in the body, beside the assertion that proves it.
        Ok(Client::from_provider_metadata(documents.metadata.clone(), id, None)
            .set_redirect_uri(redirect)
            .set_auth_type(AuthType::RequestBody))
    }

    const fn through(&self, opening: Opening) -> Through<'_> {
        Through { upstream: self, opening, signed_with: Mutex::new(None) }
    }

    /// Redeems the code; also the documents, with the key that signed.
    async fn token(
        &self,
        documents: &Arc<Documents>,
        kept: &Kept,
        code: &str,
    ) -> Result<(TokenAnswer, Arc<Documents>), Refused> {
        let endpoint = documents.metadata.token_endpoint().map(|url| url.to_string()).unwrap_or_default();
        let proof = self.keys.assertion(&self.settings.client_id, &endpoint, self.clock.now(), &self.random);
        let proof = proof.map_err(|error| Refused::NotBelieved(error.to_string()))?;
        let through = self.through(Opening::TokenAnswer);
        let client = self.client(documents, kept)?;
        let request = client
            .exchange_code(AuthorizationCode::new(code.to_owned()))
            .map_err(|_| not_believed("no token endpoint"))?
            .set_pkce_verifier(PkceCodeVerifier::new(kept.verifier.clone()))
            .add_extra_param("client_assertion_type", assertion::TYPE)
            .add_extra_param("client_assertion", proof);
        let answer = request.request_async(&through).await;
        let answer = answer.map_err(|error| self.no_token(&error))?;
        self.breaker.worked();
        let kid = through.signed_with.into_inner().unwrap_or_else(PoisonError::into_inner);
        let documents = self.with_key(documents, kid.as_deref()).await?;
        Ok((answer, documents))
    }

    /// The claims of an ID token, when every check of them is passed.
    fn verified<'t>(
        &self,
        client: &Client,
        id_token: &'t SignedIdToken,
        kept: &Kept,
        access_token: &AccessToken,
        code: &str,
    ) -> Result<&'t openidconnect::IdTokenClaims<MoreClaims, CoreGenderClaim>, Refused> {
        let now = self.clock.now();
        let moment = moment(now);
        let oldest = now.minus(ID_TOKEN_AGE).seconds();
        let newest = now.plus(CLOCK_ALLOWANCE).seconds();
        let verifier = client
            .id_token_verifier()
            .set_allowed_algs(self.settings.signing.iter().map(|alg| algorithm(*alg)))
            .set_time_fn(move || moment)
            .set_issue_time_verifier_fn(move |issued| match (oldest..=newest).contains(&issued.timestamp()) {
                true => Ok(()),
                false => Err("issued too long ago, or in the future".to_owned()),
            });
        let claims = id_token
            .claims(&verifier, &Nonce::new(kept.nonce.clone()))
            .map_err(|error| Refused::NotBelieved(error.to_string()))?;
        if claims.authorized_party().is_some_and(|party| party.as_str() != self.settings.client_id) {
            return Err(not_believed("made for another client (azp)"));
        }
        let hashes = || {
            let alg = id_token.signing_alg().ok()?;
            let key = id_token.signing_key(&verifier).ok()?;
            let token = match claims.access_token_hash() {
                None => true,
                Some(hash) => *hash == AccessTokenHash::from_token(access_token, alg, key).ok()?,
            };
            let code = match claims.code_hash() {
                None => true,
                Some(hash) => {
                    let code = AuthorizationCode::new(code.to_owned());
                    *hash == AuthorizationCodeHash::from_code(&code, alg, key).ok()?
                }
            };
            Some(token && code)
        };
        match hashes() {
            Some(true) => Ok(claims),
            _ => Err(not_believed("its hash of the access token or of the code is another's")),
        }
    }

    /// The userinfo answer about `subject`, signed and encrypted.
    async fn user_info(
        &self,
        documents: &Arc<Documents>,
        kept: &Kept,
        access_token: &AccessToken,
        subject: &SubjectIdentifier,
    ) -> Result<UserInfoClaims<MoreClaims, CoreGenderClaim>, Refused> {
        let client = self.client(documents, kept)?;
        let request = client
            .user_info(access_token.clone(), Some(subject.clone()))
            .map_err(|_| not_believed("no userinfo endpoint"))?
            .require_signed_response(true)
            .set_response_type(UserInfoResponseType::Jwt);
        let answer = request.request_async(&self.through(Opening::WholeAnswer)).await;
        answer.map_err(|error| match error {
            UserInfoError::Request(failed) => self.failed(&failed),
            UserInfoError::ClaimsVerification(error) => Refused::NotBelieved(format!("userinfo: {error}")),
            UserInfoError::Response(status, ..) => {
                Refused::NotBelieved(format!("userinfo: status {status}, or its type"))
            }
            _ => not_believed("userinfo: it cannot be read"),
        })
    }

    /// When the person proved who they are. Without `auth_time` it is when the token was made: whoever must know asks with
    /// `max_age`, and then it is there.
    fn authenticated_at(
        &self,
        auth_time: Option<chrono::DateTime<chrono::Utc>>,
        issued: chrono::DateTime<chrono::Utc>,
        since: Option<Timestamp>,
    ) -> Result<Timestamp, Refused> {
        let now = self.clock.now();
        let said = match (auth_time, since) {
            (Some(at), _) => at,
            (None, None) => issued,
            (None, Some(_)) => return Err(Refused::TooOld),
        };
        let second = Timestamp::from_millis(said.timestamp().saturating_mul(1000));
        if second > now.plus(CLOCK_ALLOWANCE) {
            return Err(not_believed("auth_time lies in the future"));
        }
        // Whole seconds: what was proved within one counts from its end.
        let at = second.plus(Duration::from_millis(999)).min(now);
        match since {
            Some(since) if at.plus(CLOCK_ALLOWANCE) < since => Err(Refused::TooOld),
            // Within the allowance the clocks differ, not the logins.
            Some(since) => Ok(at.max(since.min(now))),
            None => Ok(at),
        }
    }

    /// A request that failed. Only what the provider did counts against it: a code that somebody made up does not.
    fn failed(&self, failed: &Failed) -> Refused {
        match failed {
            Failed::NotForUs(_) | Failed::NotAllowed => Refused::NotBelieved(failed.to_string()),
            Failed::Busy => Refused::OutOfOrder(failed.to_string()),
            _ => {
                self.breaker.failed(self.clock.now());
                Refused::OutOfOrder(failed.to_string())
            }
        }
    }

    fn unread(&self, error: &DiscoveryError<Failed>) -> Refused {
        match error {
            DiscoveryError::Request(failed @ Failed::Busy) => Refused::OutOfOrder(failed.to_string()),
            // What is in the document is not repeated: it is the provider's text.
            DiscoveryError::Request(failed) => {
                self.breaker.failed(self.clock.now());
                Refused::OutOfOrder(failed.to_string())
            }
            DiscoveryError::Response(status, ..) => {
                self.breaker.failed(self.clock.now());
                Refused::OutOfOrder(format!("its documents: status {status}, or their type"))
            }
            _ => {
                self.breaker.failed(self.clock.now());
                Refused::OutOfOrder("its documents cannot be read, or are another issuer's".into())
            }
        }
    }

    fn no_token(&self, error: &RequestTokenError<Failed, ErrorAnswer>) -> Refused {
        match error {
            RequestTokenError::Request(failed) => self.failed(failed),
            RequestTokenError::ServerResponse(answer) => {
                Refused::NotBelieved(format!("the token endpoint says {}", word(answer.error().as_ref())))
            }
            RequestTokenError::Parse(..) | RequestTokenError::Other(_) => {
                self.breaker.failed(self.clock.now());
                Refused::OutOfOrder("the token endpoint's answer cannot be read".into())
            }
        }
    }
}

/// A name as it may be shown: on one line, and not without end. Empty when none is said.
fn name<T>(names: Option<&LocalizedClaim<T>>, text: fn(&T) -> &str) -> String {
    let first = names.and_then(|names| names.iter().next()).map_or("", |(_, name)| text(name));
    first.chars().filter(|c| !c.is_control()).take(100).collect()
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

fn moment(now: Timestamp) -> chrono::DateTime<chrono::Utc> {
    chrono::DateTime::from_timestamp_millis(now.millis()).unwrap_or(chrono::DateTime::<chrono::Utc>::MAX_UTC)
}

const fn algorithm(signing: SignedBy) -> CoreJwsSigningAlgorithm {
    match signing {
        SignedBy::Rs256 => CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
        SignedBy::Ps256 => CoreJwsSigningAlgorithm::RsaSsaPssSha256,
        SignedBy::Es256 => CoreJwsSigningAlgorithm::EcdsaP256Sha256,
    }
}
