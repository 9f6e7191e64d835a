//! Everything that is tested through the library's front door; one binary, so it links once.

mod contract;
mod conversation;
mod support;
mod words;
