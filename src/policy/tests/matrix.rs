//! The matrix is the file in the repository, and each rule shows in it.

use std::{collections::BTreeSet, path::Path};

use crate::policy::{
    Policies, Source,
    matrix::{matrix, part},
    source::{shipped, table},
};

fn loaded() -> Policies {
    Policies::load(&shipped()).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn the_matrix_is_the_file_in_the_repository() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("policies/matrix.txt");
    let now = matrix(&loaded());
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&file, &now).unwrap();
    }
    let kept = std::fs::read_to_string(&file).unwrap_or_default();
    let differs = now.lines().zip(kept.lines()).find(|(now, kept)| now != kept);
    assert!(now == kept, "the policies give another matrix; the first line is {differs:?}; UPDATE=1 writes it anew");
}

#[test]
fn what_ended_is_foreign_or_of_another_tenant_is_as_good_as_nothing() {
    for line in matrix(&loaded()).lines().filter(|line| line.starts_with("  ")) {
        let circumstances: Vec<&str> = line.split_whitespace().skip(5).collect();
        let none = circumstances.contains(&"none");
        for kind in ["ended:", "foreign:", "elsewhere:"] {
            let found: Vec<_> = circumstances.iter().filter(|name| name.starts_with(kind)).collect();
            assert!(if none { *found == [&format!("{kind}*")] } else { found.is_empty() }, "{line}");
        }
    }
}

/// The rules without the one that begins in `line`, and the examples without those that expect it.
fn without(rule: &str) -> Vec<Source> {
    let mut sources = shipped();
    for source in &mut sources {
        if source.name.ends_with(".polar") {
            let kept =
                source.text.split_inclusive(";\n").filter(|statement| !statement.contains(&format!("\"{rule}\"")));
            source.text = kept.collect();
        } else if source.name.ends_with(".test") {
            source.text.clear();
        }
    }
    sources
}

fn names(matrix: &str) -> BTreeSet<&str> {
    matrix.split_whitespace().collect()
}

/// The matrix without the rules' names: who gets what.
fn answers(matrix: &str) -> Vec<(Vec<&str>, Vec<&str>)> {
    let rows = matrix.lines().filter(|line| line.starts_with("  "));
    rows.map(|line| line.split_whitespace().collect::<Vec<_>>()).map(|row| (row[..4].into(), row[5..].into())).collect()
}

#[test]
fn removing_any_one_rule_changes_the_matrix() {
    let policies = loaded();
    let rules = policies.rules();
    assert!(rules.len() > 30, "{rules:?}");
    let set = policies.current();
    let mut seen = BTreeSet::new();
    for (operation, about) in &set.admitted().operations {
        let operation = operation.as_operation();
        let before = part(&policies, operation, *about);
        for rule in rules.iter().filter(|rule| names(&before).contains(rule.as_str())) {
            let without = Policies::load_untried(&without(rule)).unwrap_or_else(|error| panic!("{rule}: {error}"));
            let after = part(&without, operation, *about);
            assert!(!names(&after).contains(rule.as_str()), "{rule} was not removed");
            assert_ne!(answers(&before), answers(&after), "without {rule} everybody may do the same");
            seen.insert(rule);
        }
    }
    assert_eq!(seen.len(), rules.len(), "some rule applies in no circumstance");
}

#[test]
fn an_operation_without_a_row_is_not_known() {
    let policies = loaded();
    let matrix = matrix(&policies);
    let operations = shipped().into_iter().find(|source| source.name == "operations.txt").unwrap();
    for (_, words) in table(&operations.text) {
        assert!(matrix.contains(&format!("\n{} {}  (about {})\n", words[0], words[1], words[2])), "{words:?}");
    }
    let unknown = crate::policy::Operation::new("read", "dossier", "medical");
    assert_eq!(policies.about(&unknown), None);
}
