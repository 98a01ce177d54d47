//! MANDATE-1: many open streams at once, and what they cost the database when something has changed.

use std::time::Duration;

use poort::{
    base::{Random, id::SessionId, token::Token},
    storage::{sql::Session, versions},
};
use sqlx::{Connection, Executor, PgConnection};
use tokio::net::TcpStream;

use super::mandates::{for_jan, jans_mandate};
use crate::harness::{
    browser::Browser,
    databases::{as_serving_role, execute},
    gateway::{Gateway, PRO},
    open_streams::{SESSION, SOON, begins, closes, open, open_with},
};

/// Questions that the database is asked at a time.
const AT_ONCE: i64 = 4;

/// As many sessions of the same person, in as many browsers, with two streams each.
async fn streams(gateway: &Gateway, browser: &Browser<'_>, path: &str, sessions: usize) -> Vec<(SessionId, TcpStream)> {
    let cookie = browser.cookie_of(&gateway.tenant().registers[0].host, SESSION).expect("a session");
    let mut transaction = gateway.begin().await;
    let first = transaction
        .session_by_digest(Token::parse(cookie).expect("a token").digest())
        .await
        .expect("answers")
        .expect("it is there");
    let mut cookies = Vec::new();
    for _ in 0..sessions {
        let (id, token) = (SessionId::new(&Random::system()), Token::new(&Random::system()));
        transaction.put_session(token.digest(), &Session { id, ..first.clone() }).await.expect("a session");
        cookies.push((id, token.reveal()));
    }
    transaction.commit().await.expect("commits");
    let mut streams = Vec::new();
    for (id, cookie) in cookies.iter().flat_map(|one| [one, one]) {
        let mut stream = open_with(gateway, cookie, &format!("{path}?stream"), "").await;
        begins(&mut stream, "200", "data: x").await;
        streams.push((*id, stream));
    }
    streams
}

/// Something has changed for everybody of the tenant, elsewhere.
async fn change(gateway: &Gateway) {
    execute(&gateway.database.settings, PRO, "UPDATE tenant_version SET version = version + 1").await;
    gateway.tick().await;
}

async fn waiting(connection: &mut PgConnection) -> i64 {
    let waiting =
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
    sqlx::query_scalar(waiting).fetch_one(connection).await.expect("answers")
}

#[tokio::test]
async fn mandate_1_of_many_open_streams_only_those_end_whose_session_has_ended() {
    for gateway in Gateway::demos().await {
        let (browser, path) = for_jan(&gateway).await;
        let mut streams = streams(&gateway, &browser, &path, 12).await;
        let ended = streams[4].0;
        let mut transaction = gateway.begin().await;
        transaction.end_session(ended, gateway.core().now()).await.expect("ends");
        transaction.commit().await.expect("commits");
        for (id, stream) in streams.iter_mut().filter(|(id, _)| *id == ended) {
            assert!(closes(stream, SOON).await, "{}: {id}", gateway.name());
        }
        for (id, stream) in streams.iter_mut().filter(|(id, _)| *id != ended) {
            assert!(!closes(stream, Duration::from_millis(100)).await, "{}: {id}", gateway.name());
        }
        gateway.end_mandate(jans_mandate(&gateway).await).await;
        for (id, stream) in &mut streams {
            assert!(closes(stream, SOON).await, "{}: {id}", gateway.name());
        }
    }
}

#[tokio::test]
async fn freshness_many_open_streams_ask_a_few_at_a_time_and_a_silent_database_ends_them_all() {
    for gateway in Gateway::demos().await {
        let (browser, path) = for_jan(&gateway).await;
        let Some(mut gate) = as_serving_role(&gateway.database.settings).await else { continue };
        let mut watching = as_serving_role(&gateway.database.settings).await.expect("it is PostgreSQL");
        let mut streams = streams(&gateway, &browser, &path, 12).await;
        // Who has been open for longer than an interval is looked after.
        tokio::time::sleep(versions::INTERVAL * 2).await;
        let mut closed = gate.begin().await.expect("begins");
        closed.execute("LOCK TABLE session IN ACCESS EXCLUSIVE MODE").await.expect("nobody reads a session now");
        change(&gateway).await;
        let mut most = 0;
        for (id, stream) in &mut streams {
            while !closes(stream, Duration::from_millis(20)).await {
                most = most.max(waiting(&mut watching).await);
                // The versions are read all the same, on a connection of their own.
                gateway.core().store.read_versions().await.expect("the versions are read");
            }
            assert!(most <= AT_ONCE, "{id}: {most} at once");
        }
        assert_eq!(most, AT_ONCE, "they did ask");
        closed.rollback().await.expect("the gate is open");
        let mut again = open(&gateway, &browser, &path, "").await;
        begins(&mut again, "200", "the register at").await;
    }
}
