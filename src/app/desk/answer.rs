//! What the instance answers at a desk: what is about all practices, and what is about none.

use std::cmp::Reverse;

use jiff::Timestamp;

use super::room;
use crate::app::calendar::{Calendar, Whose};
use crate::app::digest;
use crate::app::office::Office;
use crate::app::pictured;
use crate::app::views;
use crate::app::wish::{Wish, for_eyes_of, plain, wish};
use crate::domain::command::ROOT;
use crate::domain::desk::{self, Wanted};
use crate::domain::ids::PracticeId;
use crate::domain::member::Identity;
use crate::domain::post::{Post, State};
use crate::domain::practice::{ChannelRef, Practice};
use crate::ports::chat::Unreachable;
use crate::ports::intake::{ChatEvent, Happening};
use crate::ports::notice::{Notice, View};
use crate::ports::store::{Change, Stored, Thing};

/// So many lines of a list are shown at most.
const LINES: usize = 50;

/// Answers what concerned no practice, or one that this person does not serve. Whoever is not the
/// agency's gets no answer.
pub async fn answer(office: &Office, event: &ChatEvent, seq: i64) -> Stored<Change> {
    let mut change = Change::new(PracticeId::instance(), office.now());
    let Some(agency) = office.store.desk(&event.channel).await? else {
        return Ok(change);
    };
    if office.store.served(&agency, &event.from).await?.is_empty() {
        return Ok(change);
    }
    let place = for_eyes_of(&event.from, &event.channel, None);
    let refused = |why: &str| plain(View::Refused { number: 0, why: why.to_owned() });
    let notice = match &event.what {
        Happening::Said { message, text, files, .. } if text.is_empty() && !files.is_empty() => {
            let drafts = office.store.whose(&agency, &Thing::Master(message.clone())).await?;
            if !drafts.is_empty() {
                let who = (&event.from, &event.channel);
                change.outbox.push(pictured::at_desk(office, who, (message, files)));
            }
            return Ok(change);
        }
        Happening::Said { text, .. } => match desk::read(text) {
            None => return Ok(change),
            Some(wanted @ (Wanted::Queue | Wanted::Calendar | Wanted::Digest)) => {
                let from = event.from.clone();
                let (list, subject) = match wanted {
                    Wanted::Queue => (Wish::Queue { from, place }, format!("queue/{seq}")),
                    Wanted::Digest => (Wish::DeskDigest { from, place }, format!("private/{seq}")),
                    _ => (Wish::Calendar { from, place }, format!("calendar/{seq}")),
                };
                change.outbox.push(wish(office, &PracticeId::instance(), subject, list, false));
                return Ok(change);
            }
            Some(Wanted::Help) => help(),
            Some(Wanted::Master(_)) => refused("this is not the thread of a message with drafts"),
            Some(Wanted::New { .. } | Wanted::Each { .. } | Wanted::Every { .. }) => {
                refused("there is no such practice at this desk")
            }
        },
        Happening::Pressed { .. } => refused("that button belongs to nothing here"),
        Happening::Picked { .. } => refused("at a desk, type /post new PRACTICE: and the words"),
        Happening::Edited { .. } | Happening::Deleted { .. } | Happening::Reacted { .. } => {
            return Ok(change);
        }
    };
    let say = Wish::Say { place, notice };
    let subject = format!("private/{seq}");
    change.outbox.push(wish(office, &PracticeId::instance(), subject, say, false));
    Ok(change)
}

