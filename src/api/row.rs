//! A row: what a register says of one fact.

use jiff::civil::Date;

use super::members::{Members, Mistake};
use crate::{
    base::{Language, id::is_slug},
    domain::{
        fact::{AboutPerson, Belonging, Change, Fact, GivenMandate, HolderKey, Kind, RegisterKey, Which},
        identifier::{Bsn, NationalNumber, NationalRegisterNumber},
        organization::Management,
        period::Period,
        person::{HeldRole, Registration, Role, Tie, is_address},
        tenant::{NationalNumberKind, Tenant},
    },
};

const DAY: &str = "a day, as in 2027-06-30";
const CODE: &str = "a code of the tenant's file: a-z, 0-9, - and _";
const NAME: &str = "1 to 200 characters, none of them a control character";
const EMAIL: &str = "an e-mail address of ASCII characters, as in an.peeters@example.org";
const LANGUAGE: &str = "nl, fr, de or en";
const NUMBER: &str = "1 to 40 letters and digits, with . - / or spaces between";
const MANAGEMENT: &str = "none, access_manager or chief_access_manager";
const ROLES: &str =
    "trainer, trainee, supporter, appraiser, helpdesk, director, person_responsible or certificate_manager";
const TIES: &str = "trains, supports or appraises";
const HOLDER: &str = "{\"person\": \"…\"} or {\"organization\": \"…\"}, with the register's identifier";
const ENTRUSTED: &str = "a list of {\"right\": \"…\", \"from\": \"…\", \"until\": \"…\"}, each right once";

/// What a row says, and of which fact, as far as that can be read.
pub(super) struct Row {
    /// The fact that it names.
    pub which: Option<Which>,
    /// The change, or what is wrong.
    pub change: Result<Change, Vec<Mistake>>,
}

/// Reads a row of `kind`; one that is `gone` has its name and nothing else.
pub(super) fn read(kind: Kind, gone: bool, mut members: Members, tenant: &Tenant) -> Row {
    let mut reading = Reading { members: &mut members, tenant };
    let which = reading.which(kind);
    let change = match which.clone() {
        Some(which) if gone => Some(Change::Withdraw(which)),
        _ if gone => None,
        which => reading.fact(kind, which).map(Change::Put),
    };
    let mistakes = members.finish();
    let change = match change {
        Some(change) if mistakes.is_empty() => Ok(change),
        _ => Err(mistakes),
    };
    Row { which, change }
}

struct Reading<'a> {
    members: &'a mut Members,
    tenant: &'a Tenant,
}

