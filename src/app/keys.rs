//! `poort keys`: what keys there are, and exchanging them while replicas serve.

use std::{path::PathBuf, time::Duration};

use anyhow::{Context, bail};
use clap::{Args, Subcommand, ValueEnum};

use super::{cli::say, start};
use crate::{
    base::{Clock, Random, Timestamp, id::TenantId},
    config::Config,
    domain::tenant::Tenant,
    service::{
        keys::{
            Keeper,
            exchange::{self, Step},
            list::{self, Listed},
            master, signing,
        },
        relying,
    },
    storage::{
        Store,
        seal::{MasterKey, Purpose},
    },
};

/// What can be done with keys.
#[derive(Subcommand)]
pub(super) enum KeysCommand {
    /// Lists every key: what it is for, its stage and its age.
    List {
        /// The configuration.
        #[arg(long, default_value = "gateway.toml", env = "POORT_CONFIG")]
        config: PathBuf,
        /// One tenant alone.
        #[arg(long, value_name = "TENANT")]
        tenant: Option<String>,
    },
    /// Exchanges keys beside running replicas. Interrupted, the same command goes on where it was.
    ///
    /// On SQLite the gateway must be stopped first: one process has the folder.
    Rotate(Rotate),
}

/// What to exchange.
#[derive(Args)]
pub(super) struct Rotate {
    /// Which keys.
    which: Which,
    /// The configuration.
    #[arg(long, default_value = "gateway.toml", env = "POORT_CONFIG")]
    config: PathBuf,
    /// One tenant alone. The master key is every tenant's.
    #[arg(long, value_name = "TENANT")]
    tenant: Option<String>,
    /// Says what would be done, and does nothing.
    #[arg(long)]
    dry_run: bool,
    /// For `master`: the file of the new master key (`poort new-master-key FILE` makes one).
    #[arg(long, value_name = "FILE")]
    new: Option<PathBuf>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Which {
    /// The keys that sign tokens.
    Signing,
    /// The keys that Poort shows to other providers: itsme.
    Relying,
    /// The keys that seal: national numbers, authenticators' secrets, mails, signing keys.
    Sealing,
    /// The key of the index by which national numbers are found.
    Index,
    /// The key outside the database that wraps all others.
    Master,
}

impl KeysCommand {
    /// Where the configuration is.
    pub(super) const fn config(&self) -> &PathBuf {
        match self {
            KeysCommand::List { config, .. } | KeysCommand::Rotate(Rotate { config, .. }) => config,
        }
    }

    /// Does it.
    ///
    /// # Errors
    /// When the database does not answer, or the master key is another one.
    pub(super) async fn run(self, config: Config) -> anyhow::Result<()> {
        match self {
            KeysCommand::List { tenant, .. } => {
                let store = Store::open_to_read(&start::database(&config.gateway)?).await.context("database.url")?;
                let keeper = keeper(&config, store)?;
                for tenant in chosen(&config, tenant.as_deref())? {
                    say(&format!("tenant {}", tenant.id));
                    let keys = list::list(&keeper, &tenant.id).await?;
                    keys.iter().for_each(|key| say(&line(key, keeper.clock.now())));
                }
                Ok(())
            }
            KeysCommand::Rotate(asked) => asked.run(&config).await,
        }
    }
}

impl Rotate {
    async fn run(self, config: &Config) -> anyhow::Result<()> {
        let database = start::database(&config.gateway)?;
        let store = match self.dry_run {
            true => Store::open_to_read(&database).await,
            false => Store::open_as_is(&database).await,
        };
        let keeper = keeper(config, store.context("database.url")?)?;
        let tenants = chosen(config, self.tenant.as_deref())?;
        match self.which {
            Which::Master => self.master(&keeper).await,
            Which::Signing => {
                for tenant in tenants {
                    self.signing(&keeper, &tenant.id).await.with_context(|| format!("tenant {}", tenant.id))?;
                }
                Ok(())
            }
            Which::Relying => {
                for tenant in tenants {
                    self.relying(&keeper, &tenant.id).await.with_context(|| format!("tenant {}", tenant.id))?;
                }
                Ok(())
            }
            Which::Sealing => self.exchange(&keeper, &tenants, &[Purpose::Sealing, Purpose::SigningKeys]).await,
            Which::Index => self.exchange(&keeper, &tenants, &[Purpose::Index]).await,
        }
    }

    async fn signing(&self, keeper: &Keeper, tenant: &TenantId) -> anyhow::Result<()> {
        if self.dry_run {
            let overlap = signing::OVERLAP.as_secs() / 60;
            say(&format!(
                "{tenant}: would publish a new key for each algorithm; it would sign {overlap} minutes later"
            ));
            return Ok(());
        }
        let done = signing::rotate(keeper, tenant).await?;
        for (kid, algorithm) in &done.keys {
            let what = if done.made { "published" } else { "is published already" };
            say(&format!("{tenant}: {algorithm} {kid} {what}; it signs from {}", done.signs_from));
        }
        say(&format!(
            "{tenant}: the old keys are believed until {}. Nothing is left to do: every replica turns by itself",
            done.old_until
        ));
        Ok(())
    }

