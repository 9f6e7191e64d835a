//! What a pattern asks of one word: to be one of some, or of some classes.

use std::collections::HashSet;
use std::sync::Arc;

/// A word that no list and no rule knows.
pub const UNKNOWN: u32 = 0;

/// A set of classes, a bit each.
pub type Classes = u128;

/// What may stand in a stretch of text: classes, and words as marks that several share.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Marks {
    /// All classes.
    pub classes: Classes,
    /// All words.
    pub words: u128,
}

/// Words and classes, of which one has to stand somewhere.
#[derive(PartialEq, Eq, Hash)]
pub struct Choice {
    /// In order.
    pub words: Box<[u32]>,
    /// The classes, and the marks of the words: what a window must have of them.
    pub needs: Marks,
}

/// Those of all patterns. Thousands ask for the same, and share it: that keeps what is read for
/// every word of a text small enough for a processor's own memory.
#[derive(Default)]
pub struct Choices(HashSet<Arc<Choice>>);

impl Marks {
    /// Meets whatever stands somewhere.
    pub const ANY: Marks = Marks { classes: Classes::MAX, words: u128::MAX };

    /// How many it is made of.
    pub fn count(&self) -> u32 {
        self.classes.count_ones() + self.words.count_ones()
    }

    /// Those of a word.
    pub fn of(word: u32, classes: Classes) -> Marks {
        Marks { classes, words: 1 << (word % u128::BITS) }
    }

    /// Whether anything of it may stand in another.
    pub fn meets(&self, other: &Marks) -> bool {
        self.classes & other.classes != 0 || self.words & other.words != 0
    }

    /// Both.
    pub fn and(self, other: Marks) -> Marks {
        Marks { classes: self.classes | other.classes, words: self.words | other.words }
    }
}

impl Choice {
    /// Whether a word, of some classes, is one of them.
    pub fn has(&self, word: u32, classes: Classes) -> bool {
        classes & self.needs.classes != 0
            || word != UNKNOWN && self.words.binary_search(&word).is_ok()
    }
}

impl Choices {
    /// The one of these words and classes.
    pub fn of(&mut self, mut words: Vec<u32>, classes: Classes) -> Arc<Choice> {
        words.sort_unstable();
        words.dedup();
        let marks = words.iter().map(|word| Marks::of(*word, 0));
        let needs = marks.fold(Marks { classes, words: 0 }, Marks::and);
        let choice = Choice { words: words.into(), needs };
        if let Some(known) = self.0.get(&choice) {
            return Arc::clone(known);
        }
        let choice = Arc::new(choice);
        self.0.insert(Arc::clone(&choice));
        choice
    }
}
