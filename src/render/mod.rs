//! Views to words.

pub mod escape;
pub mod shown;
