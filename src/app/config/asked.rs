//! What the routes ask of the policies: an operation that no policy knows would be refused to everybody, and one that is about
//! a person needs to be told which.

use std::{fs, io, path::Path};

use super::{
    document::Placed,
    mistake::{Mistake, Place},
    near::nearest,
};
use crate::policy::{Operation, Policies, Source, relation::About, source::shipped};

/// What one route asks: the place of its `action`, its words, and whose resource it names.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    pub action: Placed<String>,
    pub resource: String,
    pub fields: String,
    pub whose: Whose,
}

/// Whose resource a route names, and where it says so.
#[derive(Clone, Debug)]
pub(super) enum Whose {
    Own,
    Nobodys(Place),
    Numbered(Place),
}

/// The policies, and the words of their operations.
pub(super) struct Known {
    pub policies: Policies,
    operations: Vec<String>,
}

const OPERATIONS: &str = "operations.txt";

/// The policies of `folder`, or without one those that Poort is shipped with.
pub(super) fn load(folder: Option<&Path>, place: &Place, mistakes: &mut Vec<Mistake>) -> Option<Known> {
    let sources = match policy_sources(folder) {
        Ok(sources) => sources,
        Err(error) => {
            mistakes.push(Mistake {
                place: place.clone(),
                what: format!("the folder of policies cannot be read: {error}"),
                right: "a folder as Poort's own policies/, relative to this file; or no such key, for Poort's own"
                    .into(),
            });
            return None;
        }
    };
    match Policies::load(&sources) {
        Ok(policies) => Some(Known { policies, operations: operations(&sources) }),
        Err(error) => {
            mistakes.extend(error.problems.into_iter().map(|problem| Mistake {
                place: Place {
                    file: folder.unwrap_or(Path::new("policies")).join(problem.file),
                    line: problem.line,
                    column: usize::from(problem.line > 0),
                    key: String::new(),
                },
                what: problem.message,
                right: "mend it here; no rule of a folder with a mistake is used".into(),
            }));
            None
        }
    }
}

/// The files of the policies in `folder`, or without one those that Poort is shipped with. For loading them again.
///
/// # Errors
/// When the folder or a file in it cannot be read.
pub fn policy_sources(folder: Option<&Path>) -> io::Result<Vec<Source>> {
    let Some(folder) = folder else { return Ok(shipped()) };
    let mut sources = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if name == OPERATIONS || name.ends_with(".polar") || name.ends_with(".test") {
            sources.push(Source::new(name, fs::read_to_string(&path)?));
        }
    }
    sources.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(sources)
}

/// `action resource/fields` of each operation, to say what was probably meant.
fn operations(sources: &[Source]) -> Vec<String> {
    let text = sources.iter().find(|source| source.name == OPERATIONS).map_or("", |source| source.text.as_str());
    let words = text.lines().map(|line| line.split('#').next().unwrap_or_default().split_whitespace());
    words.filter_map(|mut words| Some(format!("{} {}", words.next()?, words.next()?))).collect()
}

/// Checks what routes ask.
pub(super) fn check(known: &Known, routes: &[Asked], mistakes: &mut Vec<Mistake>) {
    for Asked { action: Placed { value: action, place }, resource, fields, whose } in routes {
        let operation = Operation::new(action, resource, fields);
        let Some(about) = known.policies.about(&operation) else {
            mistakes.push(Mistake {
                place: place.clone(),
                what: format!("the policies know no operation `{operation}`, so nobody may do it"),
                right: meant(known, &operation.to_string()),
            });
            continue;
        };
        let wrong = match (about, whose) {
            (About::Person | About::Organization | About::Holder, Whose::Nobodys(at)) => {
                Some((at, "subject = \"self\", or a parameter of the path as \"{riziv}\""))
            }
            (About::Organization | About::Holder, Whose::Numbered(at)) => Some((at, "subject = \"self\"")),
            _ => None,
        };
        if let Some((at, right)) = wrong {
            mistakes.push(Mistake {
                place: at.clone(),
                what: format!("`{operation}` is about one {}, and this route says not which", about.word()),
                right: right.into(),
            });
        }
    }
}

fn meant(known: &Known, operation: &str) -> String {
    let line = |operation: &str| {
        let (action, object) = operation.split_once(' ').unwrap_or((operation, ""));
        let (resource, fields) = object.split_once('/').unwrap_or((object, "all"));
        format!("resource = \"{resource}\", action = \"{action}\", fields = \"{fields}\"")
    };
    match nearest(operation, known.operations.iter().map(String::as_str)) {
        Some(meant) => format!("{}, if that was meant", line(meant)),
        None => format!("one of policies/{OPERATIONS}, or a new line there with rules for it"),
    }
}
