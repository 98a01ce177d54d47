//! The mails that Poort writes: plain text, at language level B1, in `mails/*.ftl`.
//!
//! Names come from registers and organizations, so they are values of a template and never part of it, and what could
//! break a line or a header is taken out of them.

use std::{borrow::Cow, sync::LazyLock, time::Duration};

use fluent_bundle::{FluentArgs, FluentResource, FluentValue, concurrent::FluentBundle};
use jiff::civil::Date;
use zeroize::Zeroizing;

use super::{Kind, Message};
use crate::{
    base::{Language, Timestamp},
    domain::tenant::Tenant,
};

/// What somebody is told.
#[derive(Clone, Copy)]
pub enum Mail<'a> {
    /// A code to log in with.
    EmailCode {
        /// Six digits.
        code: &'a str,
        /// How long it works.
        life: Duration,
    },
    /// A link to choose a new password.
    ResetLink {
        /// The whole URL, with its token.
        link: &'a str,
        /// How long it works.
        life: Duration,
    },
    /// A link to make the account that was asked for.
    AccountLink {
        /// The whole URL, with its token.
        link: &'a str,
        /// How long it works.
        life: Duration,
    },
    /// Somebody asked for an account with an address that has one.
    AccountExists,
    /// A link to confirm that an address is to be logged in with (LOGIN-7).
    AddressConfirm {
        /// The whole URL, with its token.
        link: &'a str,
        /// How long it works.
        life: Duration,
    },
    /// Somebody wants to log in with an address that has an account.
    AddressTaken,
    /// Another address was asked for.
    AddressChanging {
        /// The whole URL to object, with its token.
        link: &'a str,
        /// When.
        at: Timestamp,
    },
    /// Another address counts.
    AddressChanged {
        /// When.
        at: Timestamp,
    },
    /// The password was changed.
    PasswordChanged {
        /// When.
        at: Timestamp,
    },
    /// There were too many wrong tries, and the account waits.
    TooManyTries {
        /// When the last was.
        at: Timestamp,
        /// Until when nobody can log in.
        until: Timestamp,
    },
    /// What they log in with was changed.
    FactorChanged {
        /// How.
        change: FactorChange<'a>,
        /// When.
        at: Timestamp,
    },
    /// An access manager granted a right.
    RightGranted {
        /// The right's name in the person's language.
        right: &'a str,
        /// The organization's name.
        organization: &'a str,
        /// The access manager's name.
        manager: &'a str,
        /// The last day.
        until: Date,
    },
    /// An access manager took a right back.
    RightRevoked {
        /// The right's name in the person's language.
        right: &'a str,
        /// The organization's name.
        organization: &'a str,
        /// The access manager's name.
        manager: &'a str,
    },
    /// A phone was paired with the person's account.
    AppPaired {
        /// The app's name in the person's language.
        app: &'a str,
        /// What the phone is called.
        device: &'a str,
        /// When.
        at: Timestamp,
    },
    /// A register has made an account (LOGIN-11).
    Welcome {
        /// What the person logs in with.
        user_name: &'a str,
        /// The whole URL, with its token.
        link: &'a str,
        /// How long it works.
        life: Duration,
    },
}

impl Mail<'_> {
    /// Its kind.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        match self {
            Mail::EmailCode { .. } => Kind::EmailCode,
            Mail::ResetLink { .. } => Kind::ResetLink,
            Mail::AccountLink { .. } => Kind::AccountLink,
            Mail::AccountExists => Kind::AccountExists,
            Mail::AddressConfirm { .. } => Kind::AddressConfirm,
            Mail::AddressTaken => Kind::AddressTaken,
            Mail::AddressChanging { .. } => Kind::AddressChanging,
            Mail::AddressChanged { .. } => Kind::AddressChanged,
            Mail::PasswordChanged { .. } => Kind::PasswordChanged,
            Mail::TooManyTries { .. } => Kind::TooManyTries,
            Mail::FactorChanged { .. } => Kind::FactorChanged,
            Mail::RightGranted { .. } => Kind::RightGranted,
            Mail::RightRevoked { .. } => Kind::RightRevoked,
            Mail::AppPaired { .. } => Kind::AppPaired,
            Mail::Welcome { .. } => Kind::Welcome,
        }
    }
}

