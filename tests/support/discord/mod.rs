//! A Discord on loopback for the tests: stateful, strict, and as unreliable as it is told to be.
//!
//! It is made from Discord's documentation, and the libraries that most bots use run against it
//! (`tests/discord/clients`): where they disagree with it, it is wrong. Apps talk to `url()` as
//! they would to `https://discord.com`; tests act as people ([`Person`]) and read what people see.
//!
//! | file | holds |
//! |---|---|
//! | `world`, `id`, `setup`, `message`, `emoji`, `files` | what there is |
//! | `person`, `using`, `pressed`, `transcript` | what people do and see |
//! | `events`, `gateway`, `socket`, `stream` | how apps hear of it |
//! | `server`, `call`, `routes`, `fail` | how apps ask for something |
//! | `messages`, `reactions`, `channels`, `commands` | what they may ask for |
//! | `interaction`, `callback`, `webhooks` | how they answer people |
//! | `form`, `components`, `mentions`, `permissions` | what is allowed |
//! | `shapes` | what it looks like |
//! | `rates`, `faults` | when it does not work |
//! | `control` | all of it as a process of its own |

mod call;
mod callback;
#[path = "../slack/caller.rs"]
mod caller;
mod channels;
mod commands;
mod components;
pub mod control;
mod emoji;
pub mod events;
mod fail;
mod faults;
mod files;
mod form;
pub mod gateway;
mod id;
mod interaction;
mod mentions;
mod message;
mod messages;
pub mod permissions;
mod person;
mod pressed;
mod rates;
mod reactions;
mod routes;
mod server;
mod setup;
mod shapes;
mod sim;
mod socket;
mod stream;
mod transcript;
mod using;
mod webhooks;
mod world;

use std::net::TcpListener;
use std::sync::Arc;

use axum::serve::ListenerExt as _;
pub use call::Exchange;
pub use caller::client;
pub use faults::How;
pub use gateway::Order;
pub use id::Id;
pub use interaction::Answered;
pub use message::Message;
pub use person::Person;
pub use reactions::At;
use serde_json::json;
use sim::Sim;
pub use using::SILENT;
pub use world::{App, Overwrite, Timing, World};

/// A running Discord, with the sample practice in it.
#[derive(Clone)]
pub struct Discord {
    sim: Arc<Sim>,
    url: String,
}

impl Discord {
    /// Starts one on a free port.
    pub fn start() -> Self {
        Self::on(TcpListener::bind("127.0.0.1:0").expect("a port"))
    }

    /// Starts one on this listener.
    pub fn on(listener: TcpListener) -> Self {
        listener.set_nonblocking(true).expect("a listener");
        let listener = tokio::net::TcpListener::from_std(listener).expect("a listener");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let mut world = World::new(url.clone());
        world.add_practice();
        let discord = Self { sim: Sim::new(world), url };
        let routes = server::router(discord.sim.clone()).merge(control::router(discord.clone()));
        // Or a frame waits until the one before is confirmed, for which Linux takes 40 ms.
        let listener = listener.tap_io(|stream| stream.set_nodelay(true).expect("a stream"));
        tokio::spawn(async move { axum::serve(listener, routes).await.expect("serves") });
        discord
    }

    /// Where it is found; routes are below `/api/v10/`.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Looks into the world, or changes it by hand.
    pub fn with<T>(&self, does: impl FnOnce(&mut World) -> T) -> T {
        self.sim.with(does)
    }

    /// The practice's app.
    pub fn app(&self) -> App {
        self.with(|world| world.apps[0].clone())
    }

    /// The practice's guild.
    pub fn guild(&self) -> Id {
        self.with(|world| world.guilds[0].id)
    }

    /// Someone by name.
    pub fn person(&self, name: &str) -> Person {
        Person { discord: self.clone(), id: self.user_id(name) }
    }

    /// The next requests of a route go wrong; ids in it are stars.
    pub fn fault(&self, route: &str, times: usize, how: How) {
        let route = route.to_owned();
        self.with(|world| world.faults.push(faults::Fault { route, times, how }));
    }

    /// Limits nothing, and lets sessions begin as often as one likes.
    pub fn without_limits(&self) {
        self.with(|world| {
            world.rates.off = true;
            world.timing.identify = std::time::Duration::ZERO;
        });
    }

    /// Gives every connection of the practice's app an order.
    pub fn order(&self, order: &Order) {
        let app = self.app().id;
        self.with(|world| world.gateway.order(app, order));
    }

    /// Asks the practice's app to connect anew.
    pub fn asks_to_reconnect(&self) {
        let said = json!({ "op": 7, "d": null, "s": null, "t": null }).to_string();
        self.order(&Order::Send(said));
    }

    /// Tells the practice's app that its session is over, and whether it may go on.
    pub fn invalidates(&self, may_resume: bool) {
        let app = self.app().id;
        self.with(|world| world.invalidate(app, may_resume));
    }

    /// Waits until so many sessions were begun, or gone on with, since the start.
    pub async fn connected(&self, times: usize) {
        let mut connected = self.sim.connected.subscribe();
        connected.wait_for(|count| *count >= times).await.expect("it runs");
    }

    /// Waits until something is so in the world.
    pub async fn until(&self, mut is_so: impl FnMut(&mut World) -> bool) {
        let mut changed = self.sim.changed.subscribe();
        loop {
            changed.mark_unchanged();
            if self.sim.look(&mut is_so) {
                return;
            }
            changed.changed().await.expect("it runs");
        }
    }

    /// Waits until a message holds some words.
    pub async fn sees(&self, channel: &str, words: &str) -> At {
        let channel = self.channel_id(channel);
        let mut found = None;
        self.until(|world| {
            let messages = &world.channel(channel).expect("known").messages;
            found = messages.iter().rev().find(|message| message.says(words)).map(|m| m.id);
            found.is_some()
        })
        .await;
        (channel, found.expect("seen"))
    }

    /// A channel by its name or its id.
    pub fn channel_id(&self, name: &str) -> Id {
        self.with(|world| {
            let is_it =
                |channel: &&world::Channel| channel.name == name || channel.id.to_string() == name;
            let found = world.channels.iter().find(is_it);
            found.unwrap_or_else(|| panic!("there is no channel {name}")).id
        })
    }

    /// Someone by the name or the id.
    pub fn user_id(&self, name: &str) -> Id {
        self.with(|world| {
            let found = world.users.iter().find(|u| u.name == name || u.id.to_string() == name);
            found.unwrap_or_else(|| panic!("there is nobody called {name}")).id
        })
    }
}
