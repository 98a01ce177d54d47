//! `deploy/gateway.example.toml` lists every key, and its values are the defaults.

use std::path::PathBuf;

use super::{
    super::{Source, document::Document},
    *,
};

fn example() -> String {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("deploy/gateway.example.toml");
    std::fs::read_to_string(path).expect("the example")
}

fn gateway(text: &str) -> Gateway {
    let mut mistakes = Vec::new();
    let source = Source::new("gateway.toml", text);
    let (gateway, _) = Document::read(&source, &mut mistakes, read).expect("TOML");
    assert_eq!(mistakes, [], "{text}");
    gateway
}

/// The example with its commented keys set too. A commented key is `# word = value`.
fn with_every_key() -> String {
    let is_key = |line: &str| {
        line.split_once(" = ").is_some_and(|(key, _)| key.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'))
    };
    let set = |line: &str| match line.strip_prefix("# ") {
        Some(key) if is_key(key) => key.to_owned(),
        _ => line.to_owned(),
    };
    example().lines().map(|line| set(line) + "\n").collect()
}

#[test]
fn an_empty_file_means_the_defaults() {
    assert_eq!(gateway(""), Gateway::default());
}

#[test]
fn what_the_example_sets_is_the_default() {
    assert_eq!(gateway(&example()), Gateway::default());
}

#[test]
fn the_example_has_every_key_with_an_explanation() {
    let text = with_every_key();
    // SQLite and the keys of PostgreSQL do not go together.
    let text = text
        .replace("sqlite:poort.db", "postgres://poort@db.internal/poort")
        .replace("tls = \"none\"", "tls = \"tls\"");
    gateway(&text);
    // An unknown key in a section makes the reader list the known ones.
    let lines: Vec<&str> = text.lines().collect();
    let sections: Vec<&str> = lines.iter().copied().filter(|line| line.starts_with('[')).collect();
    let strange: String = lines
        .iter()
        .map(|line| if line.starts_with('[') { format!("{line}\nzzzzzzzzzzzz = 1\n") } else { format!("{line}\n") })
        .collect();
    let mut mistakes = Vec::new();
    Document::read(&Source::new("gateway.toml", format!("zzzzzzzzzzzz = 1\n{strange}")), &mut mistakes, read);
    assert_eq!(mistakes.len(), sections.len() + 1);
    for mistake in mistakes {
        let section = mistake.place.key.strip_suffix("zzzzzzzzzzzz").expect("the strange key");
        for key in mistake.right.split('`').skip(1).step_by(2) {
            let path = format!("{section}{key}");
            let listed = text.contains(&format!("[{path}]\n")) || set_in(&text, section.trim_end_matches('.'), key);
            assert!(listed, "deploy/gateway.example.toml lacks {path}");
        }
    }
    let bare = lines.windows(2).find(|pair| pair[1].contains(" = ") && !pair[1].starts_with('#') && pair[0].is_empty());
    assert_eq!(bare, None, "a key without an explanation");
}

fn set_in(text: &str, section: &str, key: &str) -> bool {
    let mut inside = section.is_empty();
    text.lines().any(|line| {
        if line.starts_with('[') {
            inside = line == format!("[{section}]");
        }
        inside && line.starts_with(&format!("{key} = "))
    })
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig { cases: 300, failure_persistence: None, ..Default::default() })]

    /// Whatever stands at a key: a value or mistakes, never a panic.
    #[test]
    fn any_value_is_read_or_refused(
        changes in proptest::collection::vec(
            (proptest::prelude::any::<proptest::sample::Index>(), "(\"[ -!#-\\[\\]-~é]{0,20}\"|-?[0-9]{1,22}|true|\\[\\]|\\[\"[0-9./:]{0,12}\"\\]|\\{\\}|nan)"),
            1..5,
        ),
    ) {
        let text = with_every_key();
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        let keys: Vec<usize> = (0..lines.len()).filter(|i| !lines[*i].starts_with('#') && lines[*i].contains(" = ")).collect();
        for (at, value) in changes {
            let line = &mut lines[keys[at.index(keys.len())]];
            let key = line.split(" = ").next().unwrap_or_default();
            *line = format!("{key} = {value}");
        }
        let mut mistakes = Vec::new();
        Document::read(&Source::new("gateway.toml", lines.join("\n")), &mut mistakes, read);
        for mistake in mistakes {
            proptest::prop_assert!(mistake.place.line > 0 && !mistake.right.is_empty(), "{}", mistake);
        }
    }
}
