//! A tenant: an organization that runs registers, with its own login host, people, rules and looks.

use std::{collections::BTreeMap, time::Duration};

use jiff::{civil::Date, tz::TimeZone};

use super::{
    assurance::Assurance,
    client::Client,
    consent::Purpose,
    eid::Eid,
    lookup::LookupTerms,
    phone::PhoneTerms,
    register::{Backend, Register},
    upstream::{OpenIdProvider, SamlProvider, UnknownPeople, may_be_one_factor},
};
use crate::base::{Language, Timestamp, id::TenantId};

/// A text in the tenant's languages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Texts(BTreeMap<Language, String>);

impl Texts {
    /// From one text a language.
    #[must_use]
    pub fn new(texts: impl IntoIterator<Item = (Language, String)>) -> Self {
        Self(texts.into_iter().collect())
    }

    /// The text in `language`, or else in the first language that has one.
    #[must_use]
    pub fn get(&self, language: Language) -> &str {
        self.0.get(&language).or_else(|| self.0.values().next()).map_or("", String::as_str)
    }

    /// Whether there is a text in `language`.
    #[must_use]
    pub fn has(&self, language: Language) -> bool {
        self.0.contains_key(&language)
    }
}

/// A tenant as its file describes it.
#[derive(Clone, Debug)]
pub struct Tenant {
    /// Its slug.
    pub id: TenantId,
    /// Its name for people.
    pub name: Texts,
    /// The canonical name of its login host.
    pub host: String,
    /// `scheme://host[:port]` of its login host: the OpenID issuer.
    pub origin: String,
    /// The same where programs show a certificate (RFC 8705 section 5), when there is such a listener.
    pub mutual_tls_origin: Option<String>,
    /// The languages of its pages; the first is the default.
    pub languages: Vec<Language>,
    /// Where its dates are local.
    pub zone: TimeZone,
    /// The palette of its pages, one of [`PALETTES`].
    pub palette: String,
    /// Whom people can ask.
    pub help: HelpLine,
    /// Which national number its people have.
    pub national_number: NationalNumberKind,
    /// What they log in with beside a password.
    pub user_name: UserName,
    /// What one logs in with, in the order of the page.
    pub means: Vec<Means>,
    /// How long sessions and codes last.
    pub terms: Terms,
    /// How much may be looked up in those registers that are open to anyone.
    pub lookup: LookupTerms,
    /// Where codes may be sent by telephone, when they may.
    pub phone: Option<PhoneTerms>,
    /// Professions by code.
    pub professions: BTreeMap<String, Texts>,
    /// Rights in organizations by code.
    pub rights: BTreeMap<String, Texts>,
    /// Scopes of mandates by code.
    pub mandate_scopes: BTreeMap<String, Texts>,
    /// What people can consent to, in the order of the file.
    pub purposes: Vec<Purpose>,
    /// Whether people make accounts themselves.
    pub self_registration: Option<SelfRegistration>,
    /// What a capacity is called here, by its word, when not by its usual name.
    pub capacity_labels: BTreeMap<String, Texts>,
    /// Its registers.
    pub registers: Vec<Register>,
    /// Its backends.
    pub backends: Vec<Backend>,
    /// Its clients.
    pub clients: Vec<Client>,
    /// Other OpenID providers that its people may log in with.
    pub openid_providers: Vec<OpenIdProvider>,
    /// SAML identity providers that its people may log in with.
    pub saml_providers: Vec<SamlProvider>,
    /// What is believed of Belgian identity cards, where its people may log in with one.
    pub eid: Option<Eid>,
    /// `https://host[:port]` where people show the certificate of their card, when there is such a listener.
    pub card_origin: Option<String>,
}

impl Tenant {
    /// Today where the tenant is.
    #[must_use]
    pub fn today(&self, now: Timestamp) -> Date {
        now.date_in(&self.zone)
    }

