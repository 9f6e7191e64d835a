//! Keeps the installs of several workspaces: sealed in the store, known to calls, their tokens
//! renewed before they end, and given up once Slack says that they are gone.
//!
//! Several processes may keep the same installs. Each write says which it saw last; whoever comes
//! second reads what the first wrote. A refresh that another process used up is found by that.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use jiff::SignedDuration;
use serde_json::Value;
use tokio::sync::Mutex;
use tokio::time::sleep;

use super::api::{Api, Failed};
use super::grant::Grant;
use super::installs::Install;
use crate::domain::member::Platform;
use crate::domain::secret::Secret;
use crate::domain::vault::Vault;
use crate::ports::clock::{Chance, Clock};
use crate::ports::installs::{KeepsInstalls, KeptInstall};
use crate::ports::store::{StoreError, Stored};

/// The next token is fetched so long before this one ends; Slack's last 12 h.
const AHEAD: SignedDuration = SignedDuration::from_hours(2);
/// So often it is looked whether one is due.
const LOOK: Duration = Duration::from_mins(1);

/// The app, towards Slack.
#[derive(Debug, Clone)]
pub struct Client {
    /// Its name.
    pub id: String,
    /// Its password.
    pub secret: Secret,
}

impl Client {
    fn pair(&self) -> (&str, &Secret) {
        (&self.id, &self.secret)
    }
}

/// What the keeper needs.
pub struct Means {
    /// To call Slack.
    pub api: Api,
    /// Where installs are kept.
    pub store: Arc<dyn KeepsInstalls>,
    /// Seals them.
    pub vault: Vault,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// For what is never used twice.
    pub chance: Arc<dyn Chance>,
}

/// Keeps them.
pub struct Keeper {
    client: Client,
    means: Means,
    known: Mutex<BTreeMap<String, Known>>,
}

/// An install as it was last read or written, and the workspaces where it counts.
struct Known {
    kept: KeptInstall,
    grant: Grant,
    teams: Vec<String>,
}

impl Keeper {
    /// Knows none yet.
    pub fn new(client: Client, means: Means) -> Self {
        Self { client, means, known: Mutex::default() }
    }

    /// The app, towards Slack.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// Reads all that are kept, and tells calls of them.
    pub async fn load(&self) -> Stored<()> {
        let mut known = self.known.lock().await;
        for kept in self.means.store.installs(Platform::Slack).await? {
            let name = kept.workspace.clone();
            // An organisation may have more workspaces by now.
            let is_same = |k: &Known| k.kept.version == kept.version && !k.grant.many;
            if known.get(&name).is_some_and(is_same) {
                continue;
            }
            if kept.gone.is_some() {
                known.remove(&name);
                continue;
            }
            match Grant::open(&self.means.vault, &name, &kept.sealed) {
                Ok(grant) => self.tell(&mut known, kept, grant).await,
                Err(shut) => {
                    tracing::error!(slack.team = name, "The install of {name}: {shut}");
                    self.means.api.installs().miss(&name, &shut.to_string());
                }
            }
        }
        Ok(())
    }

    /// Takes in what Slack granted for a code.
    pub async fn take(&self, code: &str, redirect: &str) -> Result<String, Failed> {
        let form = [("code", code), ("redirect_uri", redirect)];
        let said = self.means.api.exchange(self.client.pair(), &form).await?;
        let now = self.means.clock.now();
        let mut grant =
            Grant::read(&said, now).ok_or_else(|| Failed::Refused("no_bot_token".to_owned()))?;
        let me = self.means.api.ask(&grant.token(), "auth.test", &[]).await?;
        me["bot_id"].as_str().unwrap_or_default().clone_into(&mut grant.bot);
        let name = grant.workspace.clone();
        self.keep(grant).await.map_err(|error| Failed::Unknown(error.to_string()))?;
        tracing::info!(slack.team = name, "The app is installed in {name}");
        Ok(name)
    }

    /// Looks after them until it is dropped.
    pub async fn go_on(&self) {
        let mut lost = self.means.api.installs().lost();
        loop {
            if let Err(error) = self.load().await {
                tracing::error!(%error, "The installs of Slack can't be read: {error}");
            }
            self.renew_due().await;
            let teams: Vec<String> = lost.borrow_and_update().keys().cloned().collect();
            for team in teams {
                self.look_at(&team).await;
            }
            tokio::select! {
                () = sleep(LOOK) => {}
                _ = lost.changed() => {}
            }
        }
    }

