//! Finds patient information and risky claims in a text, before anything stores it.
