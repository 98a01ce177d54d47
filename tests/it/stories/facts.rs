//! FACTS: a register pushes what it knows, and what it takes away is gone at the next request.

use base64::{Engine, engine::general_purpose::STANDARD};
use http::Method;
use poort::{
    api,
    base::{id::PersonId, token::TokenDigest},
    demo::marker::SAMPLE_SECRET,
    domain::{
        client::{Client, ClientAuthentication, Machine},
        fact::Kind,
        tenant::Texts,
    },
    login::totp::TotpSecret,
    storage::seal,
};
use serde_json::{Value, json};

use crate::harness::{
    browser::Browser,
    databases,
    demo::{AN, ELS, JAN, LOTTE, TOM, sample_tokens},
    gateway::{Gateway, PRO, RGS, Reply},
};

/// The demo's register, by its `client_id`.
const REGISTER: &str = "demo-register";
const NDJSON: &str = "application/x-ndjson";

/// A register's program.
pub(super) struct Register<'g> {
    gateway: &'g Gateway,
    tenant: &'static str,
    token: String,
}

impl<'g> Register<'g> {
    /// With a token that it has in its own name.
    async fn of(gateway: &'g Gateway) -> Self {
        Self::at(gateway, PRO, REGISTER).await
    }

    pub(super) async fn at(gateway: &'g Gateway, tenant: &'static str, client: &str) -> Self {
        let basic = STANDARD.encode(format!("{client}:{SAMPLE_SECRET}"));
        let headers =
            [("content-type", "application/x-www-form-urlencoded"), ("authorization", &*format!("Basic {basic}"))];
        let url = format!("{}/token", gateway.tenant_of(tenant).origin);
        let reply = gateway.send(Method::POST, &url, &headers, "grant_type=client_credentials").await;
        assert_eq!(reply.status, 200, "{}", reply.text());
        let token = reply.json()["access_token"].as_str().expect("a token").to_owned();
        Self { gateway, tenant, token }
    }

    async fn send(&self, method: Method, path: &str, media_type: &str, body: impl Into<bytes::Bytes>) -> Reply {
        let url = format!("{}{}{path}", self.gateway.tenant_of(self.tenant).origin, api::PATH);
        let headers = [("authorization", &*format!("Bearer {}", self.token)), ("content-type", media_type)];
        self.gateway.send(method, &url, &headers, body).await
    }

    pub(super) async fn put(&self, path: &str, body: Value) -> Reply {
        self.send(Method::PUT, path, "application/json", body.to_string()).await
    }

    /// Puts what is good.
    pub(super) async fn say(&self, path: &str, body: Value) {
        let reply = self.put(path, body).await;
        assert!(reply.status.is_success(), "{path}: {} {}", reply.status, reply.text());
    }

    async fn delete(&self, path: &str) -> Reply {
        self.send(Method::DELETE, path, "", "").await
    }

    /// Takes away what is there.
    pub(super) async fn take_away(&self, path: &str) {
        let reply = self.delete(path).await;
        assert_eq!(reply.status, 204, "{path}: {}", reply.text());
    }

    async fn batch(&self, rows: &[Value]) -> Reply {
        self.send(Method::POST, "/batch", NDJSON, lines(rows)).await
    }

    async fn snapshot(&self, kind: Kind, query: &str, rows: &[Value]) -> Reply {
        self.send(Method::POST, &format!("/snapshots/{kind}{query}"), NDJSON, lines(rows)).await
    }

    async fn version(&self) -> i64 {
        self.gateway.read_in(self.tenant).await.version().await.expect("reads")
    }

    /// The lines of the audit log of one kind.
    async fn lines_of(&self, kind: &str) -> Vec<Value> {
        self.gateway.lines(self.tenant).await.into_iter().filter(|line| line["kind"] == kind).collect()
    }
}

fn lines(rows: &[Value]) -> String {
    rows.iter().map(|row| format!("{row}\n")).collect()
}

/// A doctor whom the register has just entered. The number is invented, and passes the checks.
fn doctor() -> Value {
    json!({
        "given_name": "Roos", "family_name": "Vermeulen", "email": "roos.vermeulen@example.org", "language": "nl",
        "national_number": "85.07.30-033.28",
    })
}

const ROOS: &str = "roos.vermeulen@example.org";
const ROOS_NUMBER: &str = "12345625004";

/// Gives somebody whom a register pushed what one logs in with: a password and an app, as they would get by themselves.
async fn equip(gateway: &Gateway, email: &str) {
    let model = gateway.id(JAN).await;
    let person = gateway.id(email).await;
    let hash = gateway.read_in(PRO).await.password(model).await.expect("reads").expect("a password").hash;
    let secret = TotpSecret::from_bytes(&[7; 20]).expect("20 bytes");
    let keys = gateway.core().keys_of(gateway.tenant()).expect("keys");
    let sealer = &keys.sealer;
    let sealed = sealer.seal(seal::Kind::TotpSecret, &person, secret.bytes()).expect("sealed");
    let mut transaction = gateway.begin().await;
    transaction.put_password(person, &hash, false, gateway.core().now()).await.expect("writes");
    transaction.put_authenticator(person, &sealed).await.expect("writes");
    transaction.commit().await.expect("commits");
}

