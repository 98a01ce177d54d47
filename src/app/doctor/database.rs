//! The database: reachable, with the right roles and schema, of the same time; and the keys in it.

use tokio::time::timeout;

use super::{PATIENCE, Report};
use crate::{
    app::start,
    base::{Clock, Random, Timestamp},
    config::Config,
    domain::tenant::Tenant,
    service::keys::{
        Keeper,
        list::{self, Listed},
    },
    storage::{
        Store,
        sql::{Database, Examination, examine as ask},
    },
};

/// A clock that differs by more than this is a warning; by ten times as much, a failure.
const APART: u64 = 1000;

/// A key that is older than this should be exchanged.
const OLD: u64 = 400;

const DAY: u64 = 86_400;

/// Asks the database, and opens the keys in it.
pub(super) async fn examine(config: &Config, clock: &Clock, random: &Random, report: &mut Report) {
    let database = match start::database(&config.gateway) {
        Ok(database) => database,
        Err(error) => return report.failure("database", format!("{error:#}"), "mend the password's file"),
    };
    if let Database::Sqlite { file } = &database
        && !file.exists()
    {
        let what = format!("{} does not exist yet", file.display());
        return report.warning("database.url", what, "`poort serve` makes it; if there was one, look for it");
    }
    let answer = match timeout(PATIENCE, ask(&database)).await {
        Ok(Ok(answer)) => answer,
        Ok(Err(error)) => {
            let todo = "is it running, and do database.url and database.password_file name the role and its password?";
            return report.failure("database.url", error.to_string(), todo);
        }
        Err(_) => {
            return report.failure(
                "database.url",
                "no answer within 5 seconds",
                "is it running, and can it be reached?",
            );
        }
    };
    report.ok("database.url", format!("{} answers", answer.product));
    roles(&answer, report);
    schema(&answer, report);
    time(&answer, clock.now(), report);
    if answer.schema == answer.newest {
        keys(config, &database, clock, random, report).await;
    }
}

fn roles(answer: &Examination, report: &mut Report) {
    let Some(roles) = &answer.roles else { return };
    let make = "CREATE ROLE poort_app LOGIN NOSUPERUSER NOBYPASSRLS, and name it in database.url";
    let wrong = [
        (roles.superuser, "the role is a superuser: row-level security does not bind it"),
        (roles.bypasses, "the role has BYPASSRLS: row-level security does not bind it"),
        (roles.owns, "the role owns tables: it may change row-level security"),
    ];
    let before = report.lines().len();
    for (_, what) in wrong.into_iter().filter(|(is, _)| *is) {
        report.failure("database role", what, make);
    }
    if report.lines().len() == before {
        report.ok("database role", "no superuser, no owner, no BYPASSRLS");
    }
}

fn schema(answer: &Examination, report: &mut Report) {
    let (has, knows) = (answer.schema, answer.newest);
    let what = format!("the database has schema {has}, this Poort knows schema {knows}");
    match has.cmp(&knows) {
        std::cmp::Ordering::Equal => report.ok("migrations", format!("schema {has} is up to date")),
        std::cmp::Ordering::Less => report.failure("migrations", what, "poort backup FILE, then poort migrate"),
        std::cmp::Ordering::Greater => report.failure("migrations", what, "a newer Poort was here: run that one"),
    }
}

fn time(answer: &Examination, now: Timestamp, report: &mut Report) {
    let Some(theirs) = answer.clock else { return };
    let apart = now.millis().abs_diff(theirs.millis());
    let what = format!("this machine and the database's differ by {apart} ms");
    let todo = "synchronise both (chrony, systemd-timesyncd): codes and tokens live for seconds";
    match apart {
        apart if apart > 10 * APART => report.failure("clock", what, todo),
        apart if apart > APART => report.warning("clock", what, todo),
        _ => report.ok("clock", what),
    }
}

