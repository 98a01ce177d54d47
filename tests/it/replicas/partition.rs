//! A replica whose network to the database fails, while everybody else reaches both: the kernel drops what is sent.

use std::time::{Duration, Instant};

use poort::storage::versions::LEASE;

use super::{
    cable::Machine,
    cluster::{Cluster, Setup},
    postgres::is_not_now,
    servers::PostgresServer,
    walk::{Walk, everything_happened_once},
    wire::becomes,
};

/// How often the cable is pulled; the long loop does it more often.
fn rounds() -> u128 {
    if std::env::var_os("POORT_TEST_KILLS").is_some() { 20 } else { 2 }
}

#[tokio::test]
async fn freshness_a_replica_whose_cable_to_the_database_is_pulled_lets_nothing_live_on_and_loses_nothing() {
    let Some(machine) = Machine::with_cables(2) else { return };
    let Some(server) = PostgresServer::start_on(&machine, 1) else { return };
    let wires = [0, 1].map(|cable| (machine.address(cable), server.port).into());
    let database = Some((server.url("poort_app"), server.url("poort_owner")));
    let Some(cluster) = Cluster::start(Setup { database, wires: wires.into(), ..Setup::default() }).await else {
        return;
    };
    for round in 0..rounds() {
        let people = cluster.people(9500 + 2 * round..9502 + 2 * round).await;
        let mut leaves = Walk::new(&cluster, people[0]);
        leaves.come_to_the_register().await;
        cluster.balancer.only(Some(0));
        assert_eq!(leaves.look().await.status, 200, "the first replica has it in memory");

        let pulled = Instant::now();
        machine.pull(0);
        // The other serves on, and what it acknowledges holds: somebody signs out, somebody else comes.
        cluster.balancer.only(Some(1));
        leaves.sign_out().await;
        let mut comes = Walk::new(&cluster, people[1]);
        comes.come_to_the_register().await;
        cluster.balancer.only(Some(0));
        let mut refused = 0;
        while refused < 5 {
            let asked = pulled.elapsed();
            match is_not_now(&leaves.look().await) {
                true => refused += 1,
                false => assert!(asked < LEASE, "an ended session lived on for {asked:?}"),
            }
        }
        assert_eq!(cluster.replicas[0].readiness().await.map(|(status, _)| status), Some(503));
        assert_eq!(cluster.replicas[1].readiness().await.map(|(status, _)| status), Some(200), "the other goes on");

        let plugged = Instant::now();
        machine.plug(0);
        let knows = async || leaves.look().await.status.is_redirection() && comes.look().await.status == 200;
        assert!(becomes(Duration::from_secs(20), knows).await, "who left has left, who came is there");
        println!("round {round}: answered {:?} after the cable was plugged in", plugged.elapsed());
        cluster.replicas[0].ready().await;
        cluster.balancer.only(None);
    }
    everything_happened_once(&cluster).await;
}
