//! Two replicas, a balancer before them, and behind them a database, a register, a mail server, and perhaps a Redis.

use std::{fmt::Write as _, net::SocketAddr, sync::Arc, time::Duration};

use poort::{
    base::{Language, Random, id::PersonId, token::TokenDigest},
    config,
    domain::{
        period::Period,
        person::{Person, Registration},
    },
    login::{new_password::NewPassword, password::Passwords, totp::TotpSecret},
    storage::{
        Store,
        seal::{Kind, MasterKey},
        sql::{Database, migrate},
    },
};
use secrecy::SecretString;
use tempfile::TempDir;
use tokio::sync::OnceCell;
use zeroize::Zeroizing;

use super::{post::Post, process::Replica, servers::free_port, wire::Balancer};
use crate::harness::{
    databases::{self, TestDatabase},
    gateway::Gateway,
    people::{PASSWORD, SECRET, ZORG},
    registers::Registers,
};

/// One hash for everybody: hashing is slow on purpose.
static HASH: OnceCell<String> = OnceCell::const_new();

pub struct Cluster {
    /// A view into the database, and requests through the balancer.
    pub gateway: Gateway,
    pub balancer: Balancer,
    pub replicas: Vec<Arc<Replica>>,
    pub post: Post,
    _folder: TempDir,
}

/// What a cluster stands on, when it is not the shared PostgreSQL alone.
#[derive(Default)]
pub struct Setup {
    /// Where each replica finds Redis.
    pub redis: Vec<String>,
    /// The database's servers as the role that serves and as the owner, instead of the shared one's.
    pub database: Option<(String, String)>,
    /// Through which address each replica reaches the database.
    pub wires: Vec<SocketAddr>,
    /// More lines for `[limits]`.
    pub limits: &'static str,
    /// More lines for `[database]`.
    pub bounds: &'static str,
}

impl Cluster {
    /// Two replicas that are ready; `None` when there is no PostgreSQL to test with.
    pub async fn start(setup: Setup) -> Option<Self> {
        let database = match &setup.database {
            None => databases::postgres().await?,
            Some((app, owner)) => own_database(app, owner).await,
        };
        let (registers, post, balancer) = (Registers::start().await, Post::start().await, Balancer::start().await);
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path();
        MasterKey::create(&path.join("master.key"), &Random::system()).expect("a key");
        std::fs::create_dir(path.join("tenants")).expect("a folder");
        let tenant = include_str!("tenant.toml")
            .replace("BACKEND", &registers.address.to_string())
            .replace("SECRET", &TokenDigest::of(SECRET.as_bytes()).text());
        std::fs::write(path.join("tenants/zorg.toml"), tenant).expect("written");
        let replicas: Vec<Arc<Replica>> =
            ["first", "second"].map(|name| Arc::new(Replica::new(path, name, free_port(), free_port()))).into();
        for (place, replica) in replicas.iter().enumerate() {
            let text = configuration(&setup, place, replica, &database, &post, &balancer);
            std::fs::write(replica.config(), text).expect("written");
        }
        balancer.over(replicas.iter().map(|replica| replica.port));
        let config = config::load(replicas[0].config()).unwrap_or_else(|mistakes| panic!("{mistakes}"));
        let master = MasterKey::read(&path.join("master.key")).expect("a key");
        let gateway = Gateway::of_processes(database, config, master, registers, balancer.address).await;
        replicas.iter().for_each(|replica| replica.start());
        for replica in &replicas {
            replica.ready().await;
        }
        Some(Self { gateway, balancer, replicas, post, _folder: folder })
    }

    /// Writes new people, who can log in with password and authenticator app, and be citizens or physicians.
    pub async fn people(&self, numbers: std::ops::Range<u128>) -> Vec<Visitor> {
        let (core, tenant) = (self.gateway.core(), self.gateway.tenant());
        let hash = HASH
            .get_or_init(async || {
                let password = NewPassword::check(Zeroizing::new(PASSWORD.into()), &[]).expect("a good password");
                let passwords = Passwords::new(&Random::system());
                passwords.hash(password).await.expect("hashed").as_str().to_owned()
            })
            .await;
        let physician = Registration {
            profession: "physician".into(),
            number: None,
            complete: true,
            period: Period::default(),
            certified_until: None,
        };
        let mut transaction = core.store.begin(&tenant.id).await.expect("begins");
        let visitors: Vec<Visitor> = numbers.map(Visitor).collect();
        for visitor in &visitors {
            let person = Person {
                id: visitor.id(),
                given_name: "Iemand".into(),
                family_name: format!("Nummer{}", visitor.0),
                email: visitor.email(),
                language: Language::Nl,
                citizen_file: true,
            };
            let sealer = &core.keys_of(tenant).expect("keys").sealer;
            let sealed = sealer.seal(Kind::TotpSecret, &person.id, visitor.app().bytes()).expect("sealed");
            transaction.put_person(&person).await.expect("writes");
            transaction.put_password(person.id, hash, false, core.now()).await.expect("writes");
            transaction.put_authenticator(person.id, &sealed).await.expect("writes");
            transaction.put_registration(person.id, &physician, None).await.expect("writes");
        }
        transaction.commit().await.expect("commits");
        visitors
    }

