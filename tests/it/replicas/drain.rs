//! A replica that is told to stop says so first, and then answers everything that came to it.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use http::Method;

use super::{
    cluster::{Cluster, Setup},
    walk::Walk,
};

/// How often each replica is replaced; the long loop does it more often.
fn rounds() -> usize {
    if std::env::var_os("POORT_TEST_KILLS").is_some() { 20 } else { 1 }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn drain_no_request_fails_when_replicas_are_replaced_one_after_the_other() {
    let setup = Setup { limits: "drain_notice = \"2s\"\ndrain = \"10s\"", ..Setup::default() };
    let Some(cluster) = Cluster::start(setup).await else { return };
    let cluster = Arc::new(cluster);
    let visitors = cluster.people(3000..3004).await;
    let (stop, answered) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
    let mut load = tokio::task::JoinSet::new();
    for visitor in visitors {
        let (cluster, stop, answered) = (cluster.clone(), stop.clone(), answered.clone());
        load.spawn(async move {
            let mut walk = Walk::new(&cluster, visitor);
            walk.come_to_the_register().await;
            let origin = cluster.gateway.tenant().origin.clone();
            while !stop.load(Ordering::Relaxed) {
                assert_eq!(walk.look_once().await, Ok(200), "a person at the register");
                let discovery = format!("{origin}/.well-known/openid-configuration");
                let reply = cluster.gateway.try_send(Method::GET, &discovery, &[], Bytes::new()).await;
                assert_eq!(reply.map(|reply| reply.status.as_u16()).map_err(|error| error.to_string()), Ok(200));
                answered.fetch_add(2, Ordering::Relaxed);
            }
        });
    }
    // A load balancer that asks every 100 ms who is ready.
    let (watched, until) = (cluster.clone(), stop.clone());
    let health = tokio::spawn(async move {
        while !until.load(Ordering::Relaxed) {
            for (place, replica) in watched.replicas.iter().enumerate() {
                let ready = replica.readiness().await.is_some_and(|(status, _)| status == 200);
                watched.balancer.out(place, !ready);
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    });
    for _ in 0..rounds() {
        for replica in &cluster.replicas {
            tokio::time::sleep(Duration::from_millis(300)).await;
            replica.signal("TERM");
            let said = super::wire::becomes(Duration::from_secs(5), async || {
                replica.readiness().await == Some((503, "stopping\n".into()))
            });
            assert!(said.await, "readiness turns first");
            assert!(replica.ended().await, "it ends well:\n{}", replica.log());
            replica.start();
            replica.ready().await;
            tokio::time::sleep(Duration::from_millis(300)).await;
        }
    }
    stop.store(true, Ordering::Relaxed);
    while let Some(done) = load.join_next().await {
        done.expect("no request failed");
    }
    health.await.expect("the health was asked");
    println!(
        "{} requests answered while replicas were replaced {} times",
        answered.load(Ordering::Relaxed),
        2 * rounds()
    );
    assert_eq!(cluster.gateway.reloads(), 0, "no request was sent again");
    assert!(answered.load(Ordering::Relaxed) > 50);
}
