//! Networks and what fits on them.

use serde::{Deserialize, Serialize};
use unicode_segmentation::UnicodeSegmentation;

use super::words::words;

words! {
    /// A social network.
    pub enum Network {
        /// The page that comes with Countersign.
        Local = "local",
    }
}

/// What fits in one post. Every count is done as the network does it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Longest text, in grapheme clusters.
    pub text: usize,
    /// Where readers see "more", in grapheme clusters, if the network cuts.
    pub cut: Option<usize>,
    /// Most pictures.
    pub pictures: usize,
    /// Longest alt text, in grapheme clusters.
    pub alt: usize,
}

impl Network {
    /// What fits in one post there.
    pub const fn limits(self) -> Limits {
        match self {
            // Ours to choose; near the smallest of the open networks, so that what is tried here
            // fits there.
            Network::Local => Limits { text: 500, cut: Some(280), pictures: 4, alt: 1000 },
        }
    }

    /// As people know it.
    pub const fn label(self) -> &'static str {
        match self {
            Network::Local => "Practice page",
        }
    }
}

/// Length of a text as readers see it, in grapheme clusters.
pub fn length(text: &str) -> usize {
    text.graphemes(true).count()
}
