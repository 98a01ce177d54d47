//! A gateway in process: the real doors on a listener of this machine, on a fresh database, with a clock that the test moves.

use std::{
    net::SocketAddr,
    num::NonZeroU32,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use http::{HeaderMap, Method, Request, StatusCode, header::HOST};
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use poort::{
    app::{
        gateway::{Gateway as Doors, UnknownHost},
        start::{Parts, assemble},
    },
    base::{Clock, Random, Timestamp, id::TenantId},
    config::Config,
    demo::{BackendAt, Demo, Options},
    domain::tenant::Tenant,
    http::{
        client_ip::{ForwardedBy, Scheme, TrustedProxies},
        limits::Limits,
        server,
        spans::{Span, Spans},
    },
    login::{new_password::NewPassword, password::Passwords},
    policy::{Policies, source},
    proxy::gate::Gate,
    service::{
        Core, Shared,
        addresses::Allowances,
        keys::{self, Keeper},
    },
    storage::{Store, Transaction, ephemeral::Ephemeral, seal::MasterKey, sql::Database},
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, TcpStream},
    sync::{OnceCell, mpsc},
};
use tokio_util::sync::{CancellationToken, DropGuard};
use zeroize::Zeroizing;

use super::{
    browser::Browser,
    databases::{self, TestDatabase},
    made_keys,
    people::{self, PASSWORD, ZORG},
    registers::Registers,
};

/// A Sunday morning in November.
pub const NOW: Timestamp = Timestamp::from_millis(1_795_348_800_000);

/// One hash for everybody: hashing is slow on purpose.
static HASH: OnceCell<String> = OnceCell::const_new();

/// The tenant of the demo that most stories are about.
pub const PRO: &str = "progezondheid";
/// The demo's other tenant.
pub const RGS: &str = "mijnrgs";

/// A gateway with two tenants and their people.
pub struct Gateway {
    pub shared: Shared,
    pub clock: Clock,
    pub database: Arc<TestDatabase>,
    /// What the registers behind it got.
    pub registers: Arc<Registers>,
    /// The spans of its requests.
    spans: Mutex<mpsc::Receiver<Span>>,
    /// Where it listens.
    pub address: SocketAddr,
    /// The tenant that most tests are about.
    main: &'static str,
    tenants: Vec<Tenant>,
    /// How often a request was sent again because the gateway went away under it; none where that must not happen.
    reloads: Option<AtomicU64>,
    _demo: Option<Demo>,
    _stopping: DropGuard,
}

/// Where a gateway is come to, and whom it believes there.
struct Entrance {
    listener: TcpListener,
    trusted: TrustedProxies,
}

impl Entrance {
    async fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        Self { listener, trusted: TrustedProxies::default() }
    }

    fn address(&self) -> SocketAddr {
        self.listener.local_addr().expect("an address")
    }
}

/// The master key of every gateway here.
pub fn master_key() -> MasterKey {
    MasterKey::parse("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=").expect("a key")
}

/// What came back.
#[derive(Debug)]
pub struct Reply {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Reply {
    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON; null when it is none.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// The `error` of RFC 6749; empty when there is none.
    pub fn error(&self) -> String {
        self.json()["error"].as_str().unwrap_or_default().to_owned()
    }

    /// A header; empty when it was not sent.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}

impl Gateway {
    /// One on each kind of database.
    pub async fn each() -> Vec<Self> {
        let mut gateways = Vec::new();
        for database in databases::each().await {
            gateways.push(Self::on(database).await);
        }
        gateways
    }

    /// The same, with changes to the tenants.
    pub async fn each_with(change: impl Fn(&mut Tenant)) -> Vec<Self> {
        let mut gateways = Vec::new();
        for database in databases::each().await {
            gateways.push(Self::on_with(database, &change).await);
        }
        gateways
    }

    /// One on SQLite, for what does not depend on the database.
    pub async fn sqlite() -> Self {
        Self::on(databases::sqlite().await).await
    }

