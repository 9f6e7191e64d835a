//! What every implementation of a port has to do, whichever it is.

mod network;
mod store;
