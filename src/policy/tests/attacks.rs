//! What somebody might try: words that look like other words, facts of others, permits for something else.

use jiff::civil::date;
use proptest::prelude::*;

use crate::{
    base::id::{ConsentId, GrantId, MandateId, OrganizationId, PersonId, TenantId},
    domain::{
        assurance::Assurance,
        capacity::Capacity,
        consent::{Consent, Recipient},
        mandate::{Holder, Mandate},
        organization::{Grant, Management, Membership, Organization},
        path::CanonicalPath,
        period::Period,
        person::{HeldRole, Role},
        profile::{Profile, Represented},
    },
    policy::{Act, Denial, Fact, Known, Operation, Permit, Policies, Question, Target, source::shipped},
};

const ELS: PersonId = PersonId::from_u128(1);
const JAN: PersonId = PersonId::from_u128(2);
const MARIE: PersonId = PersonId::from_u128(3);
const HOSPITAL: OrganizationId = OrganizationId::from_u128(4);
const FROM_JAN: MandateId = MandateId::from_u128(5);
const FROM_MARIE: MandateId = MandateId::from_u128(6);

thread_local! {
    static POLICIES: Policies = Policies::load(&shipped()).unwrap_or_else(|error| panic!("{error}"));
}

struct Asked<'a>(Operation<'a>);

impl Act for Asked<'_> {
    fn operation(&self) -> Operation<'_> {
        self.0
    }
}

const READ: Operation<'static> = Operation::new("read", "dossier", "administrative");
const REPORT: Operation<'static> = Operation::new("read", "report", "all");
const EVERY: [Operation<'static>; 8] = [
    READ,
    REPORT,
    Operation::new("read", "identity", "all"),
    Operation::new("approve", "training_plan", "change"),
    Operation::new("search", "mandators", "all"),
    Operation::new("grant", "organization_right", "all"),
    Operation::new("read", "registration", "progress"),
    Operation::new("read", "portfolio", "all"),
];

fn tenant(slug: &str) -> TenantId {
    slug.parse().unwrap()
}

fn known(slug: &str, actor: PersonId) -> Known {
    Known::of(tenant(slug), actor, date(2026, 11, 22))
}

fn profile(
    capacity: Capacity,
    organization: Option<OrganizationId>,
    mandate: Option<(MandateId, PersonId)>,
) -> Profile {
    Profile {
        handle: "h".into(),
        actor: ELS,
        capacity,
        profession: None,
        organization,
        mandate: mandate.map(|(mandate, person)| Represented { mandate, person }),
    }
}

fn ask(profile: &Profile, operation: Operation<'_>, target: Target, facts: Vec<Fact>) -> Result<String, Denial> {
    let here = tenant("here");
    let question = Question::new(&here, profile, Assurance::High, Asked(operation), target, facts);
    POLICIES.with(|policies| policies.authorize(question)).map(|permit: Permit<_>| permit.rule().to_owned())
}

fn mandate(id: MandateId, mandator: PersonId, scope: &str) -> Mandate {
    Mandate {
        id,
        mandator,
        holder: Holder::Person(ELS),
        scope: scope.into(),
        period: Period::default(),
        accepted: true,
        ended: false,
    }
}

fn membership(id: OrganizationId, representative: bool, management: Management) -> Membership {
    let organization = Organization { id, name: "Sint-Anna".into(), number: None };
    Membership { organization, representative, management, period: Period::default(), vouched: false }
}

fn right(code: &str) -> Grant {
    Grant { id: GrantId::from_u128(9), person: ELS, right: code.into(), period: Period::default(), granted_by: ELS }
}

#[test]
fn a_code_is_never_read_as_another_relation() {
    let within = profile(Capacity::OrganizationMember, Some(HOSPITAL), None);
    let membership = membership(HOSPITAL, false, Management::None);
    let known = known("here", ELS);
    for code in [
        "mandate:administrative",
        "self",
        "chief_access_manager",
        "reporting\"",
        "reporting ",
        "REPORTING",
        "reporting\0",
        "",
        "x\", \"right:reporting",
    ] {
        let facts: Vec<Fact> = known.membership(&membership).chain(known.grant(&right(code), &membership)).collect();
        for operation in [REPORT, Operation::new("grant", "organization_right", "all")] {
            let answer = ask(&within, operation, Target::Organization(HOSPITAL), facts.clone());
            assert!(matches!(answer, Err(Denial::Forbidden(_))), "{code:?} {answer:?}");
        }
    }
    let holder = profile(Capacity::MandateHolder, None, Some((FROM_JAN, JAN)));
    for scope in ["administrative\"", "x\" or \"mandate:administrative", "Administrative", "administrative:more", ""] {
        let fact = known.mandate(&mandate(FROM_JAN, JAN, scope), None).unwrap();
        assert!(matches!(ask(&holder, READ, Target::Person(JAN), vec![fact]), Err(Denial::Forbidden(_))), "{scope:?}");
    }
}

