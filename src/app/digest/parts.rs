//! The parts of a digest, from posts as they stand. Pure: finished strings, no decisions.

use jiff::Timestamp;

use crate::app::calendar::{mark, slot_of};
use crate::app::views;
use crate::domain::acts::Case;
use crate::domain::post::{Post, State};
use crate::domain::practice::Practice;
use crate::ports::notice::{DigestLine, DigestPart};

/// So many lines a part has at most.
pub(super) const LINES: usize = 8;
/// So many characters all lines have together, so that a digest is one message on every platform.
const ROOM: usize = 2_600;
/// A line costs so much beside its words.
const EDGE: usize = 16;

/// Lines of a part, and how many there would be.
#[derive(Debug, Default)]
pub(super) struct Lines {
    lines: Vec<DigestLine>,
    count: usize,
}

impl Lines {
    /// All of them.
    pub(super) fn all(lines: Vec<DigestLine>) -> Self {
        let count = lines.len();
        Self::first(lines, count)
    }

    /// The first of so many.
    pub(super) fn first(mut lines: Vec<DigestLine>, count: usize) -> Self {
        lines.truncate(LINES);
        Self { lines, count }
    }

    /// How many there are.
    pub(super) fn count(&self) -> usize {
        self.count
    }

    fn size(&self) -> usize {
        let size = |line: &DigestLine| {
            let links = line.links.iter().map(|link| link.chars().count() + 1);
            EDGE + line.text.chars().count() + links.sum::<usize>()
        };
        self.lines.iter().map(size).sum()
    }

    pub(super) fn part(self) -> DigestPart {
        let left_out = self.count - self.lines.len();
        DigestPart {
            count: self.count.to_string(),
            any: self.count > 0,
            one: self.count == 1,
            more: if left_out == 0 { String::new() } else { left_out.to_string() },
            lines: self.lines,
        }
    }
}

/// Leaves lines out until all parts have room: always of the longest list, so that each says
/// something.
pub(super) fn fit(parts: &mut [Lines]) {
    while parts.iter().map(Lines::size).sum::<usize>() > ROOM {
        let longest = parts.iter_mut().max_by_key(|part| part.lines.len());
        let left_out = longest.filter(|part| part.lines.len() > 1).map(|part| part.lines.pop());
        if left_out.is_none() {
            return;
        }
    }
}

/// What waits for sign-offs, and until when; first what waits least.
pub(super) fn waiting(practice: &Practice, open: &[Post], now: Timestamp) -> Lines {
    let waiting = open.iter().filter(|post| post.state == State::InReview && post.hold.is_none());
    let mut lines: Vec<(Timestamp, DigestLine)> = waiting
        .map(|post| {
            let until = until(practice, post, now);
            let standing = views::stands(practice, post, &Case { practice, post, now }.standing());
            let text = match until {
                Some(until) => format!("{standing}, until {}", clock(practice, until)),
                None => standing,
            };
            (until.unwrap_or(Timestamp::MAX), line(post, text))
        })
        .collect();
    lines.sort_by_key(|(until, line)| (*until, line.number));
    Lines::all(lines.into_iter().map(|(_, line)| line).collect())
}

/// Posts that a member holds.
pub(super) fn held(practice: &Practice, open: &[Post]) -> Vec<DigestLine> {
    let held = open.iter().filter_map(|post| {
        let by = post.hold.as_ref()?.by.as_ref()?;
        Some(line(post, format!("is held by {}", practice.name_of(by))))
    });
    held.collect()
}

/// What is planned for today and is not over, by its time.
pub(super) fn today(practice: &Practice, open: &[Post], now: Timestamp) -> Lines {
    let all = slots(practice, open, now).into_iter();
    let ahead = all.filter(|(slot, post)| *slot >= now || post.state == State::Publishing);
    let lines = ahead.map(|(slot, post)| {
        let words = views::beginning(post.draft.main_text());
        let at = practice.zone.to_datetime(slot).strftime("%H:%M").to_string();
        DigestLine { at, ..line(post, format!("{}: {words}", mark(post))) }
    });
    Lines::all(lines.collect())
}

/// What may miss its slot today: when the first does, and a line each.
pub(super) fn risks(
    practice: &Practice,
    open: &[Post],
    now: Timestamp,
) -> (Option<Timestamp>, Lines) {
    let all = slots(practice, open, now).into_iter();
    let risky: Vec<(Timestamp, &Post)> = all
        .filter(|(_, post)| {
            let goes = matches!(post.state, State::SignedOff | State::Publishing);
            !goes || post.hold.is_some() || practice.is_stopped()
        })
        .collect();
    let first = risky.first().map(|(slot, _)| *slot);
    let lines = risky.into_iter().map(|(slot, post)| {
        let at = practice.zone.to_datetime(slot).strftime("%H:%M").to_string();
        DigestLine { at, ..line(post, mark(post).to_owned()) }
    });
    (first, Lines::all(lines.collect()))
}

/// Posts with a slot today, by it; what missed its window has none any more.
fn slots<'a>(practice: &Practice, open: &'a [Post], now: Timestamp) -> Vec<(Timestamp, &'a Post)> {
    let today = practice.daily().date(now);
    let open = open.iter().filter(|post| post.state != State::Missed);
    let with = open.filter_map(|post| Some((slot_of(practice, post)?, post)));
    let mut all: Vec<(Timestamp, &Post)> =
        with.filter(|(slot, _)| practice.daily().date(*slot) == today).collect();
    all.sort_by_key(|(slot, post)| (*slot, post.number));
    all
}

/// A line about a post.
pub(super) fn line(post: &Post, text: String) -> DigestLine {
    DigestLine { number: post.number, text, ..DigestLine::default() }
}

/// Until when it has to be signed: its slot, and else, or once that is gone, the end of its window.
fn until(practice: &Practice, post: &Post, now: Timestamp) -> Option<Timestamp> {
    let slot = slot_of(practice, post).filter(|slot| *slot > now);
    slot.or(post.window.map(|window| window.closes))
}

fn clock(practice: &Practice, at: Timestamp) -> String {
    practice.zone.to_datetime(at).strftime("%a %-d %b %Y, %H:%M").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(count: usize, long: usize) -> Lines {
        let one = DigestLine { text: "x".repeat(long), ..DigestLine::default() };
        Lines::all(vec![one; count])
    }

    #[test]
    fn what_has_no_room_is_counted() {
        let part = lines(20, 10).part();

        assert_eq!((part.lines.len(), part.more.as_str()), (LINES, "12"));
        assert_eq!((part.count.as_str(), part.one), ("20", false));
        let one = lines(1, 10).part();
        assert_eq!((one.count.as_str(), one.one, one.more.as_str()), ("1", true, ""));
    }

    #[test]
    fn the_longest_list_gives_way_and_none_falls_silent() {
        let mut parts = vec![lines(8, 300), lines(2, 300), lines(1, 500), lines(0, 0)];

        fit(&mut parts);

        let left: Vec<usize> = parts.iter().map(|part| part.lines.len()).collect();
        assert!(parts.iter().map(Lines::size).sum::<usize>() <= ROOM, "{left:?}");
        assert_eq!(left, [4, 2, 1, 0]);
        assert_eq!(parts.remove(0).part().more, "4");
    }

    #[test]
    fn what_is_endless_ends() {
        let mut parts = vec![lines(1, 9_000)];

        fit(&mut parts);

        assert_eq!(parts[0].lines.len(), 1);
    }
}
