//! Pure: what a post, a sign-off, a window, a publication and the ledger are.
//!
//! No async, no clock, no chance, no I/O. Time and random bytes come in as arguments, so every
//! decision can be tested with plain values.
//!
//! Architecture invariant: nothing here knows a database, a chat platform or a network's API.

pub mod acts;
pub mod agency;
pub mod amend;
pub mod called;
pub mod canonical;
pub mod certificate;
pub mod certify;
pub mod change;
pub mod command;
pub mod consent;
pub mod content;
pub mod count;
pub mod daily;
pub mod desk;
pub mod differences;
pub mod digest;
pub mod doi;
pub mod draft;
pub mod emoji;
pub mod engagement;
pub mod entry;
pub mod expiry;
pub mod failure;
pub mod fold;
pub mod gate;
pub mod ids;
pub mod ledger;
pub mod listing;
pub mod member;
pub mod naming;
pub mod nearest;
pub mod neighbor;
pub mod network;
pub mod outbox;
pub mod plan;
pub mod policy;
pub mod post;
pub mod practice;
pub mod proof;
pub mod quiet;
pub mod refusal;
pub mod retention;
pub mod review;
pub mod roster;
pub mod said;
pub mod secret;
pub mod setting;
pub mod showing;
pub mod slot;
pub mod soundness;
pub mod standing;
pub mod state;
pub mod story;
#[cfg(test)]
mod tests;
pub mod vault;
pub mod window;
mod words;
mod writers;