async fn roos_at_her_file<'g>(gateway: &'g Gateway, register: &Register<'_>) -> (Browser<'g>, String) {
    register.say("/people/p-104", doctor()).await;
    register.say("/people/p-104/registrations/physician", json!({ "number": "1-23456-25-004" })).await;
    equip(gateway, ROOS).await;
    let path = format!("/dossiers/{ROOS_NUMBER}");
    let mut browser = gateway.browser();
    let page = browser.open_as_a(&path, ROOS, "professional:physician").await;
    assert_eq!(page.text, format!("the register at {path}"), "{}", gateway.name());
    (browser, path)
}

#[tokio::test]
async fn facts_1_a_doctor_whom_the_register_pushed_logs_in_and_is_out_when_the_registration_is_taken_away() {
    for gateway in Gateway::demos().await {
        let register = Register::of(&gateway).await;
        let (browser, path) = roos_at_her_file(&gateway, &register).await;
        // An application that she uses.
        let mut other = gateway.browser();
        let tokens = sample_tokens(&mut other, async |browser, page| {
            let page = browser.prove(&page, PRO, ROOS).await;
            browser.submit(&page, &[("as", "professional:physician")]).await
        })
        .await;
        let token = tokens["access_token"].as_str().expect("a token").to_owned();
        let userinfo = async || {
            let url = format!("{}/userinfo", gateway.tenant().origin);
            gateway.send(Method::GET, &url, &[("authorization", &format!("Bearer {token}"))], "").await.status
        };
        assert_eq!((browser.ask(&path).await.status.as_u16(), userinfo().await.as_u16()), (200, 200));
        register.take_away("/people/p-104/registrations/physician").await;
        assert_eq!(browser.ask(&path).await.status, 403, "the session is open, and its profile has ended");
        assert_eq!(userinfo().await, 401, "{}", gateway.name());
        let line = register.lines_of("fact.withdrawn").await.remove(0);
        assert_eq!(line["subject"], json!(gateway.id(ROOS).await.to_string()));
        let details = json!({ "client": REGISTER, "kind": "registration", "fact": "p-104/physician" });
        assert_eq!(line["details"], details, "who, what and which");
        // And again so: the register corrects itself.
        register.say("/people/p-104/registrations/physician", json!({ "number": ROOS_NUMBER })).await;
        let page = gateway.browser().open_as_a(&path, ROOS, "professional:physician").await;
        assert_eq!(page.status, 200, "{}", page.text);
    }
}

#[tokio::test]
async fn facts_1_a_registration_that_ends_today_counts_today_and_not_tomorrow() {
    let gateway = Gateway::demo().await;
    let register = Register::of(&gateway).await;
    let (browser, path) = roos_at_her_file(&gateway, &register).await;
    let until = gateway.tenant().today(gateway.core().now()).to_string();
    register.say("/people/p-104/registrations/physician", json!({ "number": ROOS_NUMBER, "until": until })).await;
    assert_eq!(browser.ask(&path).await.status, 200);
    gateway.tick().await;
    gateway.advance(std::time::Duration::from_secs(24 * 3600));
    assert_ne!(browser.ask(&path).await.status, 200);
}

#[tokio::test]
async fn facts_1_a_person_who_is_taken_away_is_out_and_comes_back_with_what_was_known_of_them() {
    for gateway in Gateway::demos().await {
        let register = Register::of(&gateway).await;
        let (browser, path) = roos_at_her_file(&gateway, &register).await;
        let id = gateway.id(ROOS).await;
        register.take_away("/people/p-104").await;
        assert!([303, 401].contains(&browser.ask(&path).await.status.as_u16()), "nobody is signed in any more");
        assert_eq!(gateway.read_in(PRO).await.person(id).await.expect("reads"), None);
        let reply = register.put("/people/p-104/roles/trainer", json!({})).await;
        assert_eq!(reply.status, 404, "nothing is said of who is not there");
        let reply = register.put("/people/p-104", doctor()).await;
        assert_eq!((reply.status.as_u16(), gateway.id(ROOS).await), (201, id), "the same person: {}", gateway.name());
        // Who was closed by somebody else stays so, whatever the register says.
        let mut transaction = gateway.begin().await;
        assert!(transaction.close_person(id, gateway.core().now()).await.expect("closes"));
        transaction.commit().await.expect("commits");
        gateway.later();
        register.take_away("/people/p-104").await;
        register.say("/people/p-104", doctor()).await;
        assert_eq!(gateway.read_in(PRO).await.person(id).await.expect("reads"), None, "{}", gateway.name());
    }
}