    /// The same, with changes to the tenants.
    pub async fn sqlite_with(change: impl Fn(&mut Tenant)) -> Self {
        Self::on_with(databases::sqlite().await, &change).await
    }

    /// One on each kind of database, with the tenants that are shipped and the people of the demo.
    pub async fn demos() -> Vec<Self> {
        Self::demos_with(|_| {}).await
    }

    /// The same, with changes to the tenants.
    pub async fn demos_with(change: impl Fn(&mut Tenant)) -> Vec<Self> {
        let mut gateways = Vec::new();
        for database in databases::each().await {
            gateways.push(Self::demo_on(database, &change).await);
        }
        gateways
    }

    /// One of those on SQLite.
    pub async fn demo() -> Self {
        Self::demo_on(databases::sqlite().await, &|_: &mut Tenant| {}).await
    }

    /// One of those on SQLite, with changes to the tenants.
    pub async fn demo_with(change: impl Fn(&mut Tenant)) -> Self {
        Self::demo_on(databases::sqlite().await, &change).await
    }

    async fn demo_on(database: TestDatabase, change: &impl Fn(&mut Tenant)) -> Self {
        let (clock, random) = (Clock::frozen(NOW), Random::system());
        let registers = Registers::start().await;
        let url = format!("http://{}", registers.address).parse::<url::Url>().expect("a URL");
        let backends = ["dossier", "opleiding"].map(|id| BackendAt { register: id.into(), url: url.clone() });
        let entrance = Entrance::open().await;
        let options = Options { backends: backends.to_vec(), ..Options::new(entrance.address()) };
        let demo = Demo::prepare(&options, &clock, &random).await.expect("a demo");
        let mut tenants = demo.tenants().to_vec();
        tenants.iter_mut().for_each(change);
        let mut this = Self::first_on(database, clock, tenants, PRO, registers, entrance).await;
        demo.seed(this.core()).await.expect("seeds");
        this._demo = Some(demo);
        this
    }

    /// One on this database, with its people.
    pub async fn on(database: TestDatabase) -> Self {
        Self::on_with(database, &|_: &mut Tenant| {}).await
    }

    async fn on_with(database: TestDatabase, change: &impl Fn(&mut Tenant)) -> Self {
        let clock = Clock::frozen(NOW);
        let entrance = Entrance::open().await;
        let registers = Registers::start().await;
        let mut tenants = people::tenants();
        tenants.iter_mut().for_each(change);
        let this = Self::first_on(database, clock, tenants, ZORG, registers, entrance).await;
        let hash = HASH
            .get_or_init(async || {
                let password = NewPassword::check(Zeroizing::new(PASSWORD.into()), &[]).expect("a good password");
                let hash = this.core().methods.passwords().hash(password).await.expect("hashed");
                hash.as_str().to_owned()
            })
            .await;
        for tenant in this.shared.tenants.all() {
            people::settle(&this, tenant, hash).await;
        }
        this
    }

    /// On a database of its own.
    async fn first_on(
        database: TestDatabase,
        clock: Clock,
        tenants: Vec<Tenant>,
        main: &'static str,
        registers: Arc<Registers>,
        entrance: Entrance,
    ) -> Self {
        let store = database.store.clone();
        made_keys::put(&store, &tenants).await;
        let this = Self::of(Arc::new(database), store, clock, tenants, main, registers, entrance).await;
        made_keys::keep(&this.database.store, &this.tenants).await;
        this
    }

