//! A replica is killed under a request, at each request of the walk in turn, and again later in the request.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use super::{
    cluster::{Cluster, Setup},
    servers::RedisServer,
    walk::{Walk, everything_happened_once},
    wire::Armed,
};

/// How long after a request came it is killed under, in milliseconds: before it began, within its transaction, after its commit.
const DELAYS: [u64; 8] = [0, 2, 4, 7, 12, 20, 35, 50];

/// How many kills; the long loop names another number.
fn kills(ordinary: usize) -> usize {
    std::env::var("POORT_TEST_KILLS").ok().and_then(|number| number.parse().ok()).unwrap_or(ordinary)
}

#[tokio::test]
async fn once_two_replicas_take_turns_at_every_request() {
    let Some(redis) = RedisServer::start().await else { return };
    let setup = Setup { redis: vec![redis.url(), redis.url()], ..Setup::default() };
    let Some(cluster) = Cluster::start(setup).await else { return };
    for visitor in cluster.people(1000..1003).await {
        Walk::new(&cluster, visitor).all().await;
    }
    let served = cluster.balancer.served();
    assert!(served[0].abs_diff(served[1]) <= 1 && served[0] > 20, "{served:?}");
    everything_happened_once(&cluster).await;
    assert!(cluster.post.copies().iter().all(|copies| *copies == 1), "a mail came twice: {:?}", cluster.post.copies());
}

#[tokio::test]
async fn once_nothing_is_lost_or_done_twice_when_a_replica_is_killed_at_any_step() {
    let Some(redis) = RedisServer::start().await else { return };
    // Everybody of a long loop comes from one address, and has mails sent.
    let limits = "mails_per_address = 100000";
    let setup = Setup { redis: vec![redis.url(), redis.url()], limits, ..Setup::default() };
    let Some(cluster) = Cluster::start(setup).await else { return };
    let many = kills(6);
    let visitors = cluster.people(2000..2001 + many as u128).await;
    let before: usize = cluster.balancer.served().iter().sum();
    Walk::new(&cluster, visitors[0]).all().await;
    let requests = cluster.balancer.served().iter().sum::<usize>() - before;
    let killed = Arc::new(AtomicUsize::new(0));
    for (number, visitor) in visitors.into_iter().skip(1).enumerate() {
        // An ordinary run jumps over the walk, so that its few kills are at steps far apart.
        let after = if many < requests { number * requests / many } else { number % requests };
        let delay = Duration::from_millis(DELAYS[(number / requests + number) % DELAYS.len()]);
        let (replicas, counted) = (cluster.replicas.clone(), killed.clone());
        let then = Box::new(move |place: usize| {
            tokio::spawn(async move {
                tokio::time::sleep(delay).await;
                replicas[place].kill();
                counted.fetch_add(1, Ordering::SeqCst);
                replicas[place].start();
            });
        });
        cluster.balancer.arm(Armed { after, then });
        Walk::new(&cluster, visitor).all().await;
        cluster.balancer.disarm();
        for replica in &cluster.replicas {
            replica.ready().await;
        }
        if number % 20 == 19 {
            everything_happened_once(&cluster).await;
            println!("{} kills, {} requests sent again", killed.load(Ordering::SeqCst), cluster.gateway.reloads());
        }
    }
    everything_happened_once(&cluster).await;
    let copies = cluster.post.copies();
    let again = copies.iter().filter(|copies| **copies > 1).count();
    println!(
        "{} kills over {requests} steps, {} requests sent again, {} mails, {again} of them again under the same Message-ID",
        killed.load(Ordering::SeqCst),
        cluster.gateway.reloads(),
        copies.len(),
    );
    assert!(killed.load(Ordering::SeqCst) * 10 >= many * 8, "the kills hit");
}
