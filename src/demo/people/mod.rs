//! The invented people and organizations of the demo's tenants, as data; `seed` writes them.
//!
//! All who can log in have the same password ([`PASSWORD`]), so that it is hashed once and the demo is ready at once, and
//! an authenticator app of their own, whose codes the demo shows on its inbox host. Dates lie around today, so that what
//! is in force, ended or not begun yet is so whenever the demo is started first.

mod ifms;
mod lklr;
mod mandators;
mod mijnrgs;
mod progezondheid;
mod registerplein;
mod skj;

use aws_lc_rs::digest::{SHA256, digest};
use jiff::civil::Date;

use super::{authenticator::Authenticator, marker};
use crate::{
    base::{
        Language,
        id::{MandateId, OrganizationId, PersonId},
    },
    domain::{
        organization::Management,
        period::Period,
        person::{Registration, Role, Tie},
    },
};

/// Everybody's password.
pub(super) const PASSWORD: &str = "zeven paarden op het balkon";

/// An invented person.
#[derive(Clone, Debug)]
pub(super) struct Invented {
    pub given: &'static str,
    pub family: &'static str,
    pub language: Language,
    /// Canonical digits.
    pub national_number: String,
    pub citizen_file: bool,
    pub registrations: Vec<Registration>,
    pub roles: Vec<Role>,
    /// How they log in, and what one can try as them; `None` for those who are only acted for.
    pub login: Option<LogIn>,
}

/// That somebody can log in.
#[derive(Clone, Copy, Debug)]
pub(super) struct LogIn {
    /// Their user name, which is their e-mail address.
    pub user: &'static str,
    /// What one can try as them, in a sentence.
    pub tries: &'static str,
}

impl LogIn {
    /// What one can try as them, as a sentence of its own.
    pub(super) fn sentence(&self) -> String {
        let mut letters = self.tries.chars();
        letters.next().map_or_else(String::new, |first| format!("{}{}.", first.to_uppercase(), letters.as_str()))
    }
}

impl Invented {
    pub(super) fn name(&self) -> String {
        format!("{} {}", self.given, self.family)
    }

    /// What identifies them in the demo: their user name, or else their full name.
    pub(super) fn key(&self) -> String {
        self.login.map_or_else(|| self.name(), |login| login.user.to_owned())
    }

    /// Where they are written to. Nobody reads it but the demo's inbox (RFC 2606 section 3).
    pub(super) fn email(&self) -> String {
        let invented = || {
            let name = crate::domain::person::fold_name(&self.name());
            format!("{name}@example.org")
        };
        self.login.map_or_else(invented, |login| login.user.to_owned())
    }

    pub(super) fn id(&self, tenant: &str) -> PersonId {
        marker::person(tenant, &self.key())
    }

    /// How their register identifies them: by the first half of their address.
    pub(super) fn register_key(&self) -> String {
        self.email().split('@').next().unwrap_or_default().to_owned()
    }

    /// Their registration number, when they have one.
    pub(super) fn number(&self) -> Option<&str> {
        self.registrations.iter().find_map(|registration| registration.number.as_deref())
    }

    /// Their authenticator app. The secret follows from who they are: it is the same at every start.
    pub(super) fn authenticator(&self, tenant: &str) -> Authenticator {
        let digest = digest(&SHA256, format!("poort demo\nauthenticator\n{tenant}\n{}", self.key()).as_bytes());
        let mut secret = [0; 20];
        secret.copy_from_slice(&digest.as_ref()[..20]);
        Authenticator::new(secret)
    }
}