#[tokio::test]
async fn facts_1_a_mandate_that_the_register_takes_away_ends_for_who_is_acting_under_it() {
    for gateway in Gateway::demos().await {
        let register = Register::of(&gateway).await;
        let path = format!("/dossiers/{}", gateway.number(PRO, JAN).await);
        let mut browser = gateway.browser();
        browser.open_for(&path, ELS, "Claes").await;
        assert_eq!(browser.ask(&path).await.status, 200);
        let mandate = "/mandates/jan.claes~els.peeters~administrative";
        register.take_away(mandate).await;
        assert_eq!(browser.ask(&path).await.status, 403, "{}", gateway.name());
        let line = register.lines_of("fact.withdrawn").await.remove(0);
        assert_eq!(line["subject"], json!(gateway.id(JAN).await.to_string()));
        // A wrong file is mended by the right one.
        let given = json!({
            "mandator": "jan.claes", "holder": { "person": "els.peeters" }, "scope": "administrative",
            "from": "2025-01-01", "until": "2027-06-30",
        });
        assert_eq!(register.put(mandate, given.clone()).await.status, 201);
        let mut again = gateway.browser();
        again.open_for(&path, ELS, "Claes").await;
        assert_eq!(again.ask(&path).await.status, 200);
        // Its end comes nearer: yesterday.
        let mut ended = given.clone();
        ended["until"] = "2026-11-21".into();
        register.say(mandate, ended).await;
        assert_eq!(again.ask(&path).await.status, 403);
        // What one of both ended does not come back.
        register.say(mandate, given.clone()).await;
        let id = gateway.mandate(JAN, poort::domain::mandate::Holder::Person(gateway.id(ELS).await)).await;
        gateway.later();
        gateway.end_mandate(id).await;
        let reply = register.put(mandate, given.clone()).await;
        assert_eq!((reply.status.as_u16(), &reply.json()["errors"][0]["pointer"]), (409, &json!("/mandate")));
        // Nor does it change whom it is about.
        for (member, value) in [
            ("scope", json!("social_statute")),
            ("mandator", json!("marie.dubois")),
            ("holder", json!({ "person": "hilde.goossens" })),
        ] {
            let mut other = given.clone();
            other[member] = value;
            let reply = register.put(mandate, other).await;
            assert_eq!(
                (reply.status.as_u16(), &reply.json()["errors"][0]["pointer"]),
                (409, &json!(format!("/{member}")))
            );
        }
    }
}

#[tokio::test]
async fn facts_1_a_right_of_the_organization_or_a_membership_is_gone_at_the_next_request() {
    for gateway in Gateway::demos().await {
        let register = Register::of(&gateway).await;
        let (hospital, reports) = ("/organizations/ziekenhuis-sint-anna", "/organization/reports");
        let granted = async |browser: &Browser<'_>| browser.ask(reports).await.status.as_u16();
        let mut tom = gateway.browser();
        tom.open_within("/me", TOM).await;
        assert_eq!(granted(&tom).await, 403, "he has no right yet");
        let mut lotte = gateway.browser();
        lotte.open_within("/me", LOTTE).await;
        let grant = async |lotte: &mut Browser<'_>| {
            let page = lotte.get(&format!("{}/organization", gateway.tenant().origin)).await;
            let member = gateway.id(TOM).await.to_string();
            let fields =
                [("member", member.as_str()), ("right", "reporting"), ("day", "30"), ("month", "6"), ("year", "2027")];
            lotte.press(&page, "/organization/grant", &fields).await;
        };
        grant(&mut lotte).await;
        assert_eq!(granted(&tom).await, 200, "{}", gateway.name());
        register.take_away(&format!("{hospital}/rights/reporting")).await;
        assert_eq!(granted(&tom).await, 403);
        register.say(&format!("{hospital}/rights/reporting"), json!({})).await;
        assert_eq!(granted(&tom).await, 200, "the organization has it again, and he was granted it");
        register.take_away(&format!("{hospital}/members/tom.willems")).await;
        assert_eq!(granted(&tom).await, 403, "his profile has ended");
        // Who comes back comes back without what was granted before.
        register.say(&format!("{hospital}/members/tom.willems"), json!({})).await;
        assert!(gateway.grants(TOM).await.is_empty());
        // An access manager whom the register takes away manages nothing any more.
        register.say(&format!("{hospital}/members/lotte.maes"), json!({ "management": "none" })).await;
        let page = lotte.get(&format!("{}/organization", gateway.tenant().origin)).await;
        assert_ne!(page.status, 200, "{}", gateway.name());
        // An organization goes last.
        let reply = register.delete(hospital).await;
        assert_eq!(reply.status, 409, "{}", reply.text());
    }
}

#[tokio::test]
async fn facts_1_a_role_is_gone_at_the_next_request() {
    for gateway in Gateway::demos().await {
        let register = Register::of(&gateway).await;
        let mut browser = gateway.browser();
        browser.open_as("/administration", AN).await;
        assert_eq!(browser.ask("/administration").await.status, 403);
        register.say("/people/an.verbeke/roles/director", json!({})).await;
        assert_eq!(browser.ask("/administration").await.status, 200, "{}", gateway.name());
        register.take_away("/people/an.verbeke/roles/director").await;
        assert_eq!(browser.ask("/administration").await.status, 403);
    }
}

