//! The platform that comes with Countersign: a small chat and a network, so that the whole job
//! can be tried, taught and tested with no account.

mod html;

pub use html::html;
