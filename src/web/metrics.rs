//! `/metrics`: figures for Prometheus and what reads its text format.
//!
//! No label names a practice, a person or a post: every label's values are few and known before.

use std::fmt::{Display, Write};

use super::vitals::Vitals;
use crate::app::counts::LOOK_BUCKETS;
use crate::ports::tally::Tally;

/// What the page is.
pub const CONTENT_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// A page of figures.
#[derive(Default)]
struct Page(String);

/// Labels of a figure, names and values.
type Labels<'a> = &'a [(&'a str, &'a str)];

/// The page as it is now; without what waits when that can't be read.
pub fn page(vitals: &Vitals, tally: Option<&Tally>) -> String {
    let mut page = Page::default();
    state(&mut page, vitals, tally);
    if let Some(tally) = tally {
        waiting(&mut page, tally);
    }
    done(&mut page, vitals);
    page.0
}

/// How it is, as `/healthz` judges.
fn state(page: &mut Page, vitals: &Vitals, tally: Option<&Tally>) {
    let health = vitals.judge_by(tally);
    let yes = |is: bool| i64::from(is);
    page.family("build_info", "gauge", "Which version runs.");
    page.line("build_info", &[("version", env!("CARGO_PKG_VERSION"))], 1);
    page.gauge("healthy", "1 while /healthz answers 200.", yes(health.is_well()));
    page.gauge("database_readable", "1 while the database can be read.", yes(tally.is_some()));
    let ledger = yes(health.ledger == "ok");
    page.gauge("ledger_writable", "1 while the ledger can be written; 0 stops publishing.", ledger);
    let help = "For how long the oldest of what waits should have been done.";
    page.gauge("oldest_overdue_seconds", help, health.oldest_overdue_seconds);
    let help = "By how much the clock jumped within the last hour.";
    page.gauge("clock_jump_seconds", help, health.clock_jump_seconds);
    if let Some(free) = vitals.free_bytes() {
        page.gauge("disk_free_bytes", "Room in the data folder.", free);
    }
    page.family("platform_connected", "gauge", "1 while the chat platform can be heard.");
    for (platform, is) in &health.platforms {
        page.line("platform_connected", &[("platform", platform)], yes(*is == "connected"));
    }
}

/// What waits in the database.
fn waiting(page: &mut Page, tally: &Tally) {
    page.family("outbox_rows", "gauge", "Rows of the outbox that are not at their end, or parked.");
    for (kind, state, many) in &tally.rows {
        page.line("outbox_rows", &[("kind", kind.as_str()), ("state", state.as_str())], *many);
    }
    page.gauge("inbox_waiting", "Events that were stored and are not handled yet.", tally.events);
    page.gauge("practices", "Practices.", tally.practices);
    page.gauge("practices_stopped", "Practices that people stopped.", tally.stopped);
}

/// What was done since the start.
fn done(page: &mut Page, vitals: &Vitals) {
    let counts = &vitals.office().counts;
    page.family("commits_total", "counter", "Changes committed since the start.");
    page.line("commits_total", &[], counts.commits());
    let help =
        "Attempts to publish since the start, and publications given up, by what came of it.";
    page.family("publications_total", "counter", help);
    for ((network, outcome), many) in counts.publications() {
        page.line("publications_total", &[("network", network), ("outcome", outcome)], many);
    }
    page.family("gate_events_total", "counter", "Events at the door, by what became of them.");
    for (result, many) in counts.gate() {
        page.line("gate_events_total", &[("result", result)], many);
    }
    let looks = counts.looks();
    page.family("look_seconds", "histogram", "How long the gate looked at what somebody typed.");
    let mut within = 0;
    for (bound, many) in LOOK_BUCKETS.iter().zip(looks.within) {
        within += many;
        page.line("look_seconds_bucket", &[("le", &seconds(*bound))], within);
    }
    page.line("look_seconds_bucket", &[("le", "+Inf")], looks.count);
    page.line("look_seconds_sum", &[], seconds(looks.micros));
    page.line("look_seconds_count", &[], looks.count);
}

/// Microseconds as seconds, exactly: `0.0005`.
fn seconds(micros: i64) -> String {
    let text = format!("{}.{:06}", micros / 1_000_000, micros % 1_000_000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

impl Page {
    /// A figure of its own.
    fn gauge(&mut self, name: &str, help: &str, value: impl Display) {
        self.family(name, "gauge", help);
        self.line(name, &[], value);
    }

    fn family(&mut self, name: &str, kind: &str, help: &str) {
        let told =
            writeln!(self.0, "# HELP countersign_{name} {help}\n# TYPE countersign_{name} {kind}");
        told.expect("a string grows");
    }

    /// Values of labels are words of our own, so nothing in them has to be escaped.
    fn line(&mut self, name: &str, labels: Labels<'_>, value: impl Display) {
        let labels: Vec<String> = labels.iter().map(|(l, v)| format!("{l}=\"{v}\"")).collect();
        let labels =
            if labels.is_empty() { String::new() } else { format!("{{{}}}", labels.join(",")) };
        writeln!(self.0, "countersign_{name}{labels} {value}").expect("a string grows");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn microseconds_are_written_exactly() {
        let written = [0, 1, 500, 100_000, 1_000_000, 2_500_000].map(seconds);

        assert_eq!(written, ["0", "0.000001", "0.0005", "0.1", "1", "2.5"]);
    }
}
