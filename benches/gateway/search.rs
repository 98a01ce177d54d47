//! What the search for a mandator costs in a tenant with a million mandates, of a holder with fifty thousand.
//!
//! The question is the one that the page asks ([`poort::storage::Transaction::search_mandators`]), in a transaction of its own,
//! on the wall clock: on PostgreSQL most of it is another process's time.

use std::time::Instant;

use jiff::civil::{Date, date};
use poort::{
    base::id::OrganizationId,
    domain::{
        mandate::{Holder, MandatorSearch, PAGE_SIZE},
        person::fold_name,
    },
    storage::{Store, sql::Database},
};
use sqlx::{Connection, Executor, PgConnection, SqliteConnection, sqlite::SqliteConnectOptions};

use super::{
    databases::Postgres,
    figures::Figures,
    house::{TENANT, tenant_id},
};

/// Of the tenant.
const MANDATES: usize = 1_000_000;
/// Of the enterprise that searches; every other enterprise has a hundred.
const HELD: usize = 50_000;
/// Of those, with one family name.
const NAMESAKES: u64 = 400;
const FAMILY: &str = "Lemaître";
const TODAY: Date = date(2026, 11, 22);
const TIMES: usize = 21;

/// Family names: each first half with each second half.
const FIRST: [&str; 20] = [
    "Van der", "Vander", "Van", "De", "Den", "Dü", "Du", "Bos", "Berg", "Claes", "Goos", "Haan", "Jans", "Maes",
    "Noël", "Peeters", "Ruys", "Smeets", "Wouters", "Zwart",
];
const SECOND: [&str; 50] = [
    "acker", "aert", "beek", "bergh", "bosch", "broeck", "bruyn", "camp", "dael", "donck", "eecke", "elst", "eyck",
    "gracht", "haeghe", "hout", "huys", "ingel", "jonck", "kerck", "laer", "linden", "loo", "maele", "meer", "meulen",
    "moer", "muyser", "neste", "noot", "oever", "ooghe", "pitte", "plas", "poel", "putte", "reest", "roy", "schaeve",
    "schoor", "sande", "steene", "straeten", "swaen", "velde", "vijver", "voorde", "walle", "weghe", "zype",
];
const GIVEN: [&str; 10] = ["Anaïs", "Bart", "Chloé", "Dirk", "Els", "François", "Greet", "Hélène", "Inge", "Jan"];

/// A name's number becomes a person. Both databases read this, apart from how they count and pad.
macro_rules! people {
    ($numbers:literal, $id:literal, $number:literal) => {
        concat!(
            "WITH ",
            $numbers,
            " INSERT INTO person (tenant, id, given_name, family_name, email, login_name, language, citizen_file) \
             SELECT 'progezondheid', ",
            $id,
            ", g.name, f.name, 'p' || n || '@example.org', 'p' || n || '@example.org', 'nl', ",
            $number,
            " FROM numbers JOIN bench_family f ON f.place = CASE WHEN n < 400 THEN -1 ELSE n % 1000 END \
             JOIN bench_given g ON g.place = (n / 7) % 10"
        )
    };
}

macro_rules! mandates {
    ($numbers:literal, $id:literal, $holder:literal, $base:literal, $from:literal, $until:literal) => {
        concat!(
            "WITH ", $numbers, " INSERT INTO mandate (tenant, id, mandator, holder_organization, holder, scope, valid_from, \
             valid_until, accepted_at, family_folded, given_folded, number_base) \
             SELECT 'progezondheid', ", $id, ", ", $id, ", ", $holder, ", ", $holder, ", 'administrative', ", $from, ", ", $until,
            ", 0, f.folded, g.folded, ", $base, " FROM numbers \
             JOIN bench_family f ON f.place = CASE WHEN n < 400 THEN -1 ELSE n % 1000 END JOIN bench_given g ON g.place = (n / 7) % 10"
        )
    };
}

const SQLITE: [&str; 3] = [
    "WITH RECURSIVE numbers(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n < 9500) \
     INSERT INTO organization (tenant, id, name) \
     SELECT 'progezondheid', printf('%08x-0000-4000-8000-000000000000', n), 'Huis ' || n FROM numbers",
    people!(
        "RECURSIVE numbers(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n < 999999)",
        "printf('%08x-0000-4000-8000-000000000001', n)",
        "1"
    ),
    mandates!(
        "RECURSIVE numbers(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n < 999999)",
        "printf('%08x-0000-4000-8000-000000000001', n)",
        "printf('%08x-0000-4000-8000-000000000000', CASE WHEN n < 50000 THEN 0 ELSE n / 100 - 499 END)",
        "printf('%08d', n)",
        "'2020-01-01'",
        "'9999-12-31'"
    ),
];

const POSTGRES: [&str; 3] = [
    "INSERT INTO organization (tenant, id, name) \
     SELECT 'progezondheid', lpad(to_hex(n), 8, '0') || '-0000-4000-8000-000000000000', 'Huis ' || n \
     FROM generate_series(0, 9500) AS numbers(n)",
    people!(
        "numbers AS (SELECT generate_series(0, 999999) AS n)",
        "lpad(to_hex(n), 8, '0') || '-0000-4000-8000-000000000001'",
        "true"
    ),
    mandates!(
        "numbers AS (SELECT generate_series(0, 999999) AS n)",
        "lpad(to_hex(n), 8, '0') || '-0000-4000-8000-000000000001'",
        "lpad(to_hex(CASE WHEN n < 50000 THEN 0 ELSE n / 100 - 499 END), 8, '0') || '-0000-4000-8000-000000000000'",
        "lpad(n::text, 8, '0')",
        "'2020-01-01'",
        "'9999-12-31'"
    ),
];

