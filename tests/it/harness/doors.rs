//! The routes of the gateway, as its own routers list them: nobody can add one and forget it in a test.
//!
//! axum tells them in the debug form of a router alone. Another axum that tells them differently makes the tests fail that
//! count on them, not pass.

use std::collections::BTreeMap;

use axum::Router;
use http::Method;

/// Methods as a router names them.
const METHODS: [(&str, Method); 6] = [
    ("get", Method::GET),
    ("delete", Method::DELETE),
    ("options", Method::OPTIONS),
    ("patch", Method::PATCH),
    ("post", Method::POST),
    ("put", Method::PUT),
];

/// A method, and the pattern of its path.
pub type Door = (Method, String);

/// The pages of a login host.
pub fn pages() -> Vec<Door> {
    of(&poort::web::router())
}

/// The endpoints of the OpenID provider.
pub fn provider() -> Vec<Door> {
    of(&poort::provider::router())
}

/// What registers push to.
pub fn api() -> Vec<Door> {
    of(&poort::api::router())
}

fn of(router: &Router) -> Vec<Door> {
    let text = format!("{router:?}");
    // Behind it stand what answers when nothing matches, and the same words again.
    let text = text.split(", fallback_router: ").next().unwrap_or_default();
    let (routes, rest) = text.split_once(" node: Node { paths: {").expect("a router's routes and paths");
    let paths: BTreeMap<&str, &str> = rest
        .split("RouteId(")
        .filter_map(|entry| {
            let (id, rest) = entry.split_once("): \"")?;
            Some((id, rest.split_once('"')?.0))
        })
        .collect();
    let mut doors = Vec::new();
    for entry in routes.split("RouteId(").skip(1) {
        let Some((id, handlers)) = entry.split_once("): MethodRouter(MethodRouter { ") else { continue };
        let path = paths.get(id).unwrap_or_else(|| panic!("route {id} has no path: {text}"));
        for (word, method) in &METHODS {
            let named = format!("{word}: ");
            let handler = handlers.split(", ").find_map(|field| field.strip_prefix(named.as_str()));
            if handler.expect("each method has its field") != "None" {
                doors.push((method.clone(), (*path).to_owned()));
            }
        }
    }
    doors.sort_by(|a, b| (&a.1, a.0.as_str()).cmp(&(&b.1, b.0.as_str())));
    assert!(doors.len() > 5, "the routes were read: {text}");
    doors
}

/// The pattern with values in the place of its parameters.
pub fn filled(pattern: &str, value: impl Fn(&str) -> String) -> String {
    let segments =
        pattern.split('/').map(|segment| match segment.strip_prefix('{').and_then(|s| s.strip_suffix('}')) {
            Some(name) => value(name.trim_start_matches('*')),
            None => segment.to_owned(),
        });
    segments.collect::<Vec<_>>().join("/")
}
