//! The policy matrix: every operation, in every capacity, in every circumstance, at every assurance, as the engine answers.
//!
//! It is a file in the repository (`policies/matrix.txt`), so that a change of policy is a diff that people can read. The
//! circumstances are made of the domain's objects and go the way of a request: known, asked, decided. They are
//! - a relation's word: it is in force (a right comes with its membership, as always; a consent with the membership, or the
//!   tie, of whom it was given to);
//! - `ended:` the same, over since yesterday;
//! - `foreign:` in force, but with another person or organization, or under another mandate than the one acted under;
//! - `elsewhere:` in force, with the same ids, in another tenant;
//! - `none`; and `others` are the live ones that no other row of the capacity names.

use std::{collections::BTreeMap, fmt::Write as _};

use jiff::civil::{Date, date};

use super::{
    action::{Act, Operation},
    fact::{Fact, Known},
    policies::Policies,
    question::{Question, Target},
    relation::{About, Relation},
};
use crate::{
    base::id::{ConsentId, GrantId, MandateId, OrganizationId, PersonId, TenantId},
    domain::{
        assurance::Assurance,
        capacity::Capacity,
        consent::{Consent, Recipient},
        mandate::{Holder, Mandate},
        organization::{Grant, Management, Membership, Organization},
        period::Period,
        person::{HeldRole, Role},
        profile::{Profile, Represented},
    },
};

const TODAY: Date = date(2026, 11, 22);
const YESTERDAY: Date = date(2026, 11, 21);
const ACTOR: PersonId = PersonId::from_u128(1);
const SUBJECT: PersonId = PersonId::from_u128(2);
const STRANGER: PersonId = PersonId::from_u128(3);
const ORGANIZATION: OrganizationId = OrganizationId::from_u128(4);
const ANOTHER_ORGANIZATION: OrganizationId = OrganizationId::from_u128(5);
const MANDATE: MandateId = MandateId::from_u128(6);
const ANOTHER_MANDATE: MandateId = MandateId::from_u128(7);

const HEAD: &str = "\
# Who may do what: generated from the rules by the engine that decides, and compared by a test.
# UPDATE=1 cargo test --lib policy::tests::matrix writes it anew.
#
# capacity             low                   substantial           high        rule                                      circumstances
";

/// An operation that is asked to see the answer; its permit opens nothing.
struct Asked<'a>(Operation<'a>);

impl Act for Asked<'_> {
    fn operation(&self) -> Operation<'_> {
        self.0
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Live,
    None,
    Ended,
    Foreign,
    Elsewhere,
}

/// What one circumstance gets: a word for each assurance, and the rule.
type Row = ([String; 3], String);

/// The matrix of the policies in force.
#[must_use]
pub fn matrix(policies: &Policies) -> String {
    let set = policies.current();
    let parts = set.admitted().operations.iter().map(|(operation, about)| {
        let operation = operation.as_operation();
        format!("\n{operation}  (about {})\n{}", about.word(), part(policies, operation, *about))
    });
    std::iter::once(HEAD.to_owned()).chain(parts).collect()
}

/// The rows of one operation.
pub(super) fn part(policies: &Policies, operation: Operation<'_>, about: About) -> String {
    let relations = relations(policies.current().relations());
    let mut out = String::new();
    for capacity in Capacity::ALL {
        let block = Block { policies, operation, about, capacity };
        for (([low, substantial, high], rule), names) in block.rows(&relations) {
            // Writing to a string does not fail.
            let _ = writeln!(
                out,
                "  {:<20} {low:<21} {substantial:<21} {high:<11} {rule:<41} {}",
                capacity.word(),
                names.join(" ")
            );
        }
    }
    out
}

/// Every relation there is, and those codes that rules look at.
fn relations(in_rules: &[Relation]) -> Vec<Relation> {
    let mut all = vec![
        Relation::Oneself,
        Relation::Treating,
        Relation::Trains,
        Relation::SupportsTrainer,
        Relation::Appraises,
        Relation::Member,
        Relation::AccessManager,
        Relation::ChiefAccessManager,
        Relation::Representative,
    ];
    all.extend(Role::ALL.map(Relation::KnownAs));
    all.extend(in_rules.iter().cloned());
    all.sort_unstable();
    all.dedup();
    all
}

