//! The way from the platform to the program: what is told there may come twice, late and in another
//! order.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard};

use async_trait::async_trait;
use countersign::app::office::Office;
use countersign::app::{gate, rounds};
use countersign::ports::intake::{ChatEvent, Happening, Intake, Receipt};

use crate::chance::Dice;

/// So many events are remembered that may come once more.
const PAST: usize = 50;

/// What is on the way, and how the way is; it outlives the program.
#[derive(Clone, Default)]
pub struct Mail(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    /// Everything is delivered twice.
    twice: bool,
    /// What holds no text is held back.
    held_back: bool,
    waiting: Vec<ChatEvent>,
    past: VecDeque<ChatEvent>,
}

/// The way to one run of the program.
pub struct Wire {
    pub office: Arc<Office>,
    pub mail: Mail,
}

impl Mail {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().expect("whole")
    }

    /// The platform delivers everything twice, or not.
    pub fn twice(&self, twice: bool) {
        self.state().twice = twice;
    }

    /// The platform holds reactions and deletions back, or not any more.
    ///
    /// Nothing else can be: it keeps no text before the gate has looked at it.
    pub fn holds_back(&self, held_back: bool) {
        self.state().held_back = held_back;
    }

    /// What was held back, in an order of the dice's.
    pub fn takes_out(&self, dice: &mut Dice) -> Vec<ChatEvent> {
        let mut waiting = std::mem::take(&mut self.state().waiting);
        for end in (1..waiting.len()).rev() {
            waiting.swap(end, dice.below(end + 1));
        }
        waiting
    }

    /// One of the last events, to be delivered once more.
    pub fn one_of_the_past(&self, dice: &mut Dice) -> Option<ChatEvent> {
        let state = self.state();
        (!state.past.is_empty()).then(|| state.past[dice.below(state.past.len())].clone())
    }

    /// Notes the event; `None` when it is held back, else how often it comes.
    fn passes(&self, event: &ChatEvent) -> Option<usize> {
        let mut state = self.state();
        let silent = matches!(event.what, Happening::Reacted { .. } | Happening::Deleted { .. });
        if silent && state.held_back {
            state.waiting.push(event.clone());
            return None;
        }
        if state.past.len() == PAST {
            state.past.pop_front();
        }
        state.past.push_back(event.clone());
        Some(if state.twice { 2 } else { 1 })
    }
}

#[async_trait]
impl Intake for Wire {
    async fn receive(&self, event: ChatEvent) -> Receipt {
        match self.mail.passes(&event) {
            None => return Receipt::Ignored,
            Some(1) => {}
            Some(_) => {
                gate::receive(&self.office, event.clone()).await;
            }
        }
        gate::receive(&self.office, event).await
    }

    async fn settled(&self, after: i64) {
        rounds::settled(&self.office, after).await;
    }
}
