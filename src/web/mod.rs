//! Health and figures, what the world outside may reach, and the page of the local workspace.

pub mod health;
pub mod metrics;
pub mod page;
pub mod public;
pub mod vitals;
