//! Exchanging the keys that are shown to itsme, on two replicas: who still encrypts for the old one is understood for a day, and then
//! no longer. The provider is the tests' own; `tests/peers` has npm `oidc-provider`.

use std::{sync::Arc, time::Duration};

use http::Method;
use poort::{
    http::cookies,
    service::{
        keys::{list, signing},
        relying::{self, OVERLAP},
    },
};
use serde_json::Value;

use crate::harness::{
    application::text,
    demo::JAN,
    gateway::{Gateway, RGS},
    provider::{Provider, number_of},
};

const DAY: Duration = Duration::from_secs(24 * 3600);

/// What the tenant shows to other providers now.
async fn shown(gateway: &Gateway) -> Value {
    gateway.send(Method::GET, &format!("{}/federated/jwks", gateway.tenant().origin), &[], "").await.json()
}

fn kids(set: &Value, purpose: &str) -> Vec<String> {
    let keys = set["keys"].as_array().expect("keys").iter();
    keys.filter(|key| key["use"] == purpose).map(|key| text(key, "kid").to_owned()).collect()
}

/// Whether somebody logs in while the provider encrypts for the key of this set; also when it does not say for which.
async fn logs_in(gateway: &Gateway, provider: &Arc<Provider>, set: &Value) -> bool {
    let mut nameless = set.clone();
    for key in nameless["keys"].as_array_mut().expect("keys") {
        key.as_object_mut().expect("a key").remove("kid");
    }
    let mut all = Vec::new();
    for set in [set, &nameless] {
        let mut browser = gateway.browser();
        let page = browser.get("/").await;
        let left = browser.leave(&page, gateway, provider).await;
        provider.encrypts_for(set.clone());
        browser.come_back(&[("code", "c"), ("state", &left.state), ("iss", &provider.issuer)]).await;
        all.push(browser.cookie(cookies::SESSION).is_some());
    }
    assert_eq!(all[0], all[1], "the name of the key says which, and nothing else");
    all[0]
}

#[tokio::test]
async fn f15_what_is_encrypted_for_the_old_key_opens_for_a_day_after_the_exchange_and_then_no_longer() {
    let provider = Provider::start().await;
    let gateway = provider.gateway().await;
    provider.as_person(&number_of(JAN));
    let replica = gateway.again().await;
    let tick = async || {
        gateway.tick().await;
        replica.tick().await;
    };
    let tenant = &gateway.tenant().id;
    tick().await;
    let old = shown(&gateway).await;
    assert_eq!((kids(&old, "sig").len(), kids(&old, "enc").len()), (1, 1));

    let done = relying::rotate(&gateway.keeper(), tenant).await.expect("exchanged").expect("it shows some");
    assert_eq!((done.made, done.keys.as_slice()), (true, &["sig-2", "enc-2"].map(String::from)[..]));
    tick().await;
    for replica in [&gateway, &replica] {
        let now = shown(replica).await;
        assert_eq!(kids(&now, "sig").len(), 2, "published, before it signs");
        assert_eq!(kids(&now, "enc"), kids(&old, "enc"), "not before every replica can open it");
    }
    // The same command again makes no third key; a tenant that shows none gets none.
    let again = relying::rotate(&gateway.keeper(), tenant).await.expect("nothing to do").expect("it shows some");
    assert_eq!((again.made, again.used_from), (false, done.used_from));
    let none = relying::rotate(&gateway.keeper(), &gateway.tenant_of(RGS).id).await.expect("nothing to do");
    assert_eq!(none, None);
    let listed = list::list(&gateway.keeper(), tenant).await.expect("listed");
    let listed: Vec<_> = listed.iter().filter(|key| key.purpose == "relying").collect();
    assert_eq!(listed.iter().map(|key| key.stage).collect::<Vec<_>>(), ["active", "next", "active", "next"]);
    assert!(logs_in(&gateway, &provider, &old).await && logs_in(&replica, &provider, &old).await, "the twin");

    gateway.advance(OVERLAP);
    tick().await;
    let new = shown(&gateway).await;
    assert_eq!(kids(&new, "sig").len(), 2, "what the old one signed last is still believed there");
    assert_eq!(kids(&new, "enc").len(), 1);
    assert_ne!(kids(&new, "enc"), kids(&old, "enc"));
    for replica in [&gateway, &replica] {
        assert!(logs_in(replica, &provider, &old).await, "who read the set before the exchange");
        assert!(logs_in(replica, &provider, &new).await, "who read it after");
    }

    gateway.advance(DAY);
    tick().await;
    let last = shown(&gateway).await;
    assert_eq!((kids(&last, "sig").len(), kids(&last, "enc")), (1, kids(&new, "enc")));
    assert!(!kids(&old, "sig").contains(&kids(&last, "sig")[0]));
    for replica in [&gateway, &replica] {
        assert!(!logs_in(replica, &provider, &old).await, "no longer");
        assert!(logs_in(replica, &provider, &new).await, "the twin");
    }
    signing::forget(gateway.core(), tenant).await.expect("forgotten");
    let kept = gateway.begin().await.relying_keys().await.expect("reads");
    assert_eq!(kept.iter().map(|key| key.name.as_str()).collect::<Vec<_>>(), ["enc-2", "sig-2"]);
    let lines = gateway.lines(tenant.as_str()).await;
    for kind in ["key.published", "key.deleted"] {
        assert!(lines.iter().any(|line| line["kind"] == kind && line["details"]["purpose"] == "relying"), "{kind}");
    }
}
