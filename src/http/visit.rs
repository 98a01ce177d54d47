//! What is known of a request to a login host, before any page is thought of.

use std::{convert::Infallible, sync::Arc};

use axum::{extract::FromRequestParts, http::request::Parts};
use http::{
    HeaderMap,
    header::{ACCEPT_LANGUAGE, REFERER, USER_AGENT},
};

use crate::{
    base::{
        Language,
        token::{Token, TokenDigest},
    },
    domain::{path::ReturnPath, tenant::Tenant},
    http::{
        client_ip::Client,
        cookies,
        request_head::Target,
        server::Exchange,
        tls::{ClientCertificate, ShownCard},
        trace::RequestId,
    },
    pages::text::Text,
    service::{
        Core, Shared,
        sessions::{self, SignedIn},
    },
    storage::StoreError,
};

/// A request to a login host.
#[derive(Clone)]
pub struct Visit(Arc<Inner>);

struct Inner {
    shared: Shared,
    tenant: Arc<Tenant>,
    target: Target,
    id: RequestId,
    client: Client,
    certificate: Option<ClientCertificate>,
    card: Option<ShownCard>,
    language: Language,
    browser: Token,
    browser_is_new: bool,
    session: Option<TokenDigest>,
    agent: String,
    came_from: Option<String>,
    chosen_language: Option<Language>,
}

impl Visit {
    /// Reads a request's head.
    #[must_use]
    pub fn new(shared: Shared, tenant: Arc<Tenant>, exchange: Exchange, client: Client, headers: &HeaderMap) -> Self {
        let Exchange { target, id, certificate, card, .. } = exchange;
        let known = cookies::token(headers, cookies::BROWSER);
        let browser_is_new = known.is_none();
        let browser = known.unwrap_or_else(|| Token::new(&shared.core.random));
        let language = tenant.language(wanted_languages(headers));
        let agent = headers.get(USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
        let session = cookies::token(headers, cookies::SESSION).map(|token| token.digest());
        let came_from = page_before(headers, &tenant.origin);
        let chosen_language = chosen_language(headers).filter(|language| tenant.languages.contains(language));
        Self(Arc::new(Inner {
            shared,
            tenant,
            target,
            id,
            client,
            certificate,
            card,
            language,
            browser,
            browser_is_new,
            session,
            agent,
            came_from,
            chosen_language,
        }))
    }

    /// What use cases work with.
    #[must_use]
    pub fn core(&self) -> &Core {
        &self.0.shared.core
    }

    /// The core and all tenants.
    #[must_use]
    pub fn shared(&self) -> &Shared {
        &self.0.shared
    }

    /// The tenant whose login host it is.
    #[must_use]
    pub fn tenant(&self) -> &Tenant {
        &self.0.tenant
    }

    /// The request's number.
    #[must_use]
    pub fn id(&self) -> &RequestId {
        &self.0.id
    }

    /// Who asks, from where.
    #[must_use]
    pub fn client(&self) -> &Client {
        &self.0.client
    }

    /// The certificate that the program showed, where it was asked for one.
    #[must_use]
    pub fn certificate(&self) -> Option<&ClientCertificate> {
        self.0.certificate.as_ref()
    }

    /// What the person showed, on the listener that asks for their card.
    #[must_use]
    pub fn card(&self) -> Option<&ShownCard> {
        self.0.card.as_ref()
    }

    /// The language of the answer.
    #[must_use]
    pub fn language(&self) -> Language {
        self.0.language
    }

    /// The words of that language.
    #[must_use]
    pub fn text(&self) -> Text {
        Text::new(self.0.language)
    }

    /// Path and query.
    #[must_use]
    pub fn here(&self) -> String {
        self.0.target.path_and_query()
    }

    /// The page of this host on which the link or form stood, as far as the browser says.
    #[must_use]
    pub fn came_from(&self) -> Option<&str> {
        self.0.came_from.as_deref()
    }

    /// The language that the person chose themselves.
    #[must_use]
    pub fn chosen_language(&self) -> Option<Language> {
        self.0.chosen_language
    }

    /// The query, byte for byte.
    #[must_use]
    pub fn query(&self) -> &str {
        self.0.target.query.as_deref().unwrap_or_default()
    }

    /// What the browser says it is.
    #[must_use]
    pub fn agent(&self) -> &str {
        &self.0.agent
    }

    /// The digest that binds attempts to this browser.
    #[must_use]
    pub fn browser(&self) -> TokenDigest {
        self.0.browser.digest()
    }

    /// The cookie that a browser without one gets.
    #[must_use]
    pub fn new_browser_cookie(&self) -> Option<http::HeaderValue> {
        self.0
            .browser_is_new
            .then(|| cookies::set(cookies::BROWSER, &self.0.browser.reveal(), Some(cookies::BROWSER_LIFE)))
    }

    /// Whether the browser came without its cookie.
    #[must_use]
    pub fn browser_is_new(&self) -> bool {
        self.0.browser_is_new
    }

    /// The digest of the session's token that came along.
    #[must_use]
    pub fn session(&self) -> Option<TokenDigest> {
        self.0.session
    }

    /// The token of the forms on this page: known only to who has the browser's and the session's cookie.
    #[must_use]
    pub fn csrf(&self) -> String {
        self.csrf_with(self.0.session)
    }

    /// The same for a session that just began.
    #[must_use]
    pub fn csrf_with(&self, session: Option<TokenDigest>) -> String {
        let browser = self.0.browser.reveal();
        let session = session.map(|digest| digest.text()).unwrap_or_default();
        TokenDigest::of(format!("csrf {browser} {session}").as_bytes()).text()
    }

    /// Who is signed in.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn signed_in(&self) -> Result<Option<SignedIn>, StoreError> {
        match self.0.session {
            None => Ok(None),
            Some(token) => sessions::find(self.core(), self.tenant(), token).await,
        }
    }
}

