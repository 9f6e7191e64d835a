//! Socket Mode: some connections, each kept up for ever, none waited for by another.
//!
//! | what happens | what is done |
//! |---|---|
//! | Slack is not there, hangs, or breaks off | again, at once, then after longer and longer |
//! | Slack asks to leave soon | the next one is opened first, the old one is heard to its end |
//! | the token is wrong, Socket Mode is off, too many | said, and tried again once in a while |
//!
//! Slack gives each thing to any one connection and takes its acknowledgment there. What is not
//! acknowledged it sends again, so nothing is lost when a connection is.

use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};

use super::api::{Api, Failed};
use super::bring::Bring;
use super::frame::Leave;
use super::health::{Standing, no_socket, told};
use super::link::{End, Link, Pace};
use crate::chat::waits::Waits;
use crate::domain::secret::Secret;
use crate::ports::clock::Chance;

/// How long Socket Mode waits for what.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// Inside of a connection.
    pub link: Pace,
    /// After the second failure in a row; then longer.
    pub first: Duration,
    /// At most.
    pub longest: Duration,
    /// Where only somebody's act can help.
    pub refused: Duration,
    /// A connection that stood for so long was a good one.
    pub good: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            link: Pace::default(),
            first: Duration::from_millis(500),
            longest: Duration::from_secs(30),
            refused: Duration::from_mins(1),
            good: Duration::from_secs(10),
        }
    }
}

/// What Socket Mode needs.
#[derive(Clone)]
pub struct Socket {
    /// To open connections.
    pub api: Api,
    /// The app-level token.
    pub app_token: Secret,
    /// So many connections.
    pub links: usize,
    /// Where what comes goes.
    pub bring: Bring,
    /// Where it is said how it stands.
    pub standing: Arc<Standing>,
    /// How long it waits.
    pub patience: Patience,
    /// So that not all come back at the same moment.
    pub chance: Arc<dyn Chance>,
}

impl Socket {
    /// Keeps the connections up until it is dropped.
    pub async fn go_on(&self) {
        let mut all = JoinSet::new();
        for _ in 0..self.links {
            let one = self.clone();
            all.spawn(async move { one.keep_one().await });
        }
        // None of them ever ends.
        all.join_next().await;
    }

    /// Keeps one up.
    async fn keep_one(&self) {
        let Patience { first, longest, .. } = self.patience;
        let mut waits = Waits::new(first, longest, self.chance.clone());
        let mut leaving = JoinSet::new();
        loop {
            while leaving.try_join_next().is_some() {}
            let mut link = match Link::open(&self.api, &self.app_token, self.patience.link).await {
                Ok(link) => link,
                Err(failed) => {
                    self.standing.is_away(&no_socket(&failed));
                    sleep(self.wait_after(&failed, &mut waits)).await;
                    continue;
                }
            };
            self.warn_of_strangers(&link);
            let opened = Instant::now();
            let up = self.standing.up();
            let end = link.serve(&self.bring).await;
            if opened.elapsed() >= self.patience.good {
                waits.over();
            }
            match end {
                End::Told(Leave::Soon) => {
                    // It counts, and is heard, until it is closed.
                    let bring = self.bring.clone();
                    leaving.spawn(async move {
                        link.drain(&bring).await;
                        up.over(told(Leave::Soon));
                    });
                    sleep(waits.another()).await;
                }
                End::Told(leave) => {
                    up.over(told(leave));
                    sleep(waits.about(self.patience.refused)).await;
                }
                End::Lost(why) => {
                    up.over(why);
                    sleep(waits.another()).await;
                }
            }
        }
    }

    fn wait_after(&self, failed: &Failed, waits: &mut Waits) -> Duration {
        match failed {
            Failed::Refused(_) | Failed::NotInstalled => waits.about(self.patience.refused),
            Failed::Limited(wait) => waits.about(*wait + *wait),
            Failed::Away(_) | Failed::Unknown(_) => waits.another(),
        }
    }

    /// Two apps' tokens in one settings file would leave everybody unheard, without a word.
    fn warn_of_strangers(&self, link: &Link) {
        let apps = self.api.installs().apps();
        if !link.app.is_empty() && !apps.is_empty() && !apps.contains(&link.app) {
            tracing::warn!(
                slack.app = super::frame::plain(&link.app),
                "slack.app_token and slack.bot_token are of two apps: what is done in one is not \
                 heard in the other"
            );
        }
    }
}
