//! `practice rules`: how often each rule of the screen hit, and what people said of that.

use std::io::Write;

use anyhow::Context;

use super::found::Found;
use crate::app::fine::{Counted, Tally};
use crate::app::office::Office;
use crate::domain::practice::Practice;

/// So many entries of the ledger are read at once.
const PAGE: i64 = 500;

/// Writes a line for each rule that hit.
pub async fn rules(
    office: &Office,
    practice: &Practice,
    out: &mut impl Write,
) -> anyhow::Result<Found> {
    let (mut tally, mut after) = (Tally::default(), 0);
    loop {
        let page = office.store.entries(&practice.id, after, PAGE).await;
        let page = page.context("reading the ledger")?;
        let Some((last, _)) = page.last() else { break };
        after = last.entry.seq;
        for (sealed, _) in &page {
            tally.add(sealed);
        }
    }
    let mut rules = tally.rules().peekable();
    if rules.peek().is_none() {
        writeln!(out, "No rule of the screen hit a post of {} yet.", practice.name)?;
        return Ok(Found::Intact);
    }
    writeln!(
        out,
        "{:<28} {:>5} {:>5} {:>10} {:>9}",
        "rule", "posts", "fine", "overridden", "attested"
    )?;
    for (rule, Counted { posts, fine, overridden, attested }) in rules {
        writeln!(out, "{rule:<28} {posts:>5} {fine:>5} {overridden:>10} {attested:>9}")?;
    }
    writeln!(
        out,
        "\nposts: sent for signature with it, or said to be fine. fine: somebody pressed \"This was \
         fine\".\noverridden: sent all the same. attested: kept out, and said to be about no patient."
    )?;
    Ok(Found::Intact)
}
