//! Every page with invented data, in every language: drawn in a test, checked for what no page may hold, and written
//! to `target/pages/{lang}/{page}.html` so that they can be looked at.

use std::fs;
use std::path::Path;

use jiff::civil::date;

use super::account::{Account, AssuranceName, RegisterLink, SessionRow};
use super::address::{Address, AddressProblem, AddressStep, Step};
use super::application_refused::{ApplicationRefused, ApplicationRefusedKind};
use super::card::Card;
use super::confirm_account::{AccountMade, ConfirmAccount, ConfirmProblem};
use super::consents::{Candidate, ConsentForm, ConsentProblem, Consents, Given, Whom};
use super::continue_to::ContinueTo;
use super::devices::{self, App, DeviceProblem, Devices, Offer, Phone};
use super::email_code::{CodeProblem, EmailCode};
use super::end_session::EndSession;
use super::factors::{FactorDone, FactorProblem, Factors, PasskeyRow, PhoneRow};
use super::failure::{Failure, FailureKind};
use super::forgotten_password::{ForgottenPassword, ForgottenPasswordProblem};
use super::forgotten_sent::ForgottenSent;
use super::insight::{Consenting, Gets, Insight};
use super::kept_form::{Field, Filled, KeptForm, KeptFormSent};
use super::link_spent::LinkSpent;
use super::login::{Key, KeyGroup, KeyGroupKind, KeyKind, Login, OtherKey};
use super::lookup::{Answer, Asked, Lookup, LookupProblem, Registrant, StatusName};
use super::mandators::{Mandator, Mandators, Results, Search, SearchProblem};
use super::new_account::{NewAccount, NewAccountProblem, NewAccountSent};
use super::new_app::NewApp;
use super::organization::{Done, GrantForm, GrantProblem, GrantedRight, Member, Organization, RightOption};
use super::passkey::{Passkey, PasskeyProblem};
use super::password::{Password, PasswordProblem, UserNames};
use super::phone::{self, PhoneProblem, PhoneVerify};
use super::phone_code::{PhoneCode, Way};
use super::profile::{CapacityGroup, CapacityOption, Missing, OrganizationOption, Profile, ProfileProblem};
use super::profile_conflict::{ProfileConflict, ProfileName};
use super::profile_continue::ProfileContinue;
use super::recovery_code::{RecoveryCode, RecoveryCodeProblem};
use super::recovery_codes::RecoveryCodes;
use super::refusal::{Lacking, Refusal};
use super::reset_done::ResetDone;
use super::reset_password::{ResetPassword, ResetPasswordProblem};
use super::send_on::SendOn;
use super::signed_out::SignedOut;
use super::tenants::{TenantLink, Tenants};
use super::totp::Totp;
use super::words::{AccessManagerContact, CapacityName};
use super::{Acting, Frame, Help, Page, Palette, SessionEnd};
use crate::base::Language;
use crate::pages::assets;
use crate::pages::text::Text;

const REFERENCE: &str = "7Q4K-M2XH-90TD";

/// The frame of a page for someone who is not signed in.
fn frame(language: Language) -> Frame {
    let hours = match language {
        Language::Nl => "maandag t/m vrijdag van 9.00 tot 17.00 uur",
        Language::Fr => "du lundi au vendredi de 9 h à 17 h",
        Language::De => "Montag bis Freitag von 9.00 bis 17.00 Uhr",
        Language::En => "Monday to Friday, 9 am to 5 pm",
    };
    Frame {
        text: Text::new(language),
        tenant: "ProGezondheid".into(),
        palette: Palette::Ocean,
        languages: Language::ALL.to_vec(),
        here: "/profile?attempt=a1".into(),
        csrf: "c5rf".into(),
        profile: None,
        person: None,
        acting: None,
        session: None,
        below: "",
        help: Help {
            name: "Service Center".into(),
            phone: "+32 2 555 01 23".into(),
            hours: hours.into(),
            email: "help@progezondheid.example".into(),
        },
    }
}

/// The frame of a page for someone who is signed in.
fn signed_in(language: Language, person: &str) -> Frame {
    Frame {
        person: Some(person.into()),
        profile: Some("p-els".into()),
        session: Some(SessionEnd { at: date(2026, 11, 22).at(14, 35, 0, 0), seconds: 900 }),
        ..frame(language)
    }
}

/// The frame of a page for Els Peeters, who acts for Jan Claes.
fn acting(language: Language) -> Frame {
    Frame {
        acting: Some(Acting::Mandate {
            name: "Jan Claes".into(),
            registration: Some("RIZIV 1-00001-06-004".into()),
            scope: "Administratief dossier".into(),
            until: Some(date(2027, 6, 30)),
            holder: None,
        }),
        ..signed_in(language, "Els Peeters")
    }
}

fn manager() -> AccessManagerContact {
    AccessManagerContact { name: "Lotte Maes".into(), email: Some("lotte.maes@sint-anna.example".into()) }
}

fn login(language: Language) -> Login {
    Login {
        frame: frame(language),
        attempt: "a1".into(),
        register: Some("Dossier zorgverlener".into()),
        session_ended: false,
        app_set_up: false,
        more_assurance: false,
        other_key: None,
        groups: vec![
            KeyGroup {
                kind: KeyGroupKind::Partner,
                keys: vec![
                    Key { kind: KeyKind::Digid, name: None, href: Some("/login/a1/with/digid".into()) },
                    Key { kind: KeyKind::Itsme, name: None, href: Some("/login/a1/with/itsme".into()) },
                ],
            },
            KeyGroup {
                kind: KeyGroupKind::Code,
                keys: vec![
                    Key {
                        kind: KeyKind::EmailCode,
                        name: None,
                        href: Some("/login/a1/password?second=email-code".into()),
                    },
                    Key {
                        kind: KeyKind::PhoneCode,
                        name: None,
                        href: Some("/login/a1/password?second=phone-code".into()),
                    },
                    Key { kind: KeyKind::Totp, name: None, href: Some("/login/a1/password?second=totp".into()) },
                ],
            },
            KeyGroup { kind: KeyGroupKind::European, keys: vec![] },
        ],
        lookup: true,
        new_account: true,
    }
}

fn password(language: Language, problems: Vec<PasswordProblem>) -> Password {
    let user_name = if problems.is_empty() { String::new() } else { "els.peeters@example.be".into() };
    Password {
        frame: frame(language),
        attempt: "a1".into(),
        key: KeyKind::EmailCode,
        user_names: UserNames::Address,
        second: "email-code",
        passkey: None,
        user_name,
        wait: 15,
        problems,
    }
}

