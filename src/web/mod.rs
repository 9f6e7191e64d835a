//! Health and figures, and the page of the local workspace.

pub mod health;
pub mod metrics;
pub mod page;
pub mod vitals;