    async fn of(
        database: Arc<TestDatabase>,
        store: Store,
        clock: Clock,
        tenants: Vec<Tenant>,
        main: &'static str,
        registers: Arc<Registers>,
        entrance: Entrance,
    ) -> Self {
        let random = Random::system();
        let parts = Parts {
            clock: clock.clone(),
            store,
            master: master_key(),
            policies: Policies::load(&source::shipped()).expect("the shipped policies"),
            passwords: Passwords::with_limits(&random, 2, 200),
            tenants: tenants.clone(),
            random: random.clone(),
            ephemeral: Ephemeral::default(),
            allowances: Allowances::default(),
        };
        let shared = assemble(parts).await.expect("a gateway");
        let (limits, stopping) = (Limits { drain: Duration::ZERO, ..Limits::default() }, CancellationToken::new());
        let gate = Gate::new(shared.clone(), limits.pace, stopping.clone()).expect("a gate");
        let unknown = UnknownHost::Refuse;
        let (sender, spans) = mpsc::channel(4096);
        let doors = Doors::new(shared.clone(), gate, entrance.trusted.clone(), Scheme::Http, limits.pace, unknown)
            .with_spans(Spans::to(sender, NonZeroU32::MIN, random.clone()));
        let address = entrance.address();
        tokio::spawn(server::serve(entrance.listener, None, doors, limits, random, stopping.clone()));
        let _stopping = stopping.drop_guard();
        Self {
            shared,
            clock,
            database,
            registers,
            spans: Mutex::new(spans),
            address,
            main,
            tenants,
            reloads: None,
            _demo: None,
            _stopping,
        }
    }

    /// The same, where most of a test is about another tenant.
    pub fn about(self, main: &'static str) -> Self {
        Self { main, ..self }
    }

    /// Another process on the same database, as after a restart or beside this one: nothing in memory is shared. (A second
    /// process on one SQLite folder is refused, so there the connections are the same.)
    pub async fn again(&self) -> Self {
        let store = match &self.database.settings {
            Database::Sqlite { .. } => self.database.store.clone(),
            settings @ Database::Postgres { .. } => Store::open(settings).await.expect("PostgreSQL opens"),
        };
        let entrance = Entrance::open().await;
        let (tenants, registers) = (self.tenants.clone(), self.registers.clone());
        Self::of(self.database.clone(), store, self.clock.clone(), tenants, self.main, registers, entrance).await
    }

    /// The same gateway behind proxies: whoever connects is believed about the client's address and scheme.
    pub async fn behind_proxies(&self) -> Self {
        let (store, clock, tenants) = (self.database.store.clone(), self.clock.clone(), self.tenants.clone());
        let loopback = vec!["127.0.0.0/8".parse().expect("a network")];
        let trusted = TrustedProxies::new(loopback, ForwardedBy::XForwarded);
        let entrance = Entrance { trusted, ..Entrance::open().await };
        Self::of(self.database.clone(), store, clock, tenants, self.main, self.registers.clone(), entrance).await
    }

    /// Gateways that run as processes of their own and are reached at `address`, with a view into their database from here.
    pub async fn of_processes(
        database: TestDatabase,
        config: Config,
        master: MasterKey,
        registers: Arc<Registers>,
        address: SocketAddr,
    ) -> Self {
        let (clock, random) = (Clock::system(), Random::system());
        let tenants = config.tenants;
        let parts = Parts {
            clock: clock.clone(),
            store: database.store.clone(),
            master,
            policies: config.policies,
            passwords: Passwords::with_limits(&random, 2, 200),
            tenants: tenants.clone(),
            random,
            ephemeral: Ephemeral::default(),
            allowances: Allowances::default(),
        };
        let shared = assemble(parts).await.expect("a gateway");
        let (database, _stopping) = (Arc::new(database), CancellationToken::new().drop_guard());
        Self {
            shared,
            clock,
            database,
            registers,
            spans: Mutex::new(mpsc::channel(1).1),
            address,
            main: ZORG,
            tenants,
            reloads: Some(AtomicU64::new(0)),
            _demo: None,
            _stopping,
        }
    }

    /// How often a request was sent again so far.
    pub fn reloads(&self) -> u64 {
        self.reloads.as_ref().map_or(0, |count| count.load(Ordering::SeqCst))
    }

    /// The same gateway on another database, to which everything was brought.
    pub async fn moved_to(&self, settings: Database, store: Store) -> Self {
        let entrance = Entrance::open().await;
        let database = Arc::new(TestDatabase::of(settings, store.clone()));
        let (tenants, registers) = (self.tenants.clone(), self.registers.clone());
        Self::of(database, store, self.clock.clone(), tenants, self.main, registers, entrance).await
    }

