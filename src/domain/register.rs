//! A register behind the gateway: its host, its routes, and whose resource each route names.

use std::{path::PathBuf, time::Duration};

use super::{assurance::Assurance, login_rule::LoginRule, path::CanonicalPath, tenant::Texts};

/// A register: a backend's pages on a host of their own.
#[derive(Clone, Debug)]
pub struct Register {
    /// Its slug in the tenant's file.
    pub id: String,
    /// Its name for people.
    pub name: Texts,
    /// Its canonical host name.
    pub host: String,
    /// `scheme://host[:port]` as browsers see it.
    pub origin: String,
    /// The law it stands under.
    pub regime: Regime,
    /// The least assurance to be let in at all, but for whom a line of `logins` is; a route may ask more.
    pub least_assurance: Assurance,
    /// The ids of the means one may log in with here, but for whom a line of `logins` is.
    pub means: Vec<String>,
    /// Who logs in otherwise, in the file's order; the first line that is for somebody counts.
    pub logins: Vec<LoginRule>,
    /// The professions whose registrations in it anyone may look up, without a login.
    pub lookup: Vec<String>,
    /// Its routes, in the file's order; the first that matches counts.
    pub routes: Vec<Route>,
}

impl Register {
    /// The first route for `method` and `path`.
    #[must_use]
    pub fn route(&self, method: &str, path: &CanonicalPath) -> Option<(&Route, Parameters)> {
        self.routes.iter().find_map(|route| {
            if route.methods.iter().any(|m| m == method) {
                route.path.matches(path).map(|parameters| (route, parameters))
            } else {
                None
            }
        })
    }
}

/// The law that a register stands under; it decides how one logs in (LOGIN-4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Regime {
    /// Public law: national means.
    Public,
    /// Private law: means of the register's own.
    Private,
}

/// A program that answers for a register.
#[derive(Clone, Debug)]
pub struct Backend {
    /// Its slug in the tenant's file.
    pub id: String,
    /// Where it listens: `scheme://host[:port]`, without a path.
    pub url: url::Url,
    /// The `aud` of its tokens.
    pub audience: String,
    /// The form of its tokens.
    pub form: TokenForm,
    /// Whether its tokens carry the national number of whom they are about.
    pub national_number: bool,
    /// How it and Poort prove who they are, when its URL is https.
    pub tls: BackendTls,
    /// How long connecting may take.
    pub connect_timeout: Duration,
    /// How long its response's head may take.
    pub response_timeout: Duration,
}

/// Certificates between Poort and a backend.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BackendTls {
    /// The file of the authorities that may vouch for the backend; without one, those that the system trusts.
    pub authorities: Option<PathBuf>,
    /// The files of the certificate and key that Poort shows when the backend asks.
    pub own: Option<(PathBuf, PathBuf)>,
}

/// How a token says who acts and for whom. Never both in one token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum TokenForm {
    /// NL GOV: `sub` is the actor, `represents` whom they act for.
    #[default]
    NlGov,
    /// RFC 8693: `sub` is whom they act for, `act` the actor.
    Rfc8693,
}

/// What may be asked of a backend, and what policy is asked about it.
#[derive(Clone, Debug)]
pub struct Route {
    /// The methods, upper case.
    pub methods: Vec<String>,
    /// The path.
    pub path: PathPattern,
    /// Whose resource it names.
    pub subject: Subject,
    /// The kind of resource, a word of the policies.
    pub resource: String,
    /// What is done with it, a word of the policies.
    pub action: String,
    /// The set of fields it shows, a word of the policies.
    pub fields: String,
    /// Assurance that the route asks beyond the register's.
    pub assurance: Option<Assurance>,
    /// Which backend answers.
    pub backend: String,
    /// Whether every use is in the audit log before it is answered (`access`).
    pub audited: bool,
    /// Where an unsafe request names the profile it was made for.
    pub profile_in: ProfileIn,
    /// The largest request body, in bytes.
    pub max_body: u64,
    /// How stale the knowledge that a permit rests on may be, when the database does not answer.
    pub stale: Option<Duration>,
}

/// Whose resource a path names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// The person that the profile acts for; the path has no id.
    Own,
    /// Nobody's data.
    Nobody,
    /// The person whose number is in the path.
    Parameter {
        /// The parameter's name.
        name: String,
        /// What kind of number it is.
        space: NameSpace,
    },
}

/// A name space of subjects that facts know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameSpace {
    /// RIZIV/INAMI numbers.
    Nihdi,
    /// Registration numbers of the tenant's professions.
    Registration,
    /// The pseudonyms that this backend knows people by.
    Pseudonym,
}

/// Where an unsafe request under a mandate or an organization names its profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProfileIn {
    /// In the header `Poort-Profile`.
    Header,
    /// In the field `poort_profile` of a URL-encoded form.
    Field,
}

/// A path with parameters: `/dossiers/{riziv}/remarks`; a last `{*name}` takes the rest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathPattern {
    text: String,
    segments: Vec<Segment>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Segment {
    Literal(String),
    Parameter(String),
    Rest(String),
}

