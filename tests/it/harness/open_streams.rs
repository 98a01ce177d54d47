//! Streams that a register keeps open: events and WebSockets, as bytes.

use std::time::Duration;

use poort::storage::versions;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use super::{browser::Browser, gateway::Gateway};

/// The cookie of a session on a register's host.
pub const SESSION: &str = "__Host-poort-session";

/// What must not outlive its permit, with the tick of the versions and some patience for a busy machine.
pub const SOON: Duration = versions::INTERVAL.saturating_mul(20);

/// A request on a connection that stays open.
pub async fn open(gateway: &Gateway, browser: &Browser<'_>, path: &str, fields: &str) -> TcpStream {
    let register = &gateway.tenant().registers[0];
    let session = browser.cookie_of(&register.host, SESSION).expect("a session");
    open_with(gateway, session, path, fields).await
}

/// The same, with the cookie of a session.
pub async fn open_with(gateway: &Gateway, session: &str, path: &str, fields: &str) -> TcpStream {
    let register = &gateway.tenant().registers[0];
    let authority = register.origin.trim_start_matches("http://");
    let mut stream = TcpStream::connect(gateway.address).await.expect("it listens");
    let request = format!("GET {path} HTTP/1.1\r\nHost: {authority}\r\nCookie: {SESSION}={session}\r\n{fields}\r\n");
    stream.write_all(request.as_bytes()).await.expect("sends");
    stream
}

/// Reads until the other end closes, for at most this long. True when it closed.
pub async fn closes(stream: &mut TcpStream, within: Duration) -> bool {
    let reading = async {
        let mut buffer = [0; 4096];
        while let Ok(count) = stream.read(&mut buffer).await {
            if count == 0 {
                return;
            }
        }
    };
    tokio::time::timeout(within, reading).await.is_ok()
}

pub async fn begins(stream: &mut TcpStream, status: &str, then: &str) {
    let mut text = String::new();
    let reading = async {
        let mut buffer = [0; 1024];
        while !text.contains(then) {
            let count = stream.read(&mut buffer).await.expect("reads");
            assert!(count > 0, "it closed: {text}");
            text.push_str(&String::from_utf8_lossy(&buffer[..count]));
        }
    };
    tokio::time::timeout(Duration::from_secs(10), reading).await.expect("something comes");
    assert!(text.starts_with(&format!("HTTP/1.1 {status}")), "{text}");
}
