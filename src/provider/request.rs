//! Checking an authorization request (OpenID Connect Core 1.0 section 3.1.2.2), before anybody is thought of.
//!
//! Until the client and its redirect URI are known to be registered, whatever is wrong is shown and never sent back
//! (RFC 6749 section 4.1.2.1, RFC 9700 section 4.11.2). From then on the client is told.

use std::time::Duration;

use jiff::civil::Date;

use super::parameters::Parameters;
use crate::{
    base::{Language, Timestamp},
    domain::{assurance::Assurance, callback::AuthorizationError, client::Client, tenant::Tenant},
    pages::views::application_refused::ApplicationRefusedKind,
    service::pending::{ClientRequest, Destination, Pending},
    token::claims::scope,
};

/// Longer ones could be no part of an ID token, or of a URL that everything between here and the client takes.
const LONGEST_NONCE: usize = 512;
const LONGEST_STATE: usize = 4096;

/// A request that may go on.
pub(super) struct Checked<'a> {
    /// Whose it is.
    pub client: &'a Client,
    /// What is kept of it.
    pub request: ClientRequest,
    /// How the person is to be asked.
    pub prompt: Prompt,
    /// An ID token that says who is expected (`id_token_hint`).
    pub hint: Option<String>,
    /// The first language of `ui_locales` that is spoken here.
    pub language: Option<Language>,
}

/// How the person is to be asked (`prompt`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Prompt {
    /// As little as is needed.
    Free,
    /// Not at all: `none`.
    Never,
    /// At least as what they act: `select_account`, and `consent`, since choosing as what one goes to which application is
    /// how one consents here.
    Choose,
    /// Who they are, whether they are logged in or not: `login`, and `max_age=0`.
    LogIn,
}

/// Why a request does not go on.
pub(super) enum Refused {
    /// Shown to the person, with the application's name where it is known.
    Shown(ApplicationRefusedKind, Option<String>),
    /// Told to the client.
    Told(Told),
}

/// What a client is told.
pub(super) struct Told {
    /// Its registered redirect URI.
    pub redirect_uri: String,
    /// Its `state`, as it came.
    pub state: Option<String>,
    /// The error.
    pub error: AuthorizationError,
    /// A sentence for its developers.
    pub description: &'static str,
}

/// Checks a request of a query that came at `now`.
pub(super) fn check<'a>(
    tenant: &'a Tenant,
    language: Language,
    query: &str,
    now: Timestamp,
) -> Result<Checked<'a>, Refused> {
    // Whoever reads the other of two values sees another request: nothing in it can be trusted, its redirect URI neither.
    let parameters =
        Parameters::of_query(query).map_err(|_| Refused::Shown(ApplicationRefusedKind::InvalidRequest, None))?;
    let client = parameters
        .get("client_id")
        .and_then(|id| tenant.client(id))
        .ok_or(Refused::Shown(ApplicationRefusedKind::UnknownApplication, None))?;
    // Character by character, and never a default: CVE-2023-6291, CVE-2024-52289, CVE-2024-8883, RFC 9700 section 4.1.3.
    let redirect_uri = parameters
        .get("redirect_uri")
        .filter(|uri| client.redirect_uris.iter().any(|registered| registered == uri))
        .ok_or_else(|| {
            let name = client.name.get(language).to_owned();
            Refused::Shown(ApplicationRefusedKind::RedirectNotRegistered, Some(name))
        })?;
    let state = parameters.get("state");
    details(tenant, client, redirect_uri, &parameters, now).map_err(|(error, description)| {
        Refused::Told(Told {
            redirect_uri: redirect_uri.to_owned(),
            state: state.filter(|state| state.len() <= LONGEST_STATE).map(str::to_owned),
            error,
            description,
        })
    })
}

type Wrong = (AuthorizationError, &'static str);

/// Everything of which the client may hear.
fn details<'a>(
    tenant: &'a Tenant,
    client: &'a Client,
    redirect_uri: &str,
    parameters: &Parameters,
    now: Timestamp,
) -> Result<Checked<'a>, Wrong> {
    use AuthorizationError as Error;
    for (name, error) in [
        ("request", Error::RequestNotSupported),
        ("request_uri", Error::RequestUriNotSupported),
        ("registration", Error::RegistrationNotSupported),
    ] {
        if parameters.get(name).is_some() {
            return Err((error, "send the parameters of the request themselves"));
        }
    }
    match parameters.get("response_type") {
        None => return Err((Error::InvalidRequest, "response_type is missing")),
        Some("code") => {}
        Some(_) => return Err((Error::UnsupportedResponseType, "only response_type=code")),
    }
    if parameters.get("response_mode").is_some_and(|mode| mode != "query") {
        return Err((Error::InvalidRequest, "only response_mode=query"));
    }
    let challenge = challenge(parameters)?;
    let prompt = prompt(parameters)?;
    let max_age = max_age(parameters)?;
    let prompt = if max_age == Some(Duration::ZERO) && prompt != Prompt::Never { Prompt::LogIn } else { prompt };
    let login_since = if prompt == Prompt::LogIn { Some(now) } else { max_age.map(|age| now.minus(age)) };
    let owned = |name: &str, longest, why| match parameters.get(name) {
        Some(value) if value.len() > longest => Err((Error::InvalidRequest, why)),
        value => Ok(value.map(str::to_owned)),
    };
    let request = ClientRequest {
        client: client.id.clone(),
        redirect_uri: redirect_uri.to_owned(),
        state: owned("state", LONGEST_STATE, "state has more than 4096 characters")?,
        nonce: owned("nonce", LONGEST_NONCE, "nonce has more than 512 characters")?,
        scope: granted(client, parameters)?,
        audience: audience(tenant, client, parameters)?,
        challenge,
        least: None,
        login_since,
    };
    let request = ClientRequest { least: least(tenant, &request, parameters, tenant.today(now))?, ..request };
    Ok(Checked {
        client,
        request,
        prompt,
        hint: parameters.get("id_token_hint").map(str::to_owned),
        language: parameters
            .list("ui_locales")
            .into_iter()
            .filter_map(Language::from_tag)
            .find(|language| tenant.languages.contains(language)),
    })
}