/// What is on its way in all practices that may be shown at the desk to this person; first what
/// will miss its slot first.
pub async fn queue(
    office: &Office,
    channel: &ChannelRef,
    from: &Identity,
) -> Stored<Result<Notice, Unreachable>> {
    let shown = match shown_to(office, channel, from).await? {
        Ok(shown) if shown.is_empty() => return Ok(Ok(plain(View::Silent))),
        Ok(shown) => shown,
        Err(unreachable) => return Ok(Err(unreachable)),
    };
    let all_stopped = shown.iter().any(|(practice, _)| practice.all_stopped);
    let rows = shown.iter().flat_map(|(practice, posts)| {
        posts.iter().map(move |post| (urgency(practice, post), line(practice, post)))
    });
    let mut rows: Vec<_> = rows.collect();
    rows.sort();
    let more = rows.len().saturating_sub(LINES);
    let mut lines: Vec<String> = rows.into_iter().map(|(_, line)| line).take(LINES).collect();
    if more > 0 {
        lines.push(left_out(more, "queue"));
    }
    let stopped = views::stopped(&Practice { all_stopped, ..Practice::instance() });
    Ok(Ok(plain(View::Queue { lines, stopped })))
}

/// The next days of all practices that may be shown at the desk to this person, each by its own
/// clock.
pub async fn calendar(
    office: &Office,
    channel: &ChannelRef,
    from: &Identity,
) -> Stored<Result<Notice, Unreachable>> {
    let shown = match shown_to(office, channel, from).await? {
        Ok(shown) if shown.is_empty() => return Ok(Ok(plain(View::Silent))),
        Ok(shown) => shown,
        Err(unreachable) => return Ok(Err(unreachable)),
    };
    let mut calendar = Calendar::default();
    for (practice, posts) in &shown {
        calendar.add(Whose::AtDesk(practice), posts, office.now());
    }
    let (groups, more) = calendar.groups(LINES);
    let more = if more > 0 { left_out(more, "calendar") } else { String::new() };
    Ok(Ok(plain(View::Calendar { zone: String::new(), groups, more })))
}

/// The digest of all practices that may be shown at the desk to this person, as it would be now.
pub async fn digest(
    office: &Office,
    channel: &ChannelRef,
    from: &Identity,
) -> Stored<Result<Notice, Unreachable>> {
    let shown = match shown_to(office, channel, from).await? {
        Ok(shown) if shown.is_empty() => return Ok(Ok(plain(View::Silent))),
        Ok(shown) => shown,
        Err(unreachable) => return Ok(Err(unreachable)),
    };
    Ok(Ok(plain(View::DeskDigest(digest::desk::view(office, &shown).await?))))
}

/// The practices that may be shown there to this person, with what is on its way. The platform
/// must say who is there.
async fn shown_to(
    office: &Office,
    channel: &ChannelRef,
    from: &Identity,
) -> Stored<Result<Vec<(Practice, Vec<Post>)>, Unreachable>> {
    let everybodys = match room::shown_at(office, channel).await? {
        Ok(shown) => shown,
        Err(unreachable) => return Ok(Err(unreachable)),
    };
    let mut shown = Vec::new();
    for id in &everybodys {
        let practice = office.store.practice(id).await?;
        // Said so far: everybody in the channel. The person may have left it since.
        let theirs = |p: &Practice| p.who(from).is_some_and(|member| member.agency);
        if let Some(practice) = practice.filter(theirs) {
            let posts = office.store.open_posts(id).await?;
            shown.push((practice, posts));
        }
    }
    Ok(Ok(shown))
}

fn left_out(more: usize, list: &str) -> String {
    format!("and {more} more: {ROOT} {list} PRACTICE shows them")
}

fn line(practice: &Practice, post: &Post) -> String {
    let stopped = if practice.stopped { ", stopped" } else { "" };
    format!("{}{stopped} {}", practice.id, views::line(practice, post))
}

/// What is missed first comes first; what goes by itself comes last.
fn urgency(practice: &Practice, post: &Post) -> (Reverse<bool>, Timestamp) {
    let goes = matches!(post.state, State::SignedOff | State::Publishing);
    let waits = !goes || post.hold.is_some() || practice.stopped;
    let slot = post.draft.slot.map(|slot| slot.instant(&practice.zone));
    let until = slot.or(post.window.map(|window| window.closes));
    (Reverse(waits), until.unwrap_or(Timestamp::MAX))
}

fn help() -> Notice {
    let lines = desk::help().into_iter().map(|(usage, does)| format!("{ROOT} {usage}: {does}"));
    plain(View::Help { meant: String::new(), lines: lines.collect() })
}
