//! Which pictures a server has already. In memory: what is forgotten is uploaded again.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// So many are remembered.
const REMEMBERED: usize = 400;

/// What the server calls each picture.
#[derive(Default)]
pub struct Uploads(Mutex<VecDeque<(String, String)>>);

impl Uploads {
    /// The server's id of this one.
    pub fn of(&self, picture: &str) -> Option<String> {
        self.all().iter().find(|(known, _)| known == picture).map(|(_, id)| id.clone())
    }

    /// The server has it under this id.
    pub fn keep(&self, picture: &str, id: &str) {
        self.forget(picture);
        let mut all = self.all();
        all.push_back((picture.to_owned(), id.to_owned()));
        if all.len() > REMEMBERED {
            all.pop_front();
        }
    }

    /// The server has it no more.
    pub fn forget(&self, picture: &str) {
        self.all().retain(|(known, _)| known != picture);
    }

    fn all(&self) -> MutexGuard<'_, VecDeque<(String, String)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