impl Reading<'_> {
    fn which(&mut self, kind: Kind) -> Option<Which> {
        Some(match kind {
            Kind::Person => Which::Person(self.key("person")?),
            Kind::Organization => Which::Organization(self.key("organization")?),
            Kind::Mandate => Which::Mandate(self.key("mandate")?),
            Kind::Role => {
                let (person, role) = (self.key("person"), self.word::<Role>("role", ROLES));
                Which::Role(person?, role?)
            }
            Kind::Registration => {
                let (person, profession) = (self.key("person"), self.code("profession"));
                Which::Registration(person?, profession?)
            }
            Kind::Tie => {
                let (person, tie, other) = (self.key("person"), self.word::<Tie>("tie", TIES), self.key("other"));
                Which::Tie(person?, tie?, other?)
            }
            Kind::Right => {
                let (organization, right) = (self.key("organization"), self.code("right"));
                Which::Right(organization?, right?)
            }
            Kind::Member => {
                let (organization, person) = (self.key("organization"), self.key("person"));
                Which::Member(organization?, person?)
            }
        })
    }

    /// What is said of it. Everything is read, also when its name cannot be: all mistakes are told at once.
    fn fact(&mut self, kind: Kind, which: Option<Which>) -> Option<Fact> {
        match kind {
            Kind::Person => {
                let about = self.about_person();
                let Some(Which::Person(person)) = which else { return None };
                Some(Fact::Person { person, about: about? })
            }
            Kind::Role => {
                let period = self.period();
                let Some(Which::Role(person, role)) = which else { return None };
                Some(Fact::Role { person, held: HeldRole { role, period } })
            }
            Kind::Registration => {
                let number = self.members.optional("number", NUMBER, number);
                let (complete, period) = (self.members.flag("complete", true), self.period());
                let certified_until = self.members.optional("certified_until", DAY, day);
                let Some(Which::Registration(person, profession)) = which else { return None };
                let registration = Registration { profession, number, complete, period, certified_until };
                Some(Fact::Registration { person, registration })
            }
            Kind::Tie => {
                let period = self.period();
                let Some(Which::Tie(person, tie, other)) = which else { return None };
                Some(Fact::Tie { person, tie, other, period })
            }
            Kind::Organization => {
                let name = self.members.required("name", NAME, name);
                let number = self.members.optional("number", NUMBER, number);
                let Some(Which::Organization(organization)) = which else { return None };
                Some(Fact::Organization { organization, name: name?, number })
            }
            Kind::Right => {
                let period = self.period();
                let Some(Which::Right(organization, right)) = which else { return None };
                Some(Fact::Right { organization, right, period })
            }
            Kind::Member => {
                let belonging = self.belonging();
                let Some(Which::Member(organization, person)) = which else { return None };
                Some(Fact::Member { organization, person, belonging: belonging? })
            }
            Kind::Mandate => {
                let given = self.mandate();
                let Some(Which::Mandate(mandate)) = which else { return None };
                Some(Fact::Mandate { mandate, given: given? })
            }
        }
    }

    fn about_person(&mut self) -> Option<AboutPerson> {
        let given_name = self.members.required("given_name", NAME, name);
        let family_name = self.members.required("family_name", NAME, name);
        let email = self.members.required("email", EMAIL, email);
        let language = self.members.required("language", LANGUAGE, language);
        let citizen_file = self.members.flag("citizen_file", false);
        let kind = self.tenant.national_number;
        let national_number =
            self.members.optional("national_number", national_number_form(kind), |text| national_number(kind, text));
        Some(AboutPerson {
            given_name: given_name?,
            family_name: family_name?,
            email: email?,
            language: language?,
            citizen_file,
            national_number,
        })
    }

    fn belonging(&mut self) -> Option<Belonging> {
        let representative = self.members.flag("representative", false);
        let management = self.members.optional("management", MANAGEMENT, |word| match word {
            "none" => Some(Management::None),
            "access_manager" => Some(Management::AccessManager),
            "chief_access_manager" => Some(Management::ChiefAccessManager),
            _ => None,
        });
        let tenant = self.tenant;
        let entrusted = self.members.list("entrusted", ENTRUSTED, |members| {
            let mut reading = Reading { members, tenant };
            let (right, period) = (reading.code("right"), reading.period());
            Some((right?, period))
        });
        if let Some(entrusted) = &entrusted
            && (1..entrusted.len()).any(|i| entrusted[..i].iter().any(|(right, _)| *right == entrusted[i].0))
        {
            self.members.wrong("entrusted", "a right comes twice", ENTRUSTED);
        }
        let management = management.unwrap_or(Management::None);
        Some(Belonging { representative, management, period: self.period(), entrusted })
    }

    fn mandate(&mut self) -> Option<GivenMandate> {
        let mandator = self.key("mandator");
        let tenant = self.tenant;
        let holder = self.members.within("holder", HOLDER, |members| {
            let right = key_form(tenant.national_number);
            let person = members.optional("person", right, |text| key(tenant, text));
            let organization = members.optional("organization", right, |text| key(tenant, text));
            match (person, organization) {
                (Some(person), None) => Some(HolderKey::Person(person)),
                (None, Some(organization)) => Some(HolderKey::Organization(organization)),
                (Some(_), Some(_)) => {
                    members.wrong("organization", "a mandate has one holder", HOLDER);
                    None
                }
                (None, None) => {
                    members.wrong_itself("nobody holds it", HOLDER);
                    None
                }
            }
        });
        let scope = self.code("scope");
        let from = self.members.required("from", DAY, day);
        let until = self.members.optional("until", DAY, day);
        let accepted = self.members.flag("accepted", true);
        let period = self.ordered(from, until);
        Some(GivenMandate { mandator: mandator?, holder: holder?, scope: scope?, period, accepted })
    }

    fn key(&mut self, name: &str) -> Option<RegisterKey> {
        let tenant = self.tenant;
        self.members.required(name, key_form(tenant.national_number), |text| key(tenant, text))
    }

    fn code(&mut self, name: &str) -> Option<String> {
        self.members.required(name, CODE, |text| is_slug(text).then(|| text.to_owned()))
    }

    fn word<T: std::str::FromStr>(&mut self, name: &str, right: &str) -> Option<T> {
        self.members.required(name, right, |text| text.parse().ok())
    }

    fn period(&mut self) -> Period {
        let from = self.members.optional("from", DAY, day);
        let until = self.members.optional("until", DAY, day);
        self.ordered(from, until)
    }

    fn ordered(&mut self, from: Option<Date>, until: Option<Date>) -> Period {
        if from.zip(until).is_some_and(|(from, until)| until < from) {
            self.members.wrong("until", "it ends before it begins", "the same day as `from`, or a later one");
        }
        Period::new(from, until)
    }
}

