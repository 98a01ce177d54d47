//! What a demo finds when it starts: its people, its data of the last time, or somebody else's; on both databases.

use std::path::Path;

use tokio::sync::Notify;

use super::*;
use crate::{
    demo::{marker, people::PASSWORD},
    domain::{
        mandate::{Holder, MandatorSearch, PAGE_SIZE},
        person::Tie,
    },
    login::{
        Methods,
        password::{PasswordHash, Passwords, Verdict},
        registry::Registry,
    },
    policy::{Policies, source::shipped},
    service::{
        access::Kept,
        addresses::Allowances,
        keys::{Keeper, Keys},
        ledger::Ledger,
    },
    storage::ephemeral::Ephemeral,
};

#[path = "../../../tests/it/harness/databases.rs"]
#[expect(dead_code, reason = "the tests of the whole use more of it")]
mod databases;

use databases::TestDatabase;

async fn demo(options: &Options) -> Demo {
    Demo::prepare(options, &Clock::system(), &Random::system()).await.expect("a demo")
}

fn options() -> Options {
    Options::new("127.0.0.1:8080".parse().expect("an address"))
}

/// The core of a gateway that serves the demo, as `app` builds it.
async fn core(demo: &Demo, store: &Store) -> Core {
    let (clock, random) = (Clock::system(), Random::system());
    let master = demo.master_key().expect("a key");
    let keeper = Keeper { store: store.clone(), clock: clock.clone(), random: random.clone(), master };
    let keys = Keys::load(keeper, demo.tenants()).await.expect("keys");
    Core {
        methods: Methods::new(Passwords::new(&random), Registry::default()),
        clock,
        random,
        ledger: Ledger::start(store.clone()),
        store: store.clone(),
        policies: Policies::load(&shipped()).expect("the policies"),
        keys,
        kept: Kept::default(),
        ephemeral: Ephemeral::default(),
        allowances: Allowances::default(),
        wake_outbox: Notify::new(),
        wake_telephone: Notify::new(),
    }
}

async fn each() -> Vec<TestDatabase> {
    databases::each().await
}

fn tenant<'a>(demo: &'a Demo, id: &str) -> &'a Tenant {
    demo.tenants().iter().find(|tenant| tenant.id.as_str() == id).expect("a tenant")
}

#[tokio::test]
async fn the_people_are_there_and_can_do_what_the_stories_want() {
    for database in each().await {
        let demo = demo(&options()).await;
        demo.admit(&database.store).await.expect("an empty database");
        let core = core(&demo, &database.store).await;
        demo.seed(&core).await.expect(database.name);
        assert_eq!(core.methods.passwords().hashes(), 1, "one hash for all");

        let care = tenant(&demo, "progezondheid");
        let today = care.today(core.now());
        let mut reading = database.store.read(&care.id).await.expect("it answers");
        let els = reading.person_by_login_name("Els.Peeters@example.org").await.expect("it answers").expect("Els");
        let jan = reading.person_by_login_name("jan.claes@example.org").await.expect("it answers").expect("Jan");
        let registrations = reading.registrations(jan.id).await.expect("it answers");
        let number = registrations[0].number.clone().expect("a number");
        assert_eq!(reading.person_by_number(&number[..8]).await.expect("it answers"), Some(jan.id));
        let search = |family: &str| MandatorSearch { family_name: Some(family.into()), ..MandatorSearch::default() };
        let me = Holder::Person(els.id);
        let (count, _) = reading.search_mandators(me, &search(""), today, 0).await.expect("it answers");
        assert_eq!(count, 4, "and not those that ended, expired or were not accepted");
        for (family, found) in [("claes", 1), ("D’HONDT", 1), ("van den bergh", 1), ("Haddad", 0), ("Mertens", 0)] {
            let (count, _) = reading.search_mandators(me, &search(family), today, 0).await.expect("it answers");
            assert_eq!(count, found, "{family}");
        }
        let bridge = reading.memberships(marker::person("progezondheid", "karel.janssens@example.org")).await;
        let bridge = bridge.expect("it answers").remove(0);
        assert!(bridge.representative);
        let bridge = Holder::Organization(bridge.organization.id);
        let (count, page) = reading.search_mandators(bridge, &search(""), today, 0).await.expect("it answers");
        assert!(count > u64::from(PAGE_SIZE) && page.len() == PAGE_SIZE as usize, "{count}");
        let (count, _) = reading.search_mandators(bridge, &search("Jacobs"), today, 0).await.expect("it answers");
        assert_eq!(count, 8);
        let (count, _) = reading.search_mandators(bridge, &search("yildiz"), today, 0).await.expect("it answers");
        assert_eq!(count, 1, "found without accents");

        let tom = marker::person("progezondheid", "tom.willems@example.org");
        let hospital = reading.memberships(tom).await.expect("it answers").remove(0).organization;
        let names: Vec<String> =
            reading.managers(hospital.id).await.expect("it answers").into_iter().map(|row| row.name).collect();
        assert_eq!(names, ["Lotte Maes", "Sofie Lambert"], "chiefs first");
        assert!(reading.grants_of(hospital.id, tom).await.expect("it answers").is_empty());
        drop(reading);

        let training = tenant(&demo, "mijnrgs");
        let mut reading = database.store.read(&training.id).await.expect("it answers");
        let [bram, sanne, daan] = ["bram.bakker", "sanne.devries", "daan.visser"]
            .map(|name| marker::person("mijnrgs", &format!("{name}@example.org")));
        assert_eq!(reading.ties(bram, Tie::Trains, sanne).await.expect("it answers").len(), 1);
        assert_eq!(reading.ties(bram, Tie::Trains, daan).await.expect("it answers").len(), 0);
        let registration = reading.registrations(sanne).await.expect("it answers").remove(0).number.expect("a number");
        assert_eq!(reading.person_by_number(&registration).await.expect("it answers"), Some(sanne));
        let sub =
            reading.known_pseudonym("https://opleiding.rgs.example", bram).await.expect("it answers").expect("one");
        assert_eq!(demo.acquaintances.get().and_then(|whose| whose.get(&sub)), Some(&vec![registration]));
    }
}

