//! A gateway in a folder of its own: the release binary, `poort serve`, with the shipped tenant and people made in bulk.

use std::{
    fs::{self, File},
    net::SocketAddr,
    path::Path,
    process::{Command, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

use poort::{
    base::{
        Clock, Language, Random, Timestamp,
        id::{AuthorizationId, MandateId, PersonId, SessionId, TenantId},
        token::{Token, TokenDigest},
    },
    domain::{
        assurance::Assurance,
        capacity::Capacity,
        mandate::{Holder, Mandate},
        period::Period,
        person::{Person, Registration},
        profile::{Profile, Represented},
    },
    login::{new_password::NewPassword, password::Passwords},
    service::authorizations::challenge_of,
    storage::{
        Store,
        seal::MasterKey,
        sql::{Authorization, Database, Session, TakenCode},
    },
};
use secrecy::ExposeSecret;
use zeroize::Zeroizing;

use super::{
    client::Connection,
    process::{Process, free_address},
};

pub const TENANT: &str = "progezondheid";
pub const LOGIN_HOST: &str = "login.progezondheid.example";
pub const REGISTER_HOST: &str = "dossier.progezondheid.example";
pub const CLIENT: &str = "bench";
pub const CLIENT_SECRET: &str = "a secret that is made up for this one measurement";
pub const REDIRECT_URI: &str = "https://bench.example/callback";
pub const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
pub const SCOPE: &str = "openid profile offline_access";
pub const PASSWORD: &str = "zeven paarden op het balkon";

/// Mandators, each with a holder. Sessions are shared out among them.
const PAIRS: usize = 1000;

/// A folder with a configuration and a database.
pub struct House {
    folder: tempfile::TempDir,
    pub database: Database,
    listen: SocketAddr,
    management: SocketAddr,
    /// What its configuration has beside its addresses: another replica has the same.
    settings: String,
}

/// Somebody in a session on the register's host, who may read one file.
pub struct Reader {
    /// Their cookie.
    pub cookie: String,
    /// The registration number of the file.
    pub number: String,
}

/// A gateway that runs.
pub struct Gateway {
    pub process: Process,
    pub address: SocketAddr,
    /// From the start of the process until it said that it is ready.
    pub ready_after: Duration,
}

impl House {
    /// A configuration that forwards to `backend`. Two routes are alike but for their audit: `/dossiers/…` and `/quiet/…`.
    pub fn new(backend: SocketAddr, postgres: Option<Database>) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path();
        let (listen, management) = (free_address(), free_address());
        fs::create_dir(path.join("tenants")).expect("a folder");
        fs::write(path.join(format!("tenants/{TENANT}.toml")), tenant(backend)).expect("a file");
        let written = write_database(path, postgres.as_ref());
        let settings = format!(
            "[database]\n{written}[keys]\nmaster_key_file = \"master.key\"\n[folders]\ntenants = \"tenants\"\n"
        );
        MasterKey::create(&path.join("master.key"), &Random::system()).expect("a master key");
        let database = postgres.unwrap_or_else(|| Database::Sqlite { file: path.join("poort.db") });
        Self { folder, database, listen, management, settings }
    }

    /// With more in its configuration.
    pub fn with(self, more: &str) -> Self {
        Self { settings: format!("{}{more}", self.settings), ..self }
    }

    /// Starts another gateway on the same database.
    pub fn start_another(&self) -> Gateway {
        self.start_at("another", free_address(), free_address())
    }

    /// Starts the gateway and waits until it is ready. Its log goes to a file.
    pub fn start(&self) -> Gateway {
        self.start_at("gateway", self.listen, self.management)
    }

    fn start_at(&self, name: &str, listen: SocketAddr, management: SocketAddr) -> Gateway {
        let in_folder = |ending| self.folder.path().join(format!("{name}.{ending}"));
        let server =
            format!("[server]\nlisten = \"{listen}\"\nmanagement_listen = \"{management}\"\n{}", self.settings);
        fs::write(in_folder("toml"), server).expect("a file");
        let log = File::create(in_folder("log")).expect("a log");
        let begun = Instant::now();
        let process = Process::start(
            Command::new(env!("CARGO_BIN_EXE_poort"))
                .args(["serve", "--config"])
                .arg(in_folder("toml"))
                .stdout(Stdio::null())
                .stderr(log),
        );
        while !is_ready(management) {
            let said = || fs::read_to_string(in_folder("log")).unwrap_or_default();
            assert!(begun.elapsed() < Duration::from_secs(30), "{}", said());
            sleep(Duration::from_millis(2));
        }
        Gateway { process, address: listen, ready_after: begun.elapsed() }
    }

    /// Writes people, mandates and `sessions` sessions of mandate holders on the register's host.
    pub async fn readers(&self, sessions: usize) -> Vec<Reader> {
        let (store, random, now) = (self.open().await, Random::system(), Clock::system().now());
        let mut readers = Vec::with_capacity(sessions);
        let mut transaction = store.begin(&tenant_id()).await.expect("begins");
        for pair in 0..PAIRS.min(sessions) {
            let (holder, mandator) = (person(2 * pair), person(2 * pair + 1));
            for somebody in [&holder, &mandator] {
                transaction.put_person(somebody).await.expect("a person");
            }
            let number = number(pair);
            let registration = Registration {
                profession: "physician".into(),
                number: Some(number.clone()),
                complete: true,
                period: Period::default(),
                certified_until: None,
            };
            transaction.put_registration(mandator.id, &registration, Some(&number[..8])).await.expect("a registration");
            let mandate = Mandate {
                id: MandateId::from_u128(pair as u128 + 1),
                mandator: mandator.id,
                holder: Holder::Person(holder.id),
                scope: "administrative".into(),
                period: Period::default(),
                accepted: true,
                ended: false,
            };
            transaction.put_mandate(&mandate, &mandator, Some(&number[..8]), now).await.expect("a mandate");
            let profile = Profile {
                handle: format!("holder-{pair}"),
                actor: holder.id,
                capacity: Capacity::MandateHolder,
                profession: None,
                organization: None,
                mandate: Some(Represented { mandate: mandate.id, person: mandator.id }),
            };
            transaction.put_profile(&profile, now).await.expect("a profile");
        }
        for session in 0..sessions {
            let pair = session % PAIRS;
            let (login, token) = (Token::new(&random), Token::new(&random));
            let profile = format!("holder-{pair}");
            let begun = session_of(person(2 * pair).id, &profile, SessionId::new(&random), now);
            transaction.put_session(login.digest(), &begun).await.expect("a login");
            let entered = Session {
                id: SessionId::new(&random),
                login: Some(begun.id),
                register: Some("dossier".into()),
                ..begun
            };
            transaction.put_session(token.digest(), &entered).await.expect("a session");
            readers.push(Reader { cookie: format!("__Host-poort-session={}", token.reveal()), number: number(pair) });
        }
        transaction.commit().await.expect("commits");
        store.close().await;
        readers
    }

    /// Writes a login of a citizen, and `codes` authorization codes that it gave.
    pub async fn codes(&self, codes: usize) -> Vec<String> {
        let (store, random, now) = (self.open().await, Random::system(), Clock::system().now());
        let citizen = person(0);
        let mut transaction = store.begin(&tenant_id()).await.expect("begins");
        transaction.put_person(&citizen).await.expect("a person");
        let profile = Profile {
            handle: "citizen".into(),
            actor: citizen.id,
            capacity: Capacity::Citizen,
            profession: None,
            organization: None,
            mandate: None,
        };
        transaction.put_profile(&profile, now).await.expect("a profile");
        let login = session_of(citizen.id, &profile.handle, SessionId::new(&random), now);
        transaction.put_session(Token::new(&random).digest(), &login).await.expect("a login");
        let mut given = Vec::with_capacity(codes);
        for _ in 0..codes {
            let authorization = Authorization {
                id: AuthorizationId::new(&random),
                client: CLIENT.into(),
                login: login.id,
                profile: profile.handle.clone(),
                scope: SCOPE.into(),
                audience: "https://api.bench.example".into(),
                nonce: Some("nonce".into()),
                created_at: now,
            };
            let kept = TakenCode {
                authorization_grant: authorization.id,
                redirect_uri: REDIRECT_URI.into(),
                challenge: challenge_of(VERIFIER).expect("a verifier"),
            };
            let code = Token::new(&random);
            transaction.put_authorization(&authorization).await.expect("a grant");
            let expires = now.plus(Duration::from_secs(3600));
            transaction.put_code(code.digest(), CLIENT, &kept, expires).await.expect("a code");
            given.push(code.reveal());
        }
        transaction.commit().await.expect("commits");
        store.close().await;
        given
    }

    /// Writes people who can log in with [`PASSWORD`], and says their hash.
    pub async fn passwords(&self, people: usize) -> (Vec<String>, String) {
        let (store, now) = (self.open().await, Clock::system().now());
        let password = NewPassword::check(Zeroizing::new(PASSWORD.to_owned()), &[]).expect("a good password");
        let hash = Passwords::new(&Random::system()).hash(password).await.expect("a hash");
        let mut transaction = store.begin(&tenant_id()).await.expect("begins");
        let mut addresses = Vec::new();
        for who in 0..people {
            let somebody = person(who);
            transaction.put_person(&somebody).await.expect("a person");
            transaction.put_password(somebody.id, hash.as_str(), false, now).await.expect("a password");
            addresses.push(somebody.email);
        }
        transaction.commit().await.expect("commits");
        store.close().await;
        (addresses, hash.as_str().to_owned())
    }

    async fn open(&self) -> Store {
        Store::open(&self.database).await.expect("the database opens")
    }
}

pub fn tenant_id() -> TenantId {
    TENANT.parse().expect("a slug")
}

/// The shipped tenant with our backend, a second route that writes no audit line, and a client with a secret.
fn tenant(backend: SocketAddr) -> String {
    let shipped =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("deploy/tenants/{TENANT}.toml")))
            .expect("the shipped tenant");
    let quiet = "[[registers.dossier.routes]]\nmethods = [\"GET\"]\npath = \"/quiet/{riziv}\"\nsubject = \"{riziv}\"\n\
                 name_space = \"nihdi\"\nresource = \"dossier\"\naction = \"read\"\nfields = \"administrative\"\n\
                 assurance = \"substantial\"\naudit = \"none\"\n\n";
    let client = format!(
        "\n[clients.{CLIENT}]\nsecret = \"sha256:{}\"\nredirect_uris = [\"{REDIRECT_URI}\"]\n\
         scopes = [\"openid\", \"profile\", \"offline_access\"]\nrefresh = true\n\
         audiences = [\"https://api.bench.example\"]\nleast_assurance = \"low\"\nmeans = [\"password-totp\"]\n\
         [clients.{CLIENT}.name]\nnl = \"Meting\"\nfr = \"Mesure\"\nde = \"Messung\"\nen = \"Measurement\"\n",
        TokenDigest::of(CLIENT_SECRET.as_bytes()).text()
    );
    let first_route = "[[registers.dossier.routes]]";
    let (before, after) = shipped.split_once(first_route).expect("the shipped tenant has routes");
    format!("{before}{quiet}{first_route}{after}{client}")
        .replace("http://dossier.internal:9001", &format!("http://{backend}"))
}

