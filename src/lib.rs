//! Countersign: nothing leaves in a practice's name unless the exact thing that leaves was signed
//! by the right person, and that can be proven later.
//!
//! Data flows one way round:
//!
//! chat event -> gate -> inbox (stored, then acknowledged) -> use case: load, decide, commit ->
//! ledger + state + outbox in one transaction -> workers deliver notices and publications ->
//! their outcome comes back as an event.
//!
//! | floor | module | holds |
//! |---|---|---|
//! | 1 | [`domain`] | what a post, a sign-off, a window, a publication and the ledger are; pure |
//! | 1 | [`screen`] | finds patient information and risky claims in a text; pure |
//! | 1 | [`checks`] | what to look at again in a text before it is sent; pure |
//! | 2 | [`ports`] | traits towards the world, and the plain values that cross them |
//! | 3 | [`app`] | the use cases, one file a verb: load, decide, commit |
//! | 3 | [`store`] | the database |
//! | 3 | [`networks`] | the social networks, one file each |
//! | 3 | [`render`] | views to words |
//! | 4 | [`chat`] | the chat platforms |
//! | 4 | [`web`] | health, and the page of the local workspace |
//! | top | [`cli`] | the only wiring |
//!
//! `tests/architecture.rs` holds who may use whom.

pub mod app;
pub mod chat;
pub mod checks;
pub mod cli;
pub mod config;
pub mod domain;
pub mod networks;
pub mod ports;
pub mod render;
pub mod screen;
pub mod store;
pub mod web;
