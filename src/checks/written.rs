//! A text as the checks read it.

use crate::domain::draft::Audience;

/// What leaves to one account, and what is known beside it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Written<'a> {
    /// The words.
    pub text: &'a str,
    /// Words that leave in front of them, or empty.
    pub disclosure: &'a str,
    /// A link to the evidence, or empty.
    pub source: &'a str,
    /// For whom it is written.
    pub audience: Audience,
    /// How the practice is called.
    pub practice: &'a str,
}