#[tokio::test]
async fn facts_1_the_same_twice_changes_nothing_and_raises_no_version() {
    for gateway in Gateway::demos().await {
        let register = Register::of(&gateway).await;
        let rows = [
            json!({ "kind": "person", "person": "p-104", "given_name": "Roos", "family_name": "Vermeulen",
                "email": ROOS, "language": "nl", "national_number": "85073003328" }),
            json!({ "kind": "person", "person": "p-105", "given_name": "Wim", "family_name": "Aerts",
                "email": "wim.aerts@example.org", "language": "fr", "citizen_file": true }),
            json!({ "kind": "registration", "person": "p-104", "profession": "physician", "number": "1-23456-25-004" }),
            json!({ "kind": "role", "person": "p-105", "role": "director", "until": "2027-12-31" }),
            json!({ "kind": "tie", "person": "p-104", "tie": "trains", "other": "p-105", "from": "2026-01-01" }),
            json!({ "kind": "organization", "organization": "o-1", "name": "Ziekenhuis Sint-Barbara", "number": "0123.456.749" }),
            json!({ "kind": "right", "organization": "o-1", "right": "reporting", "until": "2027-12-31" }),
            json!({ "kind": "member", "organization": "o-1", "person": "p-105", "management": "access_manager",
                "entrusted": [{ "right": "reporting", "until": "2027-06-30" }] }),
            json!({ "kind": "mandate", "mandate": "m-1", "mandator": "p-104", "holder": { "organization": "o-1" },
                "scope": "administrative", "from": "2026-01-01" }),
        ];
        let reply = register.batch(&rows).await;
        assert_eq!((reply.status.as_u16(), &reply.json()["created"]), (200, &json!(9)), "{}", reply.text());
        let (version, lines) = (register.version().await, gateway.lines(PRO).await.len());
        let reply = register.batch(&rows).await;
        let counts = json!({ "created": 0, "changed": 0, "unchanged": 9, "withdrawn": 0, "refused": 0 });
        assert_eq!((reply.status.as_u16(), reply.json()), (200, counts), "{}", gateway.name());
        assert_eq!(register.put("/people/p-104", doctor()).await.status, 204);
        assert_eq!((register.version().await, gateway.lines(PRO).await.len()), (version, lines));
        // Each member that is said differently is a change, and no more than that.
        for (row, member, value) in [
            (0, "family_name", json!("Vermeulen-Claes")),
            (0, "national_number", json!("85.07.30-001.60")),
            (2, "complete", json!(false)),
            (3, "until", json!("2028-12-31")),
            (4, "until", json!("2030-08-31")),
            (5, "name", json!("AZ Sint-Barbara")),
            (6, "until", json!("2028-12-31")),
            (7, "representative", json!(true)),
            (7, "entrusted", json!([])),
            (8, "until", json!("2027-12-31")),
        ] {
            let mut changed = rows[row].clone();
            changed[member] = value;
            let version = register.version().await;
            let reply = register.batch(&[changed.clone(), changed]).await;
            let counts = reply.json();
            assert_eq!((&counts["changed"], &counts["unchanged"]), (&json!(1), &json!(1)), "{member}: {counts}");
            assert_eq!(register.version().await, version + 1, "{member}: {}", gateway.name());
            assert_eq!(register.batch(&rows[row..=row]).await.json()["changed"], 1, "{member}: and back");
        }
        // What is taken away twice is taken away once.
        let gone: Vec<Value> = [json!({ "kind": "mandate", "mandate": "m-1", "gone": true })].into();
        assert_eq!(register.batch(&gone).await.json()["withdrawn"], 1);
        let version = register.version().await;
        assert_eq!(register.batch(&gone).await.json()["unchanged"], 1);
        assert_eq!((register.version().await, register.delete("/mandates/m-1").await.status.as_u16()), (version, 404));
    }
}

