//! `poort doctor`: reads everything and asks everything that a gateway of this configuration needs, changes nothing, and says a
//! line for each check. It ends with 0 when all is well, 1 when something should be done soon, 2 when a gateway would not serve.
//!
//! Architecture invariant: no secret, national number or address of a person is in a line. Every question has a time limit.

mod cards;
mod database;
mod files;
mod network;
mod report;
mod saml;

use std::{path::PathBuf, process::ExitCode, time::Duration};

use clap::Args;

pub use report::{Report, Verdict};

use super::cli::say;
use crate::{
    base::{Clock, Random},
    config::{self, Config},
};

/// A certificate with fewer days than this is a warning.
const DAYS: u64 = 30;

/// How long one question may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// What to look at.
#[derive(Args)]
pub(super) struct Doctor {
    /// The configuration.
    #[arg(long, default_value = "gateway.toml", env = "POORT_CONFIG")]
    config: PathBuf,
}

impl Doctor {
    /// Looks, and says what it sees.
    pub(super) async fn run(self) -> ExitCode {
        let mut report = Report::default();
        match config::load(&self.config) {
            Ok(config) => {
                let (tenants, file) = (config.tenants.len(), self.config.display());
                report.ok("configuration", format!("{file} and {tenants} tenants have no mistake"));
                examine(&config, &Clock::system(), &mut report).await;
            }
            Err(mistakes) => {
                let what = format!("{mistakes}");
                report.failure("configuration", what, "mend the lines above; nothing else was looked at");
            }
        }
        report.lines().iter().for_each(|line| say(&line.to_string()));
        say(&report.verdict_line());
        ExitCode::from(report.worst().code())
    }
}

/// Looks at everything that a configuration names.
pub async fn examine(config: &Config, clock: &Clock, report: &mut Report) {
    files::examine(&config.gateway, clock, report);
    config.tenants.iter().for_each(|tenant| files::of_tenant(tenant, report));
    database::examine(config, clock, &Random::system(), report).await;
    network::examine(config, clock.now(), report).await;
    saml::examine(config, clock.now(), report).await;
    cards::examine(config, clock.now(), report);
}
