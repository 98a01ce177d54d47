//! Floor 3: configuration. One `gateway.toml` and one file a tenant, read into typed values with every mistake reported at once.
//!
//! - [`load`] reads a gateway and its tenants; [`check`] reads any files and only says what is wrong; [`render`] says it to
//!   a person. [`tenants`] reads tenant files that are not on a disk (the demo's are compiled in) and puts them in a
//!   [`Placement`].
//! - `document` and `table` read TOML key by key and keep the places; `kind` and `address` know the kinds of values; `gateway`, `tenant`
//!   and what stands beside them know the keys; `together` checks what no file shows alone, and
//!   `asked` what the routes ask of the policies.
//!
//! The example files are the reference: `deploy/gateway.example.toml` has every key with its default, and the two files in
//! `deploy/tenants/` every key of a tenant.
//!
//! Architecture invariant: reading a configuration opens no network connection, asks no clock, and reads no secret.
//! Whether a database answers or a key file can be read is known when the gateway starts, on the machine where it starts.

mod address;
mod asked;
mod backend;
mod certificate;
mod client;
mod digid;
mod eherkenning;
mod eid;
mod eidas;
mod fas_saml;
mod document;
pub mod gateway;
mod itsme;
mod jwks;
mod kind;
mod login_rule;
mod lookup;
mod means;
mod mistake;
mod near;
mod openid;
mod pairing;
mod phone;
pub mod placement;
#[doc(hidden)]
#[cfg(any(test, feature = "fuzzing"))]
pub mod properties;
mod purpose;
mod register;
mod route;
mod saml;
pub mod secret_file;
mod self_registration;
#[cfg(test)]
mod slips;
mod table;
mod tenant;
mod terms;
mod texts;
mod together;
mod wrong;

use std::{
    fs, io,
    path::{Path, PathBuf},
};

pub use asked::policy_sources;
pub use gateway::Gateway;
pub use mistake::{Mistake, Mistakes, Place, render};
pub use placement::{Placement, Scheme};
pub use secret_file::SecretFile;

use crate::{domain::tenant::Tenant, policy::Policies};

/// A gateway and its tenants, all of it valid.
#[derive(Debug)]
pub struct Config {
    /// The gateway.
    pub gateway: Gateway,
    /// Its tenants, by the names of their files.
    pub tenants: Vec<Tenant>,
    /// The policies that its routes were checked against.
    pub policies: Policies,
}

/// A file's text and the name by which mistakes call it.
#[derive(Clone, PartialEq, Eq)]
pub struct Source {
    /// Its name. Paths in it are relative to where it stands; a tenant's file is called after the tenant's id.
    pub path: PathBuf,
    /// Its text.
    pub text: String,
}

impl Source {
    /// A text under a name.
    #[must_use]
    pub fn new(path: impl Into<PathBuf>, text: impl Into<String>) -> Self {
        Self { path: path.into(), text: text.into() }
    }

    fn read(path: &Path, mistakes: &mut Vec<Mistake>) -> Option<Self> {
        match fs::read_to_string(path) {
            Ok(text) => Some(Self::new(path, text)),
            Err(error) => {
                mistakes.push(Mistake {
                    place: Place::file(path),
                    what: format!("this cannot be read: {error}"),
                    right: "a file that this user may read, in UTF-8".into(),
                });
                None
            }
        }
    }
}

/// Its name only: somebody may have put a secret into the text.
impl std::fmt::Debug for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Source({})", self.path.display())
    }
}

/// Reads the gateway at `path`, its policies, and the tenants in its folder.
///
/// # Errors
/// Every mistake in any of the files.
pub fn load(path: &Path) -> Result<Config, Mistakes> {
    let mut mistakes = Vec::new();
    let read = read_gateway(path, &mut mistakes);
    let known = read.as_ref().and_then(|read| read.known.as_ref());
    let mut tenants = read_tenants(read.as_ref().map_or(&[], |read| &read.tenants), known, &mut mistakes);
    Mistakes::none_in(mistakes)?;
    let ReadGateway { gateway, known, .. } = read.expect("a gateway that could not be read is a mistake");
    let policies = known.expect("policies that could not be read are a mistake").policies;
    tenants.iter_mut().for_each(|tenant| gateway.placement().apply(tenant));
    Ok(Config { gateway, tenants, policies })
}

