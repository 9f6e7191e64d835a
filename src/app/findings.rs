//! What is said of a post beside what it says.

/// What the screen says of a post, in plain words, a sentence each.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Findings {
    /// The rules that keep it from being sent, by their ids.
    pub blocks: Vec<String>,
    /// The same in words.
    pub blocking: Vec<String>,
    /// Everything else.
    pub others: Vec<String>,
    /// It can be said in the words that are proposed.
    pub better: bool,
    /// Rules ask for a second look.
    pub doubted: bool,
    /// Pictures that came with its message are left out.
    pub unpictured: bool,
}