    /// Every host that browsers come by.
    pub fn hosts(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.host.as_str()).chain(self.registers.iter().map(|register| register.host.as_str()))
    }

    /// What people can consent to under this code.
    #[must_use]
    pub fn purpose(&self, code: &str) -> Option<&Purpose> {
        self.purposes.iter().find(|purpose| purpose.code == code)
    }

    /// The register with this slug.
    #[must_use]
    pub fn register(&self, id: &str) -> Option<&Register> {
        self.registers.iter().find(|register| register.id == id)
    }

    /// The professions whose registrations anyone may look up, in the order of the registers; none unless a register says so.
    #[must_use]
    pub fn open_professions(&self) -> Vec<String> {
        self.registers.iter().flat_map(|register| register.lookup.iter().cloned()).collect()
    }

    /// The register in which anyone may look up the registrations of a profession.
    #[must_use]
    pub fn open_register(&self, profession: &str) -> Option<&Register> {
        self.registers.iter().find(|register| register.lookup.iter().any(|code| code == profession))
    }

    /// The backend with this slug.
    #[must_use]
    pub fn backend(&self, id: &str) -> Option<&Backend> {
        self.backends.iter().find(|backend| backend.id == id)
    }

    /// The client with this `client_id`.
    #[must_use]
    pub fn client(&self, id: &str) -> Option<&Client> {
        self.clients.iter().find(|client| client.id == id)
    }

    /// The provider whose login proves this factor.
    #[must_use]
    pub fn provider(&self, factor: Factor) -> Option<&OpenIdProvider> {
        self.openid_providers.iter().find(|provider| provider.factor == factor)
    }

    /// The SAML provider whose login proves this factor.
    #[must_use]
    pub fn saml_provider(&self, factor: Factor) -> Option<&SamlProvider> {
        self.saml_providers.iter().find(|provider| provider.factor == factor)
    }

    /// What happens to people whom this tenant does not know, and for whom the provider of this factor vouches.
    #[must_use]
    pub fn unknown_people(&self, factor: Factor) -> Option<UnknownPeople> {
        let saml = self.saml_provider(factor).map(|provider| provider.unknown_people);
        let card = self.eid.as_ref().filter(|_| factor.is_card()).map(|eid| eid.unknown_people);
        self.provider(factor).map(|provider| provider.unknown_people).or(saml).or(card)
    }

    /// Where a SAML provider finds our metadata.
    #[must_use]
    pub fn provider_metadata(&self, factor: Factor) -> String {
        format!("{}/federated/{}/metadata", self.origin, factor.word())
    }

    /// Where a provider sends people back to, one address each: what one answers cannot pass for another's answer
    /// (RFC 9700 section 4.4.2.2).
    #[must_use]
    pub fn provider_callback(&self, factor: Factor) -> String {
        format!("{}/federated/{}/callback", self.origin, factor.word())
    }

    /// Whether some means of this tenant has this factor.
    #[must_use]
    pub fn offers(&self, factor: Factor) -> bool {
        self.means.iter().any(|means| means.factors.contains(&factor))
    }

    /// The means with this id.
    #[must_use]
    pub fn means(&self, id: &str) -> Option<&Means> {
        self.means.iter().find(|means| means.id == id)
    }

    /// How long a login with these means lasts without use: the tenant's term, or what the provider allows when that is less.
    #[must_use]
    pub fn session_idle(&self, means: &str) -> Duration {
        let factors = self.means(means).map_or(&[][..], |means| means.factors.as_slice());
        factors.iter().filter_map(|factor| factor.most_idle()).fold(self.terms.session_idle, Duration::min)
    }

    /// How long a login with these means lasts however much it is used.
    #[must_use]
    pub fn session_absolute(&self, means: &str) -> Duration {
        let factors = self.means(means).map_or(&[][..], |means| means.factors.as_slice());
        factors.iter().filter_map(|factor| factor.longest()).fold(self.terms.session_absolute, Duration::min)
    }

    /// Whether everything that a login with these means gave ends when its session does, used or not: who proved it lets nobody use what
    /// it told any longer (DigiD's checklist, criterion D2). What is of no means any more ends too.
    #[must_use]
    pub fn ends_with_session(&self, means: &str) -> bool {
        self.means(means).is_none_or(|means| means.factors.iter().any(|factor| factor.most_idle().is_some()))
    }

    /// The values of `amr` (RFC 8176) of a login with these means that was worth this. Of another provider only what is so of every level
    /// that is worth it here: DigiD Basis, for one, is a password alone.
    #[must_use]
    pub fn amr(&self, means: &str, assurance: Assurance) -> Vec<&'static str> {
        let factors = self.means(means).map_or(&[][..], |means| means.factors.as_slice());
        let amr = |factor: &Factor| {
            let by_saml = self.saml_provider(*factor).map(|provider| provider.levels.as_slice());
            let levels = by_saml.or_else(|| self.provider(*factor).map(|provider| provider.levels.as_slice()));
            match levels.is_some_and(|levels| may_be_one_factor(levels, assurance)) {
                true => Factor::Password.amr(),
                false => factor.amr(),
            }
        };
        factors.iter().map(amr).collect()
    }

    /// The first of `wanted` that the tenant speaks, or its default.
    #[must_use]
    pub fn language(&self, wanted: impl IntoIterator<Item = Language>) -> Language {
        wanted
            .into_iter()
            .find(|language| self.languages.contains(language))
            .or_else(|| self.languages.first().copied())
            .unwrap_or(Language::En)
    }
}

