//! `check`: whether this installation is fit to serve, a line each, and the one next step.
//!
//! It changes nothing and sends nothing but a look at addresses that the settings name, and at each
//! account with the sign-in that is kept. The names
//! of the findings and the fields of the JSON stay as they are. It exits with 0 when nothing
//! fails, warnings or not, and with 1 when something does.

mod accounts;
mod addresses;
mod database;
mod discord;
mod finding;
mod folder;
mod practices;
mod slack;

use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use clap::Args;
use jiff::tz::TimeZone;
use serde::Serialize;

use finding::{Finding, Is};

use super::folder::database as place_of;
use super::world::RealClock;
use crate::config::Settings;
use crate::ports::clock::Clock;
use crate::ports::store::Store;
use crate::render::Words;
use crate::screen::packs;

/// Says whether everything is fit to serve, and what to do next. Exits with 1 when something
/// fails.
#[derive(Debug, Args)]
pub struct Check {
    /// Writes one JSON object instead of lines.
    #[arg(long)]
    json: bool,
}

/// Everything that was found.
#[derive(Debug, Default, Serialize)]
struct Report {
    findings: Vec<Finding>,
    next: String,
}

impl Check {
    /// Looks at everything and says what it found; returns whether nothing fails.
    pub async fn run(&self, config: Option<&Path>, data: &Path) -> anyhow::Result<bool> {
        let variable = |name: &str| std::env::var(name).ok();
        let mut report = Report::default();
        match Settings::read(config, variable) {
            Ok(settings) => {
                let from = config.map_or("the defaults".to_owned(), |f| f.display().to_string());
                report.findings.push(Finding::ok("settings", format!("read from {from}")));
                look(&mut report.findings, &settings, data).await;
            }
            Err(error) => {
                let todo = "mend the settings; the other things are looked at after that";
                report.findings.push(Finding::fail("settings", format!("{error:#}"), todo));
            }
        }
        report.next = next(&report.findings, config, data);
        let mut out = std::io::stdout().lock();
        if self.json {
            writeln!(out, "{}", serde_json::to_string_pretty(&report)?)?;
        } else {
            write_lines(&report, &mut out)?;
        }
        Ok(report.findings.iter().all(|finding| finding.is != Is::Fail))
    }
}

async fn look(findings: &mut Vec<Finding>, settings: &Settings, data: &Path) {
    findings.push(match Words::built_in() {
        Ok(_) => Finding::ok("templates", "all compile"),
        Err(error) => Finding::fail("templates", error.to_string(), "this build is broken"),
    });
    findings.extend(rules());
    folder::look(findings, data).await;
    let place = match place_of(data, settings) {
        Ok(place) => place,
        Err(error) => {
            let todo = "mend database.url";
            return findings.push(Finding::fail("database", format!("{error:#}"), todo));
        }
    };
    let opened = database::look(findings, &place, settings, data).await;
    let store = opened.as_ref().map(|store| store as &dyn Store);
    addresses::look(findings, settings, store).await;
    slack::look(findings, settings, (data, opened.as_ref())).await;
    discord::look(findings, settings, store).await;
    if let Some(store) = store {
        practices::look(findings, store).await;
    }
    if let Some(store) = opened {
        accounts::look(findings, Arc::new(store), (data, settings)).await;
    }
}

/// Whether somebody reviewed the rules of the screen within a year.
fn rules() -> Vec<Finding> {
    let today = TimeZone::UTC.to_datetime(RealClock.now()).date().to_string();
    let old = packs::stale(&today);
    if old.is_empty() {
        return vec![Finding::ok("rules", "reviewed within a year")];
    }
    old.into_iter().map(|line| Finding::warn("rules", line, "take a newer Countersign")).collect()
}

/// The one next step: what fails first, then what warns, then to serve.
fn next(findings: &[Finding], config: Option<&Path>, data: &Path) -> String {
    let first = |is| findings.iter().find(|finding| finding.is == is && !finding.todo.is_empty());
    if let Some(finding) = first(Is::Fail).or_else(|| first(Is::Warn)) {
        return finding.todo.clone();
    }
    let config = config.map(|file| format!(" --config {}", file.display())).unwrap_or_default();
    format!("countersign{config} --data {} serve", data.display())
}

fn write_lines(report: &Report, out: &mut impl Write) -> std::io::Result<()> {
    for Finding { name, is, what, todo } in &report.findings {
        let is = match is {
            Is::Ok => "ok  ",
            Is::Warn => "warn",
            Is::Fail => "FAIL",
        };
        writeln!(out, "{is}  {name:<10} {what}")?;
        if !todo.is_empty() {
            writeln!(out, "{:17}-> {todo}", "")?;
        }
    }
    writeln!(out, "\nNext: {}", report.next)
}
