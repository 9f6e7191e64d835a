//! The command line, and the only place where parts are wired together.

pub mod account;
pub mod agency;
pub mod arriving;
mod attested;
pub mod backup;
pub mod certificate;
pub mod check;
pub mod consents;
pub mod discord;
pub mod discord_app;
pub mod export;
mod exported;
pub mod folder;
pub mod former;
pub mod found;
pub mod gaps;
pub mod heads;
pub mod heartbeat;
mod hidden;
pub mod import;
pub mod incoming;
pub mod init;
pub mod inspect;
pub mod instance;
pub mod keys;
pub mod manifest;
pub mod operate;
pub mod origin;
pub mod pictures;
pub mod practice;
pub mod practice_file;
pub mod proof;
pub mod purges;
pub mod restore;
pub mod retain;
pub mod rotate;
pub mod rules;
pub mod sample;
pub mod sample_agency;
pub mod screen;
pub mod serve;
pub mod slack;
pub mod slack_app;
pub mod verify;
pub mod world;

use std::io::IsTerminal;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context;
use clap::{Parser, Subcommand};
use tracing_subscriber::EnvFilter;

use crate::config::{self, Settings};

/// Crates that, asked for details, log what people said, addresses and tokens. They tell of
/// errors alone, whatever the log is asked for.
const TALKATIVE: [&str; 10] = [
    "h2",
    "hyper",
    "hyper_util",
    "reqwest",
    "rustls",
    "serenity",
    "slack_morphism",
    "sqlx",
    "tokio_tungstenite",
    "tungstenite",
];

/// How long what can't be told to stop may take once everything else has ended.
const LOOSE_ENDS: Duration = Duration::from_millis(500);

/// Sign-off in chat for what a medical practice says in public.
///
/// Without a command and without settings it opens a workspace of its own on this machine, with a
/// sample practice to try everything in.
#[derive(Debug, Parser)]
#[command(name = "countersign", version)]
struct Arguments {
    /// Where the database, the keys and the log of ledger heads are.
    #[arg(long, global = true, value_name = "DIR", env = "COUNTERSIGN_DATA")]
    data: Option<PathBuf>,
    /// The settings file.
    #[arg(long, global = true, value_name = "FILE", env = "COUNTERSIGN_CONFIG")]
    config: Option<PathBuf>,
    /// Which sample world a new local workspace begins with.
    #[arg(long, value_name = "WHICH")]
    sample: Option<config::Sample>,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Runs the assistant; the same as no command at all.
    Serve,
    Check(check::Check),
    Init(init::Init),
    Verify(proof::Verify),
    Certificate(proof::Certificate),
    Export(proof::Export),
    Practice(practice::PracticeCommand),
    Agency(agency::Command),
    Account(account::Command),
    Keys(rotate::Command),
    Stop(operate::Stop),
    Release(operate::Release),
    Backup(backup::Backup),
    Restore(restore::Restore),
    Retain(retain::Retain),
    Import(import::Import),
    Screen(screen::Screening),
    Slack(slack_app::Command),
    Discord(discord_app::Command),
}

/// Runs the program.
pub fn main() -> ExitCode {
    tell_of_everything();
    match run(Arguments::parse()) {
        Ok(code) => code,
        Err(error) => {
            tracing::error!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

/// From now on this process tells on its error output what it does and where it failed; of what
/// people typed, nothing.
pub fn tell_of_everything() {
    hide_panics();
    tracing_subscriber::fmt()
        .with_env_filter(filter())
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .with_target(false)
        .init();
}

fn filter() -> EnvFilter {
    let wanted = std::env::var("COUNTERSIGN_LOG").unwrap_or_else(|_| "info".to_owned());
    let filter = EnvFilter::try_new(wanted).unwrap_or_else(|_| EnvFilter::new("info"));
    let hush = |name: &&str| format!("{name}=error").parse().ok();
    TALKATIVE.iter().filter_map(hush).fold(filter, EnvFilter::add_directive)
}

/// A panic's message may hold what somebody typed (a string that was cut in a wrong place prints
/// itself), so only its place is said.
fn hide_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(panic.place = place, "A part of Countersign failed at {place}");
    }));
}

fn run(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let Arguments { data, config, sample, command } = arguments;
    let variable = |name: &str| std::env::var(name).ok();
    let config = config.as_deref();
    let settings = || -> anyhow::Result<Settings> {
        let mut settings = Settings::read(config, variable)?;
        settings.local.sample = sample.unwrap_or(settings.local.sample);
        Ok(settings)
    };
    let data = || data.map_or_else(|| config::data_folder(variable), Ok);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.context("starting the runtime")?;
    let found = match command.unwrap_or(Command::Serve) {
        Command::Slack(slack) => return slack.run().map(|()| ExitCode::SUCCESS),
        Command::Discord(discord) => {
            let said = runtime.block_on(discord.run(settings));
            return said.map(|()| ExitCode::SUCCESS);
        }
        Command::Init(init) => return init.run().map(|()| ExitCode::SUCCESS),
        Command::Screen(screening) => return screening.run(),
        Command::Check(check) => {
            let is_fit = runtime.block_on(check.run(config, &data()?))?;
            return Ok(if is_fit { ExitCode::SUCCESS } else { ExitCode::FAILURE });
        }
        Command::Serve => {
            let served = runtime.block_on(serve::run(&data()?, settings()?));
            // A look at a text that never ends must not keep the program from ending.
            runtime.shutdown_timeout(LOOSE_ENDS);
            return served.map(|()| ExitCode::SUCCESS);
        }
        Command::Backup(backup) => runtime.block_on(backup.run(&data()?, &settings()?)),
        Command::Restore(restore) => runtime.block_on(restore.run(&data()?, &settings()?)),
        Command::Retain(retain) => runtime.block_on(retain.run(&data()?, &settings()?)),
        Command::Import(import) => runtime.block_on(import.run(&data()?, &settings()?)),
        Command::Verify(verify) => runtime.block_on(verify.run(&data()?, &settings()?)),
        Command::Certificate(proof) => runtime.block_on(proof.run(&data()?, &settings()?)),
        Command::Export(export) => runtime.block_on(export.run(&data()?, &settings()?)),
        Command::Practice(practice) => runtime.block_on(practice.run(&data()?, &settings()?)),
        Command::Account(account) => runtime.block_on(account.run(&data()?, &settings()?)),
        Command::Keys(keys) => runtime.block_on(keys.run(&data()?, &settings()?)),
        Command::Agency(agency) => runtime.block_on(agency.run(&data()?, &settings()?)),
        Command::Stop(stop) => runtime.block_on(stop.run(&data()?, &settings()?)),
        Command::Release(release) => runtime.block_on(release.run(&data()?, &settings()?)),
    };
    found.map(ExitCode::from)
}