/// How what somebody logs in with was changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FactorChange<'a> {
    /// An authenticator app was set up, perhaps instead of another.
    AppAdded,
    /// The authenticator app was removed.
    AppRemoved,
    /// A telephone number was verified.
    PhoneVerified {
        /// Its last two digits.
        end: &'a str,
    },
    /// The telephone number was removed.
    PhoneRemoved,
    /// A passkey was added.
    PasskeyAdded {
        /// What its owner calls it.
        name: &'a str,
    },
    /// A passkey is called otherwise.
    PasskeyRenamed {
        /// What its owner calls it now.
        name: &'a str,
    },
    /// A passkey was removed.
    PasskeyRemoved {
        /// What its owner called it.
        name: &'a str,
    },
    /// A set of recovery codes was made; those before work no more.
    RecoveryCodesMade,
    /// Somebody logged in with a recovery code.
    RecoveryCodeUsed {
        /// How many are left.
        left: u32,
    },
}

impl<'a> FactorChange<'a> {
    /// The word by which a mail chooses its sentence.
    const fn word(self) -> &'static str {
        match self {
            FactorChange::AppAdded => "app-added",
            FactorChange::AppRemoved => "app-removed",
            FactorChange::PhoneVerified { .. } => "phone-verified",
            FactorChange::PhoneRemoved => "phone-removed",
            FactorChange::PasskeyAdded { .. } => "passkey-added",
            FactorChange::PasskeyRenamed { .. } => "passkey-renamed",
            FactorChange::PasskeyRemoved { .. } => "passkey-removed",
            FactorChange::RecoveryCodesMade => "recovery-codes-made",
            FactorChange::RecoveryCodeUsed { .. } => "recovery-code-used",
        }
    }

    const fn passkey(self) -> &'a str {
        match self {
            FactorChange::PasskeyAdded { name }
            | FactorChange::PasskeyRenamed { name }
            | FactorChange::PasskeyRemoved { name } => name,
            _ => "",
        }
    }

    const fn phone(self) -> &'a str {
        match self {
            FactorChange::PhoneVerified { end } => end,
            _ => "",
        }
    }

    const fn left(self) -> u32 {
        match self {
            FactorChange::RecoveryCodeUsed { left } => left,
            _ => 0,
        }
    }
}

/// Whom a mail is for.
#[derive(Clone, Copy)]
pub struct Recipient<'a> {
    /// Their name.
    pub name: &'a str,
    /// Their address.
    pub email: &'a str,
    /// The language they are written to in.
    pub language: Language,
}

/// Writes `mail` from `tenant` to `recipient`, in their language if the tenant speaks it.
#[must_use]
pub fn compose(mail: &Mail<'_>, tenant: &Tenant, recipient: &Recipient<'_>) -> Message {
    let letter = Letter { tenant, language: tenant.language([recipient.language]) };
    let mut values = letter.values(mail);
    set(&mut values, "name", recipient.name);
    let id = mail.kind().word().replace('_', "-");
    let subject = letter.text(&id, None, &values);
    let paragraphs = [letter.text("greeting", None, &values), letter.text(&id, Some("body"), &values)];
    let ending = [letter.help(), letter.text("footer", None, &values)];
    let mut body = Zeroizing::new(String::with_capacity(4096));
    for paragraph in paragraphs.into_iter().chain(ending).filter(|paragraph| !paragraph.is_empty()) {
        body.push_str(&Zeroizing::new(paragraph));
        body.push_str("\n\n");
    }
    let length = body.trim_end().len() + 1;
    body.truncate(length);
    Message {
        kind: mail.kind(),
        language: letter.language,
        sender: line(tenant.name.get(letter.language)),
        recipient: recipient.email.to_owned(),
        subject,
        body,
    }
}

struct Letter<'a> {
    tenant: &'a Tenant,
    language: Language,
}