fn is_ready(management: SocketAddr) -> bool {
    std::net::TcpStream::connect(management).is_ok()
        && Connection::open(management, "management").get("/readyz", "").status == 200
}

/// The keys of `[database]`; passwords go to files of their own.
fn write_database(folder: &Path, postgres: Option<&Database>) -> String {
    let Some(Database::Postgres { url, owner_url: Some(owner), .. }) = postgres else {
        return "url = \"sqlite:poort.db\"\n".into();
    };
    let mut keys = String::new();
    for (key, file, url) in [("url", "password_file", url), ("migrate_url", "migrate_password_file", owner)] {
        let mut url = url::Url::parse(url.urls()[0].expose_secret()).expect("a URL");
        let path = folder.join(file);
        fs::write(&path, url.password().unwrap_or_default()).expect("a file");
        url.set_password(None).expect("a URL that can have a password");
        keys.push_str(&format!("{key} = \"{url}\"\n{file} = \"{}\"\n", path.display()));
    }
    keys
}

fn person(number: usize) -> Person {
    Person {
        id: PersonId::from_u128(number as u128 + 1),
        given_name: "Els".into(),
        family_name: format!("Peeters {number}"),
        email: format!("els{number}@example.org"),
        language: Language::Nl,
        citizen_file: true,
    }
}

/// A registration number with its check digits, of a physician.
fn number(pair: usize) -> String {
    let first = 100_001 + pair;
    format!("{first}{:02}004", 97 - first % 97)
}

fn session_of(person: PersonId, profile: &str, id: SessionId, now: Timestamp) -> Session {
    Session {
        id,
        person,
        login: None,
        register: None,
        profile: Some(profile.to_owned()),
        means: "password-totp".into(),
        assurance: Assurance::Substantial,
        authenticated_at: now,
        created_at: now,
        seen_at: now,
        expires_at: now.plus(Duration::from_secs(12 * 3600)),
        agent: "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0".into(),
    }
}
