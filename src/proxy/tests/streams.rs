//! Bodies that last: they arrive piece by piece, hold no memory, and end when their permit does.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    sync::mpsc,
};

use super::rig::{HOST, Setting, backend, eventually, get, ok, rig, status};
use crate::{
    http::{server::Drained, testing::PATIENCE},
    proxy::{forward::Quiet, standing::Word},
};

/// What sockets and buffers on the way may hold; the bodies are many times larger.
const HELD: u64 = 24 * 1024 * 1024;

/// A backend that sends an event each time it is told to, and says when it is closed.
async fn events() -> (std::net::SocketAddr, mpsc::UnboundedSender<&'static str>, Arc<AtomicUsize>) {
    let (tell, told) = mpsc::unbounded_channel::<&'static str>();
    let told = Arc::new(tokio::sync::Mutex::new(told));
    let closed = Arc::new(AtomicUsize::new(0));
    let c = Arc::clone(&closed);
    let address = backend(move |mut raw, _| {
        let (told, closed) = (Arc::clone(&told), Arc::clone(&c));
        async move {
            raw.perhaps_until("\r\n\r\n").await;
            raw.say("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n").await;
            let mut told = told.lock().await;
            let mut end = [0; 1];
            loop {
                tokio::select! {
                    event = told.recv() => match event {
                        Some(event) => raw.say(format!("{:x}\r\n{event}\r\n", event.len())).await,
                        None => return,
                    },
                    _ = raw.stream.read(&mut end) => {
                        closed.fetch_add(1, Ordering::SeqCst);
                        return;
                    }
                }
            }
        }
    })
    .await;
    (address, tell, closed)
}

#[tokio::test]
async fn an_event_arrives_before_the_next_is_sent_and_the_stream_ends_with_its_permit() {
    let (address, tell, closed) = events().await;
    let rig = rig(address, Setting::default()).await;
    let mut raw = rig.connect().await;
    raw.say(get("/events")).await;
    assert_eq!(status(&raw.until("\r\n\r\n").await), 200);
    for event in ["data: 1\n\n", "data: 2\n\n", "data: 3\n\n"] {
        tell.send(event).expect("the backend listens");
        raw.until(event).await;
    }
    rig.word.send_replace(Word::End);
    assert!(!raw.rest_text().await.contains("0\r\n\r\n"), "it looks broken off, not complete");
    eventually("the backend saw its connection close", || closed.load(Ordering::SeqCst) == 1).await;
}

#[tokio::test]
async fn while_nobody_knows_whether_the_permit_holds_no_event_passes_and_none_is_lost() {
    let (address, tell, _) = events().await;
    let rig = rig(address, Setting::default()).await;
    let mut raw = rig.connect().await;
    raw.say(get("/events")).await;
    tell.send("data: 1\n\n").expect("the backend listens");
    raw.until("data: 1\n\n").await;
    rig.word.send_replace(Word::Rest);
    tell.send("data: 2\n\n").expect("the backend listens");
    // What would have passed has had the time of another stream, from its request to its event.
    let early = tokio::time::timeout(Duration::from_millis(300), raw.until("data: 2\n\n")).await;
    assert!(early.is_err(), "it passed");
    rig.word.send_replace(Word::GoOn);
    assert!(raw.until("data: 2\n\n").await.ends_with("data: 2\n\n"));
}

#[tokio::test]
async fn an_answer_waits_and_an_upload_ends_when_nobody_knows_whether_the_permit_holds() {
    let thinks = backend(|mut raw, _| async move {
        let request = raw.perhaps_until("\r\n\r\n").await.unwrap_or_default();
        if request.starts_with("GET") {
            raw.say(ok("done")).await;
        }
        raw.rest().await;
    })
    .await;
    let rig = rig(thinks, Setting::default()).await;
    rig.word.send_replace(Word::Rest);
    let (mut asks, mut uploads) = (rig.connect().await, rig.connect().await);
    asks.say(get("/")).await;
    uploads.say(format!("POST / HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: 10\r\n\r\nabc")).await;
    assert_eq!(status(&uploads.response().await.0), 403);
    assert_eq!(*rig.failures.lock().expect("no panic"), ["Policy the permit ended"], "the other one waits");
    rig.word.send_replace(Word::GoOn);
    assert_eq!(asks.response().await.1, "done");
}

#[tokio::test]
async fn a_request_whose_permit_ends_while_the_backend_thinks_is_refused() {
    let slow = backend(|mut raw, _| async move {
        raw.rest().await;
    })
    .await;
    let rig = rig(slow, Setting::default()).await;
    let mut raw = rig.connect().await;
    // An upload is under way.
    raw.say(format!("POST / HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: 10\r\n\r\nabc")).await;
    tokio::time::sleep(Duration::from_millis(100)).await;
    rig.word.send_replace(Word::End);
    assert_eq!(status(&raw.response().await.0), 403);
    assert_eq!(*rig.failures.lock().expect("no panic"), ["Policy the permit ended"]);
}

#[tokio::test]
async fn a_stream_that_falls_silent_ends() {
    let (address, tell, closed) = events().await;
    let quiet = Quiet { response: Duration::from_millis(100), ..Quiet::default() };
    let rig = rig(address, Setting { quiet, ..Setting::default() }).await;
    let mut raw = rig.connect().await;
    raw.say(get("/events")).await;
    tell.send("data: 1\n\n").expect("the backend listens");
    assert!(!raw.rest_text().await.contains("0\r\n\r\n"));
    eventually("the backend saw its connection close", || closed.load(Ordering::SeqCst) == 1).await;
}

