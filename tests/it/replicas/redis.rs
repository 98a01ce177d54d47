//! Redis holds only what may vanish: whatever becomes of it, nobody is logged out, let in, or kept waiting.

use std::time::{Duration, Instant};

use http::{Method, StatusCode};

use super::{
    cluster::{Cluster, Setup},
    servers::RedisServer,
    walk::Walk,
    wire::becomes,
};
use crate::harness::{application::encoded, gateway::Reply};

/// How many rounds of each fault; the long loop does more.
fn rounds() -> usize {
    if std::env::var_os("POORT_TEST_KILLS").is_some() { 50 } else { 1 }
}

/// Somebody who is no client asks for tokens.
async fn nobodys_request(cluster: &Cluster) -> Reply {
    let body = encoded(&[("grant_type", "refresh_token"), ("refresh_token", "x"), ("client_id", "nobody")]);
    let url = format!("{}/token", cluster.gateway.tenant().origin);
    cluster.gateway.send(Method::POST, &url, &[("content-type", "application/x-www-form-urlencoded")], body).await
}

#[tokio::test]
async fn limits_replicas_count_an_address_together_and_without_redis_more_strictly_by_themselves() {
    let Some(mut redis) = RedisServer::start().await else { return };
    let limits = "token_failures_per_address = 10";
    let setup = Setup { redis: vec![redis.url(), redis.url()], limits, ..Setup::default() };
    let Some(cluster) = Cluster::start(setup).await else { return };
    // Ten in all, five on each.
    for _ in 0..10 {
        assert_eq!(nobodys_request(&cluster).await.status, StatusCode::UNAUTHORIZED);
    }
    for _ in 0..2 {
        let reply = nobodys_request(&cluster).await;
        assert_eq!((reply.status, reply.error().as_str()), (StatusCode::TOO_MANY_REQUESTS, "temporarily_unavailable"));
        assert!(reply.header("retry-after").parse::<u64>().is_ok_and(|seconds| seconds > 0));
    }
    let refused = "SELECT count(*) FROM audit WHERE kind = 'address.refused'";
    assert_eq!(cluster.count(refused).await, 2, "once a replica, not once a request");
    assert!(!redis.say(&["KEYS", "*"]).contains("127.0.0.1"), "no address stands in Redis");
    // Redis forgets. What each replica saw itself is not forgotten.
    redis.kill();
    for replica in &cluster.replicas {
        let degraded =
            async || replica.readiness().await == Some((200, "ready, degraded: Redis does not answer\n".into()));
        assert!(becomes(Duration::from_secs(10), degraded).await);
    }
    for _ in 0..2 {
        assert_eq!(nobodys_request(&cluster).await.status, StatusCode::TOO_MANY_REQUESTS);
    }
}

#[tokio::test]
async fn limits_wrong_passwords_and_mails_from_one_address_are_bounded_over_all_accounts_and_replicas() {
    let Some(redis) = RedisServer::start().await else { return };
    let limits = "logins_per_address = 6\nmails_per_address = 4";
    let setup = Setup { redis: vec![redis.url(), redis.url()], limits, ..Setup::default() };
    let Some(cluster) = Cluster::start(setup).await else { return };
    // Who is right takes nothing away, however many they are.
    let visitors = cluster.people(5900..5905).await;
    for visitor in &visitors {
        Walk::new(&cluster, *visitor).come_to_the_register().await;
    }
    let mut browser = cluster.gateway.browser();
    let origin = cluster.gateway.tenant().origin.clone();
    let page = browser.get(&format!("{}/me", cluster.gateway.tenant().registers[0].origin)).await;
    let page = browser.follow(&page, "second=totp").await;
    for number in 0..8 {
        // Accounts that are there and accounts that are not: one of each has one try.
        let name =
            visitors.get(number).map_or_else(|| format!("niemand{number}@example.org"), |visitor| visitor.email());
        let answer = browser.submit(&page, &[("user_name", &*name), ("password", "een heel ander wachtwoord")]).await;
        if number < 6 {
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{number}: {}", answer.text);
        } else {
            assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS, "{number}");
            assert!(answer.text.contains("Te veel pogingen"), "{}", answer.text);
            assert!(answer.headers["retry-after"].to_str().is_ok_and(|seconds| seconds.parse::<u64>().is_ok()));
        }
    }
    for number in 0..6 {
        let page = browser.get(&format!("{origin}/password/forgotten")).await;
        let answer = browser.submit(&page, &[("user_name", &*format!("niemand{number}@example.org"))]).await;
        let expected = if number < 4 { StatusCode::OK } else { StatusCode::TOO_MANY_REQUESTS };
        assert_eq!(answer.status, expected, "{number}");
    }
    let refused = cluster.count("SELECT count(*) FROM audit WHERE kind = 'address.refused'").await;
    assert!((2..=4).contains(&refused), "one line a replica and kind: {refused}");
}

