//! What the rules of the screen say of a draft's words. It is kept with the draft: whether it may be
//! sent and who must sign it follow from that, and the ledger tells it with each revision.

use std::collections::BTreeSet;

use super::asked::Said;
use super::office::Office;
use super::roster::roster;
use crate::domain::draft::{Draft, Screened};
use crate::domain::policy::Risk;
use crate::domain::post::Post;
use crate::domain::practice::Practice;
use crate::domain::refusal::Refusal;
use crate::screen::{self, Finding, Severity};

/// The draft with what the rules say of it now.
pub(super) fn weighed(office: &Office, practice: &Practice, draft: Draft) -> Draft {
    let roster = roster(practice, office.now());
    let found: Vec<Finding> =
        draft.typed().flat_map(|text| office.screen.check(text, &roster)).collect();
    let least = |severity| {
        let ids = found.iter().filter(|finding| finding.severity >= severity).map(|f| f.rule);
        ids.collect::<BTreeSet<_>>().into_iter().map(ToOwned::to_owned).collect()
    };
    let screened = Screened {
        rules: least(Severity::Warn),
        blocks: least(Severity::Block),
        overridden: draft.screened.overridden.clone(),
        risk: found.iter().map(|finding| risk(finding.risk)).max().unwrap_or_default(),
    };
    Draft { screened, ..draft }
}

/// The post whose draft is what the rules say of it now.
pub(super) fn weighed_post(office: &Office, practice: &Practice, post: &Post) -> Post {
    Post { draft: weighed(office, practice, post.draft.clone()), ..post.clone() }
}

/// A refusal in words; where rules block a draft, with why, and what to say instead.
pub(super) fn said(office: &Office, draft: &Draft, refusal: Refusal) -> Said {
    if refusal != Refusal::Blocked {
        return refusal.into();
    }
    let why = draft.screened.blocks.iter().filter_map(|rule| office.screen.explain(rule));
    let why = why.map(|(reason, suggestion)| format!("{reason} ({suggestion})"));
    Said::Sentence(why.chain([refusal.to_string()]).collect::<Vec<_>>().join("; "))
}

fn risk(least: screen::Risk) -> Risk {
    match least {
        screen::Risk::Low => Risk::Low,
        screen::Risk::Normal => Risk::Normal,
        screen::Risk::High => Risk::High,
    }
}
