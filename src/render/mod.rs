//! Views to words.
