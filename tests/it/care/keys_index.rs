//! Exchanging the key of the index of national numbers: at every step everybody is found once, and nobody is registered twice.

use std::time::Instant;

use poort::{
    service::keys::exchange::Step,
    storage::{StoreError, seal::Purpose},
};

use super::{
    keys_sealing::{key_ids, next_step},
    newcomers::{newcomer, number},
};
use crate::harness::{
    demo::{AN, ELS, JAN},
    gateway::{Gateway, PRO},
};

#[tokio::test]
async fn the_index_key_is_exchanged_and_everybody_is_found_once_at_every_step() {
    for gateway in Gateway::demos().await {
        let replica = gateway.again().await;
        let tenant = gateway.tenant().clone();
        gateway.register_newcomers(0..300).await;
        let mut added = 300;
        loop {
            let step = next_step(&gateway, &tenant, Purpose::Index).await;
            // One replica has heard of it, the other not yet; then both.
            for heard in [1, 2] {
                gateway.tick().await;
                if heard == 2 {
                    replica.tick().await;
                }
                for at in [&gateway, &replica] {
                    at.register_person(newcomer(added), &number(added)).await.expect("registered");
                    added += 1;
                    // Nobody gets a number that somebody has, from whichever replica.
                    for other in [&gateway, &replica] {
                        let twice = other.register_person(newcomer(9_000_000 + added), &number(added - 1)).await;
                        let conflict = matches!(twice, Err(StoreError::Conflict));
                        assert!(conflict, "{}: {step:?}: {twice:?}", gateway.name());
                    }
                }
                for at in [&gateway, &replica] {
                    for n in (0..added).step_by(29).chain(added - 4..added) {
                        assert_eq!(at.find_person(&number(n)).await, Some(newcomer(n)), "{}: {step:?}", gateway.name());
                    }
                    assert_eq!(at.find_person(&number(8_999)).await, None);
                }
            }
            // A holder finds a mandator by the number, and a code by mail is right.
            let national = crate::stories::national_number(&replica, JAN).await;
            let mut browser = replica.browser();
            let start = browser.open_as("/me", ELS).await;
            let page = browser.press(&start, "/mandators", &[("national", &national), ("name", "")]).await;
            assert!(page.text.contains("Claes, Jan"), "{}: {step:?}", gateway.name());
            let mut browser = gateway.browser();
            let page = browser.get(&format!("{}/me", gateway.register(PRO))).await;
            let page = browser.prove_by_mail(&page, PRO, AN).await;
            assert_eq!(page.text, "the register at /me", "{}: {step:?}", gateway.name());
            if step.is_last() {
                break;
            }
        }
        assert_eq!(key_ids(&gateway, Purpose::Index).await, [2], "{}", gateway.name());
        assert_eq!(gateway.begin().await.count_number_index(1).await.expect("counts"), 0);
    }
}

/// How long it takes for many: `POORT_TEST_PEOPLE=100000 cargo test --test it many_people -- --nocapture`.
#[tokio::test]
async fn the_index_key_is_exchanged_for_many_people() {
    let people = std::env::var("POORT_TEST_PEOPLE").map_or(1000, |people| people.parse().expect("a number"));
    for gateway in Gateway::demos().await {
        let tenant = gateway.tenant().clone();
        gateway.register_newcomers(0..people).await;
        for (purpose, least) in [(Purpose::Index, people), (Purpose::Sealing, people)] {
            let began = Instant::now();
            loop {
                let step = next_step(&gateway, &tenant, purpose).await;
                gateway.tick().await;
                if let Step::BroughtOver { values, .. } = step {
                    assert!(values >= least, "{}: {values}", gateway.name());
                }
                if step.is_last() {
                    break;
                }
            }
            println!("{}: {} of {people} people in {:?}", gateway.name(), purpose.word(), began.elapsed());
        }
        for n in [0, people / 2, people - 1] {
            assert_eq!(gateway.find_person(&number(n)).await, Some(newcomer(n)), "{}", gateway.name());
        }
    }
}
