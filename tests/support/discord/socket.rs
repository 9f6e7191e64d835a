//! One connection to the gateway: its hello, its heartbeats, and what a client may say.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::ws::{CloseFrame, Message as Frame, WebSocket};
use serde_json::{Value, json};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::time::Instant;

use super::gateway::{Begun, Order};
use super::sim::Sim;
use super::stream::Stream;
use super::world::World;

/// The most bytes that a client may say at once, and how often it may say something in a minute.
const LONGEST: usize = 4096;
const MOST: usize = 120;

/// How a connection was asked for.
#[derive(Debug)]
pub struct Opening {
    pub stream: Stream,
    /// At the address for sessions that go on.
    pub is_resume: bool,
    /// For the version of the gateway that there is.
    pub is_known_version: bool,
}

struct Link {
    sim: Arc<Sim>,
    opening: Opening,
    orders: UnboundedSender<Order>,
    session: Option<String>,
    said: Vec<Instant>,
    /// Until then a heartbeat must come.
    until: Instant,
}

/// How a connection ends.
enum End {
    /// With this code, if any.
    Close(Option<(u16, &'static str)>),
    /// The client left; for good, if its code says so.
    Left { for_good: bool },
}

/// What follows from something that a client said.
enum Then {
    Nothing,
    Say(String),
    End(u16, &'static str),
}

/// Serves one connection until it ends.
pub async fn serve(sim: Arc<Sim>, mut socket: WebSocket, opening: Opening) {
    let (orders, mut ordered) = unbounded_channel();
    let beat = sim.with(|world| world.timing.heartbeat);
    let until = Instant::now() + patience(beat);
    let mut link = Link { sim, opening, orders, session: None, said: Vec::new(), until };
    let hello = json!({
        "op": 10, "t": null, "s": null,
        "d": { "heartbeat_interval": beat.as_millis(), "_trace": [] },
    });
    let end = match link.send(&mut socket, hello.to_string()).await {
        Ok(()) if !link.opening.is_known_version => {
            End::Close(Some((4012, "Invalid API version.")))
        }
        Ok(()) => link.talk(&mut socket, &mut ordered).await,
        Err(()) => End::Left { for_good: false },
    };
    let for_good = match end {
        End::Close(code) => {
            let frame = code.map(|(code, reason)| CloseFrame { code, reason: reason.into() });
            if frame.is_some() {
                let _ = socket.send(Frame::Close(frame)).await;
            }
            false
        }
        End::Left { for_good } => for_good,
    };
    if let Some(session) = &link.session {
        link.sim.with(|world| world.part(session, &link.orders, for_good));
    }
}

/// How long it waits for a heartbeat.
fn patience(beat: Duration) -> Duration {
    beat * 3 / 2
}

impl Link {
    async fn send(&mut self, socket: &mut WebSocket, text: String) -> Result<(), ()> {
        socket.send(self.opening.stream.frame(text)).await.map_err(|_| ())
    }

    async fn talk(
        &mut self,
        socket: &mut WebSocket,
        ordered: &mut UnboundedReceiver<Order>,
    ) -> End {
        loop {
            let said = tokio::select! {
                order = ordered.recv() => match order {
                    Some(Order::Send(text)) => Then::Say(text),
                    Some(Order::Freeze) => std::future::pending().await,
                    Some(Order::Vanish) | None => return End::Close(None),
                    Some(Order::Close(code, reason)) => Then::End(code, reason),
                },
                frame = socket.recv() => match frame {
                    Some(Ok(Frame::Text(text))) => self.hear(&text),
                    Some(Ok(Frame::Close(close))) => {
                        let code = close.map_or(1005, |close| close.code);
                        return End::Left { for_good: matches!(code, 1000 | 1001) };
                    }
                    Some(Ok(Frame::Binary(_))) => Then::End(4002, "Error while decoding payload."),
                    Some(Ok(_)) => Then::Nothing,
                    Some(Err(_)) | None => return End::Left { for_good: false },
                },
                () = tokio::time::sleep_until(self.until) => { // waits for the world: no heartbeat
                    Then::End(4009, "Session timed out.")
                }
            };
            let sent = match said {
                Then::Nothing => Ok(()),
                Then::Say(text) => self.send(socket, text).await,
                Then::End(code, reason) => return End::Close(Some((code, reason))),
            };
            if sent.is_err() {
                return End::Left { for_good: false };
            }
        }
    }

    fn hear(&mut self, text: &str) -> Then {
        self.said.retain(|at| at.elapsed() < Duration::from_mins(1));
        self.said.push(Instant::now());
        if self.said.len() > MOST {
            return Then::End(4008, "Rate limited.");
        }
        let said = serde_json::from_str::<Value>(text).ok();
        let Some(said) = said.filter(|said| text.len() <= LONGEST && said.is_object()) else {
            return Then::End(4002, "Error while decoding payload.");
        };
        let known = self.has_session();
        match said["op"].as_u64() {
            Some(1) => self.beat(),
            Some(2 | 6) if known => Then::End(4005, "Already authenticated."),
            Some(2) => self.begin(|world, link| world.identify(&said["d"], &link.orders)),
            Some(6) => self.begin(|world, link| {
                world.resume(&said["d"], link.opening.is_resume, &link.orders)
            }),
            // Presence, voice and members: nothing here depends on them.
            Some(3 | 4 | 8) if known => Then::Nothing,
            Some(3 | 4 | 8) => Then::End(4003, "Not authenticated."),
            _ => Then::End(4001, "Unknown opcode."),
        }
    }

    /// Whether its session has begun, and was not ended since.
    fn has_session(&self) -> bool {
        let Some(id) = &self.session else { return false };
        self.sim.look(|world| world.gateway.sessions.iter().any(|session| session.id == *id))
    }

    fn beat(&mut self) -> Then {
        let (beat, deaf) = self.sim.with(|world| (world.timing.heartbeat, world.gateway.deaf));
        self.until = Instant::now() + patience(beat);
        if deaf { Then::Nothing } else { say(11, &Value::Null) }
    }

    fn begin(&mut self, begins: impl FnOnce(&mut World, &Self) -> Begun) -> Then {
        let sim = self.sim.clone();
        match sim.with(|world| begins(world, self)) {
            Begun::Session(id) => {
                self.session = Some(id);
                sim.connected.send_modify(|count| *count += 1);
                Then::Nothing
            }
            Begun::Invalid => say(9, &json!(false)),
            Begun::Closed(code, reason) => Then::End(code, reason),
        }
    }
}

/// A frame that is no event.
fn say(op: u8, said: &Value) -> Then {
    Then::Say(json!({ "op": op, "d": said, "s": null, "t": null }).to_string())
}
