//! Changing the master key: half done it is recognised and finished, running replicas go on, and the old file opens nothing.

use poort::{
    base::Random,
    service::keys::{
        Keeper, Keys,
        list::open_all,
        master::{Rewrapped, rewrap, wrapped_by},
    },
    storage::seal::{MasterKey, Purpose},
};

use super::newcomers::{newcomer, number};
use crate::harness::{
    demo::AN,
    gateway::{Gateway, PRO, RGS},
};

#[tokio::test]
async fn the_master_key_is_changed_and_a_half_done_change_is_finished() {
    for gateway in Gateway::demos().await {
        let new = || MasterKey::parse("AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=").expect("a key");
        let with_new = || Keeper { master: new(), ..gateway.keeper() };
        let (pro, rgs) = (gateway.tenant_of(PRO).clone(), gateway.tenant_of(RGS).clone());
        let tenants = gateway.core().store.tenants().await.expect("reads");
        let mut all: Vec<_> = gateway.shared.tenants.all().iter().map(|tenant| tenant.id.clone()).collect();
        all.sort();
        assert_eq!(tenants, all, "every tenant is found in the database");

        // Killed after the first tenant.
        let done = rewrap(&gateway.keeper(), &pro.id, &new()).await.expect("rewraps");
        assert_eq!(done, Rewrapped { now: 3, before: 0 });
        assert_eq!(wrapped_by(&gateway.keeper(), &pro.id, &new()).await.expect("reads"), (0, 3));
        assert_eq!(wrapped_by(&gateway.keeper(), &rgs.id, &new()).await.expect("reads"), (3, 0));
        // Neither file opens everything; both say so.
        for keeper in [gateway.keeper(), with_new()] {
            let error = Keys::load(keeper, [&*pro, &*rgs]).await.err().expect("refused").1;
            assert!(error.to_string().contains("another master key"), "{error}");
        }
        // The same command again finishes it.
        for (tenant, expected) in [(&pro, Rewrapped { now: 0, before: 3 }), (&rgs, Rewrapped { now: 3, before: 0 })] {
            assert_eq!(rewrap(&gateway.keeper(), &tenant.id, &new()).await.expect("rewraps"), expected);
        }
        for tenant in [&pro, &rgs] {
            open_all(&with_new(), &tenant.id).await.expect("the new one opens everything");
            open_all(&gateway.keeper(), &tenant.id).await.expect_err("the old one opens nothing");
        }

        // The running replica goes on, and through a further change of keys that it can still open.
        gateway.tick().await;
        let page = gateway.browser().open_as("/me", AN).await;
        assert_eq!(page.text, "the register at /me", "{}", gateway.name());
        gateway.register_person(newcomer(1), &number(1)).await.expect("registered");
        // One that starts with the new file, too; there keys are exchanged as before.
        Keys::load(with_new(), [&*pro, &*rgs]).await.map(drop).expect("loads");
        let lines = gateway.begin().await.newest_events(100).await.expect("reads");
        assert_eq!(lines.iter().filter(|(_, line)| line.contains("key.rewrapped")).count(), 1);
        let stranger = MasterKey::ephemeral(&Random::system());
        let keeper = Keeper { master: stranger, ..gateway.keeper() };
        rewrap(&keeper, &pro.id, &MasterKey::ephemeral(&Random::system())).await.expect_err("opens nothing");
        // The old file makes no key that the new one does not open.
        let refused = poort::service::keys::exchange::step(&gateway.keeper(), &pro, Purpose::Sealing).await;
        assert!(refused.expect_err("refused").to_string().contains("another master key"));
    }
}
