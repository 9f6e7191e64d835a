//! Health, and the page of the local workspace.

pub mod health;
pub mod page;
