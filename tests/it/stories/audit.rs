//! AUDIT-1 and BSN-1: what is written down, and what never is.

use std::{
    collections::BTreeSet,
    io,
    sync::{Arc, Mutex, PoisonError},
};

use poort::domain::mandate::Holder;
use serde_json::Value;

use super::profiles::national_number;
use crate::harness::{
    databases,
    demo::{AN, ELS, JAN, LOTTE, MARIE, PASSWORD, TOM},
    gateway::{Gateway, PRO},
};

fn of<'l>(lines: &'l [Value], kind: &str) -> &'l Value {
    lines.iter().find(|line| line["kind"] == kind).unwrap_or_else(|| panic!("no {kind} in {lines:#?}"))
}

#[tokio::test]
async fn audit_1_a_login_a_choice_and_a_look_at_a_file_have_a_line_each() {
    for gateway in Gateway::demos().await {
        let path = format!("/dossiers/{}", gateway.number(PRO, JAN).await);
        let mut browser = gateway.browser();
        browser.open_for(&path, ELS, "Claes").await;
        let lines = gateway.lines(PRO).await;
        let (els, jan) = (gateway.id(ELS).await.to_string(), gateway.id(JAN).await.to_string());
        let mandate = gateway.mandate(JAN, Holder::Person(gateway.id(ELS).await)).await.to_string();
        let kinds: BTreeSet<&str> = lines.iter().filter_map(|line| line["kind"].as_str()).collect();
        let expected = ["login.succeeded", "mandators.searched", "profile.chosen", "register.entered", "register.used"];
        assert_eq!(kinds, BTreeSet::from(expected), "{}", gateway.name());
        for kind in expected {
            let line = of(&lines, kind);
            assert_eq!(line["actor"], els, "{line}");
            assert!(line["session"].is_string() && line["at"].is_string() && line["id"].is_string(), "{line}");
        }
        let used = of(&lines, "register.used");
        assert_eq!((&used["subject"], &used["mandate"]), (&jan.as_str().into(), &mandate.as_str().into()), "{used}");
        assert_eq!(used["details"]["route"], "/dossiers/{riziv}", "the pattern, never the path");
        assert_eq!(used["details"]["rule"], "mandate-holder-reads-dossier");
        assert_eq!(of(&lines, "profile.chosen")["mandate"], mandate);
        assert_eq!(of(&lines, "login.succeeded")["details"]["assurance"], "substantial");
        // Whoever the file is about can be told.
        let jan = gateway.id(JAN).await;
        let about = gateway.read_in(PRO).await.events_about(jan, 100).await.expect("reads");
        assert_eq!(about.len(), 2, "{about:?}");
    }
}

#[tokio::test]
async fn audit_1_every_refusal_has_a_line_with_its_reason() {
    for gateway in Gateway::demos().await {
        let mut browser = gateway.browser();
        browser.open_as_a("/me", JAN, "citizen").await;
        let foreign = gateway.number(PRO, MARIE).await;
        for (path, status) in [("/administration".to_owned(), 403), (format!("/dossiers/{foreign}"), 404)] {
            gateway.later();
            let before = gateway.lines_of("access.refused").await.len();
            assert_eq!(browser.ask(&path).await.status, status);
            let lines = gateway.lines_of("access.refused").await;
            assert_eq!(lines.len(), before + 1, "{path}: {}", gateway.name());
            assert_eq!(lines[0]["actor"], gateway.id(JAN).await.to_string());
            assert!(lines[0]["details"]["reason"].is_string() && lines[0]["reference"].is_string(), "{}", lines[0]);
            assert!(!lines[0].to_string().contains(&foreign), "the path is not in it: {}", lines[0]);
        }
    }
}

#[tokio::test]
async fn audit_1_a_failed_login_has_the_true_reason() {
    for gateway in Gateway::demos().await {
        for (name, password, reason) in
            [(AN, "geen idee wat het is", "wrong"), ("nobody@example.org", PASSWORD, "unknown")]
        {
            gateway.later();
            let mut browser = gateway.browser();
            let page = browser.get("/").await;
            let page = browser.follow(&page, "second=totp").await;
            browser.submit(&page, &[("user_name", name), ("password", password)]).await;
            let line = &gateway.lines_of("login.failed").await[0];
            assert_eq!((&line["details"]["reason"], &line["details"]["factor"]), (&reason.into(), &"password".into()));
            assert!(!line.to_string().contains("nobody"), "what was typed may be a password: {line}");
        }
    }
}

#[tokio::test]
async fn audit_1_lines_are_only_ever_added() {
    let gateways = Gateway::demos().await;
    for gateway in &gateways {
        gateway.browser().open_as("/me", AN).await;
        assert!(!gateway.lines(PRO).await.is_empty());
        if let Some(mut connection) = databases::as_serving_role(&gateway.database.settings).await {
            for sql in ["UPDATE audit SET kind = 'x'", "DELETE FROM audit"] {
                let refused = sqlx::query(sql).execute(&mut connection).await.expect_err("refused");
                assert!(refused.to_string().contains("permission denied"), "{sql}: {refused}");
            }
        }
    }
}

/// What was logged on this thread.
#[derive(Clone, Default)]
struct Logged(Arc<Mutex<Vec<u8>>>);