/// Reads the tenants of `sources` and puts them in their place.
///
/// # Errors
/// Every mistake in any of them.
pub fn tenants(sources: &[Source], placement: &Placement) -> Result<Vec<Tenant>, Mistakes> {
    let mut mistakes = Vec::new();
    let mut tenants = read_tenants(sources, None, &mut mistakes);
    Mistakes::none_in(mistakes)?;
    tenants.iter_mut().for_each(|tenant| placement.apply(tenant));
    Ok(tenants)
}

/// Every mistake below `paths`: a folder stands for the tenants in it, a file whose name begins with `gateway` for a gateway
/// with its policies and tenants, another file for one tenant. Tenants named together are also checked against each other, and
/// beside a gateway against its policies.
#[must_use]
pub fn check(paths: &[PathBuf]) -> Vec<Mistake> {
    let mut mistakes = Vec::new();
    let mut sources: Vec<Source> = Vec::new();
    let mut known = None;
    for path in paths {
        let is_gateway =
            path.file_name().and_then(|name| name.to_str()).is_some_and(|name| name.starts_with("gateway"));
        if path.is_dir() {
            sources.extend(folder(path, &Place::file(path), &mut mistakes));
        } else if is_gateway {
            if let Some(read) = read_gateway(path, &mut mistakes) {
                sources.extend(read.tenants);
                known = read.known.or(known);
            }
        } else {
            sources.extend(Source::read(path, &mut mistakes));
        }
    }
    // A file that two of the paths lead to is read once.
    sources.sort_by(|a, b| a.path.cmp(&b.path));
    sources.dedup();
    read_tenants(&sources, known.as_ref(), &mut mistakes);
    Mistakes::none_in(mistakes).err().map(Mistakes::into_vec).unwrap_or_default()
}

/// A gateway's file, and what it leads to.
struct ReadGateway {
    gateway: Gateway,
    tenants: Vec<Source>,
    known: Option<asked::Known>,
}

fn read_gateway(path: &Path, mistakes: &mut Vec<Mistake>) -> Option<ReadGateway> {
    let source = Source::read(path, mistakes)?;
    let (gateway, places) = document::Document::read(&source, mistakes, gateway::read)?;
    let tenants = folder(&gateway.folders.tenants, &places.tenants, mistakes);
    let known = asked::load(gateway.folders.policies.as_deref(), &places.policies, mistakes);
    Some(ReadGateway { gateway, tenants, known })
}

/// Reads tenants, and checks what their routes ask when the policies are known.
fn read_tenants(sources: &[Source], known: Option<&asked::Known>, mistakes: &mut Vec<Mistake>) -> Vec<Tenant> {
    let files: Vec<_> = sources
        .iter()
        .filter_map(|source| Some((source.path.as_path(), document::Document::read(source, mistakes, tenant::read)?)))
        .collect();
    together::check(&files, mistakes);
    if let Some(known) = known {
        files.iter().for_each(|(_, file)| asked::check(known, &file.asked, mistakes));
    }
    files.into_iter().filter_map(|(_, file)| file.tenant).collect()
}

/// The tenant files in a folder, by name. One without any is a mistake: nobody could use such a gateway. `place` is where the
/// folder is named.
fn folder(path: &Path, place: &Place, mistakes: &mut Vec<Mistake>) -> Vec<Source> {
    let listed = fs::read_dir(path).and_then(Iterator::collect::<io::Result<Vec<_>>>);
    let mut files: Vec<PathBuf> = match listed {
        Ok(entries) => entries.into_iter().map(|entry| entry.path()).collect(),
        Err(error) => {
            mistakes.push(Mistake {
                place: place.clone(),
                what: format!("the folder {} cannot be read: {error}", path.display()),
                right: "a folder with one file a tenant, relative to this file".into(),
            });
            return Vec::new();
        }
    };
    files.retain(|file| file.extension().is_some_and(|ending| ending == "toml"));
    files.sort();
    if files.is_empty() {
        mistakes.push(Mistake {
            place: place.clone(),
            what: format!("no tenant is in the folder {}", path.display()),
            right: "one file a tenant in it, called after its id: mijnrgs.toml".into(),
        });
    }
    files.iter().filter_map(|file| Source::read(file, mistakes)).collect()
}
