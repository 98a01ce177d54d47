//! S9: the path that was decided on is the path that the register acts on, whatever software it is.
//!
//! Each way to write a path otherwise is tried at each route of each register, through to four kinds of register. What comes
//! through is compared three times: with the line of the audit log that says on which route and about whom it was decided, with the
//! target that the register got, and with the path that the register's own software makes of it.

use serde_json::Value;

use crate::harness::{
    backends::{ALL, Backend, Seen, percent_decoded},
    cast::{Opening, openings},
    chance::{Chance, times},
    demo::{JAN, SANNE},
    gateway::{Gateway, PRO, RGS},
    socket,
};

/// A way to write a path otherwise.
type Mutation = fn(&str) -> String;

/// What is before the path's last segment, with the `/`, and that segment.
fn split(path: &str) -> (&str, &str) {
    path.split_at(path.rfind('/').map_or(0, |at| at + 1))
}

/// Something between the last `/` and the last segment.
fn between(path: &str, what: &str) -> String {
    let (before, last) = split(path);
    format!("{before}{what}{last}")
}

/// The last `/` written otherwise.
fn slash(path: &str, other: &str) -> String {
    let (before, last) = split(path);
    format!("{}{other}{last}", before.trim_end_matches('/'))
}

const MUTATIONS: &[(&str, &[Mutation])] = &[
    (
        "slashes",
        &[
            |path| format!("/{path}"),
            |path| format!("//{path}"),
            |path| slash(path, "//"),
            |path| format!("{path}/"),
            |path| format!("{path}//"),
            |path| slash(path, "\\"),
            |path| slash(path, "\\/"),
            |path| format!("{path}\\"),
        ],
    ),
    (
        "dots",
        &[
            |path| between(path, "./"),
            |path| between(path, "x/../"),
            |path| format!("/..{path}"),
            |path| format!("/.{path}"),
            |path| format!("{path}/."),
            |path| format!("{path}/.."),
            |path| format!("{path}/../"),
            |path| format!("{path}/..{path}"),
            |path| format!("{path}."),
            |path| format!("{path}.."),
            |path| format!("/style.css/..{path}"),
        ],
    ),
    (
        "dots, encoded",
        &[
            |path| between(path, "%2e/"),
            |path| between(path, "x/%2e%2e/"),
            |path| between(path, "x/%2E%2E/"),
            |path| between(path, "x/.%2e/"),
            |path| between(path, "x/%2e./"),
            |path| between(path, "x/%252e%252e/"),
            |path| between(path, "x/%u002e%u002e/"),
            |path| format!("{path}/%2e%2e"),
            |path| format!("/style.css/%2e%2e{path}"),
        ],
    ),
    (
        "separators, encoded",
        &[
            |path| slash(path, "%2f"),
            |path| slash(path, "%2F"),
            |path| slash(path, "%5c"),
            |path| slash(path, "%5C"),
            |path| slash(path, "%252f"),
            |path| format!("{path}%2f"),
            |path| format!("{path}%2f..%2fme"),
            |path| format!("{path}/..%2fme"),
            |path| format!("{path}%3f"),
            |path| format!("{path}%23"),
            |path| format!("{path}%3b"),
        ],
    ),
    (
        "parameters of segments",
        &[
            |path| format!("{path};"),
            |path| format!("{path};v=1"),
            |path| between(path, ";/"),
            |path| between(path, "x/..;/"),
            |path| format!("{path}/..;/me"),
            |path| format!("/;{path}"),
        ],
    ),
    (
        "letters",
        &[
            |path| path.to_uppercase(),
            |path| between(path, "").replacen(|c: char| c.is_ascii_lowercase(), "X", 1),
            |path| path.replacen('m', "%6d", 1),
            |path| path.replacen('s', "%73", 1),
            |path| path.replacen('e', "%65", 1),
            |path| path.replacen('e', "\u{435}", 1),
            |path| path.replacen('i', "%c4%b1", 1),
            |path| path.replacen('s', "%c5%bf", 1),
        ],
    ),
    (
        "ends",
        &[
            |path| format!("{path}%20"),
            |path| format!("{path}%09"),
            |path| format!("{path}\t"),
            |path| format!("{path}%00"),
            |path| format!("{path}%00.css"),
            |path| format!("{path}%0a"),
            |path| format!("{path}%0d%0aX-Poort:%20x"),
            |path| format!("{path}%7f"),
            |path| format!("{path}.css"),
            |path| format!("{path}~"),
            |path| format!("{path}|"),
            |path| format!("{path}#"),
            |path| format!("{path}#/style.css"),
        ],
    ),
    (
        "broken encodings",
        &[
            |path| format!("{path}%"),
            |path| format!("{path}%2"),
            |path| format!("{path}%zz"),
            |path| slash(path, "%c0%af"),
            |path| slash(path, "%e0%80%af"),
            |path| between(path, "%c0%ae%c0%ae/"),
            |path| slash(path, "%ef%bc%8f"),
            |path| slash(path, "%e2%88%95"),
            |path| format!("{path}%ff"),
            |path| format!("{path}%ef%bb%bf"),
            |path| format!("{path}%c3%a9"),
            |path| format!("{path}e%cc%81"),
        ],
    ),
    (
        "other forms of a target",
        &[
            |path| format!("http://evil.example{path}"),
            |path| format!("//evil.example{path}"),
            |path| format!("/http:/{path}"),
            |path| format!("@evil.example{path}"),
            |path| path.trim_start_matches('/').to_owned(),
            |_| "*".to_owned(),
        ],
    ),
    // These pass: the path is the same, and a query takes no part.
    (
        "queries",
        &[
            |path| path.to_owned(),
            |path| format!("{path}?"),
            |path| format!("{path}?/../administration"),
            |path| format!("{path}?x=%2e%2e%2f;//\\"),
            |path| format!("{path}??"),
        ],
    ),
];

