//! Exchanging the key that seals, with logins and registrations on two replicas at each step, and a process of its own for
//! each step, as after a kill.

use poort::{
    domain::tenant::Tenant,
    service::keys::exchange::{self, Step},
    storage::seal::{Kind, Purpose, SealError, key_of},
};

use super::newcomers::{newcomer, number};
use crate::harness::{
    demo::{AN, JAN, LOTTE},
    gateway::{Gateway, PRO},
};

/// The next step, whatever it waits for.
pub async fn next_step(gateway: &Gateway, tenant: &Tenant, purpose: Purpose) -> Step {
    loop {
        match exchange::step(&gateway.keeper(), tenant, purpose).await.expect("steps") {
            Step::Waits { until } => gateway.advance(until.since(gateway.core().now())),
            step => return step,
        }
    }
}

/// One key of a purpose, by its number.
pub async fn key_ids(gateway: &Gateway, purpose: Purpose) -> Vec<u32> {
    let kept = gateway.begin().await.tenant_keys().await.expect("reads");
    kept.iter().filter(|kept| kept.key.purpose == purpose).map(|kept| kept.key.id).collect()
}

#[tokio::test]
async fn f15_the_sealing_keys_are_exchanged_while_people_log_in_and_the_old_ones_open_nothing() {
    for gateway in Gateway::demos().await {
        let replica = gateway.again().await;
        let tenant = gateway.tenant().clone();
        let person = gateway.id(JAN).await;
        let old_envelope = gateway.begin().await.national_number(person).await.expect("reads").expect("a number");
        assert_eq!(key_of(&old_envelope), Some(1));
        let mut done = Vec::new();
        for purpose in [Purpose::Sealing, Purpose::SigningKeys] {
            loop {
                let step = next_step(&gateway, &tenant, purpose).await;
                done.push(step.clone());
                for (at, who) in [(&gateway, AN), (&replica, LOTTE)] {
                    at.tick().await;
                    // The authenticator's secret, and a code by mail, are sealed.
                    let mut browser = at.browser();
                    let page = browser.open_as("/me", who).await;
                    assert_eq!(page.status, 200, "{}: {step:?}: {}", gateway.name(), page.text);
                    let mut browser = at.browser();
                    let page = browser.get(&format!("{}/me", at.register(PRO))).await;
                    let page = browser.prove_by_mail(&page, PRO, AN).await;
                    assert_eq!(page.text, "the register at /me", "{}: {step:?}", gateway.name());
                    let n = done.len() as u64 * 2 + u64::from(who == AN);
                    at.register_person(newcomer(n), &number(n)).await.expect("registered");
                }
                if step.is_last() {
                    break;
                }
            }
            assert_eq!(key_ids(&gateway, purpose).await, [2], "{}", gateway.name());
        }
        assert!(matches!(done[2], Step::BroughtOver { values: 10.., from: 1, to: 2 }), "{:?}", done[2]);
        assert_eq!(done.len(), 8, "{done:?}");

        // Everything is under the new key, and what somebody kept of the old opens nothing.
        let mut t = gateway.begin().await;
        for n in 2..10 {
            let sealed = t.national_number(newcomer(n)).await.expect("reads").expect("a number");
            assert_eq!(key_of(&sealed), Some(2), "{}", gateway.name());
        }
        drop(t);
        for replica in [&gateway, &replica] {
            let sealer = replica.core().keys_of(&tenant).expect("keys").sealer;
            let opened = sealer.open(Kind::NationalNumber, &person, &old_envelope);
            assert_eq!(opened.err(), Some(SealError::MissingKey), "{}", gateway.name());
        }
        let lines = gateway.begin().await.newest_events(1000).await.expect("reads");
        for kind in ["key.made", "key.used", "key.retired", "key.deleted"] {
            assert_eq!(lines.iter().filter(|(_, line)| line.contains(kind)).count(), 2, "{kind}");
        }
        // What starts now knows the new keys.
        gateway.again().await.browser().open_as("/me", AN).await;
    }
}

/// A replica that has heard of nothing may keep nothing under a key that is going: that would be lost.
#[tokio::test]
async fn a_replica_that_has_not_heard_of_an_exchange_loses_nothing() {
    for gateway in Gateway::demos().await {
        let deaf = gateway.again().await;
        let tenant = gateway.tenant().clone();
        for _ in 0..3 {
            next_step(&gateway, &tenant, Purpose::Sealing).await;
        }
        gateway.tick().await;
        let refused = deaf.register_person(newcomer(1), &number(1)).await;
        assert!(refused.expect_err("refused").to_string().contains("retired"), "{}", gateway.name());
        assert_eq!(gateway.find_person(&number(1)).await, None);
        // Its twin has heard of it.
        deaf.tick().await;
        deaf.register_person(newcomer(1), &number(1)).await.expect("registered");
        assert!(next_step(&gateway, &tenant, Purpose::Sealing).await.is_last());
        assert_eq!(gateway.find_person(&number(1)).await, Some(newcomer(1)));
    }
}