fn email_code(language: Language, problem: Option<CodeProblem>) -> EmailCode {
    EmailCode {
        frame: frame(language),
        attempt: "a1".into(),
        digits: 6,
        valid_minutes: 10,
        resend_after: problem.is_none().then_some(30),
        sent_again: false,
        asked_too_soon: false,
        code: if problem.is_some() { "12 34".into() } else { String::new() },
        problem,
    }
}

fn phone_code(language: Language, way: Way, problem: Option<CodeProblem>) -> PhoneCode {
    PhoneCode {
        frame: frame(language),
        attempt: "a1".into(),
        digits: 6,
        valid_minutes: 10,
        way,
        resend_after: problem.is_none().then_some(30),
        mail_instead: true,
        sent_again: false,
        asked_too_soon: false,
        not_by_mail: false,
        code: String::new(),
        problem,
    }
}

fn phone(language: Language, problem: Option<PhoneProblem>) -> phone::Phone {
    phone::Phone {
        frame: signed_in(language, "Jan Claes"),
        attempt: Some("a1".into()),
        waits: None,
        verified: None,
        helpdesk: true,
        begin_again: false,
        number: if problem.is_some() { "0900 1234567".into() } else { String::new() },
        problem,
    }
}

fn phone_verify(language: Language, called: bool, problem: Option<CodeProblem>) -> PhoneVerify {
    PhoneVerify {
        frame: signed_in(language, "Jan Claes"),
        attempt: None,
        token: "t0k3n".into(),
        called,
        end: "78".into(),
        digits: 6,
        valid_minutes: 10,
        problem,
    }
}

fn profile(language: Language) -> Profile {
    let text = Text::new(language);
    let option = |value: &str, label: String| CapacityOption {
        value: value.into(),
        label,
        hint: None,
        chosen: value == "citizen",
    };
    Profile {
        frame: signed_in(language, "Jan Claes"),
        attempt: Some("a1".into()),
        register: Some("Dossier zorgverlener".into()),
        groups: vec![
            CapacityGroup { heading: None, options: vec![option("citizen", CapacityName::Citizen.say(text))] },
            CapacityGroup {
                heading: Some(CapacityName::Professional.say(text)),
                options: vec![option("physician", "Arts".into()), option("physiotherapist", "Kinesitherapeut".into())],
            },
        ],
        organizations: vec![
            OrganizationOption {
                value: "o1".into(),
                name: "Ziekenhuis Sint-Anna".into(),
                number: Some("KBO 0403.019.261".into()),
                chosen: false,
            },
            OrganizationOption {
                value: "o2".into(),
                name: "Verzekeringen De Brug NV".into(),
                number: Some("KBO 0202.239.951".into()),
                chosen: false,
            },
        ],
        missing: vec![],
        problem: None,
    }
}

fn lookup(language: Language, name: &str, answer: Option<Answer>, problem: Option<LookupProblem>) -> Lookup {
    let asked = Asked { name: name.into(), ..Asked::default() };
    Lookup {
        frame: frame(language),
        registers: vec!["Kwaliteitsregister Leerplicht/RMC".into()],
        asked,
        least_name: 3,
        answer,
        problem,
    }
}

fn registrants() -> Vec<Registrant> {
    let registrant = |name: &str, number: &str, status| Registrant {
        name: name.into(),
        number: number.into(),
        register: "Kwaliteitsregister Leerplicht/RMC".into(),
        profession: "Leerplichtambtenaar".into(),
        status,
    };
    vec![
        registrant("Fatima van den Berg", "99900041", StatusName::Certified),
        registrant("Joris van den Berg-Wolfeschlegelsteinhausen", "99900042", StatusName::Registered),
    ]
}

fn mandators(language: Language) -> Mandators {
    Mandators {
        frame: signed_in(language, "Els Peeters"),
        attempt: Some("a1".into()),
        choose: true,
        enterprise: None,
        search: Search::default(),
        results: None,
        problems: vec![],
    }
}

fn found(count: u32, page: u32, pages: u32, mandators: Vec<Mandator>) -> Option<Results> {
    Some(Results { count, page, pages, per_page: 25, mandators })
}

fn mandator(handle: &str, name: &str, profession: &str, nihdi: &str) -> Mandator {
    Mandator {
        handle: handle.into(),
        name: name.into(),
        profession: profession.into(),
        nihdi: nihdi.into(),
        scope: "Administratief dossier".into(),
        until: (handle != "m3").then(|| date(2027, 6, 30)),
    }
}

fn organization(language: Language) -> Organization {
    let right = |handle: &str, name: &str, revocable| GrantedRight {
        handle: handle.into(),
        name: name.into(),
        until: date(2027, 6, 30),
        granted_by: "Lotte Maes".into(),
        revocable,
    };
    Organization {
        frame: Frame {
            acting: Some(Acting::Organization {
                name: "Ziekenhuis Sint-Anna".into(),
                number: Some("KBO 0403.019.261".into()),
                capacity: CapacityName::AccessManager.say(Text::new(language)),
            }),
            ..signed_in(language, "Lotte Maes")
        },
        name: "Ziekenhuis Sint-Anna".into(),
        number: Some("KBO 0403.019.261".into()),
        managers: vec![manager(), AccessManagerContact { name: "Koen Jacobs".into(), email: None }],
        members: vec![
            Member {
                handle: "lotte".into(),
                name: "Lotte Maes".into(),
                role: CapacityName::AccessManager.say(Text::new(language)),
                yourself: true,
                rights: vec![right("g0", "Toegangsbeheer", false)],
            },
            Member {
                handle: "tom".into(),
                name: "Tom Willems".into(),
                role: CapacityName::OrganizationMember.say(Text::new(language)),
                yourself: false,
                rights: vec![
                    right("g1", "Rapportages downloaden", true),
                    right("g2", "Zorgverleners van de instelling inzien", true),
                ],
            },
            Member {
                handle: "amina".into(),
                name: "Amina El Idrissi-Vandenbroucke".into(),
                role: CapacityName::OrganizationMember.say(Text::new(language)),
                yourself: false,
                rights: vec![],
            },
        ],
        grantable: vec![
            RightOption { value: "reporting".into(), name: "Rapportages downloaden".into() },
            RightOption { value: "insight".into(), name: "Zorgverleners van de instelling inzien".into() },
        ],
        form: GrantForm::default(),
        done: None,
        problems: vec![],
    }
}

