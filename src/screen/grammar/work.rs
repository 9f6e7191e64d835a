//! Counts the steps of all patterns, so that a test can say how much work a text is.

use std::cell::Cell;

thread_local! {
    static STEPS: Cell<usize> = const { Cell::new(0) };
}

/// One step more.
pub fn count() {
    STEPS.set(STEPS.get() + 1);
}

/// How many steps something takes.
fn steps(of: impl FnOnce()) -> usize {
    let before = STEPS.get();
    of();
    STEPS.get() - before
}

mod tests {
    use super::*;
    use crate::screen::{Kind, Roster, Screen};

    #[test]
    fn twice_the_text_is_twice_the_work() {
        let screen = Screen::new();
        let roster = Roster::default();
        for unit in [
            "our patient Jane Doe and ",
            "we promise you the best cure for your knee pain. ",
            "\"my pain\" \"is gone\" ",
            "you your we our it no never ",
            "before and after ",
            "mrs. ",
            "he she his her on monday at 7 am in room 4 ",
            "win a free gift card for a review of medicare ",
        ] {
            for kind in [Kind::Post, Kind::Reply] {
                let of = |bytes: usize| {
                    let text = unit.repeat(bytes / unit.len());
                    steps(|| drop(screen.check_as(kind, &text, &roster)))
                };
                let (once, twice) = (of(10_000), of(20_000));
                assert!(twice <= once * 9 / 4 + 1_000, "{unit}: {once}, then {twice}");
                assert!(once <= 10_000 * MOST_A_BYTE, "{unit}: {once} steps");
            }
        }
    }

    /// So many steps one byte may take, whatever it says.
    const MOST_A_BYTE: usize = 400;
}