    /// Reads the versions, as each replica does four times a second.
    pub async fn tick(&self) {
        self.core().store.read_versions().await.expect("the database answers");
        keys::refresh(self.core()).await.expect("the keys are read");
    }

    /// Who exchanges keys by a command, in a process of its own.
    pub fn keeper(&self) -> Keeper {
        let (store, clock) = (self.core().store.clone(), self.clock.clone());
        Keeper { store, clock, random: Random::system(), master: master_key() }
    }

    /// The spans that ended since they were asked for last.
    pub fn spans(&self) -> Vec<Span> {
        let mut spans = self.spans.lock().expect("nobody panicked");
        std::iter::from_fn(|| spans.try_recv().ok()).collect()
    }

    /// The name of the database, for messages.
    pub fn name(&self) -> &'static str {
        self.database.name
    }

    pub fn core(&self) -> &Core {
        &self.shared.core
    }

    /// The tenant that most tests are about.
    pub fn tenant(&self) -> &Arc<Tenant> {
        self.tenant_of(self.main)
    }

    pub fn tenant_of(&self, slug: &str) -> &Arc<Tenant> {
        let id: TenantId = slug.parse().expect("a slug");
        self.shared.tenants.get(&id).expect("a tenant")
    }

    /// A transaction of the tenant that most tests are about.
    pub async fn begin(&self) -> Transaction {
        self.core().store.begin(&self.tenant().id).await.expect("begins")
    }

    pub fn advance(&self, by: Duration) {
        self.clock.advance(by);
    }

    /// A person's browser, that was never here before.
    pub fn browser(&self) -> Browser<'_> {
        Browser::new(self)
    }

    /// Whether a host name is this gateway's.
    pub fn knows(&self, host: &str) -> bool {
        self.shared.tenants.host(host).is_some()
    }

    /// Sends one request, as a program does: no cookies, no redirects followed. Where gateways are killed under their
    /// requests, it is sent again, as by a person who loads the page anew.
    pub async fn send(&self, method: Method, url: &str, headers: &[(&str, &str)], body: impl Into<Bytes>) -> Reply {
        let body = body.into();
        loop {
            let sent = self.try_send(method.clone(), url, headers, body.clone()).await;
            match (sent, &self.reloads) {
                (Ok(reply), _) => return reply,
                (Err(_), Some(reloads)) if reloads.fetch_add(1, Ordering::SeqCst) < 1_000_000 => {
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
                (Err(error), _) => panic!("no answer: {error}"),
            }
        }
    }

    /// Sends one request, once.
    pub async fn try_send(
        &self,
        method: Method,
        url: &str,
        headers: &[(&str, &str)],
        body: Bytes,
    ) -> Result<Reply, Box<dyn std::error::Error + Send + Sync>> {
        converse(TcpStream::connect(self.address).await?, method, url, headers, body).await
    }
}

/// Sends one request over a connection, and reads the answer.
pub async fn converse(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    method: Method,
    url: &str,
    headers: &[(&str, &str)],
    body: Bytes,
) -> Result<Reply, Box<dyn std::error::Error + Send + Sync>> {
    let parsed = url::Url::parse(url).expect("a URL");
    let authority = parsed.authority().to_owned();
    let target = url.split_once(&authority).map_or("/", |(_, rest)| rest);
    let target = target.split('#').next().unwrap_or_default();
    let mut request =
        Request::builder().method(method).uri(if target.is_empty() { "/" } else { target }).header(HOST, authority);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request.body(Full::new(body)).expect("a request");
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    let connection = tokio::spawn(connection);
    let (parts, body) = sender.send_request(request).await?.into_parts();
    let body = body.collect().await?.to_bytes();
    drop(sender);
    connection.abort();
    Ok(Reply { status: parts.status, headers: parts.headers, body })
}
