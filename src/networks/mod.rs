//! The social networks, one file each.
//!
//! Architecture invariant: a network file makes one attempt and never sleeps, retries or writes
//! to the store; what an answer means is decided in [`http`] alone.

pub mod http;
