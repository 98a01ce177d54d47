//! PostgreSQL hangs, dies and is replaced by its standby; a replica is cut off from it. Answers are bounded, nobody is taken for
//! logged out, nothing that was acknowledged is lost, and what ended does not live on.

use std::time::{Duration, Instant};

use http::{Method, StatusCode};
use poort::storage::versions::LEASE;

use super::{
    cluster::{Cluster, Setup},
    servers::PostgresServer,
    walk::{Walk, everything_happened_once},
    wire::{Wire, becomes},
};
use crate::harness::{
    application::{Application, encoded},
    gateway::Reply,
    people::SECRET,
};

/// How many rounds of a fault; the long loop does more.
fn rounds(many: usize) -> usize {
    if std::env::var_os("POORT_TEST_KILLS").is_some() { many } else { 1 }
}

/// An answer that says: not now, ask again. Never that nobody is logged in.
pub fn is_not_now(reply: &Reply) -> bool {
    assert_ne!(reply.status, StatusCode::UNAUTHORIZED, "{}", reply.text());
    assert!(!reply.status.is_redirection(), "led to {}", reply.header("location"));
    let not_now = reply.status == StatusCode::SERVICE_UNAVAILABLE;
    assert!(!not_now || reply.header("retry-after").parse::<u64>().is_ok(), "when to ask again");
    not_now
}

#[tokio::test]
async fn database_hangs_and_every_answer_is_not_now_until_it_goes_on() {
    let Some(server) = PostgresServer::start() else { return };
    let database = Some((server.url("poort_app"), server.url("poort_owner")));
    let bounds = "connect_timeout = \"1s\"\nanswer_timeout = \"1s\"";
    let Some(cluster) = Cluster::start(Setup { database, bounds, ..Setup::default() }).await else { return };
    let mut visitors = cluster.people(6000..6000 + 2 * rounds(10) as u128).await.into_iter();
    let mut slowest = Duration::ZERO;
    for _ in 0..rounds(10) {
        let mut walk = Walk::new(&cluster, visitors.next().expect("somebody"));
        walk.come_to_the_register().await;
        server.signal("STOP");
        let hung = Instant::now();
        // What is in memory counts for a moment more, and then: not now.
        loop {
            let asked = hung.elapsed();
            let reply = walk.look().await;
            if is_not_now(&reply) {
                break;
            }
            assert!(reply.status == StatusCode::OK && asked < LEASE, "{} after {asked:?}", reply.status);
        }
        let origin = &cluster.gateway.tenant().origin;
        let page = format!("{origin}/");
        let form = encoded(&[("grant_type", "refresh_token"), ("refresh_token", &"A".repeat(43))]);
        let application = Application::new(&cluster.gateway, "app");
        for request in 0..3 {
            let asked = Instant::now();
            let reply = match request {
                0 => walk.look().await,
                1 => walk.page(&page).await,
                _ => {
                    let basic = application.basic(SECRET);
                    let headers =
                        [("authorization", basic.as_str()), ("content-type", "application/x-www-form-urlencoded")];
                    cluster.gateway.send(Method::POST, &format!("{origin}/token"), &headers, form.clone()).await
                }
            };
            slowest = slowest.max(asked.elapsed());
            assert!(is_not_now(&reply), "request {request}: {}", reply.status);
        }
        for replica in &cluster.replicas {
            assert_eq!(replica.readiness().await.map(|(status, _)| status), Some(503));
        }
        server.signal("CONT");
        for replica in &cluster.replicas {
            replica.ready().await;
        }
        assert!(becomes(Duration::from_secs(20), async || walk.look().await.status == 200).await, "still logged in");
        Walk::new(&cluster, visitors.next().expect("somebody")).come_to_the_register().await;
    }
    println!("the slowest \"not now\" took {slowest:?}");
    everything_happened_once(&cluster).await;
}

