//! What was made with a consent, as the ledger tells, and where it stands now.

use std::collections::{BTreeMap, BTreeSet};

use super::office::Office;
use super::views;
use crate::domain::certificate::Kept;
use crate::domain::entry::What;
use crate::domain::ids::PostId;
use crate::domain::ledger::{Body, Entry};
use crate::domain::outbox::{Row, RowState};
use crate::domain::post::{Post, Publication};
use crate::domain::practice::Practice;
use crate::domain::state::State;
use crate::ports::notice::LinkedLine;
use crate::ports::store::Stored;

/// So many entries of a ledger are read at once.
const PAGE: i64 = 500;

/// What was made with a consent.
#[derive(Debug, Default)]
pub struct Uses {
    /// What is live, or may be, a line each with its address; and its post, where it is one of this
    /// installation's.
    pub live: Vec<(Option<PostId>, LinkedLine)>,
    /// What has not gone out, a line each.
    pub waiting: Vec<String>,
}

/// What was made with a consent.
pub async fn uses(office: &Office, practice: &Practice, code: &str) -> Stored<Uses> {
    let mut uses = Uses { live: before(office, practice, code).await?, ..Uses::default() };
    for (id, pictures) in vouched(office, practice, code).await? {
        let Some(post) = office.store.post(&practice.id, &id).await? else { continue };
        let is_open = matches!(
            post.state,
            State::Draft | State::InReview | State::SignedOff | State::Publishing | State::Missed
        );
        if is_open && post.draft.pictures.iter().any(|p| pictures.contains(&p.sha256)) {
            uses.waiting.push(views::line(practice, &post));
        }
        if post.state != State::TakenDown {
            for (row, is_live) in out(office, &post, &pictures).await? {
                let account = practice.name_of_account(row.account.as_ref());
                let how = if is_live { "" } else { ", which is leaving or may be live" };
                let line = format!("post {} on {account}{how}", post.number);
                let url = row.url.unwrap_or_default();
                uses.live.push((Some(id.clone()), LinkedLine { line, link: url }));
            }
        }
    }
    Ok(uses)
}

/// What is live of a post with one of these pictures, or may be.
async fn out(office: &Office, post: &Post, pictures: &[String]) -> Stored<Vec<(Row, bool)>> {
    let mut all = Vec::new();
    for publication in post.publications.iter().filter(|p| Publication::is_out(p)) {
        let content = office.store.content(&post.practice, &post.id, publication.revision).await?;
        // A content that is not kept any more may have shown it.
        let has_one = content.is_none_or(|content| {
            let mut media = content.accounts.iter().flat_map(|part| &part.media);
            media.any(|picture| pictures.contains(&picture.sha256))
        });
        if has_one {
            let row = office.store.row(&post.practice, &publication.id).await?;
            all.extend(row.map(|row| (row, publication.state == RowState::Done)));
        }
    }
    Ok(all)
}

/// The posts that got pictures by this consent, and which.
async fn vouched(
    office: &Office,
    practice: &Practice,
    code: &str,
) -> Stored<BTreeMap<PostId, Vec<String>>> {
    let (mut all, mut after) = (BTreeMap::new(), 0);
    loop {
        let page = office.store.entries(&practice.id, after, PAGE).await?;
        let Some((last, _)) = page.last() else { return Ok(all) };
        after = last.entry.seq;
        for (sealed, _) in &page {
            if let Some((post, pictures)) = got(&sealed.entry, code) {
                let known: &mut Vec<String> = all.entry(post.clone()).or_default();
                known.extend(pictures.iter().cloned());
            }
        }
    }
}

/// The post that got pictures by this consent.
fn got<'a>(entry: &'a Entry, code: &str) -> Option<(&'a PostId, &'a [String])> {
    let What::PicturesVouched { pictures, consents, .. } = &entry.fact.what else { return None };
    let subject = entry.fact.subject.as_ref()?;
    consents.iter().any(|known| known == code).then_some((&subject.post, pictures))
}

/// What was live when the practice came from another installation; nothing is known of it since.
async fn before(
    office: &Office,
    practice: &Practice,
    code: &str,
) -> Stored<Vec<(Option<PostId>, LinkedLine)>> {
    let (mut posts, mut numbers) = (BTreeSet::new(), BTreeMap::new());
    let (mut published, mut after) = (BTreeMap::new(), 0);
    loop {
        let page = office.store.former_entries(&practice.id, after, PAGE).await?;
        let Some(last) = page.last() else { break };
        after = last.sealed.entry.seq;
        for Kept { sealed, body } in &page {
            posts.extend(got(&sealed.entry, code).map(|(post, _)| post.clone()));
            let Some(subject) = &sealed.entry.fact.subject else { continue };
            match &sealed.entry.fact.what {
                What::Drafted { number, .. } => drop(numbers.insert(subject.post.clone(), *number)),
                What::Published { publication, .. } => {
                    let link = body.as_ref().map(|Body { note, .. }| note.clone());
                    published.insert(
                        publication.clone(),
                        (subject.post.clone(), link.unwrap_or_default()),
                    );
                }
                What::Live { publication, .. } => {
                    published
                        .entry(publication.clone())
                        .or_insert_with(|| (subject.post.clone(), String::new()));
                }
                What::Removed { publication } => drop(published.remove(publication)),
                _ => {}
            }
        }
    }
    let of_these = published.into_values().filter(|(post, _)| posts.contains(post));
    let told = |(post, link): (PostId, String)| {
        let number = numbers.get(&post).copied().unwrap_or_default();
        let line = format!("post {number}, published before the practice came here");
        (None, LinkedLine { line, link })
    };
    Ok(of_these.map(told).collect())
}
