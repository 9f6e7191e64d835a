//! The library's client, on a thread and runtime of its own, with one handler.
//!
//! The library may spin for as long as a heartbeat when a connection is gone, so nothing else runs
//! where it does; it says every second that it goes on, and whoever waits for that in vain leaves it
//! alone and begins another. One thread keeps events in order. Nothing here reads what an event says.

use async_trait::async_trait;
use serde_json::{Value, json};
use serenity::Error;
use serenity::client::{ClientBuilder, Context, RawEventHandler};
use serenity::gateway::{ConnectionStage, GatewayError, ShardManager};
use serenity::http::HttpBuilder;
use serenity::model::event::Event;
use serenity::model::gateway::GatewayIntents;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::oneshot;

use super::bring::Frame;
use crate::chat::discord::read;
use crate::domain::secret::Secret;

/// So often the client says that it goes on.
const PULSE: Duration = Duration::from_secs(1);

/// What the client needs.
pub struct Plan {
    /// Where Discord is, without a path.
    pub base: String,
    /// Where the gateway is.
    pub gateway: String,
    /// The token of the app.
    pub token: Secret,
    /// What it wants to hear of.
    pub intents: GatewayIntents,
    /// Over so many connections.
    pub shards: u32,
}

/// What the thread says.
pub enum Said {
    /// Something happened.
    Frame(Frame),
    /// It goes on.
    Pulse(Pulse),
    /// It is over, and why.
    Over(Why),
}

/// How a client is.
pub struct Pulse {
    /// All its connections have a session.
    pub connected: bool,
    /// How long Discord last took to answer over each: another time whenever it answers.
    pub answers: Vec<Option<Duration>>,
}

/// Why a client is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// The token is not accepted.
    Token,
    /// An intent is not switched on for the app.
    Intents,
    /// Anything else.
    Lost,
}

/// A client that runs until this is dropped.
pub struct Thread {
    /// What it says.
    pub says: UnboundedReceiver<Said>,
    _runs: oneshot::Sender<()>,
}

impl Thread {
    /// Starts one.
    pub fn start(plan: Plan) -> std::io::Result<Self> {
        let (tell, says) = unbounded_channel();
        let (runs, stop) = oneshot::channel();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        std::thread::Builder::new().name("discord".to_owned()).spawn(move || {
            let why = runtime.block_on(async {
                tokio::select! {
                    why = run(plan, tell.clone()) => why,
                    _ = stop => Why::Lost,
                }
            });
            let _ = tell.send(Said::Over(why));
            // What is left of it, such as a connection, is not waited for.
            runtime.shutdown_background();
        })?;
        Ok(Self { says, _runs: runs })
    }
}

async fn run(plan: Plan, tell: UnboundedSender<Said>) -> Why {
    // With a proxy the library's own limiter goes past it, and it is asked for nothing but where
    // the gateway is.
    let http = HttpBuilder::new(plan.token.reveal()).proxy(plan.base).ratelimiter_disabled(true);
    let client = ClientBuilder::new_with_http(http.build(), plan.intents);
    let client = client.raw_event_handler(Hand(tell.clone())).await;
    let mut client = match client {
        Ok(client) => client,
        Err(error) => return why(&error),
    };
    plan.gateway.clone_into(&mut *client.ws_url.lock().await);
    tokio::spawn(pulse(client.shard_manager.clone(), plan.shards, tell));
    match client.start_shards(plan.shards).await {
        Ok(()) => Why::Lost,
        Err(error) => why(&error),
    }
}

async fn pulse(shards: Arc<ShardManager>, wanted: u32, tell: UnboundedSender<Said>) {
    loop {
        tokio::time::sleep(PULSE).await;
        let runners = shards.runners.lock().await;
        let up = runners.values().filter(|runner| runner.stage == ConnectionStage::Connected);
        let connected = up.count() >= usize::try_from(wanted).unwrap_or_default();
        let mut all: Vec<_> = runners.iter().map(|(id, runner)| (id.0, runner.latency)).collect();
        drop(runners);
        all.sort_unstable();
        let answers = all.into_iter().map(|(_, latency)| latency).collect();
        if tell.send(Said::Pulse(Pulse { connected, answers })).is_err() {
            return;
        }
    }
}

fn why(error: &Error) -> Why {
    match error {
        Error::Gateway(GatewayError::InvalidAuthentication) => Why::Token,
        Error::Gateway(
            GatewayError::DisallowedGatewayIntents | GatewayError::InvalidGatewayIntents,
        ) => Why::Intents,
        _ => Why::Lost,
    }
}

struct Hand(UnboundedSender<Said>);

#[async_trait]
impl RawEventHandler for Hand {
    async fn raw_event(&self, _: Context, event: Event) {
        if let Some(frame) = frame(&event) {
            let _ = self.0.send(Said::Frame(frame));
        }
    }
}

/// An event as Discord sent it, as far as anybody wants to know of it.
fn frame(event: &Event) -> Option<Frame> {
    // The largest ones, and the most.
    let concerns = !matches!(
        event,
        Event::GuildCreate(_)
            | Event::GuildMembersChunk(_)
            | Event::PresenceUpdate(_)
            | Event::TypingStart(_)
            | Event::VoiceStateUpdate(_)
    );
    let mut said = concerns.then(|| serde_json::to_value(event).ok()).flatten()?;
    let kind = said["t"].as_str().filter(|kind| read::concerns(kind))?.to_owned();
    let mut payload: Value = said["d"].take();
    if let Event::InteractionCreate(event) = event {
        // The library knows it by the type of what it read.
        payload["type"] = json!(u8::from(event.interaction.kind()));
    }
    Some((kind, payload))
}
