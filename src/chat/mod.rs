//! The chat platforms, and what several of them share: how long to wait between attempts, and whom
//! to believe to be the platform.

pub mod discord;
pub mod local;
pub mod slack;
pub mod tls;
pub mod waits;