#[test]
fn words_of_an_operation_are_compared_whole() {
    let holder = profile(Capacity::MandateHolder, None, Some((FROM_JAN, JAN)));
    let fact = known("here", ELS).mandate(&mandate(FROM_JAN, JAN, "administrative"), None).unwrap();
    assert!(ask(&holder, READ, Target::Person(JAN), vec![fact.clone()]).is_ok());
    for (action, resource, fields) in [
        ("READ", "dossier", "administrative"),
        ("read", "dossier/administrative", ""),
        ("read", "dossier", "*"),
        ("read", "_", "_"),
        ("", "", ""),
        ("read\"", "dossier", "administrative"),
        ("read", "dossier", "administrative\0"),
    ] {
        let answer = ask(&holder, Operation::new(action, resource, fields), Target::Person(JAN), vec![fact.clone()]);
        assert!(matches!(answer, Err(Denial::Forbidden(_))), "{action} {resource} {fields}");
    }
}

#[test]
fn proxy_0_who_acts_for_one_mandator_does_not_reach_another() {
    let known = known("here", ELS);
    let both: Vec<Fact> = [mandate(FROM_JAN, JAN, "administrative"), mandate(FROM_MARIE, MARIE, "administrative")]
        .iter()
        .filter_map(|mandate| known.mandate(mandate, None))
        .collect();
    let for_jan = profile(Capacity::MandateHolder, None, Some((FROM_JAN, JAN)));
    assert!(ask(&for_jan, READ, Target::Person(JAN), both.clone()).is_ok());
    assert_eq!(ask(&for_jan, READ, Target::Person(MARIE), both.clone()), Err(Denial::Hidden));
    let for_marie = profile(Capacity::MandateHolder, None, Some((FROM_MARIE, MARIE)));
    assert!(ask(&for_marie, READ, Target::Person(MARIE), both).is_ok());
}

#[test]
fn mandate_1_an_ended_or_not_accepted_mandate_or_one_of_somebody_else_is_no_fact() {
    let known = known("here", ELS);
    let live = mandate(FROM_JAN, JAN, "administrative");
    let yesterday = Period::new(None, Some(date(2026, 11, 21)));
    for gone in [
        Mandate { ended: true, ..live.clone() },
        Mandate { accepted: false, ..live.clone() },
        Mandate { period: yesterday, ..live.clone() },
        Mandate { holder: Holder::Person(MARIE), ..live.clone() },
        Mandate { holder: Holder::Organization(HOSPITAL), ..live.clone() },
    ] {
        assert_eq!(known.mandate(&gone, None), None, "{gone:?}");
        assert_eq!(known.mandate(&gone, Some(&membership(HOSPITAL, false, Management::ChiefAccessManager))), None);
    }
    let enterprise = Mandate { holder: Holder::Organization(HOSPITAL), ..live };
    assert!(known.mandate(&enterprise, Some(&membership(HOSPITAL, true, Management::None))).is_some());
    assert_eq!(
        known.grant(&Grant { person: JAN, ..right("reporting") }, &membership(HOSPITAL, false, Management::None)),
        None
    );
}

#[test]
fn who_acts_within_one_organization_does_not_reach_another() {
    let known = known("here", ELS);
    let other = OrganizationId::from_u128(40);
    let facts: Vec<Fact> = known
        .membership(&membership(HOSPITAL, false, Management::None))
        .chain(known.membership(&membership(other, false, Management::ChiefAccessManager)))
        .collect();
    let grant = Operation::new("grant", "organization_right", "all");
    let within = profile(Capacity::OrganizationMember, Some(HOSPITAL), None);
    assert_eq!(ask(&within, grant, Target::Organization(other), facts.clone()), Err(Denial::Hidden));
    assert!(matches!(ask(&within, grant, Target::Organization(HOSPITAL), facts.clone()), Err(Denial::Forbidden(_))));
    let there = profile(Capacity::OrganizationMember, Some(other), None);
    assert!(ask(&there, grant, Target::Organization(other), facts).is_ok());
}