fn chosen_language(headers: &HeaderMap) -> Option<Language> {
    cookies::read(headers, cookies::LANGUAGE).and_then(Language::from_tag)
}

/// The page of `origin` that a request says it comes from (RFC 9110 section 10.1.3): where to lead a person back to. Nothing is
/// decided by it.
#[must_use]
pub fn page_before(headers: &HeaderMap, origin: &str) -> Option<String> {
    let path = headers.get(REFERER)?.to_str().ok()?.strip_prefix(origin)?;
    ReturnPath::parse(path).ok().map(|path| path.as_str().to_owned())
}

/// Languages in the order of preference: what was chosen before, then `Accept-Language` (RFC 9110 section 12.5.4).
#[must_use]
pub fn wanted_languages(headers: &HeaderMap) -> Vec<Language> {
    let chosen = chosen_language(headers);
    let accepted = headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut weighed: Vec<(u32, Language)> = accepted
        .split(',')
        .take(20)
        .filter_map(|part| {
            let (tag, weight) = part.split_once(';').unwrap_or((part, ""));
            let weight = weight.trim().strip_prefix("q=").map_or(Some(1.0), |q| q.parse::<f32>().ok())?;
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 0..=1000")]
            let thousandths = (weight.clamp(0.0, 1.0) * 1000.0) as u32;
            Some((thousandths, Language::from_tag(tag.trim())?))
        })
        .collect();
    weighed.sort_by_key(|(weight, _)| std::cmp::Reverse(*weight));
    chosen.into_iter().chain(weighed.into_iter().map(|(_, language)| language)).collect()
}

impl<S: Sync> FromRequestParts<S> for Visit {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(parts
            .extensions
            .get::<Visit>()
            .cloned()
            .expect("the gateway puts a visit into every request to a login host"))
    }
}

#[cfg(test)]
mod tests {
    use http::{HeaderValue, header::COOKIE};

    use super::*;

    #[test]
    fn the_chosen_language_comes_before_the_browsers() {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT_LANGUAGE, HeaderValue::from_static("pl, de;q=0.5, fr-BE;q=0.8, nl;q=x"));
        assert_eq!(wanted_languages(&headers), [Language::Fr, Language::De]);
        headers.insert(COOKIE, HeaderValue::from_static("__Host-poort-language=en"));
        assert_eq!(wanted_languages(&headers), [Language::En, Language::Fr, Language::De]);
        headers.insert(COOKIE, HeaderValue::from_static("__Host-poort-language=xx<script>"));
        assert_eq!(wanted_languages(&headers), [Language::Fr, Language::De]);
    }
}