    /// The one number that a question to the tenant's rows answers.
    pub async fn count(&self, sql: &'static str) -> i64 {
        use sqlx::Connection as _;
        let mut connection = databases::as_serving_role(&self.gateway.database.settings).await.expect("PostgreSQL");
        let mut transaction = connection.begin().await.expect("begins");
        let set = "SELECT set_config('poort.tenant', $1, true)";
        sqlx::query(set).bind(ZORG).execute(&mut *transaction).await.expect("sets");
        sqlx::query_scalar(sql).fetch_one(&mut *transaction).await.expect("counts")
    }
}

/// An invented person with a number for a name.
#[derive(Clone, Copy, Debug)]
pub struct Visitor(u128);

impl Visitor {
    pub const fn id(self) -> PersonId {
        PersonId::from_u128(self.0)
    }

    pub fn email(self) -> String {
        format!("nummer{}@example.org", self.0)
    }

    pub fn app(self) -> TotpSecret {
        let secret = TokenDigest::of(format!("app {}", self.0).as_bytes());
        TotpSecret::from_bytes(&secret.bytes()[..20]).expect("20 bytes")
    }
}

/// A database on servers of the test's own.
async fn own_database(app: &str, owner: &str) -> TestDatabase {
    let servers = |url: &str| {
        let all = config::gateway::one_server_each(url).into_iter().map(SecretString::from).collect();
        poort::storage::sql::Servers::new(all)
    };
    let settings = Database::Postgres {
        url: servers(app),
        owner_url: Some(servers(owner)),
        migrate: true,
        connections: 8,
        acquire: Duration::from_secs(10),
        patience: Duration::from_secs(10),
    };
    migrate(&settings).await.expect("the schema is made");
    let store = Store::open(&settings).await.expect("PostgreSQL opens");
    TestDatabase::of(settings, store)
}

fn configuration(
    setup: &Setup,
    place: usize,
    replica: &Replica,
    database: &TestDatabase,
    post: &Post,
    balancer: &Balancer,
) -> String {
    use secrecy::ExposeSecret;
    let Database::Postgres { url: servers, .. } = &database.settings else { panic!("replicas need PostgreSQL") };
    let mut url = match &setup.database {
        Some((app, _)) => app.clone(),
        None => servers.urls()[0].expose_secret().to_owned(),
    };
    let mut password = None;
    if let Ok(mut parsed) = url::Url::parse(&url) {
        password = parsed.password().map(str::to_owned);
        parsed.set_password(None).expect("a URL");
        if let Some(wire) = setup.wires.get(place) {
            parsed.set_ip_host(wire.ip()).expect("a URL");
            parsed.set_port(Some(wire.port())).expect("a URL");
        }
        url = parsed.to_string();
    }
    let (port, management, public, smtp) =
        (replica.port, replica.management(), balancer.address.port(), post.address.port());
    let mut text = format!(
        "[server]\nlisten = \"127.0.0.1:{port}\"\nmanagement_listen = \"127.0.0.1:{management}\"\n\
         public_scheme = \"http\"\npublic_port = {public}\n\
         [limits]\n{}\n\
         [mail]\nhost = \"localhost\"\nport = {smtp}\n\
         [database]\nurl = \"{url}\"\nmigrate_on_start = false\n{}\n",
        setup.limits, setup.bounds
    );
    if let Some(password) = password {
        let file = replica.config().with_extension("password");
        std::fs::write(&file, password).expect("written");
        writeln!(text, "password_file = \"{}\"", file.display()).expect("a string");
    }
    if let Some(redis) = setup.redis.get(place) {
        writeln!(text, "[redis]\nurl = \"{redis}\"").expect("a string");
    }
    text
}
