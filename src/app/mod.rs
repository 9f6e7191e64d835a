//! The use cases, one file a verb: load, decide, commit.

pub mod picture;
