//! What a store promises, on both databases.

use poort::{
    base::{
        Language, Random, Timestamp,
        id::{AttemptId, GrantId, MandateId, OrganizationId, PersonId, SessionId, TenantId},
        token::TokenDigest,
    },
    domain::{
        assurance::Assurance,
        capacity::Capacity,
        identifier::NihdiNumber,
        mandate::{Holder, Mandate, MandatorSearch},
        organization::{Grant, Management, Membership, Organization},
        period::Period,
        person::Person,
        profile::Profile,
    },
    policy::{
        Act, Known, Permit, Policies, Question, Target,
        action::{GrantRight, RevokeRight},
        source,
    },
    storage::{
        StoreError,
        seal::{Kind, MasterKey, Purpose, Sealer},
        sql::{Database, Session, statements},
    },
};
use sqlx::{Connection, Executor, Row, SqlSafeStr};

use crate::harness::databases;

const NOW: Timestamp = Timestamp::from_millis(1_795_340_000_000);

fn tenant(slug: &str) -> TenantId {
    slug.parse().expect("a slug")
}

fn person(id: u128, given: &str, family: &str) -> Person {
    Person {
        id: PersonId::from_u128(id),
        given_name: given.into(),
        family_name: family.into(),
        email: format!("p{id}@example.org"),
        language: Language::Nl,
        citizen_file: false,
    }
}

/// Keys for a tenant, kept, and what seals with them.
async fn keys_of(t: &mut poort::storage::Transaction, tenant: &TenantId) -> Sealer {
    let (random, master) = (Random::system(), MasterKey::ephemeral(&Random::system()));
    let keys = Purpose::ALL.map(|purpose| master.new_data_key(tenant, purpose, 1, &random).expect("a key"));
    for key in &keys {
        t.put_tenant_key(key, NOW).await.expect("kept");
    }
    Sealer::new(&master, tenant.clone(), &keys).expect("a sealer")
}

fn day(text: &str) -> jiff::civil::Date {
    text.parse().expect("a date")
}

#[tokio::test]
async fn every_statement_is_understood_by_both_databases() {
    for database in databases::each().await {
        for (name, statement) in statements() {
            let prepared = match &database.settings {
                Database::Sqlite { file } => {
                    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(file);
                    let mut connection = sqlx::SqliteConnection::connect_with(&options).await.expect("connects");
                    connection.prepare(statement.sql().into_sql_str()).await.map(|_| ())
                }
                Database::Postgres { .. } => {
                    let mut connection =
                        databases::as_serving_role(&database.settings).await.expect("it is PostgreSQL");
                    connection.prepare(statement.sql().into_sql_str()).await.map(|_| ())
                }
            };
            assert!(prepared.is_ok(), "{}: {name}: {prepared:?}", database.name);
        }
    }
}

#[tokio::test]
async fn what_one_tenant_writes_another_does_not_see() {
    for database in databases::each().await {
        let (a, b) = (tenant("a"), tenant("b"));
        let mut transaction = database.store.begin(&a).await.expect("begins");
        transaction.put_person(&person(1, "Els", "Peeters")).await.expect("writes");
        transaction.commit().await.expect("commits");
        let mut other = database.store.read(&b).await.expect("begins");
        assert_eq!(other.person(PersonId::from_u128(1)).await.expect("reads"), None, "{}", database.name);
        assert_eq!(other.person_by_login_name("p1@example.org").await.expect("reads"), None);
        let mut own = database.store.read(&a).await.expect("begins");
        assert!(own.person_by_login_name(" P1@Example.org ").await.expect("reads").is_some());
    }
}

#[tokio::test]
async fn a_key_of_another_tenant_cannot_be_pointed_at() {
    for database in databases::each().await {
        let mut transaction = database.store.begin(&tenant("a")).await.expect("begins");
        transaction.put_person(&person(1, "Els", "Peeters")).await.expect("writes");
        transaction.commit().await.expect("commits");
        let mut other = database.store.begin(&tenant("b")).await.expect("begins");
        let password = other.put_password(PersonId::from_u128(1), "hash", false, NOW).await;
        assert!(password.is_err(), "{}: a password for another tenant's person", database.name);
    }
}

