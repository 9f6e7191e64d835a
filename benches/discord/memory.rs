//! What the bots hold in memory while nothing happens.

use std::time::Duration;

use tokio::time::sleep;

use crate::bot::{Bot, Kind};
use crate::discord::Discord;
use crate::measure::many;
use crate::place;
use crate::slack::Slack;

/// As many channels and roles as a server of such a kind may have.
const CHANNELS: usize = 30;
const ROLES: usize = 15;

/// MiB.
pub struct Memory {
    /// Ours, connected to both platforms.
    pub both: f64,
    /// Ours, in many servers.
    pub many: f64,
    /// The peer, in as many.
    pub peer: Option<f64>,
}

/// As many servers as one connection may have.
pub fn guilds() -> usize {
    many(2_500, 5)
}

/// Starts each, and looks once it has come to rest.
pub async fn measured(with_peer: bool) -> Memory {
    let peer = if with_peer { Some(in_many(Kind::Peer).await) } else { None };
    Memory { both: on_both().await, many: in_many(Kind::Ours).await, peer }
}

async fn on_both() -> f64 {
    let (slack, discord) = (Slack::start(), Discord::start());
    let cards = place::cards(&discord, 1);
    let bot = Bot::with(Kind::Ours, &discord, &cards, |command| {
        command
            .env("COUNTERSIGN_SLACK_API_URL", format!("{}/api", slack.url()))
            .env("COUNTERSIGN_SLACK_APP_TOKEN", slack.app().socket_token)
            .env("COUNTERSIGN_SLACK_BOT_TOKEN", slack.install().token);
    });
    let bot = bot.await;
    slack.connected(1).await;
    at_rest(&bot).await
}

async fn in_many(kind: Kind) -> f64 {
    let discord = Discord::start();
    let cards = place::cards(&discord, 1);
    discord.with(|world| {
        let (app, owner) = (world.apps[0].id, world.guilds[0].owner);
        for n in 1..guilds() {
            let guild = world.add_guild(&format!("Practice {n}"), owner);
            world.join(guild, app, Vec::new());
            for n in 0..CHANNELS {
                world.add_channel(guild, &format!("channel-{n}"));
            }
            for n in 0..ROLES {
                world.add_role(guild, &format!("role-{n}"));
            }
        }
    });
    at_rest(&Bot::start(kind, &discord, &cards).await).await
}

async fn at_rest(bot: &Bot) -> f64 {
    sleep(many(Duration::from_secs(20), Duration::from_secs(1))).await;
    bot.memory().0
}
