//! How frames go over the gateway: as text, or in the compressed stream that a client asked for.
//!
//! Nothing is made smaller. Both formats know blocks that hold their bytes as they are, and
//! whoever can read the format can read those.

use axum::extract::ws::Message as Frame;

/// The most bytes of a stored block of zlib, and of a raw block of Zstandard.
const ZLIB_BLOCK: usize = 0xffff;
const ZSTD_BLOCK: usize = 0x1_0000;

/// One stream of frames.
#[derive(Debug)]
pub enum Stream {
    Plain,
    /// Whether it has begun.
    Zlib(bool),
    Zstd(bool),
}

impl Stream {
    /// The one of this name; nothing else is known.
    pub fn named(name: Option<&str>) -> Option<Self> {
        match name {
            None => Some(Self::Plain),
            Some("zlib-stream") => Some(Self::Zlib(false)),
            Some("zstd-stream") => Some(Self::Zstd(false)),
            Some(_) => None,
        }
    }

    /// The frame of a text.
    pub fn frame(&mut self, text: String) -> Frame {
        match self {
            Self::Plain => Frame::text(text),
            Self::Zlib(begun) => {
                let head: &[u8] = if *begun { &[] } else { &[0x78, 0x01] };
                *begun = true;
                Frame::binary([head, &stored(text.as_bytes())].concat())
            }
            Self::Zstd(begun) => {
                // The magic number, then a frame without its size, with a window of 8 MB.
                let head: &[u8] = if *begun { &[] } else { &[0x28, 0xb5, 0x2f, 0xfd, 0, 13 << 3] };
                *begun = true;
                Frame::binary([head, &raw(text.as_bytes())].concat())
            }
        }
    }
}

/// Stored blocks of DEFLATE, and the empty one that ends what belongs together.
fn stored(bytes: &[u8]) -> Vec<u8> {
    let mut blocks = Vec::with_capacity(bytes.len() + 10);
    for block in bytes.chunks(ZLIB_BLOCK).chain([&[][..]]) {
        let length = u16::try_from(block.len()).expect("a small block");
        blocks.push(0);
        blocks.extend(length.to_le_bytes());
        blocks.extend((!length).to_le_bytes());
        blocks.extend(block);
    }
    blocks
}

/// Raw blocks of Zstandard, none of them the last.
fn raw(bytes: &[u8]) -> Vec<u8> {
    let mut blocks = Vec::with_capacity(bytes.len() + 3);
    for block in bytes.chunks(ZSTD_BLOCK) {
        let length = u32::try_from(block.len()).expect("a small block");
        blocks.extend(&(length << 3).to_le_bytes()[..3]);
        blocks.extend(block);
    }
    blocks
}
