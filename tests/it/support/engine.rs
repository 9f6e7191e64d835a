//! On which engine the conversations are held.

use std::env;
use std::path::PathBuf;

use countersign::store::Place;

use crate::database::TestDatabase;

/// SQLite, unless it says `postgres`.
const STORE: &str = "COUNTERSIGN_TEST_STORE";

impl TestDatabase {
    /// The one that is wanted: this file, or a new one on the server.
    pub async fn wanted(file: PathBuf) -> Self {
        match env::var(STORE).as_deref() {
            Ok("postgres") => Self::on_server().await.expect("a server is named"),
            Err(_) | Ok("" | "sqlite") => Self::file(file),
            Ok(other) => panic!("{STORE} is sqlite or postgres, not {other}"),
        }
    }

    /// It is on a server.
    pub fn is_on_server(&self) -> bool {
        matches!(self.place, Place::Server(_))
    }
}
