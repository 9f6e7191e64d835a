//! `agency show` and `agency apply`: agencies, the practices they work for, and their desks.

use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, bail};
use clap::{Args, Subcommand};
use serde::{Deserialize, Serialize};

use super::found::Found;
use super::world::RealClock;
use super::{operate, sample_agency};
use crate::app::agency;
use crate::app::office::Office;
use crate::chat::local;
use crate::config::Settings;
use crate::domain::agency::Agency;
use crate::domain::entry::What;
use crate::domain::ids::{AgencyId, PracticeId};
use crate::domain::practice::ChannelRef;
use crate::render::Words;

/// Agencies that work for several practices, and their desks.
#[derive(Debug, Args)]
pub struct Command {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Shows an agency as a file that `apply` takes; without an id, all their ids.
    Show {
        /// Which.
        id: Option<String>,
    },
    /// Makes an agency, or changes it, so that it is as the file says. Shows first what changes.
    Apply {
        /// The file; docs/agencies.md has one to begin with.
        file: PathBuf,
        /// Does it without asking.
        #[arg(long)]
        yes: bool,
    },
}

/// An agency in a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Form {
    /// Its id, which never changes.
    id: String,
    /// As people know it.
    name: String,
    /// The ids of the practices that it works for.
    practices: BTreeSet<PracticeId>,
    /// Its desks.
    #[serde(default, rename = "desk")]
    desks: Vec<DeskForm>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct DeskForm {
    /// `slack:WORKSPACE/CHANNEL`.
    at: String,
}

impl Form {
    /// Reads the file's text.
    pub fn read(text: &str) -> anyhow::Result<Agency> {
        let form: Form = toml::from_str(text)?;
        let safe = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if form.id.is_empty() || form.id.len() > 64 || !form.id.chars().all(safe) {
            bail!("id: an agency's id is 1 to 64 small letters, digits and hyphens");
        }
        if form.name.trim().is_empty() {
            bail!("name: an agency has a name");
        }
        let desks: anyhow::Result<BTreeSet<ChannelRef>> = (form.desks.iter())
            .map(|desk| {
                let read = desk.at.parse().ok();
                read.with_context(|| format!("desk: {} is not slack:WORKSPACE/CHANNEL", desk.at))
            })
            .collect();
        Ok(Agency {
            id: AgencyId::new(form.id),
            name: form.name.trim().to_owned(),
            practices: form.practices,
            desks: desks?,
        })
    }

    /// The agency as a file.
    pub fn write(agency: &Agency) -> anyhow::Result<String> {
        let form = Form {
            id: agency.id.to_string(),
            name: agency.name.clone(),
            practices: agency.practices.clone(),
            desks: agency.desks.iter().map(|at| DeskForm { at: at.to_string() }).collect(),
        };
        toml::to_string(&form).context("writing the agency")
    }
}

impl Command {
    /// Does what was asked.
    pub async fn run(self, data: &Path, settings: &Settings) -> anyhow::Result<Found> {
        let mut office = operate::office(data, settings).await?;
        let out = &mut std::io::stdout().lock();
        match self.verb {
            Verb::Show { id } => show(&office, id, out).await,
            Verb::Apply { file, yes } => {
                let named = || format!("reading {}", file.display());
                let text = fs::read_to_string(&file).with_context(named)?;
                let wanted = Form::read(&text).with_context(named)?;
                connect(&mut office, data, settings).await?;
                apply(&office, wanted, yes, out).await
            }
        }
    }
}

async fn show(office: &Office, id: Option<String>, out: &mut impl Write) -> anyhow::Result<Found> {
    let agencies = office.store.agencies().await.context("reading the agencies")?;
    let Some(id) = id else {
        for agency in &agencies {
            writeln!(out, "{} ({})", agency.id, agency.name)?;
        }
        if agencies.is_empty() {
            writeln!(out, "there is no agency yet: agency apply FILE makes one")?;
        }
        return Ok(Found::Intact);
    };
    let agency = agencies.iter().find(|agency| agency.id.as_str() == id);
    let agency = agency.with_context(|| format!("there is no agency {id}"))?;
    write!(out, "{}", Form::write(agency)?)?;
    Ok(Found::Intact)
}

