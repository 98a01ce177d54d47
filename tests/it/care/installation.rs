//! A folder as an operator has it: a configuration, a tenant, a master key, a database, and what is behind it.

use std::path::{Path, PathBuf};

use poort::{
    base::{Clock, Random},
    config::{self, Config},
    service::keys::{Keeper, Keys},
    storage::{Store, seal::MasterKey, sql::Database},
};
use tempfile::TempDir;
use tokio::net::TcpListener;

/// The tenant's file: that of the tests of the configuration, on this machine.
const TENANT: &str = include_str!("../../config/valid/tenants/base.toml");

pub struct Installation {
    folder: TempDir,
    /// Stands for a backend: it takes connections.
    pub backend: Option<TcpListener>,
    backend_port: u16,
    mail_port: u16,
}

impl Installation {
    /// One whose mail server listens on this port.
    pub async fn new(mail_port: u16) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let backend = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let backend_port = backend.local_addr().expect("an address").port();
        let this = Self { folder, backend: Some(backend), backend_port, mail_port };
        std::fs::create_dir(this.path("tenants")).expect("a folder");
        let tenant = TENANT
            .replace("dossier.internal:9001", &format!("dossier.localhost:{backend_port}"))
            .replace("login.base.example", "login.localhost")
            .replace("dossier.base.example", "dossier.localhost");
        std::fs::write(this.path("tenants/base.toml"), tenant).expect("written");
        std::fs::create_dir(this.path("tenants/secrets")).expect("a folder");
        std::fs::write(this.path("tenants/secrets/fas"), "what FAS knows this tenant by").expect("written");
        this.chmod("tenants/secrets/fas", 0o600);
        MasterKey::create(&this.path("master.key"), &Random::system()).expect("made");
        this.configure("", "");
        this
    }

    /// Writes the configuration, with more in `[server]` sections and another database.
    pub fn configure(&self, server: &str, database: &str) {
        let mail_port = self.mail_port;
        let database = if database.is_empty() { "url = \"sqlite:data/poort.db\"" } else { database };
        let text = format!("{server}\n[database]\n{database}\n[mail]\nhost = \"localhost\"\nport = {mail_port}\n");
        std::fs::write(self.path("gateway.toml"), text).expect("written");
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn chmod(&self, name: &str, mode: u32) {
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(self.path(name), std::fs::Permissions::from_mode(mode)).expect("changed");
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub const fn backend_port(&self) -> u16 {
        self.backend_port
    }

    pub fn config(&self) -> Config {
        config::load(&self.path("gateway.toml")).unwrap_or_else(|mistakes| panic!("{mistakes}"))
    }

    /// Makes the tenant's keys, as a gateway does when it starts, and gives its open database.
    pub async fn start(&self, database: &Database) -> Store {
        let store = Store::open(database).await.expect("opens");
        let master = MasterKey::read(&self.path("master.key")).expect("a key");
        let keeper = Keeper { store: store.clone(), clock: Clock::system(), random: Random::system(), master };
        Keys::load(keeper, &self.config().tenants).await.map(drop).expect("keys");
        store
    }

    pub fn sqlite(&self) -> Database {
        Database::Sqlite { file: self.path("data/poort.db") }
    }
}