fn consents(language: Language) -> Consents {
    let given =
        |handle: &str, to: &str, until| Given { handle: handle.into(), to: to.into(), from: date(2026, 11, 22), until };
    Consents {
        frame: signed_in(language, "Mila Hendriks"),
        action: "/consents/employer_insight".into(),
        name: "Inzage voor de werkgever".into(),
        shows: "Uw werkgever ziet alleen de voortgang en de begin- en einddatum van uw registratie, nooit de inhoud."
            .into(),
        whom: Whom::Organization,
        given: vec![
            given("c1", "Maatwerk De Linde", None),
            given("c2", "Expertisecentrum Maatschappelijke Dienstverlening", Some(date(2027, 6, 30))),
        ],
        candidates: vec![
            Candidate { handle: "linde".into(), name: "Maatwerk De Linde".into() },
            Candidate { handle: "noord".into(), name: "Sociaal Werk Noord".into() },
        ],
        form: ConsentForm::default(),
        done: None,
        problems: vec![],
    }
}

fn insight(language: Language) -> Insight {
    let person = |name: &str, seen, until| Consenting {
        name: name.into(),
        purpose: "Inzage voor de werkgever".into(),
        seen,
        until,
    };
    Insight {
        frame: signed_in(language, "Karin Prins"),
        whose: "Maatwerk De Linde".into(),
        people: vec![
            person(
                "Mila Hendriks",
                Gets::Page { href: "http://registratie.example/registrations/99900011/progress".into() },
                None,
            ),
            person("Marije Bos", Gets::Contact { email: "marije.bos@example.org".into() }, None),
            person("Sem Terpstra", Gets::NothingYet, Some(date(2027, 6, 30))),
        ],
    }
}

fn paired(language: Language) -> Devices {
    let app = || App { id: "skj-app".into(), name: "SKJ-app".into() };
    let phone = |handle: &str, name: &str| Phone {
        handle: handle.into(),
        name: name.into(),
        app: "SKJ-app".into(),
        paired: date(2026, 11, 20).at(9, 30, 0, 0),
        used: date(2026, 11, 22).at(8, 5, 0, 0),
    };
    Devices {
        frame: signed_in(language, "Noor Wiersma"),
        phones: vec![phone("p1", "Telefoon van Noor"), phone("p2", "Tablet van de afdeling Jeugdbescherming")],
        apps: vec![app()],
        offer: None,
        done: None,
    }
}

fn offer(problem: Option<DeviceProblem>) -> Option<Offer> {
    let code = "b7J4m3hVt0kq1XwR9yZ2sLdPfGcNaEuKoI6vT8jMxQw".to_owned();
    Some(Offer {
        app: App { id: "skj-app".into(), name: "SKJ-app".into() },
        qr: crate::pages::qr::Qr::of(&format!("https://login.skj.example/devices#skj-app.{code}")),
        code,
        minutes: 5,
        number: String::new(),
        problem,
    })
}

fn account(language: Language) -> Account {
    Account {
        frame: acting(language),
        name: "Els Peeters".into(),
        changes_address: true,
        user_name: "els.peeters@example.be".into(),
        key: KeyKind::Totp,
        assurance: AssuranceName::Substantial,
        profile: Some(CapacityName::MandateHolder.say(Text::new(language))),
        other_profiles: true,
        registers: vec![RegisterLink {
            name: "Dossier zorgverlener".into(),
            description: Some("dossier.progezondheid.example".into()),
            href: "/start?register=dossier".into(),
        }],
        manages_organization: true,
        consents: vec![("/consents/employer_insight".into(), "Inzage voor de werkgever".into())],
        insight: true,
        holds_mandates: true,
        devices: true,
        password: true,
        sessions: vec![
            SessionRow {
                handle: "s1".into(),
                device: "Firefox, Windows".into(),
                began: date(2026, 11, 22).at(14, 5, 0, 0),
                last_seen: date(2026, 11, 22).at(14, 20, 0, 0),
                this_one: true,
            },
            SessionRow {
                handle: "s2".into(),
                device: "Safari, iPhone".into(),
                began: date(2026, 11, 21).at(20, 1, 0, 0),
                last_seen: date(2026, 11, 22).at(7, 45, 0, 0),
                this_one: false,
            },
        ],
        session_ended: false,
    }
}

fn new_app(language: Language) -> NewApp {
    NewApp {
        frame: signed_in(language, "Jan Claes"),
        first: false,
        replaces: false,
        action: "/factors/app".into(),
        back: "/factors".into(),
        token: "t0k3n".into(),
        qr: crate::pages::qr::Qr::of("otpauth://totp/Poort:jan?secret=GEZDGNBVGY3TQOJQ"),
        secret: "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ".into(),
        digits: 6,
        problem: None,
    }
}

fn factors(language: Language) -> Factors {
    let passkey = |id: &str, name: &str, used| PasskeyRow {
        id: id.into(),
        name: name.into(),
        added: date(2026, 11, 2).at(9, 30, 0, 0),
        used,
    };
    Factors {
        frame: signed_in(language, "Jan Claes"),
        may_change: true,
        done: None,
        password: true,
        email: true,
        email_codes: true,
        email_codes_work: true,
        phone: Some(PhoneRow { end: "78".into(), there: true, verified: false, helpdesk: true }),
        app: true,
        offers_app: true,
        passkeys: vec![
            passkey("k1", "Telefoon", Some(date(2026, 11, 22).at(14, 5, 0, 0))),
            passkey("k2", "Sleutelbos", None),
        ],
        offers_passkeys: true,
        recovery_codes: Some(7),
        new_name: String::new(),
        problem: None,
    }
}

fn refusal(language: Language, lacking: Vec<Lacking>) -> Refusal {
    Refusal {
        frame: acting(language),
        register: "Dossier zorgverlener".into(),
        profile: Some(CapacityName::MandateHolder.say(Text::new(language))),
        lacking,
        back: Some("http://dossier.progezondheid.localhost:8080/".into()),
        reference: REFERENCE.into(),
    }
}

fn failure(language: Language, kind: FailureKind) -> Failure {
    Failure { frame: frame(language), kind, next: Some("/".into()), reference: REFERENCE.into() }
}

