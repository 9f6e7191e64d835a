//! One connection of [Socket Mode](https://docs.slack.dev/apis/events-api/using-socket-mode/):
//! opened, greeted, kept awake, and left.
//!
//! Nothing here waits for ever: not the opening, not the greeting, no write, and no silence.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use futures_util::{SinkExt, StreamExt};
use rustls::ClientConfig;
use tokio::net::TcpStream;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::time::{Instant, MissedTickBehavior, interval, timeout};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::{
    Connector, MaybeTlsStream, WebSocketStream, connect_async_tls_with_config as connect,
};

use super::api::{Api, Failed, Ticket};
use super::bring::Bring;
use super::envelope::Reply;
use super::frame::{self, Frame, Leave, Wrapped};
use crate::domain::secret::Secret;

/// Longer than this is nothing that Slack sends.
const LONGEST_MESSAGE: usize = 8 * 1024 * 1024;

/// How long a connection waits for what.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    /// For a connection, and for the greeting on it.
    pub connect: Duration,
    /// Until something that is sent has left.
    pub send: Duration,
    /// Between two questions whether the other side is there.
    pub ping: Duration,
    /// Silent for so long, the other side is gone.
    pub silence: Duration,
    /// So long a connection that was told to go is still listened to.
    pub drain: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        let seconds = Duration::from_secs;
        Self {
            connect: seconds(10),
            send: seconds(5),
            ping: seconds(10),
            silence: seconds(30),
            drain: seconds(15),
        }
    }
}

/// Why a connection is no more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// Slack says so; it still stands for a while.
    Told(Leave),
    /// It is gone; why, in words.
    Lost(&'static str),
}

/// A connection that stands.
pub struct Link {
    /// The app that Slack greeted.
    pub app: String,
    stream: WebSocketStream<MaybeTlsStream<TcpStream>>,
    answers: UnboundedReceiver<String>,
    answer: UnboundedSender<String>,
    pace: Pace,
}

impl Link {
    /// Opens one, and waits until Slack greets.
    pub async fn open(api: &Api, app_token: &Secret, pace: Pace) -> Result<Self, Failed> {
        let ticket = api.open_socket(app_token).await?;
        let away = |why: &str| Failed::Away(why.to_owned());
        let opened = timeout(pace.connect, dial(&ticket, api.tls())).await;
        let stream = opened.map_err(|_| away("no socket in time"))?;
        let (answer, answers) = unbounded_channel();
        let app = String::new();
        let stream = stream.ok_or_else(|| away("no socket"))?;
        let mut link = Self { app, stream, answers, answer, pace };
        let greeted = timeout(pace.connect, link.greeted()).await;
        link.app = greeted.ok().flatten().ok_or_else(|| away("no greeting on the socket"))?;
        Ok(link)
    }

    async fn greeted(&mut self) -> Option<String> {
        loop {
            let Message::Text(text) = self.stream.next().await?.ok()? else { continue };
            if let Frame::Hello { app } = frame::read(&text) {
                return Some(app);
            }
        }
    }

    /// Hears what comes, until it ends or is told to.
    pub async fn serve(&mut self, bring: &Bring) -> End {
        let mut pings = interval(self.pace.ping);
        pings.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut last = Instant::now();
        loop {
            let sends = tokio::select! {
                came = self.stream.next() => {
                    last = Instant::now();
                    match came {
                        Some(Ok(Message::Text(text))) => match self.take(&text, bring) {
                            Some(leave) => return End::Told(leave),
                            None => continue,
                        },
                        Some(Ok(Message::Close(_))) | None => return End::Lost("it was closed"),
                        Some(Err(_)) => return End::Lost("it broke"),
                        Some(Ok(_)) => continue,
                    }
                }
                Some(answer) = self.answers.recv() => Message::text(answer),
                _ = pings.tick() => {
                    if last.elapsed() >= self.pace.silence {
                        return End::Lost("nothing is heard on it");
                    }
                    Message::Ping(Bytes::new())
                }
            };
            if !self.send(sends).await {
                return End::Lost("nothing can be sent on it");
            }
        }
    }

    /// Listens a while longer, as the next one stands already, and closes.
    pub async fn drain(mut self, bring: &Bring) {
        let while_longer = self.pace.drain;
        let gone = async { while let End::Told(_) = self.serve(bring).await {} };
        if timeout(while_longer, gone).await.is_err() {
            self.send(Message::Close(None)).await;
        }
    }

    async fn send(&mut self, message: Message) -> bool {
        matches!(timeout(self.pace.send, self.stream.send(message)).await, Ok(Ok(())))
    }

    /// Takes one text: has it heard beside the reading, so that nothing waits behind it.
    fn take(&self, text: &str, bring: &Bring) -> Option<Leave> {
        match frame::read(text) {
            Frame::Hello { .. } => {}
            Frame::Disconnect(leave) => return Some(leave),
            Frame::Heard(Wrapped { id, takes_answer, attempt, envelope }) => {
                tracing::debug!(slack.kind = ?envelope.kind, slack.attempt = attempt, "Slack says something");
                let (bring, answer) = (bring.clone(), self.answer.clone());
                tokio::spawn(async move {
                    let reply = bring.bring(envelope).await;
                    if let Some(text) = frame::answer(&id, takes_answer, reply) {
                        // Where the connection is gone Slack sends it again, and it is known then.
                        let _ = answer.send(text);
                    }
                });
            }
            Frame::Odd { kind, id } => {
                let shown = id.as_deref().map_or_else(|| "none".to_owned(), frame::plain);
                tracing::warn!(
                    slack.kind = kind,
                    slack.envelope = shown,
                    "Slack sends something unknown: {kind}, envelope {shown}"
                );
                if let Some(text) = id.and_then(|id| frame::answer(&id, false, Reply::Ack)) {
                    let _ = self.answer.send(text);
                }
            }
        }
        None
    }
}

/// The address is the permission, so no error of it is ever said.
async fn dial(
    ticket: &Ticket,
    tls: Arc<ClientConfig>,
) -> Option<WebSocketStream<MaybeTlsStream<TcpStream>>> {
    let limits = WebSocketConfig::default()
        .max_message_size(Some(LONGEST_MESSAGE))
        .max_frame_size(Some(LONGEST_MESSAGE));
    let at_once = true;
    let connected =
        connect(ticket.reveal(), Some(limits), at_once, Some(Connector::Rustls(tls))).await;
    connected.ok().map(|(stream, _)| stream)
}
