//! `countersign screen`: what the screen says of texts, without keeping any of them.

use std::io::{BufRead, BufReader, IsTerminal, Read, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use clap::Args;
use serde::{Deserialize, Serialize};

use crate::screen::{Category, Finding, Kind, Roster, Screen, Severity};

/// So many lines pass between two words about how far it is.
const PROGRESS: usize = 10_000;

/// Screens texts: JSON Lines in, findings out; or plain text, with a report to read.
#[derive(Debug, Args)]
pub struct Screening {
    /// What a text is when it doesn't say: `post` or `reply`.
    #[arg(long, default_value = "post", value_parser = kind)]
    kind: Kind,
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
    findings: Vec<Hit>,
}

/// Where in bytes, and what; never the text.
#[derive(Serialize)]
struct Hit {
    start: usize,
    end: usize,
    category: Category,
    severity: Severity,
    rule: &'static str,
    reason: &'static str,
    source: &'static str,
    suggestion: &'static str,
}

impl Screening {
    /// Screens the file; needs no database.
    pub fn run(&self) -> anyhow::Result<ExitCode> {
        let mut input = self.input()?;
        let screen = Screen::new();
        let mut out = std::io::stdout().lock();
        let is_lines = input.fill_buf().context("reading the texts")?.first() == Some(&b'{');
        if is_lines {
            self.lines(input, &screen, &mut out)?;
        } else {
            let mut text = String::new();
            input.read_to_string(&mut text).context("reading the text, which must be UTF-8")?;
            report(&screen.check_as(self.kind, &text, &Roster::default()), &text, &mut out)?;
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

    fn lines(
        &self,
        input: Box<dyn BufRead>,
        screen: &Screen,
        out: &mut impl Write,
    ) -> anyhow::Result<()> {
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
            let findings = screen.check_as(kind, &line.text, &Roster::default());
            let findings = findings.into_iter().map(hit).collect();
            serde_json::to_writer(&mut *out, &Found { id: &line.id, findings })?;
            writeln!(out)?;
            if says_how_far && number % PROGRESS == 0 {
                tracing::info!("{number} texts are screened");
            }
        }
        Ok(())
    }
}

fn hit(finding: Finding) -> Hit {
    Hit {
        start: finding.span.start,
        end: finding.span.end,
        category: finding.category,
        severity: finding.severity,
        rule: finding.rule,
        reason: finding.reason,
        source: finding.source,
        suggestion: finding.suggestion,
    }
}

/// One paragraph a finding, for the person who has the text before them.
fn report(findings: &[Finding], text: &str, out: &mut impl Write) -> anyhow::Result<()> {
    if findings.is_empty() {
        writeln!(out, "Nothing was found. The screen does not find everything.")?;
    }
    for finding in findings {
        let line = text[..finding.span.start].matches('\n').count() + 1;
        let word = match finding.severity {
            Severity::Block => "BLOCK",
            Severity::Warn => "WARN",
            Severity::Info => "INFO",
        };
        writeln!(out, "{word} line {line}: \"{}\"", &text[finding.span.clone()])?;
        writeln!(out, "  {} ({}, {})", finding.reason, finding.rule, finding.source)?;
        writeln!(out, "  Instead: {}", finding.suggestion)?;
    }
    Ok(())
}

fn kind(word: &str) -> Result<Kind, String> {
    match word {
        "post" => Ok(Kind::Post),
        "reply" => Ok(Kind::Reply),
        _ => Err("must be post or reply".to_owned()),
    }
}