#[tokio::test]
async fn what_a_tenants_file_calls_by_a_code_it_has_under_that_code() {
    let demo = demo(&options()).await;
    for world in worlds("2026-11-22".parse().expect("a date")) {
        let tenant = tenant(&demo, world.tenant);
        for registration in world.people.iter().flat_map(|person| &person.registrations) {
            assert!(tenant.professions.contains_key(&registration.profession), "{}", registration.profession);
        }
        for mandate in &world.mandates {
            assert!(tenant.mandate_scopes.contains_key(mandate.scope), "{}", mandate.scope);
        }
        for (right, _) in world.organizations.iter().flat_map(|organization| &organization.rights) {
            assert!(tenant.rights.contains_key(*right), "{right}");
        }
        for (person, _) in world.who_log_in() {
            assert!(tenant.languages.contains(&person.language), "{}", person.name());
        }
    }
}

#[tokio::test]
async fn a_second_start_adds_nothing_and_changes_nothing_that_somebody_changed() {
    for database in each().await {
        let demo = demo(&options()).await;
        let core = core(&demo, &database.store).await;
        demo.seed(&core).await.expect("seeded");
        let care = tenant(&demo, "progezondheid").id.clone();
        let (jan, els) = (
            marker::person("progezondheid", "jan.claes@example.org"),
            marker::person("progezondheid", "els.peeters@example.org"),
        );
        let mut writing = database.store.begin(&care).await.expect("it answers");
        writing.put_password(jan, "$changed", true, core.now()).await.expect("it answers");
        let today = tenant(&demo, "progezondheid").today(core.now());
        let (_, found) = writing
            .search_mandators(Holder::Person(els), &MandatorSearch::default(), today, 0)
            .await
            .expect("it answers");
        assert!(writing.end_mandate(found[0].mandate, core.now()).await.expect("it answers"));
        let nora = marker::person("progezondheid", "nora.haddad@example.org");
        assert!(writing.close_person(nora, core.now()).await.expect("it answers"));
        writing.commit().await.expect("it answers");

        demo.admit(&database.store).await.expect("a demo's database is admitted again");
        demo.seed(&core).await.expect("a second time");
        let mut reading = database.store.read(&care).await.expect("it answers");
        assert_eq!(reading.password(jan).await.expect("it answers").map(|kept| kept.hash), Some("$changed".into()));
        assert!(reading.mandate(found[0].mandate).await.expect("it answers").is_some_and(|mandate| mandate.ended));
        assert!(reading.person(nora).await.expect("it answers").is_none(), "a closed account stays closed");
        let kept = reading.password(els).await.expect("it answers").expect("a password").hash;
        let typed = zeroize::Zeroizing::new(PASSWORD.to_owned());
        let verdict = core.methods.passwords().verify(Some(PasswordHash::from_text(kept)), typed).await;
        assert_eq!(verdict, Ok(Verdict::Right { rehash: None }), "everybody else's is as printed");
        drop(reading);

        let mark = marker::in_data(&database.store, [&care]).await.expect("it answers");
        assert_eq!(mark, Some(marker::Mark::Person { tenant: care }));
    }
}

