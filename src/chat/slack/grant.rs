//! What Slack grants a workspace's install: tokens, and who the app is there. Read from its
//! answer, sealed to be kept. Pure.

use std::fmt;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::installs::Install;
use crate::domain::member::Platform;
use crate::domain::secret::Secret;
use crate::domain::vault::{Once, Shut, Vault};

/// A grant of one workspace, or of an organisation for many.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    /// The id of the workspace, or of the organisation.
    pub workspace: String,
    /// It is an organisation's.
    pub many: bool,
    /// The app's id.
    pub app: String,
    /// The app's person there.
    pub bot_user: String,
    /// The app's bot id there.
    pub bot: String,
    /// Who installed it; empty where that was not kept.
    #[serde(default)]
    installer: String,
    /// What the Web API is called with.
    token: String,
    /// What brings the next token; empty if this one stays.
    refresh: String,
    /// Until when the token is good, if it ends; in seconds.
    until: Option<i64>,
}

impl Grant {
    /// Reads `oauth.v2.access`; `None` where it grants nothing to a bot.
    pub fn read(said: &Value, now: Timestamp) -> Option<Self> {
        let text = |of: &Value, name: &str| {
            of.get(name).and_then(Value::as_str).filter(|text| !text.is_empty()).map(str::to_owned)
        };
        let many = said["is_enterprise_install"] == true;
        let whose = if many { &said["enterprise"] } else { &said["team"] };
        Some(Self {
            workspace: text(whose, "id")?,
            many,
            app: text(said, "app_id").unwrap_or_default(),
            bot_user: text(said, "bot_user_id").unwrap_or_default(),
            bot: String::new(),
            installer: text(&said["authed_user"], "id").unwrap_or_default(),
            token: text(said, "access_token")?,
            refresh: text(said, "refresh_token").unwrap_or_default(),
            until: until(said, now),
        })
    }

    /// The same grant with the next token; what Slack leaves out stays as it was.
    #[must_use]
    pub fn renewed(&self, said: &Value, now: Timestamp) -> Option<Self> {
        let text = |name: &str| said[name].as_str().filter(|text| !text.is_empty());
        Some(Self {
            token: text("access_token")?.to_owned(),
            refresh: text("refresh_token").unwrap_or(&self.refresh).to_owned(),
            until: until(said, now),
            ..self.clone()
        })
    }

    /// What the Web API is called with.
    pub fn token(&self) -> Secret {
        Secret::new(&*self.token)
    }

    /// What brings the next token, if there is a next one.
    pub fn refresh(&self) -> Option<Secret> {
        (!self.refresh.is_empty()).then(|| Secret::new(&*self.refresh))
    }

    /// Whether the next token is to be fetched: the last part of its time has begun.
    pub fn is_due(&self, now: Timestamp, ahead: SignedDuration) -> bool {
        let until = self.until.and_then(|until| Timestamp::from_second(until).ok());
        !self.refresh.is_empty() && until.is_some_and(|until| until.duration_since(now) < ahead)
    }

    /// As calls know it, in this workspace.
    pub fn install(&self, team: &str) -> Install {
        Install {
            team: team.to_owned(),
            app: self.app.clone(),
            bot_user: self.bot_user.clone(),
            bot: self.bot.clone(),
            installer: self.installer.clone(),
            token: self.token(),
        }
    }

    /// Sealed, so that it can be kept.
    pub fn sealed(&self, vault: &Vault, once: Once) -> String {
        let text = serde_json::to_string(self).expect("texts and numbers are JSON");
        vault.seal(&owner(&self.workspace), &text, once)
    }

    /// What was kept for this workspace, sealed with the vault's newest key; nothing where it is so
    /// already.
    pub fn anew(
        vault: &Vault,
        workspace: &str,
        sealed: &str,
        once: Once,
    ) -> Result<Option<String>, Shut> {
        vault.anew(&owner(workspace), sealed, once)
    }

    /// Opens what was kept for this workspace.
    pub fn open(vault: &Vault, workspace: &str, sealed: &str) -> Result<Self, Shut> {
        let text = vault.open(&owner(workspace), sealed)?;
        serde_json::from_str(&text).map_err(|_| Shut)
    }
}

impl fmt::Debug for Grant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Grant({})", self.workspace)
    }
}

fn owner(workspace: &str) -> [&str; 2] {
    [Platform::Slack.as_str(), workspace]
}

fn until(said: &Value, now: Timestamp) -> Option<i64> {
    let seconds = said["expires_in"].as_i64().filter(|seconds| *seconds > 0)?;
    Some(now.as_second().saturating_add(seconds))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn said(more: &Value) -> Value {
        let mut said = json!({
            "ok": true, "access_token": "xoxe.xoxb-1", "token_type": "bot", "app_id": "A1",
            "bot_user_id": "U1", "team": { "id": "T1", "name": "Northside" }, "enterprise": null,
            "is_enterprise_install": false, "refresh_token": "xoxe-1", "expires_in": 43_200,
        });
        for (name, value) in more.as_object().expect("fields") {
            said[name] = value.clone();
        }
        said
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).expect("a time")
    }

    #[test]
    fn a_grant_is_of_a_workspace_or_of_an_organisation() {
        let of_team = Grant::read(&said(&json!({})), at(0)).expect("a grant");
        let org = json!({
            "team": null, "enterprise": { "id": "E1" }, "is_enterprise_install": true,
        });
        let of_org = Grant::read(&said(&org), at(0)).expect("a grant");

        assert_eq!((of_team.workspace.as_str(), of_team.many), ("T1", false));
        assert_eq!((of_org.workspace.as_str(), of_org.many), ("E1", true));
        for nothing in [json!({ "access_token": null }), json!({ "team": null })] {
            assert_eq!(Grant::read(&said(&nothing), at(0)), None, "{nothing}");
        }
    }

    #[test]
    fn an_empty_refresh_never_overwrites_one() {
        let first = Grant::read(&said(&json!({})), at(0)).expect("a grant");
        for left_out in [json!({ "refresh_token": "" }), json!({ "refresh_token": null })] {
            let mut answer = said(&left_out);
            answer["access_token"] = json!("xoxe.xoxb-2");
            let next = first.renewed(&answer, at(10)).expect("a token");
            assert_eq!(next.refresh(), Some(Secret::new("xoxe-1")));
            assert_eq!(next.token(), Secret::new("xoxe.xoxb-2"));
        }
        assert_eq!(first.renewed(&json!({ "access_token": "" }), at(10)), None);
    }

    #[test]
    fn the_next_token_is_due_before_this_one_ends() {
        let ahead = SignedDuration::from_hours(2);
        let grant = Grant::read(&said(&json!({})), at(0)).expect("a grant");
        let stays = json!({ "refresh_token": null, "expires_in": null });
        let stays = Grant::read(&said(&stays), at(0)).expect("a grant");

        assert!(!grant.is_due(at(36_000), ahead) && grant.is_due(at(36_001), ahead));
        assert!(!stays.is_due(at(900_000), ahead));
    }

    #[test]
    fn it_is_kept_sealed_for_its_workspace() {
        let vault = Vault::new([3; 32]);
        let grant = Grant::read(&said(&json!({})), at(0)).expect("a grant");
        let sealed = grant.sealed(&vault, [9; 24]);

        assert_eq!(Grant::open(&vault, "T1", &sealed), Ok(grant.clone()));
        assert_eq!(Grant::open(&vault, "T2", &sealed), Err(Shut));
        assert!(!format!("{grant:?} {sealed}").contains("xox"));
    }
}