/// As the role that serves, on a connection that served another tenant before, with SQL that forgets the tenant.
#[tokio::test]
async fn row_level_security_holds_for_sql_that_forgets_the_tenant() {
    let Some(database) = databases::postgres().await else { return };
    let mut transaction = database.store.begin(&tenant("a")).await.expect("begins");
    transaction.put_person(&person(1, "Els", "Peeters")).await.expect("writes");
    transaction.commit().await.expect("commits");
    let mut connection = databases::as_serving_role(&database.settings).await.expect("it is PostgreSQL");
    for (set, seen) in [("a", 1_i64), ("b", 0), ("", 0)] {
        let mut transaction = connection.begin().await.expect("begins");
        sqlx::query("SELECT set_config('poort.tenant', $1, true)")
            .bind(set)
            .execute(&mut *transaction)
            .await
            .expect("sets");
        let row = sqlx::query("SELECT count(*) FROM person").fetch_one(&mut *transaction).await.expect("counts");
        assert_eq!(row.get::<i64, _>(0), seen, "tenant {set:?}");
        transaction.commit().await.expect("commits");
        // After the commit the setting is empty, not another tenant's: no rows.
        let row = sqlx::query("SELECT count(*) FROM person").fetch_one(&mut connection).await.expect("counts");
        assert_eq!(row.get::<i64, _>(0), 0);
    }
    for attack in [
        "INSERT INTO person (tenant, id, given_name, family_name, email, login_name, language, citizen_file) \
         VALUES ('b', 'x', 'x', 'x', 'x', 'x', 'nl', false)",
        "ALTER TABLE person DISABLE ROW LEVEL SECURITY",
        "UPDATE audit SET body = ''",
        "DELETE FROM audit",
        "TRUNCATE person",
        "SET ROLE poort_owner",
    ] {
        assert!(connection.execute(attack).await.is_err(), "{attack}");
    }
    // Every table is under the rule, also for its owner.
    let free = sqlx::query(
        "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace \
         AND NOT (relrowsecurity AND relforcerowsecurity) AND relname <> '_sqlx_migrations'",
    )
    .fetch_all(&mut connection)
    .await
    .expect("lists");
    assert!(free.is_empty(), "{:?}", free.iter().map(|row| row.get::<String, _>(0)).collect::<Vec<_>>());
}

#[tokio::test]
async fn poort_refuses_to_serve_as_the_owner_of_the_tables() {
    let Some(database) = databases::postgres().await else { return };
    let Database::Postgres { owner_url, .. } = database.settings else { unreachable!() };
    let as_owner = Database::Postgres {
        url: owner_url.expect("set"),
        owner_url: None,
        migrate: false,
        connections: 1,
        acquire: std::time::Duration::from_secs(3),
        patience: std::time::Duration::from_secs(3),
    };
    let refused = poort::storage::Store::open(&as_owner).await.err().expect("refused");
    assert!(refused.to_string().contains("database.migrate_url"), "{refused}");
}

#[tokio::test]
async fn a_second_process_on_the_same_folder_is_refused() {
    let database = databases::sqlite().await;
    let refused = poort::storage::Store::open(&database.settings).await.err().expect("refused");
    assert!(refused.to_string().contains("in use by another Poort"), "{refused}");
}

#[tokio::test]
async fn login_10_an_e_mail_address_belongs_to_one_person() {
    for database in databases::each().await {
        let mut transaction = database.store.begin(&tenant("a")).await.expect("begins");
        transaction.put_person(&person(1, "Els", "Peeters")).await.expect("writes");
        let twin = Person { email: "P1@EXAMPLE.ORG".into(), ..person(2, "Elsje", "Peeters") };
        assert!(matches!(transaction.put_person(&twin).await, Err(StoreError::Conflict)), "{}", database.name);
    }
}

