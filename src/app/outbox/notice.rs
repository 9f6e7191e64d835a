//! Shows notices: cards as they stand now, and what is finished as it is.
//!
//! A platform that knows keys shows the same notice once however often it is asked, so a notice
//! needs no mark before it leaves. Everywhere else the mark is written first, and what may have
//! been shown is looked for before it is shown again (`doubt`).

use std::time::Duration;

use jiff::SignedDuration;

use super::doubt;
use super::face::{face, look as look_of};
use super::held::{end, moved, post_of, put_back};
use super::showing::{Ready, Showing};
use super::{digest, threaded, unshown};
use crate::app::confirm;
use crate::app::consents;
use crate::app::desk::answer;
use crate::app::desk::room::{self, Sight};
use crate::app::effects::refresh as refresh_of;
use crate::app::failures;
use crate::app::hearer::Hearer;
use crate::app::office::Office;
use crate::app::sweep;
use crate::app::telling;
use crate::app::wish::{Keyed, Wish};
use crate::domain::ids::{PostId, PracticeId};
use crate::domain::outbox::{Certainty, Row, RowState, back_off};
use crate::domain::practice::Purpose;
use crate::domain::window::shown;
use crate::ports::chat::{Place, Shown};
use crate::ports::digests::Made;
use crate::ports::notice::{CodeView, Notice, View};
use crate::ports::store::{Card, Change, OutboxWrite, Stored};

/// How often a failure waits until it may be seen at a desk: a day, at 15 minutes each.
const UNSEEN: i64 = 100;
/// How often a refresh waits for its card to be shown first.
const WAITS: i64 = 30;

/// After so many tries, a minute or so, people hear that a post is not shown.
const UNSHOWN: i64 = 5;

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
        Ready::Instead(rows) => return instead(office, &row, rows).await,
        Ready::NotYet if row.attempts < WAITS => {
            let due = office.now().saturating_add(SignedDuration::from_secs(1));
            return put_back(office, &row, due.unwrap_or(row.due), None).await;
        }
        Ready::Nothing | Ready::NotYet => return end(office, &row, RowState::Done, None).await,
    };
    let Some(chat) = office.chat(showing.place.channel.platform) else {
        return again(office, &row, "the platform is not connected").await;
    };
    let certainty = chat.certainty(&showing.place);
    let keyed = matches!(certainty, Certainty::Key { .. });
    if !keyed && row.state == RowState::Resolving {
        return match doubt::resolve(office, chat, &row, (&key, &showing.place)).await? {
            Some(at) => done(office, &row, *showing, at).await,
            None => Ok(()),
        };
    }
    let row = if keyed { row } else { doubt::mark(office, row).await? };
    let request = chat.show(&key, &showing.place, &showing.notice);
    let allowed = Duration::try_from(office.pace.request).unwrap_or(Duration::from_secs(30));
    match tokio::time::timeout(allowed, request).await.unwrap_or(Shown::Unknown) {
        Shown::Done(at) => done(office, &row, *showing, at).await,
        Shown::TryLater(why) => {
            if row.attempts >= UNSHOWN {
                unshown::tell(office, &row, showing.card.as_ref(), (&why, true)).await?;
            }
            again(office, &row, &why).await
        }
        Shown::Unknown if keyed => again(office, &row, "the platform did not answer").await,
        Shown::Unknown => doubt::begin(office, &row, certainty).await,
        // Somebody deleted it: what is to be said is said anew.
        Shown::Refused(_) if row.remote.is_some() && showing.place.instead_of == row.remote => {
            put_back(office, &Row { remote: None, ..row }, office.now(), None).await
        }
        Shown::Refused(why) => {
            unshown::tell(office, &row, showing.card.as_ref(), (&why, false)).await?;
            end(office, &row, RowState::Refused, Some(why)).await
        }
    }
}

async fn again(office: &Office, row: &Row, why: &str) -> Stored<()> {
    let due = office.now().saturating_add(back_off(row.attempts)).unwrap_or(row.due);
    put_back(office, row, due, Some(why.to_owned())).await
}

