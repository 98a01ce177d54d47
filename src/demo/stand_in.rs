//! What all who stand in for a provider share: a page in the person's place, which says what it is not, what can be made to go wrong, and
//! the ways back to the gateway. What a provider says of somebody is written elsewhere, by each protocol.

use std::time::Duration;

use askama::Template;
use axum::response::{Html, IntoResponse, Response};
use http::{
    HeaderMap, HeaderValue, StatusCode,
    header::{ACCEPT_LANGUAGE, CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY, REFRESH},
};
use url::Url;

use crate::base::Language;

/// How long an answer takes that is to be slow: longer than anybody waits.
pub(super) const SLOW: Duration = Duration::from_secs(60);

/// A text in four languages: nl, fr, de, en.
pub(super) type Texts = [&'static str; 4];

/// A text in one of them.
pub(super) const fn say_in(texts: Texts, language: Language) -> &'static str {
    match language {
        Language::Nl => texts[0],
        Language::Fr => texts[1],
        Language::De => texts[2],
        Language::En => texts[3],
    }
}

/// One text in four languages a method: nl, fr, de, en; `{it}` is the provider's name.
macro_rules! say {
    ($($name:ident: $nl:literal, $fr:literal, $de:literal, $en:literal;)+) => {$(
        pub(in crate::demo) fn $name(self) -> String {
            $crate::demo::stand_in::say_in([$nl, $fr, $de, $en], self.language).replace("{it}", self.name)
        }
    )+};
}
pub(super) use say;

/// What every page of a stand-in says, in a language, about a provider.
#[derive(Clone, Copy)]
pub(super) struct Words {
    pub language: Language,
    /// What people call the provider.
    pub name: &'static str,
}

impl Words {
    /// In the language of a browser.
    pub(super) fn of(headers: &HeaderMap, name: &'static str) -> Self {
        let wanted = headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let language = wanted.split([',', ';']).find_map(|tag| Language::from_tag(tag.trim())).unwrap_or(Language::Nl);
        Self { language, name }
    }

    say! {
        not_it: "Dit is niet {it}", "Ceci n'est pas {it}", "Das ist nicht {it}", "This is not {it}";
        skip: "Naar de inhoud", "Vers le contenu", "Zum Inhalt", "Skip to content";
        who: "Wie bent u?", "Qui êtes-vous ?", "Wer sind Sie?", "Who are you?";
        unknown: "niemand kent deze persoon", "personne ne connaît cette personne", "niemand kennt diese Person", "nobody knows this person";
        acting_for: "voor", "pour", "für", "for";
        how: "Hoe logt u in?", "Comment vous connectez-vous ?", "Wie melden Sie sich an?", "How do you log in?";
        asked: "wordt ten minste gevraagd", "est demandé au moins", "wird mindestens verlangt", "is asked at least";
        failure: "Wat gaat er mis?", "Qu'est-ce qui échoue ?", "Was geht schief?", "What goes wrong?";
        nothing: "Niets", "Rien", "Nichts", "Nothing";
        slow: "{it} antwoordt niet op tijd", "{it} ne répond pas à temps", "{it} antwortet nicht rechtzeitig", "{it} does not answer in time";
        malformed: "{it} antwoordt onleesbaar", "{it} donne une réponse illisible", "{it} antwortet unlesbar", "{it} answers what cannot be read";
        wrong_key: "De handtekening is van een ander", "La signature est celle d'un autre", "Die Unterschrift ist von jemand anderem", "The signature is somebody else's";
        wrong_recipient: "Wie u bent is voor een ander versleuteld", "Votre identité est chiffrée pour un autre", "Wer Sie sind, ist für jemand anderen verschlüsselt", "Who you are is encrypted for somebody else";
        expired: "Het antwoord is verlopen", "La réponse a expiré", "Die Antwort ist abgelaufen", "The answer has expired";
        confirm: "Inloggen", "Se connecter", "Anmelden", "Log in";
        cancel: "Annuleren", "Annuler", "Abbrechen", "Cancel";
        back: "U gaat terug", "Vous retournez", "Sie gehen zurück", "You go back";
        go_on: "Verder", "Continuer", "Weiter", "Go on";
    }
}

/// What can be made to go wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Failure {
    Slow,
    Malformed,
    WrongKey,
    /// What is encrypted is so for somebody else.
    WrongRecipient,
    Expired,
}