/// Every page in one language, with the name of its file.
fn pages(language: Language) -> Vec<(&'static str, Box<dyn DrawnPage>)> {
    let mut pages: Vec<(&'static str, Box<dyn DrawnPage>)> = Vec::new();
    let mut page = |name, view: Box<dyn DrawnPage>| pages.push((name, view));
    page("login", Box::new(login(language)));
    page("login-session-ended", Box::new(Login { session_ended: true, ..login(language) }));
    let other_key = OtherKey {
        register: "Specialistenregister".into(),
        public_law: true,
        used: Some(KeyKind::Totp.label(Text::new(language))),
        keys: vec!["DigiD".into()],
        since: Some(date(2022, 3, 8)),
        registered_as: Some("Specialist".into()),
    };
    page("login-other-key", Box::new(Login { other_key: Some(other_key), ..login(language) }));
    page("login-more-assurance", Box::new(Login { more_assurance: true, register: None, ..login(language) }));
    page("password", Box::new(password(language, vec![])));
    page(
        "password-missing",
        Box::new(password(language, vec![PasswordProblem::UserNameMissing, PasswordProblem::PasswordMissing])),
    );
    page("password-not-recognised", Box::new(password(language, vec![PasswordProblem::NotRecognised])));
    page("password-by-number", Box::new(Password { user_names: UserNames::Number, ..password(language, vec![]) }));
    page("password-totp", Box::new(Password { key: KeyKind::Totp, second: "totp", ..password(language, vec![]) }));
    page(
        "password-passkey",
        Box::new(Password {
            key: KeyKind::PasswordPasskey,
            second: "passkey",
            passkey: Some("passkey".into()),
            ..password(language, vec![])
        }),
    );
    page(
        "password-recovery-code",
        Box::new(Password { key: KeyKind::RecoveryCode, second: "recovery-code", ..password(language, vec![]) }),
    );
    page("login-app-set-up", Box::new(Login { app_set_up: true, ..login(language) }));
    page(
        "card",
        Box::new(Card {
            frame: frame(language),
            attempt: "a1".into(),
            to: "/federated/eid/callback".into(),
            state: "s".into(),
            challenge: "iMeEwP2cgUINY2XoO/lqEpOUn7z/ysHRqGXkGKC4VXE=".into(),
            stand_in: None,
        }),
    );
    for (name, second, problem) in [
        ("passkey", false, None),
        ("passkey-second", true, None),
        ("passkey-missing", false, Some(PasskeyProblem::Missing)),
        ("passkey-not-recognised", false, Some(PasskeyProblem::NotRecognised)),
    ] {
        page(name, Box::new(Passkey { frame: frame(language), attempt: "a1".into(), second, problem }));
    }
    for (name, problem) in [
        ("recovery-code", None),
        ("recovery-code-missing", Some(RecoveryCodeProblem::Missing)),
        ("recovery-code-malformed", Some(RecoveryCodeProblem::Malformed)),
        ("recovery-code-wrong", Some(RecoveryCodeProblem::Wrong)),
    ] {
        let (attempt, code) = ("a1".into(), String::new());
        page(name, Box::new(RecoveryCode { frame: frame(language), attempt, code, problem }));
    }
    page("new-app", Box::new(new_app(language)));
    page("new-app-wrong", Box::new(NewApp { problem: Some(CodeProblem::Wrong), ..new_app(language) }));
    page("new-app-replaces", Box::new(NewApp { replaces: true, ..new_app(language) }));
    page("new-app-first", Box::new(NewApp { first: true, frame: frame(language), ..new_app(language) }));
    let codes = ["0123-4567-89AB-CDEF", "8H2K-9QXA-77TM-0ZWE"].map(str::to_owned).to_vec();
    page("recovery-codes", Box::new(RecoveryCodes { frame: signed_in(language, "Jan Claes"), codes }));
    page("factors", Box::new(factors(language)));
    page(
        "factors-not-yet",
        Box::new(Factors { may_change: false, password: false, email_codes_work: false, ..factors(language) }),
    );
    page(
        "factors-none",
        Box::new(Factors { app: false, passkeys: vec![], recovery_codes: Some(0), ..factors(language) }),
    );
    for (there, verified, helpdesk) in
        [(false, false, true), (true, false, true), (true, true, true), (true, true, false)]
    {
        let phone = PhoneRow { end: "78".into(), there, verified, helpdesk };
        page("factors-phone", Box::new(Factors { phone: Some(phone), ..factors(language) }));
    }
    page("phone", Box::new(phone(language, None)));
    page("phone-waits", Box::new(phone::Phone { waits: Some("78".into()), attempt: None, ..phone(language, None) }));
    page("phone-again", Box::new(phone::Phone { begin_again: true, ..phone(language, None) }));
    page("phone-verified", Box::new(phone::Phone { verified: Some("78".into()), ..phone(language, None) }));
    for problem in [PhoneProblem::Missing, PhoneProblem::NotANumber, PhoneProblem::Elsewhere, PhoneProblem::OtherLine] {
        page("phone-problem", Box::new(phone(language, Some(problem))));
    }
    page("phone-verify", Box::new(phone_verify(language, false, None)));
    page("phone-verify-called", Box::new(phone_verify(language, true, None)));
    page("phone-verify-wrong", Box::new(phone_verify(language, false, Some(CodeProblem::Wrong))));
    for done in FactorDone::ALL {
        page("factors-done", Box::new(Factors { done: Some(done), ..factors(language) }));
    }
    for problem in [
        FactorProblem::Name,
        FactorProblem::RenamedName,
        FactorProblem::Missing,
        FactorProblem::NotUsable,
        FactorProblem::LastApp,
        FactorProblem::LastPhone,
        FactorProblem::LastPasskey,
    ] {
        page("factors-problem", Box::new(Factors { problem: Some(problem), ..factors(language) }));
    }
    page(
        "totp",
        Box::new(Totp { frame: frame(language), attempt: "a1".into(), digits: 6, code: String::new(), problem: None }),
    );
    page(
        "totp-wrong",
        Box::new(Totp {
            frame: frame(language),
            attempt: "a1".into(),
            digits: 6,
            code: String::new(),
            problem: Some(CodeProblem::Wrong),
        }),
    );
    page("address", Box::new(Address { frame: signed_in(language, "Jan Claes"), email: String::new(), problem: None }));
    for problem in [AddressProblem::Missing, AddressProblem::NotAnAddress] {
        let (frame, email) = (signed_in(language, "Jan Claes"), "jan.claes".into());
        page("address-problem", Box::new(Address { frame, email, problem: Some(problem) }));
    }
    for step in [
        Step::Sent(30),
        Step::Confirm { token: "t0k3n".into(), email: "jan@example.org".into() },
        Step::Confirmed,
        Step::Object { token: "t0k3n".into() },
        Step::Objected,
    ] {
        page("address-step", Box::new(AddressStep { frame: frame(language), step }));
    }
    for way in [Way::Sms, Way::Call, Way::Either] {
        page("phone-code", Box::new(phone_code(language, way, None)));
    }
    page("phone-code-sent", Box::new(PhoneCode { sent_again: true, ..phone_code(language, Way::Sms, None) }));
    page("phone-code-soon", Box::new(PhoneCode { asked_too_soon: true, ..phone_code(language, Way::Sms, None) }));
    page("phone-code-not-by-mail", Box::new(PhoneCode { not_by_mail: true, ..phone_code(language, Way::Sms, None) }));
    page("phone-code-wrong", Box::new(phone_code(language, Way::Sms, Some(CodeProblem::Wrong))));
    page("email-code", Box::new(email_code(language, None)));
    page("email-code-too-soon", Box::new(EmailCode { asked_too_soon: true, ..email_code(language, None) }));
    page("email-code-sent-again", Box::new(EmailCode { sent_again: true, ..email_code(language, None) }));
    page("email-code-missing", Box::new(email_code(language, Some(CodeProblem::Missing))));
    page("email-code-too-short", Box::new(email_code(language, Some(CodeProblem::TooShort))));
    page("email-code-too-long", Box::new(email_code(language, Some(CodeProblem::TooLong))));
    page("email-code-not-digits", Box::new(email_code(language, Some(CodeProblem::NotDigits))));
    page("email-code-wrong", Box::new(email_code(language, Some(CodeProblem::Wrong))));
    page("email-code-expired", Box::new(email_code(language, Some(CodeProblem::Expired))));
    for (name, problem) in [
        ("forgotten-password", None),
        ("forgotten-password-missing", Some(ForgottenPasswordProblem::Missing)),
        ("forgotten-password-not-an-address", Some(ForgottenPasswordProblem::NotAnAddress)),
    ] {
        page(
            name,
            Box::new(ForgottenPassword {
                frame: frame(language),
                user_names: UserNames::Address,
                user_name: String::new(),
                problem,
            }),
        );
    }
    page("forgotten-sent", Box::new(ForgottenSent { frame: frame(language), valid_minutes: 60 }));
    for (name, problem) in [
        ("reset-password", None),
        ("reset-password-missing", Some(ResetPasswordProblem::Missing)),
        ("reset-password-too-short", Some(ResetPasswordProblem::TooShort)),
        ("reset-password-too-long", Some(ResetPasswordProblem::TooLong)),
        ("reset-password-too-common", Some(ResetPasswordProblem::TooCommon)),
        ("reset-password-too-like", Some(ResetPasswordProblem::TooLikeUserName)),
    ] {
        page(
            name,
            Box::new(ResetPassword {
                frame: frame(language),
                token: "t".into(),
                user_name: "els.peeters@example.be".into(),
                min_length: 15,
                problem,
            }),
        );
    }
    page("reset-done", Box::new(ResetDone { frame: frame(language), login: "/".into() }));
    page(
        "link-spent",
        Box::new(LinkSpent { frame: frame(language), again: "/password/forgotten", reference: REFERENCE.into() }),
    );
    page("profile", Box::new(profile(language)));
    page(
        "profile-nothing-chosen",
        Box::new(Profile { problem: Some(ProfileProblem::NothingChosen), ..profile(language) }),
    );
    page(
        "profile-no-longer-possible",
        Box::new(Profile { problem: Some(ProfileProblem::NoLongerPossible), ..profile(language) }),
    );
    page("profile-not-within", Box::new(Profile { problem: Some(ProfileProblem::NotWithin), ..profile(language) }));
    page(
        "profile-missing",
        Box::new(Profile {
            frame: signed_in(language, "Nora Haddad"),
            organizations: vec![],
            missing: vec![
                Missing::RegistrationIncomplete { profession: "Kinesitherapeut".into() },
                Missing::Right {
                    organization: "Ziekenhuis Sint-Anna".into(),
                    right: "Aanmelden namens de instelling".into(),
                    managers: vec![manager()],
                },
                Missing::Right {
                    organization: "UMC Voorbeeld".into(),
                    right: "Rapportages downloaden".into(),
                    managers: vec![],
                },
                Missing::RoleUnknown,
            ],
            ..profile(language)
        }),
    );
    page(
        "profile-many-organizations",
        Box::new(Profile {
            organizations: (1..=12)
                .map(|n| OrganizationOption {
                    value: format!("o{n}"),
                    name: format!("Groepspraktijk De Linde {n}"),
                    number: Some(format!("KBO 0400.000.{n:03}")),
                    chosen: n == 2,
                })
                .collect(),
            problem: Some(ProfileProblem::NotWithin),
            ..profile(language)
        }),
    );
    page(
        "profile-continue",
        Box::new(ProfileContinue {
            frame: signed_in(language, "Pieter Wouters"),
            attempt: Some("a1".into()),
            roles: vec!["directeur (Ziekenhuis Sint-Anna)".into()],
            organization: None,
        }),
    );
    let new_account = |problem: Option<NewAccountProblem>| {
        let email = if problem.is_some() { "noa.smit@example.org".into() } else { String::new() };
        Box::new(NewAccount { frame: frame(language), email, min_length: 12, problem })
    };
    page("new-account", new_account(None));
    for (name, problem) in [
        ("new-account-missing", NewAccountProblem::EmailMissing),
        ("new-account-no-address", NewAccountProblem::NotAnAddress),
        ("new-account-no-password", NewAccountProblem::PasswordMissing),
        ("new-account-short", NewAccountProblem::TooShort),
        ("new-account-long", NewAccountProblem::TooLong),
        ("new-account-common", NewAccountProblem::TooCommon),
        ("new-account-like-email", NewAccountProblem::TooLikeEmail),
    ] {
        page(name, new_account(Some(problem)));
    }
    page("new-account-sent", Box::new(NewAccountSent { frame: frame(language), valid_minutes: 30 }));
    let confirm_account = |problems| {
        Box::new(ConfirmAccount {
            frame: frame(language),
            token: "t0k3n".into(),
            email: "noa.smit@example.org".into(),
            given_name: "Noa".into(),
            family_name: "Smit".into(),
            problems,
        })
    };
    page("confirm-account", confirm_account(vec![]));
    page("confirm-account-wrong", confirm_account(vec![ConfirmProblem::WrongPassword]));
    page(
        "confirm-account-missing",
        confirm_account(vec![
            ConfirmProblem::GivenNameMissing,
            ConfirmProblem::FamilyNameMissing,
            ConfirmProblem::PasswordMissing,
        ]),
    );
    let (register, href) = ("Kwaliteitsregister".into(), "http://register.localhost:8080/application".into());
    page("account-made", Box::new(AccountMade { frame: frame(language), register, href }));
    page("lookup", Box::new(lookup(language, "", None, None)));
    page("lookup-found", Box::new(lookup(language, "Berg", Some(Answer::Found(registrants())), None)));
    page("lookup-none", Box::new(lookup(language, "Bergh", Some(Answer::Found(vec![])), None)));
    page("lookup-too-many", Box::new(lookup(language, "Jansen", Some(Answer::TooMany), None)));
    for (name, problem) in [
        ("lookup-nothing", LookupProblem::Nothing),
        ("lookup-both", LookupProblem::Both),
        ("lookup-too-short", LookupProblem::TooShort),
        ("lookup-too-long", LookupProblem::TooLong),
    ] {
        page(name, Box::new(lookup(language, "Be", None, Some(problem))));
    }
    page("mandators", Box::new(mandators(language)));
    page(
        "mandators-found",
        Box::new(Mandators {
            search: Search { name: "cl".into(), ..Search::default() },
            results: found(
                61,
                2,
                3,
                vec![
                    mandator("m1", "Claes, Jan", "Arts", "1-00001-06-004"),
                    mandator("m2", "Dubois, Marie", "Kinesitherapeut", "5-00002-05-527"),
                    mandator("m3", "Van den Broeck-Clarysse, Anne-Sophie", "", ""),
                ],
            ),
            ..mandators(language)
        }),
    );
    page(
        "mandators-none",
        Box::new(Mandators {
            enterprise: Some("Verzekeringen De Brug NV".into()),
            search: Search { name: "Janssen".into(), ..Search::default() },
            results: found(0, 1, 1, vec![]),
            ..mandators(language)
        }),
    );
    page(
        "mandators-one",
        Box::new(Mandators {
            results: found(1, 1, 1, vec![mandator("m1", "Claes, Jan", "Arts", "1-00001-06-004")]),
            ..mandators(language)
        }),
    );
    page(
        "mandators-wrong",
        Box::new(Mandators {
            search: Search {
                nihdi: "1-00001".into(),
                national: "85".into(),
                name: "c".into(),
                first_name: String::new(),
            },
            problems: vec![SearchProblem::Nihdi, SearchProblem::National, SearchProblem::NameTooShort],
            ..mandators(language)
        }),
    );
    page("mandators-ended", Box::new(Mandators { problems: vec![SearchProblem::MandateEnded], ..mandators(language) }));
    page("organization", Box::new(organization(language)));
    page(
        "organization-granted",
        Box::new(Organization {
            done: Some(Done::Granted {
                right: "Rapportages downloaden".into(),
                member: "Tom Willems".into(),
                until: date(2027, 6, 30),
            }),
            ..organization(language)
        }),
    );
    page(
        "organization-revoked",
        Box::new(Organization {
            done: Some(Done::Revoked { right: "Rapportages downloaden".into(), member: "Tom Willems".into() }),
            grantable: vec![],
            ..organization(language)
        }),
    );
    let filled = GrantForm {
        member: "tom".into(),
        right: "reporting".into(),
        day: "31".into(),
        month: "2".into(),
        year: "2027".into(),
    };
    for (name, problems) in [
        (
            "organization-missing",
            vec![GrantProblem::MemberMissing, GrantProblem::RightMissing, GrantProblem::EndMissing],
        ),
        (
            "organization-not-a-date",
            vec![GrantProblem::AlreadyGranted { until: date(2027, 6, 30) }, GrantProblem::EndNotADate],
        ),
        ("organization-in-the-past", vec![GrantProblem::OrganizationLacksRight, GrantProblem::EndInThePast]),
        (
            "organization-too-late",
            vec![GrantProblem::NotYoursToGive, GrantProblem::EndTooLate { latest: date(2027, 12, 31) }],
        ),
        (
            "organization-yourself",
            vec![GrantProblem::Yourself, GrantProblem::HeldByAnother { name: "Koen Jacobs".into() }],
        ),
    ] {
        page(
            name,
            Box::new(Organization {
                form: if name == "organization-missing" { GrantForm::default() } else { filled.clone() },
                problems,
                ..organization(language)
            }),
        );
    }
    page("devices", Box::new(paired(language)));
    page("devices-none", Box::new(Devices { phones: vec![], apps: vec![], ..paired(language) }));
    page("devices-offer", Box::new(Devices { offer: offer(None), ..paired(language) }));
    for (name, problem) in [
        ("devices-not-scanned", DeviceProblem::NotScanned),
        ("devices-wrong-number", DeviceProblem::Number(CodeProblem::Wrong)),
    ] {
        page(name, Box::new(Devices { offer: offer(Some(problem)), ..paired(language) }));
    }
    let device = || "Telefoon van Noor".to_owned();
    for (name, done) in [
        ("devices-paired", devices::Done::Paired { device: device() }),
        ("devices-unpaired", devices::Done::Unpaired { device: device() }),
        ("devices-over", devices::Done::Over),
        ("devices-stopped", devices::Done::Stopped),
    ] {
        page(name, Box::new(Devices { done: Some(done), ..paired(language) }));
    }
    page("consents", Box::new(consents(language)));
    page(
        "consents-given",
        Box::new(Consents {
            done: Some(super::consents::Done::Given { to: "Maatwerk De Linde".into() }),
            ..consents(language)
        }),
    );
    page(
        "consents-withdrawn",
        Box::new(Consents {
            done: Some(super::consents::Done::Withdrawn { to: "Maatwerk De Linde".into() }),
            given: vec![],
            candidates: vec![],
            whom: Whom::Person,
            ..consents(language)
        }),
    );
    for (name, problems) in [
        ("consents-missing", vec![ConsentProblem::RecipientMissing, ConsentProblem::EndNotADate]),
        ("consents-twice", vec![ConsentProblem::HasIt, ConsentProblem::EndInThePast]),
    ] {
        let form = ConsentForm { recipient: "linde".into(), day: "31".into(), month: "2".into(), year: "2027".into() };
        page(name, Box::new(Consents { problems, form, ..consents(language) }));
    }
    page("insight", Box::new(insight(language)));
    page("insight-none", Box::new(Insight { people: vec![], ..insight(language) }));
    page("account", Box::new(account(language)));
    page(
        "account-low",
        Box::new(Account {
            frame: signed_in(language, "Jan Claes"),
            assurance: AssuranceName::Low,
            key: KeyKind::EmailCode,
            profile: None,
            session_ended: true,
            sessions: account(language).sessions.into_iter().take(1).collect(),
            ..account(language)
        }),
    );
    page("account-high", Box::new(Account { assurance: AssuranceName::High, registers: vec![], ..account(language) }));
    page("signed-out", Box::new(SignedOut { frame: frame(language), not_reached: vec![] }));
    page(
        "signed-out-not-reached",
        Box::new(SignedOut { frame: frame(language), not_reached: vec!["Leeromgeving".into()] }),
    );
    page(
        "refusal",
        Box::new(refusal(
            language,
            vec![
                Lacking::Assurance { href: "/start?register=dossier".into() },
                Lacking::Profile {
                    profiles: vec!["Arts".into(), "Toegangsbeheerder, Ziekenhuis Sint-Anna".into()],
                    href: "/profile".into(),
                },
                Lacking::Right {
                    right: "Rapportages downloaden".into(),
                    organization: "Ziekenhuis Sint-Anna".into(),
                    managers: vec![manager()],
                },
            ],
        )),
    );
    page(
        "refusal-other",
        Box::new(refusal(
            language,
            vec![
                Lacking::OtherKey { href: "/start?register=opleiding".into() },
                Lacking::Role,
                Lacking::MandateScope { scope: "Sociaal statuut".into() },
                Lacking::Profile { profiles: vec!["Arts".into()], href: "/profile".into() },
            ],
        )),
    );
    page("refusal-nothing", Box::new(Refusal { profile: None, back: None, ..refusal(language, vec![]) }));
    page(
        "profile-conflict",
        Box::new(ProfileConflict {
            frame: acting(language),
            made_for: Some(ProfileName { name: "Marie Dubois".into() }),
            in_use: ProfileName { name: "Jan Claes".into() },
            go_on: "/".into(),
            choose: "/profile".into(),
            reference: REFERENCE.into(),
        }),
    );
    let filled = |name: &str, filled| Field { name: name.into(), filled };
    page(
        "kept-form",
        Box::new(KeptForm {
            frame: acting(language),
            place: "Specialistenregister".into(),
            action: "/.poort/kept".into(),
            token: "x".into(),
            fields: vec![
                filled("text", Filled::Text("Congres huisartsgeneeskunde, twee dagen".into())),
                filled("certificate", Filled::File("certificaat.pdf".into())),
                filled("password", Filled::Hidden),
            ],
            leave: "/".into(),
        }),
    );
    page(
        "kept-form-sent",
        Box::new(KeptFormSent { frame: acting(language), place: "Specialistenregister".into(), back: "/".into() }),
    );
    let register = || "Dossier zorgverlener".to_owned();
    for (name, kind) in [
        ("failure-attempt-gone", FailureKind::AttemptGone),
        ("failure-too-many-tries", FailureKind::TooManyTries { again_at: date(2026, 11, 22).at(14, 50, 0, 0) }),
        ("failure-cancelled", FailureKind::Cancelled),
        ("failure-session-ended", FailureKind::SessionEnded),
        ("failure-form-expired", FailureKind::FormExpired),
        ("failure-not-found", FailureKind::NotFound),
        ("failure-register-slow", FailureKind::RegisterSlow { register: register() }),
        ("failure-register-down", FailureKind::RegisterDown { register: register() }),
        ("failure-bad-request", FailureKind::BadRequest),
        ("failure-too-large", FailureKind::TooLarge),
        ("failure-internal", FailureKind::Internal),
        ("failure-cookies-refused", FailureKind::CookiesRefused),
        ("failure-policy-unavailable", FailureKind::PolicyUnavailable),
        ("failure-returned-elsewhere", FailureKind::ReturnedElsewhere),
        ("failure-provider-down", FailureKind::ProviderDown { provider: "itsme".into() }),
        ("failure-provider-answer", FailureKind::ProviderAnswer { provider: "itsme".into() }),
        ("failure-provider-too-low", FailureKind::ProviderTooLow { provider: "itsme".into() }),
        ("failure-card-not-in-force", FailureKind::CardNotInForce),
        ("failure-no-national-number", FailureKind::NoNationalNumber { provider: "itsme".into() }),
        ("failure-no-organization", FailureKind::NoOrganization { provider: "eHerkenning".into() }),
        ("failure-for-another", FailureKind::ForAnother { provider: "eIDAS".into() }),
        ("failure-no-account", FailureKind::NoAccount { provider: "itsme".into() }),
        ("failure-account-closed", FailureKind::AccountClosed),
    ] {
        page(name, Box::new(failure(language, kind)));
    }
    page("failure-nowhere-to-go", Box::new(Failure { next: None, ..failure(language, FailureKind::NotFound) }));
    page(
        "tenants",
        Box::new(Tenants {
            frame: Frame { tenant: "Poort".into(), palette: Palette::Slate, ..frame(language) },
            unknown: false,
            tenants: vec![
                TenantLink {
                    name: "ProGezondheid".into(),
                    description: "progezondheid.localhost".into(),
                    href: "http://progezondheid.localhost:8080/".into(),
                },
                TenantLink {
                    name: "MijnRGS".into(),
                    description: "mijnrgs.localhost".into(),
                    href: "http://mijnrgs.localhost:8080/".into(),
                },
            ],
            reference: REFERENCE.into(),
        }),
    );
    page(
        "tenants-unknown",
        Box::new(Tenants {
            frame: Frame { tenant: "Poort".into(), palette: Palette::Slate, ..frame(language) },
            unknown: true,
            tenants: vec![],
            reference: REFERENCE.into(),
        }),
    );
    for (name, kind, application) in [
        ("application-refused", ApplicationRefusedKind::RedirectNotRegistered, Some("Leeromgeving".to_owned())),
        ("application-refused-unknown", ApplicationRefusedKind::UnknownApplication, None),
        ("application-refused-invalid", ApplicationRefusedKind::InvalidRequest, None),
    ] {
        page(
            name,
            Box::new(ApplicationRefused { frame: frame(language), kind, application, reference: REFERENCE.into() }),
        );
    }
    for (name, application) in [("end-session", Some("Leeromgeving".to_owned())), ("end-session-unnamed", None)] {
        page(
            name,
            Box::new(EndSession {
                frame: signed_in(language, "Jan Claes"),
                application,
                request: "r".into(),
                stay: "/".into(),
            }),
        );
    }
    page(
        "continue-to",
        Box::new(ContinueTo {
            frame: Frame {
                palette: Palette::Forest,
                tenant: "MijnRGS".into(),
                languages: vec![Language::Nl, Language::En],
                ..frame(language)
            },
            application: "Opleidingsregister".into(),
            href: "http://opleiding.mijnrgs.localhost:8080/.poort/enter?code=c".into(),
        }),
    );
    page(
        "send-on",
        Box::new(SendOn {
            frame: frame(language),
            provider: "DigiD".into(),
            to: "https://idp.example/sso".into(),
            fields: vec![("SAMLRequest", "PHNhbWxwPg==".into()), ("RelayState", "r".into())],
        }),
    );
    page(
        "acting-for-enterprise",
        Box::new(Mandators {
            frame: Frame {
                palette: Palette::Plum,
                acting: Some(Acting::Mandate {
                    name: "Marie Dubois".into(),
                    registration: None,
                    scope: "Sociaal statuut".into(),
                    until: None,
                    holder: Some("Verzekeringen De Brug NV".into()),
                }),
                ..signed_in(language, "Karel Janssens")
            },
            ..mandators(language)
        }),
    );
    pages
}

/// A page that can be drawn without knowing which it is.
trait DrawnPage {
    fn draw(&self) -> String;
    fn heading(&self) -> String;
    fn tenant(&self) -> &str;
}

impl<P: Page> DrawnPage for P {
    fn draw(&self) -> String {
        self.render().expect("a page can be drawn")
    }

    fn heading(&self) -> String {
        self.title()
    }

    fn tenant(&self) -> &str {
        &self.frame().tenant
    }
}

/// The values of an attribute on the page.
fn attribute<'a>(html: &'a str, name: &str) -> Vec<&'a str> {
    let opening = format!(" {name}=\"");
    html.match_indices(&opening).filter_map(|(at, _)| html[at + opening.len()..].split('"').next()).collect()
}

