//! What the rules of the screen say of a draft's words, asked anew for each decision: whether it may
//! be sent and who must sign it follow from that, and the ledger tells it with each revision.

use std::collections::BTreeSet;

use super::asked::Said;
use super::office::Office;
use super::roster::{Among, roster_among};
use crate::domain::agency::Others;
use crate::domain::draft::{Draft, Ruled, Ruling};
use crate::domain::policy::Risk;
use crate::domain::post::Post;
use crate::domain::practice::Practice;
use crate::domain::refusal::Refusal;
use crate::screen::{self, Finding, Severity};

/// The draft, and what the rules say of it now.
pub(super) fn weighed(office: &Office, among: Among<'_>, draft: Draft) -> Ruled {
    Ruled { ruling: ruling(office, among, &draft), draft }
}

/// What the rules say of a draft now.
pub(super) fn ruling(office: &Office, among: Among<'_>, draft: &Draft) -> Ruling {
    let roster = roster_among(among, office.now());
    let found: Vec<Finding> =
        draft.typed().flat_map(|text| office.screen.check(text, &roster)).collect();
    let least = |severity| {
        let ids = found.iter().filter(|finding| finding.severity >= severity).map(|f| f.rule);
        ids.collect::<BTreeSet<_>>().into_iter().map(ToOwned::to_owned).collect()
    };
    Ruling {
        rules: least(Severity::Warn),
        blocks: least(Severity::Block),
        risk: found.iter().map(|finding| risk(finding.risk)).max().unwrap_or_default(),
    }
}

/// What the rules say of a draft that was sent, where its words stay: what another practice is
/// called since does not block it. What it was sent with still gives it its risk.
pub(super) fn ruling_of_sent(office: &Office, among: Among<'_>, draft: &Draft) -> Ruling {
    let alone = ruling(office, (among.0, &Others::default()), draft);
    Ruling { blocks: alone.blocks, ..ruling(office, among, draft) }
}

/// The rules that keep what was sent from leaving now.
pub(super) fn blocks_of_sent(office: &Office, practice: &Practice, post: &Post) -> Vec<String> {
    open_blocks(office, (practice, &Others::default()), post)
}

/// The rules that keep a post from being sent now.
pub(super) fn open_blocks(office: &Office, among: Among<'_>, post: &Post) -> Vec<String> {
    ruling(office, among, &post.draft).open_blocks(&post.draft.overridden)
}

/// Why these rules block, each with what to say instead.
pub(super) fn reasons(office: &Office, blocks: &[String]) -> Vec<String> {
    let known = blocks.iter().filter_map(|rule| office.screen.explain(rule));
    known.map(|(reason, suggestion)| format!("{reason} ({suggestion})")).collect()
}

/// A refusal in words; where rules block a draft, with why, and what to say instead.
pub(super) fn said(office: &Office, ruling: &Ruling, refusal: Refusal) -> Said {
    if !matches!(refusal, Refusal::Blocked | Refusal::BlockedInReview) {
        return refusal.into();
    }
    let why = reasons(office, &ruling.blocks).into_iter();
    Said::Sentence(why.chain([refusal.to_string()]).collect::<Vec<_>>().join("; "))
}

fn risk(least: screen::Risk) -> Risk {
    match least {
        screen::Risk::Low => Risk::Low,
        screen::Risk::Normal => Risk::Normal,
        screen::Risk::High => Risk::High,
    }
}
