//! WebSockets through the gateway, frame by frame as raw bytes (RFC 6455 section 5.7 for the frames, 1.3 for the handshake).

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use tokio::io::{AsyncRead, AsyncWrite};

use super::rig::{HOST, ORIGIN, Rig, Setting, backend, eventually, get, ok, rig, status, whole_request};
use crate::{
    domain::register::ProfileIn,
    http::{
        server::Drained,
        testing::{PATIENCE, Raw, field},
    },
    proxy::{forward::Quiet, standing::Word},
};

/// "Hello" as a masked text frame of a client, and as an unmasked one of a server.
const FROM_CLIENT: [u8; 11] = [0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58];
const FROM_SERVER: [u8; 7] = [0x81, 0x05, 0x48, 0x65, 0x6c, 0x6c, 0x6f];

pub(super) fn handshake(fields: &str) -> String {
    format!(
        "GET /live HTTP/1.1\r\nHost: {HOST}\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
         Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: chat\r\n{fields}\r\n"
    )
}

/// A backend that answers each masked "Hello" with an unmasked one, and counts the tunnels that ended.
pub(super) async fn socket() -> (std::net::SocketAddr, Arc<AtomicUsize>) {
    let ended = Arc::new(AtomicUsize::new(0));
    let e = Arc::clone(&ended);
    let address = backend(move |mut raw, _| {
        let ended = Arc::clone(&e);
        async move {
            let Some(request) = whole_request(&mut raw).await else { return };
            let upgrade =
                field(&request, "upgrade") == Some("websocket") && field(&request, "connection") == Some("upgrade");
            let kept = field(&request, "sec-websocket-key") == Some("dGhlIHNhbXBsZSBub25jZQ==")
                && field(&request, "authorization") == Some("Bearer poort")
                && field(&request, "cookie").is_none();
            if !(upgrade && kept) {
                raw.say(ok(&request)).await;
                return;
            }
            raw.say(
                "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nServer: x\r\n\
                 Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\nSec-WebSocket-Protocol: chat\r\n\r\n",
            )
            .await;
            let hello = String::from_utf8_lossy(&FROM_CLIENT).into_owned();
            let mut buffer = [0; 11];
            while tokio::io::AsyncReadExt::read_exact(&mut raw.stream, &mut buffer).await.is_ok() {
                assert_eq!(String::from_utf8_lossy(&buffer), hello);
                raw.say(FROM_SERVER).await;
            }
            ended.fetch_add(1, Ordering::SeqCst);
        }
    })
    .await;
    (address, ended)
}

async fn open(rig: &Rig) -> Raw {
    let mut raw = rig.connect().await;
    raw.say(handshake(&format!("Origin: {ORIGIN}\r\nCookie: __Host-poort-session=S\r\n"))).await;
    let head = raw.until("\r\n\r\n").await.to_ascii_lowercase();
    assert_eq!(status(&head), 101, "{head}");
    assert_eq!(field(&head, "sec-websocket-accept"), Some("s3pplmbitxaq9kygzzhzrbk+xoo="));
    assert_eq!(field(&head, "sec-websocket-protocol"), Some("chat"));
    assert_eq!((field(&head, "upgrade"), field(&head, "connection")), (Some("websocket"), Some("upgrade")));
    assert_eq!(field(&head, "server"), None);
    hello(&mut raw).await;
    raw
}

pub(super) async fn hello<S: AsyncRead + AsyncWrite + Unpin>(raw: &mut Raw<S>) {
    raw.say(FROM_CLIENT).await;
    assert_eq!(raw.exactly(FROM_SERVER.len()).await, FROM_SERVER);
}

fn guarded() -> Setting {
    Setting { guarded: Some(ProfileIn::Header), ..Setting::default() }
}

#[tokio::test]
async fn frames_go_both_ways_until_the_permit_ends() {
    let (address, ended) = socket().await;
    let rig = rig(address, guarded()).await;
    let (mut one, mut other) = (open(&rig).await, open(&rig).await);
    for _ in 0..100 {
        hello(&mut one).await;
        hello(&mut other).await;
    }
    rig.word.send_replace(Word::End);
    assert_eq!((one.rest().await, other.rest().await), (vec![], vec![]));
    eventually("the backend saw both end", || ended.load(Ordering::SeqCst) == 2).await;
}