#[test]
fn every_page_is_drawn_in_every_language() {
    let target = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/pages");
    for language in Language::ALL {
        let folder = target.join(language.code());
        fs::create_dir_all(&folder).expect("a folder to write to");
        for (name, page) in pages(language) {
            let html = page.draw();
            fs::write(folder.join(format!("{name}.html")), &html).expect("a page is written");
            let escaped = |text: String| text.replace('\'', "&#39;");
            assert!(html.contains(&format!("<html lang=\"{language}\"")), "{name}: its language");
            assert_eq!(html.matches("<h1").count(), 1, "{name}: one heading of the first level");
            let title = html.split("<title>").nth(1).and_then(|rest| rest.split("</title>").next()).expect("a title");
            assert!(title.ends_with(&format!("{} – {}", escaped(page.heading()), page.tenant())), "{name}: {title}");
        }
    }
    for asset in [assets::stylesheet(), assets::script(), assets::passkey_script(), assets::icon()] {
        let file = target.join(asset.url().trim_start_matches('/'));
        fs::create_dir_all(file.parent().expect("a folder")).expect("a folder to write to");
        fs::write(file, &asset.bytes).expect("an asset is written");
    }
}

#[test]
fn no_page_holds_what_the_content_security_policy_forbids() {
    for language in Language::ALL {
        for (name, page) in pages(language) {
            let html = page.draw();
            for banned in [" style=", "<style", " onclick=", " onload=", "javascript:", "<iframe", "http-equiv"] {
                assert!(!html.contains(banned), "{name} ({language}) has {banned}");
            }
            for (at, _) in html.match_indices("<script") {
                assert!(
                    html[at..].starts_with("<script src=\"/assets/"),
                    "{name} ({language}) has a script of its own"
                );
            }
        }
    }
}