impl Failure {
    /// Of those who encrypt nothing.
    pub(super) const PLAIN: &[Failure] = &[Failure::Slow, Failure::Malformed, Failure::WrongKey, Failure::Expired];
    /// Of those who encrypt.
    pub(super) const SEALED: &[Failure] =
        &[Failure::Slow, Failure::Malformed, Failure::WrongKey, Failure::WrongRecipient, Failure::Expired];

    /// The word of the form.
    const fn word(self) -> &'static str {
        match self {
            Failure::Slow => "slow",
            Failure::Malformed => "malformed",
            Failure::WrongKey => "wrong-key",
            Failure::WrongRecipient => "wrong-recipient",
            Failure::Expired => "expired",
        }
    }

    fn label(self, words: Words) -> String {
        match self {
            Failure::Slow => words.slow(),
            Failure::Malformed => words.malformed(),
            Failure::WrongKey => words.wrong_key(),
            Failure::WrongRecipient => words.wrong_recipient(),
            Failure::Expired => words.expired(),
        }
    }

    /// The one of a word; the form has none when nothing is to go wrong.
    pub(super) fn of(word: &str) -> Option<Self> {
        Self::SEALED.iter().find(|known| known.word() == word).copied()
    }
}

/// Something to choose.
pub(super) struct Choice {
    pub value: String,
    pub label: String,
}

/// The page in the person's place.
#[derive(Template)]
#[template(path = "stand_in.html", config = "src/demo/askama.toml")]
pub(super) struct Page<'a> {
    pub words: Words,
    pub title: String,
    /// Where this would happen in earnest.
    pub sample: String,
    pub action: &'static str,
    /// The request as it came, which the form carries on.
    pub carried: Vec<(&'static str, &'a str)>,
    pub who: String,
    pub people: Vec<Choice>,
    pub how: String,
    /// Which level is asked, in words.
    pub asked: String,
    pub levels: Vec<Choice>,
    /// The level that is asked.
    pub least: &'a str,
    pub failures: &'static [Failure],
    pub confirm: String,
    pub cancel: String,
}

/// Back by a link.
#[derive(Template)]
#[template(path = "stand_in_led.html", config = "src/demo/askama.toml")]
struct Led<'a> {
    words: Words,
    sample: &'a str,
    href: &'a str,
}

/// Back by a form.
#[derive(Template)]
#[template(path = "stand_in_posted.html", config = "src/demo/askama.toml")]
struct Posted<'a> {
    words: Words,
    sample: &'a str,
    to: &'a str,
    fields: &'a [(&'static str, String)],
}

/// Leads the person back to an address.
pub(super) fn lead_back(words: Words, sample: &str, to: &Url) -> Response {
    // Not a redirect: Chromium applies `form-action` to redirects after a form.
    let mut response = page(&Led { words, sample, href: to.as_str() });
    if let Ok(refresh) = HeaderValue::try_from(format!("0;url={to}")) {
        response.headers_mut().insert(REFRESH, refresh);
    }
    response
}

/// Has the person post these fields to an address.
pub(super) fn post_back(words: Words, sample: &str, to: &Url, fields: &[(&'static str, String)]) -> Response {
    let mut response = page(&Posted { words, sample, to: to.as_str(), fields });
    if let Ok(policy) = HeaderValue::try_from(policy(&to.origin().ascii_serialization())) {
        response.headers_mut().insert(CONTENT_SECURITY_POLICY, policy);
    }
    response
}

/// Renders a page.
pub(super) fn page(page: &impl Template) -> Response {
    match page.render() {
        Ok(html) => Html(html).into_response(),
        Err(error) => {
            tracing::error!(%error, "a page of the demo cannot be rendered");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

fn policy(form: &str) -> String {
    format!("default-src 'none'; style-src 'self'; base-uri 'none'; form-action {form}; frame-ancestors 'none'")
}

/// Adds what every answer of a stand-in has.
pub(super) async fn finish(mut response: Response) -> Response {
    let headers = response.headers_mut();
    if let Ok(policy) = HeaderValue::try_from(policy("'self'")) {
        headers.entry(CONTENT_SECURITY_POLICY).or_insert(policy);
    }
    for (name, value) in [(REFERRER_POLICY, "no-referrer"), (CACHE_CONTROL, "no-store")] {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    response
}
