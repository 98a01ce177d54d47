//! What no file shows alone: hosts and ids that two tenants share.

use std::{collections::BTreeMap, path::Path};

use super::{
    mistake::{Mistake, Place},
    tenant::TenantFile,
};

/// Checks each file against its name, and all against each other.
pub(super) fn check(files: &[(&Path, TenantFile)], mistakes: &mut Vec<Mistake>) {
    ids(files, mistakes);
    hosts(files, mistakes);
}

fn ids(files: &[(&Path, TenantFile)], mistakes: &mut Vec<Mistake>) {
    let mut seen: BTreeMap<&str, &Place> = BTreeMap::new();
    for (path, file) in files {
        let Some(id) = &file.id else { continue };
        let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
        let mut report = |what: String, right: String| mistakes.push(Mistake { place: id.place.clone(), what, right });
        if let Some(earlier) = seen.get(id.value.as_str()) {
            report(
                format!("`{}` is the tenant of {} already", id.value, earlier.file.display()),
                format!("id = {stem:?}, if this is another tenant; or remove one of the two files"),
            );
        } else if stem != id.value {
            report(
                format!("the file is called {stem:?}, so its tenant is not found by its id"),
                format!("id = {stem:?}, or the file's name {}.toml", id.value),
            );
        }
        seen.entry(&id.value).or_insert(&id.place);
    }
}

fn hosts(files: &[(&Path, TenantFile)], mistakes: &mut Vec<Mistake>) {
    let mut seen: BTreeMap<&str, &Place> = BTreeMap::new();
    for host in files.iter().flat_map(|(_, file)| &file.hosts) {
        match seen.get(host.value.as_str()) {
            Some(first) => mistakes.push(Mistake {
                place: host.place.clone(),
                what: format!("the host `{}` is taken by {first}", host.value),
                right: "a host of its own for each login and each register: one origin must not read another's cookies"
                    .into(),
            }),
            None => {
                seen.insert(&host.value, &host.place);
            }
        }
    }
}
