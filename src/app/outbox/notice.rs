//! Shows notices: cards as they stand now, and what is finished as it is.
//!
//! A platform that knows keys shows the same notice once however often it is asked, so a notice
//! needs no mark before it leaves. Everywhere else the mark is written first, and what may have
//! been shown is not shown again.

use std::time::Duration;

use jiff::SignedDuration;

use super::held::{end, moved, put_back};
use crate::app::changes;
use crate::app::desk::answer;
use crate::app::desk::room::{self, Sight};
use crate::app::effects::refresh as refresh_of;
use crate::app::failures;
use crate::app::hearer::Hearer;
use crate::app::office::Office;
use crate::app::sweep;
use crate::app::views;
use crate::app::wish::{Keyed, Wish};
use crate::domain::acts::Case;
use crate::domain::ids::{PostId, PracticeId, RowId};
use crate::domain::ledger::Head;
use crate::domain::outbox::{Certainty, Row, RowState, back_off};
use crate::domain::post::{Post, State};
use crate::domain::practice::{Practice, Purpose};
use crate::ports::chat::{Place, Shown};
use crate::ports::notice::{Notice, View};
use crate::ports::store::{Card, Change, Stored};

/// How often a refresh waits for its card to be shown first.
const WAITS: i64 = 30;

/// What is shown, where, and the card it is.
struct Showing {
    place: Place,
    notice: Notice,
    card: Option<Card>,
}

/// What a wish comes to.
enum Ready {
    Show(Box<Showing>),
    Nothing,
    NotYet,
    /// Not now, and why.
    Later(String),
}

/// Shows the notice of this row.
pub(super) async fn show(office: &Office, row: Row) -> Stored<()> {
    let Ok(Keyed { key, wish }) = serde_json::from_str(&row.payload) else {
        return end(office, &row, RowState::Refused, Some("unreadable wish".to_owned())).await;
    };
    let ready = match prepare(office, &row, wish).await? {
        Ready::Show(showing) => seen_there(office, &row.practice, showing).await?,
        other => other,
    };
    let showing = match ready {
        Ready::Show(showing) => showing,
        Ready::Later(why) => return again(office, &row, &why).await,
        Ready::NotYet if row.attempts < WAITS => {
            let due = office.now().saturating_add(SignedDuration::from_secs(1));
            return put_back(office, &row, due.unwrap_or(row.due), None).await;
        }
        Ready::Nothing | Ready::NotYet => return end(office, &row, RowState::Done, None).await,
    };
    let Some(chat) = office.chat(showing.place.channel.platform) else {
        return again(office, &row, "the platform is not connected").await;
    };
    let keyed = matches!(chat.certainty(), Certainty::Key { .. });
    if !keyed && row.state == RowState::Resolving {
        let why = "it may have been shown, and is not shown twice".to_owned();
        return end(office, &row, RowState::Parked, Some(why)).await;
    }
    let row = if keyed { row } else { mark(office, row).await? };
    let request = chat.show(&key, &showing.place, &showing.notice);
    let allowed = Duration::try_from(office.pace.request).unwrap_or(Duration::from_secs(30));
    match tokio::time::timeout(allowed, request).await.unwrap_or(Shown::Unknown) {
        Shown::Done(at) => done(office, &row, *showing, at).await,
        Shown::TryLater => again(office, &row, "the platform said: later").await,
        Shown::Unknown if keyed => again(office, &row, "the platform did not answer").await,
        Shown::Unknown => end(office, &row, RowState::Parked, Some("no answer".to_owned())).await,
        // Somebody deleted it: what is to be said is said anew.
        Shown::Refused(_) if row.remote.is_some() && showing.place.instead_of == row.remote => {
            put_back(office, &Row { remote: None, ..row }, office.now(), None).await
        }
        Shown::Refused(why) => end(office, &row, RowState::Refused, Some(why)).await,
    }
}

async fn mark(office: &Office, row: Row) -> Stored<Row> {
    let to = Row { state: RowState::Sending, ..row.clone() };
    super::held::move_row(office, &row, to.clone()).await?;
    Ok(to)
}

async fn again(office: &Office, row: &Row, why: &str) -> Stored<()> {
    let due = office.now().saturating_add(back_off(row.attempts)).unwrap_or(row.due);
    put_back(office, row, due, Some(why.to_owned())).await
}

