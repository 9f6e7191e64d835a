//! Discord: hearing what people do there, and showing them what Countersign says.

mod origin;
pub mod read;
pub mod show;
