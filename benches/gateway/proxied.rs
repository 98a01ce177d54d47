//! What a proxied request costs: the whole way of `proxy::gate`, beside nginx that does none of it.
//!
//! Every client is a mandate holder with a session of their own and asks for the file of who gave the mandate. Sessions,
//! permits and the backend's tokens are kept by then; access log, metrics and audit log are on.

use std::{fs, net::SocketAddr, process::Command};

use super::{
    figures::Figures,
    house::{House, REGISTER_HOST, Reader},
    nginx::{self, Nginx},
    process::Process,
};

const ROUNDS: usize = 7;
const SECONDS: u32 = 4;
const CONNECTIONS: u32 = 64;

struct Lane<'a> {
    name: &'static str,
    process: &'a Process,
    address: SocketAddr,
    below: &'static str,
    /// Microseconds of processor time a request.
    cost: Figures,
    /// Requests a second.
    speed: Figures,
    /// Milliseconds that 99 of 100 requests need at most.
    p99: Figures,
}

/// Measures and prints.
pub async fn measure() {
    let backend = nginx::backend();
    let (plain, asking) = (nginx::proxy(backend.address), nginx::asking_proxy(backend.address));
    let house = House::new(backend.address, None);
    let readers = house.readers(CONNECTIONS as usize).await;
    let gateway = house.start();
    let of = |nginx: &Nginx| nginx.address;
    let lane = |name, process, address, below| Lane {
        name,
        process,
        address,
        below,
        cost: Figures::default(),
        speed: Figures::default(),
        p99: Figures::default(),
    };
    let mut lanes = [
        lane("nginx proxy_pass", &plain.process, of(&plain), "/dossiers/"),
        lane("nginx + auth_request", &asking.process, of(&asking), "/dossiers/"),
        lane("Poort, audit = \"none\"", &gateway.process, gateway.address, "/quiet/"),
        lane("Poort, audit = \"access\"", &gateway.process, gateway.address, "/dossiers/"),
    ];
    let load_lane = |lane: &Lane<'_>, seconds| load(lane.address, lane.below, &readers, CONNECTIONS, seconds);
    for lane in &lanes {
        load_lane(lane, 1);
    }
    for _ in 0..ROUNDS {
        for lane in &mut lanes {
            let before = lane.process.processor_time();
            let loaded = load_lane(lane, SECONDS);
            lane.cost.push((lane.process.processor_time() - before) * 1e6 / loaded.requests);
            lane.speed.push(loaded.requests / f64::from(SECONDS));
            lane.p99.push(loaded.p99);
        }
    }
    println!(
        "{:<28} {:>8} {:>8} {:>9} {:>10} {:>10}",
        "µs of processor a request", "median", "least", "of nginx", "requests/s", "p99, ms"
    );
    for lane in &lanes {
        println!(
            "{:<28} {:>8.1} {:>8.1} {:>9.2} {:>10.0} {:>10.1}",
            lane.name,
            lane.cost.median(),
            lane.cost.least(),
            lane.cost.ratio_to(&lanes[0].cost),
            lane.speed.median(),
            lane.p99.median(),
        );
    }
}

/// What came of a load.
pub struct Loaded {
    /// How many were answered.
    pub requests: f64,
    /// Milliseconds that 99 of 100 needed at most.
    pub p99: f64,
}

/// Loads who listens at `address` with `wrk`, and sees to it that every answer is the file.
pub fn load(address: SocketAddr, below: &str, readers: &[Reader], connections: u32, seconds: u32) -> Loaded {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let script = folder.path().join("requests.lua");
    let requests: String =
        readers.iter().map(|reader| format!("{{\"{below}{}\", \"{}\"}},\n", reader.number, reader.cookie)).collect();
    let lua = format!(
        "local asked, at = {{\n{requests}}}, 0\n\
         function init() for i, one in ipairs(asked) do asked[i] = wrk.format('GET', one[1], {{ \
         ['Host'] = '{REGISTER_HOST}', ['Cookie'] = one[2], ['Accept'] = 'text/html', ['Accept-Language'] = 'nl', \
         ['User-Agent'] = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0' }}) end end\n\
         function request() at = at % #asked + 1 return asked[at] end\n"
    );
    fs::write(&script, lua).expect("a script");
    let run = Command::new("wrk")
        .args(["-t2", &format!("-c{connections}"), &format!("-d{seconds}s"), "--latency", "--timeout", "30s", "-s"])
        .arg(&script)
        .arg(format!("http://{address}"))
        .output()
        .expect("wrk runs (Debian package wrk)");
    let said = String::from_utf8_lossy(&run.stdout).into_owned();
    let well = run.status.success() && !said.contains("Non-2xx") && !said.contains("Socket errors");
    assert!(well, "{address}: {said}");
    let requests = said
        .lines()
        .find_map(|line| line.trim().split_once(" requests in "))
        .and_then(|(count, _)| count.parse().ok())
        .expect("a count of requests");
    let p99 = said.lines().find_map(|line| line.trim().strip_prefix("99%")).map_or(f64::NAN, milliseconds);
    Loaded { requests, p99 }
}

/// `1.20ms`, `812.00us` or `1.01s`.
fn milliseconds(text: &str) -> f64 {
    let text = text.trim();
    let units = [("us", 0.001), ("ms", 1.0), ("s", 1000.0)];
    let known = units.iter().find_map(|(unit, factor)| Some(text.strip_suffix(unit)?.parse::<f64>().ok()? * factor));
    known.unwrap_or(f64::NAN)
}
