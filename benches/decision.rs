//! What a decision costs: `cargo bench --bench decision`. The aims are 25 µs for a case that is asked for the first time,
//! and 0.2 µs for one whose answer is kept (both above what making the question costs).
//!
//! A cold case carries a right that no rule looks at: another set of relations, hence another case. So it has one relation
//! more than usual. Times are of the processor, the least of some rounds, so that a busy machine counts little.

#![expect(clippy::print_stdout, reason = "a benchmark prints its result")]

use std::{hint::black_box, time::Duration};

use jiff::civil::date;
use poort::{
    base::id::{GrantId, MandateId, OrganizationId, PersonId, TenantId},
    domain::{
        assurance::Assurance,
        capacity::Capacity,
        mandate::{Holder, Mandate},
        organization::{Grant, Management, Membership, Organization},
        period::Period,
        profile::{Profile, Represented},
    },
    policy::{Act, Fact, Known, Operation, Policies, Question, Source, Target, source::shipped},
};

const ROUNDS: u32 = 5;
const ACTOR: PersonId = PersonId::from_u128(1);
const MANDATOR: PersonId = PersonId::from_u128(2);
const ORGANIZATION: OrganizationId = OrganizationId::from_u128(3);
const MANDATE: MandateId = MandateId::from_u128(4);

#[derive(Clone, Copy)]
struct Asked(Operation<'static>);

impl Act for Asked {
    fn operation(&self) -> Operation<'_> {
        self.0
    }
}

struct Bench {
    tenant: TenantId,
    profile: Profile,
    membership: Membership,
    mandate: Mandate,
}

impl Bench {
    fn new(capacity: Capacity) -> Self {
        let open = Period::default();
        Self {
            tenant: "bench".parse().expect("a slug"),
            profile: Profile {
                handle: "handle".into(),
                actor: ACTOR,
                capacity,
                profession: None,
                organization: Some(ORGANIZATION),
                mandate: Some(Represented { mandate: MANDATE, person: MANDATOR }),
            },
            membership: Membership {
                organization: Organization { id: ORGANIZATION, name: "Sint-Anna".into(), number: None },
                representative: false,
                management: Management::AccessManager,
                period: open,
                vouched: false,
            },
            mandate: Mandate {
                id: MANDATE,
                mandator: MANDATOR,
                holder: Holder::Person(ACTOR),
                scope: "administrative".into(),
                period: open,
                accepted: true,
                ended: false,
            },
        }
    }

    /// What is known, with a right that makes the case another one when `other` is not 0.
    fn facts(&self, other: u32) -> Vec<Fact> {
        let known = Known::of(self.tenant.clone(), ACTOR, date(2026, 11, 22));
        let mut facts: Vec<Fact> = known.membership(&self.membership).collect();
        facts.extend(known.mandate(&self.mandate, None));
        if other > 0 {
            let right = format!("right-{other}");
            let grant =
                Grant { id: GrantId::from_u128(5), person: ACTOR, right, period: Period::default(), granted_by: ACTOR };
            facts.extend(known.grant(&grant, &self.membership));
        }
        facts
    }

    fn question(&self, operation: Operation<'static>, facts: Vec<Fact>) -> Question<'_, Asked> {
        let target =
            if operation.resource == "dossier" { Target::Person(MANDATOR) } else { Target::Organization(ORGANIZATION) };
        Question::new(&self.tenant, &self.profile, Assurance::Substantial, Asked(operation), target, facts)
    }
}

/// Processor time of one call, in microseconds: the least of some rounds.
fn best(calls: u32, mut call: impl FnMut(u32)) -> f64 {
    let mut next = 0;
    let rounds = (0..ROUNDS).map(|_| {
        let begun = processor_time();
        for _ in 0..calls {
            next += 1;
            call(next);
        }
        (processor_time() - begun) * 1e6 / f64::from(calls)
    });
    rounds.fold(f64::INFINITY, f64::min)
}

/// Seconds that this thread has run; Linux counts them (proc(5), schedstat).
fn processor_time() -> f64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").expect("Linux");
    let nanoseconds: u64 = text.split(' ').next().and_then(|word| word.parse().ok()).expect("a count of nanoseconds");
    Duration::from_nanos(nanoseconds).as_secs_f64()
}