#[tokio::test]
async fn while_nobody_knows_whether_the_permit_holds_no_frame_passes_and_none_is_lost() {
    let (address, _) = socket().await;
    let rig = rig(address, guarded()).await;
    let mut raw = open(&rig).await;
    hello(&mut raw).await;
    rig.word.send_replace(Word::Rest);
    raw.say(FROM_CLIENT).await;
    let early = tokio::time::timeout(Duration::from_millis(300), raw.exactly(1)).await;
    assert!(early.is_err(), "it passed");
    rig.word.send_replace(Word::GoOn);
    assert_eq!(raw.exactly(FROM_SERVER.len()).await, FROM_SERVER);
}

#[tokio::test]
async fn either_end_may_close() {
    let (address, ended) = socket().await;
    let rig = rig(address, guarded()).await;
    drop(open(&rig).await);
    eventually("the backend saw it", || ended.load(Ordering::SeqCst) == 1).await;
    let closing = backend(|mut raw, _| async move {
        whole_request(&mut raw).await;
        raw.say("HTTP/1.1 101 Switching Protocols\r\nUpgrade: WebSocket\r\nConnection: upgrade\r\n\r\n\x01last words")
            .await;
    })
    .await;
    let closing = super::rig::rig(closing, guarded()).await;
    let mut raw = closing.connect().await;
    raw.say(handshake(&format!("Origin: {ORIGIN}\r\n"))).await;
    assert!(raw.rest_text().await.ends_with("\r\n\r\n\x01last words"), "nothing is lost");
}

#[tokio::test]
async fn a_page_of_another_origin_opens_none() {
    let (address, _) = socket().await;
    let rig = rig(address, guarded()).await;
    for fields in ["", "Origin: http://evil.test\r\n", "Sec-Fetch-Site: same-origin\r\n", "Origin: null\r\n"] {
        let (head, _) = rig.ask(handshake(fields)).await;
        assert_eq!(status(&head), 403, "{fields}");
        assert_eq!(field(&head, "connection"), Some("close"), "what was meant for a tunnel is no request");
    }
}

#[tokio::test]
async fn what_follows_a_refused_upgrade_is_no_request() {
    let refusing = backend(|mut raw, _| async move {
        while whole_request(&mut raw).await.is_some() {
            raw.say(ok("no sockets here")).await;
        }
    })
    .await;
    let rig = rig(refusing, guarded()).await;
    let mut raw = rig.connect().await;
    raw.say(handshake(&format!("Origin: {ORIGIN}\r\n")) + &get("/smuggled")).await;
    let all = raw.rest_text().await;
    assert_eq!(all.matches("HTTP/1.1").count(), 1, "{all}");
}

#[tokio::test]
async fn other_protocols_are_not_offered() {
    let (address, _) = socket().await;
    let rig = rig(address, Setting::default()).await;
    for fields in [
        "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA\r\n",
        "Connection: Upgrade\r\nUpgrade: websocket, h2c\r\nSec-WebSocket-Key: x\r\n",
        "Upgrade: websocket\r\nSec-WebSocket-Key: x\r\n",
        "Connection: Upgrade\r\nUpgrade: TLS/1.0\r\n",
    ] {
        let (_, seen) = rig.ask(format!("GET / HTTP/1.1\r\nHost: {HOST}\r\n{fields}\r\n")).await;
        assert!(field(&seen, "upgrade").is_none() && field(&seen, "http2-settings").is_none(), "{fields}: {seen}");
    }
}

#[tokio::test]
async fn a_silent_tunnel_ends_and_a_talking_one_goes_on() {
    let (address, ended) = socket().await;
    let quiet = Quiet { tunnel: Duration::from_millis(300), ..Quiet::default() };
    let rig = rig(address, Setting { quiet, ..guarded() }).await;
    let mut raw = open(&rig).await;
    for _ in 0..8 {
        tokio::time::sleep(Duration::from_millis(60)).await;
        hello(&mut raw).await;
    }
    assert_eq!(ended.load(Ordering::SeqCst), 0);
    assert_eq!(raw.rest().await, b"");
    eventually("the backend saw it end", || ended.load(Ordering::SeqCst) == 1).await;
}

#[tokio::test]
async fn stopping_ends_tunnels_and_waits_for_them() {
    let (address, ended) = socket().await;
    let mut rig = rig(address, guarded()).await;
    let mut raw = open(&rig).await;
    rig.gateway.stopping.cancel();
    assert_eq!(raw.rest().await, b"");
    let drained = tokio::time::timeout(PATIENCE, &mut rig.gateway.served).await.expect("it ends").expect("no panic");
    assert_eq!(drained, Drained { cut: 0 });
    eventually("the backend saw it end", || ended.load(Ordering::SeqCst) == 1).await;
}
