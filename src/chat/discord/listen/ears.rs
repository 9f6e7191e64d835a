//! What is needed to hear Discord.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use crate::chat::discord::wires::Wires;
use crate::ports::clock::Clock;
use crate::ports::intake::Intake;
use crate::render::Words;

/// What is needed to hear. Cheap to clone.
#[derive(Clone)]
pub struct Ears {
    /// Where events go.
    pub intake: Arc<dyn Intake>,
    /// To answer, or to look at something first.
    pub wires: Wires,
    /// The words of private answers.
    pub words: Arc<Words>,
    /// For what Discord gives no time.
    pub clock: Arc<dyn Clock>,
    /// Tells apart what happens at the same time.
    pub(super) nth: Arc<AtomicU64>,
}

impl Ears {
    /// Ears whose events go to `intake`.
    pub fn new(
        intake: Arc<dyn Intake>,
        wires: Wires,
        words: Arc<Words>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self { intake, wires, words, clock, nth: Arc::default() }
    }
}