fn main() {
    let policies = Policies::load(&shipped()).expect("the shipped policies load");
    let dossier = Operation::new("read", "dossier", "administrative");
    let grant = Operation::new("grant", "organization_right", "all");
    for (name, capacity, operation) in [
        ("allowed: mandate holder reads", Capacity::MandateHolder, dossier),
        ("allowed: access manager grants", Capacity::OrganizationMember, grant),
        ("forbidden, and what would do", Capacity::Helpdesk, dossier),
    ] {
        let bench = Bench::new(capacity);
        let known = best(200_000, |_| drop(black_box(bench.facts(0))));
        let facts = bench.facts(0);
        let asked = best(200_000, |_| drop(black_box(bench.question(operation, facts.clone()))));
        let kept = best(200_000, |_| {
            drop(black_box(
                policies.authorize(bench.question(operation, facts.clone())).map(|permit| permit.version()),
            ));
        });
        let made = best(5_000, |other| drop(black_box(bench.question(operation, bench.facts(other)))));
        let cold = best(5_000, |other| {
            drop(black_box(policies.authorize(bench.question(operation, bench.facts(other))).map(|p| p.version())));
        });
        println!(
            "{name:<32} facts {known:.2} µs, question {asked:.2} µs, decision kept {:.3} µs, decision cold {:.1} µs",
            kept - asked,
            cold - made
        );
    }
    two_threads(&policies, dossier);
    println!(
        "{:<32} {:.0} µs",
        "loaded, examples tried out",
        best(20, |_| drop(black_box(Policies::load(&shipped()))))
    );
    worst(dossier);
}

fn two_threads(policies: &Policies, operation: Operation<'static>) {
    let one = || {
        let bench = Bench::new(Capacity::MandateHolder);
        let facts = bench.facts(0);
        best(200_000, |_| {
            drop(black_box(policies.authorize(bench.question(operation, facts.clone())).map(|p| p.version())));
        })
    };
    let alone = one();
    let (a, b) = std::thread::scope(|scope| {
        let other = scope.spawn(one);
        (one(), other.join().expect("the other thread ends"))
    });
    println!("{:<32} alone {alone:.2} µs, two threads {a:.2} and {b:.2} µs", "question and kept decision");
}

/// As many alternatives as admission lets in, none of which comes true.
fn worst(operation: Operation<'static>) {
    let either = r#"("member" in relations or "access_manager" in relations)"#;
    let mut sources: Vec<Source> = shipped().into_iter().filter(|source| source.name != "helpdesk.test").collect();
    for source in sources.iter_mut().filter(|source| source.name == "helpdesk.polar") {
        source.text = format!(
            "permit(\"helpdesk\", \"read\", \"dossier\", \"administrative\", relations, assurance, \"worst\") if\n{} and\n\
             \"treating\" in relations and assurance >= 1;\n",
            [either; 6].join(" and\n")
        );
    }
    sources.push(Source::new(
        "worst.test",
        "helpdesk read dossier/administrative member,access_manager,treating low worst",
    ));
    let policies = Policies::load(&sources).unwrap_or_else(|error| panic!("{error}"));
    let bench = Bench::new(Capacity::Helpdesk);
    let cold = best(50, |other| {
        drop(black_box(policies.authorize(bench.question(operation, bench.facts(other))).map(|p| p.version())));
    });
    println!(
        "{:<32} {cold:.0} µs: asked in both levels that are left, all capacities, all rights and roles",
        "the worst admitted rule, denied"
    );
}
