//! What the doctor sees, for each thing that can be wrong; and that a healthy gateway gets no complaint.

use std::time::Duration;

use poort::{
    app::doctor::{Report, Verdict, examine},
    base::{Clock, Random, Timestamp},
    demo::{Demo, Options},
    storage::{
        seal::MasterKey,
        sql::{Database, KeptPasskey},
    },
};
use secrecy::ExposeSecret;

use super::installation::Installation;
use crate::harness::{databases, people::JAN};

const DAY: Duration = Duration::from_secs(24 * 3600);

/// A mail server of this machine.
async fn mail_server() -> (Demo, u16) {
    let options = Options::new("127.0.0.1:8080".parse().expect("an address"));
    let demo = Demo::prepare(&options, &Clock::system(), &Random::system()).await.expect("a demo");
    let port = demo.smtp().port();
    (demo, port)
}

async fn seen(installation: &Installation, clock: &Clock) -> Report {
    let mut report = Report::default();
    examine(&installation.config(), clock, &mut report).await;
    report
}

/// Says the line that is not well, of which there must be one.
fn complaint(report: &Report, verdict: Verdict) -> String {
    let lines: Vec<String> =
        report.lines().iter().filter(|line| line.verdict != Verdict::Ok).map(ToString::to_string).collect();
    assert_eq!(report.worst(), verdict, "{lines:#?}");
    assert_eq!(lines.len(), 1, "{lines:#?}");
    lines.into_iter().next().unwrap_or_default()
}

#[tokio::test]
async fn the_doctor_has_no_complaint_of_a_healthy_gateway_and_one_for_each_thing_that_is_wrong() {
    let (demo, mail) = mail_server().await;
    let mut all = Installation::new(mail).await;
    let clock = Clock::system();
    assert!(complaint_about(&seen(&all, &clock).await, "database.url"), "there is no folder for the data");
    std::fs::create_dir(all.path("data")).expect("a folder");
    let complained = complaint(&seen(&all, &clock).await, Verdict::Warning);
    assert!(complained.contains("poort.db does not exist yet"), "{complained}");

    // Beside the process that serves.
    let store = all.start(&all.sqlite()).await;
    let healthy = seen(&all, &clock).await;
    let lines: Vec<String> = healthy.lines().iter().map(ToString::to_string).collect();
    assert_eq!(healthy.worst(), Verdict::Ok, "{lines:#?}");
    for check in ["master_key_file", "disk", "SQLite", "migrations", "keys of base", "mail server", "backend", "host"] {
        assert!(lines.iter().any(|line| line.contains(check)), "{check}: {lines:#?}");
    }
    let key = std::fs::read_to_string(all.path("master.key")).expect("a text");
    assert!(lines.iter().all(|line| !line.contains(&key)));

    // Each thing, and its twin afterwards.
    all.chmod("master.key", 0o604);
    let report = seen(&all, &clock).await;
    let wrong: Vec<String> =
        report.lines().iter().filter(|line| line.verdict == Verdict::Failure).map(ToString::to_string).collect();
    assert!(
        wrong.iter().any(|line| line.contains("can be read by everybody") && line.contains("chmod 0600")),
        "{wrong:?}"
    );
    all.chmod("master.key", 0o660);
    assert!(complaint(&seen(&all, &clock).await, Verdict::Warning).contains("written by its group"));
    all.chmod("master.key", 0o600);

    std::fs::rename(all.path("tenants/secrets/fas"), all.path("kept")).expect("moved");
    let complained = complaint(&seen(&all, &clock).await, Verdict::Failure);
    assert!(
        complained.contains("fas.client_secret_file of base") && complained.contains("secrets/fas"),
        "{complained}"
    );
    std::fs::rename(all.path("kept"), all.path("tenants/secrets/fas")).expect("moved");

    std::fs::rename(all.path("master.key"), all.path("kept.key")).expect("moved");
    MasterKey::create(&all.path("master.key"), &Random::system()).expect("made");
    let complained = complaint(&seen(&all, &clock).await, Verdict::Failure);
    assert!(complained.contains("another master key") && complained.contains("keys of base"), "{complained}");
    std::fs::rename(all.path("kept.key"), all.path("master.key")).expect("moved");

    let now = clock.now();
    let later = seen(&all, &Clock::frozen(now.plus(DAY * 401))).await;
    let old: Vec<String> =
        later.lines().iter().filter(|line| line.verdict == Verdict::Warning).map(ToString::to_string).collect();
    for which in ["signing", "sealing", "index"] {
        let todo = format!("poort keys rotate {which} --tenant base");
        assert!(old.iter().any(|line| line.contains(&todo)), "{which}: {old:#?}");
    }

    all.backend = None;
    let complained = complaint(&seen(&all, &clock).await, Verdict::Failure);
    let port = all.backend_port().to_string();
    assert!(complained.contains("backend dossier of base") && complained.contains(&port), "{complained}");
    let backend = tokio::net::TcpListener::bind(("127.0.0.1", all.backend_port())).await.expect("free again");
    assert_eq!(seen(&all, &clock).await.worst(), Verdict::Ok);

    drop(demo);
    let silent = Installation::new(1).await;
    assert!(complaint_about(&seen(&silent, &clock).await, "mail server localhost:1"));
    drop((store, backend));
}

