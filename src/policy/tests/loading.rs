//! Loading and reloading: an edited line counts, a broken file does not, and what is wrong is told with file and line.

use crate::{
    domain::{assurance::Assurance, capacity::Capacity},
    policy::{
        Case, Denial, Operation, Policies, PolicyError, Relation, Source, WouldDo,
        admission::MOST_BRANCHES,
        relation::About,
        source::{Problem, shipped},
    },
};

fn loaded() -> Policies {
    Policies::load(&shipped()).unwrap_or_else(|error| panic!("{error}"))
}

/// The shipped policies with `from` in `file` replaced by `to`.
fn edited(file: &str, from: &str, to: &str) -> Vec<Source> {
    let mut sources = shipped();
    let source = sources.iter_mut().find(|source| source.name == file).unwrap();
    assert!(source.text.contains(from), "{file} has no {from}");
    source.text = source.text.replace(from, to);
    sources
}

/// A trainer decides at the highest assurance only: one line of a rule, and what its examples expect.
fn stricter_trainer() -> Vec<Source> {
    let rule = "\"trainer-approves-own-trainees-plan\") if\n    \"trains\" in relations and assurance >= ";
    let mut sources = edited("trainer.polar", &format!("{rule}2"), &format!("{rule}3"));
    for source in sources.iter_mut().filter(|source| source.name == "trainer.test") {
        source.text = source
            .text
            .replace("substantial  trainer-approves", "high         trainer-approves")
            .replace("step-up:substantial", "step-up:high");
    }
    sources
}

/// The shipped policies with one more file of rules.
fn with(rules: &str) -> Vec<Source> {
    let mut sources = shipped();
    sources.push(Source::new("more.polar", rules));
    sources
}

fn problems(sources: &[Source]) -> Vec<Problem> {
    Policies::load(sources).expect_err("refused").problems
}

fn said(sources: &[Source]) -> Vec<String> {
    problems(sources).iter().map(ToString::to_string).collect()
}

fn plan(policies: &Policies, action: &str, relations: &[Relation], assurance: Assurance) -> Result<String, Denial> {
    let operation = Operation::new(action, "training_plan", "change");
    let case = Case { capacity: Capacity::Trainer, operation, about: About::Person, relations, assurance };
    policies.explain(&case).answer.map(|rule| rule.to_string())
}

#[test]
fn editing_one_line_and_reloading_changes_an_answer() {
    let policies = loaded();
    let approve = |policies: &Policies| plan(policies, "approve", &[Relation::Trains], Assurance::Substantial);
    assert_eq!(approve(&policies), Ok("trainer-approves-own-trainees-plan".into()));
    assert_eq!(policies.reload(&stricter_trainer()), Ok(2));
    assert_eq!(approve(&policies), Err(Denial::StepUp { needed: Assurance::High }));
    assert_eq!(policies.reload(&shipped()), Ok(3));
    assert_eq!(approve(&policies), Ok("trainer-approves-own-trainees-plan".into()), "no answer is left over");
    assert_eq!(policies.version(), 3);
}

#[test]
fn a_reload_counts_for_every_thread() {
    let policies = loaded();
    let ask = || plan(&policies, "approve", &[Relation::Trains], Assurance::Substantial).is_ok();
    std::thread::scope(|scope| {
        let (asked, has_asked) = std::sync::mpsc::channel();
        let (reloaded, has_reloaded) = std::sync::mpsc::channel::<()>();
        let other = scope.spawn(move || {
            let before = ask();
            asked.send(()).unwrap();
            has_reloaded.recv().unwrap();
            (before, ask())
        });
        has_asked.recv().unwrap();
        policies.reload(&stricter_trainer()).unwrap_or_else(|error| panic!("{error}"));
        reloaded.send(()).unwrap();
        assert_eq!(other.join().unwrap(), (true, false));
    });
}

#[test]
fn a_broken_reload_leaves_the_old_in_force_and_says_what_is_wrong() {
    let policies = loaded();
    let broken = edited("trainer.polar", "\"trains\" in relations;", "\"trains\" in relations");
    let PolicyError { problems } = policies.reload(&broken).expect_err("refused");
    assert_eq!((problems.len(), problems[0].file.as_str()), (1, "trainer.polar"));
    assert!(problems[0].line > 9, "{problems:?}");
    assert_eq!(policies.version(), 1);
    assert!(plan(&policies, "approve", &[Relation::Trains], Assurance::High).is_ok());
}