#[tokio::test]
async fn database_primary_is_killed_and_its_standby_goes_on_with_everything_acknowledged() {
    let Some(mut primary) = PostgresServer::start() else { return };
    let mut standby = primary.standby();
    let url = |role: &str| format!("postgres://{role}@127.0.0.1:{},127.0.0.1:{}/poort", primary.port, standby.port);
    let database = Some((url("poort_app"), url("poort_owner")));
    let Some(cluster) = Cluster::start(Setup { database, ..Setup::default() }).await else { return };
    let mut visitors = cluster.people(7000..7000 + 2 * rounds(20) as u128).await.into_iter();
    let mut longest = Duration::ZERO;
    for round in 0..rounds(20) {
        let mut walk = Walk::new(&cluster, visitors.next().expect("somebody"));
        walk.come_to_the_register().await;
        primary.kill();
        assert!(becomes(Duration::from_secs(10), async || is_not_now(&walk.look().await)).await);
        standby.promote();
        let promoted = Instant::now();
        let goes_on = becomes(Duration::from_secs(30), async || walk.look().await.status == 200).await;
        assert!(goes_on, "the acknowledged session is there, and nobody was started anew");
        for replica in &cluster.replicas {
            replica.ready().await;
        }
        longest = longest.max(promoted.elapsed());
        Walk::new(&cluster, visitors.next().expect("somebody")).come_to_the_register().await;
        println!("round {round}: answered {longest:?} after the promotion at the latest");
        if round + 1 < rounds(20) {
            // The old primary comes back as the standby of the new one.
            let again = standby.standby_in_place_of(primary);
            primary = std::mem::replace(&mut standby, again);
        }
    }
    everything_happened_once(&cluster).await;
}

#[tokio::test]
async fn freshness_a_replica_that_is_cut_off_from_its_database_lets_nothing_live_on() {
    let Some(server) = PostgresServer::start() else { return };
    let database = Some((server.url("poort_app"), server.url("poort_owner")));
    let wires = [Wire::to(server.address()).await, Wire::to(server.address()).await];
    let setup = Setup { database, wires: wires.iter().map(|wire| wire.address).collect(), ..Setup::default() };
    let Some(cluster) = Cluster::start(setup).await else { return };
    for visitor in cluster.people(8000..8000 + rounds(20) as u128).await {
        let mut walk = Walk::new(&cluster, visitor);
        walk.come_to_the_register().await;
        cluster.balancer.only(Some(0));
        assert_eq!(walk.look().await.status, 200, "the first replica has it in memory");
        let cut = Instant::now();
        wires[0].dead(true);
        cluster.balancer.only(Some(1));
        walk.sign_out().await;
        cluster.balancer.only(Some(0));
        let mut refused = 0;
        while refused < 5 {
            let asked = cut.elapsed();
            match is_not_now(&walk.look().await) {
                true => refused += 1,
                false => assert!(asked < LEASE, "an ended right lived on for {asked:?}"),
            }
        }
        assert_eq!(cluster.replicas[0].readiness().await.map(|(status, _)| status), Some(503));
        assert_eq!(cluster.replicas[1].readiness().await.map(|(status, _)| status), Some(200), "the other goes on");
        wires[0].dead(false);
        cluster.replicas[0].ready().await;
        let ended = becomes(Duration::from_secs(20), async || walk.look().await.status.is_redirection()).await;
        assert!(ended, "now it knows: nobody is logged in");
        cluster.balancer.only(None);
    }
}

#[tokio::test]
async fn database_what_a_replica_that_was_cut_off_had_locked_is_let_go() {
    let Some(server) = PostgresServer::start() else { return };
    let database = Some((server.url("poort_app"), server.url("poort_owner")));
    let wire = Wire::to(server.address()).await;
    let Some(cluster) = Cluster::start(Setup { database, ..Setup::default() }).await else { return };
    let url = format!("postgres://poort_app@{}/poort", wire.address);
    let settings = poort::storage::sql::Database::Postgres {
        url: secrecy::SecretString::from(url).into(),
        owner_url: None,
        migrate: false,
        connections: 2,
        acquire: Duration::from_secs(2),
        patience: Duration::from_secs(2),
    };
    let cut_off = poort::storage::Store::open(&settings).await.expect("PostgreSQL opens");
    let visitor = cluster.people(9000..9001).await[0];
    let tenant = cluster.gateway.tenant().id.clone();
    let now = cluster.gateway.core().now();
    let mut holding = cut_off.begin(&tenant).await.expect("begins");
    holding.put_password(visitor.id(), "held", false, now).await.expect("writes");
    wire.dead(true);
    let free = becomes(Duration::from_secs(30), async || {
        let mut transaction = cluster.gateway.core().store.begin(&tenant).await.expect("begins");
        transaction.put_password(visitor.id(), "free", false, now).await.is_ok() && transaction.commit().await.is_ok()
    });
    assert!(free.await, "the row is free again");
    wire.dead(false);
    let lost = holding.commit().await;
    assert!(lost.is_err(), "and what was held is not written");
}
