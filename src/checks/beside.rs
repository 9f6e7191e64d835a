//! What else the practice says, on the same account: nearly the same, or at the same hour.
//!
//! Only posts of the same practice are compared: to say that another one says the same would tell
//! of its texts to people who may not see them. Those who may are told in [`elsewhere`](super::elsewhere).

use jiff::{SignedDuration, Timestamp};

use super::similar::Shingles;
use crate::domain::draft::Draft;
use crate::domain::ids::AccountId;
use crate::domain::neighbor::Neighbor;
use crate::domain::plan::out_of_quiet;
use crate::domain::practice::Practice;
use crate::domain::state::State;
use crate::domain::window::shown;

/// What was published longer ago is no repetition.
const RECENT: SignedDuration = SignedDuration::from_hours(90 * 24);
/// Two posts within so long compete for the same readers.
const HOUR: SignedDuration = SignedDuration::from_hours(1);

/// What to look at again in a draft, given the practice's other posts.
pub fn lines(
    practice: &Practice,
    draft: &Draft,
    others: &[Neighbor],
    now: Timestamp,
) -> Vec<String> {
    let others: Vec<&Neighbor> = others.iter().filter(|other| is_near(other, now)).collect();
    let nearly = nearly(draft, &others);
    nearly.into_iter().chain(within_the_hour(practice, draft, &others)).collect()
}

/// It is on its way, or was published not long ago.
pub(super) fn is_near(other: &Neighbor, now: Timestamp) -> bool {
    let is_old = other.slot.is_some_and(|slot| now.duration_since(slot) > RECENT);
    !(other.is_gone() || other.is_published() && is_old)
}

/// The post that says most nearly the same on an account that both have.
fn nearly(draft: &Draft, others: &[&Neighbor]) -> Option<String> {
    let texts: Vec<(&AccountId, Shingles)> =
        draft.accounts.iter().map(|id| (id, Shingles::of(draft.text_for(id)))).collect();
    let likeness = |other: &Neighbor| {
        let shared = texts.iter().filter(|(id, _)| other.draft.accounts.contains(id));
        shared.filter_map(|(id, ours)| ours.nearly(&Shingles::of(other.draft.text_for(id)))).max()
    };
    let alike = others.iter().filter_map(|other| Some((likeness(other)?, other.number, *other)));
    let (likeness, _, other) = alike.max_by_key(|(likeness, number, _)| (*likeness, *number))?;
    let says = if likeness == 100 { "the same as" } else { "nearly what" };
    let (says, verb) = if likeness == 100 { (says, "") } else { (says, " says") };
    let number = other.number;
    Some(if other.is_published() {
        format!(
            "this is {says} post {number}{verb}, which went out: say it in other words, or leave it"
        )
    } else {
        format!(
            "this is {says} post {number}{verb}, which is on its way: withdraw one, or change it"
        )
    })
}