#[test]
fn an_example_that_fails_and_a_rule_without_one_are_refused() {
    let wider = edited(
        "trainer.polar",
        "\"trains\" in relations and assurance >= 2;\n\npermit(\"trainer\", \"reject\"",
        "(\"trains\" in relations or \"self\" in relations) and assurance >= 2;\n\npermit(\"trainer\", \"reject\"",
    );
    let told = said(&wider);
    assert!(
        told.iter().any(|problem| problem.contains("trainer.test:")
            && problem.ends_with("expected forbidden, got trainer-approves-own-trainees-plan")),
        "{told:?}"
    );
    let more =
        with("permit(\"helpdesk\", \"read\", \"report\", \"all\", relations, _, \"new\") if \"member\" in relations;");
    assert_eq!(said(&more), ["more.polar:1: no example shows what \"new\" allows"]);
}

#[test]
fn what_is_misspelled_is_refused_with_its_line() {
    let rule = |head: &str, body: &str| with(&format!("# a comment\n\npermit({head}) if\n    {body};\n"));
    let head = r#""trainer", "read", "training_plan", "all", relations, assurance, "x""#;
    for (sources, message) in [
        (rule(&head.replace("trainer", "trainr"), "assurance >= 1"), "unknown capacity \"trainr\""),
        (rule(&head.replace("read", "raed"), "assurance >= 1"), "`raed training_plan/all` is not in operations.txt"),
        (rule(head, "\"trians\" in relations"), "unknown relation \"trians\""),
        (rule(head, "\"right:\" in relations"), "unknown relation \"right:\""),
        (rule(head, "\"known_as:king\" in relations"), "unknown relation \"known_as:king\""),
        (rule(head, "assurance >= 4"), "assurance is 1, 2 or 3, not 4"),
        (
            rule(&head.replace("\"x\"", "\"trainer-reads-own-trainees-plan\""), "assurance >= 1"),
            "a second rule \"trainer-reads-own-trainees-plan\"; the first is trainer.polar:8",
        ),
        (
            rule(&head.replace("\"x\"", "rule"), "rule = \"x\""),
            "not permit(capacity, action, resource, fields, relations, assurance, rule), the words in quotes",
        ),
        (
            rule(&head.replace("\"x\"", "\"X y\""), "assurance >= 1"),
            "the rule's name \"X y\" is no slug of at most 40 characters",
        ),
        (
            rule(&head.replace("\"all\", ", ""), "assurance >= 1"),
            "not permit(capacity, action, resource, fields, relations, assurance, rule)",
        ),
        (
            rule(&head.replace("\"trainer\"", "capacity"), "capacity = \"trainer\""),
            "not permit(capacity, action, resource, fields, relations, assurance, rule), the words in quotes",
        ),
        (rule(&head.replace("relations", "_"), "\"self\" in relations"), "`in` looks at the rule's `relations`"),
    ] {
        // When examples are out of the way, that one thing is wrong.
        let told = said(&sources);
        let found = told.iter().any(|told| *told == format!("more.polar:3: {message}"));
        assert!(found, "{message}\n{told:?}");
    }
}