/// The PKCE challenge: of every client, and S256 alone (RFC 9700 section 2.1.1; CVE-2024-23647, CVE-2025-4144).
fn challenge(parameters: &Parameters) -> Result<String, Wrong> {
    // Without a method RFC 7636 means `plain`.
    if parameters.get("code_challenge_method") != Some("S256") {
        return Err((AuthorizationError::InvalidRequest, "PKCE is required: code_challenge_method=S256"));
    }
    let base64url = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_');
    match parameters.get("code_challenge") {
        Some(challenge) if challenge.len() == 43 && challenge.bytes().all(base64url) => Ok(challenge.to_owned()),
        _ => {
            Err((AuthorizationError::InvalidRequest, "PKCE is required: code_challenge is 43 characters of base64url"))
        }
    }
}

/// `prompt`; values that nobody here knows are ignored, as OpenID Connect Core 1.0 section 3.1.2.1 recommends.
fn prompt(parameters: &Parameters) -> Result<Prompt, Wrong> {
    let asked = parameters.list("prompt");
    if asked.contains(&"none") {
        return match asked.as_slice() {
            [_] => Ok(Prompt::Never),
            _ => Err((AuthorizationError::InvalidRequest, "prompt=none stands alone")),
        };
    }
    Ok(if asked.contains(&"login") {
        Prompt::LogIn
    } else if asked.contains(&"select_account") || asked.contains(&"consent") {
        Prompt::Choose
    } else {
        Prompt::Free
    })
}

fn max_age(parameters: &Parameters) -> Result<Option<Duration>, Wrong> {
    let Some(text) = parameters.get("max_age") else { return Ok(None) };
    if text.bytes().all(|b| b.is_ascii_digit()) {
        // More than fits is longer than any session.
        Ok(text.parse::<u32>().ok().map(|seconds| Duration::from_secs(seconds.into())))
    } else {
        Err((AuthorizationError::InvalidRequest, "max_age is a number of seconds"))
    }
}

/// What is asked for and the client may have, in the order of its registration; the rest is ignored (OpenID Connect Core 1.0
/// section 3.1.2.1), and the token response says what was granted (RFC 6749 section 3.3).
fn granted(client: &Client, parameters: &Parameters) -> Result<String, Wrong> {
    let asked = parameters.list("scope");
    if !asked.contains(&scope::OPENID) {
        return Err((AuthorizationError::InvalidScope, "the scope must contain openid"));
    }
    let granted: Vec<&str> = client.scopes.iter().map(String::as_str).filter(|scope| asked.contains(scope)).collect();
    if granted.contains(&scope::OPENID) {
        Ok(granted.join(" "))
    } else {
        Err((AuthorizationError::InvalidScope, "the client is not registered for openid"))
    }
}

/// The resource server of the access token (RFC 8707): one of the client's own.
fn audience(tenant: &Tenant, client: &Client, parameters: &Parameters) -> Result<String, Wrong> {
    let asked = parameters.get("resource").unwrap_or_else(|| client.default_audience(tenant));
    if client.may_ask_for(asked, tenant) {
        Ok(asked.to_owned())
    } else {
        Err((AuthorizationError::InvalidTarget, "the client is not registered for this resource"))
    }
}

/// The first of `acr_values` that is a level. One that no means of this client reaches is refused: silently less would be
/// taken for what was asked (CVE-2026-97176).
fn least(
    tenant: &Tenant,
    request: &ClientRequest,
    parameters: &Parameters,
    today: Date,
) -> Result<Option<Assurance>, Wrong> {
    let asked: Vec<Assurance> = parameters.list("acr_values").into_iter().filter_map(Assurance::from_acr).collect();
    if asked.is_empty() {
        return Ok(None);
    }
    let reachable = |least: &Assurance| {
        let request = ClientRequest { least: Some(*least), ..request.clone() };
        !Pending::to(Destination::Client(request)).means(tenant, today).is_empty()
    };
    match asked.into_iter().find(reachable) {
        Some(least) => Ok(Some(least)),
        None => Err((
            AuthorizationError::UnmetAuthenticationRequirements,
            "no way to log in for this client reaches the acr_values",
        )),
    }
}