async fn done(
    office: &Office,
    row: &Row,
    showing: Showing,
    at: crate::ports::chat::MessageRef,
) -> Stored<()> {
    let mut change = Change::new(row.practice.clone(), office.now());
    // What was changed in place stands where it stood.
    let instead = showing.place.instead_of.is_some();
    let remote = if instead { row.remote.clone() } else { Some(at.message.clone()) };
    let to = Row { state: RowState::Done, lease_until: None, remote, ..row.clone() };
    change.outbox.push(moved(row, to));
    let Some(card) = showing.card.map(|card| Card { at, ..card }) else {
        return office.commit(change).await.map(drop);
    };
    let (whose, about) = (row.practice.clone(), card.post.clone());
    let Some(post) = office.store.post(&whose, &about).await? else { return Ok(()) };
    // A newer revision may have come while this one was shown: then this is the old card.
    let open = card.open && card.revision == post.revision;
    if card.open && !open {
        change.outbox.push(refresh_of(office, &post, card.revision));
    }
    change.card = Some(Card { open, ..card });
    office.commit(change).await?;
    if open {
        // Somebody may have reacted before it was known which card this message is.
        let _ = sweep::cards_of(office, &whose, &about).await?;
    }
    Ok(())
}

async fn prepare(office: &Office, row: &Row, wish: Wish) -> Stored<Ready> {
    let practice = &row.practice;
    match wish {
        Wish::Say { place, notice } => {
            Ok(Ready::Show(Box::new(Showing { place, notice, card: None })))
        }
        Wish::Card { post, revision, place } => {
            card(office, practice, &post, revision, place).await
        }
        Wish::Refresh { post, revision } => refresh(office, practice, &post, revision).await,
        Wish::Look { post, place } => look(office, practice, &post, place).await,
        Wish::Queue { from, place } => {
            Ok(match answer::queue(office, &place.channel, &from).await? {
                Ok(notice) => Ready::Show(Box::new(Showing { place, notice, card: None })),
                Err(unreachable) => Ready::Later(unreachable.to_string()),
            })
        }
        Wish::Failures { hearer } => failures(office, row, &hearer).await,
        Wish::InThread { post, notice } => in_thread(office, practice, &post, notice).await,
        Wish::Outcome { post, row, state } => outcome(office, practice, &post, (&row, state)).await,
    }
}

async fn failures(office: &Office, row: &Row, hearer: &Hearer) -> Stored<Ready> {
    let Some(practice) = office.store.practice(&row.practice).await? else {
        return Ok(Ready::Nothing);
    };
    let message = failures::message(office, &practice, row, hearer).await?;
    Ok(message.map_or(Ready::Nothing, |(place, notice)| {
        Ready::Show(Box::new(Showing { place, notice, card: None }))
    }))
}

async fn load(
    office: &Office,
    practice: &PracticeId,
    post: &PostId,
) -> Stored<Option<(Practice, Post)>> {
    super::held::post_of(office, practice, Some(post)).await
}

/// The card or draft message of a revision, as it stands now.
async fn face(
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
    let before = match revision {
        1 => None,
        _ => office.store.content(&practice.id, &post.id, revision - 1).await?,
    };
    if let (View::Card(card), Some(before)) = (&mut notice.view, before) {
        card.changes = changes::between(practice, &before, &content);
    }
    Ok(Some(notice))
}

/// The post's newest revision, for somebody's eyes; nothing can be signed there.
async fn look(
    office: &Office,
    practice: &PracticeId,
    post: &PostId,
    place: Place,
) -> Stored<Ready> {
    let Some((practice, post)) = load(office, practice, post).await? else {
        return Ok(Ready::Nothing);
    };
    let Some(mut notice) = face(office, &practice, &post, post.revision).await? else {
        return Ok(Ready::Nothing);
    };
    if let View::Card(card) = &mut notice.view {
        card.signable = false;
    }
    let own = ["sign:", "unsign:", "decline:", "live:", "not-live:", "takedown:"];
    notice.buttons.retain(|button| !own.iter().any(|verb| button.id.starts_with(verb)));
    notice.reactions.clear();
    Ok(Ready::Show(Box::new(Showing { place, notice, card: None })))
}

/// What of it may stand there: all in the practice's own channels; at a desk in its name, and
/// nothing while somebody is there who is not the agency's.
async fn seen_there(
    office: &Office,
    practice: &PracticeId,
    mut showing: Box<Showing>,
) -> Stored<Ready> {
    let sight = match room::view(office, practice, &showing.place.channel).await? {
        Ok(sight) => sight,
        Err(unreachable) => return Ok(Ready::Later(unreachable.to_string())),
    };
    match sight {
        Sight::Own => {}
        Sight::AtDesk => {
            let (practice, shows) = (practice.to_string(), Box::new(showing.notice.view));
            showing.notice.view = View::AtDesk { practice, shows };
            showing.notice.reactions.clear();
        }
        Sight::Silent if showing.place.only.is_some() => {
            showing.notice = crate::app::wish::plain(View::Silent);
        }
        Sight::Silent | Sight::Nothing => return Ok(Ready::Nothing),
    }
    Ok(Ready::Show(showing))
}

