//! Whether Slack can be heard, and why not, in words for the operator.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

use super::api::Failed;
use super::frame::{Leave, plain};

/// How it stands with Slack; watched by the face and by `/healthz`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Health {
    /// What people do there comes in.
    Up,
    /// Nothing comes in; why, in words for the operator.
    Away(String),
}

/// Keeps count of what stands, and says how it is to whoever watches.
pub struct Standing {
    said: watch::Sender<Health>,
    links: Mutex<Links>,
}

#[derive(Default)]
struct Links {
    up: usize,
    /// Why the last one that is not there is not there.
    why: String,
}

/// Something through which Slack is heard, until it is over or dropped.
pub struct Up(Arc<Standing>);

impl Default for Standing {
    fn default() -> Self {
        let not_yet = Health::Away("nobody has called it yet".to_owned());
        Self { said: watch::Sender::new(not_yet), links: Mutex::default() }
    }
}

impl Standing {
    /// How it is, from now on.
    pub fn watch(&self) -> watch::Receiver<Health> {
        self.said.subscribe()
    }

    /// One more thing through which Slack is heard.
    pub fn up(self: &Arc<Self>) -> Up {
        let mut links = self.links();
        links.up += 1;
        if self.is_news(Health::Up) {
            tracing::info!("Slack is connected");
        }
        Up(self.clone())
    }

    /// Why one is not there; what counts is the last, while there is no other.
    pub fn is_away(&self, why: &str) {
        let mut links = self.links();
        why.clone_into(&mut links.why);
        if links.up > 0 {
            tracing::debug!("A connection to Slack is not there, and another one is: {why}");
        }
        self.say(&links);
    }

    /// Logged when it is new.
    fn say(&self, links: &Links) {
        if links.up == 0 {
            let why = &links.why;
            if self.is_news(Health::Away(why.clone())) {
                tracing::warn!("Slack is not connected: {why}");
            }
        }
    }

    /// Who watches is woken by news alone.
    fn is_news(&self, now: Health) -> bool {
        self.said.send_if_modified(|said| {
            let is_news = *said != now;
            *said = now;
            is_news
        })
    }

    fn links(&self) -> MutexGuard<'_, Links> {
        self.links.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Up {
    /// It is no more, and why.
    pub fn over(self, why: &str) {
        why.clone_into(&mut self.0.links().why);
    }
}

impl Drop for Up {
    fn drop(&mut self) {
        let mut links = self.0.links();
        links.up -= 1;
        self.0.say(&links);
    }
}

/// Why there is no connection, and what to do about it.
pub fn no_socket(failed: &Failed) -> String {
    let Failed::Refused(code) = failed else { return failed.to_string() };
    let code = plain(code);
    match code.as_str() {
        "link_disabled" => told(Leave::Disabled).to_owned(),
        "too_many_websockets" => told(Leave::TooMany).to_owned(),
        "not_allowed_token_type" => {
            "slack.app_token must be an app-level token, which begins with xapp-".to_owned()
        }
        "missing_scope" | "no_permission" => {
            "slack.app_token lacks the scope connections:write: make another one under \
             Basic Information, App-Level Tokens"
                .to_owned()
        }
        "invalid_auth" | "not_authed" | "token_revoked" | "token_expired" | "account_inactive" => {
            format!(
                "Slack does not accept slack.app_token ({code}): take the one under \
                 Basic Information, App-Level Tokens"
            )
        }
        _ => format!("Slack refuses a socket: {code}"),
    }
}

/// Why Slack wants a connection to be left, and what to do about it.
pub fn told(leave: Leave) -> &'static str {
    match leave {
        Leave::Soon => "Slack renews its connections",
        Leave::Disabled => {
            "Socket Mode is switched off for this app: switch it on under Socket Mode"
        }
        Leave::TooMany => {
            "this app has more sockets than Slack allows: end what else runs with slack.app_token"
        }
    }
}

/// Why the app can't say who it is, and what to do about it.
pub fn no_bot(failed: &Failed) -> String {
    let Failed::Refused(code) = failed else { return failed.to_string() };
    let code = plain(code);
    match code.as_str() {
        "not_allowed_token_type" => {
            "slack.bot_token must be a bot token, which begins with xoxb-".to_owned()
        }
        _ => format!(
            "Slack does not accept slack.bot_token ({code}): install the app to the workspace and \
             take the one under OAuth & Permissions"
        ),
    }
}
