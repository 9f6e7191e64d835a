//! When a post goes out, in words: its slot, why that is another than was typed, and its window.

use jiff::Timestamp;
use jiff::tz::AmbiguousOffset;

use crate::domain::draft::Draft;
use crate::domain::plan::out_of_quiet;
use crate::domain::post::{Post, State, Verdict};
use crate::domain::practice::Practice;
use crate::domain::slot::Slot;
use crate::domain::window::{FRESH, Window, shown};

/// What names no moment.
const SOON: &str = "as soon as it is signed";

/// The moment that words about this slot name, in seconds; 0 where they name none.
pub(super) fn named(words: &str, slot: Option<Timestamp>) -> i64 {
    let names = !words.is_empty() && words != SOON;
    slot.filter(|_| names).map_or(0, Timestamp::as_second)
}

/// When it will go out; empty once that is past.
pub(super) fn planned(practice: &Practice, post: &Post) -> String {
    let Some(slot) = post.slot else { return String::new() };
    match (post.state, post.draft.slot) {
        (State::InReview, None) => match post.window {
            Some(window) if window.opens < slot || post.draft.opens.is_some() => {
                let quiet = quiet(practice);
                let slot = shown(slot, &practice.zone);
                format!("as soon as it is signed, not before {slot}{quiet}")
            }
            _ => SOON.to_owned(),
        },
        (State::SignedOff, None) if post.draft.opens.is_some() => shown(slot, &practice.zone),
        (State::InReview | State::SignedOff, Some(meant)) => {
            shown(slot, &practice.zone) + &other_than(practice, meant, slot)
        }
        _ => String::new(),
    }
}

/// When a draft should go out; empty when nobody said.
pub(super) fn meant(practice: &Practice, draft: &Draft) -> String {
    let (Some(meant), Some(slot)) = (draft.slot, meant_at(practice, draft)) else {
        return String::new();
    };
    shown(slot, &practice.zone) + &other_than(practice, meant, slot)
}

/// The same as a moment.
pub(super) fn meant_at(practice: &Practice, draft: &Draft) -> Option<Timestamp> {
    let meant = draft.slot?.instant(&practice.zone);
    Some(out_of_quiet(practice, meant))
}

/// The window that was given to a draft; empty when none was.
pub(super) fn own_window(practice: &Practice, draft: &Draft) -> String {
    let zone = &practice.zone;
    let edge = |slot: Option<Slot>| slot.map(|slot| slot.instant(zone));
    match (edge(draft.opens), edge(draft.closes)) {
        (Some(opens), Some(closes)) => Window { opens, closes }.shown(zone),
        (Some(opens), None) => format!("from {}", shown(opens, zone)),
        (None, Some(closes)) => format!("until {}", shown(closes, zone)),
        (None, None) => String::new(),
    }
}

/// Who has to sign again, as their sign-off is too old then.
pub(super) fn to_sign_again(practice: &Practice, post: &Post, then: Timestamp) -> Vec<String> {
    let old = post.decisions.iter().filter(|d| d.verdict == Verdict::Signed);
    let old = old.filter(|d| then.duration_since(d.at) > FRESH);
    old.map(|d| practice.name_of(&d.member)).collect()
}

/// Why the slot is not what the clock showed that somebody typed; empty when it is.
fn other_than(practice: &Practice, meant: Slot, slot: Timestamp) -> String {
    let at = meant.instant(&practice.zone);
    let Slot::Wall(clock) = meant else {
        return if slot > at { moved(practice, at) } else { String::new() };
    };
    let typed = clock.strftime("%H:%M");
    match practice.zone.to_ambiguous_timestamp(clock).offset() {
        _ if slot > at => moved(practice, at),
        AmbiguousOffset::Gap { .. } => format!(", as {typed} does not exist that day"),
        AmbiguousOffset::Fold { .. } => format!(", the first of two {typed} that day"),
        AmbiguousOffset::Unambiguous { .. } => String::new(),
    }
}

fn moved(practice: &Practice, from: Timestamp) -> String {
    let from = from.to_zoned_datetime(practice.zone.clone()).strftime("%H:%M").to_string();
    format!(", moved from {from}{}", quiet(practice))
}

fn quiet(practice: &Practice) -> String {
    practice.quiet.map(|quiet| format!(" (quiet hours {quiet})")).unwrap_or_default()
}
