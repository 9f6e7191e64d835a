//! The heartbeat: while all is well an address outside is asked for every so often, so that whoever
//! waits for it there hears of a program that is dead, stuck or cut off.
//!
//! The address is the operator's own setting, so it may be in a private network; what it answers
//! is not read, and where it points to is not followed.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use reqwest::{Client, Url};

use crate::config::Alert;
use crate::networks::http::{self, knock};
use crate::web::vitals::{Health, Vitals};

/// A beat may take so long.
const PATIENCE: Duration = Duration::from_secs(10);

/// What is asked for, and how often.
pub struct Heartbeat {
    to: Option<(Client, Url)>,
    every: Duration,
}

impl Heartbeat {
    /// As the settings say.
    pub fn new(alert: &Alert) -> anyhow::Result<Self> {
        let every = Duration::from_secs(alert.heartbeat_seconds.into());
        let Some(url) = &alert.heartbeat_url else {
            return Ok(Self { to: None, every });
        };
        let url = Url::parse(url.reveal()).context("reading alert.heartbeat_url")?;
        let client = http::client(http::trust(url.scheme()));
        let client = client.context("preparing to ask for alert.heartbeat_url")?;
        Ok(Self { to: Some((client, url)), every })
    }

    /// Looks every so often how it is, says in the log when that changes, and beats while all is
    /// well.
    pub async fn go_on(&self, vitals: Arc<Vitals>) {
        let (mut was, mut arrived) = ("ok", true);
        loop {
            let health = vitals.judge().await;
            say(was, &health);
            was = health.status;
            if let Some(beat) = self.beat(&health).await {
                match &beat {
                    Err(why) if arrived => tracing::warn!("The heartbeat did not arrive: {why}"),
                    Ok(()) if !arrived => tracing::info!("The heartbeat arrives again"),
                    _ => {}
                }
                arrived = beat.is_ok();
            }
            tokio::time::sleep(self.every).await;
        }
    }

    /// Beats once if all is well; says why it did not arrive.
    pub async fn beat(&self, health: &Health) -> Option<Result<(), String>> {
        let (client, url) = self.to.as_ref().filter(|_| health.is_well())?;
        Some(match knock(client.get(url.clone()), PATIENCE).await {
            Ok(answer) if (200..300).contains(&answer.status) => Ok(()),
            Ok(answer) => Err(format!("it answered {}", answer.status)),
            Err(why) => Err(why),
        })
    }
}

/// What changed since the last look.
fn say(was: &str, health: &Health) {
    let notes = health.notes.join("; ");
    match (was, health.status) {
        (was, is) if was == is => {}
        (_, "ok") => tracing::info!("All is well again"),
        (_, is) => tracing::error!(health.status = is, "Not well: {notes}"),
    }
}