/// Mutations of mutations, and pieces of them anywhere.
fn drawn(chance: &mut Chance, path: &str) -> String {
    let all: Vec<Mutation> = MUTATIONS.iter().flat_map(|(_, mutations)| mutations.iter().copied()).collect();
    let pieces = ["/", "//", ".", "..", "%2e", "%2f", "%5c", "\\", ";", "%00", "%25", "?", "#", "%c0%af", "x", "%61"];
    match chance.below(3) {
        0 => chance.pick(&all)(&chance.pick(&all)(path)),
        1 => {
            let at = 1 + chance.below(path.len());
            format!("{}{}{}", &path[..at], chance.pick(&pieces), &path[at..])
        }
        _ => format!("{}{}{}", chance.pick(&all)(path), chance.pick(&pieces), chance.pick(&pieces)),
    }
}

/// What the audit log says of the last use: the route, and whom it was about.
async fn decided(gateway: &Gateway, tenant: &str) -> Value {
    let newest = gateway.read_in(tenant).await.newest_events(1).await.expect("reads");
    let line: Value = serde_json::from_str(&newest.first().expect("a line").1).expect("JSON");
    assert_eq!(line["kind"], "register.used", "nothing is forwarded without its line: {line}");
    line
}

/// Whether a path is the one that the line is about, with the number of the person that it names.
fn is_of(path: &str, line: &Value, named: &[(String, String)]) -> bool {
    let pattern = line["details"]["route"].as_str().expect("a route");
    let number =
        |subject: &Value| named.iter().find(|(person, _)| subject == person).map(|(_, number)| number.as_str());
    let (mut wanted, mut got) = (pattern.split('/'), path.split('/'));
    loop {
        match (wanted.next(), got.next()) {
            (None, None) => return true,
            (Some(segment), Some(value)) if segment.starts_with('{') => {
                // A RIZIV number is somebody's by its first eight digits; the others say as what.
                let names = |number: &str| value == number || number.len() == 11 && value == &number[..8];
                if !number(&line["subject"]).is_some_and(names) {
                    return false;
                }
            }
            (Some(segment), Some(value)) if segment == value => {}
            _ => return false,
        }
    }
}

#[tokio::test]
async fn s9_cve_2026_33494_cve_2026_48794_cve_2026_9800_four_registers_act_on_the_path_that_was_decided_on() {
    let mut chance = Chance::of("paths");
    let (mut cases, mut passes, mut softwares) = (0, 0, Vec::new());
    for software in ALL {
        let Some(backend) = Backend::start(software).await else { continue };
        softwares.push(software);
        let gateway = backend.gateway().await;
        let openings = openings(&gateway).await;
        let named = [(PRO, JAN), (RGS, SANNE)];
        let mut numbers = Vec::new();
        for (tenant, email) in named {
            numbers.push((gateway.person(tenant, email).await.id.to_string(), gateway.number(tenant, email).await));
        }
        backend.log(&gateway.registers).await;
        let mut passed = Vec::new();
        for opening in &openings {
            let mut targets: Vec<(&str, String)> = MUTATIONS
                .iter()
                .flat_map(|(class, mutations)| mutations.iter().map(|mutate| (*class, mutate(&opening.path))))
                .collect();
            targets.extend((0..50 * (times() - 1)).map(|_| ("drawn", drawn(&mut chance, &opening.path))));
            for (class, target) in targets {
                cases += 1;
                passed.extend(tried(&gateway, &backend, opening, class, &target, &numbers).await);
            }
        }
        assert_eq!(backend.log(&gateway.registers).await, passed, "{software:?} got that and nothing else");
        passes += passed.len();
    }
    println!("S9: {cases} cases on {softwares:?}, {passes} of them passed as what they are");
    assert!(softwares.len() < ALL.len() || cases >= 2_000, "{cases}");
}

/// One target; what the register got of it.
async fn tried(
    gateway: &Gateway,
    backend: &Backend,
    opening: &Opening,
    class: &str,
    target: &str,
    numbers: &[(String, String)],
) -> Option<String> {
    gateway.later();
    let place = format!("{class}: {} {target} at {} on {:?}", opening.method, opening.pattern, backend.software);
    let answers = socket::exchange(gateway.address, &opening.bytes(target, "")).await;
    // A target with a line end in it is two things on the wire; the first answer ends the connection.
    let [answer] = &answers[..] else { panic!("{place}: {answers:?}") };
    assert!(answer.status < 500, "{place}: {}", answer.head);
    if answer.status != 200 {
        // 401: nobody of the cast has a session at that register.
        assert!(
            matches!(answer.status, 400 | 403 | 404) || answer.status == 401 && !opening.may,
            "{place}: {}",
            answer.head
        );
        assert!(class != "queries" || !opening.may, "the twin passes: {place}");
        return None;
    }
    let seen = backend.seen(&answer.body, &gateway.registers);
    let line = decided(gateway, &opening.tenant).await;
    let Seen { method, target: got, path } = &seen;
    let raw = got.split('?').next().unwrap_or_default();
    assert_eq!(*method, opening.method.as_str(), "{place}");
    assert_eq!(*method, line["details"]["method"], "{place}");
    assert!(is_of(raw, &line, numbers), "{place}: decided on {line}, the register got {got}");
    assert_eq!(*path, percent_decoded(raw), "{place}: {:?} reads the path otherwise", backend.software);
    Some(format!("{method} {got}"))
}