#[test]
fn a_permit_says_what_was_decided_and_nothing_else() {
    let here = tenant("here");
    let within = profile(Capacity::OrganizationMember, Some(HOSPITAL), None);
    let facts = known("here", ELS).membership(&membership(HOSPITAL, false, Management::AccessManager));
    let act = crate::policy::action::GrantRight { to: JAN, right: "reporting".into() };
    let target = Target::Organization(HOSPITAL);
    let question = Question::new(&here, &within, Assurance::Substantial, act.clone(), target, facts);
    let permit = POLICIES.with(|policies| policies.authorize(question)).unwrap();
    assert_eq!((permit.tenant(), permit.actor(), permit.act()), (&here, Some(ELS), &act));
    assert_eq!((permit.subject(), permit.organization(), permit.mandate()), (None, Some(HOSPITAL), None));
    assert_eq!((permit.rule(), permit.version(), permit.profile()), ("access-manager-grants-right", 1, Some("h")));
    assert_eq!((permit.capacity(), permit.assurance()), (Capacity::OrganizationMember, Assurance::Substantial));
}

#[test]
fn a_permit_to_forward_holds_the_path_that_was_decided_on() {
    let (here, path) = (tenant("here"), CanonicalPath::parse("/dossiers/12345678").unwrap());
    let route = crate::domain::register::Route {
        methods: vec!["GET".into()],
        path: crate::domain::register::PathPattern::parse("/dossiers/{riziv}").unwrap(),
        subject: crate::domain::register::Subject::Own,
        resource: "dossier".into(),
        action: "read".into(),
        fields: "administrative".into(),
        assurance: None,
        backend: "dossier".into(),
        audited: true,
        profile_in: crate::domain::register::ProfileIn::Header,
        max_body: 0,
        stale: None,
    };
    let holder = profile(Capacity::MandateHolder, None, Some((FROM_JAN, JAN)));
    let fact = known("here", ELS).mandate(&mandate(FROM_JAN, JAN, "administrative"), None);
    let act = crate::policy::action::Forward::along(&route, path.clone());
    let question = Question::new(&here, &holder, Assurance::Substantial, act, Target::Person(JAN), fact);
    let permit = POLICIES.with(|policies| policies.authorize(question)).unwrap();
    assert_eq!((permit.target(), permit.subject(), permit.mandate()), (&path, Some(JAN), Some(FROM_JAN)));
}

fn consent(person: PersonId, purpose: &str, recipient: Recipient) -> Consent {
    let id = ConsentId::from_u128(9);
    Consent { id, person, purpose: purpose.into(), recipient, period: Period::default() }
}

#[test]
fn insight_1_a_consent_to_an_organization_counts_within_that_one_and_nowhere_else() {
    let other = OrganizationId::from_u128(40);
    let read = Operation::new("read", "registration", "progress");
    let facts = || {
        let known = known("here", ELS);
        let [hospital, another] = [HOSPITAL, other].map(|id| membership(id, false, Management::None));
        let given =
            known.consent(&consent(JAN, "employer_insight", Recipient::Organization(HOSPITAL)), Some(&hospital));
        known.membership(&hospital).chain(known.membership(&another)).chain(given).collect::<Vec<_>>()
    };
    let within = |organization| profile(Capacity::OrganizationMember, Some(organization), None);
    assert!(ask(&within(HOSPITAL), read, Target::Person(JAN), facts()).is_ok(), "the twin");
    assert!(matches!(ask(&within(other), read, Target::Person(JAN), facts()), Err(Denial::Hidden)));
    assert!(matches!(ask(&within(HOSPITAL), read, Target::Person(MARIE), facts()), Err(Denial::Hidden)));
}

#[test]
fn insight_1_a_consent_gives_nothing_to_who_does_not_belong_to_its_organization() {
    let given = consent(JAN, "employer_insight", Recipient::Organization(HOSPITAL));
    let known = known("here", ELS);
    assert!(known.consent(&given, Some(&membership(HOSPITAL, false, Management::None))).is_some(), "the twin");
    assert!(known.consent(&given, None).is_none());
    let another = membership(OrganizationId::from_u128(40), false, Management::None);
    assert!(known.consent(&given, Some(&another)).is_none());
    assert!(known.consent(&consent(JAN, "appraisal", Recipient::Person(MARIE)), None).is_none(), "another's");
}

