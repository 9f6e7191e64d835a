//! The connection to Discord, kept up: begun, watched, and begun again.
//!
//! Nothing here waits for ever: a client that does not say in time that it goes on, or that has no
//! session for too long, is left alone and another one takes its place. After each new session all
//! that stands is looked at again, as nobody tells what happened before it.

use std::sync::Arc;
use std::time::Duration;

use reqwest::Method;
use serenity::http::Route;
use serenity::model::gateway::GatewayIntents;
use serenity::model::id::ApplicationId;
use tokio::time::{Instant, sleep, timeout};

use super::bring::Bring;
use super::hear::Came;
use super::thread::{Plan, Said, Thread, Why};
use crate::chat::discord::api::{Body, Failed};
use crate::chat::discord::directory::number;
use crate::chat::discord::health::Standing;
use crate::chat::discord::show;
use crate::chat::discord::wires::Wires;
use crate::chat::waits::Waits;
use crate::ports::clock::Chance;

/// How long a connection is waited for.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// Silent for so long, a client stands still.
    pub silence: Duration,
    /// Without a session for so long, it gets none.
    pub session: Duration,
    /// The first wait between two clients, and the longest.
    pub first: Duration,
    /// The longest of them.
    pub longest: Duration,
    /// Where only a person can mend it.
    pub refused: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        let seconds = Duration::from_secs;
        Self {
            silence: seconds(20),
            session: seconds(60),
            first: seconds(1),
            longest: seconds(60),
            refused: seconds(60),
        }
    }
}

/// The connection.
pub struct Gateway {
    /// To ask where the gateway is.
    pub wires: Wires,
    /// People's own messages can be read.
    pub message_content: bool,
    /// How it stands.
    pub standing: Arc<Standing>,
    /// How long is waited for what.
    pub patience: Patience,
    /// So that not all come back at the same time.
    pub chance: Arc<dyn Chance>,
}

/// Why a connection is no more, in words for the operator.
enum End {
    /// It comes back by itself.
    Lost(String),
    /// Somebody has to mend it.
    Wrong(String),
    /// Discord wants no more sessions for so long.
    Spent(Duration),
}

impl Gateway {
    /// Hears Discord until it is dropped.
    pub async fn go_on(&self, bring: &Bring) {
        let Patience { first, longest, refused, .. } = self.patience;
        let mut waits = Waits::new(first, longest, self.chance.clone());
        loop {
            let mut stood = false;
            let end = self.once(bring, &mut stood).await;
            if stood {
                waits.over();
            }
            let (why, wait) = match end {
                End::Lost(why) => (why, waits.another()),
                End::Wrong(why) => (why, waits.about(refused)),
                End::Spent(wait) => {
                    ("it began too many sessions today, and waits".to_owned(), wait)
                }
            };
            self.standing.is_away(&why);
            sleep(wait).await;
        }
    }

    /// One client, from its beginning to its end.
    async fn once(&self, bring: &Bring, stood: &mut bool) -> End {
        let plan = match self.plan().await {
            Ok(plan) => plan,
            Err(end) => return end,
        };
        let mut thread = match Thread::start(plan) {
            Ok(thread) => thread,
            Err(error) => return End::Lost(format!("no thread for it: {error}")),
        };
        let Patience { silence, session, .. } = self.patience;
        let mut session_since = Instant::now();
        loop {
            let said = match timeout(silence, thread.says.recv()).await {
                Ok(Some(said)) => said,
                Ok(None) => return End::Lost("its thread is gone".to_owned()),
                Err(_) => return End::Lost("its connection stands still".to_owned()),
            };
            match said {
                Said::Pulse(true) => session_since = Instant::now(),
                Said::Pulse(false) => {
                    if *stood && session_since.elapsed() > silence / 4 {
                        self.standing.is_away("its connection is begun again");
                    }
                    if session_since.elapsed() > session {
                        return End::Lost("it gets no session".to_owned());
                    }
                }
                Said::Over(why) => return self.end(why),
                Said::Frame((kind, payload)) if kind == "READY" || kind == "RESUMED" => {
                    match bring.session(&kind, &payload).await {
                        Came::Ready => self.ready(*stood),
                        Came::Resumed => self.standing.is_up(),
                        _ => continue,
                    }
                    *stood = true;
                    session_since = Instant::now();
                }
                Said::Frame(frame) => bring.bring(frame),
            }
        }
    }

    /// Where the gateway is, and whether a session may be begun.
    async fn plan(&self) -> Result<Plan, End> {
        let api = &self.wires.api;
        let said = api.get(Route::GatewayBot, &[]).await.map_err(|failed| match failed {
            Failed::Refused(401) => End::Wrong(TOKEN.to_owned()),
            Failed::Refused(_) => End::Wrong(failed.to_string()),
            failed => End::Lost(failed.to_string()),
        })?;
        let gateway = said["url"].as_str().unwrap_or_default().trim_end_matches('/').to_owned();
        // What is said over a connection is as secret as what is said in calls.
        let base = api.base();
        let sound = if base.starts_with("https") { &["wss://"][..] } else { &["wss://", "ws://"] };
        if !sound.iter().any(|begins| gateway.starts_with(begins)) {
            return Err(End::Lost("it names no gateway".to_owned()));
        }
        let limit = &said["session_start_limit"];
        if limit["remaining"].as_u64() == Some(0) {
            let wait = Duration::from_millis(limit["reset_after"].as_u64().unwrap_or(60_000));
            return Err(End::Spent(wait));
        }
        let shards = said["shards"].as_u64().and_then(|shards| u32::try_from(shards).ok());
        let token = api.token().clone();
        let shards = shards.unwrap_or(1).max(1);
        Ok(Plan { base, gateway, token, intents: self.intents(), shards })
    }

    /// Nothing that Discord grants to few, but for what the settings ask for.
    fn intents(&self) -> GatewayIntents {
        let usual = GatewayIntents::GUILDS
            | GatewayIntents::GUILD_MESSAGES
            | GatewayIntents::GUILD_MESSAGE_REACTIONS;
        if self.message_content { usual | GatewayIntents::MESSAGE_CONTENT } else { usual }
    }

    /// A session began: the commands are made known, and all that stands is looked at.
    fn ready(&self, again: bool) {
        if again {
            self.standing.left_something_out();
        }
        self.standing.is_up();
        let wires = self.wires.clone();
        tokio::spawn(async move {
            if let Err(failed) = commands(&wires).await {
                tracing::warn!(discord.error = %failed, "The commands are not made known: {failed}");
            }
        });
    }

    fn end(&self, why: Why) -> End {
        match why {
            Why::Token => End::Wrong(TOKEN.to_owned()),
            Why::Intents if self.message_content => End::Wrong(
                "discord.message_content needs Message Content Intent, which is switched on for \
                 the app under Bot"
                    .to_owned(),
            ),
            Why::Intents => End::Wrong("it does not allow what every app may hear of".to_owned()),
            Why::Lost => End::Lost("its connection is gone".to_owned()),
        }
    }
}

/// What is wrong with the token.
const TOKEN: &str = "discord.token is not accepted: take a new one under Bot, Reset Token";

/// Makes the commands known, all of them in the place of those before.
async fn commands(wires: &Wires) -> Result<(), Failed> {
    let application_id = ApplicationId::new(number(&wires.directory.own().await?.app)?);
    let body = show::command::all();
    let route = Route::Commands { application_id };
    wires.api.send(Method::PUT, route, Body::Json(&body)).await.map(drop)
}