fn complaint_about(report: &Report, check: &str) -> bool {
    report.lines().iter().any(|line| line.verdict == Verdict::Failure && line.check.contains(check))
}

#[tokio::test]
async fn the_doctor_counts_the_days_of_a_certificate() {
    let (_demo, mail) = mail_server().await;
    let all = Installation::new(mail).await;
    std::fs::write(all.path("tls.pem"), include_str!("../../../src/notify/testdata/localhost.pem")).expect("written");
    std::fs::write(all.path("tls.key"), include_str!("../../../src/notify/testdata/localhost.key")).expect("written");
    all.chmod("tls.key", 0o600);
    all.configure("[server.tls]\ncertificate_file = \"tls.pem\"\nkey_file = \"tls.key\"", "");
    // It ends on 2126-10-29.
    let line = async |at: &str| {
        let moment: jiff::Timestamp = at.parse().expect("a moment");
        let clock = Clock::frozen(Timestamp::from_millis(moment.as_millisecond()));
        let report = seen(&all, &clock).await;
        let line = report.lines().iter().find(|line| line.check == "server.tls.certificate_file").cloned();
        line.expect("a line")
    };
    let soon = line("2126-10-19T10:00:00Z").await;
    assert_eq!((soon.verdict, soon.what.contains("10 more days")), (Verdict::Warning, true), "{soon}");
    assert!(line("2027-01-01T00:00:00Z").await.what.contains("more days"));
    assert_eq!(line("2027-01-01T00:00:00Z").await.verdict, Verdict::Ok);
    let expired = line("2126-10-30T00:00:00Z").await;
    assert_eq!(
        (expired.verdict, expired.what.contains("the certificate ended")),
        (Verdict::Failure, true),
        "{expired}"
    );
    std::fs::write(all.path("tls.pem"), "nothing").expect("written");
    assert_eq!(line("2027-01-01T00:00:00Z").await.verdict, Verdict::Failure);
}

#[tokio::test]
async fn the_doctor_counts_the_passkeys_that_open_nothing_since_the_login_has_another_host() {
    let (_demo, mail) = mail_server().await;
    let all = Installation::new(mail).await;
    std::fs::create_dir(all.path("data")).expect("a folder");
    let (store, clock) = (all.start(&all.sqlite()).await, Clock::system());
    let (tenant, person) = (all.config().tenants[0].clone(), JAN.person());
    let mut transaction = store.begin(&tenant.id).await.expect("begins");
    transaction.put_person(&person).await.expect("a person");
    let key = |id: &str| KeptPasskey {
        id: id.into(),
        person: person.id,
        name: "my phone".into(),
        credential: "{}".into(),
        created_at: clock.now(),
        used_at: None,
    };
    transaction.put_passkey(&key("here"), &tenant.host).await.expect("a passkey");
    transaction.commit().await.expect("commits");
    assert_eq!(seen(&all, &clock).await.worst(), Verdict::Ok);
    let mut transaction = store.begin(&tenant.id).await.expect("begins");
    transaction.put_passkey(&key("there"), "inloggen.localhost").await.expect("a passkey");
    transaction.commit().await.expect("commits");
    let complained = complaint(&seen(&all, &clock).await, Verdict::Warning);
    assert!(complained.contains("1 for inloggen.localhost") && complained.contains(&tenant.host), "{complained}");
}

#[tokio::test]
async fn the_doctor_knows_a_role_that_may_too_much_and_a_schema_that_is_behind() {
    let Some(settings) = databases::empty_postgres().await else { return };
    let Database::Postgres { url, owner_url: Some(owner), .. } = &settings else { unreachable!() };
    let (_demo, mail) = mail_server().await;
    let all = Installation::new(mail).await;
    let (plain, password) = without_password(url.urls()[0].expose_secret());
    std::fs::write(all.path("password"), &password).expect("written");
    all.chmod("password", 0o600);
    let serving = format!("url = \"{plain}\"\npassword_file = \"password\"\nmigrate_on_start = false");
    all.configure("", &serving);
    assert!(complaint(&seen(&all, &Clock::system()).await, Verdict::Failure).contains("poort migrate"));
    let store = all.start(&settings).await;
    let report = seen(&all, &Clock::system()).await;
    let lines: Vec<String> = report.lines().iter().map(ToString::to_string).collect();
    assert_eq!(report.worst(), Verdict::Ok, "{lines:#?}");
    assert!(
        lines.iter().any(|line| line.contains("PostgreSQL")) && lines.iter().any(|line| line.contains("differ by"))
    );
    let (owner, password) = without_password(owner.urls()[0].expose_secret());
    std::fs::write(all.path("password"), &password).expect("written");
    all.configure("", &serving.replace(&plain, &owner));
    assert!(complaint_about(&seen(&all, &Clock::system()).await, "database role"));
    std::fs::write(all.path("password"), "wrong-one").expect("written");
    let report = seen(&all, &Clock::system()).await;
    let text = report.lines().iter().map(ToString::to_string).collect::<String>();
    assert!(complaint_about(&report, "database.url") && !text.contains("wrong-one"), "{text}");
    drop(store);
}

fn without_password(url: &str) -> (String, String) {
    let mut url = url::Url::parse(url).expect("a URL");
    let password = url.password().unwrap_or_default().to_owned();
    url.set_password(None).expect("a URL with a host");
    (url.to_string(), password)
}
