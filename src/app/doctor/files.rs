//! Files: who may read the secret ones, how long certificates last, and how much room is left.

use std::{fs, path::Path};

use rustix::fs::statvfs;

use super::{DAYS, Report};
use crate::{
    base::{Clock, Timestamp, tls::KeyFiles},
    config::{
        SecretFile,
        gateway::{DatabaseUrl, Gateway},
    },
    domain::{tenant::Tenant, upstream::ClientAuthentication},
};

/// Less room than this beside SQLite is a warning, and a tenth of it a failure.
const ROOM: u64 = 1 << 30;

/// Looks at every file that the settings name.
pub(super) fn examine(settings: &Gateway, clock: &Clock, report: &mut Report) {
    secret("keys.master_key_file", &settings.keys.master_key_file, report);
    let further = [
        ("database.password_file", &settings.database.password_file),
        ("database.migrate_password_file", &settings.database.migrate_password_file),
        ("mail.password_file", &settings.mail.password_file),
    ];
    let redis = settings.redis.as_ref();
    let redis_own = redis.and_then(|redis| redis.tls.as_ref()?.own.as_ref());
    let of_redis = [
        ("redis.password_file", redis.and_then(|redis| redis.password_file.as_ref())),
        ("redis.key_file", redis_own.map(|own| &own.key_file)),
    ];
    for (setting, file) in further.map(|(setting, file)| (setting, file.as_ref())).into_iter().chain(of_redis) {
        if let Some(file) = file {
            secret(setting, file, report);
        }
    }
    let asking = [&settings.server.mutual_tls, &settings.server.cards];
    let [programs, people] = asking.map(|listener| listener.as_ref().map(|listener| &listener.tls));
    let own = settings.server.tls.as_ref();
    for (section, tls) in [("server.tls", own), ("server.mutual_tls", programs), ("server.cards", people)] {
        let Some(tls) = tls else { continue };
        secret(&format!("{section}.key_file"), &tls.key_file, report);
        let files = KeyFiles { certificate: tls.certificate_file.clone(), key: tls.key_file.path().to_owned() };
        certificate(&format!("{section}.certificate_file"), &files, clock.now(), report);
    }
    if let DatabaseUrl::Sqlite(file) = &settings.database.url {
        room(file, report);
    }
}

/// Looks at the secrets by which other providers know a tenant.
pub(super) fn of_tenant(tenant: &Tenant, report: &mut Report) {
    for provider in &tenant.openid_providers {
        if let ClientAuthentication::Secret(file) = &provider.authentication {
            let setting = format!("{}.client_secret_file of {}", provider.factor.word(), tenant.id);
            secret(&setting, &SecretFile::new(file.clone()), report);
        }
    }
}

/// A secret's file: there, not empty, and nobody's but its owner's and group's.
pub(super) fn secret(setting: &str, file: &SecretFile, report: &mut Report) {
    let path = file.path().display();
    if let Err(error) = file.read() {
        return report.failure(
            setting,
            error.to_string(),
            format!("make {path} readable for the user that runs Poort"),
        );
    }
    match mode(file.path()) {
        Some(mode) if mode & 0o007 != 0 => report.failure(
            setting,
            format!("{path} can be read by everybody on this machine (mode {mode:03o})"),
            format!("chmod 0600 {path}"),
        ),
        Some(mode) if mode & 0o020 != 0 => report.warning(
            setting,
            format!("{path} can be written by its group (mode {mode:03o})"),
            format!("chmod 0640 {path}, or 0600"),
        ),
        _ => report.ok(setting, format!("{path} is there, and not for everybody")),
    }
}

#[cfg(unix)]
fn mode(path: &Path) -> Option<u32> {
    use std::os::unix::fs::PermissionsExt;
    fs::metadata(path).ok().map(|data| data.permissions().mode() & 0o777)
}

#[cfg(not(unix))]
fn mode(_: &Path) -> Option<u32> {
    None
}

/// A certificate and its key: of each other, and not over soon.
pub(super) fn certificate(setting: &str, files: &KeyFiles, now: Timestamp, report: &mut Report) {
    let path = files.certificate.display();
    let renew = format!("renew it, and write it to {path}");
    match files.days_left(now) {
        Err(error) => report.failure(setting, error.to_string(), renew),
        Ok(days) if days < DAYS => report.warning(setting, format!("{path} is good for {days} more days"), renew),
        Ok(days) => report.ok(setting, format!("{path} is good for {days} more days")),
    }
}

/// Room on the disk of SQLite's folder: without it nothing can be written, and nobody logs in.
fn room(file: &Path, report: &mut Report) {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let Ok(disk) = statvfs(folder) else {
        let what = format!("the folder {} is not there", folder.display());
        return report.failure("database.url", what, "make it, writable for the user that runs Poort");
    };
    let free = disk.f_bavail.saturating_mul(disk.f_frsize);
    let what = format!("{} MiB are free beside {}", free >> 20, file.display());
    match free {
        free if free < ROOM / 10 => report.failure("disk", what, "make room: without it nothing can be written"),
        free if free < ROOM => report.warning("disk", what, "make room, before nothing can be written"),
        _ => report.ok("disk", what),
    }
}
