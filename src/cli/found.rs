//! How a check ended: what the program's exit code says, and the first thing that is wrong.

use std::process::ExitCode;

use thiserror::Error;

use crate::domain::ledger;
use crate::ports::store::StoreError;

/// How a check ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// Everything holds; exit code 0.
    Intact,
    /// Something was changed; exit code 1.
    Broken,
    /// It holds, but whose it is was not checked; exit code 3.
    SignerNotChecked,
}

impl Found {
    /// The program's exit code.
    pub fn code(self) -> u8 {
        match self {
            Found::Intact => 0,
            Found::Broken => 1,
            Found::SignerNotChecked => 3,
        }
    }
}

impl From<Found> for ExitCode {
    fn from(found: Found) -> Self {
        ExitCode::from(found.code())
    }
}

/// The first thing that is wrong, in a sentence that names where. It repeats no text of a post.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{0}")]
pub struct Wrong(pub String);

impl From<ledger::Broken> for Wrong {
    fn from(broken: ledger::Broken) -> Self {
        Self(broken.to_string())
    }
}

impl From<StoreError> for Wrong {
    fn from(error: StoreError) -> Self {
        Self(error.to_string())
    }
}
