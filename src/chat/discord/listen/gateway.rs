//! The connection to Discord, kept up: begun, watched, and begun again.
//!
//! Nothing here waits for ever: a client that does not say in time that it goes on, that has no
//! session for too long, or that Discord does not answer any more is left alone and another one
//! takes its place. After each new session all that stands is looked at again, as nobody tells what
//! happened before it.
//!
//! Discord lets an app begin a thousand sessions a day, and takes its token away after that. So what
//! only a person can mend is found out without one where it can be, and the fewer are left, the
//! longer it is until the next.

use std::sync::Arc;
use std::time::Duration;

use reqwest::Method;
use serde_json::Value;
use serenity::http::Route;
use serenity::model::gateway::GatewayIntents;
use serenity::model::id::ApplicationId;
use tokio::time::{Instant, sleep, timeout};

use super::bring::Bring;
use super::came::Came;
use super::quiet::Quiet;
use super::thread::{Plan, Said, Thread, Why};
use crate::chat::discord::api::{Body, Failed};
use crate::chat::discord::directory::number;
use crate::chat::discord::health::Standing;
use crate::chat::discord::invite::may_read_all;
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
    /// A client that needs more sessions is no good.
    pub sessions: usize,
    /// Unanswered by Discord for so long, it is not heard there.
    pub quiet: Duration,
    /// The first wait between two clients, and the longest.
    pub first: Duration,
    /// The longest of them.
    pub longest: Duration,
    /// Where only a person can mend it.
    pub refused: Duration,
    /// The longest of these, where looking costs a session.
    pub spared: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        let seconds = Duration::from_secs;
        Self {
            silence: seconds(20),
            session: seconds(60),
            sessions: 10,
            // Three heartbeats, and a little.
            quiet: seconds(150),
            first: seconds(1),
            longest: seconds(60),
            refused: seconds(60),
            spared: seconds(3_600),
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

/// So many sessions are never begun: a client begins some by itself.
const RESERVE: u64 = 20;
/// So many a client may begin by itself while it is waited for.
const OF_ONE: u32 = 10;

/// What came of one client.
#[derive(Default)]
struct Run {
    /// Since when its session goes on.
    since: Option<Instant>,
    sessions: usize,
    /// So long at least until the next client.
    pace: Duration,
}

/// Why a connection is no more, in words for the operator.
enum End {
    /// It comes back by itself.
    Lost(String),
    /// Somebody has to mend it; whether that was found out by a session.
    Wrong(String, bool),
    /// Discord wants no more sessions for so long.
    Spent(Duration),
}

impl Gateway {
    /// Hears Discord until it is dropped.
    pub async fn go_on(&self, bring: &Bring) {
        let Patience { first, longest, refused, spared, session, .. } = self.patience;
        let mut waits = Waits::new(first, longest, self.chance.clone());
        let mut wrong = Waits::new(refused, spared, self.chance.clone());
        loop {
            let mut run = Run::default();
            let end = self.once(bring, &mut run).await;
            // What ends at once has not gone well.
            if run.since.is_some_and(|since| since.elapsed() >= session) {
                waits.over();
            }
            if run.since.is_some() {
                wrong.over();
            }
            let (why, wait) = match end {
                End::Lost(why) => (why, waits.another().max(run.pace)),
                End::Wrong(why, false) => (why, waits.about(refused)),
                End::Wrong(why, true) => (why, wrong.another().max(waits.about(refused))),
                End::Spent(wait) => {
                    let minutes = wait.as_secs() / 60 + 1;
                    (format!("it began too many sessions today, and waits {minutes} min"), wait)
                }
            };
            self.standing.is_away(&why);
            sleep(wait).await;
        }
    }

    /// One client, from its beginning to its end.
    async fn once(&self, bring: &Bring, run: &mut Run) -> End {
        let started = self.plan(run).await.map(Thread::start);
        let mut thread = match started {
            Ok(Ok(thread)) => thread,
            Ok(Err(error)) => return End::Lost(format!("no thread for it: {error}")),
            Err(end) => return end,
        };
        let Patience { silence, session, sessions, quiet, .. } = self.patience;
        let (mut session_since, mut answers) = (Instant::now(), Quiet::default());
        loop {
            let said = match timeout(silence, thread.says.recv()).await {
                Ok(Some(said)) => said,
                Ok(None) => return End::Lost("its thread is gone".to_owned()),
                Err(_) => return End::Lost("its connection stands still".to_owned()),
            };
            match said {
                Said::Pulse(pulse) if pulse.connected => {
                    session_since = Instant::now();
                    if answers.longest(&pulse.answers) > quiet {
                        return End::Lost("its connection says nothing any more".to_owned());
                    }
                }
                Said::Pulse(_) => {
                    if run.since.is_some() && session_since.elapsed() > silence / 4 {
                        self.standing.is_away("its connection is begun again");
                    }
                    if session_since.elapsed() > session {
                        return End::Lost("it gets no session".to_owned());
                    }
                }
                Said::Over(why) => return self.end(why),
                Said::Frame((kind, payload)) if kind == "READY" || kind == "RESUMED" => {
                    match bring.session(&kind, &payload).await {
                        Came::Ready if run.sessions >= sessions => {
                            return End::Lost("its sessions end again and again".to_owned());
                        }
                        Came::Ready => {
                            self.ready(run.sessions > 0);
                            run.sessions += 1;
                            run.since = Some(Instant::now());
                        }
                        Came::Resumed => self.standing.is_up(),
                        _ => continue,
                    }
                    session_since = Instant::now();
                    answers = Quiet::default();
                }
                Said::Frame(frame) => bring.bring(frame),
            }
        }
    }

    /// Where the gateway is, and whether a session may be begun.
    async fn plan(&self, run: &mut Run) -> Result<Plan, End> {
        let api = &self.wires.api;
        let said = api.get(Route::GatewayBot, &[]).await.map_err(|failed| unasked(&failed))?;
        let gateway = said["url"].as_str().unwrap_or_default().trim_end_matches('/').to_owned();
        // What is said over a connection is as secret as what is said in calls.
        let base = api.base();
        let sound = if base.starts_with("https") { &["wss://"][..] } else { &["wss://", "ws://"] };
        if !sound.iter().any(|begins| gateway.starts_with(begins)) {
            return Err(End::Lost("it names no gateway".to_owned()));
        }
        run.pace = budget(&said["session_start_limit"]).map_err(End::Spent)?;
        if self.message_content {
            let app = api.get(Route::Oauth2ApplicationCurrent, &[]).await;
            let app = app.map_err(|failed| unasked(&failed))?;
            if !may_read_all(&app) {
                return Err(End::Wrong(CONTENT.to_owned(), false));
            }
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
            | GatewayIntents::GUILD_MESSAGE_REACTIONS
            | GatewayIntents::DIRECT_MESSAGES;
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
            Why::Token => End::Wrong(TOKEN.to_owned(), true),
            Why::Intents if self.message_content => End::Wrong(CONTENT.to_owned(), true),
            Why::Intents => {
                End::Wrong("it does not allow what every app may hear of".to_owned(), true)
            }
            Why::Lost => End::Lost("its connection is gone".to_owned()),
        }
    }
}

/// What a failure means that no session was begun for.
fn unasked(failed: &Failed) -> End {
    match failed {
        Failed::Refused(401) => End::Wrong(TOKEN.to_owned(), false),
        Failed::Refused(_) => End::Wrong(failed.to_string(), false),
        failed => End::Lost(failed.to_string()),
    }
}

/// How long it has to be until the next session, so that what is left of them lasts; an error where
/// none should be begun before that.
fn budget(limit: &Value) -> Result<Duration, Duration> {
    let number = |name: &str| limit[name].as_u64();
    let (Some(left), Some(total)) = (number("remaining"), number("total")) else {
        return Ok(Duration::ZERO);
    };
    let reset = Duration::from_millis(number("reset_after").unwrap_or(60_000));
    match u32::try_from(left).unwrap_or(u32::MAX) {
        _ if left <= RESERVE.min(total / 2) => Err(reset),
        _ if left > total / 2 => Ok(Duration::ZERO),
        left => Ok(reset / left * OF_ONE),
    }
}

/// What is wrong with the intents.
const CONTENT: &str = "discord.message_content needs Message Content Intent, which is switched on \
                       for the app under Bot";
/// What is wrong with the token.
const TOKEN: &str = "discord.token is not accepted: take a new one under Bot, Reset Token";

/// Makes the commands known, all of them in the place of those before.
async fn commands(wires: &Wires) -> Result<(), Failed> {
    let application_id = ApplicationId::new(number(&wires.directory.own().await?.app)?);
    let body = show::command::all();
    let route = Route::Commands { application_id };
    wires.api.send(Method::PUT, route, Body::Json(&body)).await.map(drop)
}
