//! `/login/{attempt}`: choose with which key to log in. The keys are grouped as LOGIN-2 asks.

use askama::Template;
use jiff::civil::Date;

use super::{Frame, Page};
use crate::pages::text::Text;

/// The page on which a person chooses a key.
#[derive(Template)]
#[template(path = "login.html")]
pub struct Login {
    pub frame: Frame,
    /// The login attempt.
    pub attempt: String,
    /// The register for which the person logs in; `None` when for the account page.
    pub register: Option<String>,
    /// Set when a session ended, and one comes back to where one was.
    pub session_ended: bool,
    /// Set when an authenticator app was set up just now.
    pub app_set_up: bool,
    /// Set when the session is not strong enough for what was asked (LOGIN-14).
    pub more_assurance: bool,
    /// Set when who is logged in has to use another key for this register (LOGIN-4).
    pub other_key: Option<OtherKey>,
    /// The groups in the tenant's order. A group without keys is not shown.
    pub groups: Vec<KeyGroup>,
    /// Whether anyone may look up here who is registered (LOOKUP-1).
    pub lookup: bool,
    /// Whether who has no account may ask for one (LOGIN-12).
    pub new_account: bool,
}

/// Why another key is asked than the one in use (LOGIN-4): the rule is the register's, and the person stays who they are.
pub struct OtherKey {
    /// The register.
    pub register: String,
    /// Whether it stands under public law; else under private law.
    pub public_law: bool,
    /// The key in use, in words.
    pub used: Option<String>,
    /// The keys that the register takes of this person, in words.
    pub keys: Vec<String>,
    /// Since when it is so.
    pub since: Option<Date>,
    /// The profession for which it is so.
    pub registered_as: Option<String>,
}

impl OtherKey {
    fn law(&self, text: Text) -> String {
        let key = if self.public_law { "login-other-public" } else { "login-other-private" };
        let said = text.say_with(key).arg("register", self.register.as_str());
        said.arg("keys", self.keys.join(", ")).to_string()
    }
}

/// Keys of one kind.
pub struct KeyGroup {
    pub kind: KeyGroupKind,
    pub keys: Vec<Key>,
}

/// The kinds of keys, as the page of ProGezondheid groups them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyGroupKind {
    /// An electronic identity card, or a key of a recognised partner.
    Partner,
    /// A user name and password, with a code.
    Code,
    /// A means recognised in another European country.
    European,
    /// A passkey, without a password.
    Passkey,
}

impl KeyGroupKind {
    /// Every group, in the order of the page.
    pub const ALL: [KeyGroupKind; 4] =
        [KeyGroupKind::Partner, KeyGroupKind::Passkey, KeyGroupKind::Code, KeyGroupKind::European];

    /// The group's heading.
    pub fn heading(self, text: Text) -> String {
        let key = match self {
            Self::Partner => "login-group-partner",
            Self::Code => "login-group-code",
            Self::European => "login-group-european",
            Self::Passkey => "login-group-passkey",
        };
        text.say(key).into_owned()
    }
}

/// A way to log in.
pub struct Key {
    pub kind: KeyKind,
    /// What people call it, where its provider has a name of its own.
    pub name: Option<String>,
    /// Where it begins, for example `/login/{attempt}/password?second=email-code`. `None` while it is out of order.
    pub href: Option<String>,
}

/// The keys that a page can offer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyKind {
    /// User name and password, then a code by e-mail.
    EmailCode,
    /// User name and password, then a code by SMS or in a call.
    PhoneCode,
    /// User name and password, then a code of an authenticator app.
    Totp,
    /// User name and password, then a passkey.
    PasswordPasskey,
    /// User name and password, then a recovery code.
    RecoveryCode,
    /// A passkey.
    Passkey,
    /// The itsme app.
    Itsme,
    /// DigiD.
    Digid,
    /// eHerkenning, for an organization.
    Eherkenning,
    /// A means of another European country (eIDAS).
    Eidas,
    /// FAS, the one behind CSAM.
    Fas,
    /// Another OpenID provider.
    OpenId,
    /// The identity card in a reader, by the Web eID extension.
    Card,
    /// The same card, by the browser alone.
    CardCertificate,
}

impl Key {
    /// Its name, which is the text of its link.
    pub fn label(&self, text: Text) -> String {
        self.name.clone().unwrap_or_else(|| self.kind.label(text))
    }
}

impl KeyKind {
    /// The group that it stands in.
    #[must_use]
    pub const fn group(self) -> KeyGroupKind {
        match self {
            Self::EmailCode | Self::PhoneCode | Self::Totp | Self::PasswordPasskey | Self::RecoveryCode => {
                KeyGroupKind::Code
            }
            Self::Passkey => KeyGroupKind::Passkey,
            Self::Eidas => KeyGroupKind::European,
            Self::Itsme | Self::Digid | Self::Eherkenning | Self::Fas | Self::OpenId => KeyGroupKind::Partner,
            Self::Card | Self::CardCertificate => KeyGroupKind::Partner,
        }
    }

    /// What such a key is called.
    pub fn label(self, text: Text) -> String {
        let key = match self {
            Self::EmailCode => "login-key-email-code",
            Self::PhoneCode => "login-key-phone-code",
            Self::Totp => "login-key-totp",
            Self::PasswordPasskey => "login-key-password-passkey",
            Self::RecoveryCode => "login-key-recovery-code",
            Self::Passkey => "login-key-passkey",
            Self::Itsme => "login-key-itsme",
            Self::Digid => "login-key-digid",
            Self::Eherkenning => "login-key-eherkenning",
            Self::Eidas => "login-key-eidas",
            Self::Fas => "login-key-fas",
            Self::OpenId => "login-key-openid",
            Self::Card => "login-key-card",
            Self::CardCertificate => "login-key-card-certificate",
        };
        text.say(key).into_owned()
    }

    /// What one needs for it.
    pub fn hint(self, text: Text) -> String {
        let key = match self {
            Self::EmailCode => "login-key-email-code-hint",
            Self::PhoneCode => "login-key-phone-code-hint",
            Self::Totp => "login-key-totp-hint",
            Self::PasswordPasskey => "login-key-password-passkey-hint",
            Self::RecoveryCode => "login-key-recovery-code-hint",
            Self::Passkey => "login-key-passkey-hint",
            Self::Itsme => "login-key-itsme-hint",
            Self::Digid => "login-key-digid-hint",
            Self::Eherkenning => "login-key-eherkenning-hint",
            Self::Eidas => "login-key-eidas-hint",
            Self::Fas => "login-key-fas-hint",
            Self::OpenId => "login-key-openid-hint",
            Self::Card => "login-key-card-hint",
            Self::CardCertificate => "login-key-card-certificate-hint",
        };
        text.say(key).into_owned()
    }
}

impl Page for Login {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn title(&self) -> String {
        self.frame.text.say("login-title").into_owned()
    }
}
