//! Discord: hearing what people do there, and showing them what Countersign says.
//!
//! | file | holds |
//! |---|---|
//! | [`api`] | calls of the REST API: time-outs, rates, and what an answer means |
//! | `rates` | how often Discord lets one ask, as its answers say |
//! | [`directory`] | the bot itself, and the channels of threads |
//! | [`wires`] | what hearing and showing share |
//! | [`health`] | whether Discord can be heard, and why not |
//! | [`invite`] | where the app is brought into a server, and what it needs there |
//! | [`listen`] | the connection, and what becomes of what it brings |
//! | [`read`] | payloads to what happened; pure |
//! | [`origin`] | what the id of a button says |
//! | [`face`] | the port `Chat` |
//! | [`show`] | a notice to a message, a form to modals, the commands; pure |
//! | `post` | shows messages, and what belongs to a card |
//! | `edits` | changes messages in place |
//! | `threads` | threads, and what stands whole in them |
//! | `patience` | waits a little with what was begun |
//! | `mark` | how a message is known again |
//! | `private` | what one person alone is told |
//! | `whispers` | whom one can answer, while Discord takes an answer |
//! | `pictures` | what goes out with a message |
//! | [`seen`] | looks at what stands there |
//! | `history` | a channel, page by page |
//! | `may` | who may do what in a channel |
//! | `missed` | what was written while nobody listened |
//! | `means` | what it means that a call was not done |
//!
//! Events have no acknowledgment: what is not heard is found by the next look at what stands there,
//! after each new session at the latest. An act is stored, then answered, then shown. Neither
//! payloads nor tokens are ever logged, and of what the library would log only errors are.

pub mod api;
pub mod directory;
mod edits;
pub mod face;
pub mod health;
mod history;
pub mod invite;
pub mod listen;
mod mark;
mod may;
mod means;
mod missed;
pub mod origin;
mod patience;
mod pictures;
mod post;
mod private;
mod rates;
pub mod read;
pub mod seen;
pub mod show;
mod threads;
mod whispers;
pub mod wires;

pub use api::{Api, Failed};
pub use face::DiscordChat;
pub use health::Health;
pub use threads::whole as marks_whole;
pub use wires::Wires;
