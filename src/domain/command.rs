//! The `/post` grammar.