/// The parameters of a matched path, as they stand in the canonical path.
pub type Parameters = Vec<(String, String)>;

/// A path pattern that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidPattern {
    /// The literal parts are no canonical path.
    #[error("a path begins with / and has no empty, dotted or encoded segments")]
    NotCanonical,
    /// A parameter is not `{name}`, or is named twice.
    #[error("a parameter is a whole segment: {{name}}, each name once, and {{*name}} only at the end")]
    Parameter,
}

impl PathPattern {
    /// Reads a pattern.
    ///
    /// # Errors
    /// When it is no path or its parameters are malformed.
    pub fn parse(text: &str) -> Result<Self, InvalidPattern> {
        let Some(rest) = text.strip_prefix('/') else {
            return Err(InvalidPattern::NotCanonical);
        };
        let mut segments = Vec::new();
        let mut names = Vec::new();
        let parts: Vec<&str> = rest.split('/').collect();
        for (i, part) in parts.iter().enumerate() {
            let last = i + 1 == parts.len();
            if let Some(inner) = part.strip_prefix('{').and_then(|p| p.strip_suffix('}')) {
                let (name, takes_rest) = inner.strip_prefix('*').map_or((inner, false), |name| (name, true));
                if !crate::base::id::is_slug(name) || names.contains(&name) || (takes_rest && !last) {
                    return Err(InvalidPattern::Parameter);
                }
                names.push(name);
                segments.push(if takes_rest { Segment::Rest(name.into()) } else { Segment::Parameter(name.into()) });
            } else if part.contains(['{', '}']) {
                return Err(InvalidPattern::Parameter);
            } else {
                let canonical = CanonicalPath::parse(&format!("/{part}")).map_err(|_| InvalidPattern::NotCanonical)?;
                if part.is_empty() && !last {
                    return Err(InvalidPattern::NotCanonical);
                }
                segments.push(Segment::Literal(canonical.as_str()[1..].into()));
            }
        }
        Ok(Self { text: text.into(), segments })
    }

    /// The parameters' names.
    pub fn parameters(&self) -> impl Iterator<Item = &str> {
        self.segments.iter().filter_map(|segment| match segment {
            Segment::Literal(_) => None,
            Segment::Parameter(name) | Segment::Rest(name) => Some(name.as_str()),
        })
    }

    /// The pattern's text, for logs and metrics: it has no person's number in it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The parameters when `path` has this form.
    #[must_use]
    pub fn matches(&self, path: &CanonicalPath) -> Option<Parameters> {
        let mut parameters = Vec::new();
        let mut rest = path.as_str().strip_prefix('/')?;
        let mut more = true;
        for segment in &self.segments {
            if !more {
                return None;
            }
            if let Segment::Rest(name) = segment {
                parameters.push((name.clone(), rest.to_owned()));
                return Some(parameters);
            }
            let (part, tail) = match rest.split_once('/') {
                Some((part, tail)) => (part, Some(tail)),
                None => (rest, None),
            };
            match segment {
                Segment::Literal(literal) if literal == part => {}
                Segment::Parameter(name) if !part.is_empty() => parameters.push((name.clone(), part.to_owned())),
                _ => return None,
            }
            rest = tail.unwrap_or_default();
            more = tail.is_some();
        }
        (!more).then_some(parameters)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(pattern: &str, path: &str) -> Option<Parameters> {
        PathPattern::parse(pattern).expect("a pattern").matches(&CanonicalPath::parse(path).expect("a path"))
    }

    #[test]
    fn a_pattern_matches_whole_segments() {
        assert_eq!(matches("/", "/"), Some(vec![]));
        assert_eq!(matches("/dossiers/{riziv}", "/dossiers/123"), Some(vec![("riziv".into(), "123".into())]));
        assert_eq!(matches("/dossiers/{riziv}", "/dossiers/"), None);
        assert_eq!(matches("/dossiers/{riziv}", "/dossiers/1/2"), None);
        assert_eq!(matches("/dossiers/{riziv}", "/dossiers"), None);
        assert_eq!(matches("/dossiers", "/dossiers/"), None);
        assert_eq!(matches("/dossiers/", "/dossiers/"), Some(vec![]));
        assert_eq!(matches("/files/{*rest}", "/files/a/b"), Some(vec![("rest".into(), "a/b".into())]));
        assert_eq!(matches("/files/{*rest}", "/files/"), Some(vec![("rest".into(), String::new())]));
        assert_eq!(matches("/files/{*rest}", "/files"), None);
        assert_eq!(matches("/a/{x}/b", "/a/1/b"), Some(vec![("x".into(), "1".into())]));
        assert_eq!(matches("/a/{x}/b", "/A/1/b"), None);
    }

    #[test]
    fn a_malformed_pattern_is_refused() {
        for bad in
            ["", "a", "//", "/a//b", "/a/{x", "/a/x}", "/a/{x}/{x}", "/{*x}/b", "/a/{X}", "/a/../b", "/a%2fb", "/a{x}"]
        {
            assert!(PathPattern::parse(bad).is_err(), "{bad}");
        }
    }
}
