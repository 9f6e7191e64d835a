//! What hearing and showing share: calls, what is which, and whom one can answer.

use std::sync::Arc;

use super::api::Api;
use super::directory::Directory;
use super::whispers::Whispers;

/// What hearing and showing share. Cheap to clone.
#[derive(Clone)]
pub struct Wires {
    /// To call Discord.
    pub api: Api,
    /// What is which.
    pub directory: Directory,
    /// Whom one can answer.
    pub whispers: Arc<Whispers>,
}

impl Wires {
    /// All through `api`.
    pub fn new(api: Api) -> Self {
        let directory = Directory::new(api.clone());
        Self { api, directory, whispers: Arc::default() }
    }
}