#[tokio::test]
async fn stopping_ends_event_streams_at_once_and_lets_downloads_finish() {
    let (address, tell, _) = events().await;
    let mut streams = rig(address, Setting::default()).await;
    let mut listening = streams.connect().await;
    listening.say(get("/events")).await;
    tell.send("data: 1\n\n").expect("the backend listens");
    listening.until("data: 1\n\n").await;
    streams.gateway.stopping.cancel();
    listening.rest().await;
    let drained = tokio::time::timeout(PATIENCE, &mut streams.gateway.served).await.expect("it ends");
    assert_eq!(drained.expect("no panic"), Drained { cut: 0 });

    let (go, wait) = (Arc::new(tokio::sync::Notify::new()), Arc::new(tokio::sync::Notify::new()));
    let (g, w) = (Arc::clone(&go), Arc::clone(&wait));
    let download = backend(move |mut raw, _| {
        let (go, wait) = (Arc::clone(&g), Arc::clone(&w));
        async move {
            raw.perhaps_until("\r\n\r\n").await;
            raw.say("HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nhalf").await;
            wait.notify_one();
            go.notified().await;
            raw.say("half").await;
        }
    })
    .await;
    let rig = rig(download, Setting::default()).await;
    let mut raw = rig.connect().await;
    raw.say(get("/")).await;
    raw.until("half").await;
    wait.notified().await;
    rig.gateway.stopping.cancel();
    go.notify_one();
    assert_eq!(raw.rest_text().await, "half");
}

#[tokio::test]
async fn a_gigabyte_passes_and_at_no_moment_is_more_than_the_sockets_buffers_held() {
    const SIZE: u64 = 1 << 30;
    let sent = Arc::new(AtomicU64::new(0));
    let s = Arc::clone(&sent);
    let address = backend(move |mut raw, _| {
        let sent = Arc::clone(&s);
        async move {
            raw.perhaps_until("\r\n\r\n").await;
            raw.say(format!("HTTP/1.1 200 OK\r\nContent-Length: {SIZE}\r\n\r\n")).await;
            let piece = vec![b'x'; 256 * 1024];
            while sent.load(Ordering::Relaxed) < SIZE {
                if raw.stream.write_all(&piece).await.is_err() {
                    return;
                }
                sent.fetch_add(piece.len() as u64, Ordering::Relaxed);
            }
        }
    })
    .await;
    let rig = rig(address, Setting::default()).await;
    let mut raw = rig.connect().await;
    raw.say(get("/")).await;
    raw.until("\r\n\r\n").await;
    // The client takes nothing for a while: the backend is held back.
    tokio::time::sleep(Duration::from_millis(200)).await;
    let mut most = sent.load(Ordering::Relaxed);
    let mut got = 0;
    let mut piece = vec![0; 256 * 1024];
    loop {
        let size = raw.stream.read(&mut piece).await.expect("the connection is open") as u64;
        got += size;
        most = most.max(sent.load(Ordering::Relaxed).saturating_sub(got));
        // What came along with the head was taken then.
        if size == 0 || got + 512 * 1024 >= SIZE {
            break;
        }
    }
    assert!(got + 512 * 1024 >= SIZE, "{got}");
    assert!(most < HELD, "{most} bytes were on the way");
}

#[tokio::test]
async fn an_upload_is_held_back_by_a_backend_that_does_not_read_and_nobody_holds_it() {
    let (go, taken) = (Arc::new(tokio::sync::Notify::new()), Arc::new(AtomicU64::new(0)));
    let (g, t) = (Arc::clone(&go), Arc::clone(&taken));
    let address = backend(move |mut raw, _| {
        let (go, taken) = (Arc::clone(&g), Arc::clone(&t));
        async move {
            go.notified().await;
            let mut piece = vec![0; 256 * 1024];
            let mut all = 0;
            while all < 256 << 20 {
                all += raw.stream.read(&mut piece).await.expect("the connection is open") as u64;
                taken.store(all, Ordering::Relaxed);
            }
            raw.say(ok("taken")).await;
        }
    })
    .await;
    let rig = rig(address, Setting::default()).await;
    let mut raw = rig.connect().await;
    raw.say(format!("POST / HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: {}\r\n\r\n", 256_u64 << 20)).await;
    let piece = vec![b'x'; 256 * 1024];
    let mut sent: u64 = 0;
    let mut most = 0;
    let mut going = false;
    while sent < 256 << 20 {
        match tokio::time::timeout(Duration::from_millis(300), raw.stream.write(&piece)).await {
            Ok(size) => sent += size.expect("the connection is open") as u64,
            Err(_) => {
                assert!(!going, "held back while the backend reads");
                going = true;
                go.notify_one();
            }
        }
        most = most.max(sent.saturating_sub(taken.load(Ordering::Relaxed)));
    }
    assert!(going, "never held back");
    assert!(most < HELD, "{most} bytes were on the way");
    assert_eq!(raw.response().await.1, "taken");
}

/// A fast download is asked about its permit too, not only one that waits.
#[tokio::test]
async fn a_download_that_never_waits_ends_with_its_permit() {
    let address = backend(|mut raw, _| async move {
        raw.perhaps_until("\r\n\r\n").await;
        raw.say("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n").await;
        let piece = format!("10000\r\n{}\r\n", "x".repeat(65536));
        while raw.stream.write_all(piece.as_bytes()).await.is_ok() {}
    })
    .await;
    let rig = rig(address, Setting::default()).await;
    let mut raw = rig.connect().await;
    raw.say(get("/")).await;
    raw.exactly(1 << 20).await;
    rig.word.send_replace(Word::End);
    let mut piece = vec![0; 256 * 1024];
    let mut after = 0;
    while let Ok(size) = raw.stream.read(&mut piece).await {
        if size == 0 {
            break;
        }
        after += size as u64;
        assert!(after < HELD, "it goes on");
    }
}