    async fn relying(&self, keeper: &Keeper, tenant: &TenantId) -> anyhow::Result<()> {
        if self.dry_run {
            let overlap = relying::OVERLAP.as_secs() / 3600;
            say(&format!("{tenant}: would make a new key of each kind, if it shows any; used {overlap} hours later"));
            return Ok(());
        }
        let Some(done) = relying::rotate(keeper, tenant).await? else {
            say(&format!("{tenant}: shows no keys to other providers"));
            return Ok(());
        };
        let what = if done.made { "made" } else { "on their way already" };
        say(&format!("{tenant}: {} {what}; in use from {}", done.keys.join(", "), done.used_from));
        say(&format!(
            "{tenant}: what is encrypted for the old key opens until {}. Nothing is left to do: providers read the set at \
             /federated/jwks, and every replica turns by itself",
            done.old_until
        ));
        Ok(())
    }

    /// Takes the steps for all tenants side by side, so that the waiting is for all at once.
    async fn exchange(&self, keeper: &Keeper, tenants: &[&Tenant], purposes: &[Purpose]) -> anyhow::Result<()> {
        let mut open: Vec<(&Tenant, Purpose)> =
            tenants.iter().flat_map(|tenant| purposes.iter().map(|purpose| (*tenant, *purpose))).collect();
        if self.dry_run {
            for (tenant, purpose) in open {
                let plan = exchange::plan(keeper, tenant, purpose).await?;
                say(&format!("{} {}: {plan}", tenant.id, purpose.word()));
            }
            return Ok(());
        }
        while !open.is_empty() {
            let (mut left, mut wait) = (Vec::new(), None::<Timestamp>);
            let mut went_on = false;
            for (tenant, purpose) in open {
                let step = exchange::step(keeper, tenant, purpose);
                let step = step.await.with_context(|| format!("tenant {}, {}", tenant.id, purpose.word()))?;
                match &step {
                    Step::Waits { until } => wait = Some(wait.map_or(*until, |wait| wait.min(*until))),
                    done => {
                        went_on = true;
                        say(&format!("{} {}: {}", tenant.id, purpose.word(), told(done)));
                    }
                }
                if !step.is_last() {
                    left.push((tenant, purpose));
                }
            }
            if let (false, Some(until)) = (went_on, wait) {
                say(&format!("waits until {until}, so that every replica has heard of it (interrupted, run it again)"));
                tokio::time::sleep(until.since(keeper.clock.now()) + Duration::from_millis(50)).await;
            }
            open = left;
        }
        say("Nothing is left to do.");
        Ok(())
    }

    async fn master(&self, keeper: &Keeper) -> anyhow::Result<()> {
        let Some(file) = &self.new else {
            bail!("--new names the file of the new master key: poort new-master-key new.key, then --new new.key")
        };
        if self.tenant.is_some() {
            bail!("--tenant: the master key is every tenant's; leave it away");
        }
        let new = MasterKey::read(file).with_context(|| format!("--new {}", file.display()))?;
        for tenant in keeper.store.tenants().await? {
            if self.dry_run {
                let (old, by_new) = master::wrapped_by(keeper, &tenant, &new).await?;
                say(&format!("{tenant}: would wrap {old} keys anew; the new master key wraps {by_new} already"));
                continue;
            }
            let done = master::rewrap(keeper, &tenant, &new).await.with_context(|| format!("tenant {tenant}"))?;
            say(&format!("{tenant}: {} keys are wrapped anew, {} were before", done.now, done.before));
        }
        say(&format!(
            "{}Put {} where keys.master_key_file says, on every machine, and start the replicas again one by one. \
             Running ones go on until then; one that starts with the old file stops at once and says so.\n\
             Keep a copy of the new file apart from the database's; the old one opens older backups.",
            if self.dry_run { "Then: " } else { "" },
            file.display()
        ));
        Ok(())
    }
}

/// The tenants that the command is about.
fn chosen<'a>(config: &'a Config, named: Option<&str>) -> anyhow::Result<Vec<&'a Tenant>> {
    let Some(named) = named else { return Ok(config.tenants.iter().collect()) };
    let known = config.tenants.iter().map(|tenant| tenant.id.as_str());
    match config.tenants.iter().find(|tenant| tenant.id.as_str() == named) {
        Some(tenant) => Ok(vec![tenant]),
        None => {
            bail!("--tenant {named}: there is none; the configuration has {}", known.collect::<Vec<_>>().join(", "))
        }
    }
}

fn keeper(config: &Config, store: Store) -> anyhow::Result<Keeper> {
    let master = start::master_key(&config.gateway)?;
    Ok(Keeper { store, clock: Clock::system(), random: Random::system(), master })
}

fn line(key: &Listed, now: Timestamp) -> String {
    let days = now.since(key.created_at).as_secs() / 86_400;
    let next = key.next.map(|(what, at)| format!(", {what} {at}")).unwrap_or_default();
    let current = if key.current { ", for what is new" } else { "" };
    let opens = if key.opens { "" } else { ", WRAPPED BY ANOTHER MASTER KEY" };
    format!(
        "  {:<13} {:<43}  {}{current}{next}{opens}; made {} ({days} days ago)",
        key.purpose, key.name, key.stage, key.created_at
    )
}

fn told(step: &Step) -> String {
    match step {
        Step::Made { id } => format!("key {id} is made; every replica gets to know it"),
        Step::Used { id } => format!("key {id} is used for what is new; next is what the old one holds"),
        Step::BroughtOver { values, from, to } => {
            format!("{values} values are under key {to} now; key {from} takes nothing new; next it is deleted")
        }
        Step::Deleted { id, late: 0 } => format!("nothing was left under key {id}; it is deleted and opens nothing"),
        Step::Deleted { id, late } => {
            format!("{late} more values were brought over; key {id} is deleted and opens nothing")
        }
        Step::Waits { until } => format!("waits until {until}"),
    }
}
