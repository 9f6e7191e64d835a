//! Networks and what fits on them.

use serde::{Deserialize, Serialize};
use unicode_segmentation::UnicodeSegmentation;

use super::count;
use super::words::words;

words! {
    /// A social network.
    pub enum Network {
        /// The page that comes with Countersign.
        Local = "local",
        /// Bluesky, or another server that speaks its protocol.
        Bluesky = "bluesky",
        /// Mastodon, or another server that speaks its API.
        Mastodon = "mastodon",
        /// A site of one's own on WordPress.
        WordPress = "wordpress",
    }
}

/// What fits in one post. Every count is done as the network does it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Longest text, as [`Network::length`] counts.
    pub text: usize,
    /// Longest text in bytes, if those count as well.
    pub bytes: Option<usize>,
    /// Where readers see "more", in grapheme clusters, if the network cuts.
    pub cut: Option<usize>,
    /// Most pictures.
    pub pictures: usize,
    /// Longest alt text, in grapheme clusters.
    pub alt: usize,
}

impl Network {
    /// What fits in one post there, unless a server says otherwise.
    pub const fn limits(self) -> Limits {
        let open = Limits { text: 500, bytes: None, cut: None, pictures: 4, alt: 1000 };
        match self {
            // Ours to choose; near the smallest of the open networks, so that what is tried here
            // fits there.
            Network::Local => Limits { cut: Some(280), ..open },
            // The lexicons `app.bsky.feed.post` and `app.bsky.embed.images`; for alt text, which
            // has no limit there, what its own app takes.
            Network::Bluesky => Limits { text: 300, bytes: Some(3000), alt: 2000, ..open },
            // What servers take that are set up as they come; each says its own.
            Network::Mastodon => Limits { text: 500, alt: 1500, ..open },
            // Ours to choose: WordPress has no limit. One picture, as that is what the theme shows.
            Network::WordPress => Limits { text: 5000, pictures: 1, ..open },
        }
    }

    /// As people know it.
    pub const fn label(self) -> &'static str {
        match self {
            Network::Local => "Practice page",
            Network::Bluesky => "Bluesky",
            Network::Mastodon => "Mastodon",
            Network::WordPress => "WordPress",
        }
    }

    /// Length of a text as the network counts it.
    pub fn length(self, text: &str) -> usize {
        match self {
            Network::Local | Network::Bluesky | Network::WordPress => length(text),
            Network::Mastodon => count::mastodon(text),
        }
    }
}

/// Length of a text as readers see it, in grapheme clusters.
pub fn length(text: &str) -> usize {
    text.graphemes(true).count()
}
