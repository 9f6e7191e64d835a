//! The Slack that the tests talk to: seen by itself, and by clients that nobody here wrote.

#[path = "slack/api.rs"]
mod api;
#[path = "slack/clients.rs"]
mod clients;
#[path = "slack/hearing.rs"]
mod hearing;
#[path = "slack/process.rs"]
mod process;
#[path = "support/slack/mod.rs"]
mod slack;
