//! Traits towards the world, and the plain values that cross them.

pub mod chat;
pub mod clock;
pub mod intake;
pub mod notice;
pub mod publisher;
pub mod store;
pub mod tally;
