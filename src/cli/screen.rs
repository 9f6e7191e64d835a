//! `countersign screen`: what the screen says of texts, without keeping any of them.

use std::io::{BufRead, BufReader, IsTerminal, Read, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use clap::Args;
use serde::{Deserialize, Serialize};

use crate::screen::{Finding, Kind, KnownBy, Roster, Screen, Severity};

/// So many texts pass between two words about how far it is.
const PROGRESS: usize = 10_000;

/// Screens texts: JSON Lines with `id`, `text` and `kind` in, findings out; or plain text, with a
/// report to read. Nothing is kept.
#[derive(Debug, Args)]
pub struct Screening {
    /// What a text is when it doesn't say: `post` or `reply`.
    #[arg(long, default_value = "post", value_parser = kind)]
    kind: Kind,
    /// A practice file, whose people and name are nobody's to be kept from sight.
    #[arg(long, value_name = "FILE")]
    practice: Option<PathBuf>,
    /// A state whose pack counts too, such as TX; may be given again.
    #[arg(long, value_name = "STATE")]
    state: Vec<String>,
    /// The file; `-` reads what is piped in.
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

#[derive(Deserialize)]
struct Line {
    id: String,
    text: String,
    kind: Option<Kind>,
}

#[derive(Serialize)]
struct Found<'a> {
    id: &'a str,
    findings: Vec<Hit<'a>>,
}

/// Where in bytes, and what; never the text.
#[derive(Serialize)]
struct Hit<'a> {
    start: usize,
    end: usize,
    #[serde(flatten)]
    finding: &'a Finding,
}

/// What the screen is run with.
struct Bench {
    screen: Screen,
    roster: Roster,
    kind: Kind,
}

impl Screening {
    /// Screens the file; needs no database.
    pub fn run(&self) -> anyhow::Result<ExitCode> {
        let mut input = self.input()?;
        let bench = Bench { screen: Screen::new(), roster: self.roster()?, kind: self.kind };
        let mut out = std::io::stdout().lock();
        if input.fill_buf().context("reading the texts")?.first() == Some(&b'{') {
            bench.lines(input, &mut out)?;
        } else {
            let mut text = String::new();
            input.read_to_string(&mut text).context("reading the text, which must be UTF-8")?;
            let found = bench.screen.check_as(bench.kind, &text, &bench.roster);
            report(&found, &text, &mut out)?;
        }
        Ok(ExitCode::SUCCESS)
    }

    fn input(&self) -> anyhow::Result<Box<dyn BufRead>> {
        if self.file.as_os_str() == "-" {
            return Ok(Box::new(BufReader::new(std::io::stdin())));
        }
        let file = std::fs::File::open(&self.file);
        let file = file.with_context(|| format!("opening {}", self.file.display()))?;
        Ok(Box::new(BufReader::new(file)))
    }

    fn roster(&self) -> anyhow::Result<Roster> {
        let mut known = KnownBy { states: self.state.clone(), ..KnownBy::default() };
        if let Some(path) = &self.practice {
            let text = std::fs::read_to_string(path);
            let text = text.with_context(|| format!("reading {}", path.display()))?;
            let file: toml::Table =
                toml::from_str(&text).with_context(|| format!("reading {}", path.display()))?;
            known.practice = names(&file);
            let members = file.get("members").or_else(|| file.get("member"));
            let members = members.and_then(toml::Value::as_array).into_iter().flatten();
            known.people = members.filter_map(toml::Value::as_table).flat_map(names).collect();
        }
        Ok(Roster::new(&known))
    }
}

fn names(table: &toml::Table) -> Vec<String> {
    let name = table.get("name").and_then(toml::Value::as_str);
    name.map(str::to_owned).into_iter().collect()
}

impl Bench {
    fn lines(&self, input: Box<dyn BufRead>, out: &mut impl Write) -> anyhow::Result<()> {
        let says_how_far = std::io::stderr().is_terminal();
        for (number, line) in (1..).zip(input.lines()) {
            let line = line.context("reading the texts, which must be UTF-8")?;
            if line.trim().is_empty() {
                continue;
            }
            // The parser's own words may repeat the text, so only the place is said.
            let Ok(line) = serde_json::from_str::<Line>(&line) else {
                anyhow::bail!("line {number} is not JSON with an id and a text");
            };
            let kind = line.kind.unwrap_or(self.kind);
            let findings = self.screen.check_as(kind, &line.text, &self.roster);
            let findings = findings.iter().map(hit).collect();
            serde_json::to_writer(&mut *out, &Found { id: &line.id, findings })?;
            writeln!(out)?;
            if says_how_far && number % PROGRESS == 0 {
                tracing::info!("{number} texts are screened");
            }
        }
        Ok(())
    }
}

fn hit(finding: &Finding) -> Hit<'_> {
    Hit { start: finding.span.start, end: finding.span.end, finding }
}

/// One paragraph a finding, for the person who has the text before them.
fn report(findings: &[Finding], text: &str, out: &mut impl Write) -> anyhow::Result<()> {
    if findings.is_empty() {
        writeln!(out, "nothing found")?;
    }
    for finding in findings {
        let line = text[..finding.span.start].matches('\n').count() + 1;
        let severity = match finding.severity {
            Severity::Block => "block",
            Severity::Warn => "warn",
            Severity::Info => "info",
        };
        writeln!(
            out,
            "line {line}, {severity}: {} ({})",
            &text[finding.span.clone()],
            finding.rule
        )?;
        writeln!(out, "  {}: {}", finding.reason, finding.source)?;
        writeln!(out, "  {}", finding.suggestion)?;
    }
    Ok(())
}

fn kind(word: &str) -> Result<Kind, String> {
    match word {
        "post" => Ok(Kind::Post),
        "reply" => Ok(Kind::Reply),
        _ => Err("it is `post` or `reply`".to_owned()),
    }
}