/// The telephone number that was verified of somebody, where there is one: of most people of MijnRGS, which asks for one. A mobile is
/// nobody's; the landline of an institution is shared (LOGIN-10).
pub(super) fn phone(tenant: &str, key: &str) -> Option<&'static str> {
    let numbers = [
        ("sanne.devries@example.org", "+31610000001"),
        ("daan.visser@example.org", "+31610000002"),
        ("bram.bakker@example.org", "+31610000003"),
        ("fatima.elamrani@example.org", "+31610000004"),
        ("iris.visser@example.org", "+31610000005"),
        ("emma.jansen@example.org", "+31610000006"),
        ("noor.vandam@example.org", "+31610000007"),
        ("ruben.mulder@example.org", "+31200000001"),
        ("femke.dekker@example.org", "+31200000001"),
    ];
    numbers.into_iter().find(|(known, _)| tenant == "mijnrgs" && *known == key).map(|(_, number)| number)
}

/// An invented organization.
#[derive(Clone, Debug)]
pub(super) struct Organized {
    pub name: &'static str,
    /// Its enterprise number, canonical digits.
    pub number: Option<String>,
    /// What it may let its members do.
    pub rights: Vec<(&'static str, Period)>,
    pub members: Vec<Member>,
}

/// Somebody who belongs to an organization.
#[derive(Clone, Debug)]
pub(super) struct Member {
    /// Their key.
    pub person: &'static str,
    pub representative: bool,
    pub management: Management,
    /// What they may grant, when they are no chief.
    pub entrusted: Vec<(&'static str, Period)>,
}

impl Member {
    pub(super) const fn new(person: &'static str, management: Management) -> Self {
        Self { person, representative: false, management, entrusted: Vec::new() }
    }
}

/// An invented mandate.
#[derive(Clone, Debug)]
pub(super) struct Mandated {
    /// The key of who gave it.
    pub mandator: String,
    pub holder: HeldBy,
    pub scope: &'static str,
    pub period: Period,
    pub accepted: bool,
    pub ended: bool,
}

/// Who holds a mandate.
#[derive(Clone, Copy, Debug)]
pub(super) enum HeldBy {
    /// The person with this key.
    Person(&'static str),
    /// The organization with this name.
    Organization(&'static str),
}

impl Mandated {
    /// In force from the beginning of last year.
    pub(super) fn new(mandator: impl Into<String>, holder: HeldBy, until: Option<Date>, around: &Around) -> Self {
        Self {
            mandator: mandator.into(),
            holder,
            scope: "administrative",
            period: Period::new(Some(around.day(-1, 1, 1)), until),
            accepted: true,
            ended: false,
        }
    }

    pub(super) fn id(&self, tenant: &str) -> MandateId {
        let holder = match self.holder {
            HeldBy::Person(key) | HeldBy::Organization(key) => key,
        };
        let key = format!("{}\n{holder}\n{}", self.mandator, self.scope);
        MandateId::from_u128(marker::invented("mandate", tenant, &key).as_u128())
    }

    /// How its register identifies it: by who gave it to whom, for what.
    pub(super) fn register_key(&self, world: &World) -> String {
        let holder = match self.holder {
            HeldBy::Person(key) => world.register_key(key),
            HeldBy::Organization(name) => organization_key(name),
        };
        format!("{}~{holder}~{}", world.register_key(&self.mandator), self.scope)
    }
}

/// A tenant's invented people, and what they have to do with each other.
#[derive(Clone, Debug)]
pub(super) struct World {
    /// The tenant's slug.
    pub tenant: &'static str,
    pub people: Vec<Invented>,
    pub organizations: Vec<Organized>,
    pub mandates: Vec<Mandated>,
    /// By keys.
    pub ties: Vec<(&'static str, Tie, &'static str)>,
}

impl World {
    pub(super) fn person(&self, key: &str) -> Option<&Invented> {
        self.people.iter().find(|person| person.key() == key)
    }

    /// How the register identifies the person with this key.
    pub(super) fn register_key(&self, key: &str) -> String {
        self.person(key).map_or_else(|| key.to_owned(), Invented::register_key)
    }

    /// Those who can log in.
    pub(super) fn who_log_in(&self) -> impl Iterator<Item = (&Invented, LogIn)> {
        self.people.iter().filter_map(|person| person.login.map(|login| (person, login)))
    }

    pub(super) fn organization_id(&self, name: &str) -> OrganizationId {
        OrganizationId::from_u128(marker::invented("organization", self.tenant, name).as_u128())
    }
}

/// A company of another country that a register knows: its name, and what eIDAS calls it.
pub(super) const EUROPEAN: (&str, &str) = ("Hafen Apotheken GmbH", "DE/BE/HRB86891");

/// How a register identifies the organization of this name: `ziekenhuis-sint-anna`.
pub(super) fn organization_key(name: &str) -> String {
    let words = name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(crate::domain::person::fold_name).collect::<Vec<_>>().join("-")
}

/// Days around the day on which the people are invented.
#[derive(Clone, Copy, Debug)]
pub(super) struct Around(Date);

impl Around {
    pub(super) const fn new(today: Date) -> Self {
        Self(today)
    }

    /// A day of a year, counted from this one.
    pub(super) fn day(&self, years: i16, month: i8, day: i8) -> Date {
        // Days of every month and of years that people live in.
        Date::new(self.0.year().saturating_add(years), month, day.clamp(1, 28)).unwrap_or(self.0)
    }

    /// The last day of June or of December.
    pub(super) fn end_of_half(&self, years: i16, half: Half) -> Date {
        let (month, first) = match half {
            Half::June => (6, 1),
            Half::December => (12, 1),
        };
        self.day(years, month, first).last_of_month()
    }
}

/// Half a year.
#[derive(Clone, Copy, Debug)]
pub(super) enum Half {
    June,
    December,
}

/// Everybody, of every tenant of the demo.
pub(super) fn worlds(today: Date) -> [World; 6] {
    let around = Around::new(today);
    [
        progezondheid::world(&around),
        mijnrgs::world(&around),
        registerplein::world(),
        ifms::world(&around),
        skj::world(),
        lklr::world(&around),
    ]
}

/// A registration without an end.
fn registration(profession: &str, number: Option<String>, complete: bool) -> Registration {
    Registration { profession: profession.into(), number, complete, period: Period::default(), certified_until: None }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::domain::{
        identifier::{Bsn, CompanyNumber, EnterpriseNumber, NationalRegisterNumber, NihdiNumber},
        mandate::PAGE_SIZE,
    };

    fn today() -> Date {
        "2026-11-22".parse().expect("a date")
    }

    #[test]
    fn everybodys_numbers_pass_the_checks_and_are_their_own() {
        for world in worlds(today()) {
            let mut seen = HashSet::new();
            for person in &world.people {
                let number = &person.national_number;
                let valid = match world.tenant {
                    "progezondheid" => NationalRegisterNumber::parse(number).is_ok(),
                    _ => Bsn::parse(number).is_ok(),
                };
                assert!(valid, "{}: {number}", person.name());
                assert!(seen.insert(number.clone()), "{}: {number}", person.name());
                assert!(
                    seen.insert(person.key()) && seen.insert(format!("mail {}", person.email())),
                    "{}",
                    person.name()
                );
                assert!(seen.insert(format!("name {}", person.name())), "tests find people by name");
                for number in person.registrations.iter().filter_map(|registration| registration.number.as_ref()) {
                    if world.tenant != "progezondheid" {
                        let length = if world.tenant == "mijnrgs" { 11 } else { 8 };
                        assert!(number.len() == length && number.bytes().all(|b| b.is_ascii_digit()), "{number}");
                    } else {
                        let parsed = NihdiNumber::parse(number).expect("a RIZIV number");
                        assert_eq!(parsed.as_str(), number, "a path has the number's digits and nothing else");
                    }
                }
            }
            for organization in &world.organizations {
                let passes = |number: &String| match world.tenant {
                    "progezondheid" => number == EUROPEAN.1 || EnterpriseNumber::parse(number).is_ok(),
                    _ => CompanyNumber::parse(number).is_ok(),
                };
                assert!(organization.number.as_ref().is_none_or(passes));
            }
        }
    }

    #[test]
    fn a_register_identifies_everybody_and_everything() {
        use crate::domain::fact::RegisterKey;
        for world in worlds(today()) {
            let mut seen = HashSet::new();
            let people = world.people.iter().map(Invented::register_key);
            let organizations = world.organizations.iter().map(|known| organization_key(known.name));
            let mandates = world.mandates.iter().map(|mandate| mandate.register_key(&world));
            for key in people.chain(organizations).chain(mandates) {
                assert!(key.parse::<RegisterKey>().is_ok() && seen.insert(key.clone()), "{key}");
            }
        }
    }

    #[test]
    fn no_two_people_have_one_registration_number() {
        for world in worlds(today()) {
            let mut owners = HashSet::new();
            for person in &world.people {
                let numbers = person.registrations.iter().filter_map(|registration| registration.number.as_deref());
                let base = |number: &str| {
                    if world.tenant == "progezondheid" { number[..8].to_owned() } else { number.to_owned() }
                };
                for base in numbers.map(base).collect::<HashSet<_>>() {
                    assert!(owners.insert(base.clone()), "{} {base}", person.name());
                }
            }
        }
    }

    #[test]
    fn whoever_is_named_is_there() {
        for world in worlds(today()) {
            let there = |key: &str| assert!(world.person(key).is_some(), "{}: {key}", world.tenant);
            for (person, _, other) in &world.ties {
                there(person);
                there(other);
            }
            for mandate in &world.mandates {
                there(&mandate.mandator);
                match mandate.holder {
                    HeldBy::Person(key) => there(key),
                    HeldBy::Organization(name) => assert!(world.organizations.iter().any(|known| known.name == name)),
                }
            }
            let ids: HashSet<_> = world.mandates.iter().map(|mandate| mandate.id(world.tenant)).collect();
            assert_eq!(ids.len(), world.mandates.len());
            for member in world.organizations.iter().flat_map(|organization| &organization.members) {
                there(member.person);
            }
        }
    }

    #[test]
    fn the_marker_knows_everybody_who_can_log_in() {
        let worlds = worlds(today());
        let known: Vec<(&str, Vec<&str>)> = worlds
            .iter()
            .map(|world| (world.tenant, world.who_log_in().map(|(_, login)| login.user).collect()))
            .collect();
        let marked: Vec<(&str, Vec<&str>)> =
            marker::WHO_LOG_IN.iter().map(|(tenant, people)| (*tenant, people.to_vec())).collect();
        assert_eq!(known, marked);
    }

    #[test]
    fn mandates_are_as_the_stories_want_them() {
        let [world, ..] = worlds(today());
        let held = |name: &str| -> Vec<&Mandated> {
            let of = |mandate: &&Mandated| match mandate.holder {
                HeldBy::Person(key) | HeldBy::Organization(key) => key == name,
            };
            world.mandates.iter().filter(of).collect()
        };
        let in_force = |mandate: &&&Mandated| mandate.accepted && !mandate.ended && mandate.period.includes(today());
        for holder in ["els.peeters@example.org", "Verzekeringen De Brug NV"] {
            let all = held(holder);
            assert!(all.iter().any(|mandate| mandate.ended), "{holder}");
            assert!(all.iter().any(|mandate| !mandate.accepted), "{holder}");
            assert!(all.iter().any(|mandate| mandate.period.is_over(today())), "{holder}");
            assert!(all.iter().filter(in_force).any(|mandate| mandate.mandator == "jan.claes@example.org"));
        }
        assert!(held("els.peeters@example.org").iter().filter(in_force).count() >= 3);
        assert!(held("Verzekeringen De Brug NV").iter().filter(in_force).count() > PAGE_SIZE as usize);
    }

    #[test]
    fn the_dates_are_still_right_in_other_years() {
        for today in ["2028-02-29", "2031-12-31", "2027-01-01"] {
            let today = today.parse().expect("a date");
            let [world, ..] = worlds(today);
            for mandate in world.mandates.iter().filter(|mandate| mandate.mandator == "jan.claes@example.org") {
                assert!(mandate.period.includes(today), "{today}: {:?}", mandate.period);
            }
        }
    }
}
