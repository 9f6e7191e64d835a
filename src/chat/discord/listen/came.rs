//! What came of something that was brought.

/// What came of something that was brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Came {
    /// It is stored, or is not for us.
    Done,
    /// It could not be stored: again, soon.
    NotStored,
    /// A new session: what happened before was not told.
    Ready,
    /// The session goes on, and all was told.
    Resumed,
    /// Something happened, and was not told whole: all has to be looked at.
    LeftOut,
}
