//! What needs more than one module, or a file of the repository.

mod review_page;