async fn keys(config: &Config, database: &Database, clock: &Clock, random: &Random, report: &mut Report) {
    let master = match start::master_key(&config.gateway) {
        Ok(master) => master,
        Err(error) => {
            return report.failure(
                "keys.master_key_file",
                format!("{error:#}"),
                "put the key's file back from its copy",
            );
        }
    };
    let store = match timeout(PATIENCE, Store::open_to_read(database)).await {
        Ok(Ok(store)) => store,
        Ok(Err(error)) => return report.failure("keys", error.to_string(), "mend that first"),
        Err(_) => return report.failure("keys", "no answer within 5 seconds", "is the database overloaded?"),
    };
    let keeper = Keeper { store, clock: clock.clone(), random: random.clone(), master };
    for tenant in &config.tenants {
        let looked = async {
            of_tenant(&keeper, tenant, report).await;
            passkeys(&keeper.store, tenant, report).await;
        };
        if timeout(PATIENCE, looked).await.is_err() {
            let check = format!("keys of {}", tenant.id);
            report.failure(check, "no answer within 5 seconds", "is the database overloaded?");
        }
    }
    keeper.store.close().await;
}

async fn of_tenant(keeper: &Keeper, tenant: &Tenant, report: &mut Report) {
    let check = format!("keys of {}", tenant.id);
    let listed = match list::list(keeper, &tenant.id).await {
        Ok(listed) => listed,
        Err(error) => return report.failure(check, error.to_string(), "mend that first"),
    };
    if listed.is_empty() {
        return report.warning(check, "the tenant has no keys yet", "`poort serve` makes them when it starts");
    }
    if let Err(error) = list::open_all(keeper, &tenant.id).await {
        let todo = "name the right file in keys.master_key_file; or finish `poort keys rotate master --new FILE`";
        return report.failure(check, error.to_string(), todo);
    }
    let now = keeper.clock.now();
    let days = |key: &Listed| now.since(key.created_at).as_secs() / DAY;
    let ages: Vec<_> = listed.iter().map(|key| format!("{} {} days", key.purpose, days(key))).collect();
    report.ok(check.clone(), format!("the master key opens all of them ({})", ages.join(", ")));
    for key in listed.iter().filter(|key| key.current && days(key) > OLD) {
        let which = if key.purpose.starts_with("signing ") { "signing" } else { sealing(&key.purpose) };
        let what = format!("the key for {} is {} days old", key.purpose, days(key));
        report.warning(check.clone(), what, format!("poort keys rotate {which} --tenant {}", tenant.id));
    }
    for key in listed.iter().filter(|key| key.stage != "active" && key.next.is_none()) {
        let what = format!("an exchange of the key for {} is not finished", key.purpose);
        let todo = format!("poort keys rotate {} --tenant {}", sealing(&key.purpose), tenant.id);
        report.warning(check.clone(), what, todo);
    }
}

/// Passkeys open nothing but the login host that they were made for (Web Authentication Level 3, RP ID).
async fn passkeys(store: &Store, tenant: &Tenant, report: &mut Report) {
    let check = format!("passkeys of {}", tenant.id);
    let elsewhere = async { store.read(&tenant.id).await?.passkeys_elsewhere(&tenant.host).await };
    match elsewhere.await {
        Err(error) => report.failure(check, error.to_string(), "mend that first"),
        Ok(hosts) if hosts.is_empty() => report.ok(check, format!("all are for {}", tenant.host)),
        Ok(hosts) => {
            let hosts = hosts.iter().map(|(host, count)| format!("{count} for {host}")).collect::<Vec<_>>().join(", ");
            let what = format!("there are {hosts}; they open nothing at {}", tenant.host);
            report.warning(check, what, "give the login its host back, or tell their owners to add new ones");
        }
    }
}

/// The word of the command for a purpose of data keys.
fn sealing(purpose: &str) -> &'static str {
    if purpose == "index" { "index" } else { "sealing" }
}
