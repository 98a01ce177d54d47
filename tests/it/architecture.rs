//! The house keeps its order: what the map in `src/lib.rs` says of rooms, floors and doors is so.
//!
//! In one crate nothing else stops a module from knowing every other. These tests read the source as text.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    path::{Path, PathBuf},
};

/// The rooms of each floor, from the ground up.
const FLOORS: [&[&str]; 11] = [
    &["base"],
    &["domain"],
    &["policy"],
    &["config", "notify", "storage", "token"],
    &["login"],
    &["service"],
    &["pages"],
    &["http"],
    &["api", "provider", "proxy", "web"],
    &["demo"],
    &["app"],
];

/// Big dependencies, and the only places that know them: files, or folders with all that is in them.
const DOORS: &[(&str, &[&str])] = &[
    ("oso", &["policy/engine.rs"]),
    ("polar_core", &["policy/admission.rs"]),
    ("sqlx", &["storage/sql/"]),
    ("sqlx_macros", &["storage/sql/"]),
    ("redis", &["storage/ephemeral/redis.rs"]),
    ("lettre", &["notify/smtp.rs", "demo/smtp/tests.rs"]),
    ("argon2", &["login/password.rs"]),
    ("totp_rs", &["login/totp.rs"]),
    ("jsonwebtoken", &["token/", "demo/"]),
    ("fluent_bundle", &["notify/mail.rs", "pages/text.rs"]),
    ("fast_qr", &["pages/qr.rs"]),
    ("phonenumber", &["domain/phone.rs"]),
    ("rust_embed", &["pages/assets.rs"]),
    ("clap", &["app/", "demo/"]),
    ("rustix", &["app/doctor/files.rs", "http/server.rs"]),
    ("toml", &["config/"]),
    ("bergshamra", &["login/wire/saml/signature.rs", "login/wire/saml/encryption.rs", "demo/"]),
    ("uppsala", &["login/wire/saml/xml.rs", "demo/"]),
    ("flate2", &["login/wire/saml/bindings.rs", "demo/digid/"]),
    ("rcgen", &["demo/saml_keys.rs", "demo/eid/", "http/tls/testing.rs"]),
    (
        "rustls",
        &[
            "base/tls/",
            "http/tls/",
            "login/eid/chain.rs",
            "login/wire/http.rs",
            "demo/",
            "notify/call.rs",
            "notify/smtp.rs",
        ],
    ),
    ("tokio_rustls", &["http/tls/", "notify/call.rs", "notify/smtp.rs", "login/wire/http.rs", "proxy/tests/", "demo/"]),
    ("rustls_native_certs", &["http/tls/outward.rs"]),
    ("webpki_roots", &["base/tls/"]),
    ("x509_parser", &["base/tls/", "http/tls/", "login/eid/"]),
    ("webpki", &["login/eid/chain.rs"]),
    ("x509_ocsp", &["login/eid/ocsp.rs", "demo/eid/"]),
    ("metrics_exporter_prometheus", &["app/"]),
    ("tracing_subscriber", &["app/"]),
    ("webauthn_rs", &["login/webauthn/"]),
    ("openidconnect", &["login/wire/oidc/"]),
    ("chrono", &["login/wire/oidc/"]),
    ("opentelemetry", &["app/traces.rs"]),
    ("opentelemetry_http", &["app/traces.rs"]),
    ("opentelemetry_otlp", &["app/traces.rs"]),
    ("opentelemetry_sdk", &["app/traces.rs"]),
    ("axum", HTTP),
    ("tower", HTTP),
    ("hyper", HTTP_AND_CALLS),
    ("hyper_util", HTTP_AND_CALLS),
];

/// The rooms that speak HTTP.
const HTTP: &[&str] = &["api/", "http/", "provider/", "proxy/", "web/", "demo/", "app/"];

/// Those, and what calls a program elsewhere.
const HTTP_AND_CALLS: &[&str] =
    &["http/", "provider/", "proxy/", "web/", "demo/", "app/", "notify/call.rs", "login/wire/http.rs"];

