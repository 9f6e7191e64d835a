//! How much of two texts is the same: the Jaccard index of their shingles, which are runs of folded
//! words. Links, names of accounts and hashtags don't count.

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash, Hasher};

use super::text::sentences;
use crate::domain::said::folded;

/// Words a shingle, and of a text too short for that.
const RUN: usize = 3;
const SHORT_RUN: usize = 2;
/// Texts of fewer words are short.
const SHORT: usize = 12;
/// Fewer words are no text to compare.
const FEWEST: usize = 4;
/// More are not compared, so that the work is bounded.
const MOST: usize = 500;
/// From so many hundredths on two texts are nearly the same. One word in ten that differs leaves
/// about half of the runs of three.
const NEARLY: usize = 50;

/// A text's runs of words, as numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shingles {
    words: usize,
    long: BTreeSet<u64>,
    short: BTreeSet<u64>,
}

impl Shingles {
    /// Those of a text.
    pub fn of(text: &str) -> Self {
        let sentences = sentences(text);
        let tokens = sentences.iter().flat_map(|sentence| &sentence.tokens);
        let words: Vec<String> = tokens.flat_map(|token| folded(token)).take(MOST).collect();
        let short = if words.len() < 2 * SHORT { runs(&words, SHORT_RUN) } else { BTreeSet::new() };
        Self { words: words.len(), long: runs(&words, RUN), short }
    }

    /// How much of both is the same, in hundredths, if that is nearly all.
    pub fn nearly(&self, other: &Shingles) -> Option<usize> {
        let fewest = self.words.min(other.words);
        if fewest < FEWEST || fewest * 2 < self.words.max(other.words) {
            return None;
        }
        let (ours, theirs) =
            if fewest < SHORT { (&self.short, &other.short) } else { (&self.long, &other.long) };
        let same = ours.intersection(theirs).count();
        let either = ours.len() + theirs.len() - same;
        let likeness = same * 100 / either.max(1);
        (likeness >= NEARLY).then_some(likeness)
    }
}

fn runs(words: &[String], of: usize) -> BTreeSet<u64> {
    let number = |run: &[String]| {
        let mut hasher = DefaultHasher::new();
        run.hash(&mut hasher);
        hasher.finish()
    };
    words.windows(of).map(number).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const CHECKUPS: &str = "It is time for school physicals. Bring the form from school, your \
        child's shot record and your insurance card, and plan on about forty minutes with us. Call \
        the front desk to find a time that works.";

    #[test]
    fn nearly_the_same_is_found_and_no_more() {
        let other_day = CHECKUPS.replace("forty", "thirty").replace("front desk", "clinic");
        let table = [
            ("Flu shots this Saturday 9 to 12.", "FLU SHOTS, this saturday: 9 to 12!", true),
            ("Flu shots this Saturday 9 to 12.", "Flu shots this Sunday 9 to 12.", true),
            ("Flu shots this Saturday 9 to 12.", "Flu shots on Sunday, 10 to 3.", false),
            (
                "Flu shots this Saturday.",
                "Flu shots this Saturday. #FluShots https://a.example",
                true,
            ),
            ("We are closed today.", "We are open today.", false),
            (CHECKUPS, &other_day, true),
            (CHECKUPS, &CHECKUPS[..60], false),
            (CHECKUPS, "It is time for flu shots. Bring your insurance card.", false),
            ("Flu shots", "Flu shots", false),
            ("", "", false),
        ];

        for (one, other, expected) in table {
            let (one_of, other_of) = (Shingles::of(one), Shingles::of(other));
            assert_eq!(one_of.nearly(&other_of).is_some(), expected, "{one} / {other}");
            assert_eq!(one_of.nearly(&other_of), other_of.nearly(&one_of));
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn any_two_texts_are_compared(one in any::<String>(), other in "[a-d ]{0,80}") {
            let (one, other) = (Shingles::of(&one), Shingles::of(&other));
            prop_assert_eq!(one.nearly(&other), other.nearly(&one));
            prop_assert!(other.words < FEWEST || other.nearly(&other) == Some(100));
        }
    }
}
