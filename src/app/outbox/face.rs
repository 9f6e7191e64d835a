//! What a post's message shows: its card or draft, as things stand now.

use crate::app::changes;
use crate::app::desk;
use crate::app::office::Office;
use crate::app::roster::roster;
use crate::app::views;
use crate::domain::acts::Case;
use crate::domain::post::{Draft, Post};
use crate::domain::practice::Practice;
use crate::ports::notice::{Notice, View};
use crate::ports::store::Stored;

/// The card or draft message of a revision, as it stands now.
pub(super) async fn face(
    office: &Office,
    practice: &Practice,
    post: &Post,
    revision: i64,
) -> Stored<Option<Notice>> {
    if revision == 0 {
        let texts: Vec<&str> = texts(&post.draft);
        return Ok(Some(views::draft(practice, post, &findings(office, practice, &texts))));
    }
    let Some(content) = office.store.content(&practice.id, &post.id, revision).await? else {
        return Ok(None);
    };
    let mut rows = Vec::new();
    for publication in &post.publications {
        rows.extend(office.store.row(&practice.id, &publication.id).await?);
    }
    let texts: Vec<&str> = content.accounts.iter().map(|part| part.text.as_str()).collect();
    let findings = findings(office, practice, &texts);
    let case = Case { practice, post, now: office.now() };
    let mut notice = views::card(case, &content, &rows, &findings);
    let before = office.store.content(&practice.id, &post.id, revision - 1).await?;
    if let (View::Card(card), Some(before)) = (&mut notice.view, before) {
        card.changes = changes::between(practice, &before, &content);
    }
    Ok(Some(notice))
}

/// The post's newest revision, for somebody's eyes at a desk; nothing can be signed there.
pub(super) async fn look(
    office: &Office,
    practice: &Practice,
    post: &Post,
) -> Stored<Option<Notice>> {
    let Some(mut notice) = face(office, practice, post, post.revision).await? else {
        return Ok(None);
    };
    if let View::Card(card) = &mut notice.view {
        card.signable = false;
    }
    notice.buttons.retain(|button| !desk::is_own(button));
    notice.reactions.clear();
    Ok(Some(notice))
}

fn texts(draft: &Draft) -> Vec<&str> {
    let alts = draft.pictures.iter().map(|p| p.alt.as_str());
    std::iter::once(draft.text.as_str()).chain(alts).collect()
}

fn findings(office: &Office, practice: &Practice, texts: &[&str]) -> Vec<String> {
    let roster = roster(practice);
    let found = texts.iter().flat_map(|text| office.screen.check(text, &roster));
    let mut lines: Vec<String> = found.map(|f| format!("{}: {}", f.reason, f.suggestion)).collect();
    lines.dedup();
    lines
}
