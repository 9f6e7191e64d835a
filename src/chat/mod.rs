//! The chat platforms.

pub mod local;
pub mod slack;
