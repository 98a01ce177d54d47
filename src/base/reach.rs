//! How others are reached, and who is on this machine.

use std::{
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
};

use tokio::net::TcpStream;
use url::{Host, Url};

/// Whether a name is `localhost`, or stands below it (RFC 6761 section 6.3).
#[must_use]
pub fn is_localhost(name: &str) -> bool {
    let end = name.len().checked_sub(".localhost".len()).and_then(|at| name.get(at..));
    name.eq_ignore_ascii_case("localhost") || end.is_some_and(|end| end.eq_ignore_ascii_case(".localhost"))
}

/// Whether a host, a name or an address without brackets, is this machine.
#[must_use]
pub fn is_this_machine(host: &str) -> bool {
    is_localhost(host) || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// Whether an address leads to this machine.
#[must_use]
pub fn leads_to_this_machine(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => is_localhost(name),
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}

/// A connection, without delay of small packets. Unbounded in time: who calls it bounds it. `host` is a name, or an address without brackets;
/// names under `localhost` are never looked up (RFC 6761 section 6.3).
///
/// # Errors
/// When nobody answers there.
pub async fn dial(host: &str, port: u16) -> io::Result<TcpStream> {
    let stream = if is_localhost(host) {
        let loopback = [IpAddr::V4(Ipv4Addr::LOCALHOST), IpAddr::V6(Ipv6Addr::LOCALHOST)];
        TcpStream::connect(&loopback.map(|ip| SocketAddr::new(ip, port))[..]).await?
    } else {
        TcpStream::connect((host, port)).await?
    };
    stream.set_nodelay(true)?;
    Ok(stream)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_under_localhost_are_this_machine() {
        for name in ["localhost", "a.localhost", "A.B.LOCALHOST", "127.0.0.1", "127.9.9.9", "::1"] {
            assert!(is_this_machine(name), "{name}");
        }
        for name in ["localhost.example", "xlocalhost", "a", "", "10.0.0.1", "é.localhostx", "2130706433"] {
            assert!(!is_this_machine(name), "{name}");
        }
        let leads = |url: &str| leads_to_this_machine(&Url::parse(url).expect("a URL"));
        assert!(leads("http://x.localhost:1/") && leads("http://[::1]/") && leads("http://127.0.0.1/"));
        assert!(!leads("http://localhost.evil.example/") && !leads("file:///etc/passwd"));
    }
}
