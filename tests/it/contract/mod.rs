//! What every implementation of a port has to do, whichever it is.

pub mod network;
mod store;