/// One of all facts that can be, of a tenant, an actor and about somebody.
fn fact() -> impl Strategy<Value = Fact> {
    let tenants = prop::sample::select(vec!["here", "elsewhere"]);
    let persons = || prop::sample::select(vec![ELS, JAN, MARIE]);
    let organizations = prop::sample::select(vec![HOSPITAL, OrganizationId::from_u128(40)]);
    let codes = prop::sample::select(vec![
        "administrative",
        "reporting",
        "self",
        "mandate:administrative",
        "appraisal",
        "employer_insight",
    ]);
    (tenants, persons(), persons(), organizations, codes, 0..12usize).prop_map(
        |(tenant, actor, person, organization, code, kind)| {
            let known = known(tenant, actor);
            let open = Period::default();
            let member = |representative, management| {
                let membership = membership(organization, representative, management);
                known.membership(&membership).last().unwrap()
            };
            match kind {
                0 => known.oneself(),
                1 => {
                    let id = if person == JAN { FROM_JAN } else { FROM_MARIE };
                    known
                        .mandate(&Mandate { holder: Holder::Person(actor), ..mandate(id, person, code) }, None)
                        .unwrap()
                }
                2 => known.treats(person, &open).unwrap(),
                3 => known.trains(person, &open).unwrap(),
                4 => known.supports_trainer_of(person, &open, &open).unwrap(),
                5 => member(false, Management::None),
                6 => member(true, Management::ChiefAccessManager),
                7 => {
                    let grant = Grant { person: actor, ..right(code) };
                    known.grant(&grant, &membership(organization, false, Management::None)).unwrap()
                }
                8 => known.appraises(person, &open).unwrap(),
                9 => known.consent(&consent(person, code, Recipient::Person(actor)), None).unwrap(),
                10 => {
                    let to = consent(person, code, Recipient::Organization(organization));
                    known.consent(&to, Some(&membership(organization, false, Management::None))).unwrap()
                }
                _ => known.role(&HeldRole { role: Role::Director, period: open }).unwrap(),
            }
        },
    )
}

fn asker() -> impl Strategy<Value = (Profile, Target)> {
    let capacity = prop::sample::select(Capacity::ALL.to_vec());
    let organization = prop::option::of(Just(HOSPITAL));
    let mandate = prop::option::of(Just((FROM_JAN, JAN)));
    let targets = vec![
        Target::Nobody,
        Target::Person(ELS),
        Target::Person(JAN),
        Target::Person(MARIE),
        Target::Organization(HOSPITAL),
        Target::Organization(OrganizationId::from_u128(40)),
    ];
    (capacity, organization, mandate, prop::sample::select(targets))
        .prop_map(|(capacity, organization, mandate, target)| (profile(capacity, organization, mandate), target))
}

fn is_about(fact: &Fact, target: Target) -> bool {
    use crate::policy::fact::Whom;
    match (fact.about, target) {
        (Whom::Actor, _) | (Whom::Organization(_), Target::Nobody | Target::Person(_)) => true,
        (Whom::Person(one), Target::Person(other)) => one == other,
        (Whom::Organization(one), Target::Organization(other)) => one == other,
        (Whom::Person(_), Target::Nobody | Target::Organization(_)) => false,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn what_is_known_of_others_never_changes_an_answer(
        (profile, target) in asker(),
        facts in prop::collection::vec(fact(), 0..12),
        operation in prop::sample::select(EVERY.to_vec()),
    ) {
        let own = |fact: &&Fact| {
            fact.tenant == tenant("here") && fact.actor == ELS && is_about(fact, target)
        };
        let only_own: Vec<Fact> = facts.iter().filter(own).cloned().collect();
        prop_assert_eq!(ask(&profile, operation, target, facts), ask(&profile, operation, target, only_own));
    }

    #[test]
    fn knowing_more_never_gives_less(
        (profile, target) in asker(),
        facts in prop::collection::vec(fact(), 0..12),
        operation in prop::sample::select(EVERY.to_vec()),
        some in 0..12usize,
    ) {
        let fewer: Vec<Fact> = facts.iter().take(some).cloned().collect();
        if ask(&profile, operation, target, fewer).is_ok() {
            prop_assert!(ask(&profile, operation, target, facts).is_ok());
        }
    }

    #[test]
    fn unknown_words_are_denied(
        (profile, target) in asker(),
        facts in prop::collection::vec(fact(), 0..12),
        action in "[a-z_\"\\\\]{0,8}", resource in "\\PC{0,8}", fields in "\\PC{0,8}",
    ) {
        prop_assert!(ask(&profile, Operation::new(&action, &resource, &fields), target, facts).is_err());
    }
}

proptest! {
    // Each case loads all policies and tries out all examples.
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn a_damaged_policy_is_loaded_or_refused_and_never_panics(
        file in 0..shipped().len(), at in 0..4000usize, length in 0..40usize, put in "[ -~\n]{0,12}",
    ) {
        let mut sources = shipped();
        let text = &mut sources[file].text;
        let (start, end) = (at.min(text.len()), (at + length).min(text.len()));
        if text.is_char_boundary(start) && text.is_char_boundary(end) {
            text.replace_range(start..end, &put);
        }
        if let Err(error) = Policies::load(&sources) {
            prop_assert!(!error.problems.is_empty());
        }
    }
}
