//! The running simulator: one world behind one lock, and what is still on its way to apps.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::sync::watch;

use super::caller::client;
use super::deliver;
use super::world::World;

/// How long Slack waits.
#[derive(Debug, Clone)]
pub struct Timing {
    /// For an acknowledgment.
    pub deadline: Duration,
    /// Before each time that an event is sent again.
    pub again: Vec<Duration>,
    /// Before it answers a call of the Web API.
    pub latency: Duration,
}

impl Default for Timing {
    /// As documented.
    fn default() -> Self {
        Self {
            deadline: Duration::from_secs(3),
            again: [0, 60, 300].map(Duration::from_secs).to_vec(),
            latency: Duration::ZERO,
        }
    }
}

/// All of it.
pub struct Sim {
    world: Mutex<World>,
    timing: Mutex<Timing>,
    /// For requests to apps in HTTP mode.
    pub client: reqwest::Client,
    /// So many deliveries are neither acknowledged nor given up.
    pub on_the_way: watch::Sender<usize>,
    /// So many deliveries were never acknowledged.
    pub given_up: watch::Sender<usize>,
    /// So many sockets were ever opened.
    pub connected: watch::Sender<usize>,
    /// Changes whenever the world may have.
    pub changed: watch::Sender<u64>,
}

impl Sim {
    /// One with this world.
    pub fn new(world: World) -> Arc<Self> {
        Arc::new(Self {
            world: Mutex::new(world),
            timing: Mutex::default(),
            client: client().build().expect("a client"),
            on_the_way: watch::Sender::new(0),
            given_up: watch::Sender::new(0),
            connected: watch::Sender::new(0),
            changed: watch::Sender::new(0),
        })
    }

    /// Does something in the world, and sends what apps must hear of it, in order.
    pub fn with<T>(self: &Arc<Self>, does: impl FnOnce(&mut World) -> T) -> T {
        let mut world = self.world.lock().expect("whole");
        let done = does(&mut world);
        while let Some(delivery) = world.out.pop_front() {
            deliver::begin(self, &mut world, delivery);
        }
        drop(world);
        self.changed.send_modify(|count| *count += 1);
        done
    }

    /// Looks whether something is so, without a change.
    pub fn look(&self, is_so: impl FnOnce(&mut World) -> bool) -> bool {
        is_so(&mut self.world.lock().expect("whole"))
    }

    /// How long it waits.
    pub fn timing(&self) -> Timing {
        self.timing.lock().expect("whole").clone()
    }

    /// Waits differently from now on.
    pub fn set_timing(&self, timing: Timing) {
        *self.timing.lock().expect("whole") = timing;
    }
}