#[test]
fn what_a_page_refers_to_stands_on_it_once() {
    for language in Language::ALL {
        for (name, page) in pages(language) {
            let html = page.draw();
            let ids = attribute(&html, "id");
            for (at, id) in ids.iter().enumerate() {
                assert!(!ids[..at].contains(id), "{name} ({language}) has id {id} twice");
            }
            let referred =
                ["for", "aria-describedby", "aria-labelledby"].iter().flat_map(|kind| attribute(&html, kind));
            for id in referred.flat_map(str::split_whitespace) {
                assert!(ids.contains(&id), "{name} ({language}) refers to {id}, which is not there");
            }
            for link in attribute(&html, "href").into_iter().filter_map(|href| href.strip_prefix('#')) {
                assert!(ids.contains(&link), "{name} ({language}) links to #{link}, which is not there");
            }
        }
    }
}

#[test]
fn every_form_that_changes_something_bears_the_token() {
    for (name, page) in pages(Language::Nl) {
        let html = page.draw();
        for form in html.split("<form").skip(1).filter_map(|rest| rest.split("</form>").next()) {
            // A form that leads to a provider takes no token of ours along.
            let leaves = name == "send-on" && form.contains("action=\"https://idp.example/sso\"");
            assert_eq!(
                form.contains("name=\"csrf\""),
                !leaves,
                "{name}: a form without csrf, or one that gives it away"
            );
            assert!(form.contains("method=\"post\""), "{name}: a form that is no POST");
        }
    }
}

