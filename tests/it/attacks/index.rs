//! The index of advisories: each has a test here, or a reason.
//!
//! `advisories.txt` has the ids as they were published, by section; `index.txt` says of each what tries it.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

const ADVISORIES: &str = include_str!("advisories.txt");
const INDEX: &str = include_str!("index.txt");

/// Sections that this version must withstand whole. In the others something may wait for what brings it.
const WHOLE: [&str; 4] = ["4.1", "4.2", "4.5", "4.6"];

/// What is said of an advisory.
#[derive(Debug)]
enum Answer {
    /// A test tries it.
    Test(&'static str),
    /// It cannot happen, for this reason.
    Not(&'static str),
    /// What it is about is not there yet.
    Later(&'static str),
}

/// The lines of the index, by section and id.
fn index() -> BTreeMap<(&'static str, &'static str), Answer> {
    let mut section = "";
    let mut index = BTreeMap::new();
    for line in INDEX.lines().filter(|line| line.starts_with("## ") || !line.is_empty() && !line.starts_with('#')) {
        if let Some(heading) = line.strip_prefix("## ") {
            section = heading.split(' ').next().unwrap_or_default();
            continue;
        }
        let parts: Vec<&str> = line.split(" | ").collect();
        let [id, words, answer] = parts[..] else { panic!("not `ID | words | answer`: {line}") };
        assert!(!words.is_empty(), "{line}");
        let answer = match answer.split_once(' ') {
            Some(("test", name)) => Answer::Test(name),
            Some(("not:", reason)) if !reason.is_empty() => Answer::Not(reason),
            Some(("later:", reason)) if !reason.is_empty() => Answer::Later(reason),
            _ => panic!("not a test, a reason, or what will bring it: {line}"),
        };
        assert!(index.insert((section, id), answer).is_none(), "{id} stands twice in {section}");
    }
    index
}

/// The advisories, by section and id.
fn advisories() -> BTreeSet<(&'static str, &'static str)> {
    let mut section = "";
    let mut advisories = BTreeSet::new();
    for word in ADVISORIES.lines().filter(|line| !line.starts_with('#')).flat_map(str::split_whitespace) {
        if word.starts_with(|c: char| c.is_ascii_digit()) && word.contains('.') {
            section = word;
        } else {
            advisories.insert((section, word));
        }
    }
    advisories
}

/// The names of all tests in Rust.
fn tests() -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for folder in ["src", "tests"] {
        collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), &mut names);
    }
    names
}

fn collect(folder: &Path, names: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            if !path.ends_with("node_modules") && !path.ends_with(".cache") {
                collect(&path, names);
            }
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = std::fs::read_to_string(&path).expect("a source file");
            let mut is_test = false;
            for line in text.lines().map(str::trim) {
                if line.starts_with("#[test]") || line.starts_with("#[tokio::test") {
                    is_test = true;
                } else if let Some(signature) =
                    line.strip_prefix("fn ").or_else(|| line.strip_prefix("async fn ")).filter(|_| is_test)
                {
                    names.extend(signature.split('(').next().map(str::to_owned));
                    is_test = false;
                }
            }
        }
    }
}

#[test]
fn every_advisory_has_its_line_and_no_line_is_of_another() {
    let index: BTreeSet<_> = index().into_keys().collect();
    let advisories = advisories();
    assert!(advisories.len() > 200, "the list was read");
    let missing: Vec<_> = advisories.difference(&index).collect();
    let unknown: Vec<_> = index.difference(&advisories).collect();
    assert!(missing.is_empty() && unknown.is_empty(), "missing: {missing:?}, unknown: {unknown:?}");
}

#[test]
fn every_test_of_the_index_exists() {
    let tests = tests();
    for (id, answer) in index() {
        match answer {
            Answer::Test(name) => assert!(tests.contains(name), "{id:?}: there is no test {name}"),
            // A reason may lean on a test, by its name.
            Answer::Not(reason) | Answer::Later(reason) => {
                let names = reason.split([' ', ';', ':', ',']).filter(|word| word.matches('_').count() > 2);
                for name in names {
                    assert!(tests.contains(name), "{id:?}: there is no test {name}");
                }
            }
        }
    }
}

#[test]
fn the_sections_of_this_version_wait_for_nothing() {
    for ((section, id), answer) in index() {
        assert!(!WHOLE.contains(&section) || !matches!(answer, Answer::Later(_)), "{section} {id}: {answer:?}");
    }
}
