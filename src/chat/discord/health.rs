//! Whether Discord can be heard, and why not, in words for the operator.

use tokio::sync::watch;

/// How it stands with Discord; watched by the face and by `/healthz`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Health {
    /// What people do there comes in.
    Up,
    /// Nothing comes in; why, in words for the operator.
    Away(String),
}

/// Says how it is to whoever watches.
pub struct Standing(watch::Sender<Health>);

impl Default for Standing {
    fn default() -> Self {
        Self(watch::Sender::new(Health::Away("nobody has called it yet".to_owned())))
    }
}

impl Standing {
    /// How it is, from now on.
    pub fn watch(&self) -> watch::Receiver<Health> {
        self.0.subscribe()
    }

    /// It can be heard.
    pub fn is_up(&self) {
        if self.is_news(Health::Up) {
            tracing::info!("Discord is connected");
        }
    }

    /// It can't, and why.
    pub fn is_away(&self, why: &str) {
        if self.is_news(Health::Away(why.to_owned())) {
            tracing::warn!("Discord is not connected: {why}");
        }
    }

    /// It can be heard, and something was not told: whoever watches looks at all again.
    pub fn left_something_out(&self) {
        self.0.send_if_modified(|said| *said == Health::Up);
    }

    /// Who watches is woken by news alone.
    fn is_news(&self, now: Health) -> bool {
        self.0.send_if_modified(|said| {
            let is_news = *said != now;
            *said = now;
            is_news
        })
    }
}
