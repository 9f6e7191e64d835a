//! The Slack that the tests talk to: seen by itself, and by clients that nobody here wrote.

#[cfg(test)]
#[path = "slack/clients.rs"]
mod clients;
#[path = "support/slack/mod.rs"]
mod slack;
