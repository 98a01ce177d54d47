//! The command line.

use std::{path::PathBuf, process::ExitCode};

use clap::{Parser, Subcommand};

use super::{
    backup::{Backup, Restore},
    doctor::Doctor,
    keys::KeysCommand,
    serve, start,
};
use crate::{
    config::{self, Config},
    policy::{Policies, explain::CaseWords, matrix, source},
    storage::sql,
};

/// Poort: an OpenID provider and an authorizing gateway in front of public registers.
#[derive(Parser)]
#[command(version, about, propagate_version = true)]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Tries Poort out on this machine: invented people, sample registers, an inbox. Nothing to set up.
    #[cfg(feature = "demo")]
    Demo(Box<super::demo::Options>),
    /// Serves the tenants of a configuration.
    Serve {
        /// The configuration.
        #[arg(long, default_value = "gateway.toml", env = "POORT_CONFIG")]
        config: PathBuf,
    },
    /// Brings the database's schema up to date, as the role that owns it.
    Migrate {
        /// The configuration.
        #[arg(long, default_value = "gateway.toml", env = "POORT_CONFIG")]
        config: PathBuf,
    },
    /// Says everything that is wrong in configurations: a gateway.toml, tenant files, or folders of them.
    Check {
        /// The files and folders.
        #[arg(required = true)]
        paths: Vec<PathBuf>,
    },
    /// Makes a new master key, in a file that must not exist yet.
    NewMasterKey {
        /// The file.
        file: PathBuf,
    },
    /// Lists keys, and exchanges them.
    #[command(subcommand)]
    Keys(KeysCommand),
    /// Looks at everything that a gateway of a configuration needs, and changes nothing.
    ///
    /// Ends with 0 when all is well, 1 when something should be done soon, 2 when a gateway would not serve.
    Doctor(Doctor),
    /// Writes a copy of everything into a file, while Poort serves.
    Backup(Backup),
    /// Brings a copy back into an empty database, of either kind, and counts again.
    Restore(Restore),
    /// Asks the policies, without a gateway.
    #[command(subcommand)]
    Policy(PolicyCommand),
}

#[derive(Subcommand)]
enum PolicyCommand {
    /// Says which rule allows something, or what would do.
    ///
    /// For example: poort policy explain mandate_holder read dossier/administrative mandate:administrative substantial
    Explain {
        /// As what: citizen, professional, mandate_holder, organization_member, trainer, trainee, supporter, appraiser, helpdesk.
        capacity: String,
        /// What is done: read, write, ..
        action: String,
        /// With what: RESOURCE/FIELDS.
        object: String,
        /// What ties the person to whom it is about, parted by commas; `-` for nothing.
        relations: String,
        /// How surely they logged in: low, substantial, high.
        assurance: String,
        /// A folder of policies instead of the shipped ones.
        #[arg(long)]
        policies: Option<PathBuf>,
    },
    /// Prints who may do what: every operation for every capacity, relation and assurance.
    Matrix {
        /// A folder of policies instead of the shipped ones.
        #[arg(long)]
        policies: Option<PathBuf>,
    },
}

/// Runs the command that the arguments name.
#[must_use]
pub fn run() -> ExitCode {
    let arguments = Arguments::parse();
    let done = match arguments.command {
        #[cfg(feature = "demo")]
        Command::Demo(options) => block_on(super::demo::run(*options)),
        Command::Serve { config } => with(config, |config| block_on(serve::run(config))),
        Command::Migrate { config } => with(config, |config| block_on(migrate(config))),
        Command::Check { paths } => Ok(check(&paths)),
        Command::NewMasterKey { file } => new_master_key(&file),
        Command::Keys(command) => with(command.config().clone(), |config| block_on(command.run(config))),
        Command::Backup(asked) => with(asked.config.clone(), |config| block_on(asked.run(config))),
        Command::Restore(asked) => block_on(asked.run()),
        Command::Doctor(asked) => runtime().map(|runtime| runtime.block_on(asked.run())),
        Command::Policy(command) => policy(command),
    };
    match done {
        Ok(code) => code,
        Err(error) => {
            say_error(&format!("poort: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

fn block_on(work: impl Future<Output = anyhow::Result<()>>) -> anyhow::Result<ExitCode> {
    runtime()?.block_on(work).map(|()| ExitCode::SUCCESS)
}

fn runtime() -> anyhow::Result<tokio::runtime::Runtime> {
    Ok(tokio::runtime::Builder::new_multi_thread().enable_all().build()?)
}

/// Reads a configuration, or says everything that is wrong in it.
fn with(path: PathBuf, run: impl FnOnce(Config) -> anyhow::Result<ExitCode>) -> anyhow::Result<ExitCode> {
    match config::load(&path) {
        Ok(config) => run(config),
        Err(mistakes) => {
            say_error(&mistakes.to_string());
            Ok(ExitCode::FAILURE)
        }
    }
}

fn check(paths: &[PathBuf]) -> ExitCode {
    let mistakes = config::check(paths);
    if mistakes.is_empty() {
        say("Nothing is wrong.");
        return ExitCode::SUCCESS;
    }
    say_error(&config::render(&mistakes));
    ExitCode::FAILURE
}

async fn migrate(config: Config) -> anyhow::Result<()> {
    sql::migrate(&start::database(&config.gateway)?).await?;
    say("The schema is up to date.");
    Ok(())
}

fn new_master_key(file: &std::path::Path) -> anyhow::Result<ExitCode> {
    crate::storage::seal::MasterKey::create(file, &crate::base::Random::system())?;
    say(&format!(
        "{} is made. Keep a copy of it apart from the database's: without it nothing sealed opens.",
        file.display()
    ));
    Ok(ExitCode::SUCCESS)
}

fn policy(command: PolicyCommand) -> anyhow::Result<ExitCode> {
    let load = |folder: Option<PathBuf>| -> anyhow::Result<Policies> {
        let sources = match folder {
            None => source::shipped(),
            Some(folder) => config::policy_sources(Some(&folder))?,
        };
        Ok(Policies::load(&sources)?)
    };
    match command {
        PolicyCommand::Explain { capacity, action, object, relations, assurance, policies } => {
            let policies = load(policies)?;
            let words =
                CaseWords::read(&capacity, &action, &object, &relations, &assurance).map_err(anyhow::Error::msg)?;
            let about = policies.about(&words.operation()).ok_or_else(|| {
                anyhow::anyhow!("no policy knows {}; operations.txt lists what they know", words.operation())
            })?;
            say(&policies.explain(&words.case(about)).to_string());
        }
        PolicyCommand::Matrix { policies } => say(&matrix::matrix(&load(policies)?)),
    }
    Ok(ExitCode::SUCCESS)
}

/// Says something to who gave the command.
#[expect(clippy::print_stdout, reason = "this is the answer to a command")]
pub(super) fn say(text: &str) {
    println!("{}", text.trim_end());
}

#[expect(clippy::print_stderr, reason = "this is the answer to a command")]
fn say_error(text: &str) {
    eprintln!("{}", text.trim_end());
}
