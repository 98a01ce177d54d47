//! `[[registers.ID.routes]]`: what may be asked, whose resource it is, and what policy is asked about it.

use std::time::Duration;

use super::{
    asked::{Asked, Whose},
    document::Placed,
    kind::{any_text, duration, shown, size, slug, word},
    means::assurance_words,
    near::{any_of, nearest},
    table::Table,
    tenant::Around,
    wrong::Wrong,
};
use crate::domain::{
    assurance::Assurance,
    register::{InvalidPattern, NameSpace, PathPattern, ProfileIn, Route, Subject},
};

const NAME_SPACES: [(&str, NameSpace); 3] =
    [("nihdi", NameSpace::Nihdi), ("registration", NameSpace::Registration), ("pseudonym", NameSpace::Pseudonym)];
const METHODS: [&str; 6] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"];
const DEFAULT_MAX_BODY: u64 = 1 << 20;

/// What the routes of a register lean on.
pub(super) struct Within<'r> {
    pub backend: &'r NamedBackend,
    /// The most assurance that one can have here; none when that is not known.
    pub reachable: Option<Assurance>,
    pub around: &'r Around,
}

/// The backend that a register or a route names.
pub(super) enum NamedBackend {
    Known(String),
    Absent,
    /// Named wrongly, and reported.
    Wrong,
}

pub(super) fn backend(section: &mut Table<'_>, around: &Around) -> NamedBackend {
    let known = || around.backends.iter().map(String::as_str);
    let read = section.optional("backend", "\"dossier\"", |value| {
        let id = any_text(value)?;
        if around.backends.contains(id) {
            return Ok(id.to_owned());
        }
        let right = match nearest(id, known()) {
            Some(meant) => format!("backend = \"{meant}\", if that was meant"),
            None if around.backends.is_empty() => "a [backends.…] section with its url and audience".into(),
            None => format!("one of the tenant's backends: {}", any_of(known())),
        };
        Err(Wrong::but(format!("there is no [backends.…] with the id {}", shown(id)), right))
    });
    match read {
        Some(id) => NamedBackend::Known(id),
        None if section.has("backend") => NamedBackend::Wrong,
        None => NamedBackend::Absent,
    }
}

pub(super) fn read(sections: Vec<Table<'_>>, within: &Within<'_>) -> (Vec<Route>, Vec<Asked>) {
    let mut routes: Vec<Route> = Vec::new();
    let mut asked = Vec::new();
    for section in sections {
        let (section, route) = one(section, within);
        if let Some(route) = route {
            if let Some(method) = shadowed(&route, &routes) {
                section.wrong(
                    "path",
                    format!("an earlier route takes every {method} of this path already"),
                    "one route for a method and path; the first that matches counts",
                );
            }
            asked.push(Asked {
                action: Placed { value: route.action.clone(), place: section.place_of("action") },
                resource: route.resource.clone(),
                fields: route.fields.clone(),
                whose: match route.subject {
                    Subject::Own => Whose::Own,
                    Subject::Nobody => Whose::Nobodys(section.place_of("subject")),
                    Subject::Parameter { .. } => Whose::Numbered(section.place_of("subject")),
                },
            });
            routes.push(route);
        }
        section.finish();
    }
    (routes, asked)
}

/// A method of `route` that an earlier route with the same form of path has too.
fn shadowed<'m>(route: &'m Route, earlier: &[Route]) -> Option<&'m str> {
    let form = |route: &Route| -> Vec<String> {
        let nameless = |part: &str| match part.strip_prefix('{') {
            Some(name) if name.starts_with('*') => "{*}".to_owned(),
            Some(_) => "{}".to_owned(),
            None => part.to_owned(),
        };
        route.path.as_str().split('/').map(nameless).collect()
    };
    let same = earlier.iter().filter(|other| form(other) == form(route));
    let mut methods = same.flat_map(|other| &other.methods);
    methods.find_map(|taken| route.methods.iter().find(|method| *method == taken)).map(String::as_str)
}

