//! What the gateway's hot paths cost, beside their peers: `tests/run bench`, or `cargo bench --bench gateway -- proxied tokens`.
//! `benches/README.md` has the aims, and what came out.
//!
//! The release binary runs as its operator runs it. Costs are processor time of the named process, user and system, an
//! operation; peers take turns in each round, so that a machine that is busy with something else counts little in the ratios.

#![expect(clippy::print_stdout, reason = "a benchmark prints its result")]

mod client;
mod databases;
mod figures;
mod house;
mod logins;
mod nginx;
mod process;
mod proxied;
mod replicas;
mod search;
mod sizes;
mod tokens;

const ALL: [&str; 6] = ["proxied", "replicas", "tokens", "logins", "search", "sizes"];

fn main() {
    let named: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with("--")).collect();
    let unknown = named.iter().find(|word| !ALL.contains(&word.as_str()));
    assert!(unknown.is_none(), "no measurement {unknown:?}; there are: {ALL:?}");
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    println!("load before: {load}");
    for name in ALL.into_iter().filter(|name| named.is_empty() || named.iter().any(|word| word == name)) {
        println!("== {name}");
        runtime.block_on(async {
            match name {
                "proxied" => proxied::measure().await,
                "replicas" => replicas::measure().await,
                "tokens" => tokens::measure().await,
                "logins" => logins::measure().await,
                "search" => search::measure().await,
                _ => sizes::measure().await,
            }
        });
        println!();
    }
}