#[tokio::test]
async fn a_write_that_narrows_raises_the_version_and_a_rolled_back_one_does_not() {
    for database in databases::each().await {
        let a = tenant("a");
        // What was read at the start may be older than the lease by now.
        database.store.read_versions().await.expect("the database answers");
        let before = database.store.versions().current(&a).expect("read just now");
        let mut transaction = database.store.begin(&a).await.expect("begins");
        transaction.put_person(&person(1, "Els", "Peeters")).await.expect("writes");
        drop(transaction);
        assert_eq!(database.store.versions().current(&a), Some(before));
        let mut transaction = database.store.begin(&a).await.expect("begins");
        transaction.put_person(&person(1, "Els", "Peeters")).await.expect("writes");
        transaction.commit().await.expect("commits");
        assert_eq!(database.store.versions().current(&a), Some(before + 1), "{}", database.name);
        assert_eq!(database.store.versions().current(&tenant("b")), Some(0));
        let mut reading = database.store.read(&a).await.expect("begins");
        assert_eq!(reading.version().await.expect("reads"), before + 1);
    }
}

fn session(id: u128, person: u128, login: Option<u128>) -> Session {
    Session {
        id: SessionId::from_u128(id),
        person: PersonId::from_u128(person),
        login: login.map(SessionId::from_u128),
        register: login.map(|_| "dossier".into()),
        profile: None,
        means: "password-totp".into(),
        assurance: Assurance::Substantial,
        authenticated_at: NOW,
        created_at: NOW,
        seen_at: NOW,
        expires_at: NOW.plus(std::time::Duration::from_secs(3600)),
        agent: "a browser".into(),
    }
}

#[tokio::test]
async fn the_end_of_a_login_is_the_end_of_what_came_from_it() {
    for database in databases::each().await {
        let mut transaction = database.store.begin(&tenant("a")).await.expect("begins");
        transaction.put_person(&person(1, "Els", "Peeters")).await.expect("writes");
        transaction.put_session(TokenDigest::of(b"login"), &session(1, 1, None)).await.expect("writes");
        transaction.put_session(TokenDigest::of(b"register"), &session(2, 1, Some(1))).await.expect("writes");
        transaction.put_session(TokenDigest::of(b"other"), &session(3, 1, None)).await.expect("writes");
        assert!(transaction.session_by_digest(TokenDigest::of(b"register")).await.expect("reads").is_some());
        assert_eq!(transaction.end_session(SessionId::from_u128(1), NOW).await.expect("ends"), 2);
        for gone in [&b"login"[..], b"register"] {
            assert!(transaction.session_by_digest(TokenDigest::of(gone)).await.expect("reads").is_none());
        }
        assert_eq!(transaction.sessions_of(PersonId::from_u128(1), NOW).await.expect("reads").len(), 1);
    }
}

#[tokio::test]
async fn an_attempt_belongs_to_its_browser_and_its_steps_come_in_order() {
    for database in databases::each().await {
        let mut t = database.store.begin(&tenant("a")).await.expect("begins");
        let (els, tom) = (person(1, "Els", "Peeters"), person(2, "Tom", "Willems"));
        t.put_person(&els).await.expect("writes");
        t.put_person(&tom).await.expect("writes");
        let (id, browser) = (AttemptId::from_u128(9), TokenDigest::of(b"browser"));
        let end = NOW.plus(std::time::Duration::from_secs(60));
        t.put_attempt(id, browser, "{}", NOW, end).await.expect("writes");
        assert!(t.attempt(id, TokenDigest::of(b"another"), NOW).await.expect("reads").is_none());
        assert!(t.attempt(id, browser, end).await.expect("reads").is_none(), "expired");
        assert!(!t.prove(id, "m", els.id, 1).await.expect("refuses"), "no means was chosen");
        assert!(t.choose_means(id, "m").await.expect("writes"));
        assert!(!t.prove(id, "m", els.id, 2).await.expect("refuses"), "the second factor before the first");
        assert!(!t.prove(id, "other", els.id, 1).await.expect("refuses"), "another means");
        assert!(t.prove(id, "m", els.id, 1).await.expect("proves"));
        assert!(!t.prove(id, "m", els.id, 1).await.expect("refuses"), "twice");
        assert!(!t.prove(id, "m", tom.id, 2).await.expect("refuses"), "another person's second factor");
        assert!(t.prove(id, "m", els.id, 2).await.expect("proves"));
        assert!(t.take_attempt(id, NOW).await.expect("takes"));
        assert!(!t.take_attempt(id, NOW).await.expect("refuses"));
    }
}