#[tokio::test]
async fn facts_1_bad_rows_of_a_batch_are_refused_by_name_and_the_good_ones_kept() {
    for gateway in Gateway::demos().await {
        let register = Register::of(&gateway).await;
        let number = "85073003328";
        let rows = [
            json!({ "kind": "person", "person": "p-1", "given_name": "Roos", "family_name": "Vermeulen", "email": ROOS,
                "language": "nl", "national_number": number }).to_string(),
            json!({ "kind": "person", "person": "p-2", "given_name": "", "family_name": "Aerts", "email": "wim",
                "language": "xx", "national_number": "85073003329", "age": 41 }).to_string(),
            json!({ "kind": "person", "person": "p-3", "given_name": "A", "family_name": "B", "email": JAN, "language": "nl" }).to_string(),
            json!({ "kind": "person", "person": "p-4", "given_name": "A", "family_name": "B", "email": "a@example.org",
                "language": "nl", "national_number": number }).to_string(),
            json!({ "kind": "registration", "person": "nobody", "profession": "physician" }).to_string(),
            json!({ "kind": "registration", "person": "p-1", "profession": "sorcerer" }).to_string(),
            String::new(),
            "{\"kind\":\"role\",\"person\":\"p-1\",\"role\":\"trainer\",\"role\":\"helpdesk\"}".into(),
            format!("{{\"kind\":\"person\",\"person\":\"{number}\",\"gone\":true}}"),
            "not json".into(),
            json!({ "kind": "mandate", "mandate": "m-1", "mandator": "p-1", "holder": {}, "scope": "administrative",
                "from": "2027-02-30", "until": "2026-01-01" }).to_string(),
            json!({ "kind": "king", "person": "p-1" }).to_string(),
            format!("{{\"kind\":\"role\",\"person\":\"p-1\",\"role\":\"trainer\",\"x\":\"{}\"}}", "x".repeat(20_000)),
            json!({ "kind": "role", "person": "p-1", "role": "trainer" }).to_string(),
        ];
        let reply = register.send(Method::POST, "/batch", NDJSON, rows.join("\n")).await;
        let body = reply.json();
        assert_eq!((reply.status.as_u16(), reply.header("content-type")), (422, "application/problem+json"));
        assert_eq!((&body["created"], &body["refused"]), (&json!(2), &json!(11)), "{body}");
        let told: Vec<(u64, &str, &str)> = body["errors"]
            .as_array()
            .expect("errors")
            .iter()
            .map(|e| (e["row"].as_u64().unwrap(), e["fact"].as_str().unwrap_or(""), e["pointer"].as_str().unwrap()))
            .collect();
        let want = [
            (2, "person p-2", "/given_name"),
            (2, "person p-2", "/email"),
            (2, "person p-2", "/language"),
            (2, "person p-2", "/national_number"),
            (2, "person p-2", "/age"),
            (3, "person p-3", "/email"),
            (4, "person p-4", "/national_number"),
            (5, "registration nobody/physician", "/person"),
            (6, "registration p-1/sorcerer", "/profession"),
            (8, "", ""),
            (9, "", "/person"),
            (10, "", ""),
            (11, "mandate m-1", "/holder"),
            (11, "mandate m-1", "/from"),
            (12, "", "/kind"),
            (13, "", ""),
        ];
        let mut sorted = told.clone();
        sorted.sort_by_key(|(row, ..)| *row);
        assert_eq!(sorted, want, "{}", gateway.name());
        let all = body["errors"].as_array().expect("errors");
        assert!(
            all.iter().filter(|e| e["pointer"] != "").all(|e| e["right"].is_string()),
            "what would be right: {body}"
        );
        assert!(all.iter().any(|e| e["right"].as_str().is_some_and(|right| right.contains("physician"))));
        assert!(!reply.text().contains("8507300332"), "no number is repeated");
        // Row 1 and row 14 are there, and the refusal stands in the log.
        let roos = gateway.id(ROOS).await;
        assert_eq!(gateway.read_in(PRO).await.roles(roos).await.expect("reads").len(), 1);
        assert_eq!(register.lines_of("fact.refused").await[0]["details"]["what"], "11 rows of a batch");
        let log: String = gateway.lines(PRO).await.iter().map(Value::to_string).collect();
        assert!(!log.contains("8507300332"), "{}", gateway.name());
    }
}

#[tokio::test]
async fn facts_1_a_national_number_lies_sealed_and_is_told_to_nobody() {
    for gateway in Gateway::demos().await {
        let register = Register::of(&gateway).await;
        register.say("/people/p-104", doctor()).await;
        let dump = databases::dump(&gateway.database.settings, PRO).await;
        let found = dump.windows(11).any(|bytes| bytes == b"85073003328");
        assert!(!found, "{}", gateway.name());
        let number = poort::domain::identifier::NationalRegisterNumber::parse("85073003328").expect("valid");
        let number = poort::domain::identifier::NationalNumber::NationalRegister(number);
        let keys = gateway.core().keys_of(gateway.tenant()).expect("keys");
        let sealer = &keys.sealer;
        let index = sealer.lookup(number.kind(), number.reveal());
        let owner = gateway.read_in(PRO).await.person_by_national_number(&index).await.expect("reads");
        assert_eq!(owner, Some(gateway.id(ROOS).await));
        // As an identifier it is refused, before anything is looked up.
        for path in ["/people/85073003328", "/people/85073003328/roles/trainer", "/mandates/85073003328"] {
            let reply = register.put(path, json!({})).await;
            assert_eq!((reply.status.as_u16(), reply.text().contains("85073003328")), (422, false), "{path}");
        }
    }
}

#[tokio::test]
async fn facts_1_who_logged_in_before_the_register_named_them_stays_the_same_person() {
    for gateway in Gateway::demos().await {
        let register = Register::of(&gateway).await;
        // Somebody whom no register has pushed, with a national number.
        register.say("/people/p-104", doctor()).await;
        let id = gateway.id(ROOS).await;
        databases::execute(&gateway.database.settings, PRO, "DELETE FROM fact WHERE key = 'p-104'").await;
        let mut doctor = doctor();
        doctor["email"] = "r.vermeulen@example.org".into();
        assert_eq!(register.put("/people/another-identifier", doctor.clone()).await.status, 201);
        assert_eq!(gateway.id("r.vermeulen@example.org").await, id, "{}", gateway.name());
        // A second identifier for one human being is a mistake.
        let reply = register.put("/people/third-identifier", doctor).await;
        assert_eq!((reply.status.as_u16(), &reply.json()["errors"][0]["pointer"]), (409, &json!("/national_number")));
    }
}

#[tokio::test]
async fn facts_1_what_was_mailed_to_a_former_address_opens_nothing_any_more() {
    for gateway in Gateway::demos().await {
        let register = Register::of(&gateway).await;
        let link = gateway.mailed_link_for(JAN).await;
        let opens = async || gateway.browser().get(&link).await.text.contains("new_password");
        assert!(opens().await, "the twin");
        let jan =
            |email: &str| json!({ "given_name": "Jan", "family_name": "Claes", "email": email, "language": "nl" });
        register.say("/people/jan.claes", jan("jan.claes@hospital.example")).await;
        assert!(!opens().await, "{}", gateway.name());
        let reply = register.put("/people/els.peeters", jan("JAN.claes@hospital.example")).await;
        assert_eq!((reply.status.as_u16(), &reply.json()["errors"][0]["pointer"]), (409, &json!("/email")));
    }
}

