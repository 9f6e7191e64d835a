//! The command line, and the only place where parts are wired together.

pub mod keys;
pub mod sample;
pub mod world;