#[tokio::test]
async fn tries_are_counted_before_anything_is_verified_and_forgotten_after_the_window() {
    for database in databases::each().await {
        let window = std::time::Duration::from_secs(900);
        let account = TokenDigest::of(b"els");
        let mut t = database.store.begin(&tenant("a")).await.expect("begins");
        for expected in 1..=7 {
            let tries = t.take_try(account, NOW, window, 5).await.expect("counts");
            assert_eq!((tries.tries, tries.until), (expected, NOW.plus(window)), "{}", database.name);
        }
        let later = NOW.plus(window / 2);
        let tries = t.take_try(account, later, window, 5).await.expect("counts");
        assert_eq!(tries.until, NOW.plus(window), "a try past the limit does not make the waiting longer");
        assert_eq!(t.take_try(account, NOW.plus(window), window, 5).await.expect("counts").tries, 1);
    }
}

#[tokio::test]
async fn what_works_once_works_once_also_at_the_same_time() {
    for database in databases::each().await {
        let a = tenant("a");
        let mut t = database.store.begin(&a).await.expect("begins");
        t.put_person(&person(1, "Els", "Peeters")).await.expect("writes");
        let link = TokenDigest::of(b"link");
        t.put_reset_link(link, PersonId::from_u128(1), NOW.plus(std::time::Duration::from_secs(60)))
            .await
            .expect("writes");
        t.commit().await.expect("commits");
        let mut tasks = tokio::task::JoinSet::new();
        for _ in 0..50 {
            let (store, a) = (database.store.clone(), a.clone());
            tasks.spawn(async move {
                let mut t = store.begin(&a).await.expect("begins");
                let taken = t.take_reset_link(link, NOW).await.expect("answers");
                t.commit().await.expect("commits");
                taken.is_some()
            });
        }
        let won = tasks.join_all().await.into_iter().filter(|won| *won).count();
        assert_eq!(won, 1, "{}", database.name);
    }
}

#[tokio::test]
async fn org_1_a_right_is_held_once_and_can_be_given_again_after_its_end() {
    for database in databases::each().await {
        let a = tenant("a");
        let mut t = database.store.begin(&a).await.expect("begins");
        let organization = Organization { id: OrganizationId::from_u128(7), name: "Sint-Anna".into(), number: None };
        let (lotte, tom) = (PersonId::from_u128(1), PersonId::from_u128(2));
        t.put_organization(&organization).await.expect("writes");
        for (id, given) in [(1, "Lotte"), (2, "Tom")] {
            t.put_person(&person(id, given, "X")).await.expect("writes");
            let chief = if id == 1 { Management::ChiefAccessManager } else { Management::None };
            let member = PersonId::from_u128(id);
            t.put_membership(organization.id, member, false, chief, Period::default()).await.expect("writes");
        }
        let grant = |id: u128, from: &str, until: &str| Grant {
            id: GrantId::from_u128(id),
            person: tom,
            right: "reporting".into(),
            period: Period::new(Some(day(from)), Some(day(until))),
            granted_by: lotte,
        };
        let may_grant = permit(&a, organization.id, GrantRight { to: tom, right: "reporting".into() });
        let may_revoke = permit(&a, organization.id, RevokeRight { from: tom, right: "reporting".into() });
        t.put_grant(&may_grant, organization.id, &grant(1, "2026-01-01", "2026-06-30"), NOW).await.expect("grants");
        // The first has ended by its date: there is room for a new one.
        t.put_grant(&may_grant, organization.id, &grant(2, "2026-11-22", "2026-12-31"), NOW).await.expect("grants");
        let grants = t.grants_of(organization.id, tom).await.expect("reads");
        assert_eq!(grants, [grant(2, "2026-11-22", "2026-12-31")], "{}", database.name);
        let other = Grant { right: "invoicing".into(), ..grant(3, "2026-11-22", "2026-12-31") };
        let refused = t.put_grant(&may_grant, organization.id, &other, NOW).await;
        assert!(refused.is_err(), "a permit for one right opens no other");
        let elsewhere = OrganizationId::from_u128(8);
        assert!(t.end_grant(&may_revoke, elsewhere, grants[0].id, NOW).await.is_err(), "nor another organization");
        assert!(t.end_grant(&may_revoke, organization.id, grants[0].id, NOW).await.expect("ends"));
        assert!(!t.end_grant(&may_revoke, organization.id, grants[0].id, NOW).await.expect("refuses"));
        assert!(t.grants_in(organization.id).await.expect("reads").is_empty());
    }
}