async fn instead(office: &Office, row: &Row, rows: Vec<OutboxWrite>) -> Stored<()> {
    let mut change = Change::new(row.practice.clone(), office.now());
    change.outbox = rows;
    let to = Row { state: RowState::Done, lease_until: None, ..row.clone() };
    change.outbox.push(moved(row, to));
    office.commit(change).await.map(drop)
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
    change.digest = showing.digest.map(|made| Made { shown: true, ..made });
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
        Wish::Say { place, notice } => Ok(Showing::ready(place, notice)),
        Wish::Code { of, name, nonce, place } => {
            let waits = confirm::again(office, practice, (&of, &nonce)).await?;
            let Some(((code, expires), known)) = waits.zip(office.store.practice(practice).await?)
            else {
                return Ok(Ready::Nothing);
            };
            let until = shown(expires, &known.zone);
            let view = View::Code(CodeView { name, account: telling::place(&of), code, until });
            Ok(Showing::ready(place, crate::app::wish::plain(view)))
        }
        Wish::Card { post, revision, place } => {
            card(office, practice, &post, revision, place).await
        }
        Wish::Refresh { post, revision } => refresh(office, practice, &post, revision).await,
        Wish::Look { post, place } => look(office, practice, (&post, place)).await,
        Wish::Queue { from, place } => {
            Ok(match answer::queue(office, &place.channel, &from).await? {
                Ok(notice) => Showing::ready(place, notice),
                Err(unreachable) => Ready::Later(unreachable.to_string()),
            })
        }
        Wish::Calendar { from, place } => {
            Ok(match answer::calendar(office, &place.channel, &from).await? {
                Ok(notice) => Showing::ready(place, notice),
                Err(unreachable) => Ready::Later(unreachable.to_string()),
            })
        }
        Wish::DeskDigest { from, place } => {
            Ok(match answer::digest(office, &place.channel, &from).await? {
                Ok(notice) => Showing::ready(place, notice),
                Err(unreachable) => Ready::Later(unreachable.to_string()),
            })
        }
        Wish::Digest { date } => digest::ready(office, row, date).await,
        Wish::Consent { code, place } => {
            Ok(Showing::ready(place, consents::of_one(office, practice, &code).await?))
        }
        Wish::Failures { hearer } => failures(office, row, &hearer).await,
        Wish::FailuresAtDesks => at_desks(office, practice).await,
        Wish::Raised { hearer, notice } => raised(office, row, (&hearer, notice)).await,
        Wish::InThread { post, notice } => threaded::said(office, practice, &post, notice).await,
        Wish::Outcome { post, row, state } => {
            threaded::outcome(office, practice, &post, (&row, state)).await
        }
    }
}

async fn failures(office: &Office, row: &Row, hearer: &Hearer) -> Stored<Ready> {
    let Some(practice) = office.store.practice(&row.practice).await? else {
        return Ok(Ready::Nothing);
    };
    Ok(for_hearer(row, hearer, failures::message(office, &practice, row, hearer).await?))
}

async fn raised(office: &Office, row: &Row, (hearer, notice): (&Hearer, Notice)) -> Stored<Ready> {
    let place = office.store.practice(&row.practice).await?.and_then(|p| hearer.place(&p));
    Ok(for_hearer(row, hearer, place.map(|place| (place, notice))))
}

/// A stranger at a desk only delays it, but not for ever.
fn for_hearer(row: &Row, hearer: &Hearer, said: Option<(Place, Notice)>) -> Ready {
    let waits = hearer.is_agency() && row.attempts < UNSEEN;
    said.map_or(Ready::Nothing, |(place, notice)| {
        Ready::Show(Box::new(Showing { waits, ..Showing::of(place, notice) }))
    })
}

async fn at_desks(office: &Office, practice: &PracticeId) -> Stored<Ready> {
    match office.store.practice(practice).await? {
        Some(practice) => Ok(Ready::Instead(failures::at_desks(office, &practice).await?)),
        None => Ok(Ready::Nothing),
    }
}

async fn look(
    office: &Office,
    practice: &PracticeId,
    (post, place): (&PostId, Place),
) -> Stored<Ready> {
    let Some((practice, post)) = post_of(office, practice, Some(post)).await? else {
        return Ok(Ready::Nothing);
    };
    let notice = look_of(office, &practice, &post).await?;
    Ok(notice.map_or(Ready::Nothing, |notice| Showing::ready(place, notice)))
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
        // A word to one person that no practice says.
        Sight::Nothing if practice.is_instance() && showing.place.only.is_some() => {}
        Sight::Silent if showing.place.only.is_some() => {
            showing.notice = crate::app::wish::plain(View::Silent);
        }
        Sight::Silent if showing.waits => {
            return Ok(Ready::Later("somebody is there who must see nothing of it".to_owned()));
        }
        Sight::Silent | Sight::Nothing => return Ok(Ready::Nothing),
    }
    Ok(Ready::Show(showing))
}

async fn card(
    office: &Office,
    practice: &PracticeId,
    post: &PostId,
    revision: i64,
    place: Option<Place>,
) -> Stored<Ready> {
    let Some((practice, post)) = post_of(office, practice, Some(post)).await? else {
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
    Ok(Ready::Show(Box::new(Showing { card: Some(card), ..Showing::of(place, notice) })))
}

async fn refresh(
    office: &Office,
    practice: &PracticeId,
    post: &PostId,
    revision: i64,
) -> Stored<Ready> {
    let Some((practice, post)) = post_of(office, practice, Some(post)).await? else {
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
    Ok(Showing::ready(place, notice))
}