/// Measures and prints.
pub async fn measure() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("poort.db");
    let sqlite = Database::Sqlite { file: file.clone() };
    Store::open(&sqlite).await.expect("SQLite opens").close().await;
    let options = SqliteConnectOptions::new().filename(&file).foreign_keys(false).pragma("synchronous", "off");
    let mut connection = SqliteConnection::connect_with(&options).await.expect("SQLite connects");
    fill!(connection, SQLITE);
    connection.execute("ANALYZE").await.expect("statistics");
    connection.close().await.expect("closes");
    searches("SQLite", &sqlite).await;

    let Some(postgres) = Postgres::fresh().await else {
        println!("PostgreSQL left out: tests/run bench starts one");
        return;
    };
    Store::open(&postgres.settings).await.expect("PostgreSQL opens").close().await;
    let mut connection = PgConnection::connect(&postgres.owner_url).await.expect("the owner connects");
    connection.execute("SELECT set_config('poort.tenant', 'progezondheid', false)").await.expect("a setting");
    fill!(connection, POSTGRES);
    // What autovacuum does within a minute.
    connection.execute("VACUUM ANALYZE").await.expect("statistics");
    connection.close().await.expect("closes");
    searches("PostgreSQL", &postgres.settings).await;
    postgres.drop_database().await;
}

/// Writes the names, and then with them the enterprises, people and mandates of `$statements`.
macro_rules! fill {
    ($connection:ident, $statements:ident) => {{
        for table in [
            "CREATE TEMP TABLE bench_family (place INTEGER PRIMARY KEY, name TEXT, folded TEXT)",
            "CREATE TEMP TABLE bench_given (place INTEGER PRIMARY KEY, name TEXT, folded TEXT)",
        ] {
            $connection.execute(table).await.expect("a table of names");
        }
        for (place, name) in families() {
            sqlx::query("INSERT INTO bench_family (place, name, folded) VALUES ($1, $2, $3)")
                .bind(place)
                .bind(&name)
                .bind(fold_name(&name))
                .execute(&mut $connection)
                .await
                .expect("a name");
        }
        for (place, name) in (0i32..).zip(GIVEN) {
            sqlx::query("INSERT INTO bench_given (place, name, folded) VALUES ($1, $2, $3)")
                .bind(place)
                .bind(name)
                .bind(fold_name(name))
                .execute(&mut $connection)
                .await
                .expect("a name");
        }
        for statement in $statements {
            $connection.execute(statement).await.expect("people and mandates");
        }
    }};
}
use fill;

/// Every family name with its place; the one of the namesakes has the place -1.
fn families() -> impl Iterator<Item = (i32, String)> {
    let halves = FIRST.iter().flat_map(|first| SECOND.iter().map(move |second| format!("{first}{second}")));
    std::iter::once((-1, FAMILY.to_owned())).chain((0..).zip(halves))
}

async fn searches(name: &str, database: &Database) {
    let store = Store::open(database).await.expect("it opens");
    let family = |text: &str| MandatorSearch { family_name: Some(text.to_owned()), ..MandatorSearch::default() };
    println!("{name}: {MANDATES} mandates of {TENANT}, {HELD} of one enterprise");
    for (what, search, page, expected) in [
        ("family name Lemaître, page 1", family("Lemaître"), 0, Some(NAMESAKES)),
        ("family name LEMAITRE, page 1", family("LEMAITRE"), 0, Some(NAMESAKES)),
        ("family name lemaître, page 16", family("lemaître"), 15, Some(NAMESAKES)),
        ("family name d…, page 1", family("d"), 0, None),
        ("family name d…, page 80", family("d"), 79, None),
        ("everybody, page 1", MandatorSearch::default(), 0, Some(HELD as u64)),
        ("everybody, page 80", MandatorSearch::default(), 79, Some(HELD as u64)),
        ("a number", MandatorSearch { nihdi: Some("00012345".into()), ..MandatorSearch::default() }, 0, Some(1)),
    ] {
        let mut took = Figures::default();
        let mut count = 0;
        for _ in 0..TIMES {
            let begun = Instant::now();
            let mut transaction = store.read(&tenant_id()).await.expect("begins");
            let holder = Holder::Organization(OrganizationId::from_u128(0x0000_0000_0000_4000_8000_0000_0000_0000));
            let (all, found) = transaction.search_mandators(holder, &search, TODAY, page).await.expect("an answer");
            drop(transaction);
            took.push(begun.elapsed().as_secs_f64() * 1e3);
            assert!(expected.is_none_or(|expected| expected == all), "{what}: {all}");
            assert_eq!(found.len(), (all as usize).min(PAGE_SIZE as usize), "{what}");
            count = all;
        }
        println!("  {what:<32} {count:>6} found {:>8.2} ms, least {:.2}", took.median(), took.least());
    }
    store.close().await;
}