/// The permit of person 1, chief access manager of `organization`.
fn permit<A: Act>(tenant: &TenantId, organization: OrganizationId, act: A) -> Permit<A> {
    let lotte = PersonId::from_u128(1);
    let profile = Profile {
        handle: "p".into(),
        actor: lotte,
        capacity: Capacity::OrganizationMember,
        profession: None,
        organization: Some(organization),
        mandate: None,
    };
    let membership = Membership {
        organization: Organization { id: organization, name: "Sint-Anna".into(), number: None },
        representative: false,
        management: Management::ChiefAccessManager,
        period: Period::default(),
        vouched: false,
    };
    let facts = Known::of(tenant.clone(), lotte, day("2026-11-22")).membership(&membership).collect::<Vec<_>>();
    let target = Target::Organization(organization);
    let question = Question::new(tenant, &profile, Assurance::Substantial, act, target, facts);
    Policies::load(&source::shipped()).expect("the shipped policies load").authorize(question).expect("permitted")
}

#[tokio::test]
async fn profile_3_a_holder_finds_their_own_mandators_only() {
    for database in databases::each().await {
        let mut t = database.store.begin(&tenant("a")).await.expect("begins");
        let names = [("Élodie", "D'Hondt"), ("Jan", "Claes"), ("Jana", "Claessens"), ("Piet", "Claes")];
        let (mine, theirs) = (Holder::Person(PersonId::from_u128(100)), Holder::Person(PersonId::from_u128(101)));
        for holder in [100, 101] {
            t.put_person(&person(holder, "Holder", "X")).await.expect("writes");
        }
        let number = format!("123456{:02}", 97 - 123_456 % 97);
        let number = NihdiNumber::parse(&number).expect("valid").base().to_owned();
        let sealer = keys_of(&mut t, &tenant("a")).await;
        for (i, (given, family)) in names.iter().enumerate() {
            let mandator = person(i as u128 + 1, given, family);
            t.put_person(&mandator).await.expect("writes");
            let sealed = sealer.seal(Kind::NationalNumber, &mandator.id, b"a number").expect("sealed");
            let lookup = sealer.lookup("nrn", &format!("number {i}"));
            t.put_national_number(mandator.id, &sealed, &lookup).await.expect("writes");
            let mandate = Mandate {
                id: MandateId::from_u128(i as u128 + 1),
                mandator: mandator.id,
                holder: if i == 3 { theirs } else { mine },
                scope: "administrative".into(),
                period: Period::new(Some(day("2026-01-01")), (i == 1).then(|| day("2026-11-22"))),
                accepted: true,
                ended: false,
            };
            t.put_mandate(&mandate, &mandator, (i == 1).then_some(number.as_str()), NOW).await.expect("writes");
        }
        let today = day("2026-11-22");
        let find = async |t: &mut poort::storage::Transaction, search: MandatorSearch, today| {
            let (count, found) = t.search_mandators(mine, &search, today, 0).await.expect("searches");
            assert_eq!(count as usize, found.len());
            found.into_iter().map(|m| m.given_name).collect::<Vec<_>>()
        };
        let by = |family: &str, given: &str| MandatorSearch {
            family_name: Some(family.into()),
            given_name: Some(given.into()),
            ..MandatorSearch::default()
        };
        assert_eq!(
            find(&mut t, MandatorSearch::default(), today).await,
            ["Jan", "Jana", "Élodie"],
            "{}",
            database.name
        );
        assert_eq!(find(&mut t, by("dhondt", "ELODIE"), today).await, ["Élodie"]);
        assert_eq!(find(&mut t, by("claes", ""), today).await, ["Jan", "Jana"]);
        assert_eq!(find(&mut t, by("", "jan"), today).await, ["Jan", "Jana"]);
        assert_eq!(find(&mut t, by("%", ""), today).await.len(), 3, "punctuation is folded away");
        assert_eq!(find(&mut t, MandatorSearch { nihdi: Some(number.clone()), ..by("", "") }, today).await, ["Jan"]);
        let index = |i: &str| MandatorSearch {
            national_number_index: Some([sealer.lookup("nrn", i).either().0.to_vec(), vec![]]),
            ..MandatorSearch::default()
        };
        assert_eq!(find(&mut t, index("number 2"), today).await, ["Jana"]);
        assert!(find(&mut t, index("number 3"), today).await.is_empty(), "another holder's mandator");
        assert!(find(&mut t, MandatorSearch { nihdi: Some(number), ..index("number 2") }, today).await.is_empty());
        // Jan's mandate ends today, the day included.
        assert_eq!(find(&mut t, by("claes", ""), day("2026-11-23")).await, ["Jana"]);
        assert!(t.end_mandate(MandateId::from_u128(3), NOW).await.expect("ends"));
        assert_eq!(find(&mut t, MandatorSearch::default(), today).await, ["Jan", "Élodie"]);
    }
}