#[tokio::test]
async fn facts_1_a_snapshot_ends_what_is_missing_only_when_it_says_so_and_within_its_fuse() {
    for gateway in Gateway::demos().await {
        let register = Register::of(&gateway).await;
        let known = [
            "jan.claes",
            "marie.dubois",
            "koen.devos",
            "els.peeters",
            "hilde.goossens",
            "karel.janssens",
            "tom.willems",
        ];
        let rows: Vec<Value> = known
            .iter()
            .map(|person| json!({ "person": person, "role": "trainer" }))
            .chain([json!({ "kind": "role", "person": "pieter.wouters", "role": "director" })])
            .collect();
        let reply = register.snapshot(Kind::Role, "", &rows).await;
        assert_eq!((&reply.json()["created"], &reply.json()["missing"]), (&json!(7), &json!(0)), "{}", reply.text());
        let roles = async || {
            let mut count = 0;
            for person in known {
                let id = gateway.id(&format!("{person}@example.org")).await;
                count += gateway.read_in(PRO).await.roles(id).await.expect("reads").len();
            }
            count
        };
        let version = register.version().await;
        // Nothing ends by itself.
        let reply = register.snapshot(Kind::Role, "", &rows[1..]).await;
        assert_eq!((reply.status.as_u16(), &reply.json()["missing"], roles().await), (200, &json!(1), 7));
        // An empty file is a mistake.
        for query in ["?end_missing_percent=0", "?end_missing_percent=10", "?end_missing_percent=99"] {
            let reply = register.snapshot(Kind::Role, query, &[]).await;
            assert_eq!(
                (reply.status.as_u16(), &reply.json()["missing"], roles().await),
                (409, &json!(8), 7),
                "{query}"
            );
        }
        // A row whose name cannot be read could be the one that is missing.
        let mut unreadable = rows[1..].to_vec();
        unreadable.push(json!({ "person": "jan.claes", "role": "tränier" }));
        let reply = register.snapshot(Kind::Role, "?end_missing_percent=50", &unreadable).await;
        assert_eq!((reply.status.as_u16(), &reply.json()["withdrawn"], roles().await), (422, &json!(0), 7));
        // One that is bad, and has a name, is not missing.
        let mut bad = rows[1..].to_vec();
        bad.push(json!({ "person": "jan.claes", "role": "trainer", "until": "soon" }));
        let reply = register.snapshot(Kind::Role, "?end_missing_percent=50", &bad).await;
        assert_eq!((reply.status.as_u16(), &reply.json()["missing"], roles().await), (422, &json!(0), 7));
        assert_eq!(register.version().await, version, "so far nothing was written: {}", gateway.name());
        // One of eight is within 13 of a hundred, and not within 12.
        let reply = register.snapshot(Kind::Role, "?end_missing_percent=12", &rows[1..]).await;
        assert_eq!((reply.status.as_u16(), roles().await), (409, 7));
        let reply = register.snapshot(Kind::Role, "?end_missing_percent=13", &rows[1..]).await;
        assert_eq!((reply.status.as_u16(), &reply.json()["withdrawn"], roles().await), (200, &json!(1), 6));
        // What does not belong there, or is said in another way than it is read.
        let gone = json!({ "person": "jan.claes", "role": "trainer", "gone": true });
        let person = json!({ "kind": "person", "person": "jan.claes" });
        for row in [gone, person] {
            assert_eq!(register.snapshot(Kind::Role, "", &[row]).await.status, 422);
        }
        for query in [
            "?end_missing_percent=101",
            "?end_missing_percent=-1",
            "?end_missing_percent=+5",
            "?end_missing_percent=5&end_missing_percent=6",
            "?end_missing=5",
        ] {
            assert_eq!(register.snapshot(Kind::Role, query, &rows).await.status, 400, "{query}");
        }
    }
}

