//! The transition table as a page for people.

use std::fmt::Write;

use super::{Act, Cell, Next, Tell, cell};
use crate::domain::state::State;

/// The table as the page `docs/review.md` shows it.
pub fn as_markdown() -> String {
    let mut page = String::from(
        "| act | draft | in review | signed off | publishing | published | part published | \
         withdrawn | missed | taken down |\n|---|---|---|---|---|---|---|---|---|---|\n",
    );
    for act in Act::ALL {
        let cells: Vec<String> = State::ALL.iter().map(|s| describe(cell(*act, *s))).collect();
        writeln!(page, "| **{act}** | {} |", cells.join(" | ")).expect("a string takes all");
    }
    page
}

fn describe(cell: Cell) -> String {
    let (next, tell) = match cell {
        Cell::Go(next, tell) => (next, tell),
        Cell::No(refusal) => return format!("_{}_", refusal.code()),
        Cell::Nothing => return "nothing".to_owned(),
    };
    let next = match next {
        Next::Same => "stays".to_owned(),
        Next::To(state) => format!("**{}**", state.as_str().replace('-', " ")),
        Next::Standing => "**by standing**".to_owned(),
        Next::Settle => "**by publications**".to_owned(),
        Next::Back => "**withdrawn** or **part published**".to_owned(),
    };
    let tell: Vec<&str> = tell.iter().map(|t| t.label()).collect();
    if tell.is_empty() { next } else { format!("{next}; {}", tell.join(", ")) }
}

impl Tell {
    fn label(self) -> &'static str {
        match self {
            Tell::Card => "new card",
            Tell::Refresh => "card kept up",
            Tell::Replaced => "old card says replaced",
            Tell::Outcome => "outcome in the thread",
            Tell::OfferSlots => "next slots offered",
            Tell::AskLive => "a person is asked",
        }
    }
}
