//! What a code exchange, a refresh and an introspection cost, beside npm `oidc-provider`: the same client, scopes and kinds of tokens.
//!
//! Poort writes each exchange and refresh to SQLite on disk before it answers (`synchronous=FULL`); the peer keeps everything in
//! memory. Both sign an access token and an ID token with ES256. What is introspected is the client's own refresh token: the peer
//! refuses to speak of an access token that is a JWT.

use std::{
    io::{BufRead, BufReader},
    net::SocketAddr,
    process::{Command, Stdio},
    thread,
};

use base64::{Engine, engine::general_purpose::STANDARD};

use super::{
    client::Connection,
    figures::Figures,
    house::{CLIENT, CLIENT_SECRET, House, LOGIN_HOST, REDIRECT_URI, VERIFIER},
    process::{Process, free_address},
};

const ROUNDS: usize = 7;
/// Exchanges a round, and as many refreshes and introspections.
const EACH: usize = 1000;
/// Clients at the same time.
const CLIENTS: usize = 8;

struct Lane<'a> {
    name: &'static str,
    process: &'a Process,
    address: SocketAddr,
    codes: Vec<String>,
    exchange: Figures,
    refresh: Figures,
    introspection: Figures,
}

/// Measures and prints.
pub async fn measure() {
    let all = EACH * (ROUNDS + 1);
    let house = House::new(free_address(), None);
    let codes = house.codes(all).await;
    let gateway = house.start();
    let (peer, address, peers_codes) = oidc_provider(all);
    let lane = |name, process, address, codes| Lane {
        name,
        process,
        address,
        codes,
        exchange: Figures::default(),
        refresh: Figures::default(),
        introspection: Figures::default(),
    };
    let mut lanes = [
        lane("oidc-provider, in memory", &peer, address, peers_codes),
        lane("Poort, SQLite on disk", &gateway.process, gateway.address, codes),
    ];
    for round in 0..=ROUNDS {
        for lane in &mut lanes {
            let codes = lane.codes.split_off(lane.codes.len() - EACH);
            let (exchanged, tokens) = timed(lane.process, || redeem(lane.address, "authorization_code", &codes));
            let (refreshed, tokens) = timed(lane.process, || redeem(lane.address, "refresh_token", &tokens));
            let (introspected, _) = timed(lane.process, || introspect(lane.address, &tokens));
            // The first round warms up.
            if round > 0 {
                lane.exchange.push(exchanged);
                lane.refresh.push(refreshed);
                lane.introspection.push(introspected);
            }
        }
    }
    let [peer, ours] = &lanes;
    println!(
        "{:<28} {:>8} {:>8} {:>8} {:>8} {:>10} {:>8}",
        "µs of processor", "exchange", "least", "refresh", "least", "introspect", "least"
    );
    for lane in &lanes {
        println!(
            "{:<28} {:>8.0} {:>8.0} {:>8.0} {:>8.0} {:>10.0} {:>8.0}",
            lane.name,
            lane.exchange.median(),
            lane.exchange.least(),
            lane.refresh.median(),
            lane.refresh.least(),
            lane.introspection.median(),
            lane.introspection.least(),
        );
    }
    println!(
        "{:<28} {:>8.2} {:>8} {:>8.2} {:>8} {:>10.2}",
        "Poort's share of the peer's",
        ours.exchange.ratio_to(&peer.exchange),
        "",
        ours.refresh.ratio_to(&peer.refresh),
        "",
        ours.introspection.ratio_to(&peer.introspection),
    );
}

/// Microseconds of the process a request.
fn timed(process: &Process, work: impl FnOnce() -> Vec<String>) -> (f64, Vec<String>) {
    let before = process.processor_time();
    let tokens = work();
    ((process.processor_time() - before) * 1e6 / EACH as f64, tokens)
}

/// Redeems codes or refresh tokens; says the refresh tokens that came back.
fn redeem(address: SocketAddr, grant_type: &str, given: &[String]) -> Vec<String> {
    by_some_clients(address, given, |connection, authorization, value| {
        let form = match grant_type {
            "authorization_code" => vec![
                ("grant_type", grant_type),
                ("code", value),
                ("redirect_uri", REDIRECT_URI),
                ("code_verifier", VERIFIER),
            ],
            _ => vec![("grant_type", grant_type), ("refresh_token", value)],
        };
        let answer = connection.post("/token", authorization, &form);
        assert_eq!(answer.status, 200, "{}", answer.body);
        answer.quoted_after("\"refresh_token\":\"").to_owned()
    })
}

/// Asks what the client's own refresh tokens are worth.
fn introspect(address: SocketAddr, tokens: &[String]) -> Vec<String> {
    // Each says its own path; both announce it.
    let path = Connection::open(address, LOGIN_HOST)
        .get("/.well-known/openid-configuration", "")
        .quoted_after("\"introspection_endpoint\":\"")
        .split_once(LOGIN_HOST)
        .map(|(_, path)| path.to_owned())
        .expect("an endpoint on that host");
    by_some_clients(address, tokens, |connection, authorization, token| {
        let form = [("token", token), ("token_type_hint", "refresh_token")];
        let answer = connection.post(&path, authorization, &form);
        assert!(answer.status == 200 && answer.body.contains("\"active\":true"), "{}", answer.body);
        answer.body
    })
}

/// Does something with each of `given`, a few at a time, as the client with its secret.
fn by_some_clients(
    address: SocketAddr,
    given: &[String],
    work: impl Fn(&mut Connection, &str, &str) -> String + Sync,
) -> Vec<String> {
    let authorization = format!(
        "Authorization: Basic {}\r\n",
        STANDARD.encode(format!("{CLIENT}:{}", CLIENT_SECRET.replace(' ', "+")))
    );
    let one = |part: &[String]| -> Vec<String> {
        let mut connection = Connection::open(address, LOGIN_HOST);
        part.iter().map(|value| work(&mut connection, &authorization, value)).collect()
    };
    thread::scope(|scope| {
        let parts: Vec<_> = given.chunks(given.len().div_ceil(CLIENTS)).map(|part| scope.spawn(|| one(part))).collect();
        parts.into_iter().flat_map(|part| part.join().expect("a client ends")).collect()
    })
}

/// Starts the peer with `codes` codes, and says where it listens and which they are.
fn oidc_provider(codes: usize) -> (Process, SocketAddr, Vec<String>) {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/gateway/oidc_provider.mjs");
    let mut child = Command::new("node")
        .arg(script)
        .args([CLIENT, CLIENT_SECRET, REDIRECT_URI, VERIFIER, &format!("http://{LOGIN_HOST}"), &codes.to_string()])
        .env("NODE_ENV", "production")
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("node runs");
    let mut lines = BufReader::new(child.stdout.take().expect("its output")).lines();
    let port: u16 = lines.next().and_then(Result::ok).and_then(|line| line.parse().ok()).expect("a port");
    let given: Vec<String> = lines.take(codes).map(|line| line.expect("a code")).collect();
    assert_eq!(given.len(), codes, "the peer gave its codes");
    (Process::of(child), SocketAddr::from(([127, 0, 0, 1], port)), given)
}
