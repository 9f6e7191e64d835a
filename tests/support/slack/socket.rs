//! Socket Mode: the connections of apps, and what goes over them.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::ws::{Message as Frame, WebSocket};
use serde_json::{Value, json};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::oneshot;

use super::sim::Sim;

/// The most connections of an app.
pub const MOST: usize = 10;

/// How often a connection is asked whether it still stands.
const PING: Duration = Duration::from_secs(5);

/// What a connection is told.
#[derive(Debug)]
pub enum Order {
    /// Send this.
    Send(String),
    /// Close cleanly.
    Close,
    /// Vanish without a word.
    Vanish,
    /// Stand there and neither read nor write.
    Freeze,
}

struct Socket {
    id: u64,
    app: String,
    orders: UnboundedSender<Order>,
}

/// The open connections, and the envelopes that wait for their acknowledgment.
#[derive(Default)]
pub struct Sockets {
    /// No acknowledgment is heard.
    pub deaf: bool,
    open: Vec<Socket>,
    waiting: HashMap<String, oneshot::Sender<Value>>,
    turn: usize,
}

impl Sockets {
    /// How many connections an app has.
    pub fn count(&self, app: &str) -> usize {
        self.open.iter().filter(|socket| socket.app == app).count()
    }

    /// Sends an envelope over any one connection; what comes back is its acknowledgment.
    pub fn send(&mut self, app: &str, envelope: &Value) -> Option<oneshot::Receiver<Value>> {
        let of_app: Vec<&Socket> = self.open.iter().filter(|socket| socket.app == app).collect();
        self.turn += 1;
        let socket = of_app.get(self.turn % of_app.len().max(1))?;
        socket.orders.send(Order::Send(envelope.to_string())).ok()?;
        let (acknowledge, acknowledged) = oneshot::channel();
        let id = envelope["envelope_id"].as_str().expect("an id").to_owned();
        self.waiting.insert(id, acknowledge);
        Some(acknowledged)
    }

    /// Tells every connection of an app something.
    pub fn order(&self, app: &str, order: impl Fn() -> Order) {
        for socket in self.open.iter().filter(|socket| socket.app == app) {
            let _ = socket.orders.send(order());
        }
    }

    /// Tells the oldest connection of an app that it must go, and lets it go.
    pub fn disconnect(&self, app: &str, reason: &str, only_oldest: bool) {
        let of_app = self.open.iter().filter(|socket| socket.app == app);
        let told = if only_oldest { 1 } else { usize::MAX };
        for socket in of_app.take(told) {
            let _ = socket.orders.send(Order::Send(disconnect(reason).to_string()));
            if reason != "warning" {
                let _ = socket.orders.send(Order::Close);
            }
        }
    }

    fn acknowledge(&mut self, frame: &Value) {
        if self.deaf {
            return;
        }
        let id = frame["envelope_id"].as_str().unwrap_or_default();
        if let Some(waiting) = self.waiting.remove(id) {
            let _ = waiting.send(frame["payload"].clone());
        }
    }
}

/// Serves one connection until it ends.
pub async fn serve(sim: Arc<Sim>, mut socket: WebSocket, app: String) {
    let (orders, mut ordered) = unbounded_channel();
    let (id, hello) = sim.with(|world| {
        let id = world.next();
        world.sockets.open.push(Socket { id, app: app.clone(), orders });
        (id, hello(&app, world.sockets.count(&app)))
    });
    if socket.send(Frame::text(hello.to_string())).await.is_ok() {
        sim.connected.send_modify(|count| *count += 1);
        if let End::Clean = talk(&sim, &mut socket, &mut ordered).await {
            let _ = socket.send(Frame::Close(None)).await;
        }
    }
    sim.with(|world| world.sockets.open.retain(|socket| socket.id != id));
}

enum End {
    Clean,
    Gone,
}

async fn talk(
    sim: &Arc<Sim>,
    socket: &mut WebSocket,
    ordered: &mut UnboundedReceiver<Order>,
) -> End {
    // Not at once: who is told to go right then would hear a ping between that and the close.
    let mut ping = tokio::time::interval_at(tokio::time::Instant::now() + PING, PING);
    loop {
        tokio::select! {
            order = ordered.recv() => match order {
                Some(Order::Send(text)) => {
                    if socket.send(Frame::text(text)).await.is_err() {
                        return End::Gone;
                    }
                }
                Some(Order::Freeze) => std::future::pending().await,
                Some(Order::Vanish) => return End::Gone,
                Some(Order::Close) | None => return End::Clean,
            },
            frame = socket.recv() => match frame {
                Some(Ok(Frame::Text(text))) => {
                    if let Ok(frame) = serde_json::from_str(&text) {
                        sim.with(|world| world.sockets.acknowledge(&frame));
                    }
                }
                Some(Ok(Frame::Close(_)) | Err(_)) | None => return End::Gone,
                Some(Ok(_)) => {}
            },
            _ = ping.tick() => {
                if socket.send(Frame::Ping("Ping from applink".into())).await.is_err() {
                    return End::Gone;
                }
            }
        }
    }
}

fn hello(app: &str, connections: usize) -> Value {
    json!({
        "type": "hello", "num_connections": connections,
        "debug_info": {
            "host": "applink-simulated", "started": "2026-11-25 00:00:00.000",
            "build_number": 54, "approximate_connection_time": 18060,
        },
        "connection_info": { "app_id": app },
    })
}

fn disconnect(reason: &str) -> Value {
    json!({
        "type": "disconnect", "reason": reason,
        "debug_info": { "host": "applink-simulated" },
    })
}
