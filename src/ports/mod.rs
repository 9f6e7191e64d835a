//! Traits towards the world, and the plain values that cross them.

pub mod accounts;
pub mod agencies;
pub mod button;
pub mod card;
pub mod chat;
pub mod clock;
pub mod code;
pub mod credentials;
pub mod engagement;
pub mod idea;
pub mod installs;
pub mod intake;
pub mod keeping;
pub mod lines;
pub mod message;
pub mod notice;
pub mod on;
pub mod papers;
pub mod pictures;
pub mod publisher;
pub mod screened;
pub mod store;
pub mod stored;
pub mod tally;
pub mod written;
