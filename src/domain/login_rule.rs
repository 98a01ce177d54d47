//! How one logs in for a register (LOGIN-4): a table of the register's, not of the person's. The first line that is for somebody counts;
//! who is in none of them has the register's own means.
//!
//! A person keeps everything when another line begins to count for them: account, history, mandates and rights hang on who they are, and
//! not on how they log in.

use jiff::civil::Date;

use super::{
    assurance::Assurance,
    person::{HeldRole, Registration, Role},
    register::Register,
};

/// A line of a register's table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoginRule {
    /// Whom it is for.
    pub audience: Audience,
    /// The ids of the means that they may log in with.
    pub means: Vec<String>,
    /// The least assurance of their login.
    pub least_assurance: Assurance,
    /// Its first day, where the tenant is; always without one.
    pub from: Option<Date>,
}

/// Whom a line is for: what the register knows of who logs in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Audience {
    /// Everybody.
    Everyone,
    /// Who is registered in this profession, by its code.
    Registered(String),
    /// Who has this role.
    Role(Role),
    /// Who has no national number that this tenant knows: no national means can say that it is them.
    WithoutNationalNumber,
}

/// What the tables of a tenant's registers look at, of one person on one day.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    professions: Vec<String>,
    roles: Vec<Role>,
    national_number: bool,
}

impl Known {
    /// Of somebody with these registrations and roles, as they are on `today`.
    #[must_use]
    pub fn of(registrations: &[Registration], roles: &[HeldRole], national_number: bool, today: Date) -> Self {
        let registered = registrations.iter().filter(|registration| registration.period.includes(today));
        let held = roles.iter().filter(|held| held.period.includes(today));
        Self {
            professions: registered.map(|registration| registration.profession.clone()).collect(),
            roles: held.map(|held| held.role).collect(),
            national_number,
        }
    }

    fn is_among(&self, audience: &Audience) -> bool {
        match audience {
            Audience::Everyone => true,
            Audience::Registered(profession) => self.professions.contains(profession),
            Audience::Role(role) => self.roles.contains(role),
            Audience::WithoutNationalNumber => !self.national_number,
        }
    }
}

/// What a register asks of a login.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Demand<'r> {
    /// The ids of the means that do.
    pub means: &'r [String],
    /// The least assurance that does.
    pub least_assurance: Assurance,
    /// The line that says so; none when it is what the register asks of everybody else.
    pub rule: Option<&'r LoginRule>,
}

impl Demand<'_> {
    /// Whether a login with these means and assurance does.
    #[must_use]
    pub fn is_met_by(&self, means: &str, assurance: Assurance) -> bool {
        assurance >= self.least_assurance && self.accepts(means)
    }

    /// Whether these means do, if they reach the assurance.
    #[must_use]
    pub fn accepts(&self, means: &str) -> bool {
        self.means.iter().any(|id| id == means)
    }
}

impl Register {
    /// What it asks of somebody's login on `today`.
    #[must_use]
    pub fn demand_of(&self, known: &Known, today: Date) -> Demand<'_> {
        let mut rules = self.logins.iter().filter(|rule| rule.from.is_none_or(|from| from <= today));
        rules.find(|rule| known.is_among(&rule.audience)).map_or_else(|| self.own_demand(), LoginRule::demand)
    }

    /// What it asks of a login of somebody, whoever that may be: each line that counts on `today`.
    #[must_use]
    pub fn demands(&self, today: Date) -> Vec<Demand<'_>> {
        let mut demands = Vec::new();
        for rule in self.logins.iter().filter(|rule| rule.from.is_none_or(|from| from <= today)) {
            demands.push(rule.demand());
            if rule.audience == Audience::Everyone {
                return demands;
            }
        }
        demands.push(self.own_demand());
        demands
    }

    fn own_demand(&self) -> Demand<'_> {
        Demand { means: &self.means, least_assurance: self.least_assurance, rule: None }
    }
}

impl LoginRule {
    fn demand(&self) -> Demand<'_> {
        Demand { means: &self.means, least_assurance: self.least_assurance, rule: Some(self) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{period::Period, register::Regime, tenant::Texts};

    fn day(text: &str) -> Date {
        text.parse().expect("a day")
    }

    fn rule(audience: Audience, means: &str, from: Option<&str>) -> LoginRule {
        let from = from.map(day);
        LoginRule { audience, means: vec![means.into()], least_assurance: Assurance::Low, from }
    }

    fn register(logins: Vec<LoginRule>) -> Register {
        Register {
            id: "specialisten".into(),
            name: Texts::default(),
            host: "specialisten.example".into(),
            origin: "https://specialisten.example".into(),
            regime: Regime::Private,
            least_assurance: Assurance::Low,
            means: vec!["password".into()],
            logins,
            lookup: vec![],
            routes: vec![],
        }
    }

    fn registered(profession: &str, from: Option<&str>) -> Registration {
        let period = Period::new(from.map(day), None);
        let profession = profession.to_owned();
        Registration { profession, number: None, complete: true, period, certified_until: None }
    }

    #[test]
    fn login_4_the_first_line_that_is_for_somebody_counts() {
        let specialist = Audience::Registered("specialist".into());
        let register = register(vec![
            rule(Audience::WithoutNationalNumber, "passkey", None),
            rule(specialist, "digid", None),
            rule(Audience::Role(Role::Trainer), "trainers", None),
        ]);
        let today = day("2026-11-22");
        let trainer = [HeldRole { role: Role::Trainer, period: Period::default() }];
        let asks = |known: &Known| register.demand_of(known, today).means[0].clone();
        assert_eq!(asks(&Known::of(&[registered("specialist", None)], &trainer, true, today)), "digid");
        assert_eq!(asks(&Known::of(&[], &trainer, true, today)), "trainers");
        assert_eq!(asks(&Known::of(&[registered("specialist", None)], &[], false, today)), "passkey");
        assert_eq!(asks(&Known::of(&[registered("profile_physician", None)], &[], true, today)), "password");
        // From the day of the registration on, and not before.
        let tomorrow = registered("specialist", Some("2026-11-23"));
        assert_eq!(asks(&Known::of(std::slice::from_ref(&tomorrow), &[], true, today)), "password");
        assert_eq!(asks(&Known::of(&[tomorrow], &[], true, day("2026-11-23"))), "digid");
        assert_eq!(register.demands(today).len(), 4, "every line, and the register's own");
    }

    #[test]
    fn login_4_a_line_counts_from_its_day_on() {
        let register = register(vec![rule(Audience::Everyone, "digid", Some("2027-01-01"))]);
        let means = |today: &str| register.demand_of(&Known::default(), day(today)).means[0].clone();
        assert_eq!((means("2026-12-31"), means("2027-01-01")), ("password".into(), "digid".into()));
        let offered = |today: &str| -> Vec<String> {
            register.demands(day(today)).iter().flat_map(|demand| demand.means.to_vec()).collect()
        };
        assert_eq!((offered("2026-12-31"), offered("2027-01-01")), (vec!["password".into()], vec!["digid".into()]));
    }
}
