//! `countersign screen`: what the screen says of texts, without keeping any of them.

use std::io::{BufRead, BufReader, BufWriter, IsTerminal, Read, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, bail};
use clap::Args;
use serde::{Deserialize, Serialize};

use super::practice_file::PracticeFile;
use super::world::RealClock;
use crate::app::roster::{listed, states};
use crate::ports::clock::Clock;
use crate::screen::{Finding, Kind, KnownBy, Roster, Screen, Severity, packs};

/// So many texts pass between two words about how far it is.
const PROGRESS: usize = 5_000;

/// Screens texts: JSON Lines with `id`, `text` and `kind` in, findings out; or plain text, with a
/// report to read. Nothing is kept.
#[derive(Debug, Args)]
pub struct Screening {
    /// What a text is when it doesn't say: `post` or `reply`.
    #[arg(long, default_value = "post", value_parser = kind)]
    kind: Kind,
    /// A practice file, as `countersign practice show` writes it: its own people and name are
    /// nobody's to be kept from sight.
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
        let roster = self.roster()?;
        nag(&mut std::io::stderr().lock())?;
        let bench = Bench { screen: Screen::new(), roster, kind: self.kind };
        let mut out = BufWriter::new(std::io::stdout().lock());
        if input.fill_buf().context("reading the texts")?.first() == Some(&b'{') {
            bench.lines(input, &mut out)?;
        } else {
            let mut text = String::new();
            input.read_to_string(&mut text).context("reading the text, which must be UTF-8")?;
            let found = bench.screen.check_as(bench.kind, &text, &bench.roster);
            report(&found, &text, &mut out)?;
        }
        out.flush().context("writing the findings")?;
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
        let states: Vec<&str> = states().collect();
        for state in &self.state {
            if !states.contains(&state.to_lowercase().as_str()) {
                bail!("there is no pack of {state}; there is {}", states.join(", "));
            }
        }
        let mut known = KnownBy::default();
        if let Some(path) = &self.practice {
            let reading = || format!("reading the practice {}", path.display());
            let text = std::fs::read_to_string(path).with_context(reading)?;
            let file = PracticeFile::read(&text).with_context(reading)?;
            let practice = file.practice().with_context(reading)?;
            known = listed(&practice, RealClock.now());
        }
        known.states.extend(self.state.iter().cloned());
        Ok(Roster::new(&known))
    }
}

/// Says which packs nobody has gone through for a year.
fn nag(out: &mut impl Write) -> anyhow::Result<()> {
    let today = jiff::tz::TimeZone::UTC.to_datetime(RealClock.now()).date().to_string();
    for line in packs::stale(&today) {
        writeln!(out, "{line}")?;
    }
    Ok(())
}

impl Bench {
    fn lines(&self, input: Box<dyn BufRead>, out: &mut impl Write) -> anyhow::Result<()> {
        let mut progress = std::io::stderr().is_terminal().then(std::io::stderr);
        for (number, line) in (1_usize..).zip(input.lines()) {
            let line = line.with_context(|| format!("line {number}, which must be UTF-8"))?;
            if line.trim().is_empty() {
                continue;
            }
            // The parser's own words may repeat the text, so only the place is said.
            let Ok(line) = serde_json::from_str::<Line>(&line) else {
                bail!(
                    "line {number} is not `{{\"id\": .., \"text\": .., \"kind\": \"post\" or \"reply\"}}` in JSON; \
                     nothing after it was screened"
                );
            };
            let kind = line.kind.unwrap_or(self.kind);
            let findings = self.screen.check_as(kind, &line.text, &self.roster);
            let findings = findings.iter().map(hit).collect();
            serde_json::to_writer(&mut *out, &Found { id: &line.id, findings })?;
            writeln!(out)?;
            if number % PROGRESS == 0
                && let Some(terminal) = &mut progress
            {
                write!(terminal, "\r{number} texts are screened")?;
            }
        }
        if let Some(terminal) = &mut progress {
            write!(terminal, "\r\x1b[K")?;
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
        writeln!(out, "Nothing was found. The screen finds much, not all: read it once more.")?;
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