#[test]
fn a_policy_that_could_run_on_is_refused_when_it_is_loaded() {
    let head = r#""trainer", "read", "training_plan", "all", relations, assurance"#;
    let either = r#"("self" in relations or "trains" in relations)"#;
    let exponential = format!("permit({head}, \"x\") if {};", [either; 18].join(" and "));
    let recursive = format!("permit({head}, \"x\") if permit({head}, \"x\");");
    let mutual = "on(x) if off(x);\noff(x) if on(x);".to_owned();
    let entry = "allow(capacity, action, resource, fields, relations, assurance, rule) if allow(capacity, action, resource, fields, relations, assurance, rule);";
    let many: String = (0..=MOST_BRANCHES).map(|i| format!("permit({head}, \"x{i}\") if assurance >= 1;\n")).collect();
    let deep = format!("permit({head}, \"x\") if {}assurance >= 1{};", "(".repeat(30_000), ")".repeat(30_000));
    let long = format!("permit({head}, \"x\") if {};", ["assurance >= 1"; 3_000].join(" and "));
    let nested = (0..20).fold("assurance >= 1".to_owned(), |inner, i| {
        format!("(assurance >= 1 {} {inner})", if i % 2 == 0 { "and" } else { "or" })
    });
    let nested = format!("permit({head}, \"x\") if {nested};");
    for (rules, message) in [
        (exponential, "262145 alternatives for one capacity and operation; at most 64"),
        (recursive, "a rule calls no other rule"),
        (mutual, "a rule is called `permit`, not `on`"),
        (entry.into(), "a rule is called `permit`, not `allow`"),
        (many, "65 alternatives for one capacity and operation; at most 64"),
        (format!("permit({head}, \"x\") if forall(x in relations, x = \"self\");"), "a condition is"),
        (format!("permit({head}, \"x\") if not \"self\" in relations;"), "a condition is"),
        (format!("permit({head}, \"x\") if print(relations);"), "a condition is"),
        (format!("permit({head}, \"x\") if debug();"), "a condition is"),
        (format!("permit({head}, \"x\") if x in relations and x = \"self\";"), "a condition is"),
        (format!("permit({head}, \"x\") if \"self\" in [\"self\"];"), "`in` looks at the rule's `relations`"),
        ("?= 1 = 1;".into(), "an inline query"),
        ("resource Dossier { permissions = [\"read\"]; }".into(), "a resource block"),
        ("type permit(a);".into(), "only the entry's type"),
        (deep, ""),
        (long, "more than 64 conditions in one rule"),
        (nested, "conditions nested more than 16 deep"),
        ("# é".into(), "a policy is written in ASCII"),
        (" ".repeat(70_000), "longer than 65536 bytes"),
    ] {
        let told = said(&with(&rules));
        assert!(
            told.iter().any(|told| told.starts_with("more.polar") && told.contains(message)),
            "{message}\n{told:?}"
        );
    }
}

#[test]
fn the_entry_and_poorts_own_operations_cannot_be_left_out() {
    let without_entry: Vec<_> = shipped().into_iter().filter(|source| source.name != "gateway.polar").collect();
    assert_eq!(said(&without_entry), ["gateway.polar: declares the entry 0 times, not once"]);
    let renamed = edited("operations.txt", "search     mandators/all", "look       mandators/all");
    assert!(
        said(&renamed).contains(&"operations.txt: `search mandators/all`, which Poort itself asks, is missing".into())
    );
    let shorter = edited("gateway.polar", "relations, assurance, rule", "relations, rule");
    assert!(said(&shorter)[0].ends_with("declares the entry 0 times, not once"), "{:?}", said(&shorter));
    let once_more = with("type permit(capacity, action, resource, fields, relations, assurance, rule);");
    assert_eq!(said(&once_more), ["more.polar:1: only the entry's type is declared, in gateway.polar"]);
    let stray = vec![Source::new("notes.md", "")];
    assert!(said(&stray).contains(&"notes.md: neither *.polar, *.test nor operations.txt".into()));
}

#[test]
fn proxy_2_profile_5_an_explanation_says_what_would_do() {
    let policies = loaded();
    let case =
        |capacity, operation, about, relations, assurance| Case { capacity, operation, about, relations, assurance };
    let report = Operation::new("read", "report", "all");
    let member = [Relation::Member];
    let lacks =
        policies.explain(&case(Capacity::OrganizationMember, report, About::Organization, &member, Assurance::Low));
    assert_eq!(
        lacks.answer,
        Err(Denial::Forbidden(WouldDo { rights: vec!["reporting".into()], ..WouldDo::default() }))
    );
    assert_eq!(
        lacks.to_string(),
        "organization_member wants to read report/all with member, at assurance low (policies version 1)\n\
         forbidden (403): no rule allows it\n\
         would do: the right reporting"
    );
    let dossier = Operation::new("read", "dossier", "administrative");
    let own = [Relation::Oneself];
    let other = policies.explain(&case(Capacity::Citizen, dossier, About::Person, &own, Assurance::Low));
    let Err(Denial::Forbidden(would_do)) = other.answer else { panic!("{other}") };
    assert_eq!(would_do.capacities, [Capacity::Professional]);
    assert!(would_do.among(&[Capacity::Trainer], |_| true).is_empty(), "only what is offered to the person is told");
    let allowed =
        policies.explain(&case(Capacity::Professional, dossier, About::Person, &own, Assurance::High)).to_string();
    assert!(allowed.ends_with("allowed by professional-reads-own-dossier, professional.polar:8"), "{allowed}");
}
