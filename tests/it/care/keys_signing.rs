//! Exchanging the keys that sign, under load and on two replicas: no token is refused in the overlap, old ones are after it.

use std::time::Duration;

use http::Method;
use poort::{
    domain::client::SigningAlgorithm,
    service::keys::signing::{self, OVERLAP},
};
use serde_json::Value;

use crate::harness::{
    application::{Application, claims, text},
    gateway::Gateway,
    people::JAN,
};

const DAY: Duration = Duration::from_secs(24 * 3600);

async fn published(gateway: &Gateway) -> Vec<String> {
    let url = format!("{}/jwks", gateway.tenant().origin);
    let set = gateway.send(Method::GET, &url, &[], "").await.json();
    set["keys"].as_array().expect("keys").iter().map(|key| text(key, "kid").to_owned()).collect()
}

fn kid(token: &str) -> String {
    let header: Value = claims(&format!(".{}", token.split('.').next().expect("a header")));
    text(&header, "kid").to_owned()
}

#[tokio::test]
async fn f15_no_token_is_refused_while_the_signing_keys_are_exchanged_and_old_ones_are_after() {
    for gateway in Gateway::each().await {
        let replica = gateway.again().await;
        let (app, other) = (Application::new(&gateway, "app"), Application::new(&replica, "app"));
        let before = app.tokens(&mut gateway.browser(), JAN).await;
        let old = published(&gateway).await;
        assert_eq!(old.len(), 2, "one for each algorithm");

        let done = signing::rotate(&gateway.keeper(), &gateway.tenant().id).await.expect("exchanged");
        assert!(done.made);
        gateway.tick().await;
        replica.tick().await;
        // Published on every replica, and signs nowhere yet.
        for replica in [&gateway, &replica] {
            let now = published(replica).await;
            assert!(old.iter().all(|kid| now.contains(kid)) && now.len() == 4, "{}: {now:?}", gateway.name());
        }
        let within = other.tokens(&mut replica.browser(), JAN).await;
        assert!(old.contains(&kid(text(&within, "access_token"))), "the new key does not sign yet");
        assert_eq!(app.userinfo(text(&within, "access_token")).await.status, 200);
        assert_eq!(app.userinfo(text(&before, "access_token")).await.status, 200);

        // The same command again makes no third key.
        let again = signing::rotate(&gateway.keeper(), &gateway.tenant().id).await.expect("nothing to do");
        assert!(!again.made);
        assert_eq!((again.signs_from, again.keys.len()), (done.signs_from, 2));

        // The moment comes; one replica has turned, the other not yet: each believes what the other signs.
        let last = other.tokens(&mut replica.browser(), JAN).await;
        let left = done.signs_from.since(gateway.core().now());
        gateway.advance(left - Duration::from_secs(20));
        let old_token = other.refresh(text(&last, "refresh_token")).await.json();
        gateway.advance(Duration::from_secs(20));
        gateway.tick().await;
        let new_token = app.refresh(text(&old_token, "refresh_token")).await.json();
        assert!(old.contains(&kid(text(&old_token, "access_token"))), "{}", gateway.name());
        let new_kid = kid(text(&new_token, "access_token"));
        assert!(done.keys.iter().any(|(kid, _)| *kid == new_kid), "{}: signed with {new_kid}", gateway.name());
        for app in [&app, &other] {
            for token in [&old_token, &new_token] {
                assert_eq!(app.userinfo(text(token, "access_token")).await.status, 200, "{}", gateway.name());
            }
        }
        replica.tick().await;
        for replica in [&gateway, &replica] {
            assert_eq!(published(replica).await.len(), 4, "the old ones are still believed");
        }

        // A day later the last token that they signed has expired: they are believed no more, and forgotten.
        gateway.advance(DAY);
        gateway.tick().await;
        let now = published(&gateway).await;
        assert!(now.len() == 2 && old.iter().all(|kid| !now.contains(kid)), "{}: {now:?}", gateway.name());
        let ring = gateway.core().keys_of(gateway.tenant()).expect("keys").ring();
        assert!(old.iter().all(|kid| ring.find(kid, gateway.core().now()).is_none()));
        signing::forget(gateway.core(), &gateway.tenant().id).await.expect("forgotten");
        let kept = gateway.begin().await.signing_keys().await.expect("reads");
        assert_eq!(kept.len(), SigningAlgorithm::ALL.len());
        let lines = gateway.begin().await.newest_events(1000).await.expect("reads");
        for kind in ["key.published", "key.deleted"] {
            assert!(lines.iter().any(|(_, line)| line.contains(kind)), "{kind}");
        }
        // A key that signs from tomorrow would be no overlap; ten minutes are two lives of a kept JWK set.
        assert_eq!(OVERLAP, Duration::from_secs(600));
    }
}
