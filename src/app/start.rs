//! From a configuration to a gateway that is ready.

use std::sync::Arc;

use anyhow::Context;
use secrecy::{ExposeSecret, SecretString};

use crate::{
    base::{Clock, Random},
    config::{
        SecretFile,
        gateway::{DatabaseUrl, Gateway as Settings, one_server_each},
    },
    domain::tenant::Tenant,
    login::{Methods, password::Passwords, registry::Registry},
    policy::Policies,
    service::{
        Core, Shared, Tenants,
        access::Kept,
        addresses::Allowances,
        keys::{Keeper, Keys},
        ledger::Ledger,
        lookup, relying,
    },
    storage::{
        Store,
        ephemeral::Ephemeral,
        seal::MasterKey,
        sql::{Database, Servers},
    },
};

/// What a gateway is made from.
pub struct Parts {
    /// The time.
    pub clock: Clock,
    /// Chance.
    pub random: Random,
    /// The open database.
    pub store: Store,
    /// The key that wraps all others.
    pub master: MasterKey,
    /// The policies in force.
    pub policies: Policies,
    /// The judge of passwords.
    pub passwords: Passwords,
    /// The tenants, in their place.
    pub tenants: Vec<Tenant>,
    /// What may vanish.
    pub ephemeral: Ephemeral,
    /// How much one client address may ask.
    pub allowances: Allowances,
}

/// Puts the parts together; makes the tenants' keys that are missing.
///
/// # Errors
/// When the database does not answer, or another master key wrapped the keys.
pub async fn assemble(parts: Parts) -> anyhow::Result<Shared> {
    let Parts { clock, random, store, master, policies, passwords, tenants, ephemeral, allowances } = parts;
    let keeper = Keeper { store: store.clone(), clock: clock.clone(), random: random.clone(), master };
    let keys = Keys::load(keeper, &tenants)
        .await
        .map_err(|(tenant, error)| anyhow::Error::from(error).context(format!("the keys of tenant {tenant}")))?;
    let mut elsewhere = Registry::default();
    for tenant in tenants.iter().filter(|tenant| !tenant.openid_providers.is_empty()) {
        let Some(held) = keys.of(&tenant.id) else { continue };
        let relying = relying::load(&store, clock.now(), tenant, &held.sealer)
            .await
            .with_context(|| format!("the keys that tenant {} shows to other providers", tenant.id))?;
        elsewhere.add(tenant, &relying, &clock, &random);
    }
    tenants.iter().for_each(|tenant| elsewhere.add_saml(tenant, &clock, &random));
    tenants.iter().for_each(|tenant| elsewhere.add_cards(tenant, &clock, &random));
    for tenant in tenants.iter().filter(|tenant| !tenant.open_professions().is_empty()) {
        let named = lookup::name_all(&store, tenant).await;
        named.with_context(|| format!("the names by which people of tenant {} are looked up", tenant.id))?;
    }
    let core = Core {
        ledger: Ledger::start(store.clone()),
        methods: Methods::new(passwords, elsewhere),
        clock,
        random,
        store,
        policies,
        keys,
        kept: Kept::default(),
        ephemeral,
        allowances,
        wake_outbox: tokio::sync::Notify::new(),
        wake_telephone: tokio::sync::Notify::new(),
    };
    Ok(Shared { core: Arc::new(core), tenants: Arc::new(Tenants::new(tenants)) })
}

/// The master key in the file that the settings name.
///
/// # Errors
/// When it cannot be read, can be read by everybody, or holds no key.
pub fn master_key(settings: &Settings) -> anyhow::Result<MasterKey> {
    MasterKey::read(settings.keys.master_key_file.path())
        .context("keys.master_key_file (`poort new-master-key FILE` makes one)")
}

/// The database that the settings name, with the secrets of its files.
///
/// # Errors
/// When a password file cannot be read.
pub fn database(settings: &Settings) -> anyhow::Result<Database> {
    let database = &settings.database;
    match &database.url {
        DatabaseUrl::Sqlite(file) => Ok(Database::Sqlite { file: file.clone() }),
        DatabaseUrl::Postgres(url) => {
            let owner_url = match &database.migrate_url {
                Some(DatabaseUrl::Postgres(owner)) => Some(servers(owner, database.migrate_password_file.as_ref())?),
                _ => None,
            };
            Ok(Database::Postgres {
                url: servers(url, database.password_file.as_ref())?,
                owner_url,
                migrate: database.migrate_on_start,
                connections: database.connections,
                acquire: database.connect_timeout,
                patience: database.answer_timeout,
            })
        }
    }
}

/// The servers that one URL names, with the role's password.
fn servers(url: &str, password: Option<&SecretFile>) -> anyhow::Result<Servers> {
    let password = password.map(SecretFile::read).transpose()?;
    let urls = one_server_each(url).into_iter().map(|url| with_password(&url, password.as_ref()));
    Ok(Servers::new(urls.collect::<anyhow::Result<_>>()?))
}

fn with_password(url: &str, password: Option<&SecretString>) -> anyhow::Result<SecretString> {
    let Some(password) = password else { return Ok(SecretString::from(url)) };
    let mut url = url::Url::parse(url).context("the database URL")?;
    url.set_password(Some(password.expose_secret()))
        .map_err(|()| anyhow::anyhow!("the database URL takes no password"))?;
    Ok(SecretString::from(String::from(url)))
}
