//! Finds what the practice said before.

use super::asked::{Answer, Asked, Said};
use super::office::Office;
use super::wish::{button, plain};
use crate::domain::ids::PostId;
use crate::domain::outbox::{Row, RowState};
use crate::domain::post::Post;
use crate::domain::said::looked_for;
use crate::domain::state::State;
use crate::domain::window::day;
use crate::ports::notice::{SaidView, View, Weight};
use crate::ports::store::{Page, Stored};

/// So many posts are shown at once.
const PAGE: i64 = 10;
/// The shortest id of a button that a platform takes, in bytes.
const LONGEST_ID: usize = 100;

/// Shows what was published with all of these words, from the one after `after` on.
pub(super) async fn said(office: &Office, asked: &Asked<'_>, text: &str, after: i64) -> Answer {
    let words = looked_for(text);
    if words.is_empty() {
        return Ok(Err(Said::Sentence(
            "there is no word in that: write what to look for".to_owned(),
        )));
    }
    let page = Page { after, limit: PAGE + 1 };
    let mut found = office.store.said(&asked.practice.id, &words, page).await?;
    let more = found.len() > usize::try_from(PAGE).unwrap_or(usize::MAX);
    found.truncate(usize::try_from(PAGE).unwrap_or(usize::MAX));
    let mut posts = Vec::new();
    for id in &found {
        posts.extend(line(office, asked, id).await?);
    }
    let words = words.join(" ");
    let next = format!("more:{}:{words}", after + PAGE);
    let narrow = more && next.len() > LONGEST_ID;
    let mut notice = plain(View::Said { words, posts, narrow });
    if more && !narrow {
        notice.buttons.push(button(next, "More", Weight::Plain));
    }
    Ok(Ok(asked.told(office, notice)))
}

/// The next page: `AFTER:WORDS`.
pub(super) async fn more(office: &Office, asked: &Asked<'_>, rest: &str) -> Answer {
    let (after, words) = rest.split_once(':').unwrap_or_default();
    said(office, asked, words, after.parse().unwrap_or(0)).await
}

async fn line(office: &Office, asked: &Asked<'_>, id: &PostId) -> Stored<Option<SaidView>> {
    let practice = asked.practice;
    let Some(post) = office.store.post(&practice.id, id).await? else {
        return Ok(None);
    };
    let mut rows: Vec<Row> = Vec::new();
    for publication in post.publications.iter().filter(|p| p.state == RowState::Done) {
        rows.extend(office.store.row(&practice.id, &publication.id).await?);
    }
    let Some(last) = rows.last() else { return Ok(None) };
    Ok(Some(SaidView {
        number: post.number,
        day: last.first_sent.map(|at| day(at, &practice.zone)).unwrap_or_default(),
        words: first_words(office, &post, last).await?,
        taken_down: post.state == State::TakenDown,
        urls: rows.iter().filter_map(|row| row.url.clone()).collect(),
    }))
}

/// What it said, not what it may say next.
pub(super) async fn first_words(office: &Office, post: &Post, row: &Row) -> Stored<String> {
    let revision = row.revision.unwrap_or(post.revision);
    let content = office.store.content(&post.practice, &post.id, revision).await?;
    let part = content.and_then(|content| content.accounts.into_iter().next());
    Ok(part.map(|part| super::views::beginning(&part.words())).unwrap_or_default())
}
