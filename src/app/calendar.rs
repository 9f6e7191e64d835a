//! The next days, and what is to go out on them: of one practice, or of several at a desk.

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};

use super::views;
use crate::domain::plan::out_of_quiet;
use crate::domain::post::{Post, State};
use crate::domain::practice::Practice;
use crate::ports::notice::Group;

/// So many days are shown.
const DAYS: i64 = 14;

/// What is to go out, by the day on the practice's own clock.
#[derive(Default)]
pub(super) struct Calendar {
    gone: Vec<(Timestamp, String)>,
    days: BTreeMap<Date, Vec<(Timestamp, String)>>,
    soonest: Vec<String>,
}

impl Calendar {
    /// Takes in what a practice plans.
    pub(super) fn add(&mut self, whose: Whose<'_>, posts: &[Post], now: Timestamp) {
        let practice = whose.practice();
        let day_of = |at: Timestamp| at.to_zoned_datetime(practice.zone.clone()).date();
        let end = day_of(now).checked_add(DAYS.days()).unwrap_or(Date::MAX);
        for post in posts.iter().filter(|post| post.state != State::Missed) {
            let Some(slot) = slot_of(practice, post) else {
                self.soonest.push(whose.line(post, None));
                continue;
            };
            let day = day_of(slot);
            if slot < now && post.state != State::Publishing {
                self.gone.push((slot, whose.line(post, None)));
            } else if day < end {
                self.days.entry(day).or_default().push((slot, whose.line(post, Some(slot))));
            }
        }
    }

    /// A title each, with its lines, first what is first: at most so many lines; and how many more
    /// there are.
    pub(super) fn groups(self, most: usize) -> (Vec<Group>, usize) {
        let days = self.days.into_iter();
        let days =
            days.map(|(day, lines)| (day.strftime("%a %-d %b %Y").to_string(), in_order(lines)));
        let gone = ("Slot gone".to_owned(), in_order(self.gone));
        let soonest = ("As soon as it is signed".to_owned(), self.soonest);
        let (mut groups, mut room, mut more) = (Vec::new(), most, 0);
        for (title, mut lines) in [gone].into_iter().chain(days).chain([soonest]) {
            more += lines.len().saturating_sub(room);
            lines.truncate(room);
            room -= lines.len();
            groups.extend((!lines.is_empty()).then_some(Group { title, lines }));
        }
        (groups, more)
    }
}

/// Whose posts they are, and how that is said.
#[derive(Clone, Copy)]
pub(super) enum Whose<'a> {
    /// The practice's whose channel it is: its zone is said once.
    Own(&'a Practice),
    /// One of several, which each line names with its zone.
    AtDesk(&'a Practice),
}

impl<'a> Whose<'a> {
    fn practice(self) -> &'a Practice {
        match self {
            Self::Own(practice) | Self::AtDesk(practice) => practice,
        }
    }

    fn line(self, post: &Post, at: Option<Timestamp>) -> String {
        let practice = self.practice();
        let clock = |at: Timestamp| at.to_zoned_datetime(practice.zone.clone());
        let at = at.map(|at| clock(at).strftime("%H:%M").to_string());
        let zone = practice.zone.iana_name().unwrap_or("UTC");
        let (at, which) = match (self, at) {
            (Self::Own(_), Some(at)) => (format!("{at}, "), format!("post {}", post.number)),
            (Self::Own(_), None) => (String::new(), format!("post {}", post.number)),
            (Self::AtDesk(whose), Some(at)) => {
                (format!("{at} {zone}, "), format!("{} {}", whose.id, post.number))
            }
            (Self::AtDesk(whose), None) => {
                (String::new(), format!("{} {} ({zone})", whose.id, post.number))
            }
        };
        let words = views::beginning(post.draft.main_text());
        format!("{at}{which}, {}: {words}", mark(post))
    }
}

/// Where it stands, as far as that keeps it from going out.
pub(super) fn mark(post: &Post) -> &'static str {
    match post.state {
        State::InReview => "⚠️ not signed off",
        State::Draft => "⚠️ draft, not sent for signature",
        _ if post.hold.is_some() => "✋ held",
        State::SignedOff => "signed off",
        state => views::word(state),
    }
}

fn in_order(mut lines: Vec<(Timestamp, String)>) -> Vec<String> {
    lines.sort();
    lines.into_iter().map(|(_, line)| line).collect()
}

pub(super) fn slot_of(practice: &Practice, post: &Post) -> Option<Timestamp> {
    match (post.draft.slot, post.state) {
        (Some(meant), State::Draft) => Some(out_of_quiet(practice, meant.instant(&practice.zone))),
        (Some(_), _) => post.slot,
        (None, _) => None,
    }
}