#[tokio::test]
async fn limits_without_redis_a_replica_allows_half() {
    let Some(mut redis) = RedisServer::start().await else { return };
    let limits = "token_failures_per_address = 10";
    let setup = Setup { redis: vec![redis.url(), redis.url()], limits, ..Setup::default() };
    let Some(cluster) = Cluster::start(setup).await else { return };
    redis.kill();
    for replica in &cluster.replicas {
        let degraded = async || replica.metric("poort_redis_up").await == Some(0.0);
        assert!(becomes(Duration::from_secs(10), degraded).await);
    }
    for _ in 0..10 {
        assert_eq!(nobodys_request(&cluster).await.status, StatusCode::UNAUTHORIZED, "five on each");
    }
    assert_eq!(nobodys_request(&cluster).await.status, StatusCode::TOO_MANY_REQUESTS);
}

/// What becomes of Redis.
#[derive(Clone, Copy, Debug)]
enum Fault {
    Hung,
    Stopped,
    Empty,
    OnlyReads,
}

#[tokio::test]
async fn redis_may_hang_stop_forget_or_refuse_to_write_and_everything_goes_on() {
    let Some(mut redis) = RedisServer::start().await else { return };
    // A long loop asks far more from one address than people do.
    let limits = "token_failures_per_address = 100000";
    let setup = Setup { redis: vec![redis.url(), redis.url()], limits, ..Setup::default() };
    let Some(cluster) = Cluster::start(setup).await else { return };
    let up = async |expected: f64| {
        let mut all = true;
        for replica in &cluster.replicas {
            all &= replica.metric("poort_redis_up").await == Some(expected);
        }
        all
    };
    assert!(becomes(Duration::from_secs(10), async || up(1.0).await).await, "it is found");
    let mut visitors = cluster.people(5000..5000 + 5 * rounds() as u128).await.into_iter();
    let (mut slowest, mut longest) = (Duration::ZERO, Duration::ZERO);
    for round in 0..rounds() {
        let mut before = Walk::new(&cluster, visitors.next().expect("somebody"));
        before.come_to_the_register().await;
        for fault in [Fault::Hung, Fault::Stopped, Fault::Empty, Fault::OnlyReads] {
            match fault {
                Fault::Hung => redis.signal("STOP"),
                Fault::Stopped => redis.kill(),
                Fault::Empty => drop(redis.say(&["FLUSHALL"])),
                Fault::OnlyReads => drop(redis.say(&["REPLICAOF", "127.0.0.1", "1"])),
            }
            // From the first moment: who was logged in is, and who comes logs in.
            let asked = Instant::now();
            assert_eq!(before.look_once().await, Ok(200), "{fault:?}");
            assert_eq!(nobodys_request(&cluster).await.status, StatusCode::UNAUTHORIZED, "{fault:?}");
            slowest = slowest.max(asked.elapsed());
            Walk::new(&cluster, visitors.next().expect("somebody")).come_to_the_register().await;
            assert_eq!(before.look_once().await, Ok(200), "{fault:?}");
            if !matches!(fault, Fault::Empty) {
                assert!(becomes(Duration::from_secs(10), async || up(0.0).await).await, "{fault:?} is noticed");
                for replica in &cluster.replicas {
                    let (status, text) = replica.readiness().await.expect("it answers");
                    assert_eq!((status, text.contains("degraded")), (200, true), "{fault:?}");
                }
            }
            match fault {
                Fault::Hung => redis.signal("CONT"),
                Fault::Stopped => redis.again().await,
                Fault::Empty => {}
                Fault::OnlyReads => drop(redis.say(&["REPLICAOF", "NO", "ONE"])),
            }
            let healed = Instant::now();
            assert!(becomes(Duration::from_secs(20), async || up(1.0).await).await, "{fault:?}: it is found again");
            longest = longest.max(healed.elapsed());
            for replica in &cluster.replicas {
                assert_eq!(replica.readiness().await, Some((200, "ready\n".into())), "{fault:?}");
            }
        }
        println!("round {round}: two requests took {slowest:?} at most, Redis was found again within {longest:?}");
    }
    assert_eq!(cluster.gateway.reloads(), 0);
    for replica in &cluster.replicas {
        let log = replica.log();
        let (away, back) = (log.matches("Redis does not answer").count(), log.matches("Redis answers again").count());
        assert!(away == back && back >= 3 * rounds(), "one line a change: {away} away, {back} back");
    }
}