fn one<'a>(mut section: Table<'a>, within: &Within<'_>) -> (Table<'a>, Option<Route>) {
    let methods = section.required_list("methods", "[\"GET\"]", word(&METHODS.map(|method| (method, method))));
    let methods: Option<Vec<String>> =
        methods.map(|list| list.into_iter().map(|method| method.value.to_owned()).collect());
    let pattern = section.required("path", "\"/dossiers/{riziv}\"", pattern);
    let subject = subject(&mut section, pattern.as_ref());
    let resource = section.required("resource", "\"dossier\"", slug);
    let action = section.required("action", "\"read\"", slug);
    let fields = section.optional("fields", "\"all\"", slug).unwrap_or_else(|| "all".into());
    let assurance = section.optional("assurance", "\"substantial\"", word(&assurance_words()));
    if let (Some(asked), Some(reachable)) = (assurance, within.reachable)
        && asked > reachable
    {
        section.wrong(
            "assurance",
            format!("nobody reaches `{asked}` here: the register's means go up to `{reachable}`"),
            format!(
                "a means with assurance = \"{asked}\" in the register's `means`, or at most assurance = \"{reachable}\""
            ),
        );
    }
    let backend = match (backend(&mut section, within.around), within.backend) {
        (NamedBackend::Known(id), _) => Some(id),
        (NamedBackend::Absent, NamedBackend::Known(id)) => Some(id.clone()),
        (NamedBackend::Absent, NamedBackend::Absent) => {
            section.lacks(
                "backend",
                "no backend answers for this route",
                "backend = \"…\" here, or once in the register for all its routes",
            );
            None
        }
        _ => None,
    };
    let audited = section.optional("audit", "\"access\"", word(&[("access", true), ("none", false)])).unwrap_or(true);
    let profile_in = section
        .optional("profile_in", "\"header\"", word(&[("header", ProfileIn::Header), ("field", ProfileIn::Field)]))
        .unwrap_or(ProfileIn::Header);
    let mut limits = section.section("limits");
    let max_body = limits.optional("body", "\"1MiB\"", size(0, 16 << 30)).unwrap_or(DEFAULT_MAX_BODY);
    limits.finish();
    let stale = stale(&mut section, subject.as_ref(), methods.as_deref(), audited);
    let assemble = || {
        Some(Route {
            methods: methods?,
            path: pattern?,
            subject: subject?,
            resource: resource?,
            action: action?,
            fields,
            assurance,
            backend: backend?,
            audited,
            profile_in,
            max_body,
            stale,
        })
    };
    let route = assemble();
    (section, route)
}

fn pattern(value: &toml::de::DeValue<'_>) -> Result<PathPattern, Wrong> {
    let text = any_text(value)?;
    if text == "/.poort" || text.starts_with("/.poort/") {
        return Err(Wrong::but(
            "paths below `/.poort` are Poort's own on every register's host",
            "a path outside `/.poort/`",
        ));
    }
    PathPattern::parse(text).map_err(|error| {
        let what = format!("{} is no path of a route", shown(text));
        match error {
            InvalidPattern::NotCanonical => {
                Wrong::but(what, "path = \"/dossiers/{riziv}\": begins with /, without a query, and without empty, dotted or encoded segments")
            }
            InvalidPattern::Parameter => {
                Wrong::but(what, "path = \"/dossiers/{riziv}\": a parameter is a whole segment in lower case, each name once; {*name} only at the end")
            }
        }
    })
}

/// What the file says of whom the path is about.
enum Named {
    Own,
    Nobody,
    Parameter(String),
}