#[test]
fn every_failure_says_what_to_do_and_has_a_reference_and_the_help_line() {
    for language in Language::ALL {
        let next = Text::new(language).say("failure-what-now").replace('\'', "&#39;");
        for (name, page) in pages(language) {
            if name.starts_with("failure") || name.starts_with("application-refused") || name.starts_with("refusal") {
                let html = page.draw();
                assert!(html.contains(REFERENCE), "{name} ({language}) has no reference");
                assert_eq!(
                    html.matches("tel:+3225550123").count(),
                    2,
                    "{name} ({language}) has no help line beside the reference"
                );
                assert!(
                    html.contains(&next) || name == "refusal-nothing",
                    "{name} ({language}) does not say what to do"
                );
            }
        }
    }
}

#[test]
fn what_a_person_typed_cannot_become_markup() {
    let page = Password {
        user_name: "\"><script>alert(1)</script>".into(),
        ..password(Language::Nl, vec![PasswordProblem::NotRecognised])
    };
    assert!(!page.draw().contains("<script>"));
}

#[test]
fn a_password_and_a_code_can_be_pasted_and_filled_in() {
    let html = password(Language::Nl, vec![]).draw();
    assert!(html.contains("autocomplete=\"username\"") && html.contains("autocomplete=\"current-password\""));
    let html = email_code(Language::Nl, None).draw();
    assert!(html.contains("autocomplete=\"one-time-code\"") && html.contains("inputmode=\"numeric\""));
    assert!(!html.contains("maxlength"), "spaces in a pasted code are welcome");
}

#[test]
fn login_2_a_group_without_keys_is_not_shown() {
    let html = login(Language::Nl).draw();
    let text = Text::new(Language::Nl);
    assert!(html.contains(&KeyGroupKind::Code.heading(text)));
    assert!(html.contains(&KeyGroupKind::Partner.heading(text)));
    assert!(!html.contains(&KeyGroupKind::European.heading(text)));
}

#[test]
fn every_capacity_has_a_word_in_every_language() {
    for language in Language::ALL {
        let words: std::collections::BTreeSet<_> =
            CapacityName::all().into_iter().map(|capacity| capacity.say(Text::new(language))).collect();
        assert_eq!(words.len(), CapacityName::all().len());
    }
}
