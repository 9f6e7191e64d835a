//! "Change X to Y" in a card's thread: an approver's next revision, which then waits for a ✅.

use super::asked::{Asked, Said};
use super::effects::{Doer, change};
use super::office::Office;
use super::roster::roster;
use super::weigh::{self, weighed};
use super::wish::plain;
use crate::domain::acts;
use crate::domain::amend::{self, Amendment};
use crate::domain::content::normalized;
use crate::domain::draft::Draft;
use crate::domain::member::Member;
use crate::domain::post::{Cause, Post};
use crate::domain::refusal::Refusal;
use crate::ports::notice::View;
use crate::ports::store::{Card, Change};
use crate::screen::Finding;

/// What the reply asks for; nothing when it is an ordinary one, or by somebody who does not sign.
pub(super) fn read(by: &Member, text: &str) -> Vec<Amendment> {
    if by.is_approver() { amend::read(text) } else { Vec::new() }
}

/// Makes the next revision. The words passed the gate by themselves; what they make of the post is
/// looked at once more.
pub(super) fn amend(
    office: &Office,
    asked: &Asked<'_>,
    (card, post): (&Card, &Post),
    ways: &[Amendment],
) -> Result<Change, Said> {
    if card.revision == 0 {
        return Err(Refusal::NotInReview.into());
    }
    if card.revision != post.revision {
        return Err(Refusal::OldCard { shown: card.revision, current: post.revision }.into());
    }
    let mut draft = amend::apply(ways, &post.draft)?;
    for text in draft.leaving_texts() {
        *text = normalized(text);
    }
    if let Some(kept) = kept_out(office, asked, post, &draft) {
        return Ok(kept);
    }
    let case = asked.case(office, post);
    let ruled = weighed(office, asked.among(), draft);
    let ruling = ruled.ruling.clone();
    let decided = acts::edit(case, asked.member, ruled, office.chance.bytes());
    let decided = decided.map_err(|refusal| weigh::said(office, &ruling, refusal))?;
    Ok(change(office, asked.practice, post, decided, Doer::member(asked.member)))
}

/// The post as it would be looks like patient information: it is held, and nothing is kept.
fn kept_out(office: &Office, asked: &Asked<'_>, post: &Post, draft: &Draft) -> Option<Change> {
    let roster = roster(asked.practice, office.now());
    let found: Vec<_> = draft
        .typed()
        .flat_map(|text| (office.look)(text, &roster))
        .filter(Finding::keeps_out)
        .collect();
    if found.is_empty() {
        return None;
    }
    let mut kinds: Vec<String> = found.iter().map(|f| f.reason.to_owned()).collect();
    let mut mend: Vec<String> = found.iter().map(|f| f.suggestion.to_owned()).collect();
    kinds.dedup();
    mend.dedup();
    let mut kept = match acts::keep(asked.case(office, post), Cause::Edit) {
        Ok(decided) => change(office, asked.practice, post, decided, Doer::default()),
        Err(_) => asked.change(office),
    };
    let told = asked.told(office, plain(View::Blocked { kinds, mend, still_there: true }));
    kept.outbox.extend(told.outbox);
    Some(kept)
}