const fn key_form(kind: NationalNumberKind) -> &'static str {
    match kind {
        NationalNumberKind::Bsn => {
            "the register's own identifier: 1 to 100 of A-Z a-z 0-9 - . _ ~, beginning with a letter or digit; not nine \
             digits alone, which could be a BSN"
        }
        NationalNumberKind::NationalRegister => {
            "the register's own identifier: 1 to 100 of A-Z a-z 0-9 - . _ ~, beginning with a letter or digit; not eleven \
             digits alone, which could be a national register number"
        }
    }
}

/// An identifier, which never has the form of a national number: it stands in addresses, logs and answers.
fn key(tenant: &Tenant, text: &str) -> Option<RegisterKey> {
    if tenant.national_number.could_be(text) { None } else { text.parse().ok() }
}

fn name(text: &str) -> Option<String> {
    let text = text.trim();
    let good = !text.is_empty() && text.chars().count() <= 200 && !text.chars().any(char::is_control);
    good.then(|| text.to_owned())
}

fn email(text: &str) -> Option<String> {
    is_address(text).then(|| text.to_owned())
}

fn language(text: &str) -> Option<Language> {
    Language::ALL.into_iter().find(|language| language.code() == text)
}

fn number(text: &str) -> Option<String> {
    let good = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b' ' | b'.' | b'-' | b'/');
    let ends = |b: Option<&u8>| b.is_some_and(u8::is_ascii_alphanumeric);
    let bytes = text.as_bytes();
    (bytes.len() <= 40 && bytes.iter().all(|b| good(*b)) && ends(bytes.first()) && ends(bytes.last()))
        .then(|| text.to_owned())
}

/// A day of the years that both databases compare as text.
fn day(text: &str) -> Option<Date> {
    let date: Date = text.parse().ok()?;
    (date.to_string() == text && (1800..9999).contains(&date.year())).then_some(date)
}

const fn national_number_form(kind: NationalNumberKind) -> &'static str {
    match kind {
        NationalNumberKind::Bsn => "nine digits that pass the eleven test of a BSN",
        NationalNumberKind::NationalRegister => "eleven digits with the check digits of a national register number",
    }
}

fn national_number(kind: NationalNumberKind, text: &str) -> Option<NationalNumber> {
    match kind {
        NationalNumberKind::Bsn => Bsn::parse(text).ok().map(NationalNumber::Bsn),
        NationalNumberKind::NationalRegister => {
            NationalRegisterNumber::parse(text).ok().map(NationalNumber::NationalRegister)
        }
    }
}