#[tokio::test]
async fn facts_1_only_a_program_of_this_tenant_for_this_and_for_that_kind_may() {
    let machine = |id: &str, scopes: &[&str], audience: String| {
        let scopes = scopes.iter().map(|scope| (*scope).to_owned()).collect();
        let machine = Machine { scopes, audiences: vec![audience] };
        let secret = ClientAuthentication::Secret(TokenDigest::of(SAMPLE_SECRET.as_bytes()));
        Client { machine: Some(machine), ..Client::new(id.into(), Texts::default(), secret) }
    };
    let gateways = Gateway::demos_with(|tenant| {
        let audience = api::audience(tenant);
        tenant.clients.extend([
            machine("roles", &["facts:write:role"], audience.clone()),
            machine("reader", &["facts:read", "facts:write:king"], audience),
            machine("elsewhere", &["facts:write"], "https://api.example".into()),
        ]);
    })
    .await;
    for gateway in gateways {
        let mut browser = gateway.browser();
        let person = sample_tokens(&mut browser, async |browser, page| browser.prove(&page, PRO, AN).await).await;
        let person = person["access_token"].as_str().expect("a token").to_owned();
        let of = async |tenant, client| Register::at(&gateway, tenant, client).await.token;
        let register = Register::of(&gateway).await;
        let other_tenant = of(RGS, REGISTER).await;
        let shortened = register.token[..register.token.len() - 2].to_owned();
        let id_token = {
            let mut browser = gateway.browser();
            let tokens = sample_tokens(&mut browser, async |browser, page| browser.prove(&page, PRO, AN).await).await;
            tokens["id_token"].as_str().expect("a token").to_owned()
        };
        let refused = [
            ("a person's", person, 401),
            ("an id token", id_token, 401),
            ("another tenant's", other_tenant, 401),
            ("for another audience", of(PRO, "elsewhere").await, 401),
            ("no token at all", "x".into(), 401),
            ("shortened", shortened, 401),
            ("to read", of(PRO, "reader").await, 403),
            ("for roles", of(PRO, "roles").await, 403),
        ];
        let version = register.version().await;
        for (whose, token, status) in refused {
            let caller = Register { gateway: &gateway, tenant: PRO, token };
            let body = json!({ "email": "x" });
            for (method, path) in [
                (Method::PUT, "/people/jan.claes"),
                (Method::DELETE, "/people/jan.claes"),
                (Method::DELETE, "/mandates/jan.claes~els.peeters~administrative"),
                (Method::POST, "/snapshots/person?end_missing_percent=100"),
            ] {
                let media_type = if method == Method::POST { NDJSON } else { "application/json" };
                let reply = caller.send(method, path, media_type, body.to_string()).await;
                assert_eq!(reply.status, status, "{whose} {path}: {}", reply.text());
                let error = if status == 401 { "invalid_token" } else { "insufficient_scope" };
                assert!(reply.header("www-authenticate").contains(error), "{whose}");
                assert!(!reply.headers.contains_key("set-cookie"));
            }
        }
        assert_eq!(register.version().await, version, "{}", gateway.name());
        let url = format!("{}{}/people/jan.claes", gateway.tenant().origin, api::PATH);
        for (headers, status, challenge) in [
            (vec![], 401, "Bearer realm=\"facts\""),
            (vec![("authorization", "Basic eDp5")], 401, "Bearer realm=\"facts\""),
            (vec![("authorization", "Bearer")], 400, "Bearer realm=\"facts\", error=\"invalid_request\""),
        ] {
            let reply = gateway.send(Method::DELETE, &url, &headers, "").await;
            assert_eq!((reply.status.as_u16(), reply.header("www-authenticate")), (status, challenge));
        }
        // The session of somebody who is signed in is not looked at.
        let reply = browser.once(Method::DELETE, &url, &[], None).await;
        assert_eq!(reply.status, 401);
        // The twin: for one kind of fact, and in a batch for the rows of that kind.
        let roles = Register { gateway: &gateway, tenant: PRO, token: of(PRO, "roles").await };
        assert_eq!(roles.put("/people/an.verbeke/roles/trainer", json!({})).await.status, 201);
        let rows = [
            json!({ "kind": "role", "person": "an.verbeke", "role": "supporter" }),
            json!({ "kind": "person", "person": "an.verbeke", "gone": true }),
        ];
        let body = roles.batch(&rows).await.json();
        assert_eq!((&body["created"], &body["refused"], &body["errors"][0]["row"]), (&json!(1), &json!(1), &json!(2)));
        // A client that the tenant's file has no more has no token any more: it is looked up each time.
        let expired = Register::of(&gateway).await;
        gateway.advance(std::time::Duration::from_secs(301));
        assert_eq!(expired.delete("/people/jan.claes").await.status, 401, "{}", gateway.name());
    }
}

#[tokio::test]
async fn facts_1_what_is_no_request_of_this_interface_has_its_status() {
    let gateway = Gateway::demo().await;
    let register = Register::of(&gateway).await;
    let (json, large) = ("application/json", "x".repeat(17_000));
    for (method, path, media_type, body, status) in [
        (Method::GET, "/people/jan.claes", "", "", 405),
        (Method::POST, "/people/jan.claes", json, "{}", 405),
        (Method::GET, "/batch", "", "", 405),
        (Method::GET, "/nothing", "", "", 404),
        (Method::PUT, "/people", json, "{}", 404),
        (Method::POST, "/snapshots/king", NDJSON, "", 404),
        (Method::DELETE, "/people/nobody", "", "", 404),
        (Method::PUT, "/people/nobody/roles/trainer", json, "{}", 404),
        (Method::DELETE, "/people/jan.claes/roles/helpdesk", "", "", 404),
        (Method::PUT, "/people/p-1", "text/plain", "{}", 415),
        (Method::PUT, "/people/p-1", "", "{}", 415),
        (Method::POST, "/batch", json, "{}", 415),
        (Method::PUT, "/people/p-1", json, "[]", 422),
        (Method::PUT, "/people/p-1", json, "", 422),
        (Method::PUT, "/people/p-1", json, &large, 413),
        (Method::PUT, "/people/jan.claes/roles/king", json, "{}", 422),
        (Method::PUT, "/people/jan.claes/ties/trains/jan.claes", json, "{}", 422),
        (Method::PUT, "/people/jan.claes/ties/trains/nobody", json, "{}", 404),
        (Method::PUT, "/organizations/o-1", json, "{\"name\":\"X\",\"number\":\"0123.456.748\"}", 422),
    ] {
        let reply = register.send(method.clone(), path, media_type, body.to_owned()).await;
        assert_eq!(reply.status, status, "{method} {path}: {}", reply.text());
        assert_eq!(reply.header("content-type"), "application/problem+json", "{path}");
        let body = reply.json();
        assert_eq!(body["status"], status);
        let place = body["type"].as_str().expect("a type").split_once('#').expect("a fragment").1.to_owned();
        let described: Value = serde_json::from_str(api::openapi::DOCUMENT).expect("JSON");
        assert!(described.pointer(&place).is_some(), "{place} is described");
        assert_eq!(reply.header("allow").is_empty(), status != 405, "{method} {path}");
    }
    let url = format!("{}{}/batch", gateway.tenant().origin, api::PATH);
    let bearer = format!("Bearer {}", register.token);
    for (name, value, status) in
        [("content-encoding", "gzip", 415), ("content-length", "999999999999", 413), ("x-harmless", "1", 200)]
    {
        let headers = [("authorization", bearer.as_str()), ("content-type", NDJSON), (name, value)];
        assert_eq!(gateway.send(Method::POST, &url, &headers, "").await.status, status, "{name}");
    }
    let reply =
        gateway.send(Method::GET, &format!("{}{}/openapi.json", gateway.tenant().origin, api::PATH), &[], "").await;
    assert_eq!((reply.status.as_u16(), &reply.json()["openapi"]), (200, &json!("3.1.0")));
}