impl Letter<'_> {
    fn values(&self, mail: &Mail<'_>) -> FluentArgs<'static> {
        let mut values = FluentArgs::new();
        set(&mut values, "tenant", self.tenant.name.get(self.language));
        set(&mut values, "host", &self.tenant.host);
        set(&mut values, "origin", &self.tenant.origin);
        match mail {
            Mail::EmailCode { code, life } => {
                set(&mut values, "code", code);
                values.set("minutes", minutes(*life));
            }
            Mail::ResetLink { link, life } | Mail::AccountLink { link, life } | Mail::AddressConfirm { link, life } => {
                values.set("link", text(line_of(link, usize::MAX)));
                values.set("minutes", minutes(*life));
            }
            Mail::AccountExists | Mail::AddressTaken => {}
            Mail::AddressChanging { link, at } => {
                values.set("link", text(line_of(link, usize::MAX)));
                set(&mut values, "moment", &self.moment(*at));
            }
            Mail::PasswordChanged { at } | Mail::AddressChanged { at } => set(&mut values, "moment", &self.moment(*at)),
            Mail::TooManyTries { at, until } => {
                set(&mut values, "moment", &self.moment(*at));
                set(&mut values, "until", &self.moment(*until));
            }
            Mail::FactorChanged { change, at } => {
                set(&mut values, "change", change.word());
                set(&mut values, "passkey", change.passkey());
                set(&mut values, "phone", change.phone());
                values.set("left", i64::from(change.left()));
                set(&mut values, "moment", &self.moment(*at));
            }
            Mail::RightGranted { right, organization, manager, until } => {
                set(&mut values, "right", right);
                set(&mut values, "organization", organization);
                set(&mut values, "manager", manager);
                set(&mut values, "until", &self.date(*until));
            }
            Mail::RightRevoked { right, organization, manager } => {
                set(&mut values, "right", right);
                set(&mut values, "organization", organization);
                set(&mut values, "manager", manager);
            }
            Mail::AppPaired { app, device, at } => {
                set(&mut values, "app", app);
                set(&mut values, "device", device);
                set(&mut values, "moment", &self.moment(*at));
            }
            Mail::Welcome { user_name, link, life } => {
                set(&mut values, "user_name", user_name);
                values.set("link", text(line_of(link, usize::MAX)));
                values.set("hours", FluentValue::from(life.as_secs() / 3600));
            }
        }
        values
    }

    /// Whom one can ask, or nothing where the tenant names nobody.
    fn help(&self) -> String {
        let help = &self.tenant.help;
        let mut lines = Vec::new();
        for (id, name, value) in [("help-phone", "phone", &help.phone), ("help-email", "email", &help.email)] {
            if let Some(value) = value {
                let mut values = FluentArgs::new();
                set(&mut values, name, value);
                lines.push(self.text(id, None, &values));
            }
        }
        if lines.is_empty() {
            return String::new();
        }
        lines.insert(0, self.text("help", None, &FluentArgs::new()));
        lines.extend(Some(line(help.hours.get(self.language))).filter(|hours| !hours.is_empty()));
        lines.join("\n")
    }

    fn date(&self, date: Date) -> String {
        let mut values = FluentArgs::new();
        values.set("day", i64::from(date.day()));
        values.set("month", i64::from(date.month()));
        values.set("year", text(date.year().to_string()));
        self.text("date", None, &values)
    }

    /// A date and a time of day where the tenant is.
    fn moment(&self, at: Timestamp) -> String {
        let time = jiff::Timestamp::from_millisecond(at.millis())
            .map(|at| at.to_zoned(self.tenant.zone.clone()).time())
            .map_or_else(|_| String::new(), |time| format!("{:02}:{:02}", time.hour(), time.minute()));
        let mut values = FluentArgs::new();
        set(&mut values, "date", &self.date(at.date_in(&self.tenant.zone)));
        set(&mut values, "time", &time);
        self.text("moment", None, &values)
    }

    fn text(&self, id: &str, attribute: Option<&str>, values: &FluentArgs<'_>) -> String {
        text_in(self.language, id, attribute, values)
    }
}

fn text_in(language: Language, id: &str, attribute: Option<&str>, values: &FluentArgs<'_>) -> String {
    let bundle = &BUNDLES[Language::ALL.iter().position(|known| *known == language).unwrap_or(0)];
    let pattern = bundle.get_message(id).and_then(|message| match attribute {
        None => message.value(),
        Some(attribute) => message.get_attribute(attribute).map(|attribute| attribute.value()),
    });
    // Every id and value in every language is read by a test.
    pattern
        .map_or_else(String::new, |pattern| bundle.format_pattern(pattern, Some(values), &mut Vec::new()).into_owned())
}

/// A text that is no mail, with a code in it, and how many minutes it works.
pub(super) fn say_code(
    language: Language,
    id: &str,
    attribute: Option<&str>,
    tenant: &Tenant,
    code: &str,
    life: Duration,
) -> String {
    let mut values = FluentArgs::new();
    set(&mut values, "tenant", tenant.name.get(language));
    set(&mut values, "code", code);
    values.set("minutes", minutes(life));
    text_in(language, id, attribute, &values)
}