/// One operation in one capacity.
struct Block<'a> {
    policies: &'a Policies,
    operation: Operation<'a>,
    about: About,
    capacity: Capacity,
}

impl Block<'_> {
    /// The answers, and in which circumstances each is given.
    fn rows(&self, relations: &[Relation]) -> Vec<(Row, Vec<String>)> {
        let mut rows: BTreeMap<Row, BTreeMap<Kind, Vec<String>>> = BTreeMap::new();
        let mut counts: BTreeMap<Kind, usize> = BTreeMap::new();
        let mut add = |kind, name: String, row| {
            *counts.entry(kind).or_default() += 1;
            rows.entry(row).or_default().entry(kind).or_default().push(name);
        };
        add(Kind::None, "none".into(), self.ask(self.target(&Relation::Treating), &[]));
        for relation in relations {
            for (kind, prefix) in [
                (Kind::Live, ""),
                (Kind::Ended, "ended:"),
                (Kind::Foreign, "foreign:"),
                (Kind::Elsewhere, "elsewhere:"),
            ] {
                if let Some((target, facts)) = self.circumstance(kind, relation) {
                    add(kind, format!("{prefix}{relation}"), self.ask(target, &facts));
                }
            }
        }
        let mut rows: Vec<_> = rows
            .into_iter()
            .map(|(row, kinds)| {
                let rest = kinds.contains_key(&Kind::None);
                let names = kinds.into_iter().flat_map(|(kind, names)| match kind {
                    // The rule is that they are as good as nothing; then one word says it.
                    Kind::Ended if names.len() == counts[&kind] => vec!["ended:*".into()],
                    Kind::Foreign if names.len() == counts[&kind] => vec!["foreign:*".into()],
                    Kind::Elsewhere if names.len() == counts[&kind] => vec!["elsewhere:*".into()],
                    Kind::Live if rest => vec!["others".into()],
                    _ => names,
                });
                (row, names.collect())
            })
            .collect();
        // What gets most stands first.
        let order =
            |word: &String| ["allowed", "step-up", "forbidden"].iter().position(|w| word.starts_with(w)).unwrap_or(3);
        rows.sort_by_key(|((words, _), _): &(Row, Vec<String>)| words.each_ref().map(order));
        rows
    }

    fn ask(&self, target: Target, facts: &[Fact]) -> Row {
        let (here, profile) = (tenant("here"), self.profile());
        let mut rules = Vec::new();
        let words = Assurance::ALL.map(|assurance| {
            let asked = Asked(self.operation);
            let question = Question::new(&here, &profile, assurance, asked, target, facts.iter().cloned());
            match self.policies.authorize(question) {
                Ok(permit) => {
                    rules.push(permit.rule().to_owned());
                    "allowed".to_owned()
                }
                Err(denial) => denial.to_string(),
            }
        });
        rules.dedup();
        (words, if rules.is_empty() { "-".into() } else { rules.join(",") })
    }

    /// In this capacity, under the mandate or within the organization when the capacity has one.
    fn profile(&self) -> Profile {
        let mandate = Represented { mandate: MANDATE, person: SUBJECT };
        Profile {
            handle: "profile".into(),
            actor: ACTOR,
            capacity: self.capacity,
            profession: None,
            organization: (self.capacity == Capacity::OrganizationMember).then_some(ORGANIZATION),
            mandate: (self.capacity == Capacity::MandateHolder).then_some(mandate),
        }
    }

    fn target(&self, relation: &Relation) -> Target {
        let person = if *relation == Relation::Oneself { ACTOR } else { SUBJECT };
        match self.about {
            About::Nobody => Target::Nobody,
            About::Person => Target::Person(person),
            About::Organization => Target::Organization(ORGANIZATION),
            About::Holder if relation.with() == About::Organization => Target::Organization(ORGANIZATION),
            About::Holder => Target::Person(person),
        }
    }

    /// Whom it is about, and what is known; nothing where the circumstance cannot be.
    fn circumstance(&self, kind: Kind, relation: &Relation) -> Option<(Target, Vec<Fact>)> {
        let period = if kind == Kind::Ended { Period::new(None, Some(YESTERDAY)) } else { Period::default() };
        let known = Known::of(tenant(if kind == Kind::Elsewhere { "elsewhere" } else { "here" }), ACTOR, TODAY);
        let foreign = kind == Kind::Foreign;
        let person = if foreign { STRANGER } else { SUBJECT };
        let place = if foreign { ANOTHER_ORGANIZATION } else { ORGANIZATION };
        let membership =
            |representative, management| Membership { representative, management, ..belonging(place, period) };
        let member = |representative, management| known.membership(&membership(representative, management)).collect();
        let facts: Vec<Fact> = match relation {
            Relation::Oneself if kind == Kind::Ended => return None,
            Relation::Oneself if foreign => {
                return Some((self.target(&Relation::Treating), vec![known.oneself()]));
            }
            Relation::Oneself => vec![known.oneself()],
            Relation::Mandate(scope) => {
                let mandate = |id, mandator| Mandate {
                    id,
                    mandator,
                    holder: Holder::Person(ACTOR),
                    scope: scope.clone(),
                    period,
                    accepted: true,
                    ended: false,
                };
                let under_another = foreign && self.capacity == Capacity::MandateHolder;
                let another = under_another.then(|| mandate(ANOTHER_MANDATE, SUBJECT));
                [Some(mandate(MANDATE, person)), another]
                    .iter()
                    .flatten()
                    .filter_map(|mandate| known.mandate(mandate, None))
                    .collect()
            }
            Relation::Treating => known.treats(person, &period).into_iter().collect(),
            Relation::Trains => known.trains(person, &period).into_iter().collect(),
            Relation::SupportsTrainer => {
                known.supports_trainer_of(person, &Period::default(), &period).into_iter().collect()
            }
            Relation::Appraises => known.appraises(person, &period).into_iter().collect(),
            Relation::Consent(purpose) => {
                let to = |person, recipient| Consent {
                    id: ConsentId::from_u128(9),
                    person,
                    purpose: purpose.clone(),
                    recipient,
                    period,
                };
                if self.capacity == Capacity::OrganizationMember {
                    let (here, own) = (belonging(place, period), belonging(ORGANIZATION, Period::default()));
                    let given = known.consent(&to(SUBJECT, Recipient::Organization(place)), Some(&here));
                    // What a stranger lets the same organization see is nothing here.
                    let foreign = known.consent(&to(STRANGER, Recipient::Organization(ORGANIZATION)), Some(&own));
                    let foreign = foreign.filter(|_| kind == Kind::Foreign);
                    known.membership(&here).chain(given).chain(foreign).collect()
                } else {
                    let given = known.consent(&to(person, Recipient::Person(ACTOR)), None);
                    known.appraises(person, &period).into_iter().chain(given).collect()
                }
            }
            Relation::Member => member(false, Management::None),
            Relation::AccessManager => member(false, Management::AccessManager),
            Relation::ChiefAccessManager => member(false, Management::ChiefAccessManager),
            Relation::Representative => member(true, Management::None),
            Relation::Right(code) => {
                let grant = Grant {
                    id: GrantId::from_u128(8),
                    person: ACTOR,
                    right: code.clone(),
                    period: Period::default(),
                    granted_by: ACTOR,
                };
                let membership = membership(false, Management::None);
                known.membership(&membership).chain(known.grant(&grant, &membership)).collect()
            }
            Relation::KnownAs(_) if foreign => return None,
            Relation::KnownAs(role) => known.role(&HeldRole { role: *role, period }).into_iter().collect(),
        };
        Some((self.target(relation), facts))
    }
}

fn belonging(id: OrganizationId, period: Period) -> Membership {
    Membership {
        organization: Organization { id, name: "Sint-Anna".into(), number: None },
        representative: false,
        management: Management::None,
        period,
        vouched: false,
    }
}

fn tenant(slug: &str) -> TenantId {
    slug.parse().expect("written here, and a slug")
}