/// Whose resource it is. Every parameter of the path must be explained: it is the subject, or `parts` names it as a thing
/// that the backend finds within the subject's own (a remark, a file), and trusts no more than the token's subject.
fn subject(section: &mut Table<'_>, pattern: Option<&PathPattern>) -> Option<Subject> {
    let named = section.required("subject", "\"self\" (or \"none\", or a parameter of the path as \"{riziv}\")", |value| {
        let text = any_text(value)?;
        match text {
            "self" => Ok(Named::Own),
            "none" => Ok(Named::Nobody),
            _ => match text.strip_prefix('{').and_then(|text| text.strip_suffix('}')) {
                Some(name) => Ok(Named::Parameter(name.to_owned())),
                None => Err(Wrong::but(
                    format!("{} says not whose resource this is", shown(text)),
                    "subject = \"self\" for the chosen profile's own, \"none\" for nobody's data, or a parameter of the path as \"{riziv}\"",
                )),
            },
        }
    });
    let space = section.optional("name_space", "\"nihdi\"", word(&NAME_SPACES));
    let parts = section.list("parts", "[\"remark\"]", slug);
    let parts = if section.has("parts") { parts } else { Some(Vec::new()) };
    let subject = match named? {
        Named::Parameter(name) => {
            if !section.has("name_space") {
                section.wrong(
                    "subject",
                    format!("nothing says what kind of number `{name}` is"),
                    format!("name_space = {}, beside it", any_of(NAME_SPACES.map(|(word, _)| word))),
                );
                return None;
            }
            Subject::Parameter { name, space: space? }
        }
        other => {
            if section.has("name_space") {
                section.wrong(
                    "name_space",
                    "the subject is no parameter of the path, so it has no number",
                    "remove it, or subject = \"{riziv}\"",
                );
                return None;
            }
            if matches!(other, Named::Own) { Subject::Own } else { Subject::Nobody }
        }
    };
    explained(section, &subject, pattern?, &parts?).then_some(subject)
}

fn explained(section: &Table<'_>, subject: &Subject, pattern: &PathPattern, parts: &[Placed<String>]) -> bool {
    let parameters: Vec<&str> = pattern.parameters().collect();
    let explained_by_subject = match subject {
        Subject::Parameter { name, .. } => Some(name.as_str()),
        Subject::Own | Subject::Nobody => None,
    };
    if let Some(name) = explained_by_subject
        && !parameters.contains(&name)
    {
        let advice = match parameters.as_slice() {
            [] => format!("path = \"…/{{{name}}}\", or subject = \"self\""),
            parameters => {
                let subjects: Vec<String> = parameters.iter().map(|name| format!("subject = \"{{{name}}}\"")).collect();
                subjects.join(" or ")
            }
        };
        section.wrong("subject", format!("the path has no parameter `{{{name}}}`"), advice);
        return false;
    }
    if let (Subject::Own, Some(name)) = (subject, parameters.first()) {
        section.wrong(
            "path",
            format!("`self` is the chosen profile's own, without an id, and the path has `{{{name}}}`"),
            format!("a path without a parameter, or subject = \"{{{name}}}\" with its name_space"),
        );
        return false;
    }
    let mut right = true;
    for part in parts {
        if !parameters.contains(&part.value.as_str()) || explained_by_subject == Some(part.value.as_str()) {
            section.wrong_at(
                &part.place,
                format!("`{}` is no parameter of the path beside the subject", part.value),
                "remove it",
            );
            right = false;
        }
    }
    for name in parameters {
        if explained_by_subject != Some(name) && !parts.iter().any(|part| part.value == name) {
            section.wrong(
                "path",
                format!("nobody explains the parameter `{{{name}}}`: whose resource is it?"),
                format!(
                    "subject = \"{{{name}}}\" with its name_space, when it is a person's number\n\
                     parts = [\"{name}\"], when it names a thing of that person's, where alone the backend looks for it"
                ),
            );
            right = false;
        }
    }
    right
}

/// `stale` is for reading one's own data only: nobody sees another's longer than their access lasts. And what must be written
/// down cannot pass while there is no database to write it in.
fn stale(
    section: &mut Table<'_>,
    subject: Option<&Subject>,
    methods: Option<&[String]>,
    audited: bool,
) -> Option<Duration> {
    let stale = section.optional("stale", "\"60s\"", duration(Duration::from_secs(1), Duration::from_secs(300)))?;
    if subject.is_some_and(|subject| *subject != Subject::Own) {
        section.wrong(
            "stale",
            "old knowledge may only serve for one's own data",
            "remove it; it goes with subject = \"self\" alone",
        );
    } else if methods.is_some_and(|methods| methods.iter().any(|method| !matches!(method.as_str(), "GET" | "HEAD"))) {
        section.wrong(
            "stale",
            "old knowledge may only serve for reading",
            "remove it; or a route of its own for GET, with stale",
        );
    } else if audited {
        section.wrong(
            "stale",
            "each use is written down before it is answered, and without the database nothing is",
            "audit = \"none\" beside it, or remove it",
        );
    }
    Some(stale)
}