#[tokio::test]
async fn a_database_of_something_else_is_refused_before_anything_is_written() {
    for database in each().await {
        let demo = demo(&options()).await;
        let _keys = core(&demo, &database.store).await;
        let refused = demo.admit(&database.store).await.expect_err("its tenants have keys, and none of our people");
        assert!(matches!(refused, DemoError::NotADemos(_)), "{refused}");
        let tenants = demo.tenants().iter().map(|tenant| &tenant.id);
        assert_eq!(marker::in_data(&database.store, tenants).await.expect("it answers"), None);
    }
}

#[tokio::test]
async fn the_tenants_are_on_this_machine_with_the_sample_application() {
    let folder = tempfile::tempdir().expect("a folder");
    let jwks = folder.path().join("jwks.json");
    fs::write(&jwks, r#"{"keys": [{"kty": "EC", "crv": "P-256", "x": "a", "y": "b"}]}"#).expect("written");
    let options = Options {
        backends: vec!["dossier=http://127.0.0.1:9101".parse().expect("a backend")],
        app: "http://app.localhost:9000".into(),
        itsme: None,
        app_jwks: Some(jwks),
        data: Some(folder.path().join("data")),
        ..Options::new("127.0.0.1:18080".parse().expect("an address"))
    };
    let demo = demo(&options).await;
    let care = tenant(&demo, "progezondheid");
    assert_eq!(care.origin, "http://progezondheid.localhost:18080");
    assert_eq!(care.register("dossier").expect("it").origin, "http://dossier.progezondheid.localhost:18080");
    assert_eq!(care.backend("dossier").expect("it").url.as_str(), "http://127.0.0.1:9101/");
    assert_eq!(tenant(&demo, "mijnrgs").backend("opleiding").expect("it").url.host_str(), Some("127.0.0.1"));
    let client = care.client("sample-app-key").expect("the client");
    assert_eq!(client.redirect_uris, ["http://app.localhost:9000/callback/key"]);
    assert_eq!(
        care.client("sample-app").expect("the client").post_logout_redirect_uris,
        ["http://app.localhost:9000/goodbye"]
    );
    assert!(
        matches!(marker::in_tenants(demo.tenants()), Some(marker::Mark::Client { client, .. }) if client == "sample-app")
    );
    let welcome = demo.welcome();
    for shown in [
        "http://dossier.progezondheid.localhost:18080",
        "http://inbox.localhost:18080",
        PASSWORD,
        "els.peeters@example.org",
    ] {
        assert!(welcome.contains(shown), "{welcome}");
    }
    assert!(welcome.lines().all(|line| line.chars().count() <= 160) && welcome.lines().count() < 100, "{welcome}");
}

#[tokio::test]
async fn what_cannot_be_done_is_said() {
    let refused = async |options: Options| {
        Demo::prepare(&options, &Clock::system(), &Random::system())
            .await
            .err()
            .map(|error| error.to_string())
            .unwrap_or_default()
    };
    let backends = vec!["agenda=http://127.0.0.1:1".parse().expect("a backend")];
    assert!(refused(Options { backends, ..options() }).await.contains("no register agenda"));
    assert!(refused(Options { app: "app".into(), ..options() }).await.contains("--app"));
    let file = tempfile::NamedTempFile::new().expect("a file");
    fs::write(file.path(), "{}").expect("written");
    assert!(refused(Options { app_jwks: Some(file.path().into()), ..options() }).await.contains("--app-jwks"));
    assert!(!refused(Options { app_jwks: Some(Path::new("/nowhere").into()), ..options() }).await.is_empty());
}

#[test]
fn programs_get_everybody_who_can_log_in() {
    let json: Value = serde_json::from_str(&welcome::people_json("2026-11-22".parse().expect("a date"))).expect("JSON");
    let people = json.as_array().expect("an array");
    let jan = people.iter().find(|person| person["name"] == "Jan Claes").expect("Jan");
    assert_eq!((&jan["tenant"], &jan["user"]), (&"progezondheid".into(), &"jan.claes@example.org".into()));
    assert_eq!(jan["nihdi"].as_str().map(str::len), Some(11));
    assert_eq!(jan["national_number"].as_str().map(str::len), Some(11));
    assert_eq!(jan["totp_secret"].as_str().map(str::len), Some(32));
    for name in [
        "Marie Dubois",
        "Els Peeters",
        "Karel Janssens",
        "Lotte Maes",
        "Tom Willems",
        "Nora Haddad",
        "Pieter Wouters",
        "Sanne de Vries",
        "Bram Bakker",
        "Iris Visser",
        "Emma Jansen",
        "Joost Smit",
    ] {
        assert_eq!(people.iter().filter(|person| person["name"] == name).count(), 1, "{name}");
    }
}