#[tokio::test]
async fn audit_1_many_lines_at_once_are_all_kept_whole() {
    use poort::{base::id::AuditId, domain::audit::Event};
    for database in databases::each().await {
        let line = |number: u32| {
            let event = Event::new(AuditId::from_u128(number.into()), NOW, "register.used");
            let event = event.by(PersonId::from_u128(u128::from(number) + 100)).with("number", number.to_string());
            if number.is_multiple_of(2) { event.about(PersonId::from_u128(7)) } else { event }
        };
        let lines: Vec<Event> = (0..19).map(line).collect();
        let mut t = database.store.begin(&tenant("a")).await.expect("begins");
        t.record_all(&lines.iter().collect::<Vec<_>>()).await.expect("records");
        let kept = t.newest_events(100).await.expect("reads");
        let expected: Vec<_> = lines.iter().map(|line| (NOW, line.canonical())).collect();
        assert_eq!(kept, expected, "{}", database.name);
        let about = t.events_about(PersonId::from_u128(7), 100).await.expect("reads");
        assert_eq!(about.len(), 10, "{}", database.name);
    }
}

#[tokio::test]
async fn audit_1_the_log_is_only_added_to() {
    let database = databases::sqlite().await;
    let Database::Sqlite { file } = &database.settings else { unreachable!() };
    let mut t = database.store.begin(&tenant("a")).await.expect("begins");
    let event = poort::domain::audit::Event::new(poort::base::id::AuditId::from_u128(1), NOW, "login.failed");
    t.record(&event).await.expect("records");
    t.commit().await.expect("commits");
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(file);
    let mut connection = sqlx::SqliteConnection::connect_with(&options).await.expect("connects");
    for attack in ["UPDATE audit SET body = ''", "DELETE FROM audit"] {
        assert!(connection.execute(attack).await.is_err(), "{attack}");
    }
}

#[tokio::test]
async fn lookup_1_a_public_look_up_is_one_walk_along_an_index() {
    let database = databases::sqlite().await;
    let Database::Sqlite { file } = &database.settings else { panic!("it is SQLite") };
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(file);
    let mut connection = sqlx::SqliteConnection::connect_with(&options).await.expect("connects");
    for (wanted, first) in [
        (
            "FIND_REGISTRANTS",
            "SEARCH n USING PRIMARY KEY (tenant=? AND profession=? AND name=? AND given>? AND given<?)",
        ),
        ("FIND_REGISTRANT_BY_NUMBER", "SEARCH r USING INDEX registration_by_number (tenant=? AND number_base=?)"),
    ] {
        let (_, statement) = statements().into_iter().find(|(name, _)| *name == wanted).expect("a statement");
        let explain = format!("EXPLAIN QUERY PLAN {}", statement.sql());
        let rows = sqlx::query(sqlx::AssertSqlSafe(explain)).fetch_all(&mut connection).await.expect("a plan");
        let plan: Vec<String> = rows.iter().map(|row| row.get("detail")).collect();
        assert_eq!(plan[0], first, "{plan:#?}");
        let by_key = |step: &String| step.starts_with("SEARCH ") && step.contains("(tenant=?");
        assert!(plan[1..].iter().all(|step| by_key(step) || wanted.ends_with("NUMBER")), "{plan:#?}");
        assert!(!plan.iter().any(|step| step.starts_with("SCAN")), "{plan:#?}");
    }
}
