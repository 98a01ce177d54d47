//! What ended on one replica ends on the other: at its next look at the versions, and at once when it hears of it.

use std::time::{Duration, Instant};

use poort::storage::versions::LEASE;

use super::{
    cluster::{Cluster, Setup, Visitor},
    servers::RedisServer,
    walk::Walk,
    wire::becomes,
};

/// Ends a session where one replica has it in memory, by the other; says how long the first went on answering.
async fn ends_elsewhere(cluster: &Cluster, visitor: Visitor) -> Duration {
    let mut walk = Walk::new(cluster, visitor);
    walk.come_to_the_register().await;
    cluster.balancer.only(Some(1));
    assert_eq!(walk.look().await.status, 200, "the second replica has it in memory");
    cluster.balancer.only(Some(0));
    walk.sign_out().await;
    let ended = Instant::now();
    cluster.balancer.only(Some(1));
    loop {
        let asked = ended.elapsed();
        if walk.look().await.status != 200 {
            cluster.balancer.only(None);
            return asked;
        }
        assert!(asked < LEASE, "a session that had ended {asked:?} before was still good");
    }
}

#[tokio::test]
async fn freshness_a_session_that_ended_on_one_replica_ends_on_the_other_without_redis() {
    let Some(mut redis) = RedisServer::start().await else { return };
    let setup = Setup { redis: vec![redis.url(), redis.url()], ..Setup::default() };
    let Some(cluster) = Cluster::start(setup).await else { return };
    redis.kill();
    let degraded = async || cluster.replicas[1].readiness().await.is_some_and(|(_, text)| text.contains("degraded"));
    assert!(becomes(Duration::from_secs(10), degraded).await);
    for visitor in cluster.people(4000..4004).await {
        let took = ends_elsewhere(&cluster, visitor).await;
        println!("without Redis: {took:?}");
    }
    assert_eq!(cluster.replicas[1].metric("poort_redis_up").await, Some(0.0));
}

#[tokio::test]
async fn freshness_with_redis_the_other_replica_looks_when_it_is_told() {
    let Some(redis) = RedisServer::start().await else { return };
    let setup = Setup { redis: vec![redis.url(), redis.url()], ..Setup::default() };
    let Some(cluster) = Cluster::start(setup).await else { return };
    const NEWS: &str = "poort_version_reads_total{cause=\"news\"}";
    for visitor in cluster.people(4100..4104).await {
        let before = cluster.replicas[1].metric(NEWS).await.unwrap_or_default();
        let took = ends_elsewhere(&cluster, visitor).await;
        let told = async || cluster.replicas[1].metric(NEWS).await.unwrap_or_default() > before;
        assert!(becomes(Duration::from_secs(10), told).await, "it was told");
        println!("with Redis: {took:?}");
    }
}
