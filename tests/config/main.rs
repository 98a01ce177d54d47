//! Configuration as an operator meets it: a corpus of broken files, each with the one mistake that its name says, and the
//! messages as a snapshot that a person reviewed.
//!
//! - `valid/`: a gateway and a tenant without a mistake, from which the broken ones differ in a few lines;
//! - `broken/tenant/`, `broken/gateway/`: one mistake each; `broken/together/`: folders in which two tenants disagree;
//!   `broken/policies/`: gateways whose routes and policies disagree;
//! - `broken/ten.toml`: ten mistakes.

mod placed;

use std::path::{Path, PathBuf};

use poort::config::{Mistake, check, load, render};

/// Texts of the corpus that stand for secrets.
const SECRETS: [&str; 4] = ["hunter2", "geheim", "aHVudGVy", "47DEQpj8"];

fn corpus(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new("tests/config").join(folder);
    let mut files: Vec<PathBuf> =
        folder.read_dir().expect("a folder of the corpus").map(|entry| entry.expect("an entry").path()).collect();
    files.sort();
    files
}

fn one_mistake_each() -> Vec<PathBuf> {
    ["broken/gateway", "broken/policies", "broken/tenant", "broken/together"].into_iter().flat_map(corpus).collect()
}

/// A folder of `broken/policies` is named by its gateway.
fn mistakes(file: &Path) -> Vec<Mistake> {
    let gateway = file.join("gateway.toml");
    check(&[if gateway.exists() { gateway } else { file.to_owned() }])
}

#[test]
fn a_valid_configuration_has_no_mistake() {
    assert_eq!(render(&mistakes(Path::new("tests/config/valid/gateway.toml"))), "");
    assert_eq!(render(&mistakes(Path::new("deploy/gateway.example.toml"))), "");
    let config = load(Path::new("tests/config/valid/gateway.toml")).expect("valid");
    assert_eq!(config.tenants.len(), 3);
}

#[test]
fn every_broken_file_has_one_mistake_and_the_ten_have_ten() {
    let files = one_mistake_each();
    assert!(files.len() >= 40, "{} broken files", files.len());
    for file in files {
        let found = mistakes(&file);
        assert_eq!(found.len(), 1, "{}:\n{}", file.display(), render(&found));
    }
    assert_eq!(mistakes(Path::new("tests/config/broken/ten.toml")).len(), 10);
}

#[test]
fn mending_a_few_lines_makes_a_broken_file_valid() {
    let base = |path: &str| std::fs::read_to_string(path).expect("a valid file");
    for (folder, valid) in [
        ("broken/tenant", "tests/config/valid/tenants/base.toml"),
        ("broken/gateway", "tests/config/valid/gateway.toml"),
    ] {
        let further = ["dutch", "saml"].map(|name| base(&format!("tests/config/valid/tenants/{name}.toml")));
        let valid = format!("{}{}", base(valid), further.concat());
        for file in corpus(folder) {
            let broken = std::fs::read_to_string(&file).expect("a broken file");
            // The comment at the head, the id, the folder of tenants; the lines that are new are what is wrong.
            let known = |line: &&str| {
                line.starts_with(['#', '\u{feff}'])
                    || line.starts_with("id = ")
                    || line.starts_with("tenants = ")
                    || valid.lines().any(|right| right == *line)
            };
            let new: Vec<&str> = broken.lines().filter(|line| !known(line)).collect();
            assert!(new.len() <= 4, "{}: {new:?}", file.display());
        }
    }
}

#[test]
fn the_messages_are_those_that_were_reviewed() {
    let mut all = String::new();
    for file in one_mistake_each().into_iter().chain([PathBuf::from("tests/config/broken/ten.toml")]) {
        for mistake in mistakes(&file) {
            all.push_str(&format!("{mistake}\n\n"));
        }
    }
    let all = all.replace("tests/config/broken/", "");
    insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!("messages", all);
    });
}

#[test]
fn no_message_repeats_a_secret() {
    for file in one_mistake_each().into_iter().chain([PathBuf::from("tests/config/broken/ten.toml")]) {
        let text = render(&mistakes(&file));
        for secret in SECRETS {
            assert!(!text.contains(secret), "{}: {text}", file.display());
        }
    }
}

#[test]
fn mistakes_of_all_files_come_together() {
    let files = [PathBuf::from("tests/config/broken/ten.toml"), PathBuf::from("tests/config/broken/tenant")];
    let found = check(&files);
    let tenants = corpus("broken/tenant").len();
    // All these tenants share their hosts, which is a mistake of each but one.
    assert!(found.len() > tenants + 10, "{}", found.len());
    assert!(found.is_sorted(), "in the order of files and lines");
}

#[test]
fn a_broken_rule_is_reported_with_its_line() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::create_dir(folder.path().join("policies")).expect("a folder");
    for mut source in poort::policy::source::shipped() {
        if source.name == "citizen.polar" {
            source.text.push_str("\npermit(\"citizen\", \"open\";\n");
        }
        std::fs::write(folder.path().join("policies").join(source.name), source.text).expect("written");
    }
    let tenants = Path::new("tests/config/valid/tenants").canonicalize().expect("the valid tenants");
    let gateway = folder.path().join("gateway.toml");
    std::fs::write(&gateway, format!("[folders]\npolicies = \"policies\"\ntenants = {tenants:?}\n")).expect("written");
    let found = check(&[gateway]);
    assert_eq!(found.len(), 1, "{}", render(&found));
    assert!(found[0].place.file.ends_with("policies/citizen.polar") && found[0].place.line > 1, "{}", render(&found));
}
