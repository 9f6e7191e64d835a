//! What needs more than one module, or a file of the repository.

mod content_vectors;
mod review_page;
