//! The workspaces that installed the app.

use std::collections::HashMap;
use std::fmt;
use std::sync::RwLock;

use crate::domain::secret::Secret;

/// One workspace that installed the app, and who the app is there.
#[derive(Debug, Clone)]
pub struct Install {
    /// The workspace's id.
    pub team: String,
    /// The app's id.
    pub app: String,
    /// The app's person there: its reactions and messages are its own.
    pub bot_user: String,
    /// The app's bot id there.
    pub bot: String,
    /// What it calls the Web API with.
    pub token: Secret,
}

/// All of them, as known now.
#[derive(Default)]
pub struct Installs(RwLock<HashMap<String, Install>>);

impl Installs {
    /// The app in this workspace, if it is installed there.
    pub fn of(&self, team: &str) -> Option<Install> {
        self.0.read().ok()?.get(team).cloned()
    }

    /// Adds one, or renews it.
    pub fn put(&self, install: Install) {
        if let Ok(mut all) = self.0.write() {
            all.insert(install.team.clone(), install);
        }
    }
}

impl fmt::Debug for Installs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Installs")
    }
}
