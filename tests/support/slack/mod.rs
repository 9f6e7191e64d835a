//! A Slack on loopback for the tests: stateful, strict, and as unreliable as it is told to be.
//!
//! It is made from Slack's documentation, and the official clients run against it
//! (`tests/slack/clients`): where they disagree with it, it is wrong. Apps talk to `url()` as they
//! would to `https://slack.com`; tests act as people ([`Person`]) and read what people see.
//!
//! | file | holds |
//! |---|---|
//! | `world`, `setup`, `message` | what there is |
//! | `acts`, `person`, `modal`, `pressed`, `transcript` | what people do and see |
//! | `events`, `deliver`, `socket` | how apps hear of it |
//! | `server`, `args`, `fail`, `methods` | what apps may ask for |
//! | `shapes`, `fields`, `blocks` | what Block Kit allows |
//! | `rates`, `faults` | when it does not work |
//! | `control` | all of it as a process of its own |

mod acts;
mod args;
mod blocks;
mod caller;
pub mod control;
mod deliver;
mod events;
mod fail;
mod faults;
mod fields;
mod message;
mod methods;
mod modal;
mod person;
mod pressed;
mod rates;
mod server;
mod setup;
mod shapes;
mod sim;
mod socket;
mod transcript;
mod world;

use std::net::TcpListener;
use std::sync::Arc;

use axum::serve::ListenerExt as _;
pub use blocks::{of_message as wrong_blocks, of_view as wrong_view};
pub use caller::client;
pub use deliver::signature;
pub use faults::How;
pub use message::Message;
pub use modal::Submitted;
pub use person::{At, Person};
use sim::Sim;
pub use sim::Timing;
pub use socket::Order;
pub use world::{App, Install, World};

/// A running Slack, with the sample practice in it.
#[derive(Clone)]
pub struct Slack {
    sim: Arc<Sim>,
    url: String,
}

impl Slack {
    /// Starts one on a free port.
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        Self::on(listener)
    }

    /// Starts one on this listener.
    pub fn on(listener: TcpListener) -> Self {
        listener.set_nonblocking(true).expect("a listener");
        let listener = tokio::net::TcpListener::from_std(listener).expect("a listener");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let mut world = World::new(url.clone());
        world.add_practice();
        let sim = Sim::new(world);
        let slack = Self { sim, url };
        let routes = server::router(slack.sim.clone()).merge(control::router(slack.clone()));
        // Or a frame waits until the one before is confirmed, for which Linux takes 40 ms.
        let listener = listener.tap_io(|stream| stream.set_nodelay(true).expect("a stream"));
        tokio::spawn(async move { axum::serve(listener, routes).await.expect("serves") });
        slack
    }

    /// Where it is found; methods are below `/api/`.
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

    /// The practice's install of its app.
    pub fn install(&self) -> Install {
        self.with(|world| world.installs[0].clone())
    }

    /// Someone by name.
    pub fn person(&self, name: &str) -> Person {
        Person { slack: self.clone(), id: self.user_id(name) }
    }

    /// The next calls of a method go wrong.
    pub fn fault(&self, method: &str, times: usize, how: How) {
        let method = method.to_owned();
        self.with(|world| world.faults.push(faults::Fault { method, times, how }));
    }

    /// Waits differently from now on.
    pub fn timing(&self, timing: Timing) {
        self.sim.set_timing(timing);
    }

    /// Limits nothing.
    pub fn without_limits(&self) {
        self.with(|world| world.rates.off = true);
    }

    /// Gives every socket of the practice's app an order.
    pub fn order(&self, order: impl Fn() -> Order) {
        let app = self.app().id;
        self.with(|world| world.sockets.order(&app, order));
    }

    /// Tells sockets of the practice's app to go, and why.
    pub fn disconnect(&self, reason: &str, only_oldest: bool) {
        let app = self.app().id;
        self.with(|world| world.sockets.disconnect(&app, reason, only_oldest));
    }

    /// Waits until so many sockets were opened since the start.
    pub async fn connected(&self, times: usize) {
        let mut connected = self.sim.connected.subscribe();
        connected.wait_for(|count| *count >= times).await.expect("it runs");
    }

    /// Waits until every delivery was acknowledged or given up.
    pub async fn settled(&self) {
        let mut on_the_way = self.sim.on_the_way.subscribe();
        on_the_way.wait_for(|count| *count == 0).await.expect("it runs");
    }

    /// How many deliveries were never acknowledged.
    pub fn given_up(&self) -> usize {
        *self.sim.given_up.borrow()
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

    fn channel_id(&self, name: &str) -> String {
        self.with(|world| {
            let found = world.channels.iter().find(|c| c.name == name || c.id == name);
            found.unwrap_or_else(|| panic!("there is no channel {name}")).id.clone()
        })
    }

    fn user_id(&self, name: &str) -> String {
        self.with(|world| {
            let found = world.users.iter().find(|user| user.name == name || user.id == name);
            found.unwrap_or_else(|| panic!("there is nobody called {name}")).id.clone()
        })
    }
}