/// The post whose slot is nearest on an account that both have, if it is near.
fn within_the_hour(practice: &Practice, draft: &Draft, others: &[&Neighbor]) -> Option<String> {
    let planned = |draft: &Draft| {
        let slot = draft.slot?.instant(&practice.zone);
        Some(out_of_quiet(practice, slot))
    };
    let ours = planned(draft)?;
    let near = others.iter().filter_map(|other| {
        // One without a slot of its own went or goes as soon as it is signed.
        let theirs = match other.state {
            State::Missed => None,
            State::Draft => planned(&other.draft),
            _ => other.draft.slot.and(other.slot),
        }?;
        let apart = ours.duration_since(theirs).abs();
        let account = draft.accounts.iter().find(|id| other.draft.accounts.contains(id))?;
        (apart <= HOUR).then_some((apart, other.number, theirs, account))
    });
    let (_, number, slot, account) = near.min_by_key(|(apart, number, ..)| (*apart, *number))?;
    let account = practice.account(account).map_or("the same account", |account| &account.name);
    let slot = shown(slot, &practice.zone);
    Some(format!(
        "post {number} is planned for {slot} on {account}, within an hour of this one: choose \
         another slot, or make one post of both"
    ))
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;

    use super::*;
    use crate::domain::ids::PracticeId;
    use crate::domain::slot::Slot;

    const TEXT: &str = "Flu shots this Saturday 9 to 12.";

    fn at(hours: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + SignedDuration::from_hours(24 * 365 + hours)
    }

    fn draft(text: &str, account: &str, slot: Option<i64>) -> Draft {
        Draft {
            text: text.to_owned(),
            accounts: vec![AccountId::new(account)],
            slot: slot.map(|hours| Slot::At(at(hours))),
            ..Draft::default()
        }
    }

    fn other(number: i64, state: State, draft: Draft, slot: Option<i64>) -> Neighbor {
        Neighbor { number, state, draft, slot: slot.map(at) }
    }

    fn said(draft: &Draft, others: &[Neighbor]) -> Vec<String> {
        let practice =
            Practice { zone: TimeZone::UTC, ..Practice::new(PracticeId::new("p"), true) };
        lines(&practice, draft, others, at(0))
    }

    #[test]
    fn nearly_the_same_is_said_of_what_is_recent_and_on_the_same_account() {
        let mine = draft(TEXT, "page", None);
        let same = || draft(TEXT, "page", None);
        let nearly = draft("Flu shots this Sunday 9 to 12.", "page", None);
        let on_its_way =
            ["this is the same as post 7, which is on its way: withdraw one, or change it"];
        let went_out =
            ["this is the same as post 7, which went out: say it in other words, or leave it"];
        let nearly_said =
            ["this is nearly what post 7 says, which went out: say it in other words, or leave it"];
        let table: [(Neighbor, &[&str]); 9] = [
            (other(7, State::Draft, same(), None), &on_its_way),
            (other(7, State::Missed, same(), Some(-1)), &on_its_way),
            (other(7, State::Published, same(), Some(-24 * 80)), &went_out),
            (other(7, State::Published, nearly, Some(-24)), &nearly_said),
            (other(7, State::Published, same(), Some(-24 * 91)), &[]),
            (other(7, State::Withdrawn, same(), Some(1)), &[]),
            (other(7, State::TakenDown, same(), Some(-1)), &[]),
            (other(7, State::Draft, draft(TEXT, "board", None), None), &[]),
            (other(7, State::Draft, draft("", "page", None), None), &[]),
        ];

        for (other, expected) in table {
            assert_eq!(said(&mine, std::slice::from_ref(&other)), expected, "{other:?}");
        }
    }

    #[test]
    fn only_the_most_alike_is_named() {
        let others = [
            other(5, State::Draft, draft(TEXT, "page", None), None),
            other(6, State::Draft, draft(TEXT, "page", None), None),
            other(7, State::Draft, draft("Flu shots this Sunday 9 to 12.", "page", None), None),
        ];

        let said = said(&draft(TEXT, "page", None), &others);
        assert_eq!(
            said,
            ["this is the same as post 6, which is on its way: withdraw one, or change it"]
        );
    }

    #[test]
    fn the_same_hour_is_said_of_what_has_a_slot() {
        let mine = draft("We have a new nurse.", "page", Some(48));
        let there = |account, slot| draft(TEXT, account, slot);
        let said_so =
            ["post 7 is planned for Sun 3 Jan 1971, 01:00 UTC on the same account, within \
            an hour of this one: choose another slot, or make one post of both"];
        let table: [(Neighbor, &[&str]); 7] = [
            (other(7, State::InReview, there("page", Some(49)), Some(49)), &said_so),
            (other(7, State::Draft, there("page", Some(49)), None), &said_so),
            (other(7, State::InReview, there("page", Some(50)), Some(50)), &[]),
            (other(7, State::InReview, there("page", None), Some(49)), &[]),
            (other(7, State::InReview, there("board", Some(49)), Some(49)), &[]),
            (other(7, State::Withdrawn, there("page", Some(49)), Some(49)), &[]),
            (other(7, State::Missed, there("page", Some(49)), Some(49)), &[]),
        ];

        for (other, expected) in table {
            assert_eq!(said(&mine, std::slice::from_ref(&other)), expected, "{other:?}");
        }
        let soonest = draft("We have a new nurse.", "page", None);
        let other = other(7, State::InReview, there("page", Some(0)), Some(0));
        assert_eq!(said(&soonest, &[other]), [""; 0]);
    }
}
