//! `poort backup` and `poort restore`: a copy of everything while Poort serves, and back into an empty database.

use std::path::PathBuf;

use anyhow::Context;
use clap::Args;

use super::{cli::say, start};
use crate::{
    base::Clock,
    config::{self, Config},
    service::backup::{self, Summary},
    storage::sql,
};

/// What to copy where.
#[derive(Args)]
pub(super) struct Backup {
    /// The file, which must not exist yet. Only its owner may read it.
    file: PathBuf,
    /// The configuration.
    #[arg(long, default_value = "gateway.toml", env = "POORT_CONFIG")]
    pub(super) config: PathBuf,
}

/// What to bring back.
#[derive(Args)]
pub(super) struct Restore {
    /// The file that `poort backup` made.
    file: PathBuf,
    /// The configuration; its database must be empty, and its master key that of the backup's time.
    #[arg(long, default_value = "gateway.toml", env = "POORT_CONFIG")]
    config: PathBuf,
    /// Checks the file, and restores nothing: whether it is whole, and the master key opens its keys.
    #[arg(long)]
    verify: bool,
}

impl Backup {
    /// Copies.
    ///
    /// # Errors
    /// When the file exists, or the database does not answer.
    pub(super) async fn run(self, config: Config) -> anyhow::Result<()> {
        let database = start::database(&config.gateway)?;
        let tenants: Vec<_> = config.tenants.iter().map(|tenant| tenant.id.clone()).collect();
        let summary = backup::write(&database, &tenants, &self.file, Clock::system().now()).await?;
        tell(&format!("{} is written", self.file.display()), &summary);
        say("Keep the master key's file apart from it: without that key nothing sealed in it opens.");
        Ok(())
    }
}

impl Restore {
    /// Restores, or only checks.
    ///
    /// # Errors
    /// What is wrong with the file, the master key or the database.
    pub(super) async fn run(self) -> anyhow::Result<()> {
        if self.verify && !self.config.exists() {
            tell(&format!("{} is whole", self.file.display()), &backup::verify(&self.file, None)?);
            say(&format!("Whether the master key opens it was not tried: there is no {}.", self.config.display()));
            return Ok(());
        }
        let config = config::load(&self.config).map_err(|mistakes| anyhow::anyhow!("{mistakes}"))?;
        let master = start::master_key(&config.gateway)?;
        if self.verify {
            let summary = backup::verify(&self.file, Some(&master))?;
            tell(&format!("{} is whole, and the master key opens its keys", self.file.display()), &summary);
            return Ok(());
        }
        self.restore(&config, &master).await
    }

    async fn restore(&self, config: &Config, master: &crate::storage::seal::MasterKey) -> anyhow::Result<()> {
        let database = start::database(&config.gateway)?;
        let summary = backup::restore(&database, &self.file, master).await?;
        tell("Everything is back, and counted again", &summary);
        if summary.schema < sql::newest_schema() {
            sql::migrate(&database).await.context("everything is back; run `poort migrate`")?;
            say("The schema was brought up to date.");
        }
        Ok(())
    }
}

fn tell(what: &str, summary: &Summary) {
    say(&format!("{what}: schema {}, made {}, {} rows", summary.schema, summary.made_at, summary.rows()));
    for (table, sum) in &summary.sums.0 {
        say(&format!("  {table:<24} {sum}"));
    }
}
