//! The chat platforms.

pub mod local;