async fn apply(
    office: &Office,
    wanted: Agency,
    yes: bool,
    out: &mut impl Write,
) -> anyhow::Result<Found> {
    let id = wanted.id.clone();
    let plan = agency::plan(office, wanted).await.context("looking at the agency")??;
    if plan.changes.is_empty() {
        writeln!(out, "agency {id}: it is so already")?;
        return Ok(Found::Intact);
    }
    for what in &plan.changes {
        writeln!(out, "{}", line(what, &plan.agency.name))?;
    }
    if !yes && !agreed(out)? {
        writeln!(out, "nothing was changed")?;
        return Ok(Found::Intact);
    }
    let done = agency::apply(office, plan).await;
    done.context("writing it down: look again and repeat it if something else changed meanwhile")?;
    writeln!(out, "agency {id}: done")?;
    Ok(Found::Intact)
}

fn line(what: &What, name: &str) -> String {
    match what {
        What::AgencyMade { agency } => format!("+ agency {agency} ({name})"),
        What::AgencyNamed { agency } => format!("~ agency {agency} is called {name}"),
        What::AgencyServes { client, .. } => format!("+ works for {client}"),
        What::AgencyLeft { client, .. } => format!("- works no more for {client}"),
        What::DeskBound { desk, .. } => format!("+ desk {desk}"),
        What::DeskUnbound { desk, .. } => format!("- desk {desk}"),
        _ => String::new(),
    }
}

/// Asks where somebody can answer; elsewhere `--yes` is needed.
fn agreed(out: &mut impl Write) -> anyhow::Result<bool> {
    if !std::io::stdin().is_terminal() {
        bail!("nothing was changed: add --yes to do it without asking");
    }
    write!(out, "Do this? [y/N] ")?;
    out.flush()?;
    let mut answer = String::new();
    std::io::stdin().lock().read_line(&mut answer)?;
    Ok(matches!(answer.trim(), "y" | "Y" | "yes"))
}

/// The platforms that can say who is in a channel.
async fn connect(office: &mut Office, data: &Path, settings: &Settings) -> anyhow::Result<()> {
    let file = data.join("local.db");
    if !settings.local.enabled || !file.exists() {
        return Ok(());
    }
    let (people, channels) = sample_agency::workspace();
    let world = local::World::open(&file, people, channels, Arc::new(RealClock)).await;
    let world = world.with_context(|| format!("opening {}", file.display()))?;
    let words = Arc::new(Words::built_in().context("compiling the templates")?);
    office.chats.push(Arc::new(local::LocalChat::new(world, words)));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = r#"
        id = "birch-lane"
        name = "Birch Lane Communications"
        practices = ["northside", "lakeside"]

        [[desk]]
        at = "slack:T012/C345"
    "#;

    #[test]
    fn a_file_reads_and_is_written_as_the_same() {
        let agency = Form::read(FILE).expect("sound");
        let again = Form::read(&Form::write(&agency).expect("writes")).expect("sound");

        assert_eq!(agency, again);
        assert_eq!(
            agency.desks.iter().map(ToString::to_string).collect::<Vec<_>>(),
            ["slack:T012/C345"]
        );
    }

    #[test]
    fn what_is_wrong_in_a_file_is_said() {
        let table = [
            (FILE.replace("birch-lane", "Birch Lane"), "id: an agency's id"),
            (FILE.replace("slack:T012/C345", "T012/C345"), "is not slack:WORKSPACE/CHANNEL"),
            (FILE.replace("practices", "clients"), "unknown field"),
            (FILE.replace("Birch Lane Communications", " "), "name: an agency has a name"),
        ];

        for (text, expected) in table {
            let why = Form::read(&text).expect_err("wrong").to_string();
            assert!(why.contains(expected), "{why}");
        }
    }
}