#[tokio::test]
async fn facts_1_a_large_batch_is_written_in_parts_and_a_second_one_waits() {
    for gateway in Gateway::demos().await {
        let register = Register::of(&gateway).await;
        let rows: Vec<Value> = (0..250)
            .map(|i| json!({ "kind": "organization", "organization": format!("o-{i}"), "name": format!("Praktijk {i}") }))
            .collect();
        let version = register.version().await;
        let (first, second) = tokio::join!(register.batch(&rows), register.batch(&rows));
        let mut statuses = [first.status.as_u16(), second.status.as_u16()];
        statuses.sort_unstable();
        assert!(statuses == [200, 429] || statuses == [200, 200], "{statuses:?}");
        if let Some(busy) = [&first, &second].into_iter().find(|reply| reply.status == 429) {
            assert_eq!(busy.header("retry-after"), "5");
        }
        let created = |reply: &Reply| reply.json()["created"].as_u64().unwrap_or(0);
        assert_eq!(created(&first) + created(&second), 250);
        // 250 rows are three transactions, each of which raises the version once.
        assert_eq!(register.version().await, version + 3, "{}", gateway.name());
        assert_eq!(register.lines_of("fact.pushed").await.len(), 250);
    }
}

#[tokio::test]
async fn facts_1_two_registers_that_push_at_once_leave_one_person() {
    for gateway in Gateway::demos().await {
        let replica = gateway.again().await;
        let (one, other) = (Register::of(&gateway).await, Register::of(&replica).await);
        let (one, other) = (&one, &other);
        let pushes = (0..10).map(|i| async move {
            let register = if i % 2 == 0 { one } else { other };
            // A register whose push finds no place in time pushes again.
            loop {
                let reply = register.put("/people/p-104", doctor()).await;
                if reply.status != 503 {
                    return reply;
                }
            }
        });
        let replies = futures_util::future::join_all(pushes).await;
        let statuses: Vec<u16> = replies.iter().map(|reply| reply.status.as_u16()).collect();
        assert_eq!(statuses.iter().filter(|status| **status == 201).count(), 1, "{statuses:?}");
        assert!(statuses.iter().all(|status| [201, 204, 409].contains(status)), "{statuses:?}");
        let id: PersonId = gateway.id(ROOS).await;
        let pushed = gateway.read_in(PRO).await.pushed(Kind::Person, "p-104").await.expect("reads").expect("pushed");
        assert_eq!(pushed.id, Some(id.to_string()), "{}", gateway.name());
    }
}

#[tokio::test]
async fn facts_1_holders_find_a_mandator_by_the_name_and_number_of_today() {
    for gateway in Gateway::demos().await {
        let register = Register::of(&gateway).await;
        let jan = json!({
            "given_name": "Jean", "family_name": "Vandenclaes", "email": JAN, "language": "nl", "citizen_file": false,
        });
        register.say("/people/jan.claes", jan).await;
        register.say("/people/jan.claes/registrations/physician", json!({ "number": ROOS_NUMBER })).await;
        let found = async |family: Option<&str>, number: Option<&str>| {
            let holder = poort::domain::mandate::Holder::Person(gateway.id(ELS).await);
            let search = poort::domain::mandate::MandatorSearch {
                family_name: family.map(str::to_owned),
                nihdi: number.map(str::to_owned),
                ..Default::default()
            };
            let today = gateway.tenant().today(gateway.core().now());
            gateway.read_in(PRO).await.search_mandators(holder, &search, today, 0).await.expect("reads").0
        };
        assert_eq!((found(Some("Vandenclaes"), None).await, found(Some("Claes"), None).await), (1, 0));
        assert_eq!(found(None, Some(&ROOS_NUMBER[..8])).await, 1, "{}", gateway.name());
        register.take_away("/people/jan.claes/registrations/physician").await;
        assert_eq!(found(None, Some(&ROOS_NUMBER[..8])).await, 0);
    }
}
