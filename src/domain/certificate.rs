//! The proof of one post.
