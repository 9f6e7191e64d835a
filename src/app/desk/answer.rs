//! What the instance answers at a desk: what is about all practices, and what is about none.

use std::cmp::Reverse;

use jiff::Timestamp;

use super::room;
use crate::app::office::Office;
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
use crate::ports::store::{Change, Stored};

/// So many lines of the queue are shown at most.
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
        Happening::Said { text, .. } => match desk::read(text) {
            None => return Ok(change),
            Some(Wanted::Queue) => {
                let queue = Wish::Queue { from: event.from.clone(), place };
                let subject = format!("queue/{seq}");
                change.outbox.push(wish(office, &PracticeId::instance(), subject, queue, false));
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
/// will miss its slot first. The platform must say who is there.
pub async fn queue(
    office: &Office,
    channel: &ChannelRef,
    from: &Identity,
) -> Stored<Result<Notice, Unreachable>> {
    let shown = match room::shown_at(office, channel).await? {
        Ok(shown) => shown,
        Err(unreachable) => return Ok(Err(unreachable)),
    };
    let (mut rows, mut all_stopped, mut serves) = (Vec::new(), false, false);
    for id in &shown {
        let Some(practice) = office.store.practice(id).await? else {
            continue;
        };
        // Said so far: everybody in the channel. The person may have left it since.
        if !practice.who(from).is_some_and(|member| member.agency) {
            continue;
        }
        (serves, all_stopped) = (true, practice.all_stopped);
        for post in office.store.open_posts(id).await? {
            rows.push((urgency(&practice, &post), line(&practice, &post)));
        }
    }
    if !serves {
        return Ok(Ok(plain(View::Silent)));
    }
    rows.sort();
    let more = rows.len().saturating_sub(LINES);
    let mut lines: Vec<String> = rows.into_iter().map(|(_, line)| line).take(LINES).collect();
    if more > 0 {
        lines.push(format!("and {more} more: {ROOT} queue PRACTICE shows them"));
    }
    let stopped = views::stopped(&Practice { all_stopped, ..Practice::instance() });
    Ok(Ok(plain(View::Queue { lines, stopped })))
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
