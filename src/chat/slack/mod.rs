//! Slack: hearing what people do there, and showing them what Countersign says.
//!
//! | file | holds |
//! |---|---|
//! | [`api`] | calls of the Web API: tokens, time-outs, rates, and what an answer means |
//! | [`installs`] | the workspaces that installed the app, and their tokens |
//! | [`own`] | the one workspace that installed its own app |
//! | [`oauth`] | where other workspaces install it |
//! | [`grant`] | what Slack grants them, sealed to be kept |
//! | [`keeper`] | keeps those, and renews their tokens |
//! | [`health`] | whether Slack can be heard, and why not |
//! | [`socket`] | Socket Mode: connections that are kept up |
//! | [`link`] | one of them |
//! | [`http`] | HTTP mode: requests to the public address |
//! | [`signed`] | whether a request is Slack's |
//! | [`frame`] | what comes over it, and what is answered |
//! | [`bring`] | from either way in to whoever hears, in time |
//! | [`rates`] | how often Slack lets one call |
//! | [`manifest`] | the app as Slack is told of it |
//! | [`envelope`] | what comes in, by whichever way, and what is answered |
//! | `read` | payloads to what happened; pure |
//! | [`hear`] | an envelope to an event, a form or a look: what to do with it |
//! | `known` | what is asked of Slack to read a payload whole |
//! | `answer` | what a person is told at once |
//! | [`face`] | the port `Chat` |
//! | [`show`] | a notice and its words to a message, a form to a modal; pure |
//! | `post` | shows messages, and what belongs to a card |
//! | `upload` | brings pictures to Slack before the card that shows them |
//! | `seen` | looks at what stands there |
//! | `missed` | what was written while nobody listened |
//! | `directory` | who is who, and which emoji a workspace made |
//!
//! What comes in goes one way: a socket or a request brings an [`envelope`], [`hear`] has it
//! stored, and only then it is acknowledged. Neither payloads nor tokens are ever logged.

mod answer;
pub mod api;
pub mod bring;
mod directory;
pub mod envelope;
pub mod face;
pub mod frame;
pub mod grant;
pub mod health;
pub mod hear;
pub mod http;
pub mod installs;
pub mod keeper;
mod known;
pub mod link;
pub mod manifest;
mod means;
mod missed;
pub mod oauth;
mod origin;
pub mod own;
mod post;
pub mod rates;
mod read;
mod seen;
pub mod show;
pub mod signed;
pub mod socket;
mod upload;

pub use api::{Api, Failed};
pub use envelope::{Ears, Envelope, Kind, Reply};
pub use face::SlackChat;
pub use health::Health;
pub use installs::{Install, Installs};
