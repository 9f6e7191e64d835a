//! Everything that is tested through the library's front door; one binary, so it links once.

mod content_vectors;
mod conversation;
mod review_page;
mod support;
mod words;