fn minutes(life: Duration) -> FluentValue<'static> {
    FluentValue::from(life.as_secs() / 60)
}

fn text(value: String) -> FluentValue<'static> {
    FluentValue::String(Cow::Owned(value))
}

fn set(values: &mut FluentArgs<'static>, name: &'static str, value: &str) {
    values.set(name, text(line(value)));
}

/// A name, on one line and not longer than any name is.
fn line(value: &str) -> String {
    line_of(value, 200)
}

fn line_of(value: &str, longest: usize) -> String {
    value.chars().map(|c| if is_breaking(c) { ' ' } else { c }).take(longest).collect()
}

/// What ends a line somewhere, or turns the direction of what follows.
pub(super) fn is_breaking(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The texts, in the order of [`Language::ALL`].
static BUNDLES: LazyLock<[FluentBundle<FluentResource>; 4]> = LazyLock::new(|| {
    Language::ALL.map(|language| {
        let source = match language {
            Language::Nl => include_str!("mails/nl.ftl"),
            Language::Fr => include_str!("mails/fr.ftl"),
            Language::De => include_str!("mails/de.ftl"),
            Language::En => include_str!("mails/en.ftl"),
        };
        let resource = FluentResource::try_new(source.to_owned()).expect("a test reads every text");
        let tag = language.code().parse().expect("a two-letter code is a language tag");
        let mut bundle = FluentBundle::new_concurrent(vec![tag]);
        bundle.set_use_isolating(false);
        bundle.add_resource(resource).expect("a test reads every text");
        bundle
    })
});

#[cfg(test)]
pub(super) mod tests {
    use std::collections::BTreeMap;

    use jiff::tz::TimeZone;

    use super::*;
    use crate::domain::{
        lookup::LookupTerms,
        tenant::{HelpLine, NationalNumberKind, Terms, Texts},
    };

    pub const NOW: Timestamp = Timestamp::from_millis(1_795_352_700_000);

    pub fn tenant() -> Tenant {
        let texts = |text: &str| Texts::new(Language::ALL.map(|language| (language, text.to_owned())));
        Tenant {
            id: "progezondheid".parse().expect("a slug"),
            name: texts("ProGezondheid"),
            host: "progezondheid.localhost".into(),
            origin: "http://progezondheid.localhost:8080".into(),
            mutual_tls_origin: None,
            languages: Language::ALL.to_vec(),
            zone: TimeZone::get("Europe/Brussels").expect("compiled in"),
            palette: "green".into(),
            help: HelpLine {
                phone: Some("02 123 45 67".into()),
                email: Some("help@progezondheid.example".into()),
                hours: texts("9:00 - 17:00"),
            },
            national_number: NationalNumberKind::NationalRegister,
            user_name: crate::domain::tenant::UserName::Email,
            means: vec![],
            terms: Terms::default(),
            lookup: LookupTerms::default(),
            phone: None,
            professions: BTreeMap::new(),
            rights: BTreeMap::new(),
            mandate_scopes: BTreeMap::new(),
            purposes: vec![],
            self_registration: None,
            capacity_labels: BTreeMap::new(),
            registers: vec![],
            backends: vec![],
            clients: vec![],
            openid_providers: vec![],
            saml_providers: vec![],
            eid: None,
            card_origin: None,
        }
    }

    pub fn els(language: Language) -> Recipient<'static> {
        Recipient { name: "Els Peeters", email: "els@example.org", language }
    }

    fn every_mail() -> Vec<Mail<'static>> {
        let (right, organization, manager) = ("Rapporteren", "Ziekenhuis Sint-Anna", "Lotte Maes");
        let minutes = |count: u64| Duration::from_secs(count * 60);
        let changed = |change| Mail::FactorChanged { change, at: NOW };
        let name = "Telefoon";
        vec![
            Mail::EmailCode { code: "012345", life: minutes(10) },
            Mail::ResetLink { link: "http://progezondheid.localhost:8080/password/reset?token=abc", life: minutes(30) },
            Mail::AccountLink {
                link: "http://progezondheid.localhost:8080/account/confirm?token=abc",
                life: minutes(30),
            },
            Mail::AccountExists,
            Mail::AddressConfirm {
                link: "http://progezondheid.localhost:8080/account/address/confirm?token=abc",
                life: minutes(30),
            },
            Mail::AddressTaken,
            Mail::AddressChanging {
                link: "http://progezondheid.localhost:8080/account/address/object?token=abc",
                at: NOW,
            },
            Mail::AddressChanged { at: NOW },
            Mail::PasswordChanged { at: NOW },
            Mail::TooManyTries { at: NOW, until: NOW.plus(minutes(15)) },
            Mail::RightGranted { right, organization, manager, until: "2027-01-01".parse().expect("a date") },
            Mail::RightRevoked { right, organization, manager },
            Mail::AppPaired { app: "SKJ-app", device: "Telefoon van Els", at: NOW },
            Mail::Welcome {
                user_name: "20000111",
                link: "http://skj.localhost:8080/password/reset?token=abc",
                life: minutes(72 * 60),
            },
            changed(FactorChange::AppAdded),
            changed(FactorChange::AppRemoved),
            changed(FactorChange::PhoneVerified { end: "78" }),
            changed(FactorChange::PhoneRemoved),
            changed(FactorChange::PasskeyAdded { name }),
            changed(FactorChange::PasskeyRenamed { name }),
            changed(FactorChange::PasskeyRemoved { name }),
            changed(FactorChange::RecoveryCodesMade),
            changed(FactorChange::RecoveryCodeUsed { left: 9 }),
        ]
    }

    #[test]
    fn every_mail_in_every_language_as_reviewed() {
        let tenant = tenant();
        for language in Language::ALL {
            let mails: Vec<String> = every_mail()
                .iter()
                .map(|mail| compose(mail, &tenant, &els(language)))
                .map(|message| format!("Subject: {}\n\n{}", message.subject, *message.body))
                .collect();
            insta::assert_snapshot!(language.code(), mails.join("\n--------\n"));
        }
    }

    #[test]
    fn no_text_is_missing_and_no_value_without_a_name() {
        let tenant = tenant();
        for language in Language::ALL {
            for mail in every_mail() {
                let message = compose(&mail, &tenant, &els(language));
                let all = format!("{}\n{}", message.subject, *message.body);
                assert!(!all.contains(['{', '}', '$']), "{all}");
                assert!(message.subject.chars().count() <= 70 && message.subject.len() > 10, "{}", message.subject);
                assert!(message.body.contains("Els Peeters") && message.body.contains("02 123 45 67"));
                assert_eq!((message.kind, message.language), (mail.kind(), language));
                assert_eq!((&*message.sender, &*message.recipient), ("ProGezondheid", "els@example.org"));
            }
        }
    }

    #[test]
    fn a_code_is_said_with_the_host_it_is_for_and_not_in_the_subject() {
        let mail = Mail::EmailCode { code: "012345", life: Duration::from_secs(600) };
        let message = compose(&mail, &tenant(), &els(Language::Nl));
        assert!(message.body.contains("012345") && message.body.contains("progezondheid.localhost"));
        assert!(!message.subject.contains("012345"), "a subject is shown on a locked screen");
    }

    #[test]
    fn a_tenant_without_the_persons_language_writes_in_its_own() {
        let tenant = Tenant { languages: vec![Language::Nl, Language::En], ..tenant() };
        let message = compose(&Mail::PasswordChanged { at: NOW }, &tenant, &els(Language::De));
        assert_eq!(message.language, Language::Nl);
    }

    #[test]
    fn a_tenant_without_a_help_line_has_none_in_its_mails() {
        let tenant = Tenant { help: HelpLine::default(), ..tenant() };
        let message = compose(&Mail::PasswordChanged { at: NOW }, &tenant, &els(Language::Nl));
        assert!(!message.body.contains("Vragen?") && message.body.contains("automatisch"));
    }

    #[test]
    fn a_name_breaks_no_line_and_no_template() {
        let organization = "Sint-Anna\r\nBcc: victim@example.org\n\nKlik hier {$code} { help } \u{202e}gro";
        let mail = Mail::RightRevoked { right: "x", organization, manager: &"y".repeat(10_000) };
        let message = compose(&mail, &tenant(), &els(Language::Nl));
        assert!(message.subject.contains("Sint-Anna  Bcc: victim@example.org"));
        assert!(!message.subject.chars().any(is_breaking));
        assert!(message.body.contains("{$code} { help }"), "a value is never read as a template");
        assert!(message.body.len() < 2000);
        assert!(!message.body.lines().any(|line| line.starts_with("Bcc:")));
    }
}
