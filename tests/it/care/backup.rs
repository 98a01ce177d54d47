//! F14: a copy is taken while people write, brought back elsewhere, and everybody goes on; and what must not be brought back.

use std::{
    path::Path,
    sync::atomic::{AtomicBool, Ordering},
};

use poort::{
    service::backup::{self, BackupError},
    storage::{
        Store,
        seal::MasterKey,
        sql::{Database, newest_schema},
    },
};

use super::newcomers::{newcomer, number};
use crate::harness::{
    application::text,
    databases,
    demo::{AN, JAN, sample_tokens},
    gateway::{Gateway, PRO, master_key},
};

/// Empty databases of each kind: a file that does not exist, and a database without tables.
async fn empty(folder: &Path) -> Vec<Database> {
    let mut all = vec![Database::Sqlite { file: folder.join("restored/poort.db") }];
    all.extend(databases::empty_postgres().await);
    all
}

fn tenants(gateway: &Gateway) -> Vec<poort::base::id::TenantId> {
    gateway.shared.tenants.all().iter().map(|tenant| tenant.id.clone()).collect()
}

#[tokio::test]
async fn f14_a_backup_under_writes_is_restored_into_either_database_and_everybody_goes_on() {
    for gateway in Gateway::demos().await {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("poort.backup");
        let mut browser = gateway.browser();
        browser.open_as("/me", AN).await;
        let tokens = sample_tokens(&mut gateway.browser(), async |browser, page| {
            let page = browser.prove(&page, PRO, JAN).await;
            browser.submit(&page, &[("as", "citizen")]).await
        })
        .await;
        gateway.register_newcomers(0..300).await;
        // Somebody is registered all the time; of each either everything is in the copy, or nothing.
        let done = AtomicBool::new(false);
        let (written, added) = tokio::join!(
            async {
                let all = tenants(&gateway);
                let written = backup::write(&gateway.database.settings, &all, &file, gateway.core().now()).await;
                done.store(true, Ordering::Relaxed);
                written.expect("written")
            },
            async {
                let mut n = 300;
                while !done.load(Ordering::Relaxed) {
                    gateway.register_person(newcomer(n), &number(n)).await.expect("registered");
                    n += 1;
                }
                n
            }
        );
        let rows = |table: &str| written.sums.0.get(table).map_or(0, |sum| sum.rows);
        assert!(rows("national_number") >= 300 && rows("person") < added + 100, "{}", gateway.name());
        assert_eq!(rows("national_number"), rows("national_number_index"), "{}", gateway.name());
        assert_eq!(written.schema, newest_schema());
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(std::fs::metadata(&file).expect("a file").permissions().mode() & 0o777, 0o600);
        }
        assert_eq!(backup::verify(&file, Some(&master_key())).expect("good"), written);
        let content = std::fs::read_to_string(&file).expect("a text");
        assert!(!content.contains(number(7).reveal()), "a national number stands in the copy");

        for target in empty(folder.path()).await {
            let restored = backup::restore(&target, &file, &master_key()).await.expect("restored");
            assert_eq!(restored, written, "{}: the same rows and sums", gateway.name());
            let store = Store::open(&target).await.expect("opens");
            let there = gateway.moved_to(target.clone(), store).await;
            // Sessions go on, tokens verify, people log in and are found.
            let page = browser.at(&there).get(&format!("{}/me", there.register(PRO))).await;
            assert_eq!(page.text, "the register at /me", "{} to {target:?}", gateway.name());
            let userinfo = format!("{}/userinfo", there.tenant().origin);
            let bearer = format!("Bearer {}", text(&tokens, "access_token"));
            let reply = there.send(http::Method::GET, &userinfo, &[("authorization", &bearer)], "").await;
            assert_eq!(reply.status, 200, "{}", reply.text());
            for person in [AN, JAN, crate::harness::demo::SOFIE] {
                let page = there.browser().open_as("/me", person).await;
                assert_eq!(page.status, 200, "{person}: {}", page.text);
            }
            assert_eq!(there.find_person(&number(299)).await, Some(newcomer(299)));
            // A second time is refused: it is not empty any more.
            let refused = backup::restore(&target, &file, &master_key()).await.expect_err("refused");
            let text = refused.to_string();
            assert!(text.contains("not empty") || text.contains("in use"), "{text}");
        }
    }
}

#[tokio::test]
async fn a_copy_that_is_cut_off_changed_newer_or_anothers_is_refused() {
    let gateway = Gateway::demo().await;
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("poort.backup");
    let (all, now) = (tenants(&gateway), gateway.core().now());
    backup::write(&gateway.database.settings, &all, &file, now).await.expect("written");
    let good = std::fs::read_to_string(&file).expect("a text");
    let target = Database::Sqlite { file: folder.path().join("restored/poort.db") };
    let name = good.lines().find(|line| line.starts_with('[') && line.contains("\"Claes\"")).expect("Jan's row");
    let changed = good.replace(name, &name.replace("\"Claes\"", "\"Klaas\""));
    let newer = good.replacen(&format!("\"schema\":{}", newest_schema()), "\"schema\":9999", 1);
    let cases = [
        ("cut off", good[..good.len() / 2].to_owned()),
        ("cut off", good.lines().take(20).map(|line| format!("{line}\n")).collect()),
        ("was changed", changed),
        ("was changed", good.replace(&format!("{name}\n"), "")),
        ("first line was changed", good.replacen("\"made_at\":\"2", "\"made_at\":\"3", 1)),
        ("knows schema", newer),
        ("no backup", "a shopping list\n".into()),
    ];
    for (expected, content) in cases {
        let bad = folder.path().join("bad.backup");
        std::fs::write(&bad, content).expect("written");
        let refused = backup::restore(&target, &bad, &master_key()).await.expect_err(expected).to_string();
        let readable = refused.contains(expected) || expected == "cut off" && refused.contains("line");
        assert!(readable && !refused.contains("Claes"), "{expected}: {refused}");
        assert!(backup::verify(&bad, None).is_err(), "{expected}");
    }
    let stranger = MasterKey::parse("AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=").expect("a key");
    let refused = backup::restore(&target, &file, &stranger).await.expect_err("refused");
    assert!(matches!(refused, BackupError::MasterKey(..)), "{refused}");
    let exists = backup::write(&gateway.database.settings, &all, &file, now).await.expect_err("exists").to_string();
    assert!(exists.contains("there already"), "{exists}");
    // Nothing of all this made a database; the good file still does.
    let Database::Sqlite { file: restored } = &target else { unreachable!() };
    assert!(!restored.exists());
    backup::restore(&target, &file, &master_key()).await.expect("restored");
}