/// The rooms that only compute: nothing in them waits, reads, or asks what time it is.
const PURE: [&str; 2] = ["domain", "policy"];

#[test]
fn a_room_knows_lower_floors_only() {
    let mut wrong = String::new();
    for source in sources() {
        let Some(room) = source.room() else { continue };
        let own = floor(room);
        for (line, other) in source.rooms_named() {
            match FLOORS.iter().position(|rooms| rooms.contains(&other.as_str())) {
                None => writeln!(wrong, "{source}:{line}: crate::{other} is no room"),
                Some(floor) if floor < own || other == room => continue,
                Some(floor) => writeln!(wrong, "{source}:{line}: {room} (floor {own}) knows {other} (floor {floor})"),
            }
            .expect("a string takes everything");
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn no_path_climbs_out_of_its_room() {
    let mut wrong = String::new();
    for source in sources() {
        for line in source.climbs() {
            writeln!(wrong, "{source}:{line}: `super` leads to the crate's root; write `crate::`").expect("a string");
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn the_map_names_the_rooms_in_floor_order() {
    let lib = sources().into_iter().find(|source| source.path == "lib.rs").expect("src/lib.rs");
    let declared: Vec<&str> =
        lib.code.lines().filter_map(|line| line.trim().strip_prefix("pub mod ")?.strip_suffix(';')).collect();
    let floors: Vec<usize> = declared.iter().map(|room| floor(room)).collect();
    assert!(floors.is_sorted(), "`pub mod` in floor order: {declared:?}");
    let folders: BTreeSet<String> = std::fs::read_dir(root().join("src"))
        .expect("src")
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| root().join("src").join(name).is_dir())
        .collect();
    assert_eq!(folders, declared.iter().map(|room| (*room).to_owned()).collect(), "each folder is a room of the map");
    for room in declared {
        let source = std::fs::read_to_string(root().join("src").join(room).join("mod.rs")).expect("mod.rs");
        let head = format!("//! Floor {}: ", floor(room));
        assert!(source.starts_with(&head), "src/{room}/mod.rs begins with `{head}`");
        assert!(lib.text.contains(&format!("`{room}`")), "the map says what {room} is");
    }
}

#[test]
fn a_big_dependency_has_one_door() {
    let mut wrong = String::new();
    for source in sources() {
        for (dependency, doors) in DOORS {
            if doors.iter().any(|door| source.path == *door || door.ends_with('/') && source.path.starts_with(door)) {
                continue;
            }
            if let Some(line) = source.first_use(dependency) {
                writeln!(wrong, "{source}:{line}: {dependency} is used in {doors:?} only").expect("a string");
            }
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn every_door_is_used() {
    let sources = sources();
    for (dependency, _) in DOORS {
        let used = sources.iter().any(|source| source.first_use(dependency).is_some());
        assert!(used, "nobody uses {dependency} any more: take it from the doors, and from Cargo.toml");
    }
}

#[test]
fn what_is_pure_does_not_wait_read_or_look_at_the_clock() {
    let mut wrong = String::new();
    for source in sources().iter().filter(|source| source.room().is_some_and(|room| PURE.contains(&room))) {
        for word in ["async ", ".await", "tokio::", "std::fs", "std::net", "SystemTime", "Instant::now", "Clock"] {
            // Their tests may: one reads the matrix in the repository.
            if !source.path.contains("tests") && source.code.contains(word) {
                writeln!(wrong, "{source}: `{word}` in a room that only computes").expect("a string");
            }
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn every_file_says_what_lives_there() {
    let silent: Vec<String> = rust_files()
        .filter(|path| {
            let text = std::fs::read_to_string(path).expect("a source file");
            !text.starts_with("//! ")
        })
        .map(|path| relative(&path))
        .collect();
    assert!(silent.is_empty(), "without module docs: {silent:#?}");
}

#[test]
fn no_module_is_a_drawer_for_everything() {
    const DRAWERS: [&str; 8] = ["common", "commons", "helper", "helpers", "misc", "prelude", "util", "utils"];
    for path in rust_files() {
        let named = path.iter().filter_map(|part| Path::new(part).file_stem()?.to_str());
        for name in named.skip(root().iter().count()) {
            assert!(!DRAWERS.contains(&name), "{}: name it after what is in it", relative(&path));
        }
    }
}

#[test]
fn both_databases_have_the_same_migrations_and_tables() {
    let [sqlite, postgres] = ["sqlite", "postgres"].map(migrations);
    assert!(!sqlite.is_empty(), "there are migrations");
    let names = |of: &BTreeMap<String, BTreeSet<String>>| of.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&sqlite), names(&postgres), "the same names");
    for (name, tables) in &sqlite {
        assert_eq!(Some(tables), postgres.get(name), "{name}: the same tables, with the same columns");
    }
}

/// Each migration with the tables it makes, each with its columns.
fn migrations(database: &str) -> BTreeMap<String, BTreeSet<String>> {
    let folder = root().join("migrations").join(database);
    let files = std::fs::read_dir(folder).expect("the folder of migrations").map(|entry| entry.expect("a file").path());
    files.map(|path| (file_name(&path), tables(&std::fs::read_to_string(&path).expect("a migration")))).collect()
}

#[test]
fn every_column_with_sealed_values_is_found_when_its_key_is_exchanged() {
    let columns = migrations("sqlite").into_values().flatten();
    let sealed: BTreeSet<String> =
        columns.filter_map(|column| column.strip_suffix(".sealed").map(str::to_owned)).collect();
    let places = poort::storage::sql::sealed::PLACES.map(|place| place.table.to_owned()).into_iter().collect();
    assert_eq!(sealed, places, "a table with a column `sealed` is a place of src/storage/sql/sealed.rs");
}

fn tables(sql: &str) -> BTreeSet<String> {
    const NO_COLUMNS: [&str; 6] = ["PRIMARY", "FOREIGN", "UNIQUE", "CHECK", "CONSTRAINT", "REFERENCES"];
    let mut tables = BTreeSet::new();
    let mut table = None;
    for line in sql.lines().map(|line| line.split("--").next().unwrap_or_default()) {
        if let Some(rest) = line.strip_prefix("CREATE TABLE ") {
            table = rest.split([' ', '(']).next().map(str::to_owned);
            tables.extend(table.clone());
        } else if line.starts_with(')') {
            table = None;
        } else if let (Some(table), Some(column)) = (&table, line.strip_prefix("    ")) {
            let column = column.split_whitespace().next().unwrap_or_default();
            let is_name = column.starts_with(|c: char| c.is_ascii_lowercase());
            if is_name && !NO_COLUMNS.contains(&column.to_ascii_uppercase().as_str()) {
                tables.insert(format!("{table}.{column}"));
            }
        }
    }
    tables
}

#[test]
fn the_repository_explains_itself() {
    // Working papers that are no part of it: what they say, the code and its docs say themselves.
    let papers = [["rules", ".md"], ["stories", ".md"], ["house", ".md"], ["advisories", ".md"], ["shared", "/"]]
        .map(|parts| parts.concat())
        .into_iter()
        .chain([["facts", "/"], ["design", "/"], ["seeds", "/"]].map(|parts| parts.concat()));
    let papers: Vec<String> = papers.collect();
    let mut wrong = String::new();
    for path in files(&root()) {
        let Ok(text) = std::fs::read_to_string(&path) else { continue };
        for (number, line) in text.lines().enumerate() {
            if let Some(paper) = papers.iter().find(|paper| names(line, paper)) {
                writeln!(wrong, "{}:{}: {paper}", relative(&path), number + 1).expect("a string");
            }
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

/// Whether a line has this name by itself, not as the end of another word or a folder of ours.
fn names(line: &str, paper: &str) -> bool {
    line.match_indices(paper).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let within = before.is_some_and(|c| c.is_alphanumeric() || matches!(c, '_' | '-'));
        let slashed = before == Some('/') && !line[..at].ends_with("../");
        !(within || slashed && paper.ends_with('/'))
    })
}

/// A file of `src`.
struct Source {
    /// Below `src`, with `/`.
    path: String,
    text: String,
    /// Without comments and quoted text.
    code: String,
}

impl std::fmt::Display for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "src/{}", self.path)
    }
}

impl Source {
    /// The room it stands in; none for `lib.rs` and `main.rs`.
    fn room(&self) -> Option<&str> {
        self.path.split_once('/').map(|(room, _)| room)
    }

    fn line(&self, at: usize) -> usize {
        self.code[..at].matches('\n').count() + 1
    }

    /// Where a name stands by itself.
    fn words<'a>(&'a self, word: &'a str) -> impl Iterator<Item = usize> + 'a {
        let part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$');
        self.code.match_indices(word).map(|(at, _)| at).filter(move |at| {
            let after = self.code[at + word.len()..].chars().next();
            !self.code[..*at].ends_with(part) && !after.is_some_and(part)
        })
    }

    /// The rooms of every `crate::room` and `crate::{room, ..}`, with the line.
    fn rooms_named(&self) -> Vec<(usize, String)> {
        let mut named = Vec::new();
        for at in self.words("crate") {
            let Some(rest) = self.code[at + "crate".len()..].strip_prefix("::") else { continue };
            let line = self.line(at);
            match rest.strip_prefix('{') {
                None => named.push((line, first_word(rest))),
                Some(group) => named.extend(heads_of_group(group).into_iter().map(|word| (line, word))),
            }
        }
        named.retain(|(_, word)| word.starts_with(|c: char| c.is_ascii_lowercase()));
        named
    }

    /// Where a chain of `super` reaches the crate's root.
    fn climbs(&self) -> Vec<usize> {
        let Some(_) = self.room() else { return Vec::new() };
        let folders = self.path.matches('/').count();
        let own = if self.path.ends_with("/mod.rs") { folders } else { folders + 1 };
        let mut climbs = Vec::new();
        let starts: BTreeSet<usize> = self.words("super").filter(|at| !self.code[..*at].ends_with("super::")).collect();
        for at in starts {
            let chain = self.code[at..].split("::").take_while(|part| *part == "super").count();
            if chain >= own + inline_modules(&self.code[..at]) {
                climbs.push(self.line(at));
            }
        }
        climbs
    }

    /// The line that first names a crate in a path or an import.
    fn first_use(&self, dependency: &str) -> Option<usize> {
        self.words(dependency)
            .find(|at| {
                let before = self.code[..*at].trim_end();
                let path = self.code[at + dependency.len()..].starts_with("::");
                path && !before.ends_with("::") || before.ends_with("use") && !before.ends_with("::")
            })
            .map(|at| self.line(at))
    }
}

fn first_word(text: &str) -> String {
    text.trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

/// The first words of the parts of a `{a::b, c::{d, e}}` that has been opened.
fn heads_of_group(group: &str) -> Vec<String> {
    let mut heads = vec![first_word(group)];
    let mut depth = 0;
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => heads.push(first_word(&group[at + 1..])),
            _ => {}
        }
    }
    heads.retain(|head| !head.is_empty());
    heads
}

/// How many `mod name { .. }` are open at the end of this code.
fn inline_modules(code: &str) -> usize {
    let mut open = Vec::new();
    for (at, c) in code.char_indices() {
        match c {
            '{' => {
                let mut words = code[..at].split_whitespace().rev();
                let (_name, keyword) = (words.next(), words.next());
                open.push(keyword == Some("mod"));
            }
            '}' => {
                open.pop();
            }
            _ => {}
        }
    }
    open.into_iter().filter(|module| *module).count()
}

/// Code without its comments and the text in its quotes; every line stays where it is.
fn code(source: &str) -> String {
    let mut code = String::with_capacity(source.len());
    let mut rest = source;
    while let Some(c) = rest.chars().next() {
        let skipped = skipped(rest);
        let (gone, after) = rest.split_at(skipped.max(c.len_utf8()));
        if skipped == 0 {
            code.push(c);
        } else {
            code.extend(gone.chars().filter(|c| *c == '\n'));
            code.push(' ');
        }
        rest = after;
    }
    code
}

/// How long the comment or literal is that `rest` begins with; 0 when it begins with neither.
fn skipped(rest: &str) -> usize {
    let until = |from: usize, end: &str| rest[from..].find(end).map_or(rest.len(), |at| from + at + end.len());
    if rest.starts_with("//") {
        return rest.find('\n').unwrap_or(rest.len());
    }
    if rest.starts_with("/*") {
        return until(2, "*/");
    }
    if let Some(raw) = rest.strip_prefix('r') {
        let hashes = raw.chars().take_while(|c| *c == '#').count();
        if raw[hashes..].starts_with('"') {
            return until(hashes + 2, &format!("\"{}", "#".repeat(hashes)));
        }
    }
    if rest.starts_with('"') {
        let mut escaped = false;
        for (at, c) in rest.char_indices().skip(1) {
            match c {
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                '"' => return at + 1,
                _ => {}
            }
        }
        return rest.len();
    }
    match rest.strip_prefix('\'').map(|rest| (rest.chars().next(), rest)) {
        Some((Some('\\'), _)) => until(3, "'"),
        Some((Some(c), after)) if after[c.len_utf8()..].starts_with('\'') => c.len_utf8() + 2,
        _ => 0,
    }
}

#[test]
fn code_is_read_without_comments_and_quotes() {
    let source = r##"use crate::base; // crate::app "
/* crate::web */ let x = "crate::http \" // "; let y = r#"crate::login"#; let c = '"'; let d = '\''; fn f<'a>() { crate::{
    domain::{a, b}, policy::c } }"##;
    let source = Source { path: "service/x.rs".into(), text: source.into(), code: code(source) };
    let rooms: Vec<(usize, String)> =
        [(1, "base"), (2, "domain"), (2, "policy")].map(|(line, room)| (line, room.to_owned())).into();
    assert_eq!(source.rooms_named(), rooms);
    let climbing = "use super::a; mod tests { use super::super::b; use super::super::super::c; }\nuse super::super::d;";
    let source = Source { path: "service/x.rs".into(), text: String::new(), code: code(climbing) };
    assert_eq!(source.climbs(), [1, 2]);
    assert_eq!(Source { path: "service/mod.rs".into(), text: String::new(), code: code(climbing) }.climbs().len(), 4);
}

fn floor(room: &str) -> usize {
    let floor = FLOORS.iter().position(|rooms| rooms.contains(&room));
    floor.unwrap_or_else(|| panic!("{room} stands on no floor: give it one here and in src/lib.rs"))
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn relative(path: &Path) -> String {
    path.strip_prefix(root()).unwrap_or(path).display().to_string()
}

fn file_name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

/// Every file of the repository that is ours: nothing that was built or installed.
fn files(folder: &Path) -> Vec<PathBuf> {
    const NOT_OURS: [&str; 6] = [".git", ".cache", "artifacts", "node_modules", "target", "__pycache__"];
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if NOT_OURS.contains(&file_name(&path).as_str()) {
            continue;
        }
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found.sort();
    found
}

fn rust_files() -> impl Iterator<Item = PathBuf> {
    let folders = ["src", "tests", "benches", "fuzz"];
    let files = folders.into_iter().flat_map(|folder| files(&root().join(folder)));
    files.filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
}

fn sources() -> Vec<Source> {
    let src = root().join("src");
    let paths = files(&src).into_iter().filter(|path| path.extension().is_some_and(|extension| extension == "rs"));
    paths
        .map(|path| {
            let text = std::fs::read_to_string(&path).expect("a source file");
            let path = path.strip_prefix(&src).expect("below src").to_string_lossy().replace('\\', "/");
            Source { path, code: code(&text), text }
        })
        .collect()
}
