//! What to look at again in a draft and on a card, in sentences; nothing of it keeps a post back.

use crate::app::office::Office;
use crate::app::roster::roster;
use crate::checks::{self, Written, beside};
use crate::domain::content::{Content, normalized};
use crate::domain::draft::Draft;
use crate::domain::post::{Post, State};
use crate::domain::practice::Practice;
use crate::ports::store::{StoreError, Stored};

/// A draft is compared with so many of the practice's newest posts.
const BESIDE: i64 = 100;

/// For whoever writes: all that the checks say of a draft, each once.
pub(super) async fn of_draft(
    office: &Office,
    practice: &Practice,
    post: &Post,
) -> Stored<Vec<String>> {
    let draft = &post.draft;
    let written =
        draft.accounts.iter().map(|account| written(practice, draft, draft.text_for(account)));
    let remarks = written.flat_map(|written| checks::remarks(&written));
    let mut lines = each_once(remarks);
    if post.state == State::Draft {
        let others = office.store.newest(&practice.id, &post.id, BESIDE).await;
        // A draft is shown even if another post can't be read.
        let others = others.or_else(|error| match error {
            StoreError::Damaged(_) => Ok(Vec::new()),
            error => Err(error),
        })?;
        lines.extend(beside::lines(practice, draft, &others, office.now()));
    }
    Ok(lines)
}

/// The draft in the words that the checks propose; nothing where they propose none that can stand
/// there as they are.
pub(super) fn reworded(office: &Office, practice: &Practice, draft: &Draft) -> Option<Draft> {
    let mut better = draft.clone();
    for text in better.leaving_texts() {
        if let Some(reworded) = checks::reworded(&written(practice, draft, text)) {
            *text = normalized(&reworded);
        }
    }
    // What is kept only because somebody attested to it stays in those words.
    let roster = roster(practice, office.now());
    let found = || better.typed().flat_map(|text| (office.look)(text, &roster));
    let may_be = better != *draft && !found().any(|found| found.keeps_out());
    may_be.then_some(better)
}

fn written<'a>(practice: &'a Practice, draft: &'a Draft, text: &'a str) -> Written<'a> {
    Written {
        text,
        disclosure: &draft.disclosure,
        source: &draft.source,
        audience: draft.audience,
        practice: &practice.name,
    }
}

/// For whoever signs: what they answer for in what a revision says.
pub(super) fn of_card(content: &Content, source: &str) -> Vec<String> {
    let written = content.accounts.iter().map(|part| Written {
        text: &part.text,
        disclosure: &part.disclosure,
        source,
        ..Written::default()
    });
    let remarks = written.flat_map(|written| checks::for_signers(&written));
    each_once(remarks)
}

fn each_once(all: impl Iterator<Item = String>) -> Vec<String> {
    let mut lines = Vec::new();
    for line in all {
        if !lines.contains(&line) {
            lines.push(line);
        }
    }
    lines
}