/// That people who have no account may make one (LOGIN-3, LOGIN-12), and where they go on with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SelfRegistration {
    /// The register's slug.
    pub register: String,
    /// The path there.
    pub path: String,
}

/// The palettes that pages can wear: each pair of colours in them was checked for contrast (WCAG 1.4.3).
pub const PALETTES: [&str; 5] = ["ocean", "forest", "plum", "brick", "slate"];

/// Whom people can ask; shown on every page, at the same place (WCAG 3.2.6).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HelpLine {
    /// A telephone number.
    pub phone: Option<String>,
    /// An e-mail address.
    pub email: Option<String>,
    /// When somebody answers.
    pub hours: Texts,
}

/// The national number of a tenant's people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NationalNumberKind {
    /// The Dutch BSN.
    Bsn,
    /// The Belgian national register number.
    NationalRegister,
}

impl NationalNumberKind {
    /// Whether a text has the digits of one and nothing else. Where such a number may not stand, such a text may not: whether it
    /// is one is then nobody's question.
    #[must_use]
    pub fn could_be(self, text: &str) -> bool {
        let length = match self {
            NationalNumberKind::Bsn => 9,
            NationalNumberKind::NationalRegister => 11,
        };
        text.len() == length && text.bytes().all(|b| b.is_ascii_digit())
    }
}

/// What people type beside their password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum UserName {
    /// Their e-mail address.
    #[default]
    Email,
    /// Their registration number, which they get by mail with a way to set the password (LOGIN-11); or their e-mail address.
    RegistrationNumber,
}

/// A means of logging in (digitale sleutel): the factors that are proved one after another, and what they are worth.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Means {
    /// Its slug in the tenant's file.
    pub id: String,
    /// The factors, in order.
    pub factors: Vec<Factor>,
    /// The assurance of a login with it.
    pub assurance: Assurance,
}

/// Something that a login proves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Factor {
    /// A password that only the person knows.
    Password,
    /// A code of an authenticator app (RFC 6238).
    Totp,
    /// A code sent by e-mail.
    EmailCode,
    /// A code by telephone: in an SMS, or spoken in a call.
    PhoneCode,
    /// A passkey: a device, and what opens it (WebAuthn Level 3).
    Passkey,
    /// A code for who lost every other second factor.
    RecoveryCode,
    /// A login with the itsme app, at its provider.
    Itsme,
    /// A login with DigiD.
    Digid,
    /// A login with eHerkenning, for an organization.
    Eherkenning,
    /// A login with a means of another European country (eIDAS).
    Eidas,
    /// A login at the Belgian Federal Authentication Service (FAS), the one behind CSAM.
    Fas,
    /// A login at another OpenID provider, which the tenant's file names.
    OpenId,
    /// The Belgian identity card in a reader, by the Web eID extension of the browser.
    Eid,
    /// The same card, by the certificate that the browser shows in a TLS handshake.
    EidCertificate,
}

impl Factor {
    /// Every factor.
    pub const ALL: [Factor; 14] = [
        Factor::Password,
        Factor::Totp,
        Factor::EmailCode,
        Factor::PhoneCode,
        Factor::Passkey,
        Factor::RecoveryCode,
        Factor::Itsme,
        Factor::Digid,
        Factor::Eherkenning,
        Factor::Eidas,
        Factor::Fas,
        Factor::OpenId,
        Factor::Eid,
        Factor::EidCertificate,
    ];

    /// Whether another provider proves it, or a card that a state gave, and says who somebody is.
    #[must_use]
    pub const fn is_federated(self) -> bool {
        matches!(
            self,
            Factor::Itsme | Factor::Digid | Factor::Eherkenning | Factor::Eidas | Factor::Fas | Factor::OpenId
        ) || self.is_card()
    }

    /// Whether an identity card in a reader proves it.
    #[must_use]
    pub const fn is_card(self) -> bool {
        matches!(self, Factor::Eid | Factor::EidCertificate)
    }

