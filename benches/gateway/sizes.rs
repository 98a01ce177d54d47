//! How much memory the gateway holds, and how soon it is ready.

use std::{net::SocketAddr, thread};

use super::{
    client::Connection,
    databases::Postgres,
    figures::Figures,
    house::{Gateway, House, REGISTER_HOST, Reader},
    nginx,
    process::free_address,
};

const SESSIONS: usize = 100_000;
const STARTS: usize = 5;
const CLIENTS: usize = 8;

/// Measures and prints.
pub async fn measure() {
    starts("SQLite", &House::new(free_address(), None));
    match Postgres::fresh().await {
        Some(postgres) => {
            starts("PostgreSQL", &House::new(free_address(), Some(postgres.settings.clone())));
            postgres.drop_database().await;
        }
        None => println!("PostgreSQL left out: tests/run bench starts one"),
    }

    let backend = nginx::backend();
    let house = House::new(backend.address, None);
    let readers = house.readers(SESSIONS).await;
    let gateway = house.start();
    say("idle", &gateway);
    use_each(gateway.address, &readers);
    say(&format!("with {SESSIONS} sessions in use"), &gateway);
}

/// The first start makes the schema and the keys, the others find them.
fn starts(name: &str, house: &House) {
    let first = house.start().ready_after;
    let again: Figures = (0..STARTS).map(|_| house.start().ready_after.as_secs_f64()).collect();
    println!(
        "{name:<12} ready after {:.2} s the first time, then {:.2} s (median of {STARTS}; least {:.2} s)",
        first.as_secs_f64(),
        again.median(),
        again.least()
    );
}

fn say(state: &str, gateway: &Gateway) {
    let memory = gateway.process.memory();
    println!(
        "{state:<32} {:>6.1} MiB, of which {:.1} its own and {:.1} pages of files",
        memory.anonymous + memory.files,
        memory.anonymous,
        memory.files
    );
}

/// One request of each session, so that it is kept.
fn use_each(address: SocketAddr, readers: &[Reader]) {
    thread::scope(|scope| {
        for part in readers.chunks(readers.len().div_ceil(CLIENTS)) {
            scope.spawn(move || {
                let mut connection = Connection::open(address, REGISTER_HOST);
                for reader in part {
                    let cookie = format!("Cookie: {}\r\n", reader.cookie);
                    let answer = connection.get(&format!("/quiet/{}", reader.number), &cookie);
                    assert_eq!(answer.status, 200, "{}", answer.body);
                }
            });
        }
    });
}
