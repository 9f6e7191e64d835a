//! What a post's message shows: its card or draft, as things stand now.

use crate::app::changes;
use crate::app::desk;
use crate::app::findings::Findings;
use crate::app::office::Office;
use crate::app::pictured;
use crate::app::roster::{Among, roster_among};
use crate::app::second_look;
use crate::app::views;
use crate::domain::acts::Case;
use crate::domain::draft::Audience;
use crate::domain::entry::What;
use crate::domain::ledger::Body;
use crate::domain::post::Post;
use crate::domain::practice::Practice;
use crate::domain::showing;
use crate::domain::state::State;
use crate::ports::notice::{CardView, ChangeView, Notice, View};
use crate::ports::store::Stored;
use crate::screen::Severity;

/// The card or draft message of a revision, as it stands now.
pub(super) async fn face(
    office: &Office,
    practice: &Practice,
    post: &Post,
    revision: i64,
) -> Stored<Option<Notice>> {
    let others = office.store.others(&practice.id).await?;
    if revision == 0 {
        let texts: Vec<&str> = post.draft.typed().collect();
        let mut found = findings(office, (practice, &others), &texts, post);
        found.others.extend(second_look::of_draft(office, practice, post).await?);
        found.others.extend(overrides(office, practice, post).await?);
        found.others.extend(pictured::words(practice, &post.draft));
        let idea = office.store.idea_of(&practice.id, &post.id).await?;
        let now = office.now();
        let missing = idea.and_then(|idea| pictured::missing(practice, (post, &idea), now));
        let shown = showing::check(practice, &post.draft, now).is_ok();
        found.unpictured = post.state == State::Draft && (missing.is_some() || !shown);
        found.others.extend(missing);
        found.better = post.state == State::Draft
            && second_look::reworded(office, practice, &post.draft).is_some();
        return Ok(Some(views::draft(practice, post, &found)));
    }
    let Some(content) = office.store.content(&practice.id, &post.id, revision).await? else {
        return Ok(None);
    };
    let mut rows = Vec::new();
    for publication in &post.publications {
        rows.extend(office.store.row(&practice.id, &publication.id).await?);
    }
    let texts: Vec<&str> = content.accounts.iter().map(|part| part.text.as_str()).collect();
    let mut found = findings(office, (practice, &others), &texts, post);
    // It was sent: what blocked it was overridden, or blocks since.
    found.others.append(&mut found.blocking);
    if revision == post.revision {
        found.others.extend(overrides(office, practice, post).await?);
        found.others.extend(pictured::words(practice, &post.draft));
    }
    let case = Case { practice, post, now: office.now() };
    let mut notice = views::card(case, &content, &rows, &found);
    let before = office.store.content(&practice.id, &post.id, revision - 1).await?;
    if let View::Card(card) = &mut notice.view {
        if let Some(before) = before {
            card.changes = changes::between(practice, &before, &content);
        }
        beside(office, (practice, post), revision, card).await?;
        card.findings.extend(second_look::of_card(&content, &card.source));
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

fn findings(office: &Office, among: Among<'_>, texts: &[&str], post: &Post) -> Findings {
    let roster = roster_among(among, office.now());
    let overridden = &post.draft.overridden;
    let mut findings = Findings::default();
    for found in texts.iter().flat_map(|text| office.screen.check(text, &roster)) {
        let blocks =
            found.severity == Severity::Block && !overridden.iter().any(|o| o == found.rule);
        findings.doubted |= found.severity == Severity::Warn;
        let lines = if blocks { &mut findings.blocking } else { &mut findings.others };
        let line = format!("{}: {}", found.reason, found.suggestion);
        if blocks && !findings.blocks.iter().any(|known| known == found.rule) {
            findings.blocks.push(found.rule.to_owned());
        }
        if !lines.contains(&line) {
            lines.push(line);
        }
    }
    // In the order in which a decision has them.
    findings.blocks.sort_unstable();
    findings
}

/// Who overrode a rule for these words, and why.
async fn overrides(office: &Office, practice: &Practice, post: &Post) -> Stored<Vec<String>> {
    if post.draft.overridden.is_empty() {
        return Ok(Vec::new());
    }
    let entries = office.store.entries_of(&practice.id, &post.id).await?;
    let since = entries.iter().rposition(|(sealed, _)| sealed.entry.fact.what.writer().is_some());
    let made = entries.iter().skip(since.unwrap_or(0)).filter_map(|(sealed, body)| {
        let overrides = matches!(sealed.entry.fact.what, What::Overridden { .. });
        body.as_ref().filter(|_| overrides)
    });
    Ok(made.map(|body| format!("overridden by {}: {}", body.name, body.note)).collect())
}

/// What is shown beside what leaves, as the ledger has it for this revision.
async fn beside(
    office: &Office,
    (practice, post): (&Practice, &Post),
    revision: i64,
    card: &mut CardView,
) -> Stored<()> {
    let entries = office.store.entries_of(&practice.id, &post.id).await?;
    let body = |number: i64| {
        let fixes = entries.iter().find(|(sealed, _)| {
            sealed.entry.fact.what.revised().is_some_and(|revised| revised.to == number)
        });
        fixes.and_then(|(_, body)| body.as_ref())
    };
    let Some(now) = body(revision) else {
        return Ok(());
    };
    card.source.clone_from(&now.source);
    card.audience = audience(now);
    if let Some(before) = body(revision - 1) {
        let changed = [
            ("Source", before.source.clone(), now.source.clone()),
            ("Written for", audience(before), audience(now)),
        ];
        let changed = changed.into_iter().filter(|(_, was, is)| was != is);
        card.changes.extend(changed.map(|(what, was, is)| {
            let is = if is.is_empty() { "no link any more".to_owned() } else { is };
            ChangeView { what: what.to_owned(), was, is }
        }));
    }
    Ok(())
}

fn audience(body: &Body) -> String {
    body.audience.map(Audience::as_str).unwrap_or_default().to_owned()
}
