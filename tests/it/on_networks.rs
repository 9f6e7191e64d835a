//! A practice publishes on real servers of networks: once each, whatever is lost and whenever the
//! program dies.
//!
//! They run where `.ci/run networks` has installed them; what may go wrong on the way goes wrong
//! between us and them.

mod between;
mod bluesky;
mod mastodon;
mod received;
mod wordpress;
mod world;