    /// How long a login may last without use by the rules of who proves it: fifteen minutes with DigiD and eHerkenning.
    #[must_use]
    pub const fn most_idle(self) -> Option<Duration> {
        match self {
            Factor::Digid | Factor::Eherkenning => Some(Duration::from_secs(15 * 60)),
            Factor::Password
            | Factor::Totp
            | Factor::EmailCode
            | Factor::PhoneCode
            | Factor::Passkey
            | Factor::RecoveryCode
            | Factor::Itsme
            | Factor::Eidas
            | Factor::Fas
            | Factor::OpenId
            | Factor::Eid
            | Factor::EidCertificate => None,
        }
    }

    /// How long a login may last however much it is used, by the rules of who proves it: three hours with DigiD.
    #[must_use]
    pub const fn longest(self) -> Option<Duration> {
        match self {
            Factor::Digid => Some(Duration::from_secs(3 * 3600)),
            Factor::Eherkenning
            | Factor::Password
            | Factor::Totp
            | Factor::EmailCode
            | Factor::PhoneCode
            | Factor::Passkey
            | Factor::RecoveryCode
            | Factor::Itsme
            | Factor::Eidas
            | Factor::Fas
            | Factor::OpenId
            | Factor::Eid
            | Factor::EidCertificate => None,
        }
    }

    /// The word of the configuration and the database.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Factor::Password => "password",
            Factor::Totp => "totp",
            Factor::EmailCode => "email_code",
            Factor::PhoneCode => "phone_code",
            Factor::Passkey => "passkey",
            Factor::RecoveryCode => "recovery_code",
            Factor::Itsme => "itsme",
            Factor::Digid => "digid",
            Factor::Eherkenning => "eherkenning",
            Factor::Eidas => "eidas",
            Factor::Fas => "fas",
            Factor::OpenId => "openid",
            Factor::Eid => "eid",
            Factor::EidCertificate => "eid_certificate",
        }
    }

    /// The value of `amr` (RFC 8176).
    #[must_use]
    pub const fn amr(self) -> &'static str {
        match self {
            Factor::Password => "pwd",
            Factor::Totp | Factor::EmailCode | Factor::PhoneCode | Factor::RecoveryCode => "otp",
            // The card, which its PIN opens.
            Factor::Eid | Factor::EidCertificate => "sc",
            // The device, and what opened it: each passkey is verified by its owner.
            Factor::Passkey
            | Factor::Itsme
            | Factor::Digid
            | Factor::Eherkenning
            | Factor::Eidas
            | Factor::Fas
            | Factor::OpenId => "mfa",
        }
    }

    /// The factor of a word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|factor| factor.word() == word)
    }
}

/// How long things last in a tenant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terms {
    /// A session without use.
    pub session_idle: Duration,
    /// A session however much it is used.
    pub session_absolute: Duration,
    /// An attempt to log in.
    pub login_attempt: Duration,
    /// A code that is sent: by e-mail or by telephone.
    pub email_code: Duration,
    /// Before such a code may be sent again.
    pub email_code_resend: Duration,
    /// A link to reset a password.
    pub reset_link: Duration,
    /// A link to set the first password, in the mail that tells a new account (LOGIN-11).
    pub welcome_link: Duration,
    /// Wrong tries for an account before it waits.
    pub tries: u32,
    /// How long an account waits after too many tries.
    pub tries_window: Duration,
    /// An authorization code (RFC 6749 section 4.1.2).
    pub authorization_code: Duration,
    /// An access token.
    pub access_token: Duration,
    /// A refresh token that is not used.
    pub refresh_token: Duration,
}

impl Default for Terms {
    fn default() -> Self {
        const MINUTE: u64 = 60;
        Self {
            session_idle: Duration::from_secs(30 * MINUTE),
            session_absolute: Duration::from_secs(12 * 60 * MINUTE),
            login_attempt: Duration::from_secs(30 * MINUTE),
            email_code: Duration::from_secs(10 * MINUTE),
            email_code_resend: Duration::from_secs(MINUTE),
            reset_link: Duration::from_secs(30 * MINUTE),
            welcome_link: Duration::from_secs(72 * 60 * MINUTE),
            tries: 5,
            tries_window: Duration::from_secs(15 * MINUTE),
            authorization_code: Duration::from_secs(MINUTE),
            access_token: Duration::from_secs(5 * MINUTE),
            refresh_token: Duration::from_secs(8 * 60 * MINUTE),
        }
    }
}
