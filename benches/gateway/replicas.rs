//! What two replicas on one PostgreSQL and one Redis carry beside one: the same requests, shared out between them.
//!
//! On one machine they share the processors with who asks and who answers, so that requests a second say little; what counts is what a
//! request costs all replicas together. As much as with one: then a second machine carries as much again.

use std::{
    net::SocketAddr,
    process::{Command, Stdio},
    thread,
};

use super::{
    databases::Postgres,
    figures::Figures,
    house::{Gateway, House, Reader},
    nginx,
    process::{Process, free_address, wait_for},
    proxied::{Loaded, load},
};

const ROUNDS: usize = 7;
const SECONDS: u32 = 4;
const CONNECTIONS: u32 = 64;

struct Lane<'a> {
    name: &'static str,
    replicas: Vec<&'a Gateway>,
    below: &'static str,
    /// Microseconds of processor time a request, of all replicas.
    cost: Figures,
    /// Requests a second.
    speed: Figures,
    /// Milliseconds that 99 of 100 requests need at most.
    p99: Figures,
}

/// Measures and prints.
pub async fn measure() {
    let Some(postgres) = Postgres::fresh().await else {
        println!("left out: there is no PostgreSQL (tests/run bench starts one)");
        return;
    };
    let backend = nginx::backend();
    let (_redis, redis) = redis();
    let house = House::new(backend.address, Some(postgres.settings.clone()))
        .with(&format!("[redis]\nurl = \"redis://{redis}/0\"\n"));
    let readers = house.readers(CONNECTIONS as usize).await;
    let (one, other) = (house.start(), house.start_another());
    let lane = |name, replicas, below| {
        let (cost, speed, p99) = Default::default();
        Lane { name, replicas, below, cost, speed, p99 }
    };
    let mut lanes = [
        lane("one, audit = \"none\"", vec![&one], "/quiet/"),
        lane("two, audit = \"none\"", vec![&one, &other], "/quiet/"),
        lane("one, audit = \"access\"", vec![&one], "/dossiers/"),
        lane("two, audit = \"access\"", vec![&one, &other], "/dossiers/"),
    ];
    for lane in &lanes {
        shared_out(lane, &readers, 1);
    }
    for _ in 0..ROUNDS {
        for lane in &mut lanes {
            let time = || lane.replicas.iter().map(|replica| replica.process.processor_time()).sum::<f64>();
            let before = time();
            let loaded = shared_out(lane, &readers, SECONDS);
            lane.cost.push((time() - before) * 1e6 / loaded.requests);
            lane.speed.push(loaded.requests / f64::from(SECONDS));
            lane.p99.push(loaded.p99);
        }
    }
    println!(
        "{:<28} {:>8} {:>8} {:>9} {:>10} {:>9} {:>10}",
        "µs of processor a request", "median", "least", "of one", "requests/s", "of one", "p99, ms"
    );
    for (place, lane) in lanes.iter().enumerate() {
        let one = &lanes[place & !1];
        println!(
            "{:<28} {:>8.1} {:>8.1} {:>9.2} {:>10.0} {:>9.2} {:>10.1}",
            lane.name,
            lane.cost.median(),
            lane.cost.least(),
            lane.cost.ratio_to(&one.cost),
            lane.speed.median(),
            lane.speed.ratio_to(&one.speed),
            lane.p99.median(),
        );
    }
    drop((one, other));
    postgres.drop_database().await;
}

/// The same number of connections, shared out among the replicas.
fn shared_out(lane: &Lane<'_>, readers: &[Reader], seconds: u32) -> Loaded {
    let each = CONNECTIONS / u32::try_from(lane.replicas.len()).expect("a few");
    let loaded: Vec<Loaded> = thread::scope(|scope| {
        let loads: Vec<_> = lane
            .replicas
            .iter()
            .map(|replica| scope.spawn(|| load(replica.address, lane.below, readers, each, seconds)))
            .collect();
        loads.into_iter().map(|load| load.join().expect("wrk ends")).collect()
    });
    Loaded {
        requests: loaded.iter().map(|one| one.requests).sum(),
        p99: loaded.iter().map(|one| one.p99).fold(0.0, f64::max),
    }
}

/// A Redis of its own, that keeps nothing.
fn redis() -> (Process, SocketAddr) {
    let address = free_address();
    let process = Process::start(
        Command::new("redis-server")
            .args(["--port", &address.port().to_string(), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"])
            .stdout(Stdio::null()),
    );
    wait_for(address);
    (process, address)
}