fn texts(draft: &crate::domain::post::Draft) -> Vec<&str> {
    let alts = draft.pictures.iter().map(|p| p.alt.as_str());
    std::iter::once(draft.text.as_str()).chain(alts).collect()
}

fn findings(office: &Office, practice: &Practice, texts: &[&str]) -> Vec<String> {
    let roster = crate::app::roster::roster(practice);
    let found = texts.iter().flat_map(|text| office.screen.check(text, &roster));
    let mut lines: Vec<String> = found.map(|f| format!("{}: {}", f.reason, f.suggestion)).collect();
    lines.dedup();
    lines
}

async fn card(
    office: &Office,
    practice: &PracticeId,
    post: &PostId,
    revision: i64,
    place: Option<Place>,
) -> Stored<Ready> {
    let Some((practice, post)) = load(office, practice, post).await? else {
        return Ok(Ready::Nothing);
    };
    let approvals = practice.channel(Purpose::Approvals).cloned().map(|channel| Place {
        channel,
        thread: None,
        only: None,
        instead_of: None,
    });
    // A newer revision has its own card; this one was never shown and never will be.
    if revision != 0 && revision != post.revision {
        return Ok(Ready::Nothing);
    }
    let Some(place) = place.or(approvals) else {
        return Ok(Ready::Nothing);
    };
    let Some(notice) = face(office, &practice, &post, revision).await? else {
        return Ok(Ready::Nothing);
    };
    let hash = match revision {
        0 => String::new(),
        _ => post.hash.map(|hash| hash.to_string()).unwrap_or_default(),
    };
    let at =
        crate::ports::chat::MessageRef { channel: place.channel.clone(), message: String::new() };
    let open = revision != 0;
    let card = Card { at, post: post.id.clone(), revision, hash, open };
    Ok(Ready::Show(Box::new(Showing { place, notice, card: Some(card) })))
}

async fn refresh(
    office: &Office,
    practice: &PracticeId,
    post: &PostId,
    revision: i64,
) -> Stored<Ready> {
    let Some((practice, post)) = load(office, practice, post).await? else {
        return Ok(Ready::Nothing);
    };
    let cards = office.store.cards(&practice.id, &post.id).await?;
    let Some(card) = cards.into_iter().rfind(|card| card.revision == revision) else {
        // Not shown yet: it will be shown as it stands then, or is just being shown.
        return Ok(if revision == post.revision { Ready::NotYet } else { Ready::Nothing });
    };
    let Some(notice) = face(office, &practice, &post, revision).await? else {
        return Ok(Ready::Nothing);
    };
    let place = Place {
        channel: card.at.channel,
        thread: None,
        only: None,
        instead_of: Some(card.at.message),
    };
    Ok(Ready::Show(Box::new(Showing { place, notice, card: None })))
}

async fn thread_of(office: &Office, practice: &PracticeId, post: &PostId) -> Stored<Option<Place>> {
    let cards = office.store.cards(practice, post).await?;
    Ok(cards.into_iter().next_back().map(|card| Place {
        channel: card.at.channel,
        thread: Some(card.at.message),
        only: None,
        instead_of: None,
    }))
}

async fn in_thread(
    office: &Office,
    practice: &PracticeId,
    post: &PostId,
    notice: Notice,
) -> Stored<Ready> {
    let Some(place) = thread_of(office, practice, post).await? else {
        return Ok(Ready::NotYet);
    };
    Ok(Ready::Show(Box::new(Showing { place, notice, card: None })))
}

async fn outcome(
    office: &Office,
    practice: &PracticeId,
    post: &PostId,
    (row, state): (&RowId, RowState),
) -> Stored<Ready> {
    let Some((practice, post)) = load(office, practice, post).await? else {
        return Ok(Ready::Nothing);
    };
    let Some(row) = office.store.row(&practice.id, row).await? else {
        return Ok(Ready::Nothing);
    };
    let Some(place) = thread_of(office, &practice.id, &post.id).await? else {
        return Ok(Ready::NotYet);
    };
    if row.state != state {
        return Ok(Ready::Nothing);
    }
    let live = row.state == RowState::Done && post.state != State::TakenDown;
    let head: Head = office.store.head(&practice.id).await?;
    let view = View::Outcome {
        number: post.number,
        account: practice.name_of_account(row.account.as_ref()),
        what: format!("{}.", views::outcome(&practice, &row)),
        url: row.url.clone().filter(|_| live).unwrap_or_default(),
        head: if live { head.short() } else { String::new() },
    };
    let notice = crate::app::wish::plain(view);
    Ok(Ready::Show(Box::new(Showing { place, notice, card: None })))
}