    /// Fetches the next token of each whose time is nearly over.
    pub async fn renew_due(&self) {
        let now = self.means.clock.now();
        let due: Vec<Grant> = {
            let known = self.known.lock().await;
            let all = known.values().filter(|known| known.grant.is_due(now, AHEAD));
            all.map(|known| known.grant.clone()).collect()
        };
        for grant in due {
            let name = &grant.workspace;
            if let Err(failed) = self.renew(&grant).await {
                tracing::warn!(slack.team = name, "The token of {name} is not renewed: {failed}");
            }
        }
    }

    async fn renew(&self, grant: &Grant) -> Result<(), Failed> {
        let Some(refresh) = grant.refresh() else { return Ok(()) };
        let form = [("grant_type", "refresh_token"), ("refresh_token", refresh.reveal())];
        let said: Value = self.means.api.exchange(self.client.pair(), &form).await?;
        let next = grant.renewed(&said, self.means.clock.now());
        let next = next.ok_or_else(|| Failed::Unknown("it gave no token".to_owned()))?;
        self.keep(next).await.map_err(|error| Failed::Unknown(error.to_string()))
    }

    /// A token is not accepted any more: renewed, or found to be good after all, or given up.
    async fn look_at(&self, team: &str) {
        let found = {
            let known = self.known.lock().await;
            let of = known.values().find(|known| known.teams.iter().any(|known| known == team));
            of.map(|known| known.grant.clone())
        };
        let Some(grant) = found else { return };
        match self.means.api.ask(&grant.token(), "auth.test", &[]).await {
            Ok(_) => self.means.api.installs().put(grant.install(team)),
            Err(Failed::Refused(why)) if why == "token_expired" && grant.refresh().is_some() => {
                if let Err(failed) = self.renew(&grant).await {
                    tracing::warn!(slack.team = team, "The token of {team} is over: {failed}");
                }
            }
            Err(Failed::Refused(_)) => {
                if let Err(error) = self.give_up(&grant).await {
                    tracing::error!(%error, "The end of an install was not kept: {error}");
                }
            }
            Err(failed) => tracing::warn!(slack.team = team, "Is {team} there? {failed}"),
        }
    }

    /// Keeps that it is gone, and nothing of its tokens.
    async fn give_up(&self, grant: &Grant) -> Stored<()> {
        let mut known = self.known.lock().await;
        let Some(Known { kept, .. }) = known.remove(&grant.workspace) else { return Ok(()) };
        let gone = Some(self.means.clock.now());
        let end = KeptInstall { sealed: String::new(), gone, ..kept };
        self.means.store.keep_install(&end).await?;
        let name = &end.workspace;
        tracing::warn!(slack.team = name, "The app was taken out of {name}");
        Ok(())
    }

    /// Keeps a grant, over whatever is kept for its workspace.
    async fn keep(&self, grant: Grant) -> Stored<()> {
        let mut known = self.known.lock().await;
        let name = grant.workspace.clone();
        let all = self.means.store.installs(Platform::Slack).await?;
        let before = all.into_iter().find(|kept| kept.workspace == name);
        let sealed = grant.sealed(&self.means.vault, self.means.chance.once());
        let kept = match before {
            Some(kept) => KeptInstall { sealed, gone: None, ..kept },
            None => KeptInstall {
                platform: Platform::Slack,
                workspace: name,
                sealed,
                version: 0,
                since: self.means.clock.now(),
                gone: None,
            },
        };
        match self.means.store.keep_install(&kept).await {
            Ok(()) => {
                let kept = KeptInstall { version: kept.version + 1, ..kept };
                self.tell(&mut known, kept, grant).await;
                Ok(())
            }
            // Another process was first; what it wrote is read at the next look.
            Err(StoreError::Conflict) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Tells calls of an install, in every workspace where it counts.
    async fn tell(&self, known: &mut BTreeMap<String, Known>, kept: KeptInstall, grant: Grant) {
        let api = &self.means.api;
        let teams = if grant.many {
            match api.teams_of(&grant.token()).await {
                Ok(teams) => teams,
                Err(failed) => {
                    let name = &grant.workspace;
                    tracing::warn!(slack.team = name, "The workspaces of {name}: {failed}");
                    return;
                }
            }
        } else {
            vec![grant.workspace.clone()]
        };
        let installs: Vec<Install> = teams.iter().map(|team| grant.install(team)).collect();
        for install in installs {
            api.installs().put(install);
        }
        known.insert(grant.workspace.clone(), Known { kept, grant, teams });
    }
}
