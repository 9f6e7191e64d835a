//! Whether a text is almost what another practice says: then it may be meant for that one.
//!
//! For whoever works for both, and for nobody else. Which posts they are, and whose, is not said.

use jiff::Timestamp;

use super::beside::is_near;
use super::similar::Shingles;
use crate::domain::draft::Draft;
use crate::domain::neighbor::Neighbor;

/// What to look at again, for whoever wrote it.
pub const LINE: &str = "these are almost the words of a post of another practice that your agency \
    works for: check which practice this is for; what is for both is sent from the desk";

/// The draft says almost what one of these posts says, on any account, and did not as it was
/// before: whoever only mends what was said already is not asked again.
pub fn is_said(before: Option<&Draft>, draft: &Draft, others: &[Neighbor], now: Timestamp) -> bool {
    let (ours, was) = (shingles(draft), before.map(shingles).unwrap_or_default());
    others.iter().filter(|other| is_near(other, now)).any(|other| {
        let theirs = shingles(&other.draft);
        alike(&ours, &theirs) && !alike(&was, &theirs)
    })
}

fn alike(ours: &[Shingles], theirs: &[Shingles]) -> bool {
    ours.iter().any(|ours| theirs.iter().any(|theirs| ours.nearly(theirs).is_some()))
}

/// Of each text that leaves.
fn shingles(draft: &Draft) -> Vec<Shingles> {
    let mut draft = draft.clone();
    draft.leaving_texts().iter().map(|text| Shingles::of(text)).collect()
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use super::*;
    use crate::domain::ids::AccountId;
    use crate::domain::state::State;

    const TEXT: &str = "Flu shots this Saturday 9 to 12.";
    const NEARLY: &str = "Flu shots this Sunday 9 to 12.";

    fn draft(text: &str) -> Draft {
        Draft { text: text.to_owned(), ..Draft::default() }
    }

    fn other(state: State, text: &str, days_ago: i64) -> Neighbor {
        let slot = Timestamp::UNIX_EPOCH - SignedDuration::from_hours(24 * days_ago);
        Neighbor { number: 1, state, draft: draft(text), slot: Some(slot) }
    }

    #[test]
    fn what_another_practice_says_is_found_while_it_is_new() {
        let table = [
            (other(State::Draft, NEARLY, 0), true),
            (other(State::Published, TEXT, 80), true),
            (other(State::Published, TEXT, 91), false),
            (other(State::Withdrawn, TEXT, 0), false),
            (other(State::Draft, "We have a new nurse, Kim.", 0), false),
            (other(State::Draft, "", 0), false),
        ];

        for (other, expected) in table {
            let others = std::slice::from_ref(&other);
            let found = is_said(None, &draft(TEXT), others, Timestamp::UNIX_EPOCH);
            assert_eq!(found, expected, "{other:?}");
        }
    }

    #[test]
    fn what_was_said_before_is_not_said_again() {
        let others = [other(State::Draft, NEARLY, 0)];
        let is_said = |before: &str| {
            is_said(Some(&draft(before)), &draft(TEXT), &others, Timestamp::UNIX_EPOCH)
        };

        assert!(is_said("We have a new nurse, Kim."));
        assert!(!is_said("Our flu shots this Sunday 9 to 12."));
    }

    #[test]
    fn the_words_of_one_account_are_compared_too() {
        let page = AccountId::new("page");
        let own = Draft {
            accounts: vec![page.clone()],
            texts: [(page, TEXT.to_owned())].into(),
            ..draft("We have a new nurse, Kim.")
        };

        assert!(is_said(None, &own, &[other(State::Draft, TEXT, 0)], Timestamp::UNIX_EPOCH));
        let unsaid = [other(State::Draft, &own.text, 0)];
        assert!(!is_said(None, &own, &unsaid, Timestamp::UNIX_EPOCH));
    }
}
