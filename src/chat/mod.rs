//! The chat platforms.
