//! The workspaces that installed the app, as known now.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt;
use std::sync::{PoisonError, RwLock};

use tokio::sync::watch;

use crate::domain::secret::Secret;

/// One workspace that installed the app, and who the app is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Install {
    /// The workspace's id.
    pub team: String,
    /// The app's id.
    pub app: String,
    /// The app's person there: its reactions and messages are its own.
    pub bot_user: String,
    /// The app's bot id there.
    pub bot: String,
    /// Who installed it; empty where Slack did not say.
    pub installer: String,
    /// What it calls the Web API with.
    pub token: Secret,
}

/// Workspaces whose token is no good any more, and Slack's word for why.
pub type Lost = BTreeMap<String, String>;

/// All of them, as known now.
#[derive(Default)]
pub struct Installs {
    all: RwLock<HashMap<String, Install>>,
    lost: watch::Sender<Lost>,
}

impl Installs {
    /// The app in this workspace, if it is installed there.
    pub fn of(&self, team: &str) -> Option<Install> {
        self.all.read().unwrap_or_else(PoisonError::into_inner).get(team).cloned()
    }

    /// The apps that are installed somewhere.
    pub fn apps(&self) -> BTreeSet<String> {
        let all = self.all.read().unwrap_or_else(PoisonError::into_inner);
        all.values().map(|install| install.app.clone()).filter(|app| !app.is_empty()).collect()
    }

    /// The workspaces.
    pub fn teams(&self) -> BTreeSet<String> {
        self.all.read().unwrap_or_else(PoisonError::into_inner).keys().cloned().collect()
    }

    /// Adds one, or renews it.
    pub fn put(&self, install: Install) {
        let team = install.team.clone();
        self.all.write().unwrap_or_else(PoisonError::into_inner).insert(team.clone(), install);
        self.lost.send_if_modified(|lost| lost.remove(&team).is_some());
    }

    /// Slack does not accept the token of this workspace any more, unless it has another by now.
    pub fn lose(&self, team: &str, token: Option<&Secret>, why: &str) {
        let mut all = self.all.write().unwrap_or_else(PoisonError::into_inner);
        let same = |known: &Install| token.is_none_or(|token| known.token == *token);
        if all.get(team).is_some_and(same) {
            all.remove(team);
            drop(all);
            tracing::warn!(
                slack.team = team,
                "Slack does not know the app in {team} any more: {why}"
            );
            self.lost.send_modify(|lost| drop(lost.insert(team.to_owned(), why.to_owned())));
        }
    }

    /// The app is in this workspace, and what is kept of it is no good.
    pub fn miss(&self, team: &str, why: &str) {
        self.lost.send_if_modified(|lost| {
            lost.insert(team.to_owned(), why.to_owned()).as_deref() != Some(why)
        });
    }

    /// A sentence for each that was lost and not found again.
    pub fn complaints(&self) -> Vec<String> {
        let told = |(team, why): (&String, &String)| {
            format!("the workspace {team} is lost ({why}): install the app there again")
        };
        self.lost.borrow().iter().map(told).collect()
    }

    /// Those that were lost and not found again.
    pub fn lost(&self) -> watch::Receiver<Lost> {
        self.lost.subscribe()
    }
}

impl fmt::Debug for Installs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.teams()).finish()
    }
}