impl io::Write for Logged {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn bsn_1_a_national_number_stands_nowhere_in_the_clear() {
    for gateway in Gateway::demos().await {
        let logged = Logged::default();
        let writer = logged.clone();
        let subscriber = tracing_subscriber::fmt()
            .json()
            .with_max_level(tracing::Level::TRACE)
            .with_writer(move || writer.clone())
            .finish();
        let guard = tracing::subscriber::set_default(subscriber);
        let numbers = [national_number(&gateway, JAN).await, national_number(&gateway, ELS).await];
        // Searched by it, found, acted for, refused, mailed, granted.
        let mut browser = gateway.browser();
        let page = browser.open_as("/me", ELS).await;
        let written = format!(
            "{}.{}.{}-{}.{}",
            &numbers[0][..2],
            &numbers[0][2..4],
            &numbers[0][4..6],
            &numbers[0][6..9],
            &numbers[0][9..]
        );
        for national in [&numbers[0], &written] {
            let found = browser.press(&page, "/mandators", &[("national", national)]).await;
            assert!(found.text.contains("Claes, Jan"), "the twin: it is found");
        }
        let wrong = browser.press(&page, "/mandators", &[("national", "74031290399")]).await;
        assert_eq!(wrong.status, 422);
        let found = browser.press(&page, "/mandators", &[("national", &numbers[0])]).await;
        browser.press(&found, "/mandators/choose", &[]).await;
        assert_eq!(browser.ask("/me").await.status, 200);
        assert_eq!(browser.ask(&format!("/dossiers/{}", numbers[0])).await.status, 404, "by it nothing is found");
        let claims =
            gateway.registers.last().claims(&gateway, &gateway.tenant().origin, "https://dossier.riziv.example").await;
        let mut mailed = gateway.browser();
        let login = mailed.get("/").await;
        mailed.prove_by_mail(&login, PRO, JAN).await;
        drop(guard);

        let log = String::from_utf8_lossy(&logged.0.lock().unwrap_or_else(PoisonError::into_inner)).into_owned();
        assert!(log.contains("\"access\""), "the log has the requests");
        let audit = gateway.lines(PRO).await.iter().map(Value::to_string).collect::<String>();
        let mails = gateway.mails(PRO, JAN).await;
        let mails: String = mails.iter().map(|mail| format!("{} {}", mail.subject, *mail.body)).collect();
        let dump = databases::dump(&gateway.database.settings, PRO).await;
        let needles: Vec<Vec<u8>> = numbers
            .iter()
            .chain([&written])
            .flat_map(|number| {
                let hex: String = number.bytes().map(|byte| format!("{byte:02x}")).collect();
                [number.clone().into_bytes(), hex.into_bytes()]
            })
            .collect();
        assert!(has(&dump, b"Peeters"), "the dump has the people");
        for (place, bytes) in [
            ("the log", log.as_bytes()),
            ("the audit log", audit.as_bytes()),
            ("mails", mails.as_bytes()),
            ("the token", claims.to_string().as_bytes()),
            ("the database", &dump),
        ] {
            for needle in &needles {
                // The log has the path of nobody; the number above was in one.
                assert!(!has(bytes, needle), "{place} has {}: {}", String::from_utf8_lossy(needle), gateway.name());
            }
        }
    }
}

fn has(bytes: &[u8], needle: &[u8]) -> bool {
    bytes.windows(needle.len()).any(|window| window == needle)
}

#[tokio::test]
async fn bsn_1_the_outbox_is_sealed() {
    for gateway in Gateway::demos().await {
        let mut browser = gateway.browser();
        let page = browser.get("/").await;
        let page = browser.follow(&page, "second=email-code").await;
        browser.submit(&page, &[("user_name", AN), ("password", PASSWORD)]).await;
        let code = gateway.mailed_code(PRO, AN).await;
        let rows = gateway.begin().await.due_messages(gateway.core().now(), 10).await.expect("reads");
        for row in rows {
            assert!(!has(&row.sealed, code.as_bytes()) && !has(&row.sealed, AN.as_bytes()), "{}", gateway.name());
        }
    }
}

#[tokio::test]
async fn bsn_1_a_register_gets_a_pseudonym_of_its_own_and_the_number_only_when_the_tenant_says_so() {
    for gateway in Gateway::demos().await {
        let mut browser = gateway.browser();
        browser.open_as("/me", AN).await;
        let claims =
            gateway.registers.last().claims(&gateway, &gateway.tenant().origin, "https://dossier.riziv.example").await;
        assert!(claims.get("national_number").is_none(), "{claims}");
        assert_ne!(claims["sub"], gateway.id(AN).await.to_string());
    }
    for gateway in Gateway::demos_with(|tenant| tenant.backends[0].national_number = true).await {
        let mut browser = gateway.browser();
        browser.open_as("/me", AN).await;
        let claims =
            gateway.registers.last().claims(&gateway, &gateway.tenant().origin, "https://dossier.riziv.example").await;
        assert_eq!(claims["national_number"], national_number(&gateway, AN).await, "{}", gateway.name());
    }
}

#[tokio::test]
async fn audit_1_a_grant_and_its_end_have_a_line_each() {
    let gateway = Gateway::demo().await;
    let mut lotte = gateway.browser();
    lotte.open_within("/me", LOTTE).await;
    let page = lotte.get("/organization").await;
    let tom = gateway.id(TOM).await.to_string();
    let fields = [("member", tom.as_str()), ("right", "reporting"), ("day", "30"), ("month", "6"), ("year", "2027")];
    let page = lotte.press(&page, "/organization/grant", &fields).await;
    lotte.press(&page, "/organization/revoke", &[]).await;
    let lines = gateway.lines(PRO).await;
    assert_eq!(of(&lines, "right.granted")["subject"], tom);
    assert_eq!(of(&lines, "right.revoked")["subject"], tom);
}
