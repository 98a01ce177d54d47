//! A gateway in process: the real rooms and routers on a fresh database, with a clock that the test moves.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use axum::body::{Body, to_bytes};
use http::{HeaderMap, Method, Request, StatusCode, header::HOST};
use poort::{
    app::start::{Parts, assemble},
    base::{Clock, Random, Timestamp, id::TenantId},
    domain::tenant::Tenant,
    http::{
        client_ip::{Scheme, TrustedProxies},
        request_head::Target,
        trace::RequestId,
        visit::Visit,
    },
    login::{new_password::NewPassword, password::Passwords},
    policy::{Policies, source},
    service::{Core, Host, Shared},
    storage::{Store, Transaction, seal::MasterKey, sql::Database},
};
use tokio::sync::OnceCell;
use tower::ServiceExt;
use zeroize::Zeroizing;

use super::{
    browser::Browser,
    databases::{self, TestDatabase},
    people::{self, PASSWORD, ZORG},
};

/// A Sunday morning in November.
pub const NOW: Timestamp = Timestamp::from_millis(1_795_348_800_000);

/// One hash for everybody: hashing is slow on purpose.
static HASH: OnceCell<String> = OnceCell::const_new();

/// A gateway with two tenants and their people.
pub struct Gateway {
    pub shared: Shared,
    pub clock: Clock,
    pub database: Arc<TestDatabase>,
    login: axum::Router,
}

/// What came back.
#[derive(Debug)]
pub struct Reply {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: bytes::Bytes,
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

    /// One on SQLite, for what does not depend on the database.
    pub async fn sqlite() -> Self {
        Self::on(databases::sqlite().await).await
    }

    /// One on this database, with its people.
    pub async fn on(database: TestDatabase) -> Self {
        let clock = Clock::frozen(NOW);
        let store = database.store.clone();
        let this = Self::of(Arc::new(database), store, clock).await;
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

    async fn of(database: Arc<TestDatabase>, store: Store, clock: Clock) -> Self {
        let random = Random::system();
        let parts = Parts {
            clock: clock.clone(),
            store,
            master: MasterKey::parse("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=").expect("a key"),
            policies: Policies::load(&source::shipped()).expect("the shipped policies"),
            passwords: Passwords::with_limits(&random, 2, 200),
            tenants: people::tenants(),
            random,
        };
        let shared = assemble(parts).await.expect("a gateway");
        let login = poort::web::router().merge(poort::provider::router());
        Self { shared, clock, database, login }
    }

    /// Another process on the same database, as after a restart or beside this one: nothing in memory is shared. (A second
    /// process on one SQLite folder is refused, so there the connections are the same.)
    pub async fn again(&self) -> Self {
        let store = match &self.database.settings {
            Database::Sqlite { .. } => self.database.store.clone(),
            settings @ Database::Postgres { .. } => Store::open(settings).await.expect("PostgreSQL opens"),
        };
        Self::of(self.database.clone(), store, self.clock.clone()).await
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
        self.tenant_of(ZORG)
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

    /// Sends one request to a login host, as a program does: no cookies, no redirects followed.
    pub async fn send(&self, method: Method, url: &str, headers: &[(&str, &str)], body: impl Into<Body>) -> Reply {
        let parsed = url::Url::parse(url).expect("a URL");
        let authority = parsed.authority().to_owned();
        let target = url.split_once(&authority).map_or("/", |(_, rest)| rest);
        let target = target.split('#').next().unwrap_or_default();
        let mut request =
            Request::builder().method(method).uri(if target.is_empty() { "/" } else { target }).header(HOST, authority);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let mut request = request.body(body.into()).expect("a request");
        let target = match Target::read(&request) {
            Ok(target) => target,
            Err(bad) => return Reply { status: bad.status(), headers: HeaderMap::new(), body: bytes::Bytes::new() },
        };
        let Some(Host::Login(tenant)) = self.shared.tenants.host(&target.host) else {
            panic!("{} is no login host", target.host);
        };
        let peer = SocketAddr::from(([127, 0, 0, 1], 50_000));
        let client = TrustedProxies::default().client(peer, Scheme::Http, request.headers());
        let id = RequestId::new(&self.core().random);
        let visit = Visit::new(self.shared.clone(), tenant.clone(), target, id, client, request.headers());
        request.extensions_mut().insert(visit);
        let response = match self.login.clone().oneshot(request).await {
            Ok(response) => response,
            Err(never) => match never {},
        };
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, 4 << 20).await.expect("a body");
        Reply { status: parts.status, headers: parts.headers, body }
    }
}
