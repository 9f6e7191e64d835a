//! When a draft goes out: from what was typed to the slot and the window that is signed.

use jiff::{SignedDuration, Timestamp};

use super::draft::Draft;
use super::post::Post;
use super::practice::Practice;
use super::refusal::Refusal;
use super::slot::Slot;
use super::window::{AFTER_SLOT, LONGEST, Window, instant};

/// So long after its slot a post still goes out when it is signed: nobody calls it late who sees a
/// card at the hour it was planned for, reads it and signs.
pub const GRACE: SignedDuration = SignedDuration::from_mins(15);
/// No window ends further ahead than this.
const FURTHEST: SignedDuration = SignedDuration::from_hours(400 * 24);
/// So long before its slot a post is looked at again, first and last.
const LOOKS: [SignedDuration; 2] = [SignedDuration::from_hours(24), SignedDuration::from_hours(1)];
/// A slot that is offered is at least so far ahead.
const NEAREST: SignedDuration = SignedDuration::from_mins(30);

/// When a draft goes out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plan {
    /// Not before; what was meant, moved out of quiet hours. It may have passed.
    pub slot: Timestamp,
    /// What is signed.
    pub window: Window,
}

/// The slot and window of a draft that is submitted now.
///
/// Without a window of its own it opens now and closes a day after the slot; without a slot it
/// goes as soon as it is signed. Quiet hours move the slot, never the window.
pub fn plan(practice: &Practice, draft: &Draft, now: Timestamp) -> Result<Plan, Refusal> {
    let instant = |slot: Option<Slot>| slot.map(|slot| slot.instant(&practice.zone));
    let own_opens = instant(draft.opens);
    let opens = own_opens.map_or(now, |own| own.max(now));
    let meant = instant(draft.slot).unwrap_or(opens);
    let slot = out_of_quiet(practice, meant);
    let own_closes = instant(draft.closes);
    let after = || slot.max(now).saturating_add(AFTER_SLOT).unwrap_or(Timestamp::MAX);
    let window = Window { opens, closes: own_closes.unwrap_or_else(after) };
    let is_own = own_opens.is_some() || own_closes.is_some();
    let too_long = window.closes.duration_since(window.opens) > LONGEST;
    if window.closes <= now {
        return Err(Refusal::WindowPast);
    }
    if window.closes <= window.opens {
        return Err(Refusal::WindowInsideOut);
    }
    if too_long || window.closes.duration_since(now) > FURTHEST {
        return Err(if is_own { Refusal::WindowTooLong } else { Refusal::SlotTooFar });
    }
    if meant >= window.closes || own_opens.is_some_and(|own| meant < own) {
        return Err(Refusal::SlotOutsideWindow);
    }
    if slot >= window.closes {
        return Err(Refusal::QuietOutsideWindow);
    }
    Ok(Plan { slot, window })
}

/// The slot itself, or when the quiet hours that it lies in are over.
pub fn out_of_quiet(practice: &Practice, slot: Timestamp) -> Timestamp {
    practice.quiet.map_or(slot, |quiet| quiet.over(&practice.zone, slot))
}

/// Somebody planned it for a time that is gone: what is signed off now does not leave by itself.
pub fn is_late(post: &Post, now: Timestamp) -> bool {
    let planned = post.draft.slot.and(post.slot);
    planned.is_some_and(|slot| now.duration_since(slot) > GRACE)
}

/// When a post with this slot is looked at again, a day and an hour ahead; nothing when it leaves
/// sooner.
pub fn next_look(slot: Timestamp, now: Timestamp) -> Option<Timestamp> {
    LOOKS.iter().filter_map(|ahead| slot.checked_sub(*ahead).ok()).find(|look| *look > now)
}

/// The next slots for a post whose own is gone, soonest first: now, today at 17:00, tomorrow at
/// 9:00, out of quiet hours. The first is now unless now is quiet.
pub fn offers(practice: &Practice, now: Timestamp) -> Vec<Timestamp> {
    let today = now.to_zoned_datetime(practice.zone.clone()).date();
    let five = instant(&practice.zone, today.at(17, 0, 0, 0));
    let nine = today.tomorrow().ok().and_then(|day| instant(&practice.zone, day.at(9, 0, 0, 0)));
    let soon = now.saturating_add(NEAREST).unwrap_or(now);
    let later = [five, nine].into_iter().flatten().filter(|at| *at >= soon);
    let mut all: Vec<_> =
        [now].into_iter().chain(later).map(|at| out_of_quiet(practice, at)).collect();
    all.sort_unstable();
    all.dedup();
    all
}
